"""How a service is run: its ledger, its folder, its address, and who may reach it.

What the command line says holds; else the environment (`CONTROLTOTAL_PORT`); else `controltotal.toml`
beside the book, section `[serve]`.
"""

from __future__ import annotations

import json
import os
import tomllib
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from datetime import UTC, date, datetime
from ipaddress import ip_address
from pathlib import Path
from typing import Any, Final

from controltotal.core.errors import BookError

PREFIX: Final = "CONTROLTOTAL_"
FILE: Final = "controltotal.toml"
LONGEST: Final = 36_500
"""Days for which anything is kept that is swept at all."""
OWN: Final = ("ledger", "folder", "people", "first_day")
"""What is no setting of a user's: it follows from the book."""


@dataclass(frozen=True, slots=True)
class Deployment:
    """All that a service needs to know to start; equal in the web process and in its worker.

    `ledger` is an address; `folder` holds what is not the ledger's: people, uploads, papers, mail.
    `people` is the address of the second database (empty: a SQLite file in the folder). `first_day` is
    the day before which a demonstration is not kept. `oidc_*` name a provider of sign-in. `contact`
    says whom people ask who use it. `keep_*` are the days after which the worker sweeps what was never sent,
    answers of jobs, who read what, and reminders; nought keeps them.
    """

    ledger: str
    folder: str
    people: str = ""
    host: str = "127.0.0.1"
    port: int = 8000
    demo: bool = False
    behind_proxy: bool = False
    first_day: str = ""
    hosts: tuple[str, ...] = ()
    mail_relay: str = ""
    mail_from: str = ""
    oidc_server: str = ""
    oidc_client: str = ""
    oidc_secret_file: str = ""
    oidc_name: str = "Organisation account"
    contact: str = ""
    keep_uploads: int = 90
    keep_jobs: int = 90
    keep_readings: int = 730
    keep_reminders: int = 90
    address: str = field(default="")

    @property
    def loopback(self) -> bool:
        """Whether only this machine can reach it.

        >>> Deployment("", "", host="0.0.0.0").loopback, Deployment("", "").loopback
        (False, True)
        """
        if self.host == "localhost":
            return True
        try:
            return ip_address(self.host).is_loopback
        except ValueError:
            return False

    @property
    def url(self) -> str:
        """Where people open it."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return self.address or f"http://{host}:{self.port}"

    @property
    def path(self) -> Path:
        """The folder of what is not the ledger's."""
        return Path(self.folder)

    def today(self) -> date:
        """The day on which it is kept; a demonstration stays on the last day of its book or later."""
        now = datetime.now(UTC).astimezone().date()
        return max(now, date.fromisoformat(self.first_day)) if self.first_day else now

    def text(self) -> str:
        """As one line, for the worker."""
        return json.dumps(asdict(self))


def from_text(text: str) -> Deployment:
    """A deployment from its line.

    >>> from_text(Deployment("sqlite:///a", "b", port=81).text()).port
    81
    """
    said = json.loads(text)
    return Deployment(**{**said, "hosts": tuple(said["hosts"])})


def with_settings(base: Deployment, beside: Path, given: Mapping[str, Any]) -> Deployment:
    """A deployment with what the command line gives, else the environment, else the settings file."""
    known = {one.name: one for one in fields(Deployment) if one.name not in OWN}
    said: dict[str, Any] = {}
    for name, value in _of_file(beside / FILE).items():
        if name not in known:
            raise BookError(f"there is no setting {name!r}", FILE, f"use {', '.join(known)}")
        said[name] = value
    for name in known:
        text = os.environ.get(PREFIX + name.upper())
        if text is not None:
            said[name] = text
    said |= {name: value for name, value in given.items() if value is not None}
    return replace(base, **{name: _read(name, value) for name, value in said.items()})


def _of_file(path: Path) -> dict[str, Any]:
    if not path.is_file():
        return {}
    try:
        whole = tomllib.loads(path.read_text("utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise BookError(f"it cannot be read: {error}", str(path), "mend it, or move it") from error
    section = whole.get("serve", {})
    return dict(section) if isinstance(section, dict) else {}


def _read(name: str, value: Any) -> Any:
    """A setting as its kind: a number, yes or no, a list with commas, or a text."""
    if name == "port":
        if str(value).isdecimal() and 0 <= int(value) < 65536:
            return int(value)
        raise BookError(f"port reads {value!r}", "the settings", "give a number up to 65535")
    if name.startswith("keep_"):
        if str(value).isdecimal() and int(value) <= LONGEST:
            return int(value)
        raise BookError(
            f"{name} reads {value!r}",
            "the settings",
            f"give whole days up to {LONGEST}, 0 for ever",
        )
    if name in ("demo", "behind_proxy"):
        if isinstance(value, bool):
            return value
        word = str(value).strip().lower()
        if word in ("yes", "true", "1", "no", "false", "0", ""):
            return word in ("yes", "true", "1")
        raise BookError(f"{name} reads {value!r}", "the settings", "say yes or no")
    if name == "hosts":
        return (
            tuple(p.strip() for p in value.split(",") if p.strip())
            if isinstance(value, str)
            else tuple(map(str, value))
        )
    return str(value)
