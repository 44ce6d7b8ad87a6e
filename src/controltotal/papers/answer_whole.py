"""All that an answer holds, from top to bottom: words, figures by body, tables, findings."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cache
from typing import Any, Final

from controltotal.core.datafiles import packaged_rows
from controltotal.core.figure import Figure
from controltotal.core.finding import Finding
from controltotal.core.legible import one_line
from controltotal.core.measures import measure, part_name
from controltotal.core.money import PAGE_PLACES, canonical_unit, page_unit, shown_in
from controltotal.core.result import Result
from controltotal.core.show import basis_words, figure_value, value_text
from controltotal.papers.answer import Ask, shown_year
from controltotal.papers.answer_position import SAID, month_table
from controltotal.papers.sections import Column, Section, TableView, TreeView

OF_MONTH: Final = ("to_date", "reported", "performance", "months", "control_chart")
"""Tables of the month: the first table of each year stands for them."""
FIRST: Final[Mapping[str, tuple[str, ...]]] = {
    "decide": ("decisions", "would_bind", "power", "blocking"),
    "boundaries": ("breaches",),
}
"""Tables that stand before the figures: what a question is about comes first."""
LISTED: Final = {
    "scheme": "scheme",
    "organisation": "body",
    "title": "title",
    "typed_maturity": "typed maturity",
    "gate": "gate",
    "plan_pence": "plan",
    "forecast_pence": "forecast",
    "counted": "counts",
    "reason": "why not",
}
"""Columns of a list of schemes, with their headings."""
LONGEST: Final = 60
"""Characters of a cell of a list of schemes."""


def whole(ask: Ask) -> list[Section]:
    """All of an answer, its money in the unit that was asked for; of one basis where one was."""
    unit = canonical_unit(ask.look.unit) if ask.look.unit else ""
    with shown_in(unit if unit in PAGE_PLACES else page_unit()):
        return _whole(ask)


def _whole(ask: Ask) -> list[Section]:
    result, basis = ask.result, ask.look.basis
    if basis:
        some = tuple(figure for figure in result.figures if figure.basis == basis)
        result = replace(result, figures=some)
    if result.verb == "schemes" and "schemes" in result.tables:
        rest = {name: rows for name, rows in result.tables.items() if name != "schemes"}
        words = Section("words", "", result.words)
        return [words, _listed(result), *everything(replace(result, sentences=(), tables=rest))]
    if result.verb == "position":
        return _by_month(ask, result)
    return everything(result, FIRST.get(result.verb, ()))


def _by_month(ask: Ask, result: Result) -> list[Section]:
    """The words and the table of each month, then everything else."""
    lead = [one for one in result.sentences if one.topic in SAID]
    rest = replace(
        result,
        sentences=tuple(one for one in result.sentences if one.topic not in SAID),
        tables={n: rows for n, rows in result.tables.items() if n not in OF_MONTH},
    )
    parts = []
    for year in dict.fromkeys(one.year for one in lead):
        words = tuple(one.text for one in lead if one.year == year)
        table = month_table(ask, year, tuple(result.scope.places))
        parts.append(Section(f"month-{year}", "", words, tables=(table,)))
    return [*parts, *everything(rest)]


def everything(result: Result, first: Sequence[str] = ()) -> list[Section]:
    """Words, figures, tables and findings; tables named in `first` stand before the figures."""
    tables = {n: rows for n, rows in result.tables.items() if rows and n != "sentences"}
    parts = [Section("words", "", result.words)]
    parts += [_table(name, tables[name]) for name in first if name in tables]
    parts += _figures(result)
    for name, rows in tables.items():
        if name == "rules":
            parts.append(_table(name, [row for row in rows if not _untold(row)]))
            parts.append(Section("untold", UNTOLD_RULES, points=tuple(rules_untold(rows))))
        elif name not in first:
            parts.append(_table(name, rows))
    return [*(part for part in parts if not part.empty), findings_told(result.findings)]


def _listed(result: Result) -> Section:
    """Schemes in a list that fits a screen: the whole record is in the JSON document."""
    rows = []
    for row in result.tables["schemes"]:
        typed = row["typed_maturity"]
        shown = typed if typed == row["maturity"] else f"{typed} (shown as {row['maturity']})"
        cells = dict(row, typed_maturity=shown)
        rows.append({c: cell_words(c, cells[c])[:LONGEST] for c in LISTED})
    heads = tuple(
        Column(c, name, "number" if c.endswith("pence") else "text") for c, name in LISTED.items()
    )
    return Section("schemes", "", tables=(TableView("", heads, rows, folded=True),))


UNTOLD: Final = "indeterminate"
UNTOLD_RULES: Final = "rules that bind and cannot be told"
_DATED: Final = re.compile(r" (?:in|that holds on) \d{4}[-/]\d\d(?:-\d\d|-H[12])?\b")
"""What makes one lack read as another in each year."""


def _untold(row: Mapping[str, Any]) -> bool:
    """Whether the outcome of a rule says nothing at all: neither whether it is met nor how much."""
    return bool(row["status"] == UNTOLD and row.get("value") is None)


def rules_untold(rows: Sequence[Mapping[str, Any]]) -> list[str]:
    """The rules that bind and cannot be told: a line for each body and what it lacks.

    >>> rows = [{"organisation": "01K", "year": year, "rule": "headroom", "status": "indeterminate",
    ...     "why": f"cannot be told: the allocation in {year[:4]}/18 is not stated"}
    ...     for year in ("2016-17", "2017-18")]
    >>> rules_untold(rows)[0]
    '01K  2016/17 and 2017/18: 1 rule; the allocation is not stated'
    """
    found: dict[tuple[str, str], tuple[dict[str, None], dict[str, None]]] = {}
    for row in rows:
        if _untold(row):
            why = _DATED.sub("", str(row["why"])).removeprefix("cannot be told: ")
            years, rules = found.setdefault((str(row["organisation"]), why), ({}, {}))
            years[shown_year(str(row["year"]))] = rules[str(row["rule"])] = None
    lines = []
    for (organisation, why), (years, rules) in found.items():
        *most, last = years
        when = f"{', '.join(most)} and {last}" if most else last
        many = "rule" if len(rules) == 1 else "rules"
        lines.append(f"{organisation}  {when}: {len(rules)} {many}; {why}")
    return lines


def _figures(result: Result) -> list[Section]:
    """A table for each body, year by year; figures that cannot be told are named below it."""
    groups: dict[tuple[str, str], list[Figure]] = {}
    for figure in result.figures:
        groups.setdefault((figure.organisation, figure.year), []).append(figure)
    bodies = {code: place for place, code in enumerate(dict.fromkeys(o for o, _ in groups))}
    parts = []
    for organisation, year in sorted(groups, key=lambda one: (bodies[one[0]], one[1])):
        figures = groups[organisation, year]
        told = [f for f in figures if f.status != "indeterminate"]
        if not told:
            continue
        rows = [
            {
                "figure": measure(f.measure).name,
                "basis": " ".join(p for p in (basis_words(f), _part(f)) if p),
                "value": figure_value(f),
                "id": f.id,
            }
            for f in told
        ]
        known = {measure(f.measure).name for f in told}
        lost = sorted({measure(f.measure).name for f in figures} - known)
        note = f"cannot be told: {', '.join(lost)}" if lost else ""
        title = f"{organisation}  {shown_year(year)}"
        table = TableView(title, FIGURE, rows, note, folded=True)
        parts.append(Section(f"figures-{organisation}-{year}", "", tables=(table,)))
    return parts


FIGURE: Final = (
    Column("figure", "figure"),
    Column("basis", "basis"),
    Column("value", "value", "number"),
    Column("id", "id"),
)


def _part(figure: Figure) -> str:
    """The part of a figure in words, with a comma before what is a sentence of its own."""
    named = part_name(figure.measure, figure.part)
    return figure.part.replace("/", " ") if named == figure.part else f"({named})"


@cache
def _money() -> frozenset[tuple[str, str]]:
    """The columns of tables that hold whole pence, by table and column."""
    rows = packaged_rows("result_columns.csv")
    return frozenset(
        (row["table"].partition(".")[2], row["column"]) for row in rows if row["unit"] == "pence"
    )


HEADINGS: Final = {
    (table, column): f"{column} bound"
    for table in ("overlap", "groups")
    for column in ("lower", "upper")
}
"""Headings that a column's name alone does not give."""


