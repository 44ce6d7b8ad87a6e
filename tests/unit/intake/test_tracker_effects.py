"""The full year effect of schemes of a tracker: what is stated, what stands for it, and what is asked."""

from __future__ import annotations

from controltotal.intake.model import Measure, Value
from tests.intake_seen import Heading
from tests.unit.intake.test_trackers import LABELS, PLAN, TOTAL, codes, money, read, schemes


def test_what_does_not_repeat_brings_its_year_where_its_full_year_effect_is_nought_or_blank() -> (
    None
):
    late: list[Value] = [0, 0, 0, 60, *[0] * 8]
    body: list[list[Value]] = [
        ["S1", "Rebate", "", "NR", "In delivery", "", 0, *late, 60],
        ["S2", "Sale", "", "NR", "In delivery", "", None, *late, 60],
        ["S3", "Stated", "", "NR", "In delivery", "", 90, *late, 60],
    ]
    found = read([*LABELS, *PLAN, TOTAL], body)
    assert not codes(found)
    effects = {id_: cells["full_year_effect"] for id_, cells in schemes(found).items()}
    assert effects == {"S1": "60", "S2": "60", "S3": "90"}
    assert any("nothing is carried into the next year" in one.message for one in found.findings)


def test_a_year_that_is_more_than_its_effect_can_bring_is_asked() -> None:
    body: list[list[Value]] = [
        ["S1", "Nought", "", "R", "In delivery", "", 0, *[5] * 12, 60],
        ["S2", "Less", "", "", "In delivery", "", 30, *[5] * 12, 60],
        ["S3", "Rounded", "", "R", "In delivery", "", 57, *[5] * 12, 60],
    ]
    found = read([*LABELS, *PLAN, TOTAL], body)
    (question,) = (one for one in found.findings if one.severity == "error")
    assert question.code == "IMPORT_EFFECT"
    assert [cell.cell for cell in question.in_files] == ["G2", "G3"]


def test_opportunities_of_any_word_are_in_the_book_and_told_with_their_worth() -> None:
    words = ("Opportunity", "2. Idea", "Pipeline", "In hopper", "Long list")
    body: list[list[Value]] = [
        [f"S{n}", f"Scheme {n}", "", "R", word, "", 100, *[1] * 12, 12]
        for n, word in enumerate(words)
    ]
    body += [["S9", "Without a value", "", "R", "Idea", "", None, *[0] * 12, 0]]
    found = read([*LABELS, *PLAN, TOTAL], body)
    assert not codes(found)
    assert {cells["maturity"] for cells in schemes(found).values()} == {"opportunity"}
    (told,) = (one for one in found.findings if one.code == "IMPORT_IDEAS")
    assert "5 schemes" in told.message and "£500,000.00" in told.message
    assert any("no money at all yet" in one.message for one in found.findings)


def test_months_are_of_the_basis_of_the_year_that_they_make() -> None:
    bare: list[Heading] = [(f"M{n}", "money", Measure("", "month", n)) for n in range(1, 13)]
    year: Heading = ("2026/27 forecast", "money", Measure("forecast", "year"))
    body: list[list[Value]] = [["S1", "Beds", "", "R", "Idea", "", 120, *["-"] * 6, *[10] * 6, 60]]
    found = read([*LABELS, *bare, year], body)
    assert not codes(found) and money(found, "forecast")["S1", "12"] == "10"
    other = [[*row[:-1], 61] for row in body]
    assert codes(read([*LABELS, *bare, year], other)) == ["IMPORT_BASIS"]
