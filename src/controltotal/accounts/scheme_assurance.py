"""What a board asks of its schemes: by category, by maturity, what waits for whom, what was refused.

Money is of every scheme of the plan, assured or not, as the bodies plan it: the same money as the
savings of `performance`. To date only schemes that report are set against their plan. What waits
is told by code of the reason and by the signer that a reason names, never by its words.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import Final

from controltotal.accounts.scheme_delivery import delivery_to_date, is_untold, set_beside
from controltotal.accounts.scheme_ground import Ground
from controltotal.book.records import Assessment, Gate, Scheme
from controltotal.core.calendar import month_start
from controltotal.core.result import Answer
from controltotal.programme.conditions import asked_words, condition_rows, overdue, unmet
from controltotal.programme.eligibility import Judgements
from controltotal.programme.evidence import Evidence
from controltotal.programme.judging import of_panel
from controltotal.programme.outcomes import PASSING, WAIT, meaning
from controltotal.programme.phasing import in_plan
from controltotal.programme.scores import at_the_bar, domain_of, residual
from controltotal.workings import gaps
from controltotal.workings.workings import Workings

Row = dict[str, object]
THIS, LAST = "this month", "last month"
ASSESSMENT: Final = "quality assessment"
GATE: Final = "gate G3"
CONDITION: Final = "a condition to be met"
WAITS: Final[Mapping[str, str]] = {
    "SCHEME_UNREADABLE": "rows that can be read",
    "ELICITATION_RANGE": "a chance that makes sense",
    "GATE_MISSING": GATE,
    "GATE_FAILED": GATE,
    "MORE_INFORMATION": "more information",
    "QUALITY_NOT_ASSESSED": ASSESSMENT,
    "QUALITY_DOMAIN_MISSING": ASSESSMENT,
    "QUALITY_PROFILE_UNKNOWN": ASSESSMENT,
    "QUALITY_SCORE_UNKNOWN": ASSESSMENT,
    "SCREENING_REFUSED": ASSESSMENT,
    "PANEL_NEEDED": "quality panel",
    "SIGNATURE_TWICE": "a second signer",
    "CONDITION_UNMET": CONDITION,
    "CONDITION_OVERDUE": CONDITION,
    "ENGAGEMENT_WAITS": "engagement",
    "HARM_CEILING": "a choice under the ceiling of combined effect",
    "REQUIRED_NOT_COUNTED": "another scheme",
    "SAVING_UNIDENTIFIED": "a scheme",
    "NO_START": "a start",
    "WORTH_NOTHING": "proof that somebody saves",
}
"""What a scheme waits for, by the code of the reason why it does not count."""


def put_assurance(
    answer: Answer, workings: Workings, ground: Ground, bodies: Sequence[str]
) -> None:
    """The tables of a board: by category and maturity, what waits, what was refused, on what conditions."""
    waiting = {row.id: waits(ground, row) for row in ground.savings.position.book.schemes}
    for code in bodies:
        planned = ground.planned(code)
        answer.table("savings_by_category", by_category(ground, code, planned))
        then = a_month_before(workings, code, ground.year)
        answer.table("savings_by_maturity", by_maturity(ground, code, planned, then))
        answer.table("awaited_by", awaited_by(ground, code, planned, waiting))
    inside = set(bodies)
    rows = [
        r for r in ground.savings.position.book.schemes if ground.home(r.organisation) in inside
    ]
    answer.table("awaited", awaited(ground, rows, waiting))
    answer.table("refused", refused(ground, rows))
    asked = conditions(ground, rows)
    if asked:
        answer.table("conditions", asked)


# -- by category -----------------------------------------------------------------------------------


def by_category(ground: Ground, code: str, planned: Sequence[Scheme]) -> list[Row]:
    """Savings of a body's plan: the whole, each group of categories, and each category.

    `group` is what stands before the colon of a category; a row without a category is the whole
    group, and one without a group all schemes of the plan. `recurrent_share` is that of the
    forecast of which somebody says whether it repeats; `unmarked_pence` is the rest of it. Pence.
    """
    if not planned:
        return []
    named = {row.id: _category(row) for row in planned}
    every = delivery_to_date(ground, planned)
    groups: dict[tuple[str, str], list[dict[str, object]]] = {("", ""): every}
    for row in every:
        group, category = named[str(row["scheme"])]
        groups.setdefault((group, ""), []).append(row)
        if category != group:
            groups.setdefault((group, category), []).append(row)
    by_id = {row.id: row for row in planned}
    return [
        {
            "organisation": code,
            "year": ground.year,
            "group": group,
            "category": category,
            **_delivered(rows, ground.recurrent_forecast(by_id[str(r["scheme"])] for r in rows)),
        }
        for (group, category), rows in sorted(groups.items())
        if rows
    ]


def _category(row: Scheme) -> tuple[str, str]:
    """The group of a scheme's category, and the category."""
    category = " ".join((row.category or "not stated").split())
    return category.partition(":")[0].strip(), category


