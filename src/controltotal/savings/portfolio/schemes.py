"""An eligible scheme as a candidate: its possible starts and what each would bring to whom.

Expected saving = chance x mean share x in-year effect from the chosen month, the mean share being
that of a PERT distribution, (low + 4 mode + high) / 6; each that is missing takes the default of
the maturity which the evidence supports. A scheme starts in its earliest month or any later one; a
start within a month counts from the next, and engagement that is still to end comes first. A
scheme's own phasing moves with its start. Sums are exact fractions, rounded once to the penny.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from typing import Final

from controltotal.book.periods import fill, months_needed
from controltotal.book.records import Amount, Scheme
from controltotal.core.calendar import (
    add_months,
    first_full_month,
    month_of,
    months_of,
    year_of,
    year_start,
)
from controltotal.core.finding import Finding
from controltotal.core.money import evenly, instalments
from controltotal.core.parameters import Parameter, ParameterMissing
from controltotal.programme.effects import Effect
from controltotal.savings.portfolio.problem import Candidate, Saving
from controltotal.workings.totals import Totals

TERMS: Final = ("chance", "low", "mode", "high")
LOWEST: Final = "opportunity"
"""What a maturity without defaults is taken for."""


@dataclass(frozen=True, slots=True)
class Delivery:
    """Chance that a scheme starts, mean share delivered, and the parameters used for them."""

    chance: Fraction
    share: Fraction
    parameters: tuple[str, ...] = ()
    verified: bool = True


@dataclass(frozen=True, slots=True)
class Prepared:
    """A candidate with what is shown of it: the date of each start, its terms and its row."""

    candidate: Candidate
    dates: tuple[date, ...]
    delivery: Delivery
    row: Scheme


def mean_share(low: Fraction, mode: Fraction, high: Fraction) -> Fraction:
    """The mean of a PERT distribution.

    >>> mean_share(Fraction(6, 10), Fraction(9, 10), Fraction(1))
    Fraction(13, 15)
    """
    return (low + 4 * mode + high) / 6


def delivery(
    row: Scheme, maturity: str, totals: Totals, day: date, findings: list[Finding]
) -> Delivery | None:
    """The terms of a scheme on a day, its own or its maturity's; None where they make no sense."""
    values: dict[str, Fraction] = {}
    used: list[Parameter] = []
    for name in TERMS:
        if row.cell(name) is not None:
            values[name] = Fraction(str(row.cell(name)))
            continue
        default = _default(totals, name, maturity, day)
        if default is None:
            findings.append(
                Finding(
                    code="DELIVERY_DEFAULT_MISSING",
                    severity="warning",
                    organisation=row.organisation,
                    where=row.where,
                    message=f"Scheme {row.id} has no {name} and there is no default for {maturity} on "
                    f"{day}.",
                    expected=f"a value for {name}",
                    found="empty",
                    action=f"Fill in {name}, or add the parameter to the book.",
                    detail=row.detail,
                )
            )
            return None
        values[name] = Fraction(str(default.number))
        used.append(default)
    low, mode, high = values["low"], values["mode"], values["high"]
    if not low <= mode <= high or not 0 <= values["chance"] <= 1:
        wrong = "shares are out of order" if not low <= mode <= high else "chance is out of range"
        shown = f"low {float(low):g}, mode {float(mode):g}, high {float(high):g}, chance "
        findings.append(
            Finding(
                code="ELICITATION_ORDER" if "shares" in wrong else "ELICITATION_RANGE",
                severity="error",
                organisation=row.organisation,
                where=row.where,
                message=f"In scheme {row.id} the {wrong}.",
                expected="low <= mode <= high, and a chance from 0 to 1",
                found=shown + f"{float(values['chance']):g}",
                action="Correct the scheme's shares and chance.",
                detail=row.detail,
            )
        )
        return None
    return Delivery(
        values["chance"],
        mean_share(low, mode, high),
        tuple(p.label for p in used),
        all(p.verified for p in used),
    )


def _default(totals: Totals, name: str, maturity: str, day: date) -> Parameter | None:
    """The default of a maturity; one that has none is taken for the lowest."""
    for level in (maturity, LOWEST):
        try:
            return totals.position.parameters.on(f"delivery_{name}_{level}", day)
        except ParameterMissing:
            continue
    return None


