"""Laws of a position, attacked by generated systems: sums, support, order, time and absence."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from controltotal.accounts.checks import findings
from controltotal.accounts.statement import answer_position
from controltotal.book.fold import Position
from controltotal.core.calendar import next_year
from controltotal.workings.totals import Totals
from controltotal.workings.workings import Workings
from tests.strategies import (
    YEAR,
    Cells,
    amount,
    books,
    control_total,
    position_of,
    scaled,
    shuffled,
    without,
)

Book = dict[str, list[Cells]]
Figures = dict[str, tuple[int | float | None, str]]


def figures(position: Position) -> Figures:
    result = answer_position(Workings(position))
    return {figure.id: (figure.value, figure.status) for figure in result.figures}


def told(totals: Totals, code: str) -> tuple[int | None, str]:
    value = totals.surplus(code, YEAR, "plan")
    return value.pence, value.status


few = settings(max_examples=max(20, settings().max_examples // 3))
"""For laws that answer a whole position, or several, for each example."""


# -- children sum to their parents ------------------------------------------------------------------


@given(books())
def test_children_sum_to_their_parents_by_any_path(book: Book) -> None:
    totals = Workings(position_of(book)).totals
    for code in totals.tree.organisations:
        value = totals.surplus(code, YEAR, "plan")
        if value.pence is None:
            continue
        if totals.children(code, YEAR):
            kids = [totals.surplus(k, YEAR, "plan").pence for k in totals.children(code, YEAR)]
            assert value.pence == sum(k or 0 for k in kids)
            leaves = totals.tree.leaves(code, YEAR)
            assert value.pence == sum(totals.surplus(x, YEAR, "plan").pence or 0 for x in leaves)


@given(books(), st.sampled_from(["surplus", "with_support"]))
def test_a_level_put_between_changes_no_sum(book: Book, which: str) -> None:
    """The nation's sum does not depend on the path: without systems, trusts sum to the region."""
    flat = [
        {**row, "parent": "R0"} if row["kind"] == "provider" else row
        for row in book["organisations"]
        if row["kind"] != "system"
    ]
    deep, shallow = (
        Workings(position_of(book)).totals,
        Workings(position_of({**book, "organisations": flat})).totals,
    )
    for code in ("N0", "R0"):
        assert getattr(deep, which)(code, YEAR, "plan").pence == (
            getattr(shallow, which)(code, YEAR, "plan").pence
        )


@given(books(whole=False))
def test_nothing_is_summed_around_a_hole(book: Book) -> None:
    """A sum of bodies is given only where each of them is told; else stated, else not at all."""
    totals = Workings(position_of(book)).totals
    for code in totals.tree.organisations:
        kids = totals.children(code, YEAR)
        value = totals.surplus(code, YEAR, "plan")
        if kids and any(totals.surplus(kid, YEAR, "plan").pence is None for kid in kids):
            assert value.pence is None and value.status == "indeterminate"
            assert set(value.missing) <= set(kids)


# -- scale and order ------------------------------------------------------------------------------


@few
@given(books(whole=False), st.sampled_from((10, 1000)))
def test_all_money_scaled_scales_every_figure(book: Book, factor: int) -> None:
    small, large = figures(position_of(book)), figures(position_of(scaled(book, factor)))
    assert list(small) == list(large)
    for name, (value, status) in small.items():
        assert large[name] == (None if value is None else value * factor, status), name


@few
@given(books(whole=False), st.integers(0, 10**6))
def test_the_order_of_rows_changes_nothing(book: Book, seed: int) -> None:
    first, second = position_of(book), position_of(shuffled(book, seed))
    assert figures(first) == figures(second)
    said = [
        sorted((f.code, f.organisation, f.message) for f in findings(Workings(p), [YEAR]))
        for p in (first, second)
    ]
    assert said[0] == said[1]


@few
@given(books(whole=False))
def test_an_answer_is_the_same_bytes_twice(book: Book) -> None:
    assert answer_position(Workings(position_of(book))).to_json() == (
        answer_position(Workings(position_of(book))).to_json()
    )


@few
@given(books(whole=False))
def test_every_figure_says_its_rule_and_what_it_rests_on_is_there(book: Book) -> None:
    position = position_of(book)
    result = answer_position(Workings(position))
    for figure in result.figures:
        step = result.trace[figure.id]
        assert step.rule, figure.id
        assert set(step.entries) <= set(position.entries)
        for name in step.inputs:
            assert result.figure(name) is not None, (figure.id, name)
        if figure.value is None and figure.status == "indeterminate":
            assert "cannot" in step.rule or step.rule.startswith(("no ", "nothing")), step.rule


# -- support --------------------------------------------------------------------------------------


