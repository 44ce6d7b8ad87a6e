"""Make the board paper: choose the meeting, read the words again, cover, preview, freeze."""

from __future__ import annotations

from typing import Any, Final

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone

from controltotal.accounts.held_back import PRIVATE
from controltotal.core.calendar import day_words, month_words, year_label
from controltotal.core.datafiles import packaged_rows
from controltotal.core.typed_numbers import typed_numbers
from controltotal.service.access import reads_private
from controltotal.service.apps import house
from controltotal.service.failing import refused
from controltotal.service.jobs import ask, fragment, result_file
from controltotal.service.models import Job
from controltotal.service.months_ahead import sent_words
from controltotal.service.paper_made import FOR_PUBLIC, FORMS, NOT_FOR_PUBLIC, PUBLIC
from controltotal.service.paper_pages import (
    Meeting,
    cover_now,
    cover_then,
    cover_words,
    find,
    frozen_day,
    frozen_for,
    held_of,
    is_final,
    listed_of,
    made_of,
    marks,
    meetings,
    office_of,
    sees,
    sentences,
    speaks_for,
    standing_now,
    state_of,
    told_by,
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
        "papers/<str:organisation>/<str:on>/numbers/<int:entry>/<str:key>",
        "paper number",
        "pages.paper_numbers:number",
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
    """A meeting in the list: where its paper is frozen, the session and purpose are those of that paper."""
    row, frozen = one.row, frozen_for(request, one)
    state = state_of(one, frozen, own=sees(request, row.organisation))
    listed = listed_of(frozen)
    cover = cover_now(one) if listed is None else cover_then(listed)
    if listed is None and row.session == PRIVATE and not reads_private(request):
        state = "of a private session, not for your office"
    return (
        {"words": f"{row.meeting}, {day_words(row.on)}", "href": one.address},
        name(row.organisation),
        cover["purpose"],
        row.presented_by or "",
        cover["session"] or "not stated",
        state,
    )


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
    frozen = frozen_for(request, meeting)
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
        standing=standing_now(meeting, told),
        said=_said(meeting, told),
        carried=[
            {**one, "text": in_full(one["about"], one["text"])} for one in told.get("carried", ())
        ],
        parts=[one for one in told.get("parts", ()) if one["id"] in PARTS],
        part_names=PARTS,
        actions=_actions(meeting, speaks_for(request, organisation)),
        frozen=[_frozen(one, meeting) for one in frozen],
        private=meeting.row.session == PRIVATE,
        forms=FORMS,
        held=[one.words for one in held_of(meeting)],
        whose=name(organisation),
        sent=sent_words(organisation, meeting.year, meeting.shown),
        entry=position.ref.entry,
    )


def read(request: HttpRequest, organisation: str, on: str) -> HttpResponse:
    """A paper on a page of the service, from which each number can be followed: its draft, or frozen.

    A frozen one is asked for by its entry.
    """
    meeting = find(organisation, on)
    if meeting is None:
        return lost(request)
    asked = request.GET.get("frozen", "")
    inside = sees(request, organisation)
    if asked:
        made = frozen_for(request, meeting)
    else:
        made = list(made_of(meeting, frozen=False)) if inside else []
    public = request.GET.get("for", "")
    made = [
        one
        for one in made
        if not asked or (str(one.entry), one.options.get("for", "")) == (asked, public)
    ]
    if not made:
        return refused(request, 404, "There is no draft of this paper.", "Draft it first.")
    page = frame(request, meeting.title, (*TRAIL, (meeting.address, "Make the paper")))
    old = made[0].entry != house().position.ref.entry
    body = fragment(made[0])
    return shown(
        request,
        "paper_read.html.j2",
        page,
        body=body,
        draft=made[0],
        old=old,
        frozen=_frozen(made[0], meeting) if asked else None,
    )


PARTS: Final = {
    row["part"]: row["names"].partition(";")[0] or row["part"]
    for row in packaged_rows("paper_parts.csv")
}
"""The parts of a paper for which people may write, with what they are called."""


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
    if row.private_reason and row.session == "private":
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
                "text": in_full(row.about, words.text),
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


def in_full(about: str, text: str) -> str:
    """Words that go on from the name of their part, with that name before them.

    >>> in_full("savings", "internal audit has read it."), in_full("savings", "It was read.")
    ('Efficiencies: internal audit has read it.', 'It was read.')
    """
    if not text[:1].islower():
        return text
    what = about_words(about)
    return f"{what[:1].upper()}{what[1:]}: {text}"


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


def _frozen(job: Job, meeting: Meeting) -> dict[str, Any]:
    """One frozen paper: of which entry, by which office, when, its forms, and what it was when frozen."""
    then, now = cover_then(job), cover_now(meeting)
    files = [
        (words, f"/jobs/{job.pk}/paper{form}")
        for form, (words, _) in FORMS.items()
        if result_file(job, form).is_file()
    ]
    public = job.options.get("for") == PUBLIC
    return {
        "entry": job.options["entry"],
        "root": short_root(job.root),
        "by": office_of(job),
        "when": _frozen_on(job),
        "files": files,
        "read": f"{meeting.address}/read?frozen={job.entry}{'&for=public' if public else ''}",
        "final": is_final(job),
        "public": public,
        "cover": cover_words(then),
        "private": then["session"] == PRIVATE,
        "now": "" if then == now else cover_words(now),
    }


def _frozen_on(job: Job) -> str:
    """When a paper was frozen: the day of the house, which a demonstration keeps, and the hour."""
    return f"{frozen_day(job)} at {timezone.localtime(job.ended or job.made):%H:%M}"


def _sentence(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}."


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
    public = frozen and request.POST.get("for") == PUBLIC
    if public and meeting.row.session == PRIVATE:
        return refused(request, 409, *map(_sentence, (NOT_FOR_PUBLIC, FOR_PUBLIC)))
    running = Job.objects.filter(person=request.user, state__in=("waiting", "running"))
    if running.count() >= MOST:
        return too_much_work(request)
    role = next((one.role for one in request.offices), "")
    options = {**meeting.options, "frozen": frozen, "role": role}
    if frozen:
        options["day"] = house().desk.today().isoformat()
        if public:
            options["for"] = PUBLIC
    job = ask(request.user, "report", options, organisation)
    return HttpResponseRedirect(f"/jobs/{job.pk}")
