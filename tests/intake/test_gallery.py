"""Files as people send them, through the command line: right to the penny, or the right question.

Each file is invented and its truth is known. A plain file needs no question; a file with a fault
stops with a question about that fault; nothing is ever different in silence. What stops leaves the
book as it was.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests import (
    intake_cases_adjusted,
    intake_cases_bodies,
    intake_cases_cells,
    intake_cases_everyday,
    intake_cases_forms,
    intake_cases_habits,
    intake_cases_matrix,
    intake_cases_net_rows,
    intake_cases_private,
    intake_cases_public,
    intake_cases_records,
    intake_cases_registers,
    intake_cases_signs,
    intake_cases_together,
    intake_cases_trackers,
    intake_cases_ways,
)
from tests.intake_files import Case, book_of
from tests.intake_told import differences, imported, questions, told_codes

CASES: list[Case] = [
    case
    for part in (
        intake_cases_matrix,
        intake_cases_adjusted,
        intake_cases_bodies,
        intake_cases_cells,
        intake_cases_everyday,
        intake_cases_signs,
        intake_cases_trackers,
        intake_cases_records,
        intake_cases_registers,
        intake_cases_net_rows,
        intake_cases_forms,
        intake_cases_ways,
        intake_cases_together,
        intake_cases_public,
        intake_cases_private,
        intake_cases_habits,
    )
    for case in part.CASES
]


def test_the_gallery_is_large_and_its_names_are_its_own() -> None:
    assert len(CASES) >= 110
    assert len({case.name for case in CASES}) == len(CASES)


@pytest.mark.parametrize("case", CASES, ids=[case.name for case in CASES])
def test_a_file_is_read_to_the_penny_or_asked_about(case: Case, tmp_path: Path) -> None:
    folder = tmp_path / "files"
    folder.mkdir()
    truth = case.build(folder)
    book = book_of(case.book, tmp_path)
    ran = imported(sorted(folder.iterdir()), book, *case.options)
    if case.refused:
        assert ran.code == 2, (ran.code, questions(ran))
        assert ran.untouched
        return
    assert ran.code in (0, 1), ran.error
    if ran.code == 1:
        assert case.asks, [(f["code"], f["message"], f["at"]) for f in questions(ran)]
        assert ran.untouched, "a file that was stopped left something in the book"
        asked = {finding["code"] for finding in questions(ran)}
        assert asked & case.asks, asked
        assert all(f["action"] and f["at"] and f["expected"] for f in questions(ran))
        return
    assert truth is not None, "read without a word, and there is a fault in it"
    assert differences(book, truth) == []
    assert case.told <= told_codes(ran)