@given(books())
def test_a_surplus_does_not_know_of_support(book: Book) -> None:
    with_support = Workings(position_of(book)).totals
    none = Workings(position_of({**book, "transfers": []})).totals
    for code in none.tree.organisations:
        assert told(with_support, code) == told(none, code)


@given(books())
def test_transfers_net_to_nil_in_every_year_and_over_their_life(book: Book) -> None:
    position = position_of(book)
    for statuses in (("agreed",), ("proposed",), ("agreed", "proposed")):
        found = Workings(position).support.flows("plan", statuses)
        for year in {flow.year for flow in found}:
            assert sum(flow.pence for flow in found if flow.year == year) == 0
        for row in position.book.transfers:
            mine = [flow for flow in found if flow.row is row]
            if row.repay_years and mine:
                for end in ("from", "to"):
                    assert sum(flow.pence for flow in mine if flow.code == row.cell(end)) == 0
    totals = Workings(position).totals
    for year in (YEAR, *(next_year(YEAR, n) for n in range(1, 6))):
        assert totals.support("N0", year, "plan").pence == 0


@given(books())
def test_the_nation_is_no_richer_for_support(book: Book) -> None:
    totals = Workings(position_of(book)).totals
    assert totals.with_support("N0", YEAR, "plan").pence == totals.surplus("N0", YEAR, "plan").pence


@few
@given(books())
def test_gap_variance_and_breakeven_are_one_number_seen_three_ways(book: Book) -> None:
    found = figures(position_of(book))
    for name, (value, _) in found.items():
        measure, _, rest = name.partition("/")
        if measure == "gap":
            variance = found[f"variance/{rest}"][0]
            assert variance == (None if value is None else -value)
        if measure == "surplus":
            assert found[f"gap_breakeven/{rest}"][0] == (None if value is None else -value)


# -- absence --------------------------------------------------------------------------------------


@few
@given(books(), st.data())
def test_an_input_taken_away_leaves_a_figure_or_makes_it_untold_never_nil(
    book: Book, data: st.DataObject
) -> None:
    """Without one of its rows, a figure of a whole plan cannot be told; all others stay."""
    index = data.draw(st.integers(0, len(book["amounts"]) - 1))
    gone = book["amounts"][index]
    before, after = (
        Workings(position_of(book)).totals,
        Workings(position_of(without(book, "amounts", index))).totals,
    )
    touched = {gone["organisation"], *before.tree.ancestors(gone["organisation"], YEAR)}
    same_kind = [
        row
        for row in book["amounts"]
        if row["organisation"] == gone["organisation"] and row["line"] != gone["line"]
    ]
    optional = not gone.get("month") and any(
        _kind(row["line"]) == _kind(gone["line"]) for row in same_kind
    )
    for code in before.tree.organisations:
        was, now = before.surplus(code, YEAR, "plan"), after.surplus(code, YEAR, "plan")
        if code not in touched:
            assert (now.pence, now.status) == (was.pence, was.status)
        elif not optional:
            assert now.pence is None and now.status == "indeterminate"


def _kind(line: str) -> str:
    return "income" if line.endswith("income") else line if line == "position" else "cost"


FAULTS: tuple[tuple[str, str, str], ...] = (
    ("amount", "1,23", "AMBIGUOUS_NUMBER"),
    ("amount", "#REF!", "SPREADSHEET_ERROR"),
    ("unit", "€", "UNKNOWN_UNIT"),
    ("year", "2026", "UNKNOWN_YEAR"),
    ("basis", "estimate", "UNKNOWN_BASIS"),
    ("line", "wages", "UNKNOWN_LINE"),
    ("month", "13", "UNKNOWN_MONTH"),
    ("amount", "", "MISSING_VALUE"),
)


@few
@given(books(), st.sampled_from(FAULTS), st.data())
def test_a_stopped_row_makes_untold_what_would_have_used_it_and_all_above(
    book: Book, fault: tuple[str, str, str], data: st.DataObject
) -> None:
    index = data.draw(st.integers(0, len(book["amounts"]) - 1))
    column, text, code_of = fault
    assume(column != "month" or not book["amounts"][index].get("month"))
    rows = list(book["amounts"])
    rows[index] = {**rows[index], column: text}
    position = position_of({**book, "amounts": rows})
    errors = [f.code for f in position.findings if f.severity == "error"]
    assert errors == [code_of]  # drawn sums may well look out of scale, which only warns
    assert f"amounts row {index + 2}" == position.findings[0].where
    before, after = Workings(position_of(book)).totals, Workings(position).totals
    body = str(rows[index]["organisation"])
    touched = {body, *before.tree.ancestors(body, YEAR)}
    for code in before.tree.organisations:
        now = after.surplus(code, YEAR, "plan")
        if code in touched:
            assert now.pence is None and now.status == "indeterminate"
        else:
            assert now.pence == before.surplus(code, YEAR, "plan").pence


