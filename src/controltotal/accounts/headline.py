"""Two headlines of a finance report: how the year is expected to end, and what has happened.

At most twenty-five words each, the second continuing the first, from the figures of the
month; a part that nothing tells is left out. Source: `papers`, page one.
"""

from __future__ import annotations

from collections.abc import Mapping

from controltotal.accounts.month_words import parts_of
from controltotal.core.calendar import month_name
from controltotal.core.names import short_names
from controltotal.core.show import value_text
from controltotal.workings import gaps
from controltotal.workings.late import Standing
from controltotal.workings.month import MONTHS, Month

MOVED = 4
"""How many bodies a sentence names that moved the forecast."""


def headlines(stood: Standing, code: str, year: str) -> list[str]:
    """The headlines of one body, those first that look ahead; none where no month is told."""
    month = stood.of(code)
    if month.reached(code, year) is None:
        return []
    aside = stood.aside(code)
    found = (_ending(month, code, year, aside), _so_far(month, code, year))
    return [text for text in found if text]


def _ending(month: Month, code: str, year: str, aside: str) -> str:
    """How the year is expected to end, against the plan and what was set.

    What stands in (`aside`) is named, and set beside no control total.
    """
    row = month.to_date(code, year)
    pence = row.forecast.pence
    if pence is None or month.reached(code, year) == MONTHS:
        return ""
    support = month.totals.support(code, year, "forecast").pence
    before = " before support" if support else ""
    named = f"{_called(month, code, year)} ({aside})" if aside else _called(month, code, year)
    text = f"{named} expects to end the year {_place(pence)}{before}"
    against = []
    if row.variance_year.pence is not None:
        against.append(_beside(row.variance_year.pence, "plan"))
    gap = None if aside else gaps.gap(month.totals, code, year, "forecast").pence
    if gap is not None:
        against.append(_total(gap))
    return f"{text}: {' and '.join(against)}." if against else f"{text}."


def _names(month: Month, year: str) -> dict[str, str]:
    return short_names({one: month.tree.name(one, year) for one in month.tree.organisations})


def _called(month: Month, code: str, year: str) -> str:
    return _names(month, year).get(code, code)


def _place(pence: int) -> str:
    if pence == 0:
        return "at break-even"
    return f"{value_text(abs(pence), 'pence')} in {'surplus' if pence > 0 else 'deficit'}"


def _beside(pence: int, what: str) -> str:
    if pence == 0:
        return f"as the {what} says"
    side = "better" if pence > 0 else "worse"
    return f"{value_text(abs(pence), 'pence')} {side} than {what}"


def _total(gap: int) -> str:
    """How far the end is from the control total, in words that need no term of art."""
    if gap == 0:
        return "just what was set for it"
    side = "short of" if gap > 0 else "better than"
    return f"{value_text(abs(gap), 'pence')} {side} the total set for it"


def _so_far(month: Month, code: str, year: str) -> str:
    """What has happened to date, on what, and where."""
    row, reached = month.to_date(code, year), month.reached(code, year) or 0
    if row.variance.pence is None:
        return ""
    text = f"By the end of {month_name(reached)} it was {_beside(row.variance.pence, 'plan')}"
    by_line, by_code = parts_of(month, code, year)
    names = _names(month, year)
    on = _most(by_line, row.variance.pence)
    at = _most({names[kid]: pence for kid, pence in by_code.items()}, row.variance.pence)
    told = ", ".join(part for part in (on, at) if part)
    return f"{text}: {told}." if told else f"{text}."


def _most(parts: Mapping[str, int | None], whole: int) -> str:
    """The largest part that goes the way of the whole, with how far; empty where there is none."""
    same = [(n, p) for n, p in parts.items() if p and (p > 0) == (whole > 0)]
    if not same or len(parts) < 2:
        return ""
    name, pence = max(same, key=lambda one: (abs(one[1]), one[0]))
    return f"{name} {_by(pence)}"


def since_last_month(stood: Standing, code: str, year: str) -> str:
    """Who moved the forecast since the month before, the largest first; empty where nothing tells."""
    month = stood.of(code)
    moved = _moved(month, code, year)
    if moved is None or not moved:
        return "" if moved is None else "The forecast has not changed since last month."
    kids = month.totals.children(code, year)
    names = _names(month, year)
    parts = [(names[kid], _moved(month, kid, year)) for kid in kids]
    told = sorted(((abs(p), n, p) for n, p in parts if p), key=lambda one: (-one[0], one[1]))
    text = f"Since last month the forecast is {_by(moved)}"
    if told:
        text += ": " + ", ".join(f"{name} {_by(pence)}" for _, name, pence in told[:MOVED])
        rest = sum(pence for _, _, pence in told[MOVED:])
        text += f", the others {_by(rest)} together" if rest else ""
    return f"{text}."


def _moved(month: Month, code: str, year: str) -> int | None:
    row = month.to_date(code, year)
    if row.forecast.pence is None or row.forecast_last_month.pence is None:
        return None
    return row.forecast.pence - row.forecast_last_month.pence


def _by(pence: int) -> str:
    return f"{value_text(abs(pence), 'pence')} {'better' if pence > 0 else 'worse'}"
