"""Files written whole or not at all, and never over what nobody gave up.

Accounting idea: a fair copy. A file is complete beside its target, and on the disk, before it takes
the target's place: a full disk, a pulled plug or an interruption leaves the old one as it was. A
file that is there is replaced only where the user says so, and a file of the book that is being
read never is, whatever name, link or spelling leads to it.
"""

from __future__ import annotations

import contextlib
import os
import re
import signal
import tempfile
import threading
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

from controltotal.core.errors import BookError

DONE: dict[str, None] = {}
"""What this process has put in place so far, so that an interruption can say what stands."""

SIDE_FILES: Final = ("", "-wal", "-shm", "-journal", ".snapshot")
"""What a ledger in one file keeps beside it."""
WORKBOOKS: Final = (".xlsx", ".xlsm")
"""Files that are the book of a folder without tables as CSV."""


def check_target(output: str | Path, books: Iterable[str] = (), *, overwrite: bool = False) -> Path:
    """The path of a file that may be written; a `BookError` says why one may not.

    `books` are the addresses of the books that the answer is about. Asked before long work as
    well as when the file is put in place.
    """
    target = Path(output)
    if target.is_dir():
        raise BookError("this is a folder", str(output), "name a file in it")
    for book in books:
        if _belongs(target, book):
            raise BookError(
                "this is a file of the book itself", str(output), "choose another name for it"
            )
    if os.path.lexists(target) and not overwrite and not _is_device(target):
        raise BookError(
            "there is a file here already", str(output), "choose another name, or say --overwrite"
        )
    return target


def write_file(
    output: str | Path, data: bytes, books: Iterable[str] = (), *, overwrite: bool = False
) -> None:
    """Write a file beside its target, make sure of it on the disk, and let it take its place."""
    target = check_target(output, books, overwrite=overwrite)
    if _is_device(target):
        target.write_bytes(data)
        return
    place = Path(os.path.realpath(target))  # a link goes on leading where it led
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(prefix=f".{place.name[:100]}-", dir=place.parent)
    except OSError as error:
        raise _unwritten(output, error) from error
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        _as_others(Path(name), place)
        with putting_in_place(str(output)):
            _put(name, place, overwrite)
    except OSError as error:
        raise _unwritten(output, error) from error
    finally:
        Path(name).unlink(missing_ok=True)
    sync_folder(place.parent)


@contextlib.contextmanager
def putting_in_place(what: str) -> Iterator[None]:
    """A change that happens at once or not at all: an interruption waits until it is noted."""
    with _uninterrupted():
        yield
        DONE[what] = None


def sync_folder(folder: Path) -> None:
    """Make sure that the new file's name is on the disk too (not possible on Windows)."""
    with contextlib.suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


@contextlib.contextmanager
def _uninterrupted() -> Iterator[None]:
    if threading.current_thread() is not threading.main_thread() or os.name != "posix":
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _put(name: str, place: Path, overwrite: bool) -> None:
    """The finished file under its own name; one that came in between is not written over."""
    if overwrite:
        os.replace(name, place)
        return
    try:
        os.link(name, place)  # refuses a name that is taken, which a rename does not
    except FileExistsError as error:
        raise BookError(
            "there is a file here already", str(place), "choose another name, or say --overwrite"
        ) from error
    except OSError:  # a file system without links
        os.replace(name, place)


def _as_others(made: Path, place: Path) -> None:
    """The rights of the file that it replaces, else those of any new file of this user."""
    with contextlib.suppress(OSError):
        if place.exists():
            made.chmod(place.stat().st_mode & 0o777)
            return
        mask = os.umask(0)
        os.umask(mask)
        made.chmod(0o666 & ~mask)


def _unwritten(output: str | Path, error: OSError) -> BookError:
    return BookError(
        f"the file cannot be written ({error.strerror or error})",
        str(output),
        "check that its folder is there, that you may write to it, and that it has room; "
        "what stood there before still stands",
    )


def _is_device(target: Path) -> bool:
    """Whether something is there that is written to and not replaced, such as /dev/stdout."""
    return target.exists() and not target.is_file() and not target.is_dir()


def _belongs(target: Path, book: str) -> bool:
    """Whether a path leads to a file of a book, through links and in other spellings too."""
    home = ledger_file(book)
    place = Path(os.path.realpath(target))
    if not home.is_dir():
        names = [str(Path(os.path.realpath(home))) + end for end in SIDE_FILES]
        return str(place).casefold() in (one.casefold() for one in names) or _same(target, home)
    every = sorted(home.iterdir())
    own = [one for one in every if _read_from(one.name)]
    if not any(one.suffix.lower() == ".csv" for one in own):
        own += [one for one in every if one.suffix.lower() in WORKBOOKS]
    inside = place.parent == Path(os.path.realpath(home)) and _read_from(place.name)
    return inside or any(_same(target, one) for one in own)


NETWORK: Final = frozenset({"nfs", "nfs4", "cifs", "smb3", "smbfs", "afs", "fuse.sshfs", "ncpfs"})
"""Kinds of file systems that lie on another machine, where a lock is a hope."""


def on_network(path: str | Path, mounts: str = "/proc/self/mounts") -> str:
    """The kind of network share on which a path lies; empty where it lies on this machine.

    Where the system does not list what is mounted, nothing can be told and nothing is said.
    """
    try:
        listed = Path(mounts).read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return ""
    place, kind, longest = Path(os.path.realpath(path)), "", -1
    for line in listed:
        words = line.split(" ")
        mount = Path(words[1].replace("\\040", " ")) if len(words) > 2 else Path("-")
        if place.is_relative_to(mount) and len(mount.parts) >= longest:
            kind, longest = words[2], len(mount.parts)
    return kind if kind in NETWORK else ""


def ledger_file(address: str) -> Path:
    """The path of a book's folder or file, without the scheme and options of a ledger's address.

    >>> ledger_file("sqlite:////var/plan.ledger").as_posix(), ledger_file("plan").as_posix()
    ('/var/plan.ledger', 'plan')
    """
    return Path(re.sub(r"^sqlite:/{0,3}", "", address))


def same_place(one: str, other: str) -> bool:
    """Whether two addresses lead to one folder or file, through links and in other spellings."""
    first, second = (os.path.realpath(ledger_file(address)) for address in (one, other))
    return first.casefold() == second.casefold() or _same(Path(first), Path(second))


def _read_from(name: str) -> bool:
    """Whether a file of this name in a book's folder would be read as a part of the book."""
    return name.lower().endswith(".csv") or name.lower() == "datapackage.json"


def _same(one: Path, other: Path) -> bool:
    with contextlib.suppress(OSError):
        return one.samefile(other)
    return False
