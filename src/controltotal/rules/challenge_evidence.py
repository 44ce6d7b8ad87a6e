"""What bears on a challenge to a control total, looked up one by one, each with where it stands.

The book comes first; what it does not say of distance from target, allocation, deprivation and what
others delivered is read from the packaged published tables, and the rule of the figure names table
and row. A body that followed others takes their figures added up, if all of them are published.
Nothing is guessed: what is in neither is absent.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from functools import lru_cache

from controltotal.book.fold import Position
from controltotal.book.records import Challenge, ControlTotal
from controltotal.core import published, reference
from controltotal.core.calendar import next_year, parse_year, year_label, year_start
from controltotal.core.datafiles import packaged_rows
from controltotal.rules.challenge_distance import PENCE_IN_THOUSAND, commissioners, of_register
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
    entries: tuple[int, ...] = ()
    qualifier: str = ""
    low: int | None = None
    """Where only a bound is known: the value is more than this, and `value` is not told."""

    @property
    def known(self) -> bool:
        """Whether the value is told, and not only a bound of it."""
        return self.low is None


# -- money asked and delivered -------------------------------------------------------------------


def allocation_of(totals: Totals, code: str, year: str) -> Found | None:
    """The allocation of a commissioner or system: the book's, else as published."""
    known = totals.allocation(code, year)
    if known.pence is not None:
        return Found(known.pence, "pence", "allocation as stated", (), known.entries)
    rows = []
    for one in commissioners(totals, code, year) or of_register(code, year):
        row = _allocation_rows().get((one, year))
        if row is None or published.speaks_of(row[1]) is not None:
            return None
        rows.append(row)
    if not rows:
        return None
    pence = sum(int(row["allocation_k"]) for _, row in rows) * PENCE_IN_THOUSAND
    places = ", ".join(f"row {place}" for place, _ in rows)
    return Found(pence, "pence", f"published: {published.ALLOCATIONS}, {places}")


@lru_cache(maxsize=1)
def _allocation_rows() -> dict[tuple[str, str], tuple[int, Mapping[str, str]]]:
    rows = enumerate(published.published_rows(published.ALLOCATIONS), start=2)
    return {(r["ccg_code"], parse_year(r["financial_year"])): (place, r) for place, r in rows}


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


def nationally_delivered(kind: str, upto: str) -> tuple[str, Found] | None:
    """What bodies of a kind delivered in England, as published, with its year."""
    wanted = {
        "commissioner": "efficiency savings delivered as share of allocation",
        "provider": "cost improvement delivered as share of cost",
    }.get(kind)
    for place, row in enumerate(published.published_rows(published.REPORTED), start=2):
        past = parse_year(row["financial_year"]) <= upto
        if row["level"] == "national" and row["measure"] == wanted and past:
            share = float(Fraction(row["value"]) / 100)
            rule = f"published: {published.REPORTED}, row {place} ({row['organisation']})"
            return parse_year(row["financial_year"]), Found(share, "share", rule)
    return None


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


def trusts_worse(pence: int) -> Found:
    """Share of the trusts of 2018/19 that ended further below their plan."""
    below = [
        int(row["variance_k"]) * PENCE_IN_THOUSAND
        for row in published.published_rows(published.TRUST_PLANS)
        if row["variance_k"]
    ]
    worse = sum(one < pence for one in below)
    return Found(
        float(Fraction(worse, len(below))),
        "share",
        f"{worse} of {len(below)} trusts of England: published: {published.TRUST_PLANS}",
    )


def named(totals: Totals, code: str, year: str) -> str:
    """The name of a body: the book's, else the register's."""
    if code in totals.tree.organisations:
        return totals.tree.name(code)
    known = reference.known_in(code, year)
    return known.name if known else code


# -- people and notice ---------------------------------------------------------------------------


def deprivation(totals: Totals, code: str, year: str) -> tuple[str, Found] | None:
    """Share of people in the most deprived fifth: the body's, else that of the system above it."""
    for one in (code, *totals.tree.ancestors(code, year)):
        body = totals.tree.organisations[one]
        if body.kind in ("nation", "region"):
            break
        if body.row.deprivation is not None:
            return one, Found(
                float(body.row.deprivation),
                "share",
                "as the book states it",
                (),
                (body.row.entry,),
            )
    known = reference.known_in(code, year)
    for one in (code, known.system if known else ""):
        for row in packaged_rows("reference/systems.csv"):
            if row["code"] == one:
                return one, Found(
                    float(row["share_pop_most_deprived_20pct"]),
                    "share",
                    "published: reference/systems.csv, on the areas of July 2022",
                )
    return None


def need(totals: Totals, code: str, year: str) -> tuple[str, Found] | None:
    """Need a head, England being 1: the body's, else that published of its system in the year, or nearest."""
    for one in (code, *totals.tree.ancestors(code, year)):
        body = totals.tree.organisations[one]
        if body.row.need_index is not None:
            return one, Found(
                float(body.row.need_index),
                "index",
                "as the book states it",
                (),
                (body.row.entry,),
            )
        stated = fact(totals, one, year, "need")
        if stated is not None:
            return one, Found(float(stated.value), "index", stated.rule, (), stated.entries)
    known = reference.known_in(code, year)
    codes = (code, known.system if known else "")
    rows = [
        (place, row)
        for place, row in enumerate(published.published_rows(published.BOARDS), start=2)
        if row["icb_code"] in codes
    ]
    if not rows or reference.outside_dates(rows[0][1]["icb_code"], year):
        return None
    at = {parse_year(row["financial_year"]): (place, row) for place, row in rows}
    nearest = year if year in at else (min(at) if year < min(at) else max(at))
    place, row = at[nearest]
    which = (
        "" if nearest == year else f", the {'first' if year < nearest else 'last'} year there is"
    )
    return row["icb_code"], Found(
        float(row["need_index_core"]),
        "index",
        f"published: {published.BOARDS}, row {place}, of {year_label(nearest)}{which}",
    )


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
