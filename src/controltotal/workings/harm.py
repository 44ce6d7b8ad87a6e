"""Cumulative harm: what schemes that each pass alone do together to one service, place or group.

The harm of a scheme is its highest residual score, for harms do not average out and benefits do
not cancel them. A chief nurse sets a ceiling (`limits`, `harm_ceiling`); where the schemes that
would run reach over it together, none of them counts until somebody chooses which of them go,
because which is safe with which is a decision and not arithmetic.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from controltotal.book.fold import Position
from controltotal.book.records import Limit, Scheme
from controltotal.core.calendar import year_end, year_start
from controltotal.core.keys import twin
from controltotal.core.period import year_in
from controltotal.programme.eligibility import EligibleScheme
from controltotal.programme.phasing import in_plan
from controltotal.workings.totals import Totals


class Running(Protocol):
    """What harm is asked of: the schemes that count by their own evidence, and what each brings."""

    @property
    def position(self) -> Position:
        """The book as read."""
        ...

    @property
    def totals(self) -> Totals:
        """Its totals, and the tree."""
        ...

    @property
    def eligible(self) -> Sequence[EligibleScheme]:
        """The schemes that may count."""
        ...

    @property
    def in_year(self) -> Callable[[Scheme, str, str], int | None]:
        """A scheme's effect in a year by basis, in pence."""
        ...


@dataclass(frozen=True, slots=True)
class Harm:
    """Harm that meets at one service, place or group under one body in a year.

    `ceiling` is None where nobody set one; `limit` is the row that sets it.
    """

    organisation: str
    group: str
    year: str
    schemes: tuple[tuple[str, int], ...]
    ceiling: float | None = None
    limit: Limit | None = None

    @property
    def score(self) -> int:
        """The sum of the highest residual scores."""
        return sum(score for _, score in self.schemes)

    @property
    def over(self) -> bool:
        """Whether the ceiling is passed."""
        return self.ceiling is not None and self.score > self.ceiling


def touched(row: Scheme) -> tuple[str, ...]:
    """The service, places and population groups that a scheme touches."""
    named = [row.service, *(row.places or ()), *(row.groups or ())]
    return tuple(dict.fromkeys(name for name in named if name))


def _meets(name: str, row: Scheme) -> bool:
    """Whether a scheme touches a service, place or group, however either is spelt."""
    return twin(name) in {twin(one) for one in touched(row)}


def running(savings: Running, year: str) -> list[EligibleScheme]:
    """Eligible schemes of the plan that run in a year."""
    found = []
    for scheme in savings.eligible:
        row = scheme.row
        if not in_plan(row) or (row.start and row.start > year_end(year_in(year))):
            continue
        pence = savings.in_year(row, year, "plan")
        if pence is None or pence != 0 or row.full_year_effect == 0:  # nil saved, and harm done
            found.append(scheme)
    return found


def ceilings(savings: Running, year: str) -> list[Harm]:
    """Harm at every ceiling that is set for a year."""
    limits = _limits(savings, year)
    if not limits:
        return []
    going = running(savings, year)
    found = []
    for row in limits:
        met = tuple((one.id, one.score_max) for one in _under(savings, row, year, going))
        found.append(Harm(row.organisation, row.group or "", year, met, row.value, row))
    return found


def _limits(savings: Running, year: str) -> list[Limit]:
    """The ceilings that are set for a year."""
    return [
        row
        for row in savings.position.book.limits
        if row.limit == "harm_ceiling" and row.year == year_in(year)
    ]


def _under(
    savings: Running, limit: Limit, year: str, schemes: Sequence[EligibleScheme]
) -> list[EligibleScheme]:
    """Those of some schemes that a ceiling is set for."""
    holds = _holds(savings, limit, year)
    return [one for one in schemes if holds(one.row)]


def _holds(savings: Running, limit: Limit, year: str) -> Callable[[Scheme], bool]:
    """Whether a ceiling is set for a scheme: its body is inside, and it touches what it is set on."""
    code, group, tree = limit.organisation, limit.group or "", savings.totals.tree
    inside = {code, *tree.descendants(code, year)}
    everybody = tree.kind(code) == "local_authority"
    inside |= {
        r.predecessor
        for r in tree.successions
        if r.successor in inside and r.on <= year_start(year_in(year))
    }

    def holds(row: Scheme) -> bool:
        within = everybody or row.organisation in inside
        return within and ((not group and not everybody) or _meets(group or code, row))

    return holds


def together(savings: Running, year: str, row: Scheme, score: int) -> list[Harm]:
    """Harm at every service, place and group that a scheme touches, as it is with this scheme in it.

    `score` is its highest residual score. Whoever signs sees what it does beside the schemes that
    run, whether it counts by now or not.
    """
    others = [one for one in running(savings, year) if one.id != row.id]
    found = [
        _with(_under(savings, limit, year, others), row, score, year, limit)
        for limit in _limits(savings, year)
        if _holds(savings, limit, year)(row)
    ]
    ceiled = {twin(harm.group) for harm in found}
    for name in touched(row):
        if twin(name) not in ceiled:
            met = [one for one in others if _meets(name, one.row) and _alike(name, row, one.row)]
            schemes = (*((one.id, one.score_max) for one in met), (row.id, score))
            found.append(Harm("", name, year, schemes))
    return found


def _alike(name: str, row: Scheme, other: Scheme) -> bool:
    """Whether a name means one thing to both: a service is that of its body, a place is everybody's."""
    return name != row.service or row.organisation == other.organisation


def _with(met: Sequence[EligibleScheme], row: Scheme, score: int, year: str, limit: Limit) -> Harm:
    schemes = (*((one.id, one.score_max) for one in met), (row.id, score))
    return Harm(limit.organisation, limit.group or "", year, schemes, limit.value, limit)


def over_ceiling(savings: Running, year: str) -> Mapping[str, str]:
    """Why a ceiling of harm keeps schemes out, by scheme."""
    found: dict[str, str] = {}
    for harm in ceilings(savings, year):
        if harm.over:
            where = harm.group or savings.totals.tree.name(harm.organisation)
            for code, score in harm.schemes:
                found.setdefault(
                    code,
                    f"{len(harm.schemes)} schemes on {where} together score {harm.score}, over the "
                    f"ceiling of {harm.ceiling:g}; its own score is {score}",
                )
    return found


def cumulative(savings: Running, year: str) -> list[Harm]:
    """Harm at every service, place and group that two or more schemes touch, and every ceiling."""
    found = ceilings(savings, year)
    known = {(harm.organisation, harm.group) for harm in found}
    meeting: dict[tuple[str, str], list[tuple[str, int]]] = {}
    for scheme in running(savings, year):
        body = scheme.row.organisation
        service = scheme.row.service
        for name in touched(scheme.row):
            owner = body if name == service else ""
            meeting.setdefault((owner, name), []).append((scheme.id, scheme.score_max))
    for (body, name), schemes in meeting.items():
        if len(schemes) > 1 and (body, name) not in known:
            found.append(Harm(body, name, year, tuple(schemes)))
    return sorted(found, key=lambda h: (not h.over, -h.score, h.organisation, h.group))
