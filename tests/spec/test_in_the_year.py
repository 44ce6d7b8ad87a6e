"""Facts come first: nine months are recorded, and three lie ahead. Worked by hand in £m.

T plans (1.0) a month, with scheme X of 12.0 a year from April in it: without X (2.0) a month.
Its actuals are (1.2) a month to December, (10.8); nobody has stated a forecast. So it starts from
(10.8), and January to March are (3.0) less the 3.0 that X was to bring: (16.8).
"""

from __future__ import annotations

from typing import Any

import pytest

from controltotal import verbs
from controltotal.core.result import Result
from tests.scheme_books import assessments, gates
from tests.strategies import position_of

MILLION = 100_000_000
YEAR = "2026-27"


def month(line: str, number: int, basis: str, amount: float, **more: str) -> dict[str, str]:
    """One row of amounts of T, in £m."""
    return {
        "organisation": "T",
        "line": line,
        "year": YEAR,
        "month": str(number),
        "basis": basis,
        "amount": str(amount),
        "unit": "£m",
        **more,
    }


def book(recorded: int = 9, saved: float = 0.0, **cells: str) -> dict[str, list[dict[str, str]]]:
    """T with so many months recorded; `saved` is what X is recorded to have saved in month 9."""
    row = {
        "id": "X",
        "organisation": "T",
        "title": "X",
        "recurrence": "recurrent",
        "maturity": "fully_developed",
        "in_plan": "yes",
        "start": "2026-04-01",
        "full_year_effect": "12",
        "unit": "£m",
        **dict.fromkeys(("low", "mode", "high"), "1"),
        "chance": "1",
        "delay_months": "0",
        "owner": "Chief operating officer",
        **cells,
    }
    amounts = [month("position", n, "plan", -1.0) for n in range(1, 13)]
    amounts += [month("position", n, "actual", -1.2) for n in range(1, recorded + 1)]
    if saved:
        amounts.append(month("pay", 9, "actual", saved, scheme="X"))
    return {
        "organisations": [{"code": "T", "name": "Trust", "kind": "provider"}],
        "amounts": amounts,
        "control_totals": [
            {
                "organisation": "T",
                "year": YEAR,
                "amount": "-13.8",
                "unit": "£m",
                "status": "accepted",
                "includes_support": "no",
            }
        ],
        "schemes": [row],
        "assessments": assessments("X"),
        "gates": gates("X"),
    }


def asked(made: Any) -> tuple[Result, Result]:
    """What risk and portfolio answer."""
    position = position_of(made)
    return verbs.risk(position, draws=2_000), verbs.portfolio(position)


def pounds(result: Result, measure: str, basis: str) -> float:
    """A figure of T in £m."""
    return float(result.value(f"{measure}/T/{YEAR}/{basis}")) / MILLION  # type: ignore[arg-type]


def before(result: Result) -> float:
    """Where the portfolio starts from, in £m."""
    (row,) = result.tables["control_totals"]
    return float(row["before_schemes"]) / MILLION


def test_what_has_not_begun_by_december_begins_in_january_in_both() -> None:
    risk, portfolio = asked(book())
    assert before(portfolio) == -16.8
    (row,) = portfolio.tables["schemes"]
    assert row["start"] == "2027-01-01"
    assert pounds(portfolio, "portfolio_saving", "plan") == 3.0
    assert pounds(portfolio, "shortfall", "plan") == 0.0
    assert pounds(risk, "outturn_mean", "forecast") == -13.8
    assert risk.value(f"chance_control_total/T/{YEAR}/forecast") == 1.0


def test_what_has_delivered_is_certain_and_never_late() -> None:
    """Its terms say one chance in two and two months late; a saving of December is a fact."""
    risk, portfolio = asked(book(saved=1.0, chance="0.5", delay_months="2"))
    assert before(portfolio) == -16.8
    assert pounds(portfolio, "portfolio_saving", "plan") == 3.0
    assert pounds(risk, "outturn_mean", "forecast") == -13.8
    (row,) = portfolio.tables["schemes"]
    assert row["start"] == "2026-04-01"


def test_a_delay_counts_from_the_first_month_ahead() -> None:
    """Mean 1: month n ahead is saved where it is under n late: 1/2 + 3/4 + 7/8 = 2.125."""
    risk, portfolio = asked(book(delay_months="1"))
    assert pounds(portfolio, "portfolio_saving", "plan") == 2.125
    figure = risk.figure(f"outturn_mean/T/{YEAR}/forecast")
    assert figure is not None and figure.low is not None and figure.high is not None
    assert figure.low <= -14.675 * MILLION <= figure.high  # (16.8) and 2.125


def test_the_steps_from_the_forecast_to_the_mean_meet() -> None:
    risk, _ = asked(book(delay_months="1"))
    steps = {(row["step"], row["about"]): row["pence"] for row in risk.tables["steps"]}
    assert steps["forecast", ""] == -13.8 * MILLION
    assert steps["expected loss", "X"] == -87_500_000  # 2.125 of the 3.0 that the plan holds
    rest = [pence for (step, _), pence in steps.items() if step != "mean"]
    assert sum(rest) == steps["mean", ""] == risk.value(f"outturn_mean/T/{YEAR}/forecast")


def test_when_the_year_is_recorded_nothing_varies() -> None:
    risk, portfolio = asked(book(recorded=12))
    assert before(portfolio) == -14.4
    assert pounds(portfolio, "portfolio_saving", "plan") == 0.0
    assert pounds(risk, "outturn_mean", "forecast") == -14.4
    assert pounds(risk, "outturn_p10", "forecast") == pounds(risk, "outturn_p90", "forecast")


def test_the_fan_meets_the_record() -> None:
    risk, _ = asked(book(delay_months="1"))
    nine = next(row for row in risk.tables["fan"] if row["month"] == 9)
    assert nine["p10_pence"] == nine["p90_pence"] == pytest.approx(-10.8 * MILLION, abs=1)


def test_a_plan_that_is_not_told_by_month_leaves_the_rest_of_the_year_unknown() -> None:
    made = book()
    made["amounts"] = [row for row in made["amounts"] if row["basis"] == "actual"]
    made["amounts"].append({**month("position", 1, "plan", -12), "month": ""})
    risk, portfolio = asked(made)
    assert risk.value(f"outturn_mean/T/{YEAR}/forecast") is None
    assert portfolio.value(f"shortfall/T/{YEAR}/plan") is None
