"""The pages of savings schemes: pipeline and phasing, the quality register, engagement and gates.

A scheme that does not count stands beside those that do, with the reason, so that nobody has to
ask what happened to it.
"""

from __future__ import annotations

from typing import Any

from controltotal.core.calendar import year_label
from controltotal.core.money import format_money
from controltotal.core.result import Result
from controltotal.papers.board_conditions import conditions_of
from controltotal.papers.charts_schemes import (
    RISKS,
    STAGES,
    harm_chart,
    phasing_chart,
    pipeline_chart,
)
from controltotal.papers.sections import (
    ChartView,
    Focus,
    Results,
    Section,
    TableView,
    below,
    columns,
    figure,
)

HARM_SHOWN = 12
MONEY = (
    "scheme|Scheme",
    "body|Body",
    "title|Title",
    "stage|Maturity shown",
    "typed|Typed",
    "gate|Gate",
    "risk|Risk",
    "start|Start",
    "slip_months|Months late|number",
    "plan_pence|Plan|money",
    "actual_pence|Actual to date|money",
    "forecast_pence|Forecast|money",
    "system_pence|Full year, to the system|money",
    "counted|Counts?|yesno",
)


def _stage(maturity: str) -> str:
    shown = str(maturity).replace("_", " ")
    return "fully developed, delivering" if shown == "fully developed delivering" else shown


def _shown(results: Results, focus: Focus, name: str) -> list[dict[str, Any]]:
    """Rows of a table of schemes that belong to the body a pack is about, with names for codes."""
    result = results.get("schemes")
    if result is None:
        return []
    inside = below(results, focus)
    wide = focus.kinds.get(focus.organisation) in ("system", "cluster", "region", "nation")
    known = {row["organisation"] for row in results["register"].tables["organisations"]}
    return [
        dict(row, body=focus.name(row["organisation"]))
        for row in result.tables.get(name, ())
        if row["organisation"] in inside or (wide and row["organisation"] not in known)
    ]


def savings(results: Results, focus: Focus) -> Section:
    """Savings: what counts, the pipeline, the year by month, and every scheme."""
    result = results.get("schemes")
    rows = _shown(results, focus, "schemes")
    if result is None or not rows:
        return Section("schemes", "Savings schemes")
    rows = [
        dict(row, stage=_stage(row["maturity"]), typed=_stage(row["typed_maturity"]))
        for row in rows
    ]
    code, year = focus.organisation, focus.year
    wanted = [
        figure(results, "position", f"savings_plan/{code}/{year}/plan"),
        figure(results, "position", f"savings_unidentified/{code}/{year}/plan"),
        figure(results, "schemes", f"savings_flow_through/{code}/{year}/plan"),
        figure(results, "schemes", f"savings_by_recurrence/{code}/{year}/plan/recurrent"),
        figure(results, "schemes", f"savings_by_cash_type/{code}/{year}/plan/cash_releasing"),
        figure(results, "schemes", f"savings_back_loading/{code}/{year}/plan"),
        figure(results, "schemes", f"savings_ask_multiple/{code}/{year}/plan"),
    ]
    figures = tuple(f for f in wanted if f is not None and f.value is not None)
    charts = [*_pipeline(rows, year), *_phasing(result, code, year)]
    out = [row for row in rows if not row["counted"]]
    tables = [
        TableView(
            f"Savings in the plan for {year_label(year)} by kind, £ million",
            columns("kind|Kind", "figure|Counted|figure"),
            _kinds(results, code, year),
        ),
        TableView(
            f"Every scheme, {year_label(year)}, £ million",
            columns(*MONEY),
            [row for row in rows if row["counted"]],
            "Maturity is shown as the evidence supports it; a scheme counts only when its evidence "
            "exists.",
        ),
        TableView(
            "Schemes that do not count, and why, £ million",
            columns(
                "scheme|Scheme",
                "body|Body",
                "title|Title",
                "typed|Typed",
                "stage|Shown as",
                "in_plan|In the plan?|yesno",
                "plan_pence|Plan|money",
                "reason|Why it does not count",
            ),
            out,
        ),
        _workforce(results, code, year),
    ]
    lead = f"{focus.name(code)}, {year_label(year)}: "  # said once, above all of them
    told = [text.removeprefix(lead) for text in result.said(code, year=year)]
    words = tuple(text[:1].upper() + text[1:] for text in told)
    return Section("schemes", "Savings schemes", words, figures, tuple(charts), tuple(tables))


