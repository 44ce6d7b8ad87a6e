"""The official forecast and its scenarios, and the months that the statistical methods are given."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import pytest

from controltotal import verbs
from controltotal.core.result import Answer, Result
from controltotal.outlook import backtest, statistical
from controltotal.outlook.outturn import Told, _interval, _put_records, _support_that_counts
from controltotal.workings.workings import Workings
from tests.small_books import TREE, book
from tests.strategies import Cells, amount, control_total, position_of

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


def run(code: str, line: str, basis: str, values: Sequence[int]) -> list[Cells]:
    return [
        amount(code, line, pounds, basis=basis, month=str(month))
        for month, pounds in enumerate(values, start=1)
    ]


QUARTER = [
    *run("T1", "patient_care_income", "actual", [100, 110, 120]),
    *run("T1", "pay", "actual", [130, 130, 120]),
    amount("T1", "pay", 6, basis="actual", month="3", recurrence="non_recurrent"),
    *run("T1", "position", "plan", [-10] * 6 + [-4] * 6),
    *run("T2", "position", "actual", [5, 5, 6]),
    *run("T2", "position", "plan", [3] * 12),
    amount("T1", "position", -150, basis="forecast"),
]
"""First: (30), (20), (6) with 6 once, of a plan of (84); Second: 16 of a plan of 36."""


def pounds(result: Result, measure: str, code: str, method: str = "") -> float | None:
    end = f"/{method}" if method else ""
    found = result.figure(f"{measure}/{code}/2026-27/forecast{end}")
    return None if found is None or found.value is None else float(found.value) / 100


def test_every_method_by_hand_after_a_quarter_of_the_year() -> None:
    result = verbs.forecast(position_of(book(*QUARTER, tree=TREE)))
    by_hand = {
        "straight_line": (-56 * 4, 16 * 4),
        "run_rate": (-56 - 50 * 3, 16 * 4),  # (50) in three months but for the 6 once
        "phased_plan": (-56 - 3 * 10 - 6 * 4, 16 + 9 * 3),
        "plan_plus_variance": (-84 - 26 * 4, 36 + 7 * 4),
    }
    for method, (first, second) in by_hand.items():
        assert pounds(result, "outturn", "T1", method) == first
        assert pounds(result, "outturn", "T2", method) == second
        assert pounds(result, "outturn", "S1", method) == first + second
        assert pounds(result, "forecast_difference", "T1", method) == -150 - first
        assert pounds(result, "forecast_difference", "T2", method) is None
        name = f"outturn/{{}}/2026-27/forecast/{method}"
        assert result.trace[name.format("S1")].rule == "sum of the forecasts below"
        assert result.trace[name.format("S1")].entries == ()
        assert len(result.trace[name.format("T1")].entries) == 7
        inputs = (name.format("T1"), name.format("T2"))
        assert tuple(result.trace[name.format("S1")].inputs) == inputs
    assert [one.code for one in result.findings] == ["FORECAST_FEW_CASES"]
    assert [row["cases"] for row in result.tables["backtest"]] == [0, 0, 0, 0]


@pytest.mark.parametrize(
    ("total", "support", "required", "multiple"),
    [
        (-60, 0, -4 / 9, 4 / 9 / (56 / 3)),
        (-56, 0, 0.0, None),  # a deficit so far, and none from now on: no multiple of it
        (-60, 9, -13 / 9, 13 / 9 / (56 / 3)),  # nine of support count towards the total
    ],
)
def test_the_run_rate_that_the_months_left_must_bring(
    total: int, support: int, required: float, multiple: float | None
) -> None:
    lent = [amount("T1", "support_income", support, basis="forecast")] if support else []
    totals = [control_total("T1", total, includes_support="yes")]
    made = book(*QUARTER, *lent, tree=TREE, control_totals=totals)
    result = verbs.forecast(position_of(made))
    assert pounds(result, "run_rate_required", "T1") == pytest.approx(required, abs=0.01)
    found = result.figure("ask_multiple/T1/2026-27/forecast")
    value = None if found is None else found.value
    assert value == (None if multiple is None else pytest.approx(multiple, abs=0.001))
    assert pounds(result, "run_rate_required", "T2") is None  # nobody has set it a total


def test_who_is_asked_for_and_who_gets_a_sentence() -> None:
    position = position_of(book(*QUARTER, tree=TREE))
    every, first = verbs.forecast(position), verbs.forecast(position, organisation="T1")
    assert {f.id.split("/")[1] for f in every.figures} == {"S1", "T1", "T2"}
    assert {f.id.split("/")[1] for f in first.figures} == {"T1"}
    assert {row["organisation"] for row in first.tables["xmr"]} == {"T1"}
    assert [text.split(",")[0] for text in every.words] == ["System", "First", "First", "Second"]
    assert [text.split(",")[0] for text in first.words] == ["First", "First"]
    stated = verbs.forecast(
        position_of(book(*QUARTER, amount("T2", "position", 1, basis="forecast"), tree=TREE))
    )
    assert {text.split(",")[0] for text in stated.words} == {"System"}  # the whole says it


def test_a_whole_is_not_forecast_around_a_body_without_months() -> None:
    rows = [row for row in QUARTER if row["organisation"] == "T1"]
    result = verbs.forecast(position_of(book(*rows, tree=TREE)))
    assert pounds(result, "outturn", "T1", "straight_line") == -56 * 4
    for code in ("S1", "T2"):
        assert pounds(result, "outturn", code, "straight_line") is None
    by_line = [row for row in QUARTER if row["basis"] != "plan"]
    half = verbs.forecast(position_of(book(*by_line, tree=TREE)))
    assert pounds(half, "outturn", "S1", "straight_line") == (-56 + 16) * 4
    assert pounds(half, "outturn", "S1", "phased_plan") is None  # there is no plan


@pytest.mark.parametrize(
    ("stated", "line"),
    [
        ([("Q1", -30), ("Q2", -10)], -40 * 2),  # half a year: a straight line, never months
        ([("H1", -40)], -80),
        ([("Q2", -10)], None),  # not from April
        ([("", -40)], -40),
    ],
)
def test_quarters_make_a_straight_line_and_no_months(
    stated: list[tuple[str, int]], line: int | None
) -> None:
    rows = [amount("T1", "position", value, basis="actual", month=part) for part, value in stated]
    result = verbs.forecast(position_of(book(*rows, tree=TREE)))
    assert pounds(result, "outturn", "T1", "straight_line") == line
    assert pounds(result, "outturn", "T1", "run_rate") is None


def test_without_months_it_is_said_which_are_missing() -> None:
    rows = run("T1", "position", "actual", [-1, -1])[1:]
    for code in (None, "T1"):
        result = verbs.forecast(position_of(book(*rows, tree=TREE)), organisation=code)
        (told,) = result.findings
        assert (told.code, told.organisation) == ("FORECAST_NO_MONTHS", code or "")
        assert told.action == "Add the missing months."
        assert told.found.startswith("First, 2026/27: ")
    nothing = verbs.forecast(position_of(book(amount("T1", "position", 1), tree=TREE)))
    assert nothing.findings[0].message.startswith("No body has actual months in 2026/27")
    assert nothing.findings[0].found == "none"
    assert nothing.findings[0].action == "Add actual amounts with a month."


def record(low: float | None, high: float | None, cases: int = 40) -> backtest.Test:
    absolute = 0.12345678 if cases else math.inf
    return backtest.Test("run_rate", cases, 2, absolute, low, high, 0.81234 if cases else None)


@pytest.mark.parametrize(
    ("told", "past", "interval"),
    [
        # 100 a month and 3 months left: errors of a tenth below and a fifth above
        (Told(income=100, ahead=3), record(-0.1, 0.2), (970, 1_060)),
        (Told(income=100, ahead=3), record(0.1, 0.2), (1_000, 1_060)),
        (Told(income=100, ahead=3), record(-0.2, -0.1), (940, 1_000)),
        (Told(income=100, ahead=0), record(-0.1, 0.2), (1_000, 1_000)),
        (Told(income=100, ahead=3), record(None, None), (None, None)),
        (Told(income=None, ahead=3), record(-0.1, 0.2), (None, None)),
        (Told(income=0, ahead=3), record(-0.1, 0.2), (None, None)),
        (Told(income=100, ahead=3), None, (None, None)),
    ],
)
def test_an_interval_is_past_errors_at_the_size_and_the_months_left(
    told: Told, past: backtest.Test | None, interval: tuple[int | None, int | None]
) -> None:
    assert _interval(1_000, told, past) == interval


def test_the_record_of_a_method_without_a_case_tells_no_error() -> None:
    answer = Answer("forecast", "book", {})
    _put_records(answer, [record(-0.1234567, 0.2), record(None, None, 0)], "run_rate")
    tested, untested = answer.result().tables["backtest"]
    assert (tested["mean_absolute_error"], tested["low"], tested["coverage"]) == (
        0.123457,
        -0.123457,
        0.8123,
    )
    assert tested["chosen"] is True
    assert (untested["mean_absolute_error"], untested["low"], untested["coverage"]) == (None,) * 3


def test_support_of_a_year_of_which_nothing_is_said_is_nil() -> None:
    said = book(amount("T1", "position", -5, year="2025-26"), amount("T1", "support_income", 3))
    totals = Workings(position_of(said)).totals
    assert _support_that_counts(totals, "T1", "2026-27") == 0


def test_a_method_that_any_body_can_use_may_be_chosen() -> None:
    """First tells two years and six months of a third, Second nothing: the best of its methods is
    chosen all the same."""
    rows = []
    for year, last in (("2024-25", 12), ("2025-26", 12), ("2026-27", 6)):
        for month in range(1, last + 1):
            rows += [
                amount(
                    "T1", "patient_care_income", 100, year=year, basis="actual", month=str(month)
                ),
                amount("T1", "pay", 99 + month % 3, year=year, basis="actual", month=str(month)),
            ]
    result = verbs.forecast(position_of(book(*rows, tree=TREE)))
    chosen = [row["method"] for row in result.tables["backtest"] if row["chosen"]]
    assert len(chosen) == 1
    assert result.words[0].startswith(f"First, 2026/27: {chosen[0].replace('_', ' ')} gives")
    assert not [one for one in result.findings if one.code == "FORECAST_FEW_CASES"]


def test_a_statistical_method_is_a_method_like_any_and_says_that_it_is_reconciled(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """What the library foretells of the months left is added to what has come: (56) and (90)."""

    def forecast(
        series: Mapping[str, Sequence[int]],
        incomes: object,
        above: Mapping[str, object],
        ahead: int,
    ) -> statistical.Told:
        cases = tuple(backtest.Case("T1", "auto_ets", n, 12, 0.0) for n in range(30))
        each = {"S1": -7_999.6, "T1": -9_000.4, "T2": 1_000.8}
        assert set(above) == {"T1", "T2"} and ahead == 9
        return statistical.Told({"auto_ets": each}, cases)

    monkeypatch.setattr(statistical, "installed", lambda: True)
    monkeypatch.setattr(statistical, "forecast", forecast)
    result = verbs.forecast(position_of(book(*QUARTER, tree=TREE)))
    assert pounds(result, "outturn", "T1", "auto_ets") == -146
    assert pounds(result, "outturn", "T2", "auto_ets") == 26.01
    whole = pounds(result, "outturn", "S1", "auto_ets")
    assert whole == pytest.approx(-146 + 26.01)
    assert pounds(result, "outturn", "T1", "auto_arima") is None
    name = "outturn/T1/2026-27/forecast/auto_ets"
    assert result.trace[name].rule.endswith(
        "reconciled with the bodies above and below by minimum trace"
    )
    row = next(r for r in result.tables["backtest"] if r["method"] == "auto_ets")
    assert (row["cases"], row["chosen"]) == (30, True)


def test_the_rate_of_the_last_quarter_is_told_where_its_months_are() -> None:
    """Months 10 to 12 at (5) are a year of (60), whatever was before."""
    rows = run("T1", "position", "actual", [-1] * 9 + [-5] * 3)
    result = verbs.forecast(position_of(book(*rows, tree=TREE)))
    assert pounds(result, "exit_run_rate", "T1") == -60
    name = "exit_run_rate/T1/2026-27/forecast"
    assert tuple(result.trace[name].inputs) == ("adjusted_surplus/T1/2026-27/actual",)
    early = verbs.forecast(position_of(book(*rows[:11], tree=TREE)))
    assert early.figure(name) is None
    assert {row["organisation"] for row in early.tables["xmr"]} == {"T1"}
    assert len(early.tables["xmr"]) == 11


def test_the_year_to_date_is_charted_with_the_years_before_it() -> None:
    rows = [
        *months("T1", "2025-26", range(1, 13)),
        *months("T1", "2026-27", range(201, 207)),
        *months("T1", "2027-28", range(301, 304)),
    ]
    result = verbs.forecast(position_of(book(*rows)), "2026-27")
    chart = [(row["year"], row["month"], row["pence"]) for row in result.tables["xmr"]]
    first = [("2025-26", month, month * 100) for month in range(1, 13)]
    assert chart == [*first, *(("2026-27", n, (200 + n) * 100) for n in range(1, 7))]
