"""Whether a vote passes, who was there, and whom it binds: rule by rule, on votes counted by hand."""

from __future__ import annotations

from fractions import Fraction

import pytest

from controltotal.governance.votes import (
    Bound,
    Rule,
    Vote,
    bound_by,
    carries,
    decide,
    is_quorate,
    rule_in_words,
)

HALF = Fraction(1, 2)


def cast(text: str, weights: tuple[int | None, ...] = ()) -> list[Vote]:
    """Votes of A, B, C …: `f`or, `a`gainst, `n`o vote, `x` absent; upper case has a conflict."""
    words = {"f": "for", "a": "against", "n": "abstain", "x": "absent"}
    found = []
    for place, (code, letter) in enumerate(zip("ABCDEFGH", text, strict=False)):
        weight = weights[place] if weights else None
        found.append(
            Vote(
                code,
                words[letter.lower()],
                None if weight is None else Fraction(weight),
                conflict=letter.isupper(),
            )
        )
    return found


@pytest.mark.parametrize(
    ("yes", "no", "whole", "threshold", "passes"),
    [
        (3, 2, 5, None, True),
        (3, 2, 6, None, False),  # half of the whole is not more than half
        (4, 2, 6, None, True),
        (2, 2, 3, None, False),  # a tie, though more than half
        (3, 2, 6, HALF, False),
        (4, 0, 7, HALF, True),
        (2, 1, 7, Fraction(1, 4), True),
        (2, 2, 7, Fraction(1, 4), False),
        (1, 0, 5, Fraction(1, 4), False),
        (3, 2, 5, Fraction(3, 5), True),
        (2, 1, 5, Fraction(3, 5), False),
        (Fraction(7, 2), Fraction(5, 2), 6, None, True),
    ],
)
def test_enough_is_more_than_half_or_the_share_stated_and_more_for_than_against(
    yes: int | Fraction, no: int | Fraction, whole: int, threshold: Fraction | None, passes: bool
) -> None:
    assert carries(yes, no, whole, threshold) is passes


@pytest.mark.parametrize(
    ("rule", "votes", "passed"),
    [
        ("unanimity", "fff", True),
        ("unanimity", "ffn", False),
        ("unanimity", "ffX", True),
        ("consensus", "ffn", True),
        ("consensus", "ffa", False),
        ("consensus", "nnn", False),
        ("majority", "ffann", True),
        ("majority", "fan", False),
        ("majority", "faF", False),
        ("supermajority", "ffa", True),
        ("supermajority", "ffaa", False),
        ("supermajority", "fffaan", False),
        ("supermajority", "ffffaa", True),
        ("other", "fff", None),
        ("majority", "FFF", None),
    ],
)
def test_votes_by_head(rule: str, votes: str, passed: bool | None) -> None:
    assert decide(Rule(rule), cast(votes)).passed is passed


def test_a_threshold_of_a_supermajority_is_its_own() -> None:
    three_quarters = Rule("supermajority", threshold=Fraction(3, 4))
    assert decide(three_quarters, cast("fffa")).passed is True
    assert decide(three_quarters, cast("ffa")).passed is False
    assert decide(Rule("majority", threshold=Fraction(2, 3)), cast("fffaa")).passed is False


def test_the_lead_decides_alone_where_it_may_vote() -> None:
    lead = Rule("lead", lead="B")
    assert decide(lead, cast("afa")).passed is True
    assert decide(lead, cast("faf")).passed is False
    assert decide(lead, cast("fnf")).passed is False
    apart = decide(lead, cast("fFf"))
    assert (apart.passed, apart.why) == (
        None,
        "the lead body is not named among those who may vote",
    )


def test_weights_are_counted_of_all_who_may_vote() -> None:
    """5 of 10 is no more than half; with 6 it passes, and 3 of 6 heads are not enough for both."""
    assert decide(Rule("weighted"), cast("fan", (5, 1, 4))).passed is False
    found = decide(Rule("weighted"), cast("fan", (6, 1, 3)))
    assert (found.passed, found.share_for) == (True, Fraction(6, 10))
    assert (found.votes_for, found.votes_against) == (6, 1)
    assert found.why == "60.0% of all weight voted for; more than half is needed"
    assert decide(Rule("weighted"), cast("fA", (1, 9))).passed is True
    both = Rule("double_majority")
    assert decide(both, cast("fffaan", (3, 2, 2, 1, 1, 1))).passed is False
    assert decide(both, cast("ffffaa", (3, 2, 2, 1, 1, 1))).passed is True
    assert decide(both, cast("ffffaa", (1, 1, 1, 1, 2, 2))).passed is False
    assert decide(Rule("weighted"), cast("ff", (0, 0))).why == "no member has any weight"
    missing = decide(Rule("weighted"), cast("ffa", (1, None, 1)))
    assert (missing.passed, missing.why) == (None, "no weight is stated for B")
    assert decide(Rule("weighted"), cast("fFa", (2, None, 1))).passed is True
    assert decide(Rule("majority"), cast("ffa", (1, None, 1))).passed is True


