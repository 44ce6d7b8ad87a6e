"""Any cell of any book may hold anything: what cannot be read becomes a finding, never a fault.

Cells of the book of faults and of published cases are overwritten with what people and programs
leave in spreadsheets, several at once, and every question is asked. A traceback anywhere fails.
"""

from __future__ import annotations

import csv
import json
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from controltotal import verbs
from controltotal.book.fold import fold
from controltotal.core.errors import BookError
from controltotal.core.schema import tables
from tests.strategies import Cells, source_of

ROOT = Path(__file__).resolve().parents[2]
BOOKS = [
    ROOT / "tests" / "errors" / "forty",
    *(
        ROOT / "examples" / name
        for name in (
            "east-of-england-2019",
            "lancashire-south-cumbria-2021",
            "birmingham-solihull-2019",
            "nene-2013",
            "morecambe-bay-2017",
        )
    ),
]
HOSTILE = """0 -1 1e9 nan inf #REF! =A1 1,23 9999999999999999 £ yes no unknown 2019-02-30 9999-12-31
1900-01-01 2019/20 1899/00 2199/00 H1 Q4 13 - () % 50% -50% 0.5 plan actual accepted withdrawn
provider system nation pool S1 XS1 XA1 XZ1 N1 T1 D1 position pay cash position_with_support
support_income savings_unidentified allocation a/b é\u202e recurrent over implied gap surplus G3 QIA
£m £k resource_transfer written_off agreed ; a;b 1.5 weighted lead for absent""".split()  # noqa: SIM905
ASKED: list[Callable[..., Any]] = [verbs.check, verbs.position, verbs.trajectory]


def load(folder: Path) -> dict[str, list[Cells]]:
    book: dict[str, list[Cells]] = {}
    for file in sorted(folder.glob("*.csv")):
        if file.stem in tables():
            with file.open(encoding="utf-8-sig", newline="") as lines:
                book[file.stem] = [dict(row) for row in csv.DictReader(lines)]
    return book


def spoiled(book: dict[str, list[Cells]], draw: random.Random) -> dict[str, list[Cells]]:
    """The book with one to six of its cells overwritten, and now and then a row doubled."""
    rows = {name: [dict(row) for row in found] for name, found in book.items()}
    for _ in range(draw.choice((1, 1, 2, 3, 6))):
        name = draw.choice([name for name, found in rows.items() if found])
        row = draw.choice(rows[name])
        column = draw.choice(list(tables()[name].columns))
        if draw.random() < 0.1:
            row = dict(row)
            rows[name].append(row)
        others = [other.get(column, "") for other in rows[name]]
        row[column] = draw.choice(["", *HOSTILE, "x" * 500, *others])
    return {name: list(found) for name, found in rows.items()}


@pytest.mark.parametrize("folder", BOOKS, ids=lambda folder: folder.name)
def test_any_cell_may_hold_anything(folder: Path) -> None:
    book = load(folder)
    draw = random.Random(folder.name)
    for number in range(12):
        source = source_of(spoiled(book, draw))
        as_at = draw.choice((None, None, "2019-05-01", str(draw.randint(1, len(source.entries)))))
        position = fold(source, as_at)
        for verb in ASKED:
            try:
                result = verb(position)
            except BookError as refused:
                assert refused.what and refused.action, number
            else:
                json.loads(result.to_json())


@pytest.mark.soak
@pytest.mark.parametrize("seed", range(20))
def test_any_cell_may_hold_anything_at_length(seed: int) -> None:
    draw = random.Random(seed)
    more = [verbs.share, verbs.decide, verbs.forecast, verbs.portfolio, verbs.risk]
    for _ in range(100):
        position = fold(source_of(spoiled(load(draw.choice(BOOKS)), draw)))
        for verb in [*ASKED, *more]:
            try:
                verb(position).to_json()
            except BookError as refused:
                assert refused.what and refused.action
