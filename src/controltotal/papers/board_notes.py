"""How each shown number was made: notes of a paper, folded on a page.

A figure has its rule, what it rests on and its ledger entries; a number that is a cell of an
answer's table has what its column means.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any, Final

from controltotal.core.datafiles import packaged_rows
from controltotal.core.figure import Figure
from controltotal.core.lines import packaged_lines
from controltotal.core.names import listed, short_names
from controltotal.core.show import figure_name, figure_value
from controltotal.core.sourced import Source, slots_of, worded
from controltotal.papers.page import how_id, said_id, shown_ids
from controltotal.papers.sections import Cell, Note, Results, Section, TableView, columns

COLUMN_OF: Final[Mapping[tuple[str, str], str]] = {
    ("plan_to_date", "actual"): "plan",
    ("adjusted_surplus", "actual"): "actual",
    ("adjusted_surplus", "plan"): "plan_year",
    ("adjusted_surplus", "forecast"): "forecast",
}
"""The column of the position to date that a figure is, by measure and basis."""
INPUTS_MAX: Final = 12
"""What a figure rests on that a note names at most; `explain` tells all of it."""


ROW_NAMES: Final = (
    *("organisation", "year", "line", "scheme", "row", "month", "basis", "driver", "kind", "from"),
    *("to", "when", "group", "category", "maturity", "risk", "action", "promise", "id", "transfer"),
    *("step", "case", "rule", "day", "set_on", "known_on", "scenario", "status", "approach"),
    *("payer", "payee", "parent", "policy", "version", "system", "waits_for"),
)
"""Columns by which the rows of answers differ."""
NAME_MOST: Final = 60
"""Letters of what names a row; what is longer is a sentence."""
AT: Final = "@"
"""Between what a column means and the body, and line, whose number has a note of its own."""


def cell(row: Mapping[str, Any], table: str, column: str, unit: str = "pence") -> Cell:
    """A number of an answer's table: its row, and the note that says how its column is made."""
    return Cell(row[column], unit, f"{table}.{column}", row_of(row))


