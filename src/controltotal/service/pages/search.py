"""Search: bodies, schemes, figures, transfers, decisions and words, each with where it leads."""

from __future__ import annotations

from typing import Final

from django.http import HttpRequest, HttpResponse

from controltotal.core.errors import BookError
from controltotal.core.figure import Figure
from controltotal.core.measures import measure
from controltotal.service.apps import house
from controltotal.service.route import READER, Route
from controltotal.service.web import frame, shown
from controltotal.verbs.searching import search

ROUTES: Final = (Route("search", "search", "pages.search:found", READER),)
LONGEST: Final = 120
"""Letters of a query that are read."""
QUICK: Final = ("position", "forecast", "schemes")
"""Verbs whose figures are looked up while somebody waits."""


def found(request: HttpRequest) -> HttpResponse:
    """What a query finds, by kind."""
    query = request.GET.get("q", "").strip()[:LONGEST]
    page = frame(request, f"Search: {query}" if query else "Search", (("/", "Home"),))
    page.query = query
    result = search(house().workings, query, figure_of)
    return shown(
        request, "search.html.j2", page, query=query, groups=result.groups, meant=result.meant
    )


def figure_of(id: str) -> Figure | None:
    """A figure as the book now has it; None where it has none, or it takes long to make."""
    name, _, rest = id.partition("/")
    code, _, more = rest.partition("/")
    verb = measure(name).verb
    if verb not in QUICK:
        return None
    try:
        return house().answer(verb, year=more.partition("/")[0], organisation=code).figure(id)
    except BookError:
        return None
