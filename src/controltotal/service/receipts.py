"""What is said when an act was done: its receipt in words."""

from __future__ import annotations

from typing import Final

from controltotal.acts import Done

SHOWN: Final = 16
"""Letters of a root that a page shows: enough to know it again."""


def short_root(root: str) -> str:
    """A root as pages show it.

    >>> short_root("sha256:0123456789abcdef0123")
    '0123456789abcdef'
    """
    return root.removeprefix("sha256:")[:SHOWN]


def receipt_words(done: Done) -> str:
    """The receipt of an act in one sentence, and what follows from it.

    >>> receipt_words(Done(4, 5, "sha256:0123456789abcdef0123"))
    'Receipt: entry 5, root 0123456789abcdef.'
    """
    again = " It had been done before." if done.repeated else ""
    more = "".join(f" {text[:1].upper()}{text[1:]}." for text in done.notices)
    return f"Receipt: entry {done.last}, root {short_root(done.root)}.{again}{more}"
