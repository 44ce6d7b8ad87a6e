"""Settings of a book that say how its cells are meant: the unit, the signs and the months of amounts.

A setting that cannot be understood is told once, at its own row, and stops the rows that rest on it:
nobody can say what their amounts mean.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from difflib import get_close_matches
from typing import Final

from controltotal.core.calendar import CalendarError, parse_date, parse_year
from controltotal.core.money import canonical_unit
from controltotal.core.vocabulary import folded, meant
from controltotal.ledger.entries import Entry

SIGNS: Final = ("plain", "costs_negative", "ledger")
"""How amounts are signed: all positive, costs below nil, or as a ledger has them (income below)."""
MONTHS: Final = ("single", "cumulative")
"""Whether the amount of a month is that month's, or of all months from April to it."""
KNOWN: Final = (
    "title",
    "home",
    "default_unit",
    "default_year",
    "signs",
    "months",
    "fictional",
    "publisher",
    "licence",
    "public_name",
)
REMEDY: Final[Mapping[str, str]] = {
    "default_unit": "Write £, £k, £m or £bn as the value of default_unit.",
    "default_year": "Write a financial year such as 2026/27 as the value of default_year.",
    "signs": "Write plain, costs_negative or ledger as the value of signs.",
    "months": "Write single or cumulative as the value of months.",
    "fictional": "Write yes or no as the value of fictional.",
}
EXPECTED: Final[Mapping[str, str]] = {
    "default_unit": "a unit of £, £k, £m or £bn",
    "default_year": "a year such as 2019/20",
    "signs": "one of " + ", ".join(SIGNS),
    "months": "one of " + ", ".join(MONTHS),
    "fictional": "yes or no",
}
CODES: Final[Mapping[str, str]] = {"default_unit": "UNKNOWN_UNIT", "default_year": "UNKNOWN_YEAR"}


@dataclass(frozen=True, slots=True)
class Settings:
    """What a book says of itself; `unclear` names the settings that cannot be understood."""

    values: Mapping[str, str] = field(default_factory=dict)
    unclear: frozenset[str] = frozenset()

    @property
    def default_unit(self) -> str:
        """The unit of amounts that name none; empty where the book gives none."""
        return "" if "default_unit" in self.unclear else self.values.get("default_unit", "")

    @property
    def signs(self) -> str:
        """How the book signs its amounts."""
        return self.values.get("signs") or "plain"

    @property
    def months(self) -> str:
        """How the amounts of its months stand."""
        return self.values.get("months") or "single"


def setting_name(key: str) -> str:
    """The setting that a key means, in any of its spellings; one that is not known stays itself.

    >>> setting_name("Default unit"), setting_name("our_own")
    ('default_unit', 'our_own')
    """
    return meant(key, KNOWN) or key


def setting_value(name: str, text: str) -> str | None:
    """What a setting says, in its canonical form; None where that cannot be understood.

    >>> setting_value("default_unit", "£000"), setting_value("signs", "Costs negative")
    ('£k', 'costs_negative')
    >>> setting_value("signs", "red")
    """
    if name == "default_unit":
        return canonical_unit(text) or None
    if name == "default_year":
        try:
            parse_year(text)
        except CalendarError:
            return None
    if name in ("signs", "months"):
        return meant(text, SIGNS if name == "signs" else MONTHS) or None
    if name == "fictional":
        return meant(text, ("yes", "no"), "yesno") or None
    return text


def settings_known(
    entries: Iterable[Entry], moment: int | date | None
) -> Iterator[tuple[str, date, Entry]]:
    """The name of each setting, the day since which it is known (by a date asked for) and its row."""
    for entry in entries:
        if entry.table != "book":
            continue
        cells = dict(entry.cells)
        try:
            known = parse_date(cells["known_on"]) if "known_on" in cells else date.min
        except CalendarError:
            continue  # the row is stopped, and said
        if not (isinstance(moment, date) and known > moment):
            yield setting_name(cells.get("key", "")), known, entry


def read_settings(entries: Iterable[Entry], moment: int | date | None) -> Settings:
    """The book's settings: of two of one key the later known, none known after a date asked for."""
    values: dict[str, str] = {}
    since: dict[str, date] = {}
    unclear: set[str] = set()
    for name, known, entry in settings_known(entries, moment):
        text = dict(entry.cells).get("value", "")
        if known < since.get(name, date.min):
            continue
        twice = known == since.get(name)  # told as a setting given twice: neither holds
        value, since[name] = setting_value(name, text), known
        if twice:
            values.pop(name, None)
        else:
            values[name] = text if value is None else value
            unclear -= {name}
        if twice or (text and value is None):
            unclear.add(name)
        if near_setting(name):
            unclear.add(near_setting(name))
    return Settings(values, frozenset(unclear))


def near_setting(key: str) -> str:
    """The setting of money or time that a key is a slip of the keyboard away from, else empty.

    >>> near_setting("defualt_unit"), near_setting("sign"), near_setting("contact")
    ('default_unit', 'signs', '')
    """
    if setting_name(key) in KNOWN:
        return ""
    known = {folded(name): name for name in EXPECTED}
    near = get_close_matches(folded(key), list(known), n=1, cutoff=0.85)
    return known[near[0]] if near else ""
