"""What is known of a scheme on a day: its versions, its gates and signatures, its assessments.

Rows are read as they stood on the day: of two with one key the later known wins, and a gate or an
assessment of a later date is not there yet. Earlier versions of a scheme are kept, because a
signature is given to a version and lapses when a later one differs materially.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, TypeVar

from controltotal.book.fold import Position
from controltotal.book.record import Record
from controltotal.book.records import Assessment, Condition, Engagement, Gate, Scheme
from controltotal.core.calendar import CalendarError, parse_date
from controltotal.core.keys import key
from controltotal.core.schema import tables
from controltotal.programme.conditions import BEFORE
from controltotal.programme.doubts import Doubt, Mistaken, in_doubt
from controltotal.programme.outcomes import PASSING, REJECTING, SCREENED, WAIT, meaning
from controltotal.programme.scores import refuses
from controltotal.programme.undone import (
    Assessed,
    Lowered,
    Withdrawn,
    assessed,
    lowered,
    withdrawn,
)

Proof = TypeVar("Proof", bound=Record)
"""A record of a scheme of which more than one version may be known."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """All that bears on one scheme on a day; `doubts` say in words which rows of it leave doubt.

    `versions` are every row of the scheme known by the day, the one in force last; `refusals` are
    assessments, in force or not, whose outcome rejects; `lowered` scores at the bar that hold no
    more; `withdrawn` conditions and engagements that an act took back.
    """

    row: Scheme
    versions: tuple[Scheme, ...]
    gates: Mapping[str, tuple[Gate, ...]]
    assessments: tuple[Assessment, ...]
    doubts: tuple[Doubt, ...] = ()
    engagements: tuple[Engagement, ...] = ()
    conditions: tuple[Condition, ...] = ()
    refusals: tuple[Assessment, ...] = ()
    lowered: tuple[Lowered, ...] = ()
    withdrawn: tuple[Withdrawn, ...] = ()

    def latest(self, gate: str) -> Gate | None:
        """The latest word on a gate, None where there is none."""
        rows = self.gates.get(gate)
        return rows[-1] if rows else None

    def stands(self, gate: str) -> bool:
        """Whether a gate is passed and not later failed."""
        row = self.latest(gate)
        return row is not None and passed(row)


def passed(gate: Gate) -> bool:
    """Whether a row of the table gates passes it: with a word that does, or with none at all.

    A list of schemes screened out is signed by the two directors; it takes none through a gate.
    """
    said = meaning(gate.outcome)
    return said in PASSING and (said != SCREENED or gate.gate in ("QIA", "EQIA"))


def gather(
    position: Position, day: date | None, known_by: date | None = None
) -> dict[str, Evidence]:
    """The evidence of every scheme of a book on a day (None: no dated act, so none has any).

    `known_by` asks for what was known then; without it every row that the position holds is known,
    because a change recorded after the last gate is a change all the same.
    """
    versions = _by_scheme(_known_by(position, Scheme, known_by), "id")
    for row in position.replaced:
        known = known_by is None or (since(position, row) or date.min) <= known_by
        if row.id in versions and known:
            versions[row.id].append(row)
    gates = _gates(position, day, known_by)
    quality = _assessed(position, known_by)
    heard = _by_scheme(_standing(position, Engagement, known_by), "scheme")
    asked = _by_scheme(_asked(position, known_by), "scheme")
    gone = withdrawn(position, known_by)
    doubts: dict[str, list[Doubt]] = {}
    for code, told in in_doubt(position, Mistaken(_titles(versions))):
        doubts.setdefault(code, []).append(told)
    found = {}
    for row in _standing(position, Scheme, known_by):
        code = row.id
        history = sorted(versions[code], key=lambda r: (since(position, r) or date.min, r.entry))
        found[code] = Evidence(
            row,
            tuple(history),
            gates.get(code, {}),
            tuple(quality.latest.get(code, ())),
            tuple(dict.fromkeys(doubts.get(code, ()))),
            tuple(heard.get(code, ())),
            tuple(asked.get(code, ())),
            tuple(quality.refusals.get(code, ())),
            tuple(quality.lowered.get(code, ())),
            tuple(gone.get(code, ())),
        )
    return found


def _asked(position: Position, day: date | None) -> list[Condition]:
    """Conditions as they stand; one that was to be met before the start stays so."""
    known = (row for row in _known_by(position, Condition, day) if row.kind == BEFORE)
    before = {(row.scheme, row.gate, key(row.text)) for row in known}
    return [
        replace(row, kind=BEFORE) if (row.scheme, row.gate, key(row.text)) in before else row
        for row in _standing(position, Condition, day)
    ]


def _titles(versions: Mapping[str, Sequence[Scheme]]) -> dict[str, set[str]]:
    """The titles that each scheme has or had."""
    return {code: {row.title for row in rows} for code, rows in versions.items()}


def _said(row: Gate) -> tuple[date, bool, int]:
    """The order in which words on a gate hold: by day, and on one day the rejection last."""
    return row.on, not passed(row), row.entry


def _gates(
    position: Position, day: date | None, known_by: date | None
) -> dict[str, dict[str, tuple[Gate, ...]]]:
    """Gates by scheme and gate up to a day, each in the order in which they were said.

    A refusal that an act took back is no dated act of the book any more, so it may lie after the
    day; it stands all the same unless the book is asked what was known before it.
    """
    if day is None:
        return {}
    found: dict[str, dict[str, tuple[Gate, ...]]] = {}
    every = (*position.book.gates, *position.superseded)
    known = [row for row in every if isinstance(row, Gate) and row.on <= day]
    known += [
        row
        for row in position.unsaid
        if isinstance(row, Gate)
        and meaning(row.outcome) in {WAIT, *REJECTING}
        and (known_by is None or row.on <= known_by)
    ]
    for row in known:
        own = found.get(row.scheme)
        if own is None:
            own = found[row.scheme] = {}
        before = own.get(row.gate)
        if before is None:
            own[row.gate] = (row,)
        else:
            rows = (*before, row)
            last = before[-1]
            in_order = _said(last) < _said(row)
            own[row.gate] = rows if in_order else tuple(sorted(rows, key=_said))
    return found


def since(position: Position, row: Record) -> date | None:
    """The day from which a row holds: its own, else that of the act that put it; None: always."""
    if row.known is not None:
        return row.known
    return _acted(position, row)


def _acted(position: Position, row: Record) -> date | None:
    """The day of the act that put a row; None for rows that were read, which carry no clock."""
    entry = position.entries.get(row.entry) or position.replaced_entries.get(row.entry)
    try:
        return parse_date(entry.on[:10]) if entry else None
    except CalendarError:
        return None


def _entered(row: Record) -> int:
    return row.entry


def later(position: Position, version: Scheme, signature: Gate) -> bool:
    """Whether a version of a scheme came after a signature was given.

    An act entered in the ledger after the signature came after it, whatever day it names, so that
    no change can be dated back to before somebody signed.
    """
    begun, signed = since(position, version), signature.on
    if begun is not None and begun > signed:
        return True
    entered_after = max(version, signature, key=_entered) is version
    if begun is not None and begun == signed:
        return entered_after
    entry = position.entries.get(version.entry) or position.replaced_entries.get(version.entry)
    return entered_after and entry is not None and bool(entry.by)


def _by_scheme(rows: Iterable[Proof], column: str) -> dict[str, list[Proof]]:
    found: dict[str, list[Proof]] = {}
    for row in rows:
        code = row.cell(column)
        own = found.get(code)
        if own is None:
            found[code] = [row]
        else:
            own.append(row)
    return found


@dataclass(frozen=True, slots=True)
class _Quality:
    """Assessments by scheme: the later act of each domain, all that reject, all that were lowered."""

    latest: Mapping[str, Sequence[Assessment]]
    refusals: Mapping[str, Sequence[Assessment]]
    lowered: Mapping[str, Sequence[Lowered]]


def _assessed(position: Position, day: date | None) -> _Quality:
    """Assessments by scheme, as they stand and as they stood.

    What was signed later wins, whatever day it became known; on one day what refuses wins.
    """
    held: dict[Assessed, list[Assessment]] = {}
    for row in _known_by(position, Assessment, day):
        held.setdefault(assessed(row), []).append(row)
    gone = [
        row
        for row in position.unsaid
        if isinstance(row, Assessment) and (day is None or (_dated(row) or date.min) <= day)
    ]
    latest: dict[str, list[Assessment]] = {}
    refusals: dict[str, list[Assessment]] = {}
    for (scheme, _, _), rows in held.items():
        last = rows[0] if len(rows) == 1 else max(rows, key=_act)
        latest.setdefault(scheme, []).append(last)
    for rows in (*held.values(), gone):
        for row in rows:
            if meaning(row.outcome) in REJECTING:
                refusals.setdefault(row.scheme, []).append(row)
    in_order = {code: sorted(rows, key=lambda r: r.number) for code, rows in latest.items()}
    return _Quality(in_order, refusals, lowered(position, held, gone, _act))


def _act(row: Assessment) -> tuple[date, bool, date, int]:
    """The order in which assessments of one domain hold; one that refuses without a day holds last."""
    refused = refuses(row)
    day = row.signed_on or row.known or (date.max if refused else date.min)
    return day, refused, row.known or date.min, row.entry


def _dated(row: Record) -> date | None:
    """The day from which an assessment or scheme may be read."""
    if not isinstance(row, Assessment):
        return row.known
    return max(filter(None, (row.known, row.signed_on)), default=None)


def _of(kind: type[Proof], rows: Iterable[Record]) -> list[Proof]:
    return [row for row in rows if isinstance(row, kind)]


def _known_by(position: Position, kind: type[Proof], day: date | None) -> list[Proof]:
    """Rows of a table known by a day, superseded ones among them."""
    every = (*position.rows(kind.table), *position.superseded)
    rows = _of(kind, every)
    if day is None:
        return rows
    return [row for row in rows if (_dated(row) or date.min) <= day]


def _standing(position: Position, kind: type[Proof], day: date | None) -> Sequence[Proof]:
    """Rows of a table as they stood on a day; as they stand where none is asked for."""
    if day is None:
        return _of(kind, position.rows(kind.table))
    key = tables()[kind.table].key
    found: dict[tuple[Any, ...], list[Proof]] = {}
    for row in _known_by(position, kind, day):
        found.setdefault(tuple(row.cell(column) for column in key), []).append(row)
    return [max(rows, key=lambda row: row.known or date.min) for rows in found.values()]
