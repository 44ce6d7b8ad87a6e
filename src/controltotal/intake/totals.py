"""Totals of a table beside the rows that make them: which rows those are is found, not assumed.

A total is tried against the rows that its name, its place and the totals before it suggest, over all
its columns at once; the reading under which most columns agree is the one, and every column that
then differs is told to the penny. A result (a surplus) also tells how the table writes costs: where it
fits under one habit of signs alone, that habit is proved.
"""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping, Sequence
from typing import Final

from controltotal.core.progress import checked
from controltotal.core.vocabulary import folded
from controltotal.intake.bottom_line import bottom_line
from controltotal.intake.known import Known
from controltotal.intake.labels import is_result
from controltotal.intake.rows import DATA, HEADING, SUM, Line, counts_once
from controltotal.intake.sides import as_one_side, below, counted_as, other_side, to_find
from controltotal.intake.summed_rows import (
    COSTS,
    INCOMES,
    PLAIN,
    RESULT,
    STATED,
    TURNED,
    WHOLE,
    WRITTEN,
    Book,
    Part,
    Summed,
    group_of,
    rounding,
    summed,
)

_KINDS: Final = {**dict.fromkeys(COSTS, "cost"), **dict.fromkeys(INCOMES, "income")}
_LAST: Final = 9
"""Totals before one that are tried as its parts, the last two, three and so on."""


def reconciled(
    lines: list[Line],
    known: Known,
    slack: Mapping[int, int],
    *,
    nameless: Container[int] = (),
    postings: bool = False,
) -> Book:
    """Find what each total of a table is made of, wholes of groups first, then from the top down.

    A row that nobody can name (`nameless`, by row) and that is the exact sum of those beside it is a
    total too. In a list of `postings` no row is the whole of others. A result that nothing makes and
    that names a line of account, such as net finance costs, is that line where every total then fits.
    """
    before = [(line.kind, line.of) for line in lines]
    book = _reconciled(lines, known, slack, nameless, postings=postings)
    alone = [s.total for s in book.sums if not any(s.agrees.values()) and _line_of(s.total, known)]
    if not alone:
        return book
    _restore(lines, before)
    for line in alone:
        line.kind, line.of, line.said["line"] = DATA, "", _line_of(line, known)
    other = _reconciled(lines, known, slack, nameless, postings=postings)
    if other.sums and all(found.whole for found in other.sums):
        return other
    _restore(lines, before)
    for line in alone:
        del line.said["line"]
    return _reconciled(lines, known, slack, nameless, postings=postings)


def _restore(lines: Sequence[Line], before: Sequence[tuple[str, str]]) -> None:
    for line, (kind, of) in zip(lines, before, strict=True):
        line.kind, line.of = kind, of


def _line_of(line: Line, known: Known) -> str:
    """The line of account that a result also names; empty where it names none, or a surplus."""
    if not is_result(line.label) or "line" in line.said:
        return ""
    name = known.lines.named(line.label).line
    return "" if name in WHOLE else name


def _reconciled(
    lines: list[Line],
    known: Known,
    slack: Mapping[int, int],
    nameless: Container[int],
    *,
    postings: bool,
) -> Book:
    """What each total of a table is made of, its rows taken as they are judged."""
    book = Book(lines, known, slack, postings)
    wholes = {} if postings else _wholes(book)
    for line in lines:
        if line.row in wholes:
            line.kind, line.of = SUM, line.label
    for index, line in enumerate(checked(lines, 10)):
        if line.kind == DATA and line.row in nameless and _is_unnamed_total(book, index):
            line.kind, line.of = SUM, line.label if folded(line.label) in _KINDS else ""
        if line.kind == SUM:
            made = wholes.get(line.row)
            found = _judged(book, line, made, "") if made else _best(book, index)
            book.sums.append(found)
            kind = book.kinds[line.row] = _kind_of_sum(found, book)
            if found.whole and kind in _KINDS.values():  # whatever its rows are called
                book.kinds |= {one.row: kind for one in other_side(book, found, kind)}
    return book


