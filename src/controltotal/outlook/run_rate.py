"""Run rates: how fast money must go, and whether a month is news.

The run rate required is what is left to the control total over the months left; the ask multiple
sets it against the average so far. The exit run rate is in `workings/rates.py`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from controltotal.core.xmr import xmr


@dataclass(frozen=True, slots=True)
class Ask:
    """Pence a month that the rest of the year needs, and how many times the average so far.

    `multiple` is None where the average so far is nil or the signs differ, when times mean nothing.
    """

    required: int
    average: int
    multiple: float | None


def ask(actual: Mapping[int, int], control_total: int) -> Ask | None:
    """The run rate required; None before the first month and after the last.

    >>> ask({1: -30, 2: -30}, -160)
    Ask(required=-10, average=-30, multiple=0.3333333333333333)
    """
    known = len(actual)
    if not 0 < known < 12:
        return None
    to_date = sum(actual.values())
    required = round((control_total - to_date) / (12 - known))
    average = round(to_date / known)
    comparable = average != 0 and (required >= 0) == (average >= 0)
    return Ask(required, average, required / average if comparable else None)


def chart_rows(series: list[tuple[str, int, int]]) -> list[dict[str, object]]:
    """An XmR chart of months in time order: rows of (year, month, pence) with limits and rules."""
    chart = xmr([pence for _, _, pence in series])
    if chart is None:
        return []
    return [
        {
            "year": year,
            "month": month,
            "pence": pence,
            "mean_pence": round(chart.mean),
            "lower_pence": round(chart.lower),
            "upper_pence": round(chart.upper),
            "rules": ", ".join(names),
            "provisional": chart.provisional,
        }
        for (year, month, pence), names in zip(series, chart.rules, strict=True)
    ]
