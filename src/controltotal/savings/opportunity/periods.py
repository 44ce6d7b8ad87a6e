"""Periods of benchmark data: a calendar year, a financial year or a month.

`2025` is January to December 2025 (prescribing is published so), `2016/17` or `2016-17` the
financial year, `2025-03` March 2025. Where a text could be both, as `2011-12`, it is the financial
year, as everywhere else.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from controltotal.core.calendar import CalendarError, add_months, parse_year, year_start
from controltotal.core.errors import BookError

WINDOW = 24  # months, ending with the period, that show whether a gap lasts
LEAST = 12  # months that measure noise where the period itself is shorter


@dataclass(frozen=True, slots=True)
class Period:
    """A period: its form in ids, its first and last month (as first days), and how to say it."""

    id: str
    first: date
    last: date
    label: str

    @property
    def months(self) -> int:
        """How many months it has."""
        return (self.last.year - self.first.year) * 12 + self.last.month - self.first.month + 1

    def back(self, months: int) -> date:
        """The first month of a window of so many months that ends with the period."""
        return add_months(self.last, 1 - months)


def read_period(text: str) -> Period:
    """The period that a text names.

    >>> read_period("2025").last, read_period("2016/17").id, read_period("2025-03").months
    (datetime.date(2025, 12, 1), '2016-17', 1)
    """
    body = text.strip()
    if re.fullmatch(r"\d{4}", body):
        year = int(body)
        return Period(body, date(year, 1, 1), date(year, 12, 1), f"January to December {year}")
    try:
        year_id = parse_year(body)
    except CalendarError:
        month = re.fullmatch(r"(\d{4})-(0[1-9]|1[0-2])", body)
        if month is None:
            raise BookError(
                f"the period {text!r} cannot be read",
                "--period",
                "give a year such as 2025, a financial year such as 2024/25 or a month, 2025-03",
            ) from None
        day = date(int(month[1]), int(month[2]), 1)
        return Period(body, day, day, f"{day:%B %Y}")
    start = year_start(year_id)
    return Period(year_id, start, add_months(start, 11), f"{year_id[:4]}/{year_id[5:]}")


def latest_period(last: date, frequency: str) -> Period:
    """The period answered where none is asked: the latest whole year of a source.

    >>> latest_period(date(2025, 12, 1), "month").id, latest_period(date(2025, 9, 1), "month").id
    ('2025', '2024')
    """
    if frequency == "year":
        return read_period(f"{last.year}-{(last.year + 1) % 100:02d}")
    return read_period(str(last.year if last.month == 12 else last.year - 1))