def _is_unnamed_total(book: Book, index: int) -> bool:
    """Whether a row is, in every column, the sum of two rows or more directly beside it."""
    line = book.lines[index]
    kind = _KINDS.get(folded(line.label), "")
    own = [x for x in book.lines if x.kind == DATA and kind and book.kind(x) == kind]
    for rows in (own, *_by_place(book, index)):
        parts = tuple(Part(x, 1) for x in rows)
        sums = {column: summed(parts, column) for column in line.pence}
        if len(parts) > 1 and any(sums.values()) and sums == line.pence:
            return True
    return False


def _wholes(book: Book) -> dict[int, tuple[Part, ...]]:
    """Rows that state a group beside its parts, with these; and those that state a surplus.

    A surplus is the whole of the rows of its body where these hold both income and costs.
    """
    found: dict[int, tuple[Part, ...]] = {}
    empty = _kinds_said(book)
    for lines in statements(book).values():
        kinds = {book.kind(line) for line in lines} | empty
        for place, line in enumerate(checked(lines, 10)):
            name = line.said.get("line", "")
            inside = group_of(book, name) - {name} if name else set()
            parts = tuple(Part(x, 1) for x in lines if x.said.get("line") in inside)
            if parts and _is_whole(line, parts):
                found[line.row] = parts
            elif parts and (below := _made_of(line, lines[place + 1 :])):
                found[line.row] = below
            elif (inside and name not in WHOLE) and (
                above := _made_of(line, _of_section(line, lines[:place]))
            ):
                found[line.row] = above
            elif name in WHOLE and {"income", "cost"} <= kinds:
                found[line.row] = ()  # a surplus without support is no sum of that with it
    return found


def _of_section(line: Line, above: Sequence[Line]) -> list[Line]:
    """The rows above one under the same heading, the nearest first."""
    apart = next((n for n, one in enumerate(reversed(above)) if one.section != line.section), None)
    return list(reversed(above))[:apart]


def _made_of(line: Line, rows: Sequence[Line]) -> tuple[Part, ...]:
    """The rows nearest to a row that make it to the penny in every column; none where they do not."""
    parts: list[Part] = []
    for row in rows:
        parts.append(Part(row, 1))
        sums = {column: summed(parts, column) for column in line.pence}
        if len(parts) > 1 and any(sums.values()) and sums == line.pence:
            return tuple(parts)
    return ()


def _is_whole(line: Line, parts: tuple[Part, ...]) -> bool:
    """Whether a row of a group is the whole of its parts in half its columns; else it is one of its own."""
    equal = sum(pence == summed(parts, column) for column, pence in line.pence.items())
    return 2 * equal >= len(line.pence)


def _kinds_said(book: Book) -> set[str]:
    """The kinds that headings and totals name, as of lines that hold nothing or that nobody can name."""
    labels = [line.label for line in book.lines if line.kind == HEADING and line.label]
    named = (book.known.lines.all.get(book.known.lines.named(label).line) for label in labels)
    totals = (line.of for line in book.lines if line.kind == SUM)
    said = {_KINDS.get(folded(text), "") for text in (*labels, *totals)} - {""}
    return said | {account.kind for account in named if account is not None}


def statements(book: Book) -> dict[tuple[str, ...], list[Line]]:
    """Rows of data by body, year, month and basis, as far as they name them."""
    found: dict[tuple[str, ...], list[Line]] = {}
    for line in book.lines:
        if line.kind == DATA:
            found.setdefault(tuple(line.said.get(w, "") for w in STATED), []).append(line)
    return found


def _kind_of_sum(found: Summed, book: Book) -> str:
    """The one kind of the parts; of rows that nobody can name what the total calls them."""
    if side := counted_as(book, found):
        return side
    kinds = {book.kind(part.line) for part in found.parts} - {""}
    if not kinds and found.parts:
        account = book.known.lines.all.get(book.known.lines.named(found.total.of).line)
        named = account.kind if account else _KINDS.get(folded(found.total.of), "")
        kinds = {named} & {"income", "cost"}
    return kinds.pop() if len(kinds) == 1 else RESULT if kinds else ""


# -- which rows may make a total ---------------------------------------------------------------


