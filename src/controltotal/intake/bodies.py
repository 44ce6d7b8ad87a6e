"""Bodies by what a file calls them: a code, a name in any usual form, a former name in the year.

The book's own bodies come first and the packaged register after them. A form of a name is taken
where just one body has it; what is near, or what two have, is proposed and never chosen.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cache, cached_property, lru_cache
from typing import Final

from controltotal.core import reference
from controltotal.core.calendar import year_end, year_start
from controltotal.core.names import short_name
from controltotal.core.progress import stop_if_cancelled
from controltotal.core.schema import near
from controltotal.core.vocabulary import folded
from controltotal.sources.published_bodies import board_code

MOST_NEAR: Final = 3
"""Bodies that are proposed for a name that is only near."""
_WORD = re.compile(r"[a-z0-9]+")
_CODE = re.compile(r"[A-Z0-9][A-Z0-9-]*")
_PERIOD: Final = re.compile(
    r"[\s,:;|(–-]*(?:\b(?:FY\s*)?20\d\d\s*[/–-]\s*\d{2,4}\b|\b(?:month|mth|M)\s*\d{1,2}\b)[\s)]*",
    re.IGNORECASE,
)
"""A year or month that a title has beside the name of a body."""
_SMALL: Final = frozenset(("and", "of", "the", "for", "in", "on", "at"))
_SHORT: Final = {
    "ft": "Foundation Trust",
    "icb": "Integrated Care Board",
    "ics": "Integrated Care System",
    "ccg": "Clinical Commissioning Group",
    "univ": "University",
    "hosp": "Hospital",
}
_SHORTENED: Final = re.compile(rf"\b(?:{'|'.join(_SHORT)})\b", re.IGNORECASE)
_BOARD: Final = re.compile(r"\b(?:ICB|Integrated Care Board)\b", re.IGNORECASE)
_SYSTEM: Final = re.compile(r"\b(?:ICS|Integrated Care System|STP|system)\b", re.IGNORECASE)
_NAMES: Final = 1 << 15
"""Names whose forms are kept: those of the register, and as many again."""
_SAME: Final = {"saint": "st", "saints": "st", "sts": "st"}


@dataclass(frozen=True, slots=True)
class Match:
    """What a text was taken for: `how` is exact, code, former_name, near or empty.

    `near` holds codes to be asked about, the likeliest first; `code` is empty where it does.
    """

    code: str = ""
    how: str = ""
    near: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Spell:
    """A name that a code bears, or bore, between two days; None is without end."""

    code: str
    name: str
    first: date | None = None
    last: date | None = None

    def stands_in(self, year: str) -> bool:
        """Whether it is borne at some time of a year; of no year, whether it has no end."""
        if not year:
            return self.last is None
        return (self.first is None or self.first <= year_end(year)) and (
            self.last is None or self.last >= year_start(year)
        )


def _written_out(name: str) -> str:
    """A name with the usual short forms of its kind written out.

    >>> _written_out("Dale & Hill NHS FT")
    'Dale and Hill NHS Foundation Trust'
    """
    name = " ".join(name.replace("&", " and ").split())
    return _SHORTENED.sub(lambda found: _SHORT.get(found[0].casefold(), found[0]), name)


@lru_cache(maxsize=_NAMES)
def _words(name: str) -> tuple[str, ...]:
    """The words of a name in small letters, without apostrophes and with short forms written out."""
    text = _written_out(name).casefold().replace("\u2019", "").replace("'", "")
    return tuple(_SAME.get(word, word) for word in _WORD.findall(text))


def plain(name: str) -> str:
    """A name without regard to case, blanks, points and a leading `the`.

    >>> plain("The Queen Elizabeth Hospital, King's Lynn"), plain("Guy's & St Thomas\u2019")
    ('queenelizabethhospitalkingslynn', 'guysandstthomas')
    """
    words = _words(name)
    return "".join(words[1:] if words[:1] == ("the",) else words)


@lru_cache(maxsize=_NAMES)
def telling(name: str) -> frozenset[str]:
    """The words of a name that say which body it is, not of what kind.

    >>> sorted(telling("Norfolk and Norwich University Hospitals NHS Foundation Trust"))
    ['norfolk', 'norwich']
    """
    return reference.place_words(" ".join(_words(name))) - _SMALL


def initials(name: str) -> str:
    """The first letters of a name without its legal form.

    >>> initials("Norfolk and Norwich University Hospitals NHS Foundation Trust")
    'nnuh'
    """
    whole = re.sub(r"(?i)\b(nhs|foundation trust|trust)\b", " ", name)
    return "".join(word[0] for word in _words(whole) if word not in _SMALL)


def abbreviates(text: str, name: str) -> bool:
    """Whether a text says all telling words of a name, some of them by their first letters.

    >>> abbreviates("QE King's Lynn", "The Queen Elizabeth Hospital, King's Lynn, NHS Trust")
    True
    """
    given, left = set(_words(text)) - _SMALL, telling(name)
    said = given & left
    rest = [word for word in _words(name) if word in left - said]
    short = telling(" ".join(given - said))
    return bool(said) and bool(rest) and short == {"".join(word[0] for word in rest)}


class Bodies:
    """The bodies of a book, and the register behind them."""

    def __init__(self, own: Iterable[Spell] = ()) -> None:
        self.own: tuple[Spell, ...] = tuple(own)
        self.codes: Mapping[str, str] = {folded(spell.code): spell.code for spell in self.own}
        self._asked: dict[tuple[str, str], tuple[str, ...]] = {}

    def listed(self, code: str) -> bool:
        """Whether the book lists a code."""
        return code in self.codes.values()

    def name(self, code: str) -> str:
        """The name of a code for people: the book's, else the register's, else the code."""
        found = [spell.name for spell in self._spells if spell.code == code]
        known = [spell.name for spell in reference.spells(code)]
        return next(iter(found or known[-1:]), code)

    def match(self, text: str, year: str = "") -> Match:
        """The body that a text names in a year.

        >>> Bodies([Spell("RX1", "Dale NHS Trust")]).match("Dale")
        Match(code='RX1', how='exact', near=())
        """
        text = _PERIOD.sub(" ", text).strip()
        found = self._matched(text, year)
        if _BOARD.search(text) and self._is_system(found.code, text):
            return replace(found, code=board_code(found.code))
        return _told_apart(found, text)

    def _is_system(self, code: str, text: str) -> bool:
        """Whether a code is of a system that the book does not itself call by the name of its board."""
        own = (spell for spell in self.own if spell.code == code)
        if not code or any(plain(spell.name) == plain(text) for spell in own):
            return False
        known = reference.spells(code)
        return bool(known) and known[-1].kind == "system"

    def _matched(self, text: str, year: str) -> Match:
        code = self.codes.get(folded(text)) or (
            text.upper() if reference.spells(text.upper()) else ""
        )
        if not code and reference.spells(text.upper().removesuffix(board_code(""))):
            code = text.upper()
        if code:
            return Match(code, "code")
        return (
            self._beside_code(text, year)
            or _unless_of_a_system(self._named(text, year), text)
            or _unless_of_a_system(self._registered(text, year), text)
            or self._system(text, year)
            or Match("", "near" if (some := self._near(text, year)) else "", some)
        )

    def within(self, text: str) -> set[str]:
        """The bodies of the book whose whole names stand in a text, the longest name first.

        >>> Bodies([Spell("RX1", "Dale NHS Trust")]).within("Dale NHS Trust savings plan")
        {'RX1'}
        """
        left, found = f" {' '.join(_words(text))} ", set()
        names = {" ".join(_words(spell.name)): spell.code for spell in self.own}
        for name in sorted(names, key=len, reverse=True):
            if len(name.split()) > 2 and f" {name} " in left:
                found.add(names[name])
                left = left.replace(f" {name} ", " | ")
        return found

    def _beside_code(self, text: str, year: str) -> Match | None:
        """A code that stands beside a name: `Dale (RX1)`, `RX1 - Dale`; both must agree."""
        for token in _CODE.findall(text):
            code = self.codes.get(folded(token)) or (token if reference.spells(token) else "")
            rest = text.replace(token, " ").strip(" ()[]-–:,/")
            if not code or not rest or token != code:
                continue
            said = self._named(rest, year) or self._registered(rest, year) or Match()
            other = {one for one in (said.code, *said.near) if one}
            if not other or code in other:
                return Match(code, "code")
            return Match("", "near", (code, *sorted(other))[:MOST_NEAR])
        return None

    def _named(self, text: str, year: str) -> Match | None:
        """One of the book's bodies by the first form of a name that some have."""
        keys = _keys(text)
        for key, forms in zip(keys, self._forms, strict=True):
            if found := forms.get(key) if key else None:
                # A place alone names every body of the place, of whatever kind.
                place = set(_words(text)) - _SMALL == keys[2] and forms is not self._forms[0]
                return _one_of([*found, *(self._forms[2].get(keys[2], ()) if place else ())], year)
        return _one_of([one for one in self._spells if abbreviates(text, one.name)], year)

    def _registered(self, text: str, year: str) -> Match | None:
        """A body of the register by its whole name or its name without the legal form."""
        whole, short, *_ = _keys(text)
        for key, forms in zip((whole, short), _register()[:2], strict=True):
            if not (found := forms.get(key)):
                continue
            match = _one_of(found, year)
            if match is None or not match.code or not year:
                return match
            if not reference.outside_dates(match.code, year):
                return match
            heirs = [link.successor for link in reference.followed_by(match.code)]
            return Match("", "near", tuple(heirs[:MOST_NEAR]) or (match.code,))
        return None

    def _system(self, text: str, year: str) -> Match | None:
        """A system by the place of its name, which the register calls by its board."""
        if not _SYSTEM.search(text):
            return None
        board = _SYSTEM.sub("Integrated Care Board", text)
        return self._registered(board, year) or self._registered(f"NHS {board}", year)

    def _near(self, text: str, year: str) -> tuple[str, ...]:
        """Bodies of the register with the same telling words; then those of the book that share some."""
        if (text, year) not in self._asked:
            self._asked[text, year] = self._looked_for(text, year)
        return self._asked[text, year]

    def _looked_for(self, text: str, year: str) -> tuple[str, ...]:
        stop_if_cancelled()
        given, whole = telling(text), plain(text)
        alike = _register()[2].get(given, ()) if given else ()
        found: dict[str, float] = {one.code: 2.0 for one in alike if one.stands_in(year)}
        for spell in self._spells:
            words = telling(spell.name)
            shared = len(given & words) / max(len(given | words), 1)
            if near(whole, plain(spell.name)) or near(whole, plain(short_name(spell.name))):
                shared += 1
            if shared:
                found[spell.code] = max(shared, found.get(spell.code, 0))
        return tuple(sorted(found, key=lambda code: (-found[code], code))[:MOST_NEAR])

    @cached_property
    def _spells(self) -> tuple[Spell, ...]:
        """The book's spells, and after them other names that the register gives their codes."""
        more = []
        for code in dict.fromkeys(spell.code for spell in self.own):
            own = frozenset[str]().union(*(telling(s.name) for s in self.own if s.code == code))
            known = reference.spells(code)
            if any(telling(one.name) & own for one in known):
                more += [_spell_of(one, known[-1].name) for one in known]
        return (*self.own, *more)

    @cached_property
    def _forms(self) -> tuple[Mapping[object, Sequence[Spell]], ...]:
        return _indexed(self._spells)


