"""Laws of deciding and of places: indices against a plain count, breaches against plain loops."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
from hypothesis import assume, given
from hypothesis import strategies as st

from controltotal.governance import power as counting
from controltotal.governance.boundaries import Overlap, breaches, money_by_authority
from controltotal.governance.power import (
    Game,
    blocking_sets,
    can_be_outvoted,
    game_of,
    power,
    power_plainly,
    smallest_winning,
)
from controltotal.governance.votes import RULES, VOTES, Rule, Vote, bound_by, decide


@st.composite
def games(draw: st.DrawFn) -> Game:
    weights = draw(st.lists(st.integers(0, 9), min_size=1, max_size=8))
    needed = draw(st.integers(1, max(1, sum(weights))))
    heads = draw(st.one_of(st.just(0), st.integers(1, len(weights))))
    game = Game(tuple(weights), needed, heads)
    assume(game.everybody)
    return game


@given(games())
def test_power_equals_the_plain_count(game: Game) -> None:
    found = power(game)
    assert found == power_plainly(game)
    assert sum(member.banzhaf for member in found) == 1
    assert sum(member.shapley_shubik for member in found) == 1


@given(games())
def test_packed_polynomial_equals_the_dictionary(game: Game) -> None:
    packed = counting._packed(game.weights)
    for member, weight in enumerate(game.weights):
        others = game.weights[:member] + game.weights[member + 1 :]
        few = counting._swings_few(game, weight, others)
        assert counting._swings_many(game, weight, packed) == few


@given(games())
def test_blocking_outvoting_and_winning_agree_with_each_other(game: Game) -> None:
    members = range(len(game.weights))
    fewest = smallest_winning(game)
    assert fewest is not None and 0 < fewest <= len(game.weights)
    for blocking in blocking_sets(game):
        rest = [n for n in members if n not in blocking]
        assert not game.wins(rest)
        assert all(game.wins([*rest, n]) for n in blocking), "no part of it blocks by itself"
    for member in members:
        veto = not game.wins([n for n in members if n != member])
        assert (can_be_outvoted(game, member) is None) == veto


@st.composite
def meetings(draw: st.DrawFn) -> tuple[Rule, list[Vote]]:
    count = draw(st.integers(1, 7))
    votes = [
        Vote(
            f"B{n}",
            draw(st.sampled_from(VOTES)),
            Fraction(draw(st.integers(0, 12))),
            draw(st.sampled_from([True, False, None])),
            draw(st.booleans()) and n > 0,
        )
        for n in range(count)
    ]
    thresholds = st.sampled_from([None, *(Fraction(n, 60) for n in (20, 24, 30, 40, 45))])
    rule = Rule(
        draw(st.sampled_from(RULES)),
        draw(st.sampled_from([None, Fraction(1, 2)])),
        draw(thresholds),
        "B0",
    )
    return rule, votes


@given(meetings())
def test_one_more_vote_for_never_loses_a_decision(meeting: tuple[Rule, list[Vote]]) -> None:
    rule, votes = meeting
    before = decide(rule, votes)
    for n, vote in enumerate(votes):
        turned = [
            *votes[:n],
            Vote(vote.organisation, "for", vote.weight, vote.delegated, vote.conflict),
            *votes[n + 1 :],
        ]
        if before.passed:
            assert decide(rule, turned).passed
    if before.quorate is False:
        assert not before.passed


@given(meetings())
def test_a_tie_never_passes(meeting: tuple[Rule, list[Vote]]) -> None:
    rule, votes = meeting
    outcome = decide(rule, votes)
    if rule.kind != "lead" and outcome.votes_for <= outcome.votes_against:
        assert not outcome.passed


@given(meetings())
def test_only_delegation_binds(meeting: tuple[Rule, list[Vote]]) -> None:
    rule, votes = meeting
    outcome = decide(rule, votes)
    for vote, row in zip(votes, bound_by(outcome, votes), strict=True):
        if outcome.passed:
            assert row.bound is vote.delegated
        else:
            assert not row.bound


@given(meetings())
def test_an_outcome_and_the_game_of_its_rule_agree(meeting: tuple[Rule, list[Vote]]) -> None:
    rule, votes = meeting
    present = [
        Vote(v.organisation, "for" if v.vote == "for" else "against", v.weight) for v in votes
    ]
    weights = [vote.weight or Fraction(0) for vote in present]
    assume(sum(weights) > 0)
    game = game_of(rule.kind, weights, threshold=rule.threshold, lead=0)
    winners = [n for n, vote in enumerate(present) if vote.vote == "for"]
    plain = Rule(rule.kind, None, rule.threshold, "B0")
    assert bool(decide(plain, present).passed) == game.wins(winners)


@st.composite
def maps(draw: st.DrawFn) -> Overlap:
    systems, councils = draw(st.integers(1, 5)), draw(st.integers(1, 5))
    cells = draw(
        st.lists(
            st.one_of(st.just(0), st.integers(1, 1000)),
            min_size=systems * councils,
            max_size=systems * councils,
        )
    )
    people = np.array(cells, np.int64).reshape(systems, councils)
    assume((people.sum(axis=0) > 0).all() and (people.sum(axis=1) > 0).all())
    return Overlap(
        "2021",
        tuple(f"Q{n}" for n in range(systems)),
        tuple(f"E{n}" for n in range(councils)),
        people,
    )


@given(maps(), st.sampled_from([0, 1, 2, 5, 10, 30]))
def test_breaches_equal_plain_loops(overlap: Overlap, percent: int) -> None:
    expected = set()
    for j, authority in enumerate(overlap.authorities):
        column = [int(n) for n in overlap.people[:, j]]
        total = sum(column)
        if (total - max(column)) * 100 <= percent * total:
            continue
        for i, held in enumerate(column):
            if percent * total < held * 100 < (100 - percent) * total:
                expected.add((overlap.systems[i], authority))
    found = {(b.system, b.authority) for b in breaches(overlap, percent / 100)}
    assert found == expected


@given(maps(), st.lists(st.integers(-(10**12), 10**12), min_size=5, max_size=5))
def test_money_laid_on_places_keeps_every_penny(overlap: Overlap, amounts: list[int]) -> None:
    pence = dict(zip(overlap.systems, amounts, strict=False))
    placed, unknown = money_by_authority(pence, overlap)
    assert not unknown and sum(placed.values()) == sum(pence.values())
    for system, total in pence.items():
        assert sum(part for (code, _), part in placed.items() if code == system) == total
