"""The workbook that people fill in: money by month, savings, risks and the control total.

Accounting idea: a return that checks itself. Labels and totals stand ready, the cells to fill are
coloured, words are chosen from lists, and the head of each sheet says at once whether its totals
agree. The body, the year and the unit are said once and repeated above every table, so that each
sheet tells its own story wherever it is copied. Examples stand below a line that says END, which no
import reads past. It is not a book: `controltotal import` reads it into one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from controltotal.core.calendar import MONTH_NAMES
from controltotal.core.errors import column_letter
from controltotal.core.lines import packaged_lines
from controltotal.core.schema import tables
from controltotal.sources.write import CREATED, MARK, put_workbook

YEARS: Final = tuple(f"20{year}/{year + 1}" for year in range(25, 36))
MONTHS: Final = tuple(name[:3] for name in MONTH_NAMES)
START: Final = "Start here"
END: Final = "END"
HEADING: Final = 6
"""The row of the headings, counted from nought: titles stand above."""
SCHEMES: Final = 60
RISKS: Final = 30
PARTED: Final = frozenset({"pay", "non_pay", "purchase_of_healthcare"})
"""Lines that are given by their parts."""
STATEMENTS: Final = {
    "Plan": "what was planned for each month",
    "Actual": "what each month came to",
    "Forecast": "what each month came to, and what the others will come to",
}


@dataclass(frozen=True, slots=True)
class Column:
    """A column to fill: its heading, its width, the note that shows beside it, its list of words."""

    heading: str
    width: int
    note: str = ""
    words: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Styles:
    """How cells look: what is to be filled is pale yellow with a border, and the notes say so too."""

    title: Any
    note: Any
    head: Any
    label: Any
    entry: Any
    money: Any
    total: Any
    total_money: Any


def form_beside(book: str) -> str:
    """The name of the form that is made beside a workbook.

    >>> form_beside("plans/mine.xlsx")
    'plans/mine-to-fill-in.xlsx'
    """
    path = Path(book)
    return str(path.with_name(f"{path.stem}-to-fill-in{path.suffix}"))


def write_form(path: str | Path) -> None:
    """Write the form; a file that stands there is never written over."""
    put_workbook(path, _fill)


def _fill(path: Path) -> None:
    import xlsxwriter

    book = xlsxwriter.Workbook(str(path), {"strings_to_urls": False})
    book.set_properties({"created": CREATED, "author": MARK})
    styles = _styles(book)
    _start(book.add_worksheet(START), styles)
    for name, meaning in STATEMENTS.items():
        _statement(book.add_worksheet(name), styles, name.lower(), meaning)
    _savings(book.add_worksheet("Savings"), styles)
    _risks(book.add_worksheet("Risks"), styles)
    _control_total(book.add_worksheet("Control total"), styles)
    book.close()


def _styles(book: Any) -> Styles:
    money = {"num_format": "#,##0;(#,##0);0"}
    entry = {"bg_color": "#FFF9DB", "border": 1, "border_color": "#B8B8B8"}
    total = {"bold": True, "top": 1, "bg_color": "#EEEEEE"}
    made: tuple[dict[str, object], ...] = (
        {"bold": True, "font_size": 14},
        {"italic": True, "font_color": "#444444"},
        {"bold": True, "bottom": 1, "text_wrap": True, "valign": "bottom", "bg_color": "#E3E8EF"},
        {},
        entry,
        entry | money,
        total,
        total | money,
    )
    return Styles(*(book.add_format(one) for one in made))


# -- the first sheet -------------------------------------------------------------------------------

TOLD: Final = (
    "Fill in the pale yellow cells. What is not yellow adds itself up.",
    "All money is in thousands of pounds. Costs are written without a minus.",
    "Leave a cell empty where you do not know; write 0 where it is nil.",
    "A sheet that you do not use stays as it is.",
    "Rows below the word END are examples, and nobody reads them in.",
    "Leave out what names or identifies a person: write a role, such as Director of Nursing.",
    "Then: controltotal import THIS-FILE.xlsx --into BOOK",
)


def _start(sheet: Any, styles: Styles) -> None:
    """The body and the year, said once, and how to fill in the rest."""
    sheet.hide_gridlines(2)
    sheet.set_column(0, 0, 46)
    sheet.write_string(0, 0, "Plan, actuals, savings and risks of one organisation", styles.title)
    sheet.write_string(2, 0, "Name or code of the organisation:", styles.note)
    sheet.write_blank(3, 0, None, styles.entry)
    sheet.write_string(4, 0, "Financial year:", styles.note)
    sheet.write_blank(5, 0, None, styles.entry)
    sheet.data_validation(5, 0, 5, 0, _list("Financial year", YEARS, "Choose the year."))
    for row, text in enumerate(TOLD, 7):
        sheet.write_string(row, 0, text)
    sheet.activate()


def _list(title: str, words: Sequence[str], note: str) -> dict[str, object]:
    """A drop-down with its note."""
    return {
        "validate": "list",
        "source": list(words),
        "input_title": title[:32],
        "input_message": note[:255],
        "error_title": "Please choose",
        "error_message": "Choose one of the words of the list.",
    }


NUMBER: Final[Mapping[str, object]] = {
    "validate": "decimal",
    "criteria": "between",
    "minimum": -99_999_999,
    "maximum": 99_999_999,
    "error_title": "A number, please",
    "error_message": "Write a number in thousands of pounds, 0 for nil, or leave the cell empty.",
}


def _head(sheet: Any, styles: Styles, title: str, note: str) -> None:
    """What stands above every table: its title, the body, the year, the unit, a note."""
    sheet.write_string(0, 0, title, styles.title)
    for row, cell in ((1, "$A$4"), (2, "$A$6")):
        said = f"'{START}'!{cell}"
        sheet.write_formula(row, 0, f'=IF({said}="","",{said})', styles.label, "")
    sheet.write_string(3, 0, "£000")
    sheet.write_string(4, 0, note, styles.note)
    sheet.freeze_panes(HEADING + 1, 1)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(HEADING)


# -- money by month --------------------------------------------------------------------------------


def _statement(sheet: Any, styles: Styles, basis: str, meaning: str) -> None:
    """Lines down, months across, with totals that add themselves up."""
    lines = [one for one in packaged_lines().values() if one.added and one.line not in PARTED]
    income = [one.name for one in lines if one.kind == "income"]
    costs = [one.name for one in lines if one.kind == "cost"]
    _head(sheet, styles, f"Income and expenditure: {basis}", f"Write {meaning}.")
    last = len(MONTHS) + 1
    sheet.set_column(0, 0, 44)
    sheet.set_column(1, last, 10)
    for column, text in enumerate(("Line", *MONTHS, "Total")):
        sheet.write_string(HEADING, column, text, styles.head)
    row = HEADING + 1
    totals = []
    for names, name in ((income, "Total income"), (costs, "Total expenditure")):
        for number, one in enumerate(names, row):
            sheet.write_string(number, 0, one, styles.label)
            _months(sheet, styles, number, 1)
        first, row = row, row + len(names)
        _summed(sheet, styles, row, name, 1, last, (first, row - 1))
        totals.append(row)
        row += 1
    sheet.write_string(row, 0, "Surplus/(deficit)", styles.total)
    for column in range(1, last + 1):
        letter = column_letter(column)
        formula = f"={letter}{totals[0] + 1}-{letter}{totals[1] + 1}"
        sheet.write_formula(row, column, formula, styles.total_money, 0)
    _agrees(sheet, styles, 1, last, row)
    example: list[object] = [income[1], *[41_250] * 12, 495_000]
    _examples(sheet, styles, row + 2, [["Line", *MONTHS, "Total"], example])


def _months(sheet: Any, styles: Styles, row: int, first: int) -> None:
    """Twelve cells to fill and their sum, which is empty while all of them are."""
    last = first + len(MONTHS) - 1
    for column in range(first, last + 1):
        sheet.write_blank(row, column, None, styles.money)
    sheet.data_validation(row, first, row, last, dict(NUMBER))
    span = f"{column_letter(first)}{row + 1}:{column_letter(last)}{row + 1}"
    formula = f'=IF(COUNT({span})=0,"",SUM({span}))'
    sheet.write_formula(row, last + 1, formula, styles.total_money, "")


def _summed(
    sheet: Any, styles: Styles, row: int, name: str, first: int, last: int, rows: tuple[int, int]
) -> None:
    """A row of sums of the rows above it."""
    sheet.write_string(row, 0, name, styles.total)
    for column in range(1, last + 1):
        letter = column_letter(column)
        if column < first:
            sheet.write_blank(row, column, None, styles.total)
            continue
        formula = f"=SUM({letter}{rows[0] + 1}:{letter}{rows[1] + 1})"
        sheet.write_formula(row, column, formula, styles.total_money, 0)


def _agrees(sheet: Any, styles: Styles, first: int, last: int, row: int) -> None:
    """The line above the table that says whether the months of the last row make its total."""
    months = f"{column_letter(first)}{row + 1}:{column_letter(last - 1)}{row + 1}"
    made = f"ROUND({column_letter(last)}{row + 1}-SUM({months}),2)=0"
    formula = f'=IF({made},"The totals agree.","The totals do not agree: look for a typed total.")'
    sheet.write_formula(HEADING - 1, 0, formula, styles.note, "The totals agree.")


def _examples(sheet: Any, styles: Styles, row: int, rows: Sequence[Sequence[object]]) -> None:
    """The word after which nobody reads, and examples of filled rows below it."""
    sheet.write_string(row, 0, END, styles.head)
    sheet.write_string(row + 1, 0, "Examples of filled rows, which are not read in:", styles.note)
    for number, cells in enumerate(rows, row + 2):
        for column, cell in enumerate(cells):
            sheet.write(number, column, cell, styles.note)


# -- lists -----------------------------------------------------------------------------------------


def _words(table: str, column: str) -> tuple[str, ...]:
    """The words of a column as people read them."""
    found = tables()[table].columns[column]
    more = ("unknown",) if found.required and "unknown" not in found.vocabulary else ()
    return tuple(word.replace("_", " ") for word in (*found.vocabulary, *more))


def _table(sheet: Any, styles: Styles, columns: Sequence[Column], rows: int) -> None:
    """Headings with their notes, and empty rows to fill."""
    sheet.set_row(HEADING, 32)
    first, last = HEADING + 1, HEADING + rows
    for index, one in enumerate(columns):
        sheet.set_column(index, index, one.width)
        sheet.write_string(HEADING, index, one.heading, styles.head)
        for row in range(first, last + 1):
            sheet.write_blank(row, index, None, styles.entry)
        if one.words:
            said = _list(one.heading, one.words, one.note or "Choose from the list.")
            sheet.data_validation(first, index, last, index, said)
        elif one.note:
            said = {"validate": "any", "input_title": one.heading[:32], "input_message": one.note}
            sheet.data_validation(first, index, last, index, said)


def _savings(sheet: Any, styles: Styles) -> None:
    """Schemes down, what each is, and the plan by month."""
    columns = (
        Column("Scheme ID", 14, "A code that stays the same all year, such as FTH-001."),
        Column("Title", 40, "What it does, in a few words. No names of people."),
        Column("Directorate", 18),
        Column("Recurrence", 16, "", _words("schemes", "recurrence")),
        Column("Maturity", 24, "", _words("schemes", "maturity")),
        Column("Start", 12, "The day on which it starts, such as 01/07/2026."),
        Column("Full-year effect", 12, "What twelve months bring once it runs, in £000."),
    )
    _head(sheet, styles, "Savings schemes: plan", "One row to a scheme; savings are positive.")
    _table(sheet, styles, columns, SCHEMES)
    first = len(columns)
    for column, text in enumerate((*MONTHS, "Total"), first):
        sheet.write_string(HEADING, column, text, styles.head)
    rows = (HEADING + 1, HEADING + SCHEMES)
    for row in range(rows[0], rows[1] + 1):
        sheet.write_blank(row, first - 1, None, styles.money)
        _months(sheet, styles, row, first)
    last = first + len(MONTHS)
    _summed(sheet, styles, rows[1] + 1, "Total", first - 1, last, rows)
    _agrees(sheet, styles, first, last, rows[1] + 1)
    head: list[object] = [one.heading for one in columns]
    example: list[object] = ["FTH-001", "Fewer agency nurses", "Medicine", "recurrent"]
    example += ["in progress", "01/07/2026", 480, 0, 0, 0, *[40] * 9, 360]
    _examples(sheet, styles, rows[1] + 3, [[*head, *MONTHS, "Total"], example])


def _risks(sheet: Any, styles: Styles) -> None:
    """Risks and mitigations, each with its gross value and its chance."""
    columns = (
        Column("Risk ID", 14, "A code that stays the same all year, such as R-01."),
        Column("Title", 52, "What may happen. No names of people."),
        Column("Kind", 14, "", _words("risks", "kind")),
        Column("Gross", 12, "The whole of it in £000, positive, before its chance."),
        Column("Chance", 10, "As a percentage, such as 40%."),
        Column("Owner", 30, "A role, such as Chief Finance Officer."),
    )
    _head(sheet, styles, "Risks and mitigations", "One row to a risk or to a mitigation.")
    _table(sheet, styles, columns, RISKS)
    head: list[object] = [one.heading for one in columns]
    example = [
        "R-01",
        "Winter beds stay open past March",
        "risk",
        5200,
        "50%",
        "Chief Operating Officer",
    ]
    _examples(sheet, styles, HEADING + RISKS + 2, [head, example])


def _control_total(sheet: Any, styles: Styles) -> None:
    """The control total: a deficit is negative."""
    columns = (
        Column("Organisation", 44, "The name or the code, as on the first sheet."),
        Column("Year", 12, "The financial year.", YEARS),
        Column("Amount", 14, "In £000: a deficit as -500 or (500)."),
        Column("Status", 14, "", _words("control_totals", "status")),
        Column("Set by", 26, "An office, such as the regional team."),
        Column("Set on", 14, "The day, such as 27/03/2026."),
    )
    _head(sheet, styles, "Control total", "One row to each year.")
    _table(sheet, styles, columns, 4)
    head: list[object] = [one.heading for one in columns]
    example = ["RX1", "2026/27", -500, "accepted", "Regional team", "27/03/2026"]
    _examples(sheet, styles, HEADING + 6, [head, example])
