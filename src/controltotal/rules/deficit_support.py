"""Deficit support funding: an agreed deficit met from the centre, quarter by quarter, and its end.

`paid in a quarter = limit / 4 x on plan`. A quarter is paid or withheld on the position before it:
the fourth looks at month 9, the third at month 6, the second at month 3, and the first has no test.
Quarters bind in 2025/26; in 2024/25 support came at once by month 6. Support is non-recurrent, and
never part of an underlying position. Source: domain guide 12; NHSE board May 2025; NHSE month 9
2025/26 para 5; The Lowdown, November 2024; HSS News; NHS Providers, 10 Year Plan finance; NOF manual
2025/26; NHSE business rules from 2026/27 para 3.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

from controltotal.core.money import instalments
from controltotal.rules.case import Case, rule
from controltotal.rules.form import Missing, Outcome, Rule, percent, pounds, told, whole
from controltotal.rules.fund import QUARTERS
from controltotal.rules.reading import Reading
from controltotal.rules.totals import measured_surplus
from controltotal.workings.measured import support_counts


def reviewed_month(quarter: str) -> int:
    """The month whose position decides a quarter: the last before it; nil for the first quarter.

    >>> reviewed_month("Q4"), reviewed_month("Q1")
    (9, 0)
    """
    return 3 * (int(quarter[1]) - 1)


def on_plan(case: Case, quarter: str) -> bool:
    """Whether the review before a quarter finds the body on plan.

    As stated for the quarter, or for the month that is reviewed; else from actual and plan by month.
    """
    month = reviewed_month(quarter)
    if month == 0:
        case.say("the first quarter has no test")
        return True
    stated = [case.row("on_plan", month=when) for when in (quarter, str(month))]
    said = {bool(row.value) for row in stated if row is not None}
    if len(said) > 1:
        why = f"is said in two ways, for {quarter} and for month {month}"
        raise Missing(f"on plan ({quarter})", why, "contradicted")
    if said:
        return said.pop()
    actual, plan = case.to_date("actual", month), case.to_date("plan", month)
    if actual is None or plan is None:
        raise Missing(f"on plan ({quarter}, which looks at month {month})")
    case.say(
        f"month {month}: "
        + told("to date {actual} against a plan of {plan}", actual=actual, plan=plan)
    )
    return actual >= plan


def limit_of_the_year(case: Case) -> int:
    """The limit as stated; else four quarters of what was withheld in those that were off plan."""
    withheld = case.row("deficit_support_withheld")
    if case.row("deficit_support_limit") is not None or withheld is None:
        return case.money("deficit_support_limit")
    off = [quarter for quarter in QUARTERS if not on_plan(case, quarter)]
    lost = case.money("deficit_support_withheld")
    if not off:
        raise Missing(
            "the deficit support limit", "support was withheld in no quarter", "contradicted"
        )
    limit = whole(Fraction(lost * len(QUARTERS), len(off)))
    words = told(
        "{lost} withheld in " + ", ".join(off) + ": {limit} a year", lost=lost, limit=limit
    )
    case.say(words)
    return limit


def quarter_support(sums: dict[str, int], quarter: str) -> Callable[[Case], tuple[int, int]]:
    """What a quarter pays and withholds."""

    def work(case: Case) -> tuple[int, int]:
        sum_ = sums[quarter]
        kept = on_plan(case, quarter)
        if not kept:
            again = case.row("support_regained", month=quarter)
            if again is not None and again.value:
                case.say(f"off plan, and regained: {pounds(sum_)}")
                return sum_, 0
        case.say(f"{'on plan' if kept else 'off plan: withheld'}: {pounds(sum_)}")
        return (sum_, 0) if kept else (0, -sum_)

    return work


@rule(
    "deficit_support",
    "Deficit support, quarter by quarter",
    kinds="system commissioner provider",
    first="2025-26",
    last="2025-26",
    value="paid in the year",
    formula="limit / 4 for the first quarter, and for each other quarter before which the body was "
    "on plan",
    facts=("deficit_support_limit", "deficit_support_withheld", "on_plan", "support_regained"),
    triggers=("deficit_support_limit", "deficit_support_withheld", "on_plan", "support_regained"),
    inputs=("results and plan by month or quarter",),
    source="NHSE board May 2025; NHSE month 9 2025/26 para 5; HSS News",
    example="limit 40, off plan at month 9: the fourth quarter is withheld and 30 paid, so that a "
    "balanced plan ends at (10)",
    invariants=(
        "paid is between nil and the limit",
        "parts sum to the whole",
        "never part of an underlying position",
        "scales with money",
    ),
)
def deficit_support(case: Case) -> Outcome:
    """A system with an agreed deficit is given that sum, a quarter at a time, while it keeps to its
    plan: each quarter after the first looks at the position before it. What is withheld may be
    regained later. Where only the sum withheld is published, the limit follows from the quarters
    that it is of. In 2024/25 support came at once, so that no quarter is tested."""
    limit = limit_of_the_year(case)
    sums = dict(zip(QUARTERS, instalments(limit, 4), strict=True))
    for quarter in QUARTERS:
        case.part(quarter, quarter_support(sums, quarter))
    lacking = [part.name for part in case.parts if part.value is None]
    if lacking:
        raise Missing(f"whether it was on plan in {', '.join(lacking)}")
    paid = sum(int(part.value or 0) for part in case.parts)
    assert 0 <= paid <= limit
    why = told(
        "{paid} of {limit} paid; withheld {withheld}",
        paid=paid,
        limit=limit,
        withheld=limit - paid,
    )
    return case.done(
        paid, "met" if paid == limit else "breached", why=why, consequence=paid - limit
    )


def support_is_counted_on(reading: Reading, code: str, year: str) -> bool:
    """Whether a body's control total counts the support of which the book states the limit."""
    counted = support_counts(reading.totals, code, year, "")
    stated = ("deficit_support_limit", "deficit_support_withheld")
    return bool(counted) and any(reading.states(code, year, fact) for fact in stated)


