"""Registers and lists: risks in three house styles, control totals, any table of a book."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from tests.intake_files import (
    DATED,
    FTH,
    FTH_NAME,
    LINES,
    TRUSTS,
    YEAR,
    Case,
    Cell,
    Line,
    Truth,
    cases_of,
    drawn,
    text,
    xlsx,
)

CASES: list[Case] = []
case = cases_of(CASES)
RISKS = ("Winter beds stay open", "Pay award above funding", "Late drugs", "Slipping theatres")
TITLE: list[Line] = [[FTH_NAME], ["Risk register 2026/27"], []]


def risks(
    seed: int, unit: int, kind: str = "risk", first: int = 1
) -> tuple[list[tuple[str, str, int, int]], list[dict[str, object]]]:
    """Risks as (id, title, gross in the unit, chance in hundredths), and what a book holds of them."""
    rows = [
        (f"R{number:02}", title, gross, chance * 5)
        for number, (title, gross, chance) in enumerate(
            zip(RISKS, drawn(seed, 4), drawn(seed, 4, 1, 20), strict=True), first
        )
    ]
    truth: list[dict[str, object]] = [
        {
            "id": one,
            "organisation": FTH,
            "title": title,
            "kind": kind,
            "gross": gross * unit,
            "chance": chance / 100,
        }
        for one, title, gross, chance in rows
    ]
    return rows, truth


@case("a risk register with likelihood in per cent")
def _(path: Path) -> Truth:
    rows, truth = risks(1, 100_000)
    head: Line = ["Risk ID", "Risk description", "Gross value £000", "Likelihood %", "Risk owner"]
    lines: list[Line] = [[a, b, c, f"{d}%", "Chief Finance Officer"] for a, b, c, d in rows]
    xlsx(path / "risks.xlsx", {"Risks": [*TITLE, head, *lines]})
    return Truth(records={"risks": truth})


@case("a risk register with weighted values and their total")
def _(path: Path) -> Truth:
    rows, truth = risks(2, 100_000)
    head: Line = ["Ref", "Risk", "Gross risk £k", "Probability", "Weighted risk £k"]
    lines: list[Line] = [[a, b, c * 20, Cell(d / 100, "0%"), c * d / 5] for a, b, c, d in rows]
    for one, (_, _, gross, _) in zip(truth, rows, strict=True):
        one["gross"] = gross * 20 * 100_000
    total: Line = ["Total", "", sum(row[2] for row in lines), "", sum(row[4] for row in lines)]
    xlsx(path / "risks.xlsx", {"Risks": [*TITLE, head, *lines, total]})
    return Truth(records={"risks": truth})


@case("risks and mitigations in a column")
def _(path: Path) -> Truth:
    rows, truth = risks(3, 10_000_000)
    more, other = risks(4, 10_000_000, "mitigation", 11)
    head: Line = ["ID", "Organisation", "Type", "Title", "Gross £m", "Chance"]
    lines: list[Line] = [[a, FTH_NAME, "Risk", b, c / 10, d / 100] for a, b, c, d in rows]
    lines += [[a, FTH_NAME, "Mitigation", b, c / 10, d / 100] for a, b, c, d in more]
    xlsx(path / "risks.xlsx", {"Risks and mitigations": [head, *lines]})
    return Truth(records={"risks": [*truth, *other]})


@case("a risk register whose total is wrong", asks={"IMPORT_TOTAL"})
def _(path: Path) -> None:
    rows, _ = risks(5, 100_000)
    head: Line = ["Risk ID", "Risk description", "Gross value £000", "Likelihood %"]
    lines: list[Line] = [[a, b, c, f"{d}%"] for a, b, c, d in rows]
    lines.append(["Total", "", sum(row[2] for row in rows) + 1, ""])
    xlsx(path / "risks.xlsx", {"Risks": [*TITLE, head, *lines]})


@case("a risk with a chance that says medium", asks={"IMPORT_CELL"})
def _(path: Path) -> None:
    rows, _ = risks(6, 100_000)
    head: Line = ["Risk ID", "Risk description", "Gross value £000", "Likelihood"]
    lines: list[Line] = [
        [a, b, c, "medium" if n == 2 else f"{d}%"] for n, (a, b, c, d) in enumerate(rows)
    ]
    xlsx(path / "risks.xlsx", {"Risks": [*TITLE, head, *lines]})


@case("two risks of one id", asks={"IMPORT_REPEATED"})
def _(path: Path) -> None:
    rows, _ = risks(7, 100_000)
    head: Line = ["Risk ID", "Risk description", "Gross value £000", "Likelihood %"]
    lines: list[Line] = [
        ["R01" if n == 3 else a, b, c, f"{d}%"] for n, (a, b, c, d) in enumerate(rows)
    ]
    xlsx(path / "risks.xlsx", {"Risks": [*TITLE, head, *lines]})


@case("control totals of a system with their sum", book="system")
def _(path: Path) -> Truth:
    head: Line = ["Organisation", "Control total 2026/27 £m", "Status"]
    numbers = drawn(8, 8, -90, 90)
    lines: list[Line] = [
        [name, n / 10, "Accepted"] for name, n in zip(TRUSTS.values(), numbers, strict=True)
    ]
    total: Line = ["Total", round(sum(numbers) / 10, 1), ""]
    xlsx(
        path / "totals.xlsx",
        {"Control totals": [["Control totals 2026/27"], [], head, *lines, total]},
    )
    truth: list[dict[str, object]] = [
        {"organisation": code, "year": YEAR, "amount": n * 10_000_000, "status": "accepted"}
        for code, n in zip(TRUSTS, numbers, strict=True)
    ]
    return Truth(records={"control_totals": truth})


@case("control totals in the columns of the book", book="system")
def _(path: Path) -> Truth:
    head: Line = ["organisation", "year", "amount", "unit", "status", "set_by", "set_on"]
    numbers = drawn(9, 8, -9000, 9000)
    lines: list[Line] = [
        [
            code,
            "2026/27",
            f"({-n})" if n < 0 else n,
            "£k",
            "accepted",
            "Regional team",
            "27/03/2026",
        ]
        for code, n in zip(TRUSTS, numbers, strict=True)
    ]
    text(path / "control_totals.csv", [head, *lines])
    truth: list[dict[str, object]] = [
        {
            "organisation": code,
            "amount": n * 100_000,
            "status": "accepted",
            "set_by": "Regional team",
        }
        for code, n in zip(TRUSTS, numbers, strict=True)
    ]
    return Truth(records={"control_totals": truth})


def own_amounts(seed: int) -> tuple[list[Line], Truth]:
    """Amounts in the columns of the book."""
    truth = Truth()
    rows: list[Line] = []
    for line in LINES:
        for month, number in enumerate(drawn((seed, line), 12), 1):
            truth.put(line, month, "plan", number * 100_000)
            rows.append([FTH, line, "2026/27", month, "plan", number, "£k"])
    return rows, truth


OWN: Sequence[str] = ("organisation", "line", "year", "month", "basis", "amount", "unit")


@case("amounts in the columns of the book, as text")
def _(path: Path) -> Truth:
    rows, truth = own_amounts(10)
    text(path / "amounts.csv", [OWN, *rows])
    return truth


@case("amounts in the columns of the book, under other headings, in a workbook")
def _(path: Path) -> Truth:
    rows, truth = own_amounts(11)
    lines: list[Line] = [
        [FTH_NAME, LINES[str(row[1])], row[2], f"M{row[3]}", "Plan", row[5]] for row in rows
    ]
    head: Line = ["Organisation", "Line", "Financial year", "Month", "Basis", "Amount £000"]
    xlsx(path / "long.xlsx", {"Data": [head, *lines]})
    return truth


@case("amounts in long form with one key twice", asks={"IMPORT_REPEATED"})
def _(path: Path) -> None:
    rows, _ = own_amounts(12)
    text(path / "amounts.csv", [OWN, *rows, [*rows[3][:5], 77, "£k"]])


@case("new bodies in the columns of the book", book="system")
def _(path: Path) -> Truth:
    head: Line = ["Code", "Name", "Kind", "Parent"]
    text(path / "organisations.csv", [head, ["XT9", "Ivel Meadows Hospitals", "provider", "XQ1"]])
    return Truth()


@case("facts of people by month")
def _(path: Path) -> Truth:
    head: Line = ["organisation", "fact", "year", "month", "basis", "value", "unit"]
    numbers = drawn(14, 3)
    rows: list[Line] = [
        [FTH, "workforce", "2026/27", n + 1, "actual", number, "wte"]
        for n, number in enumerate(numbers)
    ]
    text(path / "facts.csv", [head, *rows])
    truth: list[dict[str, object]] = [
        {"organisation": FTH, "fact": "workforce", "month": str(n + 1), "basis": "actual"}
        for n in range(3)
    ]
    return Truth(records={"facts": truth})


@case("transfers between bodies", book="system")
def _(path: Path) -> Truth:
    head: Line = ["id", "from", "to", "year", "amount", "unit", "kind", "mechanism", "status"]
    row: Line = [
        "T-01",
        "XT1",
        "XT2",
        "2026/27",
        1200,
        "£k",
        "neighbour support",
        "resource transfer",
        "agreed",
    ]
    text(path / "transfers.csv", [head, row])
    return Truth(records={"transfers": [{"id": "T-01", "amount": 120_000_000, "status": "agreed"}]})


@case("a table of which nobody can tell what it is", asks={"IMPORT_KIND", "IMPORT_HEADING"})
def _(path: Path) -> None:
    head: Line = ["Xylophone", "Length cm", "Pitch", "Count"]
    rows: list[Line] = [[f"No. {n}", *drawn(n, 3)] for n in range(8)]
    xlsx(path / "odd.xlsx", {"Sheet1": [head, *rows]})


@case("a table and two sheets of prose around it", told={"IMPORT_SHEET"})
def _(path: Path) -> Truth:
    rows, truth = own_amounts(16)
    prose: list[Line] = [
        ["This workbook was prepared by the finance team."],
        ["Call us with questions."],
    ]
    xlsx(path / "long.xlsx", {"Cover": prose, "amounts": [OWN, *rows], "Notes": prose})
    return truth


@case("debts of a single month with its day in a title", "--set", "basis=actual")
def _(path: Path) -> Truth:
    truth = Truth()
    rows: list[Line] = [["", DATED[8]]]
    for line, number in zip(LINES, drawn(17, 5), strict=True):
        truth.put(line, 9, "actual", number * 100_000)
        rows.append([LINES[line], number])
    above: list[Line] = [
        [FTH_NAME],
        ["Income and expenditure for December 2026, actual"],
        ["£000"],
        [],
    ]
    xlsx(path / "month.xlsx", {"M9": [*above, *rows]})
    return truth
