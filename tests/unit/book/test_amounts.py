"""Rows by the labels that figures ask for, and which figures a stopped row leaves in doubt, by hand."""

from __future__ import annotations

import sys
from dataclasses import replace

import pytest

from controltotal.book.amounts import Amounts
from controltotal.book.fold import Position
from tests.amount_tables import table_of
from tests.small_books import TREE, book
from tests.strategies import YEAR, Cells, amount, position_of

BEFORE = "2025-26"
SCHEME: Cells = {
    "id": "A",
    "organisation": "T1",
    "title": "A",
    "recurrence": "recurrent",
    "maturity": "opportunity",
    "full_year_effect": "5",
}


@pytest.fixture(autouse=True, params=["rows", "columns"])
def held(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every question here is asked of records and of the same records as columns."""
    monkeypatch.setattr(sys.modules[__name__], "HELD_AS", request.param)


HELD_AS = "rows"


def of_position(position: Position) -> Amounts:
    if HELD_AS == "columns":
        table = table_of(*position.book.amounts)
        position = replace(position, book=replace(position.book, amounts=table))
    return Amounts(position)


def amounts(*rows: Cells, **tables: list[Cells]) -> Amounts:
    return of_position(position_of(book(*rows, tree=TREE, **tables)))


# -- rows by label ---------------------------------------------------------------------------------


def test_rows_stand_in_the_series_of_their_labels() -> None:
    found = amounts(
        amount("T1", "pay", 1, month="1"),
        amount("T1", "pay", 2, month="2"),
        amount("T1", "pay", 3, recurrence="recurrent"),
        amount("T1", "pay", 4, counterparty="T2"),
        amount("T1", "drugs", 5),
        amount("T1", "pay", 6, basis="actual", month="1"),
        amount("T1", "pay", 7, scenario="high"),
        amount("T2", "pay", 8),
    )
    own = found.series("T1", YEAR, "plan", "")
    assert {series: [row.amount // 100 for row in rows] for series, rows in own.items()} == {
        ("pay", "", ""): [1, 2],
        ("pay", "recurrent", ""): [3],
        ("pay", "", "T2"): [4],
        ("drugs", "", ""): [5],
    }
    assert found.series("T1", f"{YEAR}-H1", "plan", "") == own
    assert found.series("T1", YEAR, "plan", "low") == {}
    assert list(found.lines("T1", YEAR, "plan", "")) == ["pay", "drugs"]
    assert list(found.lines("T1", YEAR, "forecast", "")) == []
    lines = found.line("T1", YEAR, "plan", "", "pay")
    assert [[row.amount // 100 for row in rows] for rows in lines] == [[1, 2], [3], [4]]
    assert found.line("T1", YEAR, "plan", "", "non_pay") == []
    assert found.trades("T1", YEAR, "plan", "") and found.trades("T1", f"{YEAR}-H1", "plan", "")
    if HELD_AS == "columns":  # there it is known who names another body
        assert not found.trades("T2", YEAR, "plan", "")
        assert not found.trades("T1", YEAR, "actual", "")


def test_rows_of_a_scheme_are_kept_apart_and_tell_no_basis() -> None:
    found = amounts(
        amount("T1", "pay", 1, scheme="A"),
        amount("T1", "pay", 2, scheme="A", month="2"),
        schemes=[SCHEME],
    )
    assert [row.amount // 100 for row in found.of_scheme["A"]] == [1, 2]
    assert found.series("T1", YEAR, "plan", "") == {}
    assert found.bases("T1", YEAR) == set()
    assert list(found.bodies()) == []


def test_a_body_has_the_bases_of_its_year_and_of_each_half_in_which_rows_fall() -> None:
    found = amounts(
        amount("T1", "pay", 1),
        amount("T1", "pay", 2, basis="actual", month="Q1"),
        amount("T1", "pay", 3, basis="forecast", scenario="high", month="7"),
        amount("T2", "pay", 4, year=BEFORE, basis="actual", month="YTD7"),
    )
    assert found.bases("T1", YEAR) == {("plan", ""), ("actual", ""), ("forecast", "high")}
    assert found.bases("T1", f"{YEAR}-H1") == {("actual", "")}
    assert found.bases("T1", f"{YEAR}-H2") == {("forecast", "high")}
    assert found.bases("T2", BEFORE) == {("actual", "")}
    assert found.bases("T2", f"{BEFORE}-H1") == set()  # seven months reach into the second half
    assert set(found.bodies()) == {("T1", YEAR), ("T2", BEFORE)}


@pytest.mark.parametrize(
    ("rows", "last"),
    [
        ([("pay", "1"), ("drugs", "3")], 3),
        ([("position", "Q2")], 6),
        ([("position", "YTD5")], 5),
        ([("position_with_support", "4"), ("pay", "2")], 4),
        ([("pay", None)], 12),
        ([("cash", "9"), ("pay", "2")], 2),  # a balance is not of its position
        ([("allocation", "9")], 9),
        ([], None),
    ],
)
def test_the_last_month_of_a_body_is_that_of_its_position(
    rows: list[tuple[str, str | None]], last: int | None
) -> None:
    cells = [
        amount("T1", line, 1, basis="actual", **({"month": month} if month else {}))
        for line, month in rows
    ]
    assert amounts(*cells).last_month("T1", YEAR) == last


@pytest.mark.parametrize(
    ("lines", "says"), [(["allocation"], False), (["allocation", "pay"], True), ([], False)]
)
def test_an_allocation_alone_says_nothing_of_a_position(lines: list[str], says: bool) -> None:
    found = amounts(*(amount("T1", line, 1) for line in lines))
    assert found.says_position("T1", YEAR, "plan", "") is says


# -- what is in doubt ------------------------------------------------------------------------------


def doubts(table: str, *rows: Cells) -> Amounts:
    return amounts(**{table: list(rows)}) if table != "amounts" else amounts(*rows)


@pytest.mark.parametrize(
    ("asked", "doubted"),
    [
        ({}, True),
        ({"year": YEAR}, True),
        ({"year": f"{YEAR}-H1"}, True),
        ({"year": BEFORE}, False),
        ({"basis": "plan"}, True),
        ({"basis": "actual"}, False),
        ({"scenario": ""}, True),
        ({"scenario": "high"}, False),
        ({"lines": {"pay"}}, True),
        ({"lines": {"drugs"}}, False),
        ({"year": YEAR, "basis": "plan", "scenario": "", "lines": {"pay", "drugs"}}, True),
        ({"year": YEAR, "basis": "actual", "lines": {"pay"}}, False),
    ],
)
def test_a_stopped_amount_is_in_doubt_for_figures_of_its_own_labels(
    asked: dict[str, object], doubted: bool
) -> None:
    found = doubts("amounts", {**amount("T1", "pay", 1), "amount": "a lot"})
    where = ("amounts row 2",) if doubted else ()
    assert found.in_doubt("amounts", "T1", **asked) == where  # type: ignore[arg-type]
    assert found.in_doubt("amounts", "T2", **asked) == ()  # type: ignore[arg-type]
    assert found.in_doubt("facts", "T1", **asked) == ()  # type: ignore[arg-type]
    assert found.bodies_in_doubt("amounts") == ["T1"]
    assert found.bodies_in_doubt("facts") == []


@pytest.mark.parametrize(
    ("cells", "asked"),
    [
        ({"year": "last year"}, {"year": BEFORE}),
        ({"basis": "guess"}, {"basis": "actual"}),
        ({"line": "pays"}, {"lines": {"drugs"}}),
    ],
)
def test_what_cannot_be_read_of_a_stopped_row_may_be_anything(
    cells: dict[str, str], asked: dict[str, object]
) -> None:
    found = doubts("amounts", {**amount("T1", "pay", 1), **cells})
    assert found.in_doubt("amounts", "T1", **asked) == ("amounts row 2",)  # type: ignore[arg-type]


def test_a_stopped_row_of_a_scheme_is_in_doubt_for_no_line_and_makes_no_basis() -> None:
    bad = {**amount("T1", "pay", 1, scheme="A"), "amount": "a lot"}
    found = amounts(bad, schemes=[SCHEME])
    assert found.in_doubt("amounts", "T1", lines={"pay"}) == ()
    assert found.in_doubt("amounts", "T1") == ("amounts row 2",)
    assert found.bases("T1", YEAR) == set()
    plain = doubts("amounts", {**amount("T1", "pay", 1), "amount": "a lot"})
    assert plain.bases("T1", YEAR) == {("plan", "")}


def transfer(**more: str) -> Cells:
    row = {
        "id": "X",
        "from": "T1",
        "to": "T2",
        "year": YEAR,
        "amount": "1",
        "kind": "neighbour_support",
        "mechanism": "resource_transfer",
        "status": "agreed",
    }
    return {**row, **more}


@pytest.mark.parametrize(
    ("year", "doubted"), [(BEFORE, False), (YEAR, True), ("2027-28", True), ("2027-28-H2", True)]
)
def test_support_in_doubt_is_so_for_both_ends_and_in_the_years_after(
    year: str, doubted: bool
) -> None:
    found = doubts("transfers", transfer(amount="a lot"))
    where = ("transfers row 2",) if doubted else ()
    for code in ("T1", "T2"):
        assert found.in_doubt("transfers", code, year) == where
    assert found.in_doubt("transfers", "S1", year) == ()


def test_a_stopped_repayment_is_in_doubt_for_both_ends_of_its_transfer() -> None:
    paid = {"transfer": "X", "year": YEAR, "basis": "actual", "amount": "a lot"}
    found = amounts(
        transfers=[transfer(repay_from="2027-28", repay_years="2")],
        repayments=[{**paid, "year": "2027-28"}, {**paid, "transfer": "nobody's"}],
    )
    for code in ("T1", "T2"):
        assert found.in_doubt("repayments", code) == ("repayments row 2",)
    assert found.in_doubt("repayments", "S1") == ()


def test_a_stopped_body_is_in_doubt_for_itself_else_for_the_one_above() -> None:
    bad = {"code": "T9", "name": "Ninth", "kind": "a shop", "parent": "S1"}
    found = of_position(position_of(book(tree=[*TREE, bad])))
    assert found.in_doubt("organisations", "T9") == ("organisations row 5",)
    assert found.in_doubt("organisations", "S1") == ()
    nameless = {"name": "Ninth", "kind": "provider", "parent": "S1"}
    found = of_position(position_of(book(tree=[*TREE, nameless])))
    assert found.in_doubt("organisations", "S1") == ("organisations row 5",)


def test_an_even_statement_is_told_at_once_where_amounts_are_columns() -> None:
    rows = [amount("T1", "pay", 5, month=str(month)) for month in (1, 2, 3)]
    once = [amount("T1", "drugs", 7, month=str(m), recurrence="non_recurrent") for m in (1, 2, 3)]
    found = amounts(*rows, *once, amount("T2", "pay", 5, month="2"))
    if HELD_AS == "rows":
        assert found.cube is None and found.even("T1", YEAR, "plan", "") is None
        return
    even = found.even("T1", YEAR, "plan", "")
    assert even is not None and set(even.lines) == {"pay", "drugs"} and even.last == 3
    alone = found.even("T1", YEAR, "plan", "", once=True)
    assert alone is not None and set(alone.lines) == {"drugs"}
    half = found.even("T1", f"{YEAR}-H1", "plan", "")
    assert half is not None and half.last == 3
    assert found.even("T2", YEAR, "plan", "") is None  # its first month is missing
    assert found.even("T1", YEAR, "actual", "") is None
