"""Screens let through every statement and series in which a fault may be, and hold the others back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np
import numpy.typing as npt
import pytest

from controltotal.book.doubt.screen import Screen
from controltotal.book.doubt.screen_lines import Surpluses, may_have_totals
from controltotal.book.grouped import Grouped
from controltotal.book.records import Amount
from controltotal.core.lines import Line, all_lines
from tests.amount_tables import row, table_of

NEAR, THOUSAND = 3.5, 1000
LINES: Mapping[str, Line] = all_lines(
    [
        Line("theatres", "Theatres", "cost", True, "cost", ""),
        Line("all_costs", "Total of costs", "cost", True, "", ""),
    ],
    {},
)


def screen(*rows: Amount) -> Screen:
    return Screen(table_of(*rows), LINES)


def months(
    body: str, sums: Iterable[int], line: str = "pay", first: int = 2, **labels: str
) -> list[Amount]:
    """A line of a body by month from April."""
    return [
        row(first + n, body, line, pounds, month=str(n + 1), **labels)
        for n, pounds in enumerate(sums)
    ]


def through(groups: Grouped, mask: npt.NDArray[np.bool_]) -> set[str]:
    """The bodies of the groups that a screen lets through."""
    assert len(mask) == len(groups.keys)
    return {groups.key(int(group))[0] for group in np.flatnonzero(mask)}


def test_a_line_below_nil_is_looked_at() -> None:
    about = screen(
        row(2, "T1", "pay", -5),
        row(3, "T2", "pay", 5),
        row(4, "T3", "pay", -5),
        row(5, "T3", "pay", 9, counterparty="C1"),  # the line as a whole is above nil
        row(6, "T4", "impairments", -5),  # either sign is lawful
        row(7, "T5", "pay", -5, scheme="X1"),  # a saving
    )
    assert through(about.statements, about.below_nil()) == {"T1"}


def test_series_are_told_apart_by_how_they_run() -> None:
    about = screen(
        *months("T1", [5, 6, 7]),
        row(20, "T2", "pay", 5),
        row(21, "T3", "pay", 5, month="Q1"),
        *months("T4", [5, 6], first=30),
        row(40, "T4", "pay", 11),
        row(41, "T5", "pay", 5, month="2"),
    )
    series = about.series
    assert through(series, about.plain) == {"T1", "T5"}
    assert through(series, about.one_year) == {"T2"}
    assert through(series, about.mixed) == {"T3", "T4"}
    assert through(series, about.from_april) == {"T1"}
    assert (
        dict(zip(map(series.key, range(5)), about.count.tolist(), strict=True))[
            ("T1", "pay", "2026-27", "plan", "", "", "", "")
        ]
        == 3
    )
    assert about.whole_year.sum() == 2


def test_months_nearer_to_the_running_sum_of_another_basis_are_looked_at() -> None:
    about = screen(
        *months("T1", [10, 20, 30], basis="actual"),
        *months("T1", [10, 10, 10], first=10),
        *months("T2", [10, 11, 10], first=20, basis="actual"),
        *months("T2", [10, 10, 10], first=30),
        *months("T3", [10, 20], first=40, basis="actual"),
        *months("T3", [10, 10], first=50),
    )
    assert through(about.series, about.running()) == {"T1"}


def test_a_steady_climb_is_looked_at() -> None:
    about = screen(
        *months("T1", [10, 20, 30, 40, 50]),
        *months("T2", [10, 10, 11, 10, 10], first=20),
        *months("T3", [-10, -20, -30], first=30),
        row(40, "T4", "pay", 5),
    )
    assert through(about.series, about.climbing()) == {"T1", "T3"}


def test_a_month_far_from_the_others_is_looked_at() -> None:
    about = screen(
        *months("T1", [10, 10_000, 10, 10]),
        *months("T2", [10, 2_000, 10, 10], first=20),
        *months("T3", [0, 0, 0], first=30),
    )
    assert through(about.series, about.uneven_months(NEAR, THOUSAND)) == {"T1"}


def test_a_year_far_from_the_others_is_looked_at() -> None:
    about = screen(
        row(2, "T1", "pay", 12_000),
        row(3, "T1", "pay", 12_000_000, year="2025-26"),
        row(4, "T2", "pay", 12_000),
        row(5, "T2", "pay", 24_000, year="2025-26"),
        *months("T3", [1_000, 1_000], first=10),
        row(20, "T3", "pay", 12_000, year="2025-26"),
    )
    assert through(about.series, about.uneven_years(NEAR, THOUSAND)) == {"T1"}
    assert sorted(about.by_statement(about.one_year).tolist())[:2] == [100_000, 100_000]


def test_more_than_half_of_income_left_is_looked_at() -> None:
    about = screen(
        row(2, "T1", "patient_care_income", 100),
        row(3, "T1", "pay", 40),
        row(4, "T2", "patient_care_income", 100),
        row(5, "T2", "pay", 60),
        row(6, "T3", "patient_care_income", 100),
        row(7, "T3", "position", 51),
        row(8, "T4", "pay", 60),
    )
    assert through(about.statements, about.beyond_income(("position",))) == {"T1", "T3"}


def test_statements_are_chosen_by_their_lines_bodies_and_months() -> None:
    about = screen(
        row(2, "T1", "pay", 100),
        row(3, "T1", "agency_pay", 10),
        row(4, "T2", "pay", 100, basis="actual"),
        row(5, "T3", "pay", 100, basis="actual", month="3"),
    )
    kept = about.statements
    assert through(kept, about.with_lines({"pay"}, {"agency_pay"})) == {"T1"}
    assert through(kept, about.of_bodies({"T2", "T9"})) == {"T2"}
    assert through(kept, about.without_month()) == {"T2"}
    assert about.of_kind("cost").sum() == 4
    assert about.of_kind("income").sum() == 0


def test_rows_of_a_line_split_in_part_are_looked_at() -> None:
    about = screen(
        row(2, "T1", "pay", 100),
        row(3, "T1", "pay", 60, counterparty="C1"),
        row(4, "T2", "pay", 60, counterparty="C1"),
        row(5, "T3", "pay", 60),
    )
    found = about.split(("counterparty", "recurrence"), ("organisation", "line"))
    assert found.tolist() == [0, 1]


# -- lines of the book's own ---------------------------------------------------------------------------


def own(*rows: Amount) -> set[str]:
    """The bodies whose statements may hold a total of the book's own."""
    about = screen(*rows)
    mask = may_have_totals(
        about, {"theatres", "all_costs"}, lambda name: name == "all_costs", lambda name: False
    )
    return through(about.statements, mask)


