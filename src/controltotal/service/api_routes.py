"""Addresses of the API, each declared as the pages are; what is not declared is not there."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import path
from django.urls.resolvers import URLPattern

from controltotal.acts import ACTS
from controltotal.service.api import api
from controltotal.service.route import ANYONE, FIGURE, READER, SIGNED_IN, Route

ROOT: Final = "api/v1/"
ROUTES: Final = (
    Route("openapi.json", "openapi", "api", ANYONE),
    Route("head", "api_head", "api", READER),
    Route("verbs/<verb>", "api_verb", "api", READER, of="organisation"),
    Route("figures/<path:figure>", "api_figure", "api", READER, of=FIGURE),
    Route("history/<table>", "api_history", "api", READER),
    Route("acts/<name>", "api_act", "api", SIGNED_IN, ("POST",), acts=tuple(ACTS)),
    Route("jobs/<name>", "api_job", "api", READER, ("GET", "POST", "DELETE")),
)
"""An act is judged by the desk: an administrator, who reads nothing, grants and revokes by it too."""


def api_patterns() -> list[URLPattern]:
    """The addresses of the API as Django takes them."""
    found: dict[str, Callable[..., HttpResponse]] = {}
    for pattern in api.urls[0]:
        found[str(pattern.pattern)] = pattern.callback
    made = []
    for route in ROUTES:
        page = description if route.name == "openapi" else found[route.path]
        made.append(path(ROOT + route.path, _view(route, page), name=route.name))
    return made


def description(request: HttpRequest) -> HttpResponse:
    """The API as OpenAPI describes it."""
    return JsonResponse(api.get_openapi_schema(path_prefix=f"/{ROOT}"))


def _view(route: Route, page: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """A view of the API, which carries its declaration; who has a cookie sends the form's token too."""

    def view(request: HttpRequest, **given: Any) -> HttpResponse:
        return page(request, **given)

    view.route = route  # type: ignore[attr-defined]
    return view
