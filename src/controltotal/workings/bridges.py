"""From one position to another by what drives it, to the penny, with the rest named.

What is bridged is the adjusted surplus, support left out. The drivers of a body are the groups of
its lines, the savings of its schemes taken out of the lines on which they fall, and savings without
a scheme. A parent's drivers are those of the bodies below it added up. What the book does not
explain is a driver of its own; nothing is put to a line that does not state it at both ends.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from controltotal.book.amounts import WHOLE
from controltotal.book.periods import fill, months_needed
from controltotal.book.records import Amount, Scheme
from controltotal.core.calendar import year_start
from controltotal.core.lines import Line
from controltotal.core.period import year_in
from controltotal.programme.phasing import in_plan, in_year_effect
from controltotal.workings.plain import own_lines_of
from controltotal.workings.totals import ADJUSTED, Totals, figure_id
from controltotal.workings.value import Value

RESIDUAL = "not_explained"
JOINED_OR_LEFT = "joined_or_left"
TOLD_ONCE = "told_once"
SAVED_MORE, SAVED_LESS = "savings_more", "savings_less"
UNIDENTIFIED = "savings_unidentified"
AGENCY, PAY = "agency_pay", "pay"

Drivers = dict[str, int]
"""What each driver brings to a change, in pence, favourable positive."""


@dataclass(frozen=True)
class End:
    """One end of a bridge: a year and a basis of a reading; `known` tells two readings apart."""

    totals: Totals
    year: str
    basis: str
    known: str = ""

    def name(self, code: str) -> str:
        """The figure at this end, with the reading that it is of where there are two."""
        name = figure_id(ADJUSTED, code, self.year, self.basis)
        return f"{name}@{self.known}" if self.known else name

    def value(self, code: str) -> int | None:
        """The adjusted surplus of a body in pence; None where it cannot be told for the period."""
        if not self.totals.tree.exists(code, self.year):
            return None
        return self._whole(self.totals.adjusted(code, self.year, self.basis))

    def own(self, code: str) -> int | None:
        """The same of a body's own rows, without those of the bodies below."""
        return self._whole(self.totals.own_adjusted(code, self.year, self.basis, ""))

    def _whole(self, found: Value) -> int | None:
        part = self.basis == "actual" and found.months != months_needed(self.year)
        return None if part else found.pence

    def support(self, code: str) -> int | None:
        """Agreed support, which stands beside the surplus and never in it."""
        return self.totals.support(code, self.year, self.basis).pence

    def kids(self, code: str) -> frozenset[str]:
        """The bodies below whose sum the figure is; none where it is stated or of its own rows."""
        organisation = self.totals.tree.organisations[code]
        if not organisation.complete:
            return frozenset()
        if self.totals.adjusted(code, self.year, self.basis).missing:
            return frozenset()
        return frozenset(self.totals.children(code, self.year))

    def groups(self, code: str) -> Drivers:
        """A body's own lines by group, signed: each that its rows tell for the whole period."""
        lines = self.totals.position.lines
        sums = own_lines_of(self.totals, code, self.year, self.basis)
        if sums is not None:
            told: Drivers = {}
            for line, pence in sums.items():
                _add(told, {group_of(lines, line): pence})
            return told
        found: dict[str, list[str]] = {}
        for line in self.totals.amounts.lines(code, self.year, self.basis, ""):
            if lines[line].added and not lines[line].outside and line not in WHOLE:
                found.setdefault(group_of(lines, line), []).append(line)
        each = {name: self._sum(code, names, lines) for name, names in found.items()}
        return {name: pence for name, pence in each.items() if pence is not None}

    def _sum(self, code: str, names: Sequence[str], lines: Mapping[str, Line]) -> int | None:
        amounts = self.totals.amounts
        if amounts.in_doubt("amounts", code, self.year, self.basis, "", names):
            return None
        signs = {name: lines[name].sign for name in names}
        needed, of = months_needed(self.year), (code, self.year, self.basis, "")
        return self._whole(self.totals.sum_of_lines(of, needed, signs, "", as_written=True))

    @cached_property
    def savings(self) -> Mapping[str, Mapping[str, Drivers]]:
        """What rows of schemes save, by body, scheme and group of lines, in pence."""
        lines = self.totals.position.lines
        series: dict[tuple[str, str, str, str, str], list[Amount]] = {}
        wanted = (year_in(self.year), self.basis, "")
        for scheme, rows in self.totals.amounts.of_scheme.items():
            for row in rows:
                if (row.year, row.basis, row.scenario or "") == wanted:
                    more = (row.line, row.recurrence or "", row.counterparty or "")
                    series.setdefault((row.organisation, scheme, *more), []).append(row)
        found: dict[str, dict[str, Drivers]] = {}
        for (code, scheme, line, _, _), rows in series.items():
            groups = found.setdefault(code, {}).setdefault(scheme, {})
            name, pence = group_of(lines, line), fill(rows, months_needed(self.year)).pence
            groups[name] = groups.get(name, 0) + pence
        return found

    @cached_property
    def schemes(self) -> Mapping[str, Scheme]:
        """The schemes of the reading by id."""
        return {row.id: row for row in self.totals.position.book.schemes}

    def savings_in_doubt(self, code: str) -> bool:
        """Whether a stopped row leaves open what the schemes of a body save."""
        lines = self.totals.position.lines
        of = ("amounts", code, self.year, self.basis, "")
        doubt = self.totals.amounts.in_doubt
        return set(doubt(*of)) != set(doubt(*of, lines)) or bool(doubt("schemes", code))


