"""Charts of the month at both widths, with awkward rows, in words and in a real browser."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import pytest

from controltotal.papers.charts_delivery import driver_bridge, gap_waterfall, maturity
from controltotal.papers.charts_frame import NARROW, WIDE, WIDTHS, Frame
from controltotal.papers.charts_month import bodies_against_totals, to_date_variances
from controltotal.papers.charts_record import record_and_fan
from controltotal.papers.charts_xmr import xmr
from controltotal.papers.sections import ChartView
from controltotal.papers.svg import drawn
from tests.chart_rows import (
    BODIES,
    MISSING,
    NINE,
    STANDS,
    M,
    body,
    bridge,
    fan_rows,
    limited,
    missing,
    month_rows,
    monthly,
    staged,
    texts,
    variance,
)

LONG = "Fenmarch and Alderwick Mental Health, Learning Disability and Community Partnership"

Chart = Callable[[str], ChartView | None]

ALL: Mapping[str, Chart] = {
    "drivers": lambda width: driver_bridge(
        bridge(-100, {"pay": -20, "income": 9, **{f"line_{n}": n for n in range(1, 9)}}, -78, -3),
        {"pay": LONG},
        width=width,
    ),
    "zoomed": lambda width: driver_bridge(
        bridge(-100, {"pay": -3, "income": 1}, -102), width=width
    ),
    "gap": lambda width: gap_waterfall(missing(MISSING), width=width),
    "maturity": lambda width: maturity(
        staged(
            "this month",
            fully_developed_delivering=60,
            fully_developed=9,
            in_progress=3,
            opportunity=1,
            unidentified=1,
        )
        + staged("last month", fully_developed_delivering=40, in_progress=5, unidentified=2),
        width=width,
    ),
    "record": lambda width: record_and_fan(
        [
            {**r, "stand_in": STANDS if r["month"] == 9 else ""}
            for r in month_rows([-m for m in range(1, 13)], NINE, -12)
        ],
        fan_rows(),
        asked=-12 * M,
        asked_words="control total less support",
        width=width,
    ),
    "record flat": lambda width: record_and_fan(
        month_rows([0] * 12, [0] * 9 + [None] * 3, 0), width=width
    ),
    "against": lambda width: bodies_against_totals([*BODIES, body(LONG, -3, 4)], width=width),
    "variances": lambda width: to_date_variances(
        [
            variance(LONG, -6, -7, stand_in=STANDS),
            variance("Ash", 2, 900),
            variance("Elm", None, None),
        ],
        width=width,
    ),
    "xmr": lambda width: xmr(
        limited(monthly(10, 12, 11, None, 11, 12, 30)), "Agency pay", width=width
    ),
    "xmr few": lambda width: xmr(limited(monthly(5, 6)), "Agency pay", width=width),
}
"""Every chart with awkward rows: long names, large beside small, labels that would fall together."""


def made(name: str, width: str) -> ChartView:
    view = ALL[name](width)
    assert view is not None
    return view


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("name", ALL)
def test_a_chart_keeps_to_its_width_and_tells_its_numbers_in_words(name: str, width: str) -> None:
    view = made(name, width)
    svg = drawn(view)
    box = re.search(r'viewBox="0 0 ([\d.]+) ([\d.]+)"', svg)
    assert box is not None and float(box[1]) <= WIDTHS[width] + 16
    assert (
        "NaN" not in svg and "undefined" not in svg and "None" not in svg and "<script" not in svg
    )
    assert not re.search(
        r"[a-z]_[a-z]", view.title + view.alternative + " ".join(texts(view.chart))
    )
    numbers = re.compile(r"\d[\d,.]*\d")
    drawn_numbers = {n for text in texts(view.chart) for n in numbers.findall(text) if "." in n}
    assert drawn_numbers <= set(numbers.findall(view.alternative + view.title))
    assert re.search(r"\d", view.title) or "break-even" in view.title


@pytest.mark.parametrize("name", ALL)
def test_a_narrow_chart_is_drawn_anew(name: str) -> None:
    wide, narrow = made(name, WIDE), made(name, NARROW)
    assert wide.id == narrow.id and wide.title == narrow.title
    assert (
        narrow.chart["width"] < wide.chart["width"] and narrow.chart["layer"] != wide.chart["layer"]
    )


def test_no_chart_is_drawn_for_another_width_or_unit() -> None:
    with pytest.raises(ValueError, match="no chart is drawn"):
        Frame("square")
    with pytest.raises(ValueError, match="no chart is drawn"):
        Frame(unit="€")


@pytest.fixture(scope="module")
def browser(chromium: str) -> Iterator[Any]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as driver:
        launched = driver.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        yield launched
        launched.close()


OVERLAPS = """() => [...document.querySelectorAll('figure')].flatMap(figure => {
    const words = [...figure.querySelectorAll('text')].filter(t => !t.getAttribute('stroke')
        || t.getAttribute('stroke') === 'none');
    const boxes = words.map(t => [t.textContent, t.getBoundingClientRect()]);
    const frame = figure.querySelector('svg').getBoundingClientRect();
    const found = [];
    boxes.forEach(([one, a], i) => {
        if (a.left < frame.left - 1 || a.right > frame.right + 1) found.push([figure.id, one, 'outside']);
        boxes.slice(i + 1).forEach(([two, b]) => {
            if (Math.min(a.right, b.right) - Math.max(a.left, b.left) > 1
                && Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > 3)
                found.push([figure.id, one, two]);
        });
    });
    return found;
})"""


@pytest.mark.pages
def test_no_two_words_of_a_chart_lie_on_each_other(browser: Any) -> None:
    figures = "".join(
        f'<figure id="{name} {width}" style="margin:0;width:{WIDTHS[width] + 16}px">{drawn(made(name, width))}</figure>'
        for name in ALL
        for width in WIDTHS
    )
    page = browser.new_page()
    page.set_content(f"<body style='font-family:Arial'>{figures}</body>")
    assert page.evaluate(OVERLAPS) == []
    page.close()
