"""Rows between the surplus and the surplus by which a control total is measured: what the one holds alone.

“Donated asset income & depreciation 220” beneath “Surplus for the period” is no money beside the lines
above: it takes out of the surplus what these hold. So the book gets it twice, once each way: on the line
that stands outside the control total, and on a line *Taken out* of the file's own. The surplus and
the adjusted surplus are then both those of the file.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Final

from controltotal.core.lines import ADJUSTING
from controltotal.core.lines import Line as LineOf
from controltotal.intake.bottom_line import bottom_line, names_result, names_support
from controltotal.intake.known import Known
from controltotal.intake.labels import is_deficit, is_result, without_adding_back
from controltotal.intake.money_columns import VARIANCE, Col
from controltotal.intake.repeats import SUPPORT, takes_off
from controltotal.intake.rows import DATA, OTHER, SUM, Line, counts_once
from controltotal.intake.slugs import slug
from controltotal.intake.summed_rows import STATED, WHOLE, rounding

_ADJUSTED: Final = re.compile(
    r"\badjusted\b|\bfinancial performance\b|\bcontrol total\b|\b(?:after|excl(?:uding|\.)?) technical\b"
    r"|\b(?:excl(?:uding|\.)?|before) (?:\w+ )?(?:impairments?|donat\w+|technical)\b",
    re.IGNORECASE,
)
_OTHERWISE: Final = re.compile(r"\bunderlying\b|\bnormali[sz]ed\b|recurr|\bone[\s-]offs?\b", re.I)
"""An adjusted surplus of another kind, and what makes it."""
OTHERS: Final = "other_adjustments"
"""The line of what a control total leaves out and no other line is for."""
_OUTSIDE: Final[Mapping[str, re.Pattern[str]]] = {
    "impairments": re.compile(r"\bimpair|\brevaluation", re.I),
    "donated_assets": re.compile(
        r"\bdonat|\bcapital grants?\b|\bgrant(?:s|ed)\b|\bpeppercorn\b", re.I
    ),
    "ifrs16_pfi": re.compile(r"\bifrs\b|\bpfi\b|\bremeasure", re.I),
    "disposals": re.compile(r"\bdisposals?\b|\bdisposed\b|\bsale of\b", re.I),
    OTHERS: re.compile(
        r"\btechnical\b|\babsorption\b|\bcentrally procured\b|\binventor|\bprior (?:period|year)\b"
        r"|\bcontrol total\b|\bgains?\b|\bprovision",
        re.I,
    ),
}
"""Lines outside a control total by the words of a row; the first that fits."""
_LESS: Final = re.compile(r"^\W*(?:less|minus|deduct)\b", re.IGNORECASE)


def taken_out(
    lines: Sequence[Line], known: Known, columns: Sequence[Col], slack: Mapping[int, int]
) -> dict[str, LineOf]:
    """Name the rows that lead from the surplus to the adjusted one; the lines *Taken out* that they bring.

    Where the file has an adjusted surplus, it shows that they do: it is the surplus and all of them.
    """
    own: dict[str, LineOf] = {}
    money = [col.index for col in columns if col.role != VARIANCE]
    for rows in _statements(lines):
        for first, last in _between(rows, known):
            start, some = rows[first], rows[first + 1 : last]
            end = rows[last] if last < len(rows) else None
            for line, name in _taken(start, some, end, known, money, slack):
                less = _is_less(line, some, start, end, money)
                one = _line_of(line, "cost" if less else "income")
                own[one.line] = one
                line.said["line"], line.outside = one.line, name
    return own


def twin(line: Line, known: Known) -> Line:
    """What a row takes out of the surplus, as a row of the line that stands outside the control total."""
    sign = 1 if known.lines.kind(line.said["line"]) == "cost" else -1
    pence = {column: sign * one for column, one in line.pence.items()}
    said = {**line.said, "line": line.outside}
    return replace(line, said=said, pence=pence, written="income", outside="")


def _line_of(line: Line, kind: str) -> LineOf:
    label = " ".join((without_adding_back(line.label) or line.label).split())
    name = "taken_out_" + (slug(label).replace("-", "_") or "row")
    return LineOf(name, f"Taken out: {label}", kind, True, ADJUSTING)


def _statements(lines: Sequence[Line]) -> Iterator[list[Line]]:
    """The rows of money of each statement, what counts once among them."""
    found: dict[tuple[str, ...], list[Line]] = {}
    for line in lines:
        if line.kind in (DATA, SUM) or counts_once(line):
            found.setdefault(tuple(line.said.get(w, "") for w in STATED), []).append(line)
    yield from found.values()


def _between(rows: Sequence[Line], known: Known) -> Iterator[tuple[int, int]]:
    """The places of a surplus and of the adjusted one after it; of none, the end of the statement."""
    last = -1
    for place, line in enumerate(rows):
        if not _is_bottom(line):
            continue
        if last >= 0 and _ADJUSTED.search(line.label) and not _OTHERWISE.search(line.label):
            yield last, place
        last = place
    if last >= 0 and not _ADJUSTED.search(rows[last].label):
        yield last, len(rows)


def _is_bottom(line: Line) -> bool:
    if line.kind == OTHER or is_result(line.label):
        return False
    stated = line.said.get("line", "") in WHOLE or names_result(line.label)
    return stated or bool(re.search(r"\bfinancial performance\b", line.label, re.I))


def _taken(
    start: Line,
    some: Sequence[Line],
    end: Line | None,
    known: Known,
    money: Sequence[int],
    slack: Mapping[int, int],
) -> list[tuple[Line, str]]:
    """The rows that lead from a surplus to the adjusted one, each with its line outside; none in doubt."""
    rows = [line for line in some if line.kind == DATA and any(line.pence.values())]
    named = [(line, _outside(line, known)) for line in rows]
    if end is None:
        return [(line, name) for line, name in named if name and takes_off(line.label)]
    if not any(_leads(start, some, end, money, slack, less=less) for less in (False, True)):
        return []
    if all(name for _, name in named):
        return named
    for line, name in named:
        if not name and not line.said.get("line") and not _is_otherwise(line):
            line.outside = OTHERS  # which is asked
    return []


def _leads(
    start: Line,
    some: Sequence[Line],
    end: Line,
    money: Sequence[int],
    slack: Mapping[int, int],
    *,
    less: bool,
) -> bool:
    """Whether a surplus and the rows beneath it make the adjusted one in every column of money."""
    rows = [line for line in some if line.kind != SUM]
    columns = [column for column in money if column in end.pence]
    return bool(columns) and all(
        abs(
            start.pence.get(column, 0)
            + sum(
                (-1 if less and _LESS.search(x.label) else 1) * x.pence.get(column, 0) for x in rows
            )
            - end.pence[column]
        )
        <= rounding(len(rows) + 1, slack.get(column, 0))
        for column in columns
    )


def _is_less(
    line: Line, some: Sequence[Line], start: Line, end: Line | None, money: Sequence[int]
) -> bool:
    """Whether what a row shows is taken from the surplus, or a deficit is written above nil."""
    turned = False
    if _LESS.search(line.label):
        turned = end is None or not _leads(start, some, end, money, {}, less=False)
    return turned != is_deficit(start.label)


def _is_otherwise(line: Line) -> bool:
    """Whether a row speaks of support, or of what does not repeat."""
    support = line.said.get("line", "") == SUPPORT or names_support(line.label)
    other = _OTHERWISE.search(f"{line.label} {line.section}")
    return support or bool(bottom_line(line.label)) or bool(other)


def _outside(line: Line, known: Known) -> str:
    """The line outside the control total that a row is; empty where it may be another thing."""
    name = line.said.get("line", "")
    account = known.lines.all.get(name)
    if account is not None and account.outside:
        return name
    words = f"{line.label} {line.section}"
    if _is_otherwise(line) or (account is not None and account.group != ADJUSTING):
        return ""
    found = (one for one, pattern in _OUTSIDE.items() if pattern.search(line.label))
    return next(found, OTHERS if re.search(r"\badjust|technical", words, re.I) else "")
