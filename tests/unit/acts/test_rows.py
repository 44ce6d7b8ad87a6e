"""Rows that acts put: fields are columns, all that is wrong is told at once, nothing is written over."""

from __future__ import annotations

import pytest

from controltotal.acts import ACTS, ActRefused
from controltotal.acts.bench import Bench
from controltotal.acts.rows import Form, form_of, standing
from controltotal.core.schema import tables
from tests.act_books import CASES, YEAR, desk, do, fields_of, local, prepared
from tests.act_books import act as do_act


@pytest.mark.parametrize("name", [name for name, one in ACTS.items() if one.form.required])
def test_every_field_that_is_missing_is_told_at_its_column_and_nothing_is_written(
    name: str,
) -> None:
    there = prepared(name)
    last = there.store.last()
    with pytest.raises(ActRefused) as found:
        do_act(name, there, {}, "because", None, local())
    assert tuple(one.column for one in found.value.refusals) == ACTS[name].form.required
    assert all(one.what == f"{one.column} is missing" for one in found.value.refusals)
    assert all(one.action for one in found.value.refusals), "what the column means"
    assert there.store.last() == last


@pytest.mark.parametrize("name", sorted(CASES))
def test_every_field_that_an_act_does_not_have_is_told_with_the_nearest(name: str) -> None:
    there = prepared(name)
    last = there.store.last()
    fields = fields_of(name)
    near = next(iter(ACTS[name].form.fields))
    with pytest.raises(ActRefused) as found:
        do_act(name, there, {**fields, f"{near}x": "x", "colour": "red"}, "b", None, local())
    told = {one.column: one for one in found.value.refusals}
    assert set(told) == {f"{near}x", "colour"}
    assert told[f"{near}x"].action == f"did you mean {near}?"
    assert told["colour"].what == f"{name} has no field colour"
    assert there.store.last() == last


@pytest.mark.parametrize("name", sorted(ACTS))
def test_every_field_of_every_act_has_a_meaning_and_stands_once(name: str) -> None:
    form = ACTS[name].form
    assert len(set(form.fields)) == len(form.fields)
    assert all(form.meaning(field) for field in form.fields)


def test_a_blank_field_is_a_missing_one() -> None:
    with pytest.raises(ActRefused, match="month is missing"):
        do(desk(), "deliver", scheme="SC1", line="pay", year=YEAR, month="  ", amount="1")


def test_a_form_leaves_out_what_the_act_fills_and_asks_for_what_it_must_have() -> None:
    form = form_of("votes", "weight", also=("vote",))
    assert form.required == ("decision", "organisation", "vote")
    assert "weight" not in form.fields and "known_on" not in form.fields
    assert Form("votes", ("decision",), ("decision", "vote")).fields == ("decision", "vote")
    assert Form("votes", ("decision",), more={"decision": "Mine"}).meaning("decision") == "Mine"


def test_a_row_whose_key_stands_is_found_however_its_key_is_written() -> None:
    there = desk()
    do(there, "submit_month", on="2026-11-20", organisation="T1", year="2026/27", month="Dec")
    cells = {"organisation": "T1", "year": "26/27", "month": "M9", "basis": "Actual"}
    row = there.position.book.submissions[0]
    from_book = {**cells, "entry": row.entry_, "on": "20 Nov 2026"}
    bench = Bench(there.position, local(), there.today(), "")
    assert standing(bench, "submissions", from_book) is row
    assert standing(bench, "submissions", {**from_book, "month": "8"}) is None


def test_what_is_put_again_carries_every_cell_that_the_act_does_not_change() -> None:
    there = desk()
    fields = {**CASES["risk"].fields, "owner": "Chief operating officer", "colour": ""}
    fields.pop("colour")
    do(there, "risk", on="2026-11-01", **fields)
    do(
        there,
        "risk",
        id="K1",
        organisation="T1",
        title="Winter",
        kind="risk",
        gross="7",
        chance="0.5",
    )
    (row,) = there.position.book.risks
    assert (row.owner, row.gross) == ("Chief operating officer", 700)


def test_a_row_is_not_dated_before_it_was_last_changed() -> None:
    there = desk()
    do(there, "risk", on="2026-11-20", **CASES["risk"].fields)
    last = there.store.last()
    with pytest.raises(ActRefused, match="K1 was last changed on 2026-11-20, after 2026-11-10"):
        do(there, "risk", on="2026-11-10", **{**CASES["risk"].fields, "chance": "0.9"})
    assert there.store.last() == last


def test_a_row_of_the_same_day_takes_the_place_of_the_first() -> None:
    there = desk()
    do(there, "risk", **CASES["risk"].fields)
    done = do(there, "risk", **{**CASES["risk"].fields, "chance": "0.9"})
    kinds = [entry.kind for entry in there.store.read()[done.first - 1 :]]
    assert sorted(kinds) == ["put", "withdraw"]
    assert [row.chance for row in there.position.book.risks] == [0.9]


def test_saying_the_same_again_is_refused_however_it_is_written() -> None:
    there = desk()
    words = {"about": "T1", "text": "Winter", "kind": "driver"}
    do(there, "comment", year="2026/27", month="M9", **words)
    with pytest.raises(ActRefused, match="nothing would change"):
        do(there, "comment", year="2026-27", month="December", **words)


def test_the_cells_of_a_row_stand_in_the_order_of_its_table() -> None:
    there = desk()
    for name in ("propose_transfer", "risk", "propose_total", "limit", "propose"):
        do(there, name, **CASES[name].fields)
        entry = there.store.read()[-1]
        order = list(tables()[entry.table].columns)
        places = [order.index(column) for column, _ in entry.cells]
        assert places == sorted(places), name
