"""Who stands behind the rates of delivery, without which a chance is only an illustration.

A chance may be put before a board where the rates that it rests on were adopted by a named office,
or estimated from at least thirty finished schemes of the book's own. Rates that a scheme's row
states itself are its owner's: they count where an office adopts them, by a row of `parameters`
named `delivery_own_rates` with `adopted_by`. Everything else is illustrative. Source: the paper's
design, "A chance stands on page one only where".
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from controltotal.core.calendar import year_start
from controltotal.core.parameters import Parameter
from controltotal.outlook.calibration import CASES_FEW, past_schemes
from controltotal.workings.terms import Terms, parameter
from controltotal.workings.totals import Totals

ADOPTED, ESTIMATED, ILLUSTRATIVE, NONE = "adopted", "estimated", "illustrative", "none"
OWN_RATES = "delivery_own_rates"
ESTIMATE = "I"
"""The mark of a rate that was worked out from the book's own schemes."""


@dataclass(frozen=True, slots=True)
class Standing:
    """Whether rates are `adopted`, `estimated`, `illustrative`, or `none` are used.

    `by` are the offices that adopted them with the day where it is known; `finished` is how many
    finished schemes the book holds.
    """

    kind: str
    by: tuple[str, ...] = ()
    finished: int = 0

    @property
    def firm(self) -> bool:
        """Whether a chance that rests on them may be put before a board."""
        return self.kind != ILLUSTRATIVE

    @property
    def words(self) -> str:
        """Who stands behind them.

        >>> Standing("adopted", ("finance committee, 3 May 2026",)).words
        'delivery rates adopted by finance committee, 3 May 2026'
        """
        if self.kind == ADOPTED:
            return f"delivery rates adopted by {' and '.join(self.by)}"
        if self.kind == ESTIMATED:
            return f"delivery rates estimated from {self.finished} finished schemes"
        if self.kind == NONE:
            return "no delivery rate is used"
        return (
            "delivery rates neither adopted by a named office nor estimated from at least "
            f"{CASES_FEW} finished schemes"
        )


def finished_schemes(totals: Totals, year: str) -> int:
    """Schemes with a whole year's plan and actual of their own before a year: one for each year."""
    return sum(case.months == 12 and case.year < year for case in past_schemes(totals))


def standing(totals: Totals, year: str, used: Iterable[Terms], finished: int) -> Standing:
    """What the terms of some schemes rest on."""
    rates: dict[str, Parameter] = {}
    own = False
    for terms in used:
        rates |= {rate.label: rate for rate in terms.rates}
        own |= terms.own
    if not rates and not own:
        return Standing(NONE, (), finished)
    whole = list(rates.values())
    if own:
        adopted = parameter(totals.position.parameters, OWN_RATES, year_start(year))
        if adopted is None:
            return Standing(ILLUSTRATIVE, (), finished)
        whole.append(adopted)
    loose = [rate for rate in whole if not rate.adopted_by]
    if not loose:
        return Standing(ADOPTED, tuple(dict.fromkeys(_office(rate) for rate in whole)), finished)
    if finished >= CASES_FEW and all(rate.mark == ESTIMATE for rate in loose):
        return Standing(ESTIMATED, (), finished)
    return Standing(ILLUSTRATIVE, (), finished)


def _office(rate: Parameter) -> str:
    if rate.adopted_on is None:
        return rate.adopted_by
    return f"{rate.adopted_by}, {rate.adopted_on.day} {rate.adopted_on:%B %Y}"
