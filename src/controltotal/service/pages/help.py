"""Help, privacy and accessibility: what anybody may read before signing in. Never a figure."""

from __future__ import annotations

from typing import Final

from django.http import HttpRequest, HttpResponse

from controltotal.service.apps import house
from controltotal.service.route import ANYONE, Route
from controltotal.service.settings import IDLE, LONGEST
from controltotal.service.web import frame, shown

ROUTES: Final = (
    Route("help", "help", "pages.help:how", ANYONE),
    Route("privacy", "privacy", "pages.help:privacy", ANYONE),
    Route("accessibility", "accessibility", "pages.help:accessibility", ANYONE),
)


def how(request: HttpRequest) -> HttpResponse:
    """How the service is used, by office, and whom to ask."""
    return _still(request, "help.html.j2", "Help")


def privacy(request: HttpRequest) -> HttpResponse:
    """What is kept about whoever signs in, for how long, and who sees it."""
    return _still(request, "privacy.html.j2", "Privacy")


def accessibility(request: HttpRequest) -> HttpResponse:
    """How far everybody can use the service, what is known to be hard, and how to say so."""
    return _still(request, "accessibility.html.j2", "Accessibility")


def _still(request: HttpRequest, template: str, title: str) -> HttpResponse:
    """A page that says the same to everybody."""
    return shown(
        request,
        template,
        frame(request, title),
        contact=house().deployment.contact or "whoever administers this service",
        idle=IDLE // 60,
        longest=LONGEST // 3600,
    )
