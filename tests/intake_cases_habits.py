"""Habits of houses that met nobody's eye before: what is struck through, split, above, or turned."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from tests.intake_files import (
    FTH,
    FTH_NAME,
    MONTHS,
    NUMBERED,
    TRUSTS,
    Case,
    Cell,
    Line,
    Truth,
    across,
    cases_of,
    drawn,
    less,
    statement,
    summed,
    text,
    titled,
    xlsx,
)
from tests.intake_trackers import TITLE, Scheme, schemes, truth_of

CASES: list[Case] = []
case = cases_of(CASES)


def struck_rows(sheet: str, *rows: int) -> Callable[[Any, dict[str, Any]], None]:
    """Rows of a sheet struck through, by the format of the row's cells."""

    def then(book: Any, sheets: dict[str, Any]) -> None:
        gone = book.add_format({"font_strikeout": True})
        table = sheets[sheet].table
        strings = {index: text for text, index in sheets[sheet].str_table.string_table.items()}
        for row in rows:
            for column, cell in list(table[row].items()):
                is_text = type(cell).__name__ == "String"
                value = strings[cell.string] if is_text else cell.number
                sheets[sheet].write(row, column, value, gone)

    return then


def _tracker(found: Sequence[Scheme]) -> list[Line]:
    rows = [[one.id, one.title, one.recurs, *one.plan, one.full_year] for one in found]
    return [*TITLE, ["Plan"], ["Scheme ID", "Scheme", "R/NR", *NUMBERED, "FYE"], *rows]


def _struck_tracker(path: Path, kept: Sequence[int]) -> Truth:
    found = schemes("struck", 9)
    lines = _tracker(found)
    first = len(lines) - len(found)
    gone = struck_rows("Tracker", first + 2, first + 6)
    xlsx(path / "tracker.xlsx", {"Tracker": lines}, gone)
    return truth_of([found[number] for number in kept])


@case("schemes that were removed are kept struck through", asks={"IMPORT_STRUCK"})
def _(path: Path) -> None:
    _struck_tracker(path, range(9))


@case("schemes struck through are gone, as is said", "--set", "struck=leave")
def _(path: Path) -> Truth:
    return _struck_tracker(path, (0, 1, 3, 4, 5, 7, 8))


@case("schemes struck through count, as is said", "--set", "struck=keep")
def _(path: Path) -> Truth:
    return _struck_tracker(path, range(9))


def _struck_line(path: Path) -> Truth:
    found, truth = statement("struck line")
    lines = titled([["Line", *MONTHS], *across(found), ["Premises", *drawn("gone", 12)]])
    xlsx(path / "plan.xlsx", {"Plan": lines}, struck_rows("Plan", len(lines) - 1))
    return truth


@case("a line that is struck through", asks={"IMPORT_STRUCK"})
def _(path: Path) -> None:
    _struck_line(path)


@case("a line struck through is gone, as is said", "--set", "struck=leave")
def _(path: Path) -> Truth:
    return _struck_line(path)


# -- signs and scale -------------------------------------------------------------------------------


@case("costs below nil but for one, and no total", asks={"IMPORT_SIGNS"})
def _(path: Path) -> None:
    found, _ = statement("leaning")
    for line in ("pay", "drugs"):
        found[line] = [-number for number in found[line]]
    text(path / "plan.csv", titled([["Line", *MONTHS], *across(found)]))


@case("pounds under a heading of thousands", asks={"IMPORT_SCALE"})
def _(path: Path) -> None:
    found, _ = statement("scale", pence=100)
    found = {line: [number * 1_000 for number in numbers] for line, numbers in found.items()}
    xlsx(path / "plan.xlsx", {"Plan": titled([["Line", *MONTHS], *across(found)])})


@case("pounds under a heading of thousands, as is said", "--set", "unit=£")
def _(path: Path) -> Truth:
    found, truth = statement("scale", pence=100_000)
    found = {line: [number * 1_000 for number in numbers] for line, numbers in found.items()}
    xlsx(path / "plan.xlsx", {"Plan": titled([["Line", *MONTHS], *across(found)])})
    return truth


