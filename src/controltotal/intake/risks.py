"""Risk registers in the styles of houses: risk or mitigation, its sign, its chance and its net value.

The book holds a gross value, positive, and a chance. A register that writes risks below nil and
mitigations above it says the same. A mitigation in the row of its risk becomes a row of its own; a
net value is reckoned as the register reckons it (`nets`), checked and not stored.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from fractions import Fraction
from typing import Final

from controltotal.core.vocabulary import folded
from controltotal.intake.choosing import ask_column
from controltotal.intake.faults import Fault
from controltotal.intake.labels import is_total
from controltotal.intake.mitigations import settle_beside
from controltotal.intake.model import Mapped
from controltotal.intake.sheet import Sheet
from controltotal.intake.worth import is_empty, same, word_of

KINDS: Final = ("risk", "mitigation")
_RISK: Final = re.compile(r"\b(risks?|threats?|pressures?)\b", re.IGNORECASE)
_MITIGATION: Final = re.compile(r"\b(mitigat\w+|opportunit\w+|upsides?)\b", re.IGNORECASE)
_NET_ROW: Final = re.compile(
    r"^\W*(?:overall|total|grand)?\s*(?:net|residual|gross|unmitigated|mitigated)\b"
    r".*\b(?:risks?|exposure|position|value|mitigations?|total)\b",
    re.IGNORECASE,
)
_REGISTER: Final = re.compile(r"\brisks?\s+(?:registers?|logs?|schedules?|pack)\b", re.IGNORECASE)
"""A title of what may hold both kinds."""
_ADVERSE: Final = re.compile(
    r"\(\s*(?:adverse|adv|deteriorations?|risks?)\s*\)|brackets[^.;]*\b(?:adverse|risks?)\b"
    r"|\b(?:adverse|risks?)\b[^.;]*\b(?:in brackets|negative)\b|negative[^.;]*\b(?:adverse|risks?)\b",
    re.IGNORECASE,
)
_ABOVE: Final = 4
"""Rows above the headings in which words may say how signs are meant."""


def settle_risks(sheet: Sheet) -> None:
    """The kind of each row, a positive gross value, and the net value checked."""
    if "kind" not in sheet.texts:
        _kinds(sheet)
    _signs(sheet)
    settle_beside(sheet)


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
    said = word_of(sheet.asked.headings.get("kind", ""), KINDS, "kind") or _kind_around(sheet)
    kinds: dict[int, str] = {}
    rows, totals = set(sheet.rows), {total.row for total in sheet.totals}
    for row in range(sheet.seen.first, sheet.seen.last + 1):
        if row in rows:
            kinds[row] = said
        elif row not in totals and (texts := list(_row_texts(sheet, row))):
            said = kind_in(texts[0]) or said
    kinds = _by_brackets(sheet, _by_totals(sheet, kinds))
    sheet.texts["kind"] = [kinds[row] for row in sheet.rows]
    if not all(sheet.texts["kind"]):
        ask_column(sheet.table, "kind", sheet.faults)


def _by_totals(sheet: Sheet, kinds: dict[int, str]) -> dict[int, str]:
    """Rows of which a total below says the kind, and that they make: “Total opportunities”."""
    found, block = dict(kinds), list[int]()
    labels = {total.row: total.label for total in sheet.totals}
    gross = sheet.money.get(sheet.fields["gross"].at, {}) if "gross" in sheet.fields else {}
    for row in sorted({*sheet.rows, *labels}):
        if row not in labels:
            block.append(row)
            continue
        kind = "" if _NET_ROW.search(labels[row]) else kind_in(labels[row])
        made = sum((gross.get(one, 0) for one in block), Fraction(0))
        if kind and block and same(made, gross.get(row, 0)):
            found |= dict.fromkeys(block, kind)
        block = []
    return found


def _by_brackets(sheet: Sheet, kinds: dict[int, str]) -> dict[int, str]:
    """Rows by their signs, where words above say that what is adverse stands in brackets or below nil."""
    if any(kinds.values()) or "gross" not in sheet.fields:
        return kinds
    above = range(max(sheet.seen.heading[0] - _ABOVE, 0), sheet.seen.heading[0])
    if not any(_ADVERSE.search(text) for row in above for text in _row_texts(sheet, row)):
        return kinds
    gross = sheet.money.get(sheet.fields["gross"].at, {})
    signs = {row: gross.get(row, 0) for row in kinds}
    if not all(signs.values()):
        return kinds
    return {row: "risk" if worth < 0 else "mitigation" for row, worth in signs.items()}


def _kind_around(sheet: Sheet) -> str:
    """What the lines above say, the nearest first, then the sheet's name, then the title's heading."""
    above = range(sheet.seen.heading[0] - 1, max(sheet.seen.heading[0] - 4, -1), -1)
    texts = [text for row in above for text in _row_texts(sheet, row)]
    title = [sheet.fields["title"].head.text] if "title" in sheet.fields else []
    name = sheet.seen.grid.sheet
    lines = [kind for text in texts if (kind := kind_in(text))]
    if lines and (own := kind_in(name)) and own != lines[0]:
        return _of_two(next(text for text in texts if kind_in(text)), name)
    return next(filter(None, (*lines, kind_in(name), *map(kind_in, title))), "")


def _of_two(line: str, name: str) -> str:
    """The kind of a table under a line that says one and on a sheet whose name says the other.

    A register of risks may hold both; a word alone is of one kind. Empty where neither tells.

    >>> _of_two("Financial risk register", "Opportunities"), _of_two("Mitigations", "Risk register")
    ('mitigation', 'mitigation')
    >>> _of_two("Risks of the year", "Opportunities M3")
    ''
    """
    for text in (line, name):
        if word_of(text, KINDS, "kind"):
            return kind_in(text)
    sure = [kind_in(text) for text in (line, name) if not _REGISTER.search(text)]
    return sure[0] if len(sure) == 1 else ""


def _row_texts(sheet: Sheet, row: int) -> Iterator[str]:
    texts = (sheet.seen.grid.text(row, c) for c in range(sheet.seen.left, sheet.seen.right + 1))
    return (text for text in texts if text)


def _signs(sheet: Sheet) -> None:
    """A register that writes all of one kind below nil has a habit; one that mixes them is asked."""
    field = sheet.fields.get("gross")
    if field is None:
        return
    kinds = dict(zip(sheet.rows, sheet.texts["kind"], strict=True))
    exact = {row: pence for row, pence in sheet.money[field.at].items() if kinds.get(row)}
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


def net_label(sheet: Sheet, row: int) -> str:
    """The label of a row that is what risks and mitigations come to; empty where it is none.

    It says so, in whatever column, and has no chance of its own: a risk whose title begins so has one.
    """
    if sheet.table.name != "risks":
        return ""
    label = next(_row_texts(sheet, row), "")
    needed = next(
        (sheet.fields[name].at for name in ("chance", "id") if name in sheet.fields), None
    )
    of_all = _NET_ROW.search(label) or is_total(label)
    if needed is None or not (of_all or sheet.asked.totals.get(folded(label)) == "total"):
        return ""
    own = sheet.seen.grid.value(row, needed)
    return label if is_empty(own) or own == label else ""


def taken_off(sheet: Sheet) -> frozenset[int]:
    """The rows that a net total takes off: mitigations written above nil, as the risks are."""
    if sheet.table.name != "risks" or "gross" not in sheet.fields:
        return frozenset()
    gross = sheet.money.get(sheet.fields["gross"].at, {})
    kinds = zip(sheet.rows, sheet.texts.get("kind", ()), strict=False)
    return frozenset(row for row, kind in kinds if kind == "mitigation" and gross.get(row, 0) > 0)
