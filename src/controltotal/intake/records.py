"""Any table of the book by its headings: control totals, risks, bodies, long amounts and the rest.

A column that a table needs and the sheet lacks comes from what the person says or the words around
the table claim, and is asked for otherwise. Rows that total others are checked and left out.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Final

from controltotal.core.calendar import year_label
from controltotal.core.money import MoneyError, canonical_unit
from controltotal.core.schema import Column, Table, tables
from controltotal.core.vocabulary import folded
from controltotal.intake.accounts import read_accounts
from controltotal.intake.cells import Cells, Unread, written
from controltotal.intake.choosing import REMARK, ask_column, chosen, leave_row
from controltotal.intake.faults import Fault, Faults, ask_cell
from controltotal.intake.fields import Field, fields_of, unit_in
from controltotal.intake.gone_risks import leave_gone
from controltotal.intake.ground import Ground, settled, words_above
from controltotal.intake.kinds import ACCOUNTS, LONG, RETURN
from controltotal.intake.known import Known
from controltotal.intake.labels import is_deficit, is_total
from controltotal.intake.mitigations import put_mitigations
from controltotal.intake.model import (
    LEFT_OUT,
    RECONCILED,
    UNNAMED,
    USED,
    Asked,
    Mapped,
    Read,
    Row,
    Seen,
    Value,
)
from controltotal.intake.phased_risks import months_beside
from controltotal.intake.ranges import middle_as_gross, with_kinds
from controltotal.intake.reckoned import rounded_away
from controltotal.intake.register import Beside, parted
from controltotal.intake.returns import read_return
from controltotal.intake.risks import net_label, settle_risks, taken_off
from controltotal.intake.rivals import with_rivals
from controltotal.intake.sheet import Sheet
from controltotal.intake.slugs import slugs
from controltotal.intake.sums import List, Total, check_totals
from controltotal.intake.texts import Texts
from controltotal.intake.versions import latest_alone
from controltotal.intake.worth import exact_of, is_empty, share_of, word_of

_LABELS: Final = ("text", "organisation", "line", "scheme")
"""Types of columns whose text may say that a row is a total."""
_NAMING: Final = ("organisation", "organisation_code", "title")
"""What a heading means under which a label of a total may stand beside the column that is used."""
_FORECASTS: Final = ("forecast", "outturn", "fot", "position", "surplus", "deficit")
"""What a row of a bridge begins or ends with, folded."""
_UNIT = "unit"


def read_records(seen: Seen, asked: Asked, known: Known, table: str) -> Read:
    """Rows of a table of the book, a national return or the accounts template, from a sheet."""
    if table == RETURN:
        return read_return(seen, asked, known)
    if table == ACCOUNTS:
        return read_accounts(seen, asked, known)
    columns = tables()["amounts" if table == LONG else table]
    years = _years_across(seen, columns, asked)
    if len(years) < 2:
        return _read_one(seen, asked, known, columns)
    return _joined([_read_one(one, said, known, columns) for one, said in years])


def _years_across(seen: Seen, table: Table, asked: Asked) -> list[tuple[Seen, Asked]]:
    """A table with a column of money for each of several years, as one table a year."""
    if asked.year or "year" not in table.columns:
        return []
    money = [
        one.head
        for one in fields_of(seen, table, asked)
        if one.column and table.columns[one.column].type == "money" and one.head.measure.year
    ]
    if len({head.measure.year for head in money}) < len(money):
        return []
    found = []
    for head in money:
        others = {other.column for other in money} - {head.column}
        heads = tuple(one for one in seen.heads if one.column not in others)
        found.append((replace(seen, heads=heads), replace(asked, year=head.measure.year)))
    return found


def _joined(reads: Sequence[Read]) -> Read:
    """What was read year by year as one; what each says alike is said once."""
    first, *others = reads
    for other in others:
        first.rows += other.rows
        first.checks += other.checks
        first.left += [one for one in other.left if one not in first.left]
        first.mapped += [one for one in other.mapped if one not in first.mapped]
        first.findings += [one for one in other.findings if one not in first.findings]
        first.totals += [one for one in other.totals if one not in first.totals]
        for number, slots in enumerate(other.slots):
            first.slots[number] = bytearray(
                _stronger(one, two) for one, two in zip(first.slots[number], slots, strict=True)
            )
    first.said.pop("year", None)
    return first


def _stronger(one: int, other: int) -> int:
    """The fate of a cell of which two say something: used, else checked, else left out."""
    return next((fate for fate in (USED, RECONCILED, LEFT_OUT) if fate in (one, other)), UNNAMED)


def _read_one(seen: Seen, asked: Asked, known: Known, columns: Table) -> Read:
    """Rows of a table of the book, of one year where money names it."""
    read, faults = Read(seen, columns.name), Faults(seen)
    every, beside = fields_of(seen, columns, asked), Beside()
    if columns.name == "risks":
        every = months_beside(every, seen)
    every = latest_alone(every, seen, columns, asked.headings)
    if columns.name == "risks":
        every = middle_as_gross(with_kinds(every, seen))
        every, beside = parted(with_rivals(every, seen), seen, asked.headings)
    fields = chosen(every, read, faults)
    ground = settled(seen, asked, known)
    _heading_year(fields, asked, ground)
    sheet = Sheet(seen, columns, fields, ground, asked, known, read, faults, beside=beside)
    _part_rows(sheet)
    _settle_unit(sheet)
    _fill(sheet)
    if columns.name == "risks":
        settle_risks(sheet)
    _constants(sheet)
    _identify(sheet)
    _total(sheet)
    _put(sheet)
    put_mitigations(sheet)
    leave_gone(sheet)
    faults.into(read)
    read.findings += ground.asks.values()
    read.said |= _said(ground)
    return read


def _heading_year(fields: Mapping[str, Field], asked: Asked, ground: Ground) -> None:
    """The year that the heading of the money names is nearer than the words around the table."""
    years = {one.head.measure.year for one in fields.values() if one.head.measure.year}
    if len(years) == 1 and not asked.year:
        ground.year = years.pop()
        ground.asks.pop("year", None)


# -- rows ----------------------------------------------------------------------------------------


def _part_rows(sheet: Sheet) -> None:
    """Which rows are data and which totals; headings of rows, remarks and blanks are left out."""
    seen, worth = sheet.seen, [f.at for f in _worths(sheet)]
    types = sheet.table.columns
    labels = [f.at for f in sheet.fields.values() if types[f.column].type in _LABELS]
    labels += [h.column for h in seen.heads if not h.text or h.means in _NAMING]
    own = (line.name for line in sheet.known.lines.all.values())
    said = {name: False for name in own if folded(name) not in sheet.asked.totals}
    empty: dict[Value, bool] = {}
    at = sorted({*worth, *labels, *(f.at for f in sheet.fields.values())})
    for row in range(seen.first, seen.last + 1):
        line = seen.grid.cells[row] if row < len(seen.grid.cells) else ()
        wide = len(line)
        if all(_empty(line[c], empty) for c in worth or at if c < wide):
            leave_row(sheet.read, row, _why_left(sheet, row))
            continue
        texts = [line[c] for c in labels if c < wide] if worth else ()
        label = _total_label(texts, said, sheet.asked.totals)
        _put_row(sheet, row, label or net_label(sheet, row))


def _why_left(sheet: Sheet, row: int) -> str:
    """Why a row without a sum in the columns of the book is left out: what it holds beside them."""
    grid, own = sheet.seen.grid, {field.at for field in sheet.fields.values()}
    others = set(range(sheet.seen.left, sheet.seen.right + 1)) - own
    values = [grid.value(row, column) for column in sorted(others)]
    if not any(isinstance(v, int | float) and not isinstance(v, bool) for v in values):
        return REMARK
    label = next(filter(None, map(folded, _texts(sheet, row))), "")
    if any(word in label for word in _FORECASTS):
        return "a forecast, which stands beside the list and is none of its rows"
    return f"a figure that stands in no column of {sheet.table.name}"


def _texts(sheet: Sheet, row: int) -> Iterable[str]:
    grid = sheet.seen.grid
    return (grid.text(row, c) for c in range(sheet.seen.left, sheet.seen.right + 1))


def _put_row(sheet: Sheet, row: int, total: str) -> None:
    """A row among the data, or among the totals by its label, or left out as the person said."""
    if not total:
        sheet.rows.append(row)
    elif sheet.asked.totals.get(folded(total)) == "leave":
        leave_row(sheet.read, row, "left out by the mapping")
    else:
        sheet.totals.append(Total(row, total))


def _empty(value: Value, known: dict[Value, bool]) -> bool:
    """Whether a cell says nothing; each different text is looked at once."""
    if not isinstance(value, str):
        return value is None
    found = known.get(value)
    if found is None:
        found = known[value] = is_empty(value)
    return found


def _worths(sheet: Sheet) -> list[Field]:
    """The columns without which a row says nothing."""
    types = sheet.table.columns
    return [f for f in sheet.fields.values() if types[f.column].type in ("money", "fact")]


def _total_label(values: Iterable[Value], said: dict[str, bool], answers: Mapping[str, str]) -> str:
    """The label that makes a row a total, by its words or by what the person said; else empty."""
    for text in values:
        if not isinstance(text, str) or not text:
            continue
        known = said.get(text)
        if known is None:
            answer = answers.get(folded(text), answers.get(text, ""))
            known = said[text] = answer == "total" or (is_total(text) and answer != "row")
        if known:
            return text.strip()
    return ""


# -- what the cells say --------------------------------------------------------------------------


def _settle_unit(sheet: Sheet) -> None:
    """The unit of the money: said, or in its heading, or in a column of its own, else asked."""
    moneyed = sheet.moneyed()
    if not moneyed or _UNIT in sheet.fields:
        return
    heading = next(filter(None, (unit_in(f.head) for f in moneyed)), "")
    own = all(head.text in sheet.table.columns for head in sheet.seen.heads if head.text)
    if heading and not sheet.asked.unit:
        sheet.ground.unit = heading
        sheet.ground.asks.pop(_UNIT, None)
    elif not sheet.ground.unit and own:
        sheet.ground.unit = sheet.known.default_unit  # a table that a book wrote
    sheet.ground.need(_UNIT)


def _fill(sheet: Sheet) -> None:
    """Every column of the sheet in the form of the book."""
    texts = Texts(sheet.known, sheet.asked, sheet.faults, sheet.read, sheet.ground.year)
    grid = sheet.seen.grid
    lines = [grid.cells[row] if row < len(grid.cells) else () for row in sheet.rows]
    for column, one in sheet.fields.items():
        kind = sheet.table.columns[column]
        if kind.type == "money":
            sheet.texts[column] = _money(sheet, one)
            continue
        at = one.at
        values = [line[at] if at < len(line) else None for line in lines]
        sheet.texts[column] = texts.column(kind, at, sheet.rows, values)
    if "month" in sheet.fields and "year" in sheet.table.columns and "year" not in sheet.fields:
        at = sheet.fields["month"].at
        years = [texts.year_of(grid.value(row, at)) for row in sheet.rows]
        if any(years):
            sheet.texts["year"] = [year or sheet.ground.year for year in years]


def _money(sheet: Sheet, one: Field) -> list[str]:
    """A column of money as exact numbers of its unit; what cannot be read is asked."""
    cells, at = Cells(sheet.seen.grid, stored=bool(sheet.asked.unit)), one.at
    units = sheet.fields.get(_UNIT)
    exact = sheet.money[at] = {}
    found: dict[int, str] = {}
    for row in (*sheet.rows, *(total.row for total in sheet.totals)):
        own = canonical_unit(sheet.seen.grid.text(row, units.at)) if units else ""
        unit = own or sheet.ground.unit
        pence = cells.pence(row, at, unit) if unit else None
        if isinstance(pence, Unread):
            ask_cell(sheet.faults, (row, at), pence)
        elif pence is not None:
            exact[row] = exact_of(cells, row, at, pence)
            found[row] = written(pence, unit)
    if _shows_deficits(sheet, one) and any(pence > 0 for pence in exact.values()):
        found = {row: _negative(text) for row, text in found.items()}
        for row, worth in exact.items():
            exact[row] = -worth
        sheet.read.mapped.append(Mapped("deficits above nil", "a deficit, negative", "exact"))
    sheet.read.findings += rounded_away(sheet.seen, cells.off)
    return [found.get(row, "") for row in sheet.rows]


def _shows_deficits(sheet: Sheet, one: Field) -> bool:
    """Whether words say of control totals that a deficit is positive; a heading is nearer than a title."""
    if sheet.table.name != "control_totals" or one.column != "amount":
        return False
    head = one.head.text
    if "surplus" in head.casefold() or "deficit" in head.casefold():
        return is_deficit(head)
    return any(map(is_deficit, words_above(sheet.seen)))


def _negative(text: str) -> str:
    """A written sum with the other sign.

    >>> _negative("9100"), _negative("-2.5"), _negative("0")
    ('-9100', '2.5', '0')
    """
    return text.removeprefix("-") if text.startswith("-") or not text.strip("0.,") else f"-{text}"


# -- what holds for the whole --------------------------------------------------------------------


def _constants(sheet: Sheet) -> None:
    """Columns that the table needs and the sheet lacks: said of the whole, or asked."""
    ground = sheet.ground
    for name in sheet.table.required:
        column = sheet.table.columns[name]
        if name in sheet.texts or name == "id":
            continue
        if name in ("organisation", "year", "basis"):
            value = ground.need(name)
            value = year_label(value) if name == "year" and value else value
        else:
            value = _one_for_all(column, sheet.asked.headings.get(name, ""))
            if not value and column.type == "vocabulary":
                value = "unknown"
                _tell_unknown(sheet, name)
            if not value:
                ask_column(sheet.table, name, sheet.faults)
        sheet.texts[name] = [value] * len(sheet.rows)
    if sheet.moneyed() and _UNIT not in sheet.texts and ground.unit:
        sheet.texts[_UNIT] = [ground.unit] * len(sheet.rows)
    _period(sheet)


def _one_for_all(column: Column, said: str) -> str:
    """What the person says of a column for every row, as the book writes it; empty where it is none."""
    if column.name == "chance" and said:
        try:
            return share_of(said)
        except MoneyError:
            return ""
    return (word_of(said, column.vocabulary, column.name) or "") if column.vocabulary else said


def _period(sheet: Sheet) -> None:
    """The month that a title names holds for amounts that have no month of their own."""
    period = sheet.ground.month
    if sheet.table.name == "amounts" and "month" not in sheet.texts and period not in ("", "year"):
        sheet.texts["month"] = [period] * len(sheet.rows)


def _tell_unknown(sheet: Sheet, name: str) -> None:
    fault = Fault(
        "IMPORT_UNKNOWN",
        f"No heading says the {name.replace('_', ' ')}: it is unknown for every row",
        ", ".join(sheet.table.columns[name].vocabulary),
        f'Where all rows have one, say it: --set "headings.{name}=WORD".',
        "information",
    )
    sheet.faults.at_headings(fault)


def _identify(sheet: Sheet) -> None:
    """Ids where a list has none: short forms of its titles, if no two are alike."""
    if "id" not in sheet.table.required or "id" in sheet.texts:
        return
    titles = sheet.texts.get("title", ())
    made = slugs(titles)
    if not made and "title" in sheet.table.required and not any(titles):
        return  # the title is asked, and may be all that is needed
    if not made:
        ask_column(sheet.table, "id", sheet.faults)
        return
    sheet.texts["id"] = made
    fault = Fault(
        "IMPORT_UNKNOWN",
        "The list has no references, so that each row is known by its title",
        "a column of references that stay the same",
        "Nothing, if titles stay as they are; a changed title will be asked about.",
        "information",
    )
    sheet.faults.at_headings(fault)


def _said(ground: Ground) -> dict[str, str]:
    said = {n: getattr(ground, n) for n in ("organisation", "year", "basis", "unit", "month")}
    return {name: value for name, value in said.items() if value}


# -- totals and rows -----------------------------------------------------------------------------


def _total(sheet: Sheet) -> None:
    groups: dict[int, frozenset[str]] = {}
    if sheet.totals:
        columns = [f.at for f in sheet.fields.values() if f.at not in sheet.money]
        text = sheet.seen.grid.text
        groups = {r: frozenset(folded(text(r, at)) for at in columns) for r in sheet.rows}
    listed = List(sheet.rows, sheet.totals, sheet.money, groups, less=taken_off(sheet))
    check_totals(listed, sheet.read, sheet.faults)
    for total in sheet.totals:
        leave_row(sheet.read, total.row, "a total, checked")


def _put(sheet: Sheet) -> None:
    """The rows for the book, each key once."""
    used = tuple(sorted(f.at for f in sheet.fields.values()))
    names = [name for name, texts in sheet.texts.items() if any(texts)]
    table, rows, read = sheet.table.name, sheet.rows, sheet.read
    required = [name for name in sheet.table.required if name in sheet.fields]
    keys: dict[tuple[str, ...], int] = {}
    key_columns = [sheet.texts[name] for name in sheet.table.key if name in sheet.texts]
    columns = [sheet.texts[name] for name in names]
    for row, *values in zip(rows, *columns, strict=True):
        cells = dict(zip(names, values, strict=True))
        if "" in values:
            cells = {name: value for name, value in cells.items() if value}
        read.rows.append(Row(table, cells, row, used))
    read.mark_rows(rows, used, USED)
    for name in required:
        texts = sheet.texts[name]
        for row, text in zip(rows, texts, strict=True) if "" in texts else ():
            if not text:
                _ask_empty(sheet, row, name)
    for row, *key in zip(rows, *key_columns, strict=True) if key_columns else ():
        first = keys.setdefault(tuple(key), row)
        if first != row:
            _ask_repeated(sheet, first, row, key)


def _ask_empty(sheet: Sheet, row: int, name: str) -> None:
    at = sheet.fields[name].at
    if not is_empty(sheet.seen.grid.value(row, at)):
        return  # what stands there is asked about already
    fault = Fault(
        "IMPORT_CELL",
        f"A row of {sheet.table.name} says no {name.replace('_', ' ')}",
        sheet.table.columns[name].description,
        "Fill the cell and import again.",
    )
    sheet.faults.add(fault, (row, at))


def _ask_repeated(sheet: Sheet, first: int, row: int, key: Sequence[str]) -> None:
    """Two rows of one key: one question for all; a list of postings is read as that where it is said."""
    amounts = sheet.table.name == "amounts"
    fault = Fault(
        "IMPORT_REPEATED",
        f"Two rows of {sheet.table.name} say the same thing"
        + ("" if amounts else f" of {' '.join(filter(None, key))}"),
        "one row for each",
        "Keep one of the rows, or tell them apart, and import again"
        + ("; where the rows are postings, to be added up, say --as ledger." if amounts else "."),
    )
    at = next((f.at for f in sheet.fields.values()), sheet.seen.left)
    words = " ".join(filter(None, key))
    sheet.faults.add(fault, (first, at), words)
    sheet.faults.add(fault, (row, at), words)
