"""The error gallery: for each code a small book that provokes it, and the finding as printed.

A folder `gallery/CODE/` holds the book and `expected.md`: the command and what it prints of
findings. `pytest tests/errors --regenerate` writes the expected text again; review it. The page of
the manual is made from the same folders.
"""

from __future__ import annotations

import ast
import re
import shlex
from functools import cache
from pathlib import Path

import pytest

from controltotal.core.datafiles import packaged_rows
from tests.running import controltotal

HERE = Path(__file__).parent
GALLERY = HERE / "gallery"
SOURCE = HERE.parents[1] / "src" / "controltotal"
CASES = sorted(folder.name for folder in GALLERY.iterdir() if folder.is_dir())
CODES = {row["code"]: row for row in packaged_rows("codes.csv")}
SEVERITY = {"ERROR": "error", "Warning": "warning", "Note": "information"}
ONE_WORD = {"DUPLICATE", "ENCODING", "UNPRECEDENTED", "REFUSED", "ROUNDED", "SCALE", "UNPRINTABLE"}
MADE = {"UNKNOWN_BASIS", "UNKNOWN_STATUS"}
"""Codes made from the name of a column."""
OTHER_NAMES = {
    "O_NOFOLLOW",
    "REMOTE_ADDR",
    "ROUND_HALF_UP",
    "NO_COLOR",
    "ACTUAL_YTD",
    "PLAN_YTD",
    "VARIANCE_YTD",
    "VARIANCE_FY",
    "FORECAST_FY",
    "PLAN_FY",
    "FONTCONFIG_FILE",
    "NUMBA_CACHE_DIR",
    "XDG_CACHE_HOME",
    "PYTHONHASHSEED",
    "O_BINARY",
    "O_NONBLOCK",
}
CHECKED = (
    "sources/raw",
    "sources/folder.py",
    "sources/workbook",
    "sources/books",
    "sources/csv_text",
    "sources/shown_units",
    "accounts/checks/",
    "book/fold",
    "book/cells",
    "book/headings",
    "book/doubled",
    "core/marks",
    "book/typed",
    "book/across",
    "book/as_meant",
    "book/references",
    "book/doubt",
    "accounts/wording",
    "position/trajectory",
    "rules/reconcile",
)
"""Where the findings of `check` are made: each of these must have a place in the gallery."""


WHOLE = ("import", "convert", "new", "report")
"""Commands that have no first screen: they print all that they say."""


def printed(command: str, book: Path) -> str:
    """The findings that a command prints, and its exit code."""
    words = [re.sub(r"^BOOK(?=/|$)", str(book), word) for word in shlex.split(command)]
    ran = controltotal(*words, *(["--detail"] if words[0] not in WHOLE else []))
    assert ran.err == ""
    at = re.search(r"^(\d+ findings?|No findings\.)$", ran.out, re.MULTILINE)
    assert at, ran.out
    return ran.out[at.start() :].rstrip() + f"\n(exit {ran.code})"


def command_of(expected: str) -> str:
    found = re.search(r"^\$ controltotal (.*)$", expected, re.MULTILINE)
    assert found, "expected.md names no command"
    return found[1]


@pytest.mark.parametrize("code", CASES)
def test_the_book_provokes_its_finding_as_printed(
    code: str, request: pytest.FixtureRequest
) -> None:
    file = GALLERY / code / "expected.md"
    command = command_of(file.read_text("utf-8"))
    found = printed(command, GALLERY / code)
    page = f"```console\n$ controltotal {command}\n{found}\n```\n"
    if request.config.getoption("--regenerate"):
        file.write_text(page, encoding="utf-8")
    assert file.read_text("utf-8") == page
    heads = re.findall(r"^  (ERROR|Warning|Note) ([A-Z_]+): (.*)$", found, re.MULTILINE)
    assert {head[1] for head in heads} == {code}, "a case shows its own finding and no other"
    assert {SEVERITY[head[0]] for head in heads} == {CODES[code]["severity"]}
    assert "What to do: " in found


@cache
def string_constants() -> dict[str, set[str]]:
    """Every text in the program that looks like a code, with the files it stands in."""
    found: dict[str, set[str]] = {}
    looks = re.compile(r"[A-Z][A-Z0-9]*(_[A-Z0-9]+)+")
    for file in sorted(SOURCE.rglob("*.py")):
        if file.relative_to(SOURCE).as_posix() == "service/settings.py":
            continue  # names of Django's settings
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if not isinstance(node, ast.Constant) or not isinstance(node.value, str):
                continue
            text = node.value
            if looks.fullmatch(text) or text in ONE_WORD:
                found.setdefault(text, set()).add(file.relative_to(SOURCE).as_posix())
    environment = {name for name in found if name.startswith("CONTROLTOTAL_")}
    return {k: v for k, v in found.items() if k not in OTHER_NAMES | environment}


def test_every_code_of_the_program_is_listed_with_its_meaning_and_no_other() -> None:
    said = set(string_constants()) | MADE
    assert said - set(CODES) == set(), "add these to data/codes.csv"
    assert set(CODES) - said == set(), "nothing emits these"
    assert all(
        row["meaning"].endswith(".") and row["action"].endswith(".") for row in CODES.values()
    )
    assert {row["severity"] for row in CODES.values()} <= {"error", "warning", "information"}


def test_everything_that_check_can_find_has_a_place_in_the_gallery() -> None:
    made = string_constants()
    checked = {c for c, files in made.items() if any(f.startswith(CHECKED) for f in files)} | MADE
    assert len(checked) >= 45
    assert checked - set(CASES) == set()


def test_the_gallery_holds_no_code_that_nobody_emits() -> None:
    assert set(CASES) <= set(CODES)


def test_the_page_of_the_manual_shows_every_case() -> None:
    from tools.reference import errors_body

    page = errors_body()
    for code in CASES:
        assert f"## {code}\n" in page
        assert (GALLERY / code / "expected.md").read_text("utf-8").strip() in page
