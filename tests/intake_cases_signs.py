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
