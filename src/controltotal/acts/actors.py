"""Who may do what: actors, the grants that a ledger holds, and the offices that may do each act.

A grant is a row of the book: a subject, an office, an organisation, from a day to a day, and who gave
it. Nobody may do anything without one. On a desk of one's own the local user may do all, and is
recorded as such.
"""

from __future__ import annotations

import getpass
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Final

from controltotal.book.fold import Position
from controltotal.core.datafiles import packaged_rows
from controltotal.core.keys import word
from controltotal.ledger.entries import Author, Draft
from controltotal.workings.leading import leading
from controltotal.workings.workings import Workings

ANYWHERE: Final = ("region", "auditor", "publisher", "administrator", "councillor")
"""Offices that are held for the whole book, whatever organisation their grant names."""
BOARD: Final = "system_finance"
"""The office that speaks for a system and its board."""
FINANCE: Final = ("trust_finance", BOARD)
"""Offices that speak for their own body alone, a system's for its board too."""
OF_THE_SYSTEM: Final = frozenset({"reopen_month", "limit", "waive"})
"""Acts by which the office of a system's finance reaches the bodies below it."""
SIGNS: Final[Mapping[str, tuple[str, ...]]] = {
    "medical_director": ("medical_director",),
    "chief_nurse": ("chief_nurse",),
    "equality_lead": ("medical_director", "chief_nurse"),
    "finance_lead": ("trust_finance", "system_finance"),
}
"""Whose office gives a signature, by the role in which it is given."""
OF_SCHEMES: Final[Mapping[str, str]] = {
    "schemes": "id",
    "gates": "scheme",
    "assessments": "scheme",
    "effects": "scheme",
    "milestones": "scheme",
    "engagements": "scheme",
    "conditions": "scheme",
    "amounts": "scheme",
    "facts": "scheme",
}
"""The tables that speak of a scheme, and the column that names it."""


@dataclass(frozen=True, slots=True)
class Grant:
    """One office of one subject at one organisation, from a day to a day (None: without end)."""

    role: str
    organisation: str
    since: date
    until: date | None = None
    given_by: str = ""

    def holds(self, day: date) -> bool:
        """Whether it holds on a day."""
        return self.since <= day and (self.until is None or day <= self.until)


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts: a subject that stays, a display name, and the offices held.

    >>> Actor("s1", "A. Person", (Grant("region", "Y1", date(2026, 4, 1)),)).local
    False
    """

    subject: str
    name: str
    grants: tuple[Grant, ...] = ()
    local: bool = False

    def author(self, role: str = "") -> Author:
        """The actor as an entry names it."""
        return Author(self.subject, self.name, role)


def local_actor(name: str = "") -> Actor:
    """The person at this machine, who may do all."""
    try:
        user = getpass.getuser()
    except (KeyError, OSError):  # a user without a name
        user = "unknown"
    return Actor(f"local:{user}", name or user, local=True)


def actor_of(position: Position, subject: str) -> Actor:
    """A subject with the grants that a book gives it.

    In a book without any grant the local user may do all, in the name that is given.
    """
    rows = position.book.grants
    if not rows:
        return local_actor(subject)
    own = [row for row in rows if row.subject == subject]
    grants = tuple(
        Grant(word(row.role), row.organisation, row.from_ or date.min, row.to, row.by)
        for row in own
    )
    return Actor(subject, own[-1].name if own else subject, grants)


def acting(position: Position, subject: str | None) -> Actor:
    """Who acts on a book: the person at this machine, or a subject with the grants that it holds."""
    return local_actor() if subject is None else actor_of(position, subject)


@cache
def offices() -> Mapping[str, tuple[str, ...]]:
    """The offices that may do each act, from the packaged matrix."""
    found: dict[str, tuple[str, ...]] = {}
    for row in packaged_rows("permits.csv"):
        found[row["act"]] = (*found.get(row["act"], ()), row["role"])
    return found


def permits(
    actor: Actor,
    act: str,
    rows: Iterable[Draft],
    day: date,
    workings: Workings,
    today: date | None = None,
) -> tuple[str, str]:
    """The office in which an actor may do an act on some rows, and else why not.

    The office must be held on the day that the act claims and on the day it is done (`today`), so
    that nobody dates an act back into an office that has ended. `workings` are those of the book, kept
    by whoever asks often: whose words about no body are is worked out once. The first text is the
    office (empty for the local user); the second is empty where it may.
    """
    if actor.local:
        return "", ""
    touched = list(rows)
    held = [one for one in actor.grants if one.holds(day) and one.holds(today or day)]
    fitting, why_not = _fitting(held, act, touched)
    if not held:
        expired = "its grants have ended, or begin later" if actor.grants else "it has no grant"
        why_not = f"{actor.name or actor.subject} may do nothing on {day}: {expired}"
    if why_not:
        return "", why_not
    for grant in fitting:
        inside = reach(grant, act, workings.position)
        if grant.role in ANYWHERE or all(_within(one, inside, workings) for one in touched):
            return grant.role, ""
    theirs = ", ".join(sorted({code for one in touched for code in bodies_of(one, workings)}))
    return "", f"the row is of {theirs}, and the office is held at {fitting[0].organisation}"


def _fitting(held: Sequence[Grant], act: str, rows: Sequence[Draft]) -> tuple[list[Grant], str]:
    """The offices held in which an act may be done on some rows, wherever; and else why not."""
    allowed = offices().get(act, ())
    named = [one for one in held if one.role in allowed]
    if not named:
        office = held[0].role if held else "none"
        return [], f"{act} is for {', '.join(allowed) or 'nobody'}, and the office held is {office}"
    found = [one for one in named if not _not_of(one.role, act, rows)]
    return found, "" if found else _not_of(named[0].role, act, rows)


def _not_of(role: str, act: str, rows: Iterable[Draft]) -> str:
    """Why rows are not of an office, though the act is: another's signature, no row of a scheme."""
    for row in rows:
        cells = dict(row.cells)
        signed = word(cells.get("role", ""))
        if act == "sign" and row.table == "conditions":
            if role not in offices()["condition"]:
                return "a condition of quality is set by a medical director or a chief nurse"
        elif act == "sign" and role not in SIGNS.get(signed, ()):
            return f"the signature of the {signed.replace('_', ' ')} is given in that office alone"
        if act == "withdraw" and not cells.get(OF_SCHEMES.get(row.table, "")):
            return f"{row.table} row {row.row} is no row of a scheme"
    return ""


