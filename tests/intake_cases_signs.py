"""Which way money counts: costs below nil, ledgers, Dr and Cr."""

from __future__ import annotations

from pathlib import Path

from tests.intake_cases_cells import credits
from tests.intake_cases_matrix import with_totals
from tests.intake_files import (
    DATED,
    INCOMES,
    LINES,
    NUMBERED,
    Case,
    Line,
    Truth,
    across,
    cases_of,
    drawn,
    statement,
    summed,
    titled,
    xlsx,
)

CASES: list[Case] = []
case = cases_of(CASES)


def signed(found: dict[str, list[int]], income: int, cost: int) -> list[Line]:
    """The lines with their signs, and a surplus that proves them."""
    rows = [
        [
            LINES[ln],
            *((income if ln in INCOMES else cost) * n for n in ns),
            (income if ln in INCOMES else cost) * sum(ns),
        ]
        for ln, ns in found.items()
    ]
    return [*rows]


@case("costs below nil, proved by a surplus that adds up")
def _(path: Path) -> Truth:
    found, truth = statement(100)
    rows = signed(found, 1, -1)
    rows.append(summed("Surplus/(deficit)", rows))
    xlsx(path / "plan.xlsx", {"Plan": titled([["", *NUMBERED, "Total"], *rows])})
    return truth


@case("costs below nil, without a total to prove it", asks={"IMPORT_SIGNS"})
def _(path: Path) -> Truth:
    found, truth = statement(101)
    xlsx(path / "plan.xlsx", {"Plan": titled([["", *NUMBERED, "Total"], *signed(found, 1, -1)])})
    return truth


@case("costs below nil, and the command says so", "--set", "costs=negative")
def _(path: Path) -> Truth:
    found, truth = statement(102)
    xlsx(path / "plan.xlsx", {"Plan": titled([["", *NUMBERED, "Total"], *signed(found, 1, -1)])})
    return truth


@case("signs of a ledger, and the command says so", "--set", "costs=ledger")
def _(path: Path) -> Truth:
    found, truth = statement(103)
    rows = signed(found, -1, 1)
    rows.append(summed("Net expenditure", rows))
    xlsx(path / "plan.xlsx", {"Plan": titled([["", *NUMBERED, "Total"], *rows])})
    return truth


@case("signs of a ledger that nobody tells", asks={"IMPORT_SIGNS"})
def _(path: Path) -> Truth:
    found, truth = statement(104)
    xlsx(path / "plan.xlsx", {"Plan": titled([["", *NUMBERED, "Total"], *signed(found, -1, 1)])})
    return truth


@case("one cost alone with its sign turned beside a surplus", asks={"IMPORT_TOTAL", "IMPORT_SIGNS"})
def _(path: Path) -> None:
    found, _ = statement(105)
    rows = [list(row) for row in with_totals(found)]
    rows[3][1:] = [-n for n in rows[3][1:]]
    xlsx(path / "plan.xlsx", {"Plan": titled([["", *NUMBERED, "Total"], *rows])})


@case("Cr and Dr in a column of their own", "--set", "basis=actual")
def _(path: Path) -> Truth:
    truth = Truth()
    rows: list[Line] = [["Line", "Month", "Amount", "Dr/Cr"]]
    for line in LINES:
        for month, number in enumerate(drawn((106, line), 3), 1):
            truth.put(line, month, "actual", number * 100_000)
            rows.append(
                [LINES[line], NUMBERED[month - 1], number, "Cr" if line in INCOMES else "Dr"]
            )
    xlsx(path / "m3.xlsx", {"Actual": titled(rows, what="Actual 2026/27")})
    return truth


@case("CR behind a sum in its cell", asks={"IMPORT_CELL", "IMPORT_SIGNS"})
def _(path: Path) -> Truth:
    found, truth = credits(107)
    rows = [[row[0], *(f"{-n} CR" if n < 0 else n for n in row[1:])] for row in across(found)]
    xlsx(path / "plan.xlsx", {"Plan": titled([["", *DATED], *rows])})
    return truth


