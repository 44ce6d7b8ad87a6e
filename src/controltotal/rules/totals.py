"""Control totals: a body's own, a system's, a region's, and changes that must cancel out.

A system's control total is the sum of its bodies' unless one is set; it is met when the surpluses
added up reach it, and each body's own test stands beside. Net-neutral changes sum to nil.
Source: domain guide 6 and 9; HSJ 7024091, 7010745; HFMA July 2016.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from controltotal.book.records import ControlTotal
from controltotal.rules.case import Case, rule
from controltotal.rules.form import BODIES, Missing, Outcome, Rule, pounds, told
from controltotal.rules.reading import Reading
from controltotal.workings.measured import MEASURED
from controltotal.workings.totals import figure_id


def has_control_total(reading: Any, code: str, year: str) -> bool:
    """Whether the book records any control total of a body in a year."""
    return bool(reading.totals.control_rows(code, year)) or bool(
        reading.totals.amounts.in_doubt("control_totals", code, year)
    )


def total_below(reading: Any, code: str, year: str) -> bool:
    """Whether a grouping is measured: in 2019/20 all were, else where totals are recorded."""
    return (
        year == "2019-20"
        or has_control_total(reading, code, year)
        or any(has_control_total(reading, body, year) for body in _candidates(reading, code, year))
    )


def _candidates(reading: Any, code: str, year: str) -> tuple[str, ...]:
    """The bodies below a grouping of which a control total may be recorded."""
    totals, tree = reading.totals, reading.tree
    if "control_totals" in totals.position.stopped_tables:
        below: tuple[str, ...] = tree.descendants(code, year)
        return below
    found: tuple[str, ...] = tree.inside(code, year, totals.controlled(year))
    return found


def own_total_binds(reading: Any, code: str, year: str) -> bool:
    """Providers had control totals from 2016/17 and commissioners from 2018/19 to 2019/20."""
    first = "2016-17" if reading.tree.kind(code) == "provider" else "2018-19"
    return has_control_total(reading, code, year) or (first <= year <= "2019-20")


def measured_surplus(case: Case, code: str = "") -> int:
    """The position that counts towards a control total: with support only where that is said."""
    code = code or case.code
    basis, value = case.measured(code, case.year)
    if value.kind == "undecided" and case.totals.adjusted(code, case.year, basis).reported:
        what = f"whether support counts towards the control total of {case.name(code)}"
        raise Missing(what, kind="undecided")
    return case.told(value, basis, MEASURED, code, case.year)


def _judged_within(case: Case, total: int, shown: int | None) -> Outcome | None:
    """The outcome where only bounds of the measured position are known; else None."""
    basis, value = case.measured(case.code, case.year)
    if value.known or not value.reported:
        return None
    case.inputs.append(figure_id(MEASURED, case.code, case.year, basis))
    low, high = value.ends
    return case.judge_within(
        None if low is None else low - total,
        None if high is None else high - total,
        shown,
        beyond=value.bounds_said == {"over"},
    )


@rule(
    "own_control_total",
    "A body's own control total",
    kinds=BODIES | {"pool"},
    value="surplus as the control total measures it, less control total",
    formula="surplus >= control total",
    inputs=("surplus", "control total"),
    needs=own_total_binds,
    halves="both",
    source="HSJ 7010745; HFMA July 2016",
    example="control total (2), surplus (3.0): 1.0 short",
    invariants=("scales with money",),
)
def own_control_total(case: Case) -> Outcome:
    """A body must do no worse than the control total it accepted. Support counts only where the
    control total says that it does."""
    total = case.control_total()
    within = _judged_within(case, total, None)
    if within is not None:
        return within
    surplus = measured_surplus(case)
    margin = surplus - total
    case.say(
        told("surplus {surplus} against a control total of {total}", surplus=surplus, total=total)
    )
    word = "better" if margin > 0 else "worse"
    why = f"{pounds(abs(margin))} {word} than the control total" if margin else "exactly on it"
    return case.judge(margin, margin, why=why)


def _sum_of_totals(case: Case) -> Outcome:
    """A grouping's control total, and whether the surpluses below it reach it."""
    total = case.control_total()
    case.so_far = total
    for kid in case.totals.children(case.code, case.year):
        value = case.totals.control_total(kid, case.year, "")
        if value.pence is not None:
            case.say(f"{case.name(kid)}: {pounds(value.pence)}")
    within = _judged_within(case, total, total)
    if within is not None:
        return within
    surplus = measured_surplus(case)
    margin = surplus - total
    case.say(told("surpluses added up {surplus} against {total}", surplus=surplus, total=total))
    ends = "met, with {margin} to spare" if margin >= 0 else "missed by {margin}"
    why = told(f"the control total is {{total}}; {ends}", total=total, margin=abs(margin))
    return case.judge(margin, total, why=why)


@rule(
    "system_control_total",
    "Control total of a system",
    kinds="system cluster",
    value="the system's control total",
    formula="sum of surpluses >= sum of control totals (or the total set for the system)",
    inputs=("control totals", "surpluses"),
    needs=total_below,
    halves="both",
    source="HSJ 7024091; HSJ 7010745",
    example="+2, (8) and (4) make (10); a swap of 1 between two of them keeps it",
    invariants=(
        "parts sum to the whole",
        "the same through any path of the tree",
        "a net-neutral change keeps it",
        "scales with money",
    ),
)
def system_control_total(case: Case) -> Outcome:
    """The control totals of a system's bodies added up, or the one set for it. The system meets it
    when its bodies' surpluses together reach it, whoever among them does better or worse."""
    return _sum_of_totals(case)


