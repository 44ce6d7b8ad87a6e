"""Rows of a table that their names would bring to one line, and that the file itself keeps apart.

“Other income” and “Interest receivable” are both other income by their names. Where a total of the file
holds the one and not the other, or the two stand beside each other, each is a line of its own: nothing
is added up in silence, and what the book has of a total's lines is that total. Interest received beneath
total income is no income of the file: it takes from the net finance costs, and stands among the costs.
"""

from __future__ import annotations

from collections.abc import Container, Iterator, Sequence

from controltotal.core.lines import NET_FINANCE, SAVINGS
from controltotal.core.lines import Line as LineOf
from controltotal.core.vocabulary import folded
from controltotal.intake.labels import is_result
from controltotal.intake.lines import bare
from controltotal.intake.rows import DATA, Line
from controltotal.intake.sides import FINANCE_INCOME, TO_FIND, counted_in
from controltotal.intake.slugs import slug
from controltotal.intake.summed_rows import COSTS, INCOMES, RESULT, WHOLE, Book, Summed
from controltotal.intake.totals import statements


def told_apart(book: Book, own: dict[str, LineOf], named: Container[tuple[str, str]]) -> None:
    """Give lines of their own to rows that a total, or another row, shows to be another line.

    `named` are the labels with the lines that they name; what a person or a code says stays. The lines
    are put into `own`.
    """
    _as_written(book, own, named)
    held = [(found, _leaves(book, found)) for found in book.sums if _is_of_one_kind(book, found)]
    for lines in statements(book).values():
        rows = [x for x in lines if (x.label, x.said.get("line", "")) in named]
        for line in rows:
            if _takes_from_finance_costs(book, line, held):
                _give(book, own, line, LineOf("", "", "cost", True, NET_FINANCE))
        for some in _same_line(book, rows):
            for line in some:
                account = book.account(line)
                if account is not None and line not in _of_the_line(book, some, held):
                    _give(book, own, line, account)


def _as_written(book: Book, own: dict[str, LineOf], named: Container[tuple[str, str]]) -> None:
    """Rows that a total counts as another side than their names say: written, and kept, as of that side.

    In a result savings to find, and income below nil, are costs, whichever way they are written.
    """
    for found in book.sums:
        if not found.whole:
            continue
        side = book.kinds.get(found.total.row, "")
        for part in found.parts:
            line, account = part.line, book.account(part.line)
            one_sided = side in ("income", "cost")
            written = side if one_sided else counted_in(book, found, part)
            if line.kind != DATA or account is None or written in ("", account.written_kind):
                continue
            line.written = written
            kind = side if one_sided else "cost"
            if account.kind != kind and (line.label, account.line) in named:
                _give(book, own, line, LineOf("", "", kind, True, _group(book, found, line, kind)))


def _group(book: Book, found: Summed, line: Line, side: str) -> str:
    """Under which line a row of a total is shown: what takes from the costs of finance, else the total's."""
    if side == "cost" and FINANCE_INCOME.search(line.label):
        return NET_FINANCE
    if side == "cost" and line.said.get("line") == TO_FIND:
        return SAVINGS
    account = book.known.lines.all.get(book.known.lines.named(found.total.of).line)
    return account.line if account is not None and account.kind == side else side


def _is_of_one_kind(book: Book, found: Summed) -> bool:
    """Whether a total agrees in every column and counts rows of income alone, or of costs alone."""
    if not found.whole or not found.parts or _is_result(book, found):
        return False
    kind = book.kind(found.total)
    return kind in ("income", "cost") or (not kind and folded(found.total.of) in INCOMES | COSTS)


def _leaves(book: Book, found: Summed) -> set[int]:
    """The rows of data that a total counts, those of the totals in it too."""
    sums = {one.total.row: one for one in book.sums}
    rows: set[int] = set()
    waiting = [part.line for part in found.parts]
    seen: set[int] = set()
    while waiting:
        line = waiting.pop()
        if line.kind == DATA:
            rows.add(line.row)
        elif line.row in sums and line.row not in seen:
            seen.add(line.row)
            waiting += [part.line for part in sums[line.row].parts]
    return rows


def _takes_from_finance_costs(
    book: Book, line: Line, held: Sequence[tuple[Summed, set[int]]]
) -> bool:
    """Whether a row is interest received that no total of income holds, where the file has one."""
    account = book.account(line)
    if account is None or account.kind != "income" or not FINANCE_INCOME.search(line.label):
        return False
    incomes = [rows for found, rows in held if folded(found.total.of) in INCOMES and rows]
    return bool(incomes) and not any(line.row in rows for rows in incomes)


def _is_result(book: Book, found: Summed) -> bool:
    """Whether a sum is a result: by what it counts, or by its name, where the rest of it comes to nil."""
    label = found.total.label
    named = book.known.lines.named(label).line in WHOLE
    return named or is_result(label) or book.kind(found.total) == RESULT


def _same_line(book: Book, rows: Sequence[Line]) -> Iterator[list[Line]]:
    """Rows of different names that come to one line of income or costs which makes the surplus."""
    by_line: dict[str, list[Line]] = {}
    for line in rows:
        account = book.account(line)
        if account is not None and account.kind in ("income", "cost") and account.added:
            by_line.setdefault(account.line, []).append(line)
    for some in by_line.values():
        if len({folded(line.label) for line in some}) > 1:
            yield some


def _of_the_line(
    book: Book, some: Sequence[Line], held: Sequence[tuple[Summed, set[int]]]
) -> list[Line]:
    """Of rows that name one line those that are it: within a total before without, by its very name first."""
    inside = [line for line in some if any(line.row in rows for _, rows in held)] or list(some)
    account = book.account(some[0])
    names = {bare(account.line), bare(account.name)} if account else set()
    first = next((line for line in inside if bare(line.label) in names), inside[0])
    return [line for line in inside if folded(line.label) == folded(first.label)]


def _give(book: Book, own: dict[str, LineOf], line: Line, of: LineOf) -> None:
    """A line of its own for a row, of the kind and the group of another."""
    label = " ".join(line.label.split())
    name = slug(label).replace("-", "_") or "row"
    if name in book.known.lines.all and book.known.lines.all[name].group != of.group:
        name = f"{name}_{of.group or of.kind}"
    own.setdefault(name, LineOf(name, label, of.kind, of.added, of.group, outside=of.outside))
    line.said["line"] = name
