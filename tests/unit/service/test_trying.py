"""A change is tried in the room: the answer stands on the same page, and nothing of it is written."""

from __future__ import annotations

import re
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from controltotal.service.trials import MOST
from tests.fictional_ledger import fictional
from tests.service_house import client, served

TEMPLATES = Path(__file__).parents[3] / "src" / "controltotal" / "service" / "templates"
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
    """The page that follows when a change is tried."""
    return browser.post("/try", fields, follow=True)


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


def test_what_is_tried_stands_in_no_address_and_in_no_other_session(
    house: Any, programme: Any
) -> None:
    sent = programme.post("/try", MOVE)
    assert sent.status_code == 303 and re.fullmatch(r"/try\?trial=\d+", sent["Location"])
    other = client(house, "ali", ("region", "XF-REG"))
    for browser, there in ((programme, True), (other, False)):
        words = browser.get(sent["Location"]).content.decode()
        assert ("gives Fenmarch and Alderwick ICB £1.0 million" in words) is there
    words = programme.get("/try?kind=transfer&from=XF-WIC&to=XF-ICB&amount=1000").content.decode()
    assert "What it would do" not in words, "an address says nothing of a change"


def test_a_session_keeps_the_last_changes_that_were_tried(programme: Any) -> None:
    first = programme.post("/try", HALF)["Location"]
    for _ in range(MOST):
        last = programme.post("/try", MOVE)["Location"]
    assert "What it would do" not in programme.get(first).content.decode()
    assert "What it would do" in programme.get(last).content.decode()


def test_no_form_of_any_page_puts_a_sum_into_its_address() -> None:
    typed, asked = set(), 0
    for template in sorted(TEMPLATES.rglob("*.j2")):
        text = template.read_text("utf-8")
        forms = re.findall(r'<form[^>]*method="get".*?</form>', text, re.DOTALL)
        filters = re.findall(r"{% call filters.*?{% endcall %}", text, re.DOTALL)
        forms += [one for one in filters if '"post"' not in one]
        asked += len(forms)
        for form in forms:
            typed |= set(re.findall(r'(?:text_input|money_input|textarea)\("([^"]+)"', form))
            typed |= set(re.findall(r'<input(?![^>]*hidden)[^>]* name="([^"]+)"', form))
    assert asked > 3 and typed <= {"q", "day"}, "what is looked for, and no sum"


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
    assert f"/try?draft={draft.pk}" in programme.get("/try").content.decode()
    opened = programme.get(f"/try?draft={draft.pk}").content.decode()
    assert "It would save £423 thousand less this year" in opened
    other = client(house, "alex", ("programme_office", "XF-ALD"))
    assert draft.pk not in other.get("/try").content.decode()
    assert "What it would do" not in other.get(f"/try?draft={draft.pk}").content.decode()
    other.post(f"/try/drafts/{draft.pk}/discard")
    assert Draft.objects.count() == 1
    programme.post(f"/try/drafts/{draft.pk}/discard")
    assert not Draft.objects.count()
