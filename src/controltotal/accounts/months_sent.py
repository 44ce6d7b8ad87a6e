"""Which body has sent which month, what its figures are to date, and what became of a month since.

Reckoned from the working papers alone: the hand-ins of the book, the actuals that it holds, and the
entries that wrote them. What is due when stands in the table `periods`, where a book has one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Final

from controltotal.book.records import Submission
from controltotal.book.row_keys import history_of, row_key
from controltotal.book.sent_months import (
    APPROVED,
    NOT_SENT,
    REOPENED,
    SENT,
    Sent,
    SentMonths,
    is_sent_with_months,
    sent_in,
)
from controltotal.core.calendar import month_of, month_start, year_of
from controltotal.ledger.entries import PUT, Entry
from controltotal.sources.importing import value_of
from controltotal.workings.late import reports
from controltotal.workings.leading import scope_of
from controltotal.workings.month import MONTHS, months_to
from controltotal.workings.workings import Workings

SENDING: Final = ("provider", "commissioner")
"""Kinds of bodies that send months of their own."""
STATES: Final = {
    NOT_SENT: "not sent",
    SENT: "sent, waits for approval",
    APPROVED: "approved",
    REOPENED: "reopened",
}
"""The states of a month, in the words in which every page says them."""
MOST: Final = 20_000
"""Entries before and after one among which the others of its request stand."""


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a month of a body stands: `state`, the day on which it is `due`, its last hand-in.

    `last` is the last month of which the book holds actuals of the body.
    """

    organisation: str
    year: str
    month: int
    state: str
    last: int
    due: date | None = None
    row: Submission | None = None

    @property
    def told(self) -> bool:
        """Whether the book holds actuals of the month."""
        return self.last >= self.month

    @property
    def is_sent(self) -> bool:
        """Whether it was sent and not reopened since."""
        return self.state in (SENT, APPROVED)

    @property
    def on(self) -> date | None:
        """The day on which it was sent last."""
        return None if self.row is None else self.row.on

    @property
    def late_reason(self) -> str:
        """Why it was changed after it was sent; empty where it was not."""
        return "" if self.row is None else self.row.late_reason or ""

    @property
    def reason(self) -> str:
        """Why it was reopened; empty where it was not."""
        return "" if self.row is None else self.row.reason or ""

    @property
    def words(self) -> str:
        """How it stands, in the words of every page.

        >>> Standing("T1", "2026-27", 9, SENT, 9).words
        'sent, waits for approval'
        """
        late = ", with a late adjustment" if self.late_reason else ""
        return f"{STATES[self.state]}{late}"


def sent_months(workings: Workings) -> SentMonths:
    """The months that were sent, by the book as it stands."""
    return workings.once("sent months", lambda: sent_in(workings.position.book.submissions))


def senders(workings: Workings, year: str) -> Mapping[str, int]:
    """The bodies of the leading system that send months of a year, with the last month told of each.

    In the order of the tree; nil where nothing is told of a body by month. A body that has never told
    or sent anything is among them: it is the one to be reminded.
    """
    return workings.once(("senders", year), lambda: _senders(workings, year))


def _senders(workings: Workings, year: str) -> dict[str, int]:
    scope, tree = scope_of(workings, year), workings.tree
    inside = scope.inside(scope.lead) if scope.lead else ()
    own = [code for code in inside if tree.kind(code) in SENDING and tree.exists(code, year)]
    told = {row.organisation: row.last for row in reports(workings.month, year, own)}
    return {code: told.get(code, 0) for code in own}


def standing(workings: Workings, code: str, year: str, month: int) -> Standing:
    """Where a month of a body stands."""
    months = sent_months(workings)
    return Standing(
        code,
        year,
        month,
        months.state(code, year, month),
        senders(workings, year).get(code, 0),
        due(workings, code, year, month),
        _row(workings, months.last(code, year, month)),
    )


