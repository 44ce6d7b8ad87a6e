"""The answers on savings: opportunities, schemes, their quality and gates, and the portfolio."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from controltotal.core.calendar import month_name
from controltotal.core.figure import Figure
from controltotal.core.measures import measure
from controltotal.core.money import format_pounds
from controltotal.papers.answer import Ask, Getter, Row, shown_year
from controltotal.papers.sections import Section, TableView

FEW: Final = 22
"""Schemes that are told one by one; more are told by organisation."""


def opportunities_view(ask: Ask) -> Section:
    """What each body could save, between the bounds; without a book the largest of each area."""
    if not ask.focus:
        return _of_areas(ask)

    def total(part: str) -> Getter:
        return lambda code: ask.money("opportunity_total", code, "plan", part)

    gaps = {row["organisation"]: row for row in ask.about("gap") if row["year"] == ask.year}

    def gap(name: str) -> Getter:
        return lambda code: gaps[code][name] if code in gaps else None

    columns = {
        "at least": total("lower"),
        "shared pounds once": total("netted"),
        "at most": total("upper"),
        "deficit of the year": gap("gap"),
        "half of it": gap("half"),
        "left if half is found": gap("left_if_half_is_found"),
    }

    def size(code: str) -> float | None:
        return ask.pence("opportunity_total", code, "plan", "upper")

    words = ask.told("opportunity", "gap", "overlap") or [f"{ask.whom}: the book lists nothing."]
    title = f"What could be saved, {shown_year(ask.year)}, before anybody has judged it"
    return ask.section(words, ask.of_bodies(title, columns, size))


GAPS: Final = {
    "area_name": "area",
    "area": "code",
    "name": "what",
    "low": "at least|money",
    "net": "as expected|money",
    "high": "at most|money",
    "verdict": "verdict",
}


def _of_areas(ask: Ask) -> Section:
    """Without a book: the gaps of the areas asked for that are wider than noise, the widest first."""
    told = [
        row
        for row in ask.result.tables.get("opportunities", ())
        if row["unit"] == "pence" and row["survives"] == "yes"
    ]
    told.sort(key=lambda row: -float(row["net"] or 0))
    named = [{**row, "area_name": row["area_name"] or row["area"]} for row in told]
    table = ask.listed("Gaps wider than noise", GAPS, named, "gaps", lambda row: row["net"])
    words = [one.text for one in ask.result.sentences]
    return ask.section(words or ["Nothing is above its benchmark."], table)


# -- schemes -----------------------------------------------------------------------------------------


def _by_body(ask: Ask, rows: list[Row]) -> dict[str, list[Row]]:
    """The rows of each body inside, and of each body above them."""
    found: dict[str, list[Row]] = {code: [] for code in ask.inside}
    scope = ask.result.scope
    for row in rows:
        code = row["organisation"]
        while code in found:
            found[code].append(row)
            code = scope.above(code)
    return found


def _of_schemes(ask: Ask, table: TableView) -> Section:
    """What is said of the schemes of the body, above a table."""
    words = ask.told("savings", "schemes") or [f"{ask.whom}: no scheme of it is told."]
    return ask.section((*words, *_on_conditions(ask)), table)


def _on_conditions(ask: Ask) -> list[str]:
    """The conditions under which schemes were approved and that are not met yet, in their own words."""
    rows = [row for row in ask.about("conditions") if not row["met_on"]]
    if not rows:
        return []
    texts = [f"{row['title']} ({row['scheme']}): “{row['text'].rstrip('.')}”" for row in rows[:FEW]]
    more = f"; and {len(rows) - FEW} more" if len(rows) > FEW else ""
    return [f"Approved on a condition that is not met yet: {'; '.join(texts)}{more}."]


def _counts(
    ask: Ask,
    rows: list[Row],
    title: str,
    columns: Mapping[str, Callable[[Row], Any]],
    savings: bool = False,
) -> TableView:
    """Bodies down, and of how many of the rows of each something is so; `savings`: with the money."""
    by_body = _by_body(ask, rows)

    def cell(is_so: Callable[[Row], Any]) -> Getter:
        return lambda code: sum(bool(is_so(row)) for row in by_body[code]) or None

    made = {f"{heading}|number": cell(is_so) for heading, is_so in columns.items()}
    if savings:
        made["savings that count"] = lambda code: _saved(ask, code)
    *_, last = columns.values()

    def problem(code: str) -> float:
        return float(sum(bool(last(row)) for row in by_body[code]))

    return ask.of_bodies(title, made, problem, [code for code in ask.inside if by_body[code]])


def _each(rows: list[Row], key: str, before: str = "") -> dict[str, Callable[[Row], bool]]:
    """A column for each thing that rows say under a key: whether a row says it."""

    def says(one: str) -> Callable[[Row], bool]:
        return lambda row: str(row[key]) == one

    return {f"{before}{one}": says(one) for one in sorted({str(r[key]) for r in rows if r[key]})}


def _saved(ask: Ask, code: str) -> int | None:
    """Savings of a body's plan that count: recurrent and not, which sum to the whole."""
    parts = [
        ask.pence("savings_by_recurrence", code, "plan", part)
        for part in ("recurrent", "non_recurrent")
    ]
    told = [pence for pence in parts if pence is not None]
    return sum(told) if told else None


