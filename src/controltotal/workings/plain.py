"""The sums by month of every body that there is nothing to judge about, as arrays.

A body is plain in a year and basis where its own rows are an even statement of income and cost by
month that states no position, of which no row is stopped and none is taken from elsewhere. What
stands above is plain where it is a grouping without rows of its own, all of whose bodies are listed,
stayed the year, are plain and told the same months. Sums of it are differences of running sums over
the bodies, each followed by those below it; they are the same to the penny as those that `Totals`
judges body by body, and nothing is said here of any other.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from controltotal.book.amounts import WHOLE
from controltotal.book.cube import MONTHS, Even
from controltotal.core.kept import kept
from controltotal.core.late import Late
from controltotal.core.lines import Line
from controltotal.core.period import is_whole_year
from controltotal.workings.line_sums import is_told_of, parts_of
from controltotal.workings.own import ENTIRE
from controltotal.workings.totals import Totals
from controltotal.workings.value import Value

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Numbers = npt.NDArray[np.int64]
else:
    np = Late("numpy")


@dataclass(frozen=True, eq=False)
class Plain:
    """The plain bodies of a year and basis, and their sums of each line by month, as written.

    `last` is the month that each tells, nil where it is not plain after all. `written` has a row for
    every body, top first, by line of `names` and month; `there` whether it tells a line; `once` is
    what does not repeat.
    """

    totals: Totals
    year: str
    last: Mapping[str, int]
    names: tuple[str, ...]
    written: Numbers
    there: Numbers
    once: Numbers

    def covers(self, code: str, months: Collection[int]) -> bool:
        """Whether a body is plain and tells these months, which follow one another."""
        if not months or max(months) > self.last.get(code, 0):
            return False
        return max(months) - min(months) + 1 == len(months)

    def surplus(self, code: str, months: Collection[int]) -> int:
        """The adjusted surplus of a body that is covered, in pence."""
        return self._between(self._surplus, code, months)

    def not_repeated(self, code: str, months: Collection[int]) -> int:
        """What of it does not repeat, in pence."""
        return self._between(self._surplus_once, code, months)

    def by_line(self, code: str, months: Collection[int]) -> Mapping[str, int]:
        """Each line, signed, of which a body that is covered or one below it tells, in pence."""
        names, running, told = self._lines
        (start, end), first, last = self._span(code), min(months) - 1, max(months)
        part = running[end] - running[start]
        pence = (part[:, last] - part[:, first]).tolist()
        said = (told[end] > told[start]).tolist()
        return {name: pence[n] for n, name in enumerate(names) if said[n]}

    def own_by_line(self, code: str) -> Mapping[str, int]:
        """Each line inside the control total that a body's own rows tell, signed, of the year."""
        lines, (place, _) = self.totals.position.lines, self._span(code)
        there, pence = self._years[0][place], self._years[1][place]
        told = {name: pence[n] for n, name in enumerate(self.names) if there[n]}
        return {n: lines[n].sign * own for n, own in told.items() if is_told_of(lines[n], n)}

    @cached_property
    def _years(self) -> tuple[list[list[bool]], list[list[int]]]:
        return self.there.tolist(), self.written.sum(axis=2).tolist()

    def _between(self, running: Sequence[Sequence[int]], code: str, months: Collection[int]) -> int:
        start, end = self._span(code)
        high, low = running[end], running[start]
        last, first = max(months), min(months) - 1
        return high[last] - low[last] - high[first] + low[first]

    def _span(self, code: str) -> tuple[int, int]:
        return self.totals.tree.span(code, self.year)

    @cached_property
    def _surplus(self) -> list[list[int]]:
        return self._signed(self.written)

    @cached_property
    def _surplus_once(self) -> list[list[int]]:
        return self._signed(self.once)

    def _signed(self, written: Numbers) -> list[list[int]]:
        """The lines inside the control total together, running over bodies and months."""
        lines = self.totals.position.lines
        used = {name: line for name, line in lines.items() if line.added and not line.outside}
        signs = [used[name].sign if name in used else 0 for name in self.names]
        found: list[list[int]] = _running(np.einsum("blm,l->bm", written, np.array(signs))).tolist()
        return found

    @cached_property
    def _lines(self) -> tuple[list[str], Numbers, Numbers]:
        """Every line and group, running over bodies and months, and over bodies how many tell it."""
        lines = self.totals.position.lines
        place = {name: n for n, name in enumerate(self.names)}
        parts = {
            name: [
                place[n]
                for n in (name, *parts_of(self.totals, name))
                if _counts(n, name, lines, place)
            ]
            for name in lines
        }
        names = [name for name, found in parts.items() if found]
        if not names:
            nothing = np.zeros((len(self.written) + 1, 0, MONTHS + 1), dtype=np.int64)
            return [], nothing, nothing[:, :, 0]
        signed = [lines[name].sign * self.written[:, parts[name]].sum(axis=1) for name in names]
        told = [self.there[:, parts[name]].any(axis=1) for name in names]
        return names, _running(np.stack(signed, axis=1)), _down(np.stack(told, axis=1))


