"""What trusts and systems send every month: pivots, dumps of ledgers, packs half actual, odd corners."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import Final

from tests.intake_cases_matrix import with_totals
from tests.intake_files import (
    DATED,
    INCOMES,
    LINES,
    MONTHS,
    NUMBERED,
    TRUSTS,
    Case,
    Line,
    Truth,
    across,
    cases_of,
    drawn,
    statement,
    summed,
    text,
    titled,
    xlsx,
)

CASES: list[Case] = []
case = cases_of(CASES)
HALF = tuple(range(1, 7))


@case("a compact pivot: a body with its sum, its lines beneath", book="system")
def _(path: Path) -> Truth:
    truth, rows = Truth(), list[Line]()
    for code in list(TRUSTS)[:3]:
        found, _ = statement(200, months=HALF, org=code, truth=truth)
        parts = across(found, total=True)
        rows += [summed(TRUSTS[code], parts), *([f"   {row[0]}", *row[1:]] for row in parts)]
    wholes = [row for row in rows if row[0] in TRUSTS.values()]
    rows = [["Row Labels", *MONTHS[:6], "Grand Total"], *rows, summed("Grand Total", wholes)]
    xlsx(path / "pivot.xlsx", {"Pivot": [["Sum of £000, plan 2026/27"], [], *rows]})
    return truth


@case("a pivot that names each body once", book="system")
def _(path: Path) -> Truth:
    truth, rows = Truth(), list[Line]()
    for code in list(TRUSTS)[:3]:
        found, _ = statement(201, months=HALF, org=code, truth=truth)
        parts = across(found, total=True)
        rows += [[code if n == 0 else "", *row] for n, row in enumerate(parts)]
        rows.append([f"{code} Total", "", *summed("", parts)[1:]])
    heads = ["Organisation", "Line", *NUMBERED[:6], "Grand Total"]
    xlsx(path / "pivot.xlsx", {"Pivot": [["2026/27 plan"], ["Sum of Amount (£000)"], heads, *rows]})
    return truth


@case("a dump of a ledger, a posting a row, income below nil", "--set", "unit=£")
def _(path: Path) -> Truth:
    truth, rows = Truth(), list[Line]()
    for line in LINES:
        for month, number in enumerate(drawn((202, line), 3), 1):
            truth.put(line, month, "actual", number * 100)
            way = -1 if line in INCOMES else 1
            for part in (number // 3, number - number // 3, 17, -17):
                rows.append(["XF-FTH", f"M0{month} 2026/27", "4410", LINES[line], way * part])
    heads = ["Entity", "Period", "Account", "Account Description", "Cost Centre", "Net Amount"]
    rows = [[*row[:4], f"C{n % 7}", row[4]] for n, row in enumerate(rows)]
    text(path / "actual.csv", [heads, *rows])
    return truth


@case("a trial balance with CR behind its credits", "--set", "costs=ledger")
def _(path: Path) -> Truth:
    truth, rows = Truth(), list[Line]()
    for number, line in zip(drawn(203, len(LINES)), LINES, strict=True):
        truth.put(line, "YTD3", "actual", number * 100)
        rows.append([LINES[line], f"{number:,}{' CR' if line in INCOMES else ''}"])
    title = [["Fenmarch Teaching Hospitals (fictional)"], ["Actual to 30 June 2026, £"]]
    xlsx(path / "tb.xlsx", {"TB": [*title, ["Account description", "YTD actual"], *rows]})
    return truth


@case("a ledger that brackets neither side: debit and credit in pounds and pence")
def _(path: Path) -> Truth:
    truth = Truth()
    rows: list[Line] = [["Journal", "Posting date", "Account description", "Debit", "Credit"]]
    for number, line in zip(drawn(204, len(LINES)), LINES, strict=True):
        truth.put(line, 4, "actual", number * 100 + 25)
        sides = ["", number + 0.25] if line in INCOMES else [number + 0.25, ""]
        rows.append([f"J{number}", date(2026, 7, 9), LINES[line], *sides])
    title = ["Fenmarch Teaching Hospitals (fictional): actual postings"]
    xlsx(path / "gl.xlsx", {"GL": [title, *rows]})
    return truth


@case("months half actual, half forecast, and the year that they make")
def _(path: Path) -> Truth:
    past, truth = statement(205, months=HALF, basis="actual")
    rest, _ = statement(206, months=range(7, 13), basis="forecast", truth=truth)
    rows = []
    for line, numbers in past.items():
        year = [*numbers, *rest[line]]
        truth.put(line, "", "forecast", sum(year) * 100_000)
        rows.append([LINES[line], *year, sum(year)])
    heads = ["", *(f"{m} A" for m in MONTHS[:6]), *(f"{m} F" for m in MONTHS[6:]), "FOT"]
    xlsx(path / "m6.xlsx", {"Run rate": titled([heads, *rows], what="2026/27")})
    return truth


def _mixed(heads: Sequence[Line], wrong: int = 0) -> Callable[[Path], Truth]:
    """A sheet with nine months told and three expected, and the year that they make."""

    def made(path: Path) -> Truth:
        past, truth = statement((207, str(heads)), months=range(1, 10), basis="actual")
        rest, _ = statement(208, months=range(10, 13), basis="forecast", truth=truth)
        for line, numbers in past.items():
            truth.put(line, "", "forecast", sum((*numbers, *rest[line])) * 100_000)
        rows = with_totals({line: [*numbers, *rest[line]] for line, numbers in past.items()})
        rows[0][-1] = int(str(rows[0][-1])) + wrong
        xlsx(path / "m9.xlsx", {"I&E": titled([*heads, *rows], what="2026/27 month 9")})
        return truth

    return made


PAST: Final = (*["Actual"] * 9, *["Forecast"] * 3)
for _name, _heads in {
    "Total above": [["", *PAST, "Total"], ["Line", *MONTHS, "Full year"]],
    "Total above, the months above": [["", *MONTHS, "Total"], ["Line", *PAST, "Full year"]],
    "Act and Fcst": [["", *["Act"] * 9, *["Fcst"] * 3, "Total"], ["Line", *MONTHS, "Year"]],
    "the year itself": [["", *PAST, ""], ["Line", *MONTHS, "2026/27"]],
}.items():
    case(f"months told and months expected, their year under {_name}")(_mixed(_heads))
case(
    "months told and months expected, and another year than they make",
    asks={"IMPORT_TOTAL"},
)(_mixed([["", *PAST, "Total"], ["Line", *MONTHS, "Full year"]], wrong=100))


@case("plan and actual of one title that says to date", told=())
def _(path: Path) -> Truth:
    truth, rows = Truth(), list[Line]()
    for line in LINES:
        plan, actual = drawn((207, line), 2)
        truth.put(line, "YTD5", "actual", actual * 100_000)
        truth.put(line, "YTD5", "plan", plan * 100_000)
        good = actual - plan if line in INCOMES else plan - actual
        rows.append([LINES[line], plan, actual, good])
    heads = ["", "Plan", "Actual", "Variance"]
    what = "2026/27, five months to 31 August 2026"
    xlsx(path / "m5.xlsx", {"M5": titled([heads, *rows], what=what)})
    return truth


@case("a budget by cost centre, of which a book holds the sum")
def _(path: Path) -> Truth:
    wards, theatres = statement(208)[0], statement(209)[0]
    truth = Truth()
    rows: list[Line] = [["Directorate", "Line", *NUMBERED]]
    for name, found in (("Surgery", wards), ("Medicine", theatres)):
        rows += [[name if n == 0 else "", *row] for n, row in enumerate(across(found))]
        rows.append([f"{name} total", "", *summed("", across(found))[1:]])
    for line, numbers in wards.items():
        for month, number in enumerate(numbers, 1):
            truth.put(line, month, "plan", (number + theatres[line][month - 1]) * 100_000)
    xlsx(path / "plan.xlsx", {"Plan": titled(rows)})
    return truth


@case("a column that the command leaves out", "--set", "headings.Average=")
def _(path: Path) -> Truth:
    found, truth = statement(210)
    rows = [[*row, row[-1] // 12] for row in across(found, total=True)]
    xlsx(path / "plan.xlsx", {"Plan": titled([["", *NUMBERED, "Total", "Average"], *rows])})
    return truth


@case("a column that the command names", "--set", "headings.Outturn=forecast year")
def _(path: Path) -> Truth:
    found, truth = statement(211, months=("",))
    rest, _ = statement(212, months=("",), basis="forecast", truth=truth)
    rows = [[LINES[line], found[line][0], rest[line][0]] for line in found]
    xlsx(path / "m9.xlsx", {"M9": titled([["", "Plan", "Outturn"], *rows], what="2026/27")})
    return truth


@case("a title by which a deficit is positive", book="system")
def _(path: Path) -> Truth:
    truth, rows = Truth(), list[Line]()
    for code, number in zip(TRUSTS, (1200, -300, 450), strict=False):
        truth.put("position", "", "plan", -number * 100_000, code)
        rows.append([TRUSTS[code], number])
    rows = [["Trust", "Plan"], *rows, summed("Total", rows)]
    xlsx(path / "system.xlsx", {"System": [["(Surplus)/deficit by trust 2026/27 £000"], *rows]})
    return truth


def beneath(seed: int, slip: int = 0) -> tuple[list[Line], Truth]:
    """Plan, actual and variance beneath each other, the name of the line on the first alone."""
    truth = Truth()
    rows: list[Line] = [["Line", "Measure", "YTD M6"]]
    for line in LINES:
        plan, actual = drawn((seed, line), 2)
        truth.put(line, "YTD6", "actual", actual * 100_000)
        truth.put(line, "YTD6", "plan", plan * 100_000)
        good = actual - plan if line in INCOMES else plan - actual
        rows += [[LINES[line], "Plan", plan], ["", "Actual", actual], ["", "Variance", good + slip]]
    return titled(rows, what="2026/27"), truth


@case("plan, actual and variance beneath each other")
def _(path: Path) -> Truth:
    rows, truth = beneath(213)
    xlsx(path / "m6.xlsx", {"M6": rows})
    return truth


@case("a variance beneath that is not the difference", asks={"IMPORT_VARIANCE"})
def _(path: Path) -> None:
    xlsx(path / "m6.xlsx", {"M6": beneath(214, slip=3)[0]})


@case("a control total, a running sum and a check beneath the surplus")
def _(path: Path) -> Truth:
    found, truth = statement(215)
    rows = [list(row) for row in with_totals(found)]
    surplus = rows[-1][1:]
    runs = [sum(surplus[: n + 1]) for n in range(12)]
    rows += [
        ["Control total", *[100] * 12, 1200],
        ["Cumulative surplus/(deficit)", *runs, runs[-1]],
    ]
    rows += [["Variance to control total", *(n - 100 for n in surplus[:12]), surplus[12] - 1200]]
    xlsx(path / "plan.xlsx", {"Plan": titled([["", *NUMBERED, "Total"], *rows])})
    return truth


@case("the ends of months as headings, and no other year")
def _(path: Path) -> Truth:
    found, truth = statement(216)
    ends = [date(2026, 4, 30), date(2026, 5, 31), date(2026, 6, 30), date(2026, 7, 31)]
    ends += [date(2026, 8, 31), date(2026, 9, 30), date(2026, 10, 31), date(2026, 11, 30)]
    ends += [date(2026, 12, 31), date(2027, 1, 31), date(2027, 2, 28), date(2027, 3, 31)]
    rows = [["", *ends, "Total"], *across(found, total=True)]
    xlsx(path / "plan.xlsx", {"Plan": titled(rows, what="Plan")})
    return truth


@case("sums that carry their unit, and nothing else that says it")
def _(path: Path) -> Truth:
    found, truth = statement(217)
    rows = [[row[0], *(f"£{n:,}k" for n in row[1:])] for row in across(found)]
    xlsx(path / "plan.xlsx", {"Plan": titled([["", *DATED], *rows], unit="Board")})
    return truth


@case("a statement with net finance costs as a row of its own below EBITDA")
def _(path: Path) -> Truth:
    truth = Truth()
    made = {
        "patient_care_income": ("Patient care income", 1),
        "other_income": ("Other income", 1),
        "pay": ("Pay", -1),
        "drugs": ("Drugs", -1),
        "": ("EBITDA", 0),
        "depreciation": ("Depreciation", -1),
        "finance_costs": ("Net finance costs", -1),
        "position": ("Surplus/(deficit)", 0),
    }
    run = [0] * len(HALF)
    rows: list[Line] = []
    for number, (line, (label, sign)) in enumerate(made.items()):
        if sign:
            sums = drawn(f"finance {number}", len(HALF), 10, 9_000)
            for month, pounds in zip(HALF, sums, strict=True):
                truth.put(line, month, "plan", pounds * 100_000)
            rows.append([label, *(sign * pounds for pounds in sums)])
            run = [one + sign * pounds for one, pounds in zip(run, sums, strict=True)]
        else:
            rows.append([label, *run])
    xlsx(path / "soci.xlsx", {"SOCI": titled([["£000", *DATED[:6]], *rows])})
    return truth


@case(
    "a statement whose net finance costs are the sum of two rows, and wrong once",
    asks=["IMPORT_TOTAL"],
)
def _(path: Path) -> None:
    rows: list[Line] = [
        ["Patient care income", *[1000] * 6],
        ["Pay", *[-700] * 6],
        ["EBITDA", *[300] * 6],
        ["Finance costs", *[-30] * 6],
        ["PDC dividend", *[-20] * 6],
        ["Net finance costs", -50, -50, -50, -57, -50, -50],
        ["Surplus/(deficit)", *[250] * 6],
    ]
    xlsx(path / "soci.xlsx", {"SOCI": titled([["£000", *DATED[:6]], *rows])})


def with_interest(path: Path, net: bool) -> Truth:
    """Interest received beneath total income, alone or with the row of what finance costs in all."""
    truth = Truth()
    made = {
        "Other income": ("other_income", 390),
        "Patient care income": ("patient_care_income", 9_000),
        "Pay": ("pay", -8_800),
        "Interest receivable": ("interest_receivable", 54),
        "Interest payable": ("finance_costs", -30),
        "PDC dividend": ("pdc_dividend", -20),
    }
    for line, pounds in made.values():
        for month in HALF:
            sense = 1 if line in INCOMES else -1
            truth.put(line, month, "plan", sense * pounds * 100_000)
    rows = [[name, *[pounds] * 6] for name, (_, pounds) in made.items()]
    rows.insert(2, summed("Total income", rows[:2]))
    if net:
        rows.append(summed("Net finance costs", rows[4:]))
    rows.append(["Surplus/(deficit)", *[594] * 6])
    xlsx(path / "soci.xlsx", {"SOCI": titled([["£000", *DATED[:6]], *rows])})
    return truth


@case("interest receivable beneath total income, with other income in it")
def _(path: Path) -> Truth:
    return with_interest(path, net=False)


@case("interest receivable beneath total income, and net finance costs over it")
def _(path: Path) -> Truth:
    return with_interest(path, net=True)


def by_letters(path: Path) -> Truth:
    """Plan and forecast of three trusts across, of which one goes by letters that nobody knows."""
    truth, codes = Truth(), list(TRUSTS)[:3]
    titles = [TRUSTS[codes[0]], "BVP", TRUSTS[codes[2]], "System total"]
    rows: list[Line] = [["", *(text for title in titles for text in (title, ""))]]
    rows.append(["", *["Plan", "Forecast"] * 4])
    for line in LINES:
        numbers: list[int] = []
        for code in codes:
            pair = drawn((204, line, code), 2)
            for basis, number in zip(("plan", "forecast"), pair, strict=True):
                truth.put(line, "", basis, number * 100_000, code)
            numbers += pair
        rows.append([LINES[line], *numbers, sum(numbers[::2]), sum(numbers[1::2])])
    title = [["East system position 2026/27, £000"], []]
    xlsx(path / "system.xlsx", {"Position": [*title, *rows]})
    return truth


@case("a body across by its letters, which nobody knows", book="system", asks={"IMPORT_BODY"})
def _(path: Path) -> Truth:
    return by_letters(path)


@case("a body across by its letters, answered", "--set", "bodies.BVP=XT2", book="system")
def _(path: Path) -> Truth:
    return by_letters(path)
