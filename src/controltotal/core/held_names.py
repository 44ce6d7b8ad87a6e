"""Whether a text names a proposal that is held: by its id, or by a title that can be no other's.

A scheme is its id and its body; titles are alike at many bodies. So a title names a held proposal
unless the row or the text is of another scheme that bears it: by that one's id, or by its body where
the held one is of another body. Where neither can be told, it is taken to name what is held.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from typing import Any, Final

from controltotal.core.withheld_text import Secrets

SHORTEST: Final = 4
"""Letters that an id or a title has at least to be looked for inside a text; a shorter one is where a
colon follows it."""
BESIDE: Final = ("other",)
"""Columns that name a scheme beside that of the row: a title there is not the row's own."""


class HeldNames:
    """The ids and titles of schemes, and which of them are held.

    `schemes` are the body and the title of each id, `bodies` the names of organisations by code.

    >>> names = HeldNames({"A1": ("A", "Fewer agency nurses"), "B1": ("B", "Fewer agency nurses")},
    ...     {"B1"}, {"A": "Alder Trust", "B": "Beech Trust"})
    >>> names.named("Fewer agency nurses: late"), names.named("Fewer agency nurses: late", ["A"])
    (True, False)
    >>> names.named("Alder Trust: Fewer agency nurses"), names.named("Alder Trust, B1: late")
    (False, True)
    """

    def __init__(
        self,
        schemes: Mapping[str, tuple[str, str]],
        held: Collection[str],
        bodies: Mapping[str, str],
    ) -> None:
        self.schemes, self.held = schemes, held
        self._bearers: dict[str, set[str]] = defaultdict(set)
        for code, (_, title) in schemes.items():
            if title:
                self._bearers[title].add(code)
        self.titles = {title for title, codes in self._bearers.items() if codes & set(held)}
        secret = {*held, *self.titles}
        self._secret = _pattern(secret)
        # a longer title that is told may hold one that is not: it is read as the longer one
        told = {one for one in (*schemes, *self._bearers) if len(one) >= SHORTEST}
        self._any = _pattern(secret | told)
        whose: dict[str, tuple[int, ...]] = {
            schemes[code][0]: () for code in held if code in schemes
        }
        self._places = Secrets(whose, bodies)

    def codes(self, row: Mapping[str, Any]) -> set[str]:
        """The schemes, none of them held, of which a row says by an id that it is."""
        return {
            value
            for column, value in row.items()
            if column not in BESIDE and isinstance(value, str)
            if value in self.schemes and value not in self.held
        }

    def is_one(
        self, column: str, value: str, about: Collection[str] = (), own: Collection[str] = ()
    ) -> bool:
        """Whether a cell is the id or the title of a held proposal, and nothing else.

        `about` are the bodies of its row, `own` the schemes that the row is of.
        """
        if value in self.held:
            return True
        own = () if column in BESIDE else own
        return value in self.titles and not self._is_another(value, value, about, own)

    def named(self, text: str, about: Collection[str] = (), own: Collection[str] = ()) -> bool:
        """Whether a text names a held proposal; `about` and `own` are as in `is_one`."""
        if self._secret is None or self._any is None or self._secret.search(text) is None:
            return False
        found = [one[0] for one in self._any.finditer(text)]
        if any(one in self.held for one in found):
            return True
        own = {*own, *(one for one in found if one in self.schemes)}
        return any(
            not self._is_another(one, text, about, own) for one in found if one in self.titles
        )

    def _is_another(
        self, title: str, text: str, about: Collection[str], own: Iterable[str]
    ) -> bool:
        """Whether a title in a text is that of a scheme that is not held."""
        bearers = self._bearers[title]
        secret = {self.schemes[code][0] for code in bearers if code in self.held}
        free = {code for code in bearers if code not in self.held}
        named = {code for _, _, code in self._places.named(text)}
        mine = free & set(own)
        if mine:
            return not (named & secret) - {self.schemes[code][0] for code in mine}
        whose = named or set(about)
        return bool(whose & {self.schemes[code][0] for code in free}) and not whose & secret


def _pattern(names: Iterable[str]) -> re.Pattern[str] | None:
    """What finds any of some names as a whole, the longest first; None where there are none."""
    ordered = sorted(filter(None, names), key=lambda one: (-len(one), one))
    found = "|".join(
        re.escape(one) if len(one) >= SHORTEST else rf"{re.escape(one)}(?=:)" for one in ordered
    )
    return re.compile(rf"(?<![\w-])(?:{found})(?![\w-])") if found else None
