"""Charts that a spreadsheet draws itself, from cells, in the one house style.

No text of a book is ever handed over as a title: names and titles are addresses of cells, so that
none can become a formula.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from controltotal.papers.sections import ChartView, Native
from controltotal.papers.vega import DARK, INK, LIGHT, MIDDLE, WARM

GRID: Final = "#E4E7EB"
PALE: Final = "#7B8794"
FONT: Final = "Arial"
AXIS_FORMAT: Final = "#,##0;(#,##0);0"
FINE_FORMAT: Final = "#,##0.0;(#,##0.0);0.0"
WIDE: Final = 860
TALL: Final = 400
ROW: Final = 20
"""Pixels of a row of a sheet."""


def _line(
    colour: str, width: float, dash: str = "solid", marker: str = "none", fill: str = ""
) -> dict[str, Any]:
    """A line, and its mark at each month, so that a month by itself is seen."""
    mark = {
        "type": marker,
        "size": 5,
        "fill": {"color": fill or colour},
        "border": {"color": colour},
    }
    return {
        "line": {"color": colour, "width": width, "dash_type": dash},
        "marker": {"type": "none"} if marker == "none" else mark,
    }


def _marks(kind: str, colour: str, size: int) -> dict[str, Any]:
    return {
        "line": {"none": True},
        "marker": {
            "type": kind,
            "size": size,
            "fill": {"color": colour},
            "border": {"color": colour},
        },
    }


def _fill(colour: str) -> dict[str, Any]:
    return {"fill": {"color": colour}, "border": {"color": INK, "width": 0.75}}


STRIPES: Final[dict[str, Any]] = {
    "pattern": {"pattern": "wide_upward_diagonal", "fg_color": WARM, "bg_color": "#FFFFFF"},
    "border": {"color": INK, "width": 0.75},
}
OPEN: Final[dict[str, Any]] = {
    "fill": {"color": "#FFFFFF"},
    "border": {"color": INK, "width": 1, "dash_type": "dash"},
}
HIDDEN: Final = "hidden"
"""The look of what holds up the bars above it and is not seen."""
LOOKS: Final[Mapping[str, dict[str, Any]]] = {
    "recorded": _line(INK, 2.5, marker="circle"),
    "hollow": _line(INK, 1.5, "round_dot", "circle", "#FFFFFF"),
    "plan": _line(PALE, 2.0, "dash", "square"),
    "forecast": _line(DARK, 2.0, "round_dot", "diamond"),
    "asked": _line(INK, 1.25, "long_dash"),
    "middle": _line(MIDDLE, 2.25),
    "edge": _line(MIDDLE, 1.0, "square_dot"),
    "mean": _line(PALE, 2.0),
    "limit": _line(PALE, 1.5, "dash"),
    "months": {
        "line": {"color": INK, "width": 1.5},
        "marker": {
            "type": "circle",
            "size": 6,
            "fill": {"color": INK},
            "border": {"color": INK},
        },
    },
    "outside": _marks("diamond", WARM, 11),
    "run": _marks("square", DARK, 9),
    "below": _marks("square", WARM, 9),
    HIDDEN: {"fill": {"none": True}, "border": {"none": True}},
    "total": _fill(DARK),
    "better": _fill(LIGHT),
    "worse": STRIPES,
    "rest": OPEN,
    "deep": _fill(DARK),
    "medium": _fill(MIDDLE),
    "light": _fill(LIGHT),
    "open": OPEN,
    "striped": STRIPES,
}
"""The look of each kind of series: told apart in grey too, by shade, dash, stripes or shape."""
TYPES: Final = {
    "lines": {"type": "line"},
    "bars": {"type": "bar"},
    "stacked": {"type": "bar", "subtype": "stacked"},
}


@dataclass(frozen=True, slots=True)
class Span:
    """Cells below each other: their sheet, first and last row and column, counted from nought."""

    sheet: str
    first: int
    last: int
    column: int

    @property
    def head(self) -> list[Any]:
        """The cell above them, which names them."""
        return [self.sheet, self.first - 1, self.column]

    @property
    def cells(self) -> list[Any]:
        """All of them."""
        return [self.sheet, self.first, self.column, self.last, self.column]


@dataclass(frozen=True, slots=True)
class Placed:
    """Where the cells of a chart stand: its title, its names, and each of its series."""

    title: list[Any]
    axis: list[Any]
    names: Span
    series: tuple[Span, ...]
    told: tuple[float, ...]
    """Every number that is drawn, in the unit of the axis."""


def native_chart(book: Any, view: ChartView, native: Native, placed: Placed) -> Any:
    """The chart of a view, for a place on a sheet."""
    chart = book.add_chart(dict(TYPES[native.kind]))
    for one, span in zip(native.series, placed.series, strict=True):
        gaps = {"gap": 45, "overlap": 100} if native.kind == "stacked" else {}
        gaps = {"gap": 60, "overlap": -5} if native.kind == "bars" else gaps
        chart.add_series(
            {
                "name": " " if one.look == HIDDEN else span.head,
                "categories": placed.names.cells,
                "values": span.cells,
                **gaps,
                **LOOKS[one.look],
            }
        )
    font = {"name": FONT, "color": INK}
    chart.set_title(
        {"name": placed.title, "name_font": {**font, "size": 11, "bold": True}, "overlay": False}
    )
    chart.set_legend(
        {"position": "bottom", "font": {**font, "size": 9}}
        if len(native.series) > 1
        else {"none": True}
    )
    names: dict[str, Any] = {
        "num_font": {**font, "size": 9},
        "label_position": "low",
        "line": {"color": PALE},
        "major_tick_mark": "none",
    }
    money: dict[str, Any] = {
        "name": placed.axis,
        "name_font": {**font, "size": 9, "bold": False},
        "num_font": {**font, "size": 9},
        "num_format": FINE_FORMAT if _fine(placed.told) else AXIS_FORMAT,
        "major_gridlines": {"visible": True, "line": {"color": GRID, "width": 0.75}},
        "line": {"none": True},
        **_ends(native, placed.told),
    }
    if native.kind == "lines":
        chart.set_x_axis(names)
        chart.set_y_axis(money)
    else:  # the first bar stands on top
        chart.set_y_axis({**names, "reverse": True, "crossing": "max"})
        chart.set_x_axis(money)
    chart.set_chartarea({"border": {"none": True}, "fill": {"color": "#FFFFFF"}})
    chart.show_blanks_as("gap")
    chart.set_size({"width": WIDE, "height": height(native)})
    return chart


def height(native: Native) -> int:
    """Pixels that a chart is high: bars need a row each."""
    if native.kind == "lines":
        return TALL
    many = len(native.categories) if not isinstance(native.categories, str) else 9
    return 150 + many * (44 if native.kind == "bars" else 26)


def rows_of(native: Native) -> int:
    """Rows of a sheet that a chart covers, with one for air."""
    return math.ceil(height(native) / ROW) + 1


def _fine(told: Sequence[float]) -> bool:
    """Whether the numbers lie so close together that an axis needs a decimal."""
    return bool(told) and max(told) - min(told) < 6


def _ends(native: Native, told: Sequence[float]) -> dict[str, float]:
    """Where the axis of lines far from nil begins and ends; nothing where nil belongs on it.

    >>> lines = Native("lines", "£ million", "name", ())
    >>> _ends(lines, (5.58, 5.69)), _ends(lines, (-60.0, -7.0))
    ({'min': 5.5, 'max': 5.7}, {})
    """
    if native.kind != "lines" or not told:
        return {}
    low, high = min(told), max(told)
    if low <= 0 <= high or min(abs(low), abs(high)) < high - low:
        return {}
    step = 10.0 ** math.floor(math.log10((high - low) or abs(high) or 1))
    return {
        "min": round(math.floor(low / step) * step, 6),
        "max": round(math.ceil(high / step) * step, 6),
    }
