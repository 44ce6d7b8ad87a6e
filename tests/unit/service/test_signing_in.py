"""Signing in with a local account: second factor, sessions, limits."""

from __future__ import annotations

import re
import time
from dataclasses import replace
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client

from controltotal.service.models import Person, SignIn
from controltotal.service.settings import IDLE, LONGEST
from tests.service_house import client, person, served

WORDS = "three words that do not belong"
SET_UP = "/account/second-factor/set-up"


@pytest.fixture
def house() -> Any:
    """A service that is no demonstration, with nobody's attempts remembered."""
    cache.clear()
    found = served()
    found.deployment = replace(found.deployment, demo=False)
    return found


def known(house: Any, name: str, *offices: tuple[str, str]) -> Any:
    found = person(house, name, *offices)
    found.set_password(WORDS)
    found.save()
    return found


def signed_in(name: str, **more: str) -> tuple[Client, Any]:
    browser = Client(REMOTE_ADDR="10.0.0.1")
    return browser, browser.post("/sign-in", {"login": name, "password": WORDS, **more})


def code_of(page: Any) -> str:
    """What an app would show for the key that a page gives."""
    from allauth.mfa.totp.internal.auth import (
        format_hotp_value,
        hotp_value,
        yield_hotp_counters_from_time,
    )

    key = re.search(r"<code>(\w+)</code>", page.content.decode())
    assert key is not None
    counter = next(iter(yield_hotp_counters_from_time()))
    return str(format_hotp_value(hotp_value(key[1], counter)))


def set_up(browser: Client) -> list[str]:
    """Set a second factor up; the recovery codes."""
    page = browser.get(SET_UP)
    answer = browser.post(SET_UP, {"code": code_of(page)})
    assert (answer.status_code, answer["Location"]) == (302, "/account/recovery-codes")
    shown = browser.get("/account/recovery-codes").content.decode()
    return re.findall(r"<li><code>(\w+)</code>", shown)


def test_an_account_without_a_second_factor_sees_its_set_up_and_nothing_else(house: Any) -> None:
    known(house, "robin", ("trust_finance", "T1"))
    browser, answer = signed_in("robin", next="/head")
    assert (answer.status_code, answer["Location"]) == (302, "/head")
    for path in ("/", "/head", "/account", "/people", "/ledger"):
        there = browser.get(path)
        assert (path, there.status_code, there.get("Location")) == (path, 302, SET_UP)
    assert len(set_up(browser)) == 10
    assert browser.get("/head").status_code == 200
    again = browser.get("/account/recovery-codes").content.decode()
    assert "not shown again" in again and "<li><code>" not in again


def test_with_a_second_factor_the_password_alone_opens_nothing(house: Any) -> None:
    known(house, "robin", ("trust_finance", "T1"))
    codes = set_up(signed_in("robin")[0])
    browser, answer = signed_in("robin")
    assert (answer.status_code, answer["Location"]) == (302, "/sign-in/code")
    assert browser.get("/head").status_code == 302
    wrong = browser.post("/sign-in/code", {"code": "000000"})
    assert wrong.status_code == 422 and b"There is a problem" in wrong.content
    assert browser.post("/sign-in/code", {"code": codes[0]}).status_code == 302
    assert browser.get("/head").status_code == 200
    other, _ = signed_in("robin")
    assert other.post("/sign-in/code", {"code": codes[0]}).status_code == 422, "a code counts once"


def test_secrets_of_second_factors_do_not_stand_readable_in_the_database(house: Any) -> None:
    from allauth.mfa.models import Authenticator

    known(house, "robin", ("trust_finance", "T1"))
    browser, _ = signed_in("robin")
    key = re.search(r"<code>(\w+)</code>", browser.get(SET_UP).content.decode())
    set_up(browser)
    kept = " ".join(str(one.data) for one in Authenticator.objects.all())
    assert key is not None and key[1] not in kept and "gAAAA" in kept


def test_a_sign_in_begins_a_new_session(house: Any) -> None:
    known(house, "robin", ("trust_finance", "T1"))
    browser = Client()
    browser.get("/sign-in")
    session = browser.session
    session["kept"] = "planted"
    session.save()
    browser.cookies["sessionid"] = before = session.session_key
    browser.post("/sign-in", {"login": "robin", "password": WORDS})
    assert browser.cookies["sessionid"].value != before


