"""A summary beside the trackers that it sums: one row a directorate, checked to the last place shown.

Its sums say nothing that the schemes do not; they are totals on a sheet of their own. A summary that
holds what the schemes cannot prove stays a table of which nobody can tell, and is asked about.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import Final

from controltotal.core.calendar import parse_year_id
from controltotal.core.money import PENCE_PER, parse_money
from controltotal.core.vocabulary import folded
from controltotal.intake.cells import Cells, Unread
from controltotal.intake.faults import Fault, Faults
from controltotal.intake.forms import UNKNOWN, shape_of
from controltotal.intake.ground import Ground, settled
from controltotal.intake.heads import part_of
from controltotal.intake.known import Known
from controltotal.intake.labels import is_total
from controltotal.intake.model import (
    LEFT_OUT,
    RECONCILED,
    Asked,
    Check,
    Head,
    Left,
    Mapped,
    Measure,
    Read,
    Seen,
)
from controltotal.intake.sums import pounds
from controltotal.intake.words import heading_means
from controltotal.intake.worth import is_empty, whole

GROUPS: Final = ("directorate", "programme", "service", "category", "organisation")
"""What of a scheme a summary may have a row for."""
_FYE: Final = "full_year_effect"
_YEAR: Final = ("year", "total", "")
_ASIDE: Final = {"percent": "a percentage", "variance": "a variance of a summary"}
_NO_DIRECTORATES: Final = frozenset(
    {"tracker", "schemes", "savings", "data", "sheet", "pay", "nonpay", "income", "pipeline"}
    | {"recurrent", "nonrecurrent", "identified", "unidentified", "live", "closed", "new"}
)


@dataclass(slots=True)
class Schemes:
    """The schemes of some trackers: by group those that are in it, and their money in pence."""

    groups: dict[str, set[str]] = field(default_factory=dict)
    effects: dict[str, int] = field(default_factory=dict)
    money: dict[str, dict[tuple[str, str, str], int]] = field(default_factory=dict)
    """By scheme, then by basis, year and period of the book."""

    def sum(self, ids: Iterable[str], head: Head, ground: Ground) -> int | None:
        """What schemes come to under a heading; None where its basis or period is not theirs."""
        if head.means == _FYE:
            return sum(self.effects.get(one, 0) for one in ids)
        measure = head.measure
        bases = {basis for said in self.money.values() for basis, _, _ in said}
        basis = measure.basis or ground.basis or (bases.pop() if len(bases) == 1 else "")
        year = measure.year or ground.year
        if not basis or not year:
            return None
        found = [_of_period(self.money.get(one, {}), basis, year, measure) for one in ids]
        return None if None in found else sum(one or 0 for one in found)


def _of_period(
    said: Mapping[tuple[str, str, str], int], basis: str, year: str, measure: Measure
) -> int | None:
    """A scheme's money of a month, of the months to one, or of the year; None where it is not said so."""
    own = {period: pence for (b, y, period), pence in said.items() if (b, y) == (basis, year)}
    months = {int(period): pence for period, pence in own.items() if period.isdecimal()}
    if measure.span in _YEAR:
        return own.get("", sum(own.values()))
    if measure.span == "month" and measure.number:
        return months.get(measure.number, 0) if len(months) == len(own) else None
    if measure.span == "to_date" and measure.number:
        whole_ = own.get(f"YTD{measure.number}")
        to = sum(pence for month, pence in months.items() if month <= measure.number)
        return whole_ if whole_ is not None else to if len(months) == len(own) else None
    return None


def settle_summaries(reads: Sequence[Read], asked: Asked, known: Known) -> None:
    """Name directorates by their sheets, and check every summary of the trackers of a file."""
    trackers = [read for read in reads if read.table == "schemes" and read.rows]
    if not trackers:
        return
    _by_sheet(trackers)
    schemes = schemes_in(trackers)
    for read in reads:
        if read.table == UNKNOWN:
            _check(read, schemes, settled(read.seen, asked, known))


def _by_sheet(trackers: Sequence[Read]) -> None:
    """A sheet for each directorate: its name is theirs, where several of one form have none of their own."""
    names = [read.seen.grid.sheet for read in trackers]
    if len({*map(folded, names)} - {""}) < max(2, len(trackers)):
        return
    told = any(row.cells.get("directorate") for read in trackers for row in read.rows)
    if told or len({shape_of(read) for read in trackers}) > 1 or not all(map(_may_be, names)):
        return
    for read, name in zip(trackers, names, strict=True):
        read.rows = [
            replace(row, cells={**row.cells, "directorate": name.strip()})
            if row.table == "schemes"
            else row
            for row in read.rows
        ]
        read.mapped.append(Mapped(name, "directorate of the sheet", "exact"))


