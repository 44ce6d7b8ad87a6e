"""The three-column list of a national return: sub code, main code, value in £k.

A tool that fills a return takes such a list, because copying cell by cell is slow and goes wrong.
The sub code says which line, the main code which column: plan, actual or forecast, of which month
or year. Both are the data's own where its table `lines` has them, else ours (`return_codes.csv`).
Values are whole £k, rounded half away from nil as a spreadsheet rounds; what is not told has no row.

Source: users' description of NHS England's tool for the provider finance return.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from controltotal.core.datafiles import packaged_rows
from controltotal.core.errors import BookError
from controltotal.core.figure import Figure
from controltotal.core.formulas import kept_still
from controltotal.core.legible import one_line
from controltotal.core.money import PENCE_PER
from controltotal.core.result import Result
from controltotal.papers.paper import Written
from controltotal.papers.sections import STAND_IN, Results

HEADINGS: Final = ("sub code", "main code", "value")
CAPITAL: Final = {
    "plan_pence": ("capital/capital", "PLAN_FY"),
    "actual_pence": ("capital/capital", "ACTUAL_YTD"),
    "forecast_pence": ("capital/capital", "FORECAST_FY"),
    "limit_pence": ("capital/limit", "PLAN_FY"),
}
"""Columns of the answer's table of capital: their sub code and their main code."""
OF_YEAR: Final = {"plan": "PLAN_FY", "forecast": "FORECAST_FY"}
"""The main code of a figure by its basis; an actual is to date, or of the year once it is over."""
LAST: Final = 12
"""The month that ends a year."""


@dataclass(frozen=True, slots=True)
class Row:
    """One value of a return: the line and the column that it is of, its codes, and its pence."""

    line: str
    column: str
    sub: str
    main: str
    pence: int


def return_csv(results: Results, organisation: str | None = None) -> Written:
    """The list of one body (as asked, else the one that leads the data) for the answers' year."""
    scope = results["register"].scope
    body = scope.about(organisation)
    rows = list(_rows(results, body))
    if not rows:
        raise BookError(
            f"the data have no money of {one_line(body)} in {_year(results)}",
            "report",
            "name a body and a year that have some, with --organisation and --year",
        )
    _each_once(rows)
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(HEADINGS)
    writer.writerows(
        (kept_still(row.sub), kept_still(row.main), in_thousands(row.pence)) for row in rows
    )
    return Written(out.getvalue().encode(), tuple(_told(results, body, rows)))


def in_thousands(pence: int) -> int:
    """Pence as whole £k, half away from nil.

    >>> in_thousands(50_000), in_thousands(-50_000), in_thousands(49_999), in_thousands(-150_000)
    (1, -1, 0, -2)
    """
    unit = PENCE_PER["£k"]
    size = (2 * abs(pence) + unit) // (2 * unit)
    return -size if pence < 0 else size


def _year(results: Results) -> str:
    return str(results["register"].options.get("year") or results["register"].scope.year)


def _rows(results: Results, body: str) -> Iterator[Row]:
    """Every value in the order of the lines, then measures, then capital."""
    when, own = (body, _year(results)), _own_codes(results)
    position = results["position"]
    lines = [
        row
        for row in position.tables.get("to_date", ())
        if (row["organisation"], row["year"]) == when and not row["scheme"]
    ]
    for row in lines:
        for column, code in _mains().items():
            if row[column] is not None:
                at = (when[1], row["month"])
                yield _row(own, f"line/{row['line']}", code, at, row[column])
    yield from _measures(position, when, own)
    reached = lines[0]["month"] if lines else LAST
    for row in position.tables.get("capital", ()):
        if (row["organisation"], row["year"]) == when:
            yield from (
                _row(own, about, code, (when[1], reached), row[column])
                for column, (about, code) in CAPITAL.items()
                if row[column] is not None
            )


def _measures(
    position: Result, when: tuple[str, str], own: Mapping[str, Mapping[str, str]]
) -> Iterator[Row]:
    """The figures of a body and year that a return has a place for."""
    for figure in position.figures:
        about = f"measure/{figure.measure}"
        asked = (figure.organisation, figure.year) == when and about in _ours()
        whole = not figure.part and figure.unit == "pence"
        if asked and whole and isinstance(figure.value, int):
            code, at = _column_of(figure)
            yield _row(own, about, code, (when[1], at), figure.value)


def _mains() -> Mapping[str, str]:
    """Our main codes by the column of the answer."""
    rows = packaged_rows("return_codes.csv")
    return {row["of"]: row["code"] for row in rows if row["part"] == "main"}


def _column_of(figure: Figure) -> tuple[str, int]:
    """The main code of a figure and the month that it reaches."""
    if figure.basis in OF_YEAR:
        return OF_YEAR[figure.basis], LAST
    return "ACTUAL_YTD", int(figure.to.removeprefix("M") or LAST)


