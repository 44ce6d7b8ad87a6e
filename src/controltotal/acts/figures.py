"""A month's figures sent in one act: the rows of the file and the hand-in together, or neither.

The file was read before; what it changes is worked out at the desk, against the book as it then stands.
A body sends its own figures alone. Where figures change that were sent before, the act says so: the
hand-in that they belong to bears the reason, as of every late adjustment.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from hashlib import sha256
from typing import TYPE_CHECKING

from controltotal.accounts.months_sent import pence_of
from controltotal.acts.bench import ActRefused, Bench, Refusal
from controltotal.acts.desk import Desk, Done, How, at_desk, done
from controltotal.acts.months import WAITS, come_late, hand_in, has_figures, row_of
from controltotal.book.fold import Position
from controltotal.book.sent_months import BASIS, REOPENED, Sent, SentMonths, last_month, sent_in
from controltotal.book.settings import read_settings
from controltotal.core.calendar import year_label
from controltotal.core.finding import Finding
from controltotal.intake.asking import Asking
from controltotal.intake.changes import Changes
from controltotal.intake.commit import PREFIX, drafts_of
from controltotal.intake.files import File
from controltotal.intake.importing import Imported, settled, why_of
from controltotal.intake.late import closed_by
from controltotal.intake.parts import Detail, detail_lost
from controltotal.intake.reach import Reach
from controltotal.intake.scopes import Put
from controltotal.ledger import in_force
from controltotal.ledger.entries import Draft

if TYPE_CHECKING:
    from controltotal.acts.desk import Ledger

SEND, ADJUST = "submit_month", "adjust_month"
"""The acts as which figures are recorded: of a month that waits, and of one that was sent."""


class ChangedSince(ActRefused):
    """The book changed since somebody looked at what a file would change in it."""


@dataclass(frozen=True, slots=True)
class Month:
    """A month of a body, its year in the form of the book.

    >>> Month("T1", "2026-27", 9).fields["month"]
    '9'
    """

    organisation: str
    year: str
    number: int

    @property
    def fields(self) -> dict[str, str]:
        """As the fields of an act."""
        return {
            "organisation": self.organisation,
            "year": year_label(self.year),
            "month": str(self.number),
            "basis": BASIS,
        }

    @property
    def words(self) -> str:
        """As people say it, without the body."""
        return f"month {self.number} of {year_label(self.year)}"


@dataclass(frozen=True, slots=True)
class Move:
    """One figure that a file changes: before and after in pence; None where there is none.

    `basis`, `line` and `month` say of what it is; `scheme` where it is of one. `was` and `now` are its
    marks, recurrent or non-recurrent, where it has any: a sum under another mark is a change too.
    """

    basis: str
    line: str
    month: str
    scheme: str
    before: int | None
    after: int | None
    was: frozenset[str] = frozenset()
    now: frozenset[str] = frozenset()

    @property
    def is_marked_anew(self) -> bool:
        """Whether a sum that stood has another mark than before."""
        return self.before is not None and self.after is not None and self.was != self.now


@dataclass(slots=True)
class Laid:
    """What a file would write of a month: the import, its rows, and what stands against it.

    `late` are hand-ins whose figures would change; `apart` counts rows of other tables, which are
    left out of what is sent; `later` are rows of later months in which the files differ from the book,
    which are left aside; `refusals` say what cannot be sent at all.
    """

    imported: Imported
    changes: Changes
    drafts: list[Draft]
    late: list[Sent]
    apart: Mapping[str, int] = field(default_factory=dict)
    refusals: list[Refusal] = field(default_factory=list)
    later: Sequence[Put] = ()

    @property
    def changes_figures(self) -> bool:
        """Whether any amount would change; where none does there is nothing to adjust."""
        return any(draft.table == "amounts" for draft in self.drafts)

    @property
    def questions(self) -> list[Finding]:
        """What has to be answered first."""
        return [one for file in self.imported.files for one in file.questions]

    @property
    def detail(self) -> list[Detail]:
        """What the book keeps of lines and the new sums do not say."""
        entries = in_force(self.imported.book.entries)
        return detail_lost(self.changes.added, self.changes.withdrawn, entries)

    @property
    def digest(self) -> str:
        """What stands for all that would be written: a page bears it, and the act is held to it."""
        said = sorted(
            repr((draft.kind, draft.table, draft.cells, draft.withdraws)) for draft in self.drafts
        )
        return sha256("\n".join(said).encode()).hexdigest()


def laid(
    position: Position,
    files: Sequence[File],
    ask: Asking,
    month: Month,
    new: frozenset[str] = frozenset(),
) -> Laid:
    """What files that were read would write of a body's month into a book; nothing is written.

    They say nothing of later months: what the book holds of those stands, and is not asked about.
    `new` are lines of the body's own that somebody says are no line of the book under another name.
    """
    source = position.source
    if source is None:
        raise ValueError("only a book that was read can be sent to")
    months = sent_in(position.book.submissions)
    reach = _reach(months, month)
    imported = settled(files, source, replace(ask, late=""), reach)
    asks_late = any(one.code == "IMPORT_SENT" for f in imported.files for one in f.questions)
    if asks_late:  # asked here in its own way: with the reason the figures go in
        imported = settled(files, source, replace(ask, late=ask.late or month.words), reach)
    changes, apart = _own_tables(imported.written)
    late = [sent for sent, _ in closed_by(changes, months)]
    drafts = drafts_of(source.entries, changes) if changes.any else []
    found = Laid(imported, changes, drafts, late, apart)
    found.later = reach.aside(files, source.entries)
    found.refusals += _of_others(imported, changes, month)
    found.refusals += _of_another_month(files, month, months)
    found.refusals += _new_lines(imported, position, new)
    return found


def new_lines(imported: Imported, position: Position) -> dict[str, str]:
    """The lines of files that a book does not have, each with its name; asked before all else is known.

    A line under another name than before would stand beside what the book has of earlier months.
    """
    puts = [*(put for file in imported.files for put in file.puts), *imported.written.added]
    rows = [put.cells for put in puts if put.table == "lines"]
    every = {cells["line"]: cells.get("name") or cells["line"] for cells in rows}
    return {line: title for line, title in every.items() if line not in position.lines}


def _new_lines(imported: Imported, position: Position, new: frozenset[str]) -> list[Refusal]:
    """New lines of which nobody has said that the book lacks them."""
    return [
        Refusal(
            f"the ledger has no line called {title}",
            "the file",
            "say which line of the ledger it is, or that it is a new one",
            f"new:{line}",
        )
        for line, title in new_lines(imported, position).items()
        if line not in new
    ]


def _own_tables(written: Changes) -> tuple[Changes, dict[str, int]]:
    """What of an import belongs to a month's figures, and how many rows of other tables do not."""
    found, apart = Changes(equal=written.equal), dict[str, int]()

    def belongs(table: str, cells: Mapping[str, str], *, new: bool) -> bool:
        if table == "amounts" or (table == "lines" and new):
            return True
        if table == "sources":
            return cells.get("id", "").startswith(PREFIX)
        if table != "submissions":  # the act itself says that figures come late
            apart[table] = apart.get(table, 0) + 1
        return False

    found.added = [put for put in written.added if belongs(put.table, put.cells, new=True)]
    found.changed = [
        (old, put) for old, put in written.changed if belongs(put.table, put.cells, new=False)
    ]
    found.withdrawn = [
        entry for entry in written.withdrawn if belongs(entry.table, dict(entry.cells), new=False)
    ]
    return found, apart


