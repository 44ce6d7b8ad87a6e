"""The small addresses that every page asks for."""

from __future__ import annotations

from typing import Final

from django.http import HttpRequest, HttpResponse, JsonResponse

from controltotal.service.apps import house
from controltotal.service.route import ANYONE, READER, Route

ROUTES: Final = (
    Route("head", "head", "pages.first:head", READER),
    Route("health", "health", "pages.first:health", ANYONE),
    Route("favicon.ico", "favicon", "pages.first:favicon", ANYONE),
)


def head(request: HttpRequest) -> HttpResponse:
    """The last entry and its root: a page asks for it to know whether it is old."""
    ref = house().position.ref
    return JsonResponse({"entry": ref.entry, "root": ref.root})


def health(request: HttpRequest) -> HttpResponse:
    """Whether the service answers; it tells nothing else."""
    return HttpResponse("ok\n", content_type="text/plain; charset=utf-8")


def favicon(request: HttpRequest) -> HttpResponse:
    """No picture: browsers ask for one at every first visit, and need no answer."""
    return HttpResponse(status=204)
