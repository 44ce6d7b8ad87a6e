"""Drivers of a change, body by body, on the smallest books that show each."""

from __future__ import annotations

import pytest

from controltotal.workings.bridges import Bridge, End, Step, _agency_in_pay, _closed
from controltotal.workings.totals import Totals
from controltotal.workings.workings import Workings
from tests.small_books import TREE, book
from tests.strategies import YEAR, Cells, amount, position_of

LAST = "2025-26"
SCHEME: Cells = {
    "id": "A",
    "organisation": "T1",
    "title": "Beds",
    "recurrence": "recurrent",
    "maturity": "in_progress",
    "full_year_effect": "12",
}


def totals(*rows: Cells, tree: list[Cells] | None = None, **tables: list[Cells]) -> Totals:
    return Workings(position_of(book(*rows, tree=tree or TREE, **tables))).totals


def bridge(found: Totals, first: tuple[str, str] = (YEAR, "plan")) -> Bridge:
    """From the plan of the year, or what is given, to the forecast of the year."""
    return Bridge(End(found, *first), End(found, YEAR, "forecast"))


def both(code: str, line: str, plan: int, forecast: int, **more: str) -> list[Cells]:
    return [
        amount(code, line, plan, **more),
        amount(code, line, forecast, basis="forecast", **more),
    ]


def test_each_line_is_a_driver_and_the_largest_comes_first() -> None:
    """Income up by 5, drugs by 8, pay down by 1: from 40 to 38."""
    rows = [
        *both("T1", "other_income", 100, 105),
        *both("T1", "pay", 50, 49),
        *both("T1", "drugs", 10, 18),
    ]
    found = bridge(totals(*rows))
    assert found.steps("T1") == [
        Step("start", "start", 4_000),
        Step("drugs", "driver", -800),
        Step("income", "driver", 500),
        Step("pay", "driver", 100),
        Step("end", "end", 3_800),
    ]
    assert found.by_line("T1")


def test_what_lines_leave_open_is_said_and_is_no_line() -> None:
    found = bridge(totals(*both("T1", "position", 3, 8)))
    assert found.steps("T1")[1] == Step("not_explained", "residual", 500)
    assert not found.by_line("T1")
    assert bridge(totals(*both("T1", "position", 3, 3))).steps("T1") == []
    assert bridge(totals(amount("T1", "position", 3))).drivers("T1") is None


def test_a_line_that_one_end_alone_tells_makes_the_rest_of_an_exact_change() -> None:
    rows = [
        *both("T1", "other_income", 100, 105),
        *both("T1", "pay", 50, 50),
        amount("T1", "drugs", 7, basis="forecast"),
    ]
    found = bridge(totals(*rows)).drivers("T1")
    assert found == {"income": 500, "pay": 0, "told_once": -700}


def test_agency_pay_is_pay_where_one_end_does_not_tell_it_apart() -> None:
    rows = [
        *both("T1", "other_income", 100, 100),
        amount("T1", "bank_pay", 50),
        amount("T1", "bank_pay", 40, basis="forecast"),
        amount("T1", "agency_pay", 12, basis="forecast"),
    ]
    assert bridge(totals(*rows)).drivers("T1") == {"income": 0, "pay": -200}
    assert _agency_in_pay({"agency_pay": -3}) == {"pay": -3}
    assert _agency_in_pay({"agency_pay": -3, "pay": -4, "drugs": -1}) == {"pay": -7, "drugs": -1}
    assert _agency_in_pay({"drugs": -1}) == {"drugs": -1}


def test_drivers_make_the_whole_change() -> None:
    assert _closed({"pay": 3}, 3) == {"pay": 3}
    assert _closed({"pay": 3}, 5) == {"pay": 3, "not_explained": 2}
    assert _closed({}, 0) == {}


# -- bodies below -----------------------------------------------------------------------------------


def test_a_system_moves_by_what_its_bodies_do() -> None:
    rows = [*both("T1", "position", 3, 8), *both("T2", "position", 10, 4)]
    found = bridge(totals(*rows))
    assert found.drivers("S1") == {"not_explained": -100}
    assert [step.pence for step in found.steps("S1")] == [1_300, -100, 1_200]


def test_a_body_that_joins_brings_all_it_has_and_one_that_leaves_takes_it() -> None:
    tree: list[Cells] = [
        TREE[0],
        {**TREE[1], "to": "2026-03-31"},
        {**TREE[2], "from": "2026-04-01"},
    ]
    rows = [
        amount("T1", "position", 3, year=LAST),
        amount("T2", "position", 10, basis="forecast"),
    ]
    found = bridge(totals(*rows, tree=tree), (LAST, "plan"))
    assert found.drivers("S1") == {"joined_or_left": 700}
    assert not found.by_line("S1")
    assert found.drivers("T1") is None  # it stands no more


