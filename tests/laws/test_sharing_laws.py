"""Laws of sharing: parts make the whole to the penny, within bounds, whatever the order of rows.

Beside the clever engine stand slow references: fractions for the division, linear programs for
max-min fairness, a list of instalments for repayment.
"""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from controltotal.sharing.fill import fill, fill_plainly, split
from controltotal.sharing.policy import POLICIES, Payer, Payers, Shares, Terms, divide
from controltotal.workings.repayment import (
    REPAID,
    WRITTEN_OFF,
    OverRepaid,
    Payment,
    Succession,
    Support,
    YearOwed,
    balance_at,
    claims,
    holders,
    outlook,
    roll_forward,
    schedule,
)

MONEY = st.one_of(st.integers(0, 20), st.integers(0, 10**6), st.integers(0, 10**12))


@st.composite
def divisions(draw: st.DrawFn) -> tuple[int, list[int], list[int], list[int]]:
    """A total, weights, floors and ceilings of one to seven payers."""
    count = draw(st.integers(1, 7))
    weights = draw(st.lists(MONEY, min_size=count, max_size=count))
    total = draw(MONEY)
    floors = draw(st.lists(st.integers(0, max(1, total // count)), min_size=count, max_size=count))
    rooms = draw(st.lists(st.integers(0, max(1, total)), min_size=count, max_size=count))
    return total, weights, floors, [f + r for f, r in zip(floors, rooms, strict=True)]


@given(divisions())
def test_fast_division_equals_fractions(case: tuple[int, list[int], list[int], list[int]]) -> None:
    total, weights, floors, ceilings = case
    columns = [np.array(column, np.int64) for column in (weights, floors, ceilings)]
    fast = fill(total, columns[0], columns[1], columns[2])
    plain = fill_plainly(total, weights, floors, ceilings)
    assert (fast is None) == (plain is None)
    if fast is not None and plain is not None:
        assert fast.tolist() == plain.tolist()
        assert sum(fast.tolist()) == total
        assert all(f <= s for f, s in zip(floors, fast.tolist(), strict=True))
        assert all(s <= c for w, s, c in zip(weights, fast.tolist(), ceilings, strict=True) if w)
    elif sum(weights):
        most = sum(c if w else f for w, f, c in zip(weights, floors, ceilings, strict=True))
        assert not sum(floors) <= total <= most, "no answer only where none exists"


@given(st.integers(0, 10**13), st.lists(st.integers(0, 10**12), min_size=1, max_size=60))
def test_split_gives_each_its_quota_within_a_penny(total: int, weights: list[int]) -> None:
    assume(sum(weights) > 0)
    parts = split(total, np.array(weights, np.int64)).tolist()
    assert sum(parts) == total
    for part, weight in zip(parts, weights, strict=True):
        assert abs(part - Fraction(total * weight, sum(weights))) < 1


@st.composite
def bodies(draw: st.DrawFn) -> list[Payer]:
    """One to eight payers with every input."""
    count = draw(st.integers(1, 8))
    found = []
    for n in range(count):
        floor = draw(st.one_of(st.just(0), st.integers(0, 10**6)))
        found.append(
            Payer(
                f"Q{n:02d}",
                allocation=draw(st.integers(0, 5 * 10**11)),
                headroom=draw(st.integers(-(10**9), 10**10)),
                distance=draw(st.integers(-(10**9), 10**9)),
                population=draw(st.integers(1, 3 * 10**6)),
                deprivation=draw(st.integers(0, 1000)) / 1000,
                score=draw(st.integers(50, 600)) / 10,
                opportunity=draw(st.integers(0, 10**10)),
                floor=floor,
                ceiling=draw(st.one_of(st.none(), st.integers(floor, 10**11))),
            )
        )
    return found


TERMS = Terms(neighbours=True)


def placed(shares: Shares) -> list[int]:
    assert shares.pence is not None
    return shares.pence.tolist()


@given(bodies(), st.integers(0, 10**11), st.randoms(use_true_random=False))
def test_every_policy_is_exact_bounded_and_blind_to_order(payers, gap, random) -> None:
    by_code = {payer.code: payer for payer in payers}
    shuffled = list(payers)
    random.shuffle(shuffled)
    for policy in POLICIES:
        shares = divide(policy, gap, Payers.of(payers), TERMS)
        again = divide(policy, gap, Payers.of(shuffled), TERMS)
        assert shares.by_code() == again.by_code()
        if shares.pence is None:
            assert shares.short > 0 or shares.excess > 0 or shares.crossed, policy
            continue
        assert sum(placed(shares)) + shares.above == gap, policy
        if policy == "raise_nationally":
            continue
        for code, pence in shares.by_code().items():
            payer = by_code[code]
            assert pence is not None and pence >= payer.floor
            assert payer.ceiling is None or pence <= payer.ceiling
            if policy in ("headroom", "max_min_fair") and pence:
                assert pence <= max(0, payer.headroom or 0), "nobody pushed below"
            if policy == "rapid_savings":
                assert pence <= max(0, payer.opportunity or 0)
            if policy == "capped":
                assert pence <= (payer.allocation or 0) * 0.01 + 1e-6


@given(bodies(), st.integers(0, 10**11))
def test_distance_from_target_asks_those_over_target_first(payers, gap) -> None:
    free = [Payer(p.code, allocation=p.allocation, distance=p.distance) for p in payers]
    shares = divide("distance_from_target", gap, Payers.of(free))
    over = sum(max(0, p.distance or 0) for p in free)
    assume(shares.pence is not None)
    for payer, pence in zip(free, placed(shares), strict=True):
        if gap <= over:
            assert pence <= max(0, payer.distance or 0)
        else:
            assert pence >= max(0, payer.distance or 0)


@given(
    st.lists(st.tuples(st.integers(1, 10**6), st.integers(0, 10**6)), min_size=1, max_size=5),
    st.integers(1, 100),
)
def test_max_min_fair_equals_linear_programs(rows: list[tuple[int, int]], percent: int) -> None:
    from scipy.optimize import linprog

    room = sum(high for _, high in rows)
    gap = room * percent // 100
    assume(gap > 0)
    shares = divide(
        "max_min_fair",
        gap,
        Payers.of(Payer(f"Q{n}", allocation=a, headroom=h) for n, (a, h) in enumerate(rows)),
    )
    fixed: dict[int, float] = {}
    while len(fixed) < len(rows):  # fix, level by level, whoever cannot pay a larger share
        free = [n for n in range(len(rows)) if n not in fixed]
        bounds = [
            (fixed[n], fixed[n]) if n in fixed else (0, high) for n, (_, high) in enumerate(rows)
        ]
        cost = [0.0] * len(rows) + [1.0]
        upper = [[0.0] * (len(rows) + 1) for _ in free]
        for line, n in zip(upper, free, strict=True):
            line[n], line[-1] = 1.0, -float(rows[n][0])
        answer = linprog(
            cost,
            A_ub=upper,
            b_ub=[0.0] * len(free),
            A_eq=[[1.0] * len(rows) + [0.0]],
            b_eq=[gap],
            bounds=[*bounds, (0, None)],
            method="highs",
        )
        assert answer.success
        level = answer.fun
        capped = [n for n in free if rows[n][1] <= level * rows[n][0] + 1e-6]
        for n in capped or free:
            fixed[n] = min(rows[n][1], level * rows[n][0])
    assert shares.pence is not None
    for n, pence in enumerate(placed(shares)):
        assert abs(pence - fixed[n]) < 1.01, (rows, gap, placed(shares), fixed)


@given(bodies(), st.integers(0, 10**9))
def test_ten_times_the_money_is_ten_times_the_share(payers, gap) -> None:
    small = [Payer(p.code, allocation=p.allocation, headroom=p.headroom) for p in payers]
    large = [
        Payer(p.code, allocation=10 * (p.allocation or 0), headroom=10 * (p.headroom or 0))
        for p in payers
    ]
    for policy in ("top_slice", "headroom", "max_min_fair"):
        one = divide(policy, gap, Payers.of(small))
        ten = divide(policy, 10 * gap, Payers.of(large))
        assert (one.pence is None) == (ten.pence is None)
        if one.pence is not None:
            pairs = zip(placed(one), placed(ten), strict=True)
            assert all(abs(10 * a - b) <= 10 for a, b in pairs)


# -- repayment -------------------------------------------------------------------------------------

SUPPORTS = st.builds(
    Support,
    transfer=st.just("T1"),
    giver=st.just("GIVER"),
    receiver=st.just("TAKER"),
    year=st.just("2019-20"),
    pence=st.integers(0, 10**12),
    years=st.integers(1, 12),
    first_year=st.sampled_from(["", "2020-21", "2021-22", "2024-25"]),
    interest=st.sampled_from([Fraction(0), Fraction(3, 200)]),
)


def assert_rolls_forward(rows: tuple[YearOwed, ...], lent: int) -> None:
    opening = lent
    for row in rows:
        assert row.opening == opening
        assert row.closing == row.opening - row.repaid - row.written_off >= 0
        opening = row.closing


@given(SUPPORTS)
def test_a_schedule_repays_what_was_lent(support: Support) -> None:
    rows = schedule(support)
    assert_rolls_forward(rows, support.pence)
    assert sum(row.repaid for row in rows) == support.pence and rows[-1].closing == 0
    paid = [row.repaid for row in rows if row.year >= support.starts]
    assert paid == sorted(paid, reverse=True) and paid[0] - paid[-1] <= 1
    assert len(paid) == support.years


@given(
    SUPPORTS,
    st.lists(
        st.tuples(
            st.sampled_from(["2020-21", "2021-22", "2023-24", "2026-27"]),
            st.sampled_from([REPAID, WRITTEN_OFF]),
            st.integers(0, 10**12),
        ),
        max_size=4,
    ),
)
def test_what_happened_and_what_follows_never_lose_a_penny(support, facts) -> None:
    payments = [Payment("T1", *fact) for fact in facts]
    if sum(payment.pence for payment in payments) > support.pence:
        with pytest.raises(OverRepaid):
            roll_forward(support, payments)
        return
    happened, ahead = roll_forward(support, payments), outlook(support, payments)
    assert_rolls_forward(happened, support.pence)
    assert_rolls_forward(ahead, support.pence)
    last = max((row.year for row in schedule(support)), default="")
    if not happened or happened[-1].year < last:
        assert not ahead or ahead[-1].closing == 0, "what is left falls in the years agreed"


@st.composite
def histories(draw: st.DrawFn) -> list[Succession]:
    """Mergers and divisions among a few bodies at up to three dates."""
    found = []
    for year in sorted(draw(st.sets(st.integers(2020, 2026), max_size=3))):
        on = date(year, 4, 1)
        for body in draw(st.sets(st.sampled_from(["GIVER", "TAKER", "A", "B", "C"]), max_size=3)):
            heirs = draw(st.lists(st.sampled_from("ABCD"), min_size=1, max_size=3, unique=True))
            parts = draw(st.lists(st.integers(1, 9), min_size=len(heirs), max_size=len(heirs)))
            for heir, part in zip(heirs, parts, strict=True):
                if heir != body:
                    found.append(Succession(body, heir, on, Fraction(part, 10)))
    return found


@given(SUPPORTS, histories(), st.dates(date(2019, 4, 1), date(2033, 4, 1)))
def test_claims_follow_bodies_without_losing_a_penny(support, heirs, on) -> None:
    rows = schedule(support)
    standing = balance_at(support, rows, on, heirs)
    due = sum(row.repaid for row in rows if date(int(row.year[:4]) + 1, 3, 31) > on)
    assert sum(claim.pence for claim in standing) == due
    assert all(claim.pence >= 0 for claim in standing)
    shares = holders("GIVER", on, heirs)
    assert sum(shares.values()) == 1 and all(share > 0 for share in shares.values())
    for pence in (0, 1, 99, support.pence):
        assert sum(c.pence for c in claims(support, pence, on, heirs)) == pence


@given(SUPPORTS)
def test_a_merged_payers_balance_follows_its_successor_to_the_penny(support: Support) -> None:
    merger = [Succession("GIVER", "HEIR", date(2022, 4, 1))]
    rows = schedule(support)
    for on in (date(2022, 3, 31), date(2022, 4, 1), date(2030, 1, 1)):
        (before,) = balance_at(support, rows, on)
        (after,) = balance_at(support, rows, on, merger)
        assert after.pence == before.pence and after.debtor == "TAKER"
        assert after.creditor == ("GIVER" if on < date(2022, 4, 1) else "HEIR")


@pytest.mark.soak
def test_a_million_generated_divisions_sum_to_the_gap() -> None:
    """Every policy, a hundred thousand sets of payers each, drawn from one seed."""
    draw = np.random.default_rng(20190605)
    for _ in range(100_000):
        count = int(draw.integers(1, 13))
        size = 10 ** int(draw.integers(1, 12))
        column = draw.integers(0, size + 1, (6, count))
        floors = column[4] // (4 * count) if draw.random() < 0.3 else np.zeros(count, np.int64)
        ceilings = floors + column[5] if draw.random() < 0.3 else None
        gap = int(draw.integers(0, size * count // 2 + 2))
        rows = [
            Payer(
                f"Q{n:02d}",
                allocation=int(column[0, n]),
                headroom=int(column[1, n]) - size // 9,
                distance=int(column[2, n]) - size // 2,
                opportunity=int(column[3, n]),
                deprivation=float(column[3, n] / (size + 1)),
                floor=int(floors[n]),
                ceiling=None if ceilings is None else int(ceilings[n]),
            )
            for n in range(count)
        ]
        payers = Payers.of(rows)
        order = draw.permutation(count)
        turned = Payers.of([rows[n] for n in order])
        for policy in POLICIES:
            shares = divide(policy, gap, payers, TERMS)
            assert shares.by_code() == divide(policy, gap, turned, TERMS).by_code()
            if shares.pence is None:
                assert shares.short > 0 or shares.excess > 0 or shares.crossed
                continue
            assert int(shares.pence.sum()) + shares.above == gap
            if policy != "raise_nationally":
                assert (shares.pence >= floors).all()
