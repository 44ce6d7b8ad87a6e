"""Will it deliver: the simulation kernel against plain numpy, openturns and chaospy.

One system of 500 schemes, then England: 20,000 schemes on 252 bodies under 302 nodes, 10,000
draws each. The reference in numpy is the same model with the same draws, and must agree to the
penny. openturns and chaospy can express part of it: schemes that start or not and deliver a PERT
share, joined by one common factor, without delays and without a tree; their answers are held to
ours on that part by mean and spread.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import time
from typing import Any

import numpy as np

from benchmarks.harness import Peer, Timing, machine, race, replace_section, write_section
from benchmarks.national import nation
from controltotal.outlook import arrays, reference, summary
from controltotal.outlook.model import Model, Source, even_steps
from controltotal.outlook.simulation import contributions, run

DRAWS = 10_000
MATURITIES = (
    (0.98, 0.8, 0.95, 1.05, 0.25),
    (0.92, 0.65, 0.9, 1.05, 1.0),
    (0.7, 0.4, 0.75, 1.0, 2.0),
)


def schemes(bodies: list[tuple[str, str]], each: int) -> tuple[Source, ...]:
    """Made-up schemes: `each` on every (body, system), always the same."""
    rng = np.random.default_rng(7)
    made = []
    for body, system in bodies:
        for number in range(each):
            chance, low, mode, high, delay = MATURITIES[int(rng.integers(3))]
            mode = round(mode + float(rng.uniform(-0.05, 0.05)), 2)
            factors = (
                (f"organisation {body}", 0.35),
                (f"category {number % 20}", 0.2),
                (f"system {system}", 0.25),
            )
            rate = float(rng.lognormal(16, 1))
            steps = even_steps(rate, int(rng.integers(-3, 10)), months=12, recurrent=number % 4 > 0)
            made.append(
                Source(
                    f"{body}-{number}",
                    steps,
                    ((body, 1.0),),
                    chance,
                    low,
                    mode,
                    high,
                    delay,
                    factors,
                )
            )
    return tuple(made)


def one_system(count: int = 500, bodies: int = 6) -> Model:
    codes = [f"R{n:02}" for n in range(bodies)]
    sources = schemes([(code, "QAA") for code in codes], -(-count // bodies))[:count]
    above = {code: (code, "QAA") for code in codes}
    base = dict.fromkeys(codes, (-(10**9),))
    return Model(("2026-27",), base, sources, above, months_for=("QAA", *codes))


def england(each: int = 80) -> Model:
    """20,160 schemes at 80 a body."""
    tree = nation()

    def path(code: str) -> tuple[str, ...]:
        found = [code]
        while found[-1] in tree.parent:
            found.append(tree.parent[found[-1]])
        return tuple(found)

    above = {leaf: path(leaf) for leaf in tree.leaves}
    sources = schemes([(leaf, tree.parent[leaf]) for leaf in tree.leaves], each)[: each * 250]
    groups = tuple(sorted({node for nodes in above.values() for node in nodes[1:]}))
    base = dict.fromkeys(tree.leaves, (-(10**9),))
    return Model(("2026-27",), base, sources, above, months_for=groups)


def figures(model: Model, prepared: Any, draws: int = DRAWS) -> dict[str, list[float]]:
    """Draws, then mean, spread and three quantiles of every node."""
    drawn = run(model, draws=draws, seed=1, arrays=prepared)
    found = {}
    for node in model.nodes:
        position = drawn.node(node)
        quantiles = [summary.quantile(position, q).value for q in (0.1, 0.5, 0.9)]
        found[node] = [float(position.mean()), float(position.std()), *quantiles]
    return found


def bench_system() -> None:
    model = one_system()
    prepared = arrays.build(model, 1)

    def same(first: Any, second: Any) -> bool:
        return bool(np.abs(first.own - second).max() <= 0.51)

    timings = race(
        [
            Peer("controltotal", lambda: run(model, draws=DRAWS, seed=1, arrays=prepared)),
            Peer("numpy, our tables", lambda: reference.simulate(model, draws=DRAWS, seed=1)),
        ],
        rounds=5,
        same=same,
    )
    # without the tables numpy draws a little differently, so it is held to mean and spread
    plain = race(
        [
            Peer(
                "numpy, exact quantiles",
                lambda: reference.simulate(model, draws=DRAWS, seed=1, exact=True),
            )
        ],
        rounds=3,
    )
    exact = reference.simulate(model, draws=DRAWS, seed=1, exact=True)[:, 0].sum(axis=0)
    ours = run(model, draws=DRAWS, seed=1, arrays=prepared).node("QAA")
    assert abs(exact.mean() / ours.mean() - 1) < 1e-3 and abs(exact.std() / ours.std() - 1) < 5e-3
    timings += plain
    ratios = [t.processor_median / timings[0].processor_median for t in timings]
    write_section(
        "Risk: one system",
        f"{len(model.sources)} schemes x {DRAWS:,} draws with factors, delays and the course by "
        "month, after preparation",
        timings,
        packages=["numpy", "numba"],
        notes=[
            f"numpy takes {ratios[1]:.1f} times our processor time with our tables of quantiles, "
            f"and {ratios[2]:.0f} times with exact ones",
            per_draw(timings[0], len(model.sources)),
        ],
    )


def per_draw(timing: Timing, count: int) -> str:
    each = timing.processor_median / count / DRAWS * 1e9
    return f"{timing.name}: {each:.1f} ns of processor for each scheme and draw"


def part_model(count: int) -> Model:
    """What the peers can express: start or not, PERT share, one factor, no delay, one body."""
    made = tuple(
        Source(
            f"S{n}",
            ((0, 1e6 * (1 + n % 7)),),
            (("RAA", 1.0),),
            0.8,
            0.3,
            0.8,
            1.1,
            factors=(("system QAA", 0.4),),
        )
        for n in range(count)
    )
    return Model(("2026-27",), {"RAA": (0,)}, made, {"RAA": ("RAA",)})


def openturns_part(model: Model) -> np.ndarray:
    """A Gaussian copula over mixed margins: nil with the chance of not starting, else PERT."""
    import openturns as ot

    source = model.sources[0]
    place = (source.mode - source.low) / (source.high - source.low)
    share = ot.Beta(1 + 4 * place, 5 - 4 * place, source.low, source.high)
    margin = ot.Mixture([ot.Dirac(0.0), share], [1 - source.chance, source.chance])
    count = len(model.sources)
    joint = ot.CorrelationMatrix(count)
    for i in range(count):
        for j in range(i):
            joint[i, j] = 0.16
    ot.RandomGenerator.SetSeed(1)
    scores = np.asarray(ot.Normal([0.0] * count, [1.0] * count, joint).getSample(DRAWS))
    normal = ot.Normal()
    total = np.zeros(DRAWS)
    for s, one in enumerate(model.sources):
        chances = np.asarray(normal.computeCDF(scores[:, s : s + 1])).ravel()
        inside = np.clip((chances - (1 - source.chance)) / source.chance, 1e-12, 1 - 1e-12)
        shares = np.asarray(share.computeQuantile(inside)).ravel()
        total += np.where(chances >= 1 - source.chance, shares, 0.0) * one.in_year(0)
    assert margin.getDimension() == 1
    return total


def chaospy_part(model: Model) -> np.ndarray:
    """chaospy's own PERT quantiles on factor scores drawn beside it."""
    import chaospy as cp
    from scipy.special import ndtr

    source = model.sources[0]
    place = (source.mode - source.low) / (source.high - source.low)
    share = cp.Beta(1 + 4 * place, 5 - 4 * place, source.low, source.high)
    rng = np.random.default_rng(1)
    factor = rng.standard_normal(DRAWS)
    total = np.zeros(DRAWS)
    for one in model.sources:
        chances = ndtr(0.4 * factor + np.sqrt(1 - 0.16) * rng.standard_normal(DRAWS))
        inside = np.clip((chances - (1 - source.chance)) / source.chance, 1e-12, 1 - 1e-12)
        total += np.where(chances >= 1 - source.chance, share.inv(inside), 0.0) * one.in_year(0)
    return total


