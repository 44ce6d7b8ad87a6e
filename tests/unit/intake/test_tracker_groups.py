"""A division said once for a block of schemes reaches each of them where something proves it."""

from __future__ import annotations

from collections.abc import Sequence

from controltotal.intake.model import Measure, Read, Value
from tests.intake_seen import Heading
from tests.unit.intake.test_trackers import codes, read, schemes

HEADINGS: list[Heading] = [
    ("Division", "directorate"),
    ("Ref", "scheme_id"),
    ("Scheme", "title"),
    ("FYE", "full_year_effect"),
    ("Plan", "money", Measure("plan", "year")),
]


def row(number: int, division: str | None = None, pounds: int = 10) -> list[Value]:
    return [division, f"S{number}", f"Scheme {number}", pounds, pounds]


def total(label: str, pounds: int) -> list[Value]:
    return [label, None, None, pounds, pounds]


def divisions(body: Sequence[Sequence[Value]]) -> tuple[Read, list[str]]:
    found = read(HEADINGS, body)
    assert not codes(found)
    return found, [one.get("directorate", "") for one in schemes(found).values()]


def words(found: Read) -> list[str]:
    return [f.message for f in found.findings if "Division" in f.message]


def test_a_subtotal_that_names_the_division_proves_it_for_its_rows() -> None:
    body = [
        row(1, "Surgery"),
        row(2),
        total("Surgery subtotal", 20),
        row(3, "Medicine"),
        row(4),
        row(5),
        total("Total Medicine", 30),
    ]
    found, said = divisions(body)
    assert said == ["Surgery"] * 2 + ["Medicine"] * 3
    (told,) = words(found)
    assert told.endswith("said once for a block of rows and is taken for all of them (3 cells).")


def test_a_row_that_holds_nothing_but_the_division_proves_it() -> None:
    body: list[list[Value]] = [
        ["Surgery", None, None, None, None],
        row(1),
        row(2),
        ["Medicine", None, None, None, None],
        row(3),
        row(4, "Estates"),
    ]
    assert divisions(body)[1] == ["Surgery", "Surgery", "Medicine", "Estates"]


def test_words_that_stand_once_each_above_blank_cells_prove_it() -> None:
    body = [row(1, "Surgery"), row(2), row(3), row(4, "Medicine"), row(5)]
    assert divisions(body)[1] == ["Surgery"] * 3 + ["Medicine"] * 2


def test_a_blank_that_nothing_proves_stays_empty_and_is_told() -> None:
    body = [row(1, "Surgery"), row(2, "Surgery"), row(3), row(4, "Medicine"), row(5, "Medicine")]
    found, said = divisions(body)
    assert said == ["Surgery", "Surgery", "", "Medicine", "Medicine"]
    (told,) = words(found)
    assert "nothing proves that the word above it holds" in told


def test_a_subtotal_of_another_name_proves_nothing() -> None:
    body = [row(1, "Surgery"), row(2), row(3, "Surgery"), total("Total of the trust", 30)]
    assert divisions(body)[1] == ["Surgery", "", "Surgery"]


def test_a_heading_does_not_reach_below_the_total_of_its_block() -> None:
    body: list[list[Value]] = [
        ["Surgery", None, None, None, None],
        row(1),
        row(2),
        total("Surgery total", 20),
        row(3),
        row(4, "Estates"),
    ]
    assert divisions(body)[1] == ["Surgery", "Surgery", "", "Estates"]
