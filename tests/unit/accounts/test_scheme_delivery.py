"""Delivery of schemes by month and to date, people beside pay, and what past schemes teach."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from controltotal import scheme as pages
from controltotal import verbs
from tests.small_books import book
from tests.strategies import YEAR, Cells, amount, position_of


def scheme(code: str, **more: str) -> Cells:
    row = {"id": code, "organisation": "T1", "title": f"Scheme {code}", "recurrence": "recurrent"}
    return {**row, "maturity": "in_progress", "full_year_effect": "120", **more}


def saved(code: str, month: object, pounds: int, basis: str = "actual", **more: str) -> Cells:
    return amount("T1", "drugs", pounds, month=str(month), basis=basis, scheme=code, **more)


def even(code: str, pounds: int, basis: str = "plan") -> list[Cells]:
    return [saved(code, month, pounds, basis) for month in range(1, 13)]


BOOK = book(
    *even("A", 10),
    *(saved("A", month, 6) for month in (1, 2, 3)),
    *even("B", 5),
    *(saved("B", month, 5) for month in (1, 2)),
    *even("C", 20),
    schemes=[scheme("A"), scheme("B"), scheme("C"), scheme("D", start="2026-10-01")],
)


def rows(table: str, **where: object) -> list[dict[str, Any]]:
    found = verbs.schemes(position_of(BOOK)).tables[table]
    return [dict(row) for row in found if all(row[k] == v for k, v in where.items())]


def pounds(row: dict[str, Any], *columns: str) -> tuple[object, ...]:
    """Columns of money in pounds."""
    told = (row[f"{column}_pence"] for column in columns)
    return tuple(None if pence is None else pence / 100 for pence in told)


MONEY = ("planned", "actual", "variance", "plan_year", "forecast", "slipped")


def test_to_date_is_set_beside_the_plan_of_the_months_reported() -> None:
    """A saved 18 of 30 by June; its year is 18 and nine months of 10: 108 of 120, 12 slipped."""
    (row,) = rows("delivery_to_date", scheme="A")
    assert row["to_month"] == 3
    assert pounds(row, *MONEY) == (30, 18, -12, 120, 108, 12)


def test_a_scheme_that_reports_fewer_months_is_measured_over_those() -> None:
    (row,) = rows("delivery_to_date", scheme="B")
    assert row["to_month"] == 2
    assert pounds(row, *MONEY) == (10, 10, 0, 60, 60, 0)


def test_a_scheme_that_reports_nothing_saved_an_unknown_amount_and_not_nil() -> None:
    (row,) = rows("delivery_to_date", scheme="C")
    assert row["to_month"] is None
    assert pounds(row, *MONEY)[:4] == (None, None, None, 240)


def test_every_month_of_a_scheme_is_told() -> None:
    """D, 120 a year from October, is planned evenly from its start."""
    months = rows("delivery", scheme="A")
    assert [row["month"] for row in months] == list(range(1, 13))
    assert pounds(months[2], "planned", "actual", "forecast") == (10, 6, 6)
    assert pounds(months[3], "planned", "actual", "forecast") == (10, None, 10)
    assert [pounds(row, "planned")[0] for row in rows("delivery", scheme="D")] == [0] * 6 + [10] * 6


def test_the_sentence_names_those_furthest_behind_and_those_that_report_nothing() -> None:
    assert any(
        text.endswith(
            "to month 3 (June) 2 schemes that report saved £28 of £40 planned; furthest "
            "behind: A (£12); 1 due by then has reported nothing."
        )
        for text in verbs.schemes(position_of(BOOK)).words
    )


def test_the_page_of_one_scheme_has_its_months() -> None:
    found = pages.show(position_of(BOOK), "A")
    assert {row["scheme"] for row in found.tables["delivery"]} == {"A"}
    assert len(found.tables["delivery"]) == 12


@given(st.lists(st.integers(0, 500), min_size=12, max_size=12), st.integers(0, 12))
def test_months_make_what_is_told_to_date_and_of_the_year(plan: list[int], last: int) -> None:
    made = book(
        *(saved("A", n, pence, "plan") for n, pence in enumerate(plan, 1)),
        *(saved("A", n, n * 7) for n in range(1, last + 1)),
        schemes=[scheme("A")],
    )
    tables = verbs.schemes(position_of(made)).tables
    months = tables["delivery"]
    for row in tables["delivery_to_date"]:
        told = [m for m in months if m["actual_pence"] is not None]
        assert row["plan_year_pence"] == sum(m["planned_pence"] for m in months)
        assert row["forecast_pence"] == sum(m["forecast_pence"] for m in months)
        if told:
            assert row["planned_pence"] == sum(m["planned_pence"] for m in told)
            assert row["actual_pence"] == sum(m["actual_pence"] for m in told)
            assert row["variance_pence"] == row["actual_pence"] - row["planned_pence"]


# -- plans of the year alone ---------------------------------------------------------------------


def of_the_year(*more: Cells) -> dict[str, Any]:
    """Schemes E and F with a plan of the year and a year to date; E has what `more` says beside."""
    made = book(
        *(saved(code, "", 1200, "plan") for code in ("E", "F")),
        *(saved(code, "YTD6", 400) for code in ("E", "F")),
        *more,
        schemes=[scheme("E"), scheme("F")],
    )
    return dict(verbs.schemes(position_of(made)).tables)


def test_a_plan_of_the_year_alone_is_no_plan_to_date_and_no_months() -> None:
    tables = of_the_year()
    row = next(row for row in tables["delivery_to_date"] if row["scheme"] == "E")
    assert pounds(row, *MONEY) == (None, 400, None, 1200, 1000, 200)
    assert {row["planned_pence"] for row in tables["delivery"]} == {None}
    assert {row["actual_pence"] for row in tables["delivery"]} == {None}
    assert {row["plan_pence"] for row in tables["phasing"]} == {None}
    assert {row["back_loading"] for row in tables["schemes"]} == {None}
    whole = next(row for row in tables["savings_by_category"] if not row["group"])
    assert pounds(whole, *MONEY[:3]) == (None, 800, None) and whole["schemes_untold"] == 2


def test_a_half_beside_the_year_tells_the_plan_to_september() -> None:
    tables = of_the_year(*(saved(code, "H1", 300, "plan") for code in ("E", "F")))
    row = next(row for row in tables["delivery_to_date"] if row["scheme"] == "E")
    assert pounds(row, *MONEY[:4]) == (300, 400, 100, 1200)
    assert {row["back_loading"] for row in tables["schemes"]} == {0.75}
    whole = next(row for row in tables["savings_by_category"] if not row["group"])
    assert pounds(whole, *MONEY[:3]) == (600, 800, 200) and not whole["schemes_untold"]


def test_no_total_to_date_is_made_around_a_scheme_that_does_not_tell_its_plan() -> None:
    tables = of_the_year(saved("E", "H1", 300, "plan"))
    whole = next(row for row in tables["savings_by_category"] if not row["group"])
    assert pounds(whole, *MONEY[:3]) == (None, 800, None) and whole["schemes_untold"] == 1


def test_the_sentence_keeps_apart_what_has_no_plan_by_month() -> None:
    made = book(
        *even("A", 10),
        *(saved("A", month, 6) for month in (1, 2, 3)),
        saved("E", "", 1200, "plan"),
        saved("E", "YTD3", 250),
        schemes=[scheme("A"), scheme("E")],
    )
    assert any(
        "to month 3 (June) 1 scheme that reports saved £18 of £30 planned and 1 scheme that reports "
        "saved £250, of a plan that is not told by month; furthest behind: A (£12)." in text
        for text in verbs.schemes(position_of(made)).words
    )


def test_the_first_page_has_no_plan_to_date_of_a_plan_of_the_year_alone() -> None:
    made = book(
        *(
            amount("T1", line, pounds_, month=str(month), basis=basis)
            for basis in ("plan", "actual")
            for month in range(1, 7)
            for line, pounds_ in (("patient_care_income", 900), ("pay", 800))
        ),
        saved("E", "", 1200, "plan"),
        saved("E", "YTD6", 400),
        schemes=[scheme("E")],
    )
    table = verbs.position(position_of(made)).tables["performance"]
    (row,) = (row for row in table if row["row"] == "efficiencies")
    assert (row["plan"], row["actual"], row["plan_year"]) == (None, 40_000, 120_000)
    assert row["month_plan"] is None and row["month_actual"] is None


# -- people ----------------------------------------------------------------------------------------


def fact(name: str, month: int, value: str, basis: str = "actual", **more: str) -> Cells:
    row = {"organisation": "T1", "fact": name, "year": YEAR, "month": str(month), "basis": basis}
    return {**row, "value": value, **more}


def test_people_stand_beside_their_pay_month_by_month() -> None:
    """Two groups of agency staff are added up; a month without a number stays unknown."""
    made = book(
        amount("T1", "agency_pay", 900, basis="actual", month="1"),
        amount("T1", "agency_pay", 700, month="1"),
        facts=[
            fact("wte_agency", 1, "80", "plan"),
            fact("wte_agency", 1, "60.5", group="nursing"),
            fact("wte_agency", 1, "40", group="medical"),
            fact("wte_agency", 2, "80", "plan"),
            fact("wte_agency", 2, "99", scheme="A"),
        ],
        schemes=[scheme("A")],
    )
    table = verbs.position(position_of(made)).tables["workforce"]
    assert [(r["line"], r["month"], r["wte_plan"], r["wte_actual"]) for r in table] == [
        ("agency_pay", 1, 80.0, 100.5),
        ("agency_pay", 2, 80.0, None),
    ]
    assert [(r["pay_plan_pence"], r["pay_actual_pence"]) for r in table] == [
        (70_000, 90_000),
        (None, None),
    ]


# -- what past schemes teach -----------------------------------------------------------------------


def fitted(*amounts: Cells, many: int) -> dict[str, Any]:
    """The rates fitted to so many schemes with the same rows, each under its own id."""
    codes = [f"S{n}" for n in range(many)]
    made = book(
        *({**row, "scheme": code} for code in codes for row in amounts),
        schemes=[scheme(code) for code in codes],
    )
    (row,) = verbs.calibrate(position_of(made)).tables["fitted"]
    return dict(row)


def test_finished_schemes_teach_the_share_that_was_delivered() -> None:
    """Twelve schemes that saved 9 for 10 each month of a year: nine tenths, all of them finished."""
    year = [row for n in range(1, 13) for row in (saved("", n, 10, "plan"), saved("", n, 9))]
    found = fitted(*year, many=12)
    assert (found["cases"], found["finished"], found["chance"]) == (12, 12, 1.0)
    assert found["low"] == found["mode"] == found["high"] == pytest.approx(0.9)


def test_a_plan_of_the_year_meets_actuals_by_month_once_the_year_is_over() -> None:
    whole = amount("T1", "drugs", 120, scheme="")
    year = [whole, *(saved("", n, 6) for n in range(1, 13))]
    found = fitted(*year, many=12)
    assert (found["finished"], found["mode"]) == (12, pytest.approx(0.6))  # 72 of 120


def test_a_year_that_is_not_over_teaches_of_its_months_and_is_not_finished() -> None:
    year = [row for n in range(1, 13) for row in (saved("", n, 10, "plan"),)]
    found = fitted(*year, *(saved("", n, 8) for n in (1, 2, 3)), many=12)
    assert (found["cases"], found["finished"]) == (12, 0)
    assert found["mode"] == pytest.approx(0.8)


def test_what_was_planned_from_a_month_on_is_finished_when_those_months_are_told() -> None:
    late = [saved("", n, 10, "plan") for n in (10, 11, 12)]
    found = fitted(*late, *(saved("", n, 0 if n < 10 else 5) for n in range(1, 13)), many=12)
    assert (found["finished"], found["mode"]) == (12, pytest.approx(0.5))


def test_a_scheme_to_date_is_what_the_month_of_its_organisation_says() -> None:
    """The table `to_date` of `position` and this one agree on a scheme that tells every month."""
    actual = [
        amount("T1", line, 100, basis="actual", month=str(n))
        for n in (1, 2, 3)
        for line in ("patient_care_income", "drugs")
    ]
    read = position_of({**BOOK, "amounts": [*BOOK["amounts"], *actual]})
    told = {
        row["scheme"]: (row["plan"], row["actual"])
        for row in verbs.position(read).tables["to_date"]
        if row.get("scheme") and row["actual"] is not None
    }
    also = {
        row["scheme"]: (row["planned_pence"], row["actual_pence"])
        for row in verbs.schemes(read).tables["delivery_to_date"]
    }
    assert told["A"] == also["A"] == (3_000, 1_800)
