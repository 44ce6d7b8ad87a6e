"""Where the year stands to date: figures, the table `to_date`, who has not reported, and the words.

What a finance director reads first: how the year so far compares with its plan, what the forecast
says, and what each month left must be for it to hold. Everything is of the adjusted surplus, which
is what a control total measures but for support.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import Final

from controltotal.accounts.figures import put_value
from controltotal.accounts.headline import headlines, since_last_month
from controltotal.accounts.month_words import has_actuals, reported_words, spoken_of, tops, words
from controltotal.book.asking import bodies_asked, years_asked
from controltotal.book.sent_months import sent_in
from controltotal.core.lines import holders, packaged_lines
from controltotal.core.period import is_whole_year
from controltotal.core.result import Answer
from controltotal.workings.late import (
    STAND_IN,
    Late,
    Report,
    Standing,
    reports,
    standing,
    told_by_month,
)
from controltotal.workings.leading import leading
from controltotal.workings.month import LAST, MONTHS, Month, to_of
from controltotal.workings.month_lines import cells_of, line_cells
from controltotal.workings.rates import exit_rate
from controltotal.workings.totals import figure_id
from controltotal.workings.value import Value
from controltotal.workings.workings import Workings

Made = Callable[[Month, str, str], Value]
Leads = dict[str, Month]
"""The month of each body of whom the first words are."""

TO_DATE: Final[Mapping[str, Made]] = {
    "plan_to_date": Month.plan_to_date,
    "variance_to_date": Month.variance_to_date,
    "run_rate": Month.run_rate,
    "made_a_month": Month.made_a_month,
    "needed_a_month": Month.needed_a_month,
    "if_repeated": Month.if_repeated,
}
"""The measures of the month, in the order in which each rests on those before it."""
AHEAD: Final = ("needed_a_month", "if_repeated")
"""Measures of the months left, which a finished year has none of."""
LAST_THREE: Final = "last_three"
WAIT: Final = Late()
"""Nothing is done about those who are late: totals above them are not told."""


def put_measure(
    answer: Answer, month: Month, measure: str, code: str, year: str, stand_in: str = ""
) -> None:
    """One measure of the month as a figure, with the parts that it has.

    `stand_in` says what a figure rests on that is made without a body or with its plan.
    """
    found = {"": TO_DATE[measure](month, code, year)}
    if measure == "if_repeated":
        found[LAST_THREE] = month.if_repeated(code, year, LAST)
    to = to_of(month.totals, code, year, "actual")
    for part, value in found.items():
        if stand_in:
            said = "; ".join(filter(None, (value.qualifier, STAND_IN)))
            value = value._replace(rule=f"{value.rule}; {stand_in}", qualifier=said)
        name = figure_id(measure, code, year, "actual", part)
        put_value(answer, name, value, to=to if value.reported else "")


def put_figures(answer: Answer, month: Month, code: str, year: str, stand_in: str = "") -> None:
    """Every measure of the month of one body that has actuals in a year."""
    over = month.reached(code, year) == MONTHS
    for measure in TO_DATE:
        if not (over and measure in AHEAD):
            put_measure(answer, month, measure, code, year, stand_in)
    if month.totals.children(code, year):
        return
    rate = exit_rate(month.totals, code, year)
    name = figure_id("exit_run_rate", code, year, "forecast")
    if rate.pence is not None:
        answer.figure(name, rate.pence, rule=rate.rule, inputs=rate.inputs)


def add_to_date(
    answer: Answer,
    workings: Workings,
    year: str | None,
    organisation: str | None,
    late: Late = WAIT,
) -> dict[str, Leads]:
    """The figures, tables and words of the month, of every year that has actuals.

    A year told whole has its rows in the table, and no month to speak of. Returned are, for each
    year told by month, the bodies of whom the first words are, each with its month.
    """
    position, month = workings.position, workings.month
    leads: dict[str, Leads] = {}
    for one in years_asked(position, year):
        if not is_whole_year(one):
            continue
        bodies = _in_order(month, bodies_asked(position, one, organisation), one)
        told = reports(month, one, bodies)
        every = reports(month, one, tuple(month.tree.organisations)) if organisation else told
        stood = standing(month, one, every, late, lambda made: Workings(made).month)
        by_month = told_by_month(month.totals, one)
        acting = [code for code in bodies if has_actuals(month, code, one)]
        for code in acting if by_month else ():
            put_figures(answer, stood.of(code), code, one, stood.rule(code))
        answer.table("to_date", _rows(workings, stood, acting, one))
        answer.table("reported", [_report_row(row) for row in told])
        first = organisation or leading(workings, one)
        asked = first in (organisation, position.text("home"))
        spoken = spoken_of(stood, bodies, one, first, asked)
        leads[one] = {code: stood.of(code) for code in spoken} if by_month else {}
        if any(row.month < MONTHS or not row.reported for row in told):
            for code in spoken:
                for topic, text in words(stood, code, one):
                    answer.words(text, topic=topic, about=code, year=one)
            sent = sent_in(position.book.submissions)
            for code in dict.fromkeys((*spoken, *tops(month, bodies, one))):
                if text := reported_words(stood, code, one, told, sent):
                    answer.words(text, topic="reported", about=code, year=one)
            _add_headlines(answer, stood, spoken, one)
    return leads


def _add_headlines(answer: Answer, stood: Standing, bodies: Iterable[str], year: str) -> None:
    """The headlines of some bodies, and who moved their forecasts."""
    for code in bodies:
        for text in headlines(stood, code, year):
            answer.words(text, topic="headline", about=code, year=year)
        if text := since_last_month(stood, code, year):
            answer.words(text, topic="since", about=code, year=year)


def _in_order(month: Month, bodies: Sequence[str], year: str) -> list[str]:
    """Bodies in the order of the tree: each followed by those below it."""
    asked = set(bodies)
    tops = [code for code in bodies if month.tree.parent(code, year) not in asked]
    walk = [one for top in tops for one in (top, *month.tree.descendants(top, year))]
    return [code for code in walk if code in asked]


def _rows(
    workings: Workings, stood: Standing, bodies: Sequence[str], year: str
) -> list[dict[str, object]]:
    """The table `to_date`: each body, its lines, and the schemes that have rows of their own.

    A line of the book's own that another line holds says so in `part_of`: its money is in that line's.
    """
    lines, packaged = workings.position.lines, packaged_lines()

    def held(line: str, told: Collection[str]) -> dict[str, object]:
        above = [] if line in packaged else [one for one in holders(line, lines) if one in told]
        return {"part_of": above[0]} if above else {}

    table: list[dict[str, object]] = []
    schemes: dict[str, list[str]] = {}
    for scheme in workings.position.book.schemes:
        schemes.setdefault(scheme.organisation, []).append(scheme.id)
    for code in bodies:
        month, aside = stood.of(code), stood.stand_in.get(code, "")
        body: dict[str, object] = {"organisation": code, "year": year}
        cells = {"": cells_of(month.to_date(code, year)), **line_cells(month, code, year)}
        about = {"scheme": "", "month": month.shown(code, year)}
        for line, told in cells.items():
            inside = held(line, cells)
            table.append({**body, "line": line, **about, **told, "stand_in": aside, **inside})
        own = [workings.month.scheme(one, code, year) for one in schemes.get(code, ())]
        for row in own:
            if row is not None:
                about = {"scheme": row.scheme, "month": row.month}
                table.append({**body, "line": "", **about, **cells_of(row), "stand_in": ""})
    return table


def _report_row(row: Report) -> dict[str, object]:
    return {
        "organisation": row.organisation,
        "year": row.year,
        "month": row.month,
        "reported": row.reported,
        "last_month": row.last or None,
        "why": row.why,
    }
