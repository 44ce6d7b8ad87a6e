"""The answers on what lies ahead: forecast, trajectory, risk, and how far plans are off."""

from __future__ import annotations

from typing import Final

from controltotal.core.figure import Figure
from controltotal.core.measures import measure, part_name
from controltotal.core.money import position_words
from controltotal.core.show import basis_words
from controltotal.papers.answer import Ask, Getter, shown_year
from controltotal.papers.sections import Section, pence_of

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


def forecast_view(ask: Ask) -> Section:
    """The forecast in the book beside what each method gives."""

    def cell(method: str) -> Getter:
        return lambda code: ask.money("outturn", code, "forecast", method)

    columns = {heading: cell(method) for method, heading in METHODS.items()}
    best = _best_method(ask)
    if best:
        columns["in the book less " + METHODS[best]] = lambda code: ask.money(
            "forecast_difference", code, "forecast", best
        )

    def problem(code: str) -> float | None:
        value = ask.pence("outturn", code, "forecast", best or "official")
        return None if value is None else -value

    title = f"Forecast outturn of {shown_year(ask.year)}, without support"
    words = ask.told("forecast") or [f"{ask.whom}: no outturn can be forecast."]
    return ask.section(words, ask.of_bodies(title, columns, problem, apart=True))


def _best_method(ask: Ask) -> str:
    """The method that missed least when it was tried on months already known, where one did."""
    tried = ask.result.tables.get("backtest", ())
    chosen = [str(row["method"]) for row in tried if row["chosen"] and row["method"] in METHODS]
    return chosen[0] if chosen else ""


def trajectory_view(ask: Ask) -> Section:
    """The gap at the end of each year, and the saving that each year needs."""
    found = {
        (figure.measure, figure.organisation, figure.year): figure
        for figure in ask.result.figures
        if figure.part in (BASE, "")
    }
    years = sorted({year for measure, _, year in found if measure == "trajectory_gap"})
    own = [y for y in years if ("trajectory_gap", ask.focus, y) in found]
    first, later = (own or years)[:1], (own or years)[1:]

    def told(measure: str, year: str) -> Getter:
        def figure(code: str) -> Figure | None:
            one = found.get((measure, code, year))
            return None if one is None or one.value is None else one

        return figure

    columns: dict[str, Getter] = {}
    for year in (*first, *later):
        columns[f"gap {shown_year(year)}"] = told("trajectory_gap", year)
    for year in later[:1]:
        columns["saving needed a year"] = told("saving_needed", year)
        columns["of its money|share"] = told("saving_needed_share", year)
    for year in later[-1:]:
        columns["deficit to fund meanwhile"] = told("cumulative_deficit", year)

    def problem(code: str) -> float | None:
        return pence_of(told("trajectory_gap", first[0])(code)) if first else None

    table = ask.of_bodies("Gap at the end of each year", columns, problem)
    words = ask.told("trajectory") or [f"{ask.name(ask.focus)}: no gap to clear can be told."]
    words[1:1] = ask.of_the_book("trajectory")  # how a sum that was typed was read
    return ask.section(words, table)


def risk_view(ask: Ask) -> Section:
    """The named cases beside the middle and the ends of the simulation."""
    cases: dict[tuple[str, str], int | None] = {}
    told = [row for row in ask.about("cases") if row["year"] == ask.year]
    for row in told:
        cases[row["organisation"], row["case"]] = row["pence"]
    names = tuple(dict.fromkeys(case for _, case in cases))
    rates = {row["organisation"]: row for row in ask.about("rates")}

    def case(name: str) -> Getter:
        return lambda code: cases.get((code, name))

    def drawn(measure: str) -> Getter:
        return lambda code: ask.money(measure, code, "forecast")

    def chance(code: str) -> float | None:
        found = ask.figure("chance_control_total", code, "forecast")
        firm = rates.get(code, {}).get("chance_may_be_told")
        return found.value if firm and found is not None else None

    def problem(code: str) -> float | None:
        value = ask.pence("outturn_mean", code, "forecast")
        return None if value is None else -value

    words = ask.told("risk", year=ask.year) or _simulated(ask)
    columns: dict[str, Getter] = {name: case(name) for name in names}
    if told and {row["to"] for row in told} == {OVER}:  # the year is the record: nothing is drawn
        title = f"Where {shown_year(ask.year)} ended, without support"
        ended = {"as recorded": case(names[0])}
        return ask.section(words, ask.of_bodies(title, ended, problem))
    columns |= {
        "simulated average": drawn("outturn_mean"),
        "one in ten is worse than": drawn("outturn_p10"),
        "one in ten is better than": drawn("outturn_p90"),
    }
    if rates.get(ask.focus, {}).get("chance_may_be_told"):
        columns["chance of its control total|chance"] = chance

    title = f"Where {shown_year(ask.year)} may end, without support"
    caution = ask.of_the_book("calibrate")[:1]
    table = ask.of_bodies(title, columns, problem, apart=True)
    return ask.section((words[0], *caution, *words[1:]), table)


def _simulated(ask: Ask) -> list[str]:
    """Where the simulation ends on average, where nothing else is said of a body."""
    mean = ask.pence("outturn_mean", ask.focus, "forecast")
    if mean is None:
        return [f"{ask.whom}: nothing of it can be simulated."]
    return [f"{ask.whom}: the simulation ends on average at {position_words(mean)}."]


BANDS: Final = {
    "band": "trusts",
    "cases": "cases|number",
    "low_pence": "one in ten is worse than|money",
    "middle_pence": "half are better than|money",
    "high_pence": "one in ten is better than|money",
    "coverage": "covered by the others (80% is exact)|share",
}


def calibrate_view(ask: Ask) -> Section:
    """How far outturns lay from plans, by size of trust."""
    rows = ask.result.tables.get("plan_backtest", ())
    table = ask.listed("How far a year's outturn lay from its plan", BANDS, rows, "bands")
    return ask.section(ask.of_the_book("calibrate"), table)


CHANGES: Final = {
    "figure": "figure",
    "year": "year",
    "basis": "basis",
    "first_pence": "first|money",
    "second_pence": "second|money",
    "change_pence": "change|money",
}


def compare_view(ask: Ask) -> Section:
    """What changed of the body, measure by measure."""
    rows = []
    for row in ask.result.tables.get("changes", ()):
        figure = Figure(row["figure"], None)
        if figure.organisation != ask.focus:
            continue
        part = part_name(figure.measure, figure.part).replace("/", ", ")
        name, year = measure(figure.measure).name, shown_year(figure.year)
        basis = " ".join(filter(None, (basis_words(figure), part)))
        rows.append({**row, "figure": name, "year": year, "basis": basis})
    title = f"What changed: {ask.label(ask.focus)}"
    table = ask.listed(
        title, CHANGES, rows, "figures", lambda row: float(abs(row["change_pence"] or 0))
    )
    words = ask.told("compare") or ask.of_the_book("compare")
    if not words:
        words = [f"{ask.name(ask.focus)}: {'figures that changed' if rows else 'nothing changed'}."]
    return ask.section(words, table)
