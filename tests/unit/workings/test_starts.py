"""When a scheme can begin: its own start, what it waits for, and a ring of those that wait."""

from __future__ import annotations

from datetime import date

from controltotal.workings.workings import Workings
from tests.scheme_books import book, scheme
from tests.strategies import position_of


def earliest(*schemes: dict[str, str], **tables: list[dict[str, str]]) -> dict[str, date | None]:
    codes = [row["id"] for row in schemes]
    made = book(*codes, **{**tables, "schemes": list(schemes)})
    starts = Workings(position_of(made)).starts
    return {code: starts.earliest(code) for code in codes}


def test_a_scheme_begins_with_its_first_full_month() -> None:
    assert earliest(scheme())["T1"] == date(2026, 10, 1)
    assert earliest(scheme(start="2026-10-02"))["T1"] == date(2026, 11, 1)
    assert earliest(scheme(start=""))["T1"] is None


def test_a_scheme_waits_for_the_latest_of_those_it_requires() -> None:
    found = earliest(
        scheme("A", start="2026-06-01", requires="B; C"),
        scheme("B", start="2026-08-01"),
        scheme("C", start="2027-01-01"),
        scheme("D", start="2026-07-01", requires="A"),
    )
    assert found == {
        "A": date(2027, 1, 1),
        "B": date(2026, 8, 1),
        "C": date(2027, 1, 1),
        "D": date(2027, 1, 1),
    }


def test_one_that_starts_after_what_it_requires_keeps_its_start() -> None:
    found = earliest(scheme("A", start="2026-12-01", requires="B"), scheme("B", start="2026-08-01"))
    assert found["A"] == date(2026, 12, 1)


def test_a_ring_begins_together_with_its_latest() -> None:
    found = earliest(
        scheme("A", start="2026-06-01", requires="B"), scheme("B", start="2026-08-01", requires="A")
    )
    assert set(found.values()) == {date(2026, 8, 1)}


def test_a_scheme_late_by_what_it_waits_for_says_by_how_many_months() -> None:
    rows = (scheme("A", start="2026-06-01", requires="B"), scheme("B", start="2026-08-01"))
    workings = Workings(position_of(book("A", "B", schemes=list(rows))))
    late = {row.id: workings.starts.late(row) for row in workings.position.book.schemes}
    assert late == {"A": 2, "B": 0}


def test_rows_of_plan_and_actual_stand_side_by_side_in_a_folder() -> None:
    def rows(*bases: str) -> list[dict[str, str]]:
        own = {"organisation": "RX1", "scheme": "T1", "line": "pay", "year": "2026-27"}
        return [{**own, "basis": basis, "amount": "1", "unit": "£m"} for basis in bases]

    def told(*bases: str) -> tuple[bool, bool]:
        made = book()
        made["amounts"] = [*made["amounts"], *rows(*bases)]
        folder = Workings(position_of(made)).savings.folders["T1"]
        return folder.phased, folder.actuals

    assert told() == (False, False)
    assert told("plan") == (True, False)
    assert told("actual") == (False, True)
    assert told("plan", "actual") == (True, True)
