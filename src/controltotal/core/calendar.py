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
    **{f"YTD{month}": tuple(range(1, month + 1)) for month in range(2, 13)},
}
"""The months of every period that a row may be of; a year to date of one month is that month."""
YEARS: Final = (1900, 2199)
"""What can be a year of a book; anything else is a slip of the keyboard."""
CENTURY: Final = 70
"""Years of two figures from here on are of the nineteen hundreds, as spreadsheets read them."""
_DASHES: Final = str.maketrans(dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2212", "-"))
_YEAR = re.compile(r"(?:FY *)?(\d{4}|\d{2}) *[/-] *(\d{4}|\d{2})", re.ASCII | re.IGNORECASE)
_ONE_YEAR = re.compile(r"FY *(\d{4}|\d{2})", re.ASCII | re.IGNORECASE)
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}.*|\d{1,2}[/.-]\d{1,2}[/.-]\d{4}", re.ASCII)


class CalendarError(ValueError):
    """A text that is not a financial year, period or date; says what was expected."""

    def __init__(self, found: str, expected: str) -> None:
        super().__init__(f"expected {expected}, found {found!r}")
        self.found = found
        self.expected = expected


@lru_cache(maxsize=4096)
def parse_year(text: str) -> str:
    """The canonical form of a financial year; refuses whatever could be two years.

    >>> parse_year("2019/20"), parse_year("FY19/20"), parse_year("1999\u20132000")
    ('2019-20', '2019-20', '1999-00')
    >>> parse_year("2019")
    Traceback (most recent call last):
    controltotal.core.calendar.CalendarError: expected a year such as 2019/20, found '2019'
    """
    body = text.strip().translate(_DASHES)
    match = _YEAR.fullmatch(body)
    if not match:
        raise CalendarError(text, _why_no_year(body))
    first, last = _whole_year(match[1]), match[2]
    if not YEARS[0] <= first <= YEARS[1]:
        raise CalendarError(text, f"a year between {YEARS[0]} and {YEARS[1]}")
    if int(last) % 100 != (first + 1) % 100 or (len(last) == 4 and int(last) != first + 1):
        raise CalendarError(text, f"{first}/{(first + 1) % 100:02d}, two years that follow")
    return f"{first}-{(first + 1) % 100:02d}"


def _whole_year(digits: str) -> int:
    """A calendar year, of two figures or four."""
    year = int(digits)
    return year if len(digits) == 4 else year + (2000 if year < CENTURY else 1900)


def _why_no_year(body: str) -> str:
    """What should have stood in the place of a year, with its cause where there is one."""
    one = _ONE_YEAR.fullmatch(body)
    if one:
        year = _whole_year(one[1])
        ends, begins = f"{year - 1}/{year % 100:02d}", f"{year}/{(year + 1) % 100:02d}"
        return f"both years, {ends} or {begins}: {body} may be the one it ends or begins in"
    if _DAY.fullmatch(body):
        return "a year such as 2019/20 (a spreadsheet may have turned it into a date)"
    return "a year such as 2019/20"


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


@lru_cache(maxsize=2_000)
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


_NUMBERED = re.compile(r"(?:M|MONTH *)?0?(\d{1,2})(?:\.0+)?", re.ASCII)
_NAMED = re.compile(r"([A-Z]{3,9})\.?[ /'-]*(\d{4}|\d{2})?", re.ASCII)
_TO_DATE = re.compile(r"YTD[ -]*(.+)|(.+?)[ -]*YTD", re.ASCII)
_PART = re.compile(r"(?:Q|QUARTER|H|HALF)[ -]*[1-4]", re.ASCII)
_PERIOD = re.compile(r"P(?:ERIOD|D)?[ -]*0?(\d{1,2})", re.ASCII)


def parse_month(text: str) -> str:
    """The canonical form of a period: empty, 1 to 12, Q1 to Q4, H1, H2 or YTD9.

    >>> parse_month("M7"), parse_month("q1"), parse_month("Apr-26"), parse_month("M9 YTD")
    ('7', 'Q1', '1', 'YTD9')
    """
    return dated_month(text)[0]


@lru_cache(maxsize=4096)
def dated_month(text: str) -> tuple[str, str]:
    """A period, and the financial year in which it must lie where its text names one.

    >>> dated_month("Apr-26"), dated_month("2027-02-01"), dated_month("December")
    (('1', '2026-27'), ('11', '2026-27'), ('9', ''))
    """
    body = text.strip().translate(_DASHES).upper()
    if body in PERIODS:
        return body, ""
    if body in ("FULL YEAR", "FULL-YEAR", "YEAR"):
        return WHOLE_YEAR, ""
    if _PART.fullmatch(body) and f"{body[0]}{body[-1]}" in PERIODS:
        return f"{body[0]}{body[-1]}", ""
    to_date = _TO_DATE.fullmatch(body)
    if to_date:
        month, year = _one_month(to_date[1] or to_date[2], text)
        return ("1" if month == 1 else f"YTD{month}"), year
    month, year = _one_month(body, text)
    return str(month), year


def _one_month(body: str, text: str) -> tuple[int, str]:
    """A month by its number, its name or a day in it, and the financial year that it names."""
    numbered = _NUMBERED.fullmatch(body)
    if numbered and numbered[1] in PERIODS:
        return int(numbered[1]), ""
    named = _NAMED.fullmatch(body)
    month = _named_month(named[1]) if named else 0
    if named and month:
        return month, _year_with(month, named[2]) if named[2] else ""
    if len(body) > len("2026"):
        try:
            day = parse_date(body)
        except CalendarError:
            pass
        else:
            return month_of(day), year_of(day)
    raise CalendarError(text, _why_no_month(body))


