"""The pack as a formatted workbook: a sheet a section, money as numbers in £m, charts as pictures.

No text becomes a formula, whatever it begins with; figures carry their ids, so that any cell can
be explained; deficits are in brackets by number format, not by colour.
"""

from __future__ import annotations

import io
from datetime import datetime
from typing import Any

from controltotal.core.figure import Figure
from controltotal.core.show import chance_text, figure_name, figure_value
from controltotal.papers.page import plain_text
from controltotal.papers.paper import Paper, Written
from controltotal.papers.sections import Cell, ChartView, Column, Section, TableView
from controltotal.papers.svg import picture

MONEY_FORMAT = "#,##0.0;(#,##0.0);0.0"
UNITS = "Money is in £ million unless a heading says otherwise; deficits are in brackets."
WRITTEN = {"pence": "money", "share": "share", "count": "number"}
"""The kind of column that writes a number of a unit."""
PICTURE_ROWS = 24
"""Rows that a picture covers."""
PICTURE_SCALE = 1.5
CELL_MAX = 32_767  # characters a spreadsheet cell holds
CUT = " … (cut)"
CREATED = datetime(2020, 1, 1)  # noqa: DTZ001 - the same in every workbook, for equal bytes


def paper_workbook(paper: Paper) -> Written:
    """A paper as the bytes of a workbook: a sheet a section, charts as pictures."""
    import xlsxwriter
    from xlsxwriter.worksheet import Worksheet

    cut: list[str] = []

    class Sheet(Worksheet):  # type: ignore[misc]  # xlsxwriter brings no types
        """A sheet that cuts what no cell can hold, and says so, where xlsxwriter drops it."""

        def write_string(self, row: int, column: int, text: str, style: Any = None) -> int:
            if len(text) > CELL_MAX:
                cut.append(text)
                text = text[: CELL_MAX - len(CUT)] + CUT
            code: int = super().write_string(row, column, text, style)
            return code

    buffer = io.BytesIO()
    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    book = xlsxwriter.Workbook(buffer, options)
    book.set_properties({"title": paper.title, "author": "controltotal", "created": CREATED})
    styles = {
        "title": book.add_format({"bold": True, "font_size": 16}),
        "head": book.add_format({"bold": True, "bottom": 2, "text_wrap": True, "valign": "top"}),
        "bold": book.add_format({"bold": True}),
        "text": book.add_format({"text_wrap": True, "valign": "top"}),
        "money": book.add_format({"num_format": MONEY_FORMAT, "valign": "top"}),
        "share": book.add_format({"num_format": "0.0%", "valign": "top"}),
        "number": book.add_format({"num_format": "#,##0.###", "valign": "top"}),
        **{
            f"{side} an end": book.add_format(
                {"num_format": f'"{chance_text(at)}"', "valign": "top"}
            )
            for side, at in (("below", 0.00001), ("above", 0.99999))
        },
    }
    names: set[str] = set()
    sheet, row = None, 0
    for section in paper.sections:
        if sheet is None or not (paper.paged and section.level > 2):
            sheet = book.add_worksheet(_sheet_name(section.id, names), Sheet)
            sheet.hide_gridlines(2)
            row = _heading(sheet, styles, section, paper)
        else:
            row = _part(sheet, styles, section, row)
        row = _figures(sheet, styles, section, row)
        for view in section.charts:
            row = _picture(sheet, styles, view, paper.pictures[view.id], row)
        for table in section.tables:
            row = _table(sheet, styles, table, row)
    book.close()
    told = (f"A cell of a workbook holds {CELL_MAX:,} characters; {len(cut)} were cut at that.",)
    return Written(buffer.getvalue(), told if cut else ())


def _sheet_name(name: str, taken: set[str]) -> str:
    short = name[:31]
    while short in taken:
        short = short[:29] + "_2"
    taken.add(short)
    return short


def _heading(sheet: Any, styles: dict[str, Any], section: Section, paper: Paper) -> int:
    """Title, what the paper is, and the section's words; returns the next row.

    The first sheet says in full what the paper is and where it came from.
    """
    sheet.set_column(0, 0, 48)
    sheet.set_column(1, 12, 20)
    sheet.write_string(0, 0, section.title, styles["title"])
    sheet.write_string(1, 0, paper.title)
    row = 2
    first = section is paper.sections[0]
    for text in (paper.subtitle, *paper.notices, UNITS, paper.footer) if first else paper.notices:
        sheet.write_string(row, 0, text)
        row += 1
    row += 1
    for text in (*section.words, *section.points):
        sheet.write_string(row, 0, text)
        row += 1
    return row + 1


