"""The delivery model as plain arrays: what the fast kernel and the plain reference both read.

One horizon of whole months (twelve for each year, from April of the first year). A slot is an
organisation's own money; nodes above are sums of slots. A source is anything uncertain that
falls on slots: a scheme, or a line of the risk register. A source delivers

    started x share x (rate of each step, from its month plus the delay, to the end)

where `started` and `share` follow one normal score per source and draw: the lowest scores do
not start, and above that the score runs up the quantiles of the share. Scores of two sources
are joined by common factors (organisation, category, system), which is a Gaussian copula:
score = sum of loading x factor + rest x own. Marginals never depend on the loadings.

Money is pence; a rate is pence a month; positive is better for the surplus.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

MONTHS = 12
DELAY_MAX = 12
FACTOR_KINDS = ("organisation", "category", "system")


@dataclass(frozen=True, slots=True)
class Source:
    """One uncertain thing and how it falls on organisations.

    `steps` are (month of the horizon from 0, rate in pence a month that begins there); a month
    before the horizon is negative. `parts` are (organisation, share of it). `factors` names the
    factors it hangs on, with loadings; squares of loadings sum to at most one.

    >>> Source("S1", steps=((6, 100.0),), parts=(("RAA", 1.0),)).in_year(0)
    600.0
    """

    name: str
    steps: tuple[tuple[int, float], ...]
    parts: tuple[tuple[str, float], ...]
    chance: float = 1.0
    low: float = 1.0
    mode: float = 1.0
    high: float = 1.0
    delay_months: float = 0.0
    factors: tuple[tuple[str, float], ...] = ()
    kind: str = "scheme"
    category: str = ""
    owner: str = ""

    def __post_init__(self) -> None:
        assert 0.0 <= self.chance <= 1.0, f"{self.name}: chance {self.chance}"
        assert self.low <= self.mode <= self.high, f"{self.name}: low, mode, high out of order"
        assert self.delay_months >= 0.0, f"{self.name}: delay {self.delay_months}"
        assert sum(a * a for _, a in self.factors) <= 1.0 + 1e-12, f"{self.name}: loadings"

    @property
    def certain(self) -> bool:
        """Whether nothing about it is left to chance."""
        return self.chance in (0.0, 1.0) and self.low == self.high and self.delay_months == 0

    def in_year(self, year: int, delay: int = 0) -> float:
        """Pence in a year of the horizon at a share of one, so many months late."""
        return sum(rate * months_left(month + delay, year) for month, rate in self.steps)


def months_left(month: int, year: int) -> int:
    """Months of a year of the horizon that are left from a month on.

    >>> months_left(6, 0), months_left(6, 1), months_left(-3, 0), months_left(14, 0)
    (6, 12, 12, 0)
    """
    return min(max(MONTHS * (year + 1) - month, 0), MONTHS)


@dataclass(frozen=True, slots=True)
class Model:
    """Everything a simulation needs, and nothing that it does not.

    `base` is each organisation's own money by year without the sources, in whole pence;
    `base_months` spreads the first year over its months; `base_sd` is the standard deviation
    of the base in pence (nil where absent), all of it after the month `recorded`. `above` lists
    the nodes that an organisation is part of (itself first). `months_for` names the nodes whose
    course by month is wanted.
    """

    years: tuple[str, ...]
    base: Mapping[str, tuple[int, ...]]
    sources: tuple[Source, ...]
    above: Mapping[str, tuple[str, ...]]
    base_months: Mapping[str, tuple[float, ...]] = field(default_factory=dict)
    base_sd: Mapping[str, float] = field(default_factory=dict)
    recorded: Mapping[str, int] = field(default_factory=dict)
    months_for: tuple[str, ...] = ()
    distribution: str = "pert"

    def __post_init__(self) -> None:
        names = [source.name for source in self.sources]
        assert len(names) == len(set(names)), "two sources with one name would share draws"
        assert set(self.base) == set(self.above), "every organisation needs its place in the tree"
        for source in self.sources:
            missing = {code for code, _ in source.parts} - set(self.base)
            assert not missing, f"{source.name} falls on organisations without a base: {missing}"

    @property
    def organisations(self) -> tuple[str, ...]:
        """The slots, in order of code."""
        return tuple(sorted(self.base))

    @property
    def nodes(self) -> tuple[str, ...]:
        """Every node of the tree, in order of code."""
        return tuple(sorted({node for path in self.above.values() for node in path}))

    def under(self, node: str) -> tuple[str, ...]:
        """The organisations whose money is part of a node."""
        return tuple(code for code in self.organisations if node in self.above[code])


def even_steps(rate: float, start: int, *, recurrent: bool) -> tuple[tuple[int, float], ...]:
    """Steps of a saving that runs evenly from a month; a non-recurrent one ends after twelve.

    >>> even_steps(10.0, 3, recurrent=False)
    ((3, 10.0), (15, -10.0))
    """
    begins = (start, rate)
    return (begins,) if recurrent else (begins, (start + MONTHS, -rate))


def phased_steps(monthly: Sequence[float]) -> tuple[tuple[int, float], ...]:
    """Steps of a saving with its own phasing by month from the start of the horizon.

    >>> phased_steps([0, 5, 5, 7])
    ((1, 5.0), (3, 2.0))
    """
    before = [0.0, *monthly[:-1]]
    changes = [float(now) - float(was) for was, now in zip(before, monthly, strict=True)]
    return tuple((month, change) for month, change in enumerate(changes) if change != 0.0)