SCHEMES: Final = {
    "scheme": "scheme",
    "title": "title",
    "maturity": "maturity",
    "gate": "gate",
    "plan_pence": "plan|money",
    "forecast_pence": "forecast|money",
    "counts": "counts",
}
QUALITY: Final = {
    "scheme": "scheme",
    "title": "title",
    "standing": "standing",
    "worst_domain": "worst domain",
    "stage": "stage",
    "review_on": "review on",
    "reason": "why not",
}
GATES: Final = {
    "scheme": "scheme",
    "gate": "gate",
    "on": "passed on",
    "next_gate": "next",
    "missing": "which lacks",
    "went_back": "went back",
}
DUTIES: Final = ("scheme", "duty", "from", "to", "status", "outcome", "after_decision")
MONTHS: Final = {
    "name": "month",
    "plan_pence": "plan|money",
    "counted_pence": "of which counts|money",
    "actual_pence": "actual|money",
    "forecast_pence": "forecast|money",
}
"""Columns of the pages of schemes, with their headings."""


def schemes_view(ask: Ask) -> Section:
    """The schemes themselves where they are few, else how many count and what they bring."""
    rows = ask.about("schemes")
    year = shown_year(ask.year)
    if len(rows) > FEW:
        refused = {r["scheme"] for r in ask.about("schemes_not_counted") if r["rejected"]}
        columns: dict[str, Callable[[Row], Any]] = {
            "schemes": lambda row: True,
            "that count": lambda row: row["counted"],
            "that do not": lambda row: not row["counted"],
            "refused for safety": lambda row: row["scheme"] in refused,
        }
        table = _counts(ask, rows, f"Schemes, {year}", columns, savings=True)
        return _of_schemes(ask, table)
    named = [
        {
            **row,
            "gate": row["gate"] or "none",
            "counts": "yes" if row["counted"] else f"no: {row['reason']}",
        }
        for row in rows
    ]
    table = ask.listed(
        f"Schemes, {year}", SCHEMES, named, "schemes", lambda row: abs(row["plan_pence"] or 0)
    )
    return _of_schemes(ask, table)


def quality_view(ask: Ask) -> Section:
    """How many schemes are approved, refused, overdue or unsigned; those that are not, where few."""
    rows = ask.about("quality")
    if len(rows) > FEW:
        columns: dict[str, Any] = {"schemes": lambda row: True, **_each(rows, "standing")}
        columns["review overdue"] = lambda row: row["overdue"]
        table = _counts(ask, rows, f"Quality of schemes, {shown_year(ask.year)}", columns)
        return _of_schemes(ask, table)
    table = ask.listed("Quality of schemes", QUALITY, rows, "schemes", lambda row: row["after"])
    return _of_schemes(ask, table)


def gates_view(ask: Ask) -> Section:
    """How many schemes stand at each gate; each scheme and what its next gate lacks, where few."""
    rows = ask.about("gates")
    tests = ask.result.tables.get("option_tests") or ()
    if tests and not rows:
        heads = {name: name for name in tests[0] if name != "where"} | {"order": "order|number"}
        return _of_schemes(ask, ask.listed("Options, test by test", heads, tests, "rows"))
    if len(rows) > FEW:
        columns: dict[str, Any] = {"schemes": lambda row: True, "none": lambda row: not row["gate"]}
        columns |= _each(rows, "gate", "at ")
        columns["went back"] = lambda row: row["went_back"]
        table = _counts(ask, rows, f"Last gate passed, {shown_year(ask.year)}", columns)
        return _of_schemes(ask, table)
    named = [{**row, "gate": row["gate"] or "none"} for row in rows]
    table = ask.listed("Gates of schemes", GATES, named, "schemes", lambda row: len(row["missing"]))
    return _of_schemes(ask, table)


