"""Organisations: where each stands to date and in the year, its control total and who may answer it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any, Final

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from controltotal.acts.totals import TERMS, in_force
from controltotal.acts.waiting_money import last_totals
from controltotal.book.records import ControlTotal
from controltotal.core.calendar import year_label
from controltotal.core.errors import BookError
from controltotal.core.money import parse_money, position_words
from controltotal.papers.answers import in_brief
from controltotal.papers.look import Look
from controltotal.service import organisation_told as told
from controltotal.service.access import holds, inside
from controltotal.service.apps import house
from controltotal.service.failing import refused
from controltotal.service.months_ahead import ahead_words
from controltotal.service.pages.transfers import find
from controltotal.service.route import READER, Route
from controltotal.service.showing import ready
from controltotal.service.speaking import at_fields, may, receipt, seen
from controltotal.service.transfer_told import title_of
from controltotal.service.web import Outcome, do, frame, fresh_request, name, shown

ROUTES: Final = (
    Route("organisations", "organisations", "pages.organisations:organisations", READER),
    Route(
        "organisations/<str:code>",
        "organisation",
        "pages.organisations:organisation",
        READER,
        ("GET", "POST"),
        acts=(
            "propose_total",
            "accept_total",
            "refuse_total",
            "withdraw_total",
            "challenge",
            "answer",
        ),
        of="code",
    ),
)
TRAIL: Final = (("/", "Home"), ("/organisations", "Organisations"))
KINDS: Final = {
    "provider": "Provider",
    "commissioner": "Integrated care board",
    "system": "System",
    "cluster": "Cluster",
    "region": "Region",
    "nation": "Nation",
    "pool": "Pooled fund",
    "local_authority": "Local authority",
}
ASKS: Final = {
    "propose": ("propose_total", "Proposed"),
    "accept": ("accept_total", "Accepted"),
    "refuse": ("refuse_total", "Refused"),
    "withdraw": ("withdraw_total", "Withdrawn"),
    "challenge": ("challenge", "The query is recorded"),
    "answer": ("answer", "Answered"),
}
"""The forms of an organisation's page: the act that each asks for, and what is said when it is done."""


def organisations(request: HttpRequest) -> HttpResponse:
    """Every organisation of the book, by kind; those of the system with where they stand."""
    page = frame(request, "Organisations", (("/", "Home"),))
    tree, year = house().position.tree, house().position.default_year
    scope = house().scope
    inside = scope.inside(scope.lead)
    others = [code for code in tree.organisations if code not in inside]
    brief = in_brief(house().answer("position", of=house().together(year), year=year), Look())
    return shown(
        request,
        "organisations.html.j2",
        page,
        sections=ready(
            page, [replace(brief.answer, id="position", title="Where they stand", lead=False)]
        ),
        inside=_list(inside),
        others=_list(others),
        year=year_label(year),
        ahead=ahead_words(year),
    )


def _list(codes: Any) -> list[tuple[str, str, str]]:
    kind = house().position.tree.kind
    return [(code, name(code), KINDS.get(kind(code), kind(code))) for code in codes]


def organisation(request: HttpRequest, code: str) -> HttpResponse:
    """One organisation; with a POST, an act on its control total."""
    if code not in house().position.tree.organisations:
        return refused(
            request, 404, "There is no such organisation.", "Look for its name in the search."
        )
    outcome, form = Outcome(), ""
    if request.method == "POST":
        form, asked = request.POST.get("form", ""), request.POST.get("do", "")
        outcome = _asked_for(request, code, asked)
        if outcome.done is not None:
            messages.success(request, receipt(ASKS[asked][1], outcome.done))
            return HttpResponseRedirect(f"/organisations/{code}#control-total")
    page = frame(request, name(code), TRAIL)
    page.errors = at_fields(outcome.errors, form) if form else list(outcome.errors)
    status = 200 if not page.errors else 409 if outcome.clash else 422
    context = {**_context(request, code, page), **_control(request, code)}
    typed: Any = request.POST if form else _asked_by(request, code)
    form = form or ("propose" if typed else "")
    return shown(request, "organisation.html.j2", page, status, **context, typed=typed, form=form)


def _asked_by(request: HttpRequest, code: str) -> dict[str, str]:
    """What the form of a control total holds for a transfer that asks for another one; else nothing."""
    row = find(request.GET.get("transfer", ""))
    if row is None or code not in (row.from_, row.to) or not holds(request, "region"):
        return {}
    typed = {"year": row.year, "reason": f"Transfer {row.id}: {row.condition or title_of(row)}"}
    stands = house().workings.totals.control_total(code, row.year)
    if stands.known and stands.pence is not None:
        moved = -row.amount if code == row.from_ else row.amount
        typed["amount"] = _in_pounds(stands.pence + moved)
    binding = in_force(house().position, {"organisation": code, "year": row.year})
    if binding is not None and binding.includes_support is not None:
        typed["includes_support"] = told.COUNTS[binding.includes_support]
    return typed


