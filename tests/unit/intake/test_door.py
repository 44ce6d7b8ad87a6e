"""What names or identifies a person stays outside the book, and outside the answer."""

from __future__ import annotations

import pytest

from controltotal.intake.door import (
    clean,
    health_numbers,
    holds_health_number,
    identifies,
    role_of,
    shown_name,
    through_the_door,
)
from controltotal.intake.model import Grid, Head, Measure, Seen

NUMBER = "943 476 5919"


def table(heads: list[Head], *lines: list[object]) -> Seen:
    texts = [head.texts[0] for head in heads]
    grid = Grid("a.xlsx", "Plan", [texts, *lines])  # type: ignore[list-item]
    return Seen(grid, (0, 0), 1, len(lines), 0, len(heads) - 1, tuple(heads))


def heads(*texts: str) -> list[Head]:
    return [Head(n, (text,)) for n, text in enumerate(texts)]


@pytest.mark.parametrize(
    "heading", ["Employee name", "NI number", "Home postcode", "Date of Birth", "NHS no"]
)
def test_a_column_of_people_is_emptied_by_its_heading(heading: str) -> None:
    seen = table(heads("Scheme", heading), ["A", "Somebody"], ["B", "Else"])
    kept = through_the_door(seen)
    assert [kept.seen.grid.value(row, 1) for row in (1, 2)] == [None, None]
    assert [left.area for left in kept.left] == [(1, 1, 2, 1)]
    (finding,) = kept.findings
    assert finding.code == "IMPORT_PERSONAL"
    assert finding.in_files[0].cell == "B2:B3"
    assert "Somebody" not in str(kept.findings)


@pytest.mark.parametrize(
    "texts", [("AB123456C", "CE 12 34 56 A"), ("M1 1AE", "SW1A 2AA"), ("a@b.uk", "c@d.uk")]
)
def test_a_column_of_people_is_known_by_what_it_holds(texts: tuple[str, str]) -> None:
    kept = through_the_door(table(heads("Scheme", "Ref"), *[["A", text] for text in texts]))
    assert kept.seen.grid.value(1, 1) is None


def test_pay_of_named_people_is_left_out_and_pay_of_a_line_is_not() -> None:
    money = Head(1, ("Total pay",), "money", Measure())
    named = table([*heads("Employee name"), money], ["X Y", 30_000], ["Z W", 20_000])
    assert through_the_door(named).seen.grid.value(1, 1) is None
    plain = table([*heads("Line"), money], ["Nursing", 30_000], ["Medical", 20_000])
    assert through_the_door(plain).seen is plain


def test_an_owner_is_kept_as_a_role() -> None:
    seen = table(
        heads("Scheme", "Exec lead"),
        ["A", "Chief nurse"],
        ["B", "Jo Smith"],
        ["C", "Jo Smith (COO)"],
    )
    kept = through_the_door(seen)
    assert [kept.seen.grid.value(row, 1) for row in (1, 2, 3)] == ["Chief nurse", None, "COO"]
    assert "Smith" not in str(kept.findings)


@pytest.mark.parametrize(
    "text",
    ["Dr Jones agrees.", "Patient no 4 moved.", "DOB 1/2/1950", "write to a@b.uk", "of SW1A 2AA"],
)
def test_a_sentence_about_somebody_is_dropped(text: str) -> None:
    assert identifies(text)
    assert clean(f"Beds closed. {text}") == "Beds closed."


@pytest.mark.parametrize(
    "text", ["Theatres at M1 site", "Dr Foster benchmark", "FYE £1,234,567.89", "Band 5 staff"]
)
def test_other_text_stays_as_it_is(text: str) -> None:
    assert clean(text) == text


def test_a_number_of_a_patient_is_found_wherever_it_stands() -> None:
    seen = table(heads("Scheme", "Notes"), ["A", f"see {NUMBER}"], ["B", 9434765919])
    at = health_numbers([seen.grid], [seen])
    assert [one.cell for one in at] == ["B2", "B3"]
    assert health_numbers([Grid(f"{NUMBER}.xlsx", NUMBER, [])], [])[0].sheet == "sheet 1"


def test_money_is_no_number_of_a_patient() -> None:
    money = Head(1, ("M1",), "money", Measure())
    seen = table([*heads("Line"), money], ["Pay", 9434765919])
    assert health_numbers([seen.grid], [seen]) == ()
    assert not holds_health_number("9,434,765,919") and not holds_health_number(1234567890)


def test_a_role_is_told_from_a_name() -> None:
    assert role_of("Director of Nursing") == "Director of Nursing"
    assert role_of("A. B. Person") == "" and role_of("n/a") == "n/a"


def test_a_number_with_dots_is_seen_and_a_file_named_by_one_is_not_shown() -> None:
    assert holds_health_number("943.476.5919") and holds_health_number("943\u00a0476\u00a05919")
    assert not holds_health_number("1943.476.5919")
    assert shown_name("cip 943 476 5919.xlsx") == "the file"


@pytest.mark.parametrize(
    "text",
    [
        "Fleet",
        "Contracts",
        "Primary care",
        "Dir. of Ops",
        "Dir. Estates",
        "Mental health & learning disability",
        "Fleet / Contracts",
    ],
)
def test_a_department_or_an_office_is_no_person(text: str) -> None:
    assert role_of(text) == text


@pytest.mark.parametrize(
    "text",
    [
        "Grace Fleet",
        "Fleet, Grace",
        "G. Fleet",
        "Ada Care",
        "Will Contracts",
        "Primary Careless",
        "of",
        "Winter",
        "Sam Ward",
        "Ward",
    ],
)
def test_a_person_named_as_a_department_is_a_person(text: str) -> None:
    assert role_of(text) == ""
