"""The money of a savings tracker: what totals what within a row, checked, and what the book is given.

A year, a total or a year to date beside its months is checked and left out; standing alone it is the
figure. A variance equals what it subtracts. A forecast outturn beside the months after the actuals
is those and the actuals together.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from controltotal.core.calendar import PERIODS
from controltotal.intake.cells import Cells, Unread
from controltotal.intake.faults import Fault, Faults, ask_cell
from controltotal.intake.ground import Ground
from controltotal.intake.model import LEFT_OUT, RECONCILED, Check, Left, Place, Read
from controltotal.intake.sums import Money, pounds
from controltotal.intake.tracker_columns import MONTHS, Columns, Sum, month_of_ground
from controltotal.intake.worth import exact_of, same, whole

Grid = dict[int, dict[int, Money]]
"""Exact pence by column and row."""
WHOLES: Final = ("year", "total")
PARTS: Final = {"quarter": "Q", "half": "H"}
_CODES: Final = {"to_date": "IMPORT_TO_DATE", "variance": "IMPORT_VARIANCE"}
_WHAT: Final = {
    "to_date": "the sum of its months",
    "variance": "what it subtracts",
}


@dataclass(frozen=True, slots=True)
class Relation:
    """A column and the columns that make it, each with its sign; the first reading that fits holds."""

    target: Sum
    readings: tuple[tuple[tuple[int, int], ...], ...]
    kind: str


def read_money(
    columns: Columns, read: Read, ground: Ground, stored: bool
) -> tuple[Grid, dict[Place, Unread]]:
    """Every sum of a tracker, and the cells that cannot be read."""
    cells = Cells(read.seen.grid, stored=stored)
    money: Grid = {}
    unread: dict[Place, Unread] = {}
    for column in columns.money():
        unit = unit_of(columns, column, ground)
        found = money[column] = {}
        for row in range(read.seen.first, read.seen.last + 1) if unit else ():
            pence = cells.pence(row, column, unit)
            if isinstance(pence, Unread):
                unread[row, column] = pence
            elif pence is not None:
                found[row] = exact_of(cells, row, column, pence)
    return money, unread


def unit_of(columns: Columns, column: int, ground: Ground) -> str:
    """The unit of a column: its own heading's, else that of the table, else asked."""
    heads = [head for head in (columns.effect, columns.investment) if head]
    own = next((head.measure.unit for head in heads if head.column == column), "")
    own = own or next((s.measure.unit for s in columns.sums if s.column == column), "")
    money = own if own.startswith("£") else ""
    return money or ground.need("unit")


def ask_unread(unread: Mapping[Place, Unread], rows: Sequence[int], faults: Faults) -> None:
    """Ask about the cells of schemes and totals that should hold money and do not."""
    wanted = set(rows)
    for place, one in unread.items():
        if place[0] in wanted:
            ask_cell(faults, place, one)


# -- relations within a row ----------------------------------------------------------------------


def relations(columns: Columns, ground: Ground) -> list[Relation]:
    """What each total, year to date and variance of the headings is made of."""
    found = []
    for one in columns.sums:
        made = _made_of(one, columns, ground)
        if made is not None:
            found.append(made)
    return found


def _made_of(one: Sum, columns: Columns, ground: Ground) -> Relation | None:
    m = one.measure
    if m.basis == "variance":
        return Relation(one, tuple(_differences(one, columns)), "variance")
    months = columns.of(m.basis, "month", m.year)
    readings: list[Sequence[Sum]] = []
    kind = m.span
    if m.span in WHOLES:
        readings = [
            months,
            columns.of(m.basis, "quarter", m.year),
            columns.of(m.basis, "half", m.year),
        ]
        readings.append(_with_actuals(one, months, columns))
        kind = "total"
    elif m.span == "to_date":
        upto = m.number or month_of_ground(ground)
        within = [s for s in months if s.measure.number <= upto] if upto else []
        readings = [within, *([] if upto else _prefixes(months))]
    elif m.span in PARTS:
        inside = PERIODS[f"{PARTS[m.span]}{m.number}"] if m.number else ()
        readings = [[s for s in months if s.measure.number in inside]]
    signed = tuple(tuple((s.column, 1) for s in reading) for reading in readings if reading)
    return Relation(one, signed, kind) if signed else None


