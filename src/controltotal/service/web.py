"""What every page needs: its frame, the act that a form asks for, and what is said when it is refused."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final
from uuid import uuid4

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from controltotal.acts import ACTS, Actor, Done, act
from controltotal.acts.bench import ActRefused, RowClash
from controltotal.core.calendar import day_words
from controltotal.core.errors import ControlTotalError
from controltotal.core.names import short_names
from controltotal.core.sourced import Source
from controltotal.ledger.errors import LedgerError
from controltotal.papers.sections import FICTIONAL
from controltotal.service.access import own_organisations
from controltotal.service.apps import house
from controltotal.service.receipts import in_names, short_root
from controltotal.service.route import OFFICE_WORDS as OFFICE_WORDS  # pages take it from here
from controltotal.service.settings import IDLE
from controltotal.verbs.opening import names_of

RESERVED: Final = ("csrfmiddlewaretoken", "why", "on", "request", "seen", "next")
"""Fields of a form that are no columns of a row."""


@dataclass
class Page:
    """The frame of a page: what stands above and below what it says."""

    title: str
    system: str = ""
    nav: Sequence[tuple[str, str, bool]] = ()
    who: str = ""
    office: str = ""
    notices: Sequence[str] = ()
    trail: Sequence[tuple[str, str]] = ()
    reference: str = ""
    entry: int = 0
    errors: list[tuple[str, str]] = field(default_factory=list)
    done: str = ""
    signed_in: bool = False
    idle: int = 0
    follows: bool = True
    csrf: str = ""
    query: str = ""
    searches: bool = False
    asks: bool = False
    account: Sequence[tuple[str, str]] = ()
    address: Callable[[str], str] | None = None
    pictures: dict[str, str] = field(default_factory=dict)
    made: Callable[[str, Source], str] | None = None


NAVIGATION: Final = (
    ("/", "Home"),
    ("/months", "Months"),
    ("/schemes", "Schemes"),
    ("/transfers", "Transfers"),
    ("/papers", "Papers"),
    ("/try", "Try a change"),
    ("/findings", "Data queries"),
    ("/ledger", "Ledger"),
)
PEOPLE: Final = ("/people", "People")
ACCOUNT: Final = (("/account", "Your account"),)


def frame(request: HttpRequest, title: str, trail: Sequence[tuple[str, str]] = ()) -> Page:
    """The frame of a page for whoever asks."""
    page = Page(title, trail=trail)
    if not request.user.is_authenticated:
        return page
    position = house().position
    offices = request.offices
    roles = {one.role for one in offices}
    reads = bool(roles - {"administrator"})
    links = (*(NAVIGATION if reads else NAVIGATION[:1]), PEOPLE)
    page.nav = [(to, words, _is_at(request.path, to)) for to, words in links]
    page.signed_in, page.idle = True, IDLE
    page.who = request.user.name
    page.office = "; ".join(
        f"{OFFICE_WORDS.get(one.role, one.role)}, {name(one.organisation)}" for one in offices
    )
    page.entry = position.ref.entry
    page.account = ACCOUNT
    page.searches = reads
    page.asks = "councillor" in roles
    if reads:
        root = short_root(position.ref.root)
        page.reference = f"Reference: entry {position.ref.entry}, root {root}"
        page.system = system_name()
    page.notices = notices()
    said = [str(one) for one in messages.get_messages(request)]
    page.done = " ".join(said)
    return page


def _is_at(path: str, to: str) -> bool:
    return path == to if to == "/" else path == to or path.startswith(f"{to}/")


def notices() -> list[str]:
    """What stands on every page: that data are fictional, and on which day a demonstration is kept."""
    found = [FICTIONAL] if house().position.is_fictional else []
    if house().deployment.demo:
        day_kept = day_words(house().desk.today())
        found.append(
            f"A demonstration: here it is {day_kept}; drafts, and the moments at which the ledger "
            "recorded something, bear the day of the clock."
        )
    return found


def system_code() -> str:
    """The body that leads the book, by its code; empty where none does."""
    return house().scope.lead


def system_name() -> str:
    """The name of the body that leads the book, shortly."""
    code = system_code()
    return name(code) if code else house().position.ref.name


def names() -> Mapping[str, str]:
    """The bodies of the book by code, with the names that people say."""
    workings = house().workings
    return workings.once("service names", lambda: short_names(names_of(workings)))


def name(code: str) -> str:
    """A body as people call it."""
    return names().get(code, code)


def day(value: date | None) -> str:
    """A day in words; empty where there is none."""
    return day_words(value) if value is not None else ""


def shown(
    request: HttpRequest, template: str, page: Page, status: int = 200, **context: Any
) -> HttpResponse:
    """A page."""
    return render(request, template, {"page": page, **context}, status=status)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of an act that a form asked for: done, or refused with what to say at which field."""

    done: Done | None = None
    errors: tuple[tuple[str, str], ...] = ()
    clash: RowClash | None = None


def seen_of(texts: Sequence[str]) -> dict[str, int]:
    """Rows as they were seen, from the hidden fields `seen` of a form: `KEY=ENTRY`."""
    found = {}
    for text in texts:
        key, _, number = text.rpartition("=")
        if key and number.isdecimal() and len(number) < 16:
            found[key] = int(number)
    return found


def fields_of(request: HttpRequest, name: str) -> dict[str, str]:
    """The columns that a form gives an act: those fields of it that the act knows."""
    form = ACTS[name].form
    known = set(form.required) | set(form.fields)
    return {k: request.POST[k].strip() for k in request.POST if k in known}


def do(
    request: HttpRequest,
    name: str,
    fields: Mapping[str, str] | None = None,
    *,
    why: str | None = None,
    on: str | None = None,
    part: str = "",
) -> Outcome:
    """Ask the desk for an act as whoever sent the form; refusals come back for the page to say.

    The form bears `request`, by which a form that is sent twice is done once, and `seen`. `on` is the day
    of the act: the form's unless it is given, today where it is empty. `part` names one of several acts
    of one form: each has a request of its own, made of the form's.
    """
    given = fields_of(request, name) if fields is None else dict(fields)
    claimed = request.POST.get("on", "").strip() if on is None else on
    try:
        done = act(
            name,
            house().desk,
            given,
            why=request.POST.get("why", "").strip() if why is None else why,
            on=claimed or None,
            as_=acting(request),
            request="/".join(filter(None, (request.POST.get("request", "").strip(), part))),
            seen=seen_of(request.POST.getlist("seen")),
        )
    except RowClash as clash:
        return Outcome(errors=((f"#{clash.key}", str(clash.what)),), clash=clash)
    except ActRefused as error:
        return Outcome(errors=tuple((f"#{r.column}", said(r)) for r in error.refusals))
    except (ControlTotalError, LedgerError) as error:
        return Outcome(errors=(("#", said(error)),))
    return Outcome(done)


def said(error: Any) -> str:
    """A refusal in one sentence for a page: what is so, and what to do."""
    what, action = (in_names(str(one), names()) for one in (error.what, error.action))
    what = what[:1].upper() + what[1:]
    return f"{what}. {action[:1].upper()}{action[1:]}." if action else f"{what}."


def acting(request: HttpRequest) -> Actor:
    """Whoever asks, with the offices that the ledger gives them."""
    actor: Actor = request.actor
    return actor


def fresh_request() -> str:
    """A new identifier for a form."""
    return uuid4().hex


def own(request: HttpRequest) -> tuple[str, ...]:
    """The organisations of whoever asks."""
    return own_organisations(request)
