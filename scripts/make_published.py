"""Make the packaged extracts of published money from a folder of public tables.

Usage: python scripts/make_published.py FOLDER

FOLDER holds `finance/` with the tables named below. They are packaged as published, every row and
every digit, compressed; columns that `KEPT` leaves out say nothing of money or people. The loans are
packaged already (src/controltotal/data/geography). Equal sources give equal files.
"""

from __future__ import annotations

import csv
import gzip
import io
import sys
from pathlib import Path

OUT = Path(__file__).resolve().parents[1] / "src" / "controltotal" / "data" / "published"
WHOLE = (
    "ccg_allocations_2013_14_to_2019_20.csv",
    "ccg_dft_2019_20_indicative.csv",
    "ccg_dft_2013_14_partial.csv",
    "trust_plan_vs_actual_2018_19.csv",
    "reported_system_figures.csv",
)
KEPT = {
    "icb_weighted_populations.csv": (
        "financial_year",
        "icb_code",
        "icb_name",
        "region",
        "practices",
        "population",
        "wp_core_final",
        "wp_primary_medical_final",
        "wp_health_inequalities",
        "need_index_core",
        "target_share_core_pct",
    ),
    "icb_place_weighted_populations.csv": (
        "financial_year",
        "icb_code",
        "lad_code",
        "lad_name",
        "practices",
        "population",
        "wp_core_final",
        "wp_primary_medical_final",
        "wp_health_inequalities",
    ),
}


def unnamed(row: dict[str, str]) -> dict[str, str]:
    """Addresses that hold a person's name, cut to the site and the page; notes of our own left out."""
    address = row.get("source_url", "")
    for part in ("/mp/", "github.com/"):
        if part in address:
            site, _, rest = address.partition(part)
            site = f"{site}{part}".rstrip("/") if part == "github.com/" else site
            address = f"{site}/…/{rest.rpartition('/')[2]}"
    note = "" if row.get("note") == "agrees with the seed article" else row.get("note", "")
    return {key: text for key, text in (("source_url", address), ("note", note)) if key in row}


def packed(path: Path, kept: tuple[str, ...]) -> bytes:
    """A table as compressed CSV with the columns kept (all where none are named)."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    columns = list(kept or rows[0])
    for row in rows:
        row.update(unnamed(row))
    text = io.StringIO()
    writer = csv.DictWriter(text, columns, extrasaction="ignore", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return gzip.compress(text.getvalue().encode(), 9, mtime=0)


def main() -> None:
    """Write every extract and say how large it is."""
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    finance = Path(sys.argv[1]) / "finance"
    OUT.mkdir(parents=True, exist_ok=True)
    for name in (*WHOLE, *KEPT):
        data = packed(finance / name, KEPT.get(name, ()))
        (OUT / f"{name}.gz").write_bytes(data)
        print(f"{name}.gz: {len(data):,} bytes")


if __name__ == "__main__":
    main()
