"""What a decision of a book is answered with: figures, tables and words, worked by hand."""

from __future__ import annotations

from typing import Any

import pytest

from controltotal import verbs
from controltotal.core.result import Result
from tests.small_books import book
from tests.strategies import Cells, position_of

BODIES: list[Cells] = [{"code": f"B{n}", "name": f"Body {n}", "kind": "provider"} for n in range(6)]


def decided(
    *votes: tuple[str, str, str, str], rule: str = "weighted", second: bool = False, **cells: str
) -> Result:
    """Members with their vote, weight and whether they delegated; a second decision of 2024."""
    decision = {"decision": "D1", "title": "A plan", "rule": rule, "on": "2025-06-01", **cells}
    rows = [
        {"decision": "D1", "organisation": code, "vote": vote, "weight": weight, "delegated": tied}
        for code, vote, weight, tied in votes
    ]
    decisions = [decision]
    if second:
        decisions.append(
            {"decision": "D2", "title": "Another", "rule": "majority", "on": "2024-06-01"}
        )
        rows.append({"decision": "D2", "organisation": "B5", "vote": "for"})
    made = book(tree=BODIES, decisions=decisions, votes=rows)
    return verbs.decide(position_of(made))


FOUR = (
    ("B0", "for", "5", "yes"),
    ("B1", "against", "3", "yes"),
    ("B2", "for", "1.5", "no"),
    ("B3", "abstain", "0.5", "yes"),
)


def test_the_tally_is_of_weight_with_heads_and_share_beside() -> None:
    result = decided(*FOUR)
    ends = {
        "votes_for/D1/2025-26/decision": 6.5,
        "votes_against/D1/2025-26/decision": 3,
        "votes_for/D1/2025-26/decision/heads": 2,
        "votes_against/D1/2025-26/decision/heads": 1,
        "votes_for/D1/2025-26/decision/share": 0.65,
    }
    assert {name: result.value(name) for name in ends} == ends
    assert isinstance(result.value("votes_against/D1/2025-26/decision"), int)
    assert len(result.trace["votes_for/D1/2025-26/decision"].entries) == 5
    assert result.options == {}


def test_the_tables_say_who_voted_how_and_who_is_bound() -> None:
    result = decided(*FOUR)
    assert [tuple(row.values()) for row in result.tables["votes"]] == [
        ("D1", "B0", "Body 0", "for", 5, False),
        ("D1", "B1", "Body 1", "against", 3, False),
        ("D1", "B2", "Body 2", "for", 1.5, False),
        ("D1", "B3", "Body 3", "abstain", 0.5, False),
    ]
    bound = {row["organisation"]: (row["bound"], row["why"]) for row in result.tables["bound"]}
    assert bound == {
        "B0": (True, "bound by its delegation"),
        "B1": (True, "outvoted, and bound by its delegation"),
        "B2": (False, "agreed, but only its own board can bind it"),
        "B3": (True, "bound by its delegation"),
    }
    (row,) = result.tables["decisions"]
    assert (row["outcome"], row["dissent"], row["abstained"], row["absent"]) == (
        "passed",
        "B1",
        "B3",
        "",
    )
    assert (row["title"], row["rule"], row["on"], row["quorate"]) == (
        "A plan",
        "weighted",
        "2025-06-01",
        None,
    )


def test_the_words_say_the_outcome_the_dissent_and_how_many_are_bound() -> None:
    words = decided(*FOUR).words
    assert words[:3] == (
        "A plan was passed: 65.0% of all weight voted for; more than half is needed.",
        "Against: Body 1.",
        "3 of 4 members are bound by it, because they delegated it.",
    )
    lost = decided(("B0", "for", "1", "yes"), ("B1", "against", "3", "yes")).words
    assert lost[0].startswith("A plan was not passed: 25.0%")
    assert not any("are bound by it" in text for text in lost)
    assert not any(text.startswith("Against") for text in decided(FOUR[0]).words)