def _of_others(imported: Imported, changes: Changes, month: Month) -> list[Refusal]:
    """Whether rows are of another body than the one that sends."""
    puts = [put for file in imported.files for put in file.puts if put.table == "amounts"]
    gone = [dict(entry.cells) for entry in changes.withdrawn if entry.table == "amounts"]
    rows = [*(put.cells for put in puts), *gone]
    others = {cells.get("organisation", "") for cells in rows} - {month.organisation}
    if not others:
        return []
    return [
        Refusal(
            f"the file holds figures of {', '.join(sorted(others))}, and {month.organisation} sends its "
            "own alone",
            "the file",
            "send a file of your own organisation, or answer whose the figures are",
            "file",
        )
    ]


def _reach(months: SentMonths, month: Month) -> Reach:
    """How far files of a month speak."""
    own = (month.organisation, month.year)
    passed = any((code, year) == own and at > month.number for code, year, at in months.every)
    return Reach(month.year, month.number, passed)


def _of_another_month(files: Sequence[File], month: Month, months: SentMonths) -> list[Refusal]:
    """Whether the actuals of a file end with another month than the one that is sent.

    A file of a later month that was sent may bring the month too: what is later is left aside.
    """
    told = {
        last_month(row.cells)
        for file in files
        for one in file.reads
        for row in one.rows
        if row.table == "amounts"
        and row.cells.get("basis") == BASIS
        and row.cells.get("month")
        and _same_year(row.cells, month)
    }
    reached = max(told, default=month.number)
    sent = months.last(month.organisation, month.year, reached) is not None
    if reached == month.number or (month.number in told and reached > month.number and sent):
        return []
    return [
        Refusal(
            f"the actuals of the file end with month {reached}, and this is {month.words}",
            "the file",
            f"choose the file of month {month.number}, or go to month {reached}",
            "file",
        )
    ]


def _same_year(cells: Mapping[str, str], month: Month) -> bool:
    from_cells = cells.get("year", "")
    return from_cells in (month.year, year_label(month.year)) or not from_cells


def moves(found: Laid) -> list[Move]:
    """Each amount that would change, by basis, line and month, with what it was."""
    unit = read_settings(found.imported.book.entries, None).default_unit
    every: list[Move] = []
    for put in found.changes.added:
        every += _move(None, put.cells, unit) if put.table == "amounts" else ()
    for old, put in found.changes.changed:
        every += _move(dict(old.cells), put.cells, unit) if put.table == "amounts" else ()
    for entry in found.changes.withdrawn:
        every += _move(dict(entry.cells), None, unit) if entry.table == "amounts" else ()
    joined: dict[tuple[str, ...], Move] = {}
    for one in every:  # a sum in place of its parts is one change
        label = (one.basis, one.line, one.month, one.scheme)
        before = joined.get(label)
        joined[label] = one if before is None else _join(before, one)
    return sorted(
        (one for one in joined.values() if one.before != one.after or one.is_marked_anew),
        key=lambda one: (one.basis, one.scheme, one.month.rjust(5), one.line),
    )


