"""A book carried from form to form and back holds the same rows, in the same places."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path

import pytest

from controltotal.ledger import Cells, Entry, in_force, open_ledger, root, verify
from controltotal.ledger.history import entries_from_rows, history_rows
from controltotal.sources.books import read_book
from controltotal.sources.write import write_folder, write_workbook

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
    ledger.append([entry.draft for entry in first.entries], expected=0)
    assert ledger.read() == list(first.entries)
    ledger.close()
    from_ledger = read_book(tmp_path / "a.ledger")
    assert root(from_ledger.entries) == root(first.entries)

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


def test_there_are_books_to_try() -> None:
    assert len(BOOKS) >= 5


def test_a_history_goes_through_a_folder_and_keeps_its_root(tmp_path: Path) -> None:
    entries = list(read_book(EXAMPLES / BOOKS[0]).entries)
    write_folder(tmp_path / "a", {**tables_of(entries), "entries": history_rows(entries)})
    again = read_book(tmp_path / "a")
    assert ordered(list(again.entries)) == ordered(entries)  # the copy of the daybook is no table

    import csv

    with (tmp_path / "a" / "entries.csv").open(encoding="utf-8", newline="") as file:
        rows = [
            (number, tuple((c, t) for c, t in line.items() if t))
            for number, line in enumerate(csv.DictReader(file), start=2)
        ]
    copy = entries_from_rows(rows)
    assert verify(copy, expected_root=root(entries)) is None
