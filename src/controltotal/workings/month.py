"""The month: plan, actual and variance of the month, to date and of the year, of bodies and lines.

An actual is to a month. Each body has its own, the last of its actuals told without a gap; the
bodies above it join where all those below have told the same month, and are not told otherwise: a
trust that has not sent its month leaves no total that quietly lacks it. The plan to date is the sum
of its months or quarters and never a twelfth of the year. Signs are those inside: income is
positive and cost negative, so that a variance, actual less plan, is favourable where it is
positive. Source: the book's design, section 4, The month.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from functools import cached_property

from controltotal.book.fold import Position
from controltotal.book.periods import fill_exactly, months_needed
from controltotal.book.records import Amount
from controltotal.core.calendar import PERIODS, year_start
from controltotal.core.entries import together
from controltotal.core.kept import kept, kept_from_below
from controltotal.core.lines import holders
from controltotal.core.period import ToDate as Stretch
from controltotal.core.period import is_whole_year, period, year_in
from controltotal.workings.known_then import forecasts_known_by
from controltotal.workings.line_sums import line_of, lines_said
from controltotal.workings.plain import plain
from controltotal.workings.series import monthly_surplus
from controltotal.workings.totals import ADJUSTED, Totals, figure_id
from controltotal.workings.value import Value, less, total, unknown, untold

MONTHS = 12
LAST = 3
"""The months whose average a run rate is."""
BASES = ("plan", "forecast", "actual")
NOT_TOLD = "no month of it is told"


def months_to(month: int) -> frozenset[int]:
    """April to a month.

    >>> sorted(months_to(3))
    [1, 2, 3]
    """
    return frozenset(range(1, month + 1))


@dataclass(frozen=True)
class ToDate:
    """One body's or line's month, year to date and year; every sum with what it rests on.

    `line` is empty for the surplus as the control total measures it without support; `scheme` names
    a scheme, whose savings are positive. `month` is None where no month is told.
    """

    organisation: str
    line: str
    scheme: str
    month: int | None
    month_plan: Value
    month_actual: Value
    plan: Value
    actual: Value
    plan_year: Value
    forecast: Value
    forecast_last_month: Value

    @cached_property
    def variance(self) -> Value:
        """Actual less plan to date, favourable positive."""
        return _less(self.actual, self.plan, "actual less plan, both to date")

    @cached_property
    def variance_year(self) -> Value:
        """Forecast less plan of the year, favourable positive."""
        return _less(self.forecast, self.plan_year, "forecast less plan of the year")


def _less(first: Value, second: Value, rule: str) -> Value:
    """One value less another, or why neither tells it."""
    for value in (first, second):
        if not value.reported:
            return untold(value)
    return less(first, second, rule, months=first.months)


class Month:
    """The month of every body of a position; `again` adds up another reading of the same book."""

    def __init__(self, totals: Totals, again: Callable[[Position], Totals]) -> None:
        self.totals, self.tree = totals, totals.tree
        self._again = again
        self._earlier: dict[date, Totals | None] = {}

    @kept
    def reached(self, code: str, year: str) -> int | None:
        """The month to which a body's actuals are told without a gap; None where they are not."""
        if not is_whole_year(year):
            return None
        actual = self.totals.adjusted(code, year, "actual")
        last = max(actual.months, default=0)
        if not actual.reported or not last or actual.months != months_to(last):
            return None
        return last

    def value(
        self, code: str, year: str, basis: str, months: frozenset[int] | None = None, line: str = ""
    ) -> Value:
        """A body's adjusted surplus, or one line of it, of a year or of some months."""
        return _of(self.totals, code, year, basis, months, line)

    def pence(self, code: str, year: str, basis: str, months: frozenset[int]) -> int | None:
        """A body's adjusted surplus of some months as a number; None where it cannot be told."""
        found = plain(self.totals, year, basis)
        if found is not None and found.covers(code, months):
            return found.surplus(code, months)
        if is_whole_year(year) and (basis, "") not in self.totals.reports(code, year):
            return None
        return self.value(code, year, basis, months).pence

    @kept
    def to_date(self, code: str, year: str, line: str = "") -> ToDate:
        """One body's month, year to date and year, of its surplus or of one line."""
        month = self.reached(code, year)
        shown = self.shown(code, year)
        some, one = (months_to(month), frozenset({shown or month})) if month else (None, None)

        def told(basis: str, months: frozenset[int] | None) -> Value:
            if months is not None:
                return self.value(code, year, basis, months, line)
            actual = self.totals.adjusted(code, year, "actual")
            return untold(actual, NOT_TOLD if actual.reported else "")

        return ToDate(
            code,
            line,
            "",
            shown,
            month_plan=told("plan", one),
            month_actual=told("actual", one),
            plan=told("plan", some),
            actual=told("actual", some),
            plan_year=self.value(code, year, "plan", None, line),
            forecast=self.value(code, year, "forecast", None, line),
            forecast_last_month=self.forecast_last_month(code, year, line),
        )

    def shown(self, code: str, year: str) -> int | None:
        """The last month of those told in which a body stood: its own last, where it closed."""
        month = self.reached(code, year)
        if month is None:
            return None
        stood = months_to(month) & self.tree.months_stood(code, year)
        return max(stood, default=month)

    def forecast_last_month(self, code: str, year: str, line: str = "") -> Value:
        """The forecast as it was known a month before: by the end of the month that is reported.

        The report of a month is made in the month after it, so the one before was made in it.
        """
        month = self.reached(code, year)
        if month is None:
            return unknown("not_stated", NOT_TOLD)
        earlier = self.month_before(year, month)
        if earlier is None:
            return unknown("not_stated", "nothing tells when the forecast was made")
        return _of(earlier, code, year, "forecast", None, line)

    def month_before(self, year: str, month: int) -> Totals | None:
        """The totals with the forecasts known a month before one; None where no forecast has a date."""
        return self.known_by(Stretch(period(year).year, month).end)

    def known_by(self, day: date) -> Totals | None:
        """The totals with the forecasts known by a day; None where no forecast has a date."""
        if day not in self._earlier:
            then = forecasts_known_by(self.totals.position, day)
            self._earlier[day] = None if then is None else self._again(then)
        return self._earlier[day]

    def lines(self, code: str, year: str) -> tuple[str, ...]:
        """The lines of which a body, or one below it, tells something, each before the lines it holds."""
        said = frozenset[str]().union(
            *(lines_said(self.totals, code, year, basis) for basis in BASES)
        )
        every = self.totals.position.lines
        found = {one for name in said for one in (name, *holders(name, every))}
        order = {name: place for place, name in enumerate(every)}

        def path(name: str) -> list[int]:
            return [order[one] for one in (*reversed(holders(name, every)), name)]

        return tuple(sorted(found, key=path))

    # -- what must be true ---------------------------------------------------------------------

    def plan_to_date(self, code: str, year: str) -> Value:
        """The plan from April to the month of the actuals."""
        value = self.to_date(code, year).plan
        kids = tuple(
            figure_id("plan_to_date", kid, year, "actual") for kid in self._kids(code, year)
        )
        rule = "sum of the plans to date of the bodies below" if kids else "the months planned"
        return value._replace(inputs=kids, rule=rule if value.reported else value.rule)

    def _kids(self, code: str, year: str) -> tuple[str, ...]:
        found = self.totals.parts(code, year, lambda kid, _: Value(0, kid))
        return tuple(found)

    def variance_to_date(self, code: str, year: str) -> Value:
        """Actual less plan to date, favourable positive."""
        ids = (
            figure_id(ADJUSTED, code, year, "actual"),
            figure_id("plan_to_date", code, year, "actual"),
        )
        return self.to_date(code, year).variance._replace(inputs=ids)

    def run_rate(self, code: str, year: str) -> Value:
        """Twelve times the average of the last three months, without what does not repeat."""
        month = self.reached(code, year)
        ids = (figure_id(ADJUSTED, code, year, "actual"),)
        if month is None or month < LAST:
            return unknown("too_few", f"fewer than {LAST} months are told", inputs=ids)
        last = range(month - LAST + 1, month + 1)
        found = plain(self.totals, year, "actual")
        whole = found is not None and found.covers(code, last)
        parts = [frozenset(last)] if whole else [frozenset({one}) for one in last]
        each = [self.value(code, year, "actual", months) for months in parts]
        for value in each:
            if not value.known:
                return untold(value, inputs=ids)
        once = self.once(code, year, last)
        pence = 4 * (sum(value.pence or 0 for value in each) - once)
        words = f"average of months {last[0]} to {last[-1]}, {once_words(once)}, times {MONTHS}"
        entries = together(value.entries for value in each)
        return Value(pence, words, ids, entries)

    def once(self, code: str, year: str, months: Collection[int]) -> int:
        """What does not repeat in some months of a body and all below it, in pence, signed."""
        found = plain(self.totals, year, "actual")
        if found is not None and found.covers(code, months):
            return found.not_repeated(code, months)
        return sum(
            self._once(body, year).get(month, 0)
            for body in (code, *self.tree.descendants(code, year))
            if not (self.totals.children(body, year) and self.tree.organisations[body].is_grouping)
            for month in months
        )

    @kept
    def _once(self, code: str, year: str) -> Mapping[int, int]:
        return monthly_surplus(self.totals, code, year, "actual", once=True)

    def made_a_month(self, code: str, year: str) -> Value:
        """What each month so far has been against plan, on average."""
        ids = (figure_id("variance_to_date", code, year, "actual"),)
        found, month = self.variance_to_date(code, year), self.reached(code, year)
        if not found.known or not month:
            return untold(found, inputs=ids)
        rule = f"the variance to date over its {month} months"
        return Value(round(Fraction(found.pence or 0, month)), rule, ids)

    def needed_a_month(self, code: str, year: str) -> Value:
        """What each month left must be against plan for the forecast to hold."""
        row, month = self.to_date(code, year), self.reached(code, year)
        ids = (
            figure_id("variance_to_date", code, year, "actual"),
            figure_id(ADJUSTED, code, year, "forecast"),
            figure_id(ADJUSTED, code, year, "plan"),
        )
        if month == MONTHS:
            return unknown("not_applicable", "the year is over", inputs=ids)
        for value in (row.variance, row.variance_year):
            if not value.known or month is None:
                return untold(value, inputs=ids)
        left = MONTHS - (month or 0)
        ahead = (row.variance_year.pence or 0) - (row.variance.pence or 0)
        rule = (
            "the forecast's variance from the plan, less the variance to date, over the "
            f"{left} months left"
        )
        return Value(round(Fraction(ahead, left)), rule, ids)

    def if_repeated(self, code: str, year: str, last: int | None = None) -> Value:
        """The year's end if each month left is against its plan what those so far have been.

        `last` takes the average of so many of the latest months; without it, of all of them.
        """
        row, month = self.to_date(code, year), self.reached(code, year)
        ids = (
            figure_id("variance_to_date", code, year, "actual"),
            figure_id(ADJUSTED, code, year, "plan"),
        )
        if month == MONTHS:
            return unknown("not_applicable", "the year is over", inputs=ids)
        if month is None or not row.variance.known or not row.plan_year.known:
            cause = row.plan_year if row.variance.known else row.variance
            return untold(cause, inputs=ids)
        count = last or month
        if count > month:
            return unknown("too_few", f"fewer than {count} months are told", inputs=ids)
        made = row.variance
        if count < month:
            made = self._variance_of(code, year, range(month - count + 1, month + 1))
            if not made.known:
                return untold(made, inputs=ids)
        ahead = Fraction((made.pence or 0) * (MONTHS - month), count)
        which = f"the {month} months so far" if count == month else f"the last {count} months"
        rule = f"plan of the year, the variance to date, and in each month left that of {which}"
        return Value(
            (row.plan_year.pence or 0) + (row.variance.pence or 0) + round(ahead), rule, ids
        )

    def _variance_of(self, code: str, year: str, months: Collection[int]) -> Value:
        """The variance of some months, each told by itself in plan and actual."""
        actual, plan = (plain(self.totals, year, basis) for basis in ("actual", "plan"))
        if actual and plan and actual.covers(code, months) and plan.covers(code, months):
            found = actual.surplus(code, months) - plan.surplus(code, months)
            return Value(found, "actual less plan of these months")
        parts: list[Value] = []
        for month in months:
            one = frozenset({month})
            made = self.value(code, year, "actual", one)
            parts.append(_less(made, self.value(code, year, "plan", one), ""))
            if not parts[-1].known:
                return parts[-1]
        return total(parts, "actual less plan of these months")

    # -- schemes -------------------------------------------------------------------------------

    def scheme(self, scheme: str, organisation: str, year: str) -> ToDate | None:
        """A scheme's own rows of a year, savings positive; None where it has none.

        It is told to the month of its organisation. A month before its first planned one brings
        nothing: that is what a phasing says. One in which it is to save and of which nobody reports
        what it saved is not told, beside its plan.
        """
        rows = [row for row in self.totals.amounts.of_scheme.get(scheme, ()) if row.year == year]
        by_basis = {
            basis: [row for row in rows if row.basis == basis and not row.scenario]
            for basis in BASES
        }
        if not any(by_basis.values()):
            return None
        month = self.reached(organisation, year)
        if month is None:
            some = one = frozenset[int]()
        else:
            some, one = months_to(month), frozenset({month})
        due = self._due(scheme, year, by_basis)
        return ToDate(
            organisation,
            "",
            scheme,
            month,
            month_plan=_saved(by_basis["plan"], one),
            month_actual=_delivered(by_basis["actual"], one, due),
            plan=_saved(by_basis["plan"], some),
            actual=_delivered(by_basis["actual"], some, due),
            plan_year=_saved(by_basis["plan"], months_to(MONTHS)),
            forecast=_saved(by_basis["forecast"], months_to(MONTHS)),
            forecast_last_month=self._scheme_last_month(scheme, organisation, year),
        )

    def _due(self, scheme: str, year: str, by_basis: Mapping[str, list[Amount]]) -> frozenset[int]:
        """The months in which a scheme is to save: by its phasing, else from its start or first word."""
        for basis in BASES:
            told = [PERIODS[row.month or ""] for row in by_basis[basis] if row.amount]
            phased = {month for months in told if len(months) < MONTHS for month in months}
            if phased:
                return frozenset(phased if basis == "plan" else range(min(phased), MONTHS + 1))
            starts = [r.start for r in self.totals.position.book.schemes if r.id == scheme]
            if told and basis == "plan" and starts and starts[0] is not None:
                return frozenset(range(_first_month(starts[0], year), MONTHS + 1))
        return frozenset(range(1, MONTHS + 1))

    def _scheme_last_month(self, scheme: str, organisation: str, year: str) -> Value:
        """A scheme's forecast as it was known by the end of the month reported."""
        month = self.reached(organisation, year)
        now = self._forecast_rows(self.totals, scheme, year)
        if month is None or not any(row.known for row in now):
            return unknown("not_stated", "nothing tells when the forecast was made")
        earlier = self.known_by(Stretch(period(year).year, month).end)
        if earlier is None:
            return unknown("not_stated", "forecasts that gave way cannot be read")
        return _saved(self._forecast_rows(earlier, scheme, year), months_to(MONTHS))

    @staticmethod
    def _forecast_rows(totals: Totals, scheme: str, year: str) -> list[Amount]:
        rows = totals.amounts.of_scheme.get(scheme, ())
        return [r for r in rows if r.year == year and r.basis == "forecast" and not r.scenario]


