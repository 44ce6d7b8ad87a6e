"""The page on what could be saved without counting twice, from the result of `opportunities`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from controltotal.core.money import format_money
from controltotal.core.result import Result
from controltotal.papers.charts_opportunity import (
    fifth_chart,
    funnel_chart,
    opportunity_bars,
    overlap_heat,
    range_chart,
    run_chart,
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

Rows = Sequence[Mapping[str, Any]]

TITLE = "What could be saved, without counting twice"
FUNNELS = 2
ROWS_MOST = 60
RUNS = 2


def opportunities(results: Results, focus: Focus) -> Section:
    """Ranges first; then what stands out, whether it lasts, and on whom it would fall."""
    result = results.get("opportunities")
    if result is None:
        return Section("opportunities", TITLE)
    charts = [*_range_charts(result, focus), *_benchmark_charts(result)]
    tables = [*_book_tables(result), *_benchmark_tables(result)]
    figures = tuple(
        f
        for f in result.figures
        if f.measure == "opportunity_total"
        and f.organisation == focus.organisation
        and f.part in ("lower", "netted", "upper", "raw")
    )
    return Section(
        "opportunities",
        TITLE,
        result.words,
        figures,
        tuple(charts),
        tuple(t for t in tables if t.rows),
    )


def _range_charts(result: Result, focus: Focus) -> list[ChartView]:
    """One range a year for the body in focus, and its overlap matrix."""
    charts: list[ChartView] = []
    totals = [f for f in result.figures if f.measure == "opportunity_total" and f.basis == "plan"]
    for year in sorted({f.year for f in totals if f.organisation == focus.organisation}):
        mine = {f.part: f for f in totals if (f.organisation, f.year) == (focus.organisation, year)}
        lists = [
            (p.removeprefix("view/"), int(f.value or 0))
            for p, f in mine.items()
            if p.startswith("view/")
        ]
        low, high = int(mine["lower"].value or 0), int(mine["upper"].value or 0)
        said = "; ".join(f"{name} {format_money(pence)}" for name, pence in lists)
        charts.append(
            ChartView(
                chart_id("opportunity", year),
                f"Together the lists are worth at least £{format_money(low)}m and at most "
                f"£{format_money(high)}m",
                range_chart(lists, low, high),
                f"£ million, theoretical: {said}; together at least {format_money(low)} and, the upper "
                f"bound, at most {format_money(high)}.",
            )
        )
    cells = [r for r in result.tables.get("overlap", ()) if r["organisation"] == focus.organisation]
    if cells:
        said = "; ".join(
            f"{r['view_a']} {r['category_a']} with {r['view_b']} {r['category_b']}: "
            + (
                format_money(r["overlap"])
                if r["overlap"] is not None
                else f"up to {format_money(r.get('overlap_at_most'))}"
            )
            for r in cells[:12]
        )
        charts.append(
            ChartView(
                "chart-overlap",
                "What adding the lists would count twice",
                overlap_heat(cells),
                f"£ million counted twice: {said}.",
            )
        )
    return charts


def _benchmark_charts(result: Result) -> list[ChartView]:
    """Bars, funnels, run charts and fifths of benchmark data, where the result has them."""
    charts: list[ChartView] = []
    told = [r for r in result.tables.get("opportunities", ()) if r.get("verdict")]
    lasting = [r for r in told if r["survives"] == "yes" and r["unit"] == "pence"]
    lasting = sorted(lasting, key=lambda r: (-r["net"], r["area"], r["measure"]))
    if lasting:
        top = lasting[0]
        charts.append(
            ChartView(
                "chart-opportunity-bars",
                f"The dearest gap: {top['name']}, {top['area_name'] or top['area']}",
                opportunity_bars(told),
                "Expected opportunity with 80% interval, £ thousand: "
                + "; ".join(
                    f"{r['area_name'] or r['area']}, {r['name']}: {r['net'] / 100_000:,.1f}"
                    for r in lasting[:8]
                )
                + ".",
            )
        )
    funnels, series = result.tables.get("funnel", ()), result.tables.get("series", ())
    drawn = list(dict.fromkeys(r["measure"] for r in lasting))
    for measure in [m for m in drawn if any(r["measure"] == m for r in funnels)][:FUNNELS]:
        rows = [r for r in funnels if r["measure"] == measure]
        out = [r["area"] for r in rows if r["zone"] and r["asked"] == "yes"]
        charts.append(
            ChartView(
                chart_id("funnel", measure),
                str(rows[0]["name"]),
                funnel_chart(rows, measure),
                "Rates against size with limits; outside them among the areas asked: "
                + (", ".join(out) or "none")
                + ".",
            )
        )
    charts += _runs(series, lasting)
    fifths = result.tables.get("fifths", ())
    if fifths:
        said = "; ".join(
            f"fifth {r['fifth']}: {r['netted_pence_a_head']} pence a head" for r in fifths
        )
        charts.append(
            ChartView(
                "chart-opportunity-fifths",
                "On whom it would fall: by deprivation",
                fifth_chart(fifths),
                f"Net of noise: {said}.",
            )
        )
    return charts


def _runs(series: Rows, lasting: Rows) -> list[ChartView]:
    charts: list[ChartView] = []
    for row in lasting:
        measure, area = row["measure"], row["area"]
        mine = [r for r in series if r["measure"] == measure and r["area"] == area]
        if mine and len(charts) < RUNS:
            special = [r["month"] for r in mine if r["special"]]
            charts.append(
                ChartView(
                    chart_id("run", measure, area),
                    f"{row['area_name'] or area}, {row['name']}: the gap is {row['gap_is']}",
                    run_chart(mine, measure, area),
                    f"Gap month by month, mean {mine[0]['mean']}; unusual months: "
                    + (", ".join(special) or "none")
                    + ".",
                )
            )
    return charts


def _book_tables(result: Result) -> list[TableView]:
    listed = [r for r in result.tables.get("opportunities", ()) if "id" in r]
    return [
        TableView(
            "Opportunities as listed, £ million, theoretical",
            columns(
                "id|Id",
                "view|List",
                "category|Category",
                "value|Value|money",
                "leaf|Added",
                "disjoint|Stated as different money",
                "reason|Why",
            ),
            listed,
            "Parents are shown and never added.",
        ),
        TableView(
            "Finding half the deficit",
            columns(
                "year|Year",
                "gap|Deficit|money",
                "half|Half|money",
                "left_if_half_is_found|Left|money",
                "share_needed_of_upper|Needed if nothing overlaps|share",
                "share_needed_of_lower|Needed if all overlaps|share",
            ),
            result.tables.get("gap", ()),
        ),
        TableView(
            "From opportunity to scheme to actual, £ million",
            columns(
                "opportunity|Opportunity",
                "value|Value|money",
                "schemes|Schemes",
                "planned_full_year|Planned|money",
                "planned_share|Of it planned|share",
                "delivered|Delivered|money",
                "delivered_share|Of it delivered|share",
            ),
            result.tables.get("conversion", ()),
        ),
    ]


def thousands(rows: Rows, *keys: str) -> list[dict[str, Any]]:
    """Rows with some columns of pence turned into £ thousand, to one place.

    >>> thousands([{"raw": 123_456_789, "net": None}], "raw", "net")
    [{'raw': 1234.6, 'net': None}]
    """
    return [
        dict(row, **{k: None if row[k] is None else round(row[k] / 100_000, 1) for k in keys})
        for row in rows
    ]


def _benchmark_tables(result: Result) -> list[TableView]:
    told = [r for r in result.tables.get("opportunities", ()) if r.get("verdict")]
    money = [r for r in told if r["unit"] == "pence" and r["net"] is not None]
    money = sorted(money, key=lambda r: (-r["net"], r["area"], r["measure"]))[:ROWS_MOST]
    range_columns = (
        "raw|As published|number",
        "netted|Net of noise|number",
        "low|Low|number",
        "high|High|number",
    )
    return [
        TableView(
            "Totals from benchmark data, £ thousand, theoretical",
            columns(
                "organisation|Body",
                "name|Name",
                "period|Period",
                *range_columns,
                "surviving|Gaps that survive|number",
            ),
            thousands(result.tables.get("totals", ()), "raw", "netted", "low", "high"),
            "Low and high are an 80% interval of noise alone.",
        ),
        TableView(
            "Gaps to the benchmark that could be told, £ thousand, dearest first",
            columns(
                "area|Area",
                "area_name|Name",
                "name|Measure",
                "raw|As published|number",
                "net|Net of noise|number",
                "low|Low|number",
                "high|High|number",
                "verdict|What testing says",
            ),
            thousands(money, "raw", "net", "low", "high"),
        ),
        TableView(
            "Peers, and why",
            columns(
                "area|Area",
                "peer|Peer",
                "peer_name|Name",
                "place|Place|number",
                "most alike on|Most alike on",
                "least alike on|Least alike on",
            ),
            [r for r in result.tables.get("peers", ()) if "most alike on" in r],
        ),
        TableView(
            "By fifth of deprivation, all areas of the source, £ thousand",
            columns(
                "fifth|Fifth (1 most deprived)|number",
                "areas|Areas|number",
                "people|People|number",
                "raw|As published|number",
                "netted|Net of noise|number",
                "asked|Areas asked",
            ),
            thousands(result.tables.get("fifths", ()), "raw", "netted"),
        ),
        TableView(
            "Sources",
            columns(
                "dataset|Source",
                "period|Period",
                "publisher|Publisher",
                "licence|Licence",
                "measures|Measures|number",
                "areas|Areas|number",
                "tests|Tests|number",
                "surviving|Survive|number",
            ),
            result.tables.get("tested", ()),
        ),
    ]
