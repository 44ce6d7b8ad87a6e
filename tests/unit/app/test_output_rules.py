"""What may be written where: nothing over a file unasked, never over the book, whole or not at all."""

from __future__ import annotations

import errno
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from controltotal.core.errors import BookError
from controltotal.core.files import write_file
from tests.running import controltotal

ROOT = Path(__file__).resolve().parents[3]
GALLERY = ROOT / "tests" / "errors" / "gallery" / "ENCODING"


@pytest.fixture
def book(tmp_path: Path) -> Path:
    folder = tmp_path / "plan"
    folder.mkdir()
    (folder / "organisations.csv").write_text("code,name,kind\nP1,Trust,provider\n", "utf-8")
    (folder / "amounts.csv").write_text(
        "organisation,line,year,basis,amount,unit\nP1,position,2026/27,plan,-4,£m\n", "utf-8"
    )
    return folder


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}


def test_a_file_that_is_there_is_replaced_only_when_the_user_says_so(book: Path) -> None:
    target = book.parent / "answer.json"
    assert controltotal("position", book, "--json", "--output", target).code == 0
    first = target.read_bytes()
    target.write_bytes(b"mine")
    ran = controltotal("position", book, "--json", "--output", target)
    assert ran.code == 2 and "say --overwrite" in ran.out and target.read_bytes() == b"mine"
    assert controltotal("position", book, "--json", "--output", target, "--overwrite").code == 0
    assert target.read_bytes() == first


@pytest.mark.parametrize(
    "name", ["amounts.csv", "AMOUNTS.CSV", "control_totals.csv", "datapackage.json"]
)
def test_a_file_of_the_book_is_never_written(name: str, book: Path) -> None:
    before = contents(book)
    ran = controltotal("position", book, "--output", book / name, "--overwrite")
    assert ran.code == 2 and "file of the book itself" in ran.err
    assert contents(book) == before


def test_nor_through_a_link_of_either_kind(book: Path) -> None:
    before = contents(book)
    soft, hard = book.parent / "soft.txt", book.parent / "hard.txt"
    soft.symlink_to(book / "amounts.csv")
    os.link(book / "amounts.csv", hard)
    (book.parent / "way").symlink_to(book)
    for target in (soft, hard, book.parent / "way" / "amounts.csv"):
        ran = controltotal("check", book, "--output", target, "--overwrite")
        assert ran.code == 2 and "file of the book itself" in ran.err, target
    assert contents(book) == before


def test_nor_a_workbook_or_a_ledger_that_is_being_read(book: Path) -> None:
    for name in ("plan.xlsx", "plan.ledger"):
        target = book.parent / name
        assert controltotal("convert", book, target).code == 0
        before = target.read_bytes()
        for output in (target, book.parent / name.upper()):
            ran = controltotal("report", target, "--output", output, "--overwrite")
            assert ran.code == 2, ran
        ran = controltotal("check", target, "--output", target, "--overwrite")
        assert ran.code == 2 and "file of the book itself" in ran.err
        ran = controltotal("convert", target, target, "--overwrite")
        assert ran.code == 2 and "the book itself" in ran.err
        assert target.read_bytes() == before


def test_a_refused_question_leaves_the_old_answer(book: Path) -> None:
    target = book.parent / "answer.json"
    target.write_bytes(b"old")
    ran = controltotal(
        "position", book, "--year", "1999/00", "--json", "--output", target, "--overwrite"
    )
    assert ran.code == 2 and target.read_bytes() == b"old" and '"REFUSED"' in ran.out


