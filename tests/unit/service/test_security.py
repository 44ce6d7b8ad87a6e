"""What every answer of the service bears, and what no request brings about, whoever sends it."""

from __future__ import annotations

import ast
import re
from pathlib import Path
from typing import Any

import pytest
from django.test import Client, RequestFactory, override_settings

import controltotal
from controltotal.service.deployment import Deployment
from controltotal.service.route import ANYONE
from controltotal.service.routes import ROUTES
from controltotal.service.settings import HASHERS, values
from controltotal.service.tokens import new_token
from tests.service_house import client, person, served

PACKAGE = Path(controltotal.__file__).parent
KINDS = ("/sign-in", "/help", "/health", "/nowhere", "/api/v1/head", "/static/service.css", "/")
POLICY = (
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "object-src 'none'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
    "form-action 'self'",
)
CODE_FROM_TEXT = re.compile(
    r"(?<![.\w])(eval|exec)\(|shell=True|os\.system|os\.popen|\bpickle\b|\bmarshal\b|yaml\.load\("
)
PATTERNS_OF_ITS_OWN = {
    "accounts/checks/evidence.py",  # words of the package's own
    "core/money.py",  # a fixed pattern that has a name
    "intake/month_codes.py",  # what stands around each of its fixed patterns
}
"""Where a pattern is made of a name that was not escaped, and why that is safe."""
CALLS_OUT = re.compile(
    r"^\s*(?:import|from) (requests|urllib\.request|http\.client|httpx|aiohttp|ftplib)\b", re.M
)


@pytest.fixture
def house() -> Any:
    return served()


@pytest.fixture
def proxied(tmp_path: Path) -> dict[str, Any]:
    """The settings of a service behind a proxy."""
    return values(
        Deployment("sqlite:///x", str(tmp_path), behind_proxy=True, hosts=("money.example.nhs.uk",))
    )


@pytest.mark.parametrize("path", KINDS)
def test_every_answer_says_what_a_browser_may_do_with_it(house: Any, path: str) -> None:
    answer = Client().get(path)
    for part in POLICY:
        assert part in answer["Content-Security-Policy"]
    assert "unsafe" not in answer["Content-Security-Policy"]
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Referrer-Policy"] == "same-origin"
    assert answer["Cross-Origin-Opener-Policy"] == "same-origin"
    assert not answer.has_header("Server") and not answer.has_header("X-Powered-By")


@pytest.mark.parametrize("path", ["/sign-in", "/nowhere", "/health", "/api/v1/head"])
def test_an_answer_names_its_kind_and_its_letters(house: Any, path: str) -> None:
    kind = Client().get(path)["Content-Type"]
    assert kind == "application/json" if path.startswith("/api") else "charset=utf-8" in kind


def test_what_somebody_signed_in_sees_is_kept_nowhere(house: Any) -> None:
    reader = client(house, "robin", ("trust_finance", "T1"))
    for path in ("/", "/head", "/account", "/help", "/nowhere"):
        assert reader.get(path)["Cache-Control"] == "no-store", path


def test_signing_out_ends_the_session_there_and_clears_the_browser(house: Any) -> None:
    reader = client(house, "robin", ("trust_finance", "T1"))
    key = reader.cookies["sessionid"].value
    answer = reader.post("/sign-out")
    assert answer["Clear-Site-Data"] == '"cache", "storage"'
    again = Client()
    again.cookies["sessionid"] = key
    assert again.get("/head").status_code == 302


def test_a_sign_out_is_asked_for_and_no_link_brings_it_about(house: Any) -> None:
    reader = client(house, "robin", ("trust_finance", "T1"))
    reader.get("/sign-out")
    assert reader.get("/head").status_code == 200


def test_cookies_behind_a_proxy_are_of_this_host_and_encrypted_ways_alone(
    proxied: dict[str, Any],
) -> None:
    assert proxied["SESSION_COOKIE_NAME"] == "__Host-session"
    assert proxied["CSRF_COOKIE_NAME"] == "__Host-form"
    for cookie in ("SESSION", "CSRF"):
        assert proxied[f"{cookie}_COOKIE_SECURE"] and proxied[f"{cookie}_COOKIE_HTTPONLY"]
        assert proxied[f"{cookie}_COOKIE_SAMESITE"] in ("Lax", "Strict")
        assert f"{cookie}_COOKIE_DOMAIN" not in proxied and f"{cookie}_COOKIE_PATH" not in proxied
    assert "messages.storage.session" in proxied["MESSAGE_STORAGE"]  # no cookie of its own


def test_no_other_cookie_is_set(house: Any) -> None:
    reader = client(house, "robin", ("trust_finance", "T1"))
    for path in ("/", "/account", "/people", "/help", "/sign-in"):
        reader.get(path)
    assert set(reader.cookies) <= {"sessionid", "csrftoken"}


