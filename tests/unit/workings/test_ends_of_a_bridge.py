"""What schemes save at one end of a bridge, by body, scheme and group of lines."""

from __future__ import annotations

from controltotal.workings.bridges import End
from controltotal.workings.workings import Workings
from tests.small_books import TREE, book
from tests.strategies import YEAR, Cells, amount, position_of


def saved(
    *rows: Cells, basis: str = "plan", year: str = YEAR
) -> dict[str, dict[str, dict[str, int]]]:
    scheme = {
        "id": "A",
        "organisation": "T1",
        "title": "Beds",
        "recurrence": "recurrent",
        "maturity": "in_progress",
        "full_year_effect": "12",
    }
    totals = Workings(position_of(book(*rows, schemes=[scheme], tree=TREE))).totals
    found = End(totals, year, basis).savings
    return {code: {name: dict(one) for name, one in by.items()} for code, by in found.items()}


def of(code: str, line: str, pounds: int, **more: str) -> Cells:
    return amount(code, line, pounds, **{"scheme": "A", "recurrence": "recurrent", **more})


def test_rows_of_each_recurrence_are_a_series_of_their_own() -> None:
    months = [of("T1", "pay", 1, month=str(m), recurrence="non_recurrent") for m in range(1, 4)]
    assert saved(of("T1", "pay", 12), *months) == {"T1": {"A": {"pay": 1_500}}}


def test_parts_of_a_group_are_that_group_and_bodies_stand_apart() -> None:
    rows = (
        of("T1", "agency_pay", 2),
        of("T1", "bank_pay", 3),
        of("T1", "drugs", 4),
        of("T2", "drugs", 5),
    )
    found = saved(*rows)
    assert found["T1"]["A"]["drugs"] == 400 and found["T2"] == {"A": {"drugs": 500}}
    assert sum(found["T1"]["A"].values()) == 900


def test_other_years_bases_and_scenarios_are_left_out() -> None:
    rows = (
        of("T1", "pay", 1, year="2027-28"),
        of("T1", "pay", 2, basis="forecast"),
        of("T1", "pay", 3, scenario="best"),
    )
    assert saved(*rows) == {}
    assert saved(*rows, basis="forecast") == {"T1": {"A": {"pay": 200}}}
    assert saved(*rows, year="2027-28") == {"T1": {"A": {"pay": 100}}}


def test_a_half_year_has_the_months_of_that_half() -> None:
    rows = [of("T1", "pay", 1, month=str(month)) for month in range(1, 10)]
    assert saved(*rows, year=f"{YEAR}-H1") == {"T1": {"A": {"pay": 600}}}
