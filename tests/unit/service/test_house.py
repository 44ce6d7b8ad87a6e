"""The house of a service: an answer is worked out once, and anew when the ledger changes."""

from __future__ import annotations

from controltotal.acts import act
from controltotal.acts.actors import local_actor
from tests.service_house import served


def test_an_answer_is_kept_until_the_ledger_changes() -> None:
    house = served()
    first = house.answer("schemes")
    assert house.answer("schemes") is first
    act("revise", house.desk, {"id": "SC1", "title": "Fewer beds"}, as_=local_actor("P. Office"))
    after = house.answer("schemes")
    assert {row["title"] for row in after.tables["schemes"]} >= {"Fewer beds"}
    assert house.answer("schemes") is after
