"""The totals of the program against the slow and obvious ones, on generated systems."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from controltotal.workings.workings import Workings
from tests.differential.plain_totals import plain_surplus
from tests.strategies import YEAR, Cells, amount, books, position_of

Book = dict[str, list[Cells]]


@given(books(whole=False), st.data())
def test_the_surplus_of_every_body_is_the_obvious_one(book: Book, data: st.DataObject) -> None:
    for code in data.draw(st.sets(st.sampled_from(["N0", "R0", "S1", "S2"]), max_size=2)):
        book["amounts"].append(amount(code, "position", data.draw(st.integers(-9999, 9999))))
    for row in book["organisations"]:
        if row["kind"] == "system" and data.draw(st.integers(0, 4)) == 0:
            row["complete"] = "no"  # type: ignore[index]
    totals = Workings(position_of(book)).totals
    for body in book["organisations"]:
        expected = plain_surplus(book, body["code"])
        value = totals.surplus(body["code"], YEAR, "plan")
        assert value.pence == (None if expected is None else expected * 100), body["code"]
        assert (value.status == "indeterminate") == (expected is None)
