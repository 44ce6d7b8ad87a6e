"""What is told of a figure, as a part of a page: made at once, or by the worker where it takes long."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final, Protocol

from django.template.loader import render_to_string

from controltotal.core.calendar import month_words
from controltotal.core.errors import BookError
from controltotal.core.figure import Figure
from controltotal.core.measures import measure
from controltotal.core.money import page_unit, shown_in
from controltotal.core.progress import Progress
from controltotal.core.result import BookRef
from controltotal.core.show import figure_name, figure_value
from controltotal.papers.answer import plain_words
from controltotal.service.apps import house
from controltotal.service.house import SLOW
from controltotal.service.moment import Moment
from controltotal.service.section_parts import figure_address, figure_key
from controltotal.service.web import OFFICE_WORDS, name
from controltotal.verbs.following import Change, Followed, follow, look_up

STATUS_WORDS: Final = {
    "ok": "",
    "indeterminate": "It cannot be worked out from what the data say.",
    "bounded": "The data tell only within which bounds it lies.",
    "unverified": "It rests on something that nobody has verified.",
    "withheld": "It is withheld.",
}
"""What a status says to people."""


class Place(Protocol):
    """Where a job keeps what it makes: a file by its ending."""

    def __call__(self, ending: str) -> Path:
        """The file with this ending."""


def title_of(figure: Figure) -> str:
    """A figure as people call it: what, of which year and basis, and whose."""
    whose = name(figure.organisation)
    return f"{figure_name(figure)}: {whose}" if whose else figure_name(figure)


def moment_told(moment: Moment | None) -> str:
    """At which moment a number of a paper is told, in words; empty of one that is told as of now."""
    if moment is None:
        return ""
    to = f", to {month_words(moment.month)}" if moment.month else ""
    return f"As the paper has it: entry {moment.entry:,} of the ledger{to}."


def is_now(moment: Moment | None) -> bool:
    """Whether a moment is the ledger as it stands, with no month told since."""
    return moment is None or moment.workings is house().workings


def number_in(text: str) -> int | float:
    """A number as an address carries it."""
    return float(text) if "." in text or "e" in text else int(text)


def differs_now(figure: Figure) -> str:
    """What a figure of a moment is now where it reads otherwise; empty where it reads the same."""
    workings = house().of(figure.organisation, figure.year)
    now = look_up(workings, [figure.id], tuple(SLOW))[0]
    if now.value == figure.value:
        return ""
    return "no longer told" if now.value is None else figure_value(now)


def rendered(told: Followed, moment: Moment | None = None) -> Any:
    """What is told of a figure, as a part of a page: as of now, or as at a moment and what it is now."""
    with shown_in(moment.unit if moment is not None else page_unit()):
        return _rendered(told, moment)


def _rendered(told: Followed, moment: Moment | None) -> Any:
    found = told.figure
    kind = measure(found.measure)
    from markupsafe import Markup

    made = render_to_string(
        "figure_body.html.j2",
        {
            "figure": found,
            "value": figure_value(found),
            "title": title_of(found),
            "measure": kind,
            "status": STATUS_WORDS.get(found.status, found.status),
            "why": found.unknown.replace("_", " "),
            "rule": [plain_words(one) for one in told.trace.rule.splitlines()],
            "parameters": [plain_words(one) for one in told.trace.parameters],
            "then": moment_told(moment),
            "now": "" if is_now(moment) else differs_now(found),
            "inputs": [input_cells(one, moment) for one in told.inputs],
            "inputs_left": told.inputs_left,
            "sources": source_cells(told.rows),
            "rows": [row_cells(one) for one in told.rows],
            "rows_left": told.rows_left,
            "said": told.said,
            "changes": [_change(one) for one in told.changes],
        },
    )
    return Markup(made)


def input_cells(found: Figure, moment: Moment | None = None) -> tuple[Any, ...]:
    """A figure that another is made of: what it is, and its value, each with its page."""
    href = figure_address(figure_key(found), moment)
    slow = found.value is None and measure(found.measure).verb in SLOW
    shown = "worked out when asked for" if slow else figure_value(found)
    return (
        {"words": title_of(found), "href": href},
        {"words": shown, "href": href},
    )


def source_cells(rows: Sequence[Mapping[str, str]]) -> list[tuple[Any, ...]]:
    """The sources of some rows, each with how many of them it tells."""
    counts = Counter(row.get("source", "") or "no source is named" for row in rows)
    return [(source, {"words": str(count)}) for source, count in counts.most_common()]


def row_cells(row: Mapping[str, str]) -> tuple[Any, ...]:
    """A row of the data: what it says, in which cell, from which source, by which office, at which entry."""
    number = row["entry"]
    cell = ", ".join(filter(None, (row.get("file"), row.get("sheet"), row.get("cell"))))
    who = OFFICE_WORDS.get(row.get("role", ""), row.get("role", "")) or "with the data"
    who = f"{who}, {row['on']}" if row.get("on") else who
    published = number.startswith("-")
    entry = "published" if published else {"words": number, "href": f"/ledger/{number}"}
    return (plain_words(row["says"]), cell or row["where"], row.get("source", ""), who, entry)


def _change(one: Change) -> tuple[Any, ...]:
    names = dict.fromkeys((*one.before, *one.after))
    moved = [
        f"{plain_words(c)}: {one.before.get(c) or 'empty'} to {one.after.get(c) or 'empty'}"
        for c in names
        if one.before.get(c) != one.after.get(c) and c != "known_on"
    ]
    who = OFFICE_WORDS.get(one.role, "") or "with the data"
    entry = {"words": str(one.entry), "href": f"/ledger/{one.entry}"}
    return (entry, one.on or one.after.get("known_on", ""), who, "; ".join(moved), one.why)


def work_figure(options: Mapping[str, Any], place: Place, progress: Progress) -> BookRef:
    """The page of a figure that a long verb tells."""
    wanted = str(options["figure"])
    workings = house().workings
    verb = measure(wanted.split("/")[0]).verb
    answer = house().kept.answer(verb, workings, progress=progress)
    if answer.figure(wanted) is None:
        raise BookError(
            "there is no such figure in the data as they stand", wanted, "search for it by its name"
        )
    told = follow(workings, wanted, within=answer, slow=tuple(SLOW))
    place(".part.html").write_text(str(rendered(told)), "utf-8")
    return workings.position.ref