def _of_bodies(head: str, turned: bool) -> Callable[[Path], Truth]:
    def build(path: Path) -> Truth:
        sums = [-9_100, 0, 2_300, 450, -1_250, 75, -60, 900]
        rows: list[Line] = [
            [name, code, -pounds if turned else pounds, "Accepted"]
            for (code, name), pounds in zip(TRUSTS.items(), sums, strict=True)
        ]
        total = ["System total", None, sum(int(str(row[2])) for row in rows), None]
        table = [["Organisation", "ODS code", head, "Status"], *rows, total]
        xlsx(path / "totals.xlsx", {"Sheet1": [["Control totals 2026/27 £'000"], *table]})
        return Truth(
            records={
                "control_totals": [
                    {"organisation": code, "amount": pounds * 100_000, "status": "accepted"}
                    for code, pounds in zip(TRUSTS, sums, strict=True)
                ]
            }
        )

    return build


for _head, _turned in {
    "Control total surplus/(deficit)": False,
    "Control total (surplus)/deficit": True,
    "Deficit control total": True,
}.items():
    case(f"control totals under {_head}, with the system's", book="system")(
        _of_bodies(_head, _turned)
    )


@case("a row of deficits above nil alone")
def _(path: Path) -> Truth:
    sums, truth = drawn("deficits", 12), Truth()
    for month, number in enumerate(sums, 1):
        truth.put("position", month, "plan", -number * 100_000)
    text(path / "plan.csv", titled([["Line", *MONTHS], ["Deficit", *sums]]))
    return truth


# -- totals and what stands beside them ------------------------------------------------------------


@case("income, expenditure and non-pay above what makes them")
def _(path: Path) -> Truth:
    lines = ("patient_care_income", "other_income", "pay", "drugs", "clinical_supplies", "premises")
    found, truth = statement("above", lines)
    rows = across(found)
    names = ["Patient care income", "Other income", "Pay", "Drugs", "Clinical supplies", "Premises"]
    rows = [[name, *row[1:]] for name, row in zip(names, rows, strict=True)]
    income, costs = summed("Income", rows[:2]), summed("Expenditure", rows[2:])
    others = summed("Non-pay", rows[3:])
    body = [income, *rows[:2], costs, rows[2], others, *rows[3:], less("Surplus", income, costs)]
    xlsx(path / "plan.xlsx", {"Plan": titled([["Line", *MONTHS], *body])})
    return truth


def _results(path: Path, after: Callable[[Line], Sequence[Line]], *more: Line) -> Truth:
    found, truth = statement("results")
    rows = across(found)
    income, costs = summed("Total income", rows[:2]), summed("Total expenditure", rows[2:])
    result = less("Surplus", income, costs)
    xlsx(
        path / "plan.xlsx",
        {
            "Plan": titled(
                [["Line", *MONTHS], *rows[:2], income, *rows[2:], costs, *more, *after(result)]
            )
        },
    )
    return truth


@case("a surplus without support, the support, and a surplus with it")
def _(path: Path) -> Truth:
    support: Line = ["Deficit support funding", *drawn("support", 12)]

    def after(result: Line) -> list[Line]:
        whole = ["Surplus/(deficit) including deficit support"]
        both = [int(str(a)) + int(str(b)) for a, b in zip(result[1:], support[1:], strict=True)]
        return [
            ["Surplus/(deficit) excluding deficit support", *result[1:]],
            support,
            [*whole, *both],
        ]

    truth = _results(path, after)
    for month, number in enumerate(support[1:], 1):
        truth.put("support_income", month, "plan", int(str(number)) * 100_000)
    return truth


@case("impairments in the surplus for the year, added back below it")
def _(path: Path) -> Truth:
    fall: Line = ["Impairments", *drawn("fall", 12, 10, 90)]

    def after(result: Line) -> list[Line]:
        return [
            less("Surplus/(deficit) for the year", result, fall),
            ["Add back impairments", *fall[1:]],
            ["Adjusted financial performance surplus/(deficit)", *result[1:]],
        ]

    truth = _results(path, after, fall)
    for month, number in enumerate(fall[1:], 1):
        truth.put("impairments", month, "plan", int(str(number)) * 100_000)
    return truth


