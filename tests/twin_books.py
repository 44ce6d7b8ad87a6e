"""A book and its neighbours: what each number that is shown tells of each number that was put in.

Each input of a small system is moved by itself and all is reckoned anew: that gives a table of
effects, a row for each number told, a column for each input. Whoever reads what is shown knows that
table, for the program is open; a figure is told if its row is a sum of rows that are shown. No
identity has to be named for that, and none can be forgotten.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cache
from typing import Any, Final

import numpy as np

from controltotal.core.result import Result
from controltotal.core.withheld_reckoning import SORTS
from controltotal.verbs.opening import opened
from controltotal.verbs.packs import pack_results
from controltotal.verbs.publishing import told_to_public
from controltotal.workings.workings import Workings
from tests.strategies import YEAR, Book, Cells, position_of

NEXT: Final = "2027-28"
STEP: Final = 252_000
"""Pounds by which an input is moved: twelfths, sevenths and ninths of it are whole pence."""
MONTHS: Final = range(1, 13)
Results = Mapping[str, Result]
Move = tuple[tuple[str, int, str], ...]
"""The cells (table, row, column) that move together."""


def system() -> dict[str, list[Cells]]:
    """Three organisations with months, cash, capital, totals, support, schemes and risks."""
    bodies = ("T1", "T2", "T3")
    people = {"T1": 310_000, "T2": 450_000, "T3": 520_000}
    tree: list[Cells] = [{"code": "S1", "name": "Sedge system", "kind": "system"}]
    names = {"T1": "Alder Trust", "T2": "Beech Trust", "T3": "Cedar Trust"}
    tree += [
        {"code": c, "name": names[c], "kind": "provider", "parent": "S1"}
        | {"population": str(people[c]), "deprivation": f"0.{n}1"}
        for n, c in enumerate(bodies, start=1)
    ]
    said: dict[str, list[Cells]] = {"organisations": tree}
    for n, code in enumerate(bodies):
        for table, rows in _body(code, n).items():
            said.setdefault(table, []).extend(rows)
    for table, rows in _between().items():
        said.setdefault(table, []).extend(rows)
    return said


def _body(code: str, n: int) -> dict[str, list[Cells]]:
    own = {"organisation": code, "year": YEAR}
    sizes = {"patient_care_income": 9_413_000 + n * 711_300, "pay": 9_429_100 + n * 702_700}
    amounts: list[Cells] = []
    for k, (line, size) in enumerate(sizes.items()):
        for month in MONTHS:
            row = {**own, "line": line, "month": str(month)}
            plan = size + 1_300 * ((month * 7 + k) % 5)
            amounts.append({**row, "basis": "plan", "amount": str(plan)})
            drift = 11_900 * (n + 1) + 3_100 * ((month * 5 + k) % 7) + 700 * month
            if month <= 6:
                sign = -1 if line == "patient_care_income" else 1
                amounts.append({**row, "basis": "actual", "amount": str(plan + sign * drift)})
        late = sum(int(r["amount"]) for r in amounts if (r["line"], r["basis"]) == (line, "plan"))
        worse = (251_700 + 70_300 * n) * (-1 if line == "patient_care_income" else 1)
        row = {**own, "line": line, "basis": "forecast"}
        amounts.append({**row, "amount": str(late + worse)})
        inner = {**row, "scenario": "internal"}
        amounts.append({**inner, "amount": str(late + worse * 2)})
    facts: list[Cells] = []
    for month in (3, 6):
        row = {**own, "line": "cash", "basis": "actual", "month": str(month)}
        amounts.append({**row, "amount": str(14_101_900 + 601_700 * (n + 1) - month * 71_300)})
    for basis, value in (("plan", 14_713_900), ("forecast", 13_543_600)):
        row = {**own, "line": "cash", "basis": basis, "month": "12"}
        amounts.append({**row, "amount": str(value + n * 913_700)})
    about = {**own, "fact": "capital_spend", "unit": "£"}
    for basis, value in (("plan", 7_319_300), ("forecast", 6_149_000)):
        facts.append({**about, "basis": basis, "value": str(value + n * 913_700)})
    facts.append({**about, "basis": "actual", "month": "6", "value": str(3_601_700 * (n + 1))})
    facts.append({**own, "fact": "opening_balance", "unit": "£", "value": str(12_017_300 + n)})
    totals: list[Cells] = [
        {**own, "amount": str(-4_172_300 - 1_013_900 * n), "status": "accepted"}
        | {"set_by": "Eastern region", "set_on": "2026-02-20", "includes_support": "yes"}
    ]
    schemes: list[Cells] = []
    for k, maturity in enumerate(("fully_developed_delivering", "in_progress")):
        schemes.append(
            {"id": f"{code}-{k}", "organisation": code, "title": f"Scheme {k} of {code}"}
            | {"category": "Pay: other", "recurrence": ("recurrent", "non_recurrent")[k]}
            | {"maturity": maturity, "in_plan": "yes", "start": "2026-04-01", "risk": "low"}
            | {"full_year_effect": str(3_117_700 + 517_300 * n + 811_100 * k), "affects": "none"}
            | {"cash_type": "cash_releasing"}
        )
    risks: list[Cells] = [
        {"id": f"R-{code}", "organisation": code, "title": "Winter", "kind": "risk"}
        | {"gross": str(1_901_300 + 217_900 * n), "chance": "0.5", "owner": "Director"}
    ]
    return {
        "amounts": amounts,
        "facts": facts,
        "control_totals": totals,
        "schemes": schemes,
        "risks": risks,
    }


def _between() -> dict[str, list[Cells]]:
    loan = {"from": "T1", "to": "T3", "year": YEAR, "kind": "neighbour_support"}
    return {
        "control_totals": [
            {"organisation": "S1", "year": YEAR, "amount": "-15558600", "status": "accepted"}
            | {"set_by": "Eastern region", "set_on": "2026-02-20", "includes_support": "yes"}
        ],
        "transfers": [
            {**loan, "id": "L-1", "amount": "2613700", "mechanism": "resource_transfer"}
            | {"status": "agreed", "repay_from": NEXT, "repay_years": "3", "interest": "0"}
        ],
        "withheld": [],
    }


def moves(said: Book) -> list[Move]:
    """Every input by itself; the plans of months that are to come together, line by line."""
    found: dict[tuple[str, ...], list[tuple[str, int, str]]] = {}
    columns = {"amounts": "amount", "facts": "value", "control_totals": "amount"}
    columns |= {"transfers": "amount", "schemes": "full_year_effect", "risks": "gross"}
    for table, column in columns.items():
        for index, row in enumerate(said.get(table, ())):
            month = row.get("month", "")
            if table == "amounts" and month:
                month = "to come" if int(month) > 6 else "last" if int(month) == 6 else "first"
                month = "first" if row["basis"] == "plan" and month == "last" else month
            names = ("organisation", "line", "fact", "basis", "scenario", "id")
            key = (table, *(row.get(name, "") for name in names), month)
            found.setdefault(key, []).append((table, index, column))
    return [tuple(cells) for cells in found.values()]


def moved(said: Book, by: Iterable[tuple[Move, int]]) -> dict[str, list[Cells]]:
    """The same book with some inputs more, in pounds spread over the cells of a move."""
    made = {table: [dict(row) for row in rows] for table, rows in said.items()}
    for cells, pounds in by:
        for table, index, column in cells:
            row = made[table][index]
            row[column] = str(Decimal(row[column]) + pounds)
    return {table: list(rows) for table, rows in made.items()}


def answers(said: Book) -> dict[str, Result]:
    """Every answer that a paper is made from."""
    return pack_results(opened(position_of(said)))


def numbers(results: Results) -> Iterator[tuple[str, float]]:
    """Every number that is told, with its place: figures, cells of tables, inputs of words."""
    for verb, result in results.items():
        for figure in result.figures:
            for part in ("value", "low", "high", "stated"):
                value = getattr(figure, part)
                if value is not None:
                    yield f"figure {figure.id} {part}", float(value)
        for name, rows in result.tables.items():
            count: Counter[str] = Counter()
            for row in rows:
                about = " ".join(f"{c}={row[c]}" for c in sorted(SORTS & row.keys()))
                count[about] += 1
                for column, value in row.items():
                    if isinstance(value, int | float) and not isinstance(value, bool):
                        place = f"cell {verb}.{name}[{about}][{count[about]}].{column}"
                        yield place, float(value)


@dataclass(frozen=True)
class Effects:
    """A book, all that follows from it, and by place what one step of each input does there."""

    said: Book
    base: dict[str, Result]
    inputs: list[Move]
    places: dict[str, Any]
    """By place: change of the number for one pound of each input."""

    def told(self, withheld: Sequence[Mapping[str, Any]]) -> dict[str, Result]:
        """What the public is shown if the register says this."""
        workings = Workings(position_of(self.said))
        return told_to_public(
            workings,
            withholding(self.base, withheld),
            lambda less: withholding(pack_results(less), withheld),
        )

    def moves(self, place: str) -> bool:
        """Whether any input moves the number at a place."""
        return place in self.places and bool(np.abs(self.places[place]).max() > 0)

    def doubt(self, shown: Results, figure: str) -> float:
        """How much of a figure all that is shown leaves open: nil (it is told) to 1."""
        own = self.places[f"figure {figure} value"]
        known = [self.places[place] for place, _ in numbers(shown) if self.moves(place)]
        if not known:
            return 1.0
        rows = np.unique(np.round([row / np.linalg.norm(row) for row in known], 9), axis=0)
        sizes, axes = np.linalg.eigh(rows.T @ rows)
        axes = axes[:, sizes > 1e-8 * sizes[-1]].T
        rest = own - axes.T @ (axes @ own)
        return float(np.linalg.norm(rest) / np.linalg.norm(own))


def withholding(results: Results, rows: Sequence[Mapping[str, Any]]) -> dict[str, Result]:
    """The same answers of a book whose register withholds."""
    register = results["register"]
    tables = {**register.tables, "withheld": list(rows)}
    return {**results, "register": replace(register, tables=tables)}


@cache
def effects() -> Effects:
    """Of the small system; reckoned once."""
    said = system()
    base = answers(said)
    before = dict(numbers(base))
    inputs = moves(said)
    places = {place: np.zeros(len(inputs)) for place in before}
    for index, one in enumerate(inputs):
        after = dict(numbers(answers(moved(said, [(one, STEP // len(one))]))))
        for place, value in before.items():
            if place in after and after[place] != value:
                places[place][index] = (after[place] - value) / STEP
    return Effects(said, base, inputs, places)