def prepare(
    totals: Totals,
    row: Scheme,
    maturity: str,
    harm: int,
    effect: Effect,
    years: Sequence[str],
    basis: str,
    ends: Mapping[str, date],
    findings: list[Finding],
) -> Prepared | str:
    """A scheme as a candidate, or the reason why it cannot start in these years.

    `ends`: the last day of engagement by scheme; `harm`: its highest residual score.
    """
    terms = delivery(row, maturity, totals, year_start(years[0]), findings)
    if terms is None:
        return "its chance or the shares it delivers make no sense"
    starts, dates = _starts(row, maturity, years, ends.get(row.id))
    if not starts:
        return f"its earliest start, {dates[0].isoformat()}, is after the years asked about"
    own = _own_months(totals, row, basis, years)
    series = [_months(row, start, starts[0], years, own) for start in starts]
    factor = terms.chance * terms.share
    savings = _savings(series, factor, effect, years)
    whole = factor * effect.total
    candidate = Candidate(
        code=row.id,
        organisation=row.organisation,
        starts=starts,
        savings=savings,
        recurrent=row.recurrence == "recurrent",
        full_year=round(row.full_year_effect * factor),
        to_date=tuple(round(_to_date(s) * whole) for s in series),
        wte_thousandths=int(Fraction(str(row.capacity_wte or 0)) * 1000),
        investment=row.investment or 0,
        harm=harm,
        groups=frozenset(g for g in (row.service, *(row.groups or ())) if g),
        places=frozenset(row.places or ()),
    )
    return Prepared(candidate, dates, terms, row)


def _savings(
    series: Sequence[Sequence[int]], factor: Fraction, effect: Effect, years: Sequence[str]
) -> tuple[Saving, ...]:
    """Expected pence by body, year and start; each year's sum is rounded once, then split."""
    found = []
    for n, year in enumerate(years):
        if effect.how == "own":
            pence = tuple(round(sum(s[12 * n : 12 * n + 12]) * factor) for s in series)
            found.append(Saving(effect.shares[0][0], year, pence))
            continue
        split = [effect.split(round(sum(s[12 * n : 12 * n + 12]) * factor)) for s in series]
        for body in sorted(split[0]):
            found.append(Saving(body, year, tuple(part[body] for part in split)))
    return tuple(found)


def _starts(
    row: Scheme, maturity: str, years: Sequence[str], engaged: date | None
) -> tuple[tuple[int, ...], tuple[date, ...]]:
    """Possible starts as months of the plan, and their dates.

    A scheme that runs already, or a one-off begun before the first year, keeps its own start.
    Where none can be, the dates hold the earliest that there is.
    """
    first, last = year_start(years[0]), 12 * len(years)
    earliest = first_full_month(row.start) if row.start else first
    if engaged is not None and earliest >= first:
        earliest = max(earliest, first_full_month(engaged + timedelta(days=1)))
    begun = _months_between(first, earliest) + 1
    if begun > last:
        return (), (earliest,)
    later = list(range(max(1, begun), last + 1))
    if begun < 1:
        runs = maturity == "fully_developed_delivering" or row.recurrence == "non_recurrent"
        later = [begun, *([] if runs else later)]
    dates = tuple(
        row.start if m < 1 and row.start is not None else add_months(first, m - 1) for m in later
    )
    return tuple(later), dates


def _months_between(first: date, second: date) -> int:
    """Whole months from one first of a month to another."""
    return (
        (int(year_of(second)[:4]) - int(year_of(first)[:4])) * 12
        + month_of(second)
        - month_of(first)
    )


def _months(
    row: Scheme, start: int, earliest: int, years: Sequence[str], own: list[int] | None
) -> list[int]:
    """Pence saved in each month of the plan by a scheme that starts in a month."""
    count = 12 * len(years)
    if own is not None:
        later = start - earliest
        return [own[m - later] if m >= later else 0 for m in range(count)]
    each = evenly(row.full_year_effect, 12)
    recurrent = row.recurrence != "non_recurrent"
    return [
        each[(m - start) % 12] if m >= start and (recurrent or m < start + 12) else 0
        for m in range(1, count + 1)
    ]


def _own_months(totals: Totals, row: Scheme, basis: str, years: Sequence[str]) -> list[int] | None:
    """The scheme's own phasing over the months of the plan, where rows of its own state it."""
    series: dict[tuple[str, str, str, str, str], list[Amount]] = {}
    for r in totals.amounts.of_scheme.get(row.id, ()):
        if r.basis == basis and not r.scenario:
            key = (
                r.year,
                r.organisation,
                r.line,
                r.recurrence or "",
                r.counterparty or "",
            )
            series.setdefault(key, []).append(r)
    if not series:
        return None
    found = [0] * (12 * len(years))
    for key in sorted(series):
        if key[0] in years:
            first = 12 * list(years).index(key[0])
            for r in fill(series[key], months_needed(key[0])).rows:
                months = _live_months(r, row)
                for month, pence in zip(months, instalments(r.amount, len(months)), strict=True):
                    found[first + month - 1] += pence
    return found


def _live_months(amount: Amount, scheme: Scheme) -> tuple[int, ...]:
    """The months that a row's saving falls in; of a whole year, those since the start."""
    months = months_of(amount.month or "")
    if amount.month or scheme.start is None:
        return months
    since = _months_between(year_start(amount.year), first_full_month(scheme.start))
    return tuple(month for month in months if month > since) or months


def _to_date(series: Sequence[int]) -> int:
    """The saving to date at the end of each month, summed over the months."""
    return sum(pence * (len(series) - month) for month, pence in enumerate(series))
