"""The recipe that a user of HiGHS would write: relax, fix what is dear, solve the rest whole.

The relaxed problem prices every column; the three quarters with the dearest reduced costs are
fixed to nil, and HiGHS solves what is left as yes or no. It tells the bound of the relaxation,
which holds for every portfolio. As whoever stops it early has what it had found by then, its
*course* is kept: processor seconds since it began (the relaxation is in them) and the value that
it then had. Values are counted again in whole pence, and a portfolio that breaks a rule counts
for nothing.
"""

from __future__ import annotations

import time
from dataclasses import dataclass

import highspy
import numpy as np

from controltotal.savings.portfolio import solver as own
from controltotal.savings.portfolio.matrix import Table
from controltotal.savings.portfolio.search import breaks

FIXED_SHARE = 0.75
"""The share of columns that is fixed to nil."""
GAP_OF_REST = 1e-4
"""Where the recipe stops of itself: HiGHS's own default, so that time and not a gap ends it."""

Course = list[tuple[float, float]]


@dataclass(frozen=True, slots=True)
class Fixed:
    """The best value found in pounds (None: nothing yet), the relaxation's bound, the course."""

    value: float | None
    bound: float
    course: Course


def relax_and_fix(table: Table, limit: float, share: float = FIXED_SHARE) -> Fixed:
    """Follow the recipe for so many processor seconds of this process."""
    began = time.process_time()
    program = own.program_of(table, table.objective("saving"))
    nothing = np.zeros(0, dtype=np.int64)
    model = own._model(program, nothing, own._row_scale(program), 1e-6, True, ())
    whole = list(model.integrality_)
    model.integrality_ = []
    solver = highspy.Highs()
    for name, value in {"output_flag": False, "threads": 1, "mip_rel_gap": GAP_OF_REST}.items():
        solver.setOptionValue(name, value)
    solver.passModel(model)
    solver.run()
    bound = -solver.getInfo().objective_function_value * 1e4
    dear = np.argsort(np.array(solver.getSolution().col_dual), kind="stable")[::-1]
    most = np.ones(table.columns)
    most[dear[: round(share * table.columns)]] = 0.0
    model.col_upper_ = most
    model.integrality_ = whole
    solver.passModel(model)
    course: Course = []

    def improved(event: highspy.HighsCallbackEvent) -> None:
        chosen = np.array(event.data_out.mip_solution)[: table.columns] > 0.5
        if breaks(program, own.row_sums(program, chosen)).any():
            return
        pounds = int(program.objective[chosen].sum()) / 100
        course.append((time.process_time() - began, pounds))

    def late(event: highspy.HighsCallbackEvent) -> None:
        if time.process_time() - began > limit:
            event.interrupt()

    solver.cbMipImprovingSolution += improved
    solver.cbMipInterrupt += late
    solver.run()
    best = max((value for _, value in course), default=None)
    return Fixed(best, bound, course)
