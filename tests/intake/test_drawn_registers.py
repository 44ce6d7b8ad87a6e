"""Registers of any house: right to the penny or asked about, and most of them without a question."""

from __future__ import annotations

from pathlib import Path

import pytest

from controltotal import read, verbs
from controltotal.core.errors import BookError
from tests.drawn_registers import Register, drawn_register
from tests.intake_files import FTH, book_of
from tests.register_houses import Fact

SEEDS = 64
GROUPS = 4


def facts(book: Path) -> tuple[dict[str, Fact], dict[str, str]]:
    """What a book says of each title, and its reference."""
    rows = read(book).book.risks
    titles = {row.id: row.title for row in rows}
    found: dict[str, Fact] = {}
    refs: dict[str, str] = {}
    for row in rows:
        of = titles[row.mitigates] if row.mitigates else ""
        name = f"M of {of}" if of else row.title
        assert name not in found, name
        chance = round(float(row.chance), 9)
        found[name] = Fact(row.kind, row.gross, chance, row.owner or "", of, row.organisation)
        refs[name] = row.id
    return found, refs


def imported(sheet: Register, book: Path) -> bool:
    """Whether a register went in without a question."""
    said = [] if sheet.style == "system" else [f"organisation={FTH}"]
    try:
        ran = verbs.import_(
            sheet.write(book.parent / "sheet.xlsx"), book, set=said, on="2026-07-15"
        )
    except BookError as error:
        assert "say --as" in str(error)
        return False
    asked = [one for one in ran.findings if one.severity == "error"]
    assert all(one.action and one.in_files for one in asked)
    return not asked


@pytest.mark.parametrize("group", range(GROUPS))
def test_a_register_of_any_house_is_right_or_asked_about(group: int, tmp_path: Path) -> None:
    plain, unasked = 0, 0
    for seed in range(group, SEEDS, GROUPS):
        folder = tmp_path / str(seed)
        folder.mkdir()
        sheet, book = drawn_register(seed), book_of("one", folder)
        went_in = imported(sheet, book)
        (folder / "sheet.xlsx").unlink()
        kept = b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())
        assert not [name for name in sheet.people if name.encode() in kept], seed
        plain += sheet.plain
        if not went_in:
            assert not read(book).book.risks, seed
            continue
        assert not sheet.doubtful, "a row that is closed, or has no value, is asked about"
        found, refs = facts(book)
        assert found == sheet.truth, (seed, sheet.style)
        assert {title: refs[title] for title in sheet.refs} == sheet.refs, (seed, sheet.style)
        unasked += sheet.plain
    assert unasked >= plain * 0.7, "a register that its own figures explain needs no question"
