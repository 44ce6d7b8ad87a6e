"""Options as typed, read in one way or refused in one line."""

from __future__ import annotations

from collections.abc import Sequence

from controltotal.core.errors import BookError


def choice(name: str, text: str | None, words: Sequence[str]) -> str | None:
    """One of the words allowed, or nothing."""
    if text is None or text in words:
        return text
    raise BookError(f"{name} reads {text!r}", "the command", f"give one of {', '.join(words)}")


def codes_option(text: str | None) -> tuple[str, ...]:
    """Codes separated by commas.

    >>> codes_option("QMM, QE1")
    ('QMM', 'QE1')
    """
    return tuple(part.strip() for part in (text or "").split(",") if part.strip())