def test_browsers_are_told_to_stay_with_https_for_a_year(
    house: Any, proxied: dict[str, Any]
) -> None:
    told = {k: proxied[k] for k in ("SECURE_HSTS_SECONDS", "SECURE_HSTS_INCLUDE_SUBDOMAINS")}
    with override_settings(**told):
        for path in ("/sign-in", "/static/service.css", "/nowhere"):
            answer = Client().get(path, secure=True)
            assert answer["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains"


def test_a_page_in_the_clear_is_led_to_https_and_a_program_is_refused(house: Any) -> None:
    with override_settings(SECURE_SSL_REDIRECT=True):
        page = Client().get("/sign-in")
        assert (page.status_code, page["Location"]) == (301, "https://testserver/sign-in")
        assert Client().get("/api/v1/head").status_code == 403


def test_trace_is_refused_and_a_method_that_a_page_has_not(house: Any) -> None:
    assert Client().generic("TRACE", "/sign-in").status_code == 405
    answer = client(house, "robin", ("trust_finance", "T1")).put("/account")
    assert (answer.status_code, answer["Allow"]) == (405, "GET, HEAD")


def test_another_host_is_not_answered(house: Any) -> None:
    assert Client().get("/sign-in", HTTP_HOST="elsewhere.example").status_code == 400


def test_no_other_site_is_let_in(house: Any) -> None:
    answer = client(house, "robin", ("trust_finance", "T1")).get(
        "/api/v1/head", HTTP_ORIGIN="https://elsewhere.example"
    )
    assert answer.status_code == 200 and not answer.has_header("Access-Control-Allow-Origin")


def test_no_form_is_taken_that_did_not_come_from_here(house: Any) -> None:
    forger = client(house, "robin", ("administrator", "T1"), enforce_csrf_checks=True)
    posted = [one for one in ROUTES if "POST" in one.methods and one.name != "back_channel"]
    assert posted
    for one in posted:
        path = "/" + re.sub(r"<[^>]+>", "1", one.path)
        assert forger.post(path, {"x": "1"}).status_code == 403, path


def test_what_changes_something_is_never_a_get() -> None:
    assert [one.path for one in ROUTES if one.acts and "POST" not in one.methods] == []


def test_only_signing_in_and_words_are_open_to_anyone() -> None:
    open_ = {one.path.partition("/")[0] for one in ROUTES if one.who == ANYONE}
    words = {"help", "privacy", "accessibility"}
    assert open_ == {"sign-in", "sign-out", "health", "favicon.ico"} | words


@pytest.mark.parametrize(
    "there", ["https://elsewhere.example/", "//elsewhere.example", "javascript:1"]
)
def test_a_sign_in_leads_to_this_service_alone(house: Any, there: str) -> None:
    known = person(house, "jo")
    known.set_password("three words that do not belong")
    known.save()
    answer = Client(REMOTE_ADDR="10.0.0.9").post(
        "/sign-in", {"login": "jo", "password": "three words that do not belong", "next": there}
    )
    assert (answer.status_code, answer["Location"]) == (302, "/")


def test_text_of_people_is_shown_as_text(house: Any) -> None:
    told = client(house, "robin", ("trust_finance", "T1"))
    told_as = person(house, "robin")
    told_as.name = "<script>alert(1)</script>\"'"
    told_as.save()
    page = told.get("/account").content.decode()
    assert "<script>alert" not in page and "&lt;script&gt;alert(1)&lt;/script&gt;&#34;&#39;" in page


def test_a_token_in_an_address_opens_nothing(house: Any) -> None:
    token = new_token(person(house, "robin", ("trust_finance", "T1")), "test", "read", 1)
    assert Client().get("/api/v1/head", {"token": token}).status_code == 401
    head = {"HTTP_AUTHORIZATION": f"Bearer {token}"}
    assert Client().get("/api/v1/head", **head).status_code == 200


def test_a_field_that_an_act_does_not_have_is_not_taken() -> None:
    served()
    from controltotal.service.web import fields_of

    sent = {"about": "T1", "text": "a word", "by": "somebody else", "is_active": "1", "entry": "9"}
    request = RequestFactory().post("/x", sent)
    assert set(fields_of(request, "comment")) <= {"about", "text", "by"}
    assert "is_active" not in fields_of(request, "comment")


def test_of_a_field_that_is_sent_twice_one_value_is_taken() -> None:
    served()
    from controltotal.service.web import fields_of

    request = RequestFactory().post("/x?text=address", {"text": ["first", "second"]})
    assert fields_of(request, "comment")["text"] == "second"


def test_a_fault_shows_nothing_of_the_inside(house: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*given: Any, **more: Any) -> Any:
        raise ValueError("1,234,567 at /secret/place")

    monkeypatch.setattr("controltotal.service.pages.help.shown", broken)
    answer = Client(raise_request_exception=False).get("/help")
    text = answer.content.decode()
    assert answer.status_code == 500 and "This is a fault of the program" in text
    assert not re.search("ValueError|Traceback|1,234,567|secret", text)


def test_an_address_bears_no_header_of_a_mail(house: Any) -> None:
    from email.message import EmailMessage

    from controltotal.service.nudges import MAIL

    sent = {"nudges": "daily", "email": "robin@example.org\r\nBcc: all@example.org"}
    reader = client(house, "robin", ("trust_finance", "T1"))
    assert reader.post("/account/reminders", sent).status_code == 422
    with pytest.raises(ValueError):
        EmailMessage(policy=MAIL)["To"] = sent["email"]


def test_what_is_sent_is_unescaped_once() -> None:
    served()
    request = RequestFactory().post("/x?about=%2541%252e%252e", {"text": "%2541 &lt;b&gt;"})
    assert request.GET["about"] == "%41%2e%2e" and request.POST["text"] == "%2541 &lt;b&gt;"


@pytest.mark.parametrize(
    "path", ["/static/", "/static/..%2fsettings.py", "/uploads/", "/logs/security.log"]
)
def test_no_folder_is_listed(house: Any, path: str) -> None:
    assert Client().get(path).status_code == 404


def test_nobody_has_an_account_by_default() -> None:
    served()
    from controltotal.service.models import Person

    assert Person.objects.count() == 0


def test_debugging_is_never_on_and_passwords_are_kept_by_scrypt(proxied: dict[str, Any]) -> None:
    assert proxied["DEBUG"] is False and proxied["PASSWORD_HASHERS"] == HASHERS
    assert HASHERS[0].endswith("ScryptPasswordHasher")


def test_only_the_proxy_of_this_machine_says_where_somebody_comes_from(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    served()
    from controltotal.service import serving

    given: dict[str, Any] = {}
    monkeypatch.setattr("waitress.create_server", lambda app, **more: given.update(more))
    serving._bound(Deployment("x", str(tmp_path)))
    assert given["clear_untrusted_proxy_headers"] and "trusted_proxy" not in given
    serving._bound(Deployment("x", str(tmp_path), behind_proxy=True))
    assert given["trusted_proxy"] == "127.0.0.1" and given["ident"] is None
    assert given["max_request_body_size"] == serving.LARGEST


def test_files_of_secrets_are_their_owners_alone(tmp_path: Path, proxied: dict[str, Any]) -> None:
    assert (tmp_path / "secret.key").stat().st_mode & 0o777 == 0o600
    assert len(proxied["SECRET_KEY"]) >= 64
    assert (tmp_path / "uploads").stat().st_mode & 0o777 == 0o700


def test_no_code_is_made_of_text_and_no_shell_is_asked() -> None:
    found = [
        f"{path.relative_to(PACKAGE)}: {hit.group()}"
        for path in PACKAGE.rglob("*.py")
        if (hit := CODE_FROM_TEXT.search(path.read_text("utf-8")))
    ]
    assert found == []


def test_no_pattern_is_made_of_what_somebody_typed() -> None:
    found = set()
    for path in PACKAGE.rglob("*.py"):
        text = path.read_text("utf-8")
        for one in ast.walk(ast.parse(text)):
            if not isinstance(one, ast.Call) or not one.args:
                continue
            names = [n.id for n in ast.walk(one.args[0]) if isinstance(n, ast.Name)]
            fixed = all(name.strip("_").isupper() for name in names)
            if ast.unparse(one.func).startswith("re.") and not fixed and "re.escape" not in text:
                found.add(path.relative_to(PACKAGE).as_posix())
    assert found == PATTERNS_OF_ITS_OWN


def test_the_service_asks_nobody_but_the_provider_of_sign_in() -> None:
    found = [
        path.relative_to(PACKAGE).as_posix()
        for path in PACKAGE.rglob("*.py")
        if CALLS_OUT.search(path.read_text("utf-8"))
    ]
    assert sorted(found) == ["service/back_channel.py", "service/signing_in.py"], (
        "the provider alone"
    )


def test_pages_keep_nothing_in_the_browser() -> None:
    service = PACKAGE / "service"
    script = (service / "static" / "service.js").read_text("utf-8")
    assert not re.search(
        r"localStorage|sessionStorage|indexedDB|document\.cookie|innerHTML|eval\(", script
    )
    pages = "".join(p.read_text("utf-8") for p in (service / "templates").rglob("*.*"))
    assert not re.search(r"hx-(push-url|boost|history|vals=.js)|\|safe\b", pages)


@pytest.mark.parametrize("path", ["/help", "/privacy", "/accessibility"])
def test_words_for_anybody_name_whom_to_ask_and_hold_no_figure(house: Any, path: str) -> None:
    for reader in (Client(), client(house, "robin", ("trust_finance", "T1"))):
        answer = reader.get(path)
        assert answer.status_code == 200
        assert "whoever administers this service" in answer.content.decode()
        assert "£" not in answer.content.decode()
