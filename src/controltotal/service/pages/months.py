"""Months: who has sent which, one month of one body, its approval, its return to be sent again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from controltotal.accounts.months_sent import (
    STATES,
    Event,
    Standing,
    current_month,
    events,
    has_sent,
    senders,
    sent_months,
    standing,
    standings,
    sums,
    together,
)
from controltotal.acts import ACTS
from controltotal.acts.figures import Month
from controltotal.acts.matter import Waiting
from controltotal.acts.waiting import for_others, waiting
from controltotal.acts.waiting_money import month_address, writers
from controltotal.book.row_keys import history_of
from controltotal.book.sent_months import APPROVED, NOT_SENT, REOPENED, SENT
from controltotal.core.calendar import (
    CalendarError,
    day_words,
    month_name,
    parse_year_id,
    year_label,
)
from controltotal.core.errors import BookError
from controltotal.core.result import Result
from controltotal.papers.data_return import return_csv
from controltotal.service.access import holds, inside
from controltotal.service.apps import house
from controltotal.service.browsing import adjusted_by, numbers, sent_by
from controltotal.service.failing import refused
from controltotal.service.home_told import item
from controltotal.service.jobs import ask
from controltotal.service.month_drafts import draft_of, is_own
from controltotal.service.month_moved import moved_before, moved_later
from controltotal.service.month_results import pounds
from controltotal.service.own_paper import OWN_PAPER
from controltotal.service.receipts import receipt_words, short_root
from controltotal.service.route import READER, Route
from controltotal.service.web import (
    OFFICE_WORDS,
    Outcome,
    day,
    do,
    frame,
    fresh_request,
    name,
    names,
    own,
    shown,
)

ROUTES: Final = (
    Route("months", "months", "pages.months:months", READER),
    Route(
        "months/<str:code>/<str:year>/<str:month>",
        "month",
        "pages.months:month",
        READER,
        ("GET", "POST"),
        acts=("submit_month", "approve_month", "reopen_month"),
        drafts=True,
        of="code",
    ),
    Route(
        "months/<str:code>/<str:year>/<str:month>/sent",
        "month sent",
        "pages.months:receipt",
        READER,
        of="code",
    ),
    Route(
        "months/<str:code>/<str:year>/<str:month>/paper",
        "month paper",
        "pages.months:own_paper",
        READER,
        ("POST",),
        of="code",
    ),
    Route(
        "months/<str:code>/<str:year>/<str:month>/list.return.csv",
        "month list",
        "pages.months:three_columns",
        READER,
        of="code",
    ),
)
TRAIL: Final = (("/", "Home"), ("/months", "Months"))
TAGS: Final = {NOT_SENT: "quiet", SENT: "waiting", APPROVED: "good", REOPENED: "care"}
"""How a tag shows each state of a month."""
KINDS: Final = ("month", "approval")
"""What waits about months, by the kind of matter."""
DONE: Final = {
    "submit_month": "Sent",
    "approve_month": "Approved",
    "reopen_month": "Reopened",
}
"""What is said of an act when it is done."""


def address(month: Month) -> str:
    """The page of a month of a body."""
    return month_address(month.organisation, month.year, month.number)


def asked_month(code: str, year: str, month: str) -> Month | None:
    """The month that an address names; None where it names none, or no body that sends."""
    try:
        known = parse_year_id(year)
    except CalendarError:
        return None
    number = next(numbers(month.removeprefix("M")), 0)
    if not 1 <= number <= 12 or code not in senders(house().workings, known):
        return None
    return Month(code, known, number)


def nowhere(request: HttpRequest) -> HttpResponse:
    """Said where no such month is, and of what is another organisation's in the same words."""
    return refused(request, 404, "There is no such month.", "Choose one under Months.")


# -- all bodies ------------------------------------------------------------------------------------


