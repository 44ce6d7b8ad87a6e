"""Conditions that stop a scheme, rows that were taken back, and who may not speak for a panel.

T1 starts on 1 October 2026; G3 was passed on 12 May.
"""

from __future__ import annotations

from datetime import date

import pytest

from controltotal.programme.eligibility import Judgements
from controltotal.programme.judging import Judgement
from tests.scheme_books import Rows, assessments, book, changed, scheme
from tests.scheme_ledgers import COUNCIL, ROTA, Ledger
from tests.strategies import position_of


def judged(as_at: str | None = None, **tables: Rows) -> Judgement:
    return Judgements(position_of(book(**tables)), as_at)["T1"]


def codes(found: Judgement) -> list[str]:
    return [one.code for one in found.reasons]


def running(*due: str, **cells: str) -> Rows:
    """Conditions while the scheme runs, one for each day on which they are due."""
    row = {**ROTA, "kind": "while_running", **cells}
    return [{**row, "due": day, "text": f"Part {number}"} for number, day in enumerate(due)]


@pytest.mark.parametrize(
    ("due", "start", "excluded"),
    [
        ("2026-09-30", "2026-10-01", True),  # it would start with the condition overdue
        ("2026-10-01", "2026-10-01", False),  # it ran for a day, and stops
        ("2026-11-01", "2026-10-01", False),
        ("2026-11-01", "", True),  # nobody says that it runs at all
    ],
)
def test_a_condition_of_its_running_that_is_overdue_at_the_start_keeps_it_out(
    due: str, start: str, excluded: bool
) -> None:
    found = judged("2026-12-01", schemes=[scheme(start=start)], conditions=running(due))
    assert codes(found) == (["CONDITION_OVERDUE"] if excluded else [])
    assert found.stops_after == date.fromisoformat(due)


def test_of_several_overdue_conditions_the_first_stops_it() -> None:
    due = ("2026-11-15", "2026-10-20", "2026-11-30", "2027-01-01")
    assert judged("2026-12-01", conditions=running(*due)).stops_after == date(2026, 10, 20)
    assert judged("2026-10-20", conditions=running(*due)).stops_after is None


@pytest.mark.parametrize(
    "owner", ["Finance director; Dr C. Cedar", "Dr C. Cedar; Finance director"]
)
def test_one_of_two_owners_is_no_panel(owner: str) -> None:
    severe = {"residual_likelihood": "1", "residual_consequence": "5"}
    first, *rest = book()["assessments"]
    panel = {"scheme": "T1", "gate": "QIA", "on": "2026-04-21", "by": "Dr C. Cedar"}
    gates = [{**panel, "role": "Quality panel"}, *book()["gates"]]
    rows = [{**first, **severe}, *rest]
    one = judged(schemes=[scheme(owner="Finance director")], assessments=rows, gates=gates)
    assert codes(one) == []
    two = judged(schemes=[scheme(owner=owner)], assessments=rows, gates=gates)
    assert codes(two) == ["PANEL_NEEDED"]


def test_who_owned_a_scheme_before_is_no_panel_either() -> None:
    severe = {"residual_likelihood": "1", "residual_consequence": "5"}
    first, *rest = book()["assessments"]
    panel = {"scheme": "T1", "gate": "QIA", "on": "2026-04-21", "by": "Dr C. Cedar"}
    found = judged(
        schemes=[scheme(owner="Dr C. Cedar"), scheme(owner="D Dale", known_on="2026-03-01")],
        assessments=[{**first, **severe}, *rest],
        gates=[{**panel, "role": "Quality panel"}, *book()["gates"]],
    )
    assert codes(found) == ["PANEL_NEEDED"]


def test_only_what_was_taken_back_is_said_to_be_so() -> None:
    rows = [{**ROTA, "kind": "before_start", "text": text} for text in ("Rota agreed", "Beds kept")]
    ledger = Ledger(book("T1", conditions=rows)).withdraw("conditions", 2, "2026-06-01")
    told = {one.text for one in Judgements(ledger.position)["T1"].reasons}
    assert told == {
        "a condition of G3 is not met: Beds kept",
        "a condition of G3 is not met: Rota agreed (its row was withdrawn on 2026-06-01, and it "
        "stands until both directors have signed after that)",
    }


def test_an_engagement_that_was_taken_back_is_told_with_the_day_of_its_own_act() -> None:
    rows = [{**ROTA, "kind": "before_start"}]
    ledger = Ledger(book("T1", conditions=rows, engagements=[COUNCIL]))
    ledger.withdraw("engagements", 2, "2026-06-01").withdraw("conditions", 2, "2026-06-05")
    told = [one for one in Judgements(ledger.position)["T1"].reasons if "ENGAGE" in one.code]
    assert [one.text for one in told] == [
        "it is waiting for engagement with consultation of the council (it ends on 2026-05-20, "
        "after the decision): its row was withdrawn on 2026-06-01, and it stands until both "
        "directors have signed after that"
    ]


def test_signatures_after_the_one_act_lift_that_one_alone() -> None:
    rows = [{**ROTA, "kind": "before_start"}]
    ledger = Ledger(book("T1", conditions=rows, engagements=[COUNCIL]))
    ledger.withdraw("engagements", 2, "2026-06-01").signed("2026-06-03")
    ledger.withdraw("conditions", 2, "2026-06-05")
    assert ledger.codes() == ["CONDITION_UNMET"]
    assert ledger.signed("2026-06-06").codes() == []


@pytest.mark.parametrize(
    ("role", "outcome", "why"),
    [
        ("executive", "", []),  # the later word on G3 stands, whoever says it
        ("board", "", []),
        ("executive", "approve_with_conditions", ["CONDITION_UNMET"]),
    ],
)
def test_conditions_of_an_approval_go_with_a_later_word_on_the_same_gate(
    role: str, outcome: str, why: list[str]
) -> None:
    decided = {"scheme": "T1", "gate": "G3", "by": "Board", "role": "board"}
    gates = [row for row in book()["gates"] if row["gate"] != "G3"]
    gates.append({**decided, "on": "2026-05-12", "outcome": "approve_with_conditions"})
    gates.append({**decided, "on": "2026-05-13", "role": role, "outcome": outcome})
    assert codes(judged(gates=gates)) == why


@pytest.mark.parametrize(
    ("owner", "first", "shown"),
    [
        ("Director", True, "in_progress"),
        ("", True, "opportunity"),
        ("Director", False, "opportunity"),
    ],
)
def test_a_scheme_in_progress_has_both_its_first_gate_and_an_owner(
    owner: str, first: bool, shown: str
) -> None:
    left_out = {"G3"} if first else {"G3", "G1"}
    gates = [row for row in book()["gates"] if row["gate"] not in left_out]
    assert judged(schemes=[scheme(owner=owner)], gates=gates).maturity == shown


def test_a_domain_that_passed_with_conditions_needs_one_on_record() -> None:
    """One condition, of whatever gate, is the record of what an assessment asked for."""
    rows = changed(assessments(), {"domain": "safety"}, outcome="approve_with_conditions")
    found = judged(assessments=rows)
    assert [(one.code, one.text) for one in found.reasons] == [
        (
            "CONDITION_UNMET",
            "assessments row 2 approves with conditions, and none is recorded",
        )
    ]
    met = [{**ROTA, "kind": "before_start", "due": "2026-06-01", "met_on": "2026-05-01"}]
    assert codes(judged("2026-06-02", assessments=rows, conditions=met)) == []
    assert codes(judged(assessments=assessments())) == []
