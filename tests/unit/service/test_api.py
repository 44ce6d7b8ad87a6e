"""The API for programs: the command line's own answers, acts with receipts, refusals in one shape."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from controltotal.service.limits import LIMITS
from controltotal.service.models import Job, Token
from controltotal.service.tokens import new_token
from tests.service_house import client, person, served

FINANCE = ("trust_finance", "T1")
V1 = "/api/v1"


def program(house: Any, name: str, *offices: tuple[str, str], scope: str = "act") -> Client:
    """A program of somebody's, which sends a token of theirs."""
    token = new_token(person(house, name, *offices), "test", scope, 1)
    return Client(headers={"Authorization": f"Bearer {token}"})


def asked(browser: Client, act: str, status: int, **body: Any) -> Mapping[str, Any]:
    answer = browser.post(f"{V1}/acts/{act}", body, content_type="application/json")
    assert answer.status_code == status, answer.content
    told: Mapping[str, Any] = answer.json()
    return told


def comment(**more: str) -> dict[str, str]:
    return {"about": "T1", "year": "2026/27", "month": "8", "kind": "driver", "text": "x", **more}


def test_a_verb_answers_what_the_command_line_answers() -> None:
    house = served()
    answer = program(house, "robin", FINANCE).get(f"{V1}/verbs/position?organisation=T1")
    assert answer.status_code == 200 and answer["Content-Type"].startswith("application/json")
    from controltotal import verbs

    expected = verbs.position(house.position, organisation="T1").to_json()
    assert answer.content.decode() == expected


