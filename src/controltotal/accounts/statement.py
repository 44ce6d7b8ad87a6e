"""Question 2, where are we: every figure of every body, at every level, with its reasons.

One pass over bodies, years, bases and scenarios; each figure carries its rule, the figures it
rests on and its ledger entries. What cannot be told is shown as such, never left out.
"""

from __future__ import annotations

from collections.abc import Iterable

from controltotal.accounts.beside import add_beside
from controltotal.accounts.bridges import put_bridges
from controltotal.accounts.by_month import put_months
from controltotal.accounts.checks.totals import children_incomplete, moved_in_year
from controltotal.accounts.eliminations import eliminations
from controltotal.accounts.figures import put_value
from controltotal.accounts.history import succession_words
from controltotal.accounts.net_risk import put_net_risk, register_year
from controltotal.accounts.performance import put_performance
from controltotal.accounts.plan_versions import put_plan_versions
from controltotal.accounts.register import levels
from controltotal.accounts.resources import put_resources
from controltotal.accounts.rests import put_rests
from controltotal.accounts.stated import stated
from controltotal.accounts.to_date import TO_DATE, WAIT, add_to_date, put_measure
from controltotal.accounts.words import sentence
from controltotal.accounts.workforce import workforce
from controltotal.book.asking import bodies_asked, years_asked
from controltotal.book.periods import months_needed
from controltotal.core.calendar import month_name, year_label
from controltotal.core.finding import Finding
from controltotal.core.period import is_whole_year, year_in
from controltotal.core.result import Answer, Result
from controltotal.workings import gaps
from controltotal.workings.cases import support_cases
from controltotal.workings.late import Late
from controltotal.workings.measured import MEASURED, measured
from controltotal.workings.month import Month, to_of, unfinished
from controltotal.workings.savings import Savings, not_counted, savings_words
from controltotal.workings.stated import sum_stated
from controltotal.workings.totals import ADJUSTED, Totals, figure_id
from controltotal.workings.value import (
    Value,
    negative,
    total,
    untold,
)
from controltotal.workings.workings import Workings

BASES = ("plan", "forecast", "actual")
MOST_SINGLE = 6
"""Single bodies of another year than the book's own that are told one by one."""
PROGRAMME = ("savings_planned", "savings_delivered")
"""Facts that `position` shows as figures: the programme of savings, as stated."""


def answer_position(
    workings: Workings,
    year: str | None = None,
    organisation: str | None = None,
    late: Late = WAIT,
) -> Result:
    """Every figure of `position`; see the manual for the measures.

    `late` says what is done about a body that has not reported the month.
    """
    position, totals = workings.position, workings.totals
    answer = Answer("position", position.ref, _options(year, organisation))
    savings = workings.savings if position.book.schemes else None
    leads = add_to_date(answer, workings, year, organisation, late)
    for one in years_asked(position, year):
        for code in bodies_asked(position, one, organisation):
            for basis, scenario in asked(totals, code, one):
                _body(answer, totals, code, one, basis, scenario)
                if savings is not None and not scenario:
                    _put_savings(answer, savings, code, one, basis)
            _put_programme(answer, totals, code, one)
        aside = not year and not organisation and one != position.default_year
        _words(answer, totals, one, organisation, aside=aside)
    put_bridges(answer, workings, years_asked(position, year), organisation)
    add_beside(answer, totals, year, organisation, years_asked(position, year))
    if organisation:
        for text in succession_words(position, organisation):
            answer.words(text, topic="history", about=organisation)
    _add_inputs(answer, totals, workings.month, savings)
    answer.add_findings(_incomplete(answer, totals, year, organisation))
    answer.table(
        "support_cases", support_cases(position, lambda c, y: totals.surplus(c, y, "plan").pence)
    )
    answer.table("levels", levels(totals, years_asked(position, year), organisation))
    answer.table("control_totals", control_history(totals, year, organisation))
    answer.table("eliminations", eliminations(totals, years_asked(position, year)))
    for one in years_asked(position, year):
        for code in bodies_asked(position, one, organisation):
            answer.table("missing", workings.missing.rows(code, one))
        answer.table("workforce", workforce(totals, one, bodies_asked(position, one, organisation)))
    of_register = years_asked(position, year) if year else (register_year(position),)
    put_net_risk(answer, workings, of_register, organisation)
    put_resources(answer, totals, years_asked(position, year), organisation)
    put_performance(answer, workings, leads)
    put_rests(answer, position, leads)
    put_plan_versions(answer, workings, years_asked(position, year), organisation)
    put_months(answer, leads, workings.month)
    answer.table("cash_below_nil", _below_nil(totals, year, organisation))
    answer.table("stated", _stated(totals, year, organisation))
    if savings is not None:
        _put_not_counted(answer, savings, year or position.default_year, organisation)
    return answer.result()


