"""What people wrote for a paper: each sentence with its numbers, its place, and whether it still holds.

A sentence is signed as at a day. Where a number that fills one of its slots reads otherwise than it
did on that day, the words may no longer fit it: the sentence is marked with what the number was, and
a paper that holds one is no final paper. Numbers that people typed stand as they typed them.
Words of another month are not shown as this month's; words without a month are of the whole year.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from controltotal.accounts.placing import About, about, near_names, placed
from controltotal.accounts.told import Told
from controltotal.book.fold import Position
from controltotal.book.records import Comment
from controltotal.core.calendar import months_of
from controltotal.core.finding import Finding
from controltotal.core.measures import measures
from controltotal.core.names import listed
from controltotal.core.result import Answer, Result
from controltotal.core.slots import (
    STRAY,
    UNTOLD,
    Filled,
    Filling,
    Slot,
    fill,
    fill_one,
    has_slots,
    is_listed,
    near_slots,
)
from controltotal.workings.leading import leading

Then = Mapping[int, "Told | None"]
"""By the entry of a row: the numbers of the day on which it was written, None where nobody can tell
them; a row that is not there was written with the numbers of today."""
SLOTS_MOST: Final = 5
"""Slots of one sentence that nothing fills and that are told one by one; the others are counted."""
NO_HAND: Final = "Type {{ or }} where a brace is meant."


@dataclass(frozen=True, slots=True)
class Whose:
    """Of which year and body a paper is, who leads the book, who is inside the paper.

    Words that name a part of a paper and nobody's are of the paper of who leads the book.
    """

    year: str
    body: str
    lead: str
    inside: frozenset[str]
    everywhere: bool


@dataclass(frozen=True, slots=True)
class Moved:
    """A number of a sentence that reads otherwise than when the sentence was written."""

    filling: Filling
    before: Filling


@dataclass(frozen=True, slots=True)
class Said:
    """A sentence that somebody wrote, ready for a paper.

    `unchecked`: nobody can tell what its numbers were on its day.
    """

    row: Comment
    about: About | None
    filled: Filled
    part: str
    replaces: bool
    quoted: bool
    moved: tuple[Moved, ...] = field(default=())
    unchecked: bool = False


def current(position: Position, year: str, reached: int | None) -> tuple[Comment, ...]:
    """The sentences of a paper's year and month, and those of the whole year.

    In a year of which no month is told the latest month of which anybody wrote is the paper's.
    """
    rows = [row for row in position.book.commentary if row.year == year]
    month = reached or max((_last(row) for row in rows), default=0)
    return tuple(row for row in rows if _last(row) in (0, month))


def before(position: Position, year: str, reached: int) -> tuple[Comment, ...]:
    """The sentences of the last month before one of which anybody wrote, less those said anew since.

    What a source says is that source's, and is carried into no other month.
    """
    rows = [row for row in position.book.commentary if row.year == year and not row.source]
    months = [_last(row) for row in rows if 0 < _last(row) < reached]
    anew = {(row.about, row.kind, row.by) for row in rows if _last(row) >= reached}
    return tuple(
        row
        for row in rows
        if months and _last(row) == max(months) and (row.about, row.kind, row.by) not in anew
    )


def slotted(rows: Iterable[Comment]) -> tuple[Comment, ...]:
    """The sentences that have slots."""
    return tuple(row for row in rows if has_slots(row.text))


def _last(row: Comment) -> int:
    return max(months_of(row.month)) if row.month else 0


def answer_wording(
    now: Told,
    then: Then,
    year: str,
    body: str,
    organisation: str | None = None,
    *,
    everywhere: bool = True,
    carried: Sequence[Comment] = (),
) -> Result:
    """Every sentence of a body's paper in a year, with its numbers, place and marks.

    `carried` are sentences of the month before: how they would read now stands in the table `carried`.

    `everywhere` says that the numbers hold figures of every verb; without it a slot that another
    verb than `position` fills is not judged.
    """
    position = now.workings.position
    inside = {body, *position.tree.descendants(body, year)} if body else set()
    rows = current(position, year, now.month(body, year) if body else None)
    lead = leading(now.workings, year) if year else ""
    paper = Whose(year, body, lead, frozenset(inside), everywhere)
    told = [_said(now, then, row, paper) for row in rows]
    given = {"year": year, "organisation": organisation}
    answer = Answer("wording", position.ref, {k: v for k, v in given.items() if v})
    for one in told:
        answer.add_findings(_findings(now, one, body))
    answer.table("wording", [_row(one, body) for one in told])
    answer.table("slots", [row for one in told for row in _slot_rows(one)])
    answer.table("carried", [_row(_said(now, then, row, paper), body) for row in carried])
    aside = [r for r in position.book.commentary if r.year == year and r not in rows]
    answer.table("other_months", [_aside(row) for row in aside])
    for text in _standing(told):
        answer.words(text, topic="wording", about=body, year=year)
    return answer.result()


def _said(now: Told, then: Then, row: Comment, paper: Whose) -> Said:
    position = now.workings.position
    found = about(position, row, paper.lead)
    year, whose = paper.year, found.organisation if found else paper.lead
    filled = fill(row.text, now, whose, year)
    if not paper.everywhere:
        kept = tuple(one for one in filled.fillings if not _elsewhere(one.slot))
        filled = Filled(filled.text, kept)
    quoted = bool(row.source)  # what a source says, and no words for this paper
    there = found is not None and whose in paper.inside
    place = placed(row, found, paper.body, quoted=quoted) if found and there else None
    before = then.get(row.entry, now)
    moved = () if before in (None, now) else _moved(filled, before, whose, year)
    part, replaces = (place.part, place.replaces) if place else ("", False)
    return Said(row, found, filled, part, replaces, quoted, moved, unchecked=before is None)


def _elsewhere(slot: Slot) -> bool:
    """Whether a slot names a figure that another verb than `position` tells."""
    known = measures().get(slot.name.split("/")[0])
    return "/" in slot.name and known is not None and known.verb != "position"


def _moved(filled: Filled, before: Told | None, code: str, year: str) -> tuple[Moved, ...]:
    """The numbers that read otherwise than on the day of the sentence."""
    found: dict[str, Moved] = {}
    for one in filled.fillings if before is not None else ():
        if one.problem or _elsewhere(one.slot):
            continue
        was = fill_one(one.slot, before, code, year)  # type: ignore[arg-type]
        if was.shown != one.shown:
            found.setdefault(one.said, Moved(one, was))
    return tuple(found.values())


def mark(moved: Sequence[Moved]) -> str:
    """What the numbers of a sentence were when it was written, in brackets; empty where none moved."""
    told = [one for one in moved if not one.before.problem]
    parts = [f"{one.filling.said} was {one.before.shown}" for one in told]
    text = [f"written when {listed(parts)}"] if parts else []
    unknown = [one.filling.said for one in moved if one.before.problem]
    if unknown:
        text.append(
            f"written before {listed(unknown)} {'was' if len(unknown) == 1 else 'were'} told"
        )
    return f"({'; '.join(text)})" if text else ""


def _row(one: Said, body: str) -> dict[str, Any]:
    row, found = one.row, one.about
    return {
        "organisation": found.organisation if found else "",
        "year": row.year,
        "month": row.month or "",
        "about": row.about,
        "what": found.what if found else "",
        "kind": row.kind,
        "by": row.by,
        "on": row.day("on"),
        "status": row.status or "",
        "part": one.part,
        "replaces": one.replaces,
        "quoted": one.quoted,
        "text": one.filled.text,
        "written": row.text,
        "mark": mark(one.moved),
        "stale": None if one.unchecked else bool(one.moved),
        "lacking": len(one.filled.problems),
        "own": found is not None and found.organisation == body,
        "where": row.where,
    }


def _slot_rows(one: Said) -> list[dict[str, Any]]:
    """What fills each slot now, and what filled it on the day of the sentence."""
    before = {moved.filling.said: moved.before for moved in one.moved}
    return [
        {
            "where": one.row.where,
            "slot": filling.slot.written,
            "said": filling.said,
            "shown": filling.shown,
            "value": filling.value,
            "then": before.get(filling.said, filling).value,
            "shown_then": "" if one.unchecked else before.get(filling.said, filling).shown,
            "moved": filling.said in before,
            "problem": filling.problem,
            "source": filling.key,
        }
        for filling in one.filled.fillings
    ]


def _aside(row: Comment) -> dict[str, Any]:
    return {
        "about": row.about,
        "month": row.month,
        "kind": row.kind,
        "by": row.by,
        "where": row.where,
    }


def _standing(told: Sequence[Said]) -> list[str]:
    """What stands between a paper and its being final, a sentence each."""
    shown = [one for one in told if one.part]
    found = (
        (
            sum(bool(one.moved) for one in shown),
            "is older than its figures",
            "are older than their figures",
        ),
        (
            sum(one.unchecked for one in shown),
            *_twice("cannot be set against the figures of its day"),
        ),
        (sum(one.row.status == "draft" for one in shown), "is not agreed", "are not agreed"),
        (sum(bool(one.filled.problems) for one in shown), "lacks a figure", "lack a figure"),
    )
    return [
        f"{count} {'sentence' if count == 1 else 'sentences'} {single if count == 1 else many}"
        for count, single, many in found
        if count
    ]


def _twice(text: str) -> tuple[str, str]:
    return text, text.replace("its day", "their days")


def _findings(now: Told, one: Said, body: str) -> Iterable[Finding]:
    """What is to be mended in a sentence: slots that nothing fills, a place that is none, its age."""
    row, position = one.row, now.workings.position
    whose = one.about.organisation if one.about else body
    waits = bool(row.month) and _are_past(now, body, row.year, _last(row))
    problems = {
        filling.slot.written: filling
        for filling in one.filled.problems
        if not (waits and filling.problem == UNTOLD and is_listed(filling.slot, now))
    }  # words of a month are judged with its figures, not once some have told a later one
    more = len(problems) - SLOTS_MOST
    for filling in list(problems.values())[:SLOTS_MOST]:
        yield _not_filled(now, row, filling, whose, f" And {more} more such." if more > 0 else "")
    if one.moved and one.part:
        yield Finding(
            "WORDS_OLDER",
            "warning",
            whose,
            row.where,
            f"A sentence of {row.by} is older than its figures {mark(one.moved)}.",
            "words written with the figures as they stand, on or after the day they changed",
            row.day("on"),
            "Read it again with the new figures, and put it anew with the day on which it was read.",
            row.detail,
        )
    if one.about is None:
        names = near_names(position, row.about)
        yield Finding(
            "WORDS_NOT_PLACED",
            "warning",
            "",
            row.where,
            f"A sentence of {row.by} is about {row.about!r}, of which there is nothing.",
            "a part of the board paper, a figure, a line, a scheme, a decision or an organisation",
            row.about,
            f"Name one{', such as ' + ', '.join(names) if names else ''}. Until then no paper shows it.",
            row.detail,
        )


def _are_past(now: Told, body: str, year: str, month: int) -> bool:
    """Whether all below a body have told a month, and some a later one, so that it is told to none."""
    tree = now.workings.tree
    below = tree.children(body, year) if body else ()
    told = [now.month(code, year) or 0 for code in below]
    return now.month(body, year) is None and month <= min(told, default=0)


def _not_filled(now: Told, row: Comment, filling: Filling, whose: str, more: str) -> Finding:
    """A slot that nothing fills, or a brace without its other half."""
    written = filling.slot.written
    if filling.problem == STRAY:
        message, action = f"A sentence of {row.by} has a brace without its other half.", NO_HAND
    else:
        near = near_slots(filling.slot, now)
        meant = f"; near it: {', '.join(near)}" if near else ""
        message = f"Nothing fills {{{written}}} in a sentence of {row.by}: {filling.problem}."
        action = (
            f"Correct the name, or type what is meant{meant}. A brace that is meant is typed twice."
        )
    return Finding(
        "SLOT_NOT_FILLED",
        "warning",
        whose,
        row.where,
        message + more,
        "a name of the manual's list of slots, or the id of a figure that is told",
        written,
        action,
        row.detail,
    )
