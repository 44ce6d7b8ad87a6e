"""The columns of a table from its rows of headings: merged words spread, blocks carried, doubts settled.

A word over a block of columns is of all of them: where its cell is merged, by the area; where not,
to the next word in that row or the next gap. That is not done where columns before the word would be
left without: then it may stand in the middle of its block, and nobody can tell.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Final

from controltotal.core.calendar import CalendarError, parse_month
from controltotal.intake.heads import MONEY_WORDS, head_of, mark_in, part_of
from controltotal.intake.lattice import Lattice
from controltotal.intake.model import Head, Measure, Seen
from controltotal.intake.words import heading_means, key

_SAMPLE: Final = 200
_OF_WORDS: Final = frozenset(
    {"basis", "unit", "direction", "recurrence", "counterparty", "supplier", "description"}
)
"""Meanings of columns that hold words alone."""
_OF_NAMES: Final = frozenset(
    {
        "organisation",
        "line",
        "service",
        "category",
        "programme",
        "directorate",
        "description",
        "owner",
        "recurrence",
        "title",
    }
)
"""Headings of names: over a column of figures they name what the figures are of."""
_LABELS: Final = frozenset({"line", "title", "scheme_id", "organisation", "description"})
_NO_LABEL: Final = frozenset({"", "money", "measure", "name", "item"})
_NAMING: Final = frozenset({"title", "scheme_id"})
_CODES: Final = {
    "line": "line_code",
    "directorate": "cost_centre_code",
    "organisation": "organisation_code",
    "title": "scheme_id",
}
"""What the first of two columns of one meaning holds, where the second is its name or description."""
_MONTHS_DOWN: Final = 3
_REPORTS: Final = 3
"""Forecasts of reports that may stand beside each other."""
_HALF_YEAR: Final = 6


def heads_of(seen: Seen) -> tuple[Head, ...]:
    """Every column that has a heading or holds anything, and what it means."""
    lattice = Lattice(seen.grid, seen.left, seen.right)
    rows = [_spread(lattice, row) for row in range(seen.heading[0], seen.heading[1] + 1)]
    filled = _filled(lattice, seen)
    for place, row in enumerate(rows[:-1]):
        lowest: dict[int, str] = {}
        for below in rows[place + 1 :]:
            lowest |= below
        _carry(row, lowest, filled | set(lowest))
    heads = []
    for column in range(seen.left, seen.right + 1):
        texts = [row[column] for row in rows if column in row]
        if texts or column in filled:
            heads.append(head_of(column, texts))
    return tuple(_settled(heads, lattice, seen))


def _filled(lattice: Lattice, seen: Seen) -> set[int]:
    """The columns of a body that hold anything."""
    found: set[int] = set()
    wide = seen.right - seen.left + 1
    for row in range(seen.first, seen.last + 1):
        if len(found) == wide:
            break
        found |= set(lattice.filled(row))
    return found


def _spread(lattice: Lattice, row: int) -> dict[int, str]:
    """The texts of a row of headings by column, merged ones given to each of their columns."""
    found: dict[int, str] = {}
    grid = lattice.grid
    for column in range(lattice.left, lattice.right + 1):
        if text := lattice.text(row, column):
            found[column] = text
    for top, left, bottom, right in grid.merged:
        if top <= row <= bottom and left <= lattice.right and (text := grid.text(top, left)):
            for column in range(max(left, lattice.left), min(right, lattice.right) + 1):
                found.setdefault(column, text)
    return found


def _carry(row: dict[int, str], bottom: dict[int, str], used: set[int]) -> None:
    """Carry the words of blocks over the columns after them, where that can be told."""
    of_money = {
        column
        for column, text in bottom.items()
        if part_of(text).says or heading_means(text) in MONEY_WORDS or mark_in(text)
    }
    carried: dict[int, str] = {}
    text, below = "", set[str]()
    for column in range(min(used, default=0), max(used, default=-1) + 1):
        if column in row:
            text, below = row[column], set()
        elif column not in used or column not in of_money or _is_apart(text, bottom[column]):
            text = ""
        elif text:
            if key(bottom[column]) in below:
                return  # the same heading twice under one word: it is not of all of them
            carried[column] = text
        if column in bottom:
            below.add(key(bottom[column]))
    if not _uncovered(row, carried, bottom, of_money):
        row.update(carried)


def _is_apart(above: str, below: str) -> bool:
    """Whether a column stands after a block and is not of it: a forecast is none of a month's figures."""
    spans = part_of(above).measure.span in ("month", "to_date")
    return spans and part_of(below).measure.basis == "forecast"


