"""A body and the body that followed it, both stating the same money.

After a merger the accounts of a year are often restated: the new body states the whole of it, and
the old ones' rows stay in the book. Months that both state count twice. Rows of a whole year are
the parts of it in which each stood, unless the successor's is the sum of the others'.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import chain
from typing import Final

from controltotal.book.doubt.typed import POSITIONS, Fault, Statement, Typed, fault
from controltotal.book.periods import fill
from controltotal.book.records import Amount, Succession
from controltotal.book.telling import money
from controltotal.core.calendar import month_of, months_of, year_end, year_of, year_start

WHOLE: Final = frozenset(range(1, 13))
STEPS_TELL: Final = 20
"""A sum of fewer steps of its rounding may equal another by chance."""


@dataclass(frozen=True)
class Merger:
    """A successor, the day on which it followed, and those who ended in it."""

    successor: str
    on: date
    predecessors: tuple[str, ...]


def counted_twice(typed: Typed) -> Iterator[Fault]:
    """Money that a body and its successor both state, and parts of a year that may be so."""
    told: set[Amount] = set()
    for merger in _mergers(typed.reading.book.successions):
        for (_, year, basis, scenario), rows in _of_body(typed, merger.successor):
            own = [row for row in rows if _of_surplus(typed, row)]
            before = [
                [
                    row
                    for row in typed.statements.get((old, year, basis, scenario), ())
                    if _of_surplus(typed, row)
                ]
                for old in merger.predecessors
                if typed.reading.tree.exists(old, year)  # else it is told as outside its dates
            ]
            before = [found for found in before if found]
            if own and before and not told.intersection(own):
                for found in _judge(typed, merger, year, own, before):
                    told.update(own)
                    yield found


def _of_body(typed: Typed, body: str) -> list[tuple[Statement, list[Amount]]]:
    """What one body states."""
    every = typed.statements_where(lambda screen: screen.of_bodies({body}))
    return [(about, rows) for about, rows in every if about[0] == body]


def _mergers(successions: Sequence[Succession]) -> list[Merger]:
    """Who ended in whom: a body that passes on the whole of itself, in parts or at once."""
    passed: dict[str, float] = {}
    for row in successions:
        passed[row.predecessor] = passed.get(row.predecessor, 0.0) + _share(row)
    found: dict[tuple[str, date], list[str]] = {}
    for row in successions:
        if passed[row.predecessor] >= 1 - 1e-9 and row.predecessor != row.successor:
            found.setdefault((row.successor, row.on), []).append(row.predecessor)
    return [Merger(heir, on, tuple(old)) for (heir, on), old in sorted(found.items())]


def _share(row: Succession) -> float:
    return 1.0 if row.share is None else row.share


def _of_surplus(typed: Typed, row: Amount) -> bool:
    """Whether a row is part of a surplus, or states one."""
    return row.line in POSITIONS or typed.lines[row.line].added


def _judge(
    typed: Typed,
    merger: Merger,
    year: str,
    own: Sequence[Amount],
    before: Sequence[Sequence[Amount]],
) -> Iterator[Fault]:
    """What is to be said of one statement of a successor beside those of its predecessors."""
    rows = [*own, *chain(*before)]
    if merger.on > year_end(year):
        # Both stood all year; one that was there before may come to the same few steps by chance.
        if _is_sum(typed, own, before, STEPS_TELL):
            yield _twice(typed, merger, rows, "states the sum of what they state")
        return
    both = _months_of_both(typed, merger, year, own, before)
    if both:
        names = "month " + ", ".join(str(month) for month in sorted(both))
        twice = [row for row in rows if row.month and set(months_of(row.month)) & both]
        yield _twice(typed, merger, twice, f"both state {names}")
        return
    if any(not row.month for row in own):
        yield from _judge_year(typed, merger, year, own, before)


def _judge_year(
    typed: Typed,
    merger: Merger,
    year: str,
    own: Sequence[Amount],
    before: Sequence[Sequence[Amount]],
) -> Iterator[Fault]:
    """The same of a successor that states one figure for the year."""
    theirs = list(chain(*before))
    rows = [*own, *theirs]
    whole_too = any(not row.month for row in theirs)
    if _is_sum(typed, own, before):
        yield _twice(typed, merger, rows, "states the sum of what they state")
    elif year_start(year) >= merger.on:
        if whole_too:
            yield _twice(typed, merger, rows, "both state the whole year")
    elif whole_too or not _stood_before(typed, merger):
        yield _part_years(typed, merger, rows)


def _months_of_both(
    typed: Typed,
    merger: Merger,
    year: str,
    own: Sequence[Amount],
    before: Sequence[Sequence[Amount]],
) -> set[int]:
    """Months that both state, of rows for less than a year.

    One that stood before it took the others over has months of its own before that day.
    """
    shared = _months(own) & _months(list(chain(*before)))
    first = month_of(merger.on) if merger.on > year_start(year) else 1
    if merger.on.day > 1:
        shared -= {first}  # each stood for a part of that month
    if _stood_before(typed, merger):
        shared = {month for month in shared if month >= first}
    return shared


def _months(rows: Sequence[Amount]) -> set[int]:
    return {month for row in rows if row.month for month in months_of(row.month)}


def _stood_before(typed: Typed, merger: Merger) -> bool:
    """Whether a successor was there before it followed: its dates say so, or its money does."""
    body = typed.reading.tree.organisations.get(merger.successor)
    started = [spell.start for spell in body.spells] if body is not None else []
    if any(date.min < start < merger.on for start in started):
        return True
    earlier = year_of(merger.on)
    years = typed.told("organisation", "year")
    return any(code == merger.successor and year < earlier for code, year in years)


def _is_sum(
    typed: Typed,
    own: Sequence[Amount],
    before: Sequence[Sequence[Amount]],
    steps_least: int = 0,
) -> bool:
    """Whether the successor's year is the sum of its predecessors', or that and its own months.

    Line by line, on each line that all of them state; a sum of fewer steps of its rounding than
    `steps_least` tells nothing.
    """
    ours = _by_line(own)
    theirs = [_by_line(rows) for rows in before]
    shared = [line for line in ours if all(line in one for one in theirs)]
    judged = [line for line in shared if any(not row.month for row in ours[line])]
    if not judged or not any(row.amount for line in judged for row in ours[line]):
        return False
    for line in judged:
        parts = [fill(one[line], WHOLE) for one in theirs]
        whole = sum(row.amount for row in ours[line] if not row.month)
        months = [row for row in ours[line] if row.month]
        made = sum(part.pence for part in parts)
        used = (*ours[line], *chain(*(part.rows for part in parts)))
        also = made + sum(row.amount for row in months)
        steps = abs(whole) / max(1, *(typed.precision.step(row) for row in used))
        if steps < steps_least or (steps < STEPS_TELL and whole not in {made, also}):
            return False
        if not any(typed.precision.meets(whole, one, used) for one in {made, also}):
            return False
    return True


def _by_line(rows: Sequence[Amount]) -> Mapping[str, list[Amount]]:
    found: dict[str, list[Amount]] = {}
    for row in rows:
        found.setdefault(row.line, []).append(row)
    return found


def _twice(typed: Typed, merger: Merger, rows: Sequence[Amount], how: str) -> Fault:
    first = rows[0]
    names = _names(typed, merger)
    action = "Remove the rows that repeat, or give the months of each."
    if first.month:
        action = (
            f"Remove the rows that repeat; if {typed.name(merger.successor)} stood before "
            f"{merger.on}, write the day since when in from of the table organisations."
        )
    return fault(
        "COUNTED_TWICE",
        merger.successor,
        rows,
        message=f"{typed.about(merger.successor, first.year, first.basis, first.scenario or '')}: "
        f"it followed {names} on {merger.on}, and {how}: the same money would count twice.",
        expected=f"each month stated once: by {names} before {merger.on}, and by "
        f"{typed.name(merger.successor)} from then on",
        found=money(sum(row.amount for row in rows if row.organisation == merger.successor))
        + " and "
        + money(sum(row.amount for row in rows if row.organisation != merger.successor)),
        action=action,
    )


def _part_years(typed: Typed, merger: Merger, rows: Sequence[Amount]) -> Fault:
    first = rows[0]
    names = _names(typed, merger)
    return fault(
        "PART_YEARS",
        merger.successor,
        rows,
        message=f"{typed.about(merger.successor, first.year, first.basis, first.scenario or '')}: "
        f"it followed {names} and states one figure for the year; what each states is taken as the "
        f"part of it on its own side of {merger.on}.",
        expected="months, or figures for the part of the year in which each stood",
        found="one figure for the year",
        action="Give the months of each, or confirm that no figure holds the whole year.",
    )


def _names(typed: Typed, merger: Merger) -> str:
    return " and ".join(typed.name(old) for old in merger.predecessors)