def bench_peers() -> None:
    model = part_model(200)
    prepared = arrays.build(model, 1)

    def ours() -> np.ndarray:
        return run(model, draws=DRAWS, seed=1, arrays=prepared).node("RAA")

    def alike(first: np.ndarray, second: np.ndarray) -> bool:
        return bool(
            abs(second.mean() / first.mean() - 1) < 0.01
            and abs(second.std() / first.std() - 1) < 0.06
        )

    peers = [
        Peer("controltotal", ours),
        Peer("openturns", lambda: openturns_part(model)),
        Peer("chaospy", lambda: chaospy_part(model)),
    ]
    timings = race(peers, rounds=3, same=alike)
    write_section(
        "Risk: the part that peers express",
        f"{len(model.sources)} schemes x {DRAWS:,} draws, start and PERT share, one factor",
        timings,
        packages=["openturns", "chaospy", "scipy"],
        notes=[per_draw(timing, len(model.sources)) for timing in timings],
    )


def bench_england() -> None:
    """In a process of its own, so that memory is its own."""
    code = "from benchmarks.bench_risk import england_report; england_report()"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    section = f"## Risk: England\n\n{done.stdout}"
    print(section)
    replace_section("Risk: England", section)


def england_report() -> None:
    import resource

    timed: dict[str, list[tuple[float, float]]] = {}

    def clocked(name: str, work: Any) -> Any:
        clock, cpu = time.perf_counter(), time.process_time()
        found = work()
        seconds = (time.perf_counter() - clock, time.process_time() - cpu)
        timed.setdefault(name, []).append(seconds)
        return found

    def with_contributions() -> None:
        drawn = run(model, draws=DRAWS, seed=1, arrays=prepared)
        contributions(drawn, "ENG", aim=0)

    model = england()
    for _ in range(6):
        prepared = clocked("preparation", lambda: arrays.build(model, 1))
        clocked("draws, every node, quantiles", lambda ready=prepared: figures(model, ready))
        clocked("with contributions", with_contributions)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**10
    print(
        f"{len(model.sources):,} schemes x {DRAWS:,} draws, {len(model.nodes)} nodes. {machine()}\n"
    )
    print("| | elapsed s | processor s | first, compiled code from disk |\n|---|---:|---:|---:|")
    for name, seconds in timed.items():
        elapsed, cpu = (statistics.median(pair[i] for pair in seconds[1:]) for i in (0, 1))
        print(f"| {name} | {elapsed:.3f} | {cpu:.3f} | {seconds[0][0]:.3f} |")
    print(f"\nMost memory held: {peak:.0f} MiB.\n\nGrowth, seconds of draws alone:\n")
    print("| schemes | draws | seconds | ns for each scheme and draw |\n|---:|---:|---:|---:|")
    for each, draws in ((20, DRAWS), (40, DRAWS), (80, DRAWS), (80, DRAWS // 2), (80, DRAWS // 4)):
        smaller = england(each)
        ready = arrays.build(smaller, 1)
        clock = time.perf_counter()
        run(smaller, draws=draws, seed=1, arrays=ready)
        seconds = time.perf_counter() - clock
        each_ns = seconds / len(smaller.sources) / draws * 1e9
        print(f"| {len(smaller.sources):,} | {draws:,} | {seconds:.3f} | {each_ns:.2f} |")
    print()


if __name__ == "__main__":
    bench_england()  # first: a child is told its parent's peak of memory as well as its own
    bench_system()
    bench_peers()
