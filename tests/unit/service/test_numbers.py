"""A number of a paper leads to its value, to what it is made of, and to the rows it rests on."""

from __future__ import annotations

import re
from html import unescape
from typing import Any
from urllib.parse import parse_qs, urljoin

import pytest

from controltotal.papers.board_notes import ROW_NAMES, row_of
from controltotal.service.moment import NAMES
from controltotal.service.number_told import number_of
from tests.fictional_ledger import fictional
from tests.service_house import client, posted, served

PAPER = "/papers/XF-SYS/2027-01-28"
ORIGINS = (
    *("What it is made of", "Figures that it rests on", "What it rests on", "with their cells"),
    "The rows of the data that it rests on",
)
"""What a page of a number says over that from which the number came."""
APART = (
    "step",
    "case",
    "when",
    "maturity",
    "policy",
    "waits_for",
    "kind",
    "row",
    "line",
    "approach",
)
"""What of a row says how its numbers are made, and not only whose they are."""
NUMBER = re.compile(r"numbers/|/figures/")
LINK = re.compile(r'<a href="(/numbers/[^"]+)"[^>]*>([(£\d.,%m)]+)</a>')
"""A number of a page that is a cell of an answer: where it leads, and how it reads."""


@pytest.fixture(scope="module")
def finance() -> Any:
    return client(served(desk=fictional()), "chris", ("system_finance", "XF-SYS"))


@pytest.fixture(scope="module")
def paper(finance: Any) -> str:
    from controltotal.service.jobs import work_off

    assert finance.post(f"{PAPER}/make", {}).status_code == 302
    assert work_off()
    text: str = finance.get(f"{PAPER}/read").content.decode()
    return text


def number(finance: Any, key: str, **row: str) -> str:
    answer = finance.get(f"/numbers/{key}", row)
    assert answer.status_code == 200
    text: str = answer.content.decode()
    return text


def _size(shown: str) -> str:
    """A number without its sign: a sentence says in words which way it goes."""
    return re.sub(r"[£()]", "", shown)


def test_the_page_of_a_number_tells_the_value_that_the_paper_shows(
    finance: Any, paper: str
) -> None:
    links = sorted({(unescape(link), shown) for link, shown in LINK.findall(paper)})
    assert len(links) > 300, "each number of a table has an address of its own"
    wrong = []
    for link, shown in links[::9]:
        text = finance.get(link).content.decode()
        told = re.search(r'class="ct-value"><strong[^>]*>([^<]+)<', text)
        if told is None or (shown != "0.0" and _size(shown) not in _size(told[1])):
            wrong.append((link, shown, told and told[1]))
    assert not wrong


def _kind(link: str) -> tuple[str, ...]:
    """A link without what only says whose number it is: of one kind each is made in the same way."""
    address, _, query = link.partition("?")
    asked = parse_qs(query)
    apart = [f"{one}={asked.get(one, [''])[0]}" for one in APART]
    parts = address.split("/")
    if parts[1] == "figures":
        return (parts[2], *parts[5:])
    return (re.sub(r"-XF_.*?(?=_2f_|$)", "", parts[-1]) if "how-" in link else parts[-1], *apart)


def test_every_number_of_the_board_paper_tells_in_two_clicks_what_it_came_from(
    finance: Any, paper: str
) -> None:
    every = {unescape(one) for one in re.findall(r'<a href="([^"]+)"[^>]*>[^<]*\d[^<]*</a>', paper)}
    kinds = {_kind(one): one for one in sorted(every) if NUMBER.search(one)}
    assert len(kinds) > 200
    without = []
    for link in kinds.values():
        page = finance.get(urljoin(f"{PAPER}/read", link), follow=True)
        text = page.content.decode()
        if page.status_code != 200 or not any(one in text for one in ORIGINS):
            without.append(link)
    assert not without, f"{len(without)} of {len(kinds)}: {without[:5]}"


def test_no_number_of_a_table_of_the_board_paper_leads_nowhere(paper: str) -> None:
    cells = re.findall(r"<td[^>]*>(.*?)</td>", paper, re.DOTALL)
    bare = [one for one in cells if re.fullmatch(r"\s*\(?£?\(?\d[\d.,]*\)?[mk%]?\)?\s*", one)]
    assert not bare, bare
    told = re.sub(r"<a [^>]*>.*?</a>", "", " ".join(cells), flags=re.DOTALL)
    assert "a year to each" in told and not re.search(r"£1\.\d+m a year to each", told)


