"""Make the packaged list of organisations over time from public registers and lookups.

Usage: python scripts/make_reference.py FOLDER

FOLDER holds `geo/` (organisation register snapshots, area lookups by year, successions) and
`finance/` (allocations by year, which carry the names of their year). A code is seen at several
dates; sightings that say the same are joined into one spell with the first and last date seen.
Nothing is invented: what no file says stays empty. Equal sources give equal files.

Two things are told here because no file of the register says them yet: the trusts of 2023 and 2024
with those that followed them, and the first day of two commissioners that kept a code for another
area. The boards of April 2026 stand in `geo/icb_successions_2026.csv`.
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
BOARDS_2026 = "2026-04-01"
LAST_BEFORE_2026 = "2026-03-31"
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
TRUSTS_FOLLOWED = (
    ("RA4", "RH5", "2023-04-01"),
    ("RVY", "RBN", "2023-07-01"),
    ("R1C", "RW1", "2024-10-01"),
    ("RRP", "G6V2S", "2024-11-01"),
    ("TAF", "G6V2S", "2024-11-01"),
    ("RY9", "RAX", "2024-11-01"),
    ("RAP", "RAL", "2025-01-01"),
)
"""Trusts that ended in 2023 and 2024, who followed and the day after the register closed them."""
NOT_LISTED = {
    "TAF": ("Camden and Islington NHS Foundation Trust", "QMJ", "Y56", "2024-10-31"),
}
"""Trusts that no snapshot lists: name, system, region and last day."""
AREA_CHANGED = {"01H": "2017-04-01", "01K": "2017-04-01"}
"""Commissioners that kept their code while their area became another, and the first day of it."""
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
    for code, (name, system, region, closed) in NOT_LISTED.items():
        yield Sighting(code, closed, name, "provider", system, region, "", closed)


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
            changed = AREA_CHANGED.get(code, "")
            for year, name in years.items():
                on = f"{year[:4]}-04-01"
                if on < (changed or "2019"):  # from 2019 the lookups say
                    yield Sighting(code, on, f"NHS {readable(name)} CCG", "commissioner")
            if changed:
                latest = readable(years[max(years)])
                yield Sighting(code, changed, f"NHS {latest} CCG", "commissioner")


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
    yield from boards_of_2026(geo)
    for row in read(geo / "nhs_england_regions.csv"):
        yield Sighting(row["nhser22_ods"], BOARDS_BEGAN, row["nhser22_name"], "region")
    for code, name in FORMER_REGIONS.items():
        yield Sighting(code, "2016-01-01", name, "region")


def boards_of_2026(geo: Path) -> Iterator[Sighting]:
    """The boards from 1 April 2026: new ones, those that ended the day before, and all others."""
    regions = {row["ods"]: row["nhser22_ods"] for row in read(geo / "ics_icb.csv")}
    names = {row["ods"]: row["icb22_name"] for row in read(geo / "ics_icb.csv")}
    links = list(read(geo / "icb_successions_2026.csv"))
    ended = {row["predecessor"] for row in links}
    for code, region in regions.items():
        if code in ended:
            yield Sighting(
                code, LAST_BEFORE_2026, names[code], "system", "", region, "", LAST_BEFORE_2026
            )
        else:
            yield Sighting(code, BOARDS_2026, names[code], "system", "", region)
    for row in links:
        if row["kind"] == "board_merger" and row["successor"] not in regions:
            yield Sighting(
                row["successor"],
                BOARDS_2026,
                f"{row['note']} Integrated Care Board",
                "system",
                "",
                regions[row["predecessor"]],
                BOARDS_2026,
            )


def spells(sightings: Iterable[Sighting]) -> list[dict[str, str]]:
    """One row for each spell in which a code reads the same."""
    by_code: dict[str, list[Sighting]] = defaultdict(list)
    for sighting in sightings:
        by_code[sighting.code].append(sighting)
    rows: list[dict[str, str]] = []
    for code, seen in sorted(by_code.items()):
        opened = next((s.opened for s in seen if s.opened), "")
        closed = next((s.closed for s in sorted(seen, key=lambda s: s.on)[::-1] if s.closed), "")
        for one in sorted(set(seen), key=lambda s: (s.on, s.name, s)):
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
    """Which body follows which: the register's list, trusts since, and the boards of 2022 and 2026.

    `share` is the part of the old body that goes to the new one, empty where it goes whole or where
    no source says how a body divides; `mark` is that of the manual (P primary, G codes as a public
    repository quotes the register, K knowledge not yet checked).
    """
    rows = [
        _followed(
            row["old_code"],
            row["new_code"],
            row["date"],
            REGISTER_KINDS.get(row["kind"], row["kind"]),
        )
        for row in read(geo / "ods_trust_and_ccg_successions.csv")
    ]
    rows += [
        _followed(old, new, on, "provider", mark="K", note="last day from the register")
        for old, new, on in TRUSTS_FOLLOWED
    ]
    divided = divisions(geo)
    rows += [
        _followed(row["ccg21_ods"], row["icb22_ods"], BOARDS_BEGAN, "commissioner_to_board")
        for row in read(geo / "ccg2021_stp2021_sicbl2022_icb2022.csv")
        if row["ccg21_ods"] not in divided
    ]
    for old, parts in divided.items():
        whole = sum(parts.values())
        rows += [
            _followed(
                old,
                new,
                BOARDS_BEGAN,
                "commissioner_to_board",
                share=f"{people / whole:.6f}",
                note=f"{people:,} of {whole:,} people of mid-2020",
            )
            for new, people in parts.items()
        ]
    rows += [
        _followed(
            row["predecessor"],
            row["successor"],
            row["on"],
            row["kind"],
            share="" if row["share"] == "1" else row["share"],
            mark="G",
            note=row["note"],
        )
        for row in read(geo / "icb_successions_2026.csv")
    ]
    return sorted(rows, key=lambda r: (r["on"], r["predecessor"], r["successor"]))


REGISTER_KINDS = {"ccg": "commissioner", "trust": "provider"}


def _followed(
    old: str, new: str, on: str, kind: str, *, share: str = "", mark: str = "P", note: str = ""
) -> dict[str, str]:
    return {
        "predecessor": old,
        "successor": new,
        "on": on,
        "kind": kind,
        "share": share,
        "mark": mark,
        "note": note,
    }


def divisions(geo: Path) -> dict[str, dict[str, int]]:
    """People of mid-2020 by board, for the commissioners of 2021 that went to two in July 2022.

    Small areas say where each part went: Glossop, west Birmingham, and a few villages by Oundle.
    """
    import polars as pl

    before = pl.read_parquet(geo / "lsoa11_ccg_stp_region_la_2021.parquet")
    after = pl.read_parquet(geo / "lsoa11_sicbl_icb_region_la_2022.parquet")
    people = pl.read_parquet(geo / "lsoa11_population.parquet")
    areas = (
        before.select("lsoa11_code", "ccg21_ods")
        .join(after.select("lsoa11_code", "icb22_ods"), on="lsoa11_code")
        .join(people.select("lsoa11_code", "pop_2020"), on="lsoa11_code")
    )
    parts = areas.group_by("ccg21_ods", "icb22_ods").agg(pl.sum("pop_2020")).sort("pop_2020")
    found: dict[str, dict[str, int]] = defaultdict(dict)
    for old, new, count in parts.rows():
        found[old][new] = count
    return {old: dict(sorted(to.items())) for old, to in sorted(found.items()) if len(to) > 1}


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
