"""What is said of a division's fairness: best and worst, whom it pushes below, what disagrees."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pytest

from controltotal import verbs
from controltotal.core.result import Answer, Result
from controltotal.sharing.book import PayerInputs
from controltotal.sharing.fairness import (
    _below,
    _by_body,
    _disagree,
    _largest_share,
    compare,
    residents,
)
from controltotal.sharing.policy import Payer, Shares

INDEX = "least borne by the deprived (concentration index)"
BELOW = "fewest pushed below their control total"


def row(policy: str, **values: float | None) -> Mapping[str, object]:
    return {"policy": policy, **values}


def test_more_of_an_index_and_less_of_a_burden_is_better() -> None:
    assert compare(
        [
            row("a", index=0.1, below_control_total=2),
            row("b", index=-0.1, below_control_total=0),
            row("c", index=0.0, below_control_total=2),
        ]
    ) == [
        {"policy": "a", "best_at": INDEX, "worst_at": BELOW},
        {"policy": "b", "best_at": BELOW, "worst_at": INDEX},
        {"policy": "c", "best_at": "", "worst_at": BELOW},
    ]


@pytest.mark.parametrize("other", [None, 0.1, 0.1 + 1e-9])
def test_where_only_one_is_known_or_all_are_alike_nobody_is_best(other: float | None) -> None:
    for one in compare([row("a", index=0.1), row("b", index=other)]):
        assert (one["best_at"], one["worst_at"]) == ("", "")


def test_what_is_best_at_two_things_is_told_both_in_their_order() -> None:
    best, _ = compare(
        [row("a", index=0.2, largest_per_head=1), row("b", index=0.1, largest_per_head=2)]
    )
    assert best["best_at"] == f"smallest largest burden a head; {INDEX}"


def shares(**pence: int) -> Shares:
    return Shares("equal_call", tuple(pence), np.array(list(pence.values()), np.int64))


def known(headroom: int | None = None, allocation: int | None = None) -> PayerInputs:
    return PayerInputs(Payer("A", headroom=headroom), {}, (), allocation=allocation)


@pytest.mark.parametrize(
    ("headroom", "below"),
    [(0, 1), (9, 1), (10, 0), (11, 0), (-1, 0), (None, None)],
)
def test_one_is_pushed_below_who_stood_at_its_control_total_and_pays_more_than_it_has(
    headroom: int | None, below: int | None
) -> None:
    assert _below(shares(A=10), {"A": known(headroom)}) == below


def test_all_who_are_pushed_below_are_counted() -> None:
    inputs = {"A": known(5), "B": known(50), "C": known(0)}
    assert _below(shares(A=10, B=10, C=1), inputs) == 2


def test_the_largest_share_of_an_allocation_is_told_where_all_are_known() -> None:
    inputs = {"A": known(allocation=1_000), "B": known(allocation=300)}
    assert _largest_share(shares(A=10, B=9), inputs) == 0.03
    assert _largest_share(shares(A=10, B=1), inputs) == 0.01
    assert _largest_share(shares(A=10, B=9), {**inputs, "B": known()}) is None
    assert _largest_share(shares(A=10, B=9), {**inputs, "B": known(allocation=0)}) is None


def payers(**levels: tuple[float | None, float | None]) -> list[Payer]:
    """Payers by their mean score and their share in the most deprived fifth."""
    return [Payer(code, score=s, deprivation=d) for code, (s, d) in levels.items()]


TWO, PAYS = np.array([1.0, 1.0]), np.array([2.0, 0.0])


def test_bodies_are_ranked_by_score_and_by_fifth_the_most_deprived_first() -> None:
    """A alone pays; by score it is the more deprived of two, by fifth the less."""
    given = payers(A=(30.0, 0.1), B=(20.0, 0.2))
    found, main, slope, basis = _by_body(given, TWO, PAYS, False)
    assert found == {"by_score": -0.5, "by_fifth": 0.5}
    assert (main, slope) == (-0.5, -4.0)
    assert basis == "bodies ranked by mean deprivation score"


def test_where_a_score_lacks_the_fifth_is_the_index_and_where_both_lack_nothing_is() -> None:
    given = payers(A=(30.0, 0.1), B=(None, 0.2))
    found, main, slope, basis = _by_body(given, TWO, PAYS, False)
    assert (found, main, slope) == ({"by_score": None, "by_fifth": 0.5}, 0.5, 4.0)
    assert basis == "bodies ranked by share of people in the most deprived fifth"
    nothing: dict[str, float | None] = {"by_score": None, "by_fifth": None}
    assert _by_body(payers(A=(1.0, None), B=(None, 1.0)), TWO, PAYS, False)[:3] == (
        nothing,
        None,
        None,
    )
    assert _by_body(payers(A=(30.0, 0.1), B=(20.0, 0.2)), TWO, PAYS, True)[0] == nothing


@pytest.mark.parametrize(
    ("score", "fifth", "told"),
    [
        (0.1, -0.1, "less deprived bodies by mean score (+0.100) and on more deprived"),
        (-0.1, 0.2, "more deprived bodies by mean score (-0.100) and on less deprived"),
        (0.1, 0.1, ""),
        (-0.1, -0.1, ""),
        (0.0, -0.1, ""),
        (None, -0.1, ""),
        (0.1, None, ""),
    ],
)
def test_two_measures_of_one_division_that_point_apart_are_both_said(
    score: float | None, fifth: float | None, told: str
) -> None:
    answer = Answer("share", "book", {})
    _disagree(answer, "capped", "S", {"by_score": score, "by_fifth": fifth}, "")
    said = [finding.message for finding in answer.result().findings]
    assert len(said) == bool(told)
    assert told in "".join(said)


def test_nobody_lives_with_no_payer_or_with_one_that_no_map_knows() -> None:
    assert residents((), "2025-26") is None
    assert residents(("NOBODY",), "2025-26") is None


def test_the_people_of_bodies_of_the_map_live_in_their_own_areas() -> None:
    both = residents(("QUE", "QH8"), "2025-26")
    assert both is not None and both.codes == ("QUE", "QH8")
    assert set(both.payer.tolist()) == {0, 1}
    assert set(both.fifth.tolist()) == {1, 2, 3, 4, 5}
    one = residents(("QH8",), "2025-26")
    assert one is not None
    assert one.people.sum() == both.people[both.payer == 1].sum()
    assert len(one.people) == len(one.rank) == len(one.fifth) == (both.payer == 1).sum()


BOOK = "key,value\ntitle,A made-up region\ndefault_unit,£m\ndefault_year,2025-26\nfictional,yes\n"
BODIES = """code,name,kind,parent,population,deprivation
R,Region,region,,,
A,System A,system,R,1000,0.2
B,System B,system,R,1000,0.1
C,System C,system,R,2000,0.1
T,System T,system,R,1000,0.15
"""
AMOUNTS = "organisation,line,year,basis,amount\n" + "".join(
    f"{code},allocation,2025-26,plan,{pounds}\n"
    for code, pounds in (("A", 100), ("B", 100), ("C", 200), ("T", 100))
)


def shared(folder: Path, bodies: str = BODIES) -> Result:
    """Six million for T from A, B and C: 2 each, or 1.5, 1.5 and 3 by allocation."""
    for name, text in {"book": BOOK, "organisations": bodies, "amounts": AMOUNTS}.items():
        (folder / f"{name}.csv").write_text(text, "utf-8")
    return verbs.share(folder, "£6m", from_=("A", "B", "C"), to="T", policy="equal_call,top_slice")


def test_two_divisions_of_one_gap_side_by_side(tmp_path: Path) -> None:
    """Equal calls are 2,000, 2,000 and 1,000 pounds a head, 1,500 in the mean; by allocation all bear it.

    A stands at 0.125 of the people by deprivation, B and C together at 0.625. The covariance is
    500 x -0.375 / 4 + 500 x 0.125 / 4 - 500 x 0.125 / 2 = -62.5, that of ranks 0.046875. The 500
    in the most deprived fifth bear 1,600 each, the other 3,500 bear 5.2 million.
    """
    result = shared(tmp_path)
    equal, by_size = result.tables["equity"]
    assert dict(equal) == {
        "policy": "equal_call",
        "index": round(2 * -62.5 / 1_500, 9),
        "slope": round(-62.5 / 0.046875, 9),
        "largest_per_head": 2_000,
        "largest_share_of_allocation": 0.02,
        "index_by_score": None,
        "index_by_fifth": round(2 * -62.5 / 1_500, 9),
        "deprived_beside_others": round(1_600 / (5_200_000 / 3_500), 9),
        "below_control_total": None,
    }
    assert (by_size["index"], by_size["largest_per_head"]) == (0, 1_500)
    assert by_size["deprived_beside_others"] == 1
    assert next(iter(result.tables["policies_compared"]))["best_at"] == ""
    assert (
        result.value("equity_index/R/2025-26/plan/equal_call/by_fifth") == equal["index_by_fifth"]
    )
    by_score = result.figure("equity_index/R/2025-26/plan/equal_call/by_score")
    assert by_score is not None
    assert (by_score.value, by_score.unknown) == (None, "not_applicable")


def test_who_is_more_deprived_than_the_one_that_receives(tmp_path: Path) -> None:
    result = shared(tmp_path)
    found = {row["organisation"]: dict(row) for row in result.tables["who_pays_for_whom"]}
    assert list(found) == ["T", "A", "B", "C"]
    assert [row["role"] for row in found.values()] == ["receiver", *["giver"] * 3]
    assert [row["more_deprived_by_fifth"] for row in found.values()] == [False, True, False, False]
    assert {row["more_deprived_by_score"] for row in found.values()} == {None}
    said = (
        "By share of people in the most deprived fifth (15.0%) the receiver System T is less deprived "
        "than 1 of the 3 givers."
    )
    assert said in " ".join(result.words)


def test_without_the_people_of_one_nothing_a_head_is_told(tmp_path: Path) -> None:
    result = shared(tmp_path, BODIES.replace("B,System B,system,R,1000", "B,System B,system,R,"))
    equal, _ = result.tables["equity"]
    assert (equal["index"], equal["index_by_fifth"], equal["deprived_beside_others"]) == (None,) * 3
    assert "largest_per_head" not in equal
    assert equal["largest_share_of_allocation"] == 0.02
    index = result.figure("equity_index/R/2025-26/plan/equal_call")
    assert index is not None and (index.value, index.unknown) == (None, "not_stated")
    assert {f.organisation for f in result.findings if f.code == "EQUITY_INPUT_MISSING"} == {"B"}


def test_without_the_deprivation_of_one_none_is_held_beside_others(tmp_path: Path) -> None:
    result = shared(
        tmp_path, BODIES.replace("B,System B,system,R,1000,0.1", "B,System B,system,R,1000,")
    )
    equal, _ = result.tables["equity"]
    assert (equal["index"], equal["deprived_beside_others"]) == (None, None)
    assert equal["largest_per_head"] == 2_000
