"""What bears on a challenge to a control total, looked up one by one, each with where it stands.

The book comes first; what it does not say of distance from target, allocation, deprivation and what
others delivered is read from the packaged published tables, and the rule of the figure names table
and row. A body that followed others takes their figures added up, if all of them are published.
Nothing is guessed: what is in neither is absent.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from functools import lru_cache

from controltotal.book.records import ControlTotal
from controltotal.core import published, reference
from controltotal.core.calendar import next_year, parse_year, year_label, year_start
from controltotal.core.datafiles import packaged_rows
from controltotal.workings.totals import ADJUSTED, Totals, figure_id

PENCE_IN_THOUSAND = 100_000
BOARDS = "commissioner_to_board"
KNOWN_FROM = {"2013-14": "2013-14", "2019-20": "2016-17"}
"""Years of the published tables of distances, and the first year in which each was known."""


@dataclass(frozen=True, slots=True)
class Found:
    """A value with its unit, how it was come by, and what it rests on."""

    value: int | float
    unit: str
    rule: str
    inputs: tuple[str, ...] = ()
    entries: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Distance:
    """Allocation and target of one year in pence, from one source."""

    year: str
    allocation: int
    target: int
    rule: str
    entries: tuple[int, ...] = ()
    note: str = ""

    @property
    def share(self) -> float:
        """Allocation over target less one."""
        return float(Fraction(self.allocation, self.target) - 1)

    @property
    def pence(self) -> int:
        """Allocation less target: below nil is missing to the fair share."""
        return self.allocation - self.target


# -- distance from target ------------------------------------------------------------------------


def distances(totals: Totals, code: str, upto: str) -> list[Distance]:
    """Every year up to one for which allocation and target are known together, oldest first.

    The published distances of 2019/20 were set in January 2016, so that they were known from 2016/17.
    """
    years = {y for y in totals.position.years if y <= upto}
    years |= {y for y, known_from in KNOWN_FROM.items() if known_from <= upto}
    found = []
    for year in sorted(years):
        one = _in_book(totals, code, year) or _published(totals, code, year)
        if one is not None:
            found.append(one)
    return found


def commissioners(totals: Totals, code: str, year: str) -> tuple[str, ...]:
    """The body itself if it commissions, else those below it, else for a trust those beside it."""
    if totals.tree.kind(code) == "commissioner":
        return (code,)
    if totals.tree.kind(code) == "provider":
        systems = [a for a in totals.tree.ancestors(code, year) if totals.tree.kind(a) == "system"]
        return commissioners(totals, systems[0], year) if systems else ()
    below = totals.tree.descendants(code, year)
    return tuple(one for one in below if totals.tree.kind(one) == "commissioner")


@lru_cache(maxsize=256)
def of_register(code: str, year: str) -> tuple[str, ...]:
    """The commissioners that the register gives a code in a year: itself, or those of a system."""
    found = []
    for one in reference.codes():
        known = reference.known_in(one, year)
        if known is None or known.kind != "commissioner" or reference.outside_dates(one, year):
            continue
        if code in (one, known.system):
            found.append(one)
    return tuple(found)


def _in_book(totals: Totals, code: str, year: str) -> Distance | None:
    """From the book: targets and allocations of one scenario, of every commissioner."""
    codes = commissioners(totals, code, year)
    if not codes:
        return None
    scenarios = [
        {row.scenario or "" for row in totals.position.facts(one, year, "target_allocation")}
        for one in codes
    ]
    for scenario in sorted(set.intersection(*scenarios)):
        allocation = target = 0
        entries: list[int] = []
        for one in codes:
            rows = [
                row
                for row in totals.position.facts(one, year, "target_allocation")
                if (row.scenario or "") == scenario and not row.month
            ]
            money = totals.allocation(one, year, scenario)
            if money.pence is None:
                break
            target += sum(int(row.value) for row in rows)
            allocation += money.pence
            entries += [*money.entries, *(row.entry for row in rows)]
        else:
            if target > 0:
                how = f" as in the scenario {scenario}" if scenario else ""
                return Distance(
                    year,
                    allocation,
                    target,
                    f"allocation and target{how}",
                    tuple(entries),
                    f"in the scenario {scenario}" if scenario else "",
                )
    return None


def _published(totals: Totals, code: str, year: str) -> Distance | None:
    """From the packaged tables of 2013/14 (fourteen bodies) and 2019/20."""
    codes = commissioners(totals, code, year) or of_register(code, year)
    table, allocation, target = {
        "2013-14": (published.DISTANCES_2013, "allocation_k", "indicative_target_k"),
        "2019-20": (published.DISTANCES, "allocation_k", "derived_target_k"),
    }.get(year, ("", "", ""))
    rows = rows_of(table, codes) if table and codes else None
    if rows is None:
        return None
    note, more = ("as first announced", "")
    if year == "2019-20":
        note, more = "as set in January 2016", ", not as paid"
    places = ", ".join(f"row {place} ({row['ccg_code']})" for place, row in rows)
    return Distance(
        year,
        sum(int(row[allocation]) for _, row in rows) * PENCE_IN_THOUSAND,
        sum(int(row[target]) for _, row in rows) * PENCE_IN_THOUSAND,
        f"published: {table}, {places}; {note}{more}",
        note=note,
    )


def rows_of(table: str, codes: Iterable[str]) -> list[tuple[int, Mapping[str, str]]] | None:
    """The rows of bodies in a published table; those of all predecessors where a body has none."""
    index = _index(table)
    found: list[tuple[int, Mapping[str, str]]] = []
    for code in codes:
        if code in index:
            found.append(index[code])
            continue
        before = [link for link in reference.follows(code) if link.kind != BOARDS]
        olds = [link.predecessor for link in before]
        if not olds or any(len(_heirs(old)) != 1 for old in olds):
            return None
        inner = rows_of(table, olds)
        if inner is None:
            return None
        found += inner
    return found


def _heirs(code: str) -> list[str]:
    return [link.successor for link in reference.followed_by(code) if link.kind != BOARDS]


@lru_cache(maxsize=4)
def _index(table: str) -> dict[str, tuple[int, Mapping[str, str]]]:
    rows = enumerate(published.published_rows(table), start=2)
    return {row["ccg_code"]: (place, row) for place, row in rows}


# -- money asked and delivered -------------------------------------------------------------------


def allocation_of(totals: Totals, code: str, year: str) -> Found | None:
    """The allocation of a commissioner or system: the book's, else as published."""
    known = totals.allocation(code, year)
    if known.pence is not None:
        return Found(known.pence, "pence", "allocation as stated", (), known.entries)
    rows = []
    for one in commissioners(totals, code, year) or of_register(code, year):
        row = _allocation_rows().get((one, year))
        if row is None:
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
    rows = [
        row
        for row in totals.position.facts(code, year, name)
        if not row.month and not row.scenario and not row.scheme
    ]
    for basis in ("actual", "forecast", "plan", ""):
        same = [row for row in rows if (row.basis or "") == basis]
        if same:
            unit = "pence" if all(isinstance(row.value, int) for row in same) else "count"
            total = sum(row.value for row in same)
            return Found(
                total,
                unit,
                f"{name.replace('_', ' ')} as stated",
                (),
                tuple(row.entry for row in same),
            )
    return None


