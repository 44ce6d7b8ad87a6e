"""Options of verbs as a program gives them: texts of an address, read as each verb's own kinds."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from functools import cache
from inspect import Parameter, signature
from typing import Any, Final

from controltotal.core.errors import BookError
from controltotal.verbs.kept import ANSWERS
from controltotal.verbs.loading import load

HELD_BACK: Final = frozenset({"book", "data", "within", "threads", "progress", "figure"})
"""Parameters that are no option of a program's: places on this machine, and how it works."""
MOST: Final[Mapping[str, int]] = {"draws": 100_000, "seed": 2**31 - 1}
"""The largest whole number of an option, where it is not the usual one."""
USUAL_MOST: Final = 1_000
MANY_DRAWS: Final = 1_000
"""Draws from which on an answer is work for the worker."""
LONGEST: Final = 500
VERBS: Final = tuple(sorted(ANSWERS - {"explain"}))
"""Verbs that a program asks by their names; `explain` is asked at the address of a figure."""


@cache
def options_of(verb: str) -> Mapping[str, str]:
    """The options of a verb as a program names them, each with its kind: text, whole, number, yes.

    >>> options_of("history")["year"], options_of("trajectory")["from"]
    ('text', 'text')
    """
    found = {}
    for name, parameter in signature(load(verb)).parameters.items():
        if name not in HELD_BACK:
            found[name.rstrip("_")] = _kind(parameter)
    return found


def _kind(parameter: Parameter) -> str:
    said = str(parameter.annotation)
    if said == "bool":
        return "yes"
    if "Fraction" in said or said == "float":
        return "number"
    return "whole" if said in ("int", "int | None") else "text"


def read_options(verb: str, given: Mapping[str, list[str]]) -> dict[str, Any]:
    """The options that texts give a verb; a BookError names the first that is not right."""
    known = options_of(verb)
    asks = set(signature(load(verb)).parameters)
    found = {}
    for name, texts in given.items():
        if name not in known:
            raise BookError(
                f"{verb} has no option {name}"[:LONGEST], verb, f"use {', '.join(known)}"
            )
        if len(texts) != 1:
            raise BookError(f"{name} is given {len(texts)} times", verb, "give it once")
        if texts[0]:
            found[name if name in asks else f"{name}_"] = _value(name, texts[0], known[name])
    return found


def _value(name: str, text: str, kind: str) -> Any:
    if len(text) > LONGEST or not text.isprintable():
        raise BookError(f"{name} cannot be read", name, f"give at most {LONGEST} plain letters")
    if kind == "text":
        return text
    if kind == "yes":
        if text.lower() not in ("true", "false"):
            raise BookError(f"{name} reads {text!r}", name, "say true or false")
        return text.lower() == "true"
    most = MOST.get(name, USUAL_MOST)
    value: int | Fraction | None
    try:
        value = int(text) if kind == "whole" else Fraction(text)
    except (ValueError, ZeroDivisionError):
        value = None
    if value is None or not -most <= value <= most:
        raise BookError(
            f"{name} reads {text!r}", name, f"give a {'whole ' * (kind == 'whole')}number to {most}"
        )
    return value if kind == "whole" or name in ("non_recurrent", "fairness") else float(value)


def documented() -> list[dict[str, Any]]:
    """Every option of every verb for OpenAPI, with the verbs that have it."""
    verbs: dict[str, list[str]] = {}
    kinds: dict[str, str] = {}
    for verb in VERBS:
        for name, kind in options_of(verb).items():
            verbs.setdefault(name, []).append(verb)
            kinds[name] = kind
    return [
        {
            "name": name,
            "in": "query",
            "required": False,
            "description": f"An option of {', '.join(verbs[name])}.",
            "schema": _schema(name, kind),
        }
        for name, kind in kinds.items()
    ]


def _schema(name: str, kind: str) -> dict[str, Any]:
    most = MOST.get(name, USUAL_MOST)
    shapes: dict[str, dict[str, Any]] = {
        "yes": {"type": "boolean"},
        "whole": {"type": "integer", "minimum": -most, "maximum": most},
        "number": {"type": "number", "minimum": -most, "maximum": most},
        "text": {"type": "string", "maxLength": LONGEST},
    }
    return shapes[kind]
