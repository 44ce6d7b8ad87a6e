"""Oversight to 2024/25 and from 2025/26: which segment a body stands in, and by what.

To 2024/25 a segment from 1 to 4 was judged, and 4 meant the Recovery Support Programme. From 2025/26
the scores of a trust's metrics are averaged, the averages are put into quarters from best to worst,
and the segment is then adjusted; segment 5 is intensive support, and boards are not segmented.
Source: domain guide 12; NHS England segmentation page; NHS Oversight Framework manual 2025/26.
"""

from __future__ import annotations

from fractions import Fraction

from controltotal.core.calendar import next_year
from controltotal.rules.case import Case, Reading, rule
from controltotal.rules.form import Lack, Missing, Outcome, Rule


def has_segment(reading: Reading, code: str, year: str) -> bool:
    """Whether a body's row names a segment in a year."""
    body = reading.tree.organisations[code]
    spell = body.spell(year)
    return (spell.row if spell else body.row).segment is not None


@rule(
    "oversight_programme",
    "Recovery Support Programme",
    kinds="system commissioner provider",
    first="2021-22",
    last="2024-25",
    unit="count",
    value="the segment, 1 (best) to 4",
    formula="segment 4 is the Recovery Support Programme",
    needs=has_segment,
    inputs=("segment of the organisation",),
    source="NHS England segmentation page",
    example="segment 4: in the programme",
    invariants=("the segment is as stated, never worked out",),
)
def oversight_programme(case: Case) -> Outcome:
    """Each body stood in one of four segments. The fourth brought mandated support: the Recovery
    Support Programme. The segment is a judgement, so that it is read and never worked out."""
    body = case.tree.organisations[case.code]
    spell = body.spell(case.year)
    row = spell.row if spell else body.row
    case.entries.add(row.entry)
    text = str(row.segment).strip()
    if text not in ("1", "2", "3", "4"):
        raise Missing("a segment from 1 to 4")
    inside = text == "4"
    words = "in the Recovery Support Programme" if inside else "not in the programme"
    return case.done(int(text), "breached" if inside else "met", why=f"segment {text}: {words}")


@rule(
    "oversight_average",
    "Average score of a trust's metrics",
    kinds="provider",
    first="2025-26",
    unit="index",
    value="the mean of its metric scores, 1 (best) to 4",
    formula="sum of scores / number of metrics",
    facts=("metric_score",),
    triggers=("metric_score",),
    source="NHS Oversight Framework manual 2025/26",
    example="scores 1, 2 and 3: 2.0",
    invariants=("between the lowest and the highest score",),
)
def oversight_average(case: Case) -> Outcome:
    """A trust is scored on each metric from 1, the best, to 4. The scores are averaged."""
    scores = average_of(case)
    case.say(f"{len(scores)} metrics: {', '.join(f'{float(s):g}' for s in scores)}")
    return case.done(Fraction(sum(scores), len(scores)))


def average_of(case: Case) -> list[Fraction]:
    """The scores of a trust's metrics."""
    rows = case.groups("metric_score")
    if not rows:
        raise Missing("a score of any metric")
    return [Fraction(str(row.value)) for row in rows.values()]


def averages(case: Case) -> dict[str, Fraction]:
    """The averages of every trust of the book that has scores in the year."""
    found: dict[str, Fraction] = {}
    for code, body in case.tree.organisations.items():
        if body.kind == "provider" and case.reading.states(code, case.year, "metric_score"):
            other = Case(case.reading, case.rule, code, case.year)
            scores = average_of(other)
            found[code] = Fraction(sum(scores), len(scores))
    return found


@rule(
    "oversight_quarter",
    "Quarter of a trust among those scored",
    kinds="provider",
    first="2025-26",
    unit="count",
    value="1 (the best quarter) to 4, before any adjustment",
    formula="place among the averages, best first: 1 + 4 x (place - 1) / trusts, rounded down",
    facts=("metric_score",),
    triggers=("metric_score",),
    after=("oversight_average",),
    inputs=("metric scores of every trust of the book",),
    source="NHS Oversight Framework manual 2025/26",
    example="third of four trusts: 3",
    invariants=("equal averages stand in one quarter",),
)
def oversight_quarter(case: Case) -> Outcome:
    """Trusts are put into four equal parts by their averages, best first. This is among the trusts
    that the book scores: it is the national quarter only where the book holds all of them."""
    own = case.outcome_of(oversight_average)
    if own.value is None:
        return case.cannot_be_told(Lack("the average of its metric scores"))
    every = averages(case)
    mine = every[case.code]
    better = sum(value < mine for value in every.values())
    quarter = 1 + 4 * better // len(every)
    case.say(f"{better} of {len(every)} trusts in the book have a better average")
    return case.done(quarter, why=f"quarter {quarter} of those in the book")


def segmented(reading: Reading, code: str, year: str) -> bool:
    """Whether a segment by scores is stated of the year or of the one before."""
    return any(
        reading.states(code, one, "oversight_score_segment") for one in (year, next_year(year, -1))
    )


@rule(
    "oversight_change",
    "Segment against that of the year before",
    kinds="provider",
    first="2026-27",
    unit="count",
    value="places gained (positive) or lost",
    formula="segment of the year before - segment",
    facts=("oversight_score_segment",),
    needs=segmented,
    source="arithmetic on stated segments",
    example="from 4 to 3: one gained",
    invariants=("nil where nothing changes",),
)
def oversight_change(case: Case) -> Outcome:
    """Whether a trust moved to a better or a worse segment since the year before."""
    now = case.number("oversight_score_segment")
    before = case.number("oversight_score_segment", year=next_year(case.year, -1))
    gained = before - now
    case.say(f"segment {float(before):g}, then {float(now):g}")
    return case.done(gained, "met" if gained >= 0 else "breached")


RULES: tuple[Rule, ...] = (
    oversight_programme,
    oversight_average,
    oversight_quarter,
    oversight_change,
)
