"""A change is tried in the room: the answer stands on the same page, and nothing of it is written."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

import pytest
from django.utils import timezone

from tests.fictional_ledger import fictional
from tests.service_house import client, served

HALF = {"kind": "share", "scheme": "FTH-02", "value": "50"}
MOVE = {"kind": "transfer", "from": "XF-WIC", "to": "XF-ICB", "amount": "£1m"}
NONE = {"from": "", "to": "", "amount": "", "scheme": "", "value": ""}


@pytest.fixture(scope="module")
def house() -> Any:
    return served(desk=fictional())


@pytest.fixture(scope="module")
def programme(house: Any) -> Any:
    return client(house, "jordan", ("programme_office", "XF-FTH"))


def tried(browser: Any, fields: dict[str, str]) -> Any:
    return browser.get(f"/try?{urlencode(fields)}")


def test_what_is_tried_stands_on_the_page_and_nowhere_else(house: Any, programme: Any) -> None:
    before = house.position
    answers = {v: house.answer(v, year="2026/27").to_json() for v in ("position", "schemes")}
    page = tried(programme, HALF)
    text = page.content.decode()
    assert page.status_code == 200
    assert "It would save £423 thousand less this year" in text
    assert "(18.3)" in text and "(18.7)" in text, "Fenmarch Teaching before and after"
    assert (
        "Westerlow ICB gives Fenmarch and Alderwick ICB £1.0 million"
        in tried(programme, MOVE).content.decode()
    )
    assert house.position is before, "no entry, no other reading"
    assert {v: house.answer(v, year="2026/27").to_json() for v in answers} == answers


def test_eight_who_try_at_once_each_get_their_own_answer(house: Any) -> None:
    from controltotal.verbs.trying import Change, try_change

    changes = [Change("share", "FTH-02", str(10 * n)) for n in range(8)]
    alone = [try_change(house.workings, one, today=house.desk.today()) for one in changes]
    with ThreadPoolExecutor(8) as pool:
        made = list(
            pool.map(lambda one: try_change(house.workings, one, today=house.desk.today()), changes)
        )
    assert made == alone and len({one.saved for one in made}) == 8


def test_it_is_answered_in_two_seconds(programme: Any) -> None:
    tried(programme, HALF)
    began = time.process_time()
    assert tried(programme, {**HALF, "value": "51"}).status_code == 200
    assert time.process_time() - began < 2


@pytest.mark.parametrize(
    ("fields", "what"),
    [
        ({**HALF, "scheme": ""}, "No scheme is named"),
        ({**HALF, "value": "lots"}, "share reads"),
        ({**HALF, "kind": "start", "value": "soon"}, "start reads"),
        ({**MOVE, "to": "XF-WIC"}, "Both sides are one organisation"),
        ({**MOVE, "amount": "-5"}, "more than nil"),
        ({**HALF, "kind": "magic"}, "cannot be tried"),
    ],
    ids=["no scheme", "no share", "no day", "one side", "less than nil", "no kind"],
)
def test_what_cannot_be_tried_is_told_at_its_field(
    programme: Any, fields: dict[str, str], what: str
) -> None:
    page = tried(programme, fields)
    assert page.status_code == 422
    assert what.lower() in page.content.decode().replace("&#39;", "'").lower()


def test_a_link_lasts_seven_days_and_is_for_who_reads_the_ledger(
    house: Any, programme: Any
) -> None:
    from controltotal.service.models import Link

    other = client(house, "ali", ("region", "XF-REG"))
    without = client(house, "billie", ("administrator", "XF-SYS"))
    entry = house.position.ref.entry
    kept = programme.post("/try/keep", {**NONE, **HALF})
    assert kept.status_code == 302
    assert "£423 thousand less" in other.get(kept["Location"]).content.decode()
    assert without.get(kept["Location"]).status_code == 403
    Link.objects.update(ends=timezone.now() - timedelta(seconds=1))
    assert other.get(kept["Location"]).status_code == 404
    assert house.position.ref.entry == entry


def test_a_draft_of_a_change_is_its_own_organisations_alone(house: Any, programme: Any) -> None:
    from controltotal.service.models import Draft

    assert programme.post("/try/keep", {**NONE, **HALF, "draft": "yes"}).status_code == 302
    draft = Draft.objects.get()
    assert draft.pk in programme.get("/try").content.decode()
    other = client(house, "alex", ("programme_office", "XF-ALD"))
    assert draft.pk not in other.get("/try").content.decode()
    other.post(f"/try/drafts/{draft.pk}/discard")
    assert Draft.objects.count() == 1
    programme.post(f"/try/drafts/{draft.pk}/discard")
    assert not Draft.objects.count()