def months(request: HttpRequest) -> HttpResponse:
    """Who has sent a month, and what is to be done about it by whoever asks."""
    workings = house().workings
    year = workings.position.default_year
    at = next(numbers(request.GET.get("month", "").removeprefix("M")), 0)
    current = current_month(workings, house().desk.today()) or 1
    shown_month = at if 1 <= at <= 12 else current
    page = frame(
        request,
        f"Months: month {shown_month} ({month_name(shown_month)}), {year_label(year)}",
        TRAIL[:1],
    )
    rows = standings(workings, year, shown_month)
    return shown(
        request,
        "months.html.j2",
        page,
        rows=[_row(request, one, dues=any(row.due for row in rows)) for one in rows],
        sent=sum(has_sent(workings, row) for row in rows),
        every=len(rows),
        dues=any(row.due for row in rows),
        mine=_waits(request),
        number=shown_month,
        month_words=month_name(shown_month),
        year=year_label(year),
    )


def _row(request: HttpRequest, one: Standing, *, dues: bool) -> tuple[Any, ...]:
    at = Month(one.organisation, one.year, one.month)
    words = f"{one.words}; you are preparing it" if _prepares(request, at) else one.words
    reached = f"month {one.last} ({month_name(one.last)})" if one.last else "none"
    return (
        {"words": name(one.organisation), "href": address(at)},
        words,
        day(one.on),
        *((day(one.due),) if dues else ()),
        reached,
    )


def _prepares(request: HttpRequest, month: Month) -> bool:
    return is_own(request, month.organisation) and draft_of(month) is not None


def _waits(request: HttpRequest) -> list[dict[str, Any]]:
    """The months that wait for whoever asks, as Home has them; then those that wait for a colleague."""
    workings, today = house().workings, house().desk.today()
    mine = waiting(workings, request.offices, today, request.user.subject)
    others = for_others(workings, request.offices, today, request.user.subject)
    named = len(own(request)) > 1
    return [
        {**item(one, named=named, quiet=one not in mine), "why": _more(request, one)}
        for one in (*mine, *others)
        if one.kind in KINDS and is_own(request, one.organisation)
    ]


def _more(request: HttpRequest, matter: Waiting) -> str:
    """What is said of a month that waits: since when, what is there already, who approves it."""
    why = item(matter)["why"]
    if matter.kind == "approval":
        return f"{why} Another person approves it than who sent it."
    code, year, month = matter.about.split("/")[1:]
    at = Month(code, year, int(month))
    begun = "What you began is kept." if _prepares(request, at) else ""
    told = standing(house().workings, code, year, at.number).told
    held = "Its figures are in the ledger already." if told else ""
    return " ".join(filter(None, (why, begun, held)))


# -- one month -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class May:
    """What whoever asks may do about a month of a body."""

    send: bool
    approve: bool
    reopen: bool


def may(request: HttpRequest, one: Standing) -> May:
    """What is offered; the desk judges each act itself."""
    own_finance = is_own(request, one.organisation)
    reopens = holds(request, "system_finance", "region")
    wrote = one.row is not None and request.actor.subject in writers(house().position, one.row)
    return May(
        own_finance, own_finance and one.state == SENT and not wrote, reopens and one.is_sent
    )


def month(request: HttpRequest, code: str, year: str, month: str) -> HttpResponse:
    """One month of a body: where it stands, its figures, its history, and what may be done."""
    at = asked_month(code, year, month)
    if at is None:
        return nowhere(request)
    if request.method != "POST":
        return _page(request, at)
    name_of_act = request.POST.get("act", "")
    if name_of_act not in DONE:
        return refused(
            request, 400, "This form says nothing that can be done here.", "Load the page again."
        )
    outcome = do(
        request,
        name_of_act,
        {k: v for k, v in at.fields.items() if k in ACTS[name_of_act].form.fields},
    )
    if outcome.done is None:
        return _page(request, at, outcome)
    if name_of_act == "submit_month":
        return HttpResponseRedirect(f"{address(at)}/sent?entry={outcome.done.last}")
    done = receipt_words(outcome.done, names())
    messages.success(request, f"{DONE[name_of_act]}. {done} {_next(name_of_act, at)}")
    return HttpResponseRedirect(address(at))


