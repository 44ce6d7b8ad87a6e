"""What a tracker says of each scheme in words: its reference, title, body, stage, owner and line.

A word that the book does not know is told and stays unknown; nothing is made of a colour.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Final

from controltotal.core.calendar import CalendarError
from controltotal.core.keys import key
from controltotal.core.schema import Column, tables
from controltotal.core.vocabulary import folded
from controltotal.intake.choosing import ask_column
from controltotal.intake.faults import Fault, Faults
from controltotal.intake.ground import Ground
from controltotal.intake.known import Known
from controltotal.intake.model import USED, Asked, Read, Value
from controltotal.intake.slugs import slug, slugs
from controltotal.intake.texts import Texts
from controltotal.intake.tracker_columns import Columns
from controltotal.intake.tracker_rows import UNIDENTIFIED, Rows
from controltotal.intake.worth import is_empty, recurrence_of, said_of, start_of, word_of

OWN_LINE: Final = "savings"
"""The line of savings of which a tracker does not say what they lower."""
_WORDS: Final = ("recurrence", "cash_type", "maturity", "risk", "in_plan", "commercial")
_COLOURS: Final = frozenset(("red", "amber", "green", "blue", "r", "a", "g", "b", "ag", "ar"))
_BEFORE = re.compile(r"\s*[:–—/]\s*|\s+-\s+")

_STOPPED: Final = Fault(
    "IMPORT_UNKNOWN",
    "Schemes are closed, withdrawn, rejected or on hold by the tracker's own word; that is no act on a "
    "day, so that their money stands as the tracker has it and what was signed for them holds",
    "the day, and who stopped them",
    "Record each with controltotal act sign and outcome=stop, or take its money out of the tracker.",
    "warning",
)
_STILL_COUNTED: Final = Fault(
    "IMPORT_SCHEME",
    "Schemes are withdrawn, rejected, stopped or on hold by the tracker's own word, and the book holds "
    "what was signed for them, by which they would go on counting",
    "the stop in the book, with its day and who decided it",
    "Record it first: controltotal act sign LEDGER scheme=ID role=ROLE outcome=stop, or a row of the table "
    "gates; then import again.",
)
_NO_DAY: Final = Fault(
    "IMPORT_UNKNOWN",
    "Starts that are no day and no month for certain are left unknown",
    "a day such as 01/06/2026, or a month with its year",
    "Write the day with four figures of the year, where it is known.",
    "information",
)

Said = dict[str, list[str]]
"""By column of the book, the text of each scheme."""


def schemes_of(
    columns: Columns,
    rows: Rows,
    asked: Asked,
    ground: Ground,
    known: Known,
    read: Read,
    faults: Faults,
    repeats: Sequence[str],
) -> Said:
    """Every column of words, one text for each scheme in the order of its rows.

    `repeats` is what a split by columns says of whether each repeats; empty where there is none.
    """
    texts = Texts(known, asked, faults, read, ground.year)
    grid, types = read.seen.grid, tables()["schemes"].columns
    said: Said = {}
    for name, one in columns.labels.items():
        values = [
            (row, rows.filled.get((row, one.at)) or grid.value(row, one.at)) for row in rows.schemes
        ]
        if name in _WORDS:
            said[name] = [_word(types[name], one.head.text, value) for _, value in values]
            _tell_unread(types[name], values, said[name], one.at, faults)
        elif types[name].type == "date":
            said[name] = [_start(value, ground.year) for _, value in values]
            _tell_unread(types[name], values, said[name], one.at, faults)
        elif types[name].type != "money":
            found = [value for _, value in values]
            said[name] = texts.column(types[name], one.at, rows.schemes, found)
    if "organisation" not in said:
        said["organisation"] = [ground.need("organisation")] * len(rows.schemes)
    if "directorate" not in said and any(rows.sections.values()):
        said["directorate"] = [rows.sections[row] for row in rows.schemes]
    if repeats:
        said.setdefault("recurrence", list(repeats))
    _identify(said, rows, read, faults)
    _ask_stopped(said["id"], columns, rows, known, faults)
    _required(said, rows, read, faults)
    return said


def _word(kind: Column, heading: str, value: Value) -> str:
    """A word of the book."""
    text = said_of(value)
    if kind.name == "recurrence" and (found := recurrence_of(text, heading)):
        return found
    if kind.name == "risk" and folded(text) in _COLOURS:
        return ""
    return word_of(text, kind.vocabulary, "yesno" if kind.type == "yesno" else kind.name)


def _start(value: Value, year: str) -> str:
    if is_empty(value):
        return ""
    try:
        return start_of(value, year).isoformat()
    except CalendarError:
        return ""


def _tell_unread(
    kind: Column, values: Sequence[tuple[int, Value]], found: Sequence[str], at: int, faults: Faults
) -> None:
    """Tell the words that are not known: their schemes have none."""
    for (row, value), text in zip(values, found, strict=True):
        if text or is_empty(value):
            continue
        if kind.name == "maturity" and word_of(said_of(value), ("stopped",), "stopped"):
            faults.add(_STOPPED, (row, at), said_of(value)[:60])
            continue
        if kind.type == "date":
            faults.add(_NO_DAY, (row, at), said_of(value)[:60])
            continue
        fault = Fault(
            "IMPORT_UNKNOWN",
            f"Words of the tracker are no {kind.name.replace('_', ' ')} that the book knows, so that it "
            "stays unknown for their schemes",
            ", ".join(kind.vocabulary) or "a day, or a month with its year",
            "Use one of the words of the book, where one of them is meant.",
            "information",
        )
        faults.add(fault, (row, at), said_of(value)[:60])


def _ask_stopped(
    refs: Sequence[str], columns: Columns, rows: Rows, known: Known, faults: Faults
) -> None:
    """Ask where the tracker stops a scheme that the book counts by its evidence.

    *Closed* is not among these words: what is delivered is closed too.
    """
    one = columns.labels.get("maturity")
    if one is None:
        return
    for ref, row in zip(refs, rows.schemes, strict=True):
        text = said_of(faults.seen.grid.value(row, one.at))
        stopped = word_of(text, ("stopped",), "stopped") and not folded(text).startswith("closed")
        if stopped and key(ref) in known.signed:
            faults.add(_STILL_COUNTED, (row, one.at), f"{ref}: {text[:40]}")


def _identify(said: Said, rows: Rows, read: Read, faults: Faults) -> None:
    """The reference of each scheme: its own, else its title where titles differ."""
    titles = said.get("title") or said.get("id") or [""] * len(rows.schemes)
    said.setdefault("title", titles)
    said["title"] = [one or ref for one, ref in zip(titles, said.get("id", titles), strict=True)]
    if "id" not in said:
        groups = said.get("directorate", [""] * len(titles))
        both = [f"{group} {title}" for group, title in zip(groups, titles, strict=True)]
        said["id"] = _slugs(titles, rows) or _slugs(both, rows)
        if rows.schemes and not said["id"]:
            ask_column(tables()["schemes"], "id", faults)
            said["id"] = [""] * len(titles)
        else:
            _tell_titles(faults)
        return
    for number, ref in enumerate(said["id"]):
        if not ref:
            group = said.get("directorate", [""] * len(titles))[number]
            said["id"][number] = slug(f"{group} {said['title'][number]}")
    _ask_repeated(said["id"], rows, faults)


def _slugs(titles: Sequence[str], rows: Rows) -> list[str]:
    """An id for each row; where each row says its basis, titles may stand once for each."""
    bases = [rows.part(row) for row in rows.schemes]
    if len({f"{t} {b}" for t, b in zip(titles, bases, strict=True)}) < len(titles):
        return []
    each = list(dict.fromkeys(titles)) if any(bases) else list(titles)
    made = dict(zip(each, slugs(each), strict=False))
    return [made[title] for title in titles] if len(made) == len(each) else []


def _tell_titles(faults: Faults) -> None:
    fault = Fault(
        "IMPORT_UNKNOWN",
        "The tracker has no references, so that each scheme is known by its title",
        "a column of references that stay the same",
        "Nothing, if titles stay as they are; a changed title will be asked about.",
        "information",
    )
    faults.at_headings(fault)


def _ask_repeated(refs: Sequence[str], rows: Rows, faults: Faults) -> None:
    first: dict[str, int] = {}
    for ref, row in zip(refs, rows.schemes, strict=True):
        other = first.setdefault(f"{folded(ref)}\n{rows.part(row)}", row)
        if other != row:
            fault = Fault(
                "IMPORT_REPEATED",
                f"The reference {ref} stands in two rows",
                "each scheme once",
                "Give one of them a reference of its own, or join the rows, and import again.",
            )
            faults.add(fault, (other, faults.seen.left), ref)
            faults.add(fault, (row, faults.seen.left), ref)


def _required(said: Said, rows: Rows, read: Read, faults: Faults) -> None:
    """What the book needs and the tracker does not say is unknown, and told."""
    count = len(rows.schemes)
    maturity = said.setdefault("maturity", [""] * count)
    for number, title in enumerate(said["title"]):
        if UNIDENTIFIED.search(title):
            maturity[number] = "unidentified"
    for name in ("recurrence", "maturity"):
        texts = said.setdefault(name, [""] * count)
        silent = [row for row, text in zip(rows.schemes, texts, strict=True) if not text]
        said[name] = [text or "unknown" for text in texts]
        if not silent:
            continue
        fault = Fault(
            "IMPORT_UNKNOWN",
            f"{len(silent):,} of {count:,} schemes do not say their {name}: it is unknown, not invented",
            ", ".join(tables()["schemes"].columns[name].vocabulary),
            f"Say it in a column {name}, where it is known.",
            "information",
        )
        faults.at_headings(fault)


def lines_of(columns: Columns, rows: Rows, known: Known, asked: Asked, read: Read) -> list[str]:
    """The line of account that each scheme's saving lowers or raises, as far as it is said."""
    seen = read.seen
    heads = [*columns.lines, *(h for h in seen.heads if h.means == "category")]
    for row in rows.schemes:
        read.mark(row, [head.column for head in columns.lines], USED)
    memo: dict[str, str] = {}
    found = []
    for row in rows.schemes:
        texts = (seen.grid.text(row, head.column) for head in heads)
        lines = (memo.setdefault(t, _line(t, known, asked.lines)) for t in texts if t)
        found.append(next(filter(None, lines), OWN_LINE))
    return found


def _line(text: str, known: Known, answers: Mapping[str, str]) -> str:
    """The line that a type or category names, by the whole of it or by its first words."""
    answer = answers.get(folded(text), answers.get(text, ""))
    if answer:
        return answer
    match = known.lines.match(text)
    if match.line:
        return match.line
    first = _BEFORE.split(text.strip(), maxsplit=1)[0]
    named = (word_of(one, known.lines.all, "type") for one in (text, first))
    return next(filter(None, named), "") or known.lines.match(first).line
