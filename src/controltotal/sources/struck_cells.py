"""Cells of a workbook that are struck through: kept to be seen, and by most people meant as gone.

Source: ECMA-376, part 1, 18.8.22 (font) and 18.4.10 (strike).
"""

from __future__ import annotations

import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import IO

from controltotal.sources.sheet_list import worksheets
from controltotal.sources.sheet_shape import Place, feed, new_parser, place_of

_NO = ("0", "false", "off")


def struck_cells(path: Path) -> Mapping[str, frozenset[Place]]:
    """By title of a worksheet, the cells whose font is struck through; sheets without any are not there."""
    with zipfile.ZipFile(path) as archive:
        parts = {name.lower(): name for name in archive.namelist()}
        styles = _styles(archive, parts.get("xl/styles.xml", ""))
        if not styles:
            return {}
        found = {}
        for title, _, part in worksheets(archive, parts):
            with archive.open(part) as file:
                cells = _cells(file, styles)
            if cells:
                found[title] = cells
        return found


def _styles(archive: zipfile.ZipFile, part: str) -> frozenset[str]:
    """The numbers of the styles of cells whose font is struck through."""
    if not part:
        return frozenset()
    fonts: list[bool] = []
    styles: list[int] = []
    inside = [""]

    def start(name: str, attributes: dict[str, str]) -> None:
        local = name.rpartition(":")[2]
        if local in ("fonts", "fills", "cellXfs", "cellStyleXfs", "cellStyles", "dxfs"):
            inside[0] = local
        elif local == "font" and inside[0] == "fonts":
            fonts.append(False)
        elif local == "strike" and inside[0] == "fonts" and fonts:
            fonts[-1] = attributes.get("val", "1") not in _NO
        elif local == "xf" and inside[0] == "cellXfs":
            styles.append(int(attributes.get("fontId", "0")))

    with archive.open(part) as file:
        feed(new_parser(start), file)
    struck = {number for number, is_struck in enumerate(fonts) if is_struck}
    return frozenset(str(index) for index, font in enumerate(styles) if font in struck)


def _cells(file: IO[bytes], styles: frozenset[str]) -> frozenset[Place]:
    """The cells of a worksheet that have one of some styles."""
    found: set[Place] = set()

    def start(name: str, attributes: dict[str, str]) -> None:
        if name.rpartition(":")[2] == "c" and attributes.get("s") in styles and "r" in attributes:
            found.add(place_of(attributes["r"]))

    feed(new_parser(start), file)
    return frozenset(found)
