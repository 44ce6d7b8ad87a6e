"""One way to show a figure to a person: money in millions, shares in per cent, absence in words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from controltotal.core.calendar import month_words, year_label
from controltotal.core.measures import measure, part_name
from controltotal.core.money import PAGE_PLACES, PENCE_PER, format_money, page_money, page_unit

if TYPE_CHECKING:
    from controltotal.core.figure import Figure

LAST_MONTH: Final = "M12"
"""The month that an actual of a whole year reaches."""
HEDGED: Final = {"over": "more than ", "nearly": "nearly ", "around": "about ", "up_to": "up to "}
"""How a figure reads whose source hedges it."""


def value_text(value: int | float | None, unit: str) -> str:
    """A value in its unit, rounded for display.

    >>> value_text(-1230000000, "pence"), value_text(0.027, "share"), value_text(None, "pence")
    ('£(12.3)m', '2.7%', 'not known')
    >>> value_text(600_000, "pence"), value_text(-45_000, "pence"), value_text(-12_345, "pence")
    ('£6k', '£(450)', '£(123.45)')
    """
    if value is None:
        return "not known"
    if unit == "pence":
        assert isinstance(value, int)
        unit = page_unit()
        if 0 < abs(value) < PENCE_PER[unit] * 0.5 / 10 ** PAGE_PLACES[unit]:
            return _small(value)
        return f"£{page_money(value)}{unit[1:]}"
    if unit == "chance":
        return chance_text(value)
    if unit == "share":
        return f"{value:.1%}"
    if unit == "pounds":
        return f"£{value:,.2f}" if value >= 0 else f"£({-value:,.2f})"
    if unit == "count":
        return f"{value:,.0f}" if float(value).is_integer() else f"{value:,.1f}"
    return f"{value:,.3f}"


def _small(pence: int) -> str:
    """A sum too small for the unit of the page: in thousands, else in pounds, with pence where it has any."""
    if abs(pence) >= PENCE_PER["£k"]:
        return f"£{format_money(pence, '£k', 0)}k"
    return f"£{format_money(pence, '£', 2 if pence % 100 else 0)}"


def chance_text(chance: int | float, places: int = 1) -> str:
    """A chance in per cent; one that is not certain never reads as though it were.

    >>> chance_text(0.99995), chance_text(0.0004), chance_text(1.0), chance_text(0.995, 0)
    ('more than 99.9%', 'less than 0.1%', '100.0%', 'more than 99%')
    """
    text, step = f"{chance:.{places}%}", 0.1 ** (places + 2)
    if chance > 0 and text == f"{0:.{places}%}":
        return f"less than {step:.{places}%}"
    if chance < 1 and text == f"{1:.{places}%}":
        return f"more than {1 - step:.{places}%}"
    return text


def figure_value(figure: Figure) -> str:
    """A figure's value with its range or its status, in words where there is no number.

    >>> from controltotal.core.figure import Figure
    >>> figure_value(Figure("gap/X/2017-18/plan", None, status="bounded", low=0))
    'above nil'
    >>> figure_value(Figure("savings_planned/X/2017-18/plan", 2300000000, qualifier="over"))
    'more than £23.0m'
    """
    if figure.status == "withheld":
        return "withheld"
    if figure.status == "bounded":
        if figure.low is not None and figure.high is not None:
            low, high = (value_text(v, figure.unit) for v in (figure.low, figure.high))
            return f"between {low} and {high}"
        if figure.low is not None:
            size = value_text(figure.low, figure.unit)
            return f"more than {size}" if figure.low else "above nil"
        size = value_text(figure.high, figure.unit)
        return f"less than {size}" if figure.high else "below nil"
    if figure.value is None:
        return "cannot be told"
    value = hedged(figure) + value_text(figure.value, figure.unit)
    return " ".join(part for part in (value, aside(figure)) if part)


def hedged(figure: Figure) -> str:
    """The hedge of a figure's source before its value, empty where there is none.

    >>> from controltotal.core.figure import Figure
    >>> hedged(Figure("savings_planned/X/2017-18/plan", 5, qualifier="nearly"))
    'nearly '
    """
    return HEDGED.get(figure.qualifier.partition("; ")[0], "")


def aside(figure: Figure) -> str:
    """What stands beside a figure's value: its range, the total as published, what is unverified,
    and that it is made without a body that has not reported, or with its plan.

    >>> from controltotal.core.figure import Figure
    >>> aside(Figure("outturn_p10/X/2026-27/forecast", 5, "count", low=1, high=9))
    '(1 to 9)'
    """
    parts = []
    if figure.low is not None and figure.high is not None:
        low, high = (value_text(v, figure.unit) for v in (figure.low, figure.high))
        if not _near_its_end(figure):
            parts.append(f"({low} to {high})")
    if figure.stated is not None:
        parts.append(f"({value_text(figure.stated, figure.unit)} as published)")
    if figure.status == "unverified":
        parts.append("(unverified)")
    if "stand_in" in figure.qualifier.split("; "):
        parts.append("(stand-in)")
    return " ".join(parts)


def _near_its_end(figure: Figure) -> bool:
    """Whether a chance is told as less or more than the last step, which says its range as well."""
    value = figure.value
    return figure.unit == "chance" and value is not None and chance_text(value) != f"{value:.1%}"


def basis_words(figure: Figure) -> str:
    """A figure's basis; an actual that is not of the whole year says the month that it reaches.

    >>> from controltotal.core.figure import Figure
    >>> basis_words(Figure("surplus/QE1/2020-21/actual", 1, to="M9"))
    'actual to month 9 (December)'
    """
    if not figure.to or figure.to == ("M6" if figure.year.endswith("-H1") else LAST_MONTH):
        return figure.basis
    return f"{figure.basis} to {month_words(int(figure.to[1:]))}"


def figure_name(figure: Figure) -> str:
    """The figure in words: measure, year, basis and part.

    >>> from controltotal.core.figure import Figure
    >>> figure_name(Figure("gap/QE1/2020-21/plan", 1))
    'Gap to the control total, 2020/21, plan'
    """
    year = figure.year
    shown = year_label(year) if year[:4].isdigit() and "-" in year else year
    part = part_name(figure.measure, figure.part).replace("/", ", ")
    words = [measure(figure.measure).name, shown, basis_words(figure), part]
    return ", ".join(word for word in words if word)


def figure_text(figure: Figure) -> str:
    """One line for a terminal: id, then value."""
    return f"{figure.id}: {figure_value(figure)}"
