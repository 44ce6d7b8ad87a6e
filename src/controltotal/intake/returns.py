"""The three-column list of a national return, read back: sub code, main code, value.

A list says of a line its plan, its actual to date and its forecast of the year; those are taken. What
is a part of them (a single month), their difference or a figure worked out from lines is checked where
the list holds what makes it, and left out. Values are signed: costs stand below nil.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Final

from controltotal.core.calendar import year_label
from controltotal.core.datafiles import packaged_rows
from controltotal.core.money import PENCE_PER
from controltotal.core.schema import tables
from controltotal.core.vocabulary import folded
from controltotal.intake.cells import Cells, Unread, written
from controltotal.intake.choosing import ask_column
from controltotal.intake.faults import Fault, Faults, ask_cell
from controltotal.intake.ground import Ground, settled
from controltotal.intake.known import Known
from controltotal.intake.model import (
    LEFT_OUT,
    RECONCILED,
    USED,
    Asked,
    Check,
    Head,
    Left,
    Mapped,
    Read,
    Row,
    Seen,
)
from controltotal.intake.sums import pounds

TAKEN: Final[Mapping[str, tuple[str, bool]]] = {
    "PLAN_FY": ("plan", False),
    "PLAN_YTD": ("plan", True),
    "ACTUAL_YTD": ("actual", True),
    "FORECAST_FY": ("forecast", False),
}
"""The columns of a return that the book takes: their basis, and whether they are to a month."""
DIFFERENCES: Final[Mapping[str, tuple[str, str]]] = {
    "VARIANCE_YTD": ("ACTUAL_YTD", "PLAN_YTD"),
    "VARIANCE_FY": ("FORECAST_FY", "PLAN_FY"),
}
SURPLUS: Final = "SURPLUS"
_OURS = re.compile(r"(\d{4})(\d{2})_([A-Z_]+?)(\d{2})?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Entry:
    """A value of a return: its row, its sub code, the line (empty where none), and what it holds.

    `held` is our name of the column (`PLAN_FY`), `year` and `month` what the main code says.
    """

    row: int
    sub: str
    line: str
    held: str
    year: str
    month: int
    pence: int


def read_return(seen: Seen, asked: Asked, known: Known) -> Read:
    """The amounts that a three-column list says of one body."""
    read, faults, ground = Read(seen, "amounts"), Faults(seen), settled(seen, asked, known)
    columns = _columns(seen)
    ground.unit = ground.unit or "£k"  # the form is in whole thousands
    ground.asks.pop("unit", None)
    body = ground.need("organisation")
    if not all(columns):
        ask_column(tables()["amounts"], "amount", faults)
    entries = list(_entries(read, faults, ground, known, columns)) if all(columns) else []
    entries = _signed(entries, asked, faults, known)
    _ask_repeated(entries, faults)
    _check(entries, read, faults, ground, known)
    value = columns[2].column if columns[2] else seen.left
    used = tuple(head.column for head in columns if head)
    for entry in entries:
        if entry.line and entry.held in TAKEN:
            read.rows.append(_row(entry, body, ground.unit, known, used))
            read.mark(entry.row, used, USED)
        else:
            read.mark(entry.row, used, LEFT_OUT)
    _leave(entries, read, value)
    faults.into(read)
    read.findings += ground.asks.values()
    return read


def _columns(seen: Seen) -> tuple[Head | None, Head | None, Head | None]:
    """The columns of sub code, main code and value."""

    def one(*names: str) -> Head | None:
        heads = (h for h in seen.heads if h.means in names or folded(h.text) in names)
        return next(heads, None)

    return (
        one("subcode", "line_code"),
        one("maincode", "main_code"),
        one("value", "amount", "money"),
    )


def _entries(
    read: Read,
    faults: Faults,
    ground: Ground,
    known: Known,
    columns: tuple[Head | None, Head | None, Head | None],
) -> Iterator[Entry]:
    """Every value whose codes are known; another is asked about."""
    at = [head.column for head in columns if head]
    cells, grid = Cells(read.seen.grid), read.seen.grid
    derived = _derived()
    for row in range(read.seen.first, read.seen.last + 1):
        sub, main = (grid.text(row, column).lstrip("'") for column in at[:2])
        pence = cells.pence(row, at[2], ground.unit)
        if isinstance(pence, Unread):
            ask_cell(faults, (row, at[2]), pence)
        if isinstance(pence, Unread) or pence is None:
            continue
        line = known.lines.of_code(sub)
        if not line and folded(sub) not in derived:
            _ask_code(faults, "sub code", "IMPORT_LINE", sub, (row, at[0]))
            continue
        held, year, month = _column(main, ground, known)
        if not held:
            _ask_code(faults, "main code", "IMPORT_HEADING", main, (row, at[1]))
            continue
        if line and sub != line:
            _say(read, sub, line)
        yield Entry(row, sub, line, held, year, month, pence)


def _signed(entries: list[Entry], asked: Asked, faults: Faults, known: Known) -> list[Entry]:
    """The values with costs below nil: as they stand, or turned where the list writes costs above it."""
    costs = [e for e in entries if known.lines.kind(e.line) == "cost" and e.pence]
    above = [e for e in costs if e.pence > 0]
    if asked.costs in ("plain", "costs_negative"):
        turned = asked.costs == "plain"
    elif 0 < len(above) < len(costs):
        turned = 2 * len(above) > len(costs)
        if not any(e.sub == SURPLUS for e in entries):  # a surplus is checked, and so proves it
            _ask_signs(above if not turned else [e for e in costs if e.pence < 0], faults)
    else:
        turned = bool(above)
    if not turned:
        return entries
    return [
        replace(e, pence=-e.pence)
        if known.lines.kind(e.line) == "cost" and e.held not in DIFFERENCES
        else e
        for e in entries
    ]


def _ask_signs(entries: list[Entry], faults: Faults) -> None:
    fault = Fault(
        "IMPORT_SIGNS",
        "Some costs of the list stand above nil and some below",
        "one sign for all costs",
        "Say how it writes costs: --set costs=positive or --set costs=negative.",
    )
    for entry in entries:
        faults.add(fault, (entry.row, faults.seen.right), pounds(entry.pence))


def _ask_repeated(entries: list[Entry], faults: Faults) -> None:
    """Two values for one place of the list: which of them holds is asked."""
    first: dict[tuple[str, ...], Entry] = {}
    for entry in entries:
        place = (entry.line or entry.sub, entry.held, entry.year, str(entry.month))
        other = first.setdefault(place, entry)
        if other is not entry:
            fault = Fault(
                "IMPORT_REPEATED",
                f"{entry.sub} {entry.held} stands twice in the list",
                "one value for each",
                "Take one of them out and import again.",
            )
            faults.add(fault, (other.row, faults.seen.right), pounds(other.pence))
            faults.add(fault, (entry.row, faults.seen.right), pounds(entry.pence))


def _say(read: Read, sub: str, line: str) -> None:
    said = Mapped(sub, line, "code")
    if said not in read.mapped:
        read.mapped.append(said)


def _derived() -> frozenset[str]:
    """Our sub codes of figures that are worked out from lines, folded."""
    rows = packaged_rows("return_codes.csv")
    return frozenset(
        folded(row["code"])
        for row in rows
        if row["part"] == "sub" and (row["of"] == "line/" or not row["of"].startswith("line/"))
    )


def _column(main: str, ground: Ground, known: Known) -> tuple[str, str, int]:
    """What a main code holds, of which year, to which month; empty where nobody can tell."""
    own = known.main_codes.get(main.casefold())
    if own is not None:
        return own[1], ground.need("year"), _month(ground) if _to_date(own[1]) else 0
    names = {r["code"] for r in packaged_rows("return_codes.csv") if r["part"] == "main"}
    if main.upper() in names:
        return main.upper(), ground.need("year"), _month(ground) if _to_date(main.upper()) else 0
    match = _OURS.fullmatch(main)
    if not match or match[3] not in names:
        return "", "", 0
    return match[3], f"{match[1]}-{match[2]}", int(match[4] or 0)


def _month(ground: Ground) -> int:
    """The month that the words around the list name, which is asked where none does."""
    return int(re.sub(r"\D", "", ground.need("month")) or 0)


def _to_date(held: str) -> bool:
    return held.endswith(("_YTD", "_M"))


def _ask_code(faults: Faults, what: str, code: str, text: str, place: tuple[int, int]) -> None:
    fault = Fault(
        code,
        f"A {what} of the list is not known",
        f"a {what} of the book's table lines, or one of ours",
        "Add the code to the book's table lines (sub_code, main_code) and import again.",
    )
    faults.add(fault, place, text)


def _row(entry: Entry, body: str, unit: str, known: Known, used: tuple[int, ...]) -> Row:
    basis, to_date = TAKEN[entry.held]
    cost = known.lines.kind(entry.line) == "cost"
    cells = {
        "organisation": body,
        "line": entry.line,
        "year": year_label(entry.year) if entry.year else "",
        "month": _period(entry.month) if to_date else "",
        "basis": basis,
        "amount": written(-entry.pence if cost else entry.pence, unit),
        "unit": unit,
    }
    return Row("amounts", {name: text for name, text in cells.items() if text}, entry.row, used)


def _period(month: int) -> str:
    return "1" if month == 1 else f"YTD{month}" if month else ""


def _check(entries: list[Entry], read: Read, faults: Faults, ground: Ground, known: Known) -> None:
    """Variances beside what they subtract, and the surplus beside its lines, within rounding."""
    value = {(e.sub, e.held, e.year): e for e in entries}
    unit = PENCE_PER[ground.unit]
    for entry in entries:
        if entry.held in DIFFERENCES:
            one, other = (value.get((entry.sub, h, entry.year)) for h in DIFFERENCES[entry.held])
            if one and other:
                _judge(entry, one.pence - other.pence, unit * 3 // 2, read, faults)
        if entry.sub == SURPLUS:
            lines = [e for e in entries if e.held == entry.held and _adds(e, entries, known)]
            if lines:
                parts = sum(e.pence for e in lines)
                _judge(entry, parts, unit * (len(lines) + 1) // 2, read, faults)


def _adds(entry: Entry, entries: list[Entry], known: Known) -> bool:
    """Whether a line is part of the surplus, and no part of another line of the list."""
    line = known.lines.all.get(entry.line)
    return (
        line is not None
        and line.added
        and all(e.line != line.group or e.held != entry.held for e in entries)
    )


def _judge(entry: Entry, expected: int, slack: int, read: Read, faults: Faults) -> None:
    place = (entry.row, read.seen.right)
    check = Check(f"{entry.sub} {entry.held}", place, expected, entry.pence, slack)
    read.checks.append(check)
    read.mark(entry.row, range(read.seen.left, read.seen.right + 1), RECONCILED)
    if not check.agrees:
        fault = Fault(
            "IMPORT_TOTAL",
            f"{entry.sub} {entry.held} is not what its parts make: {pounds(expected)}",
            pounds(expected),
            'Mend the list, or accept the difference by name: --accept "WHO: REASON".',
        )
        faults.add(fault, place, pounds(entry.pence))


def _leave(entries: list[Entry], read: Read, column: int) -> None:
    """What the book does not take of a list, each kind with its reason."""
    for entry in entries:
        if not (entry.line and entry.held in TAKEN):
            reason = (
                f"{entry.held}: the book takes the year's plan, the actual to date and the forecast"
                if entry.line
                else "worked out from lines, not stored"
            )
            read.left.append(Left((entry.row, read.seen.left, entry.row, column), reason))
