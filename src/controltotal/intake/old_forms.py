"""What the fast reader does not tell of .ods and .xlsb: sizes before it makes room, and shapes.

Sources: OASIS OpenDocument 1.3, part 3; [MS-XLSB] 2.1.4, 2.4 (records of a sheet).
"""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from pathlib import Path
from posixpath import normpath
from struct import unpack_from
from typing import Final
from xml.parsers import expat

from controltotal.core.errors import BookError
from controltotal.sources.cell_formats import PERCENT, SCALED
from controltotal.sources.sheet_shape import CELLS_MAX, FAR_AWAY, SheetShape, feed, new_parser

ERRORS: Final = {
    0x00: "#NULL!",
    0x07: "#DIV/0!",
    0x0F: "#VALUE!",
    0x17: "#REF!",
    0x1D: "#NAME?",
    0x24: "#NUM!",
    0x2A: "#N/A",
}
"""The errors of a cell by their codes, in both binary forms."""
_ROW, _BLANK, _ERROR, _FORMULA_ERROR, _LAST_CELL = 0, 1, 3, 11, 11
_COLUMNS, _SHEET, _MERGED = 60, 156, 176
_FONT, _FORMAT, _CELL_FORMATS, _FORMATS_END = 43, 47, 617, 618
_STRIKEOUT: Final = 0x08
_LIKE: Final = 1000
"""Cells alike and repeated whose strike is noted."""
_LINES: Final = ("style:text-line-through-style", "style:text-line-through-type")


def ods_shape(path: Path) -> dict[str, SheetShape]:
    """The shape of each sheet of an .ods by its title."""
    reading = _Ods(path.name)
    with zipfile.ZipFile(path) as archive:
        for part in ("styles.xml", "content.xml"):
            if part in archive.namelist():
                with archive.open(part) as file:
                    feed(reading.parser_of(), file)
    return reading.shapes


