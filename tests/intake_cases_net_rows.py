"""Risks and mitigations in blocks or by turns, and the row of what they come to together."""

from __future__ import annotations

from pathlib import Path

from tests.intake_cases_registers import RISKS, TITLE, risks_alone, weighted
from tests.intake_files import FTH_NAME, Case, Line, Truth, cases_of, xlsx

CASES: list[Case] = []
case = cases_of(CASES)
OURS = (("M1", "Virtual ward", 500, 80), ("M2", "Land sale", 300, 50))


def blocks(path: Path, last: str, *, sign: int = 1) -> Truth:
    """A block of risks, a block of mitigations, and the row that takes one from the other."""
    head: Line = ["Ref", "Description", "Gross value £000", "Likelihood", "Weighted £000"]
    risks: list[Line] = [[i, t, g, p / 100, weighted(g, p)] for i, t, g, p, _, _ in RISKS]
    ours: list[Line] = [[i, t, sign * g, p / 100, sign * weighted(g, p)] for i, t, g, p in OURS]
    gross, worth = sum(r[2] for r in RISKS), sum(m[2] for m in OURS)
    heavy = sum(weighted(r[2], r[3]) for r in RISKS)
    light = sum(weighted(m[2], m[3]) for m in OURS)
    lines: list[Line] = [
        *(["Risks"], *risks, ["", "Total risks", gross, "", heavy], []),
        *(["Mitigations"], *ours, ["", "Total mitigations", sign * worth, "", sign * light]),
        ["", last, gross - worth, "", heavy - light],
    ]
    xlsx(path / "blocks.xlsx", {"R&M": [[FTH_NAME], ["Risks and mitigations"], [], head, *lines]})
    truth = risks_alone()
    truth.records["risks"] += [
        {"id": i, "title": t, "kind": "mitigation", "gross": g * 100_000, "chance": p / 100}
        for i, t, g, p in OURS
    ]
    return truth


@case("risks and mitigations in blocks, net at the end")
def _(path: Path) -> Truth:
    return blocks(path, "Net risk")


@case("risks and mitigations in blocks, net after mitigations at the end")
def _(path: Path) -> Truth:
    return blocks(path, "Net risk after mitigations")


@case("risks and mitigations below nil in blocks, net at the end")
def _(path: Path) -> Truth:
    return blocks(path, "Net risk", sign=-1)


def by_turns(path: Path, last: str) -> Truth:
    """Risks and mitigations by turns with their kind beside them, and what they come to."""
    head: Line = [
        "Ref",
        "Risk / mitigation",
        "Description",
        "Owner",
        "Value £k",
        "Probability",
        "Weighted",
    ]
    kinds = ("Risk", "Mitigation", "Risk", "Mitigation", "Risk")
    lines: list[Line] = [
        [i, kind, t, "Chief Finance Officer", g, p / 100, weighted(g, p)]
        for kind, (i, t, g, p, _, _) in zip(kinds, RISKS, strict=True)
    ]
    signs = [1 if kind == "Risk" else -1 for kind in kinds]
    gross = sum(s * r[2] for s, r in zip(signs, RISKS, strict=True))
    heavy = sum(s * weighted(r[2], r[3]) for s, r in zip(signs, RISKS, strict=True))
    end: Line = ["", "", last, "", gross, "", heavy]
    xlsx(path / "turns.xlsx", {"Register": [*TITLE, head, *lines, end]})
    truth = risks_alone()
    for kind, row in zip(kinds, truth.records["risks"], strict=True):
        row["kind"] = kind.casefold()
    return truth


@case("risks and mitigations by turns with their total")
def _(path: Path) -> Truth:
    return by_turns(path, "Total")


@case("risks and mitigations by turns with the net risk")
def _(path: Path) -> Truth:
    return by_turns(path, "Net risk")


# -- rows that say of themselves that they count no more, and subtotals in any column -----------------

STATED: Line = [
    "Ref",
    "Risk",
    "Gross risk",
    "Probability",
    "Weighted",
    "In forecast? Y/N",
    "Status",
]


def stated(path: Path, counted: str = "N", status: str = "Open") -> Truth:
    """A register of which the second row is in the forecast, or closed."""
    lines: list[Line] = [
        [
            *(i, t, g, p / 100, weighted(g, p)),
            *((counted, status) if i == "R2" else ("N", "Open")),
        ]
        for i, t, g, p, _, _ in RISKS
    ]
    heavy = sum(weighted(g, p) for _, _, g, p, _, _ in RISKS)
    total: Line = ["", "Total", sum(r[2] for r in RISKS), "", heavy, "", ""]
    xlsx(path / "stated.xlsx", {"Register": [*TITLE, STATED, *lines, total]})
    return risks_alone()


def less_one() -> Truth:
    truth = risks_alone()
    truth.records["risks"] = [row for row in truth.records["risks"] if row["id"] != "R2"]
    return truth


@case("a register of which nothing is closed and nothing in the forecast")
def _(path: Path) -> Truth:
    return stated(path)


@case("a register with a row that the forecast holds", asks=["IMPORT_HEADING"])
def _(path: Path) -> None:
    stated(path, counted="Y")


@case("a register with a closed row", asks=["IMPORT_HEADING"])
def _(path: Path) -> None:
    stated(path, status="Closed")


@case("a register whose closed rows are left out", "--set", "headings.Status=leave")
def _(path: Path) -> Truth:
    stated(path, status="Closed")
    return less_one()


@case(
    "a register whose rows in the forecast count all the same",
    *("--set", "headings.In forecast? Y/N=keep"),
)
def _(path: Path) -> Truth:
    return stated(path, counted="Y")


@case("a register with numbers for references and subtotals under the division")
def _(path: Path) -> Truth:
    head: Line = [
        "No.",
        "Division",
        "Potential financial impact £000",
        "Title of risk",
        "Probability",
    ]
    first, second = RISKS[:2], RISKS[2:]
    lines: list[Line] = []
    for name, some in (("Surgery", first), ("Medicine", second)):
        lines += [[int(i[1:]), name, g, t, p / 100] for i, t, g, p, _, _ in some]
        lines.append(["", f"{name} total", sum(r[2] for r in some), "", ""])
    lines.append(["", "Total", sum(r[2] for r in RISKS), "", ""])
    xlsx(path / "numbers.xlsx", {"Risk log": [[FTH_NAME], ["Risk log 2026/27"], [], head, *lines]})
    truth = risks_alone()
    for row in truth.records["risks"]:
        row["id"] = str(row["id"]).removeprefix("R")
    return truth
