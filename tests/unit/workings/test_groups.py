"""Schemes that draw on one thing: who counts, and for how much, by cases worked by hand."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from pathlib import Path

import pytest

from controltotal.book.records import Opportunity, Scheme
from controltotal.savings.portfolio.build import Asked, build
from controltotal.savings.portfolio.engine import choose
from controltotal.savings.portfolio.plain import enumerate_best
from controltotal.savings.portfolio.problem import count
from controltotal.verbs import read
from controltotal.workings.groups import (
    Cap,
    Settled,
    Stake,
    caps_of,
    netted,
    opportunity_share,
    remainders,
    settle,
)
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


def listed(**values: tuple[int, str]) -> dict[str, Opportunity]:
    """Opportunities by id: pounds, and the list that names them."""
    made = {
        "organisations": [{"code": "RX1", "name": "Trust", "kind": "provider"}],
        "opportunities": [
            {
                "id": name,
                "view": view,
                "organisation": "RX1",
                "category": name,
                "value": str(pounds),
                "unit": "£",
                "year": YEAR,
            }
            for name, (pounds, view) in values.items()
        ],
    }
    return {row.id: row for row in position_of(made).book.opportunities}


def test_schemes_of_one_opportunity_save_no_more_than_it() -> None:
    found = rows(A={"opportunity": "O"}, B={"opportunity": "O"}, C={"opportunity": "P"}, D={})
    sizes = {"A": 500, "B": 400, "C": 300, "D": 900}
    caps = caps_of(sizes, found, listed(O=(8, "x"), P=(3, "x")))
    assert [(cap.name, cap.schemes, cap.pence) for cap in caps] == [
        ("opportunity O", ("A", "B"), 800)
    ]  # of P there is enough, to the penny
    (less,) = caps_of({"C": 301}, found, listed(P=(3, "x")))
    assert (less.schemes, less.pence) == (("C",), 300)
    (nothing,) = caps_of({"C": 1}, found, listed(P=(0, "x")))
    assert nothing.pence == 0
    assert caps_of({"A": 900, "B": -100}, found, listed(O=(9, "x"))) == []  # a cost draws nothing


def test_those_that_overlap_on_several_opportunities_save_what_the_largest_list_says() -> None:
    found = rows(
        A={"opportunity": "O", "overlaps": "B"},
        B={"opportunity": "P"},
    )
    sizes = {"A": 500, "B": 400}
    lists = listed(O=(6, "x"), P=(5, "y"))
    caps = {cap.name: cap.pence for cap in caps_of(sizes, found, lists)}
    assert caps == {"overlap": 600}
    one_list = {cap.name for cap in caps_of(sizes, found, listed(O=(6, "x"), P=(5, "x")))}
    assert one_list == set()  # parts of one list add up: 11 is more than both need
    unlisted = {cap.name: cap.pence for cap in caps_of(sizes, found, listed(O=(6, "x")))}
    assert unlisted == {"overlap": 500}  # the larger of the two
    assert caps_of({"A": 500, "B": -100}, found, {}) == []  # a cost takes nothing of the larger
    same = rows(A={"opportunity": "O", "overlaps": "B"}, B={"opportunity": "O"})
    assert [cap.name for cap in caps_of(sizes, same, listed(O=(6, "x")))] == ["opportunity O"]


@pytest.mark.parametrize(
    ("effect", "value", "share"),
    [
        (10, 12, Fraction(1)),
        (12, 12, Fraction(1)),
        (15, 12, Fraction(4, 5)),
        (15, 0, Fraction(0)),
        (15, -3, Fraction(0)),
        (0.01, 0, Fraction(0)),
    ],
)
def test_a_scheme_alone_is_cut_to_its_opportunity(
    effect: float, value: int, share: Fraction
) -> None:
    cells = {"opportunity": "O", "full_year_effect": str(effect), "unit": "£"}
    assert opportunity_share(rows(A=cells)["A"], listed(O=(value, "x"))) == share
    assert (
        opportunity_share(rows(A={**cells, "opportunity": "P"})["A"], listed(O=(value, "x"))) == 1
    )


def test_what_may_be_left_of_a_cap_beside_others() -> None:
    sizes = {"A": 5, "B": 4, "C": 9}
    cap = Cap("overlap", ("A", "B", "C"), 12)
    assert remainders("C", sizes, cap, ["A", "B", "C"]) == [8, 7, 3]
    assert remainders("A", sizes, cap, ["A", "B", "C"]) == [
        3
    ]  # of 8 it is whole; beside both, none
    assert remainders("A", sizes, Cap("overlap", ("A", "C"), 9), ["C", "A"]) == []
    many = {str(n): 1 for n in range(9)} | {"Z": 7}
    order = [*(str(n) for n in range(9)), "Z"]
    assert remainders("Z", many, Cap("overlap", tuple(order), 6), order) == [6, 5, 4, 3, 2, 1]


def test_what_an_opportunity_of_several_rows_comes_to() -> None:
    lists = listed(O=(6, "x"), P=(5, "x"), Q=(10, "y"), R=(-3, "x"))
    assert netted(lists.values()) == 1_100
    assert netted(()) == 0


def test_a_cap_says_whom_it_holds() -> None:
    assert Cap("overlap", ("A", "B"), 1).label == "overlap of A, B"
    assert Cap("opportunity O", ("A",), 1, (), True).label == "opportunity O drawn on by A"


def test_what_is_left_of_two_caps_goes_where_it_saves_most() -> None:
    """A with B may come to 12, and B with C: C whole, 7 of B's 12, and half of A, a poor saver.

    B whole would leave 2 of A and nothing of C: 12.2 saved and not 12.5.
    """
    found = rows(A={}, B={}, C={})
    stakes = {
        "A": Stake(found["A"], 10, 1.0),
        "B": Stake(found["B"], 12, 12.0),
        "C": Stake(found["C"], 5, 5.0),
    }
    caps = [Cap("overlap", ("A", "B"), 12), Cap("overlap", ("B", "C"), 12)]
    assert settle(stakes, caps).shares == {"A": Fraction(1, 2), "B": Fraction(7, 12), "C": 1}


def test_a_scheme_that_gets_nothing_names_what_it_draws_on() -> None:
    """Of each pair that overlaps the larger saves more a pound; C and D know nothing of A and B."""
    found = rows(A={"overlaps": "B"}, B={}, C={"overlaps": "D"}, D={})
    sizes = {"A": 10, "B": 5, "C": 9, "D": 4}
    stakes = {
        code: Stake(found[code], size, 10.0 if code in "AC" else 1.0)
        for code, size in sizes.items()
    }
    told = settle(stakes, caps_of(sizes, found, {}))
    assert told.shares == {"A": 1, "C": 1}
    assert told.reasons == {
        "B": "nothing is left to it of the overlap of A, B",
        "D": "nothing is left to it of the overlap of C, D",
    }


def test_of_a_scheme_nothing_is_said_but_what_it_is_worth_the_plan_keeps() -> None:
    (row,) = rows(A={}).values()
    assert Stake(row, 5, 5.0).kept
