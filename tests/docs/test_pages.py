"""The manual against the program: every command on a page is run, every link leads somewhere.

Fences marked `sh` are run, page by page and in order, in a fresh folder that holds a copy of the
examples; the commands of one page see each other's files. A command may exit 0 or 1 (1 means that
it has findings to show), never 2 and never with a traceback. Each line of a fence marked `text` must
appear in what the page's commands print. A fence marked `console` is shown and not run; lines that
start with `make` or `git` are left to the build machine.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.warm_commands import warm

ROOT = Path(__file__).parents[2]
GENERATED = "docs/reference/generated/"  # made by `make docs`
PAGES = sorted(
    path
    for path in [ROOT / "README.md", ROOT / "CHANGELOG.md", *(ROOT / "docs").rglob("*.md")]
    if GENERATED not in path.as_posix()
)
FENCE = re.compile(r"^```sh\n(.*?)^```", re.M | re.S)
SHOWN = re.compile(r"^```text\n(.*?)^```", re.M | re.S)
LINK = re.compile(r"(?<!`)\[[^\]]*\]\(([^)#\s]+)(?:#[^)]*)?\)")
ELSEWHERE = re.compile(r"^(https?:|mailto:)")
NOT_HERE = re.compile(r"^\s*(make|git)\b")

# Each call of the program is noted when it could not be done or fell over.
PRELUDE = """set -e
controltotal() {
  code=0
  PROGRAM "$@" 2> .stderr || code=$?
  if [ "$code" -gt 1 ] || grep -q Traceback .stderr; then
    { echo "exit $code: controltotal $*"; tail -3 .stderr; } >> .failed
  fi
  return 0
}
"""


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def script(text: str) -> str:
    """The commands of a page, in order."""
    lines = "".join(FENCE.findall(text)).splitlines()
    return "\n".join(line for line in lines if not NOT_HERE.match(line))


COLD = "command controltotal"
"""The program as it is installed, loaded anew for each command."""
LOADED_ANEW = ("README.md", "docs/tutorial/index.md")
"""Pages of which each command is run so; those of the others are forks of a program that is loaded."""


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A program that is loaded, as the words of a shell that run a command with it."""
    with warm(tmp_path_factory.mktemp("warm")) as words:
        yield words


def run(commands: str, folder: Path, program: str = COLD) -> tuple[str, str]:
    """Run commands in a folder: what went wrong (or nothing), and what they printed."""
    environment = os.environ | {
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        "NO_COLOR": "1",
    }
    done = subprocess.run(
        ["sh", "-c", PRELUDE.replace("PROGRAM", program) + commands],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )
    failed = folder / ".failed"
    noted = failed.read_text("utf-8") if failed.exists() else ""
    wrong = noted + ("" if done.returncode == 0 else f"exit {done.returncode}\n{done.stderr}")
    return wrong, done.stdout


def flat(text: str) -> str:
    """Text on one line, so that the width of a terminal does not matter."""
    return " ".join(text.split())


@pytest.mark.parametrize("page", [p for p in PAGES if script(p.read_text("utf-8"))], ids=name)
def test_every_command_on_the_page_runs(page: Path, tmp_path: Path, loaded: str) -> None:
    shutil.copytree(ROOT / "examples", tmp_path / "examples")
    text = page.read_text("utf-8")
    program = COLD if name(page) in LOADED_ANEW else loaded
    wrong, printed = run(script(text), tmp_path, program)
    assert wrong == ""
    shown = "".join(SHOWN.findall(text)).splitlines()
    assert [line for line in shown if flat(line) not in flat(printed)] == []


@pytest.fixture(scope="module")
def generated() -> None:
    """The pages that are made from the program, so that links to them are tried too."""
    from tools.reference import main

    main()


@pytest.mark.parametrize("page", PAGES, ids=name)
@pytest.mark.usefixtures("generated")
def test_every_link_leads_somewhere(page: Path) -> None:
    text = re.sub(r"^```.*?^```", "", page.read_text("utf-8"), flags=re.M | re.S)
    targets = [target for target in LINK.findall(text) if not ELSEWHERE.match(target)]
    missing = [target for target in targets if not (page.parent / target).exists()]
    assert missing == []


def test_every_command_has_a_word_on_a_page() -> None:
    import typer

    from controltotal.app.cli import app

    written = "\n".join(page.read_text("utf-8") for page in PAGES)
    commands = typer.main.get_command(app).commands  # type: ignore[attr-defined]
    unwritten = [
        c for c in commands if f"`{c}`" not in written and f"controltotal {c}" not in written
    ]
    assert commands and unwritten == []


def test_the_reference_names_every_command_and_parameter() -> None:
    import typer

    from controltotal.app.cli import app
    from controltotal.core.datafiles import packaged_rows
    from tools.reference import commands, markdown_table

    page = commands()
    for name, command in typer.main.get_command(app).commands.items():  # type: ignore[attr-defined]
        assert f"## `controltotal {name}`" in page
        assert command.help, f"{name} does not say what it answers"
    for file in ("parameters.csv", "codes.csv", "measures.csv"):
        rows = packaged_rows(file)
        first = next(iter(rows[0]))
        listed = markdown_table(rows)
        assert all(f"| {row[first]} |" in listed for row in rows), file


def test_a_command_that_cannot_be_done_is_noticed(tmp_path: Path, loaded: str) -> None:
    for program in (COLD, loaded):
        assert "exit 2" in run("controltotal position no-such-book", tmp_path, program)[0]
        (tmp_path / ".failed").unlink()


def test_a_loaded_program_answers_as_one_that_is_loaded_anew(tmp_path: Path, loaded: str) -> None:
    """Words, folder, environment and standard files are those of the shell, and so is the code."""
    (tmp_path / "nene").symlink_to(ROOT / "examples" / "nene-2013")
    asked = (
        "COLUMNS=60 controltotal position nene --json > a.json; cat a.json; "
        "controltotal check nene; echo left with $code; cat .stderr; "
        "controltotal explain nene nothing/of/this/name; echo left with $code; cat .stderr"
    )
    cold = run(asked, tmp_path)
    (tmp_path / ".failed").unlink()
    assert run(asked, tmp_path, loaded) == cold and "left with 2" in cold[1]


def test_a_step_that_fails_is_noticed(tmp_path: Path) -> None:
    assert "exit 1" in run("cp nothing nowhere", tmp_path)[0]
