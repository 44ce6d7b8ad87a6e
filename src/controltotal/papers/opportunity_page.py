"""An answer on opportunities as a page or a workbook of its own, where there is no book to pack."""

from __future__ import annotations

from controltotal.core.result import Result
from controltotal.core.version import VERSION
from controltotal.papers.page import page_html, shown_ids
from controltotal.papers.paper import Paper, Written, paper
from controltotal.papers.section_more import every_figure
from controltotal.papers.section_opportunity import TITLE, opportunities
from controltotal.papers.sections import Focus, Section
from controltotal.papers.workbook import paper_workbook


def focus_on(result: Result, organisation: str | None = None) -> Focus:
    """The body to show first: as asked, else the one whose total takes in most."""
    totals = [f for f in result.figures if f.measure == "opportunity_total"]
    reach: dict[str, int] = {}
    for figure in totals:
        inputs = len(result.trace[figure.id].inputs)
        reach[figure.organisation] = max(reach.get(figure.organisation, 0), inputs)
    widest = max(sorted(reach), key=lambda code: reach[code], default="")
    rows = result.tables.get("totals", ())
    names = {str(row["organisation"]): str(row["name"] or row["organisation"]) for row in rows}
    years = sorted({f.year for f in totals})
    return Focus(organisation or widest, years[-1] if years else "", names, {})


def sections_of(result: Result, organisation: str | None = None) -> list[Section]:
    """The section on opportunities, and where each of its figures comes from."""
    focus, results = focus_on(result, organisation), {"opportunities": result}
    section = opportunities(results, focus)
    return [section, every_figure(results, focus, shown_ids([section]))]


def opportunity_page(result: Result, organisation: str | None = None) -> str:
    """One self-contained page: words, figures, charts, tables."""
    return page_html(_paper(result, organisation))


def opportunity_workbook(result: Result, organisation: str | None = None) -> Written:
    """The same as a workbook: one sheet a section, charts as pictures."""
    return paper_workbook(_paper(result, organisation))


def _paper(result: Result, organisation: str | None) -> Paper:
    sections = sections_of(result, organisation)
    return paper(TITLE, _subtitle(result, organisation), sections, (), _footer(result))


def _subtitle(result: Result, organisation: str | None) -> str:
    focus = focus_on(result, organisation)
    return ", ".join(part for part in (focus.name(focus.organisation), focus.year) if part)


def _footer(result: Result) -> str:
    sources = "; ".join(
        f"{row['dataset']} ({row['publisher']}, {row['licence']})"
        for row in result.tables.get("tested", ())
    )
    book = f" from “{result.book.name}”, root {result.book.root}" if result.book.name else ""
    return f"Made by controltotal {VERSION}{book}." + (f" Data: {sources}." if sources else "")
