"""Rows that look like a slip and are none: a balance that grows, and what is left of a body."""

from __future__ import annotations

import pytest

from tests.doubt_books import TREE, book, row, said
from tests.strategies import Cells, position_of

CODES = ("T1", "T2", "T3")


def test_a_balance_that_grows_month_by_month_is_no_running_sum() -> None:
    climb = [row("T1", "cash", 1_000 * month, "actual", month=month) for month in range(1, 10)]
    position = position_of(book(*climb))
    assert said(position) == [] and position.stopped == ()
    sold = [row("T1", "other_income", 1_000 * m, "actual", month=m) for m in range(1, 10)]
    assert [one.code for one in said(position_of(book(*sold)))] == ["LOOKS_CUMULATIVE"]


def test_what_is_left_of_a_body_with_an_unreadable_row_is_not_its_whole_position() -> None:
    rest = [row("T1", "patient_care_income", 1_000), row("T1", "non_pay", 100)]
    whole = position_of(book(*rest))
    assert [one.code for one in said(whole)] == ["SCALE"]
    holed = position_of(book(*rest, row("T1", "pay", "about nine hundred")))
    assert [found.table for found in holed.stopped] == ["amounts"]
    assert [one for one in said(holed) if one.code == "SCALE"] == []


@pytest.mark.parametrize(("own", "told"), [(300, "COUNTED_TWICE"), (290, "PART_YEARS")])
def test_a_line_that_a_successor_states_by_month_alone_is_no_part_of_the_judgement(
    own: int, told: str
) -> None:
    """Its year of pay is the sum of theirs or is not; the months of its drugs say nothing of that."""
    rows = [row("T1", "pay", 100), row("T2", "pay", 200), row("T3", "pay", own)]
    rows += [row(code, "drugs", 24) for code in ("T1", "T2")]
    rows += [row("T3", "drugs", 4, month=month) for month in range(7, 13)]
    follow: list[Cells] = [
        {"predecessor": code, "successor": "T3", "on": "2026-10-01"} for code in ("T1", "T2")
    ]
    position = position_of({**book(*rows, successions=follow), "organisations": TREE})
    assert [one.code for one in said(position)] == [told]


@pytest.mark.parametrize(
    ("values", "rows"),
    [
        ((50, 55, 60, 60_000), [5]),
        ((50_000, 55, 60, 57), [2]),
        ((50, 55, 1_000, 60_000), []),  # the others are not steady: nothing is usual among them
        ((50, 55, 60, 600), []),  # ten times is no slip of unit
        ((50, 60_000), []),  # one other tells nothing
        ((0, 0, 0, 60_000), []),
    ],
)
def test_a_fact_a_thousand_times_the_others_of_its_body_is_told(
    values: tuple[int, ...], rows: list[int]
) -> None:
    facts: list[Cells] = [
        {"organisation": "T1", "year": f"{year}-{year % 100 + 1}", "fact": "beds", "value": str(v)}
        for year, v in zip(range(2022, 2030), values, strict=False)
    ]
    told = [one for one in said(position_of(book(facts=facts))) if one.code == "SCALE"]
    assert [one.where for one in told] == [f"facts row {row}" for row in rows]


@pytest.mark.parametrize(
    ("drugs", "told"), [((0, 0, 0), True), ((4, 5, 9), True), ((4, 5, 8), False)]
)
def test_a_total_among_the_bodies_is_told_in_every_line_that_it_states(
    drugs: tuple[int, int, int], told: bool
) -> None:
    """Its pay is 300 of 100 and 200; a line of nil is the sum of nils."""
    named = [*TREE[:3], {**TREE[3], "name": "Total of the trusts"}]
    rows = [row(code, "pay", value) for code, value in zip(CODES, (100, 200, 300), strict=True)]
    rows += [row(code, "drugs", value) for code, value in zip(CODES, drugs, strict=True)]
    position = position_of({**book(*rows), "organisations": named})
    assert [one.code for one in said(position)] == (["TOTAL_BESIDE_PARTS"] if told else [])
    nothing = [row(code, "pay", 0) for code in CODES]
    assert said(position_of({**book(*nothing), "organisations": named})) == []
