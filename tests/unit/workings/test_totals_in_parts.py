"""Totals part by part: support taken out of a position, control totals in force, parents and children."""

from __future__ import annotations

import pytest

from controltotal.workings.consolidating import behind_others
from controltotal.workings.totals import Totals
from controltotal.workings.value import Value
from controltotal.workings.workings import Workings
from tests.small_books import TREE, book
from tests.strategies import YEAR, Cells, amount, control_total, position_of

NEXT = "2027-28"


def totals(*rows: Cells, tree: list[Cells] | None = None, **tables: list[Cells]) -> Totals:
    return Workings(position_of(book(*rows, tree=tree or TREE, **tables))).totals


def told(value: Value) -> int | str:
    """In pounds, or the kind of reason."""
    return value.kind if value.pence is None else value.pence // 100


WITH = amount("T1", "position_with_support", 9)
SUPPORT = amount("T1", "support_income", 4)


def test_support_is_taken_out_of_a_position_that_holds_it() -> None:
    found = totals(WITH, SUPPORT).surplus("T1", YEAR, "plan")
    assert (told(found), found.rule) == (
        5,
        "position with support as stated, less the support recorded",
    )
    assert len(found.entries) == 2 and len(found.rows) == 1
    lone = totals(WITH).surplus("T1", YEAR, "plan")
    assert (told(lone), len(lone.entries)) == ("not_stated", 1)
    assert lone.rule.endswith("the stated position includes support that is not recorded")
    unread = totals(WITH, {**SUPPORT, "unit": "€"}).surplus("T1", YEAR, "plan")
    assert told(unread) == "stopped"
    part = totals({**WITH, "month": "3"}, SUPPORT).surplus("T1", YEAR, "plan")
    assert told(part) == "months_missing"
    assert part.rule.endswith("the support in the stated position is not known")


def test_of_a_grouping_the_support_of_all_below_is_taken_out_and_of_a_body_its_own() -> None:
    rows = [amount("S1", "position_with_support", 9), SUPPORT]
    assert told(totals(*rows).surplus("S1", YEAR, "plan")) == 5
    board = [{**TREE[0], "kind": "commissioner"}, *TREE[1:]]
    own = totals(*rows, tree=board)
    assert told(own.own_surplus("S1", YEAR, "plan")) == "not_stated"
    more = totals(*rows, amount("S1", "support_income", 2), tree=board)
    assert told(more.own_surplus("S1", YEAR, "plan")) == 7


def lent(**more: str) -> Cells:
    row = {
        "id": "N",
        "from": "T2",
        "to": "T1",
        "year": YEAR,
        "amount": "3",
        "kind": "neighbour_support",
        "mechanism": "resource_transfer",
        "status": "agreed",
    }
    return {**row, **more}


def test_support_is_its_income_and_what_is_agreed() -> None:
    plain = amount("T1", "position", 0)
    found = totals(plain, SUPPORT, transfers=[lent()])
    assert [told(found.own_support(code, YEAR, "plan")) for code in ("T1", "T2")] == [7, -3]
    assert told(found.support("S1", YEAR, "plan")) == 4
    assert len(found.own_support("T1", YEAR, "plan").entries) == 2
    assert told(totals(plain).own_support("T1", YEAR, "plan")) == 0
    assert told(totals(plain, transfers=[lent(status="proposed")]).support("T1", YEAR, "plan")) == 0
    unknown = totals(plain, transfers=[lent(mechanism="unknown")])
    assert told(unknown.own_support("T1", YEAR, "plan")) == "undecided"
    assert told(unknown.support("S1", YEAR, "plan")) == "undecided"
    stopped = totals(plain, transfers=[lent(amount="three")])
    assert told(stopped.own_support("T1", YEAR, "plan")) == "stopped"
    unread = totals(plain, {**SUPPORT, "unit": "€"})
    assert told(unread.own_support("T1", YEAR, "plan")) == "stopped"


def actuals(code: str, last: int, pounds: int = 1) -> list[Cells]:
    return [
        amount(code, "position", pounds, basis="actual", month=str(m)) for m in range(1, last + 1)
    ]


@pytest.mark.parametrize(
    ("month", "to_date"),
    [("3", 3), ("5", 0), ("4", 3), ("", 3), ("Q1", 3), ("Q2", 0)],
)
def test_an_actual_holds_the_support_of_the_months_that_it_has_reached(
    month: str, to_date: int
) -> None:
    """Four months are told; support without a month stands whole."""
    found = totals(*actuals("T1", 4), *actuals("T2", 4), transfers=[lent(month=month)])
    assert told(found.support("T1", YEAR, "actual")) in (to_date, "part_year")
    if month in ("3", "4", "5", ""):
        assert told(found.support("T1", YEAR, "actual")) == to_date
    assert told(found.support("T1", YEAR, "plan")) == 3


# -- control totals ---------------------------------------------------------------------------------


