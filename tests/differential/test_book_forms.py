"""A book carried from form to form and back holds the same rows, in the same places.

The same small book, written thirty times as thirty people would write it (names, encodings,
separators, titles, folder or workbook), says the same each time, and so does its ledger.
"""

from __future__ import annotations

import hashlib
import random
from collections import defaultdict
from pathlib import Path

import pytest

from controltotal.book.fold import fold
from controltotal.ledger import Cells, Entry, in_force, open_ledger, root, verify
from controltotal.ledger.chain import entries_of
from controltotal.ledger.history import history_rows, links_from_rows
from controltotal.sources.books import read_book
from controltotal.sources.convert import convert_book
from controltotal.sources.write import write_folder, write_workbook
from tests.ledgers import memory, posting

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
BOOKS = sorted(path.parent.name for path in EXAMPLES.glob("*/organisations.csv"))


def tables_of(entries: list[Entry]) -> dict[str, list[tuple[int, Cells]]]:
    tables: dict[str, list[tuple[int, Cells]]] = defaultdict(list)
    for entry in in_force(entries):
        tables[entry.table].append((entry.row, entry.cells))
    return dict(tables)


def ordered(entries: list[Entry]) -> list[tuple[str, int, dict[str, str]]]:
    """What the rows say; columns may stand in another order."""
    return [(entry.table, entry.row, dict(entry.cells)) for entry in in_force(entries)]


@pytest.mark.parametrize("name", BOOKS)
def test_a_book_goes_through_all_three_forms_unchanged(tmp_path: Path, name: str) -> None:
    first = read_book(EXAMPLES / name)
    said = ordered(list(first.entries))
    assert said

    ledger = open_ledger(tmp_path / "a.ledger")
    ledger.append([posting(entry.draft for entry in first.entries)], expected=0)
    assert [entry.draft for entry in ledger.read()] == [entry.draft for entry in first.entries]
    ledger.close()
    from_ledger = read_book(tmp_path / "a.ledger")
    assert verify(from_ledger.links, expected_root=from_ledger.root) is None

    write_workbook(tmp_path / "a.xlsx", tables_of(list(from_ledger.entries)))
    from_workbook = read_book(tmp_path / "a.xlsx")
    assert ordered(list(from_workbook.entries)) == said

    write_folder(tmp_path / "a", tables_of(list(from_workbook.entries)))
    from_folder = read_book(tmp_path / "a")
    assert ordered(list(from_folder.entries)) == said

    # once in our order of columns, the bytes no longer change
    write_folder(tmp_path / "b", tables_of(list(from_folder.entries)))
    for path in sorted((tmp_path / "a").iterdir()):
        if path.suffix == ".csv":
            assert (tmp_path / "b" / path.name).read_bytes() == path.read_bytes()


def test_the_root_of_files_is_what_sha256sum_says_of_them(tmp_path: Path) -> None:
    """`ls *.csv | xargs sha256sum | sha256sum`, in the order of their names."""
    (tmp_path / "organisations.csv").write_bytes(b"code,name,kind,parent\nT1,Trust,provider,\n")
    (tmp_path / "amounts.csv").write_bytes(b"organisation,line,year,basis,amount,unit\n")
    listed = "".join(
        f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.name}\n"
        for path in sorted(tmp_path.iterdir())
    )
    first = read_book(tmp_path).root
    assert first == "sha256:" + hashlib.sha256(listed.encode()).hexdigest()
    with (tmp_path / "organisations.csv").open("ab") as file:
        file.write(b"T2,Trust 2,provider,\n")
    assert read_book(tmp_path).root != first


def test_there_are_books_to_try() -> None:
    assert len(BOOKS) >= 5


