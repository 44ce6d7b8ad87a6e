"""The table of twenty mechanisms in the manual: each command runs and prints what is quoted of it."""

from __future__ import annotations

import re
import shlex
from functools import cache
from pathlib import Path

import pytest

from tests.running import controltotal

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "explanation" / "cases.md").read_text(encoding="utf-8")
ROWS = [
    [cell.strip() for cell in line.strip("|").split("|")]
    for line in PAGE.splitlines()
    if re.match(r"\| \d+ \|", line)
]
QUOTED = re.compile(r'"([^"]+)"')
BOOKS = ["morecambe-bay-2017", "nene-2013", "birmingham-solihull-2019", "east-of-england-2019"]
"""Those whose report says what it was not told."""


@cache
def printed(words: str) -> str:
    """What a command prints, on one line, with plain quotation marks."""
    ran = controltotal(*shlex.split(words))
    assert ran.code in (0, 1), ran
    return re.sub(r"\s+", " ", ran.out)


def commands(cell: str, book: str) -> list[str]:
    """The commands of a cell, for a book of the examples."""
    found = [one for one in re.findall(r"`([^`]+)`", cell) if not one.startswith("--")]
    return [one.replace("BOOK", str(ROOT / "examples" / book)) for one in found]


def test_the_twenty_stand_in_order() -> None:
    assert [row[0] for row in ROWS] == [str(number) for number in range(1, 21)]
    assert all(len(row) == 6 and row[3] and row[4] and row[5] for row in ROWS)


@pytest.mark.parametrize("row", ROWS, ids=[row[0] for row in ROWS])
def test_what_is_quoted_is_printed(row: list[str]) -> None:
    named = row[2].strip("`")
    for book in BOOKS if named == "each" else [named]:
        out = " ".join(printed(words) for words in commands(row[3], book))
        quoted = QUOTED.findall(row[4])
        sums = re.findall(r"£[\d.]+(?: million|m)|\b\d+\.\d+%?", QUOTED.sub("", row[4]))
        missing = [one for one in (*quoted, *sums) if one not in out]
        assert (quoted or sums or row[0] in {"4", "11", "18"}) and not missing, missing


def test_rows_without_a_quotation_print_what_they_name() -> None:
    of = {row[0]: row for row in ROWS}
    assert "(page 41)" in printed(f"position {ROOT / 'examples' / 'lancashire-south-cumbria-2021'}")
    looked = {
        "4": ("quality impact assessment", "financial appraisal", "longer-term strategy"),
        "11": ("top slice", "neighbour's help", "rapid savings schemes"),
        "18": ("19", "Essex", "Cumbria", "Surrey", "Hampshire", "North Yorkshire"),
    }
    for number, words in looked.items():
        (command, *_) = commands(of[number][3], of[number][2].strip("`"))
        out = printed(command).lower()
        assert [one for one in words if one.lower() not in out] == []
