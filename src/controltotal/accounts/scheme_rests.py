"""What numbers about schemes rest on: the schemes that they count, and what assesses and plans these."""

from __future__ import annotations

from collections.abc import Iterable

from controltotal.accounts.made_of import Part, Rests, Row, entries_of
from controltotal.accounts.scheme_assurance import LAST, a_month_before, waits
from controltotal.accounts.scheme_ground import Ground
from controltotal.book.record import Record
from controltotal.book.records import Scheme
from controltotal.workings.harm import ceilings
from controltotal.workings.totals import figure_id
from controltotal.workings.workings import Workings

UNIDENTIFIED = "unidentified"
"""How far what has no scheme is: it is a figure, and no scheme's."""


def scheme_rows(workings: Workings, schemes: Iterable[Scheme], year: str) -> tuple[int, ...]:
    """The rows of some schemes in the register, and those of their plan of a year."""
    amounts = workings.month.totals.amounts
    rows: list[Record] = []
    for scheme in schemes:
        planned = amounts.of_scheme.get(scheme.id, ())
        rows.append(scheme)
        rows += [one for one in planned if one.basis == "plan" and one.year == year]
    return entries_of(rows)


def _awaited(ground: Ground, schemes: Iterable[Scheme], year: str) -> tuple[Part, ...]:
    """What the plans of schemes that wait have for a year, each as a part, in pence."""
    return tuple(
        Part(
            "awaited.plan_pence",
            {"organisation": ground.home(one.organisation), "year": year, "scheme": one.id},
            ground.savings.in_year(one, year, "plan"),
        )
        for one in schemes
    )


def of_waiting(workings: Workings, table: str, column: str, row: Row) -> Rests:
    """Schemes that wait for one thing, or for any: each of them, with what its plan has for the year."""
    year, wanted = str(row["year"]), str(row["waits_for"] or "")
    ground = Ground(workings.savings, year)
    held = []
    for scheme in ground.planned(str(row["organisation"])):
        found = waits(ground, scheme)
        if wanted in found if wanted else found:
            held.append(scheme)
    return Rests(_awaited(ground, held, year), (), scheme_rows(workings, held, year))


def of_refused(workings: Workings, table: str, column: str, row: Row) -> Rests:
    """A scheme that quality refused: its plan, or what was assessed and said of it."""
    code, year = str(row["scheme"]), str(row["year"])
    own = [one for one in workings.position.book.schemes if one.id == code]
    if column == "plan_pence":
        return Rests(entries=scheme_rows(workings, own, year))
    evidence = workings.savings.judgements[code].evidence
    gates = [one for name in ("QIA", "EQIA") for one in evidence.gates.get(name, ())]
    return Rests(entries=entries_of((*evidence.assessments, *evidence.refusals, *gates)))


def of_harm(workings: Workings, table: str, column: str, row: Row) -> Rests:
    """Schemes that meet at one service, place or group: their assessments, or the limit that is set."""
    year, where = str(row["year"]), (row["organisation"], row["group"])
    found = [
        one for one in ceilings(workings.savings, year) if (one.organisation, one.group) == where
    ]
    if column == "ceiling":
        return Rests(entries=entries_of(one.limit for one in found if one.limit is not None))
    codes = {code for one in found for code, _ in one.schemes}
    rows = [one for one in workings.position.book.assessments if one.scheme in codes]
    return Rests(entries=entries_of(rows))


def of_maturity(workings: Workings, table: str, column: str, row: Row) -> Rests:
    """Savings by how far the evidence shows their schemes to be, now or a month before."""
    code, year, stage = str(row["organisation"]), str(row["year"]), str(row["maturity"])
    if stage == UNIDENTIFIED:
        return Rests(figures=(figure_id("savings_unidentified", code, year, "plan"),))
    ground = Ground(workings.savings, year)
    then = a_month_before(workings, code, year) or {} if row["when"] == LAST else None
    schemes = [
        one
        for one in ground.planned(code)
        if stage == (ground.savings.maturity(one.id) if then is None else then.get(one.id))
    ]
    parts = _awaited(ground, [one for one in schemes if waits(ground, one)], year)
    whole = len(parts) == len(schemes)
    return Rests(parts if whole else (), (), scheme_rows(workings, schemes, year))