@case("pay as a whole, and parts of it that do not make it")
def _(path: Path) -> Truth:
    found, truth = statement("which")
    rows = across(found)
    parts: list[Line] = [
        ["  of which: bank", *drawn("bank", 12, 10, 90)],
        ["  of which: agency", *drawn("agency", 12, 10, 90)],
    ]
    costs = summed("Total expenditure", rows[2:])
    body = [*rows[:3], *parts, *rows[3:], costs]
    xlsx(path / "plan.xlsx", {"Plan": titled([["Line", *MONTHS], *body])})
    return truth


@case("an average and a movement beside the months")
def _(path: Path) -> Truth:
    found, truth = statement("average", months=(1, 2, 3), basis="actual")
    rows = [[*row, sum(row[1:]) / 3, row[3] - row[2]] for row in across(found)]  # type: ignore[operator,arg-type]
    head = ["Line", *MONTHS[:3], "Average run rate", "Movement on last month"]
    xlsx(path / "actual.xlsx", {"M3": titled([head, *rows], what="Actual 2026/27")})
    return truth


# -- blocks, columns and sheets --------------------------------------------------------------------


@case("a block in millions above a block in thousands")
def _(path: Path) -> Truth:
    planned, truth = statement("blocks", months=(1, 2, 3))
    actual, truth = statement("blocks", months=(1, 2, 3), basis="actual", truth=truth)
    above = [[row[0], *(int(str(n)) / 1_000 for n in row[1:])] for row in across(planned)]
    head = ["Line", *MONTHS[:3]]
    lines: list[Line] = [[f"{FTH_NAME} 2026/27"], ["Plan £m"], head, *above, [], []]
    xlsx(path / "both.xlsx", {"Both": [*lines, ["Actual £k"], head, *across(actual)]})
    return truth


@case("a list with a column of scenarios that are all actual")
def _(path: Path) -> Truth:
    found, truth = statement("scenario", months=(1, 2, 3), basis="actual")
    rows: list[Line] = [
        [FTH, row[0], f"{MONTHS[place]}-26", "Actual", number]
        for row in across(found)
        for place, number in enumerate(row[1:])
    ]
    text(
        path / "list.csv",
        [["Org code", "Account line", "Month", "Scenario", "Value (£000)"], *rows],
    )
    return truth


def _sheets_of_months(path: Path) -> Truth:
    found, truth = statement("sheets", months=(1, 2, 3), basis="actual")
    sheets = {
        f"M{month}": [
            [f"{FTH_NAME} month {month} 2026/27 £000"],
            ["Line", "Actual"],
            *([row[0], row[month]] for row in across(found)),
        ]
        for month in (1, 2, 3)
    }
    xlsx(path / "months.xlsx", sheets)
    return truth


@case("a sheet to each month, which may be to date", asks={"IMPORT_MONTH"})
def _(path: Path) -> None:
    _sheets_of_months(path)


@case("a sheet to each month, of it alone as is said", "--set", "months=single")
def _(path: Path) -> Truth:
    return _sheets_of_months(path)


# -- trackers and registers ------------------------------------------------------------------------


@case("a tracker with a column of what repeats and one of what does not")
def _(path: Path) -> Truth:
    found = schemes("split", 12)
    rows: list[Line] = []
    truth = Truth()
    for one in found:
        year = sum(one.plan)
        parts = [year, 0] if one.recurs == "R" else [0, year]
        rows.append([one.id, one.title, *parts, year, one.full_year])
        truth.put("", "", "plan", year * 100_000, scheme=one.id)
    truth.schemes = truth_of(found).schemes
    head = ["Ref", "Project", "Recurrent £k", "Non-recurrent £k", "Plan 2026/27 £k", "FYE £k"]
    xlsx(path / "tracker.xlsx", {"Tracker": [*TITLE, head, *rows]})
    return truth


