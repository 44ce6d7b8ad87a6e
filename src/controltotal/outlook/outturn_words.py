"""What is said of an outturn: the forecast in the book, a method, and the step between the two.

A year has one range in words: that of `risk` where the book has schemes or risks, else the one that
the body states, else that of the method.
"""

from __future__ import annotations

from collections.abc import Mapping

from controltotal.book.commentary import comment_words
from controltotal.core.calendar import year_label
from controltotal.core.figure import Figure
from controltotal.core.money import format_pounds, position_words
from controltotal.core.result import Answer
from controltotal.outlook.backtest import Test
from controltotal.workings.stated import hedged
from controltotal.workings.totals import Totals, figure_id


def outturn_words(
    answer: Answer,
    totals: Totals,
    year: str,
    code: str,
    method: str,
    records: Mapping[str, Test],
) -> None:
    """Plain sentences on one body; `records` are the back-tests by method."""
    book = totals.position.book
    alone = not (book.schemes or book.risks)
    model = answer.get(figure_id("outturn", code, year, "forecast", method))
    official = answer.get(figure_id("outturn", code, year, "forecast", "official"))
    label = f"{totals.tree.name(code)}, {year_label(year)}"
    stated = official.value if official is not None and isinstance(official.value, int) else None
    if official is not None and stated is not None:
        qualifier = totals.adjusted(code, year, "forecast").qualifier
        text = f"{label}: the forecast in the book is {hedged(position_words(stated), qualifier)}"
        if alone and official.low is not None and official.low != official.high:
            low, high = (position_words(int(end or 0)) for end in (official.low, official.high))
            text += f" (range {low} to {high})"
        answer.words(text + ".", topic="forecast", about=code, year=year)
        for said in book.commentary:
            if said.about == figure_id("surplus", code, year, "forecast"):
                words = comment_words(totals.position, said)
                answer.words(words, topic="beside", about=code, year=year)
    if model is None or not isinstance(model.value, int):
        return
    text = f"{label}: {method.replace('_', ' ')} gives {position_words(model.value)}"
    if stated is not None:
        text += _step(stated - model.value)
    elif alone:
        text += _range(model, records.get(method))
    answer.words(text + ".", topic="forecast", about=code, year=year)


def _range(model: Figure, record: Test | None) -> str:
    """The range that a method's past errors support; empty where they support none."""
    if record is None or model.low is None or model.high is None:
        return ""
    text = f", between {position_words(int(model.low))} and {position_words(int(model.high))}"
    if record.coverage is not None:
        text += (
            f" (four chances in five; such ranges held {record.coverage:.0%} of "
            f"{record.cases} past cases)"
        )
    return text


def _step(better: int) -> str:
    """The step from a method to the forecast in the book, which expects more or less of what is left."""
    if not better:
        return ", as the forecast in the book does"
    way = "better" if better > 0 else "worse"
    return (
        f"; the forecast in the book is {format_pounds(abs(better))} {way}, which the months left must "
        f"{'bring' if better > 0 else 'lose'} beyond what this method expects of them"
    )
