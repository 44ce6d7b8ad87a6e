"""Last page: what does not add up, by kind and with what to do; the method; the words used.

Queries are those of the paper's own body and those below it, and of the data as a whole. A kind
is told in the words of the table of codes, never by its code.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from controltotal.core.datafiles import packaged_rows
from controltotal.core.finding import Finding
from controltotal.core.money import page_unit
from controltotal.core.names import listed
from controltotal.core.sourced import Part, Source, first_number, marked, unmarked
from controltotal.papers.board_said import other_months
from controltotal.papers.board_sources import counted, page
from controltotal.papers.board_words import capital, many, own_rows, plain, speaker
from controltotal.papers.sections import Cell, Focus, Results, Section, TableView, below, columns

UNITS: Final = {"£m": "£ million to one place", "£k": "£ thousand"}
"""How money stands on a page, by its unit."""
SEVERE: Final = {"error": "mend", "warning": "check"}
"""Severities that are data queries, the worst first, and what they ask for."""
NAMED: Final = 3
"""Organisations that a row names; the others are counted."""
ERRORS_MOST: Final = 3
TERMS_MOST: Final = 12
"""Terms that are printed; a page on the screen has all of them."""
FINDING: Final = "findings/"
"""What the key of a data query begins with, before its code."""
SUM: Final = re.compile(r"£\(?[\d.,]*\d\)?(?:m|k|bn)?")
"""A sum of money in what a data query says."""
SELF_EXPLAINED: Final = frozenset(
    {"Cash", "Deficit", "Favourable", "Financial year", "Gap", "Local authority", "Place"}
    | {"Peers", "Position improvement", "Provider", "Region", "Scheme", "Strict", "Mark"}
    | {"Disjoint", "Drawdown", "Direction", "Certificate", "Commissioner", "Year to date"}
)
"""Terms that everybody who reads a board paper knows, or that a sentence uses in another sense."""


@page
def method_page(results: Results, focus: Focus) -> list[Section]:
    """What does not add up, and how the paper is made."""
    queries = queries_of(results, focus)
    parts = [_lead(queries), _worst(results, focus, queries), _method(results, focus)]
    return [parts[0], *(part for part in parts[1:] if not part.empty)]


def queries_of(results: Results, focus: Focus) -> list[Finding]:
    """Errors and warnings of the body and those below it, and of nobody in particular."""
    inside = below(results, focus)
    return [
        found
        for found in results["check"].findings
        if found.severity in SEVERE
        and (inside & set(found.organisations or (found.organisation,)) or not found.organisation)
    ]


def _lead(queries: Sequence[Finding]) -> Section:
    title = "What does not add up, and method"
    return Section("method", title, (queries_words(queries),), lead=True)


def queries_words(queries: Sequence[Finding]) -> str:
    """How many data queries are open, those to be mended first."""
    errors = [one for one in queries if one.severity == "error"]
    others = [one for one in queries if one.severity != "error"]
    told = [f"{_queries(errors)} to be mended"] if errors else []
    told += [f"{_queries(others)} to be looked at"] if others else []
    return f"{capital(listed(told))}." if told else "Nothing that was checked fails to add up."


def _queries(some: Sequence[Finding]) -> str:
    """How many data queries there are, with each."""
    parts = [Part(plain(one.message), f"{FINDING}{one.code}") for one in some]
    shown = counted(f"{len(some):,}", "data queries that a check of the data finds", parts)
    return first_number(many(len(some), "data query", "data queries"), shown)


def queried(one: Finding, text: str) -> str:
    """What a data query says, its numbers leading to the query."""
    parts = (Part(plain(one.message), f"{FINDING}{one.code}"), Part("Expected", "", one.expected))
    sums = [found[0] for found in SUM.finditer(text)]
    how = "a check of the data finds it"
    return marked(text, [(shown, Source(how=how, parts=parts)) for shown in sums])


# -- data queries ------------------------------------------------------------------------------------


def _worst(results: Results, focus: Focus, queries: Sequence[Finding]) -> Section:
    """Queries counted by kind, those to be mended first, then the most frequent."""
    say = speaker(results, focus)
    codes = {row["code"]: row for row in packaged_rows("codes.csv")}
    kinds: dict[tuple[str, str], list[Finding]] = {}
    for one in queries:
        kinds.setdefault((one.severity, one.code), []).append(one)
    order = list(SEVERE)
    rows = [
        _kind(same, codes.get(code, {}), focus)
        for (severity, code), same in sorted(
            kinds.items(), key=lambda one: (order.index(one[0][0]), -len(one[1]), one[0][1])
        )
    ]
    errors = [one for one in queries if one.severity == "error"]
    points = [
        queried(one, capital(say(f"{one.message} {one.action}"))) for one in errors[:ERRORS_MOST]
    ]
    if len(errors) > ERRORS_MOST:
        points.append(f"And {_more(errors[ERRORS_MOST:])} more to be mended.")
    table = TableView(
        "Data queries by kind",
        columns(
            "ask|To",
            "kind|What is queried",
            "count|How many|cell",
            "who|Organisations",
            "action|What to do",
        ),
        rows,
    )
    heading = "Data queries"
    return Section("method-queries", heading, points=tuple(points), tables=(table,), level=3)


def _more(some: Sequence[Finding]) -> str:
    return _queries(some).rpartition(" data ")[0]


def _kind(same: Sequence[Finding], code: Any, focus: Focus) -> dict[str, Any]:
    first = same[0]
    bodies = [b for one in same for b in one.organisations or (one.organisation,) if b]
    names = list(dict.fromkeys(focus.name(body) for body in bodies))
    more = len(names) - NAMED
    return {
        "kind": plain(code.get("meaning") or first.message),
        "count": Cell(len(same), "count", "check.count", (("kind", first.code),)),
        "who": ", ".join(names[:NAMED]) + (f" and {more} more" if more > 0 else ""),
        "action": plain(code.get("action") or first.action),
        "ask": SEVERE[first.severity],
    }


# -- method ------------------------------------------------------------------------------------------


def _method(results: Results, focus: Focus) -> Section:
    """The conventions of the paper, a line each, only those that its data call for."""
    points = [
        "Positions stand without deficit support unless they say otherwise; support is never "
        "counted as an improvement.",
        f"{UNITS[page_unit()]}, worked out to the penny: sums of what is shown may differ in the "
        "last place. Brackets mean a deficit, a cost, or worse.",
        "What nobody reported is left empty. It is never taken as nil, and no total is made around "
        "it.",
    ]
    if own_rows(results.get("schemes"), "savings_by_category", focus):
        points.append(
            "A scheme is assured when gate G3 is passed, every domain of quality is assessed and "
            "below its limit, a medical director and a chief nurse have signed, and those affected "
            "have been heard. No list of schemes holds any other."
        )
    points += _simulated(results, focus)
    points += _withheld(results, focus)
    aside = other_months(results)
    if aside:
        shown = counted(
            f"{aside:,}", "sentences that people wrote for other months", _aside(results)
        )
        points.append(
            f"{first_number(many(aside, 'sentence'), shown)} written for other months: not shown here."
        )
    book = results["position"].book
    points.append(
        f"Figures rest on {book.name} as it stood at entry {book.entry:,}. The same data and the "
        "same version of the program give the same paper."
    )
    return Section("method-how", "Method", points=tuple(points), level=3, closed=True)


def _aside(results: Results) -> list[Part]:
    """The sentences of other months, each with who wrote it and of which month."""
    rows = results["wording"].tables.get("other_months", ())
    return [Part(str(row["by"]), shown=f"month {row['month']}") for row in rows]


def withheld_of(row: Mapping[str, Any]) -> str:
    """The organisation that a withheld figure is of."""
    steps = str(row["figure"]).split("/")
    return steps[1] if len(steps) > 1 else steps[0]


def _withheld(results: Results, focus: Focus) -> list[str]:
    """Each figure that is withheld or not told, with the reason; nothing where none is."""
    inside = below(results, focus)
    told = [
        f"{focus.name(withheld_of(row))} ({row['kind']}): {plain(str(row['reason']))}"
        for row in results["position"].tables.get("withheld", ())
        if withheld_of(row) in inside
    ]
    return [f"Withheld or not told: {'; '.join(told)}."] if told else []


def _simulated(results: Results, focus: Focus) -> list[str]:
    """How the simulation was made, and who stands behind its rates; nothing where there is none."""
    result = results.get("risk")
    rates = own_rows(result, "rates", focus)
    if result is None or not rates:
        return []
    row, draws = rates[0], result.options.get("draws")
    text = "The simulation draws each scheme and each risk of the register"
    text += f" {draws:,} times" if isinstance(draws, int) else ""
    if row["standing"] == "none":
        over = all(one["to"] == "M12" for one in own_rows(result, "cases", focus))
        return [] if over else [f"{text}; no delivery rate is used."]
    if row["chance_may_be_told"]:
        by = row["by"]
        finished = row["finished"]
        told = f"were adopted by {by}" if by else f"rest on {finished} finished schemes"
        return [f"{text}; its delivery rates {told}."]
    return [
        f"{text}. It is illustrative: its delivery rates were neither adopted by a named office "
        "nor estimated from at least 30 finished schemes."
    ]


# -- words used --------------------------------------------------------------------------------------


def words_used(parts: Iterable[Section]) -> Section:
    """The terms of the glossary that some parts of a paper use, each with its meaning."""
    said = unmarked(" ".join(_said(parts)))
    small = said.lower()
    rows = [
        {"term": row["term"], "meaning": plain(row["meaning"])}
        for row in packaged_rows("glossary.csv")
        if row["term"] not in SELF_EXPLAINED and _uses(said, small, row["term"])
    ]
    title = "Words used"
    heads = columns("term|Term", "meaning|Meaning")
    if len(rows) <= TERMS_MOST:
        return Section("words", title, tables=(TableView(title, heads, rows),), level=3)
    tables = (TableView(title, heads, rows, folded=True),)
    short = "; ".join(f"{row['term']}: {_first(row['meaning'])}" for row in rows)
    return Section("words", title, (f"{short}.",), tables=tables, level=3, closed=True)


def _first(meaning: str) -> str:
    """The first sentence of a meaning, beginning small unless with a name.

    >>> _first("Happens once. And more"), _first("NHS money")
    ('happens once', 'NHS money')
    """
    text = meaning.split(". ")[0]
    return text if text[1:2].isupper() else text[:1].lower() + text[1:]


def _uses(said: str, small: str, term: str) -> bool:
    """Whether a text uses a term: its words in any case, or the letters that stand for it.

    `small` is the text in small letters.

    >>> _uses("Control totals", "control totals", "Control total"), _uses("a cip", "a cip", "CIP")
    (True, False)
    """
    words, _, letters = term.partition(" (")
    forms = [one for one in (words, letters.rstrip(")")) if one]
    return any(
        one.lower() in small  # few are, and to look for whole words takes longer
        and re.search(
            rf"(?<![\w-]){re.escape(one)}(?:s|es)?(?![\w-])",
            said,
            0 if one[:2].isupper() else re.IGNORECASE,
        )
        for one in forms
    )


def _said(parts: Iterable[Section]) -> Iterable[str]:
    """Everything that parts of a paper say in words and do not fold away."""
    for part in parts:
        yield part.title
        yield from part.words
        yield from part.points
        for view in part.charts:
            yield view.title
        for table in part.tables:
            if table.folded:
                continue
            yield table.title
            yield table.note
            yield from (column.heading for column in table.columns)
            for row in table.rows:
                for value in row.values():
                    if isinstance(value, str):
                        yield value