def _named_month(word: str) -> int:
    """The month that a word or its first letters name; nil where it names none."""
    for number, name in enumerate(MONTH_NAMES, start=1):
        if word in (name.upper(), name[:3].upper()) or (word == "SEPT" and number == 6):
            return number
    return 0


def _year_with(month: int, calendar_year: str) -> str:
    """The financial year of a month of a calendar year."""
    first = _whole_year(calendar_year) - (month > 9)
    return f"{first:04d}-{(first + 1) % 100:02d}"


def _why_no_month(body: str) -> str:
    """What should have stood in the place of a month, with its cause where there is one."""
    period = _PERIOD.fullmatch(body)
    if period:
        return (
            f"the month by its name, or M{period[1]} where April is the first: "
            "ledgers count their periods in more ways than one"
        )
    if body == "YTD":
        return "the month that the year to date reaches, such as YTD9 for April to December"
    return "1 (April) to 12 (March), Q1 to Q4, H1, H2, YTD9 or nothing"


def month_name(month: int) -> str:
    """The name of a month of the financial year.

    >>> month_name(7)
    'October'
    """
    return MONTH_NAMES[month - 1]


def month_words(month: int) -> str:
    """A month as people say it.

    >>> month_words(9)
    'month 9 (December)'
    """
    return f"month {month} ({month_name(month)})"


def day_words(day: str | date) -> str:
    """A day as people write it.

    >>> day_words("2026-05-28"), day_words(date(2026, 4, 1))
    ('28 May 2026', '1 April 2026')
    """
    on = date.fromisoformat(day) if isinstance(day, str) else day
    return f"{on.day} {month_name((on.month - 4) % 12 + 1)} {on.year}"


_DAY_IN_TEXT = re.compile(r"(?<![\w./-])\d{4}-\d{2}-\d{2}(?![\w/-]|\.\w)", re.ASCII)


def days_in_words(text: str) -> str:
    """A text with each day of it as people write it; what is a part of a name or an address stays.

    >>> days_in_words("set on 2026-05-28, in plan-2026-03-27.xlsx, not 2026-02-30")
    'set on 28 May 2026, in plan-2026-03-27.xlsx, not 2026-02-30'
    """

    def words(found: re.Match[str]) -> str:
        try:
            return day_words(found[0])
        except ValueError:  # no day of the calendar
            return found[0]

    return _DAY_IN_TEXT.sub(words, text)


_ISO = re.compile(
    r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?(?:[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?)?", re.ASCII
)
_DAY_FIRST = re.compile(r"(\d{1,2})([/.-])(\d{1,2})\2(\d{4})(?: 00:00(?::00)?)?", re.ASCII)
_MONTH_NAME = re.compile(
    r"(?:(\d{1,2})(?:ST|ND|RD|TH)?[ -]+)?([A-Z]{3,9})[ ,-]+(\d{4}|\d{2})", re.ASCII
)


@lru_cache(maxsize=4096)
def parse_date(text: str) -> date:
    """A date, the day before the month; a partial one means its last day.

    >>> parse_date("2019-06-05"), parse_date("05/06/2019"), parse_date("5 Jun 2019")
    (datetime.date(2019, 6, 5), datetime.date(2019, 6, 5), datetime.date(2019, 6, 5))
    >>> parse_date("2019-05"), parse_date("2019")
    (datetime.date(2019, 5, 31), datetime.date(2019, 12, 31))
    """
    body = text.strip().translate(_DASHES)
    iso, day_first = _ISO.fullmatch(body), _DAY_FIRST.fullmatch(body)
    named = _MONTH_NAME.fullmatch(body.upper())
    if iso:
        year, month, day = int(iso[1]), iso[2], iso[3]
    elif day_first:
        year, month, day = int(day_first[4]), day_first[3], day_first[1]
    elif named and _named_month(named[2]):
        year, day = _whole_year(named[3]), named[1]
        month = str((_named_month(named[2]) + 2) % 12 + 1)
    else:
        raise CalendarError(text, _why_no_date(body))
    if not YEARS[0] <= year <= YEARS[1] and year != 9999:  # a spell without an end
        raise CalendarError(text, f"a date between {YEARS[0]} and {YEARS[1]}")
    try:
        if not month:
            return date(year, 12, 31)
        if not day:
            return date(year, int(month), _calendar.monthrange(year, int(month))[1])
        return date(year, int(month), int(day))
    except (ValueError, _calendar.IllegalMonthError) as error:
        raise CalendarError(text, "a date that exists, such as 2019-06-05 or 05/06/2019") from error


def _why_no_date(body: str) -> str:
    """What should have stood in the place of a date, with its cause where there is one."""
    if re.fullmatch(r"\d{5}(\.\d+)?", body, re.ASCII):
        day = date(1899, 12, 30) + timedelta(days=int(body[:5]))
        return f"a date: spreadsheets keep dates as numbers, and {body[:5]} would be {day}"
    if re.fullmatch(r"\d{1,2}[/.-]\d{1,2}[/.-]\d{2}", body, re.ASCII):
        return "a date with four figures for the year, such as 2019-06-05 or 05/06/2019"
    return "a date such as 2019-06-05, 05/06/2019 or 5 Jun 2019"


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
