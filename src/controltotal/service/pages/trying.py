"""Try a change in the room: choose, see what it does to each body on the same page, keep it for seven days.

What is tried stands in the session of whoever tries it and never in an address, which logs and a
browser's history keep. Nothing of it enters the ledger. A link is a row of the second database, and is
worked out anew each time from the figures as they then stand.
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from typing import Any, Final

from django.contrib import messages
from django.db.models import Q
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone

from controltotal.book.records import Scheme
from controltotal.core.calendar import year_label
from controltotal.core.errors import BookError, Cancelled
from controltotal.core.figure import Figure
from controltotal.core.progress import Progress
from controltotal.papers.sections import Cell, TableView, columns, told_columns
from controltotal.service.access import in_days, own_organisations
from controltotal.service.apps import house
from controltotal.service.drafts import own_draft, own_drafts
from controltotal.service.failing import refused
from controltotal.service.jobs import finished, fragment
from controltotal.service.models import Draft, Link
from controltotal.service.route import READER, Route
from controltotal.service.showing import table
from controltotal.service.trials import keep_trial, trial_of
from controltotal.service.web import frame, name, said, shown
from controltotal.service.work import asked_for, too_much_work
from controltotal.verbs.trying import Change, Tried, try_change

ROUTES: Final = (
    Route("try", "try", "pages.trying:room", READER, methods=("GET", "POST"), drafts=True),
    Route("try/keep", "try kept", "pages.trying:keep", READER, methods=("POST",), drafts=True),
    Route(
        "try/drafts/<str:id>/discard",
        "try discarded",
        "pages.trying:discard",
        READER,
        methods=("POST",),
        drafts=True,
    ),
    Route("try/<str:id>", "try link", "pages.trying:link", READER, methods=("GET", "POST")),
)
DAYS: Final = 7
"""Days that a link lasts."""
SECONDS: Final = 8.0
"""Seconds after which a page stops trying, and says so."""
FIELDS: Final = ("kind", "scheme", "value", "from", "to", "amount")
KINDS: Final = (
    ("start", "A scheme starts on another day"),
    ("size", "A scheme brings another sum in a full year"),
    ("share", "A scheme delivers a share of what is still to come"),
    ("transfer", "Money moves from one organisation to another"),
)
TRAIL: Final = (("/", "Home"), ("/try", "Try a change"))


class Within(Progress):
    """Work for which there is so much time and no more."""

    def __init__(self, seconds: float) -> None:
        super().__init__()
        self._ends = time.monotonic() + seconds

    def check(self) -> None:
        """Stop where the time is over."""
        if time.monotonic() > self._ends:
            self.cancel()
        super().check()


def given(texts: Mapping[str, str]) -> dict[str, str]:
    """What was chosen, each field without spaces around it; what is not a field is not taken."""
    return {key: str(texts.get(key, "")).strip()[:200] for key in FIELDS}


def change_of(chosen: Mapping[str, str]) -> Change:
    """The change that was chosen."""
    return Change(
        chosen["kind"],
        chosen["scheme"],
        chosen["value"],
        chosen["from"],
        chosen["to"],
        chosen["amount"],
    )


def room(request: HttpRequest) -> HttpResponse:
    """The form, and under it what the change would do; a POST keeps the change and leads back to it."""
    if request.method == "POST":
        return HttpResponseRedirect(
            f"/try?trial={keep_trial(request, given(request.POST))}", status=303
        )
    page = frame(request, "Try a change", (("/", "Home"),))
    chosen = _begun(request)
    if not chosen["kind"]:
        return _shown(request, page, {**chosen, "kind": "start"}, None)
    return _answer(request, page, chosen)


def _begun(request: HttpRequest) -> dict[str, str]:
    """What the page opens with: a change tried in this session, a draft of one's own, or nothing."""
    draft = own_draft(request, request.GET.get("draft", ""), "try")
    if draft is not None:
        return given(draft.content)
    return given(trial_of(request))


def _answer(request: HttpRequest, page: Any, chosen: dict[str, str], **more: Any) -> HttpResponse:
    began = time.monotonic()
    try:
        tried = try_change(
            house().workings,
            change_of(chosen),
            today=house().desk.today(),
            progress=Within(SECONDS),
        )
    except BookError as error:
        where = {"start": "value", "size": "value", "share": "value"}.get(error.where, error.where)
        page.errors = [(f"#{where}" if where in FIELDS else "#kind", said(error))]
        return _shown(request, page, chosen, None, 422, **more)
    except Cancelled:
        page.errors = [("#kind", "This took too long just now. Nothing was changed: try it again.")]
        return _shown(request, page, chosen, None, 503, **more)
    more["seconds"] = f"{time.monotonic() - began:.1f}"
    return _shown(request, page, chosen, tried, **more)


def _shown(
    request: HttpRequest,
    page: Any,
    chosen: Mapping[str, str],
    tried: Tried | None,
    status: int = 200,
    **more: Any,
) -> HttpResponse:
    context = {
        "chosen": chosen,
        "kinds": KINDS,
        "schemes": schemes_listed(),
        "bodies": bodies_listed(),
        "tried": tried,
        "table": table(table_of(tried)) if tried else "",
        "mine": [(code, name(code)) for code in own_organisations(request)],
        "kept": None,
        "chance": "",
        "keeper": "",
        "drafts": drafts_of(request),
        **more,
    }
    return shown(request, "trying.html.j2", page, status, **context)


