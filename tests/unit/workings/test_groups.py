"""Schemes that draw on one thing: who counts, and for how much, by cases worked by hand."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from pathlib import Path

import pytest

from controltotal.book.records import Scheme
from controltotal.savings.portfolio.build import Asked, build
from controltotal.savings.portfolio.engine import choose
from controltotal.savings.portfolio.plain import enumerate_best
from controltotal.savings.portfolio.problem import count
from controltotal.verbs import read
from controltotal.workings.groups import Settled, Stake, caps_of, settle
from controltotal.workings.workings import Workings
from tests.scheme_books import scheme
from tests.strategies import position_of

BOOKS = Path(__file__).parents[2] / "data" / "faults" / "meaning"
YEAR = "2026-27"
OBJECTIVES = ("recurrent_saving", "saving")


def rows(**cells: Mapping[str, str]) -> dict[str, Scheme]:
    """Schemes by id, each a row with these cells."""
    made = {
        "organisations": [{"code": "RX1", "name": "Trust", "kind": "provider"}],
        "schemes": [scheme(code, **more) for code, more in cells.items()],
    }
    return {row.id: row for row in position_of(made).book.schemes}


def settled(worth: Mapping[str, int], kept: str = "", **cells: Mapping[str, str]) -> Settled:
    """What counts of schemes that save so much each, in a full year as in this one."""
    found = rows(**cells)
    stakes = {c: Stake(found[c], pence, float(pence), c in kept) for c, pence in worth.items()}
    return settle(stakes, caps_of(worth, found, {}))


def test_a_scheme_that_bears_on_no_other_always_counts() -> None:
    assert settled({"A": -5, "B": 0}, A={}, B={}).shares == {"A": 1, "B": 1}


def test_two_that_exclude_one_between_them_are_taken_where_they_save_more() -> None:
    """B (12) alone, or A (10) and C (9) together."""
    found = settled({"A": 10, "B": 12, "C": 9}, A={"excludes": "B"}, B={"excludes": "C"}, C={})
    assert found.shares == {"A": 1, "C": 1}
    assert found.reasons == {"B": "excluded by A, which is part of the best choice"}


def test_what_the_plan_keeps_stands_against_a_better_one_outside_it() -> None:
    found = settled({"A": 5, "B": 9}, kept="A", A={"excludes": "B"}, B={})
    assert found.shares == {"A": 1}
    assert found.reasons == {"B": "excluded by A, which is in the plan"}


def test_a_scheme_is_taken_with_what_it_needs_or_not_at_all() -> None:
    """B (9) needs A (1); C (8) excludes A. A and B save 10, C alone 8."""
    found = settled({"A": 1, "B": 9, "C": 8}, A={}, B={"requires": "A"}, C={"excludes": "A"})
    assert found.shares == {"A": 1, "B": 1}
    found = settled({"A": 1, "B": 6, "C": 8}, A={}, B={"requires": "A"}, C={"excludes": "A"})
    assert found.shares == {"C": 1}
    assert found.reasons["B"] == "needs A, which does not count"


def test_what_is_left_of_an_overlap_is_a_part_of_the_other() -> None:
    """A pair saves no more than the larger; the smaller, worth more in the year, goes first."""
    found = rows(A={"overlaps": "B"}, B={})
    stakes = {"A": Stake(found["A"], 10, 2.0), "B": Stake(found["B"], 6, 6.0)}
    chosen = settle(stakes, caps_of({"A": 10, "B": 6}, found, {}))
    assert chosen.shares == {"B": 1, "A": Fraction(4, 10)}


def test_those_that_name_one_word_overlap_together() -> None:
    found = rows(A={"overlaps": "beds"}, B={"overlaps": "beds"}, C={"overlaps": "beds"})
    caps = caps_of({"A": 5, "B": 4, "C": 3}, found, {})
    assert [(cap.schemes, cap.pence) for cap in caps] == [(("A", "B", "C"), 5)]


@pytest.mark.parametrize(
    ("book", "saving"),
    [
        ("overlap-pair", 10),
        ("overlap-chain", 19),
        ("overlap-excludes", 8),
        ("opportunity-drawn-twice", 12),
        ("exclusives-chain", 19),
    ],
)
def test_the_portfolio_is_what_trying_every_choice_finds(book: str, saving: int) -> None:
    workings = Workings(read(BOOKS / book))
    # each scheme in its first month, whole or cut: later starts save less and limit nothing here
    problem = build(workings, workings.judgements.eligible(), {}, Asked((YEAR,))).problem
    best = enumerate_best(problem, OBJECTIVES)
    assert best.values == (saving * 10**8, saving * 10**8)
    assert [stage.value for stage in choose(problem, OBJECTIVES).stages] == list(best.values)


def test_a_scheme_cannot_be_cut_to_slip_under_a_ceiling() -> None:
    """X1 (10) and X2 (6) on 12: at most 5 may be saved, and a cut X2 of 2 is not on offer alone."""
    made = read(BOOKS / "opportunity-drawn-twice")
    workings = Workings(made)
    problem = build(workings, workings.judgements.eligible(), {}, Asked((YEAR,))).problem
    cut = {c.code: [p for p in range(len(c.starts)) if p >= c.whole] for c in problem.candidates}
    assert cut["X2"] and count(problem, {"X2": cut["X2"][0]}).broken
    assert not count(problem, {"X1": 0, "X2": cut["X2"][0]}).broken
