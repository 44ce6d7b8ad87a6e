"""The columns of a sheet as columns of a table of the book, by their headings.

What the person answered (`headings` of the mapping) comes first, then the book's own names, then the
vocabulary of headings. Two headings of one column are never chosen between.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from controltotal.core.datafiles import packaged_rows
from controltotal.core.money import canonical_unit
from controltotal.core.schema import Table
from controltotal.core.vocabulary import folded
from controltotal.intake.model import Asked, Head, Measure, Seen
from controltotal.intake.words import heading_means

MEANT: Final[Mapping[str, tuple[str, ...]]] = {
    "organisation_code": ("organisation", "code"),
    "organisation": ("organisation", "name"),
    "line_code": ("line",),
    "scheme_id": ("id", "scheme"),
    "title": ("title", "name"),
    "likelihood": ("likelihood", "chance"),
    "period": ("month",),
    "description": ("description", "title"),
    "risk": ("risk", "title"),
    "amount": ("amount", "value", "gross"),
    "value": ("value", "amount"),
}
"""The columns of the book that a word of the vocabulary may mean, the first that a table has."""
MONEY: Final = ("amount", "gross", "value", "full_year_effect", "baseline", "worth")
NOTES: Final = "notes"
UNFIT: Final = "unfit"
"""How a column is known of which the person said what is none."""
_UNIT: Final = re.compile(
    r"\(?£(?:\s?(?:'?000'?s?|k|m|bn|million|thousand)\b)?\)?|\(?\bm?gbp\b\)?", re.IGNORECASE
)
_OF_OTHERS: Final = ("variance", "percent", "prior", "movement", "average")
"""What money is that speaks of other money."""
_OF_MONEY: Final = frozenset({"money", *MONEY, "net"})
_ASIDES: Final = re.compile(r"\(.*?\)")


@dataclass(frozen=True, slots=True)
class Field:
    """A column of the sheet and the column of the table that it is; empty is left out.

    `how` is exact, mapping, unfit (answered by what is no column), near (to be asked) or empty.
    """

    head: Head
    column: str
    how: str
    why: str = ""
    """Why it is left out, where that is sure."""

    @property
    def at(self) -> int:
        """Its place on the sheet."""
        return self.head.column


def texts_of(head: Head) -> tuple[str, ...]:
    """The heading in one line, then its lines from the lowest up."""
    return tuple(dict.fromkeys((head.text, *reversed(head.texts))))


def answered(head: Head, answers: Mapping[str, str]) -> str | None:
    """What the person said of a heading; None where nothing."""
    for text in texts_of(head):
        for key in (text, folded(text)):
            if key in answers:
                return answers[key]
    return None


def bare(text: str) -> str:
    """A heading without its unit, folded.

    >>> bare("Impact (£000)"), bare("Control total £m"), bare("Impact £"), bare("Value (£)")
    ('impact', 'controltotal', 'impact', 'value')
    """
    return folded(_UNIT.sub(" ", text).strip(" :*"))


def unit_in(head: Head) -> str:
    """The unit of money that a heading names; empty where it names none.

    >>> unit_in(Head(0, ("Impact (£000)",))), unit_in(Head(0, ("Impact",)))
    ('£k', '')
    """
    if head.measure.unit.startswith("£"):
        return head.measure.unit
    found = (canonical_unit(m[0].strip("()")) for text in head.texts for m in _UNIT.finditer(text))
    return next(filter(None, found), "")


def usual(head: Head, table: Table) -> str:
    """The column that a heading names by a usual name of it; empty where it names none."""
    names = {
        bare(written): row["column"]
        for row in packaged_rows("intake_fields.csv")
        if row["table"] == table.name
        for written in row["written"].split(";")
    }
    stacked = _own_texts(head)
    texts = [bare(text) for text in stacked]
    texts += [bare(_ASIDES.sub(" ", text)) for text in stacked]
    return next(filter(None, (names.get(text, "") for text in texts)), "")


def named(head: Head, table: Table) -> str:
    """The column that a heading names by the book's own word; empty where it names none."""
    return next(filter(None, (table.named(text) for text in _own_texts(head) if text)), "")


