"""The first screen of every answer: a few sentences, one table, and the findings counted by kind.

A view of a verb (`*_output.py`) says which sentences and which table matter; how they look is
decided here alone, so that every verb answers in the same way: whom it is about first, bodies down in
the order of the tree, one unit of money, forty lines for a system, and `--detail` for the rest.
"""

from __future__ import annotations

import re
import shutil
import sys
import textwrap
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

from controltotal.app.screen import wants_bold
from controltotal.app.show import Look, aligned, heading, shown_year
from controltotal.core.datafiles import packaged_rows
from controltotal.core.legible import one_line
from controltotal.core.money import canonical_unit, format_money
from controltotal.core.period import within
from controltotal.core.show import hedged

if TYPE_CHECKING:
    from controltotal.core.figure import Figure
    from controltotal.core.finding import Finding
    from controltotal.core.result import Result

LINES: Final = 40
"""Lines that an answer on a system takes."""
WIDEST: Final = 140
"""Characters of a line where nobody says how wide the screen is, and the most that one takes."""
NARROWEST: Final = 60
SENTENCES: Final = 4
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
SMALL: Final = 100_000_000
"""Pence below which a table is shown in thousands: none of its sums is a million pounds."""
LABEL: Final = re.compile(r"\s*\((?:an? )?fictional(?: [^()]*)?\)|(?<=\()fictional ")
SNAKE: Final = re.compile(r"(?<![\w/.-])[a-z]+(?:_[a-z0-9]+)+(?![\w/-]|\.\w)")
STAND_IN: Final = "stand_in"
"""The qualifier of a figure that is made without a late body or with its plan."""
MARK: Final = "stand-in"
"""What the name of a body whose figures are so made carries."""
NUMBER: Final = re.compile(r"[(-]?[\d,]+(?:\.\d+)?[%)]?(?: late)?|-|")


@dataclass(frozen=True, slots=True)
class Pence:
    """A cell of money, shown in the unit of its table; None is not told.

    `before` hedges it as its source does (`about`), or says that it is a bound (`more than`).
    """

    value: int | None
    before: str = ""


Cell = str | Pence


@dataclass(frozen=True, slots=True)
class Line:
    """A row of the table: its cells, whose it is, and how large its problem is (more is worse)."""

    cells: tuple[Cell, ...]
    body: str = ""
    weight: float = 0.0


@dataclass(frozen=True, slots=True)
class Table:
    """One table: its title says what it holds, without the unit."""

    title: str
    headings: tuple[str, ...]
    lines: tuple[Line, ...]
    what: str = "organisations"
    least: tuple[str, ...] = ()
    """Columns that a narrow screen does without, the first of them first; then the last ones."""


@dataclass(frozen=True, slots=True)
class View:
    """What a verb's first screen says."""

    sentences: tuple[str, ...]
    table: Table | None = None