class _Ods:
    """One pass over the tables of a document; places run on by what is repeated."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.shapes: dict[str, SheetShape] = {}
        self.shape = SheetShape()
        self.row, self.column, self.rows_more = 0, 0, 0
        self.format = ""
        self.scaled: set[str] = set()
        self.style, self.struck, self.whole = "", set[str](), ""
        self.defaults: list[tuple[int, str]] = []
        self.cell: tuple[int, dict[str, str]] | None = None

    def parser_of(self) -> expat.XMLParserType:
        """A parser for one of its parts."""
        parser = new_parser(self.start)
        parser.EndElementHandler = self.end
        return parser

    def start(self, name: str, said: dict[str, str]) -> None:
        """An element opens."""
        local = name.rpartition(":")[2]
        if local in ("number-style", "currency-style"):
            self.format = said.get("style:name", "")
        elif local == "number" and said.get("number:display-factor", "1") != "1":
            self.scaled.add(self.format)
        elif local == "style":
            self._style(said)
        elif name == "style:text-properties" and self.style and _strikes(said) is not None:
            (self.struck.add if _strikes(said) else self.struck.discard)(self.style)
        elif name == "table:table":
            self.shape = self.shapes.setdefault(said.get("table:name", ""), SheetShape())
            self.row = self.column = self.rows_more = 0
            self.defaults = []
        elif name == "table:table-column":
            self._columns(said)
        elif name == "table:table-row":
            self.column, self.rows_more = 0, _times(said, "rows")
            self.whole = said.get("table:default-cell-style-name", "")
            if said.get("table:visibility", "visible") != "visible" and self.rows_more < 10_000:
                self.shape.hidden_rows += range(self.row, self.row + self.rows_more)
        elif name in ("table:table-cell", "table:covered-table-cell"):
            self._cell(said)

    def end(self, name: str) -> None:
        """A row ends: the next one stands below all its repetitions."""
        if name == "table:table-row":
            self.row += self.rows_more
        elif name == "table:table":
            self.column = 0

    def _style(self, said: dict[str, str]) -> None:
        """A style begins: it is struck through where the one is that it is made from."""
        self.style = said.get("style:name", "")
        if said.get("style:data-style-name") in self.scaled:
            self.scaled.add(self.style)
        if said.get("style:parent-style-name") in self.struck:
            self.struck.add(self.style)

    def _style_of(self, said: dict[str, str], column: int) -> str:
        """The style of a cell: its own, else that of its row, else that of its column."""
        usual = next((style for last, style in self.defaults if column <= last), "")
        return said.get("table:style-name") or self.whole or usual

    def _columns(self, said: dict[str, str]) -> None:
        times = _times(said, "columns")
        self.defaults.append(
            (self.column + times - 1, said.get("table:default-cell-style-name", ""))
        )
        if said.get("table:visibility", "visible") != "visible":
            self.shape.hidden_columns.append((self.column, self.column + times - 1))
        self.column += times

    def _cell(self, said: dict[str, str]) -> None:
        times, shape = _times(said, "columns"), self.shape
        place = (self.row, self.column)
        self.column += times
        down = int(said.get("table:number-rows-spanned", "1"))
        across = int(said.get("table:number-columns-spanned", "1"))
        if (down, across) != (1, 1):
            shape.merged.append((*place, place[0] + down - 1, place[1] + across - 1))
        kind = said.get("office:value-type", "")
        if not kind:
            return
        shape.filled += times * self.rows_more
        shape.rows = max(shape.rows, self.row + self.rows_more)
        shape.columns = max(shape.columns, self.column)
        if shape.filled > CELLS_MAX or shape.rows * shape.columns > CELLS_MAX:
            raise BookError("a sheet spans too many cells", self.name, FAR_AWAY)
        if self._style_of(said, place[1]) in self.struck:
            rows, columns = range(min(self.rows_more, _LIKE)), range(min(times, _LIKE))
            shape.struck |= {(self.row + row, place[1] + one) for row in rows for one in columns}
        if said.get("calcext:value-type") == "error":
            shape.untold[place] = "#VALUE!"
        elif kind == "percentage":
            shape.styled[place] = PERCENT
        elif said.get("table:style-name") in self.scaled:
            shape.styled[place] = SCALED


def _strikes(said: dict[str, str]) -> bool | None:
    """Whether the words of a style are struck through; None where it does not say."""
    lines = [said[name] for name in _LINES if name in said]
    return any(line != "none" for line in lines) if lines else None


def _times(said: dict[str, str], what: str) -> int:
    return int(said.get(f"table:number-{what}-repeated", "1"))


def xlsb_shape(path: Path) -> dict[str, SheetShape]:
    """The shape of each sheet of an .xlsb by its title."""
    found = {}
    with zipfile.ZipFile(path) as archive:
        parts = {name.lower(): name for name in archive.namelist()}
        targets: dict[str, str] = {}

        def relation(name: str, said: dict[str, str]) -> None:
            if name.rpartition(":")[2] == "Relationship":
                target = said.get("Target", "")
                whole = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
                targets[said.get("Id", "")] = normpath(whole).lower()

        styles = parts.get("xl/styles.bin", "")
        struck = _struck_formats(archive.read(styles)) if styles else frozenset()
        with archive.open(parts["xl/_rels/workbook.bin.rels"]) as file:
            feed(new_parser(relation), file)
        for kind, body in _records(archive.read(parts["xl/workbook.bin"])):
            if kind == _SHEET:
                link, end = _wide(body, 8)
                title, _ = _wide(body, end)
                part = targets.get(link, "")
                if "/worksheets/" in part:
                    found[title] = _sheet(archive.read(parts[part]), path.name, struck)
    return found


def _records(data: bytes) -> Iterator[tuple[int, bytes]]:
    """The records of a part: kind and body."""
    at, end = 0, len(data)
    while at < end:
        kind = data[at]
        at += 1
        if kind & 0x80:
            kind = (kind & 0x7F) | (data[at] & 0x7F) << 7
            at += 1
        size, shift = 0, 0
        while True:
            byte = data[at]
            at += 1
            size |= (byte & 0x7F) << shift
            shift += 7
            if not byte & 0x80 or shift > 21:
                break
        yield kind, data[at : at + size]
        at += size


def _wide(body: bytes, at: int) -> tuple[str, int]:
    """A text with its length before it, and where it ends."""
    (count,) = unpack_from("<I", body, at)
    if count == 0xFFFFFFFF:
        return "", at + 4
    end = at + 4 + 2 * count
    return body[at + 4 : end].decode("utf-16-le"), end


def _struck_formats(data: bytes) -> frozenset[int]:
    """The numbers of the formats of cells whose font is struck through."""
    fonts: list[bool] = []
    formats: list[int] = []
    of_cells = False
    for kind, body in _records(data):
        if kind == _FONT:
            fonts.append(bool(unpack_from("<H", body, 2)[0] & _STRIKEOUT))
        elif kind in (_CELL_FORMATS, _FORMATS_END):
            of_cells = kind == _CELL_FORMATS
        elif kind == _FORMAT and of_cells:
            formats.append(unpack_from("<H", body, 4)[0])
    return frozenset(n for n, font in enumerate(formats) if font < len(fonts) and fonts[font])


def _cell(shape: SheetShape, row: int, kind: int, body: bytes, struck: frozenset[int]) -> None:
    """What a record of a cell tells: that it is filled, struck through, or an error."""
    (column,) = unpack_from("<I", body)
    shape.filled += kind != _BLANK
    if struck and kind != _BLANK and int.from_bytes(body[4:7], "little") in struck:
        shape.struck.add((row, column))
    shape.rows, shape.columns = max(shape.rows, row + 1), max(shape.columns, column + 1)
    if kind in (_ERROR, _FORMULA_ERROR):
        shape.untold[row, column] = ERRORS.get(body[8], "#VALUE!")


def _sheet(data: bytes, name: str, struck: frozenset[int]) -> SheetShape:
    """Extents, errors, merged areas and what is hidden, by the records of a sheet."""
    shape, row = SheetShape(), 0
    for kind, body in _records(data):
        if kind == _ROW:
            (row,) = unpack_from("<I", body)
            if len(body) > 11 and body[11] & 0x10:
                shape.hidden_rows.append(row)
        elif _BLANK <= kind <= _LAST_CELL:
            _cell(shape, row, kind, body, struck)
            if shape.rows * shape.columns > CELLS_MAX:
                raise BookError("a sheet spans too many cells", name, FAR_AWAY)
        elif kind == _MERGED:
            top, bottom, left, right = unpack_from("<4I", body)
            shape.merged.append((top, left, bottom, right))
        elif kind == _COLUMNS and len(body) > 16 and body[16] & 1:
            shape.hidden_columns.append(unpack_from("<2I", body))
    return shape
