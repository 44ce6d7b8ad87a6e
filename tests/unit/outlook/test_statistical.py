"""Statistical forecasts, where the extra is installed: seasonal, tested, and adding up."""

from __future__ import annotations

import math
import sys
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any, ClassVar

import pytest

from controltotal import verbs
from controltotal.outlook import statistical

MILLION = 100_000_000


def book(folder: Path) -> Path:
    """Two trusts with three and a half years of months, worse every winter."""
    (folder / "organisations.csv").write_text(
        "code,name,kind,parent\nQAA,System,system,\nRAA,One,provider,QAA\nRBB,Two,provider,QAA\n",
        "utf-8",
    )
    rows = ["organisation,line,year,month,basis,amount,unit"]
    for code, size in (("RAA", 1.0), ("RBB", 0.5)):
        for number in range(42):
            year = 2023 + number // 12
            winter = math.cos((number % 12 - 9) * math.pi / 6)
            wobble = ((number * 7919 + len(code)) % 13 - 6) / 60
            cost = size * (21 + winter + wobble)
            label = f"{year}-{(year + 1) % 100:02d}"
            rows.append(
                f"{code},patient_care_income,{label},{number % 12 + 1},actual,{20 * size},£m"
            )
            rows.append(f"{code},pay,{label},{number % 12 + 1},actual,{cost:.4f},£m")
    (folder / "amounts.csv").write_text("\n".join(rows) + "\n", "utf-8")
    return folder


def test_short_series_get_no_statistical_forecast() -> None:
    assert statistical.forecast({"A": [1] * 23}, {"A": 1}, {"A": ("A",)}, 5) is None
    assert (
        statistical.forecast({"A": [1] * 30, "B": [1] * 29}, {}, {"A": ("A",), "B": ("B",)}, 5)
        is None
    )


def test_without_the_extra_plain_methods_still_answer(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(statistical, "installed", lambda: False)
    result = verbs.forecast(book(tmp_path), "2026-27")
    parts = {f.part for f in result.figures if f.measure == "outturn" and f.value is not None}
    assert parts == {"straight_line", "run_rate"}


@pytest.mark.skipif(not statistical.installed(), reason="the extra `forecast` is not installed")
def test_seasonal_methods_see_the_winter_and_the_tree_adds_up(tmp_path: Path) -> None:
    result = verbs.forecast(book(tmp_path), "2026-27")
    truth = -12 * 1.0  # the season sums to nil over a year: one million a month, wobble aside
    straight = result.value("outturn/RAA/2026-27/forecast/straight_line")
    assert straight is not None
    for method in statistical.MODELS:
        one, two, both = (
            result.value(f"outturn/{code}/2026-27/forecast/{method}")
            for code in ("RAA", "RBB", "QAA")
        )
        assert one is not None and two is not None and one + two == both
        if method != "auto_arima":
            assert abs(one / MILLION - truth) < 0.7 < abs(straight / MILLION - truth)
    chosen = [row["method"] for row in result.tables["backtest"] if row["chosen"]]
    assert chosen and chosen[0] in statistical.MODELS
    figure = result.figure(f"outturn/RAA/2026-27/forecast/{chosen[0]}")
    assert figure is not None and figure.low is not None and figure.low <= (figure.value or 0)


def foretold(
    nodes: dict[str, list[int]], months_ahead: int
) -> tuple[dict[tuple[str, str], float], dict[tuple[str, str], list[float]]]:
    """What the library would say: the last month again, and errors of 3 and -4 a node."""
    means = {
        (m, n): float(months_ahead * s[-1]) for m in statistical.MODELS for n, s in nodes.items()
    }
    return means, {key: [30.0, -40.0] for key in means}


@pytest.fixture
def library(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, list[int]]]:
    """The library stood in for; it gives back what it was asked of."""
    asked: list[dict[str, list[int]]] = []

    def run(nodes: dict[str, list[int]], months_ahead: int) -> object:
        asked.append(nodes)
        return foretold(nodes, months_ahead)

    monkeypatch.setattr(statistical, "installed", lambda: True)
    monkeypatch.setattr(statistical, "_run", run)
    return asked


ABOVE = {"A": ("A", "S"), "B": ("B", "S")}


def test_two_years_of_months_are_enough_and_a_month_less_is_not(
    library: list[dict[str, list[int]]],
) -> None:
    def told(months: int, ahead: int = 5) -> statistical.Told | None:
        return statistical.forecast({"A": [1] * months}, {"A": 1}, {"A": ("A",)}, ahead)

    assert told(24) is not None and told(25) is not None
    assert told(23) is None
    assert told(24, 1) is not None
    assert told(24, 0) is None


