"""Two people of one organisation fill in one draft at once: both are told, and nothing is lost."""

from __future__ import annotations

import re
from html import unescape
from typing import Any

import pytest

from controltotal.service.drafts import merged
from controltotal.service.models import Draft, Person
from tests import month_books
from tests.act_books import YEAR as BOOK_YEAR
from tests.service_house import client, served
from tests.unit.service.test_months import ADDRESS, drop, finance, renamed, text_of

FIELD = "set:lines.Establishment"
KEPT = {"one": "1", "two": "2"}


def fields(page: Any) -> dict[str, str]:
    """The hidden fields of a page, as a browser sends them back."""
    found = re.findall(
        r'<input type="hidden" name="([^"]+)" value="([^"]*)"', page.content.decode()
    )
    return {unescape(name): unescape(value) for name, value in found}


def answer(browser: Any, page: Any, text: str, **more: str) -> Any:
    """Answer the one question of a page as it was opened."""
    return browser.post(f"{ADDRESS}/check", {**fields(page), FIELD: text, "do": "answer", **more})


@pytest.fixture
def at_once() -> tuple[Any, Any, Any, Any]:
    """Two people of a trust before the same question: each browser with the page it has open."""
    house = served(desk=month_books.desk())
    robin, morgan = finance(house), finance(house, "morgan")
    page = drop(robin, renamed(10, "Establishment"), "report.xlsx")
    return robin, page, morgan, morgan.get(f"{ADDRESS}/check")


def said() -> str:
    """What the draft now answers."""
    return str(Draft.objects.get().content["set"].get("lines.Establishment", ""))


def test_the_second_answer_is_told_with_the_first_beside_it(at_once: Any) -> None:
    robin, first, morgan, second = at_once
    assert answer(robin, first, "substantive_pay").status_code == 302
    told = answer(morgan, second, "agency_pay")
    words = text_of(told)
    assert told.status_code == 409 and "Answered by two people at once" in words
    assert "Robin Example has answered meanwhile: Substantive pay" in words
    assert 'value="agency_pay" selected' in told.content.decode(), (
        "what was typed is kept on the page"
    )
    assert said() == "substantive_pay", "the first stands"
    assert answer(morgan, told, "agency_pay").status_code == 302, "saved by whoever has seen both"
    assert said() == "agency_pay"
    again = answer(robin, first, "bank_pay")
    assert again.status_code == 409 and "Morgan Example has answered" in text_of(again)


def test_a_second_answer_that_says_the_same_or_nothing_takes_nothing_back(at_once: Any) -> None:
    robin, first, morgan, second = at_once
    answer(robin, first, "substantive_pay")
    for text in ("substantive_pay", ""):
        assert answer(morgan, second, text).status_code == 302
        assert said() == "substantive_pay"


def test_nothing_is_sent_while_two_answers_stand_against_each_other(at_once: Any) -> None:
    robin, first, morgan, second = at_once
    answer(robin, first, "substantive_pay")
    assert answer(morgan, second, "agency_pay", do="send").status_code == 409
    assert Draft.objects.count() == 1


def test_who_answers_what_a_colleague_has_thrown_away_is_told_so(at_once: Any) -> None:
    robin, first, morgan, second = at_once
    robin.post(f"{ADDRESS}/check", {**fields(first), "do": "forget"})
    told = answer(morgan, second, "agency_pay")
    assert told.status_code == 409 and "sent or discarded it" in text_of(told)


def test_the_draft_of_a_proposal_keeps_what_each_of_two_people_changed() -> None:
    house = served()
    ann, bob = (client(house, one, ("trust_finance", "T1")) for one in ("ann", "bob"))
    begun = {"id": "N1", "from": "T1", "to": "T2", "year": BOOK_YEAR, "amount": "£500"}
    page = ann.post("/transfers/new", {**begun, "do": "save"})["Location"]
    draft = Draft.objects.get()
    seen = {**begun, **fields(ann.get(page))}
    assert ann.post(f"/drafts/{draft.pk}", {**seen, "amount": "£600"}).status_code == 200
    assert bob.post(f"/drafts/{draft.pk}", {**seen, "condition": "Both boards"}).status_code == 200
    draft.refresh_from_db()
    assert (draft.content["amount"], draft.content["condition"]) == ("£600", "Both boards")
    assert ann.post(f"/drafts/{draft.pk}", {**seen, "amount": "£500"}).status_code == 200, "undone"
    ann.post(f"/drafts/{draft.pk}", {**seen, "amount": "£700"})
    assert bob.post(f"/drafts/{draft.pk}", {**seen, "amount": "£800"}).status_code == 409
    for do in ("save", "propose"):
        told = bob.post("/transfers/new", {**seen, "amount": "£800", "do": do})
        assert told.status_code == 409
        assert "Ann Example has changed this too, and it now says: £700" in text_of(told)
        assert 'value="£800"' in told.content.decode()
    draft.refresh_from_db()
    assert draft.content["amount"] == "£700"


@pytest.mark.parametrize(
    ("who", "was", "yours", "then"),
    [
        (2, "1", "5", ("5", 0)),
        (2, "0", "0", ("1", 0)),
        (2, "0", "5", ("1", 1)),
        (2, "0", "1", ("1", 0)),
        (1, "0", "5", ("5", 0)),
        (2, None, "5", ("5", 0)),
    ],
    ids=["seen", "left", "both", "the same", "own", "a form that says nothing"],
)
def test_a_field_of_two_is_kept_or_told(who: int, was: str, yours: str, then: Any) -> None:
    seen = {} if was is None else {"one": was}
    found = merged(KEPT, {"one": (who, "A")}, {"one": yours}, seen, Person(pk=1, name="B"))
    assert (found.fields["one"], len(found.both)) == then and found.fields["two"] == "2"
