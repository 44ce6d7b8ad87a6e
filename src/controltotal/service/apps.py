"""The service as Django knows it; the house hangs here, one in a process."""

from __future__ import annotations

from typing import ClassVar

from django.apps import AppConfig, apps

from controltotal.service.house import House


class ServiceConfig(AppConfig):
    """The app `service`, and the house that it serves."""

    name = "controltotal.service"
    label = "service"
    default_auto_field = "django.db.models.BigAutoField"
    house: ClassVar[House | None] = None


def open_house(house: House) -> None:
    """Serve this house from now on in this process."""
    ServiceConfig.house = house


def house() -> House:
    """The house of this process; a RuntimeError where none was opened."""
    found = apps.get_app_config("service")
    opened = found.house if isinstance(found, ServiceConfig) else None
    if opened is None:
        raise RuntimeError("no ledger is being served")
    return opened
