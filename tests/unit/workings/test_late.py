"""A body that is late, and what stands in for it: its plan of the months that it has not sent, or nothing."""

from __future__ import annotations

import pytest

from controltotal import verbs
from controltotal.workings.late import Standing, _holds, _last, late_typed, reports, standing
from controltotal.workings.totals import Totals
from controltotal.workings.value import Value, unknown
from controltotal.workings.workings import Workings
from tests.small_books import TREE, book
from tests.strategies import YEAR, Cells, amount, position_of

CHOSEN = "last: A. Hart, finance director"
MONTHS = range(1, 13)


def run(code: str, basis: str, value: int, months: range, line: str = "position") -> list[Cells]:
    return [amount(code, line, value, basis=basis, month=str(month)) for month in months]


FIRST = [*run("T1", "plan", -10, MONTHS), *run("T1", "actual", -12, range(1, 10))]
"""First is on time: nine months at (12) of a plan of (10) a month."""


def actual(*rows: Cells, code: str = "S1", late: str | None = CHOSEN, line: str = "") -> int | None:
    """A body's actual to date, in pounds."""
    result = verbs.position(position_of(book(*FIRST, *rows, tree=TREE)), YEAR, late=late)
    (found,) = [
        row
        for row in result.tables["to_date"]
        if (row["organisation"], row["line"], row["scheme"]) == (code, line, "")
    ]
    return None if found["actual"] is None else found["actual"] // 100


SENT = run("T2", "actual", -5, range(1, 8))
"""Second has sent seven months at (5); November and December are missing."""


def test_the_plan_of_each_month_that_is_missing_stands_in() -> None:
    plan = [amount("T2", "position", -month, month=str(month)) for month in MONTHS]
    assert actual(*SENT, *plan) == -9 * 12 - 7 * 5 - 8 - 9
    assert actual(*SENT, *plan, code="T2") == -7 * 5 - 8 - 9
    assert actual(*SENT, *plan, late=None) is None
    assert actual(*SENT, *plan, late=None, code="T2") == -35


def test_a_plan_that_is_not_told_by_month_stands_in_for_nothing() -> None:
    assert actual(*SENT, amount("T2", "position", -60)) is None
    assert actual(*SENT) is None
    half = [amount("T2", "position", -month, month=str(month)) for month in range(1, 9)]
    assert actual(*SENT, *half) is None  # of the ninth month nothing is planned


def test_a_sum_to_date_is_kept_and_the_plan_goes_on_from_it() -> None:
    sent = amount("T2", "position", -40, basis="actual", month="YTD7")
    plan = [amount("T2", "position", -month, month=str(month)) for month in MONTHS]
    assert actual(sent, *plan) == -9 * 12 - 40 - 8 - 9


def test_lines_are_kept_where_the_plan_tells_them_and_what_came_once_does_not_come_again() -> None:
    sent = [
        *run("T2", "actual", 9, range(1, 8), "patient_care_income"),
        *run("T2", "actual", 14, range(1, 8), "pay"),
        amount("T2", "pay", 3, basis="actual", month="7", recurrence="non_recurrent"),
    ]
    plan = [
        *run("T2", "plan", 10, MONTHS, "patient_care_income"),
        *run("T2", "plan", 11, MONTHS, "pay"),
    ]
    assert actual(*sent, *plan, code="T2") == 7 * (9 - 14) - 3 - 2
    assert actual(*sent, *plan, code="T2", line="pay") == -7 * 14 - 3 - 2 * 11
    other = [*run("T2", "plan", -1, MONTHS)]  # a plan of the surplus alone
    assert actual(*sent, *other, code="T2") == 7 * (9 - 14) - 3 - 2


@pytest.mark.parametrize(
    ("typed", "how", "who"),
    [
        (None, "wait", ""),
        ("wait", "wait", ""),
        ("WAIT: A. Hart", "wait", ""),
        ("Exclude : A. Hart", "exclude", "A. Hart"),
        ("last:A. Hart: director", "last", "A. Hart: director"),
    ],
)
def test_a_choice_as_it_is_typed(typed: str | None, how: str, who: str) -> None:
    found = late_typed(typed)
    assert (found.how, found.who) == (how, who)
    assert found.text == (f"{how}: {who}" if who else how)


def test_one_that_has_sent_nothing_stands_in_for_nothing() -> None:
    plan = [amount("T2", "position", -month, month=str(month)) for month in MONTHS]
    assert actual(*plan) is None
    assert actual(*plan, code="T1") == -9 * 12


def totals(*rows: Cells, tree: list[Cells]) -> Totals:
    return Workings(position_of(book(*rows, tree=tree))).totals


def test_who_reports_for_itself() -> None:
    tree: list[Cells] = [
        *TREE,
        {"code": "P1", "name": "Pool", "kind": "pool", "parent": "S1"},
        {"code": "P2", "name": "Quiet pool", "kind": "pool", "parent": "S1"},
        {"code": "T3", "name": "Closed", "kind": "provider", "parent": "S1", "to": "2026-03-31"},
        {"code": "C1", "name": "Board", "kind": "commissioner", "parent": "S1"},
        {"code": "T4", "name": "Below", "kind": "provider", "parent": "C1"},
        {"code": "C2", "name": "Empty board", "kind": "commissioner", "parent": "S1"},
        {"code": "T5", "name": "Below it", "kind": "provider", "parent": "C2"},
    ]
    said = totals(amount("P1", "position", 1), amount("C1", "position", 1), tree=tree)
    found = {str(row["code"]): _holds(said, str(row["code"]), YEAR) for row in tree}
    reporting = ("T1", "T2", "P1", "C1", "T4", "T5")
    assert found == {
        **dict.fromkeys(reporting, True),
        **dict.fromkeys(("S1", "P2", "C2"), False),  # a sum, silent, and empty beside one below it
        "T3": False,  # it closed before the year
    }
    assert _holds(said, "T3", "2025-26")


