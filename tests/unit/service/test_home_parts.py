"""What each office finds at home in a demonstration: its parts in their order, with the figures of the verbs."""

from __future__ import annotations

import re
from datetime import date
from html import unescape
from typing import Any, Final

import pytest

from controltotal.core.money import format_money
from controltotal.service.demonstration import last_day
from controltotal.workings.measure_limits import held
from tests.fictional_ledger import fictional
from tests.service_house import client, served

YEAR: Final = "2026-27"
TODAY: Final = date(2027, 1, 21)
BODIES: Final = ("XF-FTH", "XF-ALD")
WAITS: Final = ["Waiting for you", "Waiting for others"]
PARTS: Final = {
    "trust_finance": (
        "XF-FTH",
        WAITS[:1],
        ["Fenmarch Teaching Hospitals in 2026/27, to month 9 (December)", "How the system uses it"],
    ),
    "system_finance": (
        "XF-SYS",
        WAITS,
        [
            "4 of 7 have sent month 9",
            "Fenmarch and Alderwick: forecast, and who moved it",
            "What must be true",
            "The board paper",
            "Organisations",
        ],
    ),
    "programme_office": ("XF-FTH", WAITS, ["Schemes of Fenmarch Teaching Hospitals"]),
    "chief_nurse": (
        "XF-FTH",
        WAITS,
        [
            "This week's panel",
            "Conditions due",
            "Reviews",
            "Where effects meet",
            "Measures outside their limits",
        ],
    ),
    "region": (
        "XF-REG",
        WAITS,
        [
            "Forecasts changed",
            "What must be true, by system",
            "Support next quarter (Q4, January to March)",
            "Queries",
            "Systems",
        ],
    ),
    "auditor": ("XF-REG", WAITS[:1], ["The ledger", "What does not agree"]),
    "councillor": ("XF-REG", WAITS[:1], ["Questions and answers", "What is proposed"]),
    "publisher": ("XF-REG", WAITS[:1], ["Publishing"]),
    "administrator": ("XF-SYS", WAITS[:1], ["People and offices"]),
}
CHANGED: Final = "Changed by others about you"


@pytest.fixture(scope="module")
def house() -> Any:
    """The fictional system with what a demonstration has beside it."""
    from controltotal.service.demonstration_days import add_days

    desk = fictional(TODAY)
    add_days(desk, BODIES)
    return served(desk=desk)


def home(house: Any, role: str) -> str:
    """The words and marks of the home of an office."""
    page = client(house, role, (role, PARTS[role][0])).get("/")
    assert page.status_code == 200
    return unescape(page.content.decode().partition("<main")[2].partition("</main")[0])


def part(page: str, title: str) -> str:
    """One part of a home page."""
    (found,) = (one for one in page.split("<section")[1:] if f">{title}</h2>" in one)
    return found


