"""What one cell says in the form of a book: a share, a day, a word, and whole pence of a row.

A share of a penny, which a formula such as a twelfth leaves, is kept exactly until a row is
written, so that the months of a scheme make its year to the penny.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import date
from fractions import Fraction
from typing import Final

from controltotal.core.calendar import (
    CalendarError,
    dated_month,
    month_start,
    months_of,
    parse_date,
)
from controltotal.core.datafiles import packaged_rows
from controltotal.core.money import MoneyError, parse_number
from controltotal.core.vocabulary import folded, meant
from controltotal.intake.cells import Cells
from controltotal.intake.model import Value
from controltotal.sources.workbook import cell_text

NOT_APPLICABLE: Final = ("na", "n/a", "n.a.", "notapplicable")
"""What people write in a cell that has no figure; it is read as empty."""
RECURRENT: Final = "recurrent"
ONCE: Final = "non_recurrent"
_NUMBERED: Final = re.compile(
    r"^\s*(?:\(?\d{1,2}[.):]|\d{1,2}\s*[-\u2013\u2014]|stage \d\s*[:\u2013-])\s*", re.IGNORECASE
)
"""The number of a choice of a list, which people keep before its words."""
_HALF: Final = Fraction(1, 2)
_TINY: Final = Fraction(1, 1000)
"""Pence that fifteen digits of a spreadsheet may lose in a sum."""


def said_of(value: Value) -> str:
    """The text that a person would read in a cell.

    >>> said_of(4.6), said_of(2019.0), said_of(True), said_of(None), said_of(date(2026, 4, 1))
    ('4.6', '2019', 'yes', '', '2026-04-01')
    """
    return cell_text(value).strip()


def is_empty(value: Value) -> bool:
    """Whether a cell says nothing: empty, blanks, or `n/a`."""
    if isinstance(value, str):
        return not value.strip() or folded(value) in NOT_APPLICABLE
    return value is None


def exact_of(cells: Cells, row: int, column: int, pence: int) -> int | Fraction:
    """The pence of a cell as it is stored, before it was rounded to a penny."""
    off = cells.off.get((row, column))
    return pence - Fraction(off) if off else pence


def same(one: int | Fraction, other: int | Fraction) -> bool:
    """Whether two sums are equal to the penny; a share of a penny is no difference.

    >>> same(Fraction(1001, 3), 334), same(334, 335)
    (True, False)
    """
    return abs(Fraction(one) - Fraction(other)) < _HALF


def whole(pence: int | Fraction) -> int:
    """Whole pence, half away from nil; what fifteen digits lose is given back first.

    >>> whole(Fraction(199999999999, 1000000000)), whole(Fraction(-5, 2)), whole(7)
    (200, -3, 7)
    """
    if isinstance(pence, int):
        return pence
    size = abs(pence) + _HALF + _TINY
    return -(size.__floor__()) if pence < 0 else size.__floor__()


def spread(parts: Sequence[int | Fraction]) -> list[int]:
    """Whole pence of the parts of a row, which make the whole of it to the penny.

    >>> spread([Fraction(2500, 3)] * 3)
    [833, 834, 833]
    """
    found: list[int] = []
    run: int | Fraction = 0
    for part in parts:
        before, run = whole(run), run + part
        found.append(whole(run) - before)
    return found


def share_of(value: Value) -> str:
    """A chance or share between 0 and 1 as text; raises MoneyError where it is none.

    >>> share_of(0.2), share_of("20%"), share_of(1.0)
    ('0.2', '0.2', '1')
    """
    text = said_of(value)
    number = parse_number(text.removesuffix("%").strip())
    number = number / 100 if text.endswith("%") else number
    if not 0 <= number <= 1:
        raise MoneyError(text, "a chance from 0 to 1, or a percentage with its sign")
    return format(number.normalize(), "f") if number % 1 else str(int(number))


def written_share(share: Fraction) -> str:
    """A share as the exact decimal that a book writes, to ten places.

    >>> written_share(Fraction(4, 5)), written_share(Fraction(1)), written_share(Fraction(1, 8))
    ('0.8', '1', '0.125')
    """
    return f"{float(share):.10f}".rstrip("0").rstrip(".")


def day_of(value: Value) -> date:
    """A day; raises CalendarError where it is none.

    >>> day_of("1 July 2026"), day_of(date(2026, 7, 1))
    (datetime.date(2026, 7, 1), datetime.date(2026, 7, 1))
    """
    return value if isinstance(value, date) else parse_date(said_of(value))


def start_of(value: Value, year: str = "") -> date:
    """The day on which something starts: of a month its first day; raises CalendarError.

    >>> start_of("Jul-26"), start_of("M4", "2026-27"), start_of("Q2", "2026-27")
    (datetime.date(2026, 7, 1), datetime.date(2026, 7, 1), datetime.date(2026, 7, 1))
    """
    if isinstance(value, date):
        return value
    text = said_of(value)
    try:
        period, named = dated_month(text)
    except CalendarError:
        return parse_date(text)
    exact = re.search(r"\d{4}-\d{2}-\d{2}|\d{1,2}[/. -](\d{1,2}|[A-Za-z]{3,9})[/. -]\d{2,4}", text)
    if exact:
        return parse_date(text)
    if not period or not (named or year):
        raise CalendarError(text, "a day, or a month with its year")
    return month_start(named or year, months_of(period)[0])


def word_of(text: str, words: Iterable[str], column: str) -> str:
    """The word of a vocabulary that a text is, in any usual form; empty where it is none.

    >>> word_of("R", ("recurrent", "non_recurrent"), "recurrence")
    'recurrent'
    >>> word_of("Plans in progress", ("in_progress",), "maturity")
    'in_progress'
    >>> word_of("4. Opportunity", ("in_progress", "opportunity"), "maturity")
    'opportunity'
    """
    choices = tuple(words)
    key = folded(text)
    usual = next(
        (
            row["means"]
            for row in packaged_rows("intake_values.csv")
            if row["column"] == column and folded(row["written"]) == key
        ),
        "",
    )
    found = meant(text, choices, column) or (usual if usual in choices else "")
    plain = _NUMBERED.sub("", text)
    return found or (word_of(plain, choices, column) if plain and plain != text else "")


def recurrence_of(text: str, heading: str) -> str:
    """Whether something repeats every year, in the words of the book; empty where nobody can tell.

    `yes` under *Recurrent?* is recurrent, under *Non-recurrent?* it is not.

    >>> recurrence_of("NR", "R/NR"), recurrence_of("Y", "Recurrent?"), recurrence_of("Y", "Non-recurrent")
    ('non_recurrent', 'recurrent', 'non_recurrent')
    >>> recurrence_of("partly", "R/NR")
    ''
    """
    if answer := meant(text, ("yes", "no"), "yesno"):
        once = folded(heading).startswith("nonrec")
        return RECURRENT if (answer == "yes") != once else ONCE
    return word_of(text, (RECURRENT, ONCE), "recurrence")
