"""Money that one table states whole and another by whether it repeats: recurrent and non-recurrent.

A run rate on one sheet and its underlying view on another tell one sum twice, and a book would add them.
Where the parts make the whole to the penny they go in, and the whole is checked by them and left out.
Months beside parts of their year are asked about, since the book would lose either the months or the marks.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from controltotal.book.doubt.typed import POSITIONS
from controltotal.book.row_keys import row_key
from controltotal.core.calendar import CalendarError, months_of, parse_month
from controltotal.core.finding import Finding
from controltotal.core.money import signed_pounds
from controltotal.intake.model import Check, Read
from controltotal.intake.questions import asked, told
from controltotal.intake.told_rows import Told, drop, named_table
from controltotal.intake.worth import ONCE, RECURRENT

_MOST: Final = 1000
"""Cells that a finding names."""
_SHOWN: Final = 4
"""Lines that a message names one by one."""
_OF: Final = ("organisation", "line", "year", "basis", "scenario", "counterparty", "scheme")


@dataclass(slots=True)
class _Found:
    """What was found of one file: wholes that their parts make, that they do not make, and what is open."""

    proven: list[tuple[Told, list[Told]]] = field(default_factory=list)
    months: list[Told] = field(default_factory=list)
    """Months of a forecast whose year is told by its parts."""
    apart: list[tuple[Told, list[Told], Check]] = field(default_factory=list)
    open: list[tuple[list[Told], list[Told]]] = field(default_factory=list)
    actuals: dict[str, list[Told]] = field(default_factory=dict)


def wholes_and_marks(reads: Sequence[Read]) -> list[Finding]:
    """Settle sums that one table marks as recurrent or not and another states without a mark."""
    found = _Found()
    groups: dict[str, list[Told]] = {}
    for one in (Told(read, row) for read in reads for row in read.rows if row.table == "amounts"):
        groups.setdefault(_of(one.row.cells), []).append(one)
        if one.row.cells.get("basis") == "actual" and not _mark(one):
            found.actuals.setdefault(_of({**one.row.cells, "basis": ""}), []).append(one)
    for rows in groups.values():
        marked = [one for one in rows if _mark(one)]
        tables = {id(one.read) for one in marked}
        plain = [one for one in rows if not _mark(one) and id(one.read) not in tables]
        if marked and plain and rows[0].row.cells.get("line") not in POSITIONS:
            _settle(plain, marked, found)
    return list(_said(found))


def _settle(plain: Sequence[Told], marked: Sequence[Told], found: _Found) -> None:
    """One line of a body and year, stated without marks and with them."""
    spans: dict[frozenset[int], list[Told]] = {}
    for one in marked:
        spans.setdefault(_span(one), []).append(one)
    wholes = [one for one in plain if (some := _within(_span(one), spans)) and _has_all(one, some)]
    for one in wholes:
        parts = _within(_span(one), spans)
        check = Check(one.row.cells["line"], one.place, sum(p.pence for p in parts), one.pence)
        one.read.checks.append(check)
        if check.agrees:
            found.proven.append((one, parts))
        elif _marks_of(parts[0].read) < {RECURRENT, ONCE}:
            found.open.append(([one], parts))
        else:
            found.apart.append((one, parts, check))
    taken = {id(one) for one in wholes}
    rest = [one for one in plain if id(one) not in taken]
    for span, parts in spans.items():
        over = [one for one in rest if _span(one) & span]
        if not over:
            continue
        if any(_span(one) == span for one in wholes) and _is_rest(over, span):
            found.months += over
        elif _makes(over, parts, found.actuals):
            found.proven.append((over[0], parts))
            found.months += over[1:]
        else:
            found.open.append((over, parts))


def _within(span: frozenset[int], spans: Mapping[frozenset[int], Sequence[Told]]) -> list[Told]:
    """The marked rows of a time: those of all of it, else those of the months that make it."""
    if span in spans:
        return list(spans[span])
    inside = [one for one in spans if one < span]
    if sum(map(len, inside)) != len(span) or frozenset[int]().union(*inside) != span:
        return []
    return [row for one in inside for row in spans[one]]


def _has_all(one: Told, parts: Sequence[Told]) -> bool:
    """Whether marked rows are all of one table, which is another than that of the whole."""
    return len({id(part.read) for part in parts} | {id(one.read)}) == 2


def _is_rest(over: Sequence[Told], span: frozenset[int]) -> bool:
    """Whether rows are the months of a forecast to come, and not all of its year."""
    covered = frozenset[int]().union(*map(_span, over))
    return over[0].row.cells.get("basis") == "forecast" and covered < span


def _makes(
    over: Sequence[Told], parts: Sequence[Told], actuals: Mapping[str, Sequence[Told]]
) -> bool:
    """Whether months of a forecast and the actual ones before them come to the parts of its year."""
    span = _span(parts[0])
    if not _is_rest(over, span):
        return False
    before = [
        one
        for one in actuals.get(_of({**over[0].row.cells, "basis": ""}), ())
        if _span(one) and not any(_span(one) & _span(month) for month in over)
    ]
    rows = [*over, *before]
    fits = sum(len(_span(one)) for one in rows) == len(span)
    return fits and sum(one.pence for one in rows) == sum(one.pence for one in parts)


def _of(cells: Mapping[str, str]) -> str:
    return row_key("amounts", {name: cells.get(name, "") for name in _OF})


def _mark(one: Told) -> str:
    return one.row.cells.get("recurrence", "")


def _marks_of(read: Read) -> set[str]:
    return {row.cells.get("recurrence", "") for row in read.rows} - {""}


def _span(one: Told) -> frozenset[int]:
    try:
        return frozenset(months_of(parse_month(one.row.cells.get("month", ""))))
    except CalendarError:
        return frozenset()


# -- what is said of it ----------------------------------------------------------------------------


def _said(found: _Found) -> Iterator[Finding]:
    """What is told and asked; wholes that their parts make, or that differ, are left out."""
    if found.open:
        yield _open(found.open)
        return
    yield from filter(None, [_differ(found)])
    if found.proven and not found.apart:
        yield _proven(found)


def _proven(found: _Found) -> Finding:
    whole, parts = found.proven[0]
    there, here = named_table(parts[0].read), named_table(whole.read)
    why = f"its recurrent and non-recurrent money on {there} makes it, and counts in its place"
    _leave(found, why)
    rest = ""
    if found.months:
        rest = " The months to come of that forecast are left out too: their year is told by its parts."
    return told(
        "IMPORT_LEFT",
        f"{len(found.proven):,} sums of {here} are told by their recurrent and non-recurrent money on "
        f"{there} to the penny; the parts count, and the whole checks them.{rest}",
        [one.cell for one, _ in found.proven[:_MOST]],
        expected="each sum once",
        found="a whole beside its parts",
    )


def _leave(found: _Found, why: str) -> None:
    drop((one, why) for one, _ in found.proven)
    months = sorted(found.months, key=lambda one: (one.place[1], one.place[0]))
    drop((one, f"a month of a forecast; of its year {why}") for one in months)


def _differ(found: _Found) -> Finding | None:
    """Wholes that their parts do not make, which a named person may accept: the parts then count."""
    if not found.apart:
        return None
    first, parts, check = found.apart[0]
    here, there = named_table(first.read), named_table(parts[0].read)
    shown = [
        f"{one.row.cells['line'].replace('_', ' ')} by {signed_pounds(c.difference)}"
        for one, _, c in found.apart[:_SHOWN]
    ]
    more = len(found.apart) - len(shown)
    words = ", ".join(shown) + (f" and {more} more" if more else "")
    cells = [cell for one, some, _ in found.apart for cell in (one.cell, *(p.cell for p in some))]
    why = f"told by its recurrent and non-recurrent money on {there}"
    _leave(found, why)
    drop((one, why) for one, _, _ in found.apart)
    return asked(
        "IMPORT_TOTAL",
        f"{len(found.apart):,} sums of {here} differ from their recurrent and non-recurrent money on "
        f"{there}: {words}.",
        cells[:_MOST],
        expected=signed_pounds(check.expected),
        found=signed_pounds(check.found),
        action=f"Correct the sheet that is wrong; or read one alone: {_either(first, parts)}; or let a "
        'named person accept it, and the parts count: --accept "WHO: REASON".',
    )


def _open(open_: Sequence[tuple[list[Told], list[Told]]]) -> Finding:
    """The question of marked money beside other money of the same time that it is no whole or part of."""
    over, parts = open_[0]
    here, there = named_table(over[0].read), named_table(parts[0].read)
    marks = {mark for _, some in open_ for one in some if (mark := _mark(one))}
    words = " and ".join(sorted(mark.replace("_", "-") for mark in marks)[::-1])
    cells = [one.cell for some, of in open_ for one in (*some, *of)]
    return asked(
        "IMPORT_VERSIONS",
        f"{there} tells {words} money of {len(open_):,} sums that {here} states without a mark, for other "
        "months or as a whole: beside each other the book would count that money twice.",
        cells[:_MOST],
        expected="each sum once, by its months or by whether it repeats",
        found=f"{_value(over)} beside {_value(parts)}",
        action=f"Say which counts: {_either(over[0], parts)}.",
    )


def _value(rows: Sequence[Told]) -> str:
    cells = rows[0].row.cells
    months = [one.row.cells.get("month", "") or "the year" for one in rows]
    each = list(dict.fromkeys(months))
    when = each[0] if len(each) == 1 else f"{each[0]} to {each[-1]}"
    line = cells["line"].replace("_", " ")
    mark = cells.get("recurrence", "") and " by whether it repeats"
    return f"{line} of {when}{mark} {signed_pounds(sum(one.pence for one in rows))}"


def _either(whole: Told, parts: Sequence[Told]) -> str:
    """What keeps the one and what keeps the other: a heading answered with nothing, or a sheet named."""
    here, there = whole.read.seen.grid.sheet, parts[0].read.seen.grid.sheet
    heads = [head.text for head in parts[0].read.seen.heads if head.mark]
    found = []
    if heads:
        sets = " ".join(f'--set "headings.{text}="' for text in dict.fromkeys(heads))
        found.append(f"{sets} leaves the marks out and keeps what is whole")
    elif here and here != there:
        found.append(f'--sheet "{here}" keeps what is whole')
    if there and here != there:
        found.append(f'--sheet "{there}" keeps the marks')
    return ", ".join(found) or "take one of the two out of the file"
