"""Question 5 from benchmark data: opportunities as a Result's figures, tables and plain words."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from controltotal.core.errors import BookError
from controltotal.core.extras import require
from controltotal.core.money import format_pounds
from controltotal.core.result import Answer
from controltotal.savings.opportunity.benchmark_rules import RULES, Rule
from controltotal.savings.opportunity.catalogue import catalogue
from controltotal.savings.opportunity.figures import Sum, Sums, add_run
from controltotal.savings.opportunity.periods import read_period
from controltotal.savings.opportunity.price_lists import add_price_lists
from controltotal.savings.opportunity.run import Asked, Run, run_benchmarks
from controltotal.savings.opportunity.tables import add_tables

RULE_WORDS = {
    "best5of10": "the best five of ten similar areas",
    "median": "the middle of its peers",
    "quartile": "the best quarter of its peers",
    "decile": "the best tenth of all areas",
    "national": "the national rate",
    "high_performers": "a named group of high performers",
    "own_target": "a target set for the measure",
}


def add_benchmarks(
    answer: Answer,
    *,
    data: str | Path | None = None,
    areas: Sequence[str] = (),
    measures: Sequence[str] = (),
    period: str | None = None,
    benchmark: str | None = None,
) -> None:
    """Add to an answer what benchmark data say of some areas (all areas where none is named).

    `data` is a folder of benchmark files, or None for the packaged extract. An area may be a
    system, which stands for all its areas.
    """
    found = catalogue(data)
    rule: Rule | None = next((known for known in RULES if known == benchmark), None)
    if benchmark is not None and rule is None:
        raise BookError(
            f"the benchmark {benchmark!r} is not known", "--benchmark", f"one of {', '.join(RULES)}"
        )
    asked = Asked(tuple(areas), tuple(measures), read_period(period) if period else None, rule)
    require("benchmarks")
    run = run_benchmarks(found, asked)
    answer.add_findings(run.findings)
    sums = add_run(answer, run)
    add_tables(answer, run)
    listed = add_price_lists(answer, found, asked)
    if not run.parts and not listed:
        raise BookError(
            "no benchmark data answer this",
            f"{data or 'the packaged extract'}, areas {', '.join(areas) or 'all'}",
            "check the codes of the areas, the period and the names of the measures",
        )
    _unknown_areas(answer, run, asked)
    _words(answer, run, sums)


def _unknown_areas(answer: Answer, run: Run, asked: Asked) -> None:
    """Areas that no dataset knows: said, not passed over."""
    known = {area for part in run.parts for area in part.study.panel.areas}
    for area in run.areas:
        if run.parts and area not in known:
            answer.finding(
                code="AREA_UNKNOWN",
                severity="warning",
                organisation=area,
                where="--areas",
                message=f"no benchmark record is about {area} in this period",
                expected="a code that the data use",
                found=area,
                action="check the code; areas are known by their sub-ICB or trust codes",
            )


def _words(answer: Answer, run: Run, sums: Sums) -> None:
    """What a board should read first: the range, what it is not, and what survives."""
    for part in run.parts:
        panel = part.study.panel
        tests = int((part.adjusted == part.adjusted).sum())
        rules = dict.fromkeys(part.study.rules)
        against = " or ".join(RULE_WORDS[rule] for rule in rules)
        answer.words(
            f"{panel.dataset.title}, {panel.period.label}: {_count(len(part.columns), 'area')} "
            f"against {against}. {_count(tests, 'gap')} tested, {int(part.survives.sum())} wider "
            "than noise, with at most a tenth of those expected to be false.",
            topic="opportunity",
        )
    for (code, period), total in sorted(sums.items()):
        if code not in run.areas or len(run.areas) == 1:
            _total_words(answer, run, code, period, total)
    if sums:
        answer.words(
            "These are theoretical: what spending as peers do would release at most, before "
            "anybody has judged whether it can be done, done safely, or turned into cash.",
            topic="opportunity",
        )


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}" + ("" if number == 1 else "s")


def _total_words(answer: Answer, run: Run, code: str, period: str, total: Sum) -> None:
    """The total of all areas asked, as a range."""
    if not total.shown:
        return
    name = run.facts.system_names.get(code) or run.facts.names.get(code) or "the areas asked"
    low, high = total.ends
    raw = format_pounds(total.raw)
    if total.net <= 0:
        answer.words(
            f"For {name} the measures in pounds of {period} come to {raw} as usually published; once the "
            "noise and the luck of picking the best are taken off, nothing is left.",
            topic="opportunity",
            about=code,
            year=period,
        )
        return
    answer.words(
        f"For {name} the measures in pounds of {period} come to {raw} as usually published, and to "
        f"{format_pounds(total.net)} (80% interval {format_pounds(max(0, low))} to "
        f"{format_pounds(high)}) once the noise and the luck of picking the best are taken off. "
        f"{total.hidden} further figures rest on numbers too small or too few to say.",
        topic="opportunity",
        about=code,
        year=period,
    )
