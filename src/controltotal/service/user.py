"""`controltotal user`: people are added, given a new password and ended beside a service, or before it.

Each command is a function of its name: `controltotal.user.add(book, "robin", name="Robin Example")`.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from os import PathLike, fspath
from typing import TYPE_CHECKING

from controltotal.core.errors import BookError
from controltotal.core.files import check_target
from controltotal.service.serving import migrate, prepared, refuse_without_extra
from controltotal.service.settings import configure, people_schema

if TYPE_CHECKING:
    from controltotal.service.house import House

Tell = Callable[[str], None]


def silent(text: str) -> None:
    """Say nothing: a program reads what a function gives back."""


@contextmanager
def _at_house(book: str | PathLike[str], tell: Tell, database: str | None) -> Iterator[House]:
    """The house of a book, for one command."""
    refuse_without_extra()
    deployment = prepared(fspath(book), {}, tell, database)
    configure(deployment)
    migrate(deployment)
    from controltotal.service.apps import open_house
    from controltotal.service.house import House

    house = House(deployment)
    open_house(house)
    try:
        yield house
    finally:
        house.close()


def add(
    book: str | PathLike[str],
    username: str,
    *,
    name: str,
    role: str = "",
    organisation: str = "",
    subject: str = "",
    database: str | None = None,
    tell: Tell = silent,
) -> str:
    """Add a person, with an office where `role` and `organisation` name one; their first password.

    It is shown once and changed at the first sign-in. With a `subject` they sign in with their
    organisation's own account, and the password is empty. `tell` is called with each line that the
    command would say.
    """
    if bool(role) != bool(organisation):
        raise BookError(
            "an office is held at an organisation", "the command", "give --role and --organisation"
        )
    with _at_house(book, tell, database) as house:
        from controltotal.service import adding

        adding.refuse_unknown(house, role, organisation)
        return adding.added(house, username, name, role, organisation, subject, tell)


def reset(
    book: str | PathLike[str],
    username: str,
    *,
    database: str | None = None,
    tell: Tell = silent,
) -> str:
    """A new password of a person, shown once; their second factor, sessions and tokens end."""
    with _at_house(book, tell, database):
        from controltotal.service import people

        password = people.renew_password(people.find_person(username))
        tell(f"{username} can sign in with the password {password}")
        tell("Second factor, sessions and tokens have ended. It is changed at the first sign-in.")
        return password


def disable(
    book: str | PathLike[str],
    username: str,
    *,
    database: str | None = None,
    tell: Tell = silent,
) -> int:
    """End an account with its sessions, tokens and offices; how many offices those were."""
    with _at_house(book, tell, database) as house:
        from controltotal.service import people

        offices = people.end_person(house.desk, people.find_person(username))
        tell(f"{username} cannot sign in any more. Offices revoked: {offices}.")
        return offices


def backup(
    book: str | PathLike[str],
    file: str | PathLike[str],
    *,
    overwrite: bool = False,
    database: str | None = None,
    tell: Tell = silent,
) -> None:
    """Copy the people's database into a file while the service runs; people, not the ledger.

    A BookError where it stands in PostgreSQL, whose own tools copy it.
    """
    with _at_house(book, tell, database) as house:
        schema = house.deployment.people and people_schema(house.deployment.people)
        if schema:
            raise BookError(
                "the people stand in PostgreSQL", "people", f"run pg_dump --schema={schema}"
            )
        check_target(fspath(file), (fspath(book),), overwrite=overwrite)
        handle = os.open(file, os.O_WRONLY | os.O_CREAT, 0o600)
        os.close(handle)
        source = sqlite3.connect(house.deployment.path / "people.sqlite")
        target = sqlite3.connect(file)
        with closing(source), closing(target):
            source.backup(target)
        tell(f"wrote {fspath(file)}: whoever has it and secret.key can sign in, so keep it as such")
