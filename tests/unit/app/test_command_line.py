"""What the command line promises: exit codes, one line for a refusal, JSON, pipes, no tracebacks."""

from __future__ import annotations

import json
import os
import random
import stat
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from controltotal.app import cli
from controltotal.core.errors import Cancelled
from controltotal.core.progress import part, reached
from controltotal.sources.write import write_workbook
from tests.running import controltotal

ROOT = Path(__file__).resolve().parents[3]
EXAMPLE = ROOT / "examples" / "birmingham-solihull-2019"
FAULTY = ROOT / "tests" / "errors" / "gallery" / "UNKNOWN_UNIT"
KEYS = ["controltotal", "verb", "book", "options", "figures", "findings", "tables", "trace"]


def run(*words: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """The program as a process of its own, its output in a pipe."""
    return subprocess.run(
        [sys.executable, "-m", "controltotal.app.cli", *words],
        capture_output=True,
        text=True,
        env={**os.environ, **environment},
        check=False,
    )


def refused(*words: str | Path) -> str:
    """The one line of a question that could not be answered."""
    ran = controltotal(*words)
    assert (ran.code, ran.out) == (2, ""), ran
    assert ran.err.startswith("controltotal: ") and ran.err.count("\n") == 1
    assert "Traceback" not in ran.err and "fault in controltotal itself" not in ran.err
    return ran.err


# -- exit codes and documents -----------------------------------------------------------------------


def test_exit_0_without_errors_1_with_them_2_when_it_cannot_be_done() -> None:
    assert controltotal("check", EXAMPLE).code == 0
    assert controltotal("check", FAULTY).code == 1
    assert controltotal("check", "no-such-book").code == 2


@pytest.mark.parametrize("verb", ["check", "position", "trajectory"])
def test_json_is_one_document_with_its_keys_in_order(verb: str) -> None:
    for book, code in ((EXAMPLE, 0), (FAULTY, 1)):
        ran = controltotal(verb, book, "--json")
        document = json.loads(ran.out)
        assert list(document) == KEYS and document["verb"] == verb
        errors = [f for f in document["findings"] if f["severity"] == "error"]
        assert ran.code == (1 if errors else 0) and ran.code <= code
        for finding in document["findings"]:
            assert list(finding)[:6] == [
                "code",
                "severity",
                "organisation",
                "where",
                "message",
                "expected",
            ]


@pytest.mark.parametrize(
    "words",
    [
        ["check", "no-such-book"],
        ["position", "no-such-book"],
        ["check"],
        ["chekc", "x"],
        ["check", str(EXAMPLE), "--yaer", "2019/20"],
        ["position", str(EXAMPLE), "--year", "2019"],
        ["position", str(EXAMPLE), "--organisation", "QQQ"],
        ["trajectory", str(EXAMPLE), "--years", "none"],
    ],
)
def test_a_refusal_is_one_line_or_one_document(words: list[str]) -> None:
    refused(*words)
    ran = controltotal(*words, "--json")
    document = json.loads(ran.out)
    assert ran.code == 2 and list(document) == KEYS
    (finding,) = document["findings"]
    assert finding["code"] == "REFUSED" and finding["severity"] == "error"
    assert finding["message"] and finding["action"]


def test_a_refusal_says_what_there_is_instead() -> None:
    assert "15E" in refused("position", EXAMPLE, "--organisation", "15F")
    assert "it has" in refused("position", EXAMPLE, "--year", "2031/32")
    assert "2019/20" in refused("position", EXAMPLE, "--year", "2019")
    assert "there is no entry 9999" in refused("check", EXAMPLE, "--as-at", "9999")
    assert "neither an entry nor a date" in refused("check", EXAMPLE, "--as-at", "yesterday")
    assert "control_total" in refused("trajectory", EXAMPLE, "--to", "heaven")
    assert "spelling" in refused("explain", EXAMPLE, "gap/15E/2019-20/budget")


def test_output_goes_to_a_file_and_none_to_the_screen(tmp_path: Path) -> None:
    target = tmp_path / "new folder" / "position.json"
    ran = controltotal("position", EXAMPLE, "--json", "--output", target)
    assert (ran.code, ran.out, ran.err) == (0, "", "")
    assert list(json.loads(target.read_text("utf-8"))) == KEYS


# -- hostile input --------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["a.xlsx", "a.ledger", "a.sqlite", "a.db", "a.csv", "a"])
@pytest.mark.parametrize("size", [0, 1, 40, 5000])
def test_bytes_that_are_no_book_are_refused(tmp_path: Path, name: str, size: int) -> None:
    target = tmp_path / name
    target.write_bytes(random.Random(size).randbytes(size))
    before = target.read_bytes()
    refused("check", target)
    assert target.read_bytes() == before


@pytest.mark.parametrize("name", ["book", "book.xlsx", "book.ledger"])
def test_a_folder_that_is_no_book_is_refused(tmp_path: Path, name: str) -> None:
    (tmp_path / name).mkdir()
    refused("check", tmp_path / name)


def test_addresses_that_lead_nowhere_are_refused(tmp_path: Path) -> None:
    for address in (f"sqlite:///{tmp_path}/none.ledger", "ftp://x/y", "nowhere.xlsx", "/dev/null"):
        refused("check", address)
    assert list(tmp_path.iterdir()) == [], "asking makes nothing"


def test_csv_that_cannot_be_read_is_refused_and_odd_csv_is_told(tmp_path: Path) -> None:
    book = tmp_path / "book"
    book.mkdir()
    table = book / "organisations.csv"
    for data in (b'code,name,kind\nR1A,"Aster,provider\n', b"code,name,kind\nR1\x00A,A,provider\n"):
        table.write_bytes(data)
        assert "organisations" in refused("check", book)
    table.write_bytes(b"\xff\xfec\x00o\x00")
    assert controltotal("check", book).code in (1, 2)
    for data in (b"", b"\n\n", b"code;name;kind\nR1A;A;provider\n", b"\xef\xbb\xbf\n"):
        table.write_bytes(data)
        ran = controltotal("check", book)
        assert ran.code in (0, 1, 2) and "Traceback" not in ran.err + ran.out


def test_a_workbook_with_its_parts_broken_never_shows_a_traceback(tmp_path: Path) -> None:
    """Bytes changed inside the parts of a workbook, not in its envelope, where any reader looks."""
    whole = tmp_path / "whole.xlsx"
    rows = [
        (n, (("code", f"R{n}"), ("name", f"Trust {n}"), ("kind", "provider"))) for n in range(2, 9)
    ]
    write_workbook(str(whole), {"organisations": rows})
    with zipfile.ZipFile(whole) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    draw = random.Random(20)
    for number in range(40):
        name = draw.choice(sorted(parts))
        data = bytearray(parts[name])
        for _ in range(draw.randint(1, 3)):
            data[draw.randrange(len(data))] = draw.randrange(256)
        target = tmp_path / f"{number}.xlsx"
        with zipfile.ZipFile(target, "w") as archive:
            for part, said in parts.items():
                archive.writestr(part, bytes(data) if part == name else said)
        ran = controltotal("check", target)
        assert ran.code in (0, 1, 2)
        assert "Traceback" not in ran.err and "fault in controltotal itself" not in ran.err, ran.err


def test_a_workbook_that_would_fill_the_memory_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from controltotal.sources import sheet_list

    assert sheet_list.LARGEST_BYTES == 512 * 1024 * 1024
    monkeypatch.setattr(sheet_list, "LARGEST_BYTES", 1 << 20)
    target = tmp_path / "bomb.xlsx"
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", bytes((1 << 20) + 1))
    assert target.stat().st_size < 1 << 14
    assert "over 1 MB" in refused("check", target)


@pytest.mark.skipif(os.geteuid() == 0, reason="nothing is unreadable to root")
def test_a_file_that_may_not_be_read_is_refused(tmp_path: Path) -> None:
    book = tmp_path / "book"
    book.mkdir()
    table = book / "organisations.csv"
    table.write_text("code,name,kind\n", encoding="utf-8")
    table.chmod(0)
    try:
        assert "permission" in refused("check", book)
    finally:
        table.chmod(stat.S_IRUSR | stat.S_IWUSR)


def test_a_file_that_the_system_refuses_is_told_in_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    book = tmp_path / "book"
    book.mkdir()
    (book / "organisations.csv").write_text("code,name,kind\n", encoding="utf-8")

    def closed(path: Path, flags: int) -> int:
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr("controltotal.sources.csv_text.os.open", closed)
    assert "organisations.csv" in refused("check", book)


def test_refusals_of_the_system_are_told_in_one_line() -> None:
    from controltotal.app.failures import refusal

    for error in (
        PermissionError(13, "no", "a.csv"),
        OSError(28, "No space left", "b"),
        ModuleNotFoundError("x", name="django"),
        MemoryError(),
    ):
        found = refusal(error)
        assert found and all(isinstance(text, str) for text in found)
    assert refusal(ValueError("ours")) is None


def test_a_fault_of_our_own_is_one_line_that_asks_for_a_report(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from controltotal import verbs

    def broken(*_: object, **__: object) -> None:
        raise ValueError("a law is broken")

    monkeypatch.setattr(verbs, "check", broken)
    ran = controltotal("check", EXAMPLE, environment={})
    assert ran.code == 2 and ran.err.count("\n") == 1 and "Traceback" not in ran.err
    assert "please report" in ran.err
    assert json.loads(controltotal("check", EXAMPLE, "--json", environment={}).out)["findings"]


# -- pipes, colours, start ------------------------------------------------------------------------


def test_a_pipe_gets_no_colour_and_no_progress(capfd: pytest.CaptureFixture[str]) -> None:
    from controltotal.app.progress import telling

    done = run("position", str(EXAMPLE))
    assert (done.returncode, done.stderr) == (0, "")
    assert "\033" not in done.stdout and "\r" not in done.stdout
    with telling("report"), part(0.5, "answering"):
        reached(1, 2, "position")
    assert capfd.readouterr() == ("", "")


def test_a_terminal_is_told_of_long_work_and_of_no_other(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from controltotal.app import progress

    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True, raising=False)
    with progress.telling("report"):
        reached(1, 2, "at once")
    assert capsys.readouterr().err == ""
    monkeypatch.setattr(progress, "QUIET", 0.0)
    with pytest.raises(KeyboardInterrupt), progress.telling("report"):
        reached(1, 2, "[red]a_book[/red]\033[2J")
        raise KeyboardInterrupt
    shown = capsys.readouterr().err
    assert "report: [red]a book[/red]" in shown and "(50%)" in shown
    assert "\033[2J" not in shown and "\033[31m" not in shown


def test_work_that_was_cancelled_ends_as_one_that_its_user_stopped(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from controltotal import verbs

    def stopped(*_: object, **__: object) -> None:
        raise Cancelled("the work was stopped", "on request", "ask again")

    monkeypatch.setattr(verbs, "check", stopped)
    for more in ((), ("--json",)):
        ran = controltotal("check", EXAMPLE, *more)
        assert (ran.code, ran.out) == (130, "")
        assert ran.err == "controltotal: stopped; nothing was changed\n"


def test_no_color_is_obeyed(monkeypatch: pytest.MonkeyPatch) -> None:
    from controltotal import verbs
    from controltotal.app import show

    result = verbs.position(str(EXAMPLE))
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True, raising=False)
    monkeypatch.delenv("NO_COLOR", raising=False)
    assert "\033[" in show.terminal_text(result)
    monkeypatch.setenv("NO_COLOR", "1")
    assert "\033[" not in show.terminal_text(result)


def test_help_loads_nothing_heavy() -> None:
    """The whole promise of a quick start, without a clock: none of these is imported by --help."""
    heavy = [
        "polars",
        "numpy",
        "numba",
        "scipy",
        "duckdb",
        "ibis",
        "highspy",
        "apsw",
        "python_calamine",
        "openpyxl",
        "xlsxwriter",
        "pyarrow",
        "jinja2",
        "django",
    ]
    program = (
        "import sys\n"
        "from controltotal.app.cli import app\n"
        "try:\n    app(['--help'], standalone_mode=False)\nexcept BaseException: pass\n"
        f"print('loaded', [name for name in {heavy} if name in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert done.stdout.rstrip().endswith("loaded []"), done.stdout[-200:]
    for verb in ("check", "position", "trajectory"):
        assert verb in done.stdout


@pytest.mark.parametrize("command", ["report", "import", "verify"])
def test_only_the_command_asked_for_is_made_ready(
    command: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    every = cli.app.registered_commands, cli.app.registered_groups
    monkeypatch.setattr(cli.app, "registered_commands", every[0])
    monkeypatch.setattr(cli.app, "registered_groups", every[1])
    for asked in ("", "--help", "scheme", "reprot"):
        cli._leave_out_others(asked)
        assert (cli.app.registered_commands, cli.app.registered_groups) == every
    alone, among_all = run(command, "--help").stdout, controltotal(command, "--help").out
    cli._leave_out_others(command)
    assert len(cli.app.registered_commands) == 1 and not cli.app.registered_groups
    assert alone.partition("\n\n")[2] == among_all.partition("\n\n")[2] != ""


def test_a_reader_that_leaves_early_is_no_fault() -> None:
    with subprocess.Popen(
        [sys.executable, "-m", "controltotal.app.cli", "position", str(EXAMPLE), "--json"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        assert process.stdout and process.stderr
        process.stdout.read(1)
        process.stdout.close()
        assert b"Traceback" not in process.stderr.read()
