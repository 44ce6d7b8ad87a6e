"""From a book to a problem: what is left out and why, what nobody could read, and open starts, by hand."""

from __future__ import annotations

from typing import Any

import pytest

from controltotal import verbs
from controltotal.core.result import Result
from tests import scheme_books
from tests.strategies import YEAR, Cells, position_of

M = 100_000_000
"""£1 million in pence."""
SURE = {"low": "1", "mode": "1", "high": "1", "chance": "1", "delay_months": "0"}


def scheme(code: str, body: str = "RX1", **more: str) -> dict[str, str]:
    """A certain scheme of £12 million a year from April, not in the plan."""
    april = {"organisation": body, "start": "2026-04-01", "in_plan": "no"}
    return scheme_books.scheme(code, **{**SURE, **april, **more})


def told(*schemes: dict[str, str], years: int = 1, **tables: list[Cells]) -> Result:
    """The answer of a book whose schemes A, B and C have passed their gates."""
    made: dict[str, Any] = scheme_books.book(*"ABC", schemes=list(schemes))
    return verbs.portfolio(position_of({**made, **tables}), year=YEAR, years=years)


def chosen(result: Result) -> list[str]:
    return [str(row["scheme"]) for row in result.tables["schemes"] if row["chosen"]]


def reason(result: Result, code: str) -> str:
    (row,) = (one for one in result.tables["schemes"] if one["scheme"] == code)
    return str(row["reason"])


def saved(result: Result, code: str = "RX1", year: str = YEAR) -> object:
    return result.value(f"portfolio_saving/{code}/{year}/plan")


# -- what needs another -----------------------------------------------------------------------------


def test_one_that_needs_another_is_chosen_with_it() -> None:
    result = told(scheme("A"), scheme("B", requires="A"), scheme("C"))
    assert (chosen(result), saved(result)) == (["A", "B", "C"], 36 * M)


def test_one_whose_need_cannot_be_chosen_is_left_out_and_so_are_those_that_need_it() -> None:
    """D has not passed its gates, A needs it, B needs A; C needs one that is not in the book."""
    result = told(
        scheme("A", requires="D"), scheme("B", requires="A"), scheme("C", requires="Z"), scheme("D")
    )
    assert chosen(result) == []
    a = reason(result, "A")
    assert a.startswith("it requires D, which cannot be chosen: not eligible: gate G3 has not been")
    assert reason(result, "B") == f"it requires A, which cannot be chosen: {a}"
    assert reason(result, "C") == "it requires Z, which cannot be chosen: it is not in the book"


# -- open starts ------------------------------------------------------------------------------------


@pytest.mark.parametrize(("recurrence", "second"), [("recurrent", 12 * M), ("non_recurrent", 0)])
def test_one_that_states_no_start_may_run_from_the_first_month_and_is_told(
    recurrence: str, second: int
) -> None:
    result = told(scheme("A", start="", recurrence=recurrence), years=2)
    assert (saved(result), saved(result, year="2027-28")) == (12 * M, second)
    (said,) = (f for f in result.findings if f.code == "SCHEME_START_OPEN")
    assert (said.severity, said.organisation, said.where) == (
        "information",
        "RX1",
        "schemes row 2",
    )
    assert "any month of 2026/27 is open" in said.message
    dated = told(scheme("A"))
    assert not [f for f in dated.findings if f.code == "SCHEME_START_OPEN"]


def test_one_whose_shares_make_no_sense_is_not_eligible() -> None:
    result = told(scheme("A", low="0.9", mode="0.5", high="0.7"), scheme("B"))
    assert chosen(result) == ["B"]
    assert reason(result, "A") == "not eligible: its chance or the shares it delivers make no sense"


# -- whose schemes ----------------------------------------------------------------------------------


def test_a_body_asked_about_alone_leaves_the_schemes_of_others_and_their_faults_out() -> None:
    made = scheme_books.book("A", "B", schemes=[scheme("A"), scheme("B", "CB1", start="")])
    result = verbs.portfolio(position_of(made), year=YEAR, organisation="RX1")
    assert (chosen(result), saved(result)) == (["A"], 12 * M)
    assert reason(result, "B") == "it belongs to CB1, which was not asked about"
    assert [f for f in result.findings if f.code == "SCHEME_START_OPEN"] == []
    rows = {row["scheme"]: row for row in result.tables["schemes"]}
    assert (rows["B"]["eligible"], rows["B"]["considered"]) == (True, False)


def test_one_that_begins_after_the_year_is_left_out_with_its_day() -> None:
    result = told(scheme("A", start="2027-05-01"))
    assert reason(result, "A") == ("its earliest start, 2027-05-01, is after the years asked about")
    later = told(scheme("A", start="2027-05-01"), years=2)
    assert saved(later, year="2027-28") == 11 * M


# -- shared opportunities ---------------------------------------------------------------------------


def beds(value: str) -> Cells:
    cells = {"id": "OP", "view": "peers", "organisation": "RX1", "category": "Beds"}
    return {**cells, "value": value, "unit": "£m"}


