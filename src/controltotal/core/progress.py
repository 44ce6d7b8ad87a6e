"""Long work: how far it has come is told, and it can be cancelled while it runs.

A verb is handed a `Progress`; every engine under it, however deep, asks `stop_if_cancelled` as it goes and
tells how far it is by `part`, `parts` and `reached`. Which `Progress` that is belongs to the thread
(or task) that asked, so no engine carries it and two who ask at once never meet. What is told or asked
changes no figure: the same book, options and seed give the same bytes with it and without.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Final, TypeVar

from controltotal.core.errors import Cancelled

WHOLE: Final = 1000
"""What the whole of any work is told as: thousandths."""

Told = Callable[[int, int, str], None]
"""Called with what is done, of how much, and what is being done."""

Limit = Callable[[], None]
"""Asked as the work goes on; raises where a part of it has taken more than it may."""

Item = TypeVar("Item")


class Progress:
    """Who is told of long work, and may stop it from any thread.

    `told(done, of, what)` is called as the work goes on: `done` never falls, and is `of` at the end. Without
    it the work is silent. `seconds` is how long it may take, counted from here. A class made from this one
    may tell and check in ways of its own.

    >>> one = Progress(print)
    >>> one.tell(250, 1000, "reading")
    250 1000 reading
    >>> one.cancel()
    >>> one.check()
    Traceback (most recent call last):
    controltotal.core.errors.Cancelled: the work was stopped (on request): ask again; nothing was changed
    """

    def __init__(self, told: Told | None = None, *, seconds: float | None = None) -> None:
        self._told = told
        self._cancelled = threading.Event()
        self._until = None if seconds is None else time.monotonic() + seconds

    def cancel(self) -> None:
        """Stop the work at its next check; from any thread, as often as one likes."""
        self._cancelled.set()

    def tell(self, done: int, of: int, what: str) -> None:
        """So much is done of the whole, and this is being done."""
        if self._told is not None:
            self._told(done, of, what)

    def check(self) -> None:
        """Raise `Cancelled` if the work was cancelled, or its time is up."""
        if self._cancelled.is_set():
            raise Cancelled("the work was stopped", "on request", "ask again; nothing was changed")
        if self._until is not None and time.monotonic() >= self._until:
            raise Cancelled(
                "the work took longer than it was given",
                "the limit of time",
                "give it longer, or ask for one year or organisation; nothing was changed",
            )


class _Course:
    """Work in hand: who is told of it, and from where to where the present part of it goes.

    `low` and `high` are shares of the whole, 0 to 1.
    """

    __slots__ = ("done", "firm", "high", "limits", "low", "progress", "what")

    def __init__(self, progress: Progress) -> None:
        self.progress = progress
        self.low, self.high = 0.0, 1.0
        self.done, self.what = 0, ""
        self.firm = False
        self.limits: list[Limit] = []

    def check(self) -> None:
        """Raise `Cancelled` if the work was cancelled while it still can be, or what a limit raises."""
        if not self.firm:
            self.progress.check()
        for limit in self.limits:
            limit()

    def tell(self, share: float, what: str) -> None:
        """That so much of the whole is done: never less than was told before, nothing twice."""
        done = max(self.done, int(share * WHOLE))
        if done > self.done or what != self.what:
            self.done, self.what = done, what
            self.progress.tell(done, WHOLE, what)


_COURSE: ContextVar[_Course | None] = ContextVar("the work in hand", default=None)


@contextmanager
def working(progress: Progress | None, what: str) -> Iterator[None]:
    """Work of which somebody is told, from nothing to the whole; None goes on with the work in hand."""
    if progress is None:
        yield
        return
    progress.check()
    course = _Course(progress)
    token = _COURSE.set(course)
    try:
        yield
    finally:
        _COURSE.reset(token)
    course.tell(1.0, what)


@contextmanager
def within(limit: Limit) -> Iterator[None]:
    """A part of the work that asks `limit` wherever it asks whether it was cancelled.

    >>> def nothing_more() -> None:
    ...     raise ValueError("enough")
    >>> with within(nothing_more):
    ...     stop_if_cancelled()
    Traceback (most recent call last):
    ValueError: enough
    """
    course = _COURSE.get()
    if course is None:
        with working(Progress(), "a part"), within(limit):
            yield
        return
    course.limits.append(limit)
    try:
        yield
    finally:
        course.limits.remove(limit)


def stop_if_cancelled() -> None:
    """Raise `Cancelled` if the work in hand was cancelled; nothing where nobody can cancel it."""
    course = _COURSE.get()
    if course is not None:
        course.check()


def reached(done: int, of: int, what: str) -> None:
    """So many of so many steps of the present part are done; stops if the work was cancelled."""
    course = _COURSE.get()
    if course is not None:
        course.check()
        course.tell(course.low + (course.high - course.low) * done / of, what)


def checked(items: Iterable[Item], every: int = 10_000) -> Iterator[Item]:
    """The same items one by one; between every so many the work stops if it was cancelled.

    >>> sum(checked(range(5), every=2))
    10
    """
    for place, item in enumerate(items):
        if not place % every:
            stop_if_cancelled()
        yield item


def past_cancelling() -> None:
    """What was asked for stands: the rest of the work is told of, and is no longer cancelled."""
    course = _COURSE.get()
    if course is not None:
        course.firm = True


@contextmanager
def part(share: float, what: str) -> Iterator[None]:
    """The next share (0 to 1) of what is left of the present part; stops if the work was cancelled.

    >>> with working(Progress(print), "risk"):
    ...     with part(0.25, "reading"):
    ...         reached(1, 2, "reading amounts")
    ...     reached(0, 10, "drawing")
    0 1000 reading
    125 1000 reading amounts
    250 1000 drawing
    1000 1000 risk
    """
    course = _COURSE.get()
    if course is None:
        yield
        return
    course.check()
    low, high = course.low, course.high
    end = low + (high - low) * share
    course.high = end
    course.tell(low, what)
    try:
        yield
    finally:
        course.low, course.high = end, high


def parts(items: Collection[Item], what: Callable[[Item], str]) -> Iterator[Item]:
    """Each of some items as an equal part of what is left, told by its name as it begins.

    >>> with working(Progress(print), "a pack"):
    ...     done = [verb for verb in parts(("position", "risk"), str)]
    0 1000 position
    500 1000 risk
    1000 1000 a pack
    """
    left = len(items)
    for item in items:
        with part(1 / left, what(item)):
            yield item
        left -= 1
