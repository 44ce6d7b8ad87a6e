"""Headings as finance people write them, each read as what it means, or left for a question."""

from __future__ import annotations

import pytest

from controltotal.intake.heads import head_of
from controltotal.intake.labels import is_total
from controltotal.intake.model import Measure
from controltotal.intake.words import heading_near, is_end

MONEY: list[tuple[list[str], Measure]] = [
    (["M1"], Measure(span="month", number=1)),
    (["Mth 1"], Measure(span="month", number=1)),
    (["Month 12"], Measure(span="month", number=12)),
    (["Apr"], Measure(span="month", number=1)),
    (["Sept"], Measure(span="month", number=6)),
    (["Apr-26"], Measure(span="month", number=1, year="2026-27")),
    (["Mar '27"], Measure(span="month", number=12, year="2026-27")),
    (["April 2026"], Measure(span="month", number=1, year="2026-27")),
    (["2026-04-01"], Measure(span="month", number=1, year="2026-27")),
    (["31/12/2026"], Measure(span="month", number=9, year="2026-27")),
    (["Dec 2026/27"], Measure(span="month", number=9, year="2026-27")),
    (["Q1"], Measure(span="quarter", number=1)),
    (["Quarter 4 plan"], Measure("plan", "quarter", 4)),
    (["Jul-Sep"], Measure(span="quarter", number=2)),
    (["H1"], Measure(span="half", number=1)),
    (["YTD"], Measure(span="to_date")),
    (["M9 YTD"], Measure(span="to_date", number=9)),
    (["YTD M9"], Measure(span="to_date", number=9)),
    (["Apr-Dec"], Measure(span="to_date", number=9)),
    (["M1-M9 Actual"], Measure("actual", "to_date", 9)),
    (["Months 1 to 9"], Measure(span="to_date", number=9)),
    (["Apr-Mar"], Measure(span="year")),
    (["Actual to 31 December 2026"], Measure("actual", "to_date", 9, "2026-27")),
    (["Cum. actual"], Measure("actual", "to_date")),
    (["2026/27 Plan"], Measure("plan", "year", 0, "2026-27")),
    (["Plan 26/27 (£k)"], Measure("plan", "year", 0, "2026-27", unit="£k")),
    (["Annual budget"], Measure("plan", "year")),
    (["2026/27"], Measure(span="year", year="2026-27")),
    (["FOT"], Measure("forecast", "year")),
    (["Forecast outturn variance"], Measure("variance", "year")),
    (["Plan £'000"], Measure("plan", unit="£k")),
    (["Budget YTD £"], Measure("plan", "to_date", unit="£")),
    (["£m"], Measure(unit="£m")),
    (["Variance (fav)/adv"], Measure("variance")),
    (["Fav/(Adv)"], Measure("variance")),
    (["Actual vs plan"], Measure("variance")),
    (["Var %"], Measure("percent")),
    (["% of plan"], Measure("percent")),
    (["Prior year"], Measure("prior")),
    (["Last month forecast"], Measure("movement")),
    (["Total"], Measure(span="total")),
    (["In year plan"], Measure("plan", "year")),
    (["Plan WTE"], Measure("plan", fact="workforce", unit="wte")),
    (["Plan", "Apr"], Measure("plan", "month", 1)),
    (["2026/27", "Plan", "Apr"], Measure("plan", "month", 1, "2026-27")),
    (["YTD", "Apr"], Measure(span="to_date", number=1)),
    (["YTD", "Plan"], Measure("plan", "to_date")),
    (["YTD", "Total"], Measure(span="to_date")),
    (["Plan", "Full year"], Measure("plan", "year")),
    (["Plan", "Year"], Measure("plan", "year")),
    (["Month", "Plan"], Measure("plan", "month")),
    (["Month 9", "In month", "Budget"], Measure("plan", "month", 9)),
    (["Month 9", "YTD"], Measure(span="to_date", number=9)),
    (["Month 9", "Full year", "Plan"], Measure("plan", "year")),
    (["Full year", "FOT"], Measure("forecast", "year")),
    (["Forecast", "Variance"], Measure("variance")),
    (["Variance", "Forecast"], Measure("variance")),
    (["Plan vs actual", "Actual"], Measure("actual")),
    (["Year to date £'000", "Variance"], Measure("variance", "to_date", unit="£k")),
    (["WTE", "Apr"], Measure(span="month", number=1, fact="workforce", unit="wte")),
    (["Plan", "Amount"], Measure("plan")),
]


@pytest.mark.parametrize(("texts", "measure"), MONEY, ids=[" / ".join(t) for t, _ in MONEY])
def test_money_is_of_what_its_headings_say(texts: list[str], measure: Measure) -> None:
    head = head_of(3, texts)
    assert (head.means, head.measure, head.how, head.rest) == ("money", measure, "exact", "")


@pytest.mark.parametrize(
    ("texts", "means"),
    [
        (["Scheme Ref."], "scheme_id"),
        (["Scheme", "reference"], "scheme_id"),
        (["Scheme details", "Scheme"], "title"),
        (["R / NR?"], "recurrence"),
        (["Recurrent / Non-Recurrent"], "recurrence"),
        (["Full year effect £k"], "full_year_effect"),
        (["26/27 FYE"], "full_year_effect"),
        (["Budget holder"], "owner"),
        (["Finance lead"], "finance_lead"),
        (["Exec Lead*"], "owner"),
        (["Care Group"], "directorate"),
        (["ODS Code"], "organisation_code"),
        (["Subcode"], "line_code"),
        (["Amount (£)"], "amount"),
        (["Year"], "year"),
        (["Month"], "month"),
        (["Dr/Cr"], "direction"),
        (["Gateway 3"], "gate_date"),
        (["WTE"], "wte"),
        (["Probability (%)"], "chance"),
        (["interest"], "interest"),
    ],
)
def test_words_of_headings_are_known(texts: list[str], means: str) -> None:
    head = head_of(0, texts)
    assert (head.means, head.how) == (means, "exact")


@pytest.mark.parametrize("text", ["P9", "Period 9", "Outturn"])
def test_what_may_be_two_things_is_near(text: str) -> None:
    assert (head_of(1, [text]).means, head_of(1, [text]).how) == ("money", "near")


def test_a_slip_of_the_pen_is_near_and_two_near_ones_are_none() -> None:
    assert (head_of(0, ["Directorat"]).means, head_of(0, ["Directorat"]).how) == (
        "directorate",
        "near",
    )
    assert heading_near("Trust A") == "" and heading_near("colours") == ""


@pytest.mark.parametrize(
    "text", ["FY27", "Trust A", "Surplus/(deficit)", "Ward 7", "#REF!", "Forecast lead"]
)
def test_what_nobody_can_tell_stays_open(text: str) -> None:
    head = head_of(1, [text])
    assert (head.means, head.how) == ("", "") and head.rest


def test_a_body_over_money_is_its_rest() -> None:
    head = head_of(1, ["Trust A", "Plan"])
    assert (head.means, head.measure, head.rest) == ("money", Measure("plan"), "Trust A")
    assert head_of(1, ["Plan", "Trust A"]).measure == Measure("plan")


@pytest.mark.parametrize(
    "text", ["Total", "Sub-total", "SUB TOTAL pay", "Grand Total", "Pay total", "Total pay"]
)
def test_totals_say_so(text: str) -> None:
    assert is_total(text)


def test_names_with_total_inside_do_not() -> None:
    assert not is_total("Totality of care") and not is_total("Pay") and not is_end("End date")
