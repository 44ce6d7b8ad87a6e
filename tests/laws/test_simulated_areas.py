"""Made-up countries in which the truth is known: noise is not called a saving, and a true
difference is covered as often as an interval says.

Rates are normal with variance 400 / people, twelve months a year, over the 106 areas, peers and
need of the published Similar 10 inputs. Seeds are fixed, and so are the answers.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from numpy.typing import NDArray

import controltotal.verbs as verbs
from controltotal.savings.opportunity.catalogue import catalogue
from controltotal.savings.opportunity.discovery import FALSE_SHARE, benjamini_hochberg
from controltotal.savings.opportunity.expected import Gaps, Setting, gaps
from controltotal.savings.opportunity.noise import period_noise
from controltotal.savings.opportunity.peers import area_facts
from controltotal.savings.opportunity.study import two_sided

Array = NDArray[np.float64]
PEERS = Path(__file__).parents[1] / "data" / "similar10_peers_2021.csv"
Z_80 = 1.2815515655446004
KAPPA, RATE = 400.0, 100.0


@lru_cache(maxsize=1)
def country() -> tuple[tuple[str, ...], NDArray[np.int64], Array, Array]:
    """Codes, peers (area, place), people in thousands and need of the 106 areas."""
    with PEERS.open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    codes = tuple(sorted({row["area"] for row in rows}))
    at = {code: i for i, code in enumerate(codes)}
    peers = np.full((len(codes), 10), -1)
    for row in rows:
        peers[at[row["area"]], int(row["place"]) - 1] = at[row["peer"]]
    facts = area_facts(catalogue()).need
    people = np.array([facts[c]["poptot"] / 1000 for c in codes])
    return codes, peers, people, np.array([[facts[c]["IMDscore"]] for c in codes])


@dataclass(frozen=True)
class Seen:
    gaps: Gaps
    raw: Array
    chance: Array
    s: Array

    def interval(self) -> tuple[Array, Array]:
        net = self.gaps.net
        low, high = self.gaps.gap - Z_80 * self.gaps.sigma, self.gaps.gap + Z_80 * self.gaps.sigma
        return np.minimum(low, net), np.maximum(high, net)


def look(truth: Array, seed: int) -> Seen:
    """A year of months around true rates (measure, area), studied as the engine does."""
    _, peers, people, need = country()
    rng = np.random.default_rng(seed)
    size = np.broadcast_to(people[None, :, None], (*truth.shape, 12))
    rate = truth[:, :, None] + rng.standard_normal(size.shape) * np.sqrt(KAPPA / size)
    noise = period_noise(rate * size, size)
    den = size.sum(axis=2)
    y = (rate * size).sum(axis=2) / den
    found = gaps(y, noise.variance, den, Setting(peers, need=need))
    best = np.sort(y[:, peers], axis=2)[:, :, :5].mean(axis=2)
    chance = two_sided(found.gap, found.sigma, noise.freedom)
    return Seen(found, np.maximum(0.0, y - best), chance, np.sqrt(KAPPA / den))


def nothing(measures: int) -> Array:
    return np.full((measures, len(country()[0])), RATE)


def test_where_no_area_differs_nothing_is_left() -> None:
    seen = look(nothing(800), seed=1)
    net = (seen.gaps.net / seen.s).mean(axis=1)  # one mean a country, in units of noise
    error = net.std() / np.sqrt(len(net))
    assert abs(net.mean()) < 2 * error
    assert abs(net.mean()) < 0.01  # a hundredth of one figure's standard error
    raw = (seen.raw / seen.s).mean()
    assert raw == pytest.approx(0.93, abs=0.03)  # what is usually published, out of nothing
    assert abs(net.mean()) < 0.01 * raw


def test_where_no_area_differs_a_tenth_of_countries_raise_an_alarm_at_most() -> None:
    """Eight areas and ten measures a run: every flag is false, so runs with any must be rare."""
    codes = country()[0]
    ours = [codes.index(c) for c in ("00Q", "00R", "00X", "01A", "01E", "01K", "02G", "02M")]
    chance = look(nothing(1500), seed=77).chance[:, ours]
    alarms = [benjamini_hochberg(chance[k : k + 10]).any() for k in range(0, 1500, 10)]
    assert np.mean(alarms) <= FALSE_SHARE


@pytest.mark.parametrize(("share", "size"), [(1 / 106, 6.0), (0.1, 4.0), (0.3, 4.0), (0.3, 8.0)])
def test_a_planted_difference_is_covered_and_false_flags_are_few(share: float, size: float) -> None:
    """Some areas cost `size` standard errors more: one in each country, a tenth, or a third."""
    rng = np.random.default_rng(round(1000 * share + size))
    planted = np.zeros((400, len(country()[0])), dtype=bool)
    for row in planted:
        row[rng.choice(len(row), max(1, round(share * len(row))), replace=False)] = True
    truth = nothing(400)
    s = look(truth[:1], seed=0).s[0]
    truth = truth + planted * size * s
    seen = look(truth, seed=3)
    best = np.sort(truth[:, country()[1]], axis=2)[:, :, :5].mean(axis=2)
    low, high = seen.interval()
    covered = ((low <= truth - best) & (truth - best <= high))[planted]
    assert 0.75 <= covered.mean() <= 0.85
    if share <= 0.1:  # the others' net stays near nil, though some areas are far off
        assert abs((seen.gaps.net / seen.s)[~planted].mean()) < 0.1
    flags = [benjamini_hochberg(seen.chance[k : k + 8]) for k in range(0, 400, 8)]
    false = [(f & ~planted[8 * k : 8 * k + 8]).sum() / max(1, f.sum()) for k, f in enumerate(flags)]
    assert np.mean(false) <= FALSE_SHARE
    assert np.mean([f[planted[8 * k : 8 * k + 8]].mean() for k, f in enumerate(flags)]) > 0.6


@pytest.mark.parametrize("spread", [0.5, 1.0, 3.0])
def test_areas_that_differ_as_areas_do_are_covered(spread: float) -> None:
    rng = np.random.default_rng(round(10 * spread))
    s = look(nothing(1), seed=0).s
    truth = nothing(400) + spread * s.mean() * rng.standard_normal((400, s.shape[1]))
    seen = look(truth, seed=4)
    best = np.sort(truth[:, country()[1]], axis=2)[:, :, :5].mean(axis=2)
    low, high = seen.interval()
    opportunity = truth - best > 0
    covered = ((low <= truth - best) & (truth - best <= high))[opportunity]
    assert 0.75 <= covered.mean() <= 0.85
    real = np.maximum(0.0, truth - best).mean()
    assert seen.gaps.net.mean() < real < seen.raw.mean()  # cautious, and the usual way is not


def write_records(folder: Path, names: list[str], truth: Array, seed: int) -> Array:
    """A folder of made-up records over 2025; returns the year's denominators (measure, area)."""
    codes, _, people, _ = country()
    rng = np.random.default_rng(seed)
    season = 1 + 0.1 * np.cos(np.arange(12))
    size = np.broadcast_to(people[None, :, None], (*truth.shape, 12))
    wander = 1 + rng.standard_normal(size.shape) * np.sqrt(30 / size)
    rate = truth[:, :, None] * season / season.mean() * wander
    pl.DataFrame(
        {
            "measure": np.repeat(names, 106 * 12),
            "code": np.tile(np.repeat(codes, 12), len(names)),
            "month": [date(2025, m, 1) for m in range(1, 13)] * (len(names) * 106),
            "numerator": (rate * size).ravel(),
            "denominator": size.ravel(),
        }
    ).write_parquet(folder / "ccg_prescribing_measures_monthly.parquet")
    return size.sum(axis=2)


