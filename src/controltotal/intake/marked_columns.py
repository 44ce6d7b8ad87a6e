"""Columns of money by whether it repeats: recurrent, non-recurrent, and the total of the two.

Headings that are plain (`Recurrent` and `Non-recurrent`, `R` and `NR`, also under or beside `Plan` or a
month) mark their money, and a column of the whole checks them. One of the two by itself is asked: what
stands beside it may be the whole that it is a part of.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Final

from controltotal.core.finding import Finding
from controltotal.intake.across import Whole
from controltotal.intake.heads import combined, mark_in, part_of, says_within, splits
from controltotal.intake.model import Head, Measure, Seen
from controltotal.intake.money_columns import MONEY, Col, is_untold_to_date
from controltotal.intake.questions import asked, quoted
from controltotal.intake.worth import ONCE, RECURRENT

_MARKS: Final = (RECURRENT, ONCE)
_PENNY: Final = 0.005
_Of = tuple[object, ...]
Numbers = Sequence[Mapping[int, float]]


def with_marks(heads: Sequence[Head], grid: Numbers = ()) -> tuple[Head, ...]:
    """The columns of a table, those of recurrent and non-recurrent money marked where both are there.

    A total under the same headings is of the same month or year as they are. `grid` are the numbers of
    the table, row by row.
    """
    found = _as_beside(heads, {head.column: _marked(head) for head in heads}, grid)
    blocks: dict[_Of, set[str]] = {}
    for head in found.values():
        if head is not None:
            blocks.setdefault(_block(head.measure), set()).add(head.mark)
    pairs = {of for of, marks in blocks.items() if len(marks) > 1}
    return tuple(_settled(head, found[head.column], pairs) for head in heads)


def _as_beside(
    heads: Sequence[Head], found: Mapping[int, Head | None], grid: Numbers
) -> dict[int, Head | None]:
    """Columns that say nothing but their mark are of the basis and time of the money that they make up.

    Columns "of which" split the money on their left; of others the figures of every row have to prove it.
    """
    now = dict(found)
    bare = [
        (head, marked)
        for head in heads
        if (marked := found[head.column]) is not None
        and not head.mark
        and _block(marked.measure) == _block(Measure())
    ]
    money = [head for head in heads if found[head.column] is None and head.means == "money"]
    proven = next((head for head in money if _make(grid, head, [one for one, _ in bare])), None)
    for head, marked in bare:
        left = [one for one in money if one.column < head.column]
        whole = left[-1] if left and _is_within(head) else proven
        if whole is not None:
            now[head.column] = replace(marked, measure=_without_sum(whole.measure))
    return now


def _is_within(head: Head) -> bool:
    """Whether a column says that it is of what stands on its left."""
    return any(splits(text) or says_within(text) for text in head.texts)


def _make(grid: Numbers, whole: Head, parts: Sequence[Head]) -> bool:
    """Whether two columns come to a third in every row, to the penny, and not to nil alone."""
    if len(parts) != len(_MARKS):
        return False
    sums = [
        (row.get(whole.column, 0), sum(row.get(part.column, 0) for part in parts)) for row in grid
    ]
    return any(some for some, _ in sums) and all(abs(some - due) < _PENNY for some, due in sums)


def numbers_of(seen: Seen) -> Numbers:
    """The plain numbers of a table, row by row."""
    columns = range(seen.left, seen.right + 1)
    return [
        {
            column: float(value)
            for column in columns
            if isinstance(value := seen.grid.value(row, column), int | float)
            and not isinstance(value, bool)
        }
        for row in range(seen.first, seen.last + 1)
    ]


def _without_sum(measure: Measure) -> Measure:
    return replace(measure, span="") if measure.span == "total" else measure


def _settled(head: Head, marked: Head | None, pairs: set[_Of]) -> Head:
    """A column as its headings and those beside it make it."""
    if marked is not None and (_block(marked.measure) in pairs or head.means == "money"):
        return marked
    if marked is None and head.measure.span == "total" and pairs:
        measure = _without_total(head)
        of = _block(measure)
        if of in pairs and measure.span == "month":
            return replace(head, measure=measure)
    return head


def _marked(head: Head) -> Head | None:
    """A column of money under a mark; None where its headings say none, or more than that."""
    if head.mark or head.means not in ("", "money", "recurrence") or head.measure.fact:
        return head if head.mark else None
    marks = [mark_in(text) for text in head.texts]
    pairs = zip(head.texts, marks, strict=True)
    others = [part_of(text).rest for text, mark in pairs if not (mark or splits(text))]
    if sum(map(bool, marks)) != 1 or any(others):
        return None
    parts = [replace(part_of(text), rest="") for text in head.texts]
    measure = head.measure if head.means == "money" else combined(parts, head.texts)
    if measure.basis not in ("", "plan", "actual", "forecast"):
        return None
    mark = next(filter(None, marks))
    return replace(head, means="money", how="exact", rest="", measure=measure, mark=mark)


def _block(measure: Measure) -> _Of:
    """What the columns of a block have in common: basis, span, number and year."""
    return measure.basis, measure.span, measure.number, measure.year


def _without_total(head: Head) -> Measure:
    """What a total's headings say of it but that it is one."""
    parts = [part_of(text) for text in head.texts]
    plain = [
        replace(p, measure=replace(p.measure, span="")) if p.measure.span == "total" else p
        for p in parts
    ]
    return combined(plain, head.texts)


def over_marks(columns: Sequence[Col]) -> list[Whole]:
    """Columns of the whole, each with the recurrent and the non-recurrent one beside it."""
    found = []
    for of, some in _by_block(columns).items():
        parts = tuple(col for col in some if col.mark)
        if {col.mark for col in parts} == set(_MARKS):
            found += [Whole(col, parts) for col in some if not col.mark and col.unmarked == of]
    return found


def beside_marks(seen: Seen, columns: Sequence[Col]) -> list[Finding]:
    """The question of marked money beside other money of its basis and year that is no whole of it."""
    marked = {col.unmarked[:2] for col in columns if col.role == MONEY and col.mark}
    wholes = {id(whole.col) for whole in over_marks(columns)}
    blocks = _by_block(columns)
    lone = {
        of
        for of, some in blocks.items()
        if 0 < len({col.mark for col in some} - {""}) < len(_MARKS)
    }
    odd = [
        col
        for col in columns
        if col.role == MONEY
        and col.unmarked[:2] in marked
        and not is_untold_to_date(col)
        and id(col) not in wholes
        and (
            not col.mark or (col.unmarked in lone and any(not c.mark for c in blocks[col.unmarked]))
        )
    ]
    plain = [col for col in odd if not col.mark]
    if not plain:
        return []
    parts = [col for col in columns if col.role == MONEY and col.mark]
    names = [col.head.text[:60] for col in parts]
    return [
        asked(
            "IMPORT_HEADING",
            "Columns of recurrent or non-recurrent money stand beside others of their year that they do not "
            "make up: the book would count that money twice.",
            [seen.grid.at(seen.heading[1], col.index) for col in (*parts, *plain)],
            expected="recurrent and non-recurrent, with their total or without it",
            found=quoted(col.head.text for col in (*parts, *plain)),
            action=f'Leave out the parts: --set "headings.{names[0]}=", for each of them; or the others, '
            f'--set "headings.{plain[0].head.text[:60]}=".',
        )
    ]


def _by_block(columns: Iterable[Col]) -> dict[_Of, list[Col]]:
    """Columns of money by all that they say but their mark."""
    found: dict[_Of, list[Col]] = {}
    for col in columns:
        if col.role == MONEY:
            found.setdefault(col.unmarked, []).append(col)
    return found
