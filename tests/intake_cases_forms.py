"""Layouts that are published or asked for: the three-column return, accounts, board papers."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from openpyxl.utils import get_column_letter

from controltotal.sources.form_workbook import write_form
from tests.filled_forms import fill, rows_of
from tests.intake_files import (
    FTH,
    FTH_NAME,
    LINES,
    NUMBERED,
    TRUSTS,
    YEAR,
    Case,
    Line,
    Truth,
    cases_of,
    drawn,
    statement,
    text,
    titled,
    xlsx,
)
from tests.intake_trackers import RECURS, STATES, schemes, truth_of

RISK = ("R-01", "Winter beds stay open past March", "risk", 5200, "50%", "Chief Operating Officer")
TOTAL = (FTH_NAME, "2026/27", -500, "accepted")
CASES: list[Case] = []
case = cases_of(CASES)
RETURN = ("--set", "organisation=XF-FTH", "--set", "year=2026/27", "--set", "month=M9")


@case("the three-column list of a return", *RETURN)
def _(path: Path) -> Truth:
    truth = Truth()
    rows: list[Line] = [["sub code", "main code", "value"]]
    for line in LINES:
        plan, actual, outturn = drawn((1, line), 3)
        truth.put(line, "", "plan", plan * 100_000)
        truth.put(line, "YTD9", "actual", actual * 100_000)
        truth.put(line, "", "forecast", outturn * 100_000)
        rows += [[line.upper(), "PLAN_FY", plan], [line.upper(), "ACTUAL_YTD", actual]]
        rows.append([line.upper(), "FORECAST_FY", outturn])
    text(path / "XF-FTH.return.csv", rows)
    return truth


@case("a return with a code that nobody knows", *RETURN, asks={"IMPORT_LINE", "IMPORT_HEADING"})
def _(path: Path) -> None:
    rows: list[Line] = [["sub code", "main code", "value"], ["PAY", "PLAN_FY", 5000]]
    text(path / "XF-FTH.return.csv", [*rows, ["ZZZ999", "PLAN_FY", 12]])


@case("a return with one cell twice", *RETURN, asks={"IMPORT_REPEATED"})
def _(path: Path) -> None:
    rows: list[Line] = [["sub code", "main code", "value"], ["PAY", "PLAN_FY", 5000]]
    text(path / "XF-FTH.return.csv", [*rows, ["PAY", "PLAN_FY", 5001]])


@case(
    "a statement of comprehensive income as accounts lay it out",
    asks={"IMPORT_LINE", "IMPORT_HEADING"},
)
def _(path: Path) -> Truth:
    truth = Truth()
    care, other, costs, interest, pdc = drawn(4, 5, 900, 90_000)
    costs += care
    for line, number in (
        ("patient_care_income", care),
        ("other_income", other),
        ("other_costs", costs),
        ("finance_costs", interest),
        ("pdc_dividend", pdc),
    ):
        truth.put(line, "", "actual", number * 100_000)
    rows: list[Line] = [["", "Note", "2026/27 £000", "2025/26 £000"]]
    rows.append(["Operating income from patient care activities", 3, care, care - 9])
    rows += [
        ["Other operating income", 4, other, other - 9],
        ["Operating expenses", 6, -costs, 9 - costs],
    ]
    rows.append(
        [
            "Operating surplus/(deficit) from continuing operations",
            "",
            care + other - costs,
            care + other - costs - 9,
        ]
    )
    rows += [
        ["Finance expenses", 11, -interest, -interest],
        ["PDC dividends payable", "", -pdc, -pdc],
    ]
    rows.append(
        [
            "Surplus/(deficit) for the year",
            "",
            care + other - costs - interest - pdc,
            care + other - costs - interest - pdc - 9,
        ]
    )
    above: list[Line] = [[FTH_NAME], ["Statement of Comprehensive Income, actual"], []]
    xlsx(path / "accounts.xlsx", {"SoCI": [*above, *rows]})
    return truth


TAC: Sequence[str] = ("Maincode", "Subcode", "Description", "Expected sign", "£000")


@case(
    "the schedules of the accounts template",
    "--set",
    "year=2026/27",
    "--set",
    "basis=actual",
    asks={"IMPORT_LINE", "IMPORT_HEADING", "IMPORT_KIND"},
)
def _(path: Path) -> Truth:
    truth = Truth()
    rows: list[Line] = []
    names = (
        "Operating income from patient care activities",
        "Other operating income",
        "Employee expenses",
        "Drug costs",
    )
    signs = (1, 1, -1, -1)
    for number, (line, name, sign) in enumerate(zip(LINES, names, signs, strict=False), 1):
        money = drawn((5, line), 1)[0]
        truth.put(line, "", "actual", money * 100_000)
        rows.append(["A02CY01", f"SCI{number:04}0", name, "+" if sign > 0 else "-", sign * money])
    above: list[Line] = [["TAC02 Statement of comprehensive income"], [FTH_NAME], []]
    xlsx(path / "tac.xlsx", {"TAC02 SoCI": [*above, TAC, *rows]})
    return truth


@case("the table of a finance report to a system board", book="system")
def _(path: Path) -> Truth:
    truth = Truth()
    heads: list[Line] = [["", "Month 9 Year to Date", "", "", "Full Year Forecast", "", ""]]
    heads.append(
        ["£m", "Plan", "Actual", "Variance Fav/(Adv)", "Plan", "Forecast", "Variance Fav/(Adv)"]
    )
    rows: list[Line] = []
    for code, name in TRUSTS.items():
        plan, actual, annual, outturn = drawn((6, code), 4, -90, 90)
        truth.put("position", "YTD9", "actual", actual * 10_000_000, code)
        truth.put("position", "", "plan", annual * 10_000_000, code)
        truth.put("position", "", "forecast", outturn * 10_000_000, code)
        truth.may[(code, "position", YEAR, "YTD9", "plan", "")] = plan * 10_000_000
        six = (plan, actual, actual - plan, annual, outturn, outturn - annual)
        rows.append([name, *(f"({-n / 10})" if n < 0 else f"{n / 10}" for n in six)])
    above: list[Line] = [["Table 1: surplus/(deficit) by provider, 2026/27"], []]
    xlsx(path / "board.xlsx", {"Finance": [*above, *heads, *rows]})
    return truth


@case(
    "the table of efficiencies in a board paper",
    book="system",
    asks={"IMPORT_KIND", "IMPORT_HEADING", "IMPORT_LINE"},
)
def _(path: Path) -> Truth:
    heads: list[Line] = [["Efficiencies 2026/27, month 9, £m"], []]
    heads.append(["Organisation", "Annual plan", "YTD plan", "YTD actual", "Forecast outturn"])
    rows: list[Line] = []
    facts: list[dict[str, object]] = []
    for code, name in TRUSTS.items():
        annual, plan, actual, outturn = drawn((7, code), 4, 10, 900)
        rows.append([name, annual / 10, plan / 10, actual / 10, outturn / 10])
        facts.append({"organisation": code, "value": actual * 10_000_000, "basis": "actual"})
    xlsx(path / "board.xlsx", {"Efficiency": [*heads, *rows]})
    return Truth(records={"facts+": facts})


@case("a monthly report of a trust: income, pay and non-pay with subheadings of its own")
def _(path: Path) -> Truth:
    found, truth = statement(8, months=("YTD6",), basis="actual")
    plan = {line: drawn((8, line, "p"), 1)[0] for line in LINES}
    rows: list[Line] = [["£'000", "Plan YTD", "Actual YTD", "Variance YTD", "Var %"]]
    for heading, lines in {
        "INCOME": ("patient_care_income", "other_income"),
        "EXPENDITURE": ("pay", "drugs", "non_pay"),
    }.items():
        rows.append([heading])
        for line in lines:
            sign = 1 if heading == "INCOME" else -1
            actual = found[line][0]
            truth.may[(FTH, line, YEAR, "YTD6", "plan", "")] = plan[line] * 100_000
            rows.append(
                [
                    LINES[line],
                    plan[line],
                    actual,
                    sign * (actual - plan[line]),
                    f"{sign * 100 * (actual - plan[line]) / plan[line]:.1f}%",
                ]
            )
    xlsx(path / "M6.xlsx", {"I&E": titled(rows, what="2026/27 month 6", unit="")})
    return truth


@case("the form of a new workbook, filled in")
def _(path: Path) -> Truth:
    write_form(path / "form.xlsx")
    found = schemes(10, 6)
    plan, truth = statement(10, ("patient_care_income", "drugs"))
    rows = rows_of(path / "form.xlsx", "Plan")
    typed: dict[str, dict[str, object]] = {"Start here": {"A4": FTH_NAME, "A6": "2026/27"}}
    typed["Plan"] = {
        f"{get_column_letter(month + 2)}{rows[LINES[line]]}": number
        for line, numbers in plan.items()
        for month, number in enumerate(numbers)
    }
    typed["Savings"] = {
        f"{get_column_letter(column)}{number}": cell
        for number, one in enumerate(found, 8)
        for column, cell in enumerate(
            (
                *(one.id, one.title, one.where, RECURS[one.recurs], STATES[one.state]),
                *("", one.full_year, *one.plan),
            ),
            1,
        )
        if cell != ""
    }
    typed["Risks"] = dict(zip(("A8", "B8", "C8", "D8", "E8", "F8"), RISK, strict=True))
    typed["Control total"] = dict(zip(("A8", "B8", "C8", "D8"), TOTAL, strict=True))
    fill(path / "form.xlsx", typed)
    fields = ("title", "recurrence", "maturity", "full_year_effect", "directorate")
    truth = truth_of(found, fields=fields, truth=truth)
    truth.records["risks"] = [{"id": "R-01", "gross": 520_000_000, "chance": 0.5, "kind": "risk"}]
    truth.records["control_totals"] = [
        {"organisation": FTH, "amount": -50_000_000, "status": "accepted", "year": YEAR}
    ]
    return truth


@case("the form of a new workbook with nothing in it but the body and the year")
def _(path: Path) -> Truth:
    write_form(path / "form.xlsx")
    fill(path / "form.xlsx", {"Start here": {"A4": FTH_NAME, "A6": "2026/27"}})
    return Truth()


@case(
    "one sheet to a directorate of income and expenditure",
    asks={"IMPORT_REPEATED", "IMPORT_VERSIONS", "IMPORT_LINE", "IMPORT_BODY"},
)
def _(path: Path) -> Truth:
    truth = Truth()
    sheets: dict[str, Sequence[Line]] = {}
    for where in ("Surgery", "Medicine"):
        rows: list[Line] = [["", *NUMBERED[:3]]]
        for line in ("pay", "drugs"):
            numbers = drawn((9, where, line), 3)
            rows.append([LINES[line], *numbers])
            for month, number in enumerate(numbers, 1):
                key = (FTH, line, YEAR, str(month), "plan", "")
                truth.rows[key] = truth.rows.get(key, 0) + number * 100_000
        sheets[where] = titled(rows)
    xlsx(path / "plan.xlsx", sheets)
    return truth
