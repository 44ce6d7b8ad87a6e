"""Files that something spoilt on the way: read as they are, asked about, or refused.

Of a workbook one part is changed where its structure is: a cell, its type, its address, its style,
a row, a merged area, a shared text, or bytes anywhere. Of a text its bytes are. Whatever comes, the
command leaves with 0, 1 or 2 and no traceback; what stops leaves the book as it was; and where a
file is read, its money is that of the file before, because each number stands under a total of its
column and beside one of its row.
"""

from __future__ import annotations

import random
import re
import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.intake_cases_matrix import with_totals
from tests.intake_files import NUMBERED, Truth, book_of, statement, text, titled, xlsx
from tests.intake_told import differences, imported

QUICK, SOAK = 250, 50_000
"""Of each form."""
SHEET, TEXTS = "xl/worksheets/sheet1.xml", "xl/sharedStrings.xml"
Change = Callable[[dict[str, bytes], random.Random], None]


def chosen(
    parts: dict[str, bytes], pattern: bytes, draw: random.Random, part: str = SHEET
) -> re.Match[bytes]:
    """One place of a part, below the titles."""
    start = parts[part].find(b'<row r="5"') if part == SHEET else 0
    return draw.choice(list(re.compile(pattern).finditer(parts[part], max(0, start))))


def put(parts: dict[str, bytes], found: re.Match[bytes], new: bytes, part: str = SHEET) -> None:
    """Other bytes in a place."""
    data = parts[part]
    parts[part] = data[: found.start()] + new + data[found.end() :]


CELL = rb'<c r="[A-Z]+\d+"[^>]*>.*?</c>'


def without_cell(parts: dict[str, bytes], draw: random.Random) -> None:
    put(parts, chosen(parts, CELL, draw), b"")


def cell_twice(parts: dict[str, bytes], draw: random.Random) -> None:
    found = chosen(parts, CELL, draw)
    put(parts, found, found.group() * 2)


def other_digits(parts: dict[str, bytes], draw: random.Random) -> None:
    found = chosen(parts, rb"<v>(\d\d+)</v>", draw)
    put(parts, found, b"<v>%d</v>" % (int(found.group(1)) + draw.randrange(1, 999)))


def other_type(parts: dict[str, bytes], draw: random.Random) -> None:
    found = chosen(parts, rb'(<c r="[A-Z]+\d+")[^>]*>', draw)
    kind = draw.choice([b"s", b"b", b"e", b"str", b"d", b"n", b"zzz", b"inlineStr"])
    put(parts, found, found.group(1) + b' t="' + kind + b'">')


def other_address(parts: dict[str, bytes], draw: random.Random) -> None:
    found = chosen(parts, rb'<c r="[A-Z]+\d+"', draw)
    where = draw.choice([b"A1", b"C9", b"XFD1048576", b"ZZZZ9", b"7B", b"", b"D7", b"b8"])
    put(parts, found, b'<c r="' + where + b'"')


def without_row(parts: dict[str, bytes], draw: random.Random) -> None:
    put(parts, chosen(parts, rb"<row .*?</row>", draw), b"")


def row_twice(parts: dict[str, bytes], draw: random.Random) -> None:
    found = chosen(parts, rb"<row .*?</row>", draw)
    put(parts, found, found.group() * 2)


def other_row(parts: dict[str, bytes], draw: random.Random) -> None:
    found = chosen(parts, rb'<row r="\d+"', draw)
    put(parts, found, b'<row r="%d"' % draw.choice([0, 1, 6, 9, 12, 99, 1048577, 10**12]))


def merged(parts: dict[str, bytes], draw: random.Random) -> None:
    area = draw.choice([b"B6:C7", b"A1:Z99", b"A6:A8", b"B5:M5", b"A5:XFD1048576", b"Q:R", b"zz"])
    new = b'</sheetData><mergeCells count="1"><mergeCell ref="' + area + b'"/></mergeCells>'
    parts[SHEET] = parts[SHEET].replace(b"</sheetData>", new)


def other_text(parts: dict[str, bytes], draw: random.Random) -> None:
    found = chosen(parts, rb"<si>.*?</si>", draw, TEXTS)
    put(parts, found, draw.choice([b"", b"<si><t></t></si>", b"<si/>", found.group() * 2]), TEXTS)


def other_index(parts: dict[str, bytes], draw: random.Random) -> None:
    found = chosen(parts, rb't="s"><v>\d+</v>', draw)
    put(parts, found, b't="s"><v>%d</v>' % draw.choice([0, 4, 5, 9, 999, -1]))


def other_style(parts: dict[str, bytes], draw: random.Random) -> None:
    found = chosen(parts, rb'<c r="[A-Z]+\d+"', draw)
    put(parts, found, found.group() + b' s="%d"' % draw.choice([0, 1, 2, 77, -1]))


