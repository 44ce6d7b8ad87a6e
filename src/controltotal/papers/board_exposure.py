"""Page on risk and resources: the register this month and last, cash, capital, suppliers' bills.

Risks and mitigations stand beside the forecast and are in none of it. What a body does not state
is left empty; the rows are of the paper's own body and those below it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from controltotal.core.calendar import month_name
from controltotal.core.sourced import first_number
from controltotal.papers.board_notes import cell
from controltotal.papers.board_sources import captioned, linked, page, worked_out
from controltotal.papers.board_words import (
    CUT,
    Row,
    capital,
    many,
    narrowed,
    own_rows,
    pounds,
    rows_below,
)
from controltotal.papers.charts_cash import cash_by_month
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
)

NAMED: Final = 2
"""Bodies short of cash that headlines name at most; the others are counted."""
MOST: Final = {"risk": 7, "mitigation": 3}
"""How many risks and mitigations are printed."""
LAST_MONTH: Final = 12
REGISTER: Final = (
    "net = gross + mitigated",
    "best = forecast + mitigated",
    "likely = forecast + weighted",
    "worst = forecast + gross",
)
"""What the sums of the register are made of."""


@page
def exposure_page(results: Results, focus: Focus) -> list[Section]:
    """The page, or nothing where neither risk nor cash, capital or bills are told."""
    parts = [_risks(results, focus), _resources(results, focus)]
    parts = [part for part in parts if not part.empty]
    return [_lead(results, focus), *parts] if parts else []


def _lead(results: Results, focus: Focus) -> Section:
    """Net risk now and a month before, and who runs out of cash."""
    now, then = _this_and_last(results, focus)
    words = []
    if now is not None:
        text = _net(now)
        if then is not None:
            text += f"; a month before {_sum(then, 'net_pence')} net"
        words.append(f"{text}.")
    words += _overdrawn(results, focus)
    if not words:
        words.append("No risk is in the register.")
    return Section("exposure", "Risk, cash and capital", tuple(words), lead=True)


def _net(now: Row) -> str:
    """The register of this month in a sentence without its end."""
    mitigated, net, weighted = (now[f"{k}_pence"] for k in ("mitigated", "net", "weighted"))
    text = f"Risks of {_sum(now, 'gross_pence')}"
    if mitigated:
        kind = "net" if net <= 0 else "more of mitigation than of risk"
        text += f" less mitigations of {_sum(now, 'mitigated_pence')} are "
        text += f"{_sum(now, 'net_pence')} {kind}"
    else:
        text += " stand beside the forecast, with no mitigation"
    side = "worse" if weighted < 0 else "better"
    return f"{text}, {_sum(now, 'weighted_pence')} {side} by their chances"


def _sum(row: Row, column: str, table: str = "net_risk") -> str:
    """A sum of a row in a sentence."""
    return linked(pounds(row[column]), cell(row, table, column))


def _this_and_last(results: Results, focus: Focus) -> tuple[Row | None, Row | None]:
    rows = {row["when"]: row for row in own_rows(results["position"], "net_risk", focus)}
    return rows.get("this month"), rows.get("last month")


def _overdrawn(results: Results, focus: Focus) -> list[str]:
    """Bodies whose cash falls below nil, the deepest first."""
    rows = rows_below(results["position"], "cash_below_nil", below(results, focus), focus.year)
    worst: dict[str, Row] = {}
    for row in sorted((r for r in rows if not r["scenario"]), key=lambda r: r["pence"]):
        worst.setdefault(row["organisation"], row)
    words = []
    for code, row in list(worst.items())[:NAMED]:
        when = {"actual": "was", "forecast": "is forecast to be", "plan": "is planned to be"}
        words.append(
            f"{focus.name(code)} {when.get(row['basis'], 'is')} "
            f"{_sum(row, 'pence', 'cash_below_nil')} overdrawn "
            f"at the end of {row['month_name']}."
        )
    more = len(worst) - NAMED
    if more > 0:
        others = [
            (focus.name(code), cell(row, "cash_below_nil", "pence"))
            for code, row in list(worst.items())[NAMED:]
        ]
        shown = worked_out(str(more), "organisations whose cash falls below nil", others)
        shown = first_number(many(more, "other"), shown)
        words[-1] += f" So {'is' if more == 1 else 'are'} {shown}."
    return words


# -- risks -----------------------------------------------------------------------------------------


def _risks(results: Results, focus: Focus) -> Section:
    """The register beside the forecast this month and last, and what hangs most on."""
    rows = own_rows(results["position"], "net_risk", focus)
    if not rows:
        return Section("exposure-risk", "Risks beside the forecast")
    sums = ["gross", "mitigated", "net", "weighted"]
    sums += ["contingency"] if any(row["contingency_pence"] for row in rows) else []
    fan = _simulated(results, focus)
    ends = ["forecast", "best", *([] if fan else ["likely"]), "worst"]
    heads = {
        "gross": "Risks",
        "mitigated": "Mitigations",
        "net": "Net",
        "weighted": "By their chances",
        "contingency": "Contingency",
        "forecast": "Forecast",
        "best": "Best",
        "likely": "Likely",
        "worst": "Worst",
    }
    table = TableView(
        "The register this month and last, £ million",
        columns("when|When", *(f"{kind}|{heads[kind]}|cell" for kind in (*sums, *ends))),
        [
            {
                "when": capital(row["when"]),
                **{kind: cell(row, "net_risk", f"{kind}_pence") for kind in (*sums, *ends)},
            }
            for row in rows
        ],
        _ends_note(fan),
        groups=(("", 1), ("Beside the forecast", len(sums)), ("The year ends at", len(ends))),
        identities=tuple(one for one in REGISTER if one.partition(" ")[0] in (*sums, *ends)),
    )
    tables = (table, *_register(results, focus), *_by_body(results, focus))
    return Section("exposure-risk", "Risks beside the forecast", tables=tables, level=3)


def _simulated(results: Results, focus: Focus) -> Row | None:
    """The simulation's end of the year; None where there is none, or its range is not told."""
    rows = own_rows(results.get("risk"), "fan", focus)
    last = [row for row in rows if row["month"] == LAST_MONTH]
    told = ("p10_pence", "p50_pence", "p90_pence")
    return last[-1] if last and None not in [last[-1][key] for key in told] else None


