"""The further pages of a pack: trajectory, transfers, promises, findings, sources, every figure."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from controltotal.core.calendar import year_label
from controltotal.core.datafiles import packaged_rows
from controltotal.core.measures import measures
from controltotal.core.money import format_money
from controltotal.core.show import figure_value
from controltotal.papers.charts_position import native_trajectory, trajectory_chart
from controltotal.papers.sections import ChartView, Focus, Results, Section, TableView, columns


def trajectory(results: Results, focus: Focus) -> Section:
    """How long to clear it: the gap year by year under each scenario."""
    result = results["trajectory"]
    gaps = [
        f
        for f in result.figures
        if f.measure == "trajectory_gap" and f.organisation == focus.organisation
    ]
    rows: list[dict[str, Any]] = [
        {"scenario": f.part, "year": f.year, "pence": f.value}
        for f in gaps
        if isinstance(f.value, int)
    ]
    if not rows or max(row["pence"] for row in rows) <= 0:
        return Section("trajectory", "How long to clear it")
    words = list(result.said(focus.organisation))
    words += [f.message for f in result.findings if f.organisation == focus.organisation]
    first = min(row["year"] for row in rows)
    starts = [row["pence"] for row in rows if row["year"] == first]
    spread = (
        f"from {format_money(min(starts))} to {format_money(max(starts))}"
        if min(starts) != max(starts)
        else format_money(starts[0])
    )
    title = f"The gap to clear from {year_label(first)} is £ million {spread}"
    alternative = "Lines falling year by year, in £ million: " + "; ".join(
        f"{row['scenario']} {year_label(row['year'])} {format_money(row['pence'])}" for row in rows
    )
    native = native_trajectory(rows)
    chart = ChartView("chart-trajectory", title, trajectory_chart(rows), alternative, native=native)
    figures = {
        (f.part, f.year, f.measure): f
        for f in result.figures
        if f.organisation == focus.organisation
    }
    table_rows = [
        {
            "scenario": f.part,
            "year": year_label(f.year),
            "trajectory_gap": f,
            "saving_needed": figures.get((f.part, f.year, "saving_needed")),
            "saving_needed_share": figures.get((f.part, f.year, "saving_needed_share")),
            "cumulative_deficit": figures.get((f.part, f.year, "cumulative_deficit")),
        }
        for f in sorted(gaps, key=lambda f: (f.part, f.year))
    ]
    table = TableView(
        "The way to clear the gap, £ million",
        columns(
            "scenario|Scenario",
            "year|Year",
            "trajectory_gap|Gap at the year's end|figure",
            "saving_needed|Saving needed|figure",
            "saving_needed_share|Share of allocation|figure",
            "cumulative_deficit|Deficit funded so far|figure",
        ),
        table_rows,
    )
    return Section("trajectory", "How long to clear it", tuple(words), (), (chart,), (table,))


def transfers(results: Results, focus: Focus) -> Section:
    """Who supports whom, by which mechanism, and how it is repaid."""
    register = results["register"]
    rows = [
        dict(
            row,
            giver=focus.name(row["from"]),
            receiver=focus.name(row["to"]),
            year=year_label(row["year"]),
            kind=str(row["kind"]).replace("_", " "),
            mechanism=str(row["mechanism"]).replace("_", " "),
        )
        for row in register.tables["transfers"]
    ]
    if not rows:
        return Section("transfers", "Transfers and repayments")
    cases = [
        dict(
            row,
            organisation=focus.name(row["organisation"]),
            mechanism=row["mechanism"].replace("_", " "),
            stage=f"{row['stage']} savings are made",
        )
        for row in results["position"].tables["support_cases"]
    ]
    tables = [
        TableView(
            "Transfers, £ million",
            columns(
                "id|Transfer",
                "giver|From",
                "receiver|To",
                "year|Year",
                "amount_pence|Amount|money",
                "kind|Kind",
                "mechanism|Mechanism",
                "status|Status",
                "repay_years|Years to repay|number",
            ),
            rows,
        ),
        TableView(
            "What each mechanism does, before and after savings are made, £ million",
            columns(
                "mechanism|Mechanism",
                "stage|Stage",
                "role|Role",
                "organisation|Body",
                "pence|Position, or change for a giver|money",
            ),
            cases,
            "Receiver and region are positions; a giver is shown as the change from its own plan.",
        ),
    ]
    tables += _repayments(results, focus)
    words = (
        "Support is never improvement: a position stands without it, and the region gains only "
        "by savings actually made.",
    )
    return Section("transfers", "Transfers and repayments", words, (), (), tuple(tables))


def _repayments(results: Results, focus: Focus) -> list[TableView]:
    share = results.get("share")
    if share is None:
        return []
    rows = [
        {
            "name": focus.name(f.organisation),
            "year": year_label(f.year),
            "transfer": f.part or "all transfers",
            "figure": f,
        }
        for f in share.figures
        if f.measure == "repayment" and f.value is not None
    ]
    if not rows:
        return []
    return [
        TableView(
            "Repayments by year",
            columns("name|Body", "year|Year", "transfer|Transfer", "figure|Repaid|figure"),
            rows,
        )
    ]


def _kept(row: Mapping[str, Any]) -> str:
    """Whether a promise is kept: only an actual can break it, a forecast or plan only warns."""
    if row["kept"] is None:
        return "cannot be told"
    if row["basis"] == "actual":
        return "kept" if row["kept"] else "not kept"
    return f"{'yes' if row['kept'] else 'not'} on the {row['basis']}"


def promises(results: Results, focus: Focus) -> Section:
    """Promises made in public, and whether the figures keep them."""
    rows = [
        dict(
            row,
            organisation=focus.name(row["organisation"]),
            year=year_label(row["year"]) if row["year"] else "",
            kept=_kept(row),
        )
        for row in results["register"].tables["promises"]
    ]
    table = TableView(
        "Promises and whether the figures keep them, £ million",
        columns(
            "by|Who",
            "on|When",
            "text|What was promised",
            "promised_pence|Promised|money",
            "found_pence|Found|money",
            "basis|Measured on",
            "kept|Kept?",
        ),
        rows,
    )
    return Section("promises", "Promises", (), (), (), (table,) if rows else ())


def withheld(results: Results, focus: Focus) -> Section:
    """What is withheld, refused, unanswered or undisclosed, and why."""
    rows = [
        dict(row, kind=str(row["kind"]).replace("_", " "))
        for row in results["register"].tables["withheld"]
    ]
    table = TableView(
        "What the public is not told, and why",
        columns(
            "figure|Figure",
            "kind|What happened",
            "exemption|Exemption",
            "reason|Reason",
            "decided_by|Decided by",
            "asked_on|Asked on",
            "review_on|Review on",
            "until|Until",
        ),
        rows,
    )
    return Section("withheld", "Withheld or not answered", (), (), (), (table,) if rows else ())


def findings(results: Results, focus: Focus) -> Section:
    """Everything that does not add up, with its place and what to do."""
    found = results["check"].findings
    rows = [
        {
            "severity": f.severity,
            "code": f.code,
            "organisation": ", ".join(
                focus.name(code) for code in f.organisations[:3] or (f.organisation,)
            ),
            "where": f.place + (f" ({f.detail})" if f.detail else ""),
            "message": f.message,
            "action": f.action,
        }
        for f in found
    ]
    table = TableView(
        "Findings",
        columns(
            "severity|Severity",
            "code|Code",
            "organisation|Body",
            "message|What was found",
            "where|Where",
            "action|What to do",
        ),
        rows,
    )
    return Section(
        "findings", "Does it add up?", results["check"].words, (), (), (table,) if rows else ()
    )


def sources(results: Results, focus: Focus) -> Section:
    """Sources, with the short quotation that holds each number."""
    rows = [dict(row) for row in results["register"].tables["sources"]]
    table = TableView(
        "Sources",
        columns(
            "id|Id",
            "title|Title",
            "publisher|Publisher",
            "published_on|Published",
            "page|Page",
            "quote|Quotation",
            "licence|Licence",
        ),
        rows,
    )
    return Section("sources", "Sources and quotations", (), (), (), (table,) if rows else ())


def glossary(results: Results, focus: Focus) -> Section:
    """The words that the pack uses: those of every pack, and each abbreviation that it says."""
    said = " ".join(words for result in results.values() for words in result.words)
    spoken = set(re.findall(r"\b[A-Z]{2,5}\b", said))
    rows = [
        dict(row)
        for row in packaged_rows("glossary.csv")
        if row["packs"] == "yes" or abbreviation(row["term"]) in spoken
    ]
    used = {f.measure for result in results.values() for f in result.figures}
    rows += [
        {"term": m.name, "meaning": f"{m.meaning} ({m.sign})"}
        for m in measures().values()
        if m.measure in used
    ]
    rows.sort(key=lambda row: str(row["term"]).lower())
    table = TableView("Words used", columns("term|Term", "meaning|Meaning"), rows)
    return Section("glossary", "Glossary", (), (), (), (table,))


def abbreviation(term: str) -> str:
    """The letters for which a term stands: itself, or what stands in brackets after it.

    >>> abbreviation("CCG"), abbreviation("Recovery Support Programme (RSP)"), abbreviation("Gap")
    ('CCG', 'RSP', '')
    """
    found = re.search(r"(?:^|\()([A-Z]{2,5})\)?$", term)
    return found[1] if found else ""


def with_inputs(results: Results, shown: set[str]) -> set[str]:
    """The figures shown and all that they rest on, so that every link on the page leads on."""
    steps = {
        name: trace.inputs for result in results.values() for name, trace in result.trace.items()
    }
    found: set[str] = set()
    ahead = [name for name in shown if name in steps]
    while ahead:
        name = ahead.pop()
        if name not in found:
            found.add(name)
            ahead.extend(i for i in steps[name] if i in steps)
    return found


def _entries(entries: Sequence[int]) -> str:
    """The first ledger entries of a figure; rows taken from published tables have none.

    >>> _entries((4, 5)), _entries((-2, 4)), _entries((-2,))
    ('4, 5', '4, published', 'published')
    """
    own = [entry for entry in entries if entry > 0]
    told = [str(entry) for entry in own[:12]]
    told += ["published"] if len(own) < len(entries) else []
    return ", ".join(told) + (" …" if len(own) > 12 else "")


def every_figure(results: Results, focus: Focus, shown: set[str]) -> Section:
    """Each figure that the pack shows, with its rule, what it rests on and its ledger entries."""
    rows: list[dict[str, Any]] = []
    wanted = with_inputs(results, shown)
    done: set[str] = set()
    for result in results.values():
        for figure in result.figures:
            if figure.id not in wanted or figure.id in done:
                continue
            done.add(figure.id)
            trace = result.trace[figure.id]
            rows.append(
                {
                    "figure": figure,
                    "rule": trace.rule,
                    "value": figure_value(figure),
                    "inputs": [i for i in trace.inputs if i in wanted],
                    "parameters": "; ".join(trace.parameters),
                    "entries": _entries(trace.entries),
                }
            )
    rows.sort(key=lambda row: row["figure"].id)
    table = TableView(
        "Every figure shown, and how it was made",
        columns(
            "figure|Figure|anchor",
            "value|Value",
            "rule|Rule",
            "inputs|Rests on|links",
            "parameters|Parameters",
            "entries|Ledger entries",
        ),
        rows,
    )
    words = (
        "Each figure has an id: its address on this page, its key in JSON and its name in the "
        "command `controltotal explain BOOK FIGURE`.",
    )
    return Section("figures", "Where each figure comes from", words, (), (), (table,))
