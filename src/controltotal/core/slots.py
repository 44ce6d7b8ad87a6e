"""Slots: places in a sentence of somebody's own that a number fills, such as `{forecast}`.

A director signs words; the numbers in them are filled, so that words can be carried from month to
month and no number goes stale. A slot is a name of `data/slots.csv`, or the name of a row and of a
column of page one's table (`{agency_pay_variance}`), or the id of any figure
(`{surplus/QE1/2026-27/plan}`). After a colon stands whose it is (`{gap:QE1}`), after a stroke in
which form (`{forecast|words}`). A brace that is meant is typed twice. Text is data: nothing in a slot
is looked up as a name of the program, and what nothing fills stands there as not known.

Source: `papers`, Words are offered, numbers are filled.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from difflib import get_close_matches
from functools import lru_cache
from typing import Final, Protocol

from controltotal.core.calendar import CalendarError, month_name, parse_year_id, year_label
from controltotal.core.datafiles import packaged_rows
from controltotal.core.figure import Figure
from controltotal.core.money import PENCE_PER, format_money
from controltotal.core.show import figure_name, hedged, value_text
from controltotal.core.sourced import number_key
from controltotal.core.vocabulary import folded

PARTS: Final = re.compile(r"\{\{|\}\}|\{([^{}\n]{1,200})\}|[{}]")
"""What of a text is more than text: a brace typed twice, a slot, a brace without its other half."""
FORMS: Final = ("words", "size")
"""How a number may be asked for: in words that follow its sign, or its size without a sign."""
NEAR: Final = 3
WHOLE: Final = "excluding_support"
"""The row of page one's table that is the position itself."""
STRAY: Final = "a brace has no other half"
UNTOLD: Final = "nothing tells it"


@dataclass(frozen=True, slots=True)
class Slot:
    """A slot as it was typed: its name, whose number, and in which form."""

    written: str
    name: str
    of: str = ""
    form: str = ""


@dataclass(frozen=True, slots=True)
class Filling:
    """What stands in a sentence where a slot stood, and what the number is called.

    `value` is in its own unit, None where nothing tells it; `problem` says why. `key` is the figure or
    the number of an answer that fills it (`core.sourced`), empty of a month or a year.
    """

    slot: Slot
    shown: str
    said: str
    value: int | float | str | None = None
    problem: str = ""
    key: str = ""


@dataclass(frozen=True, slots=True)
class Filled:
    """A sentence with its numbers."""

    text: str
    fillings: tuple[Filling, ...] = ()

    @property
    def problems(self) -> tuple[Filling, ...]:
        """The slots that nothing fills."""
        return tuple(one for one in self.fillings if one.problem)


class Numbers(Protocol):
    """What slots may be filled from: figures by id, and rows of page one's table."""

    def figure(self, name: str) -> Figure | None:
        """A figure by its id, None where there is none."""

    def row(self, code: str, year: str, row: str) -> Mapping[str, int | None] | None:
        """A body's row of page one's table, `""` for its position, or of a line; in pence."""

    def month(self, code: str, year: str) -> int | None:
        """The month to which a body's actuals are told."""

    def code(self, text: str) -> str:
        """The code of a body as typed; empty where nobody is meant."""

    def lines(self) -> tuple[str, ...]:
        """The names of the lines that a slot may name as its row."""


def pieces(text: str) -> Iterator[str | Slot]:
    """The text and the slots of a sentence in their order; a stray brace is a slot without a name.

    >>> list(pieces("{gap:QE1|size} is {{not}} a } slot"))
    [Slot(written='gap:QE1|size', name='gap', of='QE1', form='size'), ' is ', '{', 'not', '}', ' a ', \
Slot(written='}', name='', of='', form=''), ' slot']
    """
    end = 0
    for found in PARTS.finditer(text):
        if found.start() > end:
            yield text[end : found.start()]
        end = found.end()
        if found[0] in ("{{", "}}"):
            yield found[0][0]
        elif found[1] is None:
            yield Slot(found[0], "")
        else:
            yield _slot(found[1])
    if end < len(text):
        yield text[end:]


def _slot(written: str) -> Slot:
    rest, _, form = written.partition("|")
    name, _, of = rest.partition(":")
    return Slot(written, name.strip(), of.strip(), form.strip().lower())


def has_slots(text: str) -> bool:
    """Whether a sentence has a slot, or a brace that may have been meant for one.

    >>> has_slots("{forecast}"), has_slots("so {{it}} is"), has_slots("so it is")
    (True, False, False)
    """
    return any(isinstance(one, Slot) for one in pieces(text))