def asked(
    totals: Totals, code: str, year: str, basis: str, gap: int | None, to_find: int | None
) -> Found | None:
    """The saving asked: planned savings plus the gap, else what is still to find."""
    planned = fact(totals, code, year, "savings_planned")
    gap_id = figure_id("gap", code, year, basis)
    if planned is not None and planned.unit == "pence":
        more = max(gap or 0, 0)
        rule = "savings planned plus the gap" if more else "savings planned"
        return Found(
            int(planned.value) + more, "pence", rule, (gap_id,) if more else (), planned.entries
        )
    if to_find is not None and to_find > 0:
        return Found(
            to_find, "pence", "what is still to find", (figure_id("to_find", code, year, basis),)
        )
    return None


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
                    "published: reference/systems.csv",
                )
    return None


def need(totals: Totals, code: str, year: str) -> tuple[str, Found] | None:
    """Need a head, England being 1: the body's, else that published of its system, 2022/23."""
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
    for place, row in enumerate(published.published_rows(published.BOARDS), start=2):
        if row["icb_code"] in (code, known.system if known else "") and (
            row["financial_year"] == "2022/23"
        ):
            return row["icb_code"], Found(
                float(row["need_index_core"]),
                "index",
                f"published: {published.BOARDS}, row {place}, of 2022/23, the first year there is",
            )
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
