"""Every form of every page sent by everybody, right in all but who sends it, against a table by hand.

`tests/data/access_posts.csv` says which office may send a form about what T1 has, seen from T1, what they
get and what is written; what others get who may open the address; `service_routes.csv` says who may.
What is refused writes nothing; what is done is one request, and begins nothing in another's name.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Final
from uuid import uuid4

import pytest

from controltotal.programme import seen
from controltotal.service.pages.transfer_new import FIELDS
from tests.access_house import (
    CALLERS,
    DIRECTOR,
    MARK,
    NO_OFFICE,
    NOBODY,
    Caller,
    Ground,
    files,
    ground,
    restore,
    rows_of,
    sheet,
    typed,
    writes,
    written,
)

POSTS: Final = rows_of("access_posts.csv")
ROUTES: Final = {row["address"]: row for row in rows_of("service_routes.csv")}
ELSEWHERE: Final = {
    "/api/v1/acts/<name>": "test_access_acts.py",
    "/session": "test_signing_in.py",
    "/sign-in": "test_signing_in.py",
    "/sign-in/again": "test_signing_in.py",
    "/sign-in/code": "test_signing_in.py",
    "/sign-in/code-again": "test_signing_in.py",
    "/sign-in/with/<slug:provider_id>": "test_provider.py",
    "/sign-out": "test_signing_in.py",
    "/sign-out/back-channel": "test_back_channel.py",
}
"""Forms about nothing that an organisation has, and where they are tested."""
SIGNS: Final = {"medical_director": "medical_director", "chief_nurse": "chief_nurse"}


@pytest.fixture(scope="module")
def there() -> Iterator[Ground]:
    """A service in which T1 has begun a thing of each kind, and what forms say of it."""
    from controltotal.service.models import Person, SignIn, Token

    found = ground()
    with found.world():
        person = Person.objects.get(username=DIRECTOR.name)
        daybook = found.base.position.daybook
        found.things |= {
            "their_session": SignIn.objects.get(person=person).session_key[-8:],
            "their_token": str(Token.objects.get(person=person).pk),
            "stranger": f"subject-{NO_OFFICE.name}",
            "colleague": f"subject-{DIRECTOR.name}",
            "colleague_name": DIRECTOR.name,
            "signed_SC1": seen.digest(daybook, "SC1"),
            "signed_SC3": seen.digest(daybook, "SC3"),
            "looked": hidden(found, "/transfers/new", "looked", {"do": "show", **proposal()}),
            "digest": hidden(found, "/months/T1/2026-27/M10/check", "checked"),
            "withheld": withheld(found),
        }
        yield found


def proposal() -> dict[str, str]:
    """What is typed of a proposal."""
    return {key: text for key, text in typed().items() if key in FIELDS}


def hidden(there: Ground, address: str, field: str, given: Any = None) -> str:
    """A hidden field of a page as T1's director is shown it."""
    with there.undone(there.at(DIRECTOR)):
        browser = there.browser(DIRECTOR)
        page = browser.get(address) if given is None else browser.post(address, given)
    text: str = page.content.decode()
    return text.partition(f'name="{field}" value="')[2].partition('"')[0]


def withheld(there: Ground) -> str:
    """The key of what is withheld."""
    from controltotal.book.row_keys import row_key

    row = there.base.position.book.withheld[0]
    return row_key(row.table, row.texts)


def fields_of(there: Ground, row: Mapping[str, str], caller: Caller) -> dict[str, Any]:
    """The fields of a form as somebody sends them."""
    text = there.address(row["fields"])
    text = text.replace("{office}", SIGNS.get(caller.role, "medical_director"))
    text = text.replace("{signs}", SIGNS.get(caller.role, "finance_lead"))
    pairs = (one.partition("=") for one in text.split("&") if one)
    return {"request": uuid4().hex, "why": "because", **{key: value for key, _, value in pairs}}


