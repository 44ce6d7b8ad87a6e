"""What `check` says of signs: sums below nil that count the other way, unless a total confirms them."""

from __future__ import annotations

import pytest

from controltotal import verbs
from controltotal.core.finding import Finding
from tests.small_books import TREE, book
from tests.strategies import Cells, amount, position_of

INCOME = amount("T1", "patient_care_income", 100)
CREDIT, DRUGS = amount("T1", "pay", -60), amount("T1", "drugs", 10)


def signs(*rows: Cells, **tables: list[Cells]) -> list[Finding]:
    tree = tables.pop("tree", TREE)
    made = position_of(book(*rows, tree=tree, **tables))
    return [one for one in verbs.check(made).findings if one.code == "SIGN_UNEXPECTED"]


@pytest.mark.parametrize(
    ("row", "words"),
    [
        (CREDIT, "pay of 2026/27 is written as £(60.00): a cost below nil adds to the surplus."),
        (
            amount("T1", "other_income", -5),
            "other_income of 2026/27 is written as £(5.00): income below nil takes from the surplus.",
        ),
        (
            amount("T1", "savings_unidentified", -5),
            "savings_unidentified of 2026/27 is written as £(5.00): a saving below nil is a loss.",
        ),
        (amount("T1", "position", -5), None),
        (amount("T1", "cash", -5), None),
        (amount("T1", "impairments", -5), None),  # it stands outside the control total
        (amount("T1", "pay", 0), None),
    ],
)
def test_a_sum_below_nil_is_told_by_what_it_does(row: Cells, words: str | None) -> None:
    assert [one.message for one in signs(INCOME, DRUGS, row)] == ([words] if words else [])


def test_rows_of_one_line_and_year_are_told_together() -> None:
    rows = [amount("T1", "pay", -2, month="1"), amount("T1", "pay", -3, month="2")]
    (found,) = signs(INCOME, *rows, amount("T1", "pay", 9, month="3"))
    assert (found.found, found.where) == ("£(5.00)", "amounts row 3, row 4")
    apart = signs(INCOME, rows[0], {**rows[1], "year": "2027-28"}, amount("T2", "pay", -1))
    assert [(one.organisation, one.found) for one in apart] == [
        ("T1", "£(2.00)"),
        ("T1", "£(3.00)"),
        ("T2", "£(1.00)"),
    ]


def test_a_stated_position_that_the_lines_make_confirms_the_sign() -> None:
    """100 and a credit of 60 less drugs of 10 make 150; beside 30 the credit is a slip."""
    rows = (DRUGS, CREDIT)
    assert signs(INCOME, *rows, amount("T1", "position", 150)) == []
    assert len(signs(INCOME, *rows, amount("T1", "position", 30))) == 1
    assert len(signs(*rows, amount("T1", "position", 50))) == 1  # no income: nothing is made


def test_a_stated_position_above_confirms_it_where_the_body_states_none() -> None:
    rows = (INCOME, DRUGS, CREDIT, amount("T2", "position", 5))
    assert signs(*rows, amount("S1", "position", 155)) == []
    assert len(signs(*rows, amount("S1", "position", 35))) == 1
    assert len(signs(*rows)) == 1


def test_a_saving_below_nil_is_told_whatever_confirms_the_position() -> None:
    scheme = {
        "id": "A",
        "organisation": "T1",
        "title": "Beds",
        "recurrence": "recurrent",
        "maturity": "in_progress",
        "full_year_effect": "12",
    }
    saved = amount("T1", "pay", -3, scheme="A")
    (found,) = signs(
        INCOME, amount("T1", "pay", 60), saved, amount("T1", "position", 40), schemes=[scheme]
    )
    assert "a cost below nil" in found.message and found.found == "£(3.00)"
    lost = amount("T1", "savings_unidentified", -3)
    assert len(signs(INCOME, amount("T1", "pay", 60), lost, amount("T1", "position", 40))) == 1


@pytest.mark.parametrize(
    ("table", "column", "row"),
    [
        (
            "risks",
            "gross",
            {"id": "R", "organisation": "T1", "title": "Winter", "kind": "risk", "chance": "0.5"},
        ),
        (
            "schemes",
            "full_year_effect",
            {
                "id": "A",
                "organisation": "T1",
                "title": "Beds",
                "recurrence": "recurrent",
                "maturity": "in_progress",
            },
        ),
    ],
)
@pytest.mark.parametrize("pounds", ["-1", "0", "1"])
def test_money_that_is_written_positive_in_other_tables(
    table: str, column: str, row: dict[str, str], pounds: str
) -> None:
    found = signs(amount("T1", "position", 1), **{table: [{**row, column: pounds}]})
    assert [one.message for one in found] == (
        [f"{column} of {table} is written as £(1.00): its meaning turns round."]
        if pounds == "-1"
        else []
    )


def test_a_packaged_line_of_another_kind_is_told() -> None:
    def changed(kind: str) -> list[str]:
        lines = [{"line": "pay", "name": "Pay", "kind": kind}]
        made = position_of(book(INCOME, lines=lines))
        return [o.message for o in verbs.check(made).findings if o.code == "LINE_CHANGED"]

    assert changed("cost") == []
    assert changed("income") == [
        "pay is a packaged line of kind cost; the book calls it income, and that was not followed."
    ]


def test_interest_received_stands_among_the_costs_below_nil_and_nothing_is_told_of_it() -> None:
    line = {"line": "interest", "name": "Interest received", "kind": "cost"}
    amounts = (INCOME, DRUGS, amount("T1", "interest", -5))
    assert signs(*amounts, lines=[{**line, "group": "net_finance_costs"}]) == []
    assert len(signs(*amounts, lines=[{**line, "group": "cost"}])) == 1


def test_what_takes_from_other_lines_may_stand_below_nil_and_nothing_is_told_of_it() -> None:
    to_find = {"line": "to_find", "name": "Unidentified CIP", "kind": "cost", "group": "savings"}
    assert signs(INCOME, DRUGS, amount("T1", "to_find", -5), lines=[to_find]) == []
    taken = {"line": "taken_out", "name": "Taken out", "kind": "income", "group": "outside"}
    assert signs(INCOME, DRUGS, amount("T1", "taken_out", -5), lines=[taken]) == []
