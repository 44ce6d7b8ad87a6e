"""Where a body stands, in one plain sentence for each year and basis."""

from __future__ import annotations

from controltotal.book.amount_table import told
from controltotal.book.periods import months_needed
from controltotal.core.calendar import month_words, year_label
from controltotal.core.figure import Figure
from controltotal.core.kept import kept
from controltotal.core.money import format_pounds, position_words
from controltotal.core.result import Answer
from controltotal.workings.stated import hedged, not_enough, programme_words
from controltotal.workings.totals import ADJUSTED, Totals, figure_id

OF_SUPPORT = ("support_income", "position_with_support", "position_whole")
"""Lines that say what support a body gets, or where it stands with it."""


def sentence(answer: Answer, totals: Totals, code: str, year: str, basis: str) -> str:
    """What a body's figures of a year and basis say; empty where they say nothing."""

    def look(measure: str) -> Figure | None:
        return answer.get(figure_id(measure, code, year, basis))

    name = f"{totals.tree.name(code, year)}, {year_label(year)}"
    surplus, supported, gap = look("surplus"), look("surplus_with_support"), look("gap")
    to = to_month(totals, code, year, basis)
    if surplus is not None and isinstance(surplus.value, int):
        how = as_told(totals, code, year, basis)
        text = f"{name}: the {basis}{to} is {hedged(position_words(surplus.value), surplus.qualifier)} {how}"
        text += _as_measured(surplus.value, look("measured"), look(ADJUSTED))
    elif supported is not None and isinstance(supported.value, int):
        text = (
            f"{name}: the {basis}{to} is {hedged(position_words(supported.value), supported.qualifier)} "
            "with support; without it the position cannot be told, because the support is not stated"
        )
    elif programme := _not_enough(totals, code, year, basis):
        return f"{name}: {programme}."
    elif gap is not None and gap.status == "bounded":
        text = f"{name}: the gap on the {basis} is known only to be {_end(gap)}"
    else:
        return ""
    if gap is not None and isinstance(gap.value, int):
        text += "; " + hedged(against(gap.value), gap.qualifier)
    text += _scenarios(answer, totals, code, year, basis)
    missing = look("savings_unidentified")
    if missing is not None and missing.value:
        text += f"; {format_pounds(int(missing.value))} of its savings has no scheme"
    return text + "."


def as_told(totals: Totals, code: str, year: str, basis: str) -> str:
    """How a surplus is told: without support; or as reported, where its source says nothing of that.

    A position that a named source states whole, of a body and year of which no support is known,
    is what was reported: whether support is in it nobody has said.
    """
    value = totals.surplus(code, year, basis)
    amounts = totals.position.amount_by_entry
    rows = [amounts[entry] for entry in value.entries if entry in amounts]
    sources = [totals.position.sources.get(row.source or "") for row in rows]
    reported = bool(rows) and all(row.line == "position" for row in rows)
    reported = reported and (bool(value.missing) or not value.inputs)
    reported = reported and all(source is not None and source.publisher for source in sources)
    return (
        "as reported" if reported and not knows_support(totals, code, year) else "without support"
    )


def knows_support(totals: Totals, code: str, year: str) -> bool:
    """Whether a book says anything of support that a body gets or gives in a year."""
    return (code, year) in _with_support(totals)


@kept
def _with_support(totals: Totals) -> frozenset[tuple[str, str]]:
    """Every body and year of which the book says something of support."""
    book = totals.position.book
    found = {
        (code, year)
        for code, year, line, scenario in told(
            book.amounts, "organisation", "year", "line", "scenario"
        )
        if line in OF_SUPPORT and not scenario
    }
    for row in book.transfers:
        if row.status == "agreed":
            found |= {(row.from_, row.year), (row.to, row.year)}
    return frozenset(found)


def _end(gap: Figure) -> str:
    """The one end that is known of a gap, which it may reach or not."""
    reaches = "up_to" in gap.qualifier
    side = ("at least" if reaches else "above", "at most" if reaches else "below")[gap.low is None]
    size = gap.high if gap.low is None else gap.low
    return f"{side} {format_pounds(int(size)) if size else 'nil'}"


def _scenarios(answer: Answer, totals: Totals, code: str, year: str, basis: str) -> str:
    """Between which ends the scenarios of a basis lie, where there are several; empty if not.

    A year has one range in words: where `risk` can tell one, a forecast's scenarios are in the
    figures alone.
    """
    book = totals.position.book
    if basis == "forecast" and (book.schemes or book.risks):
        return ""
    found, hedges = {}, {}
    for of_basis, scenario in totals.reports(code, year):
        figure = answer.get(figure_id("surplus", code, year, basis, scenario)) if scenario else None
        if of_basis == basis and figure is not None and isinstance(figure.value, int):
            found[scenario], hedges[scenario] = figure.value, figure.qualifier
    if len(set(found.values())) < 2:
        return ""
    best = max(found, key=lambda name: (found[name], name))
    worst = min(found, key=lambda name: (found[name], name))
    ends = [
        f"{hedged(position_words(found[end]), hedges[end])} ({end.replace('_', ' ')})"
        for end in (best, worst)
    ]
    return f"; its scenarios run from {ends[0]} to {ends[1]}"


def _not_enough(totals: Totals, code: str, year: str, basis: str) -> str:
    """Savings planned that are said not to be enough, and by how much nobody says; else empty."""
    if basis != "plan" or not not_enough(totals, code, year):
        return ""
    programme = programme_words(totals, code, year)
    if not programme:
        return ""
    return (
        f"{programme} is said not to be enough to meet the control total; how much more is asked "
        "is not published"
    )


def to_month(totals: Totals, code: str, year: str, basis: str) -> str:
    """How far an actual goes that is not of the whole period: ` to month 6 (September)`.

    An actual before March is a year to date: it says nothing of the year unless it says its month.
    """
    if basis != "actual":
        return ""
    months = totals.surplus(code, year, basis).months
    months = months or totals.with_support(code, year, basis).months
    last = max(months, default=0)
    whole = not months or last == max(months_needed(year))
    return "" if whole else f" to {month_words(last)}"


def _as_measured(surplus: int, measured: Figure | None, adjusted: Figure | None) -> str:
    """What the control total measures, where it is not the surplus, and why it is not."""
    whole = measured.value if measured is not None else None
    inside = adjusted.value if adjusted is not None else None
    if not isinstance(whole, int) or not isinstance(inside, int) or whole == surplus:
        return ""
    why = ["without what stands outside it"] if inside != surplus else []
    why += ["with support"] if whole != inside else []
    return f", and {position_words(whole)} as the control total measures it ({', '.join(why)})"


def against(gap: int) -> str:
    """A gap to the control total in words.

    >>> against(460000000)
    'it must still find £4.6 million to meet its control total'
    """
    if gap == 0:
        return "that meets its control total exactly"
    size = format_pounds(abs(gap))
    if gap > 0:
        return f"it must still find {size} to meet its control total"
    return f"that is {size} better than its control total"
