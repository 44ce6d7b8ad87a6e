"""Signing in with an organisation's own account, by OpenID Connect, and being signed out from there."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import requests
from allauth.socialaccount.providers import registry
from allauth.socialaccount.providers.openid_connect.provider import OpenIDConnectProvider
from django.core.cache import cache
from django.test import Client, override_settings

from controltotal.service.models import Person, SignIn
from controltotal.service.people import add_person
from controltotal.service.settings import provider as provider_settings
from tests.service_house import person, served
from tests.sign_in_provider import CLIENT, SECRET, Provider, new_key, provided

OUT = "/sign-out/back-channel"


@pytest.fixture(scope="module")
def local() -> Iterator[Provider]:
    with provided() as found:
        yield found


@pytest.fixture
def house(local: Provider, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """A service that is no demonstration, with a provider of sign-in."""
    cache.clear()
    # a service loads this at its start where its settings name a provider
    monkeypatch.setitem(registry.provider_map, OpenIDConnectProvider.id, OpenIDConnectProvider)
    found = served()
    secret = tmp_path / "secret"
    secret.write_text(SECRET)
    deployment = replace(
        found.deployment,
        demo=False,
        oidc_server=local.address,
        oidc_client=CLIENT,
        oidc_secret_file=str(secret),
        oidc_name="Eastmarch account",
    )
    found.deployment = deployment
    local.subject, local.session = "subject-robin", "session-1"
    local.audience, local.issuer, local.moved = CLIENT, "", False
    with override_settings(CONTROLTOTAL=deployment, **provider_settings(deployment)):
        yield found


def signed_in(browser: Client) -> Any:
    """Go to the provider and come back."""
    there = browser.post("/sign-in/with/organisation")
    assert there.status_code == 302, there.content
    back = requests.get(there["Location"], allow_redirects=False, timeout=5).headers["Location"]
    parts = urlsplit(back)
    assert parts.path == "/sign-in/with/organisation/back"
    return browser.get(f"{parts.path}?{parts.query}")


def test_a_person_is_known_by_the_subject_and_asked_for_no_second_factor(house: Any) -> None:
    person(house, "robin", ("trust_finance", "T1"))
    browser = Client()
    assert b"Eastmarch account" in browser.get("/sign-in").content
    answer = signed_in(browser)
    assert (answer.status_code, answer["Location"]) == (302, "/")
    assert browser.get("/head").status_code == 200
    assert b"account of your organisation" in browser.get("/account").content


def test_nobody_is_made_by_signing_in(house: Any) -> None:
    local_people = Person.objects.count()
    browser = Client()
    answer = signed_in(browser)
    assert answer.status_code == 403 and b"nobody here has your account" in answer.content
    assert Person.objects.count() == local_people
    assert browser.get("/head").status_code == 302


def test_an_ended_account_is_refused(house: Any) -> None:
    known = person(house, "robin", ("trust_finance", "T1"))
    known.is_active = False
    known.save()
    assert signed_in(Client()).status_code == 403


def test_an_administrator_adds_a_person_by_their_subject_with_no_password(house: Any) -> None:
    made, password = add_person("kerry", "Kerry B", "subject-robin")
    assert password == "" and not made.has_usable_password()
    browser = Client()
    assert signed_in(browser).status_code == 302
    assert browser.get("/account").status_code == 200
    assert browser.get("/account/password").status_code == 403


def test_an_answer_that_was_not_asked_for_signs_nobody_in(house: Any) -> None:
    person(house, "robin", ("trust_finance", "T1"))
    browser = Client()
    answer = browser.get("/sign-in/with/organisation/back?code=x&state=y")
    assert answer.status_code == 403
    assert browser.get("/sign-in/with/nobody/back?code=x&state=y").status_code == 404
    assert browser.get("/head").status_code == 302
    assert browser.get("/sign-in/with/organisation")["Location"] == "/sign-in"


@pytest.mark.parametrize(
    ("what", "says"),
    [("audience", "another"), ("issuer", "http://elsewhere"), ("moved", True)],
    ids=["for another service", "of another provider", "asked elsewhere"],
)
def test_the_word_of_another_provider_or_for_another_service_signs_nobody_in(
    house: Any, local: Provider, what: str, says: Any
) -> None:
    person(house, "robin", ("trust_finance", "T1"))
    setattr(local, what, says)
    browser = Client()
    try:
        answer = signed_in(browser)
    except AssertionError:  # it is not even asked to sign anybody in
        answer = browser.post("/sign-in/with/organisation")
    assert answer.status_code == 403 and b"did not let you through" in answer.content
    assert browser.get("/head").status_code == 302


def test_a_sign_out_there_ends_the_session_here(house: Any, local: Provider) -> None:
    person(house, "robin", ("trust_finance", "T1"))
    first, second = Client(), Client()
    signed_in(first)
    local.session = "session-2"
    signed_in(second)
    kept = set(SignIn.objects.values_list("provider_session", flat=True)) - {""}
    assert kept == {"session-1", "session-2"}
    checked = Client(enforce_csrf_checks=True)
    answer = checked.post(OUT, {"logout_token": local.notice(sid="session-1")})
    assert (answer.status_code, answer["Cache-Control"]) == (200, "no-store")
    assert (first.get("/head").status_code, second.get("/head").status_code) == (302, 200)
    assert checked.post(OUT, {"logout_token": local.notice(sid=None)}).status_code == 200
    assert second.get("/head").status_code == 302


def test_a_notice_that_is_not_the_providers_ends_nothing(house: Any, local: Provider) -> None:
    person(house, "robin", ("trust_finance", "T1"))
    browser = Client()
    signed_in(browser)
    now = int(time.time())
    once = local.notice(sid="another")
    assert browser.post(OUT, {"logout_token": once}).status_code == 200
    forged = local.signed({"iss": local.address, "aud": CLIENT, "sub": local.subject}, new_key())
    wrong = [
        "",
        "nonsense",
        once,  # sent again
        forged,
        local.notice(iss="http://elsewhere"),
        local.notice(aud="another"),
        local.notice(events={}),
        local.notice(events=None),
        local.notice(nonce="n"),
        local.notice(sid=None, sub=None),
        local.notice(jti=None),
        local.notice(exp=now - 600, iat=now - 900),
        local.notice(exp=None, iat=now - 900),
    ]
    said = [browser.post(OUT, {"logout_token": one}).status_code for one in wrong]
    assert said == [400] * len(wrong)
    assert browser.get("/head").status_code == 200


def test_without_a_provider_none_of_its_addresses_is_there() -> None:
    served()
    assert Client().post("/sign-in/with/organisation").status_code == 404
    assert Client().post(OUT, {"logout_token": "x"}).status_code == 404
