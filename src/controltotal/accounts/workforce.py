"""People beside pay: staff in post, bank and agency by month, planned and actual, and their cost."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from controltotal.book.records import Fact
from controltotal.core.calendar import month_name
from controltotal.core.period import is_whole_year
from controltotal.workings.totals import Totals

PARTS = {"wte_substantive": "substantive_pay", "wte_bank": "bank_pay", "wte_agency": "agency_pay"}
"""Each fact of people and the line of their pay."""
BASES = ("plan", "actual")
Row = dict[str, Any]


def workforce(totals: Totals, year: str, bodies: Iterable[str]) -> list[Row]:
    """Whole-time equivalents of each body by month and kind of contract, beside their pay in pence.

    Only what a body states: an absent number is None and never nil.
    """
    table: list[Row] = []
    for code in bodies if is_whole_year(year) else ():
        for fact, line in PARTS.items():
            people = {
                basis: _people(totals.position.facts(code, year, fact), basis) for basis in BASES
            }
            if any(people.values()):
                pay = {basis: _pay(totals, code, year, basis, line) for basis in BASES}
                table += _rows(code, year, line, people, pay)
    return table


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