@pytest.mark.parametrize(("mark", "began"), [(IDLE + 1, IDLE + 1), (10, LONGEST + 1)])
def test_a_session_ends_when_idle_or_at_its_longest(mark: int, began: int) -> None:
    browser = client(served(), "robin", ("trust_finance", "T1"))
    assert browser.get("/head").status_code == 200
    session = browser.session
    session["last_seen"], session["began"] = time.time() - mark, time.time() - began
    session.save()
    answer = browser.get("/account")
    assert (answer.status_code, answer["Location"]) == (
        302,
        "/sign-in?next=%2Faccount&ended=idle",
    )
    assert b"nothing was asked for 15 minutes" in browser.get(answer["Location"]).content


def test_what_a_page_asks_for_by_itself_keeps_nobody_signed_in() -> None:
    browser = client(served(), "robin", ("trust_finance", "T1"))
    browser.get("/account")
    session = browser.session
    session["last_seen"] = time.time() - 600
    session.save()
    browser.get("/head")
    assert time.time() - browser.session["last_seen"] > 590
    assert browser.post("/session").status_code == 200
    assert time.time() - browser.session["last_seen"] < 60


def test_guessing_is_stopped(house: Any) -> None:
    known(house, "robin", ("trust_finance", "T1"))
    browser = Client(REMOTE_ADDR="10.0.0.9")
    said = [
        browser.post("/sign-in", {"login": "robin", "password": "wrong"}).content for _ in range(7)
    ]
    assert b"Too many failed" in said[-1]
    last = browser.post("/sign-in", {"login": "robin", "password": WORDS})
    assert b"Too many failed" in last.content, "the right password does not help any more"


def test_nobody_signs_up_and_no_page_sends_a_password(house: Any) -> None:
    for path in ("/signup", "/sign-up", "/password/reset", "/accounts/signup/", "/sign-in/signup"):
        assert Client().get(path).status_code == 404


def test_a_new_password_ends_the_other_sessions(house: Any) -> None:
    known(house, "robin", ("trust_finance", "T1"))
    first, _ = signed_in("robin")
    codes = set_up(first)
    second, _ = signed_in("robin")
    second.post("/sign-in/code", {"code": codes[0]})
    assert second.get("/head").status_code == 200
    new = {"oldpassword": WORDS, "password1": WORDS + " 2", "password2": WORDS + " 2"}
    assert first.post("/account/password", new)["Location"] == "/account"
    assert (first.get("/head").status_code, second.get("/head").status_code) == (200, 302)
    weak = {"oldpassword": WORDS + " 2", "password1": "robin", "password2": "robin"}
    assert first.post("/account/password", weak).status_code == 422


def test_what_is_grave_is_confirmed_some_time_after_the_sign_in(house: Any) -> None:
    known(house, "robin", ("trust_finance", "T1"))
    browser, _ = signed_in("robin")
    set_up(browser)
    session = browser.session
    for record in session["account_authentication_methods"]:
        record["at"] -= 3600
    session.save()
    answer = browser.get("/account/second-factor/remove")
    assert (answer.status_code, answer["Location"].partition("?")[0]) == (302, "/sign-in/again")
    assert browser.post("/sign-in/again", {"password": WORDS}).status_code == 302
    assert browser.post("/account/second-factor/remove").status_code == 302
    assert browser.get("/head")["Location"] == SET_UP


def test_other_sessions_are_ended_once_the_password_was_asked_again(house: Any) -> None:
    known(house, "robin", ("trust_finance", "T1"))
    browser, _ = signed_in("robin")
    set_up(browser)
    other = Client()
    other.force_login(Person.objects.get(username="robin"))
    session = browser.session
    for record in session["account_authentication_methods"]:
        record["at"] -= 3600
    session.save()
    there = browser.post("/account/sessions", {"end": "all"})
    assert (there.status_code, there["Location"].partition("?")[0]) == (302, "/sign-in/again")
    assert SignIn.objects.filter(person__username="robin").count() == 2, "none is ended yet"
    again = browser.post(there["Location"], {"password": WORDS})
    assert again.status_code == 302
    browser.post("/account/sessions", {"end": "all"})
    assert SignIn.objects.filter(person__username="robin").count() == 1
    assert browser.get("/account").status_code == 200
