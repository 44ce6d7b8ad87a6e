"""The workbook of a whole board paper, read back and reckoned anew by another program."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from io import BytesIO
from math import isclose
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook

from controltotal.core.figure import Figure
from controltotal.papers.board import board_paper
from controltotal.papers.paper import Paper
from controltotal.papers.sections import Cell, TableView
from controltotal.papers.workbook import paper_workbook
from controltotal.papers.workbook_formulas import GRAMMAR
from tests.board_results import example
from tests.recalculated import recalculated

BOOKS = ("fictional-system", "east-of-england-2019")
HALF_A_PENNY = 0.5 / 100_000_000  # in £ million
LEAST = {"fictional-system": 150, "east-of-england-2019": 1}
"""Formulas that the workbook of a book has at least."""


@cache
def made(name: str) -> Paper:
    return board_paper(example(name))


@cache
def data(name: str) -> bytes:
    return paper_workbook(made(name)).data


@cache
def read(name: str) -> Workbook:
    return load_workbook(BytesIO(data(name)), data_only=True)


def tables(name: str) -> Iterator[TableView]:
    for section in made(name).sections:
        yield from (table for table in section.tables if table.rows)


def held(value: Any) -> int | float | None:
    """The number that a cell of a paper shows, in the unit of a workbook."""
    if not isinstance(value, Cell | Figure) or value.value is None:
        return None
    return value.value / 100_000_000 if value.unit == "pence" else value.value


def same(cell: Any, number: float) -> bool:
    """Whether a cell holds a number, to the digits that a workbook keeps."""
    return isinstance(cell, int | float) and isclose(cell, number, rel_tol=1e-14)


@cache
def lines(name: str) -> list[list[tuple[Any, ...]]]:
    """Sheet by sheet, the rows of a workbook."""
    return [list(sheet.iter_rows(values_only=True)) for sheet in read(name)]


def found(name: str, table: TableView) -> Iterator[list[tuple[Any, ...]]]:
    """Wherever the headings of a table stand in a workbook: the rows below them."""
    heads = tuple(column.heading for column in table.columns)
    for sheet in lines(name):
        for at, line in enumerate(sheet):
            if line[: len(heads)] == heads:
                yield [row[: len(heads)] for row in sheet[at + 1 : at + 1 + len(table.rows)]]


@pytest.mark.parametrize("name", BOOKS)
def test_every_number_of_the_paper_is_that_number_in_a_cell(name: str) -> None:
    many = 0
    for table in tables(name):
        if table.columns[0].kind == "note":
            continue
        told = [[held(row.get(column.key)) for column in table.columns] for row in table.rows]
        places = [
            rows
            for rows in found(name, table)
            if len(rows) == len(told)
            and all(
                number is None or same(cell, number)
                for line, numbers in zip(rows, told, strict=True)
                for cell, number in zip(line, numbers, strict=True)
            )
        ]
        assert places, f"{table.title} is not in the workbook as the paper has it"
        many += sum(number is not None for line in told for number in line)
    assert many > 50


@pytest.mark.parametrize("name", BOOKS)
def test_every_figure_stands_once_among_the_figures_with_its_rule(name: str) -> None:
    shown = {
        value.id: value
        for table in tables(name)
        if table.columns[0].kind != "note"
        for row in table.rows
        for value in row.values()
        if isinstance(value, Figure)
    }
    if not shown:
        assert "Figures" not in read(name).sheetnames
        return
    rows = list(read(name)["Figures"].iter_rows(min_row=6, values_only=True))
    assert sorted(str(row[-1]) for row in rows) == sorted(shown)
    for row in rows:
        assert row[2] == held(shown[str(row[-1])]) or shown[str(row[-1])].value is None
        assert row[-2], f"{row[-1]} has no rule"


@pytest.mark.parametrize("name", BOOKS)
def test_links_land_and_formulas_are_of_addresses_alone(name: str) -> None:
    book = load_workbook(BytesIO(data(name)))
    formulas = 0
    for cell in (cell for sheet in book for line in sheet.iter_rows() for cell in line):
        if cell.data_type == "f":
            formulas += 1
            assert GRAMMAR.fullmatch(cell.value), cell.value
        if cell.hyperlink is not None:
            assert cell.hyperlink.id is None
            sheet, _, place = cell.hyperlink.location.rpartition("!")
            assert book[sheet.strip("'").replace("''", "'")][place].value is not None
    assert formulas >= LEAST[name]


def test_the_fictional_system_has_its_pages_its_charts_and_its_filters() -> None:
    book = load_workbook(BytesIO(data("fictional-system")))
    names = book.sheetnames
    assert names[:2] == ["Contents", "1 The answer"]
    assert names[-3:] == ["Chart numbers", "Figures", "How each number was made"]
    assert sum(len(sheet._charts) for sheet in book) == len(made("fictional-system").pictures)
    assert book["Efficiencies by category"].auto_filter.ref is not None
    assert all(sheet.freeze_panes for sheet in book)
    notice = made("fictional-system").notices[0]
    for sheet in book:
        assert any(notice in str(sheet.cell(row, 1).value) for row in range(1, 5)), sheet.title


def test_another_program_reckons_our_numbers(
    soffice: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """LibreOffice, given a wrong result beside every formula, comes to ours to half a penny."""
    folder = tmp_path_factory.mktemp("office")
    anew = recalculated({name: data(name) for name in BOOKS}, soffice, folder)
    for name in BOOKS:
        ours, theirs = read(name), load_workbook(BytesIO(anew[name]), data_only=True)
        assert theirs.sheetnames == ours.sheetnames
        formulas = 0
        for cell in (
            c for s in load_workbook(BytesIO(data(name))) for r in s.iter_rows() for c in r
        ):
            if cell.data_type != "f":
                continue
            formulas += 1
            where = cell.parent.title, cell.coordinate
            own, other = (book[where[0]][where[1]].value for book in (ours, theirs))
            assert abs(own - other) < HALF_A_PENNY, where
        assert formulas >= LEAST[name]


def test_a_recalculation_would_show_a_wrong_result(
    soffice: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """What is read back is not what was written: the check sees a formula that is wrong."""
    import xlsxwriter

    buffer = BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, [2, 3])
        sheet.write_formula(0, 2, "=A1+B1", None, 6)
    anew = recalculated({"a": buffer.getvalue()}, soffice, tmp_path_factory.mktemp("office"))
    read_back = load_workbook(BytesIO(anew["a"]), data_only=True).active
    assert read_back is not None and read_back["C1"].value == 5


def test_a_workbook_is_written_within_two_seconds() -> None:
    from time import process_time

    paper = made("fictional-system")
    start = process_time()
    paper_workbook(paper)
    assert process_time() - start < 2


def test_what_the_office_reads_is_a_file_like_any_other(tmp_path: Path) -> None:
    """Another reader, which knows nothing of ours, sees the same sheets."""
    import python_calamine

    target = tmp_path / "paper.xlsx"
    target.write_bytes(data("fictional-system"))
    book = python_calamine.CalamineWorkbook.from_path(target)
    assert book.sheet_names == read("fictional-system").sheetnames
