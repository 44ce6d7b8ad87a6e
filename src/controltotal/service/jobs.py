"""Long work: asked for in the web process, done by the worker, with progress, and cancelled by its person."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any, Final

from django.db.models import Q
from django.utils import timezone

from controltotal.core.errors import BookError, Cancelled
from controltotal.core.progress import Progress
from controltotal.core.result import BookRef
from controltotal.service.apps import house
from controltotal.service.chance_told import work_chance
from controltotal.service.figure_told import Place, work_figure
from controltotal.service.models import Job, Person
from controltotal.service.own_paper import OWN_PAPER, work_own_paper
from controltotal.service.paper_made import work_paper
from controltotal.service.question_told import work_answer
from controltotal.service.settings import folder

OWN_FAULT: Final = {
    "what": "this is a fault of the program",
    "action": "tell whoever runs this service when it happened",
}
AGAIN: Final = "begun again"
"""The root of a job that was put back, until it is done."""
LOOKS: Final = 0.3
"""Seconds between two looks at whether a job was cancelled."""


class Watched(Progress):
    """Progress of a job: told to its row, and stopped when its person says so."""

    def __init__(self, job: Job) -> None:
        super().__init__()
        self._job, self._looked, self._written = job, 0.0, 0.0

    def tell(self, done: int, of: int, what: str) -> None:
        """Write how far it is, at most a few times a second."""
        now = time.monotonic()
        if now - self._written >= LOOKS:
            self._written = now
            Job.objects.filter(pk=self._job.pk).update(done=1000 * done // of, what=what[:200])

    def check(self) -> None:
        """Look from time to time whether the job was cancelled."""
        now = time.monotonic()
        if now - self._looked >= LOOKS:
            self._looked = now
            if Job.objects.filter(pk=self._job.pk, state="cancelled").exists():
                self.cancel()
        super().check()


def ask(person: Person, verb: str, options: dict[str, Any], organisation: str = "") -> Job:
    """Ask for long work; the worker takes it up. What the same person has asked for already goes on."""
    asked = dict(sorted(options.items()))
    known = Job.objects.filter(
        person=person, verb=verb, options=asked, state__in=("waiting", "running")
    ).first()
    made: Job = known or Job.objects.create(
        person=person, verb=verb, options=asked, organisation=organisation
    )
    return made


def finished(verb: str, options: dict[str, Any], of: Q) -> Job | None:
    """The last answer to a question that took long, among the jobs `of` whoever looks.

    It is of the ledger alone, and yet tells that somebody asked, and when: so it is shown to their own.
    """
    asked = dict(sorted(options.items()))
    found: Job | None = (
        Job.objects.filter(of, verb=verb, options=asked, state="done").order_by("-made").first()
    )
    return found


def fragment(job: Job) -> Any:
    """What came of a job as a part of a page; empty where it has gone."""
    from markupsafe import Markup

    try:
        return Markup(result_file(job, ".part.html").read_text("utf-8"))
    except OSError:
        return ""


def cancel(job: Job) -> None:
    """Stop a job that is waiting or running."""
    Job.objects.filter(pk=job.pk, state__in=("waiting", "running")).update(
        state="cancelled", ended=timezone.now()
    )


def result_file(job: Job, ending: str = ".json") -> Path:
    """Where what came of a job stands."""
    return folder(house().deployment, "jobs") / f"{job.pk}{ending}"


Work = Callable[[Mapping[str, Any], Place, Progress], BookRef]
"""What a job does with its options: it writes its files and says which book they are of."""
WORK: Final[Mapping[str, Work]] = {
    "report": work_paper,
    "figure": work_figure,
    "try": work_chance,
    OWN_PAPER: work_own_paper,
}
"""By the verb of a job: what is done for it that is more than the answer of a verb."""


def put_back() -> None:
    """What a worker began that died is done anew, once; what was begun a second time has failed.

    Asked when a worker starts: nothing runs then.
    """
    begun = Job.objects.filter(state="running")
    for job in begun.filter(root=AGAIN):
        _failed(job, {**OWN_FAULT, "where": job.verb})
    begun.filter(state="running").update(state="waiting", root=AGAIN)


def work_off() -> bool:
    """Do the oldest job that waits; whether there was one."""
    job = Job.objects.filter(state="waiting").order_by("made").first()
    if job is None:
        return False
    if not Job.objects.filter(pk=job.pk, state="waiting").update(state="running"):
        return True  # cancelled, or taken by another
    job.refresh_from_db()
    try:
        place, progress = partial(result_file, job), Watched(job)
        if job.verb in WORK:
            ref = WORK[job.verb](job.options, place, progress)
        else:
            ref = work_answer(job.verb, job.options, place, progress)
        done = {"state": "done", "done": 1000, "entry": ref.entry, "root": ref.root}
        Job.objects.filter(pk=job.pk, state="running").update(ended=timezone.now(), **done)
    except Cancelled:
        pass
    except BookError as error:
        _failed(job, {"what": error.what, "where": error.where, "action": error.action})
    except Exception:  # a fault of our own ends the job, never the worker
        _failed(
            job,
            {**OWN_FAULT, "where": job.verb},
        )
    return True


def _failed(job: Job, error: dict[str, str]) -> None:
    Job.objects.filter(pk=job.pk).update(
        state="failed", root="", error=json.loads(json.dumps(error)), ended=timezone.now()
    )
