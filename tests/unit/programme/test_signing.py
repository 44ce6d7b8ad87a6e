"""Signatures that do not stand: of a director who said no, of the owner, and those that a change lapsed."""

from __future__ import annotations

from datetime import date

import pytest

from controltotal.programme.eligibility import Judgements
from controltotal.programme.signing import material_change
from controltotal.programme.undone import Lowered, Moment
from tests.scheme_books import Rows, book, changed, gates, scheme
from tests.strategies import position_of

DOCTOR = {"gate": "QIA", "role": "medical_director"}


def told(**tables: Rows) -> list[tuple[str, str]]:
    found = Judgements(position_of(book(**tables)))["T1"]
    return [(one.code, one.text) for one in found.reasons]


@pytest.mark.parametrize(
    ("outcome", "code", "text"),
    [
        ("reject", "QUALITY_REFUSED", "the medical director refused on 2026-04-24: reject"),
        (
            "more_information",
            "MORE_INFORMATION",
            "the medical director asked for more information on 2026-04-24",
        ),
        (
            "perhaps",
            "QUALITY_REFUSED",
            "the medical director's outcome of 2026-04-24 reads 'perhaps', which approves nothing",
        ),
    ],
)
def test_what_a_director_said_who_did_not_sign(outcome: str, code: str, text: str) -> None:
    assert (code, text) in told(gates=changed(gates(), DOCTOR, outcome=outcome))


@pytest.mark.parametrize(
    ("owner", "by", "owns"),
    [
        ("Chief operating officer", "Dr A. Ash", False),
        ("Dr A. Ash", "Dr A. Ash", True),
        ("A Ash", "Dr A. Ash", True),
        ("Medical director", "Dr A. Ash", True),  # by office, whatever the name
        ("Chief nurse", "Dr A. Ash", False),
        ("D. Date; Dr A. Ash", "Dr A. Ash", True),
    ],
)
def test_a_director_does_not_sign_for_a_scheme_of_their_own(
    owner: str, by: str, owns: bool
) -> None:
    found = told(schemes=[scheme(owner=owner)], gates=changed(gates(), DOCTOR, by=by))
    of_doctor = [text for code, text in found if code == "SIGNATURE_OF_OWNER" and "medical" in text]
    assert bool(of_doctor) is owns, found


@pytest.mark.parametrize(
    ("cells", "change"),
    [
        ({}, ""),
        ({"title": "beds"}, ""),
        ({"title": "Other words"}, "its title changed"),
        ({"owner": "Somebody else"}, ""),
        ({"service": "surgery"}, ""),  # in another spelling
        ({"service": "Maternity"}, "its service changed"),
        ({"full_year_effect": "13.2"}, ""),  # a tenth is not material
        ({"full_year_effect": "10.8"}, ""),
        ({"full_year_effect": "13.3"}, "its value went from £12.0m to £13.3m"),
        ({"full_year_effect": "10.7"}, "its value went from £12.0m to £10.7m"),
        ({"places": "North"}, "its places changed"),
        ({"start": "2026-11-01"}, "its start went from 2026-10-01 to 2026-11-01"),
        ({"start": ""}, "its start went from 2026-10-01 to none"),
    ],
)
def test_what_changes_a_scheme_materially(cells: dict[str, str], change: str) -> None:
    rows = [scheme("T1"), scheme("T2", **cells)]
    before, after = position_of(book(schemes=rows)).book.schemes
    assert material_change(before, after) == change


def test_groups_are_compared_as_sets_however_they_are_spelt() -> None:
    def change(first: str, second: str) -> str:
        rows = [scheme("T1", groups=first), scheme("T2", groups=second)]
        return material_change(*position_of(book(schemes=rows)).book.schemes)

    assert change("Older people; Children", "children; older people") == ""
    assert change("Older people", "Older people; Children") == "its groups changed"


@pytest.mark.parametrize(
    ("last", "lapsed"), [("Maternity", False), ("Surgery", True), ("Theatres", True)]
)
def test_a_change_is_one_from_what_stood_when_they_signed(last: str, lapsed: bool) -> None:
    """It was about surgery, then about maternity; both signed in April, and in May it was stated again."""
    versions = [
        scheme(service=service, known_on=day)
        for service, day in (
            ("Surgery", "2026-03-01"),
            ("Maternity", "2026-04-01"),
            (last, "2026-05-20"),
        )
    ]
    codes = [code for code, _ in told(schemes=versions)]
    assert ("SIGNATURE_LAPSED" in codes) is lapsed


def test_what_was_signed_before_anybody_knew_a_version_was_signed_for_the_first_of_them() -> None:
    """£12m, £13m, £14m: no step is a tenth, and from the first to the last is a sixth."""
    days = ("2026-04-26", "2026-05-20", "2026-06-01")
    versions = [
        scheme(full_year_effect=value, known_on=day)
        for value, day in zip(("12", "13", "14"), days, strict=True)
    ]
    assert told(schemes=versions[:2]) == []
    assert [code for code, _ in told(schemes=versions)] == ["SIGNATURE_LAPSED"] * 2


def test_what_was_lowered_was_so_from_the_first_day_that_tells() -> None:
    position = position_of(book())
    row = position.book.assessments[0]
    doctor, nurse = (one for one in position.book.gates if one.gate == "QIA")
    lowered = Lowered(row, (Moment(date(2026, 4, 25), None), Moment(date(2026, 4, 27), None)))
    assert lowered.on == date(2026, 4, 25)
    assert lowered.signed_after(nurse) and not lowered.signed_after(doctor)
    assert not Moment(date(2026, 4, 25), nurse.entry + 1).before(nurse)  # entered after it
    assert Moment(date(2026, 4, 25), nurse.entry).before(nurse)
