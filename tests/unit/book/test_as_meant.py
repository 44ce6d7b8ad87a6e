"""Amounts as they are meant, row by row: who is turned about, what is taken apart, and what is left."""

from __future__ import annotations

from datetime import date

import pytest

from controltotal.book.adoption import book_parameters
from controltotal.book.as_meant import _single, as_meant, is_turned, runs
from controltotal.book.record import Record
from controltotal.book.records import Amount, OwnParameter, Source
from controltotal.book.settings import Settings
from controltotal.core.parameters import Parameter, Parameters

RUNNING = Settings({"months": "cumulative"})


def amount(number: int, pence: int, month: str | None = "1", **more: str) -> Amount:
    cells = {"organisation": "T1", "line": "position", "year": "2026-27", "basis": "actual"}
    return Amount(number, number, {}, None, "", month=month, amount=pence, **{**cells, **more})  # type: ignore[arg-type]


def source(name: str, months: str | None, /, **texts: str) -> Source:
    return Source(9, 9, {"id": name, **texts}, None, "", id=name, months=months)


def read(*rows: Record, settings: Settings = RUNNING, stopped: tuple[Record, ...] = ()):
    """The amounts kept as (row, month, pence), the rows lost, and what is told."""
    by_table: dict[str, list[Record]] = {}
    for row in rows:
        by_table.setdefault(row.table, []).append(row)
    meant = as_meant(by_table, stopped, settings)
    kept = [(r.number, r.month, r.amount) for r in meant.amounts]
    return kept, [row.number for row in meant.stopped], meant.findings


# -- which way -------------------------------------------------------------------------------------

COSTS = {"plain": False, "costs_negative": True, "ledger": False}
INCOMES = {"plain": False, "costs_negative": False, "ledger": True}


@pytest.mark.parametrize("signs", COSTS)
def test_without_a_side_costs_turn_in_one_way_and_all_else_in_another(signs: str) -> None:
    def turned(line: str, kind: str, scheme: bool = False) -> bool:
        return is_turned(line, None, signs, kind, of_scheme=scheme)

    assert turned("pay", "cost") is COSTS[signs]
    assert turned("other_income", "income") is INCOMES[signs]
    assert turned("position", "position") is INCOMES[signs]
    assert not turned("cash", "balance") and not turned("savings_unidentified", "saving")
    assert not turned("pay", "cost", scheme=True)


@pytest.mark.parametrize(
    ("line", "kind", "scheme", "credit"),
    [
        ("pay", "cost", False, True),  # a credit lessens a cost
        ("other_income", "income", False, False),  # and is an income
        ("cash", "balance", False, True),  # owed at the bank
        ("savings_unidentified", "cost", False, False),
        ("pay", "cost", True, False),  # of a scheme it is a saving
        ("cash", "balance", True, False),
    ],
)
def test_a_side_turns_a_sum_whatever_the_signs_of_the_book(
    line: str, kind: str, scheme: bool, credit: bool
) -> None:
    for signs in COSTS:
        assert is_turned(line, "credit", signs, kind, of_scheme=scheme) is credit
        assert is_turned(line, "debit", signs, kind, of_scheme=scheme) is not credit


# -- running sums ----------------------------------------------------------------------------------


def test_months_and_quarters_run_and_longer_periods_do_not() -> None:
    periods = ("1", "12", "Q1", "H1", "YTD9", None)
    assert [runs(one) for one in periods] == [True, True, True, False, False, False]


def test_each_month_is_what_was_added_since_the_one_before() -> None:
    kept, lost, findings = read(amount(2, 600), amount(3, 1_500, "2"), amount(4, 1_400, "3"))
    assert kept == [(2, "1", 600), (3, "2", 900), (4, "3", -100)]
    assert lost == []
    (told,) = findings
    assert (told.code, told.organisation, told.where) == (
        "MONTHS_DIFFERENCED",
        "T1",
        "amounts row 2, row 3, row 4",
    )
    assert told.message.startswith("3 amounts of months run from April")
    assert "stand for the months so far" not in told.message
    assert [(place.row, place.column) for place in told.at] == [
        (2, "amount"),
        (3, "amount"),
        (4, "amount"),
    ]


def test_quarters_run_among_themselves_and_without_the_one_before_they_stand_for_all() -> None:
    kept, _, (told,) = read(
        amount(2, 600, "Q1"), amount(3, 1_500, "Q2"), amount(4, 9_000, "Q4"), amount(5, 50, "2")
    )
    assert kept == [(2, "Q1", 600), (3, "Q2", 900), (4, "YTD12", 9_000), (5, "YTD2", 50)]
    assert "4 amounts" in told.message
    assert "2 without the month before stand for the months so far" in told.message


def test_series_that_differ_in_any_label_are_taken_apart_each_by_itself() -> None:
    for label, value in (
        ("organisation", "T2"),
        ("line", "pay"),
        ("year", "2025-26"),
        ("basis", "plan"),
        ("scenario", "high"),
        ("recurrence", "recurrent"),
        ("counterparty", "C"),
        ("scheme", "A"),
    ):
        kept, *_ = read(amount(2, 600), amount(3, 1_500, "2", **{label: value}))
        assert kept == [(2, "1", 600), (3, "YTD2", 1_500)]


