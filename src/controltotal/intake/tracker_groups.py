"""What a tracker says once for a block of schemes: a division in the first row, or in a row above.

It is taken for every row of the block where something proves it: a subtotal that names it, a row that
holds nothing but it, or blank cells below each of the words, which then stand once each. What nothing
proves stays empty, and is told.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from controltotal.core.vocabulary import folded
from controltotal.intake.faults import Fault, Faults
from controltotal.intake.labels import total_of
from controltotal.intake.model import Seen
from controltotal.intake.tracker_columns import Columns
from controltotal.intake.tracker_rows import Rows

NAMES: Final = ("directorate", "programme", "service", "category")
"""What a tracker may say once for a block."""

Block = tuple[Sequence[int], str]
"""Rows of schemes between two totals, and the label of the total that closes them."""


def fill_down(rows: Rows, columns: Columns, seen: Seen, faults: Faults) -> None:
    """Give each row of a block what is said once for it, in `rows.filled`; tell what is not proven."""
    for name in NAMES:
        if name not in columns.labels:
            continue
        at = columns.labels[name].at
        said = {row: seen.grid.text(row, at) for row in rows.schemes}
        blank = [row for row, text in said.items() if not text]
        if not blank:
            continue
        firsts = _firsts(rows, columns, seen)
        once = _once_each({row: said[row] for row in dict.fromkeys(firsts.values())})
        once = {row: once[first] for row, first in firsts.items() if first in once}
        found = {**once, **_closed(said, _blocks(rows)), **_headed(rows, seen, at)}
        if name == "directorate" and len(blank) == len(said):
            found = {row: rows.sections[row] for row in blank if rows.sections[row]} | found
        found = {row: found[row] for row in blank if row in found}
        rows.filled |= {(row, at): text for row, text in found.items()}
        if len(blank) < len(said) or found:
            _tell(columns.labels[name].head.text, at, found, blank, faults)


def _blocks(rows: Rows) -> Iterator[Block]:
    """The rows of schemes between totals, each with the label of the total below it."""
    labels = {total.row: total.label for total in rows.totals}
    block: list[int] = []
    for row in sorted((*rows.schemes, *labels)):
        if row not in labels:
            block.append(row)
        else:
            yield block, labels[row]
            block = []


def _closed(said: Mapping[int, str], blocks: Iterator[Block]) -> dict[int, str]:
    """Rows from the last word of a block to the subtotal that names that word."""
    found: dict[int, str] = {}
    for block, label in blocks:
        word, run = "", list[int]()
        for row in block:
            if said[row]:
                word, run = said[row], []
            else:
                run.append(row)
        if word and folded(word) in (folded(label), folded(total_of(label))):
            found |= dict.fromkeys(run, word)
    return found


def _headed(rows: Rows, seen: Seen, at: int) -> dict[int, str]:
    """Rows below one that holds nothing but a word, in the column itself, up to the next total."""
    found: dict[int, str] = {}
    ends = sorted(total.row for total in rows.totals)
    for row, heading in rows.headed.items():
        text = seen.grid.text(heading, at)
        if text and not any(heading < end < row for end in ends):
            found[row] = text
    return found


def _firsts(rows: Rows, columns: Columns, seen: Seen) -> dict[int, int]:
    """By row of a scheme the first of them, where a scheme has a row for each basis or month."""
    names = [columns.labels[name].at for name in ("id", "title") if name in columns.labels]
    found: dict[int, int] = {}
    before: tuple[str, ...] = ()
    first = -1
    for row in rows.schemes:
        now = tuple(seen.grid.text(row, at) for at in names)
        if not rows.part(row) or now != before:
            first = row
        found[row], before = first, now
    return found


def _once_each(said: Mapping[int, str]) -> dict[int, str]:
    """Rows below words of which each stands once and most rows have none; the first row has one."""
    words = [folded(text) for text in said.values() if text]
    first = next(iter(said.values()), "")
    if not first or len(set(words)) < len(words) or 2 * len(words) >= len(said) or len(words) < 2:
        return {}
    found: dict[int, str] = {}
    word = ""
    for row, text in said.items():
        word = text or word
        found[row] = word
    return found


def _tell(
    heading: str, at: int, found: Mapping[int, str], blank: Sequence[int], faults: Faults
) -> None:
    """Tell which rows have what is said once for their block, and of which nothing tells it."""
    taken = Fault(
        "IMPORT_UNKNOWN",
        f"“{heading}” is said once for a block of rows and is taken for all of them",
        "",
        "Nothing, if it is so; else write it in each row.",
        "information",
    )
    empty = Fault(
        "IMPORT_UNKNOWN",
        f"“{heading}” is empty and nothing proves that the word above it holds, so that it stays empty",
        "a word in each row, or a subtotal below its rows that names it",
        f"Write “{heading}” in each row, where it is known.",
        "information",
    )
    for row in blank:
        faults.add(taken if row in found else empty, (row, at), found.get(row, ""))
