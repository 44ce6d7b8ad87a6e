"""From a position to the delivery model: base, sources, loadings, and what could not be told.

The base of each body is its forecast, else its plan, less what the schemes in it and its
unidentified savings were to bring; counted schemes and the risk register then fall on it as
uncertain sources. What cannot be told is a finding, and the bodies it touches are left out of
the figures with all above them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction

from controltotal.book.records import Risk, Scheme
from controltotal.core.calendar import year_start
from controltotal.core.finding import Finding
from controltotal.core.unknown import Unknown
from controltotal.outlook.beside import beside_each_other
from controltotal.outlook.candidates import Candidate
from controltotal.outlook.courses import courses, spreads
from controltotal.outlook.input_places import basis_of, without_scheme
from controltotal.outlook.model import FACTOR_KINDS, MONTHS, Model, Source
from controltotal.outlook.nodes import Arrangement, arrange, bodies_of, system_of
from controltotal.outlook.phasing import Steps, horizon, scheme_steps, within
from controltotal.programme.effects import Effect
from controltotal.programme.judging import makes_sense
from controltotal.programme.phasing import in_plan
from controltotal.workings.terms import Terms, parameter, terms
from controltotal.workings.totals import Totals
from controltotal.workings.workings import Workings


@dataclass
class Inputs:
    """The model with its labels: what was counted, what was not and why, and what rests on what."""

    year: str
    arrangement: Arrangement
    later: list[Arrangement] = field(default_factory=list)
    model: Model | None = None
    schemes: dict[str, Scheme] = field(default_factory=dict)  # the row of each source that is one
    risks: dict[str, Risk] = field(default_factory=dict)
    terms: dict[str, Terms] = field(default_factory=dict)
    reasons: dict[str, str] = field(default_factory=dict)  # schemes not counted
    shares: dict[str, Fraction] = field(default_factory=dict)  # what is left to those that are cut
    left: dict[str, Fraction] = field(default_factory=dict)  # beside others for the same money
    taken_out: dict[str, list[int]] = field(default_factory=dict)  # planned savings by slot, year
    planned: dict[str, dict[str, int]] = field(default_factory=dict)  # by slot and scheme
    held: dict[str, Scheme] = field(default_factory=dict)  # schemes that a base holds, by id
    lacking: dict[str, int] = field(default_factory=dict)  # savings without a scheme, by slot
    drawn: dict[str, str] = field(default_factory=dict)  # drawn although they do not count, and why
    refused: frozenset[str] = frozenset()  # schemes that are not assured
    kept_out: frozenset[str] = (
        frozenset()
    )  # assured, and a ceiling or what they need keeps them out
    blocked: dict[str, Unknown] = field(default_factory=dict)  # nodes that cannot be told
    findings: list[Finding] = field(default_factory=list)
    known_from: dict[str, int] = field(default_factory=dict)  # first month known to date, by slot
    spread_labels: tuple[str, ...] = ()  # of the parameters that the spread of a base rests on
    loadings: tuple[str, ...] = ()  # labels of the loadings used
    loadings_verified: bool = True
    uncertain: bool = False
    factored: frozenset[str] = frozenset()  # uncertain sources that the loadings bear on

    @property
    def arrangements(self) -> list[Arrangement]:
        """The arrangement of every year of the horizon."""
        return [self.arrangement, *self.later]

    def unknown(self, node: str, number: int = 0) -> Unknown | None:
        """Why a node cannot be told in a year of the horizon; None where it can."""
        if node in self.blocked or not self.arrangement.known(node):
            return self.blocked.get(node, Unknown("incomplete", "its position is not known"))
        if self.arrangements[number].mode.get(node) != self.arrangement.mode[node]:
            return Unknown("incomplete", "what it is made of is not all known in that year")
        return None

    def take_out(self, scheme: Scheme, taken: Mapping[str, Sequence[int]]) -> None:
        """What a scheme was to bring leaves the base: pence by slot and year."""
        for slot, sums in taken.items():
            before = self.taken_out.get(slot, [0] * len(sums))
            self.taken_out[slot] = [b + s for b, s in zip(before, sums, strict=True)]
            self.planned.setdefault(slot, {})[scheme.id] = sums[0]
        self.held[scheme.id] = scheme

    def row(self, name: str) -> Scheme | Risk | None:
        """The row behind a source."""
        return self.schemes.get(name) or self.risks.get(name)

    def source_entries(self, names: Iterable[str], slots: Iterable[str] = ()) -> tuple[int, ...]:
        """Ledger entries of the rows behind sources, and of schemes taken out of some slots."""
        out = (name for slot in slots for name in self.planned.get(slot, ()))
        every = dict.fromkeys((*names, *out))
        rows = (self.row(name) or self.held[name] for name in every)
        return tuple(row.entry for row in rows)


def build_inputs(
    workings: Workings,
    candidates: Sequence[Candidate],
    *,
    year: str,
    later_years: bool,
    independent: bool,
    distribution: str = "pert",
    months_for: Sequence[str] | None = None,
) -> Inputs:
    """The delivery model of a book in a year (and the run of years after it)."""
    totals, position = workings.totals, workings.position
    inputs = Inputs(year, arrange(workings.recorded, year))
    inputs.refused = frozenset(workings.savings.refused)
    inputs.kept_out = workings.savings.kept_out(year)
    inputs.blocked.update(inputs.arrangement.why)
    years = _years(workings, inputs, later_years)
    _stopped(totals, inputs)
    loadings = _loadings(totals, year, independent, inputs)
    sources: dict[str, Source] = {}
    for candidate in candidates:
        source = _scheme(workings, inputs, candidate, years, loadings)
        if source is not None:
            sources[source.name] = source
    counts = beside_each_other(workings, year, sources, inputs.terms, inputs.drawn, distribution)
    sources = dict(counts.sources)
    inputs.reasons |= counts.reasons
    inputs.shares |= counts.shares
    inputs.left |= counts.left
    inputs.findings += counts.findings
    for row in position.book.risks:
        register = _register_line(inputs, row, len(years))
        if register is not None:
            sources[register.name] = register
    inputs.model = _model(
        workings, inputs, years, tuple(sources.values()), distribution, months_for
    )
    inputs.factored = frozenset(s.name for s in sources.values() if s.factors and not s.certain)
    inputs.uncertain = bool(candidates or position.book.risks or inputs.model.base_sd)
    return inputs


def _years(workings: Workings, inputs: Inputs, later_years: bool) -> tuple[str, ...]:
    """The years simulated: the run after the first in which any body can still be told."""
    if not later_years:
        return (inputs.year,)
    for year in horizon(inputs.year, workings.position.years)[1:]:
        after = arrange(workings.recorded, year)
        same = [n for n, m in inputs.arrangement.mode.items() if m == after.mode.get(n)]
        if not any(after.known(node) for node in same):
            break
        inputs.later.append(after)
    return (inputs.year, *(one.year for one in inputs.later))


def _loadings(totals: Totals, year: str, independent: bool, inputs: Inputs) -> dict[str, float]:
    """Loadings of the three common factors; nil with `--independent`."""
    if independent:
        return {}
    found: dict[str, float] = {}
    labels = []
    for kind in FACTOR_KINDS:
        value = parameter(totals.position.parameters, f"delivery_loading_{kind}", year_start(year))
        if value is not None:
            found[kind] = float(value.number)
            labels.append(value.label)
            inputs.loadings_verified &= value.verified
    inputs.loadings = tuple(labels)
    if sum(loading * loading for loading in found.values()) > 1:
        inputs.findings.append(
            Finding(
                code="LOADINGS_TOO_LARGE",
                severity="error",
                organisation="",
                where=_loading_rows(totals),
                message="The squares of the loadings of delivery sum to more than one.",
                expected="at most 1",
                found=", ".join(labels),
                action="Lower the loadings.",
            )
        )
        for code in inputs.arrangement.mode:
            inputs.blocked.setdefault(
                code, Unknown("contradicted", "the loadings of delivery make no sense")
            )
        return {}
    return found


def _loading_rows(totals: Totals) -> str:
    """The book's own rows of loadings, as a finding names them."""
    rows = totals.position.book.parameters
    own = [row.where for row in rows if row.name.startswith("delivery_loading_")]
    return ", ".join(own) or "parameters row 1"


