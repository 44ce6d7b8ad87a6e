"""What a sentence of a paper rests on: every number, day, code and name of it, found in the book.

A sentence is taken to pieces (sums, shares, days, years, codes, counts, quotations, names of
bodies), and each piece is looked for among what the same book says of the body that is meant: the
figures of its answers, the rows of their tables, the rows of the book, what was taken as published,
and parameters. A number is found only as it is printed, by the functions that print it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from decimal import Decimal
from functools import cached_property

from controltotal import verbs
from controltotal.accounts.describe import describe
from controltotal.book.fold import Position
from controltotal.book.records import Fact
from controltotal.core.calendar import (
    CalendarError,
    days_between,
    parse_year_id,
    year_end,
    year_label,
    year_start,
)
from controltotal.core.figure import Figure
from controltotal.core.parameters import packaged_parameters
from controltotal.core.places import VINTAGES, areas, names
from controltotal.core.published import TITLES
from controltotal.core.reference import (
    LAST_OF_COMMISSIONERS,
    codes,
    day_words,
    known_in,
    outside_dates,
)
from controltotal.core.result import Result
from controltotal.core.sentence import Sentence
from controltotal.papers.pack import appendices
from controltotal.papers.paper import paper
from controltotal.papers.sections import focus_of
from controltotal.workings.workings import Workings
from tests.sentence_pieces import (
    KINDS_OF_BODY,
    MONTHS,
    PIECES,
    Ground,
    Piece,
    Said,
    canonical,
    money_forms,
    number_forms,
    parts_of,
    shared,
    worked_out,
)

STANDING = ("figures", "glossary", "sources")
"""Sections that explain, and those that are themselves the sources."""

PASSED = ("concentration_curve", "sources")
"""Tables that hold points of a curve, which nobody says, or rows of the book, which are asked."""

ENDS = ("organisation", "from", "to", "code", "predecessor", "successor")
"""Columns that hold the code of a body."""


def sentences(example: Example) -> list[Said]:
    """Every sentence that a paper, and any answer behind it, tells: each once, in their order.

    What the paper alone says is about the body that the paper is for.
    """
    paper, results = example.paper, example.results
    told: dict[str, tuple[Sentence, str]] = {}
    for result in results.values():
        for sentence in result.sentences:
            told.setdefault(sentence.text, (sentence, result.verb))
    found: dict[tuple[str, str], Said] = {}

    def add(section: str, text: str, about: str = "") -> None:
        known, verb = told.get(text, (None, ""))
        if known is not None:
            about = about or known.about
        for part in parts_of(text):
            year = known.year if known else ""
            found.setdefault((text, part), Said(section, part, about, year, verb))

    focus = focus_of(results).organisation
    for section in paper.sections:
        if section.id in STANDING:
            continue
        charts = [text for chart in section.charts for text in (chart.title, chart.alternative)]
        tables = [text for table in section.tables for text in (table.title, table.note)]
        for text in (*section.words, *charts, *tables):
            add(section.title, text, told[text][0].about if text in told else focus)
    for text in told:
        add("Said by the answers and not in the paper", text)
    for finding in results["check"].findings:
        bodies = finding.organisations or (finding.organisation,)
        add("Findings", finding.message, bodies[0] if len(bodies) == 1 else "")
    return list(found.values())


@dataclass
class Grounds:
    """All that the answers of a book, and its rows, say: by printed form, where it stands."""

    position: Position
    results: Mapping[str, Result]
    found: dict[tuple[str, str], list[Ground]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.names = self._names()
        self.register: set[str] = set()
        self.by_name = {name: code for code, name in self.names.items()}
        for result in self.results.values():
            for figure in result.figures:
                self._figure(figure, result.verb)
            for name, rows in result.tables.items():
                if name not in PASSED:
                    self._table(result.verb, f"{result.verb}, table {name}", rows)
            for option, value in result.options.items():
                self._cell(
                    option, value, Ground(f"{result.verb}, option {option}", 3, verb=result.verb)
                )
            for severity, count in Counter(f.severity for f in result.findings).items():
                self._put("number", str(count), Ground(f"{result.verb}: {severity}s counted", 5))
            self._put("number", "0", Ground(f"{result.verb}: none of the kind", 6))
        self._rows()
        self._parameters()
        self._reference()

    def _names(self) -> dict[str, str]:
        """By code: what a body is called in the book, and what the register adds to it."""
        names: dict[str, str] = {}
        for result in self.results.values():
            names |= result.names
        return names

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """Every name of a body, the longest first."""
        ordered = sorted(self.by_name, key=len, reverse=True)
        return re.compile("|".join(rf"(?<!\w){re.escape(name)}(?!\w)" for name in ordered if name))

    def _put(self, kind: str, text: str, ground: Ground) -> None:
        self.found.setdefault((kind, text), []).append(ground)

    def _figure(self, figure: Figure, verb: str) -> None:
        label = f"`{figure.id}`"
        bodies = frozenset({figure.organisation} & set(self.names))
        ground = Ground(label, 0, bodies, figure.year, verb)
        if figure.measure == "notice_days" and isinstance(figure.value, int):
            left = days_between(year_start(figure.year), year_end(figure.year)) + figure.value
            self._put("number", str(left), ground)
        for value in (figure.value, figure.low, figure.high, figure.stated):
            self._value(value, figure.unit, ground)
        self._year(figure.year, ground)

    def _year(self, text: str, ground: Ground) -> None:
        try:
            self._put("year", year_label(parse_year_id(text)), ground)
        except (CalendarError, ValueError):
            self._put("number", text, ground)

    def _value(self, value: object, unit: str, ground: Ground) -> None:
        """A value in every form in which it is printed."""
        if isinstance(value, bool) or not isinstance(value, int | float):
            return
        if unit == "pence" and isinstance(value, int):
            for kind, text in money_forms(value):
                self._put(kind, text, ground)
        elif unit in ("share", "chance"):
            for places in (0, 1, 2):
                self._put("share", f"{abs(value):.{places}%}", ground)
        if unit != "pence":
            for text in number_forms(value):
                self._put("number", text, ground)
        if unit == "pounds":
            self._put("money", f"{abs(value):,.2f} £", ground)

    def _table(self, verb: str, label: str, rows: Iterable[Mapping[str, object]]) -> None:
        """The rows of a table, and how many there are of each word in it."""
        rows = list(rows)
        counts: Counter[tuple[str, str]] = Counter()
        for number, row in enumerate(rows, 1):
            said = {str(value) for value in row.values()}
            bodies = frozenset(self.by_name.get(text.strip(), text) for text in said) & set(
                self.names
            )
            ground = Ground(f"{label} row {number}", 2, bodies, str(row.get("year", "")), verb)
            for key, value in row.items():
                if isinstance(value, str | bool):
                    counts[key, str(value)] += 1
                self._cell(key, value, ground)
        self._put("number", str(len(rows)), Ground(f"{label}: rows counted", 4))
        for (key, value), count in counts.items():
            if len(value) < 30:
                self._put("number", str(count), Ground(f"{label}: counted, {key} {value}", 5))

    def _cell(self, key: str, value: object, ground: Ground) -> None:
        if isinstance(value, Figure):
            self._figure(value, ground.verb)
        elif isinstance(value, list | tuple):
            for one in value:
                self._cell(key, one, ground)
        elif isinstance(value, str):
            self._text(value, ground)
        elif isinstance(value, int | float):
            if "pence" in key:
                self._value(value, "pence", ground)
            else:
                self._value(value, "share", ground)

    def _text(self, text: str, ground: Ground) -> None:
        """The pieces of a text of the book, as written."""
        self._put("text", text, ground)
        for match in PIECES.finditer(text):
            kind = match.lastgroup or ""
            self._put(kind, canonical(kind, match[0]), ground)
            if kind == "day" and re.fullmatch(r"[\d-]+", match[0]):
                year, month, day = (int(part) for part in match[0].split("-"))
                self._put("month", match[0][:7], ground)
                months = MONTHS.split("|")
                if 1 <= month <= 12:
                    self._put("day", f"{day} {months[month - 1]} {year}", ground)
                    self._put("month", f"{months[month - 1]} {year}", ground)

    def _rows(self) -> None:
        """The rows of the book and those taken as published, each with its source."""
        cited: dict[str, set[str]] = {}
        for row in self.position.entries.values():
            cells = dict(row.cells)
            bodies = {cells.get(key, "") for key in ENDS} & set(self.names)
            cited.setdefault(cells.get("source", ""), set()).update(bodies)
        for row in self.position.entries.values():
            cells = dict(row.cells)
            source = self.position.sources.get(cells.get("source", ""))
            named = f" [{source.id}]" if source else ""
            body = {cells.get(key, "") for key in ENDS}
            if row.table == "sources":  # a quotation is of the bodies whose rows rest on it
                body = cited.get(cells.get("id", ""), set())
            ground = Ground(
                f"{row.table} row {row.row}{named}",
                1,
                frozenset(body & set(self.names)),
                cells.get("year", ""),
            )
            for column, text in cells.items():
                self._text(text, ground)
                if column in ("year", "repay_from"):
                    self._year(text, ground)
            if source and source.quote:
                self._text(source.quote, ground)
            if source and source.texts.get("published_on"):
                self._text(source.texts["published_on"], ground)
        for row in (
            *self.position.book.amounts,
            *self.position.book.control_totals,
            *self.position.book.facts,
            *self.position.taken.values(),
        ):
            ground = Ground(self._of_entry(row.entry), 1, frozenset({row.organisation}), row.year)
            self._year(row.year, ground)
            if not isinstance(row, Fact):
                self._value(row.amount, "pence", ground)
            elif isinstance(row.value, int):  # a fact in money is whole pence
                self._value(row.value, "pence", ground)
            else:
                self._value(float(row.value), "share", ground)
        for row in self.position.taken.values():
            ground = Ground(self._of_entry(row.entry), 1, frozenset({row.organisation}), row.year)
            self._text(row.where, ground)
            self._text(row.organisation, ground)
            self._text(row.texts.get("scenario", ""), ground)
            table = row.origin.partition("|")[0]
            self._text(TITLES[table].title, Ground(f"title of {table}", 3))

    def _of_entry(self, entry: int) -> str:
        told = describe(self.position, entry)
        if told is None:
            return f"entry {entry}"
        source = told.get("source_id", "")
        if entry < 0:
            return f"published: {told['where']}"
        return told["where"] + (f" [{source}]" if source else "")

    def _parameters(self) -> None:
        for name, values in packaged_parameters().values.items():
            for value in values:
                ground = Ground(f"parameter {name} ({value.mark}; {value.authority})", 3)
                self._text(value.source, ground)
                for part in value.value.split(";"):
                    try:
                        self._value(float(part), "share", ground)
                    except ValueError:
                        continue

    def _reference(self) -> None:
        """What no book says and the reference data do: how many areas there are, and dates of law."""
        for vintage in VINTAGES:
            for kind, found in areas(vintage).codes.items():
                label = f"areas of {vintage}: {kind} counted"
                self._put("number", str(len(found)), Ground(label, 4, frozenset(), vintage))
            for kind in ("system", "authority"):
                for name in names(vintage, kind).values():
                    self.register.add(name)
        began = LAST_OF_COMMISSIONERS + timedelta(days=1)
        self._put("day", day_words(began), Ground("Health and Care Act 2022: boards began", 4))

    def sources(self, figure_id: str) -> list[str]:
        """The places on which a figure rests at the end: rows of the book with their sources."""
        waiting, seen, found = [figure_id], set(), {}
        while waiting:
            name = waiting.pop(0)
            if name in seen:
                continue
            seen.add(name)
            for result in self.results.values():
                step = result.trace.get(name)
                if step is not None:
                    waiting += step.inputs
                    found |= {self._of_entry(entry): True for entry in step.entries}
                    break
        return list(found)


class Example:
    """An example with its answers, its paper, and what each sentence of it rests on."""

    def __init__(self, folder: str) -> None:
        book = verbs.read(folder)
        self.results = verbs.pack_results(book)
        focus = focus_of(self.results)
        self.paper = paper("", "", appendices(self.results, focus, set()))
        self.position = book.position if isinstance(book, Workings) else book
        self.grounds = Grounds(self.position, self.results)

    def pieces(self, said: Said) -> tuple[list[str], list[Piece]]:
        """The bodies that a sentence names, and all of it that must be found."""
        named: list[str] = []
        spans: list[tuple[int, str]] = []

        def blank(match: re.Match[str]) -> str:
            spans.append((match.start(), self.grounds.by_name[match[0]]))
            return " " * len(match[0])

        text = said.text
        quoted = [m.span() for m in re.finditer("“[^”]*”", text)]
        bare = self.grounds.pattern.sub(blank, text)
        for start, end in quoted:
            bare = bare[:start] + text[start:end] + bare[end:]
        named = list(dict.fromkeys(code for _, code in spans))
        pieces = []
        for match in PIECES.finditer(bare):
            kind = match.lastgroup or ""
            before = [code for at, code in spans if at < match.start()]
            of = {said.about, *before[-1:], *named[:1]} - {""}
            pieces.append(Piece(kind, canonical(kind, match[0]), frozenset(of)))
        return named, pieces

    def ground(self, piece: Piece, said: Said) -> Ground | None:
        """Where a piece is found for the bodies that are meant; None where nowhere."""
        if piece.kind == "quote":
            return self._quoted(piece)
        forms = [(piece.kind, piece.text)]
        if f"£ million {piece.text}" in said.text:
            forms = [("money", f"{piece.text} £m")]
            piece = replace(
                piece, bodies=frozenset()
            )  # a title that says who bears it names nobody
        grounds = [g for form in forms for g in self.grounds.found.get(form, ())]
        fit = [g for g in grounds if not g.bodies or not piece.bodies or g.bodies & piece.bodies]
        fit = [g for g in fit if not g.label.startswith("parameter ") or shared(g, said)]
        if piece.kind in ("share", "money"):
            fit = [g for g in fit if self._speaks(g, piece, said)]
        year = said.year or next(iter(re.findall(r"\d{4}/\d{2}", said.text)), "")
        year = year.replace("/", "-")

        def order(ground: Ground) -> tuple[bool, bool, int, int, bool, bool, int]:
            return (
                bool(said.verb) and ground.verb != said.verb,
                not piece.bodies and bool(ground.bodies) and ground.rank < 2,
                ground.rank,
                -shared(ground, said) if ground.label.startswith("parameter ") else 0,
                bool(year) and ground.year[:7] != year[:7],
                not ground.bodies,
                len(ground.label),
            )

        return min(fit, key=order, default=None)

    def _speaks(self, ground: Ground, piece: Piece, said: Said) -> bool:
        """Whether a sum or a share may be the one that is meant, and not one that looks like it.

        Where a body is named it is of that body, or stands in the answer that says the sentence or
        in a row that is of nobody; where none is named, it is of that answer or of nobody.
        """
        same = said.verb == ground.verb != ""
        if piece.bodies:
            return bool(ground.bodies) or ground.rank == 1 or same
        return same or not said.verb or not ground.bodies

    def _quoted(self, piece: Piece) -> Ground | None:
        for (kind, text), grounds in self.grounds.found.items():
            if kind == "text" and piece.text in text:
                return min(grounds, key=lambda g: g.rank)
        return None

    def stranger(self, said: Said) -> str:
        """A name of a body in a sentence that is neither the book's nor the register's of the day."""
        bare = re.sub("“[^”]*”", "", said.text)
        bare = self.grounds.pattern.sub("", bare.replace(self.position.ref.name, ""))
        if KINDS_OF_BODY.search(bare):
            for name in self.known_names:
                bare = bare.replace(name, "")
        found = KINDS_OF_BODY.search(bare)
        return found[0] if found else ""

    @cached_property
    def known_names(self) -> list[str]:
        """Names of bodies by the register in the years of the book, the longest first."""
        years = {f.year for r in self.results.values() for f in r.figures if f.year[4:5] == "-"}
        years = {year[:7] for year in years}
        found = {
            spell.name
            for year in years
            for code in codes()
            if (spell := known_in(code, year)) is not None and not outside_dates(code, year)
        }
        return sorted(found | self.grounds.register, key=len, reverse=True)

    def rests_on(self, said: Said) -> tuple[list[str], list[str]]:
        """What a sentence rests on, in words, and what of it is found nowhere."""
        named, pieces = self.pieces(said)
        told: dict[str, None] = {}
        lost: list[str] = []
        ids: dict[str, None] = {}
        for piece in pieces:
            ground = self.ground(piece, said)
            if ground is None:
                lost.append(f"{piece.kind} {piece.text}")
                continue
            if piece.kind in ("year", "code") and ground.rank:
                continue
            told[ground.label] = None
            if ground.label.startswith("`"):
                ids[ground.label.strip("`")] = None
        lost = [
            one for one in lost if not (way := worked_out(one, pieces)) or told.update({way: None})
        ]
        rows: dict[str, None] = {}
        for name in ids:
            rows |= dict.fromkeys(self.grounds.sources(name))
        stranger = self.stranger(said)
        if stranger:
            lost.append(f"name {stranger}")
        if not told:
            told = {f"{code} {self.grounds.names[code]}": None for code in named}
        return [*told, *(f"← {row}" for row in list(rows)[:4])], lost


def changed(example: Example, said: Said, kinds: Iterable[str]) -> Iterator[Piece]:
    """The sums of a sentence, each with one more in its last digit."""
    for piece in example.pieces(said)[1]:
        if piece.kind in kinds:
            match = re.match(r"([\d,]*\d(?:\.\d+)?)(.*)", piece.text)
            assert match is not None
            size = Decimal(match[1].replace(",", ""))
            more = size + Decimal(1).scaleb(int(size.as_tuple().exponent))
            yield replace(piece, text=f"{more:,}{match[2]}")


def listing(example: Example, name: str) -> str:
    """Every sentence beside what it rests on, section by section."""
    lines = [
        f"# What each sentence of {name} rests on",
        "",
        "Figures are named by their ids, and after an arrow stand the rows on which they rest, with"
        " the source in square brackets; “published” is a packaged table.",
    ]
    section = ""
    for said in sentences(example):
        rests, _ = example.rests_on(said)
        if not rests:
            continue
        if said.section != section:
            section = said.section
            lines += ["", f"## {section}", "", "| sentence | rests on |", "|---|---|"]
        cells = [said.text.replace("|", "/"), "; ".join(rests).replace("|", "/")]
        lines.append(f"| {cells[0]} | {cells[1]} |")
    return "\n".join(lines) + "\n"
