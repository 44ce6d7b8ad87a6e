"""Rows of a register that the forecast holds already: asked once, in words or by a sum."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.intake_files import book_of, titled, xlsx
from tests.intake_told import Imported, imported, questions

HEADS = ["Ref", "Risk", "Gross £000", "Probability"]


def taken(path: Path, heading: str, told: tuple[object, object], *options: str) -> Imported:
    """Import a register of two risks with a column on what the forecast holds."""
    rows = [["R1", "Winter beds", 800, 0.5, told[0]], ["R2", "Pay award", 600, 0.5, told[1]]]
    path = path / str(len(list(path.iterdir())))
    path.mkdir()
    made = path / "register.xlsx"
    xlsx(made, {"Risks": titled([[*HEADS, heading], *rows], what="Risk register 2026/27")})
    return imported([made], book_of("one", path), *options)


@pytest.mark.parametrize(
    ("heading", "told"),
    [
        ("Net included in FOT", (300, 0)),
        ("Sum included in outturn", (300, None)),
        ("In forecast? Y/N", ("Y", "N")),
        ("Not in forecast", ("No", "Yes")),
    ],
)
def test_what_the_forecast_holds_is_asked_and_both_answers_work(
    tmp_path: Path, heading: str, told: tuple[object, object]
) -> None:
    (asked,) = questions(taken(tmp_path, heading, told))
    assert asked["code"] == "IMPORT_HEADING" and "of a row" in asked["message"]
    for answer, rows in (("keep", 2), ("leave", 1)):
        said = f"headings.{heading}={answer}"
        assert f'--set "{said}"' in asked["action"]
        ran = taken(tmp_path, heading, told, "--set", said, "--dry-run")
        assert questions(ran) == []
        found = {one["table"]: one["rows"] for one in ran.answer["tables"]["imported"]}
        assert found["risks"] == rows


def test_what_is_left_beside_the_forecast_is_no_doubt(tmp_path: Path) -> None:
    assert questions(taken(tmp_path, "Residual not in FOT", (500, 600))) == []
