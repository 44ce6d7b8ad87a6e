"""Periods of the April-to-March calendar as types: a year, a half, a quarter, a month, a year to date.

Inside, a period is told by its id (`2019-20`, `2021-22-H1`), because ids are keys of figures and of
columns; whoever asks anything of it (its year, its months, its first and last day, what people
call it) asks the type, and nobody cuts the text.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from controltotal.core.calendar import (
    MONTH_NAMES,
    PERIODS,
    CalendarError,
    month_start,
    year_end,
    year_start,
)


@dataclass(frozen=True, slots=True)
class Year:
    """A financial year, by the calendar year in which it begins.

    >>> Year(2019).id, Year(2019).label, Year(2019).end
    ('2019-20', '2019/20', datetime.date(2020, 3, 31))
    """

    first: int

    @property
    def id(self) -> str:
        """The form of ids and columns."""
        return f"{self.first:04d}-{(self.first + 1) % 100:02d}"

    @property
    def label(self) -> str:
        """The form for people."""
        return f"{self.first:04d}/{(self.first + 1) % 100:02d}"

    @property
    def year(self) -> Year:
        """The financial year that it is, or lies in."""
        return self

    @property
    def part(self) -> str:
        """What it is of its year: nothing for the whole, else H1, Q3, 7 or YTD9."""
        return ""

    @property
    def months(self) -> tuple[int, ...]:
        """Its months, April being 1."""
        return PERIODS[""]

    @property
    def start(self) -> date:
        """Its first day."""
        return year_start(self.id)

    @property
    def end(self) -> date:
        """Its last day."""
        return year_end(self.id)

    def later(self, count: int = 1) -> Year:
        """The year that many years on (back, if negative).

        >>> Year(2019).later(-2).id
        '2017-18'
        """
        return Year(self.first + count)


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a year: what halves, quarters, months and years to date share."""

    year: Year
    number: int

    @property
    def part(self) -> str:
        """What it is of its year, as books write it."""
        raise NotImplementedError

    @property
    def id(self) -> str:
        """The form of ids.

        >>> Half(Year(2021), 1).id
        '2021-22-H1'
        """
        return f"{self.year.id}-{self.part}"

    @property
    def label(self) -> str:
        """The form for people."""
        return f"{self.year.label} {self.part}"

    @property
    def months(self) -> tuple[int, ...]:
        """Its months, April being 1."""
        return PERIODS[self.part]

    @property
    def start(self) -> date:
        """Its first day."""
        return month_start(self.year.id, self.months[0])

    @property
    def end(self) -> date:
        """Its last day."""
        last = self.months[-1]
        if last == 12:
            return self.year.end
        return date.fromordinal(month_start(self.year.id, last + 1).toordinal() - 1)


@dataclass(frozen=True, slots=True)
class Half(Part):
    """April to September, or October to March.

    >>> Half(Year(2021), 2).start, Half(Year(2021), 1).end
    (datetime.date(2021, 10, 1), datetime.date(2021, 9, 30))
    """

    @property
    def part(self) -> str:
        """H1 or H2."""
        return f"H{self.number}"


@dataclass(frozen=True, slots=True)
class Quarter(Part):
    """Three months of a year.

    >>> Quarter(Year(2024), 3).months
    (7, 8, 9)
    """

    @property
    def part(self) -> str:
        """Q1 to Q4."""
        return f"Q{self.number}"


@dataclass(frozen=True, slots=True)
class Month(Part):
    """One month of a year, April being 1.

    >>> Month(Year(2026), 9).label, Month(Year(2026), 12).end
    ('December 2026', datetime.date(2027, 3, 31))
    """

    @property
    def part(self) -> str:
        """The number of the month."""
        return str(self.number)

    @property
    def label(self) -> str:
        """The month's name and calendar year."""
        return f"{MONTH_NAMES[self.number - 1]} {self.start.year}"


@dataclass(frozen=True, slots=True)
class ToDate(Part):
    """April to a month, together: what an actual is until the year is over.

    >>> ToDate(Year(2026), 9).label, ToDate(Year(2026), 9).months[-1]
    ('2026/27 to month 9 (December)', 9)
    """

    @property
    def part(self) -> str:
        """YTD and the number of the last month."""
        return f"YTD{self.number}"

    @property
    def months(self) -> tuple[int, ...]:
        """April to the last month."""
        return tuple(range(1, self.number + 1))

    @property
    def label(self) -> str:
        """The year, and the month that it reaches."""
        name = MONTH_NAMES[self.number - 1]
        return f"{self.year.label} to month {self.number} ({name})"


Period = Year | Part
_ID = re.compile(r"(\d{4})-(\d{2})(?:-(?:H([12])|Q([1-4])|YTD(\d{1,2})|(\d{1,2})))?", re.ASCII)


@lru_cache(maxsize=4096)
def period(text: str) -> Period:
    """The period with this id; anything else is refused.

    >>> period("2021-22-H1").year.id, period("2019-20").months[-1]
    ('2021-22', 12)
    """
    match = _ID.fullmatch(text)
    if match is None or int(match[2]) != (int(match[1]) + 1) % 100:
        raise CalendarError(text, "the id of a period, such as 2019-20 or 2021-22-H1")
    year = Year(int(match[1]))
    for kind, number in zip((Half, Quarter, ToDate, Month), match.groups()[2:], strict=True):
        if number is not None:
            if not 1 <= int(number) <= 12:
                raise CalendarError(text, "a month from 1 (April) to 12 (March)")
            return kind(year, int(number))
    return year


@lru_cache(maxsize=4096)
def is_year(text: str) -> bool:
    """Whether a text is the id of a financial year, or of a part of one.

    >>> is_year("2026-27"), is_year("2021-22-H1"), is_year("soon"), is_year("")
    (True, True, False, False)
    """
    try:
        return bool(period(text).year.id)
    except CalendarError:
        return False


@lru_cache(maxsize=4096)
def year_in(text: str) -> str:
    """The id of the financial year that a period is, or lies in.

    What is no period (nothing, a vintage of areas, `undated`) stays as it is.

    >>> year_in("2021-22-H1"), year_in("2019-20"), year_in("2021")
    ('2021-22', '2019-20', '2021')
    """
    try:
        return period(text).year.id
    except CalendarError:
        return text


def within(text: str, year: str) -> bool:
    """Whether a period is a year or lies in it; what is no period lies in none.

    >>> within("2021-22-H1", "2021-22"), within("2021-22", "2021-22-H1"), within("undated", "2021-22")
    (True, False, False)
    """
    return text == year or text.startswith(f"{year}-")


@lru_cache(maxsize=4096)
def part_of(text: str) -> str:
    """What a period is of its year: nothing for a whole year, else H1 and the like.

    >>> part_of("2021-22-H1"), part_of("2019-20")
    ('H1', '')
    """
    return period(text).part


@lru_cache(maxsize=4096)
def is_whole_year(text: str) -> bool:
    """Whether a period is a whole financial year.

    >>> is_whole_year("2019-20"), is_whole_year("2021-22-H2")
    (True, False)
    """
    return isinstance(period(text), Year)
