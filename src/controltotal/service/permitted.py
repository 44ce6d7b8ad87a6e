"""Whether whoever asks may do an act, asked of the desk's own rule before a form is shown.

A page that leaves a form out spares somebody a refusal; the desk refuses by itself all the same.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from django.http import HttpRequest

from controltotal.acts.actors import SIGNS, permits
from controltotal.core.calendar import day_words
from controltotal.ledger.entries import put
from controltotal.service.apps import house

ROLES: Final = {
    "medical_director": "Medical director",
    "chief_nurse": "Chief nurse",
    "equality_lead": "Equality, signed by a clinical director",
    "finance_lead": "Finance lead",
}
"""Roles in which a scheme is signed, as people call them."""


def may(request: HttpRequest, act: str, table: str, **cells: str) -> bool:
    """Whether whoever asks may do an act today on a row of a table with these cells."""
    today = house().desk.today()
    row = put(table, 2, cells.items())
    return not permits(request.actor, act, [row], today, house().workings, today)[1]


def signing_roles(request: HttpRequest, scheme: str) -> list[str]:
    """The roles in which whoever asks may sign a scheme today."""
    return [role for role in SIGNS if may(request, "sign", "gates", scheme=scheme, role=role)]


def deputy_until(request: HttpRequest, role: str) -> str:
    """The day until which whoever asks holds an office that ends, in words; empty for one without an end."""
    own = [one for one in request.offices if one.role in SIGNS.get(role, (role,))]
    ends = [one.until for one in own if one.until is not None]
    return day_words(max(ends)) if ends and len(ends) == len(own) else ""


def deputy_words(request: HttpRequest, roles: Iterable[str]) -> str:
    """The last day of whoever acts as a deputy in one of some roles, in words; empty for none."""
    return next(filter(None, (deputy_until(request, one) for one in roles)), "")
