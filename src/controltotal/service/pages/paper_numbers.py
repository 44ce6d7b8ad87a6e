"""A number that a sentence of a paper works out: its value there, how it is made, and of what.

It is read from what was kept with the paper, so it is told as the paper has it.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse

from controltotal.papers.answer import plain_words
from controltotal.service.failing import refused
from controltotal.service.figure_told import moment_told
from controltotal.service.jobs import result_file
from controltotal.service.models import Job
from controltotal.service.moment import Moment
from controltotal.service.pages.papers import TRAIL, lost
from controltotal.service.paper_made import NUMBERS
from controltotal.service.paper_pages import Meeting, find, frozen_for, made_of, sees
from controltotal.service.section_parts import figure_address
from controltotal.service.web import frame, shown

PLACES = {"findings/": "/findings", "schemes/": "/schemes/"}
"""Pages of what is no number, by what their keys begin with."""


def number(request: HttpRequest, organisation: str, on: str, entry: int, key: str) -> HttpResponse:
    """One such number, with a link to the page of each of which it is made."""
    meeting = find(organisation, on)
    if meeting is None:
        return lost(request)
    job, told = _kept(request, meeting, entry, key)
    if job is None or told is None:
        return refused(
            request, 404, "There is no such number of this paper.", "Read the paper again."
        )
    moment = _moment(job, told["unit"])
    trail = (*TRAIL, (meeting.address, meeting.title), (f"{meeting.address}/read", "Read it"))
    return shown(
        request,
        "paper_number.html.j2",
        frame(request, f"A number of the paper: {told['shown']}", trail),
        value=told["shown"],
        then=moment_told(moment),
        how=plain_words(told["how"]),
        parts=[_part(one, moment) for one in told["parts"]],
    )


def _kept(
    request: HttpRequest, meeting: Meeting, entry: int, key: str
) -> tuple[Job | None, dict[str, Any] | None]:
    """A number as the latest paper of an entry has it, and the job that made the paper."""
    own = sees(request, meeting.row.organisation)
    drafts = made_of(meeting, frozen=False) if own else []
    for job in (*drafts, *frozen_for(request, meeting)):
        if job.entry != entry:
            continue
        try:
            known = json.loads(result_file(job, NUMBERS).read_text("utf-8"))
        except (OSError, ValueError):
            continue
        if key in known:
            return job, known[key]
    return None, None


def _moment(job: Job, unit: str) -> Moment:
    month = int(str(job.options["month"]).removeprefix("M") or 0)
    return Moment(job.entry, str(job.options["year"]) if month else "", month, unit)


def _part(part: Sequence[str], moment: Moment) -> tuple[Any, ...]:
    """One of which a number is made, with its page where it has one."""
    name, key, value = part
    href = next((to for start, to in PLACES.items() if key.startswith(start)), "")
    if href.endswith("/"):
        href += key.partition("/")[2]
    elif key and not href:
        href = figure_address(key, moment)
    return {"words": name, "href": href}, {"words": value, "href": href if value else ""}
