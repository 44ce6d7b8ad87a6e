"""What stands on the home page below what waits: for each office what it looks at first, never a chart."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from django.http import HttpRequest

from controltotal.accounts.months_sent import Standing, current_month, has_sent, standings
from controltotal.acts.matter import Waiting
from controltotal.acts.waiting import changes
from controltotal.acts.waiting_money import month_address
from controltotal.acts.waiting_schemes import review_overdue
from controltotal.core.calendar import day_words, month_words, year_label
from controltotal.core.money import format_money
from controltotal.core.names import listed
from controltotal.service.apps import house
from controltotal.service.organisation_told import standing_words
from controltotal.service.section_parts import figure_address
from controltotal.service.web import OFFICE_WORDS, day, name
from controltotal.verbs.moving import standing
from controltotal.workings.harm import Harm, cumulative

HARMS: Final = 6
"""Services and places at which effects meet, as many as are shown."""
CHANGES: Final = 8
MEETINGS: Final = 3


@dataclass(frozen=True, slots=True)
class Block:
    """A part of the home page: a heading, sentences, at most one table, and where to go on."""

    title: str
    words: Sequence[str] = ()
    table: Mapping[str, Any] | None = None
    links: Sequence[tuple[str, str]] = ()
    remind: bool = False
    id: str = field(default="")


def item(one: Waiting, *, named: bool = False, quiet: bool = False) -> dict[str, Any]:
    """A matter as the list of what waits shows it; `named` says of which organisation it is.

    What waits for somebody else (`quiet`) has no button of its own but where it is overdue.
    """
    late = one.overdue(house().desk.today())
    title = f"{name(one.organisation)}: {one.what}" if named and one.organisation else one.what
    why = one.why
    why = f"{why}." if why and why[-1] not in ".?!" else why
    since = f" Since {day(one.since)}." if one.since and one.since != one.due else ""
    return {
        "title": title,
        "why": f"{why}{since}".strip(),
        "due": one.due and (day(one.due) if late else f"Due {day(one.due)}"),
        "late": late,
        "href": one.address if late or not quiet else "",
        "act": "Look at it" if quiet else f"{one.verb} {one.noun}",
        "tag": None,
    }


def blocks(request: HttpRequest, others: Sequence[Waiting]) -> list[Block]:
    """The parts for whoever asks, one office after another as they hold them."""
    found: list[Block] = []
    for role in dict.fromkeys(one.role for one in request.offices):
        at = tuple(one.organisation for one in request.offices if one.role == role)
        found += BY_OFFICE[role](request, at, others)
    if any(one.role != "administrator" for one in request.offices):
        found += _changed(request)
    return found


# -- money -----------------------------------------------------------------------------------------


def _finance(request: HttpRequest, at: Sequence[str], others: Sequence[Waiting]) -> list[Block]:
    return [_standing(code) for code in at]


def _standing(code: str) -> Block:
    """Where a body stands, in two sentences."""
    year = house().position.default_year
    words = [
        text
        for basis in ("plan", "forecast")
        if (text := standing_words(standing(house().of(code, year), code, year, basis)))
    ]
    return Block(
        f"{name(code)} in {year_label(year)}",
        words or ["Nothing is told of its position yet."],
        links=(
            (f"/organisations/{code}", "How the system uses it: control total, transfers, risks"),
        ),
    )


def sent_now() -> tuple[str, int, list[Standing]]:
    """The month that is being sent, and how it stands at each body of the system."""
    workings = house().workings
    year, month = workings.position.default_year, current_month(workings, house().desk.today())
    return year, month, standings(workings, year, month) if month else []


def _system(request: HttpRequest, at: Sequence[str], others: Sequence[Waiting]) -> list[Block]:
    return [_months(), *(_standing(code) for code in at), _bodies(), _meetings()]


def _months() -> Block:
    """How many have sent the month, and who has not."""
    year, month, sent = sent_now()
    done = [one for one in sent if has_sent(house().workings, one)]
    late = [one for one in sent if one not in done]
    words = [f"Not sent: {listed([name(one.organisation) for one in late])}."] if late else []
    early = [one for one in sent if one.last > month]
    words += [
        f"{name(one.organisation)} has told {month_words(one.last)} already." for one in early
    ]
    return Block(
        f"{len(done)} of {len(sent)} have sent month {month}",
        words,
        {
            "headers": ["Organisation", "How it stands", "Due"],
            "rows": [
                [
                    {
                        "words": name(one.organisation),
                        "href": month_address(one.organisation, year, month),
                    },
                    one.words,
                    day(one.due) or "no day is set",
                ]
                for one in sent
            ],
            "caption": f"M{month_words(month)[1:]} of {year_label(year)}",
        },
        remind=bool(late),
        id="months",
    )


def _bodies() -> Block:
    """The organisations of the system in one table."""
    scope = house().scope
    codes = scope.inside(scope.lead)
    return _table_of("Organisations", codes, (("/organisations", "More of each organisation"),))


def _table_of(title: str, codes: Sequence[str], links: Sequence[tuple[str, str]]) -> Block:
    year = house().position.default_year
    workings = house().together(year)
    rows = []
    for code in codes:
        plan, ahead = (standing(workings, code, year, basis) for basis in ("plan", "forecast"))
        if plan.without_support is None and ahead.without_support is None:
            continue
        rows.append(
            [
                {"words": name(code), "href": f"/organisations/{code}"},
                _figure(plan.without_support, f"adjusted_surplus/{code}/{year}/plan"),
                _figure(ahead.without_support, f"adjusted_surplus/{code}/{year}/forecast"),
                _figure(ahead.with_support, f"surplus_with_support/{code}/{year}/forecast"),
                _figure(ahead.control_total, f"control_total/{code}/{year}/forecast"),
                _figure(ahead.gap, f"gap/{code}/{year}/forecast"),
            ]
        )
    numbers = ("Plan", "Forecast", "Forecast with support", "Control total", "Short of it")
    return Block(
        title,
        table={
            "headers": ["Organisation", *({"words": one, "right": True} for one in numbers)],
            "rows": rows,
            "caption": f"{year_label(year)} (£m; deficits in brackets)",
        },
        links=links,
    )


def _figure(pence: int | None, figure: str) -> Any:
    if pence is None:
        return "not told"
    return {"words": format_money(pence), "href": figure_address(figure), "title": "How it is made"}


def _meetings() -> Block:
    """The papers of the meetings to come."""
    today = house().desk.today()
    rows = [row for row in house().position.book.papers if row.on >= today]
    rows.sort(key=lambda row: row.on)
    words = [
        f"{row.meeting}, {day(row.on)}: {row.recommendation or 'nothing is recommended yet'}"
        for row in rows[:MEETINGS]
    ]
    return Block(
        "Meetings to come",
        words or ["No meeting to come is in the data."],
        links=(("/papers", "Make the board paper"),),
    )


def _region(request: HttpRequest, at: Sequence[str], others: Sequence[Waiting]) -> list[Block]:
    tree, year = house().position.tree, house().position.default_year
    systems = [
        code
        for code in tree.organisations
        if tree.kind(code) == "system" and tree.exists(code, year)
    ]
    links = (("/organisations", "Propose a control total on the page of an organisation"),)
    return [_table_of("Systems", systems, links), _moved()]


def _moved() -> Block:
    """Support that is proposed, and of the years to come what is agreed."""
    rows = house().position.book.transfers
    waits = sum(row.status == "proposed" for row in rows)
    words = "No transfer waits." if not waits else f"{waits} transfers wait for a board."
    words = "One transfer waits for a board." if waits == 1 else words
    return Block("Support", [words], links=(("/transfers", "Look at the transfers"),))


# -- schemes and safety ----------------------------------------------------------------------------


def _clinical(request: HttpRequest, at: Sequence[str], others: Sequence[Waiting]) -> list[Block]:
    due = [one for one in others if one.kind == "condition"]
    words = [f"{one.what}: due {day(one.due)}." for one in due] or [
        "No condition is due within a fortnight."
    ]
    return [
        Block("This week's panel", links=(("/quality", "Open the panel's list, by risk"),)),
        Block("Conditions due", words),
        *_reviews(at),
        _effects(),
    ]


def _reviews(at: Sequence[str]) -> list[Block]:
    """Reviews of the organisations of an office that were due and are not recorded, the oldest first."""
    workings, today, found = house().workings, house().desk.today(), []
    tree, year = workings.tree, house().position.default_year
    inside = {body for code in at for body in (code, *tree.descendants(code, year))}
    for one in workings.judgements.values():
        row = one.evidence.row
        due = review_overdue(one, today) if row.organisation in inside else None
        if due is not None:
            found.append((due, row))
    if not found:
        return [Block("Reviews", ["No review of a scheme's quality is overdue."])]
    found.sort(key=lambda pair: (pair[0], pair[1].id))
    table = {
        "headers": ["Scheme", "What it is", "Organisation", "Due"],
        "rows": [
            [
                {"words": row.id, "href": f"/schemes/{row.id}"},
                row.title,
                name(row.organisation),
                day(due),
            ]
            for due, row in found[:HARMS]
        ],
        "caption": "Reviews that were due and are not recorded, the oldest first",
    }
    many = "One review is overdue." if len(found) == 1 else f"{len(found)} reviews are overdue."
    return [Block("Reviews", [many], table, links=(("/schemes", "All schemes"),))]


def _effects() -> Block:
    """Where the effects of schemes that run meet: at one service, place or group."""
    workings, year = house().workings, house().position.default_year
    found: list[Harm] = workings.once(
        ("home harm", year), lambda: cumulative(workings.savings, year)
    )
    over = sum(one.over for one in found)
    many = "One is" if over == 1 else f"{over} are"
    words = [f"{many} over the ceiling that was set."] if over else []
    return Block(
        "Where effects meet",
        words,
        {
            "headers": [
                "Service, place or group",
                "Organisation",
                {"words": "Schemes", "right": True},
                {"words": "Scores together", "right": True},
                {"words": "Ceiling", "right": True},
            ],
            "rows": [
                [
                    name(one.group),
                    name(one.organisation) if one.organisation else "several",
                    str(len(one.schemes)),
                    str(one.score),
                    "none set" if one.ceiling is None else f"{one.ceiling:g}",
                ]
                for one in found[:HARMS]
            ],
            "caption": "Residual scores of schemes that touch the same people",
            "empty_words": "No two schemes that count touch the same service, place or group.",
        },
    )


def _programme(request: HttpRequest, at: Sequence[str], others: Sequence[Waiting]) -> list[Block]:
    judged = house().workings.judgements.values()
    found = []
    for code in at:
        own = [one for one in judged if one.evidence.row.organisation == code]
        count = sum(not one.reasons for one in own)
        words = [f"{count} of {len(own)} schemes may count."]
        link = ((f"/schemes?organisation={code}", "Open the register of schemes"),)
        found.append(Block(f"Schemes of {name(code)}", words, links=link))
    return found


# -- those who look on ------------------------------------------------------------------------------


def _auditor(request: HttpRequest, at: Sequence[str], others: Sequence[Waiting]) -> list[Block]:
    findings = house().answer("check").findings
    errors = sum(one.severity == "error" for one in findings)
    warnings = sum(one.severity == "warning" for one in findings)
    ref = house().position.ref
    return [
        Block(
            "The ledger",
            [f"It stands at entry {ref.entry}, root {ref.root.removeprefix('sha256:')[:16]}."],
            links=(("/ledger", "Look through the ledger and verify it"),),
        ),
        Block(
            "What does not agree",
            [f"{_many(errors, 'error')} and {_many(warnings, 'warning')} were found."],
            links=(("/findings", "Look at the findings"),),
        ),
    ]


def _many(count: int, what: str) -> str:
    """So many of something, as people say it."""
    return f"{count} {what}" if count == 1 else f"{count} {what}s"


def _councillor(request: HttpRequest, at: Sequence[str], others: Sequence[Waiting]) -> list[Block]:
    rows = sorted(house().position.book.questions, key=lambda row: row.on, reverse=True)
    words = [f"{row.text} – {row.answer or 'no answer yet'}" for row in rows[:CHANGES]]
    return [
        Block(
            "Questions and answers",
            words or ["No question has been asked yet."],
            links=(
                ("/ask", "Ask a question"),
                ("/questions", "Questions that are answered from the data"),
            ),
        ),
        Block(
            "What is proposed",
            links=(("/schemes", "Look at the schemes"), ("/organisations", "Organisations")),
        ),
    ]


def _publisher(request: HttpRequest, at: Sequence[str], others: Sequence[Waiting]) -> list[Block]:
    book = house().position.book
    open_ = sum(not row.answer for row in book.questions)
    kept = len(book.withheld)
    words = []
    if kept:
        figures = (
            "One figure is withheld or was" if kept == 1 else f"{kept} figures are withheld or were"
        )
        words.append(f"{figures} refused.")
    if open_:
        questions = "One question has" if open_ == 1 else f"{open_} questions have"
        words.append(f"{questions} no answer yet.")
    nothing = "Nothing is withheld, and no question is open."
    links = (
        ("/withheld", "What is withheld, and its reviews"),
        ("/asked", "Questions from outside"),
    )
    return [Block("Publishing", words or [nothing], links=links)]


def _administrator(
    request: HttpRequest, at: Sequence[str], others: Sequence[Waiting]
) -> list[Block]:
    today = house().desk.today()
    rows = house().position.book.grants
    held = sum(
        (row.from_ or today) <= today and (row.to is None or row.to >= today) for row in rows
    )
    return [
        Block(
            "People and offices",
            [f"{held} offices are held today."],
            links=(("/people", "Give or end an office"),),
        )
    ]


BY_OFFICE: Final[
    Mapping[str, Callable[[HttpRequest, Sequence[str], Sequence[Waiting]], list[Block]]]
] = {
    "trust_finance": _finance,
    "system_finance": _system,
    "programme_office": _programme,
    "medical_director": _clinical,
    "chief_nurse": _clinical,
    "region": _region,
    "auditor": _auditor,
    "councillor": _councillor,
    "publisher": _publisher,
    "administrator": _administrator,
}


def _changed(request: HttpRequest) -> list[Block]:
    """What others changed about the organisations of whoever asks, by act and office."""
    found = [
        one
        for one in changes(
            house().workings, request.offices, request.user.subject, house().desk.today()
        )
        if one.table != "grants"  # who holds which office stands on the page of people
    ]
    if not found:
        return []
    rows = [
        [
            {"words": f"Entry {one.entry}", "href": f"/ledger/{one.entry}"},
            day_words(one.on),
            one.act.replace("_", " "),
            OFFICE_WORDS.get(one.office, "at the command line"),
            listed([name(code) for code in one.organisations]),
        ]
        for one in found[:CHANGES]
    ]
    table = {
        "headers": ["Entry", "Day", "Act", "Office", "About"],
        "rows": rows,
        "caption": "The last fortnight, newest first",
    }
    return [Block("Changed by others about you", table=table)]
