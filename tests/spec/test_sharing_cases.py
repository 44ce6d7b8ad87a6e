"""Worked cases of sharing, deciding and boundaries, with the arithmetic shown.

Figures from the published reports of 2019 and from areas of April 2021 and July 2022; councils
whose voting power was published.
"""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest

from controltotal import verbs
from controltotal.core.result import Result
from controltotal.governance.answer_boundaries import answer_boundaries, overlap
from controltotal.governance.boundaries import split_authorities
from controltotal.governance.power import Game, can_be_outvoted, power, smallest_winning
from controltotal.governance.votes import Rule, Vote, decide
from controltotal.sharing.policy import Payer, Payers, Shares, Terms, divide

MILLION = 100_000_000
EAST = Path(__file__).parents[2] / "examples" / "east-of-england-2019"
GIVERS = ("QH8", "QHG", "QJG", "QM7", "QMM")


@pytest.fixture(scope="module")
def equal_call() -> Result:
    return verbs.share(EAST, "£25m", from_=GIVERS, to="QUE", repay_years=3)


def test_a_top_slice_of_76_on_six_allocations() -> None:
    """76 / 9,500 = 0.80%: 12.8, 12.0, 11.2, 16.0, 13.6, 10.4."""
    sizes = {"A": 1600, "B": 1500, "C": 1400, "D": 2000, "E": 1700, "F": 1300}
    payers = Payers.of(Payer(code, allocation=size * MILLION) for code, size in sizes.items())
    shares = divide("top_slice", 76 * MILLION, payers).by_code()
    assert [shares[c] for c in "ABCDEF"] == [
        tenths * MILLION // 10 for tenths in (128, 120, 112, 160, 136, 104)
    ]


def test_five_neighbours_give_five_million_each(equal_call: Result) -> None:
    for code in GIVERS:
        assert equal_call.value(f"share/{code}/2019-20/plan/equal_call") == 5 * MILLION
        assert equal_call.value(f"share/{code}/2019-20/plan/neighbour_support") == 5 * MILLION


@pytest.mark.parametrize(
    ("mechanism", "stage", "receiver", "giver", "region"),
    [
        ("resource_transfer", "before", -167, -5, -76),
        ("resource_transfer", "after", -167, 0, -51),
        ("position_improvement", "before", -192, 0, -76),
        ("position_improvement", "after", -192, 5, -51),
    ],
)
def test_the_four_cases_of_support(
    equal_call: Result, mechanism: str, stage: str, receiver: int, giver: int, region: int
) -> None:
    rows = {
        (row["role"], row["organisation"]): row["pence"]
        for row in equal_call.tables["support_cases"]
        if (row["policy"], row["mechanism"], row["stage"]) == ("equal_call", mechanism, stage)
    }
    assert rows["receiver", "QUE"] == receiver * MILLION
    assert rows["region", "Y61"] == region * MILLION
    assert {rows["giver", code] for code in GIVERS} == {giver * MILLION}


def test_each_giver_is_repaid_to_the_penny_and_the_receiver_pays_their_sum() -> None:
    owed = verbs.share(EAST)
    for year, pence in (("2020-21", 166666667), ("2021-22", 166666667), ("2022-23", 166666666)):
        for code in GIVERS:
            assert owed.value(f"repayment/{code}/{year}/plan/T-{code}") == pence
        assert owed.value(f"repayment/QUE/{year}/plan") == 5 * pence
    assert owed.value("balance_owed/QUE/2019-20/plan") == 25 * MILLION
    assert owed.value("balance_owed/QUE/2022-23/plan") == 0


def test_who_pays_for_whom_depends_on_the_measure(equal_call: Result) -> None:
    """By score 17.0 is below four of five givers; by most deprived fifth below two only."""
    rows = equal_call.tables["who_pays_for_whom"]
    (receiver,) = [row for row in rows if row["role"] == "receiver"]
    assert round(receiver["score"], 1) == 17.0
    givers = [row for row in rows if row["role"] == "giver"]
    assert sum(row["more_deprived_by_score"] for row in givers) == 4
    assert sum(row["more_deprived_by_fifth"] for row in givers) == 2
    assert any(f.code == "EQUITY_MEASURES_DISAGREE" for f in equal_call.findings)
    said = " ".join(equal_call.words)
    assert "(17.0) is less deprived than 4 of the 5 givers" in said and "mixed" in said


def test_a_policy_without_its_inputs_gives_nothing_and_says_so() -> None:
    alone = verbs.share(EAST, "£25m", to="QUE", book_only=True)
    figure = alone.figure("share/QMM/2019-20/plan/top_slice")
    assert figure is not None and figure.value is None and figure.status == "indeterminate"
    said = [f.message for f in alone.findings if f.code == "SHARE_INPUT_MISSING"]
    assert any("top_slice needs an allocation" in message for message in said)