def _within(row: Draft, reach: set[str], workings: Workings) -> bool:
    """Whether a row is of bodies for which an office acts: either side speaks for a transfer."""
    bodies = bodies_of(row, workings)
    return bool(bodies & reach) if row.table == "transfers" else bodies <= reach


def reach(grant: Grant, act: str, position: Position) -> set[str]:
    """The bodies for which an office acts: its own, and those below it.

    Finance speaks for its own body alone; that of a system for the system and its board, and by a
    few acts for the bodies of the system.
    """
    whole = grant.role not in FINANCE or (grant.role == BOARD and act in OF_THE_SYSTEM)
    found = {grant.organisation}
    below = [grant.organisation]
    while below:
        top = below.pop()
        for code, body in position.tree.organisations.items():
            under = any(spell.row.parent == top for spell in body.spells)
            boards = any(spell.row.kind == "commissioner" for spell in body.spells)
            speaks = whole or (grant.role == BOARD and boards)
            if code not in found and under and speaks:
                found.add(code)
                below.append(code)
    return found


def bodies_of(draft: Draft, workings: Workings) -> set[str]:
    """The organisations whose row it is: its own, that of its scheme, either side of a transfer."""
    cells, position = dict(draft.cells), workings.position
    found = {cells["organisation"]} if cells.get("organisation") else set()
    if cells.get("scheme"):
        found |= {r.organisation for r in position.book.schemes if r.id == cells["scheme"]}
    if draft.table == "commentary":
        about = set(cells.get("about", "").split("/"))
        found |= about & set(position.tree.organisations)
        found |= {r.organisation for r in position.book.schemes if r.id in about}
        if not found:  # a part of a paper without a body is of the paper of who leads the book
            found = {leading(workings, position.default_year)} - {""}
    if cells.get("transfer"):
        sides = [r for r in position.book.transfers if r.id == cells["transfer"]]
        found |= {row.from_ for row in sides} if not found else set()
    if draft.table == "transfers" and not found:
        found = {cells[side] for side in ("from", "to") if cells.get(side)}
    return found
