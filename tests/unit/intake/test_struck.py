"""What is struck through is asked about in every form of file that can show it."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from controltotal.intake.grid import read_file
from tests.intake_binaries import ods, xls, xlsb

ROWS = [["Line", "Apr", "May"], ["Pay", 600, 601], ["Premises", 30, 31]]
PLACES = frozenset({(2, 0), (2, 1), (2, 2)})


def page(
    path: Path, sheets: dict[str, list[list[object]]], struck: frozenset[tuple[int, int]]
) -> Path:
    """A web page that is called an .xls, struck through by a style and by an element."""
    rows = ""
    for number, row in enumerate(next(iter(sheets.values()))):
        style = ' style="text-decoration: line-through"' if (number, 1) in struck else ""
        cells = [f"<td{style}>{cell}</td>" for cell in row]
        if style:
            cells[0] = f"<td><s>{row[0]}</s></td>"
        rows += f"<tr>{''.join(cells)}</tr>"
    path.write_text(f"<html><table>{rows}</table></html>", "utf-8")
    return path


@pytest.mark.parametrize("write", [ods, xls, xlsb, page], ids=["ods", "xls", "xlsb", "html"])
def test_cells_that_are_struck_through_are_seen_and_no_others(
    write: Callable[..., Path], tmp_path: Path
) -> None:
    ending = "xls" if write is page else write.__name__
    (grid,) = read_file(write(tmp_path / f"a.{ending}", {"Plan": ROWS}, PLACES)).grids
    assert sorted(grid.text(*place) for place in grid.struck) == ["30", "31", "Premises"]
    (plain,) = read_file(write(tmp_path / f"b.{ending}", {"Plan": ROWS}, frozenset())).grids
    assert not plain.struck


def test_a_style_that_is_made_from_a_struck_one_is_struck_unless_it_says_otherwise(
    tmp_path: Path,
) -> None:
    path = ods(tmp_path / "a.ods", {"Plan": ROWS}, PLACES)
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    text = parts["content.xml"].decode()
    heir = (
        '<style:style style:name="heir" style:family="table-cell" style:parent-style-name="gone"/>'
    )
    text = text.replace("</office:automatic-styles>", f"{heir}</office:automatic-styles>")
    row = '<table:table-cell table:style-name="gone" office:value-type="float" office:value="30">'
    assert row in text
    text = text.replace(row, row.replace("gone", "heir"))
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in {**parts, "content.xml": text.encode()}.items():
            archive.writestr(name, data)
    assert read_file(path).grids[0].struck == PLACES
