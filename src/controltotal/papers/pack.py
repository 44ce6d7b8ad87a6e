"""What proves a board paper: its appendices, and what stands on every page and at its foot.

Made from Results alone. `SECTIONS` is the order of the appendices; one with nothing to say is left
out. A scheme without its passed gate is never shown as counted: that is judged here as well as
where it was chosen.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Final

from controltotal.core.calendar import month_words
from controltotal.core.errors import BookError
from controltotal.core.version import VERSION
from controltotal.papers.board_method import withheld_of
from controltotal.papers.board_rows import with_names
from controltotal.papers.page import shown_ids
from controltotal.papers.section_capped import capped
from controltotal.papers.section_challenge import challenge
from controltotal.papers.section_history import history
from controltotal.papers.section_more import (
    every_figure,
    findings,
    glossary,
    promises,
    sources,
    trajectory,
    transfers,
    withheld,
)
from controltotal.papers.section_nesting import nesting
from controltotal.papers.section_opportunity import opportunities
from controltotal.papers.section_portfolio import portfolio
from controltotal.papers.section_position import bodies, bridge, years
from controltotal.papers.section_risk import forecast, risk
from controltotal.papers.section_rules import rules
from controltotal.papers.section_schemes import engagement, quality, savings
from controltotal.papers.section_sharing import decisions, places, sharing
from controltotal.papers.sections import (
    FICTIONAL,
    STAND_IN,
    Focus,
    Results,
    Section,
    aside_of,
    below,
)

ON_A_STAND_IN: Final = frozenset({"chart-methods", "chart-fan", "chart-years"})
"""Charts of what is made with a stand-in; the others are of schemes, of recorded months, or beside a
control total."""

SECTIONS: Final[tuple[Callable[[Results, Focus], Section], ...]] = (
    bridge,
    bodies,
    years,
    nesting,
    rules,
    capped,
    challenge,
    forecast,
    trajectory,
    savings,
    quality,
    engagement,
    opportunities,
    portfolio,
    risk,
    transfers,
    history,
    sharing,
    decisions,
    places,
    promises,
    withheld,
    findings,
    sources,
    glossary,
)


def appendices(results: Results, focus: Focus, shown: set[str]) -> list[Section]:
    """Every appendix that has something to say, in order, with the figures explained that it shows
    or that are `shown` before it. A page keeps each closed until it is asked for."""
    made = [section for make in SECTIONS if not (section := make(results, focus)).empty]
    aside = aside_of(results, focus.organisation, focus.year)
    if aside:
        made = [_told_apart(section, aside) for section in made]
    made.append(every_figure(results, focus, shown | shown_ids(made)))
    return [
        replace(one, title=f"Appendix {place}: {one.title}", appendix=True)
        for place, one in enumerate(made, 1)
    ]


def _told_apart(section: Section, aside: str) -> Section:
    """A section whose charts rest on a stand-in say so in their titles."""
    charts = tuple(
        replace(one, title=f"{one.title} ({aside})", alternative=f"{one.alternative} ({aside})")
        if one.id in ON_A_STAND_IN
        else one
        for one in section.charts
    )
    return replace(section, charts=charts)


def check_schemes(results: Results) -> None:
    """No scheme is shown as chosen or counted unless its gate is passed: judged a second time.

    A row that does not say whether its scheme is eligible is taken as one that is not.
    """
    unsafe = sorted(
        {
            str(row.get("scheme"))
            for result in results.values()
            for row in result.tables.get("schemes", ())
            if (row.get("chosen") or row.get("counted")) and row.get("eligible") is not True
        }
    )
    if unsafe:
        raise BookError(
            f"{', '.join(unsafe)} would be shown as counted without a passed gate",
            "schemes",
            "nothing was written; please report it with the command that you gave",
        )


def notices_of(focus: Focus) -> list[str]:
    """What stands on every page."""
    if focus.fictional:
        return [FICTIONAL]
    return []


def month_notices(results: Results) -> list[str]:
    """To which month a paper is, where it is not the latest; and who stands in for whom."""
    options = results["position"].options
    found = []
    if "month" in options:
        month = month_words(int(str(options["month"]).removeprefix("M")))
        found.append(
            f"As reported to {month}: later actuals, and forecasts made after the month that "
            "follows, are left out."
        )
    rows = results["position"].tables.get("to_date", ())
    names = {r["organisation"]: r["name"] for r in results["register"].tables["organisations"]}
    asides = sorted({with_names(str(row[STAND_IN]), names) for row in rows if row.get(STAND_IN)})
    if asides:
        who = str(options.get("late", "")).partition(": ")[2]
        found.append(
            f"Stand-ins for who has not reported, chosen by {who}: {'; '.join(asides)}. Nothing "
            "that rests on one is set beside a control total."
        )
    return found


def held_notice(results: Results, focus: Focus) -> str:
    """That a paper holds what the public may not see; empty where it holds nothing of the kind."""
    inside = below(results, focus)
    held = [
        row
        for row in results["position"].tables.get("withheld", ())
        if row["kind"] in ("withheld", "refused") and withheld_of(row) in inside
    ]
    if not held:
        return ""
    what = "a withheld figure" if len(held) == 1 else f"{len(held)} withheld figures"
    return f"Not for publication as it stands: its data hold {what}."


def footer_of(results: Results) -> str:
    """Version, book, entry and root: what is needed to make the same pack again."""
    book = results["position"].book
    settings = {row["key"]: row["value"] for row in results["register"].tables["book"]}
    licence = settings.get("licence", "")
    as_at = f", read as at {settings['as_at']}" if "as_at" in settings else ""
    return (
        f"Made by controltotal {VERSION} from “{book.name}”, entry {book.entry}, root "
        f"{book.root}{as_at}."
        + (f" Data: {licence}." if licence else "")
        + " Contains public sector information licensed under the Open Government Licence v3.0 "
        "where a source says so."
    )
