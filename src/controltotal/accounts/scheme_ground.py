"""Schemes placed in a year: at home with a body that exists then, seen from all above it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fractions import Fraction
from functools import cached_property
from typing import Final

from controltotal.book.records import Scheme
from controltotal.core.calendar import year_start
from controltotal.core.kept import kept
from controltotal.core.period import year_in
from controltotal.programme.courses import (
    LATE_MONTHS,
    MARKED,
    Course,
    by_recurrence,
    course,
    months_alone,
    plan_over,
)
from controltotal.programme.phasing import in_plan
from controltotal.workings.savings import Savings

MONTHS: Final = range(1, 13)


class Ground:
    """Schemes placed in a year: at home with a body that exists then, and seen from all above it."""

    def __init__(self, savings: Savings, year: str) -> None:
        self.savings, self.year = savings, year
        self.tree, self.totals = savings.totals.tree, savings.totals
        self.counted = {scheme.id for scheme in savings.counted(year)}
        self._under: dict[str, list[Scheme]] = {}
        for row in savings.position.book.schemes:
            home = self.home(row.organisation)
            for code in (home, *self.tree.ancestors(home, year)):
                self._under.setdefault(code, []).append(row)
        self.workforce_rows = [
            row
            for row in savings.position.book.facts
            if row.fact == "workforce"
            and row.scheme
            and row.year == year
            and row.basis == "plan"
            and not row.month
        ]

    @kept
    def course(self, row: Scheme) -> Course:
        """Plan, actual and forecast of a scheme in the year."""
        return course(row, self.year, self.totals.amounts, self.savings.slip(row))

    def plan_over(self, row: Scheme, months: Iterable[int]) -> int | None:
        """The plan of a scheme for some months, in pence; None where it is not told by month."""
        return plan_over(row, self.year, self.totals.amounts, frozenset(months))

    @kept
    def by_month(self, row: Scheme, kind: str) -> tuple[int | None, ...]:
        """Plan, actual or forecast of a scheme by month; None where it is not told month by month.

        What is told of a year, or of another part of it, is shared among no months.
        """
        one, amounts = self.course(row), self.totals.amounts
        alone = months_alone(row, self.year, "actual", amounts)
        actual = tuple(alone.get(month) for month in MONTHS)
        if kind == "actual":
            return actual
        if kind == "forecast" and one.stated:
            own = months_alone(row, self.year, "forecast", amounts)
            return tuple(own.get(month, 0) for month in MONTHS)
        plan = tuple(self.plan_over(row, (month,)) for month in MONTHS)
        if kind == "plan" or one.forecast is None:
            return plan
        moved = one.forecast if None not in plan else (None,) * len(plan)
        return tuple(moved[m] if one.actual[m] is None else actual[m] for m in range(len(plan)))

    @cached_property
    def by_kind(self) -> Mapping[str, Mapping[tuple[str, str], int]]:
        """What counts, by body itself and kind of saving: {body: {(column, kind): pence}}."""
        found: dict[str, dict[tuple[str, str], int]] = {}
        for scheme in self.savings.counted(self.year):
            row = scheme.row
            pence = self.savings.in_year(row, self.year, "plan") or 0
            for body, part in self.savings.effects.of(row, self.year).split(pence).items():
                for heir, share in self.savings.heirs(body, part, self.year).items():
                    own = found.setdefault(heir, {})
                    for column in ("recurrence", "cash_type"):
                        kind = (column, row.cell(column) or "not_stated")
                        own[kind] = own.get(kind, 0) + share
        return found

    @cached_property
    def rows_by_kind(self) -> Mapping[str, Mapping[tuple[str, str], list[Scheme]]]:
        """The schemes of which `by_kind` is the sum: {body: {(column, kind): rows}}."""
        found: dict[str, dict[tuple[str, str], list[Scheme]]] = {}
        for scheme in self.savings.counted(self.year):
            row = scheme.row
            for body, part in self.savings.effects.of(row, self.year).split(1_000_000).items():
                for heir in self.savings.heirs(body, part, self.year):
                    own = found.setdefault(heir, {})
                    for column in ("recurrence", "cash_type"):
                        kind = (column, row.cell(column) or "not_stated")
                        own.setdefault(kind, []).append(row)
        return found

    def home(self, code: str) -> str:
        """The body itself, else the one that took most of it over."""
        if self.tree.exists(code, self.year):
            return code
        heirs = self.tree.carry(code, 1_000_000, year_start(year_in(self.year)))
        return max(sorted(heirs), key=lambda heir: heirs[heir]) if heirs else code

    @cached_property
    def _brings(self) -> Mapping[str, list[tuple[Scheme, int]]]:
        """What each scheme of the plan brings in the year, counted or not, by body itself."""
        found: dict[str, list[tuple[Scheme, int]]] = {}
        for row in self.savings.position.book.schemes:
            pence = self.savings.in_year(row, self.year, "plan") if in_plan(row) else None
            if pence is None:
                continue
            for body, part in self.savings.effects.of(row, self.year).split(pence).items():
                for heir, share in self.savings.heirs(body, part, self.year).items():
                    found.setdefault(heir, []).append((row, share))
        return found

    def brings(self, code: str) -> list[tuple[Scheme, int]]:
        """What schemes of the plan bring to a body and all below it, in pence: a loss negative."""
        bodies = (code, *self.tree.descendants(code, self.year))
        return [one for body in bodies for one in self._brings.get(body, ())]

    def under(self, code: str) -> list[Scheme]:
        """Every scheme of a body and all below it."""
        return self._under.get(code, [])

    def planned(self, code: str) -> list[Scheme]:
        """Those of the plan."""
        return [row for row in self.under(code) if in_plan(row)]

    def _worth(self, row: Scheme, code: str) -> Fraction:
        """What a pound of a scheme's saving is worth to a body and all below it, in pounds."""
        inside = {code, *self.tree.descendants(code, self.year)}
        effect = self.savings.effects.of(row, self.year).on_heirs(self.tree, self.year)
        return sum((share for body, share in effect.shares if body in inside), Fraction(0))

    def months_told(self, code: str, kind: str, counted: bool = False) -> list[int | None]:
        """As `months`; None too where a scheme that has something in a month tells it with others."""
        found = self.months(code, kind, counted)
        for row in self.planned(code):
            if counted and row.id not in self.counted:
                continue
            spread, alone = getattr(self.course(row), kind) or (), self.by_month(row, kind)
            for m, pence in enumerate(spread):
                if pence is not None and alone[m] is None:
                    found[m] = None
        return found

    def recurrent_forecast(self, rows: Iterable[Scheme]) -> tuple[int, int]:
        """Of the forecasts of schemes that have a plan: what repeats, and of what nobody says, in pence."""
        repeats = unmarked = 0
        for row in rows:
            one = self.course(row)
            if one.plan is None or one.forecast is None:
                continue
            parts = by_recurrence(row, self.year, "forecast", self.totals.amounts)
            if not one.stated:
                mark = row.recurrence if row.recurrence in MARKED else "unknown"
                parts = {mark: sum(one.forecast)}
            repeats += parts.get("recurrent", 0)
            unmarked += parts.get("unknown", 0)
        return repeats, unmarked

    def late_share(self, rows: Iterable[Scheme]) -> float | None:
        """The share of the plans of some schemes in months 7 to 12; None where one does not tell it."""
        whole = late = 0
        for row in rows:
            plan = self.course(row).plan
            if not any(plan or ()):
                continue
            part = self.plan_over(row, LATE_MONTHS)
            if part is None:
                return None
            whole, late = whole + sum(plan or ()), late + part
        return late / whole if whole else None

    def months(self, code: str, kind: str, counted: bool = False) -> list[int | None]:
        """Pence by month of all schemes of the plan: plan, actual or forecast; None unreported.

        What is told of several months together is shared among them: fit for sums of a year alone.
        """
        found: list[int | None] = [None] * 12
        for row in self.planned(code):
            if counted and row.id not in self.counted:
                continue
            one = self.course(row)
            worth = self._worth(row, code) if counted else Fraction(1)
            pounds = worth.numerator if worth.denominator == 1 else worth
            for m, pence in enumerate(getattr(one, kind) or [None] * 12):
                if pence is not None:
                    found[m] = (found[m] or 0) + round(pence * pounds)
        return found
