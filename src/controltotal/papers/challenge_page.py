"""A challenge as a paper of its own: the sentences, the figures, how the totals nest, the sources.

Made for a scrutiny committee that has not seen the rest of the pack: every number links to where it
is explained on the same page, and what is withheld stands beside what is told.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from controltotal.core.calendar import year_label
from controltotal.papers.pack import footer_of, notices_of
from controltotal.papers.page import page_html, shown_ids
from controltotal.papers.paper import paper
from controltotal.papers.section_challenge import challenge
from controltotal.papers.section_more import every_figure, glossary, sources, withheld
from controltotal.papers.section_nesting import nesting
from controltotal.papers.sections import Results, focus_of

SECTIONS: Final = (challenge, nesting, withheld, sources, glossary)


def challenge_html(results: Results, organisation: str, year: str) -> str:
    """The page, from the answers of `challenge`, `position` and `register`."""
    focus = replace(focus_of(results, organisation), year=year)
    made = [section for make in SECTIONS if not (section := make(results, focus)).empty]
    made.append(every_figure(results, focus, shown_ids(made)))
    title = f"The control total of {focus.name(organisation)}, {year_label(year)}"
    subtitle = "Is it fair, is it achievable? What the figures say, and where each stands"
    return page_html(paper(title, subtitle, made, notices_of(focus), footer_of(results)))