@given(books(support=False), st.sampled_from(["cash", "savings_unidentified", "support_income"]))
def test_a_stopped_row_that_no_surplus_uses_leaves_every_surplus(book: Book, line: str) -> None:
    bad = [*book["amounts"], amount("T1", line, 5, unit="€")]
    scheme = [amount("T1", "pay", 5, unit="€", scheme="X1")]
    before = Workings(position_of(book)).totals
    for rows in (bad, [*book["amounts"], *scheme]):
        after = Workings(position_of({**book, "amounts": rows})).totals
        for code in before.tree.organisations:
            assert told(after, code) == told(before, code)


def test_a_body_whose_own_row_is_at_fault_is_a_hole_and_not_a_nil() -> None:
    """A trust that drops out of the tree for a bad date must not drop out of its system's sum."""
    rows = [amount("T1", "position", 5), amount("T2", "position", 7)]
    for bad in ({"from": "1/4/20"}, {"kind": "hospital"}, {"complete": "perhaps"}):
        organisations: list[Cells] = [
            {"code": "S1", "name": "S", "kind": "system"},
            {"code": "T1", "name": "A", "kind": "provider", "parent": "S1"},
            {"code": "T2", "name": "B", "kind": "provider", "parent": "S1", **bad},
        ]
        position = position_of({"organisations": organisations, "amounts": rows})
        totals = Workings(position).totals
        assert totals.surplus("S1", YEAR, "plan").pence is None
        assert totals.surplus("T1", YEAR, "plan").pence == 500
        assert len(position.findings) == 1, "the fault is told once, not again by what names it"
    harmless: list[Cells] = [
        *organisations[:2],
        {**organisations[1], "code": "T2", "population": "many"},
    ]
    position = position_of({"organisations": harmless, "amounts": rows})
    assert Workings(position).totals.surplus("S1", YEAR, "plan").pence == 1200


# -- time -----------------------------------------------------------------------------------------

ways = st.sampled_from(("known_on", "source"))


@few
@given(books(), st.data())
def test_what_becomes_known_later_never_changes_an_earlier_reading(
    book: Book, data: st.DataObject
) -> None:
    day = data.draw(st.dates(date(2026, 1, 21), date(2027, 3, 31)))
    later = (day + timedelta(days=data.draw(st.integers(1, 400)))).isoformat()
    more: Book = {table: list(rows) for table, rows in book.items()}
    more["sources"] = [{"id": "LATE", "title": "Late paper", "published_on": later}]
    late: dict[str, str] = (
        {"known_on": later} if data.draw(ways) == "known_on" else {"source": "LATE"}
    )
    index = data.draw(st.integers(0, len(book["amounts"]) - 1))
    changed = dict(book["amounts"][index])
    text = data.draw(st.sampled_from(("77", "oops", "-5", "#REF!")))
    more["amounts"].append({**changed, "amount": text, **late})
    more["control_totals"].append(control_total("T1", 9, set_on=later))
    earlier, again = position_of(book, day), position_of(more, day)
    assert figures(earlier) == figures(again)
    assert earlier.findings == again.findings
    assert position_of(more).superseded or text in ("oops", "#REF!")


@few
@given(books(), st.data())
def test_of_two_rows_of_one_key_the_later_known_wins_wherever_it_stands(
    book: Book, data: st.DataObject
) -> None:
    index = data.draw(st.integers(0, len(book["amounts"]) - 1))
    old = book["amounts"][index]
    new = {**old, "amount": "123", "known_on": "2026-06"}  # a partial date is its last day
    replaced = [*book["amounts"]]
    replaced[index] = new
    expected = figures(position_of({**book, "amounts": replaced}))
    for rows in ([*book["amounts"], new], [new, *book["amounts"]]):
        position = position_of({**book, "amounts": rows})
        assert figures(position) == expected
        assert not [f for f in position.findings if f.severity == "error"]
        assert figures(position_of({**book, "amounts": rows}, "2026-06-29")) == (
            figures(position_of(book, "2026-06-29"))
        )


@given(books(support=False), st.data())
def test_rows_of_one_key_and_date_are_a_finding_and_neither_is_used(
    book: Book, data: st.DataObject
) -> None:
    index = data.draw(st.integers(0, len(book["amounts"]) - 1))
    twin = {**book["amounts"][index], "amount": "123"}
    position = position_of({**book, "amounts": [*book["amounts"], twin]})
    assert [f.code for f in position.findings if f.severity == "error"] == ["DUPLICATE"]
    last = len(book["amounts"]) + 2
    assert position.findings[0].where == f"amounts row {index + 2}, row {last}"
    body = str(twin["organisation"])
    for code in (body, *position.tree.ancestors(body, YEAR)):
        assert Workings(position).totals.surplus(code, YEAR, "plan").pence is None


