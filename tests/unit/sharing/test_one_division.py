"""The fairness of one division, every figure of it worked by hand, on four small areas of one person each."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from controltotal.core.result import Answer, Result
from controltotal.sharing.book import PayerInputs
from controltotal.sharing.fairness import Residents, _more, _one, _rounded, _who_pays
from controltotal.sharing.policy import Payer, Shares
from tests.strategies import YEAR

HOMES = Residents(
    ("A", "B"),
    np.array([1.0, 1.0, 1.0, 1.0]),
    np.array([1.0, 2.0, 3.0, 4.0]),
    np.array([1, 2, 3, 5]),
    np.array([0, 0, 1, 1]),
    "2020",
)
"""The two most deprived areas are A's; nobody lives in the fourth fifth."""
SHARES = Shares("equal_call", ("A", "B"), np.array([600, 200], np.int64))
"""£3 a head of A and £1 of B."""


def payer(code: str, deprivation: float | None, score: float | None, **more: Any) -> PayerInputs:
    one = Payer(code, population=2, deprivation=deprivation, score=score)
    return PayerInputs(replace(one, **more), {}, (), row=4, allocation=6_000)


KNOWN = {"A": payer("A", 0.5, 30.0), "B": payer("B", 0.0, 20.0)}


def divided(
    known: dict[str, PayerInputs], homes: Residents | None
) -> tuple[dict[str, Any], Result]:
    answer = Answer("share", "book", {})
    row = _one(answer, YEAR, SHARES, known, "S", homes)
    return dict(row), answer.result()


def figures(result: Result) -> dict[str, tuple[object, str]]:
    return {
        one.id.replace(f"/S/{YEAR}/plan/equal_call", ""): (one.value, one.unknown)
        for one in result.figures
    }


def test_people_are_ranked_by_their_area_and_bodies_beside_it() -> None:
    """Ranks of an eighth to seven eighths: the covariance of 3, 3, 1, 1 with them is -1/4.

    The mean is 2, so that the index is -1/4; the variance of the ranks 5/64 makes a slope of -3.2.
    The first fifth bears 3, the others 5 between three.
    """
    row, result = divided(KNOWN, HOMES)
    assert row == {
        "policy": "equal_call",
        "index": -0.25,
        "slope": -3.2,
        "largest_per_head": 3.0,
        "largest_share_of_allocation": 0.1,
        "index_by_score": -0.25,
        "index_by_fifth": -0.25,
        "deprived_beside_others": 1.8,
        "most_deprived_per_head": 3.0,
    }
    assert figures(result) == {
        "equity_index": (-0.25, ""),
        "equity_index/by_score": (-0.25, ""),
        "equity_index/by_fifth": (-0.25, ""),
        "equity_slope": (-3.2, ""),
    }
    trace = result.trace[f"equity_index/S/{YEAR}/plan/equal_call"]
    assert trace.rule == "people ranked by deprivation of their area, areas of 2020"
    assert trace.inputs == tuple(
        f"share_per_head/{code}/{YEAR}/plan/equal_call" for code in ("A", "B")
    )
    assert [(one["fifth"], one["per_head"]) for one in result.tables["equity_fifths"]] == [
        (1, 3.0),
        (2, 3.0),
        (3, 1.0),
        (4, None),
        (5, 1.0),
    ]
    curve = {one["people"]: one["burden"] for one in result.tables["concentration_curve"]}
    assert len(curve) == 21
    assert (curve[0.0], curve[0.25], curve[0.5], curve[0.75], curve[1.0]) == (
        0.0,
        0.375,
        0.75,
        0.875,
        1.0,
    )
    assert result.findings == ()


def test_without_areas_whole_bodies_are_ranked() -> None:
    """Two bodies stand at a quarter and three quarters: a slope of £4."""
    row, result = divided(KNOWN, None)
    assert (row["index"], row["slope"], row["deprived_beside_others"]) == (-0.25, -4.0, 1.8)
    assert "most_deprived_per_head" not in row and "equity_fifths" not in result.tables
    rule = result.trace[f"equity_slope/S/{YEAR}/plan/equal_call"].rule
    assert rule == "bodies ranked by mean deprivation score"


