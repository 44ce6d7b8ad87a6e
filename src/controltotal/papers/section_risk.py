"""Pages of a pack on where the year is heading and whether savings will deliver."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from controltotal.core.calendar import month_name, year_label
from controltotal.core.figure import Figure
from controltotal.core.money import format_money
from controltotal.core.result import Result
from controltotal.core.show import chance_text
from controltotal.papers.charts_risk import (
    calibration_chart,
    chances_chart,
    fan_chart,
    methods_chart,
    tornado_chart,
    xmr_chart,
    years_chart,
)
from controltotal.papers.sections import (
    STAND_IN,
    ChartView,
    Focus,
    Results,
    Section,
    TableView,
    columns,
)

TITLE_FORECAST = "Where the year is heading"
TITLE_RISK = "Will it deliver"


def _rows(result: Result, table: str, focus: Focus) -> list[dict[str, Any]]:
    return [
        dict(row)
        for row in result.tables.get(table, ())
        if row.get("organisation") == focus.organisation
    ]


def _words(result: Result, focus: Focus) -> tuple[str, ...]:
    return result.said(focus.organisation) + result.said("", "calibrate")


def forecast(results: Results, focus: Focus) -> Section:
    """The outturn by method, run rates, and what each per cent of activity does."""
    result = results.get("forecast")
    if result is None:
        return Section("forecast", TITLE_FORECAST)
    told = [
        f
        for f in result.figures
        if f.measure == "outturn" and f.organisation == focus.organisation and f.value is not None
    ]
    if not told:
        return Section("forecast", TITLE_FORECAST)
    charts, tables = [], [_methods(told)]
    months = _rows(result, "xmr", focus)
    if len(months) > 1:
        charts.append(_xmr(months))
        tables.append(_xmr_table(months))
    whole = [f for f in told if "/" not in f.part]
    if len(whole) > 1:
        charts.insert(0, _by_method(whole))
    activity = _rows(result, "activity", focus)
    if activity:
        tables.append(_activity(activity))
    backtest = result.tables.get("backtest", ())
    if backtest:
        tables.append(_backtest([dict(row) for row in backtest]))
    measures = ("exit_run_rate", "run_rate_required", "ask_multiple")
    figures = tuple(
        f
        for f in result.figures
        if f.measure in measures and f.organisation == focus.organisation and f.value is not None
    )
    return Section(
        "forecast", TITLE_FORECAST, _words(result, focus), figures, tuple(charts), tuple(tables)
    )


def _methods(told: list[Figure]) -> TableView:
    rows = [{"method": _method(f.part), "figure": f, "low": f.low, "high": f.high} for f in told]
    return TableView(
        "Outturn by method, £ million",
        columns("method|Method", "figure|Outturn|figure", "low|Low|money", "high|High|money"),
        rows,
        "Low and high are the middle eighty per cent of past errors of the method, or the range "
        "of the scenarios that the body states.",
    )


def _method(part: str) -> str:
    """A method's part of an id, for people.

    >>> _method("activity/up_1"), _method("plan_plus_variance")
    ('activity: 1% more', 'plan plus variance')
    """
    told = {"activity/up_1": "activity: 1% more", "activity/down_1": "activity: 1% less"}
    return told.get(part, part.replace("_", " ").replace("/", ": "))


def _by_method(told: list[Figure]) -> ChartView:
    rows = [{"method": f.part, "pence": f.value, "low": f.low, "high": f.high} for f in told]
    values = {str(row["method"]): row["pence"] for row in rows if isinstance(row["pence"], int)}
    official = values.get("official")
    apart = {name: abs(pence - official) for name, pence in values.items() if official is not None}
    title = f"{len(values)} methods beside each other"
    if len(set(values.values())) == 1:
        title = f"Methods agree on {format_money(next(iter(values.values())))} £ million"
    elif apart:
        far = max(apart, key=lambda name: (apart[name], name))
        title = (
            f"The forecast in the book is {format_money(official)} £ million; furthest from it is "
            f"{_method(far)}, {format_money(values[far])}"
        )
    words = "; ".join(
        f"{str(row['method']).replace('_', ' ')} {format_money(row['pence'])}"  # type: ignore[arg-type]
        for row in rows
    )
    chart = methods_chart(rows)
    return ChartView("chart-methods", title, chart, f"A dot for each method, £ million: {words}")


def _xmr(rows: list[dict[str, Any]]) -> ChartView:
    news = [row for row in rows if row["rules"]]
    title = (
        f"{len(news)} of {len(rows)} months are more than usual variation"
        if news
        else f"All {len(rows)} months are usual variation"
    )
    words = "; ".join(f"{month_name(row['month'])} {format_money(row['pence'])}" for row in rows)
    alternative = f"Monthly surplus or deficit in £ million with its mean and limits: {words}"
    return ChartView("chart-xmr", title, xmr_chart(rows), alternative)


def _xmr_table(rows: list[dict[str, Any]]) -> TableView:
    shown = [
        dict(
            row,
            month=month_name(row["month"]),
            year=year_label(row["year"]),
            rules=row["rules"].replace("_", " ") or "none",
        )
        for row in rows
    ]
    note = "Limits rest on fewer than twelve months." if rows[0]["provisional"] else ""
    return TableView(
        "Months against their process limits, £ million",
        columns(
            "year|Year",
            "month|Month",
            "pence|Surplus or (deficit)|money",
            "mean_pence|Mean|money",
            "lower_pence|Lower limit|money",
            "upper_pence|Upper limit|money",
            "rules|Rules broken",
        ),
        shown,
        note,
    )


def _activity(rows: list[dict[str, Any]]) -> TableView:
    first = rows[0]
    note = (
        f"Parts of cost: fixed {first['fixed_share']:.0%}, semi-fixed "
        f"{first['semi_fixed_share']:.0%} in steps of {first['semi_fixed_step']:.0%}, marginal "
        f"{first['marginal_share']:.0%}."
    )
    return TableView(
        "Year-end position if activity grows, stays or falls, £ million",
        columns("change|Change of activity|share", "pence|Position|money"),
        rows,
        note,
    )


def _backtest(rows: list[dict[str, Any]]) -> TableView:
    shown = [dict(row, method=row["method"].replace("_", " ")) for row in rows]
    return TableView(
        "How far off each method has been",
        columns(
            "method|Method",
            "cases|Past cases|number",
            "mean_absolute_error|Mean error|share",
            "coverage|Cases inside the range|share",
            "chosen|Favoured|yesno",
        ),
        shown,
        "Errors are shares of monthly income for each month ahead.",
    )


def risk(results: Results, focus: Focus) -> Section:
    """The fan, the chance at each level, the tornado and what carries the risk."""
    result = results.get("risk")
    if result is None:
        return Section("risk", TITLE_RISK)
    figures = {(f.measure, f.organisation, f.year): f for f in result.figures if not f.part}
    own = figures.get(("outturn_p50", focus.organisation, focus.year))
    if own is None or own.value is None:
        return Section("risk", TITLE_RISK)
    charts = []
    fan = _rows(result, "fan", focus)
    if fan:
        charts.append(_fan_of(results, focus, fan))
    years = _years(results, figures, focus)
    if len(years) > 1:
        charts.append(_by_year(years))
    levels = _levels(figures, focus)
    chances = [row for row in levels if row["chance"] is not None and row["varies"]]
    if chances:
        charts.append(_chances(chances, [row for row in levels if row["chance"] is not None]))
    bars = _rows(result, "tornado", focus)
    if bars:
        charts.append(_tornado(bars))
    firm = _firm(result, focus)
    measures = ("outturn_p10", "outturn_p50", "outturn_p90", "chance_control_total")
    shown = tuple(
        found
        for measure in measures[: None if firm else -1]
        if (found := figures.get((measure, focus.organisation, focus.year))) is not None
    )
    if not firm:
        charts = [replace(one, title=f"Illustrative: {_lower_first(one.title)}") for one in charts]
    tables = [_cases_table(result, focus), _level_table(levels), _fan_table(fan)]
    tables += _drivers(result, focus)
    charts += _calibration(results)
    title = TITLE_RISK if firm else f"{TITLE_RISK}: an illustration"
    return Section("risk", title, _words(result, focus), shown, tuple(charts), tuple(tables))


def _firm(result: Result, focus: Focus) -> bool:
    """Whether somebody stands behind the rates of delivery that a body's chances rest on."""
    return all(row["chance_may_be_told"] for row in _rows(result, "rates", focus))


