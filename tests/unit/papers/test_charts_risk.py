"""The fan and the tornado of a board pack, looked at as pictures."""

from __future__ import annotations

import re
import struct
import zlib
from functools import cache
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from controltotal import verbs
from controltotal.core.result import Result
from controltotal.papers import section_risk
from controltotal.papers.charts_risk import calibration_chart, fan_chart, tornado_chart, xmr_chart
from controltotal.papers.sections import ChartView, Focus, Section
from controltotal.papers.svg import drawn, picture
from controltotal.papers.vega import DARK, LIGHT, MIDDLE, WARM, Spec

EXAMPLE = Path(__file__).parents[3] / "examples" / "fictional-system"
CODE, YEAR = "XF-SYS", "2026-27"


def image_of(png: bytes) -> np.ndarray:
    """A PNG as (row, column, red green blue alpha): enough of the format for our own charts."""
    width, height, depth, kind = struct.unpack(">IIBB", png[16:26])
    assert (depth, kind) == (8, 6)
    data, at = b"", 8
    while at < len(png):
        (size,) = struct.unpack(">I", png[at : at + 4])
        if png[at + 4 : at + 8] == b"IDAT":
            data += png[at + 8 : at + 8 + size]
        at += size + 12
    raw = np.frombuffer(zlib.decompress(data), np.uint8).reshape(height, width * 4 + 1)
    out = np.zeros((height, width * 4), np.uint8)
    for y in range(height):
        line, above = raw[y, 1:].copy(), out[y - 1] if y else np.zeros(width * 4, np.uint8)
        if raw[y, 0] == 2:
            line += above
        elif raw[y, 0] in (1, 3, 4):
            for x in range(width * 4):
                left = int(line[x - 4]) if x >= 4 else 0
                up, corner = int(above[x]), int(above[x - 4]) if x >= 4 else 0
                if raw[y, 0] == 1:
                    add = left
                elif raw[y, 0] == 3:
                    add = (left + up) // 2
                else:
                    guess = left + up - corner
                    add = min(
                        (abs(guess - left), 0, left),
                        (abs(guess - up), 1, up),
                        (abs(guess - corner), 2, corner),
                    )[2]
                line[x] = (int(line[x]) + add) & 255
        out[y] = line
    return out.reshape(height, width, 4)


def svg_of(chart: Spec) -> str:
    return drawn(ChartView("flat", "a title", chart, "words"))


def pixels(chart: Spec, scale: float) -> np.ndarray:
    return image_of(picture(svg_of(chart), scale))


def shade(colour: str) -> np.ndarray:
    return np.array([int(colour[i : i + 2], 16) for i in (1, 3, 5)])


def where(image: np.ndarray, colour: str) -> np.ndarray:
    return (np.abs(image[:, :, :3].astype(int) - shade(colour)).max(axis=2) <= 2).nonzero()


@cache
def results() -> dict[str, Result]:
    position = verbs.read(EXAMPLE)
    return {
        "position": verbs.position(position),
        "risk": verbs.risk(position, year=YEAR, draws=1500),
        "forecast": verbs.forecast(position, YEAR),
        "calibrate": verbs.calibrate(position),
    }


@cache
def sections() -> tuple[Section, Section]:
    tree = verbs.read(EXAMPLE).tree
    names = {code: tree.name(code) for code in tree.organisations}
    kinds = {code: tree.kind(code) for code in tree.organisations}
    focus = Focus(CODE, YEAR, names, kinds, True)
    return section_risk.forecast(results(), focus), section_risk.risk(results(), focus)


def test_the_fan_opens_and_its_bands_lie_in_order() -> None:
    rows = [row for row in results()["risk"].tables["fan"] if row["organisation"] == CODE]
    image = pixels(fan_chart(rows), 1.0)
    light_y, light_x = where(image, LIGHT)
    middle_y, middle_x = where(image, MIDDLE)
    dark_y, dark_x = where(image, DARK)
    assert min(len(light_x), len(middle_x), len(dark_x)) > 60
    for share in (0.6, 0.95):  # along the year, towards March
        column = int(light_x.min() + share * (light_x.max() - light_x.min()))
        outer, inner, line = (
            ys[xs == column]
            for ys, xs in ((light_y, light_x), (middle_y, middle_x), (dark_y, dark_x))
        )
        assert outer.min() < inner.min() < line.min() <= line.max() < inner.max() < outer.max()
    heights = [np.ptp(light_y[light_x == x]) for x in (light_x.min() + 10, light_x.max() - 5)]
    assert heights[1] > 1.5 * heights[0]  # the year end is less sure than January
    assert dark_x.min() < light_x.min() - 300  # the months recorded are one line, without a band