def _ends_note(fan: Row | None) -> str:
    """What best and worst are, and the one range of what is likely between them."""
    text = (
        "Best is the forecast with no risk and every mitigation that belongs to none, worst with "
        "every risk and no mitigation"
    )
    if fan is None:
        return f"{text}, likely with each by its chance; all before support."
    low, middle, high = (
        linked(Frame().money(fan[key]), cell(fan, "fan", key))
        for key in ("p10_pence", "p50_pence", "p90_pence")
    )
    return (
        f"{text}; before support. What is likely between them is the simulation, which lets schemes "
        f"fall short as well: 8 in 10 of its years end between {low} and {high}, the middle at "
        f"{middle}."
    )


def _register(results: Results, focus: Focus) -> tuple[TableView, ...]:
    """The largest risks and then mitigations; all of them folded where that leaves some out."""
    inside = below(results, focus)
    rows = rows_below(results["position"], "risk_register", inside, focus.year)
    if not rows:
        return ()
    every = [row for kind in MOST for row in rows if row["kind"] == kind]
    first = [
        r for kind, most in MOST.items() for r in [r for r in rows if r["kind"] == kind][:most]
    ]
    title = "The largest risks and mitigations, £ million"
    note = "Risks in brackets."
    if len(every) == len(first):
        return (_register_table(title, first, note, focus),)
    left = [
        (row["title"], cell(row, "risk_register", "gross_pence"))
        for row in every
        if row not in first
    ]
    note += f" And {worked_out(str(len(left)), CUT, left)} more."
    whole = replace(_register_table("The register, £ million", every, "", focus), folded=True)
    return _register_table(title, first, note, focus), whole


