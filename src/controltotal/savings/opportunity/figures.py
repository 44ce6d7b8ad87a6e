"""A benchmark run as figures and rows: what is shown of it, in whole pence.

`opportunity/AREA/PERIOD/benchmark/MEASURE` is the expected opportunity net of its phantom value,
with the 80% interval of the gap; its part `raw` is what everybody publishes: the clipped gap to
the benchmark times the denominator. `opportunity_total` adds leaves only; its part `naive` adds
everything asked, so that what would have been counted twice can be seen.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import Any

import numpy as np

from controltotal.core.progress import stop_if_cancelled
from controltotal.core.result import Answer
from controltotal.savings.opportunity.cashability import cash
from controltotal.savings.opportunity.catalogue import Measure
from controltotal.savings.opportunity.expected import chance_real
from controltotal.savings.opportunity.funnel import Funnel, funnel
from controltotal.savings.opportunity.peers import deprivation_fifths
from controltotal.savings.opportunity.run import Run, Tested
from controltotal.savings.opportunity.study import AREAS_FEW, NO_RETURN, SMALL, WITHHELD, Study
from controltotal.savings.opportunity.totals import Z_80, total_variance

PENCE = 100
DIGITS = 6  # significant digits of rates and chances in tables
SELECTED = "SELECTED"  # the code of a total over areas that are no one system

VERDICTS = {
    "lasting": "wider than noise, and it lasts",
    "closing": "wider than noise, but closing by itself",
    "noise": "cannot be told from noise",
    "better": "at or better than its benchmark",
    "part": "contains other measures: shown, never added or tested",
}


@dataclass
class Sum:
    """A total being added up, in pence; variance in pence squared."""

    raw: int | None = None
    naive: int | None = None
    net: int = 0
    variance: float = 0.0
    hidden: int = 0
    shown: int = 0
    surviving: int = 0
    inputs: list[str] | None = None

    @property
    def ends(self) -> tuple[int, int]:
        """The ends of the total's 80% interval."""
        reach = Z_80 * self.variance**0.5
        return round(self.net - reach), round(self.net + reach)


def digits(value: float) -> float | None:
    """A number for a table: six significant digits, None where there is none.

    >>> digits(2.71828182845), digits(float("nan"))
    (2.71828, None)
    """
    return float(f"{value:.{DIGITS}g}") if np.isfinite(value) else None


Sums = dict[tuple[str, str], Sum]  # by body and period: sources of different periods never add


def add_run(answer: Answer, run: Run) -> Sums:
    """Add every figure and the tables `opportunities`, `totals` and `peers` of a run."""
    sums: Sums = {}
    for part in run.parts:
        fifths = deprivation_fifths(part.study.panel.areas, run.facts)
        for m, measure in enumerate(part.study.panel.measures):
            stop_if_cancelled()
            limits = funnel_limits(part.study, m)
            for i in part.columns:
                row = _row(answer, run, part, m, int(i), limits)
                row["fifth"] = fifths.get(part.study.panel.areas[i])
                answer.table("opportunities", [row])
                _add_up(sums, run, part, m, int(i), row)
            _add_variance(sums, run, part, m, measure)
        rows = (
            {**row, "peer_name": run.facts.names.get(row["peer"], "")}
            for row in part.study.peers.rows
            if row["area"] in run.areas
        )
        answer.table("peers", rows)
    for code, period in sorted(sums, key=lambda key: (key[0] in run.areas, key)):  # the whole first
        _total(answer, run, code, period, sums[code, period])
    return sums


def funnel_limits(done: Study, m: int) -> Funnel | None:
    """Funnel limits of one measure over all areas; None where too few have measured noise."""
    s = np.sqrt(done.noise.variance[m])
    known = np.isfinite(s) & (s > 0) & np.isfinite(done.rate[m])
    if known.sum() < AREAS_FEW:
        return None
    num, den = (np.where(known, a[m], np.nan) for a in (done.numerator, done.denominator))
    return funnel(num, den, kind="plain", s=np.where(known, s, np.nan))


