"""What is said when an act was done: its receipt in words."""

from __future__ import annotations

from controltotal.acts import Done


def receipt_words(done: Done) -> str:
    """The receipt of an act in one sentence, and what follows from it.

    >>> receipt_words(Done(4, 5, "sha256:0123456789abcdef0123"))
    'Receipt: entry 5, root 0123456789abcdef.'
    """
    root = done.root.removeprefix("sha256:")[:16]
    again = " It had been done before." if done.repeated else ""
    more = "".join(f" {text[:1].upper()}{text[1:]}." for text in done.notices)
    return f"Receipt: entry {done.last}, root {root}.{again}{more}"
