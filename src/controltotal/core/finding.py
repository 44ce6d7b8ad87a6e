"""Findings: a fault said to a finance manager, with its place, what was expected and what to do."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final, NamedTuple

SEVERITIES: Final = ("error", "warning", "information")


class Place(NamedTuple):
    """One cell or row that a finding speaks of; `entry` is the ledger entry that put it."""

    table: str
    row: int
    column: str = ""
    entry: int = 0

    def as_json(self) -> dict[str, Any]:
        """The place as the JSON document shows it, without what is not known."""
        shown: dict[str, Any] = {"table": self.table, "row": self.row}
        if self.column:
            shown["column"] = self.column
        if self.entry:
            shown["entry"] = self.entry
        return shown


class FileCell(NamedTuple):
    """A cell or an area of a file that is not of the book: `cell` as `B7` or `B7:B19`."""

    file: str
    sheet: str
    cell: str

    def as_json(self) -> dict[str, Any]:
        """The place as the JSON document shows it."""
        return {"file": self.file, "sheet": self.sheet, "cell": self.cell}


SHOWN: Final = 10
"""Rows that a line names one by one; the others are counted, and stand in `at`."""
_ROW = re.compile(r"row (\d+)(?: to row (\d+))?")


@dataclass(frozen=True, slots=True)
class Finding:
    """A fault or a warning: which organisation, where, what was expected, found, what to do.

    `where` reads `TABLE row N` and names every row involved; `detail` holds file, sheet, cell; `at`
    holds every cell of a fault that many share, and `organisations` the bodies where it is of more
    than one. `in_files` are cells of files that are not of the book, and stand instead of `at`.
    """

    code: str
    severity: str
    organisation: str
    where: str
    message: str
    expected: str = ""
    found: str = ""
    action: str = ""
    detail: str = ""
    at: tuple[Place, ...] = ()
    organisations: tuple[str, ...] = ()
    in_files: tuple[FileCell, ...] = ()

    @property
    def place(self) -> str:
        """Where, in a line of bounded length: the first rows, and how many more.

        >>> Finding("A", "error", "", where_of(("amounts", n) for n in range(2, 231)), "").place
        'amounts row 2, row 3, row 4, row 5, row 6, row 7, row 8, row 9, row 10, row 11 and 219 more'
        """
        runs = list(_ROW.finditer(self.where))
        if len(runs) <= SHOWN:
            return self.where
        return f"{self.where[: runs[SHOWN - 1].end()]} and {len(runs) - SHOWN} more"

    @property
    def rows(self) -> int:
        """How many rows `where` names.

        >>> Finding("A", "error", "", "amounts row 2 to row 4, row 9", "").rows
        4
        """
        return sum(int(r[2] or r[1]) - int(r[1]) + 1 for r in _ROW.finditer(self.where))

    @property
    def places(self) -> tuple[Place, ...]:
        """Every place that it speaks of: as given, else the rows that `where` names.

        >>> [place.row for place in Finding("A", "error", "", "amounts row 2 to row 4", "").places]
        [2, 3, 4]
        """
        if self.at:
            return self.at
        return tuple(
            Place(table, row)
            for table, rows in (
                part.split(" ", 1) for part in self.where.split("; ") if " " in part
            )
            for match in _ROW.finditer(rows)
            for row in range(int(match[1]), int(match[2] or match[1]) + 1)
        )

    @property
    def explains(self) -> bool:
        """Whether it may explain others: a fault of a file, a heading or a setting of the book."""
        return self.where.endswith(" row 1") or self.where.startswith("book row")

    def about(self, bodies: Container[str]) -> bool:
        """Whether it speaks of one of these bodies, or of none in particular."""
        named = (self.organisation, *self.organisations)
        return not any(named) or any(code in bodies for code in named if code)

    def as_json(self) -> dict[str, Any]:
        """The finding as the JSON document shows it."""
        shown: dict[str, Any] = {
            "code": self.code,
            "severity": self.severity,
            "organisation": self.organisation,
            "where": self.place,
            "message": self.message,
            "expected": self.expected,
            "found": self.found,
            "action": self.action,
        }
        if self.detail:
            shown["detail"] = self.detail
        if self.in_files:
            shown["at"] = [cell.as_json() for cell in self.in_files]
        elif self.places:
            shown["at"] = [place.as_json() for place in self.places]
        if self.organisations:
            shown["organisations"] = list(self.organisations)
        return shown


def grouped(findings: Iterable[Finding], *, each_text: bool = False) -> list[Finding]:
    """Equal faults as one: of one code, table and column, with one remedy; the first keeps its place.

    `each_text` keeps cells apart that read differently, where each needs its own mending. A finding
    without a cell of its own stays alone.
    """
    found: dict[object, list[Finding]] = {}
    for number, one in enumerate(findings):
        kind: object = number
        if len(one.at) == 1:
            cell = one.at[0]
            text = one.found if each_text else ""
            kind = (one.code, one.severity, cell.table, cell.column, one.expected, one.action, text)
        found.setdefault(kind, []).append(one)
    return [same[0] if len(same) == 1 else _as_one(same) for same in found.values()]


def _as_one(same: Sequence[Finding]) -> Finding:
    """Many findings of one kind as one, with every place and the first texts."""
    first = same[0]
    at = tuple(dict.fromkeys(place for one in same for place in one.at))
    texts = Counter(one.found for one in same)
    bodies = tuple(sorted({one.organisation for one in same if one.organisation}))
    column = at[0].column
    if len(texts) == 1:
        message = f"{len(same)} times: {first.message}"
    else:
        message = (
            f"{len(same)} cells of {column} cannot be read ({_first(map(repr, texts))}); "
            f"expected {first.expected}."
        )
    return replace(
        first,
        organisation=bodies[0] if len(bodies) == 1 else "",
        where=where_of((place.table, place.row) for place in at),
        message=message,
        found=_first(texts),
        detail=_first(dict.fromkeys(one.detail for one in same if one.detail), "; "),
        at=at,
        organisations=bodies if len(bodies) > 1 else (),
    )


def gathered(findings: Iterable[Finding], most: int = SHOWN) -> list[Finding]:
    """More than `most` findings that say the same of other rows as one, with every row.

    They are alike where code, table, what was expected and found, and the remedy are the same. The
    first says in full what it is of; a few stay as they are, for each names its own rows.
    """
    alike: dict[tuple[str, ...], list[Finding]] = {}
    for one in findings:
        table = one.where.partition(" ")[0]
        label = (one.code, one.severity, table, one.expected, one.found, one.action)
        alike.setdefault(label, []).append(one)
    found: list[Finding] = []
    for same in alike.values():
        found += same if len(same) <= most else [_alike(same)]
    return found


def _alike(same: Sequence[Finding]) -> Finding:
    """Many findings that say the same of other rows as one."""
    bodies = {code for one in same for code in (one.organisation, *one.organisations) if code}
    places = dict.fromkeys(place for one in same for place in one.places)
    return replace(
        same[0],
        organisation=min(bodies) if len(bodies) == 1 else "",
        where=where_of((place.table, place.row) for place in places) or same[0].where,
        message=f"{len(same)} times, the first: {same[0].message}",
        detail=_first(dict.fromkeys(one.detail for one in same if one.detail), "; "),
        at=tuple(places) if any(one.at for one in same) else (),
        organisations=tuple(sorted(bodies)) if len(bodies) > 1 else (),
    )


def errors_at(findings: Iterable[Finding], places: Container[str]) -> list[Finding]:
    """The errors at some rows (`amounts row 4`), so that an answer that lacks them is one with an error."""
    return [
        one
        for one in findings
        if one.severity == "error"
        and any(f"{place.table} row {place.row}" in places for place in one.places)
    ]


def _first(texts: Iterable[str], between: str = ", ") -> str:
    """The first three of some texts, and how many more."""
    every = list(texts)
    more = f" and {len(every) - 3} more" if len(every) > 3 else ""
    return between.join(every[:3]) + more


def where_of(rows: Iterable[tuple[str, int]]) -> str:
    """The places of rows in words, table by table, each row once.

    >>> where_of([("amounts", 4), ("amounts", 2), ("sources", 3)])
    'amounts row 2, row 4; sources row 3'
    """
    tables: dict[str, set[int]] = {}
    for table, row in rows:
        tables.setdefault(table, set()).add(row)
    return "; ".join(
        f"{table} " + ", ".join(f"row {row}" for row in sorted(found))
        for table, found in sorted(tables.items())
    )


def natural(text: str) -> tuple[tuple[int, int | str], ...]:
    """Sort key in which `row 9` comes before `row 10`."""
    parts = re.split(r"(\d+)", text)
    return tuple((0, int(p)) if p.isdigit() else (1, p) for p in parts if p)