def test_the_tornado_is_widest_at_the_top() -> None:
    rows = [row for row in results()["risk"].tables["tornado"] if row["organisation"] == CODE]
    image = pixels(tornado_chart(rows), 0.5)
    ys, xs = where(image, WARM)
    ys2, xs2 = where(image, MIDDLE)
    ys, xs = np.concatenate([ys, ys2]), np.concatenate([xs, xs2])
    keep = ys > 17  # below the legend
    ys, xs = ys[keep], xs[keep]
    lines = np.unique(ys)
    bars = np.split(lines, np.where(np.diff(lines) > 2)[0] + 1)
    widths = [int(np.ptp(xs[np.isin(ys, bar)])) for bar in bars]
    assert len(bars) == 12 and widths[0] > 30
    assert all(
        wide >= narrow - 1 for wide, narrow in pairwise(widths)
    )  # a pixel is two ends' rounding


def test_the_pages_of_a_pack_say_in_words_what_the_charts_show() -> None:
    forecast, risk = sections()
    ids = [chart.id for chart in (*forecast.charts, *risk.charts)]
    assert {
        "chart-methods",
        "chart-fan",
        "chart-chances",
        "chart-tornado",
        "chart-calibration",
    } <= set(ids)
    for chart in (*forecast.charts, *risk.charts):
        svg = drawn(chart)
        assert len(chart.alternative) > 40 and "<script" not in svg and 'role="img"' in svg
    assert any("half of the risk" in text for text in risk.words)
    assert any("unverified" in text for text in risk.words)
    titles = [table.title for table in (*forecast.tables, *risk.tables)]
    assert any("chance of meeting the control total at each level" in title for title in titles)
    drivers = next(t for t in risk.tables if t.title.startswith("What carries"))
    assert len(drivers.rows) == 20


def test_labels_of_the_fan_do_not_lie_on_each_other() -> None:
    flat = [
        {
            "month": m,
            "p10_pence": -100,
            "p25_pence": -99,
            "p50_pence": -98,
            "p75_pence": -97,
            "p90_pence": -96,
        }
        for m in range(1, 13)
    ]
    svg = svg_of(fan_chart(flat, control_total=0))
    texts = re.findall(
        r"<text[^>]*translate\(([\d.-]+),([\d.-]+)\)[^>]*>(\d in 10 below|middle)", svg
    )
    heights = sorted(float(y) for _, y, _ in texts)
    assert len(heights) == 3 and min(b - a for a, b in pairwise(heights)) > 10


def test_news_has_a_shape_of_its_own_on_the_control_chart() -> None:
    rows = [
        {
            "year": YEAR,
            "month": m,
            "pence": -m,
            "mean_pence": -6,
            "lower_pence": -9,
            "upper_pence": -3,
            "rules": "trend" if m < 8 else "",
        }
        for m in range(1, 13)
    ]
    spec = str(xmr_chart(rows))
    assert "diamond" in spec and "circle" in spec


def test_the_calibration_plot_has_the_line_of_exactness() -> None:
    rows = [{"level": q / 10, "observed": q / 10} for q in range(1, 10)]
    image = pixels(calibration_chart(rows), 1.0)
    ys, xs = where(image, WARM)
    assert np.corrcoef(xs, ys)[0, 1] == pytest.approx(-1, abs=0.01)


@pytest.mark.parametrize("verb", ["forecast", "risk", "calibrate"])
def test_an_answer_draws_itself_in_a_notebook(verb: str) -> None:
    page = results()[verb]._repr_html_()
    assert page.count("<svg") == 1 and "<table" in page
