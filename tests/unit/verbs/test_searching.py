"""Finding: codes, parts of names, figures by words, misspellings offered and never taken in silence."""

from __future__ import annotations

from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from controltotal.core.figure import Figure
from controltotal.verbs.opening import read
from controltotal.verbs.searching import Found, search
from controltotal.workings.workings import Workings

ASKED: list[str] = []


@cache
def workings() -> Workings:
    return Workings(read("examples/fictional-system"))


def figure_of(id: str) -> Figure | None:
    """Every figure of a plan is known, and is £1."""
    return Figure(id, 100, "pence") if id.endswith("/plan") else None


def found(query: str) -> Found:
    return search(workings(), query, figure_of)


def first(query: str) -> tuple[str, str, str]:
    group = found(query).groups[0]
    return group.title, group.hits[0].title, group.hits[0].address


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("xf-ald", ("Organisations", "Alderwick Hospitals", "/organisations/XF-ALD")),
        ("alderwick hosp", ("Organisations", "Alderwick Hospitals", "/organisations/XF-ALD")),
        ("Hollowmere", ("Organisations", "Hollowmere General Hospital", "/organisations/XF-HOL")),
        ("fth-51", ("Schemes", "FTH-51: Theatre sessions lengthened", "/schemes/FTH-51")),
        ("theatre sessions", ("Schemes", "FTH-51: Theatre sessions lengthened", "/schemes/FTH-51")),
        (
            "T-03",
            ("Transfers", "T-03: Saltmere ICB to Fenmarch and Alderwick ICB", "/transfers/T-03"),
        ),
    ],
)
def test_a_code_or_a_part_of_a_name_finds_it(query: str, expected: tuple[str, str, str]) -> None:
    assert first(query) == expected


def test_what_several_things_are_called_is_grouped_by_kind() -> None:
    titles = {one.title: one.hits[0].title for one in found("marl house").groups}
    assert titles["Decisions"] == "D-04: Close the Marl House community beds"
    assert titles["Schemes"].startswith("ICB-54")


def test_a_word_of_the_glossary_is_told_with_its_meaning() -> None:
    (group,) = [one for one in found("control total").groups if one.title.startswith("Words")]
    assert group.hits[0].title == "Control total"
    assert group.hits[0].what


@pytest.mark.parametrize(
    ("query", "id"),
    [
        ("gap Alderwick hospitals 2026/27", "gap/XF-ALD/2026-27/plan"),
        ("plan gap xf-fth", "gap/XF-FTH/2026-27/plan"),
        ("control total hollowmere general 2025-26", "control_total/XF-HOL/2025-26/plan"),
        ("underlying position", "underlying/XF-SYS/2026-27/plan"),
        ("gap/XF-ALD/2026-27/plan", "gap/XF-ALD/2026-27/plan"),
    ],
)
def test_a_figure_is_found_by_its_id_or_by_words(query: str, id: str) -> None:
    (group,) = [one for one in found(query).groups if one.title == "Figures"]
    assert group.hits[0].address == "/figures/" + id.replace("/", "%2F")
    assert group.hits[0].title.endswith(": £1")


def test_a_figure_that_the_book_does_not_have_is_not_offered() -> None:
    assert "Figures" not in [one.title for one in found("forecast gap alderwick").groups]


@pytest.mark.parametrize(
    ("query", "meant"),
    [
        ("aldrwick", "alderwick"),
        ("gap aldrwick 2026/27", "gap alderwick 2026/27"),
        ("theater sessions", "theatre sessions"),
    ],
)
def test_a_misspelling_is_offered_and_not_taken(query: str, meant: str) -> None:
    assert found(query).meant == meant
    assert found(meant).meant == ""
    assert found(meant).groups


def test_nothing_is_found_of_nothing_and_of_what_nobody_has_a_word_for() -> None:
    assert found("") == found("  the of ") == Found(())
    assert found("zzzzqqqq") == Found(())


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=40))
def test_any_text_is_answered_and_what_it_means_has_no_unknown_word(text: str) -> None:
    answer = found(text)
    assert all(group.hits for group in answer.groups)
    if answer.meant:
        assert found(answer.meant).meant == ""


def test_what_people_ask_for_in_their_own_words_is_found() -> None:
    assert found("overdue").meant == ""
    assert "/" in [hit.address for group in found("overdue").groups for hit in group.hits]
    lines = {group.title: group.hits for group in found("agency pay").groups}
    titles = [hit.title for hit in lines["Lines of income and cost"]]
    assert "Agency pay: Fenmarch Teaching Hospitals" in titles
    assert lines["Lines of income and cost"][0].address.startswith("/months/XF-")
    (only,) = [
        group.hits
        for group in found("agency pay alderwick hospitals").groups
        if group.title == "Lines of income and cost"
    ]
    assert [hit.title for hit in only] == ["Agency pay: Alderwick Hospitals"]
    assert "Deficit" in [
        hit.title for group in found("how much is the deficit").groups for hit in group.hits
    ]
    assert any(
        hit.address == "/questions/position"
        for group in found("how much is the deficit").groups
        for hit in group.hits
    )
