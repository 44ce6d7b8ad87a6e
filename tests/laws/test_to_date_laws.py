"""Laws of the month over generated books, and a slow plain reckoning beside the program.

Systems of up to four trusts, each of which tells its position or its lines, its plan by month, by
quarter or for the year, and its actuals by month or in one sum to date, to a month of its own.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from controltotal.book.fold import fold
from controltotal.workings.month import Month
from controltotal.workings.workings import Workings
from tests.strategies import YEAR, Cells, amount, source_of

LINES = {"patient_care_income": 1, "pay": -1, "drugs": -1}
Book = dict[str, list[Cells]]


@dataclass(frozen=True)
class Trust:
    """What one trust writes, in pounds by line and month, and how."""

    code: str
    month: int
    planned: str  # by month, by quarter or for the year
    in_one: bool  # actuals in one sum to date
    plan: Mapping[str, Sequence[int]]
    actual: Mapping[str, Sequence[int]]
    forecast: int

    def rows(self) -> list[Cells]:
        """Its amounts."""
        found: list[Cells] = []
        for line, each in self.plan.items():
            found += self._planned(line, each)
        for line, each in self.actual.items():
            sent = each[: self.month]
            if self.in_one and self.month > 1:
                found.append(
                    amount(self.code, line, sum(sent), basis="actual", month=f"YTD{self.month}")
                )
                continue
            found += [
                amount(self.code, line, value, basis="actual", month=str(n))
                for n, value in enumerate(sent, start=1)
            ]
        return [*found, amount(self.code, "position", self.forecast, basis="forecast")]

    def _planned(self, line: str, each: Sequence[int]) -> list[Cells]:
        if self.planned == "for the year":
            return [amount(self.code, line, sum(each))]
        if self.planned == "by quarter":
            return [
                amount(self.code, line, sum(each[3 * q : 3 * q + 3]), month=f"Q{q + 1}")
                for q in range(4)
            ]
        return [amount(self.code, line, v, month=str(n)) for n, v in enumerate(each, start=1)]


def sign(line: str) -> int:
    return LINES.get(line, 1)


values = st.lists(st.integers(1, 90_000), min_size=12, max_size=12)


@st.composite
def trusts(draw: st.DrawFn, code: str, months: st.SearchStrategy[int]) -> Trust:
    """One trust."""
    lines = ("position",) if draw(st.booleans()) else tuple(LINES)
    return Trust(
        code,
        draw(months),
        draw(st.sampled_from(("by month", "by month", "by quarter", "for the year"))),
        draw(st.sampled_from((False, False, True))),
        {line: draw(values) for line in lines},
        {line: draw(values) for line in lines},
        draw(st.integers(-90_000, 90_000)),
    )


@st.composite
def systems(draw: st.DrawFn, months: st.SearchStrategy[int]) -> list[Trust]:
    """Up to four trusts of one system, mostly told to one month."""
    one = draw(months)
    each = st.one_of(st.just(one), st.just(one), st.just(one), months)
    return [draw(trusts(f"T{n}", each)) for n in range(draw(st.integers(1, 4)))]


def book(system: Sequence[Trust]) -> Book:
    """The book of a system."""
    return {
        "organisations": [
            {"code": "S", "name": "System", "kind": "system"},
            *({"code": t.code, "name": t.code, "kind": "provider", "parent": "S"} for t in system),
        ],
        "amounts": [row for trust in system for row in trust.rows()],
    }


def month_of(system: Sequence[Trust], to: int | None = None) -> Month:
    """The month of a system's book, read to a month where one is given."""
    asked = None if to is None else (f"M{to}", None)
    month = Workings(fold(source_of(book(system)), None, asked)).month
    assume(not month.totals.position.stopped)  # months that read as running sums are refused
    return month


def plain(trust: Trust, which: str, months: range) -> int | None:
    """In pence: what a trust's rows say of some months, None where they do not tell it."""
    each = {"plan": trust.plan, "actual": trust.actual}[which]
    wanted = set(months)
    if which == "actual" and trust.in_one and trust.month > 1:
        parts = [set(range(1, trust.month + 1))]
    elif which == "actual":
        parts = [{n} for n in range(1, trust.month + 1)]
    else:
        size = {"by month": 1, "by quarter": 3, "for the year": 12}[trust.planned]
        parts = [set(range(n, n + size)) for n in range(1, 13, size)]
    inside = [part for part in parts if part <= wanted]
    if set().union(*inside) != wanted:
        return None
    return 100 * sum(sign(line) * sum(v[n - 1] for n in wanted) for line, v in each.items())


