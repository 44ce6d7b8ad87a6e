"""Peers: which areas are like this one, and what makes them so.

Similar 10 (NHS England, April 2021): eleven variables, capped at five standard deviations above
the mean, square-rooted and standardised; the squared distance is the weighted sum of squared
differences, and the ten nearest are the peers. One set serves every measure. Estates are compared
within one type of trust. A folder's own `peers.csv` (area, peer, place) goes before both.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from controltotal.core import reference
from controltotal.savings.opportunity import benchmark_queries as q
from controltotal.savings.opportunity.catalogue import Catalogue
from controltotal.savings.opportunity.panel import (
    AREA_LOOKUP,
    SIMILAR_INPUTS,
    SIMILAR_WEIGHTS,
    Panel,
    Peers,
    connection,
    open_table,
    reading,
)

if TYPE_CHECKING:
    import polars as pl

Array = NDArray[np.float64]

FIFTHS = 5
IN_WORDS = {
    "IMDscore": "deprivation",
    "poptot": "number of people",
    "pop_18_39": "people aged 18 to 39",
    "pop_65_84": "people aged 65 to 84",
    "pop_85plus": "people aged 85 and over",
    "pc_pop_rural_sparse": "people in sparse rural places",
    "pc_White_other": "people of other white background",
    "pc_Mixed": "people of mixed background",
    "pc_Asian": "people of Asian background",
    "pc_Black": "people of Black background",
    "pc_OtherEth": "people of other background",
}


WENT: Mapping[tuple[str, str], tuple[str, ...]] = {
    ("QJG", "D7T5G"): ("06T",),
    ("QJG", "T6Y0W"): ("06L", "07K"),
    ("QM7", "D7T5G"): ("07H",),
    ("QM7", "S1Y5D"): ("06K", "06N"),
}
"""Places of the boards that divided in April 2026, by the board that they went to."""


@dataclass(frozen=True)
class AreaFacts:
    """What is known of areas besides their measures, by area code."""

    names: Mapping[str, str]
    system: Mapping[str, str]
    system_names: Mapping[str, str]
    need: Mapping[str, Mapping[str, float]]
    region: Mapping[str, str] = field(default_factory=dict)

    def areas_of(self, code: str) -> tuple[str, ...]:
        """The areas of a system or a region, or of those a board of 2026 followed, or the area itself.

        >>> from controltotal.savings.opportunity.catalogue import catalogue
        >>> area_facts(catalogue()).areas_of("QE1")[:3]
        ('00Q', '00R', '00X')
        >>> area_facts(catalogue()).areas_of("Z9B2Z")
        ('93C', 'W2U3Z')
        """
        whole = self._inside(code) or self._followed(code)
        return whole or self._in_region(code) or (code,)

    def trusts_of(self, code: str) -> tuple[str, ...]:
        """The trusts that the register gives a system or a region, closed ones included.

        >>> from controltotal.savings.opportunity.catalogue import catalogue
        >>> area_facts(catalogue()).trusts_of("QMM")
        ('RCX', 'RGP', 'RM1', 'RMY', 'RY3')
        """
        return tuple(
            trust
            for trust in reference.codes()
            if any(
                spell.kind == "provider" and code in (spell.system, spell.region)
                for spell in reference.spells(trust)
            )
        )

    def _in_region(self, code: str) -> tuple[str, ...]:
        return tuple(sorted(area for area, region in self.region.items() if region == code))

    def _inside(self, code: str) -> tuple[str, ...]:
        return tuple(sorted(area for area, system in self.system.items() if system == code))

    def _followed(self, board: str) -> tuple[str, ...]:
        """The areas that a board took over; none where one of them was itself divided."""
        found: list[str] = []
        for link in reference.follows(board):
            whole = link.share is None
            went = (
                self._inside(link.predecessor) if whole else WENT.get((link.predecessor, board), ())
            )
            if not went:
                return ()
            found += went
        return tuple(sorted(found))

    def common_system(self, areas: Sequence[str]) -> str:
        """The system whose areas these are, all of them and no other; else empty."""
        systems = {self.system.get(area, "") for area in areas}
        if len(systems) != 1:
            return ""
        system = systems.pop()
        return system if system and set(self.areas_of(system)) == set(areas) else ""


def area_facts(found: Catalogue) -> AreaFacts:
    """Names, systems and need of areas, from the reference files of a catalogue."""
    names: dict[str, str] = {}
    system: dict[str, str] = {}
    system_names: dict[str, str] = {}
    region: dict[str, str] = {}
    need: dict[str, dict[str, float]] = {}
    lookup = found.path(AREA_LOOKUP)
    if lookup is not None:
        with reading(lookup):
            for row in _texts(lookup):
                area, name = row["LOC22"], row["LOC22name"].split(" - ")[-1]
                names[area] = name.removeprefix(f"{area} ")
                system[area], system_names[row["ICS22"]] = row["ICS22"], row["ICS22name"]
                if row.get("R22"):
                    region[area], system_names[row["R22"]] = row["R22"], row["Region22"]
    inputs = found.path(SIMILAR_INPUTS)
    if inputs is not None:
        with reading(inputs):
            for row in _texts(inputs):
                code = row["ccg_code"]
                need[code] = {k: float(v) for k, v in row.items() if k in IN_WORDS and v}
                names.setdefault(code, row["name"])
    return AreaFacts(names, system, system_names, need, region)


def _texts(path: Any) -> list[dict[str, str]]:
    with open(path, encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def need_matrix(panel: Panel, facts: AreaFacts, columns: Sequence[str]) -> Array | None:
    """Need of every area of a panel (area, column); None where any of it is not known."""
    if not columns:
        return None
    rows = [[facts.need.get(a, {}).get(c, np.nan) for c in columns] for a in panel.areas]
    matrix = np.array(rows, dtype=np.float64)
    return matrix if np.isfinite(matrix).all() else None


def deprivation_fifths(areas: Sequence[str], facts: AreaFacts) -> dict[str, int]:
    """The fifth of each area, 1 the most deprived, each fifth holding a fifth of the people.

    Areas are ranked by their deprivation score; an area falls where the middle of its people
    does.
    """
    known = [a for a in areas if {"IMDscore", "poptot"} <= set(facts.need.get(a, {}))]
    ranked = sorted(known, key=lambda a: (-facts.need[a]["IMDscore"], a))
    total = sum(facts.need[a]["poptot"] for a in ranked)
    fifths: dict[str, int] = {}
    before = 0.0
    for area in ranked:
        people = facts.need[area]["poptot"]
        fifths[area] = min(FIFTHS, int((before + people / 2) / total * FIFTHS) + 1)
        before += people
    return fifths


def find_peers(found: Catalogue, panel: Panel, asked: Sequence[str]) -> Peers:
    """The peers of every area of a panel; rows that say why only for the areas asked."""
    own = found.folders[0] / "peers.csv"
    if not found.is_packaged and own.is_file():
        with reading(own):
            table = open_table(own, ("area", "peer")).to_polars().sort("area", "place")
            return Peers(_index(panel, table), tuple(table.to_dicts()))
    kind = panel.dataset.peers
    if kind == "similar10":
        return _similar(found, panel, asked)
    if kind.startswith("kind:"):
        return _same_kind(found, panel, kind.removeprefix("kind:"))
    places = [[j for j in range(len(panel.areas)) if j != i] for i in range(len(panel.areas))]
    return Peers(np.array(places, dtype=np.int64).reshape(len(panel.areas), -1))


def _index(panel: Panel, table: pl.DataFrame) -> NDArray[np.int64]:
    """Area numbers of peers (area, place); a peer without records is no peer."""
    at = {area: i for i, area in enumerate(panel.areas)}
    lists: list[list[int]] = [[] for _ in panel.areas]
    for area, peer in table.select("area", "peer").iter_rows():
        if area in at and peer in at and area != peer:
            lists[at[area]].append(at[peer])
    width = max((len(found) for found in lists), default=0) or 1
    index = np.full((len(panel.areas), width), -1, dtype=np.int64)
    for i, found in enumerate(lists):
        index[i, : len(found)] = found
    return index


def _similar(found: Catalogue, panel: Panel, asked: Sequence[str]) -> Peers:
    import polars as pl

    inputs, weights = found.path(SIMILAR_INPUTS), found.path(SIMILAR_WEIGHTS)
    assert inputs is not None and weights is not None, "the packaged peer inputs are missing"
    changed = (inputs.stat().st_mtime_ns, weights.stat().st_mtime_ns)
    with reading(inputs):
        table, parts = similar_areas(inputs, weights, changed)
    reasons = parts.filter(pl.col("area").is_in(list(asked))) if len(asked) else None
    return Peers(_index(panel, table), tuple(_why(table, reasons, set(asked))))


@lru_cache(maxsize=4)
def similar_areas(
    inputs: Path, weights: Path, changed: tuple[int, int]
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The ten nearest peers of every area, and the distances by variable that make them so.

    `changed` (when the files were last written) keeps an answer from outliving its files.
    """
    known = open_table(weights, ("variable",)).to_polars()["variable"].to_list()
    scores = q.standard_scores(
        open_table(inputs, ("ccg_code",)), open_table(weights), area="ccg_code", variables=known
    )
    parts = q.distances_by_variable(scores)
    nearest: pl.DataFrame = connection().to_polars(q.nearest_peers(parts))
    every: pl.DataFrame = connection().to_polars(parts)
    return nearest.sort("area", "place"), every


