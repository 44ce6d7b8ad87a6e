"""The shape of a sheet that is written plainly, as the usual programs do, in a fraction of the time.

Rows and cells are taken by patterns, and every cell must be one that the patterns know whole: where
anything else is met (a prefix, a comment, an error, a formula without a value, a cell out of order),
the sheet is read again by `sheet_shape`, which is the reference and judges. What stands before and
after the rows is always read by that.
"""

from __future__ import annotations

import io
import re
from collections.abc import Mapping
from functools import lru_cache
from itertools import pairwise
from typing import IO, Final

from controltotal.core.errors import BookError
from controltotal.sources.sheet_shape import (
    CELLS_MAX,
    COLUMNS_MAX,
    ROWS_MAX,
    TEXTS,
    SheetShape,
    grown,
    place_of,
    read_shape,
)

_PIECE: Final = 1 << 22
_ROW = re.compile(rb'\s*<row((?:\s+[A-Za-z:0-9]+="[^"<>&]*")*)\s*(/?)>')
_CELL = re.compile(
    rb'\s*<c r="([A-Z]{1,3})([0-9]{1,7})"(?: s="([0-9]+)")?(?: t="([A-Za-z]+)")?'
    rb"(?:/>|>(<v>[^<]*</v>|<is>.*?</is>|<f[ >].*?|)</c>)",
    re.DOTALL,
)
_PREFIX = re.compile(rb"</?[A-Za-z0-9]+:")
_NUMBER = re.compile(rb'\sr="([0-9]{1,7})"')
_HIDDEN = re.compile(rb'\s(?:hidden="(?:1|true)"|ht="0")')
_VALUE = re.compile(rb"<v>[^<]*[^<\s][^<]*</v>$")
_TEXTS: Final = frozenset(kind.encode() for kind in TEXTS)
_DATA, _END = b"<sheetData>", b"</sheetData>"


_Cells = list[tuple[bytes, ...]]


class _NotPlain(Exception):
    """The sheet is written in another way than the patterns know."""


def read_shape_fast(
    file: IO[bytes], styles: Mapping[str, str], where: tuple[str, str]
) -> SheetShape:
    """The shape of one sheet, equal to what `read_shape` gives; `file` can be read again."""
    try:
        return _Plain(styles, where).read(file)
    except _NotPlain:
        file.seek(0)
        return read_shape(file, styles, where)


@lru_cache(maxsize=COLUMNS_MAX)
def _column(letter: bytes) -> int:
    return place_of(letter.decode() + "1")[1]


@lru_cache(maxsize=4096)
def _counted(kinds: tuple[bytes, ...]) -> tuple[int, int, bool]:
    """How many cells of a row are texts, how many days, and whether any is an error."""
    return sum(map(kinds.count, _TEXTS)), kinds.count(b"d"), b"e" in kinds


def _fits(shape: SheetShape, row: int) -> bool:
    """Whether a sheet may reach down to a row, as wide as it is."""
    return shape.filled <= CELLS_MAX and (row + 1) * shape.columns <= CELLS_MAX


