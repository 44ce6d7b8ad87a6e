"""Numbers of ledger entries that are looked up when somebody reads them, and not before."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import overload


class Entries(Sequence[int]):
    """The entries that a sum rests on, by a way to find them; equal to the tuple of them.

    A nation's figures rest on millions of rows, and nobody reads those of more than a few.

    >>> some = Entries(lambda: [3, 1, 3])
    >>> list(some), some.in_order() == (1, 3)
    ([3, 1, 3], True)
    """

    __slots__ = ("_find", "_some")

    def __init__(self, find: Callable[[], Sequence[int]], *, some: bool | None = None) -> None:
        self._find = find
        self._some = some

    def in_order(self) -> Entries:
        """The same in order, each once."""
        return Entries(lambda: sorted(set(self._find())), some=self._some)

    def __bool__(self) -> bool:
        """Whether there are any, told beforehand where it is known."""
        return bool(self._find()) if self._some is None else self._some

    def __iter__(self) -> Iterator[int]:
        """Each of them."""
        return iter(self._find())

    def __len__(self) -> int:
        """How many there are."""
        return len(self._find())

    @overload
    def __getitem__(self, index: int) -> int: ...

    @overload
    def __getitem__(self, index: slice) -> Sequence[int]: ...

    def __getitem__(self, index: int | slice) -> int | Sequence[int]:
        """One of them, or some."""
        return self._find()[index]

    def __eq__(self, other: object) -> bool:
        """Whether both are the same numbers in one order."""
        if not isinstance(other, tuple | Entries):
            return NotImplemented
        return tuple(self) == tuple(other)

    def __hash__(self) -> int:
        """That of the tuple of them."""
        return hash(tuple(self))

    def __repr__(self) -> str:
        """As the tuple of them is shown."""
        return repr(tuple(self))


def together(parts: Iterable[Sequence[int]]) -> Entries:
    """Several entries one after the other, looked up when they are read.

    >>> together([(1, 2), Entries(lambda: [5])]) == (1, 2, 5)
    True
    """
    kept = tuple(parts)
    return Entries(lambda: [entry for part in kept for entry in part])
