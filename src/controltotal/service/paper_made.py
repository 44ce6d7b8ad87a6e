"""A board's paper made by the worker, as at one entry: a draft to look at, or frozen in every form.

The reading is that of the ledger as at the entry that the job names, so the same job gives the same
bytes whenever it is done. What stands in the folder of jobs is never written over.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from django.template.loader import render_to_string

from controltotal.core.names import short_names
from controltotal.core.progress import Progress
from controltotal.core.result import BookRef
from controltotal.papers.sections import Section
from controltotal.service.apps import house
from controltotal.service.figure_told import Place
from controltotal.service.web import Page
from controltotal.service.words_numbers import numbers_in_words
from controltotal.verbs.freezing import Frozen, freeze

DRAFT: Final = (".html",)
FORMS: Final[Mapping[str, tuple[str, str]]] = {
    ".html": ("Page", "text/html; charset=utf-8"),
    ".pdf": ("PDF", "application/pdf"),
    ".docx": (
        "Word",
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ),
    ".xlsx": ("Workbook", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    ".return.csv": ("Three-column return", "text/csv; charset=utf-8"),
}
"""The forms of a frozen paper by their endings: what people call them, and their media type."""


def work_paper(options: Mapping[str, Any], place: Place, progress: Progress) -> BookRef:
    """Make a paper: `organisation`, `year`, `month`, `entry`, and whether it is `frozen`."""
    entry, month, year = int(options["entry"]), str(options["month"]), str(options["year"])
    position = house().read_to(entry, month, year)
    forms = tuple(FORMS) if options.get("frozen") else DRAFT
    made = freeze(position, forms, str(options["organisation"]), year, progress=progress)
    for form, data in made.files.items():
        _write_once(place(form), data)
    called = {code: position.tree.name(code, year) for code in position.tree.organisations}
    body = body_of(made, str(options["organisation"]), short_names(called))
    _write_once(place(".part.html"), body.encode())
    _write_once(place(".json"), json.dumps(told_of(made), ensure_ascii=False).encode())
    root = position.ref.root or house().position.ref.root
    return replace(position.ref, entry=entry, root=root)


def body_of(made: Frozen, organisation: str, names: Mapping[str, str]) -> str:
    """A paper as a part of a page of the service, its numbers linked to the pages of their figures.

    Below its words stand the numbers in them; `names` are the short names of bodies by code.
    """
    parts = [one for one in made.paper.sections if one.id != "how"]  # its links lead to more
    said = numbers_in_words(parts, organisation, names)
    page = Page("", pictures=dict(made.paper.pictures), said=said)
    text: str = render_to_string("paper_body.html.j2", {"page": page, "parts": parts})
    return text


def _write_once(path: Path, data: bytes) -> None:
    """Write a file that nobody can write over: read-only once it is whole."""
    beside = path.with_name(f".{path.name}.part")
    beside.write_bytes(data)
    os.chmod(beside, 0o400)
    os.replace(beside, path)


def told_of(made: Frozen) -> dict[str, Any]:
    """What a page says of a paper: its parts with what is offered for them, what people wrote, its state."""
    return {
        "title": made.paper.title,
        "subtitle": made.paper.subtitle,
        "standing": list(made.standing),
        "told": list(made.told),
        "parts": [_part(one) for one in made.offered if one.words or one.points],
        "wording": [dict(row) for row in made.wording.tables.get("wording", ())],
        "carried": [dict(row) for row in made.wording.tables.get("carried", ())],
        "slots": [dict(row) for row in made.wording.tables.get("slots", ())],
    }


def _part(section: Section) -> dict[str, Any]:
    return {
        "id": section.id,
        "title": section.title,
        "words": list(section.words),
        "points": list(section.points),
    }