@rule(
    "deficit_beyond_lost_support",
    "What of the distance from the control total is not lost support",
    kinds="system commissioner provider",
    first="2025-26",
    last="2025-26",
    value="position less control total, as it would be with the support withheld",
    formula="surplus as the control total measures it - control total + support withheld",
    facts=("deficit_support_limit", "deficit_support_withheld", "on_plan", "support_regained"),
    inputs=("surplus", "control total", "deficit support"),
    needs=support_is_counted_on,
    after=("deficit_support",),
    source="NHSE board May 2025; NHSE month 9 2025/26 para 5",
    example="break-even with support planned, a deficit of 198.0 forecast, 49.3 withheld: "
    "(198.0) + 49.3 = (148.7) is its own",
    invariants=("parts sum to the whole", "scales with money"),
)
def deficit_beyond_lost_support(case: Case) -> Outcome:
    """Where the control total counts deficit support, a quarter withheld widens the deficit for no
    other reason. What is left when the support withheld is put back is the body's own."""
    total = case.control_total()
    margin = measured_surplus(case) - total
    support = case.outcome_of(deficit_support)
    if support.consequence is None:
        raise Missing("the deficit support paid and withheld")
    lost = -support.consequence
    own = margin + lost
    if margin >= 0:
        why = told("{lost} of support withheld, and the control total is met", lost=lost)
    else:
        why = told(
            "{short} short of the control total: {lost} of support withheld, {own} ",
            short=-margin,
            lost=lost,
            own=abs(own),
        )
        why += "of its own" if own <= 0 else "made good by itself"
    return case.judge(margin, own, why=why, consequence=min(0, margin))