def formula(parts: dict[str, bytes], draw: random.Random) -> None:
    found = chosen(parts, rb"<v>\d\d+</v>", draw)
    stored = draw.choice([b"", found.group(), b"<v></v>"])
    put(parts, found, draw.choice([b"<f>SUM(A1:A2)</f>", b"<f/>", b"<f>[1]x!A1</f>"]) + stored)


def hidden(parts: dict[str, bytes], draw: random.Random) -> None:
    found = chosen(parts, rb'<row r="\d+"', draw)
    put(parts, found, found.group() + b' hidden="1"')


def other_bytes(parts: dict[str, bytes], draw: random.Random) -> None:
    """Bytes of the sheet of which a number is not one: a number has its own change."""
    at = draw.randrange(parts[SHEET].find(b'<row r="5"'), len(parts[SHEET]))
    if not parts[SHEET][at : at + 1].isdigit():
        parts[SHEET] = parts[SHEET][:at] + bytes([draw.randrange(256)]) + parts[SHEET][at + 1 :]


def cut(parts: dict[str, bytes], draw: random.Random) -> None:
    name = draw.choice(sorted(parts))
    parts[name] = parts[name][: draw.randrange(len(parts[name]))]


def without_part(parts: dict[str, bytes], draw: random.Random) -> None:
    del parts[draw.choice(sorted(parts))]


CHANGES: tuple[Change, ...] = (
    without_cell, cell_twice, other_digits, other_type, other_address, without_row, row_twice,
    other_row, merged, other_text, other_index, other_style, formula, hidden, other_bytes, cut,
    without_part,
)  # fmt: skip


def spoilt_text(data: bytes, draw: random.Random) -> bytes:
    """A text with one change below its titles."""
    start = data.index(b",M1,") - 1
    lines = data[start:].split(b"\r\n")
    at = draw.randrange(len(lines))
    how = draw.randrange(7)
    if how == 0:
        del lines[at]
    elif how == 1:
        lines.insert(at, lines[at])
    elif how == 2:
        lines[at] = lines[at][: draw.randrange(len(lines[at]) + 1)]
    elif how == 3:
        cells = lines[at].split(b",")
        cells.insert(draw.randrange(len(cells) + 1), draw.choice([b"", b"7", b'"', b"x"]))
        lines[at] = b",".join(cells)
    else:
        line, place = lines[at], draw.randrange(len(lines[at]) + 1)
        new = bytes([draw.randrange(256)]) if how < 6 else b""
        lines[at] = line[:place] + new + line[place + (how > 4) :]
    return data[:start] + b"\r\n".join(lines)


def original(folder: Path, form: str) -> tuple[bytes, Truth]:
    """The file before anything happened to it."""
    found, truth = statement("spoilt", months=tuple(range(1, 13)))
    rows = titled([["", *NUMBERED, "Total"], *with_totals(found)])
    make = (
        xlsx(folder / "o.xlsx", {"Plan": rows}) if form == "xlsx" else text(folder / "o.csv", rows)
    )
    return make.read_bytes(), truth


def spoilt(data: bytes, form: str, seed: int, to: Path) -> str:
    """Write the file with the change of a seed; says which it was."""
    draw = random.Random(f"{form} {seed}")
    if form == "csv":
        to.write_bytes(spoilt_text(data, draw))
        return "text"
    source = to.with_suffix(".old")
    source.write_bytes(data)
    with zipfile.ZipFile(source) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    source.unlink()
    change = CHANGES[seed % len(CHANGES)]
    change(parts, draw)
    with zipfile.ZipFile(to, "w") as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    return change.__name__


def failures(folder: Path, form: str, seeds: range) -> list[str]:
    """What came out wrong, by seed."""
    data, truth = original(folder, form)
    kept = book_of("one", folder)
    wrong = []
    for seed in seeds:
        place = folder / "one"
        place.mkdir()
        book = shutil.copytree(kept, place / "book")
        change = spoilt(data, form, seed, place / f"file.{form}")
        ran = imported([place / f"file.{form}"], book)
        if ran.code not in (0, 1, 2):
            wrong.append(f"{seed} {change}: exit {ran.code}")
        elif ran.code and not ran.untouched:
            wrong.append(f"{seed} {change}: the book was changed")
        elif not ran.code and (found := differences(book, truth)):
            wrong.append(f"{seed} {change}: {found[:3]}")
        shutil.rmtree(place)
    return wrong


@pytest.mark.parametrize("form", ["xlsx", "csv"])
def test_a_spoilt_file_is_never_silently_different(form: str, tmp_path: Path) -> None:
    assert failures(tmp_path, form, range(QUICK)) == []


@pytest.mark.soak
@pytest.mark.timeout(72_000)
@pytest.mark.parametrize("form", ["xlsx", "csv"])
def test_fifty_thousand_spoilt_files_of_a_form(form: str, tmp_path: Path) -> None:
    assert failures(tmp_path, form, range(SOAK)) == []
