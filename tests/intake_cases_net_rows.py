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
