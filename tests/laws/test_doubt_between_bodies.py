"""Thirty mergers, slips of unit and rounded totals of each kind, and honest ones beside them that pass unhindered.

What is right is worked out from how the book was made, never by the program.
"""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from controltotal.accounts.checks import findings
from controltotal.accounts.statement import answer_position
from controltotal.workings.workings import Workings
from tests.doubt_books import (
    CASES,
    MONTHS,
    PLAN,
    TREE,
    K,
    book,
    drawn,
    passes,
    row,
    said,
    stopped,
)
from tests.strategies import YEAR, Book, Cells, position_of

# -- mergers -------------------------------------------------------------------------------------------


def merger(rows: Sequence[Cells], day: str, *, dated: bool, stood: str = "") -> Book:
    spells: list[Cells] = [dict(one) for one in TREE]
    if dated:
        end = {"2026-07-01": "2026-06-30", "2026-10-01": "2026-09-30"}[day]
        spells = [{**one, "to": end} if one["code"] in ("T1", "T2") else one for one in spells]
        spells[-1] = {**spells[-1], "from": day}
    if stood:
        spells[-1] = {**spells[-1], "from": stood}
    follow: list[Cells] = [
        {"predecessor": old, "successor": "T3", "on": day} for old in ("T1", "T2")
    ]
    return {**book(*rows, successions=follow), "organisations": spells}


SYSTEM = f"surplus/S1/{YEAR}/plan"


