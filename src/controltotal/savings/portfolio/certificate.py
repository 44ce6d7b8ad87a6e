"""What a portfolio can prove: what binds and what it is worth, and why each scheme was left out.

A limit binds where one more unit of it would be worth something. On a small problem that worth is
found by solving again with one more unit; on a large one it is the price in the relaxed problem;
each row says which. Where control totals are missed the worth is told in shortfall avoided.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from controltotal.core.calendar import year_label
from controltotal.core.money import format_pounds
from controltotal.savings.portfolio.engine import EXACT_COLUMNS, SMALL_COLUMNS, Chosen, branches
from controltotal.savings.portfolio.matrix import NO_LIMIT, Table
from controltotal.savings.portfolio.problem import OBJECTIVES, Candidate, Demand, objective_of
from controltotal.savings.portfolio.search import by_column, part_of
from controltotal.savings.portfolio.solver import Program, program_of, solve

UNITS: Final[dict[str, tuple[int, str]]] = {
    "capacity_wte": (1000, "one more whole-time equivalent"),
    "investment": (10_000_000, "£100 thousand more"),
    "saving_floor": (-10_000_000, "£100 thousand less"),
    "saving_ceiling": (10_000_000, "£100 thousand more"),
    "control_total": (-10_000_000, "£100 thousand less"),
    "special_measures": (-10_000_000, "£100 thousand less"),
    "harm_ceiling": (1, "one more point of residual harm"),
    "overlap": (10_000_000, "£100 thousand more"),
    "share_of_burden": (0, "one more percentage point"),
}
"""One unit by which each kind of demand is eased, and its words."""
PLAIN_BOUND_COLUMNS: Final = 20_000
"""Choices above which one body's bound is the plain one: each of its schemes at its best start."""
INNER: Final = "overlap_cut"
"""The rule that a scheme is cut only where its cap is full: it makes sums honest, and limits nobody."""
AGAIN_MOST: Final = 12
"""Most limits for which a small problem is solved again, those of the highest price first."""


@dataclass(frozen=True, slots=True)
class Binding:
    """A demand with what is used of it, and what one more unit is worth in pence.

    `price` is what the relaxed problem says of a unit, where parts of schemes may be chosen.
    """

    demand: Demand
    used: int
    short: int
    worth: int
    price: int
    unit: str
    method: str
    worth_of: str


def bindings(chosen: Chosen) -> list[Binding]:
    """Every demand that binds, the one whose unit has the highest price first."""
    table, demands = chosen.table, chosen.problem.demands
    program, worth_of = _pricing(chosen)
    prices = solve(program, whole=False, gap=1.0).prices if chosen.shortfall else None
    prices = chosen.relaxed.prices if prices is None else prices
    again = AGAIN_MOST if table.columns <= EXACT_COLUMNS and _proved(chosen) else 0
    # a missed total is shown among the totals: asking less of a body is no remedy
    tight = [
        r
        for r, demand in enumerate(demands)
        if _tight(chosen, r, float(prices[r]))
        and not (demand.elastic and chosen.shortfall)
        and demand.kind != INNER
    ]
    priced = {r: abs(float(prices[r]) * (_unit(demands[r])[0] or _point(chosen, r))) for r in tight}
    found: list[Binding] = []
    for place, r in enumerate(sorted(tight, key=lambda r: (-abs(priced[r]), r))):
        worth = price = round(priced[r])
        method = "price in the relaxed problem"
        solved = _solve_again(chosen, program, r) if place < again else None
        if solved is None:
            again = 0  # one that takes too long to prove tells that the others would as well
        else:
            worth, method = solved, "solved again with one more unit"
        if worth or priced[r]:
            demand = demands[r]
            found.append(
                Binding(
                    demand,
                    chosen.counted.sums[r],
                    chosen.counted.short[r],
                    worth,
                    price,
                    _unit(demand)[1],
                    method,
                    worth_of,
                )
            )
    return found


def _unit(demand: Demand) -> tuple[int, str]:
    """One unit by which a demand is eased, and its words; nil for a point of a whole."""
    return UNITS["saving_ceiling" if demand.in_money else demand.kind]


def _proved(chosen: Chosen) -> bool:
    """Whether what the worth is measured from is itself the best."""
    if chosen.shortfall:
        return chosen.shortfall - chosen.shortfall_bound <= chosen.shortfall // 10**9
    return chosen.stages[0].status == "optimal"


def _pricing(chosen: Chosen) -> tuple[Program, str]:
    """The program whose prices are told: the first objective, or shortfall where there is any."""
    table = chosen.table
    if chosen.shortfall:
        nothing = np.zeros(table.columns, dtype=np.int64)
        return program_of(table, nothing, penalty=1), "shortfall"
    return program_of(table, table.objective(chosen.stages[0].objective)), "objective"


