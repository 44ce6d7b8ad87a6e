"""One job of the England race in a process of its own: the files of a book to its figures.

    python -m benchmarks.england_jobs polars BOOK OUT.json

does one of `JOBS`, and writes what it took and what it found to OUT.json. The clock begins when
the libraries are loaded and stops at the figures; what loading took is told apart. The peers do
what their own users would write for the same question: read `amounts.csv`, turn thousands of
pounds to whole pence exactly, add up the surplus of each body, year and basis, and add it along
the tree. They look for no faults, and ours looks for all; that is the difference that is priced.
"""

from __future__ import annotations

import importlib
import json
import resource
import signal
import sys
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from types import FrameType
from typing import Any

from benchmarks.harness import memory_peak_mib

INCOME = ("patient_care_income", "other_income")
PENCE = 100_000
"""Pence in the unit of the book, a thousand pounds."""
KEY = ["organisation", "year", "basis"]
SAMPLE_EVERY = 0.02
"""Processor seconds between two looks at where ours is."""

Figures = dict[str, int]


def ours_check(book: Path) -> Figures:
    """Every fault of the book; a made-up England has none, so it gives no figures."""
    import controltotal

    result = controltotal.check(str(book))
    if result.has_errors:
        raise ValueError(f"the book of the race has errors: {result.findings[0]}")
    return {}


def ours_position(book: Path) -> Figures:
    """The position of every body; its surplus is what the peers tell."""
    import controltotal

    told = controltotal.position(str(book)).figures
    parts = [(figure.id.split("/"), figure.value) for figure in told]
    return {
        "/".join(at[1:]): int(value)
        for at, value in parts
        if at[0] == "surplus" and at[-1] in ("plan", "actual") and value is not None
    }


def polars(book: Path) -> Figures:
    """One lazy scan and group-by, then the tree level by level."""
    import polars as pl

    pence = (pl.col("amount") * PENCE).round().cast(pl.Int64)
    signed = pl.when(pl.col("line").is_in(INCOME)).then(pence).otherwise(-pence)
    level = (
        pl.scan_csv(book / "amounts.csv", schema_overrides={"amount": pl.Float64})
        .group_by(KEY)
        .agg(signed.sum().alias("pence"))
        .collect()
    )
    tree = pl.read_csv(book / "organisations.csv", columns=["code", "parent"])
    levels = []
    while level.height:
        levels.append(level)
        level = (
            level.join(tree, left_on="organisation", right_on="code")
            .filter(pl.col("parent").is_not_null() & (pl.col("parent") != ""))
            .group_by(pl.col("parent").alias("organisation"), "year", "basis")
            .agg(pl.col("pence").sum())
        )
    return {"/".join(row[:3]): row[3] for row in pl.concat(levels).iter_rows()}


def duckdb(book: Path) -> Figures:
    """One statement over the files, in exact decimals; the tree is followed by recursion."""
    import duckdb as db

    income = ", ".join(f"'{line}'" for line in INCOME)
    rows = db.connect().execute(
        f"""
        WITH RECURSIVE leaf AS MATERIALIZED (
            SELECT organisation, year, basis,
                   sum(CASE WHEN line IN ({income}) THEN amount ELSE -amount END) AS thousand
            FROM read_csv(?, types = {{'amount': 'DECIMAL(18, 5)'}})
            GROUP BY ALL
        ),
        above AS (
            SELECT code AS organisation, code AS body FROM read_csv(?)
            UNION ALL
            SELECT above.organisation, tree.parent
            FROM above JOIN read_csv(?) AS tree ON tree.code = above.body
            WHERE tree.parent <> ''
        )
        SELECT body, year, basis, (sum(thousand) * {PENCE})::BIGINT
        FROM leaf JOIN above USING (organisation) GROUP BY ALL
        """,
        [str(book / "amounts.csv"), *[str(book / "organisations.csv")] * 2],
    )
    return {"/".join(row[:3]): row[3] for row in rows.fetchall()}


def pandas(book: Path) -> Figures:
    """A data frame read whole, grouped, and merged with its parents level by level."""
    import pandas as pd

    frame = pd.read_csv(book / "amounts.csv")
    pence = (frame["amount"] * PENCE).round().astype("int64")
    frame["pence"] = pence.where(frame["line"].isin(INCOME), -pence)
    level = frame.groupby(KEY, as_index=False)["pence"].sum()
    tree = pd.read_csv(book / "organisations.csv", usecols=["code", "parent"]).dropna()
    levels = []
    while len(level):
        levels.append(level)
        joined = level.merge(tree, left_on="organisation", right_on="code")
        joined = joined.drop(columns="organisation").rename(columns={"parent": "organisation"})
        level = joined.groupby(KEY, as_index=False)["pence"].sum()
    return {"/".join(row[:3]): row[3] for row in pd.concat(levels).values.tolist()}


JOBS: dict[str, tuple[Callable[[Path], Figures], tuple[str, ...]]] = {
    "check": (ours_check, ("controltotal.verbs.standing", "polars", "numpy")),
    "position": (ours_position, ("controltotal.verbs.standing", "polars", "numpy")),
    "polars": (polars, ("polars",)),
    "DuckDB": (duckdb, ("duckdb",)),
    "pandas": (pandas, ("pandas",)),
}
"""Each job and what is loaded before its clock begins."""


def watched(places: Counter[str]) -> Callable[[int, FrameType | None], None]:
    """A look at which file of the package is at work, without those that it waits for."""

    def look(_signal: int, frame: FrameType | None) -> None:
        while frame is not None:
            name = frame.f_globals.get("__name__", "")
            if name.startswith("controltotal."):
                places[name.removeprefix("controltotal.").replace(".", "/")] += 1
                return
            frame = frame.f_back

    return look


def processor() -> float:
    """Processor seconds of this process, its threads and what it has waited for."""
    own = resource.getrusage(resource.RUSAGE_SELF)
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return own.ru_utime + own.ru_stime + children.ru_utime + children.ru_stime


def run(name: str, book: Path) -> dict[str, Any]:
    """Do one job and say what it took."""
    job, libraries = JOBS[name]
    for library in libraries:
        importlib.import_module(library)
    loaded, at_start = len(sys.modules), memory_peak_mib()
    places: Counter[str] = Counter()
    ours = "controltotal.verbs.standing" in libraries
    if ours:
        signal.signal(signal.SIGPROF, watched(places))
        signal.setitimer(signal.ITIMER_PROF, SAMPLE_EVERY, SAMPLE_EVERY)
    clock, cpu = time.perf_counter(), processor()
    figures = job(book)
    used, seconds = processor() - cpu, time.perf_counter() - clock
    if ours:
        signal.setitimer(signal.ITIMER_PROF, 0)
    return {
        "seconds": seconds,
        "processor": used,
        "loading": cpu,
        "peak": memory_peak_mib(),
        "loaded": at_start,
        "late": len(sys.modules) - loaded,
        "places": dict(places.most_common()),
        "figures": figures,
    }


if __name__ == "__main__":
    Path(sys.argv[3]).write_text(json.dumps(run(sys.argv[1], Path(sys.argv[2]))), "utf-8")
