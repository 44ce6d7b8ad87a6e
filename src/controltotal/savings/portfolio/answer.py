"""Question 6, which schemes, safely: a portfolio as figures, tables and words for a board.

Only eligible schemes are ever looked at, and what is chosen is checked once more against a fresh
judgement of eligibility before it is shown. If the control totals cannot be met, what remains is
said as plainly as what can be done: it is the evidence for a challenge.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from controltotal.book.fold import Position
from controltotal.core.calendar import next_year, year_label
from controltotal.core.errors import BookError
from controltotal.core.money import format_pounds
from controltotal.core.period import is_whole_year, year_in
from controltotal.core.result import Answer, Result
from controltotal.programme.conditions import condition_rows
from controltotal.programme.eligibility import Ineligible, IneligibleError
from controltotal.programme.evidence import gather
from controltotal.programme.judging import judge
from controltotal.savings.portfolio.build import Asked, Built, build
from controltotal.savings.portfolio.certificate import (
    bindings,
    conflicts,
    reasons,
)
from controltotal.savings.portfolio.engine import Chosen, choose
from controltotal.savings.portfolio.outcome import bound, delivered, shown, span, target_of
from controltotal.savings.portfolio.problem import OBJECTIVES, Demand
from controltotal.savings.portfolio.unread import tell, unread
from controltotal.savings.portfolio.words import words
from controltotal.workings.missing import PORTFOLIO, Missing, Step
from controltotal.workings.totals import figure_id
from controltotal.workings.workings import Workings

DEFAULT_OBJECTIVES = ("recurrent_saving", "saving")


def answer_portfolio(
    workings: Workings,
    year: str | None = None,
    organisation: str | None = None,
    *,
    years: int = 1,
    objectives: Sequence[str] = DEFAULT_OBJECTIVES,
    gap: float = 0.01,
    fairness: Fraction | None = None,
) -> Result:
    """The best portfolio of eligible schemes for a year (or a run of years), with its certificate.

    `objectives` in their stated order; `gap` is what a large problem may leave between its
    portfolio and the bound; `fairness` how far above its fair share a body may go.
    """
    position = workings.position
    _refuse_nonsense(position, year, objectives)
    first = year or position.default_year
    asked = Asked(tuple(next_year(first, n) for n in range(years)), organisation, fairness)
    wanted = tuple(objectives)
    label = ("portfolio", asked, wanted, gap)
    return workings.once(label, lambda: _answer(workings, asked, wanted, gap))


def _answer(workings: Workings, asked: Asked, objectives: tuple[str, ...], gap: float) -> Result:
    """Choose, check again, and tell."""
    built, chosen = _chosen(workings, asked, objectives, gap)
    answer = Answer("portfolio", workings.position.ref, _options(asked, objectives, gap))
    answer.add_findings(built.findings)
    lost = unread(built)
    if lost:
        tell(answer, built, lost)
        return answer.result()
    _figures(answer, built, chosen)
    _tables(answer, built, chosen)
    _missing(answer, workings.missing, built, chosen)
    words(answer, built, chosen)
    return answer.result()


def _chosen(
    workings: Workings, asked: Asked, objectives: tuple[str, ...], gap: float
) -> tuple[Built, Chosen]:
    """The problem and the portfolio chosen from it, judged afresh; solved once for a reading."""

    def solve() -> tuple[Built, Chosen]:
        judged = workings.judgements
        built = build(workings, judged.eligible(), _refusals(judged.ineligible()), asked)
        chosen = choose(built.problem, objectives, gap)
        _check_again(workings.position, chosen)
        return built, chosen

    return workings.once(("chosen portfolio", asked, objectives, gap), solve)


def chosen_savings(workings: Workings, year: str, gap: float = 0.01) -> dict[str, int]:
    """What the best portfolio of a year is expected to save, by body, in pence.

    The same as the figures `portfolio_saving`, without proving how much more each body could save.
    """
    _refuse_nonsense(workings.position, year, DEFAULT_OBJECTIVES)
    built, chosen = _chosen(workings, Asked((year,)), DEFAULT_OBJECTIVES, gap)
    if unread(built):
        return {}
    return {code: delivered(chosen, built.inside(code, year), year) for code in shown(built, year)}


def _refuse_nonsense(position: Position, year: str | None, objectives: Sequence[str]) -> None:
    """What cannot be answered at all is refused in one line."""
    unknown = [name for name in objectives if name not in OBJECTIVES]
    if unknown:
        raise BookError(
            f"there is no objective {unknown[0]!r}",
            "the command",
            f"give some of {', '.join(OBJECTIVES)}, in order",
        )
    if year is not None and not is_whole_year(year):
        raise BookError(
            f"schemes are chosen for a whole year, not for {year_label(year)}",
            "the command",
            f"ask for {year_label(year_in(year))}",
        )
    if not (year or position.default_year):
        raise BookError(
            "the book names no year", position.ref.name, "ask for one with --year, such as 2026/27"
        )


def _options(asked: Asked, objectives: Sequence[str], gap: float) -> dict[str, Any]:
    """What was asked for, as the document shows it."""
    options: dict[str, Any] = {"year": asked.years[0], "objectives": list(objectives), "gap": gap}
    if len(asked.years) > 1:
        options["years"] = len(asked.years)
    if asked.organisation:
        options["organisation"] = asked.organisation
    if asked.fairness is not None:
        options["fairness"] = float(asked.fairness)
    return options


def _refusals(refused: Sequence[Ineligible]) -> dict[str, str]:
    """Why each scheme that is not eligible is not, in words."""
    return {one.id: "not eligible: " + "; ".join(one.reasons) for one in refused}


def _check_again(position: Position, chosen: Chosen) -> None:
    """The last look before anything is shown: every chosen scheme is eligible, judged afresh."""
    day = position.reading_date
    evidence = gather(position, day)
    unsafe = [c for c in sorted(chosen.choice) if judge(position, evidence[c], day).reasons]
    if unsafe:
        raise IneligibleError(f"a scheme that is not eligible was chosen: {unsafe}")


def _figures(answer: Answer, built: Built, chosen: Chosen) -> None:
    """Saving, bound and shortfall of every body and year."""
    fallen = [(built.prepared[c], p) for c, p in sorted(chosen.choice.items())]
    for year in built.asked.years:
        for code in shown(built, year):
            bodies = built.inside(code, year)
            here = [found for found, place in fallen if found.candidate.saving(bodies, year)[place]]
            labels = sorted({label for found in here for label in found.terms.parameters})
            verified = all(found.terms.verified for found in here)
            status = "ok" if verified else "unverified"
            answer.figure(
                figure_id("portfolio_saving", code, year, "plan"),
                delivered(chosen, bodies, year),
                status=status,
                rule="chance x mean share x in-year effect expected over the delay of the chosen "
                "eligible schemes",
                parameters=labels,
                entries=[found.row.entry for found in here],
            )
            answer.figure(
                figure_id("portfolio_bound", code, year, "plan"),
                bound(built, chosen, bodies, year),
                status=status,
                rule="no portfolio of eligible schemes within the limits saves more here",
                inputs=[figure_id("portfolio_saving", code, year, "plan")],
                parameters=labels,
            )
            _shortfall(answer, built, chosen, code, year, status)


def _shortfall(
    answer: Answer, built: Built, chosen: Chosen, code: str, year: str, status: str
) -> None:
    """What remains to the control total after the chosen schemes; nil where it is met."""
    target = target_of(built, code, year)
    if target.pence is None and not built.totals.control_rows(code, year):
        return
    name = figure_id("shortfall", code, year, "plan")
    inputs = [
        figure_id("control_total", code, year, "plan"),
        *built.bases.of(code, year).inputs[:20],
        figure_id("portfolio_saving", code, year, "plan"),
    ]
    counted, why = built.bases.counted(code, year)
    if target.pence is None or counted is None:
        reason = why if target.pence is not None else target.rule
        lack = target.kind or "incomplete"
        answer.figure(name, None, rule=f"cannot be told: {reason}", inputs=inputs, unknown=lack)
        return
    outcome = counted + delivered(chosen, built.inside(code, year), year)
    margin, entries = built.margins.get((code, year), (0, ()))
    answer.figure(
        name,
        max(0, target.pence + margin - outcome),
        status=status,
        rule="control total"
        + (" and its risk margin" if margin else "")
        + " less the position before schemes and what the chosen ones deliver",
        inputs=inputs,
        entries=(*target.entries, *entries, *built.bases.of(code, year).entries),
    )


def _tables(answer: Answer, built: Built, chosen: Chosen) -> None:
    """Every scheme of the book, the certificate, the limits that bind, totals and conflicts."""
    answer.table("schemes", _scheme_rows(built, chosen))
    asked = _conditions(built, chosen)
    if asked:
        answer.table("conditions", asked)
    answer.table("certificate", _stage_rows(chosen))
    answer.table("control_totals", _total_rows(built, chosen))
    answer.table(
        "binding",
        [
            {
                "constraint": b.demand.label,
                "kind": b.demand.kind,
                "organisation": b.demand.organisation,
                "year": b.demand.year,
                "group": b.demand.group,
                "limit": _limit(b.demand),
                "used": _natural(b.demand, b.used),
                "short": b.short,
                "worth_pence": b.worth,
                "price_pence": b.price,
                "per": b.unit,
                "of": b.worth_of,
                "method": b.method,
                "where": b.demand.where,
            }
            for b in bindings(chosen)
        ],
    )
    sets, proof = conflicts(chosen)
    answer.table(
        "conflicts",
        [
            {"set": number, "demand": label, "proof": proof}
            for number, labels in enumerate(sets, start=1)
            for label in labels
        ],
    )


def _missing(answer: Answer, missing: Missing, built: Built, chosen: Chosen) -> None:
    """From the gap to what the chosen schemes leave of it: the table `missing`."""
    for year in built.asked.years:
        for code in shown(built, year):
            before = missing.before_schemes(code, year)
            if before is None:
                continue
            margin, _ = built.margins.get((code, year), (0, ()))
            saving = delivered(chosen, built.inside(code, year), year)
            left = before + margin - saving
            named = (("margin", margin), ("chosen", -saving), ("beyond", max(0, -left)))
            more = [Step(name, pence, PORTFOLIO) for name, pence in named if pence]
            last = Step("shortfall", max(0, left), PORTFOLIO)
            answer.table("missing", missing.rows(code, year, (*more, last)))


def _natural(demand: Demand, value: int) -> int | float:
    """A sum in the unit of its demand: people rather than thousandths."""
    return value / 1000 if demand.kind == "capacity_wte" else value


def _limit(demand: Demand) -> int | float | None:
    """What a demand allows or asks for, in its own unit."""
    if demand.kind == "share_of_burden" and not demand.in_money:
        return demand.share[0] / demand.share[1]
    edge = demand.upper if demand.upper is not None else demand.lower
    return None if edge is None else _natural(demand, edge)


def _scheme_rows(built: Built, chosen: Chosen) -> list[dict[str, Any]]:
    """Every scheme of the book: chosen or not, its start, and the reason."""
    left = reasons(chosen)
    rows = []
    for row in sorted(built.position.book.schemes, key=lambda r: (str(r.id), r.number)):
        code = row.id
        found = built.prepared.get(code)
        place = chosen.choice.get(code)
        start = reason = None
        saving = 0
        if found is not None and place is not None:
            start = found.dates[place].isoformat()
            saving = found.candidate.saving()[place]
            reason = (
                f"eligible; expected to save {format_pounds(saving)} in "
                f"{span(built.asked.years)} from this start"
            )
            if place >= (found.candidate.whole or place + 1):
                reason += ", which is what others that draw on the same opportunity leave to it"
        else:
            reason = left.get(code) or built.reasons.get(code, "it is not in what was asked about")
        rows.append(
            {
                "scheme": code,
                "chosen": place is not None,
                "start": start,
                "reason": reason,
                "organisation": row.organisation,
                "title": row.title,
                "saving_pence": saving,
                "full_year_pence": found.candidate.full_year if found else None,
                "harm": found.candidate.harm if found else None,
                "eligible": code not in built.ineligible,
                "considered": found is not None,
                "where": row.where,
            }
        )
    return rows


def _conditions(built: Built, chosen: Chosen) -> list[dict[str, object]]:
    """The conditions under which schemes of the list were approved, in their own words."""
    position = built.position
    rows = {row.id: row for row in position.book.schemes if row.id in chosen.choice}
    year, day = built.asked.years[0], position.reading_date
    return condition_rows(position.book.conditions, rows, year, day)


def _stage_rows(chosen: Chosen) -> list[dict[str, Any]]:
    """Each objective in its order: value, bound, gap, status and method; shortfall first."""
    gap = chosen.shortfall - chosen.shortfall_bound
    near = gap <= chosen.shortfall // 10**9  # as near as the decimals of a solver can tell
    first = {
        "order": 0,
        "objective": "shortfall",
        "meaning": "least missed over all control totals and floors",
        "value": chosen.shortfall,
        "bound": chosen.shortfall_bound,
        "gap": gap / max(1, chosen.shortfall),
        "status": "optimal" if near else "bounded",
        "method": "whole problem" if near else "relaxation and search",
    }
    return [first] + [
        {
            "order": n,
            "objective": stage.objective,
            "meaning": OBJECTIVES[stage.objective],
            "value": stage.value,
            "bound": stage.bound,
            "gap": stage.gap,
            "status": stage.status,
            "method": stage.method,
        }
        for n, stage in enumerate(chosen.stages, start=1)
    ]


def _total_rows(built: Built, chosen: Chosen) -> list[dict[str, Any]]:
    """Each control total: where the body starts, what schemes bring, what remains."""
    rows = []
    for year in built.asked.years:
        for code in shown(built, year):
            target = target_of(built, code, year)
            counted, why = built.bases.counted(code, year)
            if target.pence is None:
                continue
            bodies = built.inside(code, year)
            saving = delivered(chosen, bodies, year)
            margin, _ = built.margins.get((code, year), (0, ()))
            outcome = None if counted is None else counted + saving
            rows.append(
                {
                    "organisation": code,
                    "year": year,
                    "control_total": target.pence,
                    "margin": margin,
                    "before_schemes": counted,
                    "saving": saving,
                    "outcome": outcome,
                    "shortfall": None
                    if outcome is None
                    else max(0, target.pence + margin - outcome),
                    "best_possible": None
                    if counted is None
                    else counted + bound(built, chosen, bodies, year),
                    "rule": target.rule,
                    "why_unknown": why,
                }
            )
    return rows