def row_of(row: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    """What tells a row of an answer from the others of its table: codes, names, months; no number, no list.

    >>> row_of({"organisation": "A", "year": "2026-27", "line": "", "month": 9, "plan": -5})
    (('organisation', 'A'), ('year', '2026-27'), ('line', ''), ('month', '9'))
    """
    told = (
        (name, row[name]) for name in ROW_NAMES if not isinstance(row.get(name, []), list | tuple)
    )
    named = ((name, "" if value is None else str(value)) for name, value in told)
    return tuple((name, text) for name, text in named if len(text) <= NAME_MOST)


def notes(results: Results, parts: Iterable[Section], *, full: bool = False) -> list[Section]:
    """The notes of every number that some parts of a paper show; none where they show none.

    Those of figures stand in an appendix of a `full` paper.
    """
    parts = list(parts)
    placed = _placed(results)
    said = said_in(parts)
    keys = {source.key.partition("?")[0] for _, source in said if source.key}
    figures = [] if full else _figure_notes(results, {*shown_ids(parts), *keys}, placed)
    rows = [*figures, *_cell_notes(results, parts, placed, () if full else keys)]
    rows += [] if full else _said_notes(said)
    if not rows:
        return []
    table = TableView(
        "How each number was made",
        columns("number|Number|note", "how|How it was made", "rests|Rests on"),
        rows,
        "`controltotal explain BOOK FIGURE` tells all of it, down to the cell or the quotation.",
        folded=True,
    )
    return [Section("how", "How each number was made", tables=(table,), level=2)]


def said_in(parts: Iterable[Section]) -> list[tuple[str, Source]]:
    """Each number in the sentences of some parts that knows its source, as it is shown."""
    texts = (text for part in parts for text in (*part.words, *part.points))
    return list({(s.shown, s.source): None for one in texts for s in slots_of(worded(one))})


def _said_notes(said: Iterable[tuple[str, Source]]) -> list[dict[str, Any]]:
    """The notes of numbers that sentences work out themselves: how, and of what."""
    rows: dict[str, dict[str, Any]] = {}
    for shown, source in said:
        if source.how and not source.key:
            known = [f"{one.name} {one.shown}".strip() for one in source.parts]
            anchor = said_id(shown, source).removeprefix("how-").replace("-", ".", 1)
            number = Note(anchor, shown)
            rows[anchor] = {"number": number, "how": source.how, "rests": _some(known)}
    return list(rows.values())


def _placed(results: Results) -> dict[tuple[str, str, str], str]:
    """By body, line and column of the position to date: the rows that a number is made of."""
    position = results.get("position")
    rows = position.tables.get("rests", ()) if position is not None else ()
    years = {row["year"]: None for row in rows}
    wanted = str(results["register"].options.get("year", "")) if "register" in results else ""
    chosen = wanted if wanted in years else next(iter(years), "")
    return {
        (row["organisation"], row["line"], row["column"]): _where(results, row)
        for row in rows
        if row["year"] == chosen
    }


def _where(results: Results, row: Mapping[str, Any]) -> str:
    """Where a number comes from: rows of the data with their sources, or those whose sum it is."""
    if row["parts"]:
        names = {one["organisation"]: one["name"] for one in _bodies(results)}
        short = short_names(names)
        return f"the sum of {listed([short.get(code, code) for code in row['parts']])}"
    return ": ".join(filter(None, (row["places"], row["sources"])))


def _bodies(results: Results) -> Sequence[Mapping[str, Any]]:
    rows: Sequence[Mapping[str, Any]] = results["register"].tables["organisations"]
    return rows


def _figure_notes(
    results: Results, shown: set[str], placed: Mapping[tuple[str, str, str], str]
) -> list[dict[str, Any]]:
    rows: dict[str, dict[str, Any]] = {}
    for result in results.values():
        for figure in result.figures:
            if figure.id in shown and figure.id not in rows:
                note = _figure_note(figure, result.trace[figure.id])
                column = COLUMN_OF.get((figure.measure, figure.basis), "")
                where = placed.get((figure.organisation, "", column), "")
                if where:  # rows and quotations say more than numbers of entries
                    note["rests"] = where
                rows[figure.id] = note
    return [rows[one] for one in sorted(rows)]


def _line_name(line: str) -> str:
    found = packaged_lines().get(line)
    return found.name.lower() if found is not None else line.replace("_", " ")


def _figure_note(figure: Figure, trace: Any) -> dict[str, Any]:
    told = _some(trace.inputs)
    if trace.parameters:
        told += f"{'; ' if told else ''}parameters: {'; '.join(trace.parameters)}"
    if trace.entries:
        told += f"{'; ' if told else ''}ledger entries {_some(trace.entries)}"
    how = f"{figure_name(figure)}: {figure_value(figure)}; {trace.rule}"
    return {"number": figure, "how": how, "rests": told, "rule": trace.rule}


def _some(things: Sequence[object]) -> str:
    """The first of some ids, and how many more."""
    more = len(things) - INPUTS_MAX
    told = ", ".join(str(one) for one in things[:INPUTS_MAX])
    return f"{told} and {more} more" if more > 0 else told


def _cell_notes(
    results: Results,
    parts: Iterable[Section],
    placed: Mapping[tuple[str, str, str], str],
    said: Collection[str] = (),
) -> list[dict[str, Any]]:
    keys = {
        value.how
        for part in parts
        for table in part.tables
        for row in table.rows
        for value in row.values()
        if isinstance(value, Cell) and value.value is not None
    }
    how = {row["number"]: row for row in packaged_rows("number_notes.csv")}
    keys |= {number for number in how if how_id(number) in said}
    names = short_names({one["organisation"]: one["name"] for one in _bodies(results)})
    rows = []
    for key in sorted(keys):
        column, _, at = key.partition(AT)
        body, _, line = at.partition("/")
        own = placed.get((body, line, column.partition(".")[2]), "")
        whose = f", {names.get(body, body)}" if at else ""
        what = f", {_line_name(line)}" if line else ""
        rows.append(
            {
                "number": Note(key, f"{how[column]['name']}{whose}{what}"),
                "how": how[column]["meaning"],
                "rests": own or f"table {column.partition('.')[0]} of the answer",
            }
        )
    return rows
