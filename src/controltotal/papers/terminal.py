"""Sections as lines of text for a terminal, within its width.

`brief` is the first screen of an answer: its sentences, its one table, the findings counted by kind,
forty lines for a system. `whole` is all that an answer holds, from top to bottom. What is said, in
which order and unit, is the view's (`answer*.py`).
"""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Final

from controltotal.core.legible import one_line
from controltotal.core.money import shown_in
from controltotal.core.show import figure_name, figure_value
from controltotal.papers.page import plain_text, sum_text
from controltotal.papers.sections import INDENT, Column, Section, TableView

Strong = Callable[[str], str]
"""How a heading stands out; as plain text where nothing is said."""

LINES: Final = 40
"""Lines that an answer on a system takes."""
SENTENCE_LINES: Final = 14
"""Lines of sentences after which no other begins."""
KINDS: Final = 6
"""Kinds of findings that are told one by one."""
ROWS_LEAST: Final = 6
"""Rows that a table has whatever stands around it."""
NAME_LEAST: Final = 16
"""Characters to which a column of text may be narrowed."""
HEADINGS: Final = (12, 9, 7)
"""Characters after which a heading goes on in a further line: as wide as the screen lets it be."""
HEAD_LINES: Final = 3
"""Lines of headings that are reckoned with before they are set."""
NAME_GOOD: Final = 28
"""Characters of a name below which headings are narrowed first."""
FITTED_LEAST: Final = 3
"""Columns of a table that is fitted to the width: of two, a text is read to its end."""
COLUMN_MOST: Final = 120
"""Characters to which a column is filled up; a longer cell runs on, and no other waits for it."""
MARK: Final = " (stand-in)"
"""The end of a name that stays where the name is cut."""


def brief(answer: Section, findings: Section, last: str, width: int, strong: Strong = str) -> str:
    """The first screen: an answer, the findings by kind, and what else may be asked for."""
    sentences = _sentences(answer.words, width)
    counts = _counts(findings, width, LINES)
    room = LINES - len(sentences) - len(counts) - 4
    if room < ROWS_LEAST + 3 and len(counts) > 3:
        counts = _counts(findings, width, len(counts) - (ROWS_LEAST + 3 - room))
        room = LINES - len(sentences) - len(counts) - 4
    end = [*counts, *textwrap.wrap(last, width)]
    table: list[str] = []
    for one in answer.tables:
        room = max(room, ROWS_LEAST + 3)
        table = [*table_lines(one, width, room, strong=strong), ""]
        over = len(sentences) + 1 + len(table) + len(end) - LINES
        if over > 0:  # headings of more lines than were reckoned with
            table = [*table_lines(one, width, room - over, strong=strong), ""]
    return "\n".join([*sentences, "", *table, *end]) + "\n"


def whole(
    sections: Iterable[Section], width: int, strong: Strong = str, *, wide: bool = False
) -> str:
    """All of some sections, from top to bottom, each part with an empty line before the next.

    Tables that are folded on a page, and all of them where asked for `wide`, are as wide as they
    are; the others fit the width.
    """
    parts: list[list[str]] = []
    for section in sections:
        title = [strong(one_line(section.title))] if section.title else []
        words = [line for text in section.words for line in wrapped(one_line(text), width)]
        points = [one_line(text) for text in section.points]
        figures = [one_line(f"{figure_name(one)}: {figure_value(one)}") for one in section.figures]
        parts.append([*title, *words, *points, *figures])
        for table in section.tables:
            free = wide or table.folded or len(table.columns) < FITTED_LEAST
            parts.append((_as_it_stands if free else table_lines)(table, width, strong=strong))
        if section.tree is not None:
            parts.append(wrapped(section.tree.text, width))
    return "\n\n".join("\n".join(part) for part in parts if part) + "\n"


def _as_it_stands(table: TableView, _: int, strong: Strong = str) -> list[str]:
    """A table with every row and column, however wide."""
    body = _cells(table, table.rows)
    names, right = [one.heading for one in table.columns], [one.right for one in table.columns]
    title = [strong(one_line(table.title))] if table.title else []
    note = [one_line(table.note)] if table.note else []
    return [*title, *aligned(names, body, right), *note]


def wrapped(text: str, width: int, hanging: int = 0) -> list[str]:
    """Lines within the width; what goes on stands so much further in than its first line."""
    found: list[str] = []
    for line in text.split("\n"):
        lead = " " * (len(line) - len(line.lstrip()))
        more = lead + " " * hanging
        found += textwrap.wrap(
            line.strip(), width, initial_indent=lead, subsequent_indent=more
        ) or [""]
    return found


def first_that_fits(sections: Iterable[Section], width: int) -> str:
    """The first of some sections whose words and tree fit a screen, else the last of them, cut."""
    lines: list[str] = []
    for section in sections:
        words = [line for text in section.words for line in wrapped(one_line(text), width, 4)]
        tree = wrapped(section.tree.text, width, 4) if section.tree else []
        room = LINES - len(words) - 3
        points = ["", *section.points] if section.points else []
        lines = [*words, "", *tree[:room], *points]
        if len(tree) <= room:
            break
    return "\n".join(lines) + "\n"


def _sentences(texts: Sequence[str], width: int) -> list[str]:
    lines: list[str] = []
    for text in texts:
        more = textwrap.wrap(text, width)
        if lines and len(lines) + len(more) > SENTENCE_LINES:
            break
        lines += more
    return lines


