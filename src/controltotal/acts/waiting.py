"""What waits for whom: every matter that an act would settle, by the office that may do it.

It is a pure function of the working papers, of offices and of a day. Home, reminders and the pages of
months and schemes ask it; nobody else decides what is waiting. It names organisations and offices,
never a person.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from controltotal.acts.actors import ANYWHERE, BOARD, Grant, bodies_of, reach
from controltotal.acts.matter import Waiting
from controltotal.acts.waiting_money import money_matters
from controltotal.acts.waiting_rest import office_matters, question_matters
from controltotal.acts.waiting_schemes import scheme_matters
from controltotal.ledger.entries import PUT, Entry
from controltotal.workings.workings import Workings

MONEY: Final = ("trust_finance", BOARD, "region")
SCHEMES: Final = ("programme_office", "medical_director", "chief_nurse")
MATTERS: Final[Mapping[tuple[str, ...], Callable[[Workings, date], list[Waiting]]]] = {
    MONEY: money_matters,
    SCHEMES: scheme_matters,
    ("publisher",): question_matters,
    ("administrator",): office_matters,
}
"""Which offices each kind of matter may wait for: what is nobody's of those who ask is not looked for."""
NAMED: Final = ("scheme", "transfer", "id")
"""The columns by which people call a row, the first that it has."""
LOOKED_AT: Final = 5_000
"""Entries, the newest ones, among which changes are looked for."""


def waiting(
    workings: Workings, grants: Sequence[Grant], today: date, subject: str = ""
) -> list[Waiting]:
    """What waits for somebody with these offices today, what is overdue first, then the oldest first.

    What `subject` did itself and somebody else must approve is not among it.
    """
    held = [one for one in grants if one.holds(today)]
    found = [
        one
        for one in _matters(workings, held, today)
        if (not subject or subject not in one.not_for)
        and any(_settles(grant, one, workings) for grant in held)
    ]
    return sorted(found, key=lambda one: one.place(today))


def for_others(
    workings: Workings, grants: Sequence[Grant], today: date, subject: str = ""
) -> list[Waiting]:
    """What concerns the organisations of these offices and waits for somebody else."""
    held = [one for one in grants if one.holds(today)]
    own = own_bodies(workings, held)
    mine = set(waiting(workings, held, today, subject))
    found = [
        one
        for one in _matters(workings, held, today)
        if one not in mine and own.intersection((one.organisation, *one.concerns))
    ]
    return sorted(found, key=lambda one: one.place(today))


def own_bodies(workings: Workings, grants: Iterable[Grant]) -> set[str]:
    """The bodies for which somebody with these offices speaks: a region for all that are below it."""
    found: set[str] = set()
    for one in grants:
        found |= reach(one, "", workings.position)
    return found


def _matters(workings: Workings, held: Iterable[Grant], today: date) -> list[Waiting]:
    """Every matter that may wait for one of some offices; each kind is looked for once a day."""
    roles = {one.role for one in held}
    found: list[Waiting] = []
    for offices, look in MATTERS.items():
        if roles.intersection(offices):
            found += _kept(workings, look, today)
    return found


def _kept(
    workings: Workings, look: Callable[[Workings, date], list[Waiting]], today: date
) -> list[Waiting]:
    label = ("waiting", look.__name__, today.isoformat())
    return workings.once(label, lambda: look(workings, today))


def _settles(grant: Grant, matter: Waiting, workings: Workings) -> bool:
    """Whether an office may do what a matter waits for."""
    if grant.role not in matter.office:
        return False
    if grant.role in ANYWHERE:
        return True
    return matter.organisation in reach(grant, matter.act, workings.position)


@dataclass(frozen=True, slots=True)
class Change:
    """What an act of somebody else changed: its last entry, the act, its office, the day, of whom.

    `what` names the row where people have a name for it: its scheme, transfer or paragraph; `outcome` is
    the word of a signature, as it was given.
    """

    entry: int
    act: str
    office: str
    on: str
    table: str
    organisations: tuple[str, ...]
    what: str = ""
    outcome: str = ""


def changes(
    workings: Workings, grants: Sequence[Grant], subject: str, today: date, days: int = 14
) -> list[Change]:
    """What others changed in the last days about the organisations of these offices, newest first."""
    own = {one.organisation for one in grants if one.holds(today)}
    since = (today - timedelta(days=days)).isoformat()
    found: dict[str, Change] = {}
    for entry in reversed(workings.position.daybook[-LOOKED_AT:]):
        said = entry.narration
        theirs = entry.kind == PUT and said.act and said.author.subject != subject
        if not theirs or said.on < since or said.request in found:
            continue
        about = bodies_of(entry.draft, workings) & own
        if about:
            found[said.request] = _change(entry, about)
    return list(found.values())


def _change(entry: Entry, about: set[str]) -> Change:
    said, cells = entry.narration, dict(entry.cells)
    bodies, table = tuple(sorted(about)), entry.table
    what = next((cells[column] for column in NAMED if cells.get(column)), "")
    outcome = cells.get("outcome", "") if table in ("gates", "consents") else ""
    return Change(entry.seq, said.act, said.author.role, said.on, table, bodies, what, outcome)
