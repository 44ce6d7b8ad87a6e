"""Which rules bind whom in which year, and what follows: figures, and the table of outcomes.

A rule that does not bind makes no figure. `--strict` leaves out what rests on a number that nobody
has checked until a named person adopts it; `--regime` asks what either way of balancing would say
in any year: the system's sum (to 2025/26), or each body alone (from 2026/27).
"""

from __future__ import annotations

from collections.abc import Iterator

from controltotal.book.asking import bodies_asked, years_asked
from controltotal.book.fold import Position
from controltotal.core.calendar import year_label
from controltotal.core.finding import Finding
from controltotal.core.parameters import Parameters
from controltotal.core.period import is_whole_year, year_in
from controltotal.core.result import Answer, Result
from controltotal.core.trace import Trace
from controltotal.rules.form import Lack, Outcome, Rule
from controltotal.rules.reading import Reading
from controltotal.rules.registry import RULES, by_name, candidates
from controltotal.rules.totals import changes
from controltotal.workings.workings import Workings

REGIMES = ("system", "body")
TOLD_FIRST = frozenset({"deficit_beyond_lost_support"})
"""Rules whose outcome is a sentence among the first words: without it the deficit misleads."""


def answer_rules(
    workings: Workings,
    year: str | None = None,
    organisation: str | None = None,
    *,
    strict: bool = False,
    regime: str = "",
    parameters: Parameters | None = None,
) -> Result:
    """Every outcome of every rule that binds, as figures `rule/ORG/YEAR/NAME` and a table."""
    position = workings.position
    assert regime in ("", *REGIMES), regime
    answer = Answer("position", position.ref, {})
    reading = Reading(workings, parameters, strict=strict)
    unverified: dict[str, str] = {}
    rows: list[dict[str, object]] = []
    parts: list[dict[str, object]] = []
    moved: list[dict[str, object]] = []
    for one in _periods(position, year):
        for code in bodies_asked(position, one, organisation):
            if reading.tree.kind(code) == "system":
                moved += changes(reading, code, one)
            for rule in _asked(reading.tree.kind(code), one, regime):
                what_if = bool(regime) and rule.regime == regime
                if not rule.known_by(reading.day):
                    continue
                if not what_if and not reading.applies(rule, code, one):
                    continue
                outcome = reading.outcome(rule, code, one, what_if=True)
                if outcome.status == "not_applicable":
                    continue
                _put(answer, rule, code, one, outcome)
                rows.append(_row(rule, code, one, outcome))
                _say(answer, reading, rule, code, one, outcome)
                parts += _part_rows(rule, code, one, outcome)
                for name in outcome.unverified:
                    unverified.setdefault(name, code)
    answer.table("rules", rows)
    answer.table("rule_parts", parts)
    answer.table("control_total_changes", moved)
    if strict:
        _refuse(answer, reading, unverified)
    answer.add_findings(unknown_waivers(position))
    return answer.result()


def _say(
    answer: Answer, reading: Reading, rule: Rule, code: str, year: str, outcome: Outcome
) -> None:
    """The sentence of a rule that is told first, once it is known."""
    if rule.name in TOLD_FIRST and outcome.value is not None:
        text = f"{reading.tree.name(code)}, {year_label(year)}: {outcome.why}."
        answer.words(text, topic="position", about=code, year=year)


def _periods(position: Position, year: str | None) -> tuple[str, ...]:
    """The years asked with their halves; a half of which only facts are stated is asked too."""
    asked = set(years_asked(position, year))
    halves = {f"{r.year}-{r.month}" for r in position.book.facts if r.month in ("H1", "H2")}
    return tuple(sorted(asked | {half for half in halves if year_in(half) in asked}))


def _asked(kind: str, year: str, regime: str) -> tuple[Rule, ...]:
    """The rules to try; under a what-if the rules of the other regime stand back."""
    found = candidates(kind, year)
    if not regime:
        return found
    kept = {r.name for r in found if not r.regime or r.regime == regime}
    half = not is_whole_year(year)
    wanted = {r.name for r in RULES if r.regime == regime and kind in r.kinds and not half}
    return tuple(rule for rule in RULES if rule.name in kept | wanted)


