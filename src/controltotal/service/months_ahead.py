"""Who is ahead of the month to which all are told, in the words of every page."""

from __future__ import annotations

from controltotal.accounts.months_sent import ahead, common_month
from controltotal.core.calendar import month_words
from controltotal.core.names import listed
from controltotal.service.apps import house
from controltotal.service.web import name


def ahead_words(year: str) -> str:
    """That some have told a later month already, and to which month all are told; empty where none has."""
    workings = house().workings
    found = ahead(workings, year)
    if not found:
        return ""
    parts = [
        f"{listed([name(code) for code in found if found[code] == last])} to {month_words(last)}"
        for last in sorted(set(found.values()))
    ]
    common = month_words(common_month(workings, year))
    return (
        f"All figures here are to {common}, the last month that all have told. "
        f"Told already: {listed(parts)}."
    )