@lru_cache(maxsize=1)
def names() -> list[str]:
    known = [m.code for m in catalogue().measures.values() if m.dataset == "prescribing"]
    return [c for c in catalogue().leaves(known) if catalogue().measures[c].is_money][:24]


def test_from_files_to_figures_where_no_area_differs(tmp_path: Path) -> None:
    """The same through the command's own path: 24 measures, 106 areas, nothing to be found."""
    write_records(tmp_path, names(), np.full((24, 106), 300.0), seed=20)
    result = verbs.opportunities(data=tmp_path, period="2025")
    shown = [
        f for f in result.figures if f.measure == "opportunity" and not f.part.endswith("/raw")
    ]
    assert len(shown) == 24 * 106
    # an area with a credit month among its draws is left out of that measure, and told
    widths = [np.nan if f.value is None else f.value / (f.high - f.low) for f in shown]
    assert 0.95 < np.isfinite(widths).mean() < 1
    means = np.nanmean(np.array(widths).reshape(106, 24), axis=0)
    assert abs(means.mean()) < 2 * means.std() / np.sqrt(24)
    total = result.figure("opportunity_total/SELECTED/2025/benchmark/netted")
    raw = result.value("opportunity_total/SELECTED/2025/benchmark/raw")
    assert total is not None and total.low is not None and total.high is not None
    assert abs(total.value) < (total.high - total.low) / 2 and raw > 20 * abs(total.value)
    assert not any(r["survives"] == "yes" for r in result.tables["opportunities"])


def test_from_files_to_figures_with_planted_differences(tmp_path: Path) -> None:
    """In each measure eight areas cost half as much again as all others."""
    codes, peers, _, _ = country()
    rng = np.random.default_rng(21)
    truth = np.full((24, 106), 300.0)
    planted = np.zeros(truth.shape, dtype=bool)
    for row in planted:
        row[rng.choice(106, 8, replace=False)] = True
    truth[planted] *= 1.5
    size = write_records(tmp_path, names(), truth, seed=22)
    result = verbs.opportunities(data=tmp_path, period="2025")
    figures = {f.id: f for f in result.figures}
    level = np.sort(truth[:, peers], axis=2)[:, :, :5].mean(axis=2)
    hits = []
    for m, i in np.argwhere(planted):
        figure = figures[f"opportunity/{codes[i]}/2025/benchmark/{names()[m]}"]
        if figure.value is None:  # it has a credit month among its draws, and is left out
            continue
        assert figure.low <= figure.value <= figure.high
        hits.append(figure.low <= (truth - level)[m, i] * size[m, i] * 100 <= figure.high)
    assert 0.75 <= np.mean(hits) <= 0.85
    rows = result.tables["opportunities"]
    flagged = [(r["measure"], r["area"]) for r in rows if r["survives"] == "yes"]
    false = [f for f in flagged if not planted[names().index(f[0]), codes.index(f[1])]]
    assert len(flagged) > 100 and len(false) <= FALSE_SHARE * len(flagged)