def _part(sheet: Any, styles: dict[str, Any], section: Section, row: int) -> int:
    """A part of a page below the parts before it: its title and its words; returns the next row."""
    row += 1
    sheet.write_string(row, 0, section.title, styles["title"])
    for text in (*section.words, *section.points):
        row += 1
        sheet.write_string(row, 0, text)
    return row + 2


def _picture(sheet: Any, styles: dict[str, Any], view: ChartView, drawing: str, row: int) -> int:
    """A chart as a picture, its message above it; returns the next row."""
    sheet.write_string(row, 0, view.title, styles["bold"])
    image = {
        "image_data": io.BytesIO(picture(drawing, PICTURE_SCALE)),
        "description": view.alternative,
        "x_scale": 0.6,
        "y_scale": 0.6,
    }
    sheet.insert_image(row + 1, 0, f"{view.id}.png", image)
    return row + PICTURE_ROWS


def _figures(sheet: Any, styles: dict[str, Any], section: Section, row: int) -> int:
    if not section.figures:
        return row
    for index, heading in enumerate(("Figure", "£ million or as shown", "Shown as", "Id")):
        sheet.write_string(row, index, heading, styles["head"])
    for figure in section.figures:
        row += 1
        sheet.write_string(row, 0, figure_name(figure), styles["text"])
        _number(sheet, styles, row, 1, figure)
        sheet.write_string(row, 2, figure_value(figure))
        sheet.write_string(row, 3, figure.id)
    return row + 2


def _number(sheet: Any, styles: dict[str, Any], row: int, column: int, figure: Figure) -> None:
    """A figure as a number where it has a value, else in words."""
    if figure.value is None:
        sheet.write_string(row, column, figure_value(figure))
    elif figure.unit == "pence":
        sheet.write_number(row, column, figure.value / 100_000_000, styles["money"])
    else:
        sheet.write_number(row, column, figure.value, styles[_style(figure.unit, figure.value)])


def _style(kind: str, value: int | float) -> str:
    """The style of a number; a chance near its end reads in words what it is less or more than."""
    if kind == "chance" and chance_text(value) != f"{value:.1%}":
        return "below an end" if value < 0.5 else "above an end"
    return "share" if kind in ("share", "chance") else "number"


def _table(sheet: Any, styles: dict[str, Any], table: TableView, row: int) -> int:
    if not table.rows:
        return row
    sheet.write_string(row, 0, table.title, styles["bold"])
    row += 1
    if table.groups:
        place = 0
        for title, span in table.groups:
            sheet.write_string(row, place, title, styles["bold"])
            place += span
        row += 1
    for index, column in enumerate(table.columns):
        sheet.write_string(row, index, column.heading, styles["head"])
    for values in table.rows:
        row += 1
        for index, column in enumerate(table.columns):
            _cell(sheet, styles, row, index, column, values.get(column.key))
    if table.note:
        row += 1
        sheet.write_string(row, 0, table.note)
    return row + 2


def _cell(
    sheet: Any, styles: dict[str, Any], row: int, index: int, column: Column, value: Any
) -> None:
    if isinstance(value, Cell):
        if value.value is None:
            return  # nothing tells it, or it does not apply
        column, value = Column(column.key, column.heading, WRITTEN[value.unit]), value.value
    if isinstance(value, Figure) and column.kind != "anchor":
        _number(sheet, styles, row, index, value)
    elif isinstance(value, Figure):
        sheet.write_string(row, index, value.id)
    elif isinstance(value, bool) or value is None:
        sheet.write_string(row, index, plain_text(column, value), styles["text"])
    elif column.kind == "money":
        sheet.write_number(row, index, value / 100_000_000, styles["money"])
    elif isinstance(value, int | float):
        sheet.write_number(row, index, value, styles[_style(column.kind, value)])
    else:
        sheet.write_string(row, index, plain_text(column, value), styles["text"])
