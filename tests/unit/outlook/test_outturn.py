"""The official forecast and its scenarios, and the months that the statistical methods are given."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pytest

from controltotal import verbs
from controltotal.core.result import Result
from controltotal.outlook import statistical
from tests.small_books import TREE, book
from tests.strategies import Cells, amount, position_of

NAME = "outturn/T1/2026-27/forecast/official"


def official(**scenarios: int) -> Result:
    """A body that says its forecast in so many scenarios; `own` is the one without a name."""
    rows = [
        amount("T1", "position", pounds, basis="forecast", scenario="" if name == "own" else name)
        for name, pounds in scenarios.items()
    ]
    return verbs.forecast(position_of(book(*rows)))


def ends(result: Result) -> tuple[str, float | None, float | None, float | None]:
    found = result.figure(NAME)
    assert found is not None
    return found.status, found.value, found.low, found.high


def test_scenarios_without_a_forecast_leave_it_between_the_worst_and_the_best() -> None:
    assert ends(official(low=-340, high=-240)) == ("bounded", None, -34_000, -24_000)
    told = official(low=-340, likely=-300, high=-240)
    assert ends(told) == ("bounded", None, -34_000, -24_000)
    assert told.value(f"{NAME}/likely") == -30_000


def test_one_scenario_bounds_nothing() -> None:
    assert ends(official(low=-340)) == ("indeterminate", None, None, None)


def test_a_forecast_beside_scenarios_has_their_range_and_its_own_end() -> None:
    assert ends(official(own=-400, low=-340, high=-240)) == ("ok", -40_000, -40_000, -24_000)
    assert ends(official(own=-400)) == ("ok", -40_000, None, None)


@pytest.mark.parametrize(
    ("pounds", "words"),
    [(0, "is break-even."), (1_000_000, "is a surplus of £1"), (-1_000_000, "is a deficit of £1")],
)
def test_the_official_forecast_in_words(pounds: int, words: str) -> None:
    assert words in " ".join(official(own=pounds).words)


def months(code: str, year: str, values: Sequence[int]) -> list[Cells]:
    return [
        amount(code, "position", pounds, year=year, basis="actual", month=str(month))
        for month, pounds in enumerate(values, start=1)
    ]


def given(
    rows: Sequence[Cells], year: str, monkeypatch: pytest.MonkeyPatch
) -> list[tuple[dict[str, list[int]], int]]:
    """What the statistical methods are given, in pounds, and how many months are ahead."""
    asked: list[tuple[dict[str, list[int]], int]] = []

    def forecast(
        series: Mapping[str, Sequence[int]], incomes: object, above: object, ahead: int
    ) -> None:
        asked.append(({code: [p // 100 for p in run] for code, run in series.items()}, ahead))

    monkeypatch.setattr(statistical, "installed", lambda: True)
    monkeypatch.setattr(statistical, "forecast", forecast)
    verbs.forecast(position_of(book(*rows, tree=TREE)), year, organisation="T1")
    return asked


def test_the_methods_are_given_the_months_up_to_the_year_asked_and_none_after(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    first, second, third = range(1, 13), range(101, 113), range(201, 205)
    rows = [
        *months("T1", "2024-25", first),
        *months("T1", "2025-26", second),
        *months("T1", "2026-27", third),
    ]
    assert given(rows, "2025-26", monkeypatch) == [({"T1": [*first, *second]}, 0)]
    assert given(rows, "2026-27", monkeypatch) == [({"T1": [*first, *second, *third]}, 8)]


def test_a_year_with_a_month_missing_begins_the_run_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [
        *months("T1", "2024-25", range(1, 13)),
        *months("T1", "2025-26", range(101, 112)),  # eleven
        *months("T1", "2026-27", range(201, 204)),
    ]
    assert given(rows, "2026-27", monkeypatch) == [({"T1": [201, 202, 203]}, 9)]
