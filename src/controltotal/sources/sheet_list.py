"""The sheets of a workbook as it lists them, each with its shape; bombs are refused before."""

from __future__ import annotations

import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from posixpath import normpath
from typing import IO

from controltotal.core.errors import BookError
from controltotal.sources.cell_formats import read_formats
from controltotal.sources.plain_shape import read_shape_fast
from controltotal.sources.sheet_shape import SheetShape, feed, new_parser

LARGEST_BYTES = 512 * 1024 * 1024
"""A workbook that unpacks to more than this is refused before it can fill the memory."""


@dataclass(frozen=True, slots=True)
class ListedSheet:
    """A worksheet: whether it is hidden, and its shape (empty where it was not looked at)."""

    title: str
    hidden: bool
    shape: SheetShape


def listed_sheets(path: Path, *, unseen: bool = True) -> list[ListedSheet]:
    """Every worksheet in order; the cells of hidden ones are looked at only where `unseen`."""
    with zipfile.ZipFile(path) as archive:
        parts = {name.lower(): name for name in archive.namelist()}
        formats = _formats(archive, parts)
        shared = parts.get("xl/sharedstrings.xml")
        if shared is not None:
            with archive.open(shared) as file:  # unpacked whole once: its size is as declared
                feed(new_parser(lambda *_: None), file)
        found = []
        for title, state, part in worksheets(archive, parts):
            hidden = state not in ("", "visible")
            shape = SheetShape()
            if unseen or not hidden:
                with archive.open(part) as file:
                    shape = read_shape_fast(file, formats, (path.name, title))
            found.append(ListedSheet(title, hidden, shape))
    return found


def _formats(archive: zipfile.ZipFile, parts: Mapping[str, str]) -> Mapping[str, str]:
    styles = parts.get("xl/styles.xml")
    if styles is None:
        return {}
    with archive.open(styles) as file:
        return read_formats(file)


def worksheets(archive: zipfile.ZipFile, parts: Mapping[str, str]) -> list[tuple[str, str, str]]:
    """Title, state and file of each worksheet, as the workbook lists them."""
    named: list[tuple[str, str, str]] = []
    targets: dict[str, str] = {}

    def sheet(name: str, attributes: dict[str, str]) -> None:
        if name.rpartition(":")[2] == "sheet":
            link = [v for k, v in attributes.items() if k.rpartition(":")[2] == "id"]
            named.append(
                (attributes.get("name", ""), attributes.get("state", ""), "".join(link[:1]))
            )

    def relation(name: str, attributes: dict[str, str]) -> None:
        if name.rpartition(":")[2] == "Relationship":
            target = attributes.get("Target", "")
            whole = normpath(target.lstrip("/") if target.startswith("/") else f"xl/{target}")
            if attributes.get("Type", "").endswith("/worksheet"):
                targets[attributes.get("Id", "")] = whole.lower()

    for part, handle in (("xl/workbook.xml", sheet), ("xl/_rels/workbook.xml.rels", relation)):
        with _open(archive, parts, part) as file:
            feed(new_parser(handle), file)
    lost = [title for title, _, link in named if link in targets and targets[link] not in parts]
    if lost:
        raise ValueError(f"the sheet {lost[0]} is listed and is not in the file")
    return [(title, state, parts[targets[link]]) for title, state, link in named if link in targets]


def _open(archive: zipfile.ZipFile, parts: Mapping[str, str], part: str) -> IO[bytes]:
    if part not in parts:
        raise ValueError(f"it holds no {part}")
    return archive.open(parts[part])


def refuse_bombs(path: Path, most: int = 0) -> None:
    """Refuse what is no workbook, and one that unpacks to more than `most` bytes (nil: the largest)."""
    most = most or LARGEST_BYTES
    if not path.is_file():
        raise BookError("this is a pipe or a device, not a file", path.name, "give an .xlsx file")
    try:
        with zipfile.ZipFile(path) as archive:
            size = sum(item.file_size for item in archive.infolist())
    except (zipfile.BadZipFile, OSError) as error:
        raise BookError(
            "the file is not an .xlsx workbook", path.name, "save it again as .xlsx"
        ) from error
    if size > most:
        shown = f"the workbook unpacks to over {most // 2**20} MB"
        raise BookError(shown, path.name, "split it, or use CSV")
