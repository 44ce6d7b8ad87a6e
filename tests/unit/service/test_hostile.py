"""Forms and addresses that somebody forged: nothing breaks, nothing of another's is shown or signed."""

from __future__ import annotations

from typing import Any

import pytest

from controltotal.acts import act
from controltotal.acts.actors import local_actor
from controltotal.service.models import Draft, Job, Reading
from tests.act_books import YEAR, system
from tests.quality_pages import book, hidden, words
from tests.service_house import client, person, served

LONG = "9" * 5000
FINANCE = ("trust_finance", "T1")
MONTH = f"/months/T1/{YEAR}"


@pytest.fixture
def house() -> Any:
    return served({**system(), "grants": []})


@pytest.mark.parametrize("text", [LONG, "²", "-1", "M9"], ids=["long", "raised", "below", "word"])
@pytest.mark.parametrize(
    "address",
    ["/months?month={}", MONTH + "/M{}", MONTH + "/M9/sent?entry={}", "/ledger?before={}"],
)
def test_a_number_that_is_none_or_too_long_breaks_no_page(
    house: Any, address: str, text: str
) -> None:
    answer = client(house, "ann", FINANCE).get(address.format(text))
    assert answer.status_code in (200, 404)


def test_a_number_that_is_too_long_breaks_no_form(house: Any) -> None:
    ann = client(house, "ann", FINANCE)
    Draft.objects.create(
        person=person(house, "ann"), organisation="T1", kind="month", key=f"{YEAR}/M9"
    )
    assert ann.post(f"{MONTH}/M9/check", {"do": f"leave:{LONG}"}).status_code in (302, 422)
    assert ann.post("/account/tokens", {"end": LONG}).status_code == 302
    seen = {"act": "submit_month", "request": "r", "seen": f"submissions/T1={LONG}"}
    assert ann.post(f"{MONTH}/M9", seen).status_code == 302


def test_the_draft_of_a_month_is_not_written_by_the_form_of_another(house: Any) -> None:
    ann, pat = client(house, "ann", FINANCE), client(house, "pat", ("programme_office", "T1"))
    content = {"files": [], "set": {}}
    kept = Draft.objects.create(
        person=person(house, "ann"),
        organisation="T1",
        kind="month",
        key=f"{YEAR}/M9",
        content=content,
    )
    for browser in (ann, pat):
        assert browser.post(f"/drafts/{kept.pk}", {"set": "x", "files": "y"}).status_code == 404
    kept.refresh_from_db()
    assert kept.content == content


def test_the_draft_of_a_proposal_keeps_its_own_fields_within_a_length(house: Any) -> None:
    ann = client(house, "ann", FINANCE)
    kept = Draft.objects.create(person=person(house, "ann"), organisation="T1", kind="transfer")
    typed = {"condition": "x" * 100_000, "strange": "y", "to": "T2"}
    assert ann.post(f"/drafts/{kept.pk}", typed).status_code == 200
    kept.refresh_from_db()
    assert set(kept.content) == {"condition", "to", "who"}
    assert len(kept.content["condition"]) == 20_000


def test_a_receipt_is_shown_of_what_it_is_of_alone(house: Any) -> None:
    ann = client(house, "ann", FINANCE)
    sent = ann.post(f"{MONTH}/M9", {"act": "submit_month", "request": "r"})
    number = sent["Location"].rpartition("=")[2]
    assert ann.get(sent["Location"]).status_code == 200
    for other in (f"{MONTH}/M8", f"/months/T2/{YEAR}/M9"):
        assert ann.get(f"{other}/sent?entry={number}").status_code == 404


def test_nobody_is_led_to_the_receipt_of_the_request_of_another(house: Any) -> None:
    ann, ben = client(house, "ann", FINANCE), client(house, "ben", FINANCE)
    ann.post(f"{MONTH}/M9", {"act": "submit_month", "request": "r"})
    assert ben.post(f"{MONTH}/M9/check", {"request": "r"}).status_code == 409
    again = ben.post(f"{MONTH}/M9", {"act": "submit_month", "request": "r"})
    assert again.status_code == 422
    assert "done already by somebody else" in words(again)


