"""The parts of the home page of the clinical directors: panel, conditions, reviews, effects, measures.

No money stands here first, and no person.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any, Final
from urllib.parse import urlencode

from django.http import HttpRequest

from controltotal.acts.matter import Waiting
from controltotal.acts.waiting_schemes import AHEAD, review_overdue
from controltotal.book.records import CalendarPeriod, Gate, Scheme
from controltotal.core.calendar import PERIODS, month_name
from controltotal.core.names import listed
from controltotal.programme import panel
from controltotal.programme.seen import SIGNED
from controltotal.programme.signing import SIGNATORIES
from controltotal.service.apps import house
from controltotal.service.home_parts import Block, linked, many, right
from controltotal.service.scheme_views import change_rows, changed_since, spoken, unit_of
from controltotal.service.web import day, name
from controltotal.workings.harm import Harm, cumulative
from controltotal.workings.measure_limits import CEILING, STANDARD, Held, held

MOST: Final = 6
"""Rows of a list, as many as are shown."""
VALUE: Final = "full_year_effect"
"""What the reason of a signature that lapsed tells by itself."""
TOLD: Final = 3
"""Changes since a signature that are told at once."""


def clinical(request: HttpRequest, at: Sequence[str], others: Sequence[Waiting]) -> list[Block]:
    """This week's panel, conditions due, reviews, where effects meet, measures outside their limits."""
    inside = _inside(at)
    return [
        _panel(at, inside),
        _conditions(inside),
        *_reviews(inside),
        _effects(inside),
        _measures(inside),
    ]


def _inside(at: Sequence[str]) -> set[str]:
    tree, year = house().position.tree, house().position.default_year
    return {body for code in at for body in (code, *tree.descendants(code, year))}


# -- what waits to be signed -----------------------------------------------------------------------


def since_signed(matter: Waiting) -> str:
    """What changed of a scheme since the office signed it that is asked to sign; else empty."""
    scheme, _, role = matter.about.removeprefix("schemes/").partition("/")
    position = house().position
    signed = [
        row
        for row in position.book.gates
        if row.scheme == scheme and row.gate == "QIA" and row.role == role
    ]
    if not signed:
        return ""
    last: Gate = max(signed, key=lambda row: (row.on, row.entry))
    label = ("home signed", scheme, role)
    every = house().workings.once(label, lambda: changed_since(position, scheme, last))
    changes = [one for one in every if one.table in SIGNED and one.column != VALUE]
    rows = change_rows(changes, unit_of(position))
    told = "; ".join(
        f"{one['what']}, {one['before']} to {one['after']}"
        if one["before"] != "nothing"
        else f"{one['what']}, new: {one['after']}"
        for one in rows[:TOLD]
    )
    more = f"; and {len(rows) - TOLD} more" if len(rows) > TOLD else ""
    return f"Changed since it was signed: {told}{more}." if told else ""


def next_panel(at: Sequence[str]) -> CalendarPeriod | None:
    """The next day on which the panel of some bodies meets, by the calendar of the book."""
    today, tree = house().desk.today(), house().position.tree
    year = house().position.default_year
    areas = {None, *(body for code in at for body in (code, *tree.ancestors(code, year)))}
    rows = [
        row
        for row in house().position.book.periods
        if row.kind == "panel" and row.to >= today and row.area in areas
    ]
    return min(rows, key=lambda row: row.from_, default=None)


def _panel(at: Sequence[str], inside: set[str]) -> Block:
    """When the panel meets, and what of these organisations it is asked, that of most risk first."""
    workings, position = house().workings, house().position
    rows = panel.waiting(position, workings.savings.judgements)
    own = [one for one in rows if one.row.organisation in inside and not one.screened]
    meets = next_panel(at)
    words = [
        "No panel to come is in the calendar of the data (table periods, kind panel)."
        if meets is None
        else f"The panel meets on {day(meets.from_)}."
    ]
    table = {
        "headers": ["Scheme", "Score left", "Waits for", "Since"],
        "rows": [
            [
                _scheme(one.row),
                str(one.score) if one.score else "none",
                " and ".join(SIGNATORIES[role] for role in one.roles),
                day(one.since) or "not told",
            ]
            for one in own[:MOST]
        ],
        "caption": "What it is asked, the highest score first",
        "empty_words": "No scheme of yours waits for a signature.",
    }
    links = (("/quality", "Open the panel's list"), ("/quality/minute", "Minutes of the panel"))
    return Block("This week's panel", words, table, links, id="panel")


def _scheme(row: Scheme) -> dict[str, str]:
    return {"words": f"{row.id}: {row.title}", "href": f"/schemes/{row.id}"}


def _conditions(inside: set[str]) -> Block:
    """Conditions that are overdue or due within a fortnight, the one due first first."""
    today, position = house().desk.today(), house().position
    of = {row.id: row for row in position.book.schemes}
    rows = [
        one
        for one in panel.open_conditions(position)
        if one.scheme in of and of[one.scheme].organisation in inside
    ]
    soon = [one for one in rows if one.due <= today + AHEAD]
    words = [] if soon else ["No condition is due within a fortnight."]
    if later := rows[len(soon) :]:
        words.append(f"{many(len(later), 'condition')} due later, the next on {day(later[0].due)}.")
    table = {
        "headers": ["Scheme", "What is asked", "Who answers for it", "Due"],
        "rows": [
            [
                _scheme(of[one.scheme]),
                one.text,
                one.owner or "nobody is named",
                _due(one.due, today),
            ]
            for one in soon[:MOST]
        ],
        "caption": "Conditions that are not met",
    }
    return Block("Conditions due", words, table if soon else None, id="conditions")