def in_force(*rows: Cells, code: str = "T1", scenario: str = "", **more: object) -> int | str:
    found = totals(amount("T1", "position", 0), control_totals=list(rows), **more)  # type: ignore[arg-type]
    return told(found.control_total(code, YEAR, scenario))


def on(day: str, pounds: int, code: str = "T1", **more: str) -> Cells:
    return control_total(code, pounds, set_on=day, **more)


def test_the_latest_that_was_accepted_is_in_force() -> None:
    assert in_force(on("2026-01-20", 5), on("2026-03-20", 7)) == 7
    assert in_force(on("2026-03-20", 7), on("2026-01-20", 5)) == 7
    assert in_force(on("2026-01-20", 5), on("2026-03-20", 7, status="proposed")) == 5
    assert in_force() == "no_control_total"
    assert in_force(on("2026-01-20", 5), on("2026-01-20", 7, set_by="nation")) == "contradicted"
    assert in_force(on("2026-01-20", 5, year=NEXT)) == "no_control_total"
    assert in_force({**on("2026-01-20", 5), "amount": "five"}) == "stopped"


@pytest.mark.parametrize(
    ("day", "stands"),
    [("2026-01-19", 5), ("2026-01-20", "no_control_total"), ("2026-03-01", "no_control_total")],
)
def test_one_that_was_withdrawn_is_in_force_no_more(day: str, stands: int | str) -> None:
    rows = [on("2026-01-20", 5), on(day, 5, status="withdrawn", set_by="nation")]
    assert in_force(*rows) == stands


def test_without_its_own_a_parent_has_the_sum_of_all_below() -> None:
    rows = [on("2026-01-20", 5), on("2026-01-20", -2, code="T2")]
    assert in_force(*rows, code="S1") == 3
    assert in_force(rows[0], code="S1") == "no_control_total"
    assert in_force(*rows, on("2026-01-20", 9, code="S1"), code="S1") == 9
    open_list = [{**TREE[0], "complete": "no"}, *TREE[1:]]
    assert in_force(*rows, code="S1", tree=open_list) == "no_control_total"
    found = totals(amount("T1", "position", 0), control_totals=rows).control_total("S1", YEAR)
    assert found.rule == "derived: sum of the control totals below"
    assert found.inputs == (f"control_total/T1/{YEAR}/plan", f"control_total/T2/{YEAR}/plan")


def test_a_scenario_is_measured_by_its_own_control_total_else_the_main_one() -> None:
    found = totals(
        amount("T1", "position", 0),
        control_totals=[on("2026-01-20", 5), on("2026-01-20", 9, scenario="low")],
    )
    assert [found.control_scenario("T1", YEAR, one) for one in ("", "low", "high")] == [
        "",
        "low",
        "",
    ]
    assert told(found.control_total("T1", YEAR, "low")) == 9


def test_rows_of_control_totals_by_day_and_who_has_how_many() -> None:
    rows = [
        on("2026-03-20", 7),
        on("2026-01-20", 5),
        on("2026-01-20", 1, code="T2"),
        on("2026-01-20", 2, code="S1", scenario="low"),
        on("2026-01-20", 2, code="S1", year=NEXT),
        on("2026-01-20", 4, code="T2", month="H1"),
    ]
    found = totals(amount("T1", "position", 0), control_totals=rows)
    assert [row.amount for row in found.control_rows("T1", YEAR)] == [500, 700]
    assert found.control_rows("T1", NEXT) == []
    assert found.controlled(YEAR) == {"T1", "T2"}
    assert found.controlled(YEAR, 2) == {"T1"} and found.controlled(YEAR, 3) == frozenset()
    assert found.controlled(NEXT) == {"S1"}
    assert [row.amount for row in found.control_rows("T2", f"{YEAR}-H1")] == [400]


# -- parents and children ---------------------------------------------------------------------------


def test_a_parent_behind_whom_a_body_is_late_is_not_told_around_it() -> None:
    """First has told five months and Second three: nobody adds them up."""
    found = totals(*actuals("T1", 5), *actuals("T2", 3)).surplus("S1", YEAR, "actual")
    assert (told(found), found.missing) == ("incomplete", ("T2",))
    assert told(totals(*actuals("T1", 3), *actuals("T2", 3)).surplus("S1", YEAR, "actual")) == 6
    one = totals(*actuals("T1", 5)).surplus("S1", YEAR, "actual")
    assert (told(one), one.missing) == ("incomplete", ("T2",))
    closed = [TREE[0], TREE[1], {**TREE[2], "to": "2026-06-30"}]
    gone = totals(*actuals("T1", 5), *actuals("T2", 3), tree=closed)
    assert told(gone.surplus("S1", YEAR, "actual")) == 8  # it stood for three months alone


