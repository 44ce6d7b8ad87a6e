"""The board pack: the sections in their order, and the same in every form.

A pack is made from Results alone. `SECTIONS` is the order of pages; a section with nothing to say
is left out. A scheme without its passed gate is never shown as counted: that is asserted here as
well as where it was chosen.
"""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module

from controltotal import __version__
from controltotal.core.calendar import year_label
from controltotal.papers.page import page_html, shown_ids
from controltotal.papers.section_more import every_figure
from controltotal.papers.sections import Focus, Results, Section, focus_of

SECTIONS = (
    "section_position:summary",
    "section_position:bridge",
    "section_position:bodies",
    "section_position:years",
    "section_nesting:nesting",
    "section_rules:rules",
    "section_challenge:challenge",
    "section_risk:forecast",
    "section_more:trajectory",
    "section_schemes:savings",
    "section_schemes:quality",
    "section_schemes:engagement",
    "section_opportunity:opportunities",
    "section_portfolio:portfolio",
    "section_risk:risk",
    "section_more:transfers",
    "section_history:history",
    "section_sharing:sharing",
    "section_sharing:decisions",
    "section_sharing:places",
    "section_more:promises",
    "section_more:withheld",
    "section_more:findings",
    "section_more:sources",
    "section_more:glossary",
)


def sections_of(results: Results, focus: Focus) -> list[Section]:
    """Every section of a pack that has something to say, in order, with the figures explained."""
    made: list[Section] = []
    for name in SECTIONS:
        module, _, function = name.partition(":")
        make: Callable[[Results, Focus], Section] = getattr(
            import_module(f"controltotal.papers.{module}"), function
        )
        section = make(results, focus)
        if not section.empty:
            made.append(section)
    made.append(every_figure(results, focus, shown_ids(made)))
    check_schemes(results)
    return made


def check_schemes(results: Results) -> None:
    """No scheme is shown as chosen or counted unless its gate is passed: asserted a second time."""
    for result in results.values():
        for row in result.tables.get("schemes", ()):
            counted = row.get("chosen") or row.get("counted")
            assert not counted or row.get("eligible", True), (
                f"{row.get('scheme')} has no passed gate"
            )


def notices_of(focus: Focus) -> list[str]:
    """What stands on every page."""
    if focus.fictional:
        return ["This book is fictional. No body, person or figure in it is real."]
    return []


def footer_of(results: Results) -> str:
    """Version, book, entry and root: what is needed to make the same pack again."""
    book = results["position"].book
    settings = {row["key"]: row["value"] for row in results["register"].tables["book"]}
    licence = settings.get("licence", "")
    as_at = f", read as at {settings['as_at']}" if "as_at" in settings else ""
    return (
        f"Made by controltotal {__version__} from “{book.name}”, entry {book.entry}, root "
        f"{book.root}{as_at}."
        + (f" Data: {licence}." if licence else "")
        + " Contains public sector information licensed under the Open Government Licence v3.0 "
        "where a source says so."
    )


def pack_html(results: Results, organisation: str | None = None) -> str:
    """The pack as one self-contained page."""
    focus = focus_of(results, organisation)
    title = results["position"].book.name
    subtitle = f"Board pack: {focus.name(focus.organisation)}, {year_label(focus.year)}"
    return page_html(
        title, subtitle, sections_of(results, focus), notices_of(focus), footer_of(results)
    )