def once_words(once: int) -> str:
    """What was taken out of a run rate, in words.

    >>> once_words(0), once_words(-120_000_000)
    ('no one-offs told', 'one-off costs of £1.2m (net) removed')
    """
    if not once:
        return "no one-offs told"
    kind = "gains" if once > 0 else "costs"
    return f"one-off {kind} of £{abs(once) / 100_000_000:,.1f}m (net) removed"


def _saved(rows: list[Amount], months: frozenset[int]) -> Value:
    """A scheme's saving in some months; unknown where a row lies across their end."""
    if not rows:
        return unknown("not_stated", "nothing is reported", bare=True)
    if not months:
        return unknown("not_stated", NOT_TOLD)
    series: dict[tuple[str, str, str], list[Amount]] = {}
    for row in rows:
        key = (row.line, row.recurrence or "", row.counterparty or "")
        series.setdefault(key, []).append(row)
    sums = [fill_exactly(own, months) for own in series.values()]
    told = [one for one in sums if one is not None]
    if len(told) < len(sums):
        return unknown("months_missing", "it is not told by month")
    entries = tuple(row.entry for one in told for row in one.rows)
    pence = sum(one.pence for one in told)
    return Value(pence, "its own rows", entries=entries, months=months)


def _delivered(rows: list[Amount], months: frozenset[int], due: frozenset[int]) -> Value:
    """What a scheme saved in some months; unknown where one in which it is to save is not reported."""
    found = _saved(rows, months)
    covered = {month for row in rows for month in PERIODS[row.month or ""]}
    silent = sorted((months & due) - covered)
    if not found.reported or not silent:
        return found
    which = f"month {silent[0]} of it is" if len(silent) == 1 else f"{len(silent)} months of it are"
    return unknown("months_missing", f"{which} not reported")


