"""A paper as at a month or with stand-ins says so on every page; a chance never reads as certain."""

from __future__ import annotations

import re
import zipfile
from html import unescape
from pathlib import Path

import pytest

from controltotal import verbs
from controltotal.book.fold import fold
from controltotal.core.figure import Figure
from controltotal.core.show import chance_text, figure_value
from controltotal.papers.charts_risk import chances_chart
from controltotal.papers.page import plain_text
from controltotal.papers.paper import paper
from controltotal.papers.sections import Column, Section, TableView
from controltotal.papers.workbook import paper_workbook
from tests.laws.test_month_of_every_verb import WHO, system
from tests.strategies import position_of, source_of


def page(tmp_path: Path, book: object, **options: str | bool) -> str:
    """The words of a paper, without its marks."""
    place = tmp_path / "pack.html"
    verbs.report(book, place, organisation="S", **options)  # type: ignore[arg-type]
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", place.read_text("utf-8"))).split())


def test_a_paper_as_at_a_month_says_so(tmp_path: Path) -> None:
    text = page(tmp_path, fold(source_of(system(1)), None, ("M6", None)))
    assert text.count("As reported to month 6 (September): later actuals") == 2  # head and foot
    assert "to month 6 (September)" in text and "to month 9" not in text
    plain = tmp_path / "plain"
    plain.mkdir()
    assert "As reported to month" not in page(plain, position_of(system(1)))


def test_a_paper_with_stand_ins_says_who_chose_them_and_which_charts_rest_on_them(
    tmp_path: Path,
) -> None:
    book = system(1, late=True)
    gone = book["organisations"][-1]["code"]
    text = page(tmp_path, position_of(book), late=f"exclude: {WHO}", full=True)
    assert f"Stand-ins for who has not reported, chosen by {WHO}: without Trust {gone}." in text
    assert f"£ million (without {gone})" in text  # the title of a chart
    assert f"(without {gone}, chosen by {WHO})" in text


def test_a_figure_made_with_a_stand_in_says_so_beside_its_value() -> None:
    made = Figure("run_rate/X/2026-27/actual", 500_000_000, qualifier="stand_in")
    hedged = Figure("run_rate/X/2026-27/actual", 500_000_000, qualifier="over; stand_in")
    assert figure_value(made) == "£5.0m (stand-in)"
    assert figure_value(hedged) == "more than £5.0m (stand-in)"


@pytest.mark.parametrize("verb", ["forecast", "risk"])
def test_a_figure_with_a_stand_in_is_explained_by_the_choice_that_made_it(verb: str) -> None:
    draws = {"draws": 60} if verb == "risk" else {}
    book, late = position_of(system(1, late=True)), f"exclude: {WHO}"
    told = getattr(verbs, verb)(book, late=late, **draws)
    figure = next(f for f in told.figures if "stand_in" in f.qualifier and f.value is not None)
    found = verbs.explain(book, figure.id, late=late, **draws)
    assert found.figure(figure.id) == figure
    assert f"chosen by {WHO}" in found.trace[figure.id].rule


@pytest.mark.parametrize(
    ("chance", "text"),
    [
        (0.0, "0.0%"),
        (1.0, "100.0%"),
        (0.99995, "more than 99.9%"),
        (0.9996, "more than 99.9%"),
        (0.9994, "99.9%"),
        (0.00049, "less than 0.1%"),
        (0.0006, "0.1%"),
        (0.5, "50.0%"),
    ],
)
def test_a_chance_near_its_ends_is_never_told_as_certain(chance: float, text: str) -> None:
    """In a sentence or tile, a table of a page and a chart's label."""
    assert chance_text(chance) == text
    tile = Figure("chance_control_total/X/2026-27/forecast", chance, "chance", low=0.0, high=1.0)
    near = text.startswith(("more", "less"))
    assert figure_value(tile) == (text if near else f"{text} (0.0% to 100.0%)")
    assert plain_text(Column("chance", "Chance", "chance"), chance) == text
    label = str(chances_chart([{"name": "X", "chance": chance}]))
    assert chance_text(chance, 0) in label
    assert chance in (0.0, 1.0) or ("'100%'" not in label and "'0%'" not in label)


def test_a_workbook_reads_a_chance_in_the_same_words(tmp_path: Path) -> None:
    column = Column("chance", "Chance", "chance")
    rows = [{"chance": one} for one in (0.99995, 0.0001, 0.3)]
    table = TableView("Chances", (column,), rows, "")
    place = tmp_path / "book.xlsx"
    place.write_bytes(
        paper_workbook(paper("B", "T", [Section("risk", "Risk", tables=(table,))])).data
    )
    with zipfile.ZipFile(place) as book:
        styles, sheets = (
            book.read("xl/styles.xml").decode(),
            [book.read(name).decode() for name in book.namelist() if "worksheets/sheet" in name],
        )
    formats = re.findall(r'numFmtId="(\d+)" formatCode="([^"]+)"', styles)
    by_id = {number: unescape(code).strip('"') for number, code in formats}
    order = re.findall(r"<xf numFmtId=\"(\d+)\"", styles.split("<cellXfs")[1])
    used = re.findall(r'<c r="A\d+" s="(\d+)"><v>([0-9.e-]+)</v>', "".join(sheets))
    told = {value: by_id.get(order[int(style)], "") for style, value in used}
    assert told["0.99995"] == "more than 99.9%" and told["0.0001"] == "less than 0.1%"
    assert told["0.3"] == "0.0%"
