"""How codes and people are told apart, so that no way of writing one opens a door.

A doubt never lets a scheme count: what might be its evidence is taken to be its own, and two names
that might be one person's are taken for one person.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

LOOKALIKES = str.maketrans("авеіјкмнорсѕтухαβεζηικμνορτυχ", "abeijkmhopcstyxabezhikmnoptyx")
"""Cyrillic and Greek letters that look like Latin ones, as their capitals look."""

_NOBODY = """
tbc; tba; tbd; na; n a; nil; none; no; nobody; unsigned; pending; awaited; awaiting; vacant; unknown;
yes; signed; x; xx; xxx; not signed; not yet; not yet signed; awaiting signature; to be confirmed;
to be signed; to be agreed; to follow; not known; not applicable; not available
"""
NOBODY = frozenset(" ".join(words.split()) for words in _NOBODY.split(";"))
"""What people write where a name is missing."""

_TITLES = "dr mr mrs ms miss mx prof professor sir dame lord lady rev"
TITLES = frozenset(_TITLES.split())
_LETTERS = "obe mbe cbe frcp frcs frcn frca mrcp rcn rn rgn msc bsc phd md mbbs ba ma mba"
LETTERS = frozenset(_LETTERS.split())
"""Words before and after a name that tell nobody apart."""


@lru_cache(maxsize=16384)
def key(text: str | None) -> str:
    """A code in one form: without regard to case, width, and how its parts are joined.

    >>> key(" EST_1 – 11") == key("est-1-11"), key("EST-1-11") == key("EST-11-1")
    (True, False)
    """
    plain = unicodedata.normalize("NFKC", text or "").casefold()
    plain = "".join(c for c in plain if unicodedata.category(c) != "Cf")
    return re.sub(r"[\s\-_\u2010-\u2015\u2212]+", "-", plain.strip())


@lru_cache(maxsize=16384)
def twin(text: str | None) -> str:
    """The key without its joints, look-alikes from other alphabets made Latin.

    >>> twin("T-1") == twin("Т1")  # the second begins with a Cyrillic letter
    True
    """
    return key(text).replace("-", "").translate(LOOKALIKES)


@lru_cache(maxsize=16384)
def person(text: str | None) -> str:
    """A person's name in one form, so that case, dots and spaces make nobody two people.

    >>> person("Dr. A  Example") == person("dr a example")
    True
    """
    plain = unicodedata.normalize("NFKD", text or "").casefold()
    kept = "".join(
        " " if c.isspace() or c == "-" else c for c in plain if c.isalnum() or c in " -\t\xa0"
    )
    return " ".join(kept.split())


def is_name(text: str | None) -> bool:
    """Whether something is written that may be a name: `TBC` and `not signed` are none.

    >>> is_name("B Birch"), is_name("n/a"), is_name("Not signed")
    (True, False, False)
    """
    return bool(person(text)) and person((text or "").replace("/", " ")) not in NOBODY


def one_person(first: str | None, second: str | None) -> bool:
    """Whether two names may be one person's: full names that differ tell them apart.

    >>> one_person("Dr A. Ash", "Alice Ash, Medical Director"), one_person("A Ash", "B Ash")
    (True, False)
    >>> one_person("Beth Birch", "Bill Birch")
    False
    """
    one, other = _words(first), _words(second)
    if not one or not other:
        return False
    if set(one) <= set(other) or set(other) <= set(one):
        return True
    one, other = _words(_bare(first)), _words(_bare(second))
    if len(one) < 2 or len(other) < 2 or one[-1] != other[-1] or len(one[-1]) == 1:
        return False
    return all(
        a == b or (a[0] == b[0] and 1 in (len(a), len(b)))
        for a, b in zip(one[:-1], other[:-1], strict=False)  # further names are not always written
    )


def owners(text: str | None) -> tuple[str, ...]:
    """Those named as owners in one cell."""
    return tuple(one for one in re.split(r";|&|/| and ", text or "") if person(one))


def _bare(text: str | None) -> str:
    """A name without a remark after a comma or in brackets."""
    return re.split(r"[,(]", text or "")[0]


def _words(text: str | None) -> list[str]:
    plain = person(re.sub(r"[.,()/]", " ", text or "")).translate(LOOKALIKES)
    return [word for word in plain.split() if word not in TITLES and word not in LETTERS]
