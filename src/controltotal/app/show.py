"""Results on a terminal: plain words, then the figures, then tables, then findings."""

from __future__ import annotations

import re
import shutil
import sys
import textwrap
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

from controltotal.app.failures import refusal, refused_document
from controltotal.app.screen import BOLD, PLAIN, plain, say, wants_bold
from controltotal.core.calendar import year_label
from controltotal.core.errors import BookError
from controltotal.core.explain import Step, tree_text
from controltotal.core.files import check_target, write_file
from controltotal.core.legible import one_line
from controltotal.core.measures import measure, part_name
from controltotal.core.money import canonical_unit
from controltotal.core.show import basis_words, figure_value, value_text

if TYPE_CHECKING:
    from controltotal.core.figure import Figure
    from controltotal.core.finding import Finding
    from controltotal.core.result import Result


UNITS: Final = ("£m", "£k")
BASES: Final = ("plan", "forecast", "actual")


@dataclass(frozen=True, slots=True)
class Look:
    """How an answer is shown: the first screen or all, in which unit, order and of which basis.

    `page` is the one that was asked for of a verb that has several.
    """

    detail: bool = False
    unit: str = ""
    sort: bool = False
    basis: str = ""
    page: str = ""

    def __post_init__(self) -> None:
        if self.unit and canonical_unit(self.unit) not in UNITS:
            raise BookError(f"--unit reads {self.unit!r}", "the command", "give £k or £m")
        if self.basis and self.basis not in BASES:
            raise BookError(
                f"--basis reads {self.basis!r}", "the command", f"give one of {', '.join(BASES)}"
            )

    @property
    def options(self) -> dict[str, object]:
        """What was asked of the look, for the options that `--json` echoes."""
        given = {"detail": self.detail, "sort": self.sort, "basis": self.basis}
        unit = canonical_unit(self.unit) if self.unit else ""
        return {name: value for name, value in {**given, "unit": unit}.items() if value}


@dataclass(frozen=True, slots=True)
class Target:
    """A file to write, whether it may replace one, and the books whose files it may not be."""

    path: str
    overwrite: bool
    books: tuple[str, ...]

    def check(self) -> None:
        """Refuse at once what could not be written in the end."""
        check_target(self.path, self.books, overwrite=self.overwrite)

    def write(self, data: bytes) -> None:
        """Write the file whole, or leave what stands there."""
        write_file(self.path, data, self.books, overwrite=self.overwrite)


def deliver(
    verb: str,
    run: Callable[[], Result],
    as_json: bool,
    target: Target | None,
    shown: Callable[[Result], str],
    asked: Callable[[], Mapping[str, object]] = dict,
) -> int:
    """Run a verb and show what it answers as text (`shown`); the exit code says how.

    `asked` reads how it is to be shown, which JSON echoes among its options.
    """
    try:
        if target is not None:
            target.check()  # before long work, and again when it is put in place
        looked = asked()
        result = run()
    except Exception as error:
        known = refusal(error)
        if known is None or not as_json:
            raise
        say(refused_document(verb, *known))
        return 2
    if as_json:
        text = replace(result, options={**result.options, **looked}).to_json()
    else:
        text = shown(result)
    if target is None:
        say(text)
    else:
        target.write(plain(text).encode())
    return 1 if result.has_errors else 0


def terminal_text(result: Result, first: Sequence[str] = ()) -> str:
    """The result as text: words, figures, tables, findings; bold only where a terminal wants it.

    Tables named in `first` stand before the figures: what a question is about comes first.
    """
    bold = wants_bold()
    width = shutil.get_terminal_size((140, 24)).columns if sys.stdout.isatty() else 140
    parts = [textwrap.fill(one_line(text), width) for text in result.words]
    if parts:
        parts.append("")
    for name in first:
        parts += _table(name, result.tables.get(name, ()), bold)
    parts += _figures(result, bold)
    for name, rows in result.tables.items():
        if name in first:
            continue
        if name == "rules":
            parts += _table(name, [row for row in rows if not _untold(row)], bold)
            parts += rules_untold(rows, bold)
        else:
            parts += _table(name, rows, bold)
    parts += _findings(result.findings, width)
    return "\n".join(parts) + "\n"


