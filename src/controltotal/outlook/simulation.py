"""Running the kernel: draws shared over threads in chunks, totals added up the tree.

Money leaves here as whole pence in each draw, so a node is exactly the sum of its
organisations in every draw.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from controltotal.core.progress import reached
from controltotal.outlook.arrays import build
from controltotal.outlook.engine import Engine, engine_for
from controltotal.outlook.layout import Arrays
from controltotal.outlook.model import MONTHS, Model


@dataclass(frozen=True)
class Draws:
    """Simulated money. `own`: (organisation, year, draw) int64 pence; `courses`: (node of
    `model.months_for`, month 0 to 11, draw), first year's position to date in pence."""

    model: Model
    seed: int
    arrays: Arrays
    own: np.ndarray
    courses: np.ndarray
    threads: int
    chosen: Engine | None = None

    @property
    def count(self) -> int:
        """Number of draws."""
        return int(self.own.shape[2])

    @property
    def engine(self) -> Engine:
        """What it was drawn with, or would be."""
        return self.chosen or engine_for(len(self.model.sources), self.count)

    @cached_property
    def factors(self) -> np.ndarray:
        """Scores of the common factors, the same for every source: (factor, draw)."""
        normals = self.engine.normals
        found = normals(self.arrays.factor_keys, self.arrays.factor_scores, 0, self.count)
        return np.asarray(found)

    def node(self, node: str, year: int = 0) -> np.ndarray:
        """A node's position in each draw: (draw,) int64 pence."""
        places = [o for o, c in enumerate(self.model.organisations) if node in self.model.above[c]]
        return np.asarray(self.own[places, year].sum(axis=0))


@dataclass(frozen=True)
class Contribution:
    """What one source has to do with a node's first-year position.

    Shares over all sources, the base and rounding add up to one. `missing` is the share of the
    fall in the mean position, in the draws that miss the control total, that this source
    accounts for; None where no draw misses or all do.
    """

    name: str
    mean: float
    deviation: float
    variance: float
    missing: float | None


def default_threads() -> int:
    """Processors this process may use."""
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:  # not every system says
        return os.cpu_count() or 1


def run(
    model: Model,
    *,
    draws: int,
    seed: int = 1,
    threads: int | None = None,
    arrays: Arrays | None = None,
    engine: Engine | None = None,
) -> Draws:
    """Simulate a model. Equal model, draws and seed give equal bytes for any `threads`.

    `engine` is by default the one that is done first; both give the same bytes. `arrays` saves the
    preparation where it is done already, by `arrays.build(model, seed)`.
    """
    assert draws > 0, "a simulation needs draws"
    workers = max(1, threads or default_threads())
    chosen = engine or engine_for(len(model.sources), draws)
    arrays = arrays or build(model, seed, chosen)
    own = np.empty((len(model.organisations), len(model.years), draws), dtype=np.int64)
    courses = np.zeros((len(model.months_for), MONTHS, draws))
    starts = range(0, draws, chosen.chunk)

    def task(start: int) -> int:
        count = min(chosen.chunk, draws - start)
        chosen.simulate(arrays, start, count, start, own, courses)
        return count

    _share_out(task, starts, workers, draws, "draws")
    return Draws(model, seed, arrays, own, courses, workers, chosen)


def contributions(
    drawn: Draws, aims: Mapping[str, int | np.ndarray | None]
) -> dict[str, tuple[Contribution, ...]]:
    """How much each source, and each organisation's base, moves the first year of some nodes.

    `aims` are what the position of each node must reach, in pence, the same in every draw or
    (draw,); None where it must reach nothing. Each source is drawn once for all of them.
    """
    model, arrays, count = drawn.model, drawn.arrays, drawn.count
    centred, missed = np.empty((len(aims), count)), np.zeros((len(aims), count), bool)
    weights = np.zeros((len(aims), len(model.sources)))
    for n, (node, aim) in enumerate(aims.items()):
        position = drawn.node(node).astype(np.float64)
        centred[n] = position - position.mean()
        if aim is not None:
            missed[n] = position < aim
        under = set(model.under(node))
        weights[n] = [sum(w for code, w in s.parts if code in under) for s in model.sources]
    sums = np.zeros((len(aims), len(model.sources), 4))
    chunk = 256

    def task(start: int) -> int:
        end = min(start + chunk, len(model.sources))
        drawn.engine.contributions(
            arrays, (start, end), weights, drawn.factors, centred, missed, sums
        )
        return end - start

    _share_out(
        task, range(0, len(model.sources), chunk), drawn.threads, len(model.sources), "sources"
    )
    return {
        node: _of_node(drawn, node, weights[n], sums[n], centred[n], missed[n])
        for n, node in enumerate(aims)
    }


def _of_node(
    drawn: Draws,
    node: str,
    weights: np.ndarray,
    sums: np.ndarray,
    centred: np.ndarray,
    missed: np.ndarray,
) -> tuple[Contribution, ...]:
    """The contributions to one node."""
    model, arrays, count, under = drawn.model, drawn.arrays, drawn.count, drawn.model.under(node)
    lost_mean, misses = float(centred[missed].sum()), int(missed.sum())
    measured = misses not in (0, count)
    found = [
        _contribution(source.name, sums[s], count, centred, misses, lost_mean, measured)
        for s, source in enumerate(model.sources)
        if weights[s] != 0.0
    ]
    for o, code in enumerate(model.organisations):
        if code in under and model.base_sd.get(code, 0.0) > 0.0:
            noise = drawn.engine.base_noise(arrays.base_keys[o], 0, count) * model.base_sd[code]
            row = np.array(
                [noise.sum(), noise @ noise, noise @ centred, noise[missed].sum()], np.float64
            )
            name = f"base {code}"
            found.append(_contribution(name, row, count, centred, misses, lost_mean, measured))
    return tuple(found)


def _contribution(
    name: str,
    sums: np.ndarray,
    count: int,
    centred: np.ndarray,
    misses: int,
    lost_mean: float,
    measured: bool,
) -> Contribution:
    mean = float(sums[0]) / count
    variance = max(float(sums[1]) / count - mean * mean, 0.0)
    spread = float(centred @ centred)
    share = float(sums[2]) / spread if spread > 0 else 0.0
    missing = (float(sums[3]) - misses * mean) / lost_mean if measured and lost_mean else None
    return Contribution(name, mean, variance**0.5, share, missing)


def source_draws(drawn: Draws, name: str, node: str) -> np.ndarray:
    """First-year saving of one source under a node in each draw, pence."""
    model = drawn.model
    s = [source.name for source in model.sources].index(name)
    under = set(model.under(node))
    weight = float(sum(w for code, w in model.sources[s].parts if code in under))
    out = np.empty(drawn.count)
    drawn.engine.source_savings(drawn.arrays, s, weight, drawn.factors, out)
    return out


def _share_out(
    task: Callable[[int], int],
    starts: range,
    workers: int,
    whole: int,
    what: str,
) -> None:
    """Do every task, on so many threads; each writes to its own part of the results.

    Work that was cancelled stops between tasks: those that wait are not begun.
    """
    done = 0
    if workers == 1 or len(starts) <= 1:
        for start in starts:
            done += task(start)
            reached(done, whole, f"{done:,} of {whole:,} {what}")
        return
    with ThreadPoolExecutor(max_workers=min(workers, len(starts))) as pool:
        for count in pool.map(task, starts):  # left early, it begins none of those that wait
            done += count
            reached(done, whole, f"{done:,} of {whole:,} {what}")