def test_a_variance_of_a_system_leads_to_its_bodies_and_their_newest_rows(finance: Any) -> None:
    row = {"organisation": "XF-SYS", "year": "2026-27", "line": "agency_pay", "month": "9"}
    text = number(finance, "how-to_date-variance_year-XF_2d_SYS_2f_agency_pay", **row)
    assert "£(15.2)m" in text and "the whole year" in text
    assert "Forecast" in text and "£(63.6)m" in text and "£(48.5)m" in text
    parts = [unescape(link) for link, shown in LINK.findall(text) if shown == "£(63.6)m"]
    below = finance.get(parts[0]).content.decode()
    assert "Fenmarch Teaching Hospitals" in below and "£(22.0)m" in below
    assert "amounts.csv" in below and "The rows of the data that it rests on" in below
    whole = number(finance, "how-to_date-actual-XF_2d_SYS_2f_agency_pay", **row)
    newest = whole.index("month 9"), whole.index("month 8")
    assert newest[0] < newest[1], "the newest month comes first"


def test_a_number_whose_row_the_address_does_not_tell_has_no_value(finance: Any) -> None:
    text = number(finance, "how-to_date-variance_year")
    assert "What it is now is not told here" in text and "ct-value" not in text
    made_up = number(finance, "how-fan-p10_pence", shown="5:forged", organisation="XF-SYS")
    assert "ct-value" not in made_up, "a value that the service did not sign is not told"
    assert number_of("how-nothing", {}) is None


def test_a_figure_lists_the_newest_rows_of_the_bodies_below_it(finance: Any) -> None:
    text = finance.get("/figures/adjusted_surplus/XF-SYS/2026-27/actual").content.decode()
    assert "£(60.2)m" in text and "month 9" in text and "rows, with their cells" in text
    assert text.index("month 9") < text.index("month 8")


def test_a_sentence_with_typed_numbers_is_recorded_only_when_they_are_meant_to_stand(
    finance: Any,
) -> None:
    form = finance.get(f"{PAPER}/words")
    fields = posted(form, text="12 of them have closed since.", kind="headline", by="CFO")
    asked = finance.post(f"{PAPER}/words", {**fields, "status": "agreed"})
    text = asked.content.decode()
    assert asked.status_code == 422 and "do not move with the figures: 12." in text
    looked = finance.post(f"{PAPER}/words", {**fields, "status": "agreed", "look": "yes"})
    assert looked.status_code == 200 and "typed numbers stand" in looked.content.decode()
    again = posted(asked, text=fields["text"], kind="headline", by="CFO", typed="yes")
    kept = finance.post(f"{PAPER}/words", {**again, "status": "agreed"}, follow=True)
    assert "Receipt: entry" in kept.content.decode()
    assert "They do not move with the figures: 12" in kept.content.decode()


def test_what_says_a_moment_in_an_address_never_says_a_row() -> None:
    """A column `to` of a row once took the place of the month to which a paper was read."""
    assert not {*NAMES, "shown", "value"} & set(ROW_NAMES)


def test_a_list_in_a_row_is_no_name_of_it() -> None:
    row = {"scheme": "A-1", "waits_for": ["gate G3"], "year": "2026-27"}
    assert dict(row_of(row)) == {"scheme": "A-1", "year": "2026-27"}
    assert dict(row_of({**row, "waits_for": "gate G3"}))["waits_for"] == "gate G3"


@pytest.mark.parametrize(
    "address",
    [
        "/figures/outturn_mean/XF-SYS/soon/forecast",
        "/figures/portfolio_saving/XX/soon/plan",
        "/figures/opportunity_total/XX/2026-27/plan/lower",
        "/numbers/how-shares-pence?organisation=XX&year=soon",
        "/numbers/how-missing-pence?step=chosen&organisation=XX&year=soon",
        "/numbers/how-fan-p10_pence?organisation=XF-SYS&year=soon",
        "/numbers/how-drivers-mean_pence?organisation=XX&driver=",
        "/numbers/how-check-count?kind=NONE",
        "/numbers/how-refused-score?organisation=XX&scheme=XX",
    ],
)
def test_an_address_that_somebody_made_up_is_no_fault(finance: Any, address: str) -> None:
    assert finance.get(address).status_code in (200, 404)
