"""A plain file is read whole as columns; of any other nothing is said, and it is read cell by cell."""

from __future__ import annotations

from pathlib import Path

import pytest

from controltotal.ledger.block import Block
from controltotal.sources import csv_columns
from controltotal.sources.csv_columns import table_in_columns
from controltotal.sources.csv_text import read_csv
from controltotal.sources.raw import shape_table

HEAD = "organisation,line,year,basis,amount\n"
ROW = "T1,pay,2026/27,plan,5\n"


@pytest.fixture(autouse=True)
def whatever_size(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(csv_columns, "BYTES_FROM", 0)


def block_of(text: str | bytes) -> Block | None:
    data = text.encode() if isinstance(text, str) else text
    table = table_in_columns("amounts", "amounts.csv", data)
    return None if table is None else table.block


PLAIN = {
    "as most write it": HEAD + ROW,
    "with a mark of its encoding": "\ufeff" + HEAD + ROW,
    "lines that end as Windows has them": (HEAD + ROW).replace("\n", "\r\n"),
    "semicolons": (HEAD + ROW).replace(",", ";"),
    "tabs": (HEAD + ROW).replace(",", "\t"),
    "headings in another spelling": HEAD.title() + ROW,
    "no end of the last line": (HEAD + ROW)[:-1],
    "a note of one's own": f"{HEAD[:-1]},our ref\n{ROW[:-1]},7\n",
    "a comma in a cell": HEAD + '"T1, north",pay,2026/27,plan,"4,600"\n',
    "an end of a line in a cell": HEAD + '"T1\nnorth",pay,2026/27,plan,5\n' + ROW,
    "ends of lines around a cell": HEAD + '"\nT1\r\n",pay,2026/27,plan,5\n' + ROW,
    "a mark of quotation in a cell": HEAD + '"the ""T1""",pay,2026/27,plan,5\n',
    "blanks around cells": HEAD + " T1 ,\u00a0pay\u00a0,2026/27,plan,\u30005\n",
    "a blank line": HEAD + ROW + "\n" + ROW,
    "a row of empty cells": HEAD + ",,,,\n" + ROW,
    "a row too short": HEAD + ROW + "T1,pay\n" + ROW,
    "a line's end of another script in a heading": f"{HEAD[:-1]},our\u2028ref\n{ROW[:-1]},7\n",
    "a column nobody filled": f"month,{HEAD},{ROW}",
}


@pytest.mark.parametrize("text", PLAIN.values(), ids=PLAIN)
def test_a_plain_file_says_what_the_reader_of_cells_says(text: str) -> None:
    findings: list[object] = []
    grid = read_csv(Path("amounts.csv"), "amounts", [], text.encode()).grid
    cells = shape_table("amounts", "amounts.csv", "", grid, findings)  # type: ignore[arg-type]
    assert cells.rows and not findings
    table = table_in_columns("amounts", "amounts.csv", text.encode())
    assert table is not None and table.block is not None
    assert table.columns == cells.columns
    read = [(int(table.block.numbers[n]), table.block.cells(n)) for n in range(len(table.block))]
    assert read == [(row.number, row.cells) for row in cells.rows]


OTHER = {
    "no rows": HEAD,
    "only blank lines": HEAD + "\n\n",
    "a blank line below the headings": HEAD + "\n" + ROW,
    "a first row too short": HEAD + "T1,pay\n" + ROW,
    "a title above": "Amounts of the plan\n" + HEAD + ROW,
    "a line that names the separator": "sep=,\n" + HEAD + ROW,
    "a required heading missing": "organisation,line,year,amount\nT1,pay,2026/27,5\n",
    "a heading missing": f"{HEAD[:-1]},\n{ROW[:-1]},7\n",
    "a heading twice": f"{HEAD[:-1]},line\n{ROW[:-1]},pay\n",
    "two headings of one name but for case": f"{HEAD[:-1]},ref,REF\n{ROW[:-1]},1,2\n",
    "a heading of two lines": HEAD.replace("amount", '"amount\n(net)"') + ROW,
    "a row too long": HEAD + ROW[:-1] + ",6\n",
    "a mark of quotation astray": HEAD + '5" pipe,pay,2026/27,plan,5\n',
    "a mark of quotation never closed": HEAD + '"T1,pay,2026/27,plan,5\n',
    "a character of nought": HEAD + "T1\0,pay,2026/27,plan,5\n",
    "a line's end of old machines": (HEAD + ROW).replace("\n", "\r"),
    "a tab between lines": HEAD + "T1\x0b,pay,2026/27,plan,5\n",
}


@pytest.mark.parametrize("text", OTHER.values(), ids=OTHER)
def test_what_is_not_plain_is_left_to_the_reader_of_cells(text: str) -> None:
    assert block_of(text) is None


@pytest.mark.parametrize("encoding", ["utf-16", "cp1252"])
def test_another_encoding_is_left_to_the_reader_of_cells(encoding: str) -> None:
    assert block_of((HEAD + ROW.replace("pay", "é")).encode(encoding)) is None


def test_a_small_file_and_another_table_are_read_cell_by_cell(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    data = (HEAD + ROW).encode()
    assert table_in_columns("lines", "lines.csv", data) is None
    monkeypatch.setattr(csv_columns, "BYTES_FROM", len(data) + 1)
    assert block_of(data) is None


def test_a_cell_longer_than_any_sum_or_name_is_left_to_the_reader_of_cells(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(csv_columns, "FIELD_MAX", 10)
    assert block_of(HEAD + ROW) is not None
    assert block_of(HEAD + ROW.replace("pay", "p" * 11)) is None


def test_texts_are_kept_once_and_sums_row_by_row() -> None:
    block = block_of(HEAD + ROW + "\n" + ROW.replace("T1", "").replace("5", "(6)"))
    assert block is not None
    assert block.coded["line"].texts == ("pay",)
    assert block.coded["organisation"].texts == ("T1",)
    assert block.single["amount"].to_list() == ["5", "(6)"]
    assert block.numbers.tolist() == [2, 4]
    assert not block.flush
