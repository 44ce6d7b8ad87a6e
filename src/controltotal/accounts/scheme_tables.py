"""The tables of the schemes: register, phasing, quality, harm, engagement, gates, dependencies."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from controltotal.accounts.scheme_ground import Ground
from controltotal.book.records import Fact, Scheme
from controltotal.core.calendar import month_name
from controltotal.programme.courses import expected_start, flow_through
from controltotal.programme.effects import Effect
from controltotal.programme.engagement import (
    after_decision,
    decision,
    duty_of,
    earliest_start,
    status,
)
from controltotal.programme.gates import GATES, Folder, missing, reached, steps_back
from controltotal.programme.judging import Judgement
from controltotal.programme.phasing import in_plan
from controltotal.programme.quality import STAGES, next_review, overdue, rescored, scores, standing
from controltotal.workings.harm import Harm


@dataclass(frozen=True)
class Context:
    """The schemes of a table and what they are seen with."""

    ground: Ground
    rows: list[Scheme]

    @cached_property
    def judged(self) -> Mapping[str, Judgement]:
        """Judgements by scheme."""
        return self.ground.savings.judgements

    @cached_property
    def folders(self) -> Mapping[str, Folder]:
        """Folders by scheme."""
        return self.ground.savings.folders

    def threshold(self) -> int | None:
        """The value in pounds from which full evidence is asked for, where the book sets one."""
        position = self.ground.savings.position
        for row in position.book.parameters:
            if row.name == "gate_full_evidence_from":
                return int(float(row.value))
        return None


def _day(value: Any) -> str:
    return value.isoformat() if value else ""


def schemes(context: Context) -> list[dict[str, Any]]:
    """Every scheme: typed and supported maturity, gate, whether it counts and why not, money."""
    ground, table = context.ground, []
    savings, year = ground.savings, ground.year
    excluded = savings.excluded(year)
    for row in context.rows:
        code = row.id
        slip = savings.slip(row)
        one = ground.course(row)
        effect: Effect = savings.effects.of(row, year)
        out = excluded.get(code)
        plan = savings.in_year(row, year, "plan")
        table.append(
            {
                "scheme": code,
                "organisation": row.organisation,
                "title": row.title,
                "programme": row.programme or "",
                "category": row.category or "",
                "recurrence": row.recurrence,
                "cash_type": row.cash_type or "",
                "risk": row.risk or "",
                "owner": row.owner or "",
                "typed_maturity": row.maturity,
                "maturity": savings.maturity(code),
                "gate": reached(context.judged[code].evidence),
                "in_plan": in_plan(row),
                "eligible": code in savings.by_id,
                "counted": out is None,
                "reason": "; ".join(text for _, text in out.reasons) if out else "",
                "full_year_pence": row.full_year_effect,
                "plan_pence": plan,
                "actual_pence": _sum(one.actual),
                "forecast_pence": savings.in_year(row, year, "forecast"),
                "flow_through_pence": None
                if plan is None or row.recurrence != "recurrent"
                else flow_through(row.full_year_effect, plan),
                "system_pence": sum(effect.split(row.full_year_effect).values()),
                "worth": effect.words(),
                "start": _day(row.start),
                "slip_months": slip,
                "expected_start": _day(expected_start(row.start, slip) if row.start else None),
                "back_loading": ground.late_share([row]),
                "investment_pence": row.investment,
                "where": row.where,
            }
        )
    return table


def _sum(months: Iterable[int | None]) -> int | None:
    told = [pence for pence in months if pence is not None]
    return sum(told) if told else None


def phasing(ground: Ground, bodies: Iterable[str]) -> list[dict[str, Any]]:
    """Plan, actual and forecast by month of each body's schemes, and what of the plan counts."""
    table: list[dict[str, Any]] = []
    for code in bodies:
        if not ground.planned(code):
            continue
        plan, actual = ground.months_told(code, "plan"), ground.months_told(code, "actual")
        forecast, counts = ground.months_told(code, "forecast"), _counting(ground, code)
        for month in range(12):
            table.append(
                {
                    "organisation": code,
                    "year": ground.year,
                    "month": month + 1,
                    "month_name": month_name(month + 1),
                    "plan_pence": plan[month],
                    "counted_pence": counts[month],
                    "actual_pence": actual[month],
                    "forecast_pence": forecast[month],
                }
            )
    return table


