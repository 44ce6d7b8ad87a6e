"""The bench on which one act is prepared, and the words in which an act is refused.

An act reads the book as it stands and lays down the rows that it would write. Whatever is wrong with it
is noted, and told at once; nothing is written here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from difflib import get_close_matches

from controltotal.acts.actors import Actor
from controltotal.book.fold import Position, advance
from controltotal.book.record import Record
from controltotal.book.records import Scheme
from controltotal.core.errors import BookError
from controltotal.core.schema import tables
from controltotal.ledger.block import last_row
from controltotal.ledger.entries import NOTHING_SAID, Draft, Entry, Narration, put, withdraw


@dataclass(frozen=True, slots=True)
class Refusal:
    """One reason why an act is refused: what, where (`TABLE row N`, or a column), what to do."""

    what: str
    where: str
    action: str
    column: str = ""


class ActRefused(BookError):
    """An act that the rules do not allow, for all that is wrong with it; nothing was written."""

    def __init__(
        self, what: str, where: str, action: str, *more: Refusal, column: str = ""
    ) -> None:
        super().__init__(what, where, action)
        self.refusals: tuple[Refusal, ...] = (Refusal(what, where, action, column), *more)


class NotPermitted(ActRefused):
    """An act that this actor may not do; nothing was written."""


class RowClash(ActRefused):
    """Somebody changed a row since it was seen: what it was, what it is, what was to be written.

    Each is the row as cells, None where there is none.
    """

    def __init__(
        self,
        key: str,
        base: Mapping[str, str] | None,
        theirs: Mapping[str, str] | None,
        yours: Mapping[str, str] | None,
        by: str = "",
    ) -> None:
        whom = f" by {by}" if by else ""
        super().__init__(
            f"{key} was changed{whom} since you saw it",
            key,
            "look at what it says now, then send a new act with that entry as the one seen",
        )
        self.key, self.base, self.theirs, self.yours = key, base, theirs, yours


@dataclass
class Bench:
    """Where one act is prepared: the book as it stands, and the rows that it would write."""

    position: Position
    actor: Actor
    on: date
    why: str
    act: str = ""
    dated: bool = True
    """Whether whoever acts gave the day: else it is that on which the act is done."""
    drafts: list[Draft] = field(default_factory=list)
    notices: list[str] = field(default_factory=list)
    refusals: list[Refusal] = field(default_factory=list)

    @property
    def entries(self) -> Sequence[Entry]:
        """Every entry of the ledger."""
        return self.position.daybook

    def is_erased(self, entry: Entry) -> bool:
        """Whether a redaction erased the words of a row."""
        source = self.position.source
        return source is not None and entry.seq in source.stopped

    @property
    def by(self) -> str:
        """The display name of who acts."""
        return self.actor.name

    def put(self, table: str, cells: Mapping[str, str]) -> None:
        """Prepare a new row: its cells in the order of the table, other columns after them."""
        used = [last_row(self.entries, table)]
        used += [d.row for d in self.drafts if d.table == table]
        order = dict.fromkeys((*(tables()[table].columns if table in tables() else ()), *cells))
        filled = [(name, cells[name]) for name in order if cells.get(name)]
        self.drafts.append(put(table, max(1, *used) + 1, filled))

    def withdraw(self, entry: Entry) -> None:
        """Prepare the withdrawal of a row."""
        self.drafts.append(withdraw(entry))

    def again(self, row: Record, changes: Mapping[str, str]) -> None:
        """Prepare a row as it is from this day on; an empty text empties a cell.

        What it said before stands for the days before; what was said on the same day is taken back.
        """
        if row.known is not None and self.on < row.known:
            what = row.texts.get("id") or row.where
            raise ActRefused(
                f"{what} was last changed on {row.known}, after {self.on}",
                row.where,
                "date the act on the day it is done",
            )
        if row.known == self.on:
            self.withdraw(self.position.entries[row.entry])
        self.put(row.table, {**row.texts, **changes, "known_on": self.on.isoformat()})

    def refuse(self, what: str, where: str, action: str, column: str = "") -> None:
        """Note a reason why the act is refused, and go on looking for others."""
        self.refusals.append(Refusal(what, where, action, column))

    def settle(self) -> None:
        """Refuse the act for all that was noted; nothing happens where nothing was."""
        if self.refusals:
            one, *more = self.refusals
            raise ActRefused(one.what, one.where, one.action, *more, column=one.column)

    def scheme(self, code: str) -> Scheme:
        """A scheme of the book, or a refusal."""
        for row in self.position.book.schemes:
            if row.id == code:
                return row
        known = sorted(row.id for row in self.position.book.schemes)
        near = get_close_matches(code, known, n=1)
        hint = f"did you mean {near[0]}?" if near else "propose it first"
        raise ActRefused(f"there is no scheme {code}", "schemes", hint)

    @property
    def would_be(self) -> Position:
        """The book as it would be with what lies on the bench."""
        return advance(self.position, self.after(NOTHING_SAID))

    def after(self, narration: Narration) -> list[Entry]:
        """The entries that would be written."""
        start = len(self.entries) + 1
        return [
            Entry(seq, d.kind, d.table, d.row, d.cells, d.origin, d.withdraws, narration)
            for seq, d in enumerate(self.drafts, start)
        ]
