"""A rule under which nobody has voted yet: who may, what it takes, and whom it would bind."""

from __future__ import annotations

from fractions import Fraction

import pytest

from controltotal import verbs
from controltotal.core.result import Result
from controltotal.governance.proposed import members_of, nobody_voted
from controltotal.governance.votes import Rule, Vote
from tests.small_books import book
from tests.strategies import Cells, position_of

BODIES: list[Cells] = [{"code": f"B{n}", "name": f"Body {n}", "kind": "provider"} for n in range(4)]


def proposed(*members: tuple[str, str, str], rule: str = "weighted", **cells: str) -> Result:
    """Members with their weight, whether they delegated, and a conflict of interest."""
    decision = {"decision": "D1", "title": "A plan", "rule": rule, "on": "2025-06-01", **cells}
    rows = [
        {
            "decision": "D1",
            "organisation": f"B{n}",
            "vote": "",
            "weight": weight,
            "delegated": tied,
            "conflict": conflict,
        }
        for n, (weight, tied, conflict) in enumerate(members)
    ]
    return verbs.decide(position_of(book(tree=BODIES, decisions=[decision], votes=rows)))


FOUR = (("5", "yes", ""), ("3", "no", ""), ("1", "", ""), ("9", "yes", "owns a share"))


def test_who_would_be_bound_and_can_be_outvoted_is_told_of_those_who_may_vote() -> None:
    """5 of 9 is more than half: the first decides, and nobody else stops it."""
    result = proposed(*FOUR)
    rows = {row["organisation"]: row for row in result.tables["would_bind"]}
    assert {c: (r["can_be_outvoted"], r["would_be_bound"], r["why"]) for c, r in rows.items()} == {
        "B0": (False, True, "bound by its delegation, for or against"),
        "B1": (True, False, "only its own board can bind it"),
        "B2": (True, None, "whether it delegated the matter is not stated"),
    }
    assert rows["B1"]["name"] == "Body 1" and rows["B1"]["delegated"] is False
    (row,) = result.tables["decisions"]
    assert (row["outcome"], row["conflicted"], row["quorate"]) == ("no vote yet", "B3", None)
    assert (row["title"], row["rule"], row["on"]) == ("A plan", "weighted", "2025-06-01")
    figure = result.figure("votes_for/D1/2025-26/decision")
    assert figure is not None and (figure.value, figure.unknown) == (None, "not_stated")
    assert len(result.trace["votes_against/D1/2025-26/decision"].entries) == 5
    assert result.value("power/B0/2025-26/D1/banzhaf") == 1.0


def test_what_the_rule_would_do_is_said() -> None:
    words = proposed(*FOUR).words
    assert words[:3] == (
        "A plan: nobody has voted in this book. What the rule would do among the 3 members listed, "
        "if all of them vote: votes by weight, and more than half of all weight passes it.",
        "At the fewest 1 of 3 members can stop a decision.",
        "Whom it would bind: 1 of 3 members would be bound even if outvoted, because they delegated "
        "the matter; 1 of 3 would not be bound: only their own boards can; of 1 it is not stated "
        "whether they delegated the matter.",
    )
    alike = proposed(*(("1", "yes", ""),) * 3, rule="majority").words
    assert "At the fewest 2 of 3 members can stop a decision by themselves." in alike
    assert alike[2] == (
        "Whom it would bind: 3 of 3 members would be bound even if outvoted, because they delegated "
        "the matter."
    )
    none = proposed(("1", "no", ""), rule="majority").words
    assert none[2] == "Whom it would bind: 1 of 1 would not be bound: only their own boards can."


@pytest.mark.parametrize(
    ("on", "said"), [("2022-06-30", True), ("2022-07-01", False), ("2021-01-01", True)]
)
def test_before_systems_were_legal_bodies_it_is_said_that_boards_delegate(
    on: str, said: bool
) -> None:
    words = proposed(*FOUR, on=on).words
    assert any(text.startswith("Before 1 July 2022") for text in words) is said


@pytest.mark.parametrize(("year", "said"), [("2021-22", True), ("2022-23", False), ("", False)])
def test_a_decision_without_a_day_is_of_the_year_of_the_book(year: str, said: bool) -> None:
    settings = [{"key": "default_unit", "value": "£"}]
    settings += [{"key": "default_year", "value": year}] if year else []
    decision = {"decision": "D1", "title": "A plan", "rule": "majority"}
    vote = {"decision": "D1", "organisation": "B0", "vote": ""}
    made = book(tree=BODIES, decisions=[decision], votes=[vote], book=settings)
    words = verbs.decide(position_of(made)).words
    assert any(text.startswith("Before 1 July 2022") for text in words) is said


@pytest.mark.parametrize(
    ("members", "rule", "lack"),
    [
        ((("5", "yes", ""), ("", "yes", "")), "weighted", "a weight for each member"),
        ((("5", "yes", "yes"),), "majority", "a member that may vote"),
        ((("0", "yes", ""), ("0", "yes", "")), "weighted", "a weight for each member"),
        ((("5", "yes", ""),), "lead", "a member that may vote"),
    ],
)
def test_what_lacks_for_a_rule_to_do_anything_is_told(
    members: tuple[tuple[str, str, str], ...], rule: str, lack: str
) -> None:
    result = proposed(*members, rule=rule, lead="B9")
    (finding,) = [one for one in result.findings if one.code == "DECISION_INCOMPLETE"]
    assert (finding.expected, finding.found) == (lack, rule)
    assert "would_bind" not in result.tables


def votes(*weights: int | None, conflict: int = -1) -> list[Vote]:
    return [
        Vote(
            f"B{n}",
            "",
            None if weight is None else Fraction(weight),
            conflict=n == conflict,
        )
        for n, weight in enumerate(weights)
    ]


def test_those_who_may_vote_make_the_game_of_the_rule() -> None:
    made = members_of(Rule("weighted"), votes(5, None, 1, conflict=1))
    assert made is not None
    assert (made.codes, made.weights, made.game.weights) == (("B0", "B2"), (5, 1), (5, 1))
    heads = members_of(Rule("majority"), votes(None, 7))
    assert heads is not None and heads.weights == (1, 7)
    lead = members_of(Rule("lead", lead="B1"), votes(None, None))
    assert lead is not None and lead.game.weights == (0, 1)
    assert members_of(Rule("lead", lead="B1"), votes(None, None, conflict=1)) is None
    assert members_of(Rule("majority"), []) is None


def test_nobody_has_voted_where_members_are_listed_and_no_vote_is() -> None:
    assert nobody_voted(Rule("majority"), votes(1, 1)) is True
    assert nobody_voted(Rule("majority"), []) is False
    assert nobody_voted(Rule("other"), votes(1)) is False
    assert nobody_voted(Rule("majority"), [*votes(1), Vote("B9", "for")]) is False
