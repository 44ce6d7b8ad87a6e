"""Home: it begins with what waits, differs by office, and tells an administrator no figure."""

from __future__ import annotations

import re
from typing import Any

import pytest

from tests.act_books import CASES, do, officer
from tests.service_house import client, person, served

MONEY = dict(CASES["propose_transfer"].fields)
FIRST = {
    "trust_finance": ("T1", "Send your month 7 figures", "First in 2026/27"),
    "system_finance": ("S1", "Send your month 7 figures", "0 of 3 have sent month 7"),
    "programme_office": ("T1", "Waiting for you", "schemes may count"),
    "medical_director": ("T1", "Waiting for you", "This week&#39;s panel"),
    "chief_nurse": ("T1", "Waiting for you", "Where effects meet"),
    "region": ("R1", "Waiting for you", "Systems"),
    "auditor": ("R1", "Nothing waits for you.", "What does not agree"),
    "councillor": ("R1", "Nothing waits for you.", "Questions and answers"),
    "publisher": ("R1", "Nothing waits for you.", "Publishing"),
    "administrator": ("S1", "Nothing waits for you.", "People and offices"),
}


@pytest.fixture
def house() -> Any:
    """A service of the small system."""
    return served()


def text(answer: Any) -> str:
    return str(answer.content.decode())


@pytest.mark.parametrize("role", FIRST)
def test_home_begins_with_what_waits_and_has_the_parts_of_the_office(house: Any, role: str) -> None:
    at, first, part = FIRST[role]
    answer = client(house, "someone", (role, at)).get("/")
    page = text(answer)
    assert answer.status_code == 200
    assert "<svg" not in page
    headings = re.findall(r"<h2[^>]*>([^<]*)", page.partition("<main")[2])
    assert headings[0] == "Waiting for you"
    assert first in page
    assert part in page


def test_an_administrator_sees_no_figure_and_who_holds_no_office_sees_nothing(house: Any) -> None:
    page = text(client(house, "billie", ("administrator", "S1")).get("/"))
    assert "£" not in page
    assert "Waiting for others" not in page
    nobody = text(client(house, "kerry").get("/"))
    assert "You hold no office here today" in nobody
    assert "Waiting for you" not in nobody


def test_a_chief_nurse_is_told_no_money_first(house: Any) -> None:
    main = text(client(house, "frankie", ("chief_nurse", "T1")).get("/")).partition("<main")[2]
    assert "£" not in main


def test_what_waits_for_others_and_what_others_changed_is_told_without_a_person(
    house: Any,
) -> None:
    region = officer("region", "R1")
    do(house.desk, "propose_transfer", region, **MONEY)
    ours = client(house, "robin", ("trust_finance", "T1"))
    ours.post("/transfers/N1", {"do": "agree", "organisation": "T1", "on": "2026-11-30"})
    page = text(ours.get("/")).partition("<main")[2]
    assert "Second: £500 from First in 2026/27" in page
    assert "propose transfer" in page
    assert ">Region</td>" in page
    assert region.name not in page


def test_the_system_reminds_those_who_have_not_sent_and_nobody_twice_a_day(house: Any) -> None:
    from controltotal.service.models import Nudge

    person(house, "robin", ("trust_finance", "T1"))
    person(house, "kerry", ("trust_finance", "T2"))
    _address("robin", "kerry")
    do(house.desk, "submit_month", organisation="T1", year="2026/27", month="7")
    do(house.desk, "approve_month", "D", organisation="T1", year="2026/27", month="7")
    chief = client(house, "chris", ("system_finance", "S1"))
    assert "1 of 3 have sent month 7" in text(chief.get("/"))
    chief.post("/remind")
    assert "One person was reminded." in text(chief.get("/"))
    assert [one.person.username for one in Nudge.objects.all()] == ["kerry"]
    chief.post("/remind")
    assert Nudge.objects.count() == 1
    assert client(house, "ali", ("region", "R1")).post("/remind").status_code == 403


def _address(*names: str) -> None:
    from controltotal.service.models import Person

    for name in names:
        Person.objects.filter(username=name).update(email=f"{name}@example.org")


def test_counts_and_days_are_said_as_people_say_them(house: Any) -> None:
    from controltotal.service.home_parts import many

    assert [many(n, "error") for n in (0, 1, 2)] == ["0 errors", "1 error", "2 errors"]
    page = text(client(house, "sam", ("system_finance", "S1")).get("/"))
    assert "no day is set" in page
