"""Finding what somebody names: bodies, schemes, figures, transfers, decisions, words of the glossary.

A query is words, in any order, as people type them; a code, or a part of a name. What nobody has a word
for is never guessed in silence: the near word is offered.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Final
from urllib.parse import quote

from controltotal.book.amount_table import chosen
from controltotal.core.calendar import CalendarError, parse_year_id, year_label
from controltotal.core.datafiles import packaged_rows
from controltotal.core.figure import Figure
from controltotal.core.measures import measures
from controltotal.core.names import short_names
from controltotal.core.show import figure_value
from controltotal.verbs.opening import names_of
from controltotal.verbs.search_pages import PAGES
from controltotal.workings.leading import leading
from controltotal.workings.workings import Workings

WORD: Final = re.compile(r"[a-z0-9]+(?:'[a-z]+)?")
YEAR: Final = re.compile(r"\b(?:fy)?\d{2,4}\s*[/-]\s*\d{2}\b|\b20\d{2}\b", re.I)
BASES: Final = ("plan", "actual", "forecast")
IGNORED: Final = frozenset(
    WORD.findall("the of a an in for to and at is are what how much many does nhs")
)
CALLED: Final = {"deficit": "adjusted_surplus", "position": "measured"}
"""Words by which people ask for a measure of another name."""
NEAR: Final = 0.75
"""How alike two words are of which one is offered for the other; 1 is the same."""
MOST: Final = 10
"""Hits of a kind that are listed."""
BODIES: Final = 3
"""Bodies of which a figure is looked for, where several may be meant."""

FigureOf = Callable[[str], Figure | None]
"""A figure by its id as the book now has it; None where it has none."""


@dataclass(frozen=True, slots=True)
class Hit:
    """One thing that was found: its name, what it is, and its page (empty: it is all told here)."""

    title: str
    what: str
    address: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    """Hits of one kind, the best first; `more` are not listed."""

    title: str
    hits: tuple[Hit, ...]
    more: int = 0


@dataclass(frozen=True, slots=True)
class Found:
    """What a query found; `meant` is the query as it may have been meant, where a word is unknown."""

    groups: tuple[Group, ...]
    meant: str = ""


@dataclass(frozen=True, slots=True)
class _Entry:
    kind: str
    hit: Hit
    code: str
    words: frozenset[str]
    title: tuple[str, ...]


KINDS: Final = {
    "organisation": "Organisations",
    "scheme": "Schemes",
    "figure": "Figures",
    "line": "Lines of income and cost",
    "transfer": "Transfers",
    "decision": "Decisions",
    "word": "Words of the glossary",
    "page": "Pages",
}


def search(workings: Workings, query: str, figure_of: FigureOf) -> Found:
    """What a query finds; nothing where it says nothing.

    >>> from controltotal import read
    >>> found = search(Workings(read("examples/fictional-system")), "alderwik", lambda id: None)
    >>> found.groups, found.meant
    ((), 'alderwick')
    """
    asked = _words(query)
    if not asked:
        return Found(())
    entries = workings.once("search", lambda: tuple(_entries(workings)))
    groups = [
        _group(kind, [one.hit for one in _ranked(entries, kind, asked, query)])
        for kind in KINDS
        if kind not in ("figure", "line")
    ]
    figures = _group("figure", list(_figures(workings, query, figure_of)))
    place = list(KINDS).index("figure")
    groups[place:place] = [figures, _group("line", list(_lines(workings, query)))]
    exact = {one.kind for one in entries if one.code == query.strip().casefold()}
    groups.sort(key=lambda one: one.title not in {KINDS[kind] for kind in exact})
    return Found(tuple(one for one in groups if one.hits), _meant(workings, entries, query))


def _group(kind: str, hits: Sequence[Hit]) -> Group:
    return Group(KINDS[kind], tuple(hits[:MOST]), max(0, len(hits) - MOST))


def _words(text: str) -> list[str]:
    return [one for one in WORD.findall(text.casefold()) if one not in IGNORED]


# -- what there is -----------------------------------------------------------------------------------


def _entries(workings: Workings) -> Iterator[_Entry]:
    """Everything that has a name, with the words by which it may be called."""
    position = workings.position
    names = short_names(names_of(workings))
    for code, body in workings.tree.organisations.items():
        former = " ".join(spell.row.name or "" for spell in body.spells)
        hit = Hit(names[code], code, f"/organisations/{quote(code, safe='')}")
        yield _entry("organisation", hit, code, names[code], f"{code} {former}")
    for row in position.book.schemes:
        whose = names.get(row.organisation, row.organisation)
        hit = Hit(f"{row.id}: {row.title}", whose, f"/schemes/{quote(row.id, safe='')}")
        more = f"{row.id} {row.service or ''} {row.category or ''} {whose}"
        yield _entry("scheme", hit, row.id, row.title, more)
    for transfer in position.book.transfers:
        sides = " to ".join(names.get(one, one) for one in (transfer.from_, transfer.to))
        year = year_label(transfer.year)
        hit = Hit(f"{transfer.id}: {sides}", f"{year}, {transfer.status}", _at(transfer.id))
        codes = f"{transfer.id} {transfer.from_} {transfer.to} {year} transfer support"
        yield _entry("transfer", hit, transfer.id, sides, codes)
    for decision in position.book.decisions:
        title = decision.title or decision.decision
        hit = Hit(f"{decision.decision}: {title}", "Decision", "/questions/decide")
        yield _entry("decision", hit, decision.decision, title, f"{decision.decision} decision")
    for title, more, address in PAGES:
        yield _entry("page", Hit(title, "A page", address), title, title, more)
    for term in packaged_rows("glossary.csv"):
        yield _entry("word", Hit(term["term"], term["meaning"]), term["term"], term["term"], "")


def _at(transfer: str) -> str:
    return f"/transfers/{quote(transfer, safe='')}"


def _entry(kind: str, hit: Hit, code: str, title: str, more: str) -> _Entry:
    named = tuple(_words(title))
    return _Entry(kind, hit, code.casefold(), frozenset((*named, *_words(more))), named)


# -- how it is found ---------------------------------------------------------------------------------


def _ranked(entries: Iterable[_Entry], kind: str, asked: Sequence[str], query: str) -> list[_Entry]:
    """Entries that have every word that is asked, or one that begins with it; the nearest first."""
    whole = query.strip().casefold()
    found = []
    for one in entries:
        if one.kind != kind:
            continue
        if one.code == whole:
            found.append((0, one))
        elif all(_has(one.words, word) for word in asked):
            named = all(_has(one.title, word) for word in asked)
            begins = named and one.title[0].startswith(asked[0])
            found.append((1 if begins else 2 if named else 3, one))
    found.sort(key=lambda pair: (pair[0], len(pair[1].title), pair[1].code))
    return [one for _, one in found]


def _has(words: Iterable[str], asked: str) -> bool:
    return any(word.startswith(asked) for word in words)


def _figures(workings: Workings, query: str, figure_of: FigureOf) -> Iterator[Hit]:
    """Figures by their id, or by words: a measure, a body, a year and a basis.

    Without a body it is the system that leads the book, without a year the book's own.
    """
    text = query.strip()
    if text.split("/")[0] in measures() and text.count("/") >= 2:
        found = figure_of(text)
        if found is not None:
            yield _hit(found, text)
        return
    year, rest = _year(text, workings.position.default_year)
    words = _words(rest)
    bases = [one for one in BASES if one in words] or ["forecast", "plan", "actual"]
    named = _measure([one for one in words if one not in BASES])
    if named is None:
        return
    kind, left = named
    for code in _bodies(workings, left, year):
        for basis in bases:
            found = figure_of(f"{kind}/{code}/{year}/{basis}")
            if found is not None and found.value is not None:
                names = short_names(names_of(workings))
                yield _hit(found, f"{names.get(code, code)}, {year_label(year)} {basis}")


def _lines(workings: Workings, query: str) -> Iterator[Hit]:
    """The newest month of each body that tells a line by name, such as agency pay."""
    year, rest = _year(query, workings.position.default_year)
    words, position = _words(rest), workings.position
    named = [(_words(line.name), code) for code, line in position.lines.items()]
    fitting = [(called, code) for called, code in named if called and set(called) <= set(words)]
    if not fitting:
        return
    called, code = max(fitting, key=lambda one: (len(one[0]), one[1]))
    left = [word for word in words if word not in called]
    wanted, newest = set(_bodies(workings, left, year)) if left else set(), dict[str, int]()
    for row in chosen(
        position.book.amounts, line=lambda one: one == code, year=lambda one: one == year
    ):
        if row.basis == "actual" and not row.scheme and row.month and row.month.isdecimal():
            newest[row.organisation] = max(newest.get(row.organisation, 0), int(row.month))
    names = short_names(names_of(workings))
    for body in sorted(newest, key=lambda one: names.get(one, one)):
        if not left or body in wanted:
            month = newest[body]
            at = f"/months/{quote(body, safe='')}/{quote(year, safe='')}/M{month}"
            title = f"{position.lines[code].name}: {names.get(body, body)}"
            yield Hit(title, f"Month {month} of {year_label(year)}, line by line", at)


def _hit(figure: Figure, what: str) -> Hit:
    title = f"{measures()[figure.id.split('/')[0]].name}: {figure_value(figure)}"
    return Hit(title, what, f"/figures/{quote(figure.id, safe='')}")


def _year(text: str, default: str) -> tuple[str, str]:
    """The year that a query names, else the book's own; and the query without it."""
    for match in YEAR.finditer(text):
        try:
            return parse_year_id(match[0]), f"{text[: match.start()]} {text[match.end() :]}"
        except CalendarError:
            continue
    return default, text