def _counting(ground: Ground, code: str) -> list[int | None]:
    """The plan by month of the schemes that count: nil where none does, None where one is not told."""
    told, spread = (f(code, "plan", True) for f in (ground.months_told, ground.months))
    return [0 if every is None else one for one, every in zip(told, spread, strict=True)]


def quality(context: Context) -> list[dict[str, Any]]:
    """The quality register: one row a scheme that has been assessed or signed."""
    table: list[dict[str, Any]] = []
    day = context.ground.savings.position.reading_date
    for row in context.rows:
        judged = context.judged[row.id]
        evidence = judged.evidence
        found = scores(evidence)
        signed = {r.role: r for r in evidence.gates.get("QIA", ())}
        if not found and not signed:
            continue
        worst = found[0] if found else None
        doctor, nurse = signed.get("medical_director"), signed.get("chief_nurse")
        equality, late = evidence.latest("EQIA"), overdue(evidence, day)
        table.append(
            {
                "scheme": row.id,
                "organisation": row.organisation,
                "title": row.title,
                "standing": standing(judged),
                "worst_domain": worst.name if worst else "",
                "before": worst.before if worst else None,
                "after": worst.after if worst else None,
                "band": worst.band if worst else "not scored",
                "stage": _furthest(s.stage for s in found),
                "medical_director": f"{doctor.by}, {doctor.on}" if doctor else "",
                "chief_nurse": f"{nurse.by}, {nurse.on}" if nurse else "",
                "equality": f"{equality.outcome or 'passed'}, {equality.on}" if equality else "",
                "review_on": _day(next_review(evidence)),
                "overdue": late is not None,
                "rescored": bool(rescored(judged)),
                "reason": "; ".join(r.text for r in judged.reasons),
                "where": row.where,
            }
        )
    order = (
        "rejected",
        "lapsed",
        "not validly signed",
        "not fully assessed",
        "not signed",
        "signed",
    )
    table.sort(key=lambda r: (order.index(str(r["standing"])), -(r["after"] or 0), r["scheme"]))
    return table


def _furthest(stages: Iterable[str]) -> str:
    found = list(stages)
    return max(found, key=STAGES.index) if found else "not assessed"


def quality_domains(context: Context) -> list[dict[str, Any]]:
    """Every score of every domain."""
    return [
        {
            "scheme": row.id,
            "profile": score.row.profile,
            "domain": score.name,
            "before": score.before,
            "after": score.after,
            "band": score.band,
            "stage": score.stage,
            "why": score.why,
            "mitigation": score.row.mitigation or "",
            "assessor": score.row.assessor or "",
            "signed_on": _day(score.row.signed_on),
            "review_on": _day(score.row.review_on),
            "outcome": score.row.outcome or "",
            "where": score.row.where,
        }
        for row in context.rows
        for score in scores(context.judged[row.id].evidence)
    ]


def harm_row(harm: Harm) -> dict[str, Any]:
    """Cumulative harm at one service, place or group."""
    return {
        "organisation": harm.organisation,
        "group": harm.group,
        "year": harm.year,
        "score": harm.score,
        "ceiling": harm.ceiling,
        "over": harm.over,
        "schemes": [f"{code} ({score})" for code, score in harm.schemes],
        "by": (harm.limit.by or "") if harm.limit else "",
        "where": harm.limit.where if harm.limit else "",
    }


