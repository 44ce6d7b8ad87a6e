"""A benchmark run: which areas, measures and period; every study; one round of tests.

All leaf measures of all areas asked are tested together, so that the share of false findings is
kept over everything that a reader is shown, not measure by measure.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from controltotal.core.errors import BookError
from controltotal.core.finding import Finding
from controltotal.core.progress import parts, stop_if_cancelled
from controltotal.savings.opportunity.benchmark_rules import Rule
from controltotal.savings.opportunity.catalogue import Catalogue, Measure
from controltotal.savings.opportunity.discovery import FALSE_SHARE, adjusted_chances
from controltotal.savings.opportunity.panel import Panel, read_panel
from controltotal.savings.opportunity.peers import AreaFacts, area_facts, find_peers
from controltotal.savings.opportunity.periods import Period
from controltotal.savings.opportunity.provision import read_outcomes
from controltotal.savings.opportunity.study import Study, study

Array = NDArray[np.float64]
SOME_LISTED = 12  # names listed in a message that names what there is


@dataclass(frozen=True)
class Asked:
    """What was asked: areas (codes as typed), measures, period and benchmark rule."""

    areas: tuple[str, ...] = ()
    measures: tuple[str, ...] = ()
    period: Period | None = None
    rule: Rule | None = None


@dataclass(frozen=True)
class Tested:
    """A study with what the whole run says of it. `adjusted` (measure, area): Benjamini-Hochberg
    adjusted p-values, NaN where not asked or not tested; `columns` are the areas asked; `leaf`
    (measure,) marks measures that contain no other measure of the run."""

    study: Study
    columns: NDArray[np.int64]
    leaf: NDArray[np.bool_]
    adjusted: Array

    @property
    def survives(self) -> NDArray[np.bool_]:
        """Where a gap survives the false discovery control."""
        return np.asarray(np.nan_to_num(self.adjusted, nan=1.0) <= FALSE_SHARE)


@dataclass(frozen=True)
class Run:
    """Everything a benchmark run found."""

    catalogue: Catalogue
    facts: AreaFacts
    areas: tuple[str, ...]
    parts: tuple[Tested, ...]
    findings: tuple[Finding, ...]

    @property
    def system(self) -> str:
        """The system whose areas were asked, all of them and no other; else empty."""
        return self.facts.common_system(self.areas)


def run_benchmarks(found: Catalogue, asked: Asked) -> Run:
    """Read, study and test every dataset that has something to say about what was asked."""
    facts = area_facts(found)
    wanted = _measures(found, asked.measures)
    codes = _bodies_asked(facts, asked.areas)
    findings: list[Finding] = list(found.findings)
    studies: list[Study] = []
    outcomes = read_outcomes(found.folders[0])
    spoken_of: set[str] = set(asked.areas)
    for dataset in parts(found.datasets.values(), lambda one: one.code):
        if dataset.layout == "price_per_unit":
            continue
        measures = [m for m in wanted if m.dataset == dataset.code]
        panel, said = read_panel(found, dataset, measures, asked.period)
        if panel is None or (codes and not set(codes) & set(panel.areas)):
            continue
        spoken_of |= set(panel.areas)
        findings += said
        stop_if_cancelled()
        peers = find_peers(found, panel, codes)
        stop_if_cancelled()
        done = study(panel, peers, facts, asked.rule, outcomes)
        findings += done.findings
        studies.append(done)
    codes = tuple(code for code in codes if code in spoken_of)
    tested = _tested(found, studies, codes)
    return Run(found, facts, codes or _all_areas(studies), tested, tuple(findings))


def _bodies_asked(facts: AreaFacts, areas: Sequence[str]) -> tuple[str, ...]:
    """The areas asked; a system or a region stands for its areas and, where data are of them, trusts."""
    found: dict[str, None] = {}
    for code in areas:
        inside = facts.areas_of(code)
        found |= dict.fromkeys(inside)
        if inside != (code,):
            found |= dict.fromkeys(facts.trusts_of(code))
    return tuple(found)


def _measures(found: Catalogue, names: Sequence[str]) -> list[Measure]:
    """The measures that names ask for; `pounds` is every measure of money, nothing is all."""
    if not names:
        return list(found.measures.values())
    chosen: dict[str, Measure] = {}
    for name in names:
        if name == "pounds":
            chosen.update({c: m for c, m in found.measures.items() if m.is_money})
        elif name in found.measures:
            chosen[name] = found.measures[name]
        else:
            near = [c for c in found.measures if name.lower() in c.lower()]
            listed = ", ".join((near or list(found.measures))[:SOME_LISTED])
            raise BookError(
                f"there is no measure {name!r}",
                "--measures",
                f"ask for `pounds`, or for some of: {listed} …",
            )
    return list(chosen.values())


def _all_areas(studies: Sequence[Study]) -> tuple[str, ...]:
    return tuple(sorted({area for found in studies for area in found.panel.areas}))


def _tested(found: Catalogue, studies: Sequence[Study], codes: Sequence[str]) -> tuple[Tested, ...]:
    """Adjust the chances of all leaf measures in all areas asked together."""
    names = [m.code for done in studies for m in done.panel.measures]
    leaves = set(found.leaves(names))
    chosen: list[tuple[Study, NDArray[np.int64], NDArray[np.bool_], Array]] = []
    for done in studies:
        columns = _columns(done.panel, codes)
        leaf = np.array([m.code in leaves for m in done.panel.measures])
        chances = np.full(done.chance.shape, np.nan)
        chances[np.ix_(leaf, columns)] = done.chance[np.ix_(leaf, columns)]
        chosen.append((done, columns, leaf, chances))
    if not chosen:
        return ()
    flat = adjusted_chances(np.concatenate([chances.ravel() for *_, chances in chosen]))
    cuts = np.cumsum([chances.size for *_, chances in chosen])[:-1]
    return tuple(
        Tested(done, columns, leaf, part.reshape(chances.shape))
        for (done, columns, leaf, chances), part in zip(chosen, np.split(flat, cuts), strict=True)
    )


def _columns(panel: Panel, codes: Sequence[str]) -> NDArray[np.int64]:
    at = {area: i for i, area in enumerate(panel.areas)}
    asked = [at[code] for code in codes if code in at] if codes else list(range(len(panel.areas)))
    return np.array(sorted(asked), dtype=np.int64)