def test_the_bodies_of_an_end_are_those_it_is_the_sum_of() -> None:
    every = totals(amount("T1", "position", 3), amount("T2", "position", 1))
    assert End(every, YEAR, "plan").kids("S1") == {"T1", "T2"}
    stated = totals(amount("T1", "position", 3), amount("S1", "position", 9))
    assert End(stated, YEAR, "plan").kids("S1") == frozenset()
    open_: list[Cells] = [{**TREE[0], "complete": "no"}, *TREE[1:]]
    part = totals(amount("T1", "position", 3), amount("T2", "position", 1), tree=open_)
    assert End(part, YEAR, "plan").kids("S1") == frozenset()
    assert End(every, YEAR, "plan").kids("T1") == frozenset()


def test_lines_that_are_not_told_for_the_whole_period_are_no_group() -> None:
    rows = [
        amount("T1", "other_income", 9),
        amount("T1", "bank_pay", 4),
        amount("T1", "agency_pay", 1, month="7"),
        amount("T1", "impairments", 2),
        amount("T1", "position", 5),
    ]
    assert End(totals(*rows), YEAR, "plan").groups("T1") == {"income": 900, "pay": -400}
    spoilt = totals(*rows, amount("T1", "bank_pay", 4, unit="€"))
    assert End(spoilt, YEAR, "plan").groups("T1") == {"income": 900}


# -- support ----------------------------------------------------------------------------------------


def test_support_stands_apart_where_it_can_be_told_at_both_ends() -> None:
    rows = both("T1", "position", 3, 3)
    more = [*rows, *both("T1", "support_income", 2, 7)]
    assert bridge(totals(*more)).steps("T1") == [
        Step("start", "start", 300),
        Step("end", "end", 300),
        Step("support", "apart", 500),
    ]
    spoilt = bridge(totals(*more, amount("T1", "support_income", 9, unit="€")))
    assert (spoilt.support("T1"), spoilt.steps("T1")) == (0, [])


# -- schemes ----------------------------------------------------------------------------------------


def saves(basis: str, pounds: int, year: str = YEAR) -> Cells:
    more = {"scheme": "A", "recurrence": "recurrent", "year": year, "basis": basis}
    return amount("T1", "pay", pounds, **more)


def test_what_a_scheme_saves_more_or_less_is_taken_out_of_its_line() -> None:
    """Pay is up by 3 though 5 less was saved: 2 of it is pay."""
    rows = [*both("T1", "other_income", 100, 100), *both("T1", "pay", 50, 53)]
    less = totals(*rows, saves("plan", 9), saves("forecast", 4), schemes=[SCHEME])
    assert bridge(less).drivers("T1") == {"income": 0, "pay": 200, "savings_less": -500}
    more = totals(*rows, saves("plan", 4), saves("forecast", 9), schemes=[SCHEME])
    assert bridge(more).drivers("T1") == {"income": 0, "pay": -800, "savings_more": 500}
    nameless = [{**SCHEME, "maturity": "unidentified"}]
    lacking = totals(*rows, saves("plan", 9), saves("forecast", 4), schemes=nameless)
    assert bridge(lacking).drivers("T1") == {"income": 0, "pay": 200, "savings_unidentified": -500}


@pytest.mark.parametrize(
    ("maturities", "driver"),
    [
        ((None, "unidentified"), "savings_unidentified"),
        ((None, "in_progress"), "savings_more"),
        (("unidentified", "in_progress"), "savings_more"),
        (("in_progress", "unidentified"), "savings_unidentified"),
    ],
)
def test_a_scheme_is_what_the_later_reading_calls_it(
    maturities: tuple[str | None, str], driver: str
) -> None:
    ends = [
        totals(
            saves("plan", 3 + 2 * place),
            schemes=[{**SCHEME, "maturity": maturity}] if maturity else [],
        )
        for place, maturity in enumerate(maturities)
    ]
    found = Bridge(End(ends[0], YEAR, "plan"), End(ends[1], YEAR, "plan"))
    assert {name for name, _, _ in found._saved("T1")} == {driver}


