"""Years, months and dates as people and spreadsheets write them, one by one; and periods as types."""

from __future__ import annotations

from datetime import date

import pytest

from controltotal.core.calendar import (
    MONTH_NAMES,
    PERIODS,
    CalendarError,
    add_months,
    dated_month,
    day_before,
    day_words,
    days_between,
    first_full_month,
    month_name,
    month_of,
    month_start,
    month_words,
    next_year,
    parse_date,
    parse_month,
    parse_year,
    parse_year_id,
    year_end,
    year_label,
    year_of,
    year_start,
)
from controltotal.core.period import (
    Half,
    Month,
    Quarter,
    ToDate,
    Year,
    is_whole_year,
    part_of,
    period,
    within,
    year_in,
)


def expected(parse, text: str) -> str:
    """What a text that is refused should have been."""
    with pytest.raises(CalendarError) as refused:
        parse(text)
    assert refused.value.found == text
    return refused.value.expected


# -- years -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "year"),
    [
        ("2019/20", "2019-20"),
        ("2019-2020", "2019-20"),
        (" 2019 / 20 ", "2019-20"),
        ("fy 2019/20", "2019-20"),
        ("19/20", "2019-20"),
        ("69/70", "2069-70"),
        ("70/71", "1970-71"),
        ("99/00", "1999-00"),
        ("1999/2000", "1999-00"),
        ("2099/00", "2099-00"),
        ("1900/01", "1900-01"),
        ("2199/00", "2199-00"),
        ("2019\u201320", "2019-20"),
    ],
)
def test_a_year_in_each_way_of_writing(text: str, year: str) -> None:
    assert parse_year(text) == year


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("2019/21", "2019/20, two years that follow"),
        ("2019/19", "2019/20, two years that follow"),
        ("2019/2120", "2019/20, two years that follow"),
        ("1999/99", "1999/00, two years that follow"),
        ("1899/00", "a year between 1900 and 2199"),
        ("2200/01", "a year between 1900 and 2199"),
        ("2019", "a year such as 2019/20"),
        ("last year", "a year such as 2019/20"),
        ("FY20", "both years, 2019/20 or 2020/21: FY20 may be the one it ends or begins in"),
        ("FY2000", "both years, 1999/00 or 2000/01: FY2000 may be the one it ends or begins in"),
        ("01/04/2019", "a year such as 2019/20 (a spreadsheet may have turned it into a date)"),
        ("2019-04-01", "a year such as 2019/20 (a spreadsheet may have turned it into a date)"),
        (
            "2019-04-01 00:00",
            "a year such as 2019/20 (a spreadsheet may have turned it into a date)",
        ),
    ],
)
def test_what_is_no_year_says_what_was_expected(text: str, why: str) -> None:
    assert expected(parse_year, text) == why


def test_a_half_is_a_year_with_its_half() -> None:
    assert parse_year_id(" 2021/22-H1 ") == "2021-22-H1"
    assert parse_year_id("2021-22-H2") == "2021-22-H2"
    assert parse_year_id("21/22") == "2021-22"
    with pytest.raises(CalendarError):
        parse_year_id("2021-22-H3")
    assert (year_label("2019-20"), year_label("2021-22-H2")) == ("2019/20", "2021/22 H2")


def test_a_year_begins_in_april_and_ends_in_march_and_halves_meet_in_between() -> None:
    assert (year_start("2019-20"), year_end("2019-20")) == (date(2019, 4, 1), date(2020, 3, 31))
    assert (year_start("2019-20-H1"), year_end("2019-20-H1")) == (
        date(2019, 4, 1),
        date(2019, 9, 30),
    )
    assert (year_start("2019-20-H2"), year_end("2019-20-H2")) == (
        date(2019, 10, 1),
        date(2020, 3, 31),
    )
    assert [next_year("2098-99", n) for n in (0, 1, 2, -1)] == [
        "2098-99",
        "2099-00",
        "2100-01",
        "2097-98",
    ]
    assert next_year("2019-20-H2") == "2020-21"
    assert [year_of(date(2020, m, 1)) for m in (1, 3, 4, 12)] == [
        "2019-20",
        "2019-20",
        "2020-21",
        "2020-21",
    ]
    assert year_of(date(2099, 12, 31)) == "2099-00"


