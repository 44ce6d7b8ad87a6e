"""What was sent stays closed: a month changes in sight of everybody or not at all, a year no more.

Money between bodies moves in a year until its accounts are told.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Final

from controltotal.acts.bench import Bench
from controltotal.book.row_keys import row_key
from controltotal.book.sent_months import Sent, SentMonths, sent_in
from controltotal.core.calendar import CalendarError, day_words, parse_year_id, year_end, year_label
from controltotal.ledger.entries import PUT, Draft

SAID: Final = ("late_reason", "reopened_on")
"""Columns of a hand-in by which a change of its figures is seen."""
ACCOUNTS: Final = (6, 30)
"""Month and day of the summer after a year by which its accounts are audited and handed in."""
UNDO: Final = "undo"
"""The act that takes back what one request wrote: hand-in and figures together, with a reason."""


def refuse_silent(bench: Bench) -> None:
    """Note a refusal for each sent month whose figures an act would change and not say so.

    It is said by the row of the hand-in, written in the same act with the reason of a late adjustment,
    or taken back with the figures that came with it.
    """
    touched = [draft for draft in bench.drafts if draft.table == "amounts"]
    if not touched:
        return
    months = sent_in(bench.position.book.submissions)
    silent: dict[str, Sent] = {}
    spoken = set(_spoken(bench))
    for draft in touched:
        sent = months.closing(_cells(bench, draft))
        if sent is not None and sent.key not in spoken:
            silent.setdefault(sent.key, sent)
    for sent in silent.values():
        bench.refuse(
            f"{sent.organisation}, {year_label(sent.year)} month {sent.month} was sent on {sent.on}, and "
            "its figures would change without a word",
            "amounts",
            "send a late adjustment with its reason, or have the month reopened first",
        )


def _cells(bench: Bench, draft: Draft) -> Mapping[str, str]:
    """The row that a draft puts or takes back."""
    return dict(draft.cells if draft.kind == PUT else bench.entries[draft.withdraws - 1].cells)


def _spoken(bench: Bench) -> Iterator[str]:
    """The hand-ins of which an act says that they change; what undoes one gives back what was sent."""
    for draft in bench.drafts:
        if draft.table == "submissions":
            cells = _cells(bench, draft)
            is_said = draft.kind == PUT and any(cells.get(name) for name in SAID)
            if is_said or bench.act == UNDO:
                yield row_key("submissions", cells)


def refuse_closed_year(bench: Bench, codes: Iterable[str], year: str, where: str) -> None:
    """Note a refusal where money would move in a year that is closed for one of the bodies."""
    try:
        told = parse_year_id(year)
    except CalendarError:  # refused as what it is
        return
    ends = year_end(told)
    months = sent_in(bench.position.book.submissions)
    for code in dict.fromkeys(codes):
        why = _closed(months, code, told, ends, bench.on)
        if why:
            bench.refuse(
                f"{year_label(told)} is closed for {code}: {why}",
                where,
                "agree it in a year that is still open, or have month 12 reopened first",
                "year",
            )


def _closed(months: SentMonths, code: str, year: str, ends: date, on: date) -> str:
    """Why a year is closed for a body; empty while it is open, or was reopened."""
    last = months.last(code, year, 12)
    if last is not None:
        return "" if last.is_open else f"month 12 was sent on {day_words(last.on)}"
    later = min((y for c, y, _ in months.every if c == code and y > year), default="")
    if later:
        return f"it has sent figures of {year_label(later)}"
    accounts = date(ends.year, *ACCOUNTS)
    return f"its accounts were due by {day_words(accounts)}" if on > accounts else ""
