"""Sums a thousand or a million times what stands beside them: each kind of neighbour at its edges."""

from __future__ import annotations

from typing import Any

import pytest

from controltotal.book.doubt.scale import (
    _beside,
    _beside_years,
    _out_of_kind,
    _uneven,
    times,
)
from controltotal.core.finding import Finding
from tests.doubt_books import book, row, said_in_both
from tests.strategies import Cells, control_total, position_of

POUND = 100
"""Pence."""


def told(*rows: Cells, tree: list[Cells] | None = None, **tables: Any) -> list[Finding]:
    made = book(*rows, **tables)
    if tree is not None:
        made = {**made, "organisations": tree}
    return [one for one in said_in_both(position_of(made)) if one.code == "SCALE"]


# -- sizes -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("size", "beside", "how"),
    [
        (1_000, 1, 1_000),
        (3_500, 1, 1_000),  # three and a half times a thousand is still about that
        (3_501, 1, 0),
        (1_000, 3.5, 1_000),
        (1_000, 3.6, 0),
        (1, 1_000, -1_000),
        (1, 3_500, -1_000),
        (1, 3_501, 0),
        (3.5, 1_000, -1_000),
        (3.6, 1_000, 0),
        (1_000_000, 1, 1_000_000),
        (1, 1_000_000, -1_000_000),
        (3_500_000, 1, 1_000_000),
        (3_600_000, 1, 0),
        (100, 1, 0),
        (0, 5, 0),
        (5, 0, 0),
    ],
)
def test_a_thousand_or_a_million_times_is_told_within_three_and_a_half(
    size: float, beside: float, how: int
) -> None:
    assert times(size, beside) == how


@pytest.mark.parametrize(
    ("sizes", "uneven"),
    [
        ([1, 285], False),
        ([1, 286], True),  # 286 and a half times 3.5 is a thousand
        ([0, 0], False),
        ([0, 7], False),
        ([], False),
        ([2, 1, 400], True),
    ],
)
def test_sizes_are_uneven_where_one_could_be_a_thousand_times_another(
    sizes: list[int], uneven: bool
) -> None:
    assert _uneven(sizes) is uneven


@pytest.mark.parametrize(
    ("size", "others", "lumpy", "how"),
    [
        (5_000, [5, 5, 5], False, 1_000),
        (5_000, [5, 5], False, 0),  # too few to tell
        (5_000, [5, 5, 400], False, 1_000),  # beside the middle one
        (5_000, [5, 5, 400], True, 0),  # beside the largest
        (400_000, [5, 5, 400], True, 1_000),
        (5, [5_000, 5_000, 5_000], False, -1_000),
        (5, [5_000, 5_000, 60_000], False, -1_000),  # twelve times is steady
        (5, [5_000, 5_000, 60_001], False, 0),
        (5, [5_000, 5_000, 5_000], True, 0),  # what may lie near nil is never too small
        (5_000, [5, 5, 61], False, 1_000),
    ],
)
def test_a_sum_is_judged_by_the_middle_of_the_others_or_by_the_largest(
    size: int, others: list[int], lumpy: bool, how: int
) -> None:
    assert _beside(size, others, lumpy=lumpy, least=3) == how


@pytest.mark.parametrize(
    ("size", "others", "lumpy", "how"),
    [
        (5_000, [5], False, 1_000),
        (5, [5_000], False, 0),  # of two the larger one is told
        (5, [5_000, 5_000], False, -1_000),
        (5_000, [5], True, 1_000),
        (5_100, [5], True, 1_000),  # a fiftieth off a thousand times
        (5_103, [5], True, 0),
        (4_902, [5], True, 1_000),
        (4_901, [5], True, 0),
        (5_000, [5, 6], True, 1_000),
        (5, [5_000, 5_000], True, 0),
    ],
)
def test_of_two_years_the_larger_one_is_told_and_one_near_nil_only_exactly(
    size: int, others: list[int], lumpy: bool, how: int
) -> None:
    assert _beside_years(size, others, lumpy=lumpy) == how


YEARLY = 12
SLIGHT, USUAL, VAST = 200_000_000, 10_000_000_000, 2_000_000_000_000


