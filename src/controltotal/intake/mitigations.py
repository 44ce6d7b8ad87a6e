"""Mitigations and net values of a risk register, beside the risks of its rows.

The register's own net values show how likely it takes its mitigations to be (`nets`); where they do
not, the person is asked. Each mitigation is a row of the book; a net value is checked, never stored.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction
from typing import Final

from controltotal.core.money import PENCE_PER
from controltotal.intake.cells import Cells, Unread, written
from controltotal.intake.faults import Fault, ask_cell
from controltotal.intake.fields import unit_in
from controltotal.intake.model import RECONCILED, USED, Check, Head, Mapped, Row
from controltotal.intake.nets import CERTAIN, IN_FULL, OWN, Entry, Shown, mitigated, way_of
from controltotal.intake.register import (
    AFTER_CERTAIN,
    AS_RISK,
    LEAVINGS,
    chance_of,
    leave_done,
    says_chance,
)
from controltotal.intake.sheet import Sheet
from controltotal.intake.sums import Money, pounds
from controltotal.intake.texts import Texts
from controltotal.intake.worth import exact_of, whole, written_share


def settle_beside(sheet: Sheet) -> None:
    """The columns that stand beside those of the book: read, checked, and what they say kept."""
    leave_done(sheet.beside, sheet.read, sheet.faults)
    for head in (*sheet.beside.values, *sheet.beside.nets):
        _read_money(sheet, head)
    _one_sign(sheet)
    _check_nets(sheet)


def _read_money(sheet: Sheet, head: Head) -> None:
    """A column of money that is none of the book, of rows and totals."""
    cells = Cells(sheet.seen.grid, stored=bool(sheet.asked.unit))
    unit = _unit(sheet, head)
    exact = sheet.money.setdefault(head.column, {})
    for row in (*sheet.rows, *(total.row for total in sheet.totals)) if unit else ():
        pence = cells.pence(row, head.column, unit)
        if isinstance(pence, Unread):
            ask_cell(sheet.faults, (row, head.column), pence)
        elif pence is not None:
            exact[row] = exact_of(cells, row, head.column, pence)
            sheet.read.mark(row, (head.column,), RECONCILED)


def _unit(sheet: Sheet, head: Head) -> str:
    """The unit of a column: what the person says, else its heading, else that of the table."""
    own = "" if sheet.asked.unit else unit_in(head)
    return own or sheet.ground.unit


def _one_sign(sheet: Sheet) -> None:
    """Mitigations all below nil are a habit; some below and some above are asked."""
    rows = set(sheet.rows)
    for head in sheet.beside.values:
        exact = {row: p for row, p in sheet.money[head.column].items() if row in rows}
        below = [row for row, pence in exact.items() if pence < 0]
        if not below or not any(pence > 0 for pence in exact.values()):
            continue
        fault = Fault(
            "IMPORT_SIGNS",
            f"Some values under “{head.text}” stand above nil and some below",
            "one sign for all mitigations",
            "Write every mitigation with the same sign, and import again.",
        )
        for row in below:
            sheet.faults.add(fault, (row, head.column), sheet.seen.grid.text(row, head.column))


def _check_nets(sheet: Sheet) -> None:
    """Every net value beside the way that its column is reckoned; and how likely mitigations are."""
    entries = _entries(sheet)
    if sheet.beside.values and not any(map(says_chance, sheet.seen.heads)):
        entries = _in_full(sheet, entries)
    if any(entry.chance is None for entry in entries.values()):
        return  # which is asked, and may decide the rest
    entries = _with_what_is_left(sheet, entries)
    told = any(entry.mitigation for entry in entries.values())
    weighs = {AFTER_CERTAIN: {CERTAIN}, "": set[str]()}.get(sheet.beside.leaving, {AS_RISK})
    doubts = False
    for head in sheet.beside.nets:
        found = {r: Fraction(p) for r, p in sheet.money[head.column].items() if r in entries}
        shown = way_of(entries, found, _slack(sheet, head), told=told)
        if shown is None or head == sheet.beside.left:
            continue
        doubted = 2 * len(shown.off) >= len(shown.expected)
        doubts |= doubted
        if shown.way.weighs and not doubted:
            weighs.add(shown.way.weighs)
        _judge(sheet, head, shown, found, doubted=doubted)
    if told:
        _weigh(sheet, entries, weighs, doubts=doubts)


def _entries(sheet: Sheet) -> dict[int, Entry]:
    """The rows that have a gross value: gross and mitigation above nil, with their chances."""
    gross = sheet.money.get(sheet.fields["gross"].at, {}) if "gross" in sheet.fields else {}
    said = chance_of(sheet.asked.headings.get("chance", ""))
    constant = "" if said == AS_RISK else said
    chances = dict(zip(sheet.rows, sheet.texts.get("chance", ()), strict=False))
    own = _own_chances(sheet)
    return {
        row: Entry(
            abs(Fraction(gross[row])),
            abs(sum((Fraction(p) for p in _worths(sheet, row)), Fraction(0))),
            Fraction(text) if (text := chances.get(row, constant)) else None,
            Fraction(own[row]) if own.get(row) else None,
        )
        for row in sheet.rows
        if row in gross
    }


def _with_what_is_left(sheet: Sheet, entries: Mapping[int, Entry]) -> dict[int, Entry]:
    """Mitigations that follow from what is left of each risk, where the person says how."""
    head = sheet.beside.left
    if head is None:
        return dict(entries)
    found = dict(entries)
    for row, pence in sheet.money[head.column].items():
        if row not in entries:
            continue
        worth = mitigated(entries[row], abs(Fraction(pence)), sheet.beside.leaving)
        if worth is not None and worth >= 0:
            found[row] = replace(entries[row], mitigation=worth)
            sheet.worked_out[row] = whole(worth)
            continue
        fault = Fault(
            "IMPORT_CELL",
            f"“{head.text}” leaves more than there was, or nothing to work a mitigation out from",
            sheet.beside.leaving,
            "Mend the cell and import again.",
        )
        sheet.faults.add(fault, (row, head.column), sheet.seen.grid.text(row, head.column))
    return found


def _worths(sheet: Sheet, row: int) -> list[Money]:
    """What the mitigations of a row are worth, in pence as they are written."""
    columns = (sheet.money[head.column] for head in sheet.beside.values)
    return [cells[row] for cells in columns if cells.get(row)]


def _own_chances(sheet: Sheet) -> dict[int, str]:
    """How likely each mitigation is, where a column says it."""
    head = sheet.beside.chance
    if head is None or not sheet.beside.values:
        return {}
    kind = sheet.table.columns["chance"]
    texts = Texts(sheet.known, sheet.asked, sheet.faults, sheet.read, sheet.ground.year)
    values = [sheet.seen.grid.value(row, head.column) for row in sheet.rows]
    return dict(zip(sheet.rows, texts.column(kind, head.column, sheet.rows, values), strict=True))


def _in_full(sheet: Sheet, entries: Mapping[int, Entry]) -> dict[int, Entry]:
    """A register without chances whose net is gross less mitigation counts every value in full."""
    full = {row: replace(entry, chance=Fraction(1)) for row, entry in entries.items()}
    for head in sheet.beside.nets:
        found = {r: Fraction(p) for r, p in sheet.money[head.column].items() if r in full}
        shown = way_of(full, found, _slack(sheet, head), told=True, ways=(IN_FULL,))
        if shown is None or shown.off or len(shown.expected) < len(full):
            continue
        sheet.texts["chance"] = [CERTAIN] * len(sheet.rows)
        fault = Fault(
            "IMPORT_UNKNOWN",
            f"No heading says how likely a risk is, and “{head.text}” is gross less mitigation: "
            "every value counts in full",
            "a column of chances, if some are less likely",
            'Where all rows have one chance, say it: --set "headings.chance=50%".',
            "information",
        )
        sheet.faults.at_headings(fault)
        return full
    return dict(entries)


def _slack(sheet: Sheet, head: Head) -> int:
    """Half of the last place in which the values of a column are written, in pence."""
    unit, cells = _unit(sheet, head), Cells(sheet.seen.grid, stored=bool(sheet.asked.unit))
    for row in sheet.rows if unit else ():
        cells.pence(row, head.column, unit)
    return int(PENCE_PER[unit] / 10 ** cells.finest.get(unit, 0) / 2) if unit else 0


def _judge(
    sheet: Sheet, head: Head, shown: Shown, found: Mapping[int, Fraction], *, doubted: bool
) -> None:
    """Each value of a column beside what its row makes; what disagrees is asked."""
    leaves = (
        f'or leave the column out: --set "headings.{head.text}="; or accept it by name: '
        '--accept "WHO: REASON".'
    )
    fault = Fault(
        "IMPORT_TOTAL",
        f"“{head.text}” is not {shown.way.words}"
        + ("" if doubted else ", as the other rows reckon it"),
        shown.way.words,
        f"Mend the cells, {leaves}",
    )
    if len(shown.off) > 1 and doubted and not sheet.beside.values and _may_be_left(sheet, head):
        place = (sheet.seen.heading[1], head.column)
        sheet.faults.add(_what_is_left(head), place, head.text)
        return
    if doubted and sheet.beside.values:
        fault = replace(
            fault,
            message=f"“{head.text}” follows from gross, chance and mitigation in no way that is known",
            expected="gross times chance, less mitigation; or gross less mitigation, times chance",
        )
    slack = _slack(sheet, head)
    for row, value in shown.expected.items():
        expected = -value if (value < 0) != (found[row] < 0) else value
        if not found[row] and value < 0:
            expected = Fraction(0)  # more mitigation than risk is shown as nil
        place = (row, head.column)
        check = Check(head.text, place, whole(expected), whole(found[row]), slack)
        sheet.read.checks.append(check)
        if not check.agrees:
            sheet.faults.add(fault, place, pounds(whole(found[row])))


def _may_be_left(sheet: Sheet, head: Head) -> bool:
    """Whether no value of a column is more than its gross, and some are less."""
    gross = sheet.money[sheet.fields["gross"].at]
    pairs = [
        (abs(Fraction(gross[row])), abs(Fraction(pence)))
        for row, pence in sheet.money[head.column].items()
        if row in gross
    ]
    return all(left <= full for full, left in pairs) and any(a > b for a, b in pairs)


def _what_is_left(head: Head) -> Fault:
    """What is asked of a column that may hold what mitigations leave, and that nobody has told."""
    ways = "; ".join(f"{number}: {way}" for number, way in enumerate(LEAVINGS, start=1))
    return Fault(
        "IMPORT_HEADING",
        f"“{head.text}” is not gross times chance: it may be what mitigations leave of each risk",
        ways,
        f'Say how it is reckoned, by its number: --set "headings.{head.text}=1". {ways}. Mitigations are '
        'then worked out from it. Nothing at all, written "", leaves it out.',
    )


# -- mitigations -----------------------------------------------------------------------------------


def _weigh(sheet: Sheet, entries: Mapping[int, Entry], weighs: set[str], *, doubts: bool) -> None:
    """How likely mitigations are: as the person says, as net values show, or asked.

    While chances or net values are themselves in doubt, which is asked, their answer may decide it.
    """
    said = sheet.beside.answer
    if any(entry.own is not None for entry in entries.values()):
        weighs = weighs | {OWN}
    certain = all(e.chance == 1 for e in entries.values() if e.mitigation)
    if not said and len(weighs) != 1 and not certain:
        if not doubts:
            _ask_how_likely(sheet)
        return
    way = said or next(iter(weighs), CERTAIN)
    for row, entry in entries.items():
        if entry.mitigation:
            sheet.likely[row] = _chance(entry, way)


def _chance(entry: Entry, way: str) -> str:
    """How likely a mitigation is, as text; empty where its row says no chance."""
    chance = entry.chance if way == AS_RISK else entry.own if way == OWN else Fraction(way)
    return "" if chance is None else written_share(chance)


def _ask_how_likely(sheet: Sheet) -> None:
    """Ask how likely mitigations are: nothing of the file decides it."""
    head = sheet.beside.values[0]
    fault = Fault(
        "IMPORT_HEADING",
        f"Nothing says how likely the mitigations under “{head.text}” are",
        f"a chance, or “{AS_RISK}”",
        f'Where a mitigation works only if its risk happens, say --set "headings.{head.text}={AS_RISK}"; '
        "where each is certain, 100%; any other percentage is the chance of each; nothing at all, "
        'written "", leaves them out.',
    )
    for one in sheet.beside.values:
        sheet.faults.add(fault, (sheet.seen.heading[1], one.column), one.text)


def put_mitigations(sheet: Sheet) -> None:
    """A row of the book for each mitigation that stands in the row of its risk.

    It bears the reference of the risk with `-M`, and what is done as its title.
    """
    if not sheet.likely:
        return
    taken = {row.cells.get("id", "") for row in sheet.read.rows}
    by_row = {row.row: row for row in sheet.read.rows}
    for row, chance in sheet.likely.items():
        risk = by_row[row]
        if not chance:
            _ask_own(sheet, row)
        for head, pence in _parts(sheet, row):
            unit = _unit(sheet, head)
            cells = {
                **{name: risk.cells[name] for name in _OF_RISK if name in risk.cells},
                "id": _fresh(risk.cells.get("id", ""), taken),
                "title": _title(sheet, row, risk.cells.get("title", "")),
                "kind": "mitigation",
                "mitigates": risk.cells.get("id", ""),
                "gross": written(pence, unit),
                "unit": unit,
                "chance": chance,
            }
            used = [head.column, *(h.column for h in _said_beside(sheet))]
            sheet.read.rows.append(Row(sheet.table.name, cells, row, tuple(used)))
            sheet.read.mark(row, used, USED)
    count = len(sheet.read.rows) - len(by_row)
    sources = sheet.beside.values or (sheet.beside.left,)
    heads = " and ".join(f"“{head.text}”" for head in sources if head is not None)
    sheet.read.mapped.append(Mapped(heads, f"{count} mitigations, rows of their own", "exact"))


def _parts(sheet: Sheet, row: int) -> list[tuple[Head, int]]:
    """The columns that say what mitigations of a row are worth, each with its pence."""
    if sheet.beside.left is not None:
        return [(sheet.beside.left, sheet.worked_out[row])] if sheet.worked_out.get(row) else []
    worths = ((h, abs(whole(sheet.money[h.column].get(row, 0)))) for h in sheet.beside.values)
    return [(head, pence) for head, pence in worths if pence]


_OF_RISK: Final = ("organisation", "owner", "year", "month", "category", "known_on")
"""What a mitigation shares with its risk."""


def _said_beside(sheet: Sheet) -> list[Head]:
    return [head for head in (sheet.beside.chance, sheet.beside.done) if head is not None]


def _title(sheet: Sheet, row: int, risk: str) -> str:
    done = sheet.beside.done
    text = sheet.seen.grid.text(row, done.column) if done is not None else ""
    return text or f"Mitigation of: {risk}"


def _fresh(risk: str, taken: set[str]) -> str:
    """A reference that no row has yet."""
    number, found = 1, f"{risk}-M"
    while found in taken:
        number += 1
        found = f"{risk}-M{number}"
    taken.add(found)
    return found


def _ask_own(sheet: Sheet, row: int) -> None:
    head = sheet.beside.chance or _parts(sheet, row)[0][0]
    fault = Fault(
        "IMPORT_CELL",
        "A mitigation says no chance",
        "a chance from 0 to 1, or a percentage",
        "Fill the cell and import again.",
    )
    sheet.faults.add(fault, (row, head.column))
