"""How the arrays of a delivery model lie, for whichever engine reads them.

Shapes: S sources, P parts (a source on an organisation), O organisations (slots), F factors
(the last row is a factor of nil, for sources that lack one), Y years, H = 12 Y months.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np


class Arrays(NamedTuple):
    """The model as the kernel reads it; every table is indexed by the place in a sorted list."""

    keys: np.ndarray  # (S,) uint64: stream of each source
    start_score: np.ndarray  # (S,) float32: scores below it do not start
    row_score: np.ndarray  # (S,) float32: score at which its row of quantiles begins
    row_scale: np.ndarray  # (S,) float32: cells of the row for each unit of score
    row_of: np.ndarray  # (S,) int64: row of quantiles
    rows: np.ndarray  # (R, 256, 2) float32: share between low (0) and high (1), and its rise
    low: np.ndarray  # (S,) float64
    span: np.ndarray  # (S,) float64: high less low
    fixed: np.ndarray  # (S,) bool: starts for certain with a certain share
    factor: np.ndarray  # (S, 3) int64: which factors
    loading: np.ndarray  # (S, 3) float32
    rest: np.ndarray  # (S,) float32: loading of the source's own score
    delay_of: np.ndarray  # (S,) int64: row of delay thresholds, -1 where never late
    delays: np.ndarray  # (D, 12) int32
    step_start: np.ndarray  # (S + 1,) int64
    step_month: np.ndarray  # int64: month of the horizon, may be negative
    step_rate: np.ndarray  # float64: pence a month
    part_start: np.ndarray  # (O + 1,) int64
    part_source: np.ndarray  # (P,) int64
    part_weight: np.ndarray  # (P,) float64
    base: np.ndarray  # (O, Y) int64 pence
    base_course: np.ndarray  # (O, 12) float64: first year's base to date, pence
    base_sd: np.ndarray  # (O,) float64 pence
    base_from: np.ndarray  # (O,) int64: months recorded, in which the base is not off
    base_keys: np.ndarray  # (O,) uint64
    course_start: np.ndarray  # (O + 1,) int64: nodes whose months an organisation is part of
    course_node: np.ndarray  # int64
    factor_keys: np.ndarray  # (F,) uint64; the last is the factor of nil
    factor_scores: np.ndarray  # (65536, 2) float32: the same, finer, for the common factors
    scores: np.ndarray  # (2048, 2) float32: score at a cell's start, and its rise
