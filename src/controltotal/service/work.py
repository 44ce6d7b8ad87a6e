"""Long work as people and programs ask for it: one job for one question, and whose it is."""

from __future__ import annotations

import json
from fractions import Fraction
from typing import Any, Final

from django.http import HttpRequest, HttpResponse

from controltotal.service.access import inside, own_organisations
from controltotal.service.apps import house
from controltotal.service.failing import hurried
from controltotal.service.jobs import ask, result_file
from controltotal.service.models import Job
from controltotal.service.own_paper import OWN_PAPER
from controltotal.service.paper_pages import opens, sees

MOST: Final = 5
"""Jobs of one person that wait or run at a time."""
PAPERS: Final = ("report", OWN_PAPER)
"""The work whose result is a draft of an organisation."""
LOOKED_AT: Final = 20
"""How many of a person's latest jobs may be the one that is asked for again."""


def asked_for(request: HttpRequest, verb: str, options: dict[str, Any]) -> Job | None:
    """The job of whoever asks for this answer: one that goes on or is still true, else a new one.

    None where as many of theirs wait or run as may.
    """
    told = {name: _kept(value) for name, value in options.items()}
    recent = Job.objects.filter(person=request.user, verb=verb).order_by("-made")[:LOOKED_AT]
    root = house().position.ref.root
    one: Job
    for one in recent:
        going = one.state in ("waiting", "running") or (one.state == "done" and one.root == root)
        if going and one.options == told:
            return one
    if Job.objects.filter(person=request.user, state__in=("waiting", "running")).count() >= MOST:
        return None
    return ask(request.user, verb, told, next(iter(own_organisations(request)), ""))


def _kept(value: Any) -> Any:
    """An option as JSON keeps it."""
    return str(value) if isinstance(value, Fraction) else value


def too_much_work(request: HttpRequest) -> HttpResponse:
    """Told to somebody whose jobs fill their share."""
    return hurried(request, 30)


def job_of(request: HttpRequest, job_id: str) -> Job | None:
    """A job of whoever asks or of their organisation; None for any other, as if it were not there."""
    found: Job | None = Job.objects.filter(pk=job_id).first() if job_id.isalnum() else None
    return found if found is not None and _may_see(request, found) else None


def _may_see(request: HttpRequest, job: Job) -> bool:
    """Whether somebody sees a job: what they asked of the ledger, and what their organisation makes.

    A paper is its organisation's: who left it does not take the drafts along. One that is frozen opens
    by what it was when it was frozen.
    """
    if job.verb == "report" and job.state == "done" and job.options.get("frozen"):
        return opens(request, job)
    if job.organisation and job.organisation in inside(request):
        return True
    if job.person_id != request.user.pk:
        return False
    return job.verb not in PAPERS or sees(request, job.organisation)


def as_json(job: Job) -> dict[str, Any]:
    """A job as the API shows it, with its answer once it is done."""
    answer = None
    file = result_file(job)
    if job.state == "done" and file.is_file():
        answer = json.loads(file.read_text("utf-8"))
    error = {name: str(job.error.get(name, "")) for name in ("what", "where", "action")}
    return {
        "id": job.pk,
        "verb": job.verb,
        "options": job.options,
        "state": job.state,
        "share": job.done / 1000,
        "what": job.what,
        "entry": job.entry,
        "root": job.root,
        "error": error if job.error else None,
        "answer": answer,
    }
