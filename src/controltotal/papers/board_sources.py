"""The sources of numbers in sentences of a paper: a figure, a cell of an answer, or a few of either.

A table's cell knows its source; so does a number in a sentence that is put in by these.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from functools import wraps
from typing import Any

from controltotal.core.figure import Figure
from controltotal.core.show import figure_value, value_text
from controltotal.core.sourced import (
    Part,
    Source,
    by_key,
    first_number,
    marked,
    sourced,
    unmarked,
    worded,
)
from controltotal.papers.board_words import many
from controltotal.papers.page import number_key
from controltotal.papers.sections import Cell, ChartView, Focus, Results, Section

Number = Figure | Cell | None


def linked(shown: str, number: Number) -> str:
    """A number as a sentence shows it, with the figure or the cell that it is; else as it stands.

    >>> linked("£3.4m", None)
    '£3.4m'
    """
    return by_key(shown, key_of(number)) if number is not None else shown


def linked_in(text: str, shown: str, number: Number) -> str:
    """Words on a number, of which the number as it is shown has its source."""
    return text.replace(shown, linked(shown, number), 1)


def key_of(number: Figure | Cell) -> str:
    """The key of a number: where its page is found."""
    if isinstance(number, Cell):
        return number_key(number)
    return number.id if number.value is None else f"{number.id}?value={number.value}"


def worked_out(shown: str, how: str, parts: Iterable[tuple[str, Number]]) -> str:
    """A number that a sentence works out: how, and by their names the numbers of which it is made."""
    return sourced(shown, made_of(how, parts))


def captioned(
    charts: tuple[ChartView, ...], fillings: Iterable[tuple[str, Number | Source]]
) -> tuple[ChartView, ...]:
    """A chart whose headline has the sources of its numbers: in their order how each is shown, and its
    source. One that the headline does not say is passed over."""
    some = [(shown, _source(number)) for shown, number in fillings if number is not None]
    return tuple(replace(view, title=marked(view.title, some)) for view in charts[:1]) + charts[1:]


def made_of(how: str, parts: Iterable[tuple[str, Number]]) -> Source:
    """The source of a number that is worked out: how, and the numbers of which it is made."""
    return Source(how=how, parts=tuple(_part(name, number) for name, number in parts))


def _part(name: str, number: Number) -> Part:
    return Part(name) if number is None else Part(name, key_of(number), _shown(number))


def _source(number: Figure | Cell | Source) -> Source:
    return number if isinstance(number, Source) else Source(key_of(number))


def counted(shown: str, how: str, parts: Iterable[Part]) -> str:
    """A number of things that a sentence counts, with each of them."""
    return sourced(shown, Source(how=how, parts=tuple(parts)))


def how_many(one: str, how: str, names: Sequence[str]) -> str:
    """A number of things in words, which knows each of them by its name.

    >>> unmarked(how_many("plan", "plans that are under way", ["A", "B"]))
    '2 plans'
    """
    number = counted(f"{len(names):,}", how, [Part(unmarked(name)) for name in names])
    return first_number(many(len(names), one), number)


def _shown(number: Figure | Cell) -> str:
    if isinstance(number, Cell):
        return "" if number.value is None else value_text(number.value, number.unit)
    return figure_value(number)


def in_plain_words(section: Section) -> Section:
    """A part of a paper whose words keep the sources of their numbers beside them, and no marks."""
    return replace(
        section,
        words=tuple(map(worded, section.words)),
        points=tuple(map(worded, section.points)),
        charts=tuple(replace(view, title=worded(view.title)) for view in section.charts),
        tables=tuple(
            replace(
                table,
                note=worded(table.note),
                rows=[{key: _told(value) for key, value in row.items()} for row in table.rows],
            )
            for table in section.tables
        ),
    )


def _told(value: Any) -> Any:
    return worded(value) if isinstance(value, str) else value


def page(
    make: Callable[[Results, Focus], list[Section]],
) -> Callable[[Results, Focus], list[Section]]:
    """A page of a paper, its parts `in_plain_words`."""

    @wraps(make)
    def parts(results: Results, focus: Focus) -> list[Section]:
        return [in_plain_words(one) for one in make(results, focus)]

    return parts
