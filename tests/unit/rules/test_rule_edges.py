"""What a person reads at the edge of a rule: a penny either side, the first and the last day, the tie.

Each test stands for a small change of the program that no worked case would have shown.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from controltotal.core.money import exact_pounds, pounds_apart
from controltotal.core.result import Result
from controltotal.rules.answer import answer_rules
from controltotal.rules.form import percents_apart, within_or_over
from controltotal.rules.registry import RULES, by_name
from controltotal.workings.workings import Workings
from tests.strategies import position_of

Row = dict[str, str]
MILLION = 100_000_000
TRUST: list[Row] = [{"code": "T", "name": "Ash", "kind": "provider"}]


def answered(as_at: str | date | None = None, **tables: list[Row]) -> Result:
    return answer_rules(Workings(position_of({"organisations": TRUST, **tables}, as_at)))


def row(result: Result, rule: str) -> dict[str, Any]:
    return next(dict(r) for r in result.tables["rules"] if r["rule"] == rule)


def steps(result: Result, figure: str) -> list[str]:
    return result.trace[figure].rule.splitlines()


def fact(name: str, value: str, year: str, unit: str = "", **more: str) -> Row:
    given = {"organisation": "T", "year": year, "fact": name, "value": value, **more}
    return {**given, "unit": unit} if unit else given


@pytest.mark.parametrize(
    ("surplus", "status", "why"),
    [
        ("-99.99", "met", "£0.01 better than the control total"),
        ("-100.00", "met", "exactly on it"),
        ("-100.01", "breached", "£0.01 worse than the control total"),
    ],
)
def test_a_penny_either_side_of_a_control_total(surplus: str, status: str, why: str) -> None:
    own = {"organisation": "T", "year": "2017-18"}
    result = answered(
        amounts=[{**own, "line": "position", "basis": "actual", "amount": surplus}],
        control_totals=[{**own, "amount": "-100", "status": "accepted"}],
    )
    found = row(result, "own_control_total")
    assert (found["status"], found["why"]) == (status, why)


def test_a_state_without_a_month_holds_from_the_start_of_the_year() -> None:
    result = answered(
        facts=[
            fact("recovery_state", "0", "2013-14"),
            fact("recovery_state", "3", "2013-14", month="1"),
        ]
    )
    said = steps(result, "rule/T/2013-14/recovery_state")
    assert "from the start of the year: usual" in said and "from April: exit" in said
    assert "April: no step leads from usual to exit" in said


KNOWN = [(rule.name, rule.known) for rule in RULES if rule.known]


def test_rules_without_numbers_say_when_they_were_written() -> None:
    named = {name for name, _ in KNOWN}
    assert {"section_223GC", "individual_break_even", "regional_control_total"} <= named
    assert all(name in named for name in by_name() if name.startswith("section_"))


@pytest.mark.parametrize("late", [0, 1])
@pytest.mark.parametrize(
    ("kind", "year", "rule", "written"),
    [
        ("commissioner", "2022-23", "section_223GC", date(2022, 4, 28)),
        ("provider", "2026-27", "individual_break_even", date(2025, 11, 18)),
        ("system", "2022-23", "system_break_even", date(2022, 4, 28)),
    ],
)
def test_a_reading_as_at_a_day_asks_only_rules_written_by_then(
    kind: str, year: str, rule: str, written: date, late: int
) -> None:
    day = written - timedelta(1 - late)
    result = answered(
        day,
        organisations=[
            {"code": "T", "name": "Ash", "kind": kind},
            {"code": "B", "name": "Bay", "kind": "provider", "parent": "T"},
        ][: 2 if kind == "system" else 1],
        amounts=[
            {
                "organisation": "B" if kind == "system" else "T",
                "year": year,
                "line": "position",
                "basis": "plan",
                "amount": "1",
                "known_on": "2020-01-01",
            }
        ],
    )
    asked = {r["rule"] for r in result.tables["rules"]}
    assert (rule in asked) is bool(late)


@pytest.mark.parametrize(
    ("pence", "shown"),
    [
        ((1,), ("£0.01",)),
        ((-1, 1), ("a deficit of £0.01", "£0.01")),
        ((9_999_999, 10_000_000), ("£99,999.99", "£100 thousand")),
        ((10_000_000, 10_000_001), ("£100,000.00", "£100,000.01")),
        ((10_000_000, 10_010_000), ("£100.0 thousand", "£100.1 thousand")),
        ((10_000_000, 10_001_000), ("£100.00 thousand", "£100.01 thousand")),
        ((100_000_000, 100_100_000), ("£1.000 million", "£1.001 million")),
        ((100_000_000, 100_010_000), ("£1,000,000.00", "£1,000,100.00")),
        ((None, None), ("not known", "not known")),
        ((5, 5, None), ("£0.05", "£0.05", "not known")),
    ],
)
def test_as_many_digits_as_keep_sums_apart(
    pence: tuple[int | None, ...], shown: tuple[str, ...]
) -> None:
    assert pounds_apart(*pence) == shown


@pytest.mark.parametrize(
    ("pence", "shown"),
    [
        (0, "£0.00"),
        (5, "£0.05"),
        (99, "£0.99"),
        (100, "£1.00"),
        (123_456_789, "£1,234,567.89"),
        (-123, "a deficit of £1.23"),
    ],
)
def test_a_sum_in_pounds_and_pence(pence: int, shown: str) -> None:
    assert exact_pounds(pence) == shown


def test_a_limit_used_up_is_kept_and_a_penny_more_is_not() -> None:
    assert within_or_over(300, 300) == "£3 is within £3"
    assert within_or_over(299, 300) == "£2.99 is within £3"
    assert within_or_over(301, 300) == "£3.01 is over £3"


def test_as_many_digits_as_keep_shares_apart() -> None:
    assert percents_apart(0.04, 0.05) == ("4%", "5%")
    assert percents_apart(0.1, 0.0999999) == ("10%", "9.99999%")
    assert percents_apart(-0.05) == ("-5%",)


def test_a_scheme_that_releases_a_penny_is_worth_it_and_none_is_not() -> None:
    """Under an activity contract the system gains what the provider releases, and nothing else."""
    for released, status in (("0.01", "met"), ("0", "breached")):
        result = answered(
            organisations=[*TRUST, {"code": "C", "name": "Cam", "kind": "commissioner"}],
            schemes=[
                {
                    "id": "S",
                    "organisation": "C",
                    "provider": "T",
                    "title": "A scheme",
                    "maturity": "in_progress",
                    "recurrence": "recurrent",
                    "start": "2017-04-01",
                    "full_year_effect": "1200",
                }
            ],
            contracts=[
                {"commissioner": "C", "provider": "T", "year": "2017-18", "kind": "activity"}
            ],
            amounts=[
                {
                    "organisation": "C",
                    "year": "2017-18",
                    "line": "position",
                    "basis": "plan",
                    "amount": "0",
                }
            ],
            facts=[
                {
                    "organisation": "C",
                    "scheme": "S",
                    "year": "2017-18",
                    "fact": "cost_released",
                    "value": released,
                    "unit": "£",
                }
            ],
        )
        found = row(result, "savings_system_value")
        assert (found["status"], found["value"]) == (status, round(float(released) * 100))


def test_the_forecast_of_the_latest_month_is_held_against_the_one_expected_inside() -> None:
    """(2) in month 3 and (9) in month 6 against (9.01) inside: 0.01 worse than reported, and said so."""
    result = answered(
        facts=[
            fact("official_forecast", "-2", "2025-26", "£m", month="3"),
            fact("official_forecast", "-9", "2025-26", "£m", month="6"),
            fact("internal_forecast", "-9.01", "2025-26", "£m"),
        ]
    )
    found = row(result, "forecast_difference")
    assert (found["status"], found["value"]) == ("breached", 1_000_000)
    assert "£10,000 apart: worse than reported" in found["why"]
    said = steps(result, "rule/T/2025-26/forecast_difference")
    assert "official forecast of September" in said
    assert "official a deficit of £9.00 million, expected inside a deficit of £9.01 million" in said


@pytest.mark.parametrize(
    ("month", "bound"), [("7", False), ("8", True)]
)  # October and November 2022
def test_the_protocol_binds_from_november_2022(month: str, bound: bool) -> None:
    result = answered(
        facts=[
            fact("official_forecast", "0", "2022-23", "£m", month="2"),
            fact("official_forecast", "-1", "2022-23", "£m", month=month),
            fact("actions_evidenced", "1", "2022-23"),
        ]
    )
    asked = {r["rule"] for r in result.tables["rules"]}
    assert ("forecast_change" in asked) is bound
    assert ("forecast_change_case" in asked) is bound


@pytest.mark.parametrize(
    ("now", "before", "status"),
    [("3", "3", "met"), ("2", "3", "met"), ("4", "3", "breached"), (None, "3", "indeterminate")],
)
def test_a_segment_against_that_of_the_year_before(
    now: str | None, before: str, status: str
) -> None:
    facts = [fact("oversight_score_segment", before, "2025-26")]
    if now is not None:
        facts.append(fact("oversight_score_segment", now, "2026-27"))
    facts.append(fact("turnover", "1", "2026-27", "£"))
    result = answered(facts=facts)
    assert row(result, "oversight_change")["status"] == status


def test_a_trust_with_scores_and_no_segment_is_asked_for_it() -> None:
    result = answered(facts=[fact("metric_score", "2", "2025-26", group="waits")])
    assert row(result, "oversight_segment")["status"] == "indeterminate"


def test_capital_without_a_balance_is_asked_for_it() -> None:
    result = answered(
        organisations=[{"code": "T", "name": "Sea", "kind": "system"}],
        facts=[fact("capital_allocation", "100", "2024-25", "£m")],
    )
    assert row(result, "capital_bonus")["status"] == "indeterminate"


def test_the_nation_is_asked_for_its_limits_whatever_the_book_says() -> None:
    result = answered(
        organisations=[{"code": "T", "name": "England", "kind": "nation"}],
        facts=[fact("turnover", "1", "2025-26", "£")],
    )
    asked = {r["rule"]: r["status"] for r in result.tables["rules"]}
    for name in ("section_223C", "section_223D_revenue", "section_223D_capital"):
        assert asked[name] == "indeterminate"


@pytest.mark.parametrize(
    ("surplus", "status", "why"),
    [
        ("1", "met", "£1 left"),
        ("0", "met", "nil left"),
        ("-1", "breached", "£1 overspent"),
    ],
)
def test_a_board_that_spends_all_that_it_receives_has_not_overspent(
    surplus: str, status: str, why: str
) -> None:
    own = {"organisation": "T", "year": "2025-26", "line": "position", "basis": "actual"}
    result = answered(
        organisations=[{"code": "T", "name": "Ash", "kind": "commissioner"}],
        amounts=[{**own, "amount": surplus}],
    )
    found = row(result, "section_223GC")
    assert (found["status"], found["why"]) == (status, why)


def test_a_local_price_is_told_as_activity_times_what_it_lacks() -> None:
    result = answered(
        facts=[
            fact("service_approved", "yes", "2019-20", group="maternity"),
            fact("activity", "1000", "2019-20", group="maternity"),
            fact("efficient_unit_cost", "120", "2019-20", "£", group="maternity"),
            fact("national_price", "100", "2019-20", "£", group="maternity"),
        ]
    )
    told = "1,000 x (£120 - £100) = £20,000"
    assert steps(result, "rule/T/2019-20/lpm/maternity") == [told]


@pytest.mark.parametrize(
    ("before", "after", "status", "turnover"),
    [
        ("0.22", "0.15", "met", 32_035_714_286),
        ("0.15", "0.15", "breached", None),  # nothing fell: nothing follows, and nothing divides
        ("0.15", "0.22", "breached", None),
    ],
)
def test_a_turnover_follows_only_where_the_share_falls(
    before: str, after: str, status: str, turnover: int | None
) -> None:
    year = "2016-17"
    rows = [
        fact("lpm_agreed", "19.5", year, "£m"),
        fact("deficit_share_before", before, year),
        fact("deficit_share_after", after, year),
    ]
    result = answered(facts=rows)
    assert row(result, "lpm_implied_turnover")["status"] == status
    assert result.value(f"rule/T/{year}/lpm_implied_turnover") == turnover


COUNCIL: Row = {"code": "C", "name": "Group", "kind": "commissioner"}
BOARD: Row = {"code": "D", "name": "Board", "kind": "commissioner"}


@pytest.mark.parametrize(
    ("spells", "followed", "bound"),
    [
        ([{}], "", True),
        ([{"to": "2022-06-30"}], "", False),
        ([{"to": "2022-07-01"}], "", True),
        ([{"to": "2022-06-30"}, {"from": "2022-07-01"}], "", True),  # it went on under a name
        ([{}], "2022-07-01", False),
        ([{}], "2022-07-02", True),
    ],
)
def test_a_commissioner_that_ended_before_the_boards_is_not_bound(
    spells: list[Row], followed: str, bound: bool
) -> None:
    year = "2022-23"
    bodies = [BOARD, *({**COUNCIL, **spell} for spell in spells)]
    tables: dict[str, list[Row]] = {"organisations": bodies}
    if followed:
        tables["successions"] = [{"predecessor": "C", "successor": "D", "on": followed}]
    tables["amounts"] = [
        {"organisation": "C", "year": year, "basis": "actual", "line": "position", "amount": "1"}
    ]
    result = answer_rules(Workings(position_of(tables)))
    found = {r["rule"] for r in result.tables["rules"] if r["organisation"] == "C"}
    assert ("section_223GC" in found) is bound