def _best(book: Book, index: int) -> Summed:
    """The reading of a total under which most of its columns agree; the first of equals."""
    best: Summed | None = None
    for parts, habit in _readings(book, index):
        found = _judged(book, book.lines[index], parts, habit)
        if best is None or _score(found) > _score(best):
            best = found
        if found.whole and any(found.expected(c) for c in found.agrees):
            break
    if best is None:
        return Summed(book.lines[index], (), "", dict.fromkeys(book.lines[index].pence, False))
    return _proved(book, index, best)


def _score(found: Summed) -> int:
    return sum(found.agrees.values())


def _proved(book: Book, index: int, best: Summed) -> Summed:
    """The same with its habit only where no other habit fits as well."""
    if not best.habit:
        return best
    for parts, habit in _readings(book, index):
        if habit and (habit == PLAIN) != (best.habit == PLAIN):
            other = _judged(book, best.total, parts, habit)
            if _score(other) >= _score(best):
                return Summed(best.total, best.parts, "", best.agrees)
    return best if best.whole else Summed(best.total, best.parts, "", best.agrees)


def _judged(book: Book, total: Line, parts: tuple[Part, ...], habit: str) -> Summed:
    """How a total compares with some parts, column by column, as far as rounding allows."""
    agrees = {
        column: abs(pence - summed(parts, column))
        <= rounding(len(parts), book.slack.get(column, 0))
        for column, pence in total.pence.items()
    }
    return Summed(total, parts, habit, agrees)


def _readings(book: Book, index: int) -> Iterator[tuple[tuple[Part, ...], str]]:
    """Every set of rows that may make a total, the likeliest first, under each habit of signs."""
    seen: set[tuple[tuple[int, int], ...]] = set()
    for rows in _sets(book, index):
        for parts, habit in _signed(book, book.lines[index], rows):
            key = tuple((part.line.row, part.times) for part in parts)
            if parts and key not in seen:
                seen.add(key)
                yield parts, habit
    if not book.lines[index].of and book.opposed is False:  # a pivot adds up whatever it holds
        for rows in _sets(book, index):
            yield tuple(Part(line, 1) for line in rows), ""


def _signed(
    book: Book, total: Line, rows: Sequence[Line]
) -> Iterator[tuple[tuple[Part, ...], str]]:
    """Rows of one kind as they are written; of several under each habit of signs, or as of one side."""
    kinds = set() if book.postings else {book.kind(line) for line in rows} - {""}
    if "cost" not in kinds or kinds == {"cost"}:
        yield tuple(Part(line, 1) for line in rows), ""
        return
    if book.opposed:
        yield from _either(book, rows)
        return
    yield from _plainly(book, rows)
    if parts := as_one_side(book, total, rows):
        yield parts, ""
    elif book.opposed is None:
        yield from _either(book, rows)


def _plainly(book: Book, rows: Sequence[Line]) -> Iterator[tuple[tuple[Part, ...], str]]:
    """Income less costs, and costs less income, as of rows that people write positive."""
    for costs in ({"cost", ""}, {"cost"}):  # a row that nobody can name may be either
        for cost in (-1, 1):
            plain = tuple(Part(x, cost if book.kind(x) in costs else -cost) for x in rows)
            yield plain, PLAIN
    taking = [x.row for x in rows if below(x) and (book.kind(x) == "income" or to_find(book, x))]
    if taking:  # income below nil, and savings to find, may take from the costs
        for cost in (-1, 1):
            signed = (cost if book.kind(x) == "cost" or x.row in taking else -cost for x in rows)
            yield tuple(map(Part, rows, signed)), PLAIN


def _either(book: Book, rows: Sequence[Line]) -> Iterator[tuple[tuple[Part, ...], str]]:
    """Income and costs of opposite signs added up, the result of either sign."""
    yield tuple(Part(line, 1) for line in rows), WRITTEN
    yield tuple(Part(line, 1 if book.kind(line) == RESULT else -1) for line in rows), TURNED


