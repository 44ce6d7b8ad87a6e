"""For whom somebody may act: what a page offers, and the receipt that it gives.

A page offers only what the desk would not refuse for the office; the desk judges every act all the same.
"""

from __future__ import annotations

from collections.abc import Mapping

from django.http import HttpRequest

from controltotal.acts import Done
from controltotal.acts.actors import ANYWHERE, offices, reach
from controltotal.book.record import Record
from controltotal.book.row_keys import row_key
from controltotal.service.apps import house
from controltotal.service.receipts import receipt_words
from controltotal.service.web import names


def may(request: HttpRequest, act: str, organisation: str = "") -> bool:
    """Whether whoever asks holds an office that may do an act, of an organisation where one is named."""
    allowed, position = offices().get(act, ()), house().position
    return any(
        one.role in allowed
        and (not organisation or one.role in ANYWHERE or organisation in reach(one, act, position))
        for one in request.offices
    )


def speaks_for(request: HttpRequest, act: str) -> tuple[str, ...]:
    """The bodies for which whoever asks may do an act, by the offices that bodies bind."""
    allowed, position = offices().get(act, ()), house().position
    found: dict[str, None] = {}
    for one in request.offices:
        if one.role in allowed and one.role not in ANYWHERE:
            found |= dict.fromkeys(sorted(reach(one, act, position)))
    return tuple(found)


def receipt(what: str, done: Done) -> str:
    """What is said when an act is done: that it is, its receipt, and what follows, bodies by name."""
    return f"{what}. {receipt_words(done, names())}"


def seen(row: Record) -> str:
    """The hidden field by which a form says which row it saw."""
    return f"{row_key(row.table, row.texts)}={row.entry}"


def at_fields(
    errors: Mapping[str, str] | tuple[tuple[str, str], ...], form: str
) -> list[tuple[str, str]]:
    """Refusals of one form of several on a page, each leading to the field of that form."""
    pairs = errors.items() if isinstance(errors, Mapping) else errors
    return [(f"#{form}-{to.removeprefix('#')}" if to != "#" else f"#{form}", t) for to, t in pairs]
