"""What people say beside the figures, in one sentence: its lead, its quotation marks and its draft."""

from __future__ import annotations

import pytest

from controltotal.book.commentary import about_body, comment_words
from tests.strategies import YEAR, Cells, position_of

BODIES: list[Cells] = [{"code": "T1", "name": "First", "kind": "provider"}]
SOURCE: Cells = {
    "id": "P",
    "title": "Board paper",
    "publisher": "First",
    "published_on": "2026-05-01",
    "quote": "We said that beds are closed.",
}


def said(**cells: str) -> str:
    row = {
        "about": f"surplus/T1/{YEAR}/plan",
        "year": YEAR,
        "text": "beds are closed",
        "kind": "headline",
        "by": "Ash",
        "on": "May 2026",
    }
    tables = {"organisations": BODIES, "sources": [SOURCE], "commentary": [{**row, **cells}]}
    position = position_of(tables)
    (comment,) = position.book.commentary
    return comment_words(position, comment)


@pytest.mark.parametrize(
    ("cells", "words"),
    [
        ({}, "Said of First by Ash (May 2026): beds are closed."),
        ({"by": "First"}, "Said by First (May 2026): beds are closed."),
        ({"about": "S9"}, "Said by Ash (May 2026): beds are closed."),
        ({"text": "It is so."}, "Said of First by Ash (May 2026): It is so."),
        ({"status": "draft"}, "Said of First by Ash (May 2026): beds are closed (draft)."),
        ({"status": "agreed"}, "Said of First by Ash (May 2026): beds are closed."),
        ({"kind": "driver"}, "What moves it, as Ash says (May 2026): beds are closed."),
        ({"kind": "assurance"}, "Assurance by Ash (May 2026): beds are closed."),
        ({"source": "P"}, "Said of First by Ash (May 2026): “beds are closed”."),
        (
            {"source": "P", "text": "beds were closed"},
            "Said of First by Ash (May 2026): beds were closed.",
        ),
    ],
)
def test_a_comment_is_one_sentence_with_who_said_it_and_when(
    cells: dict[str, str], words: str
) -> None:
    assert said(**cells) == words


@pytest.mark.parametrize(
    ("about", "code"),
    [
        ("surplus/T1/2026-27/plan", "T1"),
        ("surplus/T1/2026-27/plan/part", "T1"),
        ("surplus/T1/2026-27", "surplus/T1/2026-27"),
        ("T1", "T1"),
    ],
)
def test_a_comment_is_about_the_body_of_a_figure_or_a_body(about: str, code: str) -> None:
    assert about_body(about) == code