def ledger(seed: int) -> tuple[list[Line], Truth]:
    """Postings with a debit and a credit, and their totals by line and month."""
    truth = Truth()
    rows: list[Line] = []
    for line in LINES:
        for month in (1, 2, 3):
            debits, credited = drawn((seed, line, month), 3), drawn((seed, month, line), 2, 10, 800)
            if line in INCOMES:
                debits, credited = credited, debits
            net = sum(credited) - sum(debits)
            truth.put(line, month, "actual", net if line in INCOMES else -net)
            rows += [[LINES[line], DATED[month - 1], n / 100, ""] for n in debits]
            rows += [[LINES[line], DATED[month - 1], "", n / 100] for n in credited]
    return rows, truth


@case("an extract of a ledger with debit and credit", "--set", "basis=actual")
def _(path: Path) -> Truth:
    rows, truth = ledger(108)
    debit = sum(row[2] for row in rows if row[2] != "")
    credit = sum(row[3] for row in rows if row[3] != "")
    head: Line = ["Account description", "Period", "Debit", "Credit"]
    total: Line = ["Total", "", round(debit, 2), round(credit, 2)]
    xlsx(path / "gl.xlsx", {"GL": titled([head, *rows, total], what="Actual 2026/27", unit="£")})
    return truth


# -- rows of the other side among costs, or among income -----------------------------------------------


def beneath(title: str, rows: dict[str, int], total: str) -> tuple[list[Line], list[int]]:
    """Rows of three months under a heading with their total, and the money of this."""
    found = [[name, *(usual + month for month in range(3))] for name, usual in rows.items()]
    sums = [sum(row[1 + month] for row in found) for month in range(3)]
    return [[title], *found, [total, *sums]], sums


def with_credit(path: Path, credit: str, line: str, usual: int) -> Truth:
    """A statement of positive costs in which one row takes from them."""
    income, ins = beneath(
        "Income", {"Patient care income": 9000, "Other income": 700}, "Total income"
    )
    costs, outs = beneath("Costs", {"Pay": 6000, "Drugs": 900}, "Total operating costs")
    rest, less = beneath(
        "Finance", {"Depreciation": 400, "PDC dividend": 120, credit: usual}, "Total other costs"
    )
    first = ["EBITDA", *(a - b for a, b in zip(ins, outs, strict=True))]
    last = ["Surplus/(deficit)", *(a - b - c for a, b, c in zip(ins, outs, less, strict=True))]
    rows: list[Line] = [*income, *costs, first, *rest, last]
    xlsx(path / "m3.xlsx", {"I&E": titled([["", *NUMBERED[:3]], *rows], what="Actual 2026/27")})
    truth = Truth()
    for month in (1, 2, 3):
        for name, money in (
            *(("patient_care_income", 9000), ("other_income", 700), ("pay", 6000)),
            *(("drugs", 900), ("depreciation", 400), ("pdc_dividend", 120), (line, usual)),
        ):
            truth.put(name, month, "actual", (money + month - 1) * 100_000)
    return truth


@case("interest received below nil within a total of costs")
def _(path: Path) -> Truth:
    return with_credit(path, "Interest received", "interest_received", -60)


@case("savings to find below nil within a total of costs")
def _(path: Path) -> Truth:
    return with_credit(path, "Unidentified CIP", "unidentified_cip", -300)


@case("income below nil within a total of costs, under the name of income above")
def _(path: Path) -> Truth:
    return with_credit(path, "Other operating income", "other_operating_income", -250)


@case("a cost below nil within a total of income")
def _(path: Path) -> Truth:
    truth = Truth()
    income, ins = beneath("Income", {"Patient care income": 9000, "Drugs": -200}, "Total income")
    costs, outs = beneath("Costs", {"Pay": 6000, "Non-pay": 900}, "Total costs")
    last = ["Surplus/(deficit)", *(a - b for a, b in zip(ins, outs, strict=True))]
    rows: list[Line] = [*income, *costs, last]
    xlsx(path / "m3.xlsx", {"I&E": titled([["", *NUMBERED[:3]], *rows], what="Actual 2026/27")})
    for month in (1, 2, 3):
        for name, money in (
            *(("patient_care_income", 9000), ("drugs_income", -200)),
            *(("pay", 6000), ("non_pay", 900)),
        ):
            truth.put(name, month, "actual", (money + month - 1) * 100_000)
    return truth