def _row(
    answer: Answer, run: Run, part: Tested, m: int, i: int, limits: Funnel | None
) -> dict[str, Any]:
    """One measure of one area: its figures, and its row in the table."""
    done, measure, area = part.study, part.study.panel.measures[m], part.study.panel.areas[i]
    name = f"opportunity/{area}/{done.panel.period.id}/benchmark/{measure.code}"
    scale = PENCE if measure.is_money else 1
    unit = "pence" if measure.is_money else "count"
    size, reason = done.denominator[m, i], str(done.reason[m, i])
    row: dict[str, Any] = {
        "area": area,
        "area_name": run.facts.names.get(area, ""),
        "measure": measure.code,
        "name": measure.name,
        "unit": unit,
        "per": measure.per,
        "parent": measure.parent,
        "leaf": "yes" if part.leaf[m] else "no",
        "benchmark_rule": done.rules[m],
        "numerator": digits(done.numerator[m, i]),
        "rate": digits(done.rate[m, i]),
        "benchmark_raw": digits(done.raw_benchmark[m, i]),
        "benchmark_shrunk": digits(done.gaps.benchmark[m, i] * (measure.sign or 1)),
    }
    few = reason == SMALL and measure.unit in ("items", "people")
    raw = None if few or not np.isfinite(done.raw[m, i]) else round(done.raw[m, i] * scale)
    if measure.sign:
        answer.figure(
            f"{name}/raw",
            raw,
            unit,
            rule=f"gap to the benchmark ({done.rules[m]}), clipped at nil, times the denominator",
            parameters=(done.rules[m],),
            unknown="too_few" if few else WITHHELD[NO_RETURN],
        )
    shown = _expected(done, m, i, size * scale) if not reason else None
    if measure.sign:
        low, high = (shown["low"], shown["high"]) if shown else (None, None)
        answer.figure(
            name,
            shown["net"] if shown else None,
            unit,
            low=low,
            high=high,
            rule=f"not shown: {reason}"
            if reason
            else "expected gap between shrunken estimates, times the denominator, net of phantom value",
            inputs=(f"{name}/raw",),
            parameters=(done.rules[m],),
            unknown=WITHHELD.get(reason, ""),
        )
    row.update(raw=raw, **(shown or dict.fromkeys(EXPECTED)))
    row.update(_tests(part, m, i, reason, limits))
    row["cash_at_most"] = _cash(measure, shown)
    return row


EXPECTED = ("expected", "phantom", "net", "low", "high")


def _expected(done: Study, m: int, i: int, scale: float) -> dict[str, int]:
    """Expected opportunity, what is taken off it, net and 80% interval, in pence or counts."""
    gap, sigma = done.gaps.gap[m, i], done.gaps.sigma[m, i]
    expected, net = round(done.gaps.expected[m, i] * scale), round(done.net[m, i] * scale)
    reach = _quantile_80(float(done.noise.freedom[m])) * sigma
    low, high = round((gap - reach) * scale), round((gap + reach) * scale)
    return {
        "expected": expected,
        "phantom": expected - net,
        "net": net,
        "low": min(low, net),
        "high": max(high, net),
    }


def _quantile_80(freedom: float) -> float:
    from scipy.special import stdtrit

    return float(stdtrit(freedom, 0.9)) if np.isfinite(freedom) else Z_80


def _tests(part: Tested, m: int, i: int, reason: str, limits: Funnel | None) -> dict[str, Any]:
    done = part.study
    real = chance_real(done.gaps.held[m, i], done.gaps.sigma_held[m, i])
    if reason:
        verdict = f"not shown: {reason}"
    elif not part.leaf[m]:
        verdict = VERDICTS["part"]
    elif part.survives[m, i]:
        verdict = VERDICTS["closing" if done.state[m, i] == "improving" else "lasting"]
    else:
        verdict = VERDICTS["better" if done.gaps.gap[m, i] <= 0 else "noise"]
    return {
        "chance_real": None if reason else digits(float(real)),
        "p": digits(done.chance[m, i]),
        "adjusted_p": digits(part.adjusted[m, i]),
        "survives": "yes" if part.survives[m, i] else "no",
        "gap_is": str(done.state[m, i]),
        "funnel_zone": None if limits is None or reason else int(limits.zone[i]),
        "verdict": verdict,
    }


