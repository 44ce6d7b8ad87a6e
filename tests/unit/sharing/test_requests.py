"""Who is asked, for what and by which policies; and what they hold of one pot and can still save."""

from __future__ import annotations

import pytest

from controltotal.core.errors import BookError
from controltotal.core.result import Answer, Result
from controltotal.sharing.answer import (
    Request,
    _nation_or_top,
    _one_pot,
    _policies,
    _refuse,
    answer_share,
    payers_of,
    recorded_neighbours,
    scope_of,
)
from controltotal.sharing.book import (
    burden_limits,
    opportunity_left,
    payer_inputs,
    places_of,
    where,
    whole_allocation,
)
from controltotal.sharing.policy import POLICIES
from controltotal.workings.workings import Workings
from tests.strategies import YEAR, Book, Cells, amount, position_of

BODIES: list[Cells] = [
    {"code": "N", "name": "Nation", "kind": "nation"},
    {"code": "R", "name": "Region", "kind": "region", "parent": "N"},
    {"code": "S", "name": "System", "kind": "system", "parent": "R"},
    {"code": "C", "name": "Board", "kind": "commissioner", "parent": "S"},
    {"code": "P", "name": "Trust", "kind": "provider", "parent": "S"},
    {"code": "Q", "name": "Pool", "kind": "pool", "parent": "S"},
    {"code": "S2", "name": "Other system", "kind": "system", "parent": "R"},
]
BOOK: Book = {"organisations": BODIES, "amounts": [amount("C", "allocation", 100)]}
POSITION = position_of(BOOK)


def ask(**given: object) -> Request:
    return Request(**{"year": YEAR, **given})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "policies", "formula"),
    [
        ("all", POLICIES, ""),
        ("", POLICIES, ""),
        ("capped, top-slice,,capped", ("capped", "top_slice"), ""),
        ("formula: a / b ", ("formula",), "a / b"),
        ("Formula: a : b", ("formula",), "a : b"),
    ],
)
def test_policies_are_named_with_commas_or_one_is_a_formula(
    text: str, policies: tuple[str, ...], formula: str
) -> None:
    assert _policies(text) == (policies, formula)
    assert (ask(policy=text).policies, ask(policy=text).formula) == (policies, formula)


@pytest.mark.parametrize(
    ("given", "why"),
    [
        ({"policy": "fairness"}, "--policy reads 'fairness'"),
        ({"givers": ("X",)}, "no organisation X"),
        ({"receiver": "X"}, "no organisation X"),
        ({"organisation": "X"}, "no organisation X"),
        ({"givers": ("S", "S2"), "receiver": "S"}, "both gives and receives"),
        ({"givers": ("S", "S")}, "named twice"),
        ({"gap": -1}, "below nil"),
        ({"year": ""}, "no year"),
        ({"repay_years": 0}, "1 to 50"),
        ({"repay_years": 51}, "1 to 50"),
    ],
)
def test_what_cannot_be_asked_is_refused(given: dict[str, object], why: str) -> None:
    with pytest.raises(BookError, match=why):
        _refuse(POSITION, ask(**given))


@pytest.mark.parametrize("given", [{"gap": 0}, {"repay_years": 1}, {"repay_years": 50}])
def test_the_ends_of_what_may_be_asked_may_be_asked(given: dict[str, object]) -> None:
    _refuse(POSITION, ask(**given))
    result = answer_share(Workings(POSITION), 0, ask(**given))
    assert result.options["gap"] == 0


@pytest.mark.parametrize(
    ("given", "payers"),
    [
        ({"givers": ("S2", "S")}, ("S", "S2")),
        ({"receiver": "S"}, ("S2",)),
        ({"receiver": "N"}, ("R",)),
        ({}, ("S", "S2")),  # the region is the first with more than one below it
        ({"organisation": "S"}, ("C", "P")),  # a pool holds no money of its own
        ({"organisation": "S2"}, ()),
        ({"organisation": "R", "pot": True}, ("C", "P", "S2")),
        ({"organisation": "R", "pot": True, "receiver": "P"}, ("C", "S2")),
    ],
)
def test_who_pays_where_nobody_is_named(given: dict[str, object], payers: tuple[str, ...]) -> None:
    assert payers_of(POSITION, ask(**given)) == payers


