"""What a page says after an act: what it did to money, what waits for whom now, and bodies by name."""

from __future__ import annotations

import re
from datetime import date
from html import unescape
from typing import Any

import pytest

from controltotal.programme.outcomes import APPROVE, REJECT
from tests.act_books import CASES, do
from tests.fictional_ledger import fictional
from tests.service_house import client, person, served

TODAY = date(2027, 1, 21)


@pytest.fixture
def house() -> Any:
    """A service of the fictional system."""
    return served(desk=fictional(TODAY))


def text(answer: Any) -> str:
    """The words of a page, tags taken out."""
    main = answer.content.decode().partition("<main")[2].partition("</main")[0]
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", main)))


def sign(browser: Any, scheme: str, role: str, outcome: str, why: str = "") -> Any:
    """Sign a scheme by the form of its page."""
    page = browser.get(f"/schemes/{scheme}/sign").content.decode()
    form = page.partition('id="sign"')[2]
    hidden = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', form))
    return browser.post(
        f"/schemes/{scheme}/sign", {**hidden, "role": role, "outcome": outcome, "why": why}
    )


def test_two_signatures_say_what_they_moved_and_why_the_forecast_stays(house: Any) -> None:
    nurse = client(house, "frankie", ("chief_nurse", "XF-FTH"))
    doctor = client(house, "sam", ("medical_director", "XF-FTH"))
    assert sign(nurse, "FTH-51", "chief_nurse", APPROVE).status_code == 302
    first = text(nurse.get("/schemes/FTH-51"))
    assert "Nothing of the plan of 2026/27 counts otherwise than before." in first
    before = dict(re.findall(r"(Assured|Not yet assured) (\d+, £[\d.]+) million", first))
    assert before == {}
    assert sign(doctor, "FTH-51", "medical_director", APPROVE).status_code == 302
    moved = "assured £212.2m to £214.2m, not yet assured £7.2m to £5.2m."
    for page in ("/schemes/FTH-51", "/schemes"):
        words = text(doctor.get(page))
        assert moved in words
        assert "The forecast of Fenmarch Teaching Hospitals does not move: it is what" in words
    assert "£214.2 million of the plan" in text(doctor.get("/schemes"))
    assert moved not in text(doctor.get("/schemes/FTH-52"))
    assert moved not in text(nurse.get("/schemes"))


def test_a_refusal_waits_for_the_programme_office_and_is_told_once(house: Any) -> None:
    nurse = client(house, "frankie", ("chief_nurse", "XF-FTH"))
    office = client(house, "alex", ("programme_office", "XF-FTH"))
    sign(nurse, "FTH-52", "chief_nurse", REJECT, "No plan for patients who cannot book online")
    home = text(office.get("/"))
    waits = home.partition("Waiting for others")[0]
    assert "FTH-52: Imaging appointments centre The chief nurse refused it on 21" in waits
    assert "No plan for patients who cannot book online. Since 21 January 2027." in waits
    assert "Change or withdraw it" in waits
    assert "FTH-52: refused" in home.partition("Changed by others about you")[2]
    page = text(office.get("/schemes/FTH-52"))
    assert "does not count: it was refused, and counts again once both" in page
    assert page.count("The chief nurse refused it on 21 January 2027:") == 1
    assert "(XF-FTH)" not in page.partition("In a full year")[0]


def test_a_signer_is_shown_the_entry_and_no_digest(house: Any) -> None:
    page = client(house, "frankie", ("chief_nurse", "XF-FTH")).get("/schemes/FTH-51/sign")
    assert "sha256:" not in text(page)
    assert f"entry {house.position.ref.entry} ." in text(page)
    assert "entered as “fully developed delivering”; the evidence so far supports" in text(page)


def test_an_overdue_milestone_leads_to_the_form_that_settles_it(house: Any) -> None:
    office = client(house, "alex", ("programme_office", "XF-FTH"))
    home = office.get("/").content.decode()
    to = "/schemes/FTH-52/change?act=milestone&amp;title=Goes+live"
    assert f'href="{to}"' in home
    form = office.get(unescape(to)).content.decode()
    assert '<option value="Goes live" selected>' in form
    assert 'value="1 December 2026"' in form
    given = {"act": "milestone", "scheme": "FTH-52", "title": "Goes live", "request": "m1"}
    given |= {"due": "1 December 2026"}
    late = office.post("/schemes/FTH-52/change", {**given, "done_on": "2 February 2027"})
    assert (late.status_code, "2 February 2027 is still to come" in text(late)) == (422, True)
    done = office.post("/schemes/FTH-52/change", {**given, "done_on": "3 December 2026"})
    assert done.status_code == 302
    assert f'href="{to}"' not in office.get("/").content.decode()


def test_the_page_of_a_system_lists_the_transfers_that_its_net_is_made_of(house: Any) -> None:
    chief = client(house, "chris", ("system_finance", "XF-SYS"))
    page = text(chief.get("/organisations/XF-SYS"))
    money = page.partition("Money given and received")[2].partition("Risks")[0]
    assert "T-02 2026/27 Westerlow ICB to Fenmarch and Alderwick ICB 6.0 Agreed" in money
    assert "nets to nothing in the whole" in money
    assert "It has no schemes. Those of the organisations in it" in page
    trust = text(chief.get("/organisations/XF-AMB"))
    assert "Those of the organisations in it" not in trust


def test_where_nobody_is_reminded_each_organisation_is_told_with_its_reason() -> None:
    from controltotal.service.models import Person

    small = served()
    person(small, "robin", ("trust_finance", "T1"))
    person(small, "kerry", ("trust_finance", "T2"))
    Person.objects.filter(username="kerry").update(email="k@example.org", nudges="never")
    chief = client(small, "chris", ("system_finance", "S1"))
    chief.post("/remind")
    page = chief.get("/").content.decode()
    assert "Nobody was reminded." in page
    assert "First: whoever sends it has given no address" in page
    assert "Second: whoever sends it wants no reminders" in page


def test_receipts_and_refusals_name_bodies_as_people_do() -> None:
    small = served()
    money = dict(CASES["propose_transfer"].fields)
    do(small.desk, "propose_transfer", "R. Region", on="2026-11-01", **money)
    ours = client(small, "robin", ("trust_finance", "T1"))
    ours.post("/transfers/N1", {"do": "agree", "organisation": "T1", "on": "2026-11-20"})
    assert "Second has still to agree." in text(ours.get("/transfers/N1"))
    again = ours.post("/transfers/N1", {"do": "agree", "organisation": "T3", "on": "2026-11-20"})
    assert "Third is no side of N1. It is between First and Second." in text(again)
