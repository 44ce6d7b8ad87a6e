"""What a verb answers where bodies have not reported and a named person chose what stands in.

Each body that rests on a stand-in is answered from the reading in which it stands, so that its
figures carry the qualifier `stand_in`, its rows say so in a column of that name, and its sentences
end with it. That reading holds no control total: what is set beside one is always of the book as it
is, and no rule ever sees what stands in.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import fields, replace
from typing import Any, Final

from controltotal.book.fold import Position
from controltotal.core.figure import Figure
from controltotal.core.result import Result
from controltotal.core.sentence import Sentence
from controltotal.core.trace import Trace
from controltotal.workings.late import STAND_IN, Standing, late_typed, reports, standing
from controltotal.workings.workings import Workings

Ask = Callable[[Workings], Result]
"""How a verb answers from one reading."""

AGAINST_TOTALS: Final = "it is set against control totals, which see none of it"
"""Why what stands in for a late body changes nothing in an answer."""
BESIDE_A_TOTAL: Final = frozenset({"chance_control_total", "expected_shortfall"})
"""Measures set beside a control total: always of the book as it is."""
OF_A_BODY: Final = ("organisation", "from_", "to", "commissioner")
"""Columns by which a row belongs to a body, or to two."""


def with_late(workings: Workings, year: str, late: str | None, ask: Ask, *tables: str) -> Result:
    """A verb's answer of a year in which bodies are late as a person chose; `tables` tell them apart.

    Without a choice, with `wait`, and where nobody is late, it is the answer as it is.
    """
    chosen = late_typed(late)
    plain = ask(workings)
    if late is None:
        return plain
    plain = replace(plain, options={**plain.options, "late": chosen.text})
    told = reports(workings.month, year, tuple(workings.tree.organisations))
    stood = standing(workings.month, year, told, chosen, lambda made: Workings(made).month)
    asked = plain.options.get("organisation")
    left_out = set(stood.bodies) if chosen.how == "exclude" else set()
    if not stood.stand_in or asked in left_out:
        return plain
    made = ask(Workings(_beside_no_total(stood, left_out)))
    return _merged(plain, made, stood, tables)


def untouched(result: Result, late: str | None, why: str) -> Result:
    """An answer that rests on no month to date: the choice is named, and that nothing changes."""
    if late is None:
        return result
    chosen = late_typed(late)
    told = result.sentences
    if chosen.how != "wait":
        told = (*told, Sentence("", "", "month", f"Nothing here stands in for who is late: {why}."))
    return replace(result, sentences=told, options={**result.options, "late": chosen.text})


def _beside_no_total(stood: Standing, left_out: set[str]) -> Position:
    """The reading with what stands in, without those left out and without any control total."""
    position = stood.made.totals.position
    book = position.book
    schemes = {row.id for row in book.schemes if row.organisation in left_out}
    kept: dict[str, Any] = {}
    for one in fields(book):
        rows = getattr(book, one.name)
        if left_out:
            rows = tuple(row for row in rows if not _belongs(row, left_out, schemes))
        kept[one.name] = () if one.name == "control_totals" else rows
    return replace(position, book=replace(book, **kept), place="")


def _belongs(row: Any, bodies: set[str], schemes: set[str]) -> bool:
    """Whether a row is of one of these bodies, or of a scheme of theirs."""
    if getattr(row, "scheme", None) in schemes or getattr(row, "id", None) in schemes:
        return True
    return any(getattr(row, column, None) in bodies for column in OF_A_BODY)


def _merged(plain: Result, made: Result, stood: Standing, tables: Sequence[str]) -> Result:
    """The plain answer, with every figure, row and sentence of who rests on a stand-in as made."""

    def own(figure: Figure) -> bool:
        return figure.organisation in stood.stand_in and figure.measure not in BESIDE_A_TOTAL

    figures = {one.id: one for one in plain.figures if not own(one)}
    trace = dict(plain.trace)
    for one in filter(own, made.figures):
        figures[one.id], trace[one.id] = _aside(one, made.trace[one.id], stood)
    ids = sorted(figures)
    return replace(
        plain,
        figures=tuple(figures[name] for name in ids),
        trace={name: trace[name] for name in ids},
        tables={
            name: _rows(rows, made.tables.get(name, ()), stood) if name in tables else rows
            for name, rows in plain.tables.items()
        },
        sentences=_sentences(plain, made, stood),
    )


def _aside(figure: Figure, trace: Trace, stood: Standing) -> tuple[Figure, Trace]:
    said = "; ".join(filter(None, (figure.qualifier, STAND_IN)))
    rule = f"{trace.rule}; {stood.rule(figure.organisation)}"
    return figure._replace(qualifier=said), trace._replace(rule=rule)


def _rows(
    plain: Sequence[Mapping[str, Any]], made: Sequence[Mapping[str, Any]], stood: Standing
) -> list[dict[str, Any]]:
    """The rows of a table in the order of the plain one, each with what it rests on."""
    of_made: dict[object, list[Mapping[str, Any]]] = {}
    for row in made:
        if row["organisation"] in stood.stand_in:
            of_made.setdefault(row["organisation"], []).append(row)
    found: list[dict[str, Any]] = []
    for row in plain:
        code = row["organisation"]
        if code not in stood.stand_in:
            found.append({**row, STAND_IN: ""})
        elif code in of_made:
            found += [{**one, STAND_IN: stood.stand_in[code]} for one in of_made.pop(code)]
    for code, rows in of_made.items():
        found += [{**one, STAND_IN: stood.stand_in[str(code)]} for one in rows]
    return found


def _sentences(plain: Result, made: Result, stood: Standing) -> tuple[Sentence, ...]:
    """The words, those about who rests on a stand-in as made and saying so."""
    of_made: dict[str, list[Sentence]] = {}
    for one in made.sentences:
        if one.about in stood.stand_in:
            told = replace(one, text=f"{one.text.removesuffix('.')} ({stood.rule(one.about)}).")
            of_made.setdefault(one.about, []).append(told)
    found: list[Sentence] = []
    for one in plain.sentences:
        if one.about not in stood.stand_in:
            found.append(one)
        else:
            found += of_made.pop(one.about, ())
    return (*found, *(one for rest in of_made.values() for one in rest))