def _due(due: date, today: date) -> str:
    return f"{day(due)}, overdue" if due < today else day(due)


# -- what became of schemes ------------------------------------------------------------------------


def _reviews(inside: set[str]) -> list[Block]:
    """Reviews of some organisations that were due and are not recorded, the oldest first."""
    workings, today, found = house().workings, house().desk.today(), []
    for one in workings.judgements.values():
        row = one.evidence.row
        due = review_overdue(one, today) if row.organisation in inside else None
        if due is not None:
            found.append((due, row))
    if not found:
        return [Block("Reviews", ["No review of a scheme's quality is overdue."], id="reviews")]
    found.sort(key=lambda pair: (pair[0], pair[1].id))
    table = {
        "headers": ["Scheme", "Organisation", "Due"],
        "rows": [[_scheme(row), name(row.organisation), day(due)] for due, row in found[:MOST]],
        "caption": "Reviews that were due and are not recorded, the oldest first",
    }
    said = "One review is overdue." if len(found) == 1 else f"{len(found)} reviews are overdue."
    return [Block("Reviews", [said], table, links=(("/schemes", "All schemes"),), id="reviews")]


def _effects(inside: set[str]) -> Block:
    """Where the effects of schemes of some organisations meet others: at a service, place or group."""
    workings, year = house().workings, house().position.default_year
    every: list[Harm] = workings.once(
        ("home harm", year), lambda: cumulative(workings.savings, year)
    )
    own = {row.id for row in house().position.book.schemes if row.organisation in inside}
    found = [one for one in every if any(scheme in own for scheme, _ in one.schemes)]
    over = sum(one.over for one in found)
    said = "One is" if over == 1 else f"{over} are"
    words = [f"{said} over the ceiling that was set."] if over else []
    return Block(
        "Where effects meet",
        words,
        {
            "headers": [
                "Service, place or group",
                "Organisation",
                "Which of yours",
                *right("Schemes", "Scores together", "Ceiling"),
            ],
            "rows": [
                [
                    _touched(one.group),
                    linked(one.organisation) if one.organisation else "several",
                    _some([scheme for scheme, _ in one.schemes if scheme in own]),
                    str(len(one.schemes)),
                    str(one.score),
                    "none set" if one.ceiling is None else f"{one.ceiling:g}",
                ]
                for one in found[:MOST]
            ],
            "caption": "Residual scores of schemes that touch the same people",
            "empty_words": "No scheme of yours that counts meets another at a service, place or group.",
        },
        id="effects",
    )


def _some(schemes: Sequence[str]) -> str:
    """Some of many schemes, and how many more there are.

    >>> _some(["A-1", "A-2"]), _some(["A-1", "A-2", "A-3", "A-4", "A-5"]), _some([])
    ('A-1 and A-2', 'A-1, A-2, A-3 and 2 more', 'none')
    """
    if len(schemes) <= TOLD:
        return listed(schemes) if schemes else "none"
    return f"{', '.join(schemes[:TOLD])} and {len(schemes) - TOLD} more"


def _touched(group: str) -> Any:
    """A service, place or group of people: a body leads to its page, a service to its schemes."""
    if group in house().position.tree.organisations:
        return linked(group)
    if any(row.service == group for row in house().position.book.schemes):
        return {"words": group, "href": f"/schemes?{urlencode({'service': group})}"}
    return group


# -- measures --------------------------------------------------------------------------------------


def _measures(inside: set[str]) -> Block:
    """Quality measures that are past the limit which was set for them, the whole beside their number."""
    every = [
        one
        for one in held(house().position, house().position.default_year)
        if one.row.organisation in inside
    ]
    past = [one for one in every if one.outside]
    words = [f"{len(past)} of {many(len(every), 'measure')} {_are(len(past))} outside."]
    if not every:
        words = [
            "No quality measure has a limit yet. Limits stand in the data (table limits, a floor or "
            "a ceiling of a measure), beside what was measured (table facts)."
        ]
    table = {
        "headers": ["Measure", *right("Measured"), "Limit", "Period", "Where"],
        "rows": [_measure(one) for one in past[:MOST]],
        "caption": "Each as it was measured last, beside its limit",
        "empty_words": "Every measure that has a limit keeps it.",
    }
    return Block("Measures outside their limits", words, table if every else None, id="measures")


def _are(count: int) -> str:
    return "is" if count == 1 else "are"


def _measure(one: Held) -> list[Any]:
    row = one.row
    where = {"words": row.scheme, "href": f"/schemes/{row.scheme}"} if row.scheme else None
    what = spoken(row.fact).capitalize() if row.fact != STANDARD else "Access standard"
    return [
        f"{what}, {row.group}" if row.group else what,
        f"{row.value:g}" if row.fact != STANDARD else "not met",
        _limit(one),
        _period(row.month),
        where or linked(row.organisation),
    ]


def _limit(one: Held) -> str:
    if one.limit is None:
        return "to be met"
    return f"{'at most' if one.limit.limit == CEILING else 'at least'} {one.limit.value:g}"


def _period(text: str | None) -> str:
    """A period of the year in words.

    >>> _period("9"), _period("Q2"), _period(None)
    ('December', 'Q2', 'the year')
    """
    if not text:
        return "the year"
    months = PERIODS[text]
    if len(months) == 1:
        return month_name(months[0])
    return text
