"""The pack as an accessible PDF (PDF/UA-1): tagged headings, tables with headers, charts described.

Made by Typst from the same sections as the page, with its own fonts, so that equal books give
equal files on every machine.
"""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from controltotal.core.figure import Figure
from controltotal.core.progress import stop_if_cancelled
from controltotal.core.show import figure_name, figure_value
from controltotal.papers.beside import beside_of, is_short
from controltotal.papers.page import cell_value, plain_text
from controltotal.papers.paper import Paper, Written
from controltotal.papers.sections import Column, Section, TableView

CREATED = 1_577_836_800  # 1 January 2020: the same in every file, for equal bytes
NO_SIGN = "could not be displayed with font"
"""What Typst says of a letter that none of its fonts has."""

BOX = "□"
TEXT_MAX = 5_000
CUT = " … (cut here; the page, .html, has it whole)"
TRIED_MAX = 300
PLAIN = re.compile("[^\x00-\u024f\u2010-\u203a\u20ac\u2190-\u2193\u2212\u25a1\ufffd\u200b]")
"""Letters beyond those that the fonts are known to have."""

ROWS_MAX = 400  # the appendix of figures is for the page; the PDF says where it is

PREAMBLE = """#set document(title: {title}, author: "controltotal")
#set page(paper: "a4", margin: (x: 18mm, y: 18mm), numbering: "1 of 1", footer: context [
  #set text(size: 8pt)
  #{notice} #h(1fr) #counter(page).display("1 of 1", both: true)
])
#set text(size: 9.5pt, lang: "en", region: "GB")
#set par(justify: false)
#show heading.where(level: 1): set text(size: 20pt)
#show heading.where(level: 2): set block(above: 18pt, below: 8pt)
#show regex("[A-Z][A-Z0-9]+(-[A-Z0-9]+)+"): box
#show figure: set align(left)
#show figure.where(kind: table): set figure.caption(position: top)
#show figure: set block(breakable: true)
#show heading.where(level: 3): set text(size: 11pt)
#show heading.where(level: 3): set block(above: 10pt, below: 5pt)
#set table(stroke: (x, y) => (bottom: 0.4pt + luma(180)), inset: (x: 3pt, y: 3pt))
"""

PAGED = """#set page(margin: (x: 15mm, top: 13mm, bottom: 14mm))
#set text(size: 9pt)
#show heading.where(level: 1): set text(size: 14pt)
#show heading.where(level: 2): set text(size: 13pt)
#show heading.where(level: 2): set block(above: 8pt, below: 6pt)
#set par(leading: 0.55em, spacing: 0.8em)
#set table(inset: (x: 2.5pt, y: 2.2pt))
"""
"""A paper of few pages: closer set, its pages one below the other."""
BREAK = "#pagebreak(weak: true)\n"
"""After page one, which stands alone."""
ROOM = "#block(breakable: false, height: 62mm, above: 0pt, below: 0pt)\n#v(-62mm)\n"
"""Before any other page of a paper of few pages: it goes on below the one before it where there is room."""
LETTERS = 105
"""About how many letters stand in a line of a table."""
WHOLE_MOST = 3
"""Rows of a table that stays whole on its page."""
LARGE_MOST = 6
"""Columns of a table in letters of the usual size; of more they are smaller."""
WIDE = 0.62
"""The width of a letter of a heading, in the size of the letters: a little over what they need."""
LONGEST = 24
"""Letters of a word that a column makes room for."""
BREAKS = re.compile("[\\s\u200b-]+")
"""Where a line may break."""
CHART_WIDTH = "62%"
"""How much of the width a chart has in a paper of few pages."""


def paper_pdf(paper: Paper) -> Written:
    """A paper as the bytes of a PDF.

    An accessible PDF may not hold a letter for which its fonts have no sign. Where a book has one
    (an emoji, a word in Chinese), a box stands in its place and the paper says so at its end.
    """
    import typst

    source = _source(paper)
    try:
        return Written(_compiled(source, paper.pictures))
    except typst.TypstError as error:
        if NO_SIGN not in str(error):
            raise
    lacking = _lacking(source + "".join(paper.pictures.values()))
    told = (
        f"For {len(lacking)} of the characters used this form has no sign: {BOX} stands in their "
        "place; the page (.html) shows them as they were written."
    )
    boxes = dict.fromkeys(map(ord, lacking), BOX)
    pictures = {name: svg.translate(boxes) for name, svg in paper.pictures.items()}
    noted = f"{source.translate(boxes)}#text(size: 8pt, {content(told)})\n"
    try:
        return Written(_compiled(noted, pictures), (told,))
    except typst.TypstError:  # signs that fail only beside others: plain letters alone
        plain = {name: PLAIN.sub(BOX, svg) for name, svg in pictures.items()}
        return Written(_compiled(PLAIN.sub(BOX, noted), plain), (told,))


