"""Withheld numbers inside a text: whether a sentence says one, in any form in which money is written.

A number says something beside the organisation that it is of, and where a text names nobody.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from decimal import ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal
from typing import Final

from controltotal.core.names import short_names

AMOUNT: Final = re.compile(
    r"(?P<pound>£\s?\(?-?)?(?P<number>\d[\d,]*(?:\.\d+)?)"
    r"(?P<after>\)?\s?(?:bn|billion|million|thousand|pence|m|k)\b|p\b)?",
    re.IGNORECASE,
)
UNITS: Final = {
    "m": 100_000_000,
    "million": 100_000_000,
    "k": 100_000,
    "thousand": 100_000,
    "bn": 100_000_000_000,
    "billion": 100_000_000_000,
    "pence": 1,
    "p": 1,
    "": 100,
}
"""Pence in the unit after a number; a number with the sign of the pound and no unit is in pounds."""
LONG: Final = 5
"""Digits from which a number is taken for money though no unit stands beside it."""
FIRST_LEAST: Final = 3
"""Letters that the first word of a name has more of, to stand for the whole."""
LEADS_TO: Final = {"", "to", "for", "from", "of", "at", "by", "with", "in"}
"""Words between an amount and the organisation that it is of."""


class Secrets:
    """The numbers that no text may say, by the organisation that they are of.

    >>> secrets = Secrets({"A": {90_000_000}}, {"A": "Alder Trust", "B": "Beech Trust"})
    >>> secrets.told("Alder Trust: £(0.9)m."), secrets.told("Alder: 900,000 of cash")
    (True, True)
    >>> secrets.told("Alder £1.5m worse, Beech Trust £0.9m worse"), secrets.told("£0.9m", ["B"])
    (False, False)
    """

    def __init__(
        self, numbers: Mapping[str, Collection[int | float]], names: Mapping[str, str]
    ) -> None:
        self._short: dict[tuple[int, str], set[str]] = defaultdict(set)
        self._long: dict[str, set[str]] = defaultdict(set)
        for code, values in numbers.items():
            for value in values:
                self._learn(code, value)
        self._codes: dict[str, str] = {}
        for code, name in (*names.items(), *short_names(names).items()):
            self._codes.setdefault(name, code)
        firsts: dict[str, set[str]] = defaultdict(set)
        for code, name in names.items():
            firsts[name.split(" ")[0]].add(code)
        for first, whose in firsts.items():  # people say the first word of a name
            secret = sorted(whose & numbers.keys()) or sorted(whose)  # of several, one that has any
            if len(first) > FIRST_LEAST and secret[0] in numbers:
                self._codes[first] = secret[0]
        self._codes |= {code: code for code in {*names, *numbers} if len(code) > 2}
        found = "|".join(map(re.escape, sorted(filter(None, self._codes), key=len, reverse=True)))
        self._names = re.compile(rf"(?<![\w-])(?:{found})(?![\w-])") if found else None

    def _learn(self, code: str, value: int | float) -> None:
        size = abs(int(value))
        for unit in set(UNITS.values()):
            for text in _forms(size, unit):
                self._short[unit, text].add(code)
                if len(text.partition(".")[0]) >= LONG:
                    self._long[text].add(code)

    def told(self, text: str, about: Iterable[str] = ()) -> bool:
        """Whether a text says a withheld number; `about` are the organisations that it is of."""
        about = set(about)
        places: list[tuple[int, int, str]] | None = None
        for found in AMOUNT.finditer(text):
            number = found["number"].replace(",", "")
            after = (found["after"] or "").strip(") ").lower()
            owners = self._long.get(number, set())
            if found["pound"] or after:
                owners = owners | self._short.get((UNITS[after], number), set())
            if not owners:
                continue
            if owners & about:
                return True
            places = self.named(text) if places is None else places
            beside = _beside(text, places, found)
            if owners & beside or not (beside or about):
                return True
        return False

    def named(self, text: str) -> list[tuple[int, int, str]]:
        """The organisations that a text names: where, and their codes."""
        if self._names is None:
            return []
        return [(one.start(), one.end(), self._codes[one[0]]) for one in self._names.finditer(text)]

    def owners(self, text: str) -> set[str]:
        """The organisations to which a text gives an amount of money or a share."""
        places = self.named(text)
        found: set[str] = set()
        for one in AMOUNT.finditer(text):
            percent = text[one.end() : one.end() + 1] == "%"
            if one["pound"] or one["after"] or percent:
                found |= _beside(text, places, one)
        return found


def says_money(text: str) -> bool:
    """Whether a text holds an amount of money or a share.

    >>> says_money("£3.4m worse"), says_money("half (50%)"), says_money("8 of 8 have reported month 9")
    (True, True, False)
    """
    return any(
        one["pound"] or one["after"] or text[one.end() : one.end() + 1] == "%"
        for one in AMOUNT.finditer(text)
    )


def _beside(text: str, places: list[tuple[int, int, str]], amount: re.Match[str]) -> set[str]:
    """Whose an amount may be: of the organisation named before it, or of one to whom it goes."""
    before = [code for _, stop, code in places if stop <= amount.start()]
    after = [(begin, code) for begin, _, code in places if begin >= amount.end()]
    found = set(before[-1:])
    if after:
        begin, code = after[0]
        if not before or text[amount.end() : begin].strip(" ,:") in LEADS_TO:
            found.add(code)
    return found


def _forms(pence: int, unit: int) -> set[str]:
    """How a sum may be written in a unit, without signs and separators.

    >>> sorted(_forms(500_000_000, 100_000_000)), sorted(_forms(90_000_000, 100_000))
    (['5', '5.0', '5.00', '5.000'], ['900', '900.0', '900.00', '900.000'])
    """
    exact = Decimal(pence) / unit
    found = set()
    for places in range(4):
        step = Decimal(1).scaleb(-places)
        for way in (ROUND_HALF_UP, ROUND_HALF_EVEN):
            shown = exact.quantize(step, way)
            if shown and (places or shown == exact or shown >= 100):
                found.add(f"{shown:f}")
    return found
