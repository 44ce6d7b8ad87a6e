"""`controltotal user`: people are added, given a new password and ended beside a service, or before it."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING

from controltotal.core.errors import BookError
from controltotal.core.files import check_target
from controltotal.service.serving import migrate, prepared, refuse_without_extra
from controltotal.service.settings import configure, people_schema

if TYPE_CHECKING:
    from controltotal.service.house import House

Tell = Callable[[str], None]


@contextmanager
def _at_house(book: str, tell: Tell, database: str | None) -> Iterator[House]:
    """The house of a book, for one command."""
    refuse_without_extra()
    deployment = prepared(book, {}, tell, database)
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
    book: str,
    username: str,
    name: str,
    role: str,
    organisation: str,
    subject: str,
    tell: Tell,
    database: str | None = None,
) -> None:
    """Add a person, with an office where one is named; say the first password."""
    if bool(role) != bool(organisation):
        raise BookError(
            "an office is held at an organisation", "the command", "give --role and --organisation"
        )
    with _at_house(book, tell, database) as house:
        from controltotal.service import adding

        adding.refuse_unknown(house, role, organisation)
        adding.added(house, username, name, role, organisation, subject, tell)


def reset(book: str, username: str, tell: Tell, database: str | None = None) -> None:
    """Give a new password and say it."""
    with _at_house(book, tell, database):
        from controltotal.service import people

        password = people.renew_password(people.find_person(username))
        tell(f"{username} can sign in with the password {password}")
        tell("Second factor, sessions and tokens have ended. It is changed at the first sign-in.")


def disable(book: str, username: str, tell: Tell, database: str | None = None) -> None:
    """End an account."""
    with _at_house(book, tell, database) as house:
        from controltotal.service import people

        offices = people.end_person(house.desk, people.find_person(username))
        tell(f"{username} cannot sign in any more. Offices revoked: {offices}.")


def copy_people(
    book: str, file: str, tell: Tell, database: str | None = None, *, overwrite: bool = False
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
        check_target(file, (book,), overwrite=overwrite)
        handle = os.open(file, os.O_WRONLY | os.O_CREAT, 0o600)
        os.close(handle)
        source = sqlite3.connect(house.deployment.path / "people.sqlite")
        target = sqlite3.connect(file)
        with closing(source), closing(target):
            source.backup(target)
        tell(f"wrote {file}: whoever has it and secret.key can sign in, so keep it as such")
