"""The quality panel: what waits to be signed, conditions, the screening list, and the minute of a day."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from controltotal.book.records import Condition, Gate, Scheme
from controltotal.core.calendar import CalendarError, day_words, parse_date
from controltotal.core.version import VERSION
from controltotal.papers.minute import minute_sections
from controltotal.papers.paper import paper
from controltotal.papers.sections import FICTIONAL, Section
from controltotal.papers.word import paper_word
from controltotal.programme import panel, seen
from controltotal.programme.signing import SIGNATORIES
from controltotal.service.apps import house
from controltotal.service.pages.schemes import address
from controltotal.service.permitted import deputy_words, may
from controltotal.service.route import READER, Route
from controltotal.service.scheme_views import GATE_WORDS, KINDS, outcome_words, spoken
from controltotal.service.web import (
    OFFICE_WORDS,
    Outcome,
    do,
    frame,
    fresh_request,
    name,
    shown,
    system_name,
)

ROUTES: Final = (
    Route(
        "quality",
        "quality",
        "pages.quality:quality",
        READER,
        ("GET", "POST"),
        acts=("screen", "sign"),
    ),
    Route("quality/minute", "minute", "pages.quality:minute"),
    Route("quality/minute/word", "minute-word", "pages.quality:minute_word"),
)
WORD: Final = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def quality(request: HttpRequest) -> HttpResponse:
    """What waits for the panel, that of most risk first; sent, the screening list is screened or signed."""
    if request.method == "POST":
        return _listed(request)
    return _page(request)


def own_roles(request: HttpRequest) -> list[str]:
    """The clinical offices that whoever asks holds today."""
    return [role for role in SIGNATORIES if any(one.role == role for one in request.offices)]


def _page(request: HttpRequest, errors: Sequence[tuple[str, str]] = ()) -> HttpResponse:
    position, judged = house().position, house().workings.savings.judgements
    roles = own_roles(request)
    rows = panel.waiting(position, judged)
    listed = panel.screened(judged.values())
    mine = [one for one in rows if not one.screened and is_mine(request, one)]
    others = [one for one in rows if not one.screened and one not in mine]
    to_sign = [one for one in rows if one.screened and is_mine(request, one)]
    page = frame(request, "Quality impact assessments", [("/", "Home")])
    page.errors = list(errors)
    today = house().desk.today()
    return shown(
        request,
        "quality.html.j2",
        page,
        422 if errors else 200,
        clinical=bool(roles),
        office=" and ".join(OFFICE_WORDS[one].lower() for one in roles),
        deputy=deputy_words(request, roles),
        mine=[_item(one, "Sign this scheme", "/sign") for one in mine],
        others=[_item(one, "Look at this scheme", "") for one in others],
        lapsed=[_item(one, "Look at this scheme", "") for one in rows if one.lapsed],
        waiting=len(rows),
        conditions=[_due(one, today) for one in panel.open_conditions(position)],
        unassessed=[_lacks(*one) for one in panel.not_assessed(judged)],
        may_screen=_may_screen(request, listed.may_be),
        screened=[_listed_row(one) for one in listed.out],
        to_sign=[(one.row.id, _named(one.row)) for one in to_sign],
        signed=[(one.row.id, seen.digest(position.daybook, one.row.id)) for one in to_sign],
        drawn=[_listed_row(one) for one in listed.drawn],
        role=roles[0] if roles else "",
        list_name=_list_name([one.row for one in rows if one.screened], today),
        posted=request.POST,
        fresh=fresh_request,
        days=[(one.isoformat(), day_words(one)) for one in panel.days_of_decisions(position)[:12]],
    )


def _list_name(rows: Sequence[Scheme], today: date) -> str:
    """The name of the list as the other director signed it; one of today's where nobody has."""
    codes = {row.id for row in rows}
    signed = [g for g in house().position.book.gates if g.gate == "QIA" and g.scheme in codes]
    names = [one.evidence for one in sorted(signed, key=lambda one: one.entry) if one.evidence]
    return names[-1] if names else f"Screening list of {day_words(today)}"


def is_mine(request: HttpRequest, one: panel.Waiting) -> bool:
    """Whether whoever asks may give one of the signatures that a scheme waits for."""
    return any(
        may(request, "sign", "gates", scheme=one.row.id, role=role)
        for role in one.roles
        if role in own_roles(request)
    )


def _named(row: Scheme) -> str:
    return f"{row.id}: {row.title} ({name(row.organisation)})"


def _item(one: panel.Waiting, act: str, under: str) -> dict[str, Any]:
    """One scheme of a list of what waits."""
    score = f"Highest score that is left: {one.score} ({one.domain}). " if one.score else ""
    offices = " and ".join(SIGNATORIES[role] for role in one.roles)
    told = f"More was asked for: {one.asked}. " if one.asked else ""
    why = f"{score}{told}{one.lapsed[:1].upper()}{one.lapsed[1:]}{'. ' if one.lapsed else ''}"
    item: dict[str, Any] = {
        "title": _named(one.row),
        "why": f"{why}It waits for the {offices}.",
        "due": f"Waiting since {day_words(one.since)}" if one.since else "",
        "href": f"{address(one.row.id)}{under}",
        "act": act,
    }
    if one.stage == "panel":
        item["tag"] = ("For the panel", "care")
    return item


