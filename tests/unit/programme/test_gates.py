"""What each gate asks for and a book does not show, and every step back, in order of days."""

from __future__ import annotations

import pytest

from controltotal.programme import gates
from controltotal.programme.folders import folders
from controltotal.programme.profiles import profiles
from controltotal.workings.workings import Workings
from tests.strategies import position_of
from tests.unsafe_books import DOMAINS, Case

Edit = tuple[object, ...]
SAVED = {"organisation": "PRV", "line": "pay", "year": "2026/27", "amount": "1"}
HEARD = {"duty": "patient groups", "from": "2026-03-01", "to": "2026-04-10", "outcome": "Agreed"}
SCORE = {"likelihood": "2", "consequence": "2", "signed_on": "2026-03-01"}
REVIEW = {"scheme": "S1", "title": "Review of benefits", "due": "2026-06-01"}
STAFF = {
    "scheme": "S1",
    "organisation": "PRV",
    "fact": "workforce",
    "year": "2026/27",
    "value": "3",
    "unit": "people",
}
UNDECIDED: Edit = ("drop", "gates", {"gate": "G3"})


def folder(*edits: Edit) -> gates.Folder:
    """The folder of S1, a scheme of £1.2m a year that counts, after some edits."""
    found = Workings(position_of(Case("", "", "", tuple(edits)).book))
    return folders(found.position, found.savings.judgements)["S1"]


def asked(gate: str, *edits: Edit, full_from_pounds: int | None = None) -> set[str]:
    return {item.item for item in gates.missing(folder(*edits), gate, full_from_pounds)}


def heard(**cells: str) -> Edit:
    return ("add", "engagements", {**HEARD, **cells})


def money(basis: str) -> Edit:
    month = "1" if basis == "actual" else ""
    return ("add", "amounts", {**SAVED, "basis": basis, "month": month})


def of_scheme(**cells: str) -> Edit:
    return ("set", "schemes", {}, cells)


def gate(name: str, on: str, outcome: str = "", **cells: str) -> Edit:
    return ("add", "gates", {"gate": name, "on": on, "by": "Board", "outcome": outcome, **cells})


def assessed(profile: str, *domains: str) -> tuple[Edit, ...]:
    """The scores of S1 put aside, and those of other domains in their place."""
    cells = {**SCORE, "profile": profile}
    rows = (("add", "assessments", {**cells, "domain": domain}) for domain in domains)
    return (("drop", "assessments", {}), *rows)


