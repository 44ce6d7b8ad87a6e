"""A body that is late, and what stands in for it: its plan of the months that it has not sent, or nothing."""

from __future__ import annotations

import pytest

from controltotal import verbs
from controltotal.workings.late import late_typed
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
