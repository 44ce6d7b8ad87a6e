"""What an answer about schemes says of one of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from difflib import get_close_matches
from typing import Any, Final

from controltotal.core.errors import BookError
from controltotal.core.money import format_money
from controltotal.core.result import Result
from controltotal.core.sentence import Sentence

OF_ONE: Final = (
    "schemes",
    "delivery",
    "delivery_to_date",
    "quality",
    "quality_domains",
    "engagement",
    "gates",
    "dependencies",
    "milestones",
)


def of_one(result: Result, scheme: str) -> Result:
    """What an answer about schemes says of one of them, as `show` says it."""
    tables = {
        name: [row for row in result.tables.get(name, ()) if row["scheme"] == scheme]
        for name in OF_ONE
    }
    if not tables["schemes"]:
        known = [row["scheme"] for row in result.tables.get("schemes", ())]
        near = get_close_matches(scheme, known, n=1)
        action = f"did you mean {near[0]}?" if near else "list them with `controltotal scheme list`"
        raise BookError(f"there is no scheme {scheme}", result.book.name, action)
    figures = tuple(f for f in result.figures if f.part == scheme)
    row = tables["schemes"][0]
    year = str(result.options.get("year", ""))
    return replace(
        result,
        figures=figures,
        tables=tables,
        trace={f.id: result.trace[f.id] for f in figures},
        sentences=(Sentence(row["organisation"], year, "schemes", _sentence(row)),),
        options={**result.options, "scheme": scheme},
    )


def _sentence(row: Mapping[str, Any]) -> str:
    counts = "counts" if row["counted"] else f"does not count: {row['reason']}"
    worth = "" if row["worth"] == "its own body saves it" else f" {row['worth'].capitalize()}."
    return (
        f"{row['scheme']}, {row['title']} ({row['organisation']}), {counts}. In a full year it is "
        f"put at £{format_money(row['full_year_pence'])} million.{worth}"
    )
