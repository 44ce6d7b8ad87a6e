"""How one act is judged: against the book as it stands, by who may do it, and by the book it would make.

Nothing is written here: the desk writes what was judged, or tells what is wrong with it, all at once.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from controltotal.acts.actors import Actor, permits
from controltotal.acts.bench import ActRefused, Bench, NotPermitted, Refusal
from controltotal.acts.clashes import clash
from controltotal.acts.closed import refuse_silent
from controltotal.acts.rows import replaced
from controltotal.book.fold import Position, advance
from controltotal.book.row_keys import Touched, row_key
from controltotal.core.calendar import CalendarError
from controltotal.ledger.entries import PUT, Draft, Narration, Posting, check_posting
from controltotal.ledger.errors import LedgerError
from controltotal.workings.workings import Workings

ASK: Final = "ask for the office, or let its holder do it"
"""What somebody does who may not do an act."""
Judge = Callable[[Bench], None]
"""An act: it prepares rows on the bench, or refuses. It reads the book and writes nothing."""


@dataclass(frozen=True, slots=True)
class Asked:
    """An act that somebody asks for."""

    act: str
    judge: Judge
    actor: Actor
    on: date
    why: str
    request: str
    seen: Mapping[str, int] = field(default_factory=dict)
    fields: Mapping[str, str] = field(default_factory=dict)
    file: str = ""
    dated: bool = True

    def narration(self, role: str) -> Narration:
        """What is said of every row that it writes."""
        author = self.actor.author(role)
        said = (self.request, self.act, author, self.on.isoformat(), self.why, self.file)
        return Narration(*said)


def judged(
    asked: Asked, position: Position, touched: Touched, today: date
) -> tuple[Bench, Posting, Position]:
    """An act judged against a book: its bench, what it would write, and the book as it would be.

    ActRefused with everything that is wrong with it; nothing is written here.
    """
    refuse_ahead(asked, today)
    workings = Workings(position)
    office_of(asked, (), workings, today)
    bench = Bench(position, asked.actor, asked.on, asked.why, asked.act, dated=asked.dated)
    moved = [key for key, seen in asked.seen.items() if touched.last.get(key, 0) != seen]
    try:
        asked.judge(bench)
        bench.settle()
    except ActRefused:
        if moved:
            raise clash(moved[0], asked.seen, bench, touched, today) from None
        raise
    except CalendarError as error:
        raise ActRefused(str(error), "the act", f"give {error.expected}") from error
    mine = {_key_of(draft, touched) for draft in bench.drafts} if moved else set()
    for key in moved:
        if key in mine:
            raise clash(key, asked.seen, bench, touched, today)
    refuse_silent(bench)
    bench.settle()
    rows = _rows(bench)
    role = office_of(asked, rows, workings, today)
    narration = asked.narration(role)
    posting = Posting(narration, tuple(bench.drafts))
    try:
        check_posting(posting)
    except LedgerError as error:
        raise ActRefused(error.what, error.where, error.action) from error
    after = advance(position, bench.after(narration))
    _refuse_new_faults(position, after)
    return bench, posting, after


def refuse_ahead(asked: Asked, today: date) -> None:
    """Refuse an act that is dated on a day still to come."""
    if asked.on > today:
        raise ActRefused(
            f"{asked.on} is still to come", "the act", "date the act on its own day, or before it"
        )


def office_of(asked: Asked, rows: Sequence[Draft], workings: Workings, today: date) -> str:
    """The office in which an act is done on some rows; NotPermitted where it may not be.

    Asked about no row it refuses whoever may not do the act at all, before a word is said of what the
    book holds.
    """
    role, why_not = permits(asked.actor, asked.act, rows, asked.on, workings, today)
    if why_not:
        raise NotPermitted(why_not, "the act", ASK)
    return role


def _rows(bench: Bench) -> list[Draft]:
    """The rows of an act as they are put, and those that it withdraws or replaces as they were."""
    rows = [bench.entries[d.withdraws - 1].draft if d.withdraws else d for d in bench.drafts]
    return [*rows, *replaced(bench)]


def _key_of(draft: Draft, touched: Touched) -> str:
    if draft.kind == PUT:
        return row_key(draft.table, dict(draft.cells))
    return touched.key(draft.withdraws)


def _refuse_new_faults(before: Position, after: Position) -> None:
    """Refuse an act for every fault of the book as it would be that it does not have already."""
    said = {(f.code, f.where, f.message) for f in before.findings}
    places = {(f.code, place) for f in before.findings for place in f.at}
    found = []
    for finding in after.findings:
        known = finding.at and all((finding.code, place) in places for place in finding.at)
        known = known or (finding.code, finding.where, finding.message) in said
        if finding.severity == "error" and not known:
            found.append(Refusal(finding.message, finding.place, finding.action))
    if found:
        one, *more = found
        raise ActRefused(one.what, one.where, one.action, *more)
