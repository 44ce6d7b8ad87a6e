"""The template of trust accounts (worksheet, subcode, label, value) as actuals of a year.

Each subcode of income and expenditure is a line, a total of others, or the same figure on another
sheet (`data/intake_accounts.csv`, from NHS England's chart of the accounts template, Open Government
Licence v3.0). The finest statement that the file holds is taken and every other is checked against
it. The chart says which sign is expected; another one is asked about.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from controltotal.core.calendar import year_label
from controltotal.core.datafiles import packaged_rows
from controltotal.core.vocabulary import folded
from controltotal.intake.cells import Cells, Unread, written
from controltotal.intake.faults import Fault, Faults, ask_cell
from controltotal.intake.ground import settled
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

_VALUES: Final = ("money", "amount", "value")


@dataclass(frozen=True)
class Accounts:
    """The values of one column: pence and row by subcode."""

    column: int
    year: str
    pence: Mapping[str, int]
    rows: Mapping[str, int]

    @cached_property
    def chart(self) -> Mapping[str, Mapping[str, str]]:
        """The chart of the template by subcode."""
        return {row["subcode"]: row for row in packaged_rows("intake_accounts.csv")}

    def parts(self, code: str) -> list[str]:
        """The subcodes of the file that make up another."""
        return [one for one in self.pence if self.chart[one]["part_of"] == code]

    def same(self, code: str) -> list[str]:
        """A subcode and every other of the file that states the same figure."""
        head = self.chart[code]["same_as"] or code
        return [c for c in self.pence if c == head or self.chart[c]["same_as"] == head]

    def lines(self) -> Iterator[tuple[str, str]]:
        """The subcodes that become amounts, each with its line: the finest statement of each."""
        for code in self.pence:
            same = self.same(code)
            finer = any(self.chart[p]["line"] for one in same for p in self.parts(one))
            if not finer and self.chart[code]["line"] and same[0] == code:
                yield code, self.chart[code]["line"]

    def in_head(self, code: str) -> int:
        """The pence of a subcode in the sign of the one that it is the same as."""
        turned = bool(self.chart[code]["same_as"]) and self.chart[code]["times"] == "-1"
        return -self.pence[code] if turned else self.pence[code]


def read_accounts(seen: Seen, asked: Asked, known: Known) -> Read:
    """The actuals of a year that an accounts template says of one body."""
    read, faults, ground = Read(seen, "amounts"), Faults(seen), settled(seen, asked, known)
    body, code = ground.need("organisation"), _code_column(seen)
    values = [h for h in seen.heads if h.means in _VALUES and h.measure.basis != "prior"]
    unit = ground.unit or next((h.measure.unit for h in values if h.measure.unit), "")
    ground.unit = unit
    ground.need("unit")
    for head in seen.heads:
        if head not in values and head.column != code:
            _leave(read, head)
    for head in values:
        if not unit or code is None:
            break
        year = head.measure.year or ground.need("year")
        accounts = _accounts(read, faults, unit, head, code, year)
        _check(accounts, read, faults)
        _signs(accounts, asked, faults)
        _put(accounts, body, unit, code, read)
    faults.into(read)
    read.findings += ground.asks.values()
    return read


def _code_column(seen: Seen) -> int | None:
    heads = (h for h in seen.heads if h.means == "line_code" or folded(h.text) == "subcode")
    return next((h.column for h in heads), None)


def _leave(read: Read, head: Head) -> None:
    seen = read.seen
    for row in range(seen.first, seen.last + 1):
        read.mark(row, (head.column,), LEFT_OUT)
    reason = "an earlier year" if head.measure.basis == "prior" else "a label of the template"
    read.left.append(Left((seen.first, head.column, seen.last, head.column), reason))


def _accounts(read: Read, faults: Faults, unit: str, head: Head, code: int, year: str) -> Accounts:
    """The values of a column by subcode; what is no income or expenditure is left out."""
    seen, cells = read.seen, Cells(read.seen.grid)
    chart = {row["subcode"] for row in packaged_rows("intake_accounts.csv")}
    pence: dict[str, int] = {}
    rows: dict[str, int] = {}
    for row in range(seen.first, seen.last + 1):
        text = seen.grid.text(row, code).upper()
        if text not in chart:
            read.mark(row, (code, head.column), LEFT_OUT)
            read.left.append(
                Left((row, seen.left, row, seen.right), "no line of income or expenditure")
            )
            continue
        found = cells.pence(row, head.column, unit)
        if isinstance(found, Unread):
            ask_cell(faults, (row, head.column), found)
        elif found is not None and text in pence:
            fault = Fault("IMPORT_REPEATED", f"The subcode {text} stands twice", "each code once")
            faults.add(fault, (row, head.column), text)
        elif found is not None:
            pence[text], rows[text] = found, row
    return Accounts(head.column, year, pence, rows)


def _check(accounts: Accounts, read: Read, faults: Faults) -> None:
    """Totals beside their parts, and one figure beside itself on another sheet."""
    for code in accounts.pence:
        parts = accounts.parts(code)
        if parts:
            found = sum(accounts.pence[part] for part in parts)
            _judge(accounts, code, found, parts, read, faults)
        first, *others = accounts.same(code)
        if first == code:
            for other in others:
                turned = accounts.in_head(other) != accounts.pence[other]
                expected = accounts.in_head(code)
                _judge(accounts, other, -expected if turned else expected, [code], read, faults)


def _judge(
    accounts: Accounts, code: str, expected: int, parts: list[str], read: Read, faults: Faults
) -> None:
    place = (accounts.rows[code], accounts.column)
    cells = tuple((accounts.rows[part], accounts.column) for part in (parts[0], parts[-1]))
    label = f"{code} {accounts.chart[code]['label']}"
    check = Check(label, place, expected, accounts.pence[code], 0, cells)
    read.checks.append(check)
    read.mark(place[0], range(read.seen.left, read.seen.right + 1), RECONCILED)
    if not check.agrees:
        fault = Fault(
            "IMPORT_TOTAL",
            f"{label} is {pounds(check.found)} and its parts make {pounds(expected)}: a difference "
            f"of {pounds(check.difference)}",
            pounds(expected),
            'Mend the file, or accept the difference by name: --accept "WHO: REASON".',
        )
        faults.add(fault, place, pounds(check.found))


def _signs(accounts: Accounts, asked: Asked, faults: Faults) -> None:
    """A value against the sign that the chart expects is asked about."""
    for code, pence in accounts.pence.items():
        sign = accounts.chart[code]["expected_sign"]
        against = (sign == "+" and pence < 0) or (sign == "-" and pence > 0)
        if against and folded(code) not in asked.lines and code not in asked.lines:
            fault = Fault(
                "IMPORT_SIGNS",
                f"{code} stands against the sign that the chart of accounts expects ({sign})",
                f"a value {'above' if sign == '+' else 'below'} nil",
                f"Mend the cell; where it is right, say so: "
                f'--set "lines.{code}={accounts.chart[code]["line"]}".',
            )
            faults.add(fault, (accounts.rows[code], accounts.column), pounds(pence))


def _put(accounts: Accounts, body: str, unit: str, code_at: int, read: Read) -> None:
    """One amount for each line, the sum of its subcodes."""
    sums: dict[str, int] = {}
    first: dict[str, int] = {}
    for code, line in accounts.lines():
        row = accounts.rows[code]
        times = int(accounts.chart[code]["times"]) if not accounts.chart[code]["same_as"] else 1
        sums[line] = sums.get(line, 0) + times * accounts.pence[code]
        first.setdefault(line, row)
        read.mark(row, (accounts.column, code_at), USED)
        read.mapped.append(Mapped(code, line, "code"))
    for line, pence in sums.items():
        cells = {
            "organisation": body,
            "line": line,
            "year": year_label(accounts.year) if accounts.year else "",
            "basis": "actual",
            "amount": written(pence, unit),
            "unit": unit,
        }
        kept = {name: text for name, text in cells.items() if text}
        read.rows.append(Row("amounts", kept, first[line], (accounts.column,)))
