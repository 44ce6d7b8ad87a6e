"""Question 3, where are we heading: the outturn by organisation, by every method that applies.

Methods are named and shown side by side; the one that a back-test favours is said to be so. The
official forecast stands beside them with the difference. A parent's forecast is the sum of the
forecasts below it (bottom-up), so the tree adds up to the penny.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from controltotal.core.calendar import year_label
from controltotal.core.kept import DEEP
from controltotal.core.result import Answer, Result
from controltotal.core.unknown import Unknown
from controltotal.outlook import backtest, statistical
from controltotal.outlook.methods import METHODS, Months
from controltotal.outlook.methods import RULES as PLAIN_RULES
from controltotal.outlook.outturn_words import outturn_words
from controltotal.outlook.run_rate import ask, chart_rows
from controltotal.outlook.what_if import put_activity
from controltotal.workings.measured import support_that_counts
from controltotal.workings.rates import exit_rate
from controltotal.workings.series import monthly_income, monthly_surplus
from controltotal.workings.totals import ADJUSTED, Totals, figure_id
from controltotal.workings.workings import Workings

FALLBACK = "plan_plus_variance"
RULES = PLAIN_RULES | statistical.RULES


@dataclass
class Told:
    """A node's forecasts by method: pence, or why not."""

    values: dict[str, int | None] = field(default_factory=dict)
    months: Months | None = None
    kids: tuple[str, ...] = ()
    income: int | None = None  # of a month
    ahead: int = 0  # months left, the most of any body below


def answer_forecast(workings: Workings, year: str, organisation: str | None = None) -> Result:
    """Every figure of `forecast`; see the manual for the measures."""
    totals = workings.totals
    options = {"year": year} | ({"organisation": organisation} if organisation else {})
    answer = Answer("forecast", totals.position.ref, options)
    asked = _asked(totals, year, organisation)
    told: dict[str, Told] = {}
    deep = totals.tree.depth(year) > DEEP  # then each after those that it is made of
    wanted = set(asked)
    for code in totals.tree.lowest_first(year) if deep else asked:
        if code in wanted:
            tell(totals, year, code, told)
    tested = [*_backtest(totals, year), *_statistical(totals, year, told)]
    names = [*METHODS, *statistical.MODELS]
    available = [m for m in names if any(t.values.get(m) is not None for t in told.values())]
    chosen, records = backtest.choose(tested, available)
    by_method = {record.method: record for record in records}
    _put_records(answer, records, chosen)
    for code in asked:
        _put_methods(answer, totals, year, code, told[code], by_method)
        _put_official(answer, totals, year, code, told[code])
        _put_run_rates(answer, totals, year, code, told[code])
    put_activity(answer, totals, year, asked)
    _findings(answer, totals, year, asked, told, chosen)
    for code in asked:
        if _top(answer, totals, year, code, organisation):
            outturn_words(answer, totals, year, code, chosen or FALLBACK, by_method)
    return answer.result()


def _asked(totals: Totals, year: str, organisation: str | None) -> list[str]:
    tree = totals.tree
    if organisation:
        return [organisation, *tree.descendants(organisation, year)]
    return [code for code in tree.organisations if tree.exists(code, year)]


def _top(answer: Answer, totals: Totals, year: str, code: str, organisation: str | None) -> bool:
    """Whether a body gets a sentence: a system, or the first of its line that can be told."""
    if organisation:
        return code == organisation
    if totals.tree.kind(code) in ("system", "cluster"):
        return True
    official = (
        answer.get(figure_id("outturn", one, year, "forecast", "official"))
        for one in totals.tree.ancestors(code, year)
    )
    return not any(figure is not None and figure.value is not None for figure in official)


def own_months(totals: Totals, code: str, year: str) -> Months:
    """A body's own year by month."""
    plan = monthly_surplus(totals, code, year, "plan")
    income = monthly_income(totals, code, year)
    return Months(
        actual=monthly_surplus(totals, code, year, "actual"),
        plan=plan if len(plan) == 12 else {},
        once=monthly_surplus(totals, code, year, "actual", once=True),
        income=round(sum(income.values()) / len(income)) if income else None,
    )


