"""Make the packaged benchmark extracts from a folder of the full published files.

    python scripts/make_benchmarks.py FOLDER

The extract is smaller and never different: two calendar years of prescribing measures (the period
and the months that show whether a gap lasts), the peer inputs and weights, estates returns of NHS bodies
without their empty columns, and one area's price-per-unit list. Sources and licences are in
`src/controltotal/data/benchmarks/README.md`.
"""

from __future__ import annotations

import datetime
import shutil
import sys
from pathlib import Path

import polars as pl

TARGET = Path(__file__).parents[1] / "src" / "controltotal" / "data" / "benchmarks"
FIRST = datetime.date(2024, 1, 1)
COPIES = (
    "similar10_inputs_2021.csv",
    "similar10_weights_2021.csv",
    "subicb_icb_region_lookup_2022.csv",
    "ccg_prescribing_measure_list.csv",
)
ERIC_COLUMNS = (
    "year",
    "org_code",
    "org_name",
    "org_type",
    "gifa_m2",
    "occupied_m2",
    "energy_cost",
    "cleaning_cost",
    "laundry_cost",
    "hard_fm",
    "soft_fm",
)
PPU_COLUMNS = (
    "bnf_code",
    "pct",
    "lowest_decile",
    "quantity",
    "price_per_dose",
    "possible_savings",
    "flag_imported",
    "flag_non_bioequivalence",
    "flag_special_containers",
)


def write(frame: pl.DataFrame, name: str) -> None:
    """Write compressed, and read back to be sure."""
    path = TARGET / name
    frame.write_parquet(path, compression="zstd", compression_level=19, statistics=False)
    assert pl.read_parquet(path).equals(frame), name
    print(f"{name}: {frame.height:,} rows, {path.stat().st_size:,} bytes")


def main(source: Path) -> None:
    """Write every extract."""
    TARGET.mkdir(parents=True, exist_ok=True)
    for name in COPIES:
        shutil.copyfile(source / name, TARGET / name)
        (TARGET / name).chmod(0o644)
    months = pl.read_parquet(source / "ccg_prescribing_measures_monthly.parquet")
    months = months.with_columns(pl.col("measure", "code").cast(pl.String))
    months = months.filter(pl.col("month") >= FIRST).sort("measure", "code", "month")
    write(months, "ccg_prescribing_measures_monthly.parquet")
    eric = pl.read_csv(source / "eric_trust_core_2013_2017.csv", infer_schema_length=None)
    eric = eric.filter(pl.col("org_type") != "INDEPENDENT SECTOR")
    write(eric.select(ERIC_COLUMNS), "eric_trust_core_2013_2017.parquet")
    lines = pl.read_csv(source / "ppu_savings_ccg_99P_full_2016_09.csv", infer_schema_length=None)
    write(lines.select(PPU_COLUMNS), "ppu_savings_ccg_99P_full_2016_09.parquet")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
