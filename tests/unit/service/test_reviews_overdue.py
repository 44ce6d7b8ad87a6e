"""A review of quality that was due and is not recorded is said on the scheme's page, in the list and at home."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import pytest

from controltotal.acts.waiting_schemes import review_overdue
from tests.fictional_ledger import fictional
from tests.service_house import client, served


@pytest.fixture(scope="module")
def house() -> Any:
    return served(desk=fictional())


@pytest.fixture(scope="module")
def director(house: Any) -> Any:
    return client(house, "dana", ("medical_director", "XF-FTH"))


def words_of(answer: Any) -> str:
    text = re.sub(r"<[^>]+>", " ", answer.content.decode())
    return " ".join(text.split())


def test_a_review_is_overdue_the_day_after_it_was_due(house: Any) -> None:
    judged = house.workings.judgements["FTH-52"]
    assert review_overdue(judged, date(2027, 1, 11)) is None
    assert review_overdue(judged, date(2027, 1, 12)) == date(2027, 1, 11)


def test_the_page_and_the_list_say_that_the_review_is_overdue(director: Any) -> None:
    words = words_of(director.get("/schemes/FTH-52"))
    assert "review overdue" in words and "was due on 11 January 2027" in words
    assert "waiting for chief nurse; review overdue" in words_of(director.get("/schemes?q=FTH-52"))


def test_nothing_is_said_of_a_scheme_that_is_refused(house: Any, director: Any) -> None:
    refused = next(k for k, one in house.workings.judgements.items() if one.rejected)
    assert "review overdue" not in words_of(director.get(f"/schemes/{refused}"))


def test_home_tells_a_director_of_reviews_that_are_overdue(house: Any, director: Any) -> None:
    words = words_of(director.get("/"))
    assert "reviews are overdue" in words and "FTH-" in words
    elsewhere = client(house, "nel", ("chief_nurse", "XF-AMB"))
    assert "FTH-52" not in words_of(elsewhere.get("/"))
