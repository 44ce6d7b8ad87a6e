"""The board paper: at most ten pages that argue, where the pack proves.

Each page answers one question and is left out where the book has nothing for it; what is left out
is named once at the end. Page one holds the answer; every number of a page leads to the note that
says how it was made, which a page on the screen keeps folded at its end.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Final

from controltotal.core.calendar import day_words, month_name, year_label
from controltotal.core.names import short_names
from controltotal.papers.board_ahead import ahead
from controltotal.papers.board_duties import duties_page
from controltotal.papers.board_exposure import exposure_page
from controltotal.papers.board_front import front, paper_row
from controltotal.papers.board_heading import heading
from controltotal.papers.board_lines import lines
from controltotal.papers.board_method import method_page, words_used
from controltotal.papers.board_notes import notes
from controltotal.papers.board_paying import paying_page
from controltotal.papers.board_savings import savings_page
from controltotal.papers.board_where import where
from controltotal.papers.pack import (
    appendices,
    check_schemes,
    footer_of,
    month_notices,
    notices_of,
)
from controltotal.papers.page import shown_ids
from controltotal.papers.paper import Paper, paper
from controltotal.papers.sections import Focus, Results, Section, focus_of, told_columns

Page = Callable[[Results, Focus], list[Section]]
"""A page: its parts in their order, the first of which names it; none where nothing is told."""

PAGES: Final[tuple[tuple[str, Page], ...]] = (
    ("the answer", front),
    ("where the organisations are", where),
    ("income and cost by line", lines),
    ("where the year is heading", heading),
    ("efficiencies", savings_page),
    ("risk, cash and capital", exposure_page),
    ("what could be done", ahead),
    ("who pays", paying_page),
    ("duties and control totals", duties_page),
    ("what does not add up", method_page),
)
"""The pages in their order, each with what it is about."""


def board_paper(results: Results, organisation: str | None = None, *, full: bool = False) -> Paper:
    """The paper of one body (as asked, else the one with most to show), ready for any form.

    A `full` one has its appendices: every organisation, scheme and rule, each figure traced.
    """
    check_schemes(results)
    long = focus_of(results, organisation)
    focus = _named(long)
    made = [(about, make(results, focus)) for about, make in PAGES]
    sections = [_numbered(place, page) for place, page in enumerate((p for _, p in made if p), 1)]
    parts = [part for page in sections for part in page]
    parts.append(words_used(parts))
    absent = [about for about, page in made if not page]
    if absent:
        parts.append(_absent(absent))
    parts = [replace(one, tables=tuple(map(told_columns, one.tables))) for one in parts]
    shown = shown_ids(parts)
    parts += notes(results, parts, full=full)
    if full:
        parts += appendices(results, long, shown)
    return paper(
        title_of(results, focus),
        agenda(results, focus),
        parts,
        [*notices_of(focus), *month_notices(results)],
        footer_of(results),
        paged=True,
    )


def agenda(results: Results, focus: Focus) -> str:
    """The item and its meeting where the data name them, who has reported, and of which data."""
    row = paper_row(results, focus)
    found = []
    if row:
        item = f"Item {row['item']}, " if row["item"] else ""
        session = f" in {row['session']}" if row["session"] else ""
        parts = [f"{item}{row['meeting']}{session}, {day_words(str(row['on']))}"]
        parts += [f"for {row['purpose']}"] if row["purpose"] else []
        parts += [f"presented by {row['presented_by']}"] if row["presented_by"] else []
        parts += [f"considered before by {row['considered_by']}"] if row["considered_by"] else []
        found.append(f"{'; '.join(parts)}.")
    said = results["position"].said(focus.organisation, "reported", year=focus.year)
    book = results["position"].book
    return " ".join([*found, *said, f"Data of: {book.name}, entry {book.entry:,}."])


def title_of(results: Results, focus: Focus) -> str:
    """What the paper is, of whom, and to which month."""
    month = reached(results, focus)
    of = f", month {month} (to the end of {month_name(month)})" if month else ""
    return f"Finance report {year_label(focus.year)}{of}: {focus.name(focus.organisation)}"


def reached(results: Results, focus: Focus) -> int | None:
    """The month to which the body's actuals are told; None where none is."""
    for row in results["position"].tables.get("to_date", ()):
        whole = not row["line"] and not row["scheme"]
        if whole and (row["organisation"], row["year"]) == (focus.organisation, focus.year):
            month: int | None = row["month"]
            return month
    return None


def _named(focus: Focus) -> Focus:
    """The same with the names that people say."""
    short = short_names(focus.names)
    return Focus(focus.organisation, focus.year, short, focus.kinds, focus.fictional)


def _numbered(place: int, page: Sequence[Section]) -> list[Section]:
    first, *rest = page
    return [replace(first, title=f"{place} {first.title}"), *rest]


def _absent(about: Sequence[str]) -> Section:
    return Section(
        "absent",
        "Not in this paper",
        (f"The data say nothing of: {', '.join(about)}.",),
        level=3,
    )