def _cash(measure: Measure, shown: dict[str, int] | None) -> int | None:
    """The most that could become cash, before realisation; None where nobody has said."""
    if measure.cash is None or shown is None or not measure.is_money:
        return None
    return cash(max(0, shown["net"]), measure.cash)


def _add_up(sums: Sums, run: Run, part: Tested, m: int, i: int, row: dict[str, Any]) -> None:
    """Add one row to its area's total and to the total of all areas asked: money, leaves only."""
    measure = part.study.panel.measures[m]
    if not measure.is_money or not measure.sign:
        return
    period = part.study.panel.period.id
    name = f"opportunity/{row['area']}/{period}/benchmark/{measure.code}"
    for code in _totals_of(run, row["area"]):
        total = sums.setdefault((code, period), Sum(inputs=[]))
        total.naive = _plus(total.naive, row["raw"])
        if not part.leaf[m]:
            continue
        total.raw = _plus(total.raw, row["raw"])
        if row["net"] is None:
            total.hidden += 1
            continue
        total.net += row["net"]
        total.shown += 1
        total.surviving += row["survives"] == "yes"
        assert total.inputs is not None
        total.inputs.append(name)


def _plus(total: int | None, pence: int | None) -> int | None:
    """A sum of what is known; nothing known stays unknown."""
    return total if pence is None else (total or 0) + pence


def _totals_of(run: Run, area: str) -> tuple[str, ...]:
    """The totals that an area counts in: its own, and that of all areas asked."""
    return (area,) if len(run.areas) == 1 else (area, run.system or SELECTED)


def _add_variance(sums: Sums, run: Run, part: Tested, m: int, measure: Measure) -> None:
    """Add a measure's variance to the totals it counts in; measures are taken as independent."""
    if not measure.is_money or not measure.sign or not part.leaf[m]:
        return
    done = part.study
    one = slice(m, m + 1)
    shown = np.zeros(len(done.panel.areas))
    columns = [int(i) for i in part.columns if not done.reason[m, i]]
    shown[columns] = 1.0
    sizes = [(done.panel.areas[i], np.eye(1, len(shown), i)[0]) for i in columns]
    if len(run.areas) > 1:
        sizes.append((run.system or SELECTED, shown))
    gaps = _one(done, m)
    for code, chosen in sizes:
        size = (done.denominator[m] * PENCE * chosen)[None, :]
        sums[code, done.panel.period.id].variance += float(
            total_variance(gaps, done.noise.variance[one], size)[0]
        )


def _one(done: Study, m: int) -> Any:
    """The gaps of one measure, with its axis kept."""

    def cut(thing: Any) -> Any:
        found = {f.name: getattr(thing, f.name) for f in fields(thing) if f.name != "shrunk"}
        return replace(thing, **{name: array[m : m + 1] for name, array in found.items()})

    return replace(cut(done.gaps), shrunk=cut(done.gaps.shrunk))


def _total(answer: Answer, run: Run, code: str, period: str, total: Sum) -> None:
    name = f"opportunity_total/{code}/{period}/benchmark"
    inputs = tuple(total.inputs or ())
    low, high = total.ends if total.shown else (None, None)
    answer.figure(
        f"{name}/netted",
        total.net if total.shown else None,
        low=low,
        high=high,
        rule="sum of the leaf measures' expected opportunities, net of phantom value; theoretical",
        inputs=inputs,
        unknown="too_few",
    )
    answer.figure(
        f"{name}/raw",
        total.raw,
        inputs=tuple(f"{i}/raw" for i in inputs),
        rule="sum of the leaf measures' clipped gaps, nothing shrunk; theoretical",
    )
    answer.figure(
        f"{name}/naive",
        total.naive,
        rule="sum of every measure asked, those that contain others too: counts pounds twice",
    )
    people = run.facts.names.get(code) or run.facts.system_names.get(code, "")
    answer.table(
        "totals",
        [
            {
                "organisation": code,
                "name": people,
                "period": period,
                "raw": total.raw,
                "netted": total.net if total.shown else None,
                "low": low,
                "high": high,
                "naive": total.naive,
                "measures_shown": total.shown,
                "not_shown": total.hidden,
                "surviving": total.surviving,
                "label": "theoretical, before cashability",
            }
        ],
    )
