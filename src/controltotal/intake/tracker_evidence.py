"""Gates, assessments and people of a savings tracker: what has a day is evidence, the rest is told.

A gate with its day becomes a row of `gates`. A quality or equality assessment needs to say who signed
it, which trackers do not: that it is claimed is told, and nothing is invented.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Final

from controltotal.core.calendar import CalendarError, year_label
from controltotal.core.vocabulary import folded
from controltotal.intake.faults import Fault, Faults
from controltotal.intake.ground import Ground
from controltotal.intake.model import LEFT_OUT, USED, Grid, Head, Left, Read, Row
from controltotal.intake.tracker_columns import Columns
from controltotal.intake.words import PASSED_WORDS
from controltotal.intake.worth import day_of, is_empty, said_of

_GATE: Final = re.compile(r"\bG(?:ate(?:way)?)?\s*-?\s*([0-5])\b", re.IGNORECASE)
_STATUS_WORDS: Final = frozenset(
    ("status", "outcome", "decision", "result", "rag", "state", "y", "n", "yes", "no", "complete")
) | (PASSED_WORDS - {"date"})
_PASSED_SAID: Final = frozenset(
    (
        "passed",
        "pass",
        "approved",
        "yes",
        "y",
        "complete",
        "completed",
        "achieved",
        "signedoff",
        "✓",
    )
)
_NOT_PASSED: Final = "is of a gate that another column does not call passed"
_NOT_SAID: Final = "does not say that a gate is passed"
_FEWER: Final = re.compile(
    r"\b(reduc\w+|sav\w+|releas\w+|remov\w+|cut|cuts|fewer)\b", re.IGNORECASE
)


def evidence_rows(
    columns: Columns,
    rows: Sequence[int],
    ids: Sequence[str],
    read: Read,
    faults: Faults,
    until: date,
) -> Iterator[Row]:
    """The gates that have a day; whatever else claims an assessment is told and left out.

    A day after `until`, the day of the tracker, is when a gate is to be passed, and is no evidence.
    """
    for row in _gates(columns, rows, ids, read, faults):
        if row.cells["on"] <= until.isoformat():
            yield row
            continue
        fault = Fault(
            "IMPORT_UNKNOWN",
            "Gates have a day that is still to come, which is no evidence that they are passed",
            f"a day up to {until.isoformat()}",
            "Nothing; next month's tracker says it, or controltotal act pass.",
            "information",
        )
        place = (row.row, row.columns[-1])
        faults.add(fault, place, row.cells["on"])
        read.mark(row.row, row.columns, LEFT_OUT)
        read.left.append(Left((*place, *place), "a gate still to be passed; told"))


def _gates(
    columns: Columns, rows: Sequence[int], ids: Sequence[str], read: Read, faults: Faults
) -> Iterator[Row]:
    """The gates that have a day; whatever else claims an assessment is told and left out."""
    dates = [h for h in columns.evidence if h.means == "gate_date" and not _GATE.search(h.text)]
    doubtful = _doubtful(columns, rows, read)
    for head in columns.evidence:
        number = _GATE.search(head.text)
        if number and not _to_come(head.text):
            sure = [
                (row, ref)
                for row, ref in zip(rows, ids, strict=True)
                if (number[1], row) not in doubtful
            ]
            unsure = [row for row in rows if (number[1], row) in doubtful]
            _tell(head, read, faults, unsure, _NOT_PASSED)
            yield from _dated(head, f"G{number[1]}", sure, read, faults)
        elif head.means == "gate" and dates:
            yield from _paired(head, dates[0], rows, ids, read, faults)
        elif not (head.means == "gate_date" and any(h.means == "gate" for h in columns.evidence)):
            _tell(head, read, faults, rows)


def _to_come(heading: str) -> bool:
    """Whether a heading of a gate says more than that it was passed, such as `Gate 3 (plan)`.

    >>> _to_come("Gate 3 date"), _to_come("G3"), _to_come("Gate 3 (plan)"), _to_come("G3 review date")
    (False, False, True, True)
    """
    rest = re.findall(r"[a-z]+", _GATE.sub(" ", heading).casefold())
    return not set(rest) <= PASSED_WORDS


def _doubtful(columns: Columns, rows: Sequence[int], read: Read) -> set[tuple[str, int]]:
    """The gates, by number and row, of which another column says anything but that they are passed."""
    grid = read.seen.grid
    found = set()
    for head in read.seen.heads:
        number = _GATE.search(head.text)
        rest = set(re.findall(r"[a-z]+", _GATE.sub(" ", head.text).casefold()))
        if number is None or not rest <= _STATUS_WORDS or _dates_alone(head, rows, grid):
            continue
        for row in rows:
            value = grid.value(row, head.column)
            if is_empty(value) or _day(value) is not None:
                continue
            if folded(said_of(value)) not in _PASSED_SAID:
                found.add((number[1], row))
    return found


def _dates_alone(head: Head, rows: Sequence[int], grid: Grid) -> bool:
    """Whether a column of a gate is its days, with or without words between them."""
    return head.means == "gate_date" and any(_day(grid.value(r, head.column)) for r in rows)


def _dated(
    head: Head, gate: str, sure: Sequence[tuple[int, str]], read: Read, faults: Faults
) -> Iterator[Row]:
    """The gate that a heading names, with the day in each cell."""
    for row, scheme in sure:
        value = read.seen.grid.value(row, head.column)
        if is_empty(value):
            continue
        day = _day(value)
        if day is None:
            _tell(head, read, faults, (row,))
            continue
        read.mark(row, (head.column,), USED)
        cells = {"scheme": scheme, "gate": gate, "on": day.isoformat()}
        yield Row("gates", cells, row, (head.column,))


def _paired(
    head: Head, when: Head, rows: Sequence[int], ids: Sequence[str], read: Read, faults: Faults
) -> Iterator[Row]:
    """The gate in one cell with the day in another."""
    grid = read.seen.grid
    for row, scheme in zip(rows, ids, strict=True):
        text, value = grid.text(row, head.column), grid.value(row, when.column)
        number = _GATE.search(text) or re.fullmatch(r"([0-5])", text)
        day = _day(value)
        if not text and is_empty(value):
            continue
        if number is None or day is None or _to_come(text):
            _tell(head, read, faults, (row,), "" if day is None else _NOT_SAID)
            read.mark(row, (when.column,), LEFT_OUT)
            continue
        columns = (head.column, when.column)
        read.mark(row, columns, USED)
        cells = {"scheme": scheme, "gate": f"G{number[1]}", "on": day.isoformat()}
        yield Row("gates", cells, row, columns)


def _day(value: object) -> date | None:
    """A day in a cell that holds one; None for a number, a word or nothing."""
    if not isinstance(value, str | date):
        return None
    try:
        return day_of(value)
    except CalendarError:
        return None


def _tell(head: Head, read: Read, faults: Faults, rows: Sequence[int], why: str = "") -> None:
    """Tell that a gate or an assessment is claimed without what makes it evidence."""
    at = head.column
    filled = [row for row in rows if not is_empty(read.seen.grid.value(row, at))]
    day = "on which day"
    missing = day if head.means.startswith("gate") else f"who signed it and {day}"
    for row in filled:
        read.mark(row, (at,), LEFT_OUT)
        fault = Fault(
            "IMPORT_UNKNOWN",
            f"“{head.text}” {why or f'does not say {missing}'}, so that it is no evidence",
            "a day" if head.means.startswith("gate") else "the day, and two clinical directors",
            "Record it with its evidence: controltotal act sign, or assess.",
            "information",
        )
        faults.add(fault, (row, at), read.seen.grid.text(row, at)[:40])
    if filled:
        read.left.append(Left((filled[0], at, filled[-1], at), "claimed without evidence; told"))


def people_rows(
    columns: Columns,
    rows: Sequence[int],
    ids: Sequence[str],
    bodies: Sequence[str],
    ground: Ground,
    read: Read,
    faults: Faults,
) -> Iterator[Row]:
    """Posts that a scheme gives up, as facts: fewer people are below nil in the book."""
    for head in columns.wte:
        values = {row: read.seen.grid.value(row, head.column) for row in rows}
        numbers = [v for v in values.values() if isinstance(v, int | float)]
        if not _FEWER.search(head.text) or any(v < 0 for v in numbers):
            _tell_people(head, read, faults, rows)
            continue
        year = head.measure.year or ground.need("year")
        for row, scheme, body in zip(rows, ids, bodies, strict=True):
            value = values[row]
            if not isinstance(value, int | float) or not year:
                continue
            cells = {
                "organisation": body,
                "fact": "workforce",
                "year": year_label(year),
                "month": str(head.measure.number or ""),
                "basis": head.measure.basis or "plan",
                "scheme": scheme,
                "value": f"-{said_of(value)}" if value else "0",
                "unit": "wte",
            }
            read.mark(row, (head.column,), USED)
            yield Row("facts", {k: v for k, v in cells.items() if v}, row, (head.column,))


def _tell_people(head: Head, read: Read, faults: Faults, rows: Sequence[int]) -> None:
    """Tell that a column of people does not say whether there will be fewer or more."""
    at = head.column
    filled = [row for row in rows if not is_empty(read.seen.grid.value(row, at))]
    for row in filled:
        read.mark(row, (at,), LEFT_OUT)
    if filled:
        fault = Fault(
            "IMPORT_UNKNOWN",
            f"“{head.text}” does not say whether its people are fewer or more, and is left out",
            "a heading such as WTE reduction",
            "Head the column WTE reduction where it holds posts that go.",
            "information",
        )
        faults.add(fault, (read.seen.heading[1], at), head.text)
        read.left.append(Left((filled[0], at, filled[-1], at), "people, fewer or more not said"))
