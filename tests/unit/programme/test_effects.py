"""On whom a saving falls: as stated, by the contract with the provider, or on its own body alone."""

from __future__ import annotations

from fractions import Fraction

import pytest

from controltotal.programme.effects import Effect, Effects
from tests.small_books import TREE, book
from tests.strategies import YEAR, Cells, amount, position_of

LATER = "2027-28"
BODIES: list[Cells] = [
    *TREE,
    {"code": "C1", "name": "Board", "kind": "commissioner", "parent": "S1"},
]
SCHEME: Cells = {
    "id": "A",
    "organisation": "C1",
    "provider": "T1",
    "title": "Beds",
    "recurrence": "recurrent",
    "maturity": "in_progress",
    "full_year_effect": "12",
}


def effect(
    *effects: Cells, year: str = YEAR, kind: str = "", share: str = "", **cells: str
) -> Effect:
    contract = {"commissioner": "C1", "provider": "T1", "year": YEAR, "kind": kind}
    if share:
        contract["variable_share"] = share
    tables = {"schemes": [{**SCHEME, **cells}], "effects": list(effects)}
    if kind:
        tables["contracts"] = [contract]
    position = position_of(book(amount("C1", "position", 0), tree=BODIES, **tables))
    (scheme,) = position.book.schemes
    return Effects(position).of(scheme, year)


def shares(found: Effect) -> tuple[str, dict[str, Fraction]]:
    return found.how, dict(found.shares)


@pytest.mark.parametrize(
    ("kind", "share", "how", "falls"),
    [
        ("block", "", "block", {"C1": 0, "T1": 0}),
        ("activity", "", "activity", {"C1": 1, "T1": -1}),
        ("blended", "0.2", "blended", {"C1": Fraction(1, 5), "T1": Fraction(-1, 5)}),
        ("blended", "", "unknown", {"C1": 1}),
        ("activity", "0.2", "activity", {"C1": 1, "T1": -1}),
        ("", "", "unknown", {"C1": 1}),
    ],
)
def test_a_contract_says_what_of_a_saving_the_provider_loses(
    kind: str, share: str, how: str, falls: dict[str, Fraction]
) -> None:
    found = effect(kind=kind, share=share)
    assert shares(found) == (how, falls)
    assert len(found.entries) == (0 if how == "unknown" else 1)


def test_a_contract_of_another_year_says_nothing() -> None:
    assert shares(effect(kind="block", year=LATER)) == ("unknown", {"C1": 1})


def test_a_scheme_without_a_provider_or_at_its_own_falls_on_its_own_body() -> None:
    assert shares(effect(provider="", kind="block")) == ("own", {"C1": 1})
    assert shares(effect(organisation="T1", kind="block")) == ("own", {"T1": 1})


def test_effects_that_are_stated_stand_before_any_contract() -> None:
    rows = [
        {"scheme": "A", "organisation": "C1", "share": "1"},
        {"scheme": "A", "organisation": "T1", "share": "-0.65"},
    ]
    found = effect(*rows, kind="block")
    assert shares(found) == ("effects", {"C1": 1, "T1": Fraction(-13, 20)})
    assert found.total == Fraction(7, 20) and len(found.entries) == 2


def made(how: str = "effects", **falls: str) -> Effect:
    return Effect(tuple((code, Fraction(share)) for code, share in falls.items()), how)


def test_a_saving_is_split_to_the_penny_gains_and_losses_each_for_themselves() -> None:
    """101 pence: gains of a third, two thirds; a loss of a half is 50.5 and rounds to even."""
    assert made(A="1/3", B="2/3").split(101) == {"A": 34, "B": 67}
    assert made(A="1", B="-1/2").split(101) == {"A": 101, "B": -50}
    assert made(A="1", B="0").split(101) == {"A": 101}
    assert made(A="-1/4", B="-1/4").split(100) == {"A": -25, "B": -25}
    assert made(B="1", A="-1").split(-8) == {"B": -8, "A": 8}
    assert list(made(B="-1", A="1").split(8)) == ["B", "A"]


def test_whether_anybody_gains_or_loses() -> None:
    assert made(A="1", B="-1").moves and not made(A="0", B="0").moves
    assert made(A="1", B="-1").total == 0


@pytest.mark.parametrize(
    ("how", "falls", "said"),
    [
        ("own", {"A": "1"}, "its own body saves it"),
        (
            "block",
            {"A": "0", "B": "0"},
            "nothing is saved under a block contract: the provider is paid the same",
        ),
        (
            "unknown",
            {"A": "1"},
            "no contract says how the provider is paid, so its loss is not counted",
        ),
        (
            "activity",
            {"A": "1", "B": "-1"},
            "zero-sum within the system: what Board gains, B loses",
        ),
        ("effects", {"A": "1", "B": "-0.65"}, "worth 0.35 in the pound to the system"),
        ("effects", {"A": "0.5", "B": "-0.65"}, "worth -0.15 in the pound to the system"),
    ],
)
def test_what_a_scheme_is_worth_in_words(how: str, falls: dict[str, str], said: str) -> None:
    assert made(how, **falls).words({"A": "Board"}) == said


def test_what_falls_on_a_merged_body_falls_on_its_heirs() -> None:
    tree = [
        {**BODIES[0]},
        {**BODIES[1], "to": "2027-03-31"},
        BODIES[2],
        BODIES[3],
    ]
    heirs = [
        {"predecessor": "T1", "successor": "T2", "on": "2027-04-01", "share": "0.75"},
        {"predecessor": "T1", "successor": "C1", "on": "2027-04-01", "share": "0.25"},
    ]
    position = position_of(book(amount("C1", "position", 0), tree=tree, successions=heirs))
    found = made(C1="1", T1="-1/2")
    assert found.on_heirs(position.tree, YEAR) is found
    assert dict(found.on_heirs(position.tree, LATER).shares) == {
        "C1": Fraction(7, 8),
        "T2": Fraction(-3, 8),
    }
