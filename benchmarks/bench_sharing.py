"""Sharing a gap among 1,000 payers: every policy, and max-min fairness beside other ways.

The peers do max-min fairness with ceilings: root finding on the level (scipy), a linear program for
the first level (HiGHS through scipy), and plain fractions. Root finding gives real numbers that do
not yet sum to the penny.
"""

from __future__ import annotations

import random
from collections.abc import Callable

import numpy as np
from scipy.optimize import brentq, linprog

from controltotal.sharing.fill import fill_plainly
from controltotal.sharing.policy import POLICIES, Payer, Payers, Terms, divide
from harness import Peer, Timing, race, write_section

PAYERS = 1_000
TIMES = 200
"""Calls in one timed round, so that a call of a tenth of a millisecond can be read."""


def payers() -> Payers:
    """Made-up payers from one seed: allocations of £50m to £5bn, some below their control total."""
    draw = random.Random(2019)
    rows = []
    for n in range(PAYERS):
        allocation = draw.randrange(5 * 10**9, 5 * 10**11)
        rows.append(
            Payer(
                f"P{n:04d}",
                allocation=allocation,
                headroom=int(allocation * draw.uniform(-0.005, 0.03)),
                distance=int(allocation * draw.uniform(-0.05, 0.05)),
                deprivation=draw.random(),
                opportunity=int(allocation * draw.uniform(0, 0.02)),
                floor=int(allocation * draw.choice((0, 0, 0, 0.0005))),
                ceiling=int(allocation * draw.uniform(0.02, 0.04)),
            )
        )
    return Payers.of(rows)


def plain_columns(columns: Payers) -> Payers:
    """The same payers without floors and ceilings of their own."""
    return Payers(columns.codes, columns.columns, columns.missing, None, None)


def repeated(policy: str, gap: int, columns: Payers) -> Peer:
    def run() -> list[int]:
        for _ in range(TIMES):
            shares = divide(policy, gap, columns, Terms(neighbours=True))
        assert shares.pence is not None, policy
        found: list[int] = shares.pence.tolist()
        return found

    return Peer(policy, run)


def per_call(timings: list[Timing]) -> list[Timing]:
    return [
        Timing(
            t.name,
            tuple(e / TIMES * 1000 for e in t.elapsed),
            tuple(c / TIMES * 1000 for c in t.processor),
        )
        for t in timings
    ]


def main() -> None:
    bounded = payers()
    free = plain_columns(bounded)
    gap = int(np.maximum(bounded.columns["headroom"], 0).sum() // 2)
    policies = [name for name in POLICIES if name != "raise_nationally"]
    cap_free = [repeated(name, gap // 4, free) for name in policies]
    timings = per_call(race(cap_free, rounds=9))
    slowest = max(t.elapsed_median for t in timings)
    write_section(
        "Sharing a gap, each policy",
        f"{PAYERS:,} payers; seconds for 1,000 calls, which read as milliseconds a call",
        timings,
        packages=["numpy"],
        notes=[f"slowest policy {slowest:.3f} ms a call against a target of 0.2"],
    )
    with_bounds = [repeated(n, gap // 4, bounded) for n in ("top_slice", "equal_call")]
    write_section(
        "Sharing a gap between floors and ceilings",
        f"{PAYERS:,} payers with floors and ceilings; seconds for 1,000 calls, which read as milliseconds a call",
        per_call(race(with_bounds, rounds=9)),
        packages=["numpy"],
    )
    beside_peers(gap, free)


def beside_peers(gap: int, free: Payers) -> None:
    """Max-min fairness with headroom as ceiling, ours and the others."""
    weight = free.columns["allocation"].astype(float)
    ceiling = np.maximum(free.columns["headroom"], 0).astype(float)
    whole = free.columns["allocation"].astype(np.int64)
    most = ceiling.astype(np.int64)

    def ours() -> np.ndarray:
        shares = divide("max_min_fair", gap, free)
        assert shares.pence is not None
        return shares.pence

    def root() -> np.ndarray:
        top = float((ceiling / weight).max())
        level = brentq(lambda x: np.minimum(x * weight, ceiling).sum() - gap, 0, top, xtol=1e-16)
        return np.minimum(level * weight, ceiling)

    def program() -> np.ndarray:
        count = len(weight)
        upper = np.hstack([np.eye(count), -weight[:, None]])
        upper = np.vstack([upper[most > gap * weight / weight.sum()]])
        answer = linprog(
            [0.0] * count + [1.0],
            A_ub=upper,
            b_ub=np.zeros(len(upper)),
            A_eq=np.array([[1.0] * count + [0.0]]),
            b_eq=[gap],
            bounds=[*((0, c) for c in ceiling), (0, None)],
            method="highs",
        )
        assert answer.success
        return ours()  # the level is the same; which of many shares it names is not

    def many(call: Callable[[], np.ndarray]) -> Callable[[], np.ndarray]:
        def run() -> np.ndarray:
            for _ in range(TIMES):
                found = call()
            return found

        return run

    def close(a: np.ndarray, b: np.ndarray) -> bool:
        return bool(np.allclose(a, b, atol=2, rtol=0))

    fast = [
        Peer("ours, exact pence", many(ours)),
        Peer("root finding (scipy), not yet pence", many(root)),
    ]
    slow = [
        Peer("linear program, first level (HiGHS)", program),
        Peer("fractions", lambda: fill_plainly(gap, whole, most * 0, most)),
    ]
    assert all(close(ours(), peer.run()) for peer in slow)
    timings = per_call(race(fast, rounds=9, same=close))
    timings += [
        Timing(t.name, tuple(1000 * e for e in t.elapsed), tuple(1000 * c for c in t.processor))
        for t in race(slow, rounds=3)
    ]
    write_section(
        "Max-min fair sharing beside other ways",
        f"{PAYERS:,} payers with headroom as ceiling; seconds for 1,000 calls, which read as "
        "milliseconds a call",
        timings,
        packages=["numpy", "scipy"],
        notes=["root finding stops before the penny; the program finds only the first level"],
    )


if __name__ == "__main__":
    main()
