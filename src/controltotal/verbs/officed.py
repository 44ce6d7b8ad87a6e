"""Papers name offices, not persons: the name of whoever acted gives way to their office."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

from controltotal.book.fold import Position
from controltotal.core.finding import Finding
from controltotal.core.keys import word
from controltotal.core.names import listed
from controltotal.core.result import Result
from controltotal.ledger.block import written_singly

WORDS: Final = {"trust_finance": "finance office", "system_finance": "finance office"}
"""What an office is called inside a sentence, where that is not its own name."""
PERSONS: Final = frozenset(
    ("by", "set_by", "assessor", "adopted_by", "answered_by", "approved_by", "decided_by")
)
"""Columns that name whoever did something."""
TEXTS: Final = ("message", "expected", "found", "action", "detail")


def officed(results: Mapping[str, Result], position: Position) -> dict[str, Result]:
    """The same answers, the office in place of the name of each person who holds or held one."""
    offices = offices_of(position)
    if not offices:
        return dict(results)
    whole = [name for name in offices if " " in name]  # one word may be a word of any sentence
    inside = re.compile(rf"\b({'|'.join(map(re.escape, whole))})\b") if whole else None

    def reworded(text: str) -> str:
        return inside.sub(lambda found: offices[found[0]], text) if inside else text

    return {verb: _officed(one, offices, reworded) for verb, one in results.items()}


def offices_of(position: Position) -> dict[str, str]:
    """By the name of a person: the office in which they acted, else each that they were given."""
    acted: dict[str, dict[str, None]] = defaultdict(dict)
    names: dict[str, str] = {}
    for entry in written_singly(position.daybook):  # files name nobody
        who = entry.narration.author
        if who.role and who.name:
            acted[who.subject][word(who.role)] = None
            names[who.subject] = who.name
    found: dict[str, dict[str, None]] = defaultdict(dict)
    for row in position.book.grants:
        roles = acted.get(row.subject)
        if row.name and (not roles or word(row.role) in roles):
            for name in {row.name, names.pop(row.subject, row.name)}:
                found[name][_office(position, word(row.role), row.organisation)] = None
    for subject, name in names.items():  # an office that nobody gave by an act
        found[name] |= dict.fromkeys(_office(position, role, "") for role in acted[subject])
    return {name: listed(list(offices)) for name, offices in found.items()}


def _office(position: Position, role: str, organisation: str) -> str:
    of = position.tree.name(organisation) if organisation else ""
    if role == "region" and of:
        return of
    return f"the {WORDS.get(role, role.replace('_', ' '))}{f' of {of}' if of else ''}"


def _officed(result: Result, offices: Mapping[str, str], reworded: Any) -> Result:
    def cell(column: str, value: Any) -> Any:
        if isinstance(value, list | tuple):
            return type(value)(cell(column, one) for one in value)
        if not isinstance(value, str):
            return value
        if column in PERSONS and value in offices:
            return offices[value]
        return reworded(value) if " " in value else value

    tables = {
        name: [{column: cell(column, value) for column, value in row.items()} for row in rows]
        for name, rows in result.tables.items()
    }
    said = tuple(
        replace(one, text=reworded(one.text), marked=reworded(one.marked))
        for one in result.sentences
    )
    findings = tuple(_finding(one, reworded) for one in result.findings)
    return replace(result, tables=tables, sentences=said, findings=findings)


def _finding(one: Finding, reworded: Any) -> Finding:
    told = {name: reworded(text) for name in TEXTS if isinstance(text := getattr(one, name), str)}
    return replace(one, **told)
