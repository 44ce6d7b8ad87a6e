"""Question 7, will it deliver: the distribution of the position at every node, and what drives it.

Savings are simulated as uncertain schemes on an uncertain base (see `model`). Every figure says
how far the count of draws leaves it open; figures that rest on defaults nobody has checked are
`unverified`. Means never depend on the loadings, spreads and chances do.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from controltotal.core.progress import stop_if_cancelled
from controltotal.core.result import Answer, Result
from controltotal.outlook import summary
from controltotal.outlook.candidates import Candidate
from controltotal.outlook.drivers import SHOWN, drivers
from controltotal.outlook.inputs import Inputs, build_inputs
from controltotal.outlook.missing import put_missing
from controltotal.outlook.model import MONTHS
from controltotal.outlook.named_cases import rests_on
from controltotal.outlook.simulation import Draws, contributions, run
from controltotal.outlook.steps import steps
from controltotal.outlook.story import story, trust, words
from controltotal.outlook.support import Support
from controltotal.workings.totals import Totals, figure_id
from controltotal.workings.workings import Workings

QUANTILES = (0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95)
FAN = (0.1, 0.25, 0.5, 0.75, 0.9)
SYSTEMS_SHOWN = 4  # more systems than this, and only the tops of the tree have drivers shown
FAN_NUMBERS_MOST = 50_000_000  # 400 MB
FAN_NODES_ALL = 60  # in a larger book the course by month is kept for groupings only
ERROR_RULE = "low and high: what the number of draws leaves open, 19 times in 20"


@dataclass(frozen=True, slots=True)
class RiskOptions:
    """How a risk run is made; equal options and book give equal bytes."""

    year: str
    later_years: bool = True
    organisation: str | None = None
    draws: int = 10_000
    seed: int = 1
    threads: int | None = None
    independent: bool = False
    pipeline: bool = False
    distribution: str = "pert"


def answer_risk(
    workings: Workings,
    candidates: Sequence[Candidate],
    options: RiskOptions,
) -> Result:
    """Every figure of `risk`: see the manual for the measures."""
    totals = workings.totals
    answer = Answer("risk", totals.position.ref, _shown_options(options))
    inputs = build_inputs(
        workings,
        candidates,
        year=options.year,
        later_years=options.later_years,
        independent=options.independent,
        distribution=options.distribution,
        months_for=_fan_nodes(totals, options),
    )
    answer.add_findings(inputs.findings)
    nodes = [n for n in _asked(totals, options) if n in inputs.arrangement.mode]
    assert inputs.model is not None
    if not inputs.uncertain:
        _nothing_uncertain(answer, totals, options, nodes)
        return answer.result()
    drawn = run(
        inputs.model,
        draws=options.draws,
        seed=options.seed,
        threads=options.threads,
    )
    support = Support(answer, totals, drawn, inputs)
    falling = _falling(drawn)
    for number in range(len(inputs.model.years)):
        for node in nodes:
            stop_if_cancelled()
            _node(answer, totals, inputs, drawn, support, node, number, falling.get(node, ()))
    _fan(answer, inputs, drawn, nodes)
    _measured(answer, support, inputs, drawn, nodes)
    walked = steps(answer, inputs, drawn, nodes, falling)
    told = story(answer, workings, inputs, support, nodes, falling)
    subjects = _subjects(totals, inputs, options, nodes)
    moved = contributions(drawn, {one: support.aim(one, options.year) for one in subjects})
    for subject in subjects:
        stop_if_cancelled()
        rows = drivers(answer, inputs, drawn, subject, moved[subject])
        words(answer, totals, inputs, told, subject, rows, walked.get(subject, ()))
    put_missing(answer, workings.missing, options.year, walked)
    _schemes(answer, inputs, candidates)
    trust(answer, inputs, told)
    return answer.result()


def _shown_options(options: RiskOptions) -> dict[str, object]:
    # threads are left out: they never change an answer
    shown: dict[str, object] = {"year": options.year, "draws": options.draws, "seed": options.seed}
    if options.organisation:
        shown["organisation"] = options.organisation
    for name in ("independent", "pipeline"):
        if getattr(options, name):
            shown[name] = True
    if options.distribution != "pert":
        shown["distribution"] = options.distribution
    return shown


def _asked(totals: Totals, options: RiskOptions) -> list[str]:
    tree = totals.tree
    if options.organisation:
        return [options.organisation, *tree.descendants(options.organisation, options.year)]
    return [code for code in tree.organisations if tree.exists(code, options.year)]


def _fan_nodes(totals: Totals, options: RiskOptions) -> list[str]:
    """The nodes whose course by month is kept: all of a small book, else the groupings first,
    as many as fit in memory beside so many draws."""
    asked = _asked(totals, options)
    if len(asked) > FAN_NODES_ALL:
        kids = totals.tree.children
        asked = [c for c in asked if kids(c, options.year) or c == options.organisation]
    room = max(1, FAN_NUMBERS_MOST // (MONTHS * options.draws))
    if len(asked) <= room:
        return asked
    rank = {kind: place for place, kind in enumerate(("system", "cluster", "region", "nation"))}
    first = [c for c in asked if c == options.organisation]
    rest = sorted(
        (c for c in asked if c != options.organisation),
        key=lambda c: (rank.get(totals.tree.kind(c), len(rank)), c),
    )
    return [*first, *rest][:room]


def _nothing_uncertain(
    answer: Answer, totals: Totals, options: RiskOptions, nodes: Sequence[str]
) -> None:
    answer.finding(
        code="RISK_NOTHING_UNCERTAIN",
        severity="warning",
        organisation=options.organisation or "",
        where="schemes row 1",
        message="The book has no schemes, no risk register and no spread of the forecast, so nothing can "
        "be said of how far the outturn may vary.",
        expected="rows in schemes or risks",
        found="none",
        action="Add the savings schemes, or the risk register, and ask again.",
    )
    rule = "cannot be told: the book has nothing uncertain in it"
    for node in nodes:
        for measure in ("outturn_mean", "outturn_sd", *SHOWN.values()):
            one = figure_id(measure, node, options.year, "forecast")
            answer.figure(one, None, rule=rule, unknown="nothing_uncertain")
        name = figure_id("chance_control_total", node, options.year, "forecast")
        answer.figure(name, None, "chance", rule=rule, unknown="nothing_uncertain")


def _node(
    answer: Answer,
    totals: Totals,
    inputs: Inputs,
    drawn: Draws,
    support: Support,
    node: str,
    number: int,
    names: Sequence[str],
) -> None:
    """The figures of one node in one year; `names` are the sources that fall on it."""
    year = drawn.model.years[number]

    def name(measure: str, part: str = "") -> str:
        return figure_id(measure, node, year, "forecast", part)

    why = inputs.unknown(node, number)
    if why:
        rule = f"cannot be told: {why.words}"
        for measure in ("outturn_mean", "outturn_sd", *SHOWN.values()):
            answer.figure(name(measure), None, rule=rule, unknown=why.kind)
        answer.figure(name("chance_control_total"), None, "chance", rule=rule, unknown=why.kind)
        return
    position = drawn.node(node, number)
    bearing = rests_on(inputs, node, number, names)
    labels, verified = _parameters(inputs, bearing)
    status = "ok" if verified else "unverified"
    joined = _joined(inputs, bearing)
    spread_status = status if inputs.loadings_verified or not joined else "unverified"
    base = inputs.arrangements[number].base
    bases = [base[code] for code in drawn.model.under(node) if code in base]
    mean = summary.mean(position)
    answer.figure(
        name("outturn_mean"),
        round(mean.value),
        status=status,
        low=round(mean.low),
        high=round(mean.high),
        rule="mean of the draws: base less planned and unidentified savings, plus what is "
        "delivered; " + ERROR_RULE,
        inputs=[name for one in bases for name in one.figures],
        parameters=labels,
        entries=inputs.source_entries(names, drawn.model.under(node)),
    )
    given = (*inputs.spread_labels, *(inputs.loadings if joined else ()))
    _spread(answer, position, name, spread_status, given)
    if number == 0:
        _risk_adjusted(answer, totals, inputs, drawn, node, names)
    target = totals.control_total(node, year)
    counted = _counted(answer, support, node, year, position, status)
    if counted is None or target.pence is None:
        rule = (
            "no control total is in force"
            if target.pence is None
            else ("cannot be told: the control total does not say whether support counts")
        )
        kind = target.kind or "undecided"
        answer.figure(name("chance_control_total"), None, "chance", rule=rule, unknown=kind)
        return
    hits, varies = int((counted >= target.pence).sum()), bool(counted.min() < counted.max())
    hit = summary.chance(hits, len(counted), varies=varies)
    ids = [name("outturn_mean"), figure_id("control_total", node, year, "plan")]
    answer.figure(
        name("chance_control_total"),
        hit.value,
        "chance",
        spread_status,
        low=hit.low,
        high=hit.high,
        rule="share of draws at or above the control total; " + ERROR_RULE,
        inputs=ids,
        parameters=inputs.loadings if joined else (),
        entries=target.entries,
    )
    answer.figure(
        name("expected_shortfall"),
        round(summary.shortfall(counted, target.pence)),
        status=spread_status,
        rule="mean of what is missing to the control total, nil when met",
        inputs=ids,
        parameters=inputs.loadings if joined else (),
    )


def _risk_adjusted(
    answer: Answer,
    totals: Totals,
    inputs: Inputs,
    drawn: Draws,
    node: str,
    names: Sequence[str],
) -> None:
    """The base as stated less the register's net risk: risks by chance, less mitigations by
    chance, less contingency."""
    lines = [inputs.risks[name] for name in names if name in inputs.risks]
    if not lines:
        return
    base = inputs.arrangement.base
    slots = [code for code in drawn.model.under(node) if code in base]
    facts = [
        row
        for row in totals.position.book.facts
        if row.fact == "contingency"
        and row.year == inputs.year
        and row.organisation in slots
        and not row.scenario
    ]
    sign = {"risk": 1, "mitigation": -1}
    signed = (sign[row.kind] * row.gross * Fraction(str(row.chance)) for row in lines)
    net = sum(signed, Fraction(0))
    net -= sum(Fraction(row.value) for row in facts)
    stated = sum(base[code].pence for code in slots)
    answer.figure(
        figure_id("risk_adjusted", node, inputs.year, "forecast"),
        stated - round(net),
        rule="the base as stated, less risks times their chances, plus mitigations times theirs "
        "and contingency",
        inputs=[name for code in slots for name in base[code].figures],
        entries=[row.entry for row in (*lines, *facts)],
    )


def _falling(drawn: Draws) -> dict[str, list[str]]:
    """The sources that fall on each node, in order."""
    found: dict[str, dict[str, None]] = {}
    for source in drawn.model.sources:
        for code, _ in source.parts:
            for node in drawn.model.above[code]:
                found.setdefault(node, {})[source.name] = None
    return {node: list(names) for node, names in found.items()}


def _joined(inputs: Inputs, names: Sequence[str]) -> bool:
    """Whether the loadings bear on any of these sources."""
    return any(name in inputs.factored for name in names)


def _parameters(inputs: Inputs, names: Sequence[str]) -> tuple[tuple[str, ...], bool]:
    """Labels of the defaults that schemes rest on, and whether all are verified and count."""
    used = [inputs.terms[name] for name in names if name in inputs.terms]
    labels = sorted({label for one in used for label in one.parameters})
    counted = not any(name in inputs.drawn for name in names)
    return tuple(labels), counted and all(one.verified for one in used)


def _spread(
    answer: Answer,
    position: np.ndarray,
    name: object,
    status: str,
    loadings: tuple[str, ...],
) -> None:
    """Standard deviation and quantiles of a node, as figures and as a table."""
    assert callable(name)
    mean_id = name("outturn_mean")
    _, code, year, *_ = mean_id.split("/")
    answer.figure(
        name("outturn_sd"),
        round(float(position.std())),
        status=status,
        rule="standard deviation of the draws",
        inputs=[mean_id],
        parameters=loadings,
    )
    rows = []
    told = zip(QUANTILES, summary.quantiles(position, QUANTILES), strict=True)
    for share, found in told:
        if share in SHOWN:
            answer.figure(
                name(SHOWN[share]),
                round(found.value),
                status=status,
                low=round(found.low),
                high=round(found.high),
                rule=f"the draw that {share:.0%} of draws do not exceed; " + ERROR_RULE,
                inputs=[mean_id],
                parameters=loadings,
            )
        rows.append(
            {
                "organisation": code,
                "year": year,
                "quantile": share,
                "pence": round(found.value),
                "low_pence": round(found.low),
                "high_pence": round(found.high),
            }
        )
    answer.table("quantiles", rows)


def _counted(
    answer: Answer, support: Support, node: str, year: str, position: np.ndarray, status: str
) -> np.ndarray | None:
    """The position that the control total is held against; None where nobody says which."""
    given = support.of(node, year)
    if given is not None and (not isinstance(given, int) or given != 0):
        with_support = position + given
        mean = summary.mean(with_support)
        answer.figure(
            figure_id("outturn_mean", node, year, "forecast", "with_support"),
            round(mean.value),
            low=round(mean.low),
            high=round(mean.high),
            status=status,
            rule="mean of the draws with agreed support, conditional support only where its "
            "condition is met; " + ERROR_RULE,
            inputs=[figure_id("outturn_mean", node, year, "forecast")],
            entries=[one.row.entry for one in support.rows],
        )
    counted = support.counted(node, year)
    return None if counted is None else position + counted


def _fan(answer: Answer, inputs: Inputs, drawn: Draws, nodes: Sequence[str]) -> None:
    """The course of the year by month: position to date at each quantile."""
    rows = []
    for place, node in enumerate(drawn.model.months_for):
        if inputs.unknown(node) or node not in nodes:
            continue
        known = max((inputs.known_from.get(slot, 1) for slot in drawn.model.under(node)), default=1)
        for month in range(known - 1, drawn.courses.shape[1]):
            course = drawn.courses[place, month]
            row: dict[str, object] = {"organisation": node, "year": inputs.year, "month": month + 1}
            for share, value in zip(FAN, summary.values(course, FAN), strict=True):
                row[f"p{share * 100:.0f}_pence"] = round(value)
            rows.append(row)
    answer.table("fan", rows)


def _measured(
    answer: Answer, support: Support, inputs: Inputs, drawn: Draws, nodes: Sequence[str]
) -> None:
    """The outturn as the control total measures it, where that is not the one without support.

    So that nothing is drawn beside a control total that it is not measured by. `support_pence` is
    empty where the support hangs on the outcome; the rest too where nobody says whether it counts.
    """
    rows: list[dict[str, object]] = []
    for number, year in enumerate(drawn.model.years):
        for node in nodes:
            stop_if_cancelled()
            if inputs.unknown(node, number):
                continue
            counted = support.counted(node, year)
            if isinstance(counted, int) and counted == 0:
                continue
            row: dict[str, object] = {"organisation": node, "year": year}
            row["support_pence"] = counted if isinstance(counted, int) else None
            told: Sequence[int | None] = [None] * len(SHOWN)
            if counted is not None:
                position = drawn.node(node, number) + counted
                told = [round(value) for value in summary.values(position, tuple(SHOWN))]
            row |= {f"p{s * 100:.0f}_pence": one for s, one in zip(SHOWN, told, strict=True)}
            rows.append(row)
    answer.table("measured", rows)


def _subjects(
    totals: Totals, inputs: Inputs, options: RiskOptions, nodes: Sequence[str]
) -> list[str]:
    """The nodes whose drivers are shown: the one asked for, else the tops of the tree and,
    where they are few, the systems."""
    assert inputs.model is not None
    told = [n for n in nodes if not inputs.unknown(n)]
    if options.organisation:
        return [n for n in (options.organisation,) if n in told]
    touched = {
        node
        for s in inputs.model.sources
        for code, _ in s.parts
        for node in inputs.model.above[code]
    }
    tops = {path[-1] for path in inputs.model.above.values()}
    systems = {n for n in told if totals.tree.kind(n) == "system"} & touched
    shown = tops | (systems if len(systems) <= SYSTEMS_SHOWN else set())
    return [n for n in told if n in shown and n in touched]


def _why(inputs: Inputs, scheme: str, counted: bool) -> str:
    """Why a scheme does not count, or counts for a part only; empty where it counts whole."""
    if scheme in inputs.drawn:
        return f"{inputs.drawn[scheme]}; drawn as if it were assessed, for the forecast holds it"
    if not counted:
        return inputs.reasons.get(scheme, "cannot be told")
    share = inputs.shares.get(scheme)
    if share is None:
        return ""
    return f"{float(share):.1%} of it counts: others draw on the same opportunity, or it is larger"


def _schemes(answer: Answer, inputs: Inputs, candidates: Sequence[Candidate]) -> None:
    """Every scheme: whether it counts, on which terms, or why not."""
    rows = []
    for one in sorted(candidates, key=lambda c: c.id):
        agreed = inputs.terms.get(one.id)
        counted = agreed is not None and one.id not in inputs.reasons
        counted = counted and one.id not in inputs.drawn
        rows.append(
            {
                "scheme": one.id,
                "organisation": one.row.organisation,
                "maturity": one.maturity,
                "counted": counted,
                "eligible": one.eligible,
                "reason": _why(inputs, one.id, counted),
                **{
                    name: float(getattr(agreed, name)) if agreed else None
                    for name in ("chance", "low", "mode", "high", "delay_months")
                },
                "defaults": len(agreed.parameters) if agreed else None,
            }
        )
    answer.table("schemes", rows)
