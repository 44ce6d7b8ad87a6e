"""Income and expenditure as people lay it out: headings, periods, totals, blocks."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from tests.intake_files import (
    DATED,
    FTH_NAME,
    LINES,
    MONTHS,
    NUMBERED,
    YEAR,
    Case,
    Cell,
    Line,
    Truth,
    across,
    cases_of,
    drawn,
    flat,
    less,
    statement,
    summed,
    titled,
    xlsx,
)

CASES: list[Case] = []
case = cases_of(CASES)
INCOME = ("patient_care_income", "other_income")
COSTS = ("pay", "drugs", "non_pay")
PAY = {"substantive_pay": "Substantive pay", "bank_pay": "Bank pay", "agency_pay": "Agency pay"}
BOTH = (1, 2, 3, 4, 5, 6, 7, 8, 9)


def with_totals(found: dict[str, list[int]]) -> list[Line]:
    """A statement with its total income, total expenditure and surplus below their parts."""
    rows = across(found, total=True)
    income, costs = rows[:2], rows[2:]
    totals = summed("Total income", income), summed("Total expenditure", costs)
    return [*income, totals[0], *costs, totals[1], less("Surplus/(deficit)", *totals)]


@case("months across as M1 with a full-year total and totals below")
def _(path: Path) -> Truth:
    found, truth = statement(1)
    xlsx(path / "plan.xlsx", {"Plan": titled([["", *NUMBERED, "Full year"], *with_totals(found)])})
    return truth


@case("months across as Apr-26 without any total")
def _(path: Path) -> Truth:
    found, truth = statement(2)
    xlsx(path / "plan.xlsx", {"Plan": titled([["Line", *DATED], *across(found)])})
    return truth


@case("months across as real dates")
def _(path: Path) -> Truth:
    found, truth = statement(3)
    days = [date(2026 + (n > 8), (n + 3) % 12 + 1, 1) for n in range(12)]
    xlsx(path / "plan.xlsx", {"Plan": titled([["Line", *days, "Total"], *with_totals(found)])})
    return truth


@case("months across as dates in a workbook that counts from 1904")
def _(path: Path) -> Truth:
    found, truth = statement(4)
    days = [date(2026 + (n > 8), (n + 3) % 12 + 1, 28) for n in range(12)]
    rows = titled([["Line", *days, "Total"], *with_totals(found)])
    xlsx(path / "plan.xlsx", {"Plan": rows}, date_1904=True)
    return truth


@case("months across as Apr alone, the year in the title")
def _(path: Path) -> Truth:
    found, truth = statement(5)
    xlsx(path / "plan.xlsx", {"Plan": titled([["£000", *MONTHS, "Total"], *with_totals(found)])})
    return truth


@case("months written in full, in capitals, with blanks around them")
def _(path: Path) -> Truth:
    found, truth = statement(6)
    names = ["APRIL ", "MAY", " JUNE", "JULY", "AUGUST", "SEPTEMBER"]
    names += ["OCTOBER", "NOVEMBER", "DECEMBER", "JANUARY", "FEBRUARY", "MARCH"]
    xlsx(path / "plan.xlsx", {"Plan": titled([["", *names], *across(found)])})
    return truth


@case("months down, lines across")
def _(path: Path) -> Truth:
    found, truth = statement(7)
    rows: list[Line] = [["Month", *LINES.values()]]
    rows += [[MONTHS[n], *(found[line][n] for line in LINES)] for n in range(12)]
    rows.append(summed("Total", rows[1:]))
    xlsx(path / "plan.xlsx", {"Plan": titled(rows)})
    return truth


@case("quarters across")
def _(path: Path) -> Truth:
    found, truth = statement(8, months=("Q1", "Q2", "Q3", "Q4"))
    head = ["", "Q1", "Q2", "Q3", "Q4", "Full year"]
    xlsx(path / "plan.xlsx", {"Plan": titled([head, *with_totals(found)])})
    return truth


@case("the year alone, one column")
def _(path: Path) -> Truth:
    found, truth = statement(9, months=("",))
    xlsx(path / "plan.xlsx", {"Plan": titled([["", "2026/27 Plan"], *with_totals_of_one(found)])})
    return truth


def with_totals_of_one(found: dict[str, list[int]]) -> list[Line]:
    """The same of a single column."""
    return [row[:2] for row in with_totals(found)]


@case("cumulative months that say so")
def _(path: Path) -> Truth:
    found, truth = statement(10)
    running = {line: [sum(ns[: n + 1]) for n in range(12)] for line, ns in found.items()}
    rows = titled([["", *DATED], *across(running)], what="Plan 2026/27, cumulative year to date")
    xlsx(path / "plan.xlsx", {"Plan": rows})
    return truth


@case("cumulative months beside a full year that equals the last", asks={"IMPORT_CUMULATIVE"})
def _(path: Path) -> Truth:
    found, truth = statement(11)
    running = {line: [sum(ns[: n + 1]) for n in range(12)] for line, ns in found.items()}
    rows = [[*row, row[-1]] for row in across(running)]
    xlsx(path / "plan.xlsx", {"Plan": titled([["", *NUMBERED, "Full year"], *rows])})
    return truth


@case("totals above their parts")
def _(path: Path) -> Truth:
    found, truth = statement(12)
    rows = across(found, total=True)
    income = [summed("Total income", rows[:2]), *rows[:2]]
    costs = [summed("Total expenditure", rows[2:]), *rows[2:]]
    result = less("Surplus / (Deficit)", income[0], costs[0])
    xlsx(
        path / "plan.xlsx",
        {"Plan": titled([["", *NUMBERED, "Total"], *income, [], *costs, [], result])},
    )
    return truth


@case("totals in several layers, in words of their own")
def _(path: Path) -> Truth:
    found, truth = statement(13, (*INCOME, *PAY, "drugs", "clinical_supplies", "premises"))
    names = {**LINES, **PAY, "clinical_supplies": "Clinical supplies", "premises": "Premises"}
    rows = {line: [names[line], *numbers] for line, numbers in found.items()}
    income = summed("Total operating income", [rows[line] for line in INCOME])
    pay = summed("Total pay", [rows[line] for line in PAY])
    other = [rows[line] for line in ("drugs", "clinical_supplies", "premises")]
    non_pay = summed("Total non-pay", other)
    costs = summed("Total operating expenditure", [pay, non_pay])
    lines: list[Line] = [["", *DATED]]
    lines += [["Income"], *(rows[line] for line in INCOME), income]
    lines += [["Pay"], *(rows[line] for line in PAY), pay, ["Non-pay"], *other, non_pay]
    lines += [costs, less("Surplus/(deficit) for the period", income, costs)]
    xlsx(path / "plan.xlsx", {"I&E": titled(lines)})
    return truth


@case("a total wrong by one", asks={"IMPORT_TOTAL"})
def _(path: Path) -> None:
    found, _ = statement(14)
    rows = [list(row) for row in with_totals(found)]
    rows[2][5] += 1
    xlsx(path / "plan.xlsx", {"Plan": titled([["", *NUMBERED, "Full year"], *rows])})


@case("a part with two digits exchanged beside its total", asks={"IMPORT_TOTAL"})
def _(path: Path) -> None:
    found, _ = statement(15)
    rows = [list(row) for row in with_totals(found)]
    rows[0][3], rows[0][13] = 4590, rows[0][13] - rows[0][3] + 5490
    rows[2][3] = rows[0][3] + rows[1][3] + 900
    xlsx(path / "plan.xlsx", {"Plan": titled([["", *NUMBERED, "Full year"], *rows])})


@case("a total wrong by a penny in pounds and pence", asks={"IMPORT_TOTAL"})
def _(path: Path) -> None:
    found, _ = statement(16)
    rows = [[row[0], *(n / 100 for n in row[1:])] for row in with_totals(found)]
    rows[2][1] = round(rows[2][1] + 0.01, 2)
    xlsx(path / "plan.xlsx", {"Plan": titled([["", *NUMBERED, "Total"], *rows], unit="£")})


@case("pounds and pence, with totals")
def _(path: Path) -> Truth:
    found, truth = statement(17, pence=1)
    rows = [[row[0], *(n / 100 for n in row[1:])] for row in with_totals(found)]
    xlsx(path / "plan.xlsx", {"Plan": titled([["", *NUMBERED, "Total"], *rows], unit="£")})
    return truth


@case("millions to one place, with totals")
def _(path: Path) -> Truth:
    found, truth = statement(18, pence=10_000_000)
    rows = [[row[0], *(n / 10 for n in row[1:])] for row in with_totals(found)]
    xlsx(path / "plan.xlsx", {"Plan": titled([["", *NUMBERED, "Total"], *rows], unit="£m")})
    return truth


@case("two heading rows: plan and actual merged over their months")
def _(path: Path) -> Truth:
    plan, truth = statement(19, months=BOTH)
    actual, _ = statement(19, months=BOTH, basis="actual", truth=truth)
    rows: list[Line] = [["", "Plan", *[""] * 8, "Actual"], ["", *NUMBERED[:9], *NUMBERED[:9]]]
    rows += [[LINES[line], *plan[line], *actual[line]] for line in LINES]

    def merged(_: object, sheets: dict[str, object]) -> None:
        sheet = sheets["M9"]
        sheet.merge_range(4, 1, 4, 9, "Plan")
        sheet.merge_range(4, 10, 4, 18, "Actual")

    xlsx(path / "M9.xlsx", {"M9": titled(rows, what="2026/27, month 9")}, merged)
    return truth


@case("months merged over plan, actual and variance")
def _(path: Path) -> Truth:
    plan, truth = statement(20, months=(1, 2, 3))
    actual, _ = statement(20, months=(1, 2, 3), basis="actual", truth=truth)
    rows: list[Line] = [["", *flat([name, "", ""] for name in DATED[:3])]]
    rows.append(["£000", *["Plan", "Actual", "Variance"] * 3])
    for line in LINES:
        favourable = 1 if line in INCOME else -1
        pairs = zip(plan[line], actual[line], strict=True)
        rows.append([LINES[line], *flat([p, a, favourable * (a - p)] for p, a in pairs)])

    def merged(_: object, sheets: dict[str, object]) -> None:
        for number in range(3):
            left = 1 + 3 * number
            sheets["M3"].merge_range(4, left, 4, left + 2, DATED[number])

    xlsx(path / "M3.xlsx", {"M3": titled(rows, what="2026/27")}, merged)
    return truth


def blocks(seed: int, wrong: int = 0) -> tuple[list[Line], Truth]:
    """Year to date and full year side by side: plan, actual, variance; plan, forecast, variance."""
    truth = Truth()
    rows: list[Line] = []
    to_date = dict(
        zip(LINES, zip(drawn((seed, 1), 5), drawn((seed, 2), 5), strict=True), strict=True)
    )
    year = dict(
        zip(
            LINES,
            zip(
                drawn((seed, 3), 5, 20_000, 30_000),
                drawn((seed, 4), 5, 20_000, 30_000),
                strict=True,
            ),
            strict=True,
        )
    )
    for line in LINES:
        favourable = 1 if line in INCOME else -1
        (plan, actual), (annual, outturn) = to_date[line], year[line]
        truth.put(line, "YTD9", "actual", actual * 100_000)
        truth.put(line, "", "plan", annual * 100_000)
        truth.put(line, "", "forecast", outturn * 100_000)
        truth.may[("XF-FTH", line, YEAR, "YTD9", "plan", "")] = plan * 100_000
        ahead = favourable * (outturn - annual) + (wrong if line == "pay" else 0)
        rows.append(
            [LINES[line], plan, actual, favourable * (actual - plan), annual, outturn, ahead]
        )
    heads: list[Line] = [["", "Year to date", "", "", "Full year", "", ""]]
    heads.append(["", "Plan", "Actual", "Variance", "Plan", "Forecast", "Variance"])
    return [*heads, *rows], truth


@case("year to date and forecast outturn side by side with variances")
def _(path: Path) -> Truth:
    rows, truth = blocks(21)
    xlsx(path / "M9.xlsx", {"I&E": titled(rows, what="Month 9, 2026/27")})
    return truth


@case("a variance that is not the difference", asks={"IMPORT_VARIANCE", "IMPORT_TOTAL"})
def _(path: Path) -> None:
    rows, _ = blocks(22, wrong=17)
    xlsx(path / "M9.xlsx", {"I&E": titled(rows, what="Month 9, 2026/27")})


@case("percentages beside variances")
def _(path: Path) -> Truth:
    rows, truth = blocks(23)
    more: list[Line] = [[*rows[0], ""], [*rows[1], "Variance %"]]
    more += [[*row, Cell(row[6] / row[4], "0.0%")] for row in rows[2:]]
    xlsx(path / "M9.xlsx", {"I&E": titled(more, what="Month 9, 2026/27")})
    return truth


@case("FOT and YTD in three heading rows")
def _(path: Path) -> Truth:
    rows, truth = blocks(24)
    heads: list[Line] = [
        ["", "2026/27"],
        ["", "YTD (M9)", "", "", "FOT"],
        ["", "Plan", "Actual", "Var", "Plan", "FOT", "Var"],
    ]

    def merged(_: object, sheets: dict[str, object]) -> None:
        sheet = sheets["I&E"]
        sheet.merge_range(4, 1, 4, 6, "2026/27")
        sheet.merge_range(5, 1, 5, 3, "YTD (M9)")
        sheet.merge_range(5, 4, 5, 6, "FOT")

    xlsx(path / "M9.xlsx", {"I&E": titled([*heads, *rows[2:]], what="Month 9")}, merged)
    return truth


@case("four heading rows, the lowest the months")
def _(path: Path) -> Truth:
    found, truth = statement(25)
    quarters = flat([f"Q{n}", "", ""] for n in range(1, 5))
    rows: list[Line] = [["", "Plan"], ["", "2026/27"], ["", *quarters], ["£000", *MONTHS]]

    def merged(_: object, sheets: dict[str, object]) -> None:
        sheet = sheets["Plan"]
        sheet.merge_range(4, 1, 4, 12, "Plan")
        sheet.merge_range(5, 1, 5, 12, "2026/27")
        for n in range(4):
            sheet.merge_range(6, 1 + 3 * n, 6, 3 + 3 * n, f"Q{n + 1}")

    xlsx(path / "plan.xlsx", {"Plan": titled([*rows, *across(found)])}, merged)
    return truth


@case("prior year beside the year")
def _(path: Path) -> Truth:
    found, truth = statement(26, months=("",))
    rows: list[Line] = [["£000", "2025/26 Actual", "2026/27 Plan", "Change"]]
    rows += [
        [LINES[ln], old, new, new - old]
        for (ln, (new,)), old in zip(found.items(), drawn(26, 5), strict=True)
    ]
    for line, old in zip(found, drawn(26, 5), strict=True):
        truth.may[("XF-FTH", line, "2025-26", "", "actual", "")] = old * 100_000
    xlsx(path / "plan.xlsx", {"Plan": titled(rows)})
    return truth


@case("headings repeated on each page")
def _(path: Path) -> Truth:
    found, truth = statement(27)
    head: Line = ["£000", *MONTHS]
    rows = across(found)
    xlsx(path / "plan.xlsx", {"Plan": titled([head, *rows[:3], [], head, *rows[3:]])})
    return truth


@case("notes after END, and a note line below the table")
def _(path: Path) -> Truth:
    found, truth = statement(28)
    after: list[Line] = [
        [],
        ["Note: figures may not sum due to rounding."],
        ["END"],
        ["Pay", *drawn(28, 12)],
    ]
    rows = titled([["", *NUMBERED, "Total"], *with_totals(found), *after])
    xlsx(path / "plan.xlsx", {"Plan": rows})
    return truth


@case("plan above and actual below on one sheet")
def _(path: Path) -> Truth:
    plan, truth = statement(29)
    actual, _ = statement(29, months=BOTH, basis="actual", truth=truth)
    rows: list[Line] = [[FTH_NAME], ["2026/27, £000"], [], ["Plan"], ["", *NUMBERED], *across(plan)]
    rows += [[], [], ["Actual"], ["", *NUMBERED[:9]], *across(actual)]
    xlsx(path / "both.xlsx", {"I&E": rows})
    return truth


@case("plan and actual side by side with an empty column between")
def _(path: Path) -> Truth:
    plan, truth = statement(330, months=(1, 2, 3))
    actual, _ = statement(330, months=(1, 2, 3), basis="actual", truth=truth)
    rows: list[Line] = [["Plan", "", "", "", "", "Actual"]]
    rows.append(["", *NUMBERED[:3], "", "", *NUMBERED[:3]])
    rows += [[LINES[ln], *plan[ln], "", LINES[ln], *actual[ln]] for ln in LINES]
    xlsx(path / "both.xlsx", {"I&E": titled(rows, what="2026/27")})
    return truth


@case("plan on one sheet and actual on another")
def _(path: Path) -> Truth:
    plan, truth = statement(31)
    actual, _ = statement(31, months=BOTH, basis="actual", truth=truth)
    sheets = {
        "Plan": titled([["", *NUMBERED, "Total"], *with_totals(plan)]),
        "Actual": titled([["", *NUMBERED[:9], "YTD"], *with_totals(actual)], what="Actual 2026/27"),
    }
    xlsx(path / "both.xlsx", sheets)
    return truth


@case(
    "the old plan beside the re-based one",
    asks={"IMPORT_VERSIONS", "IMPORT_HEADING", "IMPORT_REPEATED", "IMPORT_BASIS"},
)
def _(path: Path) -> None:
    found, _ = statement(32, months=("",))
    rows: list[Line] = [["£000", "Original plan", "Revised plan"]]
    rows += [[LINES[line], number, number + 50] for line, (number,) in found.items()]
    xlsx(path / "plan.xlsx", {"Plan": titled(rows)})


@case(
    "the same figures twice, on a sheet and its older copy that differs",
    asks={"IMPORT_VERSIONS", "IMPORT_REPEATED"},
)
def _(path: Path) -> None:
    found, _ = statement(33)
    old = {line: [n + 3 for n in numbers] for line, numbers in found.items()}
    sheets = {"Plan v1": old, "Plan v2": found}
    xlsx(
        path / "plan.xlsx",
        {name: titled([["", *NUMBERED], *across(one)]) for name, one in sheets.items()},
    )
