"""Benchmark opportunities: 73 measures x 106 areas x 61 months, from records to tested gaps.

Ours does peers, raw gaps, measured noise, shrinkage, phantom value, tests and run rules for every
measure and area over the last year. The peer does the raw gap alone, best five of ten, in polars:
what is usually published. Their raw gaps are compared before any clock starts. Reading the file and
building figures for people are timed by themselves.

Records are made up from one seed on the codes and peers of the packaged extract; a folder of the
full published files can be given instead: `python benchmarks/bench_opportunities.py FOLDER`.
"""

from __future__ import annotations

import sys
import tempfile
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from controltotal.core.result import Answer
from controltotal.savings.opportunity.answer import add_benchmarks
from controltotal.savings.opportunity.catalogue import Catalogue, catalogue
from controltotal.savings.opportunity.discovery import adjusted_chances
from controltotal.savings.opportunity.panel import Panel, read_panel
from controltotal.savings.opportunity.peers import area_facts, find_peers, similar_areas
from controltotal.savings.opportunity.periods import read_period
from controltotal.savings.opportunity.study import study
from harness import Peer, race, write_section

MONTHS = [date(2020 + (11 + k) // 12, (11 + k) % 12 + 1, 1) for k in range(61)]
SEED = 73


def made_up(folder: Path) -> None:
    """61 months of 73 measures in 106 areas, at the levels of the packaged extract."""
    known = catalogue().path("ccg_prescribing_measures_monthly")
    assert known is not None
    real = pl.read_parquet(known)
    level = real.group_by("measure", "code").agg(
        (pl.col("numerator").sum() / pl.col("denominator").sum()).alias("rate"),
        pl.col("denominator").mean().alias("size"),
    )
    months = pl.DataFrame({"month": MONTHS})
    rows = level.join(months, how="cross").sort("measure", "code", "month")
    wobble = np.random.default_rng(SEED).lognormal(0, 0.05, rows.height)
    rows.select(
        "measure",
        "code",
        "month",
        (pl.col("rate") * pl.col("size") * pl.Series(wobble)).alias("numerator"),
        pl.col("size").alias("denominator"),
    ).write_parquet(folder / "ccg_prescribing_measures_monthly.parquet")


def load(found: Catalogue) -> Panel:
    dataset = found.datasets["prescribing"]
    measures = [m for m in found.measures.values() if m.dataset == "prescribing"]
    panel, _ = read_panel(found, dataset, measures, read_period("2025"))
    assert panel is not None
    return panel


def main() -> None:
    """Time each part, and write the section."""
    with tempfile.TemporaryDirectory() as made:
        folder = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(made)
        if len(sys.argv) == 1:
            made_up(folder)
        found = catalogue(folder)
        panel, facts = load(found), area_facts(found)
        records = pl.read_parquet(folder / "ccg_prescribing_measures_monthly.parquet")
        year = records.filter(pl.col("month").dt.year() == 2025).with_columns(
            pl.col("measure", "code").cast(pl.String)
        )
        pairs = pl.DataFrame(find_peers(found, panel, panel.areas).rows).select("area", "peer")

        def ours() -> float:
            similar_areas.cache_clear()
            done = study(panel, find_peers(found, panel, ()), facts)
            adjusted_chances(done.chance)
            signed = np.array([m.sign != 0 for m in panel.measures])
            return float(np.nansum(done.raw[signed]))

        signed = [m.code for m in panel.measures if m.sign]

        def plain() -> float:
            rates = (
                year.filter(pl.col("measure").is_in(signed))
                .group_by("measure", "code")
                .agg(pl.col("numerator").sum(), pl.col("denominator").sum())
                .with_columns(rate=pl.col("numerator") / pl.col("denominator"))
            )
            best = (
                pairs.join(rates, left_on="peer", right_on="code")
                .group_by("measure", "area")
                .agg(pl.col("rate").bottom_k(5).mean().alias("best"))
            )
            both = rates.join(best, left_on=["measure", "code"], right_on=["measure", "area"])
            gap = ((pl.col("rate") - pl.col("best")).clip(0) * pl.col("denominator")).sum()
            return float(both.select(gap).item())

        def same(a: float, b: Any) -> bool:
            return abs(a - b) < 1e-9 * abs(a)

        timings = race(
            [
                Peer("ours: peers, raw gaps, noise, shrinkage, phantom, tests, run rules", ours),
                Peer("polars: raw gaps alone, peers given", plain),
            ],
            same=same,
        )
        loading = race([Peer("ours: 61 months from Parquet to arrays", lambda: load(found))])

        def figures() -> int:
            answer = Answer("opportunities")
            add_benchmarks(answer, data=folder, areas=["QE1"], period="2025")
            return len(answer.result().figures)

        whole = race([Peer("ours: the verb for eight areas, figures and tables", figures)])
        write_section(
            "Benchmark opportunities",
            "73 measures x 106 areas x 61 months; rows compare within a part, not between parts",
            [*timings, *loading, *whole],
            packages=["ibis-framework", "duckdb", "polars", "numpy", "scipy"],
        )


if __name__ == "__main__":
    main()
