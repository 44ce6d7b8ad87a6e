"""What templates need to show a section of a paper: its tables, tiles and drawings on a web page.

The content policy of the service forbids style inside a page, attributes included. A drawing bears
one (its greatest width), which is put as an attribute of its own here; and a number leads to the
page of its figure, where in a paper it leads to a note.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any, Final
from urllib.parse import parse_qsl, quote, urlencode

from django.core.signing import BadSignature, Signer

from controltotal.core.calendar import days_in_words
from controltotal.core.figure import Figure
from controltotal.core.measures import measure
from controltotal.core.show import figure_name
from controltotal.core.sourced import Source, slots_of
from controltotal.papers.page import narrow_svg, table_html, tile_html
from controltotal.papers.sections import ChartView
from controltotal.service.house import SLOW
from controltotal.service.moment import Moment

WIDEST: Final = re.compile(r'^(<svg[^>]*?) style="max-width:(\d+)px"')

BETWEEN_TAGS: Final = re.compile(r"(?<=>)[^<>]+(?=<)")
"""The words of markup."""


KEPT_VALUES: Final = (
    "how-who_pays_for_whom-",
    "how-breaches-",
    *("how-cases-", "how-drivers-", "how-fan-", "how-step_sums-", "how-shares-", "how-approaches-"),
    *(
        "how-missing-",
        "how-control_totals-saving",
        "how-control_totals-shortfall",
        "how-equity-",
        "how-check-",
    ),
)
"""Numbers of long answers, by how their keys begin: their addresses carry what they were."""


def figure_address(key: str, moment: Moment | None = None) -> str:
    """Where a number leads to: the page of its figure, or of the note that says how it is made.

    The key of a figure of long work may be followed by `?` and its value. With a `moment` the page tells
    the number as at that moment.

    >>> figure_address("gap/QX 1/2026-27/plan")
    '/figures/gap/QX%201/2026-27/plan'
    >>> figure_address("how-to_date-plan")
    '/numbers/how-to_date-plan'
    >>> figure_address("how-to_date-plan?organisation=XF-SYS&value=5", Moment(7))
    '/numbers/how-to_date-plan?organisation=XF-SYS&at=7'
    """
    name, _, row = key.partition("?")
    asked = _asked(name, row, moment)
    page = "figures" if "/" in name else "numbers"
    return f"/{page}/{quote(name)}{'?' if asked else ''}{urlencode(asked)}"


def _asked(name: str, row: str, moment: Moment | None) -> list[tuple[str, str]]:
    """What the address of a number carries: its row, its moment, and where no quick answer tells it its
    value, signed.

    Nobody but the service can sign a value, so a page tells none that somebody made up.
    """
    parts = parse_qsl(row, keep_blank_values=True)
    of = [(one, text) for one, text in parts if one != "value"]
    of += moment.asked if moment is not None else []
    slow = moment is not None and measure(name.split("/")[0]).verb in SLOW if "/" in name else False
    if slow or name.startswith(KEPT_VALUES):
        of += [("shown", signed(name, of, text)) for one, text in parts if one == "value"]
    return of


def signed(name: str, of: Iterable[tuple[str, str]], value: str) -> str:
    """A value signed for one number alone: its name, its row and its moment."""
    return str(Signer(salt=_salt(name, of)).sign(value))


def carried(name: str, asked: Mapping[str, str]) -> str:
    """The value that an address carries; empty where the service did not sign it for this number."""
    of = [(one, text) for one, text in asked.items() if one != "shown"]
    try:
        return str(Signer(salt=_salt(name, of)).unsign(asked.get("shown", "")))
    except BadSignature:
        return ""


def _salt(name: str, of: Iterable[tuple[str, str]]) -> str:
    return f"{name}?{urlencode(sorted(of))}"


def figure_key(figure: Figure) -> str:
    """The key of a figure with its value, for its address on a page of the service."""
    return figure.id if figure.value is None else f"{figure.id}?value={figure.value}"


def linked_words(text: str, page: Any) -> Any:
    """A text whose numbers lead to their pages, as far as it knows their sources.

    `page.address` says where a figure or a number of an answer leads to, `page.made` where a number
    that the text works out does.
    """
    from markupsafe import Markup, escape

    out, end = [], 0
    for slot in slots_of(text):
        to = _to(slot.source, slot.shown, page)
        shown = escape(slot.shown)
        out += [escape(days_in_words(text[end : slot.start]))]
        out += [Markup('<a href="{}">{}</a>').format(to, shown) if to else shown]
        end = slot.start + len(slot.shown)
    return Markup("").join([*out, escape(days_in_words(text[end:]))])


def _to(source: Source, shown: str, page: Any) -> str:
    if source.key:
        return str((page.address or figure_address)(source.key))
    return str(page.made(shown, source)) if page.made else ""


def picture(svg: str) -> Any:
    """A drawing as a page of the service may hold it: no style of its own, the same greatest width.

    >>> picture('<svg viewBox="0 0 9 9" style="max-width:9px" role="img"></svg>')
    Markup('<svg viewBox="0 0 9 9" width="9" role="img"></svg>')
    """
    from markupsafe import Markup

    return Markup(WIDEST.sub(r'\1 width="\2"', svg))


def narrow_picture(view: ChartView) -> Any:
    """A chart as it is drawn anew for a phone."""
    return picture(narrow_svg(view))


def dated(value: Any) -> Any:
    """Words with every day in them as people write it; of markup the words alone, never an address.

    >>> dated("due 2026-04-01"), dated(None)
    ('due 1 April 2026', None)
    """
    from markupsafe import Markup

    if isinstance(value, Markup):
        return Markup(BETWEEN_TAGS.sub(lambda found: days_in_words(found[0]), str(value)))
    return days_in_words(value) if isinstance(value, str) else value


GLOBALS: Final = {
    "linked_words": linked_words,
    "figure_key": figure_key,
    "figure_address": figure_address,
    "figure_name": figure_name,
    "narrow_picture": narrow_picture,
    "picture": picture,
    "table_html": table_html,
    "tile_html": tile_html,
}
"""What `parts.html.j2` takes from here: into the globals of the templates' environment."""
FILTERS: Final = {"dated": dated}
"""And into its filters."""
