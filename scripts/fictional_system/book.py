"""A book being written: rows by table, and the folder of CSV files that they become.

The columns and their order come from the packaged list of tables, so the book uses the
names that every reader knows; a column that stays empty is left out.
"""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from random import Random

SEED = "fenmarch-2026"
TABLES = Path(__file__).resolve().parents[2] / "src" / "controltotal" / "data" / "tables.csv"

YEAR = "2026/27"
YEARS = ("2026/27", "2027/28", "2028/29")
PAST = ("2023/24", "2024/25", "2025/26")
MONTHS = tuple(range(1, 13))
LAST_ACTUAL = 9
RETURNED_ON = "2027-01-15"
BEFORE = LAST_ACTUAL - 1  # the month of the return before this one


def stream(*purpose: object) -> Random:
    """A source of chance for one purpose, so that one more row disturbs no other."""
    return Random("/".join([SEED, *map(str, purpose)]))


def split(total: int, weights: list[float]) -> list[int]:
    """Divide a whole number by weights so that the parts sum to it (largest remainder).

    >>> split(100, [1, 1, 1])
    [34, 33, 33]
    """
    whole = sum(weights)
    exact = [total * weight / whole for weight in weights]
    parts = [int(value // 1) for value in exact]
    order = sorted(range(len(weights)), key=lambda i: (parts[i] - exact[i], i))
    for i in order[: total - sum(parts)]:
        parts[i] += 1
    return parts


def month_start(month: int, year: str = YEAR) -> str:
    """First day of a month of the financial year.

    >>> month_start(1), month_start(10)
    ('2026-04-01', '2027-01-01')
    """
    first = int(year[:4])
    return f"{first}-{month + 3:02d}-01" if month <= 9 else f"{first + 1}-{month - 9:02d}-01"


class Book:
    """Rows by table, in the order in which they were put."""

    def __init__(self) -> None:
        with TABLES.open(encoding="utf-8", newline="") as file:
            listed = [row for row in csv.DictReader(file) if row["column"]]
        self.columns: dict[str, list[dict[str, str]]] = {}
        for row in listed:
            self.columns.setdefault(row["table"], []).append(row)
        self.rows: dict[str, list[dict[str, str]]] = {}
        self.cases: list[tuple[str, str, str]] = []

    def put(self, table: str, /, **values: object) -> None:
        """Add a row; a name that is a Python word is written with a line after it (from_)."""
        row = {
            name.rstrip("_"): str(value)
            for name, value in values.items()
            if value is not None and value != ""
        }
        unknown = set(row) - {column["column"] for column in self.columns[table]}
        assert not unknown, f"{table} has no column {sorted(unknown)}"
        self.rows.setdefault(table, []).append(row)

    def case(self, what: str, ids: str, why: str) -> None:
        """Note a deliberate case for the README."""
        self.cases.append((what, ids, why))

    def used(self, table: str) -> list[dict[str, str]]:
        """The columns that hold anything, or that the form requires."""
        held = {name for row in self.rows[table] for name in row}
        return [c for c in self.columns[table] if c["column"] in held or c["required"] == "yes"]

    def write(self, folder: Path, readme: str) -> None:
        """Write one CSV file a table, the descriptor and the README."""
        folder.mkdir(parents=True, exist_ok=True)
        for table in self.rows:
            names = [column["column"] for column in self.used(table)]
            text = io.StringIO()
            writer = csv.DictWriter(text, names, restval="", lineterminator="\n")
            writer.writeheader()
            writer.writerows(self.rows[table])
            (folder / f"{table}.csv").write_text(text.getvalue(), encoding="utf-8", newline="\n")
        (folder / "datapackage.json").write_text(self._descriptor(), encoding="utf-8", newline="\n")
        (folder / "README.md").write_text(readme, encoding="utf-8", newline="\n")

    def _descriptor(self) -> str:
        kinds = {"date": "date", "number": "number", "chance": "number"}
        resources = [
            {
                "name": table,
                "path": f"{table}.csv",
                "profile": "tabular-data-resource",
                "schema": {
                    "fields": [
                        {
                            "name": column["column"],
                            "type": kinds.get(column["type"], "string"),
                            "description": column["description"],
                        }
                        for column in self.used(table)
                    ]
                },
            }
            for table in self.rows
        ]
        package = {
            "name": "fictional-system",
            "title": "Fenmarch and Alderwick: a fictional integrated care system",
            "description": "Wholly fictional. No body, place, person or figure is real.",
            "profile": "tabular-data-package",
            "licenses": [{"name": "CC0-1.0", "title": "CC0 1.0 Universal"}],
            "resources": resources,
        }
        return json.dumps(package, indent=1, ensure_ascii=False) + "\n"
