"""What happened at the door of a service, a line of JSON each: sign-ins, refusals, limits, faults.

`logs/security.log` in the service's folder is readable by its owner alone. A line says when (UTC), what,
who, from which address, in which session, at which route and with which answer. It holds no figure, no
password, no address that was asked for and nothing that somebody typed, so nobody writes a line into it.
"""

from __future__ import annotations

import hashlib
import json
import os
import sys
import threading
import traceback
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from allauth.account.internal.flows.login import get_authentication_records
from allauth.account.signals import password_changed
from allauth.mfa import signals as factors
from django.conf import settings
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.core.signals import got_request_exception
from django.http import HttpRequest, HttpResponse

from controltotal.service.failing import refused
from controltotal.service.models import Person
from controltotal.service.settings import folder

FILE: Final = "security.log"
MOST: Final = 20_000_000
"""Bytes of the log, after which it is put aside."""
KEPT: Final = 9
"""Logs that were put aside and are kept; the oldest goes."""
FRAMES: Final = 6
"""Places of our own program that a fault is told with."""
EVENTS: Final = {
    400: "unreadable request",
    401: "not signed in",
    403: "refused",
    404: "not there",
    405: "method refused",
    413: "too large",
    429: "too many requests",
}
"""What an answer of a status is, where it is worth a line."""
METHODS: Final = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE")
CONFIRMS: Final = ("account_reauthenticate", "mfa_reauthenticate")
CLEARED: Final = '"cache", "storage"'
"""What a browser forgets when somebody signs out or their session ends."""
_lock = threading.Lock()


def note(event: str, request: HttpRequest | None = None, **more: Any) -> None:
    """Write one line about an event."""
    line = {"at": datetime.now(UTC).isoformat(timespec="milliseconds"), "event": event}
    if request is not None:
        found = request.resolver_match
        line |= {
            "who": _who(request),
            "from": request.META.get("REMOTE_ADDR", ""),
            "session": _session(request),
            "method": request.method if request.method in METHODS else "other",
            "route": (found.url_name or "") if found else "",
        }
    _write(json.dumps({**line, **more}, ensure_ascii=True))


def _write(line: str) -> None:
    with _lock:
        path = folder(settings.CONTROLTOTAL, "logs") / FILE
        if path.exists() and path.stat().st_size > MOST:
            _put_aside(path)
        handle = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        with os.fdopen(handle, "ab") as out:
            out.write(line.encode() + b"\n")


def _put_aside(path: Path) -> None:
    for number in range(KEPT, 1, -1):
        older = path.with_name(f"{FILE}.{number - 1}")
        if older.exists():
            older.replace(path.with_name(f"{FILE}.{number}"))
    path.replace(path.with_name(f"{FILE}.1"))


def _who(request: HttpRequest) -> str:
    """Whoever asks, where that is known already: a log asks no database."""
    token = getattr(request, "token", None)
    person = token.person if token else getattr(request, "_cached_user", None)
    return str(getattr(person, "username", ""))


def _session(request: HttpRequest) -> str:
    """A session by a part of its digest, by which its lines are found and it is not."""
    key = getattr(getattr(request, "session", None), "session_key", None)
    return hashlib.sha256(key.encode()).hexdigest()[:12] if key else ""


class Witness:
    """The outermost middleware: stops what no page answers, and notes what was refused."""

    def __init__(self, answer: Callable[[HttpRequest], HttpResponse]) -> None:
        self.answer = answer
        _listen()

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer a request, and note the answer where it is worth a line."""
        response = _stopped(request) or self.answer(request)
        if getattr(request, "signed_out", False):
            response.headers["Clear-Site-Data"] = CLEARED
        status = response.status_code
        if status in EVENTS and (status != 404 or request.resolver_match is not None):
            note(EVENTS[status], request, status=status)
        return response


def _stopped(request: HttpRequest) -> HttpResponse | None:
    """Refuse TRACE everywhere, and programs that send their token in the clear."""
    if request.method == "TRACE":
        answer = refused(request, 405, "This cannot be done here.")
        answer.headers["Allow"] = "GET, HEAD, POST"
        return answer
    if (
        settings.SECURE_SSL_REDIRECT
        and request.path.startswith("/api/")
        and not request.is_secure()
    ):
        return refused(request, 403, "Programs speak HTTPS here.", "Ask again with https://.")
    return None


def renew_session(request: HttpRequest, response: HttpResponse) -> None:
    """Give a session another key once somebody has confirmed that it is they."""
    found = request.resolver_match
    confirms = found is not None and found.url_name in CONFIRMS and request.method == "POST"
    if confirms and response.status_code < 400 and request.user.is_authenticated:
        request.session.cycle_key()


def _listen() -> None:
    """Note what Django and allauth tell of; however often it is asked, each thing once."""
    for signal, heard in (
        (user_logged_in, _signed_in),
        (user_logged_out, _signed_out),
        (user_login_failed, _not_let_in),
        (password_changed, _new_password),
        (factors.authentication_failed, _wrong_code),
        (factors.authenticator_added, _factor_added),
        (factors.authenticator_removed, _factor_removed),
        (factors.authenticator_reset, _factor_renewed),
        (got_request_exception, _fault),
    ):
        signal.connect(heard, dispatch_uid=f"security log {heard.__name__}")


def _signed_in(sender: Any, request: HttpRequest, user: Any, **more: Any) -> None:
    how = []
    for one in get_authentication_records(request, user):
        how.append("/".join(str(one[k]) for k in ("method", "type", "provider") if one.get(k)))
    note("signed in", request, who=user.username, how=how)


def _signed_out(sender: Any, request: HttpRequest, user: Any, **more: Any) -> None:
    request.signed_out = user is not None
    if user is not None:
        note("signed out", request, who=user.username)


def _not_let_in(
    sender: Any, credentials: Any, request: HttpRequest | None = None, **more: Any
) -> None:
    """A sign-in that failed; a name that nobody has is not kept, for it may be a password."""
    typed = str(credentials.get("username") or "")[:150]
    known = Person.objects.filter(username__iexact=typed).first() if typed else None
    note("sign-in failed", request, who=known.username if known else "nobody known")


def _new_password(sender: Any, request: HttpRequest, user: Any, **more: Any) -> None:
    note("password changed", request, who=user.username)


def _wrong_code(sender: Any, request: HttpRequest, user: Any, **more: Any) -> None:
    note("code refused", request, who=user.username)


def _factor_added(sender: Any, request: HttpRequest, user: Any, **more: Any) -> None:
    note("second factor set up", request, who=user.username)


def _factor_removed(sender: Any, request: HttpRequest, user: Any, **more: Any) -> None:
    note("second factor removed", request, who=user.username)


def _factor_renewed(sender: Any, request: HttpRequest, user: Any, **more: Any) -> None:
    note("second factor renewed", request, who=user.username)


def _fault(sender: Any, request: HttpRequest | None = None, **more: Any) -> None:
    """A fault of our own: its kind and its places, never its words, which may hold a figure."""
    kind, _, trace = sys.exc_info()
    places = [
        f"{Path(one.filename).name}:{one.lineno} {one.name}" for one in traceback.extract_tb(trace)
    ]
    note("fault", request, kind=kind.__name__ if kind else "", places=places[-FRAMES:])
