"""What templates need to show a section of a paper: its tables, tiles and drawings on a web page.

The content policy of the service forbids style inside a page, attributes included. A drawing bears
one (its greatest width), which is put as an attribute of its own here; and a number leads to the
page of its figure, where in a paper it leads to a note.
"""

from __future__ import annotations

import re
from typing import Any, Final
from urllib.parse import parse_qsl, quote, urlencode

from django.core.signing import Signer

from controltotal.core.calendar import days_in_words
from controltotal.core.show import figure_name
from controltotal.papers.page import narrow_svg, table_html, tile_html
from controltotal.papers.sections import ChartView

WIDEST: Final = re.compile(r'^(<svg[^>]*?) style="max-width:(\d+)px"')

BETWEEN_TAGS: Final = re.compile(r"(?<=>)[^<>]+(?=<)")
"""The words of markup."""


KEPT_VALUES: Final = (
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


def figure_address(key: str) -> str:
    """Where a number leads to: the page of its figure, or of the note that says how it is made.

    >>> figure_address("gap/QX 1/2026-27/plan")
    '/figures/gap/QX%201/2026-27/plan'
    >>> figure_address("how-to_date-plan")
    '/numbers/how-to_date-plan'
    >>> figure_address("how-to_date-plan?organisation=XF-SYS&value=5")
    '/numbers/how-to_date-plan?organisation=XF-SYS'
    """
    if "/" in key:
        return f"/figures/{quote(key)}"
    note, _, row = key.partition("?")
    asked = urlencode(_asked(note, row)) if row else ""
    return f"/numbers/{quote(note)}{'?' if asked else ''}{asked}"


def _asked(note: str, row: str) -> list[tuple[str, str]]:
    """What the address of a number carries: its row, and where no quick answer tells it its value, signed.

    Nobody but the service can sign a value, so a page tells none that somebody made up.
    """
    parts = parse_qsl(row, keep_blank_values=True)
    of = [(name, text) for name, text in parts if name != "value"]
    if note.startswith(KEPT_VALUES):
        of += [("shown", Signer(salt=note).sign(text)) for name, text in parts if name == "value"]
    return of


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
