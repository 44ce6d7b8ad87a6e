"""Good order that a person would otherwise have to remember.

Files and functions stay short enough to read; locks hold names, versions and hashes; nothing
committed names a package index or a path on somebody's machine; nothing carries the health
service's emblem or typeface, which are not ours to give away.
"""

from __future__ import annotations

import ast
import re
import subprocess
import tomllib
from functools import cache
from pathlib import Path
from statistics import median

import pytest

ROOT = Path(__file__).parents[2]
FILE_LINES_MAX = 500
MADE = {"src/controltotal/book/records.py"}  # made from the tables by a script, read by nobody
STATEMENTS_MAX = 45
STATEMENTS_MEDIAN = 6
STATEMENTS_OF_NEARLY_ALL = 22  # 95 of 100 functions have no more
EXTRAS_WITH_A_LOCK = {"web", "benchmarks", "office", "postgres", "forecast", "spark"}

# Written in pieces, so that this file does not find itself.
INDEX_ADDRESS = re.compile(
    "|".join(("pypi" + r"\.org", "python" + "hosted", r"//[^/\s]*/simp" + "le", "--index" + "-url"))
)
MACHINE_PATH = re.compile(
    "|".join(
        (
            "/wo" + r"rk/",
            "/ho" + r"me/(?!me/)\w",
            "/Us" + r"ers/\w",
            "/ro" + r"ot/",
            "/o" + r"pt/\w",
        )
    )
)
NOT_OURS = re.compile("|".join(("Fruti" + "ger", "nhs" + r"[-_ ]?logo", "assets/" + "fonts")), re.I)
TEXT = {
    ".py",
    ".md",
    ".toml",
    ".csv",
    ".json",
    ".html",
    ".css",
    ".sh",
    ".txt",
    ".yml",
    ".yaml",
    ".lock",
    ".jinja",
    ".j2",
    ".svg",
    ".typ",
    "",
}


@cache
def tracked() -> tuple[Path, ...]:
    """Every file that a clone would hold; without git, every file that is not built."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=False)
    if listed.returncode == 0:
        names = [ROOT / name for name in listed.stdout.decode().split("\0") if name]
    else:
        built = {".venv", "out", "site", "build", "dist"}
        names = [p for p in ROOT.rglob("*") if not built & set(p.relative_to(ROOT).parts)]
    return tuple(sorted(p for p in names if p.is_file()))


def read(path: Path) -> str:
    return path.read_text("utf-8", errors="replace") if path.suffix in TEXT else ""


def source_files(*folders: str) -> list[Path]:
    return [path for folder in folders for path in sorted((ROOT / folder).rglob("*.py"))]


def statements(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Statements of a function, those inside its blocks and inner functions too.

    Statements, not lines: the formatter may write one call on ten lines, which is no harder to
    read. A docstring is not counted.
    """
    count = sum(isinstance(node, ast.stmt) for node in ast.walk(function)) - 1
    return count - (ast.get_docstring(function) is not None)


def functions_of(path: Path) -> list[ast.FunctionDef | ast.AsyncFunctionDef]:
    return [
        node
        for node in ast.walk(ast.parse(read(path)))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    ]


def long_functions(path: Path) -> list[str]:
    return [
        f"{path.name}:{node.lineno} {node.name} has {statements(node)} statements"
        for node in functions_of(path)
        if statements(node) >= STATEMENTS_MAX
    ]


def long_files(paths: list[Path], root: Path = ROOT) -> dict[str, int]:
    return {
        name: lines
        for path in paths
        if (name := path.relative_to(root).as_posix()) not in MADE
        and (lines := len(read(path).splitlines())) >= FILE_LINES_MAX
    }


def test_files_are_short() -> None:
    assert long_files(source_files("src", "tests", "benchmarks")) == {}


def test_a_long_file_is_found(tmp_path: Path) -> None:
    path = tmp_path / "long.py"
    path.write_text("x = 1\n" * FILE_LINES_MAX, "utf-8")
    assert long_files([path], tmp_path) == {"long.py": FILE_LINES_MAX}


