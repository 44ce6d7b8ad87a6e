"""Writes `src/controltotal/book/records.py`: one typed record for each table of `tables.csv`.

`python -m scripts.make_records` after a change of the tables; a test holds the two equal.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from controltotal.book.record import RESERVED
from controltotal.core.schema import Column, Table, tables

TARGET = Path(__file__).parents[1] / "src/controltotal/book/records.py"
NAMES = {
    "book": "Setting",
    "organisations": "Organisation",
    "successions": "Succession",
    "lines": "OwnLine",
    "amounts": "Amount",
    "facts": "Fact",
    "control_totals": "ControlTotal",
    "challenges": "Challenge",
    "transfers": "Transfer",
    "consents": "Consent",
    "repayments": "Repayment",
    "contracts": "Contract",
    "schemes": "Scheme",
    "effects": "SchemeEffect",
    "assessments": "Assessment",
    "gates": "Gate",
    "engagements": "Engagement",
    "conditions": "Condition",
    "milestones": "Milestone",
    "limits": "Limit",
    "opportunities": "Opportunity",
    "crosswalk": "Crossing",
    "risks": "Risk",
    "decisions": "Decision",
    "votes": "Vote",
    "submissions": "Submission",
    "waivers": "Waiver",
    "parameters": "OwnParameter",
    "promises": "Promise",
    "withheld": "Withheld",
    "commentary": "Comment",
    "actions": "Action",
    "papers": "BoardPaper",
    "periods": "CalendarPeriod",
    "grants": "OfficeHeld",
    "questions": "Question",
    "sources": "Source",
}
"""The name of a table's record: the noun that one of its rows is."""

TYPES = {
    "date": "date",
    "money": "int",
    "fact": "int | float",
    "number": "float",
    "chance": "float",
    "yesno": "bool",
    "list": "tuple[str, ...]",
}
"""What a column of a type holds; every other type is text."""

HEAD = '''"""The typed records of a book: one for each table, a field for each column.

Made from `data/tables.csv` by `python -m scripts.make_records`; do not edit. Money is whole pence,
years and months are canonical text, dates are dates, yes and no are bools, lists are tuples; an
empty cell is None. A column that every row must fill is never None in a record in force; only in
one that a fault has stopped may it be.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from controltotal.book.record import Record

'''


def attribute(column: str) -> str:
    """The field of a column: its name, with an underscore where that is a word of Python."""
    return f"{column}_" if column in RESERVED else column


def field(column: Column) -> str:
    """One field with its type and, as a comment, what it means."""
    kind = TYPES.get(column.type, "str")
    if column.required:
        return f"    {attribute(column.name)}: {kind} = None  # type: ignore[assignment]"
    return f"    {attribute(column.name)}: {kind} | None = None"


def record(table: Table) -> str:
    """The record of a table."""
    lines = [
        "@dataclass(frozen=True, slots=True, eq=False)",
        f"class {NAMES[table.name]}(Record):",
        f'    """{table.meaning.rstrip(".")}: a row of `{table.name}`."""',
        "",
        f'    table: ClassVar[str] = "{table.name}"',
        "",
        *(field(column) for column in table.columns.values() if column.name != "known_on"),
        "    known_on: date | None = None",
    ]
    return "\n".join(lines)


def _rows_of(name: str) -> str:
    """How the rows of a table are held: those of amounts may be columns."""
    return f"Sequence[{NAMES[name]}]" if name == "amounts" else f"tuple[{NAMES[name]}, ...]"


def module() -> str:
    """The whole module as text, formatted."""
    parts = [record(table) for table in tables().values()]
    book = [
        "@dataclass(frozen=True, slots=True)",
        "class Tables:",
        '    """The records of a book in force, table by table, in the order of the book."""',
        "",
        *(f"    {name}: {_rows_of(name)} = ()" for name in tables()),
    ]
    kinds = [
        "RECORDS: dict[str, type[Record]] = {",
        *(f'    "{name}": {NAMES[name]},' for name in tables()),
        "}",
        '"""The record of each table."""',
    ]
    text = HEAD + "\n\n\n".join(["", *parts, "\n".join(book), "\n".join(kinds)]).lstrip("\n")
    return subprocess.run(
        [sys.executable, "-m", "ruff", "format", "-"],
        input=HEAD + "\n\n" + text.removeprefix(HEAD),
        capture_output=True,
        text=True,
        check=True,
    ).stdout


if __name__ == "__main__":
    TARGET.write_text(module(), "utf-8")
    print(f"wrote {TARGET.name}")
