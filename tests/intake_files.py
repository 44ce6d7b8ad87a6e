"""Files as people send them, made from invented figures, each with the truth that it holds.

A truth is whole pence by organisation, line, year, month, basis and scheme, each in the sense of
its line: income, cost and savings positive, a position signed. A month is `1` (April) to `12`, `Q1`, `YTD9`, or
empty for the year.
"""

from __future__ import annotations

import csv
import io
import random
import shutil
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import xlsxwriter

from controltotal.core.schema import tables

ROOT = Path(__file__).parents[1]
YEAR = "2026-27"
FTH = "XF-FTH"
FTH_NAME = "Fenmarch Teaching Hospitals (fictional)"
MONTHS = ("Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec", "Jan", "Feb", "Mar")
DATED = tuple(f"{name}-{26 if number < 9 else 27}" for number, name in enumerate(MONTHS))
NUMBERED = tuple(f"M{number}" for number in range(1, 13))
INCOMES = {"patient_care_income", "other_income", "allocation"}
LINES = {
    "patient_care_income": "Patient care income",
    "other_income": "Other income",
    "pay": "Pay",
    "drugs": "Drugs",
    "non_pay": "Non-pay",
}
TRUSTS = {
    "XT1": "Ashmoor Hospitals",
    "XT2": "Brackenfield Partnership",
    "XT3": "Calder Vale Hospitals",
    "XT4": "Dunmere Community Health",
    "XT5": "Elmstow Children's Hospital",
    "XT6": "Foxley Ambulance Service",
    "XT7": "Grindle Valley Hospitals",
    "XT8": "Harrow Fell Infirmary",
}
Key = tuple[str, str, str, str, str, str]
Line = Sequence[object]
Then = Callable[[Any, dict[str, Any]], None]


@dataclass(frozen=True)
class Cell:
    """A value of a workbook with its number format, or a formula with the value that is stored."""

    value: object
    shown: str = ""
    formula: str = ""


@dataclass
class Truth:
    """What a file says. `may` is what a book may hold of it or leave, such as a plan to date."""

    rows: dict[Key, int] = field(default_factory=dict)
    may: dict[Key, int] = field(default_factory=dict)
    schemes: dict[str, dict[str, object]] = field(default_factory=dict)
    records: dict[str, list[dict[str, object]]] = field(default_factory=dict)

    def put(
        self, line: str, month: object, basis: str, pence: int, org: str = FTH, scheme: str = ""
    ) -> None:
        """A sum in the sense of its line: a cost is positive."""
        key = (org, "" if scheme else line, YEAR, str(month), basis, scheme)
        assert key not in self.rows, key
        self.rows[key] = pence


@dataclass(frozen=True)
class Case:
    """A file or several, the command that takes them, and what must come of it.

    Plain: neither `asks` nor `refused`; it must be read with no question. With `asks` one of these
    questions must stand, unless the file is read as its truth says (where it has one).
    """

    name: str
    build: Callable[[Path], Truth | None]
    options: tuple[str, ...] = ()
    book: str = "one"
    asks: frozenset[str] = frozenset()
    refused: bool = False
    told: frozenset[str] = frozenset()

    @property
    def plain(self) -> bool:
        """Whether the file needs no question."""
        return not self.asks and not self.refused


def cases_of(into: list[Case]) -> Callable[..., Any]:
    """The decorator that gathers the cases of a file.

    `told` are findings that must stand even where the file is read.
    """

    def case(
        name: str,
        *options: str,
        book: str = "one",
        asks: Iterable[str] = (),
        refused: bool = False,
        told: Iterable[str] = (),
    ) -> Callable[[Callable[[Path], Truth | None]], Callable[[Path], Truth | None]]:
        def kept(build: Callable[[Path], Truth | None]) -> Callable[[Path], Truth | None]:
            into.append(Case(name, build, options, book, frozenset(asks), refused, frozenset(told)))
            return build

        return kept

    return case


# -- books -----------------------------------------------------------------------------------------


def lines_of(path: Path, rows: Sequence[Line]) -> Path:
    """A CSV file."""
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(rows)
    path.write_text(text.getvalue(), "utf-8")
    return path


