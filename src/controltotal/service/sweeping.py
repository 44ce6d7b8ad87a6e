"""What is not kept for ever: swept once a day by the worker, after the days that the settings name.

Nothing of a ledger is swept, no paper that was frozen, and nothing that waits or runs.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.utils import timezone

from controltotal.service.apps import house
from controltotal.service.deployment import Deployment
from controltotal.service.drafts import MONTH
from controltotal.service.models import Draft, Job, Link, Nudge, Reading, SignIn, Token
from controltotal.service.settings import folder
from controltotal.service.uploads import as_folder, drop


def sweep(now: datetime | None = None) -> dict[str, int]:
    """Remove what is past its days as at a moment (now unless given): how many of each went.

    A number of days that is nought keeps what it is of.
    """
    moment, kept = now or timezone.now(), house().deployment
    return {
        "sessions": _rows(SignIn.objects.filter(expire_date__lt=moment)),
        "links": _rows(Link.objects.filter(ends__lt=moment)),
        "tokens": _rows(Token.objects.filter(ends__lt=moment)),
        "uploads": _uploads(kept, moment),
        "jobs": _jobs(kept, moment),
        "readings": _older(Reading.objects, kept.keep_readings, moment),
        "reminders": _older(Nudge.objects, kept.keep_reminders, moment) + _mail(kept, moment),
    }


def _rows(found: Any) -> int:
    """Remove the rows of a query; how many of them there were."""
    count: int = found.count()
    found.delete()
    return count


def _older(rows: Any, days: int, moment: datetime) -> int:
    """Remove rows that were written more days ago than they are kept."""
    return _rows(rows.filter(at__lt=moment - timedelta(days))) if days else 0


def _uploads(kept: Deployment, moment: datetime) -> int:
    """Remove what was begun of a month and never sent, and files of which no draft knows."""
    if not kept.keep_uploads:
        return 0
    until, count = moment - timedelta(kept.keep_uploads), 0
    for draft in Draft.objects.filter(kind=MONTH, changed__lt=until):
        drop(draft.organisation, draft.pk)
        draft.delete()
        count += 1
    rows = Draft.objects.filter(kind=MONTH).values_list("organisation", "pk")
    known = {(as_folder(organisation), pk) for organisation, pk in rows}
    for place in _in(folder(kept, "uploads"), "*/*", until):
        if place.is_dir() and (place.parent.name, place.name) not in known:
            shutil.rmtree(place, ignore_errors=True)
            count += 1
    return count


def _jobs(kept: Deployment, moment: datetime) -> int:
    """Remove work that ended and what came of it; a paper that was frozen stays."""
    if not kept.keep_jobs:
        return 0
    count, place = 0, folder(kept, "jobs")
    for job in Job.objects.filter(ended__lt=moment - timedelta(kept.keep_jobs)):
        if job.state == "done" and job.options.get("frozen"):
            continue
        files = list(place.glob(f"{job.pk}.*"))
        job.delete()
        _unlink(files)
        count += 1
    return count


def _mail(kept: Deployment, moment: datetime) -> int:
    """Remove reminders that were written into files."""
    if not kept.keep_reminders:
        return 0
    until = moment - timedelta(kept.keep_reminders)
    return _unlink(_in(folder(kept, "mail"), "*.eml", until))


def _in(place: Path, pattern: str, until: datetime) -> Iterator[Path]:
    """What lies in a folder and was not changed since a moment; links are left alone."""
    for one in sorted(place.glob(pattern)):
        if not one.is_symlink() and one.stat().st_mtime < until.timestamp():
            yield one


def _unlink(files: Iterable[Path]) -> int:
    count = 0
    for file in list(files):
        file.unlink(missing_ok=True)
        count += 1
    return count
