"""Sums of a file that a book holds in finer parts: the same money is never put beside its own parts.

A book may hold a line of a month by counterparty and by what recurs, or a year to date by its months,
where a file gives one sum. Where the parts come to the sum it stands already. Where a year to date
reaches one month further than the months of the book, that month is what it adds to them. Where the
parts come to something else, that is asked.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from controltotal.book.row_keys import row_key
from controltotal.core.calendar import CalendarError, months_of, parse_month
from controltotal.core.finding import Finding
from controltotal.core.money import PENCE_PER, canonical_unit, signed_pounds
from controltotal.intake.questions import asked
from controltotal.intake.scopes import Cells, Put, amount_words, key_of
from controltotal.intake.summed_rows import rounding
from controltotal.ledger.entries import Entry
from controltotal.sources.importing import value_of

FINER: Final = ("recurrence", "counterparty")
"""What parts one sum of a line and a month into several."""
MOST: Final = 1000
"""Cells that a finding names."""


@dataclass(slots=True)
class Parted:
    """What is left to compare: `puts`; `equal` sums stand in parts already; `gone` are parts replaced.

    `derived` are months that a year to date adds to the months before it; `kept` are parts that stand for
    a sum of the file, or that are asked about: the file has not lost them.
    """

    puts: list[Put]
    equal: int = 0
    gone: list[Entry] = field(default_factory=list)
    derived: list[Put] = field(default_factory=list)
    kept: list[Entry] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Differs:
    put: Put
    parts: Sequence[Entry]
    pence: int
    wanted: int

    @property
    def words(self) -> str:
        """The line and the month, as people say them."""
        return amount_words(self.put.cells)


def in_parts(
    puts: Sequence[Put], standing: Sequence[Entry], unit: str, *, may_replace: bool
) -> Parted:
    """The rows of a file less those that stand in parts, and a question where the parts differ."""
    sums = [put for put in puts if _is_sum(put)]
    if not sums:
        return Parted(list(puts))
    bases = [_base(put.cells) for put in sums]
    there = _Parts(standing, set(bases), unit)
    if not there.any:
        return Parted(list(puts))
    given: dict[tuple[str, ...], dict[frozenset[int], int | None]] = {}
    for base, put in zip(bases, sums, strict=True):
        if there.holds(base):
            given.setdefault(_marked(put.cells), {})[_months(put.cells)] = there.pence(put.cells)
    found = Parted([])
    differ: list[_Differs] = []
    for put in puts:
        parts = there.of(put) if _is_sum(put) else ()
        wanted = there.pence(put.cells) if parts else None
        if wanted is None:
            found.puts.append(put)
        elif (one := _made(there, put, parts, wanted, given[_marked(put.cells)])) is not None:
            _weigh(found, one, differ, may_replace=may_replace)
        elif (pence := there.total(parts)) is None:
            found.puts.append(put)
        else:
            _settle(found, there, _Differs(put, parts, pence, wanted), differ, may_replace)
    if differ:
        found.findings.append(_differing(differ))
    return found


def _made(
    there: _Parts,
    put: Put,
    parts: Sequence[Entry],
    wanted: int,
    given: Mapping[frozenset[int], int | None],
) -> _Differs | None:
    """A sum beside the months that a file gives of it and those that the book has of the others."""
    months = _months(put.cells)
    made = there.comes_to(parts, given, months)
    if made is None:
        return None
    near = abs(made - wanted) <= _rounding(put.cells, len(months))
    left = [one for one in parts if _months(dict(one.cells)) not in given]
    return _Differs(put, left, wanted if near else made, wanted)


def _settle(
    found: Parted, there: _Parts, one: _Differs, differ: list[_Differs], may_replace: bool
) -> None:
    """A sum beside the parts that the book alone has of it."""
    put, months = one.put, _months(one.put.cells)
    told = {month for entry in one.parts for month in _months(dict(entry.cells))}
    if told == months and len(one.parts) == 1:  # one row: its detail is kept, whatever its sum
        equal = one.pence == one.wanted
        found.puts.append(_onto(put, one.parts[0], there.unit, equal=equal))
    elif told == months:
        _weigh(found, one, differ, may_replace=may_replace)
    elif told == months - {max(months)}:
        month = _month_more(put, max(months), one.wanted - one.pence)
        found.puts.append(month)
        found.derived.append(month)
    else:
        found.puts.append(put)


def _rounding(cells: Cells, parts: int) -> int:
    """What rounding of so many numbers to the last place of a sum may make, in pence; nil in pounds.

    >>> _rounding({"amount": "12.3", "unit": "£m"}, 4), _rounding({"amount": "12", "unit": "£"}, 4)
    (20000000, 0)
    """
    unit = PENCE_PER.get(canonical_unit(cells.get("unit", "")) or "", 0)
    if unit <= PENCE_PER["£"]:
        return 0
    places = len(cells.get("amount", "").partition(".")[2])
    return rounding(parts, unit // 10**places)


def _weigh(found: Parted, one: _Differs, differ: list[_Differs], *, may_replace: bool) -> None:
    """A sum of which the book has several parts: it stands, replaces them with leave, or is asked."""
    if one.pence == one.wanted:
        found.equal += 1
        found.kept += one.parts
    elif may_replace:
        found.puts.append(one.put)
        found.gone += one.parts
    else:
        differ.append(one)
        found.kept += one.parts


def _is_sum(put: Put) -> bool:
    """Whether a row is of amounts of the accounts, which a book may hold in finer parts."""
    return put.table == "amounts" and not (put.cells.get("scheme") or put.cells.get("scenario"))


def _says_parts(cells: Cells) -> bool:
    """Whether a row names any of what parts a sum."""
    return any(cells.get(name) for name in FINER)


def _base(cells: Cells) -> str:
    """The line, body, year and basis of a row, whatever its month and its parts."""
    own = {name: cells.get(name, "") for name in ("organisation", "line", "year", "basis")}
    return row_key("amounts", own)


def _marked(cells: Cells) -> tuple[str, ...]:
    """The line, body, year and basis of a row with what it says of its parts."""
    return (_base(cells), *(cells.get(name, "") for name in FINER))


def _is_of(cells: Cells, part: Cells) -> bool:
    """Whether a row may be a part of a sum by what both say of recurrence and counterparty."""
    return all(cells.get(name, "") in ("", part.get(name, "")) for name in FINER)


def _months(cells: Cells) -> frozenset[int]:
    try:
        return frozenset(months_of(parse_month(cells.get("month", ""))))
    except CalendarError:
        return frozenset()


class _Parts:
    """The rows in force that may be parts of sums, by line, body, year and basis."""

    def __init__(self, standing: Sequence[Entry], bases: set[str], unit: str) -> None:
        self.unit = unit
        self._of: dict[str, list[tuple[str, Entry]]] = {}
        for entry in standing:
            if entry.table == "amounts":
                cells = dict(entry.cells)
                base = _base(cells)
                if base in bases and not (cells.get("scheme") or cells.get("scenario")):
                    own = row_key("amounts", cells)
                    self._of.setdefault(base, []).append((own, entry))

    def of(self, put: Put) -> list[Entry]:
        """The rows within the months of a sum; none where the sum itself stands.

        Of rows with one key the one known last.
        """
        rows = self._of.get(_base(put.cells), ())
        own, months = key_of(put), _months(put.cells)
        if not months or any(name == own for name, _ in rows):
            return []
        last: dict[str, Entry] = {}
        for name, entry in rows:
            cells = dict(entry.cells)
            if _months(cells) <= months and _is_of(put.cells, cells):
                before = last.get(name)
                if before is None or _known(before) <= _known(entry):
                    last[name] = entry
        return list(last.values())

    @property
    def any(self) -> bool:
        """Whether the book holds anything of what the sums are of."""
        return bool(self._of)

    def holds(self, base: str) -> bool:
        """Whether any row stands of the line, body, year and basis of a sum."""
        return base in self._of

    def total(self, parts: Sequence[Entry]) -> int | None:
        """The sum of parts in pence; None where one cannot be read, or months stand twice."""
        each = [self.pence(dict(entry.cells)) for entry in parts]
        spans = {_months(dict(entry.cells)) for entry in parts}
        twice = sum(map(len, spans)) > len(frozenset().union(*spans))
        return None if twice or None in each else sum(one for one in each if one is not None)

    def comes_to(
        self,
        parts: Sequence[Entry],
        given: Mapping[frozenset[int], int | None],
        months: frozenset[int],
    ) -> int | None:
        """What some months come to by what a file gives of each, else by the book; None where one lacks.

        Only where the file gives some of them beside their sum.
        """
        told = {span: pence for span, pence in given.items() if span < months}
        rest = [one for one in parts if _months(dict(one.cells)) not in told]
        spans = [*told, *{_months(dict(one.cells)) for one in rest}]
        sums = [*told.values(), *(self.pence(dict(one.cells)) for one in rest)]
        whole = sum(map(len, spans)) == len(months) and frozenset().union(*spans) == months
        if not told or not whole or None in sums:
            return None
        return sum(one for one in sums if one is not None)

    def pence(self, cells: Cells) -> int | None:
        """The amount of a row in pence."""
        said = value_of({"unit": self.unit, **cells} if self.unit else cells, "amount")
        if isinstance(said, tuple) and said[0] == "pence" and isinstance(said[1], int):
            return said[1]
        return None


def _known(entry: Entry) -> tuple[str, int]:
    return dict(entry.cells).get("known_on", ""), entry.seq


def _month_more(put: Put, month: int, pence: int) -> Put:
    """The month by which a year to date reaches further than the book."""
    sign = "-" if pence < 0 else ""
    pounds = f"{sign}{abs(pence) // 100}.{abs(pence) % 100:02d}"
    cells: Mapping[str, str] = {
        **put.cells,
        "month": str(month),
        "amount": pounds,
        "unit": "£",
    }
    return replace(put, cells=cells)


def _onto(put: Put, part: Entry, unit: str, *, equal: bool) -> Put:
    """A sum as the one row that the book has of it: with what recurs and the counterparty as there."""
    own = {"unit": unit, **dict(part.cells)} if unit else dict(part.cells)
    if equal:
        return replace(put, cells=own)
    kept = {name: own.get(name, "") for name in (*FINER, "month")}
    return replace(put, cells={**put.cells, **{name: text for name, text in kept.items() if text}})


def _differing(differ: Sequence[_Differs]) -> Finding:
    """The question about sums that are not what the book holds in parts."""
    first = differ[0]
    lines = "; ".join(one.words for one in differ[:6])
    more = f" and {len(differ) - 6} more" if len(differ) > 6 else ""
    many = (
        "1 sum of the file differs"
        if len(differ) == 1
        else f"{len(differ):,} sums of the file differ"
    )
    return asked(
        "IMPORT_HELD",
        f"{many} from what the book holds in parts, by "
        f"counterparty, by what recurs or by month ({lines}{more}; the first by "
        f"{signed_pounds(first.wanted - first.pence)}).",
        [one.put.at for one in differ[:MOST]],
        expected=f"{signed_pounds(first.pence)} of {first.words}, in {len(first.parts)} parts",
        found=signed_pounds(first.wanted),
        action="Correct the file; or say --set replace=yes to put the sums of the file in place of the "
        "parts, which are then withdrawn.",
    )


# -- detail ----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Detail:
    """What a book keeps of a line, such as "recurrent" or a counterparty, and a new sum does not say.

    `month` is the month of the sum; `kept` the words of the book, of the last month that it holds.
    """

    line: str
    month: str
    kept: tuple[str, ...]


def detail_lost(
    added: Sequence[Put], gone: Sequence[Entry], standing: Sequence[Entry]
) -> list[Detail]:
    """Sums that would stand without what the book says of their line in the month before or in parts.

    `gone` are parts that the sums replace; of other months the last month that is not of them counts.
    """
    sums = [
        put for put in added if _is_sum(put) and not _says_parts(put.cells) and _months(put.cells)
    ]
    if not sums or not any(map(_has_detail, (*standing, *gone))):
        return []
    of = _kept_of({_base(put.cells) for put in sums}, (*standing, *gone))
    found = []
    for put in sums:
        last = max(_months(put.cells))
        before = {
            month: kept for month, kept in of.get(_base(put.cells), {}).items() if month <= last
        }
        kept = before[max(before)] if before else set()
        if kept:
            line, month = put.cells.get("line", ""), put.cells.get("month", "")
            found.append(Detail(line, month, tuple(sorted(kept))))
    return found


def _has_detail(entry: Entry) -> bool:
    """Whether a row of amounts says what recurs, or a counterparty."""
    return entry.table == "amounts" and any(name in FINER and text for name, text in entry.cells)


def _kept_of(bases: set[str], rows: Sequence[Entry]) -> dict[str, dict[int, set[str]]]:
    """What rows say of recurrence and counterparty, by their money and by the last of their months."""
    of: dict[str, dict[int, set[str]]] = {}
    for entry in rows:
        cells = dict(entry.cells)
        if entry.table != "amounts" or cells.get("scheme") or cells.get("scenario"):
            continue
        base, months = _base(cells), _months(cells)
        if base in bases and months:
            kept = of.setdefault(base, {}).setdefault(max(months), set())
            kept |= {cells[name] for name in FINER if cells.get(name)}
    return of
