"""What stands beside a chart on a printed page: short parts, as many as are no higher than it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Final

from controltotal.papers.sections import Section

PAGE_WIDE, LINE_HIGH, SIDE_LETTERS = 510.0, 12.0, 44
"""The width of such a page and the height of a line in points, letters in a line beside a chart."""
SHORT: Final = 8
"""Rows of a table that stands beside the chart of its own part."""
SPILL = 30.0
"""How much higher than a chart what stands beside it may be, in points."""


def beside_of(
    section: Section, after: Sequence[Section], pictures: Mapping[str, str]
) -> list[Section]:
    """The parts after one that stand beside its only chart, as many as are no higher than it."""
    shown = [table for table in section.tables if table.rows and not table.folded]
    if len(section.charts) != 1 or shown:
        return []
    room = _chart_high(pictures[section.charts[0].id]) + SPILL
    found: list[Section] = []
    for one in after:
        room -= _high(one)
        if one.level == 2 or one.across or one.charts or one.closed or room < 0:
            break
        found.append(one)
    return found


def is_short(section: Section) -> bool:
    """Whether the table of a part is no more than names and a number, and fits beside its chart."""
    shown = [table for table in section.tables if table.rows and not table.folded]
    return len(section.charts) == 1 and len(shown[0].columns) == 2 and len(shown[0].rows) <= SHORT


def _chart_high(drawing: str) -> float:
    """About how high a chart is with its words, in points."""
    box = re.search(r'viewBox="0 0 ([\d.]+) ([\d.]+)"', drawing)
    wide, high = (float(box[1]), float(box[2])) if box else (16.0, 9.0)
    return high / wide * PAGE_WIDE * 0.6 + 3 * LINE_HIGH


def _high(section: Section) -> float:
    """About how high a part is in the narrow column beside a chart, in points; a little too much."""
    lines = 2.0
    for words in (*section.words, *section.points):
        lines += 0.6 + len(words) // SIDE_LETTERS + 1
    for table in section.tables:
        if table.rows and not table.folded:
            room = SIDE_LETTERS - sum(len(c.heading) for c in table.columns if c.right)
            first = table.columns[0].key
            lines += 3 + len(table.note) // SIDE_LETTERS
            lines += sum(
                1.15 * (len(str(row.get(first))) // max(12, room) + 1) for row in table.rows
            )
    return lines * LINE_HIGH
