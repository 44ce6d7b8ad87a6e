"""Bodies are known by code, by name in any usual form, and by a former name in the year."""

from __future__ import annotations

from datetime import date

import pytest

from controltotal.intake.bodies import Bodies, Match, Spell

BOOK = Bodies(
    [
        Spell("RCX", "The Queen Elizabeth Hospital, King's Lynn, NHS Foundation Trust"),
        Spell("RM1", "Norfolk and Norwich University Hospitals NHS Foundation Trust"),
        Spell("RGP", "James Paget University Hospitals NHS Foundation Trust"),
        Spell("QMM", "Norfolk and Waveney system"),
        Spell("XA", "Dale NHS Trust", None, date(2024, 3, 31)),
        Spell("XA", "Dale and Hill NHS Trust", date(2024, 4, 1)),
    ]
)


@pytest.mark.parametrize(
    ("text", "code", "how"),
    [
        ("RCX", "RCX", "code"),
        ("rcx", "RCX", "code"),
        ("QE King's Lynn", "RCX", "exact"),
        ("QE King\u2019s Lynn", "RCX", "exact"),
        ("Queen Elizabeth Hospital Kings Lynn", "RCX", "exact"),
        ("James Paget", "RGP", "exact"),
        ("JAMES PAGET UNIVERSITY HOSPITALS NHS FT", "RGP", "exact"),
        ("NNUH", "RM1", "exact"),
        ("RM1 - Norfolk and Norwich", "RM1", "code"),
        ("Norfolk & Norwich University Hospitals (RM1)", "RM1", "code"),
        ("Dale", "XA", "former_name"),
        ("Dale and Hill", "XA", "exact"),
    ],
)
def test_a_form_that_one_body_has_is_taken(text: str, code: str, how: str) -> None:
    assert BOOK.match(text, "2026-27") == Match(code, how)


def test_a_name_in_its_own_year_is_no_former_name() -> None:
    assert BOOK.match("Dale NHS Trust", "2022-23") == Match("XA", "exact")


def test_what_is_near_is_proposed_and_not_taken() -> None:
    found = BOOK.match("Norfolk Hospitals", "2026-27")
    assert (found.code, found.how) == ("", "near")
    assert set(found.near) >= {"RM1", "QMM"}
    assert BOOK.match("Jame Paget", "2026-27") == Match("", "near", ("RGP",))


def test_a_code_beside_the_name_of_another_is_asked() -> None:
    assert BOOK.match("RM1 - James Paget", "2026-27") == Match("", "near", ("RM1", "RGP"))


def test_two_bodies_of_one_short_name_are_never_chosen_between() -> None:
    two = Bodies([Spell("A1", "Dale NHS Trust"), Spell("A2", "Dale Integrated Care Board")])
    assert two.match("Dale").how == "near"
    assert two.match("Dale NHS Trust") == Match("A1", "exact")


def test_the_register_stands_behind_the_book() -> None:
    assert BOOK.match("Barts Health NHS Trust", "2025-26") == Match("R1H", "exact")
    assert BOOK.match("R1H", "2025-26").how == "code"
    ended = BOOK.match("NHS Nene CCG", "2021-22")
    assert (ended.code, ended.near) == ("", ("78H",))


def test_a_former_name_of_the_register_is_known_of_a_body_of_the_book() -> None:
    book = Bodies([Spell("RAJ", "Mid and South Essex NHS Foundation Trust")])
    found = book.match("Southend University Hospital NHS Foundation Trust", "2025-26")
    assert found.code in ("RAJ", "")
    assert found.code or "RAJ" in found.near


def test_nobody_is_nobody() -> None:
    assert BOOK.match("Corporate services", "2026-27") == Match()


def test_the_name_of_a_board_is_the_board_and_not_its_system() -> None:
    names = {
        "NHS Norfolk and Waveney ICB": "QMM-ICB",
        "Norfolk & Waveney Integrated Care Board": "QMM-ICB",
        "NHS Norfolk and Waveney ICB (QMM)": "QMM-ICB",
        "Norfolk and Waveney ICS": "QMM",
        "QMM": "QMM",
        "QMM-ICB": "QMM-ICB",
    }
    own = (
        Spell("QMM", "Norfolk and Waveney system"),
        Spell("QMM-ICB", "NHS Norfolk and Waveney Integrated Care Board"),
    )
    for bodies in (Bodies(), Bodies(own)):
        assert {name: bodies.match(name, "2025-26").code for name in names} == names
    called = Bodies([Spell("QMM", "NHS Norfolk and Waveney ICB")])
    assert called.match("NHS Norfolk and Waveney ICB", "2025-26").code == "QMM"


def test_a_short_name_of_a_body_of_the_register_is_proposed_and_not_another_of_the_book() -> None:
    book = Bodies([Spell("RM1", "Norfolk and Norwich University Hospitals NHS Foundation Trust")])
    assert book.match("James Paget", "2026-27").near == ("RGP",)
    assert book.match("Norfolk & Suffolk FT", "2026-27").near[0] == "RMY"
