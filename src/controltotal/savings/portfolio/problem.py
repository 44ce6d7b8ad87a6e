"""What a portfolio may choose from and what it must respect, in plain whole numbers.

A portfolio picks schemes and the month in which each starts. Here stand the choices
(`Candidate`), the rules that sums must keep (`Demand`) and what one start uses of a rule
(`use`). Every amount is a whole number: pence, thousandths of a whole-time equivalent, points of
residual risk. Solvers work in decimals; what they propose is counted again here, exactly, before
anybody sees it. Only schemes that have passed their gates become candidates, so safety is no
constraint that could be relaxed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import Final

from controltotal.core.keys import twin

CAPACITY_MONTHS: Final = 6
"""Months from its start for which a scheme needs its people."""

OBJECTIVES: Final[dict[str, str]] = {
    "recurrent_saving": "most risk-adjusted recurrent saving in the year",
    "saving": "most risk-adjusted saving in the year, one-off savings too",
    "least_harm": "least residual harm: the highest score of each scheme, likelihood times consequence",
    "fewest_schemes": "fewest schemes",
    "earliest_balance": "earliest balance: most saving to date, summed over the months",
}
"""The objectives and what each means; every one is maximised (harm and number as their minus)."""

FLOORS: Final = ("control_total", "saving_floor")
"""Demands from below: what cannot be met is shown as a shortfall, never forced."""

Choice = Mapping[str, int]
"""A portfolio: scheme code to the position of the chosen month in the candidate's `starts`."""


@dataclass(frozen=True, slots=True)
class Saving:
    """What one body gains (or, negative, loses) in one year: pence for each possible start."""

    body: str
    year: str
    pence: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Candidate:
    """A scheme that has passed its gates, with its possible starts.

    `starts` are months counted from the first April of the plan (1 to 12 in the first year; nil
    or less: it runs already); `savings` the expected saving by body and year; `full_year` the
    expected saving of twelve months; `to_date` the saving to date summed over the months. What is
    `in_plan` leaves it only where something asked for is better without it. The first `whole`
    starts (nil: all) are of the scheme whole, the others of what others leave to it.
    """

    code: str
    organisation: str
    starts: tuple[int, ...]
    savings: tuple[Saving, ...]
    recurrent: bool = True
    full_year: int = 0
    to_date: tuple[int, ...] = ()
    wte_thousandths: int = 0
    investment: int = 0
    harm: int = 0
    groups: frozenset[str] = frozenset()
    places: frozenset[str] = frozenset()
    in_plan: bool = False
    whole: int = 0

    def saving(self, bodies: frozenset[str] | None = None, year: str = "") -> tuple[int, ...]:
        """Pence for each start, over some bodies (all, if None) and one year (all, if empty).

        >>> scheme = Candidate("S1", "QAA", (1, 7), (Saving("QAA", "2026-27", (1200, 600)),))
        >>> scheme.saving(), scheme.saving(frozenset({"QBB"}))
        ((1200, 600), (0, 0))
        """
        total = [0] * len(self.starts)
        for part in self.savings:
            if (bodies is None or part.body in bodies) and year in ("", part.year):
                total = [a + b for a, b in zip(total, part.pence, strict=True)]
        return tuple(total)


@dataclass(frozen=True, slots=True)
class Demand:
    """A rule over the sum of what the chosen schemes use: `lower` <= sum <= `upper`.

    `bodies` are those whose schemes or savings count, `group` a service, place or population
    group (empty: all), `month` a month of the plan for capacity (for investment, the first of the
    year), `schemes` the members of an overlap group and `uses` what each
    start of each of them draws (none: its full year). A share of burden compares the saving of
    `bodies` with that of `share_of`: denominator x part - numerator x whole <= 0; a scheme that
    touches several places burdens each of them equally.
    """

    kind: str
    label: str
    organisation: str
    year: str
    bodies: frozenset[str]
    lower: int | None = None
    upper: int | None = None
    month: int = 0
    group: str = ""
    schemes: frozenset[str] = frozenset()
    uses: tuple[tuple[str, tuple[int, ...]], ...] = ()
    share: tuple[int, int] = (0, 1)
    share_of: frozenset[str] = frozenset()
    where: str = ""
    entries: tuple[int, ...] = ()

    @property
    def in_money(self) -> bool:
        """Whether a share of the burden is a sum of money and not a part of a whole."""
        return self.kind == "share_of_burden" and not self.share_of

    @property
    def elastic(self) -> bool:
        """Whether it may be missed, with what is missing shown as a shortfall."""
        return self.kind in FLOORS


