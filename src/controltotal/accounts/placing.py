"""Where a sentence that somebody wrote stands in a board paper: whom and what it is about, and in which part.

A row of `commentary` names a part of the paper (`answer`, `where the year is heading`), a figure, a
line, a scheme, a decision or an organisation. A headline replaces the offered words of the part, or
of the paper where it is about its own organisation; a driver and an action stand since last
month; an assurance or a caveat where the paper says how far to trust it, or on its page. What
is quoted from a source is what somebody said in public: it keeps its name and replaces nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from functools import lru_cache
from typing import Final

from controltotal.book.commentary import about_body
from controltotal.book.fold import Position
from controltotal.book.records import Comment
from controltotal.core.datafiles import packaged_rows
from controltotal.core.measures import measure, measures
from controltotal.core.vocabulary import folded

FRONT: Final = "answer"
"""The first page, and the part of it that holds the headlines."""
POSITION: Final = frozenset(
    {"surplus", "adjusted_surplus", "surplus_with_support", "measured", "gap", "variance"}
)
"""Measures of where an organisation stands: a headline about one is the paper's."""
PAGES: Final[Mapping[str, str]] = {
    "schemes": "savings",
    "risk": "heading",
    "forecast": "heading",
    "trajectory": "heading",
    "share": "paying",
    "decide": "paying",
    "opportunities": "could",
    "portfolio": "could",
    "challenge": "duties",
}
"""By the verb that tells a figure: the page that it stands on; others are of the first."""
FIGURE_STEPS: Final = 4
NEAR: Final = 3


@dataclass(frozen=True, slots=True)
class About:
    """Whom and what a sentence is about.

    `page` is where such things stand; `part` the part of the paper that it names itself, empty
    where it names none; `what` people's name of a line or scheme; `leads` where a headline is the
    paper's own.
    """

    organisation: str
    page: str
    part: str = ""
    what: str = ""
    leads: bool = False


@dataclass(frozen=True, slots=True)
class Placed:
    """The part of a paper in which a sentence stands; `replaces` its offered words."""

    part: str
    replaces: bool = False


def about(position: Position, row: Comment, lead: str) -> About | None:
    """Whom and what a row is about; None where it names nothing that there is.

    `lead` is the organisation of which the book's own paper is.
    """
    text = row.about.strip()
    name, _, code = text.partition("/")
    part = _parts().get(folded(name))
    if part is not None and (not code or code in position.tree.organisations):
        return About(code or lead, part["page"], part["part"], leads=True)
    if text in position.tree.organisations:
        return About(text, FRONT, leads=True)
    if text.count("/") >= FIGURE_STEPS - 1:
        return _of_figure(position, text)
    line = position.lines.get(name)
    if line is not None and (not code or code in position.tree.organisations):
        return About(code or lead, "lines", what=line.name)
    return _of_record(position, text, lead)


def _of_figure(position: Position, text: str) -> About | None:
    """A figure of an organisation that there is, and of a measure that there is."""
    name, code = text.split("/")[0], about_body(text)
    if name not in measures() or code not in position.tree.organisations:
        return None
    if name == "control_total":
        return About(code, FRONT, "total")
    page = PAGES.get(measure(name).verb, FRONT)
    return About(code, page, leads=name in POSITION)


def _of_record(position: Position, text: str, lead: str) -> About | None:
    """A scheme or a decision."""
    for scheme in position.book.schemes:
        if scheme.id == text:
            return About(scheme.organisation, "savings", what=scheme.title)
    for decision in position.book.decisions:
        if decision.decision == text:
            return About(lead, "paying", what=decision.title or text)
    return None


def placed(row: Comment, found: About, body: str, *, quoted: bool) -> Placed:
    """The part of a body's paper in which a row stands."""
    own = found.organisation == body
    if not own and found.part and found.leads:
        return Placed("")  # a part of another's paper
    page = found.page if own or found.page != FRONT else "organisations"
    part = found.part if own else ""
    if row.kind == "headline":
        leads = own and found.leads
        return Placed("") if quoted else Placed(part or page, replaces=leads)
    if row.kind == "driver":
        return Placed("since")
    if (part or page) != FRONT:
        return Placed(part or page)
    return Placed("since" if row.kind == "action" else "trust")


def near_names(position: Position, text: str) -> tuple[str, ...]:
    """What there is that may be meant by a name of which there is nothing."""
    known = [*(part["part"] for part in packaged_rows("paper_parts.csv")), *position.lines]
    known += [*position.tree.organisations, *(scheme.id for scheme in position.book.schemes)]
    return tuple(get_close_matches(text, known, n=NEAR, cutoff=0.6))


@lru_cache(maxsize=1)
def _parts() -> Mapping[str, Mapping[str, str]]:
    """The parts of a paper by every name that people call them by, as it is compared."""
    found: dict[str, Mapping[str, str]] = {}
    for part in packaged_rows("paper_parts.csv"):
        for name in (part["part"], *part["names"].split(";")):
            found.setdefault(folded(name), part)
    return found
