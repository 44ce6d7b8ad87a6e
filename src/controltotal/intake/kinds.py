"""What a table on a sheet is of: income and expenditure, savings, a ledger's postings, or a table.

Headings decide, and where they leave it open the name of the sheet. A kind is `amounts` (lines down
or across, and money in columns), `schemes` (a savings tracker), `ledger` (postings), `long` (one sum
a row with its line, period and basis), `return` (sub code, main code, value), `accounts` (the
template of the accounts by subcode), or the name of a table of the book; empty where nobody can tell.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from pathlib import PurePath
from typing import Final

from controltotal.core.schema import Table, table_named, tables
from controltotal.core.vocabulary import folded
from controltotal.intake.elsewhere import of_capital, of_no_place
from controltotal.intake.fields import field_of
from controltotal.intake.ground import words_above
from controltotal.intake.model import Asked, Seen
from controltotal.intake.ranges import column_of_kinds, holds_range

LONG, RETURN, ACCOUNTS, LEDGER = "long", "return", "accounts", "ledger"
LEAST_FIT: Final = 0.6
"""The share of headings that must name columns of a table before a sheet is taken for it."""
_FEW: Final = 2
"""Meanings of headings beside which columns that nobody knows may be lines."""
_ABOVE: Final = 5
"""Rows above the headings that may hold a title."""
_LOOKED_AT: Final = 40
"""Rows of a table of which the cells are looked at."""
_POSTED: Final = frozenset(("journal", "date", "cost_centre_code", "supplier"))
"""Headings of a list of postings."""
_WHEN: Final = frozenset(("month", "period"))
_OF_SCHEMES: Final = frozenset(
    (
        "full_year_effect",
        "recurrence",
        "maturity",
        "cash_type",
        "qia",
        "rag",
        "clinical_lead",
        "gate",
    )
)
"""Headings that schemes have and lines of account do not."""
_SCHEME: Final = re.compile(
    r"(?:savings?|efficiency|cip|qipp|cost improvement)?\s*(?:schemes?|initiatives?)"
    r"(?:\s*(?:name|title|description))?",
    re.IGNORECASE,
)
"""A heading of the titles of schemes."""
_SAVINGS: Final = re.compile(
    r"\b(?:efficienc(?:y|ies)|savings?|cost improvements?|cips?|qipp|crip) "
    r"(?:programmes?|plans?|schemes?|trackers?|delivery)\b",
    re.IGNORECASE,
)
"""A title of a list of savings."""
_RISKS: Final = re.compile(r"\brisks?\b", re.IGNORECASE)
_SUPPLIED: Final = frozenset(("organisation", "year", "basis", "unit", "month"))
"""Required columns that words around a table, or the person, may supply for all of it."""


def kind_of(seen: Seen, asked: Asked) -> str:
    """What a table is of; empty where nobody can tell."""
    means = {head.means for head in seen.heads if head.means}
    texts = {folded(text) for head in seen.heads for text in head.texts}
    if asked.as_:
        return _as_asked(seen, asked.as_, means)
    own = _own_table(seen)
    if own:
        return LONG if own == "amounts" else own
    for kind, fits in (
        (ACCOUNTS, _is_accounts(means, texts)),
        (RETURN, _is_return(means, texts)),
        ("risks", _is_risks(seen, means, texts)),
        ("schemes", _is_tracker(seen, means)),
        (LEDGER, _is_ledger(seen, means)),
        ("control_totals", _is_control_totals(means, {*texts, folded(seen.grid.sheet)})),
        (LONG, _is_long(seen, means)),
    ):
        if fits:
            return kind
    if _is_matrix(seen, means):
        return "amounts"
    if of_capital(seen):
        return ""
    crossed = "amounts" if _is_crossed(seen, means) else ""
    return _best_table(seen) or crossed or _as_titled(seen, means)


def _as_titled(seen: Seen, means: Collection[str]) -> str:
    """What the title or a heading `Scheme` says that a table is of, where its columns are like it."""
    said = set(means)
    titled = bool({"title", "description", "risk"} & said)
    if not titled or said & {"line", "line_code", "journal"} or of_no_place(seen):
        return ""
    words = words_above(seen)
    if any(map(_RISKS.search, words)) and any(map(_RISKS.search, _headings(seen))):
        return "risks" if _sums(seen) or _unnamed_numbers(seen) else ""
    named = any(map(_SCHEME.fullmatch, _headings(seen))) or any(map(_SAVINGS.search, words))
    told = {head.measure.basis for head in seen.heads if head.means == "money"}
    return "schemes" if named and told & {"plan", "actual", "forecast"} else ""


def _headings(seen: Seen) -> list[str]:
    return [text.strip() for head in seen.heads for text in head.texts if text]


def _as_asked(seen: Seen, kind: str, means: Collection[str]) -> str:
    """The kind that the person names; amounts are long where each row has one sum."""
    name = table_named(kind) or folded(kind)
    return LONG if name == "amounts" and _is_long(seen, means) else name


def _own_table(seen: Seen) -> str:
    """The table of the book whose name the sheet or file bears, where the headings are its own."""
    for name in (seen.grid.sheet, PurePath(seen.grid.file).stem):
        table = table_named(name) if name else ""
        if not table:
            continue
        columns = tables()[table]
        known = [h for h in seen.heads if any(columns.named(text) for text in h.texts if text)]
        asked = set(columns.required) - _SUPPLIED
        said = {columns.named(text) for head in known for text in head.texts}
        if asked <= said and len(known) >= LEAST_FIT * len(seen.heads):
            return table
    return ""


def _is_accounts(means: Collection[str], texts: Collection[str]) -> bool:
    return "worksheet" in texts and ("subcode" in texts or "line_code" in means)


def _is_return(means: Collection[str], texts: Collection[str]) -> bool:
    return {"subcode", "maincode"} <= set(texts) or {"line_code", "main_code"} <= set(means)


def _is_ledger(seen: Seen, means: Collection[str]) -> bool:
    """Debit and credit, or one sum a posting of an account."""
    if {"debit", "credit"} <= set(means) or ("direction" in means and "basis" not in means):
        return True
    dumped = "directorate" in means and "line_code" in means and bool(_WHEN & set(means))
    posted = (dumped or bool(_POSTED & set(means))) and not {"scheme_id", "basis"} & set(means)
    return posted and len(_sums(seen)) == 1 and bool({"line", "line_code"} & set(means))


def _is_risks(seen: Seen, means: Collection[str], texts: Collection[str]) -> bool:
    chance = bool({"chance", "likelihood"} & set(means))
    if _has_savings(seen, means, chance=chance):
        return False
    titled = any("risk" in text for text in texts) or "kind" in means
    titled = titled or column_of_kinds(seen) is not None
    ranged = holds_range(seen.heads)
    titled = titled or ((ranged or (chance and _is_worth(seen))) and _titled_risks(seen))
    valued = bool({"gross", "net"} & set(means)) or ranged
    return (titled and valued) or (chance and (titled or valued))


def _has_savings(seen: Seen, means: Collection[str], *, chance: bool) -> bool:
    """Whether headings are of savings or accounts; a register may say of a risk whether it repeats."""
    marked = chance and "gross" in means and _is_worth(seen) and _titled_risks(seen)
    words = {"full_year_effect", "line_code"} | (set() if marked else {"recurrence"})
    return bool(words & set(means))


def _is_worth(seen: Seen) -> bool:
    """Whether a column is of one sum, and none of a plan, an actual or a forecast."""
    bases = {head.measure.basis for head in seen.heads}
    summed = bool(_sums(seen)) or any(head.means == "gross" for head in seen.heads)
    return summed and not {"plan", "actual", "forecast"} & bases


def _titled_risks(seen: Seen) -> bool:
    """Whether the words above a table, or the name of its sheet, speak of risks."""
    above = range(max(seen.heading[0] - _ABOVE, 0), seen.heading[0])
    texts = [seen.grid.text(row, column) for row in above for column in range(seen.right + 1)]
    return any("risk" in text.casefold() for text in (*texts, seen.grid.sheet))


def _is_tracker(seen: Seen, means: Collection[str]) -> bool:
    """Schemes by id or title, with what they are worth."""
    said = set(means)
    worth = "full_year_effect" in said or bool(_sums(seen))
    if not worth or not {"scheme_id", "title", "description"} & said or of_capital(seen):
        return False
    named = {"scheme_id", "title"} <= said and not {"gross", "journal", "due"} & said
    return named or bool(_OF_SCHEMES & said and not {"journal", "gross"} & said)


def _is_control_totals(means: Collection[str], texts: Collection[str]) -> bool:
    said = any("controltotal" in text for text in texts)
    bodies = bool({"organisation", "organisation_code"} & set(means))
    return said and bodies and not {"line", "line_code"} & set(means)


def _sums(seen: Seen) -> list[int]:
    """Columns of money, as far as headings say."""
    return [h.column for h in seen.heads if h.means in ("money", "amount", "value")]


def _is_long(seen: Seen, means: Collection[str]) -> bool:
    """One sum a row, with a line and with the year, month or basis in columns of their own."""
    single = len(_sums(seen)) == 1 and not any(
        head.measure.basis or head.measure.number for head in seen.heads if head.means == "money"
    )
    periods = {"year", "month", "period", "basis"} & set(means)
    return single and bool({"line", "line_code"} & set(means)) and bool(periods)


def _is_matrix(seen: Seen, means: Collection[str]) -> bool:
    labelled = {"line", "line_code", "line_across", "organisation", "organisation_code", "month"}
    across = "line_across" in means or ("line" in means and _unnamed_numbers(seen))
    return bool(_sums(seen) or across) and bool(labelled & set(means))


def _is_crossed(seen: Seen, means: Collection[str]) -> bool:
    """Whether bodies stand down and several columns of numbers beside them, such as lines across."""
    named = bool({"organisation", "organisation_code"} & set(means))
    return named and len(set(means)) <= _FEW and _unnamed_numbers(seen)


def _unnamed_numbers(seen: Seen) -> bool:
    """Whether columns of numbers stand under names that say nothing of money, such as bodies."""
    rows = range(seen.first, min(seen.last + 1, seen.first + _LOOKED_AT))
    return any(
        isinstance(seen.grid.value(row, head.column), int | float)
        for head in seen.heads
        if not head.means
        for row in rows
    )


def _best_table(seen: Seen) -> str:
    """The one table of the book of which most headings are columns; empty where two are as near."""
    scores = {name: _score(seen, table) for name, table in tables().items() if name != "amounts"}
    best = max(scores.values())
    found = [name for name, score in scores.items() if score == best]
    return found[0] if best >= LEAST_FIT and len(found) == 1 else ""


def _score(seen: Seen, table: Table) -> float:
    """The share of headings that are columns of a table; nil where a column it needs is missing."""
    columns = {field_of(head, table, {}).column for head in seen.heads} - {""}
    needed = set(table.required) - _SUPPLIED
    if not needed <= columns or len(columns) < 2:
        return 0.0
    return len(columns) / max(len([head for head in seen.heads if head.text]), 1)