@pytest.mark.parametrize(
    ("name", "item", "edits", "lacks"),
    [
        ("G0", "description", (), False),
        ("G0", "value", (), False),
        ("G1", "owner", (), False),
        ("G1", "owner", (of_scheme(owner=""),), True),
        ("G1", "recurrence", (), False),
        ("G1", "recurrence", (of_scheme(recurrence="non_recurrent"),), False),
        ("G1", "recurrence", (of_scheme(recurrence="unknown"),), True),
        ("G1", "category", (), True),
        ("G1", "category", (of_scheme(category="Drugs"),), False),
        ("G2", "phasing", (), False),
        ("G2", "phasing", (of_scheme(start=""),), True),
        ("G2", "phasing", (of_scheme(start=""), money("plan")), False),
        ("G2", "phasing", (of_scheme(start=""), money("actual")), True),
        ("G2", "workforce", (), True),
        ("G2", "workforce", (of_scheme(capacity_wte="0"),), False),
        ("G2", "workforce", (("add", "facts", STAFF),), False),
        ("G2", "workforce", (("add", "facts", {**STAFF, "fact": "activity"}),), True),
        ("G2", "finance", (), True),
        ("G2", "finance", (gate("finance", "2026-03-01"),), False),
        ("G2", "finance", (gate("finance", "2026-03-01", "refused"),), True),
        ("G2", "equality", (gate("EQIA", "2026-03-01"),), False),
        ("G2", "equality", (gate("EQIA", "2026-03-01", "more information"),), True),
        ("G2", "clinical", (), False),
        ("G2", "clinical", (("set", "gates", {"role": "chief_nurse"}, {"outcome": "no"}),), True),
        ("G2", "quality", assessed("nhse_2025", *DOMAINS), False),
        ("G2", "quality", assessed("nhse_2025", *DOMAINS, "purse"), False),
        ("G2", "quality", assessed("nhse_2025", *DOMAINS[1:]), True),
        ("G2", "quality", assessed("nhse_2025"), True),
        # six domains in one form and the seventh in another are no assessment in full
        (
            "G2",
            "quality",
            (
                *assessed("nhse_2025", *DOMAINS[1:]),
                ("add", "assessments", {**SCORE, "profile": "moon", "domain": DOMAINS[0]}),
            ),
            True,
        ),
        # equality in full is no quality
        ("G2", "quality", assessed("equality_2010", *profiles()["equality_2010"].domains), True),
        ("G2", "strategy", (), False),
        ("G2", "strategy", (("set", "gates", {"gate": "G2"}, {"evidence": "STRATEGIC"}),), False),
        ("G2", "strategy", (("set", "gates", {"gate": "G2"}, {"evidence": ""}),), True),
        ("G2", "strategy", (gate("G2", "2026-03-01"),), False),  # once said it is said
        ("G3", "milestones", (), True),
        ("G3", "milestones", (("add", "milestones", {**REVIEW, "title": "Forms go"}),), False),
        ("G3", "engagement", (), False),
        ("G3", "engagement", (UNDECIDED,), True),
        ("G3", "engagement", (UNDECIDED, heard()), False),
        ("G3", "engagement", (heard(),), False),  # over on its day
        ("G3", "engagement", (heard(to="2026-04-11"),), True),
        ("G3", "engagement", (heard(**{"from": "2026-04-11", "to": ""}),), True),
        ("G3", "engagement", (heard(**{"from": "", "to": "", "notified_on": "2026-04-11"}),), True),
        ("G3", "engagement", (heard(**{"from": "", "to": ""}),), False),
        ("G3", "engagement", (heard(), heard(duty="staff_side", to="2026-05-01")), True),
        ("G3", "notification", (), False),
        ("G3", "notification", (heard(duty="council_consultation"),), True),
        ("G4", "actuals", (), True),
        ("G4", "actuals", (money("plan"),), True),
        ("G4", "actuals", (money("actual"),), False),
        ("G5", "benefits", (), True),
        ("G5", "benefits", (("add", "milestones", {**REVIEW, "done_on": "2026-06-01"}),), False),
        ("G5", "benefits", (("add", "milestones", REVIEW),), True),
    ],
)
def test_what_a_gate_asks_for_and_the_book_does_not_show(
    name: str, item: str, edits: tuple[Edit, ...], lacks: bool
) -> None:
    assert (item in asked(name, *edits)) is lacks


def test_only_the_items_of_the_gate_that_a_book_can_show_are_asked_for() -> None:
    """Baseline, overlap and screening of G1 are judged by people: no book shows them."""
    assert asked("G1") == {"category"}
    assert asked("G5") == {"benefits"}


@pytest.mark.parametrize(
    ("effect", "bar", "workforce"),
    [
        ("49.999", None, False),
        ("50", None, True),
        ("-50", None, True),  # a scheme that costs as much is asked for as much
        ("-49.999", None, False),
        ("1200", 1_200_000, True),
        ("1200", 1_200_001, False),
        ("10", 0, True),
    ],
)
def test_a_threshold_of_ones_own_stands_in_place_of_the_packaged_one(
    effect: str, bar: int | None, workforce: bool
) -> None:
    edits = (of_scheme(full_year_effect=effect, start=""),)
    found = asked("G2", *edits, full_from_pounds=bar)
    assert ("workforce" in found) is workforce
    assert "phasing" in found, "what every scheme is asked for has no threshold"


def test_the_gate_that_is_reached_is_the_highest_that_stands() -> None:
    assert gates.reached(folder().evidence) == "G3"
    first: tuple[Edit, ...] = (("drop", "gates", {}), gate("G0", "2026-01-05"))
    assert gates.reached(folder(*first).evidence) == "G0"
    assert gates.skipped(folder(*first).evidence) == ()
    assert gates.reached(folder(gate("G4", "2026-05-01", "failed")).evidence) == "G3"


def test_gates_left_out_are_told_below_the_highest_alone() -> None:
    left_out = (("drop", "gates", {"gate": "G0"}), ("drop", "gates", {"gate": "G2"}))
    assert gates.skipped(folder(*left_out).evidence) == ("G0", "G2")
    assert gates.skipped(folder(*left_out, gate("G4", "2026-05-01", "no")).evidence) == ("G0", "G2")


def test_steps_back_stand_in_order_of_their_days_and_of_one_day_in_order_of_rows() -> None:
    evidence = folder(
        gate("G4", "2026-05-02", "failed"),
        gate("G3", "2026-05-03", "failed"),
        gate("G2", "2026-05-03", "failed"),
        gate("G2", "2026-05-04"),
        gate("G1", "2026-05-01", "failed"),
    ).evidence
    assert [row.gate for row in gates.steps_back(evidence)] == ["G1", "G4", "G3", "G2"]
