"""A paper for a meeting in public: final without what is withheld, for everybody; it names offices."""

from __future__ import annotations

import html
import zipfile
from datetime import date
from io import BytesIO
from typing import Any

import pypdfium2
import pytest

from controltotal.service.paper_made import FORMS
from tests.act_books import officer, system
from tests.service_house import client, posted, served

PAPER = "/papers/S1/2026-12-10"
SECRET = 7_654_321
WITHHELD = {
    "figure": "surplus/T2/2026-27/plan",
    "kind": "withheld",
    "reason": "A contract is being let",
    "decided_by": "Board",
    "until": "2027-06-30",
}
MEETING = {
    "organisation": "S1",
    "meeting": "Board",
    "on": "2026-12-10",
    "session": "public",
    "purpose": "assurance",
    "known_on": "2026-11-26",
}
NAMED = "Second: Surplus"


def book() -> dict[str, list[dict[str, str]]]:
    """The small system with a paper on the agenda and a figure that the public may not see."""
    made = {**system(), "grants": [], "papers": [MEETING], "withheld": [WITHHELD]}
    plans = {"B1": 9_111_222, "T1": -8_222_333, "T2": -SECRET}
    for row in made["amounts"]:
        if row["basis"] == "plan" and row["organisation"] in plans:
            row["amount"] = str(plans[row["organisation"]])
    return made


@pytest.fixture(scope="module")
def house() -> Any:
    return served(book())


@pytest.fixture(scope="module")
def finance(house: Any) -> Any:
    return client(house, "chris", ("system_finance", "S1"))


@pytest.fixture(scope="module")
def other(house: Any) -> Any:
    return client(house, "kerry", ("trust_finance", "T1"))


def made(browser: Any, **fields: str) -> Any:
    """What is asked for, made; its job."""
    from controltotal.service.jobs import work_off
    from controltotal.service.models import Job

    answer = browser.post(f"{PAPER}/make", fields)
    assert answer.status_code == 302, answer.content.decode()[-500:]
    job = Job.objects.get(pk=answer["Location"].rpartition("/")[2])
    assert work_off()
    job.refresh_from_db()
    assert job.state == "done", job.error
    return job


def read(data: bytes) -> str:
    """All that a file says: its bytes, those of what is packed in it, and the words of a PDF."""
    if data[:2] == b"PK":
        with zipfile.ZipFile(BytesIO(data)) as packed:
            return "".join(packed.read(one).decode("utf-8", "replace") for one in packed.namelist())
    if data[:4] == b"%PDF":
        with pypdfium2.PdfDocument(data) as document:
            return "".join(page.get_textpage().get_text_bounded() for page in document)
    return data.decode()


def test_a_paper_in_public_that_holds_a_withheld_figure_is_a_draft(
    finance: Any, other: Any
) -> None:
    page = finance.get(PAPER).content.decode()
    assert NAMED in page and "until 30 June 2027" in page and "7.7" not in page
    for choice in ("Freeze as a draft", "Freeze a paper for the public", "private session"):
        assert choice in page, choice
    job = made(finance, frozen="yes")
    page = finance.get(PAPER).content.decode().partition('id="frozen"')[2]
    assert "frozen as a draft" in page and "Seen by System alone" in page
    assert other.get(f"/jobs/{job.pk}/paper.pdf").status_code == 404
    assert other.get(f"{PAPER}/read?frozen={job.entry}").status_code == 404
    assert "not final yet" in other.get("/papers").content.decode()


def test_a_final_paper_is_everybodys_and_no_byte_of_it_says_what_is_withheld(
    finance: Any, other: Any
) -> None:
    from controltotal.service.jobs import result_file

    job = made(finance, frozen="yes", **{"for": "public"})
    forms = {form: result_file(job, form) for form in FORMS}
    written = {form: read(path.read_bytes()) for form, path in forms.items() if path.is_file()}
    assert set(written) == {".html", ".pdf", ".docx", ".xlsx"}
    for form, text in written.items():
        for said in (f"{SECRET}", f"{SECRET:,}", f"{SECRET}00", "7.7m", "(7.7)", "7.65"):
            assert said not in text, (form, said)
        assert WITHHELD["reason"] in text, form
    for browser in (finance, other):
        listed = html.unescape(browser.get("/papers").content.decode())
        assert "the public's paper is final, frozen on 30 November 2026" in listed
        page = browser.get(PAPER).content.decode()
        assert "Everybody who holds an office here sees it." in page
        for form in written:
            assert browser.get(f"/jobs/{job.pk}/paper{form}").status_code == 200
        reading = browser.get(f"{PAPER}/read?frozen={job.entry}&for=public")
        assert reading.status_code == 200 and "7.7" not in reading.content.decode()
    assert "Freeze" not in other.get(PAPER).content.decode()


def test_a_paper_names_offices_and_what_was_done_after_its_meeting(house: Any) -> None:
    from controltotal.acts import act
    from controltotal.verbs.freezing import freeze
    from tests.act_books import again

    desk = again(house.desk, date(2026, 12, 20))
    fields = {"scheme": "SC1", "role": "medical_director", "outcome": "refused"}
    signer = officer("medical_director", "T1")
    act("sign", desk, fields, why="Harm", on="2026-12-18", as_=signer)
    frozen = freeze(desk.position, (".html", ".docx"), "S1", "2026-27", "2026-12-10")
    for form, data in frozen.files.items():
        text = read(data)
        assert signer.name not in text, form
        assert "refused by the medical director" in text, form
        assert "With acts to 18 December 2026, after its meeting of 10 December 2026." in text
    before = freeze(house.position, (".html",), "S1", "2026-27", "2026-12-10")
    assert "With acts to" not in before.files[".html"].decode()


def test_a_paper_for_a_private_session_may_be_final(house: Any, finance: Any, other: Any) -> None:
    form = finance.get(f"{PAPER}/cover")
    more = {
        "session": "private",
        "private_reason": "A contract is being let",
        "purpose": "assurance",
    }
    assert finance.post(f"{PAPER}/cover", posted(form, **more)).status_code == 303
    page = finance.get(PAPER).content.decode()
    assert NAMED not in page and "Freeze the paper at entry" in page
    job = made(finance, frozen="yes")
    assert other.get(f"/jobs/{job.pk}/paper.html").status_code == 200
