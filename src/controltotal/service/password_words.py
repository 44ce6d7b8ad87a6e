"""Passwords that are made of the words of this field: the first that anybody guesses."""

from __future__ import annotations

import re
from typing import Any, Final

from django.core.exceptions import ValidationError

from controltotal.service.apps import house
from controltotal.verbs.opening import names_of

LEAST: Final = 8
"""Characters that a password has beside the words of this field."""
WORDS: Final = (
    "admin",
    "april",
    "assurance",
    "august",
    "autumn",
    "balance",
    "board",
    "budget",
    "care",
    "chief",
    "clinical",
    "commissioning",
    "control",
    "controltotal",
    "december",
    "deficit",
    "director",
    "efficiency",
    "february",
    "finance",
    "forecast",
    "foundation",
    "hospital",
    "integrated",
    "january",
    "letmein",
    "march",
    "medical",
    "monday",
    "money",
    "month",
    "november",
    "nurse",
    "october",
    "officer",
    "outturn",
    "password",
    "report",
    "return",
    "saving",
    "savings",
    "scheme",
    "september",
    "spring",
    "summer",
    "surplus",
    "system",
    "total",
    "trust",
    "welcome",
    "winter",
    "year",
)
"""Words of this field and of everybody's passwords; the names and codes of the book's bodies come to them."""


class OwnWords:
    """Refuses a password that has too little beside words of this field, names of bodies and its user's."""

    def validate(self, password: str, user: Any = None) -> None:
        """Raise a ValidationError where too little is left."""
        if left_of(password, (*_bodies(), str(getattr(user, "username", "")))) < LEAST:
            raise ValidationError(self.get_help_text(), code="own_words")

    def get_help_text(self) -> str:
        """What is asked of a password."""
        return (
            "A password needs more beside words of this field and names of organisations: three or four "
            "words that do not belong together are good."
        )


def left_of(password: str, names: tuple[str, ...] = ()) -> int:
    """Characters of a password beside known words, whatever their case.

    >>> left_of("Finance-2026!"), left_of("brown kettle uphill")
    (6, 19)
    """
    rest = password.lower()
    for word in sorted({*WORDS, "nhs", "icb", *map(str.lower, names)}, key=len, reverse=True):
        if len(word) > 2:
            rest = rest.replace(word, "")
    return len(rest)


def _bodies() -> tuple[str, ...]:
    """The words of the names of the bodies that are served, and their codes."""
    named = names_of(house().workings)
    return (*named, *(word for text in named.values() for word in re.findall(r"\w{4,}", text)))