def _uncovered(
    row: dict[int, str], carried: dict[int, str], bottom: dict[int, str], of_money: set[int]
) -> bool:
    """Whether a month directly before a carried word is left without one."""
    starts = [column for column in row if column + 1 in carried]
    return any(
        column - 1 in of_money
        and column - 1 not in row
        and column - 1 not in carried
        and part_of(bottom[column - 1]).measure.span == part_of(bottom.get(column, "")).measure.span
        and part_of(bottom[column - 1]).measure.basis
        == part_of(bottom.get(column, "")).measure.basis
        for column in starts
    )


def _settled(heads: list[Head], lattice: Lattice, seen: Seen) -> list[Head]:
    """The columns beside each other: months by number, words that all share, labels and names."""
    kinds = {head.column: _kind_of(lattice, seen, head.column) for head in heads}
    heads = _numbered(heads)
    first = min((head.column for head in heads), default=0)
    heads = [
        replace(head, means=_code_or_group(head, lattice, seen)) if _has_name(head, heads) else head
        for head in heads
    ]
    heads = [_of_figures(head, kinds[head.column], first) for head in heads]
    heads = _told_apart(_of_reports(heads))
    heads = _without_common(_earlier(heads))
    heads = _labels(heads, kinds)
    heads = [_bases_down(head, lattice, seen) for head in heads]
    return _across(heads, kinds, lattice, seen)


def _kind_of(lattice: Lattice, seen: Seen, column: int) -> str:
    """What most cells of a column are, among its first rows and above two empty ones."""
    kinds: list[str] = []
    for row in range(seen.first, seen.last + 1):
        if kinds and lattice.blank(row) and lattice.blank(row + 1):
            break  # what stands below is another table, or notes
        if kind := lattice.kind(row, column):
            kinds.append(kind)
        if len(kinds) >= _SAMPLE:
            break
    return max("ntd", key=kinds.count) if kinds else ""


def _numbered(heads: list[Head]) -> list[Head]:
    """Months headed by their bare numbers 1 to 12, or by periods of which all twelve are there."""
    bare = [head for head in heads if head.texts and head.texts[-1] in _COUNT]
    if [head.texts[-1] for head in bare] == list(_COUNT):
        columns = {head.column for head in bare}
        heads = [
            head_of(head.column, [*head.texts[:-1], f"M{head.texts[-1]}"])
            if head.column in columns
            else head
            for head in heads
        ]
    of_month: dict[str, set[int]] = {}
    for head in heads:
        if head.measure.span == "month" and head.measure.number:
            of_month.setdefault(head.measure.basis, set()).add(head.measure.number)
    whole = {basis for basis, months in of_month.items() if len(months) == 12}
    return [
        replace(head, how="exact")
        if head.how == "near" and head.measure.span == "month" and head.measure.basis in whole
        else head
        for head in heads
    ]


_COUNT: Final = tuple(str(month) for month in range(1, 13))


def _of_figures(head: Head, kind: str, first: int) -> Head:
    """A column of figures under a name is of what it names; the first of all holds codes."""
    if kind == "n" and head.column == first and head.means in _CODES:
        return replace(head, means=_CODES[head.means])
    if kind == "n" and head.how == "near" and head.means in _OF_WORDS:
        return replace(head, means="", how="")  # “Pay actual” is no slip of “Plan/actual”
    if kind == "n" and head.means in _OF_NAMES:
        return replace(head, means="", how="", rest=head.texts[-1])
    return head


