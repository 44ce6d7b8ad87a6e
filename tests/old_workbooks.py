"""Small .xlsb and .xls workbooks byte by byte, as no library of the tests writes them.

Sources: [MS-XLSB] 2.1.4, [MS-XLS] 2.1, [MS-CFB] 2.
"""

from __future__ import annotations

import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from struct import pack

Cell = str | float | None
Lines = Sequence[Sequence[Cell]]


def xlsb(path: Path, sheets: Mapping[str, Lines], *, hidden: str = "", far: int = 0) -> Path:
    """A workbook of binary parts; one sheet may be hidden, and a cell stand far down."""
    links = "".join(
        f'<Relationship Id="rId{n}" Type="http://schemas.openxmlformats.org/officeDocument/2006/'
        f'relationships/worksheet" Target="worksheets/sheet{n}.bin"/>'
        for n in range(1, len(sheets) + 1)
    )
    book = _record(131) + _record(143)
    for number, title in enumerate(sheets, 1):
        state = pack("<II", title == hidden, number)
        book += _record(156, state + _wide(f"rId{number}") + _wide(title))
    book += _record(144) + _record(132)
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("xl/workbook.bin", book)
        archive.writestr(
            "xl/_rels/workbook.bin.rels",
            '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
            f"{links}</Relationships>",
        )
        for number, lines in enumerate(sheets.values(), 1):
            archive.writestr(f"xl/worksheets/sheet{number}.bin", _sheet(lines, far))
    return path


def _sheet(lines: Lines, far: int) -> bytes:
    wide = max(map(len, lines)) - 1
    found = _record(129) + _record(148, pack("<4I", 0, len(lines) - 1, 0, wide)) + _record(145)
    for row, line in enumerate(lines):
        found += _record(0, pack("<IIH", row, 0, 300) + b"\0\0\0" + pack("<I", 0))
        for column, cell in enumerate(line):
            place = pack("<II", column, 0)
            if isinstance(cell, str) and cell.startswith("#"):
                found += _record(3, place + b"\x17")
            elif isinstance(cell, str):
                found += _record(6, place + _wide(cell))
            elif cell is not None:
                found += _record(5, place + pack("<d", cell))
    if far:
        found += _record(0, pack("<IIH", far, 0, 300) + b"\0\0\0" + pack("<I", 0))
        found += _record(5, pack("<IId", 16_000, 0, 1.0))
    return found + _record(146) + _record(130)


def _record(kind: int, body: bytes = b"") -> bytes:
    head = bytes([kind]) if kind < 128 else bytes([kind & 0x7F | 0x80, kind >> 7])
    size, rest = b"", len(body)
    while True:
        size += bytes([rest & 0x7F | (0x80 if rest > 127 else 0)])
        rest >>= 7
        if not rest:
            return head + size + body


def _wide(text: str) -> bytes:
    return pack("<I", len(text)) + text.encode("utf-16-le")


def xls(path: Path, title: str, lines: Lines) -> Path:
    """A workbook of the form of 1997 with one sheet."""
    end = _biff(0x0A)
    name = bytes([len(title), 0]) + title.encode("latin-1")
    filler = _biff(0x00E5, b"\0" * 4000)  # large streams alone are kept in plain sectors
    before = len(_bof(5)) + len(filler) + 4 + 6 + len(name) + len(end)
    book = _bof(5) + filler + _biff(0x85, pack("<IBB", before, 0, 0) + name) + end
    wide = max(map(len, lines))
    book += _bof(0x10) + _biff(0x200, pack("<IIHHH", 0, len(lines), 0, wide, 0))
    for row, line in enumerate(lines):
        for column, cell in enumerate(line):
            place = pack("<HHH", row, column, 0)
            if isinstance(cell, str) and cell.startswith("#"):
                book += _biff(0x205, place + b"\x17\x01")
            elif isinstance(cell, str):
                text = pack("<HB", len(cell), 0) + cell.encode("latin-1")
                book += _biff(0x204, place + text)
            elif cell is not None:
                book += _biff(0x203, place + pack("<d", cell))
    path.write_bytes(_compound(book + end))
    return path


def _biff(kind: int, body: bytes = b"") -> bytes:
    return pack("<HH", kind, len(body)) + body


def _bof(kind: int) -> bytes:
    return _biff(0x809, pack("<HHHHII", 0x600, kind, 0, 0, 0, 0))


def _compound(stream: bytes) -> bytes:
    """A compound file with one stream, `Workbook`: allocation, directory, then the stream."""
    none, chain_end, size = 0xFFFFFFFF, 0xFFFFFFFE, len(stream)
    sectors = -(-size // 512)
    chain = [0xFFFFFFFD, chain_end, *range(3, sectors + 2), chain_end]
    table = pack(f"<{len(chain)}I", *chain).ljust(512, b"\xff")
    head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 16
    head += pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + b"\0" * 6
    head += pack("<IIIIIIIII", 0, 1, 1, 0, 4096, chain_end, 0, chain_end, 0)
    head += pack("<I", 0) + b"\xff" * 432
    entries = _entry("Root Entry", 5, 1, chain_end, 0) + _entry("Workbook", 2, none, 2, size)
    return head + table + entries.ljust(512, b"\0") + stream.ljust(sectors * 512, b"\0")


def _entry(name: str, kind: int, child: int, start: int, size: int) -> bytes:
    text = (name + "\0").encode("utf-16-le")
    none = 0xFFFFFFFF
    entry = text.ljust(64, b"\0") + pack("<HBB", len(text), kind, 1)
    return entry + pack("<III", none, none, child) + b"\0" * 36 + pack("<IQ", start, size)