@rule(
    "deficit_support_total",
    "Deficit support limits added up",
    kinds="nation region",
    first="2024-25",
    value="the limits below added up",
    formula="sum of the systems' limits, against the sum published",
    facts=("deficit_support_limit", "deficit_support_published"),
    triggers=("deficit_support_published",),
    source="Distilled Post",
    example="133.7 + 49.3 + 44.4 + 33.5 + 31.5 + 30.7 + 27.3 + 27 + 20 + 17.8 + 16.2 + 12.3 + 11.3 = "
    "455.0, published as 454.9",
    invariants=("parts sum to the whole", "scales with money"),
)
def deficit_support_total(case: Case) -> Outcome:
    """The limits of all systems added up, held against the total that was published. A difference is
    shown and not explained away."""
    total = 0
    for code in (
        c for c in case.tree.descendants(case.code, case.year) if case.tree.kind(c) == "system"
    ):
        row = case.row("deficit_support_limit", code=code)
        if row is not None:
            case.say(f"{case.name(code)}: {pounds(row.value)}")
            total += int(row.value)
    case.so_far = total
    published = case.money("deficit_support_published")
    apart = ", a difference of {apart}" if total != published else ""
    why = told(
        "{total} added up; published {published}" + apart,
        total=total,
        published=published,
        apart=total - published,
    )
    return case.done(
        total, "met" if total == published else "breached", why=why, consequence=total - published
    )


@rule(
    "deficit_support_withdrawal",
    "Withdrawal of deficit support",
    kinds="system commissioner provider",
    first="2026-27",
    last="2028-29",
    value="the limit of the year",
    formula="limit of 2025/26 x step of the year",
    parameters=("deficit_support_step",),
    facts=("deficit_support_limit",),
    needs=lambda reading, code, year: reading.states(code, "2025-26", "deficit_support_limit"),
    source="NHS Providers, 10 Year Plan finance (medium confidence); Health Business June 2025",
    example="limit 40 in 2025/26: none in 2028/29; the steps between are not published",
    invariants=("ends at nil", "scales with money"),
)
def deficit_support_withdrawal(case: Case) -> Outcome:
    """Deficit support is withdrawn in steps, to none by 2028/29. Only the last step is published; a
    book may state the others in `parameters`."""
    before = case.money("deficit_support_limit", year="2025-26")
    step = case.share("deficit_support_step")
    limit = whole(step * before)
    return case.done(
        limit,
        why=f"{percent(step)} of " + told("{before} = {limit}", before=before, limit=limit),
        consequence=limit - before,
    )


@rule(
    "oversight_segment",
    "Oversight segment",
    kinds="provider",
    first="2025-26",
    unit="count",
    value="the segment, 1 (best) to 5",
    formula="the segment of the metric scores; a body in deficit no better than the override",
    parameters=("oversight_deficit_segment_best",),
    facts=("oversight_score_segment",),
    triggers=("oversight_score_segment", "metric_score"),
    inputs=("surplus",),
    source="NOF manual 2025/26; NHSE business rules from 2026/27 para 3",
    example="scores say 2, deficit (4): 3. Scores say 4, deficit (4): 4",
    invariants=("an override never improves a segment",),
)
def oversight_segment(case: Case) -> Outcome:
    """Trusts are put into segments by the average of their scores. A trust in deficit cannot stand
    better than a set segment, however good its scores. Boards are not segmented."""
    scored = int(case.number("oversight_score_segment"))
    surplus = case.surplus()
    if surplus >= 0:
        return case.done(scored, why=f"segment {scored} by its scores; no deficit")
    best = int(case.share("oversight_deficit_segment_best"))
    segment = max(scored, best)
    assert segment >= scored, "an override never improves a segment"
    status = "met" if segment == scored else "breached"
    return case.done(
        segment, status, why=f"scores say {scored}; a deficit allows no better than {best}"
    )


RULES: tuple[Rule, ...] = (
    deficit_support,
    deficit_beyond_lost_support,
    deficit_support_total,
    deficit_support_withdrawal,
    oversight_segment,
)