def _tight(chosen: Chosen, row: int, price: float) -> bool:
    """Whether a demand may bind: it has a price, or a scheme left out would not fit under it."""
    if abs(price) > 1e-9:
        return True
    table = chosen.table
    uses = table.value[int(table.start[row]) : int(table.start[row + 1])]
    slack = int(table.upper[row]) - chosen.counted.sums[row]
    return int(uses.max(initial=0)) > slack


def _point(chosen: Chosen, row: int) -> int:
    """One percentage point of the whole of a share of burden, in the demand's own unit."""
    demand = chosen.problem.demands[row]
    whole = sum(
        chosen.problem.by_code[code].saving(demand.share_of, demand.year)[place]
        for code, place in chosen.choice.items()
    )
    return demand.share[1] * max(0, whole) // 100


def _solve_again(chosen: Chosen, program: Program, row: int) -> int | None:
    """What one more unit of a demand is worth: the best value with it, less the best without.

    None where that would take too long to prove.
    """
    demand = chosen.problem.demands[row]
    step = _unit(demand)[0] or _point(chosen, row)
    upper, lower = program.upper.copy(), program.lower.copy()
    if demand.upper is not None:
        upper[row] += abs(step)
    else:
        lower[row] += step
    nodes = branches(chosen.table.columns)
    eased_program = replace(program, upper=upper, lower=lower)
    chosen_now = chosen.table.chosen(chosen.choice)  # still allowed, and mostly still the best
    eased = solve(eased_program, whole=True, nodes=nodes, start=chosen_now, search=False)
    if eased.status != "optimal":
        eased = solve(eased_program, whole=True, nodes=nodes)
    if eased.status != "optimal":
        return None
    now = -chosen.shortfall if chosen.shortfall else chosen.stages[0].value
    return max(0, round(eased.value) - now) if np.isfinite(eased.value) else 0


def reasons(chosen: Chosen) -> dict[str, str]:
    """Why each candidate that was not chosen was left out, by scheme."""
    table = chosen.table
    marks = table.chosen(chosen.choice)
    broken = _broken_by(table, marks, chosen)
    found = {}
    for place, candidate in enumerate(chosen.problem.candidates):
        if candidate.code in chosen.choice:
            continue
        first, last = int(table.first_column[place]), int(table.first_column[place + 1])
        last = first + candidate.whole if candidate.whole else last
        found[candidate.code] = _reason(chosen, candidate, [broken[c] for c in range(first, last)])
    return found


def _broken_by(table: Table, marks: NDArray[np.bool_], chosen: Chosen) -> list[list[int]]:
    """For each column, the rows that adding it to the portfolio would break or miss by more."""
    sums = table.sums(marks)
    row, value = table.row_of_entry, table.value
    after = sums[row] + value
    over = (value > 0) & (after > table.upper[row])
    under = (value < 0) & (after < table.lower[row])
    found: list[list[int]] = [[] for _ in range(table.columns)]
    for entry in np.flatnonzero(over | under):
        found[int(table.column[entry])].append(int(row[entry]))
    return found


def _reason(chosen: Chosen, candidate: Candidate, broken: Sequence[list[int]]) -> str:
    """Why one candidate was left out: what stands in the way of every start, else of the best."""
    problem, demands = chosen.problem, chosen.problem.demands
    against = sorted(
        b if a == candidate.code else a for a, b in problem.pairs if candidate.code in (a, b)
    )
    excluding = [code for code in against if code in chosen.choice]
    if excluding:
        is_ = "is" if len(excluding) == 1 else "are"
        return f"it and {' and '.join(excluding)}, which {is_} chosen, exclude each other"
    missing = [b for b in problem.requires.get(candidate.code, ()) if b not in chosen.choice]
    if missing:
        return f"it requires {', '.join(missing)}, which was not chosen"
    if max(candidate.saving(), default=0) <= 0:
        return "it is worth nothing to the system as a whole in the years asked about"
    fitting = [place for place, rows in enumerate(broken) if not rows]
    if fitting:
        return _not_worth_it(chosen, candidate, fitting)
    common = set(broken[0]).intersection(*broken[1:])
    rows = sorted(common or set(broken[0]))
    named = [demands[r].label for r in rows if r < len(demands) and demands[r].kind != INNER][:3]
    if not named:
        return "it cannot start before a scheme that it requires"
    verb = "break" if common else "break, at its earliest start,"
    return f"adding it would {verb} {' and '.join(named)}; what stands there is worth more"


def _not_worth_it(chosen: Chosen, candidate: Candidate, fitting: Sequence[int]) -> str:
    """A scheme that would fit, and which objective it does not serve."""
    for stage in chosen.stages:
        worth = max(objective_of(candidate, stage.objective)[place] for place in fitting)
        if worth > 0:
            return (
                f"it would fit and add {format_pounds(worth)}, within the gap that is left unproved"
            )
        if worth < 0:
            return f"it would worsen what was asked for: {OBJECTIVES[stage.objective]}"
    return "it would add nothing to what was asked for"