@pytest.mark.parametrize(
    ("months", "known", "last"),
    [({1, 2, 3}, True, 3), ({1, 3}, True, 0), ({2, 3}, True, 0), (set(), True, 0), ({1}, False, 0)],
)
def test_a_body_has_reached_the_last_month_told_without_a_gap(
    months: set[int], known: bool, last: int
) -> None:
    value = Value(5 if known else None, "", months=frozenset(months))
    if not known:
        value = value._replace(unknown=unknown("stopped", "").unknown)
    assert _last(value) == last


def test_all_are_asked_for_the_month_that_the_first_of_them_has_reached() -> None:
    rows = [*run("T1", "actual", -1, range(1, 6)), *run("T2", "actual", -1, range(1, 4))]
    month = Workings(position_of(book(*rows, tree=TREE))).month
    found = {one.organisation: one for one in reports(month, YEAR, ("T1", "T2", "S1"))}
    assert {code: (one.reported, one.last, one.month) for code, one in found.items()} == {
        "T1": (True, 5, 5),
        "T2": (False, 3, 5),
    }
    assert [one.organisation for one in reports(month, YEAR, ("T2",))] == ["T2"]
    assert reports(month, "2027-28", ("T1", "T2")) == []
    whole = amount("T1", "position", 5, basis="actual")
    assert reports(Workings(position_of(book(whole, tree=TREE))).month, YEAR, ("T1",)) == []


def stands(typed: str | None, *rows: Cells, tree: list[Cells] | None = None) -> Standing:
    """First is on time with nine months, Second with seven; what a person's choice makes of it."""
    position = position_of(book(*FIRST, *SENT, *rows, tree=tree or TREE))
    month = Workings(position).month
    told = reports(month, YEAR, [str(row["code"]) for row in tree or TREE])
    return standing(month, YEAR, told, late_typed(typed), lambda made: Workings(made).month)


PLANNED = [amount("T2", "position", -month, month=str(month)) for month in MONTHS]


def pounds(found: Standing, code: str) -> int | None:
    pence = found.of(code).to_date(code, YEAR).actual.pence
    return None if pence is None else pence // 100


def test_without_a_choice_the_month_is_as_it_is() -> None:
    for typed in (None, "wait"):
        found = stands(typed, *PLANNED)
        assert found.made is found.plain and found.bodies == () and not found.stand_in
        assert found.of("S1") is found.plain
        assert (found.rule("S1"), found.aside("S1")) == ("", "")
        assert pounds(found, "S1") is None and pounds(found, "T2") == -35


def test_a_late_body_may_be_left_out_of_those_above_it_and_stays_as_it_is_itself() -> None:
    found = stands("exclude: A. Hart", *PLANNED)
    assert found.bodies == ("T2",) and dict(found.stand_in) == {"S1": "without T2"}
    assert (found.rule("S1"), found.aside("S1")) == (
        "without T2, chosen by A. Hart",
        "without Second",
    )
    assert (pounds(found, "S1"), pounds(found, "T1"), pounds(found, "T2")) == (-108, -108, -35)
    assert found.of("T2") is found.plain and found.rule("T2") == ""
    assert "T2" not in found.made.tree.organisations


def test_its_plan_may_stand_in_for_the_months_after_its_last() -> None:
    found = stands("last: A. Hart", *PLANNED)
    words = "T2 as planned after month 7"
    assert dict(found.stand_in) == {"T2": words, "S1": words}
    assert found.aside("S1") == "Second as planned after month 7"
    assert (pounds(found, "S1"), pounds(found, "T2")) == (-108 - 35 - 17, -35 - 17)
    assert found.of("T1") is found.plain
    none = stands("last: A. Hart")
    assert none.made is none.plain and none.bodies == ()  # it has no plan by month


def test_two_that_are_late_are_both_named_above_them() -> None:
    tree = [*TREE, {"code": "T3", "name": "Third", "kind": "provider", "parent": "S1"}]
    more = run("T3", "actual", -1, range(1, 9))
    found = stands("exclude: A. Hart", *more, tree=tree)
    assert found.bodies == ("T2", "T3")
    assert found.rule("S1") == "without T2; without T3, chosen by A. Hart"
    assert found.aside("S1") == "without Second; without Third"
    assert pounds(found, "S1") == -108


def test_what_keeps_the_months_that_were_sent_from_being_told_is_said() -> None:
    hole = [row for row in SENT if row["month"] != "3"]
    month = Workings(position_of(book(*FIRST, *hole, tree=TREE))).month
    (late,) = [one for one in reports(month, YEAR, ["T2"]) if one.organisation == "T2"]
    assert (late.reported, late.last) == (False, 0)
    assert "month 3 (June) is missing" in late.why
    silent = Workings(position_of(book(*FIRST, tree=TREE))).month
    (nothing,) = reports(silent, YEAR, ["T2"])
    assert (nothing.reported, nothing.last, nothing.why) == (False, 0, "")
