"""What the public is shown of a book: its answers, less all that differs without what is withheld."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache

from controltotal.book.left_out import again, ends, label, without
from controltotal.core.public import public
from controltotal.core.result import Result
from controltotal.core.withheld_reckoning import chosen, rows_withheld, still_told
from controltotal.core.withholding import Withholding
from controltotal.workings.workings import Workings

Asked = Callable[[Workings], Mapping[str, Result]]
"""How the answers are made of a reading."""


def told_to_public(
    workings: Workings, results: Mapping[str, Result], ask: Asked
) -> dict[str, Result]:
    """The answers as the public may see them; `ask` makes them again of a book that lacks some.

    What is withheld is taken from the book with as little else as may be: the rows on which the
    fewest other figures rest, and those that say the same once more. If the rest tells it all the
    same, all rows behind it are.
    """
    held = Withholding(results)
    position = workings.position

    @cache
    def label_of(entry: int) -> tuple[str, ...] | None:
        row = position.of_entry(entry)
        return None if row is None else label(row)

    once_more: set[int] = set()
    for figure in chosen(held):
        if figure.unit == "pence" and isinstance(figure.value, int):
            once_more |= again(position, figure.organisation, figure.year, figure.value)
    less: Mapping[str, Result] | None = None
    for every in (False, True):
        entries = rows_withheld(held, label_of, all_of=every) | once_more
        if not entries:
            break
        entries |= ends(position, entries)
        less = ask(Workings(without(position, entries)))
        if not still_told(held, less):
            break
    return public(results, less)