class _Plain:
    """One pass over the rows by patterns."""

    def __init__(self, styles: Mapping[str, str], where: tuple[str, str]) -> None:
        self.shape = SheetShape()
        self.styles = {number.encode(): shows for number, shows in styles.items()}
        self.where = where
        self.letters: tuple[bytes, ...] = ()
        self.columns: list[int] = []
        self.row = -1
        self.formulas = True

    def read(self, file: IO[bytes]) -> SheetShape:
        """The whole of a sheet."""
        start = file.read(_PIECE)
        before, found, rest = start.partition(_DATA)
        if not found:
            raise _NotPlain
        after = self._rows(rest, file)
        outside = io.BytesIO(before + _DATA + _END + after + file.read())
        around = read_shape(outside, {}, self.where)
        if around.filled or around.hidden_rows:
            raise _NotPlain  # rows that stand elsewhere
        shape = self.shape
        shape.merged, shape.hidden_columns = around.merged, around.hidden_columns
        return shape

    def _rows(self, data: bytes, file: IO[bytes]) -> bytes:
        """Every row; what stands after them is given back."""
        while True:
            end = data.find(_END)
            whole = data if end < 0 else data[:end]
            at = self._take(whole)
            if end >= 0:
                if whole[at:].strip():
                    raise _NotPlain
                return data[end + len(_END) :]
            piece = file.read(_PIECE)
            if not piece:
                raise _NotPlain
            data = whole[at:] + piece

    def _take(self, data: bytes) -> int:
        """The whole rows at the start of what was read, and where they end."""
        if b"<!" in data or b"<?" in data or _PREFIX.search(data):
            raise _NotPlain
        self.formulas = b"<f" in data
        at = 0
        while match := _ROW.match(data, at):
            start = match.end()
            if match[2]:
                at = start
                self._row(match[1], b"")
                continue
            end = data.find(b"</row>", start)
            if end < 0:
                break
            self._row(match[1], data[start:end])
            at = end + 6
        return at

    def _row(self, attributes: bytes, content: bytes) -> None:
        number = _NUMBER.search(attributes)
        row = int(number[1]) - 1 if number else -1
        if row <= self.row or row >= ROWS_MAX:
            raise _NotPlain
        self.row = row
        if _HIDDEN.search(attributes):
            self.shape.hidden_rows.append(row)
        cells = _CELL.findall(content)
        if len(cells) != content.count(b"<c"):
            raise _NotPlain
        if not cells:
            return
        letters, rows, _, kinds, values = zip(*cells, strict=True)
        if number is None or rows.count(number[1]) < len(rows):
            raise _NotPlain
        if letters != self.letters:
            self._take_letters(letters)
        if all(values):
            self._count(content, cells, cells, kinds)
        elif filled := [cell for cell in cells if cell[4]]:
            self._count(content, cells, filled, tuple(cell[3] for cell in filled))

    def _count(
        self, content: bytes, cells: _Cells, filled: _Cells, kinds: tuple[bytes, ...]
    ) -> None:
        """Count the filled cells of a row, and look at what is not plain of them."""
        shape, row = self.shape, self.row
        shape.filled += len(filled)
        texts, days, errors = _counted(kinds)
        shape.texts += texts
        shape.days += days
        if filled is not cells or self.columns[-1] >= shape.columns or not _fits(shape, row):
            self._grow(cells, len(filled))
        shape.rows = row + 1
        if errors or (self.formulas and b"<f" in content):
            self._formulas(filled)
        if self.styles:
            self._styled(cells)

    def _take_letters(self, letters: tuple[bytes, ...]) -> None:
        """The columns of a row whose cells are other ones than those of the row before."""
        columns = [_column(letter) for letter in letters]
        if any(b <= a for a, b in pairwise(columns)):
            raise _NotPlain
        if columns and columns[-1] >= COLUMNS_MAX:
            raise _NotPlain
        self.letters, self.columns = letters, columns

    def _grow(self, cells: list[tuple[bytes, ...]], filled: int) -> None:
        last = len(cells) - 1
        if filled < len(cells):
            last = max(place for place, cell in enumerate(cells) if cell[4])
        refusal = grown(self.shape, self.row, self.columns[last])
        if refusal:
            file, sheet = self.where
            raise BookError(f"the sheet {sheet} cannot be read: {refusal[0]}", file, refusal[1])

    def _formulas(self, filled: list[tuple[bytes, ...]]) -> None:
        """Formulas must have a value; errors, and what has none, are read by the reference."""
        for _, _, _, kind, content in filled:
            if kind == b"e" or (
                content.startswith(b"<f") and kind != b"str" and not _VALUE.search(content)
            ):
                raise _NotPlain

    def _styled(self, cells: list[tuple[bytes, ...]]) -> None:
        for column, (_, _, style, kind, content) in zip(self.columns, cells, strict=True):
            if content and kind in (b"", b"n") and style in self.styles:
                self.shape.styled[self.row, column] = self.styles[style]
