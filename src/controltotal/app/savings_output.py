"""First screens of savings: opportunities, schemes, their quality and gates, and the portfolio."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from typing import Any, Final

from controltotal.app.brief_output import Ask, Cell, Line, Pence, Table, View
from controltotal.app.show import shown_year
from controltotal.core.calendar import month_name
from controltotal.core.figure import Figure
from controltotal.core.measures import measure
from controltotal.core.money import format_pounds

Row = Mapping[str, Any]
FEW: Final = 22
"""Schemes that are told one by one; more are told by organisation."""


def opportunities_view(ask: Ask) -> View:
    """What each body could save, between the bounds; without a book the largest of each area."""
    if not ask.focus:
        return _of_areas(ask)

    def total(part: str) -> Callable[[str], Cell]:
        return lambda code: ask.pence("opportunity_total", code, "plan", part)

    gaps = {row["organisation"]: row for row in ask.about("gap") if row["year"] == ask.year}

    def gap(name: str) -> Callable[[str], Cell]:
        return lambda code: Pence(gaps[code][name] if code in gaps else None)

    columns = {
        "at least": total("lower"),
        "shared pounds once": total("netted"),
        "at most": total("upper"),
        "deficit of the year": gap("gap"),
        "half of it": gap("half"),
        "left if half is found": gap("left_if_half_is_found"),
    }

    def size(code: str) -> float | None:
        return total("upper")(code).value  # type: ignore[union-attr]

    words = ask.told("opportunity", "gap", "overlap") or [f"{ask.whom}: the book lists nothing."]
    title = f"What could be saved, {shown_year(ask.year)}, before anybody has judged it"
    return View(tuple(words), ask.of_bodies(title, columns, size))


def _of_areas(ask: Ask) -> View:
    """Without a book: the gaps of the areas asked for that are wider than noise, the widest first."""
    lines = [
        Line(
            (
                str(row["area_name"] or row["area"]),
                str(row["area"]),
                str(row["name"]),
                *(Pence(row[end]) for end in ("low", "net", "high")),
                str(row["verdict"]),
            ),
            weight=float(row["net"] or 0),
        )
        for row in ask.result.tables.get("opportunities", ())
        if row["unit"] == "pence" and row["survives"] == "yes"
    ]
    lines.sort(key=lambda line: -line.weight)
    headings = ("area", "code", "what", "at least", "as expected", "at most", "verdict")
    table = Table("Gaps wider than noise", headings, tuple(lines), "gaps")
    words = [one.text for one in ask.result.sentences]
    return View(tuple(words or ["Nothing is above its benchmark."]), table)


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


def _schemes_words(ask: Ask) -> tuple[str, ...]:
    words = ask.told("savings", "schemes")
    return tuple(words or [f"{ask.whom}: no scheme of it is told."])


def _counts(
    ask: Ask,
    rows: list[Row],
    title: str,
    columns: Mapping[str, Callable[[Row], Any]],
    savings: bool = False,
) -> Table:
    """Bodies down, and of how many of the rows of each something is so; `savings`: with the money."""
    by_body = _by_body(ask, rows)

    def cell(is_so: Callable[[Row], Any]) -> Callable[[str], Cell]:
        return lambda code: str(sum(bool(is_so(row)) for row in by_body[code]) or "")

    made = {heading: cell(is_so) for heading, is_so in columns.items()}
    if savings:
        made["savings that count"] = lambda code: _saved(ask, code)
    *_, last = columns.values()

    def problem(code: str) -> float:
        return float(sum(bool(last(row)) for row in by_body[code]))

    return ask.of_bodies(title, made, problem, [code for code in ask.inside if by_body[code]])


def _saved(ask: Ask, code: str) -> Pence:
    """Savings of a body's plan that count: recurrent and not, which sum to the whole."""
    parts = [
        ask.pence("savings_by_recurrence", code, "plan", part).value
        for part in ("recurrent", "non_recurrent")
    ]
    told = [pence for pence in parts if pence is not None]
    return Pence(sum(told) if told else None)


def schemes_view(ask: Ask) -> View:
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
        return View(_schemes_words(ask), table)
    lines = [
        Line(
            (
                str(row["scheme"]),
                str(row["title"]),
                str(row["maturity"]),
                str(row["gate"] or "none"),
                Pence(row["plan_pence"]),
                Pence(row["forecast_pence"]),
                "yes" if row["counted"] else f"no: {row['reason']}",
            ),
            weight=float(abs(row["plan_pence"] or 0)),
        )
        for row in rows
    ]
    headings = ("scheme", "title", "maturity", "gate", "plan", "forecast", "counts")
    return View(_schemes_words(ask), Table(f"Schemes, {year}", headings, tuple(lines), "schemes"))


def quality_view(ask: Ask) -> View:
    """How many schemes are approved, refused, overdue or unsigned; those that are not, where few."""
    rows = ask.about("quality")
    if len(rows) > FEW:
        stands = Counter(str(row["standing"]) for row in rows)
        columns: dict[str, Any] = {"schemes": lambda row: True}
        for standing in sorted(stands):
            columns[standing] = lambda row, one=standing: row["standing"] == one
        columns["review overdue"] = lambda row: row["overdue"]
        table = _counts(ask, rows, f"Quality of schemes, {shown_year(ask.year)}", columns)
        return View(_schemes_words(ask), table)
    names = ("scheme", "title", "standing", "worst_domain", "stage", "review_on", "reason")
    heads = ("scheme", "title", "standing", "worst domain", "stage", "review on", "why not")
    lines = [
        Line(tuple(_text(row[name]) for name in names), weight=float(row["after"] or 0))
        for row in rows
    ]
    return View(_schemes_words(ask), Table("Quality of schemes", heads, tuple(lines), "schemes"))


