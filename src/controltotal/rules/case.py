"""One rule meeting one body in one year: every look-up is noted, and absence stops the rule.

A `Case` is what a rule's function is given. What it reads makes the trace: figures of the position,
facts, ledger entries, dated parameters; what it says makes the steps; its parts have steps of their
own. A look-up of what the book does not state raises `Missing`, and the outcome cannot be told.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from fractions import Fraction
from functools import partial
from typing import Any

from controltotal.book.periods import months_needed
from controltotal.book.records import Fact
from controltotal.core.calendar import next_year, year_end, year_label, year_start
from controltotal.core.parameters import Parameter
from controltotal.core.period import is_whole_year, part_of, year_in
from controltotal.core.trace import Trace
from controltotal.rules.form import (
    Lack,
    Missing,
    Number,
    Outcome,
    Part,
    Rule,
    plain,
    pounds,
    waived,
    whole,
)
from controltotal.rules.reading import Reading
from controltotal.workings.measured import measured
from controltotal.workings.series import to_date
from controltotal.workings.totals import ADJUSTED, figure_id
from controltotal.workings.value import Value

__all__ = ["Case", "Reading"]


class Case:
    """One rule, one body, one year; look-ups raise Missing and are noted in the trace."""

    __slots__ = (
        "code",
        "consequence",
        "entries",
        "inputs",
        "parameters",
        "parts",
        "reading",
        "rule",
        "shared",
        "so_far",
        "steps",
        "totals",
        "tree",
        "year",
    )

    def __init__(self, reading: Reading, rule: Rule, code: str, year: str) -> None:
        self.reading, self.rule, self.code, self.year = reading, rule, code, year
        self.totals, self.tree = reading.totals, reading.tree
        self.steps: list[str] = []
        self.inputs: list[str] = []
        self.entries: set[int] = set()
        self.parameters: dict[str, Parameter] = {}
        self.parts: list[Part] = []
        self.shared: tuple[tuple[str, ...], frozenset[int], dict[str, Parameter]] | None = None
        self.so_far: int | float | None = None
        self.consequence: int | None = None

    # -- looking up ----------------------------------------------------------------------------

    def row(
        self, fact: str, *, month: str = "", group: str = "", year: str = "", code: str = ""
    ) -> Fact | None:
        """The row of a fact, or None; a row that was stopped counts as missing."""
        year, code = year or self.year, code or self.code
        month = month or part_of(year)
        if (code, year, fact) in self.reading.doubt:
            raise Missing(f"a row of {fact}", "was stopped by a fault in it", "stopped")
        best = self.reading.facts.get((code, year), {}).get(fact, {}).get((month, group))
        if best is not None:
            self.entries.add(best.entry)
        return best

    def _named(self, fact: str, where: Mapping[str, str]) -> str:
        extra = ", ".join(v for v in (where.get("month"), where.get("group")) if v)
        year = where.get("year")
        return (
            fact.replace("_", " ")
            + (f" ({extra})" if extra else "")
            + (f" of {year_label(year_in(year))}" if year and year != self.year else "")
        )

    def money(self, fact: str, **where: str) -> int:
        """A fact that is money, in pence; raises Missing."""
        row = self.row(fact, **where)
        if row is None:
            raise Missing(self._named(fact, where))
        if not isinstance(row.value, int):
            raise Missing(f"{self._named(fact, where)} as money (its row names no money unit)")
        return int(row.value)

    def number(self, fact: str, **where: str) -> Fraction:
        """A fact that is a number; raises Missing."""
        row = self.row(fact, **where)
        if row is None:
            raise Missing(self._named(fact, where))
        return Fraction(str(row.value))

    def flag(self, fact: str, **where: str) -> bool:
        """A fact that is 1 for yes and 0 for no; raises Missing."""
        return self.number(fact, **where) != 0

    def groups(self, fact: str, *, month: str = "", year: str = "") -> dict[str, Fact]:
        """The rows of a fact by group."""
        year = year or self.year
        if (self.code, year, fact) in self.reading.doubt:
            raise Missing(f"a row of {fact}", "was stopped by a fault in it", "stopped")
        found = self.reading.facts.get((self.code, year), {}).get(fact, {})
        names = sorted({group for _, group in found})
        rows = {name: self.row(fact, month=month, group=name, year=year) for name in names}
        return {name: row for name, row in rows.items() if row is not None}

    def parameter(self, name: str, year: str = "", *, at_end: bool = False) -> Parameter:
        """A dated parameter that holds all through the year; raises Missing. Strict refuses K.

        `at_end` asks for a section of law in force at the year's end: one that begins in the year
        binds in it.
        """
        last = year_end(year or self.year)
        day = last if at_end else year_start(year or self.year)
        found = self.reading.parameter(name, day)
        if found is None or (found.until is not None and found.until < last):
            raise Missing(f"a value of {name} that holds on {day.isoformat()}", kind="no_parameter")
        self.parameters[f"{name} {day}"] = found
        if self.reading.strict and not found.verified:
            what = f"a verified value of {name} (nobody has adopted the one in use)"
            raise Missing(what, kind="no_parameter")
        return found

    def share(self, name: str, year: str = "") -> Fraction:
        """A parameter as an exact number."""
        value = self.parameter(name, year).value
        kept = self.reading.shares
        if value not in kept:
            kept[value] = Fraction(value)
        return kept[value]

    def has_parameter(self, name: str) -> bool:
        """Whether a parameter has a value in this year."""
        found = self.reading.parameter(name, year_start(self.year))
        return found is not None and (found.until is None or found.until >= year_end(self.year))

    def previous(self, count: int = 1) -> str:
        """The year `count` before."""
        return next_year(year_in(self.year), -count)

    # -- figures of the position ---------------------------------------------------------------

    def surplus(self, year: str = "", code: str = "", *, support: bool = False) -> int:
        """The adjusted surplus on the best basis that covers the year; raises Missing.

        What a body cannot control, such as an impairment, is in no rule.
        """
        year, code = year or self.year, code or self.code
        basis, value = self.best_surplus(code, year, support=support)
        return self.told(value, basis, "surplus_with_support" if support else ADJUSTED, code, year)

    def told(self, value: Value, basis: str, measure: str, code: str, year: str) -> int:
        """The number of a measure of position, noted as an input; raises Missing."""
        if value.pence is None:
            what = f"the surplus of {self.name(code, year)} in {year_label(year_in(year))}"
            if value.reported:
                raise Missing(what, "is known only within bounds", "undecided")
            raise Missing(what, kind=value.kind)
        self.inputs.append(figure_id(measure, code, year, basis))
        return value.pence

    def best_surplus(self, code: str, year: str, *, support: bool = False) -> tuple[str, Value]:
        """The adjusted surplus: the actual of a whole year, else the forecast, else the plan."""
        totals = self.totals
        look = partial(totals.with_support, measure=ADJUSTED) if support else totals.adjusted
        if not self.totals.reports(code, year) and is_whole_year(year):
            return "plan", look(code, year, "plan")  # silent on every basis: looked at once
        return self.best(lambda basis: look(code, year, basis), year)

    def measured(self, code: str, year: str) -> tuple[str, Value]:
        """The position as the control total measures it, on the best basis that covers the year."""
        return self.best(lambda basis: measured(self.totals, code, year, basis), year)

    def best(self, look: Callable[[str], Value], year: str) -> tuple[str, Value]:
        """The actual of a whole year, else the forecast, else the plan."""
        value = look("actual")
        if value.reported and (not value.months or value.months == months_needed(year)):
            return "actual", value
        value = look("forecast")
        if value.reported:
            return "forecast", value
        return "plan", look("plan")

    def allocation(self, year: str = "", code: str = "") -> int:
        """The allocation; raises Missing."""
        year, code = year or self.year, code or self.code
        value = self.totals.allocation(code, year)
        if value.pence is None:
            raise Missing(
                f"the allocation of {self.name(code, year)} in {year_label(year_in(year))}"
            )
        self.entries.update(value.entries)
        return value.pence

    def control_total(self, code: str = "") -> int:
        """The control total in force; raises Missing."""
        code = code or self.code
        value = self.totals.control_total(code, self.year, "")
        if value.pence is None:
            raise Missing(f"a control total in force for {self.name(code)}", kind=value.kind)
        self.inputs.append(figure_id("control_total", code, self.year, "plan"))
        self.entries.update(value.entries)
        return value.pence

    def turnover(self) -> int:
        """Total income: the fact `turnover`, else the income lines; raises Missing."""
        row = self.row("turnover")
        if row is not None and isinstance(row.value, int):
            return row.value
        value = self._income()
        if value.pence is None:
            raise Missing("turnover")
        self.entries.update(value.entries)
        return value.pence

    def _income(self) -> Value:
        """Total income on the best basis that covers the year."""
        key, kept = (self.code, self.year), self.reading.incomes
        if key not in kept:
            for basis in ("actual", "forecast", "plan"):
                value = self.totals.income(self.code, self.year, basis, "")
                whole_year = not value.months or value.months == months_needed(self.year)
                if value.known and whole_year:
                    break
            kept[key] = value if whole_year else value._replace(pence=None)
        return kept[key]

    def to_date(self, basis: str, last_month: int) -> int | None:
        """A body's own adjusted surplus from April to a month; None where not stated."""
        found = to_date(self.totals, self.code, self.year, basis, last_month)
        if found is None:
            return None
        self.entries.update(found.entries)
        return found.pence

    def children(self, code: str = "") -> tuple[str, ...]:
        """The bodies whose money makes a grouping's; raises Missing where some are not listed."""
        code = code or self.code
        kids = self.totals.children(code, self.year)
        if not kids:
            raise Missing(f"the bodies of {self.name(code)}")
        return kids

    def bodies(self) -> tuple[str, ...]:
        """The leaves below: every body that is not itself a grouping of others."""
        found: list[str] = []
        waiting = list(reversed(self.children()))
        while waiting:
            body = waiting.pop()
            kids = self.totals.children(body, self.year)
            if not kids:
                found.append(body)
            waiting.extend(reversed(kids))
        return tuple(found)

    def outcome_of(self, rule: Rule, code: str = "", year: str = "") -> Outcome:
        """Another rule's outcome; it must stand earlier in the declared order."""
        assert rule.name in self.rule.after, f"{self.rule.name} does not declare {rule.name}"
        code, year = code or self.code, year or self.year
        outcome = self.reading.outcome(rule, code, year)
        if outcome.status != "not_applicable":
            self.inputs.append(f"rule/{code}/{year}/{rule.name}")
            for key, parameter in outcome.used:
                if not parameter.verified:
                    self.parameters.setdefault(key, parameter)
        return outcome

    def name(self, code: str, year: str = "") -> str:
        """The name of a body in the year."""
        return self.tree.name(code, year or self.year)

    # -- saying --------------------------------------------------------------------------------

    def say(self, step: str) -> None:
        """Add a step to the explanation."""
        self.steps.append(step)

    def part(
        self,
        name: str,
        work: Callable[[Case], tuple[Number, int | None] | Number],
        unit: str = "pence",
    ) -> Number | None:
        """A part with its own steps: its value, or None where an input is missing.

        A part rests also on what the rule read before its first part, such as an offer split up.
        """
        if self.shared is None:
            self.shared = (tuple(self.inputs), frozenset(self.entries), dict(self.parameters))
        inner = Case(self.reading, self.rule, self.code, self.year)
        inner.inputs, inner.entries = list(self.shared[0]), set(self.shared[1])
        inner.parameters = dict(self.shared[2])
        value: Number | None
        consequence: int | None = None
        why, lack = "", None
        try:
            answer = work(inner)
            value, consequence = answer if isinstance(answer, tuple) else (answer, None)
        except Missing as missing:
            value, lack = None, missing.lack
            why = lack.words
            inner.say(why)
        self.entries |= inner.entries
        self.inputs += inner.inputs
        self.parameters.update(inner.parameters)
        shown = plain(value, unit)
        text = f"{name}: {pounds(value) if unit == 'pence' else shown}"
        self.steps.append(text if value is not None else f"{name}: {why}")
        self.parts.append(
            Part(name, shown, unit, inner.trace(), inner.unverified(), consequence, why, lack)
        )
        return value

    def known_part(
        self, name: str, value: Number, consequence: int | None = None, unit: str = "pence"
    ) -> None:
        """A part that follows from what was read so far."""
        shown = plain(value, unit)
        text = f"{name}: {pounds(value) if unit == 'pence' else shown}"
        so_far = self.trace()
        trace = Trace(
            f"{self.rule.title}: {text}", so_far.inputs, so_far.parameters, so_far.entries
        )
        self.say(text)
        self.parts.append(Part(name, shown, unit, trace, self.unverified(), consequence))

    def fact_part(self, name: str, fact: str, **where: str) -> None:
        """A part that is a sum of money as a fact states it."""
        self.part(name, lambda inner: inner.money(fact, **where))

    def trace(self) -> Trace:
        """All that was read, with the steps as lines."""
        labels = tuple(self.reading.label(parameter) for parameter in self.parameters.values())
        inputs = tuple(dict.fromkeys(self.inputs))
        return Trace("\n".join(self.steps), inputs, labels, tuple(sorted(self.entries)))

    def unverified(self) -> tuple[str, ...]:
        """Names of the parameters used that nobody has verified."""
        return tuple(sorted({p.name for p in self.parameters.values() if not p.verified}))

    def done(
        self,
        value: Number | None,
        status: str = "met",
        *,
        why: str = "",
        consequence: Number | None = None,
        low: int | None = None,
        high: int | None = None,
    ) -> Outcome:
        """The outcome, its value in the rule's unit."""
        if why:
            self.say(why)
        return Outcome(
            plain(value, self.rule.unit),
            status,
            self.trace(),
            None if consequence is None else whole(consequence),
            self.rule.unit,
            why or (self.steps[-1] if self.steps else ""),
            tuple(self.parts),
            self.unverified(),
            low,
            high,
            tuple(self.parameters.items()),
        )

    def judge(
        self,
        margin: Number,
        value: Number | None,
        *,
        why: str = "",
        consequence: Number | None = None,
    ) -> Outcome:
        """Met where the margin is nil or more; a breach costs what is missing unless said."""
        met = margin >= 0
        cost = consequence if consequence is not None else (0 if met else margin)
        return self.done(value, "met" if met else "breached", why=why, consequence=cost)

    def judge_within(
        self, low: int | None, high: int | None, value: int | None, *, beyond: bool
    ) -> Outcome:
        """Of a margin known only within bounds: an answer where all of it falls on one side.

        `value` is what the rule shows; without it the bounds of the margin are shown. `beyond`:
        the bounds themselves are not reached, as where a deficit is over a sum.
        """
        ends = (low, high) if value is None else (None, None)
        if low is not None and low >= 0:
            why = f"at least {pounds(low)} better, wherever within its bounds the surplus lies"
            return self.done(value, "met", why=why, consequence=0, low=ends[0], high=ends[1])
        if high is not None and (high < 0 or (beyond and high == 0)):
            why = f"at least {pounds(-high)} short, wherever within its bounds the surplus lies"
            return self.done(
                value, "breached", why=why, consequence=high, low=ends[0], high=ends[1]
            )
        self.so_far = value
        return self.cannot_be_told(
            Lack("the surplus", "is known only within bounds on either side", "undecided")
        )

    def cannot_be_told(self, lack: Lack) -> Outcome:
        """The outcome where an input is missing; what was worked out before it is kept."""
        why = lack.words
        self.say(why)
        return Outcome(
            plain(self.so_far, self.rule.unit),
            "indeterminate",
            self.trace(),
            None,
            self.rule.unit,
            why,
            tuple(self.parts),
            self.unverified(),
            used=tuple(self.parameters.items()),
            lack=lack,
        )