def test_functions_are_short() -> None:
    assert [found for path in source_files("src") for found in long_functions(path)] == []


def test_most_functions_do_one_thing() -> None:
    counts = sorted(
        statements(function) for path in source_files("src") for function in functions_of(path)
    )
    assert median(counts) <= STATEMENTS_MEDIAN
    assert counts[len(counts) * 95 // 100] <= STATEMENTS_OF_NEARLY_ALL


@pytest.mark.parametrize(
    "text",
    [
        "def long():\n" + "    x = 1\n" * STATEMENTS_MAX,
        "def long():\n    if x:\n" + "        x = 1\n" * (STATEMENTS_MAX - 1),
        "class A:\n    async def long(self):\n" + "        x = 1; y = 2\n" * STATEMENTS_MAX,
        "def long():\n    def inner():\n" + "        x = 1\n" * (STATEMENTS_MAX - 1),
    ],
)
def test_a_long_function_is_found(tmp_path: Path, text: str) -> None:
    path = tmp_path / "long.py"
    path.write_text(text, "utf-8")
    assert len(long_functions(path)) == 1


def test_a_call_on_many_lines_is_one_statement(tmp_path: Path) -> None:
    path = tmp_path / "wide.py"
    path.write_text(
        'def wide():\n    """Says\n    much."""\n    f(\n' + "        1,\n" * 90 + "    )\n",
        "utf-8",
    )
    assert long_functions(path) == []
    assert [statements(function) for function in functions_of(path)] == [1]


def test_modules_say_what_they_are() -> None:
    silent = [
        str(path.relative_to(ROOT))
        for path in source_files("src")
        if read(path).strip() and ast.get_docstring(ast.parse(read(path))) is None
    ]
    assert silent == []


@pytest.mark.parametrize(
    "pattern", [INDEX_ADDRESS, MACHINE_PATH, NOT_OURS], ids=["index", "machine", "not ours"]
)
def test_nothing_names_what_it_should_not(pattern: re.Pattern[str]) -> None:
    found = [
        f"{path.relative_to(ROOT)}: {hit.group()}"
        for path in tracked()
        if (hit := pattern.search(read(path)))
    ]
    assert found == []


def test_locks_hold_names_versions_and_hashes_only() -> None:
    locks = [ROOT / "requirements.lock", *sorted((ROOT / "locks").glob("*.lock"))]
    assert {lock.stem for lock in locks[1:]} == EXTRAS_WITH_A_LOCK | {"bench"}
    entry = re.compile(r"^[a-z0-9._-]+(\[[a-z,0-9-]+\])?==\S+( ; .+)? \\$")
    for lock in locks:
        text = read(lock)
        assert "://" not in text, lock.name
        for line in text.splitlines():
            assert entry.match(line) or re.match(r"^    --hash=sha256:[0-9a-f]{64}( \\)?$", line), (
                f"{lock.name}: {line}"
            )


def test_the_lock_covers_what_the_project_asks_for() -> None:
    project = tomllib.loads(read(ROOT / "pyproject.toml"))["project"]
    extras = project["optional-dependencies"]
    assert set(extras) == EXTRAS_WITH_A_LOCK | {"dev"}
    assert locked("requirements.lock") >= asked(project["dependencies"] + extras["dev"])
    for extra in EXTRAS_WITH_A_LOCK:
        assert locked(f"locks/{extra}.lock") >= asked(project["dependencies"] + extras[extra])


def locked(name: str) -> set[str]:
    """The packages that a lock names."""
    return set(re.findall(r"^([a-z0-9._-]+)", read(ROOT / name), re.M))


def asked(requirements: list[str]) -> set[str]:
    """The packages that requirements name, written as locks write them."""
    names = (re.match(r"[\w.-]+", requirement) for requirement in requirements)
    return {re.sub(r"[._]", "-", name.group()).lower() for name in names if name}
