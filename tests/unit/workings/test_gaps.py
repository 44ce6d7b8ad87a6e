"""The gap, cash and the underlying position, on the smallest books that show each rule."""

from __future__ import annotations

import pytest

from controltotal.accounts.statement import answer_position
from controltotal.workings import gaps
from controltotal.workings.totals import Totals
from controltotal.workings.workings import Workings
from tests.small_books import TREE, book, figure, surplus
from tests.strategies import YEAR, Book, Cells, amount, control_total, position_of


def cash(code: str, month: int, pounds: int, basis: str = "actual", **more: str) -> Cells:
    return amount(code, "cash", pounds, month=str(month), basis=basis, **more)


def test_closing_cash_is_that_of_the_last_month_and_a_stopped_one_is_not_passed_over() -> None:
    name = f"cash/T1/{YEAR}/actual"
    assert figure(book(cash("T1", 6, 9), cash("T1", 7, 4)), name) == (4, "ok")
    assert figure(book(cash("T1", 6, 9), cash("T1", 7, 4, unit="€")), name)[1] == "indeterminate"


def test_cash_of_different_months_is_not_added() -> None:
    name = f"cash/S1/{YEAR}/actual"
    same = book(cash("T1", 7, 4), cash("T2", 7, -1), tree=TREE)
    assert figure(same, name) == (3, "ok")
    apart = answer_position(
        Workings(position_of(book(cash("T1", 7, 4), cash("T2", 6, -1), tree=TREE)))
    )
    assert apart.figure(name) is None
    stated = book(cash("T1", 7, 4), cash("S1", 7, 8), tree=TREE)
    assert figure(stated, name) == (8, "ok")


def test_a_body_with_cash_of_its_own_and_others_below_adds_both() -> None:
    board: list[Cells] = [{**TREE[0], "kind": "commissioner"}, *TREE[1:]]
    name, below = f"cash/S1/{YEAR}/actual", (cash("T1", 7, 4), cash("T2", 7, -1))
    assert figure(book(*below, tree=board), name) == (3, "ok")
    assert figure(book(*below, cash("S1", 7, 5), tree=board), name) == (8, "ok")
    assert figure(book(*below, cash("S1", 7, 5, unit="€"), tree=board), name)[0] is None
    other_month = Workings(position_of(book(*below, cash("S1", 6, 5), tree=board))).totals
    assert gaps.cash(other_month, "S1", YEAR, "actual").pence is None


def test_a_year_to_date_has_no_gap_until_its_last_month() -> None:
    def of_months(last: int) -> Totals:
        rows = [amount("T1", "position", -1, month=str(m), basis="actual") for m in range(1, last)]
        target = control_total("T1", -4)
        return Workings(position_of(book(*rows, control_totals=[target]))).totals

    assert gaps.gap(of_months(12), "T1", YEAR, "actual").kind == "part_year"
    assert gaps.gap(of_months(13), "T1", YEAR, "actual").pence == 800


def test_a_scenario_is_held_against_its_own_control_total_else_the_main_one() -> None:
    rows = [amount("T1", "position", -6, scenario=name) for name in ("low", "high")]
    targets = [control_total("T1", -4), control_total("T1", -9, scenario="low")]
    totals = Workings(position_of(book(*rows, control_totals=targets))).totals
    assert gaps.gap(totals, "T1", YEAR, "plan", "low").pence == -300
    assert gaps.gap(totals, "T1", YEAR, "plan", "high").pence == 200


def test_a_one_off_cost_known_only_roughly_is_taken_out_as_written() -> None:
    once = amount("T1", "pay", 4, recurrence="non_recurrent", qualifier="over")
    assert told(book(amount("T1", "position", 3), once), "underlying") == (7, "ok")


def test_a_one_off_item_of_a_line_may_come_in_one_month() -> None:
    def told(last: int) -> Book:
        rows = [
            amount("T1", line, pounds, month=str(m), basis="actual", recurrence="recurrent")
            for line, pounds in (("patient_care_income", 10), ("pay", 8))
            for m in range(1, last + 1)
        ]
        once = amount("T1", "pay", 5, month="3", basis="actual", recurrence="non_recurrent")
        return book(*rows, once)

    assert surplus(told(7), basis="actual") == 70 - 56 - 5
    assert figure(told(12), f"underlying/T1/{YEAR}/actual") == (120 - 96, "ok")
    assert figure(told(7), f"underlying/T1/{YEAR}/actual")[1] == "indeterminate"


