"""Charts as plain data: Vega-Lite written as dictionaries, in one house style.

A chart is a dictionary that any Vega-Lite program draws: rows, layers of marks, channels that say
which field of a row goes where, and the theme. Nothing here draws and nothing is worked out beyond
turning pence into £ million. Colours never carry a meaning alone.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

Spec = dict[str, Any]
"""A chart, or a part of one, as Vega-Lite reads it."""

Rows = Sequence[Mapping[str, Any]]

INK: Final = "#1f2933"
DARK: Final = "#2f4b5c"
MIDDLE: Final = "#6f8fa3"
LIGHT: Final = "#c9d6de"
WARM: Final = "#9c4221"
PALE_WARM: Final = "#e8c4a8"
FONT: Final = "Arial, Helvetica, sans-serif"
SCHEMA: Final = "https://vega.github.io/schema/vega-lite/v6.json"
PENCE_IN_MILLION: Final = 100_000_000
NAMES_WIDE: Final = 260
"""Room for the names along an axis, in points."""

THEME: Final[Spec] = {
    "font": FONT,
    "background": "white",
    "axis": {
        "labelColor": INK,
        "titleColor": INK,
        "gridColor": "#e4e7eb",
        "domainColor": "#9aa5b1",
        "labelFontSize": 13,
        "titleFontSize": 13,
        "titleFontWeight": "normal",
        "labelLimit": NAMES_WIDE,
    },
    "legend": {
        "labelColor": INK,
        "titleColor": INK,
        "labelFontSize": 13,
        "titleFontSize": 13,
    },
    "view": {"stroke": None},
    "title": {"anchor": "start", "color": INK, "fontSize": 16},
}


def million(pence: float) -> float:
    """Pence as £ million, as fine as a chart can show.

    >>> million(-1_234_567_890)
    -12.3457
    """
    return round(pence / PENCE_IN_MILLION, 4)


def million_or_none(pence: float | None) -> float | None:
    """Pence as £ million; what is absent stays absent and is not drawn."""
    return None if pence is None else million(pence)


def label(pence: float) -> str:
    """Pence as a direct label in £ million, deficits in brackets.

    >>> label(-1_234_567_890), label(460_000_000), label(-1)
    ('(12.3)', '4.6', '0.0')
    """
    value = pence / PENCE_IN_MILLION
    return f"({-value:,.1f})" if round(value, 1) < 0 else f"{abs(value):,.1f}"


def chart(
    *layers: Spec, width: int, height: int | Spec, rows: Rows | None = None, **more: Any
) -> Spec:
    """A chart of layers in the house theme; `rows` serve every layer that brings none of its own.

    >>> one = chart(mark("bar", {"x": number("pence")}), width=520, height=90, rows=[{"pence": 1}])
    >>> one["layer"][0]["encoding"]["x"]["field"], one["data"]["values"]
    ('pence', [{'pence': 1}])
    """
    data = {} if rows is None else {"data": values(rows)}
    return {
        "$schema": SCHEMA,
        "config": THEME,
        "width": width,
        "height": height,
        **data,
        "layer": list(layers),
        **more,
    }


def values(rows: Rows) -> Spec:
    """Rows as the data of a chart or of one layer."""
    return {"values": [dict(row) for row in rows]}


def mark(
    kind: str, channels: Spec, *, rows: Rows | None = None, where: str = "", **look: Any
) -> Spec:
    """One layer: a mark and its look, the channels, and which rows it draws.

    `where` is a test in Vega's own terms; `rows` stand in for those of the chart.

    >>> mark("rule", {"y": number("nil")}, color="black")["mark"]
    {'type': 'rule', 'color': 'black'}
    """
    layer: Spec = {} if rows is None else {"data": values(rows)}
    if where:
        layer["transform"] = [{"filter": where}]
    return {**layer, "mark": {"type": kind, **look}, "encoding": channels}


def number(field: str, title: str | None = "", **more: Any) -> Spec:
    """A channel that measures; an empty title is left to the other layers, None means no title."""
    return _channel(field, "quantitative", title, more)


def name(field: str, title: str | None = "", **more: Any) -> Spec:
    """A channel of names, in the order of `sort` where it is given."""
    return _channel(field, "nominal", title, more)


def step(field: str, title: str | None = "", **more: Any) -> Spec:
    """A channel of months or years, which have an order of their own."""
    return _channel(field, "ordinal", title, more)


def _channel(field: str, kind: str, title: str | None, more: Spec) -> Spec:
    titled = {} if title == "" else {"title": title}
    return {"field": field, "type": kind, **titled, **more}


def end(field: str) -> Spec:
    """The far end of a bar, a band or a rule."""
    return {"field": field}


def span(field: str, lowest: str = "x", highest: str = "x2") -> Spec:
    """Channels of a rule from the least to the most of a field."""
    return {
        lowest: {"aggregate": "min", "field": field, "type": "quantitative"},
        highest: {"aggregate": "max", "field": field},
    }


def kinds(field: str, look: Mapping[str, Any], legend: Spec | None = None) -> Spec:
    """A channel that gives each kind its own look; without a legend each is named some other way.

    >>> kinds("kind", {"surplus": MIDDLE, "deficit": WARM})["scale"]["domain"]
    ['surplus', 'deficit']
    """
    scale = {"domain": list(look), "range": list(look.values())}
    return {"field": field, "type": "nominal", "legend": legend, "scale": scale}


def key(orient: str, title: str | None = None, **more: Any) -> Spec:
    """A legend: where it stands and what it is called."""
    return {"orient": orient, "title": title, **more}


def either(test: str, yes: Any, no: Any) -> Spec:
    """A look that depends on the row: `yes` where the test holds, else `no`."""
    return {"condition": {"test": test, "value": yes}, "value": no}
