"""Bodies that stand one above the other beyond all that an organisation could be.

A column `parent` that was filled down names for each body the one in the row above. Nobody can say
what the real parents are, so no figure of what lies too deep is told, nor any above it.
"""

from __future__ import annotations

from collections.abc import Iterator

from controltotal.book.doubt.typed import Fault, Typed, fault
from controltotal.book.tree import MOST_LEVELS


def too_deep(typed: Typed) -> Iterator[Fault]:
    """The bodies below more levels than a tree may have, with those right above them."""
    tree, book = typed.reading.tree, typed.reading.book
    years = {year for (year,) in typed.told("year")} | {row.year for row in typed.control_totals}
    years |= {row.year for row in book.facts}
    cut: set[str] = set()
    above: set[str] = set()
    for year in sorted(years):
        found = tree.too_deep(year)
        links = tree.raw_links(year) if found else {}
        cut.update(found)
        above.update(links[code] for code in found)
    if not cut:
        return
    bodies = [tree.organisations[code] for code in sorted(cut | above)]
    rows = sorted((s.row for body in bodies for s in body.spells), key=lambda row: row.number)
    first = tree.name(min(cut, key=lambda code: tree.organisations[code].row.number))
    yield fault(
        "TREE_TOO_DEEP",
        rows[0].code,
        rows,
        message=f"More than {MOST_LEVELS:,} bodies stand one above the other. No figure of "
        f"what lies deeper is told, nor any above it. The first is {first}.",
        expected=f"at most {MOST_LEVELS:,} levels",
        found=f"{len(cut):,} bodies deeper",
        action="Correct the column parent: it may have been filled down.",
    )
