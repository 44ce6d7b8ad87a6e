"""Notices of a sign-out from the provider of sign-in: only a signed one for this service counts, once."""

from __future__ import annotations

import time
from dataclasses import replace
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

import jwt
import pytest
import requests
from cryptography.hazmat.primitives.asymmetric import rsa
from django.conf import settings
from django.core.cache import cache
from django.test import Client

from controltotal.service import back_channel
from controltotal.service.models import SignIn
from tests.service_house import client, person, served

ISSUER = "https://sign-in.example"
KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)
OTHER = rsa.generate_private_key(public_exponent=65537, key_size=2048)


@pytest.fixture
def reader(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Somebody with a session, in a service whose provider is at ISSUER."""
    cache.clear()
    house = served()
    told = replace(settings.CONTROLTOTAL, oidc_server=ISSUER, oidc_client="money")
    monkeypatch.setattr(settings, "CONTROLTOTAL", told)
    public = {**jwt.algorithms.RSAAlgorithm.to_jwk(KEY.public_key(), as_dict=True), "kid": "one"}
    answers = {
        f"{ISSUER}/.well-known/openid-configuration": {"issuer": ISSUER, "jwks_uri": "keys"},
        "keys": {"keys": [public]},
    }
    monkeypatch.setattr(back_channel, "_asked", lambda address, **more: answers[address])
    signed_in = client(house, "robin", ("trust_finance", "T1"))
    return SimpleNamespace(browser=signed_in, subject=person(house, "robin").subject)


def notice(subject: str, key: Any = KEY, algorithm: str = "RS256", **more: Any) -> str:
    now = int(time.time())
    told = {
        "iss": ISSUER,
        "aud": "money",
        "iat": now,
        "exp": now + 120,
        "jti": uuid4().hex,
        "sub": subject,
        "events": {back_channel.EVENT: {}},
        **more,
    }
    kept = {name: value for name, value in told.items() if value is not None}
    return jwt.encode(kept, key, algorithm=algorithm, headers={"kid": "one"})


def sent(token: str) -> int:
    return Client().post("/sign-out/back-channel", {"logout_token": token}).status_code


def test_a_notice_of_the_provider_ends_the_sessions_of_its_subject_once(reader: Any) -> None:
    token = notice(reader.subject)
    assert sent(token) == 200
    assert reader.browser.get("/head").status_code == 302
    assert sent(token) == 400


WRONG: dict[str, dict[str, Any]] = {
    "signed by another": {"key": OTHER},
    "signed by a shared word": {"key": "k" * 40, "algorithm": "HS256"},
    "not signed": {"key": None, "algorithm": "none"},
    "of another issuer": {"iss": "https://other.example"},
    "for another service": {"aud": "another"},
    "over": {"exp": int(time.time()) - 3600},
    "from the future": {"iat": int(time.time()) + 3600},
    "a sign-in": {"nonce": "n"},
    "no sign-out": {"events": {}},
    "of nobody": {"sub": None},
}


@pytest.mark.parametrize("case", WRONG)
def test_a_notice_that_is_not_to_be_believed_ends_nothing(reader: Any, case: str) -> None:
    assert sent(notice(reader.subject, **WRONG[case])) == 400
    assert SignIn.objects.filter(person__subject=reader.subject).exists()
    assert reader.browser.get("/head").status_code == 200


def test_a_provider_that_does_not_answer_ends_nothing(
    reader: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def silent(*given: Any, **more: Any) -> Any:
        raise requests.ConnectionError("nobody there")

    monkeypatch.undo()
    told = replace(settings.CONTROLTOTAL, oidc_server=ISSUER, oidc_client="money")
    monkeypatch.setattr(settings, "CONTROLTOTAL", told)
    monkeypatch.setattr(requests, "get", silent)
    assert sent(notice(reader.subject)) == 400
    assert reader.browser.get("/head").status_code == 200


def test_what_a_provider_gives_for_itself_is_not_kept() -> None:
    from allauth.socialaccount import app_settings

    assert not app_settings.STORE_TOKENS


def test_who_signs_in_with_an_organisation_is_known_by_the_subject_that_it_vouches_for(
    reader: Any,
) -> None:
    from allauth.core.exceptions import ImmediateHttpResponse
    from django.conf import settings
    from django.test import RequestFactory

    from controltotal.service.signing_in import ProviderAdapter

    def given(uid: str) -> Any:
        said = {"id_token": {"iss": settings.CONTROLTOTAL.oidc_server}}
        return SimpleNamespace(account=SimpleNamespace(uid=uid, extra_data=said), user=None)

    request = RequestFactory().get("/sign-in/with/organisation/back")
    known = given(reader.subject)
    ProviderAdapter().pre_social_login(request, known)
    assert known.user.subject == reader.subject
    with pytest.raises(ImmediateHttpResponse) as refusal:
        ProviderAdapter().pre_social_login(request, given("robin"))
    assert refusal.value.response.status_code == 403
