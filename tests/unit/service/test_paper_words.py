"""Every number in the words of a paper leads to its page, and tells there what the paper tells."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from typing import Any, Final

import pytest

from controltotal.acts import act
from controltotal.acts.actors import local_actor
from controltotal.ledger.entries import put
from tests.fictional_ledger import fictional
from tests.ledgers import posting
from tests.service_house import client, served

BODIES: Final = ("XF-SYS", "XF-HOL", "XF-ICB")
"""A system, a trust, and a commissioner that gets support: their papers say the most kinds of things."""
ON: Final = "2027-01-28"
WORDS: Final = re.compile(
    r'<p(?: class="(?:lead|note)")?>(.*?)</p>|<li>(.*?)</li>|<figcaption>(.*?)</figcaption>', re.S
)
"""Sentences, headlines and notes of a paper."""
LINK: Final = re.compile(r'<a href="((?:/figures|/numbers|numbers)/[^"]+)">([^<]+)</a>')
NUMBER: Final = re.compile(r"(?<![A-Za-z\d/.,-])£?\(?\d[\d,]*(?:\.\d+)?\)?(?:%|m|k|bn)?")
DAYS: Final = re.compile(
    r"\d{1,2} (?:January|February|March|April|May|June|July|August|September|October|November|"
    r"December)(?: \d{4})?|\d{4}/\d{2}|\b\d{4}\b"
)
"""Days and years, which are no numbers of the data."""
SCALES: Final = (
    *("reported month ", "least 30 finished", "from 30 finished", " of 25 after", "for each £1.00"),
    *("8 in 10", "1 in 10", "within 30 days", "10,000 times", "at entry ", "Ward 12"),
)
"""What is a scale, a setting of the method, a reference or a name, with the words about it."""

NO_MOMENTS: Final = (
    "at=0",
    "at=999999999",
    "at=x",
    "at=5&until=2026-27-M13",
    "at=5&until=1999-00-M3",
)
"""Moments that the ledger does not have: the page tells the number as of now."""


@pytest.fixture(scope="module")
def house() -> Any:
    house = served(desk=fictional())
    for body in BODIES[1:]:
        fields = {"organisation": body, "meeting": "Board", "on": ON, "presented_by": "Director"}
        act("paper", house.desk, fields, why="a test", as_=local_actor("Tests"))
    return house


@pytest.fixture(scope="module")
def people(house: Any) -> dict[str, Any]:
    offices = {"XF-SYS": "system_finance"}
    return {
        body: client(house, f"p{n}", (offices.get(body, "trust_finance"), body))
        for n, body in enumerate(BODIES)
    }


def read(people: dict[str, Any], body: str) -> str:
    """A paper as it is read, once it is drafted."""
    from controltotal.service.jobs import work_off

    paper = f"/papers/{body}/{ON}"
    assert people[body].post(f"{paper}/make", {}).status_code == 302
    assert work_off()
    answer = people[body].get(f"{paper}/read")
    assert answer.status_code == 200
    text: str = answer.content.decode()
    return text


@pytest.fixture(scope="module")
def papers(people: dict[str, Any]) -> dict[str, str]:
    return {body: read(people, body) for body in BODIES}


def sentences(page: str) -> Iterator[str]:
    """The sentences of a paper's page, with the links in them."""
    for found in WORDS.finditer(
        page.partition('<section class="ct-section"')[2].partition("</main>")[0]
    ):
        yield "".join(filter(None, found.groups()))


def typed_by_people(house: Any) -> str:
    """All that people typed into the data, in one text."""
    entries = house.position.entries.values()
    return "\n".join(text for one in entries for _, text in one.cells if " " in text)


def unlinked(page: str, typed: str) -> list[str]:
    """Numbers of a page's sentences that are no link, each with the words about it."""
    found = []
    for sentence in sentences(page):
        plain = unescape(re.sub(r"<[^>]+>", "", LINK.sub("@", sentence)))
        plain = DAYS.sub("@", plain)
        for number in NUMBER.finditer(plain):
            about = plain[max(0, number.start() - 16) : number.end() + 16]
            ends = plain[number.start() : number.end() + 10], plain[: number.end()][-16:]
            typed_so = any(one.partition("@")[0].strip(" .:“”") in typed for one in ends)
            if not typed_so and not any(one in about for one in SCALES):
                found.append(about)
    return found


@pytest.mark.parametrize("body", BODIES)
def test_every_number_of_a_sentence_is_a_link(
    house: Any, papers: dict[str, str], body: str
) -> None:
    assert unlinked(papers[body], typed_by_people(house)) == []
    assert sum(len(LINK.findall(one)) for one in sentences(papers[body])) > 30


def size(text: str) -> tuple[float, float]:
    """The size of a number as it is shown, and half of its last place; in pounds where it is money."""
    digits = re.search(r"[\d,]*\d(?:\.\d+)?", text)
    assert digits is not None, text
    scale = {"m": 1e6, "k": 1e3, "b": 1e9}.get(text[digits.end() :].strip(") ")[:1], 1.0)
    scale = scale if "£" in text else 1.0
    places = len(digits[0].partition(".")[2])
    return float(digits[0].replace(",", "")) * scale, 0.51 * scale * 10**-places


