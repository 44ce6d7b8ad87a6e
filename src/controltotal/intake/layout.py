"""Where tables stand on a sheet: headings in one to four rows, a body beneath, others beside it.

A row heads a table where its texts are words of headings, or where numbers stand under its texts.
A table ends at a line that says so, at the headings of another, or with its last row of figures;
what stands around is notes. Headings that are only repeated (on each page) are taken out.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from controltotal.core.finding import FileCell
from controltotal.intake.claims import claims_of
from controltotal.intake.columns import heads_of, with_merged
from controltotal.intake.heads import part_of
from controltotal.intake.lattice import Lattice
from controltotal.intake.model import Grid, Measure, Seen
from controltotal.intake.words import heading_means, is_end, key

_HEADING_ROWS: Final = 4
_LOOKED_DOWN: Final = 12
"""Rows below headings among which the first row of a body must stand."""
_TITLES_MAX: Final = 100
"""Lines without a gap that may stand above headings; what goes on longer is prose."""
_SAMPLE: Final = 300
_FEW: Final = 3
"""Texts of which every one must be known, so that a row of words is not taken for headings."""
_IDENTIFIES: Final = frozenset(
    {"line", "scheme_id", "title", "organisation", "organisation_code", "line_code", "month"}
)


@dataclass(frozen=True, slots=True)
class _Block:
    """Rows of headings, and the last row of the area that they may head."""

    top: int
    bottom: int
    end: int


def tables_in(grid: Grid) -> list[Seen]:
    """Every table of a sheet, from the top down and from the left to the right."""
    wide = max(map(len, grid.cells), default=0)
    if not wide:
        return []
    lattice = Lattice(grid, 0, wide - 1)
    found = list(_tables(lattice, 0, _end_of(lattice)))
    first = min((seen.heading[0] for seen in found), default=0)
    ends = [seen.last for seen in found]
    seen_all = []
    for seen in found:
        above = max((end for end in ends if end < seen.heading[0]), default=-1)
        beside = any(
            other is not seen and other.heading[0] <= seen.last and seen.heading[0] <= other.last
            for other in found
        )
        below = [other.heading[0] for other in found if other.heading[0] > seen.last]
        end = _words_over(grid, min(below)) if below else len(grid.cells)
        claims = claims_of(seen, above + 1, first, beside=beside, end=end)
        seen_all.append(replace(seen, claims=claims))
    return seen_all


def _words_over(grid: Grid, heading: int) -> int:
    """The first of the lines that stand directly over a heading, which are of its table alone."""
    while heading > 0 and heading <= len(grid.cells) and any(_filled(grid, heading - 1)):
        heading -= 1
    return heading


def _filled(grid: Grid, row: int) -> list[bool]:
    return [grid.value(row, column) is not None for column in range(len(grid.cells[row]))]


def _end_of(lattice: Lattice) -> int:
    """The last row that is read: the one before the last line that says nothing but END."""
    for row in range(lattice.height - 1, -1, -1):
        filled = lattice.filled(row)
        if len(filled) == 1 and is_end(lattice.text(row, filled[0])):
            return row - 1
    return lattice.height - 1


def figures_outside(grid: Grid, found: Sequence[Seen]) -> list[FileCell]:
    """Rows of two numbers or more that stand in no table of a sheet: nothing of them is read.

    A line with one number is a title or a page; rows after a line that ends a table are told too.
    """
    inside: dict[int, list[tuple[int, int]]] = {}
    for seen in found:
        for row in range(seen.heading[0], seen.last + 1):
            inside.setdefault(row, []).append((seen.left, seen.right))
    lattice = Lattice(grid, 0, max(map(len, grid.cells), default=1) - 1)
    cells = []
    for row in range(lattice.height):
        spans = inside.get(row, ())
        if any(a == 0 and len(grid.cells[row]) <= b + 1 for a, b in spans):
            continue
        numbers = [
            column
            for column, kind in (lattice.kinds(row) if lattice.has_number(row) else {}).items()
            if kind == "n" and not any(a <= column <= b for a, b in spans)
        ]
        if len(numbers) > 1:
            cells.append(grid.over(row, numbers[0], row, numbers[-1]))
    return cells


def _tables(lattice: Lattice, top: int, bottom: int) -> Iterator[Seen]:
    """The tables between two rows."""
    row, tried = top, 0
    while row <= bottom:
        tried = 0 if lattice.blank(row) else tried + 1
        block = _block_at(lattice, row, bottom) if tried <= _TITLES_MAX else None
        if block is None:
            row += 1
            continue
        tried = 0
        parts = _parts(lattice, block)
        if not parts:
            row = block.bottom + 1
            continue
        if len(parts) == 1:
            seen = _seen(lattice.part(*parts[0]), block)
            yield seen
            row = seen.last + 1
            continue
        end = _until_joined(lattice, block, parts)
        for left, right in parts:
            yield from _tables(lattice.part(left, right), block.top, end)
        row = end + 1


def _block_at(lattice: Lattice, row: int, bottom: int) -> _Block | None:
    """The headings that begin at a row, and no row of theirs above it; None where it heads nothing."""
    if not _heads(lattice, row, bottom):
        return None
    last = row
    while last < min(row + _HEADING_ROWS - 1, bottom) and _goes_on(lattice, last + 1, bottom):
        last += 1
    top = row
    while top > 0 and last - top < _HEADING_ROWS - 1 and _is_above(lattice, top - 1, row):
        top -= 1
    block = _Block(top, last, bottom)
    if _first_below(lattice, last, bottom) is None:
        return None
    if any(lattice.has_number(below) for below in _body_rows(lattice, block)):
        return block
    return block if max(map(lattice.known, range(top, last + 1))) > 2 else None


def _heads(lattice: Lattice, row: int, bottom: int) -> bool:
    """Whether a row heads a table."""
    if lattice.has_number(row):
        return False
    texts = lattice.texts(row)
    if not texts or _is_pair(lattice, row, texts):
        return False
    if len(texts) == 1:
        return lattice.known(row) == 1 and _contrasts(lattice, row, bottom)
    if row < bottom and lattice.known(row + 1) > 2 and _is_title_of_units(lattice, row, texts):
        return False
    known = lattice.known(row)
    if known >= 2 and 2 * known >= len(set(texts.values())):
        return True
    return _contrasts(lattice, row, bottom)


def _is_title_of_units(lattice: Lattice, row: int, texts: dict[int, str]) -> bool:
    """Whether a row over headings is a title with nothing at its right but a unit."""
    first, *others = sorted(texts)
    units = [part_of(texts[column]) for column in others]
    return (
        first <= min(lattice.filled(row + 1))
        and not heading_means(texts[first])
        and all(part.whole and part.measure == Measure(unit=part.measure.unit) for part in units)
    )


def _contrasts(lattice: Lattice, row: int, bottom: int) -> bool:
    """Whether numbers stand under the texts of a row, and texts under or beside its first."""
    below = _first_below(lattice, row, bottom)
    if below is None or not lattice.has_number(below):
        return False
    texts = lattice.texts(row)
    kinds = lattice.kinds(below)
    numbers = [column for column, kind in kinds.items() if kind == "n"]
    headed = [column for column in numbers if column in texts]
    if not headed or 2 * len(headed) < len(numbers) or below - row > 4:
        return False
    if len(headed) > 1 or lattice.known(row):
        first = headed[1] if len(headed) > 1 and headed[0] == min(kinds) else headed[0]
        return any(kind != "n" and column < first for column, kind in kinds.items())
    after = range(below, min(below + 3, bottom + 1))
    return len(after) == 3 and all(lattice.kind(r, headed[0]) == "n" for r in after)


def _first_below(lattice: Lattice, row: int, bottom: int) -> int | None:
    """The first row below that holds figures, or several cells that are no headings."""
    for below in range(row + 1, min(row + _LOOKED_DOWN, bottom) + 1):
        if lattice.has_number(below):
            return below
        texts = lattice.texts(below)
        if len(texts) >= 2 and 2 * lattice.known(below) <= len(texts):
            return below
    return None


def _is_pair(lattice: Lattice, row: int, texts: dict[int, str]) -> bool:
    """Whether a row only says one thing of what is below, as `Unit: | £'000` does."""
    if len(texts) != 2:
        return False
    first, second = texts.values()
    if first.endswith(":"):
        return True
    means, said = heading_means(first), part_of(second).measure
    if means in ("year", "unit", "basis", "month", "period"):
        by_means = {"year": said.year, "unit": said.unit, "basis": said.basis}
        other = means in ("month", "period") and said.span and not said.basis
        return bool(by_means.get(means) or other) and part_of(second).whole
    return False


def _goes_on(lattice: Lattice, row: int, bottom: int) -> bool:
    """Whether a row below headings is of them too: its texts are words of headings.

    Every one of a few; of many, one in four may be a word that nobody knows.
    """
    texts = lattice.texts(row)
    if not texts or lattice.has_number(row) or len(texts) < len(lattice.filled(row)):
        return False
    if len(texts) == 1 and not part_of(texts[max(texts)]).whole:
        return False
    if _spreads(lattice, row, bottom):
        return True
    beyond = max(texts) > min(lattice.filled(row - 1))
    known, every = lattice.known(row), len(set(texts.values()))
    return beyond and (known == every or (known > _FEW and 4 * known >= 3 * every))


def _spreads(lattice: Lattice, row: int, bottom: int) -> bool:
    """Whether a row heads columns at the left of a row of headings too, which so is over blocks of it."""
    upper = lattice.texts(row - 1)
    return (
        min(upper) > min(lattice.texts(row)) + 1
        and set(upper) <= set(lattice.texts(row))
        and _heads(lattice, row, bottom)
        and _is_above(lattice, row - 1, row)
    )


def _is_above(lattice: Lattice, row: int, heading: int) -> bool:
    """Whether a row above headings is of them: words over blocks of columns, and no title."""
    texts = lattice.texts(row)
    if not texts or lattice.has_number(row) or len(texts) < len(lattice.filled(row)):
        return False
    below = lattice.filled(heading)
    if _is_pair(lattice, row, texts) or max(texts) > max(below) or min(texts) < min(below) - 1:
        return False
    if len(texts) > 1:
        return not _is_title(lattice, row, min(below), texts)
    column = next(iter(texts))
    area = lattice.merged.get((row, column))
    body = _first_below(lattice, heading, lattice.height - 1)
    left = min(below + (lattice.filled(body) if body is not None else []))
    if column <= left or (area is not None and area[1] <= left):
        return False
    return area is not None or column > min(below) or part_of(texts[column]).says


def _is_title(lattice: Lattice, row: int, left: int, texts: dict[int, str]) -> bool:
    """Whether a row above headings is a title with remarks at its right: `Trust A … £'000`.

    Its first text stands over the first column, and no other says a basis or a span of its own.
    """
    first, *others = sorted(texts)
    if first > left or len(others) > 2 or any((row, column) in lattice.merged for column in others):
        return False
    said = [part_of(texts[column]) for column in others]
    return all(
        part.whole and not part.measure.basis and (not part.measure.span or part.measure.number)
        for part in said
    )


def _parts(lattice: Lattice, block: _Block) -> list[tuple[int, int]]:
    """The columns of each table that stands beside another under the same rows of headings."""
    headed, body = _columns(lattice, block)
    runs: list[tuple[int, int]] = []
    for column in sorted(headed | body):
        if runs and runs[-1][1] == column - 1:
            runs[-1] = (runs[-1][0], column)
        else:
            runs.append((column, column))
    parts: list[tuple[int, int]] = []
    for left, right in runs:
        columns = set(range(left, right + 1))
        if not columns & headed and not _has_figures(lattice, block, (left, right)):
            continue  # remarks beside the table
        if parts and not _stands_alone(lattice, block, parts[-1], (left, right), headed):
            parts[-1] = (parts[-1][0], right)
        else:
            parts.append((left, right))
    return parts


def _columns(lattice: Lattice, block: _Block) -> tuple[set[int], set[int]]:
    """The columns that have a heading, and those that hold anything beneath, to the next gap."""
    headed: set[int] = set()
    for row in range(block.top, block.bottom + 1):
        for column in lattice.filled(row):
            area = lattice.merged.get((row, column))
            headed |= set(range(column, (area[3] if area else column) + 1))
    body: set[int] = set()
    for row in _body_rows(lattice, block):
        body |= set(lattice.filled(row))
    return {column for column in headed if column <= lattice.right}, body


def _body_rows(lattice: Lattice, block: _Block) -> Iterator[int]:
    """The first rows beneath headings with more than one cell, to the next headings."""
    for row in range(block.bottom + 1, min(block.end, block.bottom + _SAMPLE) + 1):
        filled = lattice.filled(row)
        if row > block.bottom + 1 and lattice.blank(row - 1) and _heads(lattice, row, block.end):
            return
        if filled and is_end(lattice.grid.text(row, filled[0])):
            return
        if len(filled) > 1:
            yield row


def _has_figures(lattice: Lattice, block: _Block, columns: tuple[int, int]) -> bool:
    """Whether numbers stand in some columns beneath headings."""
    part = lattice.part(*columns)
    return any(part.has_number(row) for row in _body_rows(lattice, block))


def _stands_alone(
    lattice: Lattice,
    block: _Block,
    before: tuple[int, int],
    columns: tuple[int, int],
    headed: set[int],
) -> bool:
    """Whether columns after a gap are a table of their own, by labels of their own."""
    part = lattice.part(*columns)
    if columns[0] == columns[1] or not _has_figures(lattice, block, columns):
        return False
    first = columns[0]
    if _has_headings_of(lattice, block, before, columns):
        return True
    kinds = [lattice.kind(row, first) for row in _body_rows(part, block)]
    if 2 * kinds.count("t") <= len(kinds):
        return False
    if first not in headed:
        return True
    if not _has_figures(lattice, block, before):
        return False
    bottom = lattice.grid.text(block.bottom, first)
    return heading_means(bottom) in _IDENTIFIES or key(bottom) in {
        key(lattice.grid.text(block.bottom, column)) for column in range(*before)
    }


def _has_headings_of(
    lattice: Lattice, block: _Block, before: tuple[int, int], columns: tuple[int, int]
) -> bool:
    """Whether columns bear the headings of those before them again, names of what stands there too."""
    row = block.bottom
    first, again = (
        [key(lattice.grid.text(row, column)) for column in range(left, right + 1)]
        for left, right in (before, columns)
    )
    return set(again) <= set(first) and any(
        heading_means(lattice.grid.text(row, column)) in {*_IDENTIFIES, "risk", "kind"}
        and [lattice.kind(r, column) for r in _body_rows(lattice.part(*columns), block)].count("t")
        > 1
        for column in range(columns[0], columns[1] + 1)
    )


def _until_joined(lattice: Lattice, block: _Block, parts: list[tuple[int, int]]) -> int:
    """The last row above which tables beside each other keep their gaps."""
    gaps = [left - 1 for left, _ in parts[1:]]
    for row in range(block.bottom + 1, block.end + 1):
        filled = set(lattice.filled(row))
        if filled & set(gaps) and _heads(lattice, row, block.end):
            return row - 1
    return block.end


def _seen(lattice: Lattice, block: _Block) -> Seen:
    """A table from its headings down, repeated headings taken out and merged labels given to each."""
    last, repeated = _last_row(lattice, block)
    grid = lattice.grid
    if repeated:
        cells = list(grid.cells)
        for row in repeated:
            line = list(cells[row])
            line[lattice.left : lattice.right + 1] = [None] * len(
                line[lattice.left : lattice.right + 1]
            )
            cells[row] = line
        grid = replace(grid, cells=cells)
    first = block.bottom + 1
    while first < last and lattice.blank(first):
        first += 1
    seen = Seen(grid, (block.top, block.bottom), first, last, lattice.left, lattice.right, heads=())
    seen = replace(seen, heads=heads_of(seen))
    return with_merged(seen)


def _last_row(lattice: Lattice, block: _Block) -> tuple[int, set[int]]:
    """The last row of a body, and the rows in it that only repeat its headings."""
    last, repeated = block.bottom, set[int]()
    words: list[int] = []
    gap = False
    body = _Body(lattice, block)
    for row in range(block.bottom + 1, block.end + 1):
        kind = body.kind(row, bool(gap or words))
        if kind == "end":
            break
        if kind == "repeated":
            if any(not _is_page(lattice, other) for other in words):
                break  # a title of its own: another table
            repeated |= {row, *words}
            words = []
        elif kind == "figures" or (kind == "cells" and not gap) or (gap and body.is_row(row)):
            last, gap, words = row, False, []
        elif kind:
            words.append(row)
        else:
            gap = True
    return last, {row for row in repeated if row <= last}


class _Body:
    """What the rows beneath headings are."""

    def __init__(self, lattice: Lattice, block: _Block) -> None:
        self.lattice, self.block = lattice, block
        self.headings = {_line(lattice, row) for row in range(block.top, block.bottom + 1)}
        self.money = any(lattice.has_number(row) for row in _body_rows(lattice, block))
        self.shared = {
            row
            for top, left, bottom, _ in lattice.grid.merged
            if block.bottom < top < bottom and lattice.left <= left <= lattice.right
            for row in range(top + 1, min(bottom, block.end) + 1)
        }

    def kind(self, row: int, apart: bool) -> str:
        """`figures`, `cells`, `words` (one cell), `repeated` headings, the `end`, or nothing.

        `apart` is whether a gap or a line of words stands before it.
        """
        filled = self.lattice.filled(row)
        if not filled:
            return ""
        if len(filled) <= 2 and is_end(self.lattice.grid.text(row, filled[0])):
            return "end"
        if self.lattice.has_number(row) or row in self.shared:
            return "figures"
        if _line(self.lattice, row) in self.headings:
            return "repeated"
        if apart and _is_new(self.lattice, row, self.block.end):
            return "end"
        return "cells" if len(filled) > 1 else "words"

    def is_row(self, row: int) -> bool:
        """Whether a row of words after a gap is of the table: it fills columns as its rows do."""
        filled = self.lattice.filled(row)
        return len(filled) > 2 or (len(filled) > 1 and not self.money)


def _line(lattice: Lattice, row: int) -> tuple[tuple[int, str], ...]:
    """A row as headings compare: its cells by column, folded."""
    return tuple((column, key(lattice.grid.text(row, column))) for column in lattice.filled(row))


def _is_page(lattice: Lattice, row: int) -> bool:
    """Whether a line says no more than that a page goes on."""
    text = key(lattice.grid.text(row, lattice.filled(row)[0]))
    return text.startswith("page") or "continued" in text or text == "contd"


def _is_new(lattice: Lattice, row: int, bottom: int) -> bool:
    """Whether a row in a body, after a gap or a title, is the headings of another table."""
    texts = lattice.texts(row)
    if len(texts) < 2:
        return False
    known = lattice.known(row)
    if known >= 2 and 2 * known >= len(set(texts.values())):
        return True
    return len(texts) >= 3 and _contrasts(lattice, row, bottom)
