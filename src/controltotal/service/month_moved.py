"""What an earlier month's change did to the figures to date of a later one, in sentences."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from controltotal.accounts.months_moved import Moved, moved_after, moved_by_earlier
from controltotal.accounts.months_sent import sums, surplus_to
from controltotal.acts.figures import Month
from controltotal.acts.waiting_money import month_address
from controltotal.core.calendar import day_words, month_name
from controltotal.core.names import listed
from controltotal.service.apps import house
from controltotal.service.month_results import pounds
from controltotal.workings.workings import Workings


def moved_before(at: Month) -> list[dict[str, Any]]:
    """What differs in the figures to date of a month because earlier ones were changed since sent."""
    workings = house().workings
    found = moved_by_earlier(workings, at.organisation, at.year, at.number)
    return [moved_words(workings, at, one) for one in found]


def moved_later(at: Month, entry: int) -> list[dict[str, Any]]:
    """What differs in later months that were sent because of the act that wrote an entry."""
    workings = house().workings
    found = moved_after(workings, at.organisation, at.year, entry)
    return [moved_words(workings, replace(at, number=later), one) for later, one in found]


def moved_words(workings: Workings, at: Month, moved: Moved) -> dict[str, Any]:
    """A change of earlier months as the page of a later one says it: what, why, and what differs.

    Each line says what it is to date, what it would be without the change, and the difference.
    """
    told = {one.line: one.actual for one in sums(workings, at.organisation, at.year, at.number)}
    told[""] = surplus_to(workings, at.organisation, at.year, at.number).actual
    lines = workings.position.lines
    items = []
    for line, pence in moved.lines:
        known = lines.get(line)
        more = "more" if pence > 0 else "less"
        title = known.name if known is not None else line.replace("_", " ")
        items.append(_sentence(title, told.get(line), pence, more))
    if moved.surplus:
        how = "better" if moved.surplus > 0 else "worse"
        title = "Surplus or deficit, without support"
        items.append(_sentence(title, told[""], moved.surplus, how))
    months = listed([str(one) for one in moved.months])
    many = "s" if len(moved.months) > 1 else ""
    late = moved.event.what == "adjusted"
    return {
        "title": f"{'Late adjustment of month' if late else 'Sent again: month'}{many} {months}",
        "number": at.number,
        "month_words": month_name(at.number),
        "on": day_words(moved.event.on) if moved.event.on else "",
        "entry": moved.event.entry,
        "why": moved.event.why,
        "href": month_address(at.organisation, at.year, moved.months[-1]),
        "page": month_address(at.organisation, at.year, at.number),
        "differs": items,
    }


def _sentence(title: str, now: int | None, by: int, how: str) -> str:
    """What a line is to date and would be without a change; the difference alone where it is not told."""
    difference = f"{pounds(abs(by))} {how}"
    if now is None:
        return f"{title}: {difference}"
    return f"{title}: {pounds(now)} instead of {pounds(now - by)} ({difference})"
