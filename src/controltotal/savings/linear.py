"""Small linear programs in decimals, solved by HiGHS: what bounds rest on, never what is chosen."""

from __future__ import annotations

from typing import Any

import highspy
import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


def least(cost: Array, rows: Array, lower: Array, upper: Array, most: Array) -> float | None:
    """The least `cost` of columns from nil to `most` whose sums by row lie between `lower` and `upper`.

    `rows` is (row, column); infinity is no limit. None where no columns obey the rows, or where the
    least has no end.

    >>> least(np.array([1.0, 2.0]), np.array([[1.0, 1.0]]), np.array([3.0]), np.array([np.inf]),
    ...       np.array([2.0, 5.0]))
    4.0
    >>> least(np.array([1.0]), np.array([[1.0]]), np.array([3.0]), np.array([3.0]), np.array([2.0]))
    """
    solver: Any = highspy.Highs()
    for name, value in (("output_flag", False), ("threads", 1), ("random_seed", 1)):
        solver.setOptionValue(name, value)
    program = highspy.HighsLp()
    program.num_col_, program.num_row_ = len(cost), len(rows)
    program.col_cost_, program.col_lower_, program.col_upper_ = cost, np.zeros(len(cost)), most
    program.row_lower_, program.row_upper_ = lower, upper
    row, column = np.nonzero(rows)
    program.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    program.a_matrix_.start_ = np.concatenate(
        [[0], np.cumsum(np.bincount(row, minlength=len(rows)))]
    )
    program.a_matrix_.index_ = column.astype(np.int32)
    program.a_matrix_.value_ = rows[row, column]
    solver.passModel(program)
    solver.run()
    if solver.getModelStatus() != highspy.HighsModelStatus.kOptimal:
        return None
    return float(solver.getInfo().objective_function_value)