@rule(
    "regional_control_total",
    "Control total of a region",
    kinds="region",
    value="the region's control total",
    formula="sum of the systems' surpluses >= the region's total",
    inputs=("control totals", "surpluses"),
    first="2019-20",
    last="2019-20",
    known="2019-01-31",
    needs=total_below,
    source="HSJ 7024091; HSJ 7025223",
    example="systems (10) and 4 make (6)",
    invariants=("parts sum to the whole", "scales with money"),
)
def regional_control_total(case: Case) -> Outcome:
    """In 2019/20 each of seven regions had an aggregate control total over its systems."""
    return _sum_of_totals(case)


@dataclass(frozen=True, slots=True)
class Change:
    """One accepted control total of a body after another: the change is known from its day."""

    code: str
    before: ControlTotal
    after: ControlTotal

    @property
    def day(self) -> str:
        """When the change is known; nothing where its row has no date."""
        return self.after.known.isoformat() if self.after.known else ""

    @property
    def pence(self) -> int:
        """By how much the control total moved."""
        return self.after.amount - self.before.amount


def changes_inside(reading: Any, code: str, year: str) -> Iterator[Change]:
    """Every change of a control total of the bodies of a system, by body and then by date."""
    changed = reading.totals.controlled(year, 2)
    for body in sorted({*reading.tree.inside(code, year, changed)} - {code}):
        rows = [r for r in reading.totals.control_rows(body, year) if r.status == "accepted"]
        for before, after in pairwise(rows):
            yield Change(body, before, after)


def _set_from_above(changes: Iterable[Change], inside: frozenset[str]) -> bool:
    """Whether all who made the changes of a day are named, and none of them is of the system."""
    setters = {(change.after.set_by or "").lower() for change in changes if change.pence}
    return bool(setters) and not any(by in inside or not by for by in setters)


@rule(
    "net_neutral_change",
    "Changes that must cancel out",
    kinds="system",
    first="2019-20",
    known="2019-01-31",
    value="by how much changes made inside the system moved its total",
    formula="sum over bodies of (new control total - old) = 0, for each day of change",
    inputs=("control totals and their dates", "who set them"),
    needs=lambda reading, code, year: any(changes_inside(reading, code, year)),
    source="HSJ 7024091",
    example="+1 for one trust and (1) for another on one day: 0, allowed",
    invariants=("a net-neutral change keeps the system's total",),
)
def net_neutral_change(case: Case) -> Outcome:
    """Bodies of a system may exchange control total with each other if the changes of one day
    cancel out. A change set from above is no exchange, and is only noted."""
    inside = {case.code, *case.tree.descendants(case.code, case.year)}
    names = frozenset(word.lower() for code in inside for word in (code, case.name(code)))
    days: dict[str, list[Change]] = {}
    for change in changes_inside(case, case.code, case.year):
        case.entries.update((change.before.entry, change.after.entry))
        days.setdefault(change.day or "no date", []).append(change)
    moved, from_above = 0, 0
    for day, found in sorted(days.items()):
        net = sum(change.pence for change in found)
        each = ", ".join(f"{case.name(one.code)} {pounds(one.pence)}" for one in found)
        if net and _set_from_above(found, names):
            case.say(f"{day}: {each}; set from above, net {pounds(net)}")
            from_above += net
            continue
        case.say(f"{day}: {each}; net {pounds(net)}")
        if net and any(one.pence and not one.after.set_by for one in found):
            raise Missing(f"who set the control totals changed on {day}")
        moved += net
    why = "the changes cancel out" if not moved else f"the system's total moved by {pounds(moved)}"
    if not moved and from_above:
        why = f"no exchange inside the system; from above its total moved by {pounds(from_above)}"
    return case.done(moved, "met" if not moved else "breached", why=why, consequence=moved)


def changes(reading: Reading, code: str, year: str) -> list[dict[str, object]]:
    """Every change of a control total inside a system, and whether the changes of its day cancel.

    Rows of system, day, organisation, from, to, change, who set it, and the net of the day.
    """
    rows: list[dict[str, object]] = []
    nets: dict[str, int] = {}
    for change in changes_inside(reading, code, year):
        nets[change.day] = nets.get(change.day, 0) + change.pence
        rows.append(
            {
                "system": code,
                "year": year,
                "day": change.day,
                "organisation": change.code,
                "from_pence": change.before.amount,
                "to_pence": change.after.amount,
                "change_pence": change.pence,
                "set_by": change.after.set_by or "not stated",
            }
        )
    found = []
    for row in sorted(rows, key=lambda r: (str(r["day"]), str(r["organisation"]))):
        net = nets[str(row["day"])]
        found.append({**row, "net_of_day_pence": net, "net_neutral": net == 0})
    return found


RULES: tuple[Rule, ...] = (
    own_control_total,
    system_control_total,
    regional_control_total,
    net_neutral_change,
)
