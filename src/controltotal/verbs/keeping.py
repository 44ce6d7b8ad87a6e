"""Keeping a ledger: is it as it was written, copied whole, put back.

A copy is a copy only when it gives the same figures: `backup` and `restore` read both books, and
refuse to call it done where a figure differs.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import Final

from controltotal.book.fold import fold
from controltotal.core.errors import BookError
from controltotal.core.files import (
    SIDE_FILES,
    check_target,
    ledger_file,
    putting_in_place,
    same_place,
    sync_folder,
)
from controltotal.core.legible import one_line
from controltotal.core.progress import Progress, part, parts, past_cancelling, stop_if_cancelled
from controltotal.core.result import Answer, BookRef, Result
from controltotal.ledger import is_ledger_address, open_ledger, snapshot
from controltotal.ledger.chain import Link, entries_of
from controltotal.ledger.errors import ChainBroken, LedgerError
from controltotal.ledger.opening import ledger_name
from controltotal.sources.books import is_ledger, read_book
from controltotal.verbs.long import long
from controltotal.verbs.standing import position

COPYING: Final = 0.3
"""The share of a backup that copying is told as; the rest is proving it."""
MEND: Final = "Do not rely on these figures; put back a copy whose root is the one that you kept."


@long
def verify(
    ledger: str | Path,
    root: str | None = None,
    entry: int | None = None,
    *,
    progress: Progress | None = None,
) -> Result:
    """Is a ledger as it was written, and does it hold the history of a root that was kept?

    `ledger` is its address. Without `root` the chain alone is verified. With one, the ledger is the
    book of that root, or one that went on from it: at `entry` where that is given. The table `verified`
    (entry, root, how) says what was proved; a finding of severity error what was not: `CHAIN_BROKEN`,
    `HISTORY_SHORTER` (it ends before), `HISTORY_DIFFERS` (it says something else). BookError where it
    cannot be read, or is no ledger: files have a digest, and nothing to prove of their history.
    `progress` is told how far the work is, and may cancel it (`Progress`).
    """
    address = str(ledger)
    if not is_ledger(address):
        raise BookError(
            "this is a folder or a workbook: files keep no history that could be proved",
            address,
            "give a ledger; the root of files is their digest, which `check --json` says",
        )
    if entry is not None and entry < 0:
        raise BookError(f"--entry reads {entry}", "the command", "give the number of an entry")
    answer = Answer("verify", BookRef(ledger_name(address)), _options(root, entry))
    try:
        links = _links(address)
    except ChainBroken as broken:
        _broken(answer, broken)
        return answer.result()
    last = links[-1].last if links else 0
    answer.book = BookRef(ledger_name(address), last, _root_at(links, last))
    if root is None and entry is None:
        _proved(answer, last, _root_at(links, last), "every block follows the one before it")
    else:
        _compare(answer, links, _kept(root), entry)
    if not _snapshot_agrees(address, links):
        answer.words("The snapshot beside it said something else, and is gone.", topic="verify")
    return answer.result()


def _options(root: str | None, entry: int | None) -> dict[str, object]:
    given = {"root": root, "entry": entry}
    return {name: value for name, value in given.items() if value is not None}


def _kept(root: str | None) -> str:
    """A root as it is compared: as printed, or the bare hash."""
    text = (root or "").strip().lower()
    bare = text.removeprefix("sha256:")
    if text and (len(bare) != 64 or set(bare) - set("0123456789abcdef")):
        raise BookError(f"--root reads {root!r}", "the command", "give sha256: and 64 digits of it")
    return f"sha256:{bare}" if text else ""


def _links(address: str) -> list[Link]:
    """The verified blocks of a ledger; ChainBroken, or BookError where it cannot be read."""
    try:
        with closing(open_ledger(address, must_exist=True, readonly=True)) as store:
            links = store.whole()
        stop_if_cancelled()
        entries_of(links)
    except ChainBroken:
        raise
    except LedgerError as error:
        raise BookError(error.what, error.where, error.action) from error
    return links


def _snapshot_agrees(address: str, links: Sequence[Link]) -> bool:
    """Whether a ledger's snapshot says what its blocks say; one that does not is taken away."""
    file = "" if address.startswith(("postgres:", "postgresql:")) else ledger_file(address)
    kept = snapshot.load(file) if file else None
    if kept is None:
        return True
    there = [link for link in links if link.last <= kept.number]
    same = _root_at(links, kept.number) == f"sha256:{kept.hash}"
    if same and list(kept.entries) == entries_of(there):
        return True
    snapshot.drop(file)
    return False


def _root_at(links: Sequence[Link], entry: int) -> str:
    """The root of the block in which an entry stands; empty before the first."""
    for link in links:
        if link.first <= entry <= link.last:
            return f"sha256:{link.hash}"
    return ""


def _proved(answer: Answer, entry: int, root: str, how: str) -> None:
    answer.table("verified", [{"entry": entry, "root": root, "how": how}])
    answer.words(f"Proved to entry {entry}: {how}. Root {root or 'none'}.", topic="verify")


def _broken(answer: Answer, broken: ChainBroken) -> None:
    answer.table("verified", [])
    answer.words("Not proved.", topic="verify")
    answer.finding(
        code="CHAIN_BROKEN",
        severity="error",
        organisation="",
        where=f"entry {broken.seq}",
        message=f"entry {broken.seq} is not as it was written: {broken.reason}",
        expected="every block as it was written",
        found=broken.reason,
        action=MEND,
    )