def _delivered(rows: Sequence[Mapping[str, object]], repeating: tuple[int, int]) -> Row:
    """Sums of some schemes' year and year to date; a forecast that one of them lacks is not told.

    `repeating` is what of their forecasts repeats, and of what of them nobody says.
    """
    told = [r for r in rows if None not in (r["actual_pence"], r["plan_year_pence"])]
    year = [row for row in rows if row["plan_year_pence"] is not None]
    whole = [row for row in year if row["forecast_pence"] is not None]
    planned, actual = set_beside(rows)
    plan_year, forecast = _sum(year, "plan_year_pence"), None
    if len(whole) == len(year):
        forecast = _sum(whole, "forecast_pence")
    repeats, unmarked = repeating
    marked = (forecast or 0) - unmarked
    return {
        "schemes": len(rows),
        "schemes_untold": sum(is_untold(row) for row in rows),
        "to_month": max((_int(row["to_month"]) for row in told), default=None),
        "planned_pence": planned,
        "actual_pence": actual,
        "variance_pence": None if planned is None or actual is None else actual - planned,
        "plan_year_pence": plan_year,
        "forecast_pence": forecast,
        "variance_year_pence": None
        if forecast is None or plan_year is None
        else forecast - plan_year,
        "recurrent_pence": None if forecast is None else repeats,
        "unmarked_pence": None if forecast is None else unmarked,
        "recurrent_share": repeats / marked if marked else None,
    }


def _sum(rows: Iterable[Mapping[str, object]], column: str) -> int | None:
    found = [_int(row[column]) for row in rows]
    return sum(found) if found else None


def _int(value: object) -> int:
    return value if isinstance(value, int) else 0


# -- by maturity -----------------------------------------------------------------------------------


def a_month_before(workings: Workings, code: str, year: str) -> Mapping[str, str] | None:
    """The maturity of each scheme as its evidence supported it when the month reported began.

    None where no month of the body is reported: nothing tells which month it was.
    """
    reached = workings.month.reached(code, year)
    if reached is None:
        return None
    day = month_start(year, reached) - timedelta(days=1)
    judged = workings.once(("judged", day), lambda: Judgements(workings.position, day))
    return {scheme: one.maturity for scheme, one in judged.items()}


def by_maturity(
    ground: Ground, code: str, planned: Sequence[Scheme], earlier: Mapping[str, str] | None
) -> list[Row]:
    """Savings of a body's plan by the maturity that the evidence supports, this month and last.

    The plan is the one of now in both, so that what moved is maturity alone; `unidentified` is
    what has no scheme. A scheme that nobody knew a month before is in `this month` alone. Pence.
    """
    found: list[Row] = []
    lacking = gaps.unidentified(ground.totals, code, ground.year, "plan").pence
    for when, stages in ((THIS, None), (LAST, earlier)):
        if when == LAST and stages is None:
            continue
        sums: dict[str, list[int]] = {}
        for row in planned:
            pence = ground.savings.in_year(row, ground.year, "plan")
            stage = ground.savings.maturity(row.id) if stages is None else stages.get(row.id)
            if stage is not None and pence is not None:
                sums.setdefault(stage, []).append(pence)
        if sums and lacking:
            sums.setdefault("unidentified", []).append(lacking)
        found += [
            {
                "organisation": code,
                "year": ground.year,
                "when": when,
                "maturity": stage,
                "schemes": len(parts) - (stage == "unidentified" and bool(lacking)),
                "pence": sum(parts),
            }
            for stage, parts in sorted(sums.items())
        ]
    return found


# -- what waits for whom ---------------------------------------------------------------------------


def waits(ground: Ground, row: Scheme) -> tuple[str, ...]:
    """Whom and what a scheme of the plan waits for; nothing where it counts or was refused."""
    out = ground.savings.excluded(ground.year).get(row.id)
    if out is None or out.rejected or not in_plan(row):
        return ()
    judged = ground.savings.judgements[row.id].reasons
    found = [one.whom or WAITS.get(one.code, one.text) for one in judged]
    own = {one.code for one in judged}
    found += [WAITS.get(name, text) for name, text in out.reasons if name not in own]
    return tuple(dict.fromkeys(found))


def awaited(
    ground: Ground, rows: Iterable[Scheme], waiting: Mapping[str, tuple[str, ...]]
) -> list[Row]:
    """Schemes of the plan that are not yet assured, those of most money first. Pence."""
    table: list[Row] = [
        {
            "scheme": row.id,
            "organisation": ground.home(row.organisation),
            "title": row.title,
            "year": ground.year,
            "plan_pence": ground.savings.in_year(row, ground.year, "plan"),
            "full_year_pence": row.full_year_effect,
            "waits_for": _in_full(ground, row, waiting[row.id]),
        }
        for row in rows
        if waiting[row.id]
    ]
    return sorted(table, key=_most_first)


