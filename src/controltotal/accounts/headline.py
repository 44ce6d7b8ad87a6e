"""Two headlines of a finance report: how the year is expected to end, and what has happened.

At most twenty-five words each, the second continuing the first, from the figures of the
month; a part that nothing tells is left out. Source: `papers`, page one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from controltotal.accounts.month_words import parts_of
from controltotal.core.calendar import month_name
from controltotal.core.names import short_names
from controltotal.core.show import value_text
from controltotal.core.sourced import Part, Source, by_key, number_key, sourced
from controltotal.workings import gaps
from controltotal.workings.late import Standing
from controltotal.workings.month import MONTHS, Month
from controltotal.workings.totals import ADJUSTED, figure_id

MOVED = 4
"""How many bodies a sentence names that moved the forecast."""

MOVED_BY = "variance_to_date"
"""The measure of how far a body is from its plan to date."""
SINCE = "the forecast of now less that of a month before"


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
    ends = _marked(_place(pence), pence, figure_id(ADJUSTED, code, year, "forecast"))
    text = f"{named} expects to end the year {ends}{before}"
    against = []
    if row.variance_year.pence is not None:
        key = _row(code, year, "variance_year", row.month)
        against.append(
            _marked(_beside(row.variance_year.pence, "plan"), row.variance_year.pence, key)
        )
    gap = None if aside else gaps.gap(month.totals, code, year, "forecast").pence
    if gap is not None:
        against.append(_marked(_total(gap), gap, figure_id("gap", code, year, "forecast")))
    return f"{text}: {' and '.join(against)}." if against else f"{text}."


def _names(month: Month, year: str) -> dict[str, str]:
    return short_names({one: month.tree.name(one, year) for one in month.tree.organisations})


def _called(month: Month, code: str, year: str) -> str:
    return _names(month, year).get(code, code)


def _marked(text: str, pence: int, key: str) -> str:
    """Words on a sum of money with the source of the sum."""
    size = value_text(abs(pence), "pence")
    return text.replace(size, by_key(size, key), 1)


def _row(code: str, year: str, column: str, month: int | None, line: str = "") -> str:
    """The key of a number of the table `to_date`."""
    told = {"organisation": code, "year": year, "line": line, "month": month or ""}
    return number_key(f"to_date.{column}", told.items())


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
    whole = row.variance.pence
    was = _marked(_beside(whole, "plan"), whole, figure_id(MOVED_BY, code, year, "actual"))
    text = f"By the end of {month_name(reached)} it was {was}"
    by_line, by_code = parts_of(month, code, year)
    names, lines = _names(month, year), month.totals.position.lines
    called = {name: one.name.lower() for name, one in lines.items()}
    keys = {called[name]: _row(code, year, "variance", row.month, name) for name in called}
    on = _most(by_line, whole, keys)
    keys = {names[kid]: figure_id(MOVED_BY, kid, year, "actual") for kid in by_code}
    at = _most({names[kid]: pence for kid, pence in by_code.items()}, whole, keys)
    told = ", ".join(part for part in (on, at) if part)
    return f"{text}: {told}." if told else f"{text}."


def _most(parts: Mapping[str, int | None], whole: int, keys: Mapping[str, str]) -> str:
    """The largest part that goes the way of the whole, with how far; empty where there is none.

    `keys` say where each part is told.
    """
    same = [(n, p) for n, p in parts.items() if p and (p > 0) == (whole > 0)]
    if not same or len(parts) < 2:
        return ""
    name, pence = max(same, key=lambda one: (abs(one[1]), one[0]))
    return f"{name} {_marked(_by(pence), pence, keys.get(name, ''))}"


def since_last_month(stood: Standing, code: str, year: str) -> str:
    """Who moved the forecast since the month before, the largest first; empty where nothing tells."""
    month = stood.of(code)
    moved = _moved(month, code, year)
    if moved is None or not moved:
        return "" if moved is None else "The forecast has not changed since last month."
    kids = month.totals.children(code, year)
    names = _names(month, year)
    parts = [(names[kid], _moved(month, kid, year), kid) for kid in kids]
    told = sorted(((abs(p), n, p, k) for n, p, k in parts if p), key=lambda one: (-one[0], one[1]))
    text = f"Since last month the forecast is {_since(month, (code,), year, moved)}"
    if told:
        text += ": " + ", ".join(
            f"{name} {_since(month, (kid,), year, pence)}" for _, name, pence, kid in told[:MOVED]
        )
        rest = sum(pence for _, _, pence, _ in told[MOVED:])
        others = [kid for *_, kid in told[MOVED:]]
        text += f", the others {_since(month, others, year, rest)} together" if rest else ""
    return f"{text}."


def _since(month: Month, codes: Sequence[str], year: str, pence: int) -> str:
    """How far the forecasts of some bodies moved, with the forecasts of now and of a month before."""
    names, parts = _names(month, year), []
    for code in codes:
        row = month.to_date(code, year)
        now, then = row.forecast.pence or 0, row.forecast_last_month.pence or 0
        key = figure_id(ADJUSTED, code, year, "forecast")
        parts.append(Part(f"Forecast, {names[code]}", key, value_text(now, "pence")))
        key = _row(code, year, "forecast_last_month", row.month)
        parts.append(Part(f"A month before, {names[code]}", key, value_text(then, "pence")))
    size = value_text(abs(pence), "pence")
    return _by(pence).replace(size, sourced(size, Source(how=SINCE, parts=tuple(parts))), 1)


def _moved(month: Month, code: str, year: str) -> int | None:
    row = month.to_date(code, year)
    if row.forecast.pence is None or row.forecast_last_month.pence is None:
        return None
    return row.forecast.pence - row.forecast_last_month.pence


def _by(pence: int) -> str:
    return f"{value_text(abs(pence), 'pence')} {'better' if pence > 0 else 'worse'}"