def _lower_first(title: str) -> str:
    """A title inside a sentence; one that begins with a number or a name's capitals stays."""
    return title if title[:2].isupper() else title[:1].lower() + title[1:]


def _cases_table(result: Result, focus: Focus) -> TableView:
    own = _rows(result, "cases", focus)
    return TableView(
        "Where the year ends in three named cases, £ million",
        columns("case|Case", "pence|Outturn|money", "short_pence|Short of the control total|money"),
        [dict(row, case=row["case"][:1].upper() + row["case"][1:]) for row in own],
        "Each is a plain sum; the risk register is in none of them. Short of the control total: "
        "less the support that counts towards it, in brackets where the case is better than it.",
    )


def _measured(result: Result, code: str, year: str) -> Mapping[str, Any] | None:
    """A body's outturn as its control total measures it, where support counts; else None."""
    for row in result.tables.get("measured", ()):
        if (row["organisation"], row["year"]) == (code, year):
            return row
    return None


def _fan_of(results: Results, focus: Focus, rows: list[dict[str, Any]]) -> ChartView:
    """The fan of a body with its control total, where the support that counts is one sum."""
    stem = f"{focus.organisation}/{focus.year}"
    target = results["position"].figure(f"control_total/{stem}/forecast")
    target = target or results["position"].figure(f"control_total/{stem}/plan")
    aim = target.value if target is not None and isinstance(target.value, int) else None
    measured = _measured(results["risk"], focus.organisation, focus.year)
    support = 0 if measured is None else measured["support_pence"]
    aside = rows[0].get(STAND_IN)  # which is set beside no control total
    return _fan(rows, None if aside or support is None else aim, support or 0)


