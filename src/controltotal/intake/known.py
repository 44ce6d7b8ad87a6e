"""What a book knows already: its bodies, its lines, its schemes, and the unit of its amounts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from controltotal.book.settings import read_settings
from controltotal.core.calendar import CalendarError, parse_date
from controltotal.core.keys import key
from controltotal.core.lines import Line, packaged_lines
from controltotal.core.vocabulary import folded, meant
from controltotal.intake.bodies import Bodies, Spell
from controltotal.intake.lines import Lines
from controltotal.ledger import Entry, in_force
from controltotal.ledger.source import BookSource

_READ: Final = frozenset({"organisations", "lines", "schemes", "gates", "assessments"})
_AGAINST: Final = ("reject", "stop", "refus", "declin", "fail", "more")
"""How outcomes begin by which a scheme does not count: it is ended, failed, or waits; folded."""


@dataclass(frozen=True)
class Known:
    """What an import may lean on.

    `schemes` are titles by id, `default_unit` the unit of amounts that name none (empty where the
    book gives none), `main_codes` the columns of the book's own return as (what it holds) by code;
    `fresh` says that the book lists no body yet; `signed` are the keys of schemes of which it holds
    gates or assessments, the last of them not against it.
    """

    bodies: Bodies = field(default_factory=Bodies)
    lines: Lines = field(default_factory=Lines)
    default_unit: str = ""
    schemes: Mapping[str, str] = field(default_factory=dict)
    main_codes: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    fresh: bool = True
    signed: frozenset[str] = frozenset()


def known_of(book: BookSource) -> Known:
    """What a book knows, from its rows in force."""
    standing = in_force(book.entries)
    rows: dict[str, list[Mapping[str, str]]] = {}
    for entry in standing:
        if entry.table in _READ:
            rows.setdefault(entry.table, []).append(dict(entry.cells))
    spells = [_spell(row) for row in rows.get("organisations", ()) if row.get("code")]
    lines = rows.get("lines", [])
    return Known(
        Bodies(spells),
        Lines(_own_lines(lines)),
        _default_unit(standing),
        {row["id"]: row.get("title", "") for row in rows.get("schemes", ()) if row.get("id")},
        dict(_main_codes(lines)),
        not spells,
        _signed([*rows.get("gates", ()), *rows.get("assessments", ())]),
    )


def _signed(rows: Iterable[Mapping[str, str]]) -> frozenset[str]:
    """The schemes whose last evidence is not against them; of one day what is against them is the last."""
    last: dict[str, tuple[date, bool]] = {}
    for row in rows:
        scheme = key(row.get("scheme", ""))
        day = _day(row.get("on") or row.get("signed_on")) or date.min
        against = folded(row.get("outcome", "")).startswith(_AGAINST)
        last[scheme] = max(last.get(scheme, (day, against)), (day, against))
    return frozenset(scheme for scheme, (_, against) in last.items() if not against)


def _default_unit(standing: Iterable[Entry]) -> str:
    return read_settings(list(standing), None).default_unit


def _spell(row: Mapping[str, str]) -> Spell:
    return Spell(row["code"], row.get("name", ""), _day(row.get("from")), _day(row.get("to")))


def _day(text: str | None) -> date | None:
    """A day; None where it is not given or cannot be read, for then it parts nothing."""
    with suppress(CalendarError):
        return parse_date(text) if text else None
    return None


def _own_lines(rows: Iterable[Mapping[str, str]]) -> Iterator[Line]:
    """The book's own lines; a row that names no kind adds nothing to a packaged line."""
    packaged = packaged_lines()
    for row in rows:
        line = row.get("line", "")
        kind = meant(row.get("kind", ""), ("income", "cost", "position"))
        if line in packaged:
            kind = packaged[line].kind
        if line and kind:
            added = packaged[line].added if line in packaged else kind != "position"
            yield Line(
                line,
                row.get("name", "") or line,
                kind,
                added,
                row.get("group", ""),
                row.get("sub_code", ""),
                outside=folded(row.get("outside_control_total", "")) in ("yes", "y", "true", "1"),
            )


def _main_codes(rows: Iterable[Mapping[str, str]]) -> Iterator[tuple[str, tuple[str, str]]]:
    """The main codes of the book's own return: the line and our name of the column, by code."""
    for row in rows:
        for part in row.get("main_code", "").split(";"):
            name, given, code = part.rpartition("=")
            if code.strip():
                held = name.strip().upper() if given else "ACTUAL_YTD"
                yield code.strip().casefold(), (row.get("line", ""), held)
