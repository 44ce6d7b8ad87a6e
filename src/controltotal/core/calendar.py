"""The April-to-March calendar: financial years, months, quarters and halves.

A financial year runs from 1 April to 31 March; month 1 is April. Inside, a year is the text
`2019-20` (the form used in figure ids) and a half is `2021-22-H1`; people see `2019/20`.
A partial date means its last day, so that `2019-05` is 31 May 2019.
"""

from __future__ import annotations

import calendar as _calendar
import re
from datetime import date, timedelta
from functools import lru_cache
from typing import Final

MONTH_NAMES: Final = (
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
    "January",
    "February",
    "March",
)
WHOLE_YEAR: Final = ""
PERIODS: Final[dict[str, tuple[int, ...]]] = {
    WHOLE_YEAR: tuple(range(1, 13)),
    **{str(month): (month,) for month in range(1, 13)},
    "Q1": (1, 2, 3),
    "Q2": (4, 5, 6),
    "Q3": (7, 8, 9),
    "Q4": (10, 11, 12),
    "H1": (1, 2, 3, 4, 5, 6),
    "H2": (7, 8, 9, 10, 11, 12),
}
YEARS: Final = (1900, 2199)
"""What can be a year of a book; anything else is a slip of the keyboard."""
_YEAR = re.compile(r"(\d{4})[/-](\d{2}|\d{4})", re.ASCII)


class CalendarError(ValueError):
    """A text that is not a financial year, period or date; says what was expected."""

    def __init__(self, found: str, expected: str) -> None:
        super().__init__(f"expected {expected}, found {found!r}")
        self.found = found
        self.expected = expected


@lru_cache(maxsize=4096)
def parse_year(text: str) -> str:
    """The canonical form of a financial year; refuses whatever could be two years.

    >>> parse_year("2019/20"), parse_year("2019-20"), parse_year("1999/2000")
    ('2019-20', '2019-20', '1999-00')
    >>> parse_year("2019")
    Traceback (most recent call last):
    controltotal.core.calendar.CalendarError: expected a year such as 2019/20, found '2019'
    """
    match = _YEAR.fullmatch(text.strip())
    if not match:
        raise CalendarError(text, "a year such as 2019/20")
    first, last = int(match[1]), match[2]
    if not YEARS[0] <= first <= YEARS[1]:
        raise CalendarError(text, f"a year between {YEARS[0]} and {YEARS[1]}")
    if int(last) % 100 != (first + 1) % 100 or (len(last) == 4 and int(last) != first + 1):
        raise CalendarError(text, f"{first}/{(first + 1) % 100:02d}, two years that follow")
    return f"{first}-{(first + 1) % 100:02d}"


def parse_year_id(text: str) -> str:
    """A year or a half as it stands in a figure id.

    >>> parse_year_id("2021/22-H1"), parse_year_id("2021-22")
    ('2021-22-H1', '2021-22')
    """
    half = re.fullmatch(r"(.+)-(H[12])", text.strip())
    return f"{parse_year(half[1])}-{half[2]}" if half else parse_year(text)


def year_label(year: str) -> str:
    """The form for people.

    >>> year_label("2019-20"), year_label("2021-22-H1")
    ('2019/20', '2021/22 H1')
    """
    return f"{year[:4]}/{year[5:7]}" + (f" {year[8:]}" if len(year) > 7 else "")


@lru_cache(maxsize=4096)
def year_start(year: str) -> date:
    """First day of a year or half.

    >>> year_start("2019-20"), year_start("2021-22-H2")
    (datetime.date(2019, 4, 1), datetime.date(2021, 10, 1))
    """
    first = int(year[:4])
    return date(first, 10, 1) if year.endswith("-H2") else date(first, 4, 1)


@lru_cache(maxsize=4096)
def year_end(year: str) -> date:
    """Last day of a year or half.

    >>> year_end("2019-20")
    datetime.date(2020, 3, 31)
    """
    first = int(year[:4])
    return date(first, 9, 30) if year.endswith("-H1") else date(first + 1, 3, 31)


