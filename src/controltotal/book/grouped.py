"""Rows of a table of amounts by some of their labels, without a record of any of them."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

from controltotal.book.amount_table import AmountTable, Groups, grouped, numbered
from controltotal.book.records import Amount
from controltotal.core.kept import kept
from controltotal.core.late import Late

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Numbers = npt.NDArray[np.int64]
    Mask = npt.NDArray[np.bool_]
else:
    np = Late("numpy")

SERIES: Final = (
    "organisation",
    "line",
    "year",
    "basis",
    "scenario",
    "recurrence",
    "counterparty",
    "scheme",
)
STATEMENT: Final = ("organisation", "year", "basis", "scenario")


@dataclass(frozen=True, eq=False)
class Grouped:
    """Rows of a table by some labels; `at` are the places in the table of the rows grouped."""

    table: AmountTable
    names: Sequence[str]
    keys: Numbers
    groups: Groups
    at: Numbers

    def places(self, group: int) -> Numbers:
        """The places of the rows of a group in the table."""
        return self.at[self.groups[group]]

    def key(self, group: int) -> tuple[Any, ...]:
        """The labels of a group, empty text where there is none."""
        first = int(self.places(group)[0])
        columns = (self.table.labels(name) for name in self.names)
        return tuple(column.values[column.codes[first]] or "" for column in columns)

    def find(self, key: Sequence[Any]) -> int:
        """The group of some labels; below nil where there is none."""
        packed = 0
        for name, value in zip(self.names, key, strict=True):
            number = self._numbers[name]
            if value not in number:
                return -1
            packed = packed * len(number) + number[value]
        place = int(self.keys.searchsorted(packed))
        return place if place < len(self.keys) and self.keys[place] == packed else -1

    @cached_property
    def _numbers(self) -> Mapping[str, Mapping[Any, int]]:
        return {name: numbered(self.table.labels(name).values) for name in self.names}

    @cached_property
    def of_row(self) -> Numbers:
        """The group of each row grouped."""
        found = np.empty(len(self.at), dtype=np.int64)
        sizes = np.diff(self.groups.starts)
        found[self.groups.order] = np.repeat(np.arange(len(sizes)), sizes)
        return found

    @cached_property
    def firsts(self) -> Numbers:
        """The place of the first row of each group."""
        return self.at[self.groups.order[self.groups.starts[:-1]]]

    def in_order(self, chosen: Numbers | Mask | Collection[int]) -> list[int]:
        """Some groups in the order in which their first rows stand."""
        if isinstance(chosen, np.ndarray):
            some = np.flatnonzero(chosen) if chosen.dtype == np.bool_ else chosen
        else:
            some = np.array(sorted(chosen), dtype=np.int64)
        return [int(group) for group in some[np.argsort(self.firsts[some], kind="stable")]]

    def rows(self, group: int) -> list[Amount]:
        """The records of a group."""
        return self.table.some(self.places(group))

    def rows_of(self, key: Sequence[Any]) -> list[Amount]:
        """The records of the group of some labels; none where there is no such group."""
        group = self.find(key)
        return self.rows(group) if group >= 0 else []

    def any_of(self, mask: Mask) -> Mask:
        """The groups of which some row passes; `mask` is over the rows grouped."""
        return np.bincount(self.of_row[mask], minlength=len(self.keys)) > 0

    def sums(self, values: Numbers) -> Numbers:
        """The sum of whole numbers by group; `values` are over the rows grouped."""
        ordered = values[self.groups.order]
        return np.add.reduceat(ordered, self.groups.starts[:-1]) if len(ordered) else ordered


def group_by(table: AmountTable, names: Sequence[str], at: Numbers | None = None) -> Grouped:
    """The rows of a table, or some of them, by labels."""
    where = np.arange(len(table), dtype=np.int64) if at is None else at
    keys, groups = grouped(table.columns, names, at)
    return Grouped(table, tuple(names), keys, groups, where)


@kept
def series_of(table: AmountTable) -> Grouped:
    """Rows that differ in their month alone."""
    return group_by(table, SERIES)


@kept
def statements_of(table: AmountTable) -> Grouped:
    """Rows that are no savings of a scheme, by body, year, basis and scenario."""
    own = table.labels("scheme").mask(lambda scheme: not scheme)
    return group_by(table, STATEMENT, np.flatnonzero(own))
