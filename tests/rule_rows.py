"""Rows for rules about one trust, and what is answered of them."""

from __future__ import annotations

from datetime import date
from typing import Any

from controltotal.core.result import Result
from controltotal.rules.answer import answer_rules
from controltotal.workings.workings import Workings
from tests.strategies import position_of

Row = dict[str, str]
MILLION = 100_000_000
TRUST: list[Row] = [{"code": "T", "name": "Ash", "kind": "provider"}]


def answered(as_at: str | date | None = None, **tables: list[Row]) -> Result:
    return answer_rules(Workings(position_of({"organisations": TRUST, **tables}, as_at)))


def row(result: Result, rule: str) -> dict[str, Any]:
    return next(dict(r) for r in result.tables["rules"] if r["rule"] == rule)


def steps(result: Result, figure: str) -> list[str]:
    return result.trace[figure].rule.splitlines()


def fact(name: str, value: str, year: str, unit: str = "", **more: str) -> Row:
    given = {"organisation": "T", "year": year, "fact": name, "value": value, **more}
    return {**given, "unit": unit} if unit else given
