"""A promise beside the best figure there is: what it is of, and whether it is kept."""

from __future__ import annotations

import pytest

from controltotal import verbs
from controltotal.accounts.checks.evidence import promise_outcomes
from controltotal.core.finding import Finding
from controltotal.workings.workings import Workings
from tests.small_books import TREE, book
from tests.strategies import YEAR, Cells, amount, control_total, position_of

PROMISE = {"id": "P1", "by": "Chair", "on": "2026-04-30", "text": "Balance", "organisation": "T1"}


@pytest.mark.parametrize(
    ("measure", "value", "kept"),
    [("surplus", "-5", True), ("surplus", "-4", False), ("", "", None), ("gap", "", None)],
)
def test_a_promise_names_its_measure_and_is_kept_or_not(
    measure: str, value: str, kept: bool | None
) -> None:
    row = {**PROMISE, "measure": measure, "year": YEAR, "value": value}
    rows = book(amount("T1", "position", -5), promises=[{k: v for k, v in row.items() if v}])
    (told,) = promise_outcomes(Workings(position_of(rows)).totals)
    assert (told["measure"], told["organisation"], told["kept"]) == (measure, "T1", kept)


def outcome(
    measure: str, value: str, *rows: Cells, year: str = YEAR, **tables: list[Cells]
) -> dict[str, object]:
    """The one promise of a book and what came of it."""
    promise = {**PROMISE, "measure": measure, "year": year, "value": value}
    made = book(*rows, promises=[{k: v for k, v in promise.items() if v}], **tables)
    (told,) = promise_outcomes(Workings(position_of(made)).totals)
    return told


LOSS = amount("T1", "position", -5)


@pytest.mark.parametrize(
    ("measure", "pounds"),
    [
        ("surplus", -5),
        ("adjusted_surplus", -5),
        ("surplus_with_support", -3),
        ("measured", -3),
        ("gap", 7),
        ("variance", -7),
        ("gap_breakeven", 5),
        ("savings_unidentified", 4),
        ("cash", 8),
        ("to_find", 11),
        ("underlying", -5),
    ],
)
def test_a_promise_is_set_beside_its_own_measure(measure: str, pounds: int) -> None:
    """A deficit of 5 with 2 of support that counts, where a surplus of 4 was asked: 7 short, and 4
    of what is planned has no scheme yet."""
    rows = [
        amount("T1", "patient_care_income", 100, recurrence="recurrent"),
        amount("T1", "pay", 105, recurrence="recurrent"),
        amount("T1", "support_income", 2),
        amount("T1", "savings_unidentified", 4),
        amount("T1", "cash", 8),
    ]
    total = [control_total("T1", 4, includes_support="yes")]
    found = outcome(measure, str(pounds), *rows, control_totals=total)
    assert (found["found_pence"], found["promised_pence"]) == (pounds * 100, pounds * 100)
    assert found["kept"] is True


def test_less_is_better_of_a_gap_and_more_of_a_surplus() -> None:
    assert [outcome("surplus", v, LOSS)["kept"] for v in ("-6", "-5", "-4")] == [True, True, False]
    assert [outcome("gap_breakeven", v, LOSS)["kept"] for v in ("6", "5", "4")] == [
        True,
        True,
        False,
    ]


def actuals(last: int) -> list[Cells]:
    return [amount("T1", "position", -1, month=str(m), basis="actual") for m in range(1, last + 1)]


def test_the_surest_figure_is_a_whole_years_actual_then_the_forecast_then_the_plan() -> None:
    forecast = amount("T1", "position", -9, basis="forecast")
    for rows, basis, pence in (
        ([LOSS], "plan", -500),
        ([LOSS, forecast], "forecast", -900),
        ([LOSS, forecast, *actuals(11)], "forecast", -900),
        ([LOSS, forecast, *actuals(12)], "actual", -1_200),
    ):
        found = outcome("surplus", "-5", *rows)
        assert (found["basis"], found["found_pence"]) == (basis, pence)
    nothing = outcome("surplus", "-5")
    assert (nothing["basis"], nothing["found_pence"], nothing["kept"]) == ("", None, None)


def test_a_promise_in_words_or_of_nothing_known_is_neither_kept_nor_broken() -> None:
    assert outcome("surplus", "better", LOSS)["promised_pence"] is None
    assert outcome("surplus", "better", LOSS)["kept"] is None
    assert outcome("waiting_list", "5", LOSS)["kept"] is None
    assert outcome("surplus", "-5", LOSS, year="")["kept"] is None


