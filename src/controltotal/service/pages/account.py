"""A person's own account: offices, second factor, sessions, and the tokens of their programs."""

from __future__ import annotations

from typing import Any, Final

from allauth.account.internal.flows.reauthentication import raise_if_reauthentication_required
from allauth.mfa.utils import is_mfa_enabled
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone

from controltotal.service.apps import house
from controltotal.service.browsing import numbers
from controltotal.service.models import SignIn, Token
from controltotal.service.route import SIGNED_IN, Route
from controltotal.service.signing_in import by_provider
from controltotal.service.tokens import LONGEST, SCOPES, new_token
from controltotal.service.web import OFFICE_WORDS, frame, name, shown

ROUTES: Final = (
    Route("account", "account", "pages.account:account", SIGNED_IN),
    Route("account/tokens", "tokens", "pages.account:tokens", SIGNED_IN, ("POST",)),
    Route("account/sessions", "sessions", "pages.account:sessions", SIGNED_IN, ("POST",)),
)


def account(request: HttpRequest) -> HttpResponse:
    """Who I am here, which offices I hold and until when, how I sign in, what acts as me."""
    return _shown(request)


def _shown(request: HttpRequest, token: str = "", errors: Any = (), status: int = 200) -> Any:
    page = frame(request, "Your account")
    page.errors = list(errors)
    today = house().desk.today()
    now = timezone.now()
    own = request.session.session_key
    sessions = SignIn.objects.filter(person=request.user, expire_date__gt=now).order_by("-seen")
    return shown(
        request,
        "account.html.j2",
        page,
        status=status,
        grants=[
            {
                "office": OFFICE_WORDS.get(one.role, one.role),
                "at": name(one.organisation),
                "since": one.since,
                "until": one.until,
                "state": _state(one.since, one.until, today),
            }
            for one in request.actor.grants
        ],
        second_factor=is_mfa_enabled(request.user),
        local=request.user.has_usable_password() and not by_provider(request),
        demo=house().deployment.demo,
        sessions=[
            {"seen": one.seen, "here": one.session_key == own, "id": one.session_key[-8:]}
            for one in sessions
        ],
        tokens=Token.objects.filter(person=request.user, ends__gt=now).order_by("made"),
        made=token,
        longest=LONGEST,
    )


def _state(since: Any, until: Any, today: Any) -> tuple[str, str]:
    """The state of an office in words, and how it is coloured."""
    if since > today:
        return "begins later", "waiting"
    if until is not None and until < today:
        return "ended", "quiet"
    return "held", "good"


def tokens(request: HttpRequest) -> HttpResponse:
    """Make a token, which is shown once; or end one."""
    if "end" in request.POST:
        number = next(numbers(request.POST["end"]), 0)
        found = Token.objects.filter(person=request.user, pk=number)
        if found.delete()[0]:
            messages.success(request, "The token was ended: programs that send it are refused.")
        return HttpResponseRedirect("/account")
    title = request.POST.get("title", "").strip()
    scope, days = request.POST.get("scope", ""), request.POST.get("days", "")
    errors = []
    if not title:
        errors.append(("#title", "Say what the token is for"))
    if scope not in SCOPES:
        errors.append(("#scope", "Choose whether the token reads, or reads and acts"))
    if not (days.isdecimal() and len(days) < 5 and 1 <= int(days) <= LONGEST):
        errors.append(("#days", f"Give a whole number of days from 1 to {LONGEST}"))
    if errors:
        return _shown(request, errors=errors, status=422)
    return _shown(request, new_token(request.user, title, scope, int(days)))


def sessions(request: HttpRequest) -> HttpResponse:
    """End the other sessions, or one of them, after the password was asked again.

    Whoever signed in at their organisation has no password here, and is asked nothing.
    """
    if not by_provider(request):
        raise_if_reauthentication_required(request, app="account")
    found = SignIn.objects.filter(person=request.user).exclude(
        session_key=request.session.session_key
    )
    ending = request.POST.get("end", "")
    if ending != "all":
        found = found.filter(session_key__endswith=ending) if len(ending) == 8 else found.none()
    found.delete()
    messages.success(request, "What you ended is signed out.")
    return HttpResponseRedirect("/account")