def _put_not_counted(answer: Answer, savings: Savings, year: str, organisation: str | None) -> None:
    """Schemes that do not count, and what counts in a sentence for the topmost bodies asked."""
    position = savings.position
    answer.table("schemes_not_counted", not_counted(savings, year, organisation))
    for code in bodies_asked(position, year, organisation) if year else ():
        parent = position.tree.parent(code, year)
        if code == organisation or parent is None or savings.plan(parent, year, "plan") is None:
            text = savings_words(savings, code, year)
            if text:
                answer.words(text, topic="savings", about=code, year=year)


def _stated(totals: Totals, year: str | None, organisation: str | None) -> list[dict[str, object]]:
    """What the sources say of the bodies and the year asked for."""
    position = totals.position
    if organisation is None:
        return stated(position, year)
    asked_for = {
        code
        for one in years_asked(position, year)
        for code in bodies_asked(position, one, organisation)
    }
    return stated(position, year, asked_for)


def _options(year: str | None, organisation: str | None) -> dict[str, str]:
    given = {"year": year, "organisation": organisation}
    return {name: value for name, value in given.items() if value}


def asked(totals: Totals, code: str, year: str) -> list[tuple[str, str]]:
    """The (basis, scenario) pairs for which a body has something to say in a year."""
    own = {
        pair
        for pair in totals.amounts.bases(code, year)
        if not pair[1] or totals.amounts.says_position(code, year, *pair)
    }
    pairs = {pair for pair in totals.reports(code, year) if not pair[1] or pair in own}
    for pair in totals.reports(code, year) - pairs:
        kids = totals.children(code, year)
        if kids and all(pair in totals.reports(kid, year) for kid in kids):
            pairs.add(pair)
    for row in totals.position.facts(code, year, "gap"):
        pairs.add((row.basis or "plan", row.scenario or ""))
    if not pairs and totals.control_rows(code, year):
        pairs.add(("plan", ""))
    order = {basis: rank for rank, basis in enumerate(BASES)}
    return sorted(pairs, key=lambda pair: (order.get(pair[0], len(order)), pair))


