"""Long work as its person sees it: how far it is, stopping it, and what came of it."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseRedirect

from controltotal.service.failing import refused
from controltotal.service.jobs import cancel, result_file
from controltotal.service.models import Job
from controltotal.service.own_paper import OWN_PAPER
from controltotal.service.pages.questions import ASKED, address
from controltotal.service.paper_made import FORMS
from controltotal.service.paper_pages import address_of
from controltotal.service.route import READER, Route
from controltotal.service.section_parts import figure_address
from controltotal.service.web import frame, shown
from controltotal.service.work import job_of

ROUTES: Final = (
    Route("jobs/<str:id>", "job", "pages.jobs:job", READER),
    Route("jobs/<str:id>/cancel", "job cancel", "pages.jobs:stop", READER, methods=("POST",)),
    Route("jobs/<str:id>/paper<str:form>", "job file", "pages.jobs:file", READER),
)
RUNNING: Final = ("waiting", "running")
OF_A_PAPER: Final = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'none'; sandbox"
)
"""The policy of a paper as a page: its own style, no script, nothing from outside."""


def missing(request: HttpRequest) -> HttpResponse:
    """Said of a job that there is not, and of another's in the same words."""
    return refused(request, 404, "There is no such work.", "Ask for it again.")


def job(request: HttpRequest, id: str) -> HttpResponse:
    """How far a job is; where it is done, the way to what came of it."""
    found = job_of(request, id)
    if found is None:
        return missing(request)
    back = came_of(found)
    if found.state == "done":
        if request.headers.get("HX-Request"):
            return HttpResponse(headers={"HX-Redirect": back})
        return HttpResponseRedirect(back)
    title = f"Working out: {called(found)}"
    told: dict[str, Any] = {
        "share": found.done / 1000 if found.state == "running" and found.done else None,
        "words": _how_far(found),
        "href": f"/jobs/{found.pk}",
        "done": found.state not in RUNNING,
        "title": "How far it is",
    }
    if request.headers.get("HX-Request"):
        if found.state not in RUNNING:
            return HttpResponse(headers={"HX-Refresh": "true"})
        return shown(request, "job_part.html.j2", frame(request, title), job=told)
    page = frame(request, title, (("/", "Home"),))
    given = {"running": found.state in RUNNING, "state": found.state, "error": found.error}
    return shown(request, "job.html.j2", page, job=told, id=found.pk, back=back, **given)


def _how_far(found: Job) -> str:
    """How far a job is, in words."""
    if found.state == "waiting":
        return "It begins when what was asked before it is done."
    return f"{found.what[:1].upper()}{found.what[1:]}." if found.what else "It has begun."


def called(found: Job) -> str:
    """What a job is, in words."""
    if found.verb == "report":
        return "the paper, frozen in every form" if found.options.get("frozen") else "the paper"
    if found.verb == OWN_PAPER:
        return "your own paper"
    if found.verb == "figure":
        return "a figure"
    return ASKED.get(found.verb, "an answer").rstrip("?")


def came_of(found: Job) -> str:
    """The page of what comes of a job."""
    options = found.options
    if found.verb == "report":
        there = "#frozen" if found.state == "done" and options.get("frozen") else ""
        called = str(options.get("meeting", ""))
        return f"{address_of(str(options['organisation']), str(options['on']), called)}{there}"
    if found.verb == OWN_PAPER:
        return f"/jobs/{found.pk}/paper.html" if found.state == "done" else "/months"
    if found.verb == "figure":
        return figure_address(str(options["figure"]))
    if found.verb == "try":
        return f"/try/{options['link']}"
    return address(found.verb, options)


def stop(request: HttpRequest, id: str) -> HttpResponse:
    """Stop a job of one's own."""
    found = job_of(request, id)
    if found is None:
        return missing(request)
    cancel(found)
    return HttpResponseRedirect(f"/jobs/{found.pk}")


def file(request: HttpRequest, id: str, form: str) -> HttpResponse:
    """A form of a paper: the page as the board sees it, shut in; any other as a file to keep."""
    found = job_of(request, id)
    if (
        found is None
        or found.verb not in ("report", OWN_PAPER)
        or found.state != "done"
        or form not in FORMS
    ):
        return missing(request)
    path = result_file(found, form)
    if not path.is_file():
        return missing(request)
    return _sent(path, form, found)


def _sent(path: Path, form: str, found: Job) -> HttpResponse:
    when = found.options.get("on") or found.options.get("year", "")
    named = f"finance-report-{found.options['organisation']}-{when}{form}"
    safe = "".join(c if c.isascii() and (c.isalnum() or c in "-._") else "-" for c in named)
    answer = FileResponse(
        path.open("rb"),
        as_attachment=form != ".html",
        filename=safe,
        content_type=FORMS[form][1],
    )
    answer["X-Content-Type-Options"] = "nosniff"
    if form == ".html":
        answer["Content-Security-Policy"] = OF_A_PAPER
    return answer
