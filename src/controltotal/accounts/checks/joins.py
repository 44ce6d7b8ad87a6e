"""Codes of a book that look like those of the register and are not what it takes them for.

A letter for a nought, small letters, a trust entered as a commissioner, a system under another
region: nothing published is joined to such a row, or that of another body, and nobody would see it.
Codes of the book's own, such as one with a hyphen, and fictional books are left in peace.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from controltotal.accounts.checks.totals import details, places
from controltotal.book.fold import Position
from controltotal.book.records import Organisation
from controltotal.core import reference
from controltotal.core.finding import Finding

FORM: Final = re.compile(r"Q[A-Z0-9]{2}|Y\d\d|R[A-Z0-9]{2}|\d\d[A-Z]")
"""Codes of systems, regions, trusts and commissioners, as the register forms them."""
LOOKALIKE: Final = str.maketrans("OI", "01")
KINDS: Final = ("provider", "commissioner", "system", "region")
"""Kinds of body that the register and a book name alike."""


def joins(position: Position) -> Iterator[Finding]:
    """Each body of a book whose code, kind or region is not that of the register."""
    if position.is_fictional:
        return
    rows = {row.code: row for row in position.book.organisations}
    real = {code for code in rows if reference.spells(code)}
    unknown = []
    for code, row in rows.items():
        if code in real:
            yield from _of_another_kind(row)
            yield from _of_another_region(row, rows)
            continue
        meant = _meant(code)
        if meant:
            yield _near(row, meant)
        elif FORM.fullmatch(code):
            unknown.append(row)
    if unknown and len(real) >= len(unknown):  # a book of real bodies
        yield _unknown(unknown)


def _meant(code: str) -> str:
    """The code of the register that a code is, but for small letters or a letter for a nought.

    >>> _meant("01k"), _meant("O1K"), _meant("BCT"), _meant("X-1")
    ('01K', '01K', '', '')
    """
    upper = code.upper()
    tried = (upper, upper.translate(LOOKALIKE), upper[:1] + upper[1:].translate(LOOKALIKE))
    return next((one for one in tried if one != code and reference.spells(one)), "")


def _said(row: Organisation, message: str, expected: str, found: str, action: str) -> Finding:
    return Finding(
        code="BOUNDARY_MISMATCH",
        severity="warning",
        organisation=row.code,
        where=places([row]),
        message=message,
        expected=expected,
        found=found,
        action=action,
        detail=details([row]),
    )


def _near(row: Organisation, meant: str) -> Finding:
    return _said(
        row,
        f"The register has no code {row.code}; {meant} is {reference.spells(meant)[-1].name}. "
        f"Nothing published is taken for {row.code}.",
        meant,
        row.code,
        f"Write {meant} in every table, if that body is meant.",
    )


def _of_another_kind(row: Organisation) -> Iterator[Finding]:
    kinds = {spell.kind for spell in reference.spells(row.code)} & set(KINDS)
    every = {spell.kind for spell in reference.spells(row.code)}
    if row.kind not in KINDS or kinds != every or row.kind in kinds:
        return
    known = " or ".join(sorted(kinds))
    yield _said(
        row,
        f"{row.name} ({row.code}) is entered as a {row.kind}; by the register the code is that of a "
        f"{known}, {reference.spells(row.code)[-1].name}. What is published of it as a {known} is "
        "not taken.",
        known,
        row.kind,
        "Correct the kind, or the code.",
    )


def _of_another_region(row: Organisation, rows: dict[str, Organisation]) -> Iterator[Finding]:
    """A system whose region in the book is one in which the register has never had it."""
    above = rows.get(row.parent or "")
    regions = {spell.region for spell in reference.spells(row.code) if spell.region}
    if row.kind != "system" or above is None or above.kind != "region" or not regions:
        return
    if above.code in regions or not reference.spells(above.code):
        return
    last = reference.spells(row.code)[-1].region
    named = reference.spells(last)
    yield _said(
        row,
        f"{row.name} ({row.code}) stands under {above.name} ({above.code}); by the register it is in "
        f"{named[-1].name if named else last} ({last}). Sums of {above.name} in this book hold it.",
        last,
        above.code,
        "Correct the parent, or the code.",
    )


def _unknown(rows: list[Organisation]) -> Finding:
    codes = ", ".join(row.code for row in rows[:8]) + (" …" if rows[8:] else "")
    one = len(rows) == 1
    return Finding(
        code="BOUNDARY_MISMATCH",
        severity="warning",
        organisation=rows[0].code if one else "",
        where=places(rows),
        message=f"{codes} {'has' if one else 'have'} the form of a code of the register, and the "
        f"packaged register does not know {'it' if one else 'them'}; nothing published is taken for "
        f"{'it' if one else 'them'}.",
        expected="a code of the register, or one of the book's own with a hyphen",
        found=codes,
        action="Look the code up, or give the book's own code a hyphen.",
        detail=details(rows),
    )
