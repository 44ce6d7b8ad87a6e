"""An organisation's own paper: its own position first, and how the system uses its money.

The pages are those of the board paper with the organisation in focus, and one of its own: what it
gives and receives, who set its control total and what was changed, its share of a gap, and what
waits on it. At most ten pages.
"""

from __future__ import annotations

from typing import Final

from controltotal.papers.board import Page, composed
from controltotal.papers.board_duties import duties_page
from controltotal.papers.board_exposure import exposure_page
from controltotal.papers.board_front import front
from controltotal.papers.board_heading import heading
from controltotal.papers.board_lines import lines
from controltotal.papers.board_method import method_page
from controltotal.papers.board_savings import savings_page
from controltotal.papers.board_where import where
from controltotal.papers.own_uses import uses_page
from controltotal.papers.paper import Paper
from controltotal.papers.sections import Results, below, focus_of

OWN_PAGES: Final[tuple[tuple[str, Page], ...]] = (
    ("the answer", front),
    ("how the system uses it", uses_page),
    ("income and cost by line", lines),
    ("efficiencies", savings_page),
    ("risk, cash and capital", exposure_page),
    ("where the year is heading", heading),
    ("the organisations below it", where),
    ("duties and control totals", duties_page),
    ("what does not add up", method_page),
)
"""The pages in their order, each with what it is about."""


def organisation_paper(
    results: Results, organisation: str | None = None, *, full: bool = False
) -> Paper:
    """The paper of one organisation for its own board, ready for any form.

    A `full` one has its appendices: every organisation, scheme and rule, each figure traced.
    """
    focus = focus_of(results, organisation)
    alone = len(below(results, focus)) == 1
    pages = [page for page in OWN_PAGES if not (alone and page[1] is where)]
    return composed(results, focus, pages, full=full)
