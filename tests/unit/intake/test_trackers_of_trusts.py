"""What trackers of many trusts have in common and no one of them says: gates, years, bases, names."""

from __future__ import annotations

from pathlib import Path

import pytest

from controltotal import read as book_read
from controltotal import verbs
from controltotal.intake.model import Measure, Value
from controltotal.intake.words import heading_means
from tests.intake_files import FTH, FTH_NAME, NUMBERED, Line, book_of, xlsx
from tests.intake_seen import Heading, month
from tests.unit.intake.test_trackers import LABELS, codes, money, read, schemes

YEAR: Heading = ("Full year plan", "money", Measure("plan", "year"))
THREE = [(f"M{n}", "money", month(n)) for n in (1, 2, 3)]


def rows(*sums: list[Value]) -> list[list[Value]]:
    return [
        [f"S{n}", f"Scheme {n}", "", "R", "", "", 200, *one] for n, one in enumerate(sums, start=1)
    ]


@pytest.mark.parametrize("text", ["Gate 1 passed", "Gateway 2 approved on", "G3 sign-off date"])
def test_a_heading_that_a_gate_was_passed_holds_its_day(text: str) -> None:
    assert heading_means(text) == "gate_date"


@pytest.mark.parametrize("text", ["Gate 3 (plan)", "Gate 1 RAG", "G7 date", "Gate keeper"])
def test_what_says_more_of_a_gate_is_no_day_of_passing_it(text: str) -> None:
    assert heading_means(text) != "gate_date"


def test_a_year_beside_months_that_stop_before_its_end_is_a_figure_of_its_own() -> None:
    found = read([*LABELS, *THREE, YEAR], rows([10, 20, 30, 150], [1, 2, 3, 40]))
    assert not codes(found)
    assert money(found) | {("S1", ""): "150", ("S2", "3"): "3"} == money(found)


def test_a_total_beside_some_months_that_one_row_misses_is_asked() -> None:
    found = read([*LABELS, *THREE, YEAR], rows([10, 20, 30, 60], [1, 2, 3, 40], [5, 5, 5, 15]))
    assert codes(found) == ["IMPORT_TOTAL"]


def test_a_total_of_some_months_that_does_not_say_that_it_is_a_year_is_asked() -> None:
    total: Heading = ("Total", "money", Measure("plan", "total"))
    assert codes(read([*LABELS, *THREE, total], rows([10, 20, 30, 150]))) == ["IMPORT_TOTAL"]


def test_the_last_month_of_a_forecast_stays_beside_the_year_that_it_completes() -> None:
    told = [(f"Actual M{n}", "money", month(n, "actual")) for n in range(1, 12)]
    ahead: list[Heading] = [
        ("Forecast M12", "money", month(12, "forecast")),
        ("FOT", "money", Measure("forecast", "year")),
    ]
    found = read([*LABELS, *told, *ahead], rows([1.0] * 11 + [9.0, 20.0]))
    assert not codes(found)
    assert money(found, "forecast") == {("S1", "12"): "9", ("S1", ""): "20"}


BASES: list[Heading] = [
    ("Division", "directorate"),
    ("Scheme", "title"),
    ("FYE", "full_year_effect"),
    ("Measure", "basis"),
    *((f"M{n}", "money", Measure("", "month", n)) for n in (1, 2)),
]


def test_rows_of_targets_and_of_what_was_delivered_say_their_basis() -> None:
    body: list[list[Value]] = []
    for number, division in enumerate(("Surgery", "", "", "Medicine", "", "")):
        name: Value = division or None
        body.append([name, f"Scheme {number}", 90, "Target", 5, 6])
        body.append([name, f"Scheme {number}", None, "Delivered", 4, 3])
    found = read(BASES, body)
    assert not codes(found)
    assert money(found)["scheme-0", "2"] == "6"
    assert money(found, "actual")["scheme-5", "1"] == "4"
    assert schemes(found)["scheme-2"]["directorate"] == "Surgery"


def test_a_row_that_does_not_say_its_basis_is_asked_in_a_pack_with_a_summary(
    tmp_path: Path,
) -> None:
    lines: list[Line] = [[FTH_NAME], ["Savings tracker 2026/27, £000"], []]
    lines.append(["Scheme ID", "Scheme", "R/NR", "FYE", "Basis", *NUMBERED])
    for number in (1, 2, 3):
        lines.append([f"S{number}", f"Scheme {number}", "R", 200, "Plan", *[10] * 12])
        lines.append([f"S{number}", f"Scheme {number}", "R", None, "Wish", *[9] * 12])
    lines += [[], [], ["Summary by division", "Plan"], ["Surgery", 240], ["Medicine", 120]]
    book = book_of("one", tmp_path)
    path = xlsx(tmp_path / "tracker.xlsx", {"Tracker": lines})
    ran = verbs.import_(path, book, set=[f"organisation={FTH}"], on="2027-01-15")
    assert "IMPORT_BASIS" in {f.code for f in ran.findings if f.severity == "error"}
    assert not book_read(book).book.schemes


