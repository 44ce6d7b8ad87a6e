"""Remembering: a result is worked out once for each set of arguments and kept on its owner.

What is remembered lives and dies with the object that it is about (the first argument: `self` of
a method, or the papers that a function reads), so nothing outlives the reading it belongs to and
no two readings share an answer. Arguments must be hashable; what is kept must not be changed.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from functools import wraps
from inspect import signature
from typing import Concatenate, ParamSpec, TypeVar

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
    asked = list(signature(method).parameters.values())[1:]
    default = {one.name: one.default for one in asked}

    @wraps(method)
    def ask(owner: Owner, /, *args: Asked.args, **options: Asked.kwargs) -> Result:
        known: dict[Hashable, Result] | None = getattr(owner, name, None)
        if known is None:
            known = {}
            setattr(owner, name, known)
        label: tuple[object, ...] = args
        if len(args) < len(asked):  # one label, whether a default is written out or not
            given = {**default, **options}
            label += tuple(given[one.name] for one in asked[len(args) :])
        try:
            return known[label]
        except KeyError:
            result = known[label] = method(owner, *args, **options)
            return result

    return ask
