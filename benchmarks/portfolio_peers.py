"""One solver on one made-up portfolio, in a process of its own.

    python -m benchmarks.portfolio_peers SCIP 500 60 [0.01]

prints one line of JSON: seconds from the table to the answer, the portfolio's value and the bound
that the solver proved, in pounds, at a gap (one per cent unless given) and within a limit of
seconds, which for relaxing and fixing are processor seconds. A process each, because the libraries
carry copies of one another that do not go together.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Iterator
from importlib import import_module
from typing import Any

import numpy as np

from benchmarks.portfolio_instances import instance
from controltotal.savings.portfolio.matrix import NO_LIMIT, Table, tabulate
from controltotal.savings.portfolio.problem import Problem

GAP = 0.01
Answer = tuple[float | None, float | None]


def rows_of(table: Table) -> Iterator[tuple[list[int], list[float], float | None, float | None]]:
    """Each row for a peer: columns, scaled values, lower and upper."""
    for r in range(table.rows):
        entries = slice(int(table.start[r]), int(table.start[r + 1]))
        values = table.value[entries]
        size = float(np.abs(values).max(initial=1))
        low, high = int(table.lower[r]), int(table.upper[r])
        yield (
            table.column[entries].tolist(),
            (values / size).tolist(),
            low / size if low > -NO_LIMIT else None,
            high / size if high < NO_LIMIT else None,
        )


def ours(problem: Problem, gap: float = GAP) -> Answer:
    """controltotal, from the problem (its table is built again within the time)."""
    from controltotal.savings.portfolio.engine import choose

    chosen = choose(problem, ("saving",), gap)
    assert chosen.shortfall == 0, "the control totals of this instance can be met"
    return chosen.stages[0].value / 100, chosen.stages[0].bound / 100


def highs(_problem: Problem, table: Table, limit: float) -> Answer:
    """HiGHS on the whole problem at once."""
    import highspy

    solver = highspy.Highs()
    solver.setOptionValue("output_flag", False)
    solver.setOptionValue("mip_rel_gap", GAP)
    solver.setOptionValue("time_limit", limit)
    from controltotal.savings.portfolio import solver as own

    program = own.program_of(table, table.objective("saving"))
    scale = own._row_scale(program)
    nothing = np.zeros(0, dtype=np.int64)
    solver.passModel(own._model(program, nothing, scale, 1e-6, True, ()))
    solver.run()
    info = solver.getInfo()
    found = info.primal_solution_status == 2
    return (
        -info.objective_function_value * 1e4 if found else None,
        -info.mip_dual_bound * 1e4 if np.isfinite(info.mip_dual_bound) else None,
    )


def scip(_problem: Problem, table: Table, limit: float) -> Answer:
    """SCIP through pyscipopt."""
    from pyscipopt import Model, quicksum

    model = Model()
    model.hideOutput()
    x = [model.addVar(vtype="B") for _ in range(table.columns)]
    for columns, values, low, high in rows_of(table):
        total = quicksum(v * x[c] for c, v in zip(columns, values, strict=True))
        if high is not None:
            model.addCons(total <= high)
        if low is not None:
            model.addCons(total >= low)
    worth = (table.objective("saving") / 1e8).tolist()
    model.setObjective(quicksum(w * v for w, v in zip(worth, x, strict=True)), "maximize")
    model.setParam("limits/gap", GAP)
    model.setParam("limits/time", limit)
    model.optimize()
    value = model.getObjVal() * 1e6 if model.getNSols() else None
    bound = model.getDualbound()
    return value, bound * 1e6 if abs(bound) < 1e15 else None


def cbc(_problem: Problem, table: Table, limit: float) -> Answer:
    """CBC through PuLP, which carries it."""
    import pulp

    model = pulp.LpProblem("portfolio", pulp.LpMaximize)
    x = [pulp.LpVariable(f"x{n}", cat="Binary") for n in range(table.columns)]
    worth = (table.objective("saving") / 1e8).tolist()
    model += pulp.LpAffineExpression(list(zip(x, worth, strict=True)))
    for columns, values, low, high in rows_of(table):
        total = pulp.LpAffineExpression([(x[c], v) for c, v in zip(columns, values, strict=True)])
        if high is not None:
            model += total <= high
        if low is not None:
            model += total >= low
    solver = pulp.PULP_CBC_CMD(msg=False, gapRel=GAP, timeLimit=limit, threads=1)
    model.solve(solver)
    held = [v.value() for v in x]
    if any(h is None for h in held) or model.sol_status not in (1, 2):
        return None, None
    value = sum(w * round(h) for w, h in zip(worth, held, strict=True))
    return value * 1e6, None  # PuLP does not hand on the bound


def cp_sat(_problem: Problem, table: Table, limit: float) -> Answer:
    """CP-SAT, in whole pence as we have them, on both cores."""
    from ortools.sat.python import cp_model

    model = cp_model.CpModel()
    x = [model.NewBoolVar("") for _ in range(table.columns)]
    for r in range(table.rows):
        entries = slice(int(table.start[r]), int(table.start[r + 1]))
        total = cp_model.LinearExpr.WeightedSum(
            [x[c] for c in table.column[entries].tolist()], table.value[entries].tolist()
        )
        if table.upper[r] < NO_LIMIT:
            model.Add(total <= int(table.upper[r]))
        if table.lower[r] > -NO_LIMIT:
            model.Add(total >= int(table.lower[r]))
    model.Maximize(cp_model.LinearExpr.WeightedSum(x, table.objective("saving").tolist()))
    solver = cp_model.CpSolver()
    solver.parameters.relative_gap_limit = GAP
    solver.parameters.max_time_in_seconds = limit
    solver.parameters.num_workers = 2
    status = solver.Solve(model)
    found = status in (cp_model.OPTIMAL, cp_model.FEASIBLE)
    return (solver.ObjectiveValue() / 100 if found else None), solver.BestObjectiveBound() / 100


NEEDS = {
    "controltotal": "controltotal.savings.portfolio.engine",
    "SCIP": "pyscipopt",
    "CBC": "pulp",
    "CP-SAT": "ortools.sat.python.cp_model",
    "HiGHS whole": "highspy",
    "relax and fix": "highspy",
}
PEERS: dict[str, Any] = {
    "SCIP": scip,
    "CBC": cbc,
    "CP-SAT": cp_sat,
    "HiGHS whole": highs,
}


def main() -> None:
    name, schemes, limit = sys.argv[1], int(sys.argv[2]), float(sys.argv[3])
    import_module(NEEDS[name])  # loading a library is not solving a problem
    problem = instance(schemes)
    table = tabulate(problem)
    clock, cpu = time.perf_counter(), time.process_time()
    course: list[tuple[float, float]] = []
    if name == "controltotal":
        value, bound = ours(problem, float(sys.argv[4]) if len(sys.argv) > 4 else GAP)
    elif name == "relax and fix":
        from benchmarks.portfolio_fixing import relax_and_fix

        fixed = relax_and_fix(table, limit)
        value, bound, course = fixed.value, fixed.bound, fixed.course
    else:
        value, bound = PEERS[name](problem, table, limit)
    seconds, processor = time.perf_counter() - clock, time.process_time() - cpu
    took = {"seconds": seconds, "processor": processor, "value": value, "bound": bound}
    print(json.dumps(took | {"course": course}))


if __name__ == "__main__":
    main()