def _stopped(totals: Totals, inputs: Inputs) -> None:
    """A row that a fault keeps out leaves the figures that would have used it unknown."""
    for row in totals.position.stopped:
        for code in sorted(bodies_of(totals, row) - {""}):
            _block_nodes(inputs, code, "stopped", f"{row.where} could not be read")


def _scheme(
    workings: Workings,
    inputs: Inputs,
    candidate: Candidate,
    years: tuple[str, ...],
    loadings: dict[str, float],
) -> Source | None:
    """A counted scheme as a source; what it was to bring is taken out of the base either way.

    Once months are recorded, one of the plan that does not count is drawn as a pipeline run draws
    it, for the forecast of what lies ahead holds it; a rejected one brings nothing.
    """
    totals, effects = workings.totals, workings.effects
    scheme = candidate.row
    month = workings.recorded.month_of(scheme, years[0])
    delivered = bool(month) and workings.recorded.has_delivered(scheme, years[0])
    own = Effect(((scheme.organisation, Fraction(1)),), "own")
    owner = own.on_heirs(totals.tree, years[0])
    code = owner.shares[0][0] if owner.shares else ""
    bases = [basis_of(one, code) for one in inputs.arrangements]
    running = delivered or candidate.maturity == "fully_developed_delivering"
    late = workings.starts.late(scheme)
    until = workings.starts.until(scheme, years[0])
    phased = scheme_steps(scheme, years, bases, totals.amounts, late, month, running, until)
    if phased is None:
        _without_start(inputs, candidate)
        return None
    steps, planned = phased
    taken, slots = _falls(workings, inputs, scheme, bases, planned)
    if in_plan(scheme):
        inputs.take_out(scheme, taken)
    if not candidate.counted and month and in_plan(scheme) and candidate.may_deliver:
        inputs.drawn[candidate.id] = candidate.reason
        candidate = replace(candidate, counted=True)
    if not makes_sense(scheme):  # told, and nothing that it bears on can be: it is no nil
        _agreed(totals, inputs, candidate, delivered)
        _block_falls(inputs, scheme, slots)
        return None
    if not candidate.counted:
        inputs.reasons[candidate.id] = candidate.reason
        return None
    if not slots:
        effect = effects.of(scheme, years[0])
        worthless = not any(share for _, share in effect.shares)
        why = effect.words() if worthless else "the position of its body cannot be told"
        inputs.reasons[candidate.id] = why
        return None
    agreed = _agreed(totals, inputs, candidate, delivered)
    if agreed is None:
        _block_falls(inputs, scheme, slots)
        return None
    if until is not None:
        steps = within(steps, until, agreed.delay_months)
        agreed = replace(agreed, delay_months=Fraction(0))
    inputs.schemes[candidate.id], inputs.terms[candidate.id] = scheme, agreed
    return _source(totals, inputs, candidate, agreed, steps, slots, loadings)