@dataclass(frozen=True)
class Ask:
    """An answer, and how it is to be shown: what a view reads."""

    result: Result
    look: Look

    @cached_property
    def focus(self) -> str:
        """The body that the answer is about; empty where there is no book."""
        return self.result.scope.about(self.asked)

    @property
    def asked(self) -> str | None:
        """The body that was asked for, if one was."""
        asked = self.result.options.get("organisation")
        return str(asked) if asked else None

    @property
    def year(self) -> str:
        """The year that the answer is about."""
        return str(self.result.options.get("year") or self.result.scope.year)

    @cached_property
    def inside(self) -> tuple[str, ...]:
        """The body and those below it, in the order of the tree."""
        return self.result.scope.inside(self.focus)

    def name(self, code: str) -> str:
        """The name of a body, whole."""
        return self.result.names.get(code, code)

    def label(self, code: str) -> str:
        """The name of a body as a table has it: that the book is fictional its title says once."""
        return LABEL.sub("", self.name(code)).strip() or code

    @property
    def whom(self) -> str:
        """Whom and which year a sentence is about."""
        return f"{self.name(self.focus)}, {shown_year(self.year)}" if self.focus else ""

    def told(self, *topics: str, year: str = "") -> list[str]:
        """The sentences about the body on some topics, of a year where one is given."""
        return self._said(topics, (self.focus,), year)

    def told_inside(self, *topics: str) -> list[str]:
        """The sentences on some topics about the body and those below it."""
        return self._said(topics, self.inside, "")

    def _said(self, topics: Sequence[str], codes: Sequence[str], year: str) -> list[str]:
        return [
            one.text
            for topic in topics
            for code in codes
            for one in self.result.sentences
            if one.topic == topic
            and one.about == code
            and (not year or not one.year or within(one.year, year))
        ]

    def of_the_book(self, *topics: str) -> list[str]:
        """The sentences on some topics that are about the whole book."""
        found = self.result.sentences
        return [
            one.text for topic in topics for one in found if one.topic == topic and not one.about
        ]

    def figure(self, measure: str, code: str, basis: str, part: str = "") -> Figure | None:
        """A figure of a body in the year."""
        name = f"{measure}/{code}/{self.year}/{basis}"
        return self.result.figure(f"{name}/{part}" if part else name)

    def pence(self, measure: str, code: str, basis: str, part: str = "") -> Pence:
        """A figure of money of a body in the year, as a cell."""
        found = self.figure(measure, code, basis, part)
        if found is None:
            return Pence(None)
        if found.status == "bounded" and None in (found.low, found.high):
            end = found.low if found.high is None else found.high
            return Pence(_whole(end), "more than " if found.high is None else "less than ")
        return Pence(_whole(found.value), hedged(found))

    def about(self, table: str, key: str = "organisation") -> list[Mapping[str, Any]]:
        """The rows of a table about the body and those below it; all, where none is and none was asked."""
        some, rows = set(self.inside), self.result.tables.get(table, ())
        mine = [row for row in rows if row.get(key) in some]
        return mine if mine or self.asked else list(rows)

    def of_bodies(
        self,
        title: str,
        columns: Mapping[str, Callable[[str], Cell]],
        weight: Callable[[str], float | None],
        codes: Iterable[str] | None = None,
    ) -> Table:
        """Bodies down in the order of the tree, `columns` across; bodies with nothing are left out."""
        lines = self._lines(columns, weight, self.inside if codes is None else codes)
        if len(lines) < 2 and codes is None and not self.asked:  # beside it, what else is told
            lines = self._lines(columns, weight, self.result.scope.places)
        return Table(title, ("organisation", "code", *columns), tuple(lines))

    def told_apart(self, table: Table) -> Table:
        """A table of the year whose bodies that rest on a stand-in are marked, and what that means."""
        held = {
            one.organisation
            for one in self.result.figures
            if one.year == self.year and STAND_IN in one.qualifier.split("; ")
        }
        lines = tuple(
            replace(line, cells=(f"{line.cells[0]} ({MARK})", *line.cells[1:]))
            if line.body in held
            else line
            for line in table.lines
        )
        if lines == table.lines:
            return table
        title = f"{table.title}; ({MARK}): made without a late body or with its plan"
        return replace(table, title=title, lines=lines)

    def _lines(
        self,
        columns: Mapping[str, Callable[[str], Cell]],
        weight: Callable[[str], float | None],
        codes: Iterable[str],
    ) -> list[Line]:
        lines = []
        for code in codes:
            cells = tuple(make(code) for make in columns.values())
            if any(cell not in ("", Pence(None)) for cell in cells):
                lines.append(Line((self.label(code), code, *cells), code, weight(code) or 0.0))
        return lines


def _whole(value: int | float | None) -> int | None:
    return value if isinstance(value, int) else None


def brief_text(ask: Ask, view: View) -> str:
    """The first screen as text."""
    width = screen_width()
    sentences = _sentences(view.sentences, width)
    findings = _findings(ask.result.findings, width, LINES)
    last = f"--detail shows everything; --json is for programs.{_narrowing(ask)}"
    around = len(sentences) + len(findings) + 3
    room = LINES - around - 1
    if room < ROWS_LEAST + 3 and len(findings) > 3:
        findings = _findings(ask.result.findings, width, len(findings) - (ROWS_LEAST + 3 - room))
        room = LINES - len(sentences) - len(findings) - 4
    end = [*findings, *textwrap.wrap(last, width)]
    table: list[str] = []
    if view.table is not None and view.table.lines:
        room = max(room, ROWS_LEAST + 3)
        table = [*table_lines(ask, view.table, width, room), ""]
        over = len(sentences) + 1 + len(table) + len(end) - LINES
        if over > 0:  # headings of more lines than were reckoned with
            table = [*table_lines(ask, view.table, width, room - over), ""]
    return "\n".join([*sentences, "", *table, *end]) + "\n"


