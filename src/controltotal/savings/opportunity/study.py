"""One dataset studied: every measure in every area, from rates to tested, netted gaps.

The order matters and is the same for all measures: bad returns and incomplete areas go first, so
that they are nobody's peer; then the raw gap, as everybody publishes it; then noise, shrinkage,
expected opportunity and its phantom value; then whether the gap lasts, and whether closing it
would be doing too little.

All arrays are (measure, area); a reason in `reason` means that no expected figure is shown.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from controltotal.core.finding import Finding
from controltotal.core.progress import checked, stop_if_cancelled
from controltotal.savings.opportunity import benchmark_queries as q
from controltotal.savings.opportunity.benchmark_rules import Rule
from controltotal.savings.opportunity.expected import Gaps, Setting, gaps
from controltotal.savings.opportunity.noise import Noise, period_noise
from controltotal.savings.opportunity.panel import Panel, Peers, connection
from controltotal.savings.opportunity.peers import AreaFacts, need_matrix
from controltotal.savings.opportunity.provision import under_provision
from controltotal.savings.opportunity.quality import bad_returns, robust_z, small_numbers
from controltotal.savings.opportunity.stability import state_of_gap

Array = NDArray[np.float64]

AREAS_FEW = 10  # fewer areas than this cannot say how much areas differ
MONTHS_ENOUGH = 6  # a period of fewer sub-periods borrows the year before it to measure noise
NOISE_MONTHS = 12


@dataclass(frozen=True)
class Study:
    """All that was worked out about one dataset. Gaps are per denominator, lower is better."""

    panel: Panel
    peers: Peers
    rules: tuple[Rule, ...]
    numerator: Array
    denominator: Array
    rate: Array
    raw_benchmark: Array
    raw: Array
    noise: Noise
    gaps: Gaps
    chance: Array  # two-sided p-value; 1 where the area is at or better than its benchmark
    state: NDArray[np.str_]
    series: Array  # (measure, area, month): gap to the benchmark, month by month
    reason: NDArray[np.str_]
    findings: tuple[Finding, ...] = field(default=())

    @property
    def net(self) -> Array:
        """Opportunity net of phantom value, per denominator, and never above the raw gap.

        Where shrinking would make more of a gap than what was returned shows, the raw gap is the
        most that can be claimed.
        """
        with np.errstate(divide="ignore", invalid="ignore"):
            most = np.where(self.denominator > 0, self.raw / self.denominator, np.nan)
        return np.asarray(np.fmin(self.gaps.net, most))

    @property
    def signs(self) -> Array:
        """1 where lower is better, -1 where higher is, 0 where neither."""
        return np.array([m.sign for m in self.panel.measures], dtype=np.float64)


def study(
    panel: Panel,
    peers: Peers,
    facts: AreaFacts,
    rule: Rule | None = None,
    outcomes: Mapping[str, Mapping[str, float]] | None = None,
) -> Study:
    """Work through one panel. `rule` is the benchmark asked for; else each measure's own."""
    panel, findings, bad = _screened(panel)
    num, den, partial = _period_sums(panel)
    findings += _said_partial(panel, partial)
    signs = np.array([m.sign for m in panel.measures], dtype=np.float64)
    with np.errstate(divide="ignore", invalid="ignore"):
        rate = np.where(den > 0, num / den, np.nan)
    rules = tuple(rule or _own_rule(m.benchmark) for m in panel.measures)
    raw_benchmark, raw = raw_gaps(panel, peers, rules, num, den)
    stop_if_cancelled()
    noise = _noise(panel, den)
    stop_if_cancelled()
    found = _gaps(panel, peers, facts, rules, rate * signs[:, None], noise.variance, den)
    series = _series(panel, found.weights, signs)
    reason = _reasons(panel, num, rate, raw_benchmark, noise, bad, partial)
    _set_aside(panel, found, outcomes or {}, reason)
    states = np.array([state_of_gap(gap) for gap in checked(series, 100)]).reshape(rate.shape)
    chance = two_sided(found.gap, found.sigma, noise.freedom)
    chance[reason != ""] = np.nan
    return Study(
        panel,
        peers,
        rules,
        num,
        den,
        rate,
        raw_benchmark,
        raw,
        noise,
        found,
        chance,
        states,
        series,
        reason,
        tuple(findings),
    )