def test_an_answer_bears_a_tag_and_is_not_sent_twice() -> None:
    house = served()
    browser = program(house, "robin", FINANCE)
    first = browser.get(f"{V1}/verbs/position")
    again = browser.get(f"{V1}/verbs/position", headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    other = browser.get(f"{V1}/verbs/position?organisation=T1")
    assert other["ETag"] != first["ETag"]
    person(house, "kerry", FINANCE)  # a new entry, so another root
    fresh = browser.get(f"{V1}/verbs/position", headers={"If-None-Match": first["ETag"]})
    assert fresh.status_code == 200


@pytest.mark.parametrize(
    ("path", "status", "word"),
    [
        ("verbs/positon", 404, "did you mean position?"),
        ("verbs/position?colour=red", 422, "use year"),
        ("verbs/position?year=2026/27&year=2027/28", 422, "give it once"),
        ("verbs/trajectory?years=a", 422, "give a whole number"),
        ("verbs/risk?data=/etc/passwd", 422, "use draws"),
        ("verbs/position?strict=perhaps", 422, "true or false"),
        ("figures/gap/T9/2026-27/plan", 404, "list the figures"),
        ("jobs/abc", 404, "ask for it again"),
        ("nothing", 404, ""),
    ],
)
def test_a_refusal_says_what_where_and_what_to_do(path: str, status: int, word: str) -> None:
    answer = program(served(), "robin", FINANCE).get(f"{V1}/{path}")
    assert answer.status_code == status, answer.content
    told = answer.json()
    assert set(told) >= {"what", "where", "action"} and word in told["action"]


def test_who_sends_no_token_or_one_that_ended_is_told_to_sign_in() -> None:
    house = served()
    made = person(house, "robin", FINANCE)
    token = new_token(made, "test", "read", 1)
    send = Client(headers={"Authorization": f"Bearer {token}"})
    assert send.get(f"{V1}/head").status_code == 200
    for header in ("Bearer wrong", "Basic abc", "Bearer", token):
        answer = Client(headers={"Authorization": header}).get(f"{V1}/head")
        assert (answer.status_code, answer["WWW-Authenticate"]) == (401, "Bearer")
    assert Client().get(f"{V1}/head").status_code == 401
    Token.objects.update(ends=timezone.now() - timedelta(seconds=1))
    assert send.get(f"{V1}/head").status_code == 401


def test_a_token_opens_no_page() -> None:
    browser = program(served(), "robin", FINANCE)
    assert browser.get("/account")["Location"].startswith("/sign-in")


def test_an_act_gives_a_receipt_and_the_same_request_the_first_one() -> None:
    house = served()
    browser = program(house, "robin", FINANCE)
    body = {"request": "r-1", "fields": comment(), "why": "said at the meeting"}
    first = asked(browser, "comment", 201, **body)
    assert first["receipt"]["entry"] == house.position.ref.entry
    assert first["receipt"]["root"] == house.position.ref.root
    assert asked(browser, "comment", 200, **body)["receipt"] == first["receipt"]
    reused = asked(browser, "comment", 409, **{**body, "fields": comment(text="another")})
    assert "request" in reused["what"]


def test_a_token_that_reads_does_not_act() -> None:
    house = served()
    before = house.position.ref
    told = asked(program(house, "robin", scope="read"), "comment", 403, fields=comment())
    assert "reads" in told["what"]
    assert house.position.ref == before


def test_an_act_of_another_office_or_body_is_refused_with_the_reason() -> None:
    house = served()
    browser = program(house, "robin", FINANCE)
    before = house.position.ref
    given = {"subject": "x", "name": "X", "role": "region", "organisation": "S1"}
    assert "administrator" in asked(browser, "grant", 403, fields=given)["what"]
    assert "T2" in asked(browser, "comment", 403, fields=comment(about="T2"))["what"]
    assert asked(browser, "frobnicate", 404)["action"].startswith("use one of")
    assert house.position.ref == before


def test_an_act_with_faults_names_each_field() -> None:
    told = asked(program(served(), "robin", FINANCE), "comment", 422, fields={"about": "T1"})
    fields = {one["field"] for one in told["findings"]}
    assert len(told["findings"]) >= 1 and fields
    odd = asked(program(served(), "robin", FINANCE), "comment", 422, colour="red")
    assert odd["findings"][0]["field"] == "colour"


def test_a_row_that_somebody_changed_comes_back_with_all_three() -> None:
    house = served()
    first, second = (program(house, n, FINANCE) for n in ("robin", "kerry"))
    risk = {"id": "R-API", "organisation": "T1", "title": "A", "kind": "risk"}
    risk |= {"gross": "1000", "chance": "0.5", "unit": "pounds", "owner": "finance"}
    entry = asked(first, "risk", 201, fields=risk)["receipt"]["entry"]
    seen = {"risks/R-API": entry}
    asked(second, "risk", 201, fields={**risk, "title": "B"}, seen=seen)
    clash = asked(first, "risk", 409, fields={**risk, "title": "C"}, seen=seen)
    sides = [clash[side]["title"] for side in ("base", "theirs", "yours")]
    assert sides == ["A", "B", "C"]


def test_a_browser_that_acts_by_the_api_sends_the_forms_token() -> None:
    house = served()
    browser = client(house, "robin", FINANCE, enforce_csrf_checks=True)
    body = json.dumps({"fields": comment()})
    answer = browser.post(f"{V1}/acts/comment", body, content_type="application/json")
    assert answer.status_code == 403 and "form" in answer.json()["what"]
    browser.get("/account")
    token = browser.cookies["csrftoken"].value
    answer = browser.post(
        f"{V1}/acts/comment",
        body,
        content_type="application/json",
        headers={"X-CSRFToken": token},
    )
    assert answer.status_code == 201, answer.content


def test_a_slow_verb_is_a_job_of_its_person_and_organisation_alone() -> None:
    from controltotal.service.jobs import work_off

    house = served()
    browser = program(house, "robin", FINANCE)
    answer = browser.get(f"{V1}/verbs/risk?draws=200&seed=3")
    assert answer.status_code == 303
    where = answer["Location"]
    assert browser.get(f"{V1}/verbs/risk?draws=200&seed=3")["Location"] == where
    assert browser.get(where).json()["state"] == "waiting"
    assert work_off()
    done = browser.get(where).json()
    assert (done["state"], done["answer"]["verb"]) == ("done", "risk"), done
    assert done["root"] == house.position.ref.root
    stranger = program(house, "drew", ("trust_finance", "T2"))
    theirs, nothing = stranger.get(where), stranger.get(f"{V1}/jobs/nothing")
    assert (theirs.status_code, nothing.status_code) == (404, 404)
    assert theirs.json()["what"] == nothing.json()["what"]
    assert stranger.delete(where).status_code == 404
    assert program(house, "kerry", FINANCE).get(where).status_code == 200


def test_a_job_is_asked_for_and_cancelled() -> None:
    browser = program(served(), "robin", FINANCE)
    answer = browser.post(
        f"{V1}/jobs/portfolio", {"options": {"years": 1}}, content_type="application/json"
    )
    assert answer.status_code == 202
    told = browser.delete(answer["Location"]).json()
    assert told["state"] == "cancelled"
    assert Job.objects.get().state == "cancelled"


def test_one_person_does_not_fill_the_worker() -> None:
    browser = program(served(), "robin", FINANCE)
    said = [browser.get(f"{V1}/verbs/risk?seed={n}").status_code for n in range(7)]
    assert said == [303] * 5 + [429] * 2


def test_too_many_writes_in_a_minute_are_told_when_to_go_on(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    house = served()
    browser = program(house, "robin", FINANCE)
    monkeypatch.setattr(LIMITS, "writes", 2)
    LIMITS.forget()
    for number in range(2):
        asked(browser, "comment", 201, fields=comment(text=str(number)))
    answer = browser.post(f"{V1}/acts/comment", {}, content_type="application/json")
    assert (answer.status_code, answer["Retry-After"]) == (429, "60")
    other = program(house, "kerry", FINANCE)
    asked(other, "comment", 201, fields=comment(text="mine"))


def test_history_and_figures_are_the_documents_of_their_verbs() -> None:
    house = served()
    browser = program(house, "robin", FINANCE)
    rows = browser.get(f"{V1}/history/organisations?key=T1").json()["tables"]["row_history"]
    assert rows and all(row["key"].startswith("organisations/T1") for row in rows)
    known = next(iter(house.answer("position").figures)).id
    told = browser.get(f"{V1}/figures/{known}").json()
    assert (told["verb"], told["figures"][0]["id"]) == ("explain", known)


def test_an_administrator_reads_nothing_by_the_api_and_grants_by_it() -> None:
    house = served()
    browser = program(house, "billie", ("administrator", "S1"))
    for path in ("head", "verbs/position", "figures/gap/T1/2026-27/plan", "history/amounts"):
        assert browser.get(f"{V1}/{path}").status_code == 403
    given = {"subject": "x", "name": "X", "role": "region", "organisation": "S1"}
    assert asked(browser, "grant", 201, fields=given)["receipt"]["entry"]


def test_the_description_names_every_address_and_status() -> None:
    served()
    told = Client().get(f"{V1}/openapi.json").json()
    assert set(told["paths"]) == {
        f"{V1}/head",
        f"{V1}/verbs/{{verb}}",
        f"{V1}/figures/{{figure}}",
        f"{V1}/history/{{table}}",
        f"{V1}/acts/{{name}}",
        f"{V1}/jobs/{{name}}",
    }
    act = told["paths"][f"{V1}/acts/{{name}}"]["post"]["responses"]
    assert {"200", "201", "400", "401", "403", "404", "409", "422", "429", "503"} == set(act)
