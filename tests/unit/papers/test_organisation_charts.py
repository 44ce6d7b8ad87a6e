"""The record, organisations, cases and control charts: what is drawn is worked by hand."""

from __future__ import annotations

from typing import Any

import pytest

from controltotal.papers.charts_frame import NARROW
from controltotal.papers.charts_month import bodies_against_totals, to_date_variances
from controltotal.papers.charts_record import record_and_fan, record_of
from controltotal.papers.charts_xmr import xmr
from tests.chart_rows import (
    BODIES,
    NINE,
    STANDS,
    YEAR,
    M,
    body,
    fan_rows,
    layers_of,
    limited,
    month_rows,
    monthly,
    rows_with,
    texts,
    variance,
)


def test_the_fan_opens_from_the_last_month_recorded() -> None:
    view = record_and_fan(month_rows([-m for m in range(1, 13)], NINE, -10), fan_rows())
    assert view is not None
    band = rows_with(view.chart, "p10", "p90")
    assert [(row["x"], row["p10"], row["p50"], row["p90"]) for row in band] == [
        (9, -9, -9, -9),
        (10, -11, -10, -9),
        (11, -13, -11, -9),
        (12, -15, -12, -9),
    ]
    assert (
        view.title == "Illustrative: the forecast is £2.0m better than the middle of the simulation"
    )
    firm = record_and_fan(month_rows([None] * 12, NINE, -8), fan_rows(), firm=True)
    assert firm is not None and firm.title == (
        "The forecast is £4.0m better than the middle of the simulation, and better than nine in "
        "ten of its years"
    )


def test_a_month_untold_leaves_a_hole_and_no_nil() -> None:
    actual: list[int | None] = [-1, -2, None, -4, -5, *[None] * 7]
    view = record_and_fan(month_rows([None] * 11 + [-9], actual, -10))
    assert view is not None
    pieces = [(row["x"], row["x2"]) for row in rows_with(view.chart, "x", "x2")]
    assert pieces == [(1, 2), (4, 5)]
    dots = [
        r for layer in layers_of(view.chart, "point") for r in layer["data"]["values"] if "x" in r
    ]
    assert sorted((row["x"], row["y"]) for row in dots) == [
        (1, -1), (2, -2), (4, -4), (5, -5), (12, -10), (12, -9),
    ]  # fmt: skip
    assert "June" not in view.alternative
    assert view.title == (
        "To August there is a deficit of £5.0m; the year is forecast to end at a deficit of £10.0m"
    )


def test_a_month_that_stands_in_is_hollow_and_dashed_and_called_so() -> None:
    rows = month_rows([None] * 12, NINE, -12)
    rows[8]["stand_in"] = STANDS
    view = record_and_fan(rows, fan_rows(), asked=-5 * M, asked_words="control total less support")
    assert view is not None
    hollow = [
        [(row["x"], row["y"]) for row in layer["data"]["values"]]
        for layer in layers_of(view.chart, "point")
        if layer["mark"].get("fill") == "white" and layer["data"]["values"][0]
    ]
    assert hollow == [[(9, -9)]]
    dashed = [
        [(row["x"], row["x2"]) for row in layer["data"]["values"]]
        for layer in layers_of(view.chart, "rule")
        if layer["mark"].get("strokeDash") == [4, 5]
    ]
    assert dashed == [[(8, 9)]]
    assert f"hollow: {STANDS}" in texts(view.chart)
    assert f"December recorded (9.0) ({STANDS})" in view.alternative
    assert "control total less support, (5.0)" in view.alternative
    assert view.title.endswith(f"({STANDS})")


def test_the_record_is_the_table_with_what_stands_in() -> None:
    months = [
        {k: v for k, v in row.items() if k != "stand_in"} for row in month_rows([0] * 12, NINE, -1)
    ]
    rows = record_of(months, {"month": 9, "stand_in": STANDS})
    assert [row["stand_in"] for row in rows] == [*[""] * 8, STANDS, "", "", ""]
    assert [row["actual_pence"] for row in rows] == [row["actual_pence"] for row in months]
    assert not any(row["stand_in"] for row in record_of(months))
    untold = [{**row, "plan_pence": None, "actual_pence": None} for row in rows]
    assert record_and_fan(untold) is None


def test_bodies_lie_by_their_shortfall_and_who_is_not_told_is_named() -> None:
    view = bodies_against_totals(BODIES)
    assert view is not None
    rows = rows_with(view.chart, "measured", "total")
    assert [(r["name"], r["measured"], r["total"]) for r in rows] == [
        ("Birch", -7, 2),
        ("Gorse", -2, 1),
        ("Ash", 1, 0),
    ]
    said = texts(view.chart)
    assert {"9.0 short", "3.0 short", "1.0 better"} <= set(said)
    assert not any("Cedar" in one for one in said if "left out" not in one)
    notes = (
        "Cedar is left out: its month 9 stands in.",
        "Not reported, and not drawn: Dogwood.",
        "Cannot be told, and not drawn: Elm.",
        "No control total, and not drawn: Fir.",
    )
    assert all(note in said and note in view.alternative for note in notes)
    # of seven Cedar stands in and Dogwood is late; Elm and Fir have nothing to be set side by side
    assert view.title == (
        "2 of the 3 organisations that are told, of 5, are short of their control totals: Birch the "
        "most by £9.0m"
    )
    assert bodies_against_totals([body("Cedar", -3, -3, stand_in=STANDS)]) is None
    assert bodies_against_totals([body("Elm", None, 1)]) is None


