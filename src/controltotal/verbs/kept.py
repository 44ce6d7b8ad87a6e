"""Answers that were given once and are asked again: kept by book, moment, verb and options.

A book is what its root says, so an answer holds for as long as the root does: after an act it has
another, and the verb answers anew. What has no root of its own (a what-if, a reading less some rows) is
never kept, for nothing tells two of them apart.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Hashable, Mapping
from dataclasses import replace
from datetime import date
from inspect import signature
from typing import Any, Final, NoReturn

from controltotal.book.fold import Position
from controltotal.core.money import page_unit
from controltotal.core.progress import Progress, stop_if_cancelled, working
from controltotal.core.result import Result
from controltotal.verbs.loading import load
from controltotal.workings.workings import Workings

ANSWERS: Final = frozenset(
    {"check", "position", "trajectory", "schemes", "register", "history", "forecast", "calibrate"}
    | {"risk", "opportunities", "portfolio", "share", "decide", "boundaries", "challenge"}
    | {"explain"}
)
"""The verbs that answer from a reading of one book, and write nothing."""
OUTSIDE: Final = ("data",)
"""Options that name a place whose content may change: an answer that rests on it is not kept."""
MOST: Final = 256
"""Answers that are kept where nobody says how many."""
BETWEEN_CHECKS: Final = 0.1
"""Seconds between two looks of one who waits at whether it was cancelled."""


class Kept:
    """Answers of verbs, each worked out once however many ask for it at the same time.

    At most `most` are kept, those asked for longest ago leave first. Threads may share it. An answer is
    given to all who ask for it, so its options and tables refuse to be changed; those of an answer
    that is not kept do too.

    >>> from controltotal import read
    >>> kept, book = Kept(), read("examples/nene-2013")
    >>> first = kept.answer("position", book, year="2013/14")
    >>> kept.answer("position", book, year="2013/14") is first
    True
    """

    def __init__(self, most: int = MOST) -> None:
        if most < 1:
            raise ValueError(f"answers to keep: {most}; give one or more")
        self._most = most
        self._known: OrderedDict[Hashable, Result] = OrderedDict()
        self._making: dict[Hashable, threading.Event] = {}
        self._lock = threading.Lock()

    def __len__(self) -> int:
        return len(self._known)

    def answer(
        self,
        verb: str,
        book: Position | Workings,
        *,
        progress: Progress | None = None,
        **options: Any,
    ) -> Result:
        """What a verb answers of a reading under these options, from memory where it is known.

        Of several who ask the same at once one works it out and the others wait; where that one fails
        or is cancelled, the next does. `progress` cancels the waiting too. Errors are those of the verb,
        and are not kept; a verb that does not answer from a reading is a ValueError.
        """
        if verb not in ANSWERS:
            raise ValueError(
                f"{verb} is no verb whose answers are kept: {', '.join(sorted(ANSWERS))}"
            )
        ask = load(verb)
        key = _key(ask, verb, book, options)
        with working(progress, verb):
            if key is None:
                return fixed(ask(book, **options))
            while True:
                found, made = self._look(key)
                if found is not None:
                    return found
                if made is None:
                    return self._make(key, lambda: fixed(ask(book, **options)))
                while not made.wait(BETWEEN_CHECKS):
                    stop_if_cancelled()

    def _look(self, key: Hashable) -> tuple[Result | None, threading.Event | None]:
        """The answer, or what tells when another has made it; with neither this one is to make it."""
        with self._lock:
            found = self._known.get(key)
            if found is not None:
                self._known.move_to_end(key)
                return found, None
            made = self._making.get(key)
            if made is None:
                self._making[key] = threading.Event()
            return None, made

    def _make(self, key: Hashable, make: Any) -> Result:
        try:
            result: Result = make()
            with self._lock:
                self._known[key] = result
                while len(self._known) > self._most:
                    self._known.popitem(last=False)
            return result
        finally:
            with self._lock:
                made = self._making.pop(key)
            made.set()


def _key(
    ask: Any, verb: str, book: Position | Workings, options: Mapping[str, Any]
) -> Hashable | None:
    """What tells one question from every other; None where nothing does."""
    position = book.position if isinstance(book, Workings) else book
    if not position.ref.root or not position.place or any(map(options.get, OUTSIDE)):
        return None
    bound = signature(ask).bind(book, **options)
    bound.apply_defaults()
    asked = tuple(
        (name, _told(value))
        for name, value in list(bound.arguments.items())[1:]
        if name != "progress"
    )
    upto = position.upto
    key = (
        position.ref,
        position.place,
        _told(position.as_at),
        None if upto is None else (upto.year, upto.month),
        position.book_only,
        len(position.taken),
        page_unit(),
        verb,
        asked,
    )
    try:
        hash(key)
    except TypeError:
        return None
    return key


def _told(value: Any) -> Any:
    """An option by its kind and value, for True is not 1 and a list is what it holds."""
    if isinstance(value, date):
        return type(value).__name__, value.isoformat()
    if isinstance(value, list | tuple):
        return "list", tuple(map(_told, value))
    return type(value).__name__, value


class Fixed(dict[Any, Any]):
    """A dictionary that refuses to be changed; a copy of it (`dict(row)`) does not.

    >>> row = Fixed({"pence": 1})
    >>> row["pence"] = 2
    Traceback (most recent call last):
    TypeError: an answer that is kept cannot be changed; change a copy of it
    """

    def _refuse(self, *_: Any, **__: Any) -> NoReturn:
        raise TypeError("an answer that is kept cannot be changed; change a copy of it")

    def __reduce__(self) -> tuple[Any, ...]:
        return dict, (dict(self),)  # a copy is a dictionary like any other

    __setitem__ = __delitem__ = __ior__ = _refuse
    clear = pop = popitem = setdefault = update = _refuse


def fixed(result: Result) -> Result:
    """A Result of which nothing can be changed: the same words, figures and bytes of JSON."""
    return replace(
        result,
        options=_fixed(result.options),
        tables=_fixed(result.tables),
        trace=Fixed(result.trace),
        names=Fixed(result.names),
    )


def _fixed(value: Any) -> Any:
    if isinstance(value, Mapping):
        return Fixed({name: _fixed(one) for name, one in value.items()})
    if isinstance(value, list | tuple):
        return tuple(map(_fixed, value))
    return value
