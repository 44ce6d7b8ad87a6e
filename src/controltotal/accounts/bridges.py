"""The table `bridge` and its sentences: what moved a position, from where to where.

Three bridges of each body are told where both ends are known: from the plan of a year to its
forecast, from last year's actual to this year's plan, and from the forecast of the round before to
the forecast.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from controltotal.book.amount_table import told
from controltotal.book.asking import bodies_asked
from controltotal.core.calendar import day_before, next_year, year_label
from controltotal.core.money import format_pounds
from controltotal.core.names import listed
from controltotal.core.period import ToDate as Stretch
from controltotal.core.period import is_whole_year, period
from controltotal.core.reference import day_words
from controltotal.core.result import Answer
from controltotal.workings.bridges import (
    AGENCY,
    JOINED_OR_LEFT,
    RESIDUAL,
    SAVED_LESS,
    SAVED_MORE,
    TOLD_ONCE,
    UNIDENTIFIED,
    Bridge,
    End,
    Step,
)
from controltotal.workings.totals import Totals
from controltotal.workings.workings import Workings

NAMED = 3
"""Drivers that a sentence names at most."""
TENTH = 10
"""A residual over this part of a change is told in the sentence."""

NAMES = {
    "income": "income",
    "allocation": "the allocation",
    AGENCY: "agency staff",
    SAVED_MORE: "savings beyond those planned",
    SAVED_LESS: "savings that slipped",
    UNIDENTIFIED: "savings without a scheme",
    JOINED_OR_LEFT: "organisations that joined or left",
    TOLD_ONCE: "lines that only one of the two states",
    RESIDUAL: "not explained by what the book holds",
}
"""Drivers in words, where they are not the name of a line."""


def driver_name(totals: Totals, driver: str) -> str:
    """A driver in the words of a sentence: what it is, else the name of its line."""
    if driver in NAMES:
        return NAMES[driver]
    line = totals.position.lines.get(driver)
    name = line.name if line is not None else driver.replace("_", " ")
    return name if name[:2].isupper() else name[:1].lower() + name[1:]


def put_bridges(
    answer: Answer, workings: Workings, years: Sequence[str], organisation: str | None
) -> None:
    """The table `bridge` of the bodies and years asked for, and a sentence for the topmost."""
    for year in years:
        if not is_whole_year(year):
            continue
        bodies = bodies_asked(workings.position, year, organisation)
        planned = _from_plan(workings, year)
        put_bridge(answer, "bridge", planned, bodies)
        put_words(answer, planned, bodies, organisation)
        last = next_year(year, -1)
        if last in workings.position.years:
            ends = End(workings.totals, last, "actual"), End(workings.totals, year, "plan")
            put_bridge(answer, "bridge", Bridge(*ends), bodies)
        by_day = _by_day(workings, year, bodies)
        for day in sorted(by_day):
            before = _since(workings, year, day)
            if before is not None:
                put_bridge(answer, "bridge", before, by_day[day])
                if by_day[day] == max(by_day.values(), key=len):  # not those that are late
                    put_words(answer, before, by_day[day], organisation)


def _from_plan(workings: Workings, year: str) -> Bridge:
    """From the plan of a year to its forecast."""
    ends = End(workings.totals, year, "plan"), End(workings.totals, year, "forecast")
    return workings.once(("bridge", year), lambda: Bridge(*ends))


def _by_day(workings: Workings, year: str, bodies: Iterable[str]) -> dict[date, list[str]]:
    """Bodies by the day by which their forecast of a month before was known.

    It is the end of the month reported, as for `forecast_last_month`; where no month is, the end of
    the month before the newest forecast was made, since those of one round come on different days.
    """
    rows = told(workings.position.book.amounts, "basis", "year", "known")
    made = [day for basis, of, day in rows if basis == "forecast" and of == year and day]
    found: dict[date, list[str]] = {}
    for code in bodies if made else ():
        month = workings.month.reached(code, year)
        day = (
            Stretch(period(year).year, month).end if month else day_before(max(made).replace(day=1))
        )
        found.setdefault(day, []).append(code)
    return found


def _since(workings: Workings, year: str, day: date) -> Bridge | None:
    """From the forecast that was known by a day to the one in force; None where none has a date."""
    earlier = workings.month.known_by(day)
    if earlier is None:
        return None
    first = End(earlier, year, "forecast", day.isoformat())
    return workings.once(
        ("bridge", year, day), lambda: Bridge(first, End(workings.totals, year, "forecast"))
    )


def put_bridge(answer: Answer, table: str, bridge: Bridge, bodies: Iterable[str]) -> None:
    """The rows of a bridge, body by body, in a table."""
    first, second = bridge.first, bridge.second
    for code in bodies:
        answer.table(table, (row(first, second, code, step) for step in bridge.steps(code)))


def row(first: End, second: End, code: str, step: Step) -> dict[str, Any]:
    """One row of the table `bridge`."""
    return {
        "organisation": code,
        "year": second.year,
        "from": first.name(code),
        "to": second.name(code),
        "driver": step.driver,
        "kind": step.kind,
        "pence": step.pence,
    }


def put_words(
    answer: Answer, bridge: Bridge, bodies: Iterable[str], organisation: str | None
) -> None:
    """A sentence for the body asked for, else for each system, else for each topmost body."""
    year, tree = bridge.second.year, bridge.second.totals.tree
    told = [code for code in bodies if bridge.steps(code)]
    systems = [code for code in told if tree.kind(code) == "system"]
    if organisation in told:
        told = [organisation]
    elif systems:
        told = systems
    else:
        told = [code for code in told if tree.parent(code, year) not in told]
    for code in told:
        answer.words(bridge_words(bridge, code), topic="bridge", about=code, year=year)


def bridge_words(bridge: Bridge, code: str) -> str:
    """What moved a position, in a sentence: how far, the largest drivers, and what is unexplained."""
    steps = bridge.steps(code)
    was, now = bridge.first.value(code), bridge.second.value(code)
    if not steps or was is None or now is None:
        return ""
    totals, change = bridge.second.totals, now - was
    lead = f"{totals.tree.name(code, bridge.second.year)}, {year_label(bridge.second.year)}: "
    moved = f"{_way(change)} than" if change else "the same as"
    text = lead + f"the {bridge.second.basis} is {moved} {_from(bridge.first)}"
    drivers = [step for step in steps if step.kind == "driver"][:NAMED]
    if drivers:
        named = [f"{driver_name(totals, s.driver)} ({_way(s.pence)})" for s in drivers]
        text += "; what moved it most: " + listed(named)
    rest = next((step.pence for step in steps if step.kind == "residual"), 0)
    if abs(rest) * TENTH > abs(change):
        text += f"; {NAMES[RESIDUAL]}: {_way(rest)}"
    support = next((step.pence for step in steps if step.kind == "apart"), 0)
    if support:
        size = format_pounds(abs(support))
        text += f"; support is {size} {'more' if support > 0 else 'less'} and in none of this"
    return text + "."


def _from(first: End) -> str:
    """The end that a bridge starts from, in words."""
    if first.known == "first":
        return "in the first of the two"
    if not first.known:
        return f"the {first.basis}"
    return f"the {first.basis} known on {day_words(date.fromisoformat(first.known))}"


def _way(change: int) -> str:
    """How far money moved, and which way.

    >>> _way(-250_000_000)
    '£2.5 million worse'
    """
    return f"{format_pounds(abs(change))} {'better' if change > 0 else 'worse'}"
