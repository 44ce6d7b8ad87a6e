"""The tables of one file together: nothing counts twice, and nothing is added unasked."""

from __future__ import annotations

from collections.abc import Mapping

from controltotal.intake.joining import joined
from controltotal.intake.known import Known
from controltotal.intake.model import Read
from tests.intake_reads import amounts, seen

Sums = Mapping[tuple[str, int], str]


def sheet(name: str, sums: Sums, body: str = "RX1") -> Read:
    return amounts(sums, body, of=seen(sheet=name))


def settled(*reads: Read, sheets: str = "") -> list[str]:
    return [one.code for one in joined(reads, Known(), sheets) if one.severity == "error"]


def left(*reads: Read) -> dict[tuple[str, str], str]:
    return {
        (row.cells["line"], row.cells["month"]): row.cells["amount"]
        for r in reads
        for row in r.rows
    }


def test_sheets_of_different_bodies_and_months_are_joined() -> None:
    one, other = sheet("RX1", {("pay", 1): "-1"}), sheet("RX2", {("pay", 1): "-2"}, "RX2")
    assert settled(one, other) == []
    assert len(one.rows) == len(other.rows) == 1


def test_what_two_sheets_say_alike_counts_once_and_is_told() -> None:
    one, other = sheet("A", {("pay", 1): "-1"}), sheet("B", {("pay", 1): "-1.0", ("drugs", 1): "2"})
    found = joined((one, other), Known())
    assert [(f.code, f.severity) for f in found] == [("IMPORT_LEFT", "information")]
    assert [row.cells["line"] for row in other.rows] == ["drugs"]
    assert other.left[0].reason.startswith("says the same as A!")


def test_a_summary_that_is_the_sum_of_the_sheets_counts_in_their_place() -> None:
    one, other = sheet("Surgery", {("pay", 1): "-1"}), sheet("Medicine", {("pay", 1): "-2"})
    whole = sheet("Trust", {("pay", 1): "-3"})
    assert settled(whole, one, other) == []
    assert left(whole, one, other) == {("pay", "1"): "-3"}
    assert [check.agrees for check in whole.checks[1:]] == [True]


def test_sheets_that_differ_are_asked_and_added_where_a_person_says_so() -> None:
    def both() -> tuple[Read, Read]:
        return sheet("Surgery", {("pay", 1): "-1.5"}), sheet("Medicine", {("pay", 1): "-2"})

    assert settled(*both()) == ["IMPORT_VERSIONS"]
    reads = both()
    assert settled(*reads, sheets="add") == []
    assert left(*reads) == {("pay", "1"): "-3.5"}


def test_a_summary_that_is_not_the_sum_is_asked() -> None:
    one, other = sheet("Surgery", {("pay", 1): "-1"}), sheet("Medicine", {("pay", 1): "-2"})
    assert settled(sheet("Trust", {("pay", 1): "-4"}), one, other) == ["IMPORT_VERSIONS"]


def test_a_line_stated_whole_is_checked_by_its_parts_on_another_sheet() -> None:
    parts = {("substantive_pay", 1): "-7", ("bank_pay", 1): "-3"}
    whole, detail = sheet("Summary", {("pay", 1): "-10"}), sheet("Detail", parts)
    assert settled(whole, detail) == []
    assert whole.rows == [] and len(detail.rows) == 2
    wrong = sheet("Summary", {("pay", 1): "-11"})
    assert settled(wrong, sheet("Detail", parts)) == ["IMPORT_TOTAL"]
    assert wrong.checks[-1].difference == -100_000
