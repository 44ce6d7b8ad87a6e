"""An answer in a notebook: the same view as on a terminal, with its chart, as a part of a page."""

from __future__ import annotations

from dataclasses import replace
from html import escape
from typing import Final

from controltotal.core.money import shown_in
from controltotal.core.result import Result
from controltotal.papers.answer import Ask
from controltotal.papers.answer_charts import charts_of
from controltotal.papers.answer_whole import everything
from controltotal.papers.answers import VIEWS, question
from controltotal.papers.page import shown_ids, table_html
from controltotal.papers.scheme_page import scheme_sections
from controltotal.papers.section_more import every_figure
from controltotal.papers.sections import Focus, Section, TableView
from controltotal.papers.svg import drawn

STYLE: Final = (
    "<style>.controltotal th,.controltotal td{text-align:left}"
    ".controltotal .right{text-align:right;white-space:nowrap}"
    + "".join(f".controltotal .in{deep}{{padding-left:{deep + 0.5}em}}" for deep in range(1, 7))
    + "</style>"
)


def shown(result: Result) -> str:
    """An answer: its headline, its table, its chart, and how each figure in it was made."""
    view = VIEWS.get(question(result))
    if view is None:
        sections = everything(result)
    elif "scheme" in result.options:
        sections = scheme_sections(result)
    else:
        ask = Ask(result)
        sections = [replace(view(ask), charts=charts_of(ask))]
    parts = [part for section in sections for part in _parts(section)]
    ids = shown_ids(sections)
    if ids:
        parts += _folded(every_figure({result.verb: result}, Focus("", "", {}, {}), ids))
    return f'<div class="controltotal">{STYLE}{"".join(parts)}</div>'


def _parts(section: Section) -> list[str]:
    """A section as parts of a page."""
    words = [f"<p>{escape(text)}</p>" for text in section.words]
    if section.lead and words:
        words[0] = f"<p><strong>{escape(section.words[0])}</strong></p>"
    tables = [_table(table) for table in section.tables]
    charts = [
        f"<figure><figcaption>{escape(one.title)}</figcaption>{drawn(one)}</figure>"
        for one in section.charts
    ]
    tree = [f"<pre>{escape(section.tree.text)}</pre>"] if section.tree else []
    return [*words, *(f"<p>{escape(text)}</p>" for text in section.points), *tables, *charts, *tree]


def _table(table: TableView) -> str:
    with shown_in(table.unit):
        return f"{table_html(table)}<p>{escape(table.note)}</p>"


def _folded(section: Section) -> list[str]:
    """A section that is read when it is asked for."""
    return [f"<details><summary>{escape(section.title)}</summary>", *_parts(section), "</details>"]