def _asked_for(request: HttpRequest, code: str, asked: str) -> Outcome:
    """Ask the desk for what a form of the page asks."""
    if asked not in ASKS:
        return Outcome(errors=(("#", "Choose what is to be done."),))
    names = ("year", "month", "scenario", "reason", "grounds", "answer", "outcome")
    fields = {"organisation": code}
    fields |= {key: text for key in names if (text := request.POST.get(key, "").strip())}
    if asked in ("accept", "refuse", "withdraw"):
        fields.pop("reason", None)
    if asked == "propose":
        errors = _proposed(request, fields)
        if errors:
            return Outcome(errors=tuple(errors))
    return do(request, ASKS[asked][0], fields)


def _proposed(request: HttpRequest, fields: dict[str, str]) -> list[tuple[str, str]]:
    """Fill in what the form of a proposal says; what is wrong with it, each with its field."""
    errors = []
    given = ((key, request.POST.get(key, "").strip()) for key in TERMS)
    fields |= {key: text for key, text in given if text}
    try:
        pence = parse_money(request.POST.get("amount", "").strip(), "£")
        fields |= {"amount": _signed(pence), "unit": "£", "set_by": _office_of(request)}
    except (BookError, ValueError):
        words = "Give the control total in pounds: £2.5m is a surplus, (£2.5m) a deficit."
        errors.append(("#amount", words))
    binding = in_force(house().position, fields)
    if "includes_support" not in fields and (binding is None or binding.includes_support is None):
        words = "Say whether support counts: no control total in force says it for this year."
        errors.append(("#includes_support", words))
    return errors


def _in_pounds(pence: int) -> str:
    """A control total as a form shows it, exactly; a deficit in brackets.

    >>> _in_pounds(100_000_000), _in_pounds(-250_000_050)
    ('£1,000,000', '(£2,500,000.50)')
    """
    text = f"£{abs(pence) // 100:,}" + (f".{abs(pence) % 100:02d}" if pence % 100 else "")
    return f"({text})" if pence < 0 else text


def _signed(pence: int) -> str:
    """Pence as a cell in pounds holds them, below nil with a minus."""
    whole, part = divmod(abs(pence), 100)
    text = f"{whole}.{part:02d}" if part else str(whole)
    return f"-{text}" if pence < 0 else text


def _office_of(request: HttpRequest) -> str:
    """The office that sets a control total: of the region, and no person."""
    at = next((one.organisation for one in request.offices if one.role == "region"), "")
    return f"{name(at)}, regional team" if at else "Regional team"


def _context(request: HttpRequest, code: str, page: Any) -> dict[str, Any]:
    tree, year = house().position.tree, house().position.default_year
    parent = tree.parent(code, year)
    schemes, many = told.schemes_table(code)
    findings = told.findings_of(code)
    return {
        "code": code,
        "kind": KINDS.get(tree.kind(code), tree.kind(code)),
        "parent": (parent, name(parent)) if parent else None,
        "children": [(one, name(one)) for one in tree.children(code, year)],
        "sections": _position(code, year, page),
        "ahead": ahead_words(year) if house().of(code, year) is not house().workings else "",
        "standings": told.standings(code, year),
        "months": told.months_table(code, year),
        "schemes": schemes,
        "scheme_count": many,
        "support": told.support_table(code, year),
        "transfers": told.transfers_table(code),
        "risks": told.risks_table(code),
        "findings": findings[: told.MOST],
        "finding_count": len(findings),
        "readers": told.readers_table(code) if code in inside(request) else None,
    }


def _position(code: str, year: str, page: Any) -> tuple[Any, ...]:
    """Where it stands to date and in the year, as the papers say it."""
    try:
        of = house().of(code, year)
        answer = house().answer("position", of=of, year=year, organisation=code)
    except BookError:  # a body of another year
        return ()
    said = in_brief(answer, Look()).answer
    return ready(page, [replace(said, id="position", title="Where it stands", lead=False, level=2)])


def _control(request: HttpRequest, code: str) -> dict[str, Any]:
    """Its control totals, and what whoever asks may do about them."""
    position = house().position
    last = [
        row
        for (body, year, _, _), row in last_totals(position).items()
        if body == code and year >= position.default_year
    ]
    opened = [
        row for row in position.book.challenges if row.organisation == code and not row.answer
    ]
    first = int(position.default_year[:4])
    years = [f"{one}-{(one + 1) % 100:02d}" for one in range(first, first + 4)]
    return {
        "totals": told.totals_table(code),
        "challenges": told.challenges_table(code),
        "proposed": _offered(last, lambda row: row.status == "proposed"),
        "withdrawable": _offered(last, lambda row: row.status in ("proposed", "accepted")),
        "accepts": may(request, "accept_total", code),
        "proposes": holds(request, "region"),
        "answers": bool(opened) and may(request, "answer", code),
        "opened": opened[-1].grounds if opened else "",
        "years": [(one, year_label(one)) for one in years],
        "terms": told.terms_asked(code, years),
        "request_id": fresh_request(),
    }


def _offered(
    rows: list[ControlTotal], fits: Callable[[ControlTotal], bool]
) -> list[dict[str, Any]]:
    return [
        {
            "year": row.year,
            "month": row.month or "",
            "scenario": row.scenario or "",
            "words": f"{told.period(row)}: {position_words(row.amount)}, {row.status}",
            "reason": row.reason or "",
            "terms": told.terms_of(row),
            "seen": seen(row),
            "place": place,
        }
        for place, row in enumerate(rows)
        if fits(row)
    ]