# Three payers, every policy worked by hand; money in £ million.
# allocation 1000, 600, 400; headroom 30, 0, 10; over target 8, -5, 4; most deprived fifth
# 10%, 30%, 20%; opportunity 12, 6, 2. Gap 20.
HAND = (
    Payer(
        "A", 1000 * MILLION, 30 * MILLION, 8 * MILLION, deprivation=0.1, opportunity=12 * MILLION
    ),
    Payer("B", 600 * MILLION, 0, -5 * MILLION, deprivation=0.3, opportunity=6 * MILLION),
    Payer("C", 400 * MILLION, 10 * MILLION, 4 * MILLION, deprivation=0.2, opportunity=2 * MILLION),
)


@pytest.mark.parametrize(
    ("policy", "expected"),
    [
        ("top_slice", (10, 6, 4)),  # 1% of each
        ("headroom", (15, 0, 5)),  # 20 x 30/40, 10/40
        ("distance_from_target", (12, 2.4, 5.6)),  # 8 and 4 first, the other 8 by 1000:600:400
        ("capped", (10, 6, 4)),  # the cap of 1% binds for each at once
        ("max_min_fair", (Fraction(100, 7), 0, Fraction(40, 7))),  # A and C bear 1/70 of 1,400
        (
            "deprivation_weighted",
            (Fraction(300, 22), Fraction(90, 22), Fraction(80, 22) - Fraction(30, 22)),
        ),
        ("rapid_savings", (12, 6, 2)),  # all of the opportunity
        ("equal_call", (Fraction(20, 3),) * 3),
    ],
)
def test_three_payers_by_hand(policy: str, expected: tuple[Fraction | float, ...]) -> None:
    if policy == "deprivation_weighted":
        # qbar 20%; factors 1 - 0.5 x (-0.5), 1 - 0.5 x 0.5, 1: 1250, 450, 400 of 2,100
        expected = (Fraction(20 * 1250, 2100), Fraction(20 * 450, 2100), Fraction(20 * 400, 2100))
    shares = divide(policy, 20 * MILLION, Payers.of(HAND))
    assert shares.pence is not None
    for pence, part in zip(shares.pence.tolist(), expected, strict=True):
        assert abs(pence - Fraction(part) * MILLION) < 1


def test_a_gap_beyond_what_all_may_bear_is_not_placed_in_part() -> None:
    short = divide("headroom", 41 * MILLION, Payers.of(HAND))
    assert short == Shares(
        "headroom",
        ("A", "B", "C"),
        None,
        short=MILLION,
        reason="what the payers may bear together is below the gap",
        at_most=(30 * MILLION, 0, 10 * MILLION),
    )
    raised = divide("raise_nationally", 41 * MILLION, Payers.of(HAND))
    assert raised.above == 41 * MILLION and raised.by_code() == {"A": 0, "B": 0, "C": 0}
    assert divide("neighbour_support", 1, Payers.of(HAND)).pence is None
    assert divide("neighbour_support", 1, Payers.of(HAND), Terms(neighbours=True)).by_code() == {
        "A": 1,
        "B": 0,
        "C": 0,
    }


# -- votes and power -------------------------------------------------------------------------------


def test_what_each_could_bear_is_told_where_all_together_do_not_reach() -> None:
    """Opportunities of 3, 2 and nothing against a gap of 10: 5 could be borne, 5 are short."""
    payers = Payers.of(
        Payer(code, allocation=100, opportunity=most)
        for code, most in (("A", 3), ("B", 2), ("C", 0))
    )
    shares = divide("rapid_savings", 10, payers)
    assert shares.pence is None
    assert shares.at_most == (3, 2, 0)
    assert sum(shares.at_most) + shares.short == 10
    assert divide("rapid_savings", 5, payers).at_most == ()


def test_three_members_hold_62_per_cent_of_weight_and_three_of_eight_heads() -> None:
    weights = (12, 6, 5, 4, 3, 3, 2, 2)
    votes = [
        Vote(f"B{n}", "for" if n < 3 else "against", Fraction(w)) for n, w in enumerate(weights)
    ]
    weighted = decide(Rule("weighted"), votes)
    assert weighted.passed and weighted.share_for == Fraction(23, 37)
    assert round(float(weighted.share_for), 3) == 0.622
    assert (weighted.votes_for, weighted.votes_against, weighted.heads_for) == (23, 14, 3)
    assert decide(Rule("majority"), votes).passed is False
    assert decide(Rule("double_majority"), votes).passed is False