def _first_month(start: date, year: str) -> int:
    """The month of a year in which something that starts on a day begins, 1 (April) at the least."""
    since = (start.year - year_start(year).year) * MONTHS + start.month - year_start(year).month
    return min(max(since, 0), MONTHS) + 1


def _of(
    totals: Totals, code: str, year: str, basis: str, months: frozenset[int] | None, line: str
) -> Value:
    """A body's adjusted surplus, or one line of it, in one reading."""
    if line:
        return line_of(totals, code, year, basis, line, months)
    return totals.adjusted(code, year, basis, "", months)


def to_of(totals: Totals, code: str, year: str, basis: str, scenario: str = "") -> str:
    """The month that an actual reaches, as figures carry it (`M9`); empty of a plan or forecast.

    A body that closed within the year reaches its own last month.
    """
    if basis != "actual":
        return ""
    months = totals.adjusted(code, year, basis, scenario).months
    months = months or totals.with_support(code, year, basis, scenario).months
    stood = months & totals.tree.months_stood(code, year_in(year)) or months
    return f"M{max(stood)}" if stood else ""


@kept_from_below
def unfinished(totals: Totals, code: str, year: str) -> bool:
    """Whether actuals of a body, or of one below it, end before the year or half does."""
    needed = max(months_needed(year))
    last = totals.amounts.last_month(code, year_in(year))
    own = last is not None and last < needed
    own = own and needed in totals.tree.months_stood(code, year_in(year))
    return own or any(unfinished(totals, kid, year) for kid in totals.children(code, year))