def _body(answer: Answer, totals: Totals, code: str, year: str, basis: str, scenario: str) -> None:
    """The figures of one body, year, basis and scenario.

    An actual is to a month: before the last it is set beside no control total.
    """
    to = to_of(totals, code, year, basis, scenario)

    def put(measure: str, value: Value, part: str = "") -> None:
        name = figure_id(measure, code, year, basis, scenario)
        beside = None
        if measure in ("surplus", ADJUSTED) and not part:
            beside = totals.stated_beside(measure, code, year, basis, scenario)
        put_value(answer, f"{name}/{part}" if part else name, value, beside, to)

    def work_out(measure: str) -> Value:
        return input_value(totals, measure, code, year, basis, scenario)

    put("surplus", work_out("surplus"))
    put(ADJUSTED, work_out(ADJUSTED))
    _put_support(put, totals, code, year, basis, scenario)
    put(MEASURED, work_out(MEASURED))
    gap = gaps.gap(totals, code, year, basis, scenario)
    of_year = gap.reported or not (basis == "actual" and unfinished(totals, code, year))
    if of_year:
        against = totals.control_scenario(code, year, scenario)
        put_value(
            answer,
            figure_id("control_total", code, year, basis, scenario),
            totals.control_total(code, year, against),
        )
        put("gap", gap)
        put(
            "variance",
            negative(gap, "the position as the control total measures it, less that total"),
        )
    put("gap_breakeven", gaps.gap_breakeven(totals, code, year, basis, scenario))
    lacking = gaps.unidentified(totals, code, year, basis, scenario)
    if not lacking.silent:
        put("savings_unidentified", lacking)
    if of_year:
        put("to_find", gaps.to_find(totals, code, year, basis, scenario))
    put("underlying", gaps.underlying(totals, code, year, basis, scenario))
    closing = gaps.cash(totals, code, year, basis, scenario)
    if closing.known or closing.kind == "stopped":
        put("cash", closing)


def _put_savings(answer: Answer, savings: Savings, code: str, year: str, basis: str) -> None:
    """Savings of eligible schemes in the plan; none where the body has no schemes."""
    value = savings.plan(code, year, basis)
    if value is not None:
        to = to_of(savings.totals, code, year, basis)
        put_value(answer, figure_id("savings_plan", code, year, basis), value, to=to)


def _put_programme(answer: Answer, totals: Totals, code: str, year: str) -> None:
    """The programme of savings as a source states it: what was planned, and what was delivered."""
    for measure in PROGRAMME:
        found = sum_stated(totals, code, year, measure)
        if found is not None:
            answer.figure(
                figure_id(measure, code, year, found.basis or "plan"),
                int(found.value),
                rule="as the source states it",
                entries=found.entries,
                qualifier=found.qualifier,
            )


def _add_inputs(answer: Answer, totals: Totals, month: Month, savings: Savings | None) -> None:
    """The figures that others rest on and that nobody reports: shown as such, never left out."""
    while missing := answer.missing_inputs():
        for name in missing:
            measure, code, year, basis, *rest = name.split("/")
            if measure == "savings_plan" and savings is not None:
                _put_savings(answer, savings, code, year, basis)
                continue
            if measure in TO_DATE:
                put_measure(answer, month, measure, code, year)
                continue
            scenario = "/".join(rest)
            value = input_value(totals, measure, code, year, basis, scenario)
            to = "" if measure == "control_total" else to_of(totals, code, year, basis, scenario)
            put_value(answer, name, value, to=to)


def input_value(
    totals: Totals, measure: str, code: str, year: str, basis: str, scenario: str
) -> Value:
    """The value of a measure of which others are made."""
    if measure == "surplus":
        return totals.surplus(code, year, basis, scenario)
    if measure == ADJUSTED:
        adjusted = totals.adjusted(code, year, basis, scenario)
        of_surplus = adjusted.inputs == (figure_id("surplus", code, year, basis, scenario),)
        return adjusted._replace(entries=()) if of_surplus else adjusted
    if measure == "surplus_with_support":
        return totals.with_support(code, year, basis, scenario)
    if measure == "control_total":
        return totals.control_total(code, year, scenario)
    made = {
        "cash": gaps.cash,
        MEASURED: measured,
        "underlying": gaps.underlying,
        "savings_unidentified": gaps.unidentified,
    }
    return made[measure](totals, code, year, basis, scenario)


