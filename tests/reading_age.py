"""How old a reader must be for a text: Flesch and Kincaid's grade and five years.

`grade = 0.39 words a sentence + 11.8 syllables a word - 15.59` (Kincaid, Fishburne, Rogers and
Chissom, 1975). A number is a word of one syllable.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

WORD = re.compile(r"[A-Za-z]+(?:['’][A-Za-z]+)*|£?\(?\d[\d,.]*\)?m?")
VOWELS = re.compile(r"[aeiouy]+")


def syllables(word: str) -> int:
    """Groups of vowels, without a silent e at the end.

    >>> [syllables(word) for word in ("money", "stands", "hospital", "came", "little", "£60.2m")]
    [2, 1, 3, 1, 2, 1]
    """
    text = word.lower()
    if not text[:1].isalpha():
        return 1
    count = len(VOWELS.findall(text))
    silent = text.endswith(("e", "es", "ed")) and not text.endswith(
        ("le", "les", "ted", "ded", "ses", "ces", "ges", "ches", "shes", "xes", "zes")
    )
    return max(1, count - (1 if silent and count > 1 else 0))


def sentences(texts: Iterable[str]) -> list[list[str]]:
    """The words of each sentence; a heading, a point or a cell of a table is one at least."""
    found = []
    for text in texts:
        for part in re.split(r"(?<=[.!?])\s+", text):
            words = WORD.findall(part)
            if words:
                found.append(words)
    return found


def reading_age(texts: Iterable[str]) -> float:
    """The age at which a reader follows some texts."""
    said = sentences(texts)
    words = [word for sentence in said for word in sentence]
    grade = 0.39 * len(words) / len(said) + 11.8 * sum(map(syllables, words)) / len(words) - 15.59
    return grade + 5
