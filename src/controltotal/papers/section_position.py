"""The first appendices: bridge, bodies, control totals and how they nest."""

from __future__ import annotations

from typing import Any

from controltotal.core.calendar import year_label
from controltotal.core.figure import Figure
from controltotal.core.money import format_money, format_pounds
from controltotal.core.show import basis_words
from controltotal.papers.charts_position import (
    bodies_chart,
    bridge_chart,
    native_bodies,
    native_bridge,
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

BASES = ("plan", "forecast", "actual")


def main_basis(results: Results, focus: Focus) -> str:
    """The basis that a pack measures by: the forecast where the body has one, else the plan."""
    for basis in ("forecast", "plan", "actual"):
        found = figure(results, "position", f"surplus/{focus.organisation}/{focus.year}/{basis}")
        if found is not None and found.value is not None:
            return basis
    return "plan"


def bridge(results: Results, focus: Focus) -> Section:
    """From the control total to the position, and what is still to find."""
    basis = main_basis(results, focus)
    stem = f"{focus.organisation}/{focus.year}/{basis}"
    total = figure(results, "position", f"control_total/{stem}")
    surplus = figure(results, "position", f"surplus/{stem}")
    gap = figure(results, "position", f"gap/{stem}")
    known = tuple(f for f in (total, surplus, gap) if f is not None and _pence(f) is not None)
    stands = _pence(surplus)
    if stands is None:
        return Section("bridge", "From the position to the target")
    supported = _pence(figure(results, "position", f"surplus_with_support/{stem}"))
    unsaid = supported in (None, stands)  # of support nothing is known, or there is none
    steps = [(basis.capitalize() + ("" if unsaid else " without support"), stands, "total")]
    missing, asked = _pence(gap), _pence(total)
    inside = _pence(figure(results, "position", f"adjusted_surplus/{stem}"))
    if missing is not None and asked is not None:
        target = "its control total"
        measured = asked - missing
        inside = stands if inside is None else inside
        if inside != stands:
            steps.append(("Outside the control total", inside - stands, "step"))
        if measured != inside:
            steps.append(("Support that counts", measured - inside, "step"))
        if measured != stands:
            steps.append(("As the control total measures it", measured, "total"))
        steps.append(("Gap to the control total", missing, "step"))
        steps.append(("Control total", asked, "total"))
    else:
        target, missing = "break-even", -(stands if inside is None else inside)
        if -missing != stands:
            steps.append(("Outside the control total", -missing - stands, "step"))
        steps.append(("Gap to break-even", missing, "step"))
        steps.append(("Break-even", 0, "total"))
    message = _bridge_message(focus, basis, target, missing)
    chart = ChartView(
        "chart-bridge",
        message,
        bridge_chart(steps),
        message
        + ". Bars in £ million: "
        + "; ".join(f"{name} {format_money(pence)}" for name, pence, _ in steps)
        + ".",
        native=native_bridge(steps),
    )
    rows = [{"step": name, "pence": pence} for name, pence, _ in steps]
    table = TableView("The bridge in figures", columns("step|Step", "pence|£ million|money"), rows)
    return Section("bridge", "From the position to the target", (), known, (chart,), (table,))


def _pence(found: Figure | None) -> int | None:
    """The pence of a figure, or None where there is none or it cannot be told."""
    return found.value if found is not None and isinstance(found.value, int) else None


def _bridge_message(focus: Focus, basis: str, target: str, missing: int) -> str:
    if missing > 0:
        return (
            f"{focus.name(focus.organisation)} is {format_pounds(missing)} short of {target} in "
            f"{year_label(focus.year)} on its {basis}"
        )
    if missing == 0:
        return f"{focus.name(focus.organisation)} meets {target} on its {basis}"
    return f"{focus.name(focus.organisation)} is {format_pounds(-missing)} better than {target}"


def years(results: Results, focus: Focus) -> Section:
    """Every year, basis and scenario that the book states for the body."""
    rows: list[dict[str, Any]] = []
    for found in results["position"].figures:
        if found.organisation != focus.organisation or found.measure != "surplus":
            continue
        _, _, tail = found.id.partition("/")
        row: dict[str, Any] = {
            "year": year_label(found.year),
            "basis": basis_words(found),
            "scenario": found.part or "main",
        }
        for measure in (
            "surplus",
            "surplus_with_support",
            "measured",
            "control_total",
            "gap",
            "gap_breakeven",
        ):
            row[measure] = figure(results, "position", f"{measure}/{tail}")
        if any(isinstance(v, Figure) and v.status != "indeterminate" for v in row.values()):
            rows.append(row)
    table = TableView(
        f"{focus.name(focus.organisation)}: every year, basis and scenario in the book, £ million",
        columns(
            "year|Year",
            "basis|Basis",
            "scenario|Scenario",
            "surplus|Without support|figure",
            "surplus_with_support|With support|figure",
            *_measured_column(rows),
            "control_total|Control total|figure",
            "gap|Gap to control total|figure",
            "gap_breakeven|Gap to break-even|figure",
        ),
        rows,
    )
    return Section("years", "Year by year", (), (), (), (table,) if rows else ())


def bodies(results: Results, focus: Focus) -> Section:
    """Positions by body, with and without support."""
    basis = main_basis(results, focus)
    rows: list[dict[str, Any]] = []
    for body in results["register"].tables["organisations"]:
        code = body["organisation"]
        row: dict[str, Any] = {"name": ("\u2003" * body["depth"]) + body["name"], "code": code}
        for measure in (
            "surplus",
            "surplus_with_support",
            "measured",
            "control_total",
            "gap",
            "to_find",
            "underlying",
        ):
            row[measure] = figure(results, "position", f"{measure}/{code}/{focus.year}/{basis}")
        if any(isinstance(v, Figure) and v.status != "indeterminate" for v in row.values()):
            rows.append(row)
    inside = below(results, focus)
    charted = [
        {"name": row["name"].strip(), "code": row["code"], **beside}
        for row in rows
        if (len(rows) <= 12 or row["code"] in inside) and (beside := _beside(row)) is not None
    ]
    charts = []
    if len(charted) > 1:
        parents = {row["parent"] for row in results["register"].tables["organisations"]}
        # a body above others holds their deficits, so it is named only where it stands alone
        ends = [row for row in charted if row["code"] not in parents] or charted
        worst = min(ends, key=lambda row: row["surplus_pence"])
        alternative = (
            "Bars of surplus or deficit, lines at control totals, in £ million: "
            + "; ".join(
                f"{row['name']} {format_money(row['surplus_pence'])}"
                + (
                    f" against {format_money(row['control_total_pence'])}"
                    if row["control_total_pence"] is not None
                    else ""
                )
                for row in charted
            )
        )
        title = f"Surplus or deficit of each body, {year_label(focus.year)} {basis}"
        if worst["surplus_pence"] < 0:
            title = f"The largest deficit on the {basis} is that of {worst['name']}"
        native = native_bodies(charted)
        spec = bodies_chart(charted)
        charts.append(ChartView("chart-bodies", title, spec, alternative, native=native))
    table = TableView(
        f"Positions by body, {year_label(focus.year)} {basis}, £ million",
        columns(
            "name|Body",
            "surplus|Without support|figure",
            "surplus_with_support|With support|figure",
            *_measured_column(rows),
            "control_total|Control total|figure",
            "gap|Gap|figure",
            "to_find|Still to find|figure",
            "underlying|Underlying|figure",
        ),
        rows,
        "Deficits in brackets. Figures may not sum because each is rounded for display.",
    )
    return Section("bodies", "Positions by body", (), (), tuple(charts), (table,))


def _beside(row: dict[str, Any]) -> dict[str, int | None] | None:
    """A position and its control total to be drawn together: only as the total measures it."""
    measured, surplus = _pence(row["measured"]), _pence(row["surplus"])
    if measured is not None:
        return {"surplus_pence": measured, "control_total_pence": _pence(row["control_total"])}
    return None if surplus is None else {"surplus_pence": surplus, "control_total_pence": None}


def _measured_column(rows: list[dict[str, Any]]) -> tuple[str, ...]:
    """The column of what control totals measure, where for any body it is not the surplus."""
    apart = any(
        row["measured"] is not None
        and row["surplus"] is not None
        and row["measured"].value != row["surplus"].value
        for row in rows
    )
    return ("measured|As the control total measures it|figure",) if apart else ()
