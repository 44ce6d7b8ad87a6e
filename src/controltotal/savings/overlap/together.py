"""Every view of one body's money together: one range, counting no pound twice.

Within a disjoint group each view's leaves are added (they are taken as disjoint from each other,
and the result says so). Between views nothing is assumed: without more knowledge the group is worth
between its largest view and their sum. Where every view states the money it looks at, the product
rule gives a netted figure; where a crosswalk says how two views share money, its cells do. Groups
are different money by somebody's word, so their ranges add.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from controltotal.savings.overlap.bounds import NOTHING, Range, union
from controltotal.savings.overlap.crosswalk import (
    Category,
    Cell,
    Meeting,
    fitted_shares,
    is_mask,
    meet,
)
from controltotal.savings.overlap.listed import Listed, leaves

Link = tuple[str, str, str, str]  # view_a, category_a, view_b, category_b
Shares = Mapping[Link, float]


@dataclass(frozen=True)
class Together:
    """The union of all views of one body: naive sum, range, views' own sums, and matrix cells."""

    naive: int
    total: Range
    views: Mapping[str, int]
    groups: Mapping[str, Range]
    cells: tuple[tuple[str, str, Cell], ...]  # (view_a, view_b, cell)
    faults: tuple[str, ...] = ()


def together(listed: Iterable[Listed], crosswalk: Shares | None = None) -> Together:
    """One body's opportunities of one year, netted.

    >>> rows = [Listed("A", "rightcare", "Q", "all", "", 113),
    ...         Listed("B", "model_hospital", "Q", "clinical", "", 87),
    ...         Listed("C", "model_hospital", "Q", "estates", "", 67, group="non-clinical")]
    >>> found = together(rows)
    >>> found.naive, found.total.lower, found.total.upper
    (267, 180, 267)
    """
    leaf = leaves(listed)
    views: dict[str, int] = {}
    grouped: dict[str, list[Listed]] = {}
    for one in leaf:
        views[one.view] = views.get(one.view, 0) + one.value
        grouped.setdefault(one.group, []).append(one)
    total, groups = NOTHING, {}
    cells: list[tuple[str, str, Cell]] = []
    faults: list[str] = []
    for name in sorted(grouped):
        found, met = _group(grouped[name], crosswalk or {}, faults)
        groups[name] = found
        cells += met
        total = total + found
    naive = sum(views.values())
    assert max(views.values(), default=0) <= total.lower <= total.upper <= naive
    return Together(naive, total, dict(sorted(views.items())), groups, tuple(cells), tuple(faults))


def _group(
    rows: Sequence[Listed], crosswalk: Shares, faults: list[str]
) -> tuple[Range, list[tuple[str, str, Cell]]]:
    """The union of the views within one group."""
    views: dict[str, dict[str, Category]] = {}
    for one in rows:
        _add(views.setdefault(one.view, {}), one)
    names = sorted(views)
    sums = {view: sum(c.saving for c in views[view].values()) for view in names}
    plain = union([sums[view] for view in names], _same_money(views, sums, faults))
    meetings = _meetings(views, crosswalk)
    if not meetings:
        return plain, []
    lower, upper, netted = plain.lower, plain.upper, None
    whole = sum(sums.values())
    for (a, b), meeting in meetings.items():
        lower = max(lower, meeting.total.lower)
        upper = min(upper, meeting.total.upper + whole - sums[a] - sums[b])
        if len(names) == 2:
            netted = meeting.total.netted
    upper = max(upper, lower)
    if netted is None:
        netted = plain.netted
    if netted is not None:
        netted = min(max(netted, lower), upper)
    cells = [(a, b, cell) for (a, b), meeting in meetings.items() for cell in meeting.cells]
    return Range(lower, netted, upper), cells


def _add(categories: dict[str, Category], one: Listed) -> None:
    """Two rows of one category are added; its spend is known only if both say it."""
    before = categories.get(one.category)
    if before is None:
        categories[one.category] = Category(one.value, one.spend)
        return
    spend = None
    if before.spend is not None and one.spend is not None:
        spend = max(before.spend, one.spend)  # the same category looks at the same money
    categories[one.category] = Category(before.saving + one.value, spend)


def _same_money(
    views: Mapping[str, Mapping[str, Category]], sums: Mapping[str, int], faults: list[str]
) -> int | None:
    """The money that all views of a group look at: the widest view's; None if any is silent."""
    spends: list[int] = []
    for view, categories in views.items():
        parts = [c.spend for c in categories.values()]
        known = [p for p in parts if p is not None]
        if len(known) < len(parts):
            return None
        if sums[view] > sum(known):
            faults.append(view)
            return None
        spends.append(sum(known))
    return max(spends, default=None)


def _meetings(
    views: Mapping[str, Mapping[str, Category]], crosswalk: Shares
) -> dict[tuple[str, str], Meeting]:
    """Each pair of views that a crosswalk links, met once."""
    pairs: dict[tuple[str, str], dict[tuple[str, str], float]] = {}
    for (a, category_a, b, category_b), share in sorted(crosswalk.items()):
        if category_a in views.get(a, {}) and category_b in views.get(b, {}):
            pairs.setdefault((a, b), {})[category_a, category_b] = share
    return {(a, b): _meeting(views[a], views[b], links) for (a, b), links in pairs.items()}


def _meeting(
    view_a: Mapping[str, Category],
    view_b: Mapping[str, Category],
    links: Mapping[tuple[str, str], float],
) -> Meeting:
    """Two views met by shares; where only what is possible is known, by shares fitted to both
    lists' spending. A fitted table is a guess: it gives a netted figure and moves no bound."""
    if not is_mask(links):
        return meet(view_a, view_b, links)
    sums = [sum(c.saving for c in view.values()) for view in (view_a, view_b)]
    fitted = fitted_shares(view_a, view_b, links)
    if fitted is None:
        return Meeting(union(sums), ())
    guess = meet(view_a, view_b, fitted)
    lower, upper = max(sums), sum(sums)
    netted = guess.total.netted
    if netted is not None:
        netted = min(max(netted, lower), upper)
    return Meeting(Range(lower, netted, upper), guess.cells)
