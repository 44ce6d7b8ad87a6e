"""The board paper: read from one entry, its words said anew by its own finance office, frozen for good."""

from __future__ import annotations

import re
from typing import Any

import pytest

from controltotal.core.calendar import day_words
from controltotal.service.paper_made import FORMS
from tests.fictional_ledger import fictional
from tests.service_house import client, posted, served

PAPER = "/papers/XF-SYS/2027-01-28"
FIGURE = re.compile(r'href="(/(?:figures|numbers)/[^"]+)"')
"""Where a number of a page leads to."""


@pytest.fixture(scope="module")
def house() -> Any:
    return served(desk=fictional())


@pytest.fixture(scope="module")
def finance(house: Any) -> Any:
    return client(house, "chris", ("system_finance", "XF-SYS"))


def made(browser: Any, **fields: str) -> Any:
    """A paper asked for and made; the job of it."""
    from controltotal.service.jobs import work_off
    from controltotal.service.models import Job

    answer = browser.post(f"{PAPER}/make", fields)
    assert answer.status_code == 302, answer.content.decode()[-500:]
    job = Job.objects.get(pk=answer["Location"].rpartition("/")[2])
    assert work_off()
    job.refresh_from_db()
    assert job.state == "done", job.error
    return job


@pytest.fixture(scope="module")
def draft(finance: Any) -> Any:
    return made(finance)


def test_every_number_of_a_paper_is_reached_in_two_clicks(finance: Any, draft: Any) -> None:
    page = finance.get(f"{PAPER}/read")
    assert page.status_code == 200
    links = sorted(set(FIGURE.findall(page.content.decode())))
    assert len(links) > 150
    wrong = [(link, s) for link in links if (s := finance.get(link).status_code) != 200]
    assert not wrong


def test_a_number_tells_its_value_rule_cells_and_quotations(finance: Any) -> None:
    text = finance.get("/figures/control_total/XF-FTH/2026-27/plan").content.decode()
    assert "Latest accepted control total" in text and "control_totals.csv" in text
    assert "Fictional letters setting control totals" in text
    text = finance.get("/figures/gap/XF-SYS/2026-27/forecast").content.decode()
    assert "£9.8m" in text and "/figures/measured/XF-SYS/2026-27/forecast" in text
    for none in ("gap/XF-NO/2026-27/forecast", "nothing/XF-SYS/2026-27/plan", "gap"):
        assert finance.get(f"/figures/{none}").status_code == 404


def test_a_sentence_is_looked_at_then_said_in_the_place_of_another(
    house: Any, finance: Any
) -> None:
    row = next(one for one in house.position.book.commentary if one.kind == "headline")
    form = finance.get(f"{PAPER}/words?instead={row.entry}")
    fields = posted(form, text="We end at {forecast|words}.", kind="headline", by=row.by)
    looked = finance.post(f"{PAPER}/words", {**fields, "status": "draft", "look": "yes"})
    assert "We end at £49.0m in deficit." in looked.content.decode()
    assert row in list(house.position.book.commentary)
    again = {**fields, "status": "agreed", "why": "plainer"}
    done = finance.post(f"{PAPER}/words", again)
    assert (done.status_code, done["Location"]) == (303, PAPER)
    said = [one.text for one in house.position.book.commentary if one.kind == "headline"]
    assert "We end at {forecast|words}." in said and row.text not in said
    entry = house.position.ref.entry
    assert finance.post(f"{PAPER}/words", again).status_code == 303
    assert house.position.ref.entry == entry, "sent twice, done once"


def test_a_sentence_that_somebody_replaced_meanwhile_is_told(finance: Any) -> None:
    form = finance.get(f"{PAPER}/words?part=must")
    fields = posted(form, text="Nothing.", kind="headline", status="draft", by="Chief")
    gone = finance.post(f"{PAPER}/words", {**fields, "instead": "3"})
    assert gone.status_code == 422 and "no longer stands" in gone.content.decode()


def test_the_cover_and_the_actions_are_acts_of_the_same_office(house: Any, finance: Any) -> None:
    form = finance.get(f"{PAPER}/cover")
    more = {"session": "private", "private_reason": "Named contracts", "item": "9"}
    assert finance.post(f"{PAPER}/cover", posted(form, **more)).status_code == 303
    row = next(one for one in house.position.book.papers if one.on.isoformat() == "2027-01-28")
    assert (row.item, row.session, row.purpose) == ("9", "private", "decision")
    form = finance.get(f"{PAPER}/action?id=ACT-01")
    kept = {"title": "Two signatures", "done_on": "2026-12-31"}
    assert finance.post(f"{PAPER}/action", posted(form, **kept)).status_code == 303
    assert any(one.id == "ACT-01" and one.done_on for one in house.position.book.actions)


def test_a_frozen_paper_is_made_again_to_the_byte_and_never_changes(
    house: Any, finance: Any
) -> None:
    from controltotal.service.jobs import result_file, work_off
    from controltotal.service.models import Job

    job = made(finance, frozen="yes")
    files = {form: result_file(job, form).read_bytes() for form in FORMS}
    entry = str(job.options["entry"])
    assert f"entry {int(entry):,}".encode() in files[".html"] and job.root
    finance.post(f"{PAPER}/cover", posted(finance.get(f"{PAPER}/cover"), item="10"))
    assert house.position.ref.entry > job.options["entry"]
    again = Job.objects.create(
        person=job.person, verb="report", options=job.options, organisation=job.organisation
    )
    assert work_off()
    assert {form: result_file(again, form).read_bytes() for form in FORMS} == files
    read = finance.get(f"{PAPER}/read?frozen={entry}").content.decode()
    assert "Frozen as at entry" in read and f"at={entry}" in read
    page = finance.get(PAPER).content.decode()
    assert f"{PAPER}/read?frozen={entry}" in page
    assert f"Entry {entry}, root {job.root.removeprefix('sha256:')[:16]}" in page
    assert f"{day_words(house.desk.today())} at " in page.partition('id="frozen"')[2]
    for form in FORMS:
        answer = finance.get(f"/jobs/{job.pk}/paper{form}")
        assert b"".join(answer.streaming_content) == files[form]
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert answer["Content-Disposition"].startswith(
            "inline" if form == ".html" else "attachment"
        )
    policy = finance.get(f"/jobs/{job.pk}/paper.html")["Content-Security-Policy"]
    assert "sandbox" in policy and "default-src 'none'" in policy and "script" not in policy


def test_drafts_frozen_papers_and_jobs_are_their_own_organisations(house: Any, draft: Any) -> None:
    other = client(house, "kerry", ("trust_finance", "XF-FTH"))
    for path in (f"/jobs/{draft.pk}", f"/jobs/{draft.pk}/paper.html", f"{PAPER}/read"):
        assert other.get(path).status_code == 404
    page = other.get(PAPER).content.decode()
    assert draft.pk not in page and "Frozen papers" not in page
    assert other.post(f"{PAPER}/make").status_code == 403
    assert other.post(f"/jobs/{draft.pk}/cancel").status_code == 404
    for path in ("words?part=must", "cover", "action"):
        assert other.get(f"{PAPER}/{path}").status_code == 403
    entry = house.position.ref.entry
    said = {"text": "Mine", "kind": "headline", "about": "answer/XF-SYS", "status": "agreed"}
    assert other.post(f"{PAPER}/words", said).status_code == 403
    assert house.position.ref.entry == entry
