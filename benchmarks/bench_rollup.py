"""The England-size roll-up: 252 organisations, 30 lines, 60 months, three bases, to every parent.

Every total of every body, region and the nation, by line, year, month, basis and recurrence. Ours
turns the long table into a dense cube of whole pence and adds along the tree; the peers group by
label, level by level, which is the best that we know how to ask of them. The last row copies the
answer's memory once, and no roll-up that makes an answer can be quicker than that. Answers are
compared to the penny, and absent cells too, before any clock starts.
"""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import duckdb
import polars as pl

from benchmarks.harness import Peer, race, write_section
from benchmarks.national import amounts, nation
from controltotal.core.amounts import Cube, cube, rollup

AXES = ["organisation", "line", "year", "month", "basis", "recurrence"]
LEVELS = ("leaf", "system", "region", "nation")


def long_table(dense: Cube) -> pl.DataFrame:
    """The reported cells of a cube as a sorted frame, for comparing."""
    import numpy as np

    places = np.nonzero(dense.present)
    columns: dict[str, Any] = {
        axis: pl.Series(dense.labels[axis], dtype=pl.String).gather(place)
        for axis, place in zip(dense.axes, places, strict=True)
    }
    return pl.DataFrame(columns | {"pence": dense.values[places]})


def polars_levels(frame: pl.DataFrame, parent: pl.DataFrame) -> pl.DataFrame:
    """Group the leaves once, then each level from the one below."""
    level = frame.lazy().group_by(AXES).agg(pl.col("pence").sum()).collect()
    levels = [level]
    for _ in LEVELS[1:]:
        level = (
            level.lazy()
            .join(parent.lazy(), on="organisation")
            .with_columns(organisation=pl.col("parent"))
            .group_by(AXES)
            .agg(pl.col("pence").sum())
            .collect()
        )
        levels.append(level)
    return pl.concat(levels)


def duckdb_levels(connection: duckdb.DuckDBPyConnection) -> duckdb.DuckDBPyConnection:
    """The same in one statement, each level materialised once; the answer stays in DuckDB."""
    rest = ", ".join(AXES[1:])
    parts = [
        f"leaf AS MATERIALIZED (SELECT organisation, {rest}, sum(pence)::BIGINT AS pence "
        f"FROM amounts GROUP BY ALL)"
    ]
    parts += [
        f"{above} AS MATERIALIZED (SELECT parents.parent AS organisation, {rest}, "
        f"sum(pence)::BIGINT AS pence FROM {below} JOIN parents USING (organisation) GROUP BY ALL)"
        for below, above in pairwise(LEVELS)
    ]
    union = " UNION ALL ".join(f"SELECT * FROM {level}" for level in LEVELS)
    connection.execute(f"CREATE OR REPLACE TABLE answer AS WITH {', '.join(parts)} {union}")
    return connection


def as_frame(answer: Any) -> pl.DataFrame:
    """Any peer's answer as one sorted frame of text labels and pence."""
    if isinstance(answer, Cube):
        frame = long_table(answer)
    elif isinstance(answer, pl.DataFrame):
        frame = answer
    else:
        frame = answer.sql("SELECT * FROM answer").pl()
    text = [pl.col(axis).cast(pl.String) for axis in AXES]
    return frame.select(*text, "pence").sort(AXES)


def main() -> None:
    tree, frame = nation(), amounts()
    parent = pl.DataFrame(
        list(tree.parent.items()), schema=["organisation", "parent"], orient="row"
    )
    kinds = {axis: pl.Enum(frame[axis].unique().sort()) for axis in AXES}
    kinds["organisation"] = pl.Enum(sorted(code for code, _, _ in tree.organisations))
    enums = frame.select([*AXES, "pence"]).cast(kinds)
    enum_parent = parent.cast(kinds["organisation"])
    connection = duckdb.connect()
    connection.execute("CREATE TABLE amounts AS SELECT * FROM frame")
    connection.execute("CREATE TABLE parents AS SELECT * FROM parent")
    dense = cube(frame, AXES)

    peers = [
        Peer("ours, from the cube", lambda: rollup(dense, tree.parent)),
        Peer("ours, from the long table", lambda: rollup(cube(frame, AXES), tree.parent)),
        Peer(
            "ours, from the long table, Enum labels", lambda: rollup(cube(enums, AXES), tree.parent)
        ),
        Peer("polars group-by, Enum labels", lambda: polars_levels(enums, enum_parent)),
        Peer("polars group-by, text labels", lambda: polars_levels(frame, parent)),
        Peer("DuckDB", lambda: duckdb_levels(connection)),
    ]
    expected = as_frame(peers[0].run())
    for peer in peers[1:]:
        assert as_frame(peer.run()).equals(expected), f"{peer.name} answers otherwise"
    whole = rollup(dense, tree.parent)
    limit = Peer("one copy of the answer", lambda: (whole.values.copy(), whole.present.copy()))
    timings = race([*peers, limit], rounds=5)
    write_section(
        "Roll-up of an England-size book",
        f"{frame.height:,} rows of amounts to {expected.height:,} totals at "
        f"{len(tree.organisations)} bodies, equal to the penny in all",
        timings,
        packages=["numpy", "polars", "duckdb"],
    )


if __name__ == "__main__":
    main()
