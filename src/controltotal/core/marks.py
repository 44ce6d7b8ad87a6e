"""Marks: what a form of a book says of a cell beside its text, written into the text itself.

A cell of a workbook may show another number than it holds, or stand under a merged area. Such a
cell becomes a text that no column can read, as a spreadsheet's own `#REF!` is, so that its row
stops with its reason in every form to which the book is carried, and nothing of it is lost.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Mark:
    """What a mark stands for: the code of its finding, what was expected, and what to do."""

    code: str
    expected: str
    action: str


MARKS: Final = {
    "MERGED": Mark(
        code="MERGED_AMOUNT",
        expected="a value of its own in each cell",
        action="Unmerge the cells, and write in each row what is its own.",
    ),
    "SCALED": Mark(
        code="SCALED_CELL",
        expected="a number shown as it is stored",
        action="Write the number as it is meant, in a plain number format such as #,##0.",
    ),
    "REPEATED": Mark(
        code="NOT_READ",
        expected="each cell once",
        action="Open the workbook in a spreadsheet, check the cell, and save it again.",
    ),
    "UNIT": Mark(
        code="UNKNOWN_UNIT",
        expected="one unit: the line above the headings says another than the book",
        action="Write the unit of each row in the column unit.",
    ),
}


def marked(kind: str, text: str) -> str:
    """The text of a cell with its mark.

    >>> marked("MERGED", "33000")
    '#MERGED! 33000'
    """
    return f"#{kind}! {text}".rstrip()


def read_mark(text: str) -> tuple[Mark, str] | None:
    """The mark of a cell and the text beside it; None where it bears none.

    >>> read_mark("#SCALED! 400000, shown as 400")[1], read_mark("#REF!")
    ('400000, shown as 400', None)
    """
    if not text.startswith("#"):
        return None
    kind, mark, rest = text[1:].partition("!")
    return (MARKS[kind], rest.strip()) if mark and kind in MARKS else None