def test_series_of_two_lengths_or_a_leaf_without_one_are_not_forecast(
    library: list[dict[str, list[int]]],
) -> None:
    month = [1] * 24
    assert statistical.forecast({"A": month, "B": month}, {}, ABOVE, 5) is not None
    assert statistical.forecast({"A": month, "B": [1] * 25}, {}, ABOVE, 5) is None
    assert statistical.forecast({"A": month}, {}, ABOVE, 5) is None
    more = {"A": month, "B": month, "C": [1] * 30}  # asked of nobody
    assert statistical.forecast(more, {}, ABOVE, 5) is not None


def test_a_node_above_is_forecast_from_the_sum_of_its_leaves_month_by_month(
    library: list[dict[str, list[int]]],
) -> None:
    """Two months ahead of 23 and 25 are 46 and 50, and of both 96: nothing to reconcile."""
    a, b = list(range(24)), list(range(2, 26))
    found = statistical.forecast({"A": a, "B": b}, {}, ABOVE, 2)
    assert library == [{"A": a, "B": b, "S": [x + y for x, y in zip(a, b, strict=True)]}]
    assert found is not None and set(found.ahead) == set(statistical.MODELS)
    for told in found.ahead.values():
        assert told["A"] == pytest.approx(46) and told["B"] == pytest.approx(50)


def test_an_error_is_told_as_a_share_of_the_income_of_the_months_ahead(
    library: list[dict[str, list[int]]],
) -> None:
    """30 and (40) beside 5 months of 2: 3 and (4) times as much; a leaf that tells no income has
    no case."""
    month = [1] * 24
    found = statistical.forecast({"A": month, "B": month}, {"A": 2, "B": None}, ABOVE, 5)
    assert found is not None
    cases = [(c.body, c.method, c.error) for c in found.cases]
    assert cases == [("A", m, e) for m in statistical.MODELS for e in (3.0, -4.0)]
    assert {(c.origin, c.end) for c in found.cases} == {(0, 5)}


def test_the_spread_of_errors_is_their_mean_square() -> None:
    assert statistical._variance([3.0, -4.0]) == 12.5
    assert statistical._variance([]) == 0


class Engine:
    """In place of the library: every month ahead is the last known, and every window errs by its
    number; it notes what it is asked."""

    asked: ClassVar[list[dict[str, Any]]] = []

    def __init__(self, models: list[Any], freq: int, n_jobs: int) -> None:
        self.names = [model.alias for model in models]
        Engine.asked.append({"freq": freq, "jobs": n_jobs, "seasons": {m.season for m in models}})

    def forecast(self, df: Any, h: int) -> Any:
        import polars as pl

        last = df.sort("ds").group_by("unique_id", maintain_order=True).last()
        rows = [
            {"unique_id": n, "ds": m + ahead, **dict.fromkeys(self.names, y)}
            for n, m, y in last.iter_rows()
            for ahead in range(1, h + 1)
        ]
        return pl.DataFrame(rows)

    def cross_validation(self, df: Any, h: int, n_windows: int, step_size: int) -> Any:
        import polars as pl

        Engine.asked[-1] |= {"windows": n_windows, "by": step_size, "ahead": h}
        rows = [
            {
                "unique_id": node,
                "ds": month,
                "cutoff": window,
                "y": 10.0,
                **dict.fromkeys(self.names, 10.0 - window),
            }
            for node in df["unique_id"].unique()
            for window in reversed(range(n_windows))
            for month in range(h)
        ]
        return pl.DataFrame(rows)


@pytest.mark.parametrize(
    ("months", "ahead", "windows"), [(24, 5, 6), (24, 11, 1), (42, 5, 12), (29, 5, 11), (24, 12, 1)]
)
def test_the_library_is_asked_for_every_method_by_the_month_of_the_year(
    months: int, ahead: int, windows: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A window leaves a season and a month to learn from; there are twelve at most. Window 2
    errs by 2 in each of the months ahead."""

    def model(season_length: int, alias: str) -> Any:
        return SimpleNamespace(alias=alias, season=season_length)

    models = SimpleNamespace(**dict.fromkeys(statistical.MODELS.values(), model))
    library = ModuleType("statsforecast")
    library.StatsForecast, library.models = Engine, models  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "statsforecast", library)
    nodes = {"B": [1] * months, "A": list(range(months))}
    means, errors = statistical._run(nodes, ahead)
    assert Engine.asked.pop() == {
        "freq": 1,
        "jobs": 1,
        "seasons": {12},
        "windows": windows,
        "by": 1,
        "ahead": ahead,
    }
    methods = set(statistical.MODELS)
    assert means == {(m, "A"): float((months - 1) * ahead) for m in methods} | {
        (m, "B"): float(ahead) for m in methods
    }
    told = [float(ahead * window) for window in range(windows)]
    assert errors == {(m, n): told for m in methods for n in "AB"}