@cache
def _register() -> tuple[Mapping[object, Sequence[Spell]], ...]:
    """The names of the register: whole, without the legal form, and by their telling words."""
    known = [
        _spell_of(one, reference.spells(code)[-1].name)
        for code in reference.codes()
        for one in reference.spells(code)
        if one.kind in ("provider", "commissioner", "system", "region")
    ]
    return _indexed(known)[:3]


def _unless_of_a_system(found: Match | None, text: str) -> Match | None:
    """A body, unless the name says that it is of a system, and the body is a trust of that place."""
    if found is None or not found.code or not _SYSTEM.search(text):
        return found
    known = reference.spells(found.code)
    return None if known and known[-1].kind == "provider" else found


def _told_apart(found: Match, text: str) -> Match:
    """A system or its board, where both are near and the name says which."""
    for system in found.near:
        if set(found.near) == {system, board_code(system)}:
            if _BOARD.search(text):
                return Match(board_code(system), "exact")
            if _SYSTEM.search(text):
                return Match(system, "exact")
    return found


def _spell_of(known: reference.KnownBody, latest: str) -> Spell:
    """A spell of the register: the last name of an open body has no end."""
    last = known.closed if known.name == latest else known.last_seen
    return Spell(known.code, known.name, None, last)


def _keys(name: str) -> tuple[object, object, object, object]:
    """The forms of a name, from the whole to its initials; an empty one is no form."""
    bare = plain(name)
    letters = bare if 3 <= len(bare) <= 6 else ""
    return plain(name), plain(short_name(_written_out(name))), telling(name), letters


def _indexed(spells: Iterable[Spell]) -> tuple[dict[object, list[Spell]], ...]:
    """Spells by each form of their names."""
    forms: tuple[dict[object, list[Spell]], ...] = ({}, {}, {}, {})
    for spell in spells:
        whole, short, words, _ = _keys(spell.name)
        letters = initials(spell.name)
        for key, index in zip((whole, short, words, letters), forms, strict=True):
            if key and not (index is forms[3] and len(letters) < 3):
                index.setdefault(key, []).append(spell)
    return forms


def _one_of(spells: Sequence[Spell], year: str) -> Match | None:
    """The one body of some spells: of those that stand in the year, else a former name."""
    standing = list(dict.fromkeys(spell.code for spell in spells if spell.stands_in(year)))
    every = list(dict.fromkeys(spell.code for spell in spells))
    for codes, how in ((standing, "exact"), (every, "former_name")):
        if len(codes) == 1:
            return Match(codes[0], how)
        if codes:
            return Match("", "near", tuple(codes[:MOST_NEAR]))
    return None
