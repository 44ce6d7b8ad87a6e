"""The questions as pages, and the long ones as jobs: asked once, kept until the data change, one's own."""

from __future__ import annotations

from typing import Any

import pytest

from controltotal.acts import act
from controltotal.acts.actors import local_actor
from tests.service_house import client, served

SLOW = "/questions/risk?year=2026%2F27"


@pytest.fixture
def house() -> Any:
    return served()


@pytest.fixture
def finance(house: Any) -> Any:
    return client(house, "robin", ("trust_finance", "T1"))


def asked(browser: Any, path: str = SLOW) -> Any:
    """A long question asked: its job."""
    from controltotal.service.models import Job

    answer = browser.post(path)
    assert answer.status_code == 302
    return Job.objects.get(pk=answer["Location"].rpartition("/")[2])


@pytest.mark.parametrize(
    "verb",
    ["check", "position", "forecast", "trajectory", "share", "decide", "calibrate", "history"],
)
def test_a_question_is_a_page_with_a_year_and_an_organisation_to_choose(
    finance: Any, verb: str
) -> None:
    assert f"/questions/{verb}" in finance.get("/questions").content.decode()
    page = finance.get(f"/questions/{verb}?organisation=T1&strange=1")
    assert page.status_code == 200 and b"The answer" in page.content


def test_what_is_asked_wrongly_is_told_in_words(finance: Any) -> None:
    assert finance.get("/questions/advance").status_code == 404
    page = finance.get("/questions/position?organisation=NO")
    assert page.status_code == 422 and b"there is no organisation" in page.content.lower()
    assert finance.get("/questions/position?year=soon").status_code == 422


def test_a_long_question_is_a_job_and_then_the_same_page(finance: Any) -> None:
    from controltotal.service.jobs import work_off

    assert b"Work the answer out" in finance.get(SLOW).content
    job = asked(finance)
    assert asked(finance).pk == job.pk, "asked twice while it waits, worked once"
    waits = finance.get(f"/jobs/{job.pk}")
    assert waits.status_code == 200 and b'http-equiv="refresh"' in waits.content
    part = finance.get(f"/jobs/{job.pk}", HTTP_HX_REQUEST="true")
    assert b"<html" not in part.content and b"<progress" in part.content
    assert work_off() and not work_off()
    assert finance.get(f"/jobs/{job.pk}")["Location"] == SLOW
    assert finance.get(f"/jobs/{job.pk}", HTTP_HX_REQUEST="true")["HX-Redirect"] == SLOW
    page = finance.get(SLOW).content
    assert b"The answer" in page and b"Work the answer out" not in page


def test_an_old_answer_says_that_something_was_recorded_since(house: Any, finance: Any) -> None:
    from controltotal.service.jobs import work_off

    asked(finance)
    assert work_off()
    cells = {"id": "K1", "organisation": "T1", "title": "Winter", "kind": "risk"}
    cells |= {"gross": "9", "unit": "£", "chance": "0.5"}
    act("risk", house.desk, cells, why="seen", as_=local_actor("Tests"))
    page = finance.get(SLOW).content
    assert b"something was recorded since" in page and b"Work it out again" in page


def test_a_figure_that_takes_long_is_worked_out_when_asked_for(finance: Any) -> None:
    from controltotal.service.jobs import work_off

    at = "/figures/risk_adjusted/T1/2026-27/forecast"
    assert b"Work this figure out" in finance.get(at).content
    answer = finance.post(at)
    assert work_off()
    job = finance.get(answer["Location"])
    told = job["Location"] if job.status_code == 302 else ""
    assert told == at or b"could not be done" in job.content


def test_a_job_is_stopped_by_its_own_organisation_and_seen_by_no_other(
    house: Any, finance: Any
) -> None:
    from controltotal.service.jobs import work_off

    job = asked(finance)
    colleague = client(house, "kerry", ("programme_office", "T1"))
    assert colleague.get(f"/jobs/{job.pk}").status_code == 200
    other = client(house, "alex", ("trust_finance", "T2"))
    told = [other.get(f"/jobs/{one}") for one in (job.pk, "0" * 32)]
    assert {one.status_code for one in told} == {404}
    assert told[0].content == told[1].content
    assert other.post(f"/jobs/{job.pk}/cancel").status_code == 404
    assert finance.post(f"/jobs/{job.pk}/cancel").status_code == 302
    assert not work_off()
    assert b"was stopped" in finance.get(f"/jobs/{job.pk}").content


def test_a_number_that_is_a_cell_says_what_its_column_means(finance: Any) -> None:
    page = finance.get("/numbers/how-to_date-plan-T1").content.decode()
    assert "How it is made" in page and "/questions/position?organisation=T1" in page
    assert finance.get("/numbers/how-nothing-here").status_code == 404
    assert finance.get("/numbers/how-to_date-plan-_fffff_").status_code in (200, 404)


def test_a_gap_to_divide_is_tried_in_the_session_and_stands_in_no_address(finance: Any) -> None:
    sent = finance.post("/questions/share", {"year": "2026/27", "gap": "£37", "to": "T1"})
    assert sent.status_code == 303 and "37" not in sent["Location"]
    page = finance.get(sent["Location"]).content.decode()
    assert 'value="£37"' in page and "Gap to divide" in page
    assert 'value="£37"' not in finance.get("/questions/share?gap=£37").content.decode()