@pytest.mark.parametrize(
    ("size", "beside", "how"),
    [
        (SLIGHT // YEARLY, USUAL // YEARLY + 1, -1_000),  # a little below £2 million a year
        (SLIGHT // YEARLY + 1, USUAL // YEARLY + 1, 0),
        (SLIGHT // YEARLY, USUAL // YEARLY, 0),  # beside one of a usual size and no more
        (0, USUAL, 0),
        (1_000_000, 1_000_000_000, -1_000),
        (1_000, 1_000_000_000, -1_000_000),
        (VAST // YEARLY + 1, VAST // YEARLY, 1_000),
        (VAST // YEARLY, VAST // YEARLY, 0),
        (VAST // YEARLY + 1, VAST // YEARLY + 1, 0),
        (VAST, 0, 0),
        (VAST, VAST // 1_000_000, 1_000_000),
    ],
)
def test_an_income_that_no_body_of_its_kind_has_is_told(size: int, beside: int, how: int) -> None:
    assert _out_of_kind(size, beside) == how


# -- months ----------------------------------------------------------------------------------------


def monthly(*values: object, line: str = "pay", **more: str) -> list[Cells]:
    return [row("T1", line, v, "actual", month=m, **more) for m, v in enumerate(values, start=1)]


@pytest.mark.parametrize(
    ("values", "line", "rows"),
    [
        ((50, 51, 52_000, 53), "pay", [4]),
        ((50_000, 51_000, 52, 53_000), "pay", [4]),
        ((50, 51, 52_000), "pay", []),  # two others are too few
        ((50, 51, 0, 52_000), "pay", []),
        ((50, 51, 520, 53), "pay", []),
        ((50, 51, 52_000, 53), "position", [4]),
        ((50_000, 51_000, 52, 53_000), "position", []),  # a position may lie near nil
        ((50, 700, 52_000, 53), "position", []),
    ],
)
def test_a_month_a_thousand_times_the_others_of_its_series_is_told(
    values: tuple[int, ...], line: str, rows: list[int]
) -> None:
    assert [one.where for one in told(*monthly(*values, line=line))] == [
        f"amounts row {number}" for number in rows
    ]


def test_what_is_told_of_a_month_names_both_sums() -> None:
    (found,) = told(*monthly(50, 51, 52_000, 53))
    assert (found.severity, found.organisation) == ("warning", "T1")
    assert "pay, month 3 is £52.0 million" in found.message
    assert "about a thousand times what stands beside it" in found.message
    assert found.expected == "about £51,000.00, as the other months"
    (small,) = told(*monthly(50_000, 51_000, 52, 53_000))
    assert "about a thousand times less than what stands beside it" in small.message
    assert small.expected == "about £51.0 million, as the other months"
    (million,) = told(*monthly(50, 51, 52_000_000, 53))
    assert "about a million times what stands beside it" in million.message


def test_a_series_that_does_not_recur_is_told_only_far_above_all_others() -> None:
    once = monthly(50_000, 51_000, 52, 53_000, recurrence="non_recurrent")
    assert told(*once) == []
    assert len(told(*monthly(50, 51, 52_000, 53, recurrence="non_recurrent"))) == 1


# -- control totals --------------------------------------------------------------------------------


def total(pounds: int, year: str = "2026-27", **more: str) -> Cells:
    return {**control_total("T1", pounds), "year": year, **more}


@pytest.mark.parametrize(
    ("totals", "plan", "rows"),
    [
        ([total(-5_000)], -5, [2]),
        ([total(-5)], -5_000, [2]),
        ([total(-5_000), total(-5_100, "2025-26")], -5, []),  # the other says the same size
        ([total(-5), total(-5_100, "2025-26")], -5_000, [3]),  # beside the first
        ([total(-5_000), total(-5, "2025-26")], None, [2]),
        ([total(-5)], None, []),
        ([total(0)], -5_000, []),
        ([total(-5_000, month="3")], -5, []),
        ([total(-50)], -5, []),
    ],
)
def test_a_control_total_is_held_beside_the_plan_and_the_bodys_others(
    totals: list[Cells], plan: int | None, rows: list[int]
) -> None:
    plans = [] if plan is None else [row("T1", "position", plan)]
    found = told(*plans, control_totals=totals)
    assert [one.where for one in found] == [f"control_totals row {number}" for number in rows]
    for one in found:
        assert "the control total" in one.message
        assert "as the plan and its other control totals" in one.expected


# -- income ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("income", "pay", "is_told"),
    [
        (1_000, 500, False),  # a half and no more
        (1_000, 499, True),
        (1_000, 1_500, False),
        (1_000, 1_501, True),
        (0, 500, False),
    ],
)
def test_more_than_half_of_an_income_left_or_lacking_is_told(
    income: int, pay: int, is_told: bool
) -> None:
    rows = [row("T1", "patient_care_income", income), row("T1", "pay", pay)]
    found = told(*rows)
    assert bool(found) is is_told
    if is_told:
        assert found[0].where == "amounts row 2, row 3"
        large = "patient_care_income" if income >= pay else "pay"
        assert f"the largest sum is {large}" in found[0].message


@pytest.mark.parametrize(
    ("rows", "is_told"),
    [
        ([("patient_care_income", 1_000), ("position", 501)], True),
        ([("patient_care_income", 1_000), ("position", -501)], True),
        ([("patient_care_income", 1_000), ("position", 500)], False),
        ([("other_income", 1_000), ("position", 501)], False),  # it may be a part of its income
        ([("patient_care_income", 1_000), ("other_income", 500)], False),  # no cost is told
        ([("patient_care_income", 1_000), ("pay", 1_600), ("drugs", -10)], False),
    ],
)
def test_a_stated_position_is_held_beside_the_whole_income(
    rows: list[tuple[str, int]], is_told: bool
) -> None:
    assert bool(told(*(row("T1", line, value) for line, value in rows))) is is_told


def test_a_period_that_lacks_a_line_is_not_judged() -> None:
    """The first month tells income and pay; the second only income: that is a hole and no nil."""
    both = [
        row("T1", line, value, "actual", month=month)
        for month in (1, 2)
        for line, value in (("patient_care_income", 1_000), ("pay", 400 if month == 1 else 900))
    ]
    assert [one.where for one in told(*both)] == ["amounts row 2, row 3"]
    assert told(*both[:1], *both[2:]) == []
    assert "month 1" in told(*both)[0].message
