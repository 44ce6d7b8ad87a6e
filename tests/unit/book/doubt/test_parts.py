"""A total beside its parts: by a label, as a line, as a body and as a group, case by case."""

from __future__ import annotations

from typing import Any

import pytest

from controltotal.book.doubt.parts import _stretches
from controltotal.core.finding import Finding
from tests.doubt_books import TREE, book, row, said_in_both
from tests.strategies import Cells, position_of

SCHEME: Cells = {
    "organisation": "T1",
    "title": "A",
    "recurrence": "recurrent",
    "maturity": "opportunity",
    "full_year_effect": "5",
}
SCHEMES: list[Cells] = [{**SCHEME, "id": code} for code in "AB"]


def told(*rows: Cells, tree: list[Cells] | None = None, **tables: Any) -> list[Finding]:
    made = book(*rows, **tables)
    if tree is not None:
        made = {**made, "organisations": tree}
    return [one for one in said_in_both(position_of(made)) if one.code == "TOTAL_BESIDE_PARTS"]


def places(*rows: Cells, **more: Any) -> list[str]:
    return [one.where for one in told(*rows, **more)]


def pay(value: object, **more: object) -> Cells:
    return row("T1", "pay", value, **more)


# -- by a label ------------------------------------------------------------------------------------


def test_a_row_without_a_label_beside_the_rows_that_it_is_the_sum_of_counts_twice() -> None:
    (found,) = told(pay(300), pay(100, counterparty="T2"), pay(200, counterparty="T3"))
    assert (found.severity, found.organisation) == ("error", "T1")
    assert found.where == "amounts row 2, row 3, row 4"
    assert found.message == (
        "First, 2026/27 plan: pay without counterparty is £0.3 million, the sum of the 2 rows that "
        "name one; it would count twice."
    )
    assert found.expected == "the parts by counterparty, or one row for all of them"
    assert found.found == "£0.3 million beside parts of £0.3 million"


@pytest.mark.parametrize(
    ("whole", "parts", "is_told"),
    [
        (300, (100, 200), True),
        (301, (100, 200), True),  # within the rounding of three rows in thousands
        (303, (100, 200), False),
        (100, (100,), False),  # one part is no sum
        (100, (100, 0), False),
        (0, (100, -100), False),
        (15, (7, 8), True),  # to the penny
        (16, (7, 8), False),  # of so few steps one off tells nothing
        (19, (10, 10), False),
        (21, (10, 10), True),
    ],
)
def test_which_sums_are_those_of_their_parts(
    whole: int, parts: tuple[int, ...], is_told: bool
) -> None:
    split = [pay(part, counterparty=f"T{n}") for n, part in enumerate(parts, start=2)]
    assert bool(told(pay(whole), *split)) is is_told


@pytest.mark.parametrize("label", ["recurrence", "scheme"])
def test_any_label_may_split_an_amount(label: str) -> None:
    values = {"recurrence": ("recurrent", "non_recurrent"), "scheme": ("A", "B")}[label]
    parts = [pay(v, **{label: name}) for v, name in zip((100, 200), values, strict=True)]
    (found,) = told(pay(300), *parts, schemes=SCHEMES)
    assert f"pay without {label} is" in found.message
    position = position_of(book(pay(300), *parts, schemes=SCHEMES))
    # rows of a scheme are savings that stand; the total does not
    assert len(position.stopped) == (1 if label == "scheme" else 3)


def test_rows_that_name_two_labels_at_once_are_parts_of_one_without_any() -> None:
    both = [
        pay(100, counterparty="T2", recurrence="recurrent"),
        pay(200, counterparty="T3", recurrence="non_recurrent"),
    ]
    (found,) = told(pay(300), *both)
    assert "without counterparty and recurrence is" in found.message
    assert told(pay(310), *both) == []


def test_a_stated_position_may_say_what_of_it_recurs() -> None:
    rows = [
        row("T1", "position", 300),
        row("T1", "position", 100, recurrence="recurrent"),
        row("T1", "position", 200, recurrence="non_recurrent"),
    ]
    assert told(*rows) == []


