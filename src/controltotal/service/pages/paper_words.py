"""The words, the cover and the actions of a board's paper: each a form of one act."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from controltotal.acts.actors import FINANCE
from controltotal.core.calendar import month_words
from controltotal.core.datafiles import packaged_rows
from controltotal.core.schema import tables
from controltotal.core.typed_numbers import typed_numbers
from controltotal.papers.answer import plain_words
from controltotal.service.apps import house
from controltotal.service.failing import refused
from controltotal.service.pages.papers import PARTS, TRAIL, about_words, lost
from controltotal.service.paper_pages import (
    KINDS,
    Meeting,
    address_of,
    filled,
    find,
    made_of,
    sees,
    sentences,
    speaks_for,
    told_by,
)
from controltotal.service.route import Route
from controltotal.service.speaking import receipt
from controltotal.service.web import (
    OFFICE_WORDS,
    Outcome,
    Page,
    do,
    fields_of,
    frame,
    fresh_request,
    name,
    shown,
)

ROUTES: Final = (
    Route(
        "papers/<str:organisation>/<str:on>/words",
        "paper words",
        "pages.paper_words:words",
        FINANCE,
        methods=("GET", "POST"),
        acts=("comment",),
        of="organisation",
    ),
    Route(
        "papers/<str:organisation>/<str:on>/cover",
        "paper cover",
        "pages.paper_words:cover",
        FINANCE,
        methods=("GET", "POST"),
        acts=("paper",),
        of="organisation",
    ),
    Route(
        "papers/<str:organisation>/<str:on>/action",
        "paper action",
        "pages.paper_words:action",
        FINANCE,
        methods=("GET", "POST"),
        acts=("action",),
        of="organisation",
    ),
    Route(
        "papers/new",
        "paper new",
        "pages.paper_words:new",
        FINANCE,
        methods=("GET", "POST"),
        acts=("paper",),
    ),
)
SESSIONS: Final = tables()["papers"].columns["session"].vocabulary
PURPOSES: Final = tables()["papers"].columns["purpose"].vocabulary
TYPED: Final = (
    "Numbers are typed in this sentence, and a typed number stays as it is when the figures move. "
    "Put names in braces in their place, or say that they are meant to stand."
)
NOT_YOURS: Final = "The words of this paper are for the finance office of its organisation."


def _opened(
    request: HttpRequest, organisation: str, on: str
) -> tuple[Meeting | None, HttpResponse | None]:
    meeting = find(organisation, on)
    if meeting is None:
        return None, lost(request)
    if not speaks_for(request, organisation):
        return None, refused(request, 403, NOT_YOURS, "Ask it, or read the paper.")
    return meeting, None


def _done(
    request: HttpRequest, outcome: Outcome, page: Page, back: str
) -> tuple[int, HttpResponse | None]:
    """Where an act leads: on, with its receipt; or back to its form, with why it was refused."""
    if outcome.done is not None:
        messages.success(request, receipt("Recorded", outcome.done))
        return 303, HttpResponseRedirect(back, status=303)
    page.errors = list(outcome.errors)
    return (409 if outcome.clash else 422), None


def words(request: HttpRequest, organisation: str, on: str) -> HttpResponse:
    """One sentence of a paper: offered, carried or written; said anew, looked at with its numbers, agreed."""
    meeting, no = _opened(request, organisation, on)
    if meeting is None:
        return no or lost(request)
    page = frame(request, "Say it in your words", (*TRAIL, (meeting.address, meeting.title)))
    given = _sentence(request, meeting)
    if given is None:
        return refused(request, 404, "This sentence no longer stands.", "Look at the paper again.")
    status, clash = 200, None
    if request.method == "POST":
        given |= {key: request.POST.get(key, "") for key in given if key in request.POST}
        outcome = _said_anew(request, meeting, page, given)
        if outcome is not None:
            status, response = _done(request, outcome, page, meeting.address)
            if response is not None:
                return response
            clash = outcome.clash
        elif page.errors:
            status = 422
    about = given["about"]
    code = about.partition("/")[2] or (
        about if about in house().position.tree.organisations else ""
    )
    looked = filled(given["text"], code or organisation, meeting) if given["text"] else None
    return shown(
        request,
        "paper_words.html.j2",
        page,
        status,
        meeting=meeting,
        given=given,
        about=about_words(about),
        looked=looked,
        typed=typed_numbers(given["text"]),
        stands=bool(request.POST.get("typed")),
        kinds=KINDS,
        slots=[(row["slot"], row["meaning"]) for row in packaged_rows("slots.csv")],
        clash=clash,
    )


def _said_anew(
    request: HttpRequest, meeting: Meeting, page: Page, given: dict[str, str]
) -> Outcome | None:
    """What became of a sentence that was sent; None where it is looked at, or has typed numbers."""
    looks = request.POST.get("look")
    if not looks and typed_numbers(given["text"]) and not request.POST.get("typed"):
        page.errors = [("#typed", TYPED)]
    elif not looks:
        return do(request, "comment", _cells(request, meeting))
    given["request"] = request.POST.get("request", "") or fresh_request()
    return None


def _cells(request: HttpRequest, meeting: Meeting) -> dict[str, str]:
    """The columns of a sentence from its form."""
    cells = {**fields_of(request, "comment"), "year": meeting.year, "month": str(meeting.shown)}
    return {key: text for key, text in cells.items() if text}


def _sentence(request: HttpRequest, meeting: Meeting) -> dict[str, str] | None:
    """What a form begins with: a sentence that stands, one of last month, or what a part is offered."""
    given = {
        "about": "",
        "kind": "headline",
        "text": "",
        "by": _speaker(meeting),
        "status": "draft",
    }
    given |= {"instead": "", "offered": "", "request": fresh_request()}
    asked = request.POST if request.method == "POST" else request.GET
    if asked.get("instead"):
        for row, _ in sentences(meeting):
            if str(row.entry) == asked["instead"]:
                said = {"about": row.about, "kind": row.kind, "text": row.text, "by": row.by}
                return {**given, **said, "status": row.status or "draft", "instead": str(row.entry)}
        return given if request.method == "POST" else None
    told = _told(request, meeting)
    if asked.get("carry"):
        for row in told.get("carried", ()):
            if row["where"] == asked["carry"]:
                said = {"about": row["about"], "kind": row["kind"], "text": row["written"]}
                return {**given, **said, "by": row["by"], "offered": row["text"]}
        return None
    part = asked.get("part", "")
    if part in PARTS:
        whose: dict[str, Any] = next(
            (one for one in told.get("parts", ()) if one["id"] == part), {}
        )
        offered = " ".join(whose.get("words", ()))
        return {**given, "about": f"{part}/{meeting.row.organisation}", "offered": offered}
    return given if asked.get("about") else {**given, "about": f"answer/{meeting.row.organisation}"}


def _told(request: HttpRequest, meeting: Meeting) -> dict[str, Any]:
    drafts = made_of(meeting, frozen=False) if sees(request, meeting.row.organisation) else []
    return told_by(drafts[0]) if drafts else {}


def _speaker(meeting: Meeting) -> str:
    return meeting.row.presented_by or OFFICE_WORDS["trust_finance"]


COVER: Final = (
    ("item", "Item on the agenda", "text"),
    ("presented_by", "Presented by", "text"),
    ("considered_by", "Considered before by", "text"),
    ("recommendation", "What the meeting is asked", "area"),
    ("private_reason", "Private because", "text"),
)
"""Fields of the cover that are texts, with their labels."""


def cover(request: HttpRequest, organisation: str, on: str) -> HttpResponse:
    """The cover sheet of a paper."""
    meeting, no = _opened(request, organisation, on)
    if meeting is None:
        return no or lost(request)
    page = frame(request, "Change the cover sheet", (*TRAIL, (meeting.address, meeting.title)))
    row = meeting.row
    given = {column: row.texts.get(column, "") for column in tables()["papers"].columns}
    key = {"organisation": row.organisation, "meeting": row.meeting, "on": row.on.isoformat()}
    return _form(request, page, given, key, meeting.address)


def _form(
    request: HttpRequest,
    page: Page,
    given: Mapping[str, str],
    key: Mapping[str, str],
    back: str,
    bodies: Sequence[tuple[str, str]] = (),
) -> HttpResponse:
    status, typed = 200, dict(given)
    if request.method == "POST":
        typed |= fields_of(request, "paper")
        cells = {**typed, **key}
        cells.pop("known_on", None)
        cells.pop("source", None)
        outcome = do(request, "paper", {k: v for k, v in cells.items() if v}, on="")
        named = (str(cells.get(one) or "") for one in ("organisation", "on", "meeting"))
        where = back or address_of(*named)
        status, response = _done(request, outcome, page, where)
        if response is not None:
            return response
    return shown(
        request,
        "paper_cover.html.j2",
        page,
        status,
        given=typed,
        fields=COVER,
        sessions=[("", "not stated"), *((one, one) for one in SESSIONS)],
        months=[
            ("", "the last that had ended and that all have told"),
            *((str(one), month_words(one)) for one in range(1, 13)),
        ],
        purposes=[("", "not stated"), *((one, f"for {one}") for one in PURPOSES)],
        bodies=bodies,
        back=back or "/papers",
        fresh=request.POST.get("request") or fresh_request(),
    )


def new(request: HttpRequest) -> HttpResponse:
    """Put a paper on the agenda of a meeting."""
    held = dict.fromkeys(one.organisation for one in request.offices)
    mine = [(code, name(code)) for code in held if speaks_for(request, code)]
    if not mine:
        return refused(request, 403, NOT_YOURS, "Ask it to put a paper on the agenda.")
    page = frame(request, "Put a paper on the agenda", TRAIL)
    given = dict.fromkeys(tables()["papers"].columns, "")
    given |= {"organisation": mine[0][0], "presented_by": "Chief Finance Officer"}
    return _form(request, page, given, {}, "", mine)


ACTION: Final = (
    ("title", "What is done"),
    ("owner", "Who answers for it (a role)"),
    ("about", "Figure, line or scheme that it is to move"),
    ("due", "Due"),
    ("done_on", "Done on"),
    ("worth", "What it is to bring"),
    ("in_forecast", "What of it the forecast counts on already"),
)
"""Fields of an action, with their labels."""


def action(request: HttpRequest, organisation: str, on: str) -> HttpResponse:
    """One action: new, changed, or done."""
    meeting, no = _opened(request, organisation, on)
    if meeting is None:
        return no or lost(request)
    wanted = request.GET.get("id", "") or request.POST.get("id", "")
    row = next((r for r in house().position.book.actions if r.id == wanted), None)
    title = "Change an action" if row is not None else "Add an action"
    page = frame(request, title, (*TRAIL, (meeting.address, meeting.title)))
    given = dict.fromkeys(tables()["actions"].columns, "")
    given |= {"organisation": organisation, **(row.texts if row is not None else {})}
    status = 200
    if request.method == "POST":
        given |= fields_of(request, "action")
        kept = {k: v for k, v in given.items() if v and k not in ("known_on", "source")}
        outcome = do(request, "action", kept, on="")
        status, response = _done(request, outcome, page, meeting.address)
        if response is not None:
            return response
    return shown(
        request,
        "paper_action.html.j2",
        page,
        status,
        given=given,
        fields=ACTION,
        hints={c.name: plain_words(c.description) for c in tables()["actions"].columns.values()},
        fixed=row is not None,
        back=meeting.address,
        fresh=request.POST.get("request") or fresh_request(),
    )
