"""Scores of an assessment: whole, from 1 to 5, and lowered only by a mitigation that is named."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from controltotal.book.records import Assessment
from controltotal.core.keys import word
from controltotal.programme.names import is_said
from controltotal.programme.outcomes import APPROVE, PASSING, meaning
from controltotal.programme.profiles import Domain, profiles

REJECT_AT = 15
"""Where a profile names no bar for a domain: likelihood x consequence that refuses a scheme."""
WHOLE = (1, 2, 3, 4, 5)


@dataclass(frozen=True, slots=True)
class Residual:
    """Likelihood and consequence that are left after a mitigation that is named."""

    likelihood: int
    consequence: int

    @property
    def score(self) -> int:
        """Likelihood x consequence.

        >>> Residual(3, 5).score
        15
        """
        return self.likelihood * self.consequence


def residual(row: Assessment) -> Residual | None:
    """What is left after mitigation, else what was before it; None where a score is not 1 to 5.

    A mitigation that nobody scored lowers nothing, and neither does one that nobody names.
    """
    before = (row.likelihood, row.consequence)
    after = (row.residual_likelihood, row.residual_consequence)
    return _residual(before, after, row.mitigation)


@lru_cache(maxsize=4096)
def _residual(
    before: tuple[float, float], after: tuple[float | None, float | None], mitigation: str | None
) -> Residual | None:
    if any(n not in WHOLE for n in before) or any(n not in (None, *WHOLE) for n in after):
        return None
    named = mitigated_by(mitigation)
    return Residual(_left(before[0], after[0], named), _left(before[1], after[1], named))


def _left(first: float, left: float | None, named: bool) -> int:
    """What is left of one score: no less than the first where no mitigation is named."""
    if left is None:
        return int(first)
    return int(left if named else max(first, left))


def mitigated_by(text: str | None) -> bool:
    """Whether a mitigation is named: `TBC` and `n/a` name none.

    >>> mitigated_by("Daily huddle"), mitigated_by("n/a")
    (True, False)
    """
    return is_said(text)


def lowered_without_cause(row: Assessment) -> bool:
    """Whether a score falls and nobody says what lowers it."""
    pairs = (
        (row.likelihood, row.residual_likelihood),
        (row.consequence, row.residual_consequence),
    )
    falls = any(left is not None and left < first for first, left in pairs)
    return falls and not mitigated_by(row.mitigation)


def domain_of(row: Assessment) -> Domain | None:
    """The domain of its profile that an assessment scores; None for one that it does not have."""
    profile = profiles().get(word(row.profile))
    return profile.domains.get(word(row.domain)) if profile else None


def bar(row: Assessment) -> int:
    """The residual score at which the profile of an assessment refuses a scheme."""
    known = domain_of(row)
    return known.reject_at if known else REJECT_AT


def at_the_bar(row: Assessment) -> bool:
    """Whether the score that is left refuses the scheme; one that is none from 1 to 5 is not told."""
    left = residual(row)
    return left is not None and left.score >= bar(row)


def refuses(row: Assessment) -> bool:
    """Whether an assessment lets the scheme pass neither by its score nor by its outcome."""
    unreadable = residual(row) is None
    return unreadable or at_the_bar(row) or meaning(row.outcome) not in {APPROVE, *PASSING}
