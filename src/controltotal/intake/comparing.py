"""The rows of a file beside those of a book: by marks, by parts, then row by row."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from controltotal.core.finding import Finding
from controltotal.intake.changes import Allowed, Changes, changes
from controltotal.intake.commit import mapped_by
from controltotal.intake.marks import marked_otherwise
from controltotal.intake.parts import Detail, detail_lost, in_parts
from controltotal.intake.questions import told
from controltotal.intake.scopes import Put, amount_words
from controltotal.intake.worth import ONCE, RECURRENT
from controltotal.ledger.entries import Entry

_SHOWN: Final = 6
"""Sums that a message names one by one."""


def compared(
    puts: Sequence[Put], standing: Sequence[Entry], allowed: Allowed, unit: str
) -> Changes:
    """What the rows of a file change in a book whose entries in force are `standing`.

    `unit` is that of sums of the book which name none.
    """
    mapped = mapped_by(standing)
    marked = marked_otherwise(puts, standing, mapped, may_replace=allowed.replace)
    gone = {entry.seq for entry in marked.gone}
    left = [entry for entry in standing if entry.seq not in gone] if gone else standing
    parted = in_parts(puts, left, unit, may_replace=allowed.replace)
    aside = gone | {entry.seq for entry in (*parted.gone, *parted.kept)}
    left = [entry for entry in standing if entry.seq not in aside] if aside else standing
    found = changes(parted.puts, left, mapped, allowed, unit)
    found.equal += parted.equal
    found.withdrawn += [*marked.gone, *parted.gone]
    found.findings += [*marked.findings, *parted.findings]
    every = detail_lost(found.added, found.withdrawn, standing)
    detail = [one for one in every if set(one.kept) - {RECURRENT}]
    if detail and not any(one.severity == "error" for one in found.findings):
        found.findings.append(_unsaid(detail, found.added))
    return found


def _unsaid(detail: Sequence[Detail], added: Sequence[Put]) -> Finding:
    """What is told of new sums of whose line the book knows more in the month before, or in parts."""
    lines = {(one.line, one.month) for one in detail}
    puts = [
        put for put in added if (put.cells.get("line", ""), put.cells.get("month", "")) in lines
    ]
    kept = sorted({t.replace("_", "-") for one in detail for t in one.kept if t != RECURRENT})
    names = "; ".join(dict.fromkeys(amount_words(put.cells) for put in puts[:_SHOWN]))
    more = f" and {len(puts) - _SHOWN} more" if len(puts) > _SHOWN else ""
    one = len(puts) == 1
    return told(
        "IMPORT_DETAIL",
        f"{'1 new sum does' if one else f'{len(puts):,} new sums do'} not say what the book keeps of "
        f"{'its' if one else 'their'} line, {', '.join(kept)} ({names}{more}): {_why(detail, one)}.",
        [put.at for put in puts],
        expected=", ".join(kept),
        found="not said",
        action="Nothing, if nothing of it is known; else give the file a column Recurrent? or Counterparty.",
    )


def _why(detail: Sequence[Detail], one: bool) -> str:
    """What follows where new sums do not say what the book keeps: of marks, of other bodies, or both."""
    kept = {text for each in detail for text in each.kept} - {RECURRENT}
    it, they = ("it", "it") if one else ("them", "they")
    said = [f"a run rate counts {it} as if {they} came every year"] if ONCE in kept else []
    if kept - {ONCE}:
        said.append(f"nothing tells with which organisation {'it is' if one else 'they are'}")
    return ", and ".join(said)
