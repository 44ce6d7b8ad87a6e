"""What is being done: open actions of the organisation and of those below it, those overdue first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from controltotal.core.calendar import day_words
from controltotal.core.names import listed
from controltotal.core.sourced import first_number, worded
from controltotal.papers.board_cover import day_of, last_meeting
from controltotal.papers.board_notes import cell
from controltotal.papers.board_sources import in_plain_words, worked_out
from controltotal.papers.board_words import many, narrowed
from controltotal.papers.sections import Focus, Results, Section, TableView, below, columns

Row = Mapping[str, Any]
PART: Final = "since"
"""The part of page one that counts them."""
PRINTED: Final = 6
"""Open actions that a printed paper has; the others are folded."""
SHORT: Final = columns(
    "short|Action, and who answers for it",
    "due|Due",
    "worth|Worth|cell",
    "counted|In the forecast already|cell",
)
WHOLE: Final = columns(
    "title|Action",
    "body|Organisation",
    "owner|Who answers for it",
    "due|Due",
    "worth|Worth|cell",
    "counted|In the forecast already|cell",
)
COUNTED: Final = (
    "What the forecast counts on already improves it no further; an empty cell is not stated."
)
LEFT: Final = "open actions that the printed table leaves out"
NOT_STATED: Final = "not stated"
"""What the answer says of an owner or a day that nobody named."""


def actions_words(results: Results, focus: Focus) -> list[str]:
    """Page one's sentence: how many are open and overdue, and how many were done since when."""
    waiting, done = _told(results, focus)
    if not waiting and not done:
        return []
    return [worded(_words(results, focus, waiting, done, day_of(results, focus)))]


def open_actions(results: Results, focus: Focus) -> list[Section]:
    """The open actions one by one, those overdue first; nothing where there are none."""
    waiting, _ = _told(results, focus)
    if not waiting:
        return []
    rows = [_row(row, focus, day_of(results, focus)) for row in waiting]
    more = len(rows) - PRINTED
    unit = ", £ million" if any(row["worth_pence"] is not None for row in waiting) else ""
    left = first_number(many(more, "more open action"), _many(waiting[PRINTED:], LEFT))
    note = [f"And {left}."] if more > 0 else []
    note += [COUNTED] if any(row["in_forecast_pence"] is not None for row in waiting) else []
    short = TableView(f"Open actions{unit}", SHORT, rows[:PRINTED], " ".join(note))
    whole = TableView(f"Open actions in full{unit}", WHOLE, rows, folded=True)
    tables = (short, narrowed(whole, focus))
    part = Section("actions-open", "Actions, and who answers for them", tables=tables, level=3)
    return [in_plain_words(part)]


def with_open_actions(results: Results, focus: Focus, parts: Sequence[Section]) -> list[Section]:
    """A paper's parts, the open actions on page one where no other page has them."""
    if any(part.id == "actions-open" for part in parts):
        return list(parts)
    tables = tuple(table for part in open_actions(results, focus) for table in part.tables)
    return [
        replace(part, tables=(*part.tables, *tables)) if part.id == PART else part for part in parts
    ]


def _told(results: Results, focus: Focus) -> tuple[list[Row], list[Row]]:
    """The actions of the organisation and those below it that are open, in order, and those done."""
    inside, day = below(results, focus), day_of(results, focus)
    told = results["position"].tables.get("actions", ())
    rows = [row for row in told if row["organisation"] in inside]
    done = [row for row in rows if _is_done(row, day)]
    return sorted((r for r in rows if r not in done), key=lambda row: _order(row, day)), done


def _whose(row: Row, focus: Focus) -> str:
    """Who answers for an action, with the organisation where it is not the paper's own."""
    owner = "nobody named" if row["owner"] == NOT_STATED else str(row["owner"])
    body = focus.name(str(row["organisation"]))
    own = row["organisation"] == focus.organisation or body.split()[0] in owner.split()
    return owner if own else f"{body}, {owner}"


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
        "short": f"{row['title']} ({_whose(row, focus)})",
        "title": row["title"],
        "body": focus.name(str(row["organisation"])),
        "owner": "nobody named" if row["owner"] == NOT_STATED else row["owner"],
        "due": f"overdue since {due}" if _is_overdue(row, day) else due,
        "worth": cell(row, "actions", "worth_pence"),
        "counted": cell(row, "actions", "in_forecast_pence"),
    }


def _words(
    results: Results, focus: Focus, waiting: Sequence[Row], done: Sequence[Row], day: str
) -> str:
    """How many are open, overdue and without an owner, and how many were done since when."""
    late = [row for row in waiting if _is_overdue(row, day)]
    nobody = [row for row in waiting if row["owner"] == NOT_STATED]
    told = [f"{_many(late, 'open actions whose day has gone')} overdue"] if late else []
    told += (
        [f"{_many(nobody, 'open actions without an owner')} with nobody named"] if nobody else []
    )
    text = f"{_many(waiting, 'actions that are not done')} open" if waiting else "none open"
    text += f" ({listed(told)})" if told else ""
    before = last_meeting(results, focus)
    since = [row for row in done if not before or str(row["done_on"]) > str(before["on"])]
    when = f" since the meeting of {day_words(str(before['on']))}" if before else ""
    if since or before:
        done_since = _many(since, "actions that were done") if since else "none"
        text += f"; {done_since} done{when}"
    return f"Actions: {text}."


def _many(rows: Sequence[Row], how: str) -> str:
    """How many actions there are of a kind, with what each is worth."""
    parts = [(str(row["title"]), cell(row, "actions", "worth_pence")) for row in rows]
    return worked_out(f"{len(rows):,}", how, parts)
