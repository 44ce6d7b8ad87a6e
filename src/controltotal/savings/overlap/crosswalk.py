"""Two views that meet: cells of shared money, proportional by assumption, sharp by program.

A crosswalk says what share of a category's money (view A) lies in a category of view B. Each cell
holds M pounds. How much of each category's *saving* falls into a cell is a further question:

* in proportion to the money is an assumption, and gives the `netted` figure,
  a + b - ab/M in every cell;
* anything that the money allows is what is really known, and gives the `lower` and `upper`
  bound: a linear program over every allocation, one for the least and one for the most.

Money of a category that lies in no cell (prescribing, ambulances, buildings) meets nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from controltotal.core.progress import stop_if_cancelled
from controltotal.savings.linear import least
from controltotal.savings.overlap.bounds import Range, union
from controltotal.savings.overlap.ipf import Infeasible, fit

Array = NDArray[np.float64]
Pair = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Category:
    """A category of one view: what it could save and what it spends (None: unknown), in pence."""

    saving: int
    spend: int | None = None


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of the overlap matrix: money, both views' savings in proportion, their union."""

    category_a: str
    category_b: str
    spend: int | None
    saving_a: int
    saving_b: int
    union: Range

    @property
    def overlap(self) -> int | None:
        """What would be counted twice here, in proportion; None where money is unknown."""
        if self.union.netted is None:
            return None
        return self.saving_a + self.saving_b - self.union.netted


@dataclass(frozen=True, slots=True)
class Meeting:
    """Two views together: the range, its cells, and whether shares were more than the whole."""

    total: Range
    cells: tuple[Cell, ...]


def meet(
    view_a: Mapping[str, Category], view_b: Mapping[str, Category], shares: Mapping[Pair, float]
) -> Meeting:
    """The union of two views that share money as `shares` say (share of A's category in B's).

    >>> meeting = meet({"heart": Category(20, 100)}, {"cardiology": Category(50, 100)},
    ...                {("heart", "cardiology"): 1.0})
    >>> meeting.total
    Range(lower=50, netted=60, upper=70)
    """
    links = {
        pair: share
        for pair, share in sorted(shares.items())
        if share > 0 and pair[0] in view_a and pair[1] in view_b
    }
    cells = _cells(view_a, view_b, links)
    saved_a = sum(c.saving for c in view_a.values())
    saved_b = sum(c.saving for c in view_b.values())
    lower, upper = _sharp(view_a, view_b, links)
    lower, upper = max(lower, saved_a, saved_b), min(upper, saved_a + saved_b)
    upper = max(upper, lower)
    netted: int | None = None
    if all(cell.union.netted is not None for cell in cells):
        twice = sum(cell.overlap or 0 for cell in cells)
        netted = min(max(saved_a + saved_b - twice, lower), upper)
    return Meeting(Range(lower, netted, upper), cells)


def is_mask(shares: Mapping[Pair, float]) -> bool:
    """Whether shares only say what is possible: all 0 or 1, and some category in several cells.

    >>> is_mask({("heart", "cardiology"): 1.0, ("heart", "surgery"): 1.0})
    True
    """
    count: dict[str, int] = {}
    for (category, _), share in shares.items():
        count[category] = count.get(category, 0) + (share == 1)
    return all(share in (0.0, 1.0) for share in shares.values()) and max(count.values()) > 1


def fitted_shares(
    view_a: Mapping[str, Category], view_b: Mapping[str, Category], mask: Mapping[Pair, float]
) -> dict[Pair, float] | None:
    """Shares from both lists' spending and what is possible, by proportional fitting.

    None where spending is not known, differs in total, or cannot be laid in the possible cells.

    >>> one, other = Category(1, 60), Category(1, 40)
    >>> found = fitted_shares({"a": one, "b": other}, {"x": Category(1, 70), "y": Category(1, 30)},
    ...                       {("a", "x"): 1.0, ("a", "y"): 1.0, ("b", "x"): 1.0})
    >>> {pair: round(share, 3) for pair, share in (found or {}).items()}
    {('a', 'x'): 0.5, ('a', 'y'): 0.5, ('b', 'x'): 1.0}
    """
    names_a, names_b = sorted(view_a), sorted(view_b)
    spends = [
        [view[name].spend for name in names]
        for view, names in ((view_a, names_a), (view_b, names_b))
    ]
    if any(not spend for side in spends for spend in side):
        return None
    rows, columns = (np.array(side, dtype=np.float64) for side in spends)
    seed = np.array([[mask.get((a, b), 0.0) for b in names_b] for a in names_a])
    try:
        table = fit(seed, rows, columns).table / rows[:, None]
    except Infeasible:
        return None
    return {
        (a, b): float(table[i, j])
        for i, a in enumerate(names_a)
        for j, b in enumerate(names_b)
        if seed[i, j]
    }


