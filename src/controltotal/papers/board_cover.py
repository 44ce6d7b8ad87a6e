"""The cover of a board paper, in one line: for which meeting, what for, from whom, and of which figures."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from controltotal.core.calendar import (
    add_months,
    day_before,
    day_words,
    month_start,
    year_label,
)
from controltotal.papers.sections import Focus, Results

Row = Mapping[str, Any]
ROOT_SHOWN: Final = 8
"""Signs of a root by which people tell two papers apart; the whole stands at the end."""


def title_of(results: Results, focus: Focus) -> str:
    """What the paper is, of whom, and to which month."""
    month = reached(results, focus)
    of = (
        f", month {month} (to {_month_end(month, focus)})"
        if month
        else f" {year_label(focus.year)}"
    )
    return f"Finance report{of}: {focus.name(focus.organisation)}"


def agenda(results: Results, focus: Focus) -> str:
    """The item and its meeting where the data name them, who has reported, and the reference."""
    said = results["position"].said(focus.organisation, "reported", year=focus.year)
    told = [_meeting(paper_row(results, focus)), *said, _figures(results, focus)]
    return " ".join(filter(None, told))


def _meeting(row: Row) -> str:
    """The item, its meeting and day, what it is for and from whom; empty where no meeting is named."""
    if not row:
        return ""
    item = f"Item {row['item']}, " if row.get("item") else ""
    session = f" in {row['session']}" if row.get("session") else ""
    parts = [f"{item}{row['meeting']}{session}, {day_words(str(row['on']))}"]
    if row.get("private_reason"):
        parts.append(f"private because {_small(str(row['private_reason']))}")
    parts += [f"for {row['purpose']}"] if row.get("purpose") else []
    parts += [f"presented by {row['presented_by']}"] if row.get("presented_by") else []
    parts += [f"considered before by {row['considered_by']}"] if row.get("considered_by") else []
    return f"{'; '.join(parts)}."


def _small(text: str) -> str:
    """A reason as the end of a sentence."""
    text = text.rstrip(".")
    return text if text[1:2].isupper() else text[:1].lower() + text[1:]


def _figures(results: Results, focus: Focus) -> str:
    """As at when the figures are, and the reference by which the same paper is made again."""
    book = results["position"].book
    as_at = _setting(results, "as_at")
    day = f"Figures as known on {day_words(as_at)}. " if len(as_at) == len("2027-01-21") else ""
    root = book.root.rpartition(":")[2][:ROOT_SHOWN]
    root = f", root {root}" if root else ""
    return f"{day}Reference: entry {book.entry:,}{root}."


def _setting(results: Results, name: str) -> str:
    """A setting of the book, as it was read; empty where there is none."""
    rows = results["register"].tables.get("book", ())
    return next((str(row["value"]) for row in rows if row["key"] == name), "")


def paper_row(results: Results, focus: Focus) -> Row:
    """The body's row of `papers` for the month of this paper; empty where there is none.

    It is that of the first meeting after the month, or where no month is told of the latest.
    """
    rows = _meetings(results, focus)
    month = reached(results, focus)
    if month is None:
        return rows[-1] if rows else {}
    end = _end(month, focus).isoformat()
    return next((row for row in rows if str(row["on"]) > end), {})


def last_meeting(results: Results, focus: Focus) -> Row:
    """The body's meeting before that of this paper; empty where there is none."""
    now = paper_row(results, focus)
    before = [row for row in _meetings(results, focus) if now and row["on"] < now["on"]]
    return before[-1] if before else {}


def day_of(results: Results, focus: Focus) -> str:
    """The day by which things are due or late in this paper: that of its meeting, else the day as
    at which the data were read, else the last of its month; empty where none is told."""
    row, as_at, month = (
        paper_row(results, focus),
        _setting(results, "as_at"),
        reached(results, focus),
    )
    if row:
        return str(row["on"])
    if len(as_at) == len("2027-01-21"):
        return as_at
    return _end(month, focus).isoformat() if month else ""


def _meetings(results: Results, focus: Focus) -> list[Row]:
    """The rows of `papers` of the body, the earliest first."""
    rows = results["register"].tables.get("papers", ())
    own = [row for row in rows if row["organisation"] == focus.organisation]
    return sorted(own, key=lambda row: str(row["on"]))


def reached(results: Results, focus: Focus) -> int | None:
    """The month to which the body's actuals are told; None where none is."""
    for row in results["position"].tables.get("to_date", ()):
        whole = not row["line"] and not row["scheme"]
        if whole and (row["organisation"], row["year"]) == (focus.organisation, focus.year):
            month: int | None = row["month"]
            return month
    return None


def _end(month: int, focus: Focus) -> Any:
    """The last day of a month of the paper's year."""
    return day_before(add_months(month_start(focus.year, month), 1))


def _month_end(month: int, focus: Focus) -> str:
    """The last day of a month in words."""
    return day_words(_end(month, focus).isoformat())