def _kinds(results: Results, code: str, year: str) -> list[dict[str, Any]]:
    """Counted savings by recurrence and by kind."""
    found: list[dict[str, Any]] = []
    for one in results["schemes"].figures:
        named = one.measure in ("savings_by_recurrence", "savings_by_cash_type")
        if named and one.organisation == code and one.year == year:
            found.append({"kind": one.part.replace("_", " "), "figure": one})
    return found


def _workforce(results: Results, code: str, year: str) -> TableView:
    """Whole-time equivalents by staff group."""
    rows = [
        {"group": f.part.replace("_", " "), "figure": f}
        for f in results["schemes"].figures
        if f.measure == "workforce_effect" and f.organisation == code and f.year == year
    ]
    return TableView(
        f"Effect of the schemes of the plan on the workforce, {year_label(year)}, whole-time "
        "equivalents",
        columns("group|Staff group", "figure|Change|figure"),
        rows,
        "A negative number is fewer people.",
    )


def _pipeline(rows: list[dict[str, Any]], year: str) -> list[ChartView]:
    """The pipeline by maturity and risk."""
    sums: dict[tuple[str, str], int] = {}
    for row in rows:
        if row["in_plan"] and row["plan_pence"] and row["stage"] in STAGES:
            key = (row["stage"], row["risk"] if row["risk"] in RISKS else "not stated")
            sums[key] = sums.get(key, 0) + row["plan_pence"]
    if not sums:
        return []
    by_stage = {s: sum(p for (one, _), p in sums.items() if one == s) for s in STAGES}
    whole = sum(by_stage.values())
    ready = by_stage[STAGES[0]] + by_stage[STAGES[1]]
    alternative = "Bars of planned savings by maturity, £ million: " + "; ".join(
        f"{stage} {format_money(pence)}" for stage, pence in by_stage.items() if pence
    )
    title = (
        f"£{format_money(ready)} million of £{format_money(whole)} million planned for "
        f"{year_label(year)} is fully developed on the evidence"
    )
    chart = pipeline_chart([{"stage": s, "risk": r, "pence": p} for (s, r), p in sums.items()])
    return [ChartView("chart-pipeline", title, chart, alternative)]


def _phasing(result: Result, code: str, year: str) -> list[ChartView]:
    """The year by month, to date."""
    months = [row for row in result.tables.get("phasing", ()) if row["organisation"] == code]
    if not months or not any(row["plan_pence"] for row in months):
        return []
    kinds = {
        "plan": "plan_pence",
        "of it counted": "counted_pence",
        "forecast": "forecast_pence",
        "actual": "actual_pence",
    }
    rows, ends = [], {}
    for kind, key in kinds.items():
        total = 0
        for row in months:
            if row[key] is None:
                break
            total += row[key]
            rows.append({"month_name": row["month_name"], "kind": kind, "pence": total})
        ends[kind] = total
    plan, forecast = ends["plan"], ends["forecast"]
    title = f"Savings to date in {year_label(year)}"
    whole = all(None not in (row["plan_pence"], row["forecast_pence"]) for row in months)
    if whole and forecast < plan:
        title = (
            f"The forecast is £{format_money(plan - forecast)} million below the savings planned for "
            f"{year_label(year)}"
        )
    alternative = "Lines rising by month, £ million at the end: " + "; ".join(
        f"{kind} {format_money(pence)}" for kind, pence in ends.items()
    )
    names = [row["month_name"] for row in months]
    return [ChartView("chart-phasing", title, phasing_chart(rows, names), alternative)]


