"""A paper of one reading in every form at once: worked out once, so that its forms cannot disagree.

A ledger read as at one entry gives the same bytes again, whenever it is read: so a paper is frozen by
naming its entry, and whoever doubts it makes it anew.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from controltotal.book.fold import Position
from controltotal.core.money import shown_in
from controltotal.core.progress import Progress, part, stop_if_cancelled
from controltotal.core.result import Result
from controltotal.papers.paper import Paper
from controltotal.papers.sections import Section
from controltotal.verbs.long import long
from controltotal.verbs.opening import code_of, opened
from controltotal.verbs.packs import pack_results
from controltotal.verbs.reporting import DATA, FORMS, is_small, paper_for
from controltotal.workings.workings import Workings

ANSWERING = 0.8
"""The share of the work that the answers are told as."""


@dataclass(frozen=True, slots=True)
class Frozen:
    """A paper of one reading: its forms as bytes by their ending, and what is said in it.

    `offered` are its parts without what people wrote; `wording` the answer on what they wrote, with a
    mark where a number moved; `told` what a form could not carry.
    """

    paper: Paper
    offered: tuple[Section, ...]
    wording: Result
    files: Mapping[str, bytes]
    told: tuple[str, ...] = ()

    @property
    def standing(self) -> tuple[str, ...]:
        """What keeps it from being final, a sentence each; none where it is."""
        return tuple(one.text for one in self.wording.sentences if one.topic == "wording")


@long
def freeze(
    book: Position | Workings,
    forms: Sequence[str] = (".html",),
    organisation: str | None = None,
    year: str | None = None,
    *,
    progress: Progress | None = None,
) -> Frozen:
    """The board's paper of a reading in some forms (`.html`, `.pdf`, `.docx`, `.xlsx`, `.return.csv`).

    `organisation` is the code of whose paper it is (else the system with most to show), `year` its
    financial year. `progress` is told how far the work is, and may cancel it (`Progress`).
    """
    workings = opened(book, None, year, organisation)
    organisation = code_of(workings.position, organisation)
    with part(ANSWERING, "answering"):
        results = pack_results(workings, year, organisation)
    paper = paper_for(results, "board", organisation, full=False)
    files: dict[str, bytes] = {}
    told: list[str] = []
    for form in (one for one in forms if one in DATA):
        made = DATA[form](results, organisation)
        files[form], told = made.data, [*told, *made.told]
    if is_small(paper, "board", full=False):  # all of it anew, so that a page has one unit
        with shown_in("£k"):
            with part(ANSWERING, "answering"):
                results = pack_results(workings, year, organisation)
            paper = paper_for(results, "board", organisation, full=False)
            return _written(results, paper, organisation, forms, files, told)
    return _written(results, paper, organisation, forms, files, told)


def _written(
    results: Mapping[str, Result],
    paper: Paper,
    organisation: str | None,
    forms: Sequence[str],
    files: dict[str, bytes],
    told: list[str],
) -> Frozen:
    without: dict[str, Any] = {name: one for name, one in results.items() if name != "wording"}
    offered = paper_for(without, "board", organisation, full=False)
    for form in (one for one in forms if one in FORMS):
        stop_if_cancelled()
        made = FORMS[form](paper, None)
        files[form], told = made.data, [*told, *made.told]
    return Frozen(paper, offered.sections, results["wording"], files, tuple(told))
