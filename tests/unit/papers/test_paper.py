"""A paper before it has a form: charts are plain data, each drawn once, and shared by every form."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import pytest

import controltotal
from controltotal import verbs
from controltotal.papers import paper as papers
from controltotal.papers.board import board_paper
from controltotal.papers.charts_position import bodies_chart
from controltotal.papers.page import page_html
from controltotal.papers.paper import Paper, paper
from controltotal.papers.pdf import paper_pdf
from controltotal.papers.sections import ChartView, Section, chart_id
from controltotal.papers.svg import FONTS, drawn
from controltotal.papers.vega import chart, mark, number
from controltotal.papers.workbook import paper_workbook

EXAMPLES = Path(__file__).parents[3] / "examples"
ROWS = [
    {"name": "Ash Hospitals", "surplus_pence": -500_000_000, "control_total_pence": 0},
    {"name": "Beech Trust", "surplus_pence": 300_000_000, "control_total_pence": None},
]


@pytest.fixture(scope="module")
def pack() -> Paper:
    return board_paper(verbs.pack_results(controltotal.read(EXAMPLES / "nene-2013")), full=True)


def view(chart_name: str = "chart-bodies") -> ChartView:
    return ChartView(chart_name, "Ash is short", bodies_chart(ROWS), "Ash (5.0), Beech 3.0")


def test_a_chart_is_plain_data_that_any_program_reads() -> None:
    spec = bodies_chart(ROWS)
    assert json.loads(json.dumps(spec)) == spec
    assert spec["$schema"].endswith("vega-lite/v6.json")
    bars, ticks = spec["layer"]
    assert bars["mark"]["type"] == "bar" and ticks["mark"]["type"] == "tick"
    assert bars["encoding"]["x"] == {
        "field": "surplus",
        "type": "quantitative",
        "title": "£ million (bar: surplus or deficit; line: control total)",
    }
    # £ million, the worst first as it was given; no control total is no number and not nil
    assert spec["data"]["values"] == [
        {"body": "Ash Hospitals", "surplus": -5.0, "total": 0.0, "kind": "deficit"},
        {"body": "Beech Trust", "surplus": 3.0, "total": None, "kind": "surplus"},
    ]
    assert ticks["transform"] == [{"filter": "isValid(datum.total)"}]


def test_a_body_without_a_control_total_has_no_line_at_nil() -> None:
    svg = drawn(view())
    assert svg.count("Ash Hospitals") == 1 and svg.count("Beech Trust") == 1
    ticks = re.search(r'<g class="mark-rect role-mark layer_1_marks"[^>]*>(.*?)</g>', svg)
    assert ticks is not None and ticks[1].count("<path") == 1


def test_every_form_of_a_paper_shows_the_one_drawing(pack: Paper) -> None:
    ids = [view.id for section in pack.sections for view in section.charts]
    assert list(pack.pictures) == ids and len(ids) >= 2
    page = page_html(pack)
    assert all(page.count(svg) == 1 for svg in pack.pictures.values())
    names = ZipFile(BytesIO(paper_workbook(pack).data)).namelist()
    shown = [n for n in names if n.startswith(("xl/media/", "xl/charts/chart"))]
    assert len(shown) == len(ids), "a spreadsheet draws a chart itself, or shows the drawing"
    assert paper_pdf(pack).data.startswith(b"%PDF")


def test_no_form_draws_a_chart_again(pack: Paper, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_: ChartView) -> str:
        raise AssertionError("drawn twice")

    monkeypatch.setattr(papers, "drawn", refuse)
    page_html(pack), paper_pdf(pack), paper_workbook(pack)


def test_two_charts_with_one_id_are_refused_for_one_would_show_the_other() -> None:
    section = Section("a", "A", charts=(view("chart-1"), view("chart-1")))
    with pytest.raises(ValueError, match="two charts of a paper have the id chart-1"):
        paper("title", "subtitle", [section])


@pytest.mark.parametrize(
    "name", ['D"><script>alert(1)</script>', "../../etc", "a b", "é", "D_20_1"]
)
def test_an_id_made_of_a_books_words_is_safe_in_a_page_and_as_a_file(name: str) -> None:
    made = chart_id("votes", name)
    assert re.fullmatch(r"chart-votes-[A-Za-z0-9_-]+", made)
    assert len({chart_id("votes", text) for text in (name, "a_b", "D 1", "D_1", "D-1")}) == 5


def test_words_from_a_book_are_escaped_in_a_drawing() -> None:
    rows = [dict(ROWS[0], name="<script>alert(1)</script>")]
    svg = drawn(ChartView("chart-1", "t", bodies_chart(rows), 'said "<script>" here'))
    assert "<script" not in svg
    assert '<title id="chart-1-title">said &quot;&lt;script&gt;&quot; here</title>' in svg


def test_only_the_first_sheet_of_a_workbook_says_in_full_where_it_came_from(pack: Paper) -> None:
    from openpyxl import load_workbook

    sheets = load_workbook(BytesIO(paper_workbook(pack).data)).worksheets
    said = [[str(cell.value) for cell in sheet["A"] if cell.value] for sheet in sheets]
    assert pack.subtitle in said[0] and pack.footer in said[0]
    assert all(pack.footer not in words and pack.title in words for words in said[1:])


def test_a_machines_own_fonts_do_not_change_a_drawing(tmp_path: Path) -> None:
    """Equal books give equal drawings on every machine; and the setting is put back as it was."""
    program = (
        "import os\n"
        "from controltotal.papers.sections import ChartView\n"
        "from controltotal.papers.svg import drawn\n"
        "from controltotal.papers.vega import chart, mark, name, number\n"
        "text = mark('text', {'x': number('a'), 'text': name('t')})\n"
        "spec = chart(text, rows=[{'a': 1, 't': 'Hollowmere General Hospital'}], width=90, height=90)\n"
        f"before = os.environ.get('{FONTS}')\n"
        "print(drawn(ChartView('chart-1', '', spec, '')))\n"
        f"assert os.environ.get('{FONTS}') == before\n"
    )
    some = tmp_path / "fonts.conf"
    some.write_text("<fontconfig><dir>/usr/share/fonts</dir></fontconfig>", encoding="utf-8")
    without = {key: value for key, value in os.environ.items() if key != FONTS}
    drawings = [
        subprocess.run(
            [sys.executable, "-c", program], capture_output=True, text=True, check=True, env=env
        ).stdout
        for env in (without, {**without, FONTS: str(some)})
    ]
    assert drawings[0] == drawings[1] and "Hollowmere" in drawings[0]


def test_a_layer_may_bring_rows_of_its_own() -> None:
    spec = chart(mark("rule", {"y": number("nil")}, rows=[{"nil": 0}]), width=1, height=1)
    assert "data" not in spec and spec["layer"][0]["data"] == {"values": [{"nil": 0}]}