def _compare(answer: Answer, links: Sequence[Link], root: str, entry: int | None) -> None:
    last = links[-1].last if links else 0
    if entry is not None and entry > last:
        _not_the_same(
            answer,
            "HISTORY_SHORTER",
            f"the ledger ends at entry {last}, and had {entry} when that root was kept",
            f"entry {entry}",
            f"entry {last}",
        )
        return
    if entry is not None:
        there = _root_at(links, entry)
        if not root or there == root:
            _proved(answer, entry, there, "the root at this entry" if root else "the chain to here")
        else:
            _not_the_same(
                answer,
                "HISTORY_DIFFERS",
                f"at entry {entry} the ledger has another root than the one that was kept",
                root,
                there,
            )
        return
    for link in links:
        if f"sha256:{link.hash}" == root:
            on = "it is the last" if link.last == last else f"the ledger went on to entry {last}"
            _proved(answer, link.last, root, f"the root that was kept, and {on}")
            return
    _not_the_same(
        answer,
        "HISTORY_DIFFERS",
        "no entry of the ledger has the root that was kept: it was cut short, or says something else",
        root,
        _root_at(links, last),
    )


def _not_the_same(answer: Answer, code: str, what: str, expected: str, found: str) -> None:
    answer.table("verified", [])
    answer.words("Not proved.", topic="verify")
    answer.finding(
        code=code,
        severity="error",
        organisation="",
        where="the ledger",
        message=what,
        expected=expected,
        found=found,
        action="Ask who put this ledger here; the one that was kept is another, or went on further.",
    )


@long
def backup(
    ledger: str | Path,
    file: str | Path,
    overwrite: bool = False,
    *,
    progress: Progress | None = None,
) -> Result:
    """A ledger with its whole history in one file, proved to give the same figures.

    `ledger` is its address, `file` the path of the copy, which is a ledger itself and can be asked any
    question; `overwrite` lets it take the place of a file that is there. BookError where the copy
    differs.
    `progress` is told how far the work is, and may cancel it (`Progress`).
    """
    source, target = str(ledger), str(file)
    if is_ledger_address(target) and target.startswith(("postgres", "sqlite:")):
        raise BookError("a backup is one file", target, "give the path of a file")
    place = target if is_ledger_address(target) else f"sqlite:///{target}"
    if same_place(source, place):
        raise BookError("this is the ledger itself", target, "choose another name for the copy")
    check_target(target, (source,), overwrite=overwrite)
    return _copied("backup", source, place, overwrite=overwrite)


@long
def restore(
    file: str | Path,
    ledger: str | Path,
    *,
    progress: Progress | None = None,
) -> Result:
    """A backup put back as a new ledger, proved to give the same figures.

    `file` is the path of the backup, `ledger` the address of the new one. BookError where there is a
    ledger already, or the copy differs.
    `progress` is told how far the work is, and may cancel it (`Progress`).
    """
    source = str(file)
    place = source if is_ledger_address(source) else f"sqlite:///{source}"
    if not is_ledger_address(str(ledger)):
        raise BookError(
            "a backup is put back as a ledger, and this names none",
            str(ledger),
            "write sqlite:///BOOK.ledger or postgresql://…",
        )
    return _copied("restore", place, str(ledger))


def _copied(verb: str, source: str, target: str, *, overwrite: bool = False) -> Result:
    made = False
    aside = f"sqlite:///{ledger_file(target)}.part" if overwrite else target
    if overwrite:
        _take_away(aside)  # what a copy that was stopped has left
    try:
        with (
            closing(open_ledger(source, must_exist=True, readonly=True)) as old,
            closing(open_ledger(aside)) as new,
        ):
            if new.last()[0]:
                raise BookError(
                    "there is a ledger here already",
                    target,
                    "give a new name; a ledger is never written over",
                )
            made = True
            with part(COPYING, "copying"):
                held = old.whole()
                stop_if_cancelled()
                if not is_file(aside):
                    past_cancelling()  # of a database nothing is taken away
                new.adopt(held, old.requests())
            last, root = new.last()
        rows = _equal(source, aside)
        stop_if_cancelled()
        if overwrite:
            _put_in_place(aside, target)
    except LedgerError as error:
        _take_away(aside if made else "")
        raise BookError(error.what, error.where, error.action) from error
    except BaseException:
        _take_away(aside if made else "")
        raise
    answer = Answer(
        verb, BookRef(ledger_name(source), last, f"sha256:{root}"), {"to": one_line(target)}
    )
    answer.table(
        "verified", [{"entry": last, "root": f"sha256:{root}", "how": f"{rows} equal figures"}]
    )
    answer.words(
        f"{last:,} entries copied to {one_line(target)}, and {rows:,} figures of both are equal. "
        f"Root sha256:{root}.",
        topic=verb,
    )
    return answer.result()


def _equal(one: str, other: str) -> int:
    """How many figures two books have, all of them equal; BookError where one differs."""
    both = parts((one, other), lambda _: "comparing")
    first, second = (position(fold(read_book(book, whole=True))) for book in both)
    if first.figures != second.figures or first.book.root != second.book.root:
        raise BookError("the copy gives other figures", other, "do not use it; look after the disk")
    return len(first.figures)


def _put_in_place(aside: str, target: str) -> None:
    """A finished copy takes the place of a file, and nothing that stood beside that file stays."""
    place = ledger_file(target)
    for end in SIDE_FILES[1:]:
        Path(f"{place}{end}").unlink(missing_ok=True)
    with putting_in_place(str(place)):
        ledger_file(aside).replace(place)
    sync_folder(place.parent)
    _take_away(aside)


def is_file(target: str) -> bool:
    """Whether a ledger is a file, and not a database on a server."""
    return not target.startswith("postgres")


def _take_away(target: str) -> None:
    """A copy that was not finished is not left behind."""
    if target and is_file(target):
        for end in SIDE_FILES:
            Path(f"{ledger_file(target)}{end}").unlink(missing_ok=True)
