"""The words in which finance sheets are written: headings, bases, spans, units, totals, ends.

They stand in `data/intake_words.csv`. Words are compared folded and without punctuation, so that
`R/NR`, `r / nr` and `R-NR` are one. What is near a word is near, and asked about.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from functools import lru_cache

from controltotal.core.datafiles import packaged_rows
from controltotal.core.schema import near, tables
from controltotal.core.vocabulary import folded

_PUNCTUATION = re.compile(r"[^\w£%&]+")
_QUOTES = str.maketrans(dict.fromkeys("\u2018\u2019`\u00b4", "'"))
_DASHES = re.compile(r"[\u2010-\u2015\u2212]")
_GATE = re.compile(r"(?:stage )?(?:g|gate|gateway)\s*-?\s*[0-5]\b(.*)", re.I)
PASSED_WORDS = frozenset(
    [
        "date",
        "passed",
        "pass",
        "approved",
        "approval",
        "achieved",
        "completed",
        "complete",
        "on",
        "sign",
        "signed",
        "off",
        "of",
    ]
)
"""Words of a heading beside its gate that say no more than on which day it was passed."""


@lru_cache(maxsize=16384)
def key(text: str) -> str:
    """A text as words are compared: folded, without punctuation.

    >>> key("R / NR?"), key("Full-year effect (FYE)"), key("I & E")
    ('rnr', 'fullyeareffectfye', 'i&e')
    """
    return _PUNCTUATION.sub("", folded(text))


@lru_cache(maxsize=16384)
def plain(text: str) -> str:
    """A text for phrases to be found in: lower case, plain quotes and dashes, single blanks.

    >>> plain("Plan –  £’000")
    "plan - £'000"
    """
    text = unicodedata.normalize("NFKC", text).casefold().translate(_QUOTES)
    return " ".join(_DASHES.sub("-", text).split())


@lru_cache(maxsize=16)
def written(kind: str) -> Mapping[str, str]:
    """The words of a kind as they are written, each with what it means."""
    return {
        word: row["means"]
        for row in packaged_rows("intake_words.csv")
        if row["kind"] == kind
        for word in row["written"].split(";")
    }


@lru_cache(maxsize=16)
def keyed(kind: str) -> Mapping[str, str]:
    """The words of a kind by their keys."""
    return {key(word): means for word, means in written(kind).items()}


@lru_cache(maxsize=1)
def _columns() -> Mapping[str, str]:
    """Every column of a table of the book, by its key."""
    return {key(name): name for table in tables().values() for name in table.columns}


@lru_cache(maxsize=16384)
def heading_means(text: str) -> str:
    """What a heading means by its words alone; empty where it is none of the vocabulary.

    >>> heading_means("Scheme Ref."), heading_means("Dr/Cr"), heading_means("interest")
    ('scheme_id', 'direction', 'interest')
    >>> heading_means("Non-recurrent?"), heading_means("Non-recurrent")
    ('recurrence', '')
    """
    if text.startswith("#") and text.endswith(("!", "?", "/A")):
        return ""  # an error cell
    found = key(text)
    if text.rstrip().endswith("?") and (means := keyed("question").get(found, "")):
        return means
    return keyed("heading").get(found, "") or _columns().get(found, "") or _gate_of(text)


def _gate_of(text: str) -> str:
    """The day of a gate, where a heading says which gate and no more than that it was passed.

    >>> _gate_of("Gate 1 passed"), _gate_of("Gateway 2 (approved on)"), _gate_of("Gate 3 (plan)")
    ('gate_date', 'gate_date', '')
    """
    named = _GATE.match(text.strip())
    rest = re.findall(r"[a-z]+", named[1].casefold()) if named else ["none"]
    return "gate_date" if named and set(rest) <= PASSED_WORDS else ""


@lru_cache(maxsize=4096)
def heading_near(text: str) -> str:
    """The one meaning that a heading is a slip of the pen from; empty for none, or two.

    >>> heading_near("Directorat"), heading_near("Recurent"), heading_near("colour")
    ('directorate', 'recurrence', '')
    """
    found = key(text)
    if not 7 <= len(found) <= 40:
        return ""
    means = {means for word, means in keyed("heading").items() if near(found, word)}
    return means.pop() if len(means) == 1 else ""


def is_end(text: str) -> bool:
    """Whether a line says that the table ends here.

    >>> is_end("*** END ***"), is_end("End date")
    (True, False)
    """
    return key(text) in _marks("end")


@lru_cache(maxsize=4)
def _marks(means: str) -> frozenset[str]:
    return frozenset(word for word, said in keyed("mark").items() if said == means)


@lru_cache(maxsize=1)
def _phrases() -> tuple[re.Pattern[str], Mapping[str, tuple[str, str]]]:
    """One pattern for every phrase of a basis, a span or nothing much, the longest first."""
    said: dict[str, tuple[str, str]] = {}
    words: dict[str, str] = {}
    for kind in ("basis", "span", "noise"):
        for word, means in written(kind).items():
            said.setdefault(_bare(plain(word)), (kind, means))
            words.setdefault(_bare(plain(word)), _loosely(plain(word)))
    choice = "|".join(words[word] for word in sorted(words, key=lambda word: -len(word)))
    return re.compile(f"(?<![a-z0-9])(?:{choice})(?![a-z0-9])"), said


def _bare(word: str) -> str:
    return re.sub(r"[\s_-]+", "", word)


def _loosely(word: str) -> str:
    """A phrase with blanks, hyphens and underscores allowed between its words."""
    return r"[\s_-]*".join(map(re.escape, re.findall(r"[a-z0-9%]+|[^a-z0-9%\s_-]", word)))


def phrases_in(text: str) -> Iterator[tuple[str, str]]:
    """The phrases of a plain text in order, by kind and meaning, and last what they leave over.

    >>> list(phrases_in("ytd budget of wards"))
    [('span', 'to_date'), ('basis', 'plan'), ('noise', 'noise'), ('rest', 'wards')]
    """
    pattern, said = _phrases()
    for match in pattern.finditer(text):
        yield said[_bare(match[0])]
    rest = re.sub(r"[\s\-_/()\[\]:;,.*'&+|]+", " ", pattern.sub(" ", text)).strip()
    if rest:
        yield "rest", rest
