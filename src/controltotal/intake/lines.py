"""Lines of account by what a file calls them: a name, a usual name, or the code of a return.

The book's own lines come first, then the packaged ones and their usual names
(`data/intake_lines.csv`). Only a name that surely means one line is taken; others are proposed.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cache, cached_property, lru_cache
from typing import Final

from controltotal.core.datafiles import packaged_rows
from controltotal.core.lines import Line, all_lines, packaged_lines
from controltotal.core.progress import stop_if_cancelled
from controltotal.core.schema import near
from controltotal.core.vocabulary import folded
from controltotal.intake.bottom_line import bottom_line

MOST_NEAR: Final = 3
"""Lines that are proposed for a name that is only near."""
ALIKE: Final = 0.6
"""How alike two names are, 0 to 1, before one is proposed for the other."""
_CONTRARIES: Final = (
    ("clinical", "general"),
    ("payable", "receivable"),
    ("paid", "received"),
    ("income", "expen"),
    ("income", "cost"),
)
"""Words of folded names by which two are never one line."""
_ASIDE: Final = re.compile(
    r"\s*(?:\((?:\d{1,2}|[a-z]|note \d+|£[^()]*)\)|\*+|[:.]+|£\s?(?:'?000s?|k|m|bn)?)\s*$",
    re.IGNORECASE,
)
_NUMBERED: Final = re.compile(
    r"^(?:[A-Z]?\d{3,10}\s*[-:\u2013]\s*|\d{1,2}(?:\.\d+)*[.)]\s*|\(?[a-z]\)\s+)", re.IGNORECASE
)
_PUNCTUATION: Final = re.compile(r"[^\w]+")


@dataclass(frozen=True, slots=True)
class LineMatch:
    """What a text was taken for: `how` is exact, code, near or empty.

    `near` holds lines to be asked about, the likeliest first; `line` is empty where it does.
    """

    line: str = ""
    how: str = ""
    near: tuple[str, ...] = ()


def bare(text: str) -> str:
    """A name of a line without its number, footnote, unit and points, folded.

    >>> bare("1. Clinical supplies & services (3)"), bare("Surplus / (Deficit) £'000")
    ('clinicalsuppliesandservices', 'surplusdeficit')
    """
    text = _NUMBERED.sub("", text.strip())
    while (shorter := _ASIDE.sub("", text)) != text and shorter:
        text = shorter
    return folded(_PUNCTUATION.sub(" ", text.replace("&", " and ")))


class Lines:
    """The lines that a file may mean: the book's own, and the packaged ones."""

    def __init__(self, own: Iterable[Line] = (), codes: Mapping[str, str] | None = None) -> None:
        self.own: Mapping[str, Line] = {line.line: line for line in own}
        self.all: Mapping[str, Line] = all_lines(self.own.values())
        self._codes = {folded(code): line for code, line in (codes or {}).items() if code}
        self._codes |= {folded(one.sub_code): one.line for one in self.own.values() if one.sub_code}
        self._asked: dict[str, tuple[str, ...]] = {}

    def extended(self, more: Iterable[Line]) -> Lines:
        """The same with more lines of one's own."""
        found = Lines([*self.own.values(), *more])
        found._codes = self._codes | found._codes
        return found

    def kind(self, line: str) -> str:
        """income, cost or position, as files write it; empty for a line that is not known."""
        return self.all[line].written_kind if line in self.all else ""

    def match(self, text: str, code: str = "") -> LineMatch:
        """The line that a name, or a code of a return, means.

        >>> Lines().match("NHS Clinical Income"), Lines().match("", "AGENCY_PAY").how
        (LineMatch(line='patient_care_income', how='exact', near=()), 'code')
        """
        if (found := self.named(text, code)).line:
            return found
        some = self._near(key) if (key := bare(text)) else ()
        return LineMatch("", "near" if some else "", some)

    def named(self, text: str, code: str = "") -> LineMatch:
        """The line that a name or a code is exactly; what is only near is not looked for."""
        key = bare(text)
        if code and (found := self.of_code(code)):
            return LineMatch(found, "code")
        if key and (found := self._names.get(key, "")):
            return LineMatch(found, "exact")
        if text and (found := self.of_code(text)):
            return LineMatch(found, "code")
        if found := bottom_line(text):
            return LineMatch(found, "exact")
        return LineMatch()

    def is_slip(self, text: str) -> bool:
        """Whether a text is a slip or two away from the name of a line.

        >>> Lines().is_slip("Drgus"), Lines().is_slip("Nursing")
        (True, False)
        """
        key = bare(text)
        return any(near(key, name) for name in self._names)

    def of_code(self, code: str) -> str:
        """The line of a code: the book's own sub codes first, then ours; empty where none has it."""
        key = folded(code)
        return self._codes.get(key) or _packaged_codes().get(key, "")

    @cached_property
    def _names(self) -> Mapping[str, str]:
        """Lines by their folded names; the book's own word stands before a usual name."""
        names = dict(_usual_names())
        for line in self.own.values():
            names |= {bare(line.line): line.line, bare(line.name): line.line}
        return names

    def _near(self, key: str) -> tuple[str, ...]:
        """The lines whose names are near a folded name; the same for a name that comes again."""
        if key not in self._asked:
            self._asked[key] = self._looked_for(key)
        return self._asked[key]

    def _looked_for(self, key: str) -> tuple[str, ...]:
        stop_if_cancelled()
        found: dict[str, float] = {}
        letters = Counter(key)
        for name, line in self._names.items():
            most = 2 * (letters & _letters(name)).total() / max(len(key) + len(name), 1)
            if most < ALIKE and key not in name:
                continue  # two names a slip apart share more than that
            alike = SequenceMatcher(None, key, name).ratio()
            if _contrary(key, name):
                continue
            if near(key, name) or alike >= ALIKE or (len(key) > 4 and key in name):
                found[line] = max(alike, found.get(line, 0))
        return tuple(sorted(found, key=lambda line: (-found[line], line))[:MOST_NEAR])


def _contrary(one: str, other: str) -> bool:
    """Whether two folded names say the contrary of each other, however alike they are written.

    >>> _contrary("suppliesandservicesgeneral", "suppliesandservicesclinical"), _contrary("pay", "bankpay")
    (True, False)
    """
    one, other = (text.replace("nonclinical", "general") for text in (one, other))
    return any(
        (a in one and b in other and b not in one and a not in other)
        or (b in one and a in other and a not in one and b not in other)
        for a, b in _CONTRARIES
    )


@cache
def _usual_names() -> Mapping[str, str]:
    """The packaged lines by their folded names and their usual names."""
    names = {bare(row["written"]): row["line"] for row in packaged_rows("intake_lines.csv")}
    for line in packaged_lines().values():
        names |= {bare(line.line): line.line, bare(line.name): line.line}
    return names


@lru_cache(maxsize=4096)
def _letters(name: str) -> Counter[str]:
    return Counter(name)


@cache
def _packaged_codes() -> Mapping[str, str]:
    """Our own sub codes of lines, folded."""
    return {
        folded(row["code"]): row["of"].removeprefix("line/")
        for row in packaged_rows("return_codes.csv")
        if row["part"] == "sub" and row["of"].startswith("line/") and row["of"] != "line/"
    }