def standings(workings: Workings, year: str, month: int) -> list[Standing]:
    """How a month stands at each body that sends one, in the order of the tree."""
    return [standing(workings, code, year, month) for code in senders(workings, year)]


def waiting_for_approval(workings: Workings) -> list[Standing]:
    """Every month, of any body and year, that was sent and that nobody has approved."""
    months = sent_months(workings)
    return [
        standing(workings, *label) for label in sorted(months.every) if months.state(*label) == SENT
    ]


def _row(workings: Workings, sent: Sent | None) -> Submission | None:
    """The typed row of a hand-in."""
    if sent is None:
        return None
    rows = workings.once(
        "rows of hand-ins",
        lambda: {row_key(r.table, r.texts): r for r in workings.position.book.submissions},
    )
    return rows[sent.key]


# -- which month comes next ------------------------------------------------------------------------


def month_before(today: date) -> tuple[str, int]:
    """The last financial month that has ended before a day: its year and its number.

    >>> month_before(date(2026, 12, 3)), month_before(date(2026, 4, 1))
    (('2026-27', 8), ('2025-26', 12))
    """
    end = today.replace(day=1) - timedelta(days=1)
    return year_of(end), month_of(end)


def ended_month(workings: Workings, today: date) -> int:
    """The last month of the book's own year that has ended before a day; nil before the first has."""
    year, month = month_before(today)
    own = workings.position.default_year
    return month if year == own else MONTHS if year > own else 0


def current_month(workings: Workings, today: date) -> int:
    """The month that is being sent: the newest told of any sender; the last ended where none is.

    So a book that stays on one day, such as a demonstration, asks for the month of which it speaks.
    While some are ahead it is the last month that all have told, until all of them have sent that.
    """
    ended, year = ended_month(workings, today), workings.position.default_year
    newest = max(senders(workings, year).values(), default=0)
    common = common_month(workings, year)
    if common < newest and any(
        not has_sent(workings, one) for one in standings(workings, year, common)
    ):
        newest = common
    return min(newest, ended) or ended


def has_sent(workings: Workings, one: Standing) -> bool:
    """Whether a body has sent a month, by itself or with a later one, as the year to date."""
    months = sent_months(workings)
    return one.is_sent or any(
        at > one.month and months.state(body, year, at) in (SENT, APPROVED)
        for body, year, at in months.every
        if (body, year) == (one.organisation, one.year)
    )


def common_month(workings: Workings, year: str) -> int:
    """The last month that every body has told which sends months and has told any; nil where none.

    What is told of several bodies together is told to this month, while some are ahead of it.
    """
    return min(filter(None, senders(workings, year).values()), default=0)


def ahead(workings: Workings, year: str) -> Mapping[str, int]:
    """The bodies that have told a later month than all have, each with the last month that it told."""
    common = common_month(workings, year)
    return {code: last for code, last in senders(workings, year).items() if last > common}


def next_months(workings: Workings, code: str, today: date) -> list[int]:
    """The months that a body has to send: those reopened first, then the one after what it sent.

    A month that has not ended is not among them; months that it told but never sent are sent together,
    as the year to date, with the last of them.
    """
    year, ended = workings.position.default_year, ended_month(workings, today)
    months = sent_months(workings)
    own = {at for body, of, at in months.every if (body, of) == (code, year)}
    reopened = sorted(at for at in own if months.state(code, year, at) == REOPENED)
    last = min(senders(workings, year).get(code, 0), ended)
    number = max(max(own, default=0) + 1, last) if own or last else ended
    return [*reopened, *([number] if 0 < number <= ended and number not in own else [])]


def due(workings: Workings, code: str, year: str, month: int) -> date | None:
    """The day on which a month of a body is due, by the calendar of the book; None where it has none.

    What the calendar says of the body itself goes before what it says of one above it, the nearest
    first, and that before what it says of all.
    """
    first = month_start(year, month)
    found = {
        row.area: row.due
        for row in workings.position.book.periods
        if row.kind == "month_end" and row.from_ <= first <= row.to
    }
    areas = (code, *workings.tree.ancestors(code, year), None) if found else ()
    return next((found[area] for area in areas if area in found), None)


