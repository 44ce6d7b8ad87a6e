"""Sections, tables and answers of the papers on pages of the service, every number a link to its own page.

A page imports `sections` of `parts.html.j2` and shows what `ready` made of its sections; one table alone
is `table(view)`. Numbers lead to `/figures/ID`, or to `/numbers/KEY` where they are a cell of an answer.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from controltotal.papers.page import table_html
from controltotal.papers.paper import paper
from controltotal.papers.sections import Section, TableView
from controltotal.service.section_parts import figure_address
from controltotal.service.web import Page


def ready(page: Page, sections: Iterable[Section]) -> tuple[Section, ...]:
    """Sections that a page is to show: those that say something, legible, their charts drawn.

    The drawings are laid on the page, where the macros `section` and `sections` find them.
    """
    made = paper("", "", sections)
    page.pictures |= dict(made.pictures)
    return made.sections


def table(view: TableView, *, above: bool = False) -> Any:
    """A table as HTML, its numbers linked to their pages; empty where it has no rows."""
    return table_html(view, above=above, address=figure_address) if view.rows else ""
