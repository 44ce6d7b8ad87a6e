"""A body's own rows added up over months: what may come in some of them only, and what may not."""

from __future__ import annotations

from pathlib import Path

import pytest

from controltotal.book.fold import fold
from controltotal.workings.gaps import underlying
from controltotal.workings.series import monthly_income, monthly_surplus
from controltotal.workings.totals import Totals
from controltotal.workings.value import Value
from controltotal.workings.workings import Workings
from tests.column_told import AS_COLUMNS, BY_CELLS, book_read
from tests.small_books import ALONE, book
from tests.strategies import YEAR, Cells, amount, position_of


def months(
    line: str, pounds: int, basis: str, of: range = range(1, 13), **more: str
) -> list[Cells]:
    return [amount("T1", line, pounds, basis=basis, month=str(m), **more) for m in of]


def surplus(*rows: Cells, basis: str) -> Value:
    return Workings(position_of(book(*rows))).totals.own_surplus("T1", YEAR, basis)


def split(basis: str) -> list[Cells]:
    """10 earned and 8 paid a month, and 5 more paid in June that do not come again."""
    return [
        *months("other_income", 10, basis, recurrence="recurrent"),
        *months("pay", 8, basis, recurrence="recurrent"),
        *months("pay", 5, basis, range(3, 4), recurrence="non_recurrent"),
    ]


def test_in_an_actual_a_part_of_a_line_may_come_in_one_month() -> None:
    assert surplus(*split("actual"), basis="actual").pence == (120 - 96 - 5) * 100


def test_in_a_plan_each_part_of_a_line_covers_the_year() -> None:
    found = surplus(*split("plan"), basis="plan")
    assert (found.pence, found.kind) == (None, "months_missing")
    assert found.rule.startswith("cannot be told: pay covers 1 of 12 months: months 1 (April) to 2")


def test_a_line_with_a_gap_in_its_months_is_told_by_neither() -> None:
    rows = [*months("other_income", 10, "actual"), *months("pay", 8, "actual", range(1, 12))]
    assert surplus(*rows, basis="actual").kind == "months_missing"
    assert surplus(*rows[:-1], basis="actual").kind == "months_missing"


def test_a_year_to_date_ends_where_its_lines_do() -> None:
    rows = [
        *months("other_income", 10, "actual", range(1, 6)),
        *months("pay", 8, "actual", range(1, 6)),
    ]
    found = surplus(*rows, basis="actual")
    assert (found.pence, found.months) == (1_000, frozenset(range(1, 6)))
    assert found.rule == "income less cost, year to date"


def test_what_stands_outside_comes_when_it_comes() -> None:
    rows = [*months("other_income", 10, "actual"), *months("pay", 8, "actual")]
    once = months("impairments", 7, "actual", range(12, 13))
    assert surplus(*rows, *once, basis="actual").pence == (24 - 7) * 100
    astride = amount("T1", "impairments", 7, basis="actual", month="Q3")
    part = [row for row in rows if int(row["month"]) < 8]
    assert surplus(*part, astride, basis="actual").kind == "months_missing"


def read(folder: Path, rows: list[Cells], size: int) -> Totals:
    """The totals of a folder of tables, of which files of so many bytes are columns."""
    columns = sorted({name for row in rows for name in row})
    lines = [",".join(columns)] + [",".join(row.get(c, "") for c in columns) for row in rows]
    (folder / "amounts.csv").write_text("\n".join(lines) + "\n", "utf-8")
    (folder / "organisations.csv").write_text(
        "code,name,kind\n" + "".join(f"{o['code']},{o['name']},{o['kind']}\n" for o in ALONE),
        "utf-8",
    )
    (folder / "book.csv").write_text("key,value\ndefault_unit,£\nfictional,yes\n", "utf-8")
    return Workings(fold(book_read(folder, size))).totals


@pytest.mark.parametrize("last", [5, 12])
@pytest.mark.parametrize("basis", ["plan", "actual"])
def test_a_table_of_columns_says_what_its_cells_say(basis: str, last: int, tmp_path: Path) -> None:
    """10 earned, 6 paid and 2 lost outside a month; 1 of the pay does not come again."""
    of = range(1, last + 1)
    rows = [
        *months("other_income", 10, basis, of, recurrence="recurrent"),
        *months("pay", 5, basis, of, recurrence="recurrent"),
        *months("pay", 1, basis, of, recurrence="non_recurrent"),
        *months("impairments", 2, basis, of, recurrence="non_recurrent"),
    ]
    asked = "T1", YEAR, basis
    whole = last == 12 or basis == "actual"
    for size in (AS_COLUMNS, BY_CELLS):
        totals = read(tmp_path, rows, size)
        assert (totals.amounts.cube is not None) is (size == AS_COLUMNS)
        found = totals.own_surplus(*asked)
        assert found.pence == (200 * last if whole else None)
        assert totals.adjusted(*asked).pence == (400 * last if whole else None)
        once = underlying(totals, *asked)
        assert once.pence == (500 * last if last == 12 else None)
        pay = totals.line_total(*asked, "", "pay")
        assert pay.pence == (600 * last if whole else None)
        if whole:
            assert found.months == frozenset(of)
            assert found.rule.endswith("year to date") is (last < 12)
            assert len(found.entries) == 4 * last


def test_months_and_income_of_a_table_of_columns_are_those_of_its_cells(tmp_path: Path) -> None:
    of = range(1, 6)
    rows = [
        *months("other_income", 10, "actual", of, recurrence="recurrent"),
        *months("pay", 5, "actual", of, recurrence="recurrent"),
        *months("pay", 1, "actual", of, recurrence="non_recurrent"),
        *months("support_income", 9, "actual", of, recurrence="recurrent"),
        *months("impairments", 2, "actual", of, recurrence="recurrent"),
    ]
    for size in (AS_COLUMNS, BY_CELLS):
        totals = read(tmp_path, rows, size)
        asked = totals, "T1", YEAR, "actual"
        assert monthly_surplus(*asked) == dict.fromkeys(of, 400)
        assert monthly_surplus(*asked, once=True) == dict.fromkeys(of, -100)
        assert monthly_surplus(*asked, once=False) == dict.fromkeys(of, 500)
        assert monthly_income(*asked) == dict.fromkeys(of, 1_000)
        costs = read(tmp_path, rows[5:], size)
        assert monthly_income(costs, "T1", YEAR, "actual") == {}, "no income told is no nil"
        alone = read(tmp_path, rows[5:10], size)
        assert monthly_surplus(alone, "T1", YEAR, "actual") == {}