@pytest.mark.parametrize(
    ("first", "start", "before"),
    [
        ((LAST, "actual"), "2026-04-01", {}),
        ((LAST, "actual"), "2026-10-01", {}),
        ((LAST, "actual"), "2026-03-31", None),
        ((LAST, "actual"), "", None),
        ((YEAR, "actual"), "2026-10-01", None),  # the same year: it may have saved by then
    ],
)
def test_before_the_year_it_starts_in_a_scheme_has_saved_nothing(
    first: tuple[str, str], start: str, before: dict[str, int] | None
) -> None:
    found = bridge(totals(saves("forecast", 5), schemes=[{**SCHEME, "start": start}]), first)
    assert found._not_stated_first("A", "T1", {"pay": 500}) == before


@pytest.mark.parametrize(
    ("cells", "code", "after", "before"),
    [
        ({}, "T1", {"pay": 500}, {"pay": 600}),
        ({"in_plan": "no"}, "T1", {"pay": 500}, {}),
        ({}, "T2", {"pay": 500}, None),  # of another body
        ({}, "T1", {"pay": 500, "drugs": 1}, None),  # on more lines than one
        ({"start": ""}, "T1", {"pay": 500}, None),
    ],
)
def test_a_plan_without_rows_is_what_a_scheme_brings_from_its_start(
    cells: Cells, code: str, after: dict[str, int], before: dict[str, int] | None
) -> None:
    scheme = {**SCHEME, "start": "2026-10-01", **cells}
    found = bridge(totals(saves("forecast", 5), schemes=[scheme]))
    assert found._not_stated_first("A", code, after) == before
    assert found._not_stated_first("B", code, after) == {}


@pytest.mark.parametrize(
    ("recurrence", "first", "after"),
    [
        ("non_recurrent", LAST, {}),
        ("non_recurrent", YEAR, None),
        ("recurrent", LAST, None),
    ],
)
def test_a_saving_that_does_not_repeat_is_nothing_in_the_next_year(
    recurrence: str, first: str, after: dict[str, int] | None
) -> None:
    scheme = {**SCHEME, "recurrence": recurrence}
    found = bridge(totals(saves("plan", 5, first), schemes=[scheme]), (first, "plan"))
    assert found._not_stated_second("A", {"pay": 500}) == after
    assert found._not_stated_second("A", None) is None
    assert found._not_stated_second("B", {"pay": 500}) == {}


def test_money_of_its_own_that_a_parent_tells_at_one_end_alone_is_told_once() -> None:
    """The board's bodies do not move; its own 5 is told in the forecast and not in the plan."""
    board: list[Cells] = [{**TREE[0], "kind": "commissioner"}, *TREE[1:]]
    below = [*both("T1", "position", 3, 3), *both("T2", "position", 1, 1)]
    found = bridge(totals(*below, amount("S1", "position", 5, basis="forecast"), tree=board))
    assert found._own("S1") == {"told_once": 500}
    gone = bridge(totals(*below, amount("S1", "position", 5), tree=board))
    assert gone._own("S1") == {"told_once": -500}


def test_a_saving_on_a_line_that_only_one_end_tells_is_in_what_is_told_once() -> None:
    """Both ends are made of their lines: drugs, where 2 more are saved, are told in the forecast
    alone. What is saved there is not told again."""
    rows = [*both("T1", "other_income", 100, 100), *both("T1", "pay", 50, 50)]
    rows += [amount("T1", "drugs", 7, basis="forecast")]
    saved = [{**saves("plan", 3), "line": "drugs"}, {**saves("forecast", 5), "line": "drugs"}]
    found = bridge(totals(*rows, *saved, schemes=[SCHEME]))
    assert found.drivers("T1") == {"income": 0, "pay": 0, "told_once": -700}


def test_where_lines_do_not_make_the_whole_a_saving_stands_beside_them() -> None:
    """A position that went from 3 to 8 with 2 more saved: 3 are not explained."""
    saved = [saves("plan", 3), saves("forecast", 5)]
    found = bridge(totals(*both("T1", "position", 3, 8), *saved, schemes=[SCHEME]))
    assert found.drivers("T1") == {"savings_more": 200, "not_explained": 300}


def test_savings_without_a_scheme_are_a_driver_where_both_ends_state_them() -> None:
    rows = both("T1", "position", 3, 8)
    lacking = both("T1", "savings_unidentified", 6, 4)
    found = bridge(totals(*rows, *lacking)).drivers("T1")
    assert found == {"savings_unidentified": -200, "not_explained": 700}
    one = bridge(totals(*rows, lacking[0])).drivers("T1")
    assert one == {"not_explained": 500}
