"""The noun of the home page: a part of it, and what the parts of several offices say in the same way."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from controltotal.core.money import format_money
from controltotal.core.result import Result
from controltotal.service.apps import house
from controltotal.service.section_parts import figure_address
from controltotal.service.web import name


@dataclass(frozen=True, slots=True)
class Block:
    """A part of the home page: a heading, sentences, at most one table, and where to go on."""

    title: str
    words: Sequence[str] = ()
    table: Mapping[str, Any] | None = None
    links: Sequence[tuple[str, str]] = ()
    remind: bool = False
    id: str = field(default="")


def right(*heads: str) -> list[dict[str, Any]]:
    """Heads of columns of numbers."""
    return [{"words": one, "right": True} for one in heads]


def linked(code: str) -> dict[str, str]:
    """An organisation in a table, which leads to its page."""
    return {"words": name(code), "href": f"/organisations/{code}"}


def figure(pence: int | None, id: str) -> Any:
    """A sum in a table, which leads to its figure."""
    if pence is None:
        return "not told"
    return {"words": format_money(pence), "href": figure_address(id), "title": "How it is made"}


def money(pence: int | None) -> str:
    """A sum in a table that is no figure of its own."""
    return "not told" if pence is None else format_money(pence)


def position_of(code: str, year: str) -> Result | None:
    """What the position says of a body in a year; None of one that the book does not have then."""
    tree = house().position.tree
    if code not in tree.organisations or not tree.exists(code, year):
        return None
    papers = house().of(code, year)
    return house().answer("position", of=papers, organisation=code, year=year)


def words_of(code: str, year: str, topic: str) -> list[str]:
    """What the position says of a body itself on a topic, with the names that people say."""
    result = position_of(code, year)
    if result is None:
        return []
    said = [
        one.text
        for one in result.sentences
        if (one.topic, one.about, one.year) == (topic, code, year)
    ]
    return [shortly(text, year) for text in said]


def shortly(text: str, year: str) -> str:
    """A sentence with the names that people say in place of those of the register."""
    tree = house().position.tree
    every = {tree.name(code, year): name(code) for code in tree.organisations}
    for long, short in sorted(every.items(), key=lambda pair: -len(pair[0])):
        text = text.replace(long, short)
    return text


def many(count: int, what: str) -> str:
    """So many of something, as people say it.

    >>> many(1, "error"), many(2, "query"), many(0, "figure")
    ('1 error', '2 queries', '0 figures')
    """
    several = f"{what[:-1]}ies" if what.endswith("ry") else f"{what}s"
    return f"{count} {what if count == 1 else several}"
