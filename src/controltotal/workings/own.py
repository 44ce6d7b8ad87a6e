"""What a body's own rows say: a line, a stated position, income less cost, over the months asked.

A year is the whole-year row, else its months; an actual may be the year to date. Nothing is summed
around a missing month, and an amount that is only a bound bounds what is made of it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cached_property

from controltotal.book.amounts import Amounts, Label
from controltotal.book.fold import Position
from controltotal.book.periods import fill, months_needed, months_told
from controltotal.book.records import Amount
from controltotal.book.tree import Stay
from controltotal.core.calendar import month_name
from controltotal.core.kept import kept
from controltotal.core.period import year_in
from controltotal.workings.value import BETWEEN, BOUNDS, Value, bound, bounded, total, unknown

ENTIRE = "position_whole"
"""The line that states a position with what stands outside the control total."""

MOVED = "a body below changed parent within the year, and it is not told by month"


def would_have_used(doubt: tuple[str, ...]) -> Value:
    """A value that rows stopped for a fault leave untold."""
    return unknown("stopped", "it would have used " + ", ".join(doubt))


class OwnRows:
    """The rows of bodies by the labels that figures ask for, and their sums."""

    def __init__(self, position: Position, amounts: Amounts) -> None:
        self.position = position
        self.amounts = amounts

    @kept
    def line_total(
        self,
        code: str,
        year: str,
        basis: str,
        scenario: str,
        line: str,
        months: frozenset[int] | None = None,
    ) -> Value:
        """One line of a body's own rows, positive as written; unknown where it has none."""
        doubt = self.amounts.in_doubt("amounts", code, year, basis, scenario, (line,))
        if doubt:
            return would_have_used(doubt)
        needed, rule = months or months_needed(year), f"{line} as stated"
        of = (code, year, basis, scenario)
        told = (
            self._from_cube(of, needed, {line: 1}, rule)
            if line in self.amounts.lines(*of)
            else None
        )
        if told is not None:
            return told
        series = self.amounts.line(*of, line)
        if not series:
            return unknown("not_stated", "nothing is reported", bare=True)
        return self.sum_of(series, needed, basis, {line: 1}, rule, as_written=True)

    def stated(
        self,
        code: str,
        year: str,
        basis: str,
        scenario: str,
        line: str,
        months: frozenset[int] | None = None,
    ) -> Value | None:
        """A whole position row: the row without recurrence, else the recurrences together."""
        if line not in self.amounts.lines(code, year, basis, scenario):
            return None
        found = self.amounts.series(code, year, basis, scenario)
        whole = [r for (name, rec, _), r in found.items() if name == line and not rec]
        split = [r for (name, rec, _), r in found.items() if name == line and rec]
        series = whole or split
        if not series:
            return None
        needed = months or months_needed(year)
        return self.sum_of(series, needed, basis, {line: 1}, "as the body states it")

    def from_lines(
        self,
        code: str,
        year: str,
        basis: str,
        scenario: str,
        months: frozenset[int] | None = None,
        *,
        inside: bool = False,
    ) -> Value:
        """Income less cost; it needs both. `inside` leaves out lines outside the control total."""
        signs = self.signs(code, year, basis, scenario, inside)
        if isinstance(signs, Value):
            return signs
        rule = "income less cost" + (", without lines outside the control total" if inside else "")
        needed = months or months_needed(year)
        return self.sum_of_lines((code, year, basis, scenario), needed, signs, rule)

    def signs(
        self, code: str, year: str, basis: str, scenario: str, inside: bool
    ) -> Mapping[str, int] | Value:
        """The lines that make a body's surplus, with their signs; else why none is made of them."""
        return self._signs_of(tuple(self.amounts.lines(code, year, basis, scenario)), inside)

    @kept
    def _signs_of(self, said: tuple[str, ...], inside: bool) -> Mapping[str, int] | Value:
        lines = self.position.lines
        used = [n for n in said if lines[n].added and not (inside and lines[n].outside)]
        if not used:
            return unknown("not_stated", "nothing is reported")
        kinds = {lines[name].kind for name in used if not lines[name].outside}
        odd = sorted(name for name in used if lines[name].kind not in ("income", "cost"))
        if odd:
            return unknown("undecided", f"the kind of {', '.join(odd)} is not known")
        if kinds != {"income", "cost"}:
            lack = "cost" if "income" in kinds else "income"
            return unknown("incomplete", f"there is no {lack}")
        return {name: lines[name].sign for name in used}

    def sum_of_lines(
        self,
        of: Label,
        needed: frozenset[int],
        signs: Mapping[str, int],
        rule: str,
        *,
        as_written: bool = False,
    ) -> Value:
        """The sum of some lines that a body states, over the months needed, as `sum_of` makes it."""
        told = self._from_cube(of, needed, signs, rule)
        if told is not None:
            return told
        series = [rows for key, rows in self.amounts.series(*of).items() if key[0] in signs]
        return self.sum_of(series, needed, of[2], signs, rule, as_written=as_written)

    def sum_once(
        self, of: Label, needed: frozenset[int], signs: Mapping[str, int], rule: str
    ) -> Value | None:
        """The same of what does not repeat; None where the statement is not even."""
        return self._from_cube(of, needed, signs, rule, once=True)

    def _from_cube(
        self,
        of: Label,
        needed: frozenset[int],
        signs: Mapping[str, int],
        rule: str,
        *,
        once: bool = False,
    ) -> Value | None:
        """The sum of some lines of an even statement over months that it tells; None of any other."""
        even = self.amounts.even(*of, once=once)
        cube = self.amounts.cube
        if even is None or cube is None:
            return None
        told = even.told
        months = needed & told
        if needed <= told:
            whole = even.whole_year and needed != told
        else:  # the months of an actual so far, of a body that stands all year
            stood = self.position.tree.months_stood(of[0], year_in(of[1]), 1)
            whole = of[2] != "actual" or not months or not needed <= stood
        if whole:
            return None
        rows = cube.rows(even, self._regular_first(tuple(signs)), months)
        return Value(
            even.sum_of(signs, months),
            rule if months == needed else f"{rule}, year to date",
            entries=rows.entries,
            months=months,
            rows=rows,
            qualifier=BETWEEN.join(cube.qualifiers(even, rows)),
        )

    @kept
    def _regular_first(self, names: tuple[str, ...]) -> tuple[tuple[str, ...], ...]:
        """Lines inside the control total, then those outside it where there are any of both."""
        lines = self.position.lines
        regular = tuple(name for name in names if not lines[name].outside) or names
        others = tuple(name for name in names if name not in regular)
        return (regular, others) if others else (regular,)

    def states_outside(self, code: str, year: str, basis: str, scenario: str) -> bool:
        """Whether a body's own rows tell what stands outside the control total from what does not."""
        found = self.amounts.lines(code, year, basis, scenario)
        return not self._apart.isdisjoint(found) or bool(
            self.amounts.in_doubt("amounts", code, year, basis, scenario, self._apart)
        )

    @cached_property
    def _apart(self) -> frozenset[str]:
        """The lines that stand outside a control total, and the one that states all of a position."""
        lines = self.position.lines
        return frozenset(name for name, line in lines.items() if line.outside) | {ENTIRE}

    def entire_without_outside(
        self,
        code: str,
        year: str,
        basis: str,
        scenario: str,
        months: frozenset[int] | None = None,
    ) -> Value:
        """A stated `position_whole` less the lines outside the control total.

        Without such lines it is the body's other lines, where they make a surplus; else nobody says
        what of the whole the control total measures.
        """
        lines = self.position.lines
        found = self.amounts.series(code, year, basis, scenario)
        outside = {key: rows for key, rows in found.items() if lines[key[0]].outside}
        if not outside:
            made = self.from_lines(code, year, basis, scenario, months, inside=True)
            if made.reported or not made.silent:
                return made
            words = "what of the whole position the control total measures is not stated"
            return unknown("not_stated", words, rows=made.rows)
        whole = [rows for key, rows in found.items() if key[0] == ENTIRE and not key[1]]
        whole = whole or [rows for key, rows in found.items() if key[0] == ENTIRE]
        signs = {ENTIRE: 1, **{key[0]: -lines[key[0]].sign for key in outside}}
        rule = "the whole position as stated, less lines outside the control total"
        needed = months or months_needed(year)
        return self.sum_of([*whole, *outside.values()], needed, basis, signs, rule)

    def sum_of(
        self,
        series: list[list[Amount]],
        needed: frozenset[int],
        basis: str,
        signs: Mapping[str, int],
        rule: str,
        *,
        as_written: bool = False,
    ) -> Value:
        """The sum of series over the months needed; an actual may be the part of them to date.

        In an actual each line must reach the same month without a gap; what a line splits into (by
        recurrence or the other body) may come in some months only, and so may what stands outside
        the control total. `as_written` passes over what an amount qualified as a bound leaves open.
        """
        stood = self._stood(series, needed)
        if stood != needed:
            found = self.sum_of(series, stood, basis, signs, rule, as_written=as_written)
            return found._replace(months=found.months | (needed - stood))
        regular = [one for one in series if not self.position.lines[one[0].line].outside] or series
        months = _reached(regular, needed) if basis == "actual" else needed
        rows = _regular_rows(regular, needed, months, basis)
        if not isinstance(rows, Value):
            others = [one for one in series if all(one is not each for each in regular)]
            more = _rows_as_they_come(others, months)
            rows = more if isinstance(more, Value) else rows + more
        if isinstance(rows, Value):
            return rows
        if basis == "actual" and months != needed:
            rule += ", year to date"
        found = Value(
            sum(signs[row.line] * row.amount for row in rows),
            rule,
            entries=tuple(row.entry for row in rows),
            months=months,
            rows=tuple(rows),
            qualifier=BETWEEN.join(sorted({row.qualifier for row in rows if row.qualifier})),
        )
        if as_written or not any(row.qualifier in BOUNDS for row in rows):
            return found
        return bounded(found, total([_signed(row, signs[row.line]) for row in rows], rule).ends)

    def _stood(self, series: list[list[Amount]], needed: frozenset[int]) -> frozenset[int]:
        """Of the months needed those in which the body stood, where its rows are of no others.

        A body that merged in October has told its year when it has told April to September.
        """
        if not series:
            return needed
        first = series[0][0]
        told = frozenset[int]().union(*map(months_told, series))
        if needed <= told:
            return needed
        stood = self.position.tree.months_stood(first.organisation, first.year, min(told)) & needed
        return stood if stood and told & needed <= stood else needed