def _in_full(ground: Ground, row: Scheme, waits_for: Sequence[str]) -> list[str]:
    """What a scheme waits for, each condition in its own words."""
    held = ground.savings.judgements[row.id].evidence.conditions
    day = ground.savings.position.reading_date
    texts = [asked_words(one) for one in (*unmet(held, day), *overdue(held, day))]
    return [
        f"{CONDITION}: {'; '.join(texts)}" if one == CONDITION and texts else one
        for one in waits_for
    ]


def conditions(ground: Ground, rows: Iterable[Scheme]) -> list[Row]:
    """The conditions of schemes that quality has not refused, whether the schemes count or wait."""
    excluded, position = ground.savings.excluded(ground.year), ground.savings.position
    out = {code for code, one in excluded.items() if one.rejected}
    kept = {row.id: row for row in rows if row.id not in out}
    found = condition_rows(position.book.conditions, kept, ground.year, position.reading_date)
    return [{**row, "organisation": ground.home(str(row["organisation"]))} for row in found]


def _most_first(row: Row) -> tuple[int, int, str]:
    return -_int(row["plan_pence"]), -_int(row["full_year_pence"]), str(row["scheme"])


def awaited_by(
    ground: Ground, code: str, planned: Sequence[Scheme], waiting: Mapping[str, tuple[str, ...]]
) -> list[Row]:
    """How many schemes of a body's plan, and of how much, wait for each; one may wait for several.

    The row without `waits_for` is all of them, each once. Pence.
    """
    held: dict[str, list[Scheme]] = {}
    for row in planned:
        for one in waiting[row.id]:
            held.setdefault(one, []).append(row)
        if waiting[row.id]:
            held.setdefault("", []).append(row)
    table: list[Row] = [
        {
            "organisation": code,
            "year": ground.year,
            "waits_for": one,
            "schemes": len(rows),
            "plan_pence": sum(
                ground.savings.in_year(row, ground.year, "plan") or 0 for row in rows
            ),
        }
        for one, rows in held.items()
    ]
    return sorted(table, key=lambda row: (-_int(row["plan_pence"]), str(row["waits_for"])))


# -- what was refused ------------------------------------------------------------------------------


def refused(ground: Ground, rows: Iterable[Scheme]) -> list[Row]:
    """Schemes that quality refuses, whatever they would save: by whom, when, and for what. Pence."""
    excluded = ground.savings.excluded(ground.year)
    table: list[Row] = []
    for row in rows:
        out = excluded.get(row.id)
        if out is None or not out.rejected:
            continue
        table.append(
            {
                "scheme": row.id,
                "organisation": ground.home(row.organisation),
                "title": row.title,
                "year": ground.year,
                **_refusal(ground.savings.judgements[row.id].evidence),
                "in_plan": in_plan(row),
                "plan_pence": ground.savings.in_year(row, ground.year, "plan"),
                "full_year_pence": row.full_year_effect,
                "reason": "; ".join(text for _, text in out.reasons),
            }
        )
    return sorted(table, key=_most_first)


def _refusal(evidence: Evidence) -> Row:
    """The latest word that refuses a scheme; of one day that of a panel, then of a director."""
    found: list[tuple[date, int, Row]] = []
    for row in (*evidence.assessments, *evidence.refusals):
        if at_the_bar(row) or meaning(row.outcome) not in (*PASSING, WAIT):
            found.append((row.signed_on or row.known or date.min, 0, _of_domain(row)))
    for gate in (*evidence.gates.get("QIA", ()), *evidence.gates.get("EQIA", ())):
        if meaning(gate.outcome) not in (*PASSING, WAIT):
            found.append((gate.on, 2 if of_panel(gate.role, gate.by) else 1, _of_gate(gate)))
    if not found:
        return {"by": "", "panel": False, "on": "", "why": "", "domain": "", "score": None}
    return max(found, key=lambda one: one[:2])[2]


def _of_domain(row: Assessment) -> Row:
    known, left, day = domain_of(row), residual(row), row.signed_on or row.known
    return {
        "by": row.assessor or "",
        "panel": of_panel(row.role, row.assessor),
        "on": day.isoformat() if day else "",
        "why": "",
        "domain": known.name if known else row.domain,
        "score": left.score if left else None,
    }


def _of_gate(row: Gate) -> Row:
    return {
        "by": row.by or "",
        "panel": of_panel(row.role, row.by),
        "on": row.on.isoformat(),
        "why": row.evidence or "",
        "domain": "",
        "score": None,
    }
