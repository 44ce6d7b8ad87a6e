"""What a demonstration has beside its book: a calendar, quality measures, months that others sent.

The published example is left as it is: these rows stand in the ledger of the demonstration alone, and
are put once. All of it is invented.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import Final

from controltotal.accounts.months_sent import current_month, senders
from controltotal.acts import Desk, act
from controltotal.acts.actors import Actor, Grant, local_actor
from controltotal.acts.bench import Bench
from controltotal.acts.desk import How, done
from controltotal.book.fold import Position
from controltotal.core.calendar import month_start, year_end, year_label
from controltotal.programme.phasing import in_plan
from controltotal.workings.workings import Workings

MONTHS: Final = 12
FRIDAY, TUESDAY = 4, 1
MEASURES: Final = (
    ("falls_with_harm", "measure_ceiling", 12, (9, 11, 14)),
    ("readmissions_within_30_days", "measure_ceiling", 60, (61, 57, 55)),
    ("staff_who_would_recommend_the_care", "measure_floor", 65, (71, 70, 70)),
)
"""Measures of a body: name, limit, its value, and what was measured in the last three months."""
OF_SCHEME: Final = ("waits_over_18_weeks", "measure_ceiling", 40, (38, 44, 47))
"""The same, of one scheme of the body alone."""
PANELS: Final = 3
SOURCE: Final = "SRC-QUALITY"
DAY: Final = timedelta(days=1)
QUERY: Final = (
    "The actions beside the forecast did not change, and the forecast did. What holds it?"
)
WHY: Final = "a demonstration"
Row = tuple[str, Mapping[str, str]]


def add_days(desk: Desk, bodies: Sequence[str]) -> None:
    """Put what a demonstration has beside its book, for some of its bodies; nothing where it is there."""
    if desk.position.book.periods:
        return
    workings = Workings(desk.position)  # once: what is put here tells no month
    month = current_month(workings, desk.today())
    rows = [
        *_calendar(desk.position, desk.today(), month),
        *_measures(desk.position, month, bodies),
    ]

    def judge(bench: Bench) -> None:
        for table, cells in rows:
            bench.put(table, cells)

    how: How = {"by": local_actor("Demonstration"), "on": desk.today(), "why": WHY}
    done(desk, "demonstrate", judge, how)
    _sent_by_others(desk, bodies, senders(workings, desk.position.default_year), month)


def _sent_by_others(desk: Desk, bodies: Sequence[str], told: Mapping[str, int], month: int) -> None:
    """The current month sent and approved by the other providers, and a query to the first of them."""
    year, tree = desk.position.default_year, desk.position.tree
    others = [
        code
        for code, last in told.items()
        if code not in bodies and tree.kind(code) == "provider" and last == month
    ]
    fields = {"year": year_label(year), "month": str(month)}
    for code in others:
        for act_name, who in (("submit_month", "Jo Sorrel"), ("approve_month", "Lee Teasel")):
            _do(desk, act_name, ("trust_finance", code, who), {**fields, "organisation": code})
    region = next((code for code in tree.organisations if tree.kind(code) == "region"), "")
    if others and region:
        fields = {"organisation": others[0], "year": year_label(year), "grounds": QUERY}
        _do(desk, "challenge", ("region", region, "Ali Nutwood"), fields)


def _do(desk: Desk, act_name: str, whose: tuple[str, str, str], fields: Mapping[str, str]) -> None:
    """An act by an office of an organisation, which holds it for this act alone."""
    role, organisation, who = whose
    actor = Actor(
        f"demonstration/{role}/{who}", who, (Grant(role, organisation, desk.today(), None),)
    )
    act(act_name, desk, fields, why=WHY, as_=actor)


def _calendar(position: Position, today: date, current: int) -> Iterator[Row]:
    """Days on which months are due from the current one, the next panels, and the boards of the book."""
    year = position.default_year
    known = {"known_on": today.isoformat()}
    for month in range(max(current, 1), MONTHS + 1):
        end = month_start(year, month + 1) - DAY if month < MONTHS else year_end(year)
        due = _on(end + timedelta(days=16), FRIDAY)
        first, last = month_start(year, month).isoformat(), end.isoformat()
        yield (
            "periods",
            {"kind": "month_end", "from": first, "to": last, "due": due.isoformat(), **known},
        )
    meets = _on(today + DAY, TUESDAY)
    days = [("panel", "", meets + timedelta(weeks=number)) for number in range(PANELS)]
    days += [("board", one.organisation, one.on) for one in position.book.papers if one.on > today]
    for kind, area, day in days:
        at = day.isoformat()
        yield "periods", {"kind": kind, "area": area, "from": at, "to": at, **known}


def _on(day: date, weekday: int) -> date:
    """The first such weekday from a day on.

    >>> _on(date(2027, 1, 22), TUESDAY).isoformat()
    '2027-01-26'
    """
    return day + timedelta(days=(weekday - day.weekday()) % 7)


def _measures(position: Position, month: int, bodies: Sequence[str]) -> Iterator[Row]:
    """Quality measures of some bodies with their limits, those of a scheme in the plan among them."""
    yield "sources", {"id": SOURCE, "title": "Quality report, invented for a demonstration"}
    for code in bodies if month >= len(OF_SCHEME[3]) else ():
        schemes = [
            one.id for one in position.book.schemes if one.organisation == code and in_plan(one)
        ]
        of = [("", one) for one in MEASURES] + [(id, OF_SCHEME) for id in schemes[:1]]
        for scheme, (fact, limit, value, told) in of:
            said = {"organisation": code, "year": year_label(position.default_year)}
            group = f"{scheme}/{fact}" if scheme else fact
            by = "Quality committee"
            yield (
                "limits",
                {
                    **said,
                    "limit": limit,
                    "group": group,
                    "value": str(value),
                    "by": by,
                    "source": SOURCE,
                },
            )
            for back, count in enumerate(reversed(told)):
                measured = {"fact": fact, "month": str(month - back), "basis": "actual"}
                cells = {
                    **said,
                    **measured,
                    "scheme": scheme,
                    "value": str(count),
                    "unit": "count",
                    "source": SOURCE,
                }
                yield "facts", {key: text for key, text in cells.items() if text}
