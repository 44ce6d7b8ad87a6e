"""Tables as boards publish them, rebuilt with invented numbers."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tests.intake_files import (
    DATED,
    FTH,
    FTH_NAME,
    INCOMES,
    LINES,
    MONTHS,
    NUMBERED,
    YEAR,
    Case,
    Line,
    Truth,
    cases_of,
    drawn,
    less,
    statement,
    summed,
    titled,
    xlsx,
)

CASES: list[Case] = []
case = cases_of(CASES)
BODIES = {
    "XF-ICB": "Fenmarch and Alderwick Integrated Care Board (fictional)",
    "XF-FTH": FTH_NAME,
    "XF-ALD": "Alderwick Hospitals (fictional)",
    "XF-MHT": "Fenmarch Partnership, mental health (fictional)",
    "XF-AMB": "Eastmarch Ambulance Service (fictional)",
}
SIX = ["Plan", "Actual", "Variance", "Plan", "Forecast", "Variance"]


@case("in month, year to date and forecast outturn: nine columns of a trust")
def _(path: Path) -> Truth:
    truth = Truth()
    heads: list[Line] = [["£000", "In month", "", "", "Year to date", "", "", "Full year", "", ""]]
    heads.append(["", *["Plan", "Actual", "Variance"] * 2, "Plan", "Forecast", "Variance"])
    rows: list[Line] = []
    for line, name in LINES.items():
        sign = 1 if line in INCOMES else -1
        numbers: list[object] = [name]
        for (plan, actual), (month, held, basis) in zip(
            (drawn((1, line, n), 2, 10**n * 50, 10**n * 90) for n in range(1, 4)),
            (("9", "plan", "actual"), ("YTD9", "", "actual"), ("", "plan", "forecast")),
            strict=True,
        ):
            truth.put(line, month, basis, actual * 100_000)
            if held:
                truth.put(line, month, held, plan * 100_000)
            else:
                truth.may[(FTH, line, YEAR, "YTD9", "plan", "")] = plan * 100_000
            numbers += [plan, actual, sign * (actual - plan)]
        rows.append(numbers)

    def merged(_: Any, sheets: dict[str, Any]) -> None:
        for left, name in ((1, "In month"), (4, "Year to date"), (7, "Full year")):
            sheets["M9"].merge_range(4, left, 4, left + 2, name)

    lines = titled([*heads, *rows], what="month 9, December 2026, 2026/27", unit="")
    xlsx(path / "M9.xlsx", {"M9": lines}, merged)
    return truth


@case("a system table with a subtotal of providers and a total")
def _(path: Path) -> Truth:
    truth = Truth()
    rows: list[Line] = []
    for code, name in BODIES.items():
        plan, actual, annual, outturn = drawn((2, code), 4, -9_000, 9_000)
        truth.put("position", "YTD9", "actual", actual * 100_000, code)
        truth.put("position", "", "plan", annual * 100_000, code)
        truth.put("position", "", "forecast", outturn * 100_000, code)
        truth.may[(code, "position", YEAR, "YTD9", "plan", "")] = plan * 100_000
        rows.append([name, plan, actual, actual - plan, annual, outturn, outturn - annual])
    whole = summed("System total", rows)
    for place, month, basis in (
        (1, "YTD9", "plan"),
        (2, "YTD9", "actual"),
        (4, "", "plan"),
        (5, "", "forecast"),
    ):
        truth.may[("XF-SYS", "position", YEAR, month, basis, "")] = int(str(whole[place])) * 100_000
    heads: list[Line] = [["", "YTD M9", "", "", "Full year", "", ""], ["Organisation", *SIX]]
    above: list[Line] = [["Surplus/(deficit) 2026/27, £000"], []]
    lines = [*above, *heads, rows[0], *rows[1:], summed("Providers total", rows[1:]), whole]
    xlsx(path / "system.xlsx", {"Position": lines})
    return truth


@case("a statement with its costs in brackets, proved by its surplus")
def _(path: Path) -> Truth:
    found, truth = statement(3)
    rows: list[Line] = [
        [LINES[line], *(n if line in INCOMES else -n for n in ns)] for line, ns in found.items()
    ]
    total = summed("Surplus/(deficit)", rows)
    shown = [
        [row[0], *(f"({-n:,})" if n < 0 else f"{n:,}" for n in row[1:])] for row in [*rows, total]
    ]
    xlsx(path / "plan.xlsx", {"I&E": titled([["£000", *DATED], *shown])})
    return truth


@case("actuals to December and forecasts of the months that are left, in one row")
def _(path: Path) -> Truth:
    truth = Truth()
    rows: list[Line] = []
    for line, name in LINES.items():
        numbers = drawn((4, line), 12)
        for month, number in enumerate(numbers, 1):
            truth.put(line, month, "actual" if month < 10 else "forecast", number * 100_000)
        rows.append([name, *numbers])
    heads: list[Line] = [["", "Actual", *[""] * 8, "Forecast", "", ""], ["£000", *MONTHS]]

    def merged(_: Any, sheets: dict[str, Any]) -> None:
        sheets["Run rate"].merge_range(4, 1, 4, 9, "Actual")
        sheets["Run rate"].merge_range(4, 10, 4, 12, "Forecast")

    lines = titled([*heads, *rows], what="run rate 2026/27", unit="")
    xlsx(path / "run.xlsx", {"Run rate": lines}, merged)
    return truth


@case("cash at the end of each month")
def _(path: Path) -> Truth:
    truth = Truth()
    numbers = drawn(5, 12, 20_000, 60_000)
    for month, number in enumerate(numbers, 1):
        truth.put("cash", month, "plan", number * 100_000)
    xlsx(path / "cash.xlsx", {"Cash": titled([["", *NUMBERED], ["Cash balance", *numbers]])})
    return truth


@case(
    "control totals beside forecasts",
    asks={"IMPORT_HEADING", "IMPORT_LINE", "IMPORT_KIND", "IMPORT_VARIANCE"},
)
def _(path: Path) -> None:
    head: Line = ["Organisation", "Control total £m", "Forecast £m", "Variance to control total £m"]
    rows: list[Line] = []
    for code, name in BODIES.items():
        total, outturn = drawn((6, code), 2, -90, 90)
        rows.append([name, total / 10, outturn / 10, (outturn - total) / 10])
        rows[-1] = [*rows[-1][:3], round((outturn - total) / 10 + (0.3 if code == FTH else 0), 1)]
    xlsx(
        path / "totals.xlsx",
        {"Totals": [["Control totals and forecasts 2026/27"], [], head, *rows]},
    )


@case(
    "people employed by staff group",
    asks={"IMPORT_LINE", "IMPORT_KIND", "IMPORT_HEADING", "IMPORT_UNIT"},
)
def _(path: Path) -> Truth:
    groups = ("Registered nursing", "Medical and dental", "Estates and ancillary")
    rows: list[Line] = [[name, *(n / 10 for n in drawn((7, name), 3))] for name in groups]
    above: list[Line] = [[FTH_NAME], ["Workforce: WTE in post, actual 2026/27"], []]
    xlsx(path / "people.xlsx", {"WTE": [*above, ["Staff group", *DATED[:3]], *rows]})
    return Truth()


@case("two tables of a paper on one sheet, with a paragraph between")
def _(path: Path) -> Truth:
    plan, truth = statement(8, months=("",))
    outturn, _ = statement(8, months=("",), basis="forecast", truth=truth)
    first: list[Line] = [["£000", "Plan 2026/27"], *([LINES[ln], *plan[ln]] for ln in LINES)]
    second: list[Line] = [
        ["£000", "Forecast 2026/27"],
        *([LINES[ln], *outturn[ln]] for ln in LINES),
    ]
    between: list[Line] = [
        [],
        ["The forecast has moved since the last meeting of the committee."],
        [],
    ]
    xlsx(path / "paper.xlsx", {"Paper": [[FTH_NAME], [], *first, *between, *second]})
    return truth


@case("a statement in which the total stands before and the parts are called of which")
def _(path: Path) -> Truth:
    names = {
        "substantive_pay": "Substantive pay",
        "bank_pay": "Bank pay",
        "agency_pay": "Agency pay",
    }
    found, truth = statement(9, tuple(names))
    parts: list[Line] = [
        [f"  of which: {names[line]}", *numbers] for line, numbers in found.items()
    ]
    rows: list[Line] = [summed("Total pay", parts), *parts]
    xlsx(path / "pay.xlsx", {"Pay": titled([["", *NUMBERED], *rows])})
    return truth


@case("income, costs and EBITDA as foundation trusts report it")
def _(path: Path) -> Truth:
    lines = ("patient_care_income", "pay", "drugs", "depreciation", "pdc_dividend")
    found, truth = statement(10, lines)
    names = dict(LINES) | {
        "depreciation": "Depreciation",
        "pdc_dividend": "Dividend on public capital",
    }
    rows = {line: [names[line], *numbers] for line, numbers in found.items()}
    ebitda = less("EBITDA", rows["patient_care_income"], summed("", [rows["pay"], rows["drugs"]]))
    below = summed("", [rows["depreciation"], rows["pdc_dividend"]])
    order: list[Line] = [*list(rows.values())[:3], ebitda, *list(rows.values())[3:]]
    lines_ = titled([["£000", *NUMBERED], *order, less("Surplus/(deficit)", ebitda, below)])
    xlsx(path / "ebitda.xlsx", {"I&E": lines_})
    return truth
