"""What the view of an answer reads: the answer, whom it is about, and how it is to be shown.

A view (`answer_*.py`) says in one `Section` what the answer to a question is: a few sentences and one
table. Which bodies, columns, order and unit of money, and what a short screen leaves out first, are
decided here; how it looks is the renderer's (`terminal.py`, `notebook.py`).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Final

from controltotal.core.calendar import year_label
from controltotal.core.datafiles import packaged_rows
from controltotal.core.figure import Figure
from controltotal.core.finding import Finding
from controltotal.core.legible import one_line
from controltotal.core.money import canonical_unit
from controltotal.core.period import within
from controltotal.core.result import Result
from controltotal.papers.look import Look
from controltotal.papers.sections import (
    INDENT,
    STAND_IN,
    Column,
    Section,
    TableView,
    pence_of,
    told_columns,
)

Row = Mapping[str, Any]
Getter = Callable[[str], Any]
"""What a column tells of a body, by its code."""

SENTENCES: Final = 4
SMALL: Final = 100_000_000
"""Pence below which a table is shown in thousands: none of its sums is a million pounds."""
LABEL: Final = re.compile(r"\s*\((?:an? )?fictional(?: [^()]*)?\)|(?<=\()fictional ")
SNAKE: Final = re.compile(r"(?<![\w/.-])[a-z]+(?:_[a-z0-9]+)+(?![\w/-]|\.\w)")
MARK: Final = "stand-in"
"""What the name of a body carries whose figures are made without a late body, or with its plan."""
SEVERITY: Final = {"error": "error", "warning": "warning", "information": "note"}


@dataclass(frozen=True)
class Ask:
    """An answer, and how it is to be shown: what a view reads."""

    result: Result
    look: Look = field(default_factory=Look)

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

    def money(self, measure: str, code: str, basis: str, part: str = "") -> Figure | None:
        """A figure of money of a body in the year that tells a sum; None where it tells none."""
        found = self.figure(measure, code, basis, part)
        return None if found is None or pence_of(found) is None else found

    def pence(self, measure: str, code: str, basis: str, part: str = "") -> int | None:
        """The sum that a figure of a body tells of the year."""
        return pence_of(self.figure(measure, code, basis, part))

    def about(self, table: str) -> list[Row]:
        """The rows of a table about the body and those below it; all, where none is and none was asked."""
        some, rows = set(self.inside), self.result.tables.get(table, ())
        mine = [row for row in rows if row.get("organisation") in some]
        return mine if mine or self.asked else list(rows)

    def section(self, words: Iterable[str], table: TableView | None = None) -> Section:
        """What a view says: its first sentences, each once, and one table."""
        said = tuple(map(plain_words, tuple(dict.fromkeys(words))[:SENTENCES]))
        told = (table,) if table and table.rows else ()
        return Section(self.result.verb, "", said, tables=told, lead=True)

    def of_bodies(
        self,
        title: str,
        columns: Mapping[str, Getter],
        weight: Callable[[str], float | None],
        codes: Iterable[str] | None = None,
        *,
        least: tuple[str, ...] = (),
        apart: bool = False,
    ) -> TableView:
        """Bodies down in the order of the tree, `columns` across; bodies with nothing are left out.

        A column is a heading (`gap`, or `of its money|share`; else money) and what it tells of a
        body; `weight` is how large the problem of one is (more is worse). `apart`: bodies whose
        figures of the year rest on a stand-in are marked.
        """
        shown = self._telling(columns, self.inside if codes is None else codes)
        if len(shown) < 2 and codes is None and not self.asked:  # beside it, what else is told
            shown = self._telling(columns, self.result.scope.places)
        held = self._held() & set(shown) if apart else set()
        if held:
            title = f"{title}; ({MARK}): made without a late body or with its plan"
        weights = {code: weight(code) or 0.0 for code in shown}
        levels = self._levels(shown)
        rows = []
        for code in self._ordered(weights):
            name = INDENT * levels[code] + self.label(code) + (f" ({MARK})" if code in held else "")
            rows.append({"organisation": name, "code": code, **shown[code]})
        if any(LABEL.search(self.name(code)) for code in shown):
            title = f"{title}|(fictional)"
        heads = {"organisation": "organisation|name", "code": "code|text"}
        depth = self.result.scope.depth
        return _table(
            self,
            title,
            _columns(heads | {one: one for one in columns}, "money"),
            rows,
            tiers=tuple(depth(row["code"]) for row in rows),
            what="organisations",
            least=least,
        )

    def listed(
        self,
        title: str,
        columns: Mapping[str, str],
        rows: Iterable[Row],
        what: str,
        weight: Callable[[Row], float | None] = lambda row: 0.0,
    ) -> TableView:
        """Rows that are no bodies, in their order; a short screen keeps those of most weight.

        A column is a key of the rows with its heading (`title`, or `plan|money`; else text).
        """
        made = list(rows)
        best = sorted(range(len(made)), key=lambda place: -(weight(made[place]) or 0.0))
        if self.look.sort:
            made, best = [made[place] for place in best], list(range(len(made)))
        ranks = {place: rank for rank, place in enumerate(best)}
        tiers = tuple(ranks[place] for place in range(len(made)))
        return _table(self, title, _columns(columns, "text"), made, tiers=tiers, what=what)

    def _telling(self, columns: Mapping[str, Getter], codes: Iterable[str]) -> dict[str, Any]:
        """What the columns tell, by body, of those of which any tells anything."""
        told = {c: {name: make(c) for name, make in columns.items()} for c in codes}
        return {c: row for c, row in told.items() if any(v not in ("", None) for v in row.values())}

    def _held(self) -> set[str]:
        """The bodies that have a figure of the year which rests on a stand-in."""
        return {
            one.organisation
            for one in self.result.figures
            if one.year == self.year and STAND_IN in one.qualifier.split("; ")
        }

    def _levels(self, shown: Iterable[str]) -> dict[str, int]:
        """How far each body stands below the topmost of those shown."""
        found: dict[str, int] = {}
        for code in (some := dict.fromkeys(shown)):
            above, level = code, 0
            while above and (above := self.result.scope.above(above, some)):
                level += 1
            found[code] = level
        return found

    def _ordered(self, weights: Mapping[str, float]) -> list[str]:
        """Bodies in the order of the tree; where asked the largest problem first within a parent."""
        if not self.look.sort:
            return list(weights)
        below: dict[str, list[str]] = {}
        for code in weights:
            below.setdefault(self.result.scope.above(code, weights), []).append(code)
        found: list[str] = []
        waiting = sorted(below.get("", ()), key=lambda code: weights[code])
        while waiting:
            code = waiting.pop()
            found.append(code)
            waiting += sorted(below.get(code, ()), key=lambda one: weights[one])
        return found


def _columns(heads: Mapping[str, str], kind: str) -> tuple[Column, ...]:
    """Columns from headings by key, each with its kind behind a bar, or of the one kind."""
    pairs = [(key, *head.partition("|")[::2]) for key, head in heads.items()]
    return tuple(Column(key, plain_words(name), own or kind) for key, name, own in pairs)


def _table(
    ask: Ask, title: str, heads: tuple[Column, ...], rows: Iterable[Row], **given: Any
) -> TableView:
    """A table with its unit of money in the title, without the columns that tell nothing."""
    cells = [{one.key: _said(one, row[one.key]) for one in heads} for row in rows]
    money = [one.key for one in heads if one.kind == "money"]
    unit = _unit(ask.look, [row[key] for row in cells for key in money])
    title, _, marked = title.partition("|")
    title = ", ".join(filter(None, (plain_words(title), unit))) + (f" {marked}" if marked else "")
    return told_columns(TableView(title, heads, cells, unit=unit or "£m", **given))


def _said(column: Column, value: Any) -> Any:
    """A cell; one of text in words, of which a `no` says nothing."""
    if column.kind != "text":
        return value
    if isinstance(value, bool):
        return "yes" if value else ""
    if isinstance(value, list | tuple):
        value = "; ".join(map(str, value))
    return "" if value is None else plain_words(str(value))


def _unit(look: Look, cells: Iterable[Any]) -> str:
    """The one unit of a table's money: as asked, else by its largest sum; empty without money."""
    sums = [abs(pence) for cell in cells if (pence := pence_of(cell)) is not None]
    if not sums:
        return ""
    if look.unit:
        return canonical_unit(look.unit)
    return "£k" if 0 < max(sums) < SMALL else "£m"


