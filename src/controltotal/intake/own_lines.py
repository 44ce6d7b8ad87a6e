"""Lines of a file's own: rows that a total proves to be of a kind or a group, and no line is named for.

A book may have lines beyond the packaged ones, each with its kind and the group that it is shown under.
A row that stands in a proven total of pay is a line of pay, whatever it is called; and a row such as
“Other non-pay”, which names a group beside parts of it, is one more part. Nothing is lost, and the
total is right to the penny.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Final

from controltotal.core.lines import Line as LineOf
from controltotal.core.vocabulary import folded
from controltotal.intake.heads import part_of
from controltotal.intake.known import Known
from controltotal.intake.rows import DATA, Line
from controltotal.intake.slugs import slug
from controltotal.intake.summed_rows import COSTS, INCOMES, WHOLE, Book, group_of
from controltotal.intake.told_apart import told_apart
from controltotal.intake.totals import statements
from controltotal.intake.words import heading_means

_NAMELESS: Final = frozenset({"other", "others", "miscellaneous", "sundry", "general", "various"})
"""Names that say nothing without the group that they stand in."""
_WORD: Final = re.compile(r"[^\W\d_]{3}")
_REST: Final = re.compile(
    r"^\W*(?:other|all other|remaining|rest of|balance of)\b|\bexcl(?:uding|\.)?\b|\bexcept\b",
    re.IGNORECASE,
)


def given(
    book: Book, answered: Iterable[str], named: Container[tuple[str, str]] = ()
) -> tuple[dict[str, LineOf], list[Line]]:
    """Give lines of their own to rows that need them; the lines, and the rows that are in doubt.

    `answered` are labels (folded) of which a person says that they are rows and no totals, `named`
    the labels that name a line, with it. The book knows the new lines afterwards.
    """
    known = book.known
    own: dict[str, LineOf] = {}
    doubtful: list[Line] = []
    for line, kind, group in _unnamed_parts(book):
        _give(book.known, own, line, kind, group)
    book.known = with_lines(known, own)  # new parts make wholes of the groups that they are in
    sure = set(answered)
    for line, account in _beside_parts(book):
        if _REST.search(line.label) or folded(line.label) in sure or _is_proved(book, line):
            _give(book.known, own, line, account.kind, account.line)
        else:
            doubtful.append(line)
    told_apart(book, own, named)
    book.known = with_lines(known, own)
    return own, doubtful


def with_lines(known: Known, own: Mapping[str, LineOf]) -> Known:
    """What is known, with the lines that are new."""
    new = [line for name, line in own.items() if name not in known.lines.all]
    return replace(known, lines=known.lines.extended(new))


def _give(known: Known, own: dict[str, LineOf], line: Line, kind: str, group: str) -> None:
    label = " ".join(line.label.split())
    if folded(label) in _NAMELESS:
        label = f"{label} ({known.lines.all[group].name if group in known.lines.all else group})"
    name = slug(label).replace("-", "_") or "row"
    if name in known.lines.all and known.lines.all[name].group != group:
        name = f"{name}_{group}"
    own.setdefault(name, LineOf(name, label, kind, True, group))
    line.said["line"] = name


def _unnamed_parts(book: Book) -> Iterator[tuple[Line, str, str]]:
    """Rows without a line in a total of a kind or a group that agrees in every column."""
    for found in book.sums:
        kind, group = _named(book, found.total.of)
        if not kind or not found.whole:
            continue
        for part in found.parts:
            nameless = part.line.kind == DATA and "line" not in part.line.said
            if nameless and part.times == 1 and _is_name(part.line.label, book.known):
                yield part.line, kind, group


def _is_name(label: str, known: Known) -> bool:
    """Whether a label may be the name of a line: a word, no heading, no body, and no slip of a known one."""
    if not _WORD.search(label) or heading_means(label) or known.lines.is_slip(label):
        return False
    match = known.bodies.match(label)
    return not match.code and not part_of(label).whole


def _named(book: Book, name: str) -> tuple[str, str]:
    """The kind and the group that a total names; empty where it names neither."""
    if folded(name) in INCOMES:
        return "income", "income"
    if folded(name) in COSTS:
        return "cost", "cost"
    match = book.known.lines.match(name) if name else None
    account = book.known.lines.all.get(match.line) if match and match.how != "near" else None
    if account is None or account.line in WHOLE or account.kind == "position":
        return "", ""
    return account.kind, account.line


def _beside_parts(book: Book) -> Iterator[tuple[Line, LineOf]]:
    """Rows of data that name a group of which parts stand beside them."""
    for lines in statements(book).values():
        named = {line.said.get("line", "") for line in lines} - {""}
        for line in lines:
            account = book.account(line)
            if account is not None and named & (group_of(book, account.line) - {account.line}):
                yield line, account


def _is_proved(book: Book, line: Line) -> bool:
    """Whether a total that agrees counts a row beside the parts of its group."""
    inside = group_of(book, line.said["line"]) - {line.said["line"]}
    for found in book.sums:
        rows = [part.line for part in found.parts]
        if found.whole and line in rows and any(x.said.get("line") in inside for x in rows):
            return True
    return False