def sent(there: Ground, row: Mapping[str, str], caller: Caller) -> Any:
    """What a form comes to."""
    from django.core.files.uploadedfile import SimpleUploadedFile

    browser, address = there.browser(caller), there.address(row["address"])
    given = fields_of(there, row, caller)
    if row["form"] == "DELETE":
        return browser.delete(address)
    if address.startswith("/api/"):
        options = {"options": {"organisation": given["organisation"]}}
        return browser.post(address, options, content_type="application/json")
    if "file" in given:
        given["file"] = SimpleUploadedFile("M10.xlsx", sheet())
    return browser.post(address, given)


def expected(row: Mapping[str, str], caller: Caller) -> tuple[tuple[int, ...], str]:
    """The statuses of an answer as the tables say them, and what is written."""
    who = ROUTES[row["route"]]["who"]
    if caller == NOBODY:
        return ((401,) if row["route"].startswith("/api/") else (302,)), "nothing"
    if not caller.fits(who):
        return (403,), "nothing"
    does = caller.fits(row["who"])
    return tuple(map(int, row["done" if does else "refused"].split())), (
        row["writes"] if does else "nothing"
    )


def of_t1() -> list[str]:
    """What T1 has begun, as the second database holds it."""
    from controltotal.service.models import Draft, Job, Link

    return sorted(
        repr(one)
        for table in (Draft, Job, Link)
        for one in table.objects.filter(organisation="T1").values_list("pk")
    )


@contextmanager
def kept_files(row: Mapping[str, str]) -> Iterator[None]:
    """Files as they were before a form that drops, reads or discards some."""
    kept = files() if row["route"].startswith("/months/") else None
    yield
    if kept is not None:
        restore(kept)


def test_every_form_is_in_the_table_or_tested_elsewhere() -> None:
    takes = {
        address for address, row in ROUTES.items() if {"POST", "DELETE"} & {*row["methods"].split()}
    }
    assert {row["route"] for row in POSTS} | set(ELSEWHERE) == takes


def wrong_of(there: Ground, row: Mapping[str, str], callers: Any) -> list[Any]:
    """Who of some got something else of a form than the table says."""
    wrong, fresh = [], there.at(NOBODY)
    for caller in callers:
        at = there.at(caller) if caller.holds == "revoked" else fresh
        before = at.store.last()[0]
        with there.undone(at), kept_files(row):
            begun = of_t1()
            with writes() as second:
                answer = sent(there, row, caller)
            gained = set(of_t1()) - set(begun)
        entries = written(at, before)
        if entries:
            fresh = there.at(NOBODY)
        statuses, told = expected(row, caller)
        what = "both" if entries and second else "ledger" if entries else ""
        what = what or ("second" if second else "nothing")
        if answer.status_code not in statuses or what != told:
            wrong.append((caller.name, answer.status_code, statuses, what, told, second))
        if len({one.narration.request for one in entries}) > 1:
            wrong.append((caller.name, "more than one request"))
        if gained and caller.place != "own":
            wrong.append((caller.name, "began something in another's name"))
        if told == "nothing" and not caller.fits("inside@own") and MARK.encode() in answer.content:
            wrong.append((caller.name, "tells of a draft"))
    return wrong


IDS: Final = [f"{row['address']} {row['form']}" for row in POSTS]


@pytest.mark.parametrize("row", POSTS, ids=IDS)
def test_a_form_does_what_the_table_says_for_whoever_sends_it(
    there: Ground, row: Mapping[str, str]
) -> None:
    assert wrong_of(there, row, [one for one in CALLERS if one.always(row["who"])]) == []


@pytest.mark.soak
@pytest.mark.parametrize("row", POSTS, ids=IDS)
def test_a_form_does_what_the_table_says_for_all_of_them(
    there: Ground, row: Mapping[str, str]
) -> None:
    assert wrong_of(there, row, [one for one in CALLERS if not one.always(row["who"])]) == []
