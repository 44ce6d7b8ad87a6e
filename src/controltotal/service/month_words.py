"""What an import says, in the words of the service: the ledger, lines by their names, months and days.

A command line speaks of a book, of codes and of options; whoever sends a month on a page never sees these.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Final

from controltotal.core.calendar import day_words, month_name, month_of
from controltotal.core.lines import Line

_SAYINGS: Final = (
    (re.compile(r", in which another hand put (?:it|them)"), ""),
    (re.compile(r"(\(first [^()]*?): amounts row [\d,]+(?: by [^()]*)?\)"), r"\1)"),
    (re.compile(r"\bthe book holds\b"), "your ledger has"),
    (re.compile(r"\bthe book\b"), "your ledger"),
    (re.compile(r"\bThe book\b"), "Your ledger"),
    (re.compile(r"\bno lines? of (?:the|a) book\b"), "not the names of lines of your ledger"),
    (re.compile(r"\ba book\b"), "a ledger"),
    (re.compile(r" or code\b"), ""),
    (re.compile(r"\bsomething else than\b"), "something other than"),
)
"""Sayings of an import, and what a page says."""
_DAY: Final = re.compile(r"\b\d{4}-\d{2}-\d{2}\b")
_MONTH: Final = re.compile(r"M?(\d{1,2})")


def page_words(text: str, lines: Mapping[str, Line], bodies: Mapping[str, str]) -> str:
    """A sentence of an import as a page says it: no codes of lines and bodies, no book.

    >>> from controltotal.core.lines import packaged_lines
    >>> page_words("Non-pay, which the book holds whole for T1: 2026-04-01", packaged_lines(), {"T1": "Tor"})
    'Non-pay, which your ledger has whole for Tor: April 2026'
    >>> page_words("non_pay is stated whole (first agency pay, month 9)", packaged_lines(), {})
    'Non-pay is stated whole (first Agency pay, month 9)'
    """
    for pattern, words in _SAYINGS:
        text = pattern.sub(words, text)
    for code, line in lines.items():
        if "_" in code:
            spoken = code.replace("_", " ")
            text = re.sub(rf"\b{re.escape(code)}\b", line.name, text)
            text = re.sub(rf"\b{re.escape(spoken)}(?=, month)", line.name, text)
    for code, title in bodies.items():
        text = "".join(
            title if part == code else part
            for part in re.split(rf"(?<![\w“-])({re.escape(code)})(?![\w”-])", text)
        )
    return _DAY.sub(_day, text)


def _day(found: re.Match[str]) -> str:
    """A day in words; the first of a month as that month, as headings mean it."""
    try:
        on = date.fromisoformat(found[0])
    except ValueError:
        return found[0]
    return f"{month_name(month_of(on))} {on.year}" if on.day == 1 else day_words(on)


def when_words(text: str) -> str:
    """A month as an import names it, in words.

    >>> when_words("M9"), when_words("YTD9"), when_words("")
    ('Month 9 (December)', 'To month 9 (December)', '')
    """
    to_date = text.startswith("YTD")
    found = _MONTH.fullmatch(text.removeprefix("YTD"))
    if found is None or not 1 <= int(found[1]) <= 12:
        return text
    words = f"onth {int(found[1])} ({month_name(int(found[1]))})"
    return f"To m{words}" if to_date else f"M{words}"


def later_words(rows: Iterable[Mapping[str, str]], lines: Mapping[str, Line]) -> list[str]:
    """Amounts of later periods that are left aside, each by its line, its period and what it is.

    >>> from controltotal.core.lines import packaged_lines
    >>> row = {"line": "agency_pay", "month": "10", "basis": "actual"}
    >>> later_words([row, {**row, "month": "", "basis": "forecast"}], packaged_lines())
    ['Agency pay, month 10', 'Agency pay, the year, forecast']
    """
    return [_amount(row, lines) for row in rows]


def _amount(row: Mapping[str, str], lines: Mapping[str, Line]) -> str:
    line, month, basis = (row.get(name, "") for name in ("line", "month", "basis"))
    title = lines[line].name if line in lines else line.replace("_", " ")
    title += f", scheme {row['scheme']}" if row.get("scheme") else ""
    when = f"month {month}" if month.isdecimal() else month or "the year"
    if month.startswith("YTD"):
        when = f"to month {month.removeprefix('YTD')}"
    return ", ".join(filter(None, (title, when, "" if basis == "actual" else basis)))
