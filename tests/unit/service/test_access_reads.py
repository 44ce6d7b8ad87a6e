"""Every address that is read, asked for by everybody: what they see, and that nothing else reaches them.

`tests/data/access_reads.csv` says by hand who sees what of T1's in which state, and what others get who
may open the address; `service_routes.csv` says who may. Then a law: whatever T1 has begun, no answer to
anybody of another organisation differs by a byte from what it is where T1 has begun nothing.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from controltotal.acts import act
from controltotal.acts.actors import local_actor
from tests.access_house import (
    CALLERS,
    HELD,
    KINDS,
    MARK,
    NOBODY,
    RARE,
    Caller,
    Ground,
    ground,
    plant,
    rows_of,
)
from tests.act_books import DAY

READS: Final = rows_of("access_reads.csv")
ROUTES: Final = {row["address"]: row for row in rows_of("service_routes.csv")}
GIVEN: Final = ("/try/{link}",)
"""Addresses that T1 gives to others on purpose: whoever has one sees what is under it."""
OF_ONE_SENDING: Final = (
    re.compile(rb'name="(?:csrfmiddlewaretoken|request)" value="[^"]*"'),
    re.compile(rb"(?<=in )[0-9.]+(?= seconds)"),
)
"""What differs between two answers to the same person in the same world."""


@pytest.fixture(scope="module")
def there() -> Iterator[Ground]:
    """A service in which T1 has begun a thing of each kind; the clock of its answers stands still."""
    from django.utils import timezone

    still = timezone.now()
    with pytest.MonkeyPatch.context() as patch:
        found = ground()
        patch.setattr(timezone, "now", lambda: still)
        plant(found, ())
        yield found


def gate(route: Mapping[str, str], caller: Caller) -> tuple[int, ...]:
    """What whoever may not open an address gets at its door; nothing where they may."""
    who = route["who"]
    if caller == NOBODY and who != "anyone":
        return (401,) if route["address"].startswith("/api/") else (302,)
    return () if caller.fits(who) else (403,)


def expected(row: Mapping[str, str], caller: Caller) -> tuple[int, ...]:
    """The status of an answer as the tables say it."""
    shut = gate(ROUTES[row["route"]], caller)
    if shut:
        return shut
    text = row["seen"] if caller.fits(row["who"]) else row["unseen"]
    return tuple(map(int, text.split()))


def body(answer: Any) -> bytes:
    """The whole of an answer."""
    return b"".join(answer.streaming_content) if answer.streaming else bytes(answer.content)


def asked(there: Ground, caller: Caller, row: Mapping[str, str]) -> Any:
    """The answer to somebody: its status, headers and body."""
    with there.undone(there.at(caller)):
        answer = there.browser(caller).get(there.address(row["address"]))
        return answer.status_code, headers(answer), body(answer)


def headers(answer: Any) -> dict[str, str]:
    """The headers of an answer, without the cookies of its session."""
    return dict(answer.items())


def masked(answer: Any) -> Any:
    """An answer without what belongs to one sending of it; its length stays."""
    status, told, text = answer
    for pattern in OF_ONE_SENDING:
        text = pattern.sub(lambda match: b"." * len(match[0]), text)
    place = re.sub("/jobs/[0-9a-f]{32}", "/jobs/", told.get("Location", ""))
    return status, {**told, "Location": place, "Expires": ""}, text


def test_every_address_that_is_read_is_in_the_table() -> None:
    read = {address for address, row in ROUTES.items() if "GET" in row["methods"].split()}
    assert sorted({row["route"] for row in READS} ^ read) == []
    drafts = {address for address, row in ROUTES.items() if row["drafts"]}
    own = {row["route"] for row in READS if "@own" in row["who"] and row["unseen"] == "404"}
    assert drafts & read <= own | {
        "/try",
        "/transfers",
        "/months/<str:code>/<str:year>/<str:month>",
    }


def spared(row: Mapping[str, str], caller: Caller) -> bool:
    """What is the same for everybody is asked by some of them alone."""
    some = caller.place in ("", "own") and caller.holds not in ("ended", "later", "revoked")
    return row["who"] in ("anyone", "signed in") and row["address"] != "/" and not some


@pytest.fixture(scope="module")
def told(there: Ground) -> Callable[[Caller], list[Any]]:
    """What somebody is told at every address where T1 has begun a thing of each kind."""
    kept: dict[Caller, list[Any]] = {}

    def answers(caller: Caller) -> list[Any]:
        if caller not in kept:
            with there.world():
                kept[caller] = [
                    asked(there, caller, row) for row in READS if not spared(row, caller)
                ]
        return kept[caller]

    return answers


def judge(caller: Caller, answers: list[Any]) -> None:
    rows, wrong = [row for row in READS if not spared(row, caller)], []
    for row, (status, _, text) in zip(rows, answers, strict=True):
        right = expected(row, caller)
        if status not in right:
            wrong.append((row["address"], status, right))
        given_to = row["address"] in GIVEN and caller.fits("readers")
        theirs = given_to or caller.fits("inside@own") or MARK in row["address"]
        if MARK.encode() in text and not theirs:
            wrong.append((row["address"], "tells of a draft"))
    assert wrong == []


@pytest.mark.parametrize(
    "caller",
    [pytest.param(one, marks=pytest.mark.soak if one in RARE else ()) for one in CALLERS],
    ids=lambda one: one.name,
)
def test_everybody_reads_what_the_table_says_and_no_draft_of_another(
    told: Callable[[Caller], list[Any]], caller: Caller
) -> None:
    judge(caller, told(caller))


@pytest.mark.parametrize("outside", ["administrator", "councillor"])
def test_an_office_from_outside_opens_no_draft_to_who_reads_for_another_body(
    there: Ground, outside: str
) -> None:
    two = Caller("trust_finance", "other"), Caller(outside, "own")
    with there.world():
        at = there.at(two[0])
        more = {**two[1].grant, "subject": two[0].grant["subject"]}
        del more["by"]
        act("grant", at, more, "because", DAY, local_actor("Anybody"))
        with there.undone(at):
            browser = there.browser(two[0])
            for row in READS:
                told = row["address"] not in GIVEN and MARK not in row["address"]
                text = body(browser.get(there.address(row["address"]))) if told else b""
                assert MARK.encode() not in text, row["address"]


STRANGERS: Final = tuple(one for one in HELD if one.place != "own")
SOME: Final = ("system_finance", "region", "medical_director", "publisher")
"""Offices above T1 that are always asked whether a byte differs; the others in the long search."""


def _always(one: Caller) -> bool:
    return one not in RARE and (one.place != "above" or one.role in SOME)


@pytest.mark.parametrize(
    "caller",
    [pytest.param(one, marks=() if _always(one) else pytest.mark.soak) for one in STRANGERS],
    ids=lambda one: one.name,
)
def test_what_an_organisation_begins_changes_no_byte_of_what_others_are_told(
    there: Ground, told: Callable[[Caller], list[Any]], caller: Caller
) -> None:
    rows = [row for row in READS if not spared(row, caller)]
    with there.world(()):
        without = [asked(there, caller, row) for row in rows]
    for row, one, other in zip(rows, told(caller), without, strict=True):
        assert row["address"] in GIVEN or masked(one) == masked(other), row["address"]


@pytest.mark.soak
@given(st.sets(st.sampled_from(KINDS)), st.sampled_from(STRANGERS))
def test_whichever_things_it_has_begun_no_byte_differs(
    there: Ground, kinds: set[str], caller: Caller
) -> None:
    rows = [row for row in READS if row["address"] not in GIVEN]
    with there.world(sorted(kinds)):
        with_them = [asked(there, caller, row) for row in rows]
    with there.world(()):
        without = [asked(there, caller, row) for row in rows]
    for row, one, other in zip(rows, with_them, without, strict=True):
        assert masked(one) == masked(other), row["address"]