def _prefixes(months: Sequence[Sum]) -> list[Sequence[Sum]]:
    """Every run of months from April, where no word says how far a year to date runs."""
    return [months[:end] for end in range(len(months), 0, -1)]


def _with_actuals(one: Sum, months: Sequence[Sum], columns: Columns) -> Sequence[Sum]:
    """For a forecast of the year: the actual months and the months forecast after them."""
    if one.measure.basis != "forecast" or not months:
        return ()
    ahead = {s.measure.number for s in months}
    actual = columns.of("actual", "month", one.measure.year)
    first = min(ahead, default=13)
    return [*(s for s in actual if s.measure.number < first), *months]


def _differences(one: Sum, columns: Columns) -> Iterator[tuple[tuple[int, int], ...]]:
    """The pairs of columns of which a variance may be the difference, either way round."""
    m = one.measure
    spans = WHOLES if m.span in (*WHOLES, "") else (m.span,)
    same = [
        s
        for s in columns.sums
        if s.measure.span in spans
        and (s.measure.number, s.measure.year) == (m.number, m.year)
        and s.measure.basis in ("plan", "actual", "forecast")
    ]
    before = [s for s in same if s.column < one.column]
    for other in sorted(same, key=lambda s: (s not in before, -s.column)):
        for base in same:
            if base.measure.basis == "plan" and other.measure.basis != "plan":
                yield ((other.column, 1), (base.column, -1))
                yield ((other.column, -1), (base.column, 1))


def check_relations(
    columns: Columns,
    ground: Ground,
    money: Grid,
    rows: Sequence[int],
    read: Read,
    faults: Faults,
) -> dict[int, tuple[tuple[int, int], ...]]:
    """Check each relation in every row of a scheme; by target, the reading that was found to hold."""
    held: dict[int, tuple[tuple[int, int], ...]] = {}
    for one in relations(columns, ground):
        cells = money[one.target.column]
        stated = [row for row in rows if row in cells and _parts_said(one, money, row)]
        if not one.readings or not stated:
            _leave_unchecked(one, money, rows, read)
            continue
        best = max(one.readings, key=lambda r: sum(_fits(r, one, money, row) for row in stated))
        if _is_more(one, best, stated, columns, money):
            continue
        held[one.target.column] = best
        _judge(one, best, money, stated, read, faults)
    return held


def _is_more(
    one: Relation,
    reading: Sequence[tuple[int, int]],
    rows: Sequence[int],
    columns: Columns,
    money: Grid,
) -> bool:
    """Whether a year is more than the months from April beside it, which stop before its end.

    A heading must say that it is of the year, or a year to date must be those months.
    """
    m = one.target.measure
    own = columns.of(m.basis, "month", m.year)
    numbers = [s.measure.number for s in own]
    if one.kind != "total" or m.basis not in ("plan", "forecast"):
        return False
    if numbers != list(range(1, len(own) + 1)) or not 0 < len(own) < MONTHS:
        return False
    if 2 * sum(_fits(reading, one, money, row) for row in rows) >= len(rows):
        return False
    if all(_is_last(reading, money, row, one.target.column) for row in rows):
        return False
    months = [(s.column, 1) for s in own]
    date = [s for s in columns.of(m.basis, "to_date", m.year) if s.measure.number == len(own)]
    proven = date and all(
        same(money[date[0].column].get(row, 0), _value(months, money, row)) for row in rows
    )
    return bool(proven) or m.span == "year"


def _parts_said(one: Relation, money: Grid, row: int) -> bool:
    """Whether a row has any of the parts: a year that stands alone is a figure of its own."""
    return one.kind == "variance" or any(
        row in money[column] for reading in one.readings for column, _ in reading
    )


def _value(reading: Sequence[tuple[int, int]], money: Grid, row: int) -> Money:
    total: Money = 0
    for column, sign in reading:
        total += sign * money[column].get(row, 0)
    return total


def _fits(reading: Sequence[tuple[int, int]], one: Relation, money: Grid, row: int) -> bool:
    return same(money[one.target.column][row], _value(reading, money, row))


