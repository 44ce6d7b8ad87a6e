"""The paper for an auditor: every exception, nil said where nil, and a sample with its evidence.

The first page counts the exceptions of each kind and says what cannot be told; then each kind that
has any has a table, row by row with the place of each; then figures drawn by a stated seed, each
with its value, its rule and a row of the data; then the rules and parameters on which figures rest.
It needs the answer `audit` beside those of a pack.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

from controltotal.core.calendar import month_name, year_label
from controltotal.papers.audit_sample import method, rules_and_parameters, sample, short_day
from controltotal.papers.board_cover import reached
from controltotal.papers.board_method import method_page
from controltotal.papers.board_notes import cell, notes
from controltotal.papers.board_words import capital, cut, speaker
from controltotal.papers.pack import check_schemes, footer_of, month_notices, notices_of
from controltotal.papers.paper import Paper, paper
from controltotal.papers.sections import (
    Focus,
    Results,
    Section,
    TableView,
    columns,
    focus_of,
    told_columns,
)

Row = Mapping[str, Any]

STATES: Final = {"some": "listed below", "none": "none", "unknown": "cannot be told"}
"""How a kind of exception stands, in words: nil and not known are told apart."""
PRINTED_MOST: Final = 40
"""Exceptions of one kind that a printed table has at most."""


def audit_paper(results: Results, organisation: str | None = None) -> Paper:
    """The paper for an auditor of one body and those below it, ready for any form."""
    check_schemes(results)
    focus = focus_of(results, organisation)
    focus = focus.shortly_named()
    pages = [
        _front(results, focus),
        _exceptions(results, focus),
        sample(results, focus),
        rules_and_parameters(results, focus),
        method(results),
    ]
    parts = [
        part
        for place, (first, *rest) in enumerate((page for page in pages if page), 1)
        for part in (replace(first, title=f"{place} {first.title}"), *rest)
    ]
    parts += notes(results, parts)
    return paper(
        _title(results, focus),
        _subtitle(results, focus),
        parts,
        [*notices_of(focus), *month_notices(results)],
        footer_of(results),
        paged=True,
    )


def _title(results: Results, focus: Focus) -> str:
    month = reached(results, focus)
    of = f", month {month} (to the end of {month_name(month)})" if month else ""
    return f"For audit {year_label(focus.year)}{of}: {focus.name(focus.organisation)}"


def _subtitle(results: Results, focus: Focus) -> str:
    """Who has reported, and of which data the paper is."""
    told = results["position"].said(focus.organisation, "reported", year=focus.year)
    book = results["audit"].book
    return " ".join([*told, f"Data of: {book.name}, entry {book.entry:,}."])


# -- the first page --------------------------------------------------------------------------------


def _front(results: Results, focus: Focus) -> list[Section]:
    """How many exceptions of each kind, which data are queried, and how to check the paper."""
    counts = results["audit"].tables["exception_counts"]
    say = speaker(results, focus)
    rows = [
        {
            "name": row["name"],
            "count": cell(row, "exception_counts", "count", "count"),
            "state": STATES[row["state"]],
            "unseen": capital(say(row["unseen"])),
        }
        for row in counts
    ]
    table = TableView(
        "Exceptions by kind",
        columns(
            "name|Kind",
            "count|How many|cell",
            "state|Told",
            "unseen|What could not be looked at",
        ),
        rows,
        "Nil is told only where the data would show one. What nobody recorded is not nil.",
    )
    answer = Section(
        "answer",
        "Exceptions, and what cannot be told",
        results["audit"].words[:1],
        tables=(table,),
        lead=True,
    )
    return [answer, _reference(results), *_queries(results, focus)]


def _queries(results: Results, focus: Focus) -> list[Section]:
    """Data queries by kind, as the board paper has them, but for what to do about each."""
    found = next((p for p in method_page(results, focus) if p.id == "method-queries"), None)
    if found is None:
        return []
    tables = tuple(
        replace(table, columns=tuple(one for one in table.columns if one.key != "action"))
        for table in found.tables
    )
    return [replace(found, id="queries", tables=tables)]


def _reference(results: Results) -> Section:
    """Of which data the paper is, and how to see that they are these."""
    book = results["audit"].book
    return Section(
        "reference",
        "Reference, and how to check it",
        points=(
            f"Data: {book.name}; last entry {book.entry:,}; root {book.root}.",
            "The root stands for every row and every act in order: change, drop or move one and "
            "it is another. Read the data again with the program: the same root is the same data.",
            "The same data, version and seed give the same paper, byte for byte.",
        ),
        level=3,
    )


# -- exceptions ------------------------------------------------------------------------------------


def _exceptions(results: Results, focus: Focus) -> list[Section]:
    """A table for each kind of which there is any, in the order of the first page."""
    audit = results["audit"]
    say = speaker(results, focus)
    found: dict[str, list[dict[str, Any]]] = {}
    for row in audit.tables["exceptions"]:
        found.setdefault(row["kind"], []).append(_exception(row, focus, say))
    counts = {row["kind"]: row for row in audit.tables["exception_counts"]}
    if not found:
        return []
    lead = Section("exceptions", "Every exception", (_nil(counts.values()),), level=2)
    return [
        lead,
        *(_kind(kind, counts[kind], found[kind]) for kind in counts if kind in found),
    ]


def _nil(counts: Any) -> str:
    """The kinds of which there is none, and those of which it cannot be told, by name."""
    by_state = {state: [row["name"] for row in counts if row["state"] == state] for state in STATES}
    told = "Each row stands with its place in the data."
    if by_state["none"]:
        told += f" None of: {'; '.join(by_state['none'])}."
    if by_state["unknown"]:
        told += f" It cannot be told of: {'; '.join(by_state['unknown'])}."
    return told


def _exception(row: Row, focus: Focus, say: Any) -> dict[str, Any]:
    """One exception as people read it."""
    code, months = row["organisation"], month_words(row["month"])
    subject = capital(say(row["subject"].replace("_", " ")))
    return {
        "who": focus.name(code) if code else "",
        "subject": f"{subject} ({months})" if months and "month" not in subject else subject,
        "by": say(row["by"]),
        "on": short_day(row["on"]),
        "recorded": short_day(row["recorded_on"]),
        "amount": cell(row, "exceptions", "amount_pence"),
        "detail": capital(say(row["detail"])),
        "where": _where(row),
    }


def month_words(months: str) -> str:
    """The months of an exception, by name where they are months.

    >>> month_words("6"), month_words("10, 11"), month_words("H1"), month_words("")
    ('September', 'January, February', 'H1', '')
    """
    parts = [one.strip() for one in months.split(",") if one.strip()]
    return ", ".join(month_name(int(one)) if one.isdigit() else one for one in parts)


def _where(row: Row) -> str:
    """Places of rows as people read them: the first few, and the entries of the reading.

    >>> _where({"where": "control_totals row 4, row 5; gates row 2", "entries": [7, 8]})
    'control totals row 4, row 5; gates row 2 (entries 7, 8)'
    """
    rows = str(row["where"]).replace("_", " ")
    if len(rows) > WHERE_MOST:
        rows = f"{rows[:WHERE_MOST].rpartition(',')[0]} and more"
    entries = [str(one) for one in row["entries"] if one > 0]
    if not entries:
        return rows
    more = f" and {len(entries) - ENTRIES} more" if entries[ENTRIES:] else ""
    what = "entry" if len(entries) == 1 else "entries"
    return f"{rows} ({what} {', '.join(entries[:ENTRIES])}{more})"


WHERE_MOST: Final = 60
"""Letters that the places of an exception have at most in a table; the entries tell the rest."""
ENTRIES: Final = 3
"""Entries that a row names; the others are counted."""


def _kind(kind: str, count: Row, rows: list[dict[str, Any]]) -> Section:
    named = ("who|Organisation",) if any(row["who"] for row in rows) else ()
    table = TableView(
        count["name"],
        columns(
            *named,
            "subject|What",
            "by|By",
            "on|Day",
            "recorded|Recorded",
            "amount|£ million|cell",
            "detail|How",
            "where|Place in the data",
        ),
        rows,
    )
    shown = tuple(told_columns(one) for one in cut(table, PRINTED_MOST, "exception"))
    return Section(f"exceptions-{kind}", count["name"], (count["meaning"],), tables=shown, level=3)
