"""What the past teaches: rates fitted to schemes, the public record, and what is said of both."""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil
from typing import Any

import numpy as np
import pytest

from controltotal import verbs
from controltotal.core.datafiles import packaged_rows
from controltotal.core.result import Result
from controltotal.outlook.calibration import (
    LEVELS,
    Delivered,
    Fitted,
    fit,
    past_schemes,
    reliability,
    share_quantile,
    trust_records,
)
from controltotal.workings.workings import Workings
from tests.small_books import book
from tests.strategies import Cells, amount, position_of


def past(*actual: int, year: str = "2026-27", finished: bool = True) -> list[Delivered]:
    """Schemes that each planned 100."""
    return [
        Delivered(f"S{n}", "T1", "in_progress", year, 12, 100, one, finished)
        for n, one in enumerate(actual)
    ]


def fitted(*actual: int) -> Fitted:
    found = fit(past(*actual), "in_progress")
    assert found is not None
    return found


EVEN = tuple(range(60, 102, 2))
"""Twenty-one in even steps: the second lies at the 5th of a hundred, the last but one at the 95th."""
LEANING = (40, 60, 62, 64, 66, 68, 70, 70, 72, 74, 76, 78, 80, 84, 88, 92, 96, 99, 104, 110, 140)


@pytest.mark.parametrize("actual", [EVEN, LEANING])
def test_fitted_rates_have_the_mean_and_the_variance_of_what_was_delivered(
    actual: Sequence[int],
) -> None:
    """A PERT's mean is (low + 4 modes + high) / 6, its variance (mean - low)(high - mean) / 7."""
    rates, shares = fitted(*actual), np.array(actual) / 100
    mean, variance = shares.mean(), shares.var()
    assert (rates.low + 4 * rates.mode + rates.high) / 6 == pytest.approx(mean)
    assert (mean - rates.low) * (rates.high - mean) / 7 == pytest.approx(variance)
    arms = (mean - rates.low) / (rates.high - mean)
    ordered = sorted(shares)
    assert arms == pytest.approx((mean - ordered[1]) / (ordered[-2] - mean))
    assert (rates.chance, rates.cases, rates.years, rates.finished) == (1.0, 21, 1, 21)
    assert rates.maturity == "in_progress"


def test_schemes_that_brought_nothing_lower_the_chance_and_not_the_share() -> None:
    rates, other = fitted(*EVEN, 0, 0, 0, -5), fitted(*EVEN)
    assert rates.chance == 21 / 25 and rates.cases == 25
    assert (rates.low, rates.mode, rates.high) == (other.low, other.mode, other.high)


def test_a_share_is_never_less_than_nil_and_the_mode_lies_between_the_ends() -> None:
    """Fourteen at 1 and six at 100: by the mean and the variance alone the mode would be below
    nil."""
    rates = fitted(*[1] * 14, *[100] * 6)
    assert rates.low == rates.mode == 0.0
    assert rates.high > 1
    top = fitted(*[1000] * 17, *[900] * 3)
    assert top.mode == top.high > 10


def test_schemes_that_all_brought_the_same_leave_no_doubt() -> None:
    rates = fitted(*[90] * 12)
    assert rates.low == rates.mode == rates.high == pytest.approx(0.9)


def test_ten_cases_are_enough_where_half_of_them_started() -> None:
    assert fit(past(*[90] * 10), "in_progress") is not None
    assert fit(past(*[90] * 9), "in_progress") is None
    assert fit(past(*[90] * 5, *[0] * 5), "in_progress") is not None
    assert fit(past(*[90] * 4, *[0] * 6), "in_progress") is None


def test_years_and_finished_schemes_are_counted() -> None:
    cases = past(*[90] * 6) + past(*[80] * 6, year="2025-26", finished=False)
    rates = fit(cases, "in_progress")
    assert rates is not None and (rates.years, rates.finished) == (2, 6)


def told(*rows: Cells, codes: Sequence[str] = ("S1",)) -> list[Delivered]:
    """What the record holds of some schemes."""
    schemes = [
        {
            "id": code,
            "organisation": "T1",
            "title": code,
            "recurrence": "recurrent",
            "maturity": "in_progress",
            "full_year_effect": "120",
        }
        for code in codes
    ]
    return past_schemes(Workings(position_of(book(*rows, schemes=schemes))).totals)


def saved(month: str, pounds: int, basis: str, **more: str) -> Cells:
    return amount("T1", "drugs", pounds, month=month, basis=basis, scheme="S1", **more)


def months(basis: str, pounds: int, last: int = 12, first: int = 1, **more: str) -> list[Cells]:
    return [saved(str(n), pounds, basis, **more) for n in range(first, last + 1)]


