"""Signing in and out, the second factor, sign-out from elsewhere: allauth's views in our pages."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from allauth.account import views as signing
from allauth.mfa.base import views as factors
from allauth.mfa.recovery_codes import views as codes
from allauth.mfa.totp import views as totp
from allauth.socialaccount.providers.openid_connect import views as provider
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.template.response import SimpleTemplateResponse

from controltotal.service import back_channel
from controltotal.service.failing import refused
from controltotal.service.route import ANYONE, SIGNED_IN, Route
from controltotal.service.settings import IDLE
from controltotal.service.web import frame

BOTH: Final = ("GET", "POST")


def _route(path: str, name: str, page: str, who: str, methods: tuple[str, ...] = BOTH) -> Route:
    return Route(path, name, f"pages.signing:{page}", who, methods)


ROUTES: Final = (
    _route("sign-in", "account_login", "sign_in", ANYONE),
    _route("sign-in/code", "mfa_authenticate", "give_code", ANYONE),
    _route("sign-in/again", "account_reauthenticate", "again", SIGNED_IN),
    _route("sign-in/code-again", "mfa_reauthenticate", "code_again", SIGNED_IN),
    _route("sign-in/ended", "account_inactive", "ended", ANYONE, ("GET",)),
    _route("sign-in/with/<slug:provider_id>", "openid_connect_login", "organisation", ANYONE),
    _route(
        "sign-in/with/<slug:provider_id>/back",
        "openid_connect_callback",
        "organisation_back",
        ANYONE,
        ("GET",),
    ),
    _route("sign-out", "account_logout", "sign_out", ANYONE),
    _route("sign-out/back-channel", "back_channel", "ended_elsewhere", ANYONE, ("POST",)),
    _route("session", "session", "session", SIGNED_IN, ("POST",)),
    _route("account/password", "account_change_password", "password", SIGNED_IN),
    _route("account/second-factor", "mfa_index", "second_factor", SIGNED_IN, ("GET",)),
    _route("account/second-factor/set-up", "mfa_activate_totp", "set_up", SIGNED_IN),
    _route("account/second-factor/remove", "mfa_deactivate_totp", "remove", SIGNED_IN),
    _route(
        "account/recovery-codes", "mfa_view_recovery_codes", "recovery_codes", SIGNED_IN, ("GET",)
    ),
    _route(
        "account/recovery-codes/new", "mfa_generate_recovery_codes", "new_recovery_codes", SIGNED_IN
    ),
)


def _in_frame(
    view: Callable[..., HttpResponse], title: str, does: str
) -> Callable[..., HttpResponse]:
    """A view of allauth's in the frame of our pages, its refusals among the page's."""

    def page(request: HttpRequest) -> HttpResponse:
        answer = view(request)
        if isinstance(answer, SimpleTemplateResponse):
            context = answer.context_data
            shown = frame(request, title)
            form = context.get("form")
            if form is not None and form.is_bound and form.errors:
                shown.errors = [
                    (f"#{name}" if name in form.fields else "#maincontent", text)
                    for name, texts in form.errors.items()
                    for text in texts
                ]
                answer.status_code = 422
            context["page"] = shown
            context["provider"] = (
                settings.CONTROLTOTAL.oidc_name if settings.CONTROLTOTAL.oidc_server else ""
            )
            context["ended"] = request.GET.get("ended") == "idle"
        return answer

    page.__doc__ = does
    return page


sign_in = _in_frame(signing.login, "Sign in", "Sign in with a local account.")
give_code = _in_frame(factors.authenticate, "Give your code", "Give the code of the second factor.")
again = _in_frame(
    signing.reauthenticate, "Confirm that it is you", "Give the password again for what is grave."
)
code_again = _in_frame(
    factors.reauthenticate, "Confirm that it is you", "Give a code again for what is grave."
)
sign_out = _in_frame(signing.logout, "Sign out", "End the session.")
_password = _in_frame(signing.password_change, "Change your password", "Change the password.")
set_up = _in_frame(
    totp.activate_totp, "Set up your second factor", "Set the second factor up: a code by an app."
)
remove = _in_frame(
    totp.deactivate_totp, "Remove your second factor", "Remove the second factor, for another."
)
recovery_codes = _in_frame(
    codes.view_recovery_codes, "Your recovery codes", "The codes for when the app is not at hand."
)
new_recovery_codes = _in_frame(
    codes.generate_recovery_codes, "Make new recovery codes", "New codes in place of the old."
)


def password(request: HttpRequest) -> HttpResponse:
    """Change the password of a local account; those of an organisation are kept there."""
    if not request.user.has_usable_password():
        return refused(
            request,
            403,
            "You sign in with your organisation's account, and have no password here.",
            "Change it where you sign in.",
        )
    return _password(request)


def second_factor(request: HttpRequest) -> HttpResponse:
    """What of a second factor is set up stands on the account."""
    return HttpResponseRedirect("/account")


def ended(request: HttpRequest) -> HttpResponse:
    """An account that an administrator ended."""
    return refused(
        request,
        403,
        "This account was ended.",
        "Ask whoever administers this service, if you should still have it.",
    )


def session(request: HttpRequest) -> HttpResponse:
    """Stay signed in: asked for by the warning that the session is about to end."""
    return JsonResponse({"seconds": IDLE})


def _provided(request: HttpRequest, view: str, provider_id: str) -> HttpResponse:
    if not settings.CONTROLTOTAL.oidc_server:
        raise Http404
    answer: HttpResponse = getattr(provider, view)(request, provider_id=provider_id)
    return answer


def organisation(request: HttpRequest, provider_id: str) -> HttpResponse:
    """Go to the organisation's own sign-in."""
    if request.method != "POST":
        return HttpResponseRedirect("/sign-in")
    return _provided(request, "login", provider_id)


def organisation_back(request: HttpRequest, provider_id: str) -> HttpResponse:
    """Come back from it."""
    return _provided(request, "callback", provider_id)


def ended_elsewhere(request: HttpRequest) -> HttpResponse:
    """The provider says that somebody signed out there: their sessions end here too."""
    if not settings.CONTROLTOTAL.oidc_server:
        raise Http404
    return back_channel.sign_out(request)


ended_elsewhere.csrf_exempt = True  # type: ignore[attr-defined]  # the notice itself is signed
