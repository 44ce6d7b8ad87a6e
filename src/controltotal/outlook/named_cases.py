"""Where the year ends in three named cases, each a plain sum that anybody can check.

*If the forecast holds* is what the year starts from: the months recorded and the forecast, else the
plan, of those ahead. *If the last three months repeat* is the plan of the year, the variance to
date, and in each month left what those three were against their plan (`if_repeated` of `position`).
*If only what is assured delivers* takes out of the first what it holds, in the months ahead, of
schemes that are not assured or that a ceiling of harm keeps out, and of savings with no scheme yet;
what is assured delivers in full, the same money as another scheme too. The risk register is in none
of them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from controltotal.core.calendar import MONTH_NAMES, month_words
from controltotal.core.money import format_pounds, position_words
from controltotal.outlook.inputs import Inputs
from controltotal.outlook.model import MONTHS
from controltotal.workings.workings import Workings

HOLDS = "if the forecast holds"
PLAN_HOLDS = "if the plan holds"
REPEAT = "if the last three months repeat"
ASSURED = "if only what is assured delivers"
LAST_MONTHS = 3
NAMED = 3
"""Schemes that a sentence names, the largest first."""


@dataclass(frozen=True, slots=True)
class Case:
    """One case of a body: pence without support, positive a surplus; None where it is not told.

    `held` is what the case takes out, by scheme, in pence; savings with no scheme yet are under the
    empty name.
    """

    name: str
    pence: int | None
    rule: str
    held: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Heading:
    """The cases of a body in a year, and the last month recorded by all that it is made of.

    `alike` says that all of them are recorded to that same month.
    """

    month: int
    cases: tuple[Case, ...]
    alike: bool = True

    def case(self, name: str) -> Case | None:
        """A case by its name."""
        return next((one for one in self.cases if one.name == name), None)


def is_over(inputs: Inputs, node: str) -> bool:
    """Whether the first year of a node is over: all that it is made of is recorded to March."""
    assert inputs.model is not None
    base = inputs.arrangement.base
    months = [base[slot].month for slot in inputs.model.under(node) if slot in base]
    return bool(months) and min(months) == MONTHS


def rests_on(inputs: Inputs, node: str, number: int, names: Sequence[str]) -> Sequence[str]:
    """Of the sources that fall on a node, those that bear on a year: none on one that is over."""
    return () if number == 0 and is_over(inputs, node) else names


def headings(workings: Workings, inputs: Inputs) -> dict[str, Heading]:
    """The cases of every body that can be told."""
    found = {}
    for node, mode in inputs.arrangement.mode.items():
        if mode != "unknown":
            found[node] = _heading(workings, inputs, node)
    return found


def _heading(workings: Workings, inputs: Inputs, node: str) -> Heading:
    arrangement = inputs.arrangement
    assert inputs.model is not None
    under = inputs.model.under(node)
    bases = [arrangement.base[slot] for slot in under if slot in arrangement.base]
    month = min((one.month for one in bases), default=0)
    holds = sum(one.pence for one in bases)
    on_plan = any(one.basis == "plan" for one in bases)
    cases = [
        Case(
            PLAN_HOLDS if on_plan else HOLDS,
            holds,
            "the months recorded, then the forecast where there is one, else the plan",
            {},
        )
    ]
    if month and any(one.month < MONTHS for one in bases):
        repeated = workings.month.if_repeated(node, inputs.year, LAST_MONTHS)
        cases.append(Case(REPEAT, repeated.pence, repeated.rule, {}))
    held = _not_assured(inputs, under)
    rule = "the first case without what it holds of schemes that are not assured or kept out"
    cases.append(Case(ASSURED, holds - sum(held.values()), rule, held))
    return Heading(month, tuple(cases), all(one.month == month for one in bases))


def _not_assured(inputs: Inputs, under: tuple[str, ...]) -> dict[str, int]:
    """What the months ahead hold of each scheme that is not assured or kept out, and of those not
    yet found."""
    held: dict[str, int] = {}
    for slot in under:
        for scheme, pence in inputs.planned.get(slot, {}).items():
            if scheme in inputs.refused or scheme in inputs.kept_out:
                held[scheme] = held.get(scheme, 0) + pence
    lacking = sum(inputs.lacking.get(slot, 0) for slot in under)
    return {name: pence for name, pence in held.items() if pence} | (
        {"": lacking} if lacking else {}
    )


def sentence(label: str, heading: Heading) -> str:
    """The cases in one sentence, each with its sum."""
    parts = [
        f"{one.name} the year ends at {position_words(one.pence)}"
        for one in heading.cases
        if one.pence is not None
    ]
    text = "; ".join([parts[0], *(part.replace("the year ends ", "") for part in parts[1:])])
    since = f", {recorded_words(heading.month)}" if heading.month else ""
    return f"{label}{since}: {text}."


def held_words(label: str, inputs: Inputs, heading: Heading) -> str:
    """Which schemes that are not assured the forecast counts on, how much and in which months."""
    assured = heading.case(ASSURED)
    found = {name: pence for name, pence in (assured.held if assured else {}).items() if name}
    held = {name: pence for name, pence in found.items() if name in inputs.refused}
    out = {name: pence for name, pence in found.items() if name not in held}
    kept_out = _kept_out_words(out)
    if not held:
        return f"{label}: {kept_out}." if kept_out else ""
    ranked = sorted(held, key=lambda name: (-abs(held[name]), name))
    named = [_scheme_words(inputs, name, held[name]) for name in ranked[:NAMED]]
    rest = len(ranked) - len(named)
    if rest:
        pence = sum(held[name] for name in ranked[NAMED:])
        named.append(f"{rest} more ({format_pounds(pence)})")
    listed = named[0] if len(named) == 1 else f"{', '.join(named[:-1])} and {named[-1]}"
    when = f"in {ahead_words(heading.month)} " if 0 < heading.month < MONTHS else ""
    when = when if heading.alike else "in the months ahead "
    basis = "plan" if heading.cases[0].name == PLAN_HOLDS else "forecast"
    which = "which is" if len(ranked) == 1 else "none of them"
    text = f"{label}: the {basis} counts {when}on {listed}, {which} assured".replace(
        "which is assured", "which is not assured"
    )
    return f"{text}; {kept_out}." if kept_out else f"{text}."


def _kept_out_words(out: Mapping[str, int]) -> str:
    """What assured schemes that do not count were to bring, and why they do not."""
    if not out:
        return ""
    pence = format_pounds(sum(out.values()))
    which, keeps = (
        ("1 scheme", "it needs") if len(out) == 1 else (f"{len(out)} schemes", "they need")
    )
    return f"{pence} in it is of {which} that a ceiling of harm or what {keeps} keeps out"


def _scheme_words(inputs: Inputs, name: str, pence: int) -> str:
    """A scheme with its title and its money."""
    return f"{name} {inputs.held[name].title} ({format_pounds(pence)})"


def recorded_words(month: int) -> str:
    """How far a year is recorded.

    >>> recorded_words(9)
    'to month 9 (December)'
    """
    return f"to {month_words(month)}"


def ahead_words(month: int) -> str:
    """The months after the last one recorded.

    >>> ahead_words(9), ahead_words(11)
    ('January to March', 'March')
    """
    first = MONTH_NAMES[month]
    return first if month == MONTHS - 1 else f"{first} to {MONTH_NAMES[-1]}"