def _told_apart(heads: list[Head]) -> list[Head]:
    """Columns of one measure whose headings differ: in what they differ nobody could read."""
    same: dict[object, set[str]] = {}
    for head in heads:
        if _may_be_told(head):
            same.setdefault(head.measure, set()).add(key(head.text))
    return [
        replace(head, rest=head.texts[-1])
        if _may_be_told(head) and len(same[head.measure]) > 1
        else head
        for head in heads
    ]


def _may_be_told(head: Head) -> bool:
    of_book = head.measure.basis in ("plan", "actual", "forecast")
    return head.means == "money" and of_book and not head.rest


def _earlier(heads: list[Head]) -> list[Head]:
    """The outturn of a year before another year of the table is of the prior year."""
    latest = max((head.measure.year for head in heads), default="")
    return [
        replace(head, how="exact", measure=replace(head.measure, basis="prior"))
        if head.measure.basis == "outturn" and "" < head.measure.year < latest
        else head
        for head in heads
    ]


def _of_reports(heads: list[Head]) -> list[Head]:
    """Forecasts of the year by the month of their report: the latest is meant, others were said before.

    More of them than a few are months of the year beside each other after all. Where the year may
    turn between them, nothing tells which is the latest.
    """
    of = [head for head in heads if head.measure.span == "year" and head.measure.number]
    numbers = [head.measure.number for head in of]
    if len(of) > _REPORTS:
        return [
            replace(head, measure=replace(head.measure, span="month")) if head in of else head
            for head in heads
        ]
    turns = bool(of) and max(numbers) - min(numbers) >= _HALF_YEAR
    latest = 0 if turns else max(numbers, default=0)
    return [
        head
        if head not in of
        else replace(head, measure=replace(head.measure, number=0))
        if head.measure.number == latest or turns
        else replace(head, measure=replace(head.measure, number=0, basis="movement"))
        for head in heads
    ]


def _without_common(heads: list[Head]) -> list[Head]:
    """The rest of a heading that stands over all money says nothing of one of its columns."""
    money = [head for head in heads if head.means == "money"]
    rests = {head.rest for head in money}
    if len(money) < 2 or len(rests) != 1 or not money[0].rest:
        return heads
    return [replace(head, rest="") if head.means == "money" else head for head in heads]


def _labels(heads: list[Head], kinds: dict[int, str]) -> list[Head]:
    """Columns of text that have no heading, or one that depends on what stands beside it."""
    said = {head.means for head in heads}
    bare = [head for head in heads if head.means in _NO_LABEL and kinds[head.column] == "t"]
    first_figures = min((h.column for h in heads if kinds[h.column] == "n"), default=-1)
    left = [head for head in bare if head.column < first_figures]
    changed: dict[int, str] = {}
    if len(left) == 1 and not said & _LABELS:
        changed[left[0].column] = "line"
    schemes = bool(said & {"scheme_id", "title"})
    for head in sorted(heads, key=lambda head: head.means == "code"):
        word = _beside(head.means, said | set(changed.values()), schemes)
        if word != head.means:
            changed[head.column] = word
            said.add(word)
    return [
        replace(head, means=changed[head.column], how="exact") if head.column in changed else head
        for head in heads
    ]


def _beside(means: str, said: set[str], schemes: bool) -> str:
    """What a word of several meanings is beside the others."""
    if means == "description":
        return _described(said, schemes)
    if means == "risk" and said & {"gross", "chance", "net"}:
        return means if "title" in said else "title"
    if means == "category" and not schemes:
        return means if said & {"line", "title", "kind"} else "line"
    if means != "code":
        return means
    if schemes and "scheme_id" not in said:
        return "scheme_id"
    return next((_CODES[word] for word in ("line", "organisation") if word in said), means)


def _described(said: set[str], schemes: bool) -> str:
    """What a description is of: a scheme, a line by its code, or only of the row."""
    if schemes:
        return "notes" if "title" in said else "title"
    return "notes" if said & {"line", "organisation"} and "line_code" not in said else "line"


