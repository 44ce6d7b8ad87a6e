"""Where each scheme stands in the words of a board paper: assured, waiting for whom, or refused and when.

Taken from one answer about schemes, so that a page, a paper and a register say the same of each.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from controltotal.core.calendar import day_words
from controltotal.core.result import Result

ASSURED: Final = "assured"
KEPT_OUT: Final = "kept out"
WAITING: Final = "waiting"
REFUSED: Final = "refused"
NOT_IN_PLAN: Final = "not in the plan"
KINDS: Final = {
    ASSURED: "Assured",
    KEPT_OUT: "Assured, and does not count",
    WAITING: "Not yet assured",
    REFUSED: "Refused on quality grounds",
    NOT_IN_PLAN: "Not in the plan",
}
"""Where a scheme may stand, and what each is called."""


@dataclass(frozen=True, slots=True)
class State:
    """Where a scheme stands: its kind, the words, and whom or what it waits for."""

    kind: str
    words: str
    waits_for: tuple[str, ...] = ()


def states(result: Result) -> Mapping[str, State]:
    """The state of every scheme of an answer about schemes, by its identifier."""
    awaited = {row["scheme"]: row for row in result.tables.get("awaited", ())}
    refused = {row["scheme"]: row for row in result.tables.get("refused", ())}
    return dict(_each(result, awaited, refused))


def _each(
    result: Result, awaited: Mapping[str, Any], refused: Mapping[str, Any]
) -> Iterator[tuple[str, State]]:
    for row in result.tables.get("schemes", ()):
        code = row["scheme"]
        if code in refused:
            yield code, State(REFUSED, refused_words(refused[code]))
        elif row["counted"]:
            yield code, State(ASSURED, "Assured")
        elif not row["in_plan"]:
            words = "Not in the plan" + ("; assured" if row["eligible"] else "")
            yield code, State(NOT_IN_PLAN, words)
        else:
            waits = tuple(awaited[code]["waits_for"]) if code in awaited else ()
            yield code, _waiting(row, waits)


def _waiting(row: Mapping[str, Any], waits: tuple[str, ...]) -> State:
    """What is said of a scheme of the plan that does not count."""
    listed = ", ".join(waits) or row["reason"]
    if row["eligible"]:
        return State(KEPT_OUT, f"Assured, and does not count: waiting for {listed}", waits)
    return State(WAITING, f"Not yet assured: waiting for {listed}", waits)


def refused_words(row: Mapping[str, Any]) -> str:
    """How a refusal is said, by office and never by person.

    >>> refused_words({"panel": True, "on": "2026-08-24"})
    'Refused on quality grounds by the panel of 24 August 2026'
    """
    when = day_words(str(row["on"])) if row["on"] else ""
    if row["panel"] and when:
        return f"Refused on quality grounds by the panel of {when}"
    return "Refused on quality grounds" + (f" on {when}" if when else "")
