"""Numbers for sentences that people wrote: any figure of the position, and rows of page one's table.

Each is worked out when a sentence asks for it, by the functions by which `position` works it out, so
that a sentence and the table beside it never part. Of another day of the book the same is asked of
the papers of that day.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from controltotal.accounts.figures import put_value
from controltotal.accounts.net_risk import put_net_risk
from controltotal.accounts.performance import ROWS, performance
from controltotal.accounts.resources import put_resources
from controltotal.accounts.statement import input_value
from controltotal.accounts.to_date import AHEAD, TO_DATE, WAIT, put_measure
from controltotal.core.figure import Figure
from controltotal.core.period import is_whole_year
from controltotal.core.result import Answer
from controltotal.workings import gaps
from controltotal.workings.late import Late, Standing, reports, standing, told_by_month
from controltotal.workings.month import MONTHS, Month, to_of
from controltotal.workings.month_lines import cells_of
from controltotal.workings.totals import ADJUSTED, Totals, figure_id
from controltotal.workings.value import Value, negative
from controltotal.workings.workings import Workings

Made = Callable[[Totals, str, str, str, str], Value]
BASES: Final = ("plan", "forecast", "actual")
AS_INPUT: Final = (
    "surplus",
    ADJUSTED,
    "surplus_with_support",
    "control_total",
    "cash",
    "measured",
    "underlying",
    "savings_unidentified",
)
"""Measures of which others are made."""
LEAST: Final = 4
"""Steps that the id of a figure has at least."""
GAPS: Final[Mapping[str, Made]] = {
    "gap": gaps.gap,
    "variance": lambda *asked: negative(gaps.gap(*asked), "minus the gap"),
    "gap_breakeven": gaps.gap_breakeven,
    "to_find": gaps.to_find,
}
"""Measures of the distance to something."""


class Told:
    """The numbers of a reading; `others` holds answers of other verbs, by whose figures a slot may
    be filled as well."""

    def __init__(
        self,
        workings: Workings,
        late: Late = WAIT,
        others: Callable[[str], Figure | None] = lambda _: None,
    ) -> None:
        self.workings, self.late, self.others = workings, late, others
        self._figures: dict[str, Figure | None] = {}
        self._rows: dict[tuple[str, str], dict[str, Mapping[str, Any]]] = {}
        self._stood: dict[str, Standing] = {}

    def figure(self, name: str) -> Figure | None:
        """A figure by its id; None where the book has no such figure."""
        if name not in self._figures:
            self._figures[name] = self._made(name) or self.others(name)
        return self._figures[name]

    def row(self, code: str, year: str, row: str) -> Mapping[str, int | None] | None:
        """A row of page one's table: `""` for the body's position, a line, or one of its other rows."""
        if not self._is_told(code, year):
            return None
        month = self._month(code, year)
        if row in ROWS and row not in month.lines(code, year):
            return self._performance(code, year).get(row)
        found = month.to_date(code, year, row)
        return cells_of(found) | {"month_variance": _less(found.month_actual, found.month_plan)}

    def month(self, code: str, year: str) -> int | None:
        """The month to which a body's actuals are told."""
        return self._month(code, year).reached(code, year) if self._is_told(code, year) else None

    def code(self, text: str) -> str:
        """The code of a body as typed, by its code or its name; empty where nobody is meant."""
        tree = self.workings.tree
        asked = text.casefold()
        codes = [one for one in tree.organisations if one.casefold() == asked]
        codes = codes or [one for one in tree.organisations if tree.name(one).casefold() == asked]
        return codes[0] if len(codes) == 1 else ""

    def lines(self) -> tuple[str, ...]:
        """The lines of the book."""
        return tuple(self.workings.position.lines)

    def _is_told(self, code: str, year: str) -> bool:
        return self._speaks_of(code, year) and is_whole_year(year)

    def _speaks_of(self, code: str, year: str) -> bool:
        """Whether the book has a body, and anything of a year or its half."""
        reading = self.workings.position
        whole = year.removesuffix("-H1").removesuffix("-H2")
        return code in reading.tree.organisations and whole in reading.years

    def _month(self, code: str, year: str) -> Month:
        """The month in which a body is told, with what stands in for those who are late."""
        if year not in self._stood:
            month = self.workings.month
            told = reports(month, year, tuple(self.workings.tree.organisations))
            again = lambda made: Workings(made).month  # noqa: E731
            self._stood[year] = standing(month, year, told, self.late, again)
        return self._stood[year].of(code)

    def _made(self, name: str) -> Figure | None:
        """A figure of the position, worked out; None where the id is of no such figure."""
        steps = name.split("/")
        if len(steps) < LEAST or steps[3] not in BASES or not self._speaks_of(steps[1], steps[2]):
            return None
        measure, code, year, basis, *part = steps
        answer = Answer("position")
        if measure in TO_DATE:
            self._put_month(answer, measure, code, year)
            return answer.get(name)
        totals, scenario = self.workings.totals, "/".join(part)
        if measure == "control_total":
            scenario = totals.control_scenario(code, year, scenario)
        if measure in AS_INPUT:
            value = input_value(totals, measure, code, year, basis, scenario)
        elif measure in GAPS:
            value = GAPS[measure](totals, code, year, basis, scenario)
        else:
            return None
        to = "" if measure == "control_total" else to_of(totals, code, year, basis, scenario)
        put_value(answer, name, value, to=to)
        return answer.get(name)

    def _put_month(self, answer: Answer, measure: str, code: str, year: str) -> None:
        """A measure of the month, as `position` tells it: of no year told whole or over."""
        month = self._month(code, year)
        over = month.reached(code, year) == MONTHS
        if told_by_month(month.totals, year) and not (over and measure in AHEAD):
            put_measure(answer, month, measure, code, year)

    def _performance(self, code: str, year: str) -> dict[str, Mapping[str, Any]]:
        """The rows of page one's table that are neither the position nor a line."""
        if (code, year) not in self._rows:
            answer = Answer("position")
            put_resources(answer, self.workings.totals, (year,), code)
            put_net_risk(answer, self.workings, (year,), code)
            for basis in BASES[:2]:
                value = gaps.underlying(self.workings.totals, code, year, basis)
                put_value(answer, figure_id("underlying", code, year, basis), value)
            rows: list[Any] = performance(
                answer, self.workings, self._month(code, year), code, year
            )
            self._rows[code, year] = {row["row"]: row for row in rows}
        return self._rows[code, year]


def _less(first: Value, second: Value) -> int | None:
    if first.pence is None or second.pence is None:
        return None
    return first.pence - second.pence
