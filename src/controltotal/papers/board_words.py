"""Words and small tools that the pages of a board paper share: sums of money, lists, long tables."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from decimal import Decimal
from functools import cache
from typing import Any, Final

from controltotal.core.calendar import day_words
from controltotal.core.datafiles import packaged_rows
from controltotal.core.money import PENCE_PER, format_money, page_unit
from controltotal.core.result import Result
from controltotal.core.sourced import Part, Source, first_number, sourced, unmarked
from controltotal.papers.charts_frame import Frame
from controltotal.papers.sections import Focus, Results, TableView

Row = Mapping[str, Any]
CUT: Final = "rows that stand in the whole table and not in the printed one"
PRINTED_MOST: Final = 12
"""Rows that a printed table of the paper has at most."""


def pounds(pence: int) -> str:
    """A size of money in a sentence, in £ million; what rounds to nil and is not says so.

    >>> pounds(-340_000_000), pounds(2), pounds(0)
    ('£3.4m', 'less than £0.1m', 'nil')
    """
    return Frame().pounds(pence) if pence else "nil"


def moved(pence: int, better: str = "better", worse: str = "worse") -> str:
    """How far money is from something, and which way.

    >>> moved(-340_000_000), moved(0), moved(50_000_000, "more", "less")
    ('£3.4m worse', 'no change', '£0.5m more')
    """
    if not pence:
        return "no change"
    return f"{pounds(pence)} {better if pence > 0 else worse}"


def many(count: int, one: str, more: str = "") -> str:
    """A number of things in words.

    >>> many(1, "scheme"), many(3, "scheme"), many(2, "body", "bodies")
    ('1 scheme', '3 schemes', '2 bodies')
    """
    return f"{count:,} {one if count == 1 else more or one + 's'}"


DAY: Final = re.compile(r"(?<![\d-])\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])(?![\d-])")
MONEY: Final = re.compile(r"£(\()?([\d,]+(?:\.\d+)?)(\))? (million|thousand)\b")
ARTICLE: Final = re.compile(r"\b([Aa])(?= (?:organisation|assured|effect))")


@cache
def _said() -> tuple[re.Pattern[str], Mapping[str, str]]:
    """What answers call things, as one pattern, and by each what people who read a paper call it."""
    instead = {row["answers"]: row["papers"] for row in packaged_rows("said.csv")}
    found = "|".join(map(re.escape, sorted(instead, key=len, reverse=True)))
    return re.compile(rf"\b(?:{found})\b", re.IGNORECASE), instead


def speaker(results: Results, focus: Focus) -> Callable[[str], str]:
    """What turns a text of an answer into one of a paper: short names, and people's own words.

    Codes and long names of organisations become short names. A code that a sentence may use for
    something else (`A`, `100`) stays as it is.
    """
    instead = {
        code: name
        for code, name in focus.names.items()
        if len(code) > 2 and code.upper() == code and code.lower() != code
    }
    for row in results["register"].tables["organisations"]:
        if row["name"] and row["name"] != focus.name(row["organisation"]):
            instead[row["name"]] = focus.name(row["organisation"])
    found = "|".join(map(re.escape, sorted(instead, key=len, reverse=True)))
    names = re.compile(rf"(?<![\w-])(?:{found})(?![\w-])") if found else None

    def say(text: str) -> str:
        if names is not None:
            text = names.sub(lambda one: instead[one[0]], text)
        return plain(text)

    return say


def plain(text: str) -> str:
    """A text of an answer as papers say it: their words, days in full, money in one form.

    >>> plain("a body's total is not in the book"), plain("waived on 2026-03-20")
    ("an organisation's total is not in the data", 'waived on 20 March 2026')
    >>> plain("due 2026-02-31")
    'due 2026-02-31'
    >>> plain("Bodies differ by £(3.0) million, or £300 thousand each")
    'Organisations differ by £(3.0)m, or £0.3m each'
    """
    found, instead = _said()
    text = DAY.sub(_day_in_words, text)
    text = MONEY.sub(_in_millions, text)
    text = found.sub(lambda one: _as_cased(one[0], instead[one[0].lower()]), text)
    return ARTICLE.sub(r"\1n", text)


def _day_in_words(found: re.Match[str]) -> str:
    """A day as people say it; one that no calendar has stays as somebody wrote it."""
    try:
        return day_words(found[0])
    except ValueError:
        return found[0]


def _in_millions(found: re.Match[str]) -> str:
    opened, size, shut, unit = found.groups(default="")
    if page_unit() == "£k":  # what is told in millions there is told so by its source
        return f"£{opened}{size}{shut}{'m' if unit == 'million' else 'k'}"
    money = Decimal(size.replace(",", "")) * PENCE_PER["£m" if unit == "million" else "£k"]
    return f"£{opened}{format_money(int(money))}{shut}m"


def _as_cased(word: str, instead: str) -> str:
    return capital(instead) if word[:1].isupper() else instead


def capital(text: str) -> str:
    """A text that begins with a capital letter."""
    return text[:1].upper() + text[1:]


def day(text: str) -> str:
    """A day as people say it; empty where none is told."""
    return day_words(text) if text else ""


def own_rows(result: Result | None, table: str, focus: Focus) -> list[Row]:
    """Rows of a table that are of the paper's own body and year."""
    rows = () if result is None else result.tables.get(table, ())
    wanted = (focus.organisation, focus.year)
    return [row for row in rows if (row["organisation"], row["year"]) == wanted]


def rows_below(result: Result | None, table: str, inside: Iterable[str], year: str) -> list[Row]:
    """Rows of a table that are of some bodies in a year."""
    rows = () if result is None else result.tables.get(table, ())
    bodies = set(inside)
    return [row for row in rows if row["organisation"] in bodies and row["year"] == year]


def narrowed(table: TableView, focus: Focus, key: str = "body") -> TableView:
    """A table without the column that names organisations, where every row is of the paper's own."""
    own = focus.name(focus.organisation)
    if any(row.get(key) != own for row in table.rows):
        return table
    return replace(table, columns=tuple(one for one in table.columns if one.key != key))


def cut(table: TableView, most: int = PRINTED_MOST, what: str = "") -> tuple[TableView, ...]:
    """A long table as one to print and the whole of it folded; a short one as it stands.

    What is cut is counted in the note, so that nobody takes the first rows for all.
    """
    more = len(table.rows) - most
    if more <= 0:
        return (table,)
    key = table.columns[0].key
    left = [Part(unmarked(str(row.get(key) or ""))) for row in table.rows[most:]]
    shown = sourced(f"{more:,}", Source(how=CUT, parts=tuple(left)))
    note = f"And {first_number(many(more, what), shown)} more." if what else f"And {shown} more."
    first = replace(table, rows=table.rows[:most], note=" ".join(filter(None, (table.note, note))))
    return first, replace(table, title=f"{table.title}: all", folded=True)
