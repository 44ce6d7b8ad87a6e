"""Statements by line, told from columns: which may hold a total of their own, and what they leave."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import TYPE_CHECKING, Final

from controltotal.book.doubt.screen import Screen
from controltotal.book.grouped import STATEMENT, group_by
from controltotal.core.late import Late

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Numbers = npt.NDArray[np.int64]
    Mask = npt.NDArray[np.bool_]
else:
    np = Late("numpy")

SIGN: Final = {"income": 1, "cost": -1}
PERIODS_MOST: Final = 60
"""So many different periods can be told apart in one number."""


def may_have_totals(
    screen: Screen,
    own: Collection[str],
    called: Callable[[str], bool],
    result: Callable[[str], bool],
) -> Mask:
    """Statements of which one of the book's own lines may be the sum, or the rest, of others.

    `called` and `result` say which names speak of a total or a result: their statements are all looked
    at. Of the others, where every line tells the same periods, the whole of a line tells whether it can be.
    """
    statements = screen.statements
    found = np.zeros(len(statements.keys), dtype=np.bool_)
    mine = {name for name in screen.table.present("line") if name in own}
    if not mine:
        return found
    sheet = _Sheet(screen)
    for name in sorted(mine):
        place = sheet.number[name]
        if place < 0:
            continue
        there = sheet.filled[:, place]
        if called(name) or result(name):
            found |= there
            continue
        one = sheet.sums[:, place]
        for others in sheet.beside(name, called):
            rest = sheet.sums[:, others].sum(axis=1)
            room = (sheet.room[:, others].sum(axis=1) + sheet.room[:, place]) // 2
            found |= there & (np.abs(one - rest) <= room)
        signs = sheet.signs.copy()
        signs[place] = 0
        counts = 1 if screen.lines[name].kind == "income" else -1
        found |= there & (counts * one == sheet.sums @ signs)
        found |= there & ~sheet.even
    return found


class _Sheet:
    """Sums of statements by line: of lines that make a surplus, savings of schemes left out."""

    def __init__(self, screen: Screen) -> None:
        table, statements = screen.table, screen.statements
        values = table.labels("line").values
        names = [v for v in values if v and v in screen.lines and screen.lines[v].added]
        self.names = list(dict.fromkeys(names))
        self.lines = screen.lines
        self.number = dict.fromkeys(values, -1) | {n: i for i, n in enumerate(self.names)}
        column = np.array([self.number[value] for value in values], dtype=np.int64)
        places = column[table.labels("line").codes[statements.at]]
        rows = np.flatnonzero(places >= 0)
        at, shape = statements.at[rows], (len(statements.keys), len(self.names))
        cell = statements.of_row[rows] * shape[1] + places[rows]
        self.sums = _added(cell, table.pence[at], shape)
        self.filled = _added(cell, (table.pence[at] != 0).astype(np.int64), shape) > 0
        steps = table.columns.scale[at] // 10 ** np.minimum(table.columns.decimals[at], 18).astype(
            np.int64
        )
        self.room = _added(cell, np.where(table.columns.scale[at] > 100, steps, 0), shape)
        self.signs = np.array([SIGN.get(self.lines[n].kind, 0) for n in self.names], dtype=np.int64)
        self.even = self._even(screen, cell, at, shape)

    def _even(self, screen: Screen, cell: Numbers, at: Numbers, shape: tuple[int, int]) -> Mask:
        """The statements of which every filled line tells the same periods."""
        months = screen.folded("month")[at]
        if len(months) and months.max() > PERIODS_MOST:
            return np.zeros(shape[0], dtype=np.bool_)
        told = np.zeros(shape[0] * shape[1], dtype=np.int64)
        np.bitwise_or.at(told, cell, np.int64(1) << months)
        told = told.reshape(shape)
        most = np.where(self.filled, told, 0).max(axis=1, initial=0)
        return np.asarray((~self.filled | (told == most[:, None])).all(axis=1), dtype=np.bool_)

    def beside(self, name: str, called: Callable[[str], bool]) -> list[list[int]]:
        """The sets of lines of which one may be the sum: of its group, its kind, less totals."""
        line = self.lines[name]
        kind = [n for n in self.names if n != name and self.lines[n].kind == line.kind]
        group = [n for n in kind if line.group and self.lines[n].group == line.group]
        plain = [n for n in kind if not called(n)]
        sets = {tuple(some) for some in (kind, group, plain) if some}
        return [[self.number[n] for n in some] for some in sorted(sets)]


def _added(cell: Numbers, values: Numbers, shape: tuple[int, int]) -> Numbers:
    """Whole numbers added up by cell of a sheet, exactly."""
    found = np.zeros(shape[0] * shape[1], dtype=np.int64)
    np.add.at(found, cell, values)
    return found.reshape(shape)


class Surpluses:
    """What each statement leaves, of those whose lines are months or years and nothing else."""

    def __init__(self, screen: Screen) -> None:
        series = screen.series
        lines = screen.table.labels("line").codes[series.firsts]
        values = screen.table.labels("line").values
        known: Mapping[str, int] = {
            n: SIGN.get(screen.lines[n].kind, 0) if screen.lines[n].added else 0
            for n in screen.table.present("line")
        }
        sign = np.array([known.get(v or "", 0) for v in values], dtype=np.int64)[lines]
        own = screen.table.labels("scheme").mask(lambda scheme: not scheme)[series.firsts]
        counted = np.flatnonzero(own & (sign != 0))
        self._by = group_by(screen.table, STATEMENT, series.firsts[counted])
        sums = series.sums(screen.table.pence)[counted] * sign[counted]
        whole = (screen.one_year | (screen.count == 12))[counted]
        self._left = self._by.sums(sums)
        self._mixed = self._by.any_of(screen.mixed[counted])
        self._short = self._by.any_of(~whole)
        self._both = self._by.any_of(sign[counted] > 0) & self._by.any_of(sign[counted] < 0)

    def of(self, key: tuple[str, str, str, str]) -> tuple[bool, int | None]:
        """Whether the columns tell what a statement leaves, and what: None where it lacks a part."""
        group = self._by.find(key)
        if group < 0:
            return True, None
        if self._mixed[group]:
            return False, None
        if self._short[group] or not self._both[group]:
            return True, None
        return True, int(self._left[group])