def _bases_down(head: Head, lattice: Lattice, seen: Seen) -> Head:
    """A column of lines, or of scenarios, whose every cell is a basis, such as plan and actual by turns."""
    named = head.means in ("line", "scenario", "category", "kind")
    if not named and (head.means == "money" or head.means not in _NO_LABEL):
        return head
    rows = range(seen.first, min(seen.last, seen.first + _SAMPLE) + 1)
    texts = {lattice.grid.text(row, head.column) for row in rows} - {""}
    of_basis = [text for text in texts if part_of(text).whole and part_of(text).measure.basis]
    least = 1 if head.means == "scenario" else 2
    is_basis = len(of_basis) == len(texts) >= least
    return replace(head, means="basis", how="exact") if is_basis else head


def _code_or_group(head: Head, lattice: Lattice, seen: Seen) -> str:
    """What stands beside names: their codes, or the words of the groups that they are in."""
    rows = range(seen.first, min(seen.last, seen.first + _SAMPLE) + 1)
    texts = [text for row in rows if (text := lattice.grid.text(row, head.column))]
    words = [text for text in texts if not any(letter.isdigit() for letter in text)]
    is_group = head.means == "line" and 2 * len(words) > len(texts) > len(set(texts))
    return "group" if is_group else _CODES[head.means]


def _has_name(head: Head, heads: list[Head]) -> bool:
    """Whether another column of the same meaning is the name of what this one has the code of."""
    return (
        head.means in _CODES
        and not _NAME.search(head.text.casefold())
        and any(o.means == head.means and _NAME.search(o.text.casefold()) for o in heads)
    )


_NAME: Final = re.compile(r"(?:name|desc(?:ription|r)?\.?)$")


def _across(heads: list[Head], kinds: dict[int, str], lattice: Lattice, seen: Seen) -> list[Head]:
    """Months down and lines across: a column of months beside columns of figures nobody knows."""
    unknown = [h for h in heads if not h.means and h.texts and kinds[h.column] == "n"]
    if not unknown:
        return heads
    for head in heads:
        named = head.means in ("month", "period", "date", "line", "year", "")
        if named and kinds[head.column] in ("t", "d") and _are_months(lattice, seen, head.column):
            across = {h.column for h in unknown}
            return [
                replace(h, means="month", how="exact", measure=Measure())
                if h is head
                else replace(h, means="line_across", how="exact")
                if h.column in across
                else h
                for h in heads
            ]
    return heads


def _are_months(lattice: Lattice, seen: Seen, column: int) -> bool:
    """Whether most cells of a column are months, several of them."""
    found, others = set[str](), 0
    for row in range(seen.first, min(seen.last, seen.first + _SAMPLE) + 1):
        text = lattice.grid.text(row, column)
        if not text:
            continue
        try:
            found.add(parse_month(text))
        except CalendarError:
            others += 1
    return len(found) >= _MONTHS_DOWN and others <= len(found)


def with_merged(seen: Seen) -> Seen:
    """Labels in merged cells given to each of their rows; merged money is told as what it is.

    Where the name or reference of a scheme is merged over the same rows, its money there is said once.
    """
    labels = {head.column for head in seen.heads if not _is_figures(head, seen)}
    whole = {
        (top, bottom)
        for top, left, bottom, _ in seen.grid.merged
        if any(h.column == left and h.means in _NAMING for h in seen.heads)
    }
    cells, untold = list(seen.grid.cells), dict(seen.grid.untold)
    for top, left, bottom, _ in seen.grid.merged:
        if (
            top < seen.first
            or top == bottom
            or top > seen.last
            or not seen.left <= left <= seen.right
        ):
            continue
        value = seen.grid.value(top, left)
        if value is None:
            continue
        for row in range(top, min(bottom, seen.last) + 1):
            if left in labels:
                line = list(cells[row])
                line += [None] * (left + 1 - len(line))
                line[left] = value
                cells[row] = line
            elif row > top and (top, bottom) not in whole:
                untold[row, left] = f"merged with the cell above ({seen.grid.text(top, left)})"
    return replace(seen, grid=replace(seen.grid, cells=cells, untold=untold))


def _is_figures(head: Head, seen: Seen) -> bool:
    lattice = Lattice(seen.grid, seen.left, seen.right)
    return head.means in ("money", "line_across") or _kind_of(lattice, seen, head.column) == "n"
