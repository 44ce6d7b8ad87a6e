"""Money typed in a form: read exactly, and told back in words before anything is written."""

from __future__ import annotations

from typing import Final

from controltotal.core.errors import BookError
from controltotal.core.money import own_unit, parse_money

SMALLEST: Final = 1_000_00
"""Pence below which a number without a pound sign or a unit may be meant in millions."""


class Wrong(ValueError):
    """A sum that cannot be read: what to write instead."""


def pounds(text: str) -> str:
    """A sum of pounds as a cell with the unit £ holds it, whole or with pence.

    >>> pounds("£1.5m"), pounds("1,250"), pounds("250k")
    ('1500000', '1250', '250000')
    """
    if not text.strip():
        raise Wrong("Give an amount, for example £1.5m or 1,500,000.")
    try:
        pence = parse_money(text.strip(), "£")
    except (BookError, ValueError) as error:
        raise Wrong("Give the amount in pounds, for example £1.5m or 1,500,000.") from error
    if pence <= 0:
        raise Wrong("Give an amount above nil: who gives and who receives is said beside it.")
    if pence < SMALLEST and "£" not in text and not own_unit(text.strip()):
        plain = text.strip()
        raise Wrong(
            f"Say in what unit: £{plain}m for millions, £{plain}k for thousands, or £{plain}."
        )
    whole, part = divmod(pence, 100)
    return f"{whole}.{part:02d}" if part else str(whole)
