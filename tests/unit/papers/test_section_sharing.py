"""Pages on sharing, deciding and places show their results and nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest

from controltotal import verbs
from controltotal.book.fold import Position
from controltotal.core.result import Answer
from controltotal.papers.charts_sharing import breach_map
from controltotal.papers.section_sharing import decisions, places, sharing
from controltotal.papers.sections import Focus, Section
from controltotal.papers.svg import drawn
from controltotal.sharing.approaches import APPROACHES
from controltotal.sharing.occasion import occasion
from controltotal.workings.workings import Workings

EXAMPLES = Path(__file__).parents[3] / "examples"
FOCUS = Focus("Y61", "2019-20", {"QMM": "Norfolk"}, {})


@pytest.fixture(scope="module")
def east() -> Position:
    return verbs.read(EXAMPLES / "east-of-england-2019")


@pytest.fixture(scope="module")
def made_up() -> Position:
    return verbs.read(EXAMPLES / "fictional-system")


def pictures_of(section: Section) -> dict[str, str]:
    return {view.id: drawn(view) for view in section.charts}


def test_the_support_a_book_records_is_the_gap_shown(east: Position) -> None:
    found = occasion(Workings(east), "2019-20")
    assert found is not None
    # All five beside the receiver help it, so that they pay without being named.
    assert (found.gap, found.receiver, found.givers) == (2_500_000_000, "QUE", ())
    assert occasion(Workings(east), "2018-19") is None


def test_sharing_shows_every_policy_that_answers(east: Position) -> None:
    givers = ("QH8", "QHG", "QJG", "QM7", "QMM")
    result = verbs.share(east, "£25m", from_=givers, to="QUE")
    section = sharing({"sharing": result}, FOCUS)
    pictures = pictures_of(section)
    assert set(pictures) == {"chart-burden", "chart-concentration"}
    assert all("<script" not in svg and 'role="img"' in svg for svg in pictures.values())
    assert "Norfolk under equal call 5.0" in section.charts[0].alternative
    approaches, borne = section.tables[0], section.tables[1]
    assert [row["policy"] for row in approaches.rows] == list(APPROACHES)
    answered = {str(r["policy"]) for r in result.tables["shares"] if r["pence"] is not None}
    shown = {row["policy"] for row in borne.rows}
    assert {"equal call", "neighbour support"} <= shown
    assert shown == {name.replace("_", " ") for name in answered - {"raise_nationally"}}


def test_decisions_show_votes_power_and_who_is_bound(made_up: Position) -> None:
    result = verbs.decide(made_up)
    section = decisions({"decide": result}, FOCUS)
    assert len(section.tables[0].rows) == len(result.tables["decisions"])
    pictures = pictures_of(section)
    assert any(name.startswith("chart-votes") for name in pictures)
    assert any(name.startswith("chart-power") for name in pictures)


def test_the_map_marks_the_systems_in_breach(east: Position) -> None:
    result = verbs.boundaries(east, "2021")
    section = places({"boundaries": result}, FOCUS)
    (chart,) = section.charts
    assert chart.title.startswith("19 systems") and "QM7" in chart.alternative
    features = breach_map({"QUE": 1})["data"]["values"]["features"]
    said = {f["properties"]["code"]: f["properties"]["standing"] for f in features}
    assert all(f["geometry"]["coordinates"] for f in features), "every system has a shape"
    assert (
        len(said) == 42
        and said["QUE"] == "does not match its councils"
        and said["QMM"] == "no data"
    )
    assert len(pictures_of(section)["chart-boundaries"]) < 250_000


@pytest.mark.parametrize("page", [sharing, decisions, places])
def test_a_pack_without_these_answers_has_no_such_page(page) -> None:
    assert page({}, FOCUS).empty
    assert decisions({"decide": Answer("decide").result()}, FOCUS).empty