def test_without_deprivation_the_score_alone_ranks_and_without_either_nothing() -> None:
    score = {"A": payer("A", None, 30.0), "B": payer("B", 0.0, 20.0)}
    row, result = divided(score, None)
    assert (row["index"], row["index_by_fifth"], row["deprived_beside_others"]) == (
        -0.25,
        None,
        None,
    )
    assert figures(result)["equity_index/by_fifth"] == (None, "not_applicable")
    none = {code: payer(code, None, None) for code in "AB"}
    row, result = divided(none, None)
    assert (row["index"], row["slope"], row["largest_per_head"]) == (None, None, 3.0)
    assert figures(result)["equity_slope"] == (None, "not_applicable")


def test_without_the_people_of_one_nothing_a_head_is_told_and_it_is_named() -> None:
    lacking = {"A": KNOWN["A"], "B": payer("B", 0.0, 20.0, population=None)}
    row, result = divided(lacking, HOMES)
    assert "largest_per_head" not in row and row["index"] is None
    assert row["largest_share_of_allocation"] == 0.1
    assert set(figures(result).values()) == {(None, "not_stated")}
    (found,) = result.findings
    assert (found.code, found.organisation) == ("EQUITY_INPUT_MISSING", "B")
    assert found.message == "Burden a head cannot be told for B: no population is known."
    assert "equity_fifths" not in result.tables


# -- who pays for whom -----------------------------------------------------------------------------


def who(givers: dict[str, tuple[float | None, float | None]], receiver: tuple[Any, Any]) -> Result:
    """Givers by deprivation and score against a receiver."""
    known = {code: payer(code, *levels) for code, levels in givers.items()}
    known["R"] = payer("R", *receiver)
    totals: Any = SimpleNamespace(tree=SimpleNamespace(name=lambda code, year: f"Trust {code}"))
    answer = Answer("share", "book", {})
    _who_pays(answer, totals, YEAR, "R", tuple(givers), known)
    return answer.result()


def test_givers_are_held_against_the_receiver_by_both_measures() -> None:
    result = who({"A": (0.5, 30.0), "B": (0.1, 10.0)}, (0.2, 20.0))
    assert result.words == (
        "By mean deprivation score the receiver Trust R (20.0) is less deprived than 1 of the 2 "
        "givers.",
        "By share of people in the most deprived fifth (20.0%) it is less deprived than 1 of them; "
        "the two measures agree.",
    )
    rows = [dict(one) for one in result.tables["who_pays_for_whom"]]
    shown = ("role", "organisation", "score", "more_deprived_by_score", "more_deprived_by_fifth")
    assert [tuple(one[name] for name in shown) for one in rows] == [
        ("receiver", "R", 20.0, False, False),
        ("giver", "A", 30.0, True, True),
        ("giver", "B", 10.0, False, False),
    ]
    assert result.findings == ()


def test_two_measures_that_disagree_are_both_said_with_whom_they_part() -> None:
    result = who({"A": (0.1, 30.0), "B": (0.1, 10.0)}, (0.2, 20.0))
    assert result.words[1].endswith("it is less deprived than 0 of them: the picture is mixed.")
    (found,) = result.findings
    assert (found.code, found.organisation, found.found) == (
        "EQUITY_MEASURES_DISAGREE",
        "R",
        "1 and 0 of 2",
    )
    assert "more deprived than R: A by one and not by the other" in found.message


def test_one_measure_alone_is_said_with_whom_it_is_of() -> None:
    fifth = who({"A": (0.5, None)}, (0.2, 20.0))
    assert fifth.words == (
        "By share of people in the most deprived fifth (20.0%) the receiver Trust R is less deprived "
        "than 1 of the 1 givers.",
    )
    score = who({"A": (None, 30.0)}, (None, 20.0))
    assert len(score.words) == 1 and score.words[0].startswith("By mean deprivation score")
    assert who({"A": (None, None)}, (None, None)).words == ()


@pytest.mark.parametrize(
    ("value", "level", "more"),
    [(2.0, 1.0, True), (1.0, 1.0, False), (None, 1.0, None), (1.0, None, None)],
)
def test_more_is_told_where_both_are_known(
    value: float | None, level: float | None, more: bool | None
) -> None:
    assert _more(value, level) is more
    assert _rounded(-0.0) == 0.0 and str(_rounded(-1e-12)) == "0.0"
    assert (_rounded(None), _rounded(1 / 3)) == (None, 0.333333333)
