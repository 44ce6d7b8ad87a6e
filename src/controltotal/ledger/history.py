"""The table `entries`: a ledger's whole history as rows, so that a folder or workbook can carry it.

Accounting idea: the daybook copied out fair. Each entry is one row; what belongs to its whole block
(who, when, why, the chain) stands in the first row of the block. The cells are a JSON list of column,
text, column, text, …; empty fields are left out like any empty cell. Read back, the copy has the same
root, and `verify` shows whether anybody touched it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence

from controltotal.ledger.chain import Body, Link
from controltotal.ledger.entries import Author, Cells, Draft, Narration
from controltotal.ledger.errors import LedgerError

TABLE = "entries"
OF_BLOCK = ("count", "recorded_at", "commit", "previous", "hash", "salt")
NARRATED = ("request", "act", "subject", "by", "role", "on", "why", "file")
COLUMNS = (
    *("seq", "kind", "table", "row", "cells", "origin", "withdraws", "number"),
    *NARRATED,
    *OF_BLOCK,
)


def history_rows(links: Iterable[Link]) -> list[tuple[int, Cells]]:
    """Blocks as rows of the table `entries`: (row number, cells).

    >>> from controltotal.ledger.chain import Sealer
    >>> from controltotal.ledger.entries import Posting, put
    >>> said = Posting(Narration("r1"), (put("lines", 2, [("line", "pay")]),))
    >>> number, cells = history_rows(Sealer().seal([said]))[0]
    >>> number, dict(cells)["cells"], "why" in dict(cells)
    (2, '["line","pay"]', False)
    """
    rows: list[tuple[int, Cells]] = []
    for link in links:
        for seq, values in enumerate(_values(link), start=link.first):
            found = {"seq": str(seq), "kind": link.kind, "table": link.table, **values}
            rows.append((len(rows) + 2, tuple((c, found[c]) for c in COLUMNS if found.get(c))))
    return rows


def _values(link: Link) -> Iterator[dict[str, str]]:
    of_block = {name: str(getattr(link, name)) for name in OF_BLOCK}
    if link.body is None:  # the head alone is left
        yield of_block
        return
    narrated = dict(zip(NARRATED, link.body.narration.texts, strict=True))
    for place, draft in enumerate(link.body.drafts):
        flat = [text for cell in draft.cells for text in cell]
        values = {
            "row": str(draft.row),
            "cells": json.dumps(flat, ensure_ascii=False, separators=(",", ":")),
            "origin": draft.origin,
            "withdraws": str(draft.withdraws or ""),
            "number": str(draft.number or ""),
        }
        yield values if place else {**values, **narrated, **of_block}


def links_from_rows(rows: Iterable[tuple[int, Cells]]) -> Sequence[Link]:
    """The blocks that a table `entries` holds; whether they are as written is for `verify`."""
    links: list[Link] = []
    waiting: list[dict[str, str]] = []
    begun = 0
    for number, cells in rows:
        said = dict(cells)
        begun = begun if waiting else number
        try:
            waiting.append(said)
            head = waiting[0]
            _check_place(said, head, len(waiting) - 1)
            if "row" not in head or len(waiting) == int(head["count"]):
                links.append(_link(waiting))
                waiting = []
        except (KeyError, TypeError, ValueError) as error:
            raise _damaged(number) from error
    if waiting:
        raise _damaged(begun)
    return links


def _check_place(said: Mapping[str, str], head: Mapping[str, str], place: int) -> None:
    """ValueError where a row is none of its block, or says what only the first row may say."""
    same = all(said[name] == head[name] for name in ("kind", "table"))
    if not same or int(said["seq"]) != int(head["seq"]) + place:
        raise ValueError(place)
    if place and not said.keys().isdisjoint((*NARRATED, *OF_BLOCK)):
        raise ValueError(place)
    if "row" not in head and not said.keys() <= {"seq", "kind", "table", *OF_BLOCK}:
        raise ValueError(place)


def _damaged(number: int) -> LedgerError:
    return LedgerError(
        "a row of the history cannot be read",
        f"{TABLE} row {number}",
        "put the file back as it was written",
    )


def _link(rows: Sequence[dict[str, str]]) -> Link:
    head = rows[0]
    body = None
    if "row" in head:
        request, act, subject, name, role, on, why, file = (head.get(c, "") for c in NARRATED)
        narration = Narration(request, act, Author(subject, name, role), on, why, file)
        body = Body(narration, tuple(_draft(row) for row in rows))
    return Link(
        int(head["seq"]),
        int(head["count"]),
        head["kind"],
        head["table"],
        head.get("recorded_at", ""),
        head["commit"],
        head["previous"],
        head["hash"],
        head.get("salt", ""),
        body,
    )


def _draft(said: dict[str, str]) -> Draft:
    parts = iter(json.loads(said["cells"]))
    return Draft(
        said["kind"],
        said["table"],
        int(said["row"]),
        tuple(zip(parts, parts, strict=True)),
        said.get("origin", ""),
        int(said.get("withdraws", "0")),
        int(said.get("number", "0")),
    )
