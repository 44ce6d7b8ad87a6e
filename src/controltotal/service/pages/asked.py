"""Questions from outside, asked and answered; and what is withheld, with its review."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from controltotal.acts.waiting_rest import figure_words
from controltotal.book.records import Question, Withheld
from controltotal.book.row_keys import row_key
from controltotal.core.calendar import day_words
from controltotal.service.apps import house
from controltotal.service.receipts import receipt_words
from controltotal.service.route import READER, Route
from controltotal.service.speaking import may, seen
from controltotal.service.web import Outcome, do, frame, fresh_request, names, shown

BOTH: Final = ("GET", "POST")
ROUTES: Final = (
    Route("ask", "ask", "pages.asked:ask", ("councillor",), BOTH, acts=("ask",)),
    Route("asked", "asked", "pages.asked:asked", READER, BOTH, acts=("reply",)),
    Route("withheld", "withheld", "pages.asked:withheld", ("publisher",), BOTH, acts=("withhold",)),
)
HOME: Final = (("/", "Home"),)
ABOUT: Final = 120
"""Letters of what a question is about that its form takes over."""


def ask(request: HttpRequest) -> HttpResponse:
    """A question, put on record in words; the publisher answers it."""
    outcome, typed = Outcome(), request.POST.get("text", "").strip()
    if request.method == "POST":
        fields = {"id": next_question(), "by_kind": "councillor", "text": typed}
        outcome = do(request, "ask", fields)
        if outcome.done is not None:
            told = receipt_words(outcome.done, names())
            words = f"Asked as {fields['id']}. {told} The publisher answers it."
            messages.success(request, words)
            return HttpResponseRedirect(f"/asked#{fields['id']}")
    about = request.GET.get("about", "").strip()[:ABOUT]
    page = frame(request, "Ask a question", HOME)
    page.errors = list(outcome.errors)
    return shown(
        request,
        "ask.html.j2",
        page,
        422 if page.errors else 200,
        typed=typed or (f"About {about}: " if about else ""),
        request_id=fresh_request(),
    )


def next_question() -> str:
    """An identifier that no question has yet."""
    taken = {row.id for row in house().position.book.questions}
    number = len(taken) + 1
    while f"Q-{number:02d}" in taken:
        number += 1
    return f"Q-{number:02d}"


def asked(request: HttpRequest) -> HttpResponse:
    """Every question from outside, those without an answer first; the publisher answers here."""
    outcome, id = Outcome(), request.POST.get("id", "").strip()
    if request.method == "POST":
        fields = {"id": id, "answer": request.POST.get("answer", "").strip()}
        outcome = do(request, "reply", fields)
        if outcome.done is not None:
            messages.success(request, f"Answered. {receipt_words(outcome.done, names())}")
            return HttpResponseRedirect(f"/asked#{id}")
    page = frame(request, "Questions from outside", HOME)
    page.errors = [(f"{to}-{id}", words) for to, words in outcome.errors]
    rows = sorted(house().position.book.questions, key=lambda row: (bool(row.answer), row.on))
    return shown(
        request,
        "asked.html.j2",
        page,
        422 if page.errors else 200,
        rows=[_question(row) for row in rows],
        answers=may(request, "reply"),
        asks=may(request, "ask"),
        typed={id: request.POST.get("answer", "")} if page.errors else {},
        request_id=fresh_request(),
    )


def _question(row: Question) -> dict[str, Any]:
    return {
        "id": row.id,
        "text": row.text,
        "about": figure_words(house().workings, row.figure) if row.figure else "",
        "who": f"Asked by a {row.by_kind} on {day_words(row.on)}",
        "answer": row.answer or "",
        "answered": day_words(row.answered_on) if row.answered_on else "",
        "seen": seen(row),
    }


def withheld(request: HttpRequest) -> HttpResponse:
    """What is withheld or was refused, those whose review is due first, each with its review."""
    outcome, key = Outcome(), request.POST.get("row", "")
    if request.method == "POST":
        outcome = _reviewed(request, key)
        if outcome.done is not None:
            messages.success(request, f"Recorded. {receipt_words(outcome.done, names())}")
            return HttpResponseRedirect("/withheld")
    page = frame(request, "What is withheld", HOME)
    today = house().desk.today()
    rows = [_withheld(row) for row in house().position.book.withheld]
    rows.sort(key=lambda one: (not one["due"], one["review"] or today))
    places = {one["key"]: place for place, one in enumerate(rows)}
    page.errors = [(f"{to}-{places.get(key, '')}", words) for to, words in outcome.errors]
    return shown(
        request,
        "withheld.html.j2",
        page,
        422 if page.errors else 200,
        rows=rows,
        row=key if page.errors else "",
        typed=request.POST if page.errors else {},
        request_id=fresh_request(),
    )


def _reviewed(request: HttpRequest, key: str) -> Outcome:
    """Withhold a figure again with another day of review, or end it on a day."""
    row = next(
        (r for r in house().position.book.withheld if row_key(r.table, r.texts) == key), None
    )
    if row is None:
        return Outcome(errors=(("#", "There is no such figure any more: look at the list again."),))
    given = {name: request.POST.get(name, "").strip() for name in ("reason", "review_on", "until")}
    kept = {name: row.texts.get(name, "") for name in ("figure", "kind", "exemption")}
    cells: Mapping[str, str] = {**kept, **given}
    return do(request, "withhold", {name: text for name, text in cells.items() if text})


def _withheld(row: Withheld) -> dict[str, Any]:
    today = house().desk.today()
    is_open = row.until is None or row.until > today
    return {
        "key": row_key(row.table, row.texts),
        "seen": seen(row),
        "title": figure_words(house().workings, row.figure),
        "kind": row.kind.replace("_", " "),
        "reason": row.reason,
        "review": row.review_on,
        "until": row.until,
        "due": is_open and row.review_on is not None and row.review_on <= today,
        "open": is_open,
    }
