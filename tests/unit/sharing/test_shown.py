"""What a division shows: repayments, the three mechanisms, findings and sentences, worked by hand."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from controltotal.core.result import Answer, Result
from controltotal.sharing.book import PayerInputs
from controltotal.sharing.policy import ALL_SPARED, NOBODY, Payer, Shares
from controltotal.sharing.show import (
    Divided,
    _by_how_much,
    cases,
    figures,
    not_placed,
    repayments,
    words,
)
from controltotal.workings.workings import Workings
from tests.strategies import YEAR, Cells, amount, position_of

M = 100_000_000
"""£1 million in pence."""


def column(*pence: int) -> np.ndarray:
    return np.array(pence, np.int64)


def given(policy: str = "equal_call", **pence: int) -> Shares:
    return Shares(policy, tuple(pence), column(*pence.values()))


def answer() -> Answer:
    return Answer("share", "book", {})


# -- figures ---------------------------------------------------------------------------------------


def test_a_share_is_shown_a_head_and_of_the_allocation_with_what_each_rests_on() -> None:
    payer = Payer("A", population=4, weighted_population=8.0, headroom=700, allocation=5)
    entries = {"population": (3,), "allocation": (4,), "headroom": (5,)}
    known = {"A": PayerInputs(payer, entries, ("gap/A",), allocation=2_000)}
    made = answer()
    figures(made, Divided(YEAR, (77,), ("gap/S",)), given("headroom", A=400), known, ("a label",))
    result = made.result()
    name = f"A/{YEAR}/plan/headroom"
    assert result.value(f"share/{name}") == 400
    assert result.value(f"share_per_head/{name}") == 1.0  # £4 for four
    assert result.value(f"share_per_weighted_head/{name}") == 0.5
    assert result.value(f"share_of_allocation/{name}") == 0.2
    assert result.trace[f"share/{name}"].inputs == ("gap/S", "gap/A")
    assert result.trace[f"share/{name}"].parameters == ("a label",)
    assert result.trace[f"share/{name}"].entries == (5, 77)
    assert result.trace[f"share_per_head/{name}"].entries == (3,)
    assert result.trace[f"share_of_allocation/{name}"].entries == (4,)
    assert result.trace[f"share_per_head/{name}"].inputs == (f"share/{name}",)
    (row,) = result.tables["shares"]
    assert (row["headroom_before"], row["headroom_after"]) == (700, 300)
    plain = answer()
    figures(plain, Divided(YEAR), given(A=400), {"A": PayerInputs(Payer("A"), {}, ("gap/A",))})
    shown = plain.result()
    assert shown.trace[f"share/A/{YEAR}/plan/equal_call"].inputs == ()
    bare = shown.figure(f"share_per_head/A/{YEAR}/plan/equal_call")
    assert bare is not None and (bare.value, bare.unknown) == (None, "not_stated")
    assert shown.tables["shares"][0]["headroom_after"] is None


# -- repayments ------------------------------------------------------------------------------------


def test_what_is_lent_comes_back_in_equal_instalments_to_each_giver() -> None:
    """5 and 4 over three years: 2, 2, 1 and 2, 1, 1; what the receiver bears itself is no loan."""
    made = answer()
    repayments(made, YEAR, given("neighbour_support", A=5, B=4, R=9), "R", 3, ("years",))
    result = made.result()
    found = {(one.measure, one.organisation, one.year): one.value for one in result.figures}
    years = ("2027-28", "2028-29", "2029-30")
    for code, parts, left in (("A", (2, 2, 1), (3, 1, 0)), ("B", (2, 1, 1), (2, 1, 0))):
        lent = sum(parts)
        assert found["balance_owed", code, YEAR] == lent
        assert tuple(found["repayment", code, year] for year in years) == parts
        assert tuple(found["balance_owed", code, year] for year in years) == left
    assert found["balance_owed", "R", YEAR] == 9
    assert tuple(found["repayment", "R", year] for year in years) == (4, 3, 2)
    assert tuple(found["balance_owed", "R", year] for year in years) == (5, 2, 0)
    whole = result.trace["repayment/R/2027-28/plan/neighbour_support"]
    assert whole.inputs == tuple(
        f"repayment/{code}/2027-28/plan/neighbour_support" for code in ("A", "B")
    )
    assert result.trace["repayment/A/2027-28/plan/neighbour_support"].parameters == ("years",)
    nobody = answer()
    repayments(nobody, YEAR, given(A=5), "", 1)
    assert {one.organisation for one in nobody.result().figures} == {"A"}


# -- mechanisms ------------------------------------------------------------------------------------

TREE: list[Cells] = [
    {"code": "G", "name": "Region", "kind": "region"},
    {"code": "S", "name": "System", "kind": "system", "parent": "G"},
    *({"code": c, "name": f"Trust {c}", "kind": "provider", "parent": "S"} for c in "ABR"),
]


def mechanisms(receiver: str = "R", **pence: int) -> dict[tuple[str, str, str, str], object]:
    """Of bodies that plan nothing but R, which plans a deficit of £10."""
    rows = [amount("A", "position", 0), amount("B", "position", 0), amount("R", "position", -10)]
    totals = Workings(position_of({"organisations": TREE, "amounts": rows})).totals
    made = answer()
    cases(made, totals, YEAR, given(**pence), receiver)
    return {
        (str(row["mechanism"]), str(row["stage"]), str(row["role"]), str(row["organisation"])): row[
            "pence"
        ]
        for row in made.result().tables["support_cases"]
    }


def test_money_that_moves_lowers_the_giver_and_lifts_the_receiver() -> None:
    found = mechanisms(A=400, B=300)
    transfer = {key[1:]: pence for key, pence in found.items() if key[0] == "resource_transfer"}
    assert transfer == {
        ("before", "giver", "A"): -400,
        ("before", "giver", "B"): -300,
        ("before", "receiver", "R"): -300,  # (1,000) and 700 more
        ("before", "system", "S"): -1_000,
        ("before", "region", "G"): -1_000,
        ("after", "giver", "A"): 0,
        ("after", "giver", "B"): 0,
        ("after", "receiver", "R"): -300,
        ("after", "system", "S"): -300,
        ("after", "region", "G"): -300,
    }


def test_a_better_position_or_a_smaller_allocation_lifts_the_giver_or_is_held_above() -> None:
    found = mechanisms(A=400, R=300)
    better = {key[1:]: p for key, p in found.items() if key[0] == "position_improvement"}
    assert better["before", "giver", "A"] == 0 and better["after", "giver", "A"] == 400
    assert (better["before", "receiver", "R"], better["after", "receiver", "R"]) == (-1_000, -700)
    less = {key[1:]: p for key, p in found.items() if key[0] == "allocation_reduction"}
    assert (less["before", "giver", "A"], less["after", "giver", "A"]) == (-400, 0)
    assert (less["before", "receiver", "R"], less["after", "receiver", "R"]) == (-1_300, -1_000)
    assert less["before", "held", "S"] == 700 and less["after", "placed", "R"] == 0
    transfer = {key[1:]: p for key, p in found.items() if key[0] == "resource_transfer"}
    assert transfer["before", "receiver", "R"] == -1_000 + 400 - 300
    alone = mechanisms(receiver="", A=400)
    assert not [key for key in alone if key[2] == "receiver"]


# -- findings --------------------------------------------------------------------------------------

KNOWN = {code: PayerInputs(Payer(code), {}, (), row=n) for n, code in enumerate("AB", start=2)}


def told(shares: Shares, gap: int = 5 * M) -> Result:
    made = answer()
    not_placed(made, shares, gap, KNOWN)
    return made.result()


def test_what_a_policy_lacks_is_told_once_for_the_same_bodies() -> None:
    missing = {"allocation": ("A", "B"), "deprivation": ("A",), "opportunity": ("B",)}
    lacking = Shares("capped", ("A", "B"), None, missing=missing)
    (found,) = told(lacking).findings
    assert (found.code, found.organisation, found.where) == (
        "SHARE_INPUT_MISSING",
        "A",
        "organisations row 2, row 3",
    )
    assert found.message.startswith("The policy capped needs ") and "A, B." in found.message
    assert found.action.endswith("another policy; --pot takes a provider's income.")
    apart = {"deprivation": ("A",), "opportunity": ("B",)}
    both = told(Shares("capped", ("A", "B"), None, missing=apart)).findings
    assert [one.organisation for one in both] == ["A", "B"]
    assert told(given(A=1)).findings == ()


@pytest.mark.parametrize(
    ("shares", "message", "found"),
    [
        (
            {"short": M, "reason": "the payers cannot bear it"},
            "The policy capped cannot place £5.0 million: the payers cannot bear it by £1.0 million.",
            "£1.0 million",
        ),
        (
            {"excess": 2 * M, "reason": "the floors exceed the gap"},
            "The policy capped cannot place £5.0 million: the floors exceed the gap by £2.0 million.",
            "£2.0 million",
        ),
        (
            {"crossed": ("A", "B"), "reason": "a floor is above a ceiling"},
            "The policy capped cannot place £5.0 million: a floor is above a ceiling for A, B.",
            "A, B",
        ),
    ],
)
def test_what_cannot_be_placed_says_by_how_much_or_for_whom(
    shares: dict[str, Any], message: str, found: str
) -> None:
    (one,) = told(Shares("capped", ("A", "B"), None, **shares)).findings
    assert (one.code, one.message, one.found) == ("SHARE_NOT_PLACED", message, found)
    assert one.expected == "room for £5.0 million"
    assert one.organisation == ", ".join(shares.get("crossed", ()))


@pytest.mark.parametrize(
    ("reason", "expected"),
    [
        ("no neighbours were named as givers", "givers"),
        ("there is nobody to pay", "at least one payer"),
        ("an allocation is below nil", "allocations of nil or more"),
    ],
)
def test_a_policy_without_an_answer_says_what_it_needs(reason: str, expected: str) -> None:
    (one,) = told(Shares("capped", (), None, reason=reason)).findings
    assert (one.code, one.expected, one.found) == ("SHARE_INPUT_MISSING", expected, reason)
    assert one.message == f"The policy capped gives no answer: {reason}."


@pytest.mark.parametrize("reason", [NOBODY, ALL_SPARED])
def test_where_nobody_pays_nothing_is_short(reason: str) -> None:
    assert _by_how_much(Shares("capped", (), None, reason=reason), 7) == "."


# -- sentences -------------------------------------------------------------------------------------


def sentences(*shares: Shares, receiver: str = "") -> tuple[str, ...]:
    totals: Any = SimpleNamespace(tree=SimpleNamespace(name=lambda code, year: f"Trust {code}"))
    made = answer()
    words(made, totals, 5 * M, YEAR, receiver, shares)
    return made.result().words


@pytest.mark.parametrize(
    ("shares", "said"),
    [
        (
            given(A=3 * M, B=2 * M),
            "equal_call: Trust A bears most, £3.0 million, and Trust B least, £2.0 million.",
        ),
        (
            given(A=5 * M, B=0),
            "equal_call: Trust A bears most, £5.0 million, and Trust B least, nothing.",
        ),
        (given(A=250_000_001, B=250_000_000), "equal_call: each of 2 bears £2.5 million."),
        (given(A=5, B=3), "equal_call: Trust A bears most, £0.05, and Trust B least, £0.03."),
        (
            Shares("equal_call", ("A", "B", "C"), column(3 * M, 2 * M, 0), spared=("C",)),
            "equal_call: Trust A bears most, £3.0 million, and Trust B least, £2.0 million.",
        ),
        (
            Shares("raise_nationally", ("A",), column(0), above=5 * M),
            "raise_nationally: nothing is divided; the whole stands at the level above.",
        ),
        (
            Shares("capped", ("A", "B"), None, short=2 * M, reason="below", at_most=(2 * M, M)),
            "capped: it does not reach; the 2 together could bear £3.0 million, £2.0 million less than "
            "the whole: Trust A most, £2.0 million, and Trust B least, £1.0 million.",
        ),
        (
            Shares("capped", ("A", "B"), None, short=2 * M, reason="below", at_most=(3 * M, 0)),
            "capped: it does not reach; the 2 together could bear £3.0 million, £2.0 million less than "
            "the whole.",
        ),
        (
            Shares("capped", ("A",), None, short=2 * M, reason="below", at_most=(3 * M,)),
            "capped: it does not reach; the one asked could bear £3.0 million, £2.0 million less than "
            "the whole.",
        ),
        (
            Shares("capped", ("A",), None, reason="an input is missing"),
            "capped: no answer, because an input is missing.",
        ),
        (
            Shares("capped", ("A",), None, reason="all is short", short=M),
            "capped: no answer, because all is short by £1.0 million.",
        ),
    ],
)
def test_who_bears_most_and_least_under_a_policy(shares: Shares, said: str) -> None:
    first, second = sentences(shares)
    assert first == "£5.0 million in 2026/27, divided under 1 policy."
    assert second == said


def test_the_first_sentence_names_for_whom_and_how_many_policies() -> None:
    found = sentences(given(A=1), given(A=1), receiver="R")
    assert found[0] == "£5.0 million for Trust R in 2026/27, divided under 2 policies."
    nobody = Shares("equal_call", (), column())
    assert len(sentences(nobody)) == 1
