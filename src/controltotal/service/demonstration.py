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

from controltotal.acts import Desk
from controltotal.acts.actors import local_actor
from controltotal.acts.bench import Bench
from controltotal.acts.desk import How, done
from controltotal.acts.people import grant
from controltotal.book.fold import Position
from controltotal.core.errors import BookError
from controltotal.core.period import year_in
from controltotal.core.schema import tables
from controltotal.service.deployment import Deployment
from controltotal.workings.leading import scope_of
from controltotal.workings.workings import Workings

SINCE: Final = "2026-04-01"
AHEAD: Final = "successions"
"""The table whose rows speak of days to come."""


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
    """The last day on which something became known: a demonstration is kept on it or later.

    Bodies that will follow others on a day to come are no news of that day, but of the day on which
    it was decided, which nobody has said.
    """
    rows = (row for table in tables() if table != AHEAD for row in position.rows(table))
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


def sending_bodies(accounts: Sequence[Account]) -> list[str]:
    """The bodies at which accounts of bodies stand, each once."""
    return list(dict.fromkeys(one.organisation for one in accounts if one.role == "trust_finance"))


def subject_of(account: Account) -> str:
    """The subject of an account: the same at every start.

    >>> subject_of(Account("system", "A", "system_finance", "S1")) == subject_of(
    ...     Account("system", "B", "system_finance", "S1"))
    True
    """
    return hashlib.sha256(f"demonstration/{account.username}".encode()).hexdigest()[:32]


def grant_all(desk: Desk, accounts: Sequence[Account]) -> None:
    """Give each account its office in the ledger, where it does not hold it yet, in one act."""
    held = {(row.subject, row.role, row.organisation) for row in desk.position.book.grants}
    wanting = [one for one in accounts if (subject_of(one), one.role, one.organisation) not in held]
    if not wanting:
        return

    def judge(bench: Bench) -> None:
        for one in wanting:
            fields = {
                "subject": subject_of(one),
                "name": one.name,
                "role": one.role,
                "organisation": one.organisation,
                "from": SINCE,
            }
            grant(bench, fields)

    how: How = {"by": local_actor("Demonstration"), "on": desk.today(), "why": "a demonstration"}
    done(desk, "grant", judge, how)


def write_ready(file: Path, address: str, accounts: Sequence[dict[str, Any]]) -> None:
    """Say where it answers and with which accounts, in a file that its owner alone may read."""
    text = json.dumps({"address": address, "accounts": list(accounts)}, indent=1)
    beside = file.with_name(f".{file.name}.part")
    beside.unlink(missing_ok=True)
    handle = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as out:
        out.write(text)
    os.replace(beside, file)
