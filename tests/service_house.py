"""A service for tests: Django set up once in a process, a house of any book, people with offices.

`served(book)` serves a book from memory; `client(role, organisation)` is signed in with that office.
"""

from __future__ import annotations

import atexit
import shutil
import tempfile
from collections.abc import Mapping
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from controltotal.acts import Desk, act
from controltotal.acts.actors import local_actor
from controltotal.service.deployment import Deployment
from controltotal.service.settings import configure
from tests.act_books import TODAY, system
from tests.ledgers import memory
from tests.strategies import Book, source_of

SINCE = "2026-04-01"


@cache
def set_up() -> Deployment:
    """Django for tests, its second database in a folder of its own; once in a process."""
    folder = Path(tempfile.mkdtemp(prefix="controltotal-service-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    deployment = Deployment("memory", str(folder), demo=True, hosts=("testserver",))
    configure(deployment)
    return deployment


@cache
def _migrated() -> bool:
    from django.core.management import call_command

    set_up()
    call_command("migrate", verbosity=0, interactive=False)
    return True


def served(book: Book | None = None, today: date = TODAY, desk: Desk | None = None) -> Any:
    """A house that serves a book (the small system unless given), with no people yet."""
    _migrated()
    from django.core.management import call_command

    from controltotal.service.apps import open_house
    from controltotal.service.house import House
    from controltotal.service.limits import LIMITS

    LIMITS.forget()
    call_command("flush", verbosity=0, interactive=False)
    at = desk or Desk(memory(source_of(book or {**system(), "grants": []})), lambda: today)
    house = House(set_up(), at)
    open_house(house)
    return house


def person(house: Any, username: str, *offices: tuple[str, str], name: str = "") -> Any:
    """Somebody with offices (role, organisation) that the ledger grants from April 2026."""
    from controltotal.service.models import Person

    subject = f"subject-{username}"
    called = name or _called(username)
    made, _ = Person.objects.update_or_create(
        username=username, defaults={"subject": subject, "name": called, "is_active": True}
    )
    held = {(row.subject, row.role, row.organisation) for row in house.position.book.grants}
    for role, organisation in offices:
        if (subject, role, organisation) not in held:
            grant(house.desk, username, role, organisation, called)
    return made


def _called(username: str) -> str:
    return f"{username.capitalize()} Example"


def grant(desk: Desk, username: str, role: str, organisation: str, name: str = "") -> None:
    """Give somebody an office from April 2026 on."""
    fields = {"subject": f"subject-{username}", "name": name or _called(username), "role": role}
    fields |= {"organisation": organisation, "from": SINCE}
    act("grant", desk, fields, why="a test", as_=local_actor("Tests"))


def client(house: Any, username: str, *offices: tuple[str, str], **options: Any) -> Any:
    """A browser without a screen, signed in as somebody with offices."""
    from django.test import Client

    found = Client(**options)
    found.force_login(person(house, username, *offices))
    return found


def posted(page: Any, **more: str) -> Mapping[str, str]:
    """The hidden fields of the first form of a page that is no sign-out, with more."""
    import re

    text = page.content.decode()
    hidden = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', text)
    return {**dict(hidden), **more}