def test_months_count_from_april() -> None:
    for number, name in enumerate(MONTH_NAMES, start=1):
        first = month_start("2026-27", number)
        assert (month_of(first), year_of(first), first.day) == (number, "2026-27", 1)
        assert month_name(number) == name
    assert month_start("2026-27", 9) == date(2026, 12, 1)
    assert month_start("2026-27", 10) == date(2027, 1, 1)
    assert month_words(12) == "month 12 (March)"
    assert [day_words(f"2026-{m}-05") for m in ("01", "04", "12")] == [
        "5 January 2026",
        "5 April 2026",
        "5 December 2026",
    ]


def test_months_and_days_on_and_back() -> None:
    assert add_months(date(2026, 12, 31), 0) == date(2026, 12, 1)
    assert add_months(date(2026, 12, 31), 1) == date(2027, 1, 1)
    assert add_months(date(2026, 1, 15), -1) == date(2025, 12, 1)
    assert add_months(date(2026, 1, 15), 24) == date(2028, 1, 1)
    assert first_full_month(date(2026, 12, 1)) == date(2026, 12, 1)
    assert first_full_month(date(2026, 12, 2)) == date(2027, 1, 1)
    assert days_between(date(2026, 3, 30), date(2026, 4, 1)) == 2
    assert days_between(date(2026, 4, 1), date(2026, 3, 30)) == -2
    assert day_before(date(2026, 3, 1)) == date(2026, 2, 28)


# -- months ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "month", "year"),
    [
        ("", "", ""),
        ("Full year", "", ""),
        ("full-year", "", ""),
        ("YEAR", "", ""),
        ("7", "7", ""),
        ("07", "7", ""),
        ("7.0", "7", ""),
        ("M7", "7", ""),
        ("month 12", "12", ""),
        ("q1", "Q1", ""),
        ("Quarter 4", "Q4", ""),
        ("half-2", "H2", ""),
        ("H 1", "H1", ""),
        ("April", "1", ""),
        ("apr", "1", ""),
        ("Sept", "6", ""),
        ("Sep.", "6", ""),
        ("March", "12", ""),
        ("Apr-26", "1", "2026-27"),
        ("Mar-26", "12", "2025-26"),
        ("Dec 2026", "9", "2026-27"),
        ("Jan 2027", "10", "2026-27"),
        ("Jan-00", "10", "1999-00"),
        ("2027-02-01", "11", "2026-27"),
        ("01/04/2026", "1", "2026-27"),
        ("YTD9", "YTD9", ""),
        ("ytd 9", "YTD9", ""),
        ("M9 YTD", "YTD9", ""),
        ("YTD April", "1", ""),
        ("YTD1", "1", ""),
        ("YTD Dec-26", "YTD9", "2026-27"),
    ],
)
def test_a_month_in_each_way_of_writing(text: str, month: str, year: str) -> None:
    assert dated_month(text) == (month, year)
    assert parse_month(text) == month


PLAIN = "1 (April) to 12 (March), Q1 to Q4, H1, H2, YTD9 or nothing"
LEDGERS = (
    "the month by its name, or M{} where April is the first: ledgers count their periods in more "
    "ways than one"
)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("13", PLAIN),
        ("0", PLAIN),
        ("Q5", PLAIN),
        ("H3", PLAIN),
        ("Sextember", PLAIN),
        ("Septe", PLAIN),
        ("2026", PLAIN),  # four figures are a year, and no day
        ("7.5", PLAIN),
        ("P7", LEDGERS.format("7")),
        ("Period 07", LEDGERS.format("7")),
        ("PD-12", LEDGERS.format("12")),
        ("YTD", "the month that the year to date reaches, such as YTD9 for April to December"),
        ("YTD13", PLAIN),
        ("31/02/2026", PLAIN),
    ],
)
def test_what_is_no_month_says_what_was_expected(text: str, why: str) -> None:
    assert expected(dated_month, text) == why


# -- dates -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2019-06-05", date(2019, 6, 5)),
        ("2019-06", date(2019, 6, 30)),
        ("2020-02", date(2020, 2, 29)),
        ("2019", date(2019, 12, 31)),
        ("2019-06-05 10:20", date(2019, 6, 5)),
        ("2019-06-05T10:20:30.5", date(2019, 6, 5)),
        ("05/06/2019", date(2019, 6, 5)),
        ("5.6.2019", date(2019, 6, 5)),
        ("5-6-2019 00:00:00", date(2019, 6, 5)),
        ("5 Jun 2019", date(2019, 6, 5)),
        ("1st January 2019", date(2019, 1, 1)),
        ("22nd Dec 19", date(2019, 12, 22)),
        ("June 2019", date(2019, 6, 30)),
        ("Mar-19", date(2019, 3, 31)),
        ("Feb-70", date(1970, 2, 28)),
        ("9999-12-31", date(9999, 12, 31)),
        ("1900-01-01", date(1900, 1, 1)),
        ("2199-12-31", date(2199, 12, 31)),
    ],
)
def test_a_date_in_each_way_of_writing(text: str, day: date) -> None:
    assert parse_date(text) == day