def shown_year(text: str) -> str:
    """A year as people write it; what is no year stands as it is.

    >>> shown_year("2026-27"), shown_year("every year")
    ('2026/27', 'every year')
    """
    return year_label(text) if text[:4].isdigit() and "-" in text else text


def plain_words(text: str) -> str:
    """A text without identifiers: words that a table joins by a low line stand apart.

    >>> plain_words("see amounts/RXX_1, table_a.csv and P_1: it is fully_developed.")
    'see amounts/RXX_1, table_a.csv and P_1: it is fully developed.'
    """
    return SNAKE.sub(lambda found: found[0].replace("_", " "), one_line(text))


# -- findings ----------------------------------------------------------------------------------------


def findings_counted(findings: Sequence[Finding]) -> Section:
    """How many findings there are, and of each kind, the gravest and the most of them first.

    `rest` of a row is what is said of the kinds after it where they are not shown.
    """
    if not findings:
        return Section("findings", "", ("No findings.",))
    meanings = {row["code"]: row["meaning"] for row in packaged_rows("codes.csv")}
    kinds: dict[tuple[str, str], int] = {}
    for finding in findings:
        kind = (finding.severity, finding.code)
        kinds[kind] = kinds.get(kind, 0) + 1
    rank = {severity: place for place, severity in enumerate(SEVERITY)}
    ranked = sorted(kinds, key=lambda kind: (rank[kind[0]], -kinds[kind], kind[1]))
    rows, others = [], len(findings)
    for place, (severity, code) in enumerate(ranked, 1):
        others -= kinds[severity, code]
        left = len(ranked) - place
        rows.append(
            {
                "many": kinds[severity, code],
                "severity": SEVERITY[severity],
                "meaning": plain_words(meanings.get(code) or code.replace("_", " ").lower()),
                "rest": f"{others:>3} of {left} other kind{'s' if left > 1 else ''}",
            }
        )
    many = len(findings)
    heads = (Column("many", "", "number"), Column("severity", ""), Column("meaning", ""))
    head = f"{many} finding{'s' if many > 1 else ''}: {counted(findings)}"
    return Section("findings", "", (head,), tables=(TableView("", heads, rows),))


def counted(findings: Sequence[Finding]) -> str:
    """How many findings there are of each severity, in words; empty where there is none."""
    parts = []
    for severity, word in SEVERITY.items():
        count = sum(one.severity == severity for one in findings)
        if count:
            parts.append(f"{count} {word}{'s' if count > 1 else ''}")
    return " and ".join(filter(None, (", ".join(parts[:-1]), *parts[-1:])))
