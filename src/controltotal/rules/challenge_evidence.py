"""What bears on a challenge to a control total, looked up one by one, each with where it stands.

The book comes first; what it does not say of distance from target, allocation and deprivation was
taken into the reading as published, and the rule of the figure names table and row. What others
delivered is compared with England as published. Nothing is guessed: what is in neither is absent.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Final

from controltotal.book.fold import Position
from controltotal.book.records import Challenge, ControlTotal
from controltotal.book.taken import published_places
from controltotal.core import reference
from controltotal.core.calendar import next_year, year_label, year_start
from controltotal.core.published import TRUST_PLANS
from controltotal.core.published_inputs import delivered_nationally, same_area, trust_variances
from controltotal.workings.people import People, Told, people_of
from controltotal.workings.stated import not_enough, stated
from controltotal.workings.totals import ADJUSTED, Totals, figure_id

OF_FAIRNESS = ("fair share", "underfund", "overfund")
"""Words by which a challenge is known to speak of a body's share of the money."""


@dataclass(frozen=True, slots=True)
class Found:
    """A value with its unit, how it was come by, and what it rests on."""

    value: int | float
    unit: str
    rule: str
    inputs: tuple[str, ...] = ()
    entries: Sequence[int] = ()
    qualifier: str = ""
    low: int | None = None
    """Where only a bound is known: the value is more than this, and `value` is not told."""

    @property
    def known(self) -> bool:
        """Whether the value is told, and not only a bound of it."""
        return self.low is None


# -- money asked and delivered -------------------------------------------------------------------


def stated_or_published(totals: Totals, said: str, entries: Sequence[int]) -> str:
    """How a value was come by: as the book states it, else the published rows."""
    return published_places(totals.position, entries) or said


def allocation_of(totals: Totals, code: str, year: str) -> Found | None:
    """The allocation of a commissioner or system: the book's, else as published."""
    known = totals.allocation(code, year)
    if known.pence is None:
        return None
    rule = stated_or_published(totals, "allocation as stated", known.entries)
    return Found(known.pence, "pence", rule, (), known.entries)


def whole_of(totals: Totals, code: str, year: str) -> Found | None:
    """What a saving is a share of: the allocation, else turnover or income."""
    trust = totals.tree.kind(code) == "provider"
    money = None if trust else allocation_of(totals, code, year)
    if money is not None:
        return money
    row = fact(totals, code, year, "turnover")
    if row is not None:
        return row
    income = totals.income(code, year, "plan")
    if income.pence:
        return Found(income.pence, "pence", "income of the plan", (), income.entries)
    return None


def fact(totals: Totals, code: str, year: str, name: str) -> Found | None:
    """A whole-year fact of a body: its rows added up over groups, on the best basis."""
    one = stated(totals, code, year, name)
    if one is None:
        return None
    return Found(
        one.value, one.unit, f"{name.replace('_', ' ')} as stated", (), one.entries, one.qualifier
    )


def asked(
    totals: Totals, code: str, year: str, basis: str, gap: int | None, to_find: int | None
) -> Found | None:
    """The saving asked: planned savings plus the gap, else what is still to find.

    Savings planned are not the saving asked: without a gap nobody knows what is. Where a source says
    that they are not enough, and not by how much, only a bound is known.
    """
    planned = fact(totals, code, year, "savings_planned")
    if planned is not None and planned.unit == "pence" and gap is not None:
        more = max(gap, 0)
        rule = "savings planned plus the gap" if more else "savings planned, which meet it"
        gap_id = figure_id("gap", code, year, basis)
        return Found(int(planned.value) + more, "pence", rule, (gap_id,), planned.entries)
    if planned is not None and planned.unit == "pence" and not_enough(totals, code, year):
        rule = "more than the savings planned, which are said not to be enough"
        return Found(0, "pence", rule, (), planned.entries, low=int(planned.value))
    if to_find is not None and to_find > 0:
        found = (figure_id("to_find", code, year, basis),)
        return Found(to_find, "pence", "what is still to find", found)
    return None


def near_distances(totals: Totals, code: str) -> list[tuple[str, str, Found, str]]:
    """Distances from target that the book sets beside a body: those of areas that are not its own.

    The area is named by the column `group`: area, year, share, and the note of the row.
    """
    return [
        (
            row.group,
            row.year,
            Found(
                float(row.value), "share", f"distance of {row.group} as stated", (), (row.entry,)
            ),
            row.other.get("note", ""),
        )
        for row in totals.position.book.facts
        if (row.organisation, row.fact) == (code, "distance_from_target") and row.group
    ]


def claims(position: Position, code: str, year: str) -> list[Challenge]:
    """Challenges of a body and year that speak of its fair share, with what is said against them."""
    return [
        row
        for row in position.book.challenges
        if (row.organisation, row.year) == (code, year)
        and any(word in f"{row.grounds} {row.answer or ''}".lower() for word in OF_FAIRNESS)
    ]


def delivered(totals: Totals, code: str, before: str) -> dict[str, Found]:
    """Savings delivered in each earlier year."""
    found = {}
    for year in totals.position.years:
        one = fact(totals, code, year, "savings_delivered") if year < before else None
        if one is not None and one.unit == "pence":
            found[year] = one
    return found


def others_delivered(totals: Totals, code: str, before: str) -> list[tuple[str, str, Fraction]]:
    """What bodies of the same kind in the book delivered as a share, by body and year."""
    kind = totals.tree.kind(code)
    found = []
    for other, body in totals.tree.organisations.items():
        if other == code or body.kind != kind:
            continue
        for year, one in delivered(totals, other, before).items():
            whole = whole_of(totals, other, year)
            if whole is not None and whole.value:
                found.append((other, year, Fraction(int(one.value), int(whole.value))))
    return found


