"""Make the packaged geography and the loan extract from folders of public source files.

Usage: python scripts/make_geography.py GEO_FOLDER FINANCE_FOLDER

GEO_FOLDER holds the lookups, populations, deprivation scores and the boundary file named in
src/controltotal/data/geography/README.md; FINANCE_FOLDER the published loans. Everything is
renamed, joined on official codes and typed; the map is snapped to a grid of 0.005 degrees, so that
neighbours keep one border. Equal sources give equal files.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import polars as pl

HERE = Path(__file__).resolve().parents[1]
OUT = HERE / "src" / "controltotal" / "data" / "geography"
GRID_DEGREES = 0.005


def areas_2011(geo: Path) -> pl.DataFrame:
    """The 32,844 areas of 2011: people, deprivation 2019, and who they belonged to in 2020-2022."""
    frame = pl.read_parquet(geo / "lsoa11_population.parquet").select(
        "lsoa11_code", "pop_2019", "pop_2020"
    )
    deprivation = pl.read_parquet(geo / "lsoa11_imd2019.parquet").select(
        "lsoa11_code",
        pl.col("imd_rank").alias("imd2019_rank"),
        pl.col("imd_score_derived").round(3).alias("imd2019_score"),
    )
    frame = frame.join(deprivation, on="lsoa11_code", validate="1:1")
    for vintage, name, place, system in (
        ("20", "lsoa11_ccg_stp_region_la_2020", "ccg20_ods", "stp20_ods"),
        ("21", "lsoa11_ccg_stp_region_la_2021", "ccg21_ods", "stp21_ods"),
        ("22", "lsoa11_sicbl_icb_region_la_2022", "sicbl22_ods", "icb22_ods"),
    ):
        lookup = pl.read_parquet(geo / f"{name}.parquet").select(
            "lsoa11_code",
            pl.col(place).alias(f"place_20{vintage}"),
            pl.col(system).alias(f"system_20{vintage}"),
            pl.col(f"utla{vintage}_code").alias(f"authority_20{vintage}"),
            pl.col(f"ltla{vintage}_code").alias(f"district_20{vintage}"),
        )
        frame = frame.join(lookup, on="lsoa11_code", validate="1:1")
    assert frame.height == 32_844 and frame.null_count().sum_horizontal().item() == 0
    return compact(frame.rename({"lsoa11_code": "area"}).sort("area"))


def areas_2021(geo: Path) -> pl.DataFrame:
    """The 33,755 areas of 2021: people, deprivation 2025, and who they belonged to in 2024."""
    frame = pl.read_parquet(geo / "lsoa21_population_census2021.parquet").select(
        "lsoa21_code", "pop_census_2021"
    )
    deprivation = pl.read_parquet(geo / "lsoa21_imd2025.parquet").select(
        "lsoa21_code",
        pl.col("imd_rank").alias("imd2025_rank"),
        pl.col("imd_score").alias("imd2025_score"),
    )
    lookup = pl.read_parquet(geo / "lsoa21_sicbl_icb_region_la_2024.parquet").select(
        "lsoa21_code",
        pl.col("sicbl24_ods").alias("place_2024"),
        pl.col("icb24_ods").alias("system_2024"),
        pl.col("utla24_code").alias("authority_2024"),
        pl.col("ltla24_code").alias("district_2024"),
    )
    frame = frame.join(deprivation, on="lsoa21_code", validate="1:1").join(
        lookup, on="lsoa21_code", validate="1:1"
    )
    assert frame.height == 33_755 and frame.null_count().sum_horizontal().item() == 0
    return compact(frame.rename({"lsoa21_code": "area"}).sort("area"))


def compact(frame: pl.DataFrame) -> pl.DataFrame:
    """Small types: people and ranks in 16 bits, scores in 32."""
    types: dict[str, Any] = {
        name: pl.Float32
        if name.endswith("_score")
        else (pl.UInt16 if name.startswith(("pop_", "imd")) else pl.String)
        for name in frame.columns
    }
    return frame.cast(types)


def names(geo: Path) -> pl.DataFrame:
    """Code, name and kind of every place, system, region and authority, by vintage."""
    parts = []
    for vintage, name, place, system in (
        ("2020", "lsoa11_ccg_stp_region_la_2020", "ccg20", "stp20"),
        ("2021", "lsoa11_ccg_stp_region_la_2021", "ccg21", "stp21"),
        ("2022", "lsoa11_sicbl_icb_region_la_2022", "sicbl22", "icb22"),
        ("2024", "lsoa21_sicbl_icb_region_la_2024", "sicbl24", "icb24"),
    ):
        frame = pl.read_parquet(geo / f"{name}.parquet")
        year = vintage[2:]
        region = "nhser22" if vintage == "2022" else f"nhser{year}"
        for kind, code, label, above in (
            ("place", f"{place}_ods", f"{place}_name", f"{system}_ods"),
            ("system", f"{system}_ods", f"{system}_name", f"{region}_ods"),
            ("region", f"{region}_ods", f"{region}_name", ""),
            ("authority", f"utla{year}_code", f"utla{year}_name", ""),
            ("district", f"ltla{year}_code", f"ltla{year}_name", f"utla{year}_code"),
        ):
            parts.append(
                frame.select(
                    pl.lit(vintage).alias("vintage"),
                    pl.lit(kind).alias("kind"),
                    pl.col(code).alias("code"),
                    pl.col(label).alias("name"),
                    (pl.col(above) if above else pl.lit("")).alias("parent"),
                ).unique()
            )
    return pl.concat(parts).sort("vintage", "kind", "code", "parent")


def system_map(geo: Path) -> dict[str, Any]:
    """The 42 system boundaries of April 2023, on a grid and keyed by the lasting Q code."""
    codes: dict[str, str] = {}
    for name, vintage in (
        ("lsoa11_sicbl_icb_region_la_2022.parquet", "22"),
        ("lsoa21_sicbl_icb_region_la_2024.parquet", "24"),
    ):
        frame = pl.read_parquet(geo / name).select(f"icb{vintage}_code", f"icb{vintage}_ods")
        codes.update(frame.unique().iter_rows())
    source = json.loads((geo / "icb_2023_bsc.geojson").read_text("utf-8"))
    by_name = {
        f["properties"]["ICB23CD"]: f for f in sorted(source["features"], key=lambda f: str(f))
    }
    features = []
    for code in sorted(by_name):
        feature = by_name[code]
        geometry = feature["geometry"]
        many = geometry["coordinates"]
        many = many if geometry["type"] == "MultiPolygon" else [many]
        polygons = [rings for polygon in many if (rings := snapped(polygon))]
        assert polygons, code
        features.append(
            {
                "type": "Feature",
                "properties": {"code": codes[code], "name": feature["properties"]["ICB23NM"]},
                "geometry": {"type": "MultiPolygon", "coordinates": polygons},
            }
        )
    assert len(features) == 42
    features.sort(key=lambda feature: feature["properties"]["code"])
    return {"type": "FeatureCollection", "features": features}


def snapped(polygon: list[list[list[float]]]) -> list[list[list[float]]]:
    """A polygon's rings on the grid, without repeats; a ring that vanishes is left out."""
    rings = []
    for ring in polygon:
        points: list[list[float]] = []
        for lon, lat, *_ in ring:
            point = [
                round(round(lon / GRID_DEGREES) * GRID_DEGREES, 3),
                round(round(lat / GRID_DEGREES) * GRID_DEGREES, 3),
            ]
            if points and points[-1] == point:
                continue
            if len(points) >= 2 and straight(points[-2], points[-1], point):
                points[-1] = point
            else:
                points.append(point)
        if len(points) >= 4 and points[0] == points[-1]:
            rings.append(points)
        elif not rings:
            return []
    return rings