@pytest.mark.parametrize(
    ("rows", "title"),
    [
        ([body("Ash", 1, 0)], "Ash meets its control total"),
        ([body("Ash", -1, 0)], "Ash is £1.0m short of its control total"),
        ([body("Ash", 1, 0), body("Elm", 0, 0)], "Both organisations meet their control totals"),
        (
            [body("Ash", 1, 0), body("Elm", -1, 0)],
            "1 of 2 organisations is short of its control total: Elm by £1.0m",
        ),
        (
            [body("Ash", -1, 0), body("Elm", -2, 0), body("Oak", -3, 0, reported=False)],
            "2 of the 2 organisations that are told, of 3, are short of their control totals: Elm "
            "the most by £2.0m",
        ),
        (
            [body("Ash", 1, 0), body("Oak", -3, 0, stand_in=STANDS)],
            "Ash, the one told of 2, meets its control total",
        ),
    ],
)
def test_the_message_counts_who_is_short(rows: list[dict[str, Any]], title: str) -> None:
    view = bodies_against_totals(rows)
    assert view is not None and view.title == title


def test_variances_to_date_and_of_the_year_the_worst_first() -> None:
    view = to_date_variances(
        [
            variance("Ash", 2, 1),
            variance("Birch", -6, -7),
            variance("Cedar", -3, None, stand_in=STANDS),
            variance("Dogwood", -9, -9, reported=False),
            variance("Elm", None, -1),
        ]
    )
    assert view is not None
    rows = rows_with(view.chart, "from", "to", "year")
    assert [(r["name"], r["from"], r["to"], r["year"]) for r in rows] == [
        ("Birch", 0, -6, -7),
        ("Ash", 0, 2, 1),
        ("Cedar", 0, -3, None),
    ]
    said = texts(view.chart)
    assert {"(6.0); year (7.0)", "(3.0)", "2.0; year 1.0"} <= set(said)
    assert "Not reported, and not drawn: Dogwood." in said
    assert "Cannot be told, and not drawn: Elm." in said
    assert view.title == (
        "To December 2 of the 3 organisations that are told, of 4, are worse than their plans: Birch "
        "the most by £6.0m"
    )


def test_a_month_outside_the_limits_has_a_shape_of_its_own() -> None:
    view = xmr(limited(monthly(10, 12, 11, 13, 11, 12, 30)), "Agency pay")
    assert view is not None
    shapes = {
        (row["x"], layer["mark"]["shape"])
        for layer in layers_of(view.chart, "point")
        for row in layer["data"]["values"]
        if "kind" in row
    }
    # limits 9.9 and 18.4: the first and third, and the third and fifth, lie below 11.3
    usual = {(m, "circle") for m in (2, 4, 6)}
    assert shapes == {*usual, (1, "square"), (3, "square"), (5, "square"), (7, "diamond")}
    assert view.title == "Agency pay: 1 of 7 months lies outside the usual range, October at £30.0m"
    assert "Upper limit 18.4; mean 14.1; lower limit 9.9." in view.alternative
    assert "The limits rest on fewer than twelve months." in view.alternative


def test_too_few_months_have_no_limits_and_it_is_said() -> None:
    view = xmr(limited(monthly(5, 6, 5, 6, 5)), "Agency pay")
    assert view is not None
    assert view.title == "Agency pay: 5 months are too few to tell news from usual variation"
    assert not any("limit" in text or "mean" in text for text in texts(view.chart))
    assert "There are no limits" in view.alternative


def test_a_month_nobody_told_leaves_a_hole_in_the_control_chart() -> None:
    view = xmr(limited(monthly(10, 12, None, 13, 11, 12, 11)), "Agency pay")
    assert view is not None
    pieces = [(row["x"], row["x2"]) for row in rows_with(view.chart, "x2")]
    assert pieces == [(1, 2), (4, 5), (5, 6), (6, 7)] and "June" not in view.alternative
    assert xmr(monthly(None), "Agency pay") is None


def test_limits_that_differ_do_not_look_alike() -> None:
    rows = [
        {**row, "pence": row["pence"] // 100} for row in monthly(500, 502, 501, 503, 501, 502, 501)
    ]
    view = xmr(limited(rows), "Agency pay")
    assert view is not None
    said = [text for text in texts(view.chart) if "limit " in text or text.startswith("mean ")]
    assert len(said) == 3 and len({text.split()[-1] for text in said}) == 3


def test_months_of_two_years_keep_their_places() -> None:
    rows = [
        {"year": year, "month": month, "pence": month * M}
        for year in ("2025-26", YEAR)
        for month in range(1, 13)
    ]
    view = xmr(limited(rows), "Agency pay", width=NARROW)
    assert view is not None
    foot = next(
        layer["encoding"]["x"]["axis"]
        for layer in view.chart["layer"]
        if layer["encoding"].get("x", {}).get("axis")
    )
    assert (
        len(foot["values"]) <= 6
        and "'Jan 26'" in foot["labelExpr"]
        and "'Mar 27'" in foot["labelExpr"]
    )
