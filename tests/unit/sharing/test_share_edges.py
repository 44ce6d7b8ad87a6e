"""Who is asked under which policy, what is said beside a division, and its edges, by hand."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from controltotal.core.result import Answer, Result
from controltotal.sharing import fairness
from controltotal.sharing.answer import ANY, Request, answer_share, payers_of
from controltotal.sharing.book import PayerInputs
from controltotal.sharing.fairness import CRITERIA, answer_equity, compare
from controltotal.sharing.fill import _settle, fill, split
from controltotal.sharing.loans import published_loans
from controltotal.sharing.policy import Payer, Payers, Shares, divide
from controltotal.sharing.show import Divided, _need, _over, raised
from controltotal.workings.workings import Workings
from tests.strategies import YEAR, Cells, amount, position_of

BODIES: list[Cells] = [
    {"code": "R", "name": "Region", "kind": "region"},
    *(
        {"code": code, "name": f"System {code}", "kind": "system", "parent": "R"}
        for code in ("S1", "S2", "S3")
    ),
]
HELP: Cells = {
    "id": "1",
    "from": "S2",
    "to": "S1",
    "year": YEAR,
    "amount": "1",
    "kind": "neighbour_support",
    "mechanism": "resource_transfer",
    "status": "agreed",
}


def shared(gap: int, opportunities: dict[str, int] | None = None, **asked: Any) -> Result:
    """What S1 is given by the two beside it, of which S2 has helped before."""
    rows = [amount(code, "allocation", 1_000) for code in ("S1", "S2", "S3")]
    tables: dict[str, list[Cells]] = {"organisations": BODIES, "amounts": rows, "transfers": [HELP]}
    request = Request(**{"year": YEAR, "receiver": "S1", **asked})
    return answer_share(Workings(position_of(tables)), gap, request, opportunities)


def shares(result: Result, policy: str) -> dict[str, object]:
    found = {}
    for one in result.figures:
        measure, code, *_, last = one.id.split("/")
        if measure == "share" and last == policy:
            found[code] = one.value
    return found


def test_nothing_is_asked_but_the_gap_unless_it_is_said() -> None:
    assert ANY.options("") == {"gap": 0, "policy": "all"}
    more = Request(gap=5, pot=True, spare=False, repay_years=3, benchmarks="2025-26")
    assert more.options("£m") == {
        "gap": 5,
        "policy": "all",
        "gap_read_in": "£m",
        "repay_years": 3,
        "pot": True,
        "no_spare": True,
        "benchmarks": "2025-26",
    }


def test_a_book_of_one_body_has_nobody_to_ask() -> None:
    alone = position_of({"organisations": BODIES[:1]})
    assert payers_of(alone, Request(year=YEAR)) == ()


def test_each_policy_asks_its_own_bodies() -> None:
    """Those beside the receiver; of neighbours the one that helps; a slice is cut from all three."""
    result = shared(300, policy="equal_call, neighbour_support, top_slice")
    assert shares(result, "equal_call") == {"S2": 150, "S3": 150}
    assert shares(result, "neighbour_support") == {"S2": 300}
    assert shares(result, "top_slice") == {"S1": 100, "S2": 100, "S3": 100}
    named = shared(300, policy="neighbour_support, top_slice", givers=("S3",))
    assert shares(named, "neighbour_support") == {"S3": 300}
    assert shares(named, "top_slice") == {"S3": 300}


def test_neighbour_support_is_paid_back_over_the_usual_years_and_others_only_where_asked() -> None:
    usual = shared(300, policy="equal_call, neighbour_support")
    paid = {one.id.split("/")[-1] for one in usual.figures if one.measure == "repayment"}
    assert paid == {"neighbour_support"}
    asked = shared(300, policy="equal_call, neighbour_support", repay_years=2)
    rows = [one for one in asked.figures if one.measure == "repayment"]
    assert {one.id.split("/")[-1] for one in rows} == {"equal_call", "neighbour_support"}
    assert {one.year for one in rows} == {"2027-28", "2028-29"}


def test_benchmark_data_are_said_with_their_period_sum_and_bodies() -> None:
    said = (
        "rapid_savings rests on benchmark data of 2025-26, not on the book: £9 over 2 bodies; net"
    )
    two = shared(300, {"S2": 600, "S3": 300}, policy="rapid_savings", benchmarks="2025-26")
    assert any(words.startswith(said) for words in two.words)
    own = shared(300, {"S1": 600, "S3": 300}, policy="rapid_savings", benchmarks="2025-26")
    assert any("over 2 bodies, the receiver among them; net" in words for words in own.words)
    silent = shared(300, {"S2": 600, "S3": 300}, policy="rapid_savings")
    assert not any("benchmark data" in words for words in silent.words)


def test_neighbour_support_is_for_neighbours_that_are_named() -> None:
    payers = Payers.of([Payer("A"), Payer("B")])
    found = divide("neighbour_support", 10, payers)
    assert (found.pence, found.reason) == (None, "no neighbours were named as givers")


# -- fairness ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(("words", "column", "more_is_better"), CRITERIA)
def test_of_burdens_the_least_is_best_and_of_the_index_the_most(
    words: str, column: str, more_is_better: bool
) -> None:
    assert more_is_better is (column == "index")
    low, high = compare([{"policy": "a", column: 1.0}, {"policy": "b", column: 2.0}])
    best, worst = (high, low) if column == "index" else (low, high)
    assert (best["best_at"], worst["worst_at"]) == (words, words)


def test_who_pays_is_told_of_the_first_policy_that_asks_somebody_else(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    told: list[tuple[str, ...]] = []
    monkeypatch.setattr(fairness, "_one", lambda *given: {"policy": "p"})
    monkeypatch.setattr(fairness, "_overlapping", lambda *given: None)
    monkeypatch.setattr(fairness, "_who_pays", lambda *given: told.append(given[4]))
    totals: Any = SimpleNamespace(position=SimpleNamespace(book_only=True))

    def one(*codes: str) -> Shares:
        return Shares("equal_call", codes, np.array([0] * len(codes), np.int64))

    def asked(receiver: str, *given: Shares) -> list[tuple[str, ...]]:
        told.clear()
        answer_equity(Answer("share", "book", {}), totals, YEAR, receiver, given, {}, "S")
        return list(told)

    assert asked("A", one("A", "B"), one(), one("B", "C"), one("D")) == [("B", "C")]
    assert asked("A", one("A")) == [()]
    assert asked("", one("B")) == []


# -- division ---------------------------------------------------------------------------------------


def column(*values: int) -> np.ndarray:
    return np.array(values, np.int64)


@pytest.mark.parametrize(("total", "weights"), [(1, (0, 0)), (-1, (1, 1)), (2**47, (1,))])
def test_a_sum_out_of_reach_or_nothing_to_divide_by_is_refused(
    total: int, weights: tuple[int, ...]
) -> None:
    with pytest.raises(AssertionError):
        split(total, column(*weights))
    assert split(2**47 - 1, column(1)).tolist() == [2**47 - 1]


def test_weights_too_large_for_doubles_are_divided_in_fractions() -> None:
    """Two equal weights of 2^59 make 2^60 together: too large, and still a half each."""
    found = fill(11, column(2**59, 2**59))
    assert found is not None and found.tolist() == [6, 5]
    with pytest.raises(AssertionError):
        split(11, column(2**59, 2**59))
    assert split(11, column(2**59, 2**59 - 1)).tolist() == [6, 5]


@pytest.mark.parametrize(
    ("low", "high", "on_floor", "on_ceiling", "shares"),
    [
        ((0, 0), (9, 9), (0, 0), (0, 0), [5, 5]),
        ((6, 0), (9, 9), (0, 0), (0, 0), None),  # five is below its floor
        ((0, 0), (4, 9), (0, 0), (0, 0), None),  # five is above its ceiling
        ((0, 0), (4, 9), (0, 0), (1, 0), [4, 6]),
        ((6, 0), (9, 9), (1, 0), (0, 0), [6, 4]),
        ((6, 4), (9, 9), (1, 1), (0, 0), [6, 4]),
        ((6, 5), (9, 9), (1, 1), (0, 0), None),  # eleven on floors
        ((6, 3), (9, 9), (1, 1), (0, 0), None),  # nine on floors, and nobody free
        ((11, 0), (11, 9), (1, 0), (0, 0), None),  # one floor is more than all
        ((0, 0), (9, 9), (0, 0), (1, 0), None),  # five would not pass a ceiling of nine
    ],
)
def test_who_stands_on_which_bound_is_checked_before_the_rest_is_divided(
    low: tuple[int, int],
    high: tuple[int, int],
    on_floor: tuple[int, int],
    on_ceiling: tuple[int, int],
    shares: list[int] | None,
) -> None:
    found = _settle(
        10,
        column(1, 1),
        column(*low),
        column(*high),
        np.array(on_floor, np.bool_),
        np.array(on_ceiling, np.bool_),
    )
    assert (None if found is None else found.tolist()) == shares


# -- what is shown ----------------------------------------------------------------------------------


def test_shares_of_heads_and_allocations_have_nine_decimals() -> None:
    assert _over(200, 3, 100) == 0.666666667
    assert _over(200, 3, 1) == 66.666666667
    assert (_over(None, 3, 1), _over(200, None, 1), _over(200, 0, 1)) == (None, None, None)
    assert _need(2, 3) == 0.666666667
    assert (_need(None, 3), _need(2, None), _need(2, 0)) == (None, None, None)


def test_the_case_for_raising_it_nationally_is_each_bodys_distance_and_need() -> None:
    answer = Answer("share", "book", {})
    totals: Any = SimpleNamespace(tree=SimpleNamespace(name=lambda code, year: f"Name {code}"))
    fair: Any = SimpleNamespace(pence=-70, share=-2 / 3)
    known = {
        "A": PayerInputs(
            Payer("A", population=3, weighted_population=2.0, deprivation=0.2, score=30.0),
            {},
            (),
            allocation=500,
            fair=fair,
        ),
        "B": PayerInputs(Payer("B", population=3, weighted_population=2.0), {}, (), need=1.5),
    }
    gap = Shares("raise_nationally", (), None, above=900)
    raised(answer, totals, Divided(YEAR), gap, known, "ENGLAND")
    result = answer.result()
    assert result.value(f"share/ENGLAND/{YEAR}/plan/raise_nationally") == 900
    first, second = (dict(row) for row in result.tables["national_case"])
    assert first == {
        "organisation": "A",
        "name": "Name A",
        "allocation": 500,
        "distance_from_target": -70,
        "distance_share": -0.666666667,
        "need_index": 0.666666667,
        "deprivation": 0.2,
        "score": 30.0,
    }
    assert (second["distance_share"], second["need_index"]) == (None, 1.5)


def test_published_loans_name_their_trust_and_kind() -> None:
    """The first row published: trust RBS drew and repaid £8 million in 2016/17."""
    rows = published_loans()
    assert {len(one.trust) for one in rows} == {3}
    assert all(one.trust.startswith(("R", "T")) for one in rows)
    assert {one.year for one in rows} == {"2016-17", "2017-18", "2018-19"}
    assert {one.category for one in rows} >= {"interim_revenue_support", "normal_course_capital"}
    first = rows[0]
    assert (first.trust, first.opening, first.drawn, first.repaid, first.closing) == (
        "RBS",
        0,
        800_000_000,
        800_000_000,
        0,
    )
