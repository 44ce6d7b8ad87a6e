"""Savings that may be counted: the in-year effect of schemes in the plan whose evidence exists.

A scheme counts when it is eligible, in the plan, worth something to somebody, and within every
ceiling of harm; all others are listed with the reason. What it brings falls on those whom its
effects or its contract name, so that parents sum and a saving that one body takes from another
adds up to nothing: the one gains it, the other loses it, and the system stands where it stood.
Savings that nobody has found a scheme for are a line of their own, never here.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import Any

from controltotal.book.periods import months_needed
from controltotal.book.records import Amount, Contract, Scheme, SchemeEffect
from controltotal.core.calendar import (
    add_months,
    first_full_month,
    month_start,
    months_of,
    year_end,
    year_label,
    year_of,
    year_start,
)
from controltotal.core.kept import kept, kept_from_below
from controltotal.core.money import format_money
from controltotal.core.period import year_in
from controltotal.programme.courses import (
    begun_late,
    course,
    moved_months,
    plan_months,
    slippage,
    stated_months,
)
from controltotal.programme.dates import Dates
from controltotal.programme.effects import Effects
from controltotal.programme.eligibility import EligibleScheme, Ineligible, Judgements
from controltotal.programme.folders import folders
from controltotal.programme.gates import Folder
from controltotal.programme.phasing import in_plan, in_year_effect
from controltotal.workings.harm import over_ceiling
from controltotal.workings.totals import Totals, figure_id
from controltotal.workings.value import Value, unknown


@dataclass(frozen=True, slots=True)
class NotCounted:
    """A scheme that does not count in a year, with every reason: (code, words) pairs."""

    row: Scheme
    reasons: tuple[tuple[str, str], ...]
    maturity: str
    rejected: bool


class Savings:
    """What every scheme of a position brings to whom, by year and basis."""

    def __init__(self, totals: Totals, effects: Effects, judgements: Judgements) -> None:
        self.totals = totals
        self.tree = totals.tree
        self.position = totals.position
        self.effects = effects
        self.judgements = judgements
        self.eligible, self.ineligible = judgements.eligible(), judgements.ineligible()

    @cached_property
    def dates(self) -> Dates:
        """When schemes go live and when their engagement ends."""
        return Dates(self.position)

    @cached_property
    def folders(self) -> Mapping[str, Folder]:
        """What the book holds on each scheme."""
        return folders(self.position, self.judgements)

    @cached_property
    def by_id(self) -> Mapping[str, EligibleScheme]:
        """Eligible schemes by id."""
        return {scheme.id: scheme for scheme in self.eligible}

    @cached_property
    def refused(self) -> Mapping[str, Ineligible]:
        """Ineligible schemes by id."""
        return {scheme.id: scheme for scheme in self.ineligible}

    @cached_property
    def _told_to(self) -> Mapping[str, date]:
        """The last day up to which each body has reported what its schemes saved."""
        found: dict[str, date] = {}
        for rows in self.totals.amounts.of_scheme.values():
            for row in rows:
                if row.basis == "actual" and not row.scenario:
                    last = month_start(row.year, months_of(row.month or "")[-1])
                    end = add_months(last, 1) - timedelta(days=1)
                    body = row.organisation
                    found[body] = max(end, found.get(body, end))
        return found

    def maturity(self, scheme: str) -> str:
        """The maturity that the evidence of a scheme supports."""
        found = self.by_id.get(scheme) or self.refused[scheme]
        return found.maturity

    @kept
    def slip(self, row: Scheme) -> int:
        """Months by which a scheme is late."""
        delivering = self.maturity(row.id) == "fully_developed_delivering"
        late, start = None, row.start
        if start is not None:
            year = year_of(start)
            plan = plan_months(row, year, self.totals.amounts)
            done = stated_months(row, year, "actual", self.totals.amounts)
            late = begun_late(plan, [done.get(month) for month in range(1, 13)])
        day = self.position.reading_date
        told = self._told_to.get(row.organisation)
        if told is not None and (day is None or told < day):
            day = told
        return slippage(
            row,
            day,
            delivering,
            self.dates.live.get(row.id),
            self.dates.engaged.get(row.id),
            late,
        )

    def _bound(self, row: Scheme, year: str, months: Sequence[int], moves: bool) -> list[int]:
        """Months of a year as its conditions bind them: none before they are met or after one lapsed.

        `moves`: what falls before the day on which they were met comes later by as many months.
        """
        judged, first = self.judgements[row.id], year_start(year_in(year))
        found = list(months)
        if judged.counts_from is not None:
            opens = first_full_month(judged.counts_from)
            if moves and row.start is not None:
                late = max(0, _months_between(first_full_month(row.start), opens))
                found = moved_months(row, year, self.totals.amounts, found, late)
            shut = max(0, min(12, _months_between(first, opens)))
            found = [0] * shut + found[shut:]
        if judged.stops_after is not None:
            last = judged.stops_after.replace(day=1)
            runs = max(0, min(12, _months_between(first, last) + 1))
            found = found[:runs] + [0] * (12 - runs)
        return found

    def _is_bound(self, row: Scheme) -> bool:
        """Whether a condition moves or stops a scheme."""
        judged = self.judgements[row.id]
        return judged.counts_from is not None or judged.stops_after is not None

    def _bound_in_year(self, row: Scheme, year: str, basis: str) -> int | None:
        """What a scheme brings in a year within its conditions, in pence; None where unknown."""
        amounts = self.totals.amounts
        stated = stated_months(row, year, basis, amounts)
        if basis == "plan":
            plan = plan_months(row, year, amounts)
            months = None if plan is None else self._bound(row, year, plan, True)
        elif stated:
            own = [stated.get(month, 0) for month in range(1, 13)]
            months = self._bound(row, year, own, False)
        else:
            forecast = course(row, year, amounts, self.slip(row)).forecast
            months = None if forecast is None else self._bound(row, year, forecast, False)
        if months is None:
            return None
        return sum(months[month - 1] for month in months_needed(year))

    @cached_property
    def _holes(self) -> Mapping[str, frozenset[str | None]]:
        """Schemes of which a row of money, effect or contract could not be read: {id: bases}.

        None among the bases stands for all of them: nothing is summed around a hole.
        """
        found: dict[str, set[str | None]] = {}
        for row in self.position.stopped:
            if isinstance(row, Amount | SchemeEffect) and row.scheme:
                basis = row.basis if isinstance(row, Amount) else None
                found.setdefault(row.scheme, set()).add(basis)
        unread = {
            (row.commissioner, row.provider)
            for row in self.position.stopped
            if isinstance(row, Contract)
        }
        for scheme in self.position.book.schemes if unread else ():
            if (scheme.organisation, scheme.provider) in unread:
                found.setdefault(scheme.id, set()).add(None)
        return {code: frozenset(bases) for code, bases in found.items()}

    @kept
    def in_year(self, row: Scheme, year: str, basis: str) -> int | None:
        """The saving of a scheme in a year, in pence, before it is split; None where unknown.

        A forecast that nobody has stated is the actual to date and the plan as it has slipped, and
        unknown where a row of either could not be read; an actual is the year to date, and nothing
        where the scheme does not deliver yet.
        """
        amounts, holes = self.totals.amounts, self._holes.get(row.id, frozenset())
        done = stated_months(row, year, basis, amounts)
        if {basis, None} & holes or (basis == "forecast" and holes and not done):
            return None
        if self._is_bound(row) and (basis != "actual" or done):
            return self._bound_in_year(row, year, basis)
        if basis == "plan":
            return in_year_effect(row, year, basis, amounts)
        if basis == "actual":
            if done:
                return sum(done.values())
            begun = row.start is not None and row.start <= year_end(year_in(year))
            delivering = self.maturity(row.id) == "fully_developed_delivering"
            return None if begun and delivering else 0
        if done:
            return in_year_effect(row, year, basis, amounts)
        moved = course(row, year, amounts, self.slip(row)).forecast
        return None if moved is None else sum(moved)

    # -- which count ---------------------------------------------------------------------------

    @kept
    def excluded(self, year: str) -> Mapping[str, NotCounted]:
        """Every scheme that does not count in a year, with its reasons.

        One that requires another which safety keeps out cannot go without it, and neither does count.
        """
        over = over_ceiling(self, year)
        lacking = without_required(
            [code for code in self.by_id if code not in over],
            {row.id: row.requires or () for row in self.position.book.schemes},
        )
        found: dict[str, NotCounted] = {}
        for row in self.position.book.schemes:
            code, refused = row.id, self.refused.get(row.id)
            reasons = [(cause.code, cause.text) for cause in refused.causes] if refused else []
            if row.maturity == "unidentified":
                reasons.append(
                    ("SAVING_UNIDENTIFIED", "it is the unidentified line by another name")
                )
            if not in_plan(row):
                reasons.append(("NOT_IN_PLAN", "it is not in the plan"))
            if code in over:
                reasons.append(("HARM_CEILING", over[code]))
            if code in lacking:
                told = f"it needs {lacking[code]}, which does not count"
                reasons.append(("REQUIRED_NOT_COUNTED", told))
            if refused is None:
                reasons += self._worthless(row, year)
            if reasons:
                maturity, rejected = self.maturity(code), bool(refused and refused.rejected)
                found[code] = NotCounted(row, tuple(reasons), maturity, rejected)
        return found

    @kept
    def kept_out(self, year: str) -> frozenset[str]:
        """Assured schemes of the plan that do not count all the same, by id.

        Together they pass a ceiling of harm, or they need a scheme that does not count.
        """
        out = self.excluded(year)
        return frozenset(c for c, one in out.items() if c in self.by_id and in_plan(one.row))

    def _worthless(self, row: Scheme, year: str) -> list[tuple[str, str]]:
        """Why an eligible scheme brings nothing that can be counted.

        One of which a row could not be read counts, and nobody can tell for how much.
        """
        if row.id in self._holes:
            return []
        names = {code: body.name for code, body in self.totals.tree.organisations.items()}
        effect = self.effects.of(row, year)
        reasons = [] if effect.moves else [("WORTH_NOTHING", effect.words(names))]
        if in_plan(row) and self.in_year(row, year, "plan") is None:
            reasons.append(("NO_START", "it has no start and no phasing"))
        return reasons

    def counted(self, year: str) -> tuple[EligibleScheme, ...]:
        """The schemes that count in a year."""
        excluded = self.excluded(year)
        return tuple(scheme for scheme in self.eligible if scheme.id not in excluded)

    # -- what they bring -----------------------------------------------------------------------

    @kept
    def by_body(self, year: str, basis: str) -> Mapping[str, tuple[int | None, tuple[int, ...]]]:
        """Pence by body itself and the ledger entries used; None where it cannot be told."""
        found: dict[str, tuple[int | None, tuple[int, ...]]] = {}
        for scheme in self.counted(year):
            pence = self.in_year(scheme.row, year, basis)
            effect = self.effects.of(scheme.row, year)
            approved = (row.entry for row in scheme.approval)
            entries = (scheme.row.entry, *effect.entries, *approved)
            if effect.how == "own":
                split: Mapping[str, int] = {scheme.row.organisation: pence or 0}
            else:
                split = effect.split(pence or 0)
            if pence is None and scheme.row.organisation not in split:
                split = {**split, scheme.row.organisation: 0}
            for body, part in split.items():
                for heir, share in self.heirs(body, part, year).items():
                    held, before = found.get(heir, (0, ()))
                    whole = None if held is None or pence is None else held + share
                    found[heir] = (whole, before + entries)
        for row in self.position.stopped:
            if isinstance(row, Scheme) and row.organisation:
                found[row.organisation] = (None, (row.entry,))
        return found

    def heirs(self, body: str, pence: int, year: str) -> Mapping[str, int]:
        """Where a saving of a body stands in a year, after mergers."""
        if self.totals.tree.exists(body, year):
            return {body: pence}
        return self.totals.tree.carry(body, pence, year_start(year_in(year)))

    @cached_property
    def _bodies(self) -> frozenset[str]:
        """Bodies that have schemes or share in the effect of one."""
        found = {row.organisation for row in self.position.book.schemes}
        found |= {row.organisation for row in self.position.book.effects}
        paid = {
            (row.commissioner, row.provider)
            for row in self.position.book.contracts
            if row.kind != "block"
        }
        found |= {
            row.provider
            for row in self.position.book.schemes
            if row.provider and (row.organisation, row.provider) in paid
        }
        found |= {row.organisation for row in self.position.stopped if isinstance(row, Scheme)}
        return frozenset(code for code in found if code)

    def _has(self, code: str, year: str) -> bool:
        """Whether a body, one it succeeds, or one below it has schemes."""
        tree = self.totals.tree
        day = year_start(year_in(year))
        heirs = {
            row.successor
            for row in tree.successions
            if row.predecessor in self._bodies and row.on <= day
        }
        return code in self._bodies or bool(tree.inside(code, year, self._bodies | heirs))

    @kept_from_below
    def plan(self, code: str, year: str, basis: str) -> Value | None:
        """Savings counted in the plan of a body and all below it; None where it has no schemes."""
        if not self._has(code, year):
            return None
        if basis == "actual" and year_in(year) not in self._reported:
            return None
        own, entries = self.by_body(year, basis).get(code, (0, ()))
        kids = [
            (kid, part)
            for kid in self.totals.tree.children(code, year)
            if (part := self.plan(kid, year, basis)) is not None
        ]
        inputs = tuple(figure_id("savings_plan", kid, year, basis) for kid, _ in kids)
        parts = [own, *(part.pence for _, part in kids)]
        if any(pence is None for pence in parts):
            why = "a scheme could not be read or did not report"
            return unknown("stopped", why, inputs=inputs, entries=entries)
        rule = "in-year effect of schemes in the plan that have passed their gates"
        rule += ", year to date" if basis == "actual" else ""
        rule = "sum of the savings below" if kids and not entries else rule
        return Value(sum(pence or 0 for pence in parts), rule, inputs, entries)

    @cached_property
    def _reported(self) -> frozenset[str]:
        """Years in which any scheme has an actual."""
        rows = (row for found in self.totals.amounts.of_scheme.values() for row in found)
        return frozenset(row.year for row in rows if row.basis == "actual")


def without_required(names: Iterable[str], requires: Mapping[str, Sequence[str]]) -> dict[str, str]:
    """Schemes left out because one they need does not count: {left out: what it lacks}.

    >>> without_required(["A", "B"], {"A": ["B"], "B": ["Z"]})
    {'B': 'Z', 'A': 'B'}
    """
    counted, left = set(names), dict[str, str]()
    while True:
        lacking = {
            name: next(need for need in requires.get(name, ()) if need not in counted)
            for name in sorted(counted)
            if any(need not in counted for need in requires.get(name, ()))
        }
        if not lacking:
            return left
        left.update(lacking)
        counted -= set(lacking)


def _months_between(first: date, second: date) -> int:
    return (second.year - first.year) * 12 + second.month - first.month


def not_counted(
    savings: Savings, year: str, organisation: str | None = None
) -> list[dict[str, Any]]:
    """The table `schemes_not_counted`: every scheme that does not count in a year, with reasons."""
    if not year:
        return []
    tree, table = savings.totals.tree, []
    inside = {organisation, *tree.descendants(organisation, year)} if organisation else None
    for code, found in sorted(savings.excluded(year).items()):
        row = found.row
        if inside is not None and inside.isdisjoint(savings.heirs(row.organisation, 100, year)):
            continue
        table.append(
            {
                "scheme": code,
                "organisation": row.organisation,
                "title": row.title,
                "year": year,
                "reason": "; ".join(text for _, text in found.reasons),
                "codes": [name for name, _ in found.reasons],
                "in_plan": in_plan(row),
                "pence": savings.in_year(row, year, "plan"),
                "typed_maturity": row.maturity,
                "supported_maturity": found.maturity,
                "rejected": found.rejected,
                "where": row.where,
            }
        )
    return table


def savings_words(savings: Savings, code: str, year: str) -> str:
    """What counts and what does not, in one sentence; empty for a body without schemes."""
    value = savings.plan(code, year, "plan")
    if value is None or value.pence is None:
        return ""
    out = not_counted(savings, year, code)
    planned = [row for row in out if row["in_plan"]]
    name = savings.totals.tree.name(code)
    text = (
        f"{name}, {year_label(year)}: savings of £{format_money(value.pence)} million in the plan "
        "have passed their gates"
    )
    if planned:
        lost = sum(row["pence"] or 0 for row in planned)
        text += (
            f"; {len(planned)} scheme{'s' if len(planned) > 1 else ''} in the plan, "
            f"£{format_money(lost)} million, {'do' if len(planned) > 1 else 'does'} not count yet"
        )
    return text + "."
