"""What is said when an act was done: its receipt in words."""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from controltotal.acts import Done

SHOWN: Final = 16
"""Letters of a root that a page shows: enough to know it again."""


NO_NAMES: Final[Mapping[str, str]] = MappingProxyType({})


def short_root(root: str) -> str:
    """A root as pages show it.

    >>> short_root("sha256:0123456789abcdef0123")
    '0123456789abcdef'
    """
    return root.removeprefix("sha256:")[:SHOWN]


def in_names(text: str, names: Mapping[str, str]) -> str:
    """Words with the names of bodies, as people say them, in place of their codes.

    >>> in_names("XF-FTH and XF-ALD each agree", {"XF-FTH": "Fenmarch", "XF-ALD": "Alderwick"})
    'Fenmarch and Alderwick each agree'
    """
    if not names:
        return text
    codes = "|".join(re.escape(code) for code in sorted(names, key=len, reverse=True))
    return re.sub(rf"(?<![\w/-])(?:{codes})(?![\w/-])", lambda found: names[found[0]], text)


def receipt_words(done: Done, names: Mapping[str, str] = NO_NAMES) -> str:
    """The receipt of an act in one sentence, and what follows from it.

    >>> receipt_words(Done(4, 5, "sha256:0123456789abcdef0123"))
    'Receipt: entry 5, root 0123456789abcdef.'
    """
    again = " It had been done before." if done.repeated else ""
    told = (in_names(text, names) for text in done.notices)
    more = "".join(f" {text[:1].upper()}{text[1:]}." for text in told)
    return f"Receipt: entry {done.last}, root {short_root(done.root)}.{again}{more}"
