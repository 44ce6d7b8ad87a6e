"""What people type to a verb, read in one way or refused in one line: words of a list, codes."""

from __future__ import annotations

from collections.abc import Sequence

from controltotal.core.errors import BookError


def one_of(option: str, text: str | None, words: Sequence[str]) -> str | None:
    """One of the words allowed, or None where none was given."""
    if text is None or text in words:
        return text
    raise BookError(f"{option} reads {text!r}", "the command", f"give one of {', '.join(words)}")


def codes_read(codes: str | Sequence[str]) -> tuple[str, ...]:
    """Codes as a list, or as text separated by commas.

    >>> codes_read("QMM, QE1"), codes_read(["QMM"])
    (('QMM', 'QE1'), ('QMM',))
    """
    parts = codes.split(",") if isinstance(codes, str) else codes
    return tuple(part.strip() for part in parts if part.strip())
