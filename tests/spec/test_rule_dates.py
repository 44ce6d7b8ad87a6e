"""Rules within their dates: each small book once answered in a year, or for a body, that a rule does not bind.

Every expected number is worked by hand from the rows of its book (`tests/data/faults/rules`); the sources
are those of the rule's page. Other cases of each kind are drawn in `tests/laws/test_rule_date_laws.py`.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from controltotal import verbs
from controltotal.core.parameters import packaged_parameters
from controltotal.core.result import Result
from controltotal.programme.duties import duties
from controltotal.rules.answer import answer_rules
from controltotal.rules.registry import RULES
from controltotal.workings.workings import Workings
from tests.strategies import position_of

BOOKS = Path(__file__).parents[1] / "data" / "faults" / "rules"
MILLION = 100_000_000


@cache
def read(name: str) -> Result:
    return verbs.position(str(BOOKS / name))


def rules(name: str) -> dict[str, Mapping[str, Any]]:
    """Outcomes as body/year/rule."""
    return {
        f"{row['organisation']}/{row['year']}/{row['rule']}": row
        for row in read(name).tables["rules"]
    }


def of(name: str, outcome: str) -> tuple[str, Any]:
    row = rules(name)[outcome]
    return row["status"], row["value"]


@pytest.mark.parametrize(
    ("name", "repaid", "gone"),
    [
        # 0.5% of 4,000 is 20 a year of 45: 20 and 20, and two balanced years write the last 5 off.
        ("repay2", [20, 20], 5),
        # 0.5% of 1,000 is 5 a year of 45 (typed as a deficit): 5 and 5, and 35 is written off.
        ("wo", [5, 5], 35),
    ],
)
def test_an_overspend_is_one_fold(name: str, repaid: list[int], gone: int) -> None:
    for year, sum_ in zip(("2024-25", "2025-26"), repaid, strict=True):
        assert of(name, f"S1/{year}/overspend_repayment") == ("met", sum_ * MILLION)
    assert of(name, "S1/2025-26/overspend_write_off") == ("met", gone * MILLION)
    assert sum(repaid) + gone == 45
    assert read(name).value("rule/S1/2025-26/overspend_repayment/left") == 0


@pytest.mark.parametrize("name", ["repay", "repay2", "wo"])
def test_what_is_carried_from_april_2026_is_not_held(name: str) -> None:
    later = {k: r for k, r in rules(name).items() if "overspend" in k and k.split("/")[1] > "2026"}
    assert later
    for row in later.values():
        assert (row["status"], row["value"]) == ("indeterminate", None)
        assert row["why"].endswith("under the business rules from 2026/27 is not held")


def test_a_trust_is_told_so_too_and_had_no_repayment_before() -> None:
    bodies = {k.split("/")[0] for k in rules("repay") if k.endswith("overspend_repayment")}
    assert bodies == {"S1", "I1", "T1"}
    assert "T1/2025-26/overspend_repayment" not in rules("repay")


def test_a_quarter_of_support_looks_at_the_position_before_it() -> None:
    """9 behind plan at month 9 and level at month 12: the fourth quarter, 10 of 40, is withheld."""
    assert of("dsfq", "T1/2025-26/deficit_support") == ("breached", 30 * MILLION)
    assert rules("dsfq")["T1/2025-26/deficit_support"]["consequence_pence"] == -10 * MILLION
    quarters = [read("dsfq").value(f"rule/T1/2025-26/deficit_support/Q{q}") for q in range(1, 5)]
    assert quarters == [10 * MILLION, 10 * MILLION, 10 * MILLION, 0]
    steps = read("dsfq").trace["rule/T1/2025-26/deficit_support/Q4"].rule
    assert "month 9: to date a deficit of £9.0 million against a plan of nil" in steps


def test_no_quarter_is_tested_in_2024_25() -> None:
    assert not [k for k in rules("dsf24") if k.endswith("deficit_support")]


def test_a_section_of_the_boards_does_not_bind_a_commissioner_that_ended_before_them() -> None:
    assert "CCG/2022-23/section_223GC" not in rules("ccg22")
    assert of("ccg22", "I1/2022-23/section_223GC") == ("met", 2 * MILLION)


def test_a_local_price_is_modified_from_2014_to_march_2023_and_asks_four_things() -> None:
    """Three of the four are stated; what the commissioner considered is not, so that it is open."""
    found = {k: r["status"] for k, r in rules("lpm").items() if "lpm" in k}
    assert found == {"T1/2022-23/lpm_tests": "indeterminate"}
    assert "alternatives considered" in rules("lpm")["T1/2022-23/lpm_tests"]["why"]


def test_no_month_is_early_until_a_book_says_which() -> None:
    row = rules("fc")["T1/2025-26/forecast_change"]
    assert row["status"] == "indeterminate" and row["consequence_pence"] is None
    assert "forecast_change_earliest_month" in row["why"]


def test_a_control_total_of_the_year_is_not_held_against_a_cumulative_rule() -> None:
    """6.6 carried in, and a year of nil: 6.6 is 1% of 660, so that nothing is left to reconcile."""
    assert "RECONCILE_DIFF" not in {f.code for f in read("rec").findings}
    assert of("rec", "C1/2016-17/commissioner_surplus") == ("met", 660_000_000)


@pytest.mark.parametrize(
    ("brought", "said"),
    [
        ([], True),
        ([{"fact": "opening_balance", "year": "2016-17", "value": "0"}], True),
        ([{"fact": "opening_balance", "year": "2016-17", "value": "-1"}], False),
        ([{"fact": "opening_balance", "year": "2016-17", "value": "six"}], False),
        ([{"fact": "cumulative_position", "year": "2015-16", "value": "6.6"}], False),
        ([{"fact": "cumulative_position", "year": "2015-16", "value": "0"}], True),
    ],
)
def test_the_two_are_compared_where_nothing_was_carried(
    brought: list[dict[str, str]], said: bool
) -> None:
    """A control total of 6.64 is not 1% of 660, and both are printed so that they differ."""
    own = {"organisation": "C1", "year": "2016-17"}
    book = {
        "book": [{"key": "default_unit", "value": "£m"}],
        "organisations": [{"code": "C1", "name": "Ash", "kind": "commissioner"}],
        "amounts": [{**own, "line": "allocation", "basis": "plan", "amount": "660"}],
        "control_totals": [{**own, "amount": "6.64", "status": "accepted"}],
        "facts": [{"organisation": "C1", **row, "unit": "£m"} for row in brought],
    }
    found = [f for f in verbs.check(position_of(book)).findings if f.code == "RECONCILE_DIFF"]
    assert bool(found) is said
    for finding in found:
        assert (finding.expected, finding.found) == ("£6.60 million", "£6.64 million")
        assert "a difference of £(0.04) million" in finding.message


@pytest.mark.parametrize(
    ("name", "outcome", "why"),
    [
        (
            "nat3",
            "ENG/2025-26/section_223D_revenue",
            "£205,111,000,000.01 is over £205,111,000,000.00",
        ),
        (
            "imp",
            "C1/2018-19/commissioner_improvement",
            "£3,999,999.99 falls short of £4,000,000.00",
        ),
    ],
)
def test_two_different_sums_never_print_the_same(name: str, outcome: str, why: str) -> None:
    assert rules(name)[outcome]["why"] == why
    assert rules(name)[outcome]["consequence_pence"] == -1


def test_a_fund_is_of_those_who_were_offered_it_and_ends_with_2019_20() -> None:
    asked = {
        k.split("/")[1]
        for k in rules("eff")
        if k.endswith(("fund_core", "fund_caught_up", "fund_incentive"))
    }
    assert asked == {"2017-18", "2018-19", "2019-20"}  # that of 2016/17 was for emergency care
    assert of("funds", "T1/2016-17/fund_core") == ("breached", 1_162_500_000)  # 12 - 3 x 12.5%
    assert of("funds", "T1/2017-18/fund_core") == ("breached", 640_000_000)
    assert of("funds", "T1/2018-19/fund_core") == ("indeterminate", None)  # access is not stated
    assert of("funds", "T1/2019-20/fund_core") == ("breached", 700_000_000)  # 10 - 30%
    assert of("funds", "T1/2019-20/fund_caught_up") == ("met", 1_000_000_000)


def fund(year: str, applies: str | None) -> Result:
    """A trust on its control total all year, with no word on access, offered 10."""
    facts = [{"fact": "fund_offer", "value": "10", "unit": "£m"}]
    facts += [{"fact": "finance_met", "month": f"Q{q}", "value": "1"} for q in range(1, 5)]
    if applies is not None:
        standard = {"fact": "access_applies", "group": "accident_and_emergency"}
        facts.append({**standard, "value": applies})
    return answer_rules(
        Workings(
            position_of(
                {
                    "organisations": [{"code": "T", "name": "Ash", "kind": "provider"}],
                    "facts": [{"organisation": "T", "year": year, **row} for row in facts],
                }
            )
        )
    )


@pytest.mark.parametrize(
    ("year", "applies", "value"),
    [
        ("2018-19", None, None),
        ("2018-19", "0", None),  # how its 30% is paid to such a trust is not held
        ("2019-20", "0", 10 * MILLION),  # no access standard counts in 2019/20
        ("2019-20", None, 10 * MILLION),
    ],
)
def test_a_trust_without_emergency_care_is_not_held_to_its_waits(
    year: str, applies: str | None, value: int | None
) -> None:
    result = fund(year, applies)
    assert result.value(f"rule/T/{year}/fund_core") == value
    if applies == "0" and value is None:
        steps = result.trace[f"rule/T/{year}/fund_core/Q1"].rule
        assert "how the 30% of accident and emergency is paid to a trust" in steps


EFFICIENCY = {
    "2013-14": 20,
    "2014-15": 20,
    "2015-16": None,
    "2016-17": 10,
    "2017-18": 10,
    "2018-19": 10,
    "2019-20": 8,
    "2020-21": 5.5,
    "2021-22": 5.5,
    "2022-23": 5.5,
    "2023-24": 5.5,
    "2024-25": 5.5,
    "2025-26": 10,
    "2026-27": 10,
    "2027-28": None,
}
"""Of a turnover of 500, in £m. 2019/20: 1.1% and 0.5% for a deficit control total."""


@pytest.mark.parametrize("year", EFFICIENCY)
def test_the_national_efficiency_of_each_year(year: str) -> None:
    asked = EFFICIENCY[year]
    status, value = of("eff", f"T1/{year}/national_efficiency")
    assert value == (None if asked is None else int(asked * MILLION))
    plain = "indeterminate" if asked is None else "met" if asked <= 10 else "breached"
    assert status == plain


def test_each_half_of_2021_22_has_a_share_of_its_own() -> None:
    assert of("eff", "T1/2021-22-H1/national_efficiency") == ("met", 70_000_000)  # 0.28% of 250
    assert of("eff", "T1/2021-22-H2/national_efficiency") == ("met", 205_000_000)  # 0.82% of 250


@pytest.mark.parametrize(
    ("chosen", "status", "value"),
    [("1", "breached", 17.5), ("0", "met", 0), (None, "indeterminate", None)],
)
def test_the_efficiency_of_2015_16_is_by_the_tariff_chosen(
    chosen: str | None, status: str, value: float | None
) -> None:
    own = {"organisation": "T", "year": "2015-16"}
    facts = [
        {**own, "fact": "turnover", "value": "500", "unit": "£m"},
        {**own, "fact": "savings_planned", "value": "10", "unit": "£m"},
    ]
    if chosen is not None:
        facts.append({**own, "fact": "enhanced_tariff_option", "value": chosen})
    trusts = [{"code": "T", "name": "Ash", "kind": "provider"}]
    result = answer_rules(Workings(position_of({"organisations": trusts, "facts": facts})))
    row = next(r for r in result.tables["rules"] if r["rule"] == "national_efficiency")
    assert row["status"] == status
    assert row["value"] == (None if value is None else int(value * MILLION))
    figure = result.figure("rule/T/2015-16/national_efficiency")
    assert figure is not None
    steps = result.trace["rule/T/2015-16/national_efficiency"].rule.splitlines()
    tariffs = ("the enhanced tariff option", "prices rolled over")
    tariff = {"1": tariffs[:1], "0": tariffs[1:], None: ()}[chosen]
    assert tuple(one for one in tariffs if one in steps) == tariff, "the choice is said"
    if chosen is None:
        assert (figure.status, figure.low, figure.high) == ("bounded", 0, 1_750_000_000)


# -- what was known when -------------------------------------------------------------------------


def test_every_parameter_says_when_it_was_known() -> None:
    for name, values in packaged_parameters().values.items():
        for value in values:
            assert value.known_on is not None, (name, value.start)
            assert value.until is None or value.known_on <= value.until, (name, value.start)


def test_marks_and_dates_are_those_of_the_domain() -> None:
    def mark(name: str, day: date) -> tuple[str, str]:
        value = packaged_parameters().on(name, day)
        return value.value, value.mark

    assert mark("allocation_inequality_share", date(2016, 3, 31)) == ("0.1", "P")
    assert mark("allocation_inequality_share", date(2016, 4, 1)) == ("0.1", "K")
    assert mark("national_efficiency", date(2015, 3, 31)) == ("0.04", "R")
    assert mark("national_efficiency", date(2023, 4, 1)) == ("0.011", "P")
    assert mark("national_efficiency", date(2024, 4, 1)) == ("0.011", "K")
    assert mark("national_efficiency", date(2025, 4, 1)) == ("0.02", "P")
    assert mark("method_section_223L", date(2022, 7, 1))[1] == "P"
    assert mark("method_section_223M", date(2022, 7, 1))[1] == "P"
    assert mark("method_section_223N", date(2022, 7, 1))[1] == "K"


def nation(used: str, year: str, as_at: date | None) -> tuple[str, Any]:
    """England's revenue resource use against the limit known on a day, in £m."""
    position = position_of(
        {
            "organisations": [{"code": "ENG", "name": "England", "kind": "nation"}],
            "facts": [
                {
                    "organisation": "ENG",
                    "fact": "revenue_resource_use",
                    "year": year,
                    "value": used,
                    "unit": "£m",
                }
            ],
        },
        as_at,
    )
    result = answer_rules(Workings(position))
    row = next(r for r in result.tables["rules"] if r["rule"] == "section_223D_revenue")
    return row["status"], row["value"]