# -- figures to date -------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Sum:
    """Plan, actual and variance of a month and to date, in pence; None where it is not told.

    `line` is empty for the surplus before support. Income and costs are positive, a surplus is
    positive, and a variance is favourable where it is positive.
    """

    line: str
    month_plan: int | None
    month_actual: int | None
    plan: int | None
    actual: int | None

    sign: int = 1

    @property
    def month_variance(self) -> int | None:
        """The actual of the month less its plan, favourable positive."""
        return self._less(self.month_actual, self.month_plan)

    @property
    def variance(self) -> int | None:
        """The actual to date less its plan, favourable positive."""
        return self._less(self.actual, self.plan)

    def _less(self, first: int | None, second: int | None) -> int | None:
        return None if first is None or second is None else self.sign * (first - second)


def sums(workings: Workings, code: str, year: str, month: int) -> list[Sum]:
    """The lines of a body's month, then its surplus before support."""
    lines = list(workings.month.lines(code, year))
    return [
        *(_sum(workings, (code, year, month), line) for line in lines),
        surplus_to(workings, code, year, month),
    ]


def surplus_to(workings: Workings, code: str, year: str, month: int) -> Sum:
    """A body's surplus before support of a month and to it."""
    return _sum(workings, (code, year, month), "")


def together(workings: Workings, code: str, year: str) -> tuple[int, Sum]:
    """To which month a body is told, nil where to none, and its surplus before support to it.

    While some below it are ahead of others it is told to the last month that all have told.
    """
    month = workings.month.reached(code, year) or common_month(workings, year)
    if not month:
        return 0, Sum("", None, None, None, None)
    return month, surplus_to(workings, code, year, month)


def _sum(workings: Workings, at: tuple[str, str, int], line: str) -> Sum:
    code, year, month = at
    known = workings.position.lines.get(line)
    sign = -1 if known is not None and known.sign < 0 else 1

    def told(basis: str, months: frozenset[int]) -> int | None:
        pence = workings.month.value(code, year, basis, months, line).pence
        return None if pence is None else sign * pence

    one, to_date = frozenset({month}), months_to(month)
    return Sum(
        line,
        told("plan", one),
        told("actual", one),
        told("plan", to_date),
        told("actual", to_date),
        sign,
    )


# -- what became of a month ------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Amount:
    """The sum of a line and month that an act changed, before and after in pence; of a scheme its own.

    Where a sum took the place of its parts, or parts that of a sum, that is one change.
    """

    line: str
    month: str
    before: int | None
    after: int | None
    scheme: str = ""


@dataclass(frozen=True, slots=True)
class Event:
    """Something that became of a month: `what` it was, on which day, by which office, why.

    `what` is sent, approved, reopened, adjusted or taken back; `role` and `by` are the office and, in
    a book from files, the words that it has for who it was; `subject` tells persons of one office apart.
    `amounts` are the figures that were changed with it.
    """

    what: str
    on: str
    role: str
    by: str
    why: str
    entry: int
    amounts: tuple[Amount, ...] = ()
    subject: str = ""


def events(workings: Workings, code: str, year: str, month: int) -> list[Event]:
    """All that became of a body's month, the first first."""
    position = workings.position
    key = row_key("submissions", {"organisation": code, "year": year, "month": str(month)})
    own = [
        one
        for one in history_of(position.daybook, "/".join(key.split("/")[:4]))
        if (dict((one[2] or one[1] or one[0]).cells).get("basis") or "actual").lower() == "actual"
    ]
    found: list[Event] = []
    for entry, before, after in own:
        found += _told(workings, entry, before, after)
    return found


