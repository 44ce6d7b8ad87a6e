"""A walk over what each office is led to: no day as computers write it, no link that is then refused."""

from __future__ import annotations

import html
import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest

from controltotal.core.calendar import days_in_words
from controltotal.service.limits import LIMITS
from tests.act_books import CASES, do, system
from tests.service_house import client, served

MONEY = dict(CASES["propose_transfer"].fields)
EACH = 2
"""Pages of one kind that are looked at."""
MEMBERS = {
    "system_finance": "S1",
    "trust_finance": "T1",
    "chief_nurse": "T1",
    "auditor": "R1",
    "publisher": "R1",
    "administrator": "S1",
}


@pytest.fixture(scope="module")
def house() -> Any:
    """The small system after some acts, with a question and a figure withheld."""
    book: dict[str, Any] = {**system(), "grants": []}
    book["periods"] = [
        {"kind": "month_end", "from": "2026-10-01", "to": "2026-10-31", "due": "2026-11-12"}
    ]
    book["questions"] = [
        {"id": "Q1", "by_kind": "councillor", "on": "2026-10-02", "text": "Which beds?"}
    ]
    found = served(book)
    do(found.desk, "propose_transfer", "R. Region", on="2026-10-20", **MONEY)
    do(found.desk, "submit_month", organisation="T1", year="2026/27", month="7")
    why = "late invoices, seen on 2026-11-20"
    do(found.desk, "reopen_month", "R. Region", why, organisation="T1", year="2026/27", month="7")
    return found


def walked(browser: Any) -> Iterator[tuple[str, Any]]:
    """The pages to which links lead from home, some of each kind."""
    waiting, seen, kinds = ["/"], {"/"}, Counter[str]()
    while waiting:
        address = waiting.pop(0)
        answer = browser.get(address)
        yield address, answer
        if not answer.get("Content-Type", "").startswith("text/html"):
            continue
        for link in re.findall(r'(?:href|action)="(/[^"#]*)"[^>]*>', answer.content.decode()):
            to = html.unescape(link)
            kind = re.sub(r"\d+|[A-Z]+\d", "N", to.partition("?")[0])
            if to in seen or to.startswith(("/static/", "/sign-out")) or kinds[kind] >= EACH:
                continue
            kinds[kind] += 1
            seen.add(to)
            waiting.append(to)


def words_of(page: Any) -> str:
    """What a page says to people."""
    text = re.sub(r"<(head|script|textarea)\b.*?</\1>", " ", page.content.decode(), flags=re.S)
    return html.unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", text)))


@pytest.mark.parametrize("office", MEMBERS)
def test_an_office_is_led_to_no_refusal_and_reads_every_day_in_words(
    house: Any, office: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(LIMITS, "asks", 10**9)
    browser = client(house, office.replace("_", ""), (office, MEMBERS[office]))
    pages, wrong = 0, []
    for address, answer in walked(browser):
        pages += 1
        if answer.status_code in (401, 403) or answer.status_code >= 500:
            wrong.append((address, answer.status_code))
        elif answer.status_code == 200 and "text/html" in answer["Content-Type"]:
            text = words_of(answer)
            if days_in_words(text) != text:
                wrong.append((address, re.findall(r".{30}\d{4}-\d\d-\d\d.{10}", text)[:2]))
    assert wrong == []
    assert pages > (5 if office == "administrator" else 30)


def test_an_administrator_by_that_alone_has_no_search(house: Any) -> None:
    assert (
        'role="search"'
        not in client(house, "billie", ("administrator", "S1")).get("/").content.decode()
    )
    assert 'role="search"' in client(house, "vic", ("auditor", "R1")).get("/").content.decode()


def test_what_is_overdue_has_a_button_also_where_another_office_settles_it(house: Any) -> None:
    for office in MEMBERS:
        page = client(house, f"again{office[:4]}", (office, MEMBERS[office])).get("/")
        items = re.findall(r'<li class="ct-waiting__item">.*?</li>', page.content.decode(), re.S)
        late = [one for one in items if "Overdue:" in one]
        assert late or office in ("chief_nurse", "administrator", "auditor"), office
        assert all('class="nhsuk-button' in one for one in late), office


def test_a_publisher_reads_nothing_of_what_is_nil(house: Any) -> None:
    page = words_of(client(house, "pub", ("publisher", "R1")).get("/"))
    assert "One question has no answer yet." in page
    assert "0 " not in page.partition("Publishing")[2].partition("Changed")[0].partition("Help")[0]


def test_a_day_that_is_typed_in_words_finds_the_entries_of_it(house: Any) -> None:
    reader = client(house, "vic", ("auditor", "R1"))
    found = words_of(reader.get("/ledger?day=20+October+2026"))
    assert "Propose transfer" in found
    assert "Submit month" not in found.partition("newest first")[2]