def _source(paper: Paper) -> str:
    """A paper as Typst."""
    parts = [PREAMBLE.format(title=text(paper.title), notice=text(" ".join(paper.notices)))]
    parts.append(f"#heading(level: 1, {content(paper.title)})\n")
    parts.append(f"#{text(paper.subtitle)}\n\n")
    parts += [f"#strong({content(notice)})\n\n" for notice in paper.notices]
    if paper.paged:
        parts[0] += PAGED
        parts += _pages(paper)
    else:
        parts += [_section(section) for section in paper.sections]
    parts.append(f"#line(length: 100%)\n#text(size: 8pt, {content(paper.footer)})\n")
    return "\n".join(parts)


def _pages(paper: Paper) -> Iterable[str]:
    """The parts of a paper of few pages: short ones stand beside a chart, where there is room."""
    left = [section for section in paper.sections if _printed(section)]
    opened = 0
    while left:
        section = left.pop(0)
        begins = section.level == 2
        opened += begins
        before = (BREAK if opened == 2 else ROOM) if begins and opened > 1 else ""
        beside = beside_of(section, left, paper.pictures)
        del left[: len(beside)]
        yield f"{before}{_section(section, paged=True, beside=beside)}"


def _compiled(source: str, pictures: Mapping[str, str]) -> bytes:
    """Typst as a PDF, its pictures beside it."""
    import typst

    stop_if_cancelled()
    with tempfile.TemporaryDirectory() as folder:
        for name, svg in pictures.items():
            (Path(folder) / f"{name}.svg").write_text(svg, encoding="utf-8")
        (Path(folder) / "pack.typ").write_text(source, encoding="utf-8")
        return bytes(
            typst.compile(
                str(Path(folder) / "pack.typ"),
                format="pdf",
                pdf_standards="ua-1",
                ignore_system_fonts=True,
                timestamp=CREATED,
            )
        )


def _lacking(source: str) -> list[str]:
    """The characters for which the fonts of a PDF have no sign, each tried by itself.

    Of a text in another alphabet the first hundreds are tried; the rest are taken as lacking.
    """
    import typst

    lacking = []
    for count, letter in enumerate(sorted(set(PLAIN.findall(source)))):
        if count >= TRIED_MAX:
            lacking.append(letter)
            continue
        try:
            _compiled(f"{PREAMBLE.format(title=text(''), notice=text(''))}#{text(letter)}", {})
        except typst.TypstError:
            lacking.append(letter)
    return lacking


def text(value: str) -> str:
    """A Typst string literal.

    >>> text('say "so"')
    '"say \\\\"so\\\\""'
    """
    one = " ".join(value.splitlines())
    return '"' + one.replace("\\", "\\\\").replace('"', '\\"') + '"'


def content(value: str) -> str:
    """Text as Typst content, with nothing in it read as markup."""
    return f"[#{text(_at_most(value))}]"


def _at_most(value: str) -> str:
    """A text that a printed page can hold: one that is longer is cut, and says so where it is."""
    return value if len(value) <= TEXT_MAX else f"{value[:TEXT_MAX]}{CUT}"


def _section(section: Section, paged: bool = False, beside: Sequence[Section] = ()) -> str:
    if beside:
        other = "\n".join(_section(one, paged=True) for one in beside)
        own = _section(section, paged=False)
        return f"#grid(columns: (60%, 1fr), column-gutter: 5mm, [{own}], [{other}])\n"
    parts = [f"#heading(level: {section.level}, {content(section.title)})"]
    parts += [_words(words, lead=section.lead) for words in section.words]
    parts += ["\n".join(f"- #{text(_at_most(point))}" for point in section.points)]
    if section.figures:
        cells = ", ".join(
            f"{content(figure_name(f))}, {content(figure_value(f))}" for f in section.figures
        )
        parts.append(_table_markup(f"{section.title}: the figures", ["Figure", "Value"], cells, 2))
    width = CHART_WIDTH if paged else "100%"
    for view in section.charts:
        parts.append(
            f"#figure(image({text(view.id + '.svg')}, width: {width}, alt: {text(view.alternative)}), "
            f"caption: {content(view.title)}, kind: image, alt: {text(view.alternative)})"
        )
    tables = [_table(table) for table in section.tables if table.rows and not table.folded]
    if paged and section.charts and tables and is_short(section):
        chart = parts.pop().replace(f"width: {CHART_WIDTH}", "width: 100%")
        first = tables.pop(0)
        parts.append(f"#grid(columns: (60%, 1fr), column-gutter: 5mm, [{chart}], [{first}])")
    parts += tables
    return "\n\n".join(part for part in parts if part) + "\n"


