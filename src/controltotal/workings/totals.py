"""The totals of every body: surplus, support, control total and gap, consolidated up the tree.

Income is positive and cost negative, so a plain sum is the surplus or (deficit). A parent equals
the sum of its children when all report; a hole is never summed around. Support is never
improvement: it stands beside the surplus, not in it. Sources: the book's design, sections 4 and 5;
gap = control total less surplus without support.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from controltotal.book.amounts import WHOLE, Amounts
from controltotal.book.fold import Position
from controltotal.book.periods import months_needed
from controltotal.book.record import Record
from controltotal.book.records import ControlTotal
from controltotal.core.kept import kept, kept_from_below
from controltotal.core.period import is_whole_year, year_in
from controltotal.workings.consolidating import behind_others, consolidated
from controltotal.workings.lines import LineTotals
from controltotal.workings.own import ENTIRE, MOVED, would_have_used
from controltotal.workings.support import SupportSchedule
from controltotal.workings.value import NOT_ONE_MONTH, Value, by_rule, less, total, unknown, untold

ADJUSTED = "adjusted_surplus"
"""The measure that leaves out what stands outside the control total."""


def figure_id(measure: str, code: str, year: str, basis: str, scenario: str = "") -> str:
    """The id of a figure.

    >>> figure_id("gap", "QE1", "2020-21", "plan")
    'gap/QE1/2020-21/plan'
    """
    if measure and code and year and basis:  # asked for hundreds of thousands of times
        whole = f"{measure}/{code}/{year}/{basis}"
        return f"{whole}/{scenario}" if scenario else whole
    return "/".join(part for part in (measure, code, year, basis, scenario) if part)


class Totals(LineTotals):
    """Every total of one position, computed once when asked; `schedule` is that of support."""

    def __init__(self, position: Position, amounts: Amounts, schedule: SupportSchedule) -> None:
        super().__init__(position, amounts)
        self.schedule = schedule
        self._parts = {name for name, line in position.lines.items() if line.added} - set(WHOLE)
        self._control_rows: dict[tuple[str, str, str], list[ControlTotal]] = {}
        for row in position.book.control_totals:
            half = f"-{row.month}" if row.month in ("H1", "H2") else ""
            key = (row.organisation, row.year + half, row.scenario or "")
            self._control_rows.setdefault(key, []).append(row)

    # -- surplus -------------------------------------------------------------------------------

    @kept_from_below
    def surplus(
        self,
        code: str,
        year: str,
        basis: str,
        scenario: str = "",
        months: frozenset[int] | None = None,
    ) -> Value:
        """The surplus without support of a body or grouping, of some months only where asked.

        It holds what stands outside the control total, such as impairments.
        """
        own = self.own_surplus(code, year, basis, scenario, months)
        return self._with_those_below("surplus", (code, year, basis, scenario), months, own)

    @kept_from_below
    def adjusted(
        self,
        code: str,
        year: str,
        basis: str,
        scenario: str = "",
        months: frozenset[int] | None = None,
    ) -> Value:
        """The surplus without support and without what stands outside the control total.

        It is what a control total measures, but for support: see `workings/measured.py`.
        """
        own = self.own_adjusted(code, year, basis, scenario, months)
        return self._with_those_below(ADJUSTED, (code, year, basis, scenario), months, own)

    def _with_those_below(
        self, measure: str, of: tuple[str, str, str, str], months: frozenset[int] | None, own: Value
    ) -> Value:
        """A measure of a body or grouping (code, year, basis, scenario): its own rows, `own`, and
        the bodies below it."""
        code, year, basis, scenario = of
        organisation = self.tree.organisations.get(code)
        doubt = self.amounts.in_doubt("organisations", code)
        if doubt:
            return would_have_used(doubt)
        look = self.surplus if measure == "surplus" else self.adjusted
        parts = self.parts(
            code, year, lambda kid, some: look(kid, year, basis, scenario, some), months
        )
        if organisation is None or not parts:
            return own
        untold_of_its_own = not organisation.is_grouping and not own.reported
        if untold_of_its_own and self._says(code, year, basis, scenario):
            return own  # money of its own that cannot be told is a hole, not a nil
        inputs = tuple(figure_id(measure, kid, year, basis, scenario) for kid in parts)
        behind = behind_others(parts, self._closed(parts, year)) if basis == "actual" else ()
        return consolidated(organisation, own, parts, inputs, behind)

    def _says(self, code: str, year: str, basis: str, scenario: str) -> bool:
        """Whether a body's own rows, stopped ones among them, say anything of its surplus."""
        about, told = (code, year, basis, scenario), {*self._parts, ENTIRE, *WHOLE}
        in_doubt = self.amounts.in_doubt("amounts", *about, told)
        return self.amounts.says_position(*about) or bool(in_doubt)

    @kept
    def own_surplus(
        self,
        code: str,
        year: str,
        basis: str,
        scenario: str = "",
        months: frozenset[int] | None = None,
    ) -> Value:
        """The surplus that a body's own rows state, of some months only where asked."""
        stated = self._stated_whole((ENTIRE, *WHOLE), (code, year, basis, scenario), months)
        if stated is not None:
            return stated[1]
        doubt = self.amounts.in_doubt("amounts", code, year, basis, scenario, self._parts)
        if doubt:
            return would_have_used(doubt)
        return self.from_lines(code, year, basis, scenario, months)

    @kept_from_below
    def rows_below(self, code: str, year: str, basis: str, scenario: str) -> tuple[Record, ...]:
        """The rows that make the sum of the bodies below."""
        found: list[Record] = []
        for kid in self.children(code, year):
            value = self.surplus(kid, year, basis, scenario)
            found += value.rows or self.rows_below(kid, year, basis, scenario)
        return tuple(found)

    def agrees(self, stated: Value, made: Value, more: Iterable[Record] = ()) -> bool:
        """Whether a stated total is the sum of its parts, within what rounding allows."""
        if stated.pence is None or made.pence is None:
            return stated.pence == made.pence
        rows = (*stated.rows, *made.rows, *more)
        return self.position.precision.meets(stated.pence, made.pence, rows)

    @kept
    def stated_beside(
        self, measure: str, code: str, year: str, basis: str, scenario: str = ""
    ) -> int | None:
        """A grouping's stated surplus (or adjusted surplus) beside the sum of the bodies below, in pence.

        None where nothing is stated, where both are the same, or where rounding does not explain
        the difference.
        """
        organisation = self.tree.organisations.get(code)
        if organisation is None or not organisation.is_grouping or not self.children(code, year):
            return None
        whole = measure == "surplus"
        stated = (self.own_surplus if whole else self.own_adjusted)(code, year, basis, scenario)
        made = (self.surplus if whole else self.adjusted)(code, year, basis, scenario)
        if not stated.known or not made.known or made.missing or stated.pence == made.pence:
            return None
        below = self.rows_below(code, year, basis, scenario)
        return stated.pence if self.agrees(stated, made, below) else None

    @kept
    def own_adjusted(
        self,
        code: str,
        year: str,
        basis: str,
        scenario: str = "",
        months: frozenset[int] | None = None,
    ) -> Value:
        """What a body's own rows say of its surplus without what its control total leaves out."""
        if not self.states_outside(code, year, basis, scenario):
            whole = self.own_surplus(code, year, basis, scenario, months)
            ids = (figure_id("surplus", code, year, basis, scenario),)
            rule = "the surplus: nothing in it stands outside the control total"
            return by_rule(whole, ids, rule)
        stated = self._stated_whole(WHOLE, (code, year, basis, scenario), months)
        entire = stated is not None and stated[0] == ENTIRE
        if stated is not None and not (entire and stated[1].reported):
            return stated[1]
        parts = {name for name in self._parts if entire or not self.position.lines[name].outside}
        doubt = self.amounts.in_doubt("amounts", code, year, basis, scenario, parts)
        if doubt:
            return would_have_used(doubt)
        if entire:
            return self.entire_without_outside(code, year, basis, scenario, months)
        return self.from_lines(code, year, basis, scenario, months, inside=True)

    def _closed(self, codes: Iterable[str], year: str) -> frozenset[str]:
        """The bodies that ended within a year or half."""
        last = max(months_needed(year))
        whole = year_in(year)
        return frozenset(c for c in codes if last not in self.tree.months_stood(c, whole))

    def _stated_whole(
        self, names: Sequence[str], of: tuple[str, str, str, str], months: frozenset[int] | None
    ) -> tuple[str, Value] | None:
        """The first of these lines that states a whole position, or the doubt about it."""
        said = self.amounts.lines(*of)
        if not any(name in said for name in names) and not self.amounts.in_doubt(
            "amounts", *of, names
        ):
            return None
        for line in names:
            doubt = self.amounts.in_doubt("amounts", *of, lines=(line,))
            if doubt:
                return line, would_have_used(doubt)
            stated = self.stated(*of, line, months)
            if stated is not None and line == "position_with_support":
                return line, self._less_support(stated, *of)
            if stated is not None:
                return line, stated
        return None

    def _less_support(
        self, stated: Value, code: str, year: str, basis: str, scenario: str
    ) -> Value:
        organisation = self.tree.organisations.get(code)
        whole = organisation is not None and organisation.is_grouping
        found = self.support if whole else self.own_support
        support = found(code, year, basis, scenario)
        if not stated.reported or not support.known:
            cause = stated if not stated.reported else support
            return untold(cause, "the support in the stated position is not known")
        if not support.entries:
            words = "the stated position includes support that is not recorded"
            return unknown("not_stated", words, entries=stated.entries)
        return less(
            stated,
            support,
            "position with support as stated, less the support recorded",
            entries=(*stated.entries, *support.entries),
            months=stated.months,
            rows=stated.rows,
        )

    # -- support -------------------------------------------------------------------------------

    def own_support(
        self,
        code: str,
        year: str,
        basis: str,
        scenario: str = "",
        months: frozenset[int] | None = None,
        *,
        stay: bool = False,
    ) -> Value:
        """Support on a body itself: support income and agreed transfers, net.

        `months` are those that a body above asks for: what an actual covers, or with `stay` those
        for which a body that changed parent belonged to it.
        """
        if self.schedule.undecided(code, year):
            return unknown("undecided", "a transfer's mechanism or status is not known")
        doubt = self.schedule.doubt(code, year, basis)
        if doubt:
            return would_have_used(doubt)
        part = months if stay else None
        income = self.line_total(code, year, basis, scenario, "support_income", part)
        if not income.known and not income.silent:
            return income
        if months is None:
            months = self.months_of_support(code, year, basis, scenario)
        moved = self._moved(code, year, basis, "agreed", months, part=stay)
        if not moved.known:
            return moved
        entries = (*(income.entries if income.known else ()), *moved.entries)
        pence = (income.pence or 0) + (moved.pence or 0)
        return Value(pence, "support income and agreed transfers", (), entries)

    def _moved(
        self,
        code: str,
        year: str,
        basis: str,
        status: str,
        months: frozenset[int],
        *,
        part: bool = False,
    ) -> Value:
        """Net transfers of one status to a body in these months, which may be part of a year."""
        pence = 0
        entries: list[int] = []
        for flow in self.schedule.of(code, year, basis, status):
            falls = flow.falls_in(months, part=part or not is_whole_year(year))
            if falls is None:
                by = "by half" if not is_whole_year(year) else "by month"
                return unknown("part_year", f"{flow.row.where} is not told {by}")
            if falls:
                pence += flow.pence
                entries += flow.entries
        return Value(pence, f"{status} transfers", (), tuple(entries))

    def months_of_support(
        self, code: str, year: str, basis: str, scenario: str = ""
    ) -> frozenset[int]:
        """The months whose support a figure holds: of an actual those that it covers."""
        months = months_needed(year)
        reached = (
            self.schedule.reached(code, year_in(year), scenario) if basis == "actual" else None
        )
        return months if reached is None else frozenset(m for m in months if m <= reached)

    @kept_from_below
    def support(
        self,
        code: str,
        year: str,
        basis: str,
        scenario: str = "",
        months: frozenset[int] | None = None,
        *,
        stay: bool = False,
    ) -> Value:
        """Net agreed support of a body and all below it, to the month that the body has reached."""
        if months is None:
            months = self.months_of_support(code, year, basis, scenario)
        reached = months

        def below(kid: str, some: frozenset[int] | None) -> Value:
            whole = some is None or some == reached
            return self.support(
                kid, year, basis, scenario, reached if whole else some, stay=stay or not whole
            )

        parts = [self.own_support(code, year, basis, scenario, months, stay=stay)]
        parts += self.parts(code, year, below, reached, quiet=True).values()
        if any(not part.known for part in parts):
            cause = next(part for part in parts if not part.known)
            return untold(cause, "support below is not known")
        entries = tuple(e for part in parts for e in part.entries)
        return Value(
            sum(p.pence or 0 for p in parts), "support income and agreed transfers", (), entries
        )

    @kept_from_below
    def with_support(
        self, code: str, year: str, basis: str, scenario: str = "", measure: str = "surplus"
    ) -> Value:
        """The surplus with agreed support: worked out, else as stated, else of the bodies below.

        `measure` is the surplus, or the adjusted surplus.
        """
        look = self.surplus if measure == "surplus" else self.adjusted
        surplus = look(code, year, basis, scenario)
        support = self.support(code, year, basis, scenario)
        ids = (figure_id(measure, code, year, basis, scenario),)
        if surplus.reported and support.known:
            rule, entries = f"{measure.replace('_', ' ')} plus agreed support", support.entries
            return total(
                [surplus, support], rule, inputs=ids, entries=entries, months=surplus.months
            )
        kids = self.children(code, year)
        cause = support if surplus.reported else surplus
        if self.moved(code, year):
            return untold(cause, inputs=ids)
        if not kids:
            stated = self.stated(code, year, basis, scenario, "position_with_support")
            return stated or untold(cause, "the surplus or the support is not known")
        parts = [self.with_support(kid, year, basis, scenario, measure) for kid in kids]
        if len({max(part.months, default=0) for part in parts if part.reported}) > 1:
            return unknown("incomplete", NOT_ONE_MONTH, inputs=ids)
        own = self.own_support(code, year, basis, scenario)
        organisation = self.tree.organisations.get(code)
        complete = organisation is not None and organisation.complete
        if not complete or not own.known or any(not part.reported for part in parts):
            stated = self.stated(code, year, basis, scenario, "position_with_support")
            return stated or unknown("incomplete", "not every body below reports", inputs=ids)
        inputs = tuple(figure_id("surplus_with_support", k, year, basis, scenario) for k in kids)
        months = frozenset.intersection(*(part.months for part in parts))
        rule = "sum of the bodies below, with support"
        return total([*parts, own], rule, inputs=inputs, entries=own.entries, months=months)

    def proposed(self, code: str, year: str, basis: str, scenario: str = "") -> Value:
        """Net proposed transfers of a body and all below it."""
        months = self.months_of_support(code, year, basis, scenario)
        bodies = self.tree.inside(code, year, self.schedule.bodies(basis, "proposed"))
        parts = [self._moved(body, year, basis, "proposed", months) for body in bodies]
        for part in parts:
            if not part.known:
                return part
        entries = tuple(entry for part in parts for entry in part.entries)
        return Value(sum(p.pence or 0 for p in parts), "proposed transfers", (), entries)

    # -- control totals ------------------------------------------------------------------------

    @kept_from_below
    def control_total(self, code: str, year: str, scenario: str = "") -> Value:
        """The control total in force, else the sum of the children's, marked as derived."""
        doubt = self.amounts.in_doubt("control_totals", code, year, scenario=scenario)
        if doubt:
            return would_have_used(doubt)
        live, doubled = self.live_control_total(code, year, scenario)
        if doubled:
            return unknown("contradicted", "two accepted control totals of one date")
        if live is not None:
            return Value(
                live.amount, "latest accepted control total", (), (live.entry,), rows=(live,)
            )
        kids = self.children(code, year)
        parts = [self.control_total(kid, year, scenario) for kid in kids]
        organisation = self.tree.organisations.get(code)
        listed = organisation is not None and organisation.complete
        whole = parts and listed and all(part.known for part in parts)
        if whole and self.moved(code, year):
            return unknown("moved_in_year", MOVED)
        if whole:
            inputs = tuple(figure_id("control_total", k, year, "plan", scenario) for k in kids)
            return Value(
                sum(p.pence or 0 for p in parts), "derived: sum of the control totals below", inputs
            )
        return unknown("no_control_total", "no control total is in force", bare=True)

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

    @kept
    def controlled(self, year: str, least: int = 1) -> frozenset[str]:
        """Bodies with at least so many rows of control totals in a year, in the main scenario."""
        rows = self._control_rows.items()
        return frozenset(
            code
            for (code, one, scenario), found in rows
            if one == year and not scenario and len(found) >= least
        )

    def control_rows(self, code: str, year: str, scenario: str = "") -> list[ControlTotal]:
        """Every control total row of a body in a year, earliest known first."""
        rows = self._control_rows.get((code, year, scenario), [])
        return sorted(rows, key=lambda row: (row.known or date.min, row.number))

    def control_scenario(self, code: str, year: str, scenario: str) -> str:
        """The scenario whose control total measures a plan: its own, else the main one."""
        if scenario and self.control_total(code, year, scenario).known:
            return scenario
        return ""
