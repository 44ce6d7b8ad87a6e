"""What a person says on the command line is read, or refused with what could be said."""

from __future__ import annotations

import pytest

from controltotal.core.errors import BookError
from controltotal.intake.asking import asking, said_by


def test_a_kind_is_a_table_of_the_book_and_marks_with_nothing_in_them_are_nothing() -> None:
    said = asking(["kind=Control totals", 'headings.Stretch=""']).asked
    assert said.kind == "control_totals" and said.headings == {"stretch": ""}


def test_options_and_answers_are_read() -> None:
    ask = asking(
        ["year=26/27", "basis=budget", "unit=£'000", "costs=positive", "month=M9", "drift=yes",
         "totals.Sub total=total", "schemes.A 1=B-1", "headings.Adj=full_year_effect"],
        "1 July 2026",
        "schemes",
        "Plan",
    )  # fmt: skip
    assert (ask.asked.year, ask.asked.basis, ask.asked.unit) == ("2026/27", "plan", "£k")
    assert (ask.asked.costs, ask.asked.month, ask.asked.known_on) == ("plain", "M9", "2026-07-01")
    assert ask.asked.totals == {"subtotal": "total"} and ask.schemes == {"A 1": "B-1"}
    assert ask.once == {"drift"}


@pytest.mark.parametrize(
    "text", ["year", "year=soon", "basis=odd", "unit=€", "costs=up", "colour=red", "drift=maybe"]
)
def test_what_cannot_be_read_is_refused(text: str) -> None:
    with pytest.raises(BookError, match="--set reads"):
        asking([text])


@pytest.mark.parametrize("text", ["Deputy CFO", ": rounding", "Deputy CFO:"])
def test_who_and_why_are_both_needed(text: str) -> None:
    with pytest.raises(BookError, match="WHO: REASON"):
        said_by("--accept", text)
