"""The unit of money of a board paper: £ million, or £ thousand for a small body.

One unit stands on a page, in cells, sentences, charts and axes. A body is small where the largest
sum that its paper shows is under £10m and one of them would lose what it says in £ million.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Final

from controltotal.core.figure import Figure
from controltotal.core.money import page_unit
from controltotal.papers.charts_frame import UNIT_WORDS
from controltotal.papers.paper import Paper
from controltotal.papers.sections import Cell, Section, TableView

SMALL: Final = 1_000_000_000
"""Pence below which all sums of a small body lie: £10m."""
STEP: Final = 10_000_000
"""Pence to which £ million to one place tells a sum."""
MILLION: Final = UNIT_WORDS["£m"]


def unit_for(paper: Paper) -> str:
    """The unit in which a paper says most: £k where every sum is small and some are no round ones."""
    sums = [abs(pence) for pence in _sums(paper.sections) if pence]
    if sums and max(sums) < SMALL and any(pence % STEP for pence in sums):
        return "£k"
    return "£m"


def _sums(sections: Iterable[Section]) -> Iterable[int]:
    """Every sum of money in the tables and tiles of a paper, in pence."""
    for section in sections:
        for one in section.figures:
            if one.unit == "pence" and isinstance(one.value, int):
                yield one.value
        for value in (v for t in section.tables for row in t.rows for v in row.values()):
            money = isinstance(value, Cell | Figure) and value.unit == "pence"
            if money and isinstance(value.value, int):
                yield value.value


def in_unit(section: Section) -> Section:
    """A part of a paper whose titles and headings name the unit of the page."""
    unit = UNIT_WORDS[page_unit()]
    if unit == MILLION:
        return section
    return replace(section, tables=tuple(_named(table, unit) for table in section.tables))


def _named(table: TableView, unit: str) -> TableView:
    heads = tuple(replace(c, heading=c.heading.replace(MILLION, unit)) for c in table.columns)
    return replace(table, title=table.title.replace(MILLION, unit), columns=heads)
