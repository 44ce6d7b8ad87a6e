"""Folder, workbook and ledger of every example give equal figures, byte for byte, twice running."""

from __future__ import annotations

import json
from itertools import pairwise
from pathlib import Path

import pytest

from tests.running import controltotal

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
BOOKS = sorted(path.parent.name for path in EXAMPLES.glob("*/organisations.csv"))
VERBS = ("check", "position", "trajectory")


def documents(book: Path) -> dict[str, str]:
    """What each verb prints as JSON."""
    found = {}
    for verb in VERBS:
        ran = controltotal(verb, book, "--json")
        assert ran.err == "" and ran.code in (0, 1), ran
        found[verb] = ran.out
    return found


def compared(text: str, parts: tuple[str, ...]) -> str:
    """The parts of a document that no form may change, as bytes."""
    document = json.loads(text)
    for finding in document["findings"]:
        finding.pop("detail", None)  # names the file and cell of its own form
    return json.dumps([document[part] for part in parts], ensure_ascii=False)


@pytest.mark.parametrize("name", BOOKS)
def test_every_form_gives_the_same_bytes_twice(tmp_path: Path, name: str) -> None:
    folder = documents(EXAMPLES / name)
    assert documents(EXAMPLES / name) == folder
    assert json.loads(folder["position"])["figures"]
    first = json.loads(folder["position"])
    forms = {"ledger": tmp_path / "book.ledger", "workbook": tmp_path / "book.xlsx"}
    given: dict[str, dict[str, str]] = {}
    for form, target in forms.items():
        assert controltotal("convert", EXAMPLES / name, target).code == 0
        found = given[form] = documents(target)
        for verb in VERBS:
            parts: tuple[str, ...] = ("options", "figures", "findings", "tables")
            assert compared(found[verb], parts) == compared(folder[verb], parts), (form, verb)
    ledger = json.loads(given["ledger"]["position"])
    said = ("name", "entry")
    assert [ledger["book"][one] for one in said] == [first["book"][one] for one in said]
    assert ledger["book"]["root"] != first["book"]["root"], "a chain here, a digest of files there"
    assert ledger["trace"] == first["trace"]


def test_unlisted_columns_and_stray_cells_go_through_every_form_and_are_shown(
    tmp_path: Path,
) -> None:
    book = tmp_path / "book"
    book.mkdir()
    (book / "organisations.csv").write_text(
        "code,name,kind,colour\nXA1,Aster Trust,provider,amber\n", encoding="utf-8"
    )
    (book / "amounts.csv").write_text(
        "organisation,line,year,basis,amount,unit,agreed with\n"
        "XA1,position,2026-27,plan,-4,£m,the board,a stray cell\n",
        encoding="utf-8",
    )
    seen = []
    path = [book, tmp_path / "a.xlsx", tmp_path / "a.ledger", tmp_path / "back"]
    for source, target in pairwise(path):
        assert controltotal("convert", source, target).code == 0
    for form in path:
        shown = controltotal("explain", form, "surplus/XA1/2026-27/plan", "--detail")
        assert shown.code == 0 and "agreed with the board" in shown.out, shown.out
        assert "(column H) a stray cell" in shown.out
        codes = [
            f["code"] for f in json.loads(controltotal("check", form, "--json").out)["findings"]
        ]
        seen.append(sorted(codes))
    told = ["NO_SOURCE", "UNLISTED_COLUMN"]  # one for all the tables
    assert seen[0] == seen[1] == seen[3] == ["CELL_WITHOUT_HEADING", *told]
    assert seen[2] == told, "a ledger has no columns to lack a heading"
