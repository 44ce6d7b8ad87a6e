"""Follow a number: what a figure is, how it is made, what it rests on down to cell and quotation.

One page a figure, from which every figure that it rests on is one link away; and a page for each
number that is a cell of an answer and no figure of its own.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from controltotal.accounts.reckoned_rests import figure_rests
from controltotal.core.errors import BookError
from controltotal.core.figure import Figure
from controltotal.core.measures import measure, measures
from controltotal.core.money import shown_in
from controltotal.core.show import figure_value
from controltotal.papers.answer import plain_words
from controltotal.service.access import theirs
from controltotal.service.apps import house
from controltotal.service.failing import refused
from controltotal.service.figure_told import moment_told, number_in, rendered, title_of
from controltotal.service.house import SLOW
from controltotal.service.jobs import finished, fragment
from controltotal.service.moment import Moment, moment_of
from controltotal.service.number_told import line_words, number_of, number_told, rests_told
from controltotal.service.pages.questions import ASKED
from controltotal.service.route import FIGURE, READER, Route
from controltotal.service.section_parts import carried
from controltotal.service.web import frame, name, shown
from controltotal.service.work import asked_for, too_much_work
from controltotal.verbs.following import follow

ROUTES: Final = (
    Route(
        "figures/<path:figure>",
        "figure",
        "pages.figures:figure",
        READER,
        methods=("GET", "POST"),
        of=FIGURE,
    ),
    Route("numbers/<str:key>", "number", "pages.figures:number", READER),
)


def figure(request: HttpRequest, figure: str) -> HttpResponse:
    """A figure with its rule, inputs, cells, quotations and history; a POST has it worked out."""
    kind = measures().get(figure.split("/")[0])
    if kind is None or figure.count("/") < 2:
        return refused(request, 404, "There is no such figure.", "Search for it by its name.")
    asked = request.GET.dict()
    moment = moment_of(asked)
    if kind.verb in SLOW:
        return _worked_out(request, figure, moment, carried(figure, asked))
    try:
        _, organisation, year, *_ = figure.split("/")
        reading = house().of(organisation, year) if moment is None else moment.workings
        told = follow(reading, figure, slow=tuple(SLOW))
    except BookError:
        return refused(
            request,
            404,
            "There is no such figure in the data as they stand.",
            "It may have been one of an earlier entry. Search for it by its name.",
        )
    return _page(request, figure, rendered(told, moment))


def _worked_out(
    request: HttpRequest, figure: str, moment: Moment | None, value: str
) -> HttpResponse:
    """A figure that takes long to make: the worker makes its page, which is kept.

    Of a paper it is told as the paper has it, by the `value` that its address carries.
    """
    if request.method == "POST":
        job = asked_for(request, "figure", {"figure": figure})
        return HttpResponseRedirect(f"/jobs/{job.pk}") if job else too_much_work(request)
    done = finished("figure", {"figure": figure}, theirs(request))
    body = fragment(done) if done else ""
    workings = moment.workings if moment is not None else house().workings
    told = rests_told(workings, figure_rests(workings, Figure(figure, None)), moment)
    if not value or moment is None:
        return _page(request, figure, body, done, told=told)
    with shown_in(moment.unit):
        said = figure_value(Figure(figure, number_in(value)))
        told = rests_told(workings, figure_rests(workings, Figure(figure, None)), moment)
    paper = {"value": said, "then": moment_told(moment)}
    return _page(request, figure, body, done, paper, told)


def _page(
    request: HttpRequest,
    figure: str,
    body: Any,
    job: Any = None,
    paper: Mapping[str, str] | None = None,
    told: Mapping[str, Any] | None = None,
) -> HttpResponse:
    title = title_of(Figure(figure, None))
    page = frame(request, title, (("/", "Home"), ("/questions", "Questions")))
    old = bool(job and job.root != house().position.ref.root)
    kind = measure(figure.split("/")[0])
    slow = kind.verb in SLOW
    return shown(
        request,
        "figure.html.j2",
        page,
        body=body,
        figure=figure,
        slow=slow,
        old=old,
        paper=paper or {},
        meaning=plain_words(kind.meaning),
        told=told if told and not body else None,
        entry=job.entry if job else 0,
    )


def number(request: HttpRequest, key: str) -> HttpResponse:
    """A number that is a cell of an answer: its value, whose it is, how it is made, its rows."""
    asked = number_of(key, request.GET.dict())
    if asked is None:
        return refused(request, 404, "There is no such number.", "Search for it by its name.")
    verb = asked.verb if asked.verb in ASKED else "position"
    body = asked.of.get("organisation", "") or asked.of.get("system", "")
    whose = name(body) if body else ""
    line = asked.of.get("line", "")
    title = ", ".join(filter(None, (asked.note["name"], line_words(line) if line else "", whose)))
    return shown(
        request,
        "number.html.j2",
        frame(request, title, (("/", "Home"), ("/questions", "Questions"))),
        meaning=plain_words(asked.note["meaning"]),
        table_name=plain_words(asked.table),
        verb=verb,
        asks=ASKED[verb],
        body=body,
        whose=whose,
        told=number_told(asked),
    )