@pytest.mark.parametrize("first", ["over", "up_to", None])
@pytest.mark.parametrize("second", ["over", "up_to", "around", None])
def test_of_a_sum_that_is_only_a_bound_nobody_knows_the_months_part(
    first: str | None, second: str | None
) -> None:
    rows = [amount(2, 600, qualifier=first), amount(3, 1_500, "2", qualifier=second)]  # type: ignore[arg-type]
    found = [(row.month, row.amount) for row in _single(rows)]
    bound = first in ("over", "up_to") or second in ("over", "up_to")
    assert found == [("1", 600), ("YTD2", 1_500) if bound else ("2", 900)]


def test_halves_years_and_balances_stay_as_they_are() -> None:
    kept, _, findings = read(
        amount(2, 600, "H1"), amount(3, 700, None), amount(4, 8, "2", line="cash")
    )
    assert kept == [(2, "H1", 600), (3, None, 700), (4, "2", 8)]
    assert findings == []
    single, _, told = read(amount(2, 600), amount(3, 1_500, "2"), settings=Settings())
    assert single == [(2, "1", 600), (3, "2", 1_500)] and told == []


def test_a_source_says_for_its_own_rows_how_their_months_stand() -> None:
    rows = (
        source("R", "cumulative"),
        source("S", "single"),
        source("N", None),
        amount(2, 600, source="R"),
        amount(3, 1_500, "2", source="R"),
        amount(4, 100, line="pay", source="S"),
        amount(5, 300, "2", line="pay", source="S"),
        amount(6, 10, line="drugs", source="N"),
        amount(7, 30, "2", line="drugs"),
    )
    kept, *_ = read(*rows, settings=Settings())
    assert kept == [
        (2, "1", 600),
        (3, "2", 900),
        (4, "1", 100),
        (5, "2", 300),
        (6, "1", 10),
        (7, "2", 30),
    ]
    running, *_ = read(*rows)
    assert running[2:] == [(4, "1", 100), (5, "2", 300), (6, "1", 10), (7, "2", 20)]


def test_rows_of_a_source_whose_word_nobody_understood_are_not_used() -> None:
    odd = source("R", None, months="cumulativ")
    plain = source("S", None)
    rows = (amount(2, 600, source="R"), amount(3, 5, None, source="R"), amount(4, 9, source="S"))
    kept, lost, _ = read(*rows, settings=Settings(), stopped=(odd, plain, amount(8, 1)))
    assert (kept, lost) == ([(3, None, 5), (4, "1", 9)], [2])


def test_of_two_years_to_date_that_differ_neither_is_used_and_the_same_once() -> None:
    """Month 3 without month 2 is April to June together, which the book also writes itself."""
    for written, kept_rows, lost_rows in (
        (1_800, [(2, "1", 600), (4, "YTD3", 1_800)], []),
        (1_700, [(2, "1", 600)], [4, 3]),
    ):
        kept, lost, _ = read(amount(2, 600), amount(3, 1_800, "3"), amount(4, written, "YTD3"))
        assert (kept, lost) == (kept_rows, lost_rows)


def test_the_rows_of_a_book_stand_in_its_order_and_what_is_told_names_all_bodies() -> None:
    rows = (
        amount(2, 600, organisation="T2"),
        amount(3, 5, None),
        amount(4, 700),
    )
    kept, _, (told,) = read(*rows)
    assert [number for number, *_ in kept] == [2, 3, 4]
    assert (told.organisation, told.organisations) == ("", ("T1", "T2"))


# -- a book's own parameters -----------------------------------------------------------------------

APRIL = date(2026, 4, 1)
SHIPPED = Parameter("cap", "0.5", "share", APRIL, None, "national", "a paper", "K")


def own(**cells: object) -> OwnParameter:
    given = {"name": "cap", "value": "0.5", "from_": APRIL, "authority": "our board"}
    return OwnParameter(2, 2, {}, None, "", **{**given, **cells})  # type: ignore[arg-type]


def laid_over(row: OwnParameter) -> Parameter:
    """What holds in April once the row is laid over the packaged value."""
    return book_parameters(Parameters({"cap": (SHIPPED,)}), [row]).on("cap", APRIL)


def test_a_row_that_repeats_a_packaged_value_and_names_who_adopted_it_verifies_it() -> None:
    found = laid_over(own(adopted_by="Director", adopted_on=date(2026, 5, 1)))
    assert (found.authority, found.source, found.mark, found.unit) == (
        "national",
        "a paper",
        "K",
        "share",
    )
    assert (found.adopted_by, found.adopted_on, found.verified) == (
        "Director",
        date(2026, 5, 1),
        True,
    )


@pytest.mark.parametrize(
    ("cells", "unit"),
    [
        ({}, "share"),  # nobody adopted it
        ({"value": "0.6", "adopted_by": "Director"}, ""),  # another value
    ],
)
def test_any_other_row_is_a_local_value_with_its_own_authority(
    cells: dict[str, str], unit: str
) -> None:
    found = laid_over(own(**cells))
    assert (found.value, found.authority, found.unit) == (
        cells.get("value", "0.5"),
        "our board",
        unit,
    )
    assert (found.source, found.mark) == ("this book", "K")
    marked = laid_over(own(**cells, source="our paper", mark="R"))
    assert (marked.source, marked.mark) == ("our paper", "R")
    assert found.adopted_by == cells.get("adopted_by", "")
