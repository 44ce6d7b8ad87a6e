"""What a body's own rows say: a line, a stated position, income less cost, over the months asked.

A year is the whole-year row, else its months; an actual may be the year to date. Nothing is summed
around a missing month, and an amount that is only a bound bounds what is made of it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from controltotal.book.amounts import Amounts
from controltotal.book.fold import Position
from controltotal.book.periods import fill, months_needed
from controltotal.book.records import Amount
from controltotal.book.tree import Stay
from controltotal.core.calendar import month_name
from controltotal.core.kept import kept
from controltotal.workings.value import BETWEEN, BOUNDS, Value, bound, bounded, total, unknown

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
        series = self.amounts.line(code, year, basis, scenario, line)
        if not series:
            return unknown("not_stated", "nothing is reported", bare=True)
        needed, rule = months or months_needed(year), f"{line} as stated"
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
    ) -> Value:
        """Income less cost; it needs both."""
        lines = self.position.lines
        series = {
            key: rows
            for key, rows in self.amounts.series(code, year, basis, scenario).items()
            if lines[key[0]].added
        }
        if not series:
            return unknown("not_stated", "nothing is reported")
        kinds = {lines[key[0]].kind for key in series}
        odd = sorted(key[0] for key in series if lines[key[0]].kind not in ("income", "cost"))
        if odd:
            return unknown("undecided", f"the kind of {', '.join(odd)} is not known")
        if kinds != {"income", "cost"}:
            lack = "cost" if "income" in kinds else "income"
            return unknown("incomplete", f"there is no {lack}")
        signs = {key[0]: lines[key[0]].sign for key in series}
        needed = months or months_needed(year)
        return self.sum_of(list(series.values()), needed, basis, signs, "income less cost")

    def sum_of(
        self,
        series: list[list[Amount]],
        needed: frozenset[int],
        basis: str,
        signs: dict[str, int],
        rule: str,
        *,
        as_written: bool = False,
    ) -> Value:
        """The sum of series over the months needed; an actual may be the part of them to date.

        In an actual each line must reach the same month without a gap; what a line splits into (by
        recurrence or the other body) may come in some months only. `as_written` passes over what
        an amount qualified as a bound leaves open.
        """
        rows: list[Amount] = []
        parts = [(one, fill(one, needed)) for one in series]
        last = max((month for _, filled in parts for month in filled.months), default=0)
        months = frozenset(m for m in needed if m <= last) if basis == "actual" else needed
        of_line: dict[str, set[int]] = {}
        for one, filled in parts:
            of_line.setdefault(one[0].line, set()).update(filled.months)
        for one, filled in parts:
            covered = of_line[one[0].line] if basis == "actual" else filled.months
            if covered != months or not months:
                of = len(months) or len(needed)
                lack = f"{one[0].line} covers {len(covered)} of {of} months"
                lack += f": {_missing((months or needed) - frozenset(covered))}"
                return unknown("months_missing", lack, rows=tuple(one))
            rows += filled.rows
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
    return replace(found, months=whole.months)