UNTOLD: Final = "indeterminate"
_DATED: Final = re.compile(r" (?:in|that holds on) \d{4}[-/]\d\d(?:-\d\d|-H[12])?\b")
"""What makes one lack read as another in each year."""


def _untold(row: Mapping[str, Any]) -> bool:
    """Whether the outcome of a rule says nothing at all: neither whether it is met nor how much."""
    return bool(row["status"] == UNTOLD and row.get("value") is None)


def rules_untold(rows: Sequence[Mapping[str, Any]], bold: bool = False) -> list[str]:
    """The rules that bind and cannot be told: a line for each body and what it lacks.

    >>> rows = [{"organisation": "01K", "year": year, "rule": "headroom", "status": "indeterminate",
    ...     "why": f"cannot be told: the allocation in {year[:4]}/18 is not stated"}
    ...     for year in ("2016-17", "2017-18")]
    >>> rules_untold(rows)[1]
    '01K  2016/17 and 2017/18: 1 rule; the allocation is not stated'
    """
    found: dict[tuple[str, str], tuple[dict[str, None], dict[str, None]]] = {}
    for row in rows:
        if _untold(row):
            why = _DATED.sub("", str(row["why"])).removeprefix("cannot be told: ")
            years, rules = found.setdefault((str(row["organisation"]), why), ({}, {}))
            years[shown_year(str(row["year"]))] = rules[str(row["rule"])] = None
    if not found:
        return []
    lines = [heading("rules that bind and cannot be told", bold)]
    for (organisation, why), (years, rules) in found.items():
        *most, last = years
        when = f"{', '.join(most)} and {last}" if most else last
        many = "rule" if len(rules) == 1 else "rules"
        lines.append(one_line(f"{organisation}  {when}: {len(rules)} {many}; {why}"))
    return [*lines, ""]


def heading(text: str, bold: bool) -> str:
    """A heading, bold on a terminal."""
    return f"{BOLD}{one_line(text)}{PLAIN}" if bold else one_line(text)


WIDEST: Final = 120
"""Characters to which a column is filled up; a longer cell runs on, and no other waits for it."""


def aligned(
    headings: Sequence[str], rows: Sequence[Sequence[str]], right: Sequence[bool]
) -> list[str]:
    """Rows in aligned columns under their headings.

    >>> aligned(["body", "£m"], [["A", "1.0"], ["BB", "(12.0)"]], [False, True])
    ['body      £m', 'A        1.0', 'BB    (12.0)']
    """
    grid = [[one_line(cell) for cell in row] for row in (headings, *rows)]
    widths = [min(WIDEST, max(len(row[place]) for row in grid)) for place in range(len(headings))]
    return [
        "  ".join(
            cell.rjust(width) if to_right else cell.ljust(width)
            for cell, width, to_right in zip(row, widths, right, strict=True)
        ).rstrip()
        for row in grid
    ]


def said(result: Result) -> str:
    """What was done, in the result's own sentences and no more."""
    return "".join(f"{one_line(text)}\n" for text in result.words)


def explained(result: Result, most: int | None = 4) -> str:
    """An explanation as a tree; at most `most` entries of a figure, the others counted."""
    return said(result) + tree_text(steps_of(result), most) + "\n"


def steps_of(result: Result) -> list[Step]:
    """The steps of an explanation."""
    return [
        Step(row["depth"], row["kind"], row["id"], row["text"], row["where"])
        for row in result.tables["tree"]
    ]


