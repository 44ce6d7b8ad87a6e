"""What a body and its successor both state: the same money, or each its part of the year, case by case."""

from __future__ import annotations

import pytest

from controltotal.core.finding import Finding
from tests.doubt_books import book, row, said_in_both
from tests.strategies import Cells, position_of

BEFORE, YEAR, AFTER = "2025-26", "2026-27", "2027-28"
OLD = ("A", "B")
"""Those who end in N."""


def bodies(**dates: dict[str, str]) -> list[Cells]:
    return [
        {"code": code, "name": f"Trust {code}", "kind": "provider", **dates.get(code, {})}
        for code in (*OLD, "N")
    ]


def follow(on: str = "2026-10-01", share: str = "") -> list[Cells]:
    rows = [{"predecessor": old, "successor": "N", "on": on} for old in OLD]
    return [{**one, "share": share} for one in rows] if share else rows


def told(
    *rows: Cells,
    on: str = "2026-10-01",
    share: str = "",
    tree: list[Cells] | None = None,
    successions: list[Cells] | None = None,
) -> list[Finding]:
    made = book(*rows, successions=successions or follow(on, share))
    position = position_of({**made, "organisations": tree or bodies()})
    return [one for one in said_in_both(position) if one.code in ("COUNTED_TWICE", "PART_YEARS")]


def codes(*rows: Cells, **more: object) -> list[str]:
    return [one.code for one in told(*rows, **more)]  # type: ignore[arg-type]


def paid(a: int, b: int, n: int, **more: object) -> list[Cells]:
    return [row(code, "pay", v, **more) for code, v in (("A", a), ("B", b), ("N", n)) if v]


# -- one figure for the year -----------------------------------------------------------------------


def test_a_year_that_is_the_sum_of_theirs_counts_twice() -> None:
    """100 and 200 before October, and 300 for the year: the 300 holds the others."""
    (found,) = told(*paid(100, 200, 300))
    assert (found.code, found.severity, found.organisation) == ("COUNTED_TWICE", "error", "N")
    assert found.where == "amounts row 2, row 3, row 4"
    assert found.message == (
        "Trust N, 2026/27 plan: it followed Trust A and Trust B on 2026-10-01, and states the sum "
        "of what they state: the same money would count twice."
    )
    assert found.expected == (
        "each month stated once: by Trust A and Trust B before 2026-10-01, and by Trust N from "
        "then on"
    )
    assert found.found == "£0.3 million and £0.3 million"
    assert found.action == "Remove the rows that repeat, or give the months of each."


@pytest.mark.parametrize(
    ("own", "code"),
    [
        (300, "COUNTED_TWICE"),
        (301, "COUNTED_TWICE"),  # three sums in whole thousands may be one off
        (298, "PART_YEARS"),
        (302, "PART_YEARS"),
        (150, "PART_YEARS"),
    ],
)
def test_any_other_year_is_taken_as_its_own_part(own: int, code: str) -> None:
    assert codes(*paid(100, 200, own)) == [code]


def test_what_is_taken_as_parts_says_the_day_between_them() -> None:
    (found,) = told(*paid(100, 200, 150))
    assert (found.severity, found.organisation) == ("warning", "N")
    assert found.message == (
        "Trust N, 2026/27 plan: it followed Trust A and Trust B and states one figure for the year; "
        "what each states is taken as the part of it on its own side of 2026-10-01."
    )


@pytest.mark.parametrize(
    ("year", "own", "found"),
    [
        # the year after: whoever states one was still there by its dates
        (AFTER, 300, ["COUNTED_TWICE"]),
        (AFTER, 150, ["COUNTED_TWICE"]),  # both state the whole year
        # the year before: both stood all year
        (BEFORE, 300, ["COUNTED_TWICE"]),
        (BEFORE, 150, []),
    ],
)
def test_in_years_before_and_after_the_day(year: str, own: int, found: list[str]) -> None:
    assert codes(*paid(100, 200, own, year=year)) == found


def test_sums_of_a_few_steps_come_out_equal_by_chance() -> None:
    """In whole thousands nineteen is nineteen steps: before the day that says nothing."""
    assert codes(*paid(9, 10, 19, year=BEFORE)) == []
    assert codes(*paid(10, 10, 20, year=BEFORE)) == ["COUNTED_TWICE"]
    assert codes(*paid(9, 10, 19)) == ["COUNTED_TWICE"]


def test_every_line_that_all_of_them_state_decides() -> None:
    pay = paid(100, 200, 300)
    drugs = [row("A", "drugs", 10), row("B", "drugs", 20)]
    assert codes(*pay, *drugs, row("N", "drugs", 30)) == ["COUNTED_TWICE"]
    assert codes(*pay, *drugs, row("N", "drugs", 33)) == ["PART_YEARS"]
    assert codes(*pay, drugs[0], row("N", "drugs", 31)) == ["COUNTED_TWICE"]  # B states none
    nil = [row(code, "pay", "0") for code in (*OLD, "N")]
    assert codes(*nil) == ["PART_YEARS"]


