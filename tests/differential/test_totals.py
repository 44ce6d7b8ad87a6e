"""The totals of the program against the slow and obvious ones, on generated systems."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from controltotal.core.amounts import amounts, cube, rollup
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


@given(books(whole=True, support=False))
def test_the_roll_up_of_a_cube_is_the_position_at_every_level(book: Book) -> None:
    """Two engines: the dense roll-up over amounts, and totals asked body by body."""
    position = position_of(book)
    totals = Workings(position).totals
    parent_of = position.tree.links(YEAR)
    leaves = [code for code in position.tree.organisations if not totals.children(code, YEAR)]
    told = {code: totals.surplus(code, YEAR, "plan").pence for code in leaves}
    table = amounts([{"organisation": c, "pence": p} for c, p in told.items() if p is not None])
    up = rollup(cube(table, ["organisation"]), parent_of)
    whole = [
        code
        for code in position.tree.organisations
        if all(told[leaf] is not None for leaf in position.tree.leaves(code, YEAR))
    ]
    for code in whole:
        expected = totals.surplus(code, YEAR, "plan").pence
        assert int(up.values[up.index("organisation", code)]) == expected