def quality(results: Results, focus: Focus) -> Section:
    """The quality register: scores, signatures, reviews, and harm that meets in one place."""
    rows = _shown(results, focus, "quality")
    result = results.get("schemes")
    if result is None or not rows:
        return Section("quality", "Quality register")
    count: dict[str, int] = {}
    for row in rows:
        count[row["standing"]] = count.get(row["standing"], 0) + 1
    late = sum(row["overdue"] for row in rows)
    panel = sum(row["stage"] == "panel" for row in rows)
    words = (
        "Of the schemes assessed or signed, "
        + ", ".join(f"{number} {standing}" for standing, number in count.items())
        + f"; {late} with an overdue review, {panel} for a panel.",
        "The highest score counts, never the mean, and a benefit in one domain cancels no harm in "
        "another. A residual score of 15 or more refuses a scheme, whatever it would save.",
    )
    tables = (
        TableView(
            "Quality register",
            columns(
                "scheme|Scheme",
                "body|Body",
                "title|Title",
                "standing|Standing",
                "worst_domain|Worst domain",
                "before|Before|number",
                "after|After|number",
                "band|Band",
                "stage|Goes to",
                "medical_director|Medical director",
                "chief_nurse|Chief nurse",
                "equality|Equality",
                "review_on|Review on",
                "overdue|Overdue?|yesno",
                "reason|Why it does not count",
            ),
            rows,
        ),
        TableView(
            "Harm that meets at one service, place or group",
            columns(
                "name|Where",
                "score|Together|number",
                "ceiling|Ceiling|number",
                "over|Over?|yesno",
                "schemes|Schemes and their highest score",
                "by|Ceiling set by",
            ),
            _harm(result, focus),
        ),
        conditions_of(
            "Conditions under which schemes were approved",
            _shown(results, focus, "conditions"),
            focus,
        ),
    )
    charts = _harm_chart([row for row in _harm(result, focus) if row["organisation"]])
    return Section("quality", "Quality register", words, (), tuple(charts), tables)


def _harm(result: Result, focus: Focus) -> list[dict[str, Any]]:
    """Cumulative harm with names."""
    found = []
    for row in result.tables.get("harm", ()):
        body = focus.name(row["organisation"]) if row["organisation"] else ""
        group = focus.name(row["group"])
        found.append(dict(row, name=", ".join(part for part in (group, body) if part)))
    return found


def _harm_chart(rows: list[dict[str, Any]]) -> list[ChartView]:
    shown = rows[:HARM_SHOWN]
    if not any(row["ceiling"] is not None for row in shown):
        return []
    over = [row for row in shown if row["over"]]
    title = "No ceiling of harm is passed"
    if over:
        title = f"{over[0]['name']}: {over[0]['score']} points of harm, over a ceiling of "
        title += f"{over[0]['ceiling']:g}"
    alternative = "Bars of harm in points, lines at ceilings: " + "; ".join(
        f"{row['name']} {row['score']}"
        + (f" of {row['ceiling']:g}" if row["ceiling"] is not None else "")
        for row in shown
    )
    return [ChartView("chart-harm", title, harm_chart(shown), alternative)]


def engagement(results: Results, focus: Focus) -> Section:
    """Who is heard before which decision, and every step back at a gate."""
    rows = _shown(results, focus, "engagement")
    back = [row for row in _shown(results, focus, "gates") if row["went_back"]]
    if not rows and not back:
        return Section("engagement", "Engagement and gates")
    late = [row for row in rows if row["after_decision"]]
    words = []
    if late:
        named = ", ".join(sorted({row["scheme"] for row in late}))
        words.append(f"Engagement began after the decision that it should inform: {named}.")
    tables = (
        TableView(
            "Engagement tracker",
            columns(
                "scheme|Scheme",
                "body|Body",
                "duty|Duty",
                "from|From",
                "to|To",
                "notified_on|Notified on",
                "status|Status",
                "outcome|Outcome",
                "decision_on|Decision on",
                "after_decision|After the decision?|yesno",
                "earliest_start|Earliest start",
            ),
            rows,
        ),
        TableView(
            "Schemes that went back at a gate",
            columns("scheme|Scheme", "body|Body", "gate|Gate now", "went_back|When and why"),
            back,
        ),
    )
    return Section("engagement", "Engagement and gates", tuple(words), (), (), tables)
