"""The ledger as it was written: entries, one entry with before and after, and whether it is proved."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from controltotal.acts import ACTS
from controltotal.book.fold import Position
from controltotal.core.calendar import CalendarError, parse_date
from controltotal.core.schema import tables
from controltotal.intake.parts import FINER
from controltotal.ledger.entries import PUT, Entry
from controltotal.service import browsing
from controltotal.service.apps import house
from controltotal.service.failing import refused
from controltotal.service.jinja import moment_words
from controltotal.service.route import READER, Route
from controltotal.service.web import OFFICE_WORDS, Page, frame, name, shown

ROUTES: Final = (
    Route("ledger", "ledger", "pages.ledger:ledger", READER),
    Route("ledger/verify", "verify", "pages.ledger:verify", READER, ("POST",)),
    Route("ledger/<int:number>", "entry", "pages.ledger:entry", READER),
)
KIND_WORDS: Final = {"put": "Put", "withdraw": "Taken back", "redact": "Erased by law"}


def _words(text: str) -> str:
    """A table, an act or a column as people say it."""
    return text.replace("_", " ").capitalize()


ALL: Final = ("", "All")
CHOICES: Final = {
    "table": [ALL, *((one, _words(one)) for one in tables())],
    "act": [ALL, *((one, _words(one)) for one in ACTS)],
    "role": [ALL, *OFFICE_WORDS.items()],
}
"""By what the entries are narrowed."""


def ledger(request: HttpRequest) -> HttpResponse:
    """Entries, newest first: narrowed by table, act, office and day."""
    position = house().position
    given = {one: request.GET.get(one, "").strip() for one in ("table", "act", "role", "day")}
    page = frame(request, "Ledger")
    asked_for = {**given, "day": _iso(given["day"], page)}
    before = next(browsing.numbers(request.GET.get("before", "")), 0)
    entries, further = browsing.newest(position.daybook, browsing.Asked(**asked_for, before=before))
    kept = {key: text for key, text in given.items() if text}
    return shown(
        request,
        "ledger.html.j2",
        page,
        422 if page.errors else 200,
        rows=[_row(one, _about(position, one)) for one in entries],
        given=given,
        choices=CHOICES,
        newest=f"/ledger?{urlencode(kept)}" if before else "",
        older=f"/ledger?{urlencode({**kept, 'before': further})}" if further else "",
        total=position.ref.entry,
        root=position.ref.root,
        proof=browsing.VERIFIED.last,
    )


def _iso(text: str, page: Page) -> str:
    """A day as somebody types it, as the ledger writes it; one that cannot be read is the page's error."""
    try:
        return parse_date(text).isoformat() if text else ""
    except CalendarError as error:
        words = f"“{text}” is no day that can be read: give {error.expected}."
        page.errors = [("#day", words)]
        return ""


ABOUT: Final = ("id", "scheme", "line", "basis", "month", "kind", "role", "meeting")
"""Columns that tell one row of an organisation from another, and name no person."""


def _about(position: Position, entry: Entry) -> str:
    """Of which organisation, line, scheme or month an entry is; empty where its words were erased."""
    at = (
        entry if entry.kind == PUT or not entry.withdraws else position.daybook[entry.withdraws - 1]
    )
    source = position.source
    if source is not None and {entry.seq, at.seq} & set(source.stopped):
        return ""
    cells, lines = dict(at.cells), position.lines

    def words(column: str) -> str:
        text = cells.get(column, "")
        if column == "line":
            return lines[text].name if text in lines else text
        if column == "month" and text.isdecimal():
            return f"month {text}"
        return text if column in ("id", "scheme") else text.replace("_", " ")

    whose = cells.get("organisation", "")
    parts = (name(whose) if whose else "", *map(words, ABOUT))
    return ", ".join(dict.fromkeys(filter(None, parts)))


def _row(entry: Entry, about: str = "") -> dict[str, Any]:
    said = entry.narration
    return {
        "about": about,
        "number": entry.seq,
        "what": KIND_WORDS.get(entry.kind, _words(entry.kind)),
        "table": _words(entry.table),
        "act": _words(said.act) if said.act else "From the files of the book",
        "office": OFFICE_WORDS.get(said.author.role, "") or ("This machine" if said.act else ""),
        "day": entry.on or entry.recorded_at[:10],
        "why": said.why,
    }


def entry(request: HttpRequest, number: int) -> HttpResponse:
    """One entry: its cells before and after, who in which office, its receipt, whether it is proved."""
    position = house().position
    found = browsing.told(position, number)
    if found is None:
        return refused(
            request, 404, "The ledger has no such entry.", f"Its last is {position.ref.entry}."
        )
    return shown(
        request,
        "entry.html.j2",
        frame(request, f"Entry {number}", (("/ledger", "Ledger"),)),
        told=found,
        row=_row(found.entry, _about(position, found.entry)),
        replaces=_replaces(position, found.entry),
        cells=[(_words(column), was, then, was != then) for column, was, then in found.cells],
        beside=_beside(position, found.entry),
        origin=", ".join(part for part in found.entry.origin.split("|") if part),
        recorded=_moment(found.entry.recorded_at),
        proof=browsing.VERIFIED.last,
        last=position.ref.entry,
    )


def _moment(text: str) -> str:
    """When an entry was recorded, by the clock of London; empty where it came with the files."""
    return moment_words(datetime.fromisoformat(text)) if text else ""


def _beside(position: Position, entry: Entry) -> list[int]:
    """The other entries of the same request, which stand beside it."""
    request = entry.narration.request
    found: list[int] = []
    if not request:
        return []
    for step in (-1, 1):
        at = entry.seq - 1 + step
        while 0 <= at < len(position.daybook):
            if position.daybook[at].narration.request != request or len(found) > browsing.PAGE:
                break
            found.append(position.daybook[at].seq)
            at += step
    return sorted(found)


def _replaces(position: Position, entry: Entry) -> list[tuple[int, str, str]]:
    """The rows of the same line and month, in parts, that the same request took back for this one."""
    if entry.table != "amounts" or entry.kind != PUT:
        return []
    own = dict(entry.cells)
    found = []
    for number in _beside(position, entry):
        other = position.daybook[number - 1]
        if other.table != "amounts" or not other.withdraws:
            continue
        was = position.daybook[other.withdraws - 1]
        cells = dict(was.cells)
        if all(cells.get(one, "") == own.get(one, "") for one in WHOLE):
            detail = ", ".join(filter(None, (cells.get(one, "") for one in FINER)))
            found.append((was.seq, detail.replace("_", " "), cells.get("amount", "")))
    return found


WHOLE: Final = ("organisation", "line", "year", "month", "basis", "scheme", "scenario")
"""What a sum and its parts have in common."""


def verify(request: HttpRequest) -> HttpResponse:
    """Verify every block of the ledger, from the first."""
    proof = browsing.VERIFIED.now(house().desk.store)
    if not proof.broken:
        messages.success(request, f"Every block follows the one before it, to entry {proof.entry}.")
    return HttpResponseRedirect("/ledger", status=303)
