"""Pages on who pays, who decides and who sits where, from the results of those verbs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from controltotal.core.calendar import year_label
from controltotal.core.money import format_money
from controltotal.core.result import Result
from controltotal.papers.charts_sharing import (
    breach_map,
    burden_chart,
    curve_chart,
    power_chart,
    votes_chart,
)
from controltotal.papers.sections import (
    ChartView,
    Focus,
    Results,
    Section,
    TableView,
    chart_id,
    columns,
)


def sharing(results: Results, focus: Focus) -> Section:
    """A gap divided under every policy side by side, and on whom it falls."""
    title = "Who pays, and is it fair"
    result = results.get("sharing")
    if result is None:
        return Section("sharing", title)
    rows = [
        dict(row, name=focus.name(str(row["organisation"])))
        for row in result.tables.get("shares", ())
        if row["pence"] is not None and row["policy"] != "raise_nationally"
    ]
    charts = []
    if rows:
        charts.append(_burden(result, rows))
    curves = result.tables.get("concentration_curve", ())
    if curves:
        charts.append(_curve(result, curves))
    tables = [
        TableView(
            "Three approaches to the gap, £ million",
            columns(
                "approach|Approach",
                "who_pays|Who pays",
                "least_pence|Least|money",
                "most_pence|Most|money",
                "when|When",
                "repaid|Repaid?",
                "not_known|Not known",
            ),
            result.tables.get("approaches", ()),
            "Under each of them the whole gains only what is saved.",
        ),
        TableView(
            "What each body bears under each policy, £ million",
            columns(
                "policy|Policy",
                "name|Body",
                "pence|Bears|money",
                "per_head|£ a head|number",
                "share_of_allocation|Share of allocation|share",
                "headroom_after|Left above its control total|money",
            ),
            [dict(row, policy=str(row["policy"]).replace("_", " ")) for row in rows],
        ),
        TableView(
            "What each policy is best and worst at",
            columns("policy|Policy", "best_at|Best at", "worst_at|Worst at"),
            [
                dict(row, policy=str(row["policy"]).replace("_", " "))
                for row in result.tables.get("policies_compared", ())
            ],
            "No policy gets a score: what matters more is for those who decide.",
        ),
        TableView(
            "Equity of each policy",
            columns(
                "policy|Policy",
                "index|Concentration index|number",
                "index_by_score|By mean score|number",
                "index_by_fifth|By most deprived fifth|number",
                "slope|Slope, £ a head|number",
            ),
            [
                dict(row, policy=str(row["policy"]).replace("_", " "))
                for row in result.tables.get("equity", ())
            ],
            "Negative: deprived people bear more.",
        ),
    ]
    return Section(
        "sharing", title, result.words, (), tuple(charts), tuple(t for t in tables if t.rows)
    )


def _burden(result: Result, rows: Sequence[Mapping[str, Any]]) -> ChartView:
    gap = result.options.get("gap")
    whole = f"£ million {format_money(gap)}" if isinstance(gap, int) else "the gap"
    said = "; ".join(
        f"{row['name']} under {str(row['policy']).replace('_', ' ')} {format_money(row['pence'])}"
        for row in rows
    )
    return ChartView(
        "chart-burden",
        f"Who bears {whole} depends on the policy",
        burden_chart(rows),
        f"Marks for each policy on the line of each body, in £ million: {said}",
    )


def _curve(result: Result, curves: Sequence[Mapping[str, Any]]) -> ChartView:
    indices = {row["policy"]: row["index"] for row in result.tables.get("equity", ())}
    said = "; ".join(
        f"{policy.replace('_', ' ')} {index:+.3f}"
        for policy, index in indices.items()
        if isinstance(index, float)
    )
    return ChartView(
        "chart-concentration",
        "How the burden falls on people, from most to least deprived",
        curve_chart(curves),
        f"Curves of the share of burden against the share of people. Concentration index: {said}",
    )


def decisions(results: Results, focus: Focus) -> Section:
    """Decisions: outcome, dissent, who is bound and how much each vote weighs."""
    title = "Decisions and who is bound"
    result = results.get("decide")
    rows = result.tables.get("decisions", ()) if result is not None else ()
    if result is None or not rows:
        return Section("decisions", title)
    charts = []
    for row in rows:
        votes = [v for v in result.tables.get("votes", ()) if v["decision"] == row["decision"]]
        power = [p for p in result.tables.get("power", ()) if p["decision"] == row["decision"]]
        if row is rows[0] or row["rule"] in ("weighted", "double_majority"):
            charts += _one_decision(row, votes, power)
    tables = (
        TableView(
            "Decisions",
            columns(
                "decision|Decision",
                "title|What",
                "rule|Rule",
                "on|Date",
                "outcome|Outcome",
                "why|Why",
            ),
            [dict(row, rule=str(row["rule"]).replace("_", " ")) for row in rows],
        ),
        TableView(
            "Who is bound",
            columns("decision|Decision", "name|Body", "vote|Vote", "bound|Bound|yesno", "why|Why"),
            result.tables.get("bound", ()),
        ),
        TableView(
            "Whom it would bind, before any vote",
            columns(
                "decision|Decision",
                "name|Body",
                "can_be_outvoted|Can be outvoted?|yesno",
                "would_be_bound|Would be bound?|yesno",
                "why|Why",
            ),
            result.tables.get("would_bind", ()),
        ),
        TableView(
            "Voting power",
            columns(
                "decision|Decision",
                "name|Body",
                "share_of_weight|Share of weight|share",
                "banzhaf|Banzhaf|share",
                "shapley_shubik|Shapley-Shubik|share",
                "veto|Veto|yesno",
                "can_be_outvoted_by|Fewest that outvote it|number",
            ),
            result.tables.get("power", ()),
        ),
    )
    shown = tuple(table for table in tables if table.rows)
    return Section("decisions", title, result.words, (), tuple(charts), shown)


def _one_decision(
    row: Mapping[str, Any], votes: Sequence[Mapping[str, Any]], power: Sequence[Mapping[str, Any]]
) -> list[ChartView]:
    name, title = str(row["decision"]), str(row["title"] or row["decision"])
    said = "; ".join(f"{v['name']} {v['vote']}, weight {v['weight'] or 1}" for v in votes)
    charts = []
    if votes:
        title_of = f"{title}: {row['outcome']}"
        charts.append(ChartView(chart_id("votes", name), title_of, votes_chart(votes), said))
    if any(p["banzhaf"] is not None for p in power) and row["rule"] in (
        "weighted",
        "double_majority",
    ):
        said = "; ".join(
            f"{p['name']} {p['banzhaf']:.1%} of power with {p['share_of_weight']:.1%} of weight"
            for p in power
        )
        charts.append(
            ChartView(
                chart_id("power", name), f"{title}: power is not weight", power_chart(power), said
            )
        )
    return charts


def places(results: Results, focus: Focus) -> Section:
    """Systems against upper-tier authorities: breaches, splits, and money by place."""
    title = "Systems and councils"
    result = results.get("boundaries")
    if result is None:
        return Section("places", title)
    breach = {f.organisation: int(f.value or 0) for f in result.figures if f.measure == "breach"}
    vintage = str(result.options.get("vintage", ""))
    marked = sorted(code for code, value in breach.items() if value)
    words = f"Map of England's systems; in breach: {', '.join(marked)}."
    chart = ChartView(
        "chart-boundaries",
        f"{len(marked)} systems do not match their councils ({vintage})",
        breach_map(breach),
        words,
    )
    tables = (
        TableView(
            "Parts of authorities that put a system in breach",
            columns(
                "system|System",
                "name|Name",
                "authority_name|Authority",
                "share_of_authority|Share of its people|share",
                "people|People|number",
                "excepted|Exception|yesno",
            ),
            result.tables.get("breaches", ()),
        ),
        TableView(
            "Money by council, by where people live, £ million",
            columns(
                "authority_name|Authority",
                "system|System",
                "measure|What",
                "year|Year",
                "pence|Amount|money",
            ),
            [
                dict(
                    row,
                    year=year_label(str(row["year"])),
                    measure=str(row["measure"]).replace("_", " "),
                )
                for row in result.tables.get("money_by_authority", ())
            ],
            "This assumes that a system's money falls evenly on its people.",
        ),
    )
    return Section("places", title, result.words, (), (chart,), tuple(t for t in tables if t.rows))
