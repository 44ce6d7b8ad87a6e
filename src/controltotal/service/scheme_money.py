"""What an act on a scheme does to money: what of the plan counts before it and after, and the forecast."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.http import HttpRequest

from controltotal.book.records import Scheme
from controltotal.core.calendar import year_label
from controltotal.core.money import format_pounds, page_money, page_unit, position_words
from controltotal.papers.scheme_states import KINDS, states
from controltotal.service.apps import house
from controltotal.service.web import name
from controltotal.verbs.moving import standing

KEPT: Final = "scheme_money"
"""The place in a session of what the last act did, until the next one."""


@dataclass(frozen=True, slots=True)
class Counted:
    """The plan of the register by where schemes stand, a forecast and a scheme's own part, in pence."""

    by_kind: Mapping[str, int]
    forecast: int | None
    own: int | None


def counted(row: Scheme) -> Counted:
    """What counts as the book stands, and the forecast of the organisation of a scheme."""
    result, year = house().answer("schemes"), house().position.default_year
    told, sums, own = states(result), dict.fromkeys(KINDS, 0), None
    for one in result.tables.get("schemes", ()):
        pence = one["plan_pence"]
        sums[told[one["scheme"]].kind] += pence or 0
        if one["scheme"] == row.id:
            own = pence
    code = row.organisation
    forecast = standing(house().of(code, year), code, year, "forecast").without_support
    return Counted(sums, forecast, own)


def moved_words(row: Scheme, before: Counted, after: Counted) -> str:
    """What moved between two states of the book, in sentences: what counts, and the forecast."""
    year = year_label(house().position.default_year)
    moved = [
        f"{words[:1].lower()}{words[1:]} {_shown(before.by_kind[kind])} to "
        f"{_shown(after.by_kind[kind])}"
        for kind, words in KINDS.items()
        if before.by_kind[kind] != after.by_kind[kind]
    ]
    if moved:
        text = f"What counts of the plan of {year}: {', '.join(moved)}."
    else:
        text = f"Nothing of the plan of {year} counts otherwise than before."
    if after.own is not None:
        text += f" {row.id} itself is {format_pounds(after.own)} of it."
    return f"{text} {_forecast_words(row, before.forecast, after.forecast)}"


def _shown(pence: int) -> str:
    """A sum as the register of schemes shows it."""
    return f"£{page_money(pence)}{page_unit().removeprefix('£')}"


def _forecast_words(row: Scheme, before: int | None, after: int | None) -> str:
    body = name(row.organisation)
    if before == after:
        why = "it is what the organisation sends with its months, and no signature changes that"
        return f"The forecast of {body} does not move: {why}."
    was, now = position_words(before), position_words(after)
    return f"The forecast of {body} goes from {was} to {now}."


def keep_words(request: HttpRequest, row: Scheme, entry: int, words: str) -> None:
    """Keep what the last act on a scheme did, for its page and the register."""
    request.session[KEPT] = {"scheme": row.id, "entry": entry, "words": words}


def kept_words(request: HttpRequest) -> dict[str, Any] | None:
    """What the last act of this session on a scheme did; None where there was none."""
    found: dict[str, Any] | None = request.session.get(KEPT)
    return found