def drafts_of(request: HttpRequest) -> list[tuple[str, str, str]]:
    """The changes that were kept as drafts of one's own organisations: id, words, and where they open."""
    found = []
    for one in own_drafts(request, "try")[:20]:
        chosen = given(one.content)
        sides = [name(chosen[side]) for side in ("from", "to") if chosen[side]]
        what = [chosen["scheme"], *sides, chosen["value"] or chosen["amount"]]
        words = ", ".join(filter(None, [dict(KINDS).get(chosen["kind"], ""), *what]))
        found.append((one.pk, f"{words} ({name(one.organisation)})", f"/try?draft={one.pk}"))
    return found


def discard(request: HttpRequest, id: str) -> HttpResponse:
    """Throw a draft of one's own organisation away."""
    draft = own_draft(request, id, "try")
    if draft is not None:
        draft.delete()
    return HttpResponseRedirect("/try")


def schemes_listed() -> Sequence[tuple[str, str]]:
    """The schemes of the book with their bodies, to choose from."""
    rows = house().position.book.schemes
    workings = house().workings
    return workings.once(
        "schemes to choose from",
        lambda: [("", "Choose a scheme"), *sorted(map(_scheme, rows), key=lambda one: one[1])],
    )


def _scheme(row: Scheme) -> tuple[str, str]:
    return row.id, f"{name(row.organisation)}: {row.title} ({row.id})"


def bodies_listed() -> Sequence[tuple[str, str]]:
    """The bodies between which money may move."""
    register = house().answer("register")
    bodies = [(one.code, name(one.code)) for one in register.scope.bodies]
    return [("", "Choose an organisation"), *bodies]


COLUMNS: Final = columns(
    "name|Organisation",
    "adjusted_surplus|now|figure",
    "adjusted_surplus_then|then|money",
    "measured|now|figure",
    "measured_then|then|money",
    "gap|now|figure",
    "gap_then|then|money",
    "savings_plan|now|figure",
    "savings_plan_then|then|money",
)
GROUPS: Final = (
    ("", 1),
    ("Without support", 2),
    ("As the control total measures it", 2),
    ("Gap to the control total", 2),
    ("Savings that count", 2),
)


def table_of(tried: Tried) -> TableView:
    """What moves of each body, in the order of the tree: as it is told, and as it would be."""
    order = {code: place for place, (code, _) in enumerate(bodies_listed())}
    rows: dict[str, dict[str, Any]] = {}
    for one in tried.moved:
        row = rows.setdefault(one.organisation, {"name": name(one.organisation)})
        figure = f"{one.measure}/{one.organisation}/{tried.year}/forecast"
        row[one.measure] = Figure(figure, one.before)
        row[f"{one.measure}_then"] = one.after
    ordered = sorted(rows, key=lambda code: order.get(code, len(order)))
    told = {column.key: "" for column in COLUMNS}
    cells = [{**told, **rows[code]} for code in ordered]
    title = f"Forecast of {year_label(tried.year)}, £m; deficits in brackets"
    return told_columns(TableView(title, COLUMNS, [_plain(row) for row in cells], groups=GROUPS))


def _plain(row: Mapping[str, Any]) -> dict[str, Any]:
    """A row in which what does not move says so by a dash, and not that it is not known."""
    empty = {key for key, value in row.items() if value == ""}
    return {key: Cell(None, "pence", "") if key in empty else value for key, value in row.items()}


def keep(request: HttpRequest) -> HttpResponse:
    """Keep a change under an address for seven days, or as a draft of one's own organisation."""
    chosen, own = given(request.POST), own_organisations(request)
    at = request.POST.get("organisation", "")
    at = at if at in own else next(iter(own), "")
    if chosen["kind"] not in dict(KINDS) or not at:
        return refused(request, 400, "There is nothing to keep.", "Try a change first.")
    if request.POST.get("draft"):
        Draft.objects.create(person=request.user, organisation=at, kind="try", content=chosen)
        messages.success(request, f"Kept as a draft, which {name(at)} alone sees.")
        return HttpResponseRedirect("/try")
    Link.objects.filter(ends__lt=timezone.now()).delete()
    made = Link.objects.create(
        person=request.user, organisation=at, content=chosen, ends=in_days(DAYS)
    )
    messages.success(request, "Kept for seven days. Whoever may read these figures can open it.")
    return HttpResponseRedirect(f"/try/{made.pk}")


def link(request: HttpRequest, id: str) -> HttpResponse:
    """A change that was kept, worked out from the figures as they stand; a POST asks for its chance."""
    found = Link.objects.filter(pk=id, ends__gt=timezone.now()).first()
    if found is None:
        return refused(
            request, 404, "There is no such link, or its seven days are over.", "Try it anew."
        )
    chosen = given(found.content)
    options = {"link": id, "entry": house().position.ref.entry, "change": dict(chosen)}
    if request.method == "POST":
        job = asked_for(request, "try", options)
        return HttpResponseRedirect(f"/jobs/{job.pk}") if job else too_much_work(request)
    # who is given a link is given its chance: it is of the change that its keeper shows
    done = finished("try", options, Q())
    page = frame(request, "A change that was tried", TRAIL)
    chance = fragment(done) if done else ""
    return _answer(
        request, page, chosen, kept=found, chance=chance, keeper=name(found.organisation)
    )
