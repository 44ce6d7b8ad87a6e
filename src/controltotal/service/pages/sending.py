"""Sending a month's figures: files are dropped, checked on one page, and sent in one act."""

from __future__ import annotations

from typing import Any, Final

from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from controltotal.accounts.months_sent import together
from controltotal.acts import Actor
from controltotal.acts.actors import FINANCE
from controltotal.acts.bench import ActRefused, Bench, RowClash
from controltotal.acts.figures import (
    ChangedSince,
    Laid,
    Month,
    Move,
    is_open,
    moves,
    new_lines,
    send_figures,
)
from controltotal.book.fold import advance
from controltotal.core.calendar import month_name, year_label
from controltotal.core.errors import BookError, ControlTotalError
from controltotal.core.finding import Finding
from controltotal.core.money import signed_pounds
from controltotal.intake.answer import tables_of
from controltotal.intake.mapping import saving_forms
from controltotal.ledger.entries import NOTHING_SAID
from controltotal.ledger.errors import LedgerError
from controltotal.service.apps import house
from controltotal.service.browsing import numbers
from controltotal.service.models import Draft
from controltotal.service.month_drafts import (
    Checked,
    acceptable,
    begin,
    check,
    discard,
    draft_of,
    files_in,
    is_own,
    mappings_folder,
    new_in,
    save_answers,
)
from controltotal.service.month_questions import asked_of
from controltotal.service.pages.months import TRAIL, address, asked_month, nowhere, pounds
from controltotal.service.route import Route
from controltotal.service.uploads import drop, keep
from controltotal.service.web import acting, frame, fresh_request, name, said, shown
from controltotal.workings.workings import Workings

ROUTES: Final = (
    Route(
        "months/<str:code>/<str:year>/<str:month>/files",
        "month files",
        "pages.sending:files",
        FINANCE,
        ("POST",),
        drafts=True,
        of="code",
    ),
    Route(
        "months/<str:code>/<str:year>/<str:month>/check",
        "month check",
        "pages.sending:checking",
        FINANCE,
        ("GET", "POST"),
        acts=("submit_month", "adjust_month"),
        drafts=True,
        of="code",
    ),
)
NOBODY: Final = Actor("", "")
"""Who writes a book as it would be, which nobody writes."""
SHOWN_MOST: Final = 200
"""Changes that the page lists; beyond, the rest is counted."""


def files(request: HttpRequest, code: str, year: str, month: str) -> HttpResponse:
    """Files are dropped: kept, and led to where they are checked."""
    at = asked_month(code, year, month)
    if at is None or not is_own(request, code):
        return nowhere(request)
    begun = begin(request, at)
    try:
        with transaction.atomic():  # of two who drop files at once, both are kept
            draft = Draft.objects.select_for_update().get(pk=begun.pk)
            found = keep(code, draft.pk, request.FILES.getlist("file"), files_in(draft))
            draft.content = {**draft.content, "files": [one.said for one in found]}
            draft.save()
    except (BookError, Draft.DoesNotExist) as error:
        if not isinstance(error, BookError):  # sent or discarded at this moment
            return HttpResponseRedirect(address(at))
        left = draft_of(at)
        if left is not None and not files_in(left):
            discard(left)
        return _refused(request, at, error)
    return HttpResponseRedirect(f"{address(at)}/check")


def _refused(request: HttpRequest, at: Month, error: BookError) -> HttpResponse:
    page = frame(
        request,
        f"Send your month {at.number} figures",
        (*TRAIL, (address(at), f"Month {at.number}")),
    )
    page.errors = [("#file", said(error))]
    return shown(request, "month_file.html.j2", page, 422, address=address(at), at=at)


def checking(request: HttpRequest, code: str, year: str, month: str) -> HttpResponse:
    """What the files say, on one page: answered, sent or discarded from there."""
    at = asked_month(code, year, month)
    draft = draft_of(at) if at is not None and is_own(request, code) else None
    if at is None or draft is None:
        return _sent_before(request, at) or nowhere(request)
    if request.method == "POST":
        do = request.POST.get("do", "")
        if do == "discard":
            discard(draft)
            return HttpResponseRedirect(address(at))
        number = next(numbers(do.removeprefix("leave:")), 0)
        if do.startswith("leave:") and number:
            drop(code, draft.pk, number)
            kept = [one.said for one in files_in(draft) if one.number != number]
            draft.content = {**draft.content, "files": kept}
            draft.save()
            return HttpResponseRedirect(f"{address(at)}/check" if kept else address(at))
        save_answers(draft, request.POST.dict())
        if do == "send":
            return _send(request, at)
        return HttpResponseRedirect(f"{address(at)}/check")
    return _page(request, at)