def _block_falls(inputs: Inputs, scheme: Scheme, slots: Sequence[tuple[str, float]]) -> None:
    """A scheme that cannot be read leaves those on whom it falls unknown, and all above them."""
    for code, _ in slots:
        _block_nodes(inputs, code, "stopped", f"scheme {scheme.id} cannot be read")


def _agreed(totals: Totals, inputs: Inputs, candidate: Candidate, delivered: bool) -> Terms | None:
    """The terms of a scheme; one that has delivered is certain, and no longer late."""
    found: list[Finding] = []
    parameters, day = totals.position.parameters, year_start(inputs.year)
    agreed = terms(
        candidate.row, candidate.maturity, parameters, day, found, pipeline=candidate.pipeline
    )
    inputs.findings += found
    if agreed is None or not delivered:
        return agreed
    return replace(agreed, chance=Fraction(1), delay_months=Fraction(0))


def _without_start(inputs: Inputs, candidate: Candidate) -> None:
    """A scheme whose saving cannot be placed: it leaves its body unknown if a plan counts on it."""
    scheme = candidate.row
    if not in_plan(scheme):
        inputs.reasons[candidate.id] = candidate.reason or "it has no start and no phasing"
        return
    message = (
        f"Scheme {scheme.id} is in the plan and has no start and no months of its own, so what "
        "it was to bring in the year cannot be told."
    )
    inputs.findings.append(
        Finding(
            code="SCHEME_WITHOUT_START",
            severity="warning",
            organisation=scheme.organisation,
            where=scheme.where,
            message=message,
            expected="a start, or amounts by month",
            found="neither",
            action="Give the scheme a start.",
            detail=scheme.detail,
        )
    )
    inputs.reasons[candidate.id] = candidate.reason or "it has no start and no phasing"
    _block_nodes(inputs, scheme.organisation, "not_stated", f"scheme {scheme.id} has no start")


def _falls(
    workings: Workings,
    inputs: Inputs,
    scheme: Scheme,
    bases: Sequence[str],
    planned: Sequence[int],
) -> tuple[dict[str, list[int]], tuple[tuple[str, float], ...]]:
    """On whom a scheme falls: whole pence planned by slot and year, and shares of its saving.

    Each body's part is what its own basis plans, so that delivery as planned changes nothing.
    """
    taken: dict[str, list[int]] = {}
    weights: dict[str, float] = {}
    for place, one in enumerate(inputs.arrangements):
        effect = workings.effects.of(scheme, one.year).on_heirs(workings.tree, one.year)
        for code, share in effect.shares:
            for slot in inputs.arrangement.slots_for(code):
                basis = one.base[slot].basis if slot in one.base else bases[place]
                whole = workings.recorded.planned(scheme, one.year, basis) or 0
                pence = effect.split(whole).get(code, 0)
                taken.setdefault(slot, [0] * len(bases))[place] += pence
                if place == 0:
                    part = pence / planned[0] if planned[0] else float(share)
                    weights[slot] = weights.get(slot, 0.0) + part
    return taken, tuple(sorted((slot, weight) for slot, weight in weights.items() if weight))


