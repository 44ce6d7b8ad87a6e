"""Who is asking: the person, the offices that the ledger gives them today, and what they may open.

Every request passes the gatekeeper, which knows each route by its declaration and refuses what is not
declared. Offices are read from the ledger at every request, so one that was revoked is gone at the next.
What an act may do is judged by the desk, never here.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlencode

from django.contrib.auth import logout
from django.contrib.auth.models import AnonymousUser
from django.db.models import Q
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone

from controltotal.acts import Actor, Grant, actor_of
from controltotal.book.fold import Position
from controltotal.service.apps import house
from controltotal.service.failing import hurried, refused
from controltotal.service.limits import too_many
from controltotal.service.readings import note_reading
from controltotal.service.route import (
    ANYONE,
    FIGURE,
    FROM_OUTSIDE,
    NOT_IN_PRIVATE,
    OFFICE_WORDS,
    READER,
    READING,
    SIGNED_IN,
    Route,
)
from controltotal.service.security_log import renew_session
from controltotal.service.settings import IDLE, LONGEST
from controltotal.service.signing_in import SET_UP, SIGNING, by_provider, lacks_second_factor
from controltotal.service.tokens import bearer

if TYPE_CHECKING:
    from controltotal.service.models import Person

MARK: Final = "last_seen"
BEGAN: Final = "began"
BY_ITSELF: Final = ("/head", "/favicon.ico")
"""What a page asks for by itself: it keeps nobody signed in."""
MARKED: Final = 20
"""Seconds between two marks of a session, so that not every page writes one."""
API: Final = "/api/"


def actor_for(position: Position, person: Person) -> Actor:
    """A person as acts know them: a subject with what the ledger grants it, nothing by default."""
    found = actor_of(position, person.subject)
    return Actor(person.subject, person.name, () if found.local else found.grants)


def offices_now(actor: Actor) -> tuple[Grant, ...]:
    """The offices that are held today."""
    today = house().desk.today()
    return tuple(one for one in actor.grants if one.holds(today))


def may_open(route: Route, grants: tuple[Grant, ...], *, signed_in: bool) -> bool:
    """Whether a route is open to somebody with these offices.

    >>> may_open(Route("", "", ""), (), signed_in=True)
    False
    """
    if route.who == ANYONE:
        return True
    if not signed_in:
        return False
    if route.who == SIGNED_IN:
        return True
    wanted = READING if route.who == READER else route.who
    return any(one.role in wanted for one in grants)


class Gatekeeper:
    """The middleware that lets a request through to its page, or says why not."""

    def __init__(self, answer: Callable[[HttpRequest], HttpResponse]) -> None:
        self.answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer a request; nothing of a signed-in page is kept by anybody in between."""
        request.token = None
        if request.path.startswith(API) and "Authorization" in request.headers:
            request.token = token = bearer(request.headers["Authorization"])
            request.user = token.person if token else AnonymousUser()
            request._dont_enforce_csrf_checks = True  # no cookie speaks for whoever sends a token
            gone = None
        else:
            gone = self._ended(request)
        response = gone or self.answer(request)
        renew_session(request, response)
        if request.user.is_authenticated and not request.path.startswith("/static/"):
            response.headers.setdefault("Cache-Control", "no-store")
        return response

    def process_view(
        self, request: HttpRequest, view: Any, args: Any, options: dict[str, Any]
    ) -> HttpResponse | None:
        """Whether this page is for whoever asks."""
        route = getattr(view, "route", None)
        if route is None:
            return refused(request, 404, "There is no such page.")
        signed_in = request.user.is_authenticated
        actor = actor_for(house().position, request.user) if signed_in else Actor("", "")
        request.actor = actor
        request.offices = offices = offices_now(actor)
        request.route = route
        if signed_in and too_many(request.user.pk, request.method, request.path):
            return hurried(request)
        if not may_open(route, offices, signed_in=signed_in):
            if not signed_in:
                return to_sign_in(request)
            return refused(request, 403, *_why_not(route, offices))
        if request.method not in methods_of(route):
            return _not_here(request, route)
        stopped = self._unfinished(request, route) if signed_in else None
        whose = read_of(route, {**request.GET.dict(), **options}) if stopped is None else ""
        if whose and request.method in ("GET", "HEAD"):
            note_reading(request, whose)
        return stopped

    def _unfinished(self, request: HttpRequest, route: Route) -> HttpResponse | None:
        """Lead somebody to a password of their own and a second factor: before, they see nothing else."""
        if house().deployment.demo or request.token or route.who == ANYONE or route.name in SIGNING:
            return None
        given = request.user.given_password and not by_provider(request)
        if given and route.name == "account_change_password":
            return None
        if not given and (route.name in SET_UP or not lacks_second_factor(request)):
            return None
        if request.path.startswith(API):
            return refused(request, 403, "Set up a second factor first.", "Sign in with a browser.")
        there = "/account/password" if given else "/account/second-factor/set-up"
        return None if request.path == there else HttpResponseRedirect(there)

    def _ended(self, request: HttpRequest) -> HttpResponse | None:
        """End a session that was idle too long, or has lasted its longest."""
        if not request.user.is_authenticated:
            return None
        now, session = time.time(), request.session
        began, mark = session.setdefault(BEGAN, now), session.get(MARK, 0.0)
        if (mark and now - mark > IDLE) or now - began > LONGEST or not request.user.is_active:
            logout(request)
            return None if request.path.startswith("/sign-in") else to_sign_in(request, ended=True)
        if request.path not in BY_ITSELF and now - mark > MARKED:
            session[MARK] = now
        return None