def _sent_before(request: HttpRequest, at: Month | None) -> HttpResponse | None:
    """The receipt of what the same form sent already; None where it sent nothing of one's own."""
    token = request.POST.get("request", "").strip()
    if at is None or not token or not is_own(request, at.organisation):
        return None
    receipt = house().desk.store.receipt(token)
    if receipt is None:
        return None
    author = house().position.daybook[receipt.entry - 1].narration.author
    if author.subject != request.actor.subject:  # nobody is told what another's request did
        return None
    return HttpResponseRedirect(f"{address(at)}/sent?entry={receipt.entry}")


def _send(request: HttpRequest, at: Month) -> HttpResponse:
    """Send what was checked: the rows of the files and the hand-in in one act of one request."""
    draft = draft_of(at)
    if draft is None:
        return nowhere(request)
    try:
        checked = check(request, draft, at)
        how = {
            "by": acting(request),
            "on": house().desk.today(),
            "request": request.POST.get("request", "").strip() or fresh_request(),
        }
        with saving_forms(mappings_folder(at.organisation), checked.forms):
            done = send_figures(
                house().desk,
                at,
                checked.files,
                checked.asking,
                how,  # type: ignore[arg-type]
                request.POST.get("checked", ""),
                new_in(draft),
            )
    except (ChangedSince, RowClash) as error:
        return _page(request, at, [("#changes", said(error))], 409)
    except ActRefused as error:
        return _page(request, at, [(f"#{one.column}", said(one)) for one in error.refusals], 422)
    except (ControlTotalError, LedgerError) as error:
        return _page(request, at, [("#file", said(error))], 422)
    discard(draft)
    return HttpResponseRedirect(f"{address(at)}/sent?entry={done.last}")


def _page(
    request: HttpRequest, at: Month, errors: list[tuple[str, str]] | None = None, status: int = 200
) -> HttpResponse:
    draft = draft_of(at)
    if draft is None:
        return nowhere(request)
    title = f"Check your month {at.number} figures"
    page = frame(request, title, (*TRAIL, (address(at), f"Month {at.number}")))
    page.errors = errors or []
    try:
        checked = check(request, draft, at)
    except BookError as error:
        page.errors = page.errors or [("#file", said(error))]
        return shown(
            request,
            "month_file.html.j2",
            page,
            422,
            address=address(at),
            at=at,
            files=files_in(draft),
        )
    given: dict[str, Any] = {
        "at": at,
        "address": address(at),
        "whose": name(at.organisation),
        "month_words": month_name(at.number),
        "year": year_label(at.year),
        "files": files_in(draft),
        "request_id": fresh_request(),
        "accepted": draft.content.get("accept", ""),
    }
    told = {**_came(checked, at), **_would(checked, at, draft.content.get("set", {}))}
    return shown(request, "month_check.html.j2", page, status, **given, **told)


def _came(checked: Checked, at: Month) -> dict[str, Any]:
    """What came, and what of it was left out."""
    found = checked.found
    return {
        "taken": [f"{TAKEN[key]} {_said_of(key, text, at)}" for key, text in checked.taken.items()],
        "received": _received(checked),
        "differ": _differences(checked),
        "left": _left(checked),
        "apart": [
            (TABLE_WORDS.get(table, table.replace("_", " ")), rows)
            for table, rows in found.apart.items()
        ],
        "equal": found.changes.equal,
    }


def _would(checked: Checked, at: Month, answers: dict[str, str]) -> dict[str, Any]:
    """What is asked, what stands against it, and what the figures would change."""
    found = checked.found
    unnamed = [one for one in found.refusals if one.column.startswith("new:")]
    refusals = [said(one) for one in found.refusals if one not in unnamed]
    asked = [] if refusals else asked_of(found, unnamed, answers, at.organisation)
    after = would_be(found) if not (asked or refusals) else None
    refusals += _faults(after) if after is not None else []
    first = is_open(house().position, at)
    return {
        "questions": asked,
        "refusals": refusals,
        "accept": acceptable(found) or bool(checked.asking.accepted),
        "changes": _changes(found)[:SHOWN_MOST],
        "changed": len(moves(found)),
        "unsaid": _unsaid(checked, at) if not (asked or refusals) else [],
        "detail": [] if asked or refusals else _detail(found),
        "late": [(month_name(one.month), one.month, one.on) for one in found.late],
        "late_reason": answers.get("late", ""),
        "first": first,
        "nothing": not first and not found.drafts,
        "effect": _effect(after, at) if after is not None and not refusals else [],
        "digest": found.digest,
        "ready": not asked and not refusals,
    }


TAKEN: Final = {
    "organisation": "The file does not say whose it is: taken as of",
    "year": "The file names no year: taken as",
    "month": "The file names no month: taken as",
}
TABLE_WORDS: Final = {
    "control_totals": "control totals, which the region proposes",
    "schemes": "schemes, which the programme office keeps",
    "risks": "risks, which are recorded on their own page",
    "facts": "facts beside the money",
    "organisations": "organisations, which are not a month's figures",
}


def _said_of(key: str, value: str, at: Month) -> str:
    return name(at.organisation) if key == "organisation" else value


