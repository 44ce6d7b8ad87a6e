"""The position as a control total measures it: the only one set beside a control total.

It is the adjusted surplus, without what a body cannot control, and with agreed support where the
control total includes it. Gap, variance, chances and charts read it here. Source: the book's
design, section 4, Adjusted performance and Support is never improvement.
"""

from __future__ import annotations

from controltotal.core.kept import kept_from_below
from controltotal.core.period import is_whole_year
from controltotal.workings.totals import ADJUSTED, Totals, figure_id
from controltotal.workings.value import Value, total, unknown, untold

MEASURED = "measured"
WITHOUT = "the adjusted surplus, without support"
NOBODY_SAYS = "the control total does not say whether support counts"


@kept_from_below
def support_counts(totals: Totals, code: str, year: str, scenario: str) -> bool | None:
    """Whether support counts towards the control total in force; None where nobody says."""
    live, _ = totals.live_control_total(code, year, scenario)
    if live is not None:
        stated = live.includes_support
        return None if stated is None else bool(stated)
    said = _said_below(totals, code, year, scenario)
    return said.pop() if len(said) == 1 else None


def _said_below(totals: Totals, code: str, year: str, scenario: str) -> set[bool | None]:
    """What the bodies below say of support, where the control total is only their sum."""
    live, _ = totals.live_control_total(code, year, scenario)
    kids = () if live is not None else totals.children(code, year)
    return {support_counts(totals, kid, year, scenario) for kid in kids}


@kept_from_below
def measured(totals: Totals, code: str, year: str, basis: str, scenario: str = "") -> Value:
    """A body's position as its control total measures it; without one, support is left out."""
    against = totals.control_scenario(code, year, scenario)
    adjusted = totals.adjusted(code, year, basis, scenario)
    ids = (figure_id(ADJUSTED, code, year, basis, scenario),)
    counts = support_counts(totals, code, year, against)
    if counts:
        found = _with_support(totals, code, year, basis, scenario, adjusted)
        passed = passed_on(totals, code, year, basis, scenario, against)
        if passed and found.reported:
            below = _of_those_below(totals, code, year, basis, scenario, against)
            return below or unknown("undecided", NOBODY_SAYS, inputs=ids, entries=found.entries)
        return found
    if counts is None and totals.control_total(code, year, against).known:
        below = _of_those_below(totals, code, year, basis, scenario, against)
        if below is not None and adjusted.reported and below.pence != adjusted.pence:
            return below
        support = totals.support(code, year, basis, scenario)
        if support.pence is not None:
            passed = passed_on(totals, code, year, basis, scenario, against)
            support = support._replace(pence=support.pence - passed)
        if _support_matters(totals, code, year, against, support):
            return below or unknown("undecided", NOBODY_SAYS, inputs=ids, entries=support.entries)
    if not adjusted.reported:
        return untold(adjusted, "the adjusted surplus is not known", inputs=ids)
    return adjusted._replace(rule=WITHOUT, inputs=ids, entries=(), missing=())


@kept_from_below
def passed_on(
    totals: Totals, code: str, year: str, basis: str, scenario: str = "", against: str = ""
) -> int:
    """Support, net, that bodies without a purse of their own moved to those inside them, in pence.

    A region whose control total is only the sum of those below has no position that what it gave
    them could make worse: each of them is measured with what it received. Negative is given. It is
    nil from a body with a control total of its own on, and where a body has money of its own.
    """
    live, _ = totals.live_control_total(code, year, against)
    kids = totals.children(code, year)
    if live is not None or not kids:
        return 0
    below = sum(passed_on(totals, kid, year, basis, scenario, against) for kid in kids)
    return below + own_passed_on(totals, code, year, basis, scenario)


def own_passed_on(totals: Totals, code: str, year: str, basis: str, scenario: str = "") -> int:
    """What of it a body itself moved to those inside it, in pence; nil where it has own money."""
    organisation = totals.tree.organisations.get(code)
    if organisation is None:
        return 0
    if not organisation.is_grouping and totals.own_adjusted(code, year, basis, scenario).reported:
        return 0
    months = totals.months_of_support(code, year, basis, scenario)
    inside = {code, *totals.tree.descendants(code, year)}
    return sum(
        flow.pence
        for flow in totals.schedule.of(code, year, basis)
        if {flow.row.from_, flow.row.to} <= inside
        and flow.falls_in(months, part=not is_whole_year(year))
    )


def support_that_counts(totals: Totals, code: str, year: str, basis: str) -> Value:
    """What of a body's support its control total counts; unknown where that cannot be told."""
    whole, adjusted = measured(totals, code, year, basis), totals.adjusted(code, year, basis)
    if whole.pence is None or adjusted.pence is None:
        return untold(adjusted if adjusted.pence is None else whole)
    return Value(whole.pence - adjusted.pence, "support that counts", entries=whole.entries)


def _with_support(
    totals: Totals, code: str, year: str, basis: str, scenario: str, adjusted: Value
) -> Value:
    """The adjusted surplus with agreed support, or what a body states with support in it."""
    found = totals.with_support(code, year, basis, scenario, ADJUSTED)
    support = totals.support(code, year, basis, scenario)
    if adjusted.reported and support.known:
        ids = (figure_id(ADJUSTED, code, year, basis, scenario),)
        return found._replace(rule=f"{WITHOUT}, plus agreed support", inputs=ids)
    ids = (figure_id("surplus_with_support", code, year, basis, scenario),)
    if not found.reported:
        return untold(found, "the surplus with support is not known", inputs=ids)
    return found._replace(rule="the surplus with support as told", inputs=ids, entries=())


def _support_matters(totals: Totals, code: str, year: str, against: str, support: Value) -> bool:
    """Whether a position depends on what nobody says: whether support counts.

    What one body gave another is nil above both, and counts for one of them all the same.
    """
    differ = len(_said_below(totals, code, year, against)) > 1
    return differ or not support.known or support.pence != 0


def _of_those_below(
    totals: Totals, code: str, year: str, basis: str, scenario: str, against: str
) -> Value | None:
    """What is measured of the bodies below added up, where the control total is only their sum.

    Support counts for one of them and not for another, or the parent itself gave it to them; own
    money of the parent is added. None where the parent's own total is in force, where support of
    its own comes from elsewhere or goes there, or where one below cannot be told.
    """
    live, _ = totals.live_control_total(code, year, against)
    own = totals.own_support(code, year, basis, scenario)
    kids = totals.children(code, year)
    parts = {kid: measured(totals, kid, year, basis, scenario) for kid in kids}
    if live is not None or not parts or any(not part.reported for part in parts.values()):
        return None
    if own.pence != own_passed_on(totals, code, year, basis, scenario):
        return None
    inputs = tuple(figure_id(MEASURED, kid, year, basis, scenario) for kid in parts)
    rule = "sum of the positions below as measured, in which support counts as each says"
    values = list(parts.values())
    money = totals.own_adjusted(code, year, basis, scenario)
    organisation = totals.tree.organisations.get(code)
    if organisation is not None and not organisation.is_grouping and money.reported:
        values.append(money)
    months = frozenset.intersection(*(part.months for part in values))
    return total(values, rule, inputs=inputs, months=months)
