"""The register of a book: who is who, how control totals nest, promises, withheld items, sources.

These are rows shown as they stand, with names instead of codes where people will read them; only
differences between levels are worked out.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from controltotal.accounts.checks.evidence import promise_outcomes
from controltotal.book.fold import Position
from controltotal.book.record import Record
from controltotal.book.records import ControlTotal
from controltotal.core.calendar import days_between, year_start
from controltotal.core.result import Answer, Result
from controltotal.core.schema import tables
from controltotal.workings.totals import Totals
from controltotal.workings.workings import Workings


def answer_register(workings: Workings, year: str | None = None) -> Result:
    """Tables of the register as at a year (the book's default year where none is named)."""
    position, totals = workings.position, workings.totals
    asked = year or position.default_year
    answer = Answer("register", position.ref, {"year": asked})
    settings = [{"key": k, "value": v} for k, v in position.settings.items()]
    answer.table("book", settings)
    if position.as_at is not None:
        answer.table("book", [{"key": "as_at", "value": str(position.as_at)}])
    answer.table("organisations", _organisations(position, asked))
    answer.table("nesting", nesting(totals, asked))
    answer.table("promises", promise_outcomes(totals))
    answer.table("withheld", [_plain(row) for row in position.book.withheld])
    answer.table("transfers", [_plain(row) for row in position.book.transfers])
    answer.table("challenges", [_plain(row) for row in position.book.challenges])
    answer.table("decisions", [_plain(row) for row in position.book.decisions])
    answer.table("sources", [_plain(row) for row in position.book.sources])
    return answer.result()


def _plain(row: Record) -> dict[str, Any]:
    """A row as plain values: money as `…_pence`, dates as ISO text, absence as None."""
    shown: dict[str, Any] = {}
    for name, column in tables()[row.table].columns.items():
        value = row.cell(name)
        key = f"{name}_pence" if column.type == "money" else name
        shown[key] = value.isoformat() if isinstance(value, date) else value
    return {**shown, **row.other, "where": row.where}


def _organisations(position: Position, year: str) -> list[dict[str, Any]]:
    """Bodies that exist in the year, top down, with their depth in the tree."""
    tree, table = position.tree, []

    waiting = [(code, 0) for code in reversed(tree.roots(year))] if year else []
    while waiting:
        code, depth = waiting.pop()
        body = tree.organisations[code]
        table.append(
            {
                "organisation": code,
                "name": body.name,
                "kind": body.kind,
                "depth": depth,
                "parent": tree.parent(code, year) or "",
                "population": body.row.population,
                "deprivation": body.row.deprivation,
            }
        )
        waiting.extend((child, depth + 1) for child in reversed(tree.children(code, year)))
    return table


SAID = ("set_by", "owner", "monitor", "consequence", "appeal")
"""What a book may say of a control total in words; empty where it does not."""


def nesting(totals: Totals, year: str) -> list[dict[str, Any]]:
    """How the control totals of a year nest: who set each and when, and the difference by level."""
    if not year:
        return []
    return [_level(totals, body, year) for body in _organisations(totals.position, year)]


def _level(totals: Totals, body: dict[str, Any], year: str) -> dict[str, Any]:
    """One body's control total beside the sum of those below it."""
    code = body["organisation"]
    value = totals.control_total(code, year)
    live, _ = totals.live_control_total(code, year)
    below = [totals.control_total(kid, year) for kid in totals.children(code, year)]
    summed = sum(v.pence or 0 for v in below) if below and all(v.known for v in below) else None
    difference = None
    if live is not None and summed is not None:
        difference = live.amount - summed
    derived = "sum of those below" if value.known else "none in force"
    return {
        "organisation": code,
        "name": body["name"],
        "kind": body["kind"],
        "depth": body["depth"],
        "control_total_pence": value.pence,
        "how": "set" if live else derived,
        "below_pence": summed,
        "difference_pence": difference,
        **_said(live, year),
        "changes": max(0, len(totals.control_rows(code, year)) - 1),
    }


def _said(live: ControlTotal | None, year: str) -> dict[str, Any]:
    """What the book says of the control total in force; nothing where none is."""
    if live is None:
        nothing = {"set_on": "", "notice_days": None, "includes_support": None}
        return {**dict.fromkeys(SAID, ""), **nothing}
    return {
        **{field: getattr(live, field) or "" for field in SAID},
        "set_on": live.set_on.isoformat() if live.set_on else "",
        "notice_days": days_between(live.set_on, year_start(year)) if live.set_on else None,
        "includes_support": live.includes_support,
    }
