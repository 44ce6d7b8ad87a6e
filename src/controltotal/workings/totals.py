"""The totals of every body: surplus, support, control total and gap, consolidated up the tree.

Income is positive and cost negative, so a plain sum is the surplus or (deficit). A parent equals
the sum of its children when all report; a hole is never summed around. Support is never
improvement: it stands beside the surplus, not in it. Sources: the book's design, sections 4 and 5;
gap = control total less surplus without support.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from controltotal.book.amounts import WHOLE, Amounts
from controltotal.book.fold import Position
from controltotal.book.periods import fill, months_needed
from controltotal.book.record import Record
from controltotal.book.records import Amount, ControlTotal
from controltotal.book.tree import QUIET
from controltotal.core.kept import kept
from controltotal.workings.support import SupportSchedule


@dataclass(frozen=True, slots=True)
class Value:
    """A sum of money with what it rests on; `pence` is None where it cannot be told.

    `missing` names the children that did not report; `ytd` the months an actual covers.
    """

    pence: int | None
    rule: str
    inputs: tuple[str, ...] = ()
    entries: tuple[int, ...] = ()
    status: str = "ok"
    low: int | None = None
    high: int | None = None
    missing: tuple[str, ...] = ()
    months: frozenset[int] = frozenset()
    rows: tuple[Record, ...] = ()

    @property
    def known(self) -> bool:
        """Whether there is a value."""
        return self.pence is not None


def unknown(rule: str, **more: Any) -> Value:
    """A value that cannot be told, with the reason as its rule."""
    return Value(None, rule, status="indeterminate", **more)


def _would_have_used(doubt: tuple[str, ...]) -> Value:
    return unknown("cannot be told: it would have used " + ", ".join(doubt))


def _behind(parts: Mapping[str, Value]) -> tuple[str, ...]:
    """The bodies whose actuals end before those of others: their sums are of other months."""
    longest = max((part.months for part in parts.values()), key=len)
    return tuple(code for code, part in parts.items() if part.months != longest)


def figure_id(measure: str, code: str, year: str, basis: str, scenario: str = "") -> str:
    """The id of a figure.

    >>> figure_id("gap", "QE1", "2020-21", "plan")
    'gap/QE1/2020-21/plan'
    """
    return "/".join(part for part in (measure, code, year, basis, scenario) if part)


class Totals:
    """Every total of one position, computed once when asked; `schedule` is that of support."""

    def __init__(self, position: Position, amounts: Amounts, schedule: SupportSchedule) -> None:
        self.position = position
        self.tree = position.tree
        self.amounts = amounts
        self.schedule = schedule
        self._parts = {name for name, line in position.lines.items() if line.added} - set(WHOLE)
        self._control_rows: dict[tuple[str, str, str], list[ControlTotal]] = {}
        for row in position.book.control_totals:
            half = f"-{row.month}" if row.month in ("H1", "H2") else ""
            key = (row.organisation, row.year + half, row.scenario or "")
            self._control_rows.setdefault(key, []).append(row)

    # -- who reports ---------------------------------------------------------------------------

    def children(self, code: str, year: str) -> tuple[str, ...]:
        """The children whose money makes the parent's: pools and councils only if they report."""
        return tuple(
            child
            for child in self.tree.children(code, year)
            if self.tree.kind(child) not in QUIET
            or self.amounts.bases(child, year)
            or self.amounts.in_doubt("amounts", child, year)
        )

    @kept
    def reports(self, code: str, year: str) -> frozenset[tuple[str, str]]:
        """Every (basis, scenario) in which a body or anybody below it has rows."""
        found = set(self.amounts.bases(code, year))
        for child in self.tree.children(code, year):
            found |= self.reports(child, year)
        return frozenset(found)

    # -- surplus -------------------------------------------------------------------------------

    @kept
    def surplus(self, code: str, year: str, basis: str, scenario: str = "") -> Value:
        """The surplus without support of a body or grouping."""
        organisation = self.tree.organisations.get(code)
        own = self._own_surplus(code, year, basis, scenario)
        doubt = self.amounts.in_doubt("organisations", code)
        if doubt:
            return _would_have_used(doubt)
        kids = self.children(code, year)
        if organisation is None or not kids:
            return own
        if (
            not organisation.is_grouping
            and not own.known
            and self._says(code, year, basis, scenario)
        ):
            return own  # money of its own that cannot be told is a hole, not a nil
        parts = {kid: self.surplus(kid, year, basis, scenario) for kid in kids}
        missing = tuple(kid for kid, part in parts.items() if not part.known)
        inputs = tuple(figure_id("surplus", kid, year, basis, scenario) for kid in kids)
        behind = _behind(parts) if basis == "actual" and not missing else ()
        if behind:
            rule = "cannot be told: the bodies below do not all report to the same month"
            return unknown(rule, inputs=inputs, missing=behind)
        if not missing and organisation.complete:
            if not organisation.is_grouping and own.known:
                return self._add(own, parts, inputs, "own surplus and those of the bodies below")
            return self._add(None, parts, inputs, "sum of the surpluses of the bodies below")
        gaps = missing or ("children that are not listed",)
        if organisation.is_grouping and own.known:
            rule = "as stated; the bodies below do not all report"
            return Value(
                own.pence,
                rule,
                inputs,
                own.entries,
                missing=gaps,
                months=own.months,
                rows=own.rows,
            )
        rule = "cannot be told: the bodies below do not all report and no total is stated"
        return unknown(rule, inputs=inputs, missing=gaps)

    def _says(self, code: str, year: str, basis: str, scenario: str) -> bool:
        """Whether a body's own rows, stopped ones among them, say anything of its surplus."""
        return self.amounts.says_position(code, year, basis, scenario) or bool(
            self.amounts.in_doubt("amounts", code, year, basis, scenario, self._parts)
        )

    def _add(
        self, own: Value | None, parts: dict[str, Value], inputs: tuple[str, ...], rule: str
    ) -> Value:
        values = [*parts.values(), *([own] if own else [])]
        months = [value.months for value in values]
        shared = frozenset.intersection(*months) if months else frozenset()
        entries = tuple(e for value in ([own] if own else []) for e in value.entries)
        return Value(sum(v.pence or 0 for v in values), rule, inputs, entries, months=shared)

    def _own_surplus(self, code: str, year: str, basis: str, scenario: str) -> Value:
        """The surplus that a body's own rows state."""
        for line in ("position", "position_with_support"):
            doubt = self.amounts.in_doubt("amounts", code, year, basis, scenario, (line,))
            if doubt:
                return _would_have_used(doubt)
            stated = self._stated(code, year, basis, scenario, line)
            if stated is not None and line == "position":
                return stated
            if stated is not None:
                return self._less_support(stated, code, year, basis, scenario)
        doubt = self.amounts.in_doubt("amounts", code, year, basis, scenario, self._parts)
        if doubt:
            return _would_have_used(doubt)
        return self._from_lines(code, year, basis, scenario)

    def _stated(self, code: str, year: str, basis: str, scenario: str, line: str) -> Value | None:
        """A whole position row: the row without recurrence, else the recurrences together."""
        found = self.amounts.series(code, year, basis, scenario)
        whole = [r for (name, rec, _), r in found.items() if name == line and not rec]
        split = [r for (name, rec, _), r in found.items() if name == line and rec]
        series = whole or split
        if not series:
            return None
        return self._sum(series, year, basis, {line: 1}, "as the body states it")

    def _less_support(
        self, stated: Value, code: str, year: str, basis: str, scenario: str
    ) -> Value:
        organisation = self.tree.organisations.get(code)
        whole = organisation is not None and organisation.is_grouping
        found = self.support if whole else self.own_support
        support = found(code, year, basis, scenario)
        if not stated.known or not support.known:
            return unknown("cannot be told: the support in the stated position is not known")
        if not support.entries:
            rule = "cannot be told: the stated position includes support that is not recorded"
            return unknown(rule, entries=stated.entries)
        return Value(
            (stated.pence or 0) - (support.pence or 0),
            "position with support as stated, less the support recorded",
            (),
            stated.entries + support.entries,
            months=stated.months,
            rows=stated.rows,
        )

    def _from_lines(self, code: str, year: str, basis: str, scenario: str) -> Value:
        """Income less cost; it needs both."""
        lines = self.position.lines
        series = {
            key: rows
            for key, rows in self.amounts.series(code, year, basis, scenario).items()
            if lines[key[0]].added
        }
        if not series:
            return unknown("cannot be told: nothing is reported")
        kinds = {lines[key[0]].kind for key in series}
        odd = sorted(key[0] for key in series if lines[key[0]].kind not in ("income", "cost"))
        if odd:
            return unknown(f"cannot be told: the kind of {', '.join(odd)} is not known")
        if kinds != {"income", "cost"}:
            lack = "cost" if "income" in kinds else "income"
            return unknown(f"cannot be told: there is no {lack}")
        signs = {key[0]: lines[key[0]].sign for key in series}
        return self._sum(list(series.values()), year, basis, signs, "income less cost")

    def _sum(
        self, series: list[list[Amount]], year: str, basis: str, signs: dict[str, int], rule: str
    ) -> Value:
        """The sum of series over a year; an actual may be the year to date.

        In an actual each line must reach the same month without a gap; what a line splits into (by
        recurrence or the other body) may come in some months only.
        """
        needed = months_needed(year)
        pence = 0
        rows: list[Amount] = []
        parts = [(one, fill(one, needed)) for one in series]
        last = max((month for _, filled in parts for month in filled.months), default=0)
        months = frozenset(m for m in needed if m <= last) if basis == "actual" else needed
        of_line: dict[str, set[int]] = {}
        for one, filled in parts:
            of_line.setdefault(one[0].line, set()).update(filled.months)
        for one, filled in parts:
            covered = of_line[one[0].line] if basis == "actual" else filled.months
            if covered != months or not months:
                of = len(months) or len(needed)
                lack = f"{one[0].line} covers {len(covered)} of {of} months"
                return unknown(f"cannot be told: {lack}", rows=tuple(one))
            pence += signs[one[0].line] * filled.pence
            rows += filled.rows
        if basis == "actual" and months != needed:
            rule += ", year to date"
        entries = tuple(row.entry for row in rows)
        return Value(pence, rule, (), entries, months=months, rows=tuple(rows))

    @kept
    def line_total(self, code: str, year: str, basis: str, scenario: str, line: str) -> Value:
        """One line of a body's own rows, positive as written; unknown where it has none."""
        doubt = self.amounts.in_doubt("amounts", code, year, basis, scenario, (line,))
        if doubt:
            return _would_have_used(doubt)
        series = self.amounts.line(code, year, basis, scenario, line)
        if not series:
            return unknown("nothing is reported")
        return self._sum(series, year, basis, {line: 1}, f"{line} as stated")

    # -- support -------------------------------------------------------------------------------

    def own_support(
        self,
        code: str,
        year: str,
        basis: str,
        scenario: str = "",
        months: frozenset[int] | None = None,
    ) -> Value:
        """Support on a body itself: support income and agreed transfers, net.

        `months` are those that an actual covers, where a body above asks for its own.
        """
        if self.schedule.undecided(code, year):
            return unknown("cannot be told: a transfer's mechanism or status is not known")
        doubt = self.schedule.doubt(code, year, basis)
        if doubt:
            return _would_have_used(doubt)
        income = self.line_total(code, year, basis, scenario, "support_income")
        if income.rule.startswith("cannot be told"):
            return income
        months = months or self.months_of_support(code, year, basis, scenario)
        moved = self._moved(code, year, basis, "agreed", months)
        if not moved.known:
            return moved
        entries = (*(income.entries if income.known else ()), *moved.entries)
        pence = (income.pence or 0) + (moved.pence or 0)
        return Value(pence, "support income and agreed transfers", (), entries)

    def _moved(
        self, code: str, year: str, basis: str, status: str, months: frozenset[int]
    ) -> Value:
        """Net transfers of one status to a body in these months."""
        pence = 0
        entries: list[int] = []
        for flow in self.schedule.of(code, year, basis, status):
            falls = flow.falls_in(months, year)
            if falls is None:
                part = "by half" if len(year) > 7 else "by month"
                return unknown(f"cannot be told: {flow.row.where} is not told {part}")
            if falls:
                pence += flow.pence
                entries += flow.entries
        return Value(pence, f"{status} transfers", (), tuple(entries))

    def months_of_support(
        self, code: str, year: str, basis: str, scenario: str = ""
    ) -> frozenset[int]:
        """The months whose support a figure holds: of an actual those that it covers."""
        months = months_needed(year)
        reached = self.schedule.reached(code, year[:7], scenario) if basis == "actual" else None
        return months if reached is None else frozenset(m for m in months if m <= reached)

    @kept
    def support(
        self,
        code: str,
        year: str,
        basis: str,
        scenario: str = "",
        months: frozenset[int] | None = None,
    ) -> Value:
        """Net agreed support of a body and all below it, to the month that the body has reached."""
        months = months or self.months_of_support(code, year, basis, scenario)
        parts = [self.own_support(code, year, basis, scenario, months)]
        parts += [
            self.support(kid, year, basis, scenario, months)
            for kid in self.tree.children(code, year)
        ]
        if any(not part.known for part in parts):
            return unknown("cannot be told: support below is not known")
        entries = tuple(e for part in parts for e in part.entries)
        return Value(
            sum(p.pence or 0 for p in parts), "support income and agreed transfers", (), entries
        )

    @kept
    def with_support(self, code: str, year: str, basis: str, scenario: str = "") -> Value:
        """The surplus with agreed support: worked out, else as stated, else of the bodies below."""
        surplus = self.surplus(code, year, basis, scenario)
        support = self.support(code, year, basis, scenario)
        ids = (figure_id("surplus", code, year, basis, scenario),)
        if surplus.pence is not None and support.pence is not None:
            pence = surplus.pence + support.pence
            return Value(
                pence, "surplus plus agreed support", ids, support.entries, months=surplus.months
            )
        kids = self.children(code, year)
        if not kids:
            stated = self._stated(code, year, basis, scenario, "position_with_support")
            return stated or unknown("cannot be told: the surplus or the support is not known")
        parts = [self.with_support(kid, year, basis, scenario) for kid in kids]
        own = self.own_support(code, year, basis, scenario)
        organisation = self.tree.organisations.get(code)
        complete = organisation is not None and organisation.complete
        if not complete or not own.known or any(not part.known for part in parts):
            return unknown("cannot be told: not every body below reports", inputs=ids)
        inputs = tuple(figure_id("surplus_with_support", k, year, basis, scenario) for k in kids)
        total = sum(part.pence or 0 for part in parts) + (own.pence or 0)
        months = frozenset.intersection(*(part.months for part in parts))
        return Value(
            total, "sum of the bodies below, with support", inputs, own.entries, months=months
        )

    def proposed(self, code: str, year: str, basis: str, scenario: str = "") -> Value:
        """Net proposed transfers of a body and all below it."""
        months = self.months_of_support(code, year, basis, scenario)
        bodies = (code, *self.tree.descendants(code, year))
        parts = [self._moved(body, year, basis, "proposed", months) for body in bodies]
        for part in parts:
            if not part.known:
                return part
        entries = tuple(entry for part in parts for entry in part.entries)
        return Value(sum(p.pence or 0 for p in parts), "proposed transfers", (), entries)

    # -- control totals ------------------------------------------------------------------------

    @kept
    def control_total(self, code: str, year: str, scenario: str = "") -> Value:
        """The control total in force, else the sum of the children's, marked as derived."""
        doubt = self.amounts.in_doubt("control_totals", code, year, scenario=scenario)
        if doubt:
            return _would_have_used(doubt)
        live, doubled = self.live_control_total(code, year, scenario)
        if doubled:
            return unknown("cannot be told: two accepted control totals of one date")
        if live is not None:
            return Value(
                live.amount, "latest accepted control total", (), (live.entry,), rows=(live,)
            )
        kids = self.children(code, year)
        parts = [self.control_total(kid, year, scenario) for kid in kids]
        organisation = self.tree.organisations.get(code)
        listed = organisation is not None and organisation.complete
        if parts and listed and all(part.known for part in parts):
            inputs = tuple(figure_id("control_total", k, year, "plan", scenario) for k in kids)
            return Value(
                sum(p.pence or 0 for p in parts), "derived: sum of the control totals below", inputs
            )
        return unknown("no control total is in force")

    def live_control_total(
        self, code: str, year: str, scenario: str = ""
    ) -> tuple[ControlTotal | None, tuple[ControlTotal, ...]]:
        """The accepted row in force, and the rows of one date if there are two."""
        rows = self._control_rows.get((code, year, scenario), [])
        accepted = [row for row in rows if row.status == "accepted"]
        if not accepted:
            return None, ()
        latest = max(row.known or date.min for row in accepted)
        last = [row for row in accepted if (row.known or date.min) == latest]
        withdrawn = [r for r in rows if r.status == "withdrawn" and (r.known or date.min) >= latest]
        if withdrawn:
            return None, ()
        return (last[0], ()) if len(last) == 1 else (None, tuple(last))

    def control_rows(self, code: str, year: str, scenario: str = "") -> list[ControlTotal]:
        """Every control total row of a body in a year, earliest known first."""
        rows = self._control_rows.get((code, year, scenario), [])
        return sorted(rows, key=lambda row: (row.known or date.min, row.number))

    def control_scenario(self, code: str, year: str, scenario: str) -> str:
        """The scenario whose control total measures a plan: its own, else the main one."""
        if scenario and self.control_total(code, year, scenario).known:
            return scenario
        return ""

    # -- other totals --------------------------------------------------------------------------

    def allocation(self, code: str, year: str, scenario: str = "") -> Value:
        """The allocation of a body and all below it, from whichever basis states it."""
        for basis in ("plan", "forecast", "actual"):
            own = self.line_total(code, year, basis, scenario, "allocation")
            if own.known:
                return own
        kids = self.tree.children(code, year)
        parts = [self.allocation(kid, year, scenario) for kid in kids]
        known = [part for part in parts if part.known]
        lacking = [
            kid
            for kid, part in zip(kids, parts, strict=True)
            if not part.known and self._commissions(kid, year)
        ]
        if not known or lacking:
            rule = f"cannot be told: no allocation of {', '.join(lacking)}" if known else ""
            return unknown(rule or "no allocation is reported")
        entries = tuple(e for part in known for e in part.entries)
        return Value(sum(p.pence or 0 for p in known), "sum of the allocations below", (), entries)

    def _commissions(self, code: str, year: str) -> bool:
        """Whether a body is, or has below it, a commissioner, whose allocation a sum needs."""
        bodies = (code, *self.tree.descendants(code, year))
        return any(self.tree.kind(body) == "commissioner" for body in bodies)

    def income(self, code: str, year: str, basis: str, scenario: str = "") -> Value:
        """Income of a body and all below it, support left out."""
        return self._of_kind(code, year, basis, scenario, "income")

    def cost(self, code: str, year: str, basis: str, scenario: str = "") -> Value:
        """Cost of a body and all below it, negative."""
        return self._of_kind(code, year, basis, scenario, "cost")

    def _of_kind(self, code: str, year: str, basis: str, scenario: str, kind: str) -> Value:
        lines = self.position.lines
        series = [
            rows
            for key, rows in self.amounts.series(code, year, basis, scenario).items()
            if lines[key[0]].added and lines[key[0]].kind == kind
        ]
        parts = [self._of_kind(k, year, basis, scenario, kind) for k in self.children(code, year)]
        known = [part for part in parts if part.known]
        if not parts:
            signs = {name: lines[name].sign for name in lines}
            return self._sum(series, year, basis, signs, kind) if series else unknown(f"no {kind}")
        if len(known) < len(parts):
            return unknown(f"cannot be told: not every body below reports {kind}")
        entries = tuple(e for part in known for e in part.entries)
        return Value(sum(p.pence or 0 for p in known), f"sum of {kind} below", (), entries)
