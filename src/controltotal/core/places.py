"""Places: packaged reference geography of England, for people, deprivation and authorities.

Small areas with their people, deprivation and the bodies that they belonged to at each vintage
(April 2020, April 2021, July 2022, April 2024). Money follows people only by assumption; the
engines that use this say so. Sources and licence: data/geography/README.md.
"""

from __future__ import annotations

import csv
import json
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

VINTAGES = ("2020", "2021", "2022", "2024")
_PEOPLE = {
    "2020": "pop_2019",
    "2021": "pop_2020",
    "2022": "pop_2020",
    "2024": "pop_census_2021",
}
_KINDS = ("place", "system", "authority", "district")


@dataclass(frozen=True, slots=True)
class Areas:
    """Small areas at one vintage; every array has one item an area.

    ``people``: residents. ``rank``: 1 is the most deprived area. ``score``: higher is more
    deprived. ``codes``: kind -> sorted codes; ``member``: kind -> index into those codes.
    """

    vintage: str
    people_source: str
    people: NDArray[np.int64]
    rank: NDArray[np.int64]
    score: NDArray[np.float64]
    codes: dict[str, tuple[str, ...]]
    member: dict[str, NDArray[np.int64]]

    def people_of(self, kind: str) -> dict[str, int]:
        """Residents of every body of a kind."""
        import numpy as np

        sums = np.bincount(self.member[kind], self.people, len(self.codes[kind]))
        return {code: int(n) for code, n in zip(self.codes[kind], sums, strict=True)}

    def cross(self, kind: str, other: str) -> NDArray[np.int64]:
        """People by body of one kind (rows) and of another (columns)."""
        import numpy as np

        rows, columns = len(self.codes[kind]), len(self.codes[other])
        flat = self.member[kind] * columns + self.member[other]
        counts = np.bincount(flat, self.people, rows * columns)
        return counts.astype(np.int64).reshape(rows, columns)

    def fifth(self) -> NDArray[np.int64]:
        """The fifth of England's areas each belongs to by deprivation; 1 is the most deprived."""
        return (self.rank - 1) * 5 // len(self.rank) + 1


@lru_cache(maxsize=8)
def areas(vintage: str) -> Areas:
    """The areas of a vintage: "2020", "2021", "2022" or "2024".

    >>> int(areas("2021").people.sum())
    56550138
    """
    import numpy as np
    import polars as pl

    if vintage not in VINTAGES:
        raise KeyError(vintage)
    name = "areas_2021" if vintage == "2024" else "areas_2011"
    deprivation = "imd2025" if vintage == "2024" else "imd2019"
    columns = [_PEOPLE[vintage], f"{deprivation}_rank", f"{deprivation}_score"]
    columns += [f"{kind}_{vintage}" for kind in _KINDS]
    frame = pl.read_parquet(_file(f"{name}.parquet"), columns=columns)
    codes, member = {}, {}
    for kind in _KINDS:
        labels, index = np.unique(frame[f"{kind}_{vintage}"].to_numpy(), return_inverse=True)
        codes[kind] = tuple(str(label) for label in labels)
        member[kind] = index.astype(np.int64)
    return Areas(
        vintage=vintage,
        people_source=_PEOPLE[vintage],
        people=frame[_PEOPLE[vintage]].to_numpy().astype(np.int64),
        rank=frame[f"{deprivation}_rank"].to_numpy().astype(np.int64),
        score=frame[f"{deprivation}_score"].to_numpy().astype(np.float64),
        codes=codes,
        member=member,
    )


@dataclass(frozen=True, slots=True)
class Deprivation:
    """People of one body and how deprived they are, from small areas."""

    people: int
    share_most_deprived_fifth: float
    score: float


@lru_cache(maxsize=32)
def deprivation(kind: str, vintage: str) -> dict[str, Deprivation]:
    """People, share in the most deprived fifth and population-weighted score of every body.

    >>> round(deprivation("system", "2022")["QUE"].score, 1)
    17.0
    """
    import numpy as np

    chosen = areas(vintage)
    size, member = len(chosen.codes[kind]), chosen.member[kind]
    people = np.bincount(member, chosen.people, size)
    most = np.bincount(member, chosen.people * (chosen.fifth() == 1), size)
    score = np.bincount(member, chosen.people * chosen.score, size)
    return {
        code: Deprivation(int(people[n]), float(most[n] / people[n]), float(score[n] / people[n]))
        for n, code in enumerate(chosen.codes[kind])
    }


@lru_cache(maxsize=16)
def names(vintage: str, kind: str) -> dict[str, str]:
    """Names by code of the bodies of a kind at a vintage; kind may be "region" too.

    >>> names("2021", "authority")["E10000012"]
    'Essex'
    """
    return {row["code"]: row["name"] for row in _names() if _is(row, vintage, kind)}


@lru_cache(maxsize=16)
def parents(vintage: str, kind: str) -> dict[str, str]:
    """The body above each: the system of a place, the region of a system.

    >>> parents("2021", "system")["QUE"]
    'Y61'
    """
    return {row["code"]: row["parent"] for row in _names() if _is(row, vintage, kind)}


def _is(row: dict[str, str], vintage: str, kind: str) -> bool:
    return row["vintage"] == vintage and row["kind"] == kind


@lru_cache(maxsize=1)
def _names() -> tuple[dict[str, str], ...]:
    text = (files("controltotal") / "data" / "geography" / "names.csv").read_text("utf-8")
    return tuple(csv.DictReader(text.splitlines()))


def system_map() -> dict[str, Any]:
    """Boundaries of the systems in April 2023 as GeoJSON, each feature with its Q code."""
    source = files("controltotal") / "data" / "geography" / "systems_2023.geojson"
    shapes: dict[str, Any] = json.loads(source.read_text("utf-8"))
    return shapes


def vintage_for(year: str) -> str:
    """The vintage nearest to a financial year: the latest not after it, else the first.

    >>> vintage_for("2019-20"), vintage_for("2021-22"), vintage_for("2023-24")
    ('2020', '2021', '2022')
    """
    first = year[:4]
    return max((vintage for vintage in VINTAGES if vintage <= first), default=VINTAGES[0])


def _file(name: str) -> bytes:
    return (files("controltotal") / "data" / "geography" / name).read_bytes()
