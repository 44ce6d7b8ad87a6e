"""One cell of a workbook: a number as a number in its unit, a day as a day, a text as a text.

No text becomes a formula or a link, whatever it begins with; deficits are in brackets by number
format, not by colour.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

from controltotal.core.calendar import day_words, parse_date
from controltotal.core.figure import Figure
from controltotal.core.money import PENCE_PER, page_unit
from controltotal.core.show import chance_text, figure_value
from controltotal.papers.page import plain_text
from controltotal.papers.sections import INDENT, Cell, Column, Note
from controltotal.papers.vega import DARK, INK, LIGHT

MONEY: Final = "#,##0.0;(#,##0.0);0.0"
FORMATS: Final = {
    "money": MONEY,
    "thousands": "#,##0;(#,##0);0",
    "share": "0.0%",
    "number": "#,##0.###",
    "whole": "#,##0",
    "tenths": "#,##0.0",
    "pounds": "#,##0.00;(#,##0.00);0.00",
    "day": "d mmmm yyyy",
    "below an end": f'"{chance_text(0.00001)}"',
    "above an end": f'"{chance_text(0.99999)}"',
}
"""How each kind of number is shown."""
KINDS: Final = {
    "pence": "money",
    "share": "share",
    "chance": "chance",
    "count": "count",
    "pounds": "pounds",
}
"""The kind of column that writes a number of a unit."""
FONT: Final = "Arial"
SIZE: Final = 10
"""Points of the letters."""
DAY: Final = re.compile(r"\d{4}-\d{2}-\d{2}|\d{1,2} [A-Z][a-z]+ \d{4}")
EARLIEST: Final = date(1900, 3, 1)
"""Before it a spreadsheet counts days wrongly."""


@dataclass(slots=True)
class Styles:
    """The styles of a workbook, each made once."""

    book: Any
    made: dict[tuple[tuple[str, Any], ...], Any] = field(default_factory=dict)

    def of(self, **look: Any) -> Any:
        """The style of a look."""
        key = tuple(sorted(look.items()))
        if key not in self.made:
            self.made[key] = self.book.add_format({"valign": "top", "font_color": INK, **look})
        return self.made[key]

    def number(self, kind: str, *, total: bool = False) -> Any:
        """The style of a number; that of a sum has a line above."""
        align = {"align": "left"} if kind == "day" else {}
        return self.of(num_format=FORMATS[kind], **align, **(TOTAL if total else {}))

    def text(self, *, total: bool = False, indent: int = 0, right: bool = False) -> Any:
        """The style of a text in a table."""
        side: dict[str, Any] = {"indent": indent, "align": "left"} if indent else {}
        side = {"align": "right"} if right else side
        return self.of(text_wrap=True, **side, **(TOTAL if total else {}))

    @property
    def link(self) -> Any:
        """The style of a link to another sheet."""
        return self.of(font_color=DARK, underline=1, text_wrap=True)


TOTAL: Final = {"bold": True, "top": 1, "top_color": INK}
HEAD: Final = {"bold": True, "bottom": 2, "text_wrap": True, "valign": "bottom"}
GROUP: Final = {"bold": True, "align": "center", "bottom": 1, "bg_color": LIGHT}


def written(column: Column, value: Any) -> tuple[str, Any]:
    """What a cell holds: how it is shown, and a number, a day or a text; `("", None)` where nothing.

    >>> written(Column("a", "A", "money"), -1_230_000_000)
    ('money', -12.3)
    >>> written(Column("a", "A"), "20 March 2026"), written(Column("a", "A"), "=1+1")
    (('day', datetime.date(2026, 3, 20)), ('text', '=1+1'))
    """
    if isinstance(value, Cell):
        return ("", None) if value.value is None else _number(KINDS[value.unit], value.value)
    if isinstance(value, Figure):
        return _figure(column, value)
    if isinstance(value, bool) or value is None or isinstance(value, Note):
        text = plain_text(column, value)
        return ("text", text) if text else ("", None)
    if isinstance(value, int | float):
        return _number(column.kind, value)
    text = plain_text(column, value)
    day = day_of(text)
    if day is not None:
        return "day", day
    return ("text", text) if text else ("", None)


def _figure(column: Column, value: Figure) -> tuple[str, Any]:
    if column.kind in ("anchor", "note"):
        return "text", value.id
    return figure_number(value)


def figure_number(figure: Figure) -> tuple[str, Any]:
    """A figure as a number where it has a value, else in words."""
    if figure.value is None:
        return "text", figure_value(figure)
    return _number(KINDS.get(figure.unit, "number"), figure.value)


def _number(kind: str, value: int | float) -> tuple[str, Any]:
    """A number and how it is shown: a chance near its end reads as less or more than that."""
    if kind == "money":
        return ("money" if page_unit() == "£m" else "thousands"), value / PENCE_PER[page_unit()]
    if kind == "chance" and chance_text(value) != f"{value:.1%}":
        return ("below an end" if value < 0.5 else "above an end"), value
    if kind in ("share", "chance"):
        return "share", value
    if kind == "count":
        return ("whole" if float(value).is_integer() else "tenths"), value
    return ("pounds" if kind == "pounds" else "number"), value


def day_of(text: str) -> date | None:
    """The day that a text is and nothing more, as we or a book write it; None of any other.

    >>> day_of("2026-03-20"), day_of("20 March 2026"), day_of("20 March"), day_of("32 March 2026")
    (datetime.date(2026, 3, 20), datetime.date(2026, 3, 20), None, None)
    """
    if not DAY.fullmatch(text):
        return None
    try:
        day = parse_date(text)
    except ValueError:
        return None
    shown = text if "-" in text else day_words(day.isoformat())
    return day if shown == text and day >= EARLIEST else None


def indent_of(text: str) -> int:
    """How many steps down a tree a name stands."""
    return min(len(text) - len(text.lstrip(INDENT)), 6)
