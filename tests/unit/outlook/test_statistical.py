"""Statistical forecasts, where the extra is installed: seasonal, tested, and adding up."""

from __future__ import annotations

import math
from pathlib import Path

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
