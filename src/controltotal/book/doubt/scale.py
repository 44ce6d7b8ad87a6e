"""Sums about a thousand or a million times what stands beside them: a slip of unit.

Beside a month stand the other months of its series, beside a year the body's other years and the
other bases, beside a surplus its income. Shape decides nothing here: every fault only warns.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from statistics import median
from typing import TYPE_CHECKING, Final

from controltotal.book.doubt.control import Plans
from controltotal.book.doubt.typed import POSITIONS, Fault, Typed, by_month, fault, series_key
from controltotal.book.periods import fill, months_needed
from controltotal.book.record import Record
from controltotal.book.records import Amount, Fact
from controltotal.book.telling import money
from controltotal.core.calendar import year_label

if TYPE_CHECKING:
    from controltotal.book.doubt.screen import Mask, Screen

THOUSAND: Final = 1000
NEAR: Final = 3.5
"""How far from a thousand times a sum may lie and still be about that."""
POWERS: Final = (THOUSAND, THOUSAND**2)
OTHERS_LEAST: Final = 3
"""Other months by which one month is judged."""
STEADY: Final = 12
"""A series whose others differ by more than this is too uneven to say that one is too small."""
INCOME_WHOLE: Final = ("allocation", "patient_care_income")
"""Lines of income beside which a stated position is that of the whole body."""
SIZED: Final = ("provider", "commissioner")
MONTHS: Final = 12
SLIGHT: Final = 200_000_000
"""Pence a year: of bodies of the health service none has so small an income, £2 million."""
USUAL: Final = 10_000_000_000
"""Pence a year, £100 million: beside bodies of this size a slight one is a slip of unit."""
VAST: Final = 2_000_000_000_000
"""Pence a year: no single body has so large an income, £20 billion."""
NETS: Final = (*POSITIONS, "savings_unidentified", "cash")
"""Lines that may lie near nil: only a sum far above all the others is told."""


def times(size: float, beside: float) -> int:
    """How many times too large (or, negative, too small) a sum is: a thousand, a million, or nil.

    >>> times(400_000, 390), times(0.4, 390), times(50, 390), times(4e8, 390)
    (1000, -1000, 0, 1000000)
    """
    if not size or not beside:
        return 0
    for power in POWERS:
        if power / NEAR <= size / beside <= power * NEAR:
            return power
        if power / NEAR <= beside / size <= power * NEAR:
            return -power
    return 0


def scale(typed: Typed) -> Iterator[Fault]:
    """Every sum that is about a thousand times its neighbours, once each."""
    told: set[Record] = set()
    for check in (_months, _years, _bodies, _control_totals, _facts, _beyond_income):
        yield from check(typed, told)


def _months(typed: Typed, told: set[Record]) -> Iterator[Fault]:
    """A month beside the other months of its series."""
    for key, rows in typed.series_where(lambda screen: screen.uneven_months(NEAR, THOUSAND)):
        months = by_month(rows) if len(rows) > OTHERS_LEAST else {}
        if len(months) <= OTHERS_LEAST:
            continue
        sizes = {month: abs(row.amount) for month, row in months.items()}
        if not _uneven(sizes.values()):
            continue
        lumpy = key[1] in NETS or key[5] == "non_recurrent" or bool(key[7])
        for month, row in months.items():
            others = [size for other, size in sizes.items() if other != month and size]
            how = _beside(sizes[month], others, lumpy=lumpy, least=OTHERS_LEAST)
            if how:
                beside = max(others) if lumpy else int(median(others))
                told.add(row)
                yield _fault(typed, row, [row], how, beside, "the other months")


def _uneven(sizes: Iterable[int]) -> bool:
    """Whether any could be a thousand times another: most series need no closer look."""
    some = [size for size in sizes if size]
    return bool(some) and max(some) * NEAR >= THOUSAND * min(some)


def _beside(size: int, others: Sequence[int], *, lumpy: bool, least: int) -> int:
    """How many times too large or small a sum is beside others, as `times` says it."""
    if len(others) < least:
        return 0
    if lumpy:
        return max(times(size, max(others)), 0)
    how = times(size, median(others))
    steady = max(others) <= STEADY * min(others)
    return how if how > 0 or steady else 0


def _years(typed: Typed, told: set[Record]) -> Iterator[Fault]:
    """A line's year beside the body's other years and other bases."""
    found: dict[tuple[str, ...], list[list[Amount]]] = {}
    for key, rows in typed.series_where(lambda screen: screen.uneven_years(NEAR, THOUSAND)):
        code, line, _, _, _, recurrence, party, scheme = key
        if not told.intersection(rows):
            found.setdefault((code, line, recurrence, party, scheme), []).append(rows)
    for (_, line, recurrence, _, scheme), statements in found.items():
        if len(statements) < 2:
            continue
        sizes = [_a_month(rows) for rows in statements]
        if not _uneven(sizes):
            continue
        lumpy = line in NETS or recurrence == "non_recurrent" or bool(scheme)
        for place, rows in enumerate(statements):
            others = [size for other, size in enumerate(sizes) if other != place and size]
            how = _beside_years(sizes[place], others, lumpy=lumpy)
            if how:
                told.update(rows)
                beside = int(max(others) if lumpy else median(others))
                yield _fault(
                    typed, rows[0], rows, how, beside, "its other years and bases, a month"
                )


def _beside_years(size: int, others: Sequence[int], *, lumpy: bool) -> int:
    """How many times too large or small a year is; of two, the larger one is told.

    One other year of a line that may lie near nil tells only where it is a thousandth exactly.
    """
    if lumpy and len(others) == 1:
        return THOUSAND if abs(size - THOUSAND * others[0]) * 50 <= size else 0
    how = _beside(size, others, lumpy=lumpy, least=1)
    return how if how > 0 or len(others) > 1 else 0


def _a_month(rows: Sequence[Amount]) -> int:
    """The size of a month of a series, on the average of the months that it covers."""
    filled = fill(rows, months_needed(rows[0].year))
    return abs(filled.pence) // len(filled.months) if filled.months else 0


def _bodies(typed: Typed, told: set[Record]) -> Iterator[Fault]:
    """A body's income beside that of the others of its kind, where none of its size is known."""
    groups: dict[tuple[str, ...], dict[str, list[Amount]]] = {}
    sizes: dict[tuple[str, ...], dict[str, int]] = {}
    for series, rows in typed.series_where(lambda screen: _out_of_size(screen, typed)):
        code, line, year, basis, scenario, *_, scheme = series
        kind = typed.reading.tree.kind(code)
        if line in INCOME_WHOLE and kind in SIZED and not scheme and code not in typed.holed:
            about = (kind, year, basis, scenario)
            groups.setdefault(about, {}).setdefault(code, []).extend(rows)
            sized = sizes.setdefault(about, {})
            sized[code] = sized.get(code, 0) + _a_month(rows)
    for key, bodies in groups.items():
        alike = sizes[key]
        if not _uneven(alike.values()):
            continue
        for code, rows in bodies.items():
            others = [size for other, size in alike.items() if other != code and size]
            beside = int(median(others)) if others else 0
            how = _out_of_kind(alike[code], beside)
            if how and not told.intersection(rows):
                told.update(rows)
                which = f"that of another {key[0]}, a month"
                yield _fault(typed, rows[0], rows, how, beside, which)