def test_a_year_that_is_not_over_is_judged_by_the_months_that_both_tell() -> None:
    """Two lines a month are added up: 3 months of 10 + 2 planned, of which 2 are told: 24 and 13."""
    rows = [
        *months("plan", 10, 3),
        *[{**row, "line": "pay", "amount": "2"} for row in months("plan", 10, 3)],
    ]
    rows += [*months("actual", 6, 2), {**saved("1", 1, "actual"), "line": "pay"}]
    rows += months("actual", 99, 9, first=9)
    (case,) = told(*rows)
    assert (case.plan, case.actual, case.months, case.finished) == (2_400, 1_300, 2, False)
    assert case.share == 13 / 24
    assert (case.scheme, case.organisation, case.maturity) == ("S1", "T1", "in_progress")


def test_quarters_meet_quarters_and_never_months() -> None:
    (case,) = told(saved("Q1", 30, "plan"), saved("Q2", 30, "plan"), saved("Q1", 27, "actual"))
    assert (case.plan, case.actual, case.months) == (3_000, 2_700, 3)
    assert told(saved("Q1", 30, "plan"), saved("Q2", 30, "plan"), saved("1", 9, "actual")) == []


def test_a_scenario_and_a_forecast_teach_nothing() -> None:
    rows = [*months("plan", 10, 2), *months("actual", 9, 1)]
    (case,) = told(
        *rows, *months("forecast", 70, 2), *months("plan", 50, 1, scenario="low"),
        *months("actual", 50, 2, scenario="low"),
    )  # fmt: skip
    assert (case.plan, case.actual, case.months) == (1_000, 900, 1)
    assert told(*months("plan", 10), *months("actual", 9, scenario="low")) == []


def test_each_year_with_actuals_is_a_case_of_its_own() -> None:
    rows = [
        *months("plan", 10, year="2025-26"),
        *months("actual", 8, year="2025-26"),
        *months("plan", 10),
        *months("actual", 9),
        *months("plan", 10, year="2027-28"),
    ]
    assert [(c.year, c.plan, c.actual, c.months, c.finished) for c in told(*rows)] == [
        ("2025-26", 12_000, 9_600, 12, True),
        ("2026-27", 12_000, 10_800, 12, True),
    ]


def test_a_scheme_that_planned_nothing_or_less_has_no_share() -> None:
    assert told(*months("plan", 0), *months("actual", 9)) == []
    assert told(*months("plan", -1), *months("actual", 9)) == []
    (case,) = told(saved("1", 1, "plan"), saved("1", 0, "actual"))
    assert (case.plan, case.actual, case.finished) == (100, 0, True)


def test_held_out_cases_against_what_the_others_would_have_said() -> None:
    """Eleven that brought exactly nine tenths: each lies at every level of what the ten others say,
    and nothing is lost."""
    found = reliability(past(*[90] * 11))
    assert found is not None and found.cases == 11
    assert found.observed == tuple((level, 1.0) for level in LEVELS)
    assert (found.coverage, found.score) == (1.0, pytest.approx(0.0))
    assert reliability(past(*[90] * 10)) is None  # nine others are too few


def test_a_case_that_lies_apart_is_covered_by_none_and_costs_its_distance() -> None:
    """One at 50 among twelve at 90: 0.4 under every quantile, which costs 0.4 x (1 - level), on
    average 0.2. The others are told by rates that 50 is part of; only the one is by 90 alone."""
    cases = past(*[90] * 12, 50)
    found = reliability(cases)
    assert found is not None and found.cases == 13
    alone = fit(cases[:12], "in_progress")
    assert alone is not None and share_quantile(alone, 0.5) == pytest.approx(0.9)
    rates = fit(cases[1:], "in_progress")
    assert rates is not None
    by_level = [share_quantile(rates, level) for level in LEVELS]
    losses = [(0.9 - q) * level if q <= 0.9 else (q - 0.9) * (1 - level)
              for level, q in zip(LEVELS, by_level, strict=True)]  # fmt: skip
    expected = (12 * sum(losses) / 9 + 0.2) / 13
    assert found.score == pytest.approx(expected)
    at_or_under = [(12 * (q >= 0.9) + 1) / 13 for q in by_level]
    assert [share for _, share in found.observed] == pytest.approx(at_or_under)
    assert found.coverage == 12 * (by_level[0] <= 0.9 <= by_level[-1]) / 13


def test_another_maturity_is_no_evidence() -> None:
    other = [Delivered(f"O{n}", "T1", "opportunity", "2026-27", 12, 100, 10) for n in range(9)]
    found = reliability([*past(*[90] * 11), *other])
    assert found is not None and found.cases == 11 and found.coverage == 1.0


