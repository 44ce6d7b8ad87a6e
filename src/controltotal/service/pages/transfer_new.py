"""Proposing money between organisations: a draft of one's own, its effect, and the proposal."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from controltotal.acts.transfers import MOST_YEARS
from controltotal.core.calendar import year_label
from controltotal.core.errors import BookError
from controltotal.core.money import format_pounds, parse_money
from controltotal.service import transfer_told as told
from controltotal.service.apps import house
from controltotal.service.browsing import numbers
from controltotal.service.drafts import Both, begin_draft, keep_draft, own_draft
from controltotal.service.failing import refused
from controltotal.service.models import Draft
from controltotal.service.money_form import Wrong, pounds
from controltotal.service.pages.transfers import TRAIL, find
from controltotal.service.route import Route
from controltotal.service.speaking import receipt, speaks_for
from controltotal.service.web import do, frame, fresh_request, name, said, shown
from controltotal.verbs.moving import moved

ROUTES: Final = (
    Route(
        "transfers/new",
        "transfer-new",
        "pages.transfer_new:propose",
        ("trust_finance", "system_finance", "region"),
        ("GET", "POST"),
        acts=("propose_transfer",),
        drafts=True,
    ),
)
TRANSFER: Final = "transfer"
"""The kind of the draft of a proposal."""
FIELDS: Final = (
    "id",
    "from",
    "to",
    "year",
    "amount",
    "kind",
    "mechanism",
    "repay_from",
    "repay_years",
    "interest",
    "condition",
    "answers",
)
NEEDED: Final = {
    "from": "Choose who gives.",
    "to": "Choose who receives.",
    "year": "Choose the year.",
    "kind": "Choose why money moves.",
    "mechanism": "Choose how it works.",
}
DEAREST: Final = 30
"""Per cent of interest a year that is taken at most."""
BODIES: Final = ("provider", "commissioner", "pool")
"""Kinds of bodies between which money moves."""
AHEAD: Final = 6
"""Years after the book's own in which money may be paid back."""


def propose(request: HttpRequest) -> HttpResponse:
    """A form with the effect of what is typed; a draft until it is proposed."""
    if request.method == "POST":
        return _posted(request)
    typed = _begun(request)
    if typed is None:
        return refused(request, 404, "There is no such page.")
    return _page(request, typed)


def _begun(request: HttpRequest) -> dict[str, str] | None:
    """What the form holds when it is opened: a draft, another proposal that is answered, or nothing."""
    id = request.GET.get("draft", "")
    if id:
        draft = own_draft(request, id, TRANSFER)
        return {**_typed(draft), "draft": id} if draft else None
    answered = find(request.GET.get("answers", ""))
    typed = {"year": house().position.default_year, "id": next_reference()}
    if answered is not None:
        typed |= {name: answered.texts.get(name, "") for name in FIELDS if name != "id"}
        typed |= {"amount": format_pounds(answered.amount, 2), "year": answered.year}
        if answered.interest:
            typed["interest"] = f"{Decimal(str(answered.interest * 100)).normalize():f}"
        typed |= {"repay_from": answered.repay_from or "", "answers": answered.id}
    else:
        speaks = speaks_for(request, "propose_transfer")
        typed |= {"from": next((one for one in speaks if _moves(one)), "")}
    return typed


def _typed(draft: Draft) -> dict[str, str]:
    """The fields of a draft."""
    return {name: draft.content.get(name, "") for name in FIELDS}


def _moves(code: str) -> bool:
    return house().position.tree.kind(code) in BODIES


def next_reference() -> str:
    """A reference that no transfer has yet.

    It follows the last that ends in a number.
    """
    taken = {row.id for row in house().position.book.transfers}
    number = len(taken) + 1
    while f"T-{number:02d}" in taken:
        number += 1
    return f"T-{number:02d}"


def _posted(request: HttpRequest) -> HttpResponse:
    typed = {name: request.POST.get(name, "").strip() for name in FIELDS}
    id, asked = request.POST.get("draft", ""), request.POST.get("do", "show")
    if asked == "discard":
        draft = own_draft(request, id, TRANSFER)
        if draft is not None:
            draft.delete()
            messages.success(request, "The draft is gone. Nothing was proposed.")
        return HttpResponseRedirect("/transfers")
    draft = own_draft(request, id, TRANSFER) if id else None
    if asked == "propose" and draft is None:
        return _proposed(request, typed, id)
    kept: dict[str, str] = typed
    if draft is not None:  # what was begun is kept, whatever is asked for
        kept, both = keep_draft(request, draft, typed)
        if both:
            return _both(request, {**kept, "draft": draft.pk}, both)
    elif not id:
        draft = begin_draft(request, TRANSFER, typed)
    if draft is None:
        return refused(request, 404, "There is no such page.")
    if asked == "propose":
        return _proposed(request, kept, id)
    if asked == "save":
        messages.success(request, "Draft saved. Your organisation alone sees it.")
        return HttpResponseRedirect(f"/transfers/new?draft={draft.pk}")
    return _page(request, {**kept, "draft": draft.pk}, effect=True)


def _both(request: HttpRequest, kept: dict[str, str], both: Sequence[Both]) -> HttpResponse:
    """The form with what two people changed at once: what one typed, and the other's beside it."""
    errors = [
        (
            f"#{one.field}",
            f"{one.who} has changed this too, and it now says: {one.theirs or 'nothing'}",
        )
        for one in both
    ]
    typed = {**kept, **{one.field: one.yours for one in both}}
    return _page(request, typed, errors, was=kept, status=409)


