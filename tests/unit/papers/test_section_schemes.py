"""The pages of schemes: what counts stands apart from what does not, and no unsafe one is shown counted."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

import controltotal
from controltotal import verbs
from controltotal.core.errors import BookError
from controltotal.core.result import Result
from controltotal.papers import section_schemes
from controltotal.papers.board import board_paper
from controltotal.papers.pack import SECTIONS, check_schemes
from controltotal.papers.sections import Focus, focus_of
from controltotal.papers.svg import drawn

BOOK = Path(__file__).parents[3] / "examples" / "fictional-system"
YEAR = "2026-27"


@pytest.fixture(scope="module")
def results() -> dict[str, Result]:
    reading = controltotal.read(BOOK)
    return {
        "position": verbs.position(reading, YEAR),
        "check": verbs.check(reading),
        "trajectory": verbs.trajectory(reading),
        "register": verbs.register(reading, YEAR),
        "schemes": verbs.schemes(reading, YEAR),
    }


@pytest.fixture(scope="module")
def focus(results: dict[str, Result]) -> Focus:
    return focus_of(results, "XF-SYS")


def test_counted_and_not_counted_stand_apart(results: dict[str, Result], focus: Focus) -> None:
    section = section_schemes.savings(results, focus)
    tables = {table.title.split(",")[0]: table.rows for table in section.tables}
    good, bad = tables["Every scheme"], tables["Schemes that do not count"]
    assert len(good) + len(bad) == 149
    assert all(row["counted"] and not row["reason"] for row in good)
    assert all(row["reason"] and not row["counted"] for row in bad)
    assert section.figures[0].id == "savings_plan/XF-SYS/2026-27/plan"
    assert section.words[0].startswith("Savings of £210.1 million in the plan")


def test_one_body_shows_its_own_schemes_alone(results: dict[str, Result]) -> None:
    focus = focus_of(results, "XF-HOL")
    for make in (section_schemes.savings, section_schemes.quality, section_schemes.engagement):
        for table in make(results, focus).tables:
            named = {row["scheme"] for row in table.rows if "scheme" in row}
            assert all(code.startswith("HOL-") for code in named), (table.title, named)


def test_every_chart_draws_and_says_its_message(results: dict[str, Result], focus: Focus) -> None:
    sections = [make(results, focus) for make in (section_schemes.savings, section_schemes.quality)]
    charts = {chart.id: chart for section in sections for chart in section.charts}
    assert set(charts) == {"chart-pipeline", "chart-phasing", "chart-harm"}
    assert "below the savings planned" in charts["chart-phasing"].title
    assert "over a ceiling of 24" in charts["chart-harm"].title
    for chart in charts.values():
        assert chart.alternative
        assert "<svg" in drawn(chart)


def test_the_register_leads_with_what_is_wrong(results: dict[str, Result], focus: Focus) -> None:
    rows = section_schemes.quality(results, focus).tables[0].rows
    assert [row["standing"] for row in rows[:3]] == ["rejected", "rejected", "lapsed"]
    assert rows[-1]["standing"] == "signed"


def test_the_sections_are_in_the_pack_and_empty_in_a_book_without_schemes(focus: Focus) -> None:
    for make in (section_schemes.savings, section_schemes.quality, section_schemes.engagement):
        assert make in SECTIONS
        assert make({}, focus).empty


@pytest.mark.parametrize("claim", ["counted", "chosen"])
def test_an_unsafe_scheme_shown_as_counted_stops_the_pack(
    results: dict[str, Result], claim: str
) -> None:
    board_paper(results)
    with pytest.raises(BookError, match="ALD-56 would be shown as counted without a passed gate"):
        board_paper(forged(results, claim, True))


def test_a_scheme_that_does_not_say_whether_it_is_eligible_stops_the_pack(
    results: dict[str, Result],
) -> None:
    wrong = forged(results, "counted", True)
    for row in wrong["schemes"].tables["schemes"]:
        del row["eligible"]
    with pytest.raises(BookError, match="ALD-56"):
        check_schemes(wrong)


def test_the_pack_stops_where_python_leaves_out_assertions() -> None:
    """`python -O` removes every `assert`: no safety check may be one."""
    program = (
        "from controltotal.core.result import Answer\n"
        "from controltotal.papers.pack import check_schemes\n"
        "answer = Answer('schemes')\n"
        "answer.table('schemes', [{'scheme': 'A', 'counted': True, 'eligible': False}])\n"
        "check_schemes({'schemes': answer.result()})\n"
    )
    ran = subprocess.run(
        [sys.executable, "-O", "-c", program], capture_output=True, text=True, check=False
    )
    assert ran.returncode == 1
    assert "A would be shown as counted without a passed gate" in ran.stderr


def forged(results: dict[str, Result], claim: str, value: bool) -> dict[str, Result]:
    """The results with one refused scheme said to count."""
    schemes = results["schemes"]
    rows = [
        dict(row, **{claim: value}) if row["scheme"] == "ALD-56" else dict(row)
        for row in schemes.tables["schemes"]
    ]
    wrong = replace(schemes, tables={**schemes.tables, "schemes": rows})
    return {**results, "schemes": wrong}
