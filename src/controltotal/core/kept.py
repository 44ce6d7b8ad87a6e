"""Remembering: a result is worked out once for each set of arguments and kept on its owner.

What is remembered lives and dies with the object that it is about (the first argument: `self` of
a method, or the papers that a function reads), so nothing outlives the reading it belongs to and
no two readings share an answer. Arguments must be hashable; what is kept must not be changed.

Several threads may ask of one owner. Two that ask the same at once may both work it out, and both have
the result of the first; none ever has a part of one.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from functools import wraps
from inspect import signature
from threading import Lock, get_ident
from typing import Any, Concatenate, Final, ParamSpec, TypeVar

from controltotal.core.progress import stop_if_cancelled

DEEP: Final = 50
"""Levels of a tree from which a total is worked out from the lowest bodies upwards."""

_BEGINNING: Final = Lock()
"""Held while an owner begins to remember, so that all its threads remember in one place."""

Owner = TypeVar("Owner")
Asked = ParamSpec("Asked")
Result = TypeVar("Result")


def kept(
    method: Callable[Concatenate[Owner, Asked], Result],
) -> Callable[Concatenate[Owner, Asked], Result]:
    """A method, or a function of an object, whose results are remembered on that object.

    >>> class Square:
    ...     worked = 0
    ...     @kept
    ...     def of(self, number: int) -> int:
    ...         self.worked += 1
    ...         return number * number
    >>> one = Square()
    >>> one.of(3), one.of(3), one.worked
    (9, 9, 1)
    >>> Square().worked
    0
    """
    name = f"_kept_{method.__name__}"
    label_of, whole = _labels(method), _count(method)

    @wraps(method)
    def ask(owner: Owner, /, *args: Asked.args, **options: Asked.kwargs) -> Result:
        known: dict[Hashable, Result] | None = getattr(owner, name, None)
        if known is None:
            known = _begun(owner, name)
        label = args if len(args) == whole else label_of(args, options)
        try:
            return known[label]
        except KeyError:
            stop_if_cancelled()
            return known.setdefault(label, method(owner, *args, **options))

    return ask


def _begun(owner: object, name: str) -> dict[Any, Any]:
    """Where an owner remembers under a name, from now on."""
    with _BEGINNING:
        known: dict[Any, Any] | None = getattr(owner, name, None)
        if known is None:
            known = {}
            setattr(owner, name, known)
        return known


def _count(method: Callable[..., Any]) -> int:
    """How many things a method is asked; so many in their places are a label as they stand."""
    return len(signature(method).parameters) - 1


def _labels(method: Callable[..., Any]) -> Callable[[Any, Any], tuple[object, ...]]:
    """One label for what a method is asked, whether a default is written out or not.

    >>> label_of = _labels(lambda owner, code, year="", *, most=1: None)
    >>> label_of(("A",), {}) == label_of(("A", ""), {"most": 1})
    True
    """
    asked = list(signature(method).parameters.values())[1:]
    names = [one.name for one in asked]
    defaults = tuple(one.default for one in asked)

    def label_of(args: tuple[object, ...], options: dict[str, object]) -> tuple[object, ...]:
        if not options:
            return args + defaults[len(args) :]
        rest = zip(names[len(args) :], defaults[len(args) :], strict=True)
        return args + tuple(options.get(name, default) for name, default in rest)

    return label_of


def kept_from_below(
    method: Callable[Concatenate[Any, str, str, Asked], Result],
) -> Callable[Concatenate[Any, str, str, Asked], Result]:
    """What is made of those below, of a body in a year: remembered, and safe in a tree of any depth.

    Such a method asks for itself of each body below. In a deep tree that would be a call within a
    call for each level, more than Python can hold, so there every body is answered once from the
    lowest up, and each finds its answers below already kept. The owner has a `tree`.
    """
    name = f"_kept_{method.__name__}"
    climbs = f"_climbing_{method.__name__}"
    label_of, whole = _labels(method), _count(method)

    @wraps(method)
    def ask(
        owner: Any, code: str, year: str, /, *args: Asked.args, **options: Asked.kwargs
    ) -> Result:
        known: dict[Hashable, Result] | None = getattr(owner, name, None)
        if known is None:
            known = _begun(owner, name)
        label: tuple[Any, ...] = (code, year, *args)
        if len(label) != whole:
            label = label_of(label, options)
        if label in known:
            return known[label]
        tree = owner.tree
        if tree.depth(year) > DEEP and tree.children(code, year):
            # a climb of another thread has not come as far as here: each climbs for itself
            climb = (get_ident(), *label[1:])
            climbing = getattr(owner, climbs, None) or _begun(owner, climbs)
            if climb not in climbing:
                climbing[climb] = True
                try:
                    for body in tree.lowest_first(year):
                        ask(owner, body, year, *args, **options)
                finally:
                    del climbing[climb]  # all is known now, or what was stopped is climbed again
                if label in known:
                    return known[label]
        stop_if_cancelled()
        return known.setdefault(label, method(owner, code, year, *args, **options))

    return ask
