"""The door: what names or identifies a person stays outside, and is never quoted.

Columns of people are known by their headings or by what they hold, and are emptied before anybody reads
the table; an owner is kept where it is a role. A ten-digit number with a valid check digit of the health
service stops the file. Of free text, sentences that name or identify somebody are dropped and counted.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import lru_cache
from itertools import chain
from typing import Final

from controltotal.core.datafiles import packaged_rows
from controltotal.core.finding import FileCell, Finding
from controltotal.core.vocabulary import folded
from controltotal.intake.model import Grid, Head, Left, Place, Seen, Value
from controltotal.intake.questions import asked, told

_TEN: Final = re.compile(
    r"(?<![\d.,])(\d{3})[\s.\u2010-\u2013-]?(\d{3})[\s.\u2010-\u2013-]?(\d{4})(?![\d]|[.,]\d)"
)
_INSURANCE: Final = re.compile(r"\b[A-Z]{2} ?\d{2} ?\d{2} ?\d{2} ?[A-D]\b", re.I)
_POSTCODE: Final = re.compile(r"\b[A-Z]{1,2}\d[A-Z\d]? ?\d[ABD-HJLNP-UW-Z]{2}\b")
_EMAIL: Final = re.compile(r"[\w.+-]+@[\w-]+\.[\w.-]+")
_TITLED: Final = re.compile(
    r"\b(?:Mr|Mrs|Ms|Miss|Mx|Dr|Prof|Professor|Sister)\.? (?!Foster\b)(?:[A-Z]\.? ?)*[A-Z][a-z]+"
)
_BORN: Final = re.compile(r"\b(?:d\.?o\.?b\.?|date of birth|born(?: on)?)\b", re.I)
_IDENTIFIED: Final = re.compile(
    r"\b(?:patient|assignment|payroll|employee|staff|hospital) (?:no|number|id)\b", re.I
)
_SENTENCE: Final = re.compile(r"(?<=[.!?;])\s+|\n+")
_WORD: Final = re.compile(r"[A-Za-z'’]+")
_NAME: Final = re.compile(
    r"(?:[A-Z]\.?\s?)*[A-Z][a-z'’]+(?:[ -][A-Z][A-Za-z'’]+)+|(?:[A-Z]\.?\s)+[A-Z][a-z]+"
)
_LINKS: Final = frozenset({"and", "of", "the", "for"})
"""Words between the words of a department."""
TEN: Final = 10**9
"""The smallest number of ten digits."""
SHORTEST: Final = 6
"""Characters of the shortest text that can name or identify somebody."""
MOST: Final = 1000
"""Cells that a finding names."""
HALF: Final = 0.5
"""From this share of its cells on, a column is of what they hold."""


@lru_cache(maxsize=1)
def _words() -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for row in packaged_rows("intake_door.csv"):
        found.setdefault(row["kind"], set()).add(folded(row["text"]))
    return {kind: frozenset(texts) for kind, texts in found.items()}


# -- numbers of patients ---------------------------------------------------------------------------


def is_health_number(digits: str) -> bool:
    """Whether ten digits have the check digit of a number of the health service.

    >>> is_health_number("9434765919"), is_health_number("9434765918"), is_health_number("0000000000")
    (True, False, False)
    """
    if len(digits) != 10 or len(set(digits)) == 1:
        return False
    check = 11 - sum(int(d) * (10 - place) for place, d in enumerate(digits[:9])) % 11
    return check % 11 == int(digits[9]) and check != 10


def holds_health_number(value: Value) -> bool:
    """Whether a cell holds such a number, alone or in its text.

    >>> holds_health_number("seen 943 476 5919 twice"), holds_health_number(9434765919.0)
    (True, True)
    """
    if isinstance(value, bool) or value is None or isinstance(value, date):
        return False
    if not isinstance(value, str):
        if not TEN <= abs(value) < 10 * TEN or value != int(value):
            return False
        value = int(value)
    return any(is_health_number("".join(m.groups())) for m in _TEN.finditer(str(value)))


def shown_name(name: str) -> str:
    """The name of a file as it may be shown: one with the number of a patient in it is not.

    >>> shown_name("plan.xlsx"), shown_name("943 476 5919.xlsx")
    ('plan.xlsx', 'the file')
    """
    return "the file" if holds_health_number(name) else name


def health_numbers(grids: Iterable[Grid], tables: Sequence[Seen]) -> tuple[FileCell, ...]:
    """Where a file holds numbers of patients; sums in columns of money are none.

    A name of a sheet or of the file that holds one is not quoted either.
    """
    found: list[FileCell] = []
    for number, grid in enumerate(grids, start=1):
        sheet = f"sheet {number}" if holds_health_number(grid.sheet) else grid.sheet
        file = shown_name(grid.file)
        shown = replace(grid, sheet=sheet, file=file)
        if (sheet, file) != (grid.sheet, grid.file):
            found.append(shown.at(0, 0))
        held = {v for v in set(chain.from_iterable(grid.cells)) if holds_health_number(v)}
        money = _money_of([seen for seen in tables if seen.grid.sheet == grid.sheet])
        for row, cells in enumerate(grid.cells) if held else ():
            found += [
                shown.at(row, column)
                for column, value in enumerate(cells)
                if value in held and (isinstance(value, str) or not _in_money(money, row, column))
            ]
    return tuple(found)


def _money_of(tables: Iterable[Seen]) -> list[tuple[int, int, int]]:
    return [
        (seen.first, seen.last, head.column)
        for seen in tables
        for head in seen.heads
        if head.means == "money"
    ]


def _in_money(money: Iterable[tuple[int, int, int]], row: int, column: int) -> bool:
    return any(first <= row <= last and column == at for first, last, at in money)


def stopped(at: Sequence[FileCell]) -> Finding:
    """That a file holds numbers of patients, and where; never which."""
    cells = "1 cell holds" if len(at) == 1 else f"{len(at):,} cells hold"
    return asked(
        "IMPORT_NHS_NUMBER",
        f"{cells} what reads as the number of a patient; nothing of the file is imported.",
        at[:MOST],
        expected="no number of a patient",
        found="ten digits with a valid check digit (not shown)",
        action="Take the numbers out of the file at its source, and tell whoever protects data.",
    )


# -- columns of people -----------------------------------------------------------------------------


@dataclass(slots=True)
class Kept:
    """A table without what names people, and what was left out: areas, findings."""

    seen: Seen
    left: list[Left] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)


def through_the_door(seen: Seen) -> Kept:
    """A table as it may be read: columns of people are emptied, owners are roles, notes are clean."""
    people = [head for head in seen.heads if _of_people(seen, head)]
    if people:
        pay = _words()["pay"]
        people += [h for h in seen.heads if h not in people and folded(_last(h)) in pay]
    columns = {head.column for head in people}
    changed: dict[Place, Value] = {(row, column): None for row in _body(seen) for column in columns}
    owners = _owners(seen, columns)
    notes = _notes(seen, columns | _owner_columns(seen))
    changed |= {place: text or None for place, text in (*owners.items(), *notes.items())}
    if not changed:
        return Kept(seen)
    kept = Kept(replace(seen, grid=_with(seen.grid, changed), heads=_emptied(seen.heads, columns)))
    for head in people:
        kept.left.append(Left((seen.first, head.column, seen.last, head.column), "names a person"))
    at = [seen.grid.over(seen.first, h.column, seen.last, h.column) for h in people]
    at += [seen.grid.at(*place) for place in owners]
    if at:
        kept.findings.append(_personal(at))
    if notes:
        kept.findings.append(_dropped(seen.grid, list(notes)))
    return kept


def _body(seen: Seen) -> range:
    return range(seen.first, seen.last + 1)


def _last(head: Head) -> str:
    return next((text for text in reversed(head.texts) if text), "")


def _emptied(heads: Sequence[Head], columns: set[int]) -> tuple[Head, ...]:
    """Columns of people are notes, which no reader asks about."""
    return tuple(
        replace(h, means="notes", how="exact") if h.column in columns else h for h in heads
    )


def _of_people(seen: Seen, head: Head) -> bool:
    """Whether a column names or identifies people, by its heading or by what it holds."""
    if folded(_last(head)) in _words()["person"] or folded(head.text) in _words()["person"]:
        return True
    if head.means == "money":
        return False
    times = Counter(_column(seen, head.column))
    texts = {text: times[text] for text in times if isinstance(text, str)}
    filled = times.total() - times[None] - sum(texts[text] for text in texts if not text.strip())
    if filled < 2:
        return False
    return any(
        sum(n for text, n in texts.items() if known.fullmatch(text.strip())) >= HALF * filled
        for known in (_INSURANCE, _EMAIL, _POSTCODE)
    )


def _column(seen: Seen, column: int) -> list[Value]:
    """The cells of a column of a table, from its first row down."""
    lines = seen.grid.cells[seen.first : seen.last + 1]
    return [line[column] if column < len(line) else None for line in lines]


def _owner_columns(seen: Seen) -> set[int]:
    return {
        h.column for h in seen.heads if folded(_last(h)) in _words()["owner"] or h.means == "owner"
    }


def _owners(seen: Seen, columns: set[int]) -> dict[Place, str]:
    """Cells of owners that hold more than a role, each with the role alone; empty where it has none."""
    found = {}
    for column in _owner_columns(seen) - columns:
        for row in _body(seen):
            text = seen.grid.value(row, column)
            if isinstance(text, str) and role_of(text) != text.strip():
                found[row, column] = role_of(text)
    return found


def role_of(text: str) -> str:
    """The office that a text names, without the person; empty where it names none.

    A department names nobody where all its words are those of departments.

    >>> role_of("Jo Example, Chief nurse"), role_of("CFO"), role_of("Jo Example")
    ('Chief nurse', 'CFO', '')
    >>> role_of("Primary care"), role_of("Fleet"), role_of("Jo Fleet")
    ('Primary care', 'Fleet', '')
    """
    if _is_code(text.strip()):
        return text.strip()
    roles = _words()["role"]
    parts = [part.strip(" )") for part in re.split(r"[,(;/]|\s[-–]\s", text) if part.strip(" )")]
    offices = [
        part
        for part in parts
        if any(map(roles.__contains__, _folded_words(part))) or _is_code(part)
    ]
    departments = [part for part in parts if part not in offices and _is_department(part)]
    if len(offices) + len(departments) == len(parts):
        return text.strip() if departments else ", ".join(parts)
    return ", ".join(offices)  # beside what may be a name, a department may be one too


def _folded_words(text: str) -> list[str]:
    return [folded(word) for word in _WORD.findall(text)]


def _is_department(part: str) -> bool:
    """Whether every word of a text is one of departments and services."""
    words = [word for word in _folded_words(part) if word not in _LINKS]
    return bool(words) and all(word in _words()["department"] for word in words)


def _is_code(text: str) -> bool:
    """A post told by letters, or a word that is nobody's name: `n/a`, `TBC`, `DIR-3`."""
    return bool(re.fullmatch(r"[A-Z]{1,5}[&-]?[A-Z0-9]{0,5}|n/a|tbc|tba|none|-", text, re.ASCII))


