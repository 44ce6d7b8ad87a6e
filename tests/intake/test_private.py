"""What names a person reaches no byte of a book, of its mappings, or of what is answered."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.intake_cases_private import CASES, COLUMNS, PLANTED, tracker
from tests.intake_files import Case, book_of
from tests.intake_told import imported

NEVER = (
    *(str(cell) for _, cells in COLUMNS.values() for cell in cells),
    "61437",
    "943 476 5919",
    "9434765919",
    "4010232137",
)
SEPARATE = ("Quillfeather", "Thistlewood", "Brontosaurus", "Aardvark", *PLANTED)


def everything(folder: Path, answer: object) -> str:
    """Every byte beside the files that were sent, and the answer."""
    held = [
        one.read_bytes().decode("utf-8", "replace")
        for one in folder.rglob("*")
        if one.is_file() and "files" not in one.relative_to(folder).parts
    ]
    return "\n".join([*held, json.dumps(answer, ensure_ascii=False)])


@pytest.mark.parametrize("case", CASES, ids=[case.name for case in CASES])
def test_nothing_of_a_person_is_kept_or_quoted(case: Case, tmp_path: Path) -> None:
    files = tmp_path / "files"
    files.mkdir()
    case.build(files)
    book = book_of(case.book, tmp_path)
    ran = imported(sorted(files.iterdir()), book, *case.options)
    assert ran.code == (1 if case.asks else 0), ran.error
    text = everything(tmp_path, ran.answer)
    assert [word for word in (*NEVER, *SEPARATE) if word in text] == []


def test_it_says_where_and_not_what(tmp_path: Path) -> None:
    files = tmp_path / "files"
    files.mkdir()
    tracker(files, "Employee name", list(COLUMNS["names"][1]), "where")
    ran = imported(sorted(files.iterdir()), book_of("one", tmp_path))
    told = [f for f in ran.answer["findings"] if f["code"] == "IMPORT_PERSONAL"]
    assert told and told[0]["at"][0]["file"] == "tracker.xlsx"
    assert told[0]["at"][0]["cell"].startswith("Q")


def test_names_on_a_hidden_sheet_stay_out_even_when_it_is_read(tmp_path: Path) -> None:
    files = tmp_path / "files"
    files.mkdir()
    next(case for case in CASES if "hidden sheet" in case.name).build(files)
    book = book_of("one", tmp_path)
    ran = imported(
        sorted(files.iterdir()), book, "--include-hidden", "Ines Auditor: asked by audit"
    )
    assert ran.code in (0, 1)
    assert [word for word in SEPARATE if word in everything(tmp_path, ran.answer)] == []
