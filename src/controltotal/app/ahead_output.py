"""First screens of what lies ahead: forecast, trajectory, risk, and how far plans are off."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from controltotal.app.brief_output import Ask, Cell, Line, Pence, Table, View
from controltotal.app.show import shown_year
from controltotal.core.figure import Figure
from controltotal.core.measures import measure, part_name
from controltotal.core.money import position_words
from controltotal.core.show import basis_words, value_text

METHODS: Final = {
    "official": "in the book",
    "straight_line": "straight line",
    "run_rate": "run rate",
    "plan_plus_variance": "plan plus variance",
    "phased_plan": "phased plan",
    "activity": "by activity",
}
"""Methods of forecasting, as a column is headed."""
BASE: Final = "base"
OVER: Final = "M12"
"""To which month a year that is over is recorded."""


def forecast_view(ask: Ask) -> View:
    """The forecast in the book beside what each method gives."""

    def cell(method: str) -> Callable[[str], Cell]:
        return lambda code: ask.pence("outturn", code, "forecast", method)

    columns = {heading: cell(method) for method, heading in METHODS.items()}
    best = _best_method(ask)
    if best:
        columns["in the book less " + METHODS[best]] = lambda code: ask.pence(
            "forecast_difference", code, "forecast", best
        )

    def problem(code: str) -> float | None:
        value = ask.pence("outturn", code, "forecast", best or "official").value
        return None if value is None else -value

    title = f"Forecast outturn of {shown_year(ask.year)}, without support"
    words = ask.told("forecast") or [f"{ask.whom}: no outturn can be forecast."]
    return View(tuple(words), ask.told_apart(ask.of_bodies(title, columns, problem)))


def _best_method(ask: Ask) -> str:
    """The method that missed least when it was tried on months already known, where one did."""
    tried = ask.result.tables.get("backtest", ())
    chosen = [str(row["method"]) for row in tried if row["chosen"] and row["method"] in METHODS]
    return chosen[0] if chosen else ""


def trajectory_view(ask: Ask) -> View:
    """The gap at the end of each year, and the saving that each year needs."""
    found: dict[tuple[str, str, str], Any] = {}
    for figure in ask.result.figures:
        if figure.part in (BASE, ""):
            found[figure.measure, figure.organisation, figure.year] = figure.value
    years = sorted({year for measure, _, year in found if measure == "trajectory_gap"})
    own = [y for y in years if ("trajectory_gap", ask.focus, y) in found]
    first, later = (own or years)[:1], (own or years)[1:]

    def money(measure: str, year: str) -> Callable[[str], Cell]:
        return lambda code: Pence(found.get((measure, code, year)))

    def share(code: str) -> Cell:
        value = found.get(("saving_needed_share", code, later[0])) if later else None
        return "" if value is None else value_text(value, "share")

    columns: dict[str, Callable[[str], Cell]] = {}
    for year in (*first, *later):
        columns[f"gap {shown_year(year)}"] = money("trajectory_gap", year)
    for year in later[:1]:
        columns["saving needed a year"] = money("saving_needed", year)
        columns["of its money"] = share
    for year in later[-1:]:
        columns["deficit to fund meanwhile"] = money("cumulative_deficit", year)

    def problem(code: str) -> float | None:
        return found.get(("trajectory_gap", code, first[0])) if first else None

    table = ask.of_bodies("Gap at the end of each year", columns, problem)
    words = ask.told("trajectory") or [f"{ask.name(ask.focus)}: no gap to clear can be told."]
    words[1:1] = ask.of_the_book("trajectory")  # how a sum that was typed was read
    return View(tuple(words), table)


def risk_view(ask: Ask) -> View:
    """The named cases beside the middle and the ends of the simulation."""
    cases: dict[tuple[str, str], int | None] = {}
    told = [row for row in ask.about("cases") if row["year"] == ask.year]
    for row in told:
        cases[row["organisation"], row["case"]] = row["pence"]
    names = tuple(dict.fromkeys(case for _, case in cases))
    rates = {row["organisation"]: row for row in ask.about("rates")}

    def case(name: str) -> Callable[[str], Cell]:
        return lambda code: Pence(cases.get((code, name)))

    def drawn(measure: str) -> Callable[[str], Cell]:
        return lambda code: ask.pence(measure, code, "forecast")

    def chance(code: str) -> Cell:
        found = ask.figure("chance_control_total", code, "forecast")
        firm = rates.get(code, {}).get("chance_may_be_told")
        return value_text(found.value, "chance") if firm and found is not None else ""

    def problem(code: str) -> float | None:
        value = ask.pence("outturn_mean", code, "forecast").value
        return None if value is None else -value

    words = ask.told("risk", year=ask.year) or _simulated(ask)
    columns: dict[str, Callable[[str], Cell]] = {name: case(name) for name in names}
    if told and {row["to"] for row in told} == {OVER}:  # the year is the record: nothing is drawn
        title = f"Where {shown_year(ask.year)} ended, without support"
        ended = {"as recorded": case(names[0])}
        return View(tuple(words), ask.of_bodies(title, ended, problem))
    columns |= {
        "simulated average": drawn("outturn_mean"),
        "one in ten is worse than": drawn("outturn_p10"),
        "one in ten is better than": drawn("outturn_p90"),
    }
    if rates.get(ask.focus, {}).get("chance_may_be_told"):
        columns["chance of its control total"] = chance

    title = f"Where {shown_year(ask.year)} may end, without support"
    caution = ask.of_the_book("calibrate")[:1]
    table = ask.told_apart(ask.of_bodies(title, columns, problem))
    return View((words[0], *caution, *words[1:]), table)


def _simulated(ask: Ask) -> list[str]:
    """Where the simulation ends on average, where nothing else is said of a body."""
    mean = ask.pence("outturn_mean", ask.focus, "forecast").value
    if mean is None:
        return [f"{ask.whom}: nothing of it can be simulated."]
    return [f"{ask.whom}: the simulation ends on average at {position_words(mean)}."]


BANDS: Final = {
    "low_pence": "one in ten is worse than",
    "middle_pence": "half are better than",
    "high_pence": "one in ten is better than",
}


def calibrate_view(ask: Ask) -> View:
    """How far outturns lay from plans, by size of trust."""
    lines = []
    for row in ask.result.tables.get("plan_backtest", ()):
        money = tuple(Pence(row[column]) for column in BANDS)
        coverage = value_text(row["coverage"], "share") if row["coverage"] is not None else ""
        lines.append(Line((str(row["band"]), f"{row['cases']:,}", *money, coverage)))
    headings = ("trusts", "cases", *BANDS.values(), "covered by the others (80% is exact)")
    table = Table("How far a year's outturn lay from its plan", headings, tuple(lines), "bands")
    return View(tuple(ask.of_the_book("calibrate")), table)


def compare_view(ask: Ask) -> View:
    """What changed of the body, measure by measure."""
    lines = []
    for row in ask.result.tables.get("changes", ()):
        figure = Figure(row["figure"], None)
        if figure.organisation != ask.focus:
            continue
        part = part_name(figure.measure, figure.part).replace("/", ", ")
        cells = (
            measure(figure.measure).name,
            shown_year(figure.year),
            " ".join(filter(None, (basis_words(figure), part))),
            Pence(row["first_pence"]),
            Pence(row["second_pence"]),
            Pence(row["change_pence"]),
        )
        lines.append(Line(cells, weight=float(abs(row["change_pence"] or 0))))
    headings = ("figure", "year", "basis", "first", "second", "change")
    table = Table(f"What changed: {ask.label(ask.focus)}", headings, tuple(lines), "figures")
    words = ask.told("compare") or ask.of_the_book("compare")
    if not words:
        words = [
            f"{ask.name(ask.focus)}: {'figures that changed' if lines else 'nothing changed'}."
        ]
    return View(tuple(words), table)