def _register_table(title: str, rows: Sequence[Row], note: str, focus: Focus) -> TableView:
    money = ("gross_pence", "weighted_pence", "gross_last_month_pence")
    shown = [
        {
            "title": row["title"],
            "body": focus.name(row["organisation"]),
            "chance": cell(row, "risk_register", "chance", "share"),
            **{column: cell(row, "risk_register", column) for column in money},
        }
        for row in rows
    ]
    heads = columns(
        "title|Risk or mitigation",
        "body|Organisation",
        "gross_pence|In full|cell",
        "chance|Chance|cell",
        "weighted_pence|By its chance|cell",
        "gross_last_month_pence|In full, last month|cell",
    )
    return narrowed(TableView(title, heads, shown, note), focus)


def _by_body(results: Results, focus: Focus) -> tuple[TableView, ...]:
    """Net risk of each body below, folded."""
    inside = below(results, focus) - {focus.organisation}
    rows = rows_below(results["position"], "net_risk", inside, focus.year)
    by_body: dict[str, dict[str, Row]] = {}
    for row in rows:
        by_body.setdefault(row["organisation"], {})[row["when"]] = row
    shown = []
    for code, told in by_body.items():
        if "this month" not in told:
            continue
        now, then = told["this month"], told.get("last month")
        shown.append(
            {
                "body": focus.name(code),
                "net": cell(now, "net_risk", "net_pence"),
                "weighted": cell(now, "net_risk", "weighted_pence"),
                "before": cell(then, "net_risk", "net_pence") if then else None,
                "worst": cell(now, "net_risk", "worst_pence"),
            }
        )
    if not shown:
        return ()
    table = TableView(
        "Net risk by organisation, £ million",
        columns(
            "body|Organisation",
            "net|Net|cell",
            "weighted|By their chances|cell",
            "before|Net, last month|cell",
            "worst|Worst|cell",
        ),
        sorted(shown, key=lambda row: (row["net"].value, row["body"])),
        folded=True,
    )
    return (table,)


# -- cash, capital and bills -----------------------------------------------------------------------


def _resources(results: Results, focus: Focus) -> Section:
    """Cash, capital and bills by organisation, and the cash of the one that needs reading most."""
    inside = below(results, focus)
    tables = {
        name: rows_below(results["position"], name, inside, focus.year)
        for name in ("cash", "capital", "suppliers")
    }
    if not any(tables.values()):
        return Section("exposure-cash", "Cash, capital and suppliers")
    by_body = [_body(code, tables, focus) for code in _order(results, inside)]
    rows = [row for row in by_body if row is not None]
    month = max((row["month"] for row in rows), default=0)
    when = f" at the end of {month_name(month)}" if month else ""
    spans = (
        ("Cash now", ("cash_plan", "cash_actual")),
        ("Cash at the year’s end", ("cash_year", "cash_forecast")),
        ("Capital", ("capital_plan", "capital_actual", "capital_limit")),
        ("Bills paid in time", ("bills_number", "bills_value")),
    )
    kept = [(title, keys) for title, keys in spans if any(_tells(row, keys) for row in rows)]
    table = TableView(
        f"Cash, capital and payment of suppliers{when}, £ million",
        columns("body|Organisation", *(HEADS[key] for _, keys in kept for key in keys)),
        sorted(rows, key=lambda row: (row["lowest"], row["body"])),
        "Least cash first. Bills are those paid within 30 days, of the latest month stated.",
        groups=(("", 1), *((title, len(keys)) for title, keys in kept)),
    )
    charts = _drawn(tables["cash"], focus)
    return Section(
        "exposure-cash", "Cash, capital and suppliers", charts=charts, tables=(table,), level=3
    )


