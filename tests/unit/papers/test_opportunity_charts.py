"""Every chart of opportunities draws from a real result, and the section holds words and tables."""

from __future__ import annotations

from pathlib import Path
from zipfile import ZipFile

import pytest

import controltotal.verbs as verbs
from controltotal.core.result import Result
from controltotal.papers import charts_opportunity as charts
from controltotal.papers.opportunity_page import focus_on, opportunity_page, opportunity_workbook
from controltotal.papers.section_opportunity import opportunities
from controltotal.papers.sections import ChartView, Focus
from controltotal.papers.svg import drawn
from controltotal.papers.vega import Spec
from controltotal.savings.opportunity.figures import VERDICTS

EXAMPLES = Path(__file__).parents[3] / "examples"


@pytest.fixture(scope="module")
def prescribing() -> Result:
    return verbs.opportunities(areas=["00Q", "01A"], period="2025", measures=["pounds"])


@pytest.fixture(scope="module")
def lists() -> Result:
    return verbs.opportunities(EXAMPLES / "lancashire-south-cumbria-2021")


def svg(chart: Spec) -> str:
    return drawn(ChartView("chart-1", "a title", chart, "words for those who cannot see it"))


def test_bars_show_intervals_and_what_survives(prescribing: Result) -> None:
    chart = charts.opportunity_bars(prescribing.tables["opportunities"])
    values = chart["data"]["values"]
    assert 0 < len(values) <= charts.BARS_MOST
    assert all(v["low"] <= v["net"] <= v["high"] and v["told"] in charts.KINDS for v in values)
    nets = [v["net"] for v in values]
    assert nets == sorted(nets, reverse=True)


def test_funnel_names_the_areas_asked(prescribing: Result) -> None:
    rows = prescribing.tables["funnel"]
    measure = rows[0]["measure"]
    text = svg(charts.funnel_chart(rows, measure))
    assert "00Q" in text and "01A" in text
    shown = [r for r in rows if r["measure"] == measure]
    assert len(shown) > 90
    assert all(
        r["low_998"] < r["low_95"] < r["target"] < r["high_95"] < r["high_998"] for r in shown
    )


def test_run_chart_has_every_month(prescribing: Result) -> None:
    rows = prescribing.tables["series"]
    measure, area = rows[0]["measure"], rows[0]["area"]
    chart = charts.run_chart(rows, measure, area)
    assert len(chart["data"]["values"]) == 24
    assert "2025-12" in svg(chart)


def test_overlap_matrix_writes_its_numbers(lists: Result) -> None:
    assert "up to 113.0" in svg(charts.overlap_heat(lists.tables["overlap"]))


def test_range_of_the_lists_together(lists: Result) -> None:
    text = svg(
        charts.range_chart([("a", 154 * 10**8), ("b", 113 * 10**8)], 154 * 10**8, 267 * 10**8)
    )
    assert "154" in text and "267" in text and "theoretical" in text


def test_fifths_start_with_the_most_deprived(prescribing: Result) -> None:
    text = svg(charts.fifth_chart(prescribing.tables["fifths"]))
    assert "1, most deprived" in text and "net of noise" in text


def test_section_of_a_book(lists: Result) -> None:
    focus = Focus("QE1", "2021-22", {"QE1": "Lancashire"}, {"QE1": "system"})
    section = opportunities({"opportunities": lists}, focus)
    assert [c.id for c in section.charts] == ["chart-opportunity-2021-22", "chart-overlap"]
    assert section.charts[0].title == (
        "Together the lists are worth at least £154.0m and at most £267.0m"
    )
    assert {f.part for f in section.figures} == {"lower", "netted", "upper"}
    assert section.words == lists.words
    assert [t.title for t in section.tables][:2] == [
        "Opportunities as listed, £ million, theoretical",
        "Finding half the deficit",
    ]


def test_section_of_benchmark_data(prescribing: Result) -> None:
    focus = Focus("00Q", "2025", {}, {})
    section = opportunities({"opportunities": prescribing}, focus)
    ids = [c.id for c in section.charts]
    assert ids[0] == "chart-opportunity-bars" and ids[-1] == "chart-opportunity-fifths"
    assert sum(i.startswith("chart-funnel") for i in ids) == 2
    assert sum(i.startswith("chart-run") for i in ids) == 2
    for view in section.charts:
        assert view.alternative and svg(view.chart).startswith("<svg")
    assert opportunities({}, focus).empty


def test_an_answer_without_a_book_is_a_page_and_a_workbook(
    prescribing: Result, tmp_path: Path
) -> None:
    from openpyxl import load_workbook

    page = opportunity_page(prescribing)
    assert page.count("<svg") == 6 and "<script" not in page
    assert "Blackburn With Darwen" in page and "Open Government Licence v3.0" in page
    assert 'id="opportunity_total/SELECTED/2025/benchmark/netted"' in page
    target = tmp_path / "page.xlsx"
    target.write_bytes(opportunity_workbook(prescribing).data)
    sheets = load_workbook(target)
    first, second = "What could be saved", "Where each figure comes from"
    assert sheets.sheetnames == ["Contents", first, second, "Figures"]
    words = [str(cell.value) for cell in sheets[first]["A"] if cell.value]
    assert any("once the noise and the luck" in text for text in words)
    pictures = [n for n in ZipFile(target).namelist() if n.startswith("xl/media/")]
    assert len(pictures) == 6


def test_a_page_shows_the_widest_total_first(lists: Result) -> None:
    assert focus_on(lists).organisation == "QE1"
    assert "at least £154.0m and at most £267.0m" in opportunity_page(lists)


def test_a_notebook_draws_the_range(lists: Result) -> None:
    page = lists._repr_html_()
    assert page.count("<svg") == 1 and "267" in page


def test_what_testing_says_is_what_a_chart_can_draw(prescribing: Result) -> None:
    """A verdict in other words would leave its bars out without a word."""
    assert set(charts.KINDS) <= set(VERDICTS.values())
    drawn_as = {row["verdict"] for row in prescribing.tables["opportunities"] if row["verdict"]}
    assert drawn_as & set(charts.KINDS)
