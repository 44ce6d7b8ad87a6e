"""What moves a year, what is missing, and schemes by maturity: what is drawn is worked by hand."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from controltotal.papers.charts_delivery import driver_bridge, gap_waterfall, maturity
from controltotal.papers.charts_frame import NOT_NIL
from tests.chart_rows import (
    MISSING,
    bridge,
    layers_of,
    missing,
    rows_with,
    staged,
    texts,
)


def test_the_bridge_goes_from_plan_to_forecast_step_by_step() -> None:
    view = driver_bridge(bridge(-10, {"pay": 3, "agency_pay": -6, "savings_less": -5}, -20, -2))
    assert view is not None
    steps = [
        (row["name"], row["from"], row["to"], row["text"])
        for row in rows_with(view.chart, "name", "from")
    ]
    assert steps == [
        ("Plan", 0, -10, "(10.0)"),
        ("Agency pay", -10, -16, "(6.0)"),
        ("Savings that slipped", -16, -21, "(5.0)"),
        ("Pay", -21, -18, "3.0"),
        ("Forecast", 0, -20, "(20.0)"),
        ("Not explained", -18, -20, "(2.0)"),  # drawn with an outline of its own
    ]
    assert view.title == (
        "The forecast is £10.0m worse than plan: most of it agency pay (£6.0m worse), set against "
        "it pay (£3.0m better)"
    )
    assert "Support is £2.0m less than planned" in view.alternative
    assert NOT_NIL not in " ".join(texts(view.chart))


@pytest.mark.parametrize(
    ("drivers", "said"),
    [
        ({"savings_less": -2}, "the largest known part is savings that slipped (£2.0m worse)"),
        ({"savings_less": -5}, "most of it savings that slipped (£5.0m worse)"),
        (
            {"pay": -4, "drugs": -3, "agency_pay": -3},
            "the largest part is pay (£4.0m worse)",
        ),
    ],
)
def test_most_of_it_is_at_least_half(drivers: dict[str, int], said: str) -> None:
    """Of ten millions worse two, five and four: what nobody explains may be more than is named."""
    view = driver_bridge(bridge(0, drivers, -10, -10 - sum(drivers.values())))
    assert view is not None
    assert view.title == f"The forecast is £10.0m worse than plan: {said}"


def test_worse_is_told_by_stripes_and_not_by_colour_alone() -> None:
    view = driver_bridge(bridge(-10, {"pay": 4, "agency_pay": -6}, -12))
    assert view is not None
    striped = {row["top"] for row in rows_with(view.chart, "at", "top") if "strokeDash" not in row}
    stripes = [
        layer for layer in layers_of(view.chart, "rule") if layer["mark"].get("color") == "white"
    ]
    tops = {row["top"] for layer in stripes for row in layer["data"]["values"] if "top" in row}
    worse = {row["top"] for row in rows_with(view.chart, "name", "from") if row["kind"] == "worse"}
    assert tops == worse and worse <= striped


def test_no_more_than_seven_drivers_are_drawn_and_the_others_are_summed() -> None:
    names = (
        "pay",
        "drugs",
        "non_pay",
        "premises",
        "income",
        "reserves",
        "other_costs",
        "cash",
        "x_y",
    )
    drivers = {name: 10 - place for place, name in enumerate(names)}  # 10 down to 2
    view = driver_bridge(bridge(-60, drivers, -6), {"x_y": "x of y"})
    assert view is not None
    named = [row["name"] for row in rows_with(view.chart, "name", "from")]
    assert len(named) == 1 + 7 + 1 + 1
    others = next(r for r in rows_with(view.chart, "name") if r["name"] == "2 other drivers")
    assert (others["from"], others["to"], others["text"]) == (-11, -6, "5.0")
    assert "Cash balance 3.0; X of y 2.0" in view.alternative
    assert "The smallest 2, Cash balance and X of y, are drawn as one: 5.0." in view.alternative


def test_drivers_that_look_like_nil_are_drawn_as_one() -> None:
    rows = bridge(-10, {"pay": -6}, -16)
    small = [{**rows[1], "driver": name, "pence": 2_000_000} for name in ("drugs", "income")]
    last = {**rows[2], "pence": rows[2]["pence"] + 4_000_000}
    view = driver_bridge([*rows[:2], *small, last])
    assert view is not None
    named = [row["name"] for row in rows_with(view.chart, "name", "from")]
    assert sorted(named) == ["2 other drivers", "Forecast", "Pay", "Plan"]
    assert "Drugs 0.0; Income 0.0" in view.alternative


def test_one_driver_more_than_seven_is_drawn_by_itself() -> None:
    view = driver_bridge(bridge(0, {f"line_{n}": n for n in range(1, 9)}, 36))
    assert view is not None and not any("other" in text for text in texts(view.chart))


def test_where_the_axis_leaves_out_nil_it_says_so_and_totals_are_no_bars() -> None:
    view = driver_bridge(bridge(-100, {"pay": -3}, -103))
    assert view is not None
    axis = next(
        layer["encoding"]["x"]["axis"]
        for layer in view.chart["layer"]
        if "axis" in layer["encoding"].get("x", {})
    )
    assert NOT_NIL in " ".join(axis["title"])
    bars = [
        row["name"]
        for layer in layers_of(view.chart, "rect")
        for row in layer["data"]["values"]
        if "name" in row
    ]
    assert bars == ["Pay"]
    low, high = layers_of(view.chart, "rect")[-1]["encoding"]["x"]["scale"]["domain"]
    assert -104 < low < -103 and -100 < high < -99


def test_a_bridge_that_does_not_close_is_not_drawn() -> None:
    with pytest.raises(ValueError, match="does not close"):
        driver_bridge(bridge(-10, {"pay": 4}, -7))


def test_no_bridge_is_drawn_where_none_is_told() -> None:
    assert driver_bridge([]) is None
    assert driver_bridge(bridge(0, {}, 0)[-1:]) is None


def test_what_did_not_move_is_said_to_be_as_planned() -> None:
    view = driver_bridge(bridge(-10, {}, -10))
    assert view is not None and view.title == "The forecast is what was planned"


@given(
    start=st.integers(-500, 500),
    drivers=st.dictionaries(
        st.sampled_from([f"line_{n}" for n in range(12)]), st.integers(-90, 90)
    ),
)
def test_the_last_step_ends_at_the_forecast(start: int, drivers: dict[str, int]) -> None:
    finish = start + sum(drivers.values())
    view = driver_bridge(bridge(start, drivers, finish))
    assert view is not None
    rows = {row["name"]: row for row in rows_with(view.chart, "name", "from")}
    steps = [row for row in rows.values() if row["kind"] != "total"]
    moved = sum(row["to"] - row["from"] for row in steps)
    assert round(moved, 3) == finish - start and rows["Forecast"]["to"] == finish


def test_one_waterfall_reconciles_the_gap_and_what_the_list_leaves() -> None:
    view = gap_waterfall(missing(MISSING))
    assert view is not None
    ends = [(row["from"], row["to"]) for row in rows_with(view.chart, "name", "from")]
    assert ends == [(0, 10), (10, 13), (13, 15), (15, 25), (25, 20), (20, 21), (0, 21)]
    assert [row["name"] for row in rows_with(view.chart, "name", "from")][3] == (
        "Modelled list against what is counted on"
    )
    assert view.title == (
        "The modelled list would save £40.0m and leave £21.0m to find; £3.0m of savings "
        "counted on has no scheme"
    )


def test_a_list_that_brings_more_than_is_missing_ends_at_what_is_over() -> None:
    view = gap_waterfall(missing({**MISSING, "chosen": -64, "shortfall": 0}))
    assert view is not None
    last = rows_with(view.chart, "name", "from")[-1]
    assert (last["name"], last["from"], last["to"]) == ("More than is missing", 0, -3)
    assert view.title.startswith(
        "The modelled list would save £64.0m and meet the control total with £3.0m to spare"
    )


def test_without_a_list_the_waterfall_ends_at_what_is_missing() -> None:
    view = gap_waterfall(missing({"gap": -2, "to_find": -2}))
    assert view is not None
    assert [row["name"] for row in rows_with(view.chart, "name")] == ["Gap to the control total"]
    assert view.title == "The position is £2.0m better than the control total"
    assert gap_waterfall([]) is None


def test_steps_that_do_not_add_up_are_not_drawn() -> None:
    with pytest.raises(ValueError, match="before_schemes"):
        gap_waterfall(missing({**MISSING, "counted": 49}))


def test_maturity_stacks_this_month_and_last() -> None:
    rows = staged("this month", fully_developed_delivering=6, in_progress=3, unidentified=1)
    rows += staged("last month", fully_developed_delivering=4, in_progress=5, unidentified=2)
    view = maturity(rows)
    assert view is not None
    pieces = {(r["when"], r["stage"]): (r["from"], r["to"]) for r in rows_with(view.chart, "stage")}
    assert pieces == {
        ("this month", "fully_developed_delivering"): (0, 6),
        ("this month", "in_progress"): (6, 9),
        ("this month", "unidentified"): (9, 10),
        ("last month", "fully_developed_delivering"): (0, 4),
        ("last month", "in_progress"): (4, 9),
        ("last month", "unidentified"): (9, 11),
    }
    assert view.title == (
        "Schemes that deliver hold £6.0m of £10.0m planned, £2.0m more than last month; £1.0m has "
        "no scheme yet"
    )


def test_a_month_of_which_nothing_is_told_is_not_drawn() -> None:
    view = maturity(staged("this month", in_progress=3))
    assert view is not None and {r["when"] for r in rows_with(view.chart, "stage")} == {
        "this month"
    }
    assert "Last month is not told" in view.alternative
    assert maturity(staged("last month", in_progress=3)) is None
