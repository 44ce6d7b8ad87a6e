"""Propose a scheme, and change one: act by act, as plain forms made from the acts themselves."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from controltotal.acts import RowClash
from controltotal.book.records import Scheme
from controltotal.book.row_keys import row_key
from controltotal.programme.gates import GATES
from controltotal.service.act_forms import Field, fields_of
from controltotal.service.apps import house
from controltotal.service.pages.schemes import address, no_scheme, scheme_row
from controltotal.service.permitted import may
from controltotal.service.receipts import receipt_words
from controltotal.service.route import Route
from controltotal.service.scheme_money import counted, keep_words, moved_words
from controltotal.service.web import (
    Outcome,
    day,
    do,
    frame,
    fresh_request,
    name,
    names,
    seen_of,
    shown,
)


@dataclass(frozen=True, slots=True)
class Way:
    """One way to change a scheme: the act, its words, the table of its row, and what it needs to know.

    `scheme` is the field that names the scheme, `fixed` are fields that the page fills or leaves out.
    """

    act: str
    words: str
    button: str
    table: str
    after: str
    scheme: str = "scheme"
    fixed: tuple[str, ...] = ()
    why: str = "Why"


WAYS: Final = {
    one.act: one
    for one in (
        Way(
            "revise",
            "Change what it is",
            "Change the scheme",
            "schemes",
            "A change of its value by more than a tenth, of what it touches or of its start ends the "
            "signatures: both directors then look at what changed and sign again.",
            "id",
        ),
        Way(
            "phase",
            "Change what it is planned or expected to bring",
            "Record the money",
            "amounts",
            "The plan or forecast of its organisation changes with it.",
            fixed=("organisation",),
        ),
        Way(
            "deliver",
            "Say what it has brought",
            "Record what it has brought",
            "amounts",
            "It is set beside its plan, month by month.",
            fixed=("organisation",),
        ),
        Way(
            "meet_condition",
            "Say that a condition is met",
            "Say that it is met",
            "conditions",
            "What waited for it counts from this day.",
        ),
        Way(
            "milestone",
            "Say that a milestone is reached, or give it another day",
            "Record the milestone",
            "milestones",
            "It stands in the scheme's plan with its day; one that is reached waits for nobody.",
        ),
        Way(
            "pass",
            "Pass a gate",
            "Pass the gate",
            "gates",
            "It goes on to the next gate.",
        ),
        Way(
            "fail",
            "Fail a gate, or go back from one",
            "Fail the gate",
            "gates",
            "It counts again once the gate is passed; the reason stays on record.",
            why="Why it goes back",
        ),
        Way(
            "withdraw",
            "Withdraw it",
            "Withdraw the scheme",
            "schemes",
            "It is gone from every figure with all that speaks of it; its history stays.",
            fixed=("table", "row"),
            why="Why it is withdrawn",
        ),
    )
}
"""Every way in which the programme office changes a scheme, in the order of the page."""
OFFICES: Final = ("programme_office",)
ROUTES: Final = (
    Route(
        "schemes/new",
        "scheme-new",
        "pages.scheme_acts:propose",
        OFFICES,
        ("GET", "POST"),
        acts=("propose",),
    ),
    Route(
        "schemes/<path:scheme>/change",
        "scheme-change",
        "pages.scheme_acts:change",
        OFFICES,
        ("GET", "POST"),
        acts=tuple(WAYS),
    ),
)
PROPOSED_WITHOUT: Final = ("maturity",)


def propose(request: HttpRequest) -> HttpResponse:
    """A new scheme: it is an opportunity until gates are passed."""
    outcome = (
        do(request, "propose", _filled(request, "propose")) if request.method == "POST" else None
    )
    if outcome is not None and outcome.done is not None:
        code = request.POST.get("id", "").strip()
        told = receipt_words(outcome.done, names())
        words = f"Proposed. {told} Its quality is assessed next, by the directors."
        messages.success(request, words)
        return HttpResponseRedirect(address(code))
    page = frame(request, "Propose a scheme", [("/", "Home"), ("/schemes", "Schemes")])
    page.errors = list(outcome.errors) if outcome else []
    own = [one.organisation for one in request.offices]
    values = {
        "unit": "£",
        **({"organisation": own[0]} if own else {}),
        **dict(request.POST.items()),
    }
    return shown(
        request,
        "scheme_form.html.j2",
        page,
        422 if page.errors else 200,
        action="/schemes/new",
        way=WAYS["revise"],
        act="propose",
        button_words="Propose the scheme",
        fields=fields_of("propose", values, without=PROPOSED_WITHOUT, choices=_known()),
        hidden={},
        seen=(),
        clash=None,
        why=request.POST.get("why", ""),
        after="It stands in the register as an opportunity, and counts nowhere before its gates.",
        fresh=fresh_request,
    )


def _known() -> dict[str, list[tuple[str, str]]]:
    """What columns that name something may name: bodies and lines of the book."""
    position = house().position
    bodies = [(code, name(code)) for code in position.tree.organisations]
    bodies.sort(key=lambda one: one[1])
    lines = sorted((code, line.name) for code, line in position.lines.items())
    return {"organisation": bodies, "provider": bodies, "line": lines}


def _filled(request: HttpRequest, act: str) -> dict[str, str]:
    """The fields of an act that a form fills."""
    names = {one.name for one in fields_of(act, {})}
    return {k: v.strip() for k, v in request.POST.items() if k in names and v.strip()}


def change(request: HttpRequest, scheme: str) -> HttpResponse:
    """The ways to change a scheme; one of them chosen, its form; sent, the act."""
    row = scheme_row(scheme)
    if row is None:
        return no_scheme(request, scheme)
    way = WAYS.get(request.POST.get("act", "") or request.GET.get("act", ""))
    if way is None:
        trail = [("/", "Home"), ("/schemes", "Schemes"), (address(row.id), row.id)]
        page = frame(request, f"Change {row.id}: {row.title}", trail)
        links = [(_way_to(row, one), one) for one in WAYS.values()]
        return shown(request, "scheme_change.html.j2", page, row=row, ways=links)
    if request.method == "POST":
        return _changed(request, row, way)
    return _form(request, row, way)


def _way_to(row: Scheme, way: Way) -> str:
    """Where a way to change a scheme begins: conditions are met where they stand."""
    if way.act == "meet_condition":
        return f"{address(row.id)}#conditions"
    return f"{address(row.id)}/change?{urlencode({'act': way.act})}"


def _changed(request: HttpRequest, row: Scheme, way: Way) -> HttpResponse:
    before = counted(row)
    outcome = do(request, way.act, _fields(request, row, way))
    if outcome.done is None:
        return _form(request, row, way, outcome)
    keep_words(request, row, outcome.done.last, moved_words(row, before, counted(row)))
    messages.success(request, f"Done. {receipt_words(outcome.done, names())} {way.after}")
    gone = way.act == "withdraw"
    return HttpResponseRedirect("/schemes" if gone else address(row.id))


def _fields(request: HttpRequest, row: Scheme, way: Way) -> dict[str, str]:
    """What is sent to the act: of a revision those columns alone that the form says otherwise."""
    if way.act != "revise":
        return {**_filled(request, way.act), way.scheme: row.id}
    names = {one.name for one in fields_of("revise", {}, without=("id",))}
    typed = {k: v.strip() for k, v in request.POST.items() if k in names}
    return {"id": row.id, **{k: v for k, v in typed.items() if v != row.texts.get(k, "")}}


def _form(
    request: HttpRequest, row: Scheme, way: Way, outcome: Outcome | None = None
) -> HttpResponse:
    """The form of one way to change a scheme; after a clash what theirs says, with yours over it."""
    trail = [("/", "Home"), (address(row.id), row.id), (f"{address(row.id)}/change", "Change it")]
    page = frame(request, f"{way.words}: {row.id}", trail)
    page.errors = list(outcome.errors) if outcome else []
    clash = outcome.clash if outcome else None
    if clash is not None:
        page.errors = [
            ("#clash", "Somebody changed this since you saw it, and nothing was recorded.")
        ]
    cells = {"id": row.id, "scheme": row.id, "organisation": row.organisation}
    permitted = may(request, way.act, way.table, **cells)
    return shown(
        request,
        "scheme_form.html.j2",
        page,
        409 if clash is not None else 422 if page.errors else 200 if permitted else 403,
        action=f"{address(row.id)}/change",
        way=way,
        act=way.act,
        button_words=way.button,
        fields=_shown_fields(request, row, way, clash),
        hidden={way.scheme: row.id},
        seen=[f"{row_key('schemes', row.texts)}={row.entry}"] if way.act == "revise" else [],
        clash=_sides(clash) if clash is not None else None,
        why=request.POST.get("why", ""),
        after=way.after,
        fresh=fresh_request,
    )


def _shown_fields(
    request: HttpRequest, row: Scheme, way: Way, clash: RowClash | None
) -> list[Field]:
    values: dict[str, str] = dict(request.POST.items()) if request.method == "POST" else {}
    if way.act == "revise":
        stands = dict(row.texts)
        if clash is not None:  # only what you changed yourself stands over what they said
            base = clash.base or _base(request, row)
            values = {k: v for k, v in values.items() if v.strip() != base.get(k, "")}
        values = {**stands, **values}
    values = {"unit": "£", "year": house().position.default_year, **values}
    choices: dict[str, Any] = _known()
    if way.act == "milestone":
        rows = [one for one in house().position.book.milestones if one.scheme == row.id]
        choices["title"] = [(one.title, one.title) for one in rows]
        title = values.get("title") or request.GET.get("title", "")
        due = next((day(one.due) for one in rows if one.title == title), "")
        values = {"due": due, **values, "title": title}
    if way.act in ("pass", "fail"):
        choices["gate"] = [(one, one) for one in GATES]
    return fields_of(way.act, values, without=(way.scheme, *way.fixed), choices=choices)


def _base(request: HttpRequest, row: Scheme) -> Mapping[str, str]:
    """The scheme as the form showed it, from the entry that it names."""
    number = seen_of(request.POST.getlist("seen")).get(row_key("schemes", row.texts), 0)
    daybook = house().position.daybook
    return dict(daybook[number - 1].cells) if 0 < number <= len(daybook) else {}


def _sides(clash: RowClash) -> list[dict[str, str]]:
    """The three sides of a clash, field by field, where one differs."""
    base, theirs, yours = (dict(one or {}) for one in (clash.base, clash.theirs, clash.yours))
    return [
        {
            "field": column.replace("_", " ").capitalize(),
            "base": base.get(column, ""),
            "theirs": theirs.get(column, ""),
            "yours": yours.get(column, ""),
        }
        for column in dict.fromkeys((*base, *theirs, *yours))
        if column != "known_on"
        and len({side.get(column, "") for side in (base, theirs, yours)}) > 1
    ]
