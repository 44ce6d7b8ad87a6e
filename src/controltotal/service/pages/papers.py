"""Make the board paper: choose the meeting, read the words again, cover, preview, freeze."""

from __future__ import annotations

import json
from typing import Any, Final

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone

from controltotal.core.calendar import day_words, month_words, year_label
from controltotal.core.datafiles import packaged_rows
from controltotal.core.typed_numbers import typed_numbers
from controltotal.service.apps import house
from controltotal.service.failing import refused
from controltotal.service.jinja import moment_words
from controltotal.service.jobs import ask, fragment, result_file
from controltotal.service.models import Job
from controltotal.service.paper_made import FORMS
from controltotal.service.paper_pages import (
    Meeting,
    find,
    made_of,
    marks,
    meetings,
    office_of,
    sees,
    sentences,
    speaks_for,
)
from controltotal.service.receipts import short_root
from controltotal.service.route import READER, Route
from controltotal.service.web import frame, name, shown
from controltotal.service.work import MOST, too_much_work

ROUTES: Final = (
    Route("papers", "papers", "pages.papers:papers", READER),
    Route(
        "papers/<str:organisation>/<str:on>",
        "paper",
        "pages.papers:paper",
        READER,
        of="organisation",
    ),
    Route(
        "papers/<str:organisation>/<str:on>/read",
        "paper read",
        "pages.papers:read",
        READER,
        of="organisation",
    ),
    Route(
        "papers/<str:organisation>/<str:on>/make",
        "paper made",
        "pages.papers:make",
        READER,
        methods=("POST",),
        of="organisation",
    ),
)
TRAIL: Final = (("/", "Home"), ("/papers", "Papers"))


def papers(request: HttpRequest) -> HttpResponse:
    """The meetings to which papers go, with how far each paper is."""
    rows = [_listed(request, one) for one in meetings()]
    page = frame(request, "Papers", (("/", "Home"),))
    homes = [one.organisation for one in request.offices]
    mine = [code for code in dict.fromkeys(homes) if speaks_for(request, code)]
    return shown(request, "papers.html.j2", page, rows=rows, mine=mine)


def _listed(request: HttpRequest, one: Meeting) -> tuple[Any, ...]:
    row = one.row
    state = _state(one) if sees(request, row.organisation) else ""
    return (
        {"words": f"{row.meeting}, {day_words(row.on)}", "href": one.address},
        name(row.organisation),
        row.purpose or "",
        row.presented_by or "",
        state or ("public" if row.session == "public" else row.session or ""),
    )


def _state(one: Meeting) -> str:
    """How far a paper is, for those who see it made."""
    if made_of(one, frozen=True):
        return "frozen"
    if made_of(one, frozen=False):
        return "drafted"
    return "waits for its month" if one.waits else "not begun"


def lost(request: HttpRequest) -> HttpResponse:
    """Said where no paper goes to such a meeting."""
    return refused(
        request, 404, "No paper goes to a meeting of that day.", "Choose a meeting under Papers."
    )


def paper(request: HttpRequest, organisation: str, on: str) -> HttpResponse:
    """One paper on one page: cover, words, actions, the paper as the board sees it, what was frozen."""
    meeting = find(organisation, on)
    if meeting is None:
        return lost(request)
    page = frame(request, meeting.title, TRAIL)
    inside = sees(request, organisation)
    drafts = made_of(meeting, frozen=False) if inside else []
    frozen = made_of(meeting, frozen=True) if inside else []
    told = told_by(drafts[0]) if drafts else {}
    position = house().position
    return shown(
        request,
        "paper.html.j2",
        page,
        meeting=meeting,
        cover=cover_of(meeting),
        may=speaks_for(request, organisation),
        inside=inside,
        draft=drafts[0] if drafts else None,
        old=bool(drafts and drafts[0].entry != position.ref.entry),
        standing=told.get("standing", ()),
        said=_said(meeting, told),
        carried=told.get("carried", ()),
        parts=[one for one in told.get("parts", ()) if one["id"] in PARTS],
        part_names=PARTS,
        actions=_actions(meeting, speaks_for(request, organisation)),
        frozen=[_frozen(one) for one in frozen],
        forms=FORMS,
        entry=position.ref.entry,
    )


def read(request: HttpRequest, organisation: str, on: str) -> HttpResponse:
    """The draft of a paper on a page of the service, from which each number can be followed."""
    meeting = find(organisation, on)
    if meeting is None:
        return lost(request)
    drafts = made_of(meeting, frozen=False) if sees(request, organisation) else []
    if not drafts:
        return refused(request, 404, "There is no draft of this paper.", "Draft it first.")
    page = frame(request, meeting.title, (*TRAIL, (meeting.address, "Make the paper")))
    old = drafts[0].entry != house().position.ref.entry
    body = fragment(drafts[0])
    return shown(request, "paper_read.html.j2", page, body=body, draft=drafts[0], old=old)