def _row(
    own: Mapping[str, Mapping[str, str]], about: str, code: str, when: tuple[str, int], pence: int
) -> Row:
    """A value with the data's own codes where they have them, else with ours."""
    line = about.partition("/")[2]
    codes = own.get(about, {})
    sub = codes.get("") or _ours().get(about) or line.upper()
    return Row(about, code, sub, codes.get(code) or main_code(code, *when), pence)


def main_code(code: str, year: str, month: int) -> str:
    """A column of a return: its year, what it holds, and the month that it is of or reaches.

    >>> main_code("PLAN_M", "2026-27", 9), main_code("PLAN_FY", "2026-27", 9)
    ('202627_PLAN_M09', '202627_PLAN_FY')
    >>> main_code("ACTUAL_YTD", "2026-27", 9)
    '202627_ACTUAL_YTD09'
    """
    at = f"{month:02d}" if code.endswith(("_M", "_YTD")) else ""
    return f"{year.replace('-', '')}_{code}{at}"


def _ours() -> Mapping[str, str]:
    """Our sub codes by what they are of."""
    return {
        row["of"]: row["code"] for row in packaged_rows("return_codes.csv") if row["part"] == "sub"
    }


def _own_codes(results: Results) -> dict[str, dict[str, str]]:
    """The data's own codes of its lines: under an empty name the sub code, else main codes by ours."""
    found: dict[str, dict[str, str]] = {}
    for row in results["register"].tables.get("lines", ()):
        codes = found.setdefault(f"line/{row['line']}", {})
        codes |= {"": one_line(row["sub_code"] or "").strip()}
        for part in one_line(row.get("main_code") or "").split(";"):
            name, given, code = part.rpartition("=")
            codes[name.strip().upper() if given else "ACTUAL_YTD"] = code.strip()
    return found


def _each_once(rows: list[Row]) -> None:
    """Refuse two values for one place of a return: the tool would keep the later one in silence."""
    places: dict[tuple[str, str], Row] = {}
    for row in rows:
        first = places.setdefault((row.sub, row.main), row)
        if first is not row:
            names = " and ".join(
                one.line.partition("/")[2] or "the surplus" for one in (first, row)
            )
            raise BookError(
                f"{one_line(names)} have one place in the return: {row.sub}, {row.main}",
                "lines",
                "give each line a sub_code of its own in the table lines",
            )


def _told(results: Results, body: str, rows: list[Row]) -> Iterator[str]:
    """What the list cannot say: how far rounding parts sums, and what stands in for who is late."""
    name = one_line(results["register"].names.get(body, body))
    yield f"{len(rows):,} values of {name}, {_year(results).replace('-', '/')}, in whole £k."
    apart = list(_apart(rows, _parts(results)))
    if apart:
        most = max(abs(one) for one in apart)
        yield (
            f"Each value is rounded by itself: in {len(apart)} columns the lines differ from the "
            f"surplus by up to £{most}k."
        )
    if any(row.get(STAND_IN) for row in _whole(results, body)):
        yield "The figures are made without a body that has not reported, or with its plan."
    ours = sum(1 for row in rows if row.main.startswith(_year(results).replace("-", "")))
    if ours:
        yield (
            f"{ours:,} main codes are ours (`return_codes.csv`): the columns of the national form "
            "have codes of their own."
        )


def _whole(results: Results, body: str) -> list[Mapping[str, Any]]:
    year = _year(results)
    rows = results["position"].tables.get("to_date", ())
    return [row for row in rows if (row["organisation"], row["year"]) == (body, year)]


def _parts(results: Results) -> set[str]:
    """Lines that are parts of another, or no part of a surplus made from lines."""
    groups = {row["line"]: row["group"] for row in packaged_rows("lines.csv")}
    alone = {row["line"] for row in packaged_rows("lines.csv") if row["added"] == "no"}
    for row in results["register"].tables.get("lines", ()):
        groups[row["line"]] = row["group"] or ""
    return alone | {line for line, group in groups.items() if group in groups}


def _apart(rows: list[Row], left_out: set[str]) -> Iterator[int]:
    """By column in which the lines make the surplus to the penny: what rounding parts them by."""
    lines: dict[str, list[int]] = {}
    whole: dict[str, int] = {}
    for row in rows:
        kind, _, line = row.line.partition("/")
        if kind == "line" and not line:
            whole[row.column] = row.pence
        elif kind == "line" and line not in left_out:
            lines.setdefault(row.column, []).append(row.pence)
    for column, pence in whole.items():
        found = lines.get(column, [])
        if sum(found) == pence:
            apart = sum(map(in_thousands, found)) - in_thousands(pence)
            if apart:
                yield apart
