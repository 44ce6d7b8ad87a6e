"""What a book holds on each scheme, gathered once: evidence, milestones, engagement, rows of money."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TypeVar

from controltotal.book.amount_table import chosen
from controltotal.book.fold import Position
from controltotal.book.records import Amount, Engagement, Fact, Milestone
from controltotal.programme.eligibility import Judgements
from controltotal.programme.gates import Folder

Named = TypeVar("Named", Amount, Engagement, Fact, Milestone)
"""A record that names a scheme."""


def by_scheme(rows: Iterable[Named]) -> dict[str, list[Named]]:
    """Rows by the scheme they name."""
    found: dict[str, list[Named]] = {}
    for row in rows:
        if row.scheme:
            found.setdefault(row.scheme, []).append(row)
    return found


def folders(position: Position, judged: Judgements) -> Mapping[str, Folder]:
    """The folder of every scheme that was judged."""
    money = by_scheme(chosen(position.book.amounts, scheme=bool))
    people = by_scheme(r for r in position.book.facts if r.fact == "workforce")
    plans = by_scheme(position.book.milestones)
    heard = by_scheme(position.book.engagements)
    found = {}
    for code, judgement in judged.items():
        rows = money.get(code, ())
        milestones = plans.get(code, ())
        found[code] = Folder(
            judgement.evidence,
            phased=any(row.basis == "plan" for row in rows),
            workforce=code in people,
            milestones=len(milestones),
            reviewed=any("benefit" in m.title.lower() and m.done_on for m in milestones),
            engagements=tuple(heard.get(code, ())),
            actuals=any(row.basis == "actual" for row in rows),
        )
    return found
