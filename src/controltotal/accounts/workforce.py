"""People beside pay: staff in post, bank and agency by month, planned and actual, and their cost.

A system, or another grouping, has what those below it state together, in the months that all of
them state.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, TypeVar

from controltotal.book.records import Fact
from controltotal.core.calendar import month_name
from controltotal.core.period import is_whole_year
from controltotal.workings.totals import Totals

PARTS = {"wte_substantive": "substantive_pay", "wte_bank": "bank_pay", "wte_agency": "agency_pay"}
"""Each fact of people and the line of their pay."""
BASES = ("plan", "actual")
Row = dict[str, Any]
Number = TypeVar("Number", int, float)


def workforce(totals: Totals, year: str, bodies: Iterable[str]) -> list[Row]:
    """Whole-time equivalents of each body by month and kind of contract, beside their pay in pence.

    Only what a body states: an absent number is None and never nil.
    """
    if not is_whole_year(year):
        return []
    known = {fact: _known(totals, year, fact, line) for fact, line in PARTS.items()}
    if not any(known.values()):
        return []
    table: list[Row] = []
    for code in bodies:
        whose = _whose(totals, code, year)
        for fact, line in PARTS.items():
            each = [known[fact][one] for one in whose if one in known[fact]]
            if each:
                people = {basis: _joined([p[basis] for p, _ in each]) for basis in BASES}
                pay = {basis: _joined([c[basis] for _, c in each]) for basis in BASES}
                table += _rows(code, year, line, people, pay)
    return table


def _whose(totals: Totals, code: str, year: str) -> tuple[str, ...]:
    """Whose people are those of a body: its own, or of a grouping those of all below it."""
    tree = totals.tree
    if tree.organisations[code].is_grouping:
        return tuple(tree.descendants(code, year))
    return (code,)


def _known(
    totals: Totals, year: str, fact: str, line: str
) -> dict[str, tuple[dict[str, dict[int, float]], dict[str, dict[int, int]]]]:
    """People and pay of one line by body, basis and month: of each body that states people."""
    found = {}
    for code in totals.tree.organisations:
        facts = list(totals.position.facts(code, year, fact))
        people = {basis: _people(facts, basis) for basis in BASES}
        if any(people.values()):
            pay = {basis: _pay(totals, code, year, basis, line) for basis in BASES}
            found[code] = (people, pay)
    return found


def _joined(each: list[dict[int, Number]]) -> dict[int, Number]:
    """Sums by month of several bodies, in the months that all of them state.

    >>> _joined([{1: 2.5, 2: 3.0}, {1: 1.0}])
    {1: 3.5}
    """
    first, *rest = each
    if not rest:
        return first
    both = sorted(month for month in first if all(month in other for other in rest))
    return {month: round(sum(one[month] for one in each), 3) for month in both}


def _rows(
    code: str,
    year: str,
    line: str,
    people: dict[str, dict[int, float]],
    pay: dict[str, dict[int, int]],
) -> list[Row]:
    plan, actual = BASES
    return [
        {
            "organisation": code,
            "year": year,
            "line": line,
            "month": month,
            "month_name": month_name(month),
            "wte_plan": people[plan].get(month),
            "wte_actual": people[actual].get(month),
            "pay_plan_pence": pay[plan].get(month),
            "pay_actual_pence": pay[actual].get(month),
        }
        for month in sorted({*people[plan], *people[actual]})
    ]


def _people(facts: Iterable[Fact], basis: str) -> dict[int, float]:
    """Whole-time equivalents by month of a basis; groups of staff are added up."""
    found: dict[int, float] = {}
    for row in facts:
        plain = row.basis == basis and not row.scenario and not row.scheme
        if plain and row.month and row.month.isdigit():
            month = int(row.month)
            found[month] = round(found.get(month, 0.0) + float(row.value), 3)
    return found


def _pay(totals: Totals, code: str, year: str, basis: str, line: str) -> dict[int, int]:
    """Pay of one line by month, positive as written."""
    found: dict[int, int] = {}
    for rows in totals.amounts.line(code, year, basis, "", line):
        for row in rows:
            if row.month and row.month.isdigit():
                found[int(row.month)] = found.get(int(row.month), 0) + row.amount
    return found
