"""Rows of a register that say of themselves that they count no more: closed, or in the forecast already.

A risk that is in the forecast would be counted twice beside it. Whether such rows are left out is asked
once for each column, and never assumed; the totals of the file are checked with all its rows.
"""

from __future__ import annotations

from typing import Final

from controltotal.core.money import MoneyError, parse_number
from controltotal.core.vocabulary import folded
from controltotal.intake.choosing import leave
from controltotal.intake.faults import Fault
from controltotal.intake.fields import Field, answered
from controltotal.intake.model import LEFT_OUT, Head, Left
from controltotal.intake.register import is_counted, is_not_counted
from controltotal.intake.sheet import Sheet
from controltotal.intake.worth import said_of

KEEP, LEAVE = "keep", "leave"
_CLOSED: Final = frozenset(
    {"closed", "expired", "withdrawn", "removed", "archived", "crystallised", "materialised"}
)
_NO: Final = frozenset({"n", "no", "false"})
_YES: Final = frozenset({"y", "yes", "true", "included"})


def leave_gone(sheet: Sheet) -> None:
    """Leave out the rows that count no more where the person says so; ask where nobody has."""
    for head in sheet.beside.states:
        words = _YES if is_counted(head) else _NO if is_not_counted(head) else _CLOSED
        grid = sheet.seen.grid
        rows = {r for r in sheet.rows if folded(said_of(grid.value(r, head.column))) in words}
        sums = is_counted(head) and {
            r for r in sheet.rows if _is_sum(said_of(grid.value(r, head.column)))
        }
        rows |= sums or set()
        said = folded(answered(head, sheet.asked.headings) or "")
        leave(sheet.read, Field(head, "", ""), sheet.faults)
        if rows and said == LEAVE:
            _leave_rows(sheet, rows, head)
        elif rows and answered(head, sheet.asked.headings) is None:
            _ask(sheet, rows, head, some=bool(sums))


def _is_sum(text: str) -> bool:
    """Whether a cell says how much of a row the forecast holds, and that is not nil.

    >>> _is_sum("600"), _is_sum("0"), _is_sum("Yes"), _is_sum("")
    (True, False, False, False)
    """
    try:
        return bool(parse_number(text))
    except MoneyError:
        return False


def _leave_rows(sheet: Sheet, rows: set[int], head: Head) -> None:
    seen, read = sheet.seen, sheet.read
    read.rows = [row for row in read.rows if row.row not in rows]
    for row in sorted(rows):
        slots = read.slots[row - seen.first]
        slots[:] = bytes(LEFT_OUT if slot else slot for slot in slots)
        reason = f"“{head.text}” says that it counts no more"
        read.left.append(Left((row, seen.left, row, seen.right), reason))


def _ask(sheet: Sheet, rows: set[int], head: Head, *, some: bool) -> None:
    counted = is_counted(head) or is_not_counted(head)
    count = "a row" if len(rows) == 1 else f"{len(rows)} rows"
    held = (
        "that the forecast holds a sum of it already"
        if some
        else "that the forecast holds it already"
    )
    fault = Fault(
        "IMPORT_HEADING",
        f"“{head.text}” says of {count} " + (held if counted else "that it is closed"),
        "rows that stand beside the forecast",
        f'Leave such rows out: --set "headings.{head.text}={LEAVE}"; or count them '
        f'{"whole " if some else ""}all the same: --set "headings.{head.text}={KEEP}".'
        + (
            " To count only what is left, write that as their value, and import again."
            if some
            else ""
        ),
    )
    for row in rows:
        sheet.faults.add(fault, (row, head.column), sheet.seen.grid.text(row, head.column))