PARTS: Final = {
    row["part"]: row["names"].partition(";")[0] or row["part"]
    for row in packaged_rows("paper_parts.csv")
}
"""The parts of a paper for which people may write, with what they are called."""


def told_by(draft: Job) -> dict[str, Any]:
    """What a draft says of its paper."""
    try:
        found = json.loads(result_file(draft).read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return dict(found)


def cover_of(meeting: Meeting) -> list[tuple[str, str]]:
    """The cover sheet, as a list of what and what of it."""
    row = meeting.row
    asked = [
        ("Organisation", name(row.organisation)),
        ("Meeting", f"{row.meeting}, {day_words(row.on)}"),
        ("Month of its figures", f"{month_words(meeting.shown)}, {year_label(meeting.year)}"),
        ("Item", row.item or "not stated"),
        ("Session", row.session or "not stated"),
        ("Purpose", f"for {row.purpose}" if row.purpose else "not stated"),
        ("Presented by", row.presented_by or "not stated"),
        ("Considered before by", row.considered_by or "nobody, as far as is stated"),
        ("Recommendation", row.recommendation or "not stated"),
    ]
    if row.private_reason:
        asked.insert(5, ("Private because", row.private_reason))
    return asked


def _said(meeting: Meeting, told: dict[str, Any]) -> list[dict[str, Any]]:
    """Each sentence that people wrote: how it reads, of what it is, whose, and whether it still holds."""
    found, known = [], marks(told)
    for row, words in sentences(meeting):
        key = (row.about, row.kind, row.by, row.text)
        found.append(
            {
                "entry": row.entry,
                "text": words.text,
                "kind": row.kind,
                "about": about_words(row.about),
                "by": row.by,
                "on": day_words(row.on),
                "status": row.status or "",
                "mark": known.get(key, ""),
                "lacking": len(words.problems),
                "typed": ", ".join(typed_numbers(row.text)),
                "problems": [f"{p.said}: {p.problem}" for p in words.problems],
            }
        )
    return found


def about_words(text: str) -> str:
    """What a sentence is about, as people call it."""
    part, _, code = text.partition("/")
    if part in PARTS:
        return ", ".join(filter(None, (PARTS[part], name(code) if code else "")))
    known = house().position.tree.organisations
    line = house().position.lines.get(part)
    return (
        name(text) if text in known else line.name if line is not None else text.replace("_", " ")
    )


def _actions(meeting: Meeting, may: bool) -> list[tuple[Any, ...]]:
    """The actions of the paper's organisation and of those below it that are not done."""
    position = house().position
    code = meeting.row.organisation
    inside = {code, *position.tree.descendants(code, meeting.year)}
    found = []
    for row in position.book.actions:
        if row.organisation in inside and row.done_on is None:
            due = day_words(row.due) if row.due else "no day"
            late = bool(row.due and row.due < house().desk.today())
            here = f"{meeting.address}/action?id={row.id}"
            found.append(
                (
                    {"words": row.title, "href": here if may else ""},
                    name(row.organisation),
                    row.owner or "not stated",
                    f"{due}, overdue" if late else due,
                )
            )
    return found


def _frozen(job: Job) -> dict[str, Any]:
    """One frozen paper: of which entry, by which office, when, and its forms."""
    files = [
        (words, f"/jobs/{job.pk}/paper{form}")
        for form, (words, _) in FORMS.items()
        if result_file(job, form).is_file()
    ]
    final = not told_by(job).get("standing")
    return {
        "entry": job.options["entry"],
        "root": short_root(job.root),
        "by": office_of(job),
        "when": _frozen_on(job),
        "files": files,
        "final": final,
    }


def _frozen_on(job: Job) -> str:
    """When a paper was frozen: the day of the house, which a demonstration keeps, and the hour."""
    ended = job.ended or job.made
    day = job.options.get("day", "")
    hour = f"{timezone.localtime(ended):%H:%M}"
    return f"{day_words(day)} at {hour}" if day else moment_words(ended)


def make(request: HttpRequest, organisation: str, on: str) -> HttpResponse:
    """Have the paper drafted, or frozen in every form, by the worker."""
    meeting = find(organisation, on)
    if meeting is None:
        return lost(request)
    if not sees(request, organisation):
        return refused(
            request, 403, "This paper is not your organisation's.", "Ask whoever speaks for it."
        )
    frozen = request.POST.get("frozen") == "yes"
    if frozen and not speaks_for(request, organisation):
        return refused(
            request, 403, "A paper is frozen by the finance office of its organisation.", "Ask it."
        )
    running = Job.objects.filter(person=request.user, state__in=("waiting", "running"))
    if running.count() >= MOST:
        return too_much_work(request)
    role = next((one.role for one in request.offices), "")
    options = {**meeting.options, "frozen": frozen, "role": role}
    if frozen:
        options["day"] = house().desk.today().isoformat()
    job = ask(request.user, "report", options, organisation)
    return HttpResponseRedirect(f"/jobs/{job.pk}")