def _may_be(name: str) -> bool:
    """Whether a sheet's name may be that of a directorate: no period, basis, heading or plain word."""
    return not (part_of(name).says or heading_means(name) or folded(name) in _NO_DIRECTORATES)


def schemes_in(trackers: Iterable[Read]) -> Schemes:
    """The schemes of trackers, with the groups and the money that they have."""
    found = Schemes()
    for read in trackers:
        for row in read.rows:
            cells, unit = row.cells, row.cells.get("unit", "")
            if row.table == "schemes":
                ref = cells["id"]
                found.effects[ref] = parse_money(cells[_FYE], unit)
                for text in (*(cells.get(name, "") for name in GROUPS), read.seen.grid.sheet):
                    found.groups.setdefault(folded(text), set()).add(ref)
            elif row.table == "amounts" and all(map(cells.get, ("scheme", "basis", "year"))):
                said = found.money.setdefault(cells["scheme"], {})
                key = (cells["basis"], parse_year_id(cells["year"]), cells.get("month", ""))
                said[key] = said.get(key, 0) + parse_money(cells["amount"], unit)
    found.groups.pop("", None)
    return found


def _check(read: Read, schemes: Schemes, ground: Ground) -> None:
    """Check a summary; one that cannot be proved stays as it is."""
    seen = read.seen
    groups = _groups(seen, schemes)
    money = [h for h in seen.heads if h.means in ("money", "amount", _FYE)]
    sums = [h for h in money if h.measure.basis not in _ASIDE]
    if not groups or not sums:
        return
    cells, faults = Cells(seen.grid), Faults(seen)
    checks = list(_checks(groups, sums, schemes, ground, cells))
    if None in checks:
        return
    for check in filter(None, checks):
        read.checks.append(check)
        read.mark(check.place[0], (check.place[1],), RECONCILED)
        if not check.agrees:
            faults.add(_fault(check, seen), check.place, pounds(check.found))
    read.table, read.findings = "", [f for f in read.findings if f.code != "IMPORT_KIND"]
    _leave_rest(read)
    faults.into(read)


def _groups(seen: Seen, schemes: Schemes) -> dict[int, set[str]]:
    """By row, the schemes that it sums; empty where a row with figures names no group and no total."""
    every = set(schemes.effects)
    for head in seen.heads:
        found: dict[int, set[str]] = {}
        for row in range(seen.first, seen.last + 1):
            text = seen.grid.text(row, head.column)
            group = schemes.groups.get(folded(text)) if text else None
            if group is not None or is_total(text):
                found[row] = every if group is None else group
            elif _figures(seen, row):
                break
        else:
            if any(ids != every for ids in found.values()):
                return found
    return {}


def _figures(seen: Seen, row: int) -> bool:
    values = (seen.grid.value(row, column) for column in range(seen.left, seen.right + 1))
    return any(isinstance(value, int | float) and value for value in values)


def _checks(
    groups: Mapping[int, set[str]],
    sums: Sequence[Head],
    schemes: Schemes,
    ground: Ground,
    cells: Cells,
) -> Iterator[Check | None]:
    """Each cell of a summary beside its schemes; None for one that they cannot prove."""
    for head in sums:
        unit = head.measure.unit or ground.unit
        for row, ids in groups.items():
            if is_empty(cells.grid.value(row, head.column)):
                continue
            if not unit.startswith("£"):
                yield None
                continue
            found, expected = cells.pence(row, head.column, unit), schemes.sum(ids, head, ground)
            if found is None or isinstance(found, Unread) or expected is None:
                yield None
                continue
            slack = int(Fraction(PENCE_PER[unit], 10 ** cells.finest.get(unit, 0)) / 2)
            label = f"{head.text}, {len(ids):,} schemes"
            yield Check(label, (row, head.column), expected, whole(found), slack)


def _fault(check: Check, seen: Seen) -> Fault:
    place = seen.grid.at(*check.place).cell
    return Fault(
        "IMPORT_TOTAL",
        f"The summary says {pounds(check.found)} in {place}, and its schemes make "
        f"{pounds(check.expected)}: a difference of {pounds(check.difference)}",
        pounds(check.expected),
        'Mend the cell, or accept the difference by name: --accept "WHO: REASON".',
    )


def _leave_rest(read: Read) -> None:
    """What of a summary is no sum of schemes is left out with it."""
    seen = read.seen
    for row in range(seen.first, seen.last + 1):
        slots = read.slots[row - seen.first]
        rest = [c for c in range(seen.left, seen.right + 1) if not slots[c - seen.left]]
        read.mark(row, [c for c in rest if seen.grid.value(row, c) is not None], LEFT_OUT)
    area = (seen.heading[0], seen.left, seen.last, seen.right)
    read.left.append(Left(area, "a summary of the schemes, checked"))
