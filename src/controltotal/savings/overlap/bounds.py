"""What several views of the same money are worth together: never less than the largest, never
more than the sum.

One list says how much *volume* a population uses, another what each *unit* costs. On the same
pound M the two multiply: with a = qM and b = pM, what is saved is M [1 - (1 - q)(1 - p)] =
a + b - ab/M. Where both describe one mechanism (length of stay raises spend per head and cost per
unit) the second adds nothing: max(a, b). Where they touch different pounds nothing overlaps:
a + b. Which of these holds is seldom known, so all three are given: lower, netted, upper.

All amounts are whole pence, nil or more.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction


@dataclass(frozen=True, slots=True)
class Range:
    """A union of savings: lower <= netted <= upper; netted is None where nothing says how the
    views meet."""

    lower: int
    netted: int | None
    upper: int

    def __post_init__(self) -> None:
        assert 0 <= self.lower <= self.upper, self
        assert self.netted is None or self.lower <= self.netted <= self.upper, self

    def __add__(self, other: Range) -> Range:
        """Ranges of disjoint money add."""
        netted = None
        if self.netted is not None and other.netted is not None:
            netted = self.netted + other.netted
        return Range(self.lower + other.lower, netted, self.upper + other.upper)


NOTHING = Range(0, 0, 0)


def union(savings: Sequence[int], spend: int | None = None) -> Range:
    """The range of several views' savings on the same money, with `spend` where it is known.

    >>> union([113, 154])
    Range(lower=154, netted=None, upper=267)
    >>> union([20, 50], spend=100)
    Range(lower=50, netted=60, upper=70)
    >>> union([67])
    Range(lower=67, netted=67, upper=67)
    """
    found = [saving for saving in savings if saving]
    assert all(saving >= 0 for saving in found), "a saving below nil is not a saving"
    if len(found) < 2:
        single = found[0] if found else 0
        return Range(single, single, single)
    lower, upper = max(found), sum(found)
    if spend is None:
        return Range(lower, None, upper)
    assert lower <= spend, "a view saves more than is spent"
    upper = min(upper, spend)
    left = Fraction(1)
    for saving in found:
        left *= 1 - Fraction(saving, spend)
    return Range(lower, min(max(round(spend * (1 - left)), lower), upper), upper)


def overlap(savings: Sequence[int], together: int) -> int:
    """What would be counted twice: the sum of the views less what they save together.

    >>> overlap([113, 154], 200)
    67
    """
    return sum(savings) - together


def share_needed(needed: int, available: Range) -> tuple[float | None, float | None]:
    """The share of an opportunity that has to come true, if its worth is the upper or the lower
    bound; None where the bound is nil.

    >>> [round(share, 2) for share in share_needed(150, Range(154, None, 267))]
    [0.56, 0.97]
    """
    ends = (available.upper, available.lower)
    return tuple(needed / end if end else None for end in ends)  # type: ignore[return-value]
