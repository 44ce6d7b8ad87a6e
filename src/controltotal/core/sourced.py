"""Numbers inside words that know where they come from.

Whoever makes a sentence knows which figure fills each place of it; who reads it can only guess. So a
number is put into a sentence with its `Source`, in marks that travel inside the text through all that
joins and rewords it, and that no reader ever sees: `worded` takes them out and keeps what they said
beside the plain text. Marks are made by this process alone, so a text of a book that holds such letters
says nothing by them.

>>> text = f"It is {sourced('£3.4m', Source('gap/A/2026-27/plan'))} short."
>>> told = worded(text)
>>> told, [(slot.shown, slot.source.key) for slot in told.slots]
('It is £3.4m short.', [('£3.4m', 'gap/A/2026-27/plan')])
"""

from __future__ import annotations

import json
import re
import secrets
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlencode

PLANE: Final = 0xF1000
"""Where the letters of a mark begin: for private use, seen by no reader and matched by no word."""
OPEN, MID, CLOSE = "\U000f0000", "\U000f0001", "\U000f0002"
OWN: Final = secrets.token_hex(4)
"""What only marks of this process bear."""
MARKED: Final = re.compile(f"{OPEN}([^{OPEN}{MID}{CLOSE}]+){MID}([^{OPEN}{MID}{CLOSE}]*){CLOSE}")

AMOUNT: Final = re.compile(r"£\(?\d[\d,]*(?:\.\d+)?\)?(?:m|k|bn)?|(?<![\d.,])\d[\d,]*(?:\.\d+)?%")
"""A sum of money or a share as a sentence shows it."""


@dataclass(frozen=True, slots=True)
class Part:
    """One of those of which a number in a sentence is made: its name, its key, and how it reads."""

    name: str
    key: str = ""
    shown: str = ""


@dataclass(frozen=True, slots=True)
class Source:
    """Where a number in a sentence comes from.

    `key` is the id of a figure, or what `number_key` gives for a number of an answer's table. A number
    that is worked out in the sentence itself has none: `how` says how, and `parts` of what.
    """

    key: str = ""
    how: str = ""
    parts: tuple[Part, ...] = ()


@dataclass(frozen=True, slots=True)
class Slot:
    """A number where it stands in a text, as it is shown there, and its source."""

    start: int
    shown: str
    source: Source


class Worded(str):
    """A text whose numbers know their sources; to all else it is that text."""

    slots: tuple[Slot, ...] = ()


def number_key(number: str, of: Iterable[tuple[str, object]], value: object = None) -> str:
    """The key of a number of an answer's table: `table.column`, what tells its row, and its value.

    >>> number_key("to_date.variance", [("organisation", "A"), ("line", "")], -5)
    'how-to_date-variance?organisation=A&line=&value=-5'
    """
    told = [(name, text) for name, text in of] + ([] if value is None else [("value", value)])
    return f"how-{number.replace('.', '-')}?{urlencode(told)}"


def sourced(shown: str, source: Source) -> str:
    """A number as it is shown, in the marks that say where it comes from; nothing to say, no marks."""
    if not shown or not (source.key or source.how):
        return shown
    told = [OWN, source.key, source.how, [[p.name, p.key, p.shown] for p in source.parts]]
    inside = "".join(chr(PLANE + ord(one)) for one in json.dumps(told))
    return f"{OPEN}{inside}{MID}{unmarked(shown)}{CLOSE}"


def by_key(shown: str, key: str) -> str:
    """A number of one figure, or of one cell of an answer."""
    return sourced(shown, Source(key))


def unmarked(text: str) -> str:
    """A text without its marks, as everybody reads it.

    >>> unmarked(by_key("7", "gap/A/2026-27/plan")), unmarked("7")
    ('7', '7')
    """
    return str(worded(text)) if OPEN in text else text


def worded(text: str, then: Callable[[str], str] = str) -> str:
    """A text without marks that keeps what they said; one that has none as it is.

    `then` makes each piece of it fit to be shown.
    """
    if isinstance(text, Worded) and text.slots and OPEN not in text:
        return _again(text, then)
    if OPEN not in text:
        return then(text)
    out, slots, end, length = [], [], 0, 0
    for found in MARKED.finditer(text):
        source = _source(found[1])
        if source is None:
            continue
        before, shown = then(text[end : found.start()]), then(found[2])
        end = found.end()
        slots.append(Slot(length + len(before), shown, source))
        length += len(before) + len(shown)
        out += [before, shown]
    made = Worded("".join([*out, then(text[end:])]))
    made.slots = tuple(slots)
    return made


def _again(text: Worded, then: Callable[[str], str]) -> Worded:
    """A text that knows its sources already, each piece of it made fit to be shown."""
    out, slots, end, length = [], [], 0, 0
    for slot in text.slots:
        before, shown = then(text[end : slot.start]), then(slot.shown)
        end = slot.start + len(slot.shown)
        slots.append(Slot(length + len(before), shown, slot.source))
        length += len(before) + len(shown)
        out += [before, shown]
    made = Worded("".join([*out, then(text[end:])]))
    made.slots = tuple(slots)
    return made


def first_number(text: str, source: str) -> str:
    """Words that begin with a number (`3 schemes`), the number as it is with its source.

    >>> first_number("3 schemes", "three")
    'three schemes'
    """
    _, space, rest = text.partition(" ")
    return f"{source}{space}{rest}"


def slots_of(text: str) -> tuple[Slot, ...]:
    """The numbers of a text that know their sources, in their order."""
    return text.slots if isinstance(text, Worded) else ()


def _source(letters: str) -> Source | None:
    """What a mark says; None where it is none of ours."""
    try:
        told = json.loads("".join(chr(ord(one) - PLANE) for one in letters))
    except ValueError:
        return None
    if not isinstance(told, list) or told[:1] != [OWN]:
        return None
    _, key, how, parts = told
    return Source(key, how, tuple(Part(*part) for part in parts))


def marked(text: str, fillings: Iterable[tuple[str, Source]]) -> str:
    """A text whose numbers are marked in their order: pairs of how each is shown, and its source.

    >>> told = marked("7 of 17, 7 late", [("7", Source("a")), ("7", Source("b"))])
    >>> [slot.start for slot in slots_of(worded(told))]
    [0, 9]
    """
    out, end = [], 0
    for shown, source in fillings:
        found = re.compile(rf"(?<![\d.,£]){re.escape(shown)}(?![\d])").search(text, end)
        if found is not None and shown:
            out += [text[end : found.start()], sourced(shown, source)]
            end = found.end()
    return "".join([*out, text[end:]])


def all_sourced(text: str, source: Source) -> str:
    """A text whose sums and shares without a source of their own have this one.

    >>> told = worded(all_sourced("£1.2m is 3.5% of £34.0m in 2026/27", Source("rule/A/2026-27/r")))
    >>> [slot.shown for slot in slots_of(told)]
    ['£1.2m', '3.5%', '£34.0m']
    """
    out, end = [], 0
    for found in (*MARKED.finditer(text), None):
        plain = text[end : found.start() if found else None]
        out.append(AMOUNT.sub(lambda one: sourced(one[0], source), plain))
        if found:
            out.append(found[0])
            end = found.end()
    return "".join(out)


def row_key(number: str, row: Mapping[str, object], *names: str) -> str:
    """The key of a number of a row: by some of its columns, and its value.

    >>> row_key("levels.notice_days", {"organisation": "A", "notice_days": -90}, "organisation")
    'how-levels-notice_days?organisation=A&value=-90'
    """
    return number_key(number, [(one, row[one]) for one in names], row[number.partition(".")[2]])