def _notes(seen: Seen, columns: set[int]) -> dict[Place, str]:
    """Texts with sentences that name or identify somebody, without those sentences."""
    found = {}
    for column in set(range(seen.left, seen.right + 1)) - columns:
        cells = _column(seen, column)
        texts = (text for text in set(cells) if isinstance(text, str) and len(text) >= SHORTEST)
        changed = {text: kept for text in texts if (kept := clean(text)) != text}
        for row, value in enumerate(cells, seen.first) if changed else ():
            if isinstance(value, str) and value in changed:
                found[row, column] = changed[value]
    return dict(sorted(found.items()))


@lru_cache(maxsize=65_536)
def clean(text: str) -> str:
    """A text without the sentences that name or identify somebody.

    >>> clean("Beds closed in May. Mrs Example moved ward. Saves 3 WTE."), clean("Beds closed.")
    ('Beds closed in May. Saves 3 WTE.', 'Beds closed.')
    """
    sentences = _SENTENCE.split(text)
    kept = [one for one in sentences if not identifies(one)]
    return text if len(kept) == len(sentences) else " ".join(kept)


def identifies(text: str) -> bool:
    """Whether a sentence names a person by title, or holds what identifies one."""
    patterns = (_INSURANCE, _POSTCODE, _EMAIL, _TITLED, _BORN, _IDENTIFIED)
    return any(pattern.search(text) for pattern in patterns)


