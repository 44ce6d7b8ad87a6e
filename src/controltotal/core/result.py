"""Figures, findings and results: the one shape in which every engine answers.

A figure is a number with an id `measure/ORG/YEAR/BASIS[/PART]`; a finding is a fault said to a
finance manager; a result holds both with tables, words and a trace. Equal inputs give equal
bytes: keys stand in a fixed order and figures in the order of their ids.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from html import escape
from typing import TYPE_CHECKING, Any

from controltotal.core.entries import Entries
from controltotal.core.figure import STATUSES, Figure, figures_frame
from controltotal.core.finding import SEVERITIES, Finding, natural
from controltotal.core.legible import legible, one_line, safe_json
from controltotal.core.period import within
from controltotal.core.scope import Scope
from controltotal.core.sentence import Sentence
from controltotal.core.show import figure_text
from controltotal.core.sourced import unmarked
from controltotal.core.trace import Trace
from controltotal.core.unknown import KINDS
from controltotal.core.version import VERSION

if TYPE_CHECKING:
    import polars as pl


@dataclass(frozen=True, slots=True)
class BookRef:
    """Which book a result rests on: its name, last ledger entry and the root of its chain."""

    name: str = ""
    entry: int = 0
    root: str = ""


@dataclass(frozen=True, slots=True)
class Result:
    """All that follows from a position under one question.

    `figures` stand in the order of their ids, and `frame` gives them to an analyst; `findings` are
    faults, `tables` rows of plain values, `trace` says what each figure rests on, `words` come
    first on any page. `names` are those of the book's bodies, by code; `scope` has them in the order
    of their tree, and whom an answer is about where nobody is asked for.
    """

    verb: str
    book: BookRef
    options: Mapping[str, Any]
    figures: tuple[Figure, ...] = ()
    findings: tuple[Finding, ...] = ()
    tables: Mapping[str, Sequence[Mapping[str, Any]]] = field(default_factory=dict)
    trace: Mapping[str, Trace] = field(default_factory=dict)
    sentences: tuple[Sentence, ...] = ()
    names: Mapping[str, str] = field(default_factory=dict)
    scope: Scope = field(default_factory=Scope)
    _by_id: dict[str, Figure] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_by_id", {figure.id: figure for figure in self.figures})

    @property
    def frame(self) -> pl.DataFrame:
        """The figures as a polars frame: names beside codes, years as 2019/20, £m beside pence."""
        return figures_frame(self.figures, self.names)

    @property
    def words(self) -> tuple[str, ...]:
        """What the result says in plain words, each sentence once."""
        return tuple(dict.fromkeys(sentence.text for sentence in self.sentences))

    def said(self, about: str, *topics: str, year: str = "") -> tuple[str, ...]:
        """The words about one body, of these topics (or any), and of one year where it is given.

        A year takes in its halves.
        """
        return tuple(
            dict.fromkeys(
                one.text
                for one in self.sentences
                if one.about == about
                and (not topics or one.topic in topics)
                and (not year or within(one.year, year))
            )
        )

    def figure(self, figure_id: str) -> Figure | None:
        """The figure with this id, or None."""
        return self._by_id.get(figure_id)

    def value(self, figure_id: str) -> int | float | None:
        """The value of a figure; raises KeyError where the result has no such figure."""
        found = self.figure(figure_id)
        if found is None:
            raise KeyError(figure_id)
        return found.value

    @property
    def has_errors(self) -> bool:
        """Whether any finding is of severity error (exit code 1)."""
        return any(finding.severity == "error" for finding in self.findings)

    def document(self) -> dict[str, Any]:
        """The one document that `--json` prints, keys in their fixed order."""
        book = {"name": self.book.name, "entry": self.book.entry, "root": self.book.root}
        return {
            "controltotal": VERSION,
            "verb": self.verb,
            "book": book,
            "options": dict(self.options),
            "figures": [figure.as_json() for figure in self.figures],
            "findings": [finding.as_json() for finding in self.findings],
            "tables": {name: [dict(row) for row in rows] for name, rows in self.tables.items()},
            "trace": {
                figure_id: {
                    "rule": step.rule,
                    "inputs": list(step.inputs),
                    "parameters": list(step.parameters),
                    "entries": list(step.entries),
                }
                for figure_id, step in self.trace.items()
            },
        }

    def to_json(self) -> str:
        """The document as text: UTF-8, two-space indent, no trailing space, one final newline."""
        text = json.dumps(self.document(), ensure_ascii=False, indent=2, default=str)
        return safe_json(text) + "\n"

    def __str__(self) -> str:
        """Words, then figures, for a terminal or a notebook without graphics."""
        lines = [*self.words, *(figure_text(figure) for figure in self.figures)]
        lines += [f"{f.severity}: {f.code} {f.place}: {f.message}" for f in self.findings]
        return "\n".join(one_line(line) for line in lines)

    def _repr_html_(self) -> str:
        """The answer for a notebook: its words, its table and its chart."""
        return legible(SHOWN[-1](self) if SHOWN else f"<pre>{escape(str(self))}</pre>")


class Answer:
    """The builder in which an engine gathers its figures; `result()` freezes it.

    >>> answer = Answer("position")
    >>> figure = answer.figure("surplus/QE1/2020-21/plan", -27_700_000_000, rule="as stated")
    >>> answer.result().value("surplus/QE1/2020-21/plan")
    -27700000000
    """

    def __init__(
        self, verb: str, book: BookRef | None = None, options: Mapping[str, Any] | None = None
    ) -> None:
        self.verb = verb
        self.book = book or BookRef()
        self.options = dict(options or {})
        self._figures: dict[str, Figure] = {}
        self._trace: dict[str, Trace] = {}
        self._findings: dict[Finding, None] = {}
        self._tables: dict[str, list[dict[str, Any]]] = {}
        self._sentences: dict[Sentence, None] = {}

    def figure(
        self,
        figure_id: str,
        value: int | float | None,
        unit: str = "pence",
        status: str = "ok",
        *,
        low: int | float | None = None,
        high: int | float | None = None,
        rule: str = "",
        inputs: Iterable[str] = (),
        parameters: Iterable[str] = (),
        entries: Iterable[int] = (),
        unknown: str = "",
        qualifier: str = "",
        stated: int | None = None,
        to: str = "",
    ) -> Figure:
        """Add a figure with its trace; a None value becomes indeterminate unless bounded.

        `unknown` is the kind of reason that an indeterminate figure has (`core.unknown.KINDS`).
        """
        if value is None and status == "ok":
            status = "indeterminate"
        unknown = (unknown or "not_told") if status == "indeterminate" else ""
        if unknown and unknown not in KINDS:
            raise ValueError(f"{figure_id}: {unknown!r} is no kind of unknown")
        assert status in STATUSES, status
        assert value is not None or status in ("indeterminate", "bounded"), figure_id
        assert unit != "pence" or value is None or isinstance(value, int), figure_id
        figure = Figure(figure_id, value, unit, status, low, high, unknown, qualifier, stated, to)
        self._take(figure, Trace(rule, tuple(inputs), tuple(parameters), _in_order(entries)))
        return figure

    def _take(self, figure: Figure, step: Trace) -> None:
        """Add a figure that is made already, with its trace."""
        known = self._figures.get(figure.id)
        assert known is None or known == figure, f"two values for {figure.id}"
        self._figures[figure.id] = figure
        self._trace[figure.id] = step

    def has(self, figure_id: str) -> bool:
        """Whether the figure is there already."""
        return figure_id in self._figures

    def get(self, figure_id: str) -> Figure | None:
        """A figure added before, or None."""
        return self._figures.get(figure_id)

    def rows(self, table: str) -> Sequence[Mapping[str, Any]]:
        """The rows of a table so far; none where it has not been made."""
        return self._tables.get(table, ())

    def missing_inputs(self) -> list[str]:
        """The ids that figures rest on and that are not among them yet, in order."""
        named = {name for step in self._trace.values() for name in step.inputs}
        return sorted(named - set(self._figures))

    def finding(
        self,
        code: str,
        severity: str,
        organisation: str,
        where: str,
        message: str,
        expected: str = "",
        found: str = "",
        action: str = "",
        detail: str = "",
    ) -> None:
        """Add a finding; the same one twice is kept once."""
        assert severity in SEVERITIES, severity
        self._findings[
            Finding(
                code=code,
                severity=severity,
                organisation=organisation,
                where=where,
                message=message,
                expected=expected,
                found=found,
                action=action,
                detail=detail,
            )
        ] = None

    def add_findings(self, findings: Iterable[Finding]) -> None:
        """Add findings made elsewhere."""
        for finding in findings:
            self._findings[finding] = None

    def table(self, name: str, rows: Iterable[Mapping[str, Any]]) -> None:
        """Add a table, or more rows to one."""
        self._tables.setdefault(name, []).extend(dict(row) for row in rows)

    def words(self, text: str, *, topic: str, about: str = "", year: str = "") -> None:
        """Add a plain sentence, which is shown first: on what, about whom, of which year.

        Its numbers may bear their sources in marks.
        """
        self._sentences[Sentence(about, year, topic, unmarked(text), text)] = None

    def include(self, other: Result) -> None:
        """Take over the figures, findings, tables and words of another result."""
        for figure in other.figures:
            self._take(figure, other.trace.get(figure.id, Trace("")))
        self.add_findings(other.findings)
        for name, rows in other.tables.items():
            self.table(name, rows)
        self._sentences |= dict.fromkeys(other.sentences)

    def result(self) -> Result:
        """Freeze: figures in order of id, findings in order of severity, code and place."""
        ids = sorted(self._figures)
        order = {severity: rank for rank, severity in enumerate(SEVERITIES)}
        findings = sorted(
            self._findings,
            key=lambda f: (
                order[f.severity],
                not f.explains,
                f.code,
                natural(f.where),
                f.organisation,
                f.message,
            ),
        )
        return Result(
            self.verb,
            self.book,
            self.options,
            tuple(self._figures[i] for i in ids),
            tuple(findings),
            self._tables,
            {i: self._trace[i] for i in ids},
            tuple(self._sentences),
        )


def _in_order(entries: Iterable[int]) -> Sequence[int]:
    """Ledger entries in order, each once."""
    if isinstance(entries, Entries):
        return entries.in_order()
    return tuple(sorted(set(entries))) if entries else ()


SHOWN: list[Callable[[Result], str]] = []
"""Who shows an answer in a notebook, the last of them; the verbs name it, for core draws nothing."""