def unfilled(text: str) -> str:
    """A sentence where no number is at hand: each slot named, so that none reads as a number.

    >>> unfilled("It is {forecast} and {{so}} on")
    'It is [forecast] and {so} on'
    """
    return "".join(
        one if isinstance(one, str) else (f"[{one.written}]" if one.name else one.written)
        for one in pieces(text)
    )


def fill(text: str, numbers: Numbers, organisation: str, year: str) -> Filled:
    """A sentence about a body in a year with its numbers; what nothing fills is marked where it stands."""
    out: list[str] = []
    found: list[Filling] = []
    for one in pieces(text):
        if isinstance(one, str):
            out.append(one)
            continue
        filling = fill_one(one, numbers, organisation, year)
        found.append(filling)
        out.append(filling.shown)
    return Filled("".join(out), tuple(found))


def fill_one(slot: Slot, numbers: Numbers, organisation: str, year: str) -> Filling:
    """What stands where a slot stood."""
    if not slot.name:
        if slot.written in "{}":
            return Filling(slot, slot.written, "", problem=STRAY)
        return _unknown(slot, "it has no name")
    code = numbers.code(slot.of) if slot.of else organisation
    if not code:
        return _unknown(slot, f"there is no organisation {slot.of!r}")
    if slot.form and slot.form not in FORMS:
        return _unknown(slot, f"there is no form {slot.form!r}")
    told = _of_figure(slot, numbers) if "/" in slot.name else _of_name(slot, numbers, code, year)
    if told.problem or not slot.of or code == organisation:
        return told
    return replace(told, said=f"{told.said} of {slot.of}")


def _unknown(slot: Slot, problem: str) -> Filling:
    return Filling(slot, f"[{slot.written}: not known]", slot.written, None, problem)


def _untold(slot: Slot, said: str) -> Filling:
    return Filling(slot, f"[{slot.written}: not known]", said, None, UNTOLD)


def _of_figure(slot: Slot, numbers: Numbers) -> Filling:
    """A slot that is the id of a figure."""
    figure = numbers.figure(slot.name)
    if figure is None:
        return _unknown(slot, f"there is no figure {slot.name}")
    said = figure_name(figure)
    return _shown_figure(slot, figure, f"{said[:1].lower()}{said[1:]}", "")


def _of_name(slot: Slot, numbers: Numbers, code: str, year: str) -> Filling:
    """A slot that is a name, or a row of page one's table and a column of it."""
    asked = folded(slot.name)
    row = _named().get(asked)
    if row is None:
        return _of_row(slot, numbers, code, year, asked)
    if row["slot"] in ("month", "year"):
        return _of_time(slot, row, numbers, code, year)
    if row["column"]:
        return _of_column(slot, row, _at(numbers, code, year, ""), row["said"])
    for pattern in row["figures"].split(";"):
        measure, basis, *part = pattern.split("/")
        figure = numbers.figure("/".join([measure, code, year, basis, *part]))
        if figure is not None and figure.value is not None:
            return _shown_figure(slot, figure, row["said"], row["words"])
    return _untold(slot, row["said"])


def _of_time(slot: Slot, row: Mapping[str, str], numbers: Numbers, code: str, year: str) -> Filling:
    """The month or the year in words."""
    if row["slot"] == "year":
        try:
            shown = year_label(parse_year_id(year))
        except CalendarError:
            return _untold(slot, row["said"])
        return Filling(slot, shown, row["said"], shown)
    month = numbers.month(code, year)
    if month is None:
        return _untold(slot, row["said"])
    return Filling(slot, month_name(month), row["said"], month_name(month))


def _of_row(slot: Slot, numbers: Numbers, code: str, year: str, asked: str) -> Filling:
    """A slot such as `agency_pay_variance`: a row or a line, and a column."""
    for column in _columns():
        ending = folded(column["slot"])
        name = _rows_by(numbers).get(asked.removesuffix(ending)) if asked.endswith(ending) else None
        if name is not None:
            what = column["said"].removeprefix("the ")
            words = "variance" if column["words"] == "variance" else ""
            told = {**column, "words": words}
            return _of_column(slot, told, _at(numbers, code, year, name), f"{_said(name)}, {what}")
    return _unknown(slot, f"there is no slot {slot.name!r}")


Row = tuple[Mapping[str, int | None] | None, dict[str, str]]
"""A row of page one's table, and what tells it from the others."""


