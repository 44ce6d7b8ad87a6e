"""What people wrote, set into a board paper: in place of offered words, or as lines beside them.

A headline takes the place of an offered one; all else stands as lines of the part where a board
looks for it. Words that their figures have outrun carry a mark, and a paper that holds any is a draft:
then, and only then, each sentence says who wrote it. What is told of a source keeps its name.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from controltotal.core.calendar import day_words
from controltotal.core.names import listed
from controltotal.core.sourced import Source, marked
from controltotal.papers.board_words import capital
from controltotal.papers.sections import Focus, Results, Section, TableView, columns

Row = Mapping[str, Any]
LINES_MOST: Final = 3
"""Lines of one part that people wrote and a printed paper holds; the others are folded."""
LEADS: Final = {
    "assurance": "Assurance",
    "caveat": "It depends on",
    "action": "In hand",
}
"""How a line begins that is no driver and no headline."""
REST: Final = "trust"
"""The part in which words stand whose own part is not in the paper."""


def written(results: Results) -> Sequence[Row]:
    """The sentences that people wrote for this paper, in the order of the data.

    One that would tell what is withheld is left out, and what it would replace stands as offered. Their
    numbers bear what fills them.
    """
    tables = results["wording"].tables if "wording" in results else {}
    slots: dict[str, list[tuple[str, Source]]] = {}
    for row in tables.get("slots", ()):
        slots.setdefault(row["where"], []).append((row["shown"], Source(row["source"])))
    return [
        {**row, "text": marked(row["text"], slots.get(row["where"], ()))}
        for row in tables.get("wording", ())
        if row["part"] and "text" not in row.get("withheld", "")
    ]


def standing(results: Results, focus: Focus) -> str:
    """What keeps the paper from being final, in one sentence; empty of a final paper."""
    if "wording" not in results:
        return ""
    told = results["wording"].said(focus.organisation, "wording", year=focus.year)
    return f"Draft: {listed(told)}." if told else ""


def with_words(results: Results, focus: Focus, parts: Sequence[Section]) -> list[Section]:
    """Parts of a paper with what people wrote for each."""
    rows = written(results)
    if not rows:
        return list(parts)
    draft = bool(standing(results, focus))
    return [
        _worded([r for r in rows if r["part"] == part.id], focus, part, draft) for part in parts
    ]


def with_the_rest(results: Results, focus: Focus, parts: Sequence[Section]) -> list[Section]:
    """A paper's parts with those words whose own part it does not have, said where it is trusted."""
    there = {part.id for part in parts}
    loose = [row for row in written(results) if row["part"] not in there]
    if not loose:
        return list(parts)
    draft = bool(standing(results, focus))
    if REST not in there:
        last = next((n for n, part in enumerate(parts) if n and part.level == 2), len(parts))
        rest = Section(REST, "How far to trust this", level=3)
        parts = [*parts[:last], rest, *parts[last:]]
    return [_beside(loose, focus, part, draft) if part.id == REST else part for part in parts]


def _worded(rows: Sequence[Row], focus: Focus, part: Section, draft: bool) -> Section:
    """One part: its first offered sentences replaced, and the other words as lines."""
    if not rows:
        return part
    instead = tuple(_signed(row, str(row["text"]), draft) for row in rows if row["replaces"])
    kept = part.words[len(instead) :]
    return _beside(
        [row for row in rows if not row["replaces"]],
        focus,
        replace(part, words=(*instead, *kept)),
        draft,
    )


def _beside(rows: Sequence[Row], focus: Focus, part: Section, draft: bool) -> Section:
    lines = [_line(row, focus, draft) for row in rows]
    more = [{"text": line} for line in lines[LINES_MOST:]]
    table = TableView("More that was said", columns("text|Said"), more, folded=True)
    return replace(
        part,
        points=(*lines[:LINES_MOST], *part.points),
        tables=(*part.tables, table) if more else part.tables,
    )


def _line(row: Row, focus: Focus, draft: bool) -> str:
    """One sentence as a line: of whom or what it is, and who says it where it is a quotation."""
    text = str(row["text"])
    if row["quoted"] or (row["kind"] == "headline" and not row["replaces"]):
        text = f"{row['by']}: “{text}”"
    whose = [] if row["own"] else [focus.name(str(row["organisation"]))]
    whose += [str(row["what"])] if row["what"] else []
    lead = LEADS.get(str(row["kind"]), "")
    told = ", ".join(filter(None, (lead, *whose)))
    return _signed(row, f"{capital(told)}: {text}" if told else capital(text), draft)


def _signed(row: Row, text: str, draft: bool) -> str:
    """A sentence with the mark of its age, and in a draft with who wrote it and when."""
    marked = f"{text} {row['mark']}" if row["mark"] else text
    if not draft:
        return marked
    status = f"; {row['status']}" if row["status"] else ""
    return f"{marked} [{row['by']}, {_day(str(row['on']))}{status}]"


def _day(text: str) -> str:
    """A day as people say it; a month or a year alone as it is written."""
    return day_words(text) if len(text) == len("2027-01-21") else text


def other_months(results: Results) -> int:
    """How many sentences of the year are of other months, and not in this paper."""
    if "wording" not in results:
        return 0
    found: Iterable[Row] = results["wording"].tables.get("other_months", ())
    return len(list(found))
