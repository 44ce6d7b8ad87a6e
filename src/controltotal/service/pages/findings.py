"""Findings: what does not agree, each with its place and what to do; contracts of two sides apart."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse

from controltotal.core.finding import SEVERITIES, Finding
from controltotal.service.apps import house
from controltotal.service.browsing import numbers
from controltotal.service.route import READER, Route
from controltotal.service.web import frame, name, names, own, shown

ROUTES: Final = (Route("findings", "findings", "pages.findings:findings", READER),)
BETWEEN: Final = "CONTRACT_MISMATCH"
"""The code of what two bodies say otherwise of one trade between them."""
SEVERITY_WORDS: Final = {"error": "Error", "warning": "Warning", "information": "To know"}
COLOURS: Final = {"error": "stop", "warning": "care", "information": "quiet"}
PAGE: Final = 40
PLACES: Final = 8


def findings(request: HttpRequest) -> HttpResponse:
    """Every finding of the book, worst first; narrowed by organisation and severity."""
    found = house().answer("check").findings
    body, severity = request.GET.get("organisation", ""), request.GET.get("severity", "")
    if body == "own":
        wanted = set(own(request))
    else:
        wanted = {body} if body else set()
    fitting = [
        one
        for one in found
        if (not wanted or _bodies(one) & wanted) and (not severity or one.severity == severity)
    ]
    fitting.sort(key=lambda one: (SEVERITIES.index(one.severity), one.code, one.organisation))
    between = [one for one in fitting if one.code == BETWEEN]
    rest = [one for one in fitting if one.code != BETWEEN]
    at = max(1, next(numbers(request.GET.get("page", "")), 1))
    pages = max(1, -(-len(rest) // PAGE))
    at = min(at, pages)
    kept = {k: v for k, v in (("organisation", body), ("severity", severity)) if v}
    return shown(
        request,
        "findings.html.j2",
        frame(request, "Data queries"),
        counts=[(SEVERITY_WORDS[s], sum(one.severity == s for one in fitting)) for s in SEVERITIES],
        between=[_shown(one) for one in between],
        groups=_grouped(rest[(at - 1) * PAGE : at * PAGE]),
        total=len(fitting),
        body=body,
        severity=severity,
        bodies=[
            ("", "All"),
            ("own", "My organisation"),
            *((code, name(code)) for code in sorted(_all_bodies(found), key=name)),
        ],
        severities=[("", "All"), *SEVERITY_WORDS.items()],
        place=f"Page {at} of {pages}" if pages > 1 else "",
        previous=f"/findings?{urlencode({**kept, 'page': at - 1})}" if at > 1 else "",
        following=f"/findings?{urlencode({**kept, 'page': at + 1})}" if at < pages else "",
    )


def _bodies(finding: Finding) -> set[str]:
    return {finding.organisation, *finding.organisations} - {""}


def _all_bodies(found: Iterable[Finding]) -> set[str]:
    return {code for one in found for code in _bodies(one)} & set(names())


def _grouped(found: Iterable[Finding]) -> list[tuple[str, str, list[Mapping[str, Any]]]]:
    """Findings under the heading of their severity."""
    groups: dict[str, list[Mapping[str, Any]]] = {}
    for one in found:
        groups.setdefault(one.severity, []).append(_shown(one))
    return [(SEVERITY_WORDS[key], COLOURS[key], rows) for key, rows in groups.items()]


def _shown(finding: Finding) -> Mapping[str, Any]:
    places = list(finding.places)
    return {
        "code": finding.code,
        "who": ", ".join(name(code) for code in sorted(_bodies(finding))),
        "message": finding.message,
        "expected": finding.expected,
        "found": finding.found,
        "action": finding.action,
        "where": finding.place,
        "detail": finding.detail,
        "entries": [place.entry for place in places if place.entry][:PLACES],
        "more": max(0, len(places) - PLACES),
    }
