"""From a book to the plain inputs of sharing: what is known of each payer.

Absent stays absent: an input that the book does not hold is ``None``, and a policy that needs it
gives no answer. People and deprivation alone may come from the packaged geography, where a body
is known there and the book is silent; the answer says so.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from controltotal.book.fold import Position
from controltotal.book.records import Fact, Limit
from controltotal.core.places import deprivation
from controltotal.core.result import Result
from controltotal.sharing.policy import Payer
from controltotal.workings.measured import MEASURED, measured
from controltotal.workings.totals import Totals
from controltotal.workings.value import Value, unknown

if TYPE_CHECKING:  # these bring numpy, which `check` has no use for
    from controltotal.core.places import Deprivation
    from controltotal.sharing.policy import Payer

REFERENCE_VINTAGE = "2022"
"""Areas of July 2022 with people of mid-2020: the last with the deprivation of 2019."""


@dataclass(frozen=True, slots=True)
class PayerInputs:
    """One payer with the ledger entries that its inputs rest on, and what was looked up.

    ``allocation`` is its own in pence, also where ``payer`` bears by another measure of its size
    (its part of one pot).
    """

    payer: Payer
    entries: tuple[int, ...]
    inputs: tuple[str, ...]
    from_reference: tuple[str, ...]
    row: int = 0
    allocation: int | None = None


def reference(code: str, year: str) -> tuple[str, str, Deprivation] | None:
    """Kind, vintage and deprivation of a body in the packaged geography, else ``None``."""
    vintages = ("2024", "2022") if year >= "2024-25" else (REFERENCE_VINTAGE, "2021", "2020")
    for vintage in vintages:
        for kind in ("system", "place"):
            found = deprivation(kind, vintage).get(code)
            if found is not None:
                return kind, vintage, found
    return None


def facts_of(position: Position, year: str) -> dict[tuple[str, str], Fact]:
    """Whole-year facts by body and name, without scenario; a plan comes before other bases."""
    rank = {"plan": 0, "forecast": 1, "actual": 2}
    found: dict[tuple[str, str], Fact] = {}
    rows = [r for r in position.book.facts if r.year == year and not r.month]
    for row in sorted(rows, key=lambda r: -rank.get(r.basis or "", 3)):
        if not (row.scenario or row.scheme or row.group):
            found[row.organisation, row.fact] = row
    return found


def payer_inputs(
    totals: Totals,
    year: str,
    codes: tuple[str, ...],
    opportunities: Mapping[str, int] | None = None,
    gap: int = 0,
) -> dict[str, PayerInputs]:
    """Everything that a policy may ask of each payer, by code."""
    facts = facts_of(totals.position, year)
    bounds = burden_limits(totals.position, year, gap)
    return {
        code: _one(totals, facts, year, code, (opportunities or {}).get(code), bounds.get(code))
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
    facts: Mapping[tuple[str, str], Fact],
    year: str,
    code: str,
    opportunity: int | None,
    bound: tuple[int, Limit] | None,
) -> PayerInputs:
    allocation = whole_allocation(totals, code, year)
    stands = measured(totals, code, year, "plan")
    target = totals.control_total(code, year)
    entries = [*allocation.entries, *stands.entries, *target.entries]
    headroom = None
    if stands.as_written is not None and target.pence is not None:
        headroom = stands.as_written - target.pence
    fair = facts.get((code, "target_allocation"))
    distance = None
    if fair is not None and allocation.pence is not None:
        distance = allocation.pence - int(fair.value)
        entries.append(fair.entry)
    payer = Payer(
        code,
        allocation=allocation.pence,
        headroom=headroom,
        distance=distance,
        opportunity=opportunity,
        ceiling=bound[0] if bound else None,
    )
    if bound:
        entries.append(bound[1].entry)
    payer, people_entries, looked_up = _people(totals, facts, year, payer)
    inputs = tuple(
        f"{measure}/{code}/{year}/plan"
        for measure in (MEASURED, "control_total")
        if headroom is not None
    )
    listed = totals.tree.organisations.get(code)
    number = listed.row.number if listed else 0
    return PayerInputs(
        payer, (*entries, *people_entries), inputs, looked_up, number, allocation.pence
    )


def where(known: Mapping[str, PayerInputs], codes: Iterable[str]) -> str:
    """The rows of organisations in which these bodies stand, as every finding names them."""

    numbers = sorted({known[code].row for code in codes if code in known and known[code].row})
    return "organisations " + ", ".join(f"row {n}" for n in numbers) if numbers else "organisations"


def _people(
    totals: Totals, facts: Mapping[tuple[str, str], Fact], year: str, payer: Payer
) -> tuple[Payer, tuple[int, ...], tuple[str, ...]]:
    """People, need and deprivation: the book first, then the packaged geography."""
    entries: list[int] = []
    given: dict[str, Any] = {}
    organisation = totals.tree.organisations.get(payer.code)
    if organisation is not None:
        spell = organisation.spell(year)
        row = spell.row if spell else organisation.row
        names = {"population": "population", "deprivation": "deprivation"}
        names["score"] = "deprivation_score"
        given = {
            name: row.cell(column) for name, column in names.items() if row.cell(column) is not None
        }
        need = row.need_index
        if need is not None and "population" in given:
            given["weighted_population"] = float(given["population"]) * float(need)
        if given:
            entries.append(row.entry)
    weighted = facts.get((payer.code, "weighted_population"))
    if weighted is not None:
        given["weighted_population"] = float(weighted.value)
        entries.append(weighted.entry)
    looked_up: list[str] = []
    found = reference(payer.code, year)
    if found is not None:
        known = found[2]
        for name, value in (
            ("population", known.people),
            ("deprivation", known.share_most_deprived_fifth),
            ("score", known.score),
        ):
            if given.get(name) is None:
                given[name] = value
                looked_up.append(name)
    if given.get("population") is not None:
        given["population"] = int(given["population"])
    return replace(payer, **given), tuple(entries), tuple(looked_up)


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
