"""The year month by month: plan, record and forecast to date, and whether a month's cost is news.

Made for the bodies of whom the first words are. A month that nothing tells is empty and never a
twelfth. The control chart of a cost is that of `core.xmr`: fewer months than six have no limits,
for they say nothing of what is usual.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from controltotal.core.result import Answer
from controltotal.core.xmr import xmr
from controltotal.workings import gaps
from controltotal.workings.month import BASES, MONTHS, Month, months_to

WATCHED: Final = ("agency_pay",)
"""Lines of cost whose months stand on a control chart."""
LEAST: Final = 6
"""Months from which a control chart has limits."""
Row = dict[str, object]


def put_months(answer: Answer, leads: Mapping[str, Mapping[str, Month]], plain: Month) -> None:
    """The tables `months` and `control_chart` of the bodies of whom the first words are.

    `plain` is the month as it was reported: what stands in is set beside no control total.
    """
    for year, bodies in leads.items():
        for code, month in bodies.items():
            asked = _asked(month, code, year) if month is plain else None
            answer.table("months", months(month, code, year, asked))
            for line in WATCHED:
                last = month.reached(code, year)
                answer.table("control_chart", control_chart(plain, code, year, line, last))


def months(month: Month, code: str, year: str, asked: int | None = None) -> list[Row]:
    """A body's adjusted surplus to each month, in pence, by basis; None where it is not told.

    `asked_pence` stands at the last month: the position without support that would meet the control
    total with the support that the forecast holds.
    """
    return [
        {
            "organisation": code,
            "year": year,
            "month": to,
            **{f"{basis}_pence": _to(month, code, year, basis, to) for basis in BASES},
            "asked_pence": asked if to == MONTHS else None,
        }
        for to in range(1, MONTHS + 1)
    ]


def _asked(month: Month, code: str, year: str) -> int | None:
    """The forecast and what it lacks to the control total, as that measures it."""
    forecast = month.value(code, year, "forecast").pence
    lacking = gaps.gap(month.totals, code, year, "forecast").pence
    return None if forecast is None or lacking is None else forecast + lacking


def _to(month: Month, code: str, year: str, basis: str, to: int) -> int | None:
    """The sum of April to a month; of the last one where only the year is told, the year."""
    if basis == "actual" and to > (month.reached(code, year) or 0):
        return None
    found = month.pence(code, year, basis, months_to(to))
    if found is None and to == MONTHS and basis != "actual":
        return month.value(code, year, basis).pence
    return found


def control_chart(
    month: Month, code: str, year: str, line: str, last: int | None = None
) -> list[Row]:
    """Each month's cost of one line, in pence, with centre line, limits and the rules it breaks.

    Costs are positive. Nothing where a body does not tell the line, or no month of it. `month` is
    the one that was recorded: up to `last` (else the month that it reaches) a month that it does
    not tell, such as one in which something stands in, has a row without pence and is no point.
    """
    last = last or month.reached(code, year)
    if last is None or line not in month.lines(code, year):
        return []
    every = {
        one: month.value(code, year, "actual", frozenset({one}), line).pence
        for one in range(1, last + 1)
    }
    told = {one: -pence for one, pence in every.items() if pence is not None}
    if not told:
        return []
    chart = xmr(list(told.values())) if len(told) >= LEAST else None
    rules = dict(zip(told, chart.rules, strict=True)) if chart else {}
    return [
        {
            "organisation": code,
            "year": year,
            "line": line,
            "month": one,
            "pence": told.get(one),
            "mean_pence": None if chart is None else round(chart.mean),
            "lower_pence": None if chart is None else round(chart.lower),
            "upper_pence": None if chart is None else round(chart.upper),
            "rules": ", ".join(rules.get(one, ())),
            "provisional": chart is None or chart.provisional,
        }
        for one in every
    ]