def rule(
    name: str,
    title: str,
    *,
    kinds: Iterable[str] | str,
    value: str,
    formula: str,
    source: str,
    example: str,
    first: str = "2013-14",
    last: str = "",
    unit: str = "pence",
    **more: Any,
) -> Callable[[Callable[[Case], Outcome]], Rule]:
    """Make a rule of a function; its docstring is the plain English of the manual."""
    bound = frozenset(kinds.split() if isinstance(kinds, str) else kinds)

    def make(work: Callable[[Case], Outcome]) -> Rule:
        family = work.__module__.rpartition(".")[2]
        meaning = " ".join((work.__doc__ or "").split())
        assert meaning, f"{name} says nothing for people"
        made = Rule(
            name,
            title,
            family,
            bound,
            first,
            last,
            unit,
            value,
            formula,
            source,
            example,
            meaning,
            lambda reading, code, year: _worked(work, reading, made, code, year),
            **more,
        )
        return made

    return make


def _worked(
    work: Callable[[Case], Outcome], reading: Reading, rule: Rule, code: str, year: str
) -> Outcome:
    """What a rule's function says of a body in a year, under a waiver where there is one."""
    case = Case(reading, rule, code, year)
    try:
        outcome = work(case)
    except Missing as missing:
        outcome = case.cannot_be_told(missing.lack)
    waiver = reading.waivers.get((rule.name, code, year_in(year)))
    if outcome.status == "not_applicable" or waiver is None:
        return outcome
    if waiver.until is not None and waiver.until < year_end(year):
        return outcome
    return waived(outcome, waiver.by, waiver.on, waiver.reason or "", waiver.entry)
