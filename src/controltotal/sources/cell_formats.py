"""Number formats of a workbook: which of them show another number than a cell holds.

`#,##0,` shows thousands, `"£"#,##0` adds a pound sign, `0.0"m"` a unit. What a person reads on the
screen is what a person has checked, so each of these is looked at wherever it stands over money.

Source: ECMA-376, part 1, 18.8.30 (numFmt).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import IO

from controltotal.sources.sheet_shape import feed, new_parser

SCALED = "scaled"
"""A format that divides by a thousand for each comma after its last digit."""

PERCENT = "%"
"""A format that shows a hundred times the number, with a sign of per cent."""
_BUILT_IN = {"9": PERCENT, "10": PERCENT}
"""Formats that a workbook names by number alone, and that show another number than they hold."""

_SHOWN_APART = re.compile(r'"([^"]*)"|\\(.)|\[\$([^\]-]*)[^\]]*\]|\[[^\]]*\]|[_*].')
_SCALED = re.compile(r"[0#?],+(?![0#?,])")


def read_formats(file: IO[bytes] | None) -> Mapping[str, str]:
    """By number of style: `scaled`, `%`, or the unit that the format shows beside its numbers."""
    if file is None:
        return {}
    codes: dict[str, str] = {}
    styles: list[str] = []
    inside: list[str] = [""]

    def start(name: str, attributes: dict[str, str]) -> None:
        local = name.rpartition(":")[2]
        if local in ("cellXfs", "cellStyleXfs", "dxfs"):
            inside[0] = local
        elif local == "numFmt" and not inside[0]:
            codes[attributes.get("numFmtId", "")] = attributes.get("formatCode", "")
        elif local == "xf" and inside[0] == "cellXfs":
            styles.append(attributes.get("numFmtId", "0"))

    feed(new_parser(start), file)
    shown = _BUILT_IN | {number: shows(code) for number, code in codes.items()}
    return {str(index): shown[number] for index, number in enumerate(styles) if shown.get(number)}


def shows(code: str) -> str:
    """What a format code does to a number besides writing it: its unit is that of the first section.

    >>> shows("#,##0,"), shows('"£"#,##0'), shows('0.0"m"'), shows("#,##0.00")
    ('scaled', '£', 'm', '')
    >>> shows("0.0%"), shows('0" % of plan"')
    ('%', '')
    >>> shows("[$£-809]#,##0;[Red]-[$£-809]#,##0"), shows('_-* #,##0_-'), shows("0.0,,")
    ('£', '', 'scaled')
    """
    if _SCALED.search(_SHOWN_APART.sub("", code)):
        return SCALED
    section = _first_section(code)
    literals = "".join(map("".join, _SHOWN_APART.findall(section)))
    bare = _SHOWN_APART.sub("", section)
    if PERCENT in bare:
        return PERCENT
    unit = re.search(r"(?:000s?|['\u2019]000s?|bn|[km])\b", literals, re.IGNORECASE)
    return ("£" if "£" in literals + bare else "") + (unit[0].lower() if unit else "")


def _first_section(code: str) -> str:
    """The section for numbers above nil; a `;` inside quotes does not end it."""
    end = 0
    for part in re.finditer(r'"[^"]*"|\\.|[^;]', code):
        if part.start() != end:
            break
        end = part.end()
    return code[:end]