def favourable(path: Path, *, told: bool) -> Truth:
    """Plan, actual and a variance that is favourable above nil, with savings to find among the costs."""
    plain = {"Patient care income": (9000, 9100), "Pay": (6000, 6200), "Drugs": (900, 870)}
    rows: list[Line] = [
        [name, plan, actual, (actual - plan) * (1 if "income" in name else -1)]
        for name, (plan, actual) in (*plain.items(), ("Unidentified savings", (-300, 0)))
    ]
    total: Line = ["Total expenditure", 6600, 7070, -470]
    rows = [*rows, total] if told else rows
    head: Line = ["", "Plan", "Actual", "Variance"]
    xlsx(path / "m3.xlsx", {"I&E": titled([head, *rows], what="Month 3 2026/27")})
    truth = Truth()
    saved = "unidentified_savings" if told else "other_costs"
    names = {"Patient care income": "patient_care_income", "Pay": "pay", "Drugs": "drugs"}
    for name, (plan, actual) in plain.items():
        truth.put(names[name], 3, "plan", plan * 100_000)
        truth.put(names[name], 3, "actual", actual * 100_000)
    truth.put(saved, 3, "plan", -300 * 100_000)
    truth.put(saved, 3, "actual", 0)
    return truth


@case("savings to find among costs with variances, proved by the total", "--set", "month=M3")
def _(path: Path) -> Truth:
    return favourable(path, told=True)


@case(
    "savings to find among costs with variances and no total",
    *("--set", "month=M3"),
    asks={"IMPORT_VARIANCE"},
)
def _(path: Path) -> None:
    favourable(path, told=False)


@case(
    "savings to find among costs with variances, answered as the question says",
    *("--set", "month=M3", "--set", "lines.Unidentified savings=other_costs"),
)
def _(path: Path) -> Truth:
    return favourable(path, told=False)


def found_late(
    path: Path, name: str, usual: int, *, cost: int, times: int, whole: bool = False
) -> Truth:
    """A statement whose surplus counts a row among its costs, which are written with a sign."""
    truth = Truth()
    plain = {"Patient care income": 9000, "Other income": 700, "Pay": 6000, "Drugs": 900}
    rows: list[Line] = []
    for title, money in plain.items():
        line = title.casefold().replace(" ", "_")
        sign = 1 if "income" in title else cost
        rows.append([title, *(sign * (money + n) for n in range(3))])
        for n in range(3):
            truth.put(line, n + 1, "actual", (money + n) * 100_000)
    row: Line = [name, *(usual + n for n in range(3))]
    for n in range(3):
        own = name.casefold().replace(" ", "_")
        truth.put(own, n + 1, "actual", -times * (usual + n) * 100_000)
    signs = [1, 1, -cost, -cost, times]
    lines = [*rows, row]
    last = [sum(s * int(str(x[n])) for s, x in zip(signs, lines, strict=True)) for n in (1, 2, 3)]
    between: list[Line] = [summed("Total expenditure", lines[2:])] if whole else []
    ends: list[Line] = [*between, ["Surplus/(deficit)", *last]]
    table = titled([["", *NUMBERED[:3]], *lines, *ends], what="Actual 2026/27")
    xlsx(path / "m3.xlsx", {"I&E": table})
    return truth


@case("savings to find above nil among costs below nil, in their total")
def _(path: Path) -> Truth:
    return found_late(path, "Unidentified CIP", 300, cost=-1, times=1, whole=True)


@case("savings to find above nil among costs below nil, in the surplus alone")
def _(path: Path) -> Truth:
    return found_late(path, "Unidentified CIP", 300, cost=-1, times=1)


@case("savings to find below nil among costs, in the surplus alone")
def _(path: Path) -> Truth:
    return found_late(path, "Unidentified CIP", -300, cost=1, times=-1)


@case("savings to find above nil beneath the costs, in the surplus alone")
def _(path: Path) -> Truth:
    return found_late(path, "Unidentified CIP", 300, cost=1, times=1)


@case("interest received below nil among costs, in the surplus alone")
def _(path: Path) -> Truth:
    return found_late(path, "Interest received", -30, cost=1, times=-1)
