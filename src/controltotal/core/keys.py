"""Codes and words in one form, so that no way of writing one makes two things of it.

A `key` forgets case, width and how parts are joined; a `twin` also forgets the joints themselves
and the alphabet that a letter was taken from. Digits are never exchanged for letters.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

LOOKALIKES = str.maketrans("авеіјкмнорсѕтухαβεζηικμνορτυχ", "abeijkmhopcstyxabezhikmnoptyx")
"""Cyrillic and Greek letters that look like Latin ones, as their capitals look."""


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
def word(text: str | None) -> str:
    """A word of an outcome, role, profile or domain in one form.

    >>> word("No change "), word("Approve-with  conditions"), word(None)
    ('no_change', 'approve_with_conditions', '')
    """
    return key(text).strip("-").replace("-", "_")
