"""A month stands the same way on every page: home, months, the month itself, and its organisation."""

from __future__ import annotations

import re
from datetime import date
from typing import Any, Final

import pytest

from controltotal.accounts.months_sent import due, next_months
from controltotal.workings.workings import Workings
from tests.act_books import do, officer, system
from tests.service_house import client, served

YEAR: Final = "2026-27"
FIELDS: Final = {"organisation": "T1", "year": "2026/27", "month": "7"}
ADDRESS: Final = f"/months/T1/{YEAR}/M7"
STEPS: Final = ("submit_month", "approve_month", "reopen_month", "submit_month")
STATES: Final = (
    "not sent",
    "sent, waits for approval",
    "approved",
    "reopened",
    "sent, waits for approval",
)


@pytest.fixture
def house() -> Any:
    """The small system, with a day on which month 7 is due: one for all, another for the first trust."""
    book: dict[str, Any] = {**system(), "grants": []}
    month = {"kind": "month_end", "from": "2026-10-01", "to": "2026-10-31"}
    book["periods"] = [{**month, "due": "2026-11-12"}, {**month, "due": "2026-11-26", "area": "T1"}]
    return served(book)


def row_of(page: Any, address: str) -> list[str]:
    """The cells of the row of a table that leads to an address, as words."""
    rows = re.findall(r"<tr.*?</tr>", page.content.decode(), re.S)
    (row,) = (one for one in rows if f'href="{address}"' in one)
    cells = re.findall(r"<t[dh][^>]*>(.*?)</t[dh]>", row, re.S)
    return [re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", cell)).strip() for cell in cells]


def said(browser: Any, address: str = ADDRESS) -> set[str]:
    """The words in which every page tells how a month stands."""
    tables = [
        (row_of(browser.get("/"), address), 1),
        (row_of(browser.get("/months?month=M7"), address), 1),
        (row_of(browser.get("/organisations/T1"), address), 1),
    ]
    page = browser.get(address).content.decode()
    (tag,) = re.findall(r'<strong class="nhsuk-tag[^>]*>\s*([^<]*?)\s*</strong>', page)
    return {tag, *(cells[at] for cells, at in tables)}


def test_every_page_says_in_the_same_words_how_a_month_stands(house: Any) -> None:
    chief = client(house, "chris", ("system_finance", "S1"))
    seen = [said(chief)]
    for number, act in enumerate(STEPS):
        by = officer("region", "R1") if act == "reopen_month" else officer("trust_finance", "T1")
        who: Any = "D. Director" if act == "approve_month" else by
        do(house.desk, act, who, "late invoices", on=f"2026-11-{27 + number:02d}", **FIELDS)
        seen.append(said(chief))
    assert seen == [{state} for state in STATES]


def test_every_page_says_the_same_day_on_which_a_month_is_due(house: Any) -> None:
    chief = client(house, "chris", ("system_finance", "S1"))
    for page in ("/", "/months?month=M7", "/organisations/T1"):
        assert "26 November 2026" in row_of(chief.get(page), ADDRESS), page
    assert "Due 26 November 2026" in chief.get(ADDRESS).content.decode()
    assert "12 November 2026" in row_of(chief.get("/"), ADDRESS.replace("T1", "T2"))


def test_what_waits_at_home_is_what_waits_under_months(house: Any) -> None:
    ours = client(house, "robin", ("trust_finance", "T1"))
    for act in ("", *STEPS[:3]):
        if act:
            who: Any = officer("region", "R1") if act == "reopen_month" else f"For {act}"
            do(house.desk, act, who, "late invoices", **FIELDS)
        found = []
        for page in ("/", "/months"):
            text = ours.get(page).content.decode()
            found.append(re.findall(r"ct-waiting__title\">\s*([^<]*?)\s*<", text))
        assert found[0] == found[1], act


def test_a_day_of_the_body_goes_before_that_of_the_system_and_that_before_one_for_all() -> None:
    book = system()
    month = {"kind": "month_end", "from": "2026-10-01", "to": "2026-10-31"}
    days = {"": "2026-11-10", "S1": "2026-11-11", "T1": "2026-11-12"}
    book["periods"] = [
        {**month, "due": day, **({"area": area} if area else {})} for area, day in days.items()
    ]
    workings = Workings(served(book).position)
    assert [due(workings, code, YEAR, 7) for code in ("T1", "T2", "T3")] == [
        date(2026, 11, 12),
        date(2026, 11, 11),
        date(2026, 11, 10),
    ]
    assert due(workings, "T1", YEAR, 8) is None


def test_a_month_that_was_reopened_is_sent_again_before_the_next(house: Any) -> None:
    today = date(2026, 12, 31)
    do(house.desk, "submit_month", **FIELDS)
    assert next_months(Workings(house.position), "T1", today) == [8]
    do(house.desk, "reopen_month", "R. Region", "late invoices", **FIELDS)
    assert next_months(Workings(house.position), "T1", today) == [7, 8]
    assert next_months(Workings(house.position), "T1", date(2026, 11, 30)) == [7]