@pytest.mark.parametrize(
    ("recurrence", "start", "expected"),
    [
        ("recurrent", "2026-10-01", -6 + 6),  # half the year's saving is still to come
        ("recurrent", "2026-04-01", -6),
        ("non_recurrent", "2026-04-01", -6 - 12),  # none of it comes again
        ("non_recurrent", "2026-10-01", -6 - 6),
    ],
)
def test_underlying_takes_schemes_at_what_they_bring_every_year(
    recurrence: str, start: str, expected: int
) -> None:
    scheme: Cells = {
        "id": "A1",
        "organisation": "T1",
        "title": "Beds",
        "recurrence": recurrence,
        "maturity": "in_progress",
        "full_year_effect": "12",
        "start": start,
    }
    said = book(amount("T1", "position", -6, recurrence="recurrent"), schemes=[scheme])
    assert figure(said, f"underlying/T1/{YEAR}/plan") == (expected, "ok")
    outside = {**scheme, "in_plan": "no"}
    said = book(amount("T1", "position", -6, recurrence="recurrent"), schemes=[outside])
    assert figure(said, f"underlying/T1/{YEAR}/plan") == (-6, "ok")


def test_a_gap_that_is_known_only_to_be_above_nil_is_bounded() -> None:
    fact: Cells = {
        "organisation": "T1",
        "fact": "gap",
        "year": YEAR,
        "basis": "forecast",
        "value": "0",
        "qualifier": "over",
    }
    said = book(amount("T1", "position", 0), facts=[fact])
    found = answer_position(Workings(position_of(said))).figure(f"gap/T1/{YEAR}/forecast")
    assert found and (found.value, found.status, found.low) == (None, "bounded", 0)


@pytest.mark.parametrize(
    ("includes", "expected"),
    [("yes", (-2, "ok")), ("no", (0, "ok")), ("", (None, "indeterminate"))],
)
def test_support_counts_only_where_the_control_total_says_so(
    includes: str, expected: tuple[int | None, str]
) -> None:
    target = control_total("T1", -4, **({"includes_support": includes} if includes else {}))
    said = book(
        amount("T1", "position", -4), amount("T1", "support_income", 2), control_totals=[target]
    )
    assert figure(said, f"gap/T1/{YEAR}/plan") == expected


def test_without_support_nobody_needs_to_say_whether_it_counts() -> None:
    said = book(amount("T1", "position", -6), control_totals=[control_total("T1", -4)])
    assert figure(said, f"gap/T1/{YEAR}/plan") == (2, "ok")
    assert figure(said, f"variance/T1/{YEAR}/plan") == (-2, "ok")


def test_support_between_two_bodies_counts_above_them_as_it_counts_for_each() -> None:
    gift = {
        "id": "G1",
        "from": "T1",
        "to": "T2",
        "year": YEAR,
        "amount": "3",
        "unit": "£",
        "kind": "neighbour_support",
        "mechanism": "resource_transfer",
        "status": "agreed",
    }
    targets = [
        control_total("T1", 0, includes_support="no"),
        control_total("T2", 0, includes_support="yes"),
    ]
    said = book(
        amount("T1", "position", 0),
        amount("T2", "position", 0),
        tree=TREE,
        transfers=[gift],
        control_totals=targets,
    )
    assert figure(said, f"gap/T1/{YEAR}/plan") == (0, "ok")
    assert figure(said, f"gap/T2/{YEAR}/plan") == (-3, "ok")
    assert figure(said, f"gap/S1/{YEAR}/plan") == (-3, "ok")  # the sum of those below


def told(
    said: Book, measure: str, code: str = "T1", basis: str = "plan"
) -> tuple[float | None, str]:
    return figure(said, f"{measure}/{code}/{YEAR}/{basis}")


def test_unidentified_savings_that_could_not_be_read_are_untold_and_not_nil() -> None:
    lacking = "savings_unidentified"
    assert told(book(amount("T1", lacking, 5)), lacking) == (5, "ok")
    assert told(book(amount("T1", lacking, 5, unit="€")), lacking) == (None, "indeterminate")
    below = book(amount("T1", lacking, 5, unit="€"), amount("T2", lacking, 1), tree=TREE)
    assert told(below, lacking, "S1") == (None, "indeterminate")


