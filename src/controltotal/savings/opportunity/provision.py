"""Is the gap an opportunity, or would closing it mean doing too little?

Spending less than others is no virtue where it buys worse health. Where a measure names an outcome,
an area's gap is set aside if the comparators that make its benchmark do worse on that outcome than
the area does: to spend what they spend would be to provide what they provide. (RightCare puts
spend, activity and outcome side by side for the same reason.)
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from controltotal.savings.opportunity.panel import reading

Array = NDArray[np.float64]


def under_provision(outcome: Array, weights: Array, sign: int = 1) -> NDArray[np.bool_]:
    """True for areas whose benchmark comparators have worse outcomes than they have themselves.

    `outcome` (area,), `weights` (area, comparator), `sign` 1 where a higher outcome is better.
    Areas or comparators without an outcome are never set aside on this ground.

    >>> half = np.array([[0.0, 1.0], [1.0, 0.0]])
    >>> under_provision(np.array([80.0, 70.0]), half).tolist()
    [True, False]
    """
    known = np.isfinite(outcome)
    share = weights[:, known].sum(axis=1)
    with np.errstate(divide="ignore", invalid="ignore"):
        theirs = weights[:, known] @ outcome[known] / share
    worse = sign * (outcome - theirs) > 1e-9 * np.abs(outcome)
    return np.asarray(known & (share > 0.5) & worse)


def read_outcomes(folder: Path) -> Mapping[str, Mapping[str, float]]:
    """Outcomes by name and area from a folder's `outcomes.csv` (outcome, area, value)."""
    path = folder / "outcomes.csv"
    found: dict[str, dict[str, float]] = {}
    if path.is_file():
        with reading(path), path.open(encoding="utf-8-sig", newline="") as file:
            for row in csv.DictReader(file):
                found.setdefault(row["outcome"], {})[row["area"]] = float(row["value"])
    return found
