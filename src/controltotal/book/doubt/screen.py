"""Which statements and series of very many amounts need to be looked at, told from columns.

A check looks at records, one statement or series at a time. Over a table of columns each has a
screen: arithmetic on whole columns that no group with a fault of that check can pass unseen. What a
screen lets through is looked at by the check itself; what it keeps back has nothing to be found.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Final

from controltotal.book.amount_table import AmountTable, folded_codes
from controltotal.book.grouped import STATEMENT, Grouped, group_by, series_of, statements_of
from controltotal.core.late import Late
from controltotal.core.lines import Line

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Numbers = npt.NDArray[np.int64]
    Mask = npt.NDArray[np.bool_]
else:
    np = Late("numpy")

BESIDE: Final = ("organisation", "line", "year", "scenario", "recurrence", "counterparty", "scheme")
"""What the series of one line on several bases have in common."""
MONTHS: Final = 12


class Screen:
    """The columns of amounts, arranged for the checks; each arrangement is made once."""

    def __init__(self, table: AmountTable, lines: Mapping[str, Line]) -> None:
        self.table = table
        self.lines = lines
        self.own_totals: Mask | None = None

    @cached_property
    def statements(self) -> Grouped:
        """Rows that are no savings of a scheme, by body, year, basis and scenario."""
        return statements_of(self.table)

    @cached_property
    def series(self) -> Grouped:
        """Rows that differ in their month alone."""
        return series_of(self.table)

    def of_lines(self, lines: Collection[str]) -> Mask:
        """The rows of some lines."""
        return self.table.labels("line").mask(lambda line: line in lines)

    def of_kind(self, kind: str) -> Mask:
        """The rows of lines of a kind that make a surplus and have one sign by law."""
        lines = {
            name
            for name in self.table.present("line")
            if (line := self.lines[name]).kind == kind and line.added and not line.outside
        }
        return self.of_lines(lines)

    @cached_property
    def month(self) -> Numbers:
        """The month of each row that is of one month; nil of any other."""
        column = self.table.labels("month")
        numbers = [int(v) if v and v.isdigit() else 0 for v in column.values]
        return np.array(numbers, dtype=np.int64)[column.codes]

    @cached_property
    def whole_year(self) -> Mask:
        """The rows that name no month."""
        return self.table.labels("month").mask(lambda month: not month)

    # -- series as months ---------------------------------------------------------------------------

    @cached_property
    def plain(self) -> Mask:
        """The series that are made of single months and nothing else."""
        return ~self.series.any_of(self.month == 0)

    @cached_property
    def one_year(self) -> Mask:
        """The series that are one row, of a whole year."""
        sizes = np.diff(self.series.groups.starts)
        one: Mask = self.series.any_of(self.whole_year) & (sizes == 1)
        return one

    @cached_property
    def mixed(self) -> Mask:
        """The series that are neither: quarters, halves, years to date, or several of these."""
        return ~self.plain & ~self.one_year

    @cached_property
    def months(self) -> Numbers:
        """The sums of the months of each plain series, nil where a month is not told: series by 12."""
        found = np.zeros((len(self.series.keys), MONTHS), dtype=np.int64)
        rows = np.flatnonzero(self.plain[self.series.of_row])
        found[self.series.of_row[rows], self.month[rows] - 1] = self.table.pence[rows]
        return found

    @cached_property
    def told(self) -> Mask:
        """The months that each plain series tells."""
        found = np.zeros((len(self.series.keys), MONTHS), dtype=np.bool_)
        rows = np.flatnonzero(self.plain[self.series.of_row])
        found[self.series.of_row[rows], self.month[rows] - 1] = True
        return found

    @cached_property
    def count(self) -> Numbers:
        """How many months each plain series tells."""
        return np.asarray(self.told.sum(axis=1), dtype=np.int64)

    @cached_property
    def from_april(self) -> Mask:
        """The plain series whose months run from April without a gap."""
        steps = np.arange(MONTHS)
        found: Mask = self.plain & (self.told == (steps < self.count[:, None])).all(axis=1)
        return found

    def of_same(self, marked: Mask) -> Mask:
        """The series of one line of which that on any basis is marked."""
        return np.asarray(self.beside.any_of(marked)[self.beside.of_row], dtype=np.bool_)

    @cached_property
    def beside(self) -> Grouped:
        """The series of one line on several bases, together."""
        return group_by(self.table, BESIDE, self.series.firsts)

    def running(self) -> Mask:
        """Series whose months may be running sums of those of another basis."""
        found, beside = self.mixed.copy(), self.beside
        basis = self.table.labels("basis").codes[self.series.firsts]
        able = self.from_april & (self.count >= 3)
        for one in np.unique(basis):
            for other in np.unique(basis):
                if one == other:
                    continue
                at = np.full(len(beside.keys), -1, dtype=np.int64)
                those = np.flatnonzero(basis == other)
                at[beside.of_row[those]] = those
                mine = np.flatnonzero((basis == one) & able)
                partner = at[beside.of_row[mine]]
                mine, partner = mine[partner >= 0], partner[partner >= 0]
                x, y = self.months[mine], self.months[partner]
                run = y.cumsum(axis=1)
                nearer = np.abs(x - run) < np.abs(x - y)
                found[mine[nearer[:, 1] & nearer[:, 2]]] = True
        return self.of_same(self.mixed) | found

    def climbing(self) -> Mask:
        """Series whose months, or quarters, may climb as running sums do."""
        able = self.from_april & (self.count >= 2)
        last = self.months[np.arange(len(self.count)), np.maximum(self.count, 1) - 1]
        first = (last / np.maximum(self.count, 1))[:, None]
        inside = np.arange(MONTHS) < self.count[:, None]
        steps = np.diff(self.months, axis=1, prepend=0)
        with np.errstate(divide="ignore", invalid="ignore"):
            share = steps / first
        fits = (self.months * first > 0) & (share > 0.39) & (share < 1.81)
        found: Mask = self.mixed | (able & (fits | ~inside).all(axis=1))
        return found

    def uneven_months(self, near: float, most: int) -> Mask:
        """Series of which one month may be a thousand times another."""
        sizes = np.abs(self.months).astype(np.float64)
        least = np.where(sizes > 0, sizes, np.inf).min(axis=1, initial=np.inf)
        apart = sizes.max(axis=1, initial=0.0) * near >= most * least
        found: Mask = self.mixed | (self.plain & apart)
        return found

    @cached_property
    def a_month(self) -> Numbers:
        """The size of a month of each series that is plain or of a whole year."""
        sums = np.abs(self.series.sums(self.table.pence))
        return sums // np.where(self.one_year, MONTHS, np.maximum(self.count, 1))

    def uneven_years(self, near: float, most: int) -> Mask:
        """Series of a line of which one year or basis may be a thousand times another."""
        names = ("organisation", "line", "recurrence", "counterparty", "scheme")
        lines = group_by(self.table, names, self.series.firsts)
        sizes = self.a_month.astype(np.float64)
        order, starts = lines.groups.order, lines.groups.starts[:-1]
        large = np.maximum.reduceat(sizes[order], starts)
        small = np.minimum.reduceat(np.where(sizes > 0, sizes, np.inf)[order], starts)
        apart = (large * near >= most * small) | lines.any_of(self.mixed)
        return np.asarray(apart[lines.of_row], dtype=np.bool_)

    def by_statement(self, marked: Mask) -> Numbers:
        """The size of a month of the marked series together, by body, year, basis and scenario."""
        some = np.flatnonzero(marked)
        statements = group_by(self.table, STATEMENT, self.series.firsts[some])
        return statements.sums(self.a_month[some])

    # -- statements -----------------------------------------------------------------------------------

    def _of_statements(self, mask: Mask) -> Mask:
        """A mask over the table as one over the rows of statements."""
        return mask[self.statements.at]

    def below_nil(self) -> Mask:
        """Statements of which a line of income or cost comes to less than nil."""
        counted = self.of_kind("income") | self.of_kind("cost")
        counted &= self.table.labels("scheme").mask(lambda s: not s)
        some = counted[self.series.firsts]
        lines = group_by(self.table, (*STATEMENT, "line"), self.series.firsts[some])
        if not len(lines.keys):
            return np.zeros(len(self.statements.keys), dtype=np.bool_)
        sums = self.series.sums(self.table.pence)[some]
        return self._of_firsts(lines.firsts[lines.sums(sums) < 0])

    def _of_firsts(self, places: Numbers) -> Mask:
        """The statements of the rows at some places of the table."""
        whole = np.zeros(len(self.table), dtype=np.bool_)
        whole[places] = True
        return self.statements.any_of(self._of_statements(whole))

    def of_bodies(self, codes: Collection[str]) -> Mask:
        """The statements of some bodies."""
        rows = self.table.labels("organisation").mask(lambda code: code in codes)
        return self.statements.any_of(self._of_statements(rows))

    def with_lines(self, *several: Collection[str]) -> Mask:
        """The statements that have a line of each of several sets."""
        found = np.ones(len(self.statements.keys), dtype=np.bool_)
        for lines in several:
            found &= self.statements.any_of(self._of_statements(self.of_lines(lines)))
        return found

    def without_month(self) -> Mask:
        """The statements of actuals of which a row names no month."""
        actual = self.table.labels("basis").mask(lambda basis: basis == "actual")
        return self.statements.any_of(self._of_statements(actual & self.whole_year))

    def beyond_income(self, positions: Collection[str]) -> Mask:
        """The statements that may leave more than half of their income in some period."""
        own = self.statements.at
        periods = group_by(self.table, (*STATEMENT, "month"), own)
        pence = self.table.pence[own]

        def of(mask: Mask) -> Numbers:
            return periods.sums(np.where(mask[own], pence, 0))

        received, cost = of(self.of_kind("income")), of(self.of_kind("cost"))
        bare = self.table.labels("recurrence").mask(lambda value: not value)
        stated = of(self.of_lines(positions) & bare)
        most = np.maximum(np.abs(received - cost), np.abs(stated))
        return self._of_firsts(periods.firsts[(received > 0) & (2 * most > received)])

    def split(self, labels: Iterable[str], names: Sequence[str]) -> Numbers:
        """The places of rows of groups of which some bear one of the labels and some do not.

        Labels and names are of those that a series has in common.
        """
        groups = group_by(self.table, names, self.series.firsts)
        found = np.zeros(len(groups.keys), dtype=np.bool_)
        for label in labels:
            there = self.table.labels(label).mask(bool)[self.series.firsts]
            if there.any():
                found |= groups.any_of(there) & groups.any_of(~there)
        return np.flatnonzero(found[groups.of_row][self.series.of_row])

    def folded(self, name: str) -> Numbers:
        """The codes of a column, what is empty being one."""
        return folded_codes(self.table.labels(name))[0].astype(np.int64)