@pytest.mark.parametrize(
    ("name", "weights", "quota", "banzhaf", "shapley"),
    [
        (  # Council of the European Communities, 1958 to 1972: Luxembourg never decides
            "six",
            (4, 4, 4, 2, 2, 1),
            12,
            ("5/21", "5/21", "5/21", "1/7", "1/7", "0"),
            ("7/30", "7/30", "7/30", "3/20", "3/20", "0"),
        ),
        (  # Council of the European Communities, 1973 to 1980
            "nine",
            (10, 10, 10, 10, 5, 5, 3, 3, 2),
            41,
            ("53/317",) * 4 + ("29/317",) * 2 + ("21/317",) * 2 + ("5/317",),
            ("5/28",) * 4 + ("17/210",) * 2 + ("2/35",) * 2 + ("1/105",),
        ),
        (  # Nassau County Board of Supervisors, 1964: three of six hold no power
            "nassau",
            (31, 31, 28, 21, 2, 2),
            58,
            ("1/3", "1/3", "1/3", "0", "0", "0"),
            ("1/3", "1/3", "1/3", "0", "0", "0"),
        ),
        (  # United Nations Security Council as a weighted vote: 7 each with veto, 1 each without
            "security",
            (7,) * 5 + (1,) * 10,
            39,
            ("106/635",) * 5 + ("21/1270",) * 10,
            ("421/2145",) * 5 + ("4/2145",) * 10,
        ),
    ],
)
def test_published_power_of_known_councils(name, weights, quota, banzhaf, shapley) -> None:
    found = power(Game(weights, quota))
    assert [str(member.banzhaf) for member in found] == list(banzhaf)
    assert [str(member.shapley_shubik) for member in found] == list(shapley)


def test_a_hundred_members_of_different_weight_are_counted_exactly() -> None:
    weights = tuple(range(1, 101))
    game = Game(weights[:60], sum(weights[:60]) // 2 + 1)
    found = power(game)
    assert sum(m.banzhaf for m in found) == sum(m.shapley_shubik for m in found) == 1
    assert [m.banzhaf for m in found] == sorted(m.banzhaf for m in found)
    assert found[-1].shapley_shubik < Fraction(1, 20)


def test_nine_councils_weighted_by_people() -> None:
    """The nine councils of Cheshire and Merseyside: who can be outvoted, and by how few.

    Weights are residents in mid-2020 (thousands) of the nine authorities within the system.
    """
    found = overlap("2021")
    people = found.people[found.systems.index("QYG")]
    councils = {
        code: int(n) // 1000
        for code, n in zip(found.authorities, people, strict=True)
        if n / found.people[:, found.authorities.index(code)].sum() > 0.5
    }
    assert len(councils) == 9
    weights = tuple(councils.values())
    game = Game(weights, sum(weights) // 2 + 1)
    assert smallest_winning(game) == 4
    assert all(can_be_outvoted(game, n) is not None for n in range(9)), "nobody holds a veto"
    indices = power(game)
    largest = max(range(9), key=lambda n: weights[n])
    assert indices[largest].banzhaf == max(member.banzhaf for member in indices)


# -- boundaries ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("vintage", "counts"),
    [
        ("2020", (23, 21, 19, 15, 13)),
        ("2021", (23, 21, 19, 15, 13)),
        ("2022", (16, 14, 11, 11, 9)),
    ],
)
def test_systems_in_breach_at_any_1_2_5_and_10_per_cent(
    vintage: str, counts: tuple[int, ...]
) -> None:
    for threshold, count in zip((0.0, 0.01, 0.02, 0.05, 0.1), counts, strict=True):
        result = answer_boundaries(None, vintage, threshold)
        assert result.value(f"breaches/ENGLAND/{vintage}/boundary") == count
        marked = [f for f in result.figures if f.measure == "breach" and f.value == 1]
        assert len(marked) == count


def test_authorities_split_in_2021() -> None:
    found = overlap("2021")
    assert len(split_authorities(found, 0.0)) == 14 and len(split_authorities(found, 0.02)) == 10
    result = answer_boundaries(None, "2021", 0.02)
    named = {
        "E10000012": 43.8,  # 43.84998%: four decimals of the share made 43.9 of it
        "E10000006": 36.0,
        "E10000030": 12.8,
        "E10000014": 12.1,
        "E10000023": 9.2,
    }
    for code, percent in named.items():
        share = result.value(f"population_split/{code}/2021/boundary")
        assert round(100 * float(share or 0), 1) == percent


def test_same_count_at_all_thresholds_from_one_and_a_half_to_four_per_cent() -> None:
    for threshold in (0.015, 0.02, 0.03, 0.04):
        result = answer_boundaries(None, "2021", threshold)
        assert result.value("breaches/ENGLAND/2021/boundary") == 19