def _next(act: str, at: Month) -> str:
    if act == "approve_month":
        return (
            "The month is complete: what changes from now on is a late adjustment with its reason."
        )
    return f"{name(at.organisation)} sends month {at.number} again."


def _page(request: HttpRequest, at: Month, outcome: Outcome | None = None) -> HttpResponse:
    workings = house().workings
    one = standing(workings, at.organisation, at.year, at.number)
    allowed = may(request, one)
    whose = name(at.organisation)
    mine = is_own(request, at.organisation)
    title = f"{whose}: month {at.number} ({month_name(at.number)}) of {year_label(at.year)}"
    if mine and one.state in (NOT_SENT, REOPENED):
        title = f"Send your month {at.number} figures"
    page = frame(request, title, TRAIL)
    status = 200
    if outcome is not None:
        page.errors = list(outcome.errors)
        status = 409 if outcome.clash else 422
    draft = draft_of(at) if mine else None
    sent = sent_months(workings).last(at.organisation, at.year, at.number)
    lines = sums(workings, at.organisation, at.year, at.number)
    every = events(workings, at.organisation, at.year, at.number)
    told = [_event(event, every[:place], whose) for place, event in enumerate(every)]
    return shown(
        request,
        "month.html.j2",
        page,
        status,
        at=at,
        address=address(at),
        one=one,
        whose=whose,
        month_words=month_name(at.number),
        year=year_label(at.year),
        state=(STATES[one.state], TAGS[one.state]),
        may=allowed,
        mine=mine,
        wrote=mine and one.state == SENT and not allowed.approve,
        draft=draft,
        lines=[_line(row, {row.line for row in lines}) for row in lines] if one.told else [],
        heads=HEADS,
        events=told,
        moved=moved_before(at) if one.told else [],
        sent=next((event for event in reversed(told) if event["sends"]), None),
        request_id=fresh_request(),
        seen=f"{sent.key}={_seen(sent.key)}" if sent else "",
        why=request.POST.get("why", ""),
        earlier=at.number - 1,
        later=at.number + 1 if at.number < 12 else 0,
        due=day(one.due),
        sent_on=day(one.on),
    )


HEADS: Final = (
    "Line",
    *(
        {"words": words, "right": True}
        for words in (
            "Plan, month",
            "Actual, month",
            "Variance",
            "Plan to date",
            "Actual to date",
            "Variance",
        )
    ),
)


def _line(row: Any, beside: set[str]) -> tuple[str, ...]:
    """A line as a row; one whose group stands among those `beside` it is a part of that."""
    known = house().position.lines.get(row.line)
    title = known.name if known is not None else "Surplus or deficit, without support"
    title = f"of which {title}" if known is not None and known.group in beside else title
    cells = (
        row.month_plan,
        row.month_actual,
        row.month_variance,
        row.plan,
        row.actual,
        row.variance,
    )
    return (title, *map(pounds, cells))


def _seen(key: str) -> int:
    """The entry that touched a hand-in last."""
    return max((entry.seq for entry, _, _ in history_of(house().position.daybook, key)), default=0)


SAID: Final = {
    "sent": "Sent",
    "approved": "Approved",
    "adjusted": "Late adjustment",
    "reopened": "Reopened",
    "taken back": "Taken back",
}


SENDS: Final = ("sent", "adjusted")
"""What brings figures, of all that becomes of a month."""


def _line_name(line: str) -> str:
    """A line by its name, as pages say it."""
    lines = house().position.lines
    return lines[line].name if line in lines else line


def _who(event: Event, before: Sequence[Event], whose: str) -> str:
    """The office that did it; of one office, whether it was the person who sent it or another."""
    office = OFFICE_WORDS.get(event.role, "")
    if event.role == "trust_finance":
        office = f"{office} of {whose}"
    sent = next((one for one in reversed(before) if one.what in SENDS), None)
    if not event.subject or sent is None or not sent.subject or sent.role != event.role:
        return office or event.by
    same = sent.subject == event.subject
    return f"{office}, {'the person who sent it' if same else 'another person than who sent it'}"


