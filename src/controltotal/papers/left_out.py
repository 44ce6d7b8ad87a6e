"""Who a chart of the month leaves out, and of how many it counts, in words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

Row = Mapping[str, Any]


def left_out(rows: Iterable[Row]) -> list[str]:
    """Who is set beside no control total because its month stands in, in words.

    >>> left_out([{"name": "Cedar", "stand_in": "as planned after month 8", "month": 9}])
    ['Cedar is left out: its month 9 stands in.']
    """
    return [
        f"{row['name']} is left out: its month{' ' * bool(row.get('month'))}{row.get('month') or ''} "
        "stands in."
        for row in rows
        if row.get("stand_in")
    ]


def of_those(some: int, told: int, of: int = 0) -> str:
    """So many of those that are told, and of how many that is; ends with a space.

    >>> of_those(2, 4), of_those(2, 2, 3)
    ('2 of 4 organisations ', '2 of the 2 organisations that are told, of 3, ')
    """
    if of <= told:
        return f"{some} of {told} organisations "
    return f"{some} of the {told} organisations that are told, of {of}, "
