"""As at when a book is read: an entry, a day, a month; and what was not yet there, row by row."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from controltotal.book.moments import (
    UpTo,
    as_at_month,
    is_later,
    known_by,
    month_typed,
    read_moment,
    read_upto,
)
from controltotal.book.record import Record
from controltotal.book.records import Amount, Fact, Gate, Scheme, Source
from controltotal.core.errors import BookError

YEAR, BEFORE, AFTER = "2026-27", "2025-26", "2027-28"
DAY = date(2026, 10, 1)
EARLY, LATE = date(2026, 9, 30), date(2026, 10, 2)


def amount(number: int = 2, known: date | None = None, **more: Any) -> Amount:
    cells = {"organisation": "T1", "line": "pay", "year": YEAR, "basis": "actual", "amount": 5}
    texts = {"source": more["source"]} if more.get("source") else {}
    return Amount(number, number, texts, known, "", **{**cells, **more})


def fact(basis: str | None, month: str | None, known: date | None = None) -> Fact:
    return Fact(
        3, 3, {}, known, "", organisation="T1", fact="beds", year=YEAR, basis=basis, month=month
    )


# -- what is asked ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        (None, None),
        (7, 7),
        (DAY, DAY),
        ("7", 7),
        ("1899", 1899),
        ("1900", date(1900, 12, 31)),  # a year, and not an entry
        ("2026", date(2026, 12, 31)),
        ("2100", 2100),
        ("123456789", 123_456_789),
        ("2026-05", date(2026, 5, 31)),
        ("1 May 2026", date(2026, 5, 1)),
    ],
)
def test_a_moment_is_an_entry_or_a_day(text: Any, moment: int | date | None) -> None:
    assert read_moment(text) == moment


def test_what_is_no_moment_or_no_month_is_refused() -> None:
    with pytest.raises(BookError, match="neither an entry nor a date: soon"):
        read_moment("soon")
    with pytest.raises(BookError, match="--month reads 'soon'"):
        month_typed("soon")
    for text in ("Q1", "H1", "YTD9", ""):
        with pytest.raises(BookError, match="--month reads"):
            month_typed(text)
    assert (month_typed("7"), month_typed("Jan-27")) == ((7, ""), (10, YEAR))


ACTUALS = [amount(year=BEFORE), amount(), amount(year=AFTER, basis="plan")]


@pytest.mark.parametrize(
    ("asked", "default", "others", "year"),
    [
        (("Jul-25", None), YEAR, (), BEFORE),  # its own year
        (("Jul-25", BEFORE), YEAR, (), BEFORE),
        (("7", AFTER), YEAR, (), AFTER),  # the year asked for
        (("7", None), BEFORE, (), BEFORE),  # the book's own
        (("7", None), "last year", (), YEAR),  # the latest that has actuals
        (("7", None), "", (), YEAR),
        (("7", None), "", (AFTER, ""), AFTER),
    ],
)
def test_a_month_is_of_the_year_that_it_or_the_question_or_the_book_names(
    asked: tuple[str, str | None], default: str, others: tuple[str, ...], year: str
) -> None:
    upto = read_upto(asked, default, ACTUALS, others)
    assert upto.year == year and upto.month == month_typed(asked[0])[0]


def test_a_month_of_another_year_than_asked_for_or_of_none_is_refused() -> None:
    with pytest.raises(BookError, match="not in the year asked for"):
        read_upto(("Jul-25", YEAR), "", ACTUALS)
    with pytest.raises(BookError, match="no actuals to read to October"):
        read_upto(("7", None), "", [amount(basis="plan")])


# -- a month ---------------------------------------------------------------------------------------

SEPTEMBER = UpTo(YEAR, 6)


def test_a_month_is_reported_in_the_one_after_it() -> None:
    assert (SEPTEMBER.reported_by, SEPTEMBER.label) == (date(2026, 10, 31), "M6")
    assert UpTo(YEAR, 9).reported_by == date(2027, 1, 31)
    assert UpTo(YEAR, 12).reported_by == date(2027, 4, 30)


@pytest.mark.parametrize(
    ("basis", "year", "month", "known", "later"),
    [
        ("actual", YEAR, "6", None, False),
        ("actual", YEAR, "7", None, True),
        ("actual", YEAR, "Q2", None, False),
        ("actual", YEAR, "Q3", None, True),
        ("actual", YEAR, "YTD6", None, False),
        ("actual", YEAR, None, None, True),  # the whole year
        ("actual", BEFORE, None, None, False),
        ("actual", AFTER, "1", None, True),
        ("actual", None, "7", None, False),
        ("forecast", YEAR, None, date(2026, 10, 31), False),
        ("forecast", YEAR, None, date(2026, 11, 1), True),
        ("forecast", YEAR, None, None, False),
        ("forecast", BEFORE, None, date(2026, 11, 1), True),
        ("plan", YEAR, "12", date(2026, 11, 1), False),
        ("", YEAR, "12", date(2026, 11, 1), False),
    ],
)
def test_actuals_of_later_months_and_forecasts_made_later_are_later(
    basis: str, year: str | None, month: str | None, known: date | None, later: bool
) -> None:
    assert is_later(basis, year, month, known, SEPTEMBER) is later


def test_rows_that_were_there_when_a_month_was_reported() -> None:
    rows: list[Record] = [
        amount(2, month="6"),
        amount(3, month="7"),
        amount(4, basis="forecast", known=date(2026, 11, 1)),
        amount(5, basis="forecast"),
        fact("actual", "7"),
        fact(None, "7"),
        Source(8, 8, {}, date(2030, 1, 1), "", id="S"),
    ]
    assert [row.number for row in as_at_month(rows, SEPTEMBER, {})] == [2, 5, 3, 8]


# -- a day -----------------------------------------------------------------------------------------


def source(name: str, known: date | None, **more: Any) -> Source:
    texts = {"id": name, "title": "A paper", "quote": "Said.", "note": "x"}
    return Source(7, 7, texts, known, "", id=name, title="A paper", quote="Said.", **more)


def test_rows_known_by_a_day_and_those_without_one_are_there() -> None:
    rows = [amount(2, EARLY), amount(3, DAY), amount(4, LATE), amount(5)]
    assert [row.number for row in known_by(rows, DAY)] == [2, 3, 5]


def test_a_source_of_a_later_day_stays_without_its_quotation_where_a_row_rests_on_it() -> None:
    resting = amount(2, EARLY, source="S")
    (row, kept) = known_by([resting, source("S", LATE)], DAY)
    assert row is resting and isinstance(kept, Source)
    assert (kept.id, kept.quote, kept.texts) == ("S", None, {"id": "S", "title": "A paper"})
    early = source("S", EARLY)
    assert known_by([resting, early], DAY) == [resting, early]
    assert known_by([amount(2, LATE, source="S"), source("S", LATE)], DAY) == []
    assert known_by([source("S", LATE)], DAY) == []
    (again,) = known_by([source("S", LATE)], DAY, ["S"])
    assert isinstance(again, Source) and again.quote is None
    both = known_by([resting, early, source("S", LATE)], DAY)
    assert both == [resting, early]  # it was published before under the same id


def test_a_row_of_a_scheme_is_known_no_sooner_than_the_scheme() -> None:
    gate = Gate(5, 5, {}, EARLY, "", scheme="A", gate="G1")
    for known, there in ((LATE, [gate.number]), (EARLY, [])):
        scheme = Scheme(4, 4, {}, known, "", id="A")
        numbers = [row.number for row in known_by([gate, scheme], DAY)]
        assert (5 in numbers) is (there == [])
        assert (4 in numbers) is (known == EARLY)
    old, new = Scheme(3, 3, {}, EARLY, "", id="A"), Scheme(4, 4, {}, LATE, "", id="A")
    assert [row.number for row in known_by([gate, old, new], DAY)] == [5, 3]
    assert [row.number for row in known_by([gate], DAY)] == [5]  # a scheme that nobody lists
    money = amount(6, EARLY, scheme="A")
    numbers = [row.number for row in known_by([money, Scheme(4, 4, {}, LATE, "", id="A")], DAY)]
    assert numbers == [6]  # an amount need not be of a scheme
