"""What could change for people: proposals on which they may have a say, refused ones, and ideas.

No decision has been made on what is under assessment, and such a proposal is told by its title and
place alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from controltotal.core.public_schemes import NO_DECISION
from controltotal.core.withholding import day_of
from controltotal.papers.board_sources import how_many
from controltotal.papers.board_words import plain
from controltotal.papers.public_words import Row, placed
from controltotal.papers.sections import (
    Focus,
    Results,
    Section,
    TableView,
    below,
    columns,
)

CHANGES_MOST: Final = 12
REFUSED: Final = "Refused on quality"
UNDER: Final = "under assessment"


def changes(results: Results, focus: Focus) -> list[Section]:
    """The part on proposals; empty where the data hold none of its organisations or area."""
    inside = below(results, focus)
    rows = [
        row
        for row in results["register"].tables.get("proposals", ())
        if row["organisation"] in inside or focus.organisation in _places(row)
    ]
    asked = [row for row in rows if row["respond_by"] or row["standing"] == "refused"]
    asked.sort(key=lambda row: (row["standing"] == "refused", _last_first(row), row["scheme"]))
    ideas = [row for row in rows if str(row["standing"]).startswith(UNDER)]
    if not rows:
        return []
    tables = []
    if asked:
        tables.append(_asked(results, focus, asked))
    if ideas:
        tables.append(_ideas(focus, ideas))
    words = _words(results, rows, asked, ideas)
    return [Section("changes", "What could change for you", tuple(words), tables=tuple(tables))]


def _places(row: Row) -> list[str]:
    """The places that a plan touches: a council's own paper has those of its area."""
    return str(row["places"] or "").split("; ")


def _last_first(row: Row) -> tuple[int, ...]:
    """Latest day first."""
    return tuple(-ord(letter) for letter in str(row["respond_by"]))


def _words(
    results: Results, rows: Sequence[Row], asked: Sequence[Row], ideas: Sequence[Row]
) -> list[str]:
    """How many plans there are to save money, and where each stands."""
    running = [str(row["title"]) for row in rows if row["standing"] == "running"]
    refused = [str(row["title"]) for row in rows if row["standing"] == "refused"]
    words = []
    if running:
        plans = how_many("plan", "plans that are under way", running)
        words.append(f"{plans} to save money {_is(running)} under way.")
    open_ = [str(row["title"]) for row in asked if _open(results, row)]
    if open_:
        words.append(
            f"You can still have your say on {how_many('plan', 'plans open for answers', open_)}."
        )
    if refused:
        words.append(
            f"{how_many('plan', 'plans refused on quality', refused)} {_is(refused)} refused on quality, "
            f"and will not go ahead as {'it stands' if len(refused) == 1 else 'they stand'}."
        )
    if ideas:
        titles = [str(row["title"]) for row in ideas]
        told = how_many("idea", "ideas under assessment", titles)
        words.append(f"{told} {_is(ideas)} under assessment. On these, {NO_DECISION}.")
    if any(str(row["standing"]).startswith(f"{UNDER}:") for row in ideas):
        words.append("No new plan is put to people while an election is near.")
    return words


def _is(some: Sequence[object]) -> str:
    return "is" if len(some) == 1 else "are"


def _today(results: Results) -> str:
    """The day of the data, else of the latest paper."""
    papers = results["register"].tables.get("papers", ())
    return day_of(results) or max((str(row["on"]) for row in papers), default="")


def _open(results: Results, row: Row) -> bool:
    today = _today(results)
    return bool(row["respond_by"] and row["standing"] != "refused" and row["respond_by"] >= today)


def _asked(results: Results, focus: Focus, rows: Sequence[Row]) -> TableView:
    shown = [_row(results, focus, row) for row in rows[:CHANGES_MOST]]
    more = len(rows) - CHANGES_MOST
    return TableView(
        "Plans that people were or are asked about",
        columns("title|Plan", "who|Who", "where|Where", "say|Your say"),
        shown,
        f"And {more} more." if more > 0 else "",
    )


def _row(results: Results, focus: Focus, row: Row) -> dict[str, Any]:
    say = plain(row["respond_by"])
    if row["standing"] == "refused":
        told = REFUSED
    elif _open(results, row):
        told = f"Open until {say}" + (f": {row['respond_to']}" if row["respond_to"] else "")
    else:
        told = f"Answers were taken until {say}"
    title = f"{row['title']}. {row['public_summary']}" if row["public_summary"] else row["title"]
    return {
        "title": title,
        "who": focus.name(row["organisation"]),
        "where": placed(row["places"], focus),
        "say": told,
    }


def _ideas(focus: Focus, rows: Sequence[Row]) -> TableView:
    shown = [
        {
            "title": row["title"],
            "who": focus.name(row["organisation"]),
            "where": placed(row["places"] or "", focus),
        }
        for row in rows
    ]
    return TableView(
        "Ideas under assessment: no decision has been made",
        columns("title|Idea", "who|Who", "where|Where"),
        shown,
        folded=True,
    )
