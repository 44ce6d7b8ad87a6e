"""From an opportunity to cash: what can really be released, and when.

Closing a gap in volume does not release its average cost. Only the variable share goes at once;
some of the semi-fixed share (a ward, a clinic, a lease) can be released by decision; the fixed
rest stays. And of what could be released only a part is realised in each year. The shares are
somebody's judgement: they are given with a measure, and without them no cash is shown.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Cashability:
    """Shares of a pound of opportunity: variable, semi-fixed, releasable part of the semi-fixed,
    and the realisation rate at the end of years 1, 2, 3 … (cumulative, 0 to 1)."""

    variable: float
    semi_fixed: float = 0.0
    releasable: float = 0.0
    realisation: tuple[float, ...] = ()

    def __post_init__(self) -> None:
        shares = (self.variable, self.semi_fixed, self.releasable, *self.realisation)
        assert all(0 <= share <= 1 for share in shares), f"a share outside 0 to 1: {shares}"
        assert self.variable + self.semi_fixed <= 1 + 1e-12, "more than the whole cost"
        pairs = zip(self.realisation, self.realisation[1:], strict=False)
        assert all(a <= b for a, b in pairs), "realisation is cumulative"

    @property
    def share(self) -> float:
        """The share of an opportunity that could become cash at all."""
        return self.variable + self.semi_fixed * self.releasable


def cash(opportunity_pence: int, terms: Cashability) -> int:
    """The most cash an opportunity could release, before realisation, in whole pence.

    >>> cash(100_000, Cashability(variable=0.3, semi_fixed=0.4, releasable=0.5))
    50000
    """
    return round(opportunity_pence * terms.share)


def realised(opportunity_pence: int, terms: Cashability) -> Sequence[int]:
    """Cash by the end of each year, cumulative; empty where no realisation rate is given.

    >>> realised(100_000, Cashability(variable=0.5, realisation=(0.2, 0.6)))
    [10000, 30000]
    """
    return [round(opportunity_pence * terms.share * rate) for rate in terms.realisation]
