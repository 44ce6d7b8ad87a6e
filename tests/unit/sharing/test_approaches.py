"""Three approaches to one gap in a table: who pays, how much, whether it returns, what is not known."""

from __future__ import annotations

import numpy as np
import pytest

from controltotal.core.result import Answer
from controltotal.sharing.approaches import (
    Asked,
    _not_known,
    _repaid,
    _who,
    answer_approaches,
)
from controltotal.sharing.policy import BELOW, Shares
from tests.strategies import Cells, position_of

YEAR = "2026-27"
ASKED = Asked(YEAR, "T", 3)
POSITION = position_of({"organisations": [{"code": "T", "name": "T", "kind": "system"}]})


def shares(policy: str = "top_slice", spared: tuple[str, ...] = (), **pence: int) -> Shares:
    return Shares(
        policy, tuple(pence), np.array(list(pence.values()), dtype=np.int64), spared=spared
    )


def not_placed(policy: str, **more: object) -> Shares:
    return Shares(policy, ("A", "B"), None, **more)  # type: ignore[arg-type]


def test_the_three_stand_side_by_side_with_the_least_and_the_most() -> None:
    answer = Answer("share", "book", {})
    given = [
        shares("top_slice", A=300, B=500, T=100),
        shares("neighbour_support", A=450, B=450),
        shares("rapid_savings", A=0, B=900),
        shares("equal_call", A=450, B=450),
    ]
    answer_approaches(answer, POSITION, ASKED, given)
    rows = {row["policy"]: dict(row) for row in answer.result().tables["approaches"]}
    assert list(rows) == ["top_slice", "neighbour_support", "rapid_savings"]
    ends = {name: (row["least_pence"], row["most_pence"]) for name, row in rows.items()}
    assert ends == {
        "top_slice": (100, 500),
        "neighbour_support": (450, 450),
        "rapid_savings": (900, 900),
    }
    assert [row["when"] for row in rows.values()] == [
        "2026/27, when allocations are cut",
        "2026/27, when the help is given",
        "2026/27, as far as savings are made by its end",
    ]


@pytest.mark.parametrize(
    ("policies", "told"),
    [
        (("top_slice", "neighbour_support", "rapid_savings"), True),
        (("top_slice", "neighbour_support"), False),
        (("top_slice", "neighbour_support", "equal_call"), False),
    ],
)
def test_there_is_a_table_only_where_all_three_were_worked_out(
    policies: tuple[str, ...], told: bool
) -> None:
    answer = Answer("share", "book", {})
    answer_approaches(answer, POSITION, ASKED, [shares(name, A=1) for name in policies])
    assert ("approaches" in answer.result().tables) is told


NINE = dict.fromkeys("ABCDEFGHI", 1)
EIGHT = dict.fromkeys("ABCDEFGH", 1)


@pytest.mark.parametrize(
    ("given", "who"),
    [
        (shares(A=5), "1 body (A)"),
        (shares(A=5, B=0, C=5), "2 bodies (A, C)"),
        (shares(A=5, T=5), "2 bodies, the receiver too (A, T)"),
        (shares(A=0), "nobody"),
        (shares("neighbour_support", A=0), "nobody is named"),
        (shares(spared=("B",), A=5, B=0), "1 body (A); spared: B"),
        (not_placed("top_slice", spared=("B",)), "1 body (A); spared: B"),
        (not_placed("top_slice"), "2 bodies (A, B)"),
        (shares(**EIGHT), "8 bodies (A, B, C, D, E, F, G, H)"),
        (shares(**NINE), "9 bodies (A, B, C, D, E, F, G, H and others)"),
    ],
)
def test_who_pays_in_a_few_words(given: Shares, who: str) -> None:
    assert _who(given.policy, given, "T") == who


@pytest.mark.parametrize(
    ("given", "repaid"),
    [
        (shares("top_slice", A=5), "no: what is cut is not lent"),
        (shares("rapid_savings", A=5), "no: nothing is lent; it lasts where the savings recur"),
        (
            shares("neighbour_support", A=500_000_000, B=500_000_000, T=7),
            "yes: 2027/28 to 2029/30, £1.67 million a year to each",
        ),
        (shares("neighbour_support", A=3, B=4), "yes: 2027/28 to 2029/30"),
        (not_placed("neighbour_support"), "yes: 2027/28 to 2029/30"),
    ],
)
def test_what_comes_back(given: Shares, repaid: str) -> None:
    assert _repaid(given.policy, given, ASKED) == repaid


SERVICES = "what services would stop"


@pytest.mark.parametrize(
    ("given", "unknown"),
    [
        (shares("top_slice", A=5), SERVICES),
        (shares("equal_call", A=5), ""),
        (shares("rapid_savings", A=5), "how much of it can be made within the year"),
        (
            not_placed(
                "top_slice", missing={"allocation": ("A", "B")}, reason="an input is missing"
            ),
            f"an allocation for the year of A, B; {SERVICES}",
        ),
        (
            not_placed("top_slice", short=500_000_000, reason=BELOW),
            f"where the other £5.0 million would come from; {SERVICES}",
        ),
        (
            not_placed("top_slice", short=500_000_000, reason="all are spared"),
            f"all are spared; {SERVICES}",
        ),
        (
            not_placed("top_slice", reason="a floor is above a ceiling"),
            f"a floor is above a ceiling; {SERVICES}",
        ),
    ],
)
def test_what_cannot_be_told(given: Shares, unknown: str) -> None:
    assert _not_known(given.policy, given, POSITION, ASKED) == unknown


@pytest.mark.parametrize(
    ("rows", "unknown"),
    [
        ([], "interest; whether the receiver can pay it back"),
        ([{"status": "agreed"}], "interest; whether the receiver can pay it back"),
        ([{"status": "agreed", "interest": "0.01"}], "whether the receiver can pay it back"),
        (
            [{"status": "proposed", "interest": "0.01"}, {"status": "agreed"}],
            "whether it is agreed; whether the receiver can pay it back",
        ),
        (
            [{"status": "proposed", "to": "A", "from": "T"}],
            "interest; whether the receiver can pay it back",
        ),
    ],
)
def test_what_the_transfers_of_the_book_leave_open(rows: list[Cells], unknown: str) -> None:
    given: Cells = {
        "from": "A",
        "to": "T",
        "year": YEAR,
        "amount": "5",
        "kind": "neighbour_support",
        "mechanism": "resource_transfer",
    }
    bodies = [{"code": code, "name": code, "kind": "system"} for code in "AT"]
    transfers = [{**given, "id": str(n), **row} for n, row in enumerate(rows)]
    position = position_of({"organisations": bodies, "transfers": transfers})
    found = _not_known("neighbour_support", shares("neighbour_support", A=5), position, ASKED)
    assert found == unknown