def _join(one: Move, other: Move) -> Move:
    def both(first: int | None, second: int | None) -> int | None:
        return second if first is None else first if second is None else first + second

    return replace(
        one,
        before=both(one.before, other.before),
        after=both(one.after, other.after),
        was=one.was | other.was,
        now=one.now | other.now,
    )


def _move(
    before: Mapping[str, str] | None, after: Mapping[str, str] | None, unit: str
) -> list[Move]:
    of = after or before or {}
    label = (of.get("basis", ""), of.get("line", ""), of.get("month", ""), of.get("scheme", ""))
    was, now = _mark(before), _mark(after)
    return [Move(*label, pence_of(before, unit), pence_of(after, unit), was, now)]


def _mark(cells: Mapping[str, str] | None) -> frozenset[str]:
    return frozenset(filter(None, [(cells or {}).get("recurrence", "")]))


def is_open(position: Position, month: Month) -> bool:
    """Whether a month is still to be sent: it never was, or was reopened."""
    months = sent_in(position.book.submissions)
    sent = months.last(month.organisation, month.year, month.number)
    return sent is None or sent.state == REOPENED


def _is_first(desk: Desk, month: Month, request: str) -> bool:
    """Whether a month is sent, rather than adjusted; of a request that was done, what it was then."""
    receipt = desk.store.receipt(request) if request else None
    if receipt is not None:
        return desk.position.daybook[receipt.entry - 1].narration.act == SEND
    return is_open(desk.position, month)


def send_figures(
    ledger: Ledger,
    month: Month,
    files: Sequence[File],
    ask: Asking,
    how: How,
    checked: str = "",
    new: frozenset[str] = frozenset(),
) -> Done:
    """Send the figures of a month: what files say and the hand-in, in one request.

    `files` were read by `intake.importing.read_files`; `ask.late` is why figures change that were sent
    before. `checked` is the digest of what somebody saw that it would write, `new` as in `laid`. A month
    that was sent is adjusted, and recorded as such. ActRefused, NotPermitted or ChangedSince with
    nothing written.
    """
    with at_desk(ledger) as desk:
        first = _is_first(desk, month, how.get("request", ""))
        fields = {name: text for name, text in month.fields.items() if first or name != "month"}

        def judge(bench: Bench) -> None:
            if is_open(bench.position, month) != first:
                raise ChangedSince(
                    f"{month.words} was sent or reopened since you looked",
                    "the month",
                    "look again",
                )
            _lay(bench, laid(bench.position, files, ask, month, new), ask, checked)
            if first:
                _must_have_figures(bench, month)
                hand_in(bench, month.fields)
            elif not any(draft.table == "amounts" for draft in bench.drafts):
                bench.refuse(
                    "nothing would change", "the file", "choose a file that differs", "file"
                )
            else:
                bench.notices.append(WAITS)

        why = how.get("why") or ask.late
        said: How = {**how, "why": why, "fields": fields, "file": why_of(files, ask).text}
        return done(desk, SEND if first else ADJUST, judge, said)


def _lay(bench: Bench, found: Laid, ask: Asking, checked: str) -> None:
    """Lay the rows of the files on the bench, and the hand-ins whose figures come late."""
    for refusal in found.refusals:
        bench.refuse(refusal.what, refusal.where, refusal.action, refusal.column)
    for one in found.questions:
        bench.refuse(one.message.rstrip("."), one.where, one.action.rstrip("."), one.code)
    if found.late and not ask.late:
        bench.refuse(
            "figures that were sent before would change, and nothing says why",
            "the file",
            "give the reason: it stands beside the late adjustment",
            "set:late",
        )
    bench.settle()
    if checked and found.digest != checked:
        raise ChangedSince(
            "the book changed since you checked these figures",
            "the file",
            "look at what they change now, then send them",
        )
    bench.drafts += found.drafts
    for sent in found.late:
        come_late(bench, row_of(bench, sent), ask.late)
    if found.late:
        bench.notices.append(
            "a late adjustment of " + ", ".join(f"month {sent.month}" for sent in found.late)
        )


def _must_have_figures(bench: Bench, month: Month) -> None:
    """Refuse to send a month of which neither the book nor the file has a figure."""
    cells = [dict(draft.cells) for draft in bench.drafts if draft.table == "amounts"]
    brought = any(
        row.get("basis") == BASIS
        and row.get("month")
        and last_month(row) == month.number
        and _same_year(row, month)
        for row in cells
    )
    if not brought and not has_figures(bench.position, month.fields):
        raise ActRefused(
            f"neither the file nor the book has an actual figure of {month.words}",
            "the file",
            "choose the file of this month",
            column="file",
        )


__all__ = ["ChangedSince", "Laid", "Month", "Move", "laid", "moves", "send_figures"]
