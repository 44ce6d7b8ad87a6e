"""Drawings kept from one command to the next: a chart that did not change is not drawn again.

Setting up the drawing program and drawing the charts of a board paper take a second; a paper is
often made again with most of its charts as they were. A drawing lies in the user's own cache folder
under a hash of all that it is drawn from and of the versions that drew it, so another chart, or
another version, is another file. A file is used only where it is whole (it begins with the hash
of the rest) and where nobody else can write in the folder; anything else is drawn anew. Files are
for the user alone to read, because charts show figures; they leave after thirty days without use,
and of more than five hundred the one longest unused leaves first. Only the command line keeps drawings, and
not where `CONTROLTOTAL_KEEP_DRAWINGS` is `no`.
"""

from __future__ import annotations

import hashlib
import os
import stat
import tempfile
import time
from collections.abc import Callable
from contextlib import suppress
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Final

from controltotal.core.user_folder import KEEPING, user_folder
from controltotal.core.version import VERSION

MOST: Final = 500
"""Drawings kept: some fifteen million letters."""
DAYS: Final = 30
"""Days without use after which a drawing leaves."""
DRAWN_BY: Final = "vl-convert-python"
"""The package that draws."""
ENDING: Final = ".drawing"


def kept(kind: str, content: bytes, draw: Callable[[], bytes]) -> bytes:
    """A drawing of this content: the one kept, if it is whole, else a new one, kept for next time.

    >>> kept("svg", b"a chart", lambda: b"<svg></svg>")  # outside `drawings_kept`: always drawn
    b'<svg></svg>'
    """
    folder = _folder() if KEEPING.get() else None
    if folder is None:
        return draw()
    named = hashlib.sha256("\n".join((kind, *_versions(), "")).encode() + content).hexdigest()
    path = folder / f"{named}{ENDING}"
    found = _read(path)
    if found is None:
        found = draw()
        _write(path, found)
    return found


def _folder() -> Path | None:
    """The folder, made where it is not there; None where drawings cannot safely be kept."""
    if os.environ.get("CONTROLTOTAL_KEEP_DRAWINGS", "").strip().lower() == "no":
        return None
    with suppress(OSError, RuntimeError):
        folder = user_folder("drawings")
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if _is_own(folder):
            return folder
    return None


def _is_own(folder: Path) -> bool:
    """Whether the folder is this user's, and nobody else may write in it."""
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode):
        return False
    if not hasattr(os, "getuid"):  # a system with other rights: its folder of a user is the user's
        return True
    return found.st_uid == os.getuid() and not found.st_mode & (stat.S_IWGRP | stat.S_IWOTH)


@cache
def _versions() -> tuple[str, str]:
    """What a drawing depends on beside its content."""
    try:
        return VERSION, version(DRAWN_BY)
    except PackageNotFoundError:
        return VERSION, ""


def _read(path: Path) -> bytes | None:
    """What is kept under this name, where it is whole; it counts as used today."""
    try:
        written = path.read_bytes()
        os.utime(path)
    except OSError:
        return None
    mark, _, body = written.partition(b"\n")
    return body if mark == _mark(body) else None


def _mark(body: bytes) -> bytes:
    return hashlib.sha256(body).hexdigest().encode()


def _write(path: Path, body: bytes) -> None:
    """Keep a drawing whole or not at all; a folder that cannot be written is no fault."""
    with suppress(OSError):
        _make_room(path.parent)
        handle, made = tempfile.mkstemp(dir=path.parent, suffix=ENDING)
        try:
            with open(handle, "wb") as file:
                file.write(_mark(body) + b"\n" + body)
            os.replace(made, path)
        except OSError:
            os.unlink(made)
            raise


def _make_room(folder: Path) -> None:
    """Drawings that nobody used for long leave, and enough of the rest that one more may come."""
    used: list[tuple[float, str]] = []
    for entry in os.scandir(folder):
        if entry.name.endswith(ENDING) and entry.is_file(follow_symlinks=False):
            used.append((entry.stat().st_mtime, entry.path))
    used.sort(reverse=True)
    oldest = time.time() - DAYS * 24 * 3600
    for place, (when, path) in enumerate(used):
        if place >= MOST - 1 or when < oldest:
            with suppress(OSError):
                os.unlink(path)