def _put_support(
    put: object, totals: Totals, code: str, year: str, basis: str, scenario: str
) -> None:
    """The surplus with agreed support, and with proposed support as its part."""
    assert callable(put)
    agreed = totals.with_support(code, year, basis, scenario)
    put("surplus_with_support", agreed)
    proposed = totals.proposed(code, year, basis, scenario)
    if proposed.entries or not proposed.known:
        ids = (figure_id("surplus_with_support", code, year, basis, scenario),)
        entries = proposed.entries
        if agreed.reported and proposed.known:
            rule = "with agreed support, plus proposed support"
            value = total([agreed, proposed], rule, inputs=ids, entries=entries)
        else:
            cause = proposed if agreed.reported else agreed
            value = untold(cause, inputs=ids, entries=entries)
        put("surplus_with_support", value, "proposed")


def _words(
    answer: Answer, totals: Totals, year: str, organisation: str | None, *, aside: bool
) -> None:
    """A plain sentence for each body whose figures are not already part of a parent's.

    `aside`: of another year than the book's own many single bodies are counted instead, so that they
    do not stand before what the book is about.
    """
    tree = totals.tree
    said: list[tuple[str, str]] = []
    for code in bodies_asked(totals.position, year, organisation):
        parent = tree.parent(code, year)
        for basis, scenario in asked(totals, code, year):
            above = parent and totals.with_support(parent, year, basis, scenario).known
            inner = code != organisation and not tree.organisations[code].is_grouping
            text = (
                "" if scenario or (above and inner) else sentence(answer, totals, code, year, basis)
            )
            if text:
                said.append((code, text))
    single = {code for code, _ in said if not tree.organisations[code].is_grouping}
    aside = aside and len(single) > MOST_SINGLE
    for code, text in said:
        if not (aside and code in single):
            answer.words(text, topic="position", about=code, year=year)
    if aside:
        answer.words(
            f"{year_label(year)}: {len(single)} bodies have figures of their own, told below.",
            topic="position",
            year=year,
        )


def _incomplete(
    answer: Answer, totals: Totals, year: str | None, organisation: str | None
) -> Iterable[Finding]:
    """A warning for each total that children leave untold, or in whose place a stated one stands."""
    years = years_asked(totals.position, year)
    yield from children_incomplete(totals, years, organisation)
    yield from moved_in_year(totals, years, organisation)


def control_history(
    totals: Totals, year: str | None, organisation: str | None
) -> list[dict[str, object]]:
    """Every control total row with its date and whether it is the one in force."""
    table = []
    for row in totals.position.book.control_totals:
        half = f"-{row.month}" if row.month in ("H1", "H2") else ""
        one = row.year + half
        if (year and year_in(year) != row.year) or (
            organisation and organisation != row.organisation
        ):
            continue
        live, _ = totals.live_control_total(row.organisation, one, row.scenario or "")
        table.append(
            {
                "organisation": row.organisation,
                "year": one,
                "scenario": row.scenario or "",
                "pence": row.amount,
                "status": row.status,
                "set_by": row.set_by or "",
                "set_on": row.set_on.isoformat() if row.set_on else "",
                "known_on": row.known.isoformat() if row.known else "",
                "in_force": row is live,
                "imposed": row.imposed,
                "where": row.where,
            }
        )
    return table


def _below_nil(
    totals: Totals, year: str | None, organisation: str | None
) -> list[dict[str, object]]:
    """The first month in which a body's cash falls below nil."""
    table: list[dict[str, object]] = []
    for one in years_asked(totals.position, year):
        if not is_whole_year(one):
            continue
        for code in bodies_asked(totals.position, one, organisation):
            for basis, scenario in asked(totals, code, one):
                months = gaps.cash_by_month(totals, code, one, basis, scenario)
                below = [m for m in sorted(months) if months[m].amount < 0]
                if below and below[0] in months_needed(one):
                    table.append(
                        {
                            "organisation": code,
                            "year": one,
                            "basis": basis,
                            "scenario": scenario,
                            "month": below[0],
                            "month_name": month_name(below[0]),
                            "pence": months[below[0]].amount,
                            "where": months[below[0]].where,
                        }
                    )
    return table
