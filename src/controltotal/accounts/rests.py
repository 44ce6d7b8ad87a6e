"""Where the numbers of page one and of the organisations come from: the rows of the data, in words.

A figure has a trace, and a cell of a table has what its column means; this is between them: for
each number of the position to date the rows that it is the sum of, with file, row and quotation, or
the organisations whose sum it is. Made only for the bodies of whom the first words are and those
just below them, because a board reads no other number of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise
from typing import Any, Final

from controltotal.accounts.describe import describe
from controltotal.accounts.performance import COLUMNS, PAY
from controltotal.book.fold import Position
from controltotal.core.result import Answer
from controltotal.ledger.block import written_at
from controltotal.workings.month import BASES, Month, ToDate, months_to
from controltotal.workings.plain import by_line

RANGES_MOST: Final = 4
"""Runs of rows that a note names; of more the first, and how many others."""
QUOTED_MOST: Final = 2
"""Sources that a note names."""
Row = dict[str, Any]
Seen = dict[int, tuple[str, int, str] | None]
"""Table, row and source of entries, each looked up once: a number and its parts rest on the same."""


def put_rests(answer: Answer, position: Position, leads: Mapping[str, Mapping[str, Month]]) -> None:
    """The table `rests`: by body, year, line and column, the rows that a number is made of."""
    seen: Seen = {}
    for year, bodies in leads.items():
        done = set[str]()
        for code, month in bodies.items():
            for one in (code, *month.totals.children(code, year)):
                if one not in done:
                    done.add(one)
                    answer.table("rests", _rows(position, month.to_date(one, year), year, seen))
            for line in PAY:
                if line in month.lines(code, year) and not _added_up(month, code, year):
                    told = month.to_date(code, year, line)
                    answer.table("rests", _rows(position, told, year, seen))


def _added_up(month: Month, code: str, year: str) -> bool:
    """Whether a body's lines are sums of those below it in every basis: they name no rows of its own."""
    reached = month.reached(code, year)
    earlier = month.month_before(year, reached) if reached else None
    readings = [month.totals, *([earlier] if earlier else [])]
    return bool(month.totals.children(code, year)) and all(
        by_line(totals, code, year, basis, months_to(1)) is not None
        for totals in readings
        for basis in BASES
    )


def _rows(position: Position, told: ToDate, year: str, seen: Seen) -> list[Row]:
    found = []
    for column in COLUMNS:
        value = getattr(told, column)
        if value.pence is None or not (value.entries or value.inputs):
            continue
        places, said = _places(position, value.entries, seen)
        found.append(
            {
                "organisation": told.organisation,
                "year": year,
                "line": told.line,
                "column": column,
                "places": places,
                "sources": said,
                "parts": [] if value.entries else _bodies(value.inputs, told.organisation),
            }
        )
    return found


def _bodies(inputs: Iterable[str], own: str) -> list[str]:
    """The bodies whose figures a number is the sum of."""
    named = (one.split("/")[1] for one in inputs if one.count("/") >= 3)
    return [code for code in dict.fromkeys(named) if code != own]


def _places(position: Position, entries: Sequence[int], seen: Seen) -> tuple[str, str]:
    """The rows of some entries by table and number, and the sources that they name, with quotations."""
    rows: dict[str, list[int]] = {}
    said: dict[str, None] = {}
    for entry in entries:
        if entry not in seen:
            seen[entry] = written_at(position.entries, entry, "source")
        if place := seen[entry]:
            table, row, source = place
            rows.setdefault(table, []).append(row)
            if source:
                said[source] = None
        elif told := describe(position, entry):
            said[told.get("source", "")] = None
    taken = sum(entry in position.taken for entry in entries)
    parts = [f"{table} {_runs(numbers)}" for table, numbers in rows.items()]
    parts += [f"{taken} rows taken as published"] if taken else []
    return "; ".join(parts), "; ".join(_sources(position, list(said)[:QUOTED_MOST]))


def _sources(position: Position, names: Iterable[str]) -> Iterable[str]:
    """Sources by name in words, each with its quotation where it has one."""
    for name in names:
        source = position.sources.get(name)
        if source is None:
            yield name
            continue
        told = ", ".join(filter(None, (source.title, source.publisher, source.page)))
        yield f"{told}: “{source.quote}”" if source.quote else told


def _runs(numbers: Iterable[int]) -> str:
    """Numbers of rows as runs.

    >>> _runs([7, 3, 4, 5]), _runs([2]), _runs(range(1, 20, 2))
    ('rows 3 to 5 and 7', 'row 2', 'rows 1, 3, 5, 7 and 6 more')
    """
    held = sorted(set(numbers))
    starts = [held[0], *(b for a, b in pairwise(held) if b != a + 1)]
    ends = [*(a for a, b in pairwise(held) if b != a + 1), held[-1]]
    runs = [str(a) if a == b else f"{a} to {b}" for a, b in zip(starts, ends, strict=True)]
    more = len(runs) - RANGES_MOST
    if more > 0:
        left = sum(b - a + 1 for a, b in list(zip(starts, ends, strict=True))[RANGES_MOST:])
        return f"rows {', '.join(runs[:RANGES_MOST])} and {left:,} more"
    word = "row" if len(held) == 1 else "rows"
    return f"{word} {', '.join(runs[:-1])}{' and ' if runs[1:] else ''}{runs[-1]}"
