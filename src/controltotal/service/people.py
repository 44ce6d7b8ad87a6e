"""People of a service: made, given a new password, ended; and those of a demonstration."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from typing import Any, Final

from allauth.mfa.models import Authenticator
from django.db import transaction

from controltotal.acts import Desk, act
from controltotal.acts.actors import Actor, local_actor
from controltotal.core.errors import BookError
from controltotal.service.demonstration import Account, subject_of
from controltotal.service.models import Person, SignIn, Token
from controltotal.service.tokens import new_token

DAYS: Final = 30
"""Days that a token of a demonstration lasts."""
LONG: Final = 18
"""Bytes of chance in a password that is drawn."""


def people_of(accounts: Sequence[Account]) -> list[dict[str, str]]:
    """Make or renew the people of the accounts, at once; what `--ready` says of each."""
    with transaction.atomic():
        return [_renewed(one) for one in accounts]


def _renewed(one: Account) -> dict[str, str]:
    password = secrets.token_urlsafe(12)
    person, _ = Person.objects.update_or_create(
        username=one.username,
        defaults={"subject": subject_of(one), "name": one.name, "is_active": True},
    )
    person.set_password(password)
    person.save()
    Token.objects.filter(person=person, title="demonstration").delete()
    return {
        "name": one.username,
        "role": one.role,
        "organisation": one.organisation,
        "password": password,
        "token": new_token(person, "demonstration", "act", DAYS),
    }


def find_person(username: str) -> Person:
    """A person by user name, or a BookError."""
    found: Person | None = Person.objects.filter(username=username).first()
    if found is None:
        raise BookError(f"nobody here has the user name {username}", "people", "check the spelling")
    return found


def add_person(username: str, name: str, subject: str = "", email: str = "") -> tuple[Person, str]:
    """Make an account; its first password is told once, here, and changed at the first sign-in.

    With a `subject` the person signs in with their organisation's account and has no password.
    """
    username = username.strip()
    if not username or any(not (c.isalnum() or c in ".-_@+") for c in username):
        raise BookError(
            f"a user name cannot be {username!r}",
            "people",
            "use letters, figures and . - _ @ + alone",
        )
    if not name.strip():
        raise BookError("an account has the name of a person", "people", "give it")
    if Person.objects.filter(username__iexact=username).exists():
        raise BookError(f"{username} is there already", "people", "give another user name")
    if subject and Person.objects.filter(subject=subject).exists():
        raise BookError("another account has this subject", "people", "look at who has it")
    made = Person(username=username, name=name.strip()[:200], email=email)
    if subject:
        made.subject = subject
        made.set_unusable_password()
        made.save()
        return made, ""
    return made, renew_password(made)


def renew_password(person: Person) -> str:
    """A new password in place of one that was lost; second factor, sessions and tokens end."""
    password = secrets.token_urlsafe(LONG)
    person.set_password(password)
    person.given_password, person.is_active = True, True
    person.save()
    Authenticator.objects.filter(user=person).delete()
    _end_sessions(person)
    return password


def end_person(desk: Desk, person: Person, by: Actor | None = None) -> int:
    """End an account with its sessions and tokens, and revoke its offices; how many those were."""
    person.is_active = False
    person.save()
    _end_sessions(person)
    today = desk.today()
    held = [
        row
        for row in desk.position.book.grants
        if row.subject == person.subject and (row.to is None or row.to >= today)
    ]
    if held:
        who = by or local_actor()
        act("revoke", desk, {"subject": person.subject}, why="the account was ended", as_=who)
    return len(held)


def give_office(
    desk: Desk, person: Person, role: str, organisation: str, why: str = "a new account"
) -> Any:
    """Give a person an office in the ledger, as whoever is at this machine."""
    fields = {
        "subject": person.subject,
        "name": person.name,
        "role": role,
        "organisation": organisation,
    }
    return act("grant", desk, fields, why=why, as_=local_actor())


def has_administrator(desk: Desk) -> bool:
    """Whether anybody can sign in who gives offices."""
    today = desk.today()
    subjects = {
        row.subject
        for row in desk.position.book.grants
        if row.role == "administrator" and (row.to is None or row.to >= today)
    }
    return bool(Person.objects.filter(subject__in=subjects, is_active=True).exists())


def unready() -> tuple[int, int, int]:
    """Local accounts: how many, how many without a second factor, how many with a given password."""
    local = [one for one in Person.objects.filter(is_active=True) if one.has_usable_password()]
    known = set(Authenticator.objects.values_list("user_id", flat=True))
    without = sum(one.pk not in known for one in local)
    return len(local), without, sum(one.given_password for one in local)


def _end_sessions(person: Person) -> None:
    if person.pk is not None:
        SignIn.objects.filter(person=person).delete()
        Token.objects.filter(person=person).delete()
