"""Two meetings of one organisation on one day are two papers: each with its own address, cover and drafts."""

from __future__ import annotations

import html
from typing import Any

import pytest

from tests.service_house import client, served
from tests.unit.service.test_papers_in_public import MEETING, PAPER, book

COMMITTEE = {
    **MEETING,
    "meeting": "Finance committee",
    "session": "private",
    "private_reason": "A contract",
    "purpose": "decision",
}
BOARD_AT, COMMITTEE_AT = f"{PAPER}-board", f"{PAPER}-finance-committee"


@pytest.fixture(scope="module")
def finance() -> Any:
    house = served({**book(), "papers": [MEETING, COMMITTEE]})
    return client(house, "chris", ("system_finance", "S1"))


def says(finance: Any, path: str) -> str:
    answer = finance.get(path)
    assert answer.status_code == 200, path
    return html.unescape(answer.content.decode())


def test_each_meeting_of_a_day_has_an_address_of_its_own(finance: Any) -> None:
    listed = says(finance, "/papers")
    assert f'href="{BOARD_AT}"' in listed and f'href="{COMMITTEE_AT}"' in listed
    assert "finance committee" in says(finance, COMMITTEE_AT)
    assert "private" in says(finance, COMMITTEE_AT) and "A contract" in says(finance, COMMITTEE_AT)
    assert "A contract" not in says(finance, BOARD_AT)
    assert finance.get(f"{PAPER}-another").status_code == 404
    assert finance.get(PAPER).status_code == 200, (
        "an address that names the day alone still leads on"
    )


def test_what_is_made_for_one_is_not_shown_at_the_other(finance: Any) -> None:
    from controltotal.service.jobs import work_off

    sent = finance.post(f"{COMMITTEE_AT}/make", {})
    assert sent.status_code == 302 and work_off()
    assert finance.get(f"{COMMITTEE_AT}/read").status_code == 200
    assert finance.get(f"{BOARD_AT}/read").status_code == 404
    assert "finance committee" in says(finance, f"{COMMITTEE_AT}/read")
    paper = b"".join(finance.get(f"{sent['Location']}/paper.html")).decode()
    assert "Finance committee in private, 10 December" in paper and "Board in" not in paper
    done = finance.get(sent["Location"])
    assert done["Location"] == COMMITTEE_AT, "the job leads back to its meeting"


def test_no_paper_is_made_for_the_public_of_the_private_one(finance: Any) -> None:
    refused = finance.post(f"{COMMITTEE_AT}/make", {"frozen": "yes", "for": "public"})
    assert refused.status_code == 409
    allowed = finance.post(f"{BOARD_AT}/make", {"frozen": "yes", "for": "public"})
    assert allowed.status_code == 302


def test_a_meeting_alone_on_its_day_is_named_by_the_day() -> None:
    alone = client(served({**book(), "papers": [MEETING]}), "robin", ("system_finance", "S1"))
    assert f'href="{PAPER}"' in says(alone, "/papers")