def _own_rule(text: str) -> Rule:
    return text or "best5of10"  # type: ignore[return-value]


def _screened(panel: Panel) -> tuple[Panel, list[Finding], NDArray[np.bool_]]:
    """The panel without returns too strange to believe; which (measure, area) lost the period."""
    numerator, denominator = panel.numerator.copy(), panel.denominator.copy()
    lost = np.zeros(numerator.shape[:2], dtype=bool)
    findings: list[Finding] = []
    for m, measure in enumerate(panel.measures):
        if not measure.screen:
            continue
        for t, month in enumerate(panel.months):
            with np.errstate(divide="ignore", invalid="ignore"):
                unit_cost = numerator[m, :, t] / denominator[m, :, t]
            bad = bad_returns(unit_cost, measure.screen)
            distance = robust_z(unit_cost)
            for i in np.flatnonzero(bad):
                findings.append(
                    _strange(
                        panel, measure.name, int(i), str(month), unit_cost, distance, measure.per
                    )
                )
            numerator[m, bad, t] = denominator[m, bad, t] = np.nan
            lost[m, bad] |= bool(panel.in_period[t])
    clean = replace(panel, numerator=numerator, denominator=denominator)
    return clean, findings, lost


def _strange(
    panel: Panel, name: str, i: int, month: str, cost: Array, z: Array, per: str
) -> Finding:
    middle = float(np.nanmedian(cost[cost > 0]))
    return Finding(
        code="BAD_RETURN",
        severity="warning",
        organisation=panel.areas[i],
        where=f"{panel.dataset.file} {month[:7]}",
        message=f"{name} is too far from all others to be believed and is set aside",
        expected=f"about {_pounds(middle)} for each {per}",
        found=f"{_pounds(cost[i])}, {abs(z[i]):.0f} robust deviations away",
        action="check the return: an area, a unit or a decimal place may be wrong",
    )


def _pounds(value: float) -> str:
    return f"£{value:,.0f}" if value >= 1000 else f"£{value:,.2f}"


def _period_sums(panel: Panel) -> tuple[Array, Array, NDArray[np.bool_]]:
    """Numerator and denominator of the period; areas that lack a month others have are marked."""
    inside = panel.in_period
    num, den = panel.numerator[:, :, inside], panel.denominator[:, :, inside]
    present = np.isfinite(num)
    expected = present.any(axis=1).sum(axis=1)
    count = present.sum(axis=2)
    whole = (count == expected[:, None]) & (count > 0)
    sums = [np.where(whole, np.nansum(part, axis=2), np.nan) for part in (num, den)]
    return sums[0], sums[1], (count > 0) & ~whole


AREAS_NAMED = 10
"""Areas named with the months that they lack; the rest are counted."""


def _said_partial(panel: Panel, partial: NDArray[np.bool_]) -> list[Finding]:
    """One finding for each measure: the areas that lack months of the period, and which months."""
    found = []
    for m, measure in enumerate(panel.measures):
        areas = np.flatnonzero(partial[m])
        if not len(areas):
            continue
        named = [f"{panel.areas[i]} {_lacking(panel, m, int(i))}" for i in areas[:AREAS_NAMED]]
        more = f" and {len(areas) - AREAS_NAMED} more" if len(areas) > AREAS_NAMED else ""
        one = len(areas) == 1
        found.append(
            Finding(
                code="BENCHMARK_INCOMPLETE",
                severity="warning",
                organisation=panel.areas[areas[0]] if one else "",
                where=f"{panel.dataset.file} {measure.code}",
                message=f"{'1 area lacks' if one else f'{len(areas)} areas lack'} months of "
                f"{panel.period.label} in {measure.name} and {'is' if one else 'are'} left out: "
                f"{'; '.join(named)}{more}.",
                expected="every month that other areas have",
                found=f"{'; '.join(named)}{more}",
                action="Add the months, nil where nothing was spent, or correct the records of them.",
            )
        )
    return found


def _lacking(panel: Panel, m: int, i: int) -> str:
    """The months of the period that other areas have and this one has not."""
    had = np.isfinite(panel.numerator[m]).any(axis=0) & panel.in_period
    lacked = had & ~np.isfinite(panel.numerator[m, i])
    return ", ".join(str(panel.months[t])[:7] for t in np.flatnonzero(lacked))


