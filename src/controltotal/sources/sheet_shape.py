"""What a fast reader of workbooks does not tell: one streaming pass over the XML of a sheet.

Merged areas, hidden rows and columns, formulas that were never calculated, error cells, cells that
stand twice, and numbers shown otherwise than they are stored. Sizes are judged here by the cells
that are filled and by where they stand, before another reader is asked to make room for them; what
a file declares of its own dimensions is not believed, and declarations of entities are refused.

Source: ECMA-376, Office Open XML, part 1, SpreadsheetML.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import IO
from xml.parsers import expat

from controltotal.core.errors import BookError, column_letter

Place = tuple[int, int]
"""A cell by row and column, both counted from nought."""

CELLS_MAX = 10_000_000
"""Filled cells of a workbook, and cells of the rectangle that a sheet spans."""
FAR_AWAY = "delete what stands far from the table, or copy the table alone to a new workbook"
ROWS_MAX = 1_048_576
COLUMNS_MAX = 16_384
_FILLED = frozenset({"v", "f", "is"})
TEXTS = frozenset({"s", "str", "inlineStr"})
_CHUNK = 1 << 20
_NOTHING: list[str] = []
"""Stands for the text of a part of a cell whose text is not needed; never added to."""


@dataclass(slots=True)
class SheetShape:
    """One sheet: places are counted from nought, rows before columns.

    Of its `filled` cells, `texts` hold text (it may be empty), and `days` a date written as such.
    `struck` are cells struck through, of forms other than .xlsx (of that see `struck_cells`).
    """

    merged: list[tuple[int, int, int, int]] = field(default_factory=list)
    hidden_rows: list[int] = field(default_factory=list)
    hidden_columns: list[tuple[int, int]] = field(default_factory=list)
    untold: dict[Place, str] = field(default_factory=dict)
    repeated: dict[Place, int] = field(default_factory=dict)
    styled: dict[Place, str] = field(default_factory=dict)
    struck: set[Place] = field(default_factory=set)
    filled: int = 0
    texts: int = 0
    days: int = 0
    rows: int = 0
    columns: int = 0


def place_of(address: str) -> Place:
    """The place of an address; an address that no spreadsheet has is refused with ValueError.

    >>> place_of("A1"), place_of("XFD1048576")
    ((0, 0), (1048575, 16383))
    """
    match = re.fullmatch(r"\$?([A-Za-z]{1,3})\$?([0-9]{1,7})", address)
    if match is None:
        raise ValueError(address)
    column = 0
    for letter in match[1].upper():
        column = column * 26 + ord(letter) - 64
    row = int(match[2])
    if not (0 < row <= ROWS_MAX and column <= COLUMNS_MAX):
        raise ValueError(address)
    return row - 1, column - 1


def address_of(place: Place) -> str:
    """The address of a place.

    >>> address_of((1048575, 16383))
    'XFD1048576'
    """
    return f"{column_letter(place[1])}{place[0] + 1}"


def new_parser(start: Callable[[str, dict[str, str]], None]) -> expat.XMLParserType:
    """A parser that calls `start` at each element; a document that declares a type is refused."""
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler = start

    def refuse(*_: object) -> None:
        raise ValueError("the file declares a document type or entities")

    parser.StartDoctypeDeclHandler = refuse
    parser.EntityDeclHandler = refuse
    return parser


def feed(parser: expat.XMLParserType, file: IO[bytes]) -> None:
    """Read a file to its end in pieces."""
    while piece := file.read(_CHUNK):
        parser.Parse(piece, False)
    parser.Parse(b"", True)


def read_shape(file: IO[bytes], styles: Mapping[str, str], where: tuple[str, str]) -> SheetShape:
    """The shape of one sheet; `styles` gives the number formats to look for, by number of style.

    `where` is the workbook and the sheet, for a refusal.
    """
    reading = _Reading(styles, where)
    feed(reading.parser, file)
    reading.end_cell()
    return reading.shape


def grown(shape: SheetShape, row: int, column: int) -> tuple[str, str] | None:
    """Let a shape span a cell too; where that is too much, what to say and what to do."""
    shape.rows, shape.columns = max(shape.rows, row + 1), max(shape.columns, column + 1)
    if shape.filled <= CELLS_MAX and shape.rows * shape.columns <= CELLS_MAX:
        return None
    what = (
        f"a cell at {address_of((row, column))} makes it span {shape.rows:,} rows and "
        f"{shape.columns:,} columns, more than {CELLS_MAX:,} cells"
    )
    return what, FAR_AWAY


class _Reading:
    """One pass: the cell that is open, and what it has shown so far."""

    def __init__(self, styles: Mapping[str, str], where: tuple[str, str]) -> None:
        self.shape = SheetShape()
        self.styles, self.where = styles, where
        self.parser = new_parser(self.start)
        self.row, self.column = -1, -1
        self.attributes: dict[str, str] = {}
        self.has: dict[str, list[str]] = {}
        self.seen: set[int] = set()
        self.taking = False
        self.row_text = ""
        self.letters: dict[str, int] = {}
        self.elements: dict[str, Callable[[dict[str, str]], None]] = {
            "row": self._row,
            "c": self._cell,
            "col": self._col,
            "mergeCell": self._merge,
        }

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """An element opens; what is inside a cell says whether it is filled."""
        local = name if name in _FILLED or name in self.elements else name.rpartition(":")[2]
        if local in _FILLED:
            if local == "f" or "f" in self.has or self.attributes.get("t") == "e":
                parts = self.has.setdefault(local, [])
                self.parser.CharacterDataHandler = parts.append
                self.taking = True
            else:
                self.has[local] = _NOTHING
            return
        handle = self.elements.get(local)
        if handle is not None:
            if self.taking:
                self.parser.CharacterDataHandler, self.taking = None, False
            handle(attributes)

    def _row(self, attributes: dict[str, str]) -> None:
        self.end_cell()
        number = attributes.get("r", "")
        row = int(number) - 1 if number.isdigit() else self.row + 1
        if row <= self.row:
            raise self._refusal(f"row {row + 1} stands twice or out of order")
        self.row, self.column, self.seen = row, -1, set()
        self.row_text = str(row + 1)
        if attributes.get("hidden") in ("1", "true") or attributes.get("ht") == "0":
            self.shape.hidden_rows.append(row)

    def _cell(self, attributes: dict[str, str]) -> None:
        self.end_cell()
        self.attributes = attributes
        address = attributes.get("r")
        if address is None:
            self.column += 1
            return
        letters = address[: -len(self.row_text)]
        known = self.letters.get(letters) if address.endswith(self.row_text) else None
        self.column = self._column(address, letters) if known is None else known

    def _column(self, address: str, letters: str) -> int:
        """The column of an address seen for the first time, which must be in the open row."""
        try:
            row, column = place_of(address)
        except ValueError:
            raise self._refusal(f"a cell has the address {address[:20]!r}") from None
        if row != self.row:
            raise self._refusal(f"row {self.row + 1} holds the cell {address_of((row, column))}")
        self.letters[letters] = column
        return column

    def end_cell(self) -> None:
        """Note what the cell that was open has shown."""
        has, attributes = self.has, self.attributes
        self.has, self.attributes = {}, {}
        if not has:
            return
        shape, column = self.shape, self.column
        shape.filled += 1
        if column >= shape.columns or self.row >= shape.rows or shape.filled > CELLS_MAX:
            self._grow(column)
        place = (self.row, column)
        if column in self.seen:
            shape.repeated[place] = shape.repeated.get(place, 1) + 1
        self.seen.add(column)
        kind = attributes.get("t", "n")
        if kind == "e":
            shape.untold[place] = "".join(has.get("v", ())).strip() or "#VALUE!"
        elif "f" in has and kind != "str" and not "".join(has.get("v", ())).strip():
            shape.untold[place] = "=" + ("".join(has["f"]).strip() or "(a formula)")
        elif kind in TEXTS:
            shape.texts += 1
        elif kind == "d":
            shape.days += 1
        elif kind == "n" and attributes.get("s") in self.styles:
            shape.styled[place] = self.styles[attributes["s"]]

    def _grow(self, column: int) -> None:
        """A cell outside the rectangle so far: what that now spans, refused where it is too much."""
        refusal = grown(self.shape, self.row, column)
        if refusal:
            raise self._refusal(refusal[0])

    def _col(self, attributes: dict[str, str]) -> None:
        if attributes.get("hidden") in ("1", "true") or attributes.get("width") == "0":
            first, last = int(attributes.get("min", "1")), int(attributes.get("max", "1"))
            self.shape.hidden_columns.append((first - 1, last - 1))

    def _merge(self, attributes: dict[str, str]) -> None:
        first, _, last = attributes.get("ref", "").partition(":")
        try:
            (top, left), (bottom, right) = place_of(first), place_of(last or first)
        except ValueError:
            raise self._refusal("a merged area has no place") from None
        self.shape.merged.append((top, left, bottom, right))

    def _refusal(self, what: str) -> BookError:
        file, sheet = self.where
        return BookError(f"the sheet {sheet} cannot be read: {what}", file, FAR_AWAY)