def _due(one: Condition, today: date) -> dict[str, Any]:
    when = day_words(one.due)
    return {
        "title": f"{one.scheme}: {one.text}",
        "why": f"To be met {KINDS.get(one.kind, one.kind)}; {one.owner or 'nobody'} answers for it.",
        "due": f"Due {when}" if one.due >= today else when,
        "late": one.due < today,
        "href": address(one.scheme),
        "act": "Look at this scheme",
    }


def _lacks(row: Scheme, reasons: Sequence[str]) -> list[Any]:
    cell = {"words": row.id, "href": address(row.id)}
    return [cell, row.title, name(row.organisation), "; ".join(reasons)]


def _listed_row(row: Scheme) -> list[Any]:
    return [{"words": row.id, "href": address(row.id)}, row.title, name(row.organisation)]


def _may_screen(request: HttpRequest, rows: Sequence[Scheme]) -> list[tuple[str, str]]:
    return [
        (row.id, _named(row))
        for row in rows
        if may(request, "screen", "assessments", scheme=row.id)
    ]


def _listed(request: HttpRequest) -> HttpResponse:
    """Screen schemes out, or sign the list of those that are: one act for each, in the order sent."""
    signs = request.POST.get("do") == "sign"
    field = "listed" if signs else "scheme"
    chosen = request.POST.getlist(field)
    if not chosen:
        return _page(request, [(f"#{field}", "Choose at least one scheme.")])
    listed = {row.id for row in panel.screened(house().workings.savings.judgements.values()).out}
    told, errors = [], []
    for code in chosen:
        if signs and code not in listed:
            errors.append(
                (f"#{field}", f"{code}: It is not screened out, and is signed by itself.")
            )
            continue
        outcome = (
            _sign_one(request, code)
            if signs
            else do(request, "screen", {"scheme": code}, part=code)
        )
        if outcome.done is not None:
            told.append(code)
        errors += [(f"#{field}", f"{code}: {text}") for _, text in outcome.errors]
    if errors:
        done = f" Done all the same: {', '.join(told)}." if told else ""
        errors[-1] = (errors[-1][0], errors[-1][1] + done)
        return _page(request, errors)
    words = "Signed as one list" if signs else "Screened out"
    follows = (
        "The other director signs the same list." if signs else "Both directors sign the list next."
    )
    messages.success(request, f"{words}: {', '.join(told)}. {follows}")
    return HttpResponseRedirect("/quality")


def _sign_one(request: HttpRequest, code: str) -> Outcome:
    """Sign one scheme of the list as the page showed it: what changed since is not signed."""
    fields = {"scheme": code, "role": request.POST.get("role", "")}
    fields["signed"] = request.POST.get(f"signed-{code}", "")
    if not fields["signed"]:
        return Outcome(errors=(("#listed", "Load the page again: it does not say what you saw."),))
    fields["evidence"] = request.POST.get("evidence", "").strip()
    return do(request, "sign", {key: text for key, text in fields.items() if text}, part=code)


def _day_of(request: HttpRequest) -> date:
    """The day that a minute is asked of; today where none is, or none that can be read."""
    try:
        return (
            parse_date(request.GET.get("on", "")) if request.GET.get("on") else house().desk.today()
        )
    except CalendarError:
        return house().desk.today()


def minute_of(day: date) -> list[Section]:
    """The minute of a day, as sections."""
    position = house().position
    found = panel.decisions(position, day)
    decided = [_decided(one.row, one.gate) for one in found]
    conditions = {
        (row.scheme, row.text): {
            "scheme": row.scheme,
            "text": row.text,
            "kind": KINDS.get(row.kind, row.kind),
            "owner": row.owner or "nobody is named",
            "due": row.due.isoformat(),
        }
        for one in found
        for row in one.conditions
    }
    return minute_sections(day.isoformat(), decided, list(conditions.values()))


def _decided(row: Scheme, gate: Gate) -> Mapping[str, str]:
    entry = house().position.entries.get(gate.entry)
    why = entry.why if entry is not None and entry.narration.act else ""
    said = [text for text in dict.fromkeys((gate.evidence or "", why)) if text]
    return {
        "scheme": row.id,
        "title": row.title,
        "organisation": name(row.organisation),
        "kind": GATE_WORDS[gate.gate],
        "outcome": outcome_words(gate).capitalize(),
        "office": f"{spoken(gate.role).capitalize() or 'Not stated'}, {name(row.organisation)}",
        "reason": "; ".join(said),
    }


def minute(request: HttpRequest) -> HttpResponse:
    """The minute of a day, with the days that have one."""
    day = _day_of(request)
    trail = [("/", "Home"), ("/quality", "Quality")]
    page = frame(request, f"Minute of the quality panel, {day_words(day)}", trail)
    days = [(one.isoformat(), day_words(one)) for one in panel.days_of_decisions(house().position)]
    return shown(
        request, "minute.html.j2", page, sections=minute_of(day), day=day.isoformat(), days=days
    )


def minute_word(request: HttpRequest) -> HttpResponse:
    """The minute of a day as a Word document, which names the entry and root that it was made from."""
    day, ref = _day_of(request), house().position.ref
    made = paper(
        f"Minute of the quality panel, {day_words(day)}",
        system_name(),
        minute_of(day),
        (FICTIONAL,) if house().position.is_fictional else (),
        f"Made by controltotal {VERSION}, entry {ref.entry}, root {ref.root}.",
    )
    answer = HttpResponse(paper_word(made).data, content_type=WORD)
    answer["Content-Disposition"] = f'attachment; filename="quality-minute-{day.isoformat()}.docx"'
    answer["X-Content-Type-Options"] = "nosniff"
    return answer