def _sets(book: Book, index: int) -> Iterator[list[Line]]:
    """Sets of rows by name, by place, and by the totals before."""
    total = book.lines[index]
    if book.postings:
        yield [line for line in book.lines[:index] if line.kind == DATA]
        return
    rows = [line for line in book.lines if line.kind == DATA]
    own = [line for line in rows if _within(line, total)]
    above = [line for line in own if line.row < total.row]
    named = _named(book, total, own)
    if named:
        kind = next((kind for kind in map(book.kind, named) if kind), "")
        yield named
        for found in _placed(book, index, rows, own, above):
            alike = all(book.kind(x) in (kind, "") or x.kind == SUM for x in found)
            if alike or as_one_side(book, total, found):
                yield found
        return
    yield from _placed(book, index, rows, own, above)


def _placed(
    book: Book, index: int, rows: list[Line], own: list[Line], above: list[Line]
) -> Iterator[list[Line]]:
    """Sets of rows by their place, and by the totals before."""
    total = book.lines[index]
    yield from _by_place(book, index)
    yield _after_result(book, index)
    yield _after_result(book, index, once=True)
    for kind in ("cost", "income"):
        yield [line for line in above if book.kind(line) == kind and not _outside(book, line)]
    yield above
    yield [line for line in above if not _outside(book, line)]
    before = _totals_before(book, index)
    yield before
    for last in range(2, min(len(before), _LAST)):
        yield before[-last:]
    yield own
    yield [line for line in own if not _outside(book, line)]
    yield [line for line in rows if line.row < total.row]
    yield rows


def _within(line: Line, total: Line) -> bool:
    """Whether a row is of the same body, year, month and basis, as far as the total names them."""
    return all(
        not total.said.get(what) or total.said[what] == line.said.get(what, "") for what in STATED
    )


def _named(book: Book, total: Line, rows: Sequence[Line]) -> list[Line]:
    """The rows that a total names: of a group, a kind, a section or a body."""
    name = total.of.casefold()
    if not name or is_result(total.of) or bottom_line(total.of):
        return []
    by_section = [line for line in rows if line.section.casefold() == name]
    if by_section:  # a heading may hold on beneath its total, where nothing else is named
        return [line for line in by_section if line.row < total.row] or by_section
    kind = _KINDS.get(folded(name))
    if kind:
        return [line for line in rows if book.kind(line) == kind and not _outside(book, line)]
    account = book.known.lines.all.get(book.known.lines.named(total.of).line)
    if account is None or account.line in WHOLE:
        return []
    inside = group_of(book, account.line)
    return [line for line in rows if line.said.get("line") in inside]


def _outside(book: Book, line: Line) -> bool:
    account = book.account(line)
    return account is not None and (account.outside or not account.added)


def _by_place(book: Book, index: int) -> Iterator[list[Line]]:
    """The rows directly above a total, and those directly below it."""
    above, below = _run(book, index, -1), _run(book, index, 1)
    if above or not below:
        yield above
    if below:
        yield below
    both = _run(book, index, -1, through=(HEADING,))
    if both != above:
        yield both


def _run(book: Book, index: int, step: int, through: tuple[str, ...] = ()) -> list[Line]:
    """Rows of data from a total on, until another total or a heading."""
    found = []
    place = index + step
    while 0 <= place < len(book.lines):
        line = book.lines[place]
        if line.kind == DATA:
            found.append(line)
        elif line.kind == SUM or (line.kind == HEADING and line.label and HEADING not in through):
            break
        place += step
    return found[::step]


def _after_result(book: Book, index: int, *, once: bool = False) -> list[Line]:
    """The last result before a total, and the rows of data since it; or what counts once there too."""
    for place in range(index - 1, -1, -1):
        line = book.lines[place]
        if line.kind == SUM and book.kinds.get(line.row) == RESULT:
            since = book.lines[place + 1 : index]
            return [line, *(x for x in since if x.kind == DATA or (once and counts_once(x)))]
    return []


def _totals_before(book: Book, index: int) -> list[Line]:
    """The totals before one that no other total has taken in, and rows that no total has."""
    taken: set[int] = set()
    for found in book.sums:
        taken |= {part.line.row for part in found.parts}
    return [
        line
        for line in book.lines[:index]
        if line.kind in (SUM, DATA) and line.row not in taken and line.pence
    ]
