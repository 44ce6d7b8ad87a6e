"""A file that is read whole as columns has the rows that the reader of cells finds in it.

Small files of awkward characters, marks of quotation, blanks and ends of lines are drawn from the
number of a case. Of a file that is not plain the columns say nothing, which is never wrong.
"""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from controltotal.core.errors import BookError
from controltotal.core.finding import Finding
from controltotal.sources import csv_columns
from controltotal.sources.csv_columns import table_in_columns
from controltotal.sources.csv_text import read_csv
from controltotal.sources.raw import shape_table

CASES = range(4_000)
PIECES = (
    '"', '""', '""""', '"a"', '"a,b"', '"x\ny"', '"\r\nx"', '"x""y"', ",", ",", ",", ";", "\n", "\r\n",
    "\r", " ", "  ", "\t", "\u00a0", "\u1680", "\u2028", "\u2029", "\u202f", "\u205f", "\u3000", "\u200b",
    "\ufeff", "\x00", "\x01", "\x0b", "\x0c", "\x1c", "\x1f", "\x7f", "\x85", "\u180e", "a", "pay", "5",
    "-5", "(5)", "£", "\\", "#", "|", "'", "=", "null", "NaN", "true", "1e5", ",,,,,",
)  # fmt: skip
HEADINGS = (
    "note", "my ref", "month", "ünit", "no te", 'x"y', "a,b", "two\nlines", "our\u2028ref", "\u2029n",
    "note.", "amount (column B)", "unit", "organisation ", "MONTH",
)  # fmt: skip
REQUIRED = ("organisation", "line", "year", "basis", "amount")


def quoted(text: str, separator: str, *, every: bool) -> str:
    """A cell as a spreadsheet saves it."""
    needs = every or any(mark in text for mark in (separator, '"', "\n", "\r"))
    return '"' + text.replace('"', '""') + '"' if needs else text


def drawn(case: int) -> bytes:
    """The bytes of a small file of amounts."""
    draw = random.Random(case)
    separator = draw.choice((",", ",", ",", ";", "\t", "|"))
    every = draw.random() < 0.2
    headings = list(REQUIRED)
    for heading in draw.sample(HEADINGS, draw.choice((0, 0, 1, 2))):
        headings.insert(draw.randrange(len(headings) + 1), heading)
    lines = [separator.join(quoted(one, separator, every=every) for one in headings)]
    for _ in range(draw.randint(1, 6)):
        share = draw.choice((0.0, 0.1, 0.4))
        row = [_cell(draw) if draw.random() < share else "T1" for _ in headings]
        if draw.random() < 0.7:
            row = [quoted(one, separator, every=every) for one in row]
        row = row[:-1] if draw.random() < 0.1 else row
        row += ["z"] if draw.random() < 0.05 else []
        lines.append(separator.join(row))
    ends = ("\n", "\n", "\n", "\r\n", "\n\n", "\n \n")
    text = "".join(line + draw.choice(ends) for line in lines)
    if draw.random() < 0.1:
        text += draw.choice(('""', '"', " ", "\n\n\n", ",,,,", ',"\n', "\r"))
    mark = b"\xef\xbb\xbf" if draw.random() < 0.1 else b""
    return mark + text.encode()


def _cell(draw: random.Random) -> str:
    return "".join(draw.choice(PIECES) for _ in range(draw.choice((0, 1, 1, 1, 2, 3))))


def test_a_file_has_the_same_rows_read_whole_and_cell_by_cell(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(csv_columns, "BYTES_FROM", 0)
    differ: list[int] = []
    plain = 0
    for case in CASES:
        data = drawn(case)
        table = table_in_columns("amounts", "amounts.csv", data)
        if table is None or table.block is None:
            continue
        plain += 1
        read = [
            (int(table.block.numbers[n]), table.block.cells(n)) for n in range(len(table.block))
        ]
        if (table.columns, read) != by_cells(data):
            differ.append(case)
    assert differ == []
    assert len(CASES) / 10 < plain < len(CASES) / 2


def by_cells(data: bytes) -> object:
    """The columns and rows that the reader of cells finds, or what it finds wrong."""
    findings: list[Finding] = []
    try:
        grid = read_csv(Path("amounts.csv"), "amounts", findings, data).grid
    except BookError as error:
        return str(error)
    table = shape_table("amounts", "amounts.csv", "", grid, findings)
    return findings or (table.columns, [(row.number, row.cells) for row in table.rows])
