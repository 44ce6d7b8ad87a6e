"""The table of routes: each address by each office, organisation and state, against a table by hand.

`tests/data/service_routes.csv` says who may open what; a new page needs a row there, written by
whoever adds it. Words of `who`: anyone, signed in, readers (any office but an administrator's alone),
offices (any office), or offices by name.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

import pytest
from django.contrib.auth.models import AnonymousUser
from django.http import HttpResponse
from django.test import Client, RequestFactory
from django.urls import get_resolver
from django.urls.resolvers import URLPattern

from controltotal.acts import ACTS, act
from controltotal.acts.actors import local_actor
from controltotal.service.access import Gatekeeper
from controltotal.service.limits import LIMITS
from tests.act_books import ROLES
from tests.service_house import client, person, served

FILE: Final = Path(__file__).parents[2] / "data" / "service_routes.csv"
OFFICES: Final = ROLES
READERS: Final = OFFICES[:-1]
STATES: Final = ("in force", "ended", "not begun")
METHODS: Final = ("GET", "POST", "DELETE", "PUT", "PATCH")


def table() -> Mapping[str, Mapping[str, str]]:
    with FILE.open(encoding="utf-8", newline="") as rows:
        return {row["address"]: row for row in csv.DictReader(rows)}


def patterns() -> Mapping[str, Any]:
    """Every address that Django knows, with what is behind it."""
    found: dict[str, Any] = {}

    def walk(prefix: str, under: Any) -> None:
        for one in under:
            path = prefix + str(one.pattern)
            if isinstance(one, URLPattern):
                found[f"/{path}"] = one.callback
            else:
                walk(path, one.url_patterns)

    walk("", get_resolver().url_patterns)
    return found


def may(who: str, office: str) -> bool:
    """Whether the table lets somebody with an office in force open an address."""
    if who in ("anyone", "signed in"):
        return True
    if who == "readers":
        return office in READERS
    return bool(office) if who == "offices" else office in who.split()


@pytest.fixture(scope="module")
def house() -> Any:
    """People with each office at each of two bodies, in each state."""
    found = served()
    today = found.desk.today()
    for office in OFFICES:
        for body in ("T1", "T2"):
            for state in STATES:
                made = person(found, f"{office}-{body}-{state}")
                dates = {
                    "in force": {"from": today - timedelta(30)},
                    "ended": {"from": today - timedelta(30), "to": today - timedelta(1)},
                    "not begun": {"from": today + timedelta(1)},
                }[state]
                fields = {"subject": made.subject, "name": made.name, "role": office}
                fields |= {"organisation": body, **{k: str(v) for k, v in dates.items()}}
                act("grant", found.desk, fields, why="a test", as_=local_actor("Tests"))
    person(found, "nobody")
    return found


def people() -> Iterator[tuple[str, str]]:
    """Everybody who knocks, with the office that is in force (empty: none)."""
    for office in OFFICES:
        for body in ("T1", "T2"):
            for state in STATES:
                yield f"{office}-{body}-{state}", office if state == "in force" else ""
    yield "nobody", ""


def test_every_address_is_in_the_table_and_every_row_is_an_address() -> None:
    known, written = patterns(), table()
    missing = [
        f"{address},{' '.join(view.route.methods)},WHO,{' '.join(view.route.acts)},"
        for address, view in known.items()
        if address not in written
    ]
    assert not missing, f"write into {FILE.name} who may open:\n" + "\n".join(missing)
    assert sorted(written) == sorted(known)


def test_every_address_declares_its_methods_its_acts_and_its_drafts() -> None:
    written = table()
    for address, view in patterns().items():
        route, row = view.route, written[address]
        acts = " ".join(route.acts) if route.acts != tuple(ACTS) else "all"
        told = (" ".join(route.methods), acts, "drafts" if route.drafts else "")
        assert told == (row["methods"], row["acts"], row["drafts"] or ""), address
        assert set(route.acts) <= set(ACTS), address
        assert not route.acts or {"POST"} & set(route.methods), address


def test_the_gatekeeper_judges_every_address_by_every_office_body_and_state(
    house: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from controltotal.service.models import Person

    monkeypatch.setattr(LIMITS, "writes", 10**9)
    monkeypatch.setattr(LIMITS, "asks", 10**9)
    keeper = Gatekeeper(lambda request: HttpResponse())
    known = {one.username: one for one in Person.objects.all()}
    views, ask, wrong = patterns(), RequestFactory(), []
    callers = [(known[name], office) for name, office in people()]
    for address, row in table().items():
        for method in METHODS:
            expected = method in row["methods"].split()
            request = ask.generic(method, "/api/x" if address.startswith("/api/") else "/x")
            request.token = None
            for user, office in ((AnonymousUser(), None), *callers):
                request.user = user
                answer = keeper.process_view(request, views[address], (), {})
                if office is None:
                    outside = 401 if address.startswith("/api/") else 302
                    right = None if row["who"] == "anyone" else outside
                else:
                    right = None if may(row["who"], office) else 403
                if right is None and not expected:
                    right = 405
                if (answer.status_code if answer else None) != right:
                    wrong.append((address, method, str(user), right, answer))
    assert wrong[:5] == []


def sample(address: str) -> str:
    """An address with something in its places; mostly something that is not there."""
    for place, text in (
        ("<name>", "nothing"),
        ("<verb>", "register"),
        ("<table>", "organisations"),
        ("<path:figure>", "nothing/T1"),
        ("<int:number>", "1"),
        ("<int:entry>", "1"),
        ("<slug:provider_id>", "organisation"),
    ):
        address = address.replace(place, text)
    while "<" in address:
        before, _, rest = address.partition("<")
        address = before + "nothing" + rest.partition(">")[2]
    return address


@pytest.mark.parametrize("office", [*OFFICES, "", None])
def test_every_page_answers_an_office_as_the_table_says(house: Any, office: str | None) -> None:
    if office is None:
        browser = Client()
    else:
        browser = Client()
        from controltotal.service.models import Person

        name = f"{office}-T1-in force" if office else "nobody"
        browser.force_login(Person.objects.get(username=name))
    for address, row in table().items():
        if "GET" not in row["methods"].split() or address == "/sign-out":
            continue
        answer = browser.get(sample(address))
        status, to = answer.status_code, answer.get("Location", "")
        if office is None and row["who"] != "anyone":
            outside = (status == 302 and to.startswith("/sign-in?")) or status == 401
            assert outside, (address, status)
        elif office is not None and not may(row["who"], office):
            assert status == 403, (address, status)
        else:
            assert status < 500 and status != 401, (address, status)
            assert status != 403 or row["who"] == "anyone", (address, status)
            assert not to.startswith("/sign-in?"), (address, to)


def test_an_office_that_begins_tomorrow_opens_nothing_today_and_everything_tomorrow() -> None:
    from datetime import date

    today = date(2027, 1, 15)
    house = served(today=today)
    browser = client(house, "robin")
    fields = {"subject": "subject-robin", "name": "R", "role": "region", "organisation": "S1"}
    dates = {"from": "2027-01-16", "to": "2027-01-17"}
    act("grant", house.desk, {**fields, **dates}, why="a test", as_=local_actor("Tests"))
    said = []
    for day in (15, 16, 17, 18):
        house.desk._today = lambda day=day: date(2027, 1, day)
        said.append(browser.get("/head").status_code)
    assert said == [403, 200, 200, 403]


def test_what_is_not_declared_is_not_there(house: Any) -> None:
    def undeclared(request: Any) -> HttpResponse:
        return HttpResponse("open")

    request = RequestFactory().get("/undeclared")
    request.user, request.token = AnonymousUser(), None
    answer = Gatekeeper(lambda r: HttpResponse()).process_view(request, undeclared, (), {})
    assert answer is not None and answer.status_code == 404
