"""Signing a scheme in the browser: the word, its conditions, what it was given to, and who may not."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from controltotal import verbs
from controltotal.acts import act
from controltotal.acts.actors import local_actor
from controltotal.papers.scheme_states import states
from controltotal.programme import seen
from controltotal.programme.panel import unsigned
from controltotal.workings.workings import Workings
from tests.act_books import TODAY
from tests.fictional_ledger import fictional
from tests.quality_pages import book, counted, hidden, signing, words
from tests.service_house import client, person, served

NURSE = ("chief_nurse", "T1")
CONDITION = {
    "text": "Rota agreed",
    "kind": "while_running",
    "owner": "Ward lead",
    "due": "2027-01-31",
}


@pytest.fixture
def house() -> Any:
    return served(book())


def rows(house: Any, table: str) -> list[dict[str, str]]:
    return [dict(row.texts) for row in house.position.rows(table)]


def entries(house: Any) -> int:
    return int(house.position.ref.entry)


def plan(house: Any) -> int | None:
    found = house.answer("position").value("savings_plan/T1/2026-27/plan")
    return found if found is None else found // 100


def drawn(house: Any) -> set[str]:
    """The schemes that the risk of the year takes for assured."""
    return {row["scheme"] for row in house.answer("risk").tables["schemes"] if row["eligible"]}


def test_a_nurse_approves_one_and_refuses_another_and_sees_both_in_the_plan(house: Any) -> None:
    nurse = client(house, "fay", NURSE)
    assert (counted(house)["SC1"], counted(house)["SC4"], plan(house)) == (False, True, 3_000_000)
    chosen = house.answer("portfolio").tables["schemes"]
    assert {row["scheme"] for row in chosen if row["chosen"]} == {"SC4"}
    assert drawn(house) == {"SC4"}
    approved = signing(nurse, "SC1", "approve_with_conditions", **CONDITION)
    assert (approved.status_code, approved["Location"]) == (302, "/schemes/SC1")
    refused = signing(nurse, "SC4", "reject", why="Too few nurses at night")
    assert refused.status_code == 302
    assert (counted(house)["SC1"], counted(house)["SC4"], plan(house)) == (True, False, 6_000_000)
    chosen = house.answer("portfolio").tables["schemes"]
    assert {row["scheme"] for row in chosen if row["chosen"]} == {"SC1"}
    assert drawn(house) == {"SC1"}
    page = words(nurse.get("/schemes/SC1"))
    assert "Rota agreed while it runs Quality Ward lead 31 January 2027 not yet" in page
    assert "Receipt: entry" in page
    page = words(nurse.get("/schemes/SC4"))
    assert "Refused on quality grounds on 30 November 2026" in page
    assert "The chief nurse refused it on 30 November 2026: Too few nurses at night" in page
    assert "2026: refused" not in page


def test_an_approval_and_its_conditions_are_one_act_or_none(house: Any) -> None:
    nurse, before = client(house, "fay", NURSE), entries(house)
    lacking = signing(nurse, "SC1", "approve_with_conditions", **{**CONDITION, "due": ""})
    assert lacking.status_code == 422
    assert "Due is missing" in words(lacking)
    assert "Rota agreed" in lacking.content.decode()
    assert entries(house) == before
    signing(nurse, "SC1", "approve_with_conditions", **CONDITION)
    wrote = house.position.daybook[before:]
    assert [entry.table for entry in wrote] == ["gates", "conditions"]
    assert len({entry.narration.request for entry in wrote}) == 1


def test_two_directors_may_set_the_same_condition(house: Any) -> None:
    for one, role in (("nina", "chief_nurse"), ("max", "medical_director")):
        who = client(house, one, (role, "T1"))
        answer = signing(who, "SC1", "approve_with_conditions", **CONDITION)
        assert answer.status_code == 302
        again = signing(who, "SC1", "reject", why="a slip")
        assert "one day holds one answer" in words(again)
    assert len(rows(house, "conditions")) == 1


def test_a_signature_says_what_it_was_given_to(house: Any) -> None:
    nurse, before = client(house, "fay", NURSE), entries(house)
    signing(nurse, "SC1", "approve_with_conditions", **CONDITION)
    signed = rows(house, "gates")[-1]["signed"]
    assert signed == seen.digest(house.position.daybook, "SC1", before)
    assert "stands as it was signed" in words(nurse.get("/schemes/SC1"))


def test_a_form_that_was_opened_before_an_edit_signs_nothing_and_says_what_changed(
    house: Any,
) -> None:
    nurse, at = client(house, "fay", NURSE), "/schemes/SC1/sign"
    fields = hidden(nurse.get(at), at, 'name="signed"')
    change = {"id": "SC1", "title": "Fewer beds", "full_year_effect": "13"}
    act("revise", house.desk, change, as_=local_actor("P. Office"))
    before = entries(house)
    old = nurse.post(at, {**fields, "outcome": "approve"})
    assert old.status_code == 409
    assert "changed while you read it" in words(old)
    assert "The scheme: title Beds Fewer beds" in words(old)
    money = words(old).partition("The scheme: full year effect ")[2].split()
    assert money[:2] == ["£12m", "£13m"]
    assert entries(house) == before
    again = hidden(old, at, 'name="signed"')
    assert nurse.post(at, {**again, "outcome": "approve"}).status_code == 302


def test_the_same_form_twice_is_one_signature(house: Any) -> None:
    nurse, at = client(house, "fay", NURSE), "/schemes/SC1/sign"
    fields = {**hidden(nurse.get(at), at, 'name="signed"'), "outcome": "approve"}
    assert nurse.post(at, fields).status_code == 302
    before = entries(house)
    assert nurse.post(at, fields).status_code == 302
    assert entries(house) == before


def test_without_a_word_or_what_was_seen_nothing_is_signed(house: Any) -> None:
    nurse, before = client(house, "fay", NURSE), entries(house)
    assert signing(nurse, "SC1", "").status_code == 422
    assert signing(nurse, "SC1", "approve", signed="").status_code == 422
    assert signing(nurse, "SC1", "approve_with_conditions").status_code == 422
    assert signing(nurse, "SC1", "reject").status_code == 422
    assert entries(house) == before


def test_one_person_in_both_offices_signs_once_whatever_they_are_called(house: Any) -> None:
    both = client(house, "sam", NURSE, ("medical_director", "T1"))
    assert (
        signing(both, "SC2", "more_information", why="Who is hit?", role="chief_nurse").status_code
        == 302
    )
    assert signing(both, "SC1", "approve", role="chief_nurse").status_code == 302
    person(house, "sam", name="Other Name")
    answer = signing(both, "SC1", "approve", role="medical_director")
    assert answer.status_code == 422
    assert "two people sign" in words(answer)


def test_the_owner_does_not_sign(house: Any) -> None:
    fields = {"id": "SC1", "owner": "Fay Example"}
    act("revise", house.desk, fields, as_=local_actor("P. Office"))
    answer = signing(client(house, "fay", NURSE), "SC1", "approve")
    assert answer.status_code == 422
    assert "The owner cannot sign" in words(answer)


@pytest.mark.parametrize(
    "office",
    [("chief_nurse", "T2"), ("medical_director", "T2")],
    ids=["nurse-of-another-body", "director-of-another-body"],
)
def test_an_office_at_another_body_does_not_sign(house: Any, office: tuple[str, str]) -> None:
    nurse, before = client(house, "fay", NURSE), entries(house)
    fields = hidden(nurse.get("/schemes/SC1/sign"), "/schemes/SC1/sign", 'name="signed"')
    other = client(house, "ola", office)
    page = other.get("/schemes/SC1/sign")
    assert 'name="signed"' not in page.content.decode()
    answer = other.post("/schemes/SC1/sign", {**fields, "role": office[0], "outcome": "approve"})
    assert answer.status_code == 422
    assert before <= entries(house) <= before + 1  # the grant alone
    assert all(row.get("signed") is None for row in rows(house, "gates"))


@pytest.mark.parametrize("office", [(), (("programme_office", "T1"),), (("region", "R1"),)])
def test_who_holds_no_office_that_signs_is_not_let_in(house: Any, office: Any) -> None:
    other = client(house, "ola", *office)
    refused = other.get("/schemes/SC1/sign")
    assert refused.status_code == 403
    if office:
        assert "chief nurse, trust finance or system finance, and you hold another" in words(
            refused
        )
    assert other.post("/schemes/SC1/sign", {"outcome": "approve"}).status_code == 403


def test_a_deputy_signs_until_the_day_and_not_after_it() -> None:
    house = served(book(), today=date(2026, 11, 30))
    deputy = client(house, "dee")
    fields = {"subject": "subject-dee", "name": "Dee Example", "role": "chief_nurse"}
    fields |= {"organisation": "T1", "from": "2026-11-01", "to": "2026-11-30"}
    act("grant", house.desk, fields, why="leave", as_=local_actor("Tests"))
    assert "as deputy until 30 November 2026" in words(deputy.get("/schemes/SC1/sign"))
    form = hidden(deputy.get("/schemes/SC1/sign"), "/schemes/SC1/sign", 'name="signed"')
    house.desk._today = lambda: date(2026, 12, 1)
    late = deputy.post("/schemes/SC1/sign", {**form, "outcome": "approve", "on": "2026-11-30"})
    assert late.status_code in (403, 422)
    house.desk._today = lambda: TODAY
    assert deputy.post("/schemes/SC1/sign", {**form, "outcome": "approve"}).status_code == 302


def test_scores_are_recorded_domain_by_domain_and_what_is_wrong_is_kept(house: Any) -> None:
    nurse, at = client(house, "fay", NURSE), "/schemes/SC1/sign"
    form = hidden(nurse.get(at), at, 'value="assess"')
    scores = {
        "likelihood-safety": "4",
        "consequence-safety": "4",
        "residual_likelihood-safety": "2",
    }
    scores |= {"residual_consequence-safety": "4", "mitigation-safety": "A nurse more at night"}
    assert nurse.post(at, {**form, **scores, "why": "new rota"}).status_code == 302
    row = next(
        r for r in rows(house, "assessments") if r["domain"] == "safety" and r["scheme"] == "SC1"
    )
    assert (row["likelihood"], row["residual_likelihood"], row["role"]) == ("4", "2", "chief_nurse")
    page = words(nurse.get(at))
    assert "Assessment (classic, safety): likelihood 3 4" in page
    form = hidden(nurse.get(at), at, 'value="assess"')
    wrong = nurse.post(at, {**form, **scores, "mitigation-safety": ""})
    assert wrong.status_code == 422
    assert "no mitigation is named" in words(wrong)


def test_finance_signs_for_finance_alone_and_sets_no_condition(house: Any) -> None:
    lead, at = client(house, "lee", ("trust_finance", "T1")), "/schemes/SC1/sign"
    page = lead.get(at)
    assert 'name="kind"' not in page.content.decode()
    assert signing(lead, "SC1", "approve").status_code == 302
    assert rows(house, "gates")[-1]["gate"] == "finance"
    answer = signing(lead, "SC4", "approve_with_conditions", **CONDITION)
    assert answer.status_code == 422
    assert "set by a medical director or a chief nurse" in words(answer)


def test_conditions_stand_open_and_a_lacking_reason_is_asked_for_in_words(house: Any) -> None:
    nurse = client(house, "fay", NURSE)
    page = nurse.get("/schemes/SC1/sign").content.decode()
    before = page[: page.index('name="text"')]
    assert before.count("<details") == before.count("</details")
    refused = signing(nurse, "SC1", "reject")
    assert refused.status_code == 422
    assert "Give the reason." in words(refused) and "--" not in words(refused)


def test_an_open_condition_is_said_wherever_the_scheme_is_called_assured(house: Any) -> None:
    nurse = client(house, "fay", NURSE)
    assert signing(nurse, "SC1", "approve_with_conditions", **CONDITION).status_code == 302
    told = "approved on a condition, open until 31 January 2027"
    assert f"Assured; {told}" in words(nurse.get("/schemes"))
    assert f"Assured; {told}" in words(nurse.get("/schemes/SC1"))
    doctor = client(house, "dee", ("medical_director", "T1"))
    assert f"SC1: {told}" in words(doctor.get("/"))
    assert told not in words(nurse.get("/schemes/SC4")), "it has none"


def test_the_panel_waits_for_the_office_that_a_schemes_page_names() -> None:
    """One person signed for both offices, and holds one: the other office alone is asked to sign."""
    position = fictional().position
    judged = Workings(position).savings.judgements
    state = states(verbs.schemes(position))["FTH-52"]
    assert unsigned(judged["FTH-52"]) == ("chief_nurse",)
    assert state.waits_for == ("chief nurse",)