def engagement_view(ask: Ask) -> Section:
    """How many duties to involve people are open, over, or came after the decision."""
    rows = ask.about("engagement")
    columns: dict[str, Any] = {"duties": lambda row: True, **_each(rows, "status")}
    columns["after the decision"] = lambda row: row["after_decision"]
    if len(rows) > FEW:
        table = _counts(ask, rows, f"Duties to involve people, {shown_year(ask.year)}", columns)
        return _of_schemes(ask, table)
    heads = {name: name.replace("_", " ") for name in DUTIES}
    table = ask.listed("Who is involved", heads, rows, "duties", lambda row: row["after_decision"])
    return _of_schemes(ask, table)


def phasing_view(ask: Ask) -> Section:
    """Plan, actual and forecast of the body month by month."""
    rows = [
        {**row, "name": month_name(row["month"])}
        for row in ask.about("phasing")
        if row["organisation"] == ask.focus
    ]
    title = f"Savings by month, {shown_year(ask.year)}, {ask.label(ask.focus)}"
    return _of_schemes(ask, ask.listed(title, MONTHS, rows, "months"))


# -- portfolio ---------------------------------------------------------------------------------------

OUTCOME: Final = {
    "control_total": "control total",
    "before_schemes": "before schemes",
    "saving": "chosen schemes save",
    "outcome": "that leaves",
    "shortfall": "short of control total",
}
WITH_MARGIN: Final = {
    **{name: heading for name, heading in OUTCOME.items() if name != "shortfall"},
    "margin": "risk margin asked for",
    "shortfall": "short of both",
}
"""The columns where a control total is to be met with a margin, which is a part of what is short."""


def portfolio_view(ask: Ask) -> Section:
    """What the chosen schemes save of each body, and how short of its control total that is."""
    side = ask.result.tables.get("side_by_side")
    if side is not None:
        return ask.section((_beside(ask),), _side_by_side(ask, side))
    rows = {r["organisation"]: r for r in ask.about("control_totals") if r["year"] == ask.year}

    def cell(name: str) -> Getter:
        return lambda code: rows[code][name]

    codes = [code for code in ask.inside if code in rows]
    heads = WITH_MARGIN if any(rows[code]["margin"] for code in codes) else OUTCOME
    columns = {heading: cell(name) for name, heading in heads.items()}
    title = f"Modelled list, {shown_year(ask.year)}; no decision has been made"
    table = ask.of_bodies(title, columns, lambda code: rows[code]["shortfall"], codes)
    listed = _on_conditions(ask)
    words = (_chosen(ask, rows.get(ask.focus)), *listed, *ask.of_the_book("portfolio", "gap"))
    return ask.section(words, table)


def _chosen(ask: Ask, row: Row | None) -> str:
    """What the chosen schemes do to the control total of the body."""
    if row is None or row["saving"] is None:
        return f"{ask.whom}: no control total of it is planned for."
    text = f"{ask.whom}: the schemes chosen save {format_pounds(row['saving'])}"
    if row["shortfall"] is None:
        return f"{text}; whether that meets its control total is not known."
    if not row["shortfall"]:
        return f"{text}, which meets its control total."
    missed, margin = row["shortfall"] - row["margin"], row["margin"]
    if missed <= 0:
        return (
            f"{text}, which meets its control total, and not the risk margin of "
            f"{format_pounds(margin)} that is asked for: {format_pounds(row['shortfall'])} is missing."
        )
    text += f"; its control total is still missed by {format_pounds(missed)}"
    if margin:
        text += (
            f", and by {format_pounds(row['shortfall'])} with the risk margin of "
            f"{format_pounds(margin)} that is asked for"
        )
    return f"{text}."


def _beside(ask: Ask) -> str:
    names = " and ".join(str(name) for name in ask.result.options.get("compared", ()))
    return f"{ask.whom}: portfolios side by side, by {names}."


def _side_by_side(ask: Ask, rows: Sequence[Row]) -> TableView:
    sums = [name for name in (rows[0] if rows else ()) if name.endswith("_pence")]
    named = []
    for row in rows:
        figure = Figure(row["figure"], None)
        code = figure.organisation
        if code in ask.inside:
            what = measure(figure.measure).name
            named.append({**row, "organisation": ask.label(code), "code": code, "figure": what})
    heads = {one: one for one in ("organisation", "code", "figure")}
    heads |= {one: f"{one.removesuffix('_pence')}|money" for one in sums}
    return ask.listed(f"Side by side, {shown_year(ask.year)}", heads, named, "figures")
