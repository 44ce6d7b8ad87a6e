"""A paper before it has a form: what it says, section by section, with every chart drawn once.

Page, PDF and workbook are made from one `Paper`, so that they cannot disagree and no chart is
drawn twice.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from controltotal.papers.sections import Section
from controltotal.papers.svg import drawn


@dataclass(frozen=True, slots=True)
class Paper:
    """Title, what the paper is, what stands on every page, the sections, and where it came from.

    `pictures` holds the drawing of each chart of the sections, by the id of the chart.
    """

    title: str
    subtitle: str
    sections: tuple[Section, ...]
    notices: tuple[str, ...]
    footer: str
    pictures: Mapping[str, str]


def paper(
    title: str,
    subtitle: str,
    sections: Iterable[Section],
    notices: Iterable[str] = (),
    footer: str = "",
) -> Paper:
    """A paper of those sections that have something to say, its charts drawn."""
    kept = tuple(section for section in sections if not section.empty)
    pictures: dict[str, str] = {}
    for view in (view for section in kept for view in section.charts):
        if view.id in pictures:
            raise ValueError(f"two charts of a paper have the id {view.id}")
        pictures[view.id] = drawn(view)
    return Paper(title, subtitle, kept, tuple(notices), footer, pictures)
