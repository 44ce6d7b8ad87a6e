"""A position indexed for rules, under a set of parameters; each outcome is made once and kept.

Facts are looked up by body, year, month and group; of one fact on several bases the actual comes
before the forecast and that before the plan. Rules that rest on others share their outcomes.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from fractions import Fraction
from typing import Any

from controltotal.book.fold import Position
from controltotal.book.records import Fact, Scheme
from controltotal.core.calendar import CalendarError, parse_year
from controltotal.core.parameters import Parameter, ParameterMissing, Parameters
from controltotal.rules.form import NOT_APPLICABLE, Outcome, Rule
from controltotal.workings.value import Value
from controltotal.workings.workings import Workings

_RANK = {basis: rank for rank, basis in enumerate(("actual", "forecast", "plan", ""))}


def _facts_of_bodies(
    rows: Iterable[Fact],
) -> dict[tuple[str, str], dict[str, dict[tuple[str, str], Fact]]]:
    """Facts of no scheme or scenario, by body and year, by name, then by month and group.

    Of two bases that state one fact the actual comes before the forecast and the plan.
    """
    found: dict[tuple[str, str], dict[str, dict[tuple[str, str], Fact]]] = {}
    for row in rows:
        if row.scenario or row.scheme:
            continue
        half = f"-{row.month}" if row.month in ("H1", "H2") else ""
        key = (row.organisation, row.year + half)
        of_fact = found.setdefault(key, {}).setdefault(row.fact, {})
        place = (row.month or "", row.group or "")
        rank = _RANK[row.basis or ""]
        if place not in of_fact or rank < _RANK[of_fact[place].basis or ""]:
            of_fact[place] = row
    return found


class Reading:
    """A position under a set of parameters, indexed for rules; outcomes are kept once made.

    `strict` refuses a parameter that nobody has verified or adopted.
    """

    def __init__(
        self,
        workings: Workings,
        parameters: Parameters | None = None,
        *,
        strict: bool = False,
    ) -> None:
        position = workings.position
        self.workings, self.position = workings, position
        self.day = position.as_at if isinstance(position.as_at, date) else None
        self.parameters = parameters or position.parameters
        if parameters is not None and self.day is not None:
            self.parameters = parameters.known_then(self.day)
        self.strict = strict
        self.totals = workings.totals
        self.tree = position.tree
        # What is published is an input of a rule that the book brings to life, and brings none itself.
        self.stated = _facts_of_bodies(position.book.facts)
        taken = position.taken_facts
        self.facts = _facts_of_bodies((*position.book.facts, *taken)) if taken else self.stated
        self.of_scheme: dict[tuple[str, str], Fact] = {
            (row.scheme, row.fact): row for row in position.book.facts if row.scheme
        }
        self.waivers = {
            (row.rule, row.organisation, row.year): row for row in position.book.waivers
        }
        self.doubt = stopped_facts(position)
        self.anywhere = frozenset(fact for facts in self.stated.values() for fact in facts) | {
            fact for _, _, fact in self.doubt
        }  # the facts that the book states of anybody
        self.schemes: dict[str, list[Scheme]] = {}
        for scheme in position.book.schemes:
            self.schemes.setdefault(scheme.organisation, []).append(scheme)
        self.shares: dict[str, Fraction] = {}
        self.incomes: dict[tuple[str, str], Value] = {}
        self.divisions: dict[
            tuple[str, str, str], Any
        ] = {}  # pots worked out, by the allocation rules
        self.paces: dict[tuple[str, str, str], Any] = {}
        self._outcomes: dict[tuple[str, str, str], Outcome] = {}
        self._labels: dict[int, str] = {}
        self._parameters: dict[tuple[str, date], Parameter | None] = {}

    def parameter(self, name: str, day: date) -> Parameter | None:
        """The value of a parameter on a day, or None where none holds."""
        key = (name, day)
        if key not in self._parameters:
            try:
                self._parameters[key] = self.parameters.on(name, day)
            except ParameterMissing:
                self._parameters[key] = None
        return self._parameters[key]

    def states(self, code: str, year: str, fact: str) -> bool:
        """Whether the book has any row of a fact for a body and year, stopped ones included."""
        return fact in self.stated.get((code, year), ()) or (code, year, fact) in self.doubt

    def binds(self, rule: Rule, code: str, year: str) -> bool:
        """Whether a rule binds a body in a year."""
        return (
            self.tree.kind(code) in rule.kinds
            and rule.in_years(year)
            and self.applies(rule, code, year)
        )

    def applies(self, rule: Rule, code: str, year: str) -> bool:
        """Whether the book brings to life a rule that may bind a body of this kind in this year."""
        if not rule.known_by(self.day):
            return False
        if rule.needs is not None and rule.needs(self, code, year):
            return True
        if not rule.triggers:
            return rule.needs is None
        if self.anywhere.isdisjoint(rule.triggers):
            return False
        stated = self.stated.get((code, year))
        if stated is not None and not stated.keys().isdisjoint(rule.triggers):
            return True
        return bool(self.doubt) and any(self.states(code, year, fact) for fact in rule.triggers)

    def label(self, parameter: Parameter) -> str:
        """A parameter as traces show it, made once."""
        key = id(parameter)
        if key not in self._labels:
            self._labels[key] = parameter.label
        return self._labels[key]

    def outcome(self, rule: Rule, code: str, year: str, *, what_if: bool = False) -> Outcome:
        """The outcome of a rule for a body in a year; `what_if` sets aside the rule's years."""
        key = (rule.name, code, year)
        if key not in self._outcomes:
            bound = what_if or self.binds(rule, code, year)
            self._outcomes[key] = rule.work(self, code, year) if bound else NOT_APPLICABLE
        return self._outcomes[key]


def stopped_facts(position: Position) -> set[tuple[str, str, str]]:
    """Body, year and fact of every row of facts that a fault stopped."""
    found = set()
    for row in position.stopped:
        if not isinstance(row, Fact):
            continue
        try:
            year = parse_year(row.texts.get("year", ""))
        except CalendarError:
            continue
        half = row.month
        key = year + (f"-{half}" if half in ("H1", "H2") else "")
        found.add((row.texts.get("organisation", ""), key, row.fact or ""))
    return found
