"""The templates' environment: everything is escaped; money, days and names are said as papers say them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.templatetags.static import static
from django.utils import timezone
from jinja2 import ChainableUndefined, ChoiceLoader, Environment, PackageLoader

from controltotal.core.calendar import day_words, year_label
from controltotal.core.money import page_money
from controltotal.service.section_parts import FILTERS, GLOBALS


class Absent(ChainableUndefined):
    """What a template may ask for, look into and go without; shown, it is a fault.

    >>> bool(Absent().anything)
    False
    """

    __str__ = __iter__ = __len__ = ChainableUndefined._fail_with_undefined_error


def moment_words(value: datetime) -> str:
    """A moment by the clock of London."""
    local = timezone.localtime(value)
    return f"{day_words(local.date())} at {local:%H:%M}"


def environment(**options: Any) -> Environment:
    """Django's Jinja environment with our templates and the components' beside them."""
    own = options.pop("loader")
    options["undefined"] = Absent
    made = Environment(
        loader=ChoiceLoader([own, PackageLoader("nhsuk_frontend_jinja")]),
        trim_blocks=True,
        lstrip_blocks=True,
        **options,
    )
    made.globals.update(static=static, **GLOBALS)
    made.filters.update(
        money=page_money, year=year_label, day=day_words, moment=moment_words, **FILTERS
    )
    return made
