"""The stream of an .xls workbook, and what its cells tell that the fast reader does not.

Errors look empty to that reader, and a rectangle that two cells span would be made room for.

Sources: [MS-CFB] 2 (sectors, directory), [MS-XLS] 2.4 (records).
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from struct import error as StructError
from struct import unpack_from
from typing import Final

from controltotal.core.errors import BookError
from controltotal.intake.old_forms import ERRORS
from controltotal.sources.sheet_shape import CELLS_MAX, FAR_AWAY, SheetShape

_LAST_SECTOR: Final = 0xFFFFFFFA
_MINI_MAX: Final = 4096
_START, _SHEET, _COLUMNS, _ROW, _MERGED, _END = 0x809, 0x85, 0x7D, 0x208, 0xE5, 0x0A
_ERROR, _FORMULA = 0x205, 0x06
_FONT, _FORMAT, _SEVERAL = 0x31, 0xE0, 0xBD
_STRIKEOUT: Final = 0x08
_NO_FONT: Final = 4
"""The number that no font has: those after it are counted one further."""
_CELLS: Final = frozenset({0x06, 0x203, 0x204, 0x205, 0x27E, 0xBD, 0xFD})
"""Formula, number, label, truth or error, packed number, several of them, shared label."""


def xls_shape(path: Path) -> dict[str, SheetShape]:
    """The shape of each sheet of an .xls by its title; ValueError where it is broken."""
    try:
        stream = _stream(path.read_bytes())
        found: dict[str, SheetShape] = {}
        struck = _struck_formats(stream)
        for kind, body in _records(stream, 0):
            if kind == _SHEET:
                (start,) = unpack_from("<I", body)
                count, wide = body[6], body[7] & 1
                text = body[8 : 8 + count * (1 + wide)]
                title = text.decode("utf-16-le" if wide else "latin-1")
                found[title] = _sheet(stream, start, path.name, struck)
        return found
    except (StructError, IndexError) as error:
        raise ValueError("the workbook is broken") from error


def _stream(data: bytes) -> bytes:
    """The stream of the workbook in a compound file; nothing where it has none."""
    size = 1 << unpack_from("<H", data, 30)[0]
    tables = [n for n in unpack_from("<109I", data, 76) if n < _LAST_SECTOR]
    chain: list[int] = []
    for number in tables:
        at = (number + 1) * size
        chain += unpack_from(f"<{size // 4}I", data, at)
    directory = _joined(data, chain, unpack_from("<I", data, 48)[0], size)
    mini: bytes = b""
    for at in range(0, len(directory) - 127, 128):
        length = unpack_from("<H", directory, at + 64)[0]
        name = directory[at : at + max(length - 2, 0)].decode("utf-16-le", "replace")
        start, wide = unpack_from("<II", directory, at + 116)
        if at == 0 and start < _LAST_SECTOR:
            mini = _joined(data, chain, start, size)
        if name in ("Workbook", "Book"):
            if wide >= _MINI_MAX:
                return _joined(data, chain, start, size)[:wide]
            first = unpack_from("<I", data, 60)[0]
            table = _joined(data, chain, first, size)
            links = list(unpack_from(f"<{len(table) // 4}I", table))
            return _joined(mini, links, start, 64, before=0)[:wide]
    raise ValueError("it holds no workbook")


def _joined(data: bytes, chain: list[int], start: int, size: int, *, before: int = 1) -> bytes:
    """The sectors of a chain in order; a chain that comes back to itself is refused."""
    parts, seen = [], set[int]()
    while start < _LAST_SECTOR:
        if start in seen:
            raise ValueError("the workbook is broken")
        seen.add(start)
        at = (start + before) * size
        parts.append(data[at : at + size])
        if at >= len(data) or (chain[start] < _LAST_SECTOR and len(parts[-1]) < size):
            raise ValueError("the workbook is broken")
        start = chain[start]
    return b"".join(parts)


def _records(stream: bytes, at: int) -> Iterator[tuple[int, bytes]]:
    """The records from a place to the end of what begins there."""
    depth = 0
    while at + 4 <= len(stream):
        kind, size = unpack_from("<HH", stream, at)
        at += 4
        depth += (kind == _START) - (kind == _END)
        yield kind, stream[at : at + size]
        at += size
        if depth <= 0:
            return


def _struck_formats(stream: bytes) -> frozenset[int]:
    """The numbers of the formats of cells whose font is struck through."""
    fonts: list[bool] = []
    formats: list[int] = []
    for kind, body in _records(stream, 0):
        if kind == _FONT:
            fonts += [False] * (len(fonts) == _NO_FONT)
            fonts.append(bool(unpack_from("<H", body, 2)[0] & _STRIKEOUT))
        elif kind == _FORMAT:
            formats.append(unpack_from("<H", body)[0])
    return frozenset(n for n, font in enumerate(formats) if font < len(fonts) and fonts[font])


def _struck_in(kind: int, body: bytes, struck: frozenset[int]) -> Iterator[tuple[int, int]]:
    """The cells of a record whose format is struck through."""
    row, column = unpack_from("<HH", body)
    if kind == _SEVERAL:
        styles = [unpack_from("<H", body, at)[0] for at in range(4, len(body) - 2, 6)]
    else:
        styles = [unpack_from("<H", body, 4)[0]]
    yield from ((row, column + n) for n, style in enumerate(styles) if style in struck)


def _sheet(stream: bytes, start: int, name: str, struck: frozenset[int]) -> SheetShape:
    """Extents, errors, merged areas, what is hidden and what is struck through."""
    shape = SheetShape()
    for kind, body in _records(stream, start):
        if kind in _CELLS:
            row, column = unpack_from("<HH", body)
            last = unpack_from("<H", body, len(body) - 2)[0] if kind == _SEVERAL else column
            shape.filled += last - column + 1
            shape.rows, shape.columns = max(shape.rows, row + 1), max(shape.columns, last + 1)
            if shape.rows * shape.columns > CELLS_MAX:
                raise BookError("a sheet spans too many cells", name, FAR_AWAY)
            if struck:
                shape.struck.update(_struck_in(kind, body, struck))
            code = _error_of(kind, body)
            if code is not None:
                shape.untold[row, column] = ERRORS.get(code, "#VALUE!")
        elif kind == _ROW and unpack_from("<H", body, 12)[0] & 0x20:
            shape.hidden_rows.append(unpack_from("<H", body)[0])
        elif kind == _COLUMNS and unpack_from("<H", body, 8)[0] & 1:
            shape.hidden_columns.append(unpack_from("<HH", body))
        elif kind == _MERGED:
            for place in range(unpack_from("<H", body)[0]):
                top, bottom, left, right = unpack_from("<4H", body, 2 + 8 * place)
                shape.merged.append((top, left, bottom, right))
    return shape


def _error_of(kind: int, body: bytes) -> int | None:
    """The code of an error that a cell holds or that its formula gave."""
    if kind == _ERROR and body[7]:
        return body[6]
    if kind == _FORMULA and body[12:14] == b"\xff\xff" and body[6] == 2:
        return body[8]
    return None