def _out_of_size(screen: Screen, typed: Typed) -> Mask:
    """The series of whole incomes, where that of any body is slight or vast; else none."""
    kinds = typed.reading.tree.kind
    sized = screen.table.labels("organisation").mask(
        lambda code: bool(code) and kinds(code) in SIZED
    )
    bare = screen.table.labels("scheme").mask(lambda scheme: not scheme)
    rows = (screen.of_lines(INCOME_WHOLE) & sized & bare)[screen.series.firsts]
    if (rows & screen.mixed).any():
        return rows
    sums = screen.by_statement(rows)
    year = MONTHS * sums
    slight = (year > 0) & (year < SLIGHT)
    return rows if (slight | (year > VAST)).any() else rows & False


def _out_of_kind(size: int, beside: int) -> int:
    """How many times too large or small a body's month is, where no body of its kind has such.

    >>> _out_of_kind(3_500_000, 3_500_000_000), _out_of_kind(350_000_000, 3_500_000_000)
    (-1000, 0)
    """
    slight = 0 < MONTHS * size < SLIGHT and MONTHS * beside > USUAL
    vast = MONTHS * size > VAST > MONTHS * beside > 0
    if not slight and not vast:
        return 0
    power = THOUSAND if max(size, beside) < THOUSAND**1.5 * min(size, beside) else THOUSAND**2
    return power if vast else -power


def _control_totals(typed: Typed, told: set[Record]) -> Iterator[Fault]:
    """A control total beside the plan and the body's other control totals."""
    plans = Plans(typed)
    by_body: dict[str, list[int]] = {}
    for row in typed.control_totals:
        by_body.setdefault(row.organisation, []).append(abs(row.amount))
    for row in typed.control_totals:
        if row.month or not row.amount:
            continue
        plan = plans.surplus(row.organisation, row.year, "plan", row.scenario or "")
        others = [size for size in by_body[row.organisation] if size != abs(row.amount) and size]
        beside = max([abs(plan or 0), *others])
        how = times(abs(row.amount), beside)
        if how > 0 or (how < 0 and plan and times(abs(row.amount), abs(plan)) < 0 and not others):
            yield _fault(typed, row, [row], how, beside, "the plan and its other control totals")


