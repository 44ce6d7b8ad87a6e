"""What is shown although some of a book is withheld: whatever comes out the same without it.

All is reckoned a second time from a book that lacks what is withheld. A number, a cell or a sentence
that comes out alike rests on what is public alone, so that nobody can work out from it what is not;
whatever differs says something of it and is not shown. No identity between figures has to be known
for that, and none can be forgotten. Source: non-interference, as in the protection of data.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final

from controltotal.core.figure import Figure
from controltotal.core.kinds import SHARE, kind_of
from controltotal.core.progress import stop_if_cancelled
from controltotal.core.result import Result
from controltotal.core.sentence import Sentence
from controltotal.core.trace import Trace
from controltotal.core.withholding import (
    FROM_IT,
    ITSELF,
    RESTS,
    SAME,
    SIBLING,
    Hidden,
    Results,
    Row,
    Withholding,
    large,
    nearly,
    placeholder,
    told,
)

Label = tuple[str, ...]
"""What rows of a book have in common that say one thing: table, organisation, year, basis, scenario."""
CHOSEN: Final = (ITSELF, FROM_IT, SIBLING, SAME)
"""Why a figure is withheld of which the book is to lack something."""
SORTS: Final = frozenset(
    {"about", "basis", "case", "category", "claim", "decision", "domain", "driver", "fact"}
    | {"figure", "from", "giver", "group", "id", "kind", "level", "line", "maturity", "measure"}
    | {"mechanism", "member", "month", "name", "organisation", "parent", "part", "policy"}
    | {"quantile", "receiver", "row", "rule", "scenario", "scheme", "service", "slot", "step"}
    | {"to", "topic", "transfer", "view", "year"}
)
"""Columns that say of what a row is."""


def chosen(held: Withholding) -> list[Figure]:
    """The figures of which the book is to lack something, in the order of their names."""
    names = sorted(name for name, one in held.hidden.items() if one.how in CHOSEN)
    return [held.figures[name] for name in names]


def rows_withheld(
    held: Withholding, label: Callable[[int], Label | None], *, all_of: bool = False
) -> set[int]:
    """The entries that a book has to lack so that no withheld figure can be made.

    Of each figure that is withheld, and of which no input is, those of one label: that on which the
    fewest other figures rest. `all_of` takes every entry behind a figure.
    """
    tree = _Made(held)
    resting: dict[Label, int] = defaultdict(int)
    for name in held.figures:
        if told(held.figures[name]):
            for one in {label(entry) for entry in tree.entries(name)} - {None}:
                resting[one] += 1  # type: ignore[index]
    found: set[int] = set()
    for name in (figure.id for figure in chosen(held)):
        stop_if_cancelled()
        if tree.inputs(name) & held.hidden.keys():
            continue
        by_label: dict[Label, set[int]] = defaultdict(set)
        for entry in tree.entries(name):
            if (one := label(entry)) is not None:
                by_label[one].add(entry)
        if by_label and all_of:
            found |= set().union(*by_label.values())
        elif by_label:
            found |= by_label[min(by_label, key=lambda one: (resting[one], one))]
    return found


def still_told(held: Withholding, less: Results) -> list[str]:
    """Withheld figures that a book without the rows behind them nearly tells all the same."""
    untold = gone(held, less)
    return [figure.id for figure in chosen(held) if figure.id not in untold]


def gone(held: Withholding, less: Results) -> set[str]:
    """Withheld figures of which a book without the rows behind them tells nothing."""
    there = {figure.id: figure for result in less.values() for figure in result.figures}
    return {
        name
        for name in held.hidden
        if name not in there or not nearly(held.figures[name], there[name])
    }


def entries_behind(held: Withholding) -> Callable[[str], frozenset[int]]:
    """What gives every entry behind a figure, through all that it is made of."""
    return _Made(held).entries


class _Made:
    """What figures are made of, down to the entries."""

    def __init__(self, held: Withholding) -> None:
        self._steps: dict[str, Trace] = {}
        for result in held.results.values():
            for name, step in result.trace.items():
                self._steps.setdefault(name, step)
        self._entries: dict[str, frozenset[int]] = {}

    def inputs(self, name: str) -> set[str]:
        """The figures that one is made of."""
        step = self._steps.get(name)
        return set(step.inputs) if step else set()

    def entries(self, name: str) -> frozenset[int]:
        """Every entry behind a figure, through all that it is made of."""
        if name not in self._entries:
            self._entries[name] = frozenset()  # a figure that rests on itself adds nothing
            step = self._steps.get(name, Trace(""))
            below = [self.entries(one) for one in step.inputs]
            self._entries[name] = frozenset(step.entries).union(*below)
        return self._entries[name]


ASKED: Final = ("year", "organisation", "from", "to", "pot")
"""Options that say of what something was asked; answers that differ in one are of two questions."""


@dataclass
class Difference:
    """Answers of a book beside those of the book without what is withheld."""

    held: Withholding
    hidden: dict[str, Hidden] = field(default_factory=dict)
    """Figures that are not shown because they come out otherwise."""
    queries: set[str] = field(default_factory=set)
    """Verbs of which data queries are not shown."""

    def shown(self, results: Results, less: Results) -> dict[str, Result]:
        """What comes out the same, with the reason in the place of what does not."""
        return {
            verb: self._result(result, less[verb])
            if verb in less and _same_question(result, less[verb])
            else self._nothing(result)
            for verb, result in results.items()
        }

    def lent(self) -> dict[tuple[str, str], set[int | float]]:
        """Large sums of support that are not shown, by organisation and kind: people write of them."""
        found: dict[tuple[str, str], set[int | float]] = defaultdict(set)
        for name in self.hidden:
            figure = self.held.figures[name]
            if kind_of(figure.measure) == SHARE and figure.unit == "pence" and large(figure.value):
                found[figure.organisation, SHARE].add(abs(figure.value or 0))
        return found

    def _nothing(self, result: Result) -> Result:
        """An answer that the book without what is withheld cannot give."""
        return self._result(result, Result(result.verb, result.book, {}))

    def _result(self, result: Result, less: Result) -> Result:
        figures, trace = [], dict(result.trace)
        for figure in result.figures:
            other = less.figure(figure.id)
            if figure == other or not told(figure):
                figures.append(figure)
                trace[figure.id] = less.trace.get(figure.id, trace.get(figure.id, Trace("")))
                continue
            row = self.row(figure.organisation)
            self.hidden[figure.id] = Hidden(figure.id, row, RESTS)
            figures.append(Figure(figure.id, None, figure.unit, "withheld", to=figure.to))
            trace[figure.id] = Trace(f"not shown: {placeholder(row)}; {RESTS}")
        findings = set(less.findings)
        kept = tuple(one for one in result.findings if one in findings)
        if len(kept) < len(result.findings):
            self.queries.add(result.verb)
        return replace(
            result,
            options={
                k: v if less.options.get(k, v) == v else None for k, v in result.options.items()
            },
            figures=tuple(figures),
            findings=kept,
            tables={
                name: shown_rows(rows, less.tables.get(name, ()))
                for name, rows in result.tables.items()
            },
            trace=trace,
            sentences=self._sentences(result.sentences, set(less.sentences)),
        )

    def _sentences(self, said: Iterable[Sentence], same: set[Sentence]) -> tuple[Sentence, ...]:
        """What is said in both; the reason where something is not."""
        found = [
            one
            if one in same
            else replace(one, text=f"What would stand here is {placeholder(self.row(one.about))}.")
            for one in said
        ]
        return tuple(dict.fromkeys(found))

    def row(self, about: str) -> Row:
        """The row of the register that is behind what is not shown of an organisation: one of its own
        or of one below it, else the first."""
        rows = [one for one in self.held.hidden.values() if one.how == ITSELF]
        own = [one.row for one in rows if self.held.figures[one.figure].organisation == about]
        below = [
            one.row
            for one in rows
            if about in self.held.ancestors(self.held.figures[one.figure].organisation)
        ]
        return next(iter((*own, *below, *(one.row for one in rows))))


def _same_question(result: Result, less: Result) -> bool:
    """Whether two answers are to one question: without some support another gap may be shared."""
    return all(result.options.get(one) == less.options.get(one) for one in ASKED)


def shown_rows(rows: Sequence[Row], less: Sequence[Row]) -> list[dict[str, Any]]:
    """The rows of a table as made of less, without what the whole book says otherwise.

    Which rows there are and how they are ordered may tell something, so both are as made of less;
    of a row that the whole book does not have only of what it is. A column `withheld` says which
    cells are empty.
    """
    by_sort: dict[Any, list[Row]] = defaultdict(list)
    for row in rows:
        by_sort[_sort(row)].append(row)
    found: list[tuple[dict[str, Any], list[str]]] = []
    for one in less:
        others = by_sort.get(_sort(one), [])
        same = next((n for n, row in enumerate(others) if row == one), 0)
        found.append(_row(one, others.pop(same) if others else {}))
    if not any(lost for _, lost in found):
        return [shown for shown, _ in found]
    return [{**shown, "withheld": ", ".join(lost)} for shown, lost in found]


def _row(one: Row, whole: Row) -> tuple[dict[str, Any], list[str]]:
    """A row made of less as it may be shown beside the same row of the whole book, and what it lost."""
    shown, lost = dict(one), []
    for column, value in one.items():
        other = whole.get(column) if whole else value if column in SORTS else None
        if other == value:
            continue
        if isinstance(value, list | tuple):
            there = other if isinstance(other, list | tuple) else ()
            shown[column] = [part for part in value if part in there]
        else:
            shown[column] = "withheld" if isinstance(other or value, str) else None
            lost.append(column)
    return shown, lost


def _sort(row: Row) -> tuple[Any, ...]:
    """Of what a row is, as its columns say."""
    found: Mapping[str, Any] = {c: v for c, v in row.items() if c in SORTS}
    return tuple(sorted((c, str(v)) for c, v in found.items()))
