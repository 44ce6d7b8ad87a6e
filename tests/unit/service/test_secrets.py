"""Passwords, codes and keys: what is taken, what counts once, what is drawn by chance."""

from __future__ import annotations

from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.conf import settings
from django.contrib.auth.password_validation import (
    get_default_password_validators,
    validate_password,
)
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.test import Client
from django.utils import timezone

from controltotal.service.sessions import SessionStore
from tests.service_house import client, person, served

WORDS = "three words that do not belong"


@pytest.fixture
def house() -> Any:
    return served()


@pytest.mark.parametrize(
    "password",
    [
        WORDS,
        "brown kettle uphill",
        "£€ß 漢字 ☂ umbrella",
        "a" * 7 + "!B?" * 60,
        "   spaces   count   ",
    ],
)
def test_any_letters_and_any_length_from_twelve_are_taken(house: Any, password: str) -> None:
    validate_password(password, person(house, "robin"))


@pytest.mark.parametrize(
    "password",
    ["short words", "password1234", "Finance2026!!", "controltotal-2026", "Trust budget 26/27"],
)
def test_what_is_short_common_or_made_of_our_own_words_is_refused(
    house: Any, password: str
) -> None:
    with pytest.raises(ValidationError):
        validate_password(password, person(house, "robin"))


def test_the_commonest_passwords_are_looked_up() -> None:
    served()
    (common,) = (
        one for one in get_default_password_validators() if type(one).__name__.startswith("Common")
    )
    assert len(common.passwords) > 3000


def test_a_password_is_judged_to_the_letter(house: Any) -> None:
    cache.clear()
    found = person(house, "robin")
    long = "Kettle " * 20
    found.set_password(long)
    found.save()
    wrong = (long.lower(), long[:72], long.strip())
    for word in wrong:
        assert Client(REMOTE_ADDR="10.0.1.1").post(
            "/sign-in", {"login": "robin", "password": word}
        )["Content-Type"]
        assert not found.check_password(word)
    assert found.check_password(long)


def test_the_sign_in_masks_a_password_and_lets_a_manager_fill_it(house: Any) -> None:
    page = Client().get("/sign-in").content.decode()
    assert 'type="password"' in page and 'autocomplete="current-password"' in page
    assert "onpaste" not in page and 'autocomplete="off"' not in page


def test_a_new_password_needs_the_old_one(house: Any) -> None:
    cache.clear()
    found = person(house, "robin")
    found.set_password(WORDS)
    found.save()
    browser = Client(REMOTE_ADDR="10.0.1.2")
    browser.post("/sign-in", {"login": "robin", "password": WORDS})
    new = "four other words beside"
    sent = {"oldpassword": "not this one at all", "password1": new, "password2": new}
    assert browser.post("/account/password", sent).status_code == 422
    assert browser.post("/account/password", sent | {"oldpassword": WORDS}).status_code == 302


def test_a_password_does_not_grow_old(house: Any) -> None:
    cache.clear()
    found = person(house, "robin")
    found.set_password(WORDS)
    found.save()
    type(found).objects.update(joined=timezone.now() - timedelta(days=2000))
    browser = Client(REMOTE_ADDR="10.0.1.3")
    answer = browser.post("/sign-in", {"login": "robin", "password": WORDS})
    assert (answer.status_code, answer["Location"]) == (302, "/")
    assert browser.get("/account").status_code == 200


def test_a_code_of_the_app_counts_once_and_in_its_half_minute(
    house: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from allauth.mfa.totp.internal import auth

    cache.clear()
    monkeypatch.setattr(auth, "time", SimpleNamespace(time=lambda: 1_800_000_010.0))
    secret = auth.generate_totp_secret()
    factor = auth.TOTP.activate(person(house, "robin"), secret)
    now = 1_800_000_010 // 30
    before, code, after = (
        auth.format_hotp_value(auth.hotp_value(secret, step)) for step in (now - 1, now, now + 1)
    )
    assert not factor.validate_code(before) and not factor.validate_code(after)
    assert factor.validate_code(code) and not factor.validate_code(code)


def test_a_recovery_code_counts_once_and_has_eight_figures(house: Any) -> None:
    from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes

    codes = RecoveryCodes.activate(person(house, "robin"))
    first, *rest = codes.get_unused_codes()
    assert len(set(rest)) == 9 and {len(one) for one in rest} == {8}
    assert codes.validate_code(first) and not codes.validate_code(first)


def test_keys_of_sessions_are_long_and_drawn_by_chance() -> None:
    served()
    keys = {SessionStore()._get_new_session_key() for _ in range(50)}
    assert len(keys) == 50 and {len(one) for one in keys} == {32}  # 36 letters: 165 bits


def test_confirming_gives_a_session_another_key(house: Any) -> None:
    cache.clear()
    browser = client(house, "robin", ("trust_finance", "T1"))
    found = person(house, "robin")
    found.set_password(WORDS)
    found.save()
    browser.force_login(found)
    before = browser.cookies[settings.SESSION_COOKIE_NAME].value
    wrong = browser.post("/sign-in/again", {"password": "not this one at all"})
    assert wrong.status_code == 422
    assert browser.cookies[settings.SESSION_COOKIE_NAME].value == before
    assert browser.post("/sign-in/again", {"password": WORDS}).status_code == 302
    assert browser.cookies[settings.SESSION_COOKIE_NAME].value != before
    assert browser.get("/head").status_code == 200
