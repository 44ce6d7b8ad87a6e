"""Refusals as pages and as answers to programs: what is so, and what to do; never a trace."""

from __future__ import annotations

import logging
import sys
import traceback
from pathlib import Path
from typing import Any, Final

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string

LOG: Final = logging.getLogger("controltotal.service")
FRAMES: Final = 6
"""Places of a fault that are logged, the innermost first."""
TITLES: Final = {
    400: "This could not be read",
    401: "Sign in first",
    403: "This is not for your office",
    404: "Page not found",
    405: "This cannot be done here",
    409: "Somebody changed this since you saw it",
    413: "This file is too large",
    429: "Too many requests",
    500: "Something went wrong",
    503: "Not just now",
}


def refused(request: HttpRequest, status: int, what: str, action: str = "") -> HttpResponse:
    """A refusal with its status: JSON under `/api/`, else a page."""
    if request.path.startswith("/api/"):
        return problem(request, status, what, action)
    title = TITLES.get(status, TITLES[500])
    text = render_to_string("refused.html.j2", {"title": title, "what": what, "action": action})
    return HttpResponse(text, status=status)


def problem(
    request: HttpRequest, status: int, what: str, action: str = "", **more: Any
) -> HttpResponse:
    """A refusal as a program reads it: what is so, where, what to do."""
    told = {"what": what, "where": request.path, "action": action, **more}
    return JsonResponse(told, status=status)


def forged(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form that was not of this service's own pages, or came too late."""
    return refused(
        request,
        403,
        "This form is too old, or was not sent from this service.",
        "Go back, load the page again, and send it once more.",
    )


def missing(request: HttpRequest, exception: Exception) -> HttpResponse:
    """No page here."""
    return refused(request, 404, "There is no such page.", "Check the address, or search for it.")


def broken(request: HttpRequest) -> HttpResponse:
    """A fault of our own: logged by its kind and where it arose, never by what it says."""
    kind, _, trace = sys.exc_info()
    if kind is not None:
        frames = traceback.extract_tb(trace)[-FRAMES:]
        places = " < ".join(f"{Path(f.filename).name}:{f.lineno}" for f in reversed(frames))
        route = getattr(request, "route", None)
        LOG.error("fault %s on %s at %s", kind.__name__, route.name if route else "-", places)
    return refused(
        request,
        500,
        "This is a fault of the program, and nothing was changed.",
        "Try again; if it comes back, tell whoever runs this service when it happened.",
    )


def unreadable(request: HttpRequest, exception: Exception) -> HttpResponse:
    """A request that could not be read."""
    return refused(request, 400, "The request could not be read.", "Go back and try again.")


def hurried(request: HttpRequest, seconds: int = 60) -> HttpResponse:
    """Too many requests in a short time."""
    answer = refused(
        request, 429, "There were too many requests in a short time.", "Wait a minute, then go on."
    )
    answer.headers["Retry-After"] = str(seconds)
    return answer