@case("a tracker with a row of plan and one of actual, named in the first alone")
def _(path: Path) -> Truth:
    found = schemes("pairs", 8)
    truth = truth_of(found)
    rows: list[Line] = []
    for one in found:
        actual = drawn(("pairs", one.id), 4, 1, 50)
        rows.append([one.id, one.title, one.recurs, "Plan", *one.plan, one.full_year])
        rows.append([None, None, None, "Actual", *actual])
        for month, number in enumerate(actual, 1):
            truth.put("", month, "actual", number * 100_000, scheme=one.id)
    head = ["Ref", "Scheme", "R/NR", "Type", *NUMBERED, "FYE"]
    xlsx(path / "tracker.xlsx", {"Tracker": [*TITLE, head, *rows]})
    return truth


def _register(head: Line, rows: Sequence[Line], path: Path) -> None:
    title: list[Line] = [[FTH_NAME], ["Financial risks 2026/27 £000"], []]
    xlsx(path / "risks.xlsx", {"Risks": [*title, head, *rows]})


def _risks() -> tuple[list[tuple[str, str, int, float]], Truth]:
    names = ("Winter beds stay open", "Pay award above funding", "Late drugs")
    rows = [
        (f"R{number}", name, gross, 0.25 * number)
        for number, (name, gross) in enumerate(zip(names, drawn("risks", 3), strict=True), 1)
    ]
    said: list[dict[str, object]] = [
        {"id": a, "title": b, "kind": "risk", "gross": c * 100_000, "chance": d}
        for a, b, c, d in rows
    ]
    return rows, Truth(records={"risks": said})


@case("a risk register whose titles stand under Description")
def _(path: Path) -> Truth:
    rows, truth = _risks()
    _register(
        ["Risk ID", "Description", "Gross risk", "Likelihood %", "Net risk"],
        [[*row, row[2] * row[3]] for row in rows],
        path,
    )
    return truth


@case("a register with a value and a probability, and no word of risk in its headings")
def _(path: Path) -> Truth:
    rows, truth = _risks()
    _register(["Ref", "Description", "Gross value", "Probability"], rows, path)
    return truth


@case("likelihood in scores of one to five", asks={"IMPORT_CELL"})
def _(path: Path) -> None:
    rows, _ = _risks()
    head = ["Risk ID", "Description", "Gross value", "Likelihood (1-5)", "Impact (1-5)"]
    _register(head, [[*row[:3], 3, 4] for row in rows], path)


@case("likelihood of one beside a score of consequence", asks={"IMPORT_CELL"})
def _(path: Path) -> None:
    rows, _ = _risks()
    head = ["Risk ID", "Description", "Value", "Likelihood", "Consequence"]
    _register(head, [[*row[:3], 1, 4] for row in rows], path)


@case("scores of likelihood, each worth what is said", "--set", "headings.3=0.5")
def _(path: Path) -> Truth:
    rows, truth = _risks()
    for one in truth.records["risks"]:
        one["chance"] = 0.5
    head = ["Risk ID", "Description", "Gross value", "Likelihood (1-5)", "Impact (1-5)"]
    _register(head, [[*row[:3], 3, 4] for row in rows], path)
    return truth


@case("a check of noughts to the right, notes beneath, and a stray number")
def _(path: Path) -> Truth:
    found, truth = statement("stray")
    rows: list[Line] = [*across(found)]
    rows[-1] = [*rows[-1], None, None, 0, "check"]
    more: list[Line] = [[], ["Notes"], ["1. Savings of 4,200 are within pay"], [None, None, 4_200]]
    xlsx(path / "plan.xlsx", {"Plan": titled([["Line", *MONTHS], *rows, *more])})
    return truth


def _scaled(path: Path) -> Truth:
    found, truth = statement("shown", pence=100)
    lines = [[row[0], *(Cell(number, "#,##0,") for number in row[1:])] for row in across(found)]
    xlsx(path / "plan.xlsx", {"Plan": titled([["Line", *MONTHS], *lines])})
    return truth


@case("pounds that a format shows in thousands", asks={"IMPORT_CELL"})
def _(path: Path) -> None:
    _scaled(path)


@case("pounds that a format shows in thousands, as is said", "--set", "unit=£")
def _(path: Path) -> Truth:
    return _scaled(path)