def _own_texts(head: Head) -> tuple[str, ...]:
    """What a heading says of its column alone: without a word over several where the lowest has its own.

    >>> _own_texts(Head(0, ("Value", "Probability %"), "chance", how="exact"))
    ('Value / Probability %', 'Probability %')
    >>> _own_texts(Head(0, ("Gross risk", "£000"), "gross", how="exact"))
    ('Gross risk / £000', '£000', 'Gross risk')
    """
    own = heading_means(head.texts[-1]) if head.texts else ""
    aside = head.measure.basis in _OF_OTHERS
    if aside or (own and own not in _OF_MONEY and own == head.means):
        return tuple(dict.fromkeys((head.text, head.texts[-1])))
    return texts_of(head)


def field_of(head: Head, table: Table, answers: Mapping[str, str]) -> Field:
    """The column of a table that a heading is."""
    said = answered(head, answers)
    if said is not None:
        column = _answer(said, table)
        fits = bool(column) or not said.strip() or bool(heading_means(said))
        return Field(head, column, "mapping" if fits else UNFIT)
    if column := named(head, table) or usual(head, table):
        if column == "scenario" and head.means == "basis":
            column = "basis"  # whose every cell is plan, actual or forecast
        return Field(head, column, "exact")
    if table.name == "control_totals" and _is_total(head):
        return Field(head, "amount", "exact")
    for column in (*MEANT.get(head.means, ()), head.means):
        if column in table.columns:
            return Field(head, column, head.how or "exact")
    return Field(head, column, "exact") if (column := _money(head, table)) else Field(head, "", "")


def _answer(said: str, table: Table) -> str:
    """The column that an answer names, by the book's word or by a word of the vocabulary."""
    column = table.named(said) if said else ""
    return column or next((c for c in MEANT.get(said, ()) if c in table.columns), "")


def _money(head: Head, table: Table) -> str:
    """The column of money that a heading of one sum is; empty where it is of no such sum."""
    if head.means != "money" or not _is_whole(head.measure) or _is_beside(head, table):
        return ""
    return next((column for column in MONEY if column in table.columns), "")


def _is_whole(measure: Measure) -> bool:
    """Whether a heading of money speaks of one sum, not of a variance or a percentage of others."""
    return measure.basis not in _OF_OTHERS and not measure.fact


def _is_beside(head: Head, table: Table) -> bool:
    """Whether money stands beside a control total and is none: a plan, an actual or a forecast."""
    return table.name == "control_totals" and bool(head.measure.basis) and not _is_total(head)


def _is_total(head: Head) -> bool:
    return any("controltotal" in folded(text) for text in head.texts)


def fields_of(seen: Seen, table: Table, asked: Asked) -> list[Field]:
    """Every column of a sheet as a column of a table.

    An answer may name the heading of a column too, such as `headings.gross=Exposure £`.
    """
    named_so = by_heading(seen, table, asked.headings)
    return [field_by(head, table, asked.headings, named_so) for head in seen.heads]


def by_heading(seen: Seen, table: Table, answers: Mapping[str, str]) -> dict[str, str]:
    """The columns of a table that answers give to headings of a sheet, by heading, folded."""
    there = {folded(head.text) for head in seen.heads if head.text}
    return {
        folded(text): column
        for column in table.columns
        if (text := answers.get(folded(column), answers.get(column, ""))) and folded(text) in there
    }


def field_by(
    head: Head, table: Table, answers: Mapping[str, str], named_so: Mapping[str, str]
) -> Field:
    """The column that a heading is; `named_so` are the headings that an answer names by their column."""
    if column := named_so.get(folded(head.text)):
        return Field(head, column, "mapping")
    if folded(answered(head, answers) or "") in named_so:
        return Field(head, "", "mapping")  # another heading is the column that this one is called
    return field_of(head, table, answers)


def by_column(fields: Iterable[Field]) -> dict[str, list[Field]]:
    """The fields of each column that the table has."""
    found: dict[str, list[Field]] = {}
    for field in fields:
        if field.column:
            found.setdefault(field.column, []).append(field)
    return found