def _event(event: Event, before: Sequence[Event], whose: str) -> dict[str, Any]:
    changed = [
        (
            " of scheme ".join(filter(None, (_line_name(one.line), one.scheme))),
            f"month {one.month}" if one.month.isdecimal() else one.month,
            pounds(one.before) if one.before is not None else "nothing",
            pounds(one.after) if one.after is not None else "nothing",
        )
        for one in event.amounts
    ]
    return {
        "what": SAID[event.what],
        "sends": event.what in SENDS,
        "on": day_words(event.on) if event.on else "",
        "by": _who(event, before, whose),
        "why": event.why,
        "entry": event.entry,
        "amounts": changed,
    }


# -- what it gives back ----------------------------------------------------------------------------


def receipt(request: HttpRequest, code: str, year: str, month: str) -> HttpResponse:
    """A month was sent: its receipt, what happens next, and what the sender gets for it."""
    at = asked_month(code, year, month)
    number = next(numbers(request.GET.get("entry", "")), 0)
    daybook = house().position.daybook
    if at is None or not 1 <= number <= len(daybook) or not sent_by(daybook, number, at):
        return nowhere(request)
    entry = daybook[number - 1]
    late = entry.narration.act == "adjust_month"
    changed = [replace(at, number=one) for one in adjusted_by(daybook, number)]
    which = " and ".join(str(one.number) for one in changed)
    what = f"Late adjustment of month{'s' if len(changed) > 1 else ''} {which}"
    title = f"{what if late and changed else f'Month {at.number}'} sent"
    page = frame(request, title, (*TRAIL, (address(at), f"Month {at.number}")))
    workings = house().workings
    system = house().scope.lead
    return shown(
        request,
        "month_sent.html.j2",
        page,
        at=at,
        late=late,
        adjusted=[(one.number, month_name(one.number), address(one)) for one in changed],
        moved=moved_later(at, number),
        address=address(at),
        entry=entry.seq,
        root=root_at(entry.seq),
        whose=name(at.organisation),
        month_words=month_name(at.number),
        figures=[
            _to_date(workings, one, at) for one in dict.fromkeys((at.organisation, system)) if one
        ],
        own=at.organisation in inside(request),
    )


def root_at(number: int) -> str:
    """The root of the ledger where the act ends that wrote an entry."""
    position = house().position
    links = house().desk.store.links(number - 1)
    for link in links:
        if link.first <= number <= link.last:
            return short_root(str(link.hash))
    return short_root(position.ref.root)


def _to_date(workings: Any, code: str, at: Month) -> tuple[str, str, str, str]:
    month, row = together(workings, code, at.year)
    reached = f" to {month_name(month)}" if month else ": told when all have sent a month"
    return (
        f"{name(code)}{reached}",
        pounds(row.plan),
        pounds(row.actual),
        pounds(row.variance),
    )


def own_paper(request: HttpRequest, code: str, year: str, month: str) -> HttpResponse:
    """An organisation's own paper is asked of the worker, which takes half a minute."""
    at = asked_month(code, year, month)
    if at is None or code not in inside(request):
        return nowhere(request)
    job = ask(request.user, OWN_PAPER, {"organisation": code, "year": at.year}, code)
    return HttpResponseRedirect(f"/jobs/{job.pk}")


def three_columns(request: HttpRequest, code: str, year: str, month: str) -> HttpResponse:
    """The three-column list of a body, as the ledger stands."""
    at = asked_month(code, year, month)
    if at is None:
        return nowhere(request)
    results: dict[str, Result] = {
        "register": house().answer("register"),
        "position": house().answer("position", organisation=code),
    }
    try:
        written = return_csv(results, code)
    except BookError as error:
        return refused(request, 404, f"{error.what[:1].upper()}{error.what[1:]}.", error.action)
    answer = HttpResponse(written.data, content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = (
        f'attachment; filename="{code}-{at.year}-M{at.number}.return.csv"'
    )
    answer["X-Content-Type-Options"] = "nosniff"
    return answer