NAMED: list[Heading] = [
    ("Scheme", "title"),
    ("R/NR", "recurrence"),
    ("FYE", "full_year_effect"),
    *((f"M{n}", "money", month(n)) for n in range(1, 5)),
]


def test_a_scheme_whose_title_begins_with_total_is_no_total() -> None:
    body: list[list[Value]] = [
        ["Taxi contract", "R", 99, 10, 11, 12, 13],
        ["Light and heat", "NR", 80, 4, 5, 6, 7],
        ["Total hip replacement pathway", "R", 70, 3, 8, 2, 1],
        ["Total", None, 249, 17, 24, 20, 21],
    ]
    found = read(NAMED, body)
    assert not codes(found)
    assert "total-hip-replacement-pathway" in schemes(found)


def test_a_subtotal_that_is_wrong_in_one_column_is_still_a_total() -> None:
    body: list[list[Value]] = [
        ["Taxi contract", "R", 99, 10, 11, 12, 13],
        ["Light and heat", "NR", 80, 4, 5, 6, 7],
        ["Surgery total", "R", 179, 14, 16, 18, 21],
    ]
    assert codes(read(NAMED, body)) == ["IMPORT_TOTAL"]


def test_posts_beside_a_column_of_names_are_the_owners(tmp_path: Path) -> None:
    lines: list[Line] = [[FTH_NAME], ["Savings tracker 2026/27, plan, £000"], []]
    lines.append(["Ref", "Scheme", "Project manager", "Exec lead", *NUMBERED, "FYE"])
    for number, name in enumerate(("Ann Threlkeld", "Omar Haddadine", "Priya Venkat"), start=1):
        start = [f"S{number}", f"Scheme {number}", name, "Director of Nursing"]
        lines.append([*start, *[10] * 12, 130])
    book = book_of("one", tmp_path)
    path = xlsx(tmp_path / "tracker.xlsx", {"Tracker": lines})
    ran = verbs.import_(path, book, set=[f"organisation={FTH}"], on="2027-01-15")
    assert not [f for f in ran.findings if f.severity == "error"]
    assert {s.owner for s in book_read(book).book.schemes} == {"Director of Nursing"}


def test_figures_of_a_summary_below_do_not_make_codes_of_divisions(tmp_path: Path) -> None:
    lines: list[Line] = [[FTH_NAME], ["Savings tracker 2026/27, plan, £000"], []]
    lines.append([None, "Division", "Ref", "Scheme", *NUMBERED, "FYE"])
    for number in range(1, 7):
        division = {1: "Surgery", 4: "Medicine"}.get(number)
        lines.append([None, division, f"S{number}", f"Scheme {number}", *[number] * 12, 130])
    lines += [[], [], ["Summary", "Plan"]]
    lines += [[name, n] for n, name in enumerate(("Surgery", "Medicine", "Estates"), start=800)]
    book = book_of("one", tmp_path)
    path = xlsx(tmp_path / "tracker.xlsx", {"Tracker": lines})
    verbs.import_(path, book, set=[f"organisation={FTH}"], on="2027-01-15")
    found = {s.id: s.directorate for s in book_read(book).book.schemes}
    assert (found["S1"], found["S3"], found["S6"]) == ("Surgery", "Surgery", "Medicine")


def test_a_scheme_that_passed_a_gate_does_not_leave_its_tracker_unasked(tmp_path: Path) -> None:
    lines: list[Line] = [[FTH_NAME], ["Savings tracker 2026/27, plan, £000"], []]
    lines.append(["Ref", "Scheme", "Gate 1 passed", "FYE", *NUMBERED])
    for number in range(1, 16):
        day = "01/05/2026" if number > 2 else None
        lines.append([f"S{number}", f"Scheme {number}", day, 130, *[10] * 12])
    book = book_of("one", tmp_path)
    first = xlsx(tmp_path / "tracker.xlsx", {"Tracker": lines})
    verbs.import_(first, book, set=[f"organisation={FTH}"], on="2026-06-15")
    later = xlsx(tmp_path / "next.xlsx", {"Tracker": lines[:-1]})
    ran = verbs.import_(later, book, on="2026-07-15")
    assert {f.code for f in ran.findings if f.severity == "error"} == {"IMPORT_WITHDRAW"}
    assert len(book_read(book).book.schemes) == 15
