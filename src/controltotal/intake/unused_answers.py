"""Answers that name nothing of the files which they were given for: told, since they changed nothing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from controltotal.core.finding import FileCell, Finding
from controltotal.core.vocabulary import folded
from controltotal.intake.files import File
from controltotal.intake.model import Asked
from controltotal.intake.questions import quoted, told

_SECTIONS: Final = ("headings", "lines", "bodies")


def tell_unused(files: Sequence[File], asked: Asked) -> None:
    """Say with the first file that was read which answers about texts are about none of any file."""
    read = [file for file in files if file.read is not None]
    given = {
        f"{section}.{text}": {text, folded(answer)} - {""}
        for section in _SECTIONS
        for text, answer in getattr(asked, section).items()
        if text
    }
    if not read or not given:
        return
    every = set(_texts(read))
    joined = "\n".join(every)
    unused = [name for name, texts in given.items() if not _stands(texts, every, joined)]
    if unused:
        read[0].findings.append(_unused(read, unused))


def _stands(texts: Iterable[str], every: set[str], joined: str) -> bool:
    """Whether one of some texts is a text of a file, or a part of one."""
    return any(text in every or text in joined for text in texts)


def _texts(files: Iterable[File]) -> Iterator[str]:
    """Every text of some files, folded: of cells, and of headings in one line."""
    for file in files:
        if file.read is None:
            continue
        for one in file.read.reads:
            yield from (folded(head.text) for head in one.seen.heads)
        seen: set[str] = set()
        for grid in file.read.opened.grids:
            seen.add(grid.sheet)
            for row in grid.cells:
                seen.update(str(value) for value in row if value is not None)
        yield from map(folded, seen)


def _unused(files: Sequence[File], names: Sequence[str]) -> Finding:
    return told(
        "IMPORT_UNUSED",
        f"No text of {'the file' if len(files) == 1 else 'the files'} is the one that was answered: "
        f"{quoted(names)}.",
        [FileCell(files[0].name, "", "A1")],
        expected="a text as the file writes it",
        found=quoted(names),
        action="Look how the file writes it, and say it again; nothing was changed by this answer.",
        severity="warning",
    )