def test_lines_outside_the_surplus_say_nothing() -> None:
    cash = [row(code, "cash", value) for code, value in (("A", 100), ("B", 200), ("N", 300))]
    assert codes(*cash) == []


def test_bases_and_scenarios_are_judged_each_by_itself() -> None:
    assert codes(*paid(100, 200, 0), row("N", "pay", 300, "forecast")) == []
    assert codes(*paid(100, 200, 0), row("N", "pay", 300, scenario="high")) == []
    both = [*paid(100, 200, 300), *paid(100, 200, 300, basis="forecast")]
    assert codes(*both) == ["COUNTED_TWICE", "COUNTED_TWICE"]


# -- months ----------------------------------------------------------------------------------------


def month(code: str, *which: object) -> list[Cells]:
    return [row(code, "pay", 10 + n, "actual", month=m) for n, m in enumerate(which)]


@pytest.mark.parametrize(
    ("old", "new", "shared"),
    [
        ((5, 6), (7, 8), ""),
        ((5, 6, 7), (7, 8), "month 7"),
        (("Q2",), (6,), "month 6"),
        (("H1",), ("H2",), ""),
        (("YTD8",), (7, 8, 9), "month 7, 8"),
    ],
)
def test_a_month_that_both_state_counts_twice(
    old: tuple[object, ...], new: tuple[object, ...], shared: str
) -> None:
    found = told(*month("A", *old), *month("N", *new))
    assert [one.code for one in found] == (["COUNTED_TWICE"] if shared else [])
    if shared:
        assert f"and both state {shared}: the same money" in found[0].message
        assert "write the day since when in from of the table organisations" in found[0].action


def test_a_month_in_which_one_gave_way_to_the_other_is_of_both() -> None:
    rows = [*month("A", 6, 7), *month("N", 7, 8)]
    assert codes(*rows, on="2026-10-15") == []
    assert codes(*rows, on="2026-10-01") == ["COUNTED_TWICE"]
    assert codes(*month("A", 6, 7, 8), *month("N", 7, 8), on="2026-10-15") == ["COUNTED_TWICE"]


def test_one_that_stood_before_has_months_of_its_own_before_the_day() -> None:
    rows = [*month("A", 5, 6), *month("N", 5, 6, 7)]
    assert codes(*rows) == ["COUNTED_TWICE"]
    assert codes(*rows, tree=bodies(N={"from": "2020-04-01"})) == []
    assert codes(*rows, tree=bodies(N={"from": "2026-10-01"})) == ["COUNTED_TWICE"]
    earlier = row("N", "pay", 99, year=BEFORE)
    assert codes(*rows, earlier) == []  # its money says so
    same = row("N", "pay", 99, year=AFTER)
    assert codes(*rows, same) == ["COUNTED_TWICE"]


def test_months_of_the_old_beside_a_year_of_the_new() -> None:
    """Of one that was not there before, the year is its own part; one that was has all of it."""
    old = [*month("A", 1, 2), *month("B", 1, 2)]
    own = row("N", "pay", 500, "actual")
    assert codes(*old, own) == ["PART_YEARS"]
    assert codes(*old, own, tree=bodies(N={"from": "2020-04-01"})) == []
    whole = [row("A", "pay", 40, "actual"), row("B", "pay", 60, "actual")]
    assert codes(*whole, own, tree=bodies(N={"from": "2020-04-01"})) == ["PART_YEARS"]


# -- who followed whom -----------------------------------------------------------------------------


@pytest.mark.parametrize(("share", "found"), [("", True), ("1", True), ("0.6", False)])
def test_only_one_that_passed_on_the_whole_of_itself_ended(share: str, found: bool) -> None:
    assert bool(told(*paid(100, 200, 300), share=share)) is found


def test_a_body_that_passed_itself_on_in_parts_ended_too() -> None:
    parts: list[Cells] = [
        {"predecessor": "A", "successor": "N", "on": "2026-10-01", "share": "0.5"},
        {"predecessor": "A", "successor": "B", "on": "2026-10-01", "share": "0.5"},
    ]
    rows = [row("A", "pay", 100), row("N", "pay", 100)]
    assert codes(*rows, successions=parts) == ["COUNTED_TWICE"]
    assert codes(*rows, successions=parts[:1]) == []


def test_a_body_that_was_gone_by_its_dates_is_not_asked() -> None:
    gone = bodies(A={"to": "2026-03-31"}, B={"to": "2026-03-31"})
    assert codes(*paid(100, 200, 300), tree=gone) == []
    one = bodies(A={"to": "2026-03-31"})
    assert codes(*paid(100, 200, 200), tree=one) == ["COUNTED_TWICE"]  # that of B alone