def test_a_full_disk_leaves_the_old_file_and_no_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "pack.html"
    target.write_bytes(b"old")

    def full(handle: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(BookError, match="No space left on device"):
        write_file(target, b"new", overwrite=True)
    assert contents(tmp_path) == {"pack.html": b"old"}


def test_a_file_that_came_in_between_is_not_written_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "pack.html"
    sync = os.fsync

    def meanwhile(handle: int) -> None:
        target.write_bytes(b"theirs")
        sync(handle)

    monkeypatch.setattr(os, "fsync", meanwhile)
    with pytest.raises(BookError, match="there is a file here already"):
        write_file(target, b"ours")
    assert contents(tmp_path) == {"pack.html": b"theirs"}


def test_a_link_goes_on_leading_where_it_led(tmp_path: Path) -> None:
    real, link = tmp_path / "real.txt", tmp_path / "link.txt"
    real.write_bytes(b"old")
    link.symlink_to(real)
    write_file(link, b"new", overwrite=True)
    assert link.is_symlink() and real.read_bytes() == b"new"


def test_a_ledger_that_could_not_be_filled_is_not_left_behind(
    book: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from controltotal.ledger.sqlite import SqliteStore

    def stopped(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(SqliteStore, "append", stopped)
    ran = controltotal("convert", book, book.parent / "new.ledger")
    assert ran.code == 130 and "nothing was changed" in ran.err
    assert not list(book.parent.glob("new.ledger*"))


@pytest.mark.skipif(os.name != "posix", reason="an interrupt is a signal of POSIX")
def test_an_interrupted_command_exits_130_and_leaves_nothing(tmp_path: Path) -> None:
    target = tmp_path / "pack.html"
    words = ["risk", str(ROOT / "examples" / "fictional-system"), "--draws", "5000000"]
    process = subprocess.Popen(
        [sys.executable, "-m", "controltotal.app.cli", *words, "--output", str(target)],
        stderr=subprocess.PIPE,
        text=True,
    )
    time.sleep(3)
    process.send_signal(signal.SIGINT)
    _, said = process.communicate(timeout=120)
    assert process.returncode == 130, said
    assert said.strip() == "controltotal: stopped; nothing was changed"
    assert list(tmp_path.iterdir()) == []


HALF_MADE = """
import os, signal, sys, time
from controltotal.app.failures import guarded

class Handle:
    def __init__(self):
        if MADE:
            self.held = True
        else:
            os.kill(os.getpid(), signal.SIGINT)
            time.sleep(5)
        self.held = True
    def __del__(self):
        if MADE:
            raise ValueError("a fault of its own")
        del self.held

def app(standalone_mode):
    Handle()

sys.exit(guarded(app, {}))
"""


@pytest.mark.skipif(os.name != "posix", reason="an interrupt is a signal of POSIX")
@pytest.mark.parametrize(("made", "code"), [(False, 130), (True, 0)])
def test_what_an_interrupt_left_half_made_says_nothing_and_other_faults_do(
    made: bool, code: int
) -> None:
    program = HALF_MADE.replace("MADE", str(made))
    ran = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, timeout=120, check=False
    )
    assert ran.returncode == code
    assert ("a fault of its own" in ran.stderr) is made
    if not made:
        assert ran.stderr.strip() == "controltotal: stopped; nothing was changed"


LOST_IN_A_CALL_FROM_C = """
import ctypes, os, signal, sys, time
from controltotal.app.failures import guarded

@ctypes.CFUNCTYPE(None)
def called_from_c():
    os.kill(os.getpid(), signal.SIGINT)
    for _ in range(1000):
        pass

def app(standalone_mode):
    called_from_c()
    for _ in range(600):
        time.sleep(0.05)
    print("ran to its end")

sys.exit(guarded(app, {}))
"""


@pytest.mark.skipif(os.name != "posix", reason="an interrupt is a signal of POSIX")
def test_an_interrupt_that_falls_in_a_call_from_c_is_not_lost() -> None:
    """A compiler's callbacks drop what is raised in them; the command must stop all the same."""
    ran = subprocess.run(
        [sys.executable, "-c", LOST_IN_A_CALL_FROM_C], capture_output=True, text=True, timeout=120
    )
    assert (ran.returncode, ran.stdout) == (130, "")
    assert ran.stderr.strip() == "controltotal: stopped; nothing was changed"


def test_what_was_written_before_an_interruption_is_named(
    book: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from controltotal.app import show

    target = book.parent / "answer.txt"
    written = show.write_file

    def then_stopped(*given: object, **options: object) -> None:
        written(*given, **options)  # type: ignore[arg-type]
        raise KeyboardInterrupt

    monkeypatch.setattr(show, "write_file", then_stopped)
    ran = controltotal("check", book, "--output", target)
    assert ran.code == 130 and f"what was written before stands ({target})" in ran.err


def test_a_fault_of_our_own_is_one_line_with_a_reference(
    book: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from controltotal import verbs

    def broken(*_: object, **__: object) -> None:
        raise AssertionError("two\nlines")

    monkeypatch.setattr(verbs, "position", broken)
    for more in ((), ("--json",)):
        ran = controltotal("position", book, *more, environment={})
        assert ran.code == 2 and ran.err.count("\n") == 1
        assert "a fault in controltotal itself, reference 0.1.0-AssertionError-" in ran.err
        assert "no file and no ledger was changed" in ran.err


def test_no_table_of_share_shows_bare_pence() -> None:
    """£1,588.2 million once stood as 158815700000, and £5.0 million as 500000000."""
    east = ROOT / "examples" / "east-of-england-2019"
    for words in (["share", east], ["share", east, "--gap", "£25m", "--to", "QUE"]):
        assert re.findall(r"(?<![\w£.,])\d{7,}(?![\w.,])", controltotal(*words).out) == []
