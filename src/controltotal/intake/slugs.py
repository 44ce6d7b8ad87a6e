"""Ids made of titles, for lists that have no references of their own."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from typing import Final

LONGEST: Final = 60
"""Characters of the longest id that is made of a title."""


def slug(text: str) -> str:
    """An id of a title: small letters, digits and hyphens.

    >>> slug("Ward 7: close 12 beds (phase 2)")
    'ward-7-close-12-beds-phase-2'
    """
    plain = unicodedata.normalize("NFKD", text.casefold()).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:LONGEST].strip("-")


def slugs(titles: Iterable[str]) -> list[str]:
    """An id for each title; none at all where two would be alike or one is empty.

    >>> slugs(["Beds", "Drugs"]), slugs(["Beds", "beds"])
    (['beds', 'drugs'], [])
    """
    made = [slug(title) for title in titles]
    return made if all(made) and len(set(made)) == len(made) else []
