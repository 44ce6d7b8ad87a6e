"""From a position to a problem: only eligible schemes enter, and every rule of the book with them.

The type `EligibleScheme` cannot hold a scheme that has not passed its gates, and nothing else is
read here, so an unsafe scheme is not in the problem at any price. What is left out is kept with
its reason, because the reader of a portfolio asks about every scheme of the book.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction

from controltotal.book.fold import Position
from controltotal.book.records import Opportunity, Scheme
from controltotal.core.calendar import year_label, year_start
from controltotal.core.finding import Finding
from controltotal.programme.effects import Effect
from controltotal.programme.eligibility import EligibleScheme, only_eligible
from controltotal.savings.portfolio.limits import Setting, demands, fairness
from controltotal.savings.portfolio.problem import Demand, Problem
from controltotal.savings.portfolio.schemes import Prepared, Prospect, prepare
from controltotal.workings.bases import Bases
from controltotal.workings.delivery import Run, run_of
from controltotal.workings.groups import (
    Cap,
    caps_of,
    exclusive_pairs,
    opportunity_share,
    remainders,
    said_of,
)
from controltotal.workings.terms import terms
from controltotal.workings.totals import Totals
from controltotal.workings.workings import Workings


@dataclass(frozen=True)
class Asked:
    """What a portfolio is asked for: the years, the body (None: the whole book) and fairness.

    `fairness` is how far above its fair, deprivation-weighted share of the savings a body may go
    (0.25: a quarter); None asks for no such rule. `deprivation_weight` is k of that rule.
    """

    years: tuple[str, ...]
    organisation: str | None = None
    fairness: Fraction | None = None
    deprivation_weight: Fraction = Fraction(1, 2)


@dataclass
class Built:
    """A problem with all that is needed to tell of it."""

    position: Position
    totals: Totals
    asked: Asked
    scope: tuple[str, ...]
    bases: Bases
    problem: Problem
    prepared: dict[str, Prepared]
    reasons: dict[str, str]
    findings: list[Finding] = field(default_factory=list)
    margins: Mapping[tuple[str, str], tuple[int, tuple[int, ...]]] = field(default_factory=dict)
    ineligible: frozenset[str] = frozenset()
    bounds: dict[tuple[frozenset[str], str], int] = field(default_factory=dict)

    @property
    def roots(self) -> tuple[str, ...]:
        """The bodies at the top of what was asked about, in the first year."""
        tree, year = self.totals.tree, self.asked.years[0]
        return tuple(c for c in self.scope if tree.parent(c, year) not in self.scope)

    def inside(self, code: str, year: str) -> frozenset[str]:
        """A body and all below it."""
        return frozenset({code, *self.totals.tree.descendants(code, year)})


def build(
    workings: Workings,
    eligible: Sequence[EligibleScheme],
    reasons: dict[str, str],
    asked: Asked,
) -> Built:
    """The problem of a position; `reasons` say why schemes of the book are not eligible."""
    position = workings.position
    only_eligible(eligible)
    totals, findings = workings.totals, list[Finding]()
    bases = workings.bases
    scope = _scope(totals, asked)
    refused, reasons = frozenset(reasons), dict(reasons)
    opportunities = {row.id: row for row in position.book.opportunities}
    prospects = _prospects(workings, eligible, bases, asked, scope, reasons, findings)
    prepared = _without_lacking(_prepare(prospects, asked, reasons), reasons)
    prepared, caps_held, caps = _with_cuts(prospects, prepared, opportunities, asked, scope)
    findings += said_of(caps, {code: found.row for code, found in prepared.items()})
    candidates = tuple(found.candidate for found in prepared.values())
    setting = Setting(totals, bases, asked.years, scope, candidates, findings)
    rules = demands(setting)
    rules += caps_held
    if asked.fairness is not None:
        for year in asked.years:
            rules += fairness(setting, year, asked.fairness, asked.deprivation_weight)
    excludes = exclusive_pairs({code: found.row for code, found in prepared.items()})
    requires = {
        code: tuple(found.row.requires) for code, found in prepared.items() if found.row.requires
    }
    problem = Problem(candidates, tuple(rules), excludes, requires)
    kept = [f for f in findings if f.about(scope)]
    return Built(
        position,
        totals,
        asked,
        scope,
        bases,
        problem,
        prepared,
        reasons,
        kept,
        {key: (pence, (row.entry,)) for key, (pence, row) in setting.margins.items()},
        refused,
    )


def _scope(totals: Totals, asked: Asked) -> tuple[str, ...]:
    """Every body asked about that exists in one of the years, by code."""
    tree = totals.tree
    found: set[str] = set()
    for year in asked.years:
        roots = tree.roots(year) if asked.organisation is None else (asked.organisation,)
        for root in roots:
            if tree.exists(root, year):
                found |= {root, *tree.descendants(root, year)}
    return tuple(sorted(found))


def _prospects(
    workings: Workings,
    eligible: Sequence[EligibleScheme],
    bases: Bases,
    asked: Asked,
    scope: Sequence[str],
    reasons: dict[str, str],
    findings: list[Finding],
) -> dict[str, Prospect]:
    """Every eligible scheme of the bodies asked about; the others get a reason."""
    found: dict[str, Prospect] = {}
    inside = set(scope)
    for scheme in sorted(eligible, key=lambda one: one.id):
        row = scheme.row
        if row.organisation not in inside:
            reasons[row.id] = f"it belongs to {row.organisation}, which was not asked about"
            continue
        made = _prospect(workings, scheme, bases, asked.years, findings)
        effect = workings.effects.of(row, asked.years[0])
        if effect.how in ("block", "unknown"):
            findings.append(_by_contract(row, effect))
        if isinstance(made, str):
            reasons[row.id] = made
        else:
            found[row.id] = made
            if row.start is None:
                findings.append(_no_start(row, asked.years[0]))
    return found


def _prepare(
    prospects: Mapping[str, Prospect], asked: Asked, reasons: dict[str, str]
) -> dict[str, Prepared]:
    """Those that can start in the years asked about as candidates; the others get a reason."""
    found: dict[str, Prepared] = {}
    for code, prospect in prospects.items():
        made = prepare(prospect, asked.years)
        if isinstance(made, str):
            reasons[code] = made
        else:
            found[code] = made
    return found


def _prospect(
    workings: Workings,
    scheme: EligibleScheme,
    bases: Bases,
    years: Sequence[str],
    findings: list[Finding],
) -> Prospect | str:
    """What the working papers say of an eligible scheme, or why nothing can be expected of it."""
    row, position, faults = scheme.row, workings.position, list[Finding]()
    agreed = terms(row, scheme.maturity, position.parameters, year_start(years[0]), faults)
    if agreed is None:
        findings += faults
        return "its chance or the shares it delivers make no sense"
    basis = bases.basis_of(row.organisation, years[0])
    run = run_of(row, years, [basis] * len(years), workings.totals.amounts)
    if run is None:  # it states no start, so any month is open to it
        recurrent = row.recurrence != "non_recurrent"
        run = Run(0, row.full_year_effect, recurrent, (0,) * len(years))
    run = replace(run, until=workings.starts.until(row, years[0]))
    month = workings.recorded.month_of(row, years[0])
    delivered = bool(month) and workings.recorded.has_delivered(row, years[0])
    if delivered:
        agreed = replace(agreed, chance=Fraction(1), delay_months=Fraction(0))
    running = delivered or scheme.maturity == "fully_developed_delivering"
    return Prospect(
        row,
        run,
        agreed,
        tuple(workings.effects.of(row, year).on_heirs(workings.tree, year) for year in years),
        workings.starts.earliest(row.id),
        running,
        harm_of(scheme),
        month,
        opportunity_share(row, {one.id: one for one in position.book.opportunities}),
    )


def harm_of(scheme: EligibleScheme) -> int:
    """Residual harm of a scheme: its highest score; harms of one scheme are not averaged away."""
    return scheme.score_max


def _by_contract(row: Scheme, effect: Effect) -> Finding:
    return Finding(
        code="SCHEME_CONTRACT",
        severity="warning" if effect.how == "unknown" else "information",
        organisation=row.organisation,
        where=row.where,
        message=f"Scheme {row.id}: {effect.words()}.",
        expected="rows of effects, or a contract that pays for activity",
        found=effect.how,
        action="Record who gains and who loses in effects, or the contract.",
        detail=row.detail,
    )


def _no_start(row: Scheme, year: str) -> Finding:
    return Finding(
        code="SCHEME_START_OPEN",
        severity="information",
        organisation=row.organisation,
        where=row.where,
        message=f"Scheme {row.id} states no earliest start, so any month of {year_label(year)} is open "
        "to it.",
        expected="an earliest start",
        found="empty",
        action="Give the scheme a start if it cannot begin at once.",
        detail=row.detail,
    )


def _without_lacking(prepared: dict[str, Prepared], reasons: dict[str, str]) -> dict[str, Prepared]:
    """Leave out schemes that need one which cannot be chosen, and those that need them."""
    while True:
        lacking = {
            code: before
            for code, found in sorted(prepared.items())
            for before in (found.row.requires or ())
            if before not in prepared
        }
        if not lacking:
            return prepared
        for code, before in lacking.items():
            reasons[code] = f"it requires {before}, which cannot be chosen: " + reasons.get(
                before, "it is not in the book"
            )
        prepared = {code: found for code, found in prepared.items() if code not in lacking}


def _with_cuts(
    prospects: Mapping[str, Prospect],
    prepared: dict[str, Prepared],
    opportunities: Mapping[str, Opportunity],
    asked: Asked,
    scope: Sequence[str],
) -> tuple[dict[str, Prepared], list[Demand], list[Cap]]:
    """Candidates that draw on one thing with what others may leave to each, and the caps as rules."""
    rows = {code: found.row for code, found in prepared.items()}
    sizes = {code: found.candidate.full_year for code, found in prepared.items()}
    caps = caps_of(sizes, rows, opportunities)
    worth = {
        code: found.candidate.saving()[0] / max(1, sizes[code]) for code, found in prepared.items()
    }
    levels: dict[str, dict[int, Cap]] = {}
    for cap in caps:
        order = sorted(cap.schemes, key=lambda code: (-worth[code], code))
        for code in cap.schemes:
            for left in remainders(code, sizes, cap, order):
                levels.setdefault(code, {}).setdefault(left, cap)
    prepared = dict(prepared)
    for code, found in levels.items():
        made = prepare(
            prospects[code], asked.years, [Fraction(left, sizes[code]) for left in found]
        )
        if not isinstance(made, str):
            prepared[code] = made
    rules = []
    for cap in caps:
        drawn = {
            code: (max(0, sizes[code]),) * prepared[code].candidate.whole
            + tuple(levels.get(code, ()))
            for code in cap.schemes
        }
        rules.append(_cap_demand(cap, cap.label, "overlap", drawn, asked, scope, upper=cap.pence))
        for code in cap.schemes:
            bound = [one is cap for one in levels.get(code, {}).values()]
            if any(bound):
                mine = drawn[code][: -len(bound)] + tuple(
                    left - cap.pence * held
                    for left, held in zip(drawn[code][-len(bound) :], bound, strict=True)
                )
                label = f"{code} is cut only where the {cap.label} is full"
                used = {**drawn, code: mine}
                rules.append(_cap_demand(cap, label, "overlap_cut", used, asked, scope, lower=0))
    return prepared, rules, caps


def _cap_demand(
    cap: Cap,
    label: str,
    kind: str,
    drawn: Mapping[str, tuple[int, ...]],
    asked: Asked,
    scope: Sequence[str],
    *,
    lower: int | None = None,
    upper: int | None = None,
) -> Demand:
    """One rule over the schemes of a cap: that it holds, or that one is cut only where it is full."""
    return Demand(
        kind,
        label,
        cap.opportunities[0].organisation if cap.opportunities else scope[0],
        asked.years[0],
        frozenset(scope),
        schemes=frozenset(cap.schemes),
        uses=tuple(sorted(drawn.items())),
        where=", ".join(row.where for row in cap.opportunities),
        entries=tuple(row.entry for row in cap.opportunities),
        lower=lower,
        upper=upper,
    )
