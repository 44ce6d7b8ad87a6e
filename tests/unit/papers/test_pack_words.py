"""A pack says what is so of its own body: sentences are chosen by whom they are about."""

from __future__ import annotations

from pathlib import Path

import pytest

import controltotal
from controltotal import verbs
from controltotal.core.result import Answer
from controltotal.core.sentence import TOPICS, Sentence
from controltotal.papers.board import board_paper
from controltotal.papers.section_more import trajectory
from controltotal.papers.section_risk import forecast, risk
from controltotal.papers.section_schemes import savings
from controltotal.papers.sections import Focus

BOOKS = Path(__file__).parents[2] / "data" / "faults" / "meaning"
YEAR = "2026-27"


def test_the_pack_of_norfolk_coast_opens_with_its_own_deficit() -> None:
    """Not with the £50 million of Norfolk Coast Hospitals, whose name begins with its name."""
    results = verbs.pack_results(controltotal.read(BOOKS / "prefix"))
    words = {code: board_paper(results, code).sections[0].words for code in ("T1", "T2")}
    assert words["T2"][0].startswith(("Norfolk Coast: the plan is a deficit of £1.0m",))
    assert words["T1"][0].startswith("Norfolk Coast Hospitals") and "£50.0m" in words["T1"][0]
    assert not any("Hospitals" in text or "£50" in text for text in words["T2"])


def test_the_way_to_clear_a_gap_is_that_of_the_body_itself() -> None:
    results = verbs.pack_results(controltotal.read(BOOKS / "prefix"))
    (text,) = trajectory(results, Focus("T2", YEAR, {"T2": "Norfolk Coast"}, {})).words
    assert text.startswith("Norfolk Coast: to clear £1.0 million")


@pytest.mark.parametrize("name", ["Norfolk", "Norfolk, 2026/27", "Norfolk, 2026/27: the outturn"])
def test_a_name_may_begin_another_name_even_with_a_comma_and_a_year(name: str) -> None:
    """Every page that takes some sentences of an answer takes those about its body alone."""
    focus = Focus("B", YEAR, {"A": f"{name}: Coast", "B": name}, {})
    answer = Answer("any")
    for code in ("A", "B"):
        text = f"{focus.name(code)}, 2026/27: of {code}."
        for topic in ("risk", "forecast", "savings"):
            answer.words(text, topic=topic, about=code, year=YEAR)
        answer.figure(f"outturn/{code}/{YEAR}/forecast/plan", 1)
        for quantile in ("10", "50", "90"):
            answer.figure(f"outturn_p{quantile}/{code}/{YEAR}/forecast", 1)
    scheme = {"scheme": "S", "organisation": "B", "counted": False, "in_plan": False}
    scheme |= {"maturity": "opportunity", "typed_maturity": "opportunity"}
    answer.table("schemes", [scheme])
    register = Answer("register")
    register.table("organisations", [{"organisation": code, "parent": ""} for code in "AB"])
    result = answer.result()
    results = dict.fromkeys(("position", "forecast", "risk", "schemes", "trajectory"), result)
    results |= {"register": register.result(), "check": Answer("check").result()}
    for make in (forecast, risk, savings):
        words = make(results, focus).words
        assert words and all(text.endswith("f B.") for text in words), make


def test_a_half_belongs_to_its_year_and_a_year_not_to_its_half() -> None:
    answer = Answer("position")
    for year in ("2021-22", "2021-22-H1", "2022-23"):
        answer.words(year, topic="position", about="A", year=year)
    result = answer.result()
    assert result.said("A", year="2021-22") == ("2021-22", "2021-22-H1")
    assert result.said("A", year="2021-22-H1") == ("2021-22-H1",)
    assert result.said("A", "gap") == () and result.said("B") == ()


def test_words_are_each_said_once_and_are_no_part_of_the_document() -> None:
    answer = Answer("position")
    answer.words("Same words.", topic="position", about="A")
    answer.words("Same words.", topic="position", about="B")
    result = answer.result()
    assert result.words == ("Same words.",)
    assert [sentence.about for sentence in result.sentences] == ["A", "B"]
    assert "Same words" not in result.to_json()
    again = Answer("other")
    again.include(result)
    assert again.result().sentences == result.sentences


def test_an_unknown_topic_is_refused_so_that_no_page_loses_a_sentence_in_silence() -> None:
    with pytest.raises(ValueError, match="'wether' is not a topic"):
        Answer("position").words("It rains.", topic="wether")
    assert all(Sentence("", "", topic, "").topic == topic for topic in TOPICS)
