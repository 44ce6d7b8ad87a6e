"""A block as a row of a database: the same ten columns in every store.

The body is one text column, a JSON list: databases have types of their own for JSON, but those reorder
and reword, and a ledger gives back what was written. It is empty, like the salt, where a redaction
erased it.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from hashlib import sha256
from typing import Any

from controltotal.ledger.chain import Body, Link
from controltotal.ledger.entries import Author, Draft, Narration
from controltotal.ledger.errors import ChainBroken

COLUMNS = 'first, count, kind, "table", recorded_at, "commit", previous, hash, salt, body'

_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
_decode = json.JSONDecoder().decode


def row_of(link: Link) -> tuple[int | str, ...]:
    """The row that holds a block, in the order of COLUMNS."""
    return (
        link.first,
        link.count,
        link.kind,
        link.table,
        link.recorded_at,
        link.commit,
        link.previous,
        link.hash,
        link.salt,
        _encode(_said(link.body)) if link.body is not None else "",
    )


def _said(body: Body) -> list[Any]:
    rows = [
        [d.row, [text for cell in d.cells for text in cell], d.origin, d.withdraws, d.number]
        for d in body.drafts
    ]
    return [*body.narration.texts, rows]


def link_of(row: Sequence[Any], where: str) -> Link:
    """The block that a row holds. Whether it is as it was written is for `verify` to judge."""
    first, count, kind, table, recorded_at, commit, previous, hash, salt, body = row
    try:
        held = _body(_decode(body), kind, table) if body != "" else None
    except (TypeError, ValueError):
        raise ChainBroken(first, "its rows cannot be read", where) from None
    return Link(first, count, kind, table, recorded_at, commit, previous, hash, salt, held)


def _body(said: Any, kind: str, table: str) -> Body:
    request, act, subject, name, role, on, why, file, rows = said
    narration = Narration(request, act, Author(subject, name, role), on, why, file)
    drafts = []
    for number, flat, origin, withdraws, kept in rows:
        parts = iter(flat)
        cells = tuple(zip(parts, parts, strict=True))
        drafts.append(Draft(kind, table, number, cells, origin, withdraws, kept))
    return Body(narration, tuple(drafts))


def request_key(request: str) -> str:
    """The hash under which a request is known, so that it is known after its words are erased."""
    return sha256(request.encode()).hexdigest()
