"""The house of a service: an answer is worked out once, and anew when the ledger changes."""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace
from datetime import date
from pathlib import Path

from controltotal import verbs
from controltotal.acts import act
from controltotal.acts.actors import local_actor
from controltotal.service.deployment import Deployment
from controltotal.service.house import House
from tests.service_house import served

PROJECT = Path(__file__).parents[3]


def test_an_answer_is_kept_until_the_ledger_changes() -> None:
    house = served()
    first = house.answer("schemes")
    assert house.answer("schemes") is first
    act("revise", house.desk, {"id": "SC1", "title": "Fewer beds"}, as_=local_actor("P. Office"))
    after = house.answer("schemes")
    assert {row["title"] for row in after.tables["schemes"]} >= {"Fewer beds"}
    assert house.answer("schemes") is after


def test_a_demonstration_learns_its_day_after_its_ledger_was_opened(tmp_path: Path) -> None:
    ledger = tmp_path / "small.ledger"
    verbs.convert(str(PROJECT / "examples" / "nene-2013"), str(ledger))
    deployment = Deployment(str(ledger), str(tmp_path), demo=True)
    with closing(House(deployment)) as house:
        house.deployment = replace(deployment, first_day="2999-01-21")
        assert house.desk.today() == date(2999, 1, 21)