def nationally_delivered(totals: Totals, code: str, upto: str) -> tuple[str, Found] | None:
    """What bodies of its kind delivered in England, as published, with its year."""
    if totals.position.book_only:
        return None
    known = delivered_nationally(totals.tree.kind(code), upto)
    if known is None:
        return None
    year, share, where = known
    return year, Found(float(share), "share", f"published: {where}")


def variance(totals: Totals, code: str, year: str) -> Found | None:
    """Actual less plan of a whole year, both on the basis in which they are stated."""
    for look, measure in (
        (totals.adjusted, ADJUSTED),
        (totals.with_support, "surplus_with_support"),
    ):
        plan, actual = look(code, year, "plan", ""), look(code, year, "actual", "")
        if plan.pence is not None and actual.pence is not None and len(actual.months) in (0, 12):
            ids = tuple(figure_id(measure, code, year, basis) for basis in ("plan", "actual"))
            return Found(actual.pence - plan.pence, "pence", "actual less plan", ids)
    return None


def trusts_worse(totals: Totals, pence: int) -> Found | None:
    """Share of the trusts of 2018/19 that ended further below their plan."""
    if totals.position.book_only:
        return None
    every = trust_variances()
    worse = sum(one < pence for one in every)
    rule = f"{worse} of {len(every)} trusts of England: published: {TRUST_PLANS}"
    return Found(float(Fraction(worse, len(every))), "share", rule)


FIRST_YEAR_OF_SYSTEMS: Final = "2016-17"
"""Before it England had no systems (planning of footprints began in December 2015)."""


def named(totals: Totals, code: str, year: str) -> str:
    """The name of a body: the book's, else the register's; one of a later day is said to be later."""
    if code in totals.tree.organisations:
        return totals.tree.name(code, year)
    known = reference.known_in(code, year)
    if known is None:
        return code
    later = known.kind == "system" and year < FIRST_YEAR_OF_SYSTEMS
    return f"what was later {known.name}" if later else known.name


# -- people and notice ---------------------------------------------------------------------------


def deprivation(totals: Totals, code: str, year: str) -> tuple[str, Found] | None:
    """Share of people in the most deprived fifth: the body's, else that of the system it is of."""
    return _of_people(totals, code, year, lambda people: people.deprivation, "share")


def need(totals: Totals, code: str, year: str) -> tuple[str, Found] | None:
    """Need a head, England being 1: the body's, else that of its system, in the year or nearest."""
    found = _of_people(totals, code, year, lambda people: people.need, "index")
    if found is not None:
        return found
    rows = [
        (one, row)
        for one in _above(totals, code, year)
        for row in totals.position.taken_facts
        if (row.organisation, row.fact) == (one, "need") and same_area(one, year, row.year)
    ]
    if not rows:
        return None
    one, row = min(rows, key=lambda pair: abs(int(pair[1].year[:4]) - int(year[:4])))
    which = "first" if row.year > year else "last"
    rule = f"{published_places(totals.position, (row.entry,))}, of {year_label(row.year)}"
    rule += f", the {which} year there is"
    return one, Found(float(row.value), "index", rule, (), (row.entry,))


def _above(totals: Totals, code: str, year: str) -> tuple[str, ...]:
    """A body, the systems above it, and that of the register where the book lists none."""
    above = [code]
    for one in totals.tree.ancestors(code, year):
        if totals.tree.kind(one) in ("nation", "region"):
            break
        above.append(one)
    known = reference.known_in(code, year)
    return tuple(dict.fromkeys((*above, *([known.system] if known and known.system else []))))


def _of_people(
    totals: Totals, code: str, year: str, look: Callable[[People], Told | None], unit: str
) -> tuple[str, Found] | None:
    """A number of a body's people, else of the nearest body above it of which it is known."""
    for one in _above(totals, code, year):
        told = look(people_of(totals.position, one, year))
        if told is not None:
            rule = stated_or_published(totals, "as the book states it", told.entries)
            return one, Found(told.value, unit, rule, (), told.entries)
    return None


def notice(totals: Totals, code: str, year: str) -> Found | None:
    """Days between the day that the live control total was set and the year it binds."""
    live, _ = totals.live_control_total(code, year)
    if live is None or live.set_on is None:
        return None
    days = (year_start(year) - live.set_on).days
    return Found(days, "count", "first day of the year less the day it was set", (), (live.entry,))


def raised(totals: Totals, code: str, year: str) -> Found | None:
    """By how much the control total in force is above the one accepted before it."""
    live, _ = totals.live_control_total(code, year)
    if live is None:
        return None
    before = [
        row
        for row in (*totals.position.superseded, *totals.control_rows(code, year))
        if isinstance(row, ControlTotal)
        and row.organisation == code
        and row.year == year
        and row.status == "accepted"
        and (row.scenario or "") == (live.scenario or "")
        and row is not live
        and row.known is not None
        and live.known is not None
        and row.known < live.known
    ]
    if not before:
        return None
    last = max(before, key=lambda row: (row.known is not None, row.known or date.min))
    return Found(
        live.amount - last.amount,
        "pence",
        "control total in force less the one before it",
        (),
        (live.entry, last.entry),
    )


def earlier(year: str) -> str:
    """The year before, as people write it.

    >>> earlier("2019-20")
    '2018/19'
    """
    return year_label(next_year(year, -1))
