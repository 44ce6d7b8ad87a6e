"""What stands beside the figures: on what they depend, what moves them, what was imposed or late,
what is not told, what is being done and what was promised.

A finance director reads a number with its condition, a councillor asks who set it and when, a
journalist what is withheld. All of it is said by somebody else and stored as rows; here it is put
into the first lines, with who said it. Nothing is worked out but days and differences.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from controltotal.accounts.checks.evidence import promise_outcomes
from controltotal.book.asking import bodies_asked
from controltotal.book.commentary import about_body, comment_words
from controltotal.book.fold import Position
from controltotal.book.records import Action, ControlTotal, Withheld
from controltotal.core.calendar import days_between, year_label, year_start
from controltotal.core.money import format_pounds
from controltotal.core.period import is_whole_year, year_in
from controltotal.core.result import Answer
from controltotal.core.show import value_text
from controltotal.workings.totals import Totals

Promised = list[dict[str, object]]
"""Promises with the best figure of each, made once."""

REASONS_SHOWN = 3
"""How many things that are not told the first lines name; the table has them all."""


def add_beside(
    answer: Answer, totals: Totals, year: str | None, organisation: str | None, years: Sequence[str]
) -> None:
    """Words for each body and year asked, and the tables that hold all of it."""
    position, promised = totals.position, promise_outcomes(totals)
    for one in years:
        for code in bodies_asked(position, one, organisation):
            for text in _words(totals, promised, code, one):
                answer.words(text, topic="beside", about=code, year=one)
    bodies = _asked(position, organisation, years)
    answer.table("commentary", _commentary(position, year, bodies))
    answer.table("actions", [_action(row) for row in _actions(position, bodies)])
    answer.table("promises", [p for p in promised if bodies is None or p["organisation"] in bodies])
    answer.table("withheld", _withheld(position, year, bodies))


def _asked(position: Position, organisation: str | None, years: Sequence[str]) -> set[str] | None:
    """The bodies asked for in any of the years; None is everybody."""
    if organisation is None:
        return None
    return {code for one in years for code in bodies_asked(position, one, organisation)}


def _words(totals: Totals, promised: Promised, code: str, year: str) -> Iterator[str]:
    position = totals.position
    yield from imposed_words(totals, code, year)
    for row in position.book.commentary:
        if about_body(row.about) == code and year_in(year) == row.year:
            yield comment_words(position, row)
    if is_whole_year(year):
        yield from _action_words(position, totals.tree.name(code, year), code, year)
        yield from _promise_words(promised, code, year)
    yield from _untold_words(position, code, year)


def imposed_words(totals: Totals, code: str, year: str) -> Iterator[str]:
    """A control total in force that was imposed, or set after its year began, in one sentence."""
    live, _ = totals.live_control_total(code, year)
    if live is None:
        return
    days = days_between(live.set_on, year_start(year)) if live.set_on else None
    if not live.imposed and (days is None or days >= 0):
        return
    how = [f"imposed by {live.set_by}" if live.set_by else "imposed"] if live.imposed else []
    if days is not None and live.set_on is not None:
        set_by = f" by {live.set_by}" if live.set_by and not live.imposed else ""
        late = f", {-days} days into its year (late)" if days < 0 else ""
        latest = " at the latest" if live.set_on_at_latest else ""
        how.append(f"set{set_by} on {live.set_on.day} {live.set_on:%B %Y}{latest}{late}")
    name, was = totals.tree.name(code), _before(totals, live, code, year)
    total = value_text(live.amount, "pence")
    yield f"{name}, {year_label(year)}: its control total of {total} was {' and '.join(how)}{was}."


def _before(totals: Totals, live: ControlTotal, code: str, year: str) -> str:
    """What stood before the control total in force, and by how much it was raised or lowered."""
    earlier = [
        row
        for row in totals.control_rows(code, year)
        if row is not live and row.status == "accepted"
    ]
    if not earlier:
        return ""
    change = live.amount - earlier[-1].amount
    if not change:
        return ""
    word = "raised" if change > 0 else "lowered"
    hedge = " (implied)" if earlier[-1].texts.get("qualifier") == "implied" else ""
    was = value_text(earlier[-1].amount, "pence") if earlier[-1].amount else "nil"
    return f"; it was {word} by {format_pounds(abs(change))}, from {was}{hedge}"


def _actions(position: Position, bodies: set[str] | None) -> list[Action]:
    return [r for r in position.book.actions if bodies is None or r.organisation in bodies]


def _of_year(action: Action, year: str) -> bool:
    """Whether an action belongs to a year: by the figure it is to move, else by the book's year."""
    parts = (action.about or "").split("/")
    return len(parts) < 4 or parts[2] == year


