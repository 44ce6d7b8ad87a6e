"""From a position to a problem: only eligible schemes enter, and every rule of the book with them.

The type `EligibleScheme` cannot hold a scheme that has not passed its gates, and nothing else is
read here, so an unsafe scheme is not in the problem at any price. What is left out is kept with
its reason, because the reader of a portfolio asks about every scheme of the book.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from controltotal.book.fold import Position
from controltotal.book.records import Opportunity, Scheme
from controltotal.core.calendar import next_year, year_label, year_start
from controltotal.core.finding import Finding
from controltotal.programme.effects import Effect
from controltotal.programme.eligibility import EligibleScheme
from controltotal.savings.portfolio.bases import Bases
from controltotal.savings.portfolio.limits import NAMES, Setting, demands, fairness
from controltotal.savings.portfolio.problem import Candidate, Demand, Problem
from controltotal.savings.portfolio.schemes import Prepared, Prospect, prepare
from controltotal.workings.delivery import Run, run_of
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
    assert all(isinstance(scheme, EligibleScheme) for scheme in eligible), "only eligible schemes"
    assert asked.years and all(
        later == next_year(earlier)
        for earlier, later in zip(asked.years, asked.years[1:], strict=False)
    ), "the years asked about follow each other"
    totals, findings = workings.totals, list[Finding]()
    bases = Bases(totals, workings.effects)
    scope = _scope(totals, asked)
    reasons = dict(reasons)
    prepared = _prepare(workings, eligible, bases, asked, scope, reasons, findings)
    prepared = _without_lacking(prepared, reasons)
    candidates = tuple(found.candidate for found in prepared.values())
    setting = Setting(totals, bases, asked.years, scope, candidates, findings)
    rules = demands(setting)
    rules += _overlaps(position, prepared, asked, scope, findings)
    if asked.fairness is not None:
        for year in asked.years:
            rules += fairness(setting, year, asked.fairness, asked.deprivation_weight)
    excludes = frozenset(
        frozenset({code, other})
        for code, found in prepared.items()
        for other in found.row.excludes or ()
        if other in prepared and other != code
    )
    requires = {
        code: tuple(found.row.requires) for code, found in prepared.items() if found.row.requires
    }
    problem = Problem(candidates, tuple(rules), excludes, requires)
    kept = [f for f in findings if not f.organisation or f.organisation in scope]
    return Built(position, totals, asked, scope, bases, problem, prepared, reasons, kept)


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


def _prepare(
    workings: Workings,
    eligible: Sequence[EligibleScheme],
    bases: Bases,
    asked: Asked,
    scope: Sequence[str],
    reasons: dict[str, str],
    findings: list[Finding],
) -> dict[str, Prepared]:
    """Every eligible scheme of the bodies asked about as a candidate; the others get a reason."""
    found: dict[str, Prepared] = {}
    inside = set(scope)
    for scheme in sorted(eligible, key=lambda one: one.id):
        row = scheme.row
        if row.organisation not in inside:
            reasons[row.id] = f"it belongs to {row.organisation}, which was not asked about"
            continue
        made = _prospect(workings, scheme, bases, asked.years, findings)
        if not isinstance(made, str):
            made = prepare(made, asked.years)
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
    delivering = scheme.maturity == "fully_developed_delivering"
    return Prospect(
        row,
        run,
        agreed,
        tuple(workings.effects.of(row, year).on_heirs(workings.tree, year) for year in years),
        workings.starts.earliest(row.id),
        delivering or row.recurrence == "non_recurrent",
        harm_of(scheme),
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


def _overlaps(
    position: Position,
    prepared: dict[str, Prepared],
    asked: Asked,
    scope: Sequence[str],
    findings: list[Finding],
) -> list[Demand]:
    """Groups of overlapping schemes, each capped by the opportunity they draw on, netted."""
    opportunities = {row.id: row for row in position.book.opportunities}
    rules = []
    for group in overlap_groups({c: found.row.overlaps or () for c, found in prepared.items()}):
        members = [prepared[code] for code in group]
        candidates = [found.candidate for found in members]
        drawn = sorted({found.row.opportunity or "" for found in members})
        known = all(name in opportunities for name in drawn)
        cap = netted(opportunities[name] for name in drawn) if known else _largest(candidates)
        label = f"{NAMES['overlap']} of {', '.join(group)}"
        if not known:
            findings.append(_unpriced(members[0].row, group))
        rows = [opportunities[name] for name in drawn] if known else []
        rules.append(
            Demand(
                "overlap",
                label,
                candidates[0].organisation,
                asked.years[0],
                frozenset(scope),
                upper=cap,
                schemes=frozenset(group),
                where=", ".join(row.where for row in rows),
                entries=tuple(row.entry for row in rows),
            )
        )
    return rules


def _largest(candidates: Sequence[Candidate]) -> int:
    """What overlapping schemes are worth together at the least: the largest of them."""
    return max(max(candidate.full_year for candidate in candidates), 0)


def _unpriced(row: Scheme, group: Sequence[str]) -> Finding:
    return Finding(
        code="OVERLAP_WITHOUT_OPPORTUNITY",
        severity="warning",
        organisation=row.organisation,
        where=row.where,
        message=f"Schemes {', '.join(group)} overlap, but not all name an opportunity that could cap them; "
        "together they count for no more than the largest of them.",
        expected="an opportunity for each",
        found="none",
        action="Name the opportunity that each draws on.",
        detail=row.detail,
    )


def overlap_groups(overlaps: dict[str, tuple[str, ...]]) -> list[tuple[str, ...]]:
    """Schemes joined by overlaps, in groups of two or more; a word that is no scheme is a group.

    >>> overlap_groups({"A": ("B",), "B": (), "C": ("beds",), "D": ("beds",), "E": ()})
    [('A', 'B'), ('C', 'D')]
    """
    group = {code: code for code in overlaps}

    def head(code: str) -> str:
        while group[code] != code:
            code = group[code]
        return code

    first_of: dict[str, str] = {}
    for code in sorted(overlaps):
        for other in overlaps[code]:
            partner = other if other in overlaps else first_of.setdefault(other, code)
            low, high = sorted((head(code), head(partner)))
            group[high] = low
    found: dict[str, list[str]] = {}
    for code in sorted(overlaps):
        found.setdefault(head(code), []).append(code)
    return [tuple(members) for _, members in sorted(found.items()) if len(members) > 1]


def netted(opportunities: Iterable[Opportunity]) -> int:
    """The opportunity of several rows, netted: leaves of one view add up, views do not.

    Between views nothing is known, so the largest view stands: the lower bound of the union.
    """
    by_view: dict[str, int] = {}
    for row in opportunities:
        by_view[row.view] = by_view.get(row.view, 0) + max(0, row.value)
    return max(by_view.values(), default=0)