def _counts(name: str, of: str, lines: Mapping[str, Line], place: Mapping[str, int]) -> bool:
    """Whether what a body writes on a line is told under another: the line itself, or a part of it."""
    return name in place and (name == of or is_told_of(lines[name], name))


def _down(values: Numbers) -> Numbers:
    """Running sums over bodies, nil first."""
    found = np.zeros((len(values) + 1, *values.shape[1:]), dtype=np.int64)
    values.cumsum(axis=0, out=found[1:])
    return found


def _running(by_month: Numbers) -> Numbers:
    """Running sums over bodies and over months, nil first in both."""
    whole = _down(by_month)
    found = np.zeros((*whole.shape[:-1], whole.shape[-1] + 1), dtype=np.int64)
    whole.cumsum(axis=-1, out=found[..., 1:])
    return found


@kept
def plain(totals: Totals, year: str, basis: str) -> Plain | None:
    """The plain bodies of a whole year; None where there are none."""
    cube = totals.amounts.cube
    if cube is None or not is_whole_year(year):
        return None
    last: dict[str, int] = {}
    groups: dict[str, int] = {}
    for code in totals.tree.lowest_first(year):
        if not _certain(totals, code, year, basis):
            continue
        kids = totals.children(code, year)
        even = None if kids else _statement(totals, code, year, basis)
        if even is not None:
            groups[code], last[code] = even.group, even.last
        elif kids and _adds_up(totals, code, year, basis):
            told = {last.get(kid, 0) for kid in kids}
            last[code] = told.pop() if len(told) == 1 else 0
    if not groups:
        return None
    order = totals.tree.top_first(year)
    at = np.array([n for n, code in enumerate(order) if code in groups])
    found = [groups[code] for code in order if code in groups]
    size = len(order)
    written, there = cube.sums(found)
    once = _spread(cube.sums(found, once=True)[0], at, size)
    every, telling = _spread(written, at, size), _spread(there.astype(np.int64), at, size)
    return Plain(totals, year, last, cube.names, every, telling, once)


def is_plain(totals: Totals, code: str, year: str, basis: str) -> bool:
    """Whether a body is plain, so that all of it reports the same months."""
    found = plain(totals, year, basis)
    return found is not None and found.last.get(code, 0) > 0


def by_line(
    totals: Totals, code: str, year: str, basis: str, months: frozenset[int]
) -> Mapping[str, int] | None:
    """Each line of a plain body that it or one below it tells; None where its rows must be judged."""
    found = plain(totals, year, basis)
    if found is not None and found.covers(code, months):
        return found.by_line(code, months)
    silent = (basis, "") not in totals.reports(code, year)
    return {} if silent and not totals.amounts.takes_any(year, basis) else None


def own_lines_of(totals: Totals, code: str, year: str, basis: str) -> Mapping[str, int] | None:
    """What a plain body's own rows of a whole year say of each line, signed; None of any other."""
    found = plain(totals, year, basis)
    if found is None or not found.covers(code, range(1, MONTHS + 1)):
        return None
    return found.own_by_line(code)


def _spread(values: Numbers, at: Numbers, bodies: int) -> Numbers:
    """Values of some bodies at the places of those among all, nil for every other."""
    found = np.zeros((bodies, *values.shape[1:]), dtype=values.dtype)
    found[at] = values
    return found


def _certain(totals: Totals, code: str, year: str, basis: str) -> bool:
    """Whether no row of a body is stopped, none is taken from elsewhere, and nobody came or went."""
    amounts = totals.amounts
    doubted = amounts.in_doubt("amounts", code) or amounts.in_doubt("organisations", code)
    return not (doubted or totals.moved(code, year) or amounts.takes(code, year, basis))


def _statement(totals: Totals, code: str, year: str, basis: str) -> Even | None:
    """The statement of a plain body; None of any other."""
    even = totals.amounts.even(code, year, basis, "")
    if even is None or even.whole_year or not {ENTIRE, *WHOLE}.isdisjoint(even.lines):
        return None
    inside = totals.states_outside(code, year, basis, "")
    judged = totals.signs(code, year, basis, "", inside)
    return None if isinstance(judged, Value) else even


def _adds_up(totals: Totals, code: str, year: str, basis: str) -> bool:
    """Whether a body is a grouping without rows of its own, all of whose bodies are listed."""
    body = totals.tree.organisations[code]
    said = totals.amounts.lines(code, year, basis, "")
    return body.is_grouping and body.complete and not said
