"""A tie never passes, whatever share of the votes is written down."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest

from controltotal import verbs
from controltotal.governance.power import game_of
from controltotal.governance.votes import Rule, Vote, decide

TIED = Path("tests/data/faults/meaning/tied-vote")
HALF = Fraction(1, 2)


def cast(votes_for: int, votes_against: int, abstain: int = 0) -> list[Vote]:
    """So many members of one vote each."""
    kinds = ["for"] * votes_for + ["against"] * votes_against + ["abstain"] * abstain
    return [Vote(f"B{n}", kind, Fraction(1), True) for n, kind in enumerate(kinds)]


def test_one_for_and_one_against_is_not_passed_though_a_half_is_written_down() -> None:
    result = verbs.decide(str(TIED))
    (row,) = result.tables["decisions"]
    assert row["outcome"] == "not passed"
    assert row["why"] == "1 of 2 votes cast were for; more than half is needed"
    assert not any(row["bound"] for row in result.tables["bound"])
    # Each of the two can stop a decision and neither can carry one: equal power, both with a veto.
    assert result.value("power/A/2022-23/D/banzhaf") == 0.5
    assert all(row["veto"] for row in result.tables["power"])


@pytest.mark.parametrize("kind", ["majority", "supermajority", "weighted", "double_majority"])
@pytest.mark.parametrize("threshold", [None, HALF, Fraction(2, 5), Fraction(1, 10)])
def test_two_for_and_two_against_never_passes(kind: str, threshold: Fraction | None) -> None:
    assert decide(Rule(kind, threshold=threshold), cast(2, 2)).passed is False
    game = game_of(kind, [Fraction(1)] * 4, threshold=threshold)
    assert not game.wins([0, 1])
    assert game.wins([0, 1, 2])


def test_any_other_share_means_at_least_that_share() -> None:
    three_fifths = Rule("majority", threshold=Fraction(3, 5))
    assert decide(three_fifths, cast(3, 2)).passed is True
    assert decide(three_fifths, cast(5, 4)).passed is False  # 55.6%
    assert decide(Rule("weighted", threshold=Fraction(2, 5)), cast(2, 1, 2)).passed is True


def test_the_share_of_a_double_majority_is_of_weight_and_of_members() -> None:
    """Three quarters: of 10 the first has 7. With two of four members it has weight, not heads."""
    weights = (7, 1, 1, 1)
    rule = Rule("double_majority", threshold=Fraction(3, 4))
    for votes_for, passed in ((2, False), (3, True)):
        votes = [
            Vote(f"B{n}", "for" if n < votes_for else "against", Fraction(weight))
            for n, weight in enumerate(weights)
        ]
        outcome = decide(rule, votes)
        assert outcome.passed is passed
        assert outcome.why == (
            f"{(6 + votes_for) * 10}.0% of all weight voted for; 75.0% is needed, "
            f"with 75.0% of members: {votes_for} of 4"
        )
    assert (
        game_of("double_majority", [Fraction(w) for w in weights], threshold=HALF).heads_needed == 3
    )


@pytest.mark.parametrize(
    ("cell", "conflicted"),
    [("yes", "A"), ("Yes", "A"), ("owns a share", "A"), ("no", ""), ("NO", ""), ("", "")],
)
def test_a_conflict_is_said_with_yes_or_no_or_in_words(
    tmp_path: Path, cell: str, conflicted: str
) -> None:
    for file in TIED.iterdir():
        (tmp_path / file.name).write_text(file.read_text("utf-8"), "utf-8")
    votes = f"decision,organisation,vote,conflict\nD,A,for,{cell}\nD,B,for,no\n"
    (tmp_path / "votes.csv").write_text(votes, "utf-8")
    (row,) = verbs.decide(str(tmp_path)).tables["decisions"]
    assert (row["outcome"], row["conflicted"]) == ("passed", conflicted)