def test_a_promise_is_read_in_the_unit_of_the_book_or_as_it_says() -> None:
    settings = [{"key": "default_unit", "value": "£m"}]
    millions = {**LOSS, "amount": "-5"}
    found = outcome("surplus", "-5", millions, book=settings)
    assert found["promised_pence"] == found["found_pence"] == -500_000_000
    assert outcome("surplus", "£7", millions, book=settings)["promised_pence"] == 700
    plain = [{"key": "default_unit", "value": ""}]
    assert outcome("surplus", "-5", {**LOSS, "unit": "£"}, book=plain)["promised_pence"] == -500


def broken(*rows: Cells) -> list[Finding]:
    promise = {**PROMISE, "measure": "surplus", "year": YEAR, "value": "-4", "text": "Balance."}
    made = position_of(book(*rows, promises=[promise]))
    return [one for one in verbs.check(made).findings if one.code == "PROMISE_NOT_KEPT"]


def test_a_promise_that_is_not_kept_is_told_with_what_came_of_it() -> None:
    (plan,) = broken(LOSS)
    assert plan.message == "Chair promised: Balance. The plan for 2026/27 would not keep it: £(5)."
    (actual,) = broken(*actuals(12))
    assert actual.message == "Chair promised: Balance. The actual for 2026/27 is £(12)."
    assert (actual.expected, actual.found, actual.organisation) == ("£(4)", "£(12)", "T1")
    assert broken(amount("T1", "position", -4)) == broken() == []


# -- sources and quotations -------------------------------------------------------------------------


def test_rows_of_money_without_a_source_are_told_once_a_table() -> None:
    sources = [{"id": "B", "title": "Board paper"}]
    rows = [{**LOSS, "source": "B"}, amount("T1", "pay", 1), amount("T1", "drugs", 1)]
    total = control_total("T1", 4)
    made = position_of(book(*rows, sources=sources, control_totals=[total]))
    found = [one for one in verbs.check(made).findings if one.code == "NO_SOURCE"]
    assert {one.message: one.where for one in found} == {
        "2 rows of amounts name no source, so nobody can check them.": "amounts row 3, row 4",
        "A row of control_totals names no source, so nobody can check it.": "control_totals row 2",
    }


def quoted(text: str, *rows: Cells, facts: list[Cells] | None = None) -> list[Finding]:
    sources = [{"id": "B", "title": "Board paper", "quote": text}]
    made = position_of(
        book(*[{**row, "source": "B"} for row in rows], sources=sources, facts=facts or [])
    )
    return [one for one in verbs.check(made).findings if one.code == "QUOTE_WITHOUT_NUMBER"]


def test_a_quotation_that_lacks_its_numbers_is_told_once_with_six_of_them() -> None:
    rows = [amount("T1", "pay", n, month=str(n - 20)) for n in range(21, 29)]
    (found,) = quoted("a deficit of 5", LOSS, *rows)
    assert found.message == (
        "The quotation of B does not contain 21, 22, 23, 24, 25, 26 and 2 more."
    )
    assert found.organisation == "T1" and found.found == "a deficit of 5"
    (six,) = quoted("a deficit of 5", *rows[:6])
    assert six.message.endswith("24, 25, 26.")
    assert quoted("a deficit of 5", LOSS) == []
    assert quoted("a deficit of 4", {**LOSS, "qualifier": "implied"}) == []
    assert quoted("", LOSS) == []


def test_a_quotation_of_two_bodies_is_told_of_neither() -> None:
    tree_rows = [LOSS, amount("T2", "position", -6)]
    sources = [{"id": "B", "title": "Board paper", "quote": "deficits"}]
    made = position_of(
        book(*[{**row, "source": "B"} for row in tree_rows], sources=sources, tree=TREE)
    )
    (found,) = [f for f in verbs.check(made).findings if f.code == "QUOTE_WITHOUT_NUMBER"]
    assert found.organisation == ""


def test_a_fact_in_words_needs_no_number_in_its_quotation() -> None:
    def said(name: str, value: str) -> list[Finding]:
        fact = {"organisation": "T1", "fact": name, "year": YEAR, "value": value, "source": "B"}
        return quoted("it never fell", facts=[fact])

    assert said("spending_ever_fell", "no") == []
    assert len(said("fixed_share", "0.37")) == 1
