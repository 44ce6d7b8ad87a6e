"""Whom a body would pay for: how deprived the other systems of its region are beside its own.

A control total raised to offset deficits elsewhere in a region moves money to a neighbour, and the
neighbour is often not named. What can be told is how deprived each of them is, on the areas of the
year: two measures, the mean score and the share of people in the most deprived fifth of England's
areas, which may disagree and are then both said.
"""

from __future__ import annotations

from dataclasses import dataclass

from controltotal.core import reference
from controltotal.core.calendar import year_label
from controltotal.core.places import Deprivation, deprivation, vintage_for
from controltotal.rules import challenge_evidence as evidence
from controltotal.rules.challenge_case import Case
from controltotal.rules.challenge_evidence import Found
from controltotal.workings.totals import Totals


@dataclass(frozen=True, slots=True)
class Neighbour:
    """Another system of the region; less deprived than one's own by score, and by fifth."""

    code: str
    name: str
    share: float
    score: float
    less_by_fifth: bool
    less_by_score: bool

    @property
    def less_by_both(self) -> bool:
        """Whether both measures say so."""
        return self.less_by_fifth and self.less_by_score


@dataclass(frozen=True, slots=True)
class Region:
    """A body's own system among those of its region, on the areas of a vintage."""

    system: str
    region: str
    vintage: str
    own: Deprivation
    others: tuple[Neighbour, ...]


def region_of(totals: Totals, code: str, year: str) -> Region | None:
    """The systems of the region that a body was in; None where its system is not known."""
    known = reference.known_in(code, year)
    system = known.system or code if known is not None else ""
    placed = reference.known_in(system, year) if system else None
    if placed is None or placed.kind != "system" or not placed.region:
        return None
    vintage = vintage_for(year)
    measured = deprivation("system", vintage)
    if system not in measured:
        return None
    own = measured[system]
    others = []
    for other in sorted(measured):
        body = reference.known_in(other, year)
        if other == system or body is None or body.region != placed.region:
            continue
        one = measured[other]
        others.append(
            Neighbour(
                other,
                body.name,
                one.share_most_deprived_fifth,
                one.score,
                one.share_most_deprived_fifth < own.share_most_deprived_fifth,
                one.score < own.score,
            )
        )
    ranked = sorted(others, key=lambda one: (-one.share, one.code))
    return Region(system, placed.region, vintage, own, tuple(ranked)) if ranked else None


def neighbours_in_words(found: Region, name: str, region: str) -> str:
    """What the measures say of those who may gain, in one sentence."""
    both = sum(one.less_by_both for one in found.others)
    mixed = [one for one in found.others if one.less_by_fifth != one.less_by_score]
    text = (
        f"Of the {len(found.others)} other systems of its region ({region}) {both} are less deprived "
        f"than {name} by both measures (mean score, and people in the most deprived fifth)"
    )
    if mixed:
        said = "; ".join(
            f"{one.name} is less deprived by {'score' if one.less_by_score else 'fifth'} and more by "
            f"{'fifth' if one.less_by_score else 'score'}"
            for one in mixed
        )
        text += f"; of {len(mixed)} they disagree ({said})"
    more = len(found.others) - both - len(mixed)
    return text + (
        f"; {more} {'is' if more == 1 else 'are'} more deprived by both." if more else "."
    )


def put_neighbours(case: Case) -> None:
    """Where the total was raised: how deprived those are who may gain from it, region by region."""
    raised = evidence.raised(case.totals, case.code, case.year)
    position = case.totals.position
    if position.book_only or position.is_fictional:
        return
    if raised is None or raised.value <= 0:
        return
    found = region_of(case.totals, case.code, case.year)
    if found is None:
        return
    region = evidence.named(case.totals, found.region, case.year)
    own = evidence.named(case.totals, found.system, case.year)
    case.put(
        "less_deprived_neighbours",
        Found(
            sum(one.less_by_both for one in found.others),
            "count",
            f"published: small areas of April {found.vintage}, deprivation of 2019; systems of "
            f"{region} less deprived by score and by fifth",
        ),
        "Systems of its region that are less deprived",
        note=f"of {len(found.others)} others",
    )
    case.answer.table(
        "neighbours",
        [
            {
                "organisation": case.code,
                "year": case.year,
                "system": one.code,
                "name": one.name,
                "deprived_share": round(one.share, 4),
                "own_share": round(found.own.share_most_deprived_fifth, 4),
                "score": round(one.score, 2),
                "own_score": round(found.own.score, 2),
                "less_by_fifth": one.less_by_fifth,
                "less_by_score": one.less_by_score,
            }
            for one in found.others
        ],
    )
    sentence = neighbours_in_words(found, own, region)
    name = f"{case.totals.tree.name(case.code)}, {year_label(case.year)}"
    case.answer.words(
        f"{name}. Who may gain? {sentence}", topic="challenge", about=case.code, year=case.year
    )
    case.answer.table(
        "sentences",
        [
            {
                "organisation": case.code,
                "year": case.year,
                "question": "who may gain",
                "sentence": sentence,
            }
        ],
    )
