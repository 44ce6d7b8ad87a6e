"""Tables of files as they are read, made by hand: for tests of what an import does with them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from controltotal.core.finding import Finding
from controltotal.intake import importing
from controltotal.intake.grid import Opened
from controltotal.intake.model import Check, Grid, Head, Mapped, Measure, Read, Row, Seen
from controltotal.intake.reading import FileRead

MONTHS = tuple(
    Head(n, (f"M{n}",), "money", Measure(basis="actual", span="month", number=n), "exact")
    for n in range(1, 4)
)
LINE = Head(0, ("Line",), "line", how="exact")


def seen(
    file: str = "a.xlsx",
    sheet: str = "Plan",
    heads: Sequence[Head] = (LINE, *MONTHS),
    lines: Sequence[Sequence[object]] = (("Pay", 1, 2, 3), ("Drugs", 4, 5, 6), ("Total", 5, 7, 9)),
) -> Seen:
    cells = [[text for head in heads for text in head.texts[:1]], *(list(line) for line in lines)]
    grid = Grid(file, sheet, cells)  # type: ignore[arg-type]
    return Seen(grid, (0, 0), 1, len(lines), 0, len(heads) - 1, tuple(heads))


def amounts(
    sums: Mapping[tuple[str, int], str],
    body: str = "RX1",
    basis: str = "actual",
    *,
    of: Seen | None = None,
    unit: str = "£000",
) -> Read:
    """A table of amounts: by line and month the sum."""
    read = Read(of or seen(), "amounts")
    lines = list(dict.fromkeys(line for line, _ in sums))
    for (line, month), text in sums.items():
        cells = {
            "organisation": body,
            "line": line,
            "year": "2026/27",
            "month": str(month),
            "basis": basis,
            "amount": text,
            "unit": unit,
        }
        read.rows.append(Row("amounts", cells, 1 + lines.index(line), (month,)))
    read.said = {"organisation": body, "unit": unit, "basis": basis}
    read.totals = ["Total"]
    read.checks = [Check("Total", (3, 1), 500_000, 500_000)]
    read.mapped = [Mapped("Pay", "pay", "exact")]
    return read


def schemes(rows: Sequence[Mapping[str, str]], body: str = "RX1") -> Read:
    """A tracker of savings."""
    heads = (Head(0, ("Ref",), "scheme_id"), Head(1, ("Scheme",), "title"))
    read = Read(seen(heads=heads, lines=[(r["id"], r["title"]) for r in rows]), "schemes")
    for number, row in enumerate(rows, start=1):
        cells = {"organisation": body, "recurrence": "recurrent", "maturity": "in_progress", **row}
        read.rows.append(Row("schemes", cells, number, (0, 1)))
    read.said = {"organisation": body}
    return read


class Desk:
    """Files by name with the tables that reading them gives, in place of reading."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
        self.folder = folder
        self.reads: dict[str, list[Read]] = {}
        self.findings: dict[str, list[Finding]] = {}
        self.digests: dict[str, str] = {}
        self.asked: list[object] = []
        monkeypatch.setattr(importing, "read_file", self._open)
        monkeypatch.setattr(importing, "read", self._read)

    def file(
        self, name: str, *reads: Read, digest: str = "", finding: Finding | None = None
    ) -> Path:
        """A file that holds these tables."""
        self.reads[name] = list(reads)
        self.digests[name] = digest or f"{abs(hash(name + repr(reads))):064x}"[:64]
        self.findings[name] = [finding] if finding else []
        path = self.folder / name
        path.write_text(name)
        return path

    def _open(self, path: Path, *, hidden: bool = False) -> Opened:
        grids = tuple(read.seen.grid for read in self.reads[path.name])
        return Opened(path.name, self.digests[path.name], grids, (), "xlsx")

    def _read(self, opened: Opened, asked: object, known: object) -> FileRead:
        self.asked.append(asked)
        return FileRead(opened, self.reads[opened.file], list(self.findings[opened.file]))
