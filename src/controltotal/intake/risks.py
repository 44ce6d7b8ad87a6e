"""Risk registers in the styles of houses: risk or mitigation, its sign, its chance and its net value.

The book holds a gross value, positive, and a chance. A register that writes risks below nil and
mitigations above it says the same; a net value is gross times chance, checked and not stored.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from fractions import Fraction
from typing import Final

from controltotal.core.money import PENCE_PER
from controltotal.intake.cells import Cells, Unread
from controltotal.intake.choosing import ask_column
from controltotal.intake.faults import Fault
from controltotal.intake.model import RECONCILED, Check, Head, Mapped
from controltotal.intake.sheet import Sheet
from controltotal.intake.sums import Money, pounds
from controltotal.intake.worth import exact_of, whole, word_of

KINDS: Final = ("risk", "mitigation")
_RISK: Final = re.compile(r"\b(risks?|threats?|pressures?)\b", re.IGNORECASE)
_MITIGATION: Final = re.compile(r"\b(mitigat\w+|opportunit\w+|upsides?)\b", re.IGNORECASE)
_NET: Final = re.compile(r"\b(net|weighted|adjusted|expected)\b", re.IGNORECASE)


def settle_risks(sheet: Sheet) -> None:
    """The kind of each row, a positive gross value, and the net value checked."""
    if "kind" not in sheet.texts:
        _kinds(sheet)
    _signs(sheet)
    for head in sheet.seen.heads:
        if head.means == "net" or (head.means == "money" and _NET.search(head.text)):
            _check_net(sheet, head)


def kind_in(text: str) -> str:
    """The kind that a heading, a sheet's name or a row of its own says; empty where both or none.

    >>> kind_in("Mitigations"), kind_in("Financial risks"), kind_in("Risks and opportunities")
    ('mitigation', 'risk', '')
    """
    found = word_of(text, KINDS, "kind")
    if found:
        return found
    risk, other = bool(_RISK.search(text)), bool(_MITIGATION.search(text))
    return ("risk" if risk else "mitigation") if risk != other else ""


def _kinds(sheet: Sheet) -> None:
    """The kind by the row above that says it, else by the title, the sheet's name or the person."""
    said = sheet.asked.headings.get("kind", "") or _kind_around(sheet)
    kinds: dict[int, str] = {}
    rows = set(sheet.rows)
    for row in range(sheet.seen.first, sheet.seen.last + 1):
        if row in rows:
            kinds[row] = said
        elif texts := list(_row_texts(sheet, row)):
            said = kind_in(texts[0]) or said
    sheet.texts["kind"] = [kinds[row] for row in sheet.rows]
    if not all(sheet.texts["kind"]):
        ask_column(sheet.table, "kind", sheet.faults)


def _kind_around(sheet: Sheet) -> str:
    """What the lines above say, the nearest first, then the sheet's name, then the title's heading."""
    above = range(sheet.seen.heading[0] - 1, max(sheet.seen.heading[0] - 4, -1), -1)
    texts = [text for row in above for text in _row_texts(sheet, row)]
    title = [sheet.fields["title"].head.text] if "title" in sheet.fields else []
    return next(filter(None, map(kind_in, (*texts, sheet.seen.grid.sheet, *title))), "")


def _row_texts(sheet: Sheet, row: int) -> Iterator[str]:
    texts = (sheet.seen.grid.text(row, c) for c in range(sheet.seen.left, sheet.seen.right + 1))
    return (text for text in texts if text)


def _signs(sheet: Sheet) -> None:
    """A register that writes all of one kind below nil has a habit; one that mixes them is asked."""
    field = sheet.fields.get("gross")
    if field is None:
        return
    kinds = dict(zip(sheet.rows, sheet.texts["kind"], strict=True))
    exact = {row: pence for row, pence in sheet.money[field.at].items() if row in kinds}
    below = [row for row, pence in exact.items() if pence < 0]
    if not below:
        return
    if any(pence > 0 and kinds[row] in {kinds[at] for at in below} for row, pence in exact.items()):
        fault = Fault(
            "IMPORT_SIGNS",
            "Some values of one kind stand above nil and some below",
            "one sign for all risks, and one for all mitigations",
            "Write every gross value positive, with its kind beside it, and import again.",
        )
        for row in below:
            sheet.faults.add(fault, (row, field.at), sheet.seen.grid.text(row, field.at))
        return
    sheet.texts["gross"] = [text.removeprefix("-") for text in sheet.texts["gross"]]
    sheet.read.mapped.append(Mapped("values below nil", "gross, positive", "exact"))


def _check_net(sheet: Sheet, head: Head) -> None:
    """Gross times chance, or the net value is asked about."""
    cells = Cells(sheet.seen.grid, stored=bool(sheet.asked.unit))
    chances = dict(zip(sheet.rows, sheet.texts.get("chance", ()), strict=False))
    gross = sheet.money.get(sheet.fields["gross"].at, {}) if "gross" in sheet.fields else {}
    unit = head.measure.unit or sheet.ground.unit
    rows = [*sheet.rows, *(total.row for total in sheet.totals)]
    found = sheet.money.setdefault(head.column, {})
    for row in rows if unit else ():
        pence = cells.pence(row, head.column, unit)
        if isinstance(pence, Unread) or pence is None:
            continue
        found[row] = exact_of(cells, row, head.column, pence)
        sheet.read.mark(row, (head.column,), RECONCILED)
        if row in gross and chances.get(row):
            expected = gross[row] * Fraction(chances[row])
            _judge(sheet, head, row, expected, found[row], _slack(cells, unit))
    sheet.read.left = [
        left for left in sheet.read.left if (left.area[1], left.area[3]) != (head.column,) * 2
    ]


def _slack(cells: Cells, unit: str) -> int:
    """Half of the last place in which the net values are written, in pence."""
    return int(PENCE_PER[unit] / 10 ** cells.finest.get(unit, 0) / 2)


def _judge(sheet: Sheet, head: Head, row: int, expected: Money, found: Money, slack: int) -> None:
    expected = -expected if found < 0 < expected or expected < 0 < found else expected
    check = Check(head.text, (row, head.column), whole(expected), whole(found), slack)
    sheet.read.checks.append(check)
    if not check.agrees:
        fault = Fault(
            "IMPORT_TOTAL",
            f"“{head.text}” is not gross times chance",
            "gross times chance",
            f'Mend the cells, or leave the column out: [headings] "{head.text}" = "".',
        )
        sheet.faults.add(fault, (row, head.column), pounds(whole(found)))
