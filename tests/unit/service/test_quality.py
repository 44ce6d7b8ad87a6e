"""The panel's page: what waits and for whom, conditions, the screening list, the minute of a day."""

from __future__ import annotations

import io
from typing import Any

import pytest

from controltotal.acts import act
from controltotal.acts.actors import local_actor
from tests.quality_pages import book, hidden, signing, words
from tests.service_house import client, served

NURSE, DOCTOR = ("chief_nurse", "T1"), ("medical_director", "T1")
PEOPLE = local_actor("P. Office")


@pytest.fixture
def house() -> Any:
    return served(book())


def part(page: Any, begin: str, end: str) -> str:
    """What a page says between two headings."""
    return words(page).partition(begin)[2].partition(end)[0]


def test_what_waits_for_the_nurse_stands_first_and_the_doctor_has_nothing_to_sign(
    house: Any,
) -> None:
    mine = part(client(house, "fay", NURSE).get("/quality"), "Yours to sign", "Waiting for others")
    assert "SC1: Beds (First)" in mine
    assert "Highest score that is left: 6" in mine
    assert "It waits for the chief nurse." in mine
    doctor = part(client(house, "sam", DOCTOR).get("/quality"), "Yours to sign", "Conditions")
    assert "Nothing waits for your signature." in doctor
    assert "SC1: Beds (First)" in doctor


def test_a_reader_without_a_clinical_office_sees_the_list_and_no_form(house: Any) -> None:
    page = client(house, "vic", ("auditor", "R1")).get("/quality")
    assert page.status_code == 200
    assert "Yours to sign" not in words(page)
    assert 'action="/quality"' not in page.content.decode()


def test_a_signature_that_lapsed_waits_again_and_says_why(house: Any) -> None:
    nurse = client(house, "fay", NURSE)
    signing(nurse, "SC1", "approve")
    act("revise", house.desk, {"id": "SC1", "full_year_effect": "20"}, as_=PEOPLE)
    page = nurse.get("/quality")
    assert "its value went from £12.0m to £20.0m" in part(
        page, "Signatures that lapsed", "Screened"
    )


def test_what_was_refused_waits_for_nobody_until_it_is_changed(house: Any) -> None:
    nurse = client(house, "fay", NURSE)
    signing(nurse, "SC1", "reject", why="Too few nurses")
    assert "SC1" not in part(nurse.get("/quality"), "Yours to sign", "Waiting for others")
    act("revise", house.desk, {"id": "SC1", "title": "Beds by day"}, as_=PEOPLE)
    assert "SC1" in part(nurse.get("/quality"), "Yours to sign", "Waiting for others")


def test_open_conditions_are_listed_with_their_day_and_whether_they_are_late(house: Any) -> None:
    fields = {"scheme": "SC4", "gate": "QIA", "text": "Rota agreed", "kind": "while_running"}
    act("condition", house.desk, {**fields, "due": "2026-11-01"}, as_=PEOPLE)
    told = part(client(house, "fay", NURSE).get("/quality"), "Conditions to be met", "Screened out")
    assert "SC4: Rota agreed" in told
    assert "Overdue: 1 November 2026" in told


def test_both_directors_sign_one_screening_list(house: Any) -> None:
    nurse, doctor = client(house, "fay", NURSE), client(house, "sam", DOCTOR)
    form = hidden(nurse.get("/quality"), "/quality", 'value="screen"')
    without = nurse.post("/quality", {**form, "scheme": ["SC3"]})
    assert without.status_code == 422
    assert "Screening out needs a reason" in words(without)
    assert (
        nurse.post("/quality", {**form, "scheme": ["SC3"], "why": "Paper only"}).status_code == 302
    )
    for browser in (nurse, doctor):
        page = browser.get("/quality")
        assert "SC3: Stationery (First)" in words(page)
        form = hidden(page, "/quality", 'value="sign"')
        name = page.content.decode().partition('name="evidence"')[2].partition('value="')[2]
        listed = {**form, "listed": ["SC3"], "evidence": name.partition('"')[0]}
        assert browser.post("/quality", listed).status_code == 302
    judged = house.workings.savings.judgements["SC3"]
    assert len(judged.signatures) == 2
    assert {row.evidence for row in judged.signatures} == {"Screening list of 30 November 2026"}


def test_a_scheme_that_touches_people_is_not_screened_out_by_a_forged_form(house: Any) -> None:
    nurse = client(house, "fay", NURSE)
    form = hidden(nurse.get("/quality"), "/quality", 'value="screen"')
    answer = nurse.post("/quality", {**form, "scheme": ["SC2", "SC3"], "why": "Paper only"})
    assert answer.status_code == 422
    assert "SC2: Only a scheme that affects nobody is screened out" in words(answer)
    assert "Done all the same: SC3" in words(answer)


@pytest.mark.parametrize("what", ["screen", "sign"])
def test_nobody_else_screens_or_signs_a_list(house: Any, what: str) -> None:
    other = client(house, "jo", ("programme_office", "T1"))
    fields = {"request": "r", "do": what, "role": "chief_nurse", "evidence": "L 1", "why": "Paper"}
    answer = other.post("/quality", {**fields, "scheme": ["SC3"], "listed": ["SC3"]})
    assert answer.status_code == 422
    assert {
        row.assessor for row in house.position.rows("assessments") if row.scheme == "SC3"
    } == set()


def test_the_minute_says_offices_outcomes_conditions_and_reasons_and_no_name(house: Any) -> None:
    nurse = client(house, "fay", NURSE)
    condition = {"text": "Rota agreed", "kind": "before_start", "due": "2027-01-31"}
    signing(nurse, "SC1", "approve_with_conditions", why="Safe with the rota", **condition)
    signing(nurse, "SC4", "reject", why="Too few nurses")
    page = words(nurse.get("/quality/minute?on=2026-11-30"))
    assert "On 30 November 2026 2 schemes were decided on." in page
    approved = "Quality Approved with conditions Chief nurse, First Safe with the rota"
    assert f"SC1 Beds First {approved}" in page
    assert "SC4 Clinics First Quality Refused Chief nurse, First Too few nurses" in page
    assert "SC1 Rota agreed before it starts nobody is named 31 January 2027" in page
    assert "Fay" not in page.partition("Decisions of")[2]


def test_the_minute_comes_out_as_a_document_that_names_entry_and_root(house: Any) -> None:
    from docx import Document

    nurse = client(house, "fay", NURSE)
    signing(nurse, "SC4", "reject", why="Too few nurses")
    answer = nurse.get("/quality/minute/word?on=30 Nov 2026")
    assert answer["Content-Disposition"] == 'attachment; filename="quality-minute-2026-11-30.docx"'
    document = Document(io.BytesIO(answer.content))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    assert {"SC4", "Refused", "Chief nurse, First", "Too few nurses"} <= set(cells)
    text = "\n".join(paragraph.text for paragraph in document.paragraphs)
    assert house.position.ref.root in text
    assert f"entry {house.position.ref.entry}" in text


def test_a_day_without_decisions_or_that_cannot_be_read_has_a_minute_that_says_so(
    house: Any,
) -> None:
    nurse = client(house, "fay", NURSE)
    for on in ("2026-11-29", "soon"):
        assert "Nothing was decided on quality on" in words(nurse.get(f"/quality/minute?on={on}"))