def _figures(result: Result, bold: bool) -> list[str]:
    """A block for each body, year by year; figures that cannot be told come last, in one line."""
    groups: dict[tuple[str, str], list[Figure]] = {}
    for figure in result.figures:
        groups.setdefault((figure.organisation, figure.year), []).append(figure)
    bodies = {code: place for place, code in enumerate(dict.fromkeys(o for o, _ in groups))}
    lines: list[str] = []
    for organisation, year in sorted(groups, key=lambda one: (bodies[one[0]], one[1])):
        figures = groups[organisation, year]
        told = [f for f in figures if f.status != "indeterminate"]
        if not told:
            continue
        rows = [
            [
                measure(f.measure).name,
                " ".join(p for p in (basis_words(f), _part(f)) if p),
                figure_value(f),
                f.id,
            ]
            for f in told
        ]
        lines.append(heading(f"{organisation}  {shown_year(year)}", bold))
        lines += aligned(["figure", "basis", "value", "id"], rows, [False, False, True, False])
        known = {measure(f.measure).name for f in told}
        lost = sorted({measure(f.measure).name for f in figures} - known)
        if lost:
            lines.append(one_line(f"cannot be told: {', '.join(lost)}"))
        lines.append("")
    return lines


def _part(figure: Figure) -> str:
    """The part of a figure in words, with a comma before what is a sentence of its own."""
    named = part_name(figure.measure, figure.part)
    return figure.part.replace("/", " ") if named == figure.part else f"({named})"


def shown_year(text: str) -> str:
    """A year as people write it; what is no year stands as it is.

    >>> shown_year("2026-27"), shown_year("every year")
    ('2026/27', 'every year')
    """
    return year_label(text) if text[:4].isdigit() and "-" in text else text


MONEY: Final = {
    "opportunities": frozenset({"value", "low", "high", "spend"}),
    "overlap": frozenset(
        {"spend", "saving_a", "saving_b", "lower", "netted", "upper", "overlap", "overlap_at_most"}
    ),
    "groups": frozenset({"lower", "netted", "upper"}),
    "gap": frozenset({"gap", "half", "left_if_half_is_found"}),
    "conversion": frozenset({"value", "planned_full_year", "delivered"}),
    "national_case": frozenset({"allocation", "distance_from_target"}),
    "shares": frozenset({"headroom_before", "headroom_after"}),
    "repayments": frozenset({"opening", "closing", "written_off", "interest", "repaid"}),
    "exit_or_default": frozenset({"exit_pays", "interest_saved", "default_loses"}),
}
"""Columns of tables that hold whole pence and whose names do not say so."""

HEADINGS: Final = {
    (table, column): f"{column} bound"
    for table in ("overlap", "groups")
    for column in ("lower", "upper")
}
"""Headings that a column's name alone does not give."""


def _table(name: str, rows: Sequence[Mapping[str, Any]], bold: bool) -> list[str]:
    if not rows:
        return []
    columns = list(rows[0])
    headings = [
        HEADINGS.get((name, c))
        or ("amount" if c == "pence" else c.removesuffix("_pence").replace("_", " "))
        for c in columns
    ]
    money = MONEY.get(name, frozenset()) if "unit" not in columns else frozenset()
    kinds = {c: "pence" if c in money else c for c in columns}
    cells = [[cell_text(_kind(kinds[c], row), row.get(c)) for c in columns] for row in rows]
    right = [kinds[c].endswith("pence") for c in columns]
    return [heading(name.replace("_", " "), bold), *aligned(headings, cells, right), ""]


def _kind(column: str, row: Mapping[str, Any]) -> str:
    """The kind of a cell: a `value` is money where its row says that its unit is pence."""
    return "pence" if column == "value" and row.get("unit") == "pence" else column


def cell_text(column: str, value: Any) -> str:
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


def _findings(findings: Sequence[Finding], width: int) -> list[str]:
    if not findings:
        return ["No findings."]
    lines = [f"{len(findings)} finding{'s' if len(findings) > 1 else ''}"]
    for finding in findings:
        mark = {"error": "ERROR", "warning": "Warning", "information": "Note"}[finding.severity]
        place = finding.place + (f" ({finding.detail})" if finding.detail else "")
        message = textwrap.fill(one_line(finding.message), width - 4)
        lines.append(f"  {mark} {finding.code}: {one_line(place)}")
        lines.append(textwrap.indent(message, "    "))
        if finding.action:
            lines.append(f"    What to do: {one_line(finding.action)}")
    return lines
