"""How long the engine searches, and when it stops: the solver and the search answer as they are told to."""

from __future__ import annotations

import numpy as np
import pytest

from controltotal.savings.portfolio import engine, search
from controltotal.savings.portfolio.engine import _closely, _least_shortfall, _search
from controltotal.savings.portfolio.matrix import tabulate
from controltotal.savings.portfolio.problem import Candidate, Demand, Problem, Saving
from controltotal.savings.portfolio.solver import Program, Solved, program_of
from tests.dense_programs import Row, marks, priced, program

YEAR = "2026-27"
Q = frozenset("Q")
WORTHS = {"A": 1_000, "B": 1_100, "C": 1_200, "D": 1_300}


def scheme(code: str, pence: int) -> Candidate:
    return Candidate(code, "Q", (1,), (Saving("Q", YEAR, (pence,)),), investment=10)


PURSE = Demand("investment", "purse", "Q", YEAR, Q, upper=10, month=1)
TABLE = tabulate(Problem(tuple(scheme(*one) for one in WORTHS.items()), (PURSE,)))
"""One of four, each worth a hundred more than the one before."""
ASKED = program_of(TABLE, TABLE.objective("saving"))


def one(code: str) -> np.ndarray:
    return TABLE.chosen({code: 0} if code else {})


def bounded(bound: float, *share: float, status: str = "optimal") -> Solved:
    none = np.zeros(0)
    return Solved(status, np.array(share), 0.0, bound, none, none)


def searching(monkeypatch: pytest.MonkeyPatch, filled: str, *improved: str) -> list[str]:
    """What the search finds first and what each improvement makes of it; notes what was begun from."""
    left, begun = list(improved), []

    def improve(
        soft: object, relaxed: object, blocks: object, given: np.ndarray, **more: object
    ) -> np.ndarray:
        begun.append("".join(TABLE.choice(given)))
        return one(left.pop(0))

    def fill(*given: object) -> np.ndarray:
        begun.append("fill")
        return one(filled)

    monkeypatch.setattr(engine, "fill", fill)
    monkeypatch.setattr(engine, "improve", improve)
    return begun


@pytest.mark.parametrize(
    ("bound", "improved", "begun", "best"),
    [
        (9_999, "BCD", ["fill", "A", "B", "C"], "D"),  # three passes, however much is left to gain
        (1_200, "BC", ["fill", "A", "B"], "C"),  # as much as the bound: enough
        (9_999, "BB", ["fill", "A", "B"], "B"),  # the second pass gained nothing
        (9_999, "BA", ["fill", "A", "B"], "B"),  # it even lost
        (1_050, "B", ["fill", "A"], "B"),
    ],
)
def test_a_portfolio_is_improved_until_it_is_enough_or_gains_no_more(
    bound: float,
    improved: str,
    begun: list[str],
    best: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    noted = searching(monkeypatch, "A", *improved)
    found = _search(TABLE, ASKED, bounded(bound), one(""), 0.0)
    assert (TABLE.choice(found), noted) == ({best: 0}, begun)


@pytest.mark.parametrize(
    ("start", "improved", "begun", "best"),
    [
        ("C", "BBD", ["fill", "A", "B", "C"], "D"),  # the search was worse: the start is improved
        ("C", "BBB", ["fill", "A", "B", "C"], "C"),
        ("B", "CC", ["fill", "A", "C"], "C"),  # the search was better: the start is left
    ],
)
def test_a_start_that_no_search_has_bettered_is_improved_itself(
    start: str, improved: str, begun: list[str], best: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    noted = searching(monkeypatch, "A", *improved)
    found = _search(TABLE, ASKED, bounded(9_999), one(start), 0.0)
    assert (TABLE.choice(found), noted) == ({best: 0}, begun)


def test_what_was_searched_for_already_is_improved_once_more_and_not_sought_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    noted = searching(monkeypatch, "A", "C")
    found = _search(TABLE, ASKED, bounded(9_999), one("B"), 0.0, searched=True)
    assert (TABLE.choice(found), noted) == ({"C": 0}, ["B"])


@pytest.mark.parametrize(
    ("bound", "gap", "begun"),
    [(1_300, 0.0, False), (1_000, 0.0, False), (1_301, 0.0, True), (1_625, 0.2, False)],
)
def test_a_start_within_the_gap_of_the_bound_is_enough(
    bound: float, gap: float, begun: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """1,625 less a fifth is 1,300, what D brings."""
    noted = searching(monkeypatch, "A", "A", "A", "A")
    assert TABLE.choice(_search(TABLE, ASKED, bounded(bound), one("D"), gap)) == {"D": 0}
    assert bool(noted) is begun


@pytest.mark.parametrize(("bound", "status"), [(1_250, "within_gap"), (1_251, "bounded")])
def test_a_value_is_within_the_gap_up_to_and_with_its_very_edge(
    bound: int, status: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Four hundredths of 1,250 are 50, and 1,200 is 50 below it."""
    monkeypatch.setattr(engine, "_search", lambda *given, **asked: one("C"))
    answer = bounded(float(bound), 0, 0, 1, 0)
    monkeypatch.setattr(engine, "solve", lambda *given, **asked: answer)
    found = _closely(TABLE, ASKED, one("C"), 0, 0.04, answer)
    assert (found.value, found.bound, found.status) == (1_200, bound, status)


@pytest.mark.parametrize(
    ("asked", "purse", "lifted"),
    [
        (1_000, 10, False),  # met at once
        (9_999, 10, False),  # nothing meets it, not even in parts
        (2_000, 20, True),  # parts of schemes would meet it, and the search chose none
    ],
)
def test_a_search_aims_higher_only_where_whole_schemes_missed_what_parts_would_meet(
    asked: int, purse: int, lifted: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    floor = Demand("control_total", "total", "Q", YEAR, Q, lower=asked)
    money = Demand("investment", "purse", "Q", YEAR, Q, upper=purse, month=1)
    table = tabulate(Problem(TABLE.problem.candidates, (floor, money)))
    found = table.chosen({"B": 0})
    monkeypatch.setattr(engine, "_search", lambda *given, **more: found)
    real, aimed = engine._lifted, []

    def aims(given: Program) -> Program:
        aimed.append(True)
        return real(given)

    monkeypatch.setattr(engine, "_lifted", aims)
    first = table.objective("saving")
    short, bound, _, relaxed = _least_shortfall(table, first, False, 0.01)
    missed = max(0, asked - 1_100)
    assert (short, bool(aimed)) == (missed, lifted)
    assert (relaxed is not None) is (missed == 0)
    if not lifted and missed:  # the best of all is 1,300
        assert bound == asked - 1_300 - 1 or bound == asked - 1_300
    else:
        assert bound == 0


def test_one_column_in_ten_is_free_beside_the_chosen_ones() -> None:
    """Of twenty that are worth 1 to 20, two are free, and the purse holds both."""
    asked = program(tuple(range(1, 21)), Row((1,) * 20, upper=20))
    found = search.together(asked, priced(0.0), marks(*(0,) * 20))
    assert np.flatnonzero(found).tolist() == [18, 19]
    three = marks(1, 1, 1, *(0,) * 17)
    assert np.flatnonzero(search.together(asked, priced(0.0), three)).tolist() == [0, 1, 2]