def _at(numbers: Numbers, code: str, year: str, name: str) -> Row:
    return numbers.row(code, year, name), {"organisation": code, "year": year, "row": name}


def _of_column(slot: Slot, row: Mapping[str, str], at: Row, said: str) -> Filling:
    told, of = at
    pence = (told or {}).get(row["column"])
    if pence is None:
        return _untold(slot, said)
    return replace(
        _shown(slot, pence, "pence", said, row["words"]), key=_row_key(row["column"], of)
    )


def _row_key(column: str, of: dict[str, str]) -> str:
    """The key of a number of page one's table, else of a line of the position to date."""
    if not of["row"] or of["row"] in _rows():
        return number_key(f"performance.{column}", {**of, "row": of["row"] or WHOLE}.items())
    line = {"organisation": of["organisation"], "year": of["year"], "line": of["row"]}
    return number_key(f"to_date.{column}", line.items())


def _shown_figure(slot: Slot, figure: Figure, said: str, words: str) -> Filling:
    if figure.value is None:
        return _untold(slot, said)
    shown = _shown(slot, figure.value, figure.unit, said, words, hedged(figure))
    return replace(shown, key=figure.id)


def _shown(slot: Slot, value: float, unit: str, said: str, words: str, hedge: str = "") -> Filling:
    """A number in the form that was asked for."""
    if not slot.form:
        return Filling(slot, hedge + value_text(value, unit), said, value)
    if slot.form == "size":
        return Filling(slot, hedge + value_text(abs(value), unit), said, value)
    if not words or not isinstance(value, int):
        return _unknown(slot, "it cannot be told in words")
    return Filling(slot, hedge + in_words(value, words), said, value)


def in_words(pence: int, kind: str) -> str:
    """Money in words that follow its sign: of a position, a variance or a gap.

    >>> in_words(-4_900_000_000, "position"), in_words(0, "position")
    ('£49.0m in deficit', 'at break-even')
    >>> in_words(-340_000_000, "variance"), in_words(980_000_000, "gap")
    ('£3.4m worse', '£9.8m short of')
    """
    above, below, level = {
        "position": ("in surplus", "in deficit", "at break-even"),
        "variance": ("better", "worse", "no different"),
        "gap": ("short of", "better than", "exactly at"),
    }[kind]
    if not pence:
        return level
    return f"{_size(pence)} {above if pence > 0 else below}"


def _size(pence: int) -> str:
    if abs(pence) * 20 < PENCE_PER["£m"]:
        return "less than £0.1m"
    return f"£{format_money(abs(pence))}m"


@lru_cache(maxsize=1)
def _named() -> Mapping[str, Mapping[str, str]]:
    return {folded(row["slot"]): row for row in packaged_rows("slots.csv")}


@lru_cache(maxsize=1)
def _columns() -> tuple[Mapping[str, str], ...]:
    """The columns that may follow the name of a row, the longest name first."""
    rows = [row for row in packaged_rows("slots.csv") if row["column"]]
    return tuple(sorted(rows, key=lambda row: -len(row["slot"])))


@lru_cache(maxsize=1)
def _rows() -> Mapping[str, str]:
    return {row["row"]: row["said"] for row in packaged_rows("slot_rows.csv")}


def _rows_by(numbers: Numbers) -> Mapping[str, str]:
    """The rows and lines that a slot may name, by their names as they are compared."""
    return {folded(name): name for name in (*numbers.lines(), *_rows())}


def _said(row: str) -> str:
    return _rows().get(row, row.replace("_", " "))


def near_slots(slot: Slot, numbers: Numbers) -> tuple[str, ...]:
    """What may be meant by a slot that nothing fills: the same in another form, or names most like it."""
    if slot.form:
        return tuple(f"{slot.written.partition('|')[0]}{form}" for form in ("", "|size"))
    return tuple(get_close_matches(_plain(slot), _names(numbers), n=NEAR, cutoff=0.5))


def is_listed(slot: Slot, numbers: Numbers) -> bool:
    """Whether a slot has a name of the list of slots, though nothing may tell it."""
    return _plain(slot) in _names(numbers)


def _plain(slot: Slot) -> str:
    return slot.name.lower().replace(" ", "_")


def _names(numbers: Numbers) -> list[str]:
    """Every name of the list of slots."""
    columns = [row["slot"] for row in _columns()]
    known = [row["slot"] for row in packaged_rows("slots.csv")]
    rows = dict.fromkeys((*_rows(), *numbers.lines()))
    return known + [f"{row}_{column}" for row in rows for column in columns]