def _with(grid: Grid, changed: dict[Place, Value]) -> Grid:
    """A sheet with some cells changed."""
    rows = {row for row, _ in changed}
    cells = [list(line) if number in rows else line for number, line in enumerate(grid.cells)]
    for (row, column), value in changed.items():
        line = cells[row] if row < len(cells) else []
        if isinstance(line, list) and column < len(line):
            line[column] = value
    return replace(grid, cells=cells)


# -- what is said of it ----------------------------------------------------------------------------


def _personal(at: Sequence[FileCell]) -> Finding:
    return told(
        "IMPORT_PERSONAL",
        "What names or identifies people was left out; nothing of it is kept or shown.",
        at[:MOST],
        expected="roles and posts",
        found="names or numbers of people (not shown)",
        action="Nothing; for an owner write the post, such as Chief nurse.",
    )


def _dropped(grid: Grid, places: Sequence[Place]) -> Finding:
    cells = "1 cell" if len(places) == 1 else f"{len(places):,} cells"
    return told(
        "IMPORT_NOTES",
        f"Sentences that name or identify somebody were dropped from {cells} of free text.",
        [grid.at(*place) for place in places[:MOST]],
        expected="free text about no person",
        found="sentences about people (not shown)",
        action="Nothing; read the cells at their source if they matter.",
    )