def straight(first: list[float], middle: list[float], last: list[float]) -> bool:
    """Whether the middle point lies on the line between the others, so that it may go."""
    ax, ay, bx, by = (
        round(value / GRID_DEGREES)
        for value in (
            middle[0] - first[0],
            middle[1] - first[1],
            last[0] - middle[0],
            last[1] - middle[1],
        )
    )
    return ax * by == ay * bx and ax * bx + ay * by > 0


def loans(finance: Path) -> pl.DataFrame:
    """All 3,570 published loans to trusts, without names of anybody but the trusts."""
    frame = pl.read_csv(
        finance / "trust_dhsc_loans_2016_17_to_2018_19.csv", infer_schema_length=None
    ).drop("roll_forward_ok")
    assert frame.height == 3_570
    return frame


def main(arguments: list[str]) -> int:
    """Write the files; say how large they are."""
    if len(arguments) != 2:
        print(__doc__)
        return 2
    geo, finance = (Path(argument) for argument in arguments)
    OUT.mkdir(parents=True, exist_ok=True)
    for name, frame in (
        ("areas_2011", areas_2011(geo)),
        ("areas_2021", areas_2021(geo)),
        ("trust_loans_2016_17_to_2018_19", loans(finance)),
    ):
        frame.write_parquet(OUT / f"{name}.parquet", compression="zstd", compression_level=19)
    names(geo).write_csv(OUT / "names.csv")
    text = json.dumps(system_map(geo), ensure_ascii=False, separators=(",", ":"))
    (OUT / "systems_2023.geojson").write_text(text + "\n", "utf-8")
    for path in sorted(OUT.iterdir()):
        print(f"{path.stat().st_size:>9,} {path.name}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
