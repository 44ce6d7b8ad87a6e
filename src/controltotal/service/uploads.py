"""Files that people drop: taken within a limit, kept in a folder of their own until sent or discarded.

The name of a file is a text that is shown and never a path: what is kept is called by its number. No
link is followed, neither when a file is written nor when it is read.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote

from controltotal.core.errors import BookError
from controltotal.core.legible import one_line
from controltotal.service.apps import house
from controltotal.service.settings import UPLOAD_MOST, folder

if TYPE_CHECKING:
    from django.core.files.uploadedfile import UploadedFile

FILES_MOST: Final = 10
"""Files of one month at most."""
NAME_MOST: Final = 120
"""Characters of a name that are kept."""
AGAIN: Final = "send the files that hold this month's figures, each once"


@dataclass(frozen=True, slots=True)
class Kept:
    """A file that is kept: its number in the folder, the name that it came under, and its size."""

    number: int
    name: str
    size: int

    @property
    def said(self) -> dict[str, Any]:
        """As a draft holds it."""
        return {"number": self.number, "name": self.name, "size": self.size}


def as_folder(organisation: str) -> str:
    """The name of the folder of an organisation, which leads to no other place.

    >>> as_folder("XF-FTH"), as_folder("../A")
    ('XF-FTH', '%2E%2E%2FA')
    """
    return quote(organisation, safe="").replace(".", "%2E")


def place(organisation: str, draft: str) -> Path:
    """The folder of one draft's files; a BookError where a link stands in its way."""
    base = folder(house().deployment, "uploads")
    found = base
    for part in (as_folder(organisation), quote(draft, safe="")):
        found = found / part
        found.mkdir(mode=0o700, exist_ok=True)
        if found.is_symlink() or not found.is_dir():
            raise BookError(
                "the folder of uploads is not as it was made",
                "uploads",
                "tell whoever runs this service",
            )
    return found


def keep(
    organisation: str, draft: str, sent: Iterable[UploadedFile], before: Iterable[Kept] = ()
) -> list[Kept]:
    """Keep files beside those that were kept before; a BookError where they are too many or too large."""
    known, files = list(before), list(sent)
    if not files:
        raise BookError(
            "no file was chosen", "the file", "choose the file that was made for the return"
        )
    if len(known) + len(files) > FILES_MOST:
        raise BookError(f"these are more than {FILES_MOST} files", "the file", AGAIN)
    if sum(one.size for one in known) + sum(int(one.size or 0) for one in files) > UPLOAD_MOST:
        most = UPLOAD_MOST // (1024 * 1024)
        raise BookError(f"together they are larger than {most} MB", "the file", AGAIN)
    at, found = place(organisation, draft), known
    for one in files:
        number = max((kept.number for kept in found), default=0) + 1
        size = _write(at / f"{number}.file", one)
        found = [*found, Kept(number, shown_as(str(one.name or "")), size)]
    return found


def shown_as(name: str) -> str:
    """A name as it is shown: without folders, on one line, not too long.

    >>> shown_as("../../etc/M9 return.xlsx"), shown_as(chr(10))
    ('M9 return.xlsx', 'the file')
    """
    last = one_line(name.replace("\\", "/").rpartition("/")[2]).strip()
    if len(last) > NAME_MOST:
        last = f"{last[: NAME_MOST - 12]}…{last[-11:]}"
    return last or "the file"


def _write(path: Path, sent: UploadedFile) -> int:
    """Write a file that must not be there yet, and through no link."""
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0)
    size = 0
    with os.fdopen(os.open(path, flags, 0o600), "wb") as out:
        for chunk in sent.chunks():
            size += out.write(chunk)
    return size


def paths(organisation: str, draft: str, kept: Iterable[Kept]) -> list[tuple[Path, str]]:
    """Where files stand that are kept, each with its name; a BookError where one is a link or gone."""
    at = place(organisation, draft)
    found = []
    for one in kept:
        path = at / f"{int(one.number)}.file"
        if path.is_symlink() or not path.is_file():
            raise BookError(f"{one.name} is not kept any more", "the file", "send it again")
        found.append((path, one.name))
    return found


def drop(organisation: str, draft: str, number: int | None = None) -> None:
    """Remove what is kept of a draft, or one file of it."""
    at = place(organisation, draft)
    if number is None:
        shutil.rmtree(at, ignore_errors=True)
    else:
        (at / f"{int(number)}.file").unlink(missing_ok=True)
