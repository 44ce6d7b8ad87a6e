"""Delivery against plan in the past: how wide honest intervals are, and one's own rates.

Two records. The packaged one is public: what 220 trusts planned and what they made, and a few
reported cases. The other is the book's own: each past scheme's plan and actual, from which
delivery rates by maturity are fitted and tested on cases they were not fitted to.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import NormalDist

import numpy as np

from controltotal.book.records import Scheme
from controltotal.core.calendar import months_of
from controltotal.core.datafiles import packaged_rows
from controltotal.outlook.backtest import interval
from controltotal.outlook.shapes import PLACES, SCORE_MAX, SCORES, pert_quantiles
from controltotal.programme.courses import stated_months
from controltotal.workings.totals import Totals

LEVELS = (0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9)
CASES_TO_FIT = 10  # of one maturity
CASES_FEW = 30
YEARS_FEW = 3
BANDS = (
    ("all trusts", None, None),
    ("planned deficit over £20m", None, -20_000),
    ("planned deficit to £20m", -20_000, 0),
    ("planned break-even or surplus", 0, None),
)


@dataclass(frozen=True, slots=True)
class PlanRecord:
    """Plan against actual of a group of bodies: actual less plan, pence.

    `low` to `high` holds the middle eighty per cent; `coverage` is the share of the group's
    bodies inside the interval that all other trusts give.
    """

    band: str
    cases: int
    low: int
    middle: int
    high: int
    coverage: float


def trust_records() -> list[PlanRecord]:
    """How 220 trusts came out against plan in 2018/19, by the size of what they planned."""
    rows = packaged_rows("backtest/trust_plan_vs_actual_2018_19.csv")
    pairs = [(int(row["plan_k"]), int(row["actual_k"])) for row in rows]
    errors = [actual - plan for plan, actual in pairs]
    inside = []
    for place, error in enumerate(errors):
        low, high = interval(errors[:place] + errors[place + 1 :])
        assert low is not None and high is not None
        inside.append(low <= error <= high)
    found = []
    for band, least, most in BANDS:
        chosen = [
            place
            for place, (plan, _) in enumerate(pairs)
            if (least is None or plan >= least) and (most is None or plan < most)
        ]
        own = sorted(errors[place] for place in chosen)
        low, middle, high = (
            int(np.quantile(own, q, method="inverted_cdf")) for q in (0.1, 0.5, 0.9)
        )
        coverage = sum(inside[place] for place in chosen) / len(chosen)
        pence = 100_000  # the source is in £ thousand
        found.append(
            PlanRecord(band, len(chosen), low * pence, middle * pence, high * pence, coverage)
        )
    return found


def reported_pairs() -> list[dict[str, object]]:
    """Reported cases: plan, straight line or savings against what became of them."""
    found: list[dict[str, object]] = []
    for row in packaged_rows("backtest/reported_pairs.csv"):
        before, after = float(row["before_m"]), float(row["after_m"])
        forecast = (
            before * 12 / int(row["months"]) if row["compared"] == "straight_line" else before
        )
        found.append(
            {
                "body": row["body"],
                "year": row["year"],
                "compared": row["compared"],
                "forecast_pence": round(forecast * 100_000_000),
                "actual_pence": round(after * 100_000_000),
                "error_pence": round((after - forecast) * 100_000_000),
                "publisher": row["publisher"],
                "note": row["note"],
            }
        )
    return found


@dataclass(frozen=True, slots=True)
class Delivered:
    """One scheme in one year: planned and actual saving over the months with actuals, pence.

    It is `finished` where every month for which something was planned has its actual.
    """

    scheme: str
    organisation: str
    maturity: str
    year: str
    months: int
    plan: int
    actual: int
    finished: bool = False

    @property
    def share(self) -> float:
        """Share of the plan that was delivered."""
        return self.actual / self.plan


@dataclass(frozen=True, slots=True)
class Fitted:
    """Delivery rates of a maturity: chance that anything came, and the share when it did.

    `finished` counts the cases of which the whole plan of their year can be set beside actuals.
    """

    maturity: str
    cases: int
    years: int
    chance: float
    low: float
    mode: float
    high: float
    finished: int = 0


def past_schemes(totals: Totals) -> list[Delivered]:
    """Every scheme and year with a plan and actuals of its own, months matched with months."""
    found = []
    for scheme in totals.position.book.schemes:
        rows = totals.amounts.of_scheme.get(scheme.id, ())
        years = {row.year for row in rows if row.basis == "actual" and not row.scenario}
        found += [case for year in sorted(years) if (case := _past(totals, scheme, year))]
    return found


def _past(totals: Totals, scheme: Scheme, year: str) -> Delivered | None:
    """A scheme in a year; None where nothing planned can be set beside what came.

    A plan told for the year and actuals told by month meet only once the year is over.
    """
    amounts = totals.amounts
    plan, done = (stated_months(scheme, year, basis, amounts) for basis in ("plan", "actual"))
    finished = bool(plan) and {month for month, pence in plan.items() if pence} <= set(done)
    months = len(set(plan) & set(done))
    planned, made = sum(plan.values()), sum(done.values())
    if not finished:
        sums: dict[str, dict[str, int]] = {"plan": {}, "actual": {}}
        for row in amounts.of_scheme.get(scheme.id, ()):
            if not row.scenario and row.year == year and row.basis in sums:
                of_basis, key = sums[row.basis], row.month or ""
                of_basis[key] = of_basis.get(key, 0) + row.amount
        shared = set(sums["plan"]) & set(sums["actual"])
        planned, made = (sum(sums[b][key] for key in shared) for b in ("plan", "actual"))
        months = len({month for key in shared for month in months_of(key)})
    if planned <= 0:
        return None
    labels = (scheme.id, scheme.organisation, scheme.maturity, year)
    return Delivered(*labels, months, planned, made, finished)


def fit(cases: Sequence[Delivered], maturity: str) -> Fitted | None:
    """Rates from cases; None where there are too few of them, or none delivered.

    A PERT's ends are hardly ever reached, so low and high are placed beyond the 5th and 95th of
    a hundred, as far as makes the variance right; the mode is the one that gives the mean.
    """
    shares = [case.share for case in cases]
    started = sorted(share for share in shares if share > 0)
    if len(shares) < CASES_TO_FIT or len(started) < CASES_TO_FIT // 2:
        return None
    below, above = (float(np.quantile(started, q)) for q in (0.05, 0.95))
    mean = sum(started) / len(started)
    arms = (mean - below) * (above - mean)
    reach = math.sqrt(7 * float(np.var(started)) / arms) if arms > 1e-12 else 1.0
    low, high = max(mean - reach * (mean - below), 0.0), mean + reach * (above - mean)
    mode = min(max((6 * mean - low - high) / 4, low), high)
    years = len({case.year for case in cases})
    chance, finished = len(started) / len(shares), sum(case.finished for case in cases)
    return Fitted(maturity, len(shares), years, chance, low, mode, high, finished)


def share_quantile(rates: Fitted, level: float) -> float:
    """The share of plan that a scheme of these rates stays under with a chance of `level`."""
    miss = 1 - rates.chance
    if level <= miss:
        return 0.0
    if rates.high == rates.low:
        return rates.low
    inside = min(max((level - miss) / rates.chance, 1e-9), 1 - 1e-9)
    score = NormalDist().inv_cdf(inside)
    place = (rates.mode - rates.low) / (rates.high - rates.low)
    row = pert_quantiles()[round(place * (PLACES - 1))]
    grid = np.linspace(-SCORE_MAX, SCORE_MAX, SCORES)
    return rates.low + (rates.high - rates.low) * float(np.interp(score, grid, row))


@dataclass(frozen=True, slots=True)
class Reliability:
    """A calibration plot: for each level, the share of held-out cases at or under that quantile.

    `coverage` is the share between the 10th and 90th; `score` is the mean pinball loss (smaller
    is better), in shares of plan; `held_out` says whether years or single cases were left out.
    """

    cases: int
    observed: tuple[tuple[float, float], ...]
    coverage: float
    score: float
    held_out: str


def reliability(cases: Sequence[Delivered]) -> Reliability | None:
    """Rates fitted without a case (or without its year) against that case."""
    years = sorted({case.year for case in cases})
    by_year = len(years) >= YEARS_FEW
    told: list[tuple[float, dict[float, float]]] = []
    for place, case in enumerate(cases):
        rest = (
            [c for c in cases if c.year != case.year and c.maturity == case.maturity]
            if by_year
            else [c for i, c in enumerate(cases) if i != place and c.maturity == case.maturity]
        )
        rates = fit(rest, case.maturity)
        if rates is not None:
            told.append((case.share, {q: share_quantile(rates, q) for q in LEVELS}))
    if not told:
        return None
    observed = tuple(
        (level, sum(share <= quantiles[level] for share, quantiles in told) / len(told))
        for level in LEVELS
    )
    inside = sum(quantiles[0.1] <= share <= quantiles[0.9] for share, quantiles in told)
    losses = [
        (level - (share < q)) * (share - q)
        for share, quantiles in told
        for level, q in quantiles.items()
    ]
    return Reliability(
        len(told),
        observed,
        inside / len(told),
        sum(losses) / len(losses),
        "year" if by_year else "case",
    )