@pytest.mark.parametrize("case", CASES)
def test_a_year_stated_by_both_sides_of_a_merger_is_told(case: int) -> None:
    draw = drawn(case, "merger")
    day = draw.choice(("2026-07-01", "2026-10-01"))
    one, two = (draw.choice((-1, 1)) * draw.randint(500, 40_000) for _ in range(2))
    how = draw.choice(("year", "year and months", "months"))
    rows = [row("T1", "position", one), row("T2", "position", two)]
    if how == "year":
        rows.append(row("T3", "position", one + two))
    elif how == "year and months":
        own = [draw.randint(-900, 900) for _ in range(12)][int(day[5:7]) - 4 :]
        months = range(int(day[5:7]) - 3, 13)
        rows += [row("T3", "position", v, month=m) for m, v in zip(months, own, strict=True)]
        rows.append(row("T3", "position", one + two + sum(own)))
    else:
        rows = [
            row(code, "position", value // 12, month=m)
            for code, value in (("T1", one), ("T2", two), ("T3", one + two))
            for m in MONTHS
        ]
    stopped(merger(rows, day, dated=draw.random() < 0.5), "COUNTED_TWICE", SYSTEM)


@pytest.mark.parametrize("case", CASES)
def test_a_merger_with_its_months_divided_passes(case: int) -> None:
    draw = drawn(case, "divided")
    day = draw.choice(("2026-07-01", "2026-10-01"))
    first = int(day[5:7]) - 3
    stood = "2015-04-01" if draw.random() < 0.3 else ""
    rows, total = [], 0
    for code, months in (
        ("T1", range(1, first)),
        ("T2", range(1, first)),
        ("T3", MONTHS if stood else range(first, 13)),
    ):
        for month in months:
            value = -draw.randint(100, 900)
            total += value
            rows.append(row(code, "position", value, month=month))
    passes(merger(rows, day, dated=draw.random() < 0.5, stood=stood), SYSTEM, total * K)


@pytest.mark.parametrize("case", CASES)
def test_a_year_of_a_body_that_ended_is_that_of_its_months(case: int) -> None:
    draw = drawn(case, "ended")
    months = [-draw.randint(100, 900) for _ in range(6)]
    rows = [row("T1", "position", v, month=m) for m, v in enumerate(months, 1)]
    rows += [row("T3", "position", -7, month=m) for m in range(7, 13)]
    rows.append(row("T2", "position", -9, month="H1"))
    told = merger([*rows, row("T1", "position", sum(months))], "2026-10-01", dated=True)
    assert position_of(told).stopped == ()
    off = sum(months) + draw.choice((-1, 1)) * draw.randint(20, 900)
    other = merger([*rows, row("T1", "position", off)], "2026-10-01", dated=draw.random() < 0.5)
    stopped(other, "YEAR_DIFFERS_FROM_MONTHS", SYSTEM)


@pytest.mark.parametrize("case", CASES)
def test_parts_of_a_year_on_both_sides_of_a_merger_are_added_and_told(case: int) -> None:
    draw = drawn(case, "parts")
    one, two = (-draw.randint(500, 40_000) for _ in range(2))
    three = (one + two) * 2 - draw.randint(9, 99)
    rows = [
        row(code, "position", v)
        for code, v in zip(("T1", "T2", "T3"), (one, two, three), strict=True)
    ]
    position = position_of(merger(rows, "2026-10-01", dated=draw.random() < 0.5))
    assert [one.code for one in said(position)] == ["PART_YEARS"]
    figure = answer_position(Workings(position)).figure(SYSTEM)
    assert figure is not None and figure.value == (one + two + three) * 100_000


# -- scale ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("case", CASES)
def test_a_slip_of_unit_is_told_at_its_row(case: int) -> None:
    draw = drawn(case, "scale")
    line = draw.choice(("pay", "drugs", "patient_care_income"))
    factor = draw.choice((1000, 1000, 10**6))
    each, wrong = draw.randint(2_000, 60_000), draw.randint(1, 12)
    each = each // 100 if factor > 1000 else each  # above £1 trillion a sum is refused outright
    rows = [
        row(
            "T1",
            line,
            round(each * draw.uniform(0.8, 1.2)) * (factor if m == wrong else 1),
            month=m,
        )
        for m in MONTHS
    ]
    position = position_of(book(*rows))
    (told,) = said(position)
    assert (told.code, told.severity, told.where) == (
        "SCALE",
        "warning",
        f"amounts row {wrong + 1}",
    )
    assert position.stopped == ()


@pytest.mark.parametrize("case", CASES)
def test_uneven_months_and_bodies_of_every_size_pass(case: int) -> None:
    draw = drawn(case, "uneven")
    large, small = draw.randint(40_000, 90_000), draw.randint(40, 90)
    rows = []
    for code, each in (("T1", large), ("T2", small)):
        swing = [draw.choice((0.7, 1.0, 1.8)) for _ in MONTHS]
        rows += [
            row(code, "pay", round(each * s), month=m) for m, s in zip(MONTHS, swing, strict=True)
        ]
        rows += [
            row(code, "patient_care_income", round(each * s), month=m)
            for m, s in zip(MONTHS, swing, strict=True)
        ]
    rows.append(row("T1", "other_income", draw.choice((1, 9)), recurrence="non_recurrent"))
    rows.append(row("T1", "other_costs", rows[-1]["amount"], recurrence="non_recurrent"))
    passes(book(*rows), PLAN, 0)


# -- rounding ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("case", CASES)
def test_a_rounded_total_is_kept_beside_the_sum_and_another_is_an_error(case: int) -> None:
    draw = drawn(case, "rounding")
    exact = [draw.randint(-90_000_000, 9_000_000) for _ in range(3)]
    shown = [f"{value / 1e6:.1f}" for value in exact]
    rows = [row(f"T{n}", "position", text) for n, text in enumerate(shown, 1)]
    made = sum(round(float(text) * 10) for text in shown)
    stated = round(sum(exact) / 1e5)
    whole = position_of(
        book(*rows, row("S1", "position", f"{stated / 10:.1f}"), unit="£m", organisations=TREE)
    )
    codes = [one.code for one in findings(Workings(whole), [YEAR]) if one.code != "NO_SOURCE"]
    figure = answer_position(Workings(whole)).figure(SYSTEM)
    assert figure is not None and figure.value == made * 10_000_000
    assert codes == ([] if stated == made else ["ROUNDED"])
    assert figure.stated == (None if stated == made else stated * 10_000_000)
    off = made + draw.choice((-1, 1)) * draw.randint(3, 90)  # four halves of a step may be rounding
    other = position_of(
        book(*rows, row("S1", "position", f"{off / 10:.1f}"), unit="£m", organisations=TREE)
    )
    assert [one.code for one in said(other)] == ["STATED_TOTAL_DIFFERS"]
