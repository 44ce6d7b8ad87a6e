"""Lines of account: what kind of money a row is, and so which way it counts.

Income is positive and cost negative inside, so that a plain sum is the surplus or (deficit).
Lines of kind `position` are wholes that are never added to others.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Final

from controltotal.core.datafiles import packaged_rows

NET_FINANCE: Final = "net_finance_costs"
"""The group of lines that take from the costs of finance, such as interest received: costs below nil."""
SAVINGS: Final = "savings"
"""The group of savings to find, and of costs below nil that stand for them in a statement."""
ADJUSTING: Final = "outside"
"""The group of lines that stand outside a control total, and of what takes them out of other lines."""


@dataclass(frozen=True, slots=True)
class Line:
    """A line of account; `added` says whether it is part of a surplus made from lines.

    `outside`: part of the surplus, and not of the position as a control total measures it (what a
    body cannot control, such as an impairment); either sign is lawful there.
    """

    line: str
    name: str
    kind: str
    added: bool
    group: str = ""
    sub_code: str = ""
    outside: bool = False

    @property
    def written_kind(self) -> str:
        """The kind by whose sign a file writes it: interest received stands there as income does.

        >>> Line("interest", "Interest received", "cost", True, NET_FINANCE).written_kind
        'income'
        """
        return "income" if self.group == NET_FINANCE else self.kind

    @property
    def sign(self) -> int:
        """The factor from the amount as written to the amount inside: cost is -1.

        >>> packaged_lines()["pay"].sign
        -1
        """
        return -1 if self.kind == "cost" else 1


@lru_cache(maxsize=1)
def packaged_lines() -> Mapping[str, Line]:
    """The lines that every book may use."""
    return {
        row["line"]: Line(
            row["line"],
            row["name"],
            row["kind"],
            row["added"] == "yes",
            row["group"],
            outside=row["outside_control_total"] == "yes",
        )
        for row in packaged_rows("lines.csv")
    }


def all_lines(
    extra: Iterable[Line] = (), outside: Mapping[str, bool] | None = None
) -> dict[str, Line]:
    """Packaged lines and a book's own; a book's own may not change a packaged line's kind.

    `outside` holds what the book itself says of standing outside the control total; a packaged
    line of which it says nothing keeps the packaged meaning.
    """
    known = dict(packaged_lines())
    for line in extra:
        known.setdefault(line.line, line)
    for name, said in (outside or {}).items():
        known[name] = replace(known[name], outside=said)
    return known


def holders(name: str, lines: Mapping[str, Line]) -> tuple[str, ...]:
    """The lines that hold a line, the nearest first: its group where that is a line, the group's, and on.

    >>> holders("agency_pay", packaged_lines()), holders("pay", packaged_lines())
    (('pay',), ())
    """
    found: list[str] = []
    known = lines.get(name)
    while known is not None and known.group in lines and known.group not in (name, *found):
        found.append(known.group)
        known = lines.get(known.group)
    return tuple(found)