def engagement(context: Context) -> list[dict[str, Any]]:
    """Who is involved in which scheme, when, and whether before the decision."""
    table, day = [], context.ground.savings.position.reading_date
    for row in context.rows:
        folder = context.folders[row.id]
        late = after_decision(folder.evidence, folder.engagements)
        decided = decision(folder.evidence)
        for one in folder.engagements:
            duty = duty_of(one)
            table.append(
                {
                    "scheme": row.id,
                    "organisation": row.organisation,
                    "duty": duty.name if duty else one.duty,
                    "from": _day(one.from_),
                    "to": _day(one.to),
                    "notified_on": _day(one.notified_on),
                    "status": status(one, day),
                    "outcome": one.outcome or "",
                    "decision_on": _day(decided.on if decided else None),
                    "after_decision": one in late,
                    "earliest_start": _day(earliest_start(row, folder.engagements)),
                    "authority": duty.authority if duty else "",
                    "where": one.where,
                }
            )
    return table


def gates(context: Context) -> list[dict[str, Any]]:
    """The gate each scheme has reached, when it went back, and what the next gate still asks for."""
    table, bar = [], context.threshold()
    for row in context.rows:
        evidence = context.judged[row.id].evidence
        top = reached(evidence)
        following = GATES[GATES.index(top) + 1] if top and top != "G5" else "" if top else "G0"
        lacking = missing(context.folders[row.id], following, bar) if following else ()
        back = steps_back(evidence)
        table.append(
            {
                "scheme": row.id,
                "organisation": row.organisation,
                "gate": top,
                "on": _day(evidence.gates[top][-1].on if top else None),
                "next_gate": following,
                "missing": [item.name for item in lacking],
                "went_back": [f"{r.gate} on {r.on}: {r.evidence or r.outcome}" for r in back],
                "where": row.where,
            }
        )
    return table


def dependencies(context: Context) -> list[dict[str, Any]]:
    """What each scheme requires, excludes or overlaps, and whether that is kept."""
    known = {row.id for row in context.ground.savings.position.book.schemes}
    counted, table = context.ground.counted, []
    for row in context.rows:
        for kind in ("requires", "excludes", "overlaps"):
            for other in row.cell(kind) or ():
                state = "not in the book" if other not in known else "counts"
                state = "does not count" if other in known and other not in counted else state
                kept = {"requires": state == "counts", "excludes": state != "counts"}.get(kind)
                if kind == "excludes" and row.id not in counted:
                    kept = True
                table.append(
                    {
                        "scheme": row.id,
                        "kind": kind,
                        "other": other,
                        "state": state,
                        "kept": kept,
                        "where": row.where,
                    }
                )
    return table


def milestones(context: Context) -> list[dict[str, Any]]:
    """Every milestone, and whether it is late on the reading date."""
    position = context.ground.savings.position
    inside, day = {row.id for row in context.rows}, position.reading_date
    return [
        {
            "scheme": m.scheme,
            "title": m.title,
            "due": _day(m.due),
            "done_on": _day(m.done_on),
            "late": (last := m.done_on or day) is not None and last > m.due,
            "where": m.where,
        }
        for m in position.book.milestones
        if m.scheme in inside
    ]


def workforce_rows(ground: Ground, code: str, group: str) -> list[Fact]:
    """The facts of one staff group from which `workforce` is added up."""
    planned = {row.id for row in ground.planned(code)}
    return [
        row
        for row in ground.workforce_rows
        if row.scheme in planned and (row.group or "not_stated") == group
    ]


def workforce(ground: Ground, code: str) -> dict[str, float]:
    """Whole-time equivalents by staff group that schemes of the plan change (a cut is negative)."""
    found: dict[str, float] = {}
    planned = {row.id for row in ground.planned(code)}
    for row in ground.workforce_rows:
        if row.scheme in planned:
            group = row.group or "not_stated"
            found[group] = round(found.get(group, 0.0) + float(row.value), 3)
    return found
