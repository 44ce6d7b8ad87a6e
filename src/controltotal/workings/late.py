"""Who has not reported a month, and what stands in for it where a named person chooses so.

In a month in which one of forty is late the totals above it are not told (`wait`). A person may
leave it out (`exclude`) or take its last month and its plan for what is missing (`last`); what is
made so is a stand-in, named as one, and no rule and no control total ever sees it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace

from controltotal.book.amount_table import chosen, told
from controltotal.book.amounts import WHOLE
from controltotal.book.fold import Position
from controltotal.book.records import Amount
from controltotal.book.tree import QUIET
from controltotal.core.errors import BookError
from controltotal.core.kept import kept
from controltotal.programme.names import is_name
from controltotal.workings.month import Month, months_to
from controltotal.workings.totals import Totals
from controltotal.workings.value import Value

HOWS = ("wait", "exclude", "last")
"""What may be done about a body that has not reported."""
STAND_IN = "stand_in"
"""The qualifier of a figure that is made without a body, or with its plan for a month."""


@dataclass(frozen=True, slots=True)
class Late:
    """What is done about bodies that have not reported, and who chose it.

    >>> Late("exclude", "Chief finance officer").text
    'exclude: Chief finance officer'
    """

    how: str = "wait"
    who: str = ""

    @property
    def text(self) -> str:
        """The choice as it is typed."""
        return f"{self.how}: {self.who}" if self.who else self.how


def late_typed(text: str | None) -> Late:
    """The choice as a person types it; leaving out or standing in needs somebody who chose it.

    >>> late_typed("last: A. Hart, finance director").who
    'A. Hart, finance director'
    >>> late_typed("exclude")
    Traceback (most recent call last):
    controltotal.core.errors.BookError: the command: --late exclude names nobody who chose it; ...
    """
    if text is None:
        return Late()
    word, _, who = (part.strip() for part in text.partition(":"))
    how = word.casefold()
    if how not in HOWS:
        raise BookError(
            f"--late reads {text!r}", "the command", 'give wait, "exclude: WHO" or "last: WHO"'
        )
    if how != "wait" and not is_name(who):
        raise BookError(
            f"--late {how} names nobody who chose it",
            "the command",
            f'say who did, such as --late "{how}: Director of Finance"',
        )
    return Late(how, who if how != "wait" else "")


@dataclass(frozen=True, slots=True)
class Report:
    """Whether a body has reported a month: `last` is the month it reached, nil where none.

    `why` says what keeps the months that it did send from being told.
    """

    organisation: str
    year: str
    month: int
    reported: bool
    last: int
    why: str = ""


def reports(month: Month, year: str, bodies: Iterable[str]) -> list[Report]:
    """Of each body with money of its own whether it has reported the month that any of them has.

    Nothing where nobody has reported a month of the year, as where only whole years are told.
    """
    totals = month.totals
    if not told_by_month(totals, year):
        return []
    told = {
        code: totals.own_adjusted(code, year, "actual")
        for code in totals.tree.organisations
        if _holds(totals, code, year)
    }
    last = {code: _last(value) for code, value in told.items()}
    wanted = set(bodies)
    newest = max(last.values(), default=0)
    asked = min(totals.position.month_asked(year) or newest, newest)
    if not asked:
        return []
    return [
        Report(code, year, asked, last[code] >= asked, last[code], _why(value))
        for code, value in told.items()
        if code in wanted and asked in totals.tree.months_stood(code, year)
    ]


@kept
def told_by_month(totals: Totals, year: str) -> bool:
    """Whether any actual of a year says its month."""
    rows = told(totals.position.book.amounts, "year", "basis", "month")
    return any(month for of, basis, month in rows if (of, basis) == (year, "actual"))


def _holds(totals: Totals, code: str, year: str) -> bool:
    """Whether a body reports for itself: it is at the bottom, or has money beside those below."""
    if not totals.tree.exists(code, year):
        return False
    if totals.tree.kind(code) in QUIET and not totals.amounts.bases(code, year):
        return False
    parent = totals.tree.parent(code, year)
    if parent is not None and code not in totals.children(parent, year):
        return False  # all of it had passed to another
    if not totals.children(code, year):
        return True
    grouping = totals.tree.organisations[code].is_grouping
    return not grouping and totals.amounts.says_position(code, year, "plan", "")


def _last(value: Value) -> int:
    """The last month of a value told without a gap; nil where it is not."""
    last = max(value.months, default=0)
    return last if value.reported and value.months == months_to(last) else 0


def _why(value: Value) -> str:
    """What keeps actuals that were sent from being told; empty where none were sent."""
    if value.reported or value.silent or value.unknown is None:
        return ""
    return value.unknown.words


@dataclass(frozen=True)
class Standing:
    """The month of a year as it is (`plain`), and with what stands in for those who are late (`made`).

    `stand_in` says of each body whose figures are so made what they rest on; `bodies` are the late
    ones for whom something stands in. Without a choice it is the month as it is.
    """

    plain: Month
    made: Month
    late: Late = field(default_factory=Late)
    bodies: tuple[str, ...] = ()
    stand_in: Mapping[str, str] = field(default_factory=dict)

    def of(self, code: str) -> Month:
        """The month in which a body is told: with stand-ins only where it rests on one."""
        return self.made if code in self.stand_in else self.plain

    def aside(self, code: str) -> str:
        """What the figures of a body rest on, in a sentence: bodies by name."""
        said = self.stand_in.get(code, "")
        for body in self.bodies:
            said = re.sub(rf"\b{re.escape(body)}\b", self.plain.tree.name(body), said)
        return said

    def rule(self, code: str) -> str:
        """What a figure of a body rests on, and who chose it; empty where nothing stands in."""
        said = self.stand_in.get(code, "")
        return f"{said}, chosen by {self.late.who}" if said else ""


def standing(
    month: Month, year: str, told: Iterable[Report], late: Late, again: Callable[[Position], Month]
) -> Standing:
    """The month of a year as a person's choice has it; `again` adds up another reading."""
    tree = month.tree
    missing = [
        row
        for row in told
        if not row.reported and not month.totals.children(row.organisation, year)
    ]
    if late.how == "exclude":
        chosen = {row.organisation: f"without {row.organisation}" for row in missing}
        reading = _without(month.totals.position, frozenset(chosen))
    elif late.how == "last":
        rows = {row.organisation: _as_planned(month, row) for row in missing}
        chosen = {
            row.organisation: f"{row.organisation} as planned after month {row.last}"
            for row in missing
            if rows[row.organisation]
        }
        reading = _with(month.totals.position, year, {code: rows[code] for code in chosen})
    else:
        chosen, reading = {}, month.totals.position
    if not chosen:
        return Standing(month, month, late)
    stand_in: dict[str, list[str]] = {}
    for code, words in chosen.items():
        own = (code,) if late.how == "last" else ()
        for body in (*own, *tree.ancestors(code, year)):
            stand_in.setdefault(body, []).append(words)
    said = {body: "; ".join(words) for body, words in stand_in.items()}
    return Standing(month, again(reading), late, tuple(chosen), said)


