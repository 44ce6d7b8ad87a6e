"""What leaves doubt about a scheme: rows that may be its own, days and shares that cannot be.

An error on any row of a scheme's evidence leaves the scheme uncounted until it is mended: the row
might be the one that refuses it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from controltotal.book.amount_table import chosen
from controltotal.book.fold import Position
from controltotal.book.periods import fill, months_needed
from controltotal.book.record import Record
from controltotal.book.records import Amount, Assessment, Condition, Engagement, Gate
from controltotal.core.calendar import year_label
from controltotal.core.keys import key, twin
from controltotal.core.money import format_money
from controltotal.programme.scores import residual
from controltotal.programme.screening import AFFECTS, touches
from controltotal.programme.unnamed import unnamed

EVIDENCE = ("schemes", "assessments", "gates", "engagements", "conditions")
"""Tables whose rows are evidence of a scheme."""
SHARE_MOST = 1.5
"""The most of its effect that a scheme may be forecast to bring, as its shares may say."""
_APART = re.compile(r"[,/&+|]?\s+(?:and\s+)?|[,/&+|]")
"""What people write between two ids of a list beside the semicolon."""


@dataclass(frozen=True, slots=True)
class Doubt:
    """What leaves doubt about a scheme, in words; `told`: another finding says it at its place."""

    text: str
    told: bool = False


class Mistaken:
    """Which schemes a code that is none of them may stand for, by the titles of each.

    Those of its key; else its twin, with or without noughts before a number; else those whose title
    it is; else every scheme that it names among other words (`S1 and S2`).
    """

    def __init__(self, schemes: Mapping[str, Iterable[str]]) -> None:
        self._exact = frozenset(schemes)
        self._keys: dict[str, list[str]] = {}
        self._twins: dict[str, list[str]] = {}
        self._titles: dict[str, list[str]] = {}
        self._parts: dict[tuple[str, ...], list[str]] = {}
        for code, titles in schemes.items():
            self._keys.setdefault(key(code), []).append(code)
            self._twins.setdefault(_without_noughts(code), []).append(code)
            self._parts.setdefault(_parts(code), []).append(code)
            for title in titles:
                if key(title):
                    self._titles.setdefault(key(title), []).append(code)
        self._longest = max((len(parts) for parts in self._parts), default=0)

    def get(self, code: str) -> Sequence[str]:
        """Schemes that a code may stand for, where it names none."""
        if code in self._exact:
            return ()
        return (
            self._keys.get(key(code))
            or self._twins.get(_without_noughts(code))
            or self._titles.get(key(code))
            or self._among(_parts(code))
        )

    def _among(self, parts: tuple[str, ...]) -> Sequence[str]:
        """Schemes whose whole code stands among the parts of a longer one."""
        found: dict[str, None] = {}
        for start in range(len(parts)):
            for end in range(start + 1, min(len(parts), start + self._longest) + 1):
                found.update(dict.fromkeys(self._parts.get(parts[start:end], ())))
        return tuple(found)

    def may_be(self, code: str) -> Sequence[str]:
        """Schemes that a row of evidence may speak of: the one it names, else those like it."""
        return (code,) if code in self._exact else self.get(code)

    @property
    def every(self) -> frozenset[str]:
        """Every scheme."""
        return self._exact

    @property
    def alike(self) -> Iterable[list[str]]:
        """Schemes whose codes nobody can tell apart."""
        return (codes for codes in self._keys.values() if len(codes) > 1)


def _without_noughts(code: str) -> str:
    """The twin of a code without noughts before its numbers: `S-01` may be meant by `S1`."""
    return twin(re.sub(r"(?<!\d)0+(?=\d)", "", key(code)))


def _parts(code: str) -> tuple[str, ...]:
    """The words and numbers of a code, in order."""
    return tuple(re.findall(r"[^\W_]+", key(code)))


def in_doubt(position: Position, mistaken: Mistaken) -> Iterator[tuple[str, Doubt]]:
    """Schemes, and in words what leaves doubt about them."""
    yield from _unread(position, mistaken)
    yield from _named_otherwise(position, mistaken)
    for one in unnamed(position, mistaken.may_be):
        yield from ((code, Doubt(one.text, told=True)) for code in one.schemes)
    yield from _dated_after(position)
    yield from _scored_beyond(position)
    yield from _beside_no_scheme(position, mistaken)
    yield from _gives_too_much(position)
    for row in position.book.schemes:
        strange = [one for one in row.affects or () if key(one) not in AFFECTS]
        if strange:
            told = f"affects says {'; '.join(strange)}, which is not one of its words"
            yield row.id, Doubt(told)
        elif "none" in touches(row) and len(touches(row)) > 1:
            yield row.id, Doubt("affects says none and somebody as well")


def scheme_of(row: Record) -> str:
    """The scheme that a row of evidence names, once spellings of one id are joined."""
    column = "id" if row.table == "schemes" else "scheme"
    return row.cell(column) or ""


def _unread(position: Position, mistaken: Mistaken) -> Iterator[tuple[str, Doubt]]:
    """Rows of evidence that could not be read, and rows, headings and sheets with an error."""
    for row in position.stopped:
        if row.table in EVIDENCE:
            for code in mistaken.may_be(scheme_of(row)):
                yield code, Doubt(f"{row.where} could not be read", told=True)
    faulty: dict[str, dict[int, str]] = {}
    for finding in position.findings:
        if finding.severity != "error":
            continue
        for at in finding.places:
            if at.table in EVIDENCE:
                faulty.setdefault(at.table, {}).setdefault(at.row, finding.code)
    for table, numbers in faulty.items():
        own = [r for r in position.superseded if r.table == table]
        for row in (*position.rows(table), *own):
            place = next((n for n in (row.number, 1) if n in numbers), None)
            if place is not None:
                for code in mistaken.may_be(scheme_of(row)):
                    told = f"{table} row {place} has an error ({numbers[place]})"
                    yield code, Doubt(told, told=True)


def _named_otherwise(position: Position, mistaken: Mistaken) -> Iterator[tuple[str, Doubt]]:
    """Evidence whose code names no scheme and may mean one, and ids that read alike."""
    for table in EVIDENCE[1:]:
        for row in (*position.rows(table), *(r for r in position.stopped if r.table == table)):
            named = scheme_of(row)
            for code in mistaken.get(named):
                told = f"{row.where} names {named}, which is no scheme and may mean this one"
                yield code, Doubt(told)
    for codes in mistaken.alike:
        for code in codes:
            yield code, Doubt(f"the ids {' and '.join(sorted(codes))} read alike")


def _dated_after(position: Position) -> Iterator[tuple[str, Doubt]]:
    """A day after the last year of which the book has money is no day on which anybody signed."""
    last = position.money_ends
    if last is None:
        return
    book = position.book
    rows: tuple[Gate | Assessment | Engagement | Condition, ...]
    rows = (*book.gates, *book.assessments, *book.engagements, *book.conditions)
    for row in rows:
        for day in _acts(row):
            if day > last:
                told = f"{row.where} is dated {day}, after the book's last year"
                yield row.scheme, Doubt(told)


def _beside_no_scheme(position: Position, mistaken: Mistaken) -> Iterator[tuple[str, Doubt]]:
    """Lists that name no scheme where one is meant: `X2 and X3`, or `x2` for X2, would keep nothing.

    A word that several schemes share in `overlaps` names a group, and a scheme that has left the
    book is nobody's mistake.
    """
    words = Counter(word for row in position.book.schemes for word in row.overlaps or ())
    for row in position.book.schemes:
        lists = {"excludes": row.excludes, "overlaps": row.overlaps}
        for column, names in lists.items():
            for name in names or ():
                if name in mistaken.every or (column == "overlaps" and words[name] > 1):
                    continue
                meant = {*mistaken.get(name), *_APART.split(name)} & mistaken.every - {row.id}
                if meant:
                    one = " and ".join(sorted(meant))
                    told = f"{column} says {name}, which is no scheme and may mean {one}"
                    yield row.id, Doubt(f"{told} (a list is parted by ;)")


def _scored_beyond(position: Position) -> Iterator[tuple[str, Doubt]]:
    """A score that no scale of 1 to 5 has: 4.99 x 3 stays under a bar of 15, and says nothing."""
    for row in position.book.assessments:
        if residual(row) is None:
            yield row.scheme, Doubt(f"{row.where} has a score that is not a whole one from 1 to 5")


def _acts(row: Gate | Assessment | Engagement | Condition) -> tuple[date, ...]:
    """The days on which a row of evidence says that somebody did something."""
    if isinstance(row, Gate):
        return (row.on,)
    if isinstance(row, Assessment):
        return (row.signed_on,) if row.signed_on else ()
    if isinstance(row, Condition):
        return (row.met_on,) if row.met_on else ()
    return tuple(day for day in (row.from_, row.to, row.notified_on) if day)


def _gives_too_much(position: Position) -> Iterator[tuple[str, Doubt]]:
    """Effects that give bodies more than the whole, and phasing that comes to more than it."""
    shares: dict[str, list[float]] = {}
    for effect in position.book.effects:
        shares.setdefault(effect.scheme, []).append(effect.share)
    for code, own in shares.items():
        if sum(own) > 1 + 1e-9 or any(not -1 <= share <= 1 for share in own):
            yield code, Doubt("its effects give bodies more than the whole of it")
    for code, year, basis, pence, full in phased_over(position):
        told = (
            f"its {basis} for {year_label(year)} comes to £{format_money(pence)}m, more than its "
            f"effect of £{format_money(full)}m can bring"
        )
        yield code, Doubt(told, told=True)


def phased_over(position: Position) -> Iterator[tuple[str, str, str, int, int]]:
    """Schemes whose own rows come to more than they can bring: (id, year, basis, sum, effect).

    A plan may hold the effect of twelve months, a forecast half as much again; what rounding of
    the rows may add is allowed.
    """
    full = {row.id: row.full_year_effect for row in position.book.schemes}
    found: dict[tuple[str, str, str], dict[tuple[str, ...], list[Amount]]] = {}
    for row in chosen(position.book.amounts, scheme=bool):
        if row.scheme in full and row.basis in ("plan", "forecast") and not row.scenario:
            series = (row.organisation, row.line, row.recurrence or "", row.counterparty or "")
            own = found.setdefault((row.scheme, row.year, row.basis), {})
            own.setdefault(series, []).append(row)
    for (code, year, basis), by_series in found.items():
        used = [fill(rows, months_needed(year)) for rows in by_series.values()]
        pence, most = sum(one.pence for one in used), abs(full[code])
        rows = [row for one in used for row in one.rows]
        most = round(most * SHARE_MOST) if basis == "forecast" else most
        if abs(pence) > most + _rounding(rows):
            yield code, year, basis, pence, full[code]


def _rounding(rows: Sequence[Amount]) -> int:
    """What rounding may have added to a sum: half of the finest digit shown, for each row."""
    finest = min((_digit(row.amount) for row in rows if row.amount), default=1)
    return finest * len(rows) // 2 if len(rows) > 1 else 0


def _digit(pence: int) -> int:
    """The value of the last digit of a sum that is not nil, £1,000 at the most.

    >>> _digit(8_340_000), _digit(500_000_000)
    (10000, 100000)
    """
    digit = 1
    while pence % (digit * 10) == 0 and digit < 100_000:
        digit *= 10
    return digit