@pytest.mark.parametrize("body", BODIES)
def test_every_link_of_a_sentence_lands_on_its_value(
    people: dict[str, Any], papers: dict[str, str], body: str
) -> None:
    links = {link for one in sentences(papers[body]) for link in LINK.findall(one)}
    assert links, "a paper says numbers"
    wrong = []
    for href, shown in sorted(links):
        address = unescape(href)
        address = address if address.startswith("/") else f"/papers/{body}/{ON}/{address}"
        answer = people[body].get(address)
        told = re.search(r'class="ct-value"><strong[^>]*>([^<]+)<', answer.content.decode())
        if answer.status_code != 200 or told is None:
            wrong.append((address, shown, answer.status_code))
            continue
        value, half = size(shown if "£" in shown or "£" not in told[1] else f"£{shown}m")
        there, place = size(told[1])
        if abs(there - value) > max(half, place):
            wrong.append((address, shown, told[1]))
    assert not wrong


def test_a_number_that_a_sentence_works_out_names_its_parts_each_with_its_page(
    people: dict[str, Any], papers: dict[str, str]
) -> None:
    said = next(one for one in sentences(papers["XF-SYS"]) if "organisations are worse" in one)
    first = LINK.findall(said)[0]
    page = people["XF-SYS"].get(f"/papers/XF-SYS/{ON}/{first[0]}").content.decode()
    assert "Hollowmere General Hospital" in page and "£(5.8)m" in page
    assert "As the paper has it: entry" in page
    part = re.search(r'href="(/figures/variance_to_date/XF-HOL[^"]+)"', page)
    assert part is not None and people["XF-SYS"].get(unescape(part[1])).status_code == 200
    other = people["XF-HOL"].get(f"/papers/XF-SYS/{ON}/{first[0]}")
    assert other.status_code == 404, "drafts are their organisation's alone"
    gone = people["XF-SYS"].get(f"/papers/XF-SYS/{ON}/{first[0][:-1]}x")
    assert gone.status_code == 404


def change(desk: Any) -> None:
    """Have a trust's agency pay of month 9 told anew, £1m dearer."""
    row = next(
        row
        for row in desk.position.book.amounts
        if (row.organisation, row.year, row.basis, row.month, row.line)
        == ("XF-HOL", "2026-27", "actual", "9", "agency_pay")
    )
    told = {**row.texts, "amount": str(int(row.texts["amount"]) + 1000), "known_on": "2027-02-20"}
    drafts = [put("amounts", 2, [*told.items()])]
    desk.store.append([posting(drafts, on="2027-02-20")], desk.position.ref.entry)


def value(browser: Any, address: str) -> str:
    """What the page of a number tells of its value, and of now."""
    told = re.search(r'<p class="ct-value">(.*?)</p>', browser.get(address).content.decode(), re.S)
    assert told is not None, address
    return re.sub(r"<[^>]+>", "", told[1])


def test_the_numbers_of_a_paper_stay_and_say_what_they_are_now() -> None:
    house = served(desk=fictional())
    chris = client(house, "chris", ("system_finance", "XF-SYS"))
    entry = house.position.ref.entry
    page = read({"XF-SYS": chris}, "XF-SYS")
    links = {unescape(to): shown for one in sentences(page) for to, shown in LINK.findall(one)}
    figure = next(to for to in links if to.startswith("/figures/variance_to_date/XF-HOL"))
    cell = next(to for to in links if "performance-variance" in to and "agency_pay" in to)
    made = next(to for to in links if to.startswith("numbers/"))
    before = [value(chris, to) for to in (figure, cell)]
    assert before == ["£(5.8)m", "£(14.0)m"] and f"at={entry}" in figure
    change(house.desk)
    assert house.position.ref.entry > entry
    assert value(chris, figure) == "£(5.8)m; now £(6.8)m"
    assert value(chris, cell) == "£(14.0)m; now £(15.0)m"
    assert value(chris, figure.partition("?")[0]) == "£(6.8)m"
    assert f"entry {entry:,} of the ledger" in chris.get(figure).content.decode()
    assert value(chris, f"/papers/XF-SYS/{ON}/{made}") == links[made]
    same = next(to for to in links if to.startswith("/figures/control_total/XF-SYS"))
    assert "now" not in value(chris, same), "what is the same says nothing of now"
    again = chris.get(f"/papers/XF-SYS/{ON}/read").content.decode()
    assert "Drafted as at entry" in again and "what it is now where that differs" in again
    forged = [f"{figure.partition('?')[0]}?{asked}" for asked in NO_MOMENTS]
    assert {value(chris, address) for address in forged} == {"£(6.8)m"}
    slow = "/figures/portfolio_saving/XF-SYS/2026-27/plan?at=5&shown=500000000:forged"
    assert "as it stood in the paper" not in chris.get(slow).content.decode()
