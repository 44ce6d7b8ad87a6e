"""How far bodies have told what their schemes saved, and so how late a scheme is."""

from __future__ import annotations

from datetime import date

from controltotal.workings.workings import Workings
from tests.small_books import TREE, book
from tests.strategies import Cells, amount, position_of


def saved(code: str, month: str, **more: str) -> Cells:
    cells = {"basis": "actual", "scheme": "A", "recurrence": "recurrent", **more}
    return amount(code, "pay", 1, month=month, **cells)


def told_to(*rows: Cells) -> dict[str, date]:
    scheme = {
        "id": "A",
        "organisation": "T1",
        "title": "Beds",
        "recurrence": "recurrent",
        "maturity": "in_progress",
        "full_year_effect": "12",
    }
    position = position_of(book(*rows, schemes=[scheme], tree=TREE))
    return dict(Workings(position).savings._told_to)


def test_a_body_is_told_to_the_last_day_of_its_last_month() -> None:
    assert told_to(saved("T1", "1"), saved("T1", "3"), saved("T1", "2")) == {
        "T1": date(2026, 6, 30)
    }
    assert told_to(saved("T1", "11")) == {"T1": date(2027, 2, 28)}
    assert told_to(saved("T1", "H1")) == {"T1": date(2026, 9, 30)}
    assert told_to(saved("T1", "")) == {"T1": date(2027, 3, 31)}
    assert told_to(saved("T1", "1"), saved("T2", "2")) == {
        "T1": date(2026, 4, 30),
        "T2": date(2026, 5, 31),
    }


def test_a_plan_or_another_scenario_tells_nothing_of_what_was_saved() -> None:
    assert told_to(saved("T1", "1", basis="plan"), saved("T1", "2", scenario="best")) == {}
