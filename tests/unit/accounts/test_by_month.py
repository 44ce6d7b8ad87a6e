"""The year month by month, worked by hand in pounds: two trusts, nine months, one plan of agency pay."""

from __future__ import annotations

from typing import Any

import pytest

from controltotal.accounts.statement import answer_position
from controltotal.workings.late import late_typed
from controltotal.workings.workings import Workings
from tests.small_books import TREE, book
from tests.strategies import YEAR, Book, Cells, position_of


def months_of(code: str, line: str, basis: str, *pounds: float) -> list[Cells]:
    return [
        {
            "organisation": code,
            "line": line,
            "year": YEAR,
            "month": str(month),
            "basis": basis,
            "amount": str(amount),
        }
        for month, amount in enumerate(pounds, 1)
    ]


def year_of(code: str, line: str, basis: str, pounds: float) -> Cells:
    return {**months_of(code, line, basis, pounds)[0], "month": ""}


def tables(said: Book, late: str | None = None) -> dict[str, list[dict[str, Any]]]:
    found = answer_position(Workings(position_of(said)), late=late_typed(late))
    return {name: [dict(row) for row in rows] for name, rows in found.tables.items()}


def test_plan_and_record_add_up_and_a_month_ahead_has_no_record() -> None:
    rows = [
        *months_of("T1", "position", "plan", *[-2] * 12),
        *months_of("T1", "position", "actual", *[-3] * 9),
        year_of("T1", "position", "forecast", -30),
        *months_of("T2", "position", "plan", *[1] * 12),
        *months_of("T2", "position", "actual", *[2] * 9),
        year_of("T2", "position", "forecast", 10),
    ]
    months = tables(book(*rows, tree=TREE))["months"]
    assert [(r["organisation"], r["month"]) for r in months] == [("S1", m) for m in range(1, 13)]
    pounds = {
        kind: [None if r[kind] is None else r[kind] // 100 for r in months]
        for kind in ("plan_pence", "actual_pence", "forecast_pence")
    }
    assert pounds["plan_pence"] == [-m for m in range(1, 13)]
    assert pounds["actual_pence"] == [*(-m for m in range(1, 10)), None, None, None]
    assert pounds["forecast_pence"] == [*[None] * 11, -20]


def test_a_plan_told_for_the_year_alone_has_its_end_and_no_twelfths() -> None:
    rows = [
        year_of("T1", "position", "plan", -24),
        *months_of("T1", "position", "actual", -3, -3),
    ]
    months = tables(book(*rows))["months"]
    assert [r["plan_pence"] for r in months] == [*[None] * 11, -2400]
    assert [r["actual_pence"] for r in months] == [-300, -600, *[None] * 10]
    assert [r["forecast_pence"] for r in months] == [None] * 12


def test_agency_pay_has_limits_from_six_months_on() -> None:
    costs = (10, 12, 11, 13, 11, 12, 30)
    income = months_of("T1", "patient_care_income", "actual", *[50] * 7)
    chart = tables(book(*income, *months_of("T1", "agency_pay", "actual", *costs)))["control_chart"]
    assert [row["pence"] for row in chart] == [100 * cost for cost in costs]
    # mean 99/7; of the ranges 2 1 2 2 1 18 the last is over 3.267 times their mean: 1.6 of the rest
    assert {row["mean_pence"] for row in chart} == {round(9900 / 7)}
    assert chart[0]["upper_pence"] == round(9900 / 7 + 2.66 * 160)
    assert [row["month"] for row in chart if "point" in row["rules"]] == [7]
    few = months_of("T1", "agency_pay", "actual", *costs[:5])
    chart = tables(book(*income[:5], *few))["control_chart"]
    assert [row["pence"] for row in chart] == [100 * cost for cost in costs[:5]]
    assert {row["mean_pence"] for row in chart} == {None} and all(r["provisional"] for r in chart)


@pytest.mark.parametrize("how", ["last", "exclude"])
def test_a_control_chart_has_no_point_where_something_stands_in(how: str) -> None:
    rows = []
    for code, months, cost in (("T1", 9, 9), ("T2", 8, 8)):
        rows += months_of(code, "patient_care_income", "plan", *[50] * 12)
        rows += months_of(code, "agency_pay", "plan", *[5] * 12)
        rows += months_of(code, "patient_care_income", "actual", *[50] * months)
        rows += months_of(code, "agency_pay", "actual", *[cost] * months)
    found = tables(book(*rows, tree=TREE), f"{how}: Ann Grey")
    chart = [row for row in found["control_chart"] if row["organisation"] == "S1"]
    # to month 8 both are recorded, 9 + 8 a month; what stands in for T2's ninth (5, or 0) is no point
    assert [(r["month"], r["pence"]) for r in chart] == [
        *((m, 1700) for m in range(1, 9)),
        (9, None),
    ]
    assert {r["mean_pence"] for r in chart} == {1700} and {r["rules"] for r in chart} == {""}


def people(code: str, basis: str, *wte: float) -> list[Cells]:
    return [
        {
            "organisation": code,
            "year": YEAR,
            "fact": "wte_agency",
            "month": str(month),
            "basis": basis,
            "value": str(value),
            "unit": "wte",
        }
        for month, value in enumerate(wte, 1)
    ]


def test_a_system_has_the_people_that_all_below_it_state() -> None:
    facts = [
        *people("T1", "plan", 5, 5, 5),
        *people("T1", "actual", 6, 7),
        *people("T2", "plan", 1, 1, 1),
        *people("T2", "actual", 2.5),
    ]
    pay = [
        *months_of("T1", "agency_pay", "actual", 60, 70),
        *months_of("T2", "agency_pay", "actual", 20),
    ]
    rows = [
        row
        for row in tables(book(*pay, tree=TREE, facts=facts))["workforce"]
        if row["organisation"] == "S1"
    ]
    told = [(r["month"], r["wte_plan"], r["wte_actual"], r["pay_actual_pence"]) for r in rows]
    assert told == [(1, 6, 8.5, 8000), (2, 6, None, None), (3, 6, None, None)]
