"""What is being done: open actions of the organisation and of those below it, those overdue first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from controltotal.core.calendar import day_words
from controltotal.papers.board_cover import day_of, last_meeting
from controltotal.papers.board_notes import cell
from controltotal.papers.board_words import cut, many, narrowed
from controltotal.papers.sections import Focus, Results, Section, TableView, below, columns

Row = Mapping[str, Any]
PRINTED: Final = 6
"""Open actions that a printed paper has; the others are folded."""
NOT_STATED: Final = "not stated"
"""What the answer says of an owner or a day that nobody named."""


def actions_part(results: Results, focus: Focus) -> Section:
    """The open actions, and how many were done since the last meeting; nothing where there are none."""
    inside, day = below(results, focus), day_of(results, focus)
    told = results["position"].tables.get("actions", ())
    rows = [row for row in told if row["organisation"] in inside]
    done = [row for row in rows if _is_done(row, day)]
    waiting = sorted((row for row in rows if row not in done), key=lambda row: _order(row, day))
    if not waiting and not done:
        return Section("actions", "What is being done")
    table = TableView(
        "Open actions, £ million",
        columns(
            "title|Action", "body|Organisation", "owner|Who answers", "due|Due", "worth|Worth|cell"
        ),
        [_row(row, focus, day) for row in waiting],
    )
    words = _words(results, focus, waiting, done, day)
    tables = cut(narrowed(table, focus), PRINTED, "open action") if waiting else ()
    return Section("actions", "What is being done", (words,), tables=tables, level=3)


def _is_done(row: Row, day: str) -> bool:
    return bool(row["done_on"]) and (not day or str(row["done_on"]) <= day)


def _is_overdue(row: Row, day: str) -> bool:
    due = str(row["due"])
    return bool(day) and due != NOT_STATED and due < day


def _order(row: Row, day: str) -> tuple[Any, ...]:
    """Overdue first, then by the day due, then without a day; of one day the dearest first."""
    due = "" if row["due"] == NOT_STATED else str(row["due"])
    return (not _is_overdue(row, day), not due, due, -(row["worth_pence"] or 0), row["action"])


def _row(row: Row, focus: Focus, day: str) -> dict[str, Any]:
    due = "no day named" if row["due"] == NOT_STATED else day_words(str(row["due"]))
    return {
        "title": row["title"],
        "body": focus.name(str(row["organisation"])),
        "owner": "nobody named" if row["owner"] == NOT_STATED else row["owner"],
        "due": f"overdue since {due}" if _is_overdue(row, day) else due,
        "worth": cell(row, "actions", "worth_pence"),
    }


def _words(
    results: Results, focus: Focus, waiting: Sequence[Row], done: Sequence[Row], day: str
) -> str:
    """How many are open, overdue and without an owner, and how many were done since when."""
    late = sum(_is_overdue(row, day) for row in waiting)
    nobody = sum(row["owner"] == NOT_STATED for row in waiting)
    parts = [many(len(waiting), "action") + " open" if waiting else "no action is open"]
    parts += [f"{late} overdue"] if late else []
    parts += [f"{nobody} with nobody named"] if nobody else []
    text = ", ".join(parts)
    before = last_meeting(results, focus)
    since = [row for row in done if not before or str(row["done_on"]) > str(before["on"])]
    when = f" since the meeting of {day_words(str(before['on']))}" if before else ""
    if since or before:
        text += f"; {len(since) or 'none'} done{when}"
    return f"{text[:1].upper()}{text[1:]}."
