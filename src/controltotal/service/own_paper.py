"""An organisation's own paper made by the worker: its position first, and how the system uses it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from controltotal.core.progress import Progress
from controltotal.core.result import BookRef
from controltotal.service.apps import house
from controltotal.service.figure_told import Place
from controltotal.verbs.reporting import report

OWN_PAPER: Final = "own paper"
"""The verb of its job."""


def work_own_paper(options: Mapping[str, Any], place: Place, progress: Progress) -> BookRef:
    """Make the paper of an `organisation` and a `year` as the ledger stands."""
    code, year = str(options["organisation"]), str(options["year"])
    position = house().of(code, year).position
    report(
        position,
        place(".html"),
        code,
        year,
        overwrite=True,
        for_="organisation",
        progress=progress,
    )
    return position.ref