def _without(position: Position, codes: frozenset[str]) -> Position:
    """The reading without some bodies and all that they say."""
    book = position.book
    return replace(
        position,
        book=replace(
            book,
            organisations=tuple(row for row in book.organisations if row.code not in codes),
            amounts=chosen(book.amounts, organisation=lambda code: code not in codes),
        ),
        stopped=tuple(row for row in position.stopped if row.body not in codes),
        place="",
    )


def _with(position: Position, year: str, rows: Mapping[str, list[Amount]]) -> Position:
    """The reading in which some bodies' actuals of a year are these rows."""
    kept = [
        row
        for row in position.book.amounts
        if row.scheme
        or row.scenario
        or (row.year, row.basis) != (year, "actual")
        or row.organisation not in rows
    ]
    made = [row for each in rows.values() for row in each]
    amounts = (*kept, *made)
    return replace(position, book=replace(position.book, amounts=amounts), place="")


def _as_planned(month: Month, late: Report) -> list[Amount]:
    """A late body's actuals, and in each missing month its plan; none where either is not told.

    Where its plan tells the same lines they are kept; else its surplus alone is.
    """
    totals, code, year = month.totals, late.organisation, late.year
    missing = range(late.last + 1, late.month + 1)
    if not late.last:
        return []
    series = totals.amounts.series(code, year, "actual", "")
    sent = [row for rows in series.values() for row in rows]
    added: list[Amount] = []
    for line in sorted({name for name, _, _ in series}):
        if not totals.position.lines[line].added or totals.position.lines[line].outside:
            continue
        rows_of = [row for row in sent if row.line == line]
        first = next((row for row in rows_of if row.recurrence != "non_recurrent"), rows_of[0])
        for one in missing:
            planned = totals.line_total(code, year, "plan", "", line, frozenset({one}))
            if planned.pence is None:
                return _surplus_alone(month, late, sent)
            entry = planned.entries[0] if planned.entries else first.entry
            added.append(replace(first, month=str(one), amount=planned.pence, entry=entry))
            others = {(row.recurrence, row.counterparty): row for row in rows_of}
            del others[first.recurrence, first.counterparty]
            added += [  # the whole line stands on one of its rows
                replace(row, month=str(one), amount=0, entry=entry)
                for row in others.values()
                if row.recurrence != "non_recurrent"
            ]
    if any(name in WHOLE for name, _, _ in series) or not added:
        return _surplus_alone(month, late, sent)
    return [*sent, *added]


def _surplus_alone(month: Month, late: Report, sent: list[Amount]) -> list[Amount]:
    """A late body's surplus: what it sent, and in each missing month what it planned."""
    totals, code, year = month.totals, late.organisation, late.year
    each = {one: ("actual", frozenset({one})) for one in range(1, late.last + 1)}
    each |= {one: ("plan", frozenset({one})) for one in range(late.last + 1, late.month + 1)}
    told = {
        str(one): totals.own_adjusted(code, year, basis, "", months)
        for one, (basis, months) in each.items()
    }
    if not all(told[str(one)].known for one in range(1, late.last + 1)):
        period = f"YTD{late.last}"
        ahead = {one: value for one, value in told.items() if int(one) > late.last}
        told = {period: totals.own_adjusted(code, year, "actual"), **ahead}
    if not sent or not all(value.known for value in told.values()):
        return []
    return [
        replace(
            sent[0],
            month=period,
            amount=value.pence or 0,
            entry=value.entries[0] if value.entries else sent[0].entry,
            line="position",
            recurrence=None,
            counterparty=None,
            qualifier=None,
        )
        for period, value in told.items()
    ]
