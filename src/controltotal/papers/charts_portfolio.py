"""Charts of a portfolio: where each body ends against its control total, and when schemes start.

Each takes rows of a Result's tables as they stand. Money is shown in £ million; nothing is worked
out here beyond that.
"""

from __future__ import annotations

from collections.abc import Mapping

from controltotal.core.calendar import month_name, month_of, parse_date
from controltotal.papers.vega import (
    DARK,
    INK,
    MIDDLE,
    WARM,
    Rows,
    Spec,
    chart,
    end,
    mark,
    million,
    name,
    number,
    step,
)


def totals_chart(rows: Rows, names: Mapping[str, str]) -> Spec:
    """Each body before schemes, after them, and its control total, in £m.

    `rows`: organisation, before_schemes, outcome, control_total in pence (table control_totals).
    """
    shown = [
        {
            "body": names.get(row["organisation"], row["organisation"]),
            "before": million(row["before_schemes"]),
            "after": million(row["outcome"]),
            "target": million(row["control_total"]),
        }
        for row in rows
        if row["outcome"] is not None
    ]
    y = name("body", title=None, sort=[row["body"] for row in shown], axis={"labelLimit": 300})
    title = "surplus or (deficit), £ million: before schemes, after them, and control total"
    return chart(
        mark(
            "bar",
            {"y": y, "x": number("before", title), "x2": end("after")},
            color=MIDDLE,
            height=14,
        ),
        mark("point", {"y": y, "x": number("after")}, filled=True, size=70, color=DARK),
        mark("tick", {"y": y, "x": number("target")}, color=WARM, thickness=4, size=24),
        rows=shown,
        width=520,
        height={"step": 34},
    )


def starts_chart(rows: Rows) -> Spec:
    """Expected saving in the year by the month in which the chosen schemes start, in £m.

    `rows`: chosen, start (ISO), saving_pence (table schemes).
    """
    saved: dict[tuple[int, int], int] = {}
    counted: dict[tuple[int, int], int] = {}
    months: dict[tuple[int, int], str] = {}
    for row in rows:
        if row["chosen"]:
            day = parse_date(row["start"])
            at = (day.year, day.month)
            months[at] = f"{month_name(month_of(day))[:3]} {day.year}"
            saved[at] = saved.get(at, 0) + row["saving_pence"]
            counted[at] = counted.get(at, 0) + 1
    shown = [
        {"month": months[at], "saving": million(saved[at]), "text": str(counted[at])}
        for at in sorted(months)
    ]
    x = step("month", title=None, sort=[row["month"] for row in shown], axis={"labelAngle": 0})
    title = "expected saving in the year, £ million (number of schemes above)"
    return chart(
        mark("bar", {"x": x, "y": number("saving", title)}, color=MIDDLE, stroke=INK),
        mark(
            "text",
            {"x": x, "y": number("saving"), "text": name("text")},
            baseline="bottom",
            dy=-4,
            fontSize=12,
            color=INK,
        ),
        rows=shown,
        width=560,
        height=260,
    )
