"""Sending a month's figures: files are dropped, checked on one page, and sent in one act."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Final

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from controltotal.acts.actors import FINANCE
from controltotal.acts.bench import ActRefused, Refusal, RowClash
from controltotal.acts.figures import (
    ChangedSince,
    Laid,
    Month,
    Move,
    is_open,
    laid,
    moves,
    new_lines,
    send_figures,
)
from controltotal.core.calendar import month_name, year_label
from controltotal.core.errors import BookError, ControlTotalError
from controltotal.core.money import signed_pounds
from controltotal.intake.answer import tables_of
from controltotal.intake.mapping import saving_forms
from controltotal.ledger.errors import LedgerError
from controltotal.service.apps import house
from controltotal.service.browsing import numbers
from controltotal.service.drafts import Both, changing
from controltotal.service.failing import refused
from controltotal.service.models import Draft
from controltotal.service.month_after import effect, new_faults, would_be
from controltotal.service.month_drafts import (
    NEW,
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
    news_of,
    save_answers,
)
from controltotal.service.month_lines import choices_of, taken_rows
from controltotal.service.month_questions import answered_twice, asked_of, held, in_words
from controltotal.service.month_results import bottom_lines, pounds
from controltotal.service.month_words import later_words, when_words
from controltotal.service.pages.months import TRAIL, address, asked_month, nowhere
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
        with changing(begun.pk) as draft:  # of two who drop files at once, both are kept
            found = keep(code, draft.pk, request.FILES.getlist("file"), files_in(draft))
            draft.content = {**draft.content, "files": [one.said for one in found]}
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
        return _sent_before(request, at) or _gone(request, at)
    if request.method != "POST":
        return _page(request, at)
    try:
        return _checked(request, at, draft)
    except Draft.DoesNotExist:  # sent or discarded at this moment
        return _gone(request, at)


def _checked(request: HttpRequest, at: Month, draft: Draft) -> HttpResponse:
    """What the form of the page asks for: answers kept, a file left out, all of it sent or discarded."""
    do = request.POST.get("do", "")
    if do == "discard":
        return _discarding(request, at, draft)
    if do == "forget":
        discard(draft)
        return HttpResponseRedirect(address(at))
    number = next(numbers(do.removeprefix("leave:")), 0)
    if do.startswith("leave:") and number:
        drop(at.organisation, draft.pk, number)
        with changing(draft.pk) as own:
            kept = [one.said for one in files_in(own) if one.number != number]
            own.content = {**own.content, "files": kept}
        return HttpResponseRedirect(f"{address(at)}/check" if kept else address(at))
    both = save_answers(draft.pk, request.POST.dict(), request.user)
    if both:
        return _page(request, at, None, 409, both)
    return _send(request, at) if do == "send" else HttpResponseRedirect(f"{address(at)}/check")


def _gone(request: HttpRequest, at: Month | None) -> HttpResponse:
    """Said where what was begun is not there, to whoever answered it: it was sent or discarded meanwhile."""
    if at is None or request.method != "POST" or not is_own(request, at.organisation):
        return nowhere(request)
    return refused(
        request,
        409,
        "What was begun is not there any more: somebody of your organisation sent or discarded it.",
        f"Look at month {at.number} under Months. Your answers were not used.",
    )


def _discarding(request: HttpRequest, at: Month, draft: Draft) -> HttpResponse:
    """Ask before what was begun is forgotten, and say what that is."""
    trail = (*TRAIL, (address(at), f"Month {at.number}"))
    page = frame(request, f"Discard what you began of month {at.number}?", trail)
    given: dict[str, Any] = {"files": files_in(draft), "kept": _kept(draft)}
    return shown(request, "month_discard.html.j2", page, at=at, address=address(at), **given)


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
    request: HttpRequest,
    at: Month,
    errors: list[tuple[str, str]] | None = None,
    status: int = 200,
    both: Sequence[Both] = (),
) -> HttpResponse:
    """The page of what was begun; `both` are the fields that two people answered at once."""
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
    twice = answered_twice(both, at, choices_of(checked.found, at))
    page.errors += [(f"#{one['name']}", f"{one['label']}: {one['words']}") for one in twice]
    given: dict[str, Any] = {
        "at": at,
        "address": address(at),
        "whose": name(at.organisation),
        "month_words": month_name(at.number),
        "year": year_label(at.year),
        "files": files_in(draft),
        "request_id": fresh_request(),
        "accepted": draft.content.get("accept", ""),
        "twice": twice,
        "kept_days": house().deployment.keep_uploads,
    }
    told = {**_came(checked, at), **_would(checked, at, draft)}
    again = {one["name"] for one in twice}
    for question in told["questions"]:
        question["fields"] = [one for one in question["fields"] if one["name"] not in again]
    told["rows"] = [one for one in told["rows"] if one["name"] not in again]
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
        "later": later_words((put.cells for put in found.later), house().position.lines),
    }


def _would(checked: Checked, at: Month, draft: Draft) -> dict[str, Any]:
    """What is asked, what stands against it, and what the figures would change."""
    found = checked.found
    unnamed = [one for one in found.refusals if one.column.startswith(NEW)]
    refusals = [in_words(said(one)) for one in found.refusals if one not in unnamed]
    shown_as = _replaced(checked, draft, at) if not refusals and held(found.questions) else found
    changed = moves(shown_as)
    asking = _asking(found, unnamed, draft, at, stopped=bool(refusals), shown=bool(changed))
    asked = asking["questions"]
    after = would_be(found) if not (asked or refusals) else None
    refusals += new_faults(after) if after is not None else []
    waits = bool(asked or refusals)
    against = _against(found, at, draft)
    return {
        **asking,
        **against,
        "refusals": refusals,
        "accept": acceptable(found) or bool(checked.asking.accepted),
        "changes": _changes(found, changed[:SHOWN_MOST]),
        "changed": len(changed),
        **(WAITING if waits else _settled(checked, after, at)),
        "ready": not waits,
        "nothing": not (waits or against["first"] or found.changes_figures),
    }


WAITING: Final[dict[str, Any]] = {"unsaid": [], "detail": [], "effect": [], "bottom": []}
"""What is not yet said of files while something is asked of them, or stands against them."""


def _settled(checked: Checked, after: Workings | None, at: Month) -> dict[str, Any]:
    """What is said of files of which nothing is asked any more, and the book `after` them."""
    return {
        "unsaid": _unsaid(checked, at),
        "detail": _detail(checked.found),
        "effect": effect(after, at) if after is not None else [],
        "bottom": bottom_lines(checked.found, after or house().workings, at),
    }


def _asking(
    found: Laid, unnamed: list[Refusal], draft: Draft, at: Month, *, stopped: bool, shown: bool
) -> dict[str, Any]:
    """What is asked, unless the files are `stopped`; and what was taken unasked and can be changed."""
    choices = choices_of(found, at)
    asked = [] if stopped else asked_of(found, unnamed, draft, at, choices, shown=shown)
    fields = [field for one in asked for field in one["fields"]]
    names, answers = [field["name"] for field in fields], draft.content.get("set", {})
    return {
        "questions": asked,
        "open": len(fields) + sum(not one["fields"] for one in asked),
        "rows": taken_rows(found, choices, answers, news_of(draft), names),
    }


def _against(found: Laid, at: Month, draft: Draft) -> dict[str, Any]:
    """How the files stand to what was sent before."""
    first = is_open(house().position, at)
    return {
        "late": [(month_name(one.month), one.month, one.on) for one in found.late],
        "late_reason": draft.content.get("set", {}).get("late", ""),
        "first": first,
        "digest": found.digest,
    }


def _replaced(checked: Checked, draft: Draft, at: Month) -> Laid:
    """What the files would change if they took the place of what the ledger has otherwise."""
    ask = replace(checked.asking, once=checked.asking.once | {"replace"})
    return laid(house().position, checked.files, ask, at, new_in(draft))


def _kept(draft: Draft) -> str:
    """What is forgotten where the draft is discarded."""
    answers = len(draft.content.get("set", {})) + len(news_of(draft))
    words = [f"{answers} answer{'' if answers == 1 else 's'}"] if answers else []
    if draft.content.get("accept"):
        words.append("the reason for the difference")
    number = len(files_in(draft))
    return " and ".join([f"{number} file{'' if number == 1 else 's'}", *words])


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
            when_words(row["month"]),
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
                for column in ("found", "expected", "difference")
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


def _marks(marks: frozenset[str]) -> str:
    """Whether a sum repeats, as people say it."""
    return " and ".join(sorted(one.replace("_", "-") for one in marks)) or "not marked"


def _changes(found: Laid, changed: Sequence[Move]) -> list[tuple[str, ...]]:
    lines = house().position.lines
    new = new_lines(found.imported, house().position)

    def told(one: Move) -> tuple[str, ...]:
        line = lines[one.line].name if one.line in lines else new.get(one.line) or one.line
        of = f"{line}, scheme {one.scheme}" if one.scheme else line
        when = f"month {one.month}" if one.month.isdecimal() else one.month or "year"
        how = "new" if one.before is None else "withdrawn" if one.after is None else "changed"
        if one.is_marked_anew:
            how = f"now {_marks(one.now)}, was {_marks(one.was)}"
        before = pounds(one.before) if one.before is not None else "nothing"
        after = pounds(one.after) if one.after is not None else "nothing"
        basis = "" if one.basis == "actual" else f", {one.basis}"
        return (f"{of}, {when}{basis}", before, after, how)

    return [told(one) for one in changed]