def gates_view(ask: Ask) -> View:
    """How many schemes stand at each gate; each scheme and what its next gate lacks, where few."""
    rows = ask.about("gates")
    tests = ask.result.tables.get("option_tests") or ()
    if tests and not rows:
        return View(_schemes_words(ask), _plain_table("Options, test by test", tests))
    if len(rows) > FEW:
        gates = sorted({str(row["gate"]) for row in rows if row["gate"]})
        columns: dict[str, Any] = {"schemes": lambda row: True, "none": lambda row: not row["gate"]}
        for gate in gates:
            columns[f"at {gate}"] = lambda row, one=gate: row["gate"] == one
        columns["went back"] = lambda row: row["went_back"]
        table = _counts(ask, rows, f"Last gate passed, {shown_year(ask.year)}", columns)
        return View(_schemes_words(ask), table)
    lines = [
        Line(
            (
                str(row["scheme"]),
                str(row["gate"] or "none"),
                _text(row["on"]),
                str(row["next_gate"] or ""),
                _text(row["missing"]),
                _text(row["went_back"]),
            ),
            weight=float(len(row["missing"])),
        )
        for row in rows
    ]
    heads = ("scheme", "gate", "passed on", "next", "which lacks", "went back")
    return View(_schemes_words(ask), Table("Gates of schemes", heads, tuple(lines), "schemes"))


def engagement_view(ask: Ask) -> View:
    """How many duties to involve people are open, over, or came after the decision."""
    rows = ask.about("engagement")
    columns: dict[str, Any] = {"duties": lambda row: True}
    for status in sorted({str(row["status"]) for row in rows}):
        columns[status] = lambda row, one=status: row["status"] == one
    columns["after the decision"] = lambda row: row["after_decision"]
    if len(rows) > FEW:
        table = _counts(ask, rows, f"Duties to involve people, {shown_year(ask.year)}", columns)
        return View(_schemes_words(ask), table)
    names = ("scheme", "duty", "from", "to", "status", "outcome", "after_decision")
    heads = ("scheme", "duty", "from", "to", "status", "outcome", "after decision")
    lines = [
        Line(tuple(_text(row[n]) for n in names), weight=row["after_decision"]) for row in rows
    ]
    return View(_schemes_words(ask), Table("Who is involved", heads, tuple(lines), "duties"))


def phasing_view(ask: Ask) -> View:
    """Plan, actual and forecast of the body month by month."""
    own = [row for row in ask.about("phasing") if row["organisation"] == ask.focus]
    names = ("plan_pence", "counted_pence", "actual_pence", "forecast_pence")
    lines = [Line((month_name(row["month"]), *(Pence(row[name]) for name in names))) for row in own]
    heads = ("month", "plan", "of which counts", "actual", "forecast")
    title = f"Savings by month, {shown_year(ask.year)}, {ask.label(ask.focus)}"
    return View(_schemes_words(ask), Table(title, heads, tuple(lines), "months"))


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else ""
    if isinstance(value, list | tuple):
        return "; ".join(map(str, value))
    return "" if value is None else str(value)


def _plain_table(title: str, rows: Any) -> Table:
    names = [name for name in rows[0] if name != "where"]
    lines = tuple(Line(tuple(_text(row[name]) for name in names)) for row in rows)
    return Table(title, tuple(names), lines, "rows")


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


def portfolio_view(ask: Ask) -> View:
    """What the chosen schemes save of each body, and how short of its control total that is."""
    side = ask.result.tables.get("side_by_side")
    if side is not None:
        return View((_beside(ask),), _side_by_side(ask, side))
    rows = {r["organisation"]: r for r in ask.about("control_totals") if r["year"] == ask.year}

    def cell(name: str) -> Callable[[str], Cell]:
        return lambda code: Pence(rows[code][name])

    codes = [code for code in ask.inside if code in rows]
    heads = WITH_MARGIN if any(rows[code]["margin"] for code in codes) else OUTCOME
    columns = {heading: cell(name) for name, heading in heads.items()}
    title = f"Modelled list, {shown_year(ask.year)}; no decision has been made"
    table = ask.of_bodies(title, columns, lambda code: rows[code]["shortfall"], codes)
    return View((_chosen(ask, rows.get(ask.focus)), *ask.of_the_book("portfolio", "gap")), table)


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


def _side_by_side(ask: Ask, rows: Any) -> Table:
    lines = []
    for row in rows:
        figure = Figure(row["figure"], None)
        if figure.organisation in ask.inside:
            sums = [Pence(value) for name, value in row.items() if name.endswith("_pence")]
            label = ask.label(figure.organisation)
            lines.append(Line((label, figure.organisation, measure(figure.measure).name, *sums)))
    names = [n.removesuffix("_pence") for n in (rows[0] if rows else ()) if n.endswith("_pence")]
    heads = ("organisation", "code", "figure", *names)
    return Table(f"Side by side, {shown_year(ask.year)}", heads, tuple(lines), "figures")
