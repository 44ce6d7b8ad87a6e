"""Support under every mechanism, before savings are made and after: two givers of 3 and 2."""

from __future__ import annotations

import pytest

from controltotal.workings.cases import support_cases
from tests.strategies import YEAR, Book, Cells, position_of

BODIES: list[Cells] = [
    {"code": "N", "name": "Nation", "kind": "nation"},
    {"code": "R", "name": "Region", "kind": "region", "parent": "N"},
    *({"code": c, "name": c, "kind": "system", "parent": "R"} for c in "ABT"),
]
GIFT: Cells = {
    "to": "T",
    "year": YEAR,
    "kind": "neighbour_support",
    "mechanism": "resource_transfer",
    "status": "agreed",
}
ROWS: list[Cells] = [
    {**GIFT, "id": "1", "from": "A", "amount": "3"},
    {**GIFT, "id": "2", "from": "B", "amount": "2", "status": "proposed"},
    {**GIFT, "id": "3", "from": "B", "amount": "99", "status": "refused"},
]
BOOK: Book = {"organisations": BODIES, "transfers": ROWS}
SURPLUS = {"T": -1_000, "R": -4_000}


def cases(book: Book = BOOK, **surplus: int) -> dict[tuple[str, str], dict[str, int | None]]:
    """By mechanism and stage: what stands at each body."""
    known = surplus or SURPLUS
    found: dict[tuple[str, str], dict[str, int | None]] = {}
    for row in support_cases(position_of(book), lambda code, year: known.get(code)):
        assert row["group"] == f"neighbour_support-T-{YEAR}"
        of = found.setdefault((str(row["mechanism"]), str(row["stage"])), {})
        of[f"{row['role']} {row['organisation']}"] = row["pence"]  # type: ignore[assignment]
    return found


@pytest.mark.parametrize(
    ("mechanism", "stage", "first", "second", "receiver", "region"),
    [
        ("resource_transfer", "before", -300, -200, -500, -4_000),
        ("resource_transfer", "after", 0, 0, -500, -3_500),
        ("position_improvement", "before", 0, 0, -1_000, -4_000),
        ("position_improvement", "after", 300, 200, -1_000, -3_500),
        ("allocation_reduction", "before", -300, -200, -1_000, -4_000),
        ("allocation_reduction", "after", 0, 0, -1_000, -3_500),
    ],
)
def test_what_each_mechanism_does_before_savings_and_after(
    mechanism: str, stage: str, first: int, second: int, receiver: int, region: int
) -> None:
    assert cases()[mechanism, stage] == {
        "giver A": first,
        "giver B": second,
        "receiver T": receiver,
        "region R": region,
    }


def test_where_a_position_is_not_known_only_the_givers_change_is_told() -> None:
    told = cases(A=1)["resource_transfer", "before"]
    assert told == {"giver A": -300, "giver B": -200, "receiver T": None, "region R": None}


def test_without_a_region_the_nearest_body_above_all_stands_for_it() -> None:
    bodies: list[Cells] = [
        {"code": "N", "name": "Nation", "kind": "nation"},
        {"code": "S", "name": "System", "kind": "system", "parent": "N"},
        *({"code": c, "name": c, "kind": "provider", "parent": "S"} for c in "AT"),
        {"code": "B", "name": "B", "kind": "provider", "parent": "N"},
    ]
    told = cases({"organisations": bodies, "transfers": ROWS}, T=0, N=0, S=0)
    assert "region N" in told["resource_transfer", "before"]
    near = cases({"organisations": bodies, "transfers": ROWS[:1]}, T=0, N=0, S=0)
    assert "region S" in near["resource_transfer", "before"]


def test_a_region_that_receives_is_its_own() -> None:
    rows = [{**ROWS[0], "to": "R"}]
    found = support_cases(position_of({**BOOK, "transfers": rows}), lambda code, year: 100)
    assert {row["organisation"] for row in found if row["role"] == "region"} == {"R"}