def raw_gaps(
    panel: Panel, peers: Peers, rules: Sequence[Rule], num: Array, den: Array
) -> tuple[Array, Array]:
    """Benchmarks from raw rates and the clipped gap times the denominator, by the ibis engine."""
    import ibis

    level, raw = np.full(num.shape, np.nan), np.full(num.shape, np.nan)
    pairs = ibis.memtable(_peer_rows(panel, peers))
    for rule in dict.fromkeys(rules):
        chosen = [m for m, own in enumerate(rules) if own == rule and panel.measures[m].sign]
        if not chosen:
            continue
        rates = ibis.memtable(_rate_rows(panel, num, den, chosen))
        if rule in ("best5of10", "median", "quartile"):
            benchmarks = q.peer_benchmark(rates, pairs, rule)
        elif rule == "own_target":
            benchmarks = ibis.memtable(_target_rows(panel, chosen))
        else:
            group = panel.measures[chosen[0]].group
            benchmarks = q.country_benchmark(rates, rule, group)
        rows = connection().to_polars(q.raw_opportunity(rates, benchmarks))
        at_m = {panel.measures[m].code: m for m in chosen}
        at_i = {area: i for i, area in enumerate(panel.areas)}
        place = [at_m[c] for c in rows["measure"]], [at_i[a] for a in rows["area"]]
        level[place], raw[place] = rows["benchmark"].to_numpy(), rows["raw"].to_numpy()
    return level, raw


def _peer_rows(panel: Panel, peers: Peers) -> Any:
    import polars as pl

    area, place = np.nonzero(peers.index >= 0)
    names = np.array(panel.areas)
    return pl.DataFrame({"area": names[area], "peer": names[peers.index[area, place]]})


def _rate_rows(panel: Panel, num: Array, den: Array, chosen: Sequence[int]) -> Any:
    import polars as pl

    m, i = np.nonzero(np.isfinite(num[chosen]) & (den[chosen] > 0))
    numbers = np.array(chosen)[m]
    codes, areas = np.array([x.code for x in panel.measures]), np.array(panel.areas)
    n, d = num[numbers, i], den[numbers, i]
    signs = np.array([float(x.sign) for x in panel.measures])
    return pl.DataFrame(
        {
            "measure": codes[numbers],
            "area": areas[i],
            "numerator": n,
            "denominator": d,
            "months": np.ones(len(n), dtype=np.int64),
            "rate": n / d,
            "sign": signs[numbers],
        }
    )


def _target_rows(panel: Panel, chosen: Sequence[int]) -> Any:
    import polars as pl

    return pl.DataFrame(
        [
            {"measure": panel.measures[m].code, "area": area, "benchmark": panel.measures[m].target}
            for m in chosen
            for area in panel.areas
            if panel.measures[m].target is not None
        ],
        schema={"measure": pl.String, "area": pl.String, "benchmark": pl.Float64},
    )


def _noise(panel: Panel, den: Array) -> Noise:
    """Noise from the period's own months, or from the year that ends with it if it is short."""
    window = panel.in_period
    if panel.dataset.frequency == "year":
        window = np.ones(len(panel.months), dtype=bool)
    elif window.sum() < MONTHS_ENOUGH:
        window = np.arange(len(panel.months)) >= len(panel.months) - NOISE_MONTHS
    return period_noise(panel.numerator[:, :, window], panel.denominator[:, :, window], den)


def _gaps(
    panel: Panel,
    peers: Peers,
    facts: AreaFacts,
    rules: Sequence[Rule],
    y: Array,
    s2: Array,
    den: Array,
) -> Gaps:
    """Gaps of all measures; those with one rule and one need are worked together."""
    groups: dict[Any, list[int]] = {}
    for m, (rule, measure) in enumerate(zip(rules, panel.measures, strict=True)):
        groups.setdefault((rule, measure.need, measure.group), []).append(m)
    parts: list[tuple[list[int], Gaps]] = []
    for (rule, need, group), numbers in groups.items():
        targets = [panel.measures[m].target for m in numbers]
        setting = Setting(
            peers.index,
            rule,
            need_matrix(panel, facts, need),
            np.array([panel.areas.index(a) for a in group if a in panel.areas], dtype=np.int64),
            np.array([np.nan if t is None else t for t in targets], dtype=np.float64),
        )
        parts.append((numbers, gaps(y[numbers], s2[numbers], den[numbers], setting)))
    return _together(parts)