def _told(
    workings: Workings, entry: Entry, before: Entry | None, after: Entry | None
) -> list[Event]:
    """What one entry says became of a hand-in: often one thing, of rows from files several."""
    was = dict(before.cells) if before else {}
    if after is None:
        gone = _event("taken back", entry, entry.on, was.get("by", ""))
        return [replace(gone, why=entry.why)]
    now = dict(after.cells)
    new = {name for name in now if now[name] != was.get(name)}
    found = []
    if not was or "entry" in new:
        sent = _event("sent", entry, now.get("on", ""), now.get("by", ""))
        found.append(replace(sent, amounts=amounts_of(workings, entry)))
    if now.get("approved_by") and "approved_by" in new:
        found.append(_event("approved", entry, entry.on or now.get("on", ""), now["approved_by"]))
    changed = amounts_of(workings, entry) if now.get("late_reason") and was else ()
    if "late_reason" in new or changed:
        late = _event("adjusted", entry, entry.on or now.get("on", ""), entry.by)
        found.append(replace(late, why=now["late_reason"], amounts=changed))
    if "reopened_on" in new:
        reopened = _event("reopened", entry, now["reopened_on"], now.get("reopened_by", ""))
        found.append(replace(reopened, why=now.get("reason", "")))
    return found


def _event(what: str, entry: Entry, on: str, by: str) -> Event:
    who = entry.narration.author
    return Event(what, on, who.role, by, "", entry.seq, subject=who.subject)


def amounts_of(workings: Workings, entry: Entry) -> tuple[Amount, ...]:
    """The amounts of sent months that the request of an entry changed, with what each was before.

    A whole book that was put into the ledger changed none: it is no act.
    """
    request = entry.narration.request
    if not request or not entry.on:
        return ()
    return workings.once(("amounts of", request), lambda: _amounts_of(workings, entry.seq, request))


def _amounts_of(workings: Workings, number: int, request: str) -> tuple[Amount, ...]:
    daybook = workings.position.daybook
    near = daybook[max(0, number - MOST) : number + MOST]
    own = [one for one in near if one.narration.request == request and one.table == "amounts"]
    before: dict[str, Entry] = {}
    after: dict[str, Entry] = {}
    for one in own:
        row = daybook[one.withdraws - 1] if one.withdraws else one
        (before if one.withdraws else after)[row_key(row.table, dict(row.cells))] = row
    first = min((one.seq for one in own), default=0)
    waits = after.keys() - before.keys()
    for one in daybook[: first - 1] if waits else ():
        if one.table == "amounts" and one.kind == PUT:
            key = row_key(one.table, dict(one.cells))
            if key in waits:
                before[key] = one
    unit = workings.position.settings.get("default_unit", "")
    found: dict[tuple[str, ...], Amount] = {}
    for key in sorted(before.keys() | after.keys()):
        cells = dict((after.get(key) or before[key]).cells)
        if not is_sent_with_months(cells):
            continue
        of = (cells.get("line", ""), cells.get("month", ""), cells.get("scheme", ""))
        old, new = _pence(before.get(key), unit), _pence(after.get(key), unit)
        has = found.get(of, Amount(of[0], of[1], None, None, of[2]))
        found[of] = replace(has, before=_both(has.before, old), after=_both(has.after, new))
    return tuple(one for one in found.values() if one.before != one.after)


def _both(one: int | None, other: int | None) -> int | None:
    """The sum of what is told; None where nothing is."""
    return other if one is None else one if other is None else one + other


def _pence(entry: Entry | None, unit: str) -> int | None:
    return pence_of(None if entry is None or entry.kind != PUT else dict(entry.cells), unit)


def pence_of(cells: Mapping[str, str] | None, unit: str) -> int | None:
    """The amount of a row in pence, `unit` where it says none; None without a row, or a sum in it."""
    if cells is None:
        return None
    said = value_of({"unit": unit, **cells} if unit else cells, "amount")
    if isinstance(said, tuple) and said[0] == "pence" and isinstance(said[1], int):
        return said[1]
    return None
