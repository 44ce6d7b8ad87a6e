"""Characters that nobody can see or that an id cannot hold: read on, shown otherwise, and told.

A bell, an escape, a mark that turns the reading direction or a blank without width hides in a name
that was pasted. The row counts as it stands; what shows it puts `�` in its place. A slash divides
the steps of a figure's id, so that a code with one is shown with the sign `∕` (U+2215) instead.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from typing import Final

from controltotal.book.remembered import Remembered, flat
from controltotal.core.finding import Finding, Place
from controltotal.core.legible import HIDDEN, one_line
from controltotal.core.schema import Column, tables
from controltotal.ledger.entries import Entry

PLACES_SHOWN: Final = 10
IN_IDS: Final = frozenset({("organisations", "code"), ("decisions", "decision")})
SLASH: Final = "\u2215"


def is_code(table: str, column: Column) -> bool:
    """Whether a column holds the code of a body or decision, which stands inside figure ids."""
    return column.type in ("organisation", "decision") or (table, column.name) in IN_IDS


def in_id(text: str) -> str:
    """A code as it stands in the id of a figure.

    >>> in_id("A/B"), in_id("QE1")
    ('A∕B', 'QE1')
    """
    return text.replace("/", SLASH)


_Cell = tuple[Place, str]


def odd_characters(entries: Iterable[Entry], parts: Remembered | None = None) -> list[Finding]:
    """One finding for all cells that hold what cannot be seen, and one for codes with a slash."""
    parts = parts or Remembered()
    of_table: dict[str, list[Entry]] = {}
    for entry in entries:
        of_table.setdefault(entry.table, []).append(entry)
    odd = [
        parts.recall(("characters", name), own, _odd_cells, own) for name, own in of_table.items()
    ]
    hidden, slashed = flat(one for one, _ in odd), flat(one for _, one in odd)
    found = []
    if hidden:
        kinds = sorted({letter for _, text in hidden for letter in HIDDEN.findall(text)})
        found.append(
            _finding(
                "UNPRINTABLE",
                hidden,
                "hold characters that cannot be seen or shown; � stands in their place.",
                "text that can be printed",
                ", ".join(_called(letter) for letter in kinds[:PLACES_SHOWN]),
                "Type the text of these cells again, instead of pasting it.",
            )
        )
    if slashed:
        found.append(
            _finding(
                "SLASH_IN_CODE",
                slashed,
                f"hold a code with a slash, which divides the ids of figures; {SLASH} stands there "
                "instead.",
                "a code without a slash",
                ", ".join(dict.fromkeys(one_line(text) for _, text in slashed[:PLACES_SHOWN])),
                "Write the code with a hyphen, in every table that names it.",
            )
        )
    return found


def _odd_cells(entries: Iterable[Entry]) -> tuple[list[_Cell], list[_Cell]]:
    """The cells that hold what cannot be seen, and those with a code that has a slash."""
    hidden: list[_Cell] = []
    slashed: list[_Cell] = []
    for entry in entries:
        said = "".join([text for _, text in entry.cells])
        if said.isprintable() and "/" not in said:
            continue
        columns = tables()[entry.table].columns
        for name, text in entry.cells:
            if not text.isprintable() and HIDDEN.search(text):
                hidden.append((Place(entry.table, entry.row, name, entry.seq), text))
            if "/" in text and name in columns and is_code(entry.table, columns[name]):
                slashed.append((Place(entry.table, entry.row, name, entry.seq), text))
    return hidden, slashed


def _finding(
    code: str,
    cells: list[tuple[Place, str]],
    what: str,
    expected: str,
    shown: str,
    action: str,
) -> Finding:
    places = [place for place, _ in cells]
    named = dict.fromkeys(f"{place.table} row {place.row}" for place in places)
    more = len(named) - PLACES_SHOWN
    where = ", ".join(list(named)[:PLACES_SHOWN]) + (f" and {more:,} more" if more > 0 else "")
    first = places[0]
    return Finding(
        code=code,
        severity="warning",
        organisation="",
        where=where,
        message=f"{len(cells):,} cell{'s' if len(cells) > 1 else ''} {what}"
        if len(cells) > 1
        else f"1 cell {what.replace('hold ', 'holds ', 1)}",
        expected=expected,
        found=shown,
        action=action,
        detail=f"first in the column {first.column}",
        at=tuple(places),
    )


def _called(letter: str) -> str:
    """What a character is called.

    >>> _called("\\u202e"), _called("\\x07")
    ('U+202E RIGHT-TO-LEFT OVERRIDE', 'U+0007')
    """
    return f"U+{ord(letter):04X} {unicodedata.name(letter, '')}".strip()
