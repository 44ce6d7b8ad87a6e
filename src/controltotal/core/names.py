"""Short names of organisations: what people call them, the same wherever a paper names them.

A legal form (`NHS Foundation Trust`), the word *fictional* and what stands in brackets are left
out where the names stay apart without them. Source: `papers`, Rules of the page.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Final

ASIDE: Final = re.compile(r"\s*\((?:a |an )?fictional[^()]*\)", re.IGNORECASE)
FICTION: Final = re.compile(r"[,:]? (?:a|an) fictional [\w ]+$", re.IGNORECASE)
FORMS: Final = (
    (re.compile(r" (?:University )?NHS (?:Foundation )?Trust$", re.IGNORECASE), ""),
    (re.compile(r" Integrated Care (?:Board|System|Partnership)$", re.IGNORECASE), ""),
    (re.compile(r" Clinical Commissioning Group$", re.IGNORECASE), " CCG"),
    (re.compile(r"^NHS (?=\w)", re.IGNORECASE), ""),
)
BOARD: Final = re.compile(r" Integrated Care Board$", re.IGNORECASE)


def short_name(name: str) -> str:
    """One name without its legal form; an integrated care board stays told as one.

    >>> short_name("NHS Lancashire and South Cumbria Integrated Care Board")
    'Lancashire and South Cumbria ICB'
    >>> short_name("University Hospitals of Morecambe Bay NHS Foundation Trust")
    'University Hospitals of Morecambe Bay'
    >>> short_name("Hollowmere General Hospital (fictional)")
    'Hollowmere General Hospital'
    """
    found = ASIDE.sub("", name)
    found = BOARD.sub(" ICB", FICTION.sub("", found))
    for form, instead in FORMS:
        found = form.sub(instead, found)
    return found.strip() or name


def short_names(names: Mapping[str, str]) -> dict[str, str]:
    """The short names of several bodies, by code; one that two would share stays whole.

    >>> short_names({"A": "Dale NHS Trust", "B": "Dale NHS Foundation Trust", "C": "Hill NHS Trust"})
    {'A': 'Dale NHS Trust', 'B': 'Dale NHS Foundation Trust', 'C': 'Hill'}
    """
    short = {code: short_name(name) for code, name in names.items()}
    times = Counter(short.values())
    return {code: names[code] if times[one] > 1 else one for code, one in short.items()}


def listed(parts: Sequence[str]) -> str:
    """Parts in a row of words.

    >>> listed(["a", "b", "c"]), listed(["a"])
    ('a, b and c', 'a')
    """
    *most, last = parts
    return f"{', '.join(most)} and {last}" if most else last