def _facts(typed: Typed, told: set[Record]) -> Iterator[Fault]:
    """A fact beside the same fact of the body in other years, months and bases."""
    found: dict[tuple[str, ...], list[Fact]] = {}
    for row in typed.reading.book.facts:
        key = (row.organisation, row.fact, row.scheme or "", row.group or "", row.unit or "")
        found.setdefault(key, []).append(row)
    for rows in found.values():
        sizes = [abs(row.value) for row in rows]
        if len(rows) <= OTHERS_LEAST or max(sizes) * NEAR < THOUSAND * min(sizes):
            continue
        for place, row in enumerate(rows):
            others = [size for other, size in enumerate(sizes) if other != place and size]
            steady = len(others) >= OTHERS_LEAST and max(others) <= STEADY * min(others)
            how = times(sizes[place], median(others)) if steady else 0
            if how:
                yield _found(
                    typed,
                    row,
                    [row],
                    how,
                    f"{row.fact} of {year_label(row.year)}",
                    f"{row.value:g}",
                    f"{median(others):g}, as the others are",
                )


def _beyond_income(typed: Typed, told: set[Record]) -> Iterator[Fault]:
    """A surplus or deficit of more than half of the income from which it is made."""
    for about_whom, rows in typed.statements_where(lambda screen: screen.beyond_income(POSITIONS)):
        code, year, basis, scenario = about_whom
        if code in typed.holed or told.intersection(rows):
            continue
        if any(row.line in POSITIONS for row in rows):  # then its other lines are detail
            rows = [row for row in rows if row.line in POSITIONS or _of_kind(typed, row, "income")]
        by_period: dict[str, list[Amount]] = {}
        for row in rows:
            by_period.setdefault(row.month or "", []).append(row)
        whole = {series_key(row) for row in rows}
        for some in by_period.values():
            if {series_key(row) for row in some} != whole:
                continue  # what is not told of this period is a hole, not a nil
            about = typed.about(code, year, basis, scenario)
            yield from _half_of_income(typed, some, f"{about}{_of_month(some[0])}")


def _half_of_income(typed: Typed, rows: Sequence[Amount], about: str) -> Iterator[Fault]:
    """One period of a statement: a stated position, else income less cost."""
    used = [row for row in rows if _of_kind(typed, row, "income")]
    received = sum(row.amount for row in used)
    stated = [row for row in rows if row.line in POSITIONS and not row.recurrence]
    costs = [row for row in rows if _of_kind(typed, row, "cost")]
    used += stated or costs
    left = sum(row.amount for row in stated)
    if not stated:
        left = received - sum(row.amount for row in costs)
    whole = any(row.line in INCOME_WHOLE for row in used) if stated else bool(costs)
    if not whole or received <= 0 or 2 * abs(left) <= received:
        return
    if any(row.amount < 0 for row in costs):
        return  # a cost below nil is told by itself
    large = max(used, key=lambda row: (abs(row.amount), row.line))
    yield fault(
        "SCALE",
        large.organisation,
        sorted(used, key=lambda row: row.number),
        message=f"{about}: {money(left)} is left of an income of {money(received)}, more than "
        f"half of it; the largest sum is {large.line}.",
        expected="a surplus or deficit below half of the income",
        found=money(left),
        action="Check the unit and the sign of each row, and whether a line is missing.",
    )


def _of_kind(typed: Typed, row: Amount, kind: str) -> bool:
    line = typed.lines[row.line]
    return line.kind == kind and line.added and not typed.either_sign(row.line)


def _of_month(row: Amount) -> str:
    return f", month {row.month}" if row.month else ""


def _fault(
    typed: Typed, about: Record, rows: Sequence[Record], how: int, beside: int, which: str
) -> Fault:
    line = about.line if isinstance(about, Amount) else "the control total"
    said = typed.about(about.body, about.cell("year"), str(getattr(about, "basis", "") or ""))
    month = _of_month(about) if isinstance(about, Amount) and len(rows) == 1 else ""
    size = sum(row.cell("amount") for row in rows)
    what = f"{said}: {line}{month}"
    return _found(typed, about, rows, how, what, money(size), f"about {money(beside)}, as {which}")


def _found(
    typed: Typed,
    about: Record,
    rows: Sequence[Record],
    how: int,
    what: str,
    found: str,
    expected: str,
) -> Fault:
    size = {1000: "a thousand", 1000**2: "a million"}[abs(how)]
    which = f"{size} times" if how > 0 else f"{size} times less than"
    return fault(
        "SCALE",
        about.body,
        rows,
        message=f"{what} is {found}, about {which} what stands beside it.",
        expected=expected,
        found=found,
        action="Check the unit of the row (£, £k or £m) and the decimal point.",
    )
