"""A body that is late, and what stands in for it: its plan of the months that it has not sent, or nothing."""

from __future__ import annotations

from dataclasses import replace

import pytest

from controltotal import verbs
from controltotal.workings.late import _holds, _last, late_typed, reports
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
    found = {row["code"] for row in tree if _holds(said, str(row["code"]), YEAR)}
    assert found == {"T1", "T2", "P1", "C1", "T4", "T5"}
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
        value = replace(value, unknown=unknown("stopped", "").unknown)
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