def read_of(route: Route, given: Mapping[str, str]) -> str:
    """The organisation whose figures a page shows by its address; empty where it names none.

    >>> read_of(Route("", "", "", of="figure"), {"figure": "gap/T1/2026-27/plan"})
    'T1'
    """
    text = str(given.get(route.of, "")) if route.of else ""
    return text.split("/")[1] if route.of == FIGURE and text.count("/") > 1 else text


def methods_of(route: Route) -> tuple[str, ...]:
    """The methods that a route answers: what is read can be asked for without its body too."""
    return (*route.methods, "HEAD") if "GET" in route.methods else route.methods


def _not_here(request: HttpRequest, route: Route) -> HttpResponse:
    answer = refused(
        request, 405, "This cannot be done here.", "Go back and use the page's own form."
    )
    answer.headers["Allow"] = ", ".join(methods_of(route))
    return answer


def _why_not(route: Route, offices: tuple[Grant, ...]) -> tuple[str, str]:
    """Why a page is not open to whoever has signed in, for whom it is, and what to do."""
    if offices and isinstance(route.who, tuple):
        words = [OFFICE_WORDS[one].lower() for one in route.who]
        whom = " or ".join(filter(None, (", ".join(words[:-1]), words[-1])))
        return f"This page is for {whom}, and you hold another office.", "Ask whoever holds it."
    if offices:
        return (
            "This page shows figures, and your office as administrator reads none.",
            "Ask somebody who holds another office.",
        )
    return (
        "You hold no office here today.",
        "Ask whoever administers this service to give you one.",
    )


def to_sign_in(request: HttpRequest, *, ended: bool = False) -> HttpResponse:
    """The way to the sign-in and back; a program is told in words."""
    if request.path.startswith(API):
        answer = refused(request, 401, "Nobody has signed in.", "Sign in, or send a token.")
        answer.headers["WWW-Authenticate"] = "Bearer"
        return answer
    back = {"next": request.get_full_path() if request.method == "GET" else "/"}
    return HttpResponseRedirect(
        f"/sign-in?{urlencode(back | ({'ended': 'idle'} if ended else {}))}"
    )


def own_organisations(request: HttpRequest) -> tuple[str, ...]:
    """The organisations at which whoever asks holds an office today, in the order of the grants."""
    return tuple(dict.fromkeys(one.organisation for one in request.offices))


def inside(request: HttpRequest) -> tuple[str, ...]:
    """The organisations of which whoever asks is one of their own people today: they see its drafts.

    A councillor asks from outside, and an administrator reads nothing: neither office makes one of them.
    """
    held = (one.organisation for one in request.offices if one.role not in FROM_OUTSIDE)
    return tuple(dict.fromkeys(held))


def reads_private(request: HttpRequest) -> bool:
    """Whether whoever asks holds an office today that opens the papers of private sessions."""
    return any(one.role not in NOT_IN_PRIVATE for one in request.offices)


def theirs(request: HttpRequest) -> Q:
    """What whoever asks sees of drafts and jobs: those of their organisation, and what they began there."""
    began = Q(person=request.user, organisation__in=own_organisations(request))
    return Q(organisation__in=inside(request)) | began


def holds(request: HttpRequest, *roles: str, at: str = "") -> bool:
    """Whether whoever asks holds one of some offices today, at one organisation where it is named."""
    return any(one.role in roles and (not at or one.organisation == at) for one in request.offices)


def in_days(days: int) -> Any:
    """The moment some days from now."""
    return timezone.now() + timedelta(days=days)