def _together(parts: Sequence[tuple[list[int], Gaps]]) -> Gaps:
    """Put groups of measures back in their own order."""
    order = np.argsort(np.concatenate([numbers for numbers, _ in parts]))

    def join(name: str, of: Sequence[Any]) -> Array:
        return np.asarray(np.concatenate([getattr(part, name) for part in of])[order])

    first = parts[0][1]
    shrunk = [part.shrunk for _, part in parts]
    every = [part for _, part in parts]
    joined = {f.name: join(f.name, every) for f in fields(first) if f.name != "shrunk"}
    inner = {f.name: join(f.name, shrunk) for f in fields(first.shrunk)}
    return replace(first, shrunk=replace(first.shrunk, **inner), **joined)


def _series(panel: Panel, weights: Array, signs: Array) -> Array:
    """The gap to the benchmark month by month, with the comparators of the whole period."""
    with np.errstate(divide="ignore", invalid="ignore"):
        monthly = panel.numerator / panel.denominator * signs[:, None, None]
    level = np.einsum("mij,mjt->mit", np.nan_to_num(weights), np.nan_to_num(monthly))
    return np.asarray(monthly - level)


def two_sided(gap: Array, sigma: Array, freedom: Array) -> Array:
    """The chance of a gap this wide, either way, where none is true (Student's t); 1 for an area
    at or better than its benchmark. Both ways, so that the flags kept stay well within the false
    discovery rate that is promised.

    >>> two_sided(np.array([[1.96, -3.0]]), np.ones((1, 2)), np.array([np.inf])).round(3).tolist()
    [[0.05, 1.0]]
    """
    from scipy.special import ndtr, stdtr

    with np.errstate(divide="ignore", invalid="ignore"):
        t = gap / sigma
    each = np.broadcast_to(freedom[:, None], t.shape)
    finite = np.isfinite(each)
    one = np.where(finite, stdtr(np.where(finite, each, 1.0), -t), ndtr(-t))
    return np.asarray(np.minimum(1.0, 2 * one))


NO_RETURN = "no return"
SMALL = "numbers too small to compare"
WORSE = "its comparators do worse on outcomes"
WITHHELD = {
    "its noise cannot be measured": "too_few",
    "no peers to compare with": "too_few",
    SMALL: "too_few",
    "months are missing": "months_missing",
    NO_RETURN: "not_stated",
    "the return cannot be believed": "contradicted",
    "neither lower nor higher is better": "not_applicable",
    WORSE: "not_applicable",
}
"""Why a measure of an area has no expected figure, and the kind of reason that each is."""


def _reasons(
    panel: Panel,
    num: Array,
    rate: Array,
    level: Array,
    noise: Noise,
    bad: NDArray[np.bool_],
    partial: NDArray[np.bool_],
) -> NDArray[np.str_]:
    """Why a measure of an area has no expected figure; empty where it has one."""
    reason = np.full(num.shape, "", dtype="<U40")
    unmeasured = ~np.isfinite(noise.variance) | ~(noise.variance > 0)
    few = (~unmeasured).sum(axis=1) < AREAS_FEW
    for m, measure in enumerate(panel.measures):
        small = small_numbers(np.nan_to_num(num[m]), measure.unit, measure.least)
        marks = (
            ("its noise cannot be measured", unmeasured[m] | few[m]),
            ("no peers to compare with", ~np.isfinite(level[m])),
            (SMALL, small),
            ("months are missing", partial[m]),
            (NO_RETURN, ~np.isfinite(rate[m]) & ~partial[m]),
            ("the return cannot be believed", bad[m]),
            ("neither lower nor higher is better", np.full(len(small), measure.sign == 0)),
        )
        for text, where in marks:  # the later mark is the deeper reason
            reason[m, where] = text
    return reason


def _set_aside(
    panel: Panel,
    found: Gaps,
    outcomes: Mapping[str, Mapping[str, float]],
    reason: NDArray[np.str_],
) -> None:
    """Mark gaps whose benchmark would mean providing too little."""
    for m, measure in enumerate(panel.measures):
        known = outcomes.get(measure.outcome, {}) if measure.outcome else {}
        if known:
            values = np.array([known.get(a, np.nan) for a in panel.areas])
            worse = under_provision(values, np.nan_to_num(found.weights[m]), measure.outcome_sign)
            reason[m, worse & (reason[m] == "")] = WORSE