def tell(totals: Totals, year: str, code: str, told: dict[str, Told]) -> Told:
    """A node's forecasts: its own, or those below added up; `told` keeps those already made."""
    if code in told:
        return told[code]
    kids = totals.children(code, year)
    below = {kid: tell(totals, year, kid, told) for kid in kids}
    found = told[code] = Told()
    summed = bool(kids) and totals.tree.organisations[code].complete
    if summed and all(any(v is not None for v in one.values.values()) for one in below.values()):
        found.kids = kids
        for method in METHODS:
            values = [one.values.get(method) for one in below.values()]
            found.values[method] = None if None in values else sum(v for v in values if v)
        incomes = [one.income for one in below.values()]
        found.income = None if None in incomes else sum(i for i in incomes if i)
        found.ahead = max(one.ahead for one in below.values())
        return found
    months = own_months(totals, code, year)
    if months.actual:
        found.months, found.income = months, months.income
        found.ahead = 12 - len(months.actual)
        found.values = {name: method(months, 12) for name, method in METHODS.items()}
        return found
    to_date = totals.adjusted(code, year, "actual")
    known = len(to_date.months)
    if to_date.pence is not None and to_date.months == frozenset(range(1, known + 1)) and known:
        # quarters or halves: enough for a straight line, and never split into months
        found.values["straight_line"] = round(Fraction(to_date.pence * 12, known))
        found.ahead = 12 - known
    return found


def _backtest(totals: Totals, year: str) -> list[backtest.Case]:
    """Cases from every body's own months, this year's and those before."""
    series: dict[str, list[Months]] = {}
    years = [y for y in totals.position.years if y <= year]
    for code in totals.tree.organisations:
        for one in years:
            if ("actual", "") in totals.amounts.bases(code, one):
                months = own_months(totals, code, one)
                if months.actual:
                    series.setdefault(code, []).append(months)
    return backtest.cases(series)


def _statistical(totals: Totals, year: str, told: Mapping[str, Told]) -> tuple[backtest.Case, ...]:
    """Add the statistical methods to every tree whose bodies all have months enough."""
    if not statistical.installed():
        return ()
    cases: list[backtest.Case] = []
    tops = [code for code in told if not any(code in one.kids for one in told.values())]
    for top in tops:
        above = _paths(told, top)
        if not above:
            continue
        series = {leaf: _run_of_months(totals, leaf, year) for leaf in above}
        ahead = {told[leaf].ahead for leaf in above}
        if len(ahead) != 1:
            continue
        incomes = {leaf: told[leaf].income for leaf in above}
        found = statistical.forecast(series, incomes, above, ahead.pop())
        if found is None:
            continue
        cases += found.cases
        for method, leaves in found.ahead.items():
            for leaf, path in above.items():
                months = told[leaf].months
                assert months is not None
                whole = sum(months.actual.values()) + round(leaves[leaf])
                for node in path:
                    told[node].values[method] = (told[node].values.get(method) or 0) + whole
    return tuple(cases)


def _paths(told: Mapping[str, Told], top: str) -> dict[str, tuple[str, ...]]:
    """The bodies below a node that are forecast from their own months, with the nodes above.

    None of them where one body has no months: nothing is summed around a hole.
    """
    found: dict[str, tuple[str, ...]] = {}
    holes: list[str] = []

    waiting: list[tuple[str, tuple[str, ...]]] = [(top, (top,))]
    while waiting:
        code, path = waiting.pop()
        waiting.extend((kid, (kid, *path)) for kid in reversed(told[code].kids))
        if not told[code].kids:
            found[code] = path
            holes.extend([code] if told[code].months is None else [])
    return {} if holes else found


