"""The log of the door: who came in, who was refused, what broke; and nothing that somebody typed."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.cache import cache
from django.test import Client

from controltotal.service import security_log
from tests.service_house import client, person, served

WORDS = "three words that do not belong"


@pytest.fixture
def log() -> Iterator[Path]:
    """An empty log."""
    cache.clear()
    served()
    path = Path(settings.CONTROLTOTAL.folder) / "logs" / "security.log"
    path.unlink(missing_ok=True)
    yield path


def lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(text) for text in path.read_text("utf-8").splitlines()]


def refusals(path: Path) -> list[dict[str, Any]]:
    """What was noted after the tests' own way in."""
    return [one for one in lines(path) if one["event"] != "signed in"]


def known(name: str) -> Any:
    found = person(served(), name, ("trust_finance", "T1"))
    found.set_password(WORDS)
    found.save()
    return found


def test_a_sign_in_and_a_sign_out_are_noted_with_who_when_and_how(log: Path) -> None:
    known("robin")
    browser = Client(REMOTE_ADDR="10.0.0.7")
    browser.post("/sign-in", {"login": "robin", "password": WORDS})
    browser.post("/sign-out")
    signed_in, signed_out = lines(log)
    assert (signed_in["event"], signed_in["who"], signed_in["from"]) == (
        "signed in",
        "robin",
        "10.0.0.7",
    )
    assert signed_in["how"] == ["password"] and signed_in["route"] == "account_login"
    assert (signed_out["event"], signed_out["who"]) == ("signed out", "robin")
    at = datetime.fromisoformat(signed_in["at"])
    assert at.tzinfo == UTC and abs(datetime.now(UTC) - at) < timedelta(minutes=1)


def test_a_sign_in_that_failed_is_noted_without_what_was_typed(log: Path) -> None:
    known("robin")
    browser = Client()
    browser.post("/sign-in", {"login": "robin", "password": "wrong words entirely"})
    browser.post("/sign-in", {"login": "my own secret\n{}", "password": "x"})
    assert [(one["event"], one["who"]) for one in lines(log)] == [
        ("sign-in failed", "robin"),
        ("sign-in failed", "nobody known"),
    ]
    assert "wrong words" not in log.read_text("utf-8") and "secret" not in log.read_text("utf-8")


def test_refusals_by_office_and_limits_are_noted_by_route(log: Path) -> None:
    from controltotal.service import limits

    reader = client(served(), "robin", ("administrator", "T1"))
    reader.get("/head?figure=1234567")
    reader.generic("TRACE", "/")
    Client().get("/api/v1/head", HTTP_AUTHORIZATION="Bearer wrong")
    before = limits.LIMITS.writes
    limits.LIMITS.writes = -1
    try:
        reader.post("/account/sessions", {"end": "all"})
    finally:
        limits.LIMITS.writes = before
        limits.LIMITS._seen.clear()
    told = [(one["event"], one["route"], one["status"]) for one in refusals(log)]
    assert told == [
        ("refused", "head", 403),
        ("method refused", "", 405),
        ("not signed in", "api_head", 401),
        ("too many requests", "sessions", 429),
    ]
    assert refusals(log)[0]["who"] == "robin" and "1234567" not in log.read_text("utf-8")


def test_a_form_from_elsewhere_is_noted(log: Path) -> None:
    forger = client(served(), "robin", ("trust_finance", "T1"), enforce_csrf_checks=True)
    forger.post("/account/tokens", {"title": "t"})
    assert [(one["event"], one["route"]) for one in refusals(log)] == [("refused", "tokens")]


def test_a_fault_is_noted_by_its_kind_and_place_and_never_by_its_words(
    log: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*given: Any, **more: Any) -> Any:
        raise ValueError("1,234,567")

    monkeypatch.setattr("controltotal.service.pages.help.shown", broken)
    Client(raise_request_exception=False).get("/help")
    (fault,) = lines(log)
    assert (fault["event"], fault["kind"]) == ("fault", "ValueError")
    assert any("help.py" in place for place in fault["places"])
    assert "1,234,567" not in log.read_text("utf-8")


def test_a_wrong_code_and_a_new_factor_are_noted(log: Path) -> None:
    from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
    from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret

    found = known("robin")
    TOTP.activate(found, generate_totp_secret())
    RecoveryCodes.activate(found)
    browser = Client()
    browser.post("/sign-in", {"login": "robin", "password": WORDS})
    browser.post("/sign-in/code", {"code": "000000"})
    assert [(one["event"], one["who"]) for one in lines(log)] == [("code refused", "robin")]


def test_the_log_is_its_owners_alone_and_nothing_breaks_its_lines(log: Path) -> None:
    security_log.note("a\nb\u2028c", None, who='"}\n{"event": "signed in"')
    assert log.stat().st_mode & 0o777 == 0o600
    assert log.parent.stat().st_mode & 0o777 == 0o700
    (line,) = lines(log)
    assert line["event"] == "a\nb\u2028c" and log.read_bytes().isascii()


def test_a_log_that_is_full_is_put_aside_and_the_oldest_goes(
    log: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(security_log, "MOST", 10)
    for number in range(security_log.KEPT + 4):
        security_log.note(f"event {number}")
    kept = sorted(path.name for path in log.parent.iterdir())
    assert len(kept) == security_log.KEPT + 1
    assert lines(log.with_name("security.log.1"))[0]["event"] == f"event {security_log.KEPT + 2}"
    for path in log.parent.iterdir():
        path.unlink()
