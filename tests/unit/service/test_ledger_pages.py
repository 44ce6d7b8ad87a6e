"""The browser of the ledger and the page of findings."""

from __future__ import annotations

import re
from typing import Any

import pytest

from controltotal.acts import act
from controltotal.acts.actors import local_actor
from controltotal.service.browsing import PAGE, Asked, newest
from tests.service_house import client, posted, served

FINANCE = ("trust_finance", "T1")
COMMENT = {"about": "T1", "year": "2026/27", "month": "8", "kind": "driver"}


@pytest.fixture
def house() -> Any:
    """A service in whose ledger somebody has said something and said it again."""
    from controltotal.service import browsing

    browsing.VERIFIED.last = None
    return served()


def comment(house: Any, text: str) -> int:
    done = act("comment", house.desk, {**COMMENT, "text": text}, why="w", as_=local_actor("Tests"))
    return int(done.last)


def numbers(page: Any) -> list[int]:
    return [int(n) for n in re.findall(r'href="/ledger/(\d+)"', page.content.decode())]


def test_entries_stand_newest_first_and_lead_to_each_other(house: Any) -> None:
    browser = client(house, "robin", FINANCE)
    last = comment(house, "first words")
    page = browser.get("/ledger")
    assert page.status_code == 200
    found = numbers(page)
    assert found[0] == last and found == sorted(found, reverse=True)


def test_a_page_of_entries_goes_on_where_the_last_ended(house: Any) -> None:
    for number in range(PAGE + 5):
        comment(house, f"words {number}")
    browser = client(house, "robin", FINANCE)
    page = browser.get("/ledger?act=comment")
    older = re.search(r'href="(/ledger\?[^"]*before=\d+)"', page.content.decode())
    assert older is not None
    rest = numbers(browser.get(older[1].replace("&amp;", "&")))
    assert rest and max(rest) < min(numbers(page))
    entries = house.position.daybook
    assert [e.narration.act for e in newest(entries, Asked(act="comment"))[0]] == ["comment"] * PAGE


def test_entries_are_narrowed_by_table_act_office_and_day(house: Any) -> None:
    browser = client(house, "robin", FINANCE)
    last = comment(house, "first words")
    today = house.desk.today().isoformat()
    assert numbers(browser.get("/ledger?table=commentary"))[0] == last
    assert numbers(browser.get(f"/ledger?act=comment&day={today}")) == [last]
    assert numbers(browser.get("/ledger?role=region")) == []
    assert numbers(browser.get("/ledger?before=nonsense"))[0] == house.position.ref.entry


def test_an_entry_shows_what_its_row_said_before_and_after_and_no_name(house: Any) -> None:
    browser = client(house, "robin", FINANCE)
    first = comment(house, "first words")
    second = comment(house, "second words")
    page = browser.get(f"/ledger/{second}").content.decode()
    assert "second words" in page
    assert "Tests" not in page and "Robin" not in re.sub(r"<summary>.*?</summary>", "", page)
    earlier = browser.get(f"/ledger/{first}").content.decode()
    assert "first words" in earlier
    assert browser.get("/ledger/999999").status_code == 404
    assert browser.get("/ledger/0").status_code == 404


def test_the_ledger_is_verified_on_the_spot_and_says_to_which_entry(house: Any) -> None:
    browser = client(house, "robin", FINANCE)
    assert b"not verified since" in browser.get("/ledger/1").content
    answer = browser.post("/ledger/verify", posted(browser.get("/ledger")))
    assert (answer.status_code, answer["Location"]) == (303, "/ledger")
    last = house.position.ref.entry
    page = browser.get("/ledger").content.decode()
    assert f"to entry {last}" in page and "verified" in page
    assert b"not verified since" not in browser.get("/ledger/1").content
    later = comment(house, "later words")
    assert b"not verified since" in browser.get(f"/ledger/{later}").content


def test_a_broken_ledger_is_told_in_words(house: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    from controltotal.service import browsing

    monkeypatch.setattr(browsing, "verify", lambda links: "entry 3 says something else")
    browser = client(house, "robin", FINANCE)
    browser.post("/ledger/verify")
    page = browser.get("/ledger").content.decode()
    assert "not as it was written: entry 3" in page


def test_findings_stand_by_severity_with_place_and_what_to_do(house: Any) -> None:
    browser = client(house, "robin", FINANCE)
    found = house.answer("check").findings
    page = browser.get("/findings")
    assert page.status_code == 200
    text = page.content.decode()
    assert f"Error: {sum(f.severity == 'error' for f in found)};" in text
    for wanted in ("error", "warning", "information"):
        narrowed = browser.get(f"/findings?severity={wanted}&organisation=own")
        assert narrowed.status_code == 200
    assert browser.get("/findings?page=999&organisation=nobody").status_code == 200


def test_who_holds_no_reading_office_sees_neither(house: Any) -> None:
    keeper = client(house, "billie", ("administrator", "S1"))
    for path in ("/ledger", "/ledger/1", "/findings"):
        assert keeper.get(path).status_code == 403


def test_a_day_is_typed_as_people_write_it_and_one_that_cannot_be_read_is_said(house: Any) -> None:
    browser = client(house, "robin", FINANCE)
    last = comment(house, "first words")
    day = house.desk.today()
    spoken = browser.get("/ledger", {"act": "comment", "day": f"{day.day} {day:%B %Y}"})
    assert numbers(spoken) == [last]
    wrong = browser.get("/ledger", {"day": "the other day"})
    assert wrong.status_code == 422
    assert "is no day that can be read" in wrong.content.decode()
    assert 'value="the other day"' in wrong.content.decode()
