"""The ten questions: each a page, with a year and an organisation to choose, from the views of papers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from controltotal.core.calendar import CalendarError, parse_year_id, year_label
from controltotal.core.errors import BookError
from controltotal.service.access import theirs
from controltotal.service.apps import house
from controltotal.service.failing import refused
from controltotal.service.house import SLOW
from controltotal.service.jobs import finished, fragment
from controltotal.service.question_told import options_of, part_of
from controltotal.service.route import READER, Route
from controltotal.service.trials import keep_trial, trial_of
from controltotal.service.web import frame, name, said, shown
from controltotal.service.work import asked_for, too_much_work
from controltotal.verbs.search_pages import QUESTIONS

ROUTES: Final = (
    Route("questions", "questions", "pages.questions:questions", READER),
    Route(
        "questions/<str:verb>",
        "question",
        "pages.questions:question",
        READER,
        methods=("GET", "POST"),
        of="organisation",
    ),
)
TEN: Final = (
    ("check", QUESTIONS["check"], "What does not agree, where, and what to do."),
    ("position", QUESTIONS["position"], "Position, control total, gap and cash, at every level."),
    ("forecast", QUESTIONS["forecast"], "The year's end by organisation, with its range."),
    ("trajectory", QUESTIONS["trajectory"], "The gap year by year, and the saving needed."),
    (
        "opportunities",
        QUESTIONS["opportunities"],
        "Benchmark gaps, and their total without overlap.",
    ),
    ("portfolio", QUESTIONS["portfolio"], "A modelled list; no decision has been made."),
    ("risk", QUESTIONS["risk"], "The range of the year's end, and what drives it."),
    ("share", QUESTIONS["share"], "What transfers owe; a gap divided in several ways."),
    ("decide", QUESTIONS["decide"], "Votes, who is bound, voting power."),
)
BESIDE: Final = (
    ("calibrate", "How good were forecasts before?", ""),
    ("challenge", "What speaks for and against a control total?", ""),
    ("history", "Who inherited what through mergers?", ""),
    ("boundaries", "Who sits where?", ""),
)
ASKED: Final[Mapping[str, str]] = {verb: words for verb, words, _ in (*TEN, *BESIDE)}
TRIED: Final = ("gap", "to")
"""What is a trial of whoever asks: a sum and for whom, which stand in no address."""
NOT_OF_ALL: Final = {"decide": ("year",), "calibrate": (), "history": ("year", "organisation")}


def questions(request: HttpRequest) -> HttpResponse:
    """The list of the questions."""
    listed = [(verb, words, told, f"/questions/{verb}") for verb, words, told in TEN]
    listed.append(("publish", QUESTIONS["publish"], "What is released and withheld.", "/releases"))
    beside = [(verb, words, told, f"/questions/{verb}") for verb, words, told in BESIDE]
    page = frame(request, "Questions", (("/", "Home"),))
    return shown(request, "questions.html.j2", page, questions=listed[:9], beside=beside)


def question(request: HttpRequest, verb: str) -> HttpResponse:
    """The answer to a question for a year and an organisation; a long one is a job of the worker's."""
    if verb not in ASKED:
        return refused(request, 404, "There is no such question.", "Choose one of the list.")
    if request.method == "POST" and verb not in SLOW:
        kept = {"trial": keep_trial(request, {one: request.POST.get(one, "") for one in TRIED})}
        open_ = {one: request.POST[one] for one in ("year", "organisation") if one in request.POST}
        return HttpResponseRedirect(f"/questions/{verb}?{urlencode({**open_, **kept})}", status=303)
    options = options_of(verb, _asked(request))
    if request.method == "POST":
        job = asked_for(request, verb, options)
        return HttpResponseRedirect(f"/jobs/{job.pk}") if job else too_much_work(request)
    page = frame(request, ASKED[verb], (("/", "Home"), ("/questions", "Questions")))
    given: dict[str, Any] = {"verb": verb, "chosen": options, **choices(verb)}
    given |= {"action": f"/questions/{verb}", "here": address(verb, options)}
    given |= {"slow": verb in SLOW, "old": False, "entry": 0, "body": ""}
    if verb in SLOW:
        done = finished(verb, options, theirs(request))
        if done is not None:
            old = done.root != house().position.ref.root
            given |= {"body": fragment(done), "old": old, "entry": done.entry}
        return shown(request, "question.html.j2", page, **given)
    try:
        from markupsafe import Markup

        given["body"] = Markup(part_of(house().answer(verb, **options)))
    except BookError as error:
        page.errors = [("#organisation", said(error))]
        return shown(request, "question.html.j2", page, 422, **given)
    return shown(request, "question.html.j2", page, **given)


def _asked(request: HttpRequest) -> Mapping[str, str]:
    asked = {key: request.GET[key] for key in request.GET if key not in TRIED}
    asked |= {key: text for key, text in trial_of(request).items() if key in TRIED}
    year = asked.get("year") or house().position.default_year
    if year:
        try:
            asked["year"] = year_label(parse_year_id(year))
        except CalendarError:
            asked["year"] = year  # the verb says what is wrong with it
    return asked


def address(verb: str, options: Mapping[str, Any]) -> str:
    """Where a question with its options is."""
    return f"/questions/{verb}" + (f"?{urlencode(options)}" if options else "")


def choices(verb: str) -> dict[str, Any]:
    """The years and the organisations that a question may be asked of."""
    takes = options_of(verb, {"year": "x", "organisation": "x"})
    years = [(year_label(year), year_label(year)) for year in house().position.years]
    register = house().answer("register")
    bodies = [("", "All"), *((one.code, name(one.code)) for one in register.scope.bodies)]
    return {
        "years": years if "year" in takes else [],
        "bodies": bodies if "organisation" in takes or verb == "share" else [],
    }