def _unsaid(checked: Checked, at: Month) -> list[tuple[str, ...]]:
    """Lines of which the ledger has actuals of the year and the files say nothing: they stay."""
    workings, lines = house().workings, house().position.lines
    said_ = {
        put.cells.get("line", "") for file in checked.found.imported.files for put in file.puts
    }
    groups = {lines[one].group for one in said_ if one in lines}
    found: list[tuple[str, ...]] = []
    for line in workings.month.lines(at.organisation, at.year):
        if line in said_ | groups or lines[line].group in said_:
            continue
        pence = workings.month.to_date(at.organisation, at.year, line).actual.pence
        if pence:
            found.append((lines[line].name, pounds(pence)))
    return found


def _detail(found: Laid) -> list[tuple[str, str, str]]:
    """What the ledger keeps of lines and the file does not say, so that the figures stand without it."""
    lines, bodies = house().position.lines, house().workings.tree.organisations

    def words(text: str) -> str:
        return name(text) if text in bodies else text.replace("_", " ")

    return [
        (
            lines[one.line].name if one.line in lines else one.line,
            f"month {one.month}" if one.month.isdecimal() else one.month,
            ", ".join(map(words, one.kept)),
        )
        for one in found.detail
    ][:SHOWN_MOST]


def _received(checked: Checked) -> list[tuple[str, ...]]:
    rows = tables_of(checked.found.imported)["received"]
    agrees = {True: "agree", False: "differ", None: "none to check"}
    return [
        (
            row["file"],
            name(row["organisation"]) if row["organisation"] else "not said",
            row["month"],
            agrees[row["agrees"]],
        )
        for row in rows
    ]


def _differences(checked: Checked) -> list[tuple[str, ...]]:
    rows = tables_of(checked.found.imported)["reconciled"]
    return [
        (
            row["total"],
            " ".join(filter(None, (row["file"], row["sheet"], row["cell"]))),
            *(
                signed_pounds(row[f"{column}_pence"])
                if row[f"{column}_pence"] is not None
                else "nothing"
                for column in ("expected", "found", "difference")
            ),
        )
        for row in rows
        if row["difference_pence"]
    ]


def _left(checked: Checked) -> list[tuple[str, str]]:
    rows = tables_of(checked.found.imported)["left_out"]
    return [
        (" ".join(filter(None, (row["file"], row["sheet"], row["range"]))), row["reason"])
        for row in rows
    ][:SHOWN_MOST]


def _changes(found: Laid) -> list[tuple[str, ...]]:
    lines = house().position.lines
    new = new_lines(found.imported, house().position)

    def told(one: Move) -> tuple[str, ...]:
        line = lines[one.line].name if one.line in lines else new.get(one.line) or one.line
        of = f"{line}, scheme {one.scheme}" if one.scheme else line
        when = f"month {one.month}" if one.month.isdecimal() else one.month or "year"
        how = "new" if one.before is None else "withdrawn" if one.after is None else "changed"
        before = pounds(one.before) if one.before is not None else "nothing"
        after = pounds(one.after) if one.after is not None else "nothing"
        basis = "" if one.basis == "actual" else f", {one.basis}"
        return (f"{of}, {when}{basis}", before, after, how)

    return [told(one) for one in moves(found)]


def would_be(found: Laid) -> Workings | None:
    """The book as it would be with the figures; None where nothing is written."""
    if not found.drafts:
        return None
    position = house().position
    bench = Bench(position, NOBODY, house().desk.today(), "", drafts=list(found.drafts))
    return Workings(advance(position, bench.after(NOTHING_SAID)))


def _faults(after: Workings) -> list[str]:
    """What would be wrong with the ledger that is not wrong now: such figures are not taken."""
    known = {(one.code, one.message) for one in house().position.findings}
    new = [one for one in after.position.findings if one.severity == "error"]
    return [said(Shown(one)) for one in new if (one.code, one.message) not in known]


class Shown:
    """A finding as a refusal says itself."""

    def __init__(self, one: Finding) -> None:
        self.what, self.action = one.message.rstrip("."), one.action.rstrip(".")


def _effect(after: Workings, at: Month) -> list[tuple[str, ...]]:
    """The position to date of the body and of its system, before and after."""
    before = house().workings
    system = house().scope.lead
    rows: list[tuple[str, ...]] = []
    for code in dict.fromkeys((at.organisation, system)):
        rows.append((name(code), _reached(before, code, at), _reached(after, code, at)))
    return rows


def _reached(workings: Workings, code: str, at: Month) -> str:
    """The position to date; of those who are together to the last month that all have told."""
    month, row = together(workings, code, at.year)
    if row.actual is None:
        return "told when all have sent a month"
    later = f"; {month_name(at.number)} is told when all have sent it"
    words = f"{pounds(row.actual)} to {month_name(month)}, {pounds(row.variance)} against plan"
    return f"{words}{later if month < at.number else ''}"