def _printed(section: Section) -> bool:
    """Whether a printed paper has anything of a section: what a page only keeps folded it has not."""
    kept = tuple(table for table in section.tables if not table.folded)
    return not replace(section, tables=kept).empty


def _words(words: str, *, lead: bool) -> str:
    if lead:
        return f'#text(size: 1.25em, weight: "bold", {content(words)})\n'
    return f"#{text(_at_most(words))}\n"


def _table(table: TableView) -> str:
    """A table, its columns that are empty everywhere left out to give the others room.

    Under headings over several columns each column stays, for they count them.
    """
    stop_if_cancelled()
    rows = list(table.rows)[:ROWS_MAX]
    kept = [
        c for c in table.columns if table.groups or any(_shown(c, row.get(c.key)) for row in rows)
    ]
    cells = ", ".join(content(_shown(c, row.get(c.key))) for row in rows for c in kept)
    lengths = [sum(len(_shown(c, row.get(c.key))) for row in rows) / len(rows) for c in kept]
    headings = [c.heading for c in kept]
    over = "".join(
        f"table.cell(colspan: {span}, align: center)[*#{text(title)}*], "
        for title, span in table.groups
    )
    words = [_longest_word(column, rows) for column in kept]
    markup = _table_markup(table.title, headings, cells, len(kept), kept, lengths, over, words)
    if len(rows) <= WHOLE_MOST:
        markup = f"#[#show figure: set block(breakable: false)\n{markup}]"
    notes = [table.note] if table.note else []
    if len(table.rows) > ROWS_MAX:
        notes.append(f"The first {ROWS_MAX} of {len(table.rows)} rows; the page has them all.")
    return markup + "".join(f"\n\n#{text(note)}\n" for note in notes)


def _table_markup(
    title: str,
    headings: list[str],
    cells: str,
    count: int,
    columns: list[Column] | None = None,
    lengths: list[float] | None = None,
    over: str = "",
    words: list[str] | None = None,
) -> str:
    """A table as Typst; text columns share the width by how much they say; `over`, cells above."""
    heads = ", ".join(f"[*#{text(h)}*]" for h in headings)
    right = [c.right for c in columns] if columns else [False] * (count - 1) + [True]
    align = ", ".join("right" if r else "left" for r in right)
    shares = [max(8.0, min(48.0, length)) for length in lengths or [20.0] * count]
    widths = ", ".join(_widths(headings, right, shares, words or headings))
    size = "9pt" if count <= LARGE_MOST else "7.5pt"
    return (
        f"#figure(kind: table, caption: {content(title)}, {{ set text(size: {size}); table(columns: "
        f"({widths},), align: ({align},), table.header({over}{heads}), {cells}) }})"
    )


def _widths(
    headings: list[str], right: list[bool], shares: list[float], words: list[str]
) -> list[str]:
    """The width of each column: a number what it needs, a text its share, but never less than its
    longest word, which would be printed over the next column."""
    letters = LETTERS if len(headings) <= LARGE_MOST else int(LETTERS * 1.2)  # smaller ones
    room = letters - sum(len(h) + 2 for h, r in zip(headings, right, strict=True) if r)
    whole = sum(share for share, r in zip(shares, right, strict=True) if not r)
    found = []
    for share, is_number, word in zip(shares, right, words, strict=True):
        if is_number:
            found.append("auto")
        elif share / whole * room < len(word) + 2:
            found.append(f"{len(word) * WIDE + 0.6:.1f}em")
        else:
            found.append(f"{share:.1f}fr")
    return found


def _longest_word(column: Column, rows: Iterable[Mapping[str, Any]]) -> str:
    """The longest word of a column, its heading's among them; an id may break at its slashes."""
    texts = [column.heading, *(_shown(column, row.get(column.key)) for row in rows)]
    return max((word for text in texts for word in BREAKS.split(text)), key=len)[:LONGEST]


def _shown(column: Column, value: object) -> str:
    """A cell as text; long ids may break after a slash."""
    if isinstance(value, Figure):
        shown = value.id if column.kind == "anchor" else cell_value(value)
    else:
        shown = plain_text(column, value)
    return shown.replace("/", "/\u200b") if column.kind in ("anchor", "links") else shown
