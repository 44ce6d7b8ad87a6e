"""The board paper: at most ten pages that argue, where the pack proves.

Each page answers one question and is left out where the book has nothing for it; what is left out
is named once at the end. Page one holds the answer; every number of a page leads to the note that
says how it was made, which a page on the screen keeps folded at its end.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Final

from controltotal.core.progress import stop_if_cancelled
from controltotal.papers.board_actions import with_open_actions
from controltotal.papers.board_ahead import ahead
from controltotal.papers.board_cover import agenda, title_of
from controltotal.papers.board_duties import duties_page
from controltotal.papers.board_exposure import exposure_page
from controltotal.papers.board_front import front
from controltotal.papers.board_heading import heading
from controltotal.papers.board_lines import lines
from controltotal.papers.board_method import method_page, words_used
from controltotal.papers.board_notes import notes
from controltotal.papers.board_paying import paying_page
from controltotal.papers.board_said import standing, with_the_rest, with_words
from controltotal.papers.board_savings import savings_page
from controltotal.papers.board_unit import in_unit
from controltotal.papers.board_where import where
from controltotal.papers.pack import (
    appendices,
    check_schemes,
    footer_of,
    held_notice,
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
    return composed(results, focus_of(results, organisation), PAGES, full=full)


def composed(
    results: Results, long: Focus, pages: Sequence[tuple[str, Page]], *, full: bool = False
) -> Paper:
    """A paper of some pages in their order; those with nothing to say are named at its end."""
    check_schemes(results)
    focus = long.shortly_named()
    made = [(about, _made(results, focus, make)) for about, make in pages]
    sections = [_numbered(place, page) for place, page in enumerate((p for _, p in made if p), 1)]
    parts = with_open_actions(results, focus, [part for page in sections for part in page])
    parts = with_the_rest(results, focus, parts)
    parts.append(words_used(parts))
    absent = [about for about, page in made if not page]
    if absent:
        parts.append(_absent(absent))
    parts = [replace(one, tables=tuple(map(told_columns, one.tables))) for one in parts]
    parts = [in_unit(one) for one in parts]
    shown = shown_ids(parts)
    parts += notes(results, parts, full=full)
    if full:
        parts += appendices(results, long, shown)
    draft = standing(results, focus)
    return paper(
        title_of(results, focus),
        agenda(results, focus),
        parts,
        [
            *notices_of(focus),
            *filter(None, [draft, held_notice(results, focus)]),
            *month_notices(results),
        ],
        footer_of(results),
        paged=True,
    )


def _made(results: Results, focus: Focus, make: Page) -> list[Section]:
    """A page with what people wrote for it; page one sets their words itself, where it has none."""
    stop_if_cancelled()
    page = make(results, focus)
    return page if make is front else with_words(results, focus, page)


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
