"""What people wrote for a paper, with its numbers and with what they were on the day it was written.

The numbers of an earlier day are those of the book as it stood then: what was known by that day, and
in a ledger what had been entered by the time at which the sentence was. Each such day is read once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Final

from controltotal.accounts.told import Told
from controltotal.accounts.wording import answer_wording, before, current, slotted
from controltotal.book.amount_table import told as told_of
from controltotal.book.fold import Position, fold
from controltotal.book.record import Record
from controltotal.book.records import Comment, Succession
from controltotal.book.taken import book_alone, with_published
from controltotal.core.calendar import CalendarError, parse_date, year_end
from controltotal.core.errors import BookError
from controltotal.core.figure import Figure
from controltotal.core.finding import Finding
from controltotal.core.period import is_whole_year, year_in
from controltotal.core.result import Result
from controltotal.core.schema import tables
from controltotal.ledger.block import written_singly
from controltotal.ledger.entries import Entry, collector_paused
from controltotal.ledger.errors import LedgerError
from controltotal.sources.books import read_book
from controltotal.verbs.opening import Book, code_of, named, opened, years_read
from controltotal.workings.late import late_typed
from controltotal.workings.leading import leading
from controltotal.workings.workings import Workings

DAYS_MOST: Final = 6
"""Earlier days whose numbers are worked out, the latest first; a sentence that is older is told as one
that cannot be checked."""

NO_FIGURES: Final = frozenset(
    {"commentary", "actions", "papers", "promises", "withheld", "challenges", "decisions", "votes"}
    | {"sources", "submissions", "milestones"}
)
"""Tables of which no row bears on a figure that a sentence may hold."""
Moment = tuple[date, str]
"""The day of a sentence, and where a ledger has been written since the time of its entry."""


@years_read
def wording(
    book: Book,
    year: str | None = None,
    organisation: str | None = None,
    late: str | None = None,
    results: Mapping[str, Result] | None = None,
) -> Result:
    """What people wrote for the paper of a body and year: the rows of `commentary` with their numbers.

    `results` are answers by verb, by whose figures a slot may be filled as well (a figure of `risk`,
    say). `late` is that of the paper. The Result holds the table `wording` (each sentence with its
    text, the part of the paper where it stands, and a mark where its figures moved since it was
    written), `slots` (each slot, what fills it now and what filled it then), `carried` (what was
    written for the month before and not said anew, as it would read now) and `other_months` (what
    was written for other months, which the paper does not show); sentences say what keeps the paper
    from being final, findings what is to be mended.

    >>> wording("examples/nene-2013").tables["wording"][0]["quoted"]
    True
    """
    workings = opened(book, None, year, organisation)
    organisation = code_of(workings.position, organisation)

    def others(name: str) -> Figure | None:
        found = (result.figure(name) for result in (results or {}).values())
        return next(filter(None, found), None)

    told = _answered(workings, year, organisation, late, others if results is not None else None)
    return named(told, workings)


def wording_findings(
    workings: Workings, year: str | None, organisation: str | None
) -> tuple[Finding, ...]:
    """What is to be mended in what people wrote, told by `check`."""
    if not workings.position.book.commentary:
        return ()
    years = [year] if year else sorted({row.year for row in workings.position.book.commentary})
    told = [_answered(workings, one, organisation, None, None) for one in years]
    return tuple(finding for result in told for finding in result.findings)


def _answered(
    workings: Workings,
    year: str | None,
    organisation: str | None,
    late: str | None,
    others: Callable[[str], Figure | None] | None,
) -> Result:
    position = workings.position
    year = year_in(year or position.default_year)
    body = organisation or (leading(workings, year) if year else "")
    now = Told(workings, late_typed(late), others or (lambda _: None))
    reached = now.month(body, year) if body else None
    carried = before(position, year, reached) if reached and others is not None else ()
    rows = slotted((*current(position, year, reached), *carried))
    then = workings.once(("then", late, rows), lambda: _then(workings, rows, year, late))
    everywhere = others is not None
    return answer_wording(
        now, then, year, body, organisation, everywhere=everywhere, carried=carried
    )


def _then(
    workings: Workings, rows: Sequence[Comment], year: str, late: str | None
) -> dict[int, Told | None]:
    """By the entry of a sentence: the numbers of its day, where the book was another then."""
    position = workings.position
    if not rows:
        return {}
    days = {row.known for row in _bearing(position, year)}
    days |= {day for (day,) in told_of(position.book.amounts, "known")}
    known = sorted(day for day in days if day is not None)
    entered = [one for one in _entries(position) if one.on]
    found = {row.entry: _moment(position, row, known, entered) for row in rows}
    moments = {entry: one for entry, one in found.items() if one is not None}
    last = sorted(set(moments.values()), reverse=True)[:DAYS_MOST]
    stood = {one: _stood(position, one) for one in last}
    chosen = late_typed(late)
    told = {one: Told(then, chosen) if then else None for one, then in stood.items()}
    return {entry: told.get(one) for entry, one in moments.items()}


def _moment(
    position: Position, row: Comment, known: Sequence[date], entered: Sequence[Entry]
) -> Moment | None:
    """When a sentence was written; None where the book has not changed since.

    Days between which nothing became known are one: the day on which the last thing did.
    """
    own = position.entries.get(row.entry)
    clock = own.on if own is not None else ""
    if any(_entered_after(entry, row.on, clock) for entry in entered):
        return row.on, clock
    if not known or known[-1] <= row.on:
        return None
    return max((day for day in known if day <= row.on), default=row.on), ""


def _bearing(position: Position, year: str) -> Iterator[Record]:
    """Every row of the book that may bear on a figure of a year, amounts in force left out."""
    ends = year_end(year) if is_whole_year(year) else date.max
    for name in tables():
        for row in position.rows(name) if name not in (*NO_FIGURES, "amounts") else ():
            if not (isinstance(row, Succession) and row.on is not None and row.on > ends):
                yield row
    for row in (*position.superseded, *position.stopped):
        if row.table not in NO_FIGURES:
            yield row


def _entries(position: Position) -> list[Entry]:
    """The entries in force that may bear on a figure, and the acts that withdrew some."""
    every = written_singly(position.daybook)
    standing = [e for e in every if e.seq in position.entries and e.table not in NO_FIGURES]
    return [*standing, *position.withdrawals.values()]


def _entered_after(entry: Entry, day: date, clock: str) -> bool:
    """Whether an entry was made after a sentence was: by the clock where both have one."""
    if not entry.on:
        return False
    if clock:
        return entry.on > clock
    try:
        return parse_date(entry.on) > day
    except CalendarError:
        return False


def _stood(position: Position, moment: Moment) -> Workings | None:
    """The papers of the book as it stood at a moment; None where it cannot be read again."""
    if not position.place:
        return None
    day, clock = moment
    try:
        with collector_paused():
            source = read_book(position.place)
            entries = list(source.entries)
            if isinstance(position.as_at, int):
                entries = entries[: position.as_at]
            while entries and _entered_after(entries[-1], day, clock):
                entries.pop()
            as_at = min(day, position.as_at) if isinstance(position.as_at, date) else day
            upto = position.upto
            to = (upto.label, upto.year) if upto is not None else None
            found = fold(replace(source, entries=entries), as_at, to)
            if not isinstance(position.as_at, date):  # read by the acts known then, as the book is
                found = replace(found, as_at=None)
            return Workings(book_alone(found) if position.book_only else with_published(found))
    except (BookError, LedgerError):
        return None