def _fan(rows: list[dict[str, Any]], aim: int | None, counted: int = 0) -> ChartView:
    """The fan, without support, and the control total less the support that counts towards it."""
    last = rows[-1]
    title = (
        f"By March, eight chances in ten of between {format_money(last['p10_pence'])} and "
        f"{format_money(last['p90_pence'])} £ million"
    )
    words = "; ".join(
        f"{month_name(row['month'])} {format_money(row['p10_pence'])} to {format_money(row['p90_pence'])}"
        for row in rows
    )
    alternative = f"A fan of the position to date by month in £ million: {words}"
    if aim is not None:
        alternative += f"; the control total is {format_money(aim)}"
    if aim is not None and counted:
        alternative += f", {format_money(aim - counted)} without the support that counts towards it"
    return ChartView("chart-fan", title, fan_chart(rows, aim, counted), alternative)


def _years(
    results: Results, figures: dict[tuple[str, str, str], Figure], focus: Focus
) -> list[dict[str, Any]]:
    """The outturn of the body in each year that was simulated, as its control total measures it."""
    rows = []
    for measure, code, year in sorted(figures):
        if (measure, code) != ("outturn_p50", focus.organisation):
            continue
        told = {q: figures[(f"outturn_p{q}", code, year)].value for q in (10, 50, 90)}
        if any(value is None for value in told.values()):
            continue
        targets = (
            results["position"].figure(f"control_total/{code}/{year}/{basis}")
            for basis in ("forecast", "plan")
        )
        aim = next((f.value for f in targets if f is not None and f.value is not None), None)
        measured = _measured(results["risk"], code, year)
        ends: dict[str, Any] = {f"p{q}": value for q, value in told.items()}
        if STAND_IN in figures[(measure, code, year)].qualifier:
            aim = measured = None  # what stands in is set beside no control total
        if measured is not None and measured["p50_pence"] is None:
            aim = None  # nobody says which position it measures
        elif measured is not None:
            ends = {f"p{q}": measured[f"p{q}_pence"] for q in told} | {"supported": True}
        rows.append({"year": year_label(year), **ends, "control_total": aim})
    return rows


def _by_year(rows: list[dict[str, Any]]) -> ChartView:
    first, last = rows[0], rows[-1]
    supported = any(row.get("supported") for row in rows)
    who = "With the support that counts, the" if supported else "The"
    title = (
        f"{who} middle of the draws goes from {format_money(first['p50'])} in {first['year']} to "
        f"{format_money(last['p50'])} £ million in {last['year']}"
    )
    words = "; ".join(
        f"{row['year']} {format_money(row['p10'])} to {format_money(row['p90'])}"
        + (
            ""
            if row["control_total"] is None
            else f", control total {format_money(row['control_total'])}"
        )
        for row in rows
    )
    alternative = f"A bar for each year, eight tenths of the draws in £ million: {words}"
    if supported:
        alternative += "; each with the support that its control total counts"
    return ChartView("chart-years", title, years_chart(rows), alternative)


def _fan_table(rows: list[dict[str, Any]]) -> TableView:
    return TableView(
        "Position to date by month, £ million",
        columns(
            "month|Month",
            "p10_pence|1 in 10 below|money",
            "p25_pence|1 in 4 below|money",
            "p50_pence|Middle|money",
            "p75_pence|3 in 4 below|money",
            "p90_pence|9 in 10 below|money",
        ),
        [dict(row, month=month_name(row["month"])) for row in rows],
    )