def test_power_is_told_of_each_member_with_who_outvotes_it() -> None:
    """10 in all, more than 5 to pass: without B0 there are 5, so that it has a veto. B0 decides in
    7 of the 8 coalitions of the others, and each of them once: with B0 alone."""
    result = decided(*FOUR)
    rows = {row["organisation"]: row for row in result.tables["power"]}
    assert {code: (row["weight"], row["share_of_weight"]) for code, row in rows.items()} == {
        "B0": (5, 0.5),
        "B1": (3, 0.3),
        "B2": (1.5, 0.15),
        "B3": (0.5, 0.05),
    }
    assert [rows[f"B{n}"]["banzhaf"] for n in range(4)] == [0.7, 0.1, 0.1, 0.1]
    assert [rows[f"B{n}"]["shapley_shubik"] for n in range(4)] == pytest.approx(
        [3 / 4, 1 / 12, 1 / 12, 1 / 12]
    )
    assert [rows[f"B{n}"]["veto"] for n in range(4)] == [True, False, False, False]
    assert (rows["B0"]["can_be_outvoted_by"], rows["B0"]["outvoted_by"]) == (None, "")
    assert (rows["B2"]["can_be_outvoted_by"], rows["B2"]["outvoted_by"]) == (2, "B0;B1")
    assert result.value("power/B0/2025-26/D1/banzhaf") == 0.7
    assert result.value("power/B3/2025-26/D1/shapley_shubik") == pytest.approx(1 / 12)
    assert [(row["members"], row["set"]) for row in result.tables["blocking"]] == [
        (1, "B0"),
        (3, "B1;B2;B3"),
    ]
    assert (
        "D1: 2 of 4 members can impose a decision; 3 can be outvoted and 1 hold a veto."
        in result.words
    )


def test_a_member_alone_is_not_said_to_impose_anything() -> None:
    assert not any("can impose" in text for text in decided(FOUR[0]).words)


def test_of_many_alike_the_blocking_sets_are_said_in_one_row() -> None:
    """Any three of five block where three pass; with six sets of one size each would be told."""
    bodies: list[Cells] = [{"code": f"M{n}", "name": "M", "kind": "provider"} for n in range(7)]

    def sets(count: int) -> list[dict[str, Any]]:
        votes = [{"decision": "D", "organisation": f"M{n}", "vote": "for"} for n in range(count)]
        decision = [{"decision": "D", "title": "Plan", "rule": "majority", "on": "2025-06-01"}]
        made = book(tree=bodies, decisions=decision, votes=votes)
        return [dict(row) for row in verbs.decide(position_of(made)).tables["blocking"]]

    assert len(sets(5)) == 10 and {row["members"] for row in sets(5)} == {3}
    assert len(sets(6)) == 20
    assert sets(7) == [{"decision": "D", "members": 4, "set": "any 4 of the 7 members"}]


def test_the_decisions_of_a_year_or_of_a_member_alone_are_answered() -> None:
    both = decided(FOUR[0], second=True)
    assert [row["decision"] for row in both.tables["decisions"]] == ["D1", "D2"]
    decisions = [
        {"decision": "D1", "title": "A", "rule": "majority", "on": "2025-06-01"},
        {"decision": "D2", "title": "B", "rule": "majority", "on": "2024-06-01"},
    ]
    votes = [
        {"decision": "D1", "organisation": "B0", "vote": "for"},
        {"decision": "D2", "organisation": "B5", "vote": "for"},
    ]
    position = position_of(book(tree=BODIES, decisions=decisions, votes=votes))
    for options, name in (({"year": "2024-25"}, "D2"), ({"organisation": "B0"}, "D1")):
        result = verbs.decide(position, **options)
        assert [row["decision"] for row in result.tables["decisions"]] == [name]
        assert result.options == options


@pytest.mark.parametrize(
    ("on", "tied", "told"),
    [
        ("2022-06-30", "yes", True),
        ("2022-07-01", "yes", False),
        ("2022-06-30", "no", False),
        ("", "yes", False),
    ],
)
def test_a_delegation_before_systems_were_legal_bodies_is_told(
    on: str, tied: str, told: bool
) -> None:
    result = decided(("B0", "for", "1", tied), on=on)
    assert ("BEFORE_STATUTE" in {one.code for one in result.findings}) is told


def test_a_vote_that_is_not_known_leaves_the_decision_untold() -> None:
    result = decided(("B0", "for", "1", "yes"), ("B1", "unknown", "1", "yes"))
    figure = result.figure("votes_for/D1/2025-26/decision")
    assert figure is not None and (figure.value, figure.unknown) == (None, "undecided")
    nobody = decided()
    figure = nobody.figure("votes_for/D1/2025-26/decision")
    assert figure is not None and figure.unknown == "not_stated"
    (finding,) = nobody.findings
    assert (finding.code, finding.severity, finding.expected) == (
        "DECISION_INCOMPLETE",
        "warning",
        "votes",
    )


def test_a_share_of_weight_is_told_to_nine_places() -> None:
    alike = decided(*((f"B{n}", "for", "1", "yes") for n in range(3)))
    assert {row["share_of_weight"] for row in alike.tables["power"]} == {0.333333333}
    assert alike.value("votes_for/D1/2025-26/decision/share") == 1.0
    two = decided(*((f"B{n}", "for" if n else "against", "1", "yes") for n in range(3)))
    assert two.value("votes_for/D1/2025-26/decision/share") == 0.666666667
