"""A challenge as a page of its own: the sentences, the figures, how the totals nest, the sources.

Made for a scrutiny committee that has not seen the rest of the pack: every number links to where it
is explained on the same page, and what is withheld stands beside what is told.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from importlib import import_module

from controltotal.core.calendar import year_label
from controltotal.papers.pack import footer_of, notices_of
from controltotal.papers.page import page_html, shown_ids
from controltotal.papers.section_more import every_figure
from controltotal.papers.sections import Focus, Results, Section, focus_of

PAGES = (
    "section_challenge:challenge",
    "section_nesting:nesting",
    "section_more:withheld",
    "section_more:sources",
    "section_more:glossary",
)


def challenge_html(results: Results, organisation: str, year: str) -> str:
    """The page, from the answers of `challenge`, `position` and `register`."""
    focus = replace(focus_of(results, organisation), year=year)
    made: list[Section] = []
    for name in PAGES:
        module, _, function = name.partition(":")
        page: Callable[[Results, Focus], Section] = getattr(
            import_module(f"controltotal.papers.{module}"), function
        )
        section = page(results, focus)
        if not section.empty:
            made.append(section)
    made.append(every_figure(results, focus, shown_ids(made)))
    title = f"The control total of {focus.name(organisation)}, {year_label(year)}"
    subtitle = "Is it fair, is it achievable? What the figures say, and where each stands"
    return page_html(title, subtitle, made, notices_of(focus), footer_of(results))
