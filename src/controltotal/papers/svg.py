"""Charts as drawn pictures: Vega-Lite to SVG, with a text alternative and no script.

A chart's title states its message. Everything it shows stands in a table beside it, and no
meaning is carried by colour alone: bars are labelled, and kinds differ in shade and pattern of
outline. A chart is drawn once; page, PDF, workbook and notebook take the same drawing.
"""

from __future__ import annotations

import json
import os
import re
from dataclasses import dataclass, field
from functools import cache, lru_cache
from html import escape
from importlib.resources import as_file, files
from types import ModuleType
from typing import Any, Final

from controltotal.core.legible import legible, legible_data
from controltotal.core.progress import stop_if_cancelled
from controltotal.papers.kept_drawings import kept
from controltotal.papers.sections import ChartView

FONTS: Final = "FONTCONFIG_FILE"
"""Where the drawing program learns, once for each process, which fonts the machine has."""

NOTHING: Final = '<svg xmlns="http://www.w3.org/2000/svg" width="1" height="1"></svg>'


def drawn(view: ChartView) -> str:
    """A chart as SVG: named, described, scaled to its column, without a script."""
    stop_if_cancelled()
    spec = legible_data(view.chart)
    svg = _svg(_Spec(json.dumps(spec), spec))
    svg = re.sub(r"<style>.*?</style>|<script.*?</script>", "", svg, flags=re.S)
    svg = re.sub(r' xmlns:xlink="[^"]*"', "", svg)
    svg = re.sub(
        r'<text [^>]*stroke="white"', r'\g<0> paint-order="stroke"', svg
    )  # an edge, behind
    svg = _own_ids(svg, view.id)
    opening, _, body = svg.partition(">")
    attributes = re.sub(r'\s(class|width|height)="[^"]*"', "", opening.removeprefix("<svg"))
    box = re.search(r'viewBox="0 0 ([\d.]+) ', attributes)
    widest = f' style="max-width:{float(box[1]):.0f}px"' if box else ""
    title = f"{view.id}-title"
    return (
        f'<svg{attributes}{widest} role="img" aria-labelledby="{title}" focusable="false">'
        f'<title id="{title}">{escape(legible(view.alternative))}</title>{_quiet(body)}'
    )


@dataclass(frozen=True)
class _Spec:
    """A chart told apart by its text; it is drawn from its numbers, which as text lose digits."""

    text: str
    data: Any = field(compare=False)


@lru_cache(maxsize=256)
def _svg(spec: _Spec) -> str:
    """A chart as the drawing program gives it: equal charts are drawn once, whoever shows them."""

    def draw() -> bytes:
        return str(_converter().vegalite_to_svg(spec.data)).encode()

    return kept("svg", spec.text.encode(), draw).decode()


def picture(svg: str, scale: float = 2.0) -> bytes:
    """A drawing as a PNG for a workbook or a slide."""
    return kept(
        f"png {scale}", svg.encode(), lambda: bytes(_converter().svg_to_png(svg, scale=scale))
    )


@cache
def _converter() -> ModuleType:
    """The drawing program, set up once to measure text with its own fonts, not the machine's.

    So equal books give equal drawings on every machine; and a letter costs no opening of a font
    file, which was nine tenths of the time of a chart. Pages still name the usual fonts.
    """
    import vl_convert

    given = os.environ.get(FONTS)
    with as_file(files("controltotal") / "papers" / "templates" / "no_fonts.conf") as none:
        os.environ[FONTS] = str(none)
        try:
            vl_convert.svg_to_png(NOTHING)  # fonts are looked up at the first drawing, then kept
        finally:
            if given is None:
                del os.environ[FONTS]
            else:
                os.environ[FONTS] = given
    return vl_convert


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
