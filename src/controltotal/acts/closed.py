"""What a month that was sent keeps closed: its figures change in sight of everybody, or not at all."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from controltotal.acts.bench import Bench
from controltotal.book.row_keys import row_key
from controltotal.book.sent_months import Sent, sent_in
from controltotal.core.calendar import year_label
from controltotal.ledger.entries import PUT, Draft

SAID: Final = ("late_reason", "reopened_on")
"""Columns of a hand-in by which a change of its figures is seen."""
UNDO: Final = "undo"
"""The act that takes back what one request wrote: hand-in and figures together, with a reason."""


def refuse_silent(bench: Bench) -> None:
    """Note a refusal for each sent month whose figures an act would change and not say so.

    It is said by the row of the hand-in, written in the same act with the reason of a late adjustment,
    or taken back with the figures that came with it.
    """
    touched = [draft for draft in bench.drafts if draft.table == "amounts"]
    if not touched:
        return
    months = sent_in(bench.position.book.submissions)
    silent: dict[str, Sent] = {}
    spoken = set(_spoken(bench))
    for draft in touched:
        sent = months.closing(_cells(bench, draft))
        if sent is not None and sent.key not in spoken:
            silent.setdefault(sent.key, sent)
    for sent in silent.values():
        bench.refuse(
            f"{sent.organisation}, {year_label(sent.year)} month {sent.month} was sent on {sent.on}, and "
            "its figures would change without a word",
            "amounts",
            "send a late adjustment with its reason, or have the month reopened first",
        )


def _cells(bench: Bench, draft: Draft) -> Mapping[str, str]:
    """The row that a draft puts or takes back."""
    return dict(draft.cells if draft.kind == PUT else bench.entries[draft.withdraws - 1].cells)


def _spoken(bench: Bench) -> Iterator[str]:
    """The hand-ins of which an act says that they change; what undoes one gives back what was sent."""
    for draft in bench.drafts:
        if draft.table == "submissions":
            cells = _cells(bench, draft)
            is_said = draft.kind == PUT and any(cells.get(name) for name in SAID)
            if is_said or bench.act == UNDO:
                yield row_key("submissions", cells)