def _narrowing(ask: Ask) -> str:
    return " --organisation with a code or a name narrows." if len(ask.inside) > 1 else ""


def screen_width() -> int:
    """Characters of a line: those of the terminal, between bounds; a pipe has the most."""
    if not sys.stdout.isatty():
        return WIDEST
    return max(NARROWEST, min(WIDEST, shutil.get_terminal_size((WIDEST, 24)).columns))


def plain_words(text: str) -> str:
    """A text without identifiers: words that a table joins by a low line stand apart.

    >>> plain_words("see amounts/RXX_1, table_a.csv and P_1: it is fully_developed.")
    'see amounts/RXX_1, table_a.csv and P_1: it is fully developed.'
    """
    return SNAKE.sub(lambda found: found[0].replace("_", " "), one_line(text))


def _sentences(texts: Sequence[str], width: int) -> list[str]:
    lines: list[str] = []
    for text in tuple(dict.fromkeys(texts))[:SENTENCES]:
        more = textwrap.wrap(plain_words(text), width)
        if lines and len(lines) + len(more) > SENTENCE_LINES:
            break
        lines += more
    return lines


# -- the table ---------------------------------------------------------------------------------------


def table_lines(ask: Ask, table: Table, width: int, room: int = 10_000) -> list[str]:
    """The table in as many lines as there is room for; what is left out is counted."""
    columns = [
        place
        for place in range(len(table.headings))
        if any(line.cells[place] not in ("", Pence(None)) for line in table.lines)
    ]
    unit = _unit(ask.look, table, columns)
    ordered = _ordered(ask, table.lines)
    kept = _kept(ask, ordered, room - 2 - HEAD_LINES)
    levels = _levels(ask, kept)
    body = [[_cell(line, place, unit, levels) for place in columns] for line in kept]
    right = [
        any(isinstance(line.cells[c], Pence) for line in kept)
        or all(NUMBER.fullmatch(row[place]) for row in body)
        for place, c in enumerate(columns)
    ]
    names = [plain_words(table.headings[place]) for place in columns]
    grid, dropped = fitted(names, body, right, width, table.least)
    title = plain_words(table.title) + (f", {unit}" if unit else "")
    if any(line.body and LABEL.search(ask.name(line.body)) for line in kept):
        title += " (fictional)"
    lines = [*(heading(one, wants_bold()) for one in textwrap.wrap(title, width)), *grid]
    left = len(ordered) - len(kept)
    notes = [f"{left} more {table.what}"] if left else []
    if dropped:
        notes.append(f"a wider screen shows {dropped} more column{'s' if dropped > 1 else ''}")
    return [*lines, *textwrap.wrap(f"{'; '.join(notes).capitalize()}." if notes else "", width)]


def _unit(look: Look, table: Table, columns: Sequence[int]) -> str:
    """The one unit of a table's money: as asked, else by its largest sum; empty without money."""
    cells = [line.cells[place] for line in table.lines for place in columns]
    sums = [abs(cell.value) for cell in cells if isinstance(cell, Pence) and cell.value is not None]
    if not sums:
        return ""
    if look.unit:
        return canonical_unit(look.unit)
    return "£k" if 0 < max(sums) < SMALL else "£m"


def _levels(ask: Ask, lines: Sequence[Line]) -> dict[str, int]:
    """How far each body stands below the topmost of those shown."""
    shown = {line.body for line in lines if line.body}
    found: dict[str, int] = {}
    for line in lines:
        code, level = line.body, 0
        while code and (code := ask.result.scope.above(code, shown)):
            level += 1
        found[line.body] = level
    return found