def _put(answer: Answer, rule: Rule, code: str, year: str, outcome: Outcome) -> None:
    """The figure of an outcome, and one for each of its parts."""
    name = f"rule/{code}/{year}/{rule.name}"
    part_ids = tuple(f"{name}/{part.name}" for part in outcome.parts)
    for part, part_id in zip(outcome.parts, part_ids, strict=True):
        _figure(answer, part_id, part.value, part.unit, part.trace, part.unverified, part.lack)
    steps = [f"{rule.title}: {rule.formula}", *outcome.trace.rule.splitlines()]
    steps.append(f"outcome: {outcome.status.replace('_', ' ')}")
    trace = Trace(
        "\n".join(steps),
        (*part_ids, *outcome.trace.inputs),
        outcome.trace.parameters,
        outcome.trace.entries,
    )
    if outcome.value is None and (outcome.low is not None or outcome.high is not None):
        answer.figure(
            name,
            None,
            outcome.unit,
            "bounded",
            low=outcome.low,
            high=outcome.high,
            rule=trace.rule,
            inputs=trace.inputs,
            parameters=trace.parameters,
            entries=trace.entries,
        )
        return
    _figure(answer, name, outcome.value, outcome.unit, trace, outcome.unverified, outcome.lack)


def _figure(
    answer: Answer,
    name: str,
    value: int | float | None,
    unit: str,
    trace: Trace,
    unverified: tuple[str, ...],
    lack: Lack | None,
) -> None:
    status = "indeterminate" if value is None else ("unverified" if unverified else "ok")
    answer.figure(
        name,
        value,
        unit,
        status,
        rule=trace.rule,
        inputs=trace.inputs,
        parameters=trace.parameters,
        entries=trace.entries,
        unknown=lack.kind if lack else "",
    )


def _row(rule: Rule, code: str, year: str, outcome: Outcome) -> dict[str, object]:
    return {
        "organisation": code,
        "year": year,
        "rule": rule.name,
        "title": rule.title,
        "status": outcome.status,
        "value": outcome.value,
        "unit": outcome.unit,
        "consequence_pence": outcome.consequence,
        "parameters": list(outcome.trace.parameters),
        "unverified": list(outcome.unverified),
        "why": outcome.why,
    }


def _part_rows(rule: Rule, code: str, year: str, outcome: Outcome) -> list[dict[str, object]]:
    return [
        {
            "organisation": code,
            "year": year,
            "rule": rule.name,
            "title": rule.title,
            "part": part.name,
            "value": part.value,
            "unit": part.unit,
            "consequence_pence": part.consequence,
            "why": part.why or part.trace.rule.split("\n")[-1],
        }
        for part in outcome.parts
    ]


def _refuse(answer: Answer, reading: Reading, unverified: dict[str, str]) -> None:
    """Strict: one error for each number that nobody has checked."""
    for name, code in sorted(unverified.items()):
        values = [p for p in reading.parameters.values[name] if not p.verified]
        starts = ", ".join(sorted({p.start.isoformat() for p in values}))
        answer.finding(
            code="UNVERIFIED_PARAMETER",
            severity="error",
            organisation=code,
            where="parameters",
            message=f"{name} has not been checked, and a rule needs it; what rests on it is left out.",
            expected="a value that is sourced, or adopted by a named person",
            found=f"{name}, mark K, from {starts}",
            action=f"Check it, then add a row to the table parameters: {name}, its value and from date, "
            "with adopted_by and adopted_on.",
        )


def unknown_waivers(position: Position) -> Iterator[Finding]:
    """A waiver of a rule that does not exist waives nothing, and says so."""
    for row in position.book.waivers:
        if row.rule not in by_name():
            yield Finding(
                code="UNKNOWN_RULE",
                severity="warning",
                organisation=row.organisation,
                where=row.where,
                message=f"There is no rule called {row.rule}, so that this waiver changes nothing "
                f"({year_label(row.year)}).",
                expected="the name of a rule",
                found=row.rule,
                action="Use a name from the manual's list of rules.",
                detail=row.detail,
            )
