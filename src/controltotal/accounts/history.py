"""What a body inherits: the money, balances and people of those it follows, by shares.

A merger adds histories up and a division splits them; the figures of the old bodies stay as they
were, and what stands here is beside them: their years as the years of whoever follows them now. Every
penny of the old is with one of the new. If one of those followed says nothing, the sum cannot be
told. Source: domain guide 15b; successions as the book states them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from functools import partial

from controltotal.book.fold import Position
from controltotal.core.calendar import next_year, year_label, year_start
from controltotal.core.money import format_pounds
from controltotal.core.names import listed
from controltotal.core.result import Answer, Result
from controltotal.workings.totals import Totals, figure_id
from controltotal.workings.value import Value, unknown
from controltotal.workings.workings import Workings

BASES = ("plan", "forecast", "actual")
BALANCES = ("cumulative_position", "general_fund_closing", "loans_closing", "closing_balance")
"""Facts that stand at the end of a year and pass on the day after."""
PEOPLE = ("population", "weighted_population")
UNIT = 10**12
"""A whole cut by shares to find who follows whom, finer than any share that is written."""


@dataclass(frozen=True, slots=True)
class Heir:
    """A body, those it follows with the share of each, and the day of the book's last succession."""

    code: str
    olds: dict[str, Fraction]
    last: date


@dataclass(frozen=True, slots=True)
class Inherited:
    """What is added up over those that a body follows: a measure of a year and basis.

    `part` names which balance it is; `since` the day from which successions pass it on.
    """

    measure: str
    year: str
    basis: str
    since: date
    part: str = ""

    def id_for(self, code: str) -> str:
        """The id of its figure."""
        return figure_id(self.measure, code, self.year, self.basis, self.part)


def answer_history(
    workings: Workings, year: str | None = None, organisation: str | None = None
) -> Result:
    """The years of those that each body follows, as its own; and the balances it starts with."""
    given = {"year": year, "organisation": organisation}
    position, totals = workings.position, workings.totals
    answer = Answer("history", position.ref, {k: v for k, v in given.items() if v})
    last = max((row.on for row in position.tree.successions), default=None)
    if last is None:
        answer.words("The book holds no succession: nobody follows anybody.", topic="history")
        return answer.result()
    for one in [year] if year else position.years:
        follows = followed(position, one, last)
        for code in sorted(follows):
            if organisation is None or code == organisation:
                _body(answer, totals, Heir(code, follows[code], last), one)
    _words(answer, position, last, organisation)
    return answer.result()


def followed(position: Position, year: str, last: date) -> dict[str, dict[str, Fraction]]:
    """By successor: the bodies of a year whose money it has now, with the share of each.

    Bodies that nobody followed are left out; so is a body that follows only itself.
    """
    tree = position.tree
    found: dict[str, dict[str, Fraction]] = {}
    for code in tree.organisations:
        if not tree.exists(code, year):
            continue
        for heir, part in tree.carry(code, UNIT, last, year_start(year)).items():
            if part:
                found.setdefault(heir, {})[code] = Fraction(part, UNIT)
    return {heir: olds for heir, olds in found.items() if set(olds) != {heir}}


def _body(answer: Answer, totals: Totals, heir: Heir, year: str) -> None:
    """One successor and one year: surplus, allocation, balances, people."""
    first = year_start(year)
    for basis in BASES:
        surplus = Inherited("inherited_surplus", year, basis, first)
        _sum(answer, totals, heir, surplus, partial(_surplus, totals, year, basis))
    allocation = Inherited("inherited_allocation", year, "plan", first)
    _sum(answer, totals, heir, allocation, partial(_own_allocation, totals, year))
    start = next_year(year)
    day_before = year_start(start) - timedelta(days=1)
    for fact in BALANCES:
        balance = Inherited("inherited_balance", start, "actual", day_before, fact)
        _sum(answer, totals, heir, balance, partial(_fact, totals, year, fact))
    for fact in PEOPLE:
        _people(answer, totals, heir, year, fact)


def _surplus(totals: Totals, year: str, basis: str, code: str) -> Value:
    return totals.surplus(code, year, basis, "")


def _own_allocation(totals: Totals, year: str, code: str) -> Value:
    return totals.line_total(code, year, "plan", "", "allocation")


def _fact(totals: Totals, year: str, fact: str, code: str) -> Value:
    """A balance as its rows state it, added up over groups."""
    rows = [
        row
        for row in totals.position.facts(code, year, fact)
        if not row.scenario and not row.month and isinstance(row.value, int)
    ]
    if not rows:
        return unknown("not_stated", "nothing is reported", bare=True)
    entries = tuple(row.entry for row in rows)
    return Value(sum(int(row.value) for row in rows), f"{fact} as stated", (), entries)