def _cell(line: Line, place: int, unit: str, levels: Mapping[str, int]) -> str:
    cell = line.cells[place]
    if isinstance(cell, Pence):
        places = 1 if unit == "£m" else 0
        if cell.value is None:
            return "-"
        return f"{cell.before}{format_money(cell.value, unit, places)}"
    if line.body and place == 0:
        return "  " * levels[line.body] + one_line(cell)
    return plain_words(cell)


def _ordered(ask: Ask, lines: Sequence[Line]) -> list[Line]:
    """Rows in the order of the tree; with `--sort` the largest problem first within a parent."""
    if not ask.look.sort:
        return list(lines)
    if not all(line.body for line in lines) or len({line.body for line in lines}) < len(lines):
        return sorted(lines, key=lambda line: -line.weight)
    shown = {line.body: line for line in lines}
    scope = ask.result.scope
    below: dict[str, list[Line]] = {}
    for line in lines:
        below.setdefault(scope.above(line.body, shown), []).append(line)
    found: list[Line] = []
    waiting = sorted(below.get("", ()), key=lambda line: line.weight)
    while waiting:
        line = waiting.pop()
        found.append(line)
        waiting += sorted(below.get(line.body, ()), key=lambda one: one.weight)
    return found


def _kept(ask: Ask, lines: list[Line], room: int) -> list[Line]:
    """The rows that there is room for: of bodies the upper levels, of others the largest problems."""
    if len(lines) <= room:
        return lines
    room = max(1, room - 1)
    if all(line.body for line in lines):
        depth = ask.result.scope.depth
        for deepest in sorted({depth(line.body) for line in lines}, reverse=True)[1:]:
            some = [line for line in lines if depth(line.body) <= deepest]
            if len(some) <= room and len(some) > 1:
                return some
        return lines[:room]
    best = set(sorted(range(len(lines)), key=lambda n: (-lines[n].weight, n))[:room])
    return [line for place, line in enumerate(lines) if place in best]


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
    mark = f" ({MARK})"
    end = mark if text.endswith(mark) and len(mark) < width - 1 else ""
    return text[: width - 1 - len(end)].rstrip() + "…" + end


# -- findings ----------------------------------------------------------------------------------------

SEVERITY: Final = {"error": "error", "warning": "warning", "information": "note"}


def _findings(findings: Sequence[Finding], width: int, room: int) -> list[str]:
    """How many findings of each kind there are, in as many lines as there is room for."""
    if not findings:
        return ["No findings."]
    meanings = {row["code"]: row["meaning"] for row in packaged_rows("codes.csv")}
    kinds: dict[tuple[str, str], int] = {}
    for finding in findings:
        kind = (finding.severity, finding.code)
        kinds[kind] = kinds.get(kind, 0) + 1
    rank = {severity: place for place, severity in enumerate(SEVERITY)}
    ranked = sorted(kinds, key=lambda kind: (rank[kind[0]], -kinds[kind], kind[1]))
    most = max(1, min(KINDS, room - 2))
    shown = ranked if len(ranked) <= most else ranked[: most - 1] or ranked[:1]
    many = len(findings)
    lines = [f"{many} finding{'s' if many > 1 else ''}: {counted(findings)}"]
    for severity, code in shown:
        meaning = meanings.get(code) or code.replace("_", " ").lower()
        text = f"  {kinds[severity, code]:>3} {SEVERITY[severity]:<7}  {plain_words(meaning)}"
        lines.append(cut(text, width))
    left = ranked[len(shown) :]
    if left:
        others = sum(kinds[kind] for kind in left)
        lines.append(f"  {others:>3} of {len(left)} other kind{'s' if len(left) > 1 else ''}")
    return lines


def counted(findings: Sequence[Finding]) -> str:
    """How many findings there are of each severity, in words; empty where there is none."""
    parts = []
    for severity, word in SEVERITY.items():
        count = sum(one.severity == severity for one in findings)
        if count:
            parts.append(f"{count} {word}{'s' if count > 1 else ''}")
    return " and ".join(filter(None, (", ".join(parts[:-1]), *parts[-1:])))