def _table(name: str, rows: Sequence[Mapping[str, Any]]) -> Section:
    """A table of an answer as it stands: every column, each cell in words."""
    if not rows:
        return Section(name, "")
    money = _money() if "unit" not in rows[0] else frozenset()
    kinds = {c: "pence" if (name, c) in money else c for c in rows[0]}
    heads = tuple(
        Column(c, _heading(name, c), "number" if kind.endswith("pence") else "text")
        for c, kind in kinds.items()
    )
    cells = [
        {c: cell_words(_kind(kind, row), row.get(c)) for c, kind in kinds.items()} for row in rows
    ]
    table = TableView(name.replace("_", " "), heads, cells, folded=True)
    return Section(name, "", tables=(table,))


def _heading(table: str, column: str) -> str:
    named = "amount" if column == "pence" else column.removesuffix("_pence").replace("_", " ")
    return HEADINGS.get((table, column), named)


def _kind(column: str, row: Mapping[str, Any]) -> str:
    """The kind of a cell: a `value` is money where its row says that its unit is pence."""
    return "pence" if column == "value" and row.get("unit") == "pence" else column


def cell_words(column: str, value: Any) -> str:
    """A cell of a table for people: money in millions, yes and no in words."""
    if value is None:
        return "not known"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if column == "year" and isinstance(value, str):
        return shown_year(value)
    if column.endswith("pence") and isinstance(value, int):
        return value_text(value, "pence")
    if isinstance(value, float):
        return f"{value:,.4g}"
    if isinstance(value, list | tuple):
        return ", ".join(str(part) for part in value)
    return str(value)


def findings_told(findings: Sequence[Finding]) -> Section:
    """Every finding: of what kind, where, what it says, and what to do."""
    if not findings:
        return Section("findings", "", ("No findings.",))
    lines = [f"{len(findings)} finding{'s' if len(findings) > 1 else ''}"]
    for finding in findings:
        mark = {"error": "ERROR", "warning": "Warning", "information": "Note"}[finding.severity]
        place = finding.place + (f" ({finding.detail})" if finding.detail else "")
        lines.append(f"  {mark} {finding.code}: {one_line(place)}")
        lines.append(f"    {one_line(finding.message)}")
        if finding.action:
            lines.append(f"    What to do: {one_line(finding.action)}")
    return Section("findings", "", tree=TreeView("", "\n".join(lines)))
