"""Trade inside a group, taken out as named rows: the smaller side, from income and from cost.

What one body below a parent receives from another is that other's cost; added together both would
be counted. Taking the smaller side from each leaves every surplus unchanged. Where the two sides
differ, both figures are shown and the difference is a finding: it is never netted away.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from controltotal.book.amounts import WHOLE
from controltotal.book.periods import fill, months_needed
from controltotal.book.records import Amount
from controltotal.core.calendar import PERIODS
from controltotal.workings.totals import Totals

Series = list[list[Amount]]
"""The rows of one side of a trade, by line."""
Side = tuple[int | None, tuple[Amount, ...]]
"""What one side states, in pence (None: nothing), and by which rows."""


@dataclass(frozen=True, slots=True)
class Pair:
    """Trade between two bodies: what the payee says it receives and the payer says it pays.

    Both are of the months of which both bodies tell something, for a month in which one of them has
    not reported says nothing of whether they agree; None where a side cannot be told of these alone.
    """

    payer: str
    payee: str
    year: str
    basis: str
    scenario: str
    income: int | None
    cost: int | None
    rows: tuple[Amount, ...]

    @property
    def eliminated(self) -> int:
        """The smaller side; nil where one side is not stated."""
        if self.income is None or self.cost is None:
            return 0
        return min(self.income, self.cost)


def pairs(totals: Totals, year: str) -> list[Pair]:
    """Every pair of bodies that state trade with each other in a year."""
    lines = totals.position.lines
    income: dict[tuple[str, str, str, str], Series] = {}
    cost: dict[tuple[str, str, str, str], Series] = {}
    for code in totals.tree.organisations:
        for basis, scenario in totals.amounts.bases(code, year):
            if not totals.amounts.trades(code, year, basis, scenario):
                continue
            for (line, _, other), rows in totals.amounts.series(
                code, year, basis, scenario
            ).items():
                if not other or not lines[line].added:
                    continue
                if lines[line].kind == "income":
                    income.setdefault((other, code, basis, scenario), []).append(rows)
                else:
                    cost.setdefault((code, other, basis, scenario), []).append(rows)
    found = []
    for key in sorted(set(income) | set(cost)):
        payer, payee, basis, scenario = key
        shared = _months_told(totals, payer, year, basis, scenario)
        shared &= _months_told(totals, payee, year, basis, scenario)
        received = _side(income.get(key, []), shared, year)
        paid = _side(cost.get(key, []), shared, year)
        both = received[1] + paid[1]
        found.append(Pair(payer, payee, year, basis, scenario, received[0], paid[0], both))
    return found


def _months_told(totals: Totals, code: str, year: str, basis: str, scenario: str) -> frozenset[int]:
    """The months of which a body tells any income, cost or position of its own."""
    lines = totals.position.lines
    series = totals.amounts.series(code, year, basis, scenario)
    rows = [row for (line, _, _), own in series.items() if lines[line].added for row in own]
    rows += [row for (line, _, _), own in series.items() if line in WHOLE for row in own]
    return frozenset().union(*(PERIODS[row.month or ""] for row in rows))


def _side(series: Series, shared: frozenset[int], year: str) -> Side:
    """One side of a trade over the months shared; nothing where it cannot be told of these alone."""
    whole = [fill(rows, months_needed(year)) for rows in series]
    some = [fill(rows, months_needed(year) & shared) for rows in series]
    if any(one.months != every.months & shared for one, every in zip(some, whole, strict=True)):
        return None, ()
    rows = tuple(row for one in some for row in one.rows)
    return (sum(row.amount for row in rows), rows) if rows else (None, ())


def eliminations(totals: Totals, years: Iterable[str]) -> list[dict[str, object]]:
    """The table of eliminations: one named row for each pair and each parent above both."""
    table: list[dict[str, object]] = []
    for year in years:
        for pair in pairs(totals, year):
            above = set(totals.tree.ancestors(pair.payer, year))
            shared = [a for a in totals.tree.ancestors(pair.payee, year) if a in above]
            if not shared or pair.income is None or pair.cost is None:
                continue
            table.append(
                {
                    "name": f"trade of {pair.payer} with {pair.payee}",
                    "parent": shared[0],
                    "payer": pair.payer,
                    "payee": pair.payee,
                    "year": year,
                    "basis": pair.basis,
                    "scenario": pair.scenario,
                    "income_pence": pair.income,
                    "cost_pence": pair.cost,
                    "eliminated_pence": pair.eliminated,
                    "difference_pence": pair.income - pair.cost,
                }
            )
    return table
