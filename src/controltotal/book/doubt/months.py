"""Months that are running sums, a year to date that passes for a year, a year that differs.

Accounts are often kept cumulatively: the figure beside December is what April to December came to.
Added up as months they make several times the year. A second figure decides (the year, a year to
date, the control total, the other basis); a steady climb alone only warns, for schemes ramp up.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from fractions import Fraction
from itertools import accumulate, pairwise
from typing import TYPE_CHECKING, Final

from controltotal.book.doubt.typed import (
    POSITIONS,
    Fault,
    SeriesKey,
    Typed,
    by_month,
    fault,
)
from controltotal.book.periods import disagreements, fill, months_needed
from controltotal.book.records import Amount
from controltotal.book.telling import money
from controltotal.core.calendar import months_of, year_end, year_label

if TYPE_CHECKING:
    from controltotal.book.doubt.screen import Mask, Screen

MONTHS: Final = 12
MONTHS_LEAST: Final = 3
"""So many months beside another basis decide; fewer may come so by chance."""
CLIMB_LEAST: Final = 5
"""So many months of a steady climb from April look like a running sum."""
BALANCE: Final = "cash"
"""A balance at the end of a month: neither a running sum nor a part of the year."""

BASES: Final = ("plan", "forecast", "actual")
NETS: Final = (*POSITIONS, "savings_unidentified")
"""Lines that may lie near nil, and double from one month to the next."""
ABOUT: Final = 5
"""Within a fifth is about as much."""

REMEDY: Final = (
    "Write what each {each} came to; or, if all the book's {each}s are running sums, put the setting "
    "months with the value cumulative into the table book (for one source alone, cumulative into "
    "the column months of the table sources); or write the last one alone, with YTD{last} in month "
    "(actuals and plans)."
)
UNDO: Final = (
    "If only some of the book's months are running sums, remove the setting months from the table "
    "book and write cumulative into the column months of the table sources for those alone."
)


def _running(
    typed: Typed, screened: Callable[[Screen], Mask], least: int = MONTHS_LEAST
) -> Iterator[tuple[SeriesKey, list[Amount], dict[int, Amount]]]:
    """Series with so many months, or quarters, that run from April without a gap."""
    for key, rows in typed.series_where(screened):
        if len(rows) < least or key[1] == BALANCE:
            continue
        for parts in (by_month(rows), _by_quarter(rows)):
            if len(parts) >= least and list(parts) == list(range(1, len(parts) + 1)):
                yield key, rows, parts


def _by_quarter(rows: Sequence[Amount]) -> dict[int, Amount]:
    """Rows of one quarter each, by quarter, in order."""
    found = {int(row.month[1:]): row for row in rows if row.month and row.month.startswith("Q")}
    return dict(sorted(found.items()))


def _each(parts: Mapping[int, Amount]) -> tuple[str, int]:
    """What the parts of a series are called, and how many months each of them covers."""
    return ("month", 1) if (parts[1].month or "").isdigit() else ("quarter", 3)


def cumulative(typed: Typed) -> Iterator[Fault]:
    """Months of which a second figure says that they are running sums."""
    for key, rows, parts in _running(typed, lambda screen: screen.running()):
        sums = [row.amount for row in parts.values()]
        if not any(sums):
            continue
        whole = _whole(typed, rows, parts)
        if whole is not None:
            said = f"the figure for {whole.month or 'the year'} is {money(whole.amount)}"
            yield _fault(typed, key, [*parts.values(), whole], sums, said)
            continue
        beside = _other_basis(typed, key, parts)
        if beside is not None:
            said = (
                f"the {beside[0].basis} of the same {_each(parts)[0]}s comes to "
                f"{money(sum(row.amount for row in beside))}"
            )
            both = [*parts.values(), *(beside if _differenced(typed) else ())]
            yield _fault(typed, key, both, sums, said)


def _differenced(typed: Typed) -> bool:
    """Whether the book says that its months are running sums, so that each was differenced."""
    return typed.reading.settings.get("months") == "cumulative"


def _whole(typed: Typed, rows: Sequence[Amount], parts: Mapping[int, Amount]) -> Amount | None:
    """The row of the same time that equals the last month and not the sum of the months."""
    last, made = parts[len(parts)], sum(row.amount for row in parts.values())
    same = tuple(range(1, len(parts) * _each(parts)[1] + 1))
    meets = typed.precision.meets
    for row in rows:
        if (row.month and row.month.isdigit()) or months_of(row.month or "") != same:
            continue
        is_last = row.amount and meets(row.amount, last.amount, (row, last))
        if is_last and not meets(row.amount, made, (row, *parts.values())):
            return row
    return None


def _other_basis(typed: Typed, key: SeriesKey, parts: Mapping[int, Amount]) -> list[Amount] | None:
    """The months of another basis whose running sum these are nearer to, every time.

    Their shape must be that of a running sum too: a level of twice the other basis lies as near to
    the sum of its first two months as a running sum would, and stays there.
    """
    sums = [row.amount for row in parts.values()]
    arranged = by_month if _each(parts)[1] == 1 else _by_quarter
    for other in BASES:
        beside = arranged(_beside(typed, key, other))
        if other == key[3] or not set(range(1, len(sums) + 1)) <= set(beside):
            continue
        single = [beside[month].amount for month in range(1, len(sums) + 1)]
        running = list(accumulate(single))
        apart = list(zip(sums, single, running, strict=True))[1:]
        nearer = all(abs(one - run) < abs(one - month) for one, month, run in apart)
        nearer = nearer and _grows_as(sums, running, single)
        if nearer and 2 * abs(sum(sums) - running[-1]) > abs(running[-1]) > 0:
            return [beside[month] for month in range(1, len(sums) + 1)]
    return None


def _grows_as(sums: Sequence[int], running: Sequence[int], single: Sequence[int]) -> bool:
    """Whether months grow from first to last as their running sums do, rather than as themselves.

    Where a first month is nil nothing tells, and it is taken so.

    >>> _grows_as([134, 268, 402], [67, 134, 201], [67, 67, 67])
    True
    >>> _grows_as([137, 140, 142], [67, 134, 201], [67, 67, 67])
    False
    """
    if not (sums[0] and running[0] and single[0]):
        return True
    grown = Fraction(sums[-1], sums[0])
    as_sums, as_months = Fraction(running[-1], running[0]), Fraction(single[-1], single[0])
    return abs(grown - as_sums) < abs(grown - as_months)


def _beside(typed: Typed, key: SeriesKey, other: str) -> list[Amount]:
    """The same series on another basis."""
    code, line, year, _, scenario, recurrence, party, scheme = key
    return typed.series.get((code, line, year, other, scenario, recurrence, party, scheme), [])


def _fault(
    typed: Typed, key: SeriesKey, rows: Sequence[Amount], sums: Sequence[int], said: str
) -> Fault:
    code, line, year, basis, scenario, *_ = key
    differenced = _differenced(typed)
    how = "do not fit beside those of another basis, each taken less the month before"
    how = how if differenced else "are running sums"
    name = "month" if (rows[0].month or "").isdigit() else "quarter"
    return fault(
        "CUMULATIVE_MONTHS",
        code,
        rows,
        message=f"{typed.about(code, year, basis, scenario)}: the {name}s of {line} {how}: "
        f"{name} {len(sums)} is {money(sums[-1])}, the {name}s add up to {money(sum(sums))}, "
        f"and {said}.",
        expected=f"what each {name} came to by itself",
        found=f"{len(sums)} {name}s that add up to {money(sum(sums))}",
        action=UNDO if differenced else _remedy(name, len(sums)),
    )


def _remedy(name: str, last: int) -> str:
    """What to type, for months or for quarters."""
    return REMEDY.format(each=name, last=last if name == "month" else 3 * last)


def looks_cumulative(typed: Typed) -> Iterator[Fault]:
    """Months that climb steadily from April, with nothing to tell whether they are running sums.

    A few months tell nothing alone: then the last is as much as the others bases give to them all.
    """
    for key, rows, months in _running(typed, lambda screen: screen.climbing(), least=2):
        code, line, year, basis, scenario, _, _, scheme = key
        name, each = _each(months)
        sums = [row.amount for row in months.values()]
        if scheme or not _climbs(sums) or _year_agrees(rows):
            continue
        if (len(sums) < CLIMB_LEAST or each > 1) and not _as_much_as_all(typed, key, months):
            continue
        control = _control_total(typed, key)
        if control is not None and len(sums) == MONTHS and sums[-1] == control != sum(sums):
            said = f"the control total of the year is {money(control)}"
            yield _fault(typed, key, list(months.values()), sums, said)
            continue
        yield fault(
            "LOOKS_CUMULATIVE",
            code,
            list(months.values()),
            message=f"{typed.about(code, year, basis, scenario)}: the {name}s of {line} climb "
            f"steadily from {money(sums[0])} to {money(sums[-1])}, as running sums do; they are "
            f"added up to {money(sum(sums))}.",
            expected=f"what each {name} came to by itself",
            found=f"{len(sums)} {name}s, each above the one before by about the first",
            action=f"Nothing, if each {name} is its own. {_remedy(name, len(sums))}",
        )


def _as_much_as_all(typed: Typed, key: SeriesKey, parts: Mapping[int, Amount]) -> bool:
    """Whether the last of some months is about what another basis gives to all of them together.

    Only of income and cost, which run evenly: a position may double from April to May.
    """
    if key[1] in NETS:
        return False
    last, months = abs(parts[len(parts)].amount), len(parts) * _each(parts)[1]
    for other in BASES:
        filled = fill(_beside(typed, key, other), months_needed(key[2]))
        if other == key[3] or not filled.pence:
            continue
        usual = abs(filled.pence) * months // len(filled.months)
        if ABOUT * abs(last - usual) <= usual:
            return True
    return False


def _climbs(sums: Sequence[int]) -> bool:
    """Whether each month is about the first times its number, as a running sum is.

    >>> _climbs([500, 990, 1510, 2010, 2490]), _climbs([500, 480, 530, 510, 505])
    (True, False)
    """
    first = sums[-1] / len(sums)
    if not first or any(one * first <= 0 for one in sums):
        return False
    steps = [sums[0], *(later - earlier for earlier, later in pairwise(sums))]
    return all(0.4 <= step / first <= 1.8 for step in steps)


def _year_agrees(rows: Sequence[Amount]) -> bool:
    """Whether a coarser row of the series covers the months and is said beside them."""
    return any(len(months_of(row.month or "")) > MONTHS_LEAST for row in rows)


def _control_total(typed: Typed, key: SeriesKey) -> int | None:
    """The control total of a body in a year, where the series is its position."""
    if key[1] not in POSITIONS:
        return None
    found = {
        row.amount
        for row in typed.control_totals
        if (row.organisation, row.year, row.status) == (key[0], key[2], "accepted")
        and not row.month
        and not row.scenario
    }
    return found.pop() if len(found) == 1 else None


def year_not_over(typed: Typed) -> Iterator[Fault]:
    """An actual without a month beside a forecast, while the year is not over."""
    day = typed.reading.reading_date
    for about, rows in typed.statements_where(lambda screen: screen.without_month()):
        code, year, basis, scenario = about
        if basis != "actual" or (code, year, "forecast", scenario) not in typed.statements:
            continue
        whole = [row for row in rows if not row.month and row.line != BALANCE]
        whole = [row for row in whole if row.known is None or row.known <= year_end(year)]
        last = max((max(months_of(row.month)) for row in rows if row.month), default=0)
        by_date = day is not None and day <= year_end(year)
        if not whole or not (by_date or 0 < last < MONTHS):
            continue
        if last == MONTHS:
            continue  # twelve months are there: the year has been told to its end
        why = f"the book is read as at {day}"
        if last:
            why = f"its actuals by month end with month {last}"
        upto = f"YTD{last}" if last else "YTD9 (or the month it reaches)"
        yield fault(
            "YEAR_NOT_OVER",
            code,
            whole,
            message=f"{typed.about(code, year, basis, scenario)}: the actual names no month, which "
            f"says the whole year, beside a forecast of it; {why}.",
            expected=f"a month, or {upto} for a year to date",
            found="nothing in month",
            action=f"Write {upto} in month for the months from April together; if {year_label(year)} "
            f"is over, write the day on which the actual was known in known_on.",
        )


def year_differs(typed: Typed) -> Iterator[Fault]:
    """A year's (or quarter's) row that differs from the finer rows that cover it."""
    for key, rows in typed.series_where(lambda screen: screen.mixed):
        code, line, year, basis, _, _, _, scheme = key
        if line == BALANCE or scheme or len(rows) < MONTHS_LEAST:
            continue
        for coarse, finer, made in (*disagreements(rows), *_part_of_year(typed, rows)):
            if typed.precision.meets(coarse.amount, made, (coarse, *finer)):
                continue
            yield fault(
                "YEAR_DIFFERS_FROM_MONTHS",
                code,
                [coarse, *finer],
                message=f"{line}, {year_label(year)} {basis}: the figure for "
                f"{coarse.month or 'the year'} differs from its parts by "
                f"{money(coarse.amount - made)}.",
                expected=money(made),
                found=money(coarse.amount),
                action="Correct the total or the months; neither is used meanwhile.",
            )


def _part_of_year(
    typed: Typed, rows: Sequence[Amount]
) -> list[tuple[Amount, tuple[Amount, ...], int]]:
    """The whole-year row of a body that stood for some months, beside all of those months.

    Gives what `disagreements` gives: the coarse row, the finer ones and their sum.
    """
    months = by_month(rows)
    whole = [row for row in rows if not row.month]
    if not months or not whole or len(months) == MONTHS:
        return []
    first = rows[0]
    stood = typed.reading.tree.months_stood(first.organisation, first.year, min(months))
    if stood != set(months):
        return []
    finer = tuple(months.values())
    return [(row, finer, sum(one.amount for one in finer)) for row in whole]