def test_a_history_goes_through_a_folder_and_keeps_its_root(tmp_path: Path) -> None:
    links = memory(read_book(EXAMPLES / BOOKS[0])).links()
    entries = entries_of(links)
    write_folder(tmp_path / "a", {**tables_of(entries), "entries": history_rows(links)})
    again = read_book(tmp_path / "a")
    assert ordered(list(again.entries)) == ordered(entries)  # the copy of the daybook is no table

    import csv

    with (tmp_path / "a" / "entries.csv").open(encoding="utf-8", newline="") as file:
        rows = [
            (number, tuple((c, t) for c, t in line.items() if t))
            for number, line in enumerate(csv.DictReader(file), start=2)
        ]
    copy = links_from_rows(rows)
    assert verify(copy, expected_root=root(links)) is None


BOOK = {
    "book": [["key", "value"], ["default_unit", "£k"], ["fictional", "yes"]],
    "organisations": [["code", "name", "kind", "parent"], ["S1", "System", "system", ""]]
    + [[f"T{n}", f"Trust {n}", "provider", "S1"] for n in (1, 2)],
    "amounts": [
        ["organisation", "line", "year", "month", "basis", "scenario", "amount", "unit"],
        ["T1", "patient_care_income", "2026/27", "", "plan", "", "400000", ""],
        ["T1", "pay", "2026/27", "", "plan", "", "403000", ""],
        ["T2", "position", "2026/27", "", "plan", "worst case", "-2", "£m"],
    ],
    "control_totals": [
        ["organisation", "year", "amount", "status", "set_on", "includes_support"],
        ["T1", "2026/27", "-3000", "accepted", "2026-03-20", "yes"],
    ],
}


def otherwise(name: str, draw: random.Random) -> str:
    """A name in another case, with other separators."""
    written = name.replace("_", draw.choice(("_", " ", "-", "")))
    return draw.choice((str.lower, str.upper, str.capitalize, str.title))(written)


def typed(seed: int, room: Path) -> Path:
    """The book as somebody would write it."""
    draw = random.Random(seed)
    tables = {}
    for name, (header, *rows) in BOOK.items():
        order = draw.sample(range(len(header)), len(header)) if draw.random() < 0.5 else None
        lines = [[otherwise(column, draw) for column in header], *rows]
        tables[name] = [[line[i] for i in order] if order else line for line in lines]
    if seed % 2:
        import xlsxwriter

        path = room / f"{seed}.xlsx"
        with xlsxwriter.Workbook(str(path), {"strings_to_numbers": True}) as workbook:
            for name, lines in tables.items():
                sheet = workbook.add_worksheet(otherwise(name, draw))
                for number, line in enumerate(lines):
                    for column, cell in enumerate(line):
                        sheet.write(number, column, cell)
        return path
    path = room / str(seed)
    path.mkdir()
    separator = draw.choice((",", ";", "\t"))
    encoding = draw.choice(("utf-8", "utf-8-sig", "utf-16"))
    first = draw.choice(("", f"sep={separator}\r\n"))
    for name, lines in tables.items():
        text = first + "".join(separator.join(line) + "\r\n" for line in lines)
        (path / f"{otherwise(name, draw)}{draw.choice(('.csv', '.CSV', '.Csv'))}").write_bytes(
            text.encode(encoding)
        )
    return path


@pytest.mark.parametrize("seed", range(30))
def test_a_book_says_the_same_whoever_wrote_it(tmp_path: Path, seed: int) -> None:
    write_folder(
        tmp_path / "plain",
        {
            name: [
                (n, tuple((c, t) for c, t in zip(header, row, strict=True) if t))
                for n, row in enumerate(rows, start=2)
            ]
            for name, (header, *rows) in BOOK.items()
        },
    )
    plain = read_book(tmp_path / "plain")
    written = typed(seed, tmp_path)
    book = read_book(written)
    assert ordered(list(book.entries)) == ordered(list(plain.entries))
    convert_book(str(written), str(tmp_path / "a.ledger"))
    for form in (book, read_book(tmp_path / "a.ledger")):
        position, expected = fold(form), fold(plain)
        assert [f.code for f in position.findings] == [f.code for f in expected.findings]
        assert position.settings == expected.settings
        assert [(r.table, r.number, r.stopped) for r in position.stopped] == []
        assert [r.amount for r in position.book.amounts] == [
            r.amount for r in expected.book.amounts
        ]