def test_the_public_record_is_its_own_order_by_size_of_plan() -> None:
    """Of n errors in order the q-th quantile is the one at the place q n, rounded up."""
    rows = [
        (int(row["plan_k"]), int(row["actual_k"]))
        for row in packaged_rows("backtest/trust_plan_vs_actual_2018_19.csv")
    ]
    bands = {
        "all trusts": rows,
        "planned deficit over £20m": [row for row in rows if row[0] < -20_000],
        "planned deficit to £20m": [row for row in rows if -20_000 <= row[0] < 0],
        "planned break-even or surplus": [row for row in rows if row[0] >= 0],
    }
    found = trust_records()
    assert [record.band for record in found] == list(bands)
    for record, chosen in zip(found, bands.values(), strict=True):
        errors = sorted(actual - plan for plan, actual in chosen)
        places = [ceil(len(errors) * tenths / 10) - 1 for tenths in (1, 5, 9)]
        assert record.cases == len(chosen)
        expected = [errors[place] * 100_000 for place in places]
        assert [record.low, record.middle, record.high] == expected
    shares = [record.coverage * record.cases for record in found]
    assert shares[0] == sum(shares[1:]) == 176  # of 220


def calibrated(schemes: int, years: Sequence[str] = ("2026-27",)) -> Result:
    """So many schemes that each saved 9 of 10 in each of the years."""
    codes = [f"S{n}" for n in range(schemes)]
    rows = [
        amount("T1", "drugs", pounds, month="1", basis=basis, scheme=code, year=year)
        for code in codes
        for year in years
        for basis, pounds in (("plan", 10), ("actual", 9))
    ]
    register = [
        {
            "id": code,
            "organisation": "T1",
            "title": code,
            "recurrence": "recurrent",
            "maturity": "in_progress",
            "full_year_effect": "120",
        }
        for code in codes
    ]
    return verbs.calibrate(position_of(book(*rows, schemes=register)))


@pytest.mark.parametrize(
    ("schemes", "years", "few"),
    [
        (10, ("2024-25", "2025-26", "2026-27"), False),
        (15, ("2025-26", "2026-27"), True),
        (9, ("2024-25", "2025-26", "2026-27"), True),
        (12, ("2024-25", "2025-26", "2026-27"), False),
    ],
)
def test_thirty_cases_of_three_years_are_enough(
    schemes: int, years: Sequence[str], few: bool
) -> None:
    found = [f for f in calibrated(schemes, years).findings if f.code == "CALIBRATION_FEW"]
    assert bool(found) is few
    if few:
        assert found[0].found == f"{len(years)} years and {schemes * len(years)} schemes"


def test_rates_are_ready_to_be_adopted_from_the_last_year_they_rest_on() -> None:
    result = calibrated(10, ("2024-25", "2025-26", "2026-27"))
    (row,) = result.tables["fitted"]
    assert (row["maturity"], row["cases"], row["years"]) == ("in_progress", 30, 3)
    assert [row[name] for name in ("chance", "low", "mode", "high")] == [1.0, 0.9, 0.9, 0.9]
    values = {r["name"]: (r["value"], r["from"]) for r in result.tables["parameters"]}
    day = "2026-04-01"
    assert values == {
        "delivery_chance_in_progress": ("1.0000", day),
        "delivery_low_in_progress": ("0.9000", day),
        "delivery_mode_in_progress": ("0.9000", day),
        "delivery_high_in_progress": ("0.9000", day),
    }
    sources = {r["source"] for r in result.tables["parameters"]}
    assert sources == {"fitted to 30 schemes of 3 years"}


def test_what_the_books_own_record_covers_is_told_of_its_top_and_last_year() -> None:
    result = calibrated(10, ("2024-25", "2025-26", "2026-27"))
    named: dict[str, Any] = {f.id: f.value for f in result.figures if f.id.endswith("/schemes")}
    assert named == {
        "interval_coverage/T1/2026-27/actual/schemes": 1.0,
        "interval_cases/T1/2026-27/actual/schemes": 30,
        "pinball_loss/T1/2026-27/actual/schemes": pytest.approx(0.0),
    }
    assert result.tables["reliability"][0] == {"level": 0.1, "observed": 1.0}
    assert result.words[-1].startswith(
        "Of the book's own 30 past schemes (2024/25, 2025/26, 2026/27)"
    )


def test_too_few_past_schemes_are_said_to_be_too_few() -> None:
    result = calibrated(9)
    assert result.words[-1] == (
        "The book has too few past schemes to fit delivery rates of its own."
    )
    assert not [f for f in result.figures if f.id.endswith("/schemes")]
    assert verbs.calibrate().tables.keys() == {"plan_backtest", "reported_cases"}


def test_a_month_for_which_nothing_was_planned_need_not_be_told() -> None:
    """Eleven months of 10 and a March of nil: finished with the eleven, and not with ten."""
    plan = [*months("plan", 10, 11), saved("12", 0, "plan")]
    (case,) = told(*plan, *months("actual", 9, 11))
    assert (case.plan, case.actual, case.months, case.finished) == (11_000, 9_900, 11, True)
    (part,) = told(*plan, *months("actual", 9, 10))
    assert (part.plan, part.actual, part.months, part.finished) == (10_000, 9_000, 10, False)