def _source(
    totals: Totals,
    inputs: Inputs,
    candidate: Candidate,
    agreed: Terms,
    steps: Steps,
    slots: tuple[tuple[str, float], ...],
    loadings: dict[str, float],
) -> Source:
    scheme = candidate.row
    category = scheme.category or scheme.programme or ""
    names = {
        "organisation": scheme.organisation,
        "category": category,
        "system": system_of(totals, scheme.organisation, inputs.year),
    }
    factors = tuple(
        (f"{kind} {names[kind]}", loadings[kind])
        for kind in FACTOR_KINDS
        if names[kind] and loadings.get(kind)
    )
    return Source(
        candidate.id,
        steps,
        slots,
        chance=float(agreed.chance),
        low=float(agreed.low),
        mode=float(agreed.mode),
        high=float(agreed.high),
        delay_months=float(agreed.delay_months),
        factors=factors,
        category=category,
        owner=scheme.organisation,
    )


def _register_line(inputs: Inputs, row: Risk, years: int) -> Source | None:
    """A line of the risk register: all or nothing by its own chance, evenly over what lies ahead."""
    slots = tuple((slot, 1.0) for slot in inputs.arrangement.slots_for(row.organisation))
    chance = float(row.chance)
    sign = -1 if row.kind == "risk" else 1
    month = max(
        (inputs.arrangement.base[s].month for s, _ in slots if s in inputs.arrangement.base),
        default=0,
    )
    if month == MONTHS:
        return None  # the year is recorded, and what was a risk is in it
    rate = sign * row.gross / (MONTHS - month)
    steps: tuple[tuple[int, float], ...] = ((month, rate),)
    if years > 1:
        steps = (*steps, (MONTHS, -rate))
    name = f"{row.kind} {row.id}"
    inputs.risks[name] = row
    return Source(
        name,
        steps,
        slots,
        chance=chance,
        kind=row.kind,
        category=row.kind,
        owner=row.organisation,
    )


def _model(
    workings: Workings,
    inputs: Inputs,
    years: tuple[str, ...],
    sources: tuple[Source, ...],
    distribution: str,
    months_for: Sequence[str] | None,
) -> Model:
    totals = workings.totals
    arrangement = inputs.arrangement
    arrangements = inputs.arrangements
    slots = set(arrangement.base) | {c for s in sources for c, _ in s.parts}
    slots |= set(inputs.taken_out)
    base: dict[str, tuple[int, ...]] = {}
    for slot in slots:
        values = [a.base[slot].pence if slot in a.base else 0 for a in arrangements]
        planned = inputs.taken_out.get(slot, [0] * len(years))
        base[slot] = tuple(v - p for v, p in zip(values, planned, strict=True))
    for slot in arrangement.base:
        for y, one in enumerate(arrangements):
            if slot not in one.base:
                continue
            lacking = without_scheme(workings, one, slot)
            if lacking is None:
                _block_nodes(inputs, slot, "stopped", "its savings without a scheme cannot be told")
            elif lacking:
                base[slot] = tuple(v - lacking * (i == y) for i, v in enumerate(base[slot]))
                if y == 0:
                    inputs.lacking[slot] = lacking
    above = {slot: arrangement.path(slot) for slot in slots}
    beside = {
        slot: max((workings.recorded.month_of(inputs.held[n], years[0]) for n in held), default=0)
        for slot, held in inputs.planned.items()
    }
    by_month, inputs.known_from = courses(totals, arrangement, base, beside)
    base_sd, inputs.spread_labels = spreads(totals, arrangement)
    nodes = sorted({node for path in above.values() for node in path})
    chosen = nodes if months_for is None else [n for n in months_for if n in nodes]
    return Model(
        years,
        base,
        sources,
        above,
        base_months=by_month,
        base_sd=base_sd,
        recorded={slot: one.month for slot, one in arrangement.base.items() if one.month},
        months_for=tuple(chosen),
        distribution=distribution,
    )


def _block_nodes(inputs: Inputs, code: str, kind: str, words: str) -> None:
    """Leave a body, and all that its money is part of, unknown."""
    why = Unknown(kind, words)
    inputs.blocked.setdefault(code, why)
    for slot in inputs.arrangement.slots_for(code):
        for node in inputs.arrangement.path(slot):
            inputs.blocked.setdefault(node, why)
