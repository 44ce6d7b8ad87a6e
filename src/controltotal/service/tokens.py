"""Tokens by which programs act as a person: made by them, shown once, ended by a day or by them."""

from __future__ import annotations

import hashlib
import secrets
from datetime import timedelta
from typing import Final

from django.utils import timezone

from controltotal.service.models import Person, Token

SCOPES: Final = ("read", "act")
"""What a token may do: read, or read and act as its person may."""
LONGEST: Final = 365
"""Days that a token lasts at most."""
USED: Final = timedelta(minutes=1)


def digest_of(token: str) -> str:
    """What is kept of a token: enough to know it again, too little to use it."""
    return hashlib.sha256(token.encode()).hexdigest()


def new_token(person: Person, title: str, scope: str, days: int) -> str:
    """Make a token; its text is told once, here. A ValueError where scope or days are not right."""
    if scope not in SCOPES or not 1 <= days <= LONGEST:
        raise ValueError(f"scope {scope}, {days} days")
    text = secrets.token_urlsafe(32)
    Token.objects.create(
        person=person,
        digest=digest_of(text),
        title=title[:100],
        scope=scope,
        ends=timezone.now() + timedelta(days=days),
    )
    return text


def bearer(header: str) -> Token | None:
    """The token of an `Authorization` header, where it is one that holds."""
    scheme, _, text = header.partition(" ")
    if scheme.lower() != "bearer" or not text.strip():
        return None
    now = timezone.now()
    found: Token | None = (
        Token.objects.select_related("person")
        .filter(digest=digest_of(text.strip()), ends__gt=now, person__is_active=True)
        .first()
    )
    if found is not None and (found.used is None or now - found.used > USED):
        Token.objects.filter(pk=found.pk).update(used=now)
    return found
