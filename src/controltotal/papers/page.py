"""Sections to one self-contained page: no scripts, no outside requests, readable by everyone.

Each number links to the place where it is explained on the same page; the id of a figure is its
anchor. Tables have captions and scoped headings, charts a text alternative, and colour never
carries meaning alone.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import replace
from functools import cache, partial
from html import escape
from importlib.resources import files
from typing import Any, Final
from urllib.parse import urlencode

from controltotal.core.figure import Figure
from controltotal.core.money import page_money
from controltotal.core.progress import checked
from controltotal.core.show import aside, figure_name, figure_value, hedged, value_text
from controltotal.core.sourced import Part, Source, Worded, by_key, slots_of, sourced
from controltotal.papers.paper import Paper
from controltotal.papers.sections import (
    INDENT,
    Cell,
    ChartView,
    Column,
    Note,
    Section,
    TableView,
    pence_of,
)
from controltotal.papers.svg import drawn

RIGHT: Final = ' class="right"'
SHORT: Final = 32
"""Letters of a text that is kept on one line where there is room."""
DAY: Final = re.compile(r"\d{4}-\d{2}-\d{2}")

Address = Callable[[str], str]
"""Where a number leads to, by the id of its figure or of its note; empty where to nothing.

On a page other than its own a note's id is followed by `?`, its row and its value, as in a query.
"""


def on_this_page(key: str) -> str:
    """The address of what stands on the same page."""
    return f"#{key}"


def page_html(paper: Paper) -> str:
    """The whole page."""
    style = (files("controltotal") / "papers" / "templates" / "pack.css").read_text("utf-8")
    anchors = _anchors(paper.sections)
    said = partial(said_html, anchors=anchors)
    return str(_template().render(paper=paper, style=style, said=said))


def said_html(text: str, anchors: Collection[str]) -> Any:
    """A sentence, escaped: its numbers lead to where the same page explains them, where it does."""
    from markupsafe import Markup

    def address(source: Source, shown: str) -> str:
        to = source.key.partition("?")[0] or said_id(shown, source)
        return on_this_page(to) if to in anchors else ""

    return Markup(_words_html(text, address))


def said_id(shown: str, source: Source) -> str:
    """The anchor of the note of a number that a sentence works out itself.

    >>> said_id("7", Source(how="a count")) == said_id("7", Source(how="a count"))
    True
    """
    told = repr((shown, source.how, source.parts))
    return how_id(f"said.{hashlib.sha256(told.encode()).hexdigest()[:12]}")


def _anchors(sections: Iterable[Section]) -> set[str]:
    """Where on its page a paper explains numbers."""
    return {
        anchor
        for section in sections
        for table in section.tables
        if table.columns
        for row in table.rows
        if (anchor := _anchor(table.columns[0], row))
    }


@cache
def _template() -> Any:
    """The frame of every page, read and compiled once."""
    from jinja2 import Environment, select_autoescape

    source = (files("controltotal") / "papers" / "templates" / "pack.html.j2").read_text("utf-8")
    environment = Environment(
        autoescape=select_autoescape(default=True), trim_blocks=True, lstrip_blocks=True
    )
    environment.globals.update(
        table_html=table_html, value=tile_html, name=figure_name, narrow=narrow_svg
    )
    return environment.from_string(source)


def narrow_svg(view: ChartView) -> str:
    """A chart as it is drawn anew for a phone: a page alone has both drawings."""
    return drawn(replace(view, id=f"{view.id}-narrow", chart=view.narrow or view.chart))


def tile_html(figure: Figure) -> Any:
    """A figure as a tile shows it: the value large, its range and what it lacks small."""
    from markupsafe import Markup

    measured = figure.unit in ("pence", "share", "chance", "count", "index")
    if figure.value is None or figure.status == "bounded" or not measured:
        return Markup(escape(figure_value(figure)))
    main, rest = hedged(figure) + value_text(figure.value, figure.unit), aside(figure)
    small = f' <small class="range">{escape(rest)}</small>' if rest else ""
    return Markup(f"{escape(main)}{small}")


def table_html(table: TableView, *, above: bool = False, address: Address = on_this_page) -> Any:
    """A table with its caption and headings, escaped; `above`, its title stands over it already.

    `address` says where its numbers lead to.
    """
    from markupsafe import Markup, escape

    groups = [
        f'<th scope="colgroup" colspan="{span}" class="group">{escape(title)}</th>'
        if title
        else f'<td colspan="{span}"></td>'
        for title, span in table.groups
    ]
    heads = [
        f'<th scope="col"{RIGHT if one.right else ""}>{escape(one.heading)}</th>'
        for one in table.columns
    ]
    title, caption = escape(table.title), ' class="above"' if above else ""
    lines = [
        f'<div class="scroll" role="region" aria-label="Table: {title}" tabindex="0">',
        "<table>",
        f"<caption{caption}><span>{title}</span></caption>",
        "<thead>",
        *(["<tr>", *groups, "</tr>"] if groups else []),
        "<tr>",
        *heads,
        "</tr></thead>",
        "<tbody>",
        body_html(table, address),
        "</tbody>",
        "</table>",
        "</div>",
    ]
    return Markup("\n".join(lines))


def body_html(table: TableView, address: Address = on_this_page) -> Any:
    """The rows of a table, escaped: the first cell heads its row, and an anchor names it."""
    from markupsafe import Markup

    first = table.columns[0]
    tags = ['<th scope="row"', *["<td"] * (len(table.columns) - 1)]
    opened = [
        f'{tag} class="right">' if column.right else f"{tag}>"
        for tag, column in zip(tags, table.columns, strict=True)
    ]
    closed = ["</th>", *["</td>"] * (len(table.columns) - 1)]
    cells = list(zip(opened, table.columns, closed, strict=True))
    rows = []
    head = opened[0]
    for row in checked(table.rows, 100):
        rows.append(f'<tr id="{escape(anchor)}">' if (anchor := _anchor(first, row)) else "<tr>")
        name = row.get(first.key)
        depth = len(name) - len(name.lstrip(INDENT)) if isinstance(name, str) else 0
        cells[0] = (
            head.replace(">", f' class="in{min(depth, 6)}">') if depth else head,
            *cells[0][1:],
        )
        rows += [
            f"{_short(start, column, row)}{cell_html(column, row, address)}{end}"
            for start, column, end in cells
        ]
        rows.append("</tr>")
    return Markup("\n".join(rows))


def _short(start: str, column: Column, row: Mapping[str, Any]) -> str:
    """The tag of a cell; a short text is marked, so that a page with room keeps it on one line."""
    value = row.get(column.key)
    short = start == "<td>" and isinstance(value, str) and 0 < len(value) <= SHORT
    return '<td class="short">' if short else start


def _anchor(first: Column, row: Mapping[str, Any]) -> str:
    """The address of a row that explains a number; empty of any other row."""
    value = row.get(first.key)
    if isinstance(value, Note):
        return how_id(value.how)
    explains = first.kind in ("anchor", "note") and isinstance(value, Figure)
    return value.id if explains and isinstance(value, Figure) else ""


def cell_html(column: Column, row: Mapping[str, Any], address: Address = on_this_page) -> str:
    """One cell, escaped; numbers that are figures link to where they are explained."""
    value = row.get(column.key)
    if isinstance(value, Cell):
        shown = escape(plain_text(column, value))
        key = how_id(value.how) if address is on_this_page else number_key(value)
        return shown if value.value is None else _link(address(key), shown)
    if isinstance(value, Figure):
        to = address(_figure_key(value, address))
        if column.kind in ("anchor", "note"):
            return _link(to, escape(value.id), ' class="id"')
        name, shown = escape(figure_name(value)), escape(plain_text(column, value))
        return _link(to, shown, title=name)
    if column.kind == "links":
        return ", ".join(_link(address(i), escape(i)) for i in value or ())
    if isinstance(value, Worded) and address is not on_this_page:
        return _words_html(value, lambda source, _: address(source.key) if source.key else "")
    text = plain_text(column, value)
    if DAY.fullmatch(text):
        return f"<time>{text}</time>"  # never broken over two lines
    return escape(text.lstrip(INDENT))


def _figure_key(figure: Figure, address: Address) -> str:
    """The id of a figure; for a page of its own with its value behind a `?`."""
    told = address is not on_this_page and figure.value is not None
    return f"{figure.id}?value={figure.value}" if told else figure.id


def _words_html(text: str, address: Callable[[Source, str], str]) -> str:
    """A text, escaped; its numbers lead to where they are explained."""
    out, end = [], 0
    for slot in slots_of(text):
        to = address(slot.source, slot.shown)
        out += [escape(text[end : slot.start]), _link(to, escape(slot.shown))]
        end = slot.start + len(slot.shown)
    return "".join([*out, escape(text[end:])])


def _link(to: str, shown: str, kind: str = "", *, title: str = "") -> str:
    """An escaped text as a link, where it leads anywhere."""
    named = f' title="{title}"' if title else ""
    return f'<a{kind} href="{escape(to)}"{named}>{shown}</a>' if to else shown


def cell_value(figure: Figure) -> str:
    """A figure inside a table: money in £m without the sign, which the caption names."""
    if figure.unit == "pence" and isinstance(figure.value, int) and figure.status == "ok":
        return hedged(figure) + page_money(figure.value)
    return figure_value(figure)


def sum_text(value: Any) -> str:
    """A sum inside a table, hedged or told as a bound where its figure is; empty where none is told.

    >>> sum_text(-1_230_000_000), sum_text(None)
    ('(12.3)', '')
    """
    pence = pence_of(value)
    if pence is None:
        return ""
    before = ""
    if isinstance(value, Figure):
        bound = "more than " if value.high is None else "less than "
        before = bound if value.status == "bounded" else hedged(value)
    return f"{before}{page_money(pence)}"


def plain_text(column: Column, value: Any) -> str:
    """A plain cell for people; absence is said in words."""
    if isinstance(value, Cell):
        return "" if value.value is None else _cell_text(value)
    if column.kind == "money" and (told := sum_text(value)):
        return told
    if value is None or value == "":
        return "not known" if column.kind in ("money", "figure") else ""
    if isinstance(value, Figure):
        return cell_value(value)
    if isinstance(value, bool):
        return "yes" if value else "no"
    if column.kind in ("share", "chance"):
        return value_text(value, column.kind)
    if isinstance(value, float):
        return f"{value:,.0f}" if value.is_integer() else f"{value:,.3g}"
    if isinstance(value, list | tuple):
        return ", ".join(str(part) for part in value)
    return str(value)


def _cell_text(cell: Cell) -> str:
    if cell.unit == "pence" and isinstance(cell.value, int):
        return page_money(cell.value)
    return value_text(cell.value, cell.unit)


def number_key(value: Cell) -> str:
    """The note of a number with its row and its value behind a `?`, for the page of that number."""
    key = how_id(value.how)
    return f"{key}?{urlencode([*value.of, ('value', value.value)])}" if value.of else key


def told(shown: str, number: Figure | Cell | None) -> str:
    """A number in a sentence with its source: the figure or the cell that it is; else as it stands.

    >>> told("£3.4m", None)
    '£3.4m'
    """
    if isinstance(number, Cell):
        return by_key(shown, number_key(number))
    return shown if number is None else by_key(shown, number.id)


def worked_out(shown: str, how: str, *parts: tuple[str, Figure | Cell]) -> str:
    """A number that a sentence works out, with how, and the numbers of which it is made by their names."""
    some = tuple(
        Part(
            name,
            number_key(one) if isinstance(one, Cell) else one.id,
            value_text(one.value, one.unit)
            if isinstance(one, Cell) and one.value is not None
            else figure_value(one)
            if isinstance(one, Figure)
            else "",
        )
        for name, one in parts
    )
    return sourced(shown, Source(how=how, parts=some))


def how_id(key: str) -> str:
    """The anchor of the note that says how a column of an answer is made.

    >>> how_id("to_date.plan_year")
    'how-to_date-plan_year'
    >>> how_id("to_date.plan@A-1")
    'how-to_date-plan-A_2d_1'
    """
    column, _, at = key.partition("@")
    own = "".join(c if c.isascii() and c.isalnum() else f"_{ord(c):x}_" for c in at)
    return "how-" + column.replace(".", "-") + (f"-{own}" if own else "")


def shown_ids(sections: Iterable[Section]) -> set[str]:
    """The ids of every figure that sections show."""
    found: set[str] = set()
    for section in sections:
        found |= {figure.id for figure in section.figures}
        for table in section.tables:
            for row in table.rows:
                found |= {value.id for value in row.values() if isinstance(value, Figure)}
    return found
