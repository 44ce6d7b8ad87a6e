"""A row that refuses and names no one scheme keeps out every scheme that it may mean, and no other."""

from __future__ import annotations

import random

import pytest

from controltotal.accounts.checks.schemes import schemes
from controltotal.workings.workings import Workings
from tests.scheme_books import Book, book, scheme
from tests.strategies import position_of

EVERY = (
    "all",
    "",
    "*",
    "every scheme",
    "All schemes",
    "n/a",
    "TBC",
    "-",
    "the whole programme",
    "Various",
)
REFUSALS = {
    "panel": (
        "gates",
        {"gate": "QIA", "on": "2026-05-20", "by": "P", "role": "panel", "outcome": "reject"},
    ),
    "gate": ("gates", {"gate": "G3", "on": "2026-05-20", "by": "Board", "outcome": "failed"}),
    "equality": ("gates", {"gate": "EQIA", "on": "2026-05-20", "by": "E", "outcome": "stop"}),
    "wait": (
        "gates",
        {
            "gate": "QIA",
            "on": "2026-05-20",
            "by": "P",
            "role": "panel",
            "outcome": "more information",
        },
    ),
    "outcome": (
        "assessments",
        {
            "profile": "classic",
            "domain": "safety",
            "likelihood": "2",
            "consequence": "2",
            "outcome": "reject",
        },
    ),
    "score": (
        "assessments",
        {"profile": "classic", "domain": "safety", "likelihood": "5", "consequence": "3"},
    ),
    "condition": (
        "conditions",
        {"gate": "G3", "text": "Rota", "kind": "before_start", "due": "2026-06-01"},
    ),
    "engagement": ("engagements", {"duty": "council_consultation", "from": "2026-05-20"}),
}
HONEST = {
    "a pass": (
        "gates",
        {"gate": "QIA", "on": "2026-05-20", "by": "P", "role": "panel", "outcome": "approve"},
    ),
    "a mild score": (
        "assessments",
        {"profile": "classic", "domain": "safety", "likelihood": "2", "consequence": "2"},
    ),
    "a condition met": (
        "conditions",
        {
            "gate": "G3",
            "text": "Rota",
            "kind": "before_start",
            "due": "2026-05-01",
            "met_on": "2026-05-01",
        },
    ),
}


def three(table: str, **row: str) -> Workings:
    """Two schemes of the trust and one of the board, and a row of evidence."""
    made: Book = book("T1", "T2", "C1")
    made["schemes"][2] = scheme("C1", organisation="CB1", service="Prescribing")
    made.setdefault(table, []).append(row)
    return Workings(position_of(made))


def counted(workings: Workings) -> set[str]:
    return set(workings.savings.by_id)


@pytest.mark.parametrize("kind", REFUSALS)
@pytest.mark.parametrize("said", EVERY)
def test_no_scheme_counts_while_nobody_can_tell_whom_a_row_refuses(kind: str, said: str) -> None:
    table, row = REFUSALS[kind]
    workings = three(table, scheme=said, **row)
    assert counted(workings) == set()
    found = [one for one in schemes(workings) if one.code == "REFUSAL_OF_NO_SCHEME"]
    assert len(found) == 1 and found[0].severity == "error"
    assert found[0].where.startswith(table) and "(T1, T2, C1)" in found[0].message


@pytest.mark.parametrize(
    "said", ["RX1", "Trust", "all of RX1", "All trust schemes", "Surgery", "all surgery"]
)
def test_a_row_that_names_a_body_or_a_service_keeps_out_its_schemes(said: str) -> None:
    table, row = REFUSALS["panel"]
    assert counted(three(table, scheme=said, **row)) == {"C1"}


def test_a_row_beside_an_organisation_keeps_out_its_schemes_and_those_below_it() -> None:
    table, row = REFUSALS["panel"]
    assert counted(three(table, scheme="all", organisation="CB1", **row)) == {"T1", "T2"}
    assert counted(three(table, scheme="", organisation="Trust", **row)) == {"C1"}
    assert counted(three(table, scheme="all", organisation="SYS", **row)) == set()
    assert counted(three(table, scheme="all", organisation="Nobody", **row)) == set()


@pytest.mark.parametrize("kind", HONEST)
def test_a_row_that_refuses_nothing_keeps_nobody_out(kind: str) -> None:
    table, row = HONEST[kind]
    for said in EVERY:
        assert counted(three(table, scheme=said, **row)) == {"T1", "T2", "C1"}


def test_a_refusal_of_a_scheme_that_is_not_in_the_book_keeps_nobody_out() -> None:
    draw = random.Random(7)
    table, row = REFUSALS["panel"]
    for _ in range(30):
        said = f"{draw.choice(['S', 'EST-', 'Scheme ', ''])}{draw.randint(3, 99)}"
        assert counted(three(table, scheme=said, **row)) == {"T1", "T2", "C1"}