def _counts(findings: Section, width: int, room: int) -> list[str]:
    """How many findings there are of each kind, in as many lines as there is room for."""
    lines = list(findings.words)
    for table in findings.tables:
        most = max(1, min(KINDS, room - 2))
        rows = table.rows if len(table.rows) <= most else table.rows[: max(1, most - 1)]
        for row in rows:
            lines.append(cut(f"  {row['many']:>3} {row['severity']:<7}  {row['meaning']}", width))
        if len(rows) < len(table.rows):
            lines.append(f"  {rows[-1]['rest']}")
    return lines


# -- the table ---------------------------------------------------------------------------------------


def table_lines(
    table: TableView, width: int, room: int = 10_000, *, strong: Strong = str
) -> list[str]:
    """A table in as many lines as there is room for; what is left out is counted."""
    rows = _kept(table, room - 2 - HEAD_LINES)
    body = _cells(table, rows)
    names = [one.heading for one in table.columns]
    right = [one.right for one in table.columns]
    grid, dropped = fitted(names, body, right, width, table.least)
    lines = [*(strong(one_line(one)) for one in textwrap.wrap(table.title, width)), *grid]
    left = len(table.rows) - len(rows)
    notes = [f"{left} more {table.what}"] if left else []
    if dropped:
        notes.append(f"a wider screen shows {dropped} more column{'s' if dropped > 1 else ''}")
    return [*lines, *textwrap.wrap(f"{'; '.join(notes).capitalize()}." if notes else "", width)]


def _kept(table: TableView, room: int) -> list[Mapping[str, Any]]:
    """The rows that there is room for: the lower tiers, else the first."""
    rows = list(table.rows)
    if len(rows) <= room:
        return rows
    room = max(1, room - 1)
    for highest in sorted(set(table.tiers), reverse=True)[1:]:
        some = [row for row, tier in zip(rows, table.tiers, strict=True) if tier <= highest]
        if 1 < len(some) <= room:
            return some
    return rows[:room]


def _cells(table: TableView, rows: Sequence[Mapping[str, Any]]) -> list[list[str]]:
    with shown_in(table.unit):
        return [[cell_text(one, row.get(one.key)) for one in table.columns] for row in rows]


def cell_text(column: Column, value: Any) -> str:
    """A cell as a terminal shows it: money in the unit of its table, a dash where none is told."""
    if column.kind == "money":
        return sum_text(value) or "-"
    if column.kind == "number" and isinstance(value, int):
        return f"{value:,}"
    text = plain_text(column, value)
    depth = len(text) - len(text.lstrip(INDENT))
    return "  " * depth + one_line(text.lstrip(INDENT))


def fitted(
    names: list[str], body: list[list[str]], right: list[bool], width: int, least: Sequence[str]
) -> tuple[list[str], int]:
    """Headings and rows within the width, and how many columns had to go.

    Headings are broken into more lines first, then texts are narrowed, then columns go: those of
    `least`, then the last.
    """
    waiting, dropped = [name for name in least if name in names], 0
    while True:
        for wide in HEADINGS:
            heads = [textwrap.wrap(name, wide, break_long_words=False) or [""] for name in names]
            deep = max(map(len, heads))
            tops = [[([""] * deep + head)[level - deep] for head in heads] for level in range(deep)]
            widths = [max(map(len, column)) for column in zip(*tops, *body, strict=True)]
            over = sum(widths) + 2 * (len(widths) - 1) - width
            texts = [c for c in range(len(names)) if not right[c]]
            spare = sum(max(0, widths[c] - NAME_GOOD) for c in texts)
            if over <= spare:
                break
        spare = sum(max(0, widths[c] - NAME_LEAST) for c in texts)
        if over <= spare or len(names) < 3:
            break
        gone = names.index(waiting.pop(0)) if waiting else len(names) - 1
        dropped += 1
        names, right = names[:gone] + names[gone + 1 :], right[:gone] + right[gone + 1 :]
        body = [row[:gone] + row[gone + 1 :] for row in body]
    while over > 0 and texts:
        widths[max(texts, key=lambda c: widths[c])] -= 1
        over -= 1
    short = [[cut(cell, widths[c]) for c, cell in enumerate(row)] for row in (*tops, *body)]
    return aligned(short[0], short[1:], right), dropped


def cut(text: str, width: int) -> str:
    """A text that is longer than the width ends in an ellipsis; the mark of a stand-in stays.

    >>> cut("Cedar Hospitals", 10), cut("Cedar Hospitals (stand-in)", 20)
    ('Cedar Hos…', 'Cedar Ho… (stand-in)')
    """
    if len(text) <= width:
        return text
    end = MARK if text.endswith(MARK) and len(MARK) < width - 1 else ""
    return text[: width - 1 - len(end)].rstrip() + "…" + end


def aligned(
    headings: Sequence[str], rows: Iterable[Sequence[str]], right: Sequence[bool]
) -> list[str]:
    """Rows in aligned columns under their headings.

    >>> aligned(["body", "£m"], [["one", "1.0"], ["more", "(12.0)"]], [False, True])
    ['body      £m', 'one      1.0', 'more  (12.0)']
    """
    grid = [[one_line(cell) for cell in row] for row in (headings, *rows)]
    widths = [
        min(COLUMN_MOST, max(len(row[place]) for row in grid)) for place in range(len(headings))
    ]
    return [
        "  ".join(
            cell.rjust(width) if to_right else cell.ljust(width)
            for cell, width, to_right in zip(row, widths, right, strict=True)
        ).rstrip()
        for row in grid
    ]
