"""What every answer bears: a content policy, no guessing of kinds, nothing kept by others."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from controltotal.service.settings import LOGGING
from tests.service_house import client, served

FINANCE = ("trust_finance", "T1")
PATHS = (
    "/",
    "/account",
    "/people",
    "/ledger",
    "/findings",
    "/head",
    "/health",
    "/favicon.ico",
    "/nothing",
    "/sign-in",
    "/static/service.css",
    "/static/service.js",
    "/static/icon.svg",
    "/static/nothing.js",
    "/api/v1/head",
    "/api/v1/openapi.json",
    "/api/v1/verbs/position",
    "/api/v1/nothing",
)


@pytest.fixture(scope="module")
def house() -> Any:
    found = served()
    client(found, "robin", FINANCE)
    return found


def known(**options: Any) -> Client:
    """A browser of somebody in an office."""
    from controltotal.service.models import Person

    browser = Client(**options)
    browser.force_login(Person.objects.get(username="robin"))
    return browser


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("inside", [True, False], ids=["signed-in", "signed-out"])
def test_every_answer_bears_the_policy(house: Any, path: str, inside: bool) -> None:
    browser = known() if inside else Client()
    answer = browser.get(path)
    policy = answer["Content-Security-Policy"]
    parts = dict(part.strip().split(" ", 1) for part in policy.split(";"))
    assert parts["default-src"] == "'none'"
    assert parts["script-src"] == parts["style-src"] == parts["connect-src"] == "'self'"
    assert parts["frame-ancestors"] == parts["base-uri"] == "'none'"
    assert "unsafe" not in policy and "http" not in policy
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Referrer-Policy"] == "same-origin"
    assert answer["Cross-Origin-Opener-Policy"] == "same-origin"
    if not path.startswith("/static/"):
        assert answer["X-Frame-Options"] == "DENY"
        assert "public" not in answer.get("Cache-Control", "")
    if inside and path in ("/", "/ledger", "/api/v1/verbs/position"):
        assert answer["Cache-Control"] == "no-store"


def test_no_page_has_a_script_or_a_style_of_its_own(house: Any) -> None:
    import re

    browser = known()
    for path in PATHS:
        answer = browser.get(path)
        if not answer.get("Content-Type", "").startswith("text/html"):
            continue
        text = answer.content.decode()
        assert not re.search(r"<script(?![^>]*\ssrc=)", text), path
        assert not re.search(r"<style|\sstyle=|\son\w+=|javascript:", text), path


def test_a_fault_of_our_own_tells_nothing_and_is_logged_by_its_place_alone(
    house: Any, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fails(*given: Any, **more: Any) -> Any:
        raise RuntimeError("secret 123456789")

    monkeypatch.setattr("controltotal.service.pages.ledger.frame", fails)
    monkeypatch.setattr("controltotal.service.api.house", fails)
    browser = known(raise_request_exception=False)
    page, told = browser.get("/ledger?table=amounts"), browser.get("/api/v1/head")
    assert (page.status_code, told.status_code) == (500, 500)
    assert b"nothing was changed" in page.content and b"secret" not in page.content
    assert "'none'" in page["Content-Security-Policy"]
    assert set(told.json()) == {"what", "where", "action"} and b"secret" not in told.content
    own = [one.getMessage() for one in caplog.records if one.name == "controltotal.service"]
    assert own and own[0].startswith("fault RuntimeError on ledger at test_headers.py:")
    assert not any("secret" in text or "amounts" in text for text in own)


def test_logs_of_requests_hold_no_address() -> None:
    for name in ("django.request", "django.security"):
        told = LOGGING["loggers"][name]  # type: ignore[index]
        assert told == {"handlers": ["nothing"], "propagate": False}
    assert LOGGING["handlers"]["nothing"]["class"] == "logging.NullHandler"  # type: ignore[index]


def test_a_form_of_another_site_changes_nothing(house: Any) -> None:
    browser = known(enforce_csrf_checks=True)
    for path in ("/account/tokens", "/account/sessions", "/people", "/ledger/verify", "/sign-out"):
        answer = browser.post(path, {"title": "x", "scope": "act", "days": "3"})
        assert answer.status_code == 403, path
        assert b"not sent from this service" in answer.content


def test_cookies_are_for_this_service_alone(house: Any) -> None:
    browser = known()
    browser.get("/account")
    session, form = browser.cookies["sessionid"], browser.cookies["csrftoken"]
    assert session["httponly"] and session["samesite"] == "Lax"
    assert form["samesite"] == "Strict"


def test_behind_a_proxy_everything_is_sealed() -> None:
    from controltotal.service.deployment import Deployment
    from controltotal.service.settings import values

    deployment = served().deployment
    told = values(
        Deployment("memory", deployment.folder, behind_proxy=True, hosts=("figures.example",))
    )
    assert told["SESSION_COOKIE_SECURE"] and told["CSRF_COOKIE_SECURE"]
    assert told["SECURE_HSTS_SECONDS"] > 10**7 and told["SECURE_SSL_REDIRECT"]
    assert told["ALLOWED_HOSTS"][-1] == "figures.example" and not told["DEBUG"]


def test_another_host_name_is_refused(house: Any) -> None:
    assert Client().get("/health", headers={"host": "elsewhere.example"}).status_code == 400