@pytest.mark.parametrize(
    "change",
    [{"basis": "forecast"}, {"scenario": "high"}, {"year": "2025-26"}, {"recurrence": "recurrent"}],
)
def test_parts_of_another_statement_are_no_parts(change: dict[str, str]) -> None:
    split = [pay(100, counterparty="T2", **change), pay(200, counterparty="T3", **change)]
    whole = row("T1", "pay", 300)
    assert [one for one in told(whole, *split) if "without counterparty is" in one.message] == []


def test_every_period_that_both_state_must_agree() -> None:
    def month(m: int, whole: int, *parts: int) -> list[Cells]:
        split = [pay(p, counterparty=f"T{n}", month=m) for n, p in enumerate(parts, start=2)]
        return [pay(whole, month=m), *split]

    assert len(told(*month(1, 300, 100, 200), *month(2, 700, 300, 400))) == 1
    assert told(*month(1, 300, 100, 200), *month(2, 750, 300, 400)) == []
    # a month of which the whole says nothing is not asked
    assert len(told(*month(1, 300, 100, 200), *month(2, 0, 300, 400)[1:])) == 1


def test_a_year_is_held_beside_months_that_tell_all_of_it() -> None:
    months = [
        pay(v, counterparty=code, month=m)
        for code, v in (("T2", 10), ("T3", 20))
        for m in range(1, 13)
    ]
    assert len(told(pay(360), *months)) == 1
    assert told(pay(360), *months[:-1]) == []
    assert told(pay(400), *months) == []


# -- lines of the book's own -----------------------------------------------------------------------


def own(name: str, kind: str = "cost", title: str = "", **more: str) -> Cells:
    return {"line": name, "name": title or name, "kind": kind, **more}


ALL = [
    row("T1", "patient_care_income", 1_000),
    row("T1", "pay", 500),
    row("T1", "drugs", 200),
    row("T1", "non_pay", 100),
]


def test_a_line_that_is_the_sum_of_all_others_of_its_kind_is_a_total() -> None:
    (found,) = told(*ALL, row("T1", "outgoings", 800), lines=[own("outgoings")])
    assert found.where == "amounts row 3, row 4, row 5, row 6"
    assert found.message == (
        "First, 2026/27 plan: outgoings is the sum of pay, drugs, non_pay; it would count twice."
    )
    assert found.expected == "the lines of cost, or their total alone"
    assert found.action == "Remove the rows of outgoings: totals are made from the lines."


@pytest.mark.parametrize(
    ("line", "value", "is_told"),
    [
        (own("outgoings"), 800, True),
        (own("outgoings"), 790, False),
        (own("outgoings"), 700, False),  # of two of three
        (own("outgoings", title="Sub-total of staff and drugs"), 700, False),
        (own("staff_total"), 300, True),  # of those right above it: its name says so
        (own("staff"), 300, False),
        (own("takings", "income"), 1_000, False),  # one line is no sum
        (own("takings_total", "income"), 1_000, True),  # unless it is called one
    ],
)
def test_which_lines_are_totals(line: Cells, value: int, is_told: bool) -> None:
    name = line["line"]
    assert bool(told(*ALL, row("T1", name, value), lines=[line])) is is_told


def test_a_total_of_its_group_and_totals_of_totals_are_all_told() -> None:
    lines = [
        own("beds", group="care"),
        own("theatres", group="care"),
        own("care_all", group="care"),
    ]
    rows = [row("T1", name, v) for name, v in (("beds", 30), ("theatres", 40), ("care_all", 70))]
    assert len(told(*ALL, *rows, lines=lines)) == 1
    again = [own("staff_total"), own("grand_total")]
    more = [row("T1", "staff_total", 800), row("T1", "grand_total", 800)]
    assert len(told(*ALL, *more, lines=again)) == 2


