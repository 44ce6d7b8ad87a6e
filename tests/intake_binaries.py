"""Old and other forms of workbook, written byte by byte: xls, xlsb, ods, and one with a password."""

from __future__ import annotations

import struct
import zipfile
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from xml.sax.saxutils import escape

Rows = Sequence[Sequence[object]]
Places = Collection[tuple[int, int]]
SECTOR = 512
FREE, END, OF_FAT = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD
TYPES = "application/vnd.openxmlformats-package"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"


def compound(streams: Mapping[str, bytes]) -> bytes:
    """A compound file of streams, each made longer than the small ones that have a place of their own."""
    bodies = [data.ljust(4096, b"\0") for data in streams.values()]
    padded = [body + b"\0" * (-len(body) % SECTOR) for body in bodies]
    counts = [len(body) // SECTOR for body in padded]
    folders = (len(streams) + 4) // 4
    tables = 1
    while tables * 128 < tables + folders + sum(counts):
        tables += 1
    fat = [OF_FAT] * tables + [*range(tables + 1, tables + folders), END]
    starts = []
    for count in counts:
        starts.append(len(fat))
        fat += [*range(len(fat) + 1, len(fat) + count), END]
    fat += [FREE] * (tables * 128 - len(fat))
    entries = [_entry("Root Entry", 5, 1, END, 0)]
    for place, (name, body, start) in enumerate(zip(streams, bodies, starts, strict=True), 1):
        after = place + 1 if place < len(streams) else FREE
        entries.append(_entry(name, 2, FREE, start, len(body), after))
    folder = b"".join(entries).ljust(folders * SECTOR, b"\0")
    head = bytes.fromhex("D0CF11E0A1B11AE1") + b"\0" * 16
    head += struct.pack(
        "<HHHHH6xIIIIIIIII", 0x3E, 3, 0xFFFE, 9, 6, 0, tables, tables, 0, 4096, END, 0, END, 0
    )
    head += struct.pack("<109I", *range(tables), *[FREE] * (109 - tables))
    return head + struct.pack(f"<{len(fat)}I", *fat) + folder + b"".join(padded)


def _entry(name: str, kind: int, child: int, start: int, size: int, right: int = FREE) -> bytes:
    wide = name.encode("utf-16-le").ljust(64, b"\0")
    said = struct.pack("<HBBIII", 2 * len(name) + 2, kind, 1, FREE, right, child)
    return wide + said + b"\0" * 36 + struct.pack("<IQ", start, size)


def _biff(kind: int, data: bytes = b"") -> bytes:
    return struct.pack("<HH", kind, len(data)) + data


def _short(name: str) -> bytes:
    return struct.pack("<BB", len(name), 1) + name.encode("utf-16-le")


def xls(path: Path, sheets: Mapping[str, Rows], struck: Places = ()) -> Path:
    """A workbook of Excel 97 to 2003, numbers and texts only, some cells struck through."""
    bodies = []
    for rows in sheets.values():
        body = _biff(0x0809, struct.pack("<HHHHII", 0x600, 0x10, 0, 0, 0, 0))
        for row, cells in enumerate(rows):
            for column, cell in enumerate(cells):
                place = struct.pack("<HHH", row, column, 16 if (row, column) in struck else 15)
                if isinstance(cell, int | float):
                    body += _biff(0x0203, place + struct.pack("<d", cell))
                elif cell not in (None, ""):
                    said = str(cell).encode("utf-16-le")
                    body += _biff(0x0204, place + struct.pack("<HB", len(said) // 2, 1) + said)
        bodies.append(body + _biff(0x000A))
    first = _biff(0x0809, struct.pack("<HHHHII", 0x600, 5, 0, 0, 0, 0)) + _biff(0x0042, b"\xb0\x04")
    fonts = (0,) * 4 + (8,)  # the fifth is counted as the sixth: no font has the number 4
    first += b"".join(_biff(0x0031, struct.pack("<HH10x", 200, grbit)) for grbit in fonts)
    first += b"".join(
        _biff(0x00E0, struct.pack("<H18x", 5 if number == 16 else 0)) for number in range(17)
    )
    size = len(first) + sum(10 + len(_short(name)) for name in sheets) + 4
    for name, body in zip(sheets, bodies, strict=True):
        first += _biff(0x0085, struct.pack("<IBB", size, 0, 0) + _short(name))
        size += len(body)
    path.write_bytes(compound({"Workbook": first + _biff(0x000A) + b"".join(bodies)}))
    return path


def with_password(path: Path) -> Path:
    """What a workbook with a password to open looks like: a compound file of an encrypted package."""
    path.write_bytes(
        compound({"EncryptionInfo": b"\4\0\4\0\x40\0\0\0", "EncryptedPackage": b"\7" * 8192})
    )
    return path


def _number(value: int) -> bytes:
    found = b""
    while True:
        value, low = value >> 7, value & 0x7F
        found += bytes([low | (0x80 if value else 0)])
        if not value:
            return found


def _record(kind: int, data: bytes = b"") -> bytes:
    name = bytes([kind]) if kind < 128 else bytes([kind & 0x7F | 0x80, kind >> 7])
    return name + _number(len(data)) + data


def _wide(said: str) -> bytes:
    return struct.pack("<I", len(said)) + said.encode("utf-16-le")


def xlsb(path: Path, sheets: Mapping[str, Rows], struck: Places = ()) -> Path:
    """A binary workbook, numbers and inline texts only, some cells struck through."""
    book = _record(131) + _record(143)
    relations, kinds = "", ""
    with zipfile.ZipFile(path, "w") as archive:
        for number, (name, rows) in enumerate(sheets.items(), 1):
            book += _record(
                156, struct.pack("<II", 0, number) + _wide(f"rId{number}") + _wide(name)
            )
            relations += f'<Relationship Id="rId{number}" Type="{OFFICE}/worksheet" Target="worksheets/sheet{number}.bin"/>'
            kinds += f'<Override PartName="/xl/worksheets/sheet{number}.bin" ContentType="application/vnd.ms-excel.worksheet"/>'
            archive.writestr(f"xl/worksheets/sheet{number}.bin", _binary_sheet(rows, struck))
        archive.writestr("xl/workbook.bin", book + _record(144) + _record(132))
        archive.writestr("xl/styles.bin", _binary_styles())
        archive.writestr("xl/_rels/workbook.bin.rels", _relations(relations))
        main = f'<Relationship Id="rId1" Type="{OFFICE}/officeDocument" Target="xl/workbook.bin"/>'
        archive.writestr("_rels/.rels", _relations(main))
        kinds += '<Override PartName="/xl/workbook.bin" ContentType="application/vnd.ms-excel.sheet.binary.macroEnabled.main"/>'
        archive.writestr(
            "[Content_Types].xml",
            f'<Types xmlns="{PACKAGE}/content-types"><Default Extension="rels" ContentType="{TYPES}.relationships+xml"/>{kinds}</Types>',
        )
    return path


def _relations(inside: str) -> str:
    return f'<?xml version="1.0"?><Relationships xmlns="{PACKAGE}/relationships">{inside}</Relationships>'


def _binary_styles() -> bytes:
    """Two fonts and two formats of cells, of which the second is struck through."""
    fonts = [_record(43, struct.pack("<HH17x", 200, grbit) + _wide("Arial")) for grbit in (0, 8)]
    formats = [_record(47, struct.pack("<HHH10x", 0, 0, font)) for font in (0, 1)]
    found = _record(278) + _record(611, struct.pack("<I", 2)) + b"".join(fonts) + _record(612)
    found += _record(617, struct.pack("<I", 2)) + b"".join(formats) + _record(618)
    return found + _record(279)


def _binary_sheet(rows: Rows, struck: Places) -> bytes:
    wide = max(len(row) for row in rows)
    found = (
        _record(129)
        + _record(148, struct.pack("<IIII", 0, len(rows) - 1, 0, wide - 1))
        + _record(145)
    )
    for number, row in enumerate(rows):
        found += _record(0, struct.pack("<IIHHBI", number, 0, 300, 0, 0, 0))
        for column, cell in enumerate(row):
            place = struct.pack("<II", column, (number, column) in struck)
            if isinstance(cell, int | float):
                found += _record(5, place + struct.pack("<d", cell))
            elif cell not in (None, ""):
                found += _record(6, place + _wide(str(cell)))
    return found + _record(146) + _record(130)


def ods(path: Path, sheets: Mapping[str, Rows], struck: Places = ()) -> Path:
    """An OpenDocument spreadsheet, some cells struck through."""
    names = " ".join(
        f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
        for name in ("office", "style", "table", "text")
    )
    inside = "".join(
        f'<table:table table:name="{escape(name)}">'
        f"{''.join(_ods_row(row, n, struck) for n, row in enumerate(rows))}</table:table>"
        for name, rows in sheets.items()
    )
    styles = '<office:automatic-styles><style:style style:name="gone" style:family="table-cell"><style:text-properties style:text-line-through-style="solid"/></style:style></office:automatic-styles>'
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr(
            "META-INF/manifest.xml",
            '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>',
        )
        archive.writestr(
            "content.xml",
            f'<?xml version="1.0" encoding="UTF-8"?><office:document-content {names} office:version="1.2">{styles}<office:body><office:spreadsheet>{inside}</office:spreadsheet></office:body></office:document-content>',
        )
    return path


def _ods_row(row: Sequence[object], number: int, struck: Places) -> str:
    cells = ""
    for column, cell in enumerate(row):
        style = ' table:style-name="gone"' if (number, column) in struck else ""
        if isinstance(cell, int | float):
            cells += f'<table:table-cell{style} office:value-type="float" office:value="{cell}"><text:p>{cell}</text:p></table:table-cell>'
        elif cell in (None, ""):
            cells += f"<table:table-cell{style}/>"
        else:
            cells += f'<table:table-cell{style} office:value-type="string"><text:p>{escape(str(cell))}</text:p></table:table-cell>'
    return f"<table:table-row>{cells}</table:table-row>"
