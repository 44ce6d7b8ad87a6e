"""Income and expenditure of several bodies, and files that leave something unsaid."""

from __future__ import annotations

from pathlib import Path

from tests.intake_cases_matrix import with_totals
from tests.intake_files import (
    DATED,
    FTH_NAME,
    LINES,
    MONTHS,
    NUMBERED,
    TRUSTS,
    YEAR,
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


def of_bodies(
    seed: object,
    lines: tuple[str, ...],
    months: tuple[object, ...],
    basis: str = "plan",
    pence: int = 100_000,
) -> tuple[dict[str, dict[str, list[int]]], Truth]:
    """The figures of each trust of the system, and the truth of all."""
    truth = Truth()
    return {
        code: statement(seed, lines, months, pence, basis, code, truth)[0] for code in TRUSTS
    }, truth


@case("one sheet to a body, named by its code", book="system")
def _(path: Path) -> Truth:
    found, truth = of_bodies(40, tuple(LINES), tuple(range(1, 13)))
    xlsx(
        path / "system.xlsx",
        {
            code: [["Plan 2026/27"], ["£000"], [], ["", *NUMBERED, "Total"], *with_totals(one)]
            for code, one in found.items()
        },
    )
    return truth


@case("one sheet to a body, named in its title", book="system")
def _(path: Path) -> Truth:
    found, truth = of_bodies(41, tuple(LINES), tuple(range(1, 13)))
    xlsx(
        path / "system.xlsx",
        {
            TRUSTS[code][:8]: titled([["", *DATED], *across(one)], name=TRUSTS[code])
            for code, one in found.items()
        },
    )
    return truth


@case("bodies across, lines down", book="system")
def _(path: Path) -> Truth:
    found, truth = of_bodies(42, tuple(LINES), ("",))
    rows: list[Line] = [["£000", *TRUSTS.values(), "System total"]]
    for line in LINES:
        numbers = [found[code][line][0] for code in TRUSTS]
        rows.append([LINES[line], *numbers, sum(numbers)])
    xlsx(path / "system.xlsx", {"Plan": [["Plan 2026/27"], [], *rows]})
    return truth


@case("bodies down by name and months across, for the surplus", book="system")
def _(path: Path) -> Truth:
    truth = Truth()
    rows: list[Line] = [["Organisation", *DATED, "Total"]]
    for code, name in TRUSTS.items():
        numbers = drawn((43, code), 12, -900, 900)
        for month, number in enumerate(numbers, 1):
            truth.put("position", month, "plan", number * 100_000, code)
        rows.append([name, *numbers, sum(numbers)])
    rows.append(summed("Total", rows[1:]))
    for month in range(1, 13):
        truth.may[("XQ1", "position", YEAR, str(month), "plan", "")] = rows[-1][month] * 100_000
    xlsx(path / "system.xlsx", {"Surplus": [["Surplus/(deficit) plan 2026/27, £000"], [], *rows]})
    return truth


@case("a system table in millions: plan, actual, variance, plan, forecast, variance", book="system")
def _(path: Path) -> Truth:
    truth = Truth()
    heads: list[Line] = [["", "", "Year to date", "", "", "Full year", "", ""]]
    heads.append(
        ["Code", "Organisation", *["Plan", "Actual", "Variance", "Plan", "Forecast", "Variance"]]
    )
    rows: list[Line] = []
    for code, name in TRUSTS.items():
        plan, actual, annual, outturn = drawn((44, code), 4, -90, 90)
        truth.put("position", "YTD9", "actual", actual * 10_000_000, code)
        truth.put("position", "", "plan", annual * 10_000_000, code)
        truth.put("position", "", "forecast", outturn * 10_000_000, code)
        truth.may[(code, "position", YEAR, "YTD9", "plan", "")] = plan * 10_000_000
        numbers = (plan, actual, actual - plan, annual, outturn, outturn - annual)
        rows.append([code, name, *(n / 10 for n in numbers)])
    total = ["", *summed("System total", rows, 2)]
    total[2:] = [round(n, 1) for n in total[2:]]
    for place, (month, basis) in {
        2: ("YTD9", "plan"),
        3: ("YTD9", "actual"),
        5: ("", "plan"),
        6: ("", "forecast"),
    }.items():
        truth.may[("XQ1", "position", YEAR, month, basis, "")] = (
            round(total[place] * 10) * 10_000_000
        )
    title: list[Line] = [["Surplus/(deficit) by organisation, month 9 2026/27"], ["£m"], []]
    xlsx(path / "system.xlsx", {"Surplus": [*title, *heads, *rows, total]})
    return truth


@case(
    "a body by the name that it had before",
    "--set",
    "basis=plan",
    book="system",
    asks={"IMPORT_BODY"},
)
def _(path: Path) -> Truth:
    found, truth = statement(45, org="XT8")
    rows = titled([["", *DATED], *across(found)], name="Fellside Royal Infirmary")
    xlsx(path / "plan.xlsx", {"Plan": rows})
    return truth


@case("a name that two bodies nearly bear", book="system", asks={"IMPORT_BODY"})
def _(path: Path) -> None:
    rows: list[Line] = [["Organisation", *DATED]]
    rows += [["Hospitals", *drawn(46, 12)], ["Brackenfield Partnership", *drawn(47, 12)]]
    xlsx(path / "plan.xlsx", {"Pay": [["Pay plan 2026/27 £000"], [], *rows]})


@case("a body that nobody knows", book="system", asks={"IMPORT_BODY"})
def _(path: Path) -> None:
    found, _ = statement(48)
    xlsx(
        path / "plan.xlsx",
        {"Plan": titled([["", *DATED], *across(found)], name="Zennor Tin Mines plc")},
    )


@case("no body anywhere", asks={"IMPORT_BODY"})
def _(path: Path) -> None:
    found, _ = statement(49)
    xlsx(path / "plan.xlsx", {"Plan": [["Plan 2026/27"], ["£000"], ["", *DATED], *across(found)]})


@case("no body in the file, and the command says which", "--set", "organisation=XF-FTH")
def _(path: Path) -> Truth:
    found, truth = statement(50)
    xlsx(path / "plan.xlsx", {"Plan": [["Plan 2026/27"], ["£000"], ["", *DATED], *across(found)]})
    return truth


@case("no year anywhere", asks={"IMPORT_YEAR"})
def _(path: Path) -> Truth:
    found, truth = statement(51)
    text(path / "plan.csv", [[FTH_NAME], ["Plan"], ["£000"], ["", *MONTHS], *across(found)])
    return truth


@case("no basis anywhere", asks={"IMPORT_BASIS"})
def _(path: Path) -> None:
    found, _ = statement(52)
    text(path / "money.csv", [[FTH_NAME], ["2026/27"], ["£000"], ["", *MONTHS], *across(found)])


@case(
    "everything said by the command",
    "--set",
    "organisation=XF-FTH",
    "--set",
    "year=2026/27",
    "--set",
    "basis=plan",
    "--set",
    "unit=£000",
)
def _(path: Path) -> Truth:
    found, truth = statement(53)
    text(path / "money.csv", [["", *MONTHS], *across(found)])
    return truth


@case("no unit anywhere", "--set", "organisation=XF-FTH", asks={"IMPORT_UNIT"})
def _(path: Path) -> Truth:
    found, truth = statement(54)
    text(path / "money.csv", [["Plan 2026/27"], ["", *MONTHS], *across(found)])
    return truth
