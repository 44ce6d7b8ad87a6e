"""A paper before it has a form: what it says, section by section, with every chart drawn once.

Page, PDF and workbook are made from one `Paper`, so that they cannot disagree and no chart is
drawn twice.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from controltotal.core.figure import Figure
from controltotal.core.legible import legible, one_line
from controltotal.core.sourced import worded
from controltotal.papers.sections import Section, TableView
from controltotal.papers.svg import drawn


@dataclass(frozen=True, slots=True)
class Written:
    """A paper in one form, and in sentences what the form could not carry."""

    data: bytes
    told: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Paper:
    """Title, what the paper is, what stands on every page, the sections, and where it came from.

    `pictures` holds the drawing of each chart of the sections, by the id of the chart. A `paged`
    paper begins a page with each section of level 2.
    """

    title: str
    subtitle: str
    sections: tuple[Section, ...]
    notices: tuple[str, ...]
    footer: str
    pictures: Mapping[str, str]
    paged: bool = False


def paper(
    title: str,
    subtitle: str,
    sections: Iterable[Section],
    notices: Iterable[str] = (),
    footer: str = "",
    *,
    paged: bool = False,
) -> Paper:
    """A paper of those sections that have something to say, its charts drawn.

    What a book says is made legible here, once for every form: no form carries a control
    character, and some fail on one.
    """
    kept = tuple(_legible(section) for section in sections if not section.empty)
    pictures: dict[str, str] = {}
    for view in (view for section in kept for view in section.charts):
        if view.id in pictures:
            raise ValueError(f"two charts of a paper have the id {view.id}")
        pictures[view.id] = drawn(view)
    return Paper(
        one_line(title),
        one_line(subtitle),
        kept,
        tuple(one_line(notice) for notice in notices),
        one_line(footer),
        pictures,
        paged,
    )


def _legible(section: Section) -> Section:
    return replace(
        section,
        title=one_line(section.title),
        words=tuple(worded(text, legible) for text in section.words),
        points=tuple(worded(text, legible) for text in section.points),
        figures=tuple(_cell(figure) for figure in section.figures),
        charts=tuple(
            replace(
                view, title=worded(view.title, one_line), alternative=one_line(view.alternative)
            )
            for view in section.charts
        ),
        tables=tuple(_table(table) for table in section.tables),
        tree=section.tree and replace(section.tree, text=legible(section.tree.text)),
    )


def _table(table: TableView) -> TableView:
    return replace(
        table,
        title=one_line(table.title),
        note=worded(table.note, legible),
        columns=tuple(replace(one, heading=one_line(one.heading)) for one in table.columns),
        groups=tuple((one_line(heading), span) for heading, span in table.groups),
        rows=[{key: _cell(value) for key, value in row.items()} for row in table.rows],
    )


def _cell(value: Any) -> Any:
    """A cell as it was, but that its text is legible; the id of a figure likewise."""
    if isinstance(value, str):
        return worded(value, legible)
    if isinstance(value, Figure):
        return value if value.id.isprintable() else value._replace(id=one_line(value.id))
    if isinstance(value, list | tuple):
        return [_cell(one) for one in value]
    return value
