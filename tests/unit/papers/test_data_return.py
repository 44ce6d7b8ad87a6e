"""The three-column list of a return: every value is the answer's, in £k, and no place stands twice."""

from __future__ import annotations

from dataclasses import replace
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from controltotal.core.datafiles import packaged_rows
from controltotal.core.errors import BookError
from controltotal.core.result import Result
from controltotal.core.scope import Body, Scope
from controltotal.papers.data_return import in_thousands, main_code, return_csv
from tests.board_results import example, made
from tests.data_packages import grid, return_differs, return_values

COLUMNS = (
    "month_plan",
    "month_actual",
    "plan",
    "actual",
    "variance",
    "plan_year",
    "forecast",
    "variance_year",
    "forecast_last_month",
)


def to_date(line: str = "", **pence: int) -> dict[str, Any]:
    row = {
        "organisation": "A",
        "year": "2026-27",
        "line": line,
        "scheme": "",
        "month": 9,
        "stand_in": "",
    }
    return row | dict.fromkeys(COLUMNS) | pence


def results(
    *rows: dict[str, Any],
    lines: list[dict[str, Any]] | None = None,
    figures: dict[str, int] | None = None,
    capital: list[dict[str, Any]] | None = None,
) -> dict[str, Result]:
    register = made("register", {"lines": lines} if lines else {})
    scope = Scope((Body("A", "Alder", "provider", 0),), "A", "2026-27")
    position = made("position", {"to_date": rows, "capital": capital or []}, figures)
    return {
        "register": replace(
            register, scope=scope, options={"year": "2026-27"}, names={"A": "Alder"}
        ),
        "position": position,
    }


def test_what_is_told_has_a_row_and_what_is_absent_none() -> None:
    written = return_csv(
        results(to_date(plan=-150_000, actual=0), to_date("pay", plan_year=-250_000_000))
    )
    assert return_values(written.data) == {
        ("SURPLUS", "202627_PLAN_YTD09"): -2,
        ("SURPLUS", "202627_ACTUAL_YTD09"): 0,
        ("PAY", "202627_PLAN_FY"): -2_500,
    }
    assert written.data.count(b"\r\n") == 4 and not written.data.startswith(b"\xef\xbb\xbf")


@given(st.integers(-(10**14), 10**14))
def test_pence_are_rounded_half_away_from_nil(pence: int) -> None:
    exact = (Decimal(pence) / 100_000).quantize(Decimal(1), ROUND_HALF_UP)
    assert in_thousands(pence) == int(exact)


def test_measures_and_capital_have_codes_of_their_own() -> None:
    figures = {
        "control_total/A/2026-27/plan": 250_000_000,
        "control_total/A/2026-27/forecast/high": 1,
        "measured/A/2026-27/forecast": -959_900_000,
        "measured/B/2026-27/forecast": 5,
        "run_rate/A/2026-27/actual": 7,
    }
    capital = [
        {
            "organisation": "A",
            "year": "2026-27",
            "plan_pence": 100_000,
            "actual_pence": None,
            "forecast_pence": 200_000,
            "limit_pence": 300_000,
        }
    ]
    found = return_values(
        return_csv(results(to_date(plan=0), figures=figures, capital=capital)).data
    )
    assert found == {
        ("SURPLUS", "202627_PLAN_YTD09"): 0,
        ("CONTROL_TOTAL", "202627_PLAN_FY"): 2_500,
        ("MEASURED", "202627_FORECAST_FY"): -9_599,
        ("CAPITAL_SPEND", "202627_PLAN_FY"): 1,
        ("CAPITAL_SPEND", "202627_FORECAST_FY"): 2,
        ("CAPITAL_LIMIT", "202627_PLAN_FY"): 3,
    }


def own(line: str, sub: str | None, main: str | None = None) -> dict[str, Any]:
    return {
        "line": line,
        "name": line,
        "kind": "cost",
        "group": "cost",
        "sub_code": sub,
        "main_code": main,
    }


def test_the_codes_of_the_data_stand_before_ours() -> None:
    lines = [
        own("pay", "SCI0100", "ACTUAL_YTD=A02CY01; forecast_fy = A02FC01"),
        own("taxis", None, "A07"),
    ]
    rows = (
        to_date("pay", actual=-100_000, forecast=-200_000, plan=0),
        to_date("taxis", actual=-300_000),
    )
    written = return_csv(results(*rows, lines=lines))
    assert return_values(written.data) == {
        ("SCI0100", "A02CY01"): -1,
        ("SCI0100", "A02FC01"): -2,
        ("SCI0100", "202627_PLAN_YTD09"): 0,
        ("TAXIS", "A07"): -3,
    }
    assert "1 main codes are ours" in written.told[-1]


def test_two_values_for_one_place_are_refused() -> None:
    lines = [own("pay", "X"), own("drugs", "X")]
    with pytest.raises(BookError, match="pay and drugs have one place in the return: X, 2026"):
        return_csv(results(to_date("pay", plan=1), to_date("drugs", plan=2), lines=lines))


def test_rounding_is_told() -> None:
    rows = (
        to_date(plan=300_000),
        to_date("other_income", plan=150_000),
        to_date("allocation", plan=150_000),
    )
    told = return_csv(results(*rows)).told
    assert told[0] == "3 values of Alder, 2026/27, in whole £k."
    assert told[1] == (
        "Each value is rounded by itself: in 1 columns the lines differ from the surplus by up to £1k."
    )


def test_a_body_without_money_is_told_in_one_line() -> None:
    with pytest.raises(BookError, match="no money of Z in 2026-27"):
        return_csv(results(to_date(plan=1)), "Z")


def test_a_code_that_begins_as_a_formula_is_kept_still() -> None:
    data = return_csv(results(to_date("pay", plan=1), lines=[own("pay", "=cmd|'/c calc'!A0")])).data
    assert grid(data)[1][0] == ["'=cmd|'/c calc'!A0", "202627_PLAN_YTD09", "0"]


def test_who_stands_in_is_told() -> None:
    row = to_date(plan=1) | {"stand_in": "plan"}
    assert any("has not reported" in told for told in return_csv(results(row)).told)


def test_every_line_has_a_code_and_no_two_are_alike() -> None:
    rows = packaged_rows("return_codes.csv")
    lines = {f"line/{row['line']}" for row in packaged_rows("lines.csv")}
    subs = {row["of"] for row in rows if row["part"] == "sub"}
    measures = {f"measure/{row['measure']}" for row in packaged_rows("measures.csv")}
    assert lines <= subs and {one for one in subs if one.startswith("measure/")} <= measures
    codes = [row["code"] for row in rows]
    assert len(codes) == len(set(codes)) and all(row["meaning"] and row["name"] for row in rows)
    mains = {
        row["of"]: main_code(row["code"], "2026-27", 9) for row in rows if row["part"] == "main"
    }
    assert set(mains) == set(COLUMNS) and len(set(mains.values())) == len(mains)


@pytest.mark.parametrize("name", ["east-of-england-2019", "kent-medway-2025"])
def test_every_value_is_that_of_the_answer(name: str) -> None:
    assert return_differs(example(name)) == []
