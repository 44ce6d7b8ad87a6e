"""A demonstration: one account for each office, those of bodies at two bodies, on a fictional book alone.

Passwords are drawn anew at each start and stand in the file that `--ready` names, readable by its
owner alone; the accounts have no second factor. All persons are invented.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final

from django.contrib.auth.hashers import PBKDF2PasswordHasher

from controltotal.acts import Desk, act
from controltotal.acts.actors import local_actor
from controltotal.book.fold import Position
from controltotal.core.errors import BookError
from controltotal.core.period import year_in
from controltotal.core.schema import tables
from controltotal.service.deployment import Deployment
from controltotal.workings.leading import scope_of
from controltotal.workings.workings import Workings

SINCE: Final = "2026-04-01"


class QuickHasher(PBKDF2PasswordHasher):
    """For passwords that are drawn at random and are gone with the demonstration: few rounds."""

    iterations = 1_000


@dataclass(frozen=True, slots=True)
class Account:
    """An account of a demonstration: how it signs in, who it is, its office and where."""

    username: str
    name: str
    role: str
    organisation: str


PEOPLE: Final = (
    ("finance", "trust_finance", ("Robin Ashdown", "Kerry Birchall")),
    ("director", "trust_finance", ("Morgan Cedarwood", "Leslie Damson")),
    ("programme", "programme_office", ("Jordan Elder", "Alex Fernley")),
    ("medical", "medical_director", ("Sam Gorse", "Drew Hazelton")),
    ("nurse", "chief_nurse", ("Frankie Ivy", "Jamie Juniper")),
)
"""Offices of bodies: the word for the account, the office, and a person at each of two bodies."""
ABOVE: Final = (
    ("system", "system_finance", "Chris Larch"),
    ("board", "system_finance", "Pat Maple"),
    ("region", "region", "Ali Nutwood"),
    ("auditor", "auditor", "Vic Oakes"),
    ("councillor", "councillor", "Terry Poplar"),
    ("publisher", "publisher", "Nicky Quince"),
    ("administrator", "administrator", "Billie Rowan"),
)
"""Offices above the bodies."""


def last_day(position: Position) -> date:
    """The last day of which a book speaks of itself: a demonstration is kept on it or later."""
    rows = (row for table in tables() for row in position.rows(table))
    days = [row.known for row in rows if row.known is not None]
    return max([*days, position.reading_date or date.min])


def refuse_unfit(deployment: Deployment, position: Position) -> None:
    """Refuse a demonstration that others could reach, or that is of real bodies."""
    if not deployment.loopback:
        raise BookError(
            f"a demonstration has passwords of its own and is not for others, and {deployment.host} "
            "can be reached by them",
            "--demo",
            "leave --host out, or start without --demo",
        )
    if not position.is_fictional:
        raise BookError(
            "a demonstration is of a fictional book alone, and this one does not say that it is",
            position.ref.name,
            "start without --demo, or serve examples/fictional-system",
        )


def accounts_of(position: Position) -> list[Account]:
    """The accounts of a demonstration of a book."""
    tree = position.tree
    kinds = {code: body.spells[-1].row.kind for code, body in tree.organisations.items()}
    scope = scope_of(Workings(position), year_in(position.default_year))
    system = scope.lead
    inside = set(scope.inside(system))
    sends = [row.organisation for row in position.book.schemes]
    bodies = sorted(
        (code for code, kind in kinds.items() if kind == "provider" and code in inside),
        key=lambda code: (-sends.count(code), code),
    )[:2]
    region = next((code for code, kind in kinds.items() if kind == "region"), system)
    found = []
    for word, role, persons in PEOPLE:
        for body, name in zip(bodies, persons, strict=False):
            found.append(Account(f"{word}-{body.lower()}", name, role, body))
    for word, role, name in ABOVE:
        at = system if role in ("system_finance", "administrator") else region
        found.append(Account(word, name, role, at))
    return found


def subject_of(account: Account) -> str:
    """The subject of an account: the same at every start.

    >>> subject_of(Account("system", "A", "system_finance", "S1")) == subject_of(
    ...     Account("system", "B", "system_finance", "S1"))
    True
    """
    return hashlib.sha256(f"demonstration/{account.username}".encode()).hexdigest()[:32]


def grant_all(desk: Desk, accounts: Sequence[Account]) -> None:
    """Give each account its office in the ledger, where it does not hold it yet."""
    held = {(row.subject, row.role, row.organisation) for row in desk.position.book.grants}
    for one in accounts:
        if (subject_of(one), one.role, one.organisation) in held:
            continue
        fields = {
            "subject": subject_of(one),
            "name": one.name,
            "role": one.role,
            "organisation": one.organisation,
            "from": SINCE,
        }
        act("grant", desk, fields, why="a demonstration", as_=local_actor("Demonstration"))


def write_ready(file: Path, address: str, accounts: Sequence[dict[str, Any]]) -> None:
    """Say where it answers and with which accounts, in a file that its owner alone may read."""
    text = json.dumps({"address": address, "accounts": list(accounts)}, indent=1)
    beside = file.with_name(f".{file.name}.part")
    beside.unlink(missing_ok=True)
    handle = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as out:
        out.write(text)
    os.replace(beside, file)
