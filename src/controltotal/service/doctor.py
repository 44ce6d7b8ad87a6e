"""`controltotal doctor --deploy`: what of a deployment is not safe, each with what to do.

It changes nothing, and looks at files before it opens anything.
"""

from __future__ import annotations

import stat
import time
from collections.abc import Iterator
from dataclasses import dataclass
from ipaddress import ip_address
from pathlib import Path
from smtplib import SMTP, SMTPException
from typing import Final
from urllib.parse import parse_qs, urlsplit

from controltotal.core.errors import BookError
from controltotal.core.files import on_network
from controltotal.ledger import is_ledger_address
from controltotal.service.deployment import Deployment, with_settings
from controltotal.service.settings import configure, people_schema

FRESH: Final = 26 * 3600
"""Seconds after which the newest backup is too old: a day, and two hours for the work."""
WAIT: Final = 5
"""Seconds for which a mail relay is waited for."""
TLS: Final = ("require", "verify-ca", "verify-full")


@dataclass(frozen=True, slots=True)
class Fault:
    """Something that is not safe: what, where, and what to do."""

    what: str
    where: str
    action: str

    def __str__(self) -> str:
        return f"{self.what} ({self.where}): {self.action}"


def deployment_of(book: str, database: str | None = None) -> Deployment:
    """The deployment of a book as `serve` would start it, without making anything."""
    address = database or book
    if is_ledger_address(address):
        if address.startswith("sqlite"):
            beside = Path(address.removeprefix("sqlite:///")).with_suffix(".service")
        else:
            beside = Path(f"{people_schema(address).removesuffix('_people')}.service")
    else:
        path = Path(book)
        file = path.parent / f"{path.stem if path.is_file() else path.name}.ledger"
        if not file.is_file():
            raise BookError("this book is not served yet", book, "start it once with `serve`")
        address, beside = f"sqlite:///{file}", file.with_suffix(".service")
    people = address if address.startswith("postgres") else ""
    base = Deployment(address, str(beside.absolute()), people)
    return with_settings(base, beside.absolute().parent, {})


def faults(deployment: Deployment, backups: Path | None) -> list[Fault]:
    """All that is not safe about a deployment."""
    found = [
        *_door(deployment),
        *_files(deployment),
        *_places(deployment),
        *_others(deployment),
        *_backups(backups),
    ]
    if deployment.people or (deployment.path / "people.sqlite").is_file():
        found += _people(deployment)
    return found


def _door(deployment: Deployment) -> Iterator[Fault]:
    """Who can reach it, and how."""
    if deployment.demo:
        yield Fault("it is a demonstration", "demo", "take it out of the settings")
    if not deployment.loopback and not deployment.behind_proxy:
        yield Fault(
            "passwords would go over the network in the clear",
            "host",
            "put a proxy with HTTPS before it and set behind_proxy",
        )
    if deployment.behind_proxy:
        if not deployment.hosts:
            yield Fault(
                "nothing says under which name people reach it",
                "hosts",
                "name it, such as figures.example.nhs.uk",
            )
        if not deployment.address.startswith("https://"):
            yield Fault("its address is not one of HTTPS", "address", "give it, with https://")
        if not deployment.loopback:
            yield Fault(
                "other machines reach it past the proxy",
                "host",
                "let it answer on 127.0.0.1 and the proxy before it",
            )
    if any(name in ("*", "") or name.startswith((".", "*")) for name in deployment.hosts):
        yield Fault("it answers under any name", "hosts", "name each in full")


def _files(deployment: Deployment) -> Iterator[Fault]:
    """What others on the machine could read or change."""
    own = [(deployment.path, "the folder of the service", "chmod 700")]
    for name in ("secret.key", "people.sqlite"):
        own.append((deployment.path / name, f"{name}", "chmod 600"))
    if deployment.ledger.startswith("sqlite:///"):
        own.append((Path(deployment.ledger.removeprefix("sqlite:///")), "the ledger", "chmod 600"))
    if deployment.oidc_secret_file:
        file = Path(deployment.oidc_secret_file)
        own.append((file, "the secret of the sign-in provider", "chmod 600"))
    for path, what, command in own:
        if path.exists() and stat.S_IMODE(path.stat().st_mode) & 0o077:
            yield Fault(f"{what} can be opened by others", str(path), f"{command} {path}")


def _places(deployment: Deployment) -> Iterator[Fault]:
    """Network shares, on which locks do not hold; databases that are spoken with in the clear."""
    places = [deployment.folder]
    if deployment.ledger.startswith("sqlite:///"):
        places.append(deployment.ledger.removeprefix("sqlite:///"))
    for place in places:
        share = on_network(place)
        if share:
            yield Fault(
                f"it lies on a network share ({share}), where locks do not hold",
                place,
                "move it to a disk of this machine, or use PostgreSQL",
            )
    for name, address in (("ledger", deployment.ledger), ("people", deployment.people)):
        parts = urlsplit(address)
        if not parts.scheme.startswith("postgres") or _here(parts.hostname or ""):
            continue
        if (parse_qs(parts.query).get("sslmode") or [""])[-1] not in TLS:
            yield Fault(
                "the database is on another machine and may be spoken with in the clear",
                name,
                "add ?sslmode=verify-full to its address",
            )


def _others(deployment: Deployment) -> Iterator[Fault]:
    """Services that it speaks with."""
    host, _, port = deployment.mail_relay.partition(":")
    if host and not _here(host) and not _seals(host, port):
        yield Fault(
            "the mail relay does not answer, or takes mail in the clear alone",
            "mail_relay",
            "name one that offers STARTTLS, as HOST:PORT",
        )
    server = urlsplit(deployment.oidc_server)
    if deployment.oidc_server and server.scheme != "https" and not _here(server.hostname or ""):
        yield Fault("the sign-in provider is not asked by HTTPS", "oidc_server", "give https://")


def _seals(host: str, port: str) -> bool:
    """Whether a mail relay answers and offers to be spoken with under a seal."""
    try:
        with SMTP(host, int(port or 25), timeout=WAIT) as relay:
            relay.ehlo()
            return relay.has_extn("starttls")
    except (OSError, SMTPException, ValueError):
        return False


def _here(host: str) -> bool:
    """Whether a host is this machine; an empty one is a socket on it."""
    if host in ("", "localhost"):
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def _backups(folder: Path | None) -> Iterator[Fault]:
    """Whether there is a backup of the last day."""
    if folder is None:
        yield Fault(
            "nothing says where backups are kept",
            "--backups",
            "name the folder into which `controltotal backup` writes every day",
        )
        return
    times = (
        [one.stat().st_mtime for one in folder.glob("*") if one.is_file()]
        if folder.is_dir()
        else []
    )
    if not times:
        yield Fault("there is no backup", str(folder), "run `controltotal backup` every day")
    elif time.time() - max(times) > FRESH:
        hours = round((time.time() - max(times)) / 3600)
        yield Fault(
            f"the newest backup is {hours} hours old", str(folder), "see why none was made since"
        )


def _people(deployment: Deployment) -> Iterator[Fault]:
    """Who can sign in, and with how much."""
    configure(deployment)
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        yield Fault("the people's database is of another version", "people", "start `serve` once")
        return
    from controltotal.service.people import unready

    local, without, given = unready()
    if without:
        yield Fault(
            f"{without} of {local} local accounts have no second factor yet",
            "people",
            "have each sign in and set it up, or end the account with `controltotal user disable`",
        )
    if given:
        yield Fault(
            f"{given} accounts still have the password that an administrator gave",
            "people",
            "have each sign in and change it, or end the account",
        )
