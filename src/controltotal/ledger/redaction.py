"""Redaction: words that must not be kept are erased, and the chain shows that they were.

Salt and body of a block are erased, never its head, so every hash still holds. The rows of the block
that stay are written anew under their old numbers; the others read as `redacted`. Money is corrected,
never redacted: whether a row may be erased, and who may say so, is for the desk to judge.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from controltotal.ledger.chain import (
    REDACTED_BLOCK,
    WAS_CARRIED,
    Body,
    Link,
    Sealer,
    blocks,
)
from controltotal.ledger.entries import (
    PUT,
    REDACT,
    Cells,
    Draft,
    Narration,
    Posting,
    check_posting,
)
from controltotal.ledger.errors import LedgerError


@dataclass(frozen=True, slots=True)
class Erasure:
    """Rows to be erased, by number, with the cells of each that may stay; and who says so and why.

    >>> Erasure(Narration("r9", "redact"), {6: (("organisation", "QE1"),)}).rows[6]
    (('organisation', 'QE1'),)
    """

    narration: Narration
    rows: Mapping[int, Cells]


def redacted(
    links: Sequence[Link], erasure: Erasure, sealer: Sealer
) -> tuple[list[Link], list[int]]:
    """The blocks that record a redaction, and the first numbers of those whose bodies it erases.

    LedgerError where a number is that of no row that can be erased: a withdrawal holds no words of a
    row, and without it the row that it withdrew would stand again.
    """
    held = {
        number: (link, draft)
        for link in links
        for number, draft in zip(link.numbers, link.drafts, strict=True)
    }
    holders: dict[int, Link] = {}
    for number in erasure.rows:
        link, draft = held.get(number, (None, None))
        if link is None or draft is None or link.kind != PUT:
            raise LedgerError(
                f"entry {number} is no row that can be erased",
                "the ledger",
                "give the number of a row that stands there with its words",
            )
        holders[link.first] = link
        _check_kept(draft, number, erasure.rows[number])
    said = _said(holders, erasure)
    check_posting(said)
    bodies = [*blocks(said), *_carried(holders, erasure)]
    made: list[Link] = []
    after, previous, at = links[-1].last, links[-1].hash, sealer.clock()
    for body in bodies:
        made.append(sealer.link(body, after + 1, at, previous))
        after, previous = made[-1].last, made[-1].hash
    return made, sorted(holders)


def _check_kept(draft: Draft, number: int, kept: Cells) -> None:
    """Cells that stay are cells of the row, and none passes for what the ledger itself notes."""
    columns = {column for column, _ in kept}
    if not set(kept) <= set(draft.cells) or columns & {REDACTED_BLOCK, WAS_CARRIED}:
        raise LedgerError(
            f"a cell that is to stay is none of entry {number}",
            f"{draft.table} row {draft.row}",
            "give cells of that row as they were written",
        )


def _said(holders: Mapping[int, Link], erasure: Erasure) -> Posting:
    """The act that names each erased row, with the cells that stay."""
    drafts = []
    for first, link in holders.items():
        for number, draft in zip(link.numbers, link.drafts, strict=True):
            if number in erasure.rows:
                cells: Cells = ((REDACTED_BLOCK, str(first)),)
                cells += ((WAS_CARRIED, "yes"),) if draft.number else ()
                cells += erasure.rows[number]
                drafts.append(Draft(REDACT, draft.table, draft.row, cells, "", number))
    return Posting(erasure.narration, tuple(sorted(drafts, key=lambda draft: draft.table)))


def erasure_of(links: Iterable[Link]) -> Erasure | None:
    """What some blocks of one redaction erased; None where they are of no redaction."""
    narration: Narration | None = None
    rows: dict[int, Cells] = {}
    for link in links:
        if link.body is None or link.kind != REDACT:
            continue
        narration = link.body.narration
        for draft in link.drafts:
            kept = 2 if WAS_CARRIED in dict(draft.cells[:2]) else 1
            rows[draft.withdraws] = draft.cells[kept:]
    return Erasure(narration, rows) if narration is not None else None


def _carried(holders: Mapping[int, Link], erasure: Erasure) -> list[Body]:
    """The rows that stay, with the narration that they had, under their old numbers."""
    found = []
    for body, numbers in ((link.body, link.numbers) for link in holders.values()):
        rows = tuple(
            replace(draft, number=number)
            for number, draft in zip(numbers, body.drafts if body else (), strict=True)
            if number not in erasure.rows
        )
        if rows and body is not None:
            found.append(Body(body.narration, rows))
    return found