def _proposed(request: HttpRequest, typed: dict[str, str], id: str) -> HttpResponse:
    """Propose it; both organisations and the region see it from then on."""
    fields, errors = cells_of(typed)
    if errors:
        return _page(request, {**typed, "draft": id}, errors=errors)
    if request.POST.get("looked", "") != _mark(
        typed
    ):  # its effect was not looked at, or it is another
        return _page(request, {**typed, "draft": id}, effect=True, unseen=True)
    outcome = do(request, "propose_transfer", fields)
    if outcome.done is None:
        return _page(request, {**typed, "draft": id}, errors=list(outcome.errors))
    draft = own_draft(request, id, TRANSFER) if id else None
    if draft is not None:
        draft.delete()
    messages.success(request, receipt("Proposed", outcome.done))
    return HttpResponseRedirect(f"/transfers/{fields['id']}")


def cells_of(typed: dict[str, str]) -> tuple[dict[str, str], list[tuple[str, str]]]:
    """The cells of the row that a form asks for, and what is missing or cannot be read."""
    errors = [(f"#{name}", words) for name, words in NEEDED.items() if not typed.get(name)]
    fields = {name: typed[name] for name in FIELDS if typed.get(name)}
    if typed.get("from") and typed["from"] == typed.get("to"):
        errors.append(("#to", "Choose another receiver: money moves between two organisations."))
    try:
        fields["amount"], fields["unit"] = pounds(typed.get("amount", "")), "£"
    except Wrong as wrong:
        errors.append(("#amount", str(wrong)))
    years = typed.get("repay_years", "")
    if years and not 1 <= next(numbers(years), 0) <= MOST_YEARS:
        errors.append(("#repay_years", "Give a whole number of years, or leave it empty."))
    if typed.get("interest"):
        try:
            fields["interest"] = _rate(typed["interest"])
        except Wrong as wrong:
            errors.append(("#interest", str(wrong)))
    if typed.get("repay_from") and not years:
        errors.append(("#repay_years", "Say over how many years it is paid back."))
    return fields, errors


def _rate(text: str) -> str:
    """Interest as the data keep it, a part of one, from per cent as people write it.

    >>> _rate("1"), _rate("3.5 %")
    ('0.01', '0.035')
    """
    try:
        rate = Decimal(text.strip().removesuffix("%").strip())
    except InvalidOperation:
        rate = Decimal(-1)
    if not 0 <= rate <= DEAREST:
        raise Wrong(
            f"Give per cent a year between 0 and {DEAREST}, for example 1 for one per cent."
        )
    return f"{(rate / 100).normalize():f}"


def _page(
    request: HttpRequest,
    typed: dict[str, str],
    errors: list[tuple[str, str]] | None = None,
    effect: bool = False,
    unseen: bool = False,
    was: Mapping[str, str] | None = None,
    status: int = 422,
) -> HttpResponse:
    answers = find(typed.get("answers", ""))
    title = "Propose another" if answers else "Propose money between organisations"
    page = frame(request, title, TRAIL)
    page.errors = errors or []
    found: dict[str, Any] = {}
    if effect:
        found, page.errors = _effect(typed)
    return shown(
        request,
        "transfer_new.html.j2",
        page,
        status if page.errors else 200,
        typed=typed,
        was={name: (was or typed).get(name, "") for name in FIELDS},
        bodies=_bodies(),
        years=_years(0),
        later=_years(1),
        kinds=list(told.KINDS.items()),
        mechanisms=[(key, words, hint) for key, (words, hint) in told.MECHANISMS.items()],
        answers=answers,
        request_id=fresh_request(),
        shown_effect=found,
        looked=_mark(typed),
        unseen=unseen,
    )


def _mark(typed: Mapping[str, str]) -> str:
    """A mark of what is typed: by it a proposal says that its effect was shown."""
    words = "\n".join(" ".join(typed.get(name, "").split()) for name in FIELDS)
    return hashlib.sha256(words.encode()).hexdigest()[:16]


def _effect(typed: dict[str, str]) -> tuple[dict[str, Any], list[tuple[str, str]]]:
    """What is typed would do, or what is wrong with it."""
    fields, errors = cells_of(typed)
    if errors:
        return {}, errors
    try:
        found = moved(house().workings, fields, house().desk.today())
    except BookError as error:
        return {}, [("#", said(error))]
    pence = parse_money(fields["amount"], "£")
    return {
        "sum": f"{format_pounds(pence, 2)} from {name(fields['from'])} to {name(fields['to'])}",
        "table": told.effect_table(found.effects),
        "words": told.effect_words(found.effects),
        "cases": told.cases_table(found, found.effects[0].after.year) if found.cases else None,
        "schedule": told.schedule_table(found) if found.years else None,
    }, []


def _bodies() -> list[tuple[str, str]]:
    tree, year = house().position.tree, house().position.default_year
    codes = [c for c in tree.organisations if _moves(c) and tree.exists(c, year)]
    return [("", "Choose"), *sorted(((c, name(c)) for c in codes), key=lambda one: one[1])]


def _years(after: int) -> list[tuple[str, str]]:
    """The years to choose from: the book's own and those after it."""
    first = int(house().position.default_year[:4]) + after
    years = [f"{one}-{(one + 1) % 100:02d}" for one in range(first, first + AHEAD)]
    return [("", "Choose" if not after else "Not paid back"), *((y, year_label(y)) for y in years)]