@pytest.mark.parametrize(
    ("votes", "weights", "quorum", "quorate"),
    [
        ("fax", (), None, None),
        ("fax", (), Fraction(2, 3), True),
        ("fxx", (), Fraction(2, 3), False),
        ("fxx", (4, 1, 1), Fraction(2, 3), True),
        ("xxx", (), Fraction(0), False),  # nobody came
        ("nxx", (), Fraction(0), True),
    ],
)
def test_a_quorum_is_a_share_of_weight_or_of_heads_that_came(
    votes: str, weights: tuple[int, ...], quorum: Fraction | None, quorate: bool | None
) -> None:
    assert is_quorate(Rule("majority", quorum=quorum), cast(votes, weights)) is quorate


def test_without_a_quorum_a_vote_for_passes_nothing() -> None:
    found = decide(Rule("majority", quorum=Fraction(3, 4)), cast("ffxx"))
    assert (found.passed, found.why, found.quorate) == (False, "the meeting was not quorate", False)


def test_an_outcome_says_who_stood_where() -> None:
    found = decide(Rule("majority"), cast("ffanxF"))
    assert (found.votes_for, found.votes_against, found.share_for) == (2, 1, Fraction(2, 3))
    assert (found.heads_for, found.heads_against, found.members) == (2, 1, 5)
    assert (found.dissent, found.abstained, found.absent) == (("C",), ("D",), ("E",))
    assert (found.conflicted, found.quorate) == (("F",), None)
    all_heads = decide(Rule("unanimity"), cast("ffn"))
    assert all_heads.share_for == Fraction(2, 3)
    assert decide(Rule("majority"), cast("nn")).share_for is None


def bound(delegated: bool | None, vote: str, passed: bool = True) -> Bound:
    """The first of three; the others carry or stop it."""
    others = [Vote("B", "for"), Vote("C", "for")] if passed else [Vote("B", "against")] * 2
    votes = [Vote("A", vote, delegated=delegated), *others]
    return bound_by(decide(Rule("majority"), votes), votes)[0]


@pytest.mark.parametrize(
    ("delegated", "vote", "binds", "why"),
    [
        (True, "for", True, "bound by its delegation"),
        (True, "against", True, "outvoted, and bound by its delegation"),
        (True, "absent", True, "bound by its delegation"),
        (False, "for", False, "agreed, but only its own board can bind it"),
        (False, "against", False, "did not delegate the decision"),
        (None, "for", None, "whether it delegated the decision is not stated"),
    ],
)
def test_delegation_and_not_the_vote_binds(
    delegated: bool | None, vote: str, binds: bool | None, why: str
) -> None:
    assert bound(delegated, vote) == Bound("A", vote, binds, why)


def test_what_did_not_pass_binds_nobody_and_what_cannot_be_told_is_not_told() -> None:
    assert bound(True, "for", passed=False) == Bound("A", "for", False, "nothing was decided")
    votes = [Vote("A", "for", delegated=True)]
    (found,) = bound_by(decide(Rule("other"), votes), votes)
    assert (found.bound, found.why) == (None, "it cannot be told whether the decision passed")


def test_a_rule_in_words_says_what_is_needed() -> None:
    assert rule_in_words(Rule("supermajority")).endswith("two thirds of the votes cast pass it")
    assert rule_in_words(Rule("majority")).endswith("more than half of the votes cast pass it")
    assert "60.0% of the votes" in rule_in_words(Rule("majority", threshold=Fraction(3, 5)))
    assert "40.0%, and more for than against, of" in rule_in_words(
        Rule("majority", threshold=Fraction(2, 5))
    )
    half = rule_in_words(Rule("supermajority", threshold=HALF))
    assert half.endswith("more than half of the votes cast pass it")
    assert rule_in_words(Rule("lead", lead="B")) == "B decides alone"
    assert rule_in_words(Rule("other")) == "the voting rule is not known"
