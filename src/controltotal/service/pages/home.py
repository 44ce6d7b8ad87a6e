"""Home: it begins with what waits for whoever asks, and differs by office; and the button that reminds."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from controltotal.accounts.months_sent import has_sent
from controltotal.acts.offices_given import Given, unseen
from controltotal.acts.waiting import for_others, waiting
from controltotal.service.apps import house
from controltotal.service.home_money import sent_now
from controltotal.service.home_told import blocks, item, nothing_waits
from controltotal.service.nudges import not_reminded, remind
from controltotal.service.route import SIGNED_IN, Route
from controltotal.service.web import OFFICE_WORDS, day, frame, name, own, shown

ROUTES: Final = (
    Route("", "home", "pages.home:home", SIGNED_IN),
    Route("remind", "remind", "pages.home:reminded", ("system_finance",), ("POST",)),
)
FIRST: Final = 8
"""Matters that are shown at once; those after them are unfolded."""


def home(request: HttpRequest) -> HttpResponse:
    """What waits for whoever asks, for others, and what their office looks at first."""
    page = frame(request, "Home")
    workings, today = house().workings, house().desk.today()
    subject = request.user.subject
    mine = waiting(workings, request.offices, today, subject)
    others = for_others(workings, request.offices, today, subject)
    named = len(own(request)) > 1
    items = [item(one, named=named or one.organisation not in own(request)) for one in mine]
    programme = any(one.role == "programme_office" for one in request.offices)
    theirs = {one.about: one for one in reversed(others) if programme or one.kind != "milestone"}
    reads = any(one.role != "administrator" for one in request.offices)
    return shown(
        request,
        "home.html.j2",
        page,
        offices=bool(request.offices),
        mine=items[:FIRST],
        more=items[FIRST:],
        others=[item(one, named=True, quiet=True) for one in reversed(theirs.values())][:FIRST],
        other_count=len(theirs),
        nothing=nothing_waits(request),
        reads=reads,
        given=given_words(unseen(workings, request.offices, subject, today, _seen(request))),
        blocks=blocks(request, others),
    )


def _seen(request: HttpRequest) -> int:
    """The entry up to which whoever asks has seen which offices were given."""
    return int(request.user.offices_seen)


def given_words(given: Sequence[Given]) -> list[tuple[int, str]]:
    """Offices that were given, in words, each with its entry."""
    return [
        (
            one.entry,
            f"{OFFICE_WORDS.get(one.role, one.role)} at {name(one.organisation)}, to {one.name} from "
            f"{day(one.since)}{f' to {day(one.until)}' if one.until else ''}: given by {one.by}.",
        )
        for one in given
    ]


def reminded(request: HttpRequest) -> HttpResponse:
    """Remind those who have not sent the month: that it waits, and nothing more."""
    _, _, sent = sent_now()
    late = [one.organisation for one in sent if not has_sent(house().workings, one)]
    count = remind(late)
    words = "Nobody was reminded."
    if count:
        words = "One person was reminded." if count == 1 else f"{count} people were reminded."
    else:
        why = "; ".join(f"{name(code)}: {reason}" for code, reason in not_reminded(late))
        words = f"{words} {why}." if why else f"{words} Everybody has sent."
    messages.success(request, words)
    return HttpResponseRedirect("/")
