"""The minute of a quality panel as a paper: what was decided on a day, by which office, and why."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from controltotal.core.calendar import day_words
from controltotal.papers.sections import Section, TableView, columns

DECIDED = (
    "scheme|Scheme",
    "title|Title",
    "organisation|Organisation",
    "kind|Assessment",
    "outcome|Outcome",
    "office|Signed by",
    "reason|Reason",
)
CONDITIONS = (
    "scheme|Scheme",
    "text|Condition",
    "kind|To be met",
    "owner|Who answers for it",
    "due|Due",
)


def minute_sections(
    day: str, decisions: Sequence[Mapping[str, Any]], conditions: Sequence[Mapping[str, Any]]
) -> list[Section]:
    """The minute of a day, from rows that name offices and no person.

    >>> minute_sections("2026-11-30", [], [])[0].words
    ('Nothing was decided on quality on 30 November 2026.',)
    """
    when = day_words(day)
    if not decisions:
        words = f"Nothing was decided on quality on {when}."
        return [Section("minute", f"Decisions of {when}", (words,))]
    schemes = {row["scheme"] for row in decisions}
    many = "scheme" if len(schemes) == 1 else "schemes"
    words = f"On {when} {len(schemes)} {many} were decided on." if many == "schemes" else ""
    words = words or f"On {when} one scheme was decided on."
    decided = TableView(f"Decisions on quality, {when}", columns(*DECIDED), decisions)
    asked = TableView(f"Conditions set on {when}", columns(*CONDITIONS), conditions)
    found = [Section("minute", f"Decisions of {when}", (words,), tables=(decided,))]
    return [*found, Section("conditions", "Conditions", tables=(asked,))] if conditions else found
