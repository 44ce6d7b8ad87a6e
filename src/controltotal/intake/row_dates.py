"""When a row of a table of money is: the year and the month that its labels name."""

from __future__ import annotations

from controltotal.core.calendar import (
    CalendarError,
    dated_month,
    month_of,
    parse_date,
    parse_month,
    year_of,
)
from controltotal.intake.heads import part_of


def year_of_month(text: str) -> str:
    """The year that a month written with one names."""
    try:
        return dated_month(text)[1] if text else ""
    except CalendarError:
        return part_of(text).measure.year


def of_day(text: str) -> tuple[str, str]:
    """The financial year and the month of a day."""
    try:
        day = parse_date(text)
    except CalendarError:
        return "", ""
    return year_of(day), str(month_of(day))


def month_in(text: str) -> str:
    """The period that a text names; nothing where it names none."""
    if not text:
        return ""
    try:
        return parse_month(text)
    except CalendarError:
        measure = part_of(text).measure
        return str(measure.number) if measure.span == "month" and measure.number else ""
