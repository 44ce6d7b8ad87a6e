"""Sessions on the server, each with the person whose it is, so that they can be seen and ended."""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore as Stored

PROVIDER_SESSION = "provider_session"
"""Where a session keeps the name that the provider of sign-in has for it."""


class SessionStore(Stored):
    """Sessions in the people's database."""

    @classmethod
    def get_model_class(cls) -> Any:
        """The table that names the person of each."""
        return apps.get_model("service", "SignIn")

    def create_model_instance(self, data: dict[str, Any]) -> Any:
        """A session as its row."""
        row = super().create_model_instance(data)
        person = data.get(SESSION_KEY)
        row.person_id = int(person) if person else None
        row.provider_session = data.get(PROVIDER_SESSION, "")
        return row