@pytest.mark.parametrize(
    ("pay", "theatres", "looked_at"),
    [
        (20, 30, {"T1"}),
        (20, 29, set()),
        (190, 100, {"T1"}),  # a cost that is the deficit of the others, as it counts
        (20, 70, set()),  # one that makes both ends meet is meant
        (20, -70, {"T1"}),
    ],
)
def test_a_line_that_is_the_sum_or_the_rest_of_the_others_is_looked_at(
    pay: int, theatres: int, looked_at: set[str]
) -> None:
    rows = [
        row(2, "T1", "patient_care_income", 100),
        row(3, "T1", "pay", pay),
        row(4, "T1", "drugs", 10),
        row(5, "T1", "theatres", theatres),
    ]
    assert own(*rows) == looked_at


def test_a_line_called_a_total_is_always_looked_at() -> None:
    assert own(row(2, "T1", "all_costs", 7), row(3, "T1", "pay", 90)) == {"T1"}


def test_lines_that_tell_other_months_are_looked_at() -> None:
    rows = [*months("T1", [1, 2, 3]), row(9, "T1", "theatres", 90, month="1")]
    assert own(*rows) == {"T1"}


def test_without_a_line_of_its_own_a_book_has_no_total() -> None:
    assert own(row(2, "T1", "pay", 7)) == set()


def test_what_a_statement_leaves_is_told_where_it_is_whole() -> None:
    left = Surpluses(
        screen(
            row(2, "T1", "patient_care_income", 100),
            row(3, "T1", "pay", 90),
            row(4, "T2", "pay", 90),
            *months("T3", [5, 5], first=10),
            row(20, "T3", "patient_care_income", 9),
            row(21, "T4", "patient_care_income", 9, month="Q1"),
            row(22, "T4", "pay", 9),
            row(23, "T5", "pay", 9, scheme="X1"),
        )
    )
    rest = ("2026-27", "plan", "")
    assert left.of(("T1", *rest)) == (True, 1_000)
    assert left.of(("T2", *rest)) == (True, None)  # no income
    assert left.of(("T3", *rest)) == (True, None)  # two months of twelve
    assert left.of(("T4", *rest)) == (False, None)  # a quarter: the rows have to tell
    assert left.of(("T5", *rest)) == (True, None)
    assert left.of(("T9", *rest)) == (True, None)
