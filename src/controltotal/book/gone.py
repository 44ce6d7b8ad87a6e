"""What acts have taken back: rows of a ledger that stand no more, and the acts that withdrew them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from controltotal.book.cells import RowReader
from controltotal.book.headings import under_headings
from controltotal.book.record import Record
from controltotal.book.records import Assessment, Condition, Engagement, Gate, Scheme
from controltotal.book.references import joined
from controltotal.book.settings import Settings
from controltotal.core.schema import tables
from controltotal.ledger.block import by_themselves
from controltotal.ledger.entries import WITHDRAW, Entry, in_force
from controltotal.ledger.source import BookSource

EVIDENCE = frozenset({"assessments", "gates", "engagements", "conditions"})
"""Tables of a scheme's evidence, whose codes and words are one however they are spelt."""
Unsaid = Gate | Assessment | Condition | Engagement
"""A row of evidence that an act may take back."""


@dataclass(frozen=True, slots=True)
class Gone:
    """Withdrawn rows, those of schemes and their entries, of evidence, and the acts that did it."""

    rows: tuple[Record, ...]
    schemes: tuple[Scheme, ...]
    entries: Mapping[int, Entry]
    unsaid: tuple[Unsaid, ...]
    acts: Mapping[int, Entry]


def gone_from(source: BookSource, settings: Settings) -> Gone:
    """What acts have withdrawn of a book; what is wrong with it is said no more."""
    alone = by_themselves(source.entries)
    withdrawn = {e.withdraws: e for e in alone if e.kind == WITHDRAW}
    if not withdrawn:
        return Gone((), (), {}, (), {})
    old = [source.entries[number - 1] for number in sorted(withdrawn)]
    old = [entry for entry in old if entry.table in tables()]
    lines = [dict(e.cells).get("line", "") for e in alone if e.table == "lines"] if old else ()
    reader = RowReader(settings, source.columns, lines)
    now = [e for e in in_force(alone) if e.table == "schemes"] if old else []
    own = {entry.seq for entry in old}
    read = joined([reader.read(e, {})[0] for e in under_headings([*now, *old], source).entries])
    rows = tuple(row for row in read if row.entry in own)
    schemes = tuple(row for row in rows if isinstance(row, Scheme))
    unsaid = tuple(row for row in rows if isinstance(row, Unsaid) and not row.stopped)
    of_schemes = {entry.seq: entry for entry in old if entry.table == "schemes"}
    return Gone(rows, schemes, of_schemes, unsaid, {seq: withdrawn[seq] for seq in own})