def _levels(figures: dict[tuple[str, str, str], Figure], focus: Focus) -> list[dict[str, Any]]:
    rows = []
    for measure, code, year in sorted(figures):
        if measure != "outturn_mean" or year != focus.year:
            continue
        mean = figures[(measure, code, year)]
        chance = figures.get(("chance_control_total", code, year))
        if mean.value is None:
            continue
        low, high = (figures[(f"outturn_p{q}", code, year)] for q in (10, 90))
        aside = STAND_IN in mean.qualifier  # and then set beside no control total
        loose = "unverified" in (mean.status, low.status)
        marks = ("stand-in" if aside else "", "unverified" if loose else "")
        rows.append(
            {
                "name": focus.name(code),
                "kind": focus.kinds.get(code, ""),
                "code": code,
                "mean": mean.value,
                "p10": low.value,
                "p90": high.value,
                "error": None
                if low.high is None or low.low is None
                else round((low.high - low.low) / 2),
                "chance": chance.value if chance is not None and not aside else None,
                "varies": low.value != high.value or mean.value != low.value,
                "status": ", ".join(filter(None, marks)),
            }
        )
    order = ("nation", "region", "cluster", "system", "commissioner", "provider", "pool")
    return sorted(
        rows,
        key=lambda row: (order.index(row["kind"]) if row["kind"] in order else 9, row["name"]),
    )


def _level_table(rows: list[dict[str, Any]]) -> TableView:
    return TableView(
        "Outturn and chance of meeting the control total at each level, £ million",
        columns(
            "name|Body",
            "mean|Mean|money",
            "p10|1 in 10 below|money",
            "p90|9 in 10 below|money",
            "error|Error of the draws|money",
            "chance|Chance|chance",
            "status|Status",
        ),
        rows,
        "Error of the draws: how far the number of draws leaves the tenth percentile open, 19 times "
        "in 20. A body without a spread has no scheme or risk in the book: not assessed, not safe.",
    )


def _chances(rows: list[dict[str, Any]], known: list[dict[str, Any]]) -> ChartView:
    """A bar for each body whose outturn varies; the title counts the certain ones (`known`) too."""
    likely = sum(row["chance"] >= 0.5 for row in known)
    title = f"{likely} of {len(known)} control totals are more likely met than missed"
    words = "; ".join(f"{row['name']} {chance_text(row['chance'], 0)}" for row in rows)
    certain = [row for row in known if not row["varies"]]
    if certain:
        told = "; ".join(f"{row['name']} {chance_text(row['chance'], 0)}" for row in certain)
        words += f". Not drawn, because nothing in the book makes their outturn vary: {told}"
    return ChartView("chart-chances", title, chances_chart(rows), f"A bar for each body: {words}")


def _tornado(rows: list[dict[str, Any]]) -> ChartView:
    widest = max(rows, key=lambda row: row["high_pence"] - row["low_pence"])
    title = f"The widest swing is {widest['title']} ({widest['driver']})"
    words = "; ".join(
        f"{row['title']} {format_money(row['low_pence'])} to {format_money(row['high_pence'])}"
        for row in rows
    )
    alternative = f"Bars of the outturn in £ million at each source's low and high: {words}"
    return ChartView("chart-tornado", title, tornado_chart(rows), alternative)


def _drivers(result: Result, focus: Focus) -> list[TableView]:
    rows = _rows(result, "drivers", focus)[:20]
    groups = _rows(result, "driver_groups", focus)
    return [
        TableView(
            "What carries the risk: the first twenty sources",
            columns(
                "driver|Source",
                "title|Title",
                "owner|Body",
                "mean_pence|Expected, £ million|money",
                "sd_pence|Standard deviation, £ million|money",
                "variance_share|Share of variance|share",
                "missing_share|Share of missing|share",
            ),
            [dict(row, owner=focus.name(row["owner"])) for row in rows],
            "Shares of all sources sum to one.",
        ),
        TableView(
            "Risk by body and by category",
            columns(
                "by|By",
                "group|Group",
                "variance_share|Share of variance|share",
                "missing_share|Share of missing|share",
            ),
            [dict(row, group=focus.name(row["group"])) for row in groups],
        ),
    ]


def _calibration(results: Results) -> list[ChartView]:
    result = results.get("calibrate")
    rows = [dict(row) for row in result.tables.get("reliability", ())] if result else []
    if not rows:
        return []
    words = "; ".join(f"told {row['level']:.0%}, observed {row['observed']:.0%}" for row in rows)
    alternative = f"Chance told against share observed of past schemes: {words}"
    title = "How often past schemes lay below what was told"
    return [ChartView("chart-calibration", title, calibration_chart(rows), alternative)]


def simulated(results: Results, focus: Focus) -> Section:
    """The fan alone, where only the simulation is at hand."""
    fan = _rows(results["risk"], "fan", focus)
    charts = [_fan(fan, None)] if fan else []
    if not _firm(results["risk"], focus):
        charts = [replace(one, title=f"Illustrative: {_lower_first(one.title)}") for one in charts]
    return Section("risk", TITLE_RISK, charts=tuple(charts))


def calibrated(results: Results, focus: Focus) -> Section:
    """How far the chances that were told came true."""
    return Section("calibrate", TITLE_RISK, charts=tuple(_calibration(results)))
