"""The schemes of a book in one answer: which count, by maturity, month by month, and what they do.

Figures are of savings that count; tables show every scheme, counted or not, with its reason. Kinds
of saving are kept apart: only what releases cash pays a bill.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from controltotal.accounts import scheme_tables
from controltotal.accounts.scheme_assurance import put_assurance
from controltotal.accounts.scheme_delivery import delivery, delivery_to_date, delivery_words
from controltotal.accounts.scheme_ground import Ground
from controltotal.book.asking import bodies_asked
from controltotal.book.fold import Position
from controltotal.book.records import Fact, Scheme
from controltotal.core.calendar import year_label, year_start
from controltotal.core.money import format_money
from controltotal.core.period import year_in
from controltotal.core.result import Answer, Result
from controltotal.programme.courses import (
    BACK_LOADED_ABOVE,
    ask_multiple,
    flow_through,
)
from controltotal.workings import gaps
from controltotal.workings.harm import ceilings, cumulative
from controltotal.workings.savings import Savings, not_counted, savings_words
from controltotal.workings.totals import figure_id
from controltotal.workings.workings import Workings


def answer_schemes(
    workings: Workings, year: str | None = None, organisation: str | None = None
) -> Result:
    """Every scheme of a book in a year: figures, tables and words."""
    position = workings.position
    asked = year_in(year or position.default_year)
    given = {"year": asked, "organisation": organisation}
    answer = Answer("schemes", position.ref, {k: v for k, v in given.items() if v})
    if not asked or not position.book.schemes:
        answer.words("The book has no savings schemes.", topic="schemes")
        return answer.result()
    savings = workings.savings
    ground = Ground(savings, asked)
    bodies = bodies_asked(position, asked, organisation)
    for code in bodies:
        if ground.under(code):
            _figures(answer, ground, code)
        elif ground.brings(code):
            _brought(answer, ground, code)
    _values(answer, ground, bodies)
    _harm(answer, savings, asked, bodies)
    for code in _tops(position, bodies, asked, organisation):
        _words(answer, ground, code)
    _tables(answer, ground, bodies, organisation)
    put_assurance(answer, workings, ground, bodies)
    return answer.result()


def _tops(
    position: Position, bodies: Iterable[str], year: str, organisation: str | None
) -> list[str]:
    """The bodies of which words are said: the one asked for, else the systems or roots."""
    if organisation:
        return [organisation]
    systems = [code for code in bodies if position.tree.kind(code) == "system"]
    return systems or [code for code in bodies if position.tree.parent(code, year) is None]


class Put:
    """Puts figures of one body and year of the plan into an answer."""

    def __init__(self, answer: Answer, code: str, year: str) -> None:
        self.answer, self.code, self.year = answer, code, year

    def __call__(
        self,
        measure: str,
        value: float | None,
        rule: str,
        part: str = "",
        unit: str = "pence",
        rows: Iterable[Scheme | Fact] = (),
    ) -> None:
        """One figure, which rests on the rows of some schemes or on facts of them."""
        name = figure_id(measure, self.code, self.year, "plan", part)
        self.answer.figure(name, value, unit, rule=rule, entries=[row.entry for row in rows])


def _brought(answer: Answer, ground: Ground, code: str) -> None:
    """The figures of a body without schemes that gains or loses by those of others."""
    put = Put(answer, code, ground.year)
    _split(put, ground, code, "savings_by_recurrence", "recurrence")
    _split(put, ground, code, "savings_by_cash_type", "cash_type")
    _pipeline(put, ground, code)


def _pipeline(put: Put, ground: Ground, code: str) -> None:
    """What schemes of the plan bring to a body in the year, by the maturity of their evidence."""
    stages: dict[str, dict[str, Scheme]] = {}
    sums: dict[str, int] = {}
    for row in ground.planned(code):
        stages.setdefault(ground.savings.maturity(row.id), {})[row.id] = row
    for row, pence in ground.brings(code):
        stage = ground.savings.maturity(row.id)
        stages.setdefault(stage, {})[row.id] = row
        sums[stage] = sums.get(stage, 0) + pence
    for stage, found in stages.items():
        put(
            "savings_pipeline",
            sums.get(stage, 0),
            "in-year effect on the body of schemes in the plan, by the maturity that "
            "their evidence supports, counted or not",
            stage,
            rows=sorted(found.values(), key=lambda row: row.number),
        )


def _figures(answer: Answer, ground: Ground, code: str) -> None:
    """The figures of one body."""
    year, savings = ground.year, ground.savings
    put = Put(answer, code, year)
    counted = [row for row in ground.planned(code) if row.id in ground.counted]
    _split(put, ground, code, "savings_by_recurrence", "recurrence")
    _split(put, ground, code, "savings_by_cash_type", "cash_type")
    flow, used = 0, []
    for row in counted:
        here = savings.in_year(row, year, "plan")
        new = row.start is not None and row.start >= year_start(year)
        if row.recurrence == "recurrent" and here is not None and new:
            worth = savings.effects.of(row, year).total
            flow += round(flow_through(row.full_year_effect, here) * worth)
            used.append(row)
    put(
        "savings_flow_through",
        flow,
        "full-year effect less part-year effect of recurrent schemes begun in the year that count",
        rows=used,
    )
    planned = ground.planned(code)
    _pipeline(put, ground, code)
    whole = [pence or 0 for pence in ground.months(code, "plan")]
    put(
        "savings_back_loading",
        ground.late_share(planned),
        "share of the plan in months 7 to 12",
        unit="share",
        rows=planned,
    )
    done = ground.months(code, "actual")
    lacking = gaps.unidentified(savings.totals, code, year, "plan").pence or 0
    if any(pence is not None for pence in done):
        put(
            "savings_ask_multiple",
            ask_multiple(sum(whole) + lacking, done),
            "what is left of the plan a month, over the average month so far",
            unit="index",
            rows=planned,
        )
    for group, wte in scheme_tables.workforce(ground, code).items():
        put(
            "workforce_effect",
            wte,
            "whole-time equivalents planned by schemes of the plan",
            group,
            "count",
            rows=scheme_tables.workforce_rows(ground, code, group),
        )


def _split(put: Put, ground: Ground, code: str, measure: str, column: str) -> None:
    """The counted saving of a body by a kind; the kinds sum to `savings_plan`."""
    value = ground.savings.plan(code, ground.year, "plan")
    if value is None or value.pence is None:
        return
    kinds: dict[str, int] = {}
    rows: dict[str, list[Scheme]] = {}
    for body in (code, *ground.tree.descendants(code, ground.year)):
        for (name, kind), pence in ground.by_kind.get(body, {}).items():
            if name == column:
                kinds[kind] = kinds.get(kind, 0) + pence
                rows.setdefault(kind, []).extend(ground.rows_by_kind[body][name, kind])
    rule = f"savings that count, by {column.replace('_', ' ')}"
    for kind, pence in kinds.items():
        put(measure, pence, rule, kind, rows=rows[kind])


def _values(answer: Answer, ground: Ground, bodies: Iterable[str]) -> None:
    """What each scheme is worth to the system in a full year."""
    inside = set(bodies)
    for row in ground.savings.position.book.schemes:
        home = ground.home(row.organisation)
        if home not in inside:
            continue
        effect = ground.savings.effects.of(row, ground.year)
        answer.figure(
            figure_id("scheme_value", home, ground.year, "plan", row.id),
            sum(effect.split(row.full_year_effect).values()),
            rule="full-year effect to the system: " + effect.words(),
            entries=(row.entry, *effect.entries),
        )


def _harm(answer: Answer, savings: Savings, year: str, bodies: Iterable[str]) -> None:
    """Cumulative harm under every ceiling."""
    for harm in ceilings(savings, year):
        if harm.organisation in set(bodies) and harm.limit is not None:
            answer.figure(
                figure_id("harm", harm.organisation, year, "plan", harm.group or "all"),
                harm.score,
                "count",
                rule="sum of the highest residual scores of schemes that meet here; the ceiling is "
                f"{harm.ceiling:g}",
                entries=(harm.limit.entry, *(savings.by_id[c].row.entry for c, _ in harm.schemes)),
            )


def _words(answer: Answer, ground: Ground, code: str) -> None:
    """What a governor wants to know of the schemes of a body."""
    if not ground.under(code):
        return
    savings, year = ground.savings, ground.year
    lead = f"{ground.tree.name(code, year)}, {year_label(year)}: "
    text = savings_words(savings, code, year)
    if text:
        answer.words(text, topic="savings", about=code, year=year)
    _quality_words(answer, ground, code, lead)
    late = ground.late_share(ground.planned(code))
    if late is not None and late > BACK_LOADED_ABOVE:
        answer.words(
            f"{lead}{late:.0%} of the planned savings fall in the second half of the year, which is "
            "back-loaded.",
            topic="schemes",
            about=code,
            year=year,
        )
    delivered = delivery_words(ground, code)
    if delivered:
        answer.words(lead + delivered, topic="schemes", about=code, year=year)
    lacking = gaps.unidentified(savings.totals, code, year, "plan")
    if lacking.pence:
        answer.words(
            f"{lead}£{format_money(lacking.pence)} million of the plan has no scheme and is in none of "
            "these sums.",
            topic="schemes",
            about=code,
            year=year,
        )


def _quality_words(answer: Answer, ground: Ground, code: str, lead: str) -> None:
    """What safety refuses, what the evidence does not support, and harm over a ceiling."""
    savings, year = ground.savings, ground.year
    inside = {code, *ground.tree.descendants(code, year)}
    out = [
        r
        for r in not_counted(savings, year, None)
        if r["in_plan"] and ground.home(r["organisation"]) in inside
    ]
    rejected = [row for row in out if row["rejected"]]
    if rejected:
        named = ", ".join(f"{row['scheme']} ({row['title']})" for row in rejected)
        text = f"{lead}refused for safety, whatever they would save: {named}."
        answer.words(text, topic="schemes", about=code, year=year)
    unsupported = [r for r in out if r["typed_maturity"] != r["supported_maturity"]]
    if unsupported:
        answer.words(
            f"{lead}{len(unsupported)} scheme{'s are' if len(unsupported) > 1 else ' is'} typed further "
            "on than the evidence supports.",
            topic="schemes",
            about=code,
            year=year,
        )
    for harm in ceilings(savings, year):
        if harm.over and harm.organisation in inside:
            answer.words(
                f"{lead}on {harm.group or ground.tree.name(harm.organisation)}, {len(harm.schemes)} schemes "
                f"that each pass alone score {harm.score} together, over the ceiling of "
                f"{harm.ceiling:g}: none of them counts until it is chosen which of them go.",
                topic="schemes",
                about=code,
                year=year,
            )


def _tables(
    answer: Answer, ground: Ground, bodies: tuple[str, ...], organisation: str | None
) -> None:
    """Every table of the answer."""
    savings, year = ground.savings, ground.year
    inside = set(bodies)
    rows = [
        row
        for row in savings.position.book.schemes
        if organisation is None or ground.home(row.organisation) in inside
    ]
    context = scheme_tables.Context(ground, rows)
    answer.table("schemes", scheme_tables.schemes(context))
    answer.table("schemes_not_counted", not_counted(savings, year, organisation))
    answer.table("phasing", scheme_tables.phasing(ground, bodies))
    answer.table("delivery", delivery(ground, rows))
    answer.table("delivery_to_date", delivery_to_date(ground, rows))
    answer.table("quality", scheme_tables.quality(context))
    answer.table("quality_domains", scheme_tables.quality_domains(context))
    harm = [h for h in cumulative(savings, year) if not h.organisation or h.organisation in inside]
    answer.table("harm", [scheme_tables.harm_row(one) for one in harm])
    answer.table("engagement", scheme_tables.engagement(context))
    answer.table("gates", scheme_tables.gates(context))
    answer.table("dependencies", scheme_tables.dependencies(context))
    answer.table("milestones", scheme_tables.milestones(context))


def names(position: Position) -> Mapping[str, str]:
    """Names of bodies by code."""
    return {code: body.name for code, body in position.tree.organisations.items()}