@pytest.mark.parametrize(
    ("order", "kind", "stretches"),
    [
        ("abXcd", "abcd", ["ba", "cd"]),
        ("abcX", "abc", ["cb", "cba"]),
        ("Xabc", "ac", ["ac"]),
        ("aX", "a", []),
    ],
)
def test_a_subtotal_may_add_up_the_lines_right_above_or_right_below(
    order: str, kind: str, stretches: list[str]
) -> None:
    assert ["".join(one) for one in _stretches(list(order), "X", list(kind))] == stretches


@pytest.mark.parametrize(
    ("line", "value", "is_told"),
    [
        (own("left_over", "income"), 200, True),  # 1,000 less 800
        (own("left_over", "income"), 201, False),
        (own("left_over", "income"), -200, False),  # a reserve makes both ends meet
        (own("ebitda", "income"), 500, True),  # what is left above it: its name says so
        (own("beside", "income"), 500, False),
    ],
)
def test_a_line_that_is_what_the_others_leave_is_a_result(
    line: Cells, value: int, is_told: bool
) -> None:
    name = line["line"]
    rows = (
        [*ALL[:2], row("T1", name, value), *ALL[2:]]
        if name in ("ebitda", "beside")
        else [
            *ALL,
            row("T1", name, value),
        ]
    )
    found = [one for one in told(*rows, lines=[line]) if "leave" in one.message]
    assert bool(found) is is_told
    if is_told:
        assert f"{name} is what other lines leave, income less cost" in found[0].message


# -- bodies ----------------------------------------------------------------------------------------


def trusts(name: str = "All trusts total", code: str = "T3") -> list[Cells]:
    return [{**one, "name": name} if one["code"] == code else one for one in TREE]


@pytest.mark.parametrize(
    ("name", "value", "is_told"),
    [
        ("Total", 300, True),
        ("Grand total of trusts", 300, True),
        ("Subtotal", 300, True),
        ("Trust of Totnes", 300, False),
        ("Total", 310, False),
        ("Total", 0, False),
    ],
)
def test_a_body_called_a_total_that_states_the_sum_of_the_others_counts_twice(
    name: str, value: int, is_told: bool
) -> None:
    rows = [row("T1", "pay", 100), row("T2", "pay", 200), row("T3", "pay", value)]
    found = told(*rows, tree=trusts(name))
    assert bool(found) is is_told
    if is_told:
        assert found[0].organisation == "T3"
        assert "is the sum of the others below System; it would count twice" in found[0].message
        assert found[0].where == "amounts row 2, row 3, row 4"


def test_a_total_over_one_body_or_with_a_line_of_its_own_passes() -> None:
    assert told(row("T1", "pay", 100), row("T3", "pay", 100), tree=trusts()) == []
    two = [row("T1", "pay", 100), row("T2", "pay", 200), row("T3", "pay", 300)]
    assert told(*two, row("T3", "drugs", 5), tree=trusts()) == []
    other_basis = [*two[:2], row("T3", "pay", 300, "forecast")]
    assert told(*other_basis, tree=trusts()) == []
    months = [row(code, "pay", v, month=1) for code, v in (("T1", 100), ("T2", 200))]
    assert told(*months, row("T3", "pay", 300), tree=trusts()) == []


# -- groups ----------------------------------------------------------------------------------------


def test_a_group_stated_whole_and_by_its_parts_counts_twice() -> None:
    (found,) = told(pay(500), row("T1", "agency_pay", 60))
    assert found.message == (
        "First, 2026/27 plan: pay is stated whole, and its parts (agency_pay) beside it; they would "
        "count twice."
    )
    assert found.found == "£0.5 million beside parts of £60,000.00"
    assert told(pay(500)) == [] and told(row("T1", "agency_pay", 60)) == []
    assert told(pay(500), row("T1", "agency_pay", 0)) == []
    assert told(pay(500), row("T1", "agency_pay", 60, "forecast")) == []


def test_a_part_that_the_book_lists_with_another_group_stands_beside() -> None:
    listed = [own("agency_pay", group="")]
    assert told(pay(500), row("T1", "agency_pay", 60), lines=listed) == []
