"""The bottom line of a file beside that of the ledger: with support and without, to date or of the month."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from controltotal.accounts.months_sent import surplus_to
from controltotal.acts.figures import Laid, Month
from controltotal.book.sent_months import BASIS
from controltotal.core.calendar import PERIODS
from controltotal.core.money import format_money
from controltotal.intake.labels import is_deficit
from controltotal.intake.model import Check, Read
from controltotal.workings.month import months_to
from controltotal.workings.workings import Workings

SUPPORT: Final = "support_income"
"""The line of what a body is paid in support, which is no part of its surplus."""
_SURPLUS: Final = re.compile(r"\b(?:surplus|deficit|net position|bottom line)\b", re.IGNORECASE)
_ON_THE_WAY: Final = re.compile(r"\b(?:operating|ebitda|before)\b", re.IGNORECASE)


def bottom_lines(found: Laid, after: Workings, at: Month) -> list[tuple[str, ...]]:
    """Each bottom line that files state, with the ledger's of the same months and how they compare."""
    rows = []
    for file in found.imported.files:
        for read_ in file.reads:
            check = _last(read_, at)
            if check is not None:
                rows.append(_beside(check, read_, after, at))
    return rows


def _last(read_: Read, at: Month) -> Check | None:
    """The last surplus that a table states, in the last of its columns that was checked.

    Of a file that runs on after the month, it is the last column that does not.
    """
    stated = [
        one
        for one in read_.checks
        if one.kind == "total"
        and _SURPLUS.search(one.total)
        and not _ON_THE_WAY.search(one.total)
        and _reach(one.period) <= at.number
    ]
    return max(stated, key=lambda one: one.place, default=None)


def _reach(period: str) -> int:
    """The month that a period ends with; nought for one that names none."""
    return max(PERIODS[period]) if period in PERIODS and period else 0


def _beside(check: Check, read_: Read, after: Workings, at: Month) -> tuple[str, ...]:
    grid = read_.seen.grid
    label = check.total.rpartition(", ")[0]
    pence = -check.found if is_deficit(label) else check.found
    every = list(_ledgers(after, at))
    near = [one for one in every if _is_of(one[0], check.period, at)] or every
    same = next((words for words, own in near if own == pence), "")
    where = " ".join(filter(None, (grid.sheet, grid.at(*check.place).cell)))
    figures = "; ".join(f"{pounds(own)} {words}" for words, own in every if "to date" in words)
    told = f"the same as the ledger's, {same}" if same else _apart(pence, near)
    return (f"{check.total} ({where})", pounds(pence), figures, told)


def _is_of(words: str, period: str, at: Month) -> bool:
    """Whether a surplus of the ledger is of the span that a column is of, as far as the column says it."""
    if period == str(at.number):
        return words.startswith("in the month") or at.number == 1
    return not period.startswith("YTD") or words.startswith("to date")


def _apart(pence: int, near: list[tuple[str, int]]) -> str:
    if not near:
        return "the ledger has no surplus to compare it with"
    words, own = min(near, key=lambda one: abs(one[1] - pence))
    return f"{pounds(pence - own)} apart from the ledger's, {words}"


def _ledgers(after: Workings, at: Month) -> Iterator[tuple[str, int]]:
    """The surplus of a body to date and of its month, each without support and with it."""
    own = surplus_to(after, at.organisation, at.year, at.number)
    spans = (
        (months_to(at.number), own.actual, "to date"),
        (frozenset({at.number}), own.month_actual, "in the month"),
    )
    for months, pence, words in spans:
        if pence is not None:
            given = after.month.value(at.organisation, at.year, BASIS, months, SUPPORT).pence
            yield f"{words}, without support", pence
            if given:
                yield f"{words}, with support", pence + given


def pounds(pence: int | None) -> str:
    """Pence as thousands of pounds, deficits in brackets; words where it is not told."""
    return "not told" if pence is None else format_money(pence, "£k", 0)
