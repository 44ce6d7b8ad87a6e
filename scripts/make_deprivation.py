"""People and deprivation of every place, system and region, added up once from the small areas.

`python -m scripts.make_deprivation` writes `data/geography/deprivation.csv` from the packaged areas,
so that a question about one body need not read a map of England. `as_in_2022` says whether a body
has the small areas of July 2022 already: people of mid-2020 then stand for it too.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import polars as pl

from controltotal.core.places import VINTAGES, Deprivation, areas, deprivation, parents

HERE = Path(__file__).parents[1] / "src" / "controltotal" / "data" / "geography"
COLUMNS = ("vintage", "kind", "code", "people", "deprivation", "score", "as_in_2022")


def members(vintage: str, kind: str) -> dict[str, frozenset[str]]:
    """The small areas of 2011 of each body; nothing for the areas of 2021, which are others."""
    if vintage == "2024":
        return {}
    below = "system" if kind == "region" else kind
    frame = pl.read_parquet(HERE / "areas_2011.parquet", columns=["area", f"{below}_{vintage}"])
    above = parents(vintage, "system")
    found: dict[str, set[str]] = {}
    for area, code in frame.iter_rows():
        found.setdefault(above[code] if kind == "region" else code, set()).add(area)
    return {code: frozenset(inside) for code, inside in found.items()}


def regions(vintage: str) -> dict[str, Deprivation]:
    """Regions as the sums of their systems."""
    chosen, above = areas(vintage), parents(vintage, "system")
    of = np.array([above[code] for code in chosen.codes["system"]])[chosen.member["system"]]
    found = {}
    for code in sorted(set(of.tolist())):
        people = chosen.people * (of == code)
        most = int((people * (chosen.fifth() == 1)).sum())
        whole = int(people.sum())
        found[code] = Deprivation(whole, most / whole, float((people * chosen.score).sum() / whole))
    return found


def rows(vintage: str) -> Iterator[tuple[object, ...]]:
    """The rows of a vintage: places, then systems, then regions."""
    for kind in ("place", "system", "region"):
        here, then = members(vintage, kind), members("2022", kind)
        known = regions(vintage) if kind == "region" else deprivation(kind, vintage)
        for code, one in known.items():
            same = "yes" if code in here and here[code] == then.get(code) else "no"
            share, score = one.share_most_deprived_fifth, one.score
            yield vintage, kind, code, one.people, repr(share), repr(score), same


if __name__ == "__main__":
    with (HERE / "deprivation.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(COLUMNS)
        for vintage in VINTAGES:
            writer.writerows(rows(vintage))
