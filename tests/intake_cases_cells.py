"""What stands in cells: brackets, words in place of numbers, what is hidden or not there."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.intake_cases_matrix import with_totals
from tests.intake_files import (
    DATED,
    FTH_NAME,
    LINES,
    NUMBERED,
    Case,
    Cell,
    Line,
    Truth,
    across,
    cases_of,
    drawn,
    less,
    statement,
    text,
    titled,
    xlsx,
)

CASES: list[Case] = []
case = cases_of(CASES)
NBSP, THIN, MINUS = "\u00a0", "\u2009", "\u2212"


def credits(seed: object) -> tuple[dict[str, list[int]], Truth]:
    """A statement in which a cost is below nil in some months."""
    found, _ = statement(seed)
    found["non_pay"][2], found["non_pay"][7] = -1234, -56
    truth = Truth()
    for line, numbers in found.items():
        for month, number in enumerate(numbers, 1):
            truth.put(line, month, "plan", number * 100_000)
    return found, truth


WRITTEN: dict[str, Callable[[int], object]] = {
    "brackets": lambda n: f"({-n:,})" if n < 0 else f"{n:,}",
    "a trailing minus": lambda n: f"{-n}-" if n < 0 else str(n),
    "a minus sign of print": lambda n: f"{MINUS}{-n}" if n < 0 else str(n),
    "brackets with a pound sign": lambda n: f"£({-n:,})" if n < 0 else f"£{n:,}",
    "blanks that do not break": lambda n: f"{n:,}".replace(",", NBSP) + NBSP,
    "thin spaces": lambda n: f"{n:,}".replace(",", THIN),
    "text with an apostrophe before it": lambda n: f"'{n}",
}


def _written(how: str, write: Callable[[int], object], number: int) -> None:
    @case(f"numbers as text: {how}")
    def _(path: Path) -> Truth:
        found, truth = credits(60 + number)
        rows = [[row[0], *(write(n) for n in row[1:])] for row in with_totals(found)]
        xlsx(path / "plan.xlsx", {"Plan": titled([["", *NUMBERED, "Total"], *rows])})
        return truth


for _place, (_how, _write_one) in enumerate(WRITTEN.items()):
    _written(_how, _write_one, _place)


@case("brackets by number format")
def _(path: Path) -> Truth:
    found, truth = credits(70)
    rows = [[row[0], *(Cell(n, "#,##0;(#,##0);-") for n in row[1:])] for row in with_totals(found)]
    xlsx(path / "plan.xlsx", {"Plan": titled([["", *NUMBERED, "Total"], *rows])})
    return truth


@case("a dash for nil, an empty cell and n/a for nothing said")
def _(path: Path) -> Truth:
    found, _ = statement(71)
    truth = Truth()
    rows = across(found)
    rows[1][4], rows[3][5], rows[3][6], rows[4][2] = "-", "", "n/a", "–"
    for line, row in zip(found, rows, strict=True):
        for month, number in enumerate(row[1:], 1):
            if number not in ("", "n/a"):
                truth.put(line, month, "plan", 0 if isinstance(number, str) else number * 100_000)
    xlsx(path / "plan.xlsx", {"Plan": titled([["", *DATED], *rows])})
    return truth


BAD = (
    "TBC",
    "tbc with divisional lead",
    "#REF!",
    "#N/A",
    "#DIV/0!",
    "1,23,4.5.6",
    "see note 3",
    "?",
)


def _bad(word: str, number: int) -> None:
    @case(f"a cell of money that says {word}", asks={"IMPORT_CELL"})
    def _(path: Path) -> None:
        found, _ = statement(80 + number)
        rows = across(found)
        rows[2][6] = Cell(word, formula="=1/0") if word.startswith("#") else word
        xlsx(path / "plan.xlsx", {"Plan": titled([["", *DATED], *rows])})


for _place, _word in enumerate(BAD):
    _bad(_word, _place)


@case("a total that is an error while its parts are whole")
def _(path: Path) -> Truth:
    found, truth = statement(90)
    rows = [list(row) for row in with_totals(found)]
    rows[-1][-1] = rows[-1][-1]
    xlsx(path / "plan.xlsx", {"Plan": titled([["", *NUMBERED, "Total"], *rows])})
    return truth


@case("a number shown in thousands by its format", asks={"IMPORT_CELL", "IMPORT_SCALE"})
def _(path: Path) -> None:
    found, _ = statement(91)
    rows = [[row[0], *(Cell(n * 1000, "#,##0,") for n in row[1:])] for row in across(found)]
    xlsx(path / "plan.xlsx", {"Plan": titled([["", *DATED], *rows])})


@case("the unit as a column")
def _(path: Path) -> Truth:
    found, truth = statement(92)
    rows = [[row[0], "£k", *row[1:]] for row in across(found)]
    xlsx(path / "plan.xlsx", {"Plan": titled([["Line", "Unit", *DATED], *rows], unit="")})
    return truth


@case("the unit in the headings")
def _(path: Path) -> Truth:
    found, truth = statement(93)
    head = [f"{month} £'000" for month in DATED]
    xlsx(path / "plan.xlsx", {"Plan": titled([["Line", *head], *across(found)], unit="")})
    return truth


@case("two units that contradict each other", asks={"IMPORT_UNIT"})
def _(path: Path) -> None:
    found, _ = statement(94)
    head = [f"{month} £m" for month in DATED]
    xlsx(
        path / "plan.xlsx",
        {"Plan": titled([["Line", *head], *across(found)], unit="All figures in £000")},
    )


@case("pounds beside thousands, told by the headings of the columns")
def _(path: Path) -> Truth:
    truth = Truth()
    rows: list[Line] = [["", "Plan £000", "Forecast £"]]
    for line, plan, outturn in zip(
        LINES, drawn(95, 5), drawn(96, 5, 900_000, 9_000_000), strict=True
    ):
        truth.put(line, "", "plan", plan * 100_000)
        truth.put(line, "", "forecast", outturn * 100)
        rows.append([LINES[line], plan, outturn])
    xlsx(path / "plan.xlsx", {"Plan": titled(rows, what="2026/27", unit="")})
    return truth


@case("a sum with a unit of its own in one cell", asks={"IMPORT_CELL", "IMPORT_UNIT"})
def _(path: Path) -> None:
    found, _ = statement(97)
    rows = across(found)
    rows[2][3] = "£4.6m"
    xlsx(path / "plan.xlsx", {"Plan": titled([["", *DATED], *rows])})


# -- what is hidden, merged or not there -----------------------------------------------------------


def hidden(what: str) -> Callable[[Any, dict[str, Any]], None]:
    """Hides a row or a column of the sheet Plan."""

    def done(_: Any, sheets: dict[str, Any]) -> None:
        if what == "row":
            sheets["Plan"].set_row(7, None, None, {"hidden": True})
        else:
            sheets["Plan"].set_column(3, 3, None, None, {"hidden": True})

    return done


@case("a hidden row", told={"IMPORT_HIDDEN"})
def _(path: Path) -> Truth:
    found, truth = statement(110)
    rows = titled([["", *NUMBERED, "Total"], *with_totals(found)])
    xlsx(path / "plan.xlsx", {"Plan": rows}, hidden("row"))
    return truth


@case("a hidden column", told={"IMPORT_HIDDEN"})
def _(path: Path) -> Truth:
    found, truth = statement(111)
    rows = titled([["", *NUMBERED, "Total"], *with_totals(found)])
    xlsx(path / "plan.xlsx", {"Plan": rows}, hidden("column"))
    return truth


def old_version(path: Path, seed: int) -> tuple[Truth, Truth]:
    """A plan and, on a hidden sheet, the actuals of three months."""
    found, truth = statement(seed)
    actual, other = statement(seed, months=(1, 2, 3), basis="actual")
    sheets = {
        "Plan": titled([["", *NUMBERED], *across(found)]),
        "Working": titled([["", *NUMBERED[:3]], *across(actual)], what="Actual 2026/27"),
    }
    xlsx(path / "plan.xlsx", sheets, lambda _, kept: kept["Working"].hide())
    return truth, other


@case("a hidden sheet is counted and not read", told={"IMPORT_HIDDEN"})
def _(path: Path) -> Truth:
    return old_version(path, 112)[0]


@case(
    "a hidden sheet that a named person wants read",
    "--include-hidden",
    "A N Auditor: it holds the actuals",
)
def _(path: Path) -> Truth:
    truth, other = old_version(path, 113)
    truth.rows.update(other.rows)
    return truth


@case("a filter that hides rows", told={"IMPORT_HIDDEN"})
def _(path: Path) -> Truth:
    found, truth = statement(114)

    def filtered(_: Any, sheets: dict[str, Any]) -> None:
        sheets["Plan"].autofilter(4, 0, 9, 12)
        sheets["Plan"].filter_column(0, "x == Pay")
        for row in (5, 6, 8, 9):
            sheets["Plan"].set_row(row, None, None, {"hidden": True})

    xlsx(path / "plan.xlsx", {"Plan": titled([["Line", *DATED], *across(found)])}, filtered)
    return truth


@case("merged cells of the body mean the same as above")
def _(path: Path) -> Truth:
    truth = Truth()
    rows: list[Line] = [["Line", "Basis", *NUMBERED[:3]]]
    for line in LINES:
        for basis in ("plan", "actual"):
            numbers = drawn((115, line, basis), 3)
            for month, number in enumerate(numbers, 1):
                truth.put(line, month, basis, number * 100_000)
            rows.append([LINES[line] if basis == "plan" else "", basis.title(), *numbers])

    def merged(_: Any, sheets: dict[str, Any]) -> None:
        for number, line in enumerate(LINES):
            sheets["I&E"].merge_range(5 + 2 * number, 0, 6 + 2 * number, 0, LINES[line])

    xlsx(path / "m3.xlsx", {"I&E": titled(rows, what="2026/27")}, merged)
    return truth


@case("merged cells over money", asks={"IMPORT_CELL"})
def _(path: Path) -> None:
    found, _ = statement(116)

    def merged(_: Any, sheets: dict[str, Any]) -> None:
        sheets["Plan"].merge_range(7, 2, 8, 2, 500)

    xlsx(path / "plan.xlsx", {"Plan": titled([["", *DATED], *across(found)])}, merged)


def uncalculated(path: Path, rows: list[Line]) -> None:
    """A workbook whose formulas no program ever calculated."""
    import openpyxl

    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "Plan"
    for row in rows:
        sheet.append([cell if cell != "" else None for cell in row])
    book.save(path / "plan.xlsx")


@case("money as formulas that were never calculated", asks={"IMPORT_CELL"})
def _(path: Path) -> None:
    found, _ = statement(117)
    rows = across(found)
    rows[2][1] = "=1000+234"
    uncalculated(path, titled([["", *DATED], *rows]))


@case("a formula with its stored value, and one that looks into another workbook")
def _(path: Path) -> Truth:
    found, truth = statement(118)
    rows = across(found)
    rows[0][1] = Cell(rows[0][1], formula="=A1+1")
    rows[1][1] = Cell(rows[1][1], formula="='[other.xlsx]Sheet1'!$A$1")
    xlsx(path / "plan.xlsx", {"Plan": titled([["", *DATED], *rows])})
    return truth


@case("a line that no line nearly is", asks={"IMPORT_LINE"})
def _(path: Path) -> None:
    found, _ = statement(119)
    rows = [*across(found), ["Zebra husbandry", *drawn(119, 12)]]
    xlsx(path / "plan.xlsx", {"Plan": titled([["", *DATED], *rows])})


@case("a line nearly named", asks={"IMPORT_LINE"})
def _(path: Path) -> Truth:
    found, truth = statement(120)
    rows = across(found)
    rows[3][0] = "Drug"
    xlsx(path / "plan.xlsx", {"Plan": titled([["", *DATED], *rows])})
    return truth


@case("one line twice with different money", asks={"IMPORT_REPEATED"})
def _(path: Path) -> None:
    found, _ = statement(121)
    rows = [*across(found), ["Pay", *drawn(122, 12)]]
    xlsx(path / "plan.xlsx", {"Plan": titled([["", *DATED], *rows])})


@case("a heading with money that nobody can name", asks={"IMPORT_HEADING"})
def _(path: Path) -> None:
    found, _ = statement(123)
    rows = [[*row, row[1]] for row in across(found)]
    xlsx(path / "plan.xlsx", {"Plan": titled([["", *DATED, "Xq adj. 2"], *rows])})


@case("a month missing among twelve")
def _(path: Path) -> Truth:
    found, truth = statement(124, months=(1, 2, 3, 5, 6))
    head = [NUMBERED[n - 1] for n in (1, 2, 3, 5, 6)]
    text(path / "plan.csv", titled([["", *head], *across(found)], unit="£000"))
    return truth


@case("months in the wrong order")
def _(path: Path) -> Truth:
    order = (3, 1, 2)
    found, truth = statement(125, months=order)
    xlsx(
        path / "plan.xlsx", {"Plan": titled([["", *(DATED[n - 1] for n in order)], *across(found)])}
    )
    return truth


@case("a month twice", asks={"IMPORT_REPEATED", "IMPORT_HEADING"})
def _(path: Path) -> None:
    found, _ = statement(126, months=(1, 2, 3))
    xlsx(path / "plan.xlsx", {"Plan": titled([["", "Apr-26", "May-26", "May-26"], *across(found)])})


@case("a note in a column beside the money")
def _(path: Path) -> Truth:
    found, truth = statement(127)
    rows = [[*row, "Pay award from August"] for row in across(found)]
    xlsx(path / "plan.xlsx", {"Plan": titled([["", *DATED, "Comments"], *rows])})
    return truth


@case("only the surplus of a body by month")
def _(path: Path) -> Truth:
    truth = Truth()
    numbers = drawn(128, 12, -500, 500)
    for month, number in enumerate(numbers, 1):
        truth.put("position", month, "plan", number * 100_000)
    head: list[Line] = [[FTH_NAME], ["Plan 2026/27 £000"], ["", *DATED]]
    xlsx(path / "plan.xlsx", {"Plan": [*head, ["Surplus/(deficit)", *numbers]]})
    return truth


@case("income, costs and the surplus that is not their difference", asks={"IMPORT_TOTAL"})
def _(path: Path) -> None:
    found, _ = statement(129)
    rows = [list(row) for row in with_totals(found)]
    wrong = less("Surplus/(deficit)", rows[2], rows[-2])
    wrong[4] = wrong[4] + 99
    rows[-1] = wrong
    xlsx(path / "plan.xlsx", {"Plan": titled([["", *NUMBERED, "Total"], *rows])})
