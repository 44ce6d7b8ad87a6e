"""Columns beside each other: years and quarters beside their months, running sums, variances.

What equals its parts is a check and no second row of the book. Months that run up to a sum are told
apart from single ones by a whole that fits only one reading; where nothing decides, it is asked.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Final

from controltotal.core.calendar import PERIODS
from controltotal.intake.body_columns import OF_ALL
from controltotal.intake.labels import is_total, total_of
from controltotal.intake.model import Check
from controltotal.intake.money_columns import MONEY, TOTAL, VARIANCE, Col
from controltotal.intake.rows import DATA, SUM, Line
from controltotal.intake.summed_rows import rounding

_BASES: Final = ("plan", "forecast", "actual")
SINGLE, CUMULATIVE = "single", "cumulative"
_FROM: Final = 4
"""Months from which the shape of figures is looked at."""


@dataclass(frozen=True, slots=True)
class Whole:
    """A column that should equal the sum of others; `times` are the factors of `parts`."""

    col: Col
    parts: tuple[Col, ...]
    times: tuple[int, ...] = ()

    @property
    def is_mixed(self) -> bool:
        """Whether it is a forecast of which some months are actual, so that it says more than they."""
        return len({part.basis for part in self.parts}) > 1

    def expected(self, line: Line) -> int | None:
        """What its parts come to in a row; None where the row says none of them."""
        found = [line.pence.get(part.index) for part in self.parts]
        if all(pence is None for pence in found):
            return None
        times = self.times or (1,) * len(found)
        return sum(t * (pence or 0) for t, pence in zip(times, found, strict=True))


def series(columns: Iterable[Col]) -> list[list[Col]]:
    """Columns of money by basis, year, line and body, each in the order of the sheet."""
    found: dict[tuple[str, ...], list[Col]] = {}
    for col in columns:
        if col.role in (MONEY, TOTAL):
            of = (col.basis, col.year, col.line, col.body, col.mark)
            found.setdefault(of, []).append(col)
    return list(found.values())


def reached(columns: Sequence[Col]) -> list[Col]:
    """Years to date that name no month reach the last month beside them of their own basis."""
    last: dict[tuple[str, ...], int] = {}
    for col in columns:
        if col.role == MONEY and col.period.isdigit():
            key = (col.basis, col.year, col.line, col.body)
            last[key] = max(last.get(key, 0), int(col.period))
    return [
        replace(col, period=f"YTD{last[key]}")
        if col.head.measure.span == "to_date"
        and not col.period
        and (key := (col.basis, col.year, col.line, col.body)) in last
        else col
        for col in columns
    ]


def over_bodies(columns: Sequence[Col]) -> list[Whole]:
    """Totals over bodies that stand across, each with the columns of these."""
    found = []
    for col in columns:
        parts = [
            c
            for c in columns
            if c.role == MONEY
            and c.body
            and (*c.same[:4], *c.same[5:]) == (*col.same[:4], *col.same[5:])
        ]
        if col.role == TOTAL and not col.body and len(parts) > 1:
            found.append(Whole(col, tuple(parts)))
    return found


def statements(columns: Sequence[Col]) -> list[list[Col]]:
    """Columns of lines that stand across, by what one statement has in common."""
    found: dict[tuple[str, ...], list[Col]] = {}
    for col in columns:
        if col.role in (MONEY, TOTAL):
            found.setdefault((col.basis, col.year, col.period, col.body, col.mark), []).append(col)
    return [cols for cols in found.values() if any(col.line for col in cols) and len(cols) > 1]


def months_of(columns: Iterable[Col]) -> dict[int, Col]:
    """The columns of single months, by month."""
    return {int(c.period): c for c in columns if c.role == MONEY and c.period.isdigit()}


def running(columns: Sequence[Col]) -> dict[int, Col]:
    """Columns that run up from April month by month, where these stand instead of single months."""
    found = {
        int(c.period.removeprefix("YTD")): c
        for c in columns
        if c.role == MONEY and c.head.measure.span == "to_date" and c.period
    }
    whole = len(found) > 1 and sorted(found) == list(range(1, len(found) + 1))
    return found if whole else {}


def reported(columns: Sequence[Col], every: Iterable[Col]) -> dict[int, Col]:
    """The months that were actual before the first month of a forecast, which its year contains."""
    months = months_of(columns)
    if columns[0].basis != "forecast" or not months:
        return {}
    same = [c for c in every if (c.basis, c.year) == ("actual", columns[0].year)]
    of = (columns[0].line, columns[0].body, columns[0].mark)
    beside = months_of(c for c in same if (c.line, c.body, c.mark) == of)
    return {month: col for month, col in beside.items() if month < min(months)}


def wholes(columns: Sequence[Col], every: Iterable[Col] = ()) -> list[Whole]:
    """The columns of one series that others make up, coarse ones from the finest that cover them.

    `every` are all columns of the table, among which the year of a forecast has its actual months.
    """
    found: list[Whole] = []
    months = reported(columns, every) | months_of(columns)
    quarters = {c.period: c for c in columns if c.role == MONEY and c.period[:1] == "Q"}
    for col in columns:
        parts = _parts(col, months, quarters)
        if parts and col not in parts:
            found.append(Whole(col, tuple(parts)))
    return found


def _parts(col: Col, months: dict[int, Col], quarters: dict[str, Col]) -> list[Col]:
    """The columns that make a coarser one up; none where some are missing."""
    if col.role == TOTAL:
        return list(months.values()) or list(quarters.values())
    if col.period.isdigit() or col.period not in PERIODS:
        return []
    needed = PERIODS[col.period]
    if all(month in months for month in needed):
        return [months[month] for month in needed]
    if col.period == "" and len(quarters) == 4:
        return list(quarters.values())
    return []


def habit_of_months(columns: Sequence[Col], lines: Sequence[Line], found: Sequence[Whole]) -> str:
    """Whether the months of a series are single or run up; `ask` where shape alone says the latter."""
    months = months_of(columns)
    if len(months) < 2:
        return SINGLE
    last = months[max(months)]
    single = runs = 0
    for whole in found:
        if last not in whole.parts:
            continue
        for line in lines:
            pence, final = line.pence.get(whole.col.index), line.pence.get(last.index)
            expected = whole.expected(line)
            if pence and expected != final and sum(p.index in line.pence for p in whole.parts) > 1:
                single += pence == expected
                runs += pence == final
    if single or runs:
        return CUMULATIVE if runs > single else SINGLE
    return "ask" if not found and _grows(months, lines) else SINGLE


def _grows(months: dict[int, Col], lines: Sequence[Line]) -> bool:
    """Whether nearly every row grows month by month as a running sum does."""
    rows = [[line.pence.get(months[m].index) for m in sorted(months)] for line in lines]
    told = [[abs(p) for p in row if p is not None] for row in rows]
    told = [row for row in told if len(row) >= _FROM and any(row)]
    grown = [
        row
        for row in told
        if all(a <= b for a, b in pairwise(row)) and row[-1] * 2 >= row[0] * len(row)
    ]
    return len(grown) >= 2 and len(grown) * 5 >= len(told) * 4


def differenced(
    columns: Sequence[Col], by_month: dict[int, Col], lines: Sequence[Line]
) -> list[Col]:
    """Turn running sums into single months, in the rows themselves; the columns as they now are."""
    order = sorted(by_month)
    for line in lines:
        before: int | None = 0
        single: dict[int, int] = {}
        for month in order:
            index = by_month[month].index
            pence = line.pence.get(index)
            if pence is not None and before is not None:
                single[index] = pence - before
            before = pence
        for month in order:
            line.pence.pop(by_month[month].index, None)
        line.pence |= single
    inside = {col.index: str(month) for month, col in by_month.items()}
    return [replace(c, period=inside[c.index]) if c.index in inside else c for c in columns]


# -- variances ---------------------------------------------------------------------------------


def variance_pairs(col: Col, columns: Sequence[Col]) -> Iterator[tuple[Col, Col]]:
    """The columns that a variance may be the difference of: of its own period, line and body."""
    moves = is_movement(col)
    near = sorted(_beside(col, columns), key=lambda c: abs(c.index - col.index))
    for one in near:
        for other in near:
            if one is not other and (moves or _is_pair(one, other)):
                yield one, other


def _beside(col: Col, columns: Sequence[Col]) -> list[Col]:
    """The columns that a variance may be held against; a movement may be of any of them."""
    if is_movement(col):
        return [c for c in columns if c.role == MONEY]
    whole = [c for c in columns if c.role == TOTAL and _is_whole_of(c, col)]
    unsaid = not col.head.measure.span  # a variance alone may be of any period beside it
    return [
        c
        for c in whole or [one for one in columns if one.role == MONEY]
        if (c.line, c.body, c.mark) == (col.line, col.body, col.mark)
        and (unsaid or c.period == col.period)
        and col.year in ("", c.year)
    ]


def _is_whole_of(one: Col, col: Col) -> bool:
    """Whether a total stands under the same words as a variance: “Total pay” over plan, actual, variance."""
    words = col.head.texts[:-1]
    whole = one.whose == OF_ALL or any(map(is_total, words))
    return bool(words) and whole and one.head.texts[:-1] == words


def _is_pair(one: Col, other: Col) -> bool:
    """Whether a column may have another of its period taken from it."""
    return one.period == other.period and _order(one) > _order(other)


def is_movement(col: Col) -> bool:
    """Whether a column is the change from one time to another, of which both may stand anywhere."""
    return col.head.measure.basis == "movement"


def _order(col: Col) -> int:
    return _BASES.index(col.basis) if col.basis in _BASES else -1


Sign = Callable[[Line], int]


def variance(
    col: Col, columns: Sequence[Col], lines: Sequence[Line], sign: Sign
) -> tuple[Whole, dict[int, int]] | None:
    """What a variance column is, with the factor of each row; None where no pair is there.

    `sign` gives -1 for costs, so that favourable is positive; a table may also subtract one way
    throughout. The pair and the way that most rows fit is the one.
    """
    best: tuple[Whole, dict[int, int]] | None = None
    most = -1
    for one, other in variance_pairs(col, columns):
        whole = Whole(col, (one, other), (1, -1))
        for way in (sign, lambda _: 1, lambda _: -1, lambda line: -sign(line)):
            times = {line.row: way(line) for line in lines}
            fits = sum(_fits(whole, line, times[line.row]) for line in lines)
            if fits > most:
                best, most = (whole, times), fits
    if is_movement(col) and most * 2 <= sum(col.index in line.pence for line in lines):
        return None
    return best


def _fits(whole: Whole, line: Line, times: int) -> bool:
    pence, expected = line.pence.get(whole.col.index), whole.expected(line)
    return pence is not None and expected is not None and pence == times * expected


def apart(whole: Whole, line: Line, times: int, unit: int, *, rounded: bool) -> int | None:
    """By how much a whole differs from its parts in a row; None where the row does not say both."""
    pence, expected = line.pence.get(whole.col.index), whole.expected(line)
    if pence is None or expected is None:
        return None
    off = pence - times * expected
    return 0 if rounded and abs(off) <= rounding(len(whole.parts), unit) else off


def variance_columns(columns: Iterable[Col]) -> list[Col]:
    """The columns of variances."""
    return [col for col in columns if col.role == VARIANCE]


def variance_rows(lines: Sequence[Line]) -> list[Check]:
    """Rows of variances beneath plan and actual, as far as both of these are there."""
    by_name: dict[tuple[str, str], dict[str, Line]] = {}
    checks = []
    for line in lines:
        beside = by_name.setdefault((line.label, line.said.get("organisation", "")), {})
        beside[line.said.get("basis", "")] = line
        if (
            line.kind == DATA
            or line.reason != "a variance"
            or not {"plan", "actual"} <= set(beside)
        ):
            continue
        plan, actual = beside["plan"], beside["actual"]
        for column, pence in line.pence.items():
            due = actual.pence.get(column, 0) - plan.pence.get(column, 0)
            parts = ((plan.row, column), (actual.row, column))
            expected = -due if pence == -due else due
            place = (line.row, column)
            checks.append(Check(line.label, place, expected, pence, parts=parts, kind="variance"))
    return checks


def as_row(col: Col, rows: Sequence[Line]) -> Line:
    """A column of a line as a row of it, its money by the rows of the table."""
    label = col.head.text
    kind = SUM if col.role == TOTAL else DATA
    pence = {line.row: line.pence[col.index] for line in rows if col.index in line.pence}
    of = total_of(label) if is_total(label) else label
    return Line(col.index, label, kind, said={"line": col.line}, pence=pence, of=of)
