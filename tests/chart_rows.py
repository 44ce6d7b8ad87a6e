"""Rows of a month for charts, in £ million, and what a chart made of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from controltotal.core.xmr import xmr
from controltotal.papers.vega import Spec

M = 100_000_000
"""Pence in £1 million."""

YEAR = "2026-27"

STANDS = "stands in for month 9"


def layers_of(spec: Spec, kind: str) -> list[Spec]:
    return [layer for layer in spec["layer"] if layer["mark"]["type"] == kind]


def rows_with(spec: Spec, *fields: str) -> list[Mapping[str, Any]]:
    """Rows of every layer that hold all of some fields, each once."""
    found: list[Mapping[str, Any]] = []
    for layer in spec["layer"]:
        found += [
            row
            for row in layer["data"]["values"]
            if all(f in row for f in fields) and row not in found
        ]
    return found


def texts(spec: Spec) -> list[str]:
    """Every text that is drawn, each once, on one line."""
    found = [
        row["text"].replace("\n", " ")
        for layer in layers_of(spec, "text")
        for row in layer["data"]["values"]
    ]
    return list(dict.fromkeys(found))


def bridge(start: int, drivers: Mapping[str, int], end: int, rest: int = 0) -> list[dict[str, Any]]:
    """Rows of table `bridge` from plan to forecast, in £m, and one of another bridge."""
    ends = {
        "organisation": "T1",
        "year": YEAR,
        "from": f"adjusted_surplus/T1/{YEAR}/plan",
        "to": f"adjusted_surplus/T1/{YEAR}/forecast",
    }
    rows = [{"driver": "start", "kind": "start", "pence": start * M}]
    rows += [{"driver": d, "kind": "driver", "pence": p * M} for d, p in drivers.items()]
    rows += [{"driver": "not_explained", "kind": "residual", "pence": rest * M}] if rest else []
    rows += [{"driver": "end", "kind": "end", "pence": end * M}]
    rows += [{"driver": "support", "kind": "apart", "pence": -2 * M}]
    other = {**ends, "from": "adjusted_surplus/T1/2025-26/actual"}
    return [{**ends, **row} for row in rows] + [
        {**other, "driver": "start", "kind": "start", "pence": -99 * M}
    ]


MISSING = {
    "gap": 10,
    "unidentified": 3,
    "to_find": 13,
    "uncounted": 2,
    "counted": 50,
    "recorded": -5,
    "before_schemes": 60,
    "margin": 1,
    "chosen": -40,
    "shortfall": 21,
}


def missing(steps: Mapping[str, int]) -> list[dict[str, Any]]:
    return [
        {"organisation": "T1", "year": YEAR, "step": s, "pence": p * M} for s, p in steps.items()
    ]


def staged(when: str, **pence: int) -> list[dict[str, Any]]:
    return [{"when": when, "maturity": stage, "pence": p * M} for stage, p in pence.items()]


def month_rows(
    plan: Sequence[int | None], actual: Sequence[int | None], forecast: int
) -> list[dict[str, Any]]:
    return [
        {
            "organisation": "T1",
            "month": month,
            "plan_pence": None if plan[month - 1] is None else plan[month - 1] * M,
            "actual_pence": None if actual[month - 1] is None else actual[month - 1] * M,
            "forecast_pence": forecast * M if month == 12 else None,
            "stand_in": "",
        }
        for month in range(1, 13)
    ]


def fan_rows(first: int = 1) -> list[dict[str, Any]]:
    """£1m a month to month 9, then a band that opens by £1m each side each month."""
    rows = []
    for month in range(first, 13):
        wide = max(0, month - 9) * M
        middle = -month * M
        quantiles = {"p10": -2, "p25": -1, "p50": 0, "p75": 1, "p90": 2}
        rows.append(
            {"month": month, **{f"{q}_pence": middle + k * wide // 2 for q, k in quantiles.items()}}
        )
    return rows


NINE: list[int | None] = [*range(-1, -10, -1), None, None, None]


def body(name: str, measured: int | None, total: int | None, **more: Any) -> dict[str, Any]:
    pence = [None if one is None else one * M for one in (measured, total)]
    return {"name": name, "measured_pence": pence[0], "control_total_pence": pence[1], **more}


BODIES = [
    body("Ash", 1, 0),
    body("Birch", -7, 2),
    body("Cedar", -3, -3, stand_in=STANDS, month=9),
    body("Dogwood", 0, 5, reported=False),
    body("Elm", None, 1),
    body("Fir", -4, None),
    body("Gorse", -2, 1),
]


def variance(name: str, to_date: int | None, year: int | None, **more: Any) -> dict[str, Any]:
    pence = [None if one is None else one * M for one in (to_date, year)]
    return {"name": name, "month": 9, "variance": pence[0], "variance_year": pence[1], **more}


def case(name: str, pence: int | None, short: int | None) -> dict[str, Any]:
    money = [None if one is None else one * M for one in (pence, short)]
    return {"organisation": "T1", "case": name, "pence": money[0], "short_pence": money[1]}


def monthly(*pounds: int | None) -> list[dict[str, Any]]:
    return [
        {"organisation": "T1", "year": YEAR, "month": m, "pence": None if p is None else p * M}
        for m, p in enumerate(pounds, 1)
    ]


def limited(rows: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Rows of a control chart of the months that are told; fewer than six have no limits."""
    told = [row for row in rows if row["pence"] is not None]
    chart = xmr([row["pence"] for row in told]) if len(told) >= 6 else None
    limits: list[tuple[str, int | None]] = [
        ("mean_pence", None if chart is None else round(chart.mean)),
        ("lower_pence", None if chart is None else round(chart.lower)),
        ("upper_pence", None if chart is None else round(chart.upper)),
    ]
    return [
        {
            **row,
            **dict(limits),
            "rules": "" if chart is None else ", ".join(chart.rules[place]),
            "provisional": chart is None or chart.provisional,
        }
        for place, row in enumerate(told)
    ]
