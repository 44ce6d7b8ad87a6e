"""What a year starts from: the months recorded, and the forecast or the plan of those ahead.

It is the adjusted surplus that is counted: without what stands outside the control total.
Facts come first. Each body has its own month m, the last of its actuals; what it starts from is
its actuals to m and the forecast less those actuals, else the plan of the months after m. Months
to m are never touched by any scheme: what a scheme was to bring after m is taken out, and what it
then delivers is added. Where nothing is recorded, the whole year lies ahead.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from controltotal.book.records import Scheme
from controltotal.core.entries import together
from controltotal.core.period import is_whole_year
from controltotal.core.unknown import Unknown
from controltotal.programme.effects import Effects
from controltotal.workings.delivery import MONTHS, run_of
from controltotal.workings.series import monthly_surplus
from controltotal.workings.totals import ADJUSTED, Totals, figure_id
from controltotal.workings.value import Value

BASES = ("forecast", "plan")
UNIDENTIFIED = "savings_unidentified"
NOTHING = Unknown("not_stated", "there is no forecast and no plan")
NOT_PHASED = Unknown("months_missing", "it has no forecast, and its plan is not told by month")


@dataclass(frozen=True, slots=True)
class Money:
    """What a body starts from in a year, in pence, and the basis of what lies ahead.

    `month` is the last month recorded; `figures` and `entries` are what it rests on.
    """

    pence: int
    basis: str
    month: int
    figures: tuple[str, ...]
    entries: Sequence[int] = ()


class Recorded:
    """How far each body's year is recorded, and what it starts from."""

    def __init__(self, totals: Totals, effects: Effects) -> None:
        self.totals, self.effects = totals, effects
        self._months: dict[tuple[str, str], int] = {}

    def month(self, code: str, year: str) -> int:
        """The last month of a body's actuals, 1 (April) to 12; nil where none is recorded."""
        key = (code, year)
        if key not in self._months:
            self._months[key] = _last_month(
                self.totals.adjusted(code, year, "actual").taken_as_written(), year
            )
        return self._months[key]

    def month_of(self, scheme: Scheme, year: str) -> int:
        """The last month recorded by any body on which a scheme falls: nothing before it moves."""
        effect = self.effects.of(scheme, year).on_heirs(self.totals.tree, year)
        own = () if effect.how == "own" else (scheme.organisation,)
        bodies = (*own, *(code for code, share in effect.shares if share))
        return max((self.month(code, year) for code in bodies), default=0)

    def has_delivered(self, scheme: Scheme, year: str) -> bool:
        """Whether a saving of a scheme is recorded in a year or before it."""
        return any(
            row.basis == "actual" and not row.scenario and row.year <= year and row.amount > 0
            for row in self.totals.amounts.of_scheme.get(scheme.id, ())
        )

    def money(self, code: str, year: str, *, own: bool = False) -> Money | Unknown:
        """What a body starts from, or why that cannot be told.

        Sums of the bodies below are left to them; `own` leaves out what stands below.
        """
        told = self._told(code, year, own)
        actual = told("actual")
        month = _last_month(actual, year) if _stated(actual) else 0
        recorded = figure_id(ADJUSTED, code, year, "actual")
        if month == MONTHS:
            return Money(actual.pence or 0, "actual", month, (recorded,), actual.entries)
        for basis in BASES:
            value = told(basis)
            if value.pence is None or not _stated(value):
                continue
            name = figure_id(ADJUSTED, code, year, basis)
            if not month or basis == "forecast":
                return Money(value.pence, basis, month, (name,), value.entries)
            months = monthly_surplus(self.totals, code, year, basis)
            if len(months) < MONTHS:
                return NOT_PHASED
            ahead = sum(pence for one, pence in months.items() if one > month)
            entries = together((actual.entries, value.entries))
            return Money((actual.pence or 0) + ahead, basis, month, (recorded, name), entries)
        return NOTHING

    def _told(self, code: str, year: str, own: bool) -> Callable[[str], Value]:
        if own:
            return lambda basis: self.totals.own_adjusted(code, year, basis, "").taken_as_written()
        return lambda basis: self.totals.adjusted(code, year, basis).taken_as_written()

    def planned(self, scheme: Scheme, year: str, basis: str) -> int | None:
        """What a scheme was to bring in the months ahead of a year, in pence; None where unknown."""
        month = self.month_of(scheme, year)
        run = run_of(scheme, (year,), (basis,), self.totals.amounts)
        if run is None:
            return None
        return sum(run.months()[month:]) if month else run.planned[0]

    def without_scheme(self, lacking: Value, code: str, year: str, money: Money) -> int:
        """Of savings that nobody has found a scheme for, what lies ahead, in pence."""
        if not lacking.pence or not money.month:
            return lacking.pence or 0
        rows = self.totals.amounts.line(code, year, money.basis, "", UNIDENTIFIED)
        each = [row for series in rows for row in series]
        months = {row.month: row.amount for row in each if row.month and row.month.isdigit()}
        part = Fraction(MONTHS - money.month, MONTHS)
        if each and len(months) == len(each) and sum(months.values()):
            ahead = sum(pence for one, pence in months.items() if int(one) > money.month)
            part = Fraction(ahead, sum(months.values()))
        return round(lacking.pence * part)


def _last_month(actual: Value, year: str) -> int:
    """The last month that an actual covers; nil where it is not known or is of half a year."""
    return max(actual.months, default=0) if actual.pence is not None and is_whole_year(year) else 0


def _stated(value: Value) -> bool:
    """Whether a figure is a body's own, and not the sum of those below it."""
    return bool(value.entries) or not value.inputs
