"""The chance of meeting control totals with a change and without it, worked out where asked."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from django.template.loader import render_to_string

from controltotal.core.calendar import year_label
from controltotal.core.progress import Progress, part, working
from controltotal.core.result import BookRef
from controltotal.core.show import chance_text
from controltotal.service.apps import house
from controltotal.service.figure_told import Place
from controltotal.service.web import name
from controltotal.verbs.loading import load
from controltotal.verbs.opening import advance
from controltotal.verbs.trying import Change, try_change
from controltotal.workings.workings import Workings

MEASURE: Final = "chance_control_total"
FIELDS: Final = ("kind", "scheme", "value", "from", "to", "amount")


def work_chance(options: Mapping[str, Any], place: Place, progress: Progress) -> BookRef:
    """The chances of a year with a change that was kept and without it, as a part of a page."""
    workings = house().workings
    change = Change(*(str(options["change"][key]) for key in FIELDS))
    with working(progress, "try"):
        tried = try_change(workings, change, today=house().desk.today())
        with part(0.5, "the chance as things stand"):
            before = house().kept.answer("risk", workings, year=tried.year)
        with part(1.0, "the chance with the change"):
            after = load("risk")(
                Workings(advance(workings.position, list(tried.rows))), year=tried.year
            )
    rows = []
    for one in before.figures:
        other = after.figure(one.id)
        told = one.measure == MEASURE and one.value is not None
        if told and other is not None and other.value is not None:
            rows.append(
                (name(one.organisation), chance_text(one.value or 0), chance_text(other.value))
            )
    context = {"rows": rows, "year": year_label(tried.year)}
    place(".part.html").write_text(render_to_string("chance.html.j2", context), "utf-8")
    return workings.position.ref
