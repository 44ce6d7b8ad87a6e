"""Risk and portfolio start from one base: two rooms work it out apart, and must agree."""

from __future__ import annotations

from pathlib import Path

import pytest

from controltotal.outlook.candidates import Candidate
from controltotal.outlook.inputs import build_inputs
from controltotal.verbs import read
from controltotal.workings.workings import Workings

EXAMPLES = Path(__file__).parents[2] / "examples"
BOOKS = sorted(path.name for path in EXAMPLES.iterdir() if (path / "amounts.csv").exists())


@pytest.mark.parametrize("book", BOOKS)
def test_without_any_scheme_every_body_stands_where_the_portfolio_says(book: str) -> None:
    position = read(EXAMPLES / book)
    workings, year = Workings(position), position.default_year
    none = [Candidate(row, row.maturity, False) for row in position.book.schemes]
    inputs = build_inputs(workings, none, year=year, later_years=False, independent=True)
    model = inputs.model
    assert model is not None
    told = 0
    for node in inputs.arrangement.mode:
        base = workings.bases.of(node, year)
        if inputs.unknown(node):
            assert base.pence is None, f"{node}: {inputs.unknown(node)}"
            continue
        own = sum(model.base[slot][0] for slot in model.under(node))
        assert own == base.pence, node
        told += 1
    assert told > (20 if book == "fictional-system" else -1)
