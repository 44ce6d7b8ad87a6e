"""Statistical forecasts with seasonality, from a library made for them (extra `forecast`).

Only where statsforecast is installed, and only for a body with 24 or more months of actuals in a
row; shorter series get no such forecast and nobody pretends. Every node of a tree is forecast from
its own months and the tree is then reconciled (see `reconcile`). Models are tested by forecasting
months that are already known, as every other method is.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.util import find_spec

from controltotal.outlook.backtest import Case
from controltotal.outlook.reconcile import min_trace

MONTHS_LEAST = 24
WINDOWS_MOST = 12
SEASON = 12
MODELS = {"auto_ets": "AutoETS", "auto_arima": "AutoARIMA", "seasonal_naive": "SeasonalNaive"}
RULES = {
    "auto_ets": "exponential smoothing chosen by information criterion, season of twelve months",
    "auto_arima": "ARIMA chosen by information criterion, season of twelve months",
    "seasonal_naive": "each month left as it was a year before",
}


def installed() -> bool:
    """Whether the library of the extra is there."""
    return find_spec("statsforecast") is not None


@dataclass(frozen=True, slots=True)
class Told:
    """Sums of the months ahead by method and leaf, pence, and the cases that test the methods."""

    ahead: Mapping[str, Mapping[str, float]]
    cases: tuple[Case, ...]


def forecast(
    series: Mapping[str, Sequence[int]],
    incomes: Mapping[str, int | None],
    above: Mapping[str, tuple[str, ...]],
    months_ahead: int,
) -> Told | None:
    """Forecast the months left of every leaf of `above`; None where it cannot be done.

    `series` are months in a row up to the last actual, by leaf, all of one length. Nodes above
    are their sums. Reconciled by minimum trace, so that the tree adds up.
    """
    lengths = {len(series[leaf]) for leaf in above if leaf in series}
    if set(series) < set(above) or len(lengths) != 1 or lengths.pop() < MONTHS_LEAST:
        return None
    if months_ahead < 1 or not installed():
        return None
    nodes: dict[str, list[int]] = {}
    for leaf, path in above.items():
        for node in path:
            sums = nodes.setdefault(node, [0] * len(series[leaf]))
            nodes[node] = [a + b for a, b in zip(sums, series[leaf], strict=True)]
    means, errors = _run(nodes, months_ahead)
    ahead: dict[str, dict[str, float]] = {}
    for method in MODELS:
        told = {node: means[method, node] for node in nodes}
        spread = {node: _variance(errors[method, node]) for node in nodes}
        ahead[method] = min_trace(told, spread, above)
    cases = [
        Case(leaf, method, 0, months_ahead, error / ((incomes[leaf] or 1) * months_ahead))
        for method in MODELS
        for leaf in above
        if incomes.get(leaf)
        for error in errors[method, leaf]
    ]
    return Told(ahead, tuple(cases))


def _variance(errors: Sequence[float]) -> float:
    return sum(error * error for error in errors) / max(len(errors), 1)


def _run(
    nodes: Mapping[str, Sequence[int]], months_ahead: int
) -> tuple[dict[tuple[str, str], float], dict[tuple[str, str], list[float]]]:
    """Sums of the months ahead, and the errors of such sums on months already known."""
    import polars as pl
    from statsforecast import StatsForecast  # type: ignore[import-not-found,unused-ignore]
    from statsforecast import models as library  # type: ignore[import-not-found,unused-ignore]

    frame = pl.DataFrame(
        [
            {"unique_id": node, "ds": month, "y": float(pence)}
            for node, months in sorted(nodes.items())
            for month, pence in enumerate(months)
        ]
    )
    made = [
        getattr(library, name)(season_length=SEASON, alias=method)
        for method, name in MODELS.items()
    ]
    engine = StatsForecast(models=made, freq=1, n_jobs=1)
    length = len(next(iter(nodes.values())))
    windows = max(1, min(WINDOWS_MOST, length - SEASON - 1 - months_ahead))
    sums = engine.forecast(df=frame, h=months_ahead).group_by("unique_id").sum()
    tested = engine.cross_validation(df=frame, h=months_ahead, n_windows=windows, step_size=1)
    by_window = tested.group_by("unique_id", "cutoff").sum()
    means: dict[tuple[str, str], float] = {}
    errors: dict[tuple[str, str], list[float]] = {}
    for method in MODELS:
        means |= {(method, r["unique_id"]): float(r[method]) for r in sums.iter_rows(named=True)}
        for row in by_window.sort("unique_id", "cutoff").iter_rows(named=True):
            errors.setdefault((method, row["unique_id"]), []).append(row["y"] - row[method])
    return means, errors
