"""The money of a scheme as amounts: months, else quarters or halves, else a year or a year to date.

Wholes that the parts of a row make are not repeated; a forecast of the year that holds actual months
beside its own is said too. Whole pence of a row make the whole of it to the penny.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from controltotal.core.calendar import PERIODS, year_label
from controltotal.intake.cells import written
from controltotal.intake.faults import Faults
from controltotal.intake.ground import BASES, Ground
from controltotal.intake.known import Known
from controltotal.intake.model import LEFT_OUT, USED, Asked, Read, Row, Seen
from controltotal.intake.sums import Money
from controltotal.intake.tracker_columns import BY_ROW, Columns, Sum, month_of_ground
from controltotal.intake.tracker_money import PARTS, WHOLES, Grid, unit_of
from controltotal.intake.tracker_rows import Rows
from controltotal.intake.tracker_schemes import Said
from controltotal.intake.tracker_split import Split
from controltotal.intake.worth import spread, whole

MONTHS: Final = 12
TO_DATE_HELD: Final[Mapping[int, str]] = {1: "1", 3: "Q1", 6: "H1", 9: "Q4", 11: "12"}
"""The month of a plan to date, and the period of the book that tells it beside the plan of the year.

To months 9 and 11 that is what is left of the year.
"""


@dataclass(slots=True)
class Tracker:
    """A tracker on its way into the book."""

    seen: Seen
    asked: Asked
    known: Known
    ground: Ground
    read: Read
    faults: Faults
    columns: Columns
    rows: Rows
    money: Grid
    held: Mapping[int, tuple[tuple[int, int], ...]]
    said: Said
    lines: Sequence[str]
    split: Split = field(default_factory=Split)

    def unit(self, column: int) -> str:
        """The unit in which a column is written."""
        return unit_of(self.columns, column, self.ground) or "£"

    def basis(self, one: Sum, row: int) -> str:
        """The basis of a sum in a row: its heading's, else what the row itself says."""
        return self.rows.bases.get(row, "") if one.measure.basis == BY_ROW else one.measure.basis


def in_year(tracker: Tracker, row: int, basis: str) -> int | None:
    """The year of a basis: its total, else the sum of its parts."""
    found: Money | None = None
    for one in tracker.columns.sums:
        if tracker.basis(one, row) == basis and row in tracker.money[one.column]:
            if one.measure.span in WHOLES:
                return whole(tracker.money[one.column][row])
            if one.measure.span == "month":
                found = (found or 0) + tracker.money[one.column][row]
    return None if found is None else whole(found)


def amounts_of(tracker: Tracker, number: int, row: int) -> Iterator[Row]:
    """The money of a scheme by basis and period; wholes that its parts make are not repeated."""
    kinds = {(s.measure.basis, s.measure.year) for s in tracker.columns.sums}
    for basis, year in sorted(kinds):
        if basis in (*BASES, BY_ROW):
            for sums in _periods(tracker, row, basis, year):
                yield from _amount_rows(tracker, number, row, sums)
            yield from _plan_to_date(tracker, number, row, basis, year)


def _periods(tracker: Tracker, row: int, basis: str, year: str) -> Iterator[list[Sum]]:
    """The columns that give the money of a basis: months, else quarters or halves, else the year."""

    def said(*spans: str) -> list[Sum]:
        found = [s for span in spans for s in tracker.columns.of(basis, span, year)]
        told = [s for s in found if row in tracker.money[s.column]]
        return [s for s in told if not _is_ahead(tracker, s, row)]

    wholes = said(*WHOLES)
    for span in ("month", *PARTS):
        if parts := said(span):
            yield parts
            yield [s for s in wholes if _holds_more(tracker, s, basis)][:1]
            return
    if wholes:
        yield wholes[:1]
    to_date = said("to_date")
    if to_date and tracker.basis(to_date[-1], row) == "actual":
        if not to_date[-1].measure.number:
            tracker.ground.need("month")
            return
        yield to_date[-1:]


