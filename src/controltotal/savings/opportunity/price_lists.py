"""Price per unit: paying no more for the same medicine than the best tenth of practices.

Published lists are already clipped at each practice and summed; rows from practices are clipped
here. One month of prices has no noise that could be measured, so only the raw figure is shown.
"""

from __future__ import annotations

from typing import Any

from controltotal.core.result import Answer
from controltotal.savings.opportunity import benchmark_queries as q
from controltotal.savings.opportunity.catalogue import Catalogue, Dataset
from controltotal.savings.opportunity.panel import connection, open_table, reading
from controltotal.savings.opportunity.periods import read_period
from controltotal.savings.opportunity.run import Asked

MEASURE = "price_per_unit"


def add_price_lists(answer: Answer, found: Catalogue, asked: Asked) -> bool:
    """Add what price lists say of the areas and period asked; whether any did."""
    if asked.measures and not {MEASURE, "pounds"} & set(asked.measures):
        return False
    shown = False
    for dataset in found.datasets.values():
        path = found.source(dataset) if dataset.layout == "price_per_unit" else None
        if path is None:
            continue
        period = read_period(dataset.period)
        if asked.period is not None and asked.period.id != period.id:
            continue
        with reading(path):
            rows = _by_area(path, dataset)
        for row in rows:
            if (not asked.areas and MEASURE in asked.measures) or row["area"] in asked.areas:
                _add(answer, dataset, period.id, row)
                shown = True
    return shown


def _by_area(path: Any, dataset: Dataset) -> list[dict[str, Any]]:
    table = open_table(path, (dataset.area,))
    if "possible_savings" in table.columns:
        rows = connection().to_polars(q.price_per_unit_lines(table, area=dataset.area))
    else:
        lines = q.price_per_unit(table.rename(area=dataset.area))
        rows = connection().to_polars(
            lines.group_by("area").agg(
                presentations=lines.count(),
                quantity=lines.quantity.sum(),
                cost=lines.cost.sum(),
                saving=lines.saving.sum(),
                doubtful=lines.saving.sum() * 0.0,
            )
        )
    found: list[dict[str, Any]] = rows.sort("area").to_dicts()
    return found


def _add(answer: Answer, dataset: Dataset, period: str, row: dict[str, Any]) -> None:
    name = f"opportunity/{row['area']}/{period}/benchmark/{MEASURE}"
    raw = round(row["saving"] * 100)
    rule = "price above the best tenth of practices, clipped at each practice, times quantity"
    answer.figure(f"{name}/raw", raw, rule=rule)
    answer.figure(
        name,
        None,
        rule="not shown: one month of prices has no noise to measure",
        inputs=(f"{name}/raw",),
    )
    answer.table(
        "price_per_unit",
        [
            {
                "area": row["area"],
                "period": period,
                "presentations": row["presentations"],
                "cost": round(row["cost"] * 100),
                "raw": raw,
                "raw_doubtful": round((row["doubtful"] or 0.0) * 100),
                "source": dataset.title,
            }
        ],
    )
