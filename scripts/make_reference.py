"""Make the packaged list of organisations over time from public registers and lookups.

Usage: python scripts/make_reference.py FOLDER

FOLDER holds `geo/` (organisation register snapshots, area lookups by year, successions) and
`finance/` (allocations by year, which carry the names of their year). A code is seen at several
dates; sightings that say the same are joined into one spell with the first and last date seen.
Nothing is invented: what no file says stays empty. Equal sources give equal files.
"""

from __future__ import annotations

import csv
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

OUT = Path(__file__).resolve().parents[1] / "src" / "controltotal" / "data" / "reference"
SMALL_WORDS = {"and", "of", "the", "on", "for", "in", "with", "upon", "to"}
CAPITALS = {"nhs", "icb", "ccg", "cic", "ii"}
BOARDS_BEGAN = "2022-07-01"
REGISTER_2025 = "2025-12-01"
TRUST_SNAPSHOTS = {
    "2016": "2016-01-01",
    "2021-04": "2021-04-01",
    "2022-03": "2022-03-01",
    "2025-12": REGISTER_2025,
}
# The four regions before the seven: codes as in the register of 2016.
FORMER_REGIONS = {
    "Y54": "North of England",
    "Y55": "Midlands and East of England",
    "Y56": "London",
    "Y57": "South of England",
}
KINDS = {
    "ccg": "commissioner",
    "sub_icb_location": "sub_icb_location",
    "commissioning_hub": "commissioning_hub",
    "other": "sub_icb_reporting_entity",
}


class Sighting(NamedTuple):
    """What one file says of a code at one date."""

    code: str
    on: str
    name: str
    kind: str
    system: str = ""
    region: str = ""
    opened: str = ""
    closed: str = ""


def read(path: Path) -> Iterator[dict[str, str]]:
    """The rows of a CSV file."""
    with path.open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def readable(name: str) -> str:
    """A name in capitals, as people write it; other names stay as they are.

    >>> readable("GUY'S AND ST THOMAS' NHS FOUNDATION TRUST")
    "Guy's and St Thomas' NHS Foundation Trust"
    >>> readable("NHS NORFOLK AND WAVENEY ICB - 26A")
    'NHS Norfolk and Waveney ICB - 26A'
    """
    if name != name.upper():
        return name
    words = [_readable_word(word, first=place == 0) for place, word in enumerate(name.split())]
    return " ".join(words)


def _readable_word(word: str, *, first: bool) -> str:
    bare = word.strip(",()").lower()
    if "-" in word and len(word) > 1:
        return "-".join(_readable_word(part, first=False) for part in word.split("-"))
    if bare in CAPITALS or (any(c.isdigit() for c in bare) and len(bare) <= 5):
        return word
    if bare in SMALL_WORDS and not first:
        return word.lower()
    lead = len(word) - len(word.lstrip("("))
    return word[:lead] + word[lead:].capitalize()


def trusts(geo: Path) -> Iterator[Sighting]:
    """Trusts at four dates of the register; a trust already closed is seen on its last day."""
    for row in read(geo / "ods_trusts_snapshots.csv"):
        if row["region_ods"] in {"W00", ""}:
            continue  # three Welsh bodies
        on = TRUST_SNAPSHOTS[row["snapshot"]]
        if row["close_date"]:
            on = min(on, row["close_date"])
        yield Sighting(
            row["ods_code"],
            on,
            readable(row["name"]),
            "provider",
            row["system_ods"],
            row["region_ods"],
            row["open_date"],
            row["close_date"],
        )


def commissioners(geo: Path, finance: Path) -> Iterator[Sighting]:
    """Clinical commissioning groups and the places that followed them, by year."""
    for year in ("2019", "2020"):
        for row in read(geo / f"ccg_stp_region_{year}.csv"):
            yield Sighting(
                row["ccg_ods"],
                f"{year}-04-01",
                row["ccg_name"],
                "commissioner",
                row["stp_ods"],
                row["nhser_ods"],
            )
    for row in read(geo / "ccg2021_stp2021_sicbl2022_icb2022.csv"):
        yield Sighting(
            row["ccg21_ods"], "2021-04-01", row["ccg21_name"], "commissioner", row["stp21_ods"], ""
        )
        yield Sighting(
            row["sicbl22_ods"],
            BOARDS_BEGAN,
            row["sicbl22_name"],
            "sub_icb_location",
            row["icb22_ods"],
            row["nhser22_ods"],
        )
    for row in read(geo / "ods_eccg_2025.csv"):
        on = row["close_date"] or REGISTER_2025
        yield Sighting(
            row["ods_code"],
            on,
            readable(row["name"]),
            KINDS[row["kind"]],
            row["system_ods"],
            row["region_ods"],
            row["open_date"],
            row["close_date"],
        )
    yield from renamed(finance)


def renamed(finance: Path) -> Iterator[Sighting]:
    """Names by year of the few codes whose allocation rows changed their name, so their area."""
    named: dict[str, dict[str, str]] = defaultdict(dict)
    for row in read(finance / "ccg_allocations_2013_14_to_2019_20.csv"):
        named[row["ccg_code"]][row["financial_year"]] = row["ccg_name"]
    for code, years in named.items():
        if len(set(years.values())) > 1:
            for year, name in years.items():
                if year[:4] < "2019":  # from 2019 the lookups say
                    yield Sighting(
                        code, f"{year[:4]}-04-01", f"NHS {readable(name)} CCG", "commissioner"
                    )


