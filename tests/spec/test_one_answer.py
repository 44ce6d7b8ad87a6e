"""Where the rows leave a meaning open, no number is told; where they settle it, every verb tells it.

The books are small and made up; every expected number is worked by hand beside its test.
"""

from __future__ import annotations

from fractions import Fraction
from itertools import product
from typing import Any

import pytest

from controltotal import verbs
from tests.answers import Answer, answer_of
from tests.reckoning_books import FIRST, SECOND, amount
from tests.strategies import Cells, control_total, position_of

Book = dict[str, list[Cells]]


def ask(verb: str, book: Book, **options: Any) -> Answer:
    """A verb's answer about a book, as JSON tells it."""
    return answer_of(getattr(verbs, verb)(position_of(book), **options))


# -- successions that do not divide the whole ------------------------------------------------------
# A lends P 1,200 in the first year, to be repaid in the second; P closes between them.


def merger(*shares: str, closed: bool = True) -> Book:
    """The book in which P is followed by H1, H2 … with these shares."""
    heirs = [f"H{number}" for number in range(1, len(shares) + 1)]
    rows: list[Cells] = [{"code": "S", "name": "S", "kind": "system"}]
    rows += [{"code": code, "name": code, "kind": "provider", "parent": "S"} for code in ("A", "P")]
    if closed:
        rows[-1]["to"] = "2027-03-31"
    begun = {"kind": "provider", "parent": "S", "from": "2027-04-01"}
    rows += [{"code": code, "name": code, **begun} for code in heirs]
    later = ["A", *heirs] + ([] if closed else ["P"])
    lent = {"id": "T", "from": "A", "to": "P", "year": FIRST, "amount": "1200"}
    return {
        "organisations": rows,
        "successions": [
            {"predecessor": "P", "successor": heir, "on": "2027-04-01", "share": share}
            for heir, share in zip(heirs, shares, strict=True)
        ],
        "amounts": [
            *(amount(code, "position", 0) for code in ("A", "P")),
            *(amount(code, "position", 0, year=SECOND) for code in later),
        ],
        "transfers": [
            {
                **lent,
                "kind": "neighbour_support",
                "mechanism": "resource_transfer",
                "status": "agreed",
                "repay_from": SECOND,
                "repay_years": "1",
            }
        ],
    }


WRONG = [("0.6",), ("0.5", "0.4"), ("0.7", "0.6"), ("", ""), ("1", "1"), ("0.3", "0.3", "0.3")]
WHOLE = [("1",), ("",), ("0.5", "0.5"), ("0.7", "0.3"), ("0.25", "0.25", "0.5")]


@pytest.mark.parametrize("shares", WRONG)
def test_shares_that_do_not_make_the_whole_of_a_closed_body_leave_the_claim_untold(
    shares: tuple[str, ...],
) -> None:
    """Nobody knows who repays, so neither the lender's position nor an heir's can be told."""
    book = merger(*shares)
    found = ask("check", book)
    assert [f["severity"] for f in found.findings if f["code"] == "SUCCESSION_SHARES"] == ["error"]
    position, share = ask("position", book), ask("share", book)
    for code in ("A", "H1"):
        figure = position.figures[f"surplus_with_support/{code}/{SECOND}/plan"]
        assert (figure["value"], figure["status"]) == (None, "indeterminate"), code
    assert set(share.told("balance_owed").values()) == {None}
    assert share.told("repayment") == {}
    # the year of the loan is before the merger, and is told: A (1,200), P 1,200
    assert position.value(f"surplus_with_support/A/{FIRST}/plan") == -120_000
    assert position.value(f"surplus_with_support/P/{FIRST}/plan") == 120_000


@pytest.mark.parametrize("shares", WHOLE)
def test_shares_that_make_the_whole_divide_the_claim_to_the_penny(shares: tuple[str, ...]) -> None:
    book = merger(*shares)
    assert "SUCCESSION_SHARES" not in ask("check", book).codes
    position = ask("position", book)
    assert position.value(f"surplus_with_support/A/{SECOND}/plan") == 120_000
    for number, share in enumerate(shares, start=1):
        told = position.value(f"surplus_with_support/H{number}/{SECOND}/plan")
        assert told == -120_000 * Fraction(share or "1")


@pytest.mark.parametrize(("share", "place"), list(product(("0.4", "0.75"), range(1))))
def test_a_body_that_goes_on_keeps_what_its_successors_do_not_take(share: str, place: int) -> None:
    """P divides and stays: it repays what the heir does not."""
    book = merger(share, closed=False)
    assert "SUCCESSION_SHARES" not in ask("check", book).codes
    position = ask("position", book)
    taken = int(120_000 * Fraction(share))
    assert position.value(f"surplus_with_support/H1/{SECOND}/plan") == -taken
    assert position.value(f"surplus_with_support/P/{SECOND}/plan") == taken - 120_000


# -- one support, stated twice ---------------------------------------------------------------------


def supported(income: int, given: int = 1_200) -> Book:
    """A gives P 1,200; P also states support income."""
    bodies = [{"code": c, "name": c, "kind": "provider", "parent": "S"} for c in ("A", "P")]
    return {
        "organisations": [{"code": "S", "name": "S", "kind": "system"}, *bodies],
        "amounts": [
            amount("A", "position", 0),
            amount("P", "position", -2_400),
            amount("P", "support_income", income),
        ],
        "transfers": [
            {
                "id": "T",
                "from": "A",
                "to": "P",
                "year": FIRST,
                "amount": str(given),
                "kind": "neighbour_support",
                "mechanism": "resource_transfer",
                "status": "agreed",
            }
        ],
        "control_totals": [control_total("P", 0, includes_support="yes")],
    }


def test_support_that_is_stated_twice_is_in_no_position() -> None:
    """An error that rests on these rows: (2,400) with 1,200 or with 2,400, nobody can say."""
    book = supported(1_200)
    assert "SUPPORT_TWICE" in ask("check", book).codes
    found = ask("position", book)
    for name in ("surplus_with_support", "measured", "gap"):
        assert found.value(f"{name}/P/{FIRST}/plan") is None, name
    assert found.value(f"surplus/P/{FIRST}/plan") == -240_000


def test_support_from_elsewhere_stands_beside_a_transfer() -> None:
    """(2,400) + 1,200 + 600 = (600), against nil: 600 short."""
    found = ask("position", supported(600))
    assert found.value(f"measured/P/{FIRST}/plan") == -60_000
    assert found.value(f"gap/P/{FIRST}/plan") == 60_000


# -- the draws of a figure -------------------------------------------------------------------------


def test_a_figure_of_risk_is_explained_with_the_draws_that_showed_it() -> None:
    """One risk of 2,400 at a half: the mean of 50 draws depends on the seed, and so does its tale."""
    book = supported(600)
    row = {"id": "R", "organisation": "P", "title": "Beds", "kind": "risk", "year": FIRST}
    book["risks"] = [{**row, "gross": "2400", "chance": "0.5"}]
    name = f"outturn_mean/P/{FIRST}/forecast"
    means = {}
    for seed in (1, 2, 3):
        means[seed] = ask("risk", book, draws=50, seed=seed).value(name)
        assert ask("explain", book, figure=name, draws=50, seed=seed).value(name) == means[seed]
    assert len(set(means.values())) > 1