@few
@given(books(), st.data())
def test_as_at_an_entry_is_the_book_of_the_entries_before_it(
    book: Book, data: st.DataObject
) -> None:
    from controltotal.book.fold import fold
    from tests.strategies import source_of

    source = source_of(book)
    upto = data.draw(st.integers(1, len(source.entries)))
    from dataclasses import replace

    cut = fold(replace(source, entries=source.entries[:upto]))
    assert (
        answer_position(Workings(fold(source, upto))).to_json()
        == answer_position(Workings(cut)).to_json()
    )


# -- successions ----------------------------------------------------------------------------------


@given(st.integers(-(10**12), 10**12), st.data())
def test_a_succession_carries_a_balance_without_a_penny_lost(
    balance: int, data: st.DataObject
) -> None:
    codes = [f"B{n}" for n in range(6)]
    rows: list[Cells] = []
    for number, code in enumerate(codes[:-1]):
        heirs = data.draw(st.sets(st.sampled_from(codes[number + 1 :]), max_size=3))
        left = 100
        year = data.draw(st.integers(2015, 2024))
        for heir in sorted(heirs):
            part = data.draw(st.integers(0, left))
            left -= part
            rows.append(
                {
                    "predecessor": code,
                    "successor": heir,
                    "on": f"{year}-04-01",
                    "share": f"{part / 100:.2f}",
                }
            )
    organisations: list[Cells] = [{"code": c, "name": c, "kind": "provider"} for c in codes]
    position = position_of({"organisations": organisations, "successions": rows})
    for year in range(2014, 2026):
        held = position.tree.carry("B0", balance, date(year, 4, 1))
        assert sum(held.values()) == balance
        assert all(part * balance >= 0 for part in held.values())
    before = position.tree.carry("B0", balance, date(2014, 1, 1))
    assert before == {"B0": balance}


def test_a_merger_of_many_and_a_division_by_shares() -> None:
    organisations: list[Cells] = [{"code": c, "name": c, "kind": "provider"} for c in "ABCDE"]
    rows: list[Cells] = [
        {"predecessor": "A", "successor": "C", "on": "2020-04-01"},
        {"predecessor": "B", "successor": "C", "on": "2020-04-01"},
        {"predecessor": "C", "successor": "D", "on": "2022-07-01", "share": "1/3"},
    ]
    assert position_of({"organisations": organisations, "successions": rows}).findings[0].code == (
        "AMBIGUOUS_NUMBER"
    )
    rows[2] = {**rows[2], "share": "0.25"}
    tree = position_of({"organisations": organisations, "successions": rows}).tree
    assert tree.carry("A", 101, date(2019, 4, 1)) == {"A": 101}
    assert tree.carry("A", 101, date(2021, 4, 1)) == {"C": 101}
    assert tree.carry("B", -101, date(2023, 4, 1)) == {"D": -25, "C": -76}


# -- actuals --------------------------------------------------------------------------------------


def actual(line: str, months: range | list[int], value: int = 10, code: str = "T1") -> list[Cells]:
    return [amount(code, line, value, month=str(m), basis="actual") for m in months]


ONE: list[Cells] = [
    {"code": "S1", "name": "S", "kind": "system"},
    {"code": "T1", "name": "A", "kind": "provider", "parent": "S1"},
    {"code": "T2", "name": "B", "kind": "provider", "parent": "S1"},
]


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        (actual("patient_care_income", range(1, 8)) + actual("pay", range(1, 8), 4), 4200),
        (actual("patient_care_income", range(1, 8)) + actual("pay", range(1, 7), 4), None),
        (actual("patient_care_income", [1, 2, 4]) + actual("pay", [1, 2, 4], 4), None),
        (actual("position", range(1, 13), -1), -1200),
        (actual("position", range(2, 4), -1), None),
    ],
    ids=["to month 7", "pay lacks month 7", "a month is missing", "a year", "April is missing"],
)
def test_an_actual_is_the_year_to_date_of_every_line(
    rows: list[Cells], expected: int | None
) -> None:
    totals = Workings(position_of({"organisations": ONE, "amounts": rows})).totals
    assert totals.surplus("T1", YEAR, "actual").pence == expected


def test_actuals_that_end_in_different_months_are_not_added() -> None:
    rows = actual("position", range(1, 8)) + actual("position", range(1, 7), code="T2")
    totals = Workings(position_of({"organisations": ONE, "amounts": rows})).totals
    parent = totals.surplus("S1", YEAR, "actual")
    assert (parent.pence, parent.missing) == (None, ("T2",))
    assert totals.surplus("T2", YEAR, "actual").pence == 6000
