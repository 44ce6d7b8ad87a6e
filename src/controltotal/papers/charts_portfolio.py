"""Charts of a portfolio: where each body ends against its control total, and when schemes start.

Each takes rows of a Result's tables as they stand and gives an Altair chart. Money is shown in
£ million; nothing is worked out here beyond that.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from controltotal.core.calendar import month_name, month_of, parse_date
from controltotal.papers.svg import DARK, INK, MIDDLE, WARM, themed

MILLION = 100_000_000
Rows = Sequence[Mapping[str, Any]]


def _m(pence: int) -> float:
    return round(pence / MILLION, 4)


def totals_chart(rows: Rows, names: Mapping[str, str]) -> Any:
    """Each body before schemes, after them, and its control total, in £m.

    `rows`: organisation, before_schemes, outcome, control_total in pence (table control_totals).
    """
    import altair as alt

    shown = [row for row in rows if row["outcome"] is not None]
    values = [
        {
            "body": names.get(row["organisation"], row["organisation"]),
            "before": _m(row["before_schemes"]),
            "after": _m(row["outcome"]),
            "target": _m(row["control_total"]),
        }
        for row in shown
    ]
    order = [str(value["body"]) for value in values]
    base = alt.Chart(alt.Data(values=values))
    y = alt.Y("body:N", sort=order, title=None, axis=alt.Axis(labelLimit=300))
    title = "surplus or (deficit), £ million: before schemes, after them, and control total"
    bars = base.mark_bar(color=MIDDLE, height=14).encode(
        y=y, x=alt.X("before:Q", title=title), x2="after:Q"
    )
    ends = base.mark_point(filled=True, size=70, color=DARK).encode(y=y, x="after:Q")
    target = base.mark_tick(color=WARM, thickness=4, size=24).encode(y=y, x="target:Q")
    return themed(alt.layer(bars, ends, target).properties(height=alt.Step(34)), 520)


def starts_chart(rows: Rows) -> Any:
    """Expected saving in the year by the month in which the chosen schemes start, in £m.

    `rows`: chosen, start (ISO), saving_pence (table schemes).
    """
    import altair as alt

    saved: dict[str, int] = {}
    counted: dict[str, int] = {}
    for row in rows:
        if row["chosen"]:
            day = parse_date(row["start"])
            label = f"{month_name(month_of(day))[:3]} {day.year}"
            order = f"{day.year}-{day.month:02} {label}"
            saved[order] = saved.get(order, 0) + row["saving_pence"]
            counted[order] = counted.get(order, 0) + 1
    values = [
        {"month": order[8:], "saving": _m(saved[order]), "text": str(counted[order])}
        for order in sorted(saved)
    ]
    base = alt.Chart(alt.Data(values=values))
    months = [str(value["month"]) for value in values]
    x = alt.X("month:O", sort=months, title=None, axis=alt.Axis(labelAngle=0))
    title = "expected saving in the year, £ million (number of schemes above)"
    bars = base.mark_bar(color=MIDDLE, stroke=INK).encode(x=x, y=alt.Y("saving:Q", title=title))
    labels = base.mark_text(baseline="bottom", dy=-4, fontSize=12, color=INK).encode(
        x=x, y="saving:Q", text="text:N"
    )
    return themed(alt.layer(bars, labels).properties(height=260), 560)
