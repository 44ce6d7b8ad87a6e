"""Opportunities as a book lists them: leaves by view, and groups that a person calls disjoint.

Each view is a tree: a row may name its `parent`, and only leaves are ever added. `disjoint` names a
group (and after a colon the reason): money of different groups is different money, by somebody's
word; rows without a group may overlap with any other row without one.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from controltotal.book.records import Opportunity
from controltotal.core.calendar import year_label

NO_GROUP = ""
UNDATED = "undated"  # neither the row nor the book names a year
NOT_A_GROUP = ("", "no", "none")


@dataclass(frozen=True, slots=True)
class Listed:
    """One row of the table `opportunities`, in pence. `group` is its disjoint group, `reason`
    why somebody says so; `parent` the id of the opportunity that contains it."""

    id: str
    view: str
    organisation: str
    category: str
    year: str
    value: int
    low: int | None = None
    high: int | None = None
    spend: int | None = None
    parent: str = ""
    group: str = NO_GROUP
    reason: str = ""
    entry: int = 0
    where: str = ""


def read_listed(rows: Iterable[Opportunity], default_year: str) -> tuple[Listed, ...]:
    """The book's rows, in order of id; a row without a year belongs to the default year."""
    found = []
    for row in rows:
        group, _, reason = (row.disjoint or "").partition(":")
        label = group.strip()
        found.append(
            Listed(
                id=row.id,
                view=row.view,
                organisation=row.organisation,
                category=row.category or row.id,
                year=row.year or default_year or UNDATED,
                value=row.value,
                low=row.low,
                high=row.high,
                spend=row.spend,
                parent=row.parent or "",
                group=NO_GROUP if label.lower() in NOT_A_GROUP else label,
                reason=reason.strip() or (row.source or ""),
                entry=row.entry,
                where=row.where,
            )
        )
    return tuple(sorted(found, key=lambda one: one.id))


def leaves(listed: Iterable[Listed]) -> tuple[Listed, ...]:
    """Those that contain no other of the list.

    >>> tree = (Listed("RC", "rc", "Q", "all", "", 30), Listed("RC1", "rc", "Q", "a", "", 30,
    ...         parent="RC"))
    >>> [one.id for one in leaves(tree)]
    ['RC1']
    """
    every = tuple(listed)
    above = {one.parent for one in every}
    return tuple(one for one in every if one.id not in above)


def disagreeing(listed: Iterable[Listed]) -> tuple[tuple[Listed, int], ...]:
    """Parents whose stated value is not the sum of their children, with that sum."""
    every = tuple(listed)
    sums: dict[str, int] = {}
    for one in every:
        if one.parent:
            sums[one.parent] = sums.get(one.parent, 0) + one.value
    return tuple((one, sums[one.id]) for one in every if sums.get(one.id, one.value) != one.value)


def circular(listed: Iterable[Listed]) -> tuple[str, ...]:
    """Ids that contain themselves through their parents.

    >>> circular([Listed("A", "v", "Q", "", "", 1, parent="B"),
    ...           Listed("B", "v", "Q", "", "", 1, parent="A")])
    ('A', 'B')
    """
    parent: Mapping[str, str] = {one.id: one.parent for one in listed if one.parent}
    found = []
    for start in parent:
        at, seen = start, set()
        while at in parent and at not in seen:
            seen.add(at)
            at = parent[at]
        if at == start:
            found.append(start)
    return tuple(sorted(found))


def said_year(year: str) -> str:
    """A year as it is said, or `undated`."""
    return year_label(year) if year[:4].isdigit() else year
