"""What an import answered, and what the book holds afterwards, beside a truth."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import controltotal as package
from controltotal.book.fold import Position
from tests.intake_files import INCOMES, Key, Truth
from tests.running import controltotal

Found = dict[str, Any]
Series = tuple[str, str, str, str, str]  # organisation, line, year, basis, scheme
WIDTH = {"Q": 3, "H": 6}


@dataclass(frozen=True)
class Imported:
    """How a command left, what it said, and whether the book is byte for byte as before."""

    code: int
    answer: Found
    error: str
    untouched: bool


def print_of(book: Path) -> str:
    """The bytes of a book as one hash."""
    found = hashlib.sha256()
    files = sorted(book.rglob("*")) if book.is_dir() else [book]
    for file in files:
        if file.is_file():
            found.update(file.name.encode() + file.read_bytes())
    return found.hexdigest()


def imported(files: Sequence[Path], book: Path, *options: str) -> Imported:
    """Run `controltotal import FILE… --into BOOK --json`."""
    before = print_of(book)
    ran = controltotal("import", *files, "--into", book, *options, "--json")
    answer = json.loads(ran.out) if ran.out.startswith("{") else {}
    assert "Traceback" not in ran.out + ran.err
    return Imported(ran.code, answer, ran.err + ran.out[:2000], print_of(book) == before)


def questions(ran: Imported) -> list[Found]:
    """The findings that stop."""
    return [f for f in ran.answer.get("findings", ()) if f["severity"] == "error"]


def told_codes(ran: Imported) -> set[str]:
    """The codes of everything that was said."""
    return {finding["code"] for finding in ran.answer.get("findings", ())}


# -- the book beside a truth -----------------------------------------------------------------------


def amounts_in(position: Position) -> tuple[dict[Key, int], list[str]]:
    """Whole pence by key (lines of schemes left aside), and the keys that stand twice.

    What repeats and what does not of one sum of a scheme are its two parts.
    """
    found: dict[Key, int] = {}
    marks: set[tuple[Key, str]] = set()
    twice: list[str] = []
    for row in position.book.amounts:
        scheme = row.scheme or ""
        line = "" if scheme else row.line
        key = (row.organisation, line, row.year, row.month or "", row.basis, scheme)
        mark = (row.recurrence or "") if scheme else ""
        if (key, mark) in marks or (key, "") in marks or (key in found and not mark):
            twice.append(f"twice: {key}")
        marks.add((key, mark))
        found[key] = found.get(key, 0) + row.amount
    return found, twice


def months_of(label: str) -> tuple[int, ...]:
    """The months that a period covers."""
    if not label:
        return tuple(range(1, 13))
    if label.startswith("YTD"):
        return tuple(range(1, int(label[3:]) + 1))
    if label[0] in WIDTH:
        width = WIDTH[label[0]]
        last = int(label[1:]) * width
        return tuple(range(last - width + 1, last + 1))
    return (int(label),)


def by_series(rows: Mapping[Key, int]) -> dict[Series, dict[str, int]]:
    """Money by series, then by period."""
    found: dict[Series, dict[str, int]] = {}
    for (org, line, year, month, basis, scheme), pence in rows.items():
        found.setdefault((org, line, year, basis, scheme), {})[month] = pence
    return found


def follows(label: str, periods: Mapping[str, int]) -> int | None:
    """The money of a period as finer or equal ones tell it; None where they do not."""
    if label in periods:
        return periods[label]
    wanted = set(months_of(label))
    parts = {one: set(months_of(one)) for one in periods if one != label}
    inside = [one for one, months in parts.items() if months < wanted]
    fine = [one for one in inside if not any(parts[two] < parts[one] for two in inside)]
    covered = [month for one in fine for month in parts[one]]
    if sorted(covered) != sorted(wanted):
        return None
    return sum(periods[one] for one in fine)


def surpluses(truth: Mapping[Key, int]) -> dict[Key, int]:
    """What a position would be, of bodies whose lines are told in full."""
    found: dict[Key, int] = {}
    for (org, line, year, month, basis, scheme), pence in truth.items():
        if line and not scheme and not line.startswith("position"):
            key = (org, "position", year, month, basis, "")
            found[key] = found.get(key, 0) + (pence if line in INCOMES else -pence)
    return found


def money_differs(rows: Mapping[Key, int], truth: Truth) -> list[str]:
    """Where money of a book is not as the truth says: absent, other, or more."""
    wrong: list[str] = []
    held = by_series(rows)
    true = by_series(truth.rows)
    allowed = by_series({**surpluses(truth.rows), **truth.may})
    for series, periods in true.items():
        for label, pence in periods.items():
            found = follows(label, held.get(series, {}))
            if found != pence:
                wrong.append(f"{series} {label}: {pence} expected, {found} found")
    for series, periods in held.items():
        known = {**allowed.get(series, {}), **true.get(series, {})}
        for label, pence in periods.items():
            if follows(label, known) != pence:
                wrong.append(f"{series} {label}: {pence} in the book, {follows(label, known)} true")
    return wrong


def rows_differ(position: Position, table: str, rows: Sequence[Mapping[str, object]]) -> list[str]:
    """Where the records of a table are not those that the truth lists, each by the fields it names.

    A table with a plus behind its name may hold more.
    """
    held = list(position.rows(table.removesuffix("+")))
    enough = len(held) == len(rows) or table.endswith("+")
    wrong = [] if enough else [f"{table}: {len(held)} rows, {len(rows)} expected"]
    for row in rows:
        if not any(all(getattr(one, k) == v for k, v in row.items()) for one in held):
            wrong.append(f"{table}: no row {dict(row)}")
    return wrong


def schemes_differ(position: Position, truth: Truth) -> list[str]:
    """Where schemes are not those of the truth, by id."""
    held = {one.id: one for one in position.book.schemes}
    wrong = [f"scheme {one}: not expected" for one in held if one not in truth.schemes]
    for name, fields in truth.schemes.items():
        if name not in held:
            wrong.append(f"scheme {name}: absent")
            continue
        wrong += [
            f"scheme {name}: {field} is {getattr(held[name], field)}, {value} expected"
            for field, value in fields.items()
            if getattr(held[name], field) != value
        ]
    return wrong


def unnamed(rows: Mapping[Key, int]) -> dict[Key, int]:
    """The money of all schemes together."""
    found: dict[Key, int] = {}
    for (org, line, year, month, basis, _), pence in rows.items():
        key = (org, line, year, month, basis, "")
        found[key] = found.get(key, 0) + pence
    return found


def differences(book: Path, truth: Truth) -> list[str]:
    """Everything in which a book is not what a file says; at most forty of them."""
    position = package.read(str(book))
    rows, wrong = amounts_in(position)
    wrong += [f"stopped: {one.origin} {one.texts}" for one in position.stopped]
    if "schemes" in truth.records:  # without ids of their own: told by their titles
        rows, truth.rows = unnamed(rows), unnamed(truth.rows)
    else:
        wrong += schemes_differ(position, truth)
    wrong += money_differs(rows, truth)
    for table, expected in truth.records.items():
        wrong += rows_differ(position, table, expected)
    return wrong[:40]
