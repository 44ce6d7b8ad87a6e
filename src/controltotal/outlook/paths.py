"""The way of a body from its starting gap: pressures, savings planned, and what schemes bring.

One path starts from each scenario whose surplus is known, measured against the control total in
force, else against break-even. What schemes of the plan bring in a year ahead is told beside the
starting year: a part-year saving reaches its full year, and one that does not repeat falls away.
"""

from __future__ import annotations

from dataclasses import dataclass

from controltotal.core.calendar import next_year
from controltotal.core.kept import kept_from_below
from controltotal.programme.phasing import in_plan, in_year_effect
from controltotal.workings import gaps
from controltotal.workings.local_price import KIND, price_change
from controltotal.workings.measured import support_that_counts
from controltotal.workings.totals import Totals, figure_id
from controltotal.workings.value import Value, unknown
from controltotal.workings.workings import Workings

BASIS_ORDER = ("forecast", "plan", "actual")


@dataclass(frozen=True, slots=True)
class Carried:
    """What schemes in the plan bring in a year ahead beside the starting year, in pence, nil or more.

    `flow_through` is what those that recur bring more, `ended` what those that do not bring less.
    """

    flow_through: int = 0
    ended: int = 0
    entries: tuple[int, ...] = ()

    @property
    def net(self) -> int:
        """Favourable positive."""
        return self.flow_through - self.ended


@dataclass(frozen=True, slots=True)
class Path:
    """One body's way from a starting gap: everything in pence, one item a year after the start.

    `carried` is each year's beside the starting year, not beside the year before it.
    """

    code: str
    start: str
    scenario: str
    surplus: int
    gap: int
    target: str
    start_id: str
    pressures: tuple[int, ...]
    planned: tuple[tuple[int, int], ...]  # recurrent, non-recurrent
    carried: tuple[Carried, ...]
    entries: tuple[int, ...]
    prices: tuple[int, ...] = ()
    """What price modifications bring in each year ahead beside the starting year, where the target
    counts support: below nil as a taper runs down."""

    @property
    def turns(self) -> tuple[int, ...]:
        """What changes in each year by itself, before a new saving: positive makes the gap wider."""
        brought = [
            one.net + price for one, price in zip(self.carried, self.prices_by_year, strict=True)
        ]
        return tuple(
            pressure - (now - was)
            for pressure, now, was in zip(self.pressures, brought, (0, *brought), strict=False)
        )

    @property
    def prices_by_year(self) -> tuple[int, ...]:
        """Price modifications beside the starting year, nil in every year where none are counted."""
        return self.prices or (0,) * len(self.carried)

    @property
    def years(self) -> tuple[str, ...]:
        """The years after the start."""
        return tuple(next_year(self.start, n + 1) for n in range(len(self.pressures)))


def paths(
    workings: Workings, code: str, years: int, start: str | None, to: str | None
) -> list[Path]:
    """A path for each scenario in which a body's starting surplus is known."""
    totals = workings.totals
    stated = [start] if start else sorted(totals.position.years, reverse=True)
    for year in stated:
        found = []
        for scenario in _scenarios(totals, code, year):
            for basis in BASIS_ORDER:
                if totals.adjusted(code, year, basis, scenario).known:
                    found.append(_path(workings, code, year, basis, scenario, years, to))
                    break
        if found:
            return found
    return []


def _scenarios(totals: Totals, code: str, year: str) -> list[str]:
    if not totals.tree.exists(code, year):
        return []
    return sorted({scenario for _, scenario in totals.reports(code, year)})


def _path(
    workings: Workings, code: str, year: str, basis: str, scenario: str, years: int, to: str | None
) -> Path:
    """The starting gap against the control total in force, else break-even, and what is planned."""
    totals = workings.totals
    surplus = totals.adjusted(code, year, basis, scenario)
    assert surplus.pence is not None
    against = totals.control_scenario(code, year, scenario)
    gap = gaps.gap(totals, code, year, basis, scenario)
    total = totals.control_total(code, year, against)
    use_total = total.known and gap.pence is not None and to != "breakeven"
    size = gap.pence if use_total and gap.pence is not None else -surplus.pence
    measure = "gap" if use_total else "gap_breakeven"
    pressures: list[int] = []
    planned: list[tuple[int, int]] = []
    carried: list[Carried] = []
    entries: list[int] = []
    for n in range(years):
        ahead = next_year(year, n + 1)
        pressure = _facts(totals, code, ahead, "pressure", scenario)
        pressures.append(pressure.pence or 0)
        recurrent = _facts(totals, code, ahead, "savings_planned", scenario, "recurrent")
        once = _facts(totals, code, ahead, "savings_planned", scenario, "non_recurrent")
        planned.append((recurrent.pence or 0, once.pence or 0))
        carried.append(_carried(workings, code, year, basis, ahead))
        for value in (pressure, recurrent, once, carried[-1]):
            entries += value.entries
    return Path(
        code,
        year,
        scenario,
        surplus.pence,
        size,
        "control total" if use_total else "break-even",
        figure_id(measure, code, year, basis, scenario),
        tuple(pressures),
        tuple(planned),
        tuple(carried),
        tuple(dict.fromkeys(entries)),
        _prices(workings, code, year, basis, years) if use_total and not scenario else (),
    )


