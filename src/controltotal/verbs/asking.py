"""What people type to a verb, read in one way or refused in one line: words of a list, codes."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from fractions import Fraction
from numbers import Integral, Real
from pathlib import Path
from types import NoneType, UnionType
from typing import Any, get_args, get_origin

from controltotal.core.errors import BookError

SAID: dict[Any, str] = {
    str: "text",
    int: "a whole number",
    float: "a number",
    Fraction: "a number",
    bool: "True or False",
    Path: "a path",
    date: "a day",
}
"""What people call the kinds of value that an option takes."""
YEARS_MOST = 30
"""Most years that a plan or a path ahead may be asked for."""
LIKE: dict[Any, type] = {int: Integral, float: Real, Fraction: Real}
"""Kinds of number that other packages bring too, such as numpy's, by the kind that is asked for."""


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


def refuse_outside(option: str, value: float, least: float, most: float) -> None:
    """Refuse a number that an option cannot mean; not-a-number is outside everything."""
    if not least <= value <= most:
        told = f"give a number from {least} to {most}"
        raise BookError(f"{option} reads {value}", "the command", told)


def of_kind(value: object, kind: Any) -> bool:
    """Whether a value is of the kind that an option is declared to take.

    True and False are no numbers here, and a text is no list of texts.

    >>> of_kind(2013, str | None), of_kind(None, str | None), of_kind(True, int)
    (False, True, False)
    """
    if get_origin(kind) is UnionType:
        return any(of_kind(value, one) for one in get_args(kind))
    plain = get_origin(kind) or kind
    if plain is Callable or not isinstance(plain, type):
        return callable(value)
    if isinstance(value, bool):
        return plain is bool
    if plain is Sequence:
        words = isinstance(value, Sequence) and not isinstance(value, str | bytes)
        return words and all(isinstance(one, str) for one in value)  # type: ignore[attr-defined]
    return isinstance(value, LIKE.get(plain, plain))


def refuse_other_kind(option: str, value: object, kind: Any) -> None:
    """Refuse a value that is of another kind than its option takes, and say what it takes."""
    if of_kind(value, kind):
        return
    kinds = get_args(kind) if get_origin(kind) is UnionType else (kind,)
    told = [_said(one) for one in kinds if one is not NoneType]
    shown = repr(value)
    raise BookError(
        f"{option} reads {shown if len(shown) <= 60 else shown[:57] + '...'}",
        "the command",
        f"give {' or '.join(dict.fromkeys(told))}",
    )


def _said(kind: Any) -> str:
    plain = get_origin(kind) or kind
    if plain is Sequence:
        return "a list of texts"
    if plain is Mapping:
        return "a dictionary"
    if plain is Callable:
        return "a function"
    return SAID.get(plain, f"a {plain.__name__}")
