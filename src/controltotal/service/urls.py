"""Django's list of addresses, made from the table of routes and of nothing else."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from importlib import import_module
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.urls.resolvers import URLPattern, URLResolver

from controltotal.service.api_routes import api_patterns
from controltotal.service.route import Route
from controltotal.service.routes import ROUTES


def declared(route: Route) -> Callable[..., HttpResponse]:
    """The page of a route, which carries its declaration; the gatekeeper reads it."""
    module, _, name = route.page.partition(":")
    page = getattr(import_module(f"controltotal.service.{module}"), name)

    @wraps(page)
    def view(request: HttpRequest, **given: Any) -> HttpResponse:
        answer: HttpResponse = page(request, **given)
        return answer

    view.route = route  # type: ignore[attr-defined]
    return view


urlpatterns: list[URLPattern | URLResolver] = [
    *(path(route.path, declared(route), name=route.name) for route in ROUTES),
    *api_patterns(),
]
handler400 = "controltotal.service.failing.unreadable"
handler404 = "controltotal.service.failing.missing"
handler500 = "controltotal.service.failing.broken"
handler429 = "controltotal.service.failing.hurried"