def _action_words(position: Position, name: str, code: str, year: str) -> Iterator[str]:
    """What is being done, and whether anybody says what it is worth."""
    rows = [r for r in _actions(position, {code}) if _of_year(r, year)]
    if not rows:
        return
    named = "; ".join(
        row.title + (f" ({format_pounds(row.worth)})" if row.worth is not None else "")
        for row in rows
    )
    silent = sum(row.worth is None for row in rows)
    worth = ""
    if silent == len(rows):
        worth = " What it is worth is not published for any of them."
    elif silent:
        worth = f" What it is worth is not published for {silent} of {len(rows)}."
    yield f"What is being done ({name}): {named}.{worth}"


def _promise_words(promised: Promised, code: str, year: str) -> Iterator[str]:
    """What was promised, and what the surest figure says of it so far."""
    for row in promised:
        if (row["organisation"], row["year"]) != (code, year):
            continue
        text = f"Promised by {row['by']}: “{str(row['text']).rstrip('.')}”"
        found = row["found_pence"]
        if not isinstance(found, int) or row["kept"] is None:
            yield f"{text}; whether it is kept cannot be told yet."
            continue
        shown = value_text(found, "pence")
        if row["basis"] == "actual":
            yield f"{text}; it was {'kept' if row['kept'] else 'not kept'}: {shown}."
        elif row["kept"]:
            yield f"{text}; the {row['basis']} of {shown} would keep it."
        else:
            yield f"{text}; the {row['basis']} of {shown} would not keep it."


def _figure_of(row: Withheld) -> tuple[str, str]:
    """The body and year of a withheld figure; empty where its name is no figure id."""
    parts = row.figure.split("/")
    return (parts[1], parts[2]) if len(parts) >= 3 else ("", "")


def _untold_words(position: Position, code: str, year: str) -> Iterator[str]:
    rows = [row for row in position.book.withheld if _figure_of(row) == (code, year)]
    for row in rows[:REASONS_SHOWN]:
        kind = {"no_reply": "no reply", "undisclosed": "not disclosed"}.get(row.kind, row.kind)
        yield f"Not told ({kind}): {row.reason.rstrip('.')}."
    if len(rows) > REASONS_SHOWN:
        yield f"{len(rows) - REASONS_SHOWN} more things are not told: see the table of them."


def undisclosed(position: Position, measure: str, code: str, year: str) -> Withheld | None:
    """The row that says that a figure of a body and year exists and is not told."""
    for row in position.book.withheld:
        parts = row.figure.split("/")
        if len(parts) in (3, 4) and parts[:3] == [measure, code, year]:
            return row
    return None


def _commentary(
    position: Position, year: str | None, bodies: set[str] | None
) -> list[dict[str, Any]]:
    return [
        {
            "organisation": about_body(row.about),
            "year": row.year,
            "about": row.about,
            "kind": row.kind,
            "text": row.text,
            "by": row.by,
            "on": row.texts.get("on", ""),
            "status": row.status or "",
            "where": row.where,
        }
        for row in position.book.commentary
        if (year is None or row.year == year)
        and (bodies is None or about_body(row.about) in bodies)
    ]


def _action(row: Action) -> dict[str, Any]:
    return {
        "action": row.id,
        "organisation": row.organisation,
        "title": row.title,
        "about": row.about or "",
        "owner": row.owner or "not stated",
        "due": row.due.isoformat() if row.due else "not stated",
        "done_on": row.done_on.isoformat() if row.done_on else "",
        "worth_pence": row.worth,
        "in_forecast_pence": row.in_forecast,
        "where": row.where,
    }


def _withheld(
    position: Position, year: str | None, bodies: set[str] | None
) -> list[dict[str, Any]]:
    table = []
    for row in position.book.withheld:
        body, of_year = _figure_of(row)
        if (bodies is None or body in bodies) and (year is None or of_year == year):
            table.append(
                {"figure": row.figure, "kind": row.kind.replace("_", " "), "reason": row.reason}
            )
    return table