ANY = "a date such as 2019-06-05, 05/06/2019 or 5 Jun 2019"
EXISTS = "a date that exists, such as 2019-06-05 or 05/06/2019"


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("2019-02-30", EXISTS),
        ("2019-13", EXISTS),
        ("2019-00-01", EXISTS),
        ("32/01/2019", EXISTS),
        ("29 Feb 2019", EXISTS),
        ("1899-12-31", "a date between 1900 and 2199"),
        ("2200-01-01", "a date between 1900 and 2199"),
        ("9998-01-01", "a date between 1900 and 2199"),
        ("05/06.2019", ANY),
        ("5 Juno 2019", ANY),
        ("tomorrow", ANY),
        (
            "43621",
            "a date: spreadsheets keep dates as numbers, and 43621 would be 2019-06-05",
        ),
        (
            "43621.5",
            "a date: spreadsheets keep dates as numbers, and 43621 would be 2019-06-05",
        ),
        (
            "05/06/19",
            "a date with four figures for the year, such as 2019-06-05 or 05/06/2019",
        ),
    ],
)
def test_what_is_no_date_says_what_was_expected(text: str, why: str) -> None:
    assert expected(parse_date, text) == why


# -- periods as types ------------------------------------------------------------------------------

YEAR = Year(2099)


@pytest.mark.parametrize(
    ("one", "name", "label", "months", "start", "end"),
    [
        (YEAR, "2099-00", "2099/00", PERIODS[""], date(2099, 4, 1), date(2100, 3, 31)),
        (
            Half(YEAR, 1),
            "2099-00-H1",
            "2099/00 H1",
            (1, 2, 3, 4, 5, 6),
            date(2099, 4, 1),
            date(2099, 9, 30),
        ),
        (
            Half(YEAR, 2),
            "2099-00-H2",
            "2099/00 H2",
            (7, 8, 9, 10, 11, 12),
            date(2099, 10, 1),
            date(2100, 3, 31),
        ),
        (
            Quarter(YEAR, 3),
            "2099-00-Q3",
            "2099/00 Q3",
            (7, 8, 9),
            date(2099, 10, 1),
            date(2099, 12, 31),
        ),
        (
            Month(YEAR, 11),
            "2099-00-11",
            "February 2100",
            (11,),
            date(2100, 2, 1),
            date(2100, 2, 28),
        ),
        (Month(YEAR, 12), "2099-00-12", "March 2100", (12,), date(2100, 3, 1), date(2100, 3, 31)),
        (
            ToDate(YEAR, 3),
            "2099-00-YTD3",
            "2099/00 to month 3 (June)",
            (1, 2, 3),
            date(2099, 4, 1),
            date(2099, 6, 30),
        ),
    ],
)
def test_a_period_knows_its_name_its_months_and_its_ends(
    one: Year | Half | Quarter | Month | ToDate,
    name: str,
    label: str,
    months: tuple[int, ...],
    start: date,
    end: date,
) -> None:
    assert (one.id, one.label, one.months) == (name, label, months)
    assert (one.start, one.end) == (start, end)
    assert one.year == YEAR and period(name) == one
    assert (year_in(name), part_of(name)) == ("2099-00", one.part)
    assert is_whole_year(name) is (one == YEAR)
    assert within(name, "2099-00")
    assert within("2099-00", name) is (one == YEAR)


def test_a_year_may_be_years_on_or_back() -> None:
    assert (YEAR.later(), YEAR.later(0), YEAR.later(-2)) == (Year(2100), YEAR, Year(2097))


@pytest.mark.parametrize(
    "text",
    [
        "2019",
        "2019-21",
        "2019-19",
        "2019-20-H3",
        "2019-20-H0",
        "2019-20-Q5",
        "2019-20-0",
        "2019-20-13",
        "2019-20-YTD13",
        "2019-20-YTD0",
        "undated",
        "",
    ],
)
def test_what_is_no_period_is_refused_and_lies_in_no_year(text: str) -> None:
    with pytest.raises(CalendarError):
        period(text)
    assert year_in(text) == text
