"""Whether money can be in the unit that the file names: no body of the NHS turns over so much."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from controltotal.core import reference
from controltotal.core.finding import Finding
from controltotal.intake.model import Place, Seen
from controltotal.intake.questions import asked as question
from controltotal.intake.questions import quoted

YEAR: Final = 20_000_000_000_00
"""Pence of a year that no provider and no commissioner comes near: the largest have some £12 billion."""
MONTHS: Final = 12
SCHEME: Final = 1_000_000_000_00
"""Pence that no single scheme saves in a year."""
_LARGE: Final = frozenset({"region", "nation"})
_SHOWN: Final = 3


def too_large(pence: int, period: str, body: str) -> bool:
    """Whether money of one line is more than any body turns over; regions and the nation may have more.

    >>> too_large(900_000_000_000, "1", "RGP"), too_large(900_000_000, "1", "RGP")
    (True, False)
    """
    most = YEAR // MONTHS if period.isdigit() else YEAR // 4 if period[:1] == "Q" else YEAR
    return abs(pence) > most and not _is_large(body)


def _is_large(body: str) -> bool:
    return any(spell.kind in _LARGE for spell in reference.spells(body))


def in_doubt(seen: Seen, cells: Mapping[Place, int], units: Iterable[str]) -> Finding:
    """The question whether the unit that a file names is that of its figures."""
    named = " or ".join(sorted(set(units) - {""}))
    places = list(cells)
    largest = max(abs(pence) for pence in cells.values())
    return question(
        "IMPORT_SCALE",
        f"Read in {named} as the file says, one figure comes to £{largest / 100_000_000_000:,.1f} billion, "
        "which is more than any such body has: the figures seem to be in another unit.",
        [seen.grid.at(*place) for place in places],
        expected="figures in the unit that the headings name",
        found=quoted(seen.grid.text(*place) for place in places[:_SHOWN]),
        action="Say in which unit the figures are: --set unit=£, £000 or £m.",
    )