@lru_cache(maxsize=16384)
def _folded(names: frozenset[str]) -> frozenset[str]:
    """Names of places and groups as they are compared, however they are spelt."""
    return frozenset(map(twin, names))


def use(candidate: Candidate, demand: Demand) -> tuple[int, ...]:
    """What each start of a scheme adds to the sum of a demand; empty where it adds nothing.

    >>> team = Demand("capacity_wte", "team", "QAA", "2026-27", frozenset({"QAA"}), month=7)
    >>> use(Candidate("S1", "QAA", (1, 2, 8), (), wte_thousandths=1500), team)
    (0, 1500, 0)
    """
    if demand.group and twin(demand.group) not in _folded(candidate.groups | candidate.places):
        if demand.kind != "share_of_burden":
            return ()
        part = (0,) * len(candidate.starts)
    elif demand.kind in ("control_total", "saving_floor", "saving_ceiling", "special_measures"):
        return candidate.saving(demand.bodies, demand.year)
    elif demand.kind == "overlap" or demand.kind == "overlap_cut":
        if demand.uses:
            return dict(demand.uses).get(candidate.code, ())
        return (candidate.full_year,) * len(candidate.starts)
    elif demand.kind == "share_of_burden":
        touched = (
            max(1, len(candidate.places)) if twin(demand.group) in _folded(candidate.places) else 1
        )
        part = tuple(p // touched for p in candidate.saving(demand.bodies, demand.year))
    elif candidate.organisation not in demand.bodies:
        return ()
    elif demand.kind == "capacity_wte":
        return tuple(
            candidate.wte_thousandths if start <= demand.month < start + CAPACITY_MONTHS else 0
            for start in candidate.starts
        )
    elif demand.kind == "investment":
        first = demand.month
        return tuple(
            candidate.investment if first <= start < first + 12 else 0 for start in candidate.starts
        )
    else:
        if demand.kind != "harm_ceiling":
            raise ValueError(f"no rule of this kind is known: {demand.kind}")
        return (candidate.harm,) * len(candidate.starts)
    numerator, denominator = demand.share
    whole = candidate.saving(demand.share_of, demand.year)
    return tuple(denominator * a - numerator * b for a, b in zip(part, whole, strict=True))


@dataclass(frozen=True)
class Problem:
    """Candidates, demands, pairs that exclude each other and schemes that must come first.

    `requires` maps a scheme to those that must be chosen and start no later than it does. The
    order of what is given plays no part: everything is sorted by code.
    """

    candidates: tuple[Candidate, ...]
    demands: tuple[Demand, ...] = ()
    excludes: frozenset[frozenset[str]] = frozenset()
    requires: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        ordered = tuple(sorted(self.candidates, key=lambda candidate: candidate.code))
        object.__setattr__(self, "candidates", ordered)
        key = lambda d: (d.kind, d.organisation, d.year, d.month, d.group, d.label)  # noqa: E731
        object.__setattr__(self, "demands", tuple(sorted(self.demands, key=key)))
        if len({c.code for c in ordered}) != len(ordered):
            raise ValueError("a scheme stands twice")

    @cached_property
    def by_code(self) -> dict[str, Candidate]:
        """Candidates by scheme code."""
        return {candidate.code: candidate for candidate in self.candidates}

    @cached_property
    def pairs(self) -> tuple[tuple[str, str], ...]:
        """Excluding pairs of candidates, in order."""
        known = self.by_code
        pairs = (tuple(sorted(pair)) for pair in self.excludes if len(pair) == 2)
        return tuple(sorted((a, b) for a, b in pairs if a in known and b in known))

    @cached_property
    def members(self) -> tuple[tuple[Candidate, ...], ...]:
        """For each demand, the candidates that could add to it."""
        by_body: dict[str, set[int]] = {}
        for place, candidate in enumerate(self.candidates):
            for body in {candidate.organisation, *(part.body for part in candidate.savings)}:
                by_body.setdefault(body, set()).add(place)
        index = {candidate.code: place for place, candidate in enumerate(self.candidates)}
        found = []
        for demand in self.demands:
            places: set[int] = {index[code] for code in demand.schemes if code in index}
            if not demand.schemes:
                for body in demand.bodies | demand.share_of:
                    places |= by_body.get(body, set())
            found.append(tuple(self.candidates[place] for place in sorted(places)))
        return tuple(found)


def objective_of(candidate: Candidate, objective: str) -> tuple[int, ...]:
    """What each start of a scheme adds to an objective, which is to be as large as possible.

    >>> objective_of(Candidate("S1", "QAA", (1, 2), (), harm=12), "least_harm")
    (-12, -12)
    """
    count = len(candidate.starts)
    if objective == "recurrent_saving":
        return candidate.saving() if candidate.recurrent else (0,) * count
    if objective == "saving":
        return candidate.saving()
    if objective == "least_harm":
        return (-candidate.harm,) * count
    if objective == "fewest_schemes":
        return (-1,) * count
    if objective != "earliest_balance":
        raise ValueError(f"there is no objective {objective}")
    return candidate.to_date or (0,) * count


@dataclass(frozen=True, slots=True)
class Count:
    """A portfolio counted exactly: the sum of each demand, and the rules it breaks."""

    sums: tuple[int, ...]
    short: tuple[int, ...]
    broken: tuple[str, ...]

    @property
    def shortfall(self) -> int:
        """What is missing over all control totals and floors, in pence."""
        return sum(self.short)


def count(problem: Problem, choice: Choice) -> Count:
    """Add up a portfolio in whole numbers and name every rule that it breaks.

    >>> scheme = Candidate("S1", "QAA", (1,), (Saving("QAA", "2026-27", (500,)),))
    >>> need = Demand("control_total", "QAA", "QAA", "2026-27", frozenset({"QAA"}), lower=700)
    >>> count(Problem((scheme,), (need,)), {"S1": 0}).short
    (200,)
    """
    sums, short, broken = [], [], []
    for demand, members in zip(problem.demands, problem.members, strict=True):
        total = 0
        for candidate in members:
            place = choice.get(candidate.code)
            if place is not None:
                used = use(candidate, demand)
                total += used[place] if used else 0
        sums.append(total)
        missing = max(0, demand.lower - total) if demand.lower is not None else 0
        short.append(missing if demand.elastic else 0)
        if missing and not demand.elastic:
            broken.append(demand.label)
        if demand.upper is not None and total > demand.upper:
            broken.append(demand.label)
    broken += [f"{a} excludes {b}" for a, b in problem.pairs if a in choice and b in choice]
    broken += _out_of_order(problem, choice)
    return Count(tuple(sums), tuple(short), tuple(broken))


def _out_of_order(problem: Problem, choice: Choice) -> list[str]:
    """Chosen schemes whose required one is missing or starts later."""
    broken = []
    for code in sorted(set(choice) & set(problem.requires)):
        for first in problem.requires[code]:
            if first not in choice or start_month(problem, choice, first) > start_month(
                problem, choice, code
            ):
                broken.append(f"{code} requires {first}")
    return broken


def start_month(problem: Problem, choice: Choice, code: str) -> int:
    """The month of the plan in which a chosen scheme starts."""
    return problem.by_code[code].starts[choice[code]]


def worth(problem: Problem, choice: Choice, objective: str) -> int:
    """The exact value of a portfolio under an objective."""
    return sum(
        objective_of(problem.by_code[code], objective)[place] for code, place in choice.items()
    )
