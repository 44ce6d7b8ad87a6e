"""The register of a book: who is who, how control totals nest, promises, withheld items, sources.

These are rows shown as they stand, with names instead of codes where people will read them; only
differences between levels are worked out.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from controltotal.accounts.beside import undisclosed
from controltotal.accounts.checks.evidence import promise_outcomes
from controltotal.book.asking import bodies_asked
from controltotal.book.fold import Position
from controltotal.book.record import Record
from controltotal.book.records import ControlTotal, Engagement
from controltotal.core.calendar import days_between, year_start
from controltotal.core.period import is_whole_year
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
    if position.book.lines:
        answer.table("lines", [_plain(row) for row in position.book.lines])
    answer.table("promises", promise_outcomes(totals))
    answer.table("withheld", [_plain(row) for row in position.book.withheld])
    answer.table("transfers", [_plain(row) for row in position.book.transfers])
    answer.table("challenges", [_plain(row) for row in position.book.challenges])
    answer.table("decisions", [_plain(row) for row in position.book.decisions])
    answer.table("papers", [_plain(row) for row in position.book.papers])
    answer.table("proposals", _proposals(position))
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


def _proposals(position: Position) -> list[dict[str, Any]]:
    """What people who use or give care may want to know of each scheme, and how to answer."""
    engaged: dict[str, list[Engagement]] = {}
    for row in position.book.engagements:
        engaged.setdefault(row.scheme, []).append(row)
    return [
        {
            "scheme": scheme.id,
            "organisation": scheme.organisation,
            "title": scheme.title,
            "service": scheme.service or "",
            "places": "; ".join(scheme.places or ()),
            "affects": "; ".join(scheme.affects or ()),
            "public_summary": scheme.public_summary or "",
            "commercial": bool(scheme.commercial),
            **_response(engaged.get(scheme.id, ())),
            "where": scheme.where,
        }
        for scheme in position.book.schemes
    ]


def _response(engagements: Sequence[Engagement]) -> dict[str, str]:
    """From when and until when people can answer on a scheme, and where; empty where not told.

    What is asked of the staff side alone is no question to the public.
    """
    asked = [row for row in engagements if not row.duty.startswith("staff")]
    days = {
        "from": [row.from_ for row in asked if row.from_],
        "respond_by": [day for row in asked if (day := row.respond_by or row.to)],
    }
    first, last = min(days["from"], default=None), max(days["respond_by"], default=None)
    return {
        "from": first.isoformat() if first else "",
        "respond_by": last.isoformat() if last else "",
        "respond_to": next((row.respond_to for row in asked if row.respond_to), ""),
        "asks": next((row.summary for row in asked if row.summary), ""),
    }


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


NOT_TOLD = "set, amount not disclosed"
"""How a control total stands that is known to be in force, and whose amount nobody publishes."""

LEVEL = ("organisation", "name", "kind", "control_total_pence", "how", "set_by", "set_on")


def levels(totals: Totals, years: Iterable[str], organisation: str | None) -> list[dict[str, Any]]:
    """Who set what, and when, level above level: the bodies that have a control total in a year.

    A total whose amount is not disclosed stands among them, with what is said of it. Nothing where
    a book has one level alone.
    """
    table: list[dict[str, Any]] = []
    for year in years:
        if not is_whole_year(year):
            continue
        rows = [r for r in nesting(totals, year) if r["how"] != "none in force"]
        if organisation is not None:
            above = totals.tree.ancestors(organisation, year)
            asked = {*above, *bodies_asked(totals.position, year, organisation)}
            rows = [row for row in rows if row["organisation"] in asked]
        if len({row["depth"] for row in rows}) < 2:
            continue
        for row in rows:
            untold = undisclosed(totals.position, "control_total", row["organisation"], year)
            kept = {name: row[name] for name in LEVEL}
            said = untold.reason if untold and row["control_total_pence"] is None else ""
            table.append({"year": year, **kept, "notice_days": row["notice_days"], "told": said})
    return table


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
    if not value.known and live is None:
        derived = NOT_TOLD if undisclosed(totals.position, "control_total", code, year) else derived
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
        "at_latest": bool(live.set_on_at_latest),
        "notice_days": days_between(live.set_on, year_start(year)) if live.set_on else None,
        "includes_support": live.includes_support,
    }
