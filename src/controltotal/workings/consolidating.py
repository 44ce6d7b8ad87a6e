"""The surplus of a parent from those of the bodies below it; nothing is summed around a hole."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from controltotal.book.tree import Body
from controltotal.workings.value import NOT_ONE_MONTH, Value, total, unknown, untold


def behind_others(parts: Mapping[str, Value], closed: Collection[str]) -> tuple[str, ...]:
    """The bodies whose actuals end before those of others: their sums are of other months.

    One that `closed` within the year has told all that it will when it has told its own months.
    """
    running = [part.months for code, part in parts.items() if code not in closed]
    longest = max(running or [part.months for part in parts.values()], key=len)
    return tuple(code for code, part in parts.items() if not part.months >= longest)


def _added(values: Sequence[Value], own: Value | None, inputs: tuple[str, ...], rule: str) -> Value:
    """Values added up, of the months that all of them cover."""
    shared = frozenset.intersection(*(value.months for value in values))
    entries = own.entries if own else ()
    return total(list(values), rule, inputs=inputs, entries=entries, months=shared)


def consolidated(
    organisation: Body,
    own: Value,
    parts: Mapping[str, Value],
    inputs: tuple[str, ...],
    behind: tuple[str, ...],
) -> Value:
    """The surplus of a parent: of all the bodies below it, else as stated, else untold.

    `behind` are the bodies whose actuals end before those of others.
    """
    moved = [part for part in parts.values() if part.kind == "moved_in_year"]
    if moved:
        return untold(moved[0], inputs=inputs)
    missing = tuple(kid for kid, part in parts.items() if not part.reported)
    if behind and not missing:
        return unknown("incomplete", NOT_ONE_MONTH, inputs=inputs, missing=behind)
    below = list(parts.values())
    if not missing and organisation.complete:
        if not organisation.is_grouping and own.reported:
            rule = "own surplus and those of the bodies below"
            return _added([*below, own], own, inputs, rule)
        return _added(below, None, inputs, "sum of the surpluses of the bodies below")
    gaps = missing or ("children that are not listed",)
    if organisation.is_grouping and own.reported:
        rule = "as stated; the bodies below do not all report"
        return own._replace(rule=rule, inputs=inputs, missing=gaps)
    words = "the bodies below do not all report and no total is stated"
    return unknown("incomplete", words, inputs=inputs, missing=gaps)
