"""The fast way of looking at a sheet says what the reference says, or leaves the sheet to it."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pytest

from controltotal.sources import plain_shape
from controltotal.sources.plain_shape import read_shape_fast
from controltotal.sources.sheet_list import listed_sheets
from controltotal.sources.sheet_shape import read_shape
from tests.sheets_of_people import written

CELL = '<c r="{}"{}><v>{}</v></c>'
ROW = '<row r="{}"{}>{}</row>'


def sheet(rows: str, before: str = "", after: str = "") -> bytes:
    return f'<?xml version="1.0"?><worksheet xmlns="m">{before}<sheetData>{rows}</sheetData>{after}</worksheet>'.encode()


PLAIN = {
    "cells": ROW.format(1, "", CELL.format("A1", ' t="s"', 0) + CELL.format("C1", "", 1.5)),
    "hidden": ROW.format(1, ' hidden="1"', CELL.format("A1", "", 1)) + '<row r="2" ht="0"/>',
    "styles": ROW.format(2, "", CELL.format("B2", ' s="3"', 1) + '<c r="C2" s="3"/>'),
    "formula": ROW.format(1, "", '<c r="A1"><f>B1+C1</f><v>2</v></c>'),
    "text formula": ROW.format(1, "", '<c r="A1" t="str"><f>B1&amp;""</f><v></v></c>'),
    "inline": ROW.format(1, "", '<c r="A1" t="inlineStr"><is><t>x</t></is></c>'),
    "day": ROW.format(1, "", CELL.format("A1", ' t="d"', "2026-04-01")),
    "nothing": "",
}
OTHER = {
    "error": ROW.format(1, "", CELL.format("A1", ' t="e"', "#REF!")),
    "no value": ROW.format(1, "", '<c r="A1"><f>B1</f></c>'),
    "empty value": ROW.format(1, "", '<c r="A1"><f>B1</f><v/></c>'),
    "twice": ROW.format(1, "", CELL.format("A1", "", 1) + CELL.format("A1", "", 2)),
    "no address": "<row><c><v>1</v></c></row>",
    "prefix": '<row r="1"><x:c xmlns:x="m" r="A1"><v>1</v></x:c></row>',
    "comment": ROW.format(1, "", "<!-- " + CELL.format("A1", "", 1) + " -->"),
    "rich": ROW.format(
        1, "", '<c r="A1" t="inlineStr"><is><r><rPr><color/></rPr><t>x</t></r></is></c>'
    ),
}


@pytest.mark.parametrize("name", [*PLAIN, *OTHER])
def test_both_ways_say_the_same(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    data = sheet(
        (PLAIN | OTHER)[name],
        '<cols><col min="2" max="3" hidden="1"/></cols>',
        '<mergeCells><mergeCell ref="A1:B2"/></mergeCells>',
    )
    expected = read_shape(io.BytesIO(data), {"3": "£"}, ("a.xlsx", "x"))
    if name in PLAIN:
        monkeypatch.setattr(plain_shape, "read_shape", only_around)
    assert read_shape_fast(io.BytesIO(data), {"3": "£"}, ("a.xlsx", "x")) == expected


def only_around(file: Any, styles: Any, where: Any) -> Any:
    """The reference, for what stands around the rows alone."""
    data = file.read()
    assert b"<c " not in data
    return read_shape(io.BytesIO(data), styles, where)


def test_a_sheet_in_many_pieces_is_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = "".join(ROW.format(n, "", CELL.format(f"A{n}", "", n)) for n in range(1, 500))
    monkeypatch.setattr(plain_shape, "_PIECE", 97)
    shape = read_shape_fast(io.BytesIO(sheet(rows)), {}, ("a.xlsx", "x"))
    assert (shape.filled, shape.rows, shape.columns) == (499, 499, 1)


@pytest.mark.parametrize(
    "data",
    [
        sheet(ROW.format(2, "", "") + ROW.format(1, "", "")),
        sheet(ROW.format(1, "", CELL.format("A2", "", 1))),
        sheet(
            ROW.format(1, "", CELL.format("XFD1", "", 1))
            + ROW.format(1048576, "", CELL.format("A1048576", "", 1))
        ),
        b'<!DOCTYPE a [<!ENTITY b "c">]>' + sheet(""),
    ],
)
def test_what_the_reference_refuses_is_refused(data: bytes) -> None:
    with pytest.raises(Exception) as expected:
        read_shape(io.BytesIO(data), {}, ("a.xlsx", "x"))
    with pytest.raises(type(expected.value)) as found:
        read_shape_fast(io.BytesIO(data), {}, ("a.xlsx", "x"))
    assert str(found.value) == str(expected.value)


def test_workbooks_as_written_are_read_the_fast_way(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = written(tmp_path / "a.xlsx", {"I&E": [["Line", "Plan"], ["Pay", 12.5], ["Drugs", 3.0]]})
    monkeypatch.setattr(plain_shape, "read_shape", only_around)
    (found,) = listed_sheets(path)
    assert (found.shape.filled, found.shape.texts) == (6, 4)