def _missing(months: frozenset[int]) -> str:
    """The months that are missing, by number and name; a run of them by its ends.

    >>> _missing(frozenset({3})), _missing(frozenset({3, 10, 11, 12}))
    ('month 3 (June) is missing', 'months 3 (June) and 10 (January) to 12 (March) are missing')
    """
    runs: list[list[int]] = []
    for month in sorted(months):
        if runs and month == runs[-1][-1] + 1:
            runs[-1].append(month)
        else:
            runs.append([month])
    named = [
        f"{run[0]} ({month_name(run[0])})"
        + (f" to {run[-1]} ({month_name(run[-1])})" if len(run) > 1 else "")
        for run in runs
    ]
    words = " and ".join([", ".join(named[:-1]), named[-1]]) if len(named) > 1 else "".join(named)
    return f"month {words} is missing" if len(months) == 1 else f"months {words} are missing"


def _reached(series: list[list[Amount]], needed: frozenset[int]) -> frozenset[int]:
    """The months needed, up to the last that any of these series covers."""
    last = max((month for one in series for month in fill(one, needed).months), default=0)
    return frozenset(month for month in needed if month <= last)


def _regular_rows(
    series: list[list[Amount]], needed: frozenset[int], months: frozenset[int], basis: str
) -> list[Amount] | Value:
    """The rows that make these months, each line without a gap; else why they do not."""
    parts = [(one, fill(one, needed)) for one in series]
    of_line: dict[str, set[int]] = {}
    for one, filled in parts:
        of_line.setdefault(one[0].line, set()).update(filled.months)
    for one, filled in parts:
        covered = of_line[one[0].line] if basis == "actual" else filled.months
        if covered != months or not months:
            lack = f"{one[0].line} covers {len(covered)} of {len(months) or len(needed)} months"
            lack += f": {_missing((months or needed) - frozenset(covered))}"
            return unknown("months_missing", lack, rows=tuple(one))
    return [row for _, filled in parts for row in filled.rows]