def _sum(
    answer: Answer, totals: Totals, heir: Heir, wanted: Inherited, look: Callable[[str], Value]
) -> None:
    """Parts of the old bodies added up, each divided to the penny among all that follow it."""
    values = {old: look(old) for old in heir.olds}
    told = {old: value for old, value in values.items() if value.pence is not None}
    if not told or set(told) == {heir.code}:
        return
    name = wanted.id_for(heir.code)
    missing = sorted(set(heir.olds) - set(told))
    moved = [r.entry for r in totals.tree.successions if r.predecessor in heir.olds]
    entries = [entry for value in told.values() for entry in value.entries] + moved
    if missing:
        names = ", ".join(totals.tree.name(old) for old in missing)
        answer.figure(
            name,
            None,
            rule=f"cannot be told: nothing is known of {names}",
            entries=entries,
            unknown="incomplete",
        )
        return
    parts = {
        old: totals.tree.carry(old, value.pence or 0, heir.last, wanted.since).get(heir.code, 0)
        for old, value in told.items()
    }
    answer.figure(
        name,
        sum(parts.values()),
        rule="sum over those it follows, by their shares",
        inputs=_inputs(wanted, told),
        entries=entries,
    )
    answer.table(
        "inherited",
        [
            {
                "organisation": heir.code,
                "figure": name,
                "from": old,
                "share": float(heir.olds[old]),
                "pence": part_pence,
            }
            for old, part_pence in sorted(parts.items())
        ],
    )


def _inputs(wanted: Inherited, told: Iterable[str]) -> tuple[str, ...]:
    """The figures of the old bodies, where they are figures of `position`."""
    if wanted.measure != "inherited_surplus":
        return ()
    return tuple(figure_id("surplus", old, wanted.year, wanted.basis) for old in told)


def _people(answer: Answer, totals: Totals, heir: Heir, year: str, fact: str) -> None:
    """People of the old bodies by the same shares: a share of a body is not a count of its people."""
    found: dict[str, tuple[Fraction, int]] = {}
    for old in heir.olds:
        rows = [
            row
            for row in totals.position.facts(old, year, fact)
            if not (row.scenario or row.month or row.group)
        ]
        if len(rows) == 1:
            found[old] = (Fraction(str(rows[0].value)), rows[0].entry)
    if set(found) != set(heir.olds) or set(found) == {heir.code}:
        return
    total = sum((found[old][0] * share for old, share in heir.olds.items()), Fraction(0))
    answer.figure(
        figure_id(f"inherited_{fact}", heir.code, year, "plan"),
        round(float(total), 1),
        "count",
        rule="sum over those it follows, by their shares",
        entries=[entry for _, entry in found.values()],
    )


def succession_words(position: Position, code: str) -> Iterator[str]:
    """Both sides of a succession of one body: whom it follows, and who followed it, with the days."""
    tree = position.tree
    before: dict[date, list[str]] = {}
    after: dict[date, list[str]] = {}
    for row in tree.successions:
        share = "" if row.share is None or row.share == 1 else f" ({row.share:.1%} of it)"
        if row.successor == code:
            before.setdefault(row.on, []).append(tree.name(row.predecessor) + share)
        elif row.predecessor == code:
            after.setdefault(row.on, []).append(tree.name(row.successor) + share)
    for on, names in sorted(before.items()):
        yield (
            f"{tree.name(code)} follows {listed(sorted(names))} from {on.day} {on:%B %Y}; "
            "`history` shows what it inherits."
        )
    for on, names in sorted(after.items()):
        yield f"{tree.name(code)} was followed by {listed(sorted(names))} on {on.day} {on:%B %Y}."


def _words(answer: Answer, position: Position, last: date, organisation: str | None) -> None:
    """Who follows whom, in words, for each body that stands at the end."""
    tree = position.tree
    heirs: dict[str, list[str]] = {}
    for row in tree.successions:
        share = "" if row.share is None or row.share == 1 else f" ({row.share:.1%} of it)"
        heirs.setdefault(row.successor, []).append(tree.name(row.predecessor) + share)
    passed_on = {row.predecessor for row in tree.successions}
    for code in sorted(heirs, key=lambda heir: (heir in passed_on, heir)):
        if organisation is not None and code != organisation:
            continue
        text = f"{tree.name(code)} follows {listed(sorted(heirs[code]))}."
        answer.words(text, topic="history", about=code)
        answer.table(
            "followed",
            [
                {
                    "organisation": code,
                    "name": tree.name(code),
                    "follows": listed(sorted(heirs[code])),
                }
            ],
        )
    latest: dict[str, tuple[str, int]] = {}
    for figure in answer.result().figures:
        if figure.measure == "inherited_allocation" and isinstance(figure.value, int):
            latest[figure.organisation] = (figure.year, figure.value)
    for code, (year, pence) in sorted(latest.items()):
        answer.words(
            f"Those that {tree.name(code)} follows had allocations of {format_pounds(pence)} in "
            f"{year_label(year)}, as far as they passed to it.",
            topic="history",
            about=code,
            year=year,
        )
