"""Reminders: one sentence and a link, as often as each person sets; a deputy is told once what is overdue."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from controltotal.acts import Actor, act
from controltotal.acts.actors import local_actor
from tests.act_books import CASES, TODAY, do, system
from tests.service_house import client, person, served

MONEY = dict(CASES["propose_transfer"].fields)


@pytest.fixture
def house(request: pytest.FixtureRequest) -> Iterator[Any]:
    """A service of the small system in which month 7 was due, and an empty folder of mail."""
    book: dict[str, Any] = {**system(), "grants": []}
    book["periods"] = [
        {"kind": "month_end", "from": "2026-10-01", "to": "2026-10-31", "due": "2026-11-12"}
    ]
    made = served(book, getattr(request, "param", TODAY))
    for file in folder(made).glob("*.eml"):
        file.unlink()
    yield made


def folder(house: Any) -> Path:
    return Path(house.deployment.folder) / "mail"


def mail(house: Any) -> list[EmailMessage]:
    """Every message in the folder, read back."""
    files = sorted(folder(house).glob("*.eml"), key=lambda one: one.stat().st_mtime_ns)
    return [message_from_bytes(one.read_bytes(), policy=default) for one in files]  # type: ignore[misc]


def reader(house: Any, name: str, *offices: tuple[str, str], often: str = "daily") -> Any:
    made = person(house, name, *offices)
    made.email, made.nudges = f"{name}@example.org", often
    made.save()
    return made


def nudge(days: int = 0) -> int:
    from controltotal.service.nudges import nudge_all

    return nudge_all(timezone.now() + timedelta(days=days))


def test_a_reminder_says_what_waits_since_when_and_where_and_nothing_else(house: Any) -> None:
    do(house.desk, "propose_transfer", "R. Region", on="2026-10-20", **MONEY)
    reader(house, "robin", ("trust_finance", "T1"))
    assert nudge() == 1
    (message,) = mail(house)
    text = message.get_content()
    first = text.splitlines()[0]
    assert first == (
        "A month to send and a transfer wait for you, the older since 20 October 2026."
    )
    assert house.deployment.url in text
    for secret in ("500", "£", "First", "Second", "T1", "N1", "Robin", "Beds"):
        assert secret not in text
        assert secret not in str(message["Subject"])
    assert (folder(house).stat().st_mode & 0o077) == 0


def test_nobody_is_reminded_twice_a_day_and_everybody_again_on_the_next(house: Any) -> None:
    reader(house, "robin", ("trust_finance", "T1"))
    assert [nudge(), nudge(), nudge(1)] == [1, 0, 1]


@pytest.mark.parametrize(
    ("house", "sent"),
    [(date(2026, 11, 30), 1), (date(2026, 12, 1), 0), (date(2026, 12, 6), 0)],
    indirect=["house"],
)
def test_never_is_never_and_weekly_is_on_mondays(house: Any, sent: int) -> None:
    reader(house, "robin", ("trust_finance", "T1"), often="never")
    reader(house, "kerry", ("trust_finance", "T2"), often="weekly")
    assert nudge() == sent


def test_whoever_has_nothing_waiting_or_no_address_gets_nothing(house: Any) -> None:
    reader(house, "vic", ("auditor", "R1"))
    person(house, "robin", ("trust_finance", "T1"))
    assert nudge() == 0
    assert mail(house) == []


def test_a_deputy_is_told_once_of_what_is_overdue_and_of_nothing_else(house: Any) -> None:
    reader(house, "robin", ("trust_finance", "T1"), often="never")
    deputy = reader(house, "leslie", often="daily")
    fields = {"subject": deputy.subject, "name": deputy.name, "role": "trust_finance"}
    dates = {"organisation": "T1", "from": "2026-11-01", "to": "2030-12-31"}
    act("grant", house.desk, {**fields, **dates}, why="leave", as_=local_actor("Tests"))
    do(house.desk, "propose_transfer", "R. Region", on="2026-10-20", **MONEY)
    assert [nudge(), nudge(), nudge(1)] == [1, 0, 0]
    (message,) = mail(house)
    assert message["To"] == "leslie@example.org"
    assert message.get_content().startswith(
        "Overdue, and you are the deputy: a month to send waits for you"
    )


def test_what_was_sent_by_oneself_is_no_matter_to_approve(house: Any) -> None:
    sender = reader(house, "robin", ("trust_finance", "T1"))
    other = reader(house, "morgan", ("trust_finance", "T1"))
    from controltotal.service.access import actor_for

    by: Actor = actor_for(house.position, sender)
    act(
        "submit_month",
        house.desk,
        {"organisation": "T1", "year": "2026/27", "month": "7"},
        why="",
        as_=by,
    )
    assert nudge() == 1
    (message,) = mail(house)
    assert message["To"] == other.email
    assert "A month to approve waits for you" in message.get_content()


def test_each_person_sets_how_often_and_where_to(house: Any) -> None:
    browser = client(house, "robin", ("trust_finance", "T1"))
    bad = browser.post("/account/reminders", {"nudges": "hourly", "email": "here"})
    page = bad.content.decode()
    assert (bad.status_code, 'href="#nudges"' in page, 'href="#email"' in page) == (422, True, True)
    good = {"nudges": "weekly", "email": "robin@example.org"}
    assert browser.post("/account/reminders", good).status_code == 302
    from controltotal.service.models import Person

    kept = Person.objects.get(username="robin")
    assert (kept.nudges, kept.email) == ("weekly", "robin@example.org")


def test_a_relay_that_does_not_answer_loses_nothing(
    house: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from dataclasses import replace

    reader(house, "robin", ("trust_finance", "T1"))
    there = replace(house.deployment, mail_relay="127.0.0.1:9")
    monkeypatch.setattr(house, "deployment", there)
    assert nudge() == 0
    monkeypatch.setattr(house, "deployment", replace(there, mail_relay=""))
    assert nudge() == 1
