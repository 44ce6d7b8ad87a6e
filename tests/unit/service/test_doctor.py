"""What is not safe about a deployment is told, and a service that passwords would leave in the clear does not start."""

from __future__ import annotations

import os
import time
from dataclasses import replace
from pathlib import Path

import pytest

from controltotal.core.errors import BookError
from controltotal.service import doctor
from controltotal.service.deployment import Deployment
from controltotal.service.serving import refuse_open_door


@pytest.fixture
def safe(tmp_path: Path) -> Deployment:
    """A deployment behind a proxy in which everything is as it should be."""
    folder = tmp_path / "book.service"
    folder.mkdir(mode=0o700)
    for file in (folder / "secret.key", tmp_path / "book.ledger"):
        file.write_text("x")
        file.chmod(0o600)
    (tmp_path / "backups").mkdir()
    (tmp_path / "backups" / "today.ledger").write_text("x")
    return Deployment(
        f"sqlite:///{tmp_path / 'book.ledger'}",
        str(folder),
        behind_proxy=True,
        hosts=("figures.example",),
        address="https://figures.example",
    )


def told(deployment: Deployment) -> list[str]:
    found = doctor.faults(deployment, Path(deployment.folder).parent / "backups")
    assert all(one.what and one.where and one.action for one in found)
    return [one.where for one in found]


def test_a_safe_deployment_has_no_fault(safe: Deployment) -> None:
    assert told(safe) == []


@pytest.mark.parametrize(
    ("changed", "where"),
    [
        ({"demo": True}, "demo"),
        ({"host": "0.0.0.0", "behind_proxy": False}, "host"),
        ({"host": "0.0.0.0"}, "host"),
        ({"hosts": ()}, "hosts"),
        ({"hosts": ("*",)}, "hosts"),
        ({"hosts": (".example",)}, "hosts"),
        ({"address": "http://figures.example"}, "address"),
        ({"mail_relay": "smtp://mail.example"}, "mail_relay"),
        ({"oidc_server": "http://sign-in.example"}, "oidc_server"),
        ({"ledger": "postgresql://a:b@far.example/book"}, "ledger"),
    ],
)
def test_each_unsafe_setting_is_told(
    safe: Deployment, changed: dict[str, object], where: str
) -> None:
    assert where in told(replace(safe, **changed))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "changed",
    [
        {"mail_relay": "localhost:25"},
        {"oidc_server": "http://127.0.0.1:9000"},
        {"ledger": "postgresql://a:b@far.example/book?sslmode=verify-full"},
        {"ledger": "postgresql:///book?host=/run/postgresql"},
    ],
)
def test_what_is_sealed_or_on_this_machine_is_safe(
    safe: Deployment, changed: dict[str, object]
) -> None:
    assert told(replace(safe, **changed)) == []  # type: ignore[arg-type]


@pytest.mark.parametrize(("offers", "expected"), [(True, []), (False, ["mail_relay"])])
def test_a_mail_relay_is_asked_whether_it_seals(
    safe: Deployment, monkeypatch: pytest.MonkeyPatch, offers: bool, expected: list[str]
) -> None:
    monkeypatch.setattr(doctor, "_seals", lambda host, port: offers)
    assert told(replace(safe, mail_relay="mail.example:587")) == expected


def test_files_that_others_could_open_are_told(safe: Deployment) -> None:
    secret = safe.path / "secret.key"
    secret.chmod(0o644)
    safe.path.chmod(0o755)
    assert told(safe) == [str(safe.path), str(secret)]


def test_a_network_share_is_told(safe: Deployment, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "on_network", lambda place: "nfs4")
    assert safe.folder in told(safe)


def test_backups_that_are_missing_or_old_are_told(safe: Deployment, tmp_path: Path) -> None:
    assert [one.where for one in doctor.faults(safe, None)] == ["--backups"]
    old = time.time() - 30 * 3600
    os.utime(tmp_path / "backups" / "today.ledger", (old, old))
    found = doctor.faults(safe, tmp_path / "backups")
    assert "30 hours old" in found[0].what
    assert "no backup" in doctor.faults(safe, tmp_path / "nowhere")[0].what


def test_a_book_that_was_never_served_is_told(tmp_path: Path) -> None:
    with pytest.raises(BookError, match="not served yet"):
        doctor.deployment_of(str(tmp_path))


@pytest.mark.parametrize("host", ["0.0.0.0", "192.0.2.1", "::", "figures.example"])
def test_passwords_never_leave_the_machine_in_the_clear(host: str) -> None:
    with pytest.raises(BookError, match="behind-proxy"):
        refuse_open_door(Deployment("", "", host=host))
    refuse_open_door(Deployment("", "", host=host, behind_proxy=True))


def test_a_service_does_not_answer_under_any_name() -> None:
    with pytest.raises(BookError, match="any name"):
        refuse_open_door(Deployment("", "", hosts=("*",)))
