"""One body's early month leaves what is told of all at the last month that all have told."""

from __future__ import annotations

import re
from typing import Any

import pytest

from controltotal.accounts.months_sent import ahead, common_month, current_month, together
from controltotal.core.calendar import year_label
from controltotal.ledger.entries import put
from tests.act_books import do, local
from tests.fictional_ledger import fictional
from tests.ledgers import posting
from tests.service_house import client, posted, served

PAPER = "/papers/XF-SYS/2027-01-28"
EARLY, YEAR = "XF-FTH", "2026-27"


def words_of(answer: Any) -> str:
    """A page as words."""
    text = re.sub(r"<[^>]+>", " ", answer.content.decode())
    return " ".join(text.replace("&#39;", "'").split())


def send_early(desk: Any) -> None:
    """Have one trust tell month 10 as it told month 9, and hand it in."""
    rows = [
        row
        for row in desk.position.book.amounts
        if (row.organisation, row.year, row.basis, row.month) == (EARLY, YEAR, "actual", "9")
    ]
    drafts = [
        put("amounts", number, [*{**row.texts, "month": "10"}.items()])
        for number, row in enumerate(rows, start=2)
    ]
    store = desk.store
    store.append([posting(drafts, on="2027-02-20")], desk.position.ref.entry)
    fields = {"organisation": EARLY, "year": year_label(YEAR), "month": "10"}
    do(desk, "submit_month", local(), on="2027-02-20", **fields)


@pytest.fixture(scope="module")
def house() -> Any:
    house = served(desk=fictional())
    send_early(house.desk)
    return house


@pytest.fixture(scope="module")
def finance(house: Any) -> Any:
    return client(house, "chris", ("system_finance", "XF-SYS"))


def test_the_month_of_all_is_the_last_that_each_has_told(house: Any) -> None:
    workings = house.workings
    assert common_month(workings, YEAR) == 9
    assert ahead(workings, YEAR) == {EARLY: 10}
    assert current_month(workings, house.desk.today()) == 9
    assert workings.month.reached("XF-SYS", YEAR) is None
    assert house.of("XF-SYS", YEAR).month.reached("XF-SYS", YEAR) == 9
    assert house.of(EARLY, YEAR) is workings


def test_the_paper_of_the_meeting_stays_at_the_month_of_all(house: Any, finance: Any) -> None:
    from controltotal.service.jobs import fragment, work_off
    from controltotal.service.models import Job

    words = words_of(finance.get(PAPER))
    assert "No month is reported yet" not in words and "not known" not in words
    assert "Month of its figures month 9 (December), 2026/27" in words
    assert "All figures here are to month 9 (December), the last month that all have told" in words
    assert "Told already: Fenmarch Teaching Hospitals to month 10 (January)" in words
    assert finance.post(f"{PAPER}/make").status_code == 302
    assert work_off()
    job = Job.objects.get()
    assert job.state == "done", job.error
    assert job.options["month"] == "M9"
    paper = re.sub(r"<[^>]+>", "", str(fragment(job)))
    assert "[month: not known]" not in paper
    assert "the one told of" not in paper
    assert "What must be true" in paper


def test_an_earlier_month_may_be_chosen_on_the_cover(house: Any, finance: Any) -> None:
    form = finance.get(f"{PAPER}/cover")
    assert "Month of its figures" in words_of(form)
    assert (
        finance.post(f"{PAPER}/cover", posted(form, month="8", purpose="decision")).status_code
        == 303
    )
    assert "Month of its figures month 8 (November)" in words_of(finance.get(PAPER))
    assert finance.get(f"{PAPER}/words?part=must").status_code == 200
    late = posted(finance.get(f"{PAPER}/cover"), month="12")
    assert finance.post(f"{PAPER}/cover", late).status_code == 303
    assert "Month of its figures month 9 (December)" in words_of(finance.get(PAPER))


def test_organisations_and_home_say_who_is_ahead_and_who_is_behind(finance: Any) -> None:
    words = words_of(finance.get("/organisations"))
    assert "not known" not in words and "Told already: Fenmarch" in words
    words = words_of(finance.get("/organisations/XF-SYS"))
    assert "Told already: Fenmarch" in words and "December" in words
    home = words_of(finance.get("/"))
    assert "1 of 7 have sent month 9" in home
    why = "told of 8 organisations: of 1 as sent in this service, of 7 by rows that came with the data"
    assert why in home and why in words_of(finance.get(PAPER))
    assert "Fenmarch Teaching Hospitals has told month 10 (January) already" in home
    assert "Not sent: Fenmarch" not in home


def test_who_is_ahead_is_told_as_it_stands(finance: Any) -> None:
    words = words_of(finance.get(f"/organisations/{EARLY}"))
    assert "January" in words and "All figures here are to" not in words


def test_figures_of_the_system_are_told_to_the_month_of_all(finance: Any) -> None:
    words = words_of(finance.get(f"/figures/surplus/XF-SYS/{YEAR}/actual"))
    assert "It cannot be worked out" not in words


def test_the_check_and_the_receipt_tell_the_system_to_the_month_of_all(
    house: Any, finance: Any
) -> None:
    month, row = together(house.workings, "XF-SYS", YEAR)
    assert month == 9 and row.actual is not None
    assert row.actual == house.of("XF-SYS", YEAR).month.to_date("XF-SYS", YEAR).actual.pence
    entry = next(
        one.seq
        for one in reversed(house.position.daybook)
        if one.narration.act == "submit_month" and one.table == "submissions"
    )
    page = finance.get(f"/months/{EARLY}/{YEAR}/M10/sent?entry={entry}")
    words = words_of(page)
    assert "told when all have sent" not in words and "to December" in words
