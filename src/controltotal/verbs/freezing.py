"""A paper of one reading in every form at once: worked out once, so that its forms cannot disagree.

A ledger read as at one entry gives the same bytes again, whenever it is read: so a paper is frozen by
naming its entry, and whoever doubts it makes it anew.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from controltotal.accounts.held_back import keeps_from_final, meeting_on
from controltotal.book.fold import Position
from controltotal.core.calendar import day_words
from controltotal.core.money import page_unit, shown_in
from controltotal.core.progress import Progress, part, stop_if_cancelled
from controltotal.core.public import refuse_private
from controltotal.core.result import Result
from controltotal.papers.paper import Paper
from controltotal.papers.sections import Section
from controltotal.verbs.long import long
from controltotal.verbs.officed import officed
from controltotal.verbs.opening import code_of, opened
from controltotal.verbs.packs import pack_results
from controltotal.verbs.publishing import told_to_public
from controltotal.verbs.reporting import DATA, FORMS, is_small, paper_for
from controltotal.workings.workings import Workings

ANSWERING = 0.8
"""The share of the work that the answers are told as."""
COMING: Final = ("convert", "new", "grant", "revoke")
"""Acts by which a book comes into a ledger, and people into their offices: no news of the figures."""


@dataclass(frozen=True, slots=True)
class Frozen:
    """A paper of one reading: its forms as bytes by their ending, and what is said in it.

    `offered` are its parts without what people wrote; `wording` the answer on what they wrote, with a
    mark where a number moved; `told` what a form could not carry; `unit` that of its money; `held` that
    it holds what the public of its meeting may not see, empty where it holds nothing so.
    """

    paper: Paper
    offered: tuple[Section, ...]
    wording: Result
    files: Mapping[str, bytes]
    told: tuple[str, ...] = ()
    unit: str = "£m"
    held: str = ""

    @property
    def standing(self) -> tuple[str, ...]:
        """What keeps it from being final, a sentence each; none where it is."""
        words = (one.text for one in self.wording.sentences if one.topic == "wording")
        return tuple(filter(None, (self.held, *words)))


@long
def freeze(
    book: Position | Workings,
    forms: Sequence[str] = (".html",),
    organisation: str | None = None,
    year: str | None = None,
    on: str = "",
    *,
    meeting: str = "",
    progress: Progress | None = None,
) -> Frozen:
    """The board's paper of a reading in some forms (`.html`, `.pdf`, `.docx`, `.xlsx`, `.return.csv`).

    `organisation` is the code of whose paper it is (else the system with most to show), `year` its
    financial year, `on` the day of its meeting and `meeting` its name, where there are several that day:
    page one says where what was done after that day is in it, and a paper for a meeting in public that
    holds withheld figures is not final. `progress` is told how far the work is, and may cancel it
    (`Progress`).
    """
    workings = opened(book, None, year, organisation)
    organisation = code_of(workings.position, organisation)
    asked = _Asked(workings.position, organisation, year, on, meeting)
    results, wording = _answers(workings, asked)
    paper = paper_for(results, "board", organisation, full=False)
    files: dict[str, bytes] = {}
    told: list[str] = []
    for form in (one for one in forms if one in DATA):
        made = DATA[form](results, organisation)
        files[form], told = made.data, [*told, *made.told]
    data = Frozen(paper, (), wording, files, tuple(told))
    if is_small(paper, "board", full=False):  # all of it anew, so that a page has one unit
        with shown_in("£k"):
            results, wording = _answers(workings, asked)
            paper = paper_for(results, "board", organisation, full=False)
            return _written(results, paper, asked, forms, replace(data, wording=wording))
    return _written(results, paper, asked, forms, data)


@long
def freeze_for_public(
    book: Position | Workings,
    forms: Sequence[str] = (".html",),
    organisation: str | None = None,
    year: str | None = None,
    on: str = "",
    *,
    meeting: str = "",
    progress: Progress | None = None,
) -> Frozen:
    """The paper of a reading for the public, in plain words, without what is withheld.

    Forms that are data are left out. `on` is the day of its meeting, else it is the latest, and `meeting`
    its name where there are several that day. A paper that goes to a private session is a `BookError`.
    """
    workings = opened(book, None, year, organisation)
    organisation = code_of(workings.position, organisation)
    with part(ANSWERING, "answering"):
        asked = _Asked(workings.position, organisation, year, on, meeting)
        results = asked.of_one_meeting(pack_results(workings, year, None))
        refuse_private(results, organisation or results["register"].scope.about(None), on)
        shown = told_to_public(workings, results, lambda less: pack_results(less, year, None))
    shown = officed(shown, workings.position)
    paper = paper_for(shown, "public", organisation, full=False)
    files, told = _formed(paper, forms)
    wording = replace(shown["wording"], tables={}, sentences=())
    return Frozen(paper, (), wording, files, tuple(told), page_unit())


@dataclass(frozen=True, slots=True)
class _Asked:
    """What a paper is of: a reading, whose, of which year, for the meeting of which day."""

    position: Position
    organisation: str | None
    year: str | None
    on: str
    meeting: str = ""

    def of_one_meeting(self, results: Mapping[str, Result]) -> dict[str, Result]:
        """The answers without the other meetings of an organisation on the day of this one."""
        if not self.meeting:
            return dict(results)
        register = results["register"]
        rows = [
            row
            for row in register.tables.get("papers", ())
            if (row["organisation"], str(row["on"])) != (self.organisation, self.on)
            or row["meeting"] == self.meeting
        ]
        return {
            **results,
            "register": replace(register, tables={**register.tables, "papers": rows}),
        }

    @property
    def held(self) -> str:
        """That the public of the meeting may not see some of it; empty where it may see all."""
        year = self.year or self.position.default_year
        return keeps_from_final(self.position, self.organisation or "", year, self.on, self.meeting)

    @property
    def later(self) -> str:
        """That what was done after the meeting is in it; empty where nothing is, or no day is told."""
        meeting = meeting_on(self.position, self.organisation or "", self.on, self.meeting)
        last = max(
            (one.on for one in self.position.daybook if one.narration.act not in COMING), default=""
        )
        if meeting is None or last <= self.on:
            return ""
        return f"With acts to {day_words(last)}, after its meeting of {day_words(self.on)}."


def _answers(workings: Workings, asked: _Asked) -> tuple[dict[str, Result], Result]:
    """The answers with offices in the place of persons, and that on what people wrote as it is kept."""
    with part(ANSWERING, "answering"):
        results = asked.of_one_meeting(pack_results(workings, asked.year, asked.organisation))
    return officed(results, workings.position), results["wording"]


def _written(
    results: Mapping[str, Result], paper: Paper, asked: _Asked, forms: Sequence[str], data: Frozen
) -> Frozen:
    """A paper in its forms, beside what is made of its data already."""
    paper = replace(paper, notices=(*paper.notices, *filter(None, [asked.later])))
    without: dict[str, Any] = {name: one for name, one in results.items() if name != "wording"}
    offered = paper_for(without, "board", asked.organisation, full=False)
    made, more = _formed(paper, forms)
    return replace(
        data,
        paper=paper,
        offered=offered.sections,
        files={**data.files, **made},
        told=(*data.told, *more),
        unit=page_unit(),
        held=asked.held,
    )


def _formed(paper: Paper, forms: Sequence[str]) -> tuple[dict[str, bytes], list[str]]:
    """A paper in each of some forms, and what they could not carry."""
    files: dict[str, bytes] = {}
    told: list[str] = []
    for form in (one for one in forms if one in FORMS):
        stop_if_cancelled()
        made = FORMS[form](paper, None)
        files[form], told = made.data, [*told, *made.told]
    return files, told
