"""A mapping is a page that a person reads: written and read back, and refused where it says nonsense."""

from __future__ import annotations

from pathlib import Path

import pytest

from controltotal.core.errors import BookError
from controltotal.intake.mapping import (
    Form,
    Shape,
    form_text,
    forms_of,
    mappings_of,
    read_form,
    save_form,
    with_form,
)
from controltotal.intake.model import Asked

FORM = Form(
    "amounts-1f",
    (Shape("amounts", ("line", "month plan")),),
    {"organisation": "RX1", "unit": "£000"},
    {"lines": {'Agency "bank" \\ pool': "bank_pay", "Beds\n(new)": ""}, "schemes": {"A-1": "B-1"}},
    {"unit": "£000"},
    ("RX1",),
    ("Total pay",),
    "2026-11-30",
    True,
)


def test_a_mapping_is_read_back_as_it_was_written(tmp_path: Path) -> None:
    book = str(tmp_path / "east")
    path = save_form(mappings_of(book), FORM)
    assert path.parent.name == "east.mappings"
    assert read_form(path) == FORM
    assert forms_of(book) == [FORM]
    assert form_text(read_form(path)) == form_text(FORM)


@pytest.mark.parametrize("text", ["[form", "colour = 1", "set = 3", "[lines]\n = 4"])
def test_a_mapping_that_cannot_be_read_is_refused_by_its_name(tmp_path: Path, text: str) -> None:
    path = tmp_path / "odd.toml"
    path.write_text(text)
    with pytest.raises(BookError, match=r"odd\.toml"):
        read_form(path)


def test_what_is_said_now_comes_before_the_mapping() -> None:
    asked = with_form(Asked(unit="£m", lines={"a": "pay"}), FORM)
    assert (asked.unit, asked.organisation) == ("£m", "RX1")
    assert asked.lines == {'agency"bank"\\pool': "bank_pay", "beds(new)": "", "a": "pay"}


@pytest.mark.parametrize(
    "book", ["b.xlsx", "sqlite:///b.ledger", "b.ledger", "folder/", "postgres://h/b"]
)
def test_every_book_has_a_folder_of_mappings(book: str) -> None:
    assert mappings_of(book).name.endswith(".mappings")
    assert mappings_of(book).name != ".mappings"
