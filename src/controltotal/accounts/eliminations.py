"""Trade inside a group, taken out as named rows: the smaller side, from income and from cost.

What one body below a parent receives from another is that other's cost; added together both would
be counted. Taking the smaller side from each leaves every surplus unchanged. Where the two sides
differ, both figures are shown and the difference is a finding: it is never netted away.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from controltotal.book.periods import fill, months_needed
from controltotal.book.records import Amount
from controltotal.workings.totals import Totals


@dataclass(frozen=True, slots=True)
class Pair:
    """Trade between two bodies: what the payee says it receives and the payer says it pays."""

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
    income: dict[tuple[str, str, str, str], list[list[Amount]]] = {}
    cost: dict[tuple[str, str, str, str], list[list[Amount]]] = {}
    for code in totals.tree.organisations:
        for basis, scenario in totals.amounts.bases(code, year):
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
        received, in_rows = _total(income.get(key), year)
        paid, out_rows = _total(cost.get(key), year)
        found.append(Pair(key[0], key[1], year, key[2], key[3], received, paid, in_rows + out_rows))
    return found


def _total(series: list[list[Amount]] | None, year: str) -> tuple[int | None, tuple[Amount, ...]]:
    if not series:
        return None, ()
    filled = [fill(rows, months_needed(year)) for rows in series]
    return sum(f.pence for f in filled), tuple(row for f in filled for row in f.rows)


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