def added(parts: Sequence[int | None]) -> int | None:
    return None if None in parts else sum(part or 0 for part in parts)


within = st.integers(1, 12)
inside_year = settings(max_examples=60, deadline=None)


@inside_year
@given(systems(within))
def test_the_month_is_what_a_slow_plain_reckoning_makes_of_the_rows(system: list[Trust]) -> None:
    month = month_of(system)
    together = len({trust.month for trust in system}) == 1
    to = system[0].month
    for code, of in [*((t.code, [t]) for t in system), ("S", system if together else [])]:
        row = month.to_date(code, YEAR)
        if not of:
            assert (row.month, row.actual.pence, row.plan.pence) == (None, None, None)
            continue
        to = of[0].month
        assert row.month == to
        for which, some in (("plan", range(1, to + 1)), ("actual", range(1, to + 1))):
            told = added([plain(trust, which, some) for trust in of])
            assert getattr(row, which).pence == told
            alone = added([plain(trust, which, range(to, to + 1)) for trust in of])
            assert getattr(row, f"month_{which}").pence == alone
        assert row.forecast.pence == 100 * sum(trust.forecast for trust in of)


@inside_year
@given(systems(within))
def test_a_variance_is_actual_less_plan_and_children_sum_to_their_parent(
    system: list[Trust],
) -> None:
    month = month_of(system)
    rows = {code: month.to_date(code, YEAR) for code in ("S", *(t.code for t in system))}
    for row in rows.values():
        if row.variance.pence is not None:
            assert row.variance.pence == (row.actual.pence or 0) - (row.plan.pence or 0)
        if row.variance_year.pence is not None:
            assert row.variance_year.pence == (row.forecast.pence or 0) - (row.plan_year.pence or 0)
    top = rows.pop("S")
    for column in ("month_plan", "month_actual", "plan", "actual", "variance", "plan_year"):
        value = getattr(top, column).pence
        if value is not None:
            assert value == sum(getattr(row, column).pence for row in rows.values())


@inside_year
@given(systems(within))
def test_lines_without_a_group_add_up_to_the_surplus(system: list[Trust]) -> None:
    month = month_of(system)
    for trust in system:
        if "position" in trust.actual:
            assert month.lines(trust.code, YEAR) == ()
            continue
        lines = [month.to_date(trust.code, YEAR, line) for line in month.lines(trust.code, YEAR)]
        assert {row.line for row in lines} == set(LINES)
        whole = month.to_date(trust.code, YEAR)
        for column in ("month_plan", "month_actual", "plan", "actual", "variance", "plan_year"):
            assert getattr(whole, column).pence == added(
                [getattr(row, column).pence for row in lines]
            )


@inside_year
@given(trusts("T", st.just(12)), within)
def test_months_sum_to_the_year_and_the_last_is_the_record(trust: Trust, to: int) -> None:
    by_month = Trust(trust.code, 12, "by month", False, trust.plan, trust.actual, trust.forecast)
    reached = month_of([by_month], to)
    row, before = reached.to_date("T", YEAR), month_of([by_month], to - 1) if to > 1 else None
    assert row.month == to
    earlier = before.to_date("T", YEAR).actual.pence if before else 0
    assert row.actual.pence == (earlier or 0) + (row.month_actual.pence or 0)
    full = month_of([by_month]).to_date("T", YEAR)
    workings = Workings(fold(source_of(book([by_month]))))
    assert full.actual.pence == workings.totals.surplus("T", YEAR, "actual").pence
    assert full.plan.pence == full.plan_year.pence


@inside_year
@given(systems(st.integers(1, 11)))
def test_what_is_needed_brings_the_plan_to_the_forecast(system: list[Trust]) -> None:
    """To date and what each month left must be close on the forecast, within rounding to pence."""
    month = month_of(system)
    for code in ("S", *(t.code for t in system)):
        row, needed = month.to_date(code, YEAR), month.needed_a_month(code, YEAR).pence
        if needed is None:
            continue
        left = 12 - (row.month or 0)
        end = (row.plan_year.pence or 0) + (row.variance.pence or 0) + needed * left
        assert abs(end - (row.forecast.pence or 0)) <= left
        made, repeated = month.made_a_month(code, YEAR).pence, month.if_repeated(code, YEAR).pence
        assert made is not None and repeated is not None
        again = (row.plan_year.pence or 0) + (row.variance.pence or 0) + made * left
        assert abs(repeated - again) <= left
