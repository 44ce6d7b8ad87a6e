"""How far a year is recorded for a scheme, and what it was to bring in the months ahead."""

from __future__ import annotations

import pytest

from controltotal.workings.recorded import Recorded
from controltotal.workings.workings import Workings
from tests.small_books import TREE, book
from tests.strategies import YEAR, Cells, amount, position_of

LATER = "2027-28"


def actuals(code: str, last: int) -> list[Cells]:
    return [
        amount(code, "position", -1, basis="actual", month=str(month))
        for month in range(1, last + 1)
    ]


def recorded(*rows: Cells, effects: list[Cells] | None = None, **cells: str) -> Workings:
    """A scheme of T1 of 12 a year from October; T1 has told four months and T2 seven."""
    scheme = {
        "id": "A",
        "organisation": "T1",
        "title": "Beds",
        "recurrence": "recurrent",
        "maturity": "in_progress",
        "full_year_effect": "12",
        "start": "2026-10-01",
        **cells,
    }
    told = [*actuals("T1", 4), *actuals("T2", 7), *rows]
    return Workings(position_of(book(*told, tree=TREE, schemes=[scheme], effects=effects or [])))


def month_of(workings: Workings) -> int:
    (row,) = workings.position.book.schemes
    return workings.recorded.month_of(row, YEAR)


def test_a_scheme_is_recorded_as_far_as_any_body_on_which_it_falls() -> None:
    assert month_of(recorded()) == 4
    shared = [
        {"scheme": "A", "organisation": "T1", "share": "0.5"},
        {"scheme": "A", "organisation": "T2", "share": "0.5"},
    ]
    assert month_of(recorded(effects=shared)) == 7
    alone = [{"scheme": "A", "organisation": "T2", "share": "1"}]
    assert month_of(recorded(effects=alone)) == 7
    away = [{"scheme": "A", "organisation": "T1", "share": "1"}]
    assert month_of(recorded(effects=away, organisation="T2")) == 7  # its own body's too


def saves(basis: str, pounds: int, year: str = YEAR, **more: str) -> Cells:
    cells = {"scheme": "A", "recurrence": "recurrent", "month": "3", "year": year, **more}
    return amount("T1", "pay", pounds, basis=basis, **cells)


@pytest.mark.parametrize(
    ("rows", "delivered"),
    [
        ([], False),
        ([saves("actual", 1)], True),
        ([saves("actual", 0)], False),
        ([{**saves("actual", 0), "amount": "0.01"}], True),  # a penny
        ([saves("actual", -1)], False),
        ([saves("actual", 0), saves("actual", 1, month="4")], True),
        ([saves("plan", 1)], False),
        ([saves("actual", 1, scenario="low")], False),
        ([saves("actual", 1, "2025-26")], True),
        ([saves("actual", 1, LATER)], False),
    ],
)
def test_a_saving_above_nil_that_is_recorded_by_then_was_delivered(
    rows: list[Cells], delivered: bool
) -> None:
    workings = recorded(*rows)
    (row,) = workings.position.book.schemes
    assert workings.recorded.has_delivered(row, YEAR) is delivered


@pytest.mark.parametrize(
    ("start", "this", "later"),
    [
        ("2026-10-01", 600, 1_200),
        ("2026-04-01", 800, 1_200),
        ("2027-10-01", 0, 600),
        ("", None, None),
    ],
)
def test_what_was_to_come_lies_in_the_months_after_those_recorded(
    start: str, this: int | None, later: int | None
) -> None:
    """Of a scheme from April four months are past: eight of twelve lie ahead."""
    workings = recorded(start=start)
    (row,) = workings.position.book.schemes
    ahead: Recorded = workings.recorded
    assert ahead.planned(row, YEAR, "plan") == this
    assert ahead.planned(row, LATER, "plan") == later