def _leave_unchecked(one: Relation, money: Grid, rows: Sequence[int], read: Read) -> None:
    """A variance whose parts are not in the file is named and left out."""
    if one.kind != "variance":
        return
    at = one.target.column
    for row in money[at]:
        read.mark(row, (at,), LEFT_OUT)
    if rows and money[at]:
        reason = "a variance of columns that the file does not hold"
        read.left.append(Left((min(money[at]), at, max(money[at]), at), reason))


def _judge(
    one: Relation,
    reading: Sequence[tuple[int, int]],
    money: Grid,
    rows: Sequence[int],
    read: Read,
    faults: Faults,
) -> None:
    at = one.target.column
    ends = (reading[0][0], reading[-1][0])
    wrong = []
    for row in rows:
        expected, found = whole(_value(reading, money, row)), whole(money[at][row])
        fits = _fits(reading, one, money, row)
        parts = ((row, ends[0]), (row, ends[1]))
        expected = found if fits else expected
        read.checks.append(Check(one.target.text, (row, at), expected, found, 0, parts))
        read.mark(row, (at,), RECONCILED)
        if not fits:
            wrong.append((row, expected, found))
    cumulative = len(wrong) > 1 and all(_is_last(reading, money, row, at) for row in rows)
    for row, expected, found in wrong:
        faults.add(_fault(one, cumulative, expected, found), (row, at), pounds(found))


def _is_last(reading: Sequence[tuple[int, int]], money: Grid, row: int, at: int) -> bool:
    """Whether a total is the last of its months alone, as where each holds those before it."""
    said = [money[column][row] for column, _ in reading if row in money[column]]
    return len(said) > 1 and whole(said[-1]) == whole(money[at][row])


def _fault(one: Relation, cumulative: bool, expected: int, found: int) -> Fault:
    text = one.target.text
    if cumulative:
        return Fault(
            "IMPORT_CUMULATIVE",
            f"“{text}” is the last of its months and not their sum: each month seems to hold those "
            "before it",
            "months alone",
            "Say so: --set months=cumulative; or mend the months.",
        )
    return Fault(
        _CODES.get(one.kind, "IMPORT_TOTAL"),
        f"“{text}” is {pounds(found)} and {_WHAT.get(one.kind, 'its parts make')} {pounds(expected)}: "
        f"a difference of {pounds(found - expected)}"
        if one.kind not in _WHAT
        else f"“{text}” is {pounds(found)} and not {_WHAT[one.kind]}, {pounds(expected)}: a "
        f"difference of {pounds(found - expected)}",
        pounds(expected),
        f'Mend the cell, or accept the difference by name: --accept "WHO: REASON"; or leave the column '
        f'out: --set "headings.{text}=".',
    )


# -- months that have not been -------------------------------------------------------------------


def drop_future(
    columns: Columns, money: Grid, rows: Sequence[int], ground: Ground, read: Read, faults: Faults
) -> None:
    """Noughts of actual months after the month of the file are no actuals; sums there are asked."""
    months = [s for s in columns.sums if (s.measure.basis, s.measure.span) == ("actual", "month")]
    if not months:
        return
    last = month_of_ground(ground)
    ahead = [s for s in months if s.measure.number > (last or _last_told(months, money, rows))]
    said = [s for s in ahead if any(row in money[s.column] for row in rows)]
    if said and not last:
        ground.need("month")
        return
    for one in said:
        cells = money[one.column]
        if any(cells.get(row) for row in rows):
            fault = Fault(
                "IMPORT_MONTH",
                f"“{one.text}” holds actuals, and the file says that it reaches month {last}",
                f"actuals to month {last}",
                "Say which month it reaches: --set month=M9.",
            )
            faults.add(fault, (read.seen.heading[1], one.column), one.text)
            continue
        for row in cells:
            read.mark(row, (one.column,), LEFT_OUT)
        reason = "a month that has not been, left at nil"
        read.left.append(Left((min(cells), one.column, max(cells), one.column), reason))
        money[one.column] = {}


def _last_told(months: Sequence[Sum], money: Grid, rows: Sequence[int]) -> int:
    """The last month in which any scheme has an actual other than nil."""
    told = [s.measure.number for s in months if any(money[s.column].get(row) for row in rows)]
    return max(told, default=12)