def _prices(workings: Workings, code: str, start: str, basis: str, years: int) -> tuple[int, ...]:
    """What price modifications bring in each year ahead, where the control total counts support."""
    totals = workings.totals
    if not support_that_counts(totals, code, start, basis).pence:
        return ()
    bodies = _price_bodies(workings, code, start)
    found = [
        sum(price_change(totals.position, c, start, next_year(start, n + 1)) for c in bodies)
        for n in range(years)
    ]
    return tuple(found) if any(found) else ()


def _price_bodies(workings: Workings, code: str, year: str) -> list[str]:
    """The body and those below it between whom a price modification may pass."""
    ends = {
        end
        for row in workings.position.book.transfers
        if row.kind == KIND and row.status == "agreed"
        for end in (row.from_, row.to)
    }
    return sorted(ends & {code, *workings.tree.descendants(code, year)})


def _carried(workings: Workings, code: str, start: str, basis: str, ahead: str) -> Carried:
    """What the schemes in the plan bring to a body and those below it in a year ahead."""
    if not workings.position.book.schemes:
        return Carried()
    label = ("carried", start, basis, ahead)
    changes = workings.once(label, lambda: _scheme_changes(workings, start, basis, ahead))
    bodies = {code, *workings.totals.tree.descendants(code, start)}
    here = [(pence, entry) for body in sorted(bodies) for pence, entry in changes.get(body, ())]
    return Carried(
        sum(pence for pence, _ in here if pence > 0),
        -sum(pence for pence, _ in here if pence < 0),
        tuple(sorted({entry for _, entry in here})),
    )


def _scheme_changes(
    workings: Workings, start: str, basis: str, ahead: str
) -> dict[str, list[tuple[int, int]]]:
    """By body: what each scheme of the plan brings in a year beside the starting year, its entry.

    The starting position holds every scheme in the plan, so that what does not repeat falls away
    whether or not the scheme counts; what comes on top counts for eligible schemes alone.
    """
    found: dict[str, list[tuple[int, int]]] = {}
    savings, amounts = workings.savings, workings.amounts
    for row in workings.position.book.schemes:
        if not in_plan(row) or row.maturity == "unidentified":
            continue
        was = in_year_effect(row, start, basis, amounts)
        if not was:  # the starting position holds nothing of it
            continue
        now = in_year_effect(row, ahead, "plan", amounts)
        if now is None:  # phased by its own rows, without a start
            now = 0 if row.recurrence == "non_recurrent" else row.full_year_effect
        if savings.judgements[row.id].stops_after is not None:
            now = 0  # a condition of its running is overdue
        change = now - was
        if not change or (change > 0 and row.id in savings.excluded(start)):
            continue
        for body, pence in workings.effects.of(row, start).split(abs(change)).items():
            found.setdefault(body, []).append((pence if change > 0 else -pence, row.entry))
    return found


@kept_from_below
def _facts(
    totals: Totals, code: str, year: str, fact: str, scenario: str, group: str | None = None
) -> Value:
    """A fact of money of a body in a year, its main scenario where it has none of this one.

    What only the bodies below state is added up for their parent.
    """
    rows = [
        row
        for row in totals.position.facts(code, year, fact)
        if not row.month and (group is None or (row.group or "recurrent") == group)
    ]
    own = [row for row in rows if (row.scenario or "") == scenario]
    rows = own or [row for row in rows if not row.scenario]
    for basis in BASIS_ORDER:
        chosen = [row for row in rows if (row.basis or basis) == basis]
        if chosen:
            return Value(
                sum(int(r.value) for r in chosen), fact, (), tuple(r.entry for r in chosen)
            )
    below = [
        _facts(totals, kid, year, fact, scenario, group) for kid in totals.children(code, year)
    ]
    if any(value.known for value in below):
        entries = tuple(entry for value in below for entry in value.entries)
        return Value(sum(value.pence or 0 for value in below), f"{fact} below", (), entries)
    return unknown("not_stated", f"no {fact} is stated", bare=True)
