"""A book is opened once for a question, and a question about one body is answered as the whole is."""

from __future__ import annotations

import importlib
from pathlib import Path

import pytest

import controltotal
from controltotal import verbs
from controltotal.core.errors import BookError

BOOK = Path(__file__).parents[3] / "examples" / "fictional-system"


def test_a_book_that_was_read_keeps_its_moment() -> None:
    position = controltotal.read(BOOK)
    with pytest.raises(BookError, match="keeps its own moment"):
        controltotal.check(position, as_at="2026-05-01")


def test_each_name_of_the_room_of_verbs_is_where_it_is_said_to_be() -> None:
    places = importlib.import_module("controltotal.verbs.loading").PLACES
    assert set(places) | {"scheme"} >= set(verbs.__all__)
    for name in places:
        assert getattr(verbs, name) is not None
    with pytest.raises(AttributeError, match="nothing named 'guess'"):
        verbs.guess  # type: ignore[attr-defined]  # noqa: B018


def test_figures_of_a_bodys_paper_equal_those_of_the_whole() -> None:
    workings = verbs.opened(BOOK)
    whole = verbs.pack_results(workings)
    narrow = verbs.pack_results(workings, None, "XF-ALD")
    shown = 0
    for verb, result in narrow.items():
        for figure in result.figures:
            assert figure == whole[verb].figure(figure.id), figure.id
            shown += 1
    assert 0 < shown < sum(len(result.figures) for result in whole.values())