def test_a_question_about_another_organisation_is_noted_as_a_reading(house: Any) -> None:
    ann = client(house, "ann", FINANCE)
    ann.get("/questions/position?organisation=T2")
    ann.get(f"/figures/adjusted_surplus/T2/{YEAR}/plan")
    ann.get("/api/v1/verbs/position?organisation=T2")
    ann.get(f"/api/v1/figures/adjusted_surplus/T2/{YEAR}/plan")
    ann.get("/questions/position?organisation=T1")
    pages = Reading.objects.filter(organisation="T2").values_list("page", flat=True)
    assert sorted(pages) == ["api_figure", "api_verb", "figure", "question"]
    assert not Reading.objects.filter(organisation="T1").exists()
    told = words(client(house, "ben", ("trust_finance", "T2")).get("/organisations/T2"))
    assert "by a program" in told and "api_" not in told


def test_a_reading_that_was_noted_twice_at_once_stops_no_page(house: Any) -> None:
    ann = client(house, "ann", FINANCE)
    ann.get("/organisations/T2")
    noted = Reading.objects.get(organisation="T2")
    noted.pk = None
    noted.save()
    assert ann.get("/organisations/T2").status_code == 200
    assert Reading.objects.count() == 2


def test_who_left_an_organisation_does_not_take_its_drafts_along(house: Any) -> None:
    ann = client(house, "ann", FINANCE, ("trust_finance", "T2"))
    job = Job.objects.create(
        person=person(house, "ann"),
        organisation="T1",
        verb="report",
        options={"organisation": "T1", "on": "2026-12-01"},
    )
    asked = Job.objects.create(person=person(house, "ann"), organisation="T1", verb="risk")
    assert ann.get(f"/jobs/{job.pk}").status_code == 200
    ends = {"subject": "subject-ann", "organisation": "T1"}
    act("revoke", house.desk, ends, why="a test", as_=local_actor("Tests"))
    for address in (f"/jobs/{job.pk}", f"/api/v1/jobs/{job.pk}", f"/jobs/{job.pk}/paper.html"):
        assert ann.get(address).status_code == 404
    assert ann.get(f"/jobs/{asked.pk}").status_code == 200, "what is of the ledger alone stays"


class TestTheScreeningList:
    """It is signed as it was shown, and nothing is signed with it that does not stand on it."""

    @pytest.fixture
    def nurse(self) -> Any:
        house = served(book())
        nurse = client(house, "fay", ("chief_nurse", "T1"))
        form = hidden(nurse.get("/quality"), "/quality", 'value="screen"')
        assert (
            nurse.post("/quality", {**form, "scheme": ["SC3"], "why": "Paper"}).status_code == 302
        )
        nurse.house = house
        return nurse

    def test_another_scheme_is_not_smuggled_in(self, nurse: Any) -> None:
        form = hidden(nurse.get("/quality"), "/quality", 'value="sign"')
        before = nurse.house.position.ref.entry
        answer = nurse.post("/quality", {**form, "listed": ["SC1"], "signed-SC1": "x"})
        assert answer.status_code == 422
        assert "SC1: It is not screened out" in words(answer)
        assert nurse.house.position.ref.entry == before

    def test_what_changed_since_it_was_shown_is_not_signed(self, nurse: Any) -> None:
        form = hidden(nurse.get("/quality"), "/quality", 'value="sign"')
        changed = {"id": "SC3", "title": "Stationery and beds"}
        act("revise", nurse.house.desk, changed, why="a test", as_=local_actor("Tests"))
        before = nurse.house.position.ref.entry
        answer = nurse.post("/quality", {**form, "listed": ["SC3"], "evidence": "List"})
        assert answer.status_code == 422
        assert nurse.house.position.ref.entry == before

    def test_a_form_that_says_not_what_was_seen_signs_nothing(self, nurse: Any) -> None:
        form = hidden(nurse.get("/quality"), "/quality", 'value="sign"')
        form.pop("signed-SC3")
        answer = nurse.post("/quality", {**form, "listed": ["SC3"], "evidence": "List"})
        assert answer.status_code == 422
        assert "Load the page again" in words(answer)