def _run_of_months(totals: Totals, code: str, year: str) -> list[int]:
    """Actual months in a row up to the last of the year."""
    found: list[int] = []
    for one in totals.position.years:
        if one <= year:
            months = monthly_surplus(totals, code, one, "actual")
            if len(months) < 12 and one != year:
                found = []
            else:
                found += [months[month] for month in sorted(months)]
    return found


def _put_records(answer: Answer, records: Sequence[backtest.Test], chosen: str | None) -> None:
    answer.table(
        "backtest",
        [
            {
                "method": r.method,
                "cases": r.cases,
                "bodies": r.bodies,
                "mean_absolute_error": None if r.cases == 0 else round(r.absolute, 6),
                "low": None if r.low is None else round(r.low, 6),
                "high": None if r.high is None else round(r.high, 6),
                "coverage": None if r.coverage is None else round(r.coverage, 4),
                "chosen": r.method == chosen,
            }
            for r in records
        ],
    )


def _put_methods(
    answer: Answer,
    totals: Totals,
    year: str,
    code: str,
    told: Told,
    records: Mapping[str, backtest.Test],
) -> None:
    """The outturn by each plain method, with the interval that its back-test supports."""
    for method in (*METHODS, *statistical.MODELS):
        name = figure_id("outturn", code, year, "forecast", method)
        value = told.values.get(method)
        if value is None and method in statistical.MODELS:
            continue  # an extra that is not installed, or too few months: nothing is promised
        if value is None:
            if told.kids:
                why = Unknown("incomplete", "not every body below can be forecast so")
            else:
                lack = "there is no plan by month" if told.months else "there are no actual months"
                why = Unknown("not_stated", lack)
            answer.figure(name, None, rule=f"cannot be told: {why.words}", unknown=why.kind)
            continue
        low, high = _interval(value, told, records.get(method))
        inputs: list[str] = [figure_id(ADJUSTED, code, year, "actual")]
        if told.kids:
            inputs = [figure_id("outturn", kid, year, "forecast", method) for kid in told.kids]
        rule = "sum of the forecasts below" if told.kids else RULES[method]
        if method in statistical.MODELS:
            rule += ", reconciled with the bodies above and below by minimum trace"
        answer.figure(
            name,
            value,
            low=low,
            high=high,
            rule=rule,
            inputs=inputs,
            entries=() if told.kids else totals.adjusted(code, year, "actual").entries,
        )


def _interval(
    value: int, told: Told, record: backtest.Test | None
) -> tuple[int | None, int | None]:
    """Scaled errors of the back-test times this node's income and the months left."""
    if record is None or record.low is None or record.high is None or not told.income:
        return None, None
    reach = told.income * told.ahead
    low, high = round(value + record.low * reach), round(value + record.high * reach)
    return min(low, value), max(high, value)


def _put_official(answer: Answer, totals: Totals, year: str, code: str, told: Told) -> None:
    """The forecast that the body states, its range of scenarios, and how the methods differ."""
    official = totals.adjusted(code, year, "forecast")
    scenarios = {
        scenario: totals.adjusted(code, year, "forecast", scenario)
        for basis, scenario in sorted(totals.reports(code, year))
        if basis == "forecast" and scenario
    }
    known = {s: v for s, v in scenarios.items() if v.pence is not None}
    for scenario, value in known.items():
        answer.figure(
            figure_id("outturn", code, year, "forecast", f"official/{scenario}"),
            value.pence,
            rule=value.rule,
            entries=value.entries,
            inputs=[figure_id(ADJUSTED, code, year, "forecast", scenario)],
        )
    name = figure_id("outturn", code, year, "forecast", "official")
    ends = [v.pence for v in known.values() if v.pence is not None]
    if official.pence is None:
        answer.figure(
            name,
            None,
            "pence",
            "bounded" if len(ends) > 1 else "indeterminate",
            low=min(ends) if len(ends) > 1 else None,
            high=max(ends) if len(ends) > 1 else None,
            rule=official.rule,
            unknown=official.kind,
        )
        return
    ends.append(official.pence)
    answer.figure(
        name,
        official.pence,
        rule=official.rule,
        entries=official.entries,
        inputs=[figure_id(ADJUSTED, code, year, "forecast")],
        low=min(ends) if known else None,
        high=max(ends) if known else None,
    )
    for method, pence in told.values.items():
        if pence is not None:
            answer.figure(
                figure_id("forecast_difference", code, year, "forecast", method),
                official.pence - pence,
                rule="official forecast less the method's",
                inputs=[name, figure_id("outturn", code, year, "forecast", method)],
            )


