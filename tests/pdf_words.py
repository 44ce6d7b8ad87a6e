"""The words of a PDF, read back by a library of somebody else, each with the place of its ink."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pypdfium2 as pdfium

TOUCH = 0.8
"""Points by which two words may touch: the ink of slanted letters leans over its neighbour."""


@dataclass(frozen=True)
class Word:
    """A word and the box of its ink, in points from the left and from the bottom of its page."""

    text: str
    left: float
    bottom: float
    right: float
    top: float

    def is_over(self, other: Word) -> bool:
        across = min(self.right, other.right) - max(self.left, other.left)
        return across > TOUCH and min(self.top, other.top) - max(self.bottom, other.bottom) > TOUCH


def words_of(data: bytes) -> list[list[Word]]:
    """The words of each page."""
    document = pdfium.PdfDocument(data)
    try:
        return [list(_words(page)) for page in document]
    finally:
        document.close()


def _words(page: pdfium.PdfPage) -> Iterator[Word]:
    text = page.get_textpage()
    letters: list[tuple[str, tuple[float, float, float, float]]] = []
    for place in range(text.count_chars()):
        letter = text.get_text_range(place, 1)
        box = text.get_charbox(place)
        far = letters and abs(box[1] - letters[0][1][1]) > 20
        if not letter.strip() or far:
            yield from _word(letters)
            letters = []
        if letter.strip():
            letters.append((letter, box))
    yield from _word(letters)


def _word(letters: list[tuple[str, tuple[float, float, float, float]]]) -> Iterator[Word]:
    if letters:
        lefts, bottoms, rights, tops = zip(*(box for _, box in letters), strict=True)
        text = "".join(letter for letter, _ in letters)
        yield Word(text, min(lefts), min(bottoms), max(rights), max(tops))


def overlaps(words: list[Word]) -> list[tuple[str, str]]:
    """The words of a page of which one is printed over the other."""
    found = []
    ordered = sorted(words, key=lambda word: word.left)
    for place, word in enumerate(ordered):
        for other in ordered[place + 1 :]:
            if other.left >= word.right:
                break
            if word.is_over(other):
                found.append((word.text, other.text))
    return found