def group_of(lines: Mapping[str, Line], line: str) -> str:
    """The driver to which a line belongs; agency pay stands apart from other pay.

    >>> from controltotal.core.lines import packaged_lines
    >>> [group_of(packaged_lines(), line) for line in ("bank_pay", "agency_pay", "other_income")]
    ['pay', 'agency_pay', 'income']
    """
    found = lines[line]
    if found.kind == "income":
        return line if line == "allocation" else "income"
    return found.group if found.group in lines and line != AGENCY else line


@dataclass(frozen=True, slots=True)
class Step:
    """One row of a bridge: `kind` is start, driver, residual, end, or apart for support."""

    driver: str
    kind: str
    pence: int


@dataclass
class Bridge:
    """The bridge of every body from one end to another."""

    first: End
    second: End
    _found: dict[str, Drivers | None] = field(default_factory=dict)

    def drivers(self, code: str) -> Drivers | None:
        """What each driver brings; None where an end cannot be told. They make the whole change."""
        tree, year = self.second.totals.tree, self.second.year
        if code not in self._found and tree.exists(code, year):
            inside = {code, *tree.descendants(code, year)} - self._found.keys()
            for one in tree.lowest_first(year) if len(inside) > 1 else inside:
                if one in inside:
                    self._found[one] = self._work_out(one)
        return self._found.get(code)

    def steps(self, code: str) -> list[Step]:
        """The rows of a body's bridge, the largest driver first; none where nothing moves."""
        drivers = self.drivers(code)
        was, now = self.first.value(code), self.second.value(code)
        if drivers is None or was is None or now is None:
            return []
        moved = {name: pence for name, pence in drivers.items() if pence}
        support = self.support(code)
        if not moved and not support:
            return []
        rest = moved.pop(RESIDUAL, 0)
        found = [Step("start", "start", was)]
        for name in sorted(moved, key=lambda name: (-abs(moved[name]), name)):
            found.append(Step(name, "driver", moved[name]))
        found += [Step(RESIDUAL, "residual", rest)] if rest else []
        found.append(Step("end", "end", now))
        return found + ([Step("support", "apart", support)] if support else [])

    def by_line(self, code: str) -> bool:
        """Whether a line or a scheme moved: more than bodies that came or went."""
        moved = {name for name, pence in (self.drivers(code) or {}).items() if pence}
        return bool(moved - {JOINED_OR_LEFT, RESIDUAL})

    def support(self, code: str) -> int:
        """By how much agreed support differs; nil where it cannot be told."""
        was, now = self.first.support(code), self.second.support(code)
        return 0 if was is None or now is None else now - was

    def _work_out(self, code: str) -> Drivers | None:
        was, now = self.first.value(code), self.second.value(code)
        if was is None or now is None:
            return None
        below = self.first.kids(code), self.second.kids(code)
        if all(below):
            found = self._of_those_below(code, *below)
        elif any(below):
            found = {}
        else:
            found = self._own(code)
        found.pop(RESIDUAL, None)
        return _closed(found, now - was)

    def _of_those_below(self, code: str, before: frozenset[str], after: frozenset[str]) -> Drivers:
        found: Drivers = {}
        if not self.second.totals.tree.organisations[code].is_grouping:
            _add(found, self._own(code))
        for kid in before & after:
            _add(found, self._found.get(kid) or {})
        for kid in before ^ after:
            gone = -(self.first.value(kid) or 0) if kid in before else 0
            come = (self.second.value(kid) or 0) if kid in after else 0
            _add(found, {JOINED_OR_LEFT: gone + come})
        return found

    def _own(self, code: str) -> Drivers:
        """What a body's own rows tell of its change: lines, savings, and what neither explains."""
        was, now = self.first.own(code), self.second.own(code)
        if was is None or now is None:
            return {TOLD_ONCE: (now or 0) - (was or 0)}
        before, after = self.first.groups(code), self.second.groups(code)
        if (AGENCY in before) != (AGENCY in after):
            before, after = _agency_in_pay(before), _agency_in_pay(after)
        exact = sum(before.values()) == was and sum(after.values()) == now
        found = {name: after[name] - before[name] for name in before.keys() & after.keys()}
        if exact and before.keys() != after.keys():
            found[TOLD_ONCE] = now - was - sum(found.values())
        lines = frozenset(found) - {TOLD_ONCE}
        for driver, group, pence in self._saved(code):
            here = PAY if group == AGENCY and AGENCY not in lines else group
            if here in lines:
                _add(found, {here: -pence, driver: pence})
            elif not exact:
                _add(found, {driver: pence})
        if not exact:
            _add(found, self._unidentified(code))
        return _closed(found, now - was)

    def _unidentified(self, code: str) -> Drivers:
        """The change of savings without a scheme, where both ends state them."""
        both = [
            end.totals.line_total(code, end.year, end.basis, "", UNIDENTIFIED).pence
            for end in (self.first, self.second)
        ]
        was, now = both
        return {} if was is None or now is None else {UNIDENTIFIED: now - was}

    def _saved(self, code: str) -> Iterable[tuple[str, str, int]]:
        """What the schemes of a body save more or less: driver, group of lines, pence."""
        if self.first.savings_in_doubt(code) or self.second.savings_in_doubt(code):
            return
        before, after = self.first.savings.get(code, {}), self.second.savings.get(code, {})
        for scheme in sorted(before.keys() | after.keys()):
            was = before.get(scheme) or self._not_stated_first(scheme, code, after.get(scheme, {}))
            now = after.get(scheme) or self._not_stated_second(scheme, was)
            if was is None or now is None:
                continue
            moved = {g: now.get(g, 0) - was.get(g, 0) for g in was.keys() | now.keys()}
            driver = SAVED_MORE if sum(moved.values()) > 0 else SAVED_LESS
            row = self.second.schemes.get(scheme) or self.first.schemes.get(scheme)
            if row is not None and row.maturity == "unidentified":
                driver = UNIDENTIFIED
            for group in sorted(moved):
                yield driver, group, moved[group]

    def _not_stated_first(self, scheme: str, code: str, after: Drivers) -> Drivers | None:
        """What a scheme without rows at the first end saves there: nil, what its plan says, or None.

        It is nil for a scheme that was in no plan then or that starts after it; the plan of one
        that is on a single line of its own body runs evenly from its start.
        """
        row, end = self.first.schemes.get(scheme), self.first
        if row is None:
            return {}
        if end.basis == "plan":
            if not in_plan(row):
                return {}
            planned = in_year_effect(row, end.year, "plan", end.totals.amounts)
            stated = any(scheme in found for found in end.savings.values())
            if planned is None or stated or len(after) != 1 or row.organisation != code:
                return None
            return dict.fromkeys(after, planned)
        later = end.year != self.second.year
        begins = row.start is not None and row.start >= year_start(year_in(self.second.year))
        return {} if later and begins else None

    def _not_stated_second(self, scheme: str, was: Drivers | None) -> Drivers | None:
        """The same at the second end: nil for one that does not repeat, or is in the plan no more."""
        row = self.second.schemes.get(scheme)
        if row is None or was is None:
            return {} if row is None else None
        if self.second.basis == "plan" and not in_plan(row):
            return {}
        once = row.recurrence == "non_recurrent" and self.first.year != self.second.year
        return {} if once else None


def _agency_in_pay(groups: Drivers) -> Drivers:
    """Groups with agency pay counted as pay, for a bridge whose other end does not tell it apart."""
    if AGENCY not in groups:
        return groups
    rest = {name: pence for name, pence in groups.items() if name != AGENCY}
    return {**rest, PAY: rest.get(PAY, 0) + groups[AGENCY]}


def _add(found: Drivers, more: Mapping[str, int]) -> None:
    for name, pence in more.items():
        found[name] = found.get(name, 0) + pence


def _closed(found: Drivers, change: int) -> Drivers:
    """Drivers with what they leave unexplained of a change, where they leave anything."""
    left = change - sum(found.values())
    return {**found, RESIDUAL: left} if left else found
