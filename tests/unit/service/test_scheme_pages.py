"""The register of schemes and one scheme's page: what they say, and what the programme office does."""

from __future__ import annotations

from typing import Any

import pytest

from controltotal.acts import act
from controltotal.acts.actors import local_actor
from tests.quality_pages import book, hidden, signing, words
from tests.service_house import client, served

OFFICE = ("programme_office", "T1")
NEW = {
    "id": "SC9",
    "organisation": "T1",
    "title": "Theatres",
    "recurrence": "recurrent",
    "full_year_effect": "1.5",
    "unit": "£m",
    "affects": "patients",
}


@pytest.fixture
def house() -> Any:
    return served(book())


def stands(house: Any, code: str) -> dict[str, str]:
    return next(dict(row.texts) for row in house.position.rows("schemes") if row.id == code)


def test_the_register_says_where_each_scheme_stands_in_the_words_of_papers(house: Any) -> None:
    page = words(client(house, "jo", OFFICE).get("/schemes"))
    assert "SC4 First Clinics Surgery Assured 3.0" in page
    assert "SC1 First Beds Surgery Not yet assured: waiting for chief nurse 6.0" in page


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("state=assured", ["SC4"]),
        ("state=waits:quality assessment", ["SC2", "SC3"]),
        ("service=Procurement", ["SC3"]),
        ("q=CLIN", ["SC4"]),
        ("organisation=T2", []),
        ("sort=title", ["SC1", "SC2", "SC4", "SC3"]),
        ("sort=title&order=down", ["SC3", "SC4", "SC2", "SC1"]),
        ("sort=nonsense&page=99", ["SC1", "SC4", "SC2", "SC3"]),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_the_register_is_filtered_and_sorted_here(house: Any, query: str, shown: list[str]) -> None:
    text = client(house, "jo", OFFICE).get(f"/schemes?{query}").content.decode()
    found = [one.partition('"')[0] for one in text.split('href="/schemes/')[1:]]
    assert [one for one in found if one.startswith("SC")] == shown


def test_a_scheme_that_is_not_there_is_told_with_the_nearest(house: Any) -> None:
    page = client(house, "jo", OFFICE).get("/schemes/SC11")
    assert page.status_code == 404
    assert "Did you mean SC1?" in words(page)


def test_the_page_of_a_scheme_says_what_it_waits_for_and_what_it_does_beside_others(
    house: Any,
) -> None:
    page = words(client(house, "jo", OFFICE).get("/schemes/SC1"))
    assert "Not yet assured: waiting for chief nurse" in page
    assert "3 × 3 = 9 2 × 3 = 6 moderate Reviewed each week" in page
    assert "Surgery 12 none is set no SC4 (6)" in page
    assert "Quality 24 April 2026 medical director approved" in page


def test_no_persons_name_stands_on_the_page_of_a_scheme(house: Any) -> None:
    nurse = client(house, "fay", ("chief_nurse", "T1"))
    signing(nurse, "SC1", "reject", why="Too few nurses")
    page = words(client(house, "jo", OFFICE).get("/schemes/SC1"))
    assert "Too few nurses" in page
    assert "Fay" not in page
    assert "Birch" not in page.partition("Signatures and gates")[2]


def test_a_scheme_is_proposed_and_what_is_missing_is_said_at_its_field(house: Any) -> None:
    office = client(house, "jo", OFFICE)
    form = hidden(office.get("/schemes/new"), "/schemes/new")
    lacking = office.post("/schemes/new", {**form, **NEW, "title": ""})
    assert lacking.status_code == 422
    assert 'href="#title"' in lacking.content.decode()
    assert 'value="1.5"' in lacking.content.decode()
    made = office.post("/schemes/new", {**form, **NEW})
    assert (made.status_code, made["Location"]) == (302, "/schemes/SC9")
    assert stands(house, "SC9")["maturity"] == "opportunity"
    assert "Its quality is assessed next" in words(office.get("/schemes/SC9"))