def book_of(kind: str, folder: Path) -> Path:
    """A book without money: `one` of the bodies of the fictional system, or `system` of trusts."""
    book = folder / "book"
    book.mkdir()
    settings = [["key", "value"], ["title", "A book of tests"], ["default_unit", "£k"]]
    lines_of(book / "book.csv", [*settings, ["default_year", "2026/27"], ["fictional", "yes"]])
    if kind == "one":
        example = ROOT / "examples" / "fictional-system"
        for name in ("organisations", "successions"):
            shutil.copy(example / f"{name}.csv", book / f"{name}.csv")
        return book
    bodies = [["code", "name", "kind", "parent", "from", "to"]]
    bodies.append(["XQ1", "Ashmoor and Fell system", "system", "", "", ""])
    bodies += [[code, name, "provider", "XQ1", "", ""] for code, name in TRUSTS.items()]
    bodies[-1][4] = "2026-04-01"
    bodies.append(["XT8", "Fellside Royal Infirmary", "provider", "XQ1", "", "2026-03-31"])
    lines_of(book / "organisations.csv", bodies)
    return book


# -- figures ---------------------------------------------------------------------------------------


def drawn(seed: object, count: int, low: int = 900, high: int = 9_000, step: int = 1) -> list[int]:
    """Invented whole numbers, the same for one seed."""
    generator = random.Random(str(seed))
    return [generator.randrange(low, high, step) for _ in range(count)]


def statement(
    seed: object,
    lines: Iterable[str] = LINES,
    months: Sequence[object] = tuple(range(1, 13)),
    pence: int = 100_000,
    basis: str = "plan",
    org: str = FTH,
    truth: Truth | None = None,
) -> tuple[dict[str, list[int]], Truth]:
    """The numbers of a statement in its unit (worth `pence`), by line, and their truth."""
    found: dict[str, list[int]] = {}
    truth = truth or Truth()
    for line in lines:
        usual = drawn((seed, line, org), 1)[0]
        found[line] = [
            usual + number * usual // 1000
            for number in drawn((seed, line, basis, org), len(months), -99, 100)
        ]
        for month, number in zip(months, found[line], strict=True):
            truth.put(line, month, basis, number * pence, org)
    return found, truth


def flat(parts: Iterable[Line]) -> list[object]:
    """Short lines one after another."""
    return [cell for part in parts for cell in part]


def across(found: dict[str, list[Any]], total: bool = False) -> list[list[object]]:
    """A row to a line: its name, its numbers, their sum where asked."""
    return [
        [LINES.get(line, line), *numbers, *([sum(numbers)] if total else [])]
        for line, numbers in found.items()
    ]


def summed(name: str, rows: Sequence[Line], first: int = 1) -> list[object]:
    """A row that adds up others, column by column."""
    return [name, *(sum(column) for column in zip(*(row[first:] for row in rows), strict=True))]


def less(name: str, one: Line, other: Line) -> list[object]:
    """A row less another."""
    return [name, *(a - b for a, b in zip(one[1:], other[1:], strict=True))]


# -- files -----------------------------------------------------------------------------------------


def xlsx(
    path: Path, sheets: dict[str, Sequence[Line]], then: Then | None = None, **options: object
) -> Path:
    """A workbook; `then` is given the workbook and its sheets by name, to format or hide."""
    made = xlsxwriter.Workbook(str(path), {"in_memory": True, **options})
    kept: dict[str, Any] = {}
    formats: dict[str, Any] = {}
    for name, rows in sheets.items():
        kept[name] = made.add_worksheet(name)
        for number, row in enumerate(rows):
            for column, cell in enumerate(row):
                _write(made, kept[name], formats, (number, column), cell)
    if then is not None:
        then(made, kept)
    made.close()
    return path


def _write(
    book: Any, sheet: Any, formats: dict[str, Any], place: tuple[int, int], cell: object
) -> None:
    if cell is None or cell == "":
        return
    if not isinstance(cell, Cell):
        cell = Cell(cell, "mmm-yy" if hasattr(cell, "year") else "")
    shown = formats.setdefault(cell.shown, book.add_format({"num_format": cell.shown or "General"}))
    if cell.formula:
        sheet.write_formula(*place, cell.formula, shown, cell.value)
    elif isinstance(cell.value, str):
        sheet.write_string(*place, cell.value, shown)
    else:
        sheet.write(*place, cell.value, shown)


def titled(
    rows: Sequence[Line], name: str = FTH_NAME, what: str = "Plan 2026/27", unit: str = "£000"
) -> list[Line]:
    """Rows under the three lines that stand above most tables."""
    return [[name], [f"Income and expenditure: {what}"], [unit], [], *rows]


def text(path: Path, rows: Sequence[Line], separator: str = ",", encoding: str = "utf-8") -> Path:
    """A text file of one separator and encoding."""
    found = io.StringIO()
    csv.writer(found, delimiter=separator, lineterminator="\r\n").writerows(rows)
    path.write_bytes(found.getvalue().encode(encoding))
    return path


def listed(table: str) -> list[str]:
    """The columns of a table of the book."""
    return list(tables()[table].columns)
