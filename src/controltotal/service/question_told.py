"""Answers of verbs as parts of a page: their first screen, then everything, each figure a link."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from inspect import signature
from typing import Any, Final

from django.template.loader import render_to_string

from controltotal.core.figure import Figure
from controltotal.core.measures import measure, part_name
from controltotal.core.progress import Progress
from controltotal.core.result import BookRef, Result
from controltotal.core.show import basis_words
from controltotal.papers.answer import Ask, shown_year
from controltotal.papers.answer_charts import charts_of
from controltotal.papers.answers import in_brief, in_full
from controltotal.papers.look import Look
from controltotal.papers.sections import Section, TableView, columns
from controltotal.service.apps import house
from controltotal.service.figure_told import Place
from controltotal.service.showing import ready
from controltotal.service.web import Page, name
from controltotal.verbs.loading import load

ROWS_MOST: Final = 200
"""Rows of one table that a page holds; the others are had by narrowing the question."""
BODIES_MOST: Final = 60
"""Organisations and years whose figures a page lists."""
FIGURES: Final = columns("figure|Figure", "basis|Basis", "value|Value|figure")


def part_of(result: Result, look: Look | None = None) -> str:
    """An answer as a part of a page."""
    look = look or Look()
    page = Page("")
    shown = in_brief(result, look)
    ask = Ask(result, look)
    answer = replace(shown.answer, title="The answer", charts=charts_of(ask), lead=True)
    queries = shown.findings.words
    figures = _figures(result)
    tables = [_titled(one) for one in in_full(result, look) if _is_table(one)]
    more = [text for text in result.words if text not in answer.words]
    made: str = render_to_string(
        "question_body.html.j2",
        {
            "page": page,
            "first": ready(page, [answer]),
            "queries": queries[0] if result.findings and queries else "",
            "words": more,
            "figures": ready(page, figures[:BODIES_MOST]),
            "figures_left": max(0, len(figures) - BODIES_MOST),
            "tables": ready(page, tables),
        },
    )
    return made


def _is_table(section: Section) -> bool:
    return bool(section.tables) and not section.id.startswith(("figures-", "month-"))


def _titled(section: Section) -> Section:
    """A table of an answer under its name, no longer than a page can hold."""
    made = []
    for table in section.tables:
        note = table.note
        if len(table.rows) > ROWS_MOST:
            note = f"The first {ROWS_MOST} of {len(table.rows)} rows. Choose an organisation or a year."
        title = table.title[:1].upper() + table.title[1:]
        made.append(
            replace(table, title=title, rows=table.rows[:ROWS_MOST], note=note, folded=True)
        )
    return replace(section, title=made[0].title, tables=tuple(made))


def _figures(result: Result) -> list[Section]:
    """The figures of each body and year, each a link to its page."""
    groups: dict[tuple[str, str], list[Figure]] = {}
    for one in result.figures:
        if one.status != "indeterminate":
            groups.setdefault((one.organisation, one.year), []).append(one)
    return [_group(code, year, some) for (code, year), some in groups.items()]


def _group(code: str, year: str, figures: Sequence[Figure]) -> Section:
    title = ", ".join(filter(None, (name(code), shown_year(year))))
    rows = [
        {
            "figure": measure(one.measure).name,
            "basis": " ".join(
                filter(None, (basis_words(one), part_name(one.measure, one.part).replace("/", " ")))
            ),
            "value": one,
        }
        for one in figures
    ]
    return Section(
        f"figures-{code}-{year}", title, tables=(TableView(title, FIGURES, rows, folded=True),)
    )


def options_of(verb: str, given: Mapping[str, str]) -> dict[str, Any]:
    """Of what was asked for what the verb takes, without what was left empty."""
    takes = signature(load(verb)).parameters
    return {k: v.strip() for k, v in given.items() if k in takes and v.strip()}


def work_answer(verb: str, options: Mapping[str, Any], place: Place, progress: Progress) -> BookRef:
    """An answer of a verb: its document, and as a part of a page."""
    workings = house().workings
    result = house().kept.answer(verb, workings, progress=progress, **options)
    place(".json").write_text(result.to_json(), "utf-8")
    place(".part.html").write_text(part_of(result), "utf-8")
    return workings.position.ref
