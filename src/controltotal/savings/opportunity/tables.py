"""The rows behind the pictures of a benchmark run: funnels, run charts, fifths of deprivation.

Only what is worth looking at is written out: funnels and run charts of measures in which some gap
survived, or of everything where little was asked.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from controltotal.core.result import Answer
from controltotal.savings.opportunity.figures import PENCE, digits, funnel_limits
from controltotal.savings.opportunity.peers import FIFTHS, deprivation_fifths
from controltotal.savings.opportunity.run import Run, Tested
from controltotal.savings.opportunity.stability import run_rules

FEW_MEASURES = 3  # so few measures asked: show every funnel
AREAS_MOST = 20  # run charts of more areas than this are not written out
FUNNELS_MOST = 12  # beyond this the measures with the most surviving money are drawn


def add_tables(answer: Answer, run: Run) -> None:
    """Add the tables `funnel`, `series`, `fifths` and `tested`."""
    for part in run.parts:
        for m in _worth_drawing(part):
            answer.table("funnel", _funnel_rows(part, m))
            answer.table("series", _series_rows(part, m))
        answer.table("fifths", _fifth_rows(run, part))
        answer.table("tested", [_tested_row(part)])


def _worth_drawing(part: Tested) -> list[int]:
    """Measures to draw: every one of a few, else the dearest in which some gap survives."""
    done = part.study
    known = [m for m, measure in enumerate(done.panel.measures) if measure.sign]
    if len(known) <= FEW_MEASURES:
        return known
    worth = np.where(part.survives, np.nan_to_num(done.net * done.denominator), 0.0).sum(axis=1)
    chosen = [m for m in known if part.survives[m].any() and done.panel.measures[m].is_money]
    return sorted(sorted(chosen, key=lambda m: -worth[m])[:FUNNELS_MOST])


def _funnel_rows(part: Tested, m: int) -> Iterator[dict[str, Any]]:
    done, measure = part.study, part.study.panel.measures[m]
    limits = funnel_limits(done, m)
    if limits is None:
        return
    for i, area in enumerate(done.panel.areas):
        if np.isfinite(limits.z[i]):
            yield {
                "measure": measure.code,
                "name": measure.name,
                "area": area,
                "asked": "yes" if i in part.columns else "no",
                "denominator": digits(done.denominator[m, i]),
                "rate": digits(done.rate[m, i]),
                "target": digits(limits.target),
                "z": digits(limits.z[i]),
                "low_95": digits(limits.low_95[i]),
                "high_95": digits(limits.high_95[i]),
                "low_998": digits(limits.low_998[i]),
                "high_998": digits(limits.high_998[i]),
                "dispersion": digits(limits.dispersion),
                "zone": int(limits.zone[i]),
            }


def _series_rows(part: Tested, m: int) -> Iterator[dict[str, Any]]:
    """Month by month: the gap to the benchmark of each area asked, with its process limits."""
    done, measure = part.study, part.study.panel.measures[m]
    if len(part.columns) > AREAS_MOST:
        return
    for i in part.columns:
        gaps = done.series[m, i]
        if done.reason[m, i] or not np.isfinite(gaps).all() or len(gaps) < 2:
            continue
        rules = run_rules(gaps[None, :])
        for t, month in enumerate(done.panel.months):
            yield {
                "measure": measure.code,
                "area": done.panel.areas[i],
                "month": str(month)[:7],
                "gap": digits(gaps[t]),
                "mean": digits(rules.mean[0]),
                "lower": digits(rules.lower[0]),
                "upper": digits(rules.upper[0]),
                "special": "high" if rules.high[0, t] else "low" if rules.low[0, t] else "",
            }


def _fifth_rows(run: Run, part: Tested) -> Iterator[dict[str, Any]]:
    """Leaf money measures by fifth of deprivation, all areas of the dataset, in pence a head."""
    done = part.study
    fifths = deprivation_fifths(done.panel.areas, run.facts)
    money = [m for m, x in enumerate(done.panel.measures) if x.is_money and part.leaf[m] and x.sign]
    if not fifths or not money:
        return
    shown = (done.reason == "")[money]
    net = np.where(shown, (done.net * done.denominator)[money], 0.0).sum(axis=0) * PENCE
    raw = np.nansum(done.raw[money], axis=0) * PENCE
    for fifth in range(1, FIFTHS + 1):
        inside = [i for i, a in enumerate(done.panel.areas) if fifths.get(a) == fifth]
        people = sum(run.facts.need[done.panel.areas[i]]["poptot"] for i in inside)
        asked = [done.panel.areas[i] for i in inside if i in part.columns]
        yield {
            "fifth": fifth,
            "meaning": _meaning(fifth),
            "areas": len(inside),
            "people": round(people),
            "raw": round(raw[inside].sum()),
            "netted": round(net[inside].sum()),
            "raw_pence_a_head": digits(float(raw[inside].sum()) / people) if people else None,
            "netted_pence_a_head": digits(float(net[inside].sum()) / people) if people else None,
            "asked": ", ".join(asked),
        }


def _meaning(fifth: int) -> str:
    return {1: "most deprived fifth", FIFTHS: "least deprived fifth"}.get(fifth, "")


def _tested_row(part: Tested) -> dict[str, Any]:
    done = part.study
    tested = np.isfinite(part.adjusted)
    return {
        "dataset": done.panel.dataset.title or done.panel.dataset.code,
        "period": done.panel.period.id,
        "measures": int(part.leaf.sum()),
        "areas": len(part.columns),
        "tests": int(tested.sum()),
        "surviving": int(part.survives.sum()),
        "false_discovery_rate": 0.1,
        "publisher": done.panel.dataset.publisher,
        "licence": done.panel.dataset.licence,
    }