def test_a_revision_changes_what_was_changed_and_nothing_else(house: Any) -> None:
    office, at = client(house, "jo", OFFICE), "/schemes/SC1/change"
    page = office.get(f"{at}?act=revise")
    before = stands(house, "SC1")
    fields = {**hidden(page, at), **{k: t for k, t in before.items() if k != "known_on"}}
    answer = office.post(at, {**fields, "title": "Fewer beds", "why": "Board"})
    assert answer.status_code == 302
    now = stands(house, "SC1")
    assert {k for k in now if now[k] != before.get(k)} == {"title", "known_on"}
    assert "title from Beds to Fewer beds Board" in words(office.get("/schemes/SC1"))


def test_who_revises_what_somebody_changed_gets_three_sides_and_their_own_words_back(
    house: Any,
) -> None:
    office, at = client(house, "jo", OFFICE), "/schemes/SC1/change"
    fields = {**hidden(office.get(f"{at}?act=revise"), at), **stands(house, "SC1")}
    theirs = {"id": "SC1", "service": "Medicine"}
    act("revise", house.desk, theirs, as_=local_actor("O. Other"))
    clash = office.post(at, {**fields, "title": "Fewer beds"})
    assert clash.status_code == 409
    page = words(clash)
    assert "Somebody changed this since you saw it" in page
    assert "Service Surgery" in page
    assert "Service Medicine (changed)" in page
    assert "Title Fewer beds (changed)" in page
    again = {**stands(house, "SC1"), **hidden(clash, at), "title": "Fewer beds"}
    assert office.post(at, again).status_code == 302
    now = stands(house, "SC1")
    assert (now["title"], now["service"]) == ("Fewer beds", "Medicine")


def test_money_gates_and_conditions_are_recorded_act_by_act(house: Any) -> None:
    office, at = client(house, "jo", OFFICE), "/schemes/SC4/change"
    money = {"line": "pay", "year": "2026-27", "month": "9", "amount": "5000", "unit": "£"}
    for name, fields in (
        ("deliver", money),
        ("phase", {**money, "month": "10", "basis": "plan"}),
        ("pass", {"gate": "G4", "evidence": "Actuals by month"}),
        ("fail", {"gate": "G3", "why": "Late"}),
    ):
        form = hidden(office.get(f"{at}?act={name}"), at)
        assert office.post(at, {**form, **fields}).status_code == 302, name
    told = [(e.table, e.narration.act) for e in house.position.daybook if e.narration.act != "test"]
    assert {("amounts", "deliver"), ("amounts", "phase"), ("gates", "fail")} <= set(told)


def test_a_condition_is_met_on_the_page_of_its_scheme(house: Any) -> None:
    fields = {"scheme": "SC4", "gate": "QIA", "text": "Rota agreed", "kind": "while_running"}
    act("condition", house.desk, {**fields, "due": "2026-12-31"}, as_=local_actor("N. Nurse"))
    office = client(house, "jo", OFFICE)
    form = hidden(office.get("/schemes/SC4"), "/schemes/SC4/change")
    assert office.post("/schemes/SC4/change", form).status_code == 302
    assert house.position.rows("conditions")[0].met_on is not None


def test_a_scheme_is_withdrawn_with_a_reason_and_without_one_it_stays(house: Any) -> None:
    office, at = client(house, "jo", OFFICE), "/schemes/SC2/change"
    form = hidden(office.get(f"{at}?act=withdraw"), at)
    assert office.post(at, form).status_code == 422
    assert office.post(at, {**form, "why": "No longer"})["Location"] == "/schemes"
    assert office.get("/schemes/SC2").status_code == 404


@pytest.mark.parametrize(
    "office", [("chief_nurse", "T1"), ("auditor", "R1"), ("trust_finance", "T1")]
)
def test_others_read_schemes_and_change_none(house: Any, office: tuple[str, str]) -> None:
    other = client(house, "ola", office)
    assert other.get("/schemes/SC1").status_code == 200
    assert "/change" not in other.get("/schemes/SC1").content.decode()
    assert other.get("/schemes/new").status_code == 403
    assert other.post("/schemes/SC1/change", {"act": "withdraw", "why": "x"}).status_code == 403


def test_a_programme_office_of_another_body_changes_nothing(house: Any) -> None:
    other, at = client(house, "ola", ("programme_office", "T2")), "/schemes/SC1/change"
    assert other.get(f"{at}?act=revise").status_code == 403
    answer = other.post(at, {"act": "withdraw", "scheme": "SC1", "why": "x", "request": "r1"})
    assert answer.status_code == 422
    assert stands(house, "SC1")["title"] == "Beds"