def test_a_stated_total_stands_where_bodies_are_silent_and_says_who() -> None:
    rows = [amount("T1", "position", 3), amount("S1", "position", 9)]
    found = totals(*rows).surplus("S1", YEAR, "plan")
    assert (told(found), found.missing) == (9, ("T2",))
    assert found.rule == "as stated; the bodies below do not all report"
    open_list = [{**TREE[0], "complete": "no"}, *TREE[1:]]
    listed = totals(*rows, amount("T2", "position", 1), tree=open_list).surplus("S1", YEAR, "plan")
    assert (told(listed), listed.missing) == (9, ("children that are not listed",))
    board = [{**TREE[0], "kind": "commissioner"}, *TREE[1:]]
    own = totals(*rows, tree=board).surplus("S1", YEAR, "plan")
    assert (told(own), own.missing) == ("incomplete", ("T2",))
    both = totals(*rows, amount("T2", "position", 1), tree=board).surplus("S1", YEAR, "plan")
    assert (told(both), both.rule) == (13, "own surplus and those of the bodies below")


@pytest.mark.parametrize("line", ["position", "position_whole", "position_with_support", "pay"])
def test_money_of_a_parents_own_that_nobody_could_read_is_no_nil(line: str) -> None:
    board = [{**TREE[0], "kind": "commissioner"}, *TREE[1:]]
    below = [amount("T1", "position", 3), amount("T2", "position", 1)]
    assert told(totals(*below, tree=board).surplus("S1", YEAR, "plan")) == 4
    unread = {**amount("S1", line, 9), "unit": "€"}
    found = totals(*below, unread, tree=board)
    assert told(found.surplus("S1", YEAR, "plan")) == "stopped"
    assert told(found.adjusted("S1", YEAR, "plan")) == "stopped"


def test_the_rows_below_a_parent_are_those_that_make_it() -> None:
    tree = [
        {"code": "R1", "name": "Region", "kind": "region"},
        {**TREE[0], "parent": "R1"},
        *TREE[1:],
    ]
    found = totals(amount("T1", "position", 3), amount("T2", "position", 1), tree=tree)
    for code in ("S1", "R1"):
        rows = found.rows_below(code, YEAR, "plan", "")
        assert [row.body for row in rows] == ["T1", "T2"]
    assert found.rows_below("T1", YEAR, "plan", "") == ()


def test_a_total_agrees_with_its_parts_within_rounding() -> None:
    found = totals(amount("T1", "position", 3))
    five, lost = Value(500, ""), Value(None, "")
    assert found.agrees(five, five) and not found.agrees(five, Value(501, ""))
    assert (
        found.agrees(lost, lost) and not found.agrees(five, lost) and not found.agrees(lost, five)
    )


def test_who_is_behind_the_others() -> None:
    def reached(last: int) -> Value:
        return Value(1, "", months=frozenset(range(1, last + 1)))

    parts = {"A": reached(5), "B": reached(3), "C": reached(4)}
    assert behind_others(parts, frozenset()) == ("B", "C")
    assert behind_others(parts, frozenset({"A"})) == ("B",)  # it told all that it will
    assert behind_others(parts, frozenset({"A", "B", "C"})) == ("B", "C")
    assert behind_others({"A": reached(5), "C": reached(5)}, frozenset()) == ()


def rough(code: str, millions: str, line: str = "position") -> Cells:
    return {**amount(code, line, 0), "amount": millions, "unit": "£m"}


def test_a_stated_total_is_kept_beside_the_sum_where_rounding_explains_it() -> None:
    """1.0 and 2.0 to a tenth may be 3.1; of a whole position only the surplus is stated."""
    below = [rough("T1", "1.0"), rough("T2", "2.0")]
    stated = 310_000_000

    def beside(*rows: Cells, tree: list[Cells] | None = None) -> list[int | None]:
        found = totals(*below, *rows, tree=tree)
        measures = ("surplus", "adjusted_surplus")
        return [found.stated_beside(one, "S1", YEAR, "plan") for one in measures]

    assert beside(rough("S1", "3.1")) == [stated, stated]
    assert beside(rough("S1", "3.1", "position_whole")) == [stated, None]
    assert beside(rough("S1", "3.0")) == [None, None]  # the same
    assert beside(rough("S1", "4.0")) == [None, None]  # more than rounding
    assert beside() == [None, None]
    board = [{**TREE[0], "kind": "commissioner"}, *TREE[1:]]
    assert beside(rough("S1", "3.1"), tree=board) == [None, None]  # money of its own


def test_support_that_lies_across_what_is_asked_says_how_it_is_not_told() -> None:
    """A quarter of which one month is reached is not told by month, and a year not by half."""
    quarter = totals(*actuals("T1", 4), *actuals("T2", 4), transfers=[lent(month="Q2")])
    moved = quarter._moved("T1", YEAR, "actual", "agreed", frozenset({1, 2, 3, 4}), part=True)
    assert told(moved) == "part_year"
    assert moved.rule.endswith("transfers row 2 is not told by month")
    half = totals(amount("T1", "position", 1), transfers=[lent()])
    found = half.own_support("T1", f"{YEAR}-H1", "plan")
    assert told(found) == "part_year"
    assert found.rule.endswith("transfers row 2 is not told by half")
