"""Savings that a tracker splits by whether they repeat: a column of each, beside what both come to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from controltotal.core.vocabulary import folded
from controltotal.intake.cells import Cells
from controltotal.intake.faults import Fault, Faults
from controltotal.intake.fields import bare
from controltotal.intake.ground import Ground
from controltotal.intake.model import RECONCILED, Check, Head, Read, Seen
from controltotal.intake.sums import Money, pounds
from controltotal.intake.tracker_columns import Columns, ask_heading
from controltotal.intake.worth import ONCE, RECURRENT, exact_of, same, whole

_WORDS: Final[Mapping[str, str]] = {
    **dict.fromkeys(("recurrent", "recurring", "rec", "r", "ofwhichrecurrent"), RECURRENT),
    **dict.fromkeys(("recurrentsavings", "recurrentsaving", "recurrentplan"), RECURRENT),
    **dict.fromkeys(("nonrecurrent", "nonrecurring", "nonrec", "nr", "ofwhichnonrecurrent"), ONCE),
    **dict.fromkeys(("nonrecurrentsavings", "nonrecurrentsaving", "nonrecurrentplan"), ONCE),
}
"""Headings of the two columns, folded and without their units."""


_BOTH: Final = "both"


@dataclass(frozen=True, slots=True)
class Split:
    """What a split says: by scheme whether it repeats, and the sums by kind of a column of money."""

    kinds: Sequence[str] = ()
    """One for each scheme, empty where it repeats in part or nobody says; none without a split."""
    target: int | None = None
    """The column that the parts come to."""
    parts: Mapping[str, Mapping[int, Money]] = field(default_factory=dict)
    """Exact pence by kind and row."""
    columns: Mapping[str, int] = field(default_factory=dict)

    def of(self, column: int, row: int, stated: Money) -> dict[str, Money]:
        """What of a sum repeats and what does not, where both are and come to it; else nothing."""
        if column != self.target or _kind(self.parts, row) != _BOTH:
            return {}
        found = {kind: cells.get(row, 0) for kind, cells in self.parts.items()}
        return found if same(stated, _sum(self.parts, row)) else {}


def split_of(seen: Seen) -> dict[str, Head]:
    """The columns of numbers that split savings into those that repeat and those that do not.

    Nothing where one of the two is missing, or holds words such as yes and no.
    """
    found: dict[str, Head] = {}
    for head in seen.heads:
        kind = _WORDS.get(folded(bare(head.texts[-1]).replace("-", "")), "") if head.texts else ""
        if kind and kind not in found and _holds_numbers(seen, head.column):
            found[kind] = head
    return found if len(found) == len((RECURRENT, ONCE)) else {}


def _holds_numbers(seen: Seen, column: int) -> bool:
    """Whether no cell of a column says a word, and some a number."""
    values = [seen.grid.value(row, column) for row in range(seen.first, seen.last + 1)]
    numbers = sum(isinstance(value, int | float) for value in values)
    words = sum(isinstance(value, str) and value.strip(" -\u2013") != "" for value in values)
    return numbers > words


def settle_split(
    columns: Columns,
    money: Mapping[int, Mapping[int, Money]],
    rows: Sequence[int],
    ground: Ground,
    stored: bool,
    read: Read,
    faults: Faults,
) -> Split:
    """Whether the saving of each scheme repeats, as its split says; nothing where there is no split.

    The parts must come to a column of the year or to the full year effect in most rows; a scheme with
    both parts is of both kinds, which the book says of its sums and not of the scheme, and is told.
    """
    if not columns.split:
        return Split()
    parts = {kind: _read(head, read, ground, stored) for kind, head in columns.split.items()}
    target = _target(columns, money, parts, rows)
    if target is None:
        for head in columns.split.values():
            ask_heading(head, faults)
        return Split()
    _check(target, money[target], parts, rows, read, faults)
    for head in columns.split.values():
        read.mark_rows(rows, (head.column,), RECONCILED)
    found = [_kind(parts, row) for row in rows]
    both = [row for row, kind in zip(rows, found, strict=True) if kind == _BOTH]
    _tell_both(both, target, columns, faults)
    kinds = [kind if kind != _BOTH else "" for kind in found]
    return Split(kinds, target, parts, {kind: h.column for kind, h in columns.split.items()})


def _read(head: Head, read: Read, ground: Ground, stored: bool) -> dict[int, Money]:
    cells = Cells(read.seen.grid, stored=stored)
    unit = head.measure.unit if head.measure.unit.startswith("£") else ground.unit
    found: dict[int, Money] = {}
    for row in range(read.seen.first, read.seen.last + 1) if unit else ():
        pence = cells.pence(row, head.column, unit)
        if isinstance(pence, int):
            found[row] = exact_of(cells, row, head.column, pence)
    return found


def _sum(parts: Mapping[str, Mapping[int, Money]], row: int) -> Money:
    return sum((cells.get(row, 0) for cells in parts.values()), start=0)


def _target(
    columns: Columns,
    money: Mapping[int, Mapping[int, Money]],
    parts: Mapping[str, Mapping[int, Money]],
    rows: Sequence[int],
) -> int | None:
    """The column that the parts come to in more than half of its rows; None where none is."""
    for column in columns.money():
        stated = [row for row in rows if row in money[column]]
        fits = sum(same(money[column][row], _sum(parts, row)) for row in stated)
        if stated and 2 * fits > len(stated):
            return column
    return None


def _check(
    column: int,
    cells: Mapping[int, Money],
    parts: Mapping[str, Mapping[int, Money]],
    rows: Sequence[int],
    read: Read,
    faults: Faults,
) -> None:
    """Hold the column against its parts in every row; what differs is asked."""
    for row in rows:
        if row not in cells:
            continue
        stated, made = whole(cells[row]), whole(_sum(parts, row))
        fits = same(cells[row], _sum(parts, row))
        read.checks.append(
            Check("recurrent and non-recurrent", (row, column), stated if fits else made, stated)
        )
        if not fits:
            fault = Fault(
                "IMPORT_TOTAL",
                f"What repeats and what does not come to {pounds(made)} and not to {pounds(stated)}: a "
                f"difference of {pounds(stated - made)}",
                pounds(made),
                'Mend the cell, or accept the difference by name: --accept "WHO: REASON".',
            )
            faults.add(fault, (row, column), pounds(stated))


def _kind(parts: Mapping[str, Mapping[int, Money]], row: int) -> str:
    """Which part of the saving of a row there is: one, both, or none."""
    there = [kind for kind, cells in parts.items() if cells.get(row)]
    return _BOTH if len(there) > 1 else next(iter(there), "")


def _tell_both(rows: Sequence[int], target: int, columns: Columns, faults: Faults) -> None:
    """Tell schemes that repeat in part, and of which sums the book holds the two parts."""
    split = next((s.text for s in columns.sums if s.column == target), "")
    text = "Schemes repeat in part, which a book cannot say of one scheme: "
    text += f"“{split}” is held in its two parts, and of " if split else "of "
    text += "their other sums it stays unknown" if split else "their sums it stays unknown"
    fault = Fault(
        "IMPORT_UNKNOWN",
        text,
        "a scheme of each kind",
        "Split each into two schemes, one that repeats and one that does not, where it matters.",
        "information" if split else "warning",
    )
    for row in rows:
        faults.add(fault, (row, columns.split[RECURRENT].column))