def _is_ahead(tracker: Tracker, one: Sum, row: int) -> bool:
    """Whether a nought of a row of actuals is of a month that has not been."""
    ahead = one.measure.basis == BY_ROW and tracker.basis(one, row) == "actual"
    if not ahead or one.measure.span != "month" or tracker.money[one.column][row]:
        return False
    after = [
        s for s in tracker.columns.of(BY_ROW, "month", one.measure.year) if s.column > one.column
    ]
    if any(tracker.money[s.column].get(row) for s in after):
        return False
    last = month_of_ground(tracker.ground)
    if not last:
        tracker.ground.need("month")
    if one.measure.number > last:
        tracker.read.mark(row, (one.column,), LEFT_OUT)
    return one.measure.number > last


def _holds_more(tracker: Tracker, one: Sum, basis: str) -> bool:
    """Whether a year holds more than its own months, so that it is said too: actual months, or later ones."""
    if basis in ("plan", "forecast") and one.column not in tracker.held:
        return True
    actual = {s.column for s in tracker.columns.sums if s.measure.basis == "actual"}
    return basis == "forecast" and any(c in actual for c, _ in tracker.held.get(one.column, ()))


def _plan_to_date(tracker: Tracker, number: int, row: int, basis: str, year: str) -> Iterator[Row]:
    """A plan to date beside the plan of its year: a period of the book, or what it leaves of the year."""
    of, money = tracker.columns.of, tracker.money
    if any(row in money[s.column] for span in ("month", *PARTS) for s in of(basis, span, year)):
        return
    wholes = [s for span in WHOLES for s in of(basis, span, year) if row in money[s.column]]
    for one in of(basis, "to_date", year):
        period = TO_DATE_HELD.get(one.measure.number, "")
        plan = tracker.basis(one, row) == "plan"
        if not (plan and period and wholes and row in money[one.column]):
            continue
        at, pence = wholes[0].column, whole(money[one.column][row])
        columns: tuple[int, ...] = (one.column,)
        if max(PERIODS[period]) == MONTHS:
            pence, columns = whole(money[at][row]) - pence, (one.column, at)
        yield _amount(tracker, number, row, one, pence, period, columns)
        return


def _amount_rows(tracker: Tracker, number: int, row: int, sums: Sequence[Sum]) -> Iterator[Row]:
    """Rows of `amounts` of one scheme, whole pence that make the whole of them to the penny."""
    if not sums:
        return
    exact = [tracker.money[one.column][row] for one in sums]
    for one, pence in zip(sums, spread(exact), strict=True):
        period = _period(one) or tracker.rows.periods.get(row, "")
        made = _amount(tracker, number, row, one, pence, period, (one.column,))
        parts = tracker.split.of(one.column, row, tracker.money[one.column][row])
        if not parts:
            yield made
            continue
        for kind, part in zip(parts, spread(list(parts.values())), strict=True):
            columns = (tracker.split.columns[kind], one.column)
            tracker.read.mark(row, columns, USED)
            cells = {**made.cells, "amount": written(part, made.cells["unit"]), "recurrence": kind}
            yield Row("amounts", cells, row, columns)


def _amount(
    tracker: Tracker,
    number: int,
    row: int,
    one: Sum,
    pence: int,
    period: str,
    columns: tuple[int, ...],
) -> Row:
    """A row of `amounts` of a scheme, made of the cells of some columns."""
    said, unit = tracker.said, tracker.unit(one.column)
    recurrence, year = said["recurrence"][number], one.measure.year
    cells = {
        "organisation": said["organisation"][number],
        "line": tracker.lines[number],
        "year": year_label(year) if year else tracker.rows.years.get(row, ""),
        "month": period,
        "basis": tracker.basis(one, row),
        "recurrence": "" if recurrence == "unknown" else recurrence,
        "scheme": said["id"][number],
        "amount": written(pence, unit),
        "unit": unit,
    }
    tracker.read.mark(row, columns, USED)
    return Row("amounts", {k: v for k, v in cells.items() if v}, row, columns)


def _period(one: Sum) -> str:
    """The period of a column in the form of the book.

    >>> from controltotal.intake.model import Measure
    >>> [_period(Sum(0, "", Measure("actual", s, 3))) for s in ("month", "quarter", "to_date", "year")]
    ['3', 'Q3', 'YTD3', '']
    """
    span, number = one.measure.span, one.measure.number
    if span in WHOLES or not number:
        return ""
    if span == "to_date":
        return "1" if number == 1 else f"YTD{number}"
    return f"{PARTS.get(span, '')}{number}"
