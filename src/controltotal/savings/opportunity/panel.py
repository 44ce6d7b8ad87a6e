"""From files to a dense panel: measure, area, month, with peers, need and names.

Records are asked for by the expressions of `benchmark_queries` and turned into arrays by the one
function that does so here; labels decide every place, never the order of rows. Whatever cannot be
used is left out and said.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from controltotal.core.errors import BookError
from controltotal.core.finding import Finding
from controltotal.core.progress import stop_if_cancelled
from controltotal.savings.opportunity import benchmark_queries as q
from controltotal.savings.opportunity.benchmark_rules import Index
from controltotal.savings.opportunity.catalogue import Catalogue, Dataset, Measure
from controltotal.savings.opportunity.periods import LEAST, WINDOW, Period, latest_period
from controltotal.savings.opportunity.records import usable

if TYPE_CHECKING:
    import ibis.expr.types as ir
    import polars as pl

Array = NDArray[np.float64]

SIMILAR_INPUTS = "similar10_inputs_2021"
SIMILAR_WEIGHTS = "similar10_weights_2021"
TWICE_NAMED = 8
"""Records that stand twice and are named; the rest are counted."""
AREA_LOOKUP = "subicb_icb_region_lookup_2022"


@dataclass(frozen=True)
class Peers:
    """Who is compared with whom: `index` (area, place), -1 where there is none; rows for people."""

    index: Index
    rows: tuple[dict[str, Any], ...] = ()


@dataclass(frozen=True)
class Panel:
    """Dense records of one dataset. Arrays are (measure, area, month); NaN is absent."""

    dataset: Dataset
    period: Period
    measures: tuple[Measure, ...]
    areas: tuple[str, ...]
    months: tuple[date, ...]
    numerator: Array
    denominator: Array
    names: Mapping[str, str] = field(default_factory=dict)

    @property
    def in_period(self) -> NDArray[np.bool_]:
        """Which months belong to the period."""
        return np.array([self.period.first <= m <= self.period.last for m in self.months])


_own = threading.local()


def connection() -> Any:
    """The DuckDB that benchmark queries run on: in memory, one for each thread."""
    if not hasattr(_own, "connection"):
        import ibis

        _own.connection = ibis.duckdb.connect()
    return _own.connection


@contextmanager
def reading(path: Path) -> Iterator[None]:
    """Whatever goes wrong while a file is read or queried is said in one line that names it."""
    import duckdb
    import polars as pl

    faults = (OSError, KeyError, ValueError, TypeError, duckdb.Error, pl.exceptions.PolarsError)
    try:
        yield
    except faults as error:
        said = str(error).splitlines()
        raise BookError(
            "a benchmark file cannot be understood",
            str(path),
            f"look for text where a number, a date or a column should be ({said[0] if said else ''})",
        ) from error


def open_table(path: Path, texts: Sequence[str] = ()) -> ir.Table:
    """A file as a table; the columns `texts` (codes, years) are never read as numbers."""
    import duckdb
    import polars as pl

    try:
        if path.suffix == ".parquet":
            return connection().read_parquet(str(path))
        header = pl.read_csv(path, n_rows=0).columns
        types = {name: "VARCHAR" for name in texts if name in header}
        return connection().read_csv(str(path), types=types)
    except (OSError, UnicodeError, duckdb.Error, pl.exceptions.PolarsError) as error:
        raise BookError(
            "a benchmark file cannot be read", str(path), "export it again as Parquet or CSV"
        ) from error


def records(path: Path, dataset: Dataset, measures: Sequence[Measure]) -> ir.Table:
    """The records of a dataset's measures in the common shape."""
    table = open_table(path, (dataset.area, dataset.period, dataset.measure))
    if dataset.layout == "long":
        needed = (dataset.measure, dataset.area, dataset.period, dataset.numerator)
        _demand(path, table, (*needed, dataset.denominator))
        return q.long_records(
            table,
            measure=dataset.measure,
            area=dataset.area,
            month=dataset.period,
            numerator=dataset.numerator,
            denominator=dataset.denominator,
        )
    if dataset.layout == "weighted_activity":
        return _weighted(path, table)
    columns = [(m.code, m.numerator, m.denominator) for m in measures]
    named = [name for _, *pair in columns for name in pair]
    _demand(path, table, (dataset.area, dataset.period, *named))
    return q.wide_records(table, columns, area=dataset.area, year=dataset.period)


