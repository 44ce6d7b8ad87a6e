"""The numbers in the words of a paper: each with what in the paper reads the same, and its page.

A sentence is made whole, so what its numbers are is found in the tables and tiles of the same paper:
those of whole bodies, totals of its own page, and of lines that it names, if they are of the body that
is named last before the sum (the paper's own where none is). One that is worse, better or short is a
variance or a gap and nothing else. Where several read just as the words do each is named; a sum that
none reads as is left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from controltotal.core.datafiles import packaged_rows
from controltotal.core.figure import Figure
from controltotal.core.lines import packaged_lines
from controltotal.core.show import figure_name, value_text
from controltotal.papers.page import number_key
from controltotal.papers.sections import Cell, Section

MONEY: Final = re.compile(r"£\(?\d[\d,]*(?:\.\d+)?\)?(?:bn|m|k)?(?: (?:million|billion))?")
"""A sum of money inside words."""
SAME_MOST: Final = 3
"""Numbers that are named of those that read the same."""
APART: Final = re.compile(r" (worse|better|more|less|short|ahead|behind)\b")
"""What follows a sum that is how far one thing is from another."""
BESIDE: Final = re.compile(r"(?: by|gap of|misses it by) $")
"""And what stands before one."""
MOVED: Final = re.compile(r"last month|month before", re.IGNORECASE)
"""Words of a sentence whose sums are since a month before: no variance of this month is one."""
APARTS: Final = ("variance", "gap", "change", "short", "shortfall")
"""Words in the names of numbers that are such."""
PARTS: Final = (
    *("line", "scheme", "driver", "category", "group", "risk", "action", "promise", "transfer"),
    *("maturity", "step", "month", "rule", "approach", "policy"),
)
"""What makes a number one of a part alone, and no total, where its row names it."""
WHOLE: Final = ("excluding_support", "including_support")
"""Rows of page one that are the body's own position."""


@dataclass(frozen=True, slots=True)
class Said:
    """A sum as the words have it, and the numbers of the paper that read so: name and key."""

    shown: str
    same: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class _Known:
    pence: int
    name: str
    key: str
    body: str
    whole: bool
    apart: bool
    page: int
    part: str = ""


def numbers_in_words(
    sections: Sequence[Section], body: str, names: Mapping[str, str]
) -> dict[str, list[Said]]:
    """By section, the sums in its words that a number of the paper is; `names` are the bodies' short names.

    Sums that no number of the paper reads as are left out.
    """
    by_text: dict[str, list[_Known]] = {}
    for page, section in _paged(sections):
        for known in _known(section, page, names):
            by_text.setdefault(_text(known.pence), []).append(known)
    found: dict[str, list[Said]] = {}
    for page, section in _paged(sections):
        told: dict[Said, None] = {}
        for text in (*section.words, *section.points):
            for match in MONEY.finditer(text):
                near = [
                    one
                    for one in by_text.get(_plain(match[0]), ())
                    if one.apart == _stands_apart(text, match)
                    and one.body == _meant(text[: match.start()], names, body)
                    and (one.whole or (one.page == page and not one.part) or _names(text, one.part))
                    and not (one.apart and MOVED.search(text))
                ]
                if near:
                    told[Said(match[0], _same(near))] = None
        if told:
            found[section.id] = list(told)
    return found


def _paged(sections: Iterable[Section]) -> Iterator[tuple[int, Section]]:
    """Sections with the number of the page that each is of."""
    page = 0
    for section in sections:
        page += section.level == 2
        yield page, section


def _stands_apart(text: str, sum_: re.Match[str]) -> bool:
    """Whether words say of a sum that it is how far one thing is from another."""
    return bool(APART.match(text, sum_.end()) or BESIDE.search(text[: sum_.start()]))


def _meant(before: str, names: Mapping[str, str], body: str) -> str:
    """The body that is named last before a sum; the paper's own where none is."""
    ends = {code: before.rfind(called) + len(called) for code, called in names.items()}
    named = {code: end for code, end in ends.items() if names[code] in before}
    return max(named, key=lambda code: (named[code], len(names[code]))) if named else body


def _names(text: str, part: str) -> bool:
    """Whether a sentence names a line, or a row of page one."""
    return bool(part) and re.search(rf"\b{re.escape(part)}\b", text, re.IGNORECASE) is not None


def _same(near: list[_Known]) -> tuple[tuple[str, str], ...]:
    """Of the numbers that read alike the names and keys, a whole body's own position alone where it does."""
    first = [one for one in near if one.whole] or near
    by_name: dict[str, str] = {}
    for one in first:
        by_name.setdefault(one.name, one.key)
    return tuple(by_name.items())[:SAME_MOST]


def _text(pence: int) -> str:
    return value_text(abs(pence), "pence")


def _plain(shown: str) -> str:
    """A sum of the words as a table would show its size.

    >>> _plain("£(49.0)m"), _plain("£9.8 million")
    ('£49.0m', '£9.8m')
    """
    text = shown.replace("(", "").replace(")", "")
    return text.replace(" million", "m").replace(" billion", "bn")


def _known(section: Section, page: int, names: Mapping[str, str]) -> Iterator[_Known]:
    """The sums that the tables and tiles of a section show."""
    values: list[Any] = list(section.figures)
    values += [value for table in section.tables for row in table.rows for value in row.values()]
    for value in values:
        if isinstance(value, Figure) and value.unit == "pence" and isinstance(value.value, int):
            whose = names.get(value.organisation, "")
            called = ", ".join(filter(None, (figure_name(value), whose)))
            apart = _is_apart(value.measure)
            yield _Known(value.value, called, value.id, value.organisation, True, apart, page)
        elif isinstance(value, Cell) and value.unit == "pence" and isinstance(value.value, int):
            yield _cell(value, names, page)


def _is_apart(name: str) -> bool:
    return any(word in re.split(r"[_.]", name) for word in APARTS)


def _cell(value: Cell, names: Mapping[str, str], page: int) -> _Known:
    notes = {row["number"]: row["name"] for row in packaged_rows("number_notes.csv")}
    of = dict(value.of)
    code = of.get("organisation") or of.get("system", "")
    row = of.get("row", "")
    note = value.how.partition("@")[0]
    if note.startswith(("to_date.", "performance.")):
        of["month"] = ""  # the month that it reaches
    parts = (of.get(one, "") for one in PARTS)
    part = next(filter(None, parts), "" if row in WHOLE else row)
    known = packaged_lines().get(part)
    what = known.name if known is not None else part.replace("_", " ")
    called = ", ".join(
        filter(None, (notes.get(note, ""), what, of.get("case", ""), names.get(code, "")))
    )
    number = value.value if isinstance(value.value, int) else 0
    whole = row in WHOLE or (note.startswith("to_date.") and not part)
    return _Known(number, called, number_key(value), code, whole, _is_apart(note), page, what)
