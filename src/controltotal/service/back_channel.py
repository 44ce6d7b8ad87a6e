"""Sign-out by the provider of sign-in: a signed notice, checked, that ends the sessions it names.

As OpenID Connect Back-Channel Logout 1.0 says: signature, issuer, audience and age are checked, the
notice is no sign-in (`nonce`), names a session or a subject, and counts once.
"""

from __future__ import annotations

import time
from typing import Any, Final

import jwt
import requests
from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse, JsonResponse

from controltotal.service.models import Person, SignIn

EVENT: Final = "http://schemas.openid.net/event/backchannel-logout"
ALGORITHMS: Final = ("RS256", "PS256", "ES256", "EdDSA")
OLDEST: Final = 5 * 60
"""Seconds after which a notice is too old, where it names no end of its own."""
KNOWN_FOR: Final = 10 * 60
WAIT: Final = 10
WELL_KNOWN: Final = "/.well-known/openid-configuration"


class Unfit(Exception):
    """A notice that is not to be believed, with the reason."""


def sign_out(request: HttpRequest) -> HttpResponse:
    """End the sessions that a notice names; 400 where it is not to be believed."""
    try:
        told = _read(request.POST.get("logout_token", ""))
    except Unfit as error:
        answer: HttpResponse = JsonResponse(
            {"error": "invalid_request", "error_description": str(error)}, status=400
        )
    else:
        sessions = SignIn.objects.filter(person__isnull=False)
        if told.get("sid"):
            sessions = sessions.filter(provider_session=told["sid"])
        else:
            people = Person.objects.filter(subject=told["sub"])
            sessions = sessions.filter(person__in=people)
        sessions.delete()
        answer = HttpResponse(status=200)
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _read(token: str) -> dict[str, Any]:
    """What a notice says, checked."""
    try:
        config = _config()
        header = jwt.get_unverified_header(token)
        key = _key(config["jwks_uri"], str(header.get("kid", "")))
        told: dict[str, Any] = jwt.decode(
            token,
            key=key,
            algorithms=list(ALGORITHMS),
            audience=settings.CONTROLTOTAL.oidc_client,
            issuer=config["issuer"],
            options={"require": ["iat", "jti", "iss", "aud"]},
            leeway=30,
        )
    except (jwt.PyJWTError, KeyError, TypeError, ValueError) as error:
        raise Unfit("the notice is not signed by the provider for this service") from error
    events = told.get("events")
    if not isinstance(events, dict) or EVENT not in events or "nonce" in told:
        raise Unfit("this is no notice of a sign-out")
    if not (isinstance(told.get("sid") or told.get("sub"), str)):
        raise Unfit("the notice names neither a session nor a person")
    if "exp" not in told and time.time() - float(told["iat"]) > OLDEST:
        raise Unfit("the notice is too old")
    if not cache.add(f"signed out/{told['jti']}", True, 24 * 3600):
        raise Unfit("the notice was sent before")
    return told


def _config() -> dict[str, Any]:
    """What the provider says of itself, asked for from time to time."""
    server = settings.CONTROLTOTAL.oidc_server
    return _asked(server if "/.well-known/" in server else server.rstrip("/") + WELL_KNOWN)


def _key(address: str, name: str) -> Any:
    """A key of the provider's by its name; where it is new, its keys are asked for again."""
    for fresh in (False, True):
        for one in _asked(address, fresh=fresh).get("keys", []):
            if one.get("kid", "") == name:
                return jwt.PyJWK(one)
    raise ValueError("no such key")


def _asked(address: str, *, fresh: bool = False) -> dict[str, Any]:
    known = None if fresh else cache.get(address)
    if known is None:
        try:
            answer = requests.get(address, timeout=WAIT)
            answer.raise_for_status()
            known = answer.json()
        except requests.RequestException as error:
            raise Unfit("the provider of sign-in does not answer") from error
        cache.set(address, known, KNOWN_FOR)
    return dict(known)
