"""The activity what-if of each body in a book: from facts where given, else from its whole cost."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from controltotal.book.records import Fact
from controltotal.core.calendar import year_start
from controltotal.core.result import Answer
from controltotal.outlook.activity import SHARE_FACTS, CostParts, cost_change, what_if
from controltotal.outlook.nodes import base_of
from controltotal.workings.terms import parameter
from controltotal.workings.totals import ADJUSTED, Totals, figure_id

PARAMETERS = {
    "fixed": "activity_fixed_share",
    "semi_fixed": "activity_semi_fixed_share",
    "marginal": "activity_marginal_share",
    "step": "activity_semi_fixed_step",
}


def put_activity(answer: Answer, totals: Totals, year: str, asked: Sequence[str]) -> None:
    """Figures `outturn/…/activity` with parts `up_1` and `down_1`, and the table `activity`."""
    for code in asked:
        organisation = totals.tree.organisations.get(code)
        if organisation is None or organisation.is_grouping:
            continue
        base = base_of(totals, code, year)
        cost = _cost(totals, code, year)
        parts = _parts(answer, totals, code, year)
        if base is None or base[1].pence is None or cost is None or parts is None:
            continue
        shares, labels, verified, entries = parts
        basis, value = base
        assert value.pence is not None
        change = _change_to_date(totals, code, year)
        rule = (
            f"the {basis} if activity stays as it assumes"
            if change is None
            else f"the plan, less the cost of activity {change:+.1%} against its plan"
        )
        outturn = value.pence
        if change is not None:
            planned = totals.adjusted(code, year, "plan").pence
            outturn = (value.pence if planned is None else planned) - cost_change(
                cost, change, shares
            )
        inputs = [figure_id(ADJUSTED, code, year, basis)]
        name = figure_id("outturn", code, year, "forecast", "activity")
        status = "ok" if verified else "unverified"
        answer.figure(
            name,
            outturn,
            status="ok" if change is None else status,
            rule=rule,
            inputs=inputs,
            parameters=labels,
            entries=(*value.entries, *entries),
        )
        for part, step in (("up_1", 0.01), ("down_1", -0.01)):
            answer.figure(
                f"{name}/{part}",
                outturn - cost_change(cost, step, shares),
                status=status,
                rule=f"the same with activity {step:+.0%}: marginal cost moves, semi-fixed cost "
                "in steps, fixed cost not",
                inputs=[name],
                parameters=labels,
                entries=entries,
            )
        rows = what_if(outturn, cost, shares)
        answer.table(
            "activity",
            [
                {
                    "organisation": code,
                    "year": year,
                    **row,
                    "cost_pence": cost,
                    "fixed_share": shares.fixed,
                    "semi_fixed_share": shares.semi_fixed,
                    "marginal_share": shares.marginal,
                    "semi_fixed_step": shares.step,
                }
                for row in rows
            ],
        )


def _facts(totals: Totals, code: str, year: str, fact: str) -> list[Fact]:
    return [
        row
        for row in totals.position.book.facts
        if row.organisation == code and row.year == year and row.fact == fact and not row.scenario
    ]


def _cost(totals: Totals, code: str, year: str) -> int | None:
    """Cost that moves with activity, pence: unit cost x planned activity, else the whole cost.

    Where only an allocation and a position are stated, cost is what lies between them.
    """
    groups = _groups(totals, code, year)
    if groups and all(g.unit_cost is not None and g.plan_year is not None for g in groups.values()):
        return round(sum((g.unit_cost or 0) * (g.plan_year or 0) for g in groups.values()))
    for basis in ("forecast", "plan"):
        cost = totals.cost(code, year, basis)
        if cost.pence is not None:
            return -cost.pence
        surplus = totals.adjusted(code, year, basis)
        if surplus.pence is not None:
            income = totals.allocation(code, year)
            if income.pence is not None:
                return income.pence - surplus.pence
    return None


@dataclass
class Group:
    """Activity of one kind: by month, for the year as planned, and what one unit costs (pence)."""

    plan: dict[int, float] = field(default_factory=dict)
    actual: dict[int, float] = field(default_factory=dict)
    stated_year: float | None = None
    unit_cost: float | None = None

    @property
    def plan_year(self) -> float | None:
        """The year's planned activity: as stated, else its twelve months."""
        if self.stated_year is not None:
            return self.stated_year
        return sum(self.plan.values()) if len(self.plan) == 12 else None


def _groups(totals: Totals, code: str, year: str) -> dict[str, Group]:
    """The body's activity by group."""
    found: dict[str, Group] = {}
    for row in _facts(totals, code, year, "activity"):
        group = found.setdefault(row.group or "", Group())
        if row.month and row.month.isdigit():
            months = group.actual if row.basis == "actual" else group.plan
            months[int(row.month)] = float(row.value)
        elif not row.month and row.basis != "actual":
            group.stated_year = float(row.value)
    for row in _facts(totals, code, year, "unit_cost"):
        if (row.group or "") in found and row.basis != "actual":
            found[row.group or ""].unit_cost = float(row.value)
    return found


def _parts(
    answer: Answer, totals: Totals, code: str, year: str
) -> tuple[CostParts, tuple[str, ...], bool, tuple[int, ...]] | None:
    """Cost parts from the body's facts, else from parameters; with labels and entries."""
    values: dict[str, float] = {}
    labels, entries, verified = [], [], True
    for part, fact in SHARE_FACTS.items():
        rows = _facts(totals, code, year, fact)
        if rows:
            values[part] = float(rows[0].value)
            entries.append(rows[0].entry)
            continue
        default = parameter(totals.position.parameters, PARAMETERS[part], year_start(year))
        if default is None:
            return None
        values[part] = float(default.number)
        labels.append(default.label)
        verified &= default.verified
    parts = CostParts(**values)
    if not parts.whole:
        rows = [row for fact in SHARE_FACTS.values() for row in _facts(totals, code, year, fact)]
        answer.finding(
            code="ACTIVITY_PARTS",
            severity="error",
            organisation=code,
            where=", ".join(row.where for row in rows) or "parameters row 1",
            message="The fixed, semi-fixed and marginal parts of cost do not make one whole.",
            expected="1",
            found=f"{parts.fixed + parts.semi_fixed + parts.marginal:g}",
            action="Give all three shares so that they sum to 1, and a step above 0.",
        )
        return None
    return parts, tuple(labels), verified, tuple(entries)


def _change_to_date(totals: Totals, code: str, year: str) -> float | None:
    """Activity to date against its plan, weighted by unit cost, where both are given by month."""
    groups = _groups(totals, code, year)
    if not groups or (len(groups) > 1 and any(g.unit_cost is None for g in groups.values())):
        return None
    actual, plan = 0.0, 0.0
    for group in groups.values():
        shared = set(group.actual) & set(group.plan)
        weight = 1.0 if group.unit_cost is None else group.unit_cost
        actual += weight * sum(group.actual[month] for month in shared)
        plan += weight * sum(group.plan[month] for month in shared)
    return actual / plan - 1 if plan > 0 else None