@pytest.mark.parametrize(
    ("as_at", "status", "limit"),
    [
        (date(2023, 3, 29), "indeterminate", None),
        (date(2023, 3, 30), "breached", 171_318),
        (date(2024, 3, 25), "breached", 171_318),
        (date(2024, 3, 26), "met", 179_660),
        (None, "met", 179_660),
    ],
)
def test_a_limit_revised_at_the_years_end_is_the_one_known_on_the_day(
    as_at: date | None, status: str, limit: int | None
) -> None:
    assert nation("175000", "2023-24", as_at) == (status, limit and limit * MILLION)


def test_an_opening_limit_of_a_year_past_is_not_used_where_only_the_last_is_held() -> None:
    assert nation("190000", "2024-25", date(2025, 3, 30)) == ("indeterminate", None)
    assert nation("190000", "2024-25", date(2025, 3, 31)) == ("met", 196_269 * MILLION)


def test_public_involvement_begins_in_march_2007() -> None:
    duty = duties()["public_involvement"]
    assert duty.begins == date(2007, 3, 1) and duty.ends is None
    assert "s.14Z45 (boards, from 1 July 2022)" in duty.authority


# -- strict --------------------------------------------------------------------------------------

REFUSED = {
    "section_223N",  # further controls
    "overspend_repayment",  # cap and write-off
    "overspend_write_off",
    "oversight_segment",  # the override exists (P); its level is not checked
    "weighted_population",  # the formula
    "target_allocation",
    "distance_from_target",
    "pace_of_change",
    "pace_feasible",
}
"""Rules of 2025/26 and 2026/27 that rest on a number of mark K in the domain guide."""


@pytest.mark.parametrize("year", ["2025-26", "2026-27"])
def test_strict_refuses_no_rule_that_has_a_source(year: str) -> None:
    start, end = date(int(year[:4]), 4, 1), date(int(year[:4]) + 1, 3, 31)
    unchecked = {
        rule.name
        for rule in RULES
        if rule.in_years(year)
        for name in rule.parameters
        for value in packaged_parameters().values.get(name, ())
        if value.start <= end and (value.until is None or value.until >= start)
        if not value.verified
    }
    held = REFUSED - ({"overspend_repayment", "overspend_write_off"} if year > "2026" else set())
    assert unchecked == held