def conflicts(chosen: Chosen) -> tuple[list[tuple[str, ...]], str]:
    """Smallest sets of demands that no safe portfolio keeps together, and how far that is proved.

    First each demand alone; else a deletion filter: demands are let go one by one, and one whose
    letting go would lift the conflict is held. What is left is irreducible. All months of a body's
    people count as one demand.
    """
    if not chosen.shortfall:
        return [], ""
    table, demands = chosen.table, chosen.problem.demands
    whole = table.columns <= EXACT_COLUMNS
    groups: dict[str, list[int]] = {}
    for r, demand in enumerate(demands):
        if demand.kind != INNER:
            groups.setdefault(_group_label(demand), []).append(r)
    floors = [label for label, rows in groups.items() if demands[rows[0]].elastic]
    alone = [label for label in floors if _conflict(table, groups, [label], whole)]
    if alone:
        return [
            (label,) for label in alone
        ], "more, by itself, than all eligible schemes together can bring"
    held = list(groups)
    if not _conflict(table, groups, held, whole):
        short = {_group_label(d) for d, s in zip(demands, chosen.counted.short, strict=True) if s}
        return [tuple(sorted(short))], "those that are missed; not reduced further"
    for label in sorted(groups, key=lambda g: (g in floors, g)):
        fewer = [other for other in held if other != label]
        if _conflict(table, groups, fewer, whole):
            held = fewer
    proof = "irreducible: letting any one of them go lifts the conflict"
    return [tuple(held)], proof if len(held) > 2 else proof + "; no smaller set conflicts"


def _group_label(demand: Demand) -> str:
    """How a demand is called among conflicts: the months of one body's people together."""
    if demand.kind != "capacity_wte":
        return demand.label
    what = f" ({demand.group})" if demand.group else ""
    return f"people of {demand.organisation}{what}, {year_label(demand.year)}"


def _conflict(table: Table, groups: dict[str, list[int]], held: Sequence[str], whole: bool) -> bool:
    """Whether no portfolio keeps all the held demands; relaxed problems may miss a conflict."""
    rows = np.ones(table.rows, dtype=np.bool_)
    rows[: table.demands] = [one.kind == INNER for one in table.problem.demands]
    for label in held:
        rows[groups[label]] = True
    program = program_of(table, np.zeros(table.columns, dtype=np.int64))
    free = replace(
        program,
        lower=np.where(rows, program.lower, -NO_LIMIT),
        upper=np.where(rows, program.upper, NO_LIMIT),
    )
    nodes = branches(table.columns)
    return solve(free, whole=whole, nodes=nodes).status == "infeasible"


def bound_for(chosen: Chosen, bodies: frozenset[str], year: str) -> int:
    """What no safe portfolio can exceed in the saving of some bodies in a year.

    Over the schemes that reach these bodies, under the rules that concern no others; leaving rules
    out can only raise a bound. On a very large problem: each scheme at its best start.
    """
    table = chosen.table
    worth = np.array(
        [p for c in chosen.problem.candidates for p in c.saving(bodies, year)], dtype=np.int64
    )
    reaching = np.flatnonzero(worth)
    if not len(reaching):
        return 0
    if table.columns > PLAIN_BOUND_COLUMNS:
        best = np.zeros(len(chosen.problem.candidates), dtype=np.int64)
        np.maximum.at(best, table.scheme, worth)
        return int(best.sum())
    schemes = np.unique(table.scheme[reaching])
    columns = np.flatnonzero(np.isin(table.scheme, schemes))
    program = program_of(table, worth)
    outside = np.ones(table.columns, dtype=np.bool_)
    outside[columns] = False
    touched = np.zeros(table.rows, dtype=np.int64)
    low = np.where(outside[table.column], table.value, 0)
    np.minimum.at(touched, table.row_of_entry, low)
    shared = np.zeros(table.rows, dtype=np.bool_)
    np.logical_or.at(shared, table.row_of_entry, outside[table.column])
    free = replace(
        program,
        lower=np.where(shared | table.elastic, -NO_LIMIT, program.lower),
        upper=np.where(touched < 0, NO_LIMIT, program.upper),
    )
    part = part_of(free, by_column(free), columns, np.zeros(table.rows, dtype=np.int64))
    exact = len(columns) <= SMALL_COLUMNS
    found = solve(part, whole=exact, nodes=branches(len(columns)))
    here = sum(
        chosen.problem.by_code[code].saving(bodies, year)[place]
        for code, place in chosen.choice.items()
    )
    margin = max(0.01, abs(found.bound) * (1e-10 if exact else 1e-9))
    return max(here, int(np.floor(found.bound + margin)))
