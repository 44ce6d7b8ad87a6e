"""A board's paper made by the worker, as at one entry: a draft to look at, or frozen in every form.

The reading is that of the ledger as at the entry that the job names, so the same job gives the same
bytes whenever it is done. What stands in the folder of jobs is never written over.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any, Final

from django.template.loader import render_to_string

from controltotal.accounts.held_back import PRIVATE, meeting_on
from controltotal.book.fold import Position
from controltotal.core.errors import BookError
from controltotal.core.progress import Progress
from controltotal.core.result import BookRef
from controltotal.core.sourced import Source
from controltotal.papers.sections import Section
from controltotal.service.apps import house
from controltotal.service.figure_told import Place
from controltotal.service.moment import Moment
from controltotal.service.section_parts import figure_address
from controltotal.service.web import Page
from controltotal.verbs.freezing import Frozen, freeze, freeze_for_public

DRAFT: Final = (".html",)
NUMBERS: Final = ".numbers.json"
"""The ending of the file of the numbers that the sentences of a paper work out."""
PUBLIC: Final = "public"
"""For whom a paper in plain words is, without what is withheld."""
NOT_FOR_PUBLIC: Final = "this meeting is in private, so no paper of it is frozen for the public"
"""Why a paper for the public is refused."""
FOR_PUBLIC: Final = (
    "freeze it for the meeting itself, or say on its cover sheet that its session is public"
)
"""What to do where a paper for the public is refused."""
COVER: Final = ("session", "purpose")
"""What is kept of the cover with a paper that is made: what it is, and for whom."""
KEY: Final = 16
"""Letters by which such a number is called in its address."""
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
    """Make a paper: `organisation`, `year`, `month`, `entry`, the day `on` which it meets, and whether it
    is `frozen`, the board's or that `for` the public."""
    entry, month, year = int(options["entry"]), str(options["month"]), str(options["year"])
    position = house().read_to(entry, month, year)
    forms = tuple(FORMS) if options.get("frozen") else DRAFT
    whose, on = str(options["organisation"]), str(options.get("on", ""))
    called = str(options.get("meeting", ""))
    cover = cover_at(position, whose, on, called)
    if options.get("for") == PUBLIC:
        if cover["session"] == PRIVATE:
            raise BookError(NOT_FOR_PUBLIC, on, FOR_PUBLIC)
        made = freeze_for_public(
            position, forms, whose, year, on, meeting=called, progress=progress
        )
    else:
        made = freeze(position, forms, whose, year, on, meeting=called, progress=progress)
    for form, data in made.files.items():
        _write_once(place(form), data)
    read_to = int(month.removeprefix("M") or 0)
    body, numbers = body_of(made, Moment(entry, year if read_to else "", read_to, made.unit))
    _write_once(place(".part.html"), body.encode())
    _write_once(place(NUMBERS), _json(numbers))
    _write_once(place(".json"), _json({**told_of(made), "cover": cover}))
    root = position.ref.root or house().position.ref.root
    return replace(position.ref, entry=entry, root=root)


def cover_at(position: Position, organisation: str, on: str, meeting: str = "") -> dict[str, str]:
    """What the cover of a paper says in a reading of the ledger: its `session` and its `purpose`."""
    row = meeting_on(position, organisation, on, meeting)
    return {column: str(getattr(row, column, None) or "") for column in COVER}


def _json(told: Any) -> bytes:
    return json.dumps(told, ensure_ascii=False).encode()


def body_of(made: Frozen, moment: Moment) -> tuple[str, dict[str, Any]]:
    """A paper as a part of a page of the service, each number a link to its page as at its moment.

    And the numbers that its sentences work out, by the last step of the addresses of their pages.
    """
    parts = [one for one in made.paper.sections if one.id != "how"]  # its links lead to more
    numbers: dict[str, Any] = {}

    def address(shown: str, source: Source) -> str:
        told: dict[str, Any] = {"shown": shown, "how": source.how, "unit": moment.unit}
        told["parts"] = [[one.name, one.key, one.shown] for one in source.parts]
        key = hashlib.sha256(_json(told)).hexdigest()[:KEY]
        numbers[key] = told
        return f"numbers/{moment.entry}/{key}"

    page = Page(
        "",
        pictures=dict(made.paper.pictures),
        address=partial(figure_address, moment=moment),
        made=address,
    )
    text: str = render_to_string("paper_body.html.j2", {"page": page, "parts": parts})
    return text, numbers


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
