"""Page on efficiencies: what was saved against plan, what is assured, what waits for whom.

Schemes of the plan stand with their whole plan whether assured or not, as the first page counts
them; what has no scheme is a row of its own. What quality refused is named with who refused it and
when, and is never counted among what waits.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from controltotal.core.calendar import month_name
from controltotal.core.names import listed
from controltotal.core.sourced import Part, Source, first_number
from controltotal.papers.board_conditions import agreed_on
from controltotal.papers.board_notes import cell
from controltotal.papers.board_sources import captioned, counted, linked, made_of, page
from controltotal.papers.board_words import (
    Row,
    capital,
    cut,
    day,
    many,
    narrowed,
    own_rows,
    pounds,
    rows_below,
)
from controltotal.papers.charts_delivery import STAGES, maturity
from controltotal.papers.charts_frame import NARROW, Frame
from controltotal.papers.sections import (
    Cell,
    ChartView,
    Focus,
    Results,
    Section,
    TableView,
    below,
    columns,
    figure,
)

SCHEMES_MOST: Final = 10
"""How many schemes that wait are printed."""
NAMED: Final = 4
"""How many schemes a line names; the others are counted."""
MONEY: Final = (
    "planned_pence",
    "actual_pence",
    "variance_pence",
    "plan_year_pence",
    "forecast_pence",
    "variance_year_pence",
)
GROUPS: Final = (("", 1), ("To date", 3), ("Year", 3), ("Forecast", 1))
DELIVERED: Final = (
    "variance_pence = actual_pence - planned_pence",
    "variance_year_pence = forecast_pence - plan_year_pence",
)
"""What the variances of a row are made of."""
CATEGORIES: Final = "savings_by_category"
HELD: Final = "awaited_by"
SCHEME: Final = "schemes/"
"""What the key of a scheme begins with, before its code."""
WHOLE: Final = "All schemes of the plan"
NO_SCHEME: Final = "No scheme yet"


@page
def savings_page(results: Results, focus: Focus) -> list[Section]:
    """The page, or nothing where no scheme is planned."""
    rows = own_rows(results.get("schemes"), "savings_by_category", focus)
    if not rows:
        return []
    whole = next(row for row in rows if not row["group"])
    parts = [
        _lead(results, focus, whole),
        _categories(results, focus, rows),
        _waiting(results, focus),
        _quality(results, focus),
        *agreed_on(results, focus),
    ]
    return [part for part in parts if not part.empty]


def _lead(results: Results, focus: Focus, whole: Row) -> Section:
    """What was saved to date and what the year will bring, against plan."""
    words = []
    variance = whole["variance_pence"]
    if variance is None and whole["actual_pence"] is not None:
        untold = linked(
            f"{whole['schemes_untold']:,}", cell(whole, CATEGORIES, "schemes_untold", "count")
        )
        text = f"By the end of {month_name(whole['to_month'])} the schemes that report had saved "
        text += f"{_sum(whole, 'actual_pence')}. "
        text += "What they were to save by then is not told: the plan of "
        text += (
            f"{first_number(many(whole['schemes_untold'], 'scheme'), untold)} is not told by month."
        )
        words.append(text)
    if variance is not None:
        text = f"By the end of {month_name(whole['to_month'])} the schemes that report had saved "
        text += f"{_sum(whole, 'actual_pence')} of {_sum(whole, 'planned_pence')} planned"
        if Frame().is_seen(variance):
            size = _sum(whole, "variance_pence")
            text += f": {size} {'less' if variance < 0 else 'more'}"
        text += "."
        words.append(text)
    forecast, plan = whole["forecast_pence"], whole["plan_year_pence"]
    if forecast is not None and plan is not None:
        text = f"The year is forecast to bring {_sum(whole, 'forecast_pence')} of "
        text += f"{_sum(whole, 'plan_year_pence')} planned"
        text += _repeating(whole)
    else:
        text = f"{_schemes(whole, CATEGORIES)} of the plan"
        text += " are to save" if whole["schemes"] > 1 else " is to save"
        text += f" {_sum(whole, 'plan_year_pence')} in the year"
    words.append(f"{text}{_no_scheme(results, focus)}.")
    return Section("savings", "Efficiencies", tuple(words), lead=True)


def _repeating(whole: Row) -> str:
    """How much of the forecast repeats, and of how much the data do not say it."""
    unmarked, text = whole["unmarked_pence"] or 0, ""
    if whole["recurrent_share"] is not None:
        share = f"{whole['recurrent_share']:.0%}"
        number = cell(whole, CATEGORIES, "recurrent_share", "share")
        what = "recurrent of what is marked" if unmarked else "of it recurrent"
        text = f", {linked(share, number)} {what}"
    if unmarked:
        text += f"; of {_sum(whole, 'unmarked_pence')} the data do not say whether it repeats"
    return text


def _no_scheme(results: Results, focus: Focus) -> str:
    found = _unidentified(results, focus)
    if not found:
        return ""
    return f"; {linked(pounds(found.value), found)} more was planned with no scheme"


def _sum(row: Row, column: str, table: str = "savings_by_category") -> str:
    """A sum of a row in a sentence."""
    return linked(pounds(row[column] or 0), cell(row, table, column))


def _schemes(row: Row, table: str) -> str:
    """How many schemes a row counts, in a sentence."""
    shown = linked(f"{row['schemes']:,}", cell(row, table, "schemes", "count"))
    return first_number(many(row["schemes"], "scheme"), shown)


def _unidentified(results: Results, focus: Focus) -> Any:
    """The figure of savings that have no scheme; None where there are none."""
    name = f"savings_unidentified/{focus.organisation}/{focus.year}/plan"
    found = figure(results, "position", name)
    return found if found is not None and isinstance(found.value, int) and found.value else None


# -- by category -----------------------------------------------------------------------------------


def _categories(results: Results, focus: Focus, rows: Sequence[Row]) -> Section:
    """Delivered to date and forecast, by group of categories: furthest behind first."""
    groups = [row for row in rows if row["group"] and not row["category"]]
    shown = [_delivered(row, capital(row["group"])) for row in sorted(groups, key=_behind)]
    shown.append(_delivered(next(row for row in rows if not row["group"]), WHOLE))
    lacking = _unidentified(results, focus)
    if lacking is not None:
        shown.append({"name": NO_SCHEME, "plan_year_pence": lacking})
    heads = (
        "name|Category",
        "planned_pence|Plan|cell",
        "actual_pence|Actual|cell",
        "variance_pence|Variance|cell",
        "plan_year_pence|Plan|cell",
        "forecast_pence|Forecast|cell",
        "variance_year_pence|Variance|cell",
        "recurrent_share|Recurrent|cell",
    )
    table = TableView(
        "Efficiencies by kind, £ million",
        columns(*heads),
        shown,
        f"To date only schemes that report are set against their plan.{_marked(rows)}",
        groups=GROUPS,
        identities=DELIVERED,
        totals={len(groups): tuple(range(len(groups)))},
    )
    own = [row for row in rows if row["category"]]
    each = TableView(
        "Efficiencies by category, £ million",
        columns(*heads),
        [_delivered(row, row["category"]) for row in sorted(own, key=_behind)],
        folded=True,
        groups=GROUPS,
        identities=DELIVERED,
    )
    tables = (table, each) if own else (table,)
    return Section("savings-kinds", "Delivered against plan", tables=tables, level=3)


def _marked(rows: Sequence[Row]) -> str:
    """That the recurrent share is of a part of the forecast, where it is."""
    some = any(row["unmarked_pence"] for row in rows)
    return " Recurrent is the share of what the data mark as recurrent or not." if some else ""


def _behind(row: Row) -> tuple[int, int, str]:
    return row["variance_pence"] or 0, row["variance_year_pence"] or 0, str(row["group"])


def _delivered(row: Row, name: str) -> dict[str, Any]:
    cells = {column: cell(row, "savings_by_category", column) for column in MONEY}
    share = cell(row, "savings_by_category", "recurrent_share", "share")
    return {"name": name, **cells, "recurrent_share": share}


def _maturity(
    results: Results, focus: Focus
) -> tuple[tuple[ChartView, ...], tuple[TableView, ...]]:
    """How far the schemes of the plan are, this month and last: drawn, and its table folded."""
    rows = own_rows(results.get("schemes"), "savings_by_maturity", focus)
    wide, narrow = maturity(rows), maturity(rows, width=NARROW)
    if wide is None or narrow is None:
        return (), ()
    table = TableView(
        "Plan of the year by maturity, £ million",
        columns("when|When", "stage|Maturity", "schemes|Schemes|cell", "pence|Plan|cell"),
        [
            {
                "when": row["when"],
                "stage": STAGES.get(row["maturity"], row["maturity"]),
                "schemes": cell(row, "savings_by_maturity", "schemes", "count"),
                "pence": cell(row, "savings_by_maturity", "pence"),
            }
            for row in rows
        ],
        "Maturity is what the evidence supports; last month’s stands with the plan of now.",
        folded=True,
    )
    return captioned((replace(wide, narrow=narrow.chart),), _far(rows)), (table,)


def _far(rows: Sequence[Row]) -> list[tuple[str, Cell | Source]]:
    """The numbers of the headline: what delivers, of how much, how that moved, what has no scheme."""
    by_when: dict[str, dict[str, Row]] = {}
    for row in rows:
        by_when.setdefault(row["when"], {})[row["maturity"]] = row
    cells = {id(row): cell(row, "savings_by_maturity", "pence") for row in rows}
    first, this = next(iter(STAGES)), by_when.get("this month", {})
    every = [(STAGES.get(stage, stage), cells[id(row)]) for stage, row in this.items()]
    whole = sum(row["pence"] for row in this.values())
    now = this.get(first)
    found: list[tuple[str, Cell | Source]] = []
    if now is not None:
        found.append((pounds(now["pence"]), cells[id(now)]))
    found.append((pounds(whole), made_of("the plan of all stages and of none", every)))
    last = by_when.get("last month", {}).get(first)
    if now is not None and last is not None and now["pence"] != last["pence"]:
        both = [("This month", cells[id(now)]), ("Last month", cells[id(last)])]
        source = made_of("that of this month less that of last month", both)
        found.append((pounds(now["pence"] - last["pence"]), source))
    lacking = this.get("unidentified")
    return found + ([(pounds(lacking["pence"]), cells[id(lacking)])] if lacking else [])


# -- what waits ------------------------------------------------------------------------------------


def _waiting(results: Results, focus: Focus) -> Section:
    """How far schemes are, assessments and signatures outstanding, and what waits with most money."""
    rows = rows_below(results.get("schemes"), "awaited", below(results, focus), focus.year)
    table = TableView(
        "Not yet assured: the schemes of most money, £ million",
        columns(
            "title|Scheme",
            "body|Organisation",
            "plan_pence|This year|cell",
            "full_year_pence|Full year|cell",
            "waits|Waiting for",
        ),
        [_scheme(row, focus) for row in rows],
    )
    charts, stages = _maturity(results, focus)
    tables = (*cut(narrowed(table, focus), SCHEMES_MOST, "scheme"), *stages)
    words = _outstanding(results, focus)
    title = "How far they are, and what waits"
    return Section("savings-waiting", title, words, charts=charts, tables=tables, level=3)


def _outstanding(results: Results, focus: Focus) -> tuple[str, ...]:
    """Schemes that wait, and for what or whom how many do; nothing where none waits."""
    held = own_rows(results.get("schemes"), "awaited_by", focus)
    every = next((row for row in held if not row["waits_for"]), None)
    if every is None:
        return ()
    text = f"{_schemes(every, HELD)} of the plan, {_sum(every, 'plan_pence', HELD)} "
    text += f"this year, {'does' if every['schemes'] == 1 else 'do'} not count: not yet assured, or kept "
    text += "out. Waiting for: "
    text += "; ".join(_held(row) for row in held if row["waits_for"])
    return (f"{text}.{_overdue(results, focus)}",)


def _held(row: Row) -> str:
    schemes = linked(f"{row['schemes']}", cell(row, HELD, "schemes", "count"))
    return f"{row['waits_for']} {schemes} ({_sum(row, 'plan_pence', HELD)})"


def _overdue(results: Results, focus: Focus) -> str:
    """How many quality reviews are overdue; nothing where none is."""
    inside = below(results, focus)
    rows = results["schemes"].tables.get("quality", ())
    late = [row for row in rows if row["overdue"] and row["organisation"] in inside]
    if not late:
        return ""
    parts = [Part(str(row["title"]), f"{SCHEME}{row['scheme']}") for row in late]
    shown = counted(f"{len(late):,}", "schemes whose review of quality is overdue", parts)
    return f" {first_number(many(len(late), 'quality review'), shown)} overdue."


def _scheme(row: Row, focus: Focus) -> Mapping[str, Any]:
    return {
        "title": f"{row['title']} ({row['scheme']})",
        "body": focus.name(row["organisation"]),
        "plan_pence": cell(row, "awaited", "plan_pence"),
        "full_year_pence": cell(row, "awaited", "full_year_pence"),
        "waits": ", ".join(row["waits_for"]),
    }


# -- what quality says -----------------------------------------------------------------------------


def _quality(results: Results, focus: Focus) -> Section:
    """What was refused, whatever it would save, and where schemes go too far together."""
    rows = rows_below(results.get("schemes"), "refused", below(results, focus), focus.year)
    points = [_refusal(row, focus) for row in rows] + _together(results, focus)
    title = "Refused on quality grounds, and combined effect on quality"
    return Section("savings-quality", title, points=tuple(points), level=3)


def _refusal(row: Row, focus: Focus) -> str:
    text = f"{row['title']} ({focus.name(row['organisation'])}"
    if row["plan_pence"]:
        text += f", {_sum(row, 'plan_pence', 'refused')} this year"
    text += ")"
    when = day(row["on"])
    if row["panel"] and when:
        text += f": refused by the panel of {when}"
    else:
        text += ": refused" + (f" by {row['by']}" if row["by"] else "")
        text += f" on {when}" if when else ""
    if row["domain"]:
        text += f", for what it does to “{row['domain']}”"
        score = linked(f"{row['score'] or 0:g}", cell(row, "refused", "score", "count"))
        text += f" (score {score} of 25 after mitigation)" if row["score"] else ""
    if row["why"]:
        text += f": “{row['why'].rstrip('.')}”"
    return f"{text}."


def _together(results: Results, focus: Focus) -> list[str]:
    """Where schemes that each pass alone reach over a ceiling together."""
    inside = below(results, focus)
    rows = results["schemes"].tables.get("harm", ())
    over = [
        row
        for row in rows
        if row["over"] and row["year"] == focus.year and row["organisation"] in inside
    ]
    return [_ceiling(row, focus) for row in sorted(over, key=_furthest_over)]


def _furthest_over(row: Row) -> tuple[float, str]:
    return row["ceiling"] - row["score"], str(row["group"])


def _ceiling(row: Row, focus: Focus) -> str:
    where = focus.name(row["group"]) if row["group"] else focus.name(row["organisation"])
    who = f" set by {row['by']}" if row["by"] else ""
    some = [str(one).partition(" ")[0] for one in row["schemes"]]
    named = listed(some[:NAMED]) if len(some) <= NAMED else f"{some[0]} to {some[-1]}"
    parts = [
        Part(str(one), f"{SCHEME}{code}") for one, code in zip(row["schemes"], some, strict=True)
    ]
    how = "schemes that count towards the ceiling of one group"
    schemes = first_number(many(len(some), "scheme"), counted(f"{len(some):,}", how, parts))
    score = linked(f"{row['score']}", cell(row, "harm", "score", "count"))
    ceiling = linked(f"{row['ceiling']:g}", cell(row, "harm", "ceiling", "count"))
    return (
        f"{where}: {schemes} that each pass alone ({named}) score {score} "
        f"together, over the ceiling of {ceiling}{who}. None of them counts until it is "
        "chosen which of them go."
    )