HEADS: Final = {
    "cash_plan": "cash_plan|Plan|cell",
    "cash_actual": "cash_actual|Actual|cell",
    "cash_year": "cash_year|Plan|cell",
    "cash_forecast": "cash_forecast|Forecast|cell",
    "capital_plan": "capital_plan|Plan|cell",
    "capital_actual": "capital_actual|To date|cell",
    "capital_limit": "capital_limit|Limit|cell",
    "bills_number": "bills_number|By number|cell",
    "bills_value": "bills_value|By value|cell",
}


def _tells(row: Mapping[str, Any], keys: Sequence[str]) -> bool:
    return any(row.get(key) is not None and row[key].value is not None for key in keys)


def _order(results: Results, inside: set[str]) -> list[str]:
    rows = results["register"].tables["organisations"]
    return [row["organisation"] for row in rows if row["organisation"] in inside]


def _body(code: str, tables: Mapping[str, Sequence[Row]], focus: Focus) -> dict[str, Any] | None:
    """One body's row; None where it states nothing of all this."""
    own = {name: [r for r in rows if r["organisation"] == code] for name, rows in tables.items()}
    if not any(own.values()):
        return None
    recorded = [row for row in own["cash"] if row["actual_pence"] is not None]
    ends = [row for row in own["cash"] if row["month"] == LAST_MONTH]
    row: dict[str, Any] = {"body": focus.name(code), "month": 0, "lowest": _lowest(own["cash"])}
    if recorded:
        row["month"] = recorded[-1]["month"]
        row["cash_plan"] = cell(recorded[-1], "cash", "plan_pence")
        row["cash_actual"] = cell(recorded[-1], "cash", "actual_pence")
    if ends:
        row["cash_year"] = cell(ends[-1], "cash", "plan_pence")
        row["cash_forecast"] = cell(ends[-1], "cash", "forecast_pence")
    for one in own["capital"]:
        for kind in ("plan", "actual", "limit"):
            row[f"capital_{kind}"] = cell(one, "capital", f"{kind}_pence")
    for one in own["suppliers"][-1:]:
        for kind in ("number", "value"):
            row[f"bills_{kind}"] = cell(one, "suppliers", f"{kind}_share", "share")
    return row


def _lowest(rows: Sequence[Row]) -> float:
    """The least cash that a body recorded or forecasts; a body without cash comes last."""
    told = [r[f"{b}_pence"] for r in rows for b in ("actual", "forecast")]
    return min((pence for pence in told if pence is not None), default=float("inf"))


def _drawn(rows: Sequence[Row], focus: Focus) -> tuple[ChartView, ...]:
    """Cash by month of the paper's own body, else of the one below it with the least."""
    by_body: dict[str, list[Row]] = {}
    for row in rows:
        by_body.setdefault(row["organisation"], []).append(row)
    if not by_body:
        return ()
    code = min(by_body, key=lambda one: (one != focus.organisation, _lowest(by_body[one]), one))
    name = focus.name(code)
    wide = cash_by_month(by_body[code], name)
    narrow = cash_by_month(by_body[code], name, width=NARROW)
    if wide is None or narrow is None:
        return ()
    return captioned((replace(wide, narrow=narrow.chart),), _held(by_body[code]))


def _held(rows: Sequence[Row]) -> list[tuple[str, Cell]]:
    """The numbers of the headline on cash: the deepest month, else the last, and what was planned."""
    for kind in ("actual_pence", "forecast_pence"):
        low = [row for row in rows if (row[kind] or 0) < 0]
        if low:
            row = min(low, key=lambda one: one[kind])
            return [(Frame().pounds(row[kind]), cell(row, "cash", kind))]
    for kind in ("forecast_pence", "actual_pence"):
        told = [row for row in rows if row[kind] is not None]
        if told:
            both = [(told[-1], one) for one in (kind, "plan_pence")]
            return [
                (Frame().pounds(row[one]), cell(row, "cash", one))
                for row, one in both
                if row[one] is not None
            ]
    return []