def _weighted(path: Path, activity: ir.Table) -> ir.Table:
    national = next(
        (
            path.parent / f"national_cost{k}"
            for k in (".parquet", ".csv")
            if (path.parent / f"national_cost{k}").is_file()
        ),
        None,
    )
    if national is None:
        raise BookError(
            "national unit costs are missing",
            f"{path.parent}/national_cost.csv",
            "add the table with department_code, currency_code and unit_cost",
        )
    _demand(path, activity, ("provider", "month", "department_code", "currency_code", "cost"))
    costs = open_table(national, ("department_code", "currency_code"))
    return q.weighted_activity(activity, costs, 3500.0)


def _demand(path: Path, table: ir.Table, columns: Sequence[str]) -> None:
    missing = [name for name in columns if name not in table.columns]
    if missing:
        raise BookError(
            f"the column {missing[0]!r} is missing",
            str(path),
            f"add it, or name it in datasets.csv (found: {', '.join(table.columns)})",
        )


def choose_period(
    table: ir.Table, dataset: Dataset, asked: Period | None
) -> tuple[Period, date] | None:
    """The period to answer and the first month to read; None where the source has no row of it."""
    ends = table.aggregate(first=table.month.min(), last=table.month.max()).to_polars()
    first, last = ends.row(0)
    if last is None:
        return None
    period = asked or latest_period(last, dataset.frequency)
    if period.last < first or period.first > last:
        return None
    if dataset.frequency == "year":
        return period, first
    return period, period.back(max(WINDOW, LEAST, period.months))


def read_panel(
    found: Catalogue, dataset: Dataset, measures: Sequence[Measure], asked: Period | None
) -> tuple[Panel | None, list[Finding]]:
    """The panel of one dataset over a period, and what had to be left out of it."""
    path = found.source(dataset)
    if path is None or not measures:
        return None, []
    with reading(path):
        table = records(path, dataset, measures)
        stop_if_cancelled()
        chosen = choose_period(table, dataset, asked)
        stop_if_cancelled()
        if chosen is None:
            return None, []
        period, first = chosen
        codes = [m.code for m in measures]
        rows = q.within(table, codes, first, period.last).to_polars()
    _refuse_doubles(rows, path)
    stop_if_cancelled()
    rows, findings = usable(rows, {m.code: m for m in measures}, path.name)
    have = set(rows["measure"].unique().to_list())
    kept = tuple(m for m in measures if m.code in have)
    if not kept:
        return None, findings
    return _dense(rows, dataset, period, kept), findings


def _refuse_doubles(rows: pl.DataFrame, path: Path) -> None:
    """Refuse a table that says one thing twice: nobody can tell which of the two is true."""
    import polars as pl

    keys = ("measure", "area", "month")
    double = rows.group_by(keys).len().filter(pl.col("len") > 1).sort(keys)
    if double.height:
        named = [
            ", ".join(map(str, row)) for row in double.select(keys).head(TWICE_NAMED).iter_rows()
        ]
        more = f" and {double.height - len(named)} more" if double.height > len(named) else ""
        raise BookError(
            f"{double.height} records stand twice: {'; '.join(named)}{more}",
            str(path),
            "keep one row for each measure, area and month",
        )


def _dense(
    rows: pl.DataFrame, dataset: Dataset, period: Period, measures: tuple[Measure, ...]
) -> Panel:
    """The one place where long records become arrays."""
    areas = tuple(sorted(a for a in rows["area"].unique().to_list() if a))
    months = tuple(sorted(rows["month"].unique().to_list()))
    shape = (len(measures), len(areas), len(months))
    numerator, denominator = np.full(shape, np.nan), np.full(shape, np.nan)
    place = (
        _places(rows["measure"], [m.code for m in measures]),
        _places(rows["area"], areas),
        np.searchsorted(np.array(months, "datetime64[D]"), rows["month"].to_numpy()),
    )
    numerator[place] = rows["numerator"].cast(float).fill_null(np.nan).to_numpy()
    denominator[place] = rows["denominator"].cast(float).fill_null(np.nan).to_numpy()
    return Panel(dataset, period, measures, areas, months, numerator, denominator)


def _places(values: pl.Series, labels: Sequence[str]) -> Index:
    import polars as pl

    return values.cast(pl.Enum(list(labels))).to_physical().cast(pl.Int64).to_numpy()
