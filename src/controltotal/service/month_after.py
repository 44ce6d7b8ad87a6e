"""The ledger as it would be with the figures of a month: what it would change, and what would be wrong."""

from __future__ import annotations

from typing import Final

from controltotal.accounts.months_sent import together
from controltotal.acts.actors import Actor
from controltotal.acts.bench import Bench
from controltotal.acts.figures import Laid, Month
from controltotal.book.fold import advance
from controltotal.core.calendar import month_name
from controltotal.ledger.entries import NOTHING_SAID
from controltotal.service.apps import house
from controltotal.service.month_questions import in_words
from controltotal.service.month_results import pounds
from controltotal.service.web import name
from controltotal.workings.workings import Workings

NOBODY: Final = Actor("", "")


def would_be(found: Laid) -> Workings | None:
    """The book as it would be with the figures; None where nothing is written."""
    if not found.drafts:
        return None
    position = house().position
    bench = Bench(position, NOBODY, house().desk.today(), "", drafts=list(found.drafts))
    return Workings(advance(position, bench.after(NOTHING_SAID)))


def new_faults(after: Workings) -> list[str]:
    """What would be wrong with the ledger that is not wrong now: such figures are not taken."""
    known = {(one.code, one.message) for one in house().position.findings}
    new = [one for one in after.position.findings if one.severity == "error"]
    return [in_words(one.message) for one in new if (one.code, one.message) not in known]


def effect(after: Workings, at: Month) -> list[tuple[str, ...]]:
    """The position to date of the body and of its system, before and after."""
    before = house().workings
    system = house().scope.lead
    rows: list[tuple[str, ...]] = []
    for code in dict.fromkeys((at.organisation, system)):
        rows.append((name(code), _reached(before, code, at), _reached(after, code, at)))
    return rows


def _reached(workings: Workings, code: str, at: Month) -> str:
    """The position to date; of those who are together to the last month that all have told."""
    month, row = together(workings, code, at.year)
    if row.actual is None:
        return "told when all have sent a month"
    later = f"; {month_name(at.number)} is told when all have sent it"
    words = f"{pounds(row.actual)} to {month_name(month)}, {pounds(row.variance)} against plan"
    return f"{words}{later if month < at.number else ''}"
