"""Adding people at the command line: the first administrator, and anybody after."""

from __future__ import annotations

import sys
from collections.abc import Callable

from controltotal.core.errors import BookError
from controltotal.service import people
from controltotal.service.house import House
from controltotal.service.route import OFFICES
from controltotal.service.web import system_code

Tell = Callable[[str], None]


def refuse_unknown(house: House, role: str, organisation: str) -> None:
    """Refuse an office that there is not, or an organisation that the book does not know."""
    if role and role not in OFFICES:
        raise BookError(f"there is no office {role}", "--role", f"use {', '.join(OFFICES)}")
    if organisation and organisation not in house.position.tree.organisations:
        raise BookError(
            f"the book has no organisation {organisation}", "--organisation", "give its code"
        )


def added(
    house: House,
    username: str,
    name: str,
    role: str,
    organisation: str,
    subject: str,
    tell: Tell,
) -> str:
    """Add a person, with an office where one is named; say the first password, and give it back."""
    person, password = people.add_person(username, name, subject)
    if role:
        people.give_office(house.desk, person, role, organisation)
    if password:
        tell(f"{person.username} can sign in with the password {password}")
        tell("It is shown once, and changed at the first sign-in.")
    else:
        tell(f"{person.username} signs in with the account of their organisation.")
    if not role:
        tell("They hold no office yet: an administrator gives one under People.")
    return password


def first_administrator(
    house: House, book: str, tell: Tell, ask: Callable[[str], str] | None = None
) -> None:
    """At the first start: ask for the first administrator, or say how to make one."""
    if people.has_administrator(house.desk):
        return
    at = system_code()
    if ask is None and not sys.stdin.isatty():
        tell(
            f"Nobody can give offices yet. Make the first administrator: controltotal user add {book} "
            f'USERNAME --name "NAME" --role administrator --organisation {at}'
        )
        return
    asked = ask or input
    tell(
        "This service has no administrator yet: somebody who gives offices and sees no figure by it."
    )
    username = asked("User name of the first administrator: ").strip()
    name = asked("Name as others see it: ").strip()
    added(house, username, name, "administrator", at, "", tell)