def _why(table: pl.DataFrame, parts: pl.DataFrame | None, asked: set[str]) -> list[dict[str, Any]]:
    """Rows for people: peer, distance, and the variables on which the two differ most and least."""
    by_pair: dict[tuple[str, str], list[tuple[float, str]]] = {}
    if parts is not None:
        for area, peer, variable, part in parts.select("area", "peer", "variable", "part").rows():
            by_pair.setdefault((area, peer), []).append((part, variable))
    rows: list[dict[str, Any]] = []
    for area, peer, place, distance in table.select("area", "peer", "place", "distance").rows():
        if area in asked:
            ranked = sorted(by_pair.get((area, peer), []))
            rows.append(
                {
                    "area": area,
                    "peer": peer,
                    "place": place + 1,
                    "distance": float(f"{distance:.6g}"),
                    "most alike on": _words([v for _, v in ranked[:2]]),
                    "least alike on": _words([v for _, v in ranked[:-3:-1]]),
                }
            )
    return rows


def _words(variables: Sequence[str]) -> str:
    return ", ".join(IN_WORDS.get(v, v) for v in variables)


def _same_kind(found: Catalogue, panel: Panel, column: str) -> Peers:
    """Peers of one kind, as the dataset itself says in the period (else in its latest row)."""
    import ibis

    path = found.source(panel.dataset)
    assert path is not None
    table = open_table(path, (panel.dataset.area, panel.dataset.period))
    rows = table.select(
        area=table[panel.dataset.area], kind=table[column], at=table[panel.dataset.period]
    ).to_polars()
    latest = rows.sort("at").group_by("area", maintain_order=True).last().sort("area")
    kinds = ibis.memtable(latest.select("area", "kind"))
    pairs = connection().to_polars(q.peers_of_the_same_kind(kinds, area="area", kind="kind"))
    return Peers(_index(panel, pairs.sort("area", "place")))
