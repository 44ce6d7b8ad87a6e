"""Charts as drawn pictures: Altair to SVG, with a text alternative and no script.

A chart's title states its message. Everything it shows stands in a table beside it, and no
meaning is carried by colour alone: bars are labelled, and kinds differ in shade and pattern of
outline. One theme serves pages, PDF and workbooks.
"""

from __future__ import annotations

import re
from html import escape
from typing import Any, Final

INK: Final = "#1f2933"
DARK: Final = "#2f4b5c"
MIDDLE: Final = "#6f8fa3"
LIGHT: Final = "#c9d6de"
WARM: Final = "#9c4221"
PALE_WARM: Final = "#e8c4a8"
FONT: Final = "Arial, Helvetica, sans-serif"


def themed(chart: Any, width: int = 640) -> Any:
    """A chart in the house theme: neutral colours, readable sizes, quiet grid."""
    return (
        chart.properties(width=width)
        .configure(font=FONT, background="white")
        .configure_axis(
            labelColor=INK,
            titleColor=INK,
            gridColor="#e4e7eb",
            domainColor="#9aa5b1",
            labelFontSize=13,
            titleFontSize=13,
            titleFontWeight="normal",
            labelLimit=260,
        )
        .configure_legend(labelColor=INK, titleColor=INK, labelFontSize=13, titleFontSize=13)
        .configure_view(stroke=None)
        .configure_title(anchor="start", color=INK, fontSize=16)
    )


def chart_svg(chart: Any, alternative: str, chart_id: str) -> str:
    """A chart as SVG for a page: named, described, scaled to its column, without a script.

    `alternative` says in words what the chart shows.
    """
    import vl_convert

    spec = chart.to_dict()
    svg = str(vl_convert.vegalite_to_svg(spec))
    svg = re.sub(r"<style>.*?</style>|<script.*?</script>", "", svg, flags=re.S)
    svg = re.sub(r' xmlns:xlink="[^"]*"', "", svg)
    svg = _own_ids(svg, chart_id)
    head = re.match(r"<svg([^>]*)>", svg)
    assert head is not None, "the chart must be an SVG"
    attributes = re.sub(r'\s(class|width|height)="[^"]*"', "", head[1])
    box = re.search(r'viewBox="0 0 ([\d.]+) ', attributes)
    widest = f' style="max-width:{float(box[1]):.0f}px"' if box else ""
    opening = (
        f'<svg{attributes}{widest} role="img" aria-labelledby="{chart_id}-title" focusable="false">'
        f'<title id="{chart_id}-title">{escape(alternative)}</title>'
    )
    return opening + _quiet(svg[head.end() :])


def _own_ids(svg: str, chart_id: str) -> str:
    """Ids inside the picture made its own, so that two pictures on a page do not share one."""
    names = set(re.findall(r'\bid="([^"]+)"', svg))
    for name in names:
        svg = svg.replace(f'id="{name}"', f'id="{chart_id}-{name}"')
        svg = svg.replace(f"url(#{name})", f"url(#{chart_id}-{name})")
    return svg


def _quiet(body: str) -> str:
    """Marks inside the picture without roles of their own: the title speaks for all."""
    return re.sub(r'\s(role|aria-roledescription|aria-label|aria-hidden)="[^"]*"', "", body)


def chart_png(chart: Any, scale: float = 2.0) -> bytes:
    """A chart as a picture for a workbook or a slide."""
    import vl_convert

    return bytes(vl_convert.vegalite_to_png(chart.to_dict(), scale=scale))