def groupings(geo: Path) -> Iterator[Sighting]:
    """Systems, local offices and regions by year."""
    for row in read(geo / "ccg_stp_region_2019.csv"):
        yield Sighting(
            row["stp_ods"], "2019-04-01", row["stp_name"], "system", "", row["nhser_ods"]
        )
        yield Sighting(
            row["local_office_ods"],
            "2019-04-01",
            readable(row["local_office_name"]),
            "local_office",
            "",
            row["nhser_ods"],
        )
        yield Sighting(row["nhser_ods"], "2019-04-01", row["nhser_name"], "region")
    for row in read(geo / "ccg2021_stp2021_sicbl2022_icb2022.csv"):
        yield Sighting(row["stp21_ods"], "2021-04-01", row["stp21_name"], "system")
    for row in read(geo / "ics_icb.csv"):
        for on, column in (
            ("2020-04-01", "stp20_name"),
            (BOARDS_BEGAN, "icb22_name"),
            ("2024-04-01", "icb22_name"),
        ):
            yield Sighting(row["ods"], on, row[column], "system", "", row["nhser22_ods"])
    for row in read(geo / "nhs_england_regions.csv"):
        yield Sighting(row["nhser22_ods"], BOARDS_BEGAN, row["nhser22_name"], "region")
    for code, name in FORMER_REGIONS.items():
        yield Sighting(code, "2016-01-01", name, "region")


def spells(sightings: Iterable[Sighting]) -> list[dict[str, str]]:
    """One row for each spell in which a code reads the same."""
    by_code: dict[str, list[Sighting]] = defaultdict(list)
    for sighting in sightings:
        by_code[sighting.code].append(sighting)
    rows: list[dict[str, str]] = []
    for code, seen in sorted(by_code.items()):
        opened = next((s.opened for s in seen if s.opened), "")
        closed = next((s.closed for s in sorted(seen, key=lambda s: s.on)[::-1] if s.closed), "")
        for one in sorted(set(seen), key=lambda s: (s.on, s.name)):
            last = rows[-1] if rows and rows[-1]["code"] == code else None
            if last and joins(last, one):
                last["last_seen"] = one.on
                last["system"] = last["system"] or one.system
                last["region"] = last["region"] or one.region
                continue
            rows.append(
                {
                    "code": code,
                    "name": one.name,
                    "kind": one.kind,
                    "system": one.system,
                    "region": one.region,
                    "opened": opened,
                    "closed": closed,
                    "first_seen": one.on,
                    "last_seen": one.on,
                }
            )
    return rows


def joins(row: dict[str, str], sighting: Sighting) -> bool:
    """Whether a sighting says nothing new: same name and kind, same parents where both say."""
    same = row["name"].casefold() == sighting.name.casefold() and row["kind"] == sighting.kind
    return same and all(
        not here or not there or here == there
        for here, there in ((row["system"], sighting.system), (row["region"], sighting.region))
    )


def successions(geo: Path) -> list[dict[str, str]]:
    """Which body follows which: the register's own list, and the boards of July 2022."""
    rows = [
        {
            "predecessor": row["old_code"],
            "successor": row["new_code"],
            "on": row["date"],
            "kind": {"ccg": "commissioner", "trust": "provider"}.get(row["kind"], row["kind"]),
        }
        for row in read(geo / "ods_trust_and_ccg_successions.csv")
    ]
    rows += [
        {
            "predecessor": row["ccg21_ods"],
            "successor": row["icb22_ods"],
            "on": BOARDS_BEGAN,
            "kind": "commissioner_to_board",
        }
        for row in read(geo / "ccg2021_stp2021_sicbl2022_icb2022.csv")
    ]
    return sorted(rows, key=lambda r: (r["on"], r["predecessor"], r["successor"]))


def systems(geo: Path) -> list[dict[str, str]]:
    """People and deprivation of systems and regions, on the areas of July 2022."""
    figures = (
        "pop_2020",
        "pop_75_plus_2020",
        "imd2019_score_popwtd",
        "share_pop_most_deprived_20pct",
    )
    rows = []
    for file, code, name, kind in (
        ("ics_icb.csv", "ods", "icb22_name", "system"),
        ("nhs_england_regions.csv", "nhser22_ods", "nhser22_name", "region"),
    ):
        for row in read(geo / file):
            region = row["nhser22_ods"] if kind == "system" else ""
            rows.append(
                {"code": row[code], "name": row[name], "kind": kind, "region": region}
                | {figure: row[figure] for figure in figures}
            )
    return sorted(rows, key=lambda r: (r["kind"], r["code"]))


def write(name: str, rows: list[dict[str, str]]) -> None:
    """Write rows as CSV with newline endings."""
    OUT.mkdir(parents=True, exist_ok=True)
    with (OUT / name).open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    print(f"{name}: {len(rows)} rows")


def main(folder: Path) -> None:
    """Make all three files."""
    geo, finance = folder / "geo", folder / "finance"
    seen = [*trusts(geo), *commissioners(geo, finance), *groupings(geo)]
    write("organisations.csv", spells(seen))
    write("successions.csv", successions(geo))
    write("systems.csv", systems(geo))


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    main(Path(sys.argv[1]))