@pytest.mark.parametrize(
    ("codes", "scope"),
    [
        (("C", "P"), "S"),
        (("C", "S2"), "R"),
        (("S",), "R"),
        (("N", "S"), "ENGLAND"),
        ((), "ENGLAND"),
    ],
)
def test_a_whole_is_named_by_the_nearest_body_above_all(codes: tuple[str, ...], scope: str) -> None:
    assert scope_of(POSITION, codes, YEAR) == scope


def test_what_is_raised_nationally_stands_with_the_nation_where_the_book_has_one() -> None:
    assert _nation_or_top(POSITION, YEAR, "S") == "N"
    assert _nation_or_top(POSITION, YEAR, "N") == "N"
    assert _nation_or_top(POSITION, YEAR, "ENGLAND") == "ENGLAND"
    alone = position_of({**BOOK, "organisations": BODIES[3:5]})
    assert _nation_or_top(alone, YEAR, "C") == "ENGLAND"


def test_neighbours_are_those_who_help_the_receiver_in_the_year() -> None:
    row: Cells = {
        "from": "S2",
        "to": "S",
        "year": YEAR,
        "amount": "1",
        "kind": "neighbour_support",
        "mechanism": "resource_transfer",
        "status": "agreed",
    }
    rows = [
        {**row, "id": "1"},
        {**row, "id": "2", "from": "R", "status": "proposed"},
        {**row, "id": "3", "from": "C", "status": "refused"},
        {**row, "id": "4", "from": "C", "year": "2025-26"},
        {**row, "id": "5", "from": "C", "to": "P"},
        {**row, "id": "6", "from": "C", "kind": "top_slice"},
    ]
    position = position_of({**BOOK, "transfers": rows})
    assert recorded_neighbours(position, ask(receiver="S")) == ("R", "S2")


def test_the_part_of_one_pot_is_what_each_spends_itself_to_the_penny() -> None:
    """Of 100 the board pays 60 and 7 to the trust, which has 20 more from elsewhere."""
    paid = {"counterparty": "C"}
    rows = [
        amount("C", "allocation", 100),
        amount("P", "patient_care_income", 60, **paid),
        amount("P", "patient_care_income", 7, **paid, recurrence="non_recurrent"),
        amount("P", "other_income", 20),
        amount("P", "pay", 80),
        amount("P", "patient_care_income", 900, **paid, basis="forecast"),
        amount("P", "patient_care_income", 900, **paid, scenario="high"),
        amount("S2", "patient_care_income", 900, **paid),
    ]
    totals = Workings(position_of({**BOOK, "amounts": rows})).totals
    pot = _one_pot(totals, YEAR, payer_inputs(totals, YEAR, ("C", "P")))
    assert pot["C"].payer.allocation == 3_300
    trust = _one_pot(totals, YEAR, payer_inputs(totals, YEAR, ("P",)))
    assert trust["P"].payer.allocation == totals.income("P", YEAR, "plan").pence


def opportunities(**pence: int | None) -> Result:
    """The total of each body; one that is bounded only is at least 300 pence."""
    answer = Answer("opportunities", "book", {})
    for code, value in pence.items():
        name = f"opportunity_total/{code}/{YEAR}/plan"
        answer.figure(f"{name}/lower", 300, rule="")
        answer.figure(
            f"{name}/netted",
            value,
            low=300,
            high=900,
            status="ok" if value is not None else "bounded",
            rule="",
        )
    return answer.result()


