"""Sums that a file marks otherwise than the book: recurrent here, non-recurrent there, or marked at all.

Whether a sum repeats is part of its key, so that a sum under a new mark would stand beside the old one and
be counted twice. What the same form of file said before is put in its place, and told; what another
hand put is asked about. What a file does not mark keeps the mark of the book (`parts`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from controltotal.book.row_keys import row_key
from controltotal.core.calendar import CalendarError, months_of, parse_month
from controltotal.core.finding import Finding
from controltotal.intake.questions import asked, told
from controltotal.intake.scopes import Cells, Put, amount_words, known_of_row
from controltotal.intake.worth import ONCE
from controltotal.ledger.entries import Entry

_SHOWN: Final = 6
"""Sums that a message names one by one."""
MOST: Final = 1000
"""Cells that a finding names."""
_UNMARKED: Final = "not marked"


@dataclass(slots=True)
class Marked:
    """`gone` are rows of the book that a sum under another mark replaces."""

    gone: list[Entry] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Other:
    """A sum of a file and the rows of the book of the same money under other marks."""

    put: Put
    rows: tuple[Entry, ...]

    @property
    def marks(self) -> str:
        """The marks of the book and that of the file."""
        before = " and ".join(sorted({_mark_words(dict(row.cells)) for row in self.rows}))
        return f"{before}, now {_mark_words(self.put.cells)}"


def marked_otherwise(
    puts: Sequence[Put],
    standing: Iterable[Entry],
    mapped: Mapping[int, str],
    *,
    may_replace: bool,
) -> Marked:
    """The rows of a book that sums of a file would stand beside under another mark, and what is said."""
    of: dict[str, list[Put]] = {}
    for put in puts:
        if _counts(put.table, put.cells):
            of.setdefault(_money(put.cells), []).append(put)
    there = _there(standing, {base for base, some in of.items() if any(map(_is_marked, some))})
    own: list[_Other] = []
    others: list[_Other] = []
    for base, rows in there.items():
        for one in _conflicts(of[base], rows):
            mine = all(
                mapped.get(row.seq) == one.put.mapping
                and known_of_row(dict(row.cells)) <= known_of_row(one.put.cells)
                for row in one.rows
            )
            (own if mine or may_replace else others).append(one)
    found = Marked()
    found.gone = list({row.seq: row for one in own for row in one.rows}.values())
    if own:
        found.findings.append(_changed(own))
    if others:
        found.findings.append(_held(others))
    return found


def _counts(table: str, cells: Cells) -> bool:
    return table == "amounts" and not (cells.get("scheme") or cells.get("scenario"))


def _is_marked(put: Put) -> bool:
    return bool(put.cells.get("recurrence"))


def _there(standing: Iterable[Entry], bases: set[str]) -> dict[str, list[Entry]]:
    """The rows in force of some money."""
    found: dict[str, list[Entry]] = {}
    for entry in standing if bases else ():
        if _counts(entry.table, cells := dict(entry.cells)) and (base := _money(cells)) in bases:
            found.setdefault(base, []).append(entry)
    return found


def _conflicts(puts: Sequence[Put], rows: Sequence[Entry]) -> list[_Other]:
    """Sums under a mark that the book does not have of their months, with the rows under other marks."""
    held = [(_mark(cells := dict(row.cells)), _months(cells), row) for row in rows]
    given = [(_mark(put.cells), _months(put.cells)) for put in puts]
    found = []
    for put in filter(_is_marked, puts):
        own, months = _mark(put.cells), _months(put.cells)
        near = [(mark, at, row) for mark, at, row in held if at & months]
        if any(mark == own for mark, _, _ in near):
            continue
        rest = [
            row
            for mark, at, row in near
            if not any(mark == other and at & span for other, span in given)
        ]
        if rest:
            found.append(_Other(put, tuple(rest)))
    return found


def _money(cells: Cells) -> str:
    """Of what a sum is, whatever its months and its mark."""
    names = ("organisation", "line", "year", "basis", "counterparty")
    return row_key("amounts", {name: cells.get(name, "") for name in names})


def _mark(cells: Cells) -> str:
    return cells.get("recurrence", "")


def _mark_words(cells: Cells) -> str:
    """A mark as people say it.

    >>> _mark_words({"recurrence": "non_recurrent"}), _mark_words({})
    ('non-recurrent', 'not marked')
    """
    return _mark(cells).replace("_", "-") or _UNMARKED


def _months(cells: Cells) -> frozenset[int]:
    try:
        return frozenset(months_of(parse_month(cells.get("month", ""))))
    except CalendarError:
        return frozenset()


def _in_words(some: Sequence[_Other]) -> str:
    """Sums as people say them, those of one line in one word."""
    lines: dict[tuple[str, str, str], list[Cells]] = {}
    for one in some:
        cells = one.put.cells
        lines.setdefault((cells.get("line", ""), cells.get("basis", ""), one.marks), []).append(
            cells
        )
    words = []
    for (_, basis, marks), cells_of in lines.items():
        several = {**cells_of[0], "month": f"{len(cells_of)} periods", "basis": basis}
        words.append(f"{amount_words(cells_of[0] if len(cells_of) == 1 else several)}: {marks}")
    shown = "; ".join(words[:_SHOWN])
    return f"{shown} and {len(words) - _SHOWN} more" if len(words) > _SHOWN else shown


def _changed(some: Sequence[_Other]) -> Finding:
    """What is told of sums whose mark changes: a run rate moves, though the money may not."""
    lost = any(_mark(dict(row.cells)) == ONCE for one in some for row in one.rows)
    number = "1 sum is" if len(some) == 1 else f"{len(some):,} sums are"
    return told(
        "IMPORT_MARKS",
        f"{number} marked otherwise than in the book ({_in_words(some)}): the run rate and the underlying "
        "position move with it, whether the money does or not.",
        [one.put.at for one in some[:MOST]],
        expected="the marks of the book, or a reason for others",
        found=f"{number.removesuffix(' is').removesuffix(' are')} marked otherwise",
        action="Nothing, if the file knows better; else mend the column of the file and import again.",
        severity="warning" if lost else "information",
    )


def _held(some: Sequence[_Other]) -> Finding:
    """The question of sums that another hand put under another mark."""
    number = "1 sum of the file is" if len(some) == 1 else f"{len(some):,} sums of the file are"
    it = "it" if len(some) == 1 else "them"
    return asked(
        "IMPORT_HELD",
        f"{number} marked otherwise than in the book, in which another hand put {it} "
        f"({_in_words(some)}); beside each other they would be counted twice.",
        [one.put.at for one in some[:MOST]],
        expected=_mark_words(dict(some[0].rows[0].cells)),
        found=_mark_words(some[0].put.cells),
        action="Correct the file; or say --set replace=yes to put the file's in place of the book's.",
    )
