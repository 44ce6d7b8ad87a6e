"""Rows by the labels that figures ask for, and which figures a stopped row leaves in doubt."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from controltotal.core.calendar import CalendarError, parse_year
from controltotal.position.fold import Position
from controltotal.position.rows import Row

Series = tuple[str, str, str]  # line, recurrence, counterparty


class Amounts:
    """The amounts of a position by organisation, year, basis and scenario.

    Rows that carry a scheme are kept apart: they are savings, never part of a surplus.
    """

    def __init__(self, position: Position) -> None:
        self._series: dict[tuple[str, str, str, str], dict[Series, list[Row]]] = {}
        self._bases: dict[tuple[str, str], set[tuple[str, str]]] = defaultdict(set)
        self.of_scheme: dict[str, list[Row]] = defaultdict(list)
        for row in position.rows("amounts"):
            if row["scheme"]:
                self.of_scheme[row["scheme"]].append(row)
                continue
            label = (row["organisation"], row["year"], row["basis"], row["scenario"] or "")
            series = (row["line"], row["recurrence"] or "", row["counterparty"] or "")
            self._series.setdefault(label, {}).setdefault(series, []).append(row)
            self._bases[label[:2]].add(label[2:])
        self._doubt = _doubt(position.stopped)

    def series(self, code: str, year: str, basis: str, scenario: str) -> dict[Series, list[Row]]:
        """Every series of a body in a year (the year of a half)."""
        return self._series.get((code, year[:7], basis, scenario), {})

    def line(self, code: str, year: str, basis: str, scenario: str, line: str) -> list[list[Row]]:
        """The series of one line."""
        found = self.series(code, year, basis, scenario)
        return [rows for (name, _, _), rows in found.items() if name == line]

    def bases(self, code: str, year: str) -> set[tuple[str, str]]:
        """The (basis, scenario) pairs in which a body has rows."""
        return self._bases.get((code, year[:7]), set())

    def says_position(self, code: str, year: str, basis: str, scenario: str) -> bool:
        """Whether the rows say anything of a surplus, rather than only of an allocation."""
        found = self.series(code, year, basis, scenario)
        return any(line != "allocation" for line, _, _ in found)

    def bodies(self) -> Iterable[tuple[str, str]]:
        """Every (organisation, year) that has rows."""
        return self._bases.keys()

    def in_doubt(self, table: str, code: str, year: str, basis: str = "") -> tuple[str, ...]:
        """The stopped rows that a figure of this body and year might have used."""
        found = self._doubt.get((table, code), ())
        return tuple(
            where
            for where, row_year, row_basis in found
            if row_year in (None, year[:7]) and (not basis or row_basis in (None, basis))
        )


def _doubt(
    stopped: Iterable[Row],
) -> dict[tuple[str, str], list[tuple[str, str | None, str | None]]]:
    """Stopped rows by table and body: place, year and basis (None where they cannot be told)."""
    found: dict[tuple[str, str], list[tuple[str, str | None, str | None]]] = defaultdict(list)
    for row in stopped:
        try:
            year: str | None = parse_year(row.texts.get("year", ""))
        except CalendarError:
            year = None
        basis = row.values.get("basis")
        for column in ("organisation", "from", "to"):
            if column in row.texts:
                found[(row.table, row.texts[column])].append((row.where, year, basis))
    return found
