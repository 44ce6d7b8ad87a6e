"""From a book to the plain inputs of sharing: what is known of each payer.

Absent stays absent: an input that the book does not hold is ``None``, and a policy that needs it
gives no answer. What real bodies lack and is published was taken into the reading before.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from controltotal.book.fold import Position
from controltotal.book.records import Limit
from controltotal.core.places import names
from controltotal.core.result import Result
from controltotal.sharing.policy import Payer
from controltotal.workings.distance import Distance, distance
from controltotal.workings.measured import MEASURED, measured
from controltotal.workings.people import people_of
from controltotal.workings.totals import Totals
from controltotal.workings.value import Value, unknown

CEILING = "ceiling"
"""What a limit of the book sets, whatever the policy."""
REFERENCE_VINTAGE = "2022"
"""Areas of July 2022 with people of mid-2020: the last with the deprivation of 2019."""


@dataclass(frozen=True, slots=True)
class PayerInputs:
    """One payer, and what its inputs rest on.

    ``entries``: the ledger entries behind each input, by its name; ``figures``: those that its
    headroom is made of. ``allocation`` is its own in pence, also where ``payer`` bears by another
    measure of its size (its part of one pot); ``fair``: its distance from target; ``need``: a head.
    """

    payer: Payer
    entries: Mapping[str, Sequence[int]]
    figures: tuple[str, ...]
    row: int = 0
    allocation: int | None = None
    fair: Distance | None = None
    need: float | None = None

    def rest_on(self, names: Iterable[str]) -> tuple[int, ...]:
        """The entries that some of its inputs rest on, and what its ceiling does."""
        return tuple(e for name in (*names, CEILING) for e in self.entries.get(name, ()))


def places_of(codes: Sequence[str], year: str) -> tuple[str, str] | None:
    """Kind and vintage of the packaged areas in which all of these bodies are known, else None."""
    vintages = ("2024", "2022") if year >= "2024-25" else (REFERENCE_VINTAGE, "2021", "2020")
    found = set()
    for code in codes:
        known = (
            (kind, v) for v in vintages for kind in ("system", "place") if code in names(v, kind)
        )
        found.add(next(known, None))
    return found.pop() if len(found) == 1 else None


def payer_inputs(
    totals: Totals,
    year: str,
    codes: tuple[str, ...],
    opportunities: Mapping[str, int] | None = None,
    gap: int = 0,
) -> dict[str, PayerInputs]:
    """Everything that a policy may ask of each payer, by code."""
    bounds = burden_limits(totals.position, year, gap)
    return {
        code: _one(totals, year, code, (opportunities or {}).get(code), bounds.get(code))
        for code in codes
    }


def whole_allocation(totals: Totals, code: str, year: str) -> Value:
    """The allocation of a body; unknown where it would be summed around a commissioner's hole."""
    found = totals.allocation(code, year)
    stated = any(
        totals.line_total(code, year, basis, "", "allocation").known
        for basis in ("plan", "forecast", "actual")
    )
    below = [
        c for c in totals.tree.descendants(code, year) if totals.tree.kind(c) == "commissioner"
    ]
    if not stated and not all(totals.allocation(c, year).known for c in below):
        return unknown("incomplete", "not every commissioner below reports an allocation")
    return found


def _one(
    totals: Totals,
    year: str,
    code: str,
    opportunity: int | None,
    bound: tuple[int, Limit] | None,
) -> PayerInputs:
    allocation = whole_allocation(totals, code, year)
    stands = measured(totals, code, year, "plan")
    target = totals.control_total(code, year)
    headroom = None
    if stands.as_written is not None and target.pence is not None:
        headroom = stands.as_written - target.pence
    fair = distance(totals, code, year) if allocation.pence is not None else None
    people = people_of(totals.position, code, year)
    payer = Payer(
        code,
        allocation=allocation.pence,
        headroom=headroom,
        distance=fair.pence if fair else None,
        population=int(people.population.value) if people.population else None,
        weighted_population=people.weighted.value if people.weighted else None,
        deprivation=people.deprivation.value if people.deprivation else None,
        score=people.score.value if people.score else None,
        opportunity=opportunity,
        ceiling=bound[0] if bound else None,
    )
    headroom_of = tuple(f"{measure}/{code}/{year}/plan" for measure in (MEASURED, "control_total"))
    listed = totals.tree.organisations.get(code)
    entries = {
        "allocation": allocation.entries,
        "headroom": (*stands.entries, *target.entries),
        "distance": fair.entries if fair else (),
        CEILING: (bound[1].entry,) if bound else (),
        **{name: told.entries if told else () for name, told in people.by_input.items()},
    }
    return PayerInputs(
        payer,
        entries,
        headroom_of if headroom is not None else (),
        listed.row.number if listed else 0,
        allocation.pence,
        fair,
        people.need.value if people.need else None,
    )


def where(known: Mapping[str, PayerInputs], codes: Iterable[str]) -> str:
    """The rows of organisations in which these bodies stand, as every finding names them."""

    numbers = sorted({known[code].row for code in codes if code in known and known[code].row})
    return "organisations " + ", ".join(f"row {n}" for n in numbers) if numbers else "organisations"


def opportunity_left(position: Position, year: str, found: Result) -> dict[str, int]:
    """Opportunity of each body not yet in its plan, in pence.

    ``found`` answers ``opportunities``. A body has its netted total, or the lower bound, which is
    sure, where that is not known; what schemes in the plan take from its opportunities (each at
    most all of it) comes off the total, because another view may show the same saving once more.
    """
    most: dict[str, int] = {}
    for part in ("lower", "netted"):
        for figure in found.figures:
            if (figure.measure, figure.year, figure.part) == ("opportunity_total", year, part):
                sure = figure.low if figure.value is None else figure.value
                if isinstance(sure, int):
                    most[figure.organisation] = sure
    taken: dict[str, int] = {}
    for row in position.book.schemes:
        planned = row.maturity != "opportunity" if row.in_plan is None else row.in_plan
        if row.opportunity and planned:
            so_far = taken.get(row.opportunity, 0)
            taken[row.opportunity] = so_far + (row.full_year_effect or 0)
    left: dict[str, int] = {}
    for one in position.book.opportunities:
        if one.year in (None, year) and one.organisation in most:
            rest = left.get(one.organisation, most[one.organisation])
            left[one.organisation] = rest - min(one.value, taken.get(one.id, 0))
    return {code: max(0, rest) for code, rest in left.items()}


def burden_limits(position: Position, year: str, gap: int) -> dict[str, tuple[int, Limit]]:
    """Ceilings that the book sets on a body's burden: money, or a share of the gap."""
    found: dict[str, tuple[int, Limit]] = {}
    for row in position.book.limits:
        if row.limit != "share_of_burden" or row.year != year or row.group:
            continue
        value = row.value
        is_money = (row.unit or "").startswith("£")
        ceiling = int(value) if is_money else int(Fraction(str(value)) * gap)
        found[row.organisation] = (ceiling, row)
    return found
