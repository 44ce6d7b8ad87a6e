"""Rows between the surplus and the adjusted surplus, by which a control total is measured."""

from __future__ import annotations

from pathlib import Path

from tests.intake_files import NUMBERED, Case, Line, Truth, cases_of, titled, xlsx

CASES: list[Case] = []
case = cases_of(CASES)
ABOVE = {
    "Patient care income": ("patient_care_income", 9000),
    "Other income": ("other_income", 700),
    "Pay": ("pay", 6000),
    "Drugs": ("drugs", 900),
    "Depreciation": ("depreciation", 400),
}
IMPAIRED = {**ABOVE, "Impairments": ("impairments", 250)}
ADJUSTED = "Adjusted financial performance surplus/(deficit)"
SURPLUS = "Surplus/(deficit) for the period"
DONATED = "Donated asset income & depreciation"
MONTHS = (1, 2, 3)


def row(name: str, money: int, sign: int = 1) -> Line:
    """A row of three months, no two alike."""
    return [name, *(sign * (money + month - 1) for month in MONTHS)]


def across(rows: list[Line], name: str, signs: list[int]) -> Line:
    """A row that sums up others, each with a sign."""
    return [
        name,
        *(
            sum(s * int(str(one[month])) for s, one in zip(signs, rows, strict=True))
            for month in MONTHS
        ),
    ]


def paper(
    path: Path,
    above: dict[str, tuple[str, int]],
    beneath: list[Line],
    last: str = ADJUSTED,
    *,
    cost: int = 1,
    signs: tuple[int, ...] = (),
    off: int = 0,
    under: str = "Adjustments:",
) -> Truth:
    """A statement, its surplus, the rows beneath it and the adjusted surplus; and what is above, truly."""
    truth = Truth()
    rows: list[Line] = []
    for name, (line, money) in above.items():
        rows.append(row(name, money, 1 if "income" in name else cost))
        for month in MONTHS:
            truth.put(line, month, "actual", (money + month - 1) * 100_000)
    ins, outs = rows[:2], rows[2:]
    plus, minus = (
        across(ins, "Total income", [1, 1]),
        across(outs, "Total expenditure", [1] * len(outs)),
    )
    surplus = across([plus, minus], SURPLUS, [1, -cost])
    ends = [surplus, *beneath]
    end = across(ends, last, [1, *(signs or [1] * len(beneath))])
    end = [*end[:-1], int(str(end[-1])) + off]
    head: Line = ["", *NUMBERED[:3]]
    body: list[Line] = [
        *(["Income"], *ins, plus, ["Expenditure"], *outs, minus, surplus),
        *([under], *beneath, *([end] if last else [])),
    ]
    xlsx(path / "m3.xlsx", {"I&E": titled([head, *body], what="Actual 2026/27")})
    return truth


def taken(truth: Truth, line: str, own: str, money: int, sign: int = -1) -> Truth:
    """The same with what is taken out of the surplus: on its own line, and the other way outside it."""
    for month in MONTHS:
        pence = (money + month - 1) * 100_000
        truth.put(line, month, "actual", sign * pence)
        truth.put(f"taken_out_{own}", month, "actual", pence)
    return truth


@case("donated assets beneath the surplus, and impairments added back")
def _(path: Path) -> Truth:
    truth = paper(path, IMPAIRED, [row("Add back: Impairments", 250), row(DONATED, 40)])
    return taken(truth, "donated_assets", "donated_asset_income_depreciation", 40)


@case("donated assets beneath the surplus of a statement with costs below nil")
def _(path: Path) -> Truth:
    truth = paper(
        path, IMPAIRED, [row("Remove impact of impairments", 250), row(DONATED, -40)], cost=-1
    )
    return taken(truth, "donated_assets", "donated_asset_income_depreciation", -40)


@case("impairments within the costs, added back beneath the surplus")
def _(path: Path) -> Truth:
    truth = paper(path, ABOVE, [row("Add back all I&E impairments/(reversals)", 130)])
    return taken(truth, "impairments", "all_i_e_impairments_reversals", 130, 1)


@case("a row less donated income beneath the surplus, written above nil")
def _(path: Path) -> Truth:
    truth = paper(path, ABOVE, [row("Less: donated asset income", 60)], signs=(-1,))
    return taken(truth, "donated_assets", "less_donated_asset_income", 60, 1)


@case("donated assets removed beneath a surplus without an adjusted one")
def _(path: Path) -> Truth:
    truth = paper(path, ABOVE, [row("Remove capital donations I&E impact", 30)], "")
    return taken(truth, "donated_assets", "capital_donations", 30)


@case("an adjusted surplus that differs from its rows", asks={"IMPORT_TOTAL", "IMPORT_LINE"})
def _(path: Path) -> None:
    paper(path, IMPAIRED, [row("Add back: Impairments", 250), row(DONATED, 40)], off=7)


@case("a row beneath the surplus of which nobody knows what it is", asks={"IMPORT_LINE"})
def _(path: Path) -> None:
    paper(path, ABOVE, [row("Hartwell fund", 40)], under="")


@case("a row of any name under a heading of adjustments, which the adjusted surplus proves")
def _(path: Path) -> Truth:
    truth = paper(path, ABOVE, [row("Hartwell fund", 40)])
    return taken(truth, "other_adjustments", "hartwell_fund", 40, 1)


@case(
    "a row beneath the surplus that a person names",
    *("--set", "lines.Hartwell fund=donated_assets"),
)
def _(path: Path) -> Truth:
    truth = paper(path, ABOVE, [row("Hartwell fund", 40)], under="")
    return taken(truth, "donated_assets", "hartwell_fund", 40)


@case("savings of one year taken out of the surplus are no adjustment to it", asks={"IMPORT_LINE"})
def _(path: Path) -> None:
    paper(path, ABOVE, [row("Remove non-recurrent items", -80)], "Underlying surplus/(deficit)")
