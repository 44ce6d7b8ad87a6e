"""What stands on the home page below what waits: for each office what it looks at first, never a chart."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final
from urllib.parse import quote

from django.http import HttpRequest

from controltotal.acts.actors import ANYWHERE, BOARD, OF_SCHEMES
from controltotal.acts.matter import Waiting
from controltotal.acts.waiting import Change, changes
from controltotal.core.calendar import day_words
from controltotal.core.names import listed
from controltotal.programme.outcomes import APPROVE, CONDITIONS, meaning
from controltotal.service.apps import house
from controltotal.service.home_money import finance, region, system
from controltotal.service.home_parts import Block, many
from controltotal.service.home_quality import clinical, since_signed
from controltotal.service.scheme_views import OUTCOMES, condition_words
from controltotal.service.web import OFFICE_WORDS, day, name

DEMONSTRATE: Final = "demonstrate"
"""The act of what a demonstration adds to its book: nobody changed anything with it."""
NOTHING: Final = {
    "trust_finance": "Your months stand below, and what the system makes of them.",
    "system_finance": "Below stands who has sent the month, and where the forecast is heading.",
    "programme_office": "Propose a scheme, or look through the register.",
    "medical_director": "The panel's list stands below.",
    "chief_nurse": "The panel's list stands below.",
    "region": "Below stand the forecasts that changed; ask where one cannot be right.",
    "auditor": "Verify the ledger, or look at what does not agree.",
    "councillor": "Ask a question, or look at what is proposed for your place.",
    "publisher": "Look at what is withheld, or at the questions that were answered.",
    "administrator": "Look at who holds which office.",
}
"""What each office may do where nothing waits for it."""
CHANGES: Final = 8


def item(one: Waiting, *, named: bool = False, quiet: bool = False) -> dict[str, Any]:
    """A matter as the list of what waits shows it; `named` says of which organisation it is.

    What waits for somebody else (`quiet`) has no button of its own but where it is overdue.
    """
    late = one.overdue(house().desk.today())
    title = f"{name(one.organisation)}: {one.what}" if named and one.organisation else one.what
    why = one.why
    why = f"{why}." if why and why[-1] not in ".?!" else why
    more = since_signed(one) if one.kind == "signature" and not quiet else ""
    if quiet:
        why = f"Waits for {whom(one)}. {why}".strip()
    since = f" Since {day(one.since)}." if one.since and one.since != one.due else ""
    return {
        "title": title,
        "why": " ".join(filter(None, (f"{why}{since}".strip(), more))),
        "due": one.due and (day(one.due) if late else f"Due {day(one.due)}"),
        "late": late,
        "href": one.address if late or not quiet else "",
        "act": "Look at it" if quiet else f"{one.verb} {one.noun}",
        "tag": None,
    }


def whom(one: Waiting) -> str:
    """The offices that a matter waits for, and at which organisation: never a person.

    Of the two offices of finance a system and its board have the one, every other body the other.
    """
    kind = house().position.tree.kind(one.organisation) if one.organisation else ""
    other = "trust_finance" if kind in ("system", "commissioner") else BOARD
    office = [role for role in one.office if role != other] or one.office
    words = " or ".join(OFFICE_WORDS[role].lower() for role in office)
    anywhere = set(office) <= set(ANYWHERE) or not one.organisation
    return f"the {words}" if anywhere else f"the {words} of {name(one.organisation)}"


def nothing_waits(request: HttpRequest) -> str:
    """What is said where nothing waits: so much, and what each office may do instead."""
    roles = dict.fromkeys(one.role for one in request.offices)
    return " ".join(("Nothing waits for you.", *dict.fromkeys(NOTHING[role] for role in roles)))


def blocks(request: HttpRequest, others: Sequence[Waiting]) -> list[Block]:
    """The parts for whoever asks, one office after another as they hold them."""
    found: list[Block] = []
    for role in dict.fromkeys(one.role for one in request.offices):
        at = tuple(one.organisation for one in request.offices if one.role == role)
        found += BY_OFFICE[role](request, at, others)
    if any(one.role != "administrator" for one in request.offices):
        found += _changed(request)
    return found


# -- schemes ---------------------------------------------------------------------------------------


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
            [f"{many(errors, 'error')} and {many(warnings, 'warning')} were found."],
            links=(("/findings", "Look at the findings"),),
        ),
    ]


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
    "trust_finance": finance,
    "system_finance": system,
    "programme_office": _programme,
    "medical_director": clinical,
    "chief_nurse": clinical,
    "region": region,
    "auditor": _auditor,
    "councillor": _councillor,
    "publisher": _publisher,
    "administrator": _administrator,
}


def _called(one: Change) -> Any:
    """An act and what it was about, in words; of a scheme or a transfer it leads to its page."""
    words = one.act.replace("_", " ")
    if one.act == "sign":
        words = (
            OUTCOMES.get(meaning(one.outcome), one.outcome) if one.outcome else OUTCOMES[APPROVE]
        )
        on = condition_words(house().position, one.what)
        if on and (not one.outcome or meaning(one.outcome) in (APPROVE, CONDITIONS)):
            words = f"{OUTCOMES[APPROVE]} {on}"
    elif one.outcome:
        words = OUTCOMES.get(meaning(one.outcome), one.outcome)
    if not one.what:
        return words
    at = {"transfers": "transfers", "consents": "transfers", "repayments": "transfers"}
    place = at.get(one.table, "schemes" if one.table in OF_SCHEMES else "")
    return {
        "words": f"{one.what}: {words}",
        "href": f"/{place}/{quote(one.what, safe='')}" if place else "",
    }


def _changed(request: HttpRequest) -> list[Block]:
    """What others changed about the organisations of whoever asks, by act and office."""
    found = [
        one
        for one in changes(
            house().workings, request.offices, request.user.subject, house().desk.today()
        )
        if one.table != "grants"  # who holds which office stands on the page of people
        and one.act != DEMONSTRATE
    ]
    if not found:
        return []
    rows = [
        [
            {"words": f"Entry {one.entry}", "href": f"/ledger/{one.entry}"},
            day_words(one.on),
            _called(one),
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
