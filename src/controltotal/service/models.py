"""The second database: people and how they sign in, drafts, jobs, links, tokens, what was read.

The ledger holds none of these. A person here is a subject there; what a person may do stands in the
ledger alone (`grants`).
"""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.contrib.auth.models import AbstractBaseUser, UserManager
from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models
from django.utils.module_loading import import_string


def _uuid() -> str:
    return uuid.uuid4().hex


class Person(AbstractBaseUser):
    """Somebody who signs in: a subject that stays, a display name, and an address for nudges."""

    username = models.CharField(max_length=150, unique=True)
    subject = models.CharField(max_length=150, unique=True, default=_uuid)
    name = models.CharField(max_length=200)
    email = models.EmailField(blank=True)
    is_active = models.BooleanField(default=True)
    given_password = models.BooleanField(default=False)
    nudges = models.CharField(max_length=10, default="daily")
    offices_seen = models.BigIntegerField(default=0)
    joined = models.DateTimeField(auto_now_add=True)

    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]
    objects = UserManager()

    is_staff = False
    is_superuser = False

    def __str__(self) -> str:
        return str(self.name)

    def has_perm(self, perm: str, obj: object = None) -> bool:
        """Nothing here is permitted by Django: grants of the ledger decide."""
        return False

    def has_module_perms(self, app_label: str) -> bool:
        """Nothing here is permitted by Django: grants of the ledger decide."""
        return False


class SignIn(AbstractBaseSession):
    """A session: whose it is, and the name that the provider of sign-in has for it."""

    person = models.ForeignKey(Person, models.CASCADE, null=True)
    provider_session = models.CharField(max_length=200, blank=True, db_index=True)
    seen = models.DateTimeField(auto_now=True)

    @classmethod
    def get_session_store_class(cls) -> type[object]:
        """Where its content is read and written."""
        store: type[object] = import_string("controltotal.service.sessions.SessionStore")
        return store


class Draft(models.Model):
    """What a person has begun and not sent: seen by their own organisation alone, in no figure."""

    id = models.CharField(primary_key=True, max_length=32, default=_uuid)
    person = models.ForeignKey(Person, models.CASCADE)
    organisation = models.CharField(max_length=60)
    kind = models.CharField(max_length=40)
    key = models.CharField(max_length=200, blank=True)
    content = models.JSONField(default=dict)
    changed = models.DateTimeField(auto_now=True)

    class Meta:
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["organisation", "kind", "key"])
        ]


class Job(models.Model):
    """Long work that somebody asked for: how far it is, and what came of it (a file in the folder)."""

    id = models.CharField(primary_key=True, max_length=32, default=_uuid)
    person = models.ForeignKey(Person, models.CASCADE)
    organisation = models.CharField(max_length=60, blank=True)
    verb = models.CharField(max_length=40)
    options = models.JSONField(default=dict)
    state = models.CharField(max_length=12, default="waiting", db_index=True)
    done = models.IntegerField(default=0)
    what = models.CharField(max_length=200, blank=True)
    error = models.JSONField(default=dict)
    entry = models.BigIntegerField(default=0)
    root = models.CharField(max_length=80, blank=True)
    made = models.DateTimeField(auto_now_add=True)
    ended = models.DateTimeField(null=True)


class Token(models.Model):
    """A bearer token of a person's: its digest, what it may do, and until when."""

    person = models.ForeignKey(Person, models.CASCADE)
    digest = models.CharField(max_length=64, unique=True)
    title = models.CharField(max_length=100, blank=True)
    scope = models.CharField(max_length=10, default="read")
    made = models.DateTimeField(auto_now_add=True)
    ends = models.DateTimeField()
    used = models.DateTimeField(null=True)


class Link(models.Model):
    """A change that was tried in the room, kept for seven days under an address."""

    id = models.CharField(primary_key=True, max_length=32, default=_uuid)
    person = models.ForeignKey(Person, models.CASCADE)
    organisation = models.CharField(max_length=60)
    content = models.JSONField(default=dict)
    ends = models.DateTimeField()


class Reading(models.Model):
    """That somebody of another organisation read unpublished figures of one; shown to it."""

    person = models.ForeignKey(Person, models.CASCADE)
    organisation = models.CharField(max_length=60, db_index=True)
    page = models.CharField(max_length=200)
    day = models.DateField()
    at = models.DateTimeField(auto_now_add=True)


class Nudge(models.Model):
    """That somebody was reminded of what waits, so that nobody is reminded of it twice a day."""

    person = models.ForeignKey(Person, models.CASCADE)
    what = models.CharField(max_length=200)
    at = models.DateTimeField(auto_now_add=True)