def test_a_body_with_money_of_its_own_adds_it_where_some_below_say_nothing() -> None:
    own: list[Cells] = [{**TREE[0], "kind": "provider"}, *TREE[1:]]
    rows = (amount("T1", "savings_unidentified", 5), amount("S1", "savings_unidentified", 7))
    assert told(book(*rows, tree=own), "savings_unidentified", "S1") == (12, "ok")
    assert told(book(*rows, tree=TREE), "savings_unidentified", "S1") == (7, "ok")
    assert told(book(rows[1], tree=own), "savings_unidentified", "S1") == (7, "ok")


def test_savings_still_to_find_are_the_gap_and_what_is_unidentified() -> None:
    short = (amount("T1", "position", -6),)
    totals = [control_total("T1", 4)]
    assert told(book(*short, control_totals=totals), "to_find") == (10, "ok")
    more = (*short, amount("T1", "savings_unidentified", 3))
    assert told(book(*more, control_totals=totals), "to_find") == (13, "ok")
    spoilt = (*short, amount("T1", "savings_unidentified", 3, unit="€"))
    assert told(book(*spoilt, control_totals=totals), "to_find") == (None, "indeterminate")


def test_an_underlying_position_is_the_sum_of_those_below_and_needs_them_all() -> None:
    one = amount("T1", "position", -6, recurrence="recurrent")
    other = amount("T2", "position", 4, recurrence="recurrent")
    assert told(book(one, other, tree=TREE), "underlying", "S1") == (-2, "ok")
    silent = {k: v for k, v in other.items() if k != "recurrence"}
    assert told(book(one, silent, tree=TREE), "underlying", "S1") == (None, "indeterminate")


def test_a_position_split_by_recurrence_leaves_what_does_not_repeat_out_of_the_underlying() -> None:
    once = amount("T1", "position", 9, recurrence="non_recurrent")
    assert told(book(amount("T1", "position", -6, recurrence="recurrent"), once), "underlying") == (
        -6,
        "ok",
    )


def test_a_gap_of_another_scenario_or_basis_is_not_the_gap() -> None:
    fact: Cells = {"organisation": "T1", "fact": "gap", "year": YEAR, "value": "5", "unit": "£"}
    assert told(book(facts=[fact]), "gap") == (5, "ok")
    worst = book(facts=[{**fact, "scenario": "worst"}])
    assert worst_of(worst, "plan") is None
    other = book(facts=[{**fact, "basis": "forecast"}])
    assert worst_of(other, "plan") is None


def worst_of(said: Book, basis: str) -> int | None:
    return gaps.gap(Workings(position_of(said)).totals, "T1", YEAR, basis).pence


@pytest.mark.parametrize(
    ("rows", "underlying"),
    [
        # the position is split: what its lines say plays no part
        (
            (
                amount("T1", "position", -6, recurrence="recurrent"),
                amount("T1", "position", 9, recurrence="non_recurrent"),
                amount("T1", "pay", 5),
                amount("T1", "drugs", 4, recurrence="non_recurrent"),
            ),
            -6,
        ),
        # it is stated whole, and one cost of it comes once
        ((amount("T1", "position", 3), amount("T1", "pay", 4, recurrence="non_recurrent")), 7),
        (
            (
                amount("T1", "position", 3),
                amount("T1", "other_income", 4, recurrence="non_recurrent"),
            ),
            -1,
        ),
        # nobody says what repeats
        ((amount("T1", "position", 3), amount("T1", "pay", 4)), None),
        # made of lines, of which one does not say
        (
            (
                amount("T1", "other_income", 9, recurrence="recurrent"),
                amount("T1", "pay", 4, recurrence="non_recurrent"),
            ),
            9,
        ),
        ((amount("T1", "other_income", 9, recurrence="recurrent"), amount("T1", "pay", 4)), None),
    ],
)
def test_what_comes_once_is_taken_out_of_the_underlying(
    rows: tuple[Cells, ...], underlying: int | None
) -> None:
    assert told(book(*rows), "underlying")[0] == underlying


@pytest.mark.parametrize("turned", [False, True])
def test_cash_of_a_month_is_its_own_row_before_that_of_a_quarter_that_ends_with_it(
    turned: bool,
) -> None:
    rows = [
        amount("T1", "cash", 5, basis="actual", month="Q1"),
        amount("T1", "cash", 9, basis="actual", month="3"),
        amount("T1", "cash", 7, basis="actual", month="H1"),
        amount("T1", "cash", 2, basis="actual", month="1"),
    ]
    made = book(*(reversed(rows) if turned else rows))
    found = gaps.cash_by_month(Workings(position_of(made)).totals, "T1", YEAR, "actual")
    assert {month: row.amount for month, row in found.items()} == {1: 200, 3: 900, 6: 700}