def _measure(words: Sequence[str]) -> tuple[str, list[str]] | None:
    """The measure of which every word is asked for, the one of most words; and the words left."""
    best: tuple[int, str, list[str]] | None = None
    for one in measures().values():
        for called in (one.measure.split("_"), _words(one.name)):
            if all(part in words for part in called) and (best is None or len(called) > best[0]):
                best = len(called), one.measure, [word for word in words if word not in called]
    for other, name in CALLED.items():
        if best is None and other in words:
            best = 1, name, [word for word in words if word != other]
    return None if best is None else best[1:]


def _bodies(workings: Workings, words: Sequence[str], year: str) -> list[str]:
    """The bodies that the words left name; that which leads the book where none are left."""
    if not words:
        lead = leading(workings, year)
        return [lead] if lead else []
    entries = workings.once("search", lambda: tuple(_entries(workings)))
    found = _ranked(entries, "organisation", words, " ".join(words))
    tree = workings.tree
    return [one.hit.what for one in found if tree.exists(one.hit.what, year)][:BODIES]


# -- what may have been meant ----------------------------------------------------------------------


def _meant(workings: Workings, entries: Iterable[_Entry], query: str) -> str:
    """The query with near words in place of those that nothing has; empty where all are known."""
    known: set[str] = set(BASES)
    for one in entries:
        known |= one.words
    for measure in measures().values():
        known |= set(_words(measure.name))
    _, rest = _year(query, "")
    told, changed = [], False
    for word in _words(rest):
        if _has(known, word):
            told.append(word)
            continue
        near = get_close_matches(word, known, n=1, cutoff=NEAR)
        told.append(near[0] if near else word)
        changed = changed or bool(near)
    if not changed:
        return ""
    year = YEAR.search(query)
    return " ".join([*told, *([year[0]] if year else [])])