def rows(text: str) -> list[list[str]]:
    """The cells of the rows of a table, as words."""
    found = []
    for row in re.findall(r"<tr.*?</tr>", text.partition("<tbody")[2], re.S):
        cells = re.findall(r"<t[dh][^>]*>(.*?)</t[dh]>", row, re.S)
        found.append([re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", cell)).strip() for cell in cells])
    return found


@pytest.mark.parametrize("role", PARTS)
def test_each_office_has_its_parts_in_their_order_below_what_waits(house: Any, role: str) -> None:
    page = home(house, role)
    _, waits, parts = PARTS[role]
    titles = re.findall(r"<h2[^>]*>([^<]*)</h2>", page)
    assert [one for one in titles if one != CHANGED] == [*waits, *parts]
    assert "<svg" not in page


def test_the_medical_director_has_the_parts_of_the_chief_nurse(house: Any) -> None:
    page = client(house, "sam", ("medical_director", "XF-FTH")).get("/").content.decode()
    for title in PARTS["chief_nurse"][2]:
        assert title in unescape(page)


def test_the_system_is_told_what_the_position_says_of_its_forecast(house: Any) -> None:
    page = home(house, "system_finance")
    result = house.answer("position", organisation="XF-SYS", year=YEAR)
    said = {one.topic: one.text for one in result.sentences if one.about == "XF-SYS"}
    assert said["since"] in part(page, "Fenmarch and Alderwick: forecast, and who moved it")
    assert said["must"] in part(page, "What must be true")
    paper = part(page, "The board paper")
    assert "28 January 2027: not begun." in paper
    assert "5 paragraphs are written for it." in paper
    assert "/papers/XF-SYS/2027-01-28" in paper


def test_a_month_that_is_not_sent_is_told_with_its_day(house: Any) -> None:
    page = home(house, "trust_finance")
    assert "Month 9 of 2026/27: not sent" in page
    assert "Due 22 January 2027" in page
    result = house.answer("position", organisation="XF-FTH", year=YEAR)
    (first, *_) = (one.text for one in result.sentences if one.topic == "month")
    told = part(page, PARTS["trust_finance"][2][0])
    assert first.replace("Teaching Hospitals (fictional)", "Teaching Hospitals") in told
    used = part(page, "How the system uses it")
    assert "Its control total is break-even: accepted" in used
    assert "It counts in Fenmarch and Alderwick: the forecast" in used


def test_the_region_is_told_whose_forecast_went_from_what_to_what(house: Any) -> None:
    told = rows(part(home(house, "region"), "Forecasts changed"))
    table = house.answer("position", organisation="XF-SYS", year=YEAR).tables["to_date"]
    moved = [
        [format_money(pence) for pence in (was, now, now - was)]
        for row in table
        if not row["line"] and not row["scheme"]
        for was, now in [(row["forecast_last_month"], row["forecast"])]
        if was is not None and was != now
    ]
    assert sorted(cells[1:] for cells in told) == sorted(moved)
    assert [cells[0] for cells in told][:2] == [
        "Fenmarch and Alderwick",
        "Hollowmere General Hospital",
    ]


def test_the_region_is_told_support_next_quarter_and_open_queries(house: Any) -> None:
    page = home(house, "region")
    support = rows(part(page, "Support next quarter (Q4, January to March)"))
    assert ["Hollowmere General Hospital", "2.5", "0.0", "0.0"] in support
    assert support[0] == ["Fenmarch and Alderwick", "10.0", "7.5", "0.0"]
    queries = part(page, "Queries")
    assert [row[-1] for row in rows(queries)] == ["21 January 2027"]
    must = part(page, "What must be true, by system")
    assert "Fenmarch and Alderwick: The forecast needs" in must
    assert "Saltmere and Westerlow: it cannot be told" in must


def test_the_chief_nurse_is_told_which_measures_are_past_their_limits(house: Any) -> None:
    page = home(house, "chief_nurse")
    own = [one for one in held(house.position, YEAR) if one.row.organisation == "XF-FTH"]
    past = [one for one in own if one.outside]
    text = part(page, "Measures outside their limits")
    assert f"{len(past)} of {len(own)} measures are outside." in text
    assert [cells[:4] for cells in rows(text)] == [
        ["Falls with harm", "14", "at most 12", "December"],
        ["Waits over 18 weeks", "47", "at most 40", "December"],
        ["Access standard", "not met", "to be met", "Q2"],
    ]


def test_the_panel_has_its_day_and_what_it_is_asked_that_of_most_risk_first(house: Any) -> None:
    text = part(home(house, "chief_nurse"), "This week's panel")
    assert "The panel meets on 26 January 2027." in text
    scores = [int(cells[1]) for cells in rows(text)]
    assert scores == sorted(scores, reverse=True)
    assert scores


def test_no_money_stands_in_the_parts_of_a_chief_nurse(house: Any) -> None:
    page = home(house, "chief_nurse")
    assert "£" not in "".join(page.split("<section")[1:])


def test_what_a_demonstration_adds_is_put_once_and_told_as_nobodys_change(house: Any) -> None:
    from controltotal.service.demonstration_days import add_days

    before = house.position.ref.entry
    add_days(house.desk, BODIES)
    assert house.position.ref.entry == before
    assert "demonstrate" not in home(house, "trust_finance")


def test_a_demonstration_is_kept_on_the_last_day_on_which_something_became_known() -> None:
    position = fictional().position
    assert last_day(position) == TODAY
    assert max(one.on for one in position.book.papers) > TODAY, "a meeting is to come"


def test_where_nothing_waits_each_office_is_told_what_to_do(house: Any) -> None:
    page = home(house, "auditor")
    assert "Nothing waits for you. Verify the ledger, or look at what does not agree." in page
