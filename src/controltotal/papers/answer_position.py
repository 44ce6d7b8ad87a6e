"""The answers of `position` and `check`: where the year stands, what does not add up."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from controltotal.core.calendar import month_name
from controltotal.core.figure import Figure
from controltotal.core.money import format_pounds, position_words
from controltotal.papers.answer import Ask, Getter, Row, counted, shown_year
from controltotal.papers.board_rows import FIGURES
from controltotal.papers.board_year import MEASURES
from controltotal.papers.sections import Section, TableView

COLUMNS: Final = {
    "plan": ("plan to date", "plan"),
    "actual": ("actual to date", "actual"),
    "variance": ("variance to date", ""),
    "plan_year": ("plan of year", "plan"),
    "forecast": ("forecast", "forecast"),
    "variance_year": ("variance of year", ""),
    "forecast_last_month": ("forecast a month before", "forecast"),
}
"""Columns of the table `to_date` that a screen shows, with their headings and their basis."""
LEAST: Final = ("forecast a month before", "plan of year", "plan to date")
"""Columns that a narrow screen does without first."""
LAST: Final = 12
SAID: Final = ("month", "must", "reported")
"""What the first screen says of the month."""
OF_MONTH: Final = ("to_date", "reported", "performance", "months", "control_chart")
"""Tables that the first screen stands for: the whole of them is in `--json`."""


def position_view(ask: Ask) -> Section:
    """The month where one is told, else plan, forecast and actual beside the control total."""
    rows = _to_date(ask, ask.year)
    inside = [rows[code] for code in ask.inside if code in rows]
    month = [text for topic in SAID for text in ask.told(topic, year=ask.year)]
    in_year = any(row["month"] and row["month"] < LAST for row in inside)
    table = month_table(ask, ask.year, ask.inside) if month or in_year else _standing(ask)
    if ask.look.basis:
        return ask.section(_of_basis(ask), table)
    words = month or ask.told("position", year=ask.year) or [_nothing(ask)]
    if {"threshold", "number"} & set(ask.result.options):  # who would be chosen was asked
        words[1:1] = ask.of_the_book("position")
    return ask.section((*words, *ask.told("bridge", year=ask.year)), table)


def _to_date(ask: Ask, year: str) -> dict[str, Row]:
    """The rows of whole bodies of a year, by body."""
    return {
        row["organisation"]: row
        for row in ask.result.tables.get("to_date", ())
        if row["year"] == year and not row["line"] and not row["scheme"]
    }


def _nothing(ask: Ask) -> str:
    """What is said of a body of which no position is told in the year."""
    some = ask.told("position", "gap", "beside", year=ask.year)
    return some[0] if some else f"{ask.whom}: no position is told."


def _of_basis(ask: Ask) -> list[str]:
    """The position of one basis in a sentence."""
    basis, code = ask.look.basis, ask.focus
    stands = ask.pence("adjusted_surplus", code, basis)
    if stands is None:
        return [f"{ask.whom}: no {basis} of its position is told."]
    text = f"{ask.whom}: the {basis} is {position_words(stands)} without support"
    gap = ask.pence("gap", code, basis)
    if gap is None:
        return [f"{text}."]
    if gap == 0:
        return [f"{text}; that meets its control total exactly."]
    side = "short of" if gap > 0 else "better than"
    return [f"{text}; it is {format_pounds(abs(gap))} {side} its control total."]


def month_table(ask: Ask, year: str, codes: Sequence[str]) -> TableView:
    """Bodies down; plan, actual and variance to date, then plan, forecast and variance of the year."""
    wanted, rows = ask.look.basis, _to_date(ask, year)

    def cell(name: str) -> Getter:
        measure, basis = FIGURES.get(name, ("", ""))

        def told(code: str) -> Figure | int | None:
            pence: int | None = rows[code][name]
            found = ask.result.figure(f"{measure}/{code}/{year}/{basis}")
            return pence if pence is None or found is None or found.value != pence else found

        return told

    columns: dict[str, Getter] = {}
    shown = [code for code in codes if code in rows]
    months = {rows[code]["month"] for code in shown if rows[code]["month"]}
    if len(months) > 1:
        columns["to month|text"] = lambda code: _to_month(rows[code]["month"])
    for name, (title, basis) in COLUMNS.items():
        if not wanted or basis == wanted:
            columns[title] = cell(name)
    to = f" to {month_name(min(months))}" if len(months) == 1 else " to date"
    title = f"{shown_year(year)}{to} and the year, without support; variance: worse in brackets"

    columns["what stands in|text"] = lambda code: rows[code]["stand_in"]

    def problem(code: str) -> float | None:
        told = [rows[code][name] for name in ("variance_year", "variance")]
        known = [pence for pence in told if pence is not None]
        return -known[0] if known else None

    return ask.of_bodies(title, columns, problem, shown, least=LEAST)


def _to_month(month: int | None) -> str:
    """The month to which a body is told, as a narrow column shows it."""
    return month_name(month)[:3] if month else "not told"


def _standing(ask: Ask) -> TableView:
    """Bodies down; each basis beside the control total, with support where nothing else is told."""

    def cell(measure: str, basis: str) -> Getter:
        return lambda code: ask.money(measure, code, basis)

    columns: dict[str, Getter] = {}
    bases = [ask.look.basis] if ask.look.basis else ["plan", "forecast", "actual"]
    stands, words = next(
        (
            (measure, words)
            for measure, words in MEASURES
            if any(cell(measure, basis)(code) for basis in bases for code in ask.inside)
        ),
        MEASURES[0],
    )
    told = [
        basis
        for basis in bases
        if any(cell(name, basis)(code) for name in (stands, "gap") for code in ask.inside)
    ]
    for basis in told:
        columns[basis] = cell(stands, basis)
    last = told[-1] if told else "plan"
    measured = {code: ask.pence("measured", code, last) for code in ask.inside}
    if any(p is not None and p != ask.pence(stands, code, last) for code, p in measured.items()):
        columns[f"{last} as control total measures it"] = cell("measured", last)
    columns["control total"] = lambda code: next(
        (found for basis in told if (found := cell("control_total", basis)(code))), None
    )
    for basis in told:
        columns[f"still to find, {basis}"] = cell("gap", basis)
    title = f"{shown_year(ask.year)}, {words}"
    return ask.of_bodies(title, columns, lambda code: ask.pence("gap", code, last))


def check_view(ask: Ask) -> Section:
    """How many faults each body has; the kinds are counted below the table."""
    findings = ask.result.findings

    def count(severity: str) -> Getter:
        return lambda code: (
            sum(f.severity == severity and code in _named(f) for f in findings) or None
        )

    columns = {
        "errors|number": count("error"),
        "warnings|number": count("warning"),
        "notes|number": count("information"),
    }
    asked = ask.result.options.get("organisation")
    codes = ask.inside if asked else tuple(ask.result.scope.places)
    table = ask.of_bodies(
        "Findings by organisation",
        columns,
        lambda code: sum(code in _named(f) for f in findings),
        codes,
    )
    words = ask.told("check") or ask.of_the_book("check")
    if asked:
        words = [f"{ask.name(ask.focus)}: {counted(findings) or 'nothing does not add up'}."]
    return ask.section(words, table)


def _named(finding: Any) -> tuple[str, ...]:
    return (finding.organisation, *finding.organisations)