def _cells(
    view_a: Mapping[str, Category], view_b: Mapping[str, Category], links: Mapping[Pair, float]
) -> tuple[Cell, ...]:
    """Every cell with savings in proportion to the money in it."""
    into: dict[str, float] = {}
    for (a, b), share in links.items():
        into[b] = into.get(b, 0.0) + share * _size(view_a[a])
    cells = []
    for (a, b), share in links.items():
        one, other = view_a[a], view_b[b]
        spend = None if one.spend is None else round(one.spend * share)
        whole = other.spend if other.spend is not None and one.spend is not None else into[b]
        part = min(1.0, share * _size(one) / whole) if whole else 0.0
        saving_a, saving_b = round(one.saving * share), round(other.saving * part)
        fits = spend is not None and max(saving_a, saving_b) <= spend
        cells.append(
            Cell(
                a,
                b,
                spend,
                saving_a,
                saving_b,
                union([saving_a, saving_b], spend if fits else None),
            )
        )
    return tuple(cells)


def _size(category: Category) -> float:
    """The money that allocates the other view's saving: spend, else the saving itself."""
    return float(category.saving if category.spend is None else category.spend)


def _sharp(
    view_a: Mapping[str, Category], view_b: Mapping[str, Category], links: Mapping[Pair, float]
) -> tuple[int, int]:
    """The least and the most that both views can save together, whatever the allocation.

    Variables: a saving of A and of B and their union in each cell. Savings of a category fill
    its cells and the rest of its money; no cell saves more than it spends.
    """
    saved = sum(c.saving for c in (*view_a.values(), *view_b.values()))
    if not links or not saved:
        return saved, saved
    program = _Program(view_a, view_b, links, float(saved))
    least, most = program.solve(1.0), program.solve(-1.0)
    if least is None or most is None:  # shares that no allocation can meet: nothing is known
        return 0, saved
    return least, most


class _Program:
    """Columns are a, b, u of each cell in turn; amounts are scaled by the sum of all savings."""

    def __init__(
        self,
        view_a: Mapping[str, Category],
        view_b: Mapping[str, Category],
        links: Mapping[Pair, float],
        scale: float,
    ) -> None:
        self.scale, self.pairs = scale, list(links)
        n = len(self.pairs)
        self.n = n
        self.money = np.array(
            [
                np.inf if view_a[a].spend is None else view_a[a].spend * s / scale  # type: ignore[operator]
                for (a, _), s in links.items()
            ]
        )
        rows: list[Array] = []
        limits: list[float] = []
        for side, view in ((0, view_a), (1, view_b)):
            for name, category in view.items():
                mine = [k for k, pair in enumerate(self.pairs) if pair[side] == name]
                if not mine:
                    continue
                row = np.zeros(3 * n)
                row[[k + side * n for k in mine]] = 1.0
                rows.append(row)
                limits.append(category.saving / scale)
                if category.spend is not None:  # what falls outside its cells must fit there
                    inside = float(self.money[mine].sum())
                    outside = max(0.0, category.spend / scale - inside)
                    if np.isfinite(inside):
                        rows.append(-row)
                        limits.append(min(0.0, outside - category.saving / scale))
        self.rows, self.limits = rows, limits
        self.saved = sum(c.saving for c in (*view_a.values(), *view_b.values())) / scale

    def solve(self, sense: float) -> int | None:
        """Least (sense 1) or most (-1) union: all savings less what cells count twice."""
        stop_if_cancelled()
        n, eye, nil = self.n, np.eye(self.n), np.zeros((self.n, self.n))
        if sense > 0:  # u at least a and b
            unions = [np.hstack([eye, nil, -eye]), np.hstack([nil, eye, -eye])]
        else:  # u at most a + b (and at most the money, as a bound)
            unions = [np.hstack([-eye, -eye, eye])]
        above = np.vstack([*unions, np.array(self.rows)])
        right = np.concatenate([np.zeros(n * len(unions)), self.limits])
        cost = sense * np.concatenate([-np.ones(n), -np.ones(n), np.ones(n)])
        low, most = np.full(len(right), -np.inf), np.tile(self.money, 3)
        found = least(cost, above, low, right, most)
        if found is None:
            return None
        total: float = self.saved + sense * found
        return round(total * self.scale)
