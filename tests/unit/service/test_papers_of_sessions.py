"""A frozen paper stays what its cover said when it was frozen, and opens by that; a page names one month."""

from __future__ import annotations

import html
from typing import Any

import pytest

from tests.service_house import client, posted, served
from tests.unit.service.test_papers_in_public import MEETING, NAMED, PAPER, WITHHELD, book, made

LATER = "/papers/S1/2027-01-14"
FROZEN = "The cover now says: "


def two_meetings() -> dict[str, list[dict[str, str]]]:
    """The small system with a withheld figure, a meeting in public and a later one in private."""
    later = {**MEETING, "on": "2027-01-14", "session": "private", "private_reason": "A contract"}
    return {**book(), "papers": [MEETING, later], "withheld": [WITHHELD]}


@pytest.fixture(scope="module")
def house() -> Any:
    return served(two_meetings())


@pytest.fixture(scope="module")
def finance(house: Any) -> Any:
    return client(house, "chris", ("system_finance", "S1"))


@pytest.fixture(scope="module")
def offices(house: Any) -> dict[str, Any]:
    """Somebody of each of some offices, those from outside among them."""
    held = [("region", "S1"), ("trust_finance", "T1"), ("councillor", "B1"), ("publisher", "S1")]
    return {role: client(house, role, (role, at)) for role, at in held}


INSIDE = ("region", "trust_finance")
OUTSIDE = ("councillor", "publisher")


def says(browser: Any, path: str) -> str:
    answer = browser.get(path)
    assert answer.status_code == 200, path
    return html.unescape(answer.content.decode())


def row_of(page: str, paper: str) -> str:
    """A row of the list of papers."""
    return page.partition(f'href="{paper}"')[2].partition("</tr>")[0]


def cover(finance: Any, **fields: str) -> None:
    form = finance.get(f"{PAPER}/cover")
    given = {"session": "public", "purpose": "assurance", **fields}
    assert finance.post(f"{PAPER}/cover", posted(form, **given)).status_code == 303


def test_a_meeting_in_public_has_its_public_paper_whatever_a_later_one_is(finance: Any) -> None:
    job = made(finance, frozen="yes", **{"for": "public"})
    assert job.options["on"] == "2026-12-10"


def test_a_public_paper_of_a_private_session_is_refused_at_once_in_plain_words(
    finance: Any,
) -> None:
    from controltotal.service.jobs import ask, work_off
    from controltotal.service.models import Job

    before = Job.objects.count()
    answer = finance.post(f"{LATER}/make", {"frozen": "yes", "for": "public"})
    text = html.unescape(answer.content.decode())
    assert answer.status_code == 409 and Job.objects.count() == before
    assert "This meeting is in private, so no paper of it is frozen for the public." in text
    assert "say on its cover sheet that its session is public" in text and "--" not in text
    known = Job.objects.first()
    late = {**known.options, "on": "2027-01-14"}  # as if the cover had changed while it waited
    job = ask(known.person, "report", late, "S1")
    assert work_off()
    job.refresh_from_db()
    assert job.state == "failed" and job.what == "", "refused before the long work"
    page = says(finance, f"/jobs/{job.pk}")
    assert "This could not be done: this meeting is in private" in page and "--for" not in page


def test_what_keeps_a_paper_from_being_final_follows_its_cover_without_a_new_draft(
    finance: Any,
) -> None:
    made(finance)
    page = says(finance, PAPER)
    assert "Its meeting is in public" in page and "Freeze as a draft" in page
    cover(finance, session="private", private_reason="A contract is being let")
    page = says(finance, PAPER)
    assert "Its meeting is in public" not in page and NAMED not in page
    assert "Freeze the paper at entry" in page and "Freeze as a draft" not in page


def test_a_final_paper_of_a_private_session_stays_so_when_its_cover_is_made_public(
    finance: Any, offices: dict[str, Any]
) -> None:
    job = made(finance, frozen="yes")
    read = f"{PAPER}/read?frozen={job.entry}"
    files = [f"/jobs/{job.pk}/paper{form}" for form in (".html", ".pdf", ".xlsx")]
    paths = (*files, read)
    for role in OUTSIDE:
        assert [offices[role].get(path).status_code for path in paths] == [404] * len(paths), role
    assert finance.get(f"/jobs/{job.pk}")["Location"] == f"{PAPER}#frozen"
    assert FROZEN not in says(finance, read)

    cover(finance, session="public")
    for role in OUTSIDE:
        assert [offices[role].get(path).status_code for path in paths] == [404] * len(paths), role
        assert job.pk not in says(offices[role], PAPER)
        assert offices[role].get(f"/api/v1/jobs/{job.pk}").status_code == 404
    assert "the public's paper is final" in row_of(says(offices["councillor"], "/papers"), PAPER)
    for role in INSIDE:
        assert [offices[role].get(path).status_code for path in paths] == [200] * len(paths), role
    for browser in (finance, offices["region"]):
        row = row_of(says(browser, "/papers"), PAPER)
        assert "private" in row and "final, frozen on 30 November 2026 (private session" in row
        assert "the cover now says public session, for assurance" in row
        page = says(browser, PAPER).partition('id="frozen"')[2]
        assert "Frozen with the cover: private session, for assurance." in page
        assert "but for councillors and publishers" in page
        assert f"{FROZEN}public session, for assurance." in page and "freeze the paper anew" in page
        assert f"{FROZEN}public session, for assurance." in says(browser, read)


def test_a_paper_kept_without_its_cover_is_read_from_the_ledger_as_at_its_entry(
    finance: Any, offices: dict[str, Any]
) -> None:
    import json
    import os

    from controltotal.service.jobs import result_file
    from controltotal.service.models import Job
    from controltotal.service.paper_pages import cover_then, is_final

    frozen = Job.objects.filter(verb="report", options__frozen=True, state="done")
    job = next(one for one in frozen if is_final(one) and not one.options.get("for"))
    path = result_file(job)
    told = json.loads(path.read_text("utf-8"))
    kept = told.pop("cover")
    os.chmod(path, 0o600)
    path.write_text(json.dumps(told), "utf-8")
    assert cover_then(job) == kept == {"session": "private", "purpose": "assurance"}
    assert offices["councillor"].get(f"/jobs/{job.pk}/paper.html").status_code == 404
    assert offices["region"].get(f"/jobs/{job.pk}/paper.html").status_code == 200


def test_a_changed_purpose_is_told_beside_what_is_frozen(finance: Any) -> None:
    cover(finance, session="private", private_reason="A contract", purpose="decision")
    page = says(finance, PAPER).partition('id="frozen"')[2]
    assert "Frozen with the cover: private session, for assurance." in page
    assert f"{FROZEN}private session, for decision." in page


def test_a_paper_of_an_earlier_month_than_all_have_told_names_its_own_month_alone(
    house: Any, finance: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from controltotal.service import paper_pages

    month = paper_pages.find("S1", "2026-12-10").month
    for reached, told in ((month - 1, True), (month, True), (month + 1, False)):
        monkeypatch.setattr(
            paper_pages, "reached", lambda *_, at=reached: (at, f"All figures here are to {at}.")
        )
        assert bool(paper_pages.find("S1", "2026-12-10").ahead) is told, reached
        assert ("All figures here are to" in says(finance, PAPER)) is told, reached
