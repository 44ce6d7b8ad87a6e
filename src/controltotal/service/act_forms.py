"""Forms made from the acts themselves: each field is a column of the row that the act writes.

A field is shown by the kind of its column: a choice, yes or no, money, a day, or words. What an act asks
for stands in one place, and a page cannot ask for something else.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from controltotal.acts import ACTS
from controltotal.core.schema import Column, tables

LONG: Final = ("text", "public_summary", "evidence", "mitigation", "summary")
"""Columns of text that is long."""


@dataclass(frozen=True, slots=True)
class Field:
    """One field: its name, label, kind (choice, money, date, long, text), and what it says now."""

    name: str
    label: str
    kind: str
    value: str
    required: bool
    choices: tuple[tuple[str, str], ...] = ()


def fields_of(
    act: str,
    values: Mapping[str, str],
    *,
    without: Sequence[str] = (),
    choices: Mapping[str, Iterable[tuple[str, str]]] | None = None,
) -> list[Field]:
    """The fields of an act in their order; `choices` are those of columns that name something known."""
    form, known = ACTS[act].form, choices or {}
    found = []
    for name in form.fields:
        if name in without:
            continue
        column = tables()[form.table].columns.get(name)
        own = tuple(known.get(name, ())) or _choices(column)
        required = name in form.required
        kind = "choice" if own else _kind(name, column)
        if own and not (required and values.get(name)):
            own = (("", "Choose" if required else "Not stated"), *own)
        found.append(Field(name, form.meaning(name), kind, values.get(name, ""), required, own))
    return found


def _choices(column: Column | None) -> tuple[tuple[str, str], ...]:
    if column is None:
        return ()
    if column.type == "yesno":
        return (("yes", "Yes"), ("no", "No"))
    return tuple((one, one.replace("_", " ").capitalize()) for one in column.vocabulary)


def _kind(name: str, column: Column | None) -> str:
    if name in LONG:
        return "long"
    return column.type if column is not None and column.type in ("money", "date") else "text"