@pytest.mark.parametrize(
    ("value", "saving"),
    [("30", 24 * M), ("24", 24 * M), ("20", 20 * M), ("12", 12 * M), ("8", 8 * M), ("0", 0)],
)
def test_two_that_draw_on_one_opportunity_save_no_more_than_it_holds(
    value: str, saving: int
) -> None:
    drawn = [scheme(code, opportunity="OP") for code in "AB"]
    result = told(*drawn, opportunities=[beds(value)])
    assert saved(result) == saving


def test_the_one_that_is_cut_says_so_and_the_cap_is_named_where_it_binds() -> None:
    """A saves its 12 from April; of B's 12 the opportunity leaves 8."""
    drawn = [scheme(code, opportunity="OP") for code in "AB"]
    result = told(*drawn, opportunities=[beds("20")])
    rows = {row["scheme"]: row for row in result.tables["schemes"]}
    assert sorted(row["saving_pence"] for row in rows.values()) == [8 * M, 12 * M]
    (cut,) = (row for row in rows.values() if row["saving_pence"] == 8 * M)
    assert str(cut["reason"]).endswith(
        "which is what others that draw on the same opportunity leave to it"
    )
    (binding,) = result.tables["binding"]
    assert (binding["constraint"], binding["limit"], binding["used"]) == (
        "opportunity OP drawn on by A, B",
        20 * M,
        20 * M,
    )
    assert (binding["organisation"], binding["where"]) == ("RX1", "opportunities row 2")


# -- what nobody could read -------------------------------------------------------------------------


def lost(**more: str) -> Cells:
    return {
        "organisation": "RX1",
        "year": YEAR,
        "limit": "harm_ceiling",
        "value": "twelve",
        **more,
    }


EFFECT = {"scheme": "A", "organisation": "RX1", "share": "half"}
STOPS: list[tuple[str, Cells, bool]] = [
    ("limits", lost(), True),
    ("limits", lost(year="2027-28"), False),
    ("opportunities", {**beds("£ twelve"), "unit": "€"}, True),
    ("opportunities", {**beds("5"), "id": "OTHER", "unit": "€"}, False),
    ("effects", EFFECT, True),
    ("effects", {**EFFECT, "scheme": "B"}, False),
    ("amounts", {"organisation": "RX1", "line": "pay", "year": YEAR, "amount": "x"}, False),
]


@pytest.mark.parametrize(("table", "row", "stops"), STOPS)
def test_nothing_is_chosen_while_a_row_that_the_choice_would_use_cannot_be_read(
    table: str, row: Cells, stops: bool
) -> None:
    result = told(scheme("A", opportunity="OP"), scheme("D"), **{table: [row]})
    rows = {str(one["scheme"]): one for one in result.tables["schemes"]}
    assert chosen(result) == ([] if stops else ["A"])
    if not stops:
        assert saved(result) == 12 * M
        return
    why = f"{table} row 2 could not be read, and a safe choice would have used it"
    assert result.words == (f"No scheme is chosen: {why}. Mend it, and ask again.",)
    assert {one.id.split("/")[0] for one in result.figures} == {
        "portfolio_saving",
        "portfolio_bound",
    }
    assert all(one.value is None and one.unknown == "stopped" for one in result.figures)
    assert (rows["A"]["reason"], rows["A"]["eligible"]) == (f"nothing is chosen: {why}", True)
    assert (rows["A"]["full_year_pence"], rows["A"]["harm"]) == (12 * M, 6)
    assert str(rows["D"]["reason"]).startswith("not eligible: ")
    assert (rows["D"]["full_year_pence"], rows["D"]["harm"]) == (None, None)
    assert any(f.severity == "error" and f.where == f"{table} row 2" for f in result.findings)


def test_a_total_that_stands_has_a_shortfall_that_cannot_be_told_and_three_rows_are_named() -> None:
    total = {
        "organisation": "RX1",
        "year": YEAR,
        "amount": "0",
        "unit": "£m",
        "status": "accepted",
        "set_on": "2026-03-01",
        "includes_support": "no",
    }
    result = told(scheme("A"), limits=[lost()] * 5, control_totals=[total])
    assert [one.organisation for one in result.figures if one.measure == "shortfall"] == ["RX1"]
    assert "limits row 2 and limits row 3 and limits row 4 and 2 more rows" in result.words[0]
    three = told(scheme("A"), limits=[lost()] * 3)
    assert "row 4 could not be read" in three.words[0]


@pytest.mark.parametrize(("provider", "stops"), [("RX1", True), ("SYS", False)])
def test_a_contract_that_nobody_could_read_stops_the_choice_where_a_scheme_rests_on_it(
    provider: str, stops: bool
) -> None:
    row = {"commissioner": "CB1", "provider": provider, "year": YEAR, "kind": "blended"}
    contracts = [{**row, "variable_share": "half"}]
    result = told(scheme("A", "CB1", provider="RX1"), contracts=contracts)
    assert any("contracts row 2 could not be read" in text for text in result.words) is stops