def test_an_opportunity_is_left_less_what_the_plan_takes_of_it_to_the_penny() -> None:
    """P has 10 in two lists: schemes take 2 and 1 of the first and, of 4, all of the second."""
    listed = [
        {"id": name, "view": "v", "organisation": body, "category": "c", "year": YEAR}
        | {"value": str(pounds), "unit": "£"}
        for name, body, pounds in (("O1", "P", 6), ("O2", "P", 4), ("O3", "C", 5))
    ]
    scheme = {"organisation": "P", "title": "t", "recurrence": "recurrent", "unit": "£"}
    schemes = [
        {
            **scheme,
            "id": "A",
            "maturity": "in_progress",
            "full_year_effect": "2",
            "opportunity": "O1",
        },
        {
            **scheme,
            "id": "B",
            "maturity": "in_progress",
            "full_year_effect": "1",
            "opportunity": "O1",
        },
        {
            **scheme,
            "id": "D",
            "maturity": "opportunity",
            "full_year_effect": "9",
            "opportunity": "O1",
        },
        {
            **scheme,
            "id": "E",
            "maturity": "opportunity",
            "in_plan": "yes",
            "full_year_effect": "9",
            "opportunity": "O2",
        },
    ]
    position = position_of({**BOOK, "opportunities": listed, "schemes": schemes})
    assert opportunity_left(position, YEAR, opportunities(P=1_000, C=500)) == {"P": 300, "C": 500}
    assert opportunity_left(position, YEAR, opportunities(P=None, C=500)) == {"P": 0, "C": 500}
    assert opportunity_left(position, "2027-28", opportunities(P=1_000)) == {}


@pytest.mark.parametrize(
    ("codes", "year", "found"),
    [
        (("QUE",), "2024-25", ("system", "2024")),
        (("QUE",), "2025-26", ("system", "2024")),
        (("QUE", "QH8"), "2025-26", ("system", "2024")),
        (("QUE", "NOBODY"), "2025-26", None),
        (("NOBODY",), "2025-26", None),
        ((), "2025-26", None),
    ],
)
def test_the_map_of_a_year_on_which_all_of_them_stand(
    codes: tuple[str, ...], year: str, found: tuple[str, str] | None
) -> None:
    assert places_of(codes, year) == found


def test_before_2024_the_map_is_an_older_one() -> None:
    older = places_of(("QUE",), "2023-24")
    assert older is not None and older[1] < "2024"


def test_an_allocation_is_not_summed_around_a_board_that_states_none() -> None:
    bodies = [
        *BODIES,
        {"code": "C2", "name": "Second board", "kind": "commissioner", "parent": "S"},
    ]
    one = amount("C", "allocation", 100)

    def whole(*rows: Cells) -> int | None:
        totals = Workings(position_of({"organisations": bodies, "amounts": [one, *rows]})).totals
        return whole_allocation(totals, "S", YEAR).pence

    assert whole() is None
    assert whole(amount("C2", "allocation", 20)) == 12_000
    assert whole(amount("S", "allocation", 99)) == 9_900  # stated for the whole


def test_limits_of_a_burden_are_money_or_a_share_of_the_gap() -> None:
    limit = {"limit": "share_of_burden", "year": YEAR}
    rows = [
        {**limit, "organisation": "S", "value": "0.25", "unit": "share"},
        {**limit, "organisation": "S2", "value": "3", "unit": "£"},
        {**limit, "organisation": "C", "value": "3", "unit": "£", "year": "2025-26"},
        {**limit, "organisation": "P", "value": "3", "unit": "£", "group": "Surgery"},
    ]
    found = burden_limits(position_of({**BOOK, "limits": rows}), YEAR, 1_001)
    assert {code: ceiling for code, (ceiling, _) in found.items()} == {"S": 250, "S2": 300}


def test_the_rows_in_which_bodies_stand_are_named_in_order() -> None:
    totals = Workings(POSITION).totals
    known = payer_inputs(totals, YEAR, ("S", "C"))
    assert where(known, ("C", "S", "X")) == "organisations row 4, row 5"
    assert where(known, ()) == "organisations"
    told = payer_inputs(totals, YEAR, ("S", "C"), {"C": 7})
    assert (told["C"].payer.opportunity, told["S"].payer.opportunity) == (7, None)