def _support_that_counts(totals: Totals, code: str, year: str) -> int | None:
    """The year's support that its control total counts, as forecast, else as planned, in pence.

    Nil where neither basis is stated; None where it matters and nobody says.
    """
    for basis in ("forecast", "plan"):
        if totals.adjusted(code, year, basis).known:
            return support_that_counts(totals, code, year, basis).pence
    return 0


def _put_run_rates(answer: Answer, totals: Totals, year: str, code: str, told: Told) -> None:
    """Exit run rate, run rate required, ask multiple, and the XmR chart of the months."""
    if told.months is None:
        return
    ids = [figure_id(ADJUSTED, code, year, "actual")]
    rate = exit_rate(totals, code, year)
    if rate.pence is not None:
        name = figure_id("exit_run_rate", code, year, "forecast")
        answer.figure(name, rate.pence, rule=rate.rule, inputs=rate.inputs)
    target = totals.control_total(code, year)
    counts = _support_that_counts(totals, code, year)
    known = target.pence is not None and counts is not None
    asked = ask(told.months.actual, (target.pence or 0) - (counts or 0)) if known else None
    if asked is not None:
        ids.append(figure_id("control_total", code, year, "plan"))
        answer.figure(
            figure_id("run_rate_required", code, year, "forecast"),
            asked.required,
            rule="control total, less support that counts, less the year to date, over the months "
            "left",
            inputs=ids,
        )
        if asked.multiple is not None:
            answer.figure(
                figure_id("ask_multiple", code, year, "forecast"),
                asked.multiple,
                "index",
                rule="run rate required over the average month so far",
                inputs=ids,
            )
    series = [
        (one, month, pence)
        for one in totals.position.years
        if one <= year
        for month, pence in sorted(monthly_surplus(totals, code, one, "actual").items())
    ]
    answer.table("xmr", [{"organisation": code, **row} for row in chart_rows(series)])


def _holes(totals: Totals, year: str, asked: Sequence[str]) -> str:
    """The bodies whose actual months have a gap, with the month that is missing; empty for none."""
    found = []
    for code in asked:
        actual = totals.own_surplus(code, year, "actual")
        if actual.kind == "months_missing" and actual.unknown is not None:
            found.append(f"{totals.tree.name(code)}, {year_label(year)}: {actual.unknown.words}")
    return "; ".join(found)


def _findings(
    answer: Answer,
    totals: Totals,
    year: str,
    asked: Sequence[str],
    told: Mapping[str, Told],
    chosen: str | None,
) -> None:
    if not any(one.months or any(one.values.values()) for one in told.values()):
        holes = _holes(totals, year, asked)
        why = holes or f"No body has actual months in {year_label(year)}"
        answer.finding(
            code="FORECAST_NO_MONTHS",
            severity="information",
            organisation=asked[0] if len(asked) == 1 else "",
            where="amounts row 1",
            message=f"{why}, so only what the book states as its forecast can be shown.",
            expected="actuals by month, from April without a gap",
            found=holes or "none",
            action="Add the missing months." if holes else "Add actual amounts with a month.",
        )
    elif chosen is None:
        answer.finding(
            code="FORECAST_FEW_CASES",
            severity="warning",
            organisation="",
            where="amounts row 1",
            message="There are too few past months to test the methods, so no method is preferred by "
            "test and no interval is shown.",
            expected=f"{backtest.CASES_LEAST} cases",
            found="fewer",
            action="Add actual months of earlier years, or of more bodies.",
        )
