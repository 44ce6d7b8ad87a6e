"""Words, covers and actions of a meeting's paper: said, said anew, and by whom."""

from __future__ import annotations

import pytest

from controltotal.acts import Actor, ActRefused, Desk, Grant, NotPermitted, act
from controltotal.acts.actors import local_actor
from tests.act_books import DAY, TODAY, YEAR, system
from tests.ledgers import memory
from tests.strategies import source_of

SAID = {"about": "T1", "year": YEAR, "month": "9", "kind": "driver"}


def desk() -> Desk:
    return Desk(memory(source_of({**system(), "grants": []})), lambda: TODAY)


def officer(code: str) -> Actor:
    return Actor(
        "sub", "S. Someone", (Grant("trust_finance", code, TODAY.replace(month=4), None, ""),)
    )


def texts(there: Desk) -> list[tuple[str, str, str]]:
    return [(r.text, r.by, r.status or "") for r in there.position.book.commentary]


def test_a_sentence_takes_the_place_of_another() -> None:
    there = desk()
    by = "Director of Finance"
    act("comment", there, {**SAID, "text": "Early", "by": by}, "new", DAY, officer("T1"))
    assert texts(there) == [("Early", by, "")]
    number = str(there.position.book.commentary[0].entry)
    again = {**SAID, "text": "Late", "by": by, "status": "agreed", "instead": number}
    act("comment", there, again, "it was late", DAY, officer("T1"))
    assert texts(there) == [("Late", by, "agreed")]
    with pytest.raises(ActRefused, match="no longer stands"):
        act("comment", there, {**again, "text": "Later"}, "why", DAY, officer("T1"))
    number = str(there.position.book.commentary[0].entry)
    with pytest.raises(ActRefused, match="nothing would change"):
        act("comment", there, {**again, "instead": number}, "why", DAY, officer("T1"))


def test_who_says_it_is_who_does_the_act_where_nobody_is_named() -> None:
    there = desk()
    act("comment", there, {**SAID, "text": "Early"}, "new", DAY, local_actor("Robin"))
    assert texts(there) == [("Early", "Robin", "")]


def test_nobody_takes_back_the_words_of_another_organisation() -> None:
    there = desk()
    act("comment", there, {**SAID, "text": "Early"}, "new", DAY, officer("T1"))
    number = str(there.position.book.commentary[0].entry)
    mine = {**SAID, "about": "T2", "text": "Mine", "instead": number}
    with pytest.raises(NotPermitted, match="the row is of T1"):
        act("comment", there, mine, "why", DAY, officer("T2"))
    assert [text for text, _, _ in texts(there)] == ["Early"]


def test_a_cover_and_an_action_are_put_again_from_the_day_of_the_act() -> None:
    there = desk()
    cover = {"organisation": "T1", "meeting": "Board", "on": "2027-01-28"}
    act("paper", there, {**cover, "item": "7"}, "", "2026-11-01", officer("T1"))
    act("paper", there, {**cover, "item": "8"}, "", DAY, officer("T1"))
    assert [row.item for row in there.position.book.papers] == ["8"]
    with pytest.raises(ActRefused, match="nothing would change"):
        act("paper", there, {**cover, "item": "8"}, "", DAY, officer("T1"))
    done = {"id": "A1", "organisation": "T1", "title": "End the contract"}
    act("action", there, done, "", "2026-11-01", officer("T1"))
    act("action", there, {**done, "done_on": DAY}, "", DAY, officer("T1"))
    assert [str(row.done_on) for row in there.position.book.actions] == [DAY]