def _rows_as_they_come(series: list[list[Amount]], months: frozenset[int]) -> list[Amount] | Value:
    """The rows in these months of what comes when it comes: an impairment of March is one row."""
    rows: list[Amount] = []
    for one in series:
        filled = fill(one, months)
        if _cut(one, filled.months, months):
            lack = f"{one[0].line} is not told for the same months as the other lines"
            return unknown("months_missing", lack, rows=tuple(one))
        rows += filled.rows
    return rows


def _cut(rows: list[Amount], covered: frozenset[int], months: frozenset[int]) -> bool:
    """Whether rows speak of some of these months together with others, so that they cannot be told."""
    return not months & months_told(rows) <= covered


def _signed(row: Amount, sign: int) -> Value:
    """One row with the sign of its line; of one qualified as a bound only the bound is known."""
    pence = sign * row.amount
    if row.qualifier not in BOUNDS:
        return Value(pence, "")
    return bounded(Value(pence, ""), bound(pence, row.qualifier, sign))


def for_a_while(
    look: Callable[[str, frozenset[int] | None], Value],
    code: str,
    stay: Stay,
    asked: frozenset[int],
) -> Value:
    """What a body that changed parent brings to one of them: its months there, where it has any."""
    whole = look(code, None)
    if not whole.reported:
        return whole
    if stay.months is None:
        return unknown("moved_in_year", MOVED)
    months = stay.months & asked
    if not months or (whole.months and not months & whole.months):
        return Value(0, "not here in these months", months=whole.months)
    found = look(code, months)
    if not found.reported:
        return unknown("moved_in_year", MOVED)
    return found._replace(months=whole.months)