def next_year(year: str, count: int = 1) -> str:
    """The year `count` years on (back, if negative).

    >>> next_year("2019-20"), next_year("2019-20", -2)
    ('2020-21', '2017-18')
    """
    first = int(year[:4]) + count
    return f"{first:04d}-{(first + 1) % 100:02d}"


def year_of(day: date) -> str:
    """The financial year that a day falls in.

    >>> year_of(date(2020, 3, 31)), year_of(date(2020, 4, 1))
    ('2019-20', '2020-21')
    """
    first = day.year if day.month >= 4 else day.year - 1
    return f"{first:04d}-{(first + 1) % 100:02d}"


def month_of(day: date) -> int:
    """The month of the financial year, April being 1.

    >>> month_of(date(2026, 4, 1)), month_of(date(2027, 3, 1))
    (1, 12)
    """
    return (day.month - 4) % 12 + 1


def month_start(year: str, month: int) -> date:
    """First day of a month of a financial year.

    >>> month_start("2019-20", 12)
    datetime.date(2020, 3, 1)
    """
    first = int(year[:4])
    return date(first + (month > 9), (month + 2) % 12 + 1, 1)


def months_of(period: str) -> tuple[int, ...]:
    """The months that a period covers.

    >>> months_of("Q1"), months_of("7")
    ((1, 2, 3), (7,))
    """
    return PERIODS[period]


@lru_cache(maxsize=4096)
def parse_month(text: str) -> str:
    """The canonical form of a period: empty, 1 to 12, Q1 to Q4, H1 or H2.

    >>> parse_month("M7"), parse_month("q1"), parse_month("")
    ('7', 'Q1', '')
    """
    body = text.strip().upper()
    if body in PERIODS:
        return body
    match = re.fullmatch(r"M?0?(\d{1,2})", body)
    if match and match[1] in PERIODS:
        return match[1]
    raise CalendarError(text, "1 (April) to 12 (March), Q1 to Q4, H1, H2 or nothing")


def month_name(month: int) -> str:
    """The name of a month of the financial year.

    >>> month_name(7)
    'October'
    """
    return MONTH_NAMES[month - 1]


@lru_cache(maxsize=4096)
def parse_date(text: str) -> date:
    """An ISO date; a partial one means its last day.

    >>> parse_date("2019-06-05"), parse_date("2019-05"), parse_date("2019")
    (datetime.date(2019, 6, 5), datetime.date(2019, 5, 31), datetime.date(2019, 12, 31))
    """
    body = text.strip()
    match = re.fullmatch(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?(?:[T ]00:00(?::00)?)?", body, re.ASCII)
    if not match:
        raise CalendarError(text, "a date such as 2019-06-05")
    year, month, day = int(match[1]), match[2], match[3]
    if not YEARS[0] <= year <= YEARS[1] and year != 9999:  # a spell without an end
        raise CalendarError(text, f"a date between {YEARS[0]} and {YEARS[1]}")
    try:
        if not month:
            return date(year, 12, 31)
        if not day:
            return date(year, int(month), _calendar.monthrange(year, int(month))[1])
        return date(year, int(month), int(day))
    except (ValueError, _calendar.IllegalMonthError) as error:
        raise CalendarError(text, "a date that exists, such as 2019-06-05") from error


def add_months(day: date, count: int) -> date:
    """The first day of the month `count` months after that of `day`.

    >>> add_months(date(2026, 11, 15), 3)
    datetime.date(2027, 2, 1)
    """
    index = day.year * 12 + day.month - 1 + count
    return date(index // 12, index % 12 + 1, 1)


def first_full_month(day: date) -> date:
    """A start within a month counts from the next one.

    >>> first_full_month(date(2026, 10, 1)), first_full_month(date(2026, 10, 2))
    (datetime.date(2026, 10, 1), datetime.date(2026, 11, 1))
    """
    return day if day.day == 1 else add_months(day, 1)


def days_between(first: date, last: date) -> int:
    """Whole days from one date to another; negative if it is earlier."""
    return (last - first).days


def day_before(day: date) -> date:
    """The day before."""
    return day - timedelta(days=1)
